use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{self, Law, Policy};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::ledger::key::{KeyName, SigningKey};
use crate::rule::check::{DEMONSTRATION, History, recorded_fact};

/// Some streams of the demonstration.
fn told(streams: &[&str]) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../../../../../data/demonstration.json")).unwrap();
    let wanted = |fact: &&Value| streams.contains(&fact["stream"].as_str().unwrap());
    file["facts"].as_array().unwrap().iter().filter(wanted).cloned().collect()
}

/// Law and policy of the demonstration, without the rest of its story.
static LAW: LazyLock<Vec<Value>> = LazyLock::new(|| told(&["LEX-GDPR", "POL-001", "PROC-001"]));

fn fact(stream: &str, at: &str, role: &str, event: &Value) -> Value {
    recorded_fact(stream, at, at, ("staff-01", role), event)
}

fn history(facts: Vec<Value>) -> History {
    History::alone(&Value::Array([LAW.clone(), facts].concat()))
}

fn outcome(facts: Vec<Value>, id: &str, layer: Layer, reference: &str, at: &str) -> Outcome {
    history(facts).outcome(id, layer, reference, at, at)
}

fn root(byte: &str) -> String {
    byte.repeat(32)
}

#[test]
fn the_demonstration() {
    let check = |id, layer, reference, at, expected| {
        assert_eq!(DEMONSTRATION.outcome(id, layer, reference, at, at), expected, "{id} {reference} {at}");
    };
    check("LED-01", Policy, "institution", "2026-01-01", NotApplicable); // nothing is evaluated in the story
    check("LED-02", Policy, "institution", "2026-01-01", Warn); // and nothing attested
    check("LED-03", Law, "ERA-0001", "2026-05-01", Warn); // without a certificate
    check("LED-04", Policy, "institution", "2018-06-01", Fail); // no terms for the classes of evidence yet
    check("LED-04", Policy, "institution", "2018-06-06", Pass);
    check("LED-05", Law, "EVA-0001", "2026-05-01", Pass);
    check("LED-06", Policy, "institution", "2026-01-01", NotApplicable);
    check("LED-07", Policy, "RDL-01", "2026-01-01", NotApplicable);
    check("LED-07", Policy, "ACT-002", "2024-09-09", Pass); // the term runs
    check("LED-07", Policy, "ACT-002", "2024-09-10", Fail);
}

#[test]
fn the_same_evaluation_gives_the_same_sheet() {
    let evaluated = |at: &str, size: u64, sheet: &str| {
        let known = json!({"size": size, "root": root("01")});
        let data = json!({"layers": [], "rules": [], "counts": [], "known": known, "validAt": "2023-01-01T00:00:00.000000Z",
            "ruleSetHash": root("02"), "evaluatorVersion": "1", "sheet": root(sheet)});
        fact("RUL-X", at, "AUDITOR", &json!({"ruleSet": {"evaluated": data}}))
    };
    let ask = |facts: Vec<Value>| outcome(facts, "LED-01", Policy, "institution", "2024-01-01");
    let first = || evaluated("2023-05-01T08:00:00.000000Z", 3, "0a");
    assert_eq!(ask(vec![first(), evaluated("2023-06-01T08:00:00.000000Z", 3, "0a")]), Pass);
    assert_eq!(ask(vec![first(), evaluated("2023-06-01T08:00:00.000000Z", 3, "0b")]), Fail);
    assert_eq!(ask(vec![first(), evaluated("2023-06-01T08:00:00.000000Z", 4, "0b")]), Pass); // of another tree
    assert_eq!(ask(vec![evaluated("2023-06-01T08:00:00.000000Z", 900, "0a")]), Fail); // more than there was
}

