//! What was published stays: a ledger made by version 0.1.0 verifies, is migrated, and answers as it did then.
//!
//! That version made the fixtures from its demonstration: the database with its keys, the export, questions with their
//! answers, and requests that were answered with receipts. Where the shape of the API has changed since, `query_next`
//! asks the same question in the new shape, and [`as_it_was`] puts the answer back into the old one. No fixture is ever
//! made anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use griffie::engine::{Engine, KEY_FILE_MODE, KeyFolder, Sources, StartError, Submission};
use griffie::graphql::{self, Call, Principal, read_fact};
use griffie::ledger::canonical;
use griffie::ledger::entry::Actor;
use griffie::store::{self, Store};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::support::ledger::{Raw, instant, staff, try_start};

const DATABASE: &str = "demonstration.sqlite";
/// Entries of the ledger.
const SIZE: u64 = 514;
/// When the ledger is opened again: after its last fact.
const TODAY: &str = "2026-11-22T11:00:00.000000Z";
/// The tables that are folded from the entries.
const PROJECTION: [&str; 4] = ["state_key", "stream", "fact", "figure"];
/// Bitemporal versions of states, with their bodies in place of the hashes of these.
const STATES: &str = "select quote(stream) || ' ' || effective_from || ' ' || effective_to || ' ' || known_from || ' ' || \
                      known_to || ' ' || announced || char(10) || state_body.body as line \
                      from state join state_body on state_body.hash = state.body order by line";
/// Keys of states that came later.
const KEYS_SINCE: [&str; 5] = ["breachReference", "awareYear", "complaintYear", "queryYear", "reportedYear"];
/// Characters of an old or a new value that a failure shows.
const SHOWN: usize = 200;

// --- The ledger --------------------------------------------------------------------------------------------------

#[test]
fn an_old_export_verifies() {
    let copied = Copied::new();
    let export = fixture("demonstration.jsonl");
    let report = copied.griffie(&["verify", "--json", "--export", export.to_str().unwrap()]);
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["ok"], &report["size"]), (&json!(true), &json!(SIZE)), "{report}");
}

#[test]
fn an_old_database_is_exported_as_it_was() {
    let copied = Copied::migrated();
    copied.griffie(&["export", "entries", "--output", "entries.jsonl", "--disclosures", "values.jsonl"]);
    for (file, pinned) in [("entries.jsonl", "demonstration.jsonl"), ("values.jsonl", "disclosures.jsonl")] {
        let [new, old] = [copied.path(file), fixture(pinned)].map(|path| fs::read_to_string(path).unwrap());
        let differing = old.lines().zip(new.lines()).position(|(old, new)| old != new);
        assert_eq!((differing, old.len()), (None, new.len()), "{pinned}: the first line that differs, counted from 0");
    }
}

#[tokio::test]
async fn states_of_another_fold_are_made_anew_before_anybody_is_served() {
    let copied = Copied::migrated();
    copied.run("update program set fold = 'of another version'").await;
    assert!(matches!(copied.try_engine().await, Err(StartError::OtherFold)));
    assert!(copied.griffie(&["verify"]).starts_with("ok"), "entries are verified whatever was folded");
    assert!(copied.griffie(&["migrate"]).contains("made anew"));
    assert!(!copied.griffie(&["migrate"]).contains("made anew"), "once is enough");
    copied.engine().await;
}

#[tokio::test]
async fn an_older_program_says_that_it_is_too_old() {
    let copied = Copied::migrated();
    copied.run("update program set facts = facts + 1").await;
    assert!(matches!(copied.try_engine().await, Err(StartError::TooOld)));
    let refused = copied.program(&["migrate"]).output().unwrap();
    assert!(!refused.status.success(), "an older program leaves the states of a newer one alone");
    copied.run("update program set facts = facts - 2").await;
    assert!(
        matches!(copied.try_engine().await, Err(StartError::OtherFold)),
        "a newer program says first what it can read"
    );
    copied.griffie(&["migrate"]);
    copied.engine().await;
}

