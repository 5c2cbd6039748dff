//! The rules on the register, on the demonstration and on entries told for them.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{self, Guideline, Law, Policy};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History, fact_of_day, holds, recorded_fact, with};

/// A rule in a layer, a stream, the end of the day on which it is known and in force, and what it comes to.
type Case = (&'static str, Layer, &'static str, &'static str, Outcome);

fn check(history: &History, cases: &[Case]) {
    for (id, layer, subject, day, expected) in cases {
        holds(history, (id, *layer), subject, (day, day), *expected);
    }
}

const MANAGER: (&str, &str) = ("staff-im-01", "INFORMATION_MANAGER");

/// A fact recorded on another day than the one from which it holds.
fn fact(stream: &str, recorded: &str, effective: &str, event: &Value) -> Value {
    recorded_fact(stream, &format!("{recorded}T10:00:00.000000Z"), effective, MANAGER, event)
}

/// A fact of a day, recorded on it.
fn on(day: &str, stream: &str, family: &str, name: &str, data: Value) -> Value {
    fact_of_day(day, stream, MANAGER, family, name, data)
}

/// A version of an entry in which everything is in order, with something else in some places.
fn entry(other: Value) -> Value {
    let teach = json!({ "code": "teach", "text": { "en": "teaching" }, "basis": "CONSENT" });
    let mut entry = json!({
        "version": 1, "purposes": [teach], "subjectCategories": ["STUDENT"], "dataCategories": [{ "code": "NAME" }],
        "operations": ["RECORD"], "platforms": [], "recipients": [], "transfers": [], "retention": [{ "category": "NAME", "term": "P1Y" }],
        "security": { "class": "CONFIDENTIAL", "measures": [] }, "automation": "PARTLY_AUTOMATED", "systems": [],
        "controller": "demo-university", "jointControllers": [], "processors": [], "dpoContact": "the officer"
    });
    entry = with(entry, &other);
    entry
}

/// An activity established on 7 January 2019 and started a week later.
fn activity(stream: &str, other: Value) -> Vec<Value> {
    vec![
        on("2019-01-07", stream, "activity", "established", entry(other)),
        on("2019-01-14", stream, "activity", "started", json!({})),
    ]
}

fn amended(day: &str, stream: &str, version: u32, other: Value) -> Value {
    let mut data = json!({ "version": version, "pushedTo": [] });
    data = with(data, &other);
    on(day, stream, "activity", "amended", data)
}

fn assessed(day: &str, stream: &str, outcome: &str) -> Value {
    on(day, stream, "activity", "lawfulnessAssessed", json!({ "outcome": outcome, "conditions": [] }))
}

/// The streams of these tests, among the demonstration's.
static TOLD: LazyLock<History> = LazyLock::new(|| {
    let mut facts = activity("ACT-GOOD", json!({}));
    facts.extend([
        on("2019-01-04", "ACT-GOOD", "activity", "notifiedToDpo", json!({})),
        assessed("2019-01-04", "ACT-GOOD", "LAWFUL"),
        amended("2019-02-04", "ACT-GOOD", 2, json!({ "operations": ["RECORD", "READ"] })),
        amended("2019-03-04", "ACT-GOOD", 3, json!({ "recipients": ["ministry"] })),
        assessed("2019-04-01", "ACT-GOOD", "LAWFUL"),
        amended("2019-05-06", "ACT-GOOD", 4, json!({ "recipients": [] })),
        on("2019-06-03", "ACT-GOOD", "activity", "ceased", json!({})),
    ]);
    facts.extend(activity(
        "ACT-BARE",
        json!({ "retention": [], "security": null, "recipients": ["ministry"], "processors": ["vendor-n"] }),
    ));
    facts.extend([
        on("2019-02-04", "ACT-BARE", "activity", "notifiedToDpo", json!({})),
        assessed("2019-01-04", "ACT-BARE", "UNLAWFUL"),
    ]);
    facts.extend(activity("ACT-PAPER", json!({ "automation": "MANUAL_FILED" })));
    // Established on a day of which the month is known only, and never established.
    facts.push(fact("ACT-MONTH", "2019-01-14", "2019-01", &json!({ "activity": { "established": entry(json!({})) } })));
    facts.push(on("2019-01-14", "ACT-NEVER", "activity", "started", json!({})));
    facts.extend(activity("ACT-BOARD", json!({ "controller": "executive-board" })));
    facts.extend(references());
    facts.extend(contracts());
    facts.extend(requests());
    facts.extend(platforms());
    History::and(&json!(facts))
});

/// What refers to activities.
fn references() -> Vec<Value> {
    let account = |stream, activities: Value| {
        let data = json!({ "platform": "platform-a", "activities": activities });
        on("2019-02-04", stream, "account", "opened", data)
    };
    let agreement = |stream, activities: Value, to: &str| {
        let data = json!({ "party": "vendor-x", "activities": activities, "to": to });
        on("2019-02-04", stream, "agreement", "executed", data)
    };
    vec![
        account("ACC-GOOD", json!(["@ACT-GOOD"])),
        account("ACC-NEVER", json!(["@ACT-NEVER"])),
        account("ACC-AHEAD", json!(["@ACT-AHEAD"])),
        account("ACC-NONE", json!([])),
        agreement("PRA-AHEAD", json!(["@ACT-AHEAD"]), "2019-06-30"),
        on("2019-03-04", "ACT-AHEAD", "activity", "drafted", json!({})),
        on("2019-04-01", "ACT-AHEAD", "activity", "established", entry(json!({}))),
        on("2019-05-06", "ACT-AHEAD", "activity", "declaredObsolete", json!({})),
    ]
}

/// An arrangement that the entry does not name at first, and a transfer.
fn contracts() -> Vec<Value> {
    let agreed = json!({ "activities": ["@ACT-JOINT"], "party": "partner-x", "platforms": [], "operations": [], "responsibilities": [], "retention": [] });
    let ground =
        json!({ "activity": "@ACT-JOINT", "importer": "vendor-y", "country": "US", "ground": { "kind": "BCR" } });
    let listed = json!({ "transfers": [{ "recipient": "vendor-y", "country": "US" }] });
    let mut facts = activity("ACT-JOINT", json!({}));
    facts.extend([
        on("2019-01-04", "PTY-X", "party", "registered", json!({ "party": "partner-x" })),
        on("2019-02-04", "JCA-X", "jointControllerArrangement", "agreed", agreed),
        amended("2019-03-04", "ACT-JOINT", 2, json!({ "jointControllers": ["partner-x"] })),
        on("2019-04-01", "TRG-Y", "transferGround", "groundEstablished", ground),
        amended("2019-05-06", "ACT-JOINT", 3, listed),
        on("2019-06-03", "TRG-Y", "transferGround", "ceased", json!({})),
    ]);
    facts
}

/// Requests of the authority.
fn requests() -> Vec<Value> {
    let asked = |stream, data: Value| {
        let mut request = json!({ "grounds": [], "activities": [], "platforms": [], "units": [], "subjects": [] });
        request = with(request, &data);
        on("2019-02-04", stream, "authorityContact", "requestReceived", request)
    };
    let answered = |day, stream, data: Value| on(day, stream, "authorityContact", "requestAnswered", data);
    let dossier = json!({ "dossier": { "formats": [], "counts": [], "cutoffs": [] } });
    vec![
        asked("AUT-TERM", json!({ "term": "P2W" })),
        on("2019-02-11", "AUT-TERM", "authorityContact", "termExtended", json!({ "term": "P1W" })),
        answered("2019-02-25", "AUT-TERM", dossier.clone()),
        asked("AUT-LATE", json!({ "due": "2019-02-18" })),
        answered("2019-02-15", "AUT-LATE", json!({ "complete": false })),
        answered("2019-02-19", "AUT-LATE", dossier),
        asked("AUT-PLAIN", json!({})),
        answered("2019-02-19", "AUT-PLAIN", json!({})),
        on("2019-02-04", "AUT-CALL", "authorityContact", "contactLogged", json!({ "activities": [] })),
    ]
}

/// Accounts on a platform that nobody registered, and on one that the board did not decide about.
fn platforms() -> Vec<Value> {
    let opened = |stream, platform: &str| {
        on("2025-02-03", stream, "account", "opened", json!({ "platform": platform, "activities": [] }))
    };
    let published =
        json!({ "platforms": ["website"], "accounts": [], "categories": [], "persons": [], "locations": [] });
    let kind = |stream, day, data: Value| on(day, stream, "activity", "scopeDeterminationRecorded", data);
    let none = |kind: &str| json!({ "kind": kind, "outcome": "NOT_ENGAGED" });
    vec![
        opened("ACC-X", "platform-x"),
        opened("ACC-Y", "platform-y"),
        on("2025-02-03", "PLT-Y", "platform", "registered", json!({ "platform": "platform-y", "thirdCountries": [] })),
        on("2025-02-03", "PUB-SITE", "publication", "contentPublished", published),
        kind("ACT-KIND-1", "2025-04-07", none("ANALYSIS")),
        kind("ACT-KIND-2", "2025-05-12", none("MESSAGING")),
    ]
}

#[test]
fn what_refers_to_an_activity_leads_into_the_register() {
    check(
        &DEMONSTRATION,
        &[
            ("REG-01", Law, "CTX-001", "2018-09-03", Pass),
            ("REG-01", Law, "BNR-002", "2023-11-06", Pass),
            ("REG-01", Law, "LIA-003", "2025-03-20", NotApplicable),
            ("REG-01", Law, "LIA-003", "2025-03-25", Warn),
            ("REG-01", Law, "LIA-003", "2025-03-31", Pass),
            ("REG-01", Law, "PRA-001", "2018-07-02", Pass),
            ("REG-01", Law, "JCA-002", "2024-07-15", Pass),
            ("REG-01", Law, "JCA-003", "2024-09-01", NotApplicable),
            ("REG-01", Law, "ACC-M-01", "2023-01-01", Warn),
            ("REG-01", Law, "ACC-C-01", "2025-06-16", NotApplicable),
            ("REG-01", Law, "PUB-0003", "2022-10-10", Pass),
            ("REG-01", Law, "BRE-0001", "2022-03-07", Pass),
            ("REG-01", Law, "BRE-0002", "2023-02-17", Warn),
        ],
    );
    check(
        &TOLD,
        &[
            ("REG-01", Law, "ACC-GOOD", "2019-02-04", Pass),
            ("REG-01", Law, "ACC-NEVER", "2019-02-04", Fail),
            ("REG-01", Law, "ACC-NONE", "2019-02-04", Warn),
            ("REG-01", Law, "ACC-AHEAD", "2019-02-04", Fail),
            ("REG-01", Law, "ACC-AHEAD", "2019-03-04", Fail),
            ("REG-01", Law, "PRA-AHEAD", "2019-02-04", Fail),
            ("REG-01", Law, "PRA-AHEAD", "2019-03-04", Warn),
            ("REG-01", Law, "PRA-AHEAD", "2019-04-01", Pass),
            ("REG-01", Law, "PRA-AHEAD", "2019-05-06", Fail),
            ("REG-01", Law, "PRA-AHEAD", "2019-06-30", Fail),
            ("REG-01", Law, "PRA-AHEAD", "2019-07-01", NotApplicable),
        ],
    );
}

#[test]
fn an_entry_has_what_article_30_asks() {
    check(
        &DEMONSTRATION,
        &[
            ("REG-02", Law, "ACT-005", "2025-03-30", NotApplicable),
            ("REG-02", Law, "ACT-005", "2025-03-31", Pass),
            ("REG-02", Law, "ACT-002", "2024-09-01", Fail),
            ("REG-02", Guideline, "ACT-002", "2025-02-01", Fail),
            ("REG-02", Guideline, "ACT-005", "2025-03-31", Pass),
            ("REG-02", Guideline, "ACT-001", "2025-02-01", NotApplicable),
        ],
    );
    check(
        &TOLD,
        &[
            ("REG-02", Law, "ACT-GOOD", "2019-02-01", Pass),
            ("REG-02", Law, "ACT-GOOD", "2019-06-03", NotApplicable),
            ("REG-02", Law, "ACT-BARE", "2019-02-01", Fail),
            ("REG-02", Law, "ACT-NEVER", "2019-02-01", Fail),
            ("REG-02", Law, "ACT-JOINT", "2019-02-01", Pass),
            // An arrangement binds, and no recipient is named.
            ("REG-02", Law, "ACT-JOINT", "2019-02-04", Fail),
            ("REG-02", Law, "ACT-JOINT", "2019-03-04", Pass),
            ("REG-02", Law, "ACT-JOINT", "2019-04-01", Fail),
            ("REG-02", Law, "ACT-JOINT", "2019-05-06", Pass),
        ],
    );
}

#[test]
fn the_officer_is_told_and_assesses() {
    check(
        &DEMONSTRATION,
        &[
            ("REG-03", Policy, "ACT-000", "2018-06-10", Fail),
            ("REG-03", Policy, "ACT-000", "2018-06-11", Pass),
            ("REG-03", Policy, "ACT-001", "2018-07-02", Pass),
            ("REG-04", Policy, "ACT-000", "2018-06-11", Pass),
            ("REG-04", Policy, "ACT-002", "2024-08-25", Pass),
            ("REG-04", Policy, "ACT-002", "2024-08-26", Fail),
        ],
    );
    check(
        &TOLD,
        &[
            ("REG-03", Policy, "ACT-BARE", "2019-02-01", Fail),
            ("REG-03", Policy, "ACT-BARE", "2019-02-04", Warn),
            ("REG-03", Policy, "ACT-PAPER", "2019-02-04", NotApplicable),
            ("REG-04", Policy, "ACT-BARE", "2019-02-01", Warn),
            ("REG-04", Policy, "ACT-GOOD", "2019-02-04", Pass),
            ("REG-04", Policy, "ACT-GOOD", "2019-03-04", Fail),
            ("REG-04", Policy, "ACT-NEVER", "2019-03-04", Fail),
        ],
    );
}

#[test]
fn versions_count_on() {
    check(&DEMONSTRATION, &[("REG-05", Policy, "ACT-002", "2024-09-01", Pass)]);
    check(
        &TOLD,
        &[
            ("REG-05", Policy, "ACT-GOOD", "2019-05-06", Pass),
            ("REG-05", Policy, "ACT-MONTH", "2019-01-20", Indeterminate),
            ("REG-05", Policy, "ACT-MONTH", "2019-02-01", Pass),
            ("REG-05", Policy, "ACT-NEVER", "2019-02-01", Fail),
        ],
    );
    // The first version is told again, dated back: then two facts say what the first version is.
    let again =
        fact("ACT-FORK", "2019-04-01", "2019-02-04", &json!({ "activity": { "established": entry(json!({})) } }));
    let told = [on("2019-03-04", "ACT-FORK", "activity", "established", entry(json!({}))), again];
    let history = History::and(&json!(told));
    check(
        &history,
        &[("REG-05", Policy, "ACT-FORK", "2019-03-04", Pass), ("REG-05", Policy, "ACT-FORK", "2019-04-01", Fail)],
    );
}

#[test]
fn joint_controllers_are_those_with_an_arrangement() {
    check(
        &TOLD,
        &[
            ("REG-06", Law, "ACT-GOOD", "2019-02-01", Pass),
            ("REG-06", Policy, "ACT-GOOD", "2019-02-01", Pass),
            ("REG-06", Law, "ACT-JOINT", "2019-02-01", Pass),
            ("REG-06", Law, "ACT-JOINT", "2019-02-04", Fail),
            ("REG-06", Policy, "ACT-JOINT", "2019-02-04", Pass),
            ("REG-06", Law, "ACT-JOINT", "2019-03-04", Pass),
        ],
    );
    check(
        &DEMONSTRATION,
        &[("REG-06", Law, "ACT-002", "2024-08-01", Fail), ("REG-06", Law, "ACT-005", "2025-04-01", Fail)],
    );
}

#[test]
fn x28_the_board_that_the_policy_designates_is_not_the_controller_of_the_law() {
    check(
        &TOLD,
        &[("REG-06", Policy, "ACT-BOARD", "2019-02-01", Pass), ("REG-06", Law, "ACT-BOARD", "2019-02-01", Warn)],
    );
}

#[test]
fn recipients_and_periods_match_what_is_recorded_of_them() {
    check(
        &DEMONSTRATION,
        &[
            ("REG-07", Law, "ACT-003", "2023-09-04", Pass),
            ("REG-07", Law, "ACT-002", "2024-09-01", NotApplicable),
            ("REG-07", Law, "ACT-001", "2019-01-01", Fail),
            ("REG-07", Law, "ACT-001", "2020-08-10", Pass),
            ("REG-08", Law, "ACT-001", "2019-01-01", Pass),
            ("REG-08", Law, "ACT-005", "2025-04-01", Pass),
            ("REG-08", Law, "ACT-000", "2019-01-01", Fail),
            ("REG-08", Law, "ACT-002", "2019-01-01", Fail),
        ],
    );
    check(
        &TOLD,
        &[
            ("REG-07", Law, "ACT-BARE", "2019-02-01", Fail),
            ("REG-07", Law, "ACT-JOINT", "2019-03-04", NotApplicable),
            ("REG-07", Law, "ACT-JOINT", "2019-04-01", Fail),
            ("REG-07", Law, "ACT-JOINT", "2019-05-06", Pass),
            ("REG-07", Law, "ACT-JOINT", "2019-06-03", Fail),
            ("REG-08", Law, "ACT-GOOD", "2019-02-01", Pass),
        ],
    );
}

#[test]
fn a_request_of_the_authority_is_answered_in_its_term() {
    check(
        &DEMONSTRATION,
        &[("REG-09", Law, "AUT-2026-01", "2026-05-11", Pass), ("REG-09", Law, "AUT-2026-01", "2026-06-01", Pass)],
    );
    check(
        &TOLD,
        &[
            ("REG-09", Law, "AUT-TERM", "2019-02-20", Pass),
            ("REG-09", Law, "AUT-TERM", "2019-02-25", Pass),
            ("REG-09", Law, "AUT-LATE", "2019-02-18", Pass),
            ("REG-09", Law, "AUT-LATE", "2019-02-19", Fail),
            ("REG-09", Law, "AUT-PLAIN", "2019-02-18", Warn),
            ("REG-09", Law, "AUT-PLAIN", "2019-02-19", Warn),
            ("REG-09", Law, "AUT-CALL", "2019-02-19", NotApplicable),
        ],
    );
    let open = TOLD.verdict("REG-09", Law, "AUT-LATE", "2019-02-10", "2019-02-10");
    assert!(open.until.is_some() && open.deadlines.len() == 1, "{open:?}");
    // As known on the tenth, nothing was answered when the term ended.
    let unanswered = TOLD.verdict("REG-09", Law, "AUT-LATE", "2019-02-10", "2019-02-19");
    assert_eq!(unanswered.outcome, Fail);
}

#[test]
fn platforms_in_use_are_known_and_decided_about() {
    check(
        &DEMONSTRATION,
        &[
            ("REG-10", Guideline, "ACC-B-01", "2025-02-01", Pass),
            ("REG-10", Guideline, "ACC-B-01", "2024-12-31", NotApplicable),
            ("REG-10", Guideline, "ACC-A-01", "2025-02-01", Warn),
            ("REG-10", Guideline, "ACC-C-01", "2025-06-16", NotApplicable),
            ("REG-10", Guideline, "PUB-0003", "2025-02-01", Warn),
            ("REG-10", Guideline, "PUB-0002", "2025-02-01", NotApplicable),
        ],
    );
    check(
        &TOLD,
        &[
            ("REG-10", Guideline, "ACC-X", "2025-02-03", Fail),
            ("REG-10", Guideline, "ACC-Y", "2025-02-03", Fail),
            ("REG-10", Guideline, "PUB-SITE", "2025-02-03", NotApplicable),
        ],
    );
    // As known since, the guideline held from 9 July 2024, and the platform was allowed until August.
    assert_eq!(DEMONSTRATION.outcome("REG-10", Guideline, "ACC-A-01", "2025-02-01", "2024-08-01"), Pass);
}

#[test]
fn what_is_done_for_others_and_each_kind_of_use_is_registered() {
    check(
        &DEMONSTRATION,
        &[
            ("REG-11", Law, "PRO-001", "2022-05-02", Fail),
            ("REG-12", Guideline, "institution", "2024-12-31", NotApplicable),
            ("REG-12", Guideline, "institution", "2025-06-01", Fail),
        ],
    );
    check(
        &TOLD,
        &[
            // Nobody analyses and nobody sends messages, as is recorded one after the other; the other four have an entry.
            ("REG-12", Guideline, "institution", "2025-05-11", Fail),
            ("REG-12", Guideline, "institution", "2025-05-12", Pass),
        ],
    );
    let complete = History::and(&json!([on(
        "2022-06-01",
        "PRO-X",
        "processorActivity",
        "established",
        json!({
            "version": 1, "controller": "partner-u", "controllerContact": "a desk", "processor": "demo-university", "dpoContact": "the officer",
            "processingCategories": ["HOSTING"], "transfers": [], "securityClass": "CONFIDENTIAL", "securityMeasures": [],
            "subProcessors": [], "systems": []
        })
    )]));
    check(&complete, &[("REG-11", Law, "PRO-X", "2022-06-01", Pass)]);
}
