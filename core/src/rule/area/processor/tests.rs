use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::family::FAMILIES;
use crate::family::describe::{Catalogue, Kind, Shape};
use crate::family::rule_set::Layer::{self, Guideline, Law, Policy, Supervisor};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History, recorded_fact};
use crate::rule::timeline::Knowledge;
use crate::time::local;

/// A fact in the form of the demonstration, recorded on the day on which it holds; lists that it leaves out are empty.
pub(in crate::rule) fn tell(stream: &str, effective: &str, family: &str, fact: &str, data: Value) -> Value {
    let mut catalogue = Catalogue::default();
    let declaration = FAMILIES.iter().find(|known| known.name == family).unwrap();
    let events = declaration.describe_events(&mut catalogue);
    let event = events.into_iter().find(|event| event.declaration.fact == fact).unwrap();
    let data = filled(&data, &Shape::Named(event.type_name), &catalogue);
    let recorded = if effective.len() > 10 { effective.to_owned() } else { format!("{effective}T11:00:00.000000Z") };
    recorded_fact(stream, &recorded, effective, ("tester", "TESTER"), &json!({ family: { fact: data } }))
}

fn filled(value: &Value, shape: &Shape, catalogue: &Catalogue) -> Value {
    match shape {
        Shape::Optional(inner) | Shape::Erasable(inner) => filled(value, inner, catalogue),
        Shape::List(inner) => value.as_array().unwrap().iter().map(|item| filled(item, inner, catalogue)).collect(),
        Shape::Named(name) if matches!(catalogue.get(name).unwrap().kind, Kind::Record(_)) => {
            let mut members: Map<String, Value> = Map::new();
            for member in catalogue.members(name) {
                match (value.get(&member.name).filter(|value| !value.is_null()), &member.shape) {
                    (Some(value), shape) => members.insert(member.name.clone(), filled(value, shape, catalogue)),
                    (None, Shape::List(_)) => members.insert(member.name.clone(), json!([])),
                    (None, _) => None,
                };
            }
            let told = value.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
            assert!(told.map(|(key, _)| key).all(|key| members.contains_key(key)), "{name}: {value}");
            Value::Object(members)
        }
        _ => value.clone(),
    }
}

/// Asks a rule on a day, by all that is known.
pub(in crate::rule) fn ask(history: &History, id: &str, layer: Layer, reference: &str, valid: &str) -> Outcome {
    history.outcome(id, layer, reference, "2030", valid)
}

/// The stretches of a rule by all that is known, each with the day on which it begins.
pub(in crate::rule) fn course(history: &History, id: &str, layer: Layer, reference: &str) -> Vec<(String, Outcome)> {
    let stretches = history.stretches(id, layer, reference, ("2016", "2030"), Knowledge::Fixed(history.head()));
    stretches.iter().map(|stretch| (local(stretch.interval.from)[..10].to_owned(), stretch.verdict.outcome)).collect()
}

pub(in crate::rule) fn begins(days: &[(&str, Outcome)]) -> Vec<(String, Outcome)> {
    days.iter().map(|(day, outcome)| ((*day).to_owned(), *outcome)).collect()
}

fn agreement(stream: &str, day: &str, fact: &str, data: Value) -> Value {
    tell(stream, day, "agreement", fact, data)
}

fn activity(stream: &str, day: &str, fact: &str, data: Value) -> Value {
    tell(stream, day, "activity", fact, data)
}

fn party(code: &str, day: &str, fact: &str, data: Value) -> Value {
    tell(&format!("PTY-{code}"), day, "party", fact, data)
}

fn purposes() -> Value {
    json!([{ "code": "p", "basis": "CONSENT" }])
}

/// A running activity of a kind of use, and an agreement that covers it.
fn used(number: u32, kind: &str, vendor: &str, executed: &str, breach_term: Value) -> Vec<Value> {
    let (act, pra) = (format!("ACT-{number}"), format!("PRA-{number}"));
    let covers = json!([format!("@{act}")]);
    vec![
        activity(&act, "2024-07-25", "established", json!({ "version": 1, "kind": kind, "purposes": purposes() })),
        activity(&act, executed, "started", json!({})),
        party(vendor, "2024-07-25", "registered", json!({ "party": vendor })),
        agreement(
            &pra,
            executed,
            "executed",
            json!({ "party": vendor, "activities": covers, "breachTerm": breach_term }),
        ),
    ]
}

