use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{Guideline, Law, Policy, Supervisor};
use crate::family::rule_set::Outcome::{Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History};
use crate::rule::processor::tests::{ask, begins, course, tell};

fn arrangement(stream: &str, day: &str, fact: &str, data: Value) -> Value {
    tell(stream, day, "jointControllerArrangement", fact, data)
}

/// An activity on a platform, running since a day.
fn running(stream: &str, day: &str, entry: Value) -> [Value; 2] {
    let mut entry = entry;
    entry["version"] = json!(1);
    [tell(stream, day, "activity", "established", entry), tell(stream, day, "activity", "started", json!({}))]
}

static TOLD: LazyLock<History> = LazyLock::new(|| {
    let mut facts = Vec::new();
    // Only likes and follows, which were found not to concern persons; yet there is a page.
    facts.extend(running("ACT-910", "2022-01-10", json!({ "kind": "ANALYSIS", "operations": ["likes"] })));
    facts.push(tell(
        "ACT-910",
        "2022-01-11",
        "activity",
        "scopeDeterminationRecorded",
        json!({ "kind": "ANALYSIS", "outcome": "AGGREGATED_ONLY" }),
    ));
    facts.push(tell(
        "ACC-910",
        "2022-02-01",
        "account",
        "opened",
        json!({ "platform": "platform-b", "kind": "BRAND", "activities": ["@ACT-910"] }),
    ));
    // Found joint for one operation only.
    facts.extend(running(
        "ACT-911",
        "2022-01-10",
        json!({ "platforms": ["platform-x"], "operations": ["upload", "insight"] }),
    ));
    facts.extend([
        tell("PLT-X", "2022-01-10", "platform", "registered", json!({ "platform": "platform-x", "controllerEntity": "company-x" })),
        arrangement("JCA-911", "2022-02-01", "assessed", json!({ "activities": ["@ACT-911"], "platforms": ["platform-x"], "operations": ["upload", "insight"] })),
        arrangement("JCA-911", "2022-03-01", "assessed", json!({
            "activities": ["@ACT-911"], "platforms": ["platform-x"], "operations": ["upload", "insight"], "outcome": "SEPARATE",
            "influence": { "met": true }, "benefit": { "met": true },
            "findings": [{ "operation": "insight", "outcome": "JOINT" }],
        })),
        arrangement("JCA-912", "2022-04-01", "agreed", json!({
            "activities": ["@ACT-911"], "party": "company-x", "operations": ["upload"], "to": "2023-01-01",
            "responsibilities": [
                { "topic": "ACCESS", "responsible": "BOTH" }, { "topic": "OBJECTION", "responsible": "BOTH" },
                { "topic": "BREACH", "responsible": "BOTH" }, { "topic": "INFORM", "responsible": "BOTH" },
            ],
        })),
        arrangement("JCA-912", "2022-05-01", "amended", json!({ "operations": ["upload", "insight"] })),
        arrangement("JCA-912", "2022-06-01", "amended", json!({ "responsibilities": [
            { "topic": "ACCESS", "responsible": "BOTH" }, { "topic": "OBJECTION", "responsible": "BOTH" },
            { "topic": "BREACH", "responsible": "BOTH" }, { "topic": "INFORM", "responsible": "BOTH" },
            { "topic": "ERASURE", "responsible": "OTHER_PARTY" },
        ] })),
        tell("ACT-911", "2023-02-01", "activity", "suspended", json!({ "reason": "no arrangement" })),
    ]);
    // Named joint by the register, and nobody looked at it.
    facts.extend(running("ACT-913", "2024-07-01", json!({ "jointControllers": ["partner-y"] })));
    facts.extend([
        arrangement(
            "JCA-913",
            "2024-07-01",
            "agreed",
            json!({
                "activities": ["@ACT-913"], "party": "partner-y",
                "responsibilities": [{ "topic": "ERASURE", "responsible": "BOTH" }],
                "retention": [{ "object": "VIDEO", "term": "P1Y", "responsible": "BOTH" }, { "object": "COMMENT" }],
            }),
        ),
        arrangement(
            "JCA-914",
            "2024-07-01",
            "assessed",
            json!({ "outcome": "SEPARATE", "influence": { "met": true } }),
        ),
        arrangement(
            "JCA-914",
            "2024-08-01",
            "assessed",
            json!({ "outcome": "SEPARATE", "influence": { "met": true }, "benefit": { "met": true } }),
        ),
        arrangement(
            "JCA-914",
            "2024-09-01",
            "assessed",
            json!({ "outcome": "JOINT", "influence": { "met": true }, "benefit": { "met": true } }),
        ),
    ]);
    facts.sort_by_key(|fact| fact["recorded"].as_str().unwrap().to_owned());
    History::and(&Value::Array(facts))
});

