use BoardDecisionEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream};
use crate::family::value::AdviceFollowing;
use crate::ledger::merkle::Hash;

const PLATFORMS: [&str; 7] =
    ["platform-a", "platform-b", "platform-c", "platform-d", "platform-e", "platform-f", "messaging-a"];

fn document() -> Document {
    Document {
        sha256: Hash([7; 32]),
        media_type: Some("application/pdf".to_owned()),
        language: Some(code("nl")),
        document_date: Some(date("2023-04-14")),
        title: Some(clear("analysis of social-media services")),
    }
}

fn commissioned() -> BoardDecisionEvent {
    E::ResearchCommissioned(ResearchCommissioned {
        decision: Some(code("BD-2023-01")),
        subject: Some(clear("all use of social media and its privacy risks")),
        platforms: Vec::new(),
        unit: Some(code("mc")),
        due_at: Some(date("2023-06")),
        document: None,
        remark: None,
    })
}

fn analysed() -> BoardDecisionEvent {
    E::ExternalAnalysisReceived(ExternalAnalysisReceived {
        party: Some(code("vendor-legal-01")),
        platforms: codes(&["platform-a"]),
        conclusions: Some(clear("risks can be reduced")),
        document: Some(document()),
        remark: None,
    })
}

fn consulted() -> BoardDecisionEvent {
    E::DpoConsulted(DpoConsulted {
        question: Some(clear("may we go on?")),
        due_at: None,
        documents: vec![document()],
        remark: None,
    })
}

fn advised(requires: &[&str]) -> BoardDecisionEvent {
    E::DpoAdviceIssued(DpoAdviceIssued {
        outcome: Some(AdviceOutcome::PositiveWithConditions),
        advice: Some(clear("only under conditions")),
        conditions: vec![clear("weigh each platform")],
        requires: codes(requires),
        platforms: Vec::new(),
        document: None,
        remark: None,
    })
}

fn deviated() -> BoardDecisionEvent {
    E::DpoAdviceDeviated(DpoAdviceDeviated {
        advice: Some(Sequence(3)),
        reasons: Some(clear("no other channel")),
        remark: None,
    })
}

fn condition(name: &str, due_at: Option<&str>) -> BoardCondition {
    BoardCondition { code: code(name), text: Some(clear("describe the measures")), due_at: due_at.map(date) }
}

fn taken_as(outcome: Option<BoardOutcome>, platforms: &[&str], conditions: Vec<BoardCondition>) -> BoardDecisionEvent {
    E::Taken(Taken {
        decision: Some(code("BD-2023-01")),
        outcome,
        subject: None,
        platforms: codes(platforms),
        conditions,
        conditions_complete: Some(false),
        reasons: Some(clear("prospects are reached there")),
        documents_before: vec![document()],
        advice_response: Some(AdviceResponse { response: AdviceFollowing::Followed, reasons: None }),
        next_review: Some(date("2024-06")),
        document: None,
        remark: None,
    })
}

fn taken() -> BoardDecisionEvent {
    let conditions = ["C1", "C2", "C3"].map(|name| condition(name, None)).to_vec();
    taken_as(Some(BoardOutcome::ContinueWithConditions), &PLATFORMS, conditions)
}

fn set(name: &str, due_at: Option<&str>) -> BoardDecisionEvent {
    E::ConditionSet(ConditionSet { condition: code(name), text: None, due_at: due_at.map(date), remark: None })
}

fn fulfilled(name: &str, instrument_version: u32) -> BoardDecisionEvent {
    E::ConditionFulfilled(ConditionFulfilled {
        condition: code(name),
        instrument: Some(code("GDL-001")),
        instrument_version: Some(instrument_version),
        shown_by: Some(stream("governanceInstrument", 1)),
        evidence: Some(document()),
        description: None,
        remark: None,
    })
}

