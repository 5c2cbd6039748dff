use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{self, Guideline, Law, Policy, Practice, Supervisor};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, PassErased, Warn};
use crate::ledger::erasable::without_nulls;
use crate::rule::check::{DEMONSTRATION, History, holds, recorded_fact};
use crate::rule::inquiry::Moment;
use crate::rule::verdict::Class;
use crate::time::PartialDate;

/// Holds a rule to an outcome on the demonstration, as known on that date.
fn shown(id: &str, layer: Layer, reference: &str, at: &str, expected: Outcome) {
    holds(&DEMONSTRATION, (id, layer), reference, (at, at), expected);
}

/// The same on the history told below, with all that is known in the end.
fn told(id: &str, layer: Layer, reference: &str, at: &str, expected: Outcome) {
    holds(&TOLD, (id, layer), reference, ("2027", at), expected);
}

fn fact(recorded: &str, effective: &str, stream: &str, event: Value) -> Value {
    let by = ("staff-im-01", "INFORMATION_MANAGER");
    let mut fact = recorded_fact(stream, &format!("{recorded}:00.000000Z"), effective, by, &without_nulls(event));
    fact["actor"]["unit"] = json!("mu-01");
    fact
}

/// A fact recorded on its own day.
fn plain(at: &str, stream: &str, event: Value) -> Value {
    fact(&format!("{at}T10:00"), at, stream, event)
}

/// A consent on the text told below.
fn granted(more: &Value, answers: &[(&str, &str)]) -> Value {
    let items: Vec<Value> =
        answers.iter().map(|(code, decision)| json!({"code": code, "decision": decision})).collect();
    let mut data = json!({"text": "@CTX-9", "textVersion": 1, "items": items, "method": "WEB", "evidence": {"description": "form"}});
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"consent": {"granted": data}})
}

fn agreed() -> Value {
    granted(&json!({}), &[("photo-platform-b", "YES"), ("profiling", "YES")])
}

fn withdrawn() -> Value {
    json!({"consent": {"withdrawn": {"items": []}}})
}

fn published(more: &Value, persons: &Value) -> Value {
    let mut data = json!({
        "activity": "@ACT-9", "platforms": ["platform-b"], "accounts": ["@ACC-B-01"], "categories": ["PHOTO"], "basis": "CONSENT",
        "persons": persons, "containsImagery": true, "processesUserData": false, "locations": []
    });
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"publication": {"contentPublished": data}})
}

fn shows(consent: &str) -> Value {
    published(&json!({}), &json!([{"basis": "CONSENT", "consent": consent, "count": 1}]))
}

fn established(more: &Value) -> Value {
    let mut data = json!({
        "version": 1, "kind": "POSTING", "purposes": [{"code": "posts", "basis": "CONSENT", "consentText": "@CTX-9"}],
        "subjectCategories": ["STUDENT"], "dataCategories": [], "operations": ["PHOTO"], "platforms": ["platform-b"], "recipients": [],
        "transfers": [], "retention": [], "systems": [], "jointControllers": [], "processors": []
    });
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"activity": {"established": data}})
}

fn text(version: u32, more: &Value) -> Value {
    let item = |code: &str, profiling: bool| json!({"code": code, "operations": if profiling { json!([]) } else { json!(["PHOTO"]) }, "platforms": ["platform-b"], "profiling": profiling});
    let mut data = json!({
        "version": version, "activity": "@ACT-9", "languages": ["nl"], "items": [item("photo-platform-b", false), item("profiling", true)],
        "grantChannels": ["WEB"], "withdrawChannels": ["WEB"], "stepsGrant": 1, "stepsWithdraw": 1, "mentionsWithdrawal": true,
        "document": {"sha256": "00".repeat(32)}
    });
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"consentText": {"published": data}})
}

fn started(at: &str, stream: &str) -> Value {
    fact(&format!("{at}T11:00"), at, stream, json!({"activity": {"started": {}}}))
}

fn banner(equal: bool, hash: bool) -> Value {
    let sha = hash.then(|| "11".repeat(32));
    json!({"consentText": {"bannerConfigurationPublished": {"version": 1, "equalButtons": equal, "configuration": sha, "scan": sha}}})
}

fn notice(activity: &str) -> Value {
    json!({"privacyNotice": {"versionPublished": {
        "version": 1, "activities": [activity], "languages": ["nl"], "channels": ["BANNER"], "audience": [], "items": [], "legalBases": [],
        "recipients": [], "assessmentSummaries": [], "transferGrounds": [], "arrangementEssences": []
    }}})
}

