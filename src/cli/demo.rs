//! `griffie demo`: makes a demonstration ledger, verifies it, asks it four questions, and serves it.
//!
//! The story is a data file in the form of the API's input. Its clock is simulated, which the ledger's first event says.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use super::config::{Setting, Settings};
use super::verify::in_words;
use crate::engine::{Engine, KeyFolder, NewFact, Options, Sources, Submission, found, verify};
use crate::graphql::{Api, Call, id_text, read_fact};
use crate::ledger::entry::Actor;
use crate::ledger::name::{Origin, Reference, StreamId};
use crate::ledger::verify::Trust;
use crate::store::{Store, head};
use crate::time::{Instant, PartialDate};

/// The story.
const DEMONSTRATION: &str = include_str!("../../data/demonstration.json");
/// When the ledger of the story is founded.
const FOUNDED: &str = "2016-07-11T07:00:00.000000Z";
const DATABASE: &str = "sqlite:griffie-demo.sqlite";
const KEYS: &str = "griffie-demo.keys";

/// Arguments of `griffie demo`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// End after the questions, do not serve
    #[arg(long)]
    no_serve: bool,
}

/// A question to the demonstration ledger.
struct Question {
    title: &'static str,
    query: &'static str,
}

/// What a newcomer should ask first: what was known, what was in force, both, and whether it was justified.
const QUESTIONS: [Question; 4] = [
    Question {
        title: "A photograph was published on 12 September 2018. Was the consent for it known the next day? Three days later?",
        query: r#"{ nextDay: asOf(knownAt: {at: "2018-09-13"}, validAt: "2018-09-12") { known { size } consent(reference: "CNS-0001") { status given } } threeDaysLater: asOf(knownAt: {at: "2018-09-15"}, validAt: "2018-09-12") { known { size } consent(reference: "CNS-0001") { status given method } } }"#,
    },
    Question {
        title: "What did the register say of the social-media posts on 1 September 2024, as known on that day?",
        query: r#"{ asOf(knownAt: {at: "2024-09-01"}, validAt: "2024-09-01") { known { size root } activity(reference: "ACT-002") { status current { entry { version name { value { en } } platforms jointControllers } } } } }"#,
    },
    Question {
        title: "By all that is known: did the consent CNS-0002 hold on 5 September 2024? On 7 September?",
        query: r#"{ fifth: asOf(validAt: "2024-09-05") { consent(reference: "CNS-0002") { status inEffectTo } } seventh: asOf(validAt: "2024-09-07") { consent(reference: "CNS-0002") { status withdrawn items { code decision since sequence } } } }"#,
    },
    Question {
        title: "Did the ground hold on which data went to a mailing service in the United States on 1 June 2019, as known then? And in hindsight?",
        query: r#"{ asOf(knownAt: {at: "2019-06-01"}, validAt: "2019-06-01") { verdict(rule: "TRF-01", scope: {reference: "TRG-001"}) { outcome reasons { en facts } hindsight { outcome imputable reasons { en facts } } } } }"#,
    },
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    #[serde(rename = "notes")]
    _notes: Vec<String>,
    facts: Vec<StoryFact>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryFact {
    row: String,
    #[serde(rename = "basis")]
    _basis: String,
    recorded: Instant,
    effective: PartialDate,
    stream: Reference,
    actor: Actor,
    event: BTreeMap<String, Value>,
}

/// Makes the ledger if it is not there, verifies it, asks, and serves.
pub async fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let settings = with_demo_defaults(settings);
    let story = story()?;
    let store = super::open_migrated(&settings).await?;
    let folder = KeyFolder::new(&settings.keys.value);
    match head(&store).await? {
        None => load_demonstration(&store, &folder).await?,
        Some(head) if !head.simulated => {
            bail!(
                "{} holds a ledger that is no demonstration; name another database with --database",
                settings.database.value
            );
        }
        Some(head) if head.size() <= story.facts.len() as u64 => {
            bail!(
                "{} holds a demonstration that was broken off; remove it and {}, then try again",
                settings.database.value,
                settings.keys.value
            );
        }
        Some(_) => println!("The demonstration ledger is there already: {}", settings.database.value),
    }
    let report = verify(&store, Trust::default(), |_, _| {}).await?;
    println!("\nVerified:\n{}", in_words(&report));
    if !report.ok {
        return Ok(ExitCode::from(1));
    }
    let options = Options { sources: super::sources(), accept_clock: false };
    let engine = Engine::start(store.clone(), &folder, options).await?;
    ask(&settings, &engine).await?;
    if arguments.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    super::serve::serve_engine(&settings, engine, store).await
}

/// The demonstration keeps to files of its own unless somebody names others.
fn with_demo_defaults(settings: &Settings) -> Settings {
    let or = |setting: &Setting, value: &str| match setting.source.as_str() {
        "default" => Setting { value: value.to_owned(), source: "default of the demonstration".to_owned() },
        _ => setting.clone(),
    };
    Settings { database: or(&settings.database, DATABASE), keys: or(&settings.keys, KEYS), ..settings.clone() }
}

