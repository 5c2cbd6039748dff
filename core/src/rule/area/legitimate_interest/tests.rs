//! The three tests, on the demonstration and on an assessment LIA-900 told beside it, for an activity ACT-900.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{self, Guideline, Law, Policy, Supervisor};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History, recorded_fact, with};
use crate::rule::timeline::Knowledge;
use crate::rule::verdict::Mark;
use crate::time::local;

/// The law, the policy and the guideline of the demonstration, without its story.
static LAW: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let demonstration: Value = serde_json::from_str(include_str!("../../../../../data/demonstration.json")).unwrap();
    let streams = ["LEX-GDPR", "LEX-AP-LI-2019", "LEX-VOETBALTV", "LEX-KNLTB", "POL-001", "PROC-001", "GDL-001"];
    let facts = demonstration["facts"].as_array().unwrap().iter();
    facts.filter(|fact| streams.contains(&fact["stream"].as_str().unwrap())).cloned().collect()
});

/// A fact that takes effect on the day on which it is recorded.
fn tell(day: &str, stream: &str, family: &str, fact: &str, data: Value) -> Value {
    known(day, day, stream, family, fact, data)
}

fn known(recorded: &str, effective: &str, stream: &str, family: &str, fact: &str, data: Value) -> Value {
    let recorded = format!("{recorded}T10:00:00.000000Z");
    recorded_fact(stream, &recorded, effective, ("staff-01", "PROCESS_OWNER"), &json!({ family: { fact: data } }))
}

const LIA: &str = "legitimateInterestAssessment";

fn interest(day: &str, changes: &Value) -> Value {
    let data = json!({ "statement": { "en": "an interest" }, "lawful": true, "real": true, "present": true, "purelyCommercial": false });
    tell(day, "LIA-900", LIA, "interestIdentified", with(data, changes))
}

fn necessity(day: &str, changes: &Value) -> Value {
    let data = json!({
        "alternatives": [{ "text": "another means", "rejectedBecause": "it does not serve" }], "proportionality": "few data",
        "dataMinimised": true, "dataCategories": ["NAME"],
    });
    tell(day, "LIA-900", LIA, "necessityAssessed", with(data, changes))
}

fn balancing(day: &str, changes: &Value) -> Value {
    let data = json!({
        "impacts": ["somebody is seen"], "reasonableExpectations": "it is expected", "vulnerableGroups": false, "children": false,
        "consentInfeasible": true, "consentInfeasibleReason": "too many", "outcome": "IN_FAVOUR",
    });
    tell(day, "LIA-900", LIA, "interestsBalanced", with(data, changes))
}

fn approved(day: &str, changes: &Value) -> Value {
    tell(day, "LIA-900", LIA, "approved", with(json!({}), changes))
}

fn lia(day: &str, fact: &str, data: Value) -> Value {
    tell(day, "LIA-900", LIA, fact, data)
}

/// The three parts and a safeguard, all on one day.
fn parts(day: &str) -> Vec<Value> {
    let safeguard = lia(day, "safeguardAdopted", json!({ "measure": "an opt-out" }));
    vec![interest(day, &json!({})), necessity(day, &json!({})), balancing(day, &json!({})), safeguard]
}

fn version(number: u32, changes: &Value) -> Value {
    let data = json!({
        "version": number, "purposes": [{ "code": "show", "basis": "LEGITIMATE_INTEREST", "assessment": "@LIA-900" }],
        "subjectCategories": [], "dataCategories": [{ "code": "NAME" }], "operations": [], "platforms": [], "recipients": [],
        "transfers": [], "retention": [], "systems": [], "jointControllers": [], "processors": [],
    });
    with(data, changes)
}

/// An activity that rests on LIA-900 and runs from a day on.
fn activity(day: &str, changes: &Value) -> Vec<Value> {
    vec![
        tell(day, "ACT-900", "activity", "established", version(1, changes)),
        tell(day, "ACT-900", "activity", "started", json!({})),
    ]
}

fn history(facts: &[&[Value]]) -> History {
    let facts: Vec<Value> = facts.concat();
    // The links need streams, whether or not anything of them matters.
    let opened = known("2018-06-01", "2018-06-01", "LIA-900", LIA, "opened", json!({}));
    History::alone(&Value::Array([LAW.clone(), vec![opened], facts].concat()))
}

