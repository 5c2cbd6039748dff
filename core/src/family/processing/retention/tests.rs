use RetentionEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream};
use crate::ledger::merkle::Hash;

fn activity() -> StreamId {
    stream("activity", 1)
}

fn document() -> Option<Document> {
    let (sha256, title) = (Hash([8; 32]), Some(clear("a certificate")));
    Some(Document { sha256, media_type: None, language: None, document_date: None, title })
}

fn adopted() -> RetentionEvent {
    E::ScheduleAdopted(ScheduleAdopted {
        schedule: Some(code("SELECTION-LIST")),
        list_version: Some(code("2020")),
        unit: Some(code("mu-02")),
        decision: Some(code("BD-2020-03")),
        document: None,
        remark: None,
    })
}

fn period() -> PeriodSet {
    PeriodSet {
        activity: Some(activity()),
        category: Some(code("EMAIL")),
        unit: Some(code("mu-01")),
        term: Some("P2Y".parse().unwrap()),
        starts_at: Some(code("LAST_CONTACT")),
        source: Some(PeriodSource::Contract),
        reference: Some(LegalReference { instrument: code("BW"), article: None, paragraph: None }),
        agreement: Some(stream("agreement", 1)),
        list_version: Some(code("2020")),
        list_category: Some(code("11.2")),
        evidence_class: Some(EvidenceClass::ConsentProof),
        remark: None,
    }
}

fn set() -> RetentionEvent {
    E::PeriodSet(period())
}

fn reached() -> RetentionEvent {
    E::PeriodReached(PeriodReached { started: Some(date("2018-07")), remark: None })
}

fn hold(code: Option<Code>, activity: StreamId) -> LegalHoldPlaced {
    LegalHoldPlaced {
        hold: code,
        reason: Some(clear("a court case")),
        until: Some(date("2023")),
        placed_by: Some(crate::family::check::code("LEGAL")),
        activity: Some(activity),
        category: Some(crate::family::check::code("EMAIL")),
        remark: None,
    }
}

fn held(name: Option<&str>) -> RetentionEvent {
    E::LegalHoldPlaced(hold(name.map(code), activity()))
}

fn released(name: Option<&str>) -> RetentionEvent {
    E::LegalHoldReleased(LegalHoldReleased {
        hold: name.map(code),
        reason: Some(clear("the case ended")),
        released_by: Some(code("LEGAL")),
        remark: None,
    })
}

fn removed(systems: &[&str]) -> RetentionEvent {
    E::RemovedFromActiveRecords(RemovedFromActiveRecords {
        systems: codes(systems),
        activity: Some(activity()),
        category: Some(code("EMAIL")),
        unit: Some(code("mu-01")),
        remark: None,
    })
}

fn destroyed(category: &str) -> RetentionEvent {
    E::DestructionExecuted(DestructionExecuted {
        list_category: Some(code("11.2")),
        certificate: document(),
        method: Some(code("OVERWRITE")),
        executed_by: Some(code("vendor-n")),
        systems: codes(&["mailer"]),
        activity: Some(activity()),
        category: Some(code(category)),
        unit: None,
        remark: None,
    })
}

fn anonymised(activity: StreamId) -> RetentionEvent {
    E::AnonymisationExecuted(AnonymisationExecuted {
        method: Some(code("AGGREGATION")),
        test: Some(code("WP216")),
        test_outcome: Some(AnonymisationTestOutcome::Passed),
        document: None,
        systems: Vec::new(),
        activity: Some(activity),
        category: None,
        unit: None,
        remark: None,
    })
}

fn archived() -> RetentionEvent {
    E::TransferredToArchive(TransferredToArchive {
        archive: Some(code("university-archive")),
        purpose: Some(ArchivePurpose::PublicInterest),
        list_category: Some(code("1.1")),
        document: document(),
        activity: Some(activity()),
        category: None,
        unit: Some(code("mu-03")),
        remark: None,
    })
}

