//! What people are told, on the demonstration and on a notice NOT-900 of an activity ACT-900 told beside it.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{Stale, stale_since};
use crate::family::privacy_notice::PrivacyNotice;
use crate::family::rule_set::Layer::{self, Guideline, Law, Policy, Supervisor};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History, fact_of_day, with};
use crate::rule::timeline::Knowledge;
use crate::rule::verdict::Mark;
use crate::time::{Instant, local};

/// The law, the policy and the guideline of the demonstration, without its story.
static LAW: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let demonstration: Value = serde_json::from_str(include_str!("../../../../../data/demonstration.json")).unwrap();
    let streams = ["LEX-GDPR", "LEX-AP-TIKTOK-LANG", "LEX-AP-EDU", "POL-001", "PROC-001", "GDL-001"];
    let facts = demonstration["facts"].as_array().unwrap().iter();
    facts.filter(|fact| streams.contains(&fact["stream"].as_str().unwrap())).cloned().collect()
});

/// A fact that is recorded on the day on which it takes effect.
fn tell(day: &str, stream: &str, family: &str, fact: &str, data: Value) -> Value {
    fact_of_day(day, stream, ("staff-01", "INFORMATION_MANAGER"), family, fact, data)
}

fn notice(day: &str, fact: &str, data: Value) -> Value {
    tell(day, "NOT-900", "privacyNotice", fact, data)
}

const ALWAYS: [&str; 7] = ["CONTROLLER", "DPO_CONTACT", "PURPOSES", "LEGAL_BASIS", "RETENTION", "RIGHTS", "COMPLAINT"];

/// A version that tells what every notice must, and more.
fn published(day: &str, number: u32, more: &[&str], changes: &Value) -> Value {
    let items: Vec<Value> = ALWAYS.iter().chain(more).map(|item| json!({ "item": item, "present": true })).collect();
    let data = json!({
        "version": number, "activities": ["@ACT-900"], "languages": ["nl", "en"], "channels": ["WEB"], "audience": ["STUDENT"],
        "items": items, "legalBases": [], "recipients": [], "assessmentSummaries": [], "transferGrounds": [],
        "arrangementEssences": [],
    });
    notice(day, "versionPublished", with(data, changes))
}

/// An activity that runs from a day on, for a public task.
fn activity(day: &str, changes: &Value) -> Vec<Value> {
    let data = json!({
        "version": 1, "purposes": [{ "code": "show", "basis": "PUBLIC_TASK" }], "subjectCategories": [], "dataCategories": [],
        "operations": [], "platforms": [], "recipients": [], "transfers": [], "retention": [], "systems": [],
        "jointControllers": [], "processors": [],
    });
    vec![
        tell(day, "ACT-900", "activity", "established", with(data, changes)),
        tell(day, "ACT-900", "activity", "started", json!({})),
    ]
}

fn amended(day: &str, number: u32, changes: &Value) -> Value {
    tell(day, "ACT-900", "activity", "amended", with(json!({ "version": number, "pushedTo": [] }), changes))
}

fn history(facts: &[&[Value]]) -> History {
    // Where a test tells no activity or notice, the links to it still need a stream.
    let drafts = [
        tell("2018-06-01", "ACT-900", "activity", "drafted", json!({})),
        notice("2018-06-01", "versionDrafted", json!({ "activities": ["@ACT-900"], "languages": [] })),
    ];
    History::alone(&Value::Array([&LAW[..], &drafts, facts.concat().as_slice()].concat()))
}

#[track_caller]
fn outcome(history: &History, id: &str, layer: Layer, reference: &str, at: &str, expected: Outcome) {
    let verdict = history.verdict(id, layer, reference, "2027", at);
    assert_eq!(verdict.outcome, expected, "{id} {layer:?} {reference} {at}: {:?}", verdict.reasons);
}

fn stale(history: &History, reference: &str, at: &str) -> Option<Stale> {
    history.asked(reference, at, at, |inquiry| stale_since(inquiry, inquiry.state::<PrivacyNotice>(inquiry.subject)?))
}

/// Since when it is stale, and why.
fn since(history: &History, at: &str) -> Option<(String, String)> {
    stale(history, "NOT-900", at).map(|stale| (stale.since.to_string(), stale.why.en))
}

fn told(since: &str, why: &str) -> Option<(String, String)> {
    Some((since.to_owned(), why.to_owned()))
}

