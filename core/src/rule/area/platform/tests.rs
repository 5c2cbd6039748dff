use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{Guideline, Policy, Supervisor};
use crate::family::rule_set::Outcome::{Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History};
use crate::rule::processor::tests::{ask, begins, course, tell};

fn board(stream: &str, day: &str, fact: &str, data: Value) -> Value {
    tell(stream, day, "boardDecision", fact, data)
}

fn platform(code: &str, day: &str, fact: &str, data: Value) -> Value {
    tell(&format!("PLT-{code}"), day, "platform", fact, data)
}

fn opened(code: &str, day: &str, mode: &str) -> Value {
    tell(&format!("ACC-{code}"), day, "account", "opened", json!({ "platform": code, "kind": "BRAND", "mode": mode }))
}

fn activity(number: u32, basis: Value) -> [Value; 2] {
    let stream = format!("ACT-{number}");
    let mut purpose = json!({ "code": "p" });
    purpose.as_object_mut().unwrap().extend(basis.as_object().unwrap().clone());
    [
        tell(&stream, "2024-06-20", "activity", "established", json!({ "version": 1, "purposes": [purpose] })),
        tell(&stream, "2024-06-21", "activity", "started", json!({})),
    ]
}

fn mandated(code: &str, day: &str, mandatory: bool, activity: Option<u32>) -> Value {
    let activities: Vec<String> = activity.iter().map(|number| format!("@ACT-{number}")).collect();
    platform(
        code,
        day,
        "useMandated",
        json!({ "mandatory": mandatory, "forWhom": ["STAFF"], "activities": activities }),
    )
}

