//! One request to record facts, and what its answers say.

use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use griffie::ledger::merkle::leaf_hash;
use serde_json::{Value, json};

use crate::http::Connection;

/// The consent text that every consent is given on.
pub const TEXT: &str = "consentText:0190b6a2-7c1e-7000-8000-ffffffffffff";
/// Facts of one `recordAll` at most.
pub const FACTS_MAX: usize = 6;

const RECEIPT: &str = "sequence id leafHash entry";

/// A request to record facts. Its facts carry its number as their correlation id, by which they are counted.
#[derive(Clone, Debug)]
pub struct Request {
    /// Unlike that of any other request of the run.
    pub number: u64,
    /// How many facts it records.
    pub facts: usize,
    /// Whether it was sent before, to a server that was killed.
    pub was_in_flight: bool,
    body: String,
}

/// What a server gave for a fact, kept as little as proves its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its place.
    pub sequence: u64,
    /// Its UUID.
    pub id: String,
    /// The hash over all of its bytes.
    pub leaf_hash: String,
}

/// What became of a request.
pub enum Answer {
    /// Recorded.
    Receipts(Vec<Receipt>),
    /// Not recorded as far as the server knows; the same request is to be sent again.
    TryAgain(String),
}

impl Request {
    /// Publishes the consent text.
    pub fn text() -> Self {
        let published = json!({
            "version": 1, "languages": ["nl"], "grantChannels": ["WEB"], "withdrawChannels": ["WEB"],
            "items": [{ "code": "photo", "operations": [], "platforms": [], "purpose": { "nl": "Foto's op de website" } }],
        });
        let fact = json!({
            "stream": TEXT, "expectedRevision": 0, "effective": "2024", "correlation": correlation(0),
            "event": { "published": published },
        });
        Self::all(0, &[json!({ "consentText": fact })])
    }

    /// A consent under a stream that the server names.
    pub fn consent(number: u64) -> Self {
        let query = format!(
            "mutation($input: RecordConsentInput!) {{ recordConsent(input: $input) \
             {{ receipt {{ {RECEIPT} }} userErrors {{ code message }} }} }}"
        );
        let input = json!({ "idempotencyKey": key(number), "fact": granted(number) });
        Self::new(number, 1, &json!({ "query": query, "variables": { "input": input } }))
    }

    /// Several consents, and one that is withdrawn at once, under a stream that the request names.
    pub fn consents(number: u64, facts: usize) -> Self {
        let stream = format!("consent:0190b6a2-7c1e-7000-8000-{number:012x}");
        let mut named = granted(number);
        named["stream"] = stream.as_str().into();
        named["expectedRevision"] = 0.into();
        let withdrawn = json!({
            "stream": stream, "expectedRevision": 1, "effective": "2024-07", "correlation": correlation(number),
            "event": { "withdrawn": { "items": ["photo"], "channel": "WEB" } },
        });
        let others = (2..facts).map(|_| granted(number));
        let all: Vec<Value> =
            [named, withdrawn].into_iter().chain(others).map(|fact| json!({ "consent": fact })).collect();
        Self::all(number, &all)
    }

    fn all(number: u64, facts: &[Value]) -> Self {
        let query = format!(
            "mutation($key: String!, $facts: [FactOfFamilyInput!]!) {{ recordAll(idempotencyKey: $key, facts: $facts) \
             {{ receipts {{ {RECEIPT} }} userErrors {{ code message }} }} }}"
        );
        let variables = json!({ "key": key(number), "facts": facts });
        Self::new(number, facts.len(), &json!({ "query": query, "variables": variables }))
    }

    fn new(number: u64, facts: usize, body: &Value) -> Self {
        Self { number, facts, was_in_flight: false, body: body.to_string() }
    }

    /// Notes that it was sent, or about to be, when its server was killed.
    pub fn cut_off(self) -> Self {
        Self { was_in_flight: true, ..self }
    }

    /// Sends it. An error says that there was no answer; the caller knows whether the server lives.
    pub fn send(&self, connection: &mut Connection) -> anyhow::Result<Value> {
        connection.ask(&self.body)
    }

    /// Reads an answer. Anything but receipts or a plea to try again is an error.
    pub fn read(&self, answer: &Value) -> anyhow::Result<Answer> {
        if let Some(error) = answer.get("errors").and_then(|errors| errors.get(0)) {
            if error.pointer("/extensions/code").and_then(Value::as_str) == Some("UNAVAILABLE") {
                return Ok(Answer::TryAgain(error.to_string()));
            }
            bail!("request {} failed: {error}", self.number);
        }
        let payload = answer.pointer("/data/recordConsent").or_else(|| answer.pointer("/data/recordAll"));
        let payload = payload.with_context(|| format!("request {} got {answer}", self.number))?;
        let single = payload.get("receipt").into_iter();
        let many = payload.get("receipts").and_then(Value::as_array).into_iter().flatten();
        let receipts = single.chain(many).filter(|receipt| !receipt.is_null()).map(receipt);
        let receipts = receipts.collect::<anyhow::Result<Vec<_>>>()?;
        ensure!(receipts.len() == self.facts, "request {} of {} facts got {payload}", self.number, self.facts);
        Ok(Answer::Receipts(receipts))
    }
}

/// The correlation id of a request's facts.
pub fn correlation(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

fn key(number: u64) -> String {
    format!("request-{number}")
}

fn granted(number: u64) -> Value {
    json!({
        "effective": "2024-06-01", "correlation": correlation(number),
        "event": { "granted": {
            "text": TEXT, "textVersion": 1, "items": [{ "code": "photo", "decision": "YES" }], "method": "WEB",
            "evidence": { "description": format!("Form of request {number}") },
        } },
        "remark": "Under load",
    })
}

/// Reads a receipt or an event, and holds its leaf hash to its bytes.
pub fn receipt(value: &Value) -> anyhow::Result<Receipt> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).with_context(|| format!("no {name} in {value}"));
    let (leaf_hash_given, entry) = (text("leafHash")?, text("entry")?);
    let computed = leaf_hash(entry.as_bytes()).to_string();
    ensure!(computed == leaf_hash_given, "the leaf hash {leaf_hash_given} is not that of the entry: {entry}");
    let id = text("id")?.trim_start_matches("event:").to_owned();
    Ok(Receipt { sequence: text("sequence")?.parse()?, id, leaf_hash: computed })
}

/// Asks for facts by their sequences, in one request.
pub fn facts_at(address: SocketAddr, sequences: &[u64]) -> anyhow::Result<Vec<Receipt>> {
    let asked =
        sequences.iter().map(|sequence| format!("s{sequence}: event(sequence: \"{sequence}\") {{ {RECEIPT} }}"));
    let query = format!("{{ {} }}", asked.collect::<Vec<_>>().join(" "));
    let answer = Connection::open(address)?.ask(&json!({ "query": query }).to_string())?;
    let found = sequences.iter().map(|sequence| {
        let event = answer.pointer(&format!("/data/s{sequence}")).with_context(|| answer.to_string())?;
        receipt(event).with_context(|| format!("fact {sequence} was acknowledged"))
    });
    found.collect()
}
