use DataSubjectRequestEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, fact, laws, stream};
use crate::family::kit::{Declaration, Event as _};

fn evidence() -> Option<Erasable<Evidence>> {
    Some(Erasable::Clear(Evidence {
        description: "message 17 in the mailbox".to_owned(),
        sha256: None,
        media_type: None,
        document_date: None,
    }))
}

fn request(rights: &[Right]) -> Received {
    Received {
        rights: rights.to_vec(),
        channel: Some(Channel::PrivacyMailbox),
        received_at: None,
        subject: Some(clear("person 4711")),
        via_representative: None,
        representative: None,
        age_band: None,
        incapable: None,
        text: None,
        unit: Some(code("mu-01")),
        activities: vec![stream("activity", 1)],
        platforms: codes(&["platform-b"]),
        paper_asked: None,
        direct_transfer_asked: None,
        case: Some(stream("case", 1)),
        remark: None,
    }
}

fn received(rights: &[Right]) -> DataSubjectRequestEvent {
    E::Received(request(rights))
}

fn acknowledged() -> DataSubjectRequestEvent {
    let (channel, addressee) = (Some(Channel::Email), Some(Addressee::Subject));
    E::Acknowledged(Acknowledged { channel, addressee, message: evidence(), remark: None })
}

fn verification_requested(methods: &[VerificationMethod]) -> DataSubjectRequestEvent {
    E::IdentityVerificationRequested(IdentityVerificationRequested {
        reason: Some(VerificationReason::ReasonableDoubt),
        doubt: Some(clear("another address than before")),
        methods: methods.to_vec(),
        reply_by: Some(date("2025-03-01")),
        remark: None,
    })
}

fn verified(method: VerificationMethod) -> DataSubjectRequestEvent {
    E::IdentityVerified(IdentityVerified {
        method: Some(method),
        copy_kept: Some(false),
        copy_destroyed: None,
        evidence: evidence(),
        remark: None,
    })
}

fn representative_verified(rights: &[Right]) -> DataSubjectRequestEvent {
    E::RepresentativeVerified(RepresentativeVerified {
        authority: Some(Authority::ParentDeclaration),
        rights: rights.to_vec(),
        until: None,
        evidence: evidence(),
        remark: None,
    })
}

fn clarification_requested() -> DataSubjectRequestEvent {
    let question = Some(clear("which of the three videos?"));
    E::ClarificationRequested(ClarificationRequested { question, reply_by: None, remark: None })
}

fn extended(notified_at: &str, until: &str) -> DataSubjectRequestEvent {
    E::Extended(Extended {
        reason: Some(ExtensionReason::Complexity),
        explanation: None,
        notified_at: Some(date(notified_at)),
        until: Some(date(until)),
        remark: None,
    })
}

fn weighed(interests: &[OthersInterest]) -> DataSubjectRequestEvent {
    E::ThirdPartyRightsWeighed(ThirdPartyRightsWeighed {
        interests: interests.to_vec(),
        outcome: Some(RedactionOutcome::Redacted),
        considerations: Some(clear("a colleague is named")),
        remark: None,
    })
}

fn decided(rights: &[Right], exceptions: &[ExceptionGround]) -> DataSubjectRequestEvent {
    let weigh = |ground: &ExceptionGround| WeighedException {
        ground: *ground,
        applies: Some(false),
        reasons: Some(clear("no longer needed")),
    };
    E::Decided(Decided {
        rights: rights.to_vec(),
        outcome: Some(Outcome::Granted),
        legal_references: vec![LegalReference {
            instrument: code("LEX-GDPR"),
            article: Some(code("17")),
            paragraph: None,
        }],
        exceptions: exceptions.iter().map(weigh).collect(),
        consequences_told: Some(true),
        reasons: None,
        remark: None,
    })
}

fn refusal(rights: &[Right]) -> Refused {
    Refused {
        rights: rights.to_vec(),
        ground: Some(RefusalGround::ConditionsNotMet),
        legal_references: Vec::new(),
        reasons: Some(clear("it rests on a public task")),
        remedies: vec![Remedy::AwbObjection, Remedy::Court, Remedy::Authority, Remedy::InterestGroup],
        addressee: Some(Addressee::Subject),
        announced_at: Some(date("2025-03-10")),
        delivered_at: Some(date("2025-03-12")),
        letter: evidence(),
        remark: None,
    }
}

