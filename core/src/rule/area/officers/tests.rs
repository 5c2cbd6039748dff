//! Roles and the data protection officer on the demonstration, and on a history that goes on where it stops.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{Guideline, Law, Policy};
use crate::family::rule_set::Outcome::{Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::family::rule_set::{Layer, Outcome};
use crate::rule::catalogue::rule;
use crate::rule::check::{DEMONSTRATION, History, fact_of_day as told, holds};

const BOARD: (&str, &str) = ("board-01", "EXECUTIVE_BOARD");
const DPO: (&str, &str) = ("staff-dpo-01", "DPO");

fn role(day: &str, stream: &str, event: &str, data: Value) -> Value {
    told(day, stream, BOARD, "roleAssignment", event, data)
}

/// What happens besides the demonstration.
static TOLD: LazyLock<History> = LazyLock::new(|| {
    let mut facts = roles();
    facts.extend(reports());
    facts.extend(decisions());
    facts.extend(activity());
    History::and(&Value::Array(facts))
});

fn roles() -> Vec<Value> {
    let delegated = |day: &str, to: &str, scope: Value| {
        role(day, "ROLE-PORTFOLIO", "delegated", json!({ "to": to, "role": "CIO", "scope": scope }))
    };
    let cio = json!({ "role": "CIO", "holder": "staff-dpo-09", "scope": [] });
    let decided = |stream: &str, data: Value| role("2026-07-15", stream, "implementationDecisionTaken", data);
    vec![
        delegated("2026-07-01", "cio-01", json!([{ "kind": "DOMAIN", "code": "privacy-security" }])),
        delegated("2026-07-10", "cio-02", json!([{ "kind": "INSTITUTION" }])),
        role("2026-07-20", "ROLE-PORTFOLIO", "revoked", json!({ "delegate": "cio-02" })),
        role("2026-08-01", "ROLE-PORTFOLIO", "revoked", json!({})),
        role("2026-07-01", "ROLE-CISO", "revoked", json!({})),
        role("2026-07-01", "ROLE-DPO", "dpoRelieved", json!({ "ground": "OWN_REQUEST" })),
        role("2026-08-01", "ROLE-DPO", "dpoDesignated", json!({ "holder": "staff-dpo-09", "scope": [] })),
        role("2026-08-20", "ROLE-CIO-9", "assigned", cio),
        role("2026-09-01", "ROLE-CIO-9", "revoked", json!({})),
        role("2026-10-01", "ROLE-DPO", "dpoRelieved", json!({ "ground": "PERFORMED_TASKS" })),
        decided("ROLE-900", json!({ "mandate": "MND-01", "body": "board-delegate-01" })),
        decided("ROLE-901", json!({})),
        decided("ROLE-902", json!({ "mandate": "MND-01", "body": "it-board" })),
        // The manager of a unit goes, and nobody comes.
        role("2026-07-01", "ROLE-IM-02", "revoked", json!({})),
    ]
}

fn reports() -> Vec<Value> {
    let presented = |day: &str, stream: &str, year: u16| {
        told(
            day,
            stream,
            DPO,
            "annualReport",
            "presented",
            json!({ "year": year, "by": "DPO", "to": ["EXECUTIVE_BOARD"], "figures": [] }),
        )
    };
    let contribution = json!({ "unit": "mu-01", "year": 2018, "figures": [] });
    let received = |stream: &str, more: (&str, Value)| {
        let mut data = json!({ "activities": [], "platforms": [], "grounds": [], "subjects": [], "units": [] });
        data[more.0] = more.1;
        told(
            "2026-05-18",
            stream,
            ("authority-ap", "SUPERVISORY_AUTHORITY"),
            "authorityContact",
            "requestReceived",
            data,
        )
    };
    let assigned = |stream: &str, to: &str| {
        told("2026-05-19", stream, DPO, "authorityContact", "requestAssigned", json!({ "role": to, "units": [] }))
    };
    vec![
        told("2018-11-01", "ROLE-DPO", DPO, "roleAssignment", "dpoMonitoringRecorded", json!({ "findings": [] })),
        told(
            "2019-11-01",
            "ROLE-DPO",
            DPO,
            "roleAssignment",
            "dpoMonitoringRecorded",
            json!({ "domain": "research", "findings": [] }),
        ),
        told("2019-03-01", "REP-2018", DPO, "annualReport", "contributionSubmitted", contribution),
        presented("2019-06-30", "REP-2018", 2018),
        presented("2020-07-02", "REP-2019", 2019),
        received("AUT-900", ("language", json!("nl"))),
        assigned("AUT-900", "COMMUNICATIONS"),
        received("AUT-901", ("language", json!("nl"))),
        received("AUT-902", ("term", json!("P2W"))),
        assigned("AUT-902", "DPO"),
    ]
}

fn decisions() -> Vec<Value> {
    let dpia = |day: &str, stream: &str, actor, event: &str, data: Value| told(day, stream, actor, "dpia", event, data);
    let approved = |day: &str, stream: &str| dpia(day, stream, BOARD, "approved", json!({}));
    let breach = |day: &str, event: &str, data: Value| told(day, "BRE-900", DPO, "breach", event, data);
    let decided = json!({ "authority": true, "subjects": false });
    let reported = json!({ "dataCategories": [], "systems": [], "activities": [], "parties": [] });
    let continued = json!({
        "outcome": "CONTINUE", "platforms": ["platform-a"], "conditions": [], "documentsBefore": [],
    });
    vec![
        approved("2026-05-01", "DPIA-900"),
        dpia("2026-05-01", "DPIA-900", BOARD, "completed", json!({ "activities": [] })),
        dpia("2026-05-01", "DPIA-901", DPO, "dpoAdviceIssued", json!({ "outcome": "POSITIVE", "conditions": [] })),
        approved("2026-05-01", "DPIA-901"),
        dpia("2026-05-02", "DPIA-902", BOARD, "dpoConsulted", json!({})),
        approved("2026-05-01", "DPIA-902"),
        breach("2026-05-01", "incidentReported", reported),
        breach("2026-05-02", "dpoAdviceIssued", json!({ "notifyAuthority": true })),
        breach("2026-05-03", "notificationDecided", decided),
        told("2026-05-01", "BD-900", BOARD, "boardDecision", "taken", continued),
    ]
}

fn activity() -> Vec<Value> {
    let act =
        |day: &str, event: &str, data: Value| told(day, "ACT-900", ("someone-09", "STAFF"), "activity", event, data);
    let entry = json!({
        "version": 1, "purposes": [], "subjectCategories": [], "dataCategories": [], "operations": [], "platforms": [],
        "recipients": [], "transfers": [], "retention": [], "systems": ["sys-900"], "owningUnit": "mu-02",
        "jointControllers": [], "processors": [],
    });
    let owner = json!({ "role": "PROCESS_OWNER", "holder": "owner-09", "scope": [{ "kind": "ACTIVITY", "activity": "@ACT-900" }] });
    vec![
        act("2026-05-01", "established", entry),
        act("2026-05-02", "started", json!({})),
        told("2026-05-01", "SYS-900", BOARD, "system", "registered", json!({ "system": "sys-900", "processors": [] })),
        told("2026-06-01", "SYS-900", BOARD, "system", "responsibilityAssigned", json!({ "owner": "owner-09" })),
        role("2026-06-01", "ROLE-OWN-900", "assigned", owner),
        role("2026-07-01", "ROLE-OWN-900", "revoked", json!({})),
    ]
}

fn check(history: &History, id: &str, layer: Layer, reference: &str, at: &str, expected: Outcome) {
    holds(history, (id, layer), reference, ("2027", at), expected);
}

#[test]
fn x4_the_policy_lets_the_officer_decide_to_notify_and_the_law_asks_for_attention() {
    check(&TOLD, "GOV-08", Law, "BRE-900", "2026-05-02", NotApplicable);
    check(&TOLD, "GOV-08", Law, "BRE-900", "2026-05-03", Warn);
    check(&TOLD, "GOV-08", Policy, "BRE-900", "2026-05-03", Pass);
    // Advice and decision apart.
    check(&DEMONSTRATION, "GOV-08", Law, "BRE-0001", "2022-04-01", Pass);
    check(&DEMONSTRATION, "GOV-08", Policy, "BRE-0001", "2022-04-01", Pass);
}

#[test]
fn x16_an_administrative_unit_and_a_management_unit_are_one_concept() {
    let explanation = rule("GOV-13").unwrap().explanation;
    assert!(explanation.nl.contains("administratieve eenheid") && explanation.nl.contains("beheerseenheid"));
    assert!(explanation.en.contains("administrative unit") && explanation.en.contains("management unit"));
    check(&TOLD, "GOV-13", Policy, "MU-01", "2018-12-31", Pass);
    check(&TOLD, "GOV-13", Policy, "MU-01", "2019-12-31", Pass);
}

#[test]
fn x17_an_information_manager_stands_for_a_unit_and_for_a_domain() {
    check(&DEMONSTRATION, "GOV-13", Policy, "MU-01", "2018-07-31", Pass);
    // The year of the designation does not count; of 2019 there is only a record on another domain.
    check(&TOLD, "GOV-05", Law, "institution", "2019-06-01", NotApplicable);
    check(&TOLD, "GOV-05", Law, "institution", "2020-06-01", Warn);
    let verdict = TOLD.verdict("GOV-05", Policy, "institution", "2020-06-01", "2020-06-01");
    assert_eq!(verdict.outcome, Fail);
    assert!(verdict.reasons[0].text.en.contains("2019 (marketing)"), "{verdict:?}");
}

#[test]
fn x27_the_officer_handles_requests_by_the_policy_and_should_not_decide_on_them_by_law() {
    for (reference, law) in [("DSR-0001", Warn), ("DSR-0002", Pass)] {
        check(&DEMONSTRATION, "GOV-08", Law, reference, "2025-06-01", law);
        check(&DEMONSTRATION, "GOV-08", Policy, reference, "2025-06-01", Pass);
    }
}

#[test]
fn roles_are_filled() {
    let told = |id, layer, reference, at, expected| check(&TOLD, id, layer, reference, at, expected);
    told("GOV-02", Policy, "institution", "2026-07-05", Pass);
    told("GOV-02", Policy, "institution", "2026-07-15", Fail);
    told("GOV-02", Policy, "institution", "2026-07-25", Pass);
    told("GOV-02", Policy, "institution", "2026-08-01", Fail);
    told("GOV-09", Policy, "institution", "2026-06-30", Pass);
    told("GOV-09", Policy, "institution", "2026-07-01", Fail);
    told("GOV-10", Policy, "SYS-900", "2026-05-01", NotApplicable);
    told("GOV-10", Policy, "SYS-900", "2026-05-02", Fail);
    told("GOV-10", Policy, "SYS-900", "2026-06-01", Pass);
    told("GOV-11", Policy, "ACT-900", "2026-05-02", Fail);
    told("GOV-11", Policy, "ACT-900", "2026-06-01", Pass);
    told("GOV-11", Policy, "ACT-900", "2026-07-01", Fail);
    told("GOV-14", Guideline, "ACT-900", "2026-05-02", Warn);
    check(&DEMONSTRATION, "GOV-14", Guideline, "ACT-002", "2026-01-01", Pass);
    check(&DEMONSTRATION, "GOV-14", Guideline, "ACT-001", "2026-01-01", NotApplicable);
    told("GOV-16", Policy, "ROLE-900", "2026-08-01", Pass);
    told("GOV-16", Policy, "ROLE-901", "2026-08-01", Fail);
    told("GOV-16", Policy, "ROLE-902", "2026-08-01", Fail);
    told("GOV-16", Policy, "ROLE-CISO", "2026-08-01", NotApplicable);
}

#[test]
fn an_officer_is_designated_and_registered() {
    check(&DEMONSTRATION, "GOV-03", Law, "institution", "2018-05-31", Fail);
    // Not registered yet, and no house term says by when.
    check(&DEMONSTRATION, "GOV-03", Law, "institution", "2018-06-01", Warn);
    check(&DEMONSTRATION, "GOV-03", Policy, "ROLE-DPO", "2019-01-01", Pass);
    let told = |layer, reference, at, expected| check(&TOLD, "GOV-03", layer, reference, at, expected);
    told(Law, "institution", "2026-07-15", Fail);
    told(Law, "institution", "2026-08-15", Pass);
    for reference in ["institution", "ROLE-DPO"] {
        told(Law, reference, "2026-08-16", Warn);
        told(Policy, reference, "2026-08-15", Pass);
        told(Policy, reference, "2026-08-16", Fail);
    }
    told(Policy, "ROLE-CISO", "2026-06-16", NotApplicable);
}

#[test]
fn the_officer_is_brought_in_before_a_decision() {
    let told = |reference, expected| check(&TOLD, "GOV-04", Law, reference, "2026-06-01", expected);
    told("DPIA-900", Fail);
    told("DPIA-901", Indeterminate);
    told("DPIA-902", Fail);
    told("DPIA-003", Pass);
    told("BD-900", Fail);
    told("ACT-900", Fail);
    let demo = |reference, at, expected| check(&DEMONSTRATION, "GOV-04", Law, reference, at, expected);
    demo("ACT-000", "2026-01-01", NotApplicable);
    demo("ACT-002", "2024-08-25", Pass);
    demo("ACT-002", "2024-08-26", Warn);
    demo("LIA-001", "2020-01-01", Pass);
    demo("PRA-001", "2019-01-01", Pass);
    demo("JCA-002", "2025-01-01", Warn);
    demo("TRG-001", "2019-01-01", Warn);
    demo("BD-2023-01", "2024-01-01", Pass);
    demo("BD-2018-01", "2024-01-01", NotApplicable);
    check(&TOLD, "GOV-05", Law, "DPIA-900", "2026-06-01", Fail);
    check(&DEMONSTRATION, "GOV-05", Law, "DPIA-003", "2024-01-01", Pass);
}

#[test]
fn reports_come_every_year_with_all_units() {
    // The year in which the policy was adopted does not count.
    check(&DEMONSTRATION, "GOV-06", Policy, "institution", "2019-07-01", NotApplicable);
    check(&DEMONSTRATION, "GOV-06", Policy, "institution", "2020-06-30", Pass);
    check(&DEMONSTRATION, "GOV-06", Policy, "institution", "2020-07-01", Fail);
    check(&TOLD, "GOV-06", Policy, "REP-2019", "2020-07-02", Fail);
    check(&DEMONSTRATION, "GOV-06", Policy, "REP-2025", "2026-12-31", Pass);
    check(&TOLD, "GOV-13", Policy, "MU-02", "2020-07-01", Fail);
    let verdict = DEMONSTRATION.verdict("GOV-13", Policy, "REP-2025", "2026-12-31", "2026-12-31");
    assert_eq!(verdict.outcome, Fail);
    assert!(verdict.reasons[0].text.en.ends_with("mu-08, mu-12"), "{verdict:?}");
    check(&DEMONSTRATION, "GOV-13", Policy, "REP-2025", "2026-06-14", NotApplicable);
    // Nobody keeps the register of a unit with a running activity.
    let verdict = TOLD.verdict("GOV-13", Policy, "MU-02", "2026-08-01", "2026-08-01");
    assert!(
        verdict.reasons.iter().any(|reason| reason.text.en.contains("information manager of the unit: ended")),
        "{verdict:?}"
    );
}

#[test]
fn the_officer_is_the_contact_of_the_authority() {
    check(&DEMONSTRATION, "GOV-07", Law, "AUT-2026-01", "2026-12-31", Pass);
    check(&DEMONSTRATION, "GOV-07", Policy, "AUT-2026-01", "2026-12-31", Pass);
    let told = |layer, reference, at, expected| check(&TOLD, "GOV-07", layer, reference, at, expected);
    told(Law, "AUT-900", "2026-05-19", Warn);
    told(Policy, "AUT-900", "2026-05-20", Fail);
    told(Law, "AUT-901", "2026-05-19", Pass);
    told(Law, "AUT-901", "2026-05-20", Warn);
    told(Policy, "AUT-901", "2026-05-20", Fail);
    told(Policy, "AUT-902", "2026-06-30", Pass);
    told(Law, "AUT-902", "2026-06-01", Pass);
    told(Law, "AUT-902", "2026-06-02", Fail);
}

#[test]
fn the_officer_is_independent() {
    check(&DEMONSTRATION, "GOV-08", Law, "ROLE-DPO", "2026-12-31", Pass);
    check(&TOLD, "GOV-08", Law, "ROLE-DPO", "2026-07-15", NotApplicable);
    check(&TOLD, "GOV-08", Law, "ROLE-DPO", "2026-08-19", Pass);
    check(&TOLD, "GOV-08", Law, "ROLE-DPO", "2026-08-20", Warn);
    check(&TOLD, "GOV-08", Law, "ROLE-DPO", "2026-09-01", Pass);
    check(&TOLD, "GOV-08", Law, "ROLE-DPO", "2026-10-01", Fail);
    for reference in ["ACT-001", "DPIA-003", "LIA-001", "PRA-001", "TRG-001", "BD-2023-01", "FND-001"] {
        check(&DEMONSTRATION, "GOV-08", Law, reference, "2026-01-01", Pass);
    }
}

#[test]
fn shortcomings_are_decided_on() {
    let demo = |reference, at, expected| check(&DEMONSTRATION, "GOV-10", Policy, reference, at, expected);
    demo("FND-001", "2020-08-19", Pass);
    demo("FND-001", "2020-08-20", Fail);
    demo("FND-001", "2021-02-08", NotApplicable);
    demo("FND-002", "2025-02-20", Warn);
    demo("FND-002", "2025-02-21", Fail);
    demo("SYS-CRM", "2026-01-01", Pass);
}
