//! Relations: fields of a state that show streams of other families, at the same moment and in pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use griffie::family::FAMILIES;
use griffie::family::describe::{Catalogue, EventDescription, Kind, Shape};
use griffie::family::kit::{By, Declaration, Fact, Recorded};
use griffie::family::schema::example;
use griffie::ledger::entry::{Actor, Provenance};
use griffie::ledger::name::{Sequence, StreamId};
use griffie::time::Instant;
use serde_json::{Value, json};
use tracing::Subscriber;
use tracing::field::Field;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::support::api::Api;
use crate::support::on_both;

/// The id of a stream that the story chose, as the API writes it; in the order of their numbers.
fn chosen(family: &str, number: usize) -> String {
    format!("{family}:01700000-0000-7000-8000-{number:012}")
}

/// Records a fact of a family, in a stream of its own that the story chose; returns the sequence.
async fn begin(api: &Api, family: &str, stream: &str, effective: &str, event: Value) -> Value {
    let input = json!({ "stream": stream, "expectedRevision": "0", "effective": effective, "event": event });
    api.recorded(family, input).await["sequence"].clone()
}

/// What a field of a state shows at a moment: of a list the streams, else the one stream or null.
async fn shown(api: &Api, moment: &str, family: &str, stream: &str, field: &str) -> Value {
    let lists = api.ask(&format!("{{ asOf{moment} {{ {family}(id: \"{stream}\") {{ {field} }} }} }}")).await;
    let state = &lists["asOf"][family];
    let name = field.split([' ', '(']).next().unwrap();
    match &state[name] {
        Value::Object(members) if members.contains_key("nodes") => {
            Value::Array(members["nodes"].as_array().unwrap().iter().map(|node| node["stream"].clone()).collect())
        }
        Value::Object(members) => members["stream"].clone(),
        other => other.clone(),
    }
}

fn established(unit: &str, purposes: &Value) -> Value {
    let mut entry = json!({ "version": 1, "owningUnit": unit, "purposes": purposes, "platforms": ["platform-a"] });
    for list in [
        "subjectCategories",
        "dataCategories",
        "operations",
        "recipients",
        "transfers",
        "retention",
        "systems",
        "jointControllers",
        "processors",
    ] {
        entry[list] = json!([]);
    }
    json!({ "established": entry })
}

fn executed(party: &str, activities: &[&str]) -> Value {
    json!({ "executed": { "party": party, "activities": activities } })
}

/// An activity with all it rests on; each begins a month after the one before it.
struct Register {
    unit: String,
    assessment: String,
    text: String,
    activity: String,
    agreement: String,
    ground: String,
    instrument: String,
    platform: String,
    decision: String,
    consent: String,
}

impl Register {
    async fn record(api: &Api) -> Self {
        let at = |family: &str| chosen(family, 1);
        let register = Self {
            unit: at("managementUnit"),
            assessment: at("legitimateInterestAssessment"),
            text: at("consentText"),
            activity: at("activity"),
            agreement: at("agreement"),
            ground: at("transferGround"),
            instrument: at("legalInstrument"),
            platform: at("platform"),
            decision: at("boardDecision"),
            consent: at("consent"),
        };
        let Self { unit, assessment, text, activity, agreement, ground, instrument, platform, decision, consent } =
            &register;
        let purposes = json!([
            { "code": "inform", "basis": "CONSENT", "consentText": text },
            { "code": "study", "basis": "LEGITIMATE_INTEREST", "assessment": assessment },
        ]);
        // The register entry names its assessment and its text two months before there are any.
        begin(api, "Activity", activity, "2019-01", established("mu-01", &purposes)).await;
        begin(api, "ManagementUnit", unit, "2019-02", json!({ "registered": { "unit": "mu-01" } })).await;
        begin(api, "LegitimateInterestAssessment", assessment, "2019-03", json!({ "opened": { "purpose": "study" } }))
            .await;
        let published = json!({ "version": 1, "languages": ["nl"], "grantChannels": [], "withdrawChannels": [],
            "activity": activity, "items": [{ "code": "photo", "operations": [], "platforms": [] }] });
        begin(api, "ConsentText", text, "2019-04", json!({ "published": published })).await;
        begin(api, "Agreement", agreement, "2019-05", executed("vendor-n", &[activity])).await;
        let established = json!({ "groundEstablished": { "activity": activity, "importer": "vendor-n",
            "ground": { "kind": "DPF", "instrument": "EU-US-DPF" } } });
        begin(api, "TransferGround", ground, "2019-06", established).await;
        let entered = json!({ "enteredIntoForce": { "code": "EU-US-DPF", "modules": [], "parameters": [],
            "relations": [], "rules": [] } });
        begin(api, "LegalInstrument", instrument, "2019-07", entered).await;
        let registered = json!({ "registered": { "platform": "platform-a", "thirdCountries": [] } });
        begin(api, "Platform", platform, "2019-08", registered).await;
        let taken = json!({ "taken": { "platforms": ["platform-a"], "conditions": [], "documentsBefore": [] } });
        begin(api, "BoardDecision", decision, "2019-09", taken).await;
        let mut grant = Api::grant(text, "2019-10");
        grant["stream"] = json!(consent);
        grant["expectedRevision"] = json!("0");
        api.recorded("Consent", grant).await;
        register
    }

