//! The append path: one batch, one transaction, and nobody answered before its outcome is known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::batch::{Batch, Sequenced, Unsigned, World, streams_of};
use crate::engine::clock::Sources;
use crate::engine::erase::{empty_log, erase};
use crate::engine::fact::{FactRefused, SealedSubmission};
use crate::engine::project::{ProjectError, facts_of, project};
use crate::family::kit::{Refused, RejectionCode};
use crate::ledger::entry::{Entry, EntryError};
use crate::ledger::key::{SigningKey, VerifierKey};
use crate::ledger::merkle::{Hash, MerkleError, leaf_hash};
use crate::ledger::note::{Note, NoteError};
use crate::ledger::tile::{TileBuilder, TileHash};
use crate::store::{
    EntryRow, Head, IdempotencyRow, Store, StoreError, Transaction, advance_head, entries_at, entries_by_id,
    idempotency, insert_entries, insert_idempotency, insert_streams, insert_tile_hashes, insert_vault, lock_head,
    server_clock, streams_by_references,
};
use crate::time::Instant;

/// How far the wall clock may leave the monotonic clock, the database server's clock, or the head's time.
pub const CLOCK_JUMP_MS_MAX: i64 = 5_000;
/// Facts of one batch; a submission that would exceed it waits for the next.
pub const BATCH_FACTS_MAX: usize = 512;
/// How often the outcome of a lost commit is asked for.
const OUTCOME_TRIES: u32 = 5;
/// How long to wait before asking again.
const OUTCOME_WAIT_MS: u64 = 500;

/// A fact that is durable, with what proves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The fact in its place.
    pub entry: Entry,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl Receipt {
    /// Returns the hash of the entry as a leaf of the tree.
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.body)
    }
}

/// Says why a submission was not recorded.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// A fact of it was refused; nothing was written.
    #[error("{}", .0.refused.message)]
    Refused(FactRefused),
    /// Too many submissions wait; nothing was written.
    #[error("too many facts are waiting; try again in a moment, with the same idempotency key")]
    Overloaded,
    /// The ledger cannot take facts now; nothing was written.
    #[error("{0}")]
    Unavailable(String),
    /// The database broke off while it committed: whether the facts are recorded is not known yet.
    #[error("the database broke off; ask again with the same idempotency key to learn whether the facts were recorded")]
    Unknown,
    /// The server is shutting down.
    #[error("the server is shutting down; try again with the same idempotency key")]
    ShuttingDown,
}

/// Says why a batch failed as a whole.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The states could not be projected.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// An entry could not be signed.
    #[error("an entry could not be signed")]
    Note(#[from] NoteError),
    /// An entry that was written cannot be read.
    #[error("an entry that was made cannot be read")]
    Entry(#[from] EntryError),
    /// The tree is full.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
    /// The clock cannot be trusted.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The database holds no ledger.
    #[error("the database holds no ledger")]
    NotFounded,
    /// Another key has taken over.
    #[error("the ledger's current event key is another one; start again with the keys that the ledger names")]
    OtherKey,
    /// The database is behind what was signed.
    #[error(
        "the database has {size} entries, but {signed} were signed: it has lost entries; see `griffie ledger fork-decision --help`"
    )]
    Behind {
        /// Entries in the database.
        size: u64,
        /// Entries signed.
        signed: u64,
    },
    /// A helper task died.
    #[error("a task of the server died")]
    Task(#[from] tokio::task::JoinError),
}

/// Says why the clock is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The wall clock jumped.
    #[error("the clock jumped by {by_ms} ms; set it right and start the server again")]
    Jumped {
        /// By how much.
        by_ms: i64,
    },
    /// The wall clock is behind the last entry.
    #[error(
        "the clock runs {by_ms} ms behind the ledger; set it right, or see `griffie ledger clock-corrected --help`"
    )]
    Behind {
        /// By how much.
        by_ms: i64,
    },
    /// The clocks of this server and of the database differ.
    #[error("the clock differs by {by_ms} ms from that of the database server; set both right")]
    Differs {
        /// By how much.
        by_ms: i64,
    },
}

/// A change of the head that goes with one of the ledger's own facts.
#[derive(Clone, Debug, Default)]
pub struct HeadChange {
    /// The event key from here on.
    pub event_key: Option<VerifierKey>,
    /// A wrong clock is accepted until then.
    pub clock_corrected_until: Option<Instant>,
}