#[track_caller]
fn outcome(history: &History, id: &str, layer: Layer, reference: &str, at: &str, expected: Outcome) {
    let verdict = history.verdict(id, layer, reference, "2027", at);
    assert_eq!(verdict.outcome, expected, "{id} {layer:?} {reference} {at}: {:?}", verdict.reasons);
}

#[test]
fn lia_01_an_approved_assessment_carries_a_purpose() {
    let check = |at, layer, reference, expected| outcome(&DEMONSTRATION, "LIA-01", layer, reference, at, expected);
    check("2023-09-03", Law, "ACT-003", NotApplicable);
    check("2023-09-04", Law, "ACT-003", Pass);
    check("2023-09-04", Law, "ACT-002", NotApplicable);
    // The guideline asks for the three parts by its parameter, from its adoption on.
    check("2024-07-08", Guideline, "ACT-003", NotApplicable);
    check("2024-07-09", Guideline, "ACT-003", Pass);
}

#[test]
fn lia_01_what_an_assessment_must_be() {
    let check = |facts: &[Value], at: &str, expected| {
        let told = history(&[&activity("2022-03-01", &json!({})), facts]);
        outcome(&told, "LIA-01", Law, "ACT-900", at, expected);
    };
    let approval = || vec![approved("2022-02-01", &json!({}))];
    let whole = [parts("2022-02-01"), approval()].concat();
    check(&[], "2022-03-01", Fail);
    check(&parts("2022-02-01"), "2022-03-01", Fail);
    check(&whole, "2022-03-01", Pass);
    check(&[&parts("2022-02-01")[1..], &approval()].concat(), "2022-03-01", Fail);
    check(&[whole.clone(), vec![lia("2022-04-01", "rejected", json!({}))]].concat(), "2022-04-01", Fail);
    check(
        &[whole.clone(), vec![lia("2022-04-01", "withdrawn", json!({ "reason": "no" }))]].concat(),
        "2022-04-01",
        Fail,
    );
    check(
        &[whole.clone(), vec![lia("2022-04-01", "reviewed", json!({ "outcome": "REVISED" }))]].concat(),
        "2022-04-01",
        Warn,
    );
    check(
        &[whole.clone(), vec![balancing("2022-04-01", &json!({ "outcome": "OVERRIDDEN" }))]].concat(),
        "2022-04-01",
        Fail,
    );
    check(&[whole.clone(), vec![interest("2022-04-01", &json!({ "lawful": false }))]].concat(), "2022-04-01", Fail);
    // From when it may be relied on is known by the month only.
    let vague = [parts("2022-02-01"), vec![approved("2022-02-01", &json!({ "from": "2022-04" }))]].concat();
    check(&vague, "2022-03-31", Fail);
    check(&vague, "2022-04-15", Indeterminate);
    check(&vague, "2022-04-30", Pass);
}

#[test]
fn lia_01_another_assessment_may_take_its_place() {
    let superseded = lia("2022-05-01", "superseded", json!({ "by": "@LIA-901" }));
    let other = |fact, data| tell("2022-05-01", "LIA-901", LIA, fact, data);
    let second: Vec<Value> =
        parts("2022-05-01").into_iter().map(|fact| with(fact, &json!({ "stream": "LIA-901" }))).collect();
    let first =
        [activity("2022-03-01", &json!({})), parts("2022-02-01"), vec![approved("2022-02-01", &json!({}))]].concat();
    let check = |facts: &[Value], expected| {
        let told = history(&[&first, std::slice::from_ref(&superseded), facts]);
        outcome(&told, "LIA-01", Law, "ACT-900", "2022-05-01", expected);
    };
    check(&second, Fail);
    check(&[second.clone(), vec![other("approved", json!({}))]].concat(), Pass);
    // One for another purpose carries nothing.
    let opened = other("opened", json!({ "purpose": "another" }));
    check(&[vec![opened], second.clone(), vec![other("approved", json!({}))]].concat(), Fail);
}