static TOLD: LazyLock<History> = LazyLock::new(|| {
    let mut facts = vec![
        // A processor at work before its agreement, and after its end.
        activity(
            "ACT-900",
            "2021-02-01",
            "established",
            json!({ "version": 1, "processors": ["vendor-p"], "purposes": purposes() }),
        ),
        activity("ACT-900", "2021-03-01", "started", json!({})),
        agreement("PRA-900", "2021-03-15", "drafted", json!({ "party": "vendor-p", "activities": ["@ACT-900"] })),
        agreement("PRA-900", "2021-04-01", "executed", json!({ "party": "vendor-p", "to": "2024-12-31" })),
        agreement(
            "PRA-900",
            "2021-04-02",
            "clauseCoverageAssessed",
            json!({ "clauses": [
            { "clause": "ART_28_3_A", "coverage": "COVERED" }, { "clause": "ART_28_3_B", "coverage": "PARTIAL" },
        ] }),
        ),
        agreement(
            "PRA-900",
            "2021-05-01",
            "subProcessorAuthorised",
            json!({ "party": "vendor-q", "mode": "SPECIFIC", "country": "DE" }),
        ),
        agreement("PRA-900", "2021-05-02", "subProcessorObjected", json!({ "party": "vendor-r" })),
        activity("ACT-900", "2021-06-01", "amended", json!({ "version": 2, "processors": ["vendor-p", "vendor-q"] })),
        activity(
            "ACT-900",
            "2021-08-01",
            "amended",
            json!({ "version": 3, "processors": ["vendor-p", "vendor-q", "vendor-r"] }),
        ),
        activity(
            "ACT-900",
            "2021-09-01",
            "amended",
            json!({ "version": 4, "processors": ["vendor-p", "vendor-q"], "jointControllers": ["partner-x"] }),
        ),
        agreement("PRA-900", "2022-03-01", "guaranteesAssessed", json!({ "outcome": "SUFFICIENT_WITH_CONDITIONS" })),
        agreement("PRA-900", "2022-06-01", "guaranteesAssessed", json!({ "outcome": "INSUFFICIENT" })),
        agreement("PRA-900", "2022-09-01", "signedByParty", json!({ "party": "partner-x" })),
        party("vendor-q", "2024-11-01", "registered", json!({ "party": "vendor-q" })),
        // A processor that only the system names.
        tell("SYS-900", "2021-03-01", "system", "registered", json!({ "system": "sys-x", "processors": ["vendor-t"] })),
        activity(
            "ACT-905",
            "2021-03-01",
            "established",
            json!({ "version": 1, "systems": ["sys-x"], "purposes": purposes() }),
        ),
        activity("ACT-905", "2021-03-02", "started", json!({})),
    ];
    facts.extend(used(901, "RETARGETING", "vendor-s", "2024-08-01", Value::Null));
    facts.push(party(
        "vendor-s",
        "2024-08-05",
        "roleQualified",
        json!({ "activity": "@ACT-901", "role": "PROCESSOR" }),
    ));
    facts.extend(used(902, "COLLECTION", "vendor-u", "2024-08-05", Value::Null));
    facts.push(party("vendor-u", "2024-08-01", "roleQualified", json!({ "role": "PROCESSOR" })));
    facts.push(party("vendor-u", "2024-09-01", "roleQualified", json!({ "role": "RECIPIENT" })));
    facts.extend(used(903, "REPUTATION_MONITORING", "vendor-v", "2024-08-01", json!("PT48H")));
    facts.extend([
        agreement(
            "PRA-903",
            "2024-08-02",
            "clauseCoverageAssessed",
            json!({ "clauses": [{ "clause": "NO_OWN_USE", "coverage": "COVERED" }] }),
        ),
        agreement("PRA-903", "2024-09-01", "processorMisuseReported", json!({ "report": "it trains a model" })),
        party("vendor-v", "2024-09-10", "roleQualified", json!({ "activity": "@ACT-903", "role": "SEPARATE" })),
        tell(
            "FND-900",
            "2024-09-11",
            "finding",
            "raised",
            json!({ "rule": "PRC-06", "scope": { "subjects": ["@PRA-903"] } }),
        ),
        tell("FND-900", "2024-10-01", "finding", "resolved", json!({})),
        agreement(
            "PRA-903",
            "2024-10-02T12:00:00.000000Z",
            "processorBreachNoticeReceived",
            json!({ "processorAwareAt": "2024-10-01T08:00:00.000000Z" }),
        ),
        agreement("PRA-903", "2024-11-01", "amended", json!({ "breachTerm": "PT24H" })),
        agreement("PRA-903", "2024-12-01", "processorBreachNoticeReceived", json!({})),
    ]);
    facts.sort_by_key(|fact| fact["recorded"].as_str().unwrap().to_owned());
    History::and(&Value::Array(facts))
});

