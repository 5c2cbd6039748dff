use ObjectionEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, fact, laws, stream};
use crate::family::kit::{Declaration, Event as _};

fn objection(kind: ObjectionKind) -> Received {
    Received {
        kind: Some(kind),
        written_as: Some(WrittenAs::Complaint),
        channel: Some(Channel::Email),
        received_at: None,
        subject: Some(clear("person 4712")),
        via_representative: None,
        age_band: None,
        grounds: Some(clear("adverts follow me")),
        unit: Some(code("mu-01")),
        activities: vec![stream("activity", 1)],
        purposes: codes(&["ads", "profiling"]),
        case: Some(stream("case", 1)),
        remark: None,
    }
}

fn received(kind: ObjectionKind) -> ObjectionEvent {
    E::Received(objection(kind))
}

fn halted() -> ObjectionEvent {
    E::ProcessingHalted(ProcessingHalted { purposes: Vec::new(), systems: codes(&["sys-01"]), remark: None })
}

fn assessed(assessment: StreamId) -> ObjectionEvent {
    E::CompellingGroundsAssessed(CompellingGroundsAssessed {
        outcome: Some(GroundsOutcome::Override),
        purposes: codes(&["ads"]),
        considerations: Some(clear("the exam must be kept fair")),
        assessment: Some(assessment),
        remark: None,
    })
}

fn grounds_assessed() -> ObjectionEvent {
    assessed(stream("legitimateInterestAssessment", 1))
}

fn upheld() -> ObjectionEvent {
    E::Upheld(Upheld {
        purposes: Vec::new(),
        reasons: Some(clear("nothing outweighs it")),
        addressee: Some(Addressee::Subject),
        answered_at: None,
        letter: None,
        remark: None,
    })
}

fn rejection() -> Rejected {
    Rejected {
        purposes: Vec::new(),
        reasons: Some(clear("a claim is pending")),
        legal_references: Vec::new(),
        remedies: vec![Remedy::Court, Remedy::Authority],
        addressee: Some(Addressee::Subject),
        announced_at: Some(date("2024-02-01")),
        delivered_at: None,
        letter: None,
        remark: None,
    }
}

fn extended() -> ObjectionEvent {
    E::Extended(Extended {
        reason: Some(ExtensionReason::Complexity),
        explanation: Some(clear("many systems")),
        notified_at: Some(date("2024-01-30")),
        remark: None,
    })
}

fn rejected() -> ObjectionEvent {
    E::Rejected(rejection())
}

fn processing_stopped(purposes: &[&str]) -> ObjectionEvent {
    E::ProcessingStoppedForSubject(ProcessingStoppedForSubject {
        purposes: codes(purposes),
        systems: codes(&["sys-01"]),
        parties: codes(&["vendor-n"]),
        complete: Some(true),
        remark: None,
    })
}

fn marketing_stopped() -> ObjectionEvent {
    E::DirectMarketingStopped(DirectMarketingStopped {
        suppression: Some(code("SUP-0001")),
        platforms: Vec::new(),
        profiling_stopped: Some(true),
        remark: None,
    })
}

fn sent(campaign: StreamId, consent: StreamId) -> ObjectionEvent {
    E::DirectMarketingSent(DirectMarketingSent {
        campaign: Some(campaign),
        description: None,
        platform: Some(code("platform-a")),
        audience: Some(clear("list of 2024-02-02")),
        audience_size: Some(1200),
        consent: Some(consent),
        remark: None,
    })
}

fn marketing_sent() -> ObjectionEvent {
    sent(stream("publication", 3), stream("consent", 1))
}

fn despite(campaign: StreamId) -> ObjectionEvent {
    E::SentDespiteObjection(SentDespiteObjection {
        campaign: Some(campaign),
        description: Some(clear("audience upload of 2024-02-02")),
        platform: Some(code("platform-a")),
        discovered_at: None,
        suppression_checked: Some(true),
        cause: None,
        remark: None,
    })
}

fn sent_despite_objection() -> ObjectionEvent {
    despite(stream("publication", 2))
}

fn suppression_listed() -> ObjectionEvent {
    E::SuppressionListed(SuppressionListed {
        list: Some(code("SUP-0001")),
        key: Some(clear("a@example.org")),
        key_kind: Some(SuppressionKeyKind::Email),
        keep_until: None,
        remark: None,
    })
}

fn contested(activity: StreamId) -> ObjectionEvent {
    E::AutomatedDecisionContested(AutomatedDecisionContested {
        activity: Some(activity),
        decision: Some(clear("not admitted")),
        view: Some(clear("my diploma was not read")),
        intervention_asked: Some(true),
        channel: Some(Channel::Portal),
        received_at: Some(date("2024-01-10")),
        subject: Some(clear("person 4713")),
        unit: Some(code("mu-02")),
        remark: None,
    })
}

