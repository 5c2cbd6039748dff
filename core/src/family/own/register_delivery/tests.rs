use RegisterDeliveryEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, laws, stream};
use crate::family::consent_text::{Channel, ConsentText, ConsentTextEvent, WithdrawalChannelDeclared};

fn subscription(unit: &str) -> SubscriptionCreated {
    SubscriptionCreated {
        unit: code(unit),
        families: codes(&["activity", "consentText"]),
        activities: vec![stream("activity", 1)],
        endpoint: Some(EndpointKind::ServerSentEvents),
        system: Some(code("system-1")),
        remark: None,
    }
}

fn subscribed(unit: &str) -> RegisterDeliveryEvent {
    E::SubscriptionCreated(subscription(unit))
}

fn of(unit: &str, subject: StreamId, change: u64) -> RegisterDeliveryEvent {
    E::ChangePublished(ChangePublished {
        unit: code(unit),
        subject,
        change: Sequence(change),
        delivered: Some("2024-05-01T08:00:00.000000Z".parse().unwrap()),
        remark: None,
    })
}

fn delivered(unit: &str, change: u64) -> RegisterDeliveryEvent {
    of(unit, stream("consentText", 2), change)
}

fn ended() -> RegisterDeliveryEvent {
    E::SubscriptionEnded(SubscriptionEnded { reason: Some(clear("another system")), remark: None })
}

fn retracted() -> RegisterDeliveryEvent {
    E::Retracted(Retracted { reason: clear("of another unit"), remark: None })
}

/// A history beside a consent text with the facts 0 and 1.
fn beside_a_text() -> History<RegisterDelivery> {
    let mut text = History::<ConsentText>::new();
    for channel in [Channel::Web, Channel::Email] {
        let declared = WithdrawalChannelDeclared { channels: vec![channel], remark: None };
        text.admits("2020", ConsentTextEvent::WithdrawalChannelDeclared(declared));
    }
    History::new().beside(stream("consentText", 2), &text)
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<RegisterDelivery>(&[
        subscribed("mu-01"),
        delivered("mu-01", 0),
        delivered("mu-01", 1),
        delivered("mu-02", 1),
        ended(),
        retracted(),
    ]);
}

#[test]
fn only_what_changed_the_register_can_be_delivered() {
    let mut history = beside_a_text();
    let field = "event.changePublished.change";
    history.refuses("2024", delivered("mu-01", 7), RejectionCode::Unknown, field);
    history.refuses("2024", of("mu-01", stream("agreement", 3), 1), RejectionCode::Unknown, field);
    for family in ["consent", "ledger", "registerDelivery"] {
        let event = of("mu-01", stream(family, 3), 1);
        history.refuses("2024", event, RejectionCode::Malformed, "event.changePublished.subject");
    }
    history.admits("2024-05-01", delivered("mu-01", 1));
    history.refuses("2024-05-02", delivered("mu-01", 1), RejectionCode::AlreadyExists, field);
    history.refuses("2024-05-02", delivered("mu-02", 0), RejectionCode::Malformed, "event.changePublished.unit");
}

#[test]
fn a_subscription_begins_and_ends_once() {
    let mut history = beside_a_text();
    history.refuses("2024", ended(), RejectionCode::NeverExisted, "event.subscriptionEnded");
    let refuses = |change: fn(&mut SubscriptionCreated), field: &str| {
        let mut event = subscription("mu-01");
        change(&mut event);
        let field = format!("event.subscriptionCreated.{field}");
        history.refuses("2024", E::SubscriptionCreated(event), RejectionCode::Malformed, &field);
    };
    refuses(|event| event.families.push(code("activity")), "families");
    refuses(|event| event.families.push(code("consent")), "families");
    refuses(|event| event.families.push(code("nothing")), "families");
    refuses(|event| event.activities.push(stream("activity", 1)), "activities");
    refuses(|event| event.activities.push(stream("consent", 1)), "activities");
    history.admits("2024-05-01", subscribed("mu-01"));
    history.refuses("2024-05-02", subscribed("mu-01"), RejectionCode::AlreadyExists, "event.subscriptionCreated");
    history.refuses("2024-05-02", delivered("mu-02", 0), RejectionCode::Malformed, "event.changePublished.unit");
    history.admits("2024-06-01", ended());
    history.refuses("2024-06-02", ended(), RejectionCode::Ended, "event.subscriptionEnded");
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = beside_a_text();
    history.admits("2024-04-30", delivered("mu-01", 1));
    history.admits("2024-05-01", subscribed("mu-01"));
    history.admits("2024-05-02", delivered("mu-01", 0));
    history.admits("2024-06-01", ended());
    assert_eq!(history.state("2024-04-30").status, SubscriptionStatus::Unsubscribed);
    assert_eq!(history.state("2024-05-02").status, SubscriptionStatus::Active);
    let state = history.state("2024-06-01");
    assert_eq!((state.status, state.newest, state.deliveries.len()), (SubscriptionStatus::Ended, Some(Sequence(1)), 2));
    let subject = format!("subject={}", stream("consentText", 2));
    assert_eq!(history.keys("2024-04-30"), ["status=UNSUBSCRIBED", "unit=mu-01", &subject, "change=1"]);
}