fn retracted() -> RetentionEvent {
    E::Retracted(Retracted { reason: clear("another category"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Retention>(&[
        adopted(),
        set(),
        reached(),
        held(Some("H-1")),
        held(None),
        released(Some("H-1")),
        released(None),
        removed(&["mailer"]),
        destroyed("EMAIL"),
        anonymised(activity()),
        archived(),
        retracted(),
    ]);
}

#[test]
fn anything_but_a_release_may_be_the_first_fact() {
    let first =
        [adopted(), set(), reached(), held(None), removed(&[]), destroyed("EMAIL"), anonymised(activity()), archived()];
    for event in first {
        History::<Retention>::new().admits("2020", event);
    }
    let history = History::<Retention>::new();
    history.refuses("2020", released(None), RejectionCode::NeverExisted, "event.legalHoldReleased");
}

#[test]
fn what_is_malformed_is_refused() {
    let history = History::<Retention>::new();
    let refuse = |event, field| history.refuses("2020", event, RejectionCode::Malformed, field);
    let other = stream("consent", 1);
    refuse(E::PeriodSet(PeriodSet { activity: Some(other.clone()), ..period() }), "event.periodSet.activity");
    refuse(E::PeriodSet(PeriodSet { agreement: Some(other.clone()), ..period() }), "event.periodSet.agreement");
    refuse(E::LegalHoldPlaced(hold(None, other.clone())), "event.legalHoldPlaced.activity");
    refuse(removed(&["mailer", "mailer"]), "event.removedFromActiveRecords.systems");
    refuse(anonymised(other), "event.anonymisationExecuted.activity");
}

#[test]
fn holds_are_released_by_their_codes() {
    let mut history = History::<Retention>::new();
    history.admits("2018", set());
    history.admits("2020", reached());
    history.admits("2020-02", held(Some("H-1")));
    history.admits("2020-03", held(Some("H-2")));
    history.refuses("2020-04", held(Some("H-1")), RejectionCode::AlreadyExists, "event.legalHoldPlaced.hold");
    history.refuses("2020-04", released(Some("H-3")), RejectionCode::NeverExisted, "event.legalHoldReleased.hold");
    history.admits("2021", released(Some("H-1")));
    let one_left = history.state("2021");
    assert_eq!((one_left.status, one_left.open_holds.len()), (RetentionStatus::Held, 1));
    history.admits("2022", released(None));
    assert_eq!(history.state("2022").status, RetentionStatus::Reached);
    history.refuses("2023", released(None), RejectionCode::NeverExisted, "event.legalHoldReleased");
    history.admits("2023", held(Some("H-1")));
    assert_eq!(history.state("2023").anomalies, Vec::new());
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<Retention>::new();
    history.admits("2017", adopted());
    history.admits("2018", set());
    history.admits("2020", reached());
    history.admits("2021", set());
    history.admits("2023", reached());
    history.admits("2023-01-15", removed(&["mailer"]));
    history.admits("2023-02", destroyed("NAME"));
    let status = |at: &str| history.state(at).status;
    assert_eq!((status("2016"), status("2017")), (RetentionStatus::Unset, RetentionStatus::Unset));
    assert_eq!((status("2018"), status("2020")), (RetentionStatus::Running, RetentionStatus::Reached));
    assert_eq!((status("2021"), status("2023-01-15")), (RetentionStatus::Running, RetentionStatus::Reached));
    assert_eq!((history.state("2021").reached, history.state("2023-01").reached), (None, Some(date("2023"))));
    assert_eq!(history.keys("2017"), ["status=UNSET", "unit=mu-02"]);
    let keys = [
        "status=DESTROYED".to_owned(),
        format!("activity={}", activity()),
        "category=EMAIL".to_owned(),
        "unit=mu-01".to_owned(),
        format!("agreement={}", stream("agreement", 1)),
    ];
    assert_eq!(history.keys("2023-02"), keys, "the period says whose data they are, not the certificate");
    let end = history.state("2023-02");
    assert_eq!((end.periods.len(), end.periods_reached.len(), end.anomalies.len()), (2, 2, 0));
}

#[test]
fn a_certificate_alone_says_whose_data_they_were() {
    let mut history = History::<Retention>::new();
    history.admits("2012", destroyed("NAME"));
    let keys = ["status=DESTROYED".to_owned(), format!("activity={}", activity()), "category=NAME".to_owned()];
    assert_eq!(history.keys("2012"), keys);
}

#[test]
fn destruction_under_a_hold_happened_and_is_noted() {
    for (end, status) in
        [(destroyed("EMAIL"), RetentionStatus::Destroyed), (anonymised(activity()), RetentionStatus::Anonymised)]
    {
        let mut history = History::<Retention>::new();
        history.admits("2018", set());
        history.admits("2019", held(None));
        history.admits("2020", end);
        let state = history.state("2020");
        assert_eq!((state.status, state.open_holds.len(), state.anomalies.len()), (status, 1, 1));
    }
}

#[test]
fn data_that_are_gone_do_not_come_back() {
    let mut history = History::<Retention>::new();
    history.admits("2020", archived());
    for event in [set(), reached(), held(None), released(None), adopted()] {
        history.admits("2021", event);
    }
    assert_eq!(history.state("2021").status, RetentionStatus::Archived);
    history.admits("2022", destroyed("EMAIL"));
    assert_eq!(history.state("2022").status, RetentionStatus::Destroyed);
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<Retention>::new();
    history.admits("2020", held(Some("H-1")));
    history.admits("2021", released(Some("H-1")));
    history.admits("2020-06", released(None));
    history.admits("2019", held(Some("H-1")));
    assert_eq!(history.state("2020").anomalies.len(), 1, "the hold of 2020 stood already");
    assert_eq!(history.state("2022").anomalies.len(), 2, "and what was released in 2021 did not stand any more");
}
