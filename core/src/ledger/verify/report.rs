//! What a verification found.

use std::ops::{Range, RangeInclusive};

use serde::Serialize;

use crate::ledger::merkle::Hash;

/// Ranges that a report lists; further ones are only counted.
pub const RANGES_MAX: usize = 10_000;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FaultKind {
    /// A row is not there.
    Missing,
    /// The bytes are no entry of this ledger.
    Bytes,
    /// The entry belongs to another place.
    Sequence,
    /// The entry does not follow the one before.
    Link,
    /// The time of recording does not increase.
    Order,
    /// The signature does not verify.
    Signature,
    /// The signing key had been revoked.
    KeyRange,
    /// The columns beside the entry say something else.
    Columns,
    /// The tree over the entries has another root or hash.
    Tree,
    /// A checkpoint is not one.
    Checkpoint,
    /// A value is lost, does not belong there, or is there although it was erased.
    Vault,
    /// The head says something else than the entries.
    Head,
    /// There are rows after the end.
    Surplus,
}

/// A bad range of sequences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The first bad sequence.
    pub from: u64,
    /// The last bad sequence.
    pub to: u64,
    /// What was expected at the first one.
    pub expected: String,
    /// What was found there.
    pub found: String,
}

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// The ledger.
    pub origin: Option<String>,
    /// The number of entries, missing ones included.
    pub size: u64,
    /// The root over them, if the tree could be computed.
    pub root: Option<Hash>,
    /// The verifier keys used.
    pub keys: Vec<String>,
    /// Whether those keys came from outside the ledger.
    pub keys_trusted: bool,
    /// How many values are erased from the vault, each by an entry that says so.
    pub erased: u64,
    /// How many facts this program cannot read: a newer one has recorded them. They are genuine.
    pub unreadable: u64,
    /// The first of them.
    pub first_unreadable: Option<u64>,
    /// How many checkpoints were checked.
    pub checkpoints: u64,
    /// The largest checkpoint of the ledger itself that holds.
    pub complete_up_to: u64,
    /// The size of the checkpoint that was trusted from outside.
    pub trusted_checkpoint: Option<u64>,
    /// Stretches, as first and last sequence, whose order is proven and whose times are not.
    pub untimed: Vec<(u64, u64)>,
    /// The first bad sequence.
    pub first_bad: Option<u64>,
    /// Every bad range, by sequence.
    pub faults: Vec<Fault>,
    /// Bad ranges beyond [`RANGES_MAX`].
    pub faults_not_listed: u64,
}

/// The faults as they are found.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<Fault>,
    not_listed: u64,
}

/// What a report says besides its faults.
pub(super) struct Summary {
    pub origin: Option<String>,
    pub size: u64,
    pub root: Option<Hash>,
    pub keys: Vec<String>,
    pub keys_trusted: bool,
    pub erased: u64,
    pub unreadable: u64,
    pub first_unreadable: Option<u64>,
    pub checkpoints: u64,
    pub complete_up_to: u64,
    pub trusted_checkpoint: Option<u64>,
    pub untimed: Vec<(u64, u64)>,
}

impl Faults {
    pub(super) fn add(&mut self, kind: FaultKind, at: u64, expected: &str, found: &str) {
        self.add_range(kind, at..at + 1, expected, found);
    }

    /// Adds a range; one that continues the last of its kind makes that one longer.
    pub(super) fn add_range(&mut self, kind: FaultKind, range: Range<u64>, expected: &str, found: &str) {
        let last = self.found.iter_mut().rev().find(|fault| fault.kind == kind);
        if let Some(last) = last.filter(|last| last.to + 1 == range.start) {
            last.to = range.end - 1;
        } else if self.found.len() < RANGES_MAX {
            let (expected, found) = (expected.to_owned(), found.to_owned());
            self.found.push(Fault { kind, from: range.start, to: range.end.saturating_sub(1), expected, found });
        } else {
            self.not_listed += 1;
        }
    }

    /// The ranges whose entries cannot be believed.
    pub(super) fn bad_ranges(&self) -> Vec<RangeInclusive<u64>> {
        use FaultKind::{Bytes, Missing, Sequence, Signature};
        let bad = self.found.iter().filter(|fault| matches!(fault.kind, Bytes | Missing | Sequence | Signature));
        bad.map(|fault| fault.from..=fault.to).collect()
    }

    pub(super) fn report(mut self, summary: Summary) -> Report {
        self.found.sort_by_key(|fault| (fault.from, fault.kind));
        Report {
            ok: self.found.is_empty(),
            origin: summary.origin,
            size: summary.size,
            root: summary.root,
            keys: summary.keys,
            keys_trusted: summary.keys_trusted,
            erased: summary.erased,
            unreadable: summary.unreadable,
            first_unreadable: summary.first_unreadable,
            checkpoints: summary.checkpoints,
            complete_up_to: summary.complete_up_to,
            trusted_checkpoint: summary.trusted_checkpoint,
            untimed: summary.untimed,
            first_bad: self.found.first().map(|fault| fault.from),
            faults: self.found,
            faults_not_listed: self.not_listed,
        }
    }
}
