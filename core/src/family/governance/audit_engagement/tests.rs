use AuditEngagementEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, laws, stream};
use crate::family::rule_set::Outcome;

fn scope(unit: &str) -> Scope {
    Scope {
        units: codes(&[unit]),
        activities: vec![stream("activity", 1)],
        platforms: codes(&["platform-a"]),
        systems: Vec::new(),
        parties: Vec::new(),
        subjects: Vec::new(),
    }
}

fn plan() -> Planned {
    Planned {
        kind: Some(AuditKind::Internal),
        year: Some(2025),
        scope: Some(scope("mu-02")),
        subject: Some(clear("social media")),
        initiator: Some(code("DPO")),
        with: codes(&["CISO", "INTERNAL_AUDITOR"]),
        from: Some("2026-03".parse().unwrap()),
        to: Some("2026-06".parse().unwrap()),
        remark: None,
    }
}

fn opening() -> Opened {
    Opened {
        kind: Some(AuditKind::External),
        year: None,
        scope: Some(scope("mu-01")),
        subject: Some(clear("social media 2018-2025")),
        period_from: Some("2018".parse().unwrap()),
        period_to: Some("2025".parse().unwrap()),
        initiator: None,
        party: Some(code("auditor-01")),
        auditor: Some(clear("an auditor")),
        independence: Some(Independence { statement: Some(clear("no ties")), document: None }),
        access_until: None,
        document: None,
        remark: None,
    }
}

fn asked() -> AuditEngagementEvent {
    E::EvidenceRequested(EvidenceRequested {
        request: Some(clear("the weighing of platform-b")),
        unit: Some(code("mu-01")),
        subjects: vec![stream("activity", 1)],
        due: Some("2026-04-01".parse().unwrap()),
        remark: None,
    })
}

fn dossier() -> EvidenceDossier {
    EvidenceDossier {
        query: Some(clear("justification of platform-b")),
        scope: Some(scope("mu-01")),
        cutoffs: ["2023-06-19", "2024-05-07", "2024-06-13", "2024-10-04"].map(|date| date.parse().unwrap()).to_vec(),
        known_at: None,
        known: Some(Head { size: Sequence(90), root: Hash([1; 32]) }),
        sha256: Some(Hash([2; 32])),
        timestamp: Some(Hash([3; 32])),
        formats: codes(&["PDF-A", "JSON-LD", "VERIFIER"]),
        language: Some(code("nl")),
        rule_set_hash: None,
        evaluator_version: None,
        counts: vec![OutcomeCount { outcome: Outcome::Pass, number: 12 }],
    }
}

fn exported() -> AuditEngagementEvent {
    E::EvidenceDossierExported(EvidenceDossierExported { dossier: dossier(), remark: None })
}

fn found(number: Option<&str>) -> FindingRecorded {
    FindingRecorded {
        code: number.map(code),
        severity: Some(Severity::Serious),
        rule: Some(code("PLT-03")),
        scope: None,
        statement: Some(clear("the condition was met by a text that was not in force")),
        recommendation: None,
        finding: Some(stream("finding", 4)),
        remark: None,
    }
}

fn closed() -> AuditEngagementEvent {
    E::Closed(Closed { report: None, conclusion: None, presented_to: codes(&["BOARD"]), remark: None })
}