#[test]
fn x9_a_purely_commercial_interest_by_law_authority_and_guideline() {
    let commercial = interest("2019-12-01", &json!({ "purelyCommercial": true }));
    let rest =
        [necessity("2019-12-01", &json!({})), balancing("2019-12-01", &json!({})), approved("2019-12-01", &json!({}))];
    let told = history(&[&[commercial], &rest]);
    let check = |at, layer, expected| outcome(&told, "LIA-02", layer, "LIA-900", at, expected);
    for at in ["2019-12-01", "2022-08-01", "2024-10-03", "2024-10-04", "2026-12-31"] {
        check(at, Law, Warn);
    }
    // The advice of 2019 excludes it, and the judgment of 2024 says otherwise.
    check("2019-12-01", Supervisor, Fail);
    check("2024-10-03", Supervisor, Fail);
    check("2024-10-04", Supervisor, Warn);
    // The guideline stays strict.
    check("2024-07-08", Guideline, NotApplicable);
    check("2024-07-09", Guideline, Fail);
    check("2026-12-31", Guideline, Fail);
    let ended = told.stretches("LIA-02", Supervisor, "LIA-900", ("2019", "2027"), Knowledge::Along(told.head()));
    let failing = ended.iter().find(|stretch| stretch.verdict.outcome == Fail).unwrap();
    assert_eq!(&local(failing.interval.to)[..10], "2024-10-04");
    let law = told.verdict("LIA-02", Law, "LIA-900", "2024-10-04", "2024-10-04");
    assert!(law.flags.iter().any(|flag| flag.mark == Mark::Disputed), "{law:?}");
    // As known before the adoption of the guideline was recorded, it was none.
    assert_eq!(told.outcome("LIA-02", Guideline, "LIA-900", "2025-01-19", "2024-12-31"), NotApplicable);
}

#[test]
fn lia_02_a_later_advice_is_not_overruled() {
    let advice = known(
        "2025-03-01",
        "2025-03-01",
        "LEX-900",
        "legalInstrument",
        "registered",
        json!({
            "code": "LEX-900", "kind": "SUPERVISOR_ADVICE", "published": "2025-03-01", "modules": [], "relations": [],
            "rules": ["LIA-02"], "parameters": [{ "name": "purelyCommercial", "values": ["NOT_ALLOWED"] }],
        }),
    );
    let commercial = interest("2019-12-01", &json!({ "purelyCommercial": true }));
    let told = history(&[&[commercial, approved("2019-12-01", &json!({})), advice]]);
    outcome(&told, "LIA-02", Supervisor, "LIA-900", "2025-02-28", Warn);
    outcome(&told, "LIA-02", Supervisor, "LIA-900", "2025-03-01", Fail);
}

#[test]
fn lia_02_the_interest_is_real() {
    outcome(&DEMONSTRATION, "LIA-02", Law, "LIA-003", "2025-03-24", NotApplicable);
    for layer in [Law, Guideline, Supervisor] {
        outcome(&DEMONSTRATION, "LIA-02", layer, "LIA-003", "2025-03-25", Pass);
    }
    // Nobody said of LIA-001 whether the interest is recognised, real and present; that is for the controller to show.
    outcome(&DEMONSTRATION, "LIA-02", Law, "LIA-001", "2019-12-04", Fail);
    let unreal = history(&[&[interest("2022-02-01", &json!({ "real": false })), approved("2022-02-01", &json!({}))]]);
    outcome(&unreal, "LIA-02", Law, "LIA-900", "2022-02-01", Fail);
    let silent =
        history(&[&[interest("2022-02-01", &json!({ "purelyCommercial": null })), approved("2022-02-01", &json!({}))]]);
    outcome(&silent, "LIA-02", Law, "LIA-900", "2022-02-01", Pass);
    outcome(&silent, "LIA-02", Supervisor, "LIA-900", "2022-02-01", Warn);
}

