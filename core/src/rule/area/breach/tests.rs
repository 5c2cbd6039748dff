use std::sync::LazyLock;

use serde_json::{Value, json};

use super::*;
use crate::family::rule_set::Layer::{self, Law, Policy, Practice};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History, recorded_fact};
use crate::rule::verdict::Verdict;
use crate::time::local;

const FILE: &str = "BRE-X";

/// Law, policy and roles of the demonstration, without the rest of its story.
static LAW: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(include_str!("../../../../../data/demonstration.json")).unwrap();
    let law = ["LEX-GDPR", "LEX-BREACH-0922", "POL-001", "PROC-001", "ROLE-DPO"];
    let of_law = |fact: &&Value| law.contains(&fact["stream"].as_str().unwrap());
    file["facts"].as_array().unwrap().iter().filter(of_law).cloned().collect()
});

/// A small history under the law of the demonstration.
fn history(facts: Vec<Value>) -> History {
    History::alone(&Value::Array([LAW.clone(), facts].concat()))
}

/// A fact of the story, as the demonstration has them; `at` is when it took effect and was recorded.
fn fact(stream: &str, at: &str, role: &str, event: &Value) -> Value {
    let id = format!("staff-{}", role.to_lowercase().replace('_', "-"));
    recorded_fact(stream, at, at, (&id, role), event)
}

fn breach(at: &str, role: &str, name: &str, lists: &[&str], data: &Value) -> Value {
    let mut whole = data.clone();
    lists.iter().for_each(|list| {
        whole.as_object_mut().unwrap().entry(*list).or_insert_with(|| json!([]));
    });
    fact(FILE, at, role, &json!({"breach": {name: whole}}))
}

fn reported(at: &str, data: &Value) -> Value {
    breach(at, "STAFF", "incidentReported", &["dataCategories", "systems", "activities", "parties"], data)
}

fn aware(at: &str) -> Value {
    breach(at, "CISO", "awarenessEstablished", &[], &json!({"at": at}))
}

fn assessed(at: &str, data: &Value) -> Value {
    let lists = ["categories", "subjectCategories", "dataCategories", "countries", "activities", "systems", "parties"];
    breach(at, "CISO", "assessed", &lists, data)
}

fn advised(at: &str) -> Value {
    breach(at, "DPO", "dpoAdviceIssued", &[], &json!({"notifyAuthority": true, "notifySubjects": true}))
}

fn decided(at: &str, role: &str, data: &Value) -> Value {
    breach(at, role, "notificationDecided", &[], data)
}

fn notified(at: &str) -> Value {
    breach(at, "DPO", "authorityNotified", &[], &json!({"phase": "INITIAL", "at": at}))
}

fn dismissed(at: &str, data: &Value) -> Value {
    breach(at, "CISO", "dismissed", &[], data)
}

fn closed(at: &str, data: &Value) -> Value {
    breach(at, "CISO", "closed", &[], data)
}

fn verdict(facts: Vec<Value>, id: &str, layer: Layer, at: &str) -> Verdict {
    history(facts).verdict(id, layer, FILE, at, at)
}

fn outcome(facts: Vec<Value>, id: &str, layer: Layer, at: &str) -> Outcome {
    verdict(facts, id, layer, at).outcome
}

/// The outcome of a rule on a breach of the demonstration, as known and in force on a day.
fn demonstration(id: &str, layer: Layer, reference: &str, at: &str) -> Outcome {
    DEMONSTRATION.outcome(id, layer, reference, at, at)
}

fn has(verdict: &Verdict, mark: Mark) -> bool {
    verdict.flags.iter().any(|flag| flag.mark == mark)
}

