use PrivacyNoticeEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream};

fn activity(number: u128) -> StreamId {
    stream("activity", number)
}

fn document() -> Option<Document> {
    Some(Document {
        sha256: Hash([4; 32]),
        media_type: Some("text/html".to_owned()),
        language: Some(code("nl")),
        document_date: Some(date("2021-09-01")),
        title: Some(clear("how we use your data")),
    })
}

fn content(item: NoticeItem) -> ItemContent {
    ItemContent { item, present: true, sha256: Some(Hash([5; 32])) }
}

/// A version that tells nothing of what a version may tell.
fn version(version: u32) -> VersionPublished {
    VersionPublished {
        version,
        activities: Vec::new(),
        languages: codes(&["nl", "en"]),
        channels: Vec::new(),
        audience: Vec::new(),
        items: Vec::new(),
        objection_separate: None,
        legal_bases: Vec::new(),
        recipients: Vec::new(),
        assessment_summaries: Vec::new(),
        transfer_grounds: Vec::new(),
        arrangement_essences: Vec::new(),
        minors_variant: None,
        reading_level: None,
        reading_level_attested_by: None,
        trigger: None,
        url: None,
        document: None,
        remark: None,
    }
}

/// A version that tells all that one may tell.
fn whole(number: u32) -> VersionPublished {
    VersionPublished {
        activities: vec![activity(2)],
        channels: vec![NoticeChannel::Web, NoticeChannel::Sign],
        audience: codes(&["STUDENT", "PROSPECT"]),
        items: vec![content(NoticeItem::Controller), content(NoticeItem::TransferSafeguardsCopy)],
        objection_separate: Some(true),
        legal_bases: vec![LegalBasis::Consent, LegalBasis::LegitimateInterest],
        recipients: codes(&["vendor-n", "platform-b"]),
        assessment_summaries: vec![summary("legitimateInterestAssessment")],
        transfer_grounds: vec![transfer("transferGround")],
        arrangement_essences: vec![stream("jointControllerArrangement", 2)],
        minors_variant: Some(false),
        reading_level: Some(code("B1")),
        reading_level_attested_by: Some(code("COMMUNICATION")),
        trigger: Some(code("LEX-AP-TIKTOK-LANG")),
        url: Some("https://www.example.org/privacy".to_owned()),
        document: document(),
        remark: Some(clear("read by a panel")),
        ..version(number)
    }
}

fn summary(family: &str) -> AssessmentSummary {
    AssessmentSummary { assessment: stream(family, 2), sha256: Some(Hash([6; 32])) }
}

fn transfer(family: &str) -> ToldTransfer {
    let ground = Some(code("SCC"));
    ToldTransfer { transfer_ground: Some(stream(family, 1)), ground, country: Some(code("US")), instrument: None }
}

fn published(number: u32) -> PrivacyNoticeEvent {
    E::VersionPublished(version(number))
}

fn drafted(version: u32, activities: &[StreamId]) -> PrivacyNoticeEvent {
    E::VersionDrafted(VersionDrafted {
        version: Some(version),
        activities: activities.to_vec(),
        languages: codes(&["nl"]),
        trigger: Some(code("BD-2018-01")),
        document: document(),
        remark: None,
    })
}

fn served(version: u32) -> PrivacyNoticeEvent {
    E::Served(Served {
        version: Some(version),
        activity: Some(activity(2)),
        channel: Some(NoticeChannel::Email),
        language: Some(code("nl")),
        cohort: None,
        cohort_size: None,
        subject: Some(clear("a person")),
        free_of_charge: Some(true),
        remark: None,
    })
}

fn collected(activity: StreamId) -> PrivacyNoticeEvent {
    E::DataCollected(DataCollected {
        activity: Some(activity),
        channel: Some(NoticeChannel::Web),
        cohort: Some(code("OPEN-DAY-2024")),
        cohort_size: Some(120),
        remark: None,
    })
}

/// What row S-085 of the scenario says.
fn obtained() -> PrivacyNoticeEvent {
    E::DataObtainedIndirectly(DataObtainedIndirectly {
        activity: Some(activity(5)),
        source: Some(code("study-fair")),
        source_description: Some(clear("the organiser's list of visitors")),
        public_source: Some(false),
        obtained_at: Some(date("2025-04-28")),
        data_categories: codes(&["NAME", "EMAIL"]),
        cohort: Some(code("FAIR-2025")),
        cohort_size: Some(412),
        remark: None,
    })
}

