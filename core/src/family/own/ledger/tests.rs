use std::collections::BTreeMap;

use LedgerEvent as E;

use super::*;
use crate::family::check::{clear, code, date, fact};
use crate::ledger::key::SigningKey;

fn key(seed: u8) -> VerifierKey {
    SigningKey::from_seed("griffie.example".parse().unwrap(), &[seed; 32]).verifier().clone()
}

fn founded(event: u8, checkpoint: u8, recovery: u8) -> LedgerEvent {
    E::Founded(Founded {
        origin: "griffie.example".into(),
        event_key: key(event),
        checkpoint_key: key(checkpoint),
        recovery_key: key(recovery),
        clock: ClockKind::Simulated,
        remark: None,
    })
}

fn introduced(seed: u8) -> LedgerEvent {
    E::KeyIntroduced(KeyIntroduced { key_use: KeyUse::Checkpoint, key: key(seed), previous: key(2), remark: None })
}

fn revoked(from: u64, successor: u8) -> LedgerEvent {
    let (revoked, from_sequence) = (key(1), Sequence(from));
    E::KeyRevoked(KeyRevoked { revoked, from_sequence, successor: key(successor), remark: None })
}

fn corrected(from: u64, to: u64) -> LedgerEvent {
    let (from_sequence, to_sequence) = (Sequence(from), Sequence(to));
    E::ClockCorrected(ClockCorrected { from_sequence, to_sequence, reason: clear("no battery"), remark: None })
}

fn completed() -> LedgerEvent {
    E::ImportCompleted(ImportCompleted { file: Hash([1; 32]), facts: Sequence(3), remark: None })
}

/// What a ledger with these facts says of another at sequence 10.
fn verdict(known: &[LedgerEvent], new: &LedgerEvent, role: &str) -> Result<(), (RejectionCode, &'static str)> {
    let mut ledger = Ledger::default();
    for (event, sequence) in known.iter().zip(0..) {
        ledger.apply(event, &fact(sequence, date("2024"), event, None, OPERATOR).recorded);
    }
    let place = fact(10, date("2024"), new, None, role).recorded;
    let context = Context { place: &place, streams: &BTreeMap::new() };
    ledger.admit(new, &context).map_err(|refusal| (refusal.code, refusal.field))
}

#[test]
fn what_cannot_have_been_is_refused() {
    let known = [founded(1, 2, 3)];
    let check = |known: &[LedgerEvent], new: LedgerEvent, expected| {
        assert_eq!(verdict(known, &new, OPERATOR), expected, "{new:?}");
        assert_eq!(verdict(known, &new, "DPO"), Err((RejectionCode::NotThisActor, "")));
    };
    check(&[], founded(1, 2, 3), Ok(()));
    let in_use = Err((RejectionCode::AlreadyExists, "key"));
    [founded(1, 1, 3), founded(1, 2, 1), founded(1, 2, 2)].into_iter().for_each(|new| check(&[], new, in_use));
    check(&[], introduced(4), Err((RejectionCode::NeverExisted, "")));
    check(&known, founded(4, 5, 6), Err((RejectionCode::AlreadyExists, "")));
    check(&known, introduced(4), Ok(()));
    [introduced(1), introduced(3), revoked(10, 2)].into_iter().for_each(|new| check(&known, new, in_use));
    check(&known, revoked(10, 4), Ok(()));
    check(&known, corrected(3, 9), Ok(()));
    let range = Err((RejectionCode::Malformed, "fromSequence"));
    [revoked(11, 4), corrected(4, 3), corrected(3, 10)].into_iter().for_each(|new| check(&known, new, range));
    check(&known, completed(), Err((RejectionCode::NeverExisted, "file")));
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut ledger = Ledger::default();
    let import = ImportStarted { file: Hash([1; 32]), facts: Sequence(3), format: code("JSON_LINES"), remark: None };
    let events = [founded(1, 2, 3), revoked(0, 4), corrected(0, 1), E::ImportStarted(import), completed()];
    for (event, sequence) in events.iter().zip(0..) {
        ledger.apply(event, &fact(sequence, date("2024"), event, None, OPERATOR).recorded);
    }
    let trusted = ledger.keys.iter().map(|record| record.revoked_from);
    assert!(trusted.eq([Some(Sequence(0)), None, None]));
    assert_eq!((ledger.untimed.len(), ledger.imports[0].complete, ledger.anomalies.len()), (1, true, 0));
    assert!(Family::keys(&ledger).is_empty(), "the ledger is the only one of its family");
}
