use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{self, Law, Policy, Practice};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History, recorded_fact};
use crate::rule::verdict::{Mark, Verdict};

/// Law and policy of the demonstration, without the rest of its story.
static LAW: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(include_str!("../../../../../data/demonstration.json")).unwrap();
    let of_law = |fact: &&Value| ["LEX-GDPR", "POL-001", "PROC-001"].contains(&fact["stream"].as_str().unwrap());
    file["facts"].as_array().unwrap().iter().filter(of_law).cloned().collect()
});

fn fact(stream: &str, at: &str, event: &Value) -> Value {
    recorded_fact(stream, &format!("{at}T10:00:00.000000Z"), at, ("staff-01", "INFORMATION_MANAGER"), event)
}

fn kept(at: &str, name: &str, data: &Value) -> Value {
    fact("RET-X", at, &json!({"retention": {name: data}}))
}

fn set(data: &Value) -> Value {
    kept("2022-01-03", "periodSet", data)
}

fn reached() -> Value {
    kept("2023-05-01", "periodReached", &json!({}))
}

fn destroyed(at: &str) -> Value {
    kept(at, "destructionExecuted", &json!({"certificate": {"sha256": "00".repeat(32)}, "systems": []}))
}

fn removed(at: &str) -> Value {
    kept(at, "removedFromActiveRecords", &json!({"systems": []}))
}

fn verdict(facts: Vec<Value>, id: &str, layer: Layer, at: &str) -> Verdict {
    History::alone(&Value::Array([LAW.clone(), facts].concat())).verdict(id, layer, "RET-X", at, at)
}

fn outcome(facts: Vec<Value>, id: &str, layer: Layer, at: &str) -> Outcome {
    verdict(facts, id, layer, at).outcome
}

#[test]
fn the_demonstration() {
    let check = |id, layer, reference, at, expected| {
        assert_eq!(DEMONSTRATION.outcome(id, layer, reference, at, at), expected, "{id} {reference} {at}");
    };
    check("RET-01", Law, "ACT-000", "2018-06-01", Fail);
    check("RET-01", Law, "ACT-000", "2018-06-06", Pass); // a term for each class of evidence
    check("RET-01", Law, "ACT-001", "2019-01-01", Pass);
    check("RET-01", Law, "ACT-002", "2019-01-01", Fail); // pictures and films have no term
    check("RET-01", Law, "ACT-004", "2024-06-01", Fail);
    check("RET-01", Law, "ACT-005", "2025-04-01", NotApplicable); // not started
    check("RET-01", Law, "ACT-005", "2025-06-01", Pass);
    // Nobody recorded whether the term is over.
    check("RET-01", Law, "RET-001", "2026-01-01", Indeterminate);
    check("RET-02", Policy, "RET-001", "2026-01-01", Indeterminate);
    check("RET-03", Policy, "RET-001", "2026-01-01", Fail); // the category of the list is missing
    check("RET-03", Policy, "RET-000", "2026-01-01", NotApplicable);
    check("RET-04", Policy, "RET-005-NAME", "2026-01-01", Pass);
    check("RET-05", Practice, "PUB-0003", "2026-01-01", NotApplicable);
}

#[test]
fn data_go_when_their_time_is_over() {
    let both = |facts: Vec<Value>, at| {
        let facts = [vec![set(&json!({"term": "P1Y"}))], facts].concat();
        (outcome(facts.clone(), "RET-01", Law, at), outcome(facts, "RET-01", Policy, at))
    };
    assert_eq!(both(vec![], "2024-01-01"), (Indeterminate, Indeterminate)); // whether it is over is not recorded
    assert_eq!(both(vec![reached()], "2023-05-31"), (Fail, Pass)); // the house term runs; the law knows none
    assert_eq!(both(vec![reached()], "2023-06-01"), (Fail, Fail));
    assert_eq!(both(vec![reached(), destroyed("2023-05-20")], "2024-01-01"), (Pass, Pass));
    assert_eq!(both(vec![reached(), destroyed("2023-06-20")], "2024-01-01"), (Warn, Fail));
    let traceable = kept("2023-05-20", "anonymisationExecuted", &json!({"testOutcome": "FAILED", "systems": []}));
    assert_eq!(both(vec![reached(), traceable], "2024-01-01"), (Fail, Fail)); // a contrary fact: they are personal still
    let anonymous = kept("2023-05-20", "anonymisationExecuted", &json!({"testOutcome": "PASSED", "systems": []}));
    assert_eq!(both(vec![reached(), anonymous], "2024-01-01"), (Pass, Pass));
}

