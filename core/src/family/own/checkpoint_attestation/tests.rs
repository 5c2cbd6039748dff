use CheckpointAttestationEvent as E;

use super::*;
use crate::family::check::{History, clear, code, laws};
use crate::family::kit::RejectionCode;

fn root(number: u8) -> Hash {
    Hash([number; 32])
}

fn signed(size: u64, root: Hash) -> CheckpointAttestationEvent {
    E::Signed(Signed {
        size: Sequence(size),
        root,
        key: None,
        depositary: Some(code("auditor-01")),
        url: Some("https://deposit.example/42".to_owned()),
        note: Some(Hash([3; 32])),
        remark: None,
    })
}

fn witnessed(size: u64, root: Hash) -> CheckpointAttestationEvent {
    E::Witnessed(Witnessed {
        size: Sequence(size),
        root,
        witness: code("witness-01"),
        key: None,
        cosigned: Some("2026-03-20T11:00:00.000000Z".parse().unwrap()),
        note: None,
        remark: None,
    })
}

fn timestamped(size: u64, root: Hash) -> CheckpointAttestationEvent {
    E::TimestampObtained(TimestampObtained {
        size: Sequence(size),
        root,
        authority: code("tsa-01"),
        token: Hash([4; 32]),
        stated: Some("2026-03-20T11:00:01.000000Z".parse().unwrap()),
        qualified: Some(true),
        remark: None,
    })
}

fn check(result: IntegrityResult) -> IntegrityCheckPerformed {
    let bad = BadRange { first: Sequence(7), last: Sequence(9) };
    IntegrityCheckPerformed {
        size: Sequence(42),
        root: (result == IntegrityResult::Intact).then(|| root(1)),
        result,
        bad_ranges: if result == IntegrityResult::Tampered { vec![bad] } else { Vec::new() },
        complete_to: Some(Sequence(40)),
        by: Some(code("AUDITOR")),
        program: Some(code("griffie-0.1.0")),
        report: None,
        started: Some("2026-03-20".parse().unwrap()),
        ended: Some("2026-03-21".parse().unwrap()),
        remark: Some(clear("with the checkpoint of the witness")),
    }
}

fn checked(result: IntegrityResult) -> CheckpointAttestationEvent {
    E::IntegrityCheckPerformed(check(result))
}

fn retracted() -> CheckpointAttestationEvent {
    E::Retracted(Retracted { reason: clear("another ledger"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<CheckpointAttestation>(&[
        signed(42, root(1)),
        witnessed(42, root(1)),
        witnessed(42, root(2)),
        timestamped(42, root(1)),
        checked(IntegrityResult::Intact),
        checked(IntegrityResult::Tampered),
        retracted(),
    ]);
}

#[test]
fn what_cannot_be_a_checkpoint_is_refused() {
    let history = History::<CheckpointAttestation>::new();
    let malformed = RejectionCode::Malformed;
    history.refuses("2026", signed(0, root(1)), malformed, "event.signed.size");
    history.refuses("2026", witnessed(0, root(1)), malformed, "event.witnessed.size");
    history.refuses("2026", timestamped(0, root(1)), malformed, "event.timestampObtained.size");
    let refuses = |change: fn(&mut IntegrityCheckPerformed), field: &str| {
        let mut event = check(IntegrityResult::Tampered);
        change(&mut event);
        let field = format!("event.integrityCheckPerformed.{field}");
        history.refuses("2026", E::IntegrityCheckPerformed(event), malformed, &field);
    };
    refuses(|event| event.size = Sequence(0), "size");
    refuses(|event| event.bad_ranges[0].last = Sequence(6), "badRanges");
    refuses(|event| event.result = IntegrityResult::Intact, "result");
    refuses(|event| event.ended = "2026-03-19".parse().ok(), "ended");
}

#[test]
fn a_checkpoint_is_as_good_as_what_is_attested() {
    let mut history = History::<CheckpointAttestation>::new();
    history.admits("2026-03-18", checked(IntegrityResult::Unverifiable));
    history.admits("2026-03-19", signed(42, root(1)));
    history.admits("2026-03-20", timestamped(42, root(1)));
    history.admits("2026-03-21", checked(IntegrityResult::Tampered));
    history.admits("2026-03-22", checked(IntegrityResult::Intact));
    let stands = |at: &str| history.state(at).status;
    assert_eq!(stands("2026-03-18"), AttestationStatus::Unattested);
    assert_eq!(stands("2026-03-19"), AttestationStatus::Signed);
    assert_eq!(stands("2026-03-20"), AttestationStatus::Attested);
    assert_eq!(stands("2026-03-21"), AttestationStatus::Contradicted);
    assert_eq!(stands("2026-03-22"), AttestationStatus::Attested);
    let root = crate::family::kit::key_text(&root(1));
    let keys = history.keys("2026-03-19");
    assert_eq!(keys, ["status=SIGNED", "size=42", &format!("root={root}"), "size=42", "result=UNVERIFIABLE"]);
}

#[test]
fn two_roots_for_one_size_are_admitted_and_shown() {
    let mut history = History::<CheckpointAttestation>::new();
    history.admits("2026-03-19", signed(42, root(1)));
    history.admits("2026-03-20", witnessed(43, root(2)));
    history.admits("2026-03-20", witnessed(42, root(1)));
    assert_eq!(history.state("2026-03-20").status, AttestationStatus::Attested);
    history.admits("2026-03-21", witnessed(42, root(2)));
    let state = history.state("2026-03-21");
    assert!(state.split);
    assert_eq!((state.status, state.heads.len(), state.anomalies.len()), (AttestationStatus::Contradicted, 3, 1));
}