static TOLD: LazyLock<History> = LazyLock::new(|| {
    let document = json!({ "sha256": "cef42ea5c3f349718cbb15fec4dd0e758cfc05044f086883097d2d19bc0fe0fb" });
    let mut facts = vec![
        // A file in order, its conditions with terms.
        board("BD-960", "2023-07-01", "researchCommissioned", json!({ "platforms": ["p-one"] })),
        board("BD-960", "2023-07-10", "externalAnalysisReceived", json!({ "party": "expert", "document": document })),
        board("BD-960", "2023-07-20", "dpoAdviceIssued", json!({ "outcome": "POSITIVE" })),
        board(
            "BD-960",
            "2023-08-01",
            "taken",
            json!({
                "outcome": "CONTINUE_WITH_CONDITIONS", "platforms": ["p-one"], "conditionsComplete": true,
                "conditions": [{ "code": "C1", "dueAt": "2023-10-01" }, { "code": "C2", "dueAt": "2023-12-01" }],
            }),
        ),
        board("BD-960", "2023-09-15", "conditionFulfilled", json!({ "condition": "C1" })),
        board("BD-960", "2024-01-10", "conditionFulfilled", json!({ "condition": "C2" })),
        platform("p-one", "2023-07-01", "registered", json!({ "platform": "p-one", "kind": "SOCIAL_MEDIA" })),
        opened("p-one", "2023-07-02", "NORMAL"),
        platform("p-one", "2023-11-01", "riskFactorNoted", json!({ "topic": "ETHICS", "text": "complaints" })),
        platform(
            "p-one",
            "2024-08-01",
            "riskAssessed",
            json!({ "factors": [{ "topic": "ETHICS" }, { "topic": "VENDOR_DEPENDENCE" }] }),
        ),
        platform("p-one", "2024-03-01", "materialChangeNoted", json!({ "kind": "TERMS" })),
        board("BD-960", "2024-07-01", "reviewed", json!({ "outcome": "MAINTAINED" })),
        // Advice after the decision, and no research.
        board(
            "BD-961",
            "2023-08-01",
            "taken",
            json!({ "outcome": "CONTINUE_WITH_CONDITIONS", "platforms": ["p-two"] }),
        ),
        board("BD-961", "2023-08-10", "dpoAdviceIssued", json!({ "outcome": "POSITIVE" })),
        platform("p-two", "2023-07-01", "registered", json!({ "platform": "p-two", "kind": "MESSAGING" })),
        opened("p-two", "2023-07-02", "NORMAL"),
        tell(
            "ACC-p-two",
            "2024-08-01",
            "account",
            "modeSet",
            json!({ "mode": "BROADCAST", "inboundActivity": "@ACT-960" }),
        ),
        tell("ACT-960", "2024-08-02", "activity", "drafted", json!({})),
        tell("ACT-960", "2024-08-10", "activity", "established", json!({ "version": 1 })),
        // Used without any decision; stopped and used all the same.
        platform("p-three", "2023-01-01", "registered", json!({ "platform": "p-three" })),
        opened("p-three", "2023-01-02", "NORMAL"),
        board("BD-963", "2024-01-01", "platformUseTerminated", json!({ "platforms": ["p-three"] })),
        tell("ACC-p-three", "2024-02-01", "account", "closed", json!({})),
        // Suspended until a day.
        platform("p-four", "2023-07-01", "registered", json!({ "platform": "p-four" })),
        board("BD-964", "2023-08-01", "taken", json!({ "outcome": "CONTINUE", "platforms": ["p-four"] })),
        board(
            "BD-964",
            "2024-07-01",
            "platformUseSuspended",
            json!({ "platforms": ["p-four"], "until": "2024-08-01" }),
        ),
        mandated("p-one", "2024-07-01", true, Some(961)),
        mandated("p-one", "2024-07-10", true, Some(962)),
        mandated("p-one", "2024-07-20", true, None),
        mandated("p-one", "2024-07-30", false, None),
        // Joint, no arrangement; refused without and with proof; the risk accepted too early.
        tell(
            "JCA-960",
            "2024-07-01",
            "jointControllerArrangement",
            "assessed",
            json!({ "platforms": ["p-one"], "outcome": "JOINT" }),
        ),
        tell("JCA-960", "2024-07-05", "jointControllerArrangement", "negotiationLogged", json!({})),
        tell("JCA-960", "2024-07-10", "jointControllerArrangement", "refused", json!({})),
        tell("JCA-960", "2024-07-15", "jointControllerArrangement", "refused", json!({ "evidence": document })),
        tell("FND-960", "2024-07-16", "finding", "raised", json!({ "scope": { "platforms": ["p-one"] } })),
        tell("FND-960", "2024-07-17", "finding", "riskAccepted", json!({ "by": "BOARD" })),
        tell("FND-961", "2024-07-03", "finding", "raised", json!({ "scope": { "platforms": ["p-one"] } })),
        tell("FND-961", "2024-07-04", "finding", "riskAccepted", json!({ "by": "BOARD" })),
        tell("FND-961", "2024-07-04", "finding", "reopened", json!({})),
    ];
    facts.extend(activity(961, json!({ "basis": "CONSENT" })));
    facts.extend(activity(962, json!({ "basis": "LEGITIMATE_INTEREST", "assessment": "@LIA-002" })));
    facts.sort_by_key(|fact| fact["recorded"].as_str().unwrap().to_owned());
    History::and(&Value::Array(facts))
});

#[test]
fn plt_01_research_analysis_advice_decision() {
    let ask = |reference| ask(&TOLD, "PLT-01", Guideline, reference, "2023-09-01");
    assert_eq!((ask("BD-2023-01"), ask("BD-960"), ask("BD-961")), (Pass, Pass, Fail));
    let none =
        |reference, valid| crate::rule::processor::tests::ask(&DEMONSTRATION, "PLT-01", Guideline, reference, valid);
    assert_eq!((none("BD-2018-01", "2020-01-01"), none("BD-2024-08", "2025-01-01")), (NotApplicable, NotApplicable));
    assert_eq!(none("BD-2023-01", "2023-06-18"), NotApplicable);
}