fn refused(rights: &[Right]) -> DataSubjectRequestEvent {
    E::Refused(refusal(rights))
}

fn fee_decided(copy_number: u32) -> DataSubjectRequestEvent {
    E::FeeDecided(FeeDecided {
        amount_cents: Some(450),
        reason: Some(FeeReason::FurtherCopy),
        copy_number: Some(copy_number),
        remark: None,
    })
}

fn rectified_as(kind: Option<RectificationKind>) -> DataSubjectRequestEvent {
    E::RectificationExecuted(RectificationExecuted {
        kind,
        systems: codes(&["sys-01"]),
        parties: Vec::new(),
        evidence: None,
        remark: None,
    })
}

fn erasure_executed(systems: &[&str]) -> DataSubjectRequestEvent {
    E::ErasureExecuted(ErasureExecuted {
        ground: Some(ErasureGround::ConsentWithdrawn),
        systems: codes(systems),
        platforms: codes(&["platform-c"]),
        parties: codes(&["vendor-v"]),
        exceptions: vec![RetainedData {
            system: Some(code("archive")),
            ground: Some(ExceptionGround::LegalHold),
            until: None,
            explanation: None,
        }],
        backups_expire: Some(date("2025-06-01")),
        certificate: None,
        remark: None,
    })
}

fn restricted(systems: &[&str]) -> DataSubjectRequestEvent {
    E::RestrictionApplied(RestrictionApplied {
        ground: Some(RestrictionGround::AccuracyContested),
        systems: codes(systems),
        activities: vec![stream("activity", 2)],
        marked: Some(true),
        remark: None,
    })
}

fn lifted(systems: &[&str]) -> DataSubjectRequestEvent {
    let systems = codes(systems);
    E::RestrictionLifted(RestrictionLifted { systems, subject_told: None, reason: None, remark: None })
}

fn copy(right: Option<Right>, number: u32) -> DataSubjectRequestEvent {
    E::CopyProvided(CopyProvided {
        right,
        format: Some(CopyFormat::CommonElectronic),
        media_type: Some("application/pdf".to_owned()),
        number: Some(number),
        redacted: Some(true),
        addressee: None,
        direct_transfer: None,
        evidence: evidence(),
        remark: None,
    })
}

fn told(parties: &[&str], impossible: &[&str]) -> DataSubjectRequestEvent {
    let not_told = |party: Code| RecipientNotTold { party, reason: Some(NotToldReason::Impossible), explanation: None };
    E::RecipientsNotified(RecipientsNotified {
        rights: vec![Right::Erasure],
        parties: codes(parties),
        impossible: codes(impossible).into_iter().map(not_told).collect(),
        remark: None,
    })
}

fn list_provided() -> DataSubjectRequestEvent {
    E::RecipientListProvided(RecipientListProvided { parties: codes(&["vendor-n"]), asked_at: None, remark: None })
}

fn answer(rights: &[(Right, Outcome)], items: &[AnswerItem]) -> Answered {
    let right = |(right, outcome): &(Right, Outcome)| RightAnswer { right: *right, outcome: Some(*outcome) };
    let given = |item: &AnswerItem| AnswerFinding { item: *item, coverage: AnswerCoverage::Given };
    Answered {
        rights: rights.iter().map(right).collect(),
        content: items.iter().map(given).collect(),
        addressee: Some(Addressee::Subject),
        answered_at: None,
        delivered_at: None,
        channel: Some(Channel::Email),
        language: Some(code("nl")),
        in_writing: Some(true),
        answer: evidence(),
        remark: None,
    }
}

fn answered(rights: &[(Right, Outcome)], items: &[AnswerItem]) -> DataSubjectRequestEvent {
    E::Answered(answer(rights, items))
}

fn deadline_missed() -> DataSubjectRequestEvent {
    E::DeadlineMissed(DeadlineMissed {
        source: Some(DeadlineSource::Policy),
        term: Some("P28D".parse().unwrap()),
        deadline: Some(date("2025-03-14")),
        remark: None,
    })
}

fn remedy_invoked() -> DataSubjectRequestEvent {
    E::RemedyInvoked(RemedyInvoked {
        remedy: Some(Remedy::Authority),
        body: Some(code("authority-ap")),
        reference: Some(clear("z2025-1")),
        remark: None,
    })
}