#[test]
fn a_hold_stops_the_clock() {
    let hold = |data: &Value| kept("2023-05-10", "legalHoldPlaced", data);
    let ask = |facts: Vec<Value>, at| {
        outcome([vec![set(&json!({"term": "P1Y"})), reached()], facts].concat(), "RET-02", Policy, at)
    };
    assert_eq!(ask(vec![hold(&json!({"hold": "H1"}))], "2024-01-01"), NotApplicable);
    let until = || hold(&json!({"hold": "H1", "until": "2023-12-31"}));
    assert_eq!(ask(vec![until()], "2023-12-30"), NotApplicable);
    assert_eq!(ask(vec![until()], "2024-01-15"), Pass); // the terms run from its end
    assert_eq!(ask(vec![until()], "2024-02-01"), Fail);
    let released = kept("2023-09-01", "legalHoldReleased", &json!({"hold": "H1"}));
    assert_eq!(ask(vec![hold(&json!({"hold": "H1"})), released.clone()], "2023-09-15"), Pass);
    assert_eq!(ask(vec![hold(&json!({"hold": "H1"})), released.clone()], "2023-10-15"), Fail);
    assert_eq!(ask(vec![hold(&json!({"hold": "H1"})), destroyed("2023-06-01")], "2024-01-01"), Fail);
    assert_eq!(ask(vec![hold(&json!({"hold": "H1"})), destroyed("2023-05-10")], "2024-01-01"), Indeterminate);
    assert_eq!(ask(vec![hold(&json!({"hold": "H1"})), released, destroyed("2023-09-20")], "2024-01-01"), Pass);
}

#[test]
fn out_of_the_active_records_then_destroyed() {
    let ask = |facts: Vec<Value>, at| {
        outcome([vec![set(&json!({"term": "P1Y"})), reached()], facts].concat(), "RET-02", Policy, at)
    };
    assert_eq!(ask(vec![], "2023-06-01"), Fail);
    assert_eq!(ask(vec![removed("2023-05-20")], "2023-06-01"), Pass); // destruction has its own term
    assert_eq!(ask(vec![removed("2023-05-20")], "2023-07-31"), Fail);
    assert_eq!(ask(vec![removed("2023-05-20"), destroyed("2023-07-20")], "2024-01-01"), Pass);
    let bare = kept("2023-05-20", "destructionExecuted", &json!({"systems": []}));
    assert_eq!(ask(vec![bare], "2024-01-01"), Warn); // no certificate
    let archived = |data: &Value| kept("2023-05-20", "transferredToArchive", data);
    assert_eq!(ask(vec![archived(&json!({"purpose": "RESEARCH"}))], "2024-01-01"), Pass);
    assert_eq!(ask(vec![archived(&json!({}))], "2024-01-01"), Warn);
}

#[test]
fn a_term_cites_its_source() {
    let ask = |data: Value, id| outcome(vec![set(&data)], id, Policy, "2023-06-01");
    assert_eq!(ask(json!({"listVersion": "2018", "listCategory": "12.3"}), "RET-03"), Pass);
    assert_eq!(ask(json!({"listVersion": "2018"}), "RET-03"), Fail);
    assert_eq!(ask(json!({"source": "STATUTE"}), "RET-03"), Warn); // a statute goes before the list
    assert_eq!(ask(json!({"source": "STATUTE"}), "RET-04"), Fail);
    assert_eq!(ask(json!({"source": "STATUTE", "reference": {"instrument": "AWR", "article": "52"}}), "RET-04"), Pass);
    assert_eq!(ask(json!({"source": "CONTRACT"}), "RET-04"), Fail);
    assert_eq!(ask(json!({"source": "INSTITUTION", "listVersion": "2018"}), "RET-04"), Pass);
    assert_eq!(ask(json!({"listVersion": "2018"}), "RET-04"), Fail);
    let only_a_list = kept("2022-01-03", "scheduleAdopted", &json!({"listVersion": "2018"}));
    assert_eq!(outcome(vec![only_a_list], "RET-04", Policy, "2023-06-01"), NotApplicable);
}

#[test]
fn x26_the_selection_list_is_stale_by_a_later_version() {
    let later = |at| fact("RET-LIST", at, &json!({"retention": {"scheduleAdopted": {"listVersion": "2024"}}}));
    let ask = |at| {
        let cited = set(&json!({"listVersion": "2018", "listCategory": "12.3"}));
        let verdict = verdict(vec![cited, later("2024-03-01")], "RET-03", Policy, at);
        (verdict.outcome, verdict.flags.iter().any(|flag| flag.mark == Mark::PolicyStale))
    };
    assert_eq!(ask("2024-02-29"), (Pass, false));
    assert_eq!(ask("2024-03-01"), (Warn, true));
}

#[test]
fn what_is_removed_upon_request_is_delisted() {
    let request = json!({"rights": ["ERASURE"], "activities": [], "platforms": []});
    let asked = fact("DSR-X", "2025-01-06", &json!({"dataSubjectRequest": {"received": request}}));
    let gone = json!({"platforms": ["platform-a"], "requests": ["@DSR-X"], "consents": [], "objections": []});
    let gone = fact("PUB-0003", "2025-01-07", &json!({"publication": {"contentRemoved": gone}}));
    let delisted = json!({"publication": {"delistingRequested": {"engine": "search", "requests": ["@DSR-X"]}}});
    let delisted = fact("PUB-0003", "2025-01-08", &delisted);
    let ask = |facts: Value| History::and(&facts).outcome("RET-05", Practice, "PUB-0003", "2025-02-01", "2025-02-01");
    assert_eq!(ask(json!([asked, gone])), Warn);
    assert_eq!(ask(json!([asked, gone, delisted])), Pass);
}