#[test]
fn an_outsider_keeps_the_operator_honest() {
    let attested = |stream: &str, name: &str, data: Value| {
        fact(stream, "2023-05-01T08:00:00.000000Z", "AUDITOR", &json!({"checkpointAttestation": {name: data}}))
    };
    let head = |byte: &str, more: Value| {
        let mut head = json!({"size": 3, "root": root(byte)});
        head.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        head
    };
    let ask = |facts: Vec<Value>| outcome(facts, "LED-02", Policy, "institution", "2024-01-01");
    let witnessed = || attested("CPA-1", "witnessed", head("01", json!({"witness": "witness-01"})));
    assert_eq!(ask(vec![]), Warn);
    assert_eq!(ask(vec![attested("CPA-1", "signed", head("01", json!({})))]), Warn); // the operator alone
    assert_eq!(ask(vec![attested("CPA-1", "signed", head("01", json!({"depositary": "auditor-01"})))]), Pass);
    assert_eq!(ask(vec![witnessed()]), Pass);
    let other = attested("CPA-1", "witnessed", head("02", json!({"witness": "witness-02"})));
    assert_eq!(ask(vec![witnessed(), other]), Fail); // two stories
    let ahead = json!({"size": 900, "root": root("01"), "witness": "witness-01"});
    assert_eq!(ask(vec![attested("CPA-2", "witnessed", ahead)]), Fail); // a tail was lost
    let checked = |result: &str| {
        attested("CPA-3", "integrityCheckPerformed", json!({"size": 3, "result": result, "badRanges": []}))
    };
    assert_eq!(ask(vec![witnessed(), checked("INTACT")]), Pass);
    assert_eq!(ask(vec![witnessed(), checked("UNVERIFIABLE")]), Warn);
    assert_eq!(ask(vec![witnessed(), checked("TAMPERED")]), Fail);
}

#[test]
fn what_is_erased_is_opened_no_more() {
    let erased = |material: Value| {
        let request = json!({"rights": ["ERASURE"], "activities": [], "platforms": []});
        let data = json!({"subject": "@DSR-X", "ground": "RETENTION_ENDED", "digests": [], "material": material,
            "certificate": {"sha256": root("03")}});
        vec![
            fact("DSR-X", "2023-04-01T08:00:00.000000Z", "DPO", &json!({"dataSubjectRequest": {"received": request}})),
            fact("ERA-X", "2023-05-01T08:00:00.000000Z", "DPO", &json!({"erasure": {"subjectDataErased": data}})),
        ]
    };
    let opened = |at: &str, subject: &str| {
        let data = json!({"role": "AUDITOR", "purpose": "AUDIT", "subject": subject});
        fact("EVA-X", at, "AUDITOR", &json!({"evidenceAccess": {"accessed": data}}))
    };
    let ask =
        |facts: Vec<Value>| outcome([erased(json!(["VALUES"])), facts].concat(), "LED-03", Law, "ERA-X", "2024-01-01");
    assert_eq!(ask(vec![]), Pass);
    assert_eq!(ask(vec![opened("2023-04-20T08:00:00.000000Z", "@DSR-X")]), Pass);
    assert_eq!(ask(vec![opened("2023-05-20T08:00:00.000000Z", "@DSR-X")]), Fail);
    assert_eq!(ask(vec![opened("2023-05-20T08:00:00.000000Z", "@ERA-X")]), Pass); // something else
    let mut that_day = opened("2023-05-01T12:00:00.000000Z", "@DSR-X");
    that_day["effective"] = json!("2023-05-01");
    assert_eq!(ask(vec![that_day]), Indeterminate);
    assert_eq!(outcome(erased(json!(["SEARCH_INDEX"])), "LED-03", Law, "ERA-X", "2024-01-01"), Warn);
    // Opened after the erasure was recorded and before it took effect is no matter: before it, nothing is judged.
    assert_eq!(outcome(erased(json!(["VALUES"])), "LED-03", Law, "ERA-X", "2023-04-20"), NotApplicable);
}

#[test]
fn the_ledger_stands_in_its_own_register() {
    let streams = ["ACT-000", "DPIA-000", "RET-E1", "RET-E2", "RET-E3", "RET-E4", "RET-E5", "RET-E6"];
    let ask = |streams: &[&str]| outcome(told(streams), "LED-04", Policy, "institution", "2024-01-01");
    assert_eq!(ask(&streams), Pass);
    assert_eq!(ask(&[]), Fail);
    assert_eq!(ask(&["ACT-000", "RET-E1", "RET-E2", "RET-E3", "RET-E4", "RET-E5", "RET-E6"]), Fail); // no assessment
    assert_eq!(ask(&streams[..7]), Fail); // one class has no term
    // Another activity does not stand in for it.
    assert_eq!(ask(&["ACT-001", "DPIA-000", "ACT-000"]), Fail);
}

fn founded(at: &str) -> Value {
    let key = |seed: u8| {
        let name: KeyName = "demo".parse().unwrap();
        SigningKey::from_seed(name, &[seed; 32]).verifier().to_string()
    };
    let data = json!({"origin": "demo", "eventKey": key(1), "checkpointKey": key(2), "recoveryKey": key(3), "clock": "SIMULATED"});
    fact("LDG", at, "LEDGER_OPERATOR", &json!({"ledger": {"founded": data}}))
}

