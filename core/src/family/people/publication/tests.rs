use PublicationEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream, words};

fn hash() -> Hash {
    Hash([7; 32])
}

fn approved() -> Approved {
    Approved {
        unit: Some(code("mu-01")),
        activity: Some(stream("activity", 2)),
        platforms: codes(&["platform-a"]),
        checklist: Some(Checklist {
            facts: Some(true),
            sources: vec![clear("annual report")],
            persons: Some(true),
            confidentiality: None,
        }),
        approver_role: Some(code("head-of-communication")),
        contains_imagery: Some(true),
        image_policy: Some(code("POL-002")),
        image_policy_version: Some(code("1")),
        sha256: Some(hash()),
        title: Some(words("Opening of the year")),
        remark: None,
    }
}

fn consenting(family: &str, number: u128) -> Person {
    Person {
        basis: Some(LegalBasis::Consent),
        consent: Some(stream(family, number)),
        assessment: None,
        purpose: Some(code("promotion")),
        count: None,
    }
}

fn group(family: &str) -> Person {
    Person {
        basis: Some(LegalBasis::LegitimateInterest),
        consent: None,
        assessment: Some(stream(family, 1)),
        purpose: None,
        count: Some(40),
    }
}

/// Row S-036 of the scenario: no activity, no account, nothing but who agreed and where it is.
fn published() -> ContentPublished {
    ContentPublished {
        unit: None,
        activity: None,
        platforms: codes(&["platform-a", "platform-b"]),
        accounts: Vec::new(),
        categories: vec![Category::Video],
        basis: Some(LegalBasis::Consent),
        persons: vec![consenting("consent", 2)],
        contains_imagery: None,
        image_policy: None,
        image_policy_version: None,
        processes_user_data: None,
        contains_protected_id: None,
        contains_confidential: None,
        sha256: None,
        locations: Vec::new(),
        title: None,
        remark: None,
    }
}

/// Row S-017 of the scenario, with all that may be known besides.
fn published_in_full() -> ContentPublished {
    ContentPublished {
        unit: Some(code("mu-02")),
        activity: Some(stream("activity", 2)),
        platforms: codes(&["platform-a"]),
        accounts: vec![stream("account", 1)],
        categories: vec![Category::Photo, Category::Text],
        persons: vec![consenting("consent", 1), group("legitimateInterestAssessment")],
        contains_imagery: Some(true),
        image_policy: Some(code("POL-002")),
        image_policy_version: Some(code("1")),
        processes_user_data: Some(false),
        contains_protected_id: Some(false),
        contains_confidential: Some(false),
        sha256: Some(hash()),
        locations: vec![clear("https://platform-a.example/1")],
        title: Some(words("A photo")),
        ..published()
    }
}

fn analysed() -> AnalyticsRunRecorded {
    AnalyticsRunRecorded {
        personal: Some(true),
        activity: Some(stream("activity", 3)),
        platform: Some(code("platform-c")),
        system: Some(code("sys-analytics")),
        purpose: Some(code("reach")),
        size: Some(120),
        consent_text: Some(stream("consentText", 1)),
        consents: vec![stream("consent", 3)],
        remark: None,
    }
}

fn lead() -> LeadCollected {
    LeadCollected {
        campaign: Some(code("open-day")),
        subject: Some(clear("person 1")),
        consent: Some(stream("consent", 4)),
        activity: None,
        platform: Some(code("platform-b")),
        purpose: Some(code("follow-up")),
        first_contact: Some(date("2023-02-01")),
        remark: None,
    }
}

fn member_added(group: &str, consent: u128) -> GroupMemberAdded {
    GroupMemberAdded {
        group: Some(code(group)),
        subject: Some(clear("person 2")),
        basis: Some(LegalBasis::Consent),
        consent: Some(stream("consent", consent)),
        activity: None,
        platform: Some(code("messenger")),
        remark: None,
    }
}

fn member_removed() -> GroupMemberRemoved {
    GroupMemberRemoved {
        group: None,
        subject: Some(clear("person 2")),
        consent: None,
        added: None,
        reason: Some(clear("left")),
        remark: None,
    }
}

fn amended() -> ContentAmended {
    ContentAmended {
        platforms: Vec::new(),
        change: Some(clear("a face was blurred")),
        persons: Some(vec![consenting("consent", 6)]),
        sha256: Some(hash()),
        reason: None,
        remark: None,
    }
}