#[test]
fn q10_ten_days_after_awareness() {
    let ask = |reference, at| DEMONSTRATION.verdict("BRE-04", Law, reference, at, at);
    let check = |reference, at, outcome, minutes| {
        let verdict = ask(reference, at);
        let [deadline, target] = verdict.deadlines.as_slice() else { panic!("{verdict:?}") };
        assert_eq!(
            (verdict.outcome, deadline.minutes, deadline.calendar.as_str()),
            (outcome, Some(minutes), "REG_1182_71")
        );
        assert_eq!((target.minutes, target.calendar.as_str()), (Some(minutes), "STRICT"));
        assert_eq!(verdict.parameters.first().map(|used| used.value.as_str()), Some("PT72H"));
        assert_eq!(verdict.until, None, "what is done is done");
    };
    check("BRE-0001", "2022-03-17", Pass, 41 * 60 + 45);
    check("BRE-0002", "2023-02-27", Fail, 87 * 60 + 45);
    check("BRE-0003", "2025-12-19", Pass, 50 * 60 + 10);
    assert_eq!(demonstration("BRE-05", Law, "BRE-0002", "2023-02-27"), Pass);
}

#[test]
fn q10_the_limit_is_that_of_the_regulation_on_terms_and_the_target_strict() {
    let verdict = DEMONSTRATION.verdict("BRE-04", Law, "BRE-0002", "2023-02-27", "2023-02-27");
    let limits: Vec<String> = verdict.deadlines.iter().map(|deadline| local(deadline.limit)).collect();
    assert_eq!(limits, ["2023-02-20 18:00", "2023-02-20 17:45"]);
}

#[test]
fn the_demonstration_file_by_file() {
    let check = |id, layer, reference, at, outcome| {
        assert_eq!(demonstration(id, layer, reference, at), outcome, "{id} {reference} {at}")
    };
    for reference in ["BRE-0001", "BRE-0002", "BRE-0003"] {
        for (id, layer) in [
            ("BRE-01", Policy),
            ("BRE-02", Policy),
            ("BRE-03", Law),
            ("BRE-05", Law),
            ("BRE-07", Policy),
            ("BRE-09", Policy),
            ("BRE-10", Law),
        ] {
            check(id, layer, reference, "2026-06-30", Pass);
        }
        for (id, layer) in [("BRE-06", Law), ("BRE-06", Policy), ("BRE-08", Policy), ("BRE-10", Policy)] {
            check(id, layer, reference, "2026-06-30", NotApplicable);
        }
    }
    check("BRE-04", Policy, "BRE-0001", "2022-03-17", Pass);
    check("BRE-04", Policy, "BRE-0002", "2023-02-27", Fail);
    check("BRE-03", Law, "BRE-0001", "2022-03-20", NotApplicable); // still open
    check("BRE-04", Law, "BRE-0001", "2022-03-07", Pass); // the term runs
    check("BRE-04", Law, "BRE-0002", "2023-02-20", Fail); // over, and not notified yet
    check("BRE-11", Practice, "ACC-A-01", "2026-06-30", NotApplicable);
}

#[test]
fn a_report_names_its_reporter_and_eight_items() {
    let bare = json!({"reporterCategory": "EMPLOYEE", "channel": "EMAIL", "what": "a laptop"});
    let ask = |id| outcome(vec![reported("2023-05-01T08:00:00.000000Z", &bare)], id, Policy, "2023-05-02");
    assert_eq!((ask("BRE-01"), ask("BRE-02")), (Warn, Fail)); // past the service desk; six items are missing
    let nobody = json!({"reporter": "x", "what": "a laptop", "origin": "x", "dataCategories": ["NAME"], "how": "x",
        "systems": ["crm"], "happened": "2023-05"});
    let ask = |id| outcome(vec![reported("2023-05-01T08:00:00.000000Z", &nobody)], id, Policy, "2023-05-02");
    assert_eq!((ask("BRE-01"), ask("BRE-02")), (Fail, Indeterminate)); // item 8 is asked of staff alone
    assert_eq!(outcome(vec![aware("2023-05-01T08:00:00.000000Z")], "BRE-02", Policy, "2023-05-02"), Fail);
}

