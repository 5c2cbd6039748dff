//! Roots and proofs of any size of the tree, from the stored tile hashes: one query for each tile level.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::merkle::{Hash, MerkleError, NodeId, ProofPlan, consistency_plan, inclusion_plan, root_plan};
use crate::ledger::tile::{TileHashes, node_from};
use crate::store::{Store, StoreError, tile_hashes};

/// Says why the tree could not answer.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// The question is about no such tree.
    #[error(transparent)]
    Question(#[from] MerkleError),
    /// The database failed, or its tiles are damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Computes the root that the tree had at a size.
pub async fn root_at(store: &Store, size: u64) -> Result<Hash, TreeError> {
    let root = finish(store, root_plan(size)?).await?;
    root.first().copied().ok_or_else(|| damaged(0, "no root could be computed").into())
}

/// Computes the inclusion proof of a leaf in the tree of a size (RFC 9162 section 2.1.3).
pub async fn inclusion(store: &Store, index: u64, size: u64) -> Result<Vec<Hash>, TreeError> {
    finish(store, inclusion_plan(index, size)?).await
}

/// Computes the consistency proof between two sizes (RFC 9162 section 2.1.4).
pub async fn consistency(store: &Store, from: u64, to: u64) -> Result<Vec<Hash>, TreeError> {
    finish(store, consistency_plan(from, to)?).await
}

async fn finish(store: &Store, plan: ProofPlan) -> Result<Vec<Hash>, TreeError> {
    let covers: Vec<TileHashes> = plan.nodes().iter().map(|node: &NodeId| TileHashes::cover(*node)).collect();
    let mut wanted: BTreeMap<u8, BTreeSet<u64>> = BTreeMap::new();
    for cover in &covers {
        wanted.entry(cover.level).or_default().extend(cover.from..cover.to);
    }
    let mut stored: BTreeMap<u8, BTreeMap<u64, Hash>> = BTreeMap::new();
    if !wanted.is_empty() {
        let mut connection = store.read().await?;
        // At most seven levels exist (`TILE_LEVEL_MAX`), three of them in a ledger of 16 million entries.
        for (level, positions) in &wanted {
            stored.insert(*level, tile_hashes(connection.conn(), *level, positions).await?);
        }
    }
    let node = |cover: &TileHashes| -> Result<Hash, TreeError> {
        let level = stored.get(&cover.level);
        let hashes: Option<Vec<Hash>> =
            (cover.from..cover.to).map(|position| level.and_then(|level| level.get(&position)).copied()).collect();
        let hashes = hashes.ok_or_else(|| damaged(cover.from, "a tile hash is missing"))?;
        node_from(&hashes).map_err(|error| damaged(cover.from, error).into())
    };
    let hashes = covers.iter().map(node).collect::<Result<Vec<_>, _>>()?;
    Ok(plan.finish(hashes)?)
}

fn damaged(position: u64, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::corrupt("tile_hash", "hash", i64::try_from(position).unwrap_or(i64::MAX), source)
}
