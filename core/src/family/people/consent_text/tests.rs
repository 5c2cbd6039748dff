use ConsentTextEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, laws, stream, words};

fn item(text: &str) -> TextItem {
    TextItem {
        code: code(text),
        purpose: Some(words("a picture on the website")),
        operations: codes(&["PUBLISH"]),
        platforms: codes(&["website"]),
        profiling: None,
        mandatory: None,
        pre_ticked: None,
    }
}

fn published(version: u32, items: &[&str]) -> ConsentTextEvent {
    published_for(stream("activity", 2), version, items)
}

fn published_for(activity: StreamId, version: u32, items: &[&str]) -> ConsentTextEvent {
    E::Published(Published {
        version,
        activity: Some(activity),
        languages: codes(&["nl", "en"]),
        items: items.iter().copied().map(item).collect(),
        grant_channels: vec![Channel::Paper],
        withdraw_channels: vec![Channel::Email],
        steps_grant: Some(1),
        steps_withdraw: Some(1),
        withdrawal_costs: None,
        withdrawal_reason_demanded: None,
        mentions_withdrawal: None,
        minors_variant: None,
        document: None,
        remark: None,
    })
}

fn superseded(version: u32) -> ConsentTextEvent {
    E::Superseded(Superseded {
        version,
        materiality: Some(Materiality::Material),
        reconsent_needed: Some(true),
        remark: None,
    })
}

fn reconsent_requested(version: u32) -> ConsentTextEvent {
    E::ReconsentRequested(ReconsentRequested { version, cohort_size: Some(40), remark: None })
}

fn assessed() -> ConsentTextEvent {
    E::SafeguardsAssessed(SafeguardsAssessed {
        audience: codes(&["STUDENT"]),
        refusal_without_detriment: Some(true),
        collection_by: Some(clear("the service desk")),
        survey_answers: Some(140),
        pressure_percent: Some(6),
        pressure_unit: Some(code("mu-03")),
        survey_evidence: None,
        measures: vec![clear("collection by the service desk"), clear("no lists of names")],
        remark: Some(clear("yearly")),
    })
}

fn channel_declared() -> ConsentTextEvent {
    let channels = vec![Channel::Web, Channel::Email];
    E::WithdrawalChannelDeclared(WithdrawalChannelDeclared { channels, remark: None })
}

fn banner_published() -> ConsentTextEvent {
    E::BannerConfigurationPublished(BannerConfigurationPublished {
        version: 2,
        configuration: Some(Hash([7; 32])),
        equal_buttons: Some(true),
        scan: Some(Hash([8; 32])),
        remark: None,
    })
}

fn retracted() -> ConsentTextEvent {
    E::Retracted(Retracted { reason: clear("typed in the wrong stream"), remark: None })
}

fn pool() -> Vec<ConsentTextEvent> {
    vec![
        published(1, &["photo"]),
        published(2, &["photo", "video"]),
        assessed(),
        channel_declared(),
        banner_published(),
        superseded(1),
        reconsent_requested(2),
        retracted(),
    ]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<ConsentText>(&pool());
}

#[test]
fn a_data_subject_records_nothing_here() {
    for event in pool().iter().filter(|event| !matches!(event, E::Retracted(_))) {
        History::<ConsentText>::new().refuses_subjects("2018", event);
    }
}

#[test]
fn a_version_is_published_once_and_asks_something() {
    let mut history = History::<ConsentText>::new();
    history.refuses("2018", published(0, &["photo"]), RejectionCode::Malformed, "event.published.version");
    history.refuses("2018", published(1, &[]), RejectionCode::Malformed, "event.published.items");
    history.refuses("2018", published(1, &["photo", "photo"]), RejectionCode::Malformed, "event.published.items");
    let wrong = published_for(stream("agreement", 2), 1, &["photo"]);
    history.refuses("2018", wrong, RejectionCode::Malformed, "event.published.activity");
    history.admits("2018", published(1, &["photo"]));
    history.refuses("2018", published(1, &["video"]), RejectionCode::AlreadyExists, "event.published.version");
}

#[test]
fn only_what_was_published_is_superseded_or_asked_anew() {
    let mut history = History::<ConsentText>::new();
    history.refuses("2018", superseded(1), RejectionCode::NeverExisted, "event.superseded.version");
    history.refuses("2018", reconsent_requested(1), RejectionCode::NeverExisted, "event.reconsentRequested.version");
    history.admits("2018", published(1, &["photo"]));
    history.admits("2019", superseded(1));
    history.admits("2019", reconsent_requested(1));
    assert_eq!(history.state("2019").reconsent_requested, [1]);
}

#[test]
fn what_stands_beside_a_text_needs_no_version() {
    for event in [assessed(), channel_declared(), banner_published()] {
        History::<ConsentText>::new().admits("2018", event);
    }
}

#[test]
fn a_new_version_takes_the_place_of_the_old_one() {
    let mut history = History::<ConsentText>::new();
    history.admits("2018-09-03", published(1, &["photo"]));
    history.admits("2023-11-20", published(2, &["photo", "video"]));
    history.admits("2024-01-01", channel_declared());
    history.admits("2024-02-01", superseded(2));
    let statuses =
        |at: &str| -> Vec<TextStatus> { history.state(at).versions.iter().map(|version| version.status).collect() };
    assert_eq!(history.state("2018-09-02").status, TextStatus::Unpublished);
    assert_eq!(statuses("2018-09-03"), [TextStatus::InForce]);
    assert_eq!(statuses("2023-11-20"), [TextStatus::Superseded, TextStatus::InForce]);
    assert_eq!(history.state("2023-12-31").withdrawal_channels, [Channel::Email]);
    assert_eq!(history.state("2024-01-01").withdrawal_channels, [Channel::Web, Channel::Email]);
    assert_eq!(history.state("2024-02-01").status, TextStatus::Superseded);
    let activity = format!("activity={}", stream("activity", 2));
    assert_eq!(history.keys("2018-12"), ["status=IN_FORCE", &activity, "platform=website"]);
    assert_eq!(history.keys("2024"), ["status=SUPERSEDED", &activity]);
    let told = |at: &str, version: u32| history.state(at).version(version).unwrap().supersession.clone();
    assert_eq!(told("2024-02", 1), None, "nothing was said of the first version, a newer one took its place");
    assert_eq!(told("2024-02-01", 2).unwrap().fact.reconsent_needed, Some(true));
}

#[test]
fn a_correction_mends_the_record_and_a_retraction_takes_it_back() {
    let mut history = History::<ConsentText>::new();
    let first = history.admits("2018", published(1, &["photo"]));
    let mended = history.corrects(first, "2018", published(1, &["photo", "video"]));
    assert_eq!(history.state("2018").versions[0].text.items.len(), 2);
    history.refuses_correction(first, published(1, &["photo"]), RejectionCode::Ended);
    history.corrects(mended, "2018", retracted());
    assert_eq!(history.state("2018"), ConsentText::default());
    history.admits("2019", published(1, &["photo"]));
}
