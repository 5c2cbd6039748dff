//! Sequencing: all facts of one batch get their places in the ledger, one after the other, or are refused. Pure: the
//! database was read before, and is written after.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::fact::{FactRefused, SealedFact, SealedSubmission};
use crate::family::kit::{Context, Fact, Recorded, Refused, RejectionCode, STREAM_FACTS_MAX};
use crate::ledger::entry::{Actor, Entry, Format, TextHash};
use crate::ledger::erasing::{Erasing, Erasings};
use crate::ledger::key::KeyName;
use crate::ledger::name::{Reference, Sequence, StreamId};
use crate::ledger::note::signature_line_len;
use crate::ledger::tile::ENTRY_BYTES_MAX;
use crate::store::{Head, IdempotencyRow, StreamRow, VaultRow};
use crate::time::Instant;

/// What is known when a batch begins: all facts of the streams it touches or refers to, and taken references.
#[derive(Debug, Default)]
pub struct World {
    /// Facts by stream, in the order of the ledger.
    pub facts: BTreeMap<StreamId, Vec<Fact>>,
    /// References in use, by family.
    pub references: BTreeMap<(String, Reference), StreamId>,
}

/// An entry with its place, not signed yet.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// The entry.
    pub entry: Entry,
    /// The text to sign.
    pub text: String,
}

/// A batch as it grows.
#[derive(Debug)]
pub struct Batch {
    world: World,
    head: Head,
    now: Instant,
    signer_names: Vec<KeyName>,
    /// The entries admitted so far.
    pub entries: Vec<Unsigned>,
    /// What opens their commitments.
    pub vault: Vec<VaultRow>,
    /// Streams that begin in the batch.
    pub streams: Vec<StreamRow>,
    /// Keys used in the batch.
    pub idempotency: Vec<IdempotencyRow>,
    next_previous: TextHash,
    last_recorded: Instant,
}

/// What became of a submission in a batch: the sequences it got.
pub type Sequenced = Result<std::ops::Range<u64>, FactRefused>;

impl Batch {
    /// Begins a batch at a locked head. `signer_names` are the keys that will sign every entry of it.
    pub fn new(world: World, head: Head, now: Instant, signer_names: Vec<KeyName>) -> Self {
        let (next_previous, last_recorded) = (TextHash(head.previous), head.recorded);
        Self {
            world,
            head,
            now,
            signer_names,
            entries: Vec::new(),
            vault: Vec::new(),
            streams: Vec::new(),
            idempotency: Vec::new(),
            next_previous,
            last_recorded,
        }
    }

    /// Admits all facts of a submission, or none: a refused one leaves the batch as it was.
    pub fn take(&mut self, submission: &SealedSubmission) -> Sequenced {
        let mark = (self.entries.len(), self.vault.len(), self.streams.len(), self.next_previous, self.last_recorded);
        let first = self.next_sequence();
        for (position, fact) in submission.facts.iter().enumerate() {
            if let Err(refused) = self.admit(&submission.actor, fact) {
                self.roll_back(mark);
                return Err(FactRefused { fact: position, refused });
            }
        }
        self.idempotency.push(IdempotencyRow {
            actor: submission.actor_key.clone(),
            key: submission.idempotency_key.clone(),
            fingerprint: submission.fingerprint.clone(),
            first_sequence: first,
            facts: self.next_sequence() - first,
        });
        Ok(first..self.next_sequence())
    }

    /// Returns all facts of the touched streams, the new ones included.
    pub fn facts(&self) -> &BTreeMap<StreamId, Vec<Fact>> {
        &self.world.facts
    }

    /// Returns the new facts by stream and sequence, in the order of the ledger.
    pub fn new_facts(&self) -> Vec<(StreamId, Sequence)> {
        let new =
            self.entries.iter().map(|unsigned| (unsigned.entry.stream.clone(), Sequence(unsigned.entry.sequence)));
        new.collect()
    }

    /// Returns what the new facts erase; what the batch itself takes back erases nothing.
    pub fn erasings(&self) -> Vec<Erasing> {
        let mut erasings = Erasings::default();
        self.entries.iter().for_each(|unsigned| erasings.take(&unsigned.entry));
        erasings.standing()
    }

    /// Returns the head at which the batch began.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Returns the hash that the next entry would name, and when the last one was recorded.
    pub fn end(&self) -> (TextHash, Instant) {
        (self.next_previous, self.last_recorded)
    }

    fn next_sequence(&self) -> u64 {
        self.head.size() + self.entries.len() as u64
    }

    fn admit(&mut self, actor: &Actor, sealed: &SealedFact) -> Result<(), Refused> {
        let known = self.world.facts.get(&sealed.stream).map_or(0, Vec::len);
        self.check_stream(sealed, known)?;
        let recorded = self.now.max(self.last_recorded.next());
        let place = Recorded {
            sequence: Sequence(self.next_sequence()),
            recorded,
            effective: sealed.fact.effective,
            actor: actor.clone(),
            provenance: sealed.provenance,
            asserted: sealed.fact.imported.and_then(|imported| imported.asserted),
            replaces: sealed.fact.replaces,
        };
        let fact = Fact {
            recorded: place.clone(),
            fact: sealed.fact.event.fact().to_owned(),
            version: sealed.fact.version,
            data: sealed.fact.data.clone(),
        };
        let facts = self.world.facts.get(&sealed.stream).map_or(&[] as &[Fact], Vec::as_slice);
        let context = Context { place: &place, streams: &self.world.facts };
        (sealed.family.admit)(&facts.iter().collect::<Vec<_>>(), &fact, &context)?;
        self.chain(actor, sealed, fact, known as u64 + 1)
    }