fn texts() -> Vec<Value> {
    let adm = json!({"automatedDecisions": {"taken": true, "ground": "EXPLICIT_CONSENT"}, "dataCategories": [{"code": "HEALTH", "special": "HEALTH"}]});
    let items = |item: Value| json!({"items": [item], "stepsWithdraw": 2, "mentionsWithdrawal": false, "withdrawChannels": ["POST"]});
    let bad = items(json!({"code": "all", "operations": ["A", "B"], "platforms": ["platform-a"], "preTicked": true}));
    let safeguards = |refusal: bool| json!({"consentText": {"safeguardsAssessed": {"audience": ["STUDENT"], "refusalWithoutDetriment": refusal, "surveyAnswers": 50, "measures": []}}});
    vec![
        plain("2025-02-03", "ACT-9", established(&adm)),
        started("2025-02-03", "ACT-9"),
        plain("2025-02-04", "ACT-9", json!({"activity": {"automatedDecisionsDeclared": {"significantEffect": true}}})),
        plain(
            "2025-02-04",
            "ACT-9",
            json!({"activity": {"specialCategoryGroundRecorded": {"category": "HEALTH", "ground": "EXPLICIT_CONSENT", "consentText": "@CTX-9"}}}),
        ),
        plain("2025-02-05", "CTX-9", text(1, &json!({}))),
        plain("2025-02-06", "CTX-9", safeguards(true)),
        plain("2025-06-02", "CTX-9", text(2, &json!({"minorsVariant": true}))),
        fact(
            "2025-06-02T12:00",
            "2025-06-02",
            "CTX-9",
            json!({"consentText": {"superseded": {"version": 1, "materiality": "MATERIAL", "reconsentNeeded": true}}}),
        ),
        plain("2025-06-10", "CTX-9", json!({"consentText": {"reconsentRequested": {"version": 2}}})),
        plain(
            "2025-02-03",
            "ACT-6",
            established(
                &json!({"automatedDecisions": {"taken": true, "ground": "CONTRACT"}, "dataCategories": [{"code": "HEALTH", "special": "HEALTH"}, {"code": "STUDENT_NUMBER", "nationalId": "LOCAL"}]}),
            ),
        ),
        started("2025-02-03", "ACT-6"),
        plain("2025-02-05", "CTX-8", text(1, &bad)),
        plain("2025-02-06", "CTX-8", safeguards(false)),
        plain("2025-02-10", "BNR-8", banner(true, true)),
        plain("2025-02-10", "NOT-8", notice("@ACT-8")),
        plain(
            "2025-02-12",
            "ACT-8",
            established(
                &json!({"kind": "RETARGETING", "purposes": [{"code": "ads", "basis": "CONSENT", "consentText": "@BNR-8"}]}),
            ),
        ),
        started("2025-02-12", "ACT-8"),
        plain(
            "2025-02-12",
            "ACT-7",
            established(
                &json!({"kind": "RETARGETING", "purposes": [{"code": "ads", "basis": "CONSENT", "consentText": "@BNR-7"}]}),
            ),
        ),
        started("2025-02-12", "ACT-7"),
        plain("2025-02-20", "BNR-7", banner(false, false)),
        plain("2025-02-20", "NOT-7", notice("@ACT-7")),
    ]
}

fn consents() -> Vec<Value> {
    let full = granted(
        &json!({"expression": "EXPLICIT", "ageBand": "FROM_16"}),
        &[("photo-platform-b", "YES"), ("profiling", "YES")],
    );
    let minor = granted(
        &json!({"expression": "EXPRESSED", "ageBand": "UNDER_16"}),
        &[("photo-platform-b", "YES"), ("profiling", "NO")],
    );
    let represented = granted(&json!({"ageBand": "UNDER_16"}), &[("photo-platform-b", "YES")]);
    let found = |effect: &str| json!({"consent": {"invalidated": {"by": "DPO", "effect": effect}}});
    let authorised = json!({"consent": {"representativeAuthorised": {"authority": "PARENT_DECLARATION", "evidence": {"description": "letter"}, "scope": [], "until": "2025-06-30"}}});
    vec![
        plain("2025-03-03", "CNS-9", full),
        plain("2025-03-03", "CNS-8", minor),
        fact("2025-03-12T10:00", "2025-03-05", "CNS-7", agreed()),
        plain("2025-03-10", "CNS-6", agreed()),
        plain("2025-03-03", "CNS-5", agreed()),
        plain("2025-04-01", "CNS-5", found("EX_TUNC")),
        plain("2025-03-03", "CNS-4", agreed()),
        plain("2025-04-01", "CNS-4", found("EX_NUNC")),
        plain("2025-03-03", "CNS-3", agreed()),
        plain("2025-03-20", "CNS-3", withdrawn()),
        plain("2025-03-01", "CNS-2", authorised),
        plain("2025-03-03", "CNS-2", represented),
        plain("2025-07-15", "CNS-2", json!({"consent": {"confirmationInvited": {"reason": "AGE_16"}}})),
        plain("2025-03-03", "CNS-1", agreed()),
        plain("2025-03-20", "CNS-1", withdrawn()),
        plain(
            "2025-03-21",
            "CNS-1",
            json!({"consent": {"withdrawalActioned": {"uses": ["platform-b"], "complete": false}}}),
        ),
    ]
}

