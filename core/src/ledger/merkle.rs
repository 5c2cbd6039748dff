//! The Merkle tree of a log: [RFC 6962](https://www.rfc-editor.org/rfc/rfc6962#section-2.1), section 2.1, and
//! [RFC 9162](https://www.rfc-editor.org/rfc/rfc9162#section-2.1), section 2.1, over SHA-256.
//!
//! ```text
//!               root = node(g, leaf 4)           tree of size 5
//!              /                      \
//!             g                      leaf 4      the frontier is [g, leaf 4]
//!         /       \
//!        e         f                             node (1, 1) is f: level 1, index 1, leaves 2 and 3
//!      /   \     /   \
//!   leaf 0  1   2   leaf 3                       leaf(d) = SHA-256(0x00 ‖ d)
//!                                                node(l, r) = SHA-256(0x01 ‖ l ‖ r)
//! ```
//!
//! Nothing here reads hashes from anywhere. Whoever wants a proof asks for a [`ProofPlan`], fetches the hashes of the
//! perfect subtrees it names, and lets the plan finish. Verification does not use plans; it is the algorithm of RFC
//! 9162.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use plan::{NodeId, ProofPlan, consistency_plan, inclusion_plan, root_plan};

mod plan;

/// The length of a hash.
pub const HASH_BYTES: usize = 32;

/// Limits the size of a tree: 2^53-1, because sequences are integers of JSON (RFC 7493, section 2.2).
pub const TREE_SIZE_MAX: u64 = (1 << 53) - 1;

/// A SHA-256 hash. Its text form, also in serde, is 64 small hex digits; signed formats write it in base64.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; HASH_BYTES]);

impl Hash {
    /// Writes the hash in standard base64 (RFC 4648, section 4): 44 characters.
    pub fn to_base64(&self) -> String {
        BASE64.encode(self.0)
    }

    /// Reads standard base64 in canonical form.
    ///
    /// Errors: [`MerkleError::HashText`].
    pub fn from_base64(text: &str) -> Result<Self, MerkleError> {
        let bytes = BASE64.decode(text).map_err(|_| MerkleError::HashText)?;
        Self::try_from(bytes.as_slice()).map_err(|_| MerkleError::HashText)
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = MerkleError;

    fn try_from(bytes: &[u8]) -> Result<Self, MerkleError> {
        bytes.try_into().map(Self).map_err(|_| MerkleError::HashLength { found: bytes.len() })
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = MerkleError;

    fn from_str(text: &str) -> Result<Self, MerkleError> {
        let mut bytes = [0; HASH_BYTES];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| MerkleError::HashText)?;
        // Hex has two spellings of a digit: only the small one is ours.
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Err(MerkleError::HashText) } else { Ok(Self(bytes)) }
    }
}

impl TryFrom<String> for Hash {
    type Error = MerkleError;

    fn try_from(text: String) -> Result<Self, MerkleError> {
        text.parse()
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

/// Hashes a leaf: `SHA-256(0x00 ‖ data)`.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash(Sha256::new_with_prefix([0x00]).chain_update(data).finalize().into())
}

/// Hashes an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(Sha256::new_with_prefix([0x01]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// Returns the root of the empty tree: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest(b"").into())
}

/// The right edge of a tree: the roots of the perfect subtrees its leaves fall into, the largest first.
///
/// There is one for each bit that is set in the size. That is all one needs to append leaves and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

impl Frontier {
    /// Makes the frontier of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a frontier out of stored parts.
    ///
    /// Errors: [`MerkleError::SizeTooLarge`]; [`MerkleError::HashCount`] unless there is a hash for each bit of the
    /// size.
    pub fn from_parts(size: u64, hashes: Vec<Hash>) -> Result<Self, MerkleError> {
        check_size(size)?;
        check_count(size.count_ones() as usize, hashes.len())?;
        Ok(Self { size, hashes })
    }

    /// Reads the hashes of a frontier as [`encode`](Self::encode) writes them.
    ///
    /// Errors: those of [`from_parts`](Self::from_parts); [`MerkleError::HashLength`] if the last hash is cut short.
    pub fn decode(size: u64, bytes: &[u8]) -> Result<Self, MerkleError> {
        Self::from_parts(size, parse_hashes(bytes)?)
    }