#[test]
fn the_register_knows_the_ledger_from_its_founding() {
    let streams = ["ACT-000", "DPIA-000", "RET-E1", "RET-E2", "RET-E3", "RET-E4", "RET-E5", "RET-E6"];
    let ask = |at: &str| outcome([told(&streams), vec![founded(at)]].concat(), "LED-04", Policy, "LDG", "2024-01-01");
    assert_eq!(ask("2016-07-11T07:00:00.000000Z"), Pass);
    assert_eq!(ask("2016-07-01T07:00:00.000000Z"), Fail); // ten days without an entry
}

#[test]
fn an_import_is_complete_before_it_is_believed() {
    let ledger =
        |at: &str, name: &str, data: Value| fact("LDG", at, "LEDGER_OPERATOR", &json!({"ledger": {name: data}}));
    let begun = || {
        ledger(
            "2023-05-01T08:00:00.000000Z",
            "importStarted",
            json!({"file": root("04"), "facts": 7, "format": "JSON_LINES"}),
        )
    };
    let done = || ledger("2023-05-01T09:00:00.000000Z", "importCompleted", json!({"file": root("04"), "facts": 7}));
    let ask = |facts: Vec<Value>| {
        let facts = [vec![founded("2016-07-11T07:00:00.000000Z")], facts].concat();
        outcome(facts, "LED-06", Policy, "LDG", "2024-01-01")
    };
    assert_eq!((ask(vec![]), ask(vec![begun()]), ask(vec![begun(), done()])), (NotApplicable, Warn, Pass));
}

#[test]
fn an_opening_says_why() {
    let opened = |data: Value| {
        fact("EVA-X", "2023-05-01T08:00:00.000000Z", "AUDITOR", &json!({"evidenceAccess": {"accessed": data}}))
    };
    let ask = |data: Value| outcome(vec![opened(data)], "LED-05", Law, "EVA-X", "2024-01-01");
    assert_eq!(ask(json!({"role": "AUDITOR", "event": 3, "purpose": "AUDIT"})), Pass);
    assert_eq!(ask(json!({"role": "AUDITOR", "event": 3})), Fail);
    assert_eq!(ask(json!({"role": "AUDITOR", "event": 3, "purpose": "OTHER"})), Fail); // of what kind, in words
    assert_eq!(ask(json!({"role": "AUDITOR", "event": 3, "purpose": "OTHER", "explanation": "x"})), Pass);
}

#[test]
fn units_take_note_of_what_reaches_them() {
    // The change of ACT-002 is the last fact on which the rule rests; it has the same place in the longer history.
    let verdict = DEMONSTRATION.verdict("LED-07", Policy, "ACT-002", "2024-08-30", "2024-08-30");
    let change = verdict.facts().into_iter().next_back().unwrap();
    let noted = |at: &str| {
        let data = json!({"unit": "mu-01", "subject": "@ACT-002", "change": change});
        fact("ACK-X", at, "INFORMATION_MANAGER", &json!({"registerAcknowledgement": {"acknowledged": data}}))
    };
    let delivered = || {
        let data = json!({"unit": "mu-01", "subject": "@ACT-002", "change": change, "delivered": "2024-08-27T08:00:00.000000Z"});
        fact("RDL-01", "2024-08-27T08:00:00.000000Z", "SYSTEM", &json!({"registerDelivery": {"changePublished": data}}))
    };
    let ask = |facts: Vec<Value>, reference: &str, at: &str| {
        History::and(&Value::Array(facts)).verdict("LED-07", Policy, reference, at, at)
    };
    let in_time = || noted("2024-09-10T08:00:00.000000Z");
    assert_eq!(ask(vec![delivered()], "RDL-01", "2024-09-10").outcome, Pass); // the term runs
    assert_eq!(ask(vec![delivered()], "RDL-01", "2024-09-11").outcome, Fail);
    assert_eq!(ask(vec![delivered(), in_time()], "RDL-01", "2024-10-01").outcome, Pass);
    // Pushed on 26 August: for the register entry that was a day too late, and thirteen units took no note at all.
    let entry = ask(vec![in_time()], "ACT-002", "2024-10-01");
    let late = entry.deadlines.iter().filter(|deadline| deadline.done.is_some()).count();
    assert_eq!((entry.outcome, entry.deadlines.len(), late), (Fail, 14, 1));
}