#[test]
fn jnt_01_every_platform_is_assessed() {
    let expected = begins(&[
        ("2016-01-01", NotApplicable),
        ("2018-09-03", Fail),
        ("2024-07-01", Pass),
        // Two years by the house term.
        ("2026-07-02", Warn),
    ]);
    assert_eq!(course(&DEMONSTRATION, "JNT-01", Law, "ACT-002"), expected);
    assert_eq!(ask(&DEMONSTRATION, "JNT-01", Policy, "ACT-002", "2026-07-01"), Pass);
    assert_eq!(ask(&DEMONSTRATION, "JNT-01", Policy, "ACT-002", "2026-07-02"), Fail);
    // The judgment was noted only in October; the duty is that of the regulation.
    assert_eq!(DEMONSTRATION.outcome("JNT-01", Law, "ACT-002", "2018-09-10", "2018-09-10"), Fail);
    assert_eq!(ask(&DEMONSTRATION, "JNT-01", Law, "ACT-001", "2024-07-01"), NotApplicable);
    let told = |valid| ask(&TOLD, "JNT-01", Law, "ACT-911", valid);
    assert_eq!((told("2022-01-15"), told("2022-02-15"), told("2022-03-15")), (Fail, Indeterminate, Pass));
}

#[test]
fn x11_likes_and_follows_make_the_keeper_of_a_page_a_joint_controller_all_the_same() {
    let at = |layer| ask(&TOLD, "JNT-01", layer, "ACT-910", "2024-08-01");
    assert_eq!((at(Guideline), at(Law)), (NotApplicable, Fail));
    // Before the page was opened there was none to assess.
    assert_eq!(ask(&TOLD, "JNT-01", Law, "ACT-910", "2022-01-15"), NotApplicable);
    let demonstration = |layer| ask(&DEMONSTRATION, "JNT-01", layer, "ACT-002", "2024-07-10");
    assert_eq!((demonstration(Guideline), demonstration(Law)), (NotApplicable, Pass));
}

#[test]
fn jnt_02_both_criteria_are_answered() {
    let ask = |reference, valid| ask(&TOLD, "JNT-02", Supervisor, reference, valid);
    assert_eq!(
        (ask("JCA-914", "2024-07-10"), ask("JCA-914", "2024-08-10"), ask("JCA-914", "2024-09-10")),
        (Fail, Warn, Pass)
    );
    assert_eq!((ask("JCA-001", "2024-07-10"), ask("JCA-003", "2024-08-10")), (Pass, NotApplicable));
}

#[test]
fn jnt_03_joint_control_needs_an_arrangement_or_a_halt() {
    let expected = begins(&[
        ("2016-01-01", NotApplicable),
        // Found joint with both; with platform-b arranged on 15 July, of platform-a the use halted on 23 August.
        ("2024-07-01", Fail),
        ("2024-08-23", Pass),
    ]);
    assert_eq!(course(&DEMONSTRATION, "JNT-03", Law, "ACT-002"), expected);
    let reasons = DEMONSTRATION.verdict("JNT-03", Law, "ACT-002", "2024-08-21", "2024-08-21").reasons;
    assert!(
        reasons.iter().any(|reason| reason.text.en == "platform-a refused an arrangement on 2024-08-20"),
        "{reasons:?}"
    );
    let expected = begins(&[
        ("2016-01-01", NotApplicable),
        ("2022-03-01", Fail),
        ("2022-04-01", Pass),
        ("2023-01-01", Fail),
        ("2023-02-01", NotApplicable),
    ]);
    assert_eq!(course(&TOLD, "JNT-03", Law, "ACT-911"), expected);
    assert_eq!(ask(&TOLD, "JNT-03", Law, "ACT-913", "2024-07-02"), Pass);
}