fn closed() -> DataSubjectRequestEvent {
    let keep_until = Some(date("2030"));
    E::Closed(Closed { reason: Some(ClosingReason::Handled), keep_until, remark: None })
}

fn retracted() -> DataSubjectRequestEvent {
    E::Retracted(Retracted { reason: clear("recorded in the wrong file"), remark: None })
}

/// All acts that follow a receipt, one of each kind but the lifting of a restriction.
fn acts() -> Vec<DataSubjectRequestEvent> {
    vec![
        acknowledged(),
        verification_requested(&[VerificationMethod::VideoCall]),
        verified(VerificationMethod::VideoCall),
        representative_verified(&[]),
        clarification_requested(),
        extended("2025-03-28", "2025-06-03"),
        weighed(&[OthersInterest::Privacy]),
        decided(&[], &[ExceptionGround::ProofOfConsent]),
        refused(&[Right::Portability]),
        fee_decided(2),
        rectified_as(None),
        erasure_executed(&["sys-01"]),
        restricted(&["sys-01", "sys-02"]),
        copy(Some(Right::Access), 1),
        told(&["vendor-n"], &["platform-b"]),
        list_provided(),
        answered(&[(Right::Access, Outcome::Granted)], &[AnswerItem::Purposes]),
        deadline_missed(),
        remedy_invoked(),
        closed(),
    ]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    let mut pool = acts();
    pool.extend([received(&[Right::Access, Right::Erasure]), lifted(&["sys-01"]), retracted()]);
    laws::<DataSubjectRequest>(&pool);
}

#[test]
fn nothing_happens_to_a_request_that_never_was() {
    let history = History::<DataSubjectRequest>::new();
    for event in acts() {
        let field = format!("event.{}", event.kind().0);
        history.refuses("2025", event, RejectionCode::NeverExisted, &field);
    }
    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2025", received(&[Right::Access]));
    history.refuses("2026", received(&[Right::Access]), RejectionCode::AlreadyExists, "event.received");
    history.refuses("2026", lifted(&[]), RejectionCode::NeverExisted, "event.restrictionLifted");
    history.admits("2026", closed());
    history.refuses("2027", closed(), RejectionCode::Ended, "event.closed");
}

#[test]
fn the_malformed_is_refused() {
    let malformed = |event: Received, field: &str| {
        let field = format!("event.received.{field}");
        let history = History::<DataSubjectRequest>::new();
        history.refuses("2025", E::Received(event), RejectionCode::Malformed, &field);
    };
    malformed(request(&[]), "rights");
    malformed(request(&[Right::Access, Right::Access]), "rights");
    malformed(Received { activities: vec![stream("consent", 1)], ..request(&[Right::Access]) }, "activities");
    malformed(Received { activities: vec![stream("activity", 1); 2], ..request(&[Right::Access]) }, "activities");
    malformed(Received { platforms: codes(&["p", "p"]), ..request(&[Right::Access]) }, "platforms");
    malformed(Received { case: Some(stream("breach", 1)), ..request(&[Right::Access]) }, "case");

    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2025", received(&[Right::Access]));
    let twice = [Right::Access, Right::Access];
    let early = |event: Refused| Refused { delivered_at: Some(date("2025-03-09")), ..event };
    let late = |event: Answered| Answered {
        answered_at: Some(date("2025-03")),
        delivered_at: Some(date("2025-02-28")),
        ..event
    };
    for (event, field) in [
        (verification_requested(&[VerificationMethod::InPerson; 2]), "methods"),
        (representative_verified(&twice), "rights"),
        (extended("2025-03-28", "2025-03-27"), "until"),
        (weighed(&[OthersInterest::Privacy; 2]), "interests"),
        (decided(&twice, &[]), "rights"),
        (decided(&[], &[ExceptionGround::LegalHold; 2]), "exceptions"),
        (refused(&twice), "rights"),
        (E::Refused(Refused { remedies: vec![Remedy::Court; 2], ..refusal(&[]) }), "remedies"),
        (E::Refused(early(refusal(&[]))), "deliveredAt"),
        (fee_decided(0), "copyNumber"),
        (erasure_executed(&["sys-01", "sys-01"]), "systems"),
        (restricted(&["sys-01", "sys-01"]), "systems"),
        (copy(None, 0), "number"),
        (told(&[], &[]), "parties"),
        (told(&["vendor-n", "vendor-n"], &[]), "parties"),
        (told(&["vendor-n"], &["vendor-n"]), "impossible"),
        (answered(&[(Right::Access, Outcome::Granted), (Right::Access, Outcome::Refused)], &[]), "rights"),
        (answered(&[], &[AnswerItem::Source; 2]), "content"),
        (E::Answered(late(answer(&[], &[]))), "deliveredAt"),
    ] {
        let field = format!("event.{}.{field}", event.kind().0);
        history.refuses("2026", event, RejectionCode::Malformed, &field);
    }
}

