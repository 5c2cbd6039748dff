use BreachEvent as E;
use BreachStatus as S;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream};
use crate::family::value::AdviceFollowing;
use crate::ledger::merkle::Hash;
use crate::ledger::name::Sequence;

fn document() -> Option<Document> {
    Some(Document {
        sha256: Hash([1; 32]),
        media_type: Some("application/pdf".to_owned()),
        language: Some(code("nl")),
        document_date: None,
        title: Some(clear("the notification")),
    })
}

fn report() -> IncidentReported {
    IncidentReported {
        unit: Some(code("mu-04")),
        kind: Some(IncidentKind::Misdirected),
        reporter_category: Some(ReporterCategory::Employee),
        channel: Some(ReportChannel::ServiceDesk),
        reporter: Some(clear("a colleague of the newsletter")),
        what: Some(clear("all addressees can be seen")),
        origin: Some(clear("the desk of the newsletter")),
        data: Some(clear("names and e-mail addresses")),
        data_categories: codes(&["contact"]),
        how: Some(clear("in the wrong field")),
        systems: codes(&["mail"]),
        systems_described: None,
        happened: Some(date("2022-03-07")),
        happened_until: Some(date("2022-03")),
        measures: Some(clear("asked to delete it")),
        discovered: Some(date("2022-03-07")),
        activities: vec![stream("activity", 1)],
        parties: codes(&["vendor-n"]),
        account: Some(stream("account", 1)),
        case: Some(stream("case", 1)),
        weakness: Some(stream("securityWeakness", 1)),
        remark: None,
    }
}

fn suspected() -> BreachEvent {
    E::Suspected(Suspected { reason: Some(clear("addresses may be personal")), remark: None })
}

fn aware(basis: &str, informed_by: Option<&str>) -> BreachEvent {
    E::AwarenessEstablished(AwarenessEstablished {
        at: None,
        basis: Some(clear(basis)),
        established_by: Some(code("CISO")),
        informed_by: informed_by.map(code),
        unit: None,
        remark: None,
    })
}

fn inputs(size: u64) -> Option<Head> {
    Some(Head { size: Sequence(size), root: Hash([2; 32]) })
}

fn assessment(risk: Risk) -> Assessed {
    Assessed {
        categories: vec![BreachCategory::Confidentiality],
        subjects: Some(312),
        records: Some(312),
        subject_categories: codes(&["student", "alumnus"]),
        data_categories: codes(&["contact"]),
        special_data: Some(false),
        risk: Some(risk),
        cross_border: Some(true),
        countries: codes(&["NL", "BE"]),
        severity_people: Some(Impact::Potential),
        severity_business: Some(Impact::None),
        consequences: Some(clear("unwanted mail")),
        reasons: Some(clear("no more than addresses")),
        method: Some(code("ENISA-2013")),
        activities: Vec::new(),
        systems: codes(&["mail", "crm"]),
        parties: Vec::new(),
        inputs: inputs(7),
        remark: None,
    }
}

fn assessed(risk: Risk) -> BreachEvent {
    E::Assessed(assessment(risk))
}

fn consulted() -> BreachEvent {
    E::DpoConsulted(DpoConsulted { question: Some(clear("must we notify?")), remark: None })
}

fn advised() -> BreachEvent {
    E::DpoAdviceIssued(DpoAdviceIssued {
        outcome: Some(AdviceOutcome::PositiveWithConditions),
        notify_authority: Some(true),
        notify_subjects: Some(true),
        advice: Some(clear("notify both")),
        document: None,
        remark: None,
    })
}

fn decision(authority: bool) -> NotificationDecided {
    NotificationDecided {
        authority: Some(authority),
        authority_ground: (!authority).then_some(AuthorityGround::RiskUnlikely),
        authority_reason: Some(clear("as advised")),
        subjects: Some(authority),
        subjects_ground: (!authority).then_some(SubjectsGround::NoHighRisk),
        subjects_reason: None,
        decided_by: Some(code("CONTROLLER")),
        advice_response: Some(AdviceResponse { response: AdviceFollowing::Followed, reasons: None }),
        inputs: inputs(8),
        remark: None,
    }
}

fn decided(authority: bool) -> BreachEvent {
    E::NotificationDecided(decision(authority))
}