/// Row S-076 of the scenario: on one platform only.
fn removed(platforms: &[&str]) -> ContentRemoved {
    ContentRemoved {
        platforms: codes(platforms),
        ground: Some(RemovalGround::ConsentWithdrawn),
        reason: None,
        consents: vec![stream("consent", 2)],
        requests: vec![stream("dataSubjectRequest", 1)],
        objections: vec![stream("objection", 1)],
        remark: None,
    }
}

fn takedown_requested(platform: &str) -> TakedownRequested {
    TakedownRequested {
        platform: code(platform),
        text: Some(clear("by its form")),
        consents: vec![stream("consent", 2)],
        requests: Vec::new(),
        remark: None,
    }
}

fn takedown_confirmed(platform: &str) -> PublicationEvent {
    E::TakedownConfirmed(TakedownConfirmed { platform: code(platform), sha256: Some(hash()), remark: None })
}

fn delisting() -> DelistingRequested {
    DelistingRequested { engine: Some(code("search-a")), text: None, requests: Vec::new(), remark: None }
}

/// Row S-057 of the scenario, as PUB-0002 records it.
fn sent() -> DirectMarketingSent {
    DirectMarketingSent {
        campaign: Some(code("audience-2024-02-02")),
        unit: None,
        activity: None,
        platform: Some(code("platform-a")),
        basis: None,
        audience: Some(hash()),
        size: Some(5_000),
        remark: None,
    }
}

fn checked() -> PublicationEvent {
    E::SuppressionChecked(SuppressionChecked {
        list: Some(code("SUP-0001")),
        campaign: Some(code("audience-2024-02-02")),
        audience: Some(hash()),
        removed: Some(0),
        remark: None,
    })
}

/// The keys in order and each once, as the index has them.
fn keys(history: &History<Publication>, at: &str) -> Vec<String> {
    std::collections::BTreeSet::from_iter(history.keys(at)).into_iter().collect()
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Publication>(&[
        E::Approved(approved()),
        E::ContentPublished(published()),
        E::ContentPublished(published_in_full()),
        E::AnalyticsRunRecorded(analysed()),
        E::LeadCollected(lead()),
        E::GroupMemberAdded(member_added("year-1", 5)),
        E::GroupMemberRemoved(GroupMemberRemoved { consent: Some(stream("consent", 5)), ..member_removed() }),
        E::ContentAmended(amended()),
        E::ContentRemoved(removed(&["platform-b"])),
        E::ContentRemoved(removed(&[])),
        E::TakedownRequested(takedown_requested("platform-b")),
        takedown_confirmed("platform-b"),
        E::DelistingRequested(delisting()),
        E::DirectMarketingSent(sent()),
        checked(),
        E::Retracted(Retracted { reason: clear("another publication"), remark: None }),
    ]);
}

#[test]
fn what_never_was_is_refused() {
    let mut history = History::<Publication>::new();
    history.refuses("2020", E::ContentAmended(amended()), RejectionCode::NeverExisted, "event.contentAmended");
    history.refuses("2020", E::ContentRemoved(removed(&[])), RejectionCode::NeverExisted, "event.contentRemoved");
    history.refuses("2020", takedown_confirmed("platform-b"), RejectionCode::NeverExisted, "event.takedownConfirmed");
    history.admits("2020", E::TakedownRequested(takedown_requested("platform-b")));
    let field = "event.takedownConfirmed.platform";
    history.refuses("2021", takedown_confirmed("platform-a"), RejectionCode::NeverExisted, field);
}

