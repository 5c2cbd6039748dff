use AgreementEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream};
use crate::family::value::AdviceOutcome;
use crate::ledger::merkle::Hash;

fn document() -> Option<Document> {
    Some(Document {
        sha256: Hash([1; 32]),
        media_type: Some("application/pdf".to_owned()),
        language: Some(code("nl")),
        document_date: Some(date("2018-06")),
        title: Some(clear("agreement with a mailing service")),
    })
}

fn guarantees_assessed() -> AgreementEvent {
    E::GuaranteesAssessed(GuaranteesAssessed {
        party: Some(code("vendor-n")),
        outcome: GuaranteesOutcome::SufficientWithConditions,
        conditions: vec![clear("data stay in the EU")],
        certifications: codes(&["ISO-27001"]),
        document: document(),
        remark: None,
    })
}

fn drafted(party: &str) -> AgreementEvent {
    E::Drafted(Drafted {
        party: code(party),
        model_version: Some(code("SURF-2.x")),
        activities: vec![stream("activity", 1)],
        remark: None,
    })
}

fn clauses(findings: &[(Clause, Coverage)]) -> AgreementEvent {
    let finding = |&(clause, coverage): &(Clause, Coverage)| ClauseFinding { clause, coverage };
    E::ClauseCoverageAssessed(ClauseCoverageAssessed {
        clauses: findings.iter().map(finding).collect(),
        framework: Some(code("SURF-3.0")),
        remark: None,
    })
}

fn consulted() -> AgreementEvent {
    E::DpoConsulted(DpoConsulted { question: None, document: document(), remark: None })
}

fn advised() -> AgreementEvent {
    E::DpoAdviceIssued(DpoAdviceIssued {
        outcome: AdviceOutcome::Positive,
        advice: Some(clear("sign")),
        conditions: Vec::new(),
        document: None,
        remark: None,
    })
}

fn signed(party: &str) -> AgreementEvent {
    E::SignedByParty(SignedByParty { party: code(party), role: None, document: document(), remark: None })
}

fn executed_for(activities: Vec<StreamId>, from: Option<&str>, to: Option<&str>) -> AgreementEvent {
    E::Executed(Executed {
        party: code("vendor-n"),
        model_version: None,
        activities,
        from: from.map(date),
        to: to.map(date),
        breach_term: Some("PT24H".parse().unwrap()),
        return_term: Some("P30D".parse().unwrap()),
        advice_response: None,
        document: None,
        remark: None,
    })
}

fn executed() -> AgreementEvent {
    executed_for(Vec::new(), None, None)
}

fn authorised(party: &str) -> AgreementEvent {
    E::SubProcessorAuthorised(SubProcessorAuthorised {
        party: code(party),
        mode: AuthorisationMode::Specific,
        country: Some(code("US")),
        remark: None,
    })
}

fn objected(party: &str) -> AgreementEvent {
    E::SubProcessorObjected(SubProcessorObjected { party: code(party), reason: Some(clear("unknown")), remark: None })
}

fn amended(to: Option<&str>) -> AgreementEvent {
    E::Amended(Amended {
        model_version: Some(code("SURF-4.0")),
        activities: None,
        to: to.map(date),
        breach_term: None,
        return_term: None,
        materiality: Some(Materiality::Editorial),
        document: None,
        remark: None,
    })
}

fn audited() -> AgreementEvent {
    E::ProcessorAudited(ProcessorAudited { outcome: Some(AuditOutcome::Shortcomings), document: None, remark: None })
}

fn breach_notice() -> AgreementEvent {
    E::ProcessorBreachNoticeReceived(ProcessorBreachNoticeReceived {
        processor_aware_at: Some(date("2025-12-08T08:00:00.000000Z")),
        breach_reference: Some(code("BRE-0003")),
        notice: Some(clear("a mailing list was open")),
        remark: None,
    })
}