#[test]
fn trn_01_a_notice_is_in_force() {
    let check = |at, reference, expected| outcome(&DEMONSTRATION, "TRN-01", Law, reference, at, expected);
    check("2018-05-24", "ACT-000", NotApplicable);
    check("2018-06-11", "ACT-000", Fail);
    check("2018-06-12", "ACT-000", Pass);
    // Not running yet.
    check("2023-09-01", "ACT-003", NotApplicable);
    // Data from others: the term runs, and then there is a notice.
    check("2025-05-26", "ACT-005", Pass);
    check("2025-05-27", "ACT-005", Pass);
}

#[test]
fn trn_01_at_every_channel() {
    let collected =
        |channel: &str| notice("2022-04-01", "dataCollected", json!({ "activity": "@ACT-900", "channel": channel }));
    let check = |facts: &[Value], expected| {
        outcome(
            &history(&[&activity("2022-03-01", &json!({})), facts]),
            "TRN-01",
            Law,
            "ACT-900",
            "2022-04-01",
            expected,
        );
    };
    let offered = || published("2022-03-01", 1, &[], &json!({}));
    check(&[], Fail);
    check(&[offered()], Pass);
    check(&[offered(), collected("WEB")], Pass);
    check(&[offered(), collected("PAPER")], Fail);
    check(&[offered(), notice("2022-03-20", "versionWithdrawn", json!({ "version": 1 }))], Fail);
    check(
        &[notice("2022-03-01", "exemptionInvoked", json!({ "ground": "ART_14_5_D", "activity": "@ACT-900" }))],
        NotApplicable,
    );
}

#[test]
fn x11_what_the_guideline_does_not_call_processing_is_told_all_the_same() {
    // Reactions on a platform: the guideline says that they are not processing yet; the duty to inform does not wait for it.
    let likes = json!({ "kind": "EVENT_POST_ANALYTICS", "platforms": ["platform-b"] });
    let told = history(&[&activity("2025-03-01", &likes)]);
    outcome(&told, "TRN-01", Law, "ACT-900", "2025-03-01", Fail);
    let told = history(&[&activity("2025-03-01", &likes), &[published("2025-03-01", 1, &[], &json!({}))]]);
    outcome(&told, "TRN-01", Law, "ACT-900", "2025-03-01", Pass);
}

#[test]
fn trn_02_before_or_at_collection() {
    let check = |facts: &[Value], expected| {
        let collected = json!({ "activity": "@ACT-900", "channel": "PAPER", "cohort": "fair" });
        let collected = notice("2022-04-10", "dataCollected", collected);
        outcome(
            &history(&[&activity("2022-03-01", &json!({})), &[collected], facts]),
            "TRN-02",
            Law,
            "ACT-900",
            "2022-12-31",
            expected,
        );
    };
    let served = |day, cohort: &str| notice(day, "served", json!({ "activity": "@ACT-900", "cohort": cohort }));
    check(&[], Fail);
    check(&[served("2022-04-09", "fair")], Pass);
    check(&[served("2022-04-10", "fair")], Pass);
    check(&[served("2022-04-11", "fair")], Fail);
    check(&[served("2022-04-09", "another")], Fail);
    check(&[published("2022-04-01", 1, &[], &json!({ "channels": ["PAPER"] }))], Pass);
    check(&[published("2022-04-01", 1, &[], &json!({}))], Fail);
    check(&[with(served("2022-04-01", "fair"), &json!({ "effective": "2022-04" }))], Indeterminate);
    check(
        &[notice("2022-04-01", "exemptionInvoked", json!({ "ground": "ART_13_4", "cohort": "fair" }))],
        NotApplicable,
    );
    outcome(&DEMONSTRATION, "TRN-02", Law, "ACT-001", "2020", NotApplicable);
}

#[test]
fn q17_told_on_the_last_day() {
    let ask = |layer| DEMONSTRATION.verdict("TRN-03", layer, "ACT-005", "2025-05-28", "2025-05-28");
    let (law, guideline, policy) = (ask(Law), ask(Guideline), ask(Policy));
    assert_eq!((law.outcome, guideline.outcome, policy.outcome), (Pass, Pass, Fail));
    assert!(law.reasons.iter().any(|reason| reason.text.en.contains("as soon as possible")), "{:?}", law.reasons);
    assert_eq!(local(law.deadlines[0].limit), "2025-05-28");
    assert_eq!(local(policy.deadlines[0].limit), "2025-05-26");
}

/// Data obtained on 28 April 2025, and people told on a day, or not.
fn obtained(more: &[Value]) -> History {
    let obtained = json!({ "activity": "@ACT-900", "source": "fair", "dataCategories": ["NAME"], "cohort": "fair" });
    let source = json!({ "source": "INDIRECT" });
    history(&[&activity("2025-04-28", &source), &[notice("2025-04-28", "dataObtainedIndirectly", obtained)], more])
}

