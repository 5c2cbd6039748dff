//! The requests that are measured, and what must be in the ledger before.

use serde_json::{Value, json};

use crate::engine::{NoEntropy, SUBMISSION_FACTS_MAX, Sources};
use crate::graphql::id_text;
use crate::ledger::name::StreamId;

/// One consent in so many is withdrawn again, in the facts that fill the ledger.
const WITHDRAWN_ONE_IN: usize = 5;
/// When consent was given; what is asked lies between this and the withdrawal.
const GIVEN: &str = "2020-01-15";
const ASKED: &str = "2020-06-01";
const WITHDRAWN: &str = "2020-09-01";
/// The fields that tell whether several facts were recorded.
const RECORD_ALL: &str = "mutation($key: String!, $facts: [FactOfFamilyInput!]!) { \
     recordAll(idempotencyKey: $key, facts: $facts) { receipts { sequence } userErrors { code message } } }";
/// What an answer shows when a mutation refused nothing.
const NOTHING_REFUSED: &str = r#""userErrors":[]"#;

/// A request that is sent many times.
pub struct Story {
    /// What it is called.
    pub title: &'static str,
    /// How many facts it records.
    pub facts: u64,
    /// What its answer has in it.
    pub shows: &'static str,
    /// Its body; the number is another one each time.
    pub body: Box<dyn Fn(u64) -> String + Send + Sync>,
}

/// The question that costs least, which the rival is sent too.
pub fn size(title: &'static str) -> Story {
    let body = json!({ "query": "{ ledger { size } }" }).to_string();
    Story { title, facts: 0, shows: r#""size":""#, body: Box::new(move |_| body.clone()) }
}

/// A list of consents as it was in force, known with ever another number of the first `facts` facts: at least half of them.
pub fn as_of(title: &'static str, facts: u64) -> Story {
    let query = format!(
        "query($size: Sequence!) {{ asOf(knownAt: {{ size: $size }}, validAt: \"{ASKED}\") {{ known {{ size }} \
         consents(first: 20) {{ nodes {{ id status given inEffectTo items {{ code decision }} }} }} }} }}"
    );
    let half = facts / 2;
    let body = move |number: u64| {
        let size = facts - number % half.max(1);
        json!({ "query": query, "variables": { "size": size.to_string() } }).to_string()
    };
    Story { title, facts: 0, shows: r#""status":"GIVEN""#, body: Box::new(body) }
}

/// One fact: a consent on a text.
pub fn record(title: &'static str, text: &str) -> Story {
    let query = "mutation($input: RecordConsentInput!) { recordConsent(input: $input) { \
         receipt { sequence leafHash } userErrors { code message } } }";
    let (fact, key) = (grant(text), key(title));
    let body = move |number: u64| {
        let input = json!({ "idempotencyKey": format!("{key}-{number}"), "fact": fact });
        json!({ "query": query, "variables": { "input": input } }).to_string()
    };
    Story { title, facts: 1, shows: NOTHING_REFUSED, body: Box::new(body) }
}

/// As many facts as one request takes.
pub fn record_all(title: &'static str, text: &str) -> Story {
    let facts = vec![json!({ "consent": grant(text) }); SUBMISSION_FACTS_MAX];
    // Written once: the client shares the machine with the server.
    let (query, facts, key) = (Value::from(RECORD_ALL), Value::from(facts).to_string(), key(title));
    let body =
        move |number: u64| format!(r#"{{"query":{query},"variables":{{"key":"{key}-{number}","facts":{facts}}}}}"#);
    Story { title, facts: SUBMISSION_FACTS_MAX as u64, shows: NOTHING_REFUSED, body: Box::new(body) }
}

/// The request that publishes the consent text; its answer names the stream.
pub fn publish_text() -> Story {
    let query = "mutation($input: RecordConsentTextInput!) { recordConsentText(input: $input) { \
         receipt { stream } userErrors { code message } } }";
    let input = json!({ "idempotencyKey": "text", "fact": { "effective": "2019-01-01", "event": { "published": {
        "version": 1, "languages": ["nl"], "grantChannels": ["WEB"], "withdrawChannels": ["WEB"],
        "items": [{ "code": "photo", "purpose": { "nl": "foto's" }, "operations": ["PUBLISH"], "platforms": [] }],
    }}}});
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    Story { title: "text", facts: 1, shows: NOTHING_REFUSED, body: Box::new(move |_| body.clone()) }
}

/// The request that records `facts` facts, at most [`SUBMISSION_FACTS_MAX`]: consents, of which some are withdrawn later.
pub fn fill(text: &str, facts: usize, page: u64, sources: &Sources) -> Result<Story, NoEntropy> {
    let withdrawn = facts / (WITHDRAWN_ONE_IN + 1);
    let mut all = Vec::with_capacity(facts);
    for _ in withdrawn..facts {
        let mut fact = grant(text);
        fact["stream"] = json!(id_text(&StreamId::new("consent", sources.uuid()?)));
        fact["expectedRevision"] = json!("0");
        all.push(fact);
    }
    for number in 0..withdrawn {
        let event = json!({ "withdrawn": { "items": [], "channel": "WEB" } });
        all.push(json!({ "stream": all[number]["stream"], "effective": WITHDRAWN, "event": event }));
    }
    let all: Vec<Value> = all.into_iter().map(|fact| json!({ "consent": fact })).collect();
    let body = json!({ "query": RECORD_ALL, "variables": { "key": format!("fill-{page}"), "facts": all } }).to_string();
    Ok(Story { title: "fill", facts: facts as u64, shows: NOTHING_REFUSED, body: Box::new(move |_| body.clone()) })
}

/// What the idempotency keys of a story begin with.
fn key(title: &str) -> String {
    title.replace(' ', "-")
}

fn grant(text: &str) -> Value {
    json!({ "effective": GIVEN, "event": { "granted": {
        "text": text, "textVersion": 1, "items": [{ "code": "photo", "decision": "YES" }],
        "method": "SIGNED_FORM", "unit": "mu-01", "evidence": { "description": "a form in the archive" },
    }}})
}