#[test]
fn malformed_facts_are_refused() {
    let mut history = History::<Publication>::new();
    history.admits("2020", E::ContentPublished(published()));
    let elsewhere = || Some(stream("party", 1));
    let twice = || codes(&["platform-a", "platform-a"]);
    let refused = [
        (E::Approved(Approved { platforms: twice(), ..approved() }), "approved.platforms"),
        (E::Approved(Approved { activity: elsewhere(), ..approved() }), "approved.activity"),
        (E::ContentPublished(ContentPublished { platforms: Vec::new(), ..published() }), "contentPublished.platforms"),
        (E::ContentPublished(ContentPublished { platforms: twice(), ..published() }), "contentPublished.platforms"),
        (E::ContentPublished(ContentPublished { activity: elsewhere(), ..published() }), "contentPublished.activity"),
        (
            E::ContentPublished(ContentPublished { accounts: vec![stream("platform", 1)], ..published() }),
            "contentPublished.accounts",
        ),
        (
            E::ContentPublished(ContentPublished { persons: vec![consenting("consentText", 1)], ..published() }),
            "contentPublished.persons",
        ),
        (
            E::ContentPublished(ContentPublished { persons: vec![group("dpia")], ..published() }),
            "contentPublished.persons",
        ),
        (
            E::AnalyticsRunRecorded(AnalyticsRunRecorded { consents: vec![stream("party", 1)], ..analysed() }),
            "analyticsRunRecorded.consents",
        ),
        (
            E::AnalyticsRunRecorded(AnalyticsRunRecorded { consent_text: elsewhere(), ..analysed() }),
            "analyticsRunRecorded.consentText",
        ),
        (E::LeadCollected(LeadCollected { consent: elsewhere(), ..lead() }), "leadCollected.consent"),
        (
            E::GroupMemberAdded(GroupMemberAdded { consent: elsewhere(), ..member_added("year-1", 5) }),
            "groupMemberAdded.consent",
        ),
        (
            E::GroupMemberRemoved(GroupMemberRemoved { consent: elsewhere(), ..member_removed() }),
            "groupMemberRemoved.consent",
        ),
        (
            E::ContentAmended(ContentAmended { persons: Some(vec![group("consent")]), ..amended() }),
            "contentAmended.persons",
        ),
        (E::ContentRemoved(ContentRemoved { platforms: twice(), ..removed(&[]) }), "contentRemoved.platforms"),
        (
            E::ContentRemoved(ContentRemoved { requests: vec![stream("case", 1)], ..removed(&[]) }),
            "contentRemoved.requests",
        ),
        (
            E::ContentRemoved(ContentRemoved { objections: vec![stream("case", 1)], ..removed(&[]) }),
            "contentRemoved.objections",
        ),
        (
            E::TakedownRequested(TakedownRequested {
                consents: vec![stream("case", 1)],
                ..takedown_requested("platform-a")
            }),
            "takedownRequested.consents",
        ),
        (
            E::DelistingRequested(DelistingRequested { requests: vec![stream("case", 1)], ..delisting() }),
            "delistingRequested.requests",
        ),
        (
            E::DirectMarketingSent(DirectMarketingSent { activity: elsewhere(), ..sent() }),
            "directMarketingSent.activity",
        ),
    ];
    for (event, field) in refused {
        history.refuses("2021", event, RejectionCode::Malformed, &format!("event.{field}"));
    }
}

#[test]
fn rows_of_the_scenario_begin_streams() {
    let mut photo = History::<Publication>::new();
    let row = ContentPublished { persons: vec![consenting("consent", 1)], ..published_in_full() };
    photo.admits("2018-09-12", E::ContentPublished(row));
    assert_eq!(photo.state("2018").status, PublicationStatus::Published);
    let mut campaign = History::<Publication>::new();
    campaign.admits("2024-02-02T13:00:00.000000Z", E::DirectMarketingSent(sent()));
    campaign.admits("2024-02-02T13:00:00.000000Z", checked());
    let state = campaign.state("2024");
    assert_eq!((state.status, state.suppression_checked[0].fact.removed), (PublicationStatus::Published, Some(0)));
    assert_eq!(keys(&campaign, "2024"), ["campaign=audience-2024-02-02", "platform=platform-a", "status=PUBLISHED"]);
    let mut checked_first = History::<Publication>::new();
    checked_first.admits("2024", checked());
    assert_eq!(checked_first.state("2024").status, PublicationStatus::Draft);
}

/// Row S-076: gone from platform-b, and nothing recorded for platform-a.
#[test]
fn it_is_up_where_nothing_says_that_it_is_gone() {
    let mut history = History::<Publication>::new();
    history.admits("2022-10-10", E::ContentPublished(published()));
    history.admits("2024-09-09", E::ContentRemoved(removed(&["platform-b"])));
    history.admits("2024-09-09", E::TakedownRequested(takedown_requested("platform-b")));
    history.admits("2024-09-12", takedown_confirmed("platform-b"));
    let up = |at: &str| -> Vec<Code> { history.state(at).up.into_iter().map(|presence| presence.platform).collect() };
    assert_eq!((up("2022"), up("2024-09-09")), (codes(&["platform-a", "platform-b"]), codes(&["platform-a"])));
    assert_eq!(history.state("2024-09-09").takedowns_open, codes(&["platform-b"]));
    let state = history.state("2024-09-12");
    assert_eq!((state.status, state.takedowns_open), (PublicationStatus::Published, Vec::new()));
    assert!(history.keys("2024").contains(&"upOn=platform-a".to_owned()));
    assert!(!history.keys("2024").contains(&"upOn=platform-b".to_owned()));
    history.admits("2025", E::TakedownRequested(takedown_requested("platform-a")));
    history.admits("2026", takedown_confirmed("platform-a"));
    assert_eq!(history.state("2025").status, PublicationStatus::Published);
    assert_eq!(history.state("2026").status, PublicationStatus::Removed);
}

