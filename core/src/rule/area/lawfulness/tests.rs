//! The rules on lawfulness, on the demonstration and on activities told for them.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{self, Guideline, Law, Policy, Practice};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::catalogue::rule;
use crate::rule::check::{DEMONSTRATION, History, fact_of_day, holds, recorded_fact, with};
use crate::rule::verdict::Class;

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

fn purpose(code: &str, basis: Value) -> Value {
    let mut purpose = json!({ "code": code, "text": { "en": code } });
    purpose = with(purpose, &basis);
    purpose
}

/// A version of an entry in which everything is in order, with something else in some places.
fn entry(other: Value) -> Value {
    let teaching = json!({ "basis": "PUBLIC_TASK", "legalReference": { "instrument": "LEX-WHW", "article": "1.3" } });
    let mut entry = json!({
        "version": 1, "purposes": [purpose("teach", teaching)], "publicTask": true, "publicTaskReason": "it is",
        "subjectCategories": ["STUDENT"], "dataCategories": [{ "code": "NAME" }], "operations": ["RECORD"], "platforms": [],
        "recipients": [], "transfers": [], "retention": [{ "category": "NAME", "term": "P1Y" }],
        "security": { "class": "CONFIDENTIAL", "measures": ["a lock"] }, "automation": "PARTLY_AUTOMATED", "systems": [],
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

fn statute(code: &str) -> Value {
    let data = json!({
        "code": code, "kind": "STATUTE", "validFrom": "1993-08-01", "modules": [], "relations": [], "rules": [], "parameters": []
    });
    on("2019-01-04", code, "legalInstrument", "enteredIntoForce", data)
}

fn system(stream: &str, code: &str, class: Value) -> Vec<Value> {
    vec![
        on("2019-01-04", stream, "system", "registered", json!({ "system": code, "processors": [] })),
        on("2019-01-04", stream, "system", "securityClassificationAssigned", class),
    ]
}

/// The activities of these tests, among the demonstration's.
static TOLD: LazyLock<History> = LazyLock::new(|| {
    let mut facts = vec![statute("LEX-WHW"), statute("LEX-OLD")];
    facts.push(on("2020-01-01", "LEX-OLD", "legalInstrument", "repealed", json!({ "to": "2020-01-01" })));
    facts.extend(well_kept());
    facts.extend(badly_kept());
    facts.extend(sensitive());
    facts.extend(further());
    facts.extend(analyses());
    History::and(&json!(facts))
});

/// ACT-GOOD: everything is recorded in time.
fn well_kept() -> Vec<Value> {
    let of = |day, name, data| on(day, "ACT-GOOD", "activity", name, data);
    let mut facts = activity("ACT-GOOD", json!({}));
    facts.extend([
        of(
            "2019-01-08",
            "designReviewCompleted",
            json!({ "byDesign": true, "byDefault": true, "systems": [], "measures": [] }),
        ),
        of("2019-01-08", "anonymisationConsidered", json!({ "version": 1, "outcome": "IDENTIFICATION_NEEDED" })),
        of("2019-02-04", "accuracyMeasureRecorded", json!({ "measure": "a yearly check" })),
        of(
            "2019-02-04",
            "necessityStatementRecorded",
            json!({ "purpose": "teach", "dataCategories": ["NAME"], "statement": { "en": "they are enrolled" } }),
        ),
        of("2019-06-03", "suspended", json!({ "reason": "a summer" })),
        of("2019-09-02", "resumed", json!({})),
    ]);
    facts.push(amended("2020-02-03", "ACT-GOOD", 2, json!({ "systems": ["desk"] })));
    facts
}

/// ACT-BARE: nothing is recorded but that it runs; ACT-EARLY and ACT-MONTH: when it started.
fn badly_kept() -> Vec<Value> {
    let mut facts =
        activity("ACT-BARE", json!({ "purposes": [{ "code": "teach" }], "security": null, "subjectCategories": [] }));
    let determined = json!({ "activity": { "legalBasisDetermined": { "purpose": "teach", "basis": "CONTRACT" } } });
    facts.push(fact("ACT-BARE", "2019-03-20", "2019-03", &determined));
    let early = [("ACT-EARLY", "2019-01-02"), ("ACT-MONTH", "2019-01")];
    for (stream, started) in early {
        facts.push(on("2019-01-07", stream, "activity", "established", entry(json!({}))));
        facts.push(fact(stream, "2019-01-14", started, &json!({ "activity": { "started": {} } })));
    }
    let systems = [
        ("SYS-OPEN", "open", json!({ "class": "PUBLIC" })),
        ("SYS-SITE", "site", json!({ "class": "PUBLIC", "decision": "BD-1" })),
    ];
    facts.extend(systems.into_iter().flat_map(|(stream, code, class)| system(stream, code, class)));
    facts.extend(activity(
        "ACT-OPEN",
        json!({ "security": { "class": "PUBLIC", "measures": ["none"] }, "systems": ["open"] }),
    ));
    let bases = [
        ("ACT-CONTRACT", json!({ "basis": "CONTRACT", "legalReference": { "instrument": "ENROLMENT" } })),
        ("ACT-LIFE", json!({ "basis": "VITAL_INTEREST" })),
        ("ACT-STRANGE", json!({ "basis": "LEGAL_OBLIGATION", "legalReference": { "instrument": "LEX-NOBODY-KNOWS" } })),
        ("ACT-JUDGED", json!({ "basis": "LEGAL_OBLIGATION", "legalReference": { "instrument": "LEX-FANPAGES" } })),
    ];
    facts.extend(
        bases
            .into_iter()
            .flat_map(|(stream, basis)| activity(stream, json!({ "purposes": [purpose("teach", basis)] }))),
    );
    facts.extend(activity("ACT-TOTALS", json!({})));
    let totals = |day, inference: Option<bool>| {
        let mut data = json!({ "outcome": "AGGREGATED_ONLY", "isolationExcluded": true, "linkageExcluded": true });
        data = with(data, &json!({ "inferenceExcluded": inference }));
        on(day, "ACT-TOTALS", "activity", "scopeDeterminationRecorded", data)
    };
    facts.extend([totals("2025-02-03", None), totals("2025-03-03", Some(true))]);
    facts
}

/// Special categories, criminal data and identification numbers.
fn sensitive() -> Vec<Value> {
    let data = |category: Value| json!({ "dataCategories": [category], "systems": ["health"] });
    let mut facts = system("SYS-HEALTH", "health", json!({ "class": "CONFIDENTIAL" }));
    facts.push(on(
        "2019-03-04",
        "SYS-HEALTH",
        "system",
        "securityMeasureRecorded",
        json!({ "measure": "HSM", "enhanced": true, "until": "2021-01-01" }),
    ));
    facts.extend(activity("ACT-HEALTH", data(json!({ "code": "ILLNESS", "special": "HEALTH" }))));
    let ground = |day, reference: Value| {
        let mut data = json!({ "category": "HEALTH", "ground": "SUBSTANTIAL_PUBLIC_INTEREST" });
        data = with(data, &reference);
        on(day, "ACT-HEALTH", "activity", "specialCategoryGroundRecorded", data)
    };
    let law = json!({ "legalReference": { "instrument": "LEX-WHW" } });
    facts.extend([ground("2019-03-04", json!({})), ground("2019-04-01", law.clone())]);
    facts.extend(activity("ACT-CRIME", data(json!({ "code": "FRAUD", "criminal": true }))));
    let crime =
        json!({ "ground": "AUTHORISED_BY_LAW", "legalReference": { "instrument": "LEX-OLD" }, "dataCategories": [] });
    facts.push(on("2019-03-04", "ACT-CRIME", "activity", "criminalDataGroundRecorded", crime));
    facts.extend(activity("ACT-BSN", data(json!({ "code": "BSN", "nationalId": "CITIZEN_SERVICE_NUMBER" }))));
    let justified = |day, stream, number: &str, purpose: &str| {
        let data = json!({ "number": number, "legalReference": { "instrument": "LEX-WHW" }, "purpose": purpose });
        on(day, stream, "activity", "nationalIdUseJustified", data)
    };
    facts.push(justified("2019-03-04", "ACT-BSN", "CITIZEN_SERVICE_NUMBER", "sell"));
    facts.push(justified("2019-04-01", "ACT-BSN", "CITIZEN_SERVICE_NUMBER", "teach"));
    facts.extend(activity("ACT-LOCAL", data(json!({ "code": "STUDENT_NUMBER", "nationalId": "LOCAL" }))));
    facts.push(justified("2019-04-01", "ACT-LOCAL", "LOCAL", "teach"));
    let interest = |public: Option<bool>, reason: Option<&str>| {
        let purposes = [purpose("teach", json!({ "basis": "LEGITIMATE_INTEREST" }))];
        json!({ "purposes": purposes, "publicTask": public, "publicTaskReason": reason })
    };
    facts.extend(activity("ACT-TASK", interest(Some(true), Some("it is"))));
    facts.extend(activity("ACT-NOTASK", interest(Some(false), None)));
    facts.extend(activity("ACT-ASTASK", interest(None, Some("see there"))));
    facts
}

/// ACT-MORE: purposes that came later.
fn further() -> Vec<Value> {
    let with = |more: &[(&str, Value)]| {
        let first = purpose("teach", json!({ "basis": "CONSENT" }));
        let more = more.iter().map(|(code, basis)| purpose(code, basis.clone()));
        json!({ "purposes": std::iter::once(first).chain(more).collect::<Vec<_>>() })
    };
    let assessed = |day, code: &str, outcome: &str| {
        let data = json!({ "originalPurpose": "teach", "furtherPurpose": code, "outcome": outcome, "factors": [] });
        on(day, "ACT-MORE", "activity", "purposeCompatibilityAssessed", data)
    };
    let interest = json!({ "basis": "LEGITIMATE_INTEREST" });
    let mut facts = activity("ACT-MORE", with(&[]));
    facts.extend([
        assessed("2019-02-01", "tested", "COMPATIBLE"),
        amended("2019-02-04", "ACT-MORE", 2, with(&[("tested", interest.clone())])),
        amended("2019-03-04", "ACT-MORE", 3, with(&[("asked", json!({ "basis": "CONSENT" }))])),
        amended("2019-04-01", "ACT-MORE", 4, with(&[("own", interest.clone())])),
        amended("2019-05-06", "ACT-MORE", 5, with(&[("none", json!({}))])),
        amended("2019-06-03", "ACT-MORE", 6, with(&[("late", interest.clone())])),
        assessed("2019-06-10", "late", "COMPATIBLE"),
        assessed("2019-07-01", "against", "INCOMPATIBLE"),
        amended("2019-07-01", "ACT-MORE", 7, with(&[("against", interest)])),
    ]);
    facts
}

/// Analyses of users of a platform.
fn analyses() -> Vec<Value> {
    let run = |stream, data: Value| {
        let mut run = json!({ "consents": [] });
        run = with(run, &data);
        on("2025-03-03", stream, "publication", "analyticsRunRecorded", run)
    };
    vec![
        run("PUB-GOOD", json!({ "personal": true, "activity": "@ACT-GOOD", "purpose": "teach" })),
        run("PUB-BARE", json!({ "personal": true, "activity": "@ACT-BARE" })),
        run("PUB-TOTALS", json!({ "personal": false })),
        run("PUB-UNSAID", json!({})),
    ]
}

#[test]
fn a_basis_belongs_to_a_purpose_of_a_running_activity() {
    check(
        &DEMONSTRATION,
        &[
            ("LAW-01", Law, "ACT-001", "2018-06-30", NotApplicable),
            // It rests on consent, and no text by which it is asked is recorded yet.
            ("LAW-01", Law, "ACT-001", "2018-07-02", Fail),
            ("LAW-01", Law, "ACT-005", "2025-04-27", NotApplicable),
            ("LAW-01", Law, "ACT-005", "2025-04-28", Pass),
        ],
    );
    check(
        &TOLD,
        &[
            ("LAW-01", Law, "ACT-BARE", "2019-01-13", NotApplicable),
            ("LAW-01", Law, "ACT-BARE", "2019-02-01", Fail),
            ("LAW-01", Law, "ACT-BARE", "2019-03-20", Indeterminate),
            ("LAW-01", Law, "ACT-BARE", "2019-04-01", Pass),
            ("LAW-01", Law, "ACT-GOOD", "2019-06-03", NotApplicable),
            ("LAW-01", Law, "ACT-GOOD", "2019-09-02", Pass),
        ],
    );
}

#[test]
fn purposes_come_before_the_start() {
    check(
        &DEMONSTRATION,
        &[("LAW-02", Law, "ACT-003", "2023-09-04", Pass), ("LAW-02", Policy, "ACT-000", "2018-06-01", Pass)],
    );
    check(
        &TOLD,
        &[
            ("LAW-02", Law, "ACT-GOOD", "2019-06-03", Pass),
            ("LAW-02", Law, "ACT-EARLY", "2019-02-01", Fail),
            ("LAW-02", Policy, "ACT-EARLY", "2019-02-01", Fail),
            ("LAW-02", Law, "ACT-MONTH", "2019-02-01", Indeterminate),
            ("LAW-02", Law, "ACT-BARE", "2019-02-01", Fail),
        ],
    );
}

#[test]
fn further_purposes_are_tested_or_have_a_basis_of_their_own() {
    check(&DEMONSTRATION, &[("LAW-03", Law, "ACT-002", "2024-09-01", NotApplicable)]);
    check(
        &TOLD,
        &[
            ("LAW-03", Law, "ACT-MORE", "2019-01-20", NotApplicable),
            ("LAW-03", Law, "ACT-MORE", "2019-02-04", Pass),
            ("LAW-03", Law, "ACT-MORE", "2019-03-04", Pass),
            ("LAW-03", Law, "ACT-MORE", "2019-04-01", Warn),
            ("LAW-03", Law, "ACT-MORE", "2019-05-06", Fail),
            ("LAW-03", Law, "ACT-MORE", "2019-06-03", Warn),
            ("LAW-03", Law, "ACT-MORE", "2019-06-10", Fail),
            ("LAW-03", Law, "ACT-MORE", "2019-07-01", Fail),
        ],
    );
}

#[test]
fn necessity_is_stated_for_each_category() {
    check(
        &DEMONSTRATION,
        &[
            ("LAW-04", Law, "ACT-005", "2025-05-01", Pass),
            ("LAW-04", Law, "ACT-002", "2019-01-01", Fail),
            ("LAW-04", Guideline, "PUB-0001", "2025-02-01", NotApplicable),
        ],
    );
    check(
        &TOLD,
        &[
            ("LAW-04", Law, "ACT-GOOD", "2019-02-03", Fail),
            ("LAW-04", Law, "ACT-GOOD", "2019-02-04", Pass),
            ("LAW-04", Guideline, "PUB-GOOD", "2025-03-03", Pass),
            ("LAW-04", Guideline, "PUB-BARE", "2025-03-03", Fail),
            ("LAW-04", Guideline, "PUB-TOTALS", "2025-03-03", NotApplicable),
            ("LAW-04", Guideline, "PUB-UNSAID", "2025-03-03", Indeterminate),
        ],
    );
}

#[test]
fn a_house_term_binds_the_policy_and_warns_under_the_law() {
    check(
        &TOLD,
        &[
            ("LAW-05", Law, "ACT-GOOD", "2019-02-03", Warn),
            ("LAW-05", Policy, "ACT-GOOD", "2019-02-03", Fail),
            ("LAW-05", Law, "ACT-GOOD", "2019-03-01", Pass),
            ("LAW-05", Policy, "ACT-GOOD", "2020-02-04", Pass),
            ("LAW-05", Policy, "ACT-GOOD", "2020-02-05", Fail),
            ("LAW-05", Law, "ACT-GOOD", "2020-02-05", Warn),
            ("LAW-06", Law, "ACT-GOOD", "2019-03-01", Pass),
            ("LAW-06", Law, "ACT-GOOD", "2021-01-08", Warn),
            ("LAW-06", Policy, "ACT-GOOD", "2021-01-08", Fail),
            ("LAW-06", Law, "ACT-BARE", "2019-03-01", Fail),
        ],
    );
    check(
        &DEMONSTRATION,
        &[
            ("LAW-06", Law, "ACT-005", "2027-03-31", Pass),
            ("LAW-06", Law, "ACT-005", "2027-04-01", Warn),
            ("LAW-06", Policy, "ACT-005", "2027-04-01", Fail),
            ("LAW-06", Law, "ACT-001", "2019-01-01", Fail),
        ],
    );
    let verdict = TOLD.verdict("LAW-05", Policy, "ACT-GOOD", "2020-02-05", "2020-02-05");
    assert!(
        verdict.parameters.iter().any(|used| used.name == "accuracy" && used.instrument == "PROC-001"),
        "{verdict:?}"
    );
}

#[test]
fn anonymity_and_design_are_considered() {
    check(
        &TOLD,
        &[
            ("LAW-07", Policy, "ACT-GOOD", "2019-03-01", Pass),
            ("LAW-07", Policy, "ACT-GOOD", "2020-02-03", Warn),
            ("LAW-07", Policy, "ACT-BARE", "2019-03-01", Fail),
            ("LAW-08", Law, "ACT-GOOD", "2019-06-03", Pass),
            // A system came with the second version, and nobody reviewed it.
            ("LAW-08", Law, "ACT-GOOD", "2020-02-03", Fail),
            ("LAW-08", Law, "ACT-BARE", "2019-03-01", Fail),
        ],
    );
    check(
        &DEMONSTRATION,
        &[
            ("LAW-07", Guideline, "ACT-002", "2025-02-01", Fail),
            ("LAW-07", Guideline, "ACT-001", "2025-02-01", NotApplicable),
            ("LAW-08", Law, "ACT-004", "2024-01-01", Fail),
        ],
    );
}

#[test]
fn data_are_confidential_unless_decided_otherwise() {
    check(
        &DEMONSTRATION,
        &[
            ("LAW-09", Policy, "SYS-MAILER", "2019-01-01", Pass),
            ("LAW-09", Policy, "ACT-005", "2025-05-01", Pass),
            ("LAW-09", Practice, "institution", "2025-05-01", Warn),
        ],
    );
    check(
        &TOLD,
        &[
            ("LAW-09", Policy, "SYS-OPEN", "2019-02-01", Fail),
            ("LAW-09", Policy, "SYS-SITE", "2019-02-01", Pass),
            ("LAW-09", Policy, "ACT-OPEN", "2019-02-01", Fail),
        ],
    );
}

#[test]
fn special_categories_need_an_exception_and_more_security() {
    check(&DEMONSTRATION, &[("LAW-10", Law, "ACT-005", "2025-05-01", NotApplicable)]);
    check(
        &TOLD,
        &[
            ("LAW-10", Law, "ACT-HEALTH", "2019-02-01", Fail),
            ("LAW-10", Law, "ACT-HEALTH", "2019-03-04", Indeterminate),
            ("LAW-10", Law, "ACT-HEALTH", "2019-04-01", Pass),
            // The enhanced measure is in place until then: a matter of the policy, not of Art. 9.
            ("LAW-10", Law, "ACT-HEALTH", "2021-01-01", Pass),
            ("LAW-11", Law, "ACT-CRIME", "2019-02-01", Fail),
            ("LAW-11", Law, "ACT-CRIME", "2019-03-04", Pass),
            ("LAW-11", Law, "ACT-CRIME", "2020-01-01", Fail),
            ("LAW-11", Law, "ACT-GOOD", "2019-02-01", NotApplicable),
            ("LAW-12", Law, "ACT-BSN", "2019-02-01", Fail),
            ("LAW-12", Law, "ACT-BSN", "2019-03-04", Fail),
            ("LAW-12", Law, "ACT-BSN", "2019-04-01", Pass),
            ("LAW-12", Policy, "ACT-BSN", "2019-04-01", Pass),
        ],
    );
    let verdict = TOLD.verdict("LAW-10", Law, "ACT-HEALTH", "2019-04-01", "2019-04-01");
    assert_eq!(verdict.class, Class::Lawfulness);
}

#[test]
fn x10_only_the_law_closes_legitimate_interest_for_a_public_task() {
    check(
        &TOLD,
        &[
            // The basis is one of the six, as policy and guideline have it; the law does not open it to this task.
            ("LAW-01", Law, "ACT-TASK", "2019-02-01", Pass),
            ("LAW-13", Law, "ACT-TASK", "2019-02-01", Fail),
            ("LAW-13", Law, "ACT-NOTASK", "2019-02-01", Fail),
            ("LAW-13", Law, "ACT-ASTASK", "2019-02-01", Indeterminate),
            ("LAW-13", Law, "ACT-GOOD", "2019-02-01", NotApplicable),
        ],
    );
    check(
        &DEMONSTRATION,
        &[("LAW-13", Law, "ACT-003", "2023-09-04", Pass), ("LAW-13", Law, "ACT-005", "2025-05-01", Pass)],
    );
    let layers: Vec<Layer> = rule("LAW-13").unwrap().checks.iter().map(|check| check.layer).collect();
    assert_eq!(layers, [Law]);
}

#[test]
fn x14_the_policy_treats_a_student_number_like_a_national_one() {
    check(
        &TOLD,
        &[
            ("LAW-12", Law, "ACT-LOCAL", "2019-02-01", NotApplicable),
            ("LAW-12", Policy, "ACT-LOCAL", "2019-02-01", Warn),
            ("LAW-12", Policy, "ACT-LOCAL", "2019-04-01", Pass),
            ("LAW-12", Law, "ACT-BSN", "2019-02-01", Fail),
            ("LAW-12", Policy, "ACT-BSN", "2019-02-01", Fail),
        ],
    );
}

#[test]
fn bases_say_on_what_they_rest() {
    check(
        &DEMONSTRATION,
        &[("LAW-14", Law, "ACT-000", "2019-01-01", Pass), ("LAW-14", Law, "ACT-001", "2019-01-01", Fail)],
    );
    check(
        &TOLD,
        &[
            ("LAW-14", Law, "ACT-GOOD", "2019-02-01", Pass),
            ("LAW-14", Law, "ACT-CONTRACT", "2019-02-01", Pass),
            ("LAW-14", Law, "ACT-BARE", "2019-04-01", Fail),
            ("LAW-14", Law, "ACT-LIFE", "2019-02-01", Fail),
            ("LAW-14", Law, "ACT-STRANGE", "2019-02-01", Indeterminate),
            ("LAW-14", Law, "ACT-JUDGED", "2019-02-01", Fail),
        ],
    );
}

#[test]
fn aggregates_are_shown_to_be_anonymous_and_the_scope_is_known() {
    check(
        &TOLD,
        &[
            ("LAW-15", Guideline, "ACT-TOTALS", "2025-02-01", NotApplicable),
            ("LAW-15", Guideline, "ACT-TOTALS", "2025-02-03", Fail),
            ("LAW-15", Guideline, "ACT-TOTALS", "2025-03-03", Pass),
            ("LAW-15", Guideline, "ACT-TOTALS", "2019-02-01", NotApplicable),
            ("LAW-16", Policy, "ACT-GOOD", "2019-01-07", Pass),
            ("LAW-16", Policy, "ACT-BARE", "2019-02-01", Fail),
        ],
    );
    check(
        &DEMONSTRATION,
        &[
            ("LAW-16", Policy, "ACT-005", "2025-03-31", Pass),
            ("LAW-16", Policy, "ACT-004", "2024-01-01", Fail),
            ("LAW-16", Policy, "ACT-005", "2025-03-20", NotApplicable),
        ],
    );
}