fn reviewed(outcome: Option<BoardReviewOutcome>) -> BoardDecisionEvent {
    E::Reviewed(Reviewed {
        outcome,
        trigger: Some(code("LEX-AP-EDU")),
        replaced_by: Some(code("BD-2025-01")),
        next_review: Some(date("2026")),
        reasons: None,
        document: None,
        remark: None,
    })
}

fn suspended(platforms: &[&str], until: Option<&str>) -> BoardDecisionEvent {
    E::PlatformUseSuspended(PlatformUseSuspended {
        decision: Some(code("BD-2024-08")),
        platforms: codes(platforms),
        reason: Some(clear("no clear agreements")),
        trigger: None,
        until: until.map(date),
        document: None,
        remark: None,
    })
}

fn resumed(platforms: &[&str]) -> BoardDecisionEvent {
    E::PlatformUseResumed(PlatformUseResumed {
        decision: Some(code("BD-2024-09")),
        platforms: codes(platforms),
        reason: None,
        document: None,
        remark: None,
    })
}

fn terminated(platforms: &[&str]) -> BoardDecisionEvent {
    E::PlatformUseTerminated(PlatformUseTerminated {
        decision: Some(code("BD-2025-06")),
        platforms: codes(platforms),
        reason: Some(clear("a third country without adequacy")),
        trigger: Some(code("LEX-DPC-TIKTOK")),
        accounts_closed: Some(true),
        document: None,
        remark: None,
    })
}

fn retracted() -> BoardDecisionEvent {
    E::Retracted(Retracted { reason: clear("another file was meant"), remark: None })
}

fn standing(history: &History<BoardDecision>, at: &str, platform: &str) -> Option<PlatformUse> {
    let state = history.state(at);
    state.platform_use.iter().find(|at| at.platform == code(platform)).map(|at| at.standing)
}

/// The file of the scenario: BD-2023-01.
fn scenario() -> History<BoardDecision> {
    let mut history = History::new();
    history.admits("2022-12", commissioned());
    history.admits("2023-04-14", analysed());
    history.admits("2023-06-05", advised(&["JOINT_CONTROL_ASSESSMENT", "DPIA"]));
    history.admits("2023-06-19", taken());
    history.admits("2024-05-07", fulfilled("C1", 1));
    history.admits("2024-06-18", advised(&[]));
    history
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<BoardDecision>(&[
        commissioned(),
        analysed(),
        consulted(),
        advised(&["DPIA"]),
        deviated(),
        taken(),
        taken_as(Some(BoardOutcome::Other), &["platform-a"], Vec::new()),
        set("C1", Some("2024")),
        fulfilled("C1", 1),
        reviewed(None),
        reviewed(Some(BoardReviewOutcome::Replaced)),
        suspended(&["platform-a"], Some("2025")),
        resumed(&["platform-a"]),
        terminated(&["platform-a"]),
        retracted(),
    ]);
}