fn informed(day: &str) -> Value {
    let data = json!({ "activity": "@ACT-900", "dataCategories": ["NAME"], "source": "fair", "cohort": "fair", "freeOfCharge": true });
    notice(day, "indirectNoticeProvided", data)
}

#[test]
fn x2_four_weeks_or_a_month() {
    let check = |day: &str, policy, law| {
        let told = obtained(&[informed(day)]);
        outcome(&told, "TRN-03", Policy, "ACT-900", "2025-12-31", policy);
        outcome(&told, "TRN-03", Law, "ACT-900", "2025-12-31", law);
        outcome(&told, "TRN-03", Guideline, "ACT-900", "2025-12-31", law);
    };
    check("2025-05-26", Pass, Pass);
    check("2025-05-27", Fail, Pass);
    check("2025-05-28", Fail, Pass);
    check("2025-05-29", Fail, Fail);
    // Only in its last days the law is met without being met as soon as possible.
    let remarked = |day: &str| {
        let verdict = obtained(&[informed(day)]).verdict("TRN-03", Law, "ACT-900", "2025-12-31", "2025-12-31");
        verdict.reasons.iter().any(|reason| reason.text.en.contains("as soon as possible"))
    };
    assert_eq!((remarked("2025-05-26"), remarked("2025-05-27")), (false, true));
}

#[test]
fn trn_03_no_later_than_the_first_contact_or_disclosure() {
    let contact = |day| notice(day, "firstCommunication", json!({ "activity": "@ACT-900", "cohort": "fair" }));
    let disclosed = |day| notice(day, "firstDisclosure", json!({ "activity": "@ACT-900" }));
    let check = |facts: &[Value], layer, expected| {
        outcome(&obtained(facts), "TRN-03", layer, "ACT-900", "2025-05-20", expected)
    };
    check(&[], Law, Pass);
    check(&[contact("2025-05-10")], Law, Fail);
    check(&[contact("2025-05-10"), informed("2025-05-10")], Law, Pass);
    check(&[contact("2025-05-10"), informed("2025-05-11")], Law, Fail);
    check(&[contact("2025-05-10"), informed("2025-05-11")], Policy, Fail);
    check(&[contact("2025-05-10"), informed("2025-05-11")], Guideline, Pass);
    // The policy says nothing of disclosure.
    check(&[disclosed("2025-05-10"), informed("2025-05-11")], Law, Fail);
    check(&[disclosed("2025-05-10"), informed("2025-05-11")], Policy, Pass);
    let exempted = notice("2025-05-01", "exemptionInvoked", json!({ "ground": "ART_14_5_A", "cohort": "fair" }));
    check(&[contact("2025-05-10"), exempted], Law, NotApplicable);
    outcome(&DEMONSTRATION, "TRN-03", Law, "ACT-001", "2025-12-31", NotApplicable);
    // A month that is known only by its month does not decide it.
    let vague = json!({ "activity": "@ACT-900", "source": "fair", "dataCategories": [], "cohort": "fair", "obtainedAt": "2025-04" });
    let vague = notice("2025-04-28", "dataObtainedIndirectly", vague);
    let told = history(&[&activity("2025-04-28", &json!({})), &[vague, informed("2025-05-20")]]);
    outcome(&told, "TRN-03", Law, "ACT-900", "2025-12-31", Indeterminate);
}

#[test]
fn trn_04_what_a_notice_tells() {
    let check = |entry: Value, more: &[&str], law, policy| {
        let told = history(&[&activity("2022-03-01", &entry), &[published("2022-03-01", 1, more, &json!({}))]]);
        outcome(&told, "TRN-04", Law, "NOT-900", "2022-03-01", law);
        outcome(&told, "TRN-04", Policy, "NOT-900", "2022-03-01", policy);
    };
    let basis = |basis: &str| json!({ "purposes": [{ "code": "show", "basis": basis }] });
    check(json!({}), &[], Pass, Pass);
    check(json!({ "recipients": ["vendor-n"] }), &[], Fail, Fail);
    check(json!({ "recipients": ["vendor-n"] }), &["RECIPIENTS"], Pass, Pass);
    check(basis("CONSENT"), &[], Fail, Fail);
    check(basis("CONSENT"), &["WITHDRAWAL"], Pass, Pass);
    check(basis("LEGITIMATE_INTEREST"), &[], Fail, Fail);
    check(basis("LEGITIMATE_INTEREST"), &["LEGITIMATE_INTEREST"], Pass, Pass);
    // The law asks what follows if the data are not given; the policy does not.
    check(basis("CONTRACT"), &["REQUIREMENT"], Fail, Pass);
    check(basis("CONTRACT"), &["REQUIREMENT", "CONSEQUENCES"], Pass, Pass);
    check(with(basis("CONTRACT"), &json!({ "source": "INDIRECT" })), &[], Pass, Pass);
    let transfer = json!({ "transfers": [{ "recipient": "vendor-x", "country": "US", "safeguards": "clauses" }] });
    check(transfer.clone(), &["RECIPIENTS", "TRANSFER"], Fail, Pass);
    check(transfer, &["RECIPIENTS", "TRANSFER", "TRANSFER_SAFEGUARDS_COPY"], Pass, Pass);
    outcome(&history(&[]), "TRN-04", Law, "NOT-900", "2022-03-01", NotApplicable);
}