    /// Writes the hashes one after another, 32 bytes each. The size is not written.
    pub fn encode(&self) -> Vec<u8> {
        concat_hashes(&self.hashes)
    }

    /// Appends the hash of a leaf.
    ///
    /// Errors: [`MerkleError::SizeTooLarge`] if the tree is full; it is unchanged then.
    pub fn push(&mut self, leaf: Hash) -> Result<(), MerkleError> {
        self.push_with(leaf, |_, _| ())
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Computes the root of the tree.
    pub fn root(&self) -> Hash {
        fold_right(&self.hashes).unwrap_or_else(empty_root)
    }

    /// Returns the hashes, the largest subtree first.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Appends the hash of a leaf and shows every perfect subtree which that completes, as its level and hash, leaf
    /// first.
    pub(super) fn push_with(&mut self, leaf: Hash, mut completed: impl FnMut(u8, Hash)) -> Result<(), MerkleError> {
        check_size(self.size.saturating_add(1))?;
        completed(0, leaf);
        let mut hash = leaf;
        // As adding one to a binary number: every trailing one is a subtree that finds its right half.
        for level in (1..).take(self.size.trailing_ones() as usize) {
            if let Some(left) = self.hashes.pop() {
                hash = node_hash(&left, &hash);
                completed(level, hash);
            }
        }
        self.hashes.push(hash);
        self.size += 1;
        Ok(())
    }
}

/// Verifies that a leaf is at `index` in the tree of `size` leaves and that root (RFC 9162, section 2.1.3.2).
///
/// Errors: [`MerkleError::IndexOutside`], [`MerkleError::SizeTooLarge`], [`MerkleError::ProofTooShort`],
/// [`MerkleError::ProofTooLong`], [`MerkleError::RootMismatch`].
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> Result<(), MerkleError> {
    check_index(index, size)?;
    let mut hash = *leaf;
    let (mut node, mut last) = (index, size - 1);
    for sibling in proof {
        if last == 0 {
            return Err(MerkleError::ProofTooLong { found: proof.len() });
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // A last node without a right sibling rises until it is a right child itself. It is not 0: `last` is not.
            let rise = node.trailing_zeros();
            (node, last) = (node >> rise, last >> rise);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(MerkleError::ProofTooShort { found: proof.len() });
    }
    check_root(size, root, hash)
}

/// Verifies that the tree of `to` leaves begins with the tree of `from` leaves (RFC 9162, section 2.1.4.2).
///
/// Two cases lie outside of the algorithm of the RFC:
/// - From size 0 the proof is empty and `from_root` the known root of the empty tree, as C2SP tlog-witness has it;
///   there is nothing else to prove, because every tree begins with the empty one.
/// - From a size to itself the proof is empty and the roots are equal, and at size 0 both are the known one.
///
/// Errors: [`MerkleError::Shrinks`], [`MerkleError::SizeTooLarge`], [`MerkleError::ProofTooShort`],
/// [`MerkleError::ProofTooLong`], [`MerkleError::RootMismatch`].
pub fn verify_consistency(
    from: u64,
    to: u64,
    proof: &[Hash],
    from_root: &Hash,
    to_root: &Hash,
) -> Result<(), MerkleError> {
    check_growth(from, to)?;
    if from == 0 {
        check_root(0, from_root, empty_root())?;
    }
    if from == 0 || from == to {
        return match proof {
            [] if from == to => check_root(to, to_root, *from_root),
            [] => Ok(()),
            _ => Err(MerkleError::ProofTooLong { found: proof.len() }),
        };
    }
    // A perfect tree is a node of the larger one; its hash is known and the proof leaves it out.
    let too_short = MerkleError::ProofTooShort { found: proof.len() };
    let (first, rest) = match proof.split_first() {
        None => return Err(too_short),
        Some(_) if from.is_power_of_two() => (from_root, proof),
        Some(split) => split,
    };
    let shift = (from - 1).trailing_ones();
    let (mut node, mut last) = ((from - 1) >> shift, (to - 1) >> shift);
    let (mut from_hash, mut to_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(MerkleError::ProofTooLong { found: proof.len() });
        }
        if node & 1 == 1 || node == last {
            from_hash = node_hash(sibling, &from_hash);
            to_hash = node_hash(sibling, &to_hash);
            let rise = node.trailing_zeros();
            (node, last) = (node >> rise, last >> rise);
        } else {
            to_hash = node_hash(&to_hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(too_short);
    }
    check_root(from, from_root, from_hash)?;
    check_root(to, to_root, to_hash)
}

/// Folds the roots of adjacent subtrees, the largest first, into the root of them all. None gives none.
fn fold_right(hashes: &[Hash]) -> Option<Hash> {
    hashes.iter().rev().copied().reduce(|right, left| node_hash(&left, &right))
}

/// Reads hashes that lie one after another.
pub(super) fn parse_hashes(bytes: &[u8]) -> Result<Vec<Hash>, MerkleError> {
    let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
    if !rest.is_empty() {
        return Err(MerkleError::HashLength { found: rest.len() });
    }
    Ok(hashes.iter().copied().map(Hash).collect())
}

/// Writes hashes one after another.
pub(super) fn concat_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

pub(super) fn check_size(size: u64) -> Result<(), MerkleError> {
    if size > TREE_SIZE_MAX { Err(MerkleError::SizeTooLarge { size }) } else { Ok(()) }
}

/// Ends with `size > index >= 0`.
fn check_index(index: u64, size: u64) -> Result<(), MerkleError> {
    check_size(size)?;
    if index >= size { Err(MerkleError::IndexOutside { index, size }) } else { Ok(()) }
}

fn check_growth(from: u64, to: u64) -> Result<(), MerkleError> {
    check_size(to)?;
    if from > to { Err(MerkleError::Shrinks { from, to }) } else { Ok(()) }
}

fn check_count(expected: usize, found: usize) -> Result<(), MerkleError> {
    if found != expected { Err(MerkleError::HashCount { expected, found }) } else { Ok(()) }
}

fn check_root(size: u64, expected: &Hash, computed: Hash) -> Result<(), MerkleError> {
    if *expected != computed {
        return Err(MerkleError::RootMismatch { size, expected: *expected, computed });
    }
    Ok(())
}

/// Says why hashes do not make a tree, or a proof does not prove.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MerkleError {
    /// A hash is not 32 bytes long.
    #[error("a hash has {found} bytes instead of {HASH_BYTES}")]
    HashLength {
        /// The length in bytes.
        found: usize,
    },
    /// A text is not a hash in canonical form.
    #[error("not a hash of {HASH_BYTES} bytes in canonical form")]
    HashText,
    /// A tree is larger than any may be.
    #[error("a tree of size {size} is larger than {TREE_SIZE_MAX}")]
    SizeTooLarge {
        /// The number of leaves.
        size: u64,
    },
    /// An index is not in the tree.
    #[error("index {index} is not in a tree of size {size}")]
    IndexOutside {
        /// The index of the leaf, from 0.
        index: u64,
        /// The number of leaves.
        size: u64,
    },
    /// The later tree is smaller than the earlier one.
    #[error("a tree cannot shrink from size {from} to size {to}")]
    Shrinks {
        /// The size of the earlier tree.
        from: u64,
        /// The size of the later tree.
        to: u64,
    },
    /// There are too few or too many hashes.
    #[error("{found} hashes where {expected} are needed")]
    HashCount {
        /// The number needed.
        expected: usize,
        /// The number given.
        found: usize,
    },
    /// A proof ends before the root is reached.
    #[error("the proof of {found} hashes is too short")]
    ProofTooShort {
        /// The number of hashes.
        found: usize,
    },
    /// A proof goes on after the root is reached.
    #[error("the proof of {found} hashes is too long")]
    ProofTooLong {
        /// The number of hashes.
        found: usize,
    },
    /// The proof leads to another root.
    #[error("the root at size {size} should be {expected}, but {computed} was computed")]
    RootMismatch {
        /// The size of the tree.
        size: u64,
        /// The root that was to be proven.
        expected: Hash,
        /// The root the proof leads to.
        computed: Hash,
    },
}

#[cfg(test)]
mod tests;
