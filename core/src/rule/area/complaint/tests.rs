use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::demonstration::Story;
use crate::family::rule_set::Layer::Policy;
use crate::family::rule_set::Outcome::{self, Fail, NotApplicable, Pass, Warn};
use crate::ledger::erasable::digests;
use crate::rule::check::{DEMONSTRATION, History, recorded_fact};

/// Law and policy of the demonstration, without the rest of its story.
static LAW: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(include_str!("../../../../../data/demonstration.json")).unwrap();
    let of_law = |fact: &&Value| ["LEX-GDPR", "POL-001", "PROC-001"].contains(&fact["stream"].as_str().unwrap());
    file["facts"].as_array().unwrap().iter().filter(of_law).cloned().collect()
});

fn fact(stream: &str, at: &str, role: &str, event: &Value) -> Value {
    recorded_fact(stream, at, at, ("staff-01", role), event)
}

fn case(at: &str, name: &str, data: &Value) -> Value {
    fact("CMP-X", at, "PRIVACY_OFFICER", &json!({"case": {name: data}}))
}

fn weakness(at: &str, name: &str, data: &Value) -> Value {
    fact("WKN-X", at, "CISO", &json!({"securityWeakness": {name: data}}))
}

fn outcome(facts: Vec<Value>, id: &str, reference: &str, at: &str) -> Outcome {
    History::alone(&Value::Array([LAW.clone(), facts].concat())).outcome(id, Policy, reference, at, at)
}

fn complaint(data: &Value) -> Value {
    let mut whole = data.clone();
    whole["activities"] = json!([]);
    case("2023-05-01T08:00:00.000000Z", "complaintReceived", &whole)
}

fn triaged(impact: &str) -> Value {
    case(
        "2023-05-01T09:00:00.000000Z",
        "impactTriaged",
        &json!({"impact": impact, "class": "STANDARD", "term": "P14D"}),
    )
}

fn answered(at: &str) -> Value {
    case(at, "answered", &json!({"outcome": "UNFOUNDED", "answer": "x", "measures": []}))
}

fn forwarded(at: &str) -> Value {
    case(at, "forwarded", &json!({"to": "mu-02"}))
}

fn reported(data: &Value) -> Value {
    weakness("2023-05-01T08:00:00.000000Z", "reported", data)
}

fn whole_report() -> Value {
    reported(&json!({"system": "crm", "kind": "OTHER", "reporterCategory": "EMPLOYEE", "channel": "SERVICE_DESK"}))
}

#[test]
fn the_demonstration() {
    let check = |id, reference, at, expected| {
        assert_eq!(DEMONSTRATION.outcome(id, Policy, reference, at, at), expected, "{id} {reference} {at}");
    };
    for id in ["CMP-01", "CMP-02", "CMP-04"] {
        check(id, "CMP-0001", "2024-02-01", Pass);
    }
    for id in ["CMP-03", "CMP-04"] {
        check(id, "WKN-0001", "2021-12-01", Pass);
    }
    check("CMP-05", "CMP-0001", "2024-02-01", NotApplicable);
    check("CMP-05", "WKN-0001", "2021-12-01", NotApplicable);
    check("CMP-01", "CMP-0001", "2024-01-14", NotApplicable);
    check("CMP-06", "REP-2025", "2026-07-01", Warn); // weak points are not mentioned
    check("CMP-06", "REP-2025", "2026-03-01", NotApplicable);
}

#[test]
fn a_file_says_who_asks_and_what_matters_is_documented() {
    let ask = |facts: Vec<Value>, id| outcome(facts, id, "CMP-X", "2023-05-10");
    assert_eq!(ask(vec![complaint(&json!({}))], "CMP-01"), Fail);
    assert_eq!(ask(vec![complaint(&json!({"submitterCategory": "STUDENT"}))], "CMP-01"), Pass);

    let full = || complaint(&json!({"submitterCategory": "STUDENT", "category": "IMAGE_USE", "text": "x"}));
    let bare = || complaint(&json!({"submitterCategory": "STUDENT"}));
    assert_eq!(ask(vec![full()], "CMP-02"), NotApplicable); // not judged yet
    assert_eq!(ask(vec![full(), triaged("NONE")], "CMP-02"), NotApplicable);
    assert_eq!(ask(vec![full(), triaged("SIGNIFICANT")], "CMP-02"), Pass);
    assert_eq!(ask(vec![bare(), triaged("SIGNIFICANT")], "CMP-02"), Fail);
    assert_eq!(ask(vec![bare(), triaged("POTENTIAL")], "CMP-02"), Warn);
    let silent = case("2023-05-02T08:00:00.000000Z", "closed", &json!({}));
    assert_eq!(ask(vec![full(), triaged("SERIOUS"), silent.clone()], "CMP-02"), Fail); // why it was closed
    assert_eq!(
        ask(vec![full(), triaged("SERIOUS"), answered("2023-05-02T07:00:00.000000Z"), silent.clone()], "CMP-02"),
        Pass
    );
    assert_eq!(ask(vec![full(), silent], "CMP-02"), Warn); // nobody judged what was at stake
}