fn retracted() -> AuditEngagementEvent {
    E::Retracted(Retracted { reason: clear("another audit"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<AuditEngagement>(&[
        E::Planned(plan()),
        E::Opened(opening()),
        asked(),
        exported(),
        E::FindingRecorded(found(Some("A-1"))),
        E::FindingRecorded(found(None)),
        closed(),
        retracted(),
    ]);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<AuditEngagement>::new();
    let finding = E::FindingRecorded(found(None));
    for event in [asked(), exported(), finding, closed()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2026", event, RejectionCode::NeverExisted, &field);
    }
    // The first fact of AUD-2026-01 in the scenario (S-092): there was no plan.
    history.admits("2026-03-16", E::Opened(opening()));
    history.refuses("2026-03-17", E::Opened(opening()), RejectionCode::AlreadyExists, "event.opened");
    history.admits("2026-03-20", E::FindingRecorded(found(Some("A-1"))));
    let field = "event.findingRecorded.code";
    history.refuses("2026-03-21", E::FindingRecorded(found(Some("A-1"))), RejectionCode::AlreadyExists, field);
    history.admits("2026-03-21", E::FindingRecorded(found(None)));
    let strange = E::FindingRecorded(FindingRecorded { finding: Some(stream("breach", 4)), ..found(None) });
    history.refuses("2026-03-21", strange, RejectionCode::Malformed, "event.findingRecorded.finding");
    let twice =
        E::Closed(Closed { report: None, conclusion: None, presented_to: codes(&["BOARD", "BOARD"]), remark: None });
    history.refuses("2026-03-21", twice, RejectionCode::Malformed, "event.closed.presentedTo");
    history.admits("2026-06-01", closed());
    history.refuses("2026-06-02", closed(), RejectionCode::AlreadyExists, "event.closed");
}

#[test]
fn what_contradicts_itself_is_refused() {
    let history = History::<AuditEngagement>::new();
    let plans = |change: fn(&mut Planned), field: &str| {
        let mut event = plan();
        change(&mut event);
        history.refuses("2026", E::Planned(event), RejectionCode::Malformed, &format!("event.planned.{field}"));
    };
    plans(|event| event.year = Some(25), "year");
    plans(|event| event.year = Some(u16::MAX), "year");
    plans(|event| event.with.push(code("CISO")), "with");
    plans(|event| event.to = "2026-02".parse().ok(), "to");
    plans(|event| event.scope.iter_mut().for_each(|scope| scope.units.push(code("mu-02"))), "scope");
    let opens = |change: fn(&mut Opened), field: &str| {
        let mut event = opening();
        change(&mut event);
        history.refuses("2026", E::Opened(event), RejectionCode::Malformed, &format!("event.opened.{field}"));
    };
    opens(|event| event.year = Some(0), "year");
    opens(|event| event.period_to = "2017".parse().ok(), "periodTo");
    opens(|event| event.scope.iter_mut().for_each(|scope| scope.activities = vec![stream("dpia", 1)]), "scope");
}

#[test]
fn a_dossier_that_contradicts_itself_is_refused() {
    let mut history = History::<AuditEngagement>::new();
    history.admits("2026-03-16", E::Opened(opening()));
    let refuses = |change: fn(&mut EvidenceDossier), field: &str| {
        let mut dossier = dossier();
        change(&mut dossier);
        let event = E::EvidenceDossierExported(EvidenceDossierExported { dossier, remark: None });
        let field = format!("event.evidenceDossierExported.dossier.{field}");
        history.refuses("2026-03-20", event, RejectionCode::Malformed, &field);
    };
    refuses(|dossier| dossier.known.iter_mut().for_each(|known| known.size = Sequence(0)), "known");
    refuses(|dossier| dossier.formats.push(code("PDF-A")), "formats");
    refuses(|dossier| dossier.counts.push(OutcomeCount { outcome: Outcome::Pass, number: 1 }), "counts");
    refuses(|dossier| dossier.scope.iter_mut().for_each(|scope| scope.units.push(code("mu-01"))), "scope");
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<AuditEngagement>::new();
    history.admits("2026-01-10", E::Planned(plan()));
    history.admits("2026-03-16", E::Opened(opening()));
    history.admits("2026-03-18", asked());
    history.admits("2026-03-20T11:00:00.000000Z", exported());
    history.admits("2026-04-01", E::FindingRecorded(found(Some("A-1"))));
    history.admits("2026-06-01", closed());
    assert_eq!(history.state("2026-01-10").status, AuditStatus::Planned);
    assert_eq!(history.state("2026-04-01").status, AuditStatus::Open);
    let state = history.state("2026-06-01");
    assert_eq!((state.status, state.kind, state.year), (AuditStatus::Closed, Some(AuditKind::External), Some(2025)));
    assert_eq!((state.initiator, state.scope), (Some(code("DPO")), Some(scope("mu-01"))));
    let (activity, finding) = (stream("activity", 1), stream("finding", 4));
    let expected = [
        "status=CLOSED".to_owned(),
        "kind=EXTERNAL".to_owned(),
        "year=2025".to_owned(),
        "initiator=DPO".to_owned(),
        "severity=SERIOUS".to_owned(),
        "rule=PLT-03".to_owned(),
        format!("finding={finding}"),
        "unit=mu-01".to_owned(),
        format!("activity={activity}"),
        "platform=platform-a".to_owned(),
        "auditor=auditor-01".to_owned(),
        "size=90".to_owned(),
    ];
    assert_eq!(history.keys("2026-06-01"), expected);
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<AuditEngagement>::new();
    history.admits("2026-03-16", E::Opened(opening()));
    history.admits("2026-04-01", E::FindingRecorded(found(Some("A-1"))));
    history.admits("2026-06-01", closed());
    history.admits("2026-03-20", E::FindingRecorded(found(Some("A-1"))));
    history.admits("2026-06-02", E::Planned(plan()));
    let state = history.state("2026-06-02");
    assert_eq!((state.status, state.anomalies.len()), (AuditStatus::Closed, 1));
}
