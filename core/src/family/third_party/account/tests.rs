use AccountEvent as E;

use super::*;
use crate::family::check::{History, clear, code, date, laws, stream};
use crate::family::kit::RejectionCode;

fn registered() -> Registered {
    Registered {
        platform: code("platform-a"),
        unit: Some(code("mu-01")),
        kind: Some(Kind::Brand),
        name: Some(clear("@demo-law")),
        logo: Some(true),
        disclaimer: None,
        activities: vec![stream("activity", 2)],
        remark: None,
    }
}

fn assessed() -> AccountEvent {
    E::OpeningAssessed(OpeningAssessed {
        platform: Some(code("platform-a")),
        unit: Some(code("mu-01")),
        enough_content: Some(true),
        enough_staff: Some(false),
        advice: Some(OpeningAdvice::PositiveWithConditions),
        advice_text: Some(clear("find a second person first")),
        document: None,
        remark: None,
    })
}

fn opened() -> Opened {
    Opened {
        platform: Some(code("platform-a")),
        unit: Some(code("mu-01")),
        kind: Some(Kind::Brand),
        mode: Some(Mode::Normal),
        owner: Some(code("communication-adviser")),
        back_up: Some(code("web-editor")),
        activities: vec![stream("activity", 3)],
        decision: None,
        remark: None,
    }
}

fn mode_set(activity: &str) -> AccountEvent {
    E::ModeSet(ModeSet { mode: Mode::Broadcast, inbound_activity: Some(stream(activity, 4)), remark: None })
}

fn mandate(holder: Option<&str>, role: Option<&str>, scope: &[PostingScope]) -> PostingMandateGranted {
    PostingMandateGranted {
        holder: holder.map(code),
        role: role.map(code),
        scope: scope.to_vec(),
        until: Some(date("2030")),
        agreed_with: Some(code("head-of-communication")),
        remark: None,
    }
}

fn rotated() -> AccountEvent {
    E::CredentialRotated(CredentialRotated { mfa: Some(true), remark: None })
}

fn compromised(family: &str) -> AccountEvent {
    E::Compromised(Compromised {
        platform: Some(code("platform-a")),
        unit: None,
        discovered: Some(date("2022-03-02")),
        contact_informed: Some(date("2022-03-03")),
        breach: Some(stream(family, 5)),
        text: Some(clear("a stolen password")),
        remark: None,
    })
}

fn closed() -> AccountEvent {
    E::Closed(Closed {
        platform: Some(code("platform-a")),
        unit: Some(code("mu-01")),
        reason: Some(clear("the platform was given up")),
        decision: Some(code("BD-2025-06")),
        content_removed: Some(false),
        remark: None,
    })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Account>(&[
        E::Registered(registered()),
        assessed(),
        E::Opened(opened()),
        mode_set("activity"),
        E::PostingMandateGranted(mandate(Some("staff-comm-01"), None, &[PostingScope::PublishDirectly])),
        E::PostingMandateGranted(mandate(None, Some("editor"), &[])),
        rotated(),
        compromised("breach"),
        closed(),
        E::Retracted(Retracted { reason: clear("registered twice"), remark: None }),
    ]);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<Account>::new();
    history.refuses("2018", mode_set("activity"), RejectionCode::NeverExisted, "event.modeSet");
    history.refuses("2018", rotated(), RejectionCode::NeverExisted, "event.credentialRotated");
    let elsewhere = Registered { activities: vec![stream("party", 1)], ..registered() };
    history.refuses("2018", E::Registered(elsewhere), RejectionCode::Malformed, "event.registered.activities");
    history.admits("2018", E::Registered(registered()));
    history.refuses("2019", E::Registered(registered()), RejectionCode::AlreadyExists, "event.registered");
    let elsewhere = Opened { activities: vec![stream("party", 1)], ..opened() };
    history.refuses("2019", E::Opened(elsewhere), RejectionCode::Malformed, "event.opened.activities");
    history.refuses("2019", mode_set("party"), RejectionCode::Malformed, "event.modeSet.inboundActivity");
    history.refuses("2019", compromised("case"), RejectionCode::Malformed, "event.compromised.breach");
    let refused = |mandate: PostingMandateGranted, field: &str| {
        let field = format!("event.postingMandateGranted.{field}");
        history.refuses("2019", E::PostingMandateGranted(mandate), RejectionCode::Malformed, &field);
    };
    refused(mandate(None, None, &[]), "holder");
    refused(mandate(Some("staff-comm-01"), None, &[PostingScope::Approve, PostingScope::Approve]), "scope");
    refused(PostingMandateGranted { until: Some(date("2018")), ..mandate(Some("staff-comm-01"), None, &[]) }, "until");
}