#[test]
fn jnt_04_each_operation_is_covered() {
    let demonstration = |valid| ask(&DEMONSTRATION, "JNT-04", Law, "ACT-002", valid);
    assert_eq!(
        (demonstration("2024-06-30"), demonstration("2024-08-22"), demonstration("2024-08-23")),
        (NotApplicable, Fail, Pass)
    );
    // Only what was found joint has to be arranged.
    let told = |valid| ask(&TOLD, "JNT-04", Law, "ACT-911", valid);
    assert_eq!((told("2022-03-15"), told("2022-04-15"), told("2022-05-15")), (Fail, Fail, Pass));
    // Nobody named the operations.
    assert_eq!(ask(&TOLD, "JNT-04", Law, "ACT-913", "2024-07-02"), Fail);
}

#[test]
fn jnt_05_and_06_terms_and_owners_are_settled() {
    let jnt_05 = |reference, valid| ask(&TOLD, "JNT-05", Supervisor, reference, valid);
    assert_eq!(
        (jnt_05("JCA-002", "2024-07-15"), jnt_05("JCA-913", "2024-07-15"), jnt_05("JCA-003", "2024-08-21")),
        (Pass, Fail, NotApplicable)
    );
    let jnt_06 = |layer, reference, valid| ask(&TOLD, "JNT-06", layer, reference, valid);
    assert_eq!((jnt_06(Law, "JCA-002", "2024-07-15"), jnt_06(Supervisor, "JCA-002", "2024-07-15")), (Pass, Pass));
    assert_eq!((jnt_06(Law, "JCA-912", "2022-04-15"), jnt_06(Law, "JCA-912", "2022-06-15")), (Fail, Pass));
    assert_eq!((jnt_06(Law, "JCA-913", "2024-07-15"), jnt_06(Supervisor, "JCA-913", "2024-07-15")), (Fail, Fail));
    assert_eq!(jnt_06(Law, "JCA-912", "2023-01-01"), NotApplicable);
}

#[test]
fn x18_where_the_guidelines_are_silent_the_law_is_not() {
    for id in ["JNT-03", "JNT-04", "JNT-06", "DPI-01", "DPI-02", "DPI-03", "DPI-04", "DPI-07"] {
        let checks = crate::rule::catalogue::rule(id).unwrap().checks;
        assert!(
            checks.iter().all(|check| check.layer != Guideline) && checks.iter().any(|check| check.layer == Law),
            "{id}"
        );
    }
    // Retargeting, which the guidelines allow for with a banner: nobody screened it.
    assert_eq!(ask(&DEMONSTRATION, "DPI-01", Law, "ACT-004", "2024-12-01"), Fail);
}

#[test]
fn x19_the_advice_speaks_from_the_day_it_was_published() {
    let told = |id, reference, valid| ask(&TOLD, id, Supervisor, reference, valid);
    for (id, reference) in [("PLT-05", "PLT-A"), ("PLT-05", "PLT-C")] {
        assert_eq!(
            (told(id, reference, "2024-06-12"), told(id, reference, "2024-06-13")),
            (NotApplicable, Fail),
            "{id}"
        );
    }
    // The same arrangement on both days.
    let history = History::and(&json!([
        arrangement("JCA-920", "2023-01-01", "assessed", json!({ "outcome": "JOINT", "platforms": ["platform-b"] })),
        arrangement("JCA-920", "2023-01-02", "agreed", json!({ "platforms": ["platform-b"] })),
    ]));
    for (id, reference, then) in [
        ("JNT-02", "JCA-920", Fail),
        ("JNT-05", "JCA-920", Fail),
        ("JNT-06", "JCA-920", Fail),
        ("PLT-09", "PLT-B", Pass),
    ] {
        let at = |valid| ask(&history, id, Supervisor, reference, valid);
        assert_eq!((at("2024-06-12"), at("2024-06-13")), (NotApplicable, then), "{id}");
    }
}
