use SystemEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, words};
use crate::family::kit::Event as _;

fn registered(processors: &[&str]) -> SystemEvent {
    E::Registered(Registered {
        system: code("mailer"),
        name: Some(words("the mailing service")),
        unit: Some(code("mu-01")),
        owner: Some(code("SYSTEM_OWNER")),
        processors: codes(processors),
        remark: None,
    })
}

fn classified(level: SecurityLevel) -> SystemEvent {
    E::SecurityClassificationAssigned(SecurityClassificationAssigned {
        confidentiality: Some(level),
        integrity: Some(SecurityLevel::Medium),
        availability: Some(SecurityLevel::Low),
        class: Some(code("CONFIDENTIAL")),
        decision: Some(code("BD-2020-01")),
        assigned_by: Some(code("CISO")),
        next_review: Some(date("2022")),
        remark: None,
    })
}

fn measure() -> SystemEvent {
    E::SecurityMeasureRecorded(SecurityMeasureRecorded {
        measure: Some(code("MFA")),
        kind: Some(MeasureKind::Technical),
        description: Some(clear("a second factor for all accounts")),
        control: Some(code("ISO-27002:8.5")),
        enhanced: Some(true),
        until: None,
        document: None,
        remark: None,
    })
}

fn tested(effective: bool) -> SystemEvent {
    E::SecurityMeasureTested(SecurityMeasureTested {
        measure: Some(code("MFA")),
        effective: Some(effective),
        method: Some(code("PENETRATION_TEST")),
        by: Some(code("CISO")),
        next_test: Some(date("2023")),
        document: None,
        remark: None,
    })
}

fn analysed() -> SystemEvent {
    E::RiskAnalysisRecorded(RiskAnalysisRecorded {
        method: Some(code("BIA")),
        method_version: Some(code("2.1")),
        residual_risk: Some(SecurityLevel::Low),
        analysed_by: Some(code("CISO")),
        next_review: Some(date("2022-03")),
        document: None,
        remark: None,
    })
}

fn responsible(unit: &str, processors: &[&str]) -> SystemEvent {
    E::ResponsibilityAssigned(ResponsibilityAssigned {
        unit: Some(code(unit)),
        owner: None,
        processors: Some(codes(processors)),
        remark: None,
    })
}

#[test]
fn the_newest_word_says_who_runs_it() {
    let mut history = History::<System>::new();
    history.admits("2018", registered(&["vendor-n"]));
    history.admits("2020", responsible("mu-02", &["vendor-m"]));
    history.refuses(
        "2021",
        responsible("mu-02", &["a", "a"]),
        RejectionCode::Malformed,
        "event.responsibilityAssigned.processors",
    );
    assert!(history.keys("2019").contains(&"party=vendor-n".to_owned()));
    let keys = history.keys("2020");
    assert!(keys.contains(&"unit=mu-02".to_owned()) && keys.contains(&"party=vendor-m".to_owned()), "{keys:?}");
    assert!(!keys.contains(&"party=vendor-n".to_owned()));
}

fn retired(successor: Option<&str>) -> SystemEvent {
    E::Retired(Retired {
        successor: successor.map(code),
        decision: Some(code("BD-2024-01")),
        reason: Some(clear("the contract ended")),
        remark: None,
    })
}

fn retracted() -> SystemEvent {
    E::Retracted(Retracted { reason: clear("registered twice"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<System>(&[
        registered(&["vendor-n"]),
        responsible("mu-02", &["vendor-m"]),
        classified(SecurityLevel::High),
        measure(),
        tested(true),
        analysed(),
        retired(Some("mailer-2")),
        retracted(),
    ]);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<System>::new();
    for event in [classified(SecurityLevel::Low), measure(), tested(true), analysed(), retired(None)] {
        let field = format!("event.{}", event.kind().0);
        history.refuses("2018", event, RejectionCode::NeverExisted, &field);
    }
    let twice = registered(&["vendor-n", "vendor-n"]);
    history.refuses("2018", twice, RejectionCode::Malformed, "event.registered.processors");
    history.admits("2018", registered(&["vendor-n"]));
    history.refuses("2019", registered(&[]), RejectionCode::AlreadyExists, "event.registered");
    history.refuses("2019", retired(Some("mailer")), RejectionCode::Malformed, "event.retired.successor");
    history.admits("2024", retired(None));
    history.refuses("2025", retired(None), RejectionCode::Ended, "event.retired");
    history.admits("2025", measure());
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<System>::new();
    history.admits("2018", registered(&["vendor-n", "vendor-m"]));
    history.admits("2019", classified(SecurityLevel::Low));
    history.admits("2020", measure());
    history.admits("2021", classified(SecurityLevel::High));
    history.admits("2022", analysed());
    history.admits("2024", retired(Some("mailer-2")));
    assert_eq!(history.state("2017").status, SystemStatus::Unregistered);
    let level = |at: &str| history.state(at).classification.unwrap().fact.confidentiality;
    assert_eq!((level("2020"), level("2021")), (Some(SecurityLevel::Low), Some(SecurityLevel::High)));
    let keys = ["status=IN_USE", "system=mailer", "unit=mu-01", "party=vendor-n", "party=vendor-m"];
    assert_eq!(history.keys("2022"), keys);
    let end = history.state("2024");
    assert_eq!((end.status, end.measures.len(), end.risk_analyses.len()), (SystemStatus::Retired, 1, 1));
    assert_eq!((end.retired.unwrap().fact.successor, end.anomalies.len()), (Some(code("mailer-2")), 0));
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<System>::new();
    let first = history.admits("2018", registered(&[]));
    history.admits("2020", retired(None));
    history.corrects(first, "2021", registered(&[]));
    let state = history.state("2022");
    assert_eq!((state.status, state.anomalies.len()), (SystemStatus::Retired, 1));
    history.admits("2019", registered(&[]));
    history.admits("2019", retired(None));
    assert_eq!(history.state("2020").anomalies.len(), 1, "taken out of use a second time");
}

#[test]
fn every_test_of_a_measure_is_kept() {
    let mut history = History::<System>::new();
    history.admits("2020", registered(&[]));
    history.admits("2021", tested(false));
    history.admits("2022", tested(true));
    let effective: Vec<_> = history.state("2022").tests.iter().map(|test| test.fact.effective).collect();
    assert_eq!(effective, [Some(false), Some(true)]);
    assert_eq!(history.state("2021").tests.len(), 1);
}