#[test]
fn x12_automated_decisions_are_told_on_whatever_ground() {
    let check = |ground: &str, more: &[&str], expected| {
        let entry = json!({ "automatedDecisions": { "taken": true, "ground": ground } });
        let told = history(&[&activity("2025-03-01", &entry), &[published("2025-03-01", 1, more, &json!({}))]]);
        outcome(&told, "TRN-04", Law, "NOT-900", "2025-03-01", expected);
        outcome(&told, "TRN-04", Policy, "NOT-900", "2025-03-01", expected);
    };
    let both = ["AUTOMATED_DECISIONS", "AUTOMATED_DECISION_CONSEQUENCES"];
    check("LAW", &[], Fail);
    check("LAW", &both, Pass);
    check("CONTRACT", &both, Pass);
    // What the guideline alone allows has to say that consent can be withdrawn.
    check("EXPLICIT_CONSENT", &both, Fail);
    check("EXPLICIT_CONSENT", &[both[0], both[1], "WITHDRAWAL"], Pass);
}

#[test]
fn trn_04_on_the_demonstration() {
    let check = |reference, at, layer, expected| outcome(&DEMONSTRATION, "TRN-04", layer, reference, at, expected);
    check("NOT-001", "2018-09-02", Law, NotApplicable);
    check("NOT-001", "2024-08-25", Law, Pass);
    check("NOT-001", "2024-08-26", Law, Fail);
    check("NOT-001", "2024-08-26", Policy, Pass);
    for at in ["2018-07-02", "2020-07-20", "2020-08-10", "2020-09-21", "2023-01-01", "2023-10-17", "2026-12-31"] {
        check("NOT-002", at, Law, Pass);
    }
    check("NOT-003", "2026-12-31", Law, Pass);
    // The register names no recipients of ACT-004, and its notice does.
    check("NOT-004", "2023-11-06", Law, Warn);
    let verdict = DEMONSTRATION.verdict("TRN-04", Law, "NOT-001", "2024-09-01", "2024-09-01");
    assert!(verdict.flags.iter().any(|flag| flag.mark == Mark::NoticeStale), "{verdict:?}");
    assert!(verdict.reasons[0].text.en.contains("2024-08-26"), "{verdict:?}");
}

#[test]
fn q22_the_notice_is_stale_since_its_recipients_changed() {
    assert_eq!(stale(&DEMONSTRATION, "NOT-001", "2024-08-20"), None);
    assert_eq!(stale(&DEMONSTRATION, "NOT-001", "2024-08-25"), None);
    for at in ["2024-08-26", "2024-09-01", "2026-12-31"] {
        let found = stale(&DEMONSTRATION, "NOT-001", at).unwrap();
        assert_eq!((found.since.to_string().as_str(), found.why.en.as_str()), ("2024-08-26", "the recipients changed"));
        assert_eq!(found.facts.len(), 1);
    }
    for reference in ["NOT-000", "NOT-002", "NOT-003", "NOT-004", "NOT-005"] {
        assert_eq!(stale(&DEMONSTRATION, reference, "2026-12-31"), None, "{reference}");
    }
}