fn notified(reference: Option<&str>, promised: Option<&str>) -> BreachEvent {
    E::AuthorityNotified(AuthorityNotified {
        content: None,
        phase: Some(NotificationPhase::Initial),
        at: None,
        authority: Some(code("AP")),
        reference: reference.map(code),
        supplement_promised: promised.map(date),
        document: document(),
        remark: None,
    })
}

fn delayed() -> BreachEvent {
    E::DelayJustified(DelayJustified {
        reason: clear("no cover during carnival weekend"),
        told_authority: Some(true),
        remark: None,
    })
}

fn supplemented() -> BreachEvent {
    E::AuthorityNotificationSupplemented(AuthorityNotificationSupplemented {
        content: None,
        at: None,
        reference: Some(code("AP-demo-1")),
        supplement_promised: None,
        contents: Some(clear("the count")),
        document: document(),
        remark: None,
    })
}

fn told() -> BreachEvent {
    E::SubjectsNotified(SubjectsNotified {
        content: None,
        channel: Some(SubjectsChannel::Email),
        count: Some(312),
        at: None,
        document: document(),
        evidence: Some(Erasable::Clear(Evidence {
            description: "the addressees".to_owned(),
            sha256: Some(Hash([3; 32])),
            media_type: None,
            document_date: None,
        })),
        remark: None,
    })
}

fn waived() -> BreachEvent {
    E::SubjectsNotificationWaived(SubjectsNotificationWaived {
        ground: WaiverGround::HighRiskAverted,
        reason: Some(clear("unread and deleted")),
        decided_by: Some(code("CONTROLLER")),
        document: None,
        remark: None,
    })
}

fn contained() -> BreachEvent {
    E::Contained(Contained { measures: vec![clear("recalled")], complete: Some(true), remark: None })
}

fn evaluated() -> BreachEvent {
    E::Evaluated(Evaluated {
        lessons: vec![clear("use the mailing service")],
        measures: vec![clear("a limit on addressees")],
        document: None,
        remark: None,
    })
}

fn closed() -> BreachEvent {
    E::Closed(Closed {
        facts: Some(clear("a mailing")),
        effects: Some(clear("none known")),
        remedial_action: Some(clear("recalled")),
        decided_by: Some(code("CISO")),
        remark: None,
    })
}

fn dismissed(duplicate_of: Option<StreamId>) -> BreachEvent {
    E::Dismissed(Dismissed {
        ground: Some(DismissalGround::Duplicate),
        reason: Some(clear("reported twice")),
        duplicate_of,
        decided_by: None,
        remark: None,
    })
}

fn reopened() -> BreachEvent {
    E::Reopened(Reopened { reason: Some(clear("the list turned up elsewhere")), remark: None })
}

fn retracted() -> BreachEvent {
    E::Retracted(Retracted { reason: clear("another mailing"), remark: None })
}

fn pool() -> Vec<BreachEvent> {
    let text = Some(clear("a mailing with open addressees"));
    vec![
        E::IncidentReported(report()),
        suspected(),
        aware("seen by the CISO", None),
        aware("told by the processor", Some("vendor-m")),
        assessed(Risk::None),
        assessed(Risk::High),
        consulted(),
        advised(),
        decided(true),
        decided(false),
        notified(None, Some("2019-12-31")),
        delayed(),
        supplemented(),
        told(),
        waived(),
        E::BoardInformed(BoardInformed { text: text.clone(), document: None, remark: None }),
        E::LegalInformed(LegalInformed { text, document: None, remark: None }),
        contained(),
        evaluated(),
        closed(),
        dismissed(Some(stream("breach", 2))),
        reopened(),
        retracted(),
    ]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Breach>(&pool());
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<Breach>::new();
    for event in [supplemented(), closed(), dismissed(None), reopened()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2022", event, RejectionCode::NeverExisted, &field);
    }
    history.admits("2022-01", aware("seen", None));
    history.refuses("2022-02", aware("seen", None), RejectionCode::AlreadyExists, "event.awarenessEstablished");
    history.admits("2022-03", closed());
    history.refuses("2022-04", closed(), RejectionCode::Ended, "event.closed");
    history.refuses("2022-04", dismissed(None), RejectionCode::Ended, "event.dismissed");
    history.admits("2022-04", reopened());
    history.refuses("2022-05", reopened(), RejectionCode::AlreadyExists, "event.reopened");
    history.admits("2022-05", dismissed(None));
}