#[tokio::test]
async fn an_old_database_is_migrated_and_folds_to_the_same_states() {
    let (untouched, copied) = (Copied::new(), Copied::migrated());
    copied.griffie(&["project", "--rebuild"]);
    let (old, new) = (Raw::open(&untouched.url()).await, Raw::open(&copied.url()).await);
    for table in PROJECTION {
        let select = every_row(&old, table).await;
        let (old, mut new) = (old.texts(&select).await, new.texts(&select).await);
        new.retain(|row| table != "state_key" || !KEYS_SINCE.iter().any(|key| row.contains(&format!(" '{key}' "))));
        let differing = old.iter().zip(&new).find(|(old, new)| old != new);
        assert_eq!((differing, old.len()), (None, new.len()), "rows of the table {table}");
    }
    let states = (old.texts(STATES).await, new.texts(STATES).await);
    assert!(states.0.len() > 500, "{} states", states.0.len());
    for (old, new) in states.0.iter().zip(&states.1) {
        assert_eq!(*old, as_before(old, new));
    }
    assert_eq!(states.0.len(), states.1.len());
    old.close().await;
    new.close().await;
    let report: Value = serde_json::from_str(&copied.griffie(&["verify", "--json"])).unwrap();
    assert_eq!((&report["ok"], &report["size"]), (&json!(true), &json!(SIZE)), "{report}");
}

/// Returns a state of today without the lists of facts that could not be recorded before: these are empty.
fn as_before(old: &str, new: &str) -> String {
    let body = |state: &str| serde_json::from_str::<Map<String, Value>>(state.split_once('\n').unwrap().1).unwrap();
    let (old, (place, mut today)) = (body(old), (new.split_once('\n').unwrap().0, body(new)));
    today.retain(|member, value| old.contains_key(member) || *value != json!([]));
    format!("{place}\n{}", canonical::encode(&today.into()).unwrap())
}

/// Writes a query for the rows of a table as texts, of the columns that it has today; later columns are not looked at.
async fn every_row(old: &Raw, table: &str) -> String {
    let columns = old.texts(&format!("select name from pragma_table_info('{table}')")).await;
    assert!(!columns.is_empty(), "there is no table {table}");
    let columns: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
    format!("select {} as line from {table} order by line", columns.join(" || ' ' || "))
}

// --- Requests ----------------------------------------------------------------------------------------------------

/// A fact of the demonstration as it was asked to be recorded, in the form of version 0.1.0.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OldRequest {
    sequence: usize,
    actor: Actor,
    idempotency_key: String,
    fact: Value,
}

#[tokio::test]
async fn a_request_repeated_across_the_upgrade_gets_its_first_receipt() {
    let copied = Copied::migrated();
    let engine = copied.engine().await;
    let entries = old_entries();
    for request in read::<Vec<OldRequest>>("requests.json") {
        let OldRequest { sequence, actor, idempotency_key, fact } = request;
        let fact = read_fact(in_todays_shape(fact)).unwrap_or_else(|error| panic!("fact {sequence}: {error}"));
        let submission = Submission { actor, idempotency_key, facts: vec![fact] };
        let receipts = engine.submit(submission).await.unwrap_or_else(|error| panic!("fact {sequence}: {error}"));
        let bodies: Vec<&str> = receipts.iter().map(|receipt| str::from_utf8(&receipt.body).unwrap()).collect();
        assert_eq!(bodies, [entries[sequence].as_str()], "fact {sequence}");
        assert_eq!(receipts[0].entry.sequence, sequence as u64);
    }
    let head = store::head(engine.store()).await.unwrap().unwrap();
    assert_eq!(head.size(), SIZE, "nothing was recorded");
}

/// The signed entries of the old export, by their sequence.
fn old_entries() -> Vec<String> {
    let export = fs::read_to_string(fixture("demonstration.jsonl")).unwrap();
    let lines = export.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter_map(|line| line["entry"].as_str().map(str::to_owned)).collect()
}

/// Moves the remark of a fact from its event to beside it.
fn in_todays_shape(mut input: Value) -> Value {
    let fact = only_member(&mut input);
    let remark = only_member(&mut fact["event"]).as_object_mut().unwrap().remove("remark");
    fact["remark"] = remark.unwrap_or_default();
    input
}

// --- Events ------------------------------------------------------------------------------------------------------

/// The hash of the example in each published schema: what was published once is read for ever, and is what it was.
#[test]
fn frozen_examples_keep_their_hashes() {
    let pinned: BTreeMap<String, String> = read("examples.json");
    let is_changed = |(path, hash): &(&String, &String)| hash_of_examples(path).as_ref() != Some(*hash);
    let changed: Vec<&String> = pinned.iter().filter(is_changed).map(|(path, _)| path).collect();
    assert!(changed.is_empty(), "these examples are changed or gone: {changed:#?}");
}