#[test]
fn a_closed_file_says_what_happened_and_why_nobody_was_told() {
    let start = || vec![reported("2023-05-01T08:00:00.000000Z", &json!({})), aware("2023-05-01T09:00:00.000000Z")];
    let closing = json!({"facts": "a laptop was lost", "effects": "none", "remedialAction": "wiped from afar"});
    let with = |facts: Vec<Value>| outcome([start(), facts].concat(), "BRE-03", Law, "2023-06-01");
    let end = |data: &Value| closed("2023-05-20T08:00:00.000000Z", data);
    assert_eq!(with(vec![]), NotApplicable);
    assert_eq!(with(vec![end(&closing)]), Fail); // why it was not notified is nowhere
    let no = |data: &Value| decided("2023-05-02T08:00:00.000000Z", "BOARD_DELEGATE", data);
    assert_eq!(with(vec![no(&json!({"authority": false}))]), Fail);
    let unlikely = json!({"authority": false, "authorityGround": "RISK_UNLIKELY"});
    assert_eq!(with(vec![no(&unlikely), end(&closing)]), Pass);
    assert_eq!(with(vec![no(&unlikely), end(&json!({}))]), Fail);
}

#[test]
fn the_authority_need_not_know_what_is_no_risk() {
    let start = |risk: Option<&str>| {
        let mut facts = vec![reported("2023-05-01T08:00:00.000000Z", &json!({})), aware("2023-05-01T09:00:00.000000Z")];
        facts.extend(risk.map(|risk| assessed("2023-05-02T08:00:00.000000Z", &json!({"risk": risk}))));
        facts
    };
    let no = |ground: &str| {
        decided(
            "2023-05-03T08:00:00.000000Z",
            "BOARD_DELEGATE",
            &json!({"authority": false, "authorityGround": ground}),
        )
    };
    let ask = |facts: Vec<Value>| outcome(facts, "BRE-04", Law, "2023-05-10");
    assert_eq!(ask(start(None)), Fail);
    assert_eq!(ask(start(Some("NONE"))), Warn); // nothing is decided
    assert_eq!(ask([start(Some("NONE")), vec![no("RISK_UNLIKELY")]].concat()), Pass);
    assert_eq!(ask([start(Some("RISK")), vec![no("RISK_UNLIKELY")]].concat()), Fail); // the assessment says otherwise
    assert_eq!(ask([start(None), vec![no("RISK_UNLIKELY")]].concat()), Warn); // it is not shown
    assert_eq!(ask([start(Some("RISK")), vec![no("OTHER")]].concat()), Fail);
    assert_eq!(ask([start(Some("RISK")), vec![no("ACTS_AS_PROCESSOR")]].concat()), NotApplicable);
    let dismissed = dismissed("2023-05-03T08:00:00.000000Z", &json!({"ground": "NO_PERSONAL_DATA"}));
    assert_eq!(ask([start(None), vec![dismissed]].concat()), NotApplicable);
    // Notified, and nobody says since when the institution knew.
    let unaware = vec![reported("2023-05-01T08:00:00.000000Z", &json!({})), notified("2023-05-09T08:00:00.000000Z")];
    assert_eq!(ask(unaware), Indeterminate);
    // A report that nobody assesses asks for attention once a short inquiry could have told.
    let heard = || vec![reported("2023-05-01T08:00:00.000000Z", &json!({}))];
    assert_eq!((outcome(heard(), "BRE-04", Law, "2023-05-03"), ask(heard())), (NotApplicable, Warn));
}

#[test]
fn a_day_without_an_hour_may_leave_it_open() {
    let facts = |done: &str| {
        let mut aware = aware("2023-05-01T21:00:00.000000Z");
        aware["event"]["breach"]["awarenessEstablished"]["at"] = json!("2023-05-01");
        vec![aware, notified(done)]
    };
    let ask = |done: &str| outcome(facts(done), "BRE-04", Law, "2023-05-10");
    assert_eq!(ask("2023-05-03T21:00:00.000000Z"), Pass);
    assert_eq!(ask("2023-05-04T10:00:00.000000Z"), Indeterminate);
    // The hour of awareness does not count: the last of that day ends at one o'clock, three days later.
    assert_eq!(ask("2023-05-04T22:30:00.000000Z"), Fail);
}

