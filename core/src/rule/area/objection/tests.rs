//! The rules about objections and automated decisions: on the demonstration, and on histories told among its facts.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{self, Guideline, Law, Policy};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History, holds, recorded_fact};
use crate::rule::timeline::Knowledge;
use crate::time::local;

type Step = (&'static str, &'static str, &'static str, Value);

/// A fact: its stream, when, its family and its name, and what it says besides empty lists. A day is recorded in its morning.
fn fact(place: usize, (stream, at, name, says): &Step) -> Value {
    let (family, name) = name.split_once('.').unwrap_or(("objection", name));
    let lists: &[&str] = match name {
        "received" => &["activities", "purposes"],
        "processingHalted" => &["purposes", "systems"],
        "compellingGroundsAssessed" | "upheld" => &["purposes"],
        "rejected" => &["purposes", "legalReferences", "remedies"],
        "processingStoppedForSubject" => &["purposes", "systems", "parties"],
        "directMarketingStopped" => &["platforms"],
        "complaintReceived" => &["activities"],
        "established" => &[
            "purposes",
            "subjectCategories",
            "dataCategories",
            "operations",
            "platforms",
            "recipients",
            "transfers",
            "retention",
            "systems",
            "jointControllers",
            "processors",
        ],
        "automatedDecisionSafeguardsRecorded" => &["measures"],
        "published" => &["languages", "grantChannels", "withdrawChannels"],
        "enteredIntoForce" => &["rules", "modules", "relations", "parameters"],
        "versionPublished" => &[
            "activities",
            "languages",
            "channels",
            "audience",
            "items",
            "legalBases",
            "recipients",
            "assessmentSummaries",
            "transferGrounds",
            "arrangementEssences",
        ],
        _ => &[],
    };
    let mut data: serde_json::Map<String, Value> = lists.iter().map(|list| ((*list).to_owned(), json!([]))).collect();
    data.extend(says.as_object().unwrap().clone());
    let recorded = format!("{}T09:00:00.{place:06}Z", &at[..10]);
    recorded_fact(stream, &recorded, at, ("staff-dpo-02", "DPO_OFFICE"), &json!({ family: { name: data } }))
}

static TOLD: LazyLock<History> = LazyLock::new(|| {
    let mut facts = activities();
    facts.extend(on_personal_grounds());
    facts.extend(to_marketing());
    facts.extend(complaints_and_contests());
    facts.extend(notices());
    let facts: Value = facts.iter().enumerate().map(|(place, told)| fact(place, told)).collect();
    History::and(&facts)
});

fn entry(basis: &str, decisions: Value, categories: &[&str]) -> Value {
    json!({
        "version": 1,
        "purposes": [{ "code": "purpose", "basis": basis }, { "code": "other", "basis": "LEGAL_OBLIGATION" }],
        "automatedDecisions": decisions,
        "subjectCategories": categories,
    })
}

fn activities() -> Vec<Step> {
    let on = |ground: &str| json!({ "taken": true, "ground": ground });
    let mut asks = entry("CONSENT", on("EXPLICIT_CONSENT"), &["STUDENT"]);
    asks["purposes"][0]["consentText"] = json!("@T-ADM");
    let text = |withdraw: Value| json!({ "version": 1, "items": [{ "code": "adm", "operations": [], "platforms": [] }], "withdrawChannels": withdraw });
    let mut closed = asks.clone();
    closed["purposes"][0]["consentText"] = json!("@T-SHUT");
    let mut facts = vec![
        ("T-ADM", "2025-05-01", "consentText.published", text(json!(["WEB"]))),
        ("T-SHUT", "2025-05-01", "consentText.published", text(json!([]))),
        (
            "LEX-UAVG",
            "2025-05-01",
            "legalInstrument.enteredIntoForce",
            json!({ "code": "LEX-UAVG", "kind": "STATUTE", "validFrom": "2018-05-25" }),
        ),
        ("A-TASK", "2025-05-02", "activity.established", entry("PUBLIC_TASK", json!({ "taken": false }), &["STUDENT"])),
        ("A-CONTRACT", "2025-05-02", "activity.established", entry("CONTRACT", on("CONTRACT"), &["STUDENT"])),
        ("A-CONSENT", "2025-05-02", "activity.established", asks),
        ("A-SHUT", "2025-05-02", "activity.established", closed),
        (
            "A-LAW",
            "2025-05-02",
            "activity.established",
            entry("LEGAL_OBLIGATION", json!({ "taken": true }), &["MINOR", "STUDENT"]),
        ),
        ("A-BARE", "2025-05-02", "activity.established", entry("CONTRACT", json!({ "taken": true }), &[])),
        ("A-TOLD", "2025-05-02", "activity.established", entry("PUBLIC_TASK", json!({ "taken": false }), &["STUDENT"])),
        ("A-DESK", "2025-05-02", "activity.established", entry("CONTRACT", on("CONTRACT"), &["STUDENT"])),
        ("A-LAW", "2025-05-03", "activity.automatedDecisionsDeclared", json!({ "profiling": false })),
        (
            "A-LAW",
            "2025-05-03",
            "activity.automatedDecisionGroundRecorded",
            json!({ "ground": "LAW", "legalReference": { "instrument": "LEX-UAVG", "article": "40" } }),
        ),
        (
            "A-CONTRACT",
            "2025-05-03",
            "activity.automatedDecisionSafeguardsRecorded",
            json!({ "humanIntervention": true, "pointOfView": true, "contestable": true }),
        ),
        (
            "A-CONSENT",
            "2025-05-03",
            "activity.automatedDecisionSafeguardsRecorded",
            json!({ "humanIntervention": true, "contestable": true }),
        ),
        // Declared later than the entry, which says that there are none.
        ("A-TOLD", "2025-05-03", "activity.automatedDecisionsDeclared", json!({})),
        ("A-SHUT", "2025-05-03", "activity.automatedDecisionsDeclared", json!({ "significantEffect": true })),
    ];
    for activity in ["A-TASK", "A-CONTRACT", "A-CONSENT", "A-SHUT", "A-LAW", "A-BARE", "A-TOLD"] {
        facts.push((activity, "2025-05-04", "activity.started", json!({})));
    }
    facts
}

fn on_personal_grounds() -> Vec<Step> {
    let received = json!({ "kind": "PERSONAL_GROUNDS", "activities": ["@A-TASK"] });
    let assessed = |outcome: &str| json!({ "outcome": outcome });
    let whole =
        json!({ "reasons": "They weigh more.", "remedies": ["COURT", "AWB_OBJECTION", "AUTHORITY", "INTEREST_GROUP"] });
    vec![
        ("O-HALTED", "2025-06-02", "received", received.clone()),
        ("O-HALTED", "2025-06-03", "processingHalted", json!({})),
        ("O-HALTED", "2025-06-10", "upheld", json!({})),
        ("O-HALTED", "2025-06-12", "processingStoppedForSubject", json!({})),
        ("O-SLOW", "2025-06-02", "received", received.clone()),
        ("O-SLOW", "2025-06-16", "processingHalted", json!({})),
        ("O-SLOW", "2025-06-20", "upheld", json!({})),
        ("O-NEVER", "2025-06-02", "received", received.clone()),
        ("O-BRUSHED", "2025-06-02", "received", received.clone()),
        ("O-BRUSHED", "2025-06-03", "rejected", json!({})),
        ("O-WEIGHED", "2025-06-02", "received", received.clone()),
        ("O-WEIGHED", "2025-06-03", "processingHalted", json!({})),
        ("O-WEIGHED", "2025-06-10", "compellingGroundsAssessed", assessed("OVERRIDE")),
        ("O-WEIGHED", "2025-06-10", "rejected", whole.clone()),
        ("O-LIGHT", "2025-06-02", "received", received.clone()),
        ("O-LIGHT", "2025-06-03", "processingHalted", json!({})),
        ("O-LIGHT", "2025-06-10", "compellingGroundsAssessed", assessed("NO_OVERRIDE")),
        ("O-LIGHT", "2025-06-11", "rejected", json!({})),
        ("O-BLANK", "2025-06-02", "received", received),
        ("O-BLANK", "2025-06-03", "processingHalted", json!({})),
        ("O-BLANK", "2025-06-10", "compellingGroundsAssessed", json!({})),
        ("O-BLANK", "2025-06-11", "rejected", whole),
        ("O-ELSE", "2025-06-02", "received", json!({ "kind": "PERSONAL_GROUNDS", "activities": ["@A-CONTRACT"] })),
        ("O-KIND", "2025-06-02", "received", json!({})),
        (
            "O-HALF",
            "2025-06-02",
            "received",
            json!({ "kind": "PERSONAL_GROUNDS", "purposes": ["one", "two", "three"] }),
        ),
        ("O-HALF", "2025-06-03", "processingHalted", json!({ "purposes": ["one", "two"] })),
        ("O-HALF", "2025-06-05", "upheld", json!({ "purposes": ["one", "two"] })),
        ("O-HALF", "2025-06-06", "processingStoppedForSubject", json!({ "purposes": ["one"] })),
        ("O-OPEN", "2025-06-02", "received", json!({ "kind": "RESEARCH" })),
        ("O-OPEN", "2025-06-05", "upheld", json!({})),
    ]
}

fn to_marketing() -> Vec<Step> {
    let received = json!({ "kind": "DIRECT_MARKETING" });
    let stopped = json!({ "suppression": "SUP-0002" });
    let consent = json!({ "text": "@T-ADM", "textVersion": 1, "items": [{ "code": "adm", "decision": "YES" }], "expression": "EXPLICIT", "method": "WEB" });
    let on = |consent: &str| json!({ "consent": consent });
    vec![
        ("M-LATE", "2025-06-02T08:00:00.000000Z", "received", received.clone()),
        ("M-LATE", "2025-06-04T08:00:00.000000Z", "directMarketingStopped", stopped.clone()),
        ("M-SENT", "2025-06-02T08:00:00.000000Z", "received", received.clone()),
        ("M-SENT", "2025-06-02T10:00:00.000000Z", "directMarketingStopped", stopped.clone()),
        ("M-SENT", "2025-06-20T10:00:00.000000Z", "directMarketingSent", json!({})),
        ("M-DAY", "2025-06-02", "received", received.clone()),
        ("M-DAY", "2025-06-03", "directMarketingStopped", stopped.clone()),
        ("M-ANEW", "2025-06-02T08:00:00.000000Z", "received", received.clone()),
        ("M-ANEW", "2025-06-02T10:00:00.000000Z", "directMarketingStopped", stopped.clone()),
        ("K-NEW", "2025-06-10", "consent.granted", consent.clone()),
        ("M-ANEW", "2025-06-20", "directMarketingSent", on("@K-NEW")),
        ("K-OLD", "2025-05-20", "consent.granted", consent),
        ("M-OLD", "2025-06-02T08:00:00.000000Z", "received", received.clone()),
        ("M-OLD", "2025-06-02T10:00:00.000000Z", "directMarketingStopped", stopped),
        ("M-OLD", "2025-06-20", "directMarketingSent", on("@K-OLD")),
        ("M-FRAIL", "2025-06-02T08:00:00.000000Z", "received", received.clone()),
        ("M-FRAIL", "2025-06-02T10:00:00.000000Z", "directMarketingStopped", json!({ "platforms": ["platform-a"] })),
        ("M-PROFILE", "2025-06-02T08:00:00.000000Z", "received", received),
        (
            "M-PROFILE",
            "2025-06-02T10:00:00.000000Z",
            "directMarketingStopped",
            json!({ "suppression": "SUP-0002", "profilingStopped": false }),
        ),
    ]
}

fn complaints_and_contests() -> Vec<Step> {
    let complaint = json!({ "category": "RETARGETING" });
    let contested = json!({ "activity": "@A-CONTRACT" });
    vec![
        (
            "R-KIND",
            "2025-06-02T08:00:00.000000Z",
            "received",
            json!({ "kind": "RETARGETING", "writtenAs": "COMPLAINT" }),
        ),
        ("R-KIND", "2025-06-02T09:00:00.000000Z", "directMarketingStopped", json!({ "suppression": "SUP-0002" })),
        (
            "C-MAPPED",
            "2025-06-02",
            "case.complaintReceived",
            json!({ "category": "RETARGETING", "objection": "@R-KIND" }),
        ),
        ("C-FILED", "2025-06-02", "case.complaintReceived", complaint),
        ("C-DM", "2025-06-02", "case.complaintReceived", json!({ "category": "DIRECT_MARKETING" })),
        ("C-IMAGE", "2025-06-02", "case.complaintReceived", json!({ "category": "IMAGE_USE" })),
        ("H-DONE", "2025-06-02", "automatedDecisionContested", contested.clone()),
        ("H-DONE", "2025-06-30", "humanReviewPerformed", json!({ "outcome": "CHANGED", "competent": true })),
        // After 28 days, within a month.
        ("H-EDGE", "2025-06-02", "automatedDecisionContested", contested.clone()),
        ("H-EDGE", "2025-07-02", "humanReviewPerformed", json!({})),
        ("H-SHAM", "2025-06-02", "automatedDecisionContested", contested.clone()),
        ("H-SHAM", "2025-06-10", "humanReviewPerformed", json!({ "viewHeard": false })),
        ("H-NONE", "2025-06-02", "automatedDecisionContested", contested),
        ("H-NONE", "2025-06-10", "rejected", json!({})),
    ]
}

fn notices() -> Vec<Step> {
    let notice = |separate: Option<bool>, basis: &str, activity: &str| {
        let mut notice = json!({ "version": 1, "legalBases": [basis], "activities": [activity] });
        if let Some(separate) = separate {
            notice["objectionSeparate"] = json!(separate);
        }
        notice
    };
    vec![
        ("N-APART", "2025-06-02", "privacyNotice.versionPublished", notice(Some(true), "PUBLIC_TASK", "@A-TASK")),
        ("N-BURIED", "2025-06-02", "privacyNotice.versionPublished", notice(Some(false), "PUBLIC_TASK", "@A-TASK")),
        // What the notice tells is not all that the register knows.
        ("N-UNSAID", "2025-06-02", "privacyNotice.versionPublished", notice(None, "CONSENT", "@A-TASK")),
        ("N-OTHER", "2025-06-02", "privacyNotice.versionPublished", notice(None, "CONTRACT", "@A-CONTRACT")),
    ]
}

/// Judges by what is known and in force at the end of 2025.
fn check(id: &str, layer: Layer, expected: &[(&str, Outcome)]) {
    for (reference, outcome) in expected {
        holds(&TOLD, (id, layer), reference, ("2025-12-31", "2025-12-31"), *outcome);
    }
}

/// Judges the demonstration: known on a date, in force on another.
fn check_demonstration(id: &str, layer: Layer, expected: &[(&str, &str, &str, Outcome)]) {
    for (reference, known, valid, outcome) in expected {
        let found = DEMONSTRATION.verdict(id, layer, reference, known, valid);
        assert_eq!(found.outcome, *outcome, "{id} {layer:?} {reference} {valid}: {:?}", found.reasons);
    }
}

#[test]
fn obj_01_an_objection_halts_processing_until_grounds_are_found() {
    let of_marketing = [("OBJ-0001", "2024-01-20", "2024-01-20", NotApplicable)];
    check_demonstration("OBJ-01", Law, &of_marketing);
    let same = [
        ("O-HALTED", Pass),
        ("O-BRUSHED", Fail),
        ("O-WEIGHED", Pass),
        ("O-LIGHT", Fail),
        ("O-BLANK", Indeterminate),
        // Nobody answers: whatever it is about, it is answered (Art. 12(4)).
        ("O-ELSE", Fail),
        ("O-KIND", Fail),
        ("O-OPEN", Pass),
    ];
    check("OBJ-01", Law, &same);
    check("OBJ-01", Policy, &same);
    // Past the house term: the policy is not met, the law asks for attention until a fact says otherwise.
    check("OBJ-01", Law, &[("O-SLOW", Warn), ("O-NEVER", Fail), ("O-HALF", Fail)]);
    check("OBJ-01", Policy, &[("O-SLOW", Fail), ("O-NEVER", Fail), ("O-HALF", Fail)]);
    let on = |date| TOLD.outcome("OBJ-01", Policy, "O-NEVER", date, date);
    assert_eq!((on("2025-06-04"), on("2025-06-05")), (Pass, Fail));
}

#[test]
fn obj_02_a_justified_objection_stops_all_purposes() {
    check_demonstration("OBJ-02", Law, &[("OBJ-0001", "2024-01-20", "2024-01-20", NotApplicable)]);
    check("OBJ-02", Law, &[("O-HALTED", Pass), ("O-HALF", Warn), ("O-OPEN", Fail), ("O-NEVER", NotApplicable)]);
    let on = |date| TOLD.outcome("OBJ-02", Law, "O-HALTED", date, date);
    assert_eq!(on("2025-06-11"), Warn);
}

#[test]
fn obj_03_marketing_stops_for_good_and_the_demonstration_sends_all_the_same() {
    for layer in [Law, Policy] {
        let sent = [
            ("OBJ-0001", "2024-01-15", "2024-01-15", Pass),
            ("OBJ-0001", "2024-02-01", "2024-02-01", Pass),
            ("OBJ-0001", "2024-02-02", "2024-02-02", Fail),
            ("OBJ-0001", "2026-12-31", "2026-12-31", Fail),
            ("OBJ-0001", "2026-12-31", "2024-02-01", Pass),
        ];
        check_demonstration("OBJ-03", layer, &sent);
    }
    check("OBJ-03", Law, &[("M-LATE", Fail), ("M-SENT", Fail), ("M-DAY", Pass), ("M-ANEW", Pass), ("M-OLD", Fail)]);
    check(
        "OBJ-03",
        Policy,
        &[("M-LATE", Fail), ("M-SENT", Fail), ("M-DAY", Indeterminate), ("M-ANEW", Pass), ("M-OLD", Fail)],
    );
    check(
        "OBJ-03",
        Law,
        &[("M-FRAIL", Warn), ("M-PROFILE", Fail), ("O-KIND", Indeterminate), ("O-SLOW", NotApplicable)],
    );
    check("OBJ-03", Policy, &[("M-PROFILE", Pass)]);
}

#[test]
fn obj_03_fails_from_the_hour_of_the_sending() {
    let knowledge = Knowledge::Fixed(DEMONSTRATION.head());
    let stretches = DEMONSTRATION.stretches("OBJ-03", Law, "OBJ-0001", ("2024", "2025"), knowledge);
    let failing = stretches.iter().find(|stretch| stretch.verdict.outcome == Fail).unwrap();
    assert_eq!(&local(failing.interval.from)[..16], "2024-02-02 14:00");
}

#[test]
fn x13_a_complaint_about_retargeting_is_an_objection() {
    // The guideline was not adopted then; from its adoption on, once that is known, it asks what the law asked before.
    let complaint =
        [("CMP-0001", "2024-01-22", "2024-01-22", NotApplicable), ("CMP-0001", "2025-01-21", "2024-08-01", Pass)];
    check_demonstration("OBJ-04", Guideline, &complaint);
    check_demonstration("OBJ-04", Law, &[("CMP-0001", "2024-01-22", "2024-01-22", Pass)]);
    let objection = [
        ("OBJ-0001", "2024-12-31", "2024-12-31", NotApplicable),
        ("OBJ-0001", "2025-01-21", "2024-07-08", NotApplicable),
        ("OBJ-0001", "2025-01-21", "2024-07-09", Fail),
    ];
    check_demonstration("OBJ-04", Guideline, &objection);
    check(
        "OBJ-04",
        Guideline,
        &[("R-KIND", Pass), ("M-SENT", NotApplicable), ("C-MAPPED", Pass), ("C-FILED", Fail), ("C-DM", NotApplicable)],
    );
    check("OBJ-04", Law, &[("C-MAPPED", Pass), ("C-FILED", Fail), ("C-DM", Fail), ("C-IMAGE", NotApplicable)]);
}

#[test]
fn x12_the_guideline_accepts_explicit_consent_alone() {
    check("OBJ-05", Law, &[("A-CONTRACT", Pass), ("A-CONSENT", Pass), ("A-LAW", Pass)]);
    check("OBJ-05", Policy, &[("A-CONTRACT", Pass), ("A-CONSENT", Pass), ("A-LAW", Pass)]);
    check("OBJ-05", Guideline, &[("A-CONTRACT", Fail), ("A-CONSENT", Pass), ("A-LAW", Fail)]);
}

#[test]
fn obj_05_automated_decisions_have_a_ground() {
    let none = [
        ("ACT-004", "2024-02-05", "2024-02-05", NotApplicable),
        ("ACT-005", "2025-06-30", "2025-06-30", NotApplicable),
    ];
    check_demonstration("OBJ-05", Law, &none);
    for layer in [Law, Policy, Guideline] {
        check(
            "OBJ-05",
            layer,
            &[("A-BARE", Fail), ("A-TOLD", Fail), ("A-TASK", NotApplicable), ("A-DESK", NotApplicable)],
        );
    }
    // The statute has to be in force.
    let before = TOLD.outcome("OBJ-05", Law, "A-LAW", "2025-05-02", "2025-05-04");
    assert_eq!(before, NotApplicable);
}

#[test]
fn obj_06_safeguards_are_there_and_a_human_reviews() {
    check(
        "OBJ-06",
        Law,
        &[("A-CONTRACT", Pass), ("A-CONSENT", Fail), ("A-LAW", Warn), ("A-BARE", Fail), ("A-TASK", NotApplicable)],
    );
    check("OBJ-06", Policy, &[("A-CONTRACT", Pass), ("A-CONSENT", Fail), ("A-LAW", Fail)]);
    check(
        "OBJ-06",
        Law,
        &[("H-DONE", Pass), ("H-EDGE", Pass), ("H-SHAM", Fail), ("H-NONE", Fail), ("O-NEVER", NotApplicable)],
    );
    check("OBJ-06", Policy, &[("H-DONE", Pass), ("H-EDGE", Fail), ("H-SHAM", Fail), ("H-NONE", Fail)]);
    check_demonstration("OBJ-06", Law, &[("OBJ-0001", "2024-02-05", "2024-02-05", NotApplicable)]);
}

#[test]
fn obj_07_minors_are_spared() {
    check(
        "OBJ-07",
        Policy,
        &[("A-LAW", Fail), ("A-CONTRACT", Pass), ("A-BARE", Indeterminate), ("A-TASK", NotApplicable)],
    );
    check("OBJ-07", Law, &[("A-LAW", Warn), ("A-CONTRACT", Pass)]);
}

#[test]
fn obj_08_the_right_to_object_is_told_apart() {
    check_demonstration(
        "OBJ-08",
        Law,
        &[("NOT-003", "2024-02-05", "2024-02-05", Pass), ("NOT-004", "2024-02-05", "2024-02-05", Pass)],
    );
    check_demonstration("OBJ-08", Law, &[("NOT-001", "2019-02-05", "2019-02-05", NotApplicable)]);
    check("OBJ-08", Law, &[("N-APART", Pass), ("N-BURIED", Fail), ("N-UNSAID", Fail), ("N-OTHER", NotApplicable)]);
}

#[test]
fn obj_09_consent_to_decisions_can_be_withdrawn() {
    for layer in [Law, Policy] {
        check(
            "OBJ-09",
            layer,
            &[("A-CONSENT", Pass), ("A-SHUT", Fail), ("A-CONTRACT", NotApplicable), ("A-TASK", NotApplicable)],
        );
    }
}