#[test]
fn lia_03_necessity_is_shown() {
    let check = |changes: Value, expected| {
        let facts = [necessity("2022-02-01", &changes), approved("2022-02-01", &json!({}))];
        let told = history(&[&activity("2022-01-01", &json!({})), &facts]);
        outcome(&told, "LIA-03", Law, "LIA-900", "2022-02-01", expected);
    };
    check(json!({}), Pass);
    check(json!({ "alternatives": [] }), Fail);
    check(json!({ "alternatives": [{ "text": "another means" }] }), Fail);
    check(json!({ "alternatives": [{ "text": "one", "rejectedBecause": "no" }, { "text": "two" }] }), Warn);
    check(json!({ "dataMinimised": false }), Fail);
    check(json!({ "proportionality": null }), Warn);
    check(json!({ "dataCategories": ["NAME", "HEALTH"] }), Fail);
    outcome(&DEMONSTRATION, "LIA-03", Law, "LIA-003", "2025-03-31", Pass);
}

#[test]
fn lia_04_the_balancing_is_on_record() {
    let check = |changes: Value, expected| {
        let facts = [balancing("2022-02-01", &changes), approved("2022-02-01", &json!({ "by": "owner-01" }))];
        let safeguard = lia("2022-02-01", "safeguardAdopted", json!({ "measure": "an opt-out" }));
        outcome(&history(&[&facts, &[safeguard]]), "LIA-04", Law, "LIA-900", "2022-02-01", expected);
    };
    check(json!({}), Pass);
    check(json!({ "impacts": [] }), Fail);
    check(json!({ "children": null }), Fail);
    check(json!({ "outcome": "OVERRIDDEN" }), Fail);
    for reference in ["LIA-001", "LIA-002", "LIA-003"] {
        outcome(&DEMONSTRATION, "LIA-04", Law, reference, "2026", Pass);
    }
}

#[test]
fn lia_05_a_late_approval_leaves_an_interval() {
    let check = |approval: &str| -> Vec<(String, Outcome)> {
        let facts = [parts("2022-02-01"), vec![approved(approval, &json!({}))]].concat();
        let told = history(&[&activity("2022-03-01", &json!({})), &facts]);
        let stretches = told.stretches("LIA-05", Law, "ACT-900", ("2022", "2023"), Knowledge::Fixed(told.head()));
        let begins =
            stretches.iter().map(|stretch| (local(stretch.interval.from)[..10].to_owned(), stretch.verdict.outcome));
        begins.skip(1).collect()
    };
    let from = |day: &str, outcome| (day.to_owned(), outcome);
    assert_eq!(check("2022-02-10"), [from("2022-03-01", Pass)]);
    // On one day is in time.
    assert_eq!(check("2022-03-01"), [from("2022-03-01", Pass)]);
    assert_eq!(check("2022-06-01"), [from("2022-03-01", Fail), from("2022-06-01", Warn)]);
    outcome(&DEMONSTRATION, "LIA-05", Law, "ACT-003", "2023-09-04", Pass);
    outcome(&DEMONSTRATION, "LIA-05", Law, "ACT-005", "2025-04-28", Pass);
}

#[test]
fn lia_05_approved_anew_is_not_approved_late() {
    let facts =
        [parts("2022-02-01"), vec![approved("2022-02-10", &json!({})), approved("2022-08-01", &json!({}))]].concat();
    let told = history(&[&activity("2022-03-01", &json!({})), &facts]);
    outcome(&told, "LIA-05", Law, "ACT-900", "2022-12-31", Pass);
}

#[test]
fn lia_06_a_summary_and_what_was_asked_for() {
    outcome(&DEMONSTRATION, "LIA-06", Law, "LIA-001", "2020-01-01", Warn);
    outcome(&DEMONSTRATION, "LIA-06", Law, "LIA-002", "2023-09-04", Pass);
    let check = |shown: &str, layer, expected| {
        let summary = lia("2022-02-01", "summaryPublished", json!({ "languages": ["nl"] }));
        let disclosed =
            known(shown, shown, "LIA-900", LIA, "disclosed", json!({ "to": "SUBJECT", "requested": "2022-04-28" }));
        let told = history(&[&[approved("2022-02-01", &json!({})), summary, disclosed]]);
        outcome(&told, "LIA-06", layer, "LIA-900", "2022-12-31", expected);
    };
    // Four weeks end on 26 May, a month on Saturday 28 May and so on Monday 30 May.
    check("2022-05-26", Law, Pass);
    check("2022-05-26", Policy, Pass);
    check("2022-05-30", Law, Pass);
    check("2022-05-30", Policy, Fail);
    check("2022-05-31", Law, Fail);
    outcome(&DEMONSTRATION, "LIA-06", Policy, "LIA-002", "2024", NotApplicable);
}