/// The SHA-256 of the canonical form of a schema's examples; `None` if there is no such schema.
fn hash_of_examples(path: &str) -> Option<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).ok()?;
    let schema: Value = serde_json::from_str(&text).ok()?;
    let examples = canonical::encode(&schema["examples"]).ok()?;
    Some(hex::encode(Sha256::digest(examples.as_bytes())))
}

// --- Questions ---------------------------------------------------------------------------------------------------

/// Types that several families had under names of their own, and the one that they share now.
const RENAMED: &[(&str, &str)] = &[
    ("limbs", "checks"),
    ("ActivityDpoAdviceIssued", "DpoAdviceIssued"),
    ("AgreementDpoAdviceIssued", "DpoAdviceIssued"),
    ("AgreementDpoConsulted", "DpoConsulted"),
    ("BreachBoardInformed", "BreachInformed"),
    ("BreachLegalInformed", "BreachInformed"),
    ("CaseEscalated", "Escalated"),
    ("CaseForwarded", "Forwarded"),
    ("DpiaDpoAdviceIssued", "DpoAdviceIssued"),
    ("DpiaDpoConsulted", "DpoConsulted"),
    ("LegalInstrumentEnteredIntoForce", "LegalInstrumentAbout"),
    ("LegalInstrumentRegistered", "LegalInstrumentAbout"),
    ("LegitimateInterestAssessmentDpoAdviceIssued", "DpoAdviceIssued"),
    ("LegitimateInterestAssessmentDpoConsulted", "DpoConsulted"),
    ("TransferDpoAdviceIssued", "DpoAdviceIssued"),
    ("WeaknessEscalated", "Escalated"),
    ("WeaknessForwarded", "Forwarded"),
];

/// Puts the names of types, in questions and in answers, as they are now.
fn renamed(text: &str) -> String {
    let word =
        |word: &str| RENAMED.iter().find(|(old, _)| *old == word).map_or(word.to_owned(), |(_, new)| (*new).to_owned());
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_alphanumeric()) {
        let end =
            rest[start..].find(|letter: char| !letter.is_ascii_alphanumeric()).map_or(rest.len(), |end| start + end);
        out += &rest[..start];
        out += &word(&rest[start..end]);
        rest = &rest[end..];
    }
    out + rest
}

/// A question and the answer that version 0.1.0 gave.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OldQuestion {
    name: String,
    about: String,
    query: String,
    query_next: Option<String>,
    answer: Value,
}

#[tokio::test]
async fn old_questions_have_their_old_answers() {
    let copied = Copied::migrated();
    let api = graphql::Api::new(copied.engine().await, Principal { actor: staff("staff-dpo-01") }, None);
    let questions: Vec<OldQuestion> = read("questions.json");
    let (mut failures, mut anew) = (Vec::new(), Vec::new());
    for question in &questions {
        let query = question.query_next.as_ref().unwrap_or(&question.query);
        let answer = as_it_was(ask(&api, &renamed(query)).await);
        let judged_anew = JUDGED_ANEW.contains(&question.name.as_str());
        if judged_anew {
            anew.push(format!("{}:", question.name));
            anew.extend(judged(&answer));
        }
        let failure = match answer.get("errors") {
            Some(errors) => Some(errors.to_string()),
            None if judged_anew => {
                let (was, is) = (outcomes(&question.answer), outcomes(&answer));
                let same = was == is || !question.name.starts_with("golden-");
                (!same).then(|| format!("the outcomes were {was:?}, are {is:?}"))
            }
            None => first_difference(&worded_anew(&without_descriptions(&question.answer)), &answer, ""),
        };
        failures.extend(failure.map(|failure| format!("{} ({})\n    {failure}", question.name, question.about)));
    }
    insta::assert_snapshot!("questions_judged_anew", anew.join("\n"));
    let (failed, asked) = (failures.len(), questions.len());
    assert!(failures.is_empty(), "{failed} of {asked} questions have other answers:\n{}", failures.join("\n"));
}

/// Words of verdicts that were put better since; what they say is the same.
const WORDED_ANEW: [(&str, &str); 8] = [
    (": er ontbreekt ", ": het volgende ontbreekt: "),
    (": missing are ", ": missing: "),
    (": niet gedekt is ", ": niet gedekt: "),
    (": not covered are ", ": not covered: "),
    ("op het beoordeelde moment kon niemand dat weten", "op het beoordeelde moment was dat nog niet beslist"),
    ("at the moment that is judged nobody could know", "at the moment that is judged that had not been decided yet"),
    ("een aanvulling is toegezegd voor ", "een aanvulling is toegezegd, uiterlijk op "),
    ("weigeren heeft nadeel", "weigeren heeft nadelige gevolgen"),
];

