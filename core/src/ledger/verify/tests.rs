use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::ledger::entry::tests::example;
use crate::ledger::key::{SigningKey, VerifierKey};
use crate::ledger::merkle::Frontier;
use crate::ledger::note::Note;

const ORIGIN: &str = "ledger.example/tenant-1";

struct Keys {
    event: SigningKey,
    checkpoint: SigningKey,
    recovery: SigningKey,
    next: SigningKey,
}

fn keys() -> Keys {
    let key = |suffix: &str, seed: u8| SigningKey::from_seed(format!("{ORIGIN}{suffix}").parse().unwrap(), &[seed; 32]);
    Keys { event: key("/events", 2), checkpoint: key("", 1), recovery: key("/recovery", 3), next: key("/events", 4) }
}

/// A ledger of `size` entries, a checkpoint after each third entry and at the end.
struct Log {
    rows: Vec<Row>,
    checkpoints: BTreeMap<u64, Vec<u8>>,
    head: HeadClaim,
}

fn log_with(
    size: u64,
    signers: impl for<'k> Fn(u64, &'k Keys) -> Vec<&'k SigningKey>,
    data: impl Fn(u64, &Keys) -> Option<(&'static str, serde_json::Value)>,
) -> Log {
    let keys = keys();
    let mut log = Log {
        rows: Vec::new(),
        checkpoints: BTreeMap::new(),
        head: HeadClaim {
            origin: ORIGIN.parse().unwrap(),
            event_key: keys.event.verifier().clone(),
            checkpoint_key: keys.checkpoint.verifier().clone(),
            recovery_key: keys.recovery.verifier().clone(),
            simulated: false,
            size: 0,
            root: super::super::merkle::empty_root(),
            previous: TextHash::of_nothing().0,
            recorded: Instant::MIN,
        },
    };
    let mut frontier = Frontier::new();
    for sequence in 0..size {
        let mut entry = example();
        if sequence == 0 {
            entry.event = "ledger.founded".parse().unwrap();
            entry.stream = "ledger/0190b6a2-7c1e-7000-8000-000000000009".parse().unwrap();
            entry.data = json!({"eventKey": keys.event.verifier(), "checkpointKey": keys.checkpoint.verifier(), "recoveryKey": keys.recovery.verifier(), "clock": "SYSTEM"});
        } else if let Some((fact, data)) = data(sequence, &keys) {
            let family = if data.get("subject").is_some() { "erasure" } else { "ledger" };
            entry.event = format!("{family}.{fact}").parse().unwrap();
            entry.stream = format!("{family}/0190b6a2-7c1e-7000-8000-000000000009").parse().unwrap();
            entry.data = data;
        }
        entry.reference = None;
        entry.revision = sequence + 1;
        entry.sequence = sequence;
        entry.previous = TextHash(log.head.previous);
        entry.recorded = Instant::from_microseconds(1_700_000_000_000_000 + i64::try_from(sequence).unwrap());
        let text = entry.text().unwrap();
        let body = Note::sign(&text, &signers(sequence, &keys)).unwrap().encode();
        frontier.push(leaf_hash(&body)).unwrap();
        let leaf = Some(leaf_hash(&body));
        log.rows.push(Row { sequence, columns: Some(Columns::of(&entry)), leaf, body });
        log.head = HeadClaim {
            event_key: signers(sequence + 1, &keys)[0].verifier().clone(),
            size: sequence + 1,
            root: frontier.root(),
            previous: TextHash::of(&text).0,
            recorded: entry.recorded,
            ..log.head
        };
        if sequence % 3 == 2 || sequence + 1 == size {
            let checkpoint = Checkpoint::new(ORIGIN, sequence + 1, frontier.root()).unwrap();
            log.checkpoints.insert(sequence + 1, checkpoint.sign(&keys.checkpoint).unwrap().encode());
        }
    }
    log
}

fn log(size: u64) -> Log {
    log_with(size, |_, keys| vec![&keys.event], |_, _| None)
}

fn verify_with(log: &Log, trust: Trust) -> Report {
    let mut verifier = Verifier::new(trust);
    let mut checkpoints = log.checkpoints.iter().peekable();
    for row in &log.rows {
        verifier.rows(std::slice::from_ref(row), 1);
        while let Some((size, note)) = checkpoints.next_if(|(size, _)| **size <= verifier.size()) {
            verifier.checkpoint(*size, note);
        }
    }
    verifier.finish(Some(&log.head))
}

fn verify(log: &Log) -> Report {
    verify_with(log, Trust::default())
}

fn kinds(report: &Report) -> Vec<(FaultKind, u64, u64)> {
    report.faults.iter().map(|fault| (fault.kind, fault.from, fault.to)).collect()
}