#[test]
fn a_late_notification_says_why_and_promises_are_kept() {
    let late = || vec![aware("2023-05-01T09:00:00.000000Z"), notified("2023-05-08T09:00:00.000000Z")];
    let why = |told| {
        breach(
            "2023-05-08T09:00:00.000001Z",
            "DPO",
            "delayJustified",
            &[],
            &json!({"reason": "x", "toldAuthority": told}),
        )
    };
    let ask = |facts: Vec<Value>, at| outcome(facts, "BRE-05", Law, at);
    assert_eq!(ask(late(), "2023-05-09"), Fail);
    assert_eq!(ask([late(), vec![why(true)]].concat(), "2023-05-09"), Pass);
    assert_eq!(ask([late(), vec![why(false)]].concat(), "2023-05-09"), Fail);
    let promising = || {
        let data = json!({"phase": "INITIAL", "supplementPromised": "2023-06-01"});
        vec![
            aware("2023-05-01T09:00:00.000000Z"),
            breach("2023-05-02T09:00:00.000000Z", "DPO", "authorityNotified", &[], &data),
        ]
    };
    let more = |at| breach(at, "DPO", "authorityNotificationSupplemented", &[], &json!({}));
    assert_eq!(ask(promising(), "2023-06-01"), Pass); // the day itself is still in time
    assert_eq!(ask(promising(), "2023-06-02"), Fail);
    assert_eq!(ask([promising(), vec![more("2023-06-01T20:00:00.000000Z")]].concat(), "2023-07-01"), Pass);
    assert_eq!(ask([promising(), vec![more("2023-06-05T20:00:00.000000Z")]].concat(), "2023-07-01"), Fail);
    assert_eq!(ask(vec![aware("2023-05-01T09:00:00.000000Z")], "2023-06-02"), NotApplicable);
}

#[test]
fn people_hear_of_a_high_risk() {
    let high = || {
        vec![aware("2023-05-01T09:00:00.000000Z"), assessed("2023-05-01T12:00:00.000000Z", &json!({"risk": "HIGH"}))]
    };
    let both = |facts: Vec<Value>| {
        let facts = [high(), facts].concat();
        (outcome(facts.clone(), "BRE-06", Law, "2023-05-10"), outcome(facts, "BRE-06", Policy, "2023-05-10"))
    };
    let told = |at| breach(at, "COMMUNICATIONS", "subjectsNotified", &[], &json!({"channel": "EMAIL"}));
    assert_eq!(both(vec![]), (Warn, Fail)); // the law sets no term, and nothing says that it was left undone
    assert_eq!(both(vec![told("2023-05-04T12:00:00.000000Z")]), (Pass, Pass));
    assert_eq!(both(vec![told("2023-05-05T12:00:00.000000Z")]), (Warn, Fail));
    let no = |ground: &str| {
        decided("2023-05-03T08:00:00.000000Z", "BOARD_DELEGATE", &json!({"subjects": false, "subjectsGround": ground}))
    };
    assert_eq!(both(vec![no("NO_HIGH_RISK")]), (Fail, Fail)); // a contrary fact
    assert_eq!(both(vec![no("RESTRICTED_BY_LAW")]), (NotApplicable, NotApplicable));
    assert_eq!(both(vec![no("WAIVED")]), (Indeterminate, Indeterminate)); // on which ground is nowhere
    let waived = |ground: &str| {
        breach(
            "2023-05-03T08:00:00.000000Z",
            "BOARD_DELEGATE",
            "subjectsNotificationWaived",
            &[],
            &json!({"ground": ground}),
        )
    };
    assert_eq!(both(vec![waived("DATA_UNINTELLIGIBLE")]), (Pass, Pass));
    assert_eq!(both(vec![waived("DISPROPORTIONATE_EFFORT")]), (Fail, Fail)); // nothing public in its place
    // A decision from before the risk was found to be high says nothing of it.
    let early = decided(
        "2023-05-01T10:00:00.000000Z",
        "BOARD_DELEGATE",
        &json!({"subjects": false, "subjectsGround": "NO_HIGH_RISK"}),
    );
    assert_eq!(both(vec![early]), (Warn, Fail));
}