#[test]
fn what_is_malformed_is_refused() {
    let history = History::<Breach>::new();
    type Spoil = fn(&mut IncidentReported);
    let cases: [(&str, Spoil); 9] = [
        ("dataCategories", |report| report.data_categories = codes(&["contact", "contact"])),
        ("systems", |report| report.systems = codes(&["mail", "mail"])),
        ("parties", |report| report.parties = codes(&["vendor-n", "vendor-n"])),
        ("activities", |report| report.activities = vec![stream("activity", 1), stream("activity", 1)]),
        ("activities", |report| report.activities = vec![stream("processorActivity", 1)]),
        ("account", |report| report.account = Some(stream("platform", 1))),
        ("case", |report| report.case = Some(stream("breach", 1))),
        ("weakness", |report| report.weakness = Some(stream("case", 1))),
        ("happenedUntil", |report| report.happened_until = Some(date("2022-03-06"))),
    ];
    for (field, change) in cases {
        let mut report = report();
        change(&mut report);
        let field = format!("event.incidentReported.{field}");
        history.refuses("2022", E::IncidentReported(report), RejectionCode::Malformed, &field);
    }
    type SpoilAssessment = fn(&mut Assessed);
    let cases: [(&str, SpoilAssessment); 6] = [
        ("categories", |assessed| assessed.categories = vec![BreachCategory::Integrity; 2]),
        ("subjectCategories", |assessed| assessed.subject_categories = codes(&["student", "student"])),
        ("countries", |assessed| assessed.countries = codes(&["NL", "NL"])),
        ("systems", |assessed| assessed.systems = codes(&["crm", "crm"])),
        ("activities", |assessed| assessed.activities = vec![stream("dpia", 1)]),
        ("inputs", |assessed| assessed.inputs = inputs(0)),
    ];
    for (field, change) in cases {
        let mut assessment = assessment(Risk::Risk);
        change(&mut assessment);
        let field = format!("event.assessed.{field}");
        history.refuses("2022", E::Assessed(assessment), RejectionCode::Malformed, &field);
    }
    let unfounded = NotificationDecided { inputs: inputs(0), ..decision(true) };
    let field = "event.notificationDecided.inputs";
    history.refuses("2022", E::NotificationDecided(unfounded), RejectionCode::Malformed, field);
    let mut history = History::<Breach>::new();
    history.admits("2022", suspected());
    let of_another = dismissed(Some(stream("case", 1)));
    history.refuses("2022", of_another, RejectionCode::Malformed, "event.dismissed.duplicateOf");
}

#[test]
fn anyone_may_report_an_incident_and_no_more() {
    let history = History::<Breach>::new();
    for event in pool().iter().filter(|event| !matches!(event, E::IncidentReported(_) | E::Retracted(_))) {
        history.refuses_subjects("2022", event);
    }
}

/// The rows of the scenario as they stand: no report before awareness, no decision before notification.
#[test]
fn the_rows_of_the_scenario_are_admitted_as_they_stand() {
    let mut first = History::<Breach>::new();
    first.admits("2022-03-07T15:20:00.000000Z", aware("a mailing with visible addressees", None));
    first.admits("2022-03-09T09:05:00.000000Z", notified(Some("AP-demo-1"), None));
    first.admits("2022-03-10", told());
    let state = first.state("2022-03-10");
    assert_eq!(state.aware_at, Some(date("2022-03-07T15:20:00.000000Z")));
    assert_eq!(state.notified_at, Some(date("2022-03-09T09:05:00.000000Z")));
    assert_eq!((state.status, state.subjects_notified[0].fact.count), (S::Notified, Some(312)));
    assert_eq!(state.anomalies, []);

    let mut second = History::<Breach>::new();
    second.admits("2023-02-17T16:45:00.000000Z", aware("a lost data carrier", None));
    second.admits("2023-02-21T08:30:00.000000Z", notified(None, None));
    second.admits("2023-02-21T08:30:00.000000Z", delayed());
    let state = second.state("2023-02-21");
    assert_eq!((state.status, state.delay_justified.len(), state.anomalies.len()), (S::Notified, 1, 0));

    let mut third = History::<Breach>::new();
    third.admits("2025-12-09T12:00:00.000000Z", aware("told by the processor", Some("vendor-m")));
    third.admits("2025-12-11T14:10:00.000000Z", notified(None, None));
    assert_eq!(third.keys("2025-12-12"), ["status=NOTIFIED", "party=vendor-m", "awareYear=2025"]);
}

