use AuthorityContactEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, laws, stream};
use crate::family::kit::RejectionCode;

/// The first fact of AUT-2026-01 in the scenario (S-096).
fn request() -> RequestReceived {
    RequestReceived {
        authority: Some(code("AP")),
        their_reference: None,
        request: Some(clear("justification of the use of platform-b in September 2024")),
        grounds: vec![Ground::InformationOrder, Ground::AwbInformation],
        term: Some("P2W".parse().unwrap()),
        due: None,
        language: Some(code("nl")),
        activities: vec![stream("activity", 1)],
        platforms: codes(&["platform-b"]),
        units: codes(&["mu-01"]),
        subjects: vec![stream("case", 2)],
        document: None,
        remark: None,
    }
}

fn assigned(role: &str) -> AuthorityContactEvent {
    E::RequestAssigned(RequestAssigned { role: code(role), units: codes(&["mu-02"]), remark: None })
}

fn extended() -> AuthorityContactEvent {
    E::TermExtended(TermExtended {
        term: Some("P1W".parse().unwrap()),
        due: Some("2026-06-01".parse().unwrap()),
        reason: None,
        document: None,
        remark: None,
    })
}

fn dossier() -> EvidenceDossier {
    EvidenceDossier {
        query: None,
        scope: None,
        cutoffs: vec!["2024-09".parse().unwrap()],
        known_at: None,
        known: None,
        sha256: None,
        timestamp: None,
        formats: codes(&["PDF-A", "JSON-LD", "VERIFIER"]),
        language: Some(code("nl")),
        rule_set_hash: None,
        evaluator_version: None,
        counts: Vec::new(),
    }
}

fn answered(dossier: Option<EvidenceDossier>) -> AuthorityContactEvent {
    E::RequestAnswered(RequestAnswered {
        dossier,
        complete: Some(true),
        language: Some(code("nl")),
        by: Some(code("DPO")),
        document: None,
        remark: None,
    })
}

fn contact() -> ContactLogged {
    ContactLogged {
        authority: Some(code("AP")),
        direction: Some(Direction::Inbound),
        channel: Some(ContactChannel::Phone),
        by: Some(code("DPO")),
        subject: Some(clear("a question in advance")),
        activities: vec![stream("activity", 3)],
        document: None,
        remark: None,
    }
}

fn measure() -> CorrectiveMeasureReceived {
    CorrectiveMeasureReceived {
        authority: Some(code("AP")),
        power: Some(CorrectivePower::OrderUnderPenalty),
        text: Some(clear("end the use of platform-b")),
        amount_euros: Some(100_000),
        term: Some("P6W".parse().unwrap()),
        due: Some("2027-02-01".parse().unwrap()),
        remedy_until: Some("2027-01-15".parse().unwrap()),
        activities: vec![stream("activity", 1)],
        platforms: codes(&["platform-c"]),
        finding: Some(stream("finding", 4)),
        document: None,
        remark: None,
    }
}

fn closed() -> AuthorityContactEvent {
    E::Closed(Closed { reason: Some(clear("no further questions")), document: None, remark: None })
}