fn publications() -> Vec<Value> {
    let run = |personal: bool, activity: &str, consents: Value| json!({"publication": {"analyticsRunRecorded": {"personal": personal, "activity": activity, "platform": "platform-b", "consents": consents}}});
    let added = |consent: Value| json!({"publication": {"groupMemberAdded": {"group": "g", "consent": consent, "platform": "platform-b"}}});
    let lead = |consent: Value| json!({"publication": {"leadCollected": {"campaign": "c", "consent": consent, "firstContact": "2025-03-15"}}});
    let removed =
        json!({"publication": {"contentRemoved": {"platforms": [], "consents": [], "requests": [], "objections": []}}});
    vec![
        plain("2025-03-11", "PUB-9", shows("@CNS-9")),
        plain("2025-03-11", "PUB-7", shows("@CNS-7")),
        plain("2025-03-10", "PUB-6", shows("@CNS-6")),
        plain("2025-03-11", "PUB-5", shows("@CNS-5")),
        plain("2025-03-11", "PUB-4", shows("@CNS-4")),
        plain("2025-04-11", "PUB-4B", shows("@CNS-4")),
        plain("2025-03-11", "PUB-3", shows("@CNS-3")),
        plain("2025-03-21", "PUB-3", removed),
        plain("2025-03-25", "PUB-3B", shows("@CNS-3")),
        plain("2025-03-11", "PUB-1", shows("@CNS-1")),
        plain("2025-03-11", "PUB-V", published(&json!({"platforms": ["platform-a"]}), &json!([{"consent": "@CNS-9"}]))),
        plain("2025-03-11", "PUB-N", published(&json!({}), &json!([]))),
        plain("2025-03-11", "PUB-G", published(&json!({}), &json!([{"consent": "@CNS-9", "count": 3}]))),
        plain("2025-03-11", "PUB-F", published(&json!({"basis": "LEGITIMATE_INTEREST"}), &json!([{"count": 40}]))),
        plain("2025-03-11", "RUN-9", run(true, "@ACT-9", json!(["@CNS-9"]))),
        plain("2025-03-11", "RUN-8", run(true, "@ACT-9", json!([]))),
        plain("2025-03-11", "RUN-7", run(true, "@ACT-003", json!([]))),
        plain("2025-03-11", "RUN-6", run(false, "@ACT-9", json!([]))),
        plain("2025-03-11", "GRP-9", added(json!("@CNS-9"))),
        plain("2025-03-11", "GRP-7", added(json!("@CNS-7"))),
        plain("2025-03-11", "GRP-3", added(json!("@CNS-3"))),
        plain("2025-03-11", "LEAD-9", lead(json!("@CNS-9"))),
        plain("2025-03-11", "LEAD-8", lead(Value::Null)),
    ]
}

/// Among the demonstration's: one text in order and one that is not, and consents and publications of every kind.
static TOLD: LazyLock<History> = LazyLock::new(|| {
    let facts: Vec<Value> = texts().into_iter().chain(consents()).chain(publications()).collect();
    History::and(&json!(facts))
});

// --- The golden questions and the conflicts --------------------------------------------------------------------------

#[test]
fn q07_nothing_is_recorded_of_the_consent_yet() {
    let verdict = DEMONSTRATION.verdict("CON-03", Law, "PUB-0001", "2018-09-13", "2018-09-12");
    assert_eq!((verdict.outcome, verdict.class), (Fail, Class::Accountability));
}

