//! The proof that a fact is recorded, as the API gives it.

use async_graphql::SimpleObject;
use uuid::Uuid;

use crate::engine::Receipt;
use crate::graphql::event::Event;
use crate::ledger::merkle::{Hash, leaf_hash};
use crate::ledger::name::{Sequence, StreamId};
use crate::store::StoredEntry;
use crate::time::Instant;

/// The proof that a fact is recorded and durable.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Receipt")]
pub struct ReceiptView {
    /// Its position in the ledger.
    sequence: Sequence,
    /// The UUID of its entry.
    id: Uuid,
    /// The stream it belongs to.
    stream: StreamId,
    /// The revision that the stream has with it.
    revision: Sequence,
    /// The hash of the entry as a leaf of the tree.
    leaf_hash: Hash,
    /// The entry, byte for byte.
    entry: String,
    /// When the ledger took it.
    recorded: Instant,
    /// The fact as it can be asked for from now on.
    event: Event,
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        Self::from(StoredEntry { entry: receipt.entry, body: receipt.body })
    }
}

impl From<StoredEntry> for ReceiptView {
    fn from(stored: StoredEntry) -> Self {
        let entry = &stored.entry;
        Self {
            sequence: Sequence(entry.sequence),
            id: entry.id,
            stream: entry.stream.clone(),
            revision: Sequence(entry.revision),
            leaf_hash: leaf_hash(&stored.body),
            entry: String::from_utf8_lossy(&stored.body).into_owned(),
            recorded: entry.recorded,
            event: Event::new(stored),
        }
    }
}