#[test]
fn prc_01_a_start_before_the_agreement_is_not_in_order_until_it_binds() {
    let expected = begins(&[
        ("2016-01-01", NotApplicable),
        ("2021-03-01", Fail),
        ("2021-04-01", Pass),
        // An objected sub-processor is at work; an authorised one is bound by the processor's agreement.
        ("2021-08-01", Fail),
        ("2021-09-01", Pass),
        // The last day agreed still counts.
        ("2025-01-01", Fail),
    ]);
    assert_eq!(course(&TOLD, "PRC-01", Law, "ACT-900"), expected);
    for activity in ["ACT-001", "ACT-003"] {
        assert_eq!(ask(&DEMONSTRATION, "PRC-01", Law, activity, "2024-01-01"), Pass, "{activity}");
    }
    assert_eq!(ask(&DEMONSTRATION, "PRC-01", Law, "ACT-002", "2024-01-01"), NotApplicable);
    assert_eq!(ask(&TOLD, "PRC-01", Law, "ACT-905", "2021-06-01"), Fail);
}

#[test]
fn prc_01_the_policy_wants_the_joint_controller_as_a_party() {
    let ask = |valid| ask(&TOLD, "PRC-01", Policy, "ACT-900", valid);
    assert_eq!((ask("2021-03-10"), ask("2021-07-01"), ask("2021-10-01"), ask("2022-10-01")), (Fail, Pass, Warn, Pass));
}

#[test]
fn prc_02_all_mandatory_clauses() {
    let ask = |reference, valid| ask(&TOLD, "PRC-02", Law, reference, valid);
    // The examination did not look at the subject of the processing.
    assert_eq!((ask("PRA-001", "2018-06-28"), ask("PRA-001", "2018-06-29")), (NotApplicable, Indeterminate));
    assert_eq!((ask("PRA-900", "2021-05-01"), ask("PRA-900", "2025-01-01")), (Fail, NotApplicable));
    let verdict = TOLD.verdict("PRC-02", Law, "PRA-900", "2030", "2021-05-01");
    assert!(verdict.reasons[0].text.en.contains("confidentiality (28(3)(b)) (only in part)"), "{verdict:?}");
    assert!(!verdict.reasons[0].text.en.contains("28(3)(a)"), "{verdict:?}");
}

#[test]
fn prc_03_guarantees_are_assessed_and_young() {
    let law = |reference, valid| ask(&TOLD, "PRC-03", Law, reference, valid);
    let policy = |reference, valid| ask(&TOLD, "PRC-03", Policy, reference, valid);
    let at = |valid| (law("PRA-001", valid), policy("PRA-001", valid));
    assert_eq!((at("2020-06-13"), at("2020-06-14")), ((Pass, Pass), (Warn, Fail)));
    let at = |valid| law("PRA-900", valid);
    assert_eq!((at("2021-05-01"), at("2022-04-01"), at("2022-07-01")), (Fail, Warn, Fail));
}