#[test]
fn what_may_come_first_is_admitted_as_the_first_fact() {
    let first = [
        commissioned(),
        analysed(),
        consulted(),
        advised(&[]),
        deviated(),
        taken(),
        taken_as(None, &[], Vec::new()),
        set("C1", None),
        suspended(&["platform-a"], None),
        resumed(&["platform-a"]),
        terminated(&["platform-c"]),
    ];
    for event in first {
        History::<BoardDecision>::new().admits("2023", event);
    }
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<BoardDecision>::new();
    history.refuses("2023", reviewed(None), RejectionCode::NeverExisted, "event.reviewed");
    history.refuses("2023", fulfilled("C1", 1), RejectionCode::NeverExisted, "event.conditionFulfilled.condition");
    let twice = taken_as(None, &["platform-a", "platform-a"], Vec::new());
    history.refuses("2023", twice, RejectionCode::Malformed, "event.taken.platforms");
    let twice = taken_as(None, &[], vec![condition("C1", None), condition("C1", None)]);
    history.refuses("2023", twice, RejectionCode::Malformed, "event.taken.conditions");
    let twice = advised(&["DPIA", "DPIA"]);
    history.refuses("2023", twice, RejectionCode::Malformed, "event.dpoAdviceIssued.requires");
    let field = |fact: &str| format!("event.{fact}.platforms");
    history.refuses("2024", suspended(&[], None), RejectionCode::Malformed, &field("platformUseSuspended"));
    history.refuses("2024", resumed(&[]), RejectionCode::Malformed, &field("platformUseResumed"));
    history.refuses("2024", terminated(&[]), RejectionCode::Malformed, &field("platformUseTerminated"));
    let reversed = suspended(&["platform-a"], Some("2023"));
    history.refuses("2024", reversed, RejectionCode::Malformed, "event.platformUseSuspended.until");
    history.admits("2023", taken());
    history.refuses("2024", taken(), RejectionCode::AlreadyExists, "event.taken");
    history.refuses("2024", fulfilled("C4", 1), RejectionCode::NeverExisted, "event.conditionFulfilled.condition");
    let none = fulfilled("C1", 0);
    history.refuses("2024", none, RejectionCode::Malformed, "event.conditionFulfilled.instrumentVersion");
    history.admits("2025", terminated(&["platform-c"]));
    let both = ["platform-a", "platform-c"];
    history.refuses("2026", resumed(&both), RejectionCode::Ended, &field("platformUseResumed"));
    history.refuses("2026", suspended(&both, None), RejectionCode::Ended, &field("platformUseSuspended"));
    history.refuses("2026", terminated(&both), RejectionCode::Ended, &field("platformUseTerminated"));
}

#[test]
fn a_file_goes_from_research_to_a_decision() {
    let history = scenario();
    let expected = [
        ("2022-12", BoardDecisionStatus::Research),
        ("2023-04-14", BoardDecisionStatus::Analysed),
        ("2023-06-05", BoardDecisionStatus::Advised),
        ("2023-06-19", BoardDecisionStatus::Decided),
        ("2024-06-18", BoardDecisionStatus::Decided),
    ];
    for (at, status) in expected {
        assert_eq!(history.state(at).status, status, "{at}");
    }
    let state = history.state("2024-06-18");
    assert_eq!((state.outcome, state.decided), (Some(BoardOutcome::ContinueWithConditions), Some(date("2023-06-19"))));
    assert_eq!((state.platform_use.len(), state.conditions_complete), (7, Some(false)));
    assert!(state.anomalies.is_empty());
    assert_eq!(standing(&history, "2023-06-18", "platform-a"), Some(PlatformUse::Named));
    assert_eq!(standing(&history, "2023-06-19", "platform-a"), Some(PlatformUse::Allowed));
}

#[test]
fn conditions_are_open_until_they_are_fulfilled() {
    let mut history = scenario();
    let first = history.state("2024-05-07").conditions[0].clone();
    assert_eq!((first.since, first.fulfilled), (date("2023-06-19"), Some(date("2024-05-07"))));
    assert_eq!((first.instrument, first.instrument_version), (Some(code("GDL-001")), Some(1)));
    history.admits("2024-07", set("C2", Some("2024-12")));
    let changed = history.state("2024-07").conditions[1].clone();
    assert_eq!((changed.since, changed.due_at), (date("2023-06-19"), Some(date("2024-12"))));
    assert!(changed.text.is_some(), "what is not given stays");
    history.admits("2024-08", set("C1", None));
    let again = history.state("2024-08").conditions[0].clone();
    assert_eq!((again.since, again.fulfilled, again.instrument), (date("2024-08"), None, None));
    history.admits("2024-09", fulfilled("C1", 2));
    history.admits("2024-10", fulfilled("C1", 3));
    let last = history.state("2024-10").conditions[0].clone();
    assert_eq!((last.fulfilled, last.instrument_version), (Some(date("2024-09")), Some(2)));
}