/// An old answer in the words of today.
fn worded_anew(answer: &Value) -> Value {
    match answer {
        Value::String(text) => {
            let said = WORDED_ANEW.iter().fold(text.clone(), |text, (then, now)| text.replace(then, now));
            Value::String(said)
        }
        Value::Array(items) => items.iter().map(worded_anew).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), worded_anew(value))).collect(),
        other => other.clone(),
    }
}

/// What rules say that version 2 of the evaluator says otherwise, because the law was read better (`schema/golden/`,
/// `tests/histories/`): these questions are answered as the snapshot has it, and golden questions with the same outcomes.
const JUDGED_ANEW: [&str; 23] = [
    "golden-Q10-BRE-0001",
    "golden-Q10-BRE-0002",
    "golden-Q10-BRE-0003",
    "golden-Q01-law",
    "golden-Q01-policy",
    "golden-Q03-law",
    "golden-Q03-policy",
    "golden-Q05",
    "sheet-ACT-002",
    "sheet-GDL-001",
    "sheet-ACT-002-as-fact",
    "sheet-TRG-001",
    "sheet-unit",
    "sheet-unit-12",
    "sheet-platform",
    "sheet-institution",
    "sheet-institution-files",
    "sheet-id",
    "sheet-CNS-0003",
    "justification-ACT-002",
    "learned-TRG-001",
    "rules",
    "rules-all",
];

/// Each verdict in an answer as a line: which rule says what of what, in which layer.
fn judged(answer: &Value) -> Vec<String> {
    match answer {
        Value::Object(members) => {
            let text = |name: &str| {
                members.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            };
            let own = text("outcome").map(|outcome| {
                let named = ["ruleId", "rule", "layer", "subject", "class"].into_iter().filter_map(text);
                format!("  {} {outcome}", named.collect::<Vec<_>>().join(" "))
            });
            own.into_iter().chain(members.values().flat_map(judged)).collect()
        }
        Value::Array(items) => items.iter().flat_map(judged).collect(),
        _ => Vec::new(),
    }
}

/// The outcomes in an answer, in their order, each with whether it can be imputed.
fn outcomes(answer: &Value) -> Vec<String> {
    match answer {
        Value::Object(members) => {
            let own = members.get("outcome").map(|outcome| format!("{outcome} {:?}", members.get("imputable")));
            own.into_iter().chain(members.values().flat_map(outcomes)).collect()
        }
        Value::Array(items) => items.iter().flat_map(outcomes).collect(),
        _ => Vec::new(),
    }
}

async fn ask(api: &graphql::Api, query: &str) -> Value {
    let call = Call { query: Some(query.to_owned()), ..Call::default() };
    match api.prepare(call, "pinned") {
        Ok(operation) => api.execute(operation).await.json(),
        Err(refused) => refused.answer.json(),
    }
}

/// Says where two answers differ first, and how.
fn first_difference(old: &Value, new: &Value, at: &str) -> Option<String> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            names.into_iter().find_map(|name| match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => first_difference(old, new, &format!("{at}.{name}")),
                (Some(_), None) => Some(format!("{at}.{name} is gone")),
                (None, _) => Some(format!("{at}.{name} is new")),
            })
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let mut pairs = old.iter().zip(new).enumerate();
            pairs.find_map(|(position, (old, new))| first_difference(old, new, &format!("{at}[{position}]")))
        }
        _ if old == new => None,
        _ => Some(format!("{at} was {:.SHOWN$}, is {:.SHOWN$}", old.to_string(), new.to_string())),
    }
}

/// Puts an answer into the shape of version 0.1.0: a kept fact stood beside its place, and a remark in its fact.
fn as_it_was(answer: Value) -> Value {
    match answer {
        Value::Array(items) => items.into_iter().map(as_it_was).collect(),
        Value::Object(members) => {
            // How things are described is no promise: what a fact, a member or a value is in words gets better.
            let promised = members.into_iter().filter(|(name, value)| name != "description" || !value.is_string());
            let old = |(name, value): (String, Value)| match name.as_str() {
                "template" => (name, template_as_it_was(value)),
                _ => (name, as_it_was(value)),
            };
            Value::Object(remark_in_fact(fact_beside_place(promised.map(old).collect())))
        }
        other => other,
    }
}