/// One writer of a ledger.
pub struct Appender {
    /// Where to.
    pub store: Store,
    /// Time and entropy.
    pub sources: Sources,
    /// The keys that sign every entry; the first is the event key.
    pub signers: Vec<Arc<SigningKey>>,
    /// The event key that the head must name before the batch.
    pub current_key: VerifierKey,
    /// What changes in the head with this batch.
    pub head_change: HeadChange,
}

/// What became of each submission of a batch.
pub type Answers = Vec<Result<Vec<Receipt>, SubmitError>>;

impl Appender {
    /// Appends a batch. Each submission gets its own answer; all get the same one if the batch fails.
    ///
    /// `signed` is the size of the last signed checkpoint; a smaller ledger has lost entries and is not appended to.
    pub async fn append(&self, submissions: &[&SealedSubmission], signed: u64) -> Answers {
        match self.try_append(submissions, signed).await {
            Ok(answers) => answers,
            Err(Failure::Before(error)) => {
                tracing::error!(error = %crate::engine::chain(&error), facts = submissions.len(), "batch not recorded");
                let answer = SubmitError::Unavailable(public_reason(&error));
                submissions.iter().map(|_| Err(answer.clone())).collect()
            }
            Err(Failure::Unknown) => submissions.iter().map(|_| Err(SubmitError::Unknown)).collect(),
        }
    }

    async fn try_append(&self, submissions: &[&SealedSubmission], signed: u64) -> Result<Answers, Failure> {
        let before = Failure::Before;
        let mut transaction = self.store.begin().await.map_err(|error| before(error.into()))?;
        let head = self.locked_head(&mut transaction, signed).await.map_err(before)?;
        let now = self.checked_now(&mut transaction, &head).await.map_err(before)?;
        let used = used_keys(&mut transaction, submissions).await.map_err(|error| before(error.into()))?;
        let world = load(&mut transaction, submissions, &head).await.map_err(|error| before(error.into()))?;
        let names = self.signers.iter().map(|key| key.name().clone()).collect();
        let mut batch = Batch::new(world, head, now, names);
        let sequenced = sequence(&mut batch, submissions, &used);
        let repeated = repeated(&mut transaction, &sequenced).await.map_err(|error| before(error.into()))?;
        if batch.entries.is_empty() {
            // Nothing to write: refusals and repeated answers rest on what is committed already.
            drop(transaction);
            return Ok(answers(&sequenced, &repeated, &[]));
        }
        let receipts = self.write(&mut transaction, &batch).await.map_err(before)?;
        if let Err(error) = transaction.commit().await {
            tracing::error!(error = %crate::engine::chain(&error), "commit failed; asking for its outcome");
            self.outcome(&receipts, error).await?;
        }
        if !batch.erasings().is_empty() {
            empty_log(&self.store).await;
        }
        Ok(answers(&sequenced, &repeated, &receipts))
    }

    async fn locked_head(&self, transaction: &mut Transaction, signed: u64) -> Result<Head, AppendError> {
        let head = lock_head(transaction.conn()).await?.ok_or(AppendError::NotFounded)?;
        if head.event_key != self.current_key {
            return Err(AppendError::OtherKey);
        }
        if head.size() < signed {
            return Err(AppendError::Behind { size: head.size(), signed });
        }
        Ok(head)
    }

    /// Reads the clock, and refuses one that cannot be right. A simulated ledger makes no claim about time.
    async fn checked_now(&self, transaction: &mut Transaction, head: &Head) -> Result<Instant, AppendError> {
        let now = self.sources.now();
        let drift = self.sources.drift_ms();
        if drift.abs() > CLOCK_JUMP_MS_MAX {
            return Err(ClockError::Jumped { by_ms: drift }.into());
        }
        if head.simulated {
            return Ok(now);
        }
        if let Some(server) = server_clock(transaction.conn()).await? {
            let by_ms = now.milliseconds_since(server);
            if by_ms.abs() > CLOCK_JUMP_MS_MAX {
                return Err(ClockError::Differs { by_ms }.into());
            }
        }
        let behind = head.recorded.milliseconds_since(now);
        let admitted = self.head_change.clock_corrected_until.is_some() || now < head.clock_corrected_until;
        if behind > CLOCK_JUMP_MS_MAX && !admitted {
            return Err(ClockError::Behind { by_ms: behind }.into());
        }
        Ok(now)
    }