#[test]
fn every_event_but_what_ends_or_supplements_may_come_first() {
    let builds = |event: &BreachEvent| {
        matches!(
            event,
            E::AuthorityNotificationSupplemented(_) | E::Closed(_) | E::Dismissed(_) | E::Reopened(_) | E::Retracted(_)
        )
    };
    for event in pool().into_iter().filter(|event| !builds(event)) {
        History::<Breach>::new().admits("2010", event);
    }
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<Breach>::new();
    let reported = IncidentReported { happened_until: None, ..report() };
    history.admits("2022-03-01", E::IncidentReported(reported));
    history.admits("2022-03-02", suspected());
    history.admits("2022-03-03", aware("certain", None));
    history.admits("2022-03-04", contained());
    history.admits("2022-03-05", assessed(Risk::High));
    history.admits("2022-03-06", decided(true));
    history.admits("2022-03-07", notified(Some("AP-demo-1"), Some("2022-04-01")));
    history.admits("2022-03-08", E::IncidentReported(report()));
    history.admits("2022-03-09", supplemented());
    history.admits("2022-03-10", contained());
    history.admits("2022-03-11", closed());
    history.admits("2022-03-12", evaluated());
    let at = |day: &str| history.state(&format!("2022-03-{day}"));
    let expected = [
        ("01", S::Reported),
        ("02", S::Suspected),
        ("03", S::Aware),
        ("04", S::Aware),
        ("05", S::Assessed),
        ("06", S::Decided),
        ("07", S::Notified),
        ("08", S::Notified),
        ("10", S::Contained),
        ("11", S::Closed),
        ("12", S::Closed),
    ];
    for (day, status) in expected {
        assert_eq!(at(day).status, status, "{day}");
    }
    assert_eq!(at("07").supplement_promised, Some(date("2022-04-01")));
    assert_eq!(at("09").supplement_promised, None);
    let state = at("12");
    assert_eq!((state.risk, state.systems), (Some(Risk::High), codes(&["mail"])), "the second report names them anew");
    assert_eq!(at("05").systems, codes(&["mail", "crm"]));
    assert_eq!((state.incident_reported.len(), state.contained.len(), state.anomalies.len()), (2, 2, 0));
    assert_eq!(history.keys("2022-03-01")[..2], ["status=REPORTED", "unit=mu-04"]);
    let keys = history.keys("2022-03-12");
    let codes = ["status=CLOSED", "unit=mu-04", "risk=HIGH", "kind=MISDIRECTED", "system=mail", "party=vendor-n"];
    codes.iter().for_each(|key| assert!(keys.contains(&(*key).to_owned()), "{key} is not among {keys:?}"));
    let streams =
        ["activity", "account", "case", "weakness"].map(|key| keys.iter().any(|known| known.starts_with(key)));
    assert_eq!(streams, [true; 4]);
}

#[test]
fn a_decision_not_to_notify_can_be_revised() {
    let mut history = History::<Breach>::new();
    history.admits("2022-01", aware("certain", None));
    history.admits("2022-02", decided(false));
    history.admits("2022-03", contained());
    assert_eq!((history.state("2022-02").status, history.state("2022-03").status), (S::NotNotified, S::Contained));
    let mut history = History::<Breach>::new();
    history.admits("2022-01", decided(false));
    history.admits("2022-02", decided(true));
    history.admits("2022-03", notified(None, None));
    assert_eq!((history.state("2022-02").status, history.state("2022-03").status), (S::Decided, S::Notified));
}

#[test]
fn a_file_is_opened_again_and_goes_on() {
    let mut history = History::<Breach>::new();
    history.admits("2022-01", suspected());
    history.admits("2022-02", dismissed(None));
    history.admits("2022-03", suspected());
    history.admits("2022-04", reopened());
    history.admits("2022-05", advised());
    history.admits("2022-06", aware("certain now", None));
    let status = |month: &str| history.state(&format!("2022-{month}")).status;
    let statuses = ["02", "03", "04", "05", "06"].map(status);
    assert_eq!(statuses, [S::Dismissed, S::Dismissed, S::Reopened, S::Reopened, S::Aware]);
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<Breach>::new();
    let first = history.admits("2022-01", aware("certain", None));
    history.admits("2022-02", closed());
    history.corrects(first, "2022-03", aware("certain", None));
    assert_eq!(history.state("2022-03").anomalies.len(), 1);
}