#[test]
fn the_officer_advises_before_the_decision() {
    let yes = |at| decided(at, "BOARD_DELEGATE", &json!({"authority": true, "subjects": true}));
    let ask = |facts: Vec<Value>| {
        outcome([vec![aware("2023-05-01T09:00:00.000000Z")], facts].concat(), "BRE-07", Policy, "2023-05-10")
    };
    assert_eq!(ask(vec![]), NotApplicable);
    assert_eq!(ask(vec![yes("2023-05-02T09:00:00.000000Z")]), Fail);
    assert_eq!(ask(vec![advised("2023-05-02T08:00:00.000000Z"), yes("2023-05-02T09:00:00.000000Z")]), Pass);
    assert_eq!(ask(vec![yes("2023-05-02T09:00:00.000000Z"), advised("2023-05-02T10:00:00.000000Z")]), Fail);
    assert_eq!(ask(vec![notified("2023-05-02T09:00:00.000000Z")]), Fail); // without a decision
    let against = decided(
        "2023-05-02T09:00:00.000000Z",
        "BOARD_DELEGATE",
        &json!({"authority": true, "adviceResponse": {"response": "DEVIATED"}}),
    );
    assert_eq!(ask(vec![advised("2023-05-02T08:00:00.000000Z"), against]), Fail); // and why it deviates
}

#[test]
fn board_officer_and_legal_affairs_know_of_a_serious_risk() {
    let serious = || {
        vec![
            aware("2023-05-01T09:00:00.000000Z"),
            assessed("2023-05-02T08:00:00.000000Z", &json!({"severityBusiness": "SERIOUS"})),
        ]
    };
    let told = |name, at| breach(at, "CISO", name, &[], &json!({}));
    let ask = |facts: Vec<Value>, at| outcome([serious(), facts].concat(), "BRE-08", Policy, at);
    let two = || vec![told("boardInformed", "2023-05-02T09:00:00.000000Z"), advised("2023-05-03T09:00:00.000000Z")];
    assert_eq!(ask(vec![], "2023-05-03"), Pass); // the term runs
    assert_eq!(ask(vec![], "2023-05-04"), Fail);
    assert_eq!(ask(two(), "2023-05-10"), Fail);
    assert_eq!(ask([two(), vec![told("legalInformed", "2023-05-03T09:00:00.000000Z")]].concat(), "2023-05-10"), Pass);
}

#[test]
fn a_closed_breach_is_evaluated_and_reported() {
    let done = || vec![aware("2023-05-01T09:00:00.000000Z"), closed("2023-05-20T08:00:00.000000Z", &json!({}))];
    let evaluated = |at| breach(at, "CISO", "evaluated", &["lessons", "measures"], &json!({}));
    let ask = |facts: Vec<Value>, at| outcome([done(), facts].concat(), "BRE-09", Policy, at);
    assert_eq!(ask(vec![], "2023-07-19"), Pass); // the last day
    assert_eq!(ask(vec![], "2023-07-20"), Fail);
    assert_eq!(ask(vec![evaluated("2023-07-19T09:00:00.000000Z")], "2023-08-20"), Pass);
    let again = breach("2023-08-01T09:00:00.000000Z", "CISO", "reopened", &[], &json!({}));
    let closed_again = closed("2023-08-10T08:00:00.000000Z", &json!({}));
    assert_eq!(ask(vec![evaluated("2023-07-19T09:00:00.000000Z"), again, closed_again], "2023-12-20"), Fail);

    let report = |figures: Value| {
        let at = "2024-05-01T09:00:00.000000Z";
        let event = json!({"annualReport": {"compiled": {"year": 2023, "by": "BOARD", "figures": figures}}});
        history([done(), vec![fact("REP-X", at, "DPO", &event)]].concat()).outcome(
            "BRE-09",
            Policy,
            "REP-X",
            "2024-06-01",
            "2024-06-01",
        )
    };
    assert_eq!(report(json!([{"code": "BREACHES_RECORDED", "number": 1}])), Pass);
    assert_eq!(report(json!([{"code": "requests", "number": 1}])), Fail);
    assert_eq!(demonstration("BRE-09", Policy, "REP-2025", "2026-07-01"), Pass);
    assert_eq!(demonstration("BRE-09", Policy, "REP-2025", "2026-03-01"), NotApplicable); // not compiled yet
}

