//! Signed heads, as the API shows them.

use async_graphql::{ID, Object};

use crate::ledger::name::Sequence;
use crate::store::StoredCheckpoint;

/// A signed statement that the ledger had a number of entries and this root (C2SP tlog-checkpoint).
#[derive(Clone, Debug)]
pub struct CheckpointView {
    /// The checkpoint as stored.
    pub stored: StoredCheckpoint,
}

/// A signed statement that the ledger had a number of entries and this root (C2SP tlog-checkpoint).
#[Object(name = "Checkpoint")]
impl CheckpointView {
    /// The global id.
    pub async fn id(&self) -> ID {
        ID(format!("checkpoint:{}", self.stored.size))
    }

    /// The number of entries.
    async fn size(&self) -> Sequence {
        Sequence(self.stored.size)
    }

    /// The signed note, byte for byte. Keep it: a later ledger must continue it.
    async fn note(&self) -> String {
        String::from_utf8_lossy(&self.stored.note).into_owned()
    }
}