#[test]
fn a_subject_asks_and_turns_elsewhere_and_the_rest_is_the_controllers() {
    let context_streams = std::collections::BTreeMap::new();
    let first = fact(0, date("2025-02-14"), &received(&[Right::Access]), None, "SUBJECT");
    let second = fact(1, date("2025-06"), &remedy_invoked(), None, "REPRESENTATIVE");
    let admit = Declaration::of::<DataSubjectRequest>().admit;
    for (known, new) in [(vec![], &first), (vec![&first], &second)] {
        let context = Context { place: &new.recorded, streams: &context_streams };
        assert_eq!(admit(&known, new, &context), Ok(()));
    }
    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2025", received(&[Right::Access]));
    acts()
        .iter()
        .filter(|event| !matches!(event, E::RemedyInvoked(_)))
        .for_each(|event| history.refuses_subjects("2025-06", event));
}

#[test]
fn the_scenarios_access_request() {
    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2025-02-14", received(&[Right::Access]));
    history.admits("2025-02-18", verified(VerificationMethod::VideoCall));
    history.admits("2025-03-12", answered(&[], &[AnswerItem::LedgerTimeline, AnswerItem::Consultations]));
    assert_eq!(history.state("2025-02-13").status, RequestStatus::NotReceived);
    assert_eq!(history.state("2025-02-14").status, RequestStatus::Received);
    assert_eq!(history.state("2025-02-14").received_at, Some(date("2025-02-14")));
    assert_eq!(history.state("2025-02-18").status, RequestStatus::Verified);
    let answered = history.state("2025-03-12");
    assert_eq!((answered.status, answered.rights[0].answered), (RequestStatus::Answered, Some(date("2025-03-12"))));
    assert_eq!(answered.anomalies, []);
    assert_eq!(
        history.keys("2025-03-12"),
        [
            "status=ANSWERED",
            "unit=mu-01",
            "case=case/00000000-0000-0000-0000-000000000001",
            "right=ACCESS",
            "activity=activity/00000000-0000-0000-0000-000000000001",
            "platform=platform-b",
        ]
    );
}

#[test]
fn the_scenarios_erasure_requests() {
    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2025-03-03", received(&[Right::Erasure]));
    history.admits("2025-03-28", extended("2025-03-28", "2025-06-03"));
    history.admits("2025-05-20", answered(&[(Right::Erasure, Outcome::Granted)], &[AnswerItem::ActionsTaken]));
    history.admits("2025-05-20", told(&["vendor-n", "platform-b"], &[]));
    assert_eq!(history.state("2025-03-28").status, RequestStatus::Extended);
    assert_eq!(history.state("2025-05-20").status, RequestStatus::Answered);
    assert!(history.keys("2025-05-20").contains(&"party=vendor-n".to_owned()));

    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2026-04-07", received(&[Right::Erasure]));
    history.admits("2026-04-10", verified(VerificationMethod::FederatedLogin));
    history.admits("2026-04-20", decided(&[], &[ExceptionGround::ProofOfConsent, ExceptionGround::LegalHold]));
    history.admits("2026-04-21", answered(&[], &[AnswerItem::ActionDate, AnswerItem::Ground]));
    let decided = history.state("2026-04-20");
    assert_eq!((decided.status, decided.rights[0].outcome), (RequestStatus::InProgress, Some(Outcome::Granted)));
    assert_eq!(history.state("2026-04-21").status, RequestStatus::Answered);
}

