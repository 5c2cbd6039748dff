//! Adoption, review and awareness on the demonstration, and on a history that goes on where it stops.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{Guideline, Law, Policy};
use crate::family::rule_set::Outcome::{Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::family::rule_set::{Layer, Outcome};
use crate::rule::check::{DEMONSTRATION, History, fact_of_day as told, holds};
use crate::rule::timeline::Knowledge;
use crate::rule::verdict::Mark;
use crate::time::local;

const BOARD: (&str, &str) = ("board-01", "EXECUTIVE_BOARD");
const DPO: (&str, &str) = ("staff-dpo-01", "DPO");
const AUDITOR: (&str, &str) = ("auditor-09", "AUDITOR");

fn instrument(day: &str, stream: &str, event: &str, data: Value) -> Value {
    told(day, stream, BOARD, "governanceInstrument", event, data)
}

fn about(code: &str, kind: &str) -> Value {
    json!({ "instrument": code, "kind": kind, "appliesTo": [] })
}

fn adopted(day: &str, code: &str, kind: &str, more: &[(&str, Value)]) -> Value {
    let mut data = json!({ "about": about(code, kind), "version": 1, "parameters": [], "removes": [] });
    for (member, value) in more {
        data[member] = value.clone();
    }
    instrument(day, code, "versionAdopted", data)
}

fn document(digit: &str) -> Value {
    json!({ "sha256": digit.repeat(64) })
}

fn published(day: &str, stream: &str, role: &str, more: &[(&str, Value)]) -> Value {
    let mut data = json!({
        "platforms": ["platform-b"], "accounts": [], "categories": ["PHOTO"], "persons": [], "locations": [],
    });
    for (member, value) in more {
        data[member] = value.clone();
    }
    told(day, stream, ("someone-09", role), "publication", "contentPublished", data)
}

fn finding(day: &str, stream: &str, event: &str, data: Value) -> Value {
    told(day, stream, AUDITOR, "finding", event, data)
}

/// What happens besides the demonstration.
static TOLD: LazyLock<History> = LazyLock::new(|| {
    let mut facts = policies();
    facts.extend(guidelines());
    facts.extend(awareness());
    facts.extend(audits());
    facts.extend(uses());
    History::and(&Value::Array(facts))
});

fn policies() -> Vec<Value> {
    let controller = |day: &str, stream: &str, holder: &str| {
        let scope = json!([{ "kind": "INSTITUTION" }]);
        told(
            day,
            stream,
            ("legal-09", "LEGAL_AFFAIRS"),
            "roleAssignment",
            "assigned",
            json!({ "role": "CONTROLLER", "holder": holder, "scope": scope }),
        )
    };
    let ended = |day: &str, stream: &str| told(day, stream, BOARD, "roleAssignment", "revoked", json!({}));
    vec![
        ended("2019-01-10", "ROLE-CONTROLLER"),
        controller("2019-01-10", "ROLE-CONTROLLER-9", "EXECUTIVE_BOARD"),
        ended("2019-02-01", "ROLE-CONTROLLER-9"),
        controller("2019-02-01", "ROLE-CONTROLLER-8", "demo-university"),
        adopted("2026-07-10", "POL-900", "POLICY", &[("document", document("a"))]),
        instrument("2026-07-12", "POL-900", "versionPublished", json!({ "version": 1, "document": document("b") })),
        adopted("2026-07-01", "CODE-900", "CODE_OF_CONDUCT", &[]),
        instrument(
            "2026-07-01",
            "PROC-001",
            "versionAdopted",
            json!({
                "version": 2, "otherParameters": "KEPT", "removes": [],
                "parameters": [{ "name": "tacticalMeeting", "term": "P2M", "values": [] }],
            }),
        ),
    ]
}

fn guidelines() -> Vec<Value> {
    let issued = |day: &str, code: &str, version: u32| {
        let about = if version == 1 { about(code, "GUIDELINE") } else { json!({}) };
        instrument(day, code, "versionIssued", json!({ "about": about, "version": version, "parameters": [] }))
    };
    let to_staff = |day: &str, code: &str| {
        instrument(day, code, "distributed", json!({ "version": 1, "units": [], "audience": ["STAFF"] }))
    };
    vec![
        issued("2026-07-01", "GDL-900", 1),
        adopted("2026-07-05", "GDL-900", "GUIDELINE", &[("decision", json!("BD-NOWHERE"))]),
        to_staff("2026-07-05", "GDL-900"),
        adopted("2026-07-05", "GDL-901", "GUIDELINE", &[("decidedAt", json!("2026-07-04"))]),
        to_staff("2026-07-20", "GDL-901"),
        issued("2026-08-01", "GDL-901", 2),
        adopted("2026-07-05", "GDL-902", "GUIDELINE", &[("decidedAt", json!("2026-07-09"))]),
        to_staff("2026-07-05", "GDL-902"),
    ]
}

fn awareness() -> Vec<Value> {
    let held =
        |day: &str| told(day, "AWR-900", DPO, "awareness", "activityHeld", json!({ "unit": "mu-90", "audiences": [] }));
    let met = |level: &str| {
        told(
            "2026-07-15",
            "AWR-901",
            DPO,
            "awareness",
            "governanceMeetingHeld",
            json!({ "level": level, "units": [], "roles": [] }),
        )
    };
    let unit = json!({ "unit": "mu-90", "kind": "OFFICE" });
    let audiences = json!({ "audiences": ["STAFF", "STUDENTS", "GUESTS"], "units": [], "supportedBy": [] });
    let agreed = json!({ "actorKind": "SELF_EMPLOYED", "from": "2025-06-15" });
    vec![
        told("2024-03-01", "MU-90", BOARD, "managementUnit", "registered", unit),
        instrument("2024-03-02", "POL-001", "acknowledged", json!({ "version": 2, "units": ["mu-90"] })),
        held("2024-05-01"),
        met("STRATEGIC"),
        met("TACTICAL"),
        met("OPERATIONAL"),
        told("2026-07-15", "AWR-902", DPO, "awareness", "campaignHeld", audiences),
        told("2025-06-15", "AWR-903", DPO, "awareness", "guidelineAgreementRecorded", agreed),
    ]
}

fn audits() -> Vec<Value> {
    let opened = |day: &str, stream: &str, data: Value| told(day, stream, AUDITOR, "auditEngagement", "opened", data);
    let closed = |day: &str, stream: &str, data: Value| told(day, stream, AUDITOR, "auditEngagement", "closed", data);
    let found = json!({ "severity": "SERIOUS", "finding": "@FND-900" });
    let follow_up = json!({ "outcome": "INSTRUCTION" });
    vec![
        opened("2018-10-01", "AUD-900", json!({ "kind": "INTERNAL", "initiator": "CIO" })),
        opened("2026-07-01", "AUD-901", json!({ "kind": "EXTERNAL", "initiator": "DPO" })),
        opened("2026-07-01", "AUD-902", json!({ "kind": "INTERNAL", "initiator": "staff-dpo-01" })),
        closed("2026-07-10", "AUD-902", json!({ "report": document("c"), "presentedTo": [] })),
        told("2026-07-05", "AUD-901", AUDITOR, "auditEngagement", "findingRecorded", found),
        finding("2026-07-05", "FND-900", "raised", json!({ "severity": "SERIOUS", "source": "AUDIT" })),
        finding("2026-08-01", "FND-900", "followUpDecided", follow_up),
    ]
}

fn uses() -> Vec<Value> {
    let period = |stream: &str, data: Value| told("2026-07-01", stream, DPO, "retention", "periodSet", data);
    let cited = [("imagePolicy", json!("POL-002")), ("imagePolicyVersion", json!("1"))];
    let executed = json!({ "party": "vendor-n", "modelVersion": "SURF-3.0", "activities": ["@ACT-001"] });
    let text = [("categories", json!(["TEXT"]))];
    vec![
        published("2025-06-01", "PUB-900", "SELF_EMPLOYED", &text),
        published("2025-07-01", "PUB-901", "SELF_EMPLOYED", &text),
        published("2025-06-01", "PUB-902", "COMMUNICATIONS", &[]),
        published("2025-06-01", "PUB-903", "COMMUNICATIONS", &cited),
        told("2026-07-01", "PRA-900", BOARD, "agreement", "executed", executed),
        period("RET-900", json!({ "source": "STATUTE", "listVersion": "2018", "listCategory": "12.3" })),
        period("RET-901", json!({ "source": "INSTITUTION" })),
        period("RET-902", json!({ "source": "CONTRACT" })),
    ]
}

fn check(history: &History, id: &str, layer: Layer, reference: &str, at: &str, expected: Outcome) {
    holds(history, (id, layer), reference, ("2027", at), expected);
}

#[test]
fn q11_without_a_known_adoption_the_guideline_does_not_hold() {
    let verdict = DEMONSTRATION.verdict("GOV-23", Guideline, "GDL-001", "2024-12-31", "2024-12-31");
    assert_eq!(verdict.outcome, Fail, "{verdict:?}");
}

#[test]
fn q12_an_adoption_recorded_late_counts_from_its_day_and_is_marked() {
    let verdict = DEMONSTRATION.verdict("GOV-23", Guideline, "GDL-001", "2025-01-21", "2024-12-31");
    assert_eq!(verdict.outcome, Pass, "{verdict:?}");
    let late: Vec<_> = verdict.flags.iter().map(|flag| (flag.mark, flag.days)).collect();
    assert_eq!(late, [(Mark::LateRecorded, Some(195))]);
    let knowledge = Knowledge::Fixed(DEMONSTRATION.size("2025-01-21"));
    let stretches = DEMONSTRATION.stretches("GOV-23", Guideline, "GDL-001", ("2016", "2027"), knowledge);
    let stretches: Vec<_> = stretches
        .iter()
        .map(|stretch| (local(stretch.interval.from)[..10].to_owned(), stretch.verdict.outcome))
        .collect();
    let expected = [("2016-01-01", NotApplicable), ("2024-05-07", Fail), ("2024-07-09", Pass)];
    assert_eq!(stretches, expected.map(|(from, outcome)| (from.to_owned(), outcome)));
}

#[test]
fn x7_a_policy_version_without_its_text_is_not_proven_to_be_what_was_published() {
    check(&DEMONSTRATION, "GOV-21", Policy, "POL-001", "2020-10-12", Pass);
    check(&DEMONSTRATION, "GOV-21", Policy, "POL-001", "2020-12-01", Indeterminate);
    // That it is in force is another question.
    check(&DEMONSTRATION, "GOV-01", Law, "POL-001", "2020-12-01", Pass);
}

#[test]
fn x8_issued_distributed_and_acknowledged_is_not_adopted() {
    check(&DEMONSTRATION, "GOV-23", Guideline, "GDL-001", "2024-05-06", NotApplicable);
    check(&DEMONSTRATION, "GOV-23", Guideline, "GDL-001", "2024-07-08", Fail);
    check(&DEMONSTRATION, "GOV-24", Guideline, "MU-12", "2024-07-08", NotApplicable);
    check(&DEMONSTRATION, "GOV-23", Guideline, "POL-001", "2024-12-31", NotApplicable);
}

#[test]
fn x28_by_law_the_controller_is_the_legal_person_and_in_the_policy_its_board() {
    check(&TOLD, "GOV-01", Law, "institution", "2019-01-15", Warn);
    check(&TOLD, "GOV-01", Policy, "institution", "2019-01-15", Pass);
    check(&TOLD, "GOV-01", Law, "institution", "2019-03-01", Pass);
}

#[test]
fn the_policy_is_adopted_reviewed_and_made_known() {
    let demo = |id, layer, reference, at, expected| check(&DEMONSTRATION, id, layer, reference, at, expected);
    demo("GOV-01", Law, "POL-001", "2018-05-28", Fail);
    demo("GOV-01", Law, "POL-001", "2018-05-29", Pass);
    demo("GOV-01", Law, "POL-002", "2021-01-01", NotApplicable);
    demo("GOV-01", Law, "institution", "2018-05-28", Fail);
    demo("GOV-01", Law, "institution", "2018-05-29", Pass);
    demo("GOV-20", Policy, "POL-001", "2019-05-26", Pass);
    demo("GOV-20", Policy, "POL-001", "2019-06-01", Warn);
    demo("GOV-20", Policy, "POL-001", "2020-05-27", Warn);
    demo("GOV-20", Policy, "POL-001", "2020-05-28", Fail);
    demo("GOV-20", Policy, "POL-001", "2020-09-07", Pass);
    demo("GOV-20", Policy, "POL-001", "2021-10-14", Fail);
    demo("GOV-22", Policy, "POL-001", "2018-05-29", Pass);
    demo("GOV-29", Policy, "institution", "2026-08-01", Fail);
    let told = |id, layer, reference, at, expected| check(&TOLD, id, layer, reference, at, expected);
    told("GOV-01", Law, "POL-900", "2026-08-01", Fail);
    told("GOV-01", Law, "institution", "2026-08-01", Warn);
    // Announced by nobody, and another text than was adopted.
    told("GOV-21", Policy, "POL-900", "2026-07-11", Pass);
    told("GOV-21", Policy, "POL-900", "2026-07-12", Fail);
    told("GOV-22", Policy, "POL-900", "2026-08-01", Fail);
    told("GOV-29", Policy, "institution", "2026-08-01", Pass);
}

#[test]
fn guidelines_rest_on_a_dated_decision_and_reach_staff() {
    let told = |reference, at, expected| check(&TOLD, "GOV-23", Guideline, reference, at, expected);
    told("GDL-900", "2026-07-04", Fail);
    // The decision that it cites is recorded nowhere.
    told("GDL-900", "2026-07-05", Indeterminate);
    told("GDL-901", "2026-07-05", Fail);
    told("GDL-901", "2026-07-20", Pass);
    told("GDL-901", "2026-08-01", Warn);
    // Decided after it came into force.
    told("GDL-902", "2026-07-06", Fail);
    // A unit that was there, and that it never reached.
    told("GDL-001", "2025-02-01", Fail);
    let demo = |reference, expected| check(&DEMONSTRATION, "GOV-24", Guideline, reference, "2026-01-01", expected);
    demo("MU-01", Pass);
    demo("MU-03", Warn);
    demo("MU-12", Fail);
}

#[test]
fn awareness_recurs() {
    check(&TOLD, "GOV-12", Policy, "MU-90", "2025-06-01", Pass);
    check(&TOLD, "GOV-12", Policy, "MU-90", "2026-01-01", Fail);
    check(&DEMONSTRATION, "GOV-12", Policy, "MU-01", "2026-01-01", Fail);
    check(&DEMONSTRATION, "GOV-15", Policy, "institution", "2019-01-01", Warn);
    check(&TOLD, "GOV-15", Policy, "institution", "2026-08-01", Pass);
    check(&TOLD, "GOV-15", Policy, "institution", "2026-10-01", Fail);
    check(&DEMONSTRATION, "GOV-17", Policy, "institution", "2018-06-04", Pass);
    check(&DEMONSTRATION, "GOV-17", Policy, "institution", "2019-05-29", Pass);
    check(&DEMONSTRATION, "GOV-17", Policy, "institution", "2019-05-30", Fail);
    check(&TOLD, "GOV-17", Policy, "institution", "2026-08-01", Pass);
}

#[test]
fn audits_are_held_sound_and_followed_up() {
    let told = |id, reference, at, expected| check(&TOLD, id, Policy, reference, at, expected);
    check(&DEMONSTRATION, "GOV-18", Policy, "institution", "2018-12-31", NotApplicable);
    check(&DEMONSTRATION, "GOV-18", Policy, "institution", "2019-06-01", NotApplicable); // the year of adoption
    check(&DEMONSTRATION, "GOV-18", Policy, "institution", "2020-06-01", Fail);
    told("GOV-18", "AUD-900", "2019-06-01", Fail);
    told("GOV-18", "AUD-901", "2026-08-01", Fail);
    told("GOV-18", "AUD-902", "2026-08-01", Pass);
    check(&DEMONSTRATION, "GOV-18", Policy, "AUD-2026-01", "2026-04-29", Pass);
    check(&DEMONSTRATION, "GOV-18", Policy, "AUD-2026-01", "2026-04-30", Fail);
    for reference in ["FND-900", "AUD-901"] {
        told("GOV-19", reference, "2026-07-31", Fail);
        told("GOV-19", reference, "2026-08-01", Pass);
    }
    told("GOV-19", "FND-001", "2026-08-01", NotApplicable);
}

#[test]
fn publications_agreements_and_periods_cite_what_held() {
    let told = |id, layer, reference, at, expected| check(&TOLD, id, layer, reference, at, expected);
    told("GOV-25", Guideline, "PUB-900", "2025-08-01", Warn);
    told("GOV-25", Guideline, "PUB-901", "2025-08-01", Pass);
    told("GOV-25", Guideline, "PUB-902", "2025-08-01", NotApplicable);
    told("GOV-26", Policy, "PRA-900", "2026-07-01", Fail);
    check(&DEMONSTRATION, "GOV-26", Policy, "PRA-001", "2020-01-01", Pass);
    for (layer, reference, expected) in [
        (Guideline, "PUB-902", Fail),
        (Policy, "PUB-902", Fail),
        (Guideline, "PUB-903", Pass),
        (Policy, "PUB-903", Pass),
        (Policy, "PUB-900", NotApplicable),
        // Before there was an image policy, and before the guideline.
        (Policy, "PUB-0001", NotApplicable),
        (Guideline, "PUB-0003", NotApplicable),
        (Policy, "PUB-0003", Pass),
    ] {
        told("GOV-27", layer, reference, "2025-08-01", expected);
    }
    told("GOV-28", Policy, "RET-900", "2026-07-01", Pass);
    told("GOV-28", Policy, "RET-901", "2026-07-01", Fail);
    told("GOV-28", Policy, "RET-902", "2026-07-01", NotApplicable);
    told("GOV-28", Policy, "RET-001", "2026-07-01", Warn);
}