/// What row S-087 of the scenario says: a version that is not published in the file.
fn provided(version: u32) -> PrivacyNoticeEvent {
    E::IndirectNoticeProvided(IndirectNoticeProvided {
        version: Some(version),
        activity: Some(activity(5)),
        channel: Some(NoticeChannel::Email),
        data_categories: codes(&["NAME", "EMAIL"]),
        source: Some(code("study-fair")),
        cohort: Some(code("FAIR-2025")),
        cohort_size: Some(412),
        free_of_charge: Some(true),
        document: document(),
        remark: None,
    })
}

fn communicated() -> PrivacyNoticeEvent {
    E::FirstCommunication(FirstCommunication {
        activity: Some(activity(5)),
        channel: Some(NoticeChannel::Email),
        cohort: Some(code("FAIR-2025")),
        remark: None,
    })
}

fn disclosed() -> PrivacyNoticeEvent {
    E::FirstDisclosure(FirstDisclosure {
        activity: Some(activity(5)),
        recipient: Some(code("vendor-n")),
        cohort: Some(code("FAIR-2025")),
        remark: None,
    })
}

fn exempted(activity: StreamId) -> PrivacyNoticeEvent {
    E::ExemptionInvoked(ExemptionInvoked {
        ground: ExemptionGround::DisproportionateEffort,
        activity: Some(activity),
        cohort: None,
        reason: Some(clear("nobody knows who wrote it")),
        public_measure: Some(clear("a public notice")),
        approved_by: Some(code("DPO")),
        document: None,
        remark: None,
    })
}

fn withdrawn(version: u32) -> PrivacyNoticeEvent {
    E::VersionWithdrawn(VersionWithdrawn { version, reason: Some(clear("the activity ended")), remark: None })
}