#[test]
fn q08_signed_before_and_recorded_after() {
    holds(&DEMONSTRATION, ("CON-03", Law), "PUB-0001", ("2018-09-15", "2018-09-12"), Pass);
    holds(&DEMONSTRATION, ("CON-03", Guideline), "PUB-0001", ("2018-09-15", "2018-09-12"), NotApplicable);
}

#[test]
fn what_was_done_before_the_guideline_is_not_judged_by_it() {
    shown("CON-03", Guideline, "PUB-0001", "2025-02-01", NotApplicable);
    // Unless its rules are asked for on purpose.
    let at = |date: &str| date.parse::<PartialDate>().unwrap().latest();
    let moment = Moment { size: DEMONSTRATION.head(), valid: at("2018-09-12"), rules: at("2025-02-01") };
    assert_eq!(DEMONSTRATION.judged("CON-03", Guideline, "PUB-0001", moment).verdict.outcome, Fail);
}

#[test]
fn x12_the_guideline_accepts_explicit_consent_alone() {
    told("CON-09", Guideline, "ACT-6", "2025-03-31", Fail);
    told("CON-09", Law, "ACT-6", "2025-03-31", Pass);
    told("CON-09", Guideline, "ACT-9", "2025-03-31", Pass);
    told("CON-09", Law, "ACT-9", "2025-03-31", Pass);
}

#[test]
fn x14_a_number_of_the_institution_is_no_special_category() {
    // Health fails, as it rests on consent without an exception; the student number adds nothing.
    let verdict = TOLD.verdict("CON-17", Law, "ACT-6", "2027", "2025-03-31");
    assert_eq!((verdict.outcome, verdict.reasons.len()), (Fail, 1));
    assert!(verdict.reasons[0].text.en.starts_with("health"));
}

#[test]
fn x19_before_the_advice_nothing_follows_from_it() {
    shown("CON-15", Supervisor, "PUB-0003", "2024-06-12", NotApplicable);
    shown("CON-13", Supervisor, "CTX-001", "2024-06-12", NotApplicable);
    shown("CON-13", Supervisor, "CTX-001", "2024-06-13", Fail);
    shown("CON-13", Supervisor, "CTX-001", "2024-09-02", Pass);
}

// --- Consent first ---------------------------------------------------------------------------------------------------

#[test]
fn consent_comes_before_the_publication() {
    for (reference, law, guideline) in [
        ("PUB-9", Pass, Pass),
        // Signed before, recorded after.
        ("PUB-7", Pass, Fail),
        // On the same day, no hour known.
        ("PUB-6", Indeterminate, Indeterminate),
        // It had been found invalid by then.
        ("PUB-4B", Fail, Fail),
        ("PUB-3B", Fail, Fail),
        // The text does not name the platform.
        ("PUB-V", Fail, Fail),
        // No consent is named; one for three people.
        ("PUB-N", Fail, Fail),
        ("PUB-G", Fail, Fail),
        // On another basis.
        ("PUB-F", NotApplicable, NotApplicable),
    ] {
        told("CON-03", Law, reference, "2025-12-31", law);
        told("CON-03", Guideline, reference, "2025-12-31", guideline);
    }
    shown("CON-03", Law, "PUB-0002", "2024-03-01", NotApplicable);
    shown("CON-03", Law, "PUB-0003", "2023-01-01", Pass);
    holds(&DEMONSTRATION, ("CON-03", Law), "PUB-0003", ("2027", "2023-01-01"), PassErased);
    shown("CON-18", Practice, "PUB-0001", "2018-09-13", Warn);
    shown("CON-18", Practice, "PUB-0001", "2018-09-15", Pass);
    told("CON-18", Practice, "PUB-N", "2025-12-31", Warn);
}

#[test]
fn what_is_found_invalid_from_the_beginning_fails_in_hindsight() {
    holds(&TOLD, ("CON-03", Law), "PUB-5", ("2025-03-31", "2025-03-15"), Pass);
    holds(&TOLD, ("CON-03", Law), "PUB-5", ("2025-04-02", "2025-03-15"), Fail);
    holds(&TOLD, ("CON-01", Law), "CNS-5", ("2025-03-31", "2025-03-15"), Pass);
    holds(&TOLD, ("CON-01", Law), "CNS-5", ("2025-04-02", "2025-03-15"), Fail);
    // From the finding on leaves what was before it.
    holds(&TOLD, ("CON-03", Law), "PUB-4", ("2025-04-02", "2025-03-15"), Pass);
    told("CON-01", Law, "CNS-4", "2025-03-15", Pass);
    told("CON-01", Law, "CNS-4", "2025-04-02", Fail);
}

