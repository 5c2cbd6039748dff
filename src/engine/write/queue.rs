//! The engine as a server runs it: a bounded queue in front of one writer, checkpoints behind it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::{FutureExt as _, Stream};
use tokio::sync::{mpsc, oneshot, watch};
use zeroize::Zeroizing;

use crate::engine::append::{Appender, BATCH_FACTS_MAX, CLOCK_JUMP_MS_MAX, HeadChange, Receipt, SubmitError};
use crate::engine::checkpoint::{Checkpointer, SealError};
use crate::engine::clock::Sources;
use crate::engine::erase::empty_log;
use crate::engine::fact::{SealedSubmission, Submission, prepare};
use crate::engine::feed::{Entries, Followers, Source, Tail, feed};
use crate::engine::follow::{LogPosition, announce, look_after, settled};
use crate::engine::keys::{KeyFileError, KeyFolder, SignerError};
use crate::engine::project::{Fit, fit};
use crate::ledger::key::{SigningKey, VerifierKey};
use crate::store::{EntryFilter, Head, Store, StoreError, StoredCheckpoint, StoredEntry, checkpoint_from, head};

/// Submissions that may wait for the writer.
pub const QUEUE_SUBMISSIONS_MAX: usize = 1_024;
/// How long a ledger may lie idle before a start asks whether the clock is right.
pub const CLOCK_IDLE_DAYS_MAX: i64 = 90;
/// Shortest time between two checkpoints that nobody asked for.
const CHECKPOINT_INTERVAL_MS: u64 = 500;
/// How long to wait before a checkpoint that failed is tried again.
const CHECKPOINT_RETRY_MS: u64 = 5_000;
/// How long a question waits for a checkpoint that covers what it is about.
const CHECKPOINT_WAIT_MS: u64 = 3_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// How an engine starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// Time and entropy.
    pub sources: Sources,
    /// Believe the clock although the ledger lay idle for long.
    pub accept_clock: bool,
}

/// Says why the engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No ledger in the database.
    #[error("the database holds no ledger; found one with `griffie ledger found`, or try `griffie demo`")]
    NotFounded,
    /// The states were made by another fold.
    #[error("the states in the database were made by another version of griffie; run `griffie migrate`")]
    OtherFold,
    /// A newer program has written here.
    #[error(
        "a newer version of griffie has written to this ledger; this one is too old for its facts: use that version"
    )]
    TooOld,
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The keys are of another ledger, or older or newer than the ledger's own.
    #[error("the {which} key in {folder} is not the one that the ledger names; use the folder of this ledger's keys")]
    OtherKey {
        /// Which key.
        which: &'static str,
        /// Where it was read.
        folder: String,
    },
    /// The database is behind or beside what was signed.
    #[error(
        "the database does not continue what its key has signed: {0}; if entries are lost for good, see `griffie ledger fork-decision --help`"
    )]
    Fork(SignerError),
    /// The last checkpoint could not be compared.
    #[error(transparent)]
    Checkpoint(SealError),
    /// The clock is behind the ledger.
    #[error(
        "the clock runs {by_ms} ms behind the last entry; set it right, or see `griffie ledger clock-corrected --help`"
    )]
    ClockBehind {
        /// By how much.
        by_ms: i64,
    },
    /// The clock is far ahead of the ledger.
    #[error("the last entry is {days} days old; if the clock is right, start with --accept-clock")]
    ClockAhead {
        /// By how many days.
        days: i64,
    },
}

struct Job {
    submission: SealedSubmission,
    answer: oneshot::Sender<Result<Vec<Receipt>, SubmitError>>,
}

/// A ledger that takes facts. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    store: Store,
    sources: Sources,
    fingerprint_key: Arc<Zeroizing<[u8; 32]>>,
    event_key: VerifierKey,
    queue: mpsc::Sender<Job>,
    standing: watch::Receiver<LogPosition>,
    followers: Followers,
    tail: Tail,
    checkpointer: Arc<Checkpointer>,
}

