use DpiaEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream, words};
use crate::family::kit::Event as _;
use crate::family::value::{AdviceFollowing, AdviceOutcome};

fn activity(number: u128) -> StreamId {
    stream("activity", number)
}

fn started(activities: Vec<StreamId>) -> E {
    E::Started(Started {
        scope: Some(words("social media of all units")),
        activities,
        unit: Some(code("mu-01")),
        method: Some(code("CNIL-PIA")),
        method_version: Some(code("3.0")),
        remark: None,
    })
}

fn consulted() -> E {
    E::DpoConsulted(DpoConsulted { question: Some(clear("is the scope right?")), document: None, remark: None })
}

fn asked(groups: &[&str]) -> E {
    E::DataSubjectsConsulted(DataSubjectsConsulted {
        groups: codes(groups),
        views: Some(clear("no profiling")),
        follow_up: None,
        document: None,
        remark: None,
    })
}

fn waived() -> E {
    E::ConsultationWaived(ConsultationWaived { reason: clear("the council was asked last year"), remark: None })
}

fn risk(name: Option<&str>, topic: RiskTopic) -> E {
    E::RiskRecorded(RiskRecorded {
        risk: name.map(code),
        topic,
        likelihood: Some(RiskLevel::Medium),
        severity: Some(RiskLevel::High),
        level: Some(RiskLevel::High),
        description: Some(clear("photos turn up elsewhere")),
        remark: None,
    })
}

fn measure(name: Option<&str>, residual: Option<RiskLevel>, closes: Option<bool>) -> E {
    E::MeasureAdopted(MeasureAdopted {
        risk: name.map(code),
        measure: clear("standard contractual clauses"),
        residual,
        closes,
        owner: Some(code("PROCESS_OWNER")),
        due: Some(date("2024-07")),
        remark: None,
    })
}

fn advised() -> E {
    E::DpoAdviceIssued(DpoAdviceIssued {
        outcome: AdviceOutcome::PositiveWithConditions,
        advice: None,
        conditions: vec![clear("ask consent item by item")],
        document: None,
        remark: None,
    })
}

fn response(response: AdviceFollowing) -> AdviceResponse {
    AdviceResponse { response, reasons: Some(clear("it can be done later")) }
}

fn answered() -> E {
    E::DpoAdviceAnswered(DpoAdviceAnswered {
        response: response(AdviceFollowing::Deviated),
        by: Some(code("BOARD")),
        remark: None,
    })
}

fn completed(activities: Vec<StreamId>, residual: RiskLevel) -> E {
    E::Completed(Completed {
        activities,
        inherent: Some(RiskLevel::High),
        residual: Some(residual),
        recommendation: Some(Recommendation::ConsultAuthority),
        document: None,
        remark: None,
    })
}

fn approved(advice_response: Option<AdviceResponse>) -> E {
    E::Approved(Approved { by: Some(code("BOARD")), advice_response, next_review: Some(date("2026-06")), remark: None })
}

fn rejected() -> E {
    E::Rejected(Rejected { by: None, reason: Some(clear("too much is left")), advice_response: None, remark: None })
}

fn reviewed(outcome: Option<ReviewOutcome>, next_review: Option<&str>) -> E {
    E::Reviewed(Reviewed { trigger: Some(code("ACT-002")), outcome, next_review: next_review.map(date), remark: None })
}

fn requested() -> E {
    E::PriorConsultationRequested(PriorConsultationRequested {
        authority: Some(code("AP")),
        authority_reference: None,
        dossier: None,
        remark: None,
    })
}

fn extended() -> E {
    E::PriorConsultationExtended(PriorConsultationExtended {
        by: Some("P6W".parse().unwrap()),
        reason: Some(clear("it is complex")),
        remark: None,
    })
}

fn suspended() -> E {
    E::PriorConsultationSuspended(PriorConsultationSuspended { asked: Some(clear("the contract")), remark: None })
}

fn resumed() -> E {
    E::PriorConsultationResumed(PriorConsultationResumed { document: None, remark: None })
}

fn concluded() -> E {
    let outcome = ConsultationOutcome::WrittenAdvice;
    E::PriorConsultationConcluded(PriorConsultationConcluded { outcome, document: None, remark: None })
}

fn retracted() -> E {
    E::Retracted(Retracted { reason: clear("recorded twice"), remark: None })
}