    /// Each relation, from when it shows something, and what.
    fn relations(&self) -> Vec<(&'static str, &String, &'static str, usize, Value)> {
        let many = |stream: &String| json!([stream]);
        vec![
            ("activity", &self.activity, "managementUnit { stream }", 2, json!(self.unit)),
            ("managementUnit", &self.unit, "activities { nodes { stream } }", 2, many(&self.activity)),
            (
                "activity",
                &self.activity,
                "legitimateInterestAssessments { nodes { stream } }",
                3,
                many(&self.assessment),
            ),
            (
                "legitimateInterestAssessment",
                &self.assessment,
                "activities { nodes { stream } }",
                3,
                many(&self.activity),
            ),
            ("activity", &self.activity, "consentTexts { nodes { stream } }", 4, many(&self.text)),
            ("consentText", &self.text, "processingActivity { stream }", 4, json!(self.activity)),
            ("activity", &self.activity, "agreements { nodes { stream } }", 5, many(&self.agreement)),
            ("agreement", &self.agreement, "processingActivities { nodes { stream } }", 5, many(&self.activity)),
            ("activity", &self.activity, "transferGrounds { nodes { stream } }", 6, many(&self.ground)),
            ("transferGround", &self.ground, "processingActivity { stream }", 6, json!(self.activity)),
            ("transferGround", &self.ground, "agreements { nodes { stream } }", 6, many(&self.agreement)),
            ("transferGround", &self.ground, "legalInstrument { stream }", 7, json!(self.instrument)),
            ("legalInstrument", &self.instrument, "transferGrounds { nodes { stream } }", 7, many(&self.ground)),
            ("activity", &self.activity, "platforms { nodes { stream } }", 8, many(&self.platform)),
            ("platform", &self.platform, "activities { nodes { stream } }", 8, many(&self.activity)),
            ("platform", &self.platform, "boardDecisions { nodes { stream } }", 9, many(&self.decision)),
            ("boardDecision", &self.decision, "platforms { nodes { stream } }", 9, many(&self.platform)),
            ("consentText", &self.text, "consents { nodes { stream } }", 10, many(&self.consent)),
            ("consent", &self.consent, "consentText { stream }", 10, json!(self.text)),
        ]
    }
}

