use CaseEvent as E;

use super::*;
use crate::family::check::{History, clear, code, date, laws, stream};
use crate::family::kit::RejectionCode;

fn query() -> CaseEvent {
    E::QueryReceived(QueryReceived {
        unit: Some(code("mu-01")),
        channel: Some(ReportChannel::PrivacyMailbox),
        submitter_category: Some(ReporterCategory::Student),
        submitter: Some(clear("a student")),
        subject: None,
        category: Some(CaseCategory::ImageUse),
        activities: vec![stream("activity", 1)],
        platform: Some(code("platform-a")),
        text: Some(clear("who may see the film?")),
        remark: None,
    })
}

fn complaint_of(activity: &str, objection: Option<StreamId>, request: Option<StreamId>) -> CaseEvent {
    E::ComplaintReceived(ComplaintReceived {
        unit: None,
        addressee: Some(Addressee::Board),
        channel: Some(ReportChannel::Letter),
        submitter_category: Some(ReporterCategory::DataSubject),
        submitter: None,
        subject: Some(clear("person 7 of this case")),
        category: Some(CaseCategory::Retargeting),
        activities: vec![stream(activity, 2)],
        platform: None,
        advisory_committee: Some(true),
        objection,
        request,
        text: Some(clear("adverts follow me")),
        remark: None,
    })
}

fn complaint() -> CaseEvent {
    complaint_of("activity", Some(stream("objection", 1)), Some(stream("dataSubjectRequest", 1)))
}

fn supervisory_complaint() -> CaseEvent {
    E::SupervisoryComplaintReceived(SupervisoryComplaintReceived {
        unit: None,
        authority: Some(code("AP")),
        reference: Some(code("AP-demo-7")),
        channel: Some(ReportChannel::Letter),
        submitter_category: Some(ReporterCategory::DataSubject),
        subject: None,
        category: None,
        activities: Vec::new(),
        platform: None,
        answer_due: Some(date("2024-06-01")),
        text: None,
        remark: None,
    })
}

fn triaged(impact: Impact, objection: Option<StreamId>) -> CaseEvent {
    E::ImpactTriaged(ImpactTriaged {
        impact,
        class: Some(code("marketing")),
        term: Some("P6W".parse().unwrap()),
        category: None,
        objection,
        reason: Some(clear("many people are followed")),
        remark: None,
    })
}

fn forwarded() -> CaseEvent {
    E::Forwarded(Forwarded {
        to: Some(code("mu-04")),
        to_role: Some(code("IM")),
        reason: Some(clear("its campaign")),
        remark: None,
    })
}

fn escalated(addressees: &[Escalation]) -> CaseEvent {
    E::Escalated(Escalated { addressees: addressees.to_vec(), reason: None, remark: None })
}

fn postponed() -> CaseEvent {
    E::AnswerPostponed(AnswerPostponed { until: Some(date("2024-03-01")), agreed: Some(false), remark: None })
}

fn answered() -> CaseEvent {
    E::Answered(Answered {
        outcome: Some(CaseOutcome::WellFounded),
        channel: Some(ReportChannel::Email),
        decided_by: Some(code("BOARD")),
        answer: Some(clear("you are right")),
        measures: vec![clear("the upload stops")],
        remedies_told: Some(true),
        evidence: Some(Erasable::Clear(Evidence {
            description: "the letter".to_owned(),
            sha256: None,
            media_type: None,
            document_date: None,
        })),
        remark: None,
    })
}

fn closed() -> CaseEvent {
    E::Closed(Closed { outcome: Some(CaseOutcome::WellFounded), reason: None, remark: Some(clear("in good temper")) })
}

fn retracted() -> CaseEvent {
    E::Retracted(Retracted { reason: clear("another person's letter"), remark: None })
}

/// What is done with a case once it is there.
fn handling() -> [CaseEvent; 5] {
    [triaged(Impact::Serious, None), forwarded(), escalated(&[Escalation::Board]), answered(), closed()]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    let mut pool = vec![query(), complaint(), supervisory_complaint(), postponed(), retracted()];
    pool.push(triaged(Impact::None, Some(stream("objection", 2))));
    pool.extend(handling());
    laws::<Case>(&pool);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<Case>::new();
    for event in handling() {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2024", event, RejectionCode::NeverExisted, &field);
    }
    history.admits("2024", query());
    history.refuses("2024", query(), RejectionCode::AlreadyExists, "event.queryReceived");
    history.admits("2024", closed());
    history.refuses("2024", closed(), RejectionCode::Ended, "event.closed");
}