fn retracted() -> PrivacyNoticeEvent {
    E::Retracted(Retracted { reason: clear("another notice"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<PrivacyNotice>(&[
        drafted(1, &[activity(2)]),
        published(1),
        E::VersionPublished(whole(2)),
        served(1),
        collected(activity(2)),
        obtained(),
        provided(1),
        communicated(),
        disclosed(),
        exempted(activity(3)),
        withdrawn(1),
        retracted(),
    ]);
}

#[test]
fn every_row_of_the_scenario_is_admitted_as_a_first_fact() {
    let s029 = VersionPublished { activities: vec![activity(2)], trigger: Some(code("LEX")), ..version(2) };
    let s069 = VersionPublished { arrangement_essences: vec![stream("jointControllerArrangement", 2)], ..version(3) };
    let rows = [E::VersionPublished(s029), E::VersionPublished(s069), exempted(activity(3)), obtained(), provided(1)];
    for row in rows {
        History::<PrivacyNotice>::new().admits("2025", row);
    }
}

#[test]
fn what_is_malformed_is_refused() {
    let history = History::<PrivacyNotice>::new();
    let refuse = |event: PrivacyNoticeEvent, field: &str| {
        let field = format!("event.{}.{field}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2025", event, RejectionCode::Malformed, &field);
    };
    refuse(drafted(0, &[]), "version");
    refuse(drafted(1, &[stream("consent", 2)]), "activities");
    refuse(drafted(1, &[activity(2), activity(2)]), "activities");
    refuse(served(0), "version");
    refuse(provided(0), "version");
    refuse(collected(stream("consent", 2)), "activity");
    refuse(exempted(stream("consent", 2)), "activity");
    let refuse = |change: fn(&mut VersionPublished), field: &str| {
        let mut event = whole(1);
        change(&mut event);
        refuse(E::VersionPublished(event), field);
    };
    refuse(|event| event.version = 0, "version");
    refuse(|event| event.activities = vec![stream("consent", 2)], "activities");
    refuse(|event| event.activities = vec![activity(2), activity(2)], "activities");
    refuse(|event| event.languages = codes(&["nl", "nl"]), "languages");
    refuse(|event| event.channels = vec![NoticeChannel::Web, NoticeChannel::Web], "channels");
    refuse(|event| event.audience = codes(&["STUDENT", "STUDENT"]), "audience");
    refuse(|event| event.items = vec![content(NoticeItem::Rights), content(NoticeItem::Rights)], "items");
    refuse(|event| event.legal_bases = vec![LegalBasis::Consent, LegalBasis::Consent], "legalBases");
    refuse(|event| event.recipients = codes(&["vendor-n", "vendor-n"]), "recipients");
    refuse(|event| event.assessment_summaries = vec![summary("dpia")], "assessmentSummaries");
    let twice = |event: &mut VersionPublished| event.assessment_summaries.extend_from_within(..);
    refuse(twice, "assessmentSummaries");
    refuse(|event| event.transfer_grounds = vec![transfer("party")], "transferGrounds");
    refuse(|event| event.arrangement_essences = vec![stream("agreement", 2)], "arrangementEssences");
    refuse(|event| event.arrangement_essences.extend_from_within(..), "arrangementEssences");
}

#[test]
fn a_version_is_published_once_and_withdrawn_once() {
    let mut history = History::<PrivacyNotice>::new();
    history.refuses("2018", withdrawn(1), RejectionCode::NeverExisted, "event.versionWithdrawn");
    history.admits("2019", published(1));
    history.refuses("2020", published(1), RejectionCode::AlreadyExists, "event.versionPublished.version");
    history.refuses("2020", withdrawn(2), RejectionCode::NeverExisted, "event.versionWithdrawn.version");
    history.admits("2020", withdrawn(1));
    history.refuses("2021", withdrawn(1), RejectionCode::Ended, "event.versionWithdrawn.version");
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<PrivacyNotice>::new();
    history.admits("2018", drafted(1, &[activity(1)]));
    history.admits("2021", E::VersionPublished(whole(2)));
    history.admits("2022", drafted(3, &[activity(9)]));
    history.admits("2024", published(3));
    history.admits("2025", withdrawn(2));
    history.admits("2026", withdrawn(3));
    assert_eq!(history.state("2017").status, NoticeStatus::Draft);
    assert_eq!(history.keys("2018"), ["status=DRAFT".to_owned(), format!("activity={}", activity(1))]);
    let told = [
        "status=PUBLISHED".to_owned(),
        format!("activity={}", activity(2)),
        format!("arrangement={}", stream("jointControllerArrangement", 2)),
        format!("assessment={}", stream("legitimateInterestAssessment", 2)),
        format!("transferGround={}", stream("transferGround", 1)),
    ];
    assert_eq!(history.keys("2021"), told);
    assert_eq!(history.keys("2022"), told, "what a draft will tell is not told yet");
    let third = history.state("2024");
    assert_eq!((third.activities.as_slice(), third.published.len()), ([activity(2)].as_slice(), 2));
    assert_eq!(third.version(2).unwrap().from, date("2021"));
    let superseded = history.state("2025");
    assert_eq!((superseded.status, superseded.current.unwrap().fact.version), (NoticeStatus::Published, 3));
    let ended = history.state("2026");
    assert_eq!((ended.status, ended.current, ended.anomalies.len()), (NoticeStatus::Withdrawn, None, 0));
}

#[test]
fn facts_about_data_bind_a_notice_to_an_activity() {
    let mut history = History::<PrivacyNotice>::new();
    history.admits("2025-04-28", obtained());
    history.admits("2025-05-02", communicated());
    history.admits("2025-05-03", disclosed());
    history.admits("2025-05-28", provided(1));
    let state = history.state("2025-05-28");
    assert_eq!((state.status, state.activities.as_slice()), (NoticeStatus::Draft, [activity(5)].as_slice()));
    assert_eq!((state.obtained_indirectly.len(), state.indirect_notices.len()), (1, 1));
    assert_eq!((state.first_communications.len(), state.first_disclosures.len()), (1, 1));
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<PrivacyNotice>::new();
    let first = history.admits("2018", published(1));
    history.admits("2019", published(2));
    history.admits("2020", withdrawn(1));
    history.corrects(first, "2018", published(3));
    assert_eq!(history.state("2021").anomalies.len(), 1, "a version withdrawn that was not offered");
}

#[test]
fn a_version_published_twice_is_noted() {
    let mut history = History::<PrivacyNotice>::new();
    history.admits("2020", published(1));
    history.admits("2019", published(1));
    assert_eq!(history.state("2021").anomalies.len(), 1);
}