#[test]
fn stale_by_the_register() {
    let first = || {
        let named = json!({ "recipients": ["vendor-n"], "legalBases": ["PUBLIC_TASK"] });
        let entry = json!({ "recipients": ["vendor-n"], "retention": [{ "term": "P1Y" }] });
        [activity("2022-03-01", &entry), vec![published("2022-03-01", 1, &["RECIPIENTS"], &named)]].concat()
    };
    let check = |changes: Value, expected: Option<&str>| {
        let told = history(&[&first(), &[amended("2022-04-01", 2, &changes)]]);
        assert_eq!(since(&told, "2022-03-31"), None);
        assert_eq!(since(&told, "2022-05-01"), expected.and_then(|why| self::told("2022-04-01", why)), "{changes}");
        outcome(&told, "TRN-04", Law, "NOT-900", "2022-05-01", if expected.is_some() { Fail } else { Pass });
    };
    check(json!({ "systems": ["crm"] }), None);
    check(json!({ "recipients": ["vendor-n", "vendor-x"] }), Some("the recipients changed"));
    check(json!({ "recipients": ["vendor-n"], "processors": ["vendor-x"] }), None);
    check(json!({ "recipients": [], "processors": ["vendor-n"] }), None);
    check(json!({ "purposes": [{ "code": "show", "basis": "LEGAL_OBLIGATION" }] }), Some("the legal bases changed"));
    check(json!({ "purposes": [{ "code": "sell", "basis": "PUBLIC_TASK" }] }), Some("the purposes changed"));
    check(json!({ "retention": [{ "term": "P2Y" }] }), Some("the retention periods changed"));
    // A new version tells it, and what changes back is as it was told.
    let gone = || amended("2022-04-01", 2, &json!({ "recipients": ["vendor-x"] }));
    let renewed = published("2022-06-01", 2, &["RECIPIENTS"], &json!({ "recipients": ["vendor-x"] }));
    let told = history(&[&first(), &[gone(), renewed]]);
    assert_eq!(since(&told, "2022-05-31"), self::told("2022-04-01", "the recipients changed"));
    assert_eq!(since(&told, "2022-06-01"), None);
    let back = amended("2022-07-01", 3, &json!({ "recipients": ["vendor-n"] }));
    assert_eq!(since(&history(&[&first(), &[gone(), back]]), "2022-07-01"), None);
}

#[test]
fn stale_by_a_basis_between_versions() {
    let named = json!({ "legalBases": ["CONSENT"] });
    let entry = json!({ "purposes": [{ "code": "show", "basis": "CONSENT" }] });
    let changed = json!({ "purpose": "show", "basis": "PUBLIC_TASK" });
    let changed = tell("2022-04-01", "ACT-900", "activity", "legalBasisChanged", changed);
    let told =
        history(&[&activity("2022-03-01", &entry), &[published("2022-03-10", 1, &["WITHDRAWAL"], &named), changed]]);
    assert_eq!(since(&told, "2022-03-31"), None);
    assert_eq!(since(&told, "2022-04-01"), self::told("2022-04-01", "the legal bases changed"));
}

#[test]
fn what_was_wrong_from_the_beginning_is_not_stale() {
    let named = json!({ "recipients": ["vendor-n"] });
    let entry = json!({ "recipients": ["vendor-n", "vendor-x"] });
    let told = history(&[&activity("2022-03-01", &entry), &[published("2022-03-01", 1, &["RECIPIENTS"], &named)]]);
    assert_eq!(since(&told, "2022-03-01"), None);
    outcome(&told, "TRN-04", Law, "NOT-900", "2022-03-01", Fail);
    // A notice may come before the register entry for which it was written.
    let named = json!({ "recipients": ["vendor-n"] });
    let early = published("2022-02-01", 1, &["RECIPIENTS"], &named);
    let told = history(&[&activity("2022-03-01", &json!({ "recipients": ["vendor-n"] })), &[early]]);
    assert_eq!(since(&told, "2022-03-01"), None);
}

#[test]
fn stale_by_an_assessment() {
    let lia = |day, stream: &str, fact: &str, data| tell(day, stream, "legitimateInterestAssessment", fact, data);
    let entry = json!({ "purposes": [{ "code": "show", "basis": "LEGITIMATE_INTEREST", "assessment": "@LIA-900" }] });
    let hash = |digit: &str| digit.repeat(64);
    let named = json!({ "assessmentSummaries": [{ "assessment": "@LIA-900", "sha256": hash("a") }] });
    let summary = |day, digit| {
        lia(day, "LIA-900", "summaryPublished", json!({ "languages": ["nl"], "document": { "sha256": hash(digit) } }))
    };
    let first = [
        activity("2022-03-01", &entry),
        vec![
            lia("2022-02-01", "LIA-900", "approved", json!({})),
            summary("2022-02-01", "a"),
            published("2022-03-01", 1, &["LEGITIMATE_INTEREST"], &named),
        ],
    ]
    .concat();
    assert_eq!(since(&history(&[&first]), "2022-12-31"), None);
    let other = history(&[&first, &[summary("2022-05-01", "b")]]);
    assert_eq!(since(&other, "2022-05-01"), told("2022-05-01", "the summary of the assessment changed"));
    // The law asks for the interests, not for the very text of the summary.
    outcome(&other, "TRN-04", Law, "NOT-900", "2022-05-01", Warn);
    let withdrawn = history(&[&first, &[lia("2022-05-01", "LIA-900", "withdrawn", json!({ "reason": "no" }))]]);
    assert_eq!(since(&withdrawn, "2022-05-01"), told("2022-05-01", "the assessment that it tells no longer holds"));
    let moved = json!({ "purposes": [{ "code": "show", "basis": "LEGITIMATE_INTEREST", "assessment": "@LIA-901" }] });
    let moved = [lia("2022-05-01", "LIA-901", "approved", json!({})), amended("2022-06-01", 2, &moved)];
    assert_eq!(
        since(&history(&[&first, &moved]), "2022-06-01"),
        told("2022-06-01", "a purpose rests on another assessment")
    );
}