#[test]
fn what_is_malformed_is_refused() {
    let mut history = History::<Case>::new();
    let field = |name: &str| format!("event.complaintReceived.{name}");
    let malformed = |event, name: &str| {
        History::<Case>::new().refuses("2024", event, RejectionCode::Malformed, &field(name));
    };
    malformed(complaint_of("consent", None, None), "activities");
    malformed(complaint_of("activity", Some(stream("consent", 1)), None), "objection");
    malformed(complaint_of("activity", None, Some(stream("objection", 1))), "request");
    history.admits("2024", complaint());
    let triage = triaged(Impact::None, Some(stream("case", 1)));
    history.refuses("2024", triage, RejectionCode::Malformed, "event.impactTriaged.objection");
    for addressees in [&[][..], &[Escalation::Dpo, Escalation::Dpo]] {
        history.refuses("2024", escalated(addressees), RejectionCode::Malformed, "event.escalated.addressees");
    }
}

#[test]
fn a_data_subject_asks_and_complains_but_does_not_decide() {
    let mut history = History::<Case>::new();
    history.admits("2024", complaint());
    for event in handling().iter().chain([&supervisory_complaint()]) {
        history.refuses_subjects("2024", event);
    }
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<Case>::new();
    history.admits("2024-01-15", query());
    history.admits("2024-01-16", triaged(Impact::Potential, None));
    history.admits("2024-01-17", forwarded());
    history.admits("2024-01-18", triaged(Impact::Serious, Some(stream("objection", 3))));
    history.admits("2024-01-18", escalated(&[Escalation::Board, Escalation::Dpo, Escalation::Legal]));
    history.admits("2024-01-20", answered());
    history.admits("2024-01-21", closed());
    let at = |day: &str| history.state(&format!("2024-01-{day}"));
    let statuses = ["14", "15", "16", "17", "18", "20", "21"].map(|day| at(day).status);
    use CaseStatus as S;
    assert_eq!(
        statuses,
        [S::NotReceived, S::Open, S::Triaged, S::Forwarded, S::Forwarded, S::Answered, S::Closed],
        "a second triage does not take it back"
    );
    assert_eq!((at("15").unit, at("17").unit), (Some(code("mu-01")), Some(code("mu-04"))));
    assert_eq!(at("21").escalated[0].fact.addressees.len(), 3);
    let objection = format!("objection={}", stream("objection", 3));
    let activity = format!("activity={}", stream("activity", 1));
    let expected = ["status=CLOSED", "kind=QUERY", "unit=mu-04", "category=IMAGE_USE", "impact=SERIOUS"];
    let keys = history.keys("2024-02");
    assert_eq!(keys[..5], expected);
    assert_eq!(keys[5..], ["platform=platform-a".to_owned(), objection, activity, "queryYear=2024".to_owned()]);
}

#[test]
fn a_query_may_become_a_complaint_and_go_to_the_authority() {
    let mut history = History::<Case>::new();
    history.admits("2024-01", query());
    history.admits("2024-02", complaint());
    history.admits("2024-03", closed());
    history.admits("2024-04", supervisory_complaint());
    let status = |at: &str| (history.state(at).kind.unwrap(), history.state(at).status);
    assert_eq!(status("2024-01"), (CaseKind::Query, CaseStatus::Open));
    assert_eq!(status("2024-02"), (CaseKind::Complaint, CaseStatus::Open));
    assert_eq!(status("2024-03"), (CaseKind::Complaint, CaseStatus::Closed));
    assert_eq!(status("2024-04"), (CaseKind::SupervisoryComplaint, CaseStatus::Open));
    let state = history.state("2024-04");
    assert_eq!((state.category, state.unit), (Some(CaseCategory::Retargeting), Some(code("mu-01"))));
    assert_eq!(state.activities, [stream("activity", 2)]);
    let request = format!("request={}", stream("dataSubjectRequest", 1));
    assert!(history.keys("2024-04").contains(&request));
    let is_complaint =
        ["2024-01", "2024-02", "2024-04"].map(|at| history.keys(at).contains(&"complaint=true".to_owned()));
    assert_eq!(is_complaint, [false, true, true], "the register of complaints has no queries");
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<Case>::new();
    let received = history.admits("2024-01", complaint());
    history.admits("2024-02", closed());
    history.corrects(received, "2024-03", complaint());
    assert_eq!(history.state("2024-02").anomalies.len(), 1);
    assert_eq!(history.state("2024-03").status, CaseStatus::Open, "it was received after it was closed");
}
