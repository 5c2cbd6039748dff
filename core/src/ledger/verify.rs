//! Checking a whole ledger without trusting whoever keeps it.
//!
//! Rows come in by sequence, with the checkpoints between them; the [`Verifier`] walks on past a bad row, so that one
//! cannot hide later ones, and reports every bad range. It touches nothing: whoever has a database, an export or tiles
//! feeds it.

mod keyring;
mod report;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use keyring::{KeyRing, Trust};
pub use report::{Fault, FaultKind, RANGES_MAX, Report};

use super::checkpoint::Checkpoint;
use super::entry::{Entry, EntryError, SignedEntry, TextHash};
use super::erasable::{Digest, digests};
use super::erasing::Erasings;
use super::key::VerifierKey;
use super::merkle::{Hash, leaf_hash};
use super::name::{Origin, StreamId};
use super::tile::{TileBuilder, TileHash};
use crate::time::Instant;
use report::Faults;

/// A stored entry as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it was found.
    pub sequence: u64,
    /// Its bytes.
    pub body: Vec<u8>,
    /// The columns that repeat members of the entry, as `name=value`, where there are such columns.
    pub columns: Option<Columns>,
    /// The leaf hash that the tiles hold for it, where there are tiles.
    pub leaf: Option<Hash>,
}

/// Columns beside a stored entry, by which it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The stream.
    pub stream: String,
    /// The revision.
    pub revision: u64,
    /// The family.
    pub family: String,
    /// The event.
    pub event: String,
    /// When it was recorded.
    pub recorded: Instant,
    /// The id.
    pub id: String,
    /// The reference under which the stream is found, at its first entry.
    pub reference: Option<String>,
}

impl Columns {
    /// Returns the columns that an entry should have.
    pub fn of(entry: &Entry) -> Self {
        Self {
            stream: entry.stream.to_string(),
            revision: entry.revision,
            family: entry.stream.family().to_owned(),
            event: entry.event.to_string(),
            recorded: entry.recorded,
            id: entry.id.to_string(),
            reference: entry.reference.as_ref().map(ToString::to_string),
        }
    }
}

/// A vault row as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultValue {
    /// The commitment.
    pub digest: Digest,
    /// The entry that holds it.
    pub sequence: u64,
    /// The stream of that entry.
    pub stream: StreamId,
    /// The entry that is said to have erased the value; `None`: it is there.
    pub erased_by: Option<u64>,
}

/// A vault row; the disclosure opened to the digest when it was read, or is erased, or the text says why neither.
pub type VaultFinding = Result<VaultValue, (u64, String)>;

/// What a database says of its own end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadClaim {
    /// The ledger.
    pub origin: Origin,
    /// The key that signs entries now.
    pub event_key: VerifierKey,
    /// The key that signs checkpoints now.
    pub checkpoint_key: VerifierKey,
    /// The key that can revoke them.
    pub recovery_key: VerifierKey,
    /// Whether the clock is simulated.
    pub simulated: bool,
    /// The number of entries.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// The hash of the last entry's text.
    pub previous: Hash,
    /// When the last entry was recorded.
    pub recorded: Instant,
}

/// Checks a ledger, row by row.
#[derive(Debug)]
pub struct Verifier {
    keys: KeyRing,
    origin: Option<Origin>,
    next: u64,
    /// The last entry, unless it was bad or missing.
    last: Option<Last>,
    last_recorded: Instant,
    tree: Option<TileBuilder>,
    expected_tiles: Vec<TileHash>,
    expected_values: BTreeMap<Digest, (u64, StreamId)>,
    erasings: Erasings,
    /// Rows without a value, by the entry that is said to have erased it; kept until that entry was seen.
    erased_rows: BTreeMap<u64, Vec<VaultValue>>,
    /// Values that an entry erased.
    erased: u64,
    checkpoints: u64,
    complete_up_to: u64,
    trusted_checkpoint: Option<Checkpoint>,
    trusted_root: Option<Hash>,
    /// Tells whether whoever verifies can read what an entry says; this module knows no families.
    reads: fn(&Entry) -> bool,
    /// How many entries it cannot read, and the first.
    unreadable: u64,
    first_unreadable: Option<u64>,
    faults: Faults,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    text: TextHash,
}

