//! One moment of both times: what was known, and what was in force.

use crate::ledger::merkle::Hash;
use crate::store::{Head, Store, StoreError, head, recorded_at, size_known_at};
use crate::time::Instant;

use crate::engine::tree::{TreeError, root_at};

/// Up to where the ledger is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownAt {
    /// All that is recorded.
    Head,
    /// The first that many entries.
    Size(u64),
    /// The entries recorded by an instant.
    Instant(Instant),
}

/// A moment to which every answer below it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The number of entries known.
    pub size: u64,
    /// When the last of them was recorded; `None` for none.
    pub recorded: Option<Instant>,
    /// Whether nothing more can become known of that moment.
    pub is_final: bool,
    /// What was in force is asked at this instant.
    pub valid: Instant,
    /// The law and policy of this instant are applied.
    pub rules: Instant,
}

/// Says why there is no such moment.
#[derive(Debug, thiserror::Error)]
pub enum MomentError {
    /// The ledger has not that many entries.
    #[error("the ledger has {size} entries, not {asked}")]
    BeyondHead {
        /// Entries there are.
        size: u64,
        /// Entries asked for.
        asked: u64,
    },
    /// The database holds no ledger.
    #[error("the database holds no ledger")]
    NotFounded,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Moment {
    /// Resolves what was asked, once: from here on the moment is a tree size and an instant.
    pub async fn resolve(store: &Store, known: KnownAt, valid: Instant) -> Result<Self, MomentError> {
        let head: Head = head(store).await?.ok_or(MomentError::NotFounded)?;
        Self::before(store, &head, known, valid).await
    }

    /// Resolves a moment of a ledger whose head is known already.
    ///
    /// # Errors
    ///
    /// [`MomentError::BeyondHead`] where more is asked for than the ledger has; [`MomentError::Store`] where it cannot be read.
    pub async fn before(store: &Store, head: &Head, known: KnownAt, valid: Instant) -> Result<Self, MomentError> {
        let (size, is_final) = match known {
            KnownAt::Head => (head.size(), true),
            KnownAt::Size(size) if size <= head.size() => (size, true),
            KnownAt::Size(asked) => {
                return Err(MomentError::BeyondHead { size: head.size(), asked });
            }
            // The next entry is recorded later than the head's last: an instant up to that one is settled.
            KnownAt::Instant(instant) if instant > head.recorded => (head.size(), false),
            KnownAt::Instant(instant) => {
                (size_known_at(store.read().await?.conn(), instant).await?.min(head.size()), true)
            }
        };
        let recorded = match size.checked_sub(1) {
            None => None,
            Some(last) if size == head.size() => Some((last, head.recorded)).map(|(_, recorded)| recorded),
            Some(last) => recorded_at(store.read().await?.conn(), last).await?,
        };
        Ok(Self { size, recorded, is_final, valid, rules: valid })
    }

    /// Computes the root of the tree at this moment.
    pub async fn root(&self, store: &Store) -> Result<Hash, TreeError> {
        root_at(store, self.size).await
    }
}