#[test]
fn prc_04_the_role_is_settled_before_the_contract() {
    let ask = |reference, valid| ask(&TOLD, "PRC-04", Guideline, reference, valid);
    assert_eq!((ask("PRA-901", "2024-08-10"), ask("PRA-902", "2024-08-10")), (Fail, Pass));
    assert_eq!((ask("PRA-902", "2024-09-02"), ask("PRA-002", "2024-09-02")), (Fail, NotApplicable));
    // Nobody knew that the guidelines had been adopted.
    assert_eq!(TOLD.outcome("PRC-04", Guideline, "PRA-901", "2024-08-10", "2024-08-10"), NotApplicable);
}

#[test]
fn prc_05_a_monitoring_service_agrees_how_it_collects() {
    let ask = |reference, valid| ask(&TOLD, "PRC-05", Guideline, reference, valid);
    assert_eq!((ask("PRA-002", "2024-07-08"), ask("PRA-002", "2024-07-09")), (NotApplicable, Pass));
    assert_eq!((ask("PRA-903", "2024-08-10"), ask("PRA-901", "2024-08-10")), (Fail, NotApplicable));
}

#[test]
fn prc_06_own_use_is_barred_and_followed_up() {
    let expected = begins(&[
        ("2016-01-01", NotApplicable),
        ("2024-08-01", Fail),
        ("2024-08-02", Pass),
        ("2024-09-01", Fail),
        ("2024-09-11", Warn),
        ("2024-10-01", Pass),
    ]);
    assert_eq!(course(&TOLD, "PRC-06", Law, "PRA-903"), expected);
    assert_eq!(course(&TOLD, "PRC-06", Guideline, "PRA-903"), expected);
    // Instructions alone bar own use for the law.
    assert_eq!(ask(&TOLD, "PRC-06", Law, "PRA-900", "2021-05-01"), Warn);
    assert_eq!(ask(&TOLD, "PRC-06", Guideline, "PRA-900", "2024-08-10"), NotApplicable);
}

#[test]
fn prc_07_twenty_eight_hours_against_twenty_four() {
    let ask = |layer| DEMONSTRATION.verdict("PRC-07", layer, "PRA-002", "2025-12-31", "2025-12-31");
    let (policy, law) = (ask(Policy), ask(Law));
    assert_eq!((policy.outcome, law.outcome), (Fail, Warn));
    assert_eq!(policy.deadlines[0].minutes, Some(28 * 60));
    assert!(policy.parameters.iter().any(|used| used.name == "breachTerm" && used.value == "PT24H"), "{policy:?}");
    assert_eq!(DEMONSTRATION.outcome("PRC-07", Policy, "PRA-002", "2025-12-08", "2025-12-08"), NotApplicable);
}

#[test]
fn prc_07_a_later_term_does_not_reach_back_and_awareness_must_be_known() {
    let ask = |valid| ask(&TOLD, "PRC-07", Policy, "PRA-903", valid);
    assert_eq!((ask("2024-10-10"), ask("2024-11-10"), ask("2024-12-02")), (Pass, Pass, Indeterminate));
}

#[test]
fn prc_08_the_chain_is_authorised_young_and_known() {
    let ask = |layer, valid| ask(&TOLD, "PRC-08", layer, "PRA-900", valid);
    assert_eq!((ask(Law, "2021-04-15"), ask(Law, "2021-07-01"), ask(Law, "2021-08-15")), (NotApplicable, Pass, Fail));
    assert_eq!((ask(Policy, "2022-05-02"), ask(Policy, "2022-05-03")), (Pass, Fail));
    assert_eq!((ask(Supervisor, "2024-10-06"), ask(Supervisor, "2024-10-07")), (NotApplicable, Fail));
    assert_eq!(ask(Supervisor, "2024-11-01"), Pass);
}

#[test]
fn x20_practice_is_never_evidence_of_a_duty() {
    let areas = [
        super::AREA,
        crate::rule::joint_control::AREA,
        crate::rule::impact_assessment::AREA,
        crate::rule::platform::AREA,
    ];
    for rule in areas.iter().flat_map(|area| area.rules) {
        assert!(rule.checks.iter().all(|check| check.applies != super::Applies::Practice), "{}", rule.id);
        assert!(rule.sources.iter().all(|source| !source.starts_with("LU")), "{}", rule.id);
    }
}