fn pool() -> Vec<E> {
    vec![
        started(vec![activity(1)]),
        consulted(),
        asked(&["STUDENT"]),
        waived(),
        risk(Some("R1"), RiskTopic::TransferGap),
        risk(Some("R1"), RiskTopic::Transfer),
        risk(None, RiskTopic::LossOfControl),
        measure(Some("R1"), Some(RiskLevel::Low), Some(true)),
        measure(None, None, None),
        advised(),
        answered(),
        completed(vec![activity(1), activity(2)], RiskLevel::High),
        completed(Vec::new(), RiskLevel::Low),
        approved(None),
        approved(Some(response(AdviceFollowing::Followed))),
        rejected(),
        reviewed(None, None),
        reviewed(Some(ReviewOutcome::RevisionNeeded), Some("2027")),
        requested(),
        extended(),
        suspended(),
        resumed(),
        concluded(),
        retracted(),
    ]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Dpia>(&pool());
}

#[test]
fn a_data_subject_records_nothing_here() {
    for event in pool().iter().filter(|event| !matches!(event, E::Retracted(_))) {
        History::<Dpia>::new().refuses_subjects("2024", event);
    }
}

#[test]
fn what_is_incomplete_or_in_the_wrong_order_is_admitted() {
    let firsts = [consulted(), asked(&["STUDENT"]), waived(), risk(None, RiskTopic::Other), advised(), answered()];
    let more = [measure(Some("R9"), None, None), completed(Vec::new(), RiskLevel::High), approved(None), rejected()];
    for event in firsts.into_iter().chain(more).chain([requested()]) {
        let mut history = History::<Dpia>::new();
        history.admits("2024", event);
        assert_eq!(history.state("2024").anomalies, []);
    }
}

#[test]
fn what_cannot_have_been_is_refused() {
    for event in [reviewed(None, None), extended(), suspended(), resumed(), concluded()] {
        let field = format!("event.{}", event.kind().0);
        History::<Dpia>::new().refuses("2024", event, RejectionCode::NeverExisted, &field);
    }
    let mut history = History::<Dpia>::new();
    history.admits("2024-01", started(vec![activity(1)]));
    history.refuses("2024-02", started(Vec::new()), RejectionCode::AlreadyExists, "event.started");
    history.admits("2024-03", requested());
    history.admits("2024-03", suspended());
    history.admits("2024-04", concluded());
    for event in [extended(), suspended(), resumed(), concluded()] {
        let field = format!("event.{}", event.kind().0);
        history.refuses("2024-05", event, RejectionCode::Ended, &field);
    }
    history.admits("2024-06", requested());
    history.admits("2024-07", concluded());
}

#[test]
fn malformed_facts_are_refused() {
    let check = |event: E, field: &str| {
        History::<Dpia>::new().refuses("2024", event, RejectionCode::Malformed, field);
    };
    check(started(vec![stream("consent", 1)]), "event.started.activities");
    check(started(vec![activity(1), activity(1)]), "event.started.activities");
    check(completed(vec![stream("dpia", 1)], RiskLevel::Low), "event.completed.activities");
    check(asked(&[]), "event.dataSubjectsConsulted.groups");
    check(asked(&["STUDENT", "STUDENT"]), "event.dataSubjectsConsulted.groups");
}

#[test]
fn the_status_follows_the_life_of_the_assessment() {
    use DpiaStatus as S;
    let steps = [
        (consulted(), S::Screened),
        (started(vec![activity(1)]), S::Started),
        (risk(Some("R1"), RiskTopic::Transfer), S::Started),
        (completed(vec![activity(1), activity(2)], RiskLevel::Medium), S::Completed),
        (advised(), S::Completed),
        (approved(None), S::Approved),
        (reviewed(None, None), S::Approved),
        (reviewed(Some(ReviewOutcome::Maintained), Some("2027-06")), S::Approved),
        (reviewed(Some(ReviewOutcome::RevisionNeeded), None), S::ReviewDue),
        (completed(Vec::new(), RiskLevel::High), S::Completed),
        (rejected(), S::Rejected),
    ];
    let mut history = History::<Dpia>::new();
    for (event, status) in steps {
        history.admits("2024", event);
        assert_eq!(history.state("2024").status, status);
    }
    let state = history.state("2024");
    assert_eq!((state.next_review, state.anomalies.len()), (Some(date("2027-06")), 0));
    assert_eq!(state.activities, [activity(1)], "a completion without a list covers what was started");
}