#[tokio::test]
async fn relations_are_seen_from_both_ends_at_the_moment_asked() {
    on_both("relations_are_seen_from_both_ends_at_the_moment_asked", async |url| {
        let api = Api::new(&url).await;
        let register = Register::record(&api).await;
        for (family, stream, field, month, expected) in register.relations() {
            // Nothing is what a stream without a state shows, a list without streams, and one that is none.
            let nothing = |shown: &Value| shown.is_null() || *shown == json!([]);
            let before = shown(&api, &format!("(validAt: \"2019-{:02}\")", month - 1), family, stream, field).await;
            assert!(nothing(&before), "{family} {field} before: {before}");
            let then = shown(&api, &format!("(validAt: \"2019-{month:02}\")"), family, stream, field).await;
            assert_eq!(then, expected, "{family} {field} then");
            assert_eq!(shown(&api, "", family, stream, field).await, expected, "{family} {field} now");
            // The first entry is the ledger's; the fact of a month is the entry of that number.
            let unknown = format!("(knownAt: {{size: \"{month}\"}}, validAt: \"2019-12\")");
            let unknown = shown(&api, &unknown, family, stream, field).await;
            assert!(nothing(&unknown), "{family} {field} when the last fact was not known: {unknown}");
            let known = format!("(knownAt: {{size: \"{}\"}}, validAt: \"2019-12\")", month + 1);
            assert_eq!(shown(&api, &known, family, stream, field).await, expected, "{family} {field} when known");
        }
    })
    .await;
}

#[tokio::test]
async fn a_relation_shows_no_state_of_another_moment() {
    on_both("a_relation_shows_no_state_of_another_moment", async |url| {
        let api = Api::new(&url).await;
        let register = Register::record(&api).await;
        let amend = json!({ "stream": register.agreement, "effective": "2019-11", "event": {
            "terminated": { "reason": "over" } } });
        api.recorded("Agreement", amend).await;
        let nested = "agreements(first: 2) { nodes { id status processingActivities(first: 2) { nodes { id agreements(first: 2) { nodes { id status } } } } } }";
        let check = async |moment: &str, size: &str, status: &str| {
            let query = format!("{{ asOf{moment} {{ validAt activity(id: \"{}\") {{ id {nested} }} }} }}", register.activity);
            let answer = api.ask(&query).await["asOf"].clone();
            let place = format!("@{size}@{}", answer["validAt"].as_str().unwrap());
            let ids = ids(&answer["activity"]);
            assert_eq!(ids.len(), 4, "{answer}");
            assert!(ids.iter().all(|id| id.ends_with(&place)), "{ids:?} are not of {place}");
            let agreement = &answer["activity"]["agreements"]["nodes"][0];
            assert_eq!(agreement["status"], status, "{answer}");
            let circle = &agreement["processingActivities"]["nodes"][0]["agreements"]["nodes"][0];
            assert_eq!(circle["status"], status, "{answer}");
        };
        check("(validAt: \"2019-10\")", "12", "EXECUTED").await;
        check("(validAt: \"2019-11\")", "12", "TERMINATED").await;
        check("(knownAt: {size: \"11\"}, validAt: \"2019-11\")", "11", "EXECUTED").await;
        check("(knownAt: {size: \"12\"}, validAt: \"2019-12\")", "12", "TERMINATED").await;
        // Two moments in one request.
        let two = format!(
            "{{ a: asOf(validAt: \"2019-10\") {{ activity(id: \"{0}\") {{ {nested} }} }} b: asOf(validAt: \"2019-11\") {{ activity(id: \"{0}\") {{ {nested} }} }} }}",
            register.activity
        );
        let two = api.ask(&two).await;
        let status = |name: &str| two[name]["activity"]["agreements"]["nodes"][0]["status"].clone();
        assert_eq!((status("a"), status("b")), (json!("EXECUTED"), json!("TERMINATED")));
    })
    .await;
}