    pub(in crate::engine) async fn write(
        &self,
        transaction: &mut Transaction,
        batch: &Batch,
    ) -> Result<Vec<Receipt>, AppendError> {
        let receipts = sign(self.signers.clone(), batch.entries.clone()).await?;
        let (head, hashes) = self.advanced(batch, &receipts)?;
        let rows: Vec<EntryRow> =
            receipts.iter().map(|receipt| EntryRow::new(&receipt.entry, receipt.body.clone())).collect();
        insert_entries(transaction.conn(), &rows).await?;
        insert_streams(transaction.conn(), &batch.streams).await?;
        insert_vault(transaction.conn(), &batch.vault).await?;
        // Before the projection, which looks for words in the vault, and after the values of the batch itself.
        erase(transaction.conn(), &batch.erasings()).await?;
        insert_idempotency(transaction.conn(), &batch.idempotency).await?;
        insert_tile_hashes(transaction.conn(), &hashes).await?;
        project(transaction.conn(), batch.facts(), &batch.new_facts()).await?;
        advance_head(transaction.conn(), &head).await?;
        Ok(receipts)
    }

    /// Returns the head after the batch and the tile hashes that its leaves bring about.
    fn advanced(&self, batch: &Batch, receipts: &[Receipt]) -> Result<(Head, Vec<TileHash>), AppendError> {
        let mut builder = TileBuilder::new(batch.head().frontier.clone());
        let mut hashes = Vec::with_capacity(receipts.len());
        for receipt in receipts {
            let hash = receipt.leaf_hash();
            hashes.push(TileHash { level: 0, position: receipt.entry.sequence, hash });
            builder.push(hash)?;
        }
        let (frontier, higher) = builder.finish();
        hashes.extend(higher);
        let (previous, recorded) = batch.end();
        let old = batch.head();
        let head = Head {
            frontier,
            previous: previous.0,
            recorded,
            event_key: self.head_change.event_key.clone().unwrap_or_else(|| old.event_key.clone()),
            clock_corrected_until: self.head_change.clock_corrected_until.unwrap_or(old.clock_corrected_until),
            ..old.clone()
        };
        Ok((head, hashes))
    }

    /// Learns whether a commit whose answer was lost took place. The head's lock waits for a commit still under way.
    async fn outcome(&self, receipts: &[Receipt], failed: StoreError) -> Result<(), Failure> {
        let Some(first) = receipts.first() else { return Ok(()) };
        for _ in 0..OUTCOME_TRIES {
            match self.committed(first).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(Failure::Before(failed.into())),
                Err(error) => {
                    tracing::warn!(error = %crate::engine::chain(&error), "outcome of the commit not known yet")
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(OUTCOME_WAIT_MS)).await;
        }
        Err(Failure::Unknown)
    }

    async fn committed(&self, first: &Receipt) -> Result<bool, StoreError> {
        let mut transaction = self.store.begin().await?;
        lock_head(transaction.conn()).await?;
        let found = entries_by_id(transaction.conn(), &[first.entry.id]).await?;
        Ok(found.first().is_some_and(|stored| stored.body == first.body))
    }
}

/// How a batch failed: nothing was written, or nobody knows.
enum Failure {
    Before(AppendError),
    Unknown,
}

/// What callers may be told of a failure.
fn public_reason(error: &AppendError) -> String {
    match error {
        AppendError::Store(StoreError::Unavailable(reason, _))
        | AppendError::Project(ProjectError::Store(StoreError::Unavailable(reason, _))) => reason.to_string(),
        AppendError::Clock(error) => error.to_string(),
        AppendError::OtherKey | AppendError::Behind { .. } => {
            "the ledger takes no facts until its operator has looked at it; its log says why".to_owned()
        }
        _ => "the ledger could not record the facts; its log says why".to_owned(),
    }
}

/// What became of a submission: a place, a refusal, or an earlier answer to the same key.
enum Place {
    New(Sequenced),
    Repeated(std::ops::Range<u64>),
}

async fn used_keys(
    transaction: &mut Transaction,
    submissions: &[&SealedSubmission],
) -> Result<BTreeMap<(String, String), IdempotencyRow>, StoreError> {
    let keys: BTreeSet<(String, String)> = submissions.iter().map(|submission| key_of(submission)).collect();
    let rows = idempotency(transaction.conn(), &keys).await?;
    Ok(rows.into_iter().map(|row| ((row.actor.clone(), row.key.clone()), row)).collect())
}

fn key_of(submission: &SealedSubmission) -> (String, String) {
    (submission.actor_key.clone(), submission.idempotency_key.clone())
}

