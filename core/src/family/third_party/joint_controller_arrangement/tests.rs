use JointControllerArrangementEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream};
use crate::ledger::merkle::Hash;

const OPERATIONS: [&str; 4] = ["upload", "audience-insight", "comments", "advert-audience"];

fn document() -> Option<Document> {
    Some(Document {
        sha256: Hash([3; 32]),
        media_type: None,
        language: Some(code("en")),
        document_date: Some(date("2024-08")),
        title: Some(clear("mail thread")),
    })
}

fn found(platform: Option<&str>, operation: Option<&str>) -> ControlFinding {
    ControlFinding { platform: platform.map(code), operation: operation.map(code), outcome: ControlOutcome::Separate }
}

/// Row S-065.
fn assessment() -> Assessed {
    Assessed {
        activities: Vec::new(),
        party: None,
        platforms: codes(&["platform-a", "platform-b"]),
        operations: codes(&OPERATIONS),
        influence: Some(Criterion { met: true, reasons: Some(clear("it chooses the audience")) }),
        benefit: Some(Criterion { met: true, reasons: None }),
        outcome: Some(ControlOutcome::Joint),
        findings: vec![found(Some("platform-b"), Some("upload"))],
        document: None,
        remark: None,
    }
}

fn assessed() -> JointControllerArrangementEvent {
    E::Assessed(assessment())
}

fn negotiated() -> JointControllerArrangementEvent {
    E::NegotiationLogged(NegotiationLogged {
        activities: vec![stream("activity", 2)],
        party: Some(code("platform-b-ltd")),
        platforms: codes(&["platform-b"]),
        account: Some(clear("they will answer in a month")),
        document: None,
        remark: None,
    })
}

fn responsibilities(topics: &[Topic]) -> Vec<Responsibility> {
    let responsibility = |&topic: &Topic| Responsibility {
        topic,
        responsible: Responsible::OtherParty,
        text: Some(clear("by its form")),
    };
    topics.iter().map(responsibility).collect()
}

fn retention(objects: &[RetainedObject]) -> Vec<ObjectRetention> {
    let kept = |&object: &RetainedObject| ObjectRetention {
        object,
        term: Some("P1Y".parse().unwrap()),
        responsible: Some(Responsible::OtherParty),
        text: None,
    };
    objects.iter().map(kept).collect()
}

fn transfer(countries: &[&str], grounds: Vec<StreamId>) -> Option<ArrangementTransfer> {
    Some(ArrangementTransfer { countries: codes(countries), grounds, text: Some(clear("on clauses")) })
}

/// Row S-068.
fn agreement() -> Agreed {
    Agreed {
        activities: Vec::new(),
        party: Some(code("platform-b-ltd")),
        platforms: codes(&["platform-b"]),
        operations: codes(&OPERATIONS),
        responsibilities: responsibilities(&[Topic::Inform, Topic::Erasure]),
        retention: retention(&[RetainedObject::Video, RetainedObject::Comment]),
        transfer: transfer(&["US"], vec![stream("transferGround", 1)]),
        from: None,
        to: None,
        decision: Some(code("BD-2024-07")),
        document: document(),
        remark: None,
    }
}

fn agreed() -> JointControllerArrangementEvent {
    E::Agreed(agreement())
}

fn published(notice: StreamId, notice_version: u32) -> JointControllerArrangementEvent {
    E::EssencePublished(EssencePublished {
        notice: Some(notice),
        notice_version: Some(notice_version),
        languages: codes(&["nl", "en"]),
        url: Some("https://demo.example/privacy".to_owned()),
        document: None,
        remark: None,
    })
}

/// Row S-070.
fn refused() -> JointControllerArrangementEvent {
    E::Refused(Refused {
        activities: Vec::new(),
        party: None,
        platforms: codes(&["platform-a"]),
        operations: Vec::new(),
        evidence: document(),
        reason: Some(clear("standard terms only")),
        remark: None,
    })
}