#[test]
fn stale_by_a_transfer() {
    let transfer = |day, fact: &str, data| tell(day, "TRG-900", "transferGround", fact, data);
    let ground = |kind: &str| json!({ "ground": { "kind": kind } });
    let named = json!({ "transferGrounds": [{ "transferGround": "@TRG-900", "ground": "SCC", "country": "US" }] });
    let items = ["TRANSFER", "TRANSFER_SAFEGUARDS_COPY"];
    let established = with(ground("SCC"), &json!({ "activity": "@ACT-900", "country": "US" }));
    let established = transfer("2022-03-01", "groundEstablished", established);
    let first = [activity("2022-03-01", &json!({})), vec![established]].concat();
    let notice = || vec![published("2022-03-01", 1, &items, &named)];
    assert_eq!(since(&history(&[&first, &notice()]), "2022-12-31"), None);
    let replaced = transfer("2022-05-01", "groundReplaced", ground("BCR"));
    let told = history(&[&first, &notice(), std::slice::from_ref(&replaced)]);
    assert_eq!(since(&told, "2022-05-01"), self::told("2022-05-01", "the transfer rests on another ground"));
    // While no data go there is nothing to tell; from the resumption on there is.
    let suspended = transfer("2022-04-01", "suspended", json!({ "reason": "no ground" }));
    let resumed = transfer("2022-06-01", "resumed", json!({}));
    let told = history(&[&first, &notice(), &[suspended, replaced, resumed]]);
    assert_eq!(since(&told, "2022-05-31"), None);
    assert_eq!(since(&told, "2022-06-01"), self::told("2022-06-01", "the transfer rests on another ground"));
    let silent = published("2022-02-01", 1, &[], &json!({}));
    assert_eq!(since(&history(&[&first, &[silent]]), "2022-03-01"), self::told("2022-03-01", "a transfer was added"));
}

#[test]
fn stale_by_an_arrangement() {
    let arrangement = |day, fact: &str, data| tell(day, "JCA-900", "jointControllerArrangement", fact, data);
    let agreed = json!({
        "activities": ["@ACT-900"], "party": "platform-b", "platforms": [], "operations": [], "retention": [],
        "responsibilities": [{ "topic": "CONTACT", "responsible": "INSTITUTION" }], "to": "2023-01-01",
    });
    let agreed = || arrangement("2022-05-01", "agreed", agreed.clone());
    let first = [activity("2022-03-01", &json!({})), vec![published("2022-03-01", 1, &[], &json!({}))]].concat();
    let untold = history(&[&first, &[agreed()]]);
    assert_eq!(since(&untold, "2022-05-01"), told("2022-05-01", "there is an arrangement with another controller"));
    assert_eq!(since(&untold, "2023-01-01"), None);
    let elsewhere =
        arrangement("2022-05-01", "essencePublished", json!({ "languages": ["nl"], "url": "https://example.org" }));
    assert_eq!(since(&history(&[&first, &[agreed(), elsewhere]]), "2022-05-01"), None);
    let essence = json!({ "arrangementEssences": ["@JCA-900"] });
    let renewed = published("2022-05-01", 2, &["ARRANGEMENT_ESSENCE"], &essence);
    let renewed = history(&[&first, &[agreed(), renewed]]);
    assert_eq!(since(&renewed, "2022-12-31"), None);
    assert_eq!(since(&renewed, "2023-01-01"), told("2023-01-01", "the arrangement ran out"));
}

