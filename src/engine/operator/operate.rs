//! What an operator does to the ledger itself: found it, change its keys, admit a wrong clock, give up a lost tail.
//!
//! Each is a fact. These run in the operator's own process; a running server notices a changed key and stops appending.

use std::sync::Arc;

use crate::engine::append::{AppendError, Appender, HeadChange, Receipt, SubmitError};
use crate::engine::batch::{Batch, World};
use crate::engine::checkpoint::{Checkpointer, SealError};
use crate::engine::clock::Sources;
use crate::engine::fact::{NewFact, Submission, prepare};
use crate::engine::keys::{KeyFileError, KeyFolder, SignerError};
use crate::engine::project::say_program;
use crate::engine::queue::StartError;
use crate::family::kit::ShapeError;
use crate::family::ledger::{
    ClockCorrected, ClockKind, ForkDecided, Founded, ImportCompleted, ImportStarted, KeyIntroduced, KeyRevoked, KeyUse,
    Ledger, LedgerEvent, OPERATOR,
};
use crate::ledger::entry::{Actor, TextHash};
use crate::ledger::erasable::Erasable;
use crate::ledger::key::{SigningKey, VerifierKey};
use crate::ledger::merkle::Frontier;
use crate::ledger::name::{NameError, Origin, Sequence, StreamId};
use crate::store::{Head, Store, StoreError, found as insert_head, head, lock_head};
use crate::time::{Instant, PartialDate};