#[test]
fn units_and_report_agree_on_the_number() {
    let compiled = |number: u32, presented: u32| {
        let figures = |number: u32| json!([{"code": "breaches", "number": number}]);
        let part = json!({"annualReport": {"contributionSubmitted": {"unit": "mu-01", "year": 2023, "by": "BOARD", "figures": figures(2)}}});
        let whole = json!({"annualReport": {"compiled": {"year": 2023, "by": "BOARD", "figures": figures(number)}}});
        let shown = json!({"annualReport": {"presented": {"year": 2023, "by": "BOARD", "to": [], "figures": figures(presented)}}});
        let facts = vec![
            fact("REP-X", "2024-04-01T09:00:00.000000Z", "DPO", &part),
            fact("REP-X", "2024-05-01T09:00:00.000000Z", "DPO", &whole),
            fact("REP-X", "2024-05-02T09:00:00.000000Z", "DPO", &shown),
        ];
        history(facts).outcome("BRE-09", Policy, "REP-X", "2024-06-01", "2024-06-01")
    };
    assert_eq!((compiled(2, 2), compiled(2, 1), compiled(1, 1)), (Warn, Fail, Fail));
}

#[test]
fn x3_the_narrow_definition_is_no_filter() {
    let facts = || {
        let ground = json!({"ground": "NO_SERIOUS_CONSEQUENCES"});
        vec![
            reported("2023-05-01T08:00:00.000000Z", &json!({})),
            aware("2023-05-01T09:00:00.000000Z"),
            dismissed("2023-05-02T09:00:00.000000Z", &ground),
        ]
    };
    let ask = |id, layer| verdict(facts(), id, layer, "2023-05-10");
    let policy = ask("BRE-10", Policy);
    assert_eq!((ask("BRE-10", Law).outcome, policy.outcome), (Fail, Warn));
    assert!(has(&policy, Mark::Disputed));
    // For the GDPR it stays a breach, and so the duty to notify stays.
    let policy = ask("BRE-04", Policy);
    assert_eq!((ask("BRE-04", Law).outcome, policy.outcome), (Fail, Fail));
    assert!(has(&policy, Mark::Disputed));
    let other = vec![
        reported("2023-05-01T08:00:00.000000Z", &json!({})),
        dismissed("2023-05-02T09:00:00.000000Z", &json!({"ground": "FALSE_ALARM"})),
    ];
    assert_eq!(outcome(other.clone(), "BRE-10", Law, "2023-05-10"), Pass);
    assert_eq!(outcome(other, "BRE-10", Policy, "2023-05-10"), NotApplicable);
    let silent =
        vec![reported("2023-05-01T08:00:00.000000Z", &json!({})), dismissed("2023-05-02T09:00:00.000000Z", &json!({}))];
    assert_eq!(outcome(silent, "BRE-10", Law, "2023-05-10"), Indeterminate);
    let vague =
        vec![aware("2023-05-01T09:00:00.000000Z"), assessed("2023-05-02T09:00:00.000000Z", &json!({"risk": "RISK"}))];
    assert_eq!(outcome(vague, "BRE-10", Law, "2023-05-10"), Fail);
}

#[test]
fn x4_an_officer_who_decides_follows_the_policy_and_not_the_law() {
    let facts = |by: &Value| {
        vec![
            aware("2023-05-01T09:00:00.000000Z"),
            advised("2023-05-02T08:00:00.000000Z"),
            decided("2023-05-02T09:00:00.000000Z", "DPO", by),
        ]
    };
    for by in [
        json!({"authority": true}),
        json!({"authority": true, "decidedBy": "staff-dpo-01"}),
        json!({"authority": true, "decidedBy": "DPO"}),
    ] {
        let policy = verdict(facts(&by), "BRE-07", Policy, "2023-05-10");
        assert_eq!((policy.outcome, outcome(facts(&by), "BRE-07", Law, "2023-05-10")), (Pass, Warn), "{by}");
        assert!(has(&policy, Mark::Disputed));
    }
    // Whoever writes it down did not decide, if the decision says who did.
    assert_eq!(
        outcome(facts(&json!({"authority": true, "decidedBy": "board-delegate-01"})), "BRE-07", Law, "2023-05-10"),
        Pass
    );
}