/// All members named `id`, on whatever level.
fn ids(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match (name.as_str(), member) {
                ("id", Value::String(id)) => vec![id.clone()],
                _ => ids(member),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(ids).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_correction_moves_a_relation_and_older_answers_stay() {
    on_both("a_correction_moves_a_relation_and_older_answers_stay", async |url| {
        let api = Api::new(&url).await;
        let (first, second, agreement) = (chosen("activity", 1), chosen("activity", 2), chosen("agreement", 1));
        for activity in [&first, &second] {
            begin(&api, "Activity", activity, "2019-01", json!({ "drafted": { "unit": "mu-01" } })).await;
        }
        let wrong = begin(&api, "Agreement", &agreement, "2019-02", executed("vendor-n", &[&first])).await;
        let correction = json!({ "stream": agreement, "replaces": wrong, "effective": "2019-02", "event": executed("vendor-n", &[&second]) });
        let correction = api.recorded("Agreement", correction).await["sequence"].clone();
        let retraction = json!({ "stream": agreement, "replaces": correction, "effective": "2019-02",
            "event": { "retracted": { "reason": "it was never signed" } } });
        api.recorded("Agreement", retraction).await;
        let check = async |size: usize, of_first: &[&String], of_second: &[&String]| {
            let moment = format!("(knownAt: {{size: \"{size}\"}})");
            for (activity, expected) in [(&first, of_first), (&second, of_second)] {
                let found = shown(&api, &moment, "activity", activity, "agreements { nodes { stream } }").await;
                assert_eq!(found, json!(expected), "of {activity} with {size} entries");
            }
        };
        check(3, &[], &[]).await;
        check(4, &[&agreement], &[]).await;
        check(5, &[], &[&agreement]).await;
        check(6, &[], &[]).await;
    })
    .await;
}

/// The numbers of a page of related streams, and its info.
async fn paged(api: &Api, of: (&str, &str), field: &str, arguments: &str) -> (Vec<usize>, Value) {
    let (family, stream) = of;
    let query = format!(
        "{{ asOf {{ {family}(id: \"{stream}\") {{ {field}{arguments} {{ edges {{ cursor node {{ stream }} }} \
         pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }} }}"
    );
    let page = api.ask(&query).await["asOf"][family][field].clone();
    let number = |edge: &Value| edge["node"]["stream"].as_str().unwrap().rsplit('-').next().unwrap().parse().unwrap();
    (page["edges"].as_array().unwrap().iter().map(number).collect(), page["pageInfo"].clone())
}

/// Walks a relation from one end to the other and back, in pages of a size.
async fn walks(api: &Api, of: (&str, &str), field: &str, size: usize, expected: &[usize]) {
    let (mut forwards, mut cursor) = (Vec::new(), String::new());
    loop {
        let (numbers, info) = paged(api, of, field, &format!("(first: {size}{cursor})")).await;
        assert_eq!(info["hasPreviousPage"], !cursor.is_empty());
        forwards.extend(numbers);
        if info["hasNextPage"] == false {
            break;
        }
        cursor = format!(", after: {}", info["endCursor"]);
    }
    assert_eq!(forwards, expected, "{field} by {size}");
    let (mut backwards, mut cursor) = (Vec::new(), String::new());
    loop {
        let (numbers, info) = paged(api, of, field, &format!("(last: {size}{cursor})")).await;
        assert_eq!(info["hasNextPage"], !cursor.is_empty());
        backwards.extend(numbers.into_iter().rev());
        if info["hasPreviousPage"] == false {
            break;
        }
        cursor = format!(", before: {}", info["startCursor"]);
    }
    backwards.reverse();
    assert_eq!(backwards, expected, "{field} by {size}, from the end");
}

#[tokio::test]
async fn a_relation_is_paged_and_never_silently_cut() {
    on_both("a_relation_is_paged_and_never_silently_cut", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        let grants: Vec<Value> = (1..=105).map(|number| grant(&text, number)).collect();
        for grants in [&grants[..100], &grants[100..]] {
            record_all(&api, grants).await;
        }
        let of = ("consentText", text.as_str());
        let all: Vec<usize> = (1..=105).collect();
        for size in [7, 100] {
            walks(&api, of, "consents", size, &all).await;
        }
        let (first, info) = paged(&api, of, "consents", "(first: 3)").await;
        assert_eq!((first, &info["hasNextPage"]), (vec![1, 2, 3], &json!(true)));
        let between = format!("(first: 100, after: {}, before: {})", info["startCursor"], info["endCursor"]);
        assert_eq!(paged(&api, of, "consents", &between).await.0, [2]);
        assert_eq!(paged(&api, of, "consents", "").await.0.len(), 20);
        for arguments in ["first: 101", "last: 101", "first: 0", "last: -1", "first: 1, last: 1", "after: \"x\""] {
            let query = format!(
                "{{ asOf {{ consentText(id: \"{text}\") {{ consents({arguments}) {{ nodes {{ id }} }} }} }} }}"
            );
            let (_, body) = api.post(&query, json!({})).await;
            assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{arguments} {body}");
            assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
        }
        // The cursor of a list of the same family is one of this list too; one of another family is not.
        let list = api
            .ask("{ asOf { consents(first: 1) { pageInfo { endCursor } } consentTexts { pageInfo { endCursor } } } }")
            .await;
        let after = format!("(first: 2, after: {})", list["asOf"]["consents"]["pageInfo"]["endCursor"]);
        assert_eq!(paged(&api, of, "consents", &after).await.0, [2, 3]);
        let query =
            "query($after: String) { asOf { consentTexts { nodes { consents(after: $after) { nodes { id } } } } } }";
        let other = json!({ "after": list["asOf"]["consentTexts"]["pageInfo"]["endCursor"] });
        let (_, body) = api.post(query, other).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
        // Sizes may be variables.
        let query =
            "query($first: Int) { asOf { consentTexts { nodes { consents(first: $first) { nodes { id } } } } } }";
        let (_, body) = api.post(query, json!({ "first": 4 })).await;
        assert_eq!(body["data"]["asOf"]["consentTexts"]["nodes"][0]["consents"]["nodes"].as_array().unwrap().len(), 4);
    })
    .await;
}

fn grant(text: &str, number: usize) -> Value {
    let granted = json!({ "text": text, "textVersion": 1, "items": [{ "code": "photo", "decision": "YES" }] });
    json!({ "consent": { "stream": chosen("consent", number), "expectedRevision": "0", "effective": "2019-06",
        "event": { "granted": granted } } })
}

async fn record_all(api: &Api, facts: &[Value]) {
    let query = "mutation($key: String!, $facts: [FactOfFamilyInput!]!) { recordAll(idempotencyKey: $key, facts: $facts) { userErrors { code field message } } }";
    let key = facts.first().map(ToString::to_string).unwrap_or_default();
    let key = key.chars().filter(char::is_ascii_alphanumeric).take(200).collect::<String>();
    let (_, body) = api.post(query, json!({ "key": key, "facts": facts })).await;
    assert_eq!(body["data"]["recordAll"]["userErrors"], json!([]), "{body}");
}

/// What a state names may have no state itself: such a stream takes no place on a page.
#[tokio::test]
async fn what_is_named_without_being_there_takes_no_place_on_a_page() {
    on_both("what_is_named_without_being_there_takes_no_place_on_a_page", async |url| {
        let api = Api::new(&url).await;
        let activity = chosen("activity", 1);
        let purpose = |number: usize| json!({ "code": format!("purpose-{number}"), "basis": "CONSENT", "consentText": chosen("consentText", number) });
        let purposes: Vec<Value> = (1..=40).map(purpose).collect();
        begin(&api, "Activity", &activity, "2019-01", established("mu-01", &json!(purposes))).await;
        let there = [5, 38, 39, 40];
        for number in there {
            let published = json!({ "version": 1, "languages": [], "grantChannels": [], "withdrawChannels": [],
                "items": [{ "code": "photo", "operations": [], "platforms": [] }] });
            begin(&api, "ConsentText", &chosen("consentText", number), "2019-02", json!({ "published": published })).await;
        }
        let of = ("activity", activity.as_str());
        for size in [1, 2, 3, 4, 39, 100] {
            walks(&api, of, "consentTexts", size, &there).await;
        }
        assert_eq!(shown(&api, "(validAt: \"2019-01\")", "activity", &activity, "consentTexts { nodes { stream } }").await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_state_is_not_among_its_own_relations() {
    on_both("a_state_is_not_among_its_own_relations", async |url| {
        let api = Api::new(&url).await;
        for number in 1..=5 {
            let taken = json!({ "taken": { "platforms": ["platform-a"], "conditions": [], "documentsBefore": [] } });
            begin(&api, "BoardDecision", &chosen("boardDecision", number), "2019", taken).await;
        }
        for number in 1..=5 {
            let stream = chosen("boardDecision", number);
            let others: Vec<usize> = (1..=5).filter(|other| *other != number).collect();
            for size in [1, 2, 4, 5] {
                walks(&api, ("boardDecision", &stream), "samePlatforms", size, &others).await;
            }
        }
    })
    .await;
}

// --- How much is read --------------------------------------------------------------------------------------------

/// The statements that run on this thread, in a few words each.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut words = String::new();
            event.record(&mut |field: &Field, value: &dyn Debug| {
                if field.name() == "summary" {
                    words = format!("{value:?}");
                }
            });
            self.0.lock().unwrap().push(words);
        }
    }
}

impl Statements {
    /// What loaders have read since the last time; what the engine does meanwhile is its own.
    fn take(&self) -> Vec<String> {
        let loaders = ["with given", "select v.value", "select s.stream", "select stream, family"];
        let mut statements = std::mem::take(&mut *self.0.lock().unwrap());
        statements.retain(|statement| loaders.iter().any(|begin| statement.trim_start_matches('"').starts_with(begin)));
        statements
    }
}

/// What is asked of a list of many costs as many statements as of a list of few. SQLite runs its statements on a thread of
/// its own, where nobody counts.
#[tokio::test]
async fn a_relation_in_a_list_takes_few_statements() {
    on_both("a_relation_in_a_list_takes_few_statements", async |url| {
        let api = Api::new(&url).await;
        begin(&api, "ManagementUnit", &chosen("managementUnit", 1), "2019", json!({ "registered": { "unit": "mu-01" } })).await;
        let count = 60;
        let texts: Vec<Value> = (1..=count).map(|number| {
            let published = json!({ "version": 1, "languages": [], "grantChannels": [], "withdrawChannels": [],
                "items": [{ "code": "photo", "operations": [], "platforms": [] }] });
            json!({ "consentText": { "stream": chosen("consentText", number), "expectedRevision": "0", "effective": "2019", "event": { "published": published } } })
        }).collect();
        record_all(&api, &texts).await;
        let activities: Vec<Value> = (1..=count).map(|number| {
            // More than fit a page of one: it must be looked which are there.
            let purpose = |text: usize| json!({ "code": format!("purpose-{text}"), "basis": "CONSENT", "consentText": chosen("consentText", text) });
            let purposes = json!([purpose(number), purpose(number % count + 1), purpose((number + 1) % count + 1), purpose(number + 500)]);
            json!({ "activity": { "stream": chosen("activity", number), "expectedRevision": "0", "effective": "2019", "event": established("mu-01", &purposes) } })
        }).collect();
        record_all(&api, &activities).await;
        let agreements: Vec<Value> = (1..=count).map(|number| {
            let activities = [chosen("activity", number), chosen("activity", number % count + 1)];
            json!({ "agreement": { "stream": chosen("agreement", number), "expectedRevision": "0", "effective": "2019",
                "event": { "executed": { "party": "vendor-n", "activities": activities } } } })
        }).collect();
        record_all(&api, &agreements).await;
        let statements = Statements::default();
        let subscriber = tracing_subscriber::registry().with(statements.clone());
        let guard = tracing::subscriber::set_default(subscriber);
        let ask = async |first: usize| {
            statements.take();
            let query = format!(
                "{{ asOf {{ activities(first: {first}) {{ nodes {{ managementUnit {{ stream }} consentTexts(first: 1) {{ nodes {{ stream }} }} \
                 agreements(first: 3) {{ nodes {{ reference processingActivities(first: 2) {{ nodes {{ stream }} }} }} }} }} }} }} }}"
            );
            let answer = api.ask(&query).await;
            let nodes = answer["asOf"]["activities"]["nodes"].as_array().unwrap().clone();
            assert_eq!(nodes.len(), first);
            assert!(nodes.iter().all(|node| node["agreements"]["nodes"].as_array().unwrap().len() == 2), "{answer}");
            assert!(nodes.iter().all(|node| node["consentTexts"]["nodes"].as_array().unwrap().len() == 1), "{answer}");
            assert!(nodes.iter().all(|node| node["managementUnit"]["stream"].is_string()), "{answer}");
            statements.take()
        };
        // The first time connections are made and types looked up.
        ask(1).await;
        let (few, many) = (ask(2).await, ask(count).await);
        drop(guard);
        if url.starts_with("postgres") {
            // The list; units and agreements; texts that are there; references; states on three levels.
            assert!(few.len() > 5, "nothing was counted: {few:?}");
            // Where a loader is late, on a busy machine, it asks again.
            assert!(many.len() <= few.len() + 3, "{} statements for 2, {} for {count}: {many:#?}", few.len(), many.len());
            println!("{} statements for 2, {} for {count}", few.len(), many.len());
        }
    })
    .await;
}

// --- All relations -----------------------------------------------------------------------------------------------

/// As many choices as are tried in an example.
const CHOICES: usize = 12;

/// An example of a shape in which each choice is the one of a number.
fn chosen_example(shape: &Shape, catalogue: &Catalogue, path: &str, number: usize) -> Value {
    match shape {
        Shape::List(inner) => json!([chosen_example(inner, catalogue, path, number)]),
        Shape::Optional(inner) => chosen_example(inner, catalogue, path, number),
        Shape::Named(name) => match catalogue.get(name).map(|definition| &definition.kind) {
            Some(Kind::Record(members)) => members
                .iter()
                .map(|member| {
                    let path = format!("{path}.{}", member.name);
                    (member.name.clone(), chosen_example(&member.shape, catalogue, &path, number))
                })
                .collect(),
            Some(Kind::Choice(items)) => json!(items[number % items.len()].value),
            None => Value::Null,
        },
        Shape::Scalar(_) | Shape::Erasable(_) => example(shape, catalogue, path),
    }
}

/// The keys of all states that are folded from examples of a family's events: names and values.
fn keys_of_examples(family: &Declaration) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut catalogue = Catalogue::default();
    let events = family.describe_events(&mut catalogue);
    let fact = |sequence: usize, event: &EventDescription, number: usize| Fact {
        recorded: Recorded {
            sequence: Sequence(sequence as u64),
            recorded: Instant::from_microseconds(1_700_000_000_000_000),
            effective: "2024".parse().unwrap(),
            actor: Actor { id: None, role: "DPO".parse().unwrap(), unit: None },
            provenance: Provenance::Native,
            asserted: None,
            replaces: None,
        },
        fact: event.declaration.fact.to_owned(),
        version: event.declaration.version,
        data: chosen_example(&Shape::Named(event.type_name.clone()), &catalogue, event.declaration.fact, number),
    };
    let mut keys: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut note = |known: &[&Fact]| {
        let step = &mut |_: &Fact, state: String| {
            for (name, value) in (family.keys)(&state).unwrap() {
                keys.entry(name).or_default().insert(value);
            }
        };
        (family.steps)(known, step).unwrap();
    };
    for number in 0..CHOICES {
        let of_all = |(sequence, event)| fact(sequence, event, number);
        let facts: Vec<Fact> = events.iter().enumerate().map(of_all).collect();
        note(&facts.iter().collect::<Vec<_>>());
        for first in &facts {
            note(&[first]);
            facts.iter().take(3).for_each(|begin| note(&[begin, first]));
        }
    }
    keys
}

/// A relation by a key that no state has, or that holds something else than the relation looks for, would always be empty.
#[test]
fn every_relation_is_by_keys_that_states_have() {
    let keys: BTreeMap<&str, _> = FAMILIES.iter().map(|family| (family.name, keys_of_examples(family))).collect();
    let is_stream = |value: &String| value.parse::<StreamId>().is_ok();
    let mut wrong = Vec::new();
    for family in FAMILIES {
        for relation in family.relations {
            let has = |name: &str, key: &str| keys[name].get(key).cloned().unwrap_or_default();
            let fits = match relation.by {
                By::Theirs(theirs) => has(relation.family, theirs).iter().any(is_stream),
                By::Ours(ours) => has(family.name, ours).iter().any(is_stream),
                By::Shared(theirs, ours) => {
                    let (theirs, ours) = (has(relation.family, theirs), has(family.name, ours));
                    let kinds = |values: &BTreeSet<String>| values.iter().map(is_stream).collect::<BTreeSet<bool>>();
                    !theirs.is_empty() && !ours.is_empty() && !kinds(&theirs).is_disjoint(&kinds(&ours))
                }
            };
            if !fits {
                wrong.push(format!("{}.{} by {:?} in {}", family.name, relation.field, relation.by, relation.family));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