fn retracted() -> AuthorityContactEvent {
    E::Retracted(Retracted { reason: clear("for another institution"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<AuthorityContact>(&[
        E::RequestReceived(request()),
        assigned("DPO"),
        extended(),
        answered(Some(dossier())),
        E::ContactLogged(contact()),
        E::CorrectiveMeasureReceived(measure()),
        closed(),
        retracted(),
    ]);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<AuthorityContact>::new();
    for event in [assigned("DPO"), extended(), answered(None), closed()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2026", event, RejectionCode::NeverExisted, &field);
    }
    let asks = |change: fn(&mut RequestReceived), field: &str| {
        let mut event = request();
        change(&mut event);
        let field = format!("event.requestReceived.{field}");
        history.refuses("2026", E::RequestReceived(event), RejectionCode::Malformed, &field);
    };
    asks(|event| event.grounds.push(Ground::AwbInformation), "grounds");
    asks(|event| event.activities.push(stream("activity", 1)), "activities");
    asks(|event| event.activities.push(stream("case", 1)), "activities");
    asks(|event| event.platforms.push(code("platform-b")), "platforms");
    asks(|event| event.units.push(code("mu-01")), "units");
    asks(|event| event.subjects.push(stream("case", 2)), "subjects");
    let orders = |change: fn(&mut CorrectiveMeasureReceived), field: &str| {
        let mut event = measure();
        change(&mut event);
        let field = format!("event.correctiveMeasureReceived.{field}");
        history.refuses("2026", E::CorrectiveMeasureReceived(event), RejectionCode::Malformed, &field);
    };
    orders(|event| event.activities.push(stream("dpia", 1)), "activities");
    orders(|event| event.platforms.push(code("platform-c")), "platforms");
    orders(|event| event.finding = Some(stream("breach", 4)), "finding");
    let strange = E::ContactLogged(ContactLogged { activities: vec![stream("case", 1)], ..contact() });
    history.refuses("2026", strange, RejectionCode::Malformed, "event.contactLogged.activities");

    history.admits("2026-05-11", E::RequestReceived(request()));
    history.refuses("2026-05-12", E::RequestReceived(request()), RejectionCode::AlreadyExists, "event.requestReceived");
    let twice = E::RequestAssigned(RequestAssigned { role: code("DPO"), units: codes(&["a", "a"]), remark: None });
    history.refuses("2026-05-12", twice, RejectionCode::Malformed, "event.requestAssigned.units");
    let twice = answered(Some(EvidenceDossier { formats: codes(&["PDF-A", "PDF-A"]), ..dossier() }));
    history.refuses("2026-05-20", twice, RejectionCode::Malformed, "event.requestAnswered.dossier.formats");
    history.admits("2026-06-01", closed());
    history.refuses("2026-06-02", closed(), RejectionCode::Ended, "event.closed");
}

#[test]
fn any_contact_or_measure_may_come_first() {
    for event in [E::ContactLogged(contact()), E::CorrectiveMeasureReceived(measure())] {
        let mut history = History::<AuthorityContact>::new();
        history.admits("2026-05-01", event);
        history.admits("2026-05-01", assigned("DPO"));
        let state = history.state("2026-05-01");
        assert_eq!((state.status, state.authority), (AuthorityContactStatus::Open, Some(code("AP"))));
    }
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<AuthorityContact>::new();
    history.admits("2026-05-11", E::RequestReceived(request()));
    history.admits("2026-05-11", assigned("LEGAL"));
    history.admits("2026-05-12", assigned("DPO"));
    history.admits("2026-05-15", extended());
    history.admits("2026-05-20", answered(Some(dossier())));
    history.admits("2026-06-10", closed());
    history.admits("2026-06-11", answered(None));
    history.admits("2026-12-01", E::CorrectiveMeasureReceived(measure()));
    assert_eq!(history.state("2026-05-11").due, None);
    let extended = history.state("2026-05-15");
    assert_eq!((extended.status, extended.assigned_to), (AuthorityContactStatus::Open, Some(code("DPO"))));
    assert_eq!(extended.due, "2026-06-01".parse().ok());
    assert_eq!(history.state("2026-05-20").status, AuthorityContactStatus::Answered);
    assert_eq!(history.state("2026-06-11").status, AuthorityContactStatus::Closed);
    let state = history.state("2026-12-01");
    assert_eq!((state.status, state.anomalies.len()), (AuthorityContactStatus::Open, 0));
    let (activity, case, finding) = (stream("activity", 1), stream("case", 2), stream("finding", 4));
    let expected = [
        "status=OPEN".to_owned(),
        "authority=AP".to_owned(),
        "assignedTo=DPO".to_owned(),
        "power=ORDER_UNDER_PENALTY".to_owned(),
        format!("finding={finding}"),
        "unit=mu-01".to_owned(),
        format!("activity={activity}"),
        "platform=platform-b".to_owned(),
        format!("subject={case}"),
        "ground=INFORMATION_ORDER".to_owned(),
        "ground=AWB_INFORMATION".to_owned(),
        "unit=mu-02".to_owned(),
        "unit=mu-02".to_owned(),
        format!("activity={activity}"),
        "platform=platform-c".to_owned(),
    ];
    assert_eq!(history.keys("2026-12-01"), expected);
}