/// Says why the operator's act failed.
#[derive(Debug, thiserror::Error)]
pub enum OperateError {
    /// The database holds a ledger already.
    #[error("the database holds a ledger already; a database keeps one")]
    AlreadyFounded,
    /// The keys belong to another ledger already.
    #[error("the checkpoint key in {folder} has signed another ledger; make fresh keys in a folder of their own")]
    KeyUsed {
        /// Where the key was read.
        folder: String,
    },
    /// The ledger cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The fact could not be appended.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The fact was refused.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// No checkpoint could be signed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The key's memory cannot be read.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The fact is malformed.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A name is malformed.
    #[error(transparent)]
    Name(#[from] NameError),
    /// No random bytes.
    #[error(transparent)]
    Entropy(#[from] crate::engine::clock::NoEntropy),
    /// A statement of the law pack is no fact.
    #[error(transparent)]
    Pack(#[from] crate::law::PackError),
    /// There is nothing to decide.
    #[error("the database continues what the key has signed; there is nothing to decide")]
    NoFork,
}

/// Founds a ledger in an empty database, with the keys of a folder, and signs its first checkpoint.
pub async fn found(
    store: &Store,
    folder: &KeyFolder,
    origin: &Origin,
    sources: &Sources,
    remark: Option<String>,
) -> Result<Receipt, OperateError> {
    if head(store).await?.is_some() {
        return Err(OperateError::AlreadyFounded);
    }
    let keys = folder.load(origin)?;
    if keys.checkpoint.remembered()?.is_some() {
        let folder = folder.path().display().to_string();
        return Err(OperateError::KeyUsed { folder });
    }
    let recovery = folder.load_recovery(origin)?.verifier().clone();
    let now = sources.now();
    let ledger_stream = StreamId::new("ledger", sources.uuid()?);
    let first = Head {
        origin: origin.clone(),
        frontier: Frontier::new(),
        previous: TextHash::of_nothing().0,
        recorded: now.before(),
        ledger_stream: ledger_stream.clone(),
        event_key: keys.event.verifier().clone(),
        checkpoint_key: keys.checkpoint.verifier().clone(),
        recovery_key: recovery.clone(),
        simulated: sources.is_simulated(),
        clock_corrected_until: Instant::MIN,
    };
    let event = LedgerEvent::Founded(Founded {
        origin: origin.to_string(),
        event_key: first.event_key.clone(),
        checkpoint_key: first.checkpoint_key.clone(),
        recovery_key: recovery,
        clock: if sources.is_simulated() { ClockKind::Simulated } else { ClockKind::System },
        remark: remark.map(Erasable::Clear),
    });
    let mut fact = NewFact::of::<Ledger>(&event, PartialDate::Exact(now));
    fact.stream = Some(ledger_stream);
    fact.expected_revision = Some(0);
    let submission =
        prepare(operator(vec![fact], "ledger.founded")?, &keys.fingerprint, sources).map_err(SubmitError::Refused)?;
    let appender = Appender {
        store: store.clone(),
        sources: sources.clone(),
        current_key: first.event_key.clone(),
        signers: vec![Arc::new(keys.event)],
        head_change: HeadChange::default(),
    };
    let receipt = appender.found(&submission, first).await?;
    // A crash before this leaves a ledger that says nothing of its fold: `griffie migrate` makes its one state anew.
    say_program(store).await?;
    Checkpointer::new(store.clone(), keys.checkpoint).sign_head().await?;
    Ok(receipt)
}

/// Lets a fresh event key take over; the old one signs the change, the new one countersigns it.
pub async fn introduce_event_key(
    store: &Store,
    folder: &KeyFolder,
    sources: &Sources,
) -> Result<Receipt, OperateError> {
    let head = current_head(store).await?;
    let keys = folder.load_current(&head.origin, &head.event_key)?;
    check_named("event", &keys.event, &head.event_key, folder)?;
    let next = folder.generate_next(&head.origin, sources)?;
    let event = LedgerEvent::KeyIntroduced(KeyIntroduced {
        key_use: KeyUse::Event,
        key: next.verifier().clone(),
        previous: head.event_key.clone(),
        remark: None,
    });
    let change = HeadChange { event_key: Some(next.verifier().clone()), ..HeadChange::default() };
    let receipt = record(store, folder, sources, &head, &event, vec![keys.event, next], change).await?;
    folder.adopt_next()?;
    Ok(receipt)
}

/// Revokes the event key from a sequence on; the recovery key signs, and so does the fresh key that takes over.
pub async fn revoke_event_key(
    store: &Store,
    folder: &KeyFolder,
    recovery: SigningKey,
    from: Sequence,
    sources: &Sources,
) -> Result<Receipt, OperateError> {
    let head = current_head(store).await?;
    check_named("recovery", &recovery, &head.recovery_key, folder)?;
    folder.finish_change(&head.origin, &head.event_key)?;
    let next = folder.generate_next(&head.origin, sources)?;
    let event = LedgerEvent::KeyRevoked(KeyRevoked {
        revoked: head.event_key.clone(),
        from_sequence: from,
        successor: next.verifier().clone(),
        remark: None,
    });
    let change = HeadChange { event_key: Some(next.verifier().clone()), ..HeadChange::default() };
    let receipt = record(store, folder, sources, &head, &event, vec![recovery, next], change).await?;
    folder.adopt_next()?;
    Ok(receipt)
}

/// Admits that a stretch was recorded under a wrong clock; the ledger goes on although its time lies ahead.
pub async fn correct_clock(
    store: &Store,
    folder: &KeyFolder,
    sources: &Sources,
    from: Sequence,
    reason: String,
) -> Result<Receipt, OperateError> {
    let head = current_head(store).await?;
    let keys = folder.load_current(&head.origin, &head.event_key)?;
    check_named("event", &keys.event, &head.event_key, folder)?;
    let event = LedgerEvent::ClockCorrected(ClockCorrected {
        from_sequence: from,
        to_sequence: Sequence(head.size().saturating_sub(1)),
        reason: Erasable::Clear(reason),
        remark: None,
    });
    let change = HeadChange { clock_corrected_until: Some(head.recorded.next()), ..HeadChange::default() };
    record(store, folder, sources, &head, &event, vec![keys.event], change).await
}

/// Goes on from a database that has lost entries which were signed: the decision is a fact, and the key's memory begins
/// anew with it.
pub async fn decide_fork(
    store: &Store,
    folder: &KeyFolder,
    sources: &Sources,
    reason: String,
) -> Result<Receipt, OperateError> {
    let head = current_head(store).await?;
    let keys = folder.load_current(&head.origin, &head.event_key)?;
    check_named("event", &keys.event, &head.event_key, folder)?;
    let remembered = keys.checkpoint.remembered()?.ok_or(OperateError::NoFork)?;
    let checkpointer = Checkpointer::new(store.clone(), keys.checkpoint);
    match checkpointer.check(&head).await {
        Ok(()) => return Err(OperateError::NoFork),
        Err(SealError::Signer(SignerError::Behind { .. } | SignerError::Forked { .. })) => {}
        Err(error) => return Err(error.into()),
    }
    let event = LedgerEvent::ForkDecided(ForkDecided {
        signed_size: Sequence(remembered.size()),
        signed_root: remembered.root(),
        continued_from: Sequence(head.size()),
        reason: Erasable::Clear(reason),
        remark: None,
    });
    let receipt = record(store, folder, sources, &head, &event, vec![keys.event], HeadChange::default()).await?;
    checkpointer.sign_after_decision().await?;
    Ok(receipt)
}

/// Records that an import begins.
pub async fn start_import(
    store: &Store,
    folder: &KeyFolder,
    sources: &Sources,
    started: ImportStarted,
) -> Result<Receipt, OperateError> {
    record_plain(store, folder, sources, &LedgerEvent::ImportStarted(started)).await
}

/// Records that an import is complete.
pub async fn complete_import(
    store: &Store,
    folder: &KeyFolder,
    sources: &Sources,
    completed: ImportCompleted,
) -> Result<Receipt, OperateError> {
    record_plain(store, folder, sources, &LedgerEvent::ImportCompleted(completed)).await
}

async fn record_plain(
    store: &Store,
    folder: &KeyFolder,
    sources: &Sources,
    event: &LedgerEvent,
) -> Result<Receipt, OperateError> {
    let head = current_head(store).await?;
    let keys = folder.load_current(&head.origin, &head.event_key)?;
    check_named("event", &keys.event, &head.event_key, folder)?;
    record(store, folder, sources, &head, event, vec![keys.event], HeadChange::default()).await
}

async fn current_head(store: &Store) -> Result<Head, OperateError> {
    Ok(head(store).await?.ok_or(StartError::NotFounded)?)
}

/// An entry that another key than the named one signed would never verify, and nothing could take it out again.
fn check_named(
    which: &'static str,
    key: &SigningKey,
    named: &VerifierKey,
    folder: &KeyFolder,
) -> Result<(), StartError> {
    if key.verifier() == named {
        return Ok(());
    }
    let folder = folder.path().display().to_string();
    Err(StartError::OtherKey { which, folder })
}

async fn record(
    store: &Store,
    folder: &KeyFolder,
    sources: &Sources,
    head: &Head,
    event: &LedgerEvent,
    signers: Vec<SigningKey>,
    head_change: HeadChange,
) -> Result<Receipt, OperateError> {
    let mut fact = NewFact::of::<Ledger>(event, PartialDate::Exact(sources.now().max(head.recorded.next())));
    fact.stream = Some(head.ledger_stream.clone());
    let key = format!("{}-{}", fact.event, sources.uuid()?);
    let fingerprint = folder.fingerprint()?;
    let submission = prepare(operator(vec![fact], &key)?, &fingerprint, sources).map_err(SubmitError::Refused)?;
    let appender = Appender {
        store: store.clone(),
        sources: sources.clone(),
        current_key: head.event_key.clone(),
        signers: signers.into_iter().map(Arc::new).collect(),
        head_change,
    };
    // The operator's decision may be just about a database that is behind: its size is not held against the memory.
    let mut answers = appender.append(&[&submission], 0).await;
    let receipts = answers.pop().unwrap_or(Err(SubmitError::Unknown))?;
    receipts.into_iter().next().ok_or_else(|| SubmitError::Unknown.into())
}

/// What the operator of the ledger records, under a key.
pub fn operator(facts: Vec<NewFact>, idempotency_key: &str) -> Result<Submission, OperateError> {
    let actor = Actor { id: Some("operator".parse()?), role: OPERATOR.parse()?, unit: None };
    Ok(Submission { actor, idempotency_key: idempotency_key.to_owned(), facts })
}

impl Appender {
    /// Appends the first entry, with the head in the same transaction.
    async fn found(
        &self,
        submission: &crate::engine::fact::SealedSubmission,
        first: Head,
    ) -> Result<Receipt, OperateError> {
        let mut transaction = self.store.begin().await?;
        match insert_head(transaction.conn(), &first).await {
            Ok(()) => {}
            Err(StoreError::Conflict(_)) => return Err(OperateError::AlreadyFounded),
            Err(error) => return Err(error.into()),
        }
        let locked = lock_head(transaction.conn()).await?.ok_or(AppendError::NotFounded)?;
        let names = self.signers.iter().map(|key| key.name().clone()).collect();
        let mut batch = Batch::new(World::default(), locked, self.sources.now(), names);
        batch.take(submission).map_err(SubmitError::Refused)?;
        let receipts = self.write(&mut transaction, &batch).await?;
        transaction.commit().await?;
        receipts.into_iter().next().ok_or_else(|| SubmitError::Unknown.into())
    }
}