fn decision_contested() -> ObjectionEvent {
    contested(stream("activity", 2))
}

fn human_review() -> ObjectionEvent {
    E::HumanReviewPerformed(HumanReviewPerformed {
        outcome: Some(ReviewOutcome::Changed),
        competent: Some(true),
        view_heard: Some(true),
        reasons: None,
        answered_at: None,
        remark: None,
    })
}

/// The acts that need something to have come in.
fn answers() -> Vec<ObjectionEvent> {
    vec![
        halted(),
        grounds_assessed(),
        upheld(),
        extended(),
        rejected(),
        processing_stopped(&["ads"]),
        marketing_stopped(),
        sent_despite_objection(),
        human_review(),
    ]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    let mut pool = answers();
    pool.extend([
        received(ObjectionKind::DirectMarketing),
        marketing_sent(),
        suppression_listed(),
        decision_contested(),
        E::Retracted(Retracted { reason: clear("another person's"), remark: None }),
    ]);
    laws::<Objection>(&pool);
}

#[test]
fn nothing_answers_an_objection_that_never_was() {
    let mut history = History::<Objection>::new();
    for event in answers() {
        let field = format!("event.{}", event.kind().0);
        history.refuses("2024", event, RejectionCode::NeverExisted, &field);
    }
    history.admits("2024", received(ObjectionKind::Research));
    history.refuses("2025", received(ObjectionKind::Research), RejectionCode::AlreadyExists, "event.received");
    for event in [marketing_sent(), suppression_listed(), decision_contested()] {
        History::<Objection>::new().admits("2024", event);
    }
}

#[test]
fn the_malformed_is_refused() {
    let base = || objection(ObjectionKind::DirectMarketing);
    let mut history = History::<Objection>::new();
    for (event, field) in [
        (Received { activities: vec![stream("activity", 1); 2], ..base() }, "activities"),
        (Received { activities: vec![stream("consent", 1)], ..base() }, "activities"),
        (Received { purposes: codes(&["ads", "ads"]), ..base() }, "purposes"),
        (Received { case: Some(stream("breach", 1)), ..base() }, "case"),
    ] {
        history.refuses("2024", E::Received(event), RejectionCode::Malformed, &format!("event.received.{field}"));
    }
    history.admits("2024", received(ObjectionKind::PersonalGrounds));
    let early = Rejected { delivered_at: Some(date("2024-01-31")), ..rejection() };
    for (event, field) in [
        (assessed(stream("activity", 1)), "assessment"),
        (E::Rejected(Rejected { remedies: vec![Remedy::Court; 2], ..rejection() }), "remedies"),
        (E::Rejected(early), "deliveredAt"),
        (processing_stopped(&["ads", "ads"]), "purposes"),
        (sent(stream("activity", 1), stream("consent", 1)), "campaign"),
        (sent(stream("publication", 1), stream("activity", 1)), "consent"),
        (despite(stream("platform", 1)), "campaign"),
        (contested(stream("case", 1)), "activity"),
    ] {
        let field = format!("event.{}.{field}", event.kind().0);
        history.refuses("2025", event, RejectionCode::Malformed, &field);
    }
}

#[test]
fn a_subject_objects_and_contests_and_the_rest_is_the_controllers() {
    let streams = std::collections::BTreeMap::new();
    let admit = Declaration::of::<Objection>().admit;
    for event in [received(ObjectionKind::DirectMarketing), decision_contested()] {
        let new = fact(0, date("2024-01-15"), &event, None, "SUBJECT");
        assert_eq!(admit(&[], &new, &Context { place: &new.recorded, streams: &streams }), Ok(()));
    }
    let mut history = History::<Objection>::new();
    history.admits("2024", received(ObjectionKind::PersonalGrounds));
    let acts = answers().into_iter().chain([marketing_sent(), suppression_listed()]);
    acts.for_each(|event| history.refuses_subjects("2025", &event));
}