#[test]
fn after_its_end_nothing_goes_on() {
    let mut history = History::<Account>::new();
    history.admits("2018", E::Opened(opened()));
    history.refuses("2019", E::Opened(opened()), RejectionCode::AlreadyExists, "event.opened");
    history.admits("2020", closed());
    let mandate = E::PostingMandateGranted(mandate(Some("staff-comm-01"), None, &[]));
    for event in [mode_set("activity"), mandate, rotated(), closed()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2021", event, RejectionCode::Ended, &field);
    }
    history.admits("2021", E::Registered(registered()));
    history.admits("2022", compromised("breach"));
    let state = history.state("2022");
    assert_eq!((state.status, state.anomalies.len()), (AccountStatus::Closed, 0));
}

#[test]
fn a_stream_may_begin_anywhere() {
    let mandate = E::PostingMandateGranted(mandate(Some("staff-comm-01"), None, &[]));
    for event in [assessed(), E::Opened(opened()), mandate, compromised("breach"), closed()] {
        History::<Account>::new().admits("2020", event);
    }
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<Account>::new();
    history.admits("2018", E::Registered(registered()));
    history.admits("2019", assessed());
    history.admits("2020", E::Opened(opened()));
    history.admits("2021", mode_set("activity"));
    history.admits("2022", compromised("breach"));
    history.admits("2023", rotated());
    history.admits("2024", closed());
    let status = |at: &str| history.state(at).status;
    assert_eq!([status("2017"), status("2019")], [AccountStatus::Proposed; 2]);
    assert_eq!((status("2020"), status("2022")), (AccountStatus::Active, AccountStatus::Compromised));
    assert_eq!((status("2023"), status("2024")), (AccountStatus::Active, AccountStatus::Closed));
    assert_eq!((history.state("2020").mode, history.state("2021").mode), (Some(Mode::Normal), Some(Mode::Broadcast)));
    let state = history.state("2024");
    assert_eq!(state.owner, Some(code("communication-adviser")));
    assert_eq!(state.back_up, Some(code("web-editor")));
    let keys = [
        "status=CLOSED".to_owned(),
        "platform=platform-a".to_owned(),
        "unit=mu-01".to_owned(),
        "kind=BRAND".to_owned(),
        "mode=BROADCAST".to_owned(),
        format!("breach={}", stream("breach", 5)),
        format!("activity={}", stream("activity", 2)),
        format!("activity={}", stream("activity", 3)),
        format!("activity={}", stream("activity", 4)),
    ];
    assert_eq!(history.keys("2024"), keys);
}

#[test]
fn the_newest_mandate_of_a_holder_counts() {
    let mut history = History::<Account>::new();
    let grant = |holder, role, scope: &[PostingScope]| E::PostingMandateGranted(mandate(holder, role, scope));
    history.admits("2019", grant(Some("staff-comm-01"), Some("editor"), &[PostingScope::AnswerAfterApproval]));
    history.admits("2020", grant(None, Some("editor"), &[]));
    history.admits("2021", grant(Some("staff-comm-01"), None, &[PostingScope::AnswerDirectly]));
    let state = history.state("2022");
    let scopes: Vec<_> = state.mandates.iter().map(|mandate| mandate.fact.scope.clone()).collect();
    assert_eq!(scopes, [Vec::new(), vec![PostingScope::AnswerDirectly]]);
    assert_eq!(state.posting_mandate_granted.len(), 3);
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<Account>::new();
    history.admits("2020", E::Opened(opened()));
    history.admits("2021", closed());
    let sequence = history.admits("2020-06", rotated());
    history.corrects(sequence, "2020-07", rotated());
    assert_eq!(history.state("2022").anomalies, []);
    history.admits("2020-03", closed());
    let state = history.state("2022");
    assert_eq!((state.status, state.anomalies.len()), (AccountStatus::Closed, 2));
}
