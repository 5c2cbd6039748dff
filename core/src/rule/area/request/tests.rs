//! The rules about requests: on the demonstration, and on requests told among its facts.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{self, Law, Policy};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History, recorded_fact};
use crate::rule::verdict::{Mark, Verdict};
use crate::time::local;

/// A fact of a day: its stream, the day, its family and its name, and what it says besides empty lists.
fn fact(place: usize, (stream, day, name, says): &(&str, &str, &str, Value)) -> Value {
    let (family, name) = name.split_once('.').unwrap_or(("dataSubjectRequest", name));
    let lists: &[&str] = match name {
        "received" => &["rights", "activities", "platforms"],
        "identityVerificationRequested" => &["methods"],
        "thirdPartyRightsWeighed" => &["interests"],
        "decided" => &["rights", "legalReferences", "exceptions"],
        "refused" => &["rights", "legalReferences", "remedies"],
        "rectificationExecuted" => &["systems", "parties"],
        "erasureExecuted" => &["systems", "platforms", "parties", "exceptions"],
        "restrictionApplied" => &["systems", "activities"],
        "restrictionLifted" => &["systems"],
        "recipientsNotified" => &["rights", "parties", "impossible"],
        "recipientListProvided" => &["parties"],
        "representativeVerified" => &["rights"],
        "answered" if family == "dataSubjectRequest" => &["rights", "content"],
        "answered" => &["measures"],
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
        "enteredIntoForce" => &["rules", "modules", "relations"],
        "versionAdopted" => &["removes"],
        _ => &[],
    };
    let mut data: serde_json::Map<String, Value> = lists.iter().map(|list| ((*list).to_owned(), json!([]))).collect();
    data.extend(says.as_object().unwrap().clone());
    let recorded = format!("{day}T09:00:00.{place:06}Z");
    recorded_fact(stream, &recorded, day, ("staff-dpo-02", "DPO_OFFICE"), &json!({ family: { name: data } }))
}

fn tell(facts: &[(&str, &str, &str, Value)]) -> Value {
    facts.iter().enumerate().map(|(place, told)| fact(place, told)).collect()
}

fn all_but(missing: &[&str]) -> Value {
    let items = [
        "CONFIRMATION",
        "PURPOSES",
        "CATEGORIES",
        "RECIPIENTS",
        "RETENTION",
        "RIGHTS",
        "COMPLAINT",
        "SOURCE",
        "AUTOMATED_DECISIONS",
        "TRANSFER_SAFEGUARDS",
        "CONSULTATIONS",
    ];
    let given = items.into_iter().filter(|item| !missing.contains(item));
    given.map(|item| json!({ "item": item, "coverage": "GIVEN" })).collect()
}

fn entry(basis: &str, automation: &str, recipients: &[&str]) -> Value {
    json!({
        "version": 1, "automation": automation, "recipients": recipients, "purposes": [{ "code": "purpose", "basis": basis }],
    })
}

/// The requests that most tests look at, the house term for going to court, and the terms of the Awb.
static TOLD: LazyLock<History> = LazyLock::new(|| {
    let mut facts = norms();
    facts.extend(answers());
    facts.extend(identities());
    facts.extend(contents());
    facts.extend(executions());
    facts.extend(refusals());
    History::and(&tell(&facts))
});