fn without_descriptions(answer: &Value) -> Value {
    match answer {
        Value::Array(items) => items.iter().map(without_descriptions).collect(),
        Value::Object(members) => {
            let promised = members.iter().filter(|(name, value)| *name != "description" || !value.is_string());
            let now = |(name, value): (&String, &Value)| match (name.as_str(), value) {
                ("__typename", Value::String(text)) => (name.clone(), Value::String(renamed(text))),
                _ => (renamed(name), without_descriptions(value)),
            };
            Value::Object(promised.map(now).collect())
        }
        other => other.clone(),
    }
}

/// `{system, place: {remark, from}}` was `{fact: {system, remark}, from}`.
fn fact_beside_place(mut members: Map<String, Value>) -> Map<String, Value> {
    let Some(Value::Object(mut place)) = members.remove("place") else { return members };
    members.extend(place.remove_entry("remark"));
    place.insert("fact".to_owned(), Value::Object(members));
    place
}

/// `{remark, fact: {system}}` was `{fact: {system, remark}}`.
fn remark_in_fact(mut members: Map<String, Value>) -> Map<String, Value> {
    if members.get("fact").is_some_and(Value::is_object)
        && let Some(remark) = members.remove("remark")
    {
        members["fact"]["remark"] = remark;
    }
    members
}

/// A template is a text, in which the remark was a member of the event.
fn template_as_it_was(template: Value) -> Value {
    let Some(mut input) = template.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
        return template;
    };
    let fact = only_member(&mut input);
    if let Some(remark) = fact.as_object_mut().unwrap().remove("remark") {
        only_member(&mut fact["event"])["remark"] = remark;
    }
    Value::String(canonical::encode(&input).unwrap())
}

/// The value of the only member of an object, such as the data of `{"granted": {…}}`.
fn only_member(value: &mut Value) -> &mut Value {
    let mut members = value.as_object_mut().unwrap().values_mut();
    let (only, None) = (members.next().unwrap(), members.next()) else { panic!("more than one member") };
    only
}

// --- The fixtures ------------------------------------------------------------------------------------------------

/// Returns the path of a fixture.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/0.1.0").join(name)
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(&fs::read_to_string(fixture(name)).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A copy of the old ledger in a folder of its own: to open a database is to write beside it.
struct Copied {
    folder: TempDir,
}

impl Copied {
    /// Copies the database and the keys, which only their owner may read; git does not keep that.
    fn new() -> Self {
        let copied = Self { folder: TempDir::with_prefix("griffie-pinned-").unwrap() };
        fs::copy(fixture(DATABASE), copied.path(DATABASE)).unwrap();
        fs::create_dir(copied.path("keys")).unwrap();
        for key in fs::read_dir(fixture("keys")).unwrap().map(Result::unwrap) {
            let copy = copied.path("keys").join(key.file_name());
            fs::copy(key.path(), &copy).unwrap();
            fs::set_permissions(copy, Permissions::from_mode(KEY_FILE_MODE)).unwrap();
        }
        copied
    }

    /// Copies the ledger, and brings its tables to those of today.
    fn migrated() -> Self {
        let copied = Self::new();
        copied.griffie(&["migrate"]);
        copied
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.path(DATABASE).display())
    }

    /// Starts an engine on the ledger.
    async fn engine(&self) -> Engine {
        self.try_engine().await.unwrap()
    }

    /// Starts an engine on the ledger, or says why not.
    async fn try_engine(&self) -> Result<Engine, StartError> {
        let store = Store::open(&self.url(), false).await.unwrap();
        try_start(&store, &KeyFolder::new(self.path("keys")), &Sources::frozen(instant(TODAY), 1)).await
    }

    /// Runs a statement on the database, as somebody with a client of SQLite could.
    async fn run(&self, statement: &str) {
        Raw::open(&self.url()).await.run(statement).await;
    }

    /// Runs the program on the ledger, with no settings from the environment; it must succeed. Returns what it says.
    fn griffie(&self, arguments: &[&str]) -> String {
        let output = self.program(arguments).output().unwrap();
        let [said, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(output.status.success(), "{arguments:?}\n{said}{error}");
        said
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_griffie"));
        program.args(arguments).args(["--database", &self.url()]).current_dir(self.folder.path());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRIFFIE_")) {
            program.env_remove(name);
        }
        program
    }
}
