//! Which key must have signed what: learned from the ledger's own facts, held against keys trusted from outside.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize;

use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::entry::Entry;
use crate::ledger::key::VerifierKey;
use crate::ledger::note::Note;

/// What is trusted from outside the ledger.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Keys that the ledger must name, in its founding or by a later introduction; without an event key among them the
    /// founding is believed, and the report says so.
    pub keys: Vec<VerifierKey>,
    /// A checkpoint that the ledger must continue.
    pub checkpoint: Option<Checkpoint>,
}

/// The keys of a ledger as far as it has been read.
#[derive(Debug)]
pub struct KeyRing {
    trust: Trust,
    trusted_checkpoint_size: Option<u64>,
    founding: Option<Founding>,
    event_key: Option<VerifierKey>,
    checkpoint_key: Option<VerifierKey>,
    /// Each event key and the first sequence that it signs.
    history: Vec<(u64, VerifierKey)>,
    untimed: Vec<(u64, u64)>,
}

/// The keys that `ledger.founded` names.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Founding {
    event_key: VerifierKey,
    checkpoint_key: VerifierKey,
    recovery_key: VerifierKey,
    clock: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Introduced {
    key_use: String,
    key: VerifierKey,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Revoked {
    revoked: VerifierKey,
    from_sequence: u64,
    successor: VerifierKey,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClockCorrected {
    from_sequence: u64,
    to_sequence: u64,
}

/// Whose signature was expected, and what was found.
#[derive(Debug)]
pub(super) struct WrongSignature {
    pub expected: String,
    pub found: String,
}

impl KeyRing {
    /// Begins with what is trusted from outside.
    pub fn new(trust: Trust) -> Self {
        let trusted_checkpoint_size = trust.checkpoint.as_ref().map(Checkpoint::size);
        Self {
            trust,
            trusted_checkpoint_size,
            founding: None,
            event_key: None,
            checkpoint_key: None,
            history: Vec::new(),
            untimed: Vec::new(),
        }
    }

    /// Returns the key that signs the next entry.
    pub fn current(&self) -> Option<&VerifierKey> {
        self.event_key.as_ref()
    }

    /// Returns the key that signs checkpoints now.
    pub fn checkpoint_key(&self) -> Option<&VerifierKey> {
        self.checkpoint_key.as_ref()
    }

    /// Tells whether a key from outside has signed entries: with it the chain up to its entries is held.
    pub fn is_trusted(&self) -> bool {
        self.history.iter().any(|(_, key)| self.trust.keys.contains(key))
    }

    /// Lists the keys from outside that the ledger never names. Nobody can make it name one without having signed with it,
    /// but for the checkpoint and the recovery key of a founding.
    pub fn trusted_but_unknown(&self) -> Vec<VerifierKey> {
        let founding = self.founding.iter().flat_map(|founding| [&founding.checkpoint_key, &founding.recovery_key]);
        let named: Vec<&VerifierKey> =
            self.history.iter().map(|(_, key)| key).chain(founding).chain(&self.checkpoint_key).collect();
        self.trust.keys.iter().filter(|key| !named.contains(key)).cloned().collect()
    }

    /// Tells whether these are the keys and the clock that the ledger's own facts name; not judged without a founding.
    pub fn is_named_by(
        &self,
        event: &VerifierKey,
        checkpoint: &VerifierKey,
        recovery: &VerifierKey,
        simulated: bool,
    ) -> bool {
        self.founding.as_ref().is_none_or(|founding| {
            let clock = founding.clock.as_deref().is_none_or(|clock| (clock == "SIMULATED") == simulated);
            let current = self.event_key.as_ref() == Some(event) && self.checkpoint_key.as_ref() == Some(checkpoint);
            current && founding.recovery_key == *recovery && clock
        })
    }

    /// Lists the stretches whose order is proven and whose times are not, as first and last sequence.
    pub fn untimed(&self) -> &[(u64, u64)] {
        &self.untimed
    }

    /// Returns the size of the trusted checkpoint.
    pub fn trusted_checkpoint_size(&self) -> Option<u64> {
        self.trusted_checkpoint_size
    }

    /// Lists all event keys and the checkpoint key, as texts.
    pub fn summary(&self) -> Vec<String> {
        self.history.iter().map(|(_, key)| key).chain(self.checkpoint_key.iter()).map(ToString::to_string).collect()
    }

    /// Checks that an entry is signed by whoever must have signed it. `verified` is a key already found to have.
    pub(super) fn check(
        &self,
        entry: &Entry,
        note: &Note,
        verified: Option<&VerifierKey>,
    ) -> Result<(), WrongSignature> {
        for key in self.required(entry)? {
            if verified == Some(&key) {
                continue;
            }
            if let Err(error) = note.verify(std::slice::from_ref(&key)) {
                return Err(WrongSignature { expected: format!("the signature of {key}"), found: error.to_string() });
            }
        }
        Ok(())
    }

    fn required(&self, entry: &Entry) -> Result<Vec<VerifierKey>, WrongSignature> {
        let wrong = |expected: &str, found: String| WrongSignature { expected: expected.to_owned(), found };
        if entry.sequence == 0 {
            let founding = read::<Founding>(entry, "founded")
                .ok_or_else(|| wrong("ledger.founded with the keys of the ledger", entry.event.to_string()))?;
            let named = [&founding.event_key, &founding.checkpoint_key, &founding.recovery_key];
            let suffixes = ["/events", "", "/recovery"];
            let expected = suffixes.map(|suffix| format!("{}{suffix}", entry.ledger));
            if named.iter().zip(&expected).any(|(key, name)| key.name().as_str() != name) {
                return Err(wrong(&format!("keys named {}", expected.join(", ")), "keys of other names".into()));
            }
            if named.iter().map(|key| key.public_key()).collect::<BTreeSet<_>>().len() < named.len() {
                return Err(wrong("three keys", "one key in two roles".into()));
            }
            return Ok(vec![founding.event_key]);
        }
        // With the founding lost, keys trusted from outside still tell who must have signed.
        let current = self.event_key.clone().or_else(|| {
            let events = format!("{}/events", entry.ledger);
            self.trust.keys.iter().find(|key| key.name().as_str() == events).cloned()
        });
        let current = current
            .ok_or_else(|| wrong("a founding that names the keys", "none; give them with --trusted-key".into()))?;
        if let Some(introduced) = read::<Introduced>(entry, "keyIntroduced") {
            return Ok(vec![current, introduced.key]);
        }
        match (read::<Revoked>(entry, "keyRevoked"), &self.founding) {
            (Some(revoked), Some(founding)) => Ok(vec![founding.recovery_key.clone(), revoked.successor]),
            (Some(_), None) => Err(wrong("a founding that names the recovery key", "none".into())),
            (None, _) => Ok(vec![current]),
        }
    }

    /// Learns from a verified entry; returns the ranges that a revocation casts into doubt.
    pub(super) fn learn(&mut self, entry: &Entry) -> Vec<Range<u64>> {
        if let Some(founding) = read::<Founding>(entry, "founded").filter(|_| entry.sequence == 0) {
            self.event_key = Some(founding.event_key.clone());
            self.checkpoint_key = Some(founding.checkpoint_key.clone());
            self.history.push((0, founding.event_key.clone()));
            self.founding = Some(founding);
        } else if let Some(introduced) = read::<Introduced>(entry, "keyIntroduced") {
            if introduced.key_use == "CHECKPOINT" {
                self.checkpoint_key = Some(introduced.key);
            } else {
                self.takes_over(entry.sequence + 1, introduced.key);
            }
        } else if let Some(stretch) = read::<ClockCorrected>(entry, "clockCorrected") {
            self.untimed.push((stretch.from_sequence, stretch.to_sequence));
        } else if let Some(revoked) = read::<Revoked>(entry, "keyRevoked") {
            let doubtful = self.signed_by(&revoked.revoked, revoked.from_sequence..entry.sequence);
            self.takes_over(entry.sequence, revoked.successor);
            return doubtful;
        }
        Vec::new()
    }

    fn takes_over(&mut self, from: u64, key: VerifierKey) {
        self.history.push((from, key.clone()));
        self.event_key = Some(key);
    }

    /// The parts of a range that a key has signed.
    fn signed_by(&self, key: &VerifierKey, range: Range<u64>) -> Vec<Range<u64>> {
        let ends = self.history.iter().skip(1).map(|(from, _)| *from).chain([range.end]);
        let periods = self.history.iter().zip(ends).filter(|((_, signer), _)| signer == key);
        let parts = periods.map(|((from, _), to)| range.start.max(*from)..range.end.min(to));
        parts.filter(|part| !part.is_empty()).collect()
    }
}

fn read<T: for<'de> Deserialize<'de>>(entry: &Entry, fact: &str) -> Option<T> {
    let matches = entry.event.family() == "ledger" && entry.event.fact() == fact;
    if matches { serde_json::from_value(entry.data.clone()).ok() } else { None }
}