#[test]
fn plt_02_the_analysis_is_held_by_its_hash() {
    let ask = |reference| ask(&TOLD, "PLT-02", Guideline, reference, "2023-09-01");
    // The seed tells of the analysis; its hash is in no source.
    assert_eq!((ask("BD-2023-01"), ask("BD-960"), ask("BD-961")), (Indeterminate, Pass, Fail));
}

#[test]
fn plt_03_a_text_that_is_not_in_force_fulfils_no_condition() {
    let expected = begins(&[
        ("2016-01-01", NotApplicable),
        // By when C1, C2 and C3 are to be met, no source says.
        ("2023-06-19", Indeterminate),
        // C1 is reported as met by guidelines that nobody had adopted.
        ("2024-05-07", Fail),
        ("2024-07-09", Indeterminate),
        ("2024-08-23", NotApplicable),
    ]);
    assert_eq!(course(&DEMONSTRATION, "PLT-03", Guideline, "PLT-A"), expected);
    // As known then, it was not in order after the adoption either.
    assert_eq!(DEMONSTRATION.outcome("PLT-03", Guideline, "PLT-B", "2024-12-31", "2024-12-31"), Fail);
    assert_eq!(DEMONSTRATION.outcome("PLT-03", Guideline, "PLT-B", "2025-01-21", "2024-12-31"), Indeterminate);
    assert_eq!(ask(&DEMONSTRATION, "PLT-03", Guideline, "RSK-001", "2024-01-01"), NotApplicable);
}

#[test]
fn plt_03_a_platform_in_use_is_covered() {
    let told = |reference, valid| ask(&TOLD, "PLT-03", Guideline, reference, valid);
    let one = |valid| told("PLT-p-one", valid);
    assert_eq!((one("2023-07-20"), one("2023-08-15"), one("2023-11-01")), (Fail, Pass, Pass));
    assert_eq!((one("2023-12-01"), one("2023-12-15"), one("2024-02-01")), (Pass, Fail, Pass));
    // Conditions that nobody named.
    assert_eq!(told("PLT-p-two", "2023-09-01"), Indeterminate);
    // Before the Board decided on any platform nobody asked for a decision.
    let three = |valid| told("PLT-p-three", valid);
    assert_eq!(
        (three("2023-02-01"), three("2023-07-01"), three("2024-01-15"), three("2024-02-01")),
        (NotApplicable, Fail, Fail, NotApplicable)
    );
    let four = |valid| told("PLT-p-four", valid);
    assert_eq!((four("2023-09-01"), four("2024-07-15")), (Pass, NotApplicable));
}

#[test]
fn plt_04_how_long_a_condition_took() {
    let verdict = DEMONSTRATION.verdict("PLT-04", Guideline, "BD-2023-01", "2025-02-01", "2025-02-01");
    assert_eq!(verdict.outcome, Indeterminate);
    let took = "condition C1: set on 2023-06-19, fulfilled on 2024-05-07, after 323 days";
    assert!(verdict.reasons.iter().any(|reason| reason.text.en == took), "{verdict:?}");
    assert!(verdict.reasons.iter().any(|reason| reason.text.en.starts_with("condition C3 is open")), "{verdict:?}");
    let told = |reference, valid| ask(&TOLD, "PLT-04", Guideline, reference, valid);
    assert_eq!(
        (told("BD-960", "2023-09-01"), told("BD-960", "2023-12-15"), told("BD-960", "2024-02-01")),
        (Pass, Fail, Fail)
    );
    assert_eq!((told("BD-961", "2023-09-01"), told("PLT-p-one", "2023-09-01")), (Indeterminate, Pass));
    assert_eq!((told("BD-964", "2023-09-01"), told("PLT-p-three", "2023-09-01")), (NotApplicable, NotApplicable));
}