#[test]
fn the_scenarios_objection_to_direct_marketing() {
    let mut history = History::<Objection>::new();
    history.admits("2024-01-15T08:12:00.000000Z", received(ObjectionKind::DirectMarketing));
    history.admits("2024-01-15T10:20:00.000000Z", marketing_stopped());
    history.admits("2024-02-02T13:00:00.000000Z", sent_despite_objection());
    assert_eq!(history.state("2024-01-15T08:12:00.000000Z").status, ObjectionStatus::Received);
    let stopped = history.state("2024-02-02");
    assert_eq!(stopped.status, ObjectionStatus::Stopped);
    assert_eq!(stopped.marketing_stopped, Some(date("2024-01-15T10:20:00.000000Z")));
    assert_eq!((stopped.sent_despite_objection.len(), stopped.anomalies.len()), (1, 0));
    assert_eq!(
        history.keys("2024-02-02"),
        [
            "status=STOPPED",
            "kind=DIRECT_MARKETING",
            "unit=mu-01",
            "case=case/00000000-0000-0000-0000-000000000001",
            "suppression=SUP-0001",
            "campaign=publication/00000000-0000-0000-0000-000000000002",
            "activity=activity/00000000-0000-0000-0000-000000000001",
            "purpose=ads",
            "purpose=profiling",
        ]
    );
}

#[test]
fn a_stop_of_direct_marketing_has_no_way_back() {
    let mut history = History::<Objection>::new();
    history.admits("2024-01", received(ObjectionKind::Retargeting));
    history.admits("2024-03", marketing_stopped());
    history.refuses("2024-04", rejected(), RejectionCode::Ended, "event.rejected");
    for event in [halted(), grounds_assessed(), upheld(), marketing_sent(), marketing_stopped(), human_review()] {
        history.admits("2024-04", event);
    }
    assert_eq!(history.state("2024-05").status, ObjectionStatus::Stopped);
    assert_eq!(history.state("2024-05").marketing_stopped, Some(date("2024-03")));
    assert!(history.keys("2024-05").contains(&"consent=consent/00000000-0000-0000-0000-000000000001".to_owned()));

    let first = history.admits("2024-02", rejected());
    history.corrects(first, "2024-06", E::Retracted(Retracted { reason: clear("never sent"), remark: None }));
    assert_eq!(history.state("2024-02").status, ObjectionStatus::Received);
}

#[test]
fn a_rejection_that_comes_to_lie_after_a_stop_is_noted() {
    let mut history = History::<Objection>::new();
    history.admits("2024-01", received(ObjectionKind::DirectMarketing));
    history.admits("2024-03", rejected());
    history.admits("2024-02", marketing_stopped());
    let state = history.state("2024-04");
    assert_eq!((state.status, state.anomalies.len()), (ObjectionStatus::Stopped, 1));
}

#[test]
fn an_objection_on_personal_grounds_is_halted_assessed_and_decided() {
    let mut history = History::<Objection>::new();
    history.admits("2024-01", received(ObjectionKind::PersonalGrounds));
    history.admits("2024-02", halted());
    history.admits("2024-03", grounds_assessed());
    history.admits("2024-04", rejected());
    history.admits("2024-05", marketing_stopped());
    history.admits("2024-06", upheld());
    history.admits("2024-07", processing_stopped(&["ads"]));
    history.admits("2024-08", processing_stopped(&[]));
    for (at, status) in [
        ("2023", ObjectionStatus::NotReceived),
        ("2024-01", ObjectionStatus::Received),
        ("2024-02", ObjectionStatus::Halted),
        ("2024-03", ObjectionStatus::Assessed),
        ("2024-04", ObjectionStatus::Rejected),
        ("2024-05", ObjectionStatus::Rejected),
        ("2024-08", ObjectionStatus::Upheld),
    ] {
        assert_eq!(history.state(at).status, status, "{at}");
    }
    let purposes = |at: &str| (history.state(at).stopped_purposes, history.state(at).open_purposes);
    assert_eq!(purposes("2024-06"), (codes(&[]), codes(&["ads", "profiling"])));
    assert_eq!(purposes("2024-07"), (codes(&["ads"]), codes(&["profiling"])));
    assert_eq!(purposes("2024-08"), (codes(&["ads", "profiling"]), codes(&[])));
}

#[test]
fn a_contested_decision_is_reviewed_by_a_human() {
    let mut history = History::<Objection>::new();
    history.admits("2024-01-12", decision_contested());
    history.admits("2024-02", human_review());
    assert_eq!(history.state("2024-01").status, ObjectionStatus::Received);
    assert_eq!(history.state("2024-01").received_at, Some(date("2024-01-10")));
    let reviewed = history.state("2024-02");
    assert_eq!((reviewed.status, reviewed.anomalies.len()), (ObjectionStatus::Assessed, 0));
    let activity = "activity=activity/00000000-0000-0000-0000-000000000002";
    assert_eq!(history.keys("2024-02"), ["status=ASSESSED", "unit=mu-02", activity]);
    assert_eq!(E::DECLARATIONS[11].domain_name, "AdmContested");
}
