use PlatformEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream, words};
use crate::family::kit::RejectionCode;

fn registered(platform: &str) -> Registered {
    Registered {
        platform: code(platform),
        kind: Some(Kind::SocialMedia),
        name: Some(words("A social network")),
        controller_entity: Some(code("party-a")),
        establishment: Some(code("IE")),
        third_countries: codes(&["US"]),
        remark: None,
    }
}

fn risk_assessed(level: RiskLevel) -> PlatformEvent {
    let factor = RiskFactor {
        topic: RiskTopic::VendorDependence,
        level: Some(RiskLevel::High),
        noted: vec![Sequence(0)],
        text: Some(clear("few alternatives")),
    };
    E::RiskAssessed(RiskAssessed {
        platform: None,
        factors: vec![factor],
        level: Some(level),
        document: None,
        remark: None,
    })
}

/// Row S-031 of the scenario: about platforms in general.
fn risk_noted(platform: Option<&str>) -> PlatformEvent {
    E::RiskFactorNoted(RiskFactorNoted {
        platform: platform.map(code),
        topic: Some(RiskTopic::VendorDependence),
        text: clear("a group of professors warns against US cloud in education"),
        source: Some(clear("news article")),
        date: Some(date("2021")),
        document: None,
        remark: None,
    })
}

fn topic(topic: ClarityTopic, clarity: Clarity) -> TopicClarity {
    TopicClarity { topic, clarity, text: None }
}

fn clarity(platform: &str, outcome: Clarity, topics: Vec<TopicClarity>) -> PlatformEvent {
    E::ClarityAssessed(ClarityAssessed {
        platform: Some(code(platform)),
        outcome,
        topics,
        document: None,
        remark: None,
    })
}

/// Row S-066 of the scenario.
fn unclear() -> PlatformEvent {
    let topics = vec![
        topic(ClarityTopic::Profiling, Clarity::Unclear),
        topic(ClarityTopic::CommentRetention, Clarity::Unclear),
        topic(ClarityTopic::Purposes, Clarity::Clear),
    ];
    clarity("platform-a", Clarity::Unclear, topics)
}

fn mandated(mandatory: bool, for_whom: &[&str]) -> UseMandated {
    UseMandated {
        platform: None,
        mandatory,
        for_whom: codes(for_whom),
        unit: Some(code("mu-01")),
        activities: vec![stream("activity", 2)],
        reason: Some(clear("a chat group for each year")),
        remark: None,
    }
}

fn changed() -> PlatformEvent {
    E::MaterialChangeNoted(MaterialChangeNoted {
        platform: Some(code("platform-a")),
        kind: Some(ChangeKind::Legal),
        change: Some(clear("transfers were held unlawful")),
        instrument: Some(code("LEX-DPC-META")),
        announced: Some(date("2023-05-22")),
        document: None,
        remark: None,
    })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Platform>(&[
        E::Registered(registered("platform-a")),
        E::Registered(registered("platform-b")),
        risk_assessed(RiskLevel::High),
        risk_noted(None),
        risk_noted(Some("platform-b")),
        unclear(),
        E::UseMandated(mandated(true, &["staff", "students"])),
        E::UseMandated(mandated(false, &["students"])),
        changed(),
        E::Retracted(Retracted { reason: clear("noted twice"), remark: None }),
    ]);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<Platform>::new();
    let twice = Registered { third_countries: codes(&["US", "US"]), ..registered("platform-a") };
    history.refuses("2018", E::Registered(twice), RejectionCode::Malformed, "event.registered.thirdCountries");
    history.admits("2018", E::Registered(registered("platform-a")));
    history.refuses("2019", E::Registered(registered("platform-a")), RejectionCode::AlreadyExists, "event.registered");
    let other = clarity("platform-b", Clarity::Clear, Vec::new());
    history.refuses("2019", other, RejectionCode::Malformed, "event.clarityAssessed.platform");
    let topics = vec![topic(ClarityTopic::Sharing, Clarity::Clear), topic(ClarityTopic::Sharing, Clarity::Unclear)];
    let twice = clarity("platform-a", Clarity::Unclear, topics);
    history.refuses("2019", twice, RejectionCode::Malformed, "event.clarityAssessed.topics");
    let twice = E::UseMandated(mandated(true, &["staff", "staff"]));
    history.refuses("2019", twice, RejectionCode::Malformed, "event.useMandated.forWhom");
    let no_activity = E::UseMandated(UseMandated { activities: vec![stream("dpia", 1)], ..mandated(true, &[]) });
    history.refuses("2019", no_activity, RejectionCode::Malformed, "event.useMandated.activities");
}

#[test]
fn rows_of_the_scenario_begin_streams() {
    let mut risks = History::<Platform>::new();
    risks.admits("2021", risk_noted(None));
    assert_eq!((risks.state("2021").platform, risks.keys("2021")), (None, vec!["status=UNREGISTERED".to_owned()]));
    let mut platform = History::<Platform>::new();
    platform.admits("2024-07-02", unclear());
    assert_eq!(platform.keys("2024"), ["status=UNREGISTERED", "platform=platform-a", "clarity=UNCLEAR"]);
    assert_eq!(platform.state("2024").unclear, [ClarityTopic::Profiling, ClarityTopic::CommentRetention]);
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<Platform>::new();
    history.admits("2018", E::Registered(registered("platform-a")));
    history.admits("2019", risk_assessed(RiskLevel::Medium));
    history.admits("2020", E::UseMandated(mandated(true, &["staff", "students"])));
    history.admits("2021", E::UseMandated(mandated(false, &["students"])));
    history.admits("2022", E::UseMandated(mandated(false, &[])));
    history.admits("2023", changed());
    history.admits("2024", unclear());
    history.admits("2025", clarity("platform-a", Clarity::Clear, Vec::new()));
    assert_eq!(history.state("2017").status, PlatformStatus::Unregistered);
    assert_eq!(history.state("2018").status, PlatformStatus::Registered);
    let assessed = history.state("2019");
    assert_eq!((assessed.status, assessed.risk), (PlatformStatus::Assessed, Some(RiskLevel::Medium)));
    let mandatory = |at: &str| history.state(at).mandatory_for;
    assert_eq!((mandatory("2020").len(), mandatory("2021"), mandatory("2022")), (2, codes(&["staff"]), Vec::new()));
    let clear = history.state("2025");
    assert_eq!((clear.clarity, clear.unclear, clear.anomalies), (Some(Clarity::Clear), Vec::new(), Vec::new()));
    let keys = [
        "status=ASSESSED",
        "platform=platform-a",
        "clarity=UNCLEAR",
        "kind=SOCIAL_MEDIA",
        "instrument=LEX-DPC-META",
        "party=party-a",
        "country=IE",
        "country=US",
    ];
    assert_eq!(history.keys("2024"), keys);
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<Platform>::new();
    history.admits("2020", E::Registered(registered("platform-a")));
    history.admits("2018", risk_noted(Some("platform-b")));
    let state = history.state("2021");
    assert_eq!((state.anomalies.len(), state.platform), (1, Some(code("platform-a"))));
    let mut history = History::<Platform>::new();
    history.admits("2018", risk_assessed(RiskLevel::Low));
    history.admits("2020", E::Registered(registered("platform-a")));
    assert_eq!(history.state("2021").status, PlatformStatus::Assessed);
}
