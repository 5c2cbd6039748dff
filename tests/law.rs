//! The law pack in a ledger: a new one begins with it, an update records only what is new, and what an institution recorded is its own.

use griffie::cli::load_demonstration;
use griffie::engine::{InstrumentStanding, KeyFolder, compare_law, record_law};
use griffie::law::Pack;
use griffie::ledger::entry::Provenance;
use griffie::store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::ledger::{Ledger, retracted, told};
use crate::support::on_both;

const TITLE: &str = "Adequacy decision of a test";

fn pack(number: u32, instruments: &Value) -> Pack {
    let file = json!({ "subject": { "nl": "proef", "en": "test" }, "instruments": instruments }).to_string();
    let manifest = json!({ "number": number, "kept": "2026-12-01", "files": ["a.json"] }).to_string();
    Pack::read(&manifest, |_| Some(file.clone())).unwrap()
}

fn adequacy(code: &str, recipients: &str) -> Value {
    let data = json!({ "kind": "ADEQUACY", "title": { "en": TITLE }, "territory": "JP", "scope": { "recipients": recipients } });
    let statement = json!({ "fact": "enteredIntoForce", "effective": "2019-01-23", "published": "2019-03-19", "source": "OJ L 76",
        "looked": "2026-12-01", "data": data });
    json!({ "code": code, "statements": [statement] })
}

async fn record(ledger: &Ledger, pack: &Pack) -> usize {
    let standings = compare_law(ledger.store(), pack).await.unwrap();
    record_law(&ledger.engine, pack, &standings, |_| {}).await.unwrap().len()
}

async fn differences<'p>(ledger: &Ledger, pack: &'p Pack) -> Vec<InstrumentStanding<'p>> {
    let mut standings = compare_law(ledger.store(), pack).await.unwrap();
    standings.retain(|one| !one.standing.is_same());
    standings
}

#[tokio::test]
async fn the_pack_is_recorded_once_and_every_fact_says_whence_it_came() {
    on_both("law pack", async |url| {
        let ledger = Ledger::found(&url).await;
        let pack = Pack::newest().unwrap();
        let all: usize = pack.instruments().map(|instrument| instrument.statements.len()).sum();
        assert_eq!(record(&ledger, pack).await, all);
        assert!(differences(&ledger, pack).await.is_empty());
        assert_eq!(record(&ledger, pack).await, 0);
        let law: Vec<_> =
            ledger.entries().await.into_iter().filter(|entry| entry.stream.family() == "legalInstrument").collect();
        assert_eq!(law.len(), all);
        let whence = |entry: &griffie::ledger::entry::Entry| {
            entry.provenance == Provenance::Backfill && entry.asserted.is_some()
        };
        assert!(law.iter().all(whence));
        assert!(ledger.verify().await.ok);
    })
    .await;
}

#[tokio::test]
async fn a_later_pack_corrects_an_earlier_one_and_leaves_what_is_the_institutions_own() {
    on_both("law update", async |url| {
        let ledger = Ledger::found(&url).await;
        let first = pack(1, &json!([adequacy("LEX-JP", "ALL")]));
        assert_eq!(record(&ledger, &first).await, 1);
        let own = json!({ "code": "LEX-KR", "kind": "ADEQUACY", "modules": [], "relations": [], "rules": [], "parameters": [] });
        let own = ledger.record(told("legalInstrument", "registered", own)).await.entry.sequence;
        let second = pack(2, &json!([adequacy("LEX-JP", "SECTOR"), adequacy("LEX-KR", "ALL"), adequacy("LEX-BR", "ALL")]));
        let found = differences(&ledger, &second).await;
        let owned: Vec<u64> = found.iter().flat_map(|one| &one.standing.own).map(|sequence| sequence.0).collect();
        assert_eq!((found.len(), owned), (3, vec![own]));
        assert_eq!(record(&ledger, &second).await, 2);
        let entries = ledger.entries().await;
        let corrected: Vec<&Value> = entries.iter().filter(|entry| entry.replaces.is_some()).map(|entry| &entry.data).collect();
        assert_eq!(corrected.len(), 1);
        assert_eq!(corrected[0]["scope"]["recipients"], "SECTOR");
        let left: Vec<&str> = differences(&ledger, &second).await.iter().map(|one| one.instrument.code.as_str()).collect();
        assert_eq!(left, ["LEX-KR"]);
        assert!(ledger.verify().await.ok);
    })
    .await;
}

#[tokio::test]
async fn what_the_institution_took_back_or_tells_in_two_streams_is_its_own() {
    on_both("law taken back", async |url| {
        let ledger = Ledger::found(&url).await;
        let first = pack(1, &json!([adequacy("LEX-JP", "ALL"), adequacy("LEX-KR", "ALL")]));
        assert_eq!(record(&ledger, &first).await, 2);
        let entries = ledger.entries().await;
        let japan = entries.iter().find(|entry| entry.data["code"] == "LEX-JP").unwrap();
        let mut fact = retracted("legalInstrument", japan.sequence);
        fact.stream = Some(japan.stream.clone());
        ledger.record(fact).await;
        // Another stream says something of an instrument of the pack.
        let own = json!({ "code": "LEX-KR", "kind": "ADEQUACY", "modules": [], "relations": [], "rules": [], "parameters": [] });
        ledger.record(told("legalInstrument", "registered", own)).await;
        let second = pack(2, &json!([adequacy("LEX-JP", "SECTOR"), adequacy("LEX-KR", "SECTOR")]));
        assert!(differences(&ledger, &second).await.iter().all(|one| !one.standing.own.is_empty()));
        assert_eq!(record(&ledger, &second).await, 0);
    })
    .await;
}

/// A statement that is refused stops the whole chunk: nothing of it is recorded, and the rest can be recorded later.
#[tokio::test]
async fn a_refused_statement_leaves_no_trace() {
    on_both("refused law", async |url| {
        let ledger = Ledger::found(&url).await;
        let mut twice = adequacy("LEX-JP", "ALL");
        let again = twice["statements"][0].clone();
        twice["statements"].as_array_mut().unwrap().push(again);
        let bad = pack(1, &json!([adequacy("LEX-BR", "ALL"), twice]));
        let standings = compare_law(ledger.store(), &bad).await.unwrap();
        let before = ledger.head().await.size();
        assert!(record_law(&ledger.engine, &bad, &standings, |_| {}).await.is_err());
        assert_eq!(ledger.head().await.size(), before);
        assert_eq!(record(&ledger, &pack(1, &json!([adequacy("LEX-BR", "ALL")]))).await, 1);
    })
    .await;
}

/// The demonstration tells law as its story came to know it: an update finds all of it and takes nothing for its own.
#[tokio::test]
async fn the_demonstration_keeps_its_own_law() {
    let folder = TempDir::with_prefix("griffie-law-").unwrap();
    let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
    let store = Store::open(&url, true).await.unwrap();
    store.migrate().await.unwrap();
    load_demonstration(&store, &KeyFolder::new(folder.path().join("keys"))).await.unwrap();
    let standings = compare_law(&store, Pack::newest().unwrap()).await.unwrap();
    let gdpr = standings.iter().find(|one| one.instrument.code.as_str() == "LEX-GDPR").unwrap();
    assert!(gdpr.stream.is_some() && !gdpr.standing.own.is_empty());
}