#[test]
fn a_review_keeps_or_replaces_a_decision() {
    let mut history = scenario();
    history.admits("2024-07", reviewed(None));
    assert_eq!(history.state("2024-07").status, BoardDecisionStatus::UnderReview);
    history.admits("2024-08", reviewed(Some(BoardReviewOutcome::Maintained)));
    assert_eq!(history.state("2024-08").status, BoardDecisionStatus::Decided);
    history.admits("2024-09", reviewed(Some(BoardReviewOutcome::Replaced)));
    history.admits("2024-10", reviewed(None));
    let state = history.state("2024-10");
    assert_eq!((state.status, state.replaced_by), (BoardDecisionStatus::Replaced, Some(code("BD-2025-01"))));
    assert_eq!(state.next_review, Some(date("2026")));
}

#[test]
fn use_of_a_platform_is_suspended_resumed_and_stopped() {
    let mut history = History::<BoardDecision>::new();
    history.admits("2024-08-23", suspended(&["platform-a", "platform-b"], Some("2025")));
    assert_eq!(history.state("2024-08-23").status, BoardDecisionStatus::Decided);
    assert_eq!(history.state("2024-08-23").platform_use[0].until, Some(date("2025")));
    history.admits("2024-09", resumed(&["platform-b"]));
    history.admits("2025-06-16", terminated(&["platform-a"]));
    assert_eq!(standing(&history, "2024-08-23", "platform-b"), Some(PlatformUse::Suspended));
    assert_eq!(standing(&history, "2025-06-16", "platform-b"), Some(PlatformUse::Allowed));
    assert_eq!(standing(&history, "2025-06-16", "platform-a"), Some(PlatformUse::Terminated));
    let outcomes = [
        (BoardOutcome::Continue, PlatformUse::Allowed),
        (BoardOutcome::Suspend, PlatformUse::Suspended),
        (BoardOutcome::Stop, PlatformUse::Terminated),
    ];
    for (outcome, expected) in outcomes {
        let mut history = History::<BoardDecision>::new();
        history.admits("2023", taken_as(Some(outcome), &["platform-a"], Vec::new()));
        assert_eq!(standing(&history, "2023", "platform-a"), Some(expected));
    }
}

#[test]
fn the_keys_say_what_it_covers_and_what_is_open() {
    let history = scenario();
    let platforms = PLATFORMS.map(|platform| format!("platform={platform}"));
    let mut expected = vec!["status=DECIDED", "outcome=CONTINUE_WITH_CONDITIONS", "decision=BD-2023-01", "unit=mc"];
    expected.extend(["party=vendor-legal-01", "decision=BD-2023-01", "instrument=GDL-001"]);
    expected.extend(platforms.iter().map(String::as_str));
    expected.extend(["openCondition=C2", "openCondition=C3"]);
    assert_eq!(history.keys("2024-06-18"), expected);
    let mut history = History::<BoardDecision>::new();
    history.admits("2025-06-16", terminated(&["platform-c"]));
    history.admits("2026", reviewed(Some(BoardReviewOutcome::Maintained)));
    let expected = [
        "status=DECIDED",
        "replacedBy=BD-2025-01",
        "trigger=LEX-AP-EDU",
        "decision=BD-2025-06",
        "trigger=LEX-DPC-TIKTOK",
        "platform=platform-c",
    ];
    assert_eq!(history.keys("2026"), expected);
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<BoardDecision>::new();
    let start = history.admits("2023", taken());
    history.admits("2024", fulfilled("C1", 1));
    history.corrects(start, "2025", taken());
    assert_eq!(history.state("2025").anomalies.len(), 1);
    let mut history = History::<BoardDecision>::new();
    history.admits("2024", resumed(&["platform-a"]));
    history.admits("2023", terminated(&["platform-a"]));
    assert_eq!(history.state("2024").anomalies.len(), 1);
}