#[test]
fn it_is_found_by_every_activity_that_it_covers() {
    let mut history = History::<Dpia>::new();
    history.admits("2024-01", started(vec![activity(1)]));
    history.admits("2024-02", completed(vec![activity(1), activity(2)], RiskLevel::High));
    history.admits("2024-03", requested());
    let covers = |number: u128| format!("activity={}", activity(number));
    let stands =
        |status: &str, consultation: &str| [format!("status={status}"), format!("consultation={consultation}")];
    let unit = || "unit=mu-01".to_owned();
    let [status, consultation] = stands("STARTED", "NOT_REQUESTED");
    assert_eq!(history.keys("2024-01"), [status, consultation, unit(), covers(1)]);
    let [status, consultation] = stands("COMPLETED", "REQUESTED");
    let residual = "residual=HIGH".to_owned();
    assert_eq!(history.keys("2024-03"), [status, consultation, unit(), residual, covers(1), covers(2)]);
}

#[test]
fn a_risk_stands_as_last_recorded_with_what_measures_leave() {
    let mut history = History::<Dpia>::new();
    // The measure is dated before the risk: it counts all the same.
    history.admits("2024-01", measure(Some("R1"), Some(RiskLevel::Medium), None));
    history.admits("2024-02", risk(Some("R1"), RiskTopic::TransferGap));
    history.admits("2024-02", risk(None, RiskTopic::LossOfControl));
    history.admits("2024-02", risk(None, RiskTopic::LossOfControl));
    let again = history.admits("2024-03", risk(Some("R1"), RiskTopic::TransferGap));
    history.admits("2024-04", measure(Some("R1"), None, Some(true)));
    history.admits("2024-04", measure(None, None, None));
    assert!(history.state("2024-01").risks.is_empty());
    assert_eq!(history.state("2024-03").risks.len(), 3, "risks without a code stand beside each other");
    assert!(!history.state("2024-03").risks[0].closed);
    let state = history.state("2024-04");
    let risk = &state.risks[0];
    assert_eq!((risk.residual, risk.measures, risk.closed), (Some(RiskLevel::Medium), 2, true));
    assert_eq!((risk.sequence, risk.since), (again, date("2024-03")));
    assert_eq!((state.measures_adopted.len(), state.risks_recorded.len()), (3, 4));
}

#[test]
fn advice_is_answered_by_a_fact_of_its_own_or_with_the_decision() {
    let followed = |history: &History<Dpia>, at: &str| history.state(at).advice_response.map(|known| known.response);
    let mut history = History::<Dpia>::new();
    history.admits("2024-01", advised());
    history.admits("2024-02", answered());
    history.admits("2024-03", approved(None));
    history.admits("2024-04", advised());
    history.admits("2024-05", approved(Some(response(AdviceFollowing::Followed))));
    assert_eq!(followed(&history, "2024-01"), None);
    assert_eq!(followed(&history, "2024-03"), Some(AdviceFollowing::Deviated));
    assert_eq!(followed(&history, "2024-04"), None, "new advice is not answered yet");
    assert_eq!(followed(&history, "2024-05"), Some(AdviceFollowing::Followed));
}

#[test]
fn the_consultation_of_the_authority_has_a_course_of_its_own() {
    use ConsultationStatus as S;
    let steps = [
        ("2024-01", requested(), S::Requested),
        ("2024-02", suspended(), S::Suspended),
        ("2024-03", resumed(), S::Requested),
        ("2024-04", extended(), S::Extended),
        ("2024-05", suspended(), S::Suspended),
        ("2024-06", resumed(), S::Extended),
        ("2024-07", concluded(), S::Concluded),
        ("2024-08", requested(), S::Requested),
        ("2024-09", suspended(), S::Suspended),
        ("2024-10", resumed(), S::Requested),
    ];
    let mut history = History::<Dpia>::new();
    for (at, event, stands) in steps {
        history.admits(at, event);
        assert_eq!(history.state(at).consultation, stands, "{at}");
        assert_eq!(history.state(at).status, DpiaStatus::Screened);
    }
    assert_eq!(history.state("2024-10").anomalies, []);
}

#[test]
fn a_second_start_that_came_late_is_noted_and_moves_nothing() {
    let mut history = History::<Dpia>::new();
    history.admits("2024-02", started(vec![activity(1)]));
    history.admits("2024-03", approved(None));
    let late = history.admits("2024-01", started(vec![activity(2)]));
    let state = history.state("2024-03");
    assert_eq!((state.status, &state.activities), (DpiaStatus::Approved, &vec![activity(2)]));
    assert_eq!(state.anomalies.len(), 1);
    history.corrects(late, "2024-01", retracted());
    assert_eq!(history.state("2024-03").anomalies, []);
}