/// Holds the database to what this program knows: it reads all facts there, and its fold made the states.
///
/// # Errors
///
/// [`StartError::TooOld`] and [`StartError::OtherFold`].
pub async fn hold_fit(store: &Store) -> Result<(), StartError> {
    match fit(store).await? {
        Fit::Same => Ok(()),
        Fit::NewerFacts => Err(StartError::TooOld),
        Fit::OtherFold | Fit::OlderFacts => Err(StartError::OtherFold),
    }
}

impl Engine {
    /// Starts on a founded ledger, after checking keys, clock and the last checkpoint. Nothing is replayed.
    ///
    /// It ends when every clone is dropped: what was taken is finished first.
    pub async fn start(store: Store, folder: &KeyFolder, options: Options) -> Result<Self, StartError> {
        let head = head(&store).await?.ok_or(StartError::NotFounded)?;
        hold_fit(&store).await?;
        let keys = folder.load_current(&head.origin, &head.event_key)?;
        check_keys(
            &head,
            keys.event.verifier() == &head.event_key,
            keys.checkpoint.verifier() == &head.checkpoint_key,
            folder,
        )?;
        check_clock(&head, &options)?;
        let checkpointer = Arc::new(Checkpointer::new(store.clone(), keys.checkpoint));
        match checkpointer.check(&head).await {
            Ok(()) => {}
            Err(SealError::Signer(error @ (SignerError::Behind { .. } | SignerError::Forked { .. }))) => {
                return Err(StartError::Fork(error));
            }
            Err(error) => return Err(StartError::Checkpoint(error)),
        }
        // What a crash between an erasure and the end of its batch left there.
        empty_log(&store).await;
        let (queue, jobs) = mpsc::channel(QUEUE_SUBMISSIONS_MAX);
        let now = LogPosition { size: head.size(), signed: 0, due: settled(&options.sources) };
        let (publish, standing) = watch::channel(now);
        let publish = Arc::new(publish);
        let event_key = keys.event.verifier().clone();
        let appender = appender(&store, &options.sources, keys.event);
        let waiting = queue.downgrade();
        let gone = move || waiting.upgrade().is_none();
        tokio::spawn(write(appender, checkpointer.clone(), jobs, publish.clone()));
        tokio::spawn(sign_checkpoints(checkpointer.clone(), standing.clone(), Arc::downgrade(&publish)));
        tokio::spawn(look_after(store.clone(), options.sources.clone(), publish, gone));
        let fingerprint_key = Arc::new(keys.fingerprint);
        let (followers, tail) = (Followers::default(), Tail::default());
        let sources = options.sources;
        Ok(Self { store, sources, fingerprint_key, event_key, queue, standing, followers, tail, checkpointer })
    }