#[test]
fn x22_the_policy_counts_from_discovery_and_knows_no_exception() {
    let found = json!({"discovered": "2023-05-01T08:00:00.000000Z"});
    let late = vec![
        reported("2023-05-02T08:00:00.000000Z", &found),
        aware("2023-05-03T09:00:00.000000Z"),
        notified("2023-05-05T09:00:00.000000Z"),
    ];
    let both = |facts: Vec<Value>| {
        (outcome(facts.clone(), "BRE-04", Law, "2023-05-15"), outcome(facts, "BRE-04", Policy, "2023-05-15"))
    };
    assert_eq!(both(late), (Pass, Fail)); // 48 hours after awareness, 97 after discovery
    let harmless = vec![
        reported("2023-05-02T08:00:00.000000Z", &found),
        aware("2023-05-03T09:00:00.000000Z"),
        assessed("2023-05-03T10:00:00.000000Z", &json!({"risk": "NONE"})),
        decided(
            "2023-05-03T11:00:00.000000Z",
            "BOARD_DELEGATE",
            &json!({"authority": false, "authorityGround": "RISK_UNLIKELY"}),
        ),
    ];
    assert_eq!(both(harmless), (Pass, Fail));
    // Not established to be a breach after a fortnight: something to attend to.
    assert_eq!(both(vec![reported("2023-05-02T08:00:00.000000Z", &found)]), (Warn, Warn));
    // Late since awareness is late since discovery, whenever that was.
    assert_eq!(both(vec![aware("2023-05-03T09:00:00.000000Z")]), (Fail, Fail));
    assert_eq!(
        both(vec![aware("2023-05-03T09:00:00.000000Z"), notified("2023-05-05T09:00:00.000000Z")]),
        (Pass, Indeterminate)
    );
}

#[test]
fn x26_the_guidance_behind_the_policy_is_stale() {
    let stale = |reference, at| has(&DEMONSTRATION.verdict("BRE-04", Policy, reference, at, at), Mark::PolicyStale);
    assert_eq!((stale("BRE-0002", "2023-02-27"), stale("BRE-0003", "2025-12-19")), (false, true));
}

#[test]
fn a_hacked_account_is_an_incident() {
    let hacked = |data: Value| {
        fact("ACC-A-01", "2023-05-01T08:00:00.000000Z", "COMMUNICATIONS", &json!({"account": {"compromised": data}}))
    };
    let ask = |facts: Vec<Value>| {
        History::and(&Value::Array(facts)).outcome("BRE-11", Practice, "ACC-A-01", "2023-05-10", "2023-05-10")
    };
    let incident =
        || reported("2023-05-01T12:00:00.000000Z", &json!({"kind": "ACCOUNT_COMPROMISE", "account": "@ACC-A-01"}));
    assert_eq!(ask(vec![hacked(json!({}))]), Warn);
    let earlier =
        || reported("2022-05-01T12:00:00.000000Z", &json!({"kind": "ACCOUNT_COMPROMISE", "account": "@ACC-A-01"}));
    assert_eq!(ask(vec![hacked(json!({"contactInformed": "2023-05-01"})), earlier()]), Warn); // of another takeover
    assert_eq!(ask(vec![hacked(json!({})), incident()]), Warn); // the contact person does not know
    assert_eq!(ask(vec![hacked(json!({"contactInformed": "2023-05-01"})), incident()]), Pass);
    assert_eq!(ask(vec![hacked(json!({"contactInformed": "2023-05-01", "breach": "@BRE-X"})), incident()]), Pass);
}