#[test]
fn lia_07_to_be_shown_without_consent_is_an_exception() {
    let check = |day: &str, person: Value, changes: Value, expected| {
        let published = json!({
            "activity": "@ACT-900", "platforms": ["platform-b"], "accounts": [], "categories": ["PHOTO"], "persons": [person],
            "locations": [],
        });
        let published = tell(day, "PUB-900", "publication", "contentPublished", published);
        let facts = [balancing("2025-02-01", &changes), approved("2025-02-01", &json!({}))];
        let told = history(&[&activity("2025-01-01", &json!({})), &facts, &[published]]);
        outcome(&told, "LIA-07", Guideline, "PUB-900", "2025-12-31", expected);
    };
    let group = || json!({ "basis": "LEGITIMATE_INTEREST", "assessment": "@LIA-900" });
    check("2025-03-01", group(), json!({}), Pass);
    check("2025-03-01", json!({ "basis": "LEGITIMATE_INTEREST" }), json!({}), Pass);
    check("2025-01-15", group(), json!({}), Fail);
    check("2025-03-01", group(), json!({ "consentInfeasible": false }), Fail);
    check("2025-03-01", group(), json!({ "consentInfeasibleReason": null }), Fail);
    check("2025-03-01", json!({ "basis": "PUBLIC_TASK" }), json!({}), NotApplicable);
    outcome(&DEMONSTRATION, "LIA-07", Guideline, "PUB-0003", "2025", NotApplicable);
}

#[test]
fn lia_08_the_summary_is_told() {
    let check = |at, reference, expected| outcome(&DEMONSTRATION, "LIA-08", Guideline, reference, at, expected);
    check("2024-07-08", "ACT-003", NotApplicable);
    check("2024-07-09", "ACT-003", Pass);
    check("2025-05-26", "ACT-005", Fail);
    check("2025-05-27", "ACT-005", Pass);
    check("2025-05-27", "ACT-001", NotApplicable);
}

#[test]
fn lia_09_analysis_of_reactions_to_events() {
    let check = |changes: Value, facts: &[Value], expected| {
        let kind = with(json!({ "kind": "EVENT_POST_ANALYTICS" }), &changes);
        let told = history(&[&activity("2025-03-01", &kind), facts]);
        outcome(&told, "LIA-09", Guideline, "ACT-900", "2025-03-01", expected);
    };
    let whole = [parts("2025-02-01"), vec![approved("2025-02-01", &json!({}))]].concat();
    check(json!({}), &[], Fail);
    check(json!({}), &whole, Pass);
    check(json!({ "purposes": [{ "code": "show", "basis": "CONSENT" }] }), &whole, Warn);
    check(json!({ "kind": "POSTING" }), &whole, NotApplicable);
}

#[test]
fn lia_10_monitoring_is_fenced_in() {
    outcome(&DEMONSTRATION, "LIA-10", Guideline, "ACT-003", "2024-07-08", NotApplicable);
    outcome(&DEMONSTRATION, "LIA-10", Guideline, "ACT-003", "2024-07-09", Pass);
    outcome(&DEMONSTRATION, "LIA-10", Guideline, "ACT-005", "2025-05-27", NotApplicable);
    let misuse = tell(
        "2025-03-01",
        "PRA-002",
        "agreement",
        "processorMisuseReported",
        json!({ "report": "it trains models on them" }),
    );
    outcome(&History::and(&json!([misuse])), "LIA-10", Guideline, "ACT-003", "2025-03-01", Fail);
    // Without an agreement and without a notice.
    let whole = [parts("2025-02-01"), vec![approved("2025-02-01", &json!({}))]].concat();
    let monitoring = json!({ "kind": "REPUTATION_MONITORING", "processors": ["vendor-x"] });
    let told = history(&[&activity("2025-03-01", &monitoring), &whole]);
    outcome(&told, "LIA-10", Guideline, "ACT-900", "2025-03-01", Fail);
}