#[test]
fn trn_05_kind_and_source() {
    outcome(&DEMONSTRATION, "TRN-05", Law, "NOT-003", "2023-09-01", Pass);
    outcome(&DEMONSTRATION, "TRN-05", Law, "NOT-005", "2025-05-28", Pass);
    outcome(&DEMONSTRATION, "TRN-05", Law, "NOT-001", "2024", NotApplicable);
    let check = |changes: Value, expected| {
        let data = with(json!({ "dataCategories": ["NAME"], "source": "fair", "cohort": "fair" }), &changes);
        outcome(
            &obtained(&[notice("2025-05-10", "indirectNoticeProvided", data)]),
            "TRN-05",
            Law,
            "NOT-900",
            "2025-12-31",
            expected,
        );
    };
    check(json!({}), Pass);
    check(json!({ "source": null }), Fail);
    check(json!({ "dataCategories": [] }), Fail);
    check(json!({ "dataCategories": ["EMAIL"] }), Fail);
    let silent = obtained(&[published("2025-05-10", 1, &[], &json!({}))]);
    outcome(&silent, "TRN-05", Law, "NOT-900", "2025-12-31", Fail);
}

#[test]
fn trn_06_free_of_charge() {
    outcome(&DEMONSTRATION, "TRN-06", Law, "NOT-005", "2025-05-28", Pass);
    outcome(&DEMONSTRATION, "TRN-06", Law, "NOT-001", "2024", NotApplicable);
    let paid = history(&[&[notice("2022-04-01", "served", json!({ "freeOfCharge": false }))]]);
    outcome(&paid, "TRN-06", Law, "NOT-900", "2022-04-01", Fail);
    let check = |fee: Value, expected| {
        let request = |fact, data| tell("2022-04-01", "REQ-900", "dataSubjectRequest", fact, data);
        let received = json!({ "rights": ["ACCESS"], "channel": "EMAIL", "activities": [], "platforms": [] });
        let told = history(&[&[request("received", received), request("feeDecided", fee)]]);
        outcome(&told, "TRN-06", Law, "REQ-900", "2022-04-01", expected);
    };
    check(json!({ "amountCents": 0 }), Pass);
    check(json!({ "amountCents": 500, "reason": "OTHER" }), Fail);
    check(json!({ "amountCents": 500, "reason": "EXCESSIVE" }), Pass);
    check(json!({ "amountCents": 500, "reason": "FURTHER_COPY", "copyNumber": 2 }), Pass);
    check(json!({ "amountCents": 500, "reason": "FURTHER_COPY", "copyNumber": 1 }), Fail);
    check(json!({}), Indeterminate);
}

#[test]
fn trn_07_plain_words() {
    let check = |at, layer, expected| outcome(&DEMONSTRATION, "TRN-07", layer, "NOT-001", at, expected);
    // In English only; then the authority fines a platform for it, and in September there is a version in Dutch.
    check("2018-09-03", Law, Warn);
    check("2021-07-21", Supervisor, NotApplicable);
    check("2021-07-22", Supervisor, Fail);
    check("2021-08-31", Supervisor, Fail);
    check("2021-09-01", Supervisor, Pass);
    check("2021-09-01", Policy, NotApplicable);
    let check = |changes: Value, expected| {
        let plain = with(json!({ "readingLevel": "B1", "readingLevelAttestedBy": "COMMUNICATIONS" }), &changes);
        outcome(
            &history(&[&[published("2022-04-01", 1, &[], &plain)]]),
            "TRN-07",
            Law,
            "NOT-900",
            "2022-04-01",
            expected,
        );
    };
    check(json!({}), Pass);
    check(json!({ "readingLevelAttestedBy": null }), Warn);
    check(json!({ "languages": ["en"] }), Warn);
    check(json!({ "audience": ["MINOR"] }), Fail);
    check(json!({ "audience": ["MINOR"], "minorsVariant": true }), Pass);
    // Where the house names languages, the notice is there in them.
    let data = json!({
        "version": 2, "decision": "BD-900", "decidedAt": "2022-01-10", "body": "EXECUTIVE_BOARD", "otherParameters": "KEPT",
        "parameters": [{ "name": "languages", "values": ["nl", "en"] }], "removes": [],
    });
    let house = tell("2022-01-10", "PROC-001", "governanceInstrument", "versionAdopted", data);
    let told = |languages: Value| {
        history(&[&[house.clone(), published("2022-04-01", 1, &[], &json!({ "languages": languages }))]])
    };
    outcome(&told(json!(["nl", "en"])), "TRN-07", Policy, "NOT-900", "2022-04-01", Pass);
    outcome(&told(json!(["nl"])), "TRN-07", Policy, "NOT-900", "2022-04-01", Fail);
}