async fn load(
    transaction: &mut Transaction,
    submissions: &[&SealedSubmission],
    head: &Head,
) -> Result<World, StoreError> {
    let facts = facts_of(transaction.conn(), &streams_of(submissions), head.size()).await?;
    let references = submissions
        .iter()
        .flat_map(|submission| &submission.facts)
        .filter_map(|fact| fact.fact.reference.clone().map(|reference| (fact.family.name.to_owned(), reference)));
    let taken = streams_by_references(transaction.conn(), &references.collect()).await?;
    let references = taken.into_iter().filter_map(|row| {
        let family = row.stream.family().to_owned();
        row.reference.map(|reference| ((family, reference), row.stream))
    });
    Ok(World { facts, references: references.collect() })
}

fn sequence(
    batch: &mut Batch,
    submissions: &[&SealedSubmission],
    used: &BTreeMap<(String, String), IdempotencyRow>,
) -> Vec<Place> {
    let place = |submission: &&SealedSubmission| {
        let in_batch = batch.idempotency.iter().find(|row| (row.actor.clone(), row.key.clone()) == key_of(submission));
        match in_batch.or_else(|| used.get(&key_of(submission))) {
            None => Place::New(batch.take(submission)),
            Some(row) if row.fingerprint == submission.fingerprint => {
                Place::Repeated(row.first_sequence..row.first_sequence + row.facts)
            }
            Some(_) => Place::New(Err(FactRefused {
                fact: 0,
                refused: Refused::new(
                    RejectionCode::IdempotencyKeyReused,
                    "idempotencyKey",
                    "this idempotency key was used for something else; use a fresh one for each request",
                ),
            })),
        }
    };
    submissions.iter().map(place).collect()
}

/// Reads the entries of repeated answers that are not of this very batch.
async fn repeated(transaction: &mut Transaction, places: &[Place]) -> Result<Vec<Receipt>, StoreError> {
    let sequences: Vec<u64> = places
        .iter()
        .filter_map(|place| match place {
            Place::Repeated(range) => Some(range.clone()),
            Place::New(_) => None,
        })
        .flatten()
        .collect();
    if sequences.is_empty() {
        return Ok(Vec::new());
    }
    let stored = entries_at(transaction.conn(), &sequences).await?;
    Ok(stored.into_iter().map(|stored| Receipt { entry: stored.entry, body: stored.body }).collect())
}

fn answers(places: &[Place], repeated: &[Receipt], new: &[Receipt]) -> Answers {
    let receipts: BTreeMap<u64, &Receipt> =
        repeated.iter().chain(new).map(|receipt| (receipt.entry.sequence, receipt)).collect();
    let of =
        |range: &std::ops::Range<u64>| range.clone().filter_map(|sequence| receipts.get(&sequence).copied().cloned());
    let answer = |place: &Place| match place {
        Place::New(Ok(range)) | Place::Repeated(range) => Ok(of(range).collect()),
        Place::New(Err(refused)) => Err(SubmitError::Refused(refused.clone())),
    };
    places.iter().map(answer).collect()
}

/// Signs all entries of a batch, on all cores.
async fn sign(signers: Vec<Arc<SigningKey>>, entries: Vec<Unsigned>) -> Result<Vec<Receipt>, AppendError> {
    let sign_all = move || {
        let keys: Vec<&SigningKey> = signers.iter().map(AsRef::as_ref).collect();
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let chunks: Vec<&[Unsigned]> = entries.chunks(entries.len().div_ceil(cores).max(1)).collect();
        let signed = std::thread::scope(|scope| {
            let tasks: Vec<_> = chunks.iter().map(|chunk| scope.spawn(|| sign_chunk(&keys, chunk))).collect();
            tasks.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
        });
        let mut receipts = Vec::with_capacity(entries.len());
        for chunk in signed {
            receipts.extend(chunk.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok::<_, AppendError>(receipts)
    };
    tokio::task::spawn_blocking(sign_all).await?
}

/// Signs, and reads back what will be stored: a check before the write that pairs with the one after the read.
fn sign_chunk(keys: &[&SigningKey], entries: &[Unsigned]) -> Result<Vec<Receipt>, AppendError> {
    let sign_one = |unsigned: &Unsigned| {
        let body = Note::sign(&unsigned.text, keys)?.encode();
        let read = Entry::parse(&body)?.entry;
        if read == unsigned.entry {
            Ok(Receipt { entry: read, body })
        } else {
            Err(AppendError::Entry(EntryError::Contradiction("the entry reads back as another one")))
        }
    };
    entries.iter().map(sign_one).collect()
}