#[test]
fn an_untouched_ledger_holds() {
    let report = verify(&log(10));
    assert!(report.ok, "{:?}", report.faults);
    assert_eq!((report.size, report.complete_up_to, report.checkpoints, report.keys_trusted), (10, 10, 4, false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_flipped_byte_is_reported_at_its_sequence(at in 0usize..8, position in 0usize..2_000, bit in 0u8..8) {
        let mut log = log(8);
        let row = &mut log.rows[at];
        let position = position % row.body.len();
        row.body[position] ^= 1 << bit;
        let report = verify(&log);
        prop_assert!(!report.ok);
        prop_assert_eq!(report.first_bad, Some(at as u64), "{:?}", report.faults);
        // The tiles still hold the true leaf hash, so nothing after the row is in doubt (but for a lost founding).
        if at > 0 {
            prop_assert!(report.faults.iter().all(|fault| fault.from == at as u64 && fault.to == at as u64), "{:?}", report.faults);
            prop_assert_eq!(report.complete_up_to, 8);
        }
    }

    #[test]
    fn any_deleted_row_is_reported_at_its_sequence(at in 0usize..7) {
        let mut log = log(8);
        log.rows.remove(at);
        let report = verify(&log);
        prop_assert_eq!(kinds(&report).first().copied(), Some((FaultKind::Missing, at as u64, at as u64)));
    }

    #[test]
    fn swapped_rows_are_reported_at_the_first_of_them((left, right) in (0usize..7).prop_flat_map(|left| (Just(left), left + 1..8))) {
        let mut log = log(8);
        let body = log.rows[left].body.clone();
        log.rows[left].body = std::mem::replace(&mut log.rows[right].body, body);
        let report = verify(&log);
        prop_assert_eq!(report.first_bad, Some(left as u64));
        prop_assert!(report.faults.iter().any(|fault| fault.from <= right as u64 && right as u64 <= fault.to));
    }

    #[test]
    fn a_truncated_tail_is_reported_from_its_first_row_on(keep in 1usize..8) {
        let mut log = log(8);
        log.rows.truncate(keep);
        prop_assert!(kinds(&verify(&log)).contains(&(FaultKind::Missing, keep as u64, 7)));
    }

    #[test]
    fn a_tail_cut_off_with_head_and_checkpoints_is_caught_by_a_trusted_checkpoint(keep in 1u64..8) {
        let whole = log(8);
        let cut = log(keep);
        prop_assert!(verify(&cut).ok, "nothing inside the database tells");
        let trusted = Checkpoint::open(&whole.checkpoints[&8], keys().checkpoint.verifier()).unwrap().0;
        let report = verify_with(&cut, Trust { checkpoint: Some(trusted.clone()), ..Trust::default() });
        prop_assert_eq!(kinds(&report), vec![(FaultKind::Missing, keep, 7)]);
        let report = verify_with(&whole, Trust { checkpoint: Some(trusted), ..Trust::default() });
        prop_assert!(report.ok && report.trusted_checkpoint == Some(8));
    }
}

#[test]
fn an_inserted_row_is_surplus_or_out_of_sequence() {
    let mut longer = log(9);
    longer.head = log(8).head;
    longer.checkpoints = log(8).checkpoints;
    assert_eq!(kinds(&verify(&longer)), vec![(FaultKind::Surplus, 8, 8)]);
    let mut twice = log(8);
    twice.rows.insert(3, twice.rows[3].clone());
    assert_eq!(kinds(&verify(&twice)), vec![(FaultKind::Sequence, 3, 3)]);
}

#[test]
fn changed_columns_tiles_and_checkpoints_are_reported() {
    let mut changed = log(8);
    changed.rows[4].columns.as_mut().unwrap().stream = "consent/other".into();
    assert_eq!(kinds(&verify(&changed)), vec![(FaultKind::Columns, 4, 4)]);
    let mut changed = log(8);
    changed.rows[4].leaf = Some(leaf_hash(b"other"));
    assert_eq!(kinds(&verify(&changed)), vec![(FaultKind::Tree, 4, 4)]);
    let mut changed = log(8);
    let note = changed.checkpoints.get_mut(&6).unwrap();
    let last = note.len() - 10;
    note[last] ^= 1;
    assert_eq!(kinds(&verify(&changed)), vec![(FaultKind::Checkpoint, 5, 5)]);
    let mut changed = log(8);
    changed.head.root = leaf_hash(b"other");
    assert_eq!(kinds(&verify(&changed)), vec![(FaultKind::Head, 7, 7)]);
}

#[test]
fn a_rewritten_history_needs_the_keys_and_is_caught_by_trusted_ones() {
    let rewritten = log(8);
    let stranger: VerifierKey =
        SigningKey::from_seed(format!("{ORIGIN}/events").parse().unwrap(), &[9; 32]).verifier().clone();
    let report = verify_with(&rewritten, Trust { keys: vec![stranger], checkpoint: None });
    assert_eq!(report.first_bad, Some(0));
    let report = verify_with(&rewritten, Trust { keys: vec![keys().event.verifier().clone()], checkpoint: None });
    assert!(report.ok && report.keys_trusted);
}

#[test]
fn a_new_key_signs_after_its_introduction_only_when_both_signed_it() {
    let introduced = |sequence: u64, keys: &Keys| {
        (sequence == 4).then(|| {
            (
                "keyIntroduced",
                json!({"keyUse": "EVENT", "key": keys.next.verifier(), "previous": keys.event.verifier()}),
            )
        })
    };
    fn both(sequence: u64, keys: &Keys) -> Vec<&SigningKey> {
        match sequence {
            0..4 => vec![&keys.event],
            4 => vec![&keys.event, &keys.next],
            _ => vec![&keys.next],
        }
    }
    assert!(verify(&log_with(8, both, introduced)).ok);
    let only_old = log_with(
        8,
        |sequence, keys| {
            if sequence > 4 { vec![&keys.next] } else { vec![&keys.event] }
        },
        introduced,
    );
    assert_eq!(verify(&only_old).first_bad, Some(4));
    let old_goes_on = log_with(
        8,
        |sequence, keys| {
            if sequence == 4 { vec![&keys.event, &keys.next] } else { vec![&keys.event] }
        },
        introduced,
    );
    assert_eq!(kinds(&verify(&old_goes_on)), vec![(FaultKind::Signature, 5, 7), (FaultKind::Head, 7, 7)]);
}

#[test]
fn a_revoked_key_casts_doubt_on_what_it_signed_since() {
    let revoked = |sequence: u64, keys: &Keys| {
        (sequence == 6).then(|| {
            (
                "keyRevoked",
                json!({"revoked": keys.event.verifier(), "fromSequence": 3, "successor": keys.next.verifier()}),
            )
        })
    };
    fn signers(sequence: u64, keys: &Keys) -> Vec<&SigningKey> {
        match sequence {
            0..6 => vec![&keys.event],
            6 => vec![&keys.recovery, &keys.next],
            _ => vec![&keys.next],
        }
    }
    assert_eq!(kinds(&verify(&log_with(8, signers, revoked))), vec![(FaultKind::KeyRange, 3, 5)]);
    let by_thief = log_with(8, |_, keys| vec![&keys.event], revoked);
    assert_eq!(kinds(&verify(&by_thief))[0], (FaultKind::Signature, 6, 6));
}

#[test]
fn values_that_are_lost_moved_or_added_are_reported() {
    use crate::ledger::erasable::{Disclosure, SALT_BYTES};
    let disclosure = Disclosure::new([1; SALT_BYTES], &json!("x")).unwrap();
    let digest = disclosure.digest();
    let sealed = log_with(
        3,
        |_, keys| vec![&keys.event],
        |sequence, _| (sequence == 2).then(|| ("importStarted", json!({"remark": {"...": digest.as_str()}}))),
    );
    let stream: StreamId = "ledger/0190b6a2-7c1e-7000-8000-000000000009".parse().unwrap();
    let check = |found: Vec<VaultFinding>, expected: Vec<(FaultKind, u64, u64)>| {
        let mut verifier = Verifier::new(Trust::default());
        verifier.rows(&sealed.rows, 2);
        verifier.vault(found);
        assert_eq!(kinds(&verifier.finish(None)), expected);
    };
    let row = |digest: &Digest, sequence: u64, erased_by: Option<u64>| {
        Ok(VaultValue { digest: digest.clone(), sequence, stream: stream.clone(), erased_by })
    };
    check(vec![row(&digest, 2, None)], vec![]);
    check(vec![], vec![(FaultKind::Vault, 2, 2)]);
    check(vec![row(&digest, 1, None)], vec![(FaultKind::Vault, 2, 2)]);
    let other = Disclosure::new([2; SALT_BYTES], &json!("x")).unwrap().digest();
    check(vec![row(&digest, 2, None), row(&other, 1, None)], vec![(FaultKind::Vault, 1, 1)]);
    // Said to be erased by an entry that is none of an erasure, or that there is not.
    check(vec![row(&digest, 2, Some(1))], vec![(FaultKind::Vault, 2, 2)]);
    check(vec![row(&digest, 2, Some(9))], vec![(FaultKind::Vault, 2, 2)]);
    // What is damaged opens nothing, so its commitment is lost as well.
    check(vec![Err((2, "damaged".into()))], vec![(FaultKind::Vault, 2, 2), (FaultKind::Vault, 2, 2)]);
}

#[test]
fn an_erased_value_is_explained_by_the_entry_that_erased_it() {
    use crate::ledger::erasable::{Disclosure, SALT_BYTES};
    let digest = Disclosure::new([1; SALT_BYTES], &json!("x")).unwrap().digest();
    let stream: StreamId = "ledger/0190b6a2-7c1e-7000-8000-000000000009".parse().unwrap();
    let erased = log_with(
        6,
        |_, keys| vec![&keys.event],
        |sequence, _| match sequence {
            2 => Some(("importStarted", json!({"remark": {"...": digest.as_str()}}))),
            4 => Some(("subjectDataErased", json!({"subject": stream.to_string(), "digests": []}))),
            5 => Some(("subjectDataErased", json!({"subject": "consent/0190b6a2-7c1e-7000-8000-000000000009"}))),
            _ => None,
        },
    );
    let found =
        |by| vec![Ok(VaultValue { digest: digest.clone(), sequence: 2, stream: stream.clone(), erased_by: by })];
    let check = |by: u64, pages: [usize; 2], expected: Vec<(FaultKind, u64, u64)>, count: u64| {
        let mut verifier = Verifier::new(Trust::default());
        verifier.rows(&erased.rows[..pages[0]], 2);
        verifier.vault(found(Some(by)));
        verifier.rows(&erased.rows[pages[0]..pages[1]], 2);
        verifier.vault(Vec::new());
        let report = verifier.finish(None);
        assert_eq!((kinds(&report), report.erased), (expected, count), "{by} {pages:?}");
    };
    let lost = || vec![(FaultKind::Vault, 2, 2)];
    check(4, [6, 6], Vec::new(), 1);
    check(4, [3, 6], Vec::new(), 1);
    check(4, [3, 4], lost(), 0);
    check(5, [6, 6], lost(), 0);
    check(3, [6, 6], lost(), 0);
    check(9, [6, 6], lost(), 0);
    // What was recorded while the vault was read is not looked at.
    let mut verifier = Verifier::new(Trust::default());
    verifier.rows(&erased.rows[..4], 2);
    verifier.vault(found(Some(4)));
    verifier.erased_meanwhile(4..6);
    assert!(verifier.finish(None).ok);
    // Nor what an entry erased that cannot be believed; that it cannot is the fault.
    let mut damaged = erased.rows.clone();
    damaged[4].body[40] ^= 1;
    let mut verifier = Verifier::new(Trust::default());
    verifier.rows(&damaged, 2);
    verifier.vault(found(Some(4)));
    assert!(verifier.finish(None).faults.iter().all(|fault| (fault.from, fault.to) == (4, 4)));
    let mut verifier = Verifier::new(Trust::default());
    verifier.rows(&erased.rows, 2);
    verifier.vault(found(None));
    assert_eq!(verifier.erasings().standing().len(), 2);
    verifier.still_there(2, 4);
    assert_eq!(kinds(&verifier.finish(None)), lost());
}

#[test]
fn nothing_at_all_is_no_ledger() {
    let report = Verifier::new(Trust::default()).finish(None);
    assert_eq!(kinds(&report), vec![(FaultKind::Missing, 0, 0)]);
}

#[test]
fn a_head_that_names_other_keys_or_another_clock_is_reported() {
    type Change = fn(&mut HeadClaim);
    let check = |change: Change| {
        let mut changed = log(8);
        change(&mut changed.head);
        assert_eq!(kinds(&verify(&changed)), vec![(FaultKind::Head, 7, 7)]);
    };
    check(|head| head.origin = "ledger.example/other".parse().unwrap());
    check(|head| head.event_key = keys().next.verifier().clone());
    check(|head| head.checkpoint_key = keys().next.verifier().clone());
    check(|head| head.recovery_key = keys().next.verifier().clone());
    check(|head| head.simulated = true);
}

#[test]
fn entries_that_cannot_be_read_are_told_and_are_no_fault() {
    let log = log(6);
    let mut verifier = Verifier::new(Trust::default()).reading(|entry| ![2, 4].contains(&entry.sequence));
    verifier.rows(&log.rows, 2);
    let report = verifier.finish(None);
    assert_eq!((report.ok, report.unreadable, report.first_unreadable), (true, 2, Some(2)));
    assert_eq!(verify(&log).unreadable, 0);
}