    /// Records facts: returns once they are durable, or refused without a trace.
    ///
    /// Dropping the future while the submission waits withdraws it; once taken it is finished, and its idempotency key
    /// tells what became of it.
    pub async fn submit(&self, submission: Submission) -> Result<Vec<Receipt>, SubmitError> {
        let submission = prepare(submission, &self.fingerprint_key, &self.sources).map_err(SubmitError::Refused)?;
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Job { submission, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SubmitError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => SubmitError::ShuttingDown,
        })?;
        answered.await.unwrap_or(Err(SubmitError::Unknown))
    }

    /// Returns the database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the clock and the entropy.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Returns the wake-up of readers: where the ledger stands, moved after each commit, checkpoint and coming into force.
    pub fn standing(&self) -> watch::Receiver<LogPosition> {
        self.standing.clone()
    }

    /// Returns who follows the ledger.
    pub fn followers(&self) -> &Followers {
        &self.followers
    }

    /// Streams the entries of a filter from a sequence on.
    pub fn entries(
        &self,
        filter: EntryFilter,
        next: u64,
    ) -> impl Stream<Item = Result<StoredEntry, StoreError>> + Send + use<> {
        self.feed(Entries { store: self.store.clone(), tail: self.tail.clone(), filter, next })
    }

    /// Streams what a source reads; see `engine/feed.rs`.
    pub fn feed<S: Source>(&self, source: S) -> impl Stream<Item = Result<S::Item, StoreError>> + Send + use<S> {
        feed(source, self.standing.clone(), &self.followers)
    }

    /// Returns the key that signs entries.
    pub fn event_key(&self) -> &VerifierKey {
        &self.event_key
    }

    /// Tells whether the writer still takes submissions.
    pub fn is_writing(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Returns how many submissions wait for the writer.
    pub fn waiting(&self) -> usize {
        QUEUE_SUBMISSIONS_MAX.saturating_sub(self.queue.capacity())
    }

    /// Returns a stored checkpoint of at least `size` entries. Nothing is signed for it: what is not covered yet is waited for, up
    /// to `CHECKPOINT_WAIT_MS`, since heads are signed soon after they are committed.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it cannot be read; `None` is not an error: no checkpoint covers it yet.
    pub async fn covering(&self, size: u64) -> Result<Option<StoredCheckpoint>, StoreError> {
        let mut standing = self.standing.clone();
        let end = tokio::time::Instant::now() + Duration::from_millis(CHECKPOINT_WAIT_MS);
        loop {
            standing.mark_unchanged();
            let found = checkpoint_from(self.store.read().await?.conn(), size).await?;
            if found.is_some() || !matches!(tokio::time::timeout_at(end, standing.changed()).await, Ok(Ok(()))) {
                return Ok(found);
            }
        }
    }

    /// Returns the signer of checkpoints.
    pub fn checkpointer(&self) -> &Checkpointer {
        &self.checkpointer
    }
}

fn appender(store: &Store, sources: &Sources, event_key: SigningKey) -> Appender {
    Appender {
        store: store.clone(),
        sources: sources.clone(),
        current_key: event_key.verifier().clone(),
        signers: vec![Arc::new(event_key)],
        head_change: HeadChange::default(),
    }
}

fn check_keys(head: &Head, event: bool, checkpoint: bool, folder: &KeyFolder) -> Result<(), StartError> {
    let other = |which| StartError::OtherKey { which, folder: folder.path().display().to_string() };
    tracing::debug!(origin = %head.origin, "keys loaded");
    match (event, checkpoint) {
        (false, _) => Err(other("event")),
        (_, false) => Err(other("checkpoint")),
        _ => Ok(()),
    }
}

fn check_clock(head: &Head, options: &Options) -> Result<(), StartError> {
    let now = options.sources.now();
    if head.simulated || now < head.clock_corrected_until {
        return Ok(());
    }
    let ahead_ms = now.milliseconds_since(head.recorded);
    if ahead_ms < -CLOCK_JUMP_MS_MAX {
        return Err(StartError::ClockBehind { by_ms: -ahead_ms });
    }
    let days = ahead_ms / DAY_MS;
    if days > CLOCK_IDLE_DAYS_MAX && !options.accept_clock {
        return Err(StartError::ClockAhead { days });
    }
    Ok(())
}