type Step = (&'static str, &'static str, &'static str, Value);

fn norms() -> Vec<Step> {
    let terms = json!([{ "name": "remedy", "values": [], "term": "P6W" }, { "name": "complaintTerm", "values": [], "term": "P6W" }]);
    let remedy = json!([{ "name": "remedy", "values": [], "term": "P6W" }]);
    vec![
        (
            "LEX-AWB",
            "2025-05-01",
            "legalInstrument.enteredIntoForce",
            json!({ "code": "LEX-AWB", "kind": "STATUTE", "validFrom": "1994-01-01", "parameters": terms }),
        ),
        (
            "PROC-001",
            "2025-05-01",
            "governanceInstrument.versionAdopted",
            json!({ "version": 2, "decision": "BD-T", "decidedAt": "2025-05-01", "body": "EXECUTIVE_BOARD", "otherParameters": "KEPT", "parameters": remedy }),
        ),
        ("A-PART", "2025-05-01", "activity.established", entry("CONSENT", "PARTLY_AUTOMATED", &[])),
        ("A-AUTO", "2025-05-01", "activity.established", entry("CONTRACT", "AUTOMATED", &["crm-host", "mailer"])),
        ("A-PAPER", "2025-05-01", "activity.established", entry("CONTRACT", "MANUAL_FILED", &[])),
    ]
}

fn answers() -> Vec<Step> {
    let granted = |right: &str| json!([{ "right": right, "outcome": "GRANTED" }]);
    let complexity = json!({ "reason": "COMPLEXITY" });
    vec![
        ("D-X1", "2025-11-25", "received", json!({ "rights": ["ACCESS"], "channel": "POST" })),
        ("D-X1", "2025-12-24", "answered", json!({ "rights": granted("ACCESS"), "content": all_but(&[]) })),
        ("D-LONG", "2025-08-06", "received", json!({ "rights": ["ERASURE"], "channel": "OTHER" })),
        ("D-LONG", "2025-09-01", "extended", complexity.clone()),
        ("D-LONG", "2025-11-05", "answered", json!({ "rights": granted("ERASURE") })),
        ("D-LATE", "2025-06-02", "received", json!({ "rights": ["ERASURE"], "receivedAt": "2025-05-28" })),
        ("D-LATE", "2025-07-10", "extended", json!({ "reason": "OTHER" })),
        ("D-LATE", "2025-07-15", "answered", json!({ "rights": granted("ERASURE"), "inWriting": false })),
        ("D-WORDS", "2025-06-02", "received", json!({ "rights": ["ERASURE"] })),
        ("D-WORDS", "2025-06-20", "extended", json!({ "explanation": "it takes long" })),
        ("D-WORDS", "2025-06-24", "answered", json!({ "rights": granted("ERASURE") })),
        ("D-BACK", "2025-06-02", "received", json!({ "rights": ["ERASURE"] })),
        ("D-BACK", "2025-06-10", "closed", json!({ "reason": "WITHDRAWN" })),
        ("D-BEFORE", "2025-06-02", "received", json!({ "rights": ["ACCESS"], "receivedAt": "2025-06-12" })),
        ("D-BEFORE", "2025-06-04", "acknowledged", json!({})),
        ("D-MONTH", "2025-06-30", "received", json!({ "rights": ["ACCESS"], "receivedAt": "2025-06" })),
        ("D-MONTH", "2025-07-15", "answered", json!({ "rights": granted("ACCESS") })),
        ("D-TWO", "2025-06-02", "received", json!({ "rights": ["ACCESS", "ERASURE"] })),
        ("D-TWO", "2025-06-10", "answered", json!({ "rights": granted("ACCESS") })),
        ("D-SILENT", "2025-07-01", "received", json!({ "rights": ["ACCESS"] })),
        (
            "D-SILENT",
            "2025-07-30",
            "deadlineMissed",
            json!({ "source": "POLICY", "term": "P28D", "deadline": "2025-07-29" }),
        ),
        ("D-SILENT", "2025-10-01", "remedyInvoked", json!({ "remedy": "COURT" })),
        ("D-QUIET", "2025-07-01", "received", json!({ "rights": ["ACCESS"] })),
        ("C-BOARD", "2025-06-02", "case.complaintReceived", json!({ "addressee": "BOARD" })),
        ("C-BOARD", "2025-07-20", "case.answered", json!({ "outcome": "UNFOUNDED" })),
        ("C-SHUT", "2025-06-02", "case.complaintReceived", json!({ "addressee": "BOARD" })),
        ("C-SHUT", "2025-06-20", "case.closed", json!({})),
    ]
}

fn identities() -> Vec<Step> {
    let access = json!({ "rights": ["ACCESS"], "channel": "EMAIL" });
    let copy = json!({ "right": "ACCESS", "format": "COMMON_ELECTRONIC", "number": 1 });
    let child = json!({ "rights": ["RECTIFICATION"], "ageBand": "UNDER_16", "viaRepresentative": true });
    let granted = json!([{ "right": "RECTIFICATION", "outcome": "GRANTED" }]);
    vec![
        ("D-ROUTINE", "2025-06-02", "received", access.clone()),
        ("D-ROUTINE", "2025-06-03", "identityVerificationRequested", json!({ "reason": "STANDARD_PROCEDURE" })),
        ("D-ROUTINE", "2025-06-05", "identityVerified", json!({ "method": "IN_PERSON" })),
        ("D-KEPT", "2025-06-02", "received", access.clone()),
        ("D-KEPT", "2025-06-10", "copyProvided", copy.clone()),
        ("D-KEPT", "2025-06-12", "identityVerified", json!({ "method": "DOCUMENT_COPY", "copyKept": true })),
        ("D-DOUBT", "2025-06-02", "received", access.clone()),
        ("D-DOUBT", "2025-06-03", "identityVerificationRequested", json!({ "reason": "REASONABLE_DOUBT" })),
        ("D-DOUBT", "2025-06-20", "identityVerified", json!({ "method": "VIDEO_CALL", "copyKept": false })),
        ("D-DOUBT", "2025-07-08", "thirdPartyRightsWeighed", json!({ "outcome": "NOT_AFFECTED" })),
        ("D-DOUBT", "2025-07-08", "copyProvided", copy.clone()),
        ("D-DOUBT", "2025-07-08", "answered", json!({ "content": all_but(&["CONSULTATIONS"]) })),
        ("D-UNASKED", "2025-06-02", "received", access),
        ("D-UNASKED", "2025-06-10", "copyProvided", copy),
        ("D-UNASKED", "2025-06-10", "answered", json!({ "content": all_but(&["RETENTION"]) })),
        ("D-WHY", "2025-06-02", "received", json!({ "rights": ["ACCESS"] })),
        ("D-WHY", "2025-06-03", "identityVerificationRequested", json!({})),
        ("D-CHILD", "2025-06-02", "received", child.clone()),
        ("D-CHILD", "2025-06-05", "representativeVerified", json!({ "authority": "PARENT_DECLARATION" })),
        ("D-CHILD", "2025-06-20", "answered", json!({ "rights": granted, "addressee": "REPRESENTATIVE" })),
        ("D-ALONE", "2025-06-02", "received", json!({ "rights": ["ERASURE"], "ageBand": "UNDER_16" })),
        (
            "D-ALONE",
            "2025-06-20",
            "answered",
            json!({ "rights": [{ "right": "ERASURE", "outcome": "GRANTED" }], "addressee": "SUBJECT" }),
        ),
        ("D-ENDED", "2025-06-02", "received", child.clone()),
        (
            "D-ENDED",
            "2025-06-05",
            "representativeVerified",
            json!({ "authority": "GUARDIANSHIP", "until": "2025-06-10" }),
        ),
        ("D-ENDED", "2025-06-20", "answered", json!({ "addressee": "REPRESENTATIVE" })),
        ("D-WHOM", "2025-06-02", "received", child),
        ("D-WHOM", "2025-06-05", "representativeVerified", json!({})),
        ("D-WHOM", "2025-06-20", "answered", json!({})),
    ]
}

fn contents() -> Vec<Step> {
    let ported = |activity: &str| json!({ "rights": ["PORTABILITY"], "activities": [activity] });
    let granted = json!({ "rights": [{ "right": "PORTABILITY", "outcome": "GRANTED" }] });
    let refused = json!({ "ground": "CONDITIONS_NOT_MET" });
    vec![
        ("D-NONE", "2025-06-02", "received", json!({ "rights": ["ACCESS"] })),
        (
            "D-NONE",
            "2025-06-10",
            "answered",
            json!({ "rights": [{ "right": "ACCESS", "outcome": "NO_DATA" }], "content": [{ "item": "CONFIRMATION", "coverage": "GIVEN" }] }),
        ),
        ("D-ORAL", "2025-06-02", "received", json!({ "rights": ["ACCESS"], "channel": "ORAL" })),
        ("D-ORAL", "2025-06-10", "thirdPartyRightsWeighed", json!({ "outcome": "REDACTED" })),
        ("D-ORAL", "2025-06-11", "copyProvided", json!({ "right": "ACCESS", "format": "PAPER", "redacted": false })),
        ("D-SHOWN", "2025-06-02", "received", json!({ "rights": ["ACCESS"] })),
        ("D-SHOWN", "2025-06-10", "copyProvided", json!({ "format": "INSPECTION" })),
        ("D-FORM", "2025-06-02", "received", json!({ "rights": ["ACCESS"] })),
        ("D-FORM", "2025-06-10", "copyProvided", json!({ "format": "PAPER" })),
        ("D-PAID", "2025-06-02", "received", json!({ "rights": ["ACCESS"] })),
        (
            "D-PAID",
            "2025-06-10",
            "feeDecided",
            json!({ "amountCents": 500, "reason": "FURTHER_COPY", "copyNumber": 1 }),
        ),
        ("D-EXCESS", "2025-06-02", "received", json!({ "rights": ["ACCESS"] })),
        ("D-EXCESS", "2025-06-10", "feeDecided", json!({ "amountCents": 500, "reason": "EXCESSIVE" })),
        ("D-X23", "2025-06-02", "received", ported("@A-PART")),
        ("D-X23", "2025-06-10", "refused", refused.clone()),
        ("D-FILED", "2025-06-02", "received", ported("@A-PAPER")),
        ("D-FILED", "2025-06-10", "refused", refused.clone()),
        ("D-WHERE", "2025-06-02", "received", json!({ "rights": ["PORTABILITY"] })),
        ("D-WHERE", "2025-06-10", "refused", refused),
        ("D-PORTED", "2025-06-02", "received", ported("@A-AUTO")),
        ("D-PORTED", "2025-06-10", "copyProvided", json!({ "right": "PORTABILITY", "format": "MACHINE_READABLE" })),
        ("D-PORTED", "2025-06-10", "answered", granted.clone()),
        ("D-PORTED", "2025-06-20", "erasureExecuted", json!({})),
        ("D-PDF", "2025-06-02", "received", ported("@A-AUTO")),
        ("D-PDF", "2025-06-10", "copyProvided", json!({ "right": "PORTABILITY", "format": "COMMON_ELECTRONIC" })),
        ("D-PDF", "2025-06-10", "answered", granted),
    ]
}

fn executions() -> Vec<Step> {
    let rectify = json!({ "rights": ["RECTIFICATION"], "activities": ["@A-AUTO"] });
    let granted = json!({ "outcome": "GRANTED" });
    let restrict = json!({ "rights": ["RESTRICTION"] });
    vec![
        ("D-SLOW", "2025-06-02", "received", rectify.clone()),
        ("D-SLOW", "2025-06-10", "decided", granted.clone()),
        ("D-SLOW", "2025-06-30", "rectificationExecuted", json!({ "kind": "RECTIFIED", "parties": ["mailer"] })),
        (
            "D-SLOW",
            "2025-06-30",
            "recipientsNotified",
            json!({ "impossible": [{ "party": "crm-host", "reason": "IRRELEVANT" }] }),
        ),
        ("D-SLOW", "2025-06-30", "answered", json!({})),
        ("D-UNDONE", "2025-06-02", "received", rectify.clone()),
        ("D-UNDONE", "2025-06-10", "decided", granted.clone()),
        ("D-UNDONE", "2025-06-20", "closed", json!({ "reason": "HANDLED" })),
        (
            "D-UNTOLD",
            "2025-06-02",
            "received",
            json!({ "rights": ["RECTIFICATION", "RECIPIENT_LIST"], "activities": ["@A-AUTO"] }),
        ),
        ("D-UNTOLD", "2025-06-10", "rectificationExecuted", json!({ "kind": "RECTIFIED" })),
        ("D-UNTOLD", "2025-06-16", "recipientsNotified", json!({ "parties": ["crm-host", "mailer"] })),
        ("D-UNTOLD", "2025-06-20", "answered", json!({})),
        ("D-TOLD", "2025-06-02", "received", rectify),
        ("D-TOLD", "2025-06-10", "decided", granted),
        ("D-TOLD", "2025-06-12", "rectificationExecuted", json!({ "kind": "RECTIFIED" })),
        ("D-TOLD", "2025-06-20", "answered", json!({})),
        ("D-CHARGED", "2025-06-02", "received", json!({ "rights": ["ERASURE"] })),
        ("D-CHARGED", "2025-06-10", "decided", json!({ "outcome": "GRANTED" })),
        ("D-CHARGED", "2025-06-10", "feeDecided", json!({ "amountCents": 500, "reason": "OTHER" })),
        ("D-REST", "2025-06-02", "received", restrict.clone()),
        ("D-REST", "2025-06-05", "restrictionApplied", json!({ "marked": true })),
        ("D-REST", "2025-06-08", "erasureExecuted", json!({})),
        ("D-BARE", "2025-06-02", "received", restrict.clone()),
        ("D-BARE", "2025-06-05", "restrictionApplied", json!({ "marked": false })),
        ("D-MARK", "2025-06-02", "received", restrict.clone()),
        ("D-MARK", "2025-06-05", "restrictionApplied", json!({})),
        ("D-LIFT", "2025-06-02", "received", restrict.clone()),
        ("D-LIFT", "2025-06-05", "restrictionApplied", json!({ "marked": true })),
        ("D-LIFT", "2025-06-20", "restrictionLifted", json!({ "subjectTold": "2025-06-18" })),
        ("D-LIFT", "2025-06-25", "erasureExecuted", json!({})),
        ("D-HUSH", "2025-06-02", "received", restrict),
        ("D-HUSH", "2025-06-05", "restrictionApplied", json!({ "marked": true })),
        ("D-HUSH", "2025-06-20", "restrictionLifted", json!({})),
    ]
}

fn refusals() -> Vec<Step> {
    let all = json!(["AWB_OBJECTION", "COURT", "AUTHORITY", "INTEREST_GROUP"]);
    vec![
        ("D-NO", "2025-06-02", "received", json!({ "rights": ["ERASURE"] })),
        ("D-NO", "2025-06-20", "refused", json!({ "reasons": "why", "remedies": all, "deliveredAt": "2025-07-01" })),
        ("D-COURT", "2025-06-02", "received", json!({ "rights": ["ERASURE"] })),
        ("D-COURT", "2025-06-20", "refused", json!({ "reasons": "why", "remedies": ["COURT", "AUTHORITY"] })),
        ("D-MUTE", "2025-06-02", "received", json!({ "rights": ["ERASURE"] })),
        ("D-MUTE", "2025-06-20", "refused", json!({ "ground": "EXCEPTION" })),
        ("D-PARTLY", "2025-06-02", "received", json!({ "rights": ["ERASURE"] })),
        (
            "D-PARTLY",
            "2025-06-20",
            "answered",
            json!({ "rights": [{ "right": "ERASURE", "outcome": "PARTLY_GRANTED" }] }),
        ),
    ]
}

fn verdict(id: &str, layer: Layer, reference: &str) -> Verdict {
    TOLD.verdict(id, layer, reference, "2025-12-31", "2025-12-31")
}

/// Judges by what is known and in force at the end of 2025.
fn check(id: &str, layer: Layer, expected: &[(&str, Outcome)]) {
    for (reference, outcome) in expected {
        let found = verdict(id, layer, reference);
        assert_eq!(found.outcome, *outcome, "{id} {layer:?} {reference}: {:?}", found.reasons);
    }
}

/// Judges the demonstration on dates, by what was known then.
fn check_demonstration(id: &str, layer: Layer, expected: &[(&str, &str, Outcome)]) {
    for (reference, date, outcome) in expected {
        let found = DEMONSTRATION.verdict(id, layer, reference, date, date);
        assert_eq!(found.outcome, *outcome, "{id} {layer:?} {reference} {date}: {:?}", found.reasons);
    }
}

/// The last days of the terms that a verdict counts.
fn limits(verdict: &Verdict) -> Vec<String> {
    verdict.deadlines.iter().map(|deadline| local(deadline.limit)[..10].to_owned()).collect()
}

#[test]
fn dsr_01_any_channel_makes_a_request() {
    check_demonstration("DSR-01", Law, &[("DSR-0001", "2025-02-14", Pass), ("DSR-0002", "2025-03-04", Pass)]);
    check_demonstration("DSR-01", Policy, &[("DSR-0001", "2025-02-14", Pass), ("DSR-0002", "2025-03-04", Fail)]);
    check("DSR-01", Law, &[("D-ORAL", Pass), ("D-BEFORE", Fail)]);
    check("DSR-01", Policy, &[("D-ORAL", Pass), ("D-X1", Pass), ("D-BACK", Fail)]);
}

#[test]
fn dsr_02_the_answer_comes_within_the_term() {
    let running =
        [("DSR-0001", "2025-03-11", Pass), ("DSR-0001", "2025-03-12", Pass), ("DSR-0003", "2026-04-21", Pass)];
    check_demonstration("DSR-02", Law, &running);
    check_demonstration("DSR-02", Policy, &running);
    // Extended on day 25.
    let extended = [
        ("DSR-0002", "2025-03-27", Pass),
        ("DSR-0002", "2025-03-28", NotApplicable),
        ("DSR-0002", "2025-05-20", NotApplicable),
    ];
    check_demonstration("DSR-02", Law, &extended);
    check_demonstration("DSR-02", Policy, &extended);
    // Extended too late, half answered, never answered, taken back, received in a month.
    check(
        "DSR-02",
        Law,
        &[("D-LATE", Fail), ("D-TWO", Fail), ("D-QUIET", Fail), ("D-BACK", Pass), ("D-MONTH", Indeterminate)],
    );
    // The answer within the first term counts although it was extended.
    check("DSR-02", Law, &[("D-WORDS", Pass)]);
}

#[test]
fn dsr_02_whether_the_clock_runs_on_while_the_requester_is_asked_is_disputed() {
    let late = verdict("DSR-02", Law, "D-DOUBT");
    assert_eq!(late.outcome, Warn);
    assert_eq!(verdict("DSR-02", Policy, "D-DOUBT").outcome, Fail);
    assert!(late.flags.iter().any(|flag| flag.mark == Mark::Disputed), "{late:?}");
    assert!(verdict("DSR-02", Law, "D-QUIET").flags.is_empty());
}

#[test]
fn x1_four_weeks_are_over_before_a_month() {
    check("DSR-02", Policy, &[("D-X1", Fail)]);
    check("DSR-02", Law, &[("D-X1", Pass)]);
    assert_eq!(limits(&verdict("DSR-02", Policy, "D-X1")), ["2025-12-23"]);
    assert_eq!(limits(&verdict("DSR-02", Law, "D-X1")), ["2025-12-29"]);
}

#[test]
fn dsr_03_an_extension_is_three_months_in_law_and_two_after_the_first_term_in_policy() {
    let kept =
        [("DSR-0002", "2025-03-27", NotApplicable), ("DSR-0002", "2025-03-28", Pass), ("DSR-0002", "2025-05-20", Pass)];
    check_demonstration("DSR-03", Law, &kept);
    check_demonstration("DSR-03", Policy, &kept);
    check("DSR-03", Law, &[("D-LONG", Pass), ("D-LATE", Fail), ("D-WORDS", Indeterminate), ("D-X1", NotApplicable)]);
    check("DSR-03", Policy, &[("D-LONG", Fail), ("D-LATE", Fail), ("D-WORDS", Pass)]);
    let law = limits(&verdict("DSR-03", Law, "D-LONG"));
    assert_eq!(law, ["2025-09-08", "2025-11-06"]);
    let policy = limits(&verdict("DSR-03", Policy, "D-LONG"));
    assert_eq!(
        policy.iter().collect::<std::collections::BTreeSet<_>>(),
        [&"2025-09-03".to_owned(), &"2025-11-03".to_owned()].into()
    );
}

#[test]
fn dsr_04_identity_is_asked_on_doubt_and_checked_before_acting() {
    let identified =
        [("DSR-0001", "2025-03-12", Pass), ("DSR-0002", "2025-05-20", Pass), ("DSR-0003", "2026-04-21", Pass)];
    check_demonstration("DSR-04", Law, &identified);
    check_demonstration("DSR-04", Policy, &identified);
    check(
        "DSR-04",
        Law,
        &[
            ("D-ROUTINE", Fail),
            ("D-KEPT", Fail),
            ("D-DOUBT", Pass),
            ("D-UNASKED", Warn),
            ("D-WHY", Indeterminate),
            ("D-QUIET", NotApplicable),
        ],
    );
    check("DSR-04", Policy, &[("D-ROUTINE", NotApplicable), ("D-KEPT", Fail), ("D-DOUBT", Pass), ("D-UNASKED", Fail)]);
}

#[test]
fn dsr_05_the_representative_acts_for_minors() {
    check_demonstration("DSR-05", Law, &[("DSR-0001", "2025-03-12", NotApplicable)]);
    for layer in [Law, Policy] {
        check(
            "DSR-05",
            layer,
            &[
                ("D-CHILD", Pass),
                ("D-ALONE", Fail),
                ("D-ENDED", Fail),
                ("D-WHOM", Indeterminate),
                ("D-X1", NotApplicable),
            ],
        );
    }
}

#[test]
fn dsr_06_access_gives_the_ten_items() {
    check_demonstration(
        "DSR-06",
        Law,
        &[
            ("DSR-0001", "2025-03-11", NotApplicable),
            ("DSR-0001", "2025-03-12", Pass),
            ("DSR-0002", "2025-05-20", NotApplicable),
        ],
    );
    check("DSR-06", Law, &[("D-UNASKED", Fail), ("D-DOUBT", Warn), ("D-NONE", Pass), ("D-QUIET", NotApplicable)]);
}

#[test]
fn dsr_07_a_copy_is_electronic_and_the_first_one_free() {
    check_demonstration("DSR-07", Law, &[("DSR-0001", "2025-03-12", Pass), ("DSR-0002", "2025-05-20", NotApplicable)]);
    check(
        "DSR-07",
        Law,
        &[("D-ORAL", Pass), ("D-SHOWN", Fail), ("D-FORM", Indeterminate), ("D-PAID", Fail), ("D-EXCESS", Pass)],
    );
    check(
        "DSR-07",
        Policy,
        &[
            ("D-ORAL", Fail),
            ("D-SHOWN", Fail),
            ("D-FORM", Indeterminate),
            ("D-PAID", Fail),
            ("D-EXCESS", NotApplicable),
        ],
    );
}

#[test]
fn dsr_08_the_rights_of_others_are_weighed_by_the_day_of_the_copy() {
    check_demonstration("DSR-08", Law, &[("DSR-0001", "2025-03-11", NotApplicable), ("DSR-0001", "2025-03-12", Pass)]);
    check("DSR-08", Law, &[("D-DOUBT", Pass), ("D-UNASKED", Fail), ("D-ORAL", Fail)]);
}

#[test]
fn x23_automated_means_are_less_than_fully_automated() {
    check("DSR-09", Law, &[("D-X23", Fail)]);
    check("DSR-09", Policy, &[("D-X23", Pass)]);
}

#[test]
fn dsr_09_portability_follows_the_register() {
    check(
        "DSR-09",
        Law,
        &[("D-FILED", Pass), ("D-WHERE", Indeterminate), ("D-PORTED", Pass), ("D-PDF", Fail), ("D-X1", NotApplicable)],
    );
}

#[test]
fn dsr_10_contract_data_stay_after_portability() {
    check("DSR-10", Policy, &[("D-PORTED", Fail), ("D-PDF", Pass), ("D-X1", NotApplicable)]);
    assert_eq!(TOLD.outcome("DSR-10", Policy, "D-PORTED", "2025-06-19", "2025-06-19"), Pass);
}

#[test]
fn dsr_11_what_was_granted_is_carried_out() {
    let done =
        [("DSR-0002", "2025-05-12", NotApplicable), ("DSR-0002", "2025-05-13", Pass), ("DSR-0003", "2026-04-21", Pass)];
    check_demonstration("DSR-11", Law, &done);
    check_demonstration("DSR-11", Policy, &done);
    check("DSR-11", Law, &[("D-SLOW", Warn), ("D-UNDONE", Fail), ("D-TOLD", Pass), ("D-CHARGED", Fail)]);
    check("DSR-11", Policy, &[("D-SLOW", Fail), ("D-UNDONE", Fail), ("D-TOLD", Pass), ("D-CHARGED", Fail)]);
}

#[test]
fn dsr_12_restricted_data_lie_still() {
    check_demonstration("DSR-12", Law, &[("DSR-0002", "2025-05-20", NotApplicable)]);
    check(
        "DSR-12",
        Law,
        &[("D-REST", Fail), ("D-BARE", Fail), ("D-MARK", Indeterminate), ("D-LIFT", Pass), ("D-HUSH", Fail)],
    );
    check(
        "DSR-12",
        Policy,
        &[("D-REST", Fail), ("D-BARE", Fail), ("D-MARK", Indeterminate), ("D-LIFT", Pass), ("D-HUSH", Pass)],
    );
}

#[test]
fn dsr_13_recipients_are_told() {
    check_demonstration(
        "DSR-13",
        Law,
        &[
            ("DSR-0002", "2025-05-19", NotApplicable),
            ("DSR-0002", "2025-05-20", Pass),
            ("DSR-0003", "2026-04-21", Indeterminate),
        ],
    );
    // Told, but the list that was asked was not given; nobody told; not told because it was held irrelevant.
    check("DSR-13", Law, &[("D-UNTOLD", Fail), ("D-TOLD", Fail), ("D-SLOW", Fail)]);
    check("DSR-13", Policy, &[("D-UNTOLD", Fail), ("D-TOLD", Fail), ("D-SLOW", Pass)]);
    // Before the answer there is still something to do.
    let before = |date| TOLD.outcome("DSR-13", Law, "D-UNTOLD", date, date);
    assert_eq!((before("2025-06-10"), before("2025-06-16")), (Warn, Pass));
}

#[test]
fn dsr_14_a_refusal_names_reasons_and_remedies() {
    check_demonstration("DSR-14", Law, &[("DSR-0002", "2025-05-20", NotApplicable)]);
    check("DSR-14", Law, &[("D-NO", Pass), ("D-MUTE", Fail), ("D-PARTLY", Fail)]);
    check("DSR-14", Policy, &[("D-NO", Pass), ("D-MUTE", Fail), ("D-PARTLY", Fail)]);
    // The court counts from the receipt, the objection from the announcement.
    assert_eq!(limits(&verdict("DSR-14", Law, "D-NO")), ["2025-08-12", "2025-08-01"]);
}

#[test]
fn x15_a_court_without_an_objection_is_for_legal_affairs() {
    check("DSR-14", Law, &[("D-COURT", Warn)]);
    check("DSR-14", Policy, &[("D-COURT", Fail)]);
}

#[test]
fn x24_on_silence_the_policy_has_a_term_and_the_law_tells_the_way() {
    check("DSR-15", Policy, &[("D-SILENT", Warn)]);
    check("DSR-15", Law, &[("D-SILENT", Warn)]);
    assert_eq!(limits(&verdict("DSR-15", Policy, "D-SILENT")), ["2025-09-09"]);
}

#[test]
fn dsr_15_silence_is_recorded() {
    check_demonstration(
        "DSR-15",
        Policy,
        &[("DSR-0001", "2025-03-12", NotApplicable), ("DSR-0002", "2025-05-20", NotApplicable)],
    );
    check("DSR-15", Policy, &[("D-QUIET", Fail), ("D-X1", Fail), ("D-BACK", NotApplicable)]);
    check("DSR-15", Law, &[("D-QUIET", Warn), ("D-X1", NotApplicable)]);
    let before = |date| TOLD.outcome("DSR-15", Policy, "D-QUIET", date, date);
    assert_eq!((before("2025-07-29"), before("2025-07-30")), (NotApplicable, Fail));
}

#[test]
fn dsr_16_a_complaint_to_the_board_is_answered() {
    check_demonstration("DSR-16", Policy, &[("CMP-0001", "2024-01-22", NotApplicable)]);
    check_demonstration("DSR-16", Law, &[("CMP-0001", "2024-01-22", NotApplicable)]);
    check("DSR-16", Policy, &[("C-BOARD", Pass), ("C-SHUT", Fail)]);
    check("DSR-16", Law, &[("C-BOARD", Fail), ("C-SHUT", Fail)]);
    assert_eq!(TOLD.outcome("DSR-16", Law, "C-BOARD", "2025-06-10", "2025-06-10"), Pass);
}