fn story() -> anyhow::Result<Story> {
    serde_json::from_str(DEMONSTRATION).context("the demonstration's data file is damaged")
}

/// Founds the ledger under a fresh origin with fresh keys, and records the story as if it happened.
pub async fn load_demonstration(store: &Store, folder: &KeyFolder) -> anyhow::Result<()> {
    let story = story()?;
    let founded: Instant = FOUNDED.parse()?;
    let sources = Sources::simulated(founded);
    let origin: Origin = format!("demo.griffie.example/{}", hex::encode(sources.random::<4>()?)).parse()?;
    folder
        .generate(&origin, &sources)
        .context("the demonstration makes fresh keys of its own; is its key folder left over?")?;
    let remark = "A demonstration with a simulated clock: Demo University. FICTION, but for the public legal history.";
    found(store, folder, &origin, &sources, Some(remark.to_owned())).await?;
    let options = Options { sources: sources.clone(), accept_clock: false };
    let engine = Engine::start(store.clone(), folder, options).await?;
    let streams = name_streams(&story, &sources)?;
    let bar = super::progress_bar("recording the story", story.facts.len() as u64);
    let mut begun = std::collections::BTreeSet::new();
    for (position, fact) in story.facts.iter().enumerate() {
        sources.set(fact.recorded);
        let is_first = begun.insert(&fact.stream);
        let new = new_fact(fact, &streams, is_first).with_context(|| format!("row {} of the story", fact.row))?;
        let idempotency_key = format!("demonstration-{position}");
        let submission = Submission { actor: fact.actor.clone(), idempotency_key, facts: vec![new] };
        engine.submit(submission).await.with_context(|| format!("row {} of the story", fact.row))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    engine.checkpointer().sign_head().await?;
    println!("Recorded {} facts of a university's story in the ledger {origin}.", story.facts.len());
    Ok(())
}

/// Gives each stream of the story an id beforehand: some facts refer to streams that begin later.
fn name_streams(story: &Story, sources: &Sources) -> anyhow::Result<BTreeMap<Reference, StreamId>> {
    let mut streams = BTreeMap::new();
    for fact in &story.facts {
        let family = fact.event.keys().next().context("a fact without an event")?;
        let wire_name = crate::family::family(family)?.name;
        if !streams.contains_key(&fact.stream) {
            streams.insert(fact.stream.clone(), StreamId::new(wire_name, sources.uuid()?));
        }
    }
    Ok(streams)
}

/// Reads a fact of the story through the API's own input.
fn new_fact(fact: &StoryFact, streams: &BTreeMap<Reference, StreamId>, is_first: bool) -> anyhow::Result<NewFact> {
    let (family, event) = fact.event.iter().next().context("a fact without an event")?;
    let mut event = event.clone();
    resolve(&mut event, streams)?;
    let stream = streams.get(&fact.stream).map(id_text);
    let mut input = json!({ "stream": stream, "effective": fact.effective, "event": event });
    if is_first {
        input["reference"] = json!(fact.stream);
        input["expectedRevision"] = json!("0");
    }
    read_fact(json!({ family: input })).map_err(anyhow::Error::msg)
}

/// Replaces `"@ACT-001"` by the id of that stream.
fn resolve(value: &mut Value, streams: &BTreeMap<Reference, StreamId>) -> anyhow::Result<()> {
    match value {
        Value::String(text) => {
            if let Some(reference) = text.strip_prefix('@') {
                let stream = streams.get(&reference.parse::<Reference>()?);
                *text = id_text(stream.with_context(|| format!("{reference} is no stream of the story"))?);
            }
            Ok(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| resolve(item, streams)),
        Value::Object(members) => members.values_mut().try_for_each(|member| resolve(member, streams)),
        _ => Ok(()),
    }
}

/// Asks the four questions through the API's schema, and shows how to ask them from elsewhere.
async fn ask(settings: &Settings, engine: &Engine) -> anyhow::Result<()> {
    let api = Api::new(engine.clone(), settings.principal()?, None);
    for (number, Question { title, query }) in QUESTIONS.iter().enumerate() {
        let call = Call { query: Some((*query).to_owned()), ..Call::default() };
        let answer = match api.prepare(call, "demo") {
            Ok(operation) => api.execute(operation).await,
            Err(refused) => refused.answer,
        };
        let Some(data) = answer.data() else {
            bail!("question {} was not answered: {}", number + 1, answer.text());
        };
        println!("{}. {title}\n", number + 1);
        println!("   {data}\n");
        let body = json!({ "query": query });
        println!("   curl -s http://{}/graphql -H 'Content-Type: application/json' -d '{body}'\n", settings.address()?);
    }
    Ok(())
}