#[test]
fn lia_11_an_interest_of_the_catalogue() {
    outcome(&DEMONSTRATION, "LIA-11", Guideline, "LIA-001", "2024-07-09", Warn);
    let check = |changes: Value, expected| {
        let told = history(&[&[interest("2025-02-01", &changes), approved("2025-02-01", &json!({}))]]);
        outcome(&told, "LIA-11", Guideline, "LIA-900", "2025-02-01", expected);
    };
    check(json!({ "catalogueCode": "public-events" }), Pass);
    check(json!({ "notInCatalogueBecause": "it is new" }), Pass);
}

#[test]
fn lia_12_reviews_in_time() {
    let check = |reference, at, expected| outcome(&DEMONSTRATION, "LIA-12", Policy, reference, at, expected);
    check("LIA-001", "2019-12-03", NotApplicable);
    check("LIA-001", "2021-12-04", Pass);
    check("LIA-001", "2021-12-05", Fail);
    // Approved in September 2023 without a date for a review, and reviewed in November 2024.
    check("LIA-002", "2025-09-05", Pass);
    check("LIA-002", "2026-11-12", Pass);
    check("LIA-002", "2026-11-13", Fail);
}

#[test]
fn lia_12_a_planned_review_comes_before_the_term() {
    let facts = |review: Option<&str>| {
        let approval = approved("2022-02-01", &json!({ "nextReview": "2023-01-31" }));
        let review = review.map(|day| lia(day, "reviewed", json!({ "outcome": "MAINTAINED" })));
        history(&[&[vec![approval], review.into_iter().collect()].concat()])
    };
    outcome(&facts(None), "LIA-12", Policy, "LIA-900", "2023-01-31", Pass);
    outcome(&facts(None), "LIA-12", Policy, "LIA-900", "2023-02-01", Fail);
    // What was reviewed early need not be reviewed again on the day set before.
    outcome(&facts(Some("2022-12-01")), "LIA-12", Policy, "LIA-900", "2023-02-01", Pass);
}

#[test]
fn lia_12_changes_lead_to_a_review() {
    let objection = |fact, day, data| tell(day, "OBJ-900", "objection", fact, data);
    let received = json!({ "kind": "PERSONAL_GROUNDS", "activities": ["@ACT-900"], "purposes": [] });
    let objected = vec![
        objection("received", "2022-03-05", received),
        objection("upheld", "2022-03-20", json!({ "purposes": [] })),
    ];
    let amended = |materiality: &str| {
        let data = json!({ "version": 2, "pushedTo": [], "systems": ["crm"], "materiality": materiality });
        vec![tell("2022-04-01", "ACT-900", "activity", "amended", data)]
    };
    let review = |day| lia(day, "reviewed", json!({ "outcome": "MAINTAINED" }));
    let check = |facts: &[Value], expected| {
        let told = history(&[&activity("2022-03-01", &json!({})), &[approved("2022-02-01", &json!({}))], facts]);
        outcome(&told, "LIA-12", Policy, "LIA-900", "2022-12-31", expected);
    };
    check(&[], Pass);
    check(&objected, Warn);
    check(&[objected.clone(), vec![review("2022-03-19")]].concat(), Warn);
    check(&[objected.clone(), vec![review("2022-04-10")]].concat(), Pass);
    check(&amended("MATERIAL"), Warn);
    check(&amended("EDITORIAL"), Pass);
    // A house term makes a failure of what came too late.
    let data = json!({
        "version": 2, "decision": "BD-900", "decidedAt": "2022-01-10", "body": "EXECUTIVE_BOARD", "otherParameters": "KEPT",
        "parameters": [{ "name": "assessmentReviewOnChange", "term": "P30D", "values": [] }], "removes": [],
    });
    let term = || vec![tell("2022-01-10", "PROC-001", "governanceInstrument", "versionAdopted", data.clone())];
    check(&[objected.clone(), term(), vec![review("2022-04-10")]].concat(), Pass);
    check(&[objected.clone(), term(), vec![review("2022-04-20")]].concat(), Fail);
    check(&[objected.clone(), term()].concat(), Fail);
}