#[test]
fn signed_forms_are_not_enough() {
    shown("CON-15", Supervisor, "PUB-0003", "2024-07-03", Fail);
    // PUB-9 is on platform-b only, which is clear and has an arrangement.
    told("CON-15", Supervisor, "PUB-9", "2025-12-31", Pass);
    told("CON-15", Supervisor, "PUB-7", "2025-12-31", Pass);
    told("CON-15", Supervisor, "PUB-N", "2025-12-31", Fail);
    told("CON-15", Supervisor, "PUB-3", "2025-12-31", NotApplicable);
}

#[test]
fn after_a_withdrawal_the_use_ends() {
    let trap = |layer, at: &str, expected| {
        shown("CON-06", layer, "CNS-0002", at, expected);
        shown("CON-06", layer, "PUB-0003", at, expected);
    };
    // S-076: late on platform-b, and nothing for platform-a.
    trap(Law, "2024-09-05", NotApplicable);
    trap(Law, "2024-09-07", Pass);
    trap(Policy, "2024-09-08", Pass);
    trap(Law, "2024-12-31", Warn);
    trap(Policy, "2024-12-31", Fail);
    let verdict = DEMONSTRATION.verdict("CON-06", Policy, "PUB-0003", "2024-12-31", "2024-12-31");
    let about = |platform: &str| verdict.reasons.iter().filter(|reason| reason.text.en.contains(platform)).count();
    assert_eq!((about("platform-a"), about("platform-b")), (1, 2), "{:?}", verdict.reasons);
    // In time; then new.
    told("CON-06", Policy, "PUB-3", "2025-12-31", Pass);
    told("CON-06", Law, "PUB-3", "2025-12-31", Pass);
    told("CON-06", Law, "PUB-3B", "2025-12-31", Fail);
    told("CON-06", Law, "CNS-3", "2025-12-31", Fail);
    // Somebody says that it was left undone.
    told("CON-06", Law, "CNS-1", "2025-12-31", Fail);
    told("CON-06", Law, "CNS-9", "2025-12-31", NotApplicable);
}

#[test]
fn users_groups_and_leads() {
    told("CON-07", Law, "RUN-9", "2025-12-31", Pass);
    told("CON-07", Guideline, "RUN-9", "2025-12-31", Pass);
    told("CON-07", Law, "RUN-8", "2025-12-31", Fail);
    told("CON-07", Law, "RUN-7", "2025-12-31", Indeterminate); // devices may be read all the same
    told("CON-07", Guideline, "RUN-7", "2025-12-31", Fail);
    told("CON-07", Law, "RUN-6", "2025-12-31", Pass);
    told("CON-07", Law, "PUB-9", "2025-12-31", NotApplicable);
    told("CON-10", Guideline, "GRP-9", "2025-12-31", Pass);
    told("CON-10", Guideline, "GRP-7", "2025-12-31", Fail);
    told("CON-10", Guideline, "GRP-3", "2025-03-21", Pass);
    told("CON-10", Guideline, "GRP-3", "2025-12-31", Fail);
    told("CON-11", Guideline, "LEAD-9", "2025-12-31", Pass);
    told("CON-11", Guideline, "LEAD-8", "2025-12-31", Fail);
    told("CON-11", Guideline, "LEAD-8", "2025-03-12", NotApplicable);
}

// --- The consent and its text ----------------------------------------------------------------------------------------

#[test]
fn consents_of_the_demonstration() {
    shown("CON-01", Law, "CNS-0001", "2024-01-01", Pass);
    shown("CON-01", Law, "CNS-0002", "2024-01-01", Fail);
    shown("CON-01", Law, "CNS-0002", "2025-01-01", NotApplicable);
    shown("CON-04", Law, "CNS-0001", "2024-01-01", Fail);
    told("CON-01", Law, "CNS-9", "2025-03-31", Pass);
    told("CON-04", Law, "CNS-9", "2025-03-31", Pass);
    shown("CON-16", Law, "CNS-0003", "2024-01-01", Pass);
    shown("CON-16", Law, "CNS-0001", "2024-01-01", NotApplicable);
}

#[test]
fn minors_are_represented() {
    told("CON-16", Law, "CNS-8", "2025-03-31", Fail);
    told("CON-16", Policy, "CNS-8", "2025-03-31", Fail);
    told("CON-16", Law, "CNS-2", "2025-06-29", Pass);
    // The authority ended with the quarter; the invitation came two weeks later.
    told("CON-16", Law, "CNS-2", "2025-07-10", Warn);
    told("CON-16", Law, "CNS-2", "2025-07-16", Warn);
    told("CON-16", Law, "CNS-9", "2025-03-31", NotApplicable);
}