#[test]
fn plt_05_no_use_without_clarity() {
    let expected = begins(&[("2016-01-01", NotApplicable), ("2024-06-13", Fail), ("2024-08-23", NotApplicable)]);
    assert_eq!(course(&DEMONSTRATION, "PLT-05", Supervisor, "PLT-A"), expected);
    let expected = begins(&[("2016-01-01", NotApplicable), ("2024-06-13", Fail), ("2024-07-02", Pass)]);
    assert_eq!(course(&DEMONSTRATION, "PLT-05", Supervisor, "PLT-B"), expected);
}

#[test]
fn plt_06_noted_risks_are_weighed() {
    let ask = |reference, valid| ask(&TOLD, "PLT-06", Guideline, reference, valid);
    assert_eq!(
        (ask("PLT-D", "2024-08-01"), ask("PLT-C", "2024-08-01"), ask("PLT-B", "2024-08-01")),
        (Fail, Warn, Pass)
    );
    assert_eq!((ask("PLT-p-one", "2024-07-20"), ask("PLT-p-one", "2024-08-01")), (Fail, Pass));
}

#[test]
fn plt_07_messaging_is_one_way() {
    let ask = |reference, valid| ask(&TOLD, "PLT-07", Guideline, reference, valid);
    assert_eq!((ask("PLT-M", "2024-08-01"), ask("PLT-A", "2024-08-01")), (Pass, NotApplicable));
    // Both ways; then one way, with what comes in led to an activity that is not in the register yet.
    assert_eq!(
        (ask("PLT-p-two", "2024-07-20"), ask("PLT-p-two", "2024-08-05"), ask("PLT-p-two", "2024-08-10")),
        (Fail, Fail, Pass)
    );
}

#[test]
fn plt_08_mandatory_use_does_not_rest_on_consent() {
    let ask = |valid| ask(&TOLD, "PLT-08", Supervisor, "PLT-p-one", valid);
    assert_eq!((ask("2024-06-30"), ask("2024-07-05"), ask("2024-07-15")), (NotApplicable, Fail, Pass));
    assert_eq!((ask("2024-07-25"), ask("2024-07-30")), (Fail, NotApplicable));
}

#[test]
fn plt_09_attempts_are_recorded_and_refusals_proven() {
    let expected = begins(&[
        ("2016-01-01", NotApplicable),
        ("2024-07-01", Fail),
        ("2024-07-05", Pass),
        // The refusal is told of; the mails that prove it are in no source.
        ("2024-08-20", Indeterminate),
        ("2024-08-23", NotApplicable),
    ]);
    assert_eq!(course(&DEMONSTRATION, "PLT-09", Supervisor, "PLT-A"), expected);
    let expected = begins(&[("2016-01-01", NotApplicable), ("2024-07-01", Fail), ("2024-07-03", Pass)]);
    assert_eq!(course(&DEMONSTRATION, "PLT-09", Supervisor, "PLT-B"), expected);
    let verdict = TOLD.verdict("PLT-09", Supervisor, "PLT-p-one", "2030", "2024-07-20");
    assert_eq!(verdict.outcome, Fail, "accepted before the refusal: {verdict:?}");
    assert!(verdict.reasons.iter().any(|reason| reason.text.en.ends_with("and that is proven")), "{verdict:?}");
}

#[test]
fn plt_10_a_change_leads_to_a_review() {
    let told = |valid| ask(&TOLD, "PLT-10", Policy, "PLT-p-one", valid);
    // Ninety days from 1 March end on 30 May; the review came on 1 July.
    assert_eq!(
        (told("2024-02-28"), told("2024-05-30"), told("2024-05-31"), told("2024-07-02")),
        (NotApplicable, Pass, Fail, Fail)
    );
    // The decision of the Irish authority, acted upon after 45 days.
    let demonstration = |reference, valid| ask(&DEMONSTRATION, "PLT-10", Policy, reference, valid);
    assert_eq!((demonstration("PLT-C", "2025-06-16"), demonstration("PLT-B", "2025-06-16")), (Pass, NotApplicable));
}