#[test]
fn trn_08_silence_is_decided() {
    let check = |at, reference, expected| outcome(&DEMONSTRATION, "TRN-08", Policy, reference, at, expected);
    check("2023-09-04", "ACT-003", Pass);
    check("2024-01-01", "ACT-002", NotApplicable);
    check("2018-06-11", "ACT-000", Fail);
    // The four weeks of the policy, and then a notice.
    check("2025-05-26", "ACT-005", NotApplicable);
    check("2025-05-27", "ACT-005", Fail);
    check("2025-05-28", "ACT-005", NotApplicable);
    let check = |exemption: Value, expected| {
        let exempted = notice("2022-03-01", "exemptionInvoked", with(json!({ "activity": "@ACT-900" }), &exemption));
        outcome(
            &history(&[&activity("2022-03-01", &json!({})), &[exempted]]),
            "TRN-08",
            Policy,
            "ACT-900",
            "2022-03-01",
            expected,
        );
    };
    check(json!({ "ground": "ART_14_5_A", "approvedBy": "owner-01" }), Pass);
    check(json!({ "ground": "ART_14_5_A" }), Fail);
    check(json!({ "ground": "ART_14_5_B", "approvedBy": "owner-01" }), Fail);
    check(json!({ "ground": "ART_14_5_B", "approvedBy": "owner-01", "publicMeasure": "a page" }), Pass);
}

#[test]
fn trn_09_which_door() {
    let check = |at, reference, expected| outcome(&DEMONSTRATION, "TRN-09", Supervisor, reference, at, expected);
    check("2024-07-14", "JCA-002", NotApplicable);
    check("2024-07-15", "JCA-002", Pass);
    check("2024-08-20", "JCA-003", NotApplicable);
    let check = |changes: Value, more: &[Value], at, expected| {
        let agreed = json!({
            "activities": ["@ACT-900"], "party": "platform-b", "platforms": [], "operations": [], "retention": [],
            "responsibilities": [{ "topic": "CONTACT", "responsible": "INSTITUTION" }],
        });
        let agreed = tell("2024-05-01", "JCA-900", "jointControllerArrangement", "agreed", with(agreed, &changes));
        outcome(&history(&[&[agreed], more]), "TRN-09", Supervisor, "JCA-900", at, expected);
    };
    // Before the advice was published nobody asked it.
    check(json!({}), &[], "2024-06-12", NotApplicable);
    check(json!({}), &[], "2024-06-13", Fail);
    check(json!({ "to": "2024-09" }), &[], "2024-09-15", Indeterminate);
    let essence = json!({ "arrangementEssences": ["@JCA-900"] });
    let told = || published("2024-06-01", 1, &["ARRANGEMENT_ESSENCE"], &essence);
    check(json!({}), &[told()], "2024-06-13", Pass);
    check(json!({ "responsibilities": [] }), &[told()], "2024-06-13", Warn);
    let linked = json!({ "notice": "@NOT-900", "noticeVersion": 1, "languages": ["nl"] });
    let linked = tell("2024-06-01", "JCA-900", "jointControllerArrangement", "essencePublished", linked);
    let first = published("2024-06-01", 1, &[], &json!({}));
    check(json!({}), &[first.clone(), linked.clone()], "2024-06-13", Pass);
    check(json!({}), &[first, linked, published("2024-07-01", 2, &[], &json!({}))], "2024-07-01", Fail);
}

/// What is computed by jumping from change to change is what each week gives, and the ends of each stretch.
#[test]
fn stretches_are_what_each_week_gives() {
    let asked = [
        ("TRN-01", Law, "ACT-005"),
        ("TRN-03", Law, "ACT-005"),
        ("TRN-03", Policy, "ACT-005"),
        ("TRN-04", Law, "NOT-001"),
        ("TRN-08", Policy, "ACT-005"),
        ("LIA-06", Law, "LIA-003"),
        ("LIA-08", Guideline, "ACT-005"),
        ("LIA-12", Policy, "LIA-001"),
    ];
    for (id, layer, reference) in asked {
        let stretches =
            DEMONSTRATION.stretches(id, layer, reference, ("2019", "2027"), Knowledge::Fixed(DEMONSTRATION.head()));
        for stretch in stretches {
            let (from, to) = (stretch.interval.from, stretch.interval.to);
            let week = 7 * 86_400_000_000;
            let weekly = (from.microseconds()..to.microseconds()).step_by(week).map(Instant::from_microseconds);
            for at in weekly.chain([to.before()]) {
                let moment = crate::rule::inquiry::Moment { size: DEMONSTRATION.head(), valid: at, rules: at };
                let found = DEMONSTRATION.judged(id, layer, reference, moment).verdict.outcome;
                assert_eq!(found, stretch.verdict.outcome, "{id} {layer:?} {reference} {}", local(at));
            }
        }
    }
}
