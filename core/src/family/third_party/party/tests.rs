use PartyEvent as E;

use super::*;
use crate::family::check::{History, clear, code, date, laws, stream, words};

fn registered_with(lei: Option<&str>, kvk: Option<&str>) -> PartyEvent {
    E::Registered(Registered {
        party: code("vendor-n"),
        kind: Some(PartyKind::Company),
        name: Some(words("Mailing Service Inc.")),
        country: Some(code("US")),
        establishment: Some(clear("1 Main Street, Springfield")),
        lei: lei.map(code),
        kvk: kvk.map(code),
        sector: None,
        contact: Some(clear("privacy@vendor-n.example")),
        remark: None,
    })
}

fn registered() -> PartyEvent {
    registered_with(Some("5493001KJTIIGC8Y1R12"), Some("12345678"))
}

fn qualified(activity: Option<StreamId>, role: PartyRole) -> PartyEvent {
    E::RoleQualified(RoleQualified {
        activity,
        role,
        reasons: Some(clear("it decides nothing by itself")),
        by: Some(code("LEGAL")),
        document: None,
        remark: None,
    })
}

fn moved(country: Option<&str>, establishment: Option<&str>) -> PartyEvent {
    E::EstablishmentChanged(EstablishmentChanged {
        country: country.map(code),
        establishment: establishment.map(clear),
        reason: None,
        remark: None,
    })
}

fn certified(standing: DpfStanding, coverage: Vec<DpfCoverage>) -> PartyEvent {
    E::DpfCertificationRecorded(DpfCertificationRecorded {
        standing,
        checked: Some(date("2023-10-16")),
        coverage,
        renewal_due: Some(date("2024-10-01")),
        document: None,
        remark: None,
    })
}

fn active() -> PartyEvent {
    certified(DpfStanding::Active, vec![DpfCoverage::NonHumanResources])
}

fn lapse() -> PartyEvent {
    E::DpfCertificationLapsed(DpfCertificationLapsed {
        checked: None,
        reason: Some(clear("not renewed")),
        remark: Some(clear("seen on the list")),
    })
}

fn retracted() -> PartyEvent {
    E::Retracted(Retracted { reason: clear("registered twice"), remark: None })
}

fn after_registration() -> Vec<PartyEvent> {
    vec![
        qualified(Some(stream("activity", 1)), PartyRole::Processor),
        qualified(None, PartyRole::Recipient),
        moved(Some("IE"), None),
        active(),
        lapse(),
    ]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    let mut pool = after_registration();
    pool.extend([registered(), registered_with(None, None), retracted()]);
    laws::<Party>(&pool);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<Party>::new();
    for event in after_registration() {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2018", event, RejectionCode::NeverExisted, &field);
    }
    history.admits("2018", registered());
    history.refuses("2019", registered(), RejectionCode::AlreadyExists, "event.registered");
}

#[test]
fn malformed_facts_are_refused() {
    let malformed = |history: &History<Party>, event: PartyEvent, field: &str| {
        history.refuses("2019", event, RejectionCode::Malformed, field);
    };
    let mut history = History::<Party>::new();
    for lei in ["5493001KJTIIGC8Y1R1", "5493001kjtiigc8y1r12"] {
        malformed(&history, registered_with(Some(lei), None), "event.registered.lei");
    }
    for kvk in ["1234567", "1234567A"] {
        malformed(&history, registered_with(None, Some(kvk)), "event.registered.kvk");
    }
    history.admits("2018", registered());
    let role = qualified(Some(stream("agreement", 1)), PartyRole::Processor);
    malformed(&history, role, "event.roleQualified.activity");
    malformed(&history, moved(None, None), "event.establishmentChanged.country");
    let twice = vec![DpfCoverage::HumanResources, DpfCoverage::HumanResources];
    malformed(&history, certified(DpfStanding::Active, twice), "event.dpfCertificationRecorded.coverage");
}

#[test]
fn a_party_has_one_role_per_activity() {
    let activity = |number| Some(stream("activity", number));
    let mut history = History::<Party>::new();
    history.admits("2018", registered());
    history.admits("2019", qualified(activity(1), PartyRole::Processor));
    history.admits("2020", qualified(activity(2), PartyRole::Processor));
    history.admits("2021", qualified(activity(1), PartyRole::Processor));
    let last = history.admits("2022", qualified(activity(2), PartyRole::Separate));
    let roles = history.state("2022").roles;
    let standing: Vec<_> = roles.iter().map(|role| (role.activity.clone(), role.role, role.since)).collect();
    assert_eq!(
        standing,
        [(activity(1), PartyRole::Processor, date("2019")), (activity(2), PartyRole::Separate, date("2022"))]
    );
    assert_eq!(roles[1].sequence, last);
    assert_eq!(history.state("2022").role_qualified.len(), 4);
}

#[test]
fn a_certification_is_as_last_seen() {
    let mut history = History::<Party>::new();
    history.admits("2018", registered());
    history.admits("2023-10-17", active());
    history.admits("2024-10-17", active());
    let standing = |at: &str| {
        let certification = history.state(at).dpf_certification.unwrap();
        (certification.standing, certification.since, certification.checked)
    };
    assert_eq!(standing("2025"), (DpfStanding::Active, date("2023-10-17"), date("2023-10-16")));
    history.admits("2026", lapse());
    let certification = history.state("2026").dpf_certification.unwrap();
    assert_eq!((certification.standing, certification.since), (DpfStanding::Inactive, date("2026")));
    assert_eq!((certification.renewal_due, certification.coverage.len()), (None, 1));
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<Party>::new();
    history.admits("2018", registered());
    history.admits("2019", qualified(Some(stream("activity", 1)), PartyRole::Joint));
    history.admits("2020", moved(Some("IE"), None));
    assert_eq!(history.state("2017").status, PartyStatus::Unregistered);
    assert!(history.state("2018").establishment.is_some());
    let state = history.state("2020");
    assert_eq!((state.status, state.country, state.establishment), (PartyStatus::Registered, Some(code("IE")), None));
    let activity = format!("activity={}", stream("activity", 1));
    assert_eq!(
        history.keys("2020"),
        ["status=REGISTERED", "country=IE", "party=vendor-n", "kind=COMPANY", activity.as_str(), "role=JOINT"]
    );
    history.admits("2021", moved(None, Some("2 Quay, Dublin")));
    let state = history.state("2021");
    assert_eq!((state.country, state.establishment.is_some()), (Some(code("IE")), true));
}