impl Verifier {
    /// Begins with what is trusted from outside the ledger.
    pub fn new(trust: Trust) -> Self {
        let trusted_checkpoint = trust.checkpoint.clone();
        let empty = TileBuilder::new(super::merkle::Frontier::new());
        Self {
            keys: KeyRing::new(trust),
            origin: None,
            next: 0,
            last: None,
            last_recorded: Instant::MIN,
            tree: Some(empty),
            expected_tiles: Vec::new(),
            expected_values: BTreeMap::new(),
            erasings: Erasings::default(),
            erased_rows: BTreeMap::new(),
            erased: 0,
            checkpoints: 0,
            complete_up_to: 0,
            trusted_checkpoint,
            trusted_root: None,
            reads: |_| true,
            unreadable: 0,
            first_unreadable: None,
            faults: Faults::default(),
        }
    }

    /// Says which entries can be read: others are genuine all the same, and the report says that there are such.
    #[must_use]
    pub fn reading(self, reads: fn(&Entry) -> bool) -> Self {
        Self { reads, ..self }
    }

    /// Returns the number of rows passed, missing ones included: the size of the tree so far.
    pub fn size(&self) -> u64 {
        self.next
    }

    /// Checks rows in the order of their sequences. Reading and signatures are checked on `threads` threads.
    pub fn rows(&mut self, rows: &[Row], threads: usize) {
        let key = self.keys.current().cloned();
        let read = |row: &Row| {
            let signed = Entry::parse(&row.body);
            let by_current = match (&signed, &key) {
                (Ok(signed), Some(key)) => signed.note.verify(std::slice::from_ref(key)).is_ok(),
                _ => false,
            };
            (signed, by_current)
        };
        let chunk = rows.len().div_ceil(threads.max(1)).max(1);
        let read: Vec<_> = std::thread::scope(|scope| {
            let tasks: Vec<_> =
                rows.chunks(chunk).map(|rows| scope.spawn(|| rows.iter().map(&read).collect::<Vec<_>>())).collect();
            let joined = tasks.into_iter().map(std::thread::ScopedJoinHandle::join);
            joined.flat_map(|result| result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
        });
        for (row, (signed, by_current)) in rows.iter().zip(read) {
            let verified = if by_current { key.clone() } else { None };
            self.row(row, signed, verified.as_ref());
        }
    }

    fn row(&mut self, row: &Row, signed: Result<SignedEntry, EntryError>, verified: Option<&super::key::VerifierKey>) {
        if row.sequence < self.next {
            return self.faults.add(FaultKind::Sequence, row.sequence, "one row of each sequence", "another row");
        }
        if row.sequence > self.next {
            self.missing(row.sequence);
        }
        let at = row.sequence;
        let good = match signed {
            Err(error) => {
                self.faults.add(FaultKind::Bytes, at, "an entry", &error.to_string());
                None
            }
            Ok(signed) => self.entry(at, row, signed, verified),
        };
        // A bad row's true leaf hash may still be in the tiles; the checkpoints will tell.
        let leaf = if good.is_some() { Some(leaf_hash(&row.body)) } else { row.leaf };
        if let Some(leaf) = leaf.filter(|_| good.is_some()) {
            self.stored_leaf(row, leaf);
        }
        self.push_leaf(leaf);
        self.last = good;
        self.next = at + 1;
        self.after_row();
    }

    /// Where there are columns there are tiles, and they hold the hash of every leaf.
    fn stored_leaf(&mut self, row: &Row, leaf: Hash) {
        let found = match row.leaf {
            Some(stored) if stored == leaf => return,
            Some(stored) => format!("the stored tile hash {stored}"),
            None if row.columns.is_none() => return,
            None => "no stored tile hash".to_owned(),
        };
        self.faults.add(FaultKind::Tree, row.sequence, &leaf.to_string(), &found);
    }

    /// Checks an entry that can be read; returns what the next one links to, if this one can be believed.
    fn entry(
        &mut self,
        at: u64,
        row: &Row,
        signed: SignedEntry,
        verified: Option<&super::key::VerifierKey>,
    ) -> Option<Last> {
        let SignedEntry { entry, note } = signed;
        if !(self.reads)(&entry) {
            self.unreadable += 1;
            self.first_unreadable.get_or_insert(at);
        }
        if entry.sequence != at {
            self.faults.add(
                FaultKind::Sequence,
                at,
                &format!("sequence {at}"),
                &format!("sequence {}", entry.sequence),
            );
            return None;
        }
        let origin = self.origin.get_or_insert_with(|| entry.ledger.clone());
        if *origin != entry.ledger {
            self.faults.add(
                FaultKind::Bytes,
                at,
                &format!("an entry of {origin}"),
                &format!("an entry of {}", entry.ledger),
            );
            return None;
        }
        if let Err(found) = self.keys.check(&entry, &note, verified) {
            self.faults.add(FaultKind::Signature, at, &found.expected, &found.found);
            return None;
        }
        self.link(at, &entry);
        if entry.recorded <= self.last_recorded {
            self.faults.add(
                FaultKind::Order,
                at,
                &format!("later than {}", self.last_recorded),
                &entry.recorded.to_string(),
            );
        }
        self.last_recorded = self.last_recorded.max(entry.recorded);
        let expected = Columns::of(&entry);
        if row.columns.as_ref().is_some_and(|columns| *columns != expected) {
            self.faults.add(FaultKind::Columns, at, "columns that repeat the entry", "other values");
        }
        for revoked in self.keys.learn(&entry) {
            self.faults.add_range(
                FaultKind::KeyRange,
                revoked,
                "a key that was not revoked",
                "a key revoked from here on",
            );
        }
        self.erasings.take(&entry);
        for digest in digests(&entry.data) {
            if self.expected_values.insert(digest.clone(), (at, entry.stream.clone())).is_some() {
                self.faults.add(FaultKind::Vault, at, "each commitment once", &format!("{digest} twice"));
            }
        }
        Some(Last { text: TextHash::of(note.text()) })
    }

    /// The link to a bad or missing row proves nothing about this one.
    fn link(&mut self, at: u64, entry: &Entry) {
        let expected = match (at, self.last) {
            (0, _) => TextHash::of_nothing(),
            (_, Some(last)) => last.text,
            (_, None) => return,
        };
        if entry.previous != expected {
            self.faults.add(FaultKind::Link, at, &expected.0.to_base64(), &entry.previous.0.to_base64());
        }
    }

    fn missing(&mut self, to: u64) {
        self.faults.add_range(FaultKind::Missing, self.next..to, "a row", "none");
        self.next = to;
        self.last = None;
        self.tree = None;
    }

    fn push_leaf(&mut self, leaf: Option<Hash>) {
        let pushed = match (self.tree.as_mut(), leaf) {
            (Some(tree), Some(leaf)) => tree.push(leaf).is_ok(),
            _ => false,
        };
        if !pushed {
            self.tree = None;
        }
    }

    fn after_row(&mut self) {
        if self.trusted_checkpoint.as_ref().is_some_and(|trusted| trusted.size() == self.next) {
            self.trusted_root = self.tree.as_ref().map(|tree| tree.frontier().root());
        }
    }

    /// Checks a stored checkpoint; call it when [`Verifier::size`] has reached its size.
    pub fn checkpoint(&mut self, size: u64, note: &[u8]) {
        let at = size.saturating_sub(1);
        let Some(key) = self.keys.checkpoint_key().cloned() else {
            return self.faults.add(FaultKind::Checkpoint, at, "a checkpoint key", "none is known");
        };
        match Checkpoint::open(note, &key) {
            Err(error) => self.faults.add(FaultKind::Checkpoint, at, "a signed checkpoint", &error.to_string()),
            Ok((checkpoint, _)) if checkpoint.size() != size || size != self.next => {
                let found = format!("a checkpoint of {} entries", checkpoint.size());
                self.faults.add(FaultKind::Checkpoint, at, &format!("a checkpoint of {size} entries"), &found);
            }
            Ok((checkpoint, _)) => self.signed_root(at, &checkpoint),
        }
    }

    fn signed_root(&mut self, at: u64, checkpoint: &Checkpoint) {
        self.checkpoints += 1;
        match self.tree.as_ref().map(|tree| tree.frontier().root()) {
            Some(root) if root == checkpoint.root() => self.complete_up_to = checkpoint.size(),
            Some(root) => {
                self.faults.add(
                    FaultKind::Tree,
                    at,
                    &format!("the signed root {}", checkpoint.root()),
                    &root.to_string(),
                );
            }
            // Rows before it are missing or bad, which is reported; the tree cannot be computed past them.
            None => {}
        }
    }

    /// Hands out the tile hashes above the leaves that should be stored by now.
    pub fn take_expected_tiles(&mut self) -> Vec<TileHash> {
        if let Some(tree) = self.tree.take() {
            let (frontier, hashes) = tree.finish();
            self.expected_tiles.extend(hashes);
            self.tree = Some(TileBuilder::new(frontier));
        }
        std::mem::take(&mut self.expected_tiles)
    }

    /// Compares a stored tile hash with the expected one.
    pub fn tile(&mut self, expected: &TileHash, stored: Option<&Hash>) {
        if stored != Some(&expected.hash) {
            let at = ((expected.position + 1) << (8 * u32::from(expected.level))) - 1;
            let found = stored.map_or("none".to_owned(), ToString::to_string);
            let place =
                format!("tile hash {} at level {}, position {}", expected.hash, expected.level, expected.position);
            self.faults.add(FaultKind::Tree, at, &place, &found);
        }
    }

    /// Compares the vault rows of the sequences passed since the last call with the commitments in their entries.
    ///
    /// Rows of entries that could not be believed are not judged.
    pub fn vault(&mut self, found: impl IntoIterator<Item = VaultFinding>) {
        let mut expected = std::mem::take(&mut self.expected_values);
        let bad = self.faults.bad_ranges();
        for row in found {
            match row {
                Err((sequence, error)) => {
                    self.faults.add(FaultKind::Vault, sequence, "a value that opens its commitment", &error)
                }
                Ok(row) => match expected.remove(&row.digest) {
                    Some((sequence, stream)) if (sequence, &stream) == (row.sequence, &row.stream) => {
                        if let Some(by) = row.erased_by {
                            self.erased_rows.entry(by).or_default().push(row);
                        }
                    }
                    Some((sequence, _)) => {
                        self.faults.add(
                            FaultKind::Vault,
                            sequence,
                            &format!("{} of this entry", row.digest),
                            "a row of another entry",
                        );
                    }
                    None if bad.iter().any(|range| range.contains(&row.sequence)) => {}
                    None => {
                        let found = format!("a row for {}", row.digest);
                        self.faults.add(FaultKind::Vault, row.sequence, "no such value", &found);
                    }
                },
            }
        }
        for (digest, (sequence, _)) in expected {
            self.faults.add(
                FaultKind::Vault,
                sequence,
                &format!("a value for {digest}"),
                "none: it is LOST, nothing says it was erased",
            );
        }
        self.judge_erased_rows();
    }

    /// Holds the rows without a value to the entries that are said to have erased them, as far as these were seen.
    ///
    /// Where such an entry could not be believed, which is a fault of its own, the rows are not judged.
    fn judge_erased_rows(&mut self) {
        let later = self.erased_rows.split_off(&self.next);
        let seen = std::mem::replace(&mut self.erased_rows, later);
        let bad = self.faults.bad_ranges();
        for (by, rows) in seen {
            if bad.iter().any(|range| range.contains(&by)) {
                continue;
            }
            let erasing = self.erasings.by(by);
            let covered = |row: &VaultValue| {
                erasing.is_some_and(|erasing| erasing.covers(&row.digest, row.sequence, &row.stream))
            };
            let (erased, lost): (Vec<VaultValue>, Vec<VaultValue>) = rows.into_iter().partition(covered);
            self.erased += erased.len() as u64;
            lost.iter().for_each(|row| self.unexplained(row, by));
        }
    }

    fn unexplained(&mut self, row: &VaultValue, by: u64) {
        let expected = format!("entry {by} to erase {}", row.digest);
        self.faults.add(FaultKind::Vault, row.sequence, &expected, "no such erasure: the value is LOST");
    }

    /// Returns the erasures seen so far: what they name must not be in the vault any more.
    pub fn erasings(&self) -> &Erasings {
        &self.erasings
    }

    /// Reports a value that is still in the vault, or there again, although an entry erased it.
    pub fn still_there(&mut self, sequence: u64, by: u64) {
        let expected = format!("no value: entry {by} erased it");
        self.faults.add(FaultKind::Vault, sequence, &expected, "a value");
    }

    /// Leaves rows unjudged that entries erased which were recorded while the vault was read, and are not looked at.
    pub fn erased_meanwhile(&mut self, recorded: std::ops::Range<u64>) {
        self.erased_rows.retain(|by, _| !recorded.contains(by));
    }

    /// Leaves the commitments seen so far unchecked: whoever has no vault cannot tell whether a value is lost.
    pub fn forget_values(&mut self) {
        self.expected_values.clear();
    }

    /// Ends the check. `head` is what the database claims of its end; an export claims nothing.
    pub fn finish(mut self, head: Option<&HeadClaim>) -> Report {
        if let Some(head) = head {
            self.end(head);
        }
        self.judge_erased_rows();
        for (by, rows) in std::mem::take(&mut self.erased_rows) {
            rows.iter().for_each(|row| self.unexplained(row, by));
        }
        if self.next == 0 {
            self.faults.add(FaultKind::Missing, 0, "the founding of a ledger", "nothing");
        }
        if let Some(trusted) = self.trusted_checkpoint.take() {
            self.against_trusted(&trusted);
        }
        for key in self.keys.trusted_but_unknown() {
            self.faults.add(
                FaultKind::Signature,
                0,
                &format!("a ledger of the trusted key {key}"),
                "a ledger that never names it",
            );
        }
        let root = self.tree.as_ref().map(|tree| tree.frontier().root());
        let trusted_size = self.keys.trusted_checkpoint_size();
        self.faults.report(report::Summary {
            origin: self.origin.map(|origin| origin.to_string()),
            size: self.next,
            root,
            keys: self.keys.summary(),
            keys_trusted: self.keys.is_trusted(),
            erased: self.erased,
            unreadable: self.unreadable,
            first_unreadable: self.first_unreadable,
            checkpoints: self.checkpoints,
            complete_up_to: self.complete_up_to,
            trusted_checkpoint: trusted_size,
            untimed: self.keys.untimed().to_vec(),
        })
    }

    /// Reports rows that were found after the end of the ledger; only their places are looked at.
    pub fn surplus(&mut self, range: std::ops::Range<u64>) {
        self.faults.add_range(FaultKind::Surplus, range, "the end of the ledger", "more rows");
    }

    fn end(&mut self, head: &HeadClaim) {
        if self.next < head.size {
            self.missing(head.size);
        }
        if self.next > head.size {
            return self.surplus(head.size..self.next);
        }
        let at = head.size.saturating_sub(1);
        let root = self.tree.as_ref().map(|tree| tree.frontier().root());
        if root.is_some_and(|root| root != head.root) {
            self.faults.add(FaultKind::Head, at, "the head's root to be that of the entries", &head.root.to_string());
        }
        if self.last.is_some_and(|last| last.text.0 != head.previous || self.last_recorded != head.recorded) {
            self.faults.add(FaultKind::Head, at, "the head to name the last entry", "another hash or time");
        }
        let origin = self.origin.as_ref().is_none_or(|origin| *origin == head.origin);
        if !origin || !self.keys.is_named_by(&head.event_key, &head.checkpoint_key, &head.recovery_key, head.simulated)
        {
            self.faults.add(FaultKind::Head, at, "the head to name origin, keys and clock of the ledger", "others");
        }
    }

    fn against_trusted(&mut self, trusted: &Checkpoint) {
        let at = trusted.size().saturating_sub(1);
        if trusted.size() > self.next {
            let expected = format!("the {} entries of the trusted checkpoint", trusted.size());
            return self.faults.add_range(FaultKind::Missing, self.next..trusted.size(), &expected, "no more rows");
        }
        let expected = format!("the trusted root {}", trusted.root());
        match self.trusted_root {
            Some(root) if root == trusted.root() => {}
            Some(root) => self.faults.add(FaultKind::Tree, at, &expected, &root.to_string()),
            None => self.faults.add(FaultKind::Tree, at, &expected, "no tree: rows are missing or bad"),
        }
    }
}