fn misuse() -> AgreementEvent {
    E::ProcessorMisuseReported(ProcessorMisuseReported {
        report: clear("it sells the addresses"),
        document: None,
        remark: None,
    })
}

fn expired() -> AgreementEvent {
    E::Expired(Expired { remark: None })
}

fn terminated() -> AgreementEvent {
    E::Terminated(Terminated { reason: clear("another vendor"), remark: None })
}

fn data_returned() -> AgreementEvent {
    E::DataReturnedOrDeletedConfirmed(DataReturnedOrDeletedConfirmed {
        how: DataReturn::Both,
        certificate: document(),
        remark: None,
    })
}

fn retracted() -> AgreementEvent {
    E::Retracted(Retracted { reason: clear("it was only a draft"), remark: None })
}

fn pool() -> Vec<AgreementEvent> {
    vec![
        guarantees_assessed(),
        drafted("vendor-n"),
        drafted("vendor-m"),
        clauses(&[(Clause::Instructions, Coverage::Covered), (Clause::NoOwnUse, Coverage::Missing)]),
        consulted(),
        advised(),
        signed("vendor-n"),
        executed(),
        authorised("vendor-s"),
        objected("vendor-s"),
        amended(None),
        amended(Some("2030")),
        audited(),
        breach_notice(),
        misuse(),
        expired(),
        terminated(),
        data_returned(),
        retracted(),
    ]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Agreement>(&pool());
}

#[test]
fn a_data_subject_records_nothing_here() {
    for event in pool().iter().filter(|event| !matches!(event, E::Retracted(_))) {
        History::<Agreement>::new().refuses_subjects("2018", event);
    }
}

#[test]
fn what_is_incomplete_or_in_the_wrong_order_is_admitted() {
    let firsts = [executed(), clauses(&[(Clause::Audits, Coverage::Missing)]), data_returned(), misuse()];
    let more =
        [authorised("vendor-s"), objected("vendor-s"), breach_notice(), signed("vendor-n"), audited(), consulted()];
    for event in firsts.into_iter().chain(more) {
        History::<Agreement>::new().admits("2018", event);
    }
    let mut history = History::<Agreement>::new();
    history.admits("2018", executed());
    history.admits("2019", drafted("vendor-n"));
    history.admits("2020", terminated());
    history.admits("2021", amended(None));
    assert_eq!(history.state("2021").status, AgreementStatus::Terminated);
    assert_eq!(history.state("2021").anomalies.len(), 1);
}

#[test]
fn an_agreement_is_drafted_executed_and_ended_once() {
    for event in [amended(None), expired(), terminated()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        History::<Agreement>::new().refuses("2018", event, RejectionCode::NeverExisted, &field);
    }
    let mut history = History::<Agreement>::new();
    history.admits("2018-01", drafted("vendor-n"));
    history.refuses("2018-02", drafted("vendor-n"), RejectionCode::AlreadyExists, "event.drafted");
    history.admits("2018-03", executed());
    history.refuses("2018-04", executed(), RejectionCode::AlreadyExists, "event.executed");
    history.admits("2019", expired());
    history.refuses("2020", expired(), RejectionCode::Ended, "event.expired");
    history.refuses("2020", terminated(), RejectionCode::Ended, "event.terminated");
}

#[test]
fn malformed_facts_are_refused() {
    let check = |event: AgreementEvent, field: &str| {
        History::<Agreement>::new().refuses("2018-06-29", event, RejectionCode::Malformed, field);
    };
    let activity = || stream("activity", 1);
    let twice = (Clause::Audits, Coverage::Covered);
    check(clauses(&[]), "event.clauseCoverageAssessed.clauses");
    check(clauses(&[twice, twice]), "event.clauseCoverageAssessed.clauses");
    check(executed_for(vec![activity(), activity()], None, None), "event.executed.activities");
    check(executed_for(vec![stream("consent", 1)], None, None), "event.executed.activities");
    check(executed_for(Vec::new(), None, Some("2018-06-28")), "event.executed.to");
    check(executed_for(Vec::new(), Some("2018-07-01"), Some("2018-06")), "event.executed.to");
    History::<Agreement>::new().admits("2018-06-29", executed_for(Vec::new(), None, Some("2018-06")));
}