    fn check_stream(&self, sealed: &SealedFact, known: usize) -> Result<(), Refused> {
        let fact = &sealed.fact;
        let refuse = |code, field: &str, message: String| Err(Refused::new(code, field, message));
        if let Some(expected) = fact.expected_revision.filter(|expected| *expected != known as u64) {
            let message = format!("the stream has revision {known}, not {expected}; read it again and decide anew");
            return refuse(RejectionCode::RevisionConflict, "expectedRevision", message);
        }
        if known == 0 && fact.stream.is_some() && fact.expected_revision != Some(0) {
            let message = "there is no such stream; to begin it under this id, give expectedRevision 0";
            return refuse(RejectionCode::Unknown, "stream", message.into());
        }
        if known == 0 && sealed.stream.id().get_version_num() != 7 {
            return refuse(RejectionCode::Malformed, "stream", "a new stream's id is a UUID of version 7".into());
        }
        if known >= STREAM_FACTS_MAX {
            let message = format!("the stream has {STREAM_FACTS_MAX} facts, which is the most; go on in a new stream");
            return refuse(RejectionCode::LimitExceeded, "stream", message);
        }
        match &fact.reference {
            Some(_) if known > 0 => refuse(
                RejectionCode::Malformed,
                "reference",
                "only the first fact of a stream gives its reference".into(),
            ),
            Some(reference)
                if self.world.references.contains_key(&(sealed.family.name.to_owned(), reference.clone())) =>
            {
                let message = format!("{reference} is the reference of another stream of this family");
                refuse(RejectionCode::AlreadyExists, "reference", message)
            }
            _ => Ok(()),
        }
    }

    fn chain(&mut self, actor: &Actor, sealed: &SealedFact, fact: Fact, revision: u64) -> Result<(), Refused> {
        let sequence = self.next_sequence();
        let entry = Entry {
            actor: actor.clone(),
            asserted: fact.recorded.asserted,
            causation: sealed.fact.causation,
            correlation: sealed.fact.correlation,
            data: fact.data.clone(),
            effective: fact.recorded.effective,
            event: sealed.fact.event.clone(),
            format: Format::Griffie1,
            id: sealed.id,
            ledger: self.head.origin.clone(),
            previous: self.next_previous,
            provenance: sealed.provenance,
            recorded: fact.recorded.recorded,
            reference: sealed.fact.reference.clone(),
            replaces: fact.recorded.replaces.map(|replaced| replaced.0),
            revision,
            sequence,
            stream: sealed.stream.clone(),
            version: sealed.fact.version,
        };
        let text = entry.text().map_err(|error| Refused::new(RejectionCode::Malformed, "event", error.to_string()))?;
        self.check_length(&text)?;
        if revision == 1 {
            let reference = sealed.fact.reference.clone();
            if let Some(reference) = &reference {
                self.world.references.insert((sealed.family.name.to_owned(), reference.clone()), sealed.stream.clone());
            }
            self.streams.push(StreamRow { stream: sealed.stream.clone(), reference, first_sequence: sequence });
        }
        let stream = sealed.stream.clone();
        self.vault.extend(sealed.disclosures.iter().map(|disclosure| VaultRow {
            digest: disclosure.digest(),
            sequence,
            stream: stream.clone(),
            disclosure: Some(disclosure.clone()),
            erased_by: None,
        }));
        self.next_previous = TextHash::of(&text);
        self.last_recorded = entry.recorded;
        self.world.facts.entry(stream).or_default().push(fact);
        self.entries.push(Unsigned { entry, text });
        Ok(())
    }

    fn check_length(&self, text: &str) -> Result<(), Refused> {
        let signatures: usize = self.signer_names.iter().map(signature_line_len).sum();
        let bytes = text.len() + 1 + signatures;
        if bytes <= ENTRY_BYTES_MAX {
            return Ok(());
        }
        let message = format!(
            "the entry would have {bytes} bytes, at most {ENTRY_BYTES_MAX} are possible; keep the document outside and refer to it by SHA-256"
        );
        Err(Refused::new(RejectionCode::LimitExceeded, "event", message))
    }

    fn roll_back(&mut self, (entries, vault, streams, previous, recorded): (usize, usize, usize, TextHash, Instant)) {
        for undone in self.entries.drain(entries..) {
            if let Some(facts) = self.world.facts.get_mut(&undone.entry.stream) {
                facts.pop();
            }
        }
        for undone in self.streams.drain(streams..) {
            if let Some(reference) = undone.reference {
                self.world.references.remove(&(undone.stream.family().to_owned(), reference));
            }
        }
        self.vault.truncate(vault);
        self.next_previous = previous;
        self.last_recorded = recorded;
    }
}

/// Lists every stream that the submissions touch or refer to.
pub fn streams_of(submissions: &[&SealedSubmission]) -> BTreeSet<StreamId> {
    let mut streams = BTreeSet::new();
    for fact in submissions.iter().flat_map(|submission| &submission.facts) {
        streams.insert(fact.stream.clone());
        streams.extend((fact.family.refers)(fact.fact.event.fact(), fact.fact.version, &fact.fact.data));
    }
    streams
}
