//! Checkpoints: the head, signed, after the key has remembered it.

use crate::engine::keys::{CheckpointSigner, KeyFileError, SignerError};
use crate::engine::tree::{TreeError, root_at};
use crate::ledger::checkpoint::{Checkpoint, CheckpointError};
use crate::store::{Head, Store, StoreError, StoredCheckpoint, checkpoint_up_to, head, insert_checkpoint};

/// Says why there is no checkpoint.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The tree could not be computed.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The key refused or could not remember.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The head is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// No ledger.
    #[error("the database holds no ledger")]
    NotFounded,
    /// A helper task died.
    #[error("a task of the server died")]
    Task(#[from] tokio::task::JoinError),
}

impl From<KeyFileError> for SealError {
    fn from(error: KeyFileError) -> Self {
        Self::Signer(error.into())
    }
}

/// How often a checkpoint is tried again when another server signs at the same time.
const SIGN_TRIES: u32 = 5;

/// Signs checkpoints of one ledger, one at a time.
#[derive(Debug)]
pub struct Checkpointer {
    store: Store,
    signer: std::sync::Arc<CheckpointSigner>,
    one_at_a_time: tokio::sync::Mutex<()>,
    forked: std::sync::atomic::AtomicBool,
}

impl Checkpointer {
    /// Makes one from the key and its memory.
    pub fn new(store: Store, signer: CheckpointSigner) -> Self {
        let (signer, one_at_a_time) = (std::sync::Arc::new(signer), tokio::sync::Mutex::new(()));
        Self { store, signer, one_at_a_time, forked: false.into() }
    }

    /// Returns the size of the last checkpoint that the key remembers, 0 if none.
    pub fn signed_size(&self) -> Result<u64, SignerError> {
        Ok(self.signer.remembered()?.map_or(0, |checkpoint| checkpoint.size()))
    }

    /// Returns the key's public half.
    pub fn verifier(&self) -> &crate::ledger::key::VerifierKey {
        self.signer.verifier()
    }

    /// Checks that the database continues what the key has signed.
    pub async fn check(&self, head: &Head) -> Result<(), SealError> {
        let Some(remembered) = self.signer.remembered()? else {
            return Ok(());
        };
        if remembered.size() > head.size() {
            return Err(SignerError::Behind { signed: remembered.size(), offered: head.size() }.into());
        }
        let root = root_at(&self.store, remembered.size()).await?;
        if root == remembered.root() { Ok(()) } else { Err(SignerError::Forked { size: remembered.size() }.into()) }
    }

    /// Signs the ledger as it stands, unless that is done already.
    pub async fn sign_head(&self) -> Result<StoredCheckpoint, SealError> {
        let _turn = self.one_at_a_time.lock().await;
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_sign_head().await {
                // Another server got ahead: look at the head again.
                Err(SealError::Signer(SignerError::Moved | SignerError::Behind { .. })) if tries < SIGN_TRIES => {}
                Err(error @ SealError::Signer(SignerError::Behind { .. } | SignerError::Forked { .. })) => {
                    self.forked.store(true, std::sync::atomic::Ordering::SeqCst);
                    return Err(error);
                }
                other => return other,
            }
        }
    }

    /// Tells whether the database was seen not to continue what the key has signed. Nothing is appended to it then.
    pub fn is_forked(&self) -> bool {
        self.forked.load(std::sync::atomic::Ordering::SeqCst)
    }

    async fn try_sign_head(&self) -> Result<StoredCheckpoint, SealError> {
        let head = head(&self.store).await?.ok_or(SealError::NotFounded)?;
        let remembered = self.signer.remembered()?;
        let newest = checkpoint_up_to(self.store.read().await?.conn(), head.size()).await?;
        // Only what this key remembers too is done: else it would not know what it has signed elsewhere.
        let done = remembered.as_ref().is_some_and(|remembered| remembered.size() == head.size());
        if let Some(newest) = newest.filter(|newest| done && newest.size == head.size()) {
            return Ok(newest);
        }
        // What is signed is what the stored tiles say, not what one column of the head says.
        if root_at(&self.store, head.size()).await? != head.frontier.root() {
            let position = i64::try_from(head.size()).unwrap_or(i64::MAX);
            return Err(StoreError::corrupt("head", "frontier", position, "it is not that of the stored tiles").into());
        }
        let earlier = match remembered {
            Some(remembered) if remembered.size() < head.size() => {
                Some((remembered.size(), root_at(&self.store, remembered.size()).await?))
            }
            _ => None,
        };
        let checkpoint = Checkpoint::new(head.origin.as_str(), head.size(), head.frontier.root())?;
        let signer = self.signer.clone();
        // The key's memory is a file that is flushed: not on a thread that serves requests.
        let note = tokio::task::spawn_blocking(move || signer.sign(&checkpoint, earlier)).await??;
        self.keep(head.size(), note.encode()).await
    }

    /// Signs the ledger as it stands after the operator has decided to give up what was signed before.
    pub async fn sign_after_decision(&self) -> Result<StoredCheckpoint, SealError> {
        let head = head(&self.store).await?.ok_or(SealError::NotFounded)?;
        let checkpoint = Checkpoint::new(head.origin.as_str(), head.size(), head.frontier.root())?;
        let note = self.signer.sign_after_decision(&checkpoint)?;
        self.keep(head.size(), note.encode()).await
    }

    async fn keep(&self, size: u64, note: Vec<u8>) -> Result<StoredCheckpoint, SealError> {
        let mut transaction = self.store.begin().await?;
        match insert_checkpoint(transaction.conn(), size, &note).await {
            Ok(()) => transaction.commit().await?,
            // Another server stored the same one: signatures by one key over one head are the same bytes.
            Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(StoredCheckpoint { size, note })
    }

    /// Returns the last checkpoint that the key remembers.
    pub fn remembered(&self) -> Result<Option<Checkpoint>, SignerError> {
        self.signer.remembered()
    }
}