#[test]
fn the_status_is_what_the_facts_say() {
    let mut history = History::<Publication>::new();
    history.admits("2018", E::Approved(approved()));
    history.admits("2019", E::ContentPublished(published()));
    history.admits("2020", E::Approved(approved()));
    history.admits("2021", E::ContentRemoved(removed(&[])));
    history.admits("2022", E::DelistingRequested(delisting()));
    history.admits("2023", E::ContentPublished(published_in_full()));
    let expected = [
        ("2017", PublicationStatus::Draft),
        ("2018", PublicationStatus::Approved),
        ("2019", PublicationStatus::Published),
        ("2020", PublicationStatus::Published),
        ("2021", PublicationStatus::Removed),
        ("2022", PublicationStatus::Removed),
        ("2023", PublicationStatus::Published),
    ];
    for (at, status) in expected {
        assert_eq!(history.state(at).status, status, "{at}");
    }
    assert_eq!((history.state("2020").unit, history.state("2023").unit), (Some(code("mu-01")), Some(code("mu-02"))));
    assert_eq!(history.state("2023").anomalies, []);
}

#[test]
fn who_left_is_in_the_group_no_more() {
    let mut history = History::<Publication>::new();
    let first = history.admits("2018", E::GroupMemberAdded(member_added("year-1", 5)));
    history.admits("2018", E::GroupMemberAdded(member_added("year-1", 6)));
    history.admits("2018", E::GroupMemberAdded(member_added("year-2", 6)));
    history.admits("2019", E::GroupMemberRemoved(member_removed()));
    let elsewhere = GroupMemberRemoved { group: Some(code("year-2")), added: Some(first), ..member_removed() };
    history.admits("2020", E::GroupMemberRemoved(elsewhere));
    history.admits("2021", E::GroupMemberRemoved(GroupMemberRemoved { added: Some(first), ..member_removed() }));
    let withdrawn = GroupMemberRemoved { consent: Some(stream("consent", 6)), ..member_removed() };
    history.admits("2022", E::GroupMemberRemoved(withdrawn));
    let members = |at: &str| history.state(at).group_members.len();
    assert_eq!([members("2018"), members("2019"), members("2020")], [3; 3]);
    assert_eq!((members("2021"), members("2022")), (2, 0));
}

#[test]
fn it_is_found_by_all_that_it_names() {
    let mut history = History::<Publication>::new();
    history.admits("2018", E::Approved(approved()));
    history.admits("2018", E::ContentPublished(published_in_full()));
    history.admits("2018", E::AnalyticsRunRecorded(analysed()));
    history.admits("2018", E::LeadCollected(lead()));
    history.admits("2018", E::ContentAmended(amended()));
    history.admits("2019", E::ContentRemoved(removed(&[])));
    let consent = |number| format!("consent={}", stream("consent", number));
    let expected = [
        format!("account={}", stream("account", 1)),
        format!("activity={}", stream("activity", 2)),
        format!("activity={}", stream("activity", 3)),
        format!("assessment={}", stream("legitimateInterestAssessment", 1)),
        "campaign=open-day".to_owned(),
        consent(1),
        consent(3),
        consent(4),
        consent(6),
        format!("consentText={}", stream("consentText", 1)),
        "instrument=POL-002".to_owned(),
        format!("objection={}", stream("objection", 1)),
        "platform=platform-a".to_owned(),
        "platform=platform-b".to_owned(),
        "platform=platform-c".to_owned(),
        format!("request={}", stream("dataSubjectRequest", 1)),
        "status=REMOVED".to_owned(),
        "unit=mu-02".to_owned(),
    ];
    assert_eq!(keys(&history, "2019"), expected);
}