#[test]
fn clauses_stand_as_last_assessed() {
    use Coverage::{Covered, Missing, Partial};
    let mut history = History::<Agreement>::new();
    history.admits("2018-01", clauses(&[(Clause::Instructions, Missing), (Clause::NoOwnUse, Covered)]));
    let last = history.admits("2018-02", clauses(&[(Clause::Instructions, Partial)]));
    let state = history.state("2018-02");
    let matrix: Vec<_> = state.clauses.iter().map(|clause| (clause.clause, clause.coverage)).collect();
    assert_eq!(matrix, [(Clause::Instructions, Partial), (Clause::NoOwnUse, Covered)]);
    assert_eq!((state.clauses[0].sequence, state.clauses[0].since), (last, date("2018-02")));
    assert_eq!(state.clauses[0].framework, Some(code("SURF-3.0")));
    assert_eq!(state.status, AgreementStatus::Negotiated);
}

#[test]
fn the_status_follows_the_life_of_the_agreement() {
    use AgreementStatus as S;
    let steps = [
        (guarantees_assessed(), S::Proposed),
        (drafted("vendor-n"), S::Drafted),
        (clauses(&[(Clause::Audits, Coverage::Covered)]), S::Negotiated),
        (signed("vendor-n"), S::PartiallySigned),
        (executed(), S::Executed),
        (amended(None), S::Amended),
        (expired(), S::Expired),
        (amended(Some("2030")), S::Renewed),
        (terminated(), S::Terminated),
        (data_returned(), S::Settled),
    ];
    let mut history = History::<Agreement>::new();
    for (event, status) in steps {
        history.admits("2018", event);
        assert_eq!(history.state("2018").status, status);
    }
    let state = history.state("2018");
    assert_eq!((state.from, state.to), (Some(date("2018")), Some(date("2030"))));
    assert_eq!((state.model_version, state.expired, state.anomalies.len()), (Some(code("SURF-4.0")), None, 0));
    assert_eq!((state.breach_term, state.return_term), ("PT24H".parse().ok(), "P30D".parse().ok()));
    let activity = format!("activity={}", stream("activity", 1));
    assert_eq!(history.keys("2018"), ["status=SETTLED", "party=vendor-n", activity.as_str()]);
}

#[test]
fn another_processor_stands_as_last_said() {
    let mut history = History::<Agreement>::new();
    history.admits("2018", authorised("vendor-s"));
    history.admits("2019", objected("vendor-s"));
    history.admits("2019", objected("vendor-t"));
    let standing = |at: &str| -> Vec<SubProcessorStanding> {
        history.state(at).sub_processors.iter().map(|known| known.standing).collect()
    };
    assert_eq!(standing("2018"), [SubProcessorStanding::Authorised]);
    assert_eq!(standing("2019"), [SubProcessorStanding::Objected, SubProcessorStanding::Objected]);
    assert_eq!(history.state("2019").sub_processors[0].country, Some(code("US")));
    assert_eq!(history.keys("2019"), ["status=PROPOSED", "subProcessor=vendor-s", "subProcessor=vendor-t"]);
}

#[test]
fn an_execution_recorded_in_error_is_mended_or_taken_back() {
    let mut history = History::<Agreement>::new();
    let first = history.admits("2018-06-29", executed());
    let mended = history.corrects(first, "2018-07-01", executed_for(vec![stream("activity", 4)], None, None));
    assert_eq!(history.state("2018-06-30"), Agreement::default());
    assert_eq!(history.state("2018-07-01").activities, [stream("activity", 4)]);
    history.corrects(mended, "2018-07-01", retracted());
    assert_eq!(history.state("2020"), Agreement::default());
    history.admits("2020", executed());
}
