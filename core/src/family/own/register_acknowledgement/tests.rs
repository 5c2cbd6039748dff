use RegisterAcknowledgementEvent as E;

use super::*;
use crate::family::agreement::Agreement;
use crate::family::check::{History, clear, code, laws, stream};
use crate::family::consent_text::{Channel, ConsentText, ConsentTextEvent, WithdrawalChannelDeclared};

fn acknowledged(unit: &str, change: u64) -> RegisterAcknowledgementEvent {
    of(stream("consentText", 2), unit, change)
}

fn of(subject: StreamId, unit: &str, change: u64) -> RegisterAcknowledgementEvent {
    E::Acknowledged(Acknowledged {
        unit: code(unit),
        subject,
        change: Sequence(change),
        remark: Some(clear("read in the team meeting")),
    })
}

fn retracted() -> RegisterAcknowledgementEvent {
    E::Retracted(Retracted { reason: clear("of another unit"), remark: None })
}

/// A history beside a consent text with the facts 0 and 1.
fn beside_a_text() -> History<RegisterAcknowledgement> {
    let mut text = History::<ConsentText>::new();
    for channel in [Channel::Web, Channel::Email] {
        let declared = WithdrawalChannelDeclared { channels: vec![channel], remark: None };
        text.admits("2020", ConsentTextEvent::WithdrawalChannelDeclared(declared));
    }
    History::new().beside(stream("consentText", 2), &text)
}

#[test]
fn a_unit_takes_note_of_a_change_once_a_stream() {
    let mut history = beside_a_text();
    let sequence = history.admits("2024-05-01", acknowledged("mu-01", 1));
    history.refuses("2024-05-02", acknowledged("mu-02", 1), RejectionCode::AlreadyExists, "event.acknowledged");
    let state = history.state("2024-05-01");
    assert_eq!((state.unit, state.change, state.sequence), (Some(code("mu-01")), Some(Sequence(1)), Some(sequence)));
    let subject = format!("subject={}", stream("consentText", 2));
    assert_eq!(history.keys("2024-05-01"), ["unit=mu-01", &subject, "change=1"]);
    assert_eq!(history.state("2024-04-30"), RegisterAcknowledgement::default());
}

#[test]
fn only_what_changed_the_register_can_be_acknowledged() {
    let history = beside_a_text();
    let field = "event.acknowledged.change";
    history.refuses("2024", acknowledged("mu-01", 7), RejectionCode::Unknown, field);
    history.refuses("2024", of(stream("agreement", 3), "mu-01", 1), RejectionCode::Unknown, field);
    let beside = History::<Agreement>::new();
    let history = history.beside(stream("agreement", 3), &beside);
    history.refuses("2024", of(stream("agreement", 3), "mu-01", 0), RejectionCode::Unknown, field);
    let field = "event.acknowledged.subject";
    for family in ["consent", "ledger", "registerAcknowledgement"] {
        history.refuses("2024", of(stream(family, 3), "mu-01", 1), RejectionCode::Malformed, field);
    }
}

#[test]
fn an_acknowledgement_is_a_units_word() {
    beside_a_text().refuses_subjects("2024", &acknowledged("mu-01", 1));
}

#[test]
fn a_wrong_acknowledgement_is_taken_back() {
    let mut history = beside_a_text();
    let wrong = history.admits("2024-05-01", acknowledged("mu-01", 1));
    history.corrects(wrong, "2024-05-01", retracted());
    assert_eq!(history.state("2024-06-01"), RegisterAcknowledgement::default());
    history.admits("2024-06-02", acknowledged("mu-02", 1));
}

#[test]
fn the_fold_obeys_the_laws_of_every_family() {
    laws::<RegisterAcknowledgement>(&[acknowledged("mu-01", 1), acknowledged("mu-02", 0), retracted()]);
}
