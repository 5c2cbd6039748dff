//! Plans of proofs: which perfect subtrees a proof is made of, without reading any hash.
//!
//! ```text
//!                   root of 7 leaves
//!            /                        \
//!           g                          x          inclusion of leaf 0: leaf 1, f, x
//!       /       \                  /       \
//!      e         f                h      leaf 6   x is no perfect subtree: the plan names h and leaf 6 for it
//!    /   \     /   \            /   \
//!   0     1   2     3          4     5
//! ```

use super::{Hash, MerkleError, check_count, check_growth, check_index, check_size, empty_root, fold_right};

/// Plans the proof that the leaf at `index` is in the tree of `size` leaves: PATH of RFC 6962, section 2.1.1.
///
/// Errors: [`MerkleError::IndexOutside`], [`MerkleError::SizeTooLarge`].
pub fn inclusion_plan(index: u64, size: u64) -> Result<ProofPlan, MerkleError> {
    check_index(index, size)?;
    let mut siblings = Vec::new();
    let (mut begin, mut end) = (0, size);
    while end - begin > 1 {
        let middle = begin + split_point(end - begin);
        if index < middle {
            siblings.push((middle, end));
            end = middle;
        } else {
            siblings.push((begin, middle));
            begin = middle;
        }
    }
    Ok(ProofPlan::new(siblings.into_iter().rev()))
}

/// Plans the proof that the tree of `to` leaves begins with that of `from` leaves: PROOF of RFC 6962, section 2.1.2.
///
/// The plan is empty from size 0 and from a size to itself; see [`verify_consistency`](super::verify_consistency).
///
/// Errors: [`MerkleError::Shrinks`], [`MerkleError::SizeTooLarge`].
pub fn consistency_plan(from: u64, to: u64) -> Result<ProofPlan, MerkleError> {
    check_growth(from, to)?;
    let mut parts = Vec::new();
    if from > 0 {
        let (mut begin, mut end) = (0, to);
        while from < end {
            let middle = begin + split_point(end - begin);
            if from <= middle {
                parts.push((middle, end));
                end = middle;
            } else {
                parts.push((begin, middle));
                begin = middle;
            }
        }
        // What is left ends where the old tree ends. Unless it is the whole old tree, its verifier does not know it.
        if begin > 0 {
            parts.push((begin, end));
        }
    }
    Ok(ProofPlan::new(parts.into_iter().rev()))
}

/// Plans the root of the tree of `size` leaves: [`finish`](ProofPlan::finish) gives that one hash.
///
/// Errors: [`MerkleError::SizeTooLarge`].
pub fn root_plan(size: u64) -> Result<ProofPlan, MerkleError> {
    check_size(size)?;
    Ok(ProofPlan::new([(0, size)].into_iter()))
}

/// Names the perfect subtrees whose hashes make up a proof, and folds them into it.
///
/// Of the ranges of leaves a proof speaks of, one may lie on the ragged right edge, where no perfect subtree covers it.
/// Such a range has several nodes in the plan and one hash in the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofPlan {
    nodes: Vec<NodeId>,
    /// How many of the nodes belong to each hash of the proof, in order.
    widths: Vec<usize>,
}

impl ProofPlan {
    /// Returns the nodes to fetch, in the order in which [`finish`](Self::finish) wants their hashes.
    pub fn nodes(&self) -> &[NodeId] {
        &self.nodes
    }

    /// Folds the hashes of [`nodes`](Self::nodes) into the proof.
    ///
    /// Errors: [`MerkleError::HashCount`].
    pub fn finish(self, hashes: Vec<Hash>) -> Result<Vec<Hash>, MerkleError> {
        check_count(self.nodes.len(), hashes.len())?;
        let mut hashes = hashes.into_iter();
        let mut fold = |width| fold_right(hashes.by_ref().take(width).collect::<Vec<_>>().as_slice());
        Ok(self.widths.into_iter().map(|width| fold(width).unwrap_or_else(empty_root)).collect())
    }

    /// Covers each range of leaves with as few perfect subtrees as there are, left to right.
    fn new(ranges: impl Iterator<Item = (u64, u64)>) -> Self {
        let mut plan = Self { nodes: Vec::new(), widths: Vec::new() };
        for (mut begin, end) in ranges {
            let before = plan.nodes.len();
            while begin < end {
                // The largest subtree that fits; `begin` is a multiple of its width, as ranges come from splitting a
                // tree.
                let level = (end - begin).ilog2();
                plan.nodes.push(NodeId { level: level as u8, index: begin >> level });
                begin += 1 << level;
            }
            plan.widths.push(plan.nodes.len() - before);
        }
        plan
    }
}

/// Names a perfect subtree: the leaves from `index × 2^level` to `(index + 1) × 2^level`, all of them in a possible
/// tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId {
    level: u8,
    index: u64,
}

impl NodeId {
    /// Makes a name.
    ///
    /// Errors: [`MerkleError::SizeTooLarge`] if a tree that has this node would be too large.
    pub fn new(level: u8, index: u64) -> Result<Self, MerkleError> {
        let size = index.saturating_add(1).checked_mul(1_u64.checked_shl(level.into()).unwrap_or(u64::MAX));
        check_size(size.unwrap_or(u64::MAX))?;
        Ok(Self { level, index })
    }

    /// Returns the height above the leaves.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// Returns the position among the nodes of its level.
    pub fn index(&self) -> u64 {
        self.index
    }
}

/// Returns the largest power of two below `width`, which is 2 or more.
fn split_point(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}