fn amendment() -> Amended {
    Amended {
        activities: None,
        platforms: None,
        operations: Some(codes(&["upload"])),
        responsibilities: None,
        retention: Some(retention(&[RetainedObject::Metadata])),
        transfer: None,
        to: Some(date("2027")),
        decision: None,
        document: None,
        remark: None,
    }
}

fn amended() -> JointControllerArrangementEvent {
    E::Amended(amendment())
}

fn terminated() -> JointControllerArrangementEvent {
    E::Terminated(Terminated {
        by: Some(Responsible::Institution),
        reason: Some(clear("the platform is left")),
        remark: None,
    })
}

fn retracted() -> JointControllerArrangementEvent {
    E::Retracted(Retracted { reason: clear("another platform"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<JointControllerArrangement>(&[
        assessed(),
        negotiated(),
        agreed(),
        published(stream("privacyNotice", 1), 3),
        refused(),
        amended(),
        terminated(),
        retracted(),
    ]);
}

#[test]
fn the_rows_of_the_scenario_fit_as_first_facts() {
    use ArrangementStatus as S;
    let rows = [
        ("2024-07-01", assessed(), S::Assessed),
        ("2024-07-15", agreed(), S::Agreed),
        ("2024-08-20", refused(), S::Refused),
        ("2024-07-15", published(stream("privacyNotice", 1), 3), S::Unassessed),
        ("2024-07-10", negotiated(), S::Negotiating),
    ];
    for (at, event, status) in rows {
        let mut history = History::<JointControllerArrangement>::new();
        history.admits(at, event);
        assert_eq!(history.state(at).status, status);
        assert_eq!(history.state(at).anomalies, []);
    }
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<JointControllerArrangement>::new();
    history.refuses("2024", amended(), RejectionCode::NeverExisted, "event.amended");
    history.refuses("2024", terminated(), RejectionCode::NeverExisted, "event.terminated");
    history.admits("2024", agreed());
    history.refuses("2025", agreed(), RejectionCode::AlreadyExists, "event.agreed");
    history.admits("2026", terminated());
    history.refuses("2027", amended(), RejectionCode::Ended, "event.amended");
    history.refuses("2027", terminated(), RejectionCode::Ended, "event.terminated");
    let mut history = History::<JointControllerArrangement>::new();
    history.admits("2024", refused());
    history.admits("2025", terminated());
    history.refuses("2026", agreed(), RejectionCode::Ended, "event.agreed");
}

#[test]
fn malformed_assessments_and_notices_are_refused() {
    let check = |event: JointControllerArrangementEvent, field: &str| {
        History::<JointControllerArrangement>::new().refuses("2024", event, RejectionCode::Malformed, field);
    };
    let assessed = |change: fn(&mut Assessed)| {
        let mut event = assessment();
        change(&mut event);
        E::Assessed(event)
    };
    check(assessed(|event| event.activities = vec![stream("party", 1)]), "event.assessed.activities");
    check(assessed(|event| event.activities = vec![stream("activity", 1); 2]), "event.assessed.activities");
    check(assessed(|event| event.platforms = codes(&["a", "a"])), "event.assessed.platforms");
    check(assessed(|event| event.operations = codes(&["a", "a"])), "event.assessed.operations");
    check(assessed(|event| event.findings = vec![found(None, None)]), "event.assessed.findings");
    check(assessed(|event| event.findings = vec![found(Some("a"), None); 2]), "event.assessed.findings");
    check(published(stream("activity", 1), 3), "event.essencePublished.notice");
    check(published(stream("privacyNotice", 1), 0), "event.essencePublished.noticeVersion");
}

#[test]
fn malformed_arrangements_are_refused() {
    let check = |event: JointControllerArrangementEvent, field: &str| {
        History::<JointControllerArrangement>::new().refuses("2024", event, RejectionCode::Malformed, field);
    };
    let agreed = |change: fn(&mut Agreed)| {
        let mut event = agreement();
        change(&mut event);
        E::Agreed(event)
    };
    let twice = |event: &mut Agreed| event.responsibilities = responsibilities(&[Topic::Access, Topic::Access]);
    check(agreed(twice), "event.agreed.responsibilities");
    let twice = |event: &mut Agreed| event.retention = retention(&[RetainedObject::Text, RetainedObject::Text]);
    check(agreed(twice), "event.agreed.retention");
    let wrong = |event: &mut Agreed| event.transfer = transfer(&[], vec![stream("activity", 1)]);
    check(agreed(wrong), "event.agreed.transfer");
    check(agreed(|event| event.transfer = transfer(&["US", "US"], Vec::new())), "event.agreed.transfer");
    check(agreed(|event| event.to = Some(date("2023"))), "event.agreed.to");
    let reversed = |event: &mut Agreed| (event.from, event.to) = (Some(date("2025")), Some(date("2024")));
    check(agreed(reversed), "event.agreed.to");
    let mut history = History::<JointControllerArrangement>::new();
    history.admits("2024", agreed(|_| {}));
    let early = E::Amended(Amended { to: Some(date("2023")), ..amendment() });
    history.refuses("2025", early, RejectionCode::Malformed, "event.amended.to");
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<JointControllerArrangement>::new();
    history.admits("2024-07-01", assessed());
    history.admits("2024-07-10", negotiated());
    history.admits("2024-07-15", agreed());
    history.admits("2024-07-15", published(stream("privacyNotice", 1), 3));
    let state = history.state("2024-07-15");
    assert_eq!((state.outcome, state.operations), (Some(ControlOutcome::Joint), codes(&OPERATIONS)));
    assert_eq!((state.responsibilities.len(), state.retention.len()), (2, 2));
    assert_eq!((state.from, state.to), (Some(date("2024-07-15")), None));
    let keys = [
        "status=AGREED".to_owned(),
        "party=platform-b-ltd".to_owned(),
        "outcome=JOINT".to_owned(),
        format!("notice={}", stream("privacyNotice", 1)),
        format!("activity={}", stream("activity", 2)),
        "platform=platform-b".to_owned(),
        format!("transferGround={}", stream("transferGround", 1)),
    ];
    assert_eq!(history.keys("2024-07-15"), keys);
    history.admits("2025", amended());
    let state = history.state("2025");
    assert_eq!((state.operations, state.to), (codes(&["upload"]), Some(date("2027"))));
    assert_eq!((state.responsibilities.len(), state.retention.len()), (2, 1));
    assert_eq!(state.transfer.unwrap().countries, codes(&["US"]));
}

#[test]
fn what_is_agreed_stays_so_while_it_is_assessed_anew() {
    use ArrangementStatus as S;
    let steps = [
        (negotiated(), S::Negotiating),
        (assessed(), S::Negotiating),
        (refused(), S::Refused),
        (negotiated(), S::Negotiating),
        (agreed(), S::Agreed),
        (assessed(), S::Agreed),
        (refused(), S::Agreed),
        (negotiated(), S::Agreed),
        (amended(), S::Agreed),
        (terminated(), S::Ended),
        (assessed(), S::Ended),
    ];
    let mut history = History::<JointControllerArrangement>::new();
    for (event, status) in steps {
        history.admits("2024", event);
        assert_eq!(history.state("2024").status, status);
    }
    assert_eq!(history.state("2024").platforms, codes(&["platform-b"]));
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<JointControllerArrangement>::new();
    history.admits("2024", agreed());
    history.admits("2025", amended());
    let end = history.admits("2026", terminated());
    history.corrects(end, "2024", terminated());
    let state = history.state("2026");
    assert_eq!((state.status, state.anomalies.len()), (ArrangementStatus::Ended, 1));
}