#[test]
fn weak_points_are_reported_to_the_desk_and_kept() {
    let ask = |facts: Vec<Value>| outcome(facts, "CMP-03", "WKN-X", "2023-06-10");
    assert_eq!(ask(vec![whole_report()]), Pass);
    assert_eq!(ask(vec![reported(&json!({"system": "crm"}))]), Fail);
    let past = json!({"system": "crm", "kind": "OTHER", "reporterCategory": "EMPLOYEE", "channel": "EMAIL"});
    assert_eq!(ask(vec![reported(&past)]), Warn);
    // The facts of law come first: the report has the sequence after theirs, or between them.
    let erased = |ground: &str, digests: Value| {
        let place =
            LAW.iter().filter(|fact| fact["recorded"].as_str() < Some("2023-05-01T08:00:00.000000Z")).count() + 1;
        let data =
            json!({"sequence": place, "subject": "@WKN-X", "ground": ground, "digests": digests, "material": []});
        fact("ERA-X", "2023-06-01T08:00:00.000000Z", "DPO", &json!({"erasure": {"payloadDetached": data}}))
    };
    assert_eq!(ask(vec![whole_report(), erased("NO_LONGER_NECESSARY", json!([]))]), Fail);
    assert_eq!(ask(vec![whole_report(), erased("RETENTION_ENDED", json!([]))]), Pass);
    let remarked = || {
        let mut report = whole_report();
        let data = report["event"]["securityWeakness"].as_object_mut().unwrap().values_mut().next().unwrap();
        data["remark"] = json!("a note");
        report
    };
    let told = Story::told(false, &Value::Array([LAW.clone(), vec![remarked()]].concat()));
    let one = json!([digests(&told.facts["WKN-X"][0].data)[0].to_string()]);
    assert_eq!(ask(vec![remarked(), erased("MISPLACED", one)]), Warn);
}

#[test]
fn they_are_passed_on_and_settled_in_time() {
    let ask = |facts: Vec<Value>, at| outcome(facts, "CMP-04", "CMP-X", at);
    let start = || vec![complaint(&json!({})), triaged("POTENTIAL")];
    let with = |facts: Vec<Value>| [start(), facts].concat();
    assert_eq!(ask(start(), "2023-05-03"), Pass); // the terms run
    assert_eq!(ask(start(), "2023-05-04"), Fail);
    let in_time = || forwarded("2023-05-03T08:00:00.000000Z");
    assert_eq!(ask(with(vec![in_time()]), "2023-05-15"), Pass);
    assert_eq!(ask(with(vec![in_time()]), "2023-05-16"), Fail); // not settled in the term of its class
    assert_eq!(ask(with(vec![in_time(), answered("2023-05-15T08:00:00.000000Z")]), "2023-06-01"), Pass);
    assert_eq!(ask(with(vec![answered("2023-05-02T08:00:00.000000Z")]), "2023-06-01"), Pass); // settled at once

    let ask = |facts: Vec<Value>, at| outcome([vec![whole_report()], facts].concat(), "CMP-04", "WKN-X", at);
    let passed_on = weakness("2023-05-02T08:00:00.000000Z", "forwarded", &json!({"to": "mu-02"}));
    assert_eq!(ask(vec![], "2023-05-04"), Fail);
    assert_eq!(ask(vec![passed_on], "2023-06-01"), Pass); // no class, no term
    let accepted = weakness("2023-05-02T08:00:00.000000Z", "riskAccepted", &json!({"until": "2023-08-01"}));
    assert_eq!(ask(vec![accepted.clone()], "2023-07-31"), Pass);
    assert_eq!(ask(vec![accepted], "2023-08-01"), Fail);
}

#[test]
fn serious_risk_is_escalated() {
    let told = |who: &[&str]| case("2023-05-02T08:00:00.000000Z", "escalated", &json!({"addressees": who}));
    let ask = |received: &Value, facts: Vec<Value>| {
        outcome([vec![complaint(received), triaged("SERIOUS")], facts].concat(), "CMP-05", "CMP-X", "2023-05-10")
    };
    assert_eq!(ask(&json!({}), vec![]), Fail);
    assert_eq!(ask(&json!({}), vec![told(&["BOARD", "LEGAL"])]), Fail);
    assert_eq!(ask(&json!({}), vec![told(&["BOARD", "DPO", "LEGAL"])]), Pass);
    assert_eq!(ask(&json!({"addressee": "DPO"}), vec![told(&["BOARD", "LEGAL"])]), Pass); // it was addressed to the officer
    let weak = |who: &[&str]| {
        let serious = weakness("2023-05-01T09:00:00.000000Z", "triaged", &json!({"impact": "SERIOUS"}));
        let told = weakness("2023-05-04T08:00:00.000000Z", "escalated", &json!({"addressees": who}));
        outcome(vec![whole_report(), serious, told], "CMP-05", "WKN-X", "2023-05-10")
    };
    assert_eq!(weak(&["BOARD", "DPO", "LEGAL"]), Fail); // too late
}

#[test]
fn the_report_states_complaints_and_weak_points() {
    let report = |figures: Value| {
        let event = json!({"annualReport": {"compiled": {"year": 2023, "by": "BOARD", "figures": figures}}});
        let facts = vec![fact("REP-X", "2024-05-01T09:00:00.000000Z", "DPO", &event)];
        outcome(facts, "CMP-06", "REP-X", "2024-06-01")
    };
    let figure = |code: &str| json!({"code": code, "number": 3});
    // The ledger knows of none: what is reported beyond that asks for attention.
    assert_eq!(report(json!([figure("QUERIES_RECEIVED"), figure("weaknesses")])), Warn);
    let none = |code: &str| json!({"code": code, "number": 0});
    assert_eq!(report(json!([none("QUERIES_RECEIVED"), none("weaknesses")])), Pass);
    assert_eq!(report(json!([figure("complaints")])), Warn);
    assert_eq!(report(json!([figure("breaches")])), Fail);
}