#[test]
fn texts_are_asked_freely_and_fully() {
    let both = |id, layer, good, bad| {
        told(id, layer, "CTX-9", "2025-03-31", good);
        told(id, layer, "CTX-8", "2025-03-31", bad);
    };
    both("CON-02", Law, Pass, Fail);
    both("CON-05", Law, Pass, Fail);
    both("CON-12", Law, Pass, Fail);
    // Two operations for one purpose are one choice.
    both("CON-13", Law, Pass, Pass);
    both("CON-13", Supervisor, Pass, Fail);
    both("CON-14", Law, Pass, Fail);
    both("CON-14", Policy, Pass, Fail);
    told("CON-14", Policy, "CTX-9", "2026-03-31", Fail);
    told("CON-14", Law, "CTX-9", "2026-03-31", Warn);
    shown("CON-02", Law, "CTX-001", "2019-01-01", Warn);
    shown("CON-02", Law, "CTX-001", "2024-01-01", Fail);
    shown("CON-02", Law, "CTX-001", "2024-10-01", Pass);
    shown("CON-05", Law, "CTX-001", "2019-01-01", Pass);
    shown("CON-14", Law, "CTX-001", "2024-10-01", Warn);
    shown("CON-14", Policy, "CTX-001", "2024-10-01", Fail);
    shown("CON-02", Law, "BNR-002", "2024-10-01", NotApplicable);
}

#[test]
fn a_consent_covers_what_its_text_asks() {
    shown("CON-12", Law, "CTX-001", "2023-01-01", Indeterminate);
    // Platform-a builds profiles, and version 1 does not ask about it.
    shown("CON-12", Law, "CTX-001", "2023-06-01", Fail);
    shown("CON-12", Law, "CNS-0002", "2023-01-01", Pass);
    shown("CON-12", Law, "CNS-0002", "2023-06-01", Fail);
    // Photos on platform-b, but no profiling there.
    shown("CON-12", Law, "CNS-0001", "2024-09-06", Fail);
    shown("CON-12", Law, "CNS-0003", "2025-01-01", Pass);
    told("CON-12", Law, "CNS-9", "2025-03-31", Pass);
    told("CON-12", Law, "CNS-8", "2025-03-31", Fail);
    shown("CON-13", Law, "CNS-0001", "2024-01-01", Warn);
    shown("CON-13", Law, "CNS-0001", "2024-09-06", Pass);
    shown("CON-13", Supervisor, "CNS-0001", "2024-09-06", Pass);
    shown("CON-19", Law, "CNS-0001", "2024-01-01", Pass);
    shown("CON-19", Law, "CNS-0001", "2024-09-06", NotApplicable);
    shown("CON-19", Law, "CNS-0003", "2024-10-01", Fail);
    told("CON-19", Law, "CNS-9", "2025-03-31", NotApplicable);
    told("CON-19", Law, "CNS-9", "2025-06-05", Fail);
    told("CON-19", Law, "CNS-9", "2025-06-11", Warn);
}

#[test]
fn explicit_consent_is_explicit() {
    for (id, layer) in [("CON-09", Guideline), ("CON-09", Law), ("CON-17", Law)] {
        told(id, layer, "CNS-9", "2025-03-31", Pass);
        told(id, layer, "CNS-8", "2025-03-31", Fail);
    }
    told("CON-17", Law, "ACT-9", "2025-03-31", Pass);
    shown("CON-17", Law, "CNS-0001", "2024-01-01", NotApplicable);
    shown("CON-09", Law, "ACT-004", "2024-01-01", NotApplicable);
}

#[test]
fn a_choice_comes_before_cookies() {
    // The hash of the banner's configuration is not in the ledger.
    shown("CON-08", Law, "ACT-004", "2024-01-01", Indeterminate);
    shown("CON-08", Guideline, "ACT-004", "2025-02-01", Pass);
    shown("CON-08", Law, "ACT-002", "2024-01-01", NotApplicable);
    told("CON-08", Law, "ACT-8", "2025-03-31", Pass);
    told("CON-08", Law, "ACT-7", "2025-03-31", Fail);
    told("CON-08", Guideline, "ACT-7", "2025-03-31", Fail);
}