/// The writer: takes what waits as one batch, answers each, and wakes the readers.
async fn write(
    appender: Appender,
    checkpointer: Arc<Checkpointer>,
    mut jobs: mpsc::Receiver<Job>,
    publish: Arc<watch::Sender<LogPosition>>,
) {
    let mut left_over = None;
    loop {
        let first = match left_over.take() {
            Some(job) => job,
            None => match jobs.recv().await {
                Some(job) => job,
                None => return,
            },
        };
        let batch = fill(first, &mut jobs, &mut left_over);
        if batch.is_empty() {
            continue;
        }
        let signed = match checkpointer.signed_size() {
            Ok(size) if !checkpointer.is_forked() => size,
            Ok(_) => {
                tracing::error!(
                    "the database does not continue what the checkpoint key has signed; nothing is appended"
                );
                refuse_all(batch);
                continue;
            }
            Err(error) => {
                tracing::error!(error = %crate::engine::chain(&error), "the checkpoint key's memory cannot be read");
                refuse_all(batch);
                continue;
            }
        };
        let submissions: Vec<&SealedSubmission> = batch.iter().map(|job| &job.submission).collect();
        // A defect that panics must not end the writer: the transaction is rolled back, and whoever asks again learns more.
        let append = std::panic::AssertUnwindSafe(appender.append(&submissions, signed)).catch_unwind();
        let answers = append.await.unwrap_or_else(|_| batch.iter().map(|_| Err(SubmitError::Unknown)).collect());
        let newest = answers.iter().flatten().flatten().map(|receipt| receipt.entry.sequence + 1).max();
        measure(&answers);
        for (job, answer) in batch.into_iter().zip(answers) {
            // A caller that has gone away learns the answer by its idempotency key.
            let _ = job.answer.send(answer);
        }
        if let Some(size) = newest {
            announce(&publish, |standing| standing.size = size);
        }
    }
}

/// Counts what became of a batch. Facts that an idempotency key had recorded before count again.
fn measure(answers: &[Result<Vec<Receipt>, SubmitError>]) {
    let appended: usize = answers.iter().flatten().map(Vec::len).sum();
    if appended > 0 {
        metrics::counter!("griffie_facts_total").increment(u64::try_from(appended).unwrap_or(u64::MAX));
        metrics::histogram!("griffie_batch_facts").record(appended as f64);
    }
    for answer in answers {
        let code = match answer {
            Ok(_) => continue,
            Err(SubmitError::Refused(refused)) => refused.refused.code.as_str(),
            Err(_) => "UNAVAILABLE",
        };
        metrics::counter!("griffie_facts_refused_total", "code" => code).increment(1);
    }
}

fn refuse_all(batch: Vec<Job>) {
    for job in batch {
        let reason = "the ledger takes no facts until its operator has looked at it; its log says why";
        let _ = job.answer.send(Err(SubmitError::Unavailable(reason.to_owned())));
    }
}

/// Takes what waits, up to [`BATCH_FACTS_MAX`] facts. Callers that have given up are left out.
fn fill(first: Job, jobs: &mut mpsc::Receiver<Job>, left_over: &mut Option<Job>) -> Vec<Job> {
    let mut batch = Vec::new();
    let mut facts = 0;
    let mut next = Some(first);
    while let Some(job) = next.take().or_else(|| jobs.try_recv().ok()) {
        if job.answer.is_closed() {
            continue;
        }
        facts += job.submission.facts.len();
        if facts > BATCH_FACTS_MAX && !batch.is_empty() {
            *left_over = Some(job);
            break;
        }
        batch.push(job);
    }
    batch
}

/// Signs a checkpoint after commits, not more often than [`CHECKPOINT_INTERVAL_MS`].
async fn sign_checkpoints(
    checkpointer: Arc<Checkpointer>,
    mut standing: watch::Receiver<LogPosition>,
    publish: Weak<watch::Sender<LogPosition>>,
) {
    loop {
        let signed = checkpointer.sign_head().await;
        let wait = match signed {
            Ok(checkpoint) => {
                if let Some(publish) = publish.upgrade() {
                    announce(&publish, |standing| standing.signed = checkpoint.size);
                }
                None
            }
            Err(error) => {
                tracing::error!(error = %crate::engine::chain(&error), "no checkpoint signed");
                Some(Duration::from_millis(CHECKPOINT_RETRY_MS))
            }
        };
        tokio::time::sleep(Duration::from_millis(CHECKPOINT_INTERVAL_MS)).await;
        let gone = match wait {
            None => standing.wait_for(|standing| standing.signed < standing.size).await.is_err(),
            Some(wait) => matches!(tokio::time::timeout(wait, standing.changed()).await, Ok(Err(_))),
        };
        if gone {
            return;
        }
    }
}