#[test]
fn a_request_stands_open_until_each_right_is_answered() {
    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2025-01", received(&[Right::Access, Right::Portability]));
    history.admits("2025-02", answered(&[(Right::Access, Outcome::Granted)], &[]));
    history.admits("2025-03", refused(&[Right::Portability]));
    history.admits("2025-04", refused(&[]));
    history.admits("2025-05", closed());
    history.admits("2025-06", erasure_executed(&["sys-01"]));
    history.admits("2025-07", answered(&[(Right::Access, Outcome::Granted)], &[]));
    for (at, status) in [
        ("2025-02", RequestStatus::InProgress),
        ("2025-03", RequestStatus::Answered),
        ("2025-04", RequestStatus::Refused),
        ("2025-05", RequestStatus::Closed),
        ("2025-06", RequestStatus::Closed),
        ("2025-07", RequestStatus::Answered),
    ] {
        assert_eq!(history.state(at).status, status, "{at}");
    }
    let portability = &history.state("2025-03").rights[1];
    assert_eq!((portability.outcome, portability.answered), (Some(Outcome::Refused), Some(date("2025-03-10"))));
    assert_eq!(history.state("2025-07").anomalies, []);
}

#[test]
fn handling_moves_onwards_except_back_to_the_person() {
    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2025-01", received(&[Right::Erasure]));
    history.admits("2025-02", extended("2025-02", "2025-04"));
    history.admits("2025-03", erasure_executed(&["sys-01"]));
    history.admits("2025-04", clarification_requested());
    history.admits("2025-05", representative_verified(&[]));
    history.admits("2025-06", answered(&[], &[]));
    history.admits("2025-07", verification_requested(&[]));
    for (at, status) in [
        ("2025-03", RequestStatus::Extended),
        ("2025-04", RequestStatus::AwaitingRequester),
        ("2025-05", RequestStatus::Verified),
        ("2025-07", RequestStatus::Answered),
    ] {
        assert_eq!(history.state(at).status, status, "{at}");
    }
}

#[test]
fn what_was_asked_shows_when_it_was_carried_out() {
    let executed = |right: Right, event: DataSubjectRequestEvent| {
        let mut history = History::<DataSubjectRequest>::new();
        history.admits("2025-01", received(&[right]));
        history.admits("2025-02", event);
        let rights = history.state("2025-02").rights;
        assert_eq!(rights.len(), 1);
        rights[0].executed.is_some()
    };
    assert!(executed(Right::Rectification, rectified_as(Some(RectificationKind::Rectified))));
    assert!(executed(Right::Completion, rectified_as(Some(RectificationKind::StatementAdded))));
    assert!(executed(Right::Completion, rectified_as(None)));
    assert!(executed(Right::Erasure, erasure_executed(&[])));
    assert!(executed(Right::Restriction, restricted(&[])));
    assert!(executed(Right::Portability, copy(Some(Right::Portability), 1)));
    assert!(executed(Right::RecipientList, list_provided()));
    assert!(!executed(Right::Erasure, restricted(&[])));
    assert!(!executed(Right::Rectification, rectified_as(Some(RectificationKind::Completed))));
}

#[test]
fn a_restriction_holds_until_it_is_lifted_everywhere() {
    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2025-01", received(&[Right::Restriction]));
    history.admits("2025-02", restricted(&["sys-01", "sys-02"]));
    history.admits("2025-03", lifted(&["sys-01"]));
    history.admits("2025-04", lifted(&["sys-02"]));
    history.admits("2025-05", restricted(&[]));
    history.admits("2025-06", lifted(&["sys-02"]));
    history.admits("2025-07", lifted(&[]));
    for (at, restricted, systems) in [
        ("2025-01", false, codes(&[])),
        ("2025-02", true, codes(&["sys-01", "sys-02"])),
        ("2025-03", true, codes(&["sys-02"])),
        ("2025-04", false, codes(&[])),
        ("2025-06", true, codes(&[])),
        ("2025-07", false, codes(&[])),
    ] {
        let state = history.state(at);
        assert_eq!((state.restricted, state.restricted_systems), (restricted, systems), "{at}");
    }
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<DataSubjectRequest>::new();
    history.admits("2018", received(&[Right::Access]));
    history.admits("2020", answered(&[], &[]));
    history.corrects(Sequence(0), "2021", received(&[Right::Access]));
    let state = history.state("2022");
    assert_eq!((state.anomalies.len(), state.status), (1, RequestStatus::Answered));
}
