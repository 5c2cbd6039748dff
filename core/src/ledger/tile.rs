//! Tiles and entry bundles: C2SP [tlog-tiles](https://c2sp.org/tlog-tiles).
//!
//! ```text
//! tile/0/x001/x234/067         256 leaf hashes, 8,192 bytes: tile 1,234,067 of level 0
//! tile/1/017.p/112             112 hashes of full tiles of level 0
//! tile/entries/000.p/2         two entries: 00 03 'o' 'n' 'e' 00 03 't' 'w' 'o'
//! ```
//!
//! The tree is cut into tiles eight levels high. A hash at *tile level* `L` and position `p` is the root of the perfect
//! subtree of the 256^L leaves from `p × 256^L` on. Only these hashes are stored; every other node is computed from at
//! most 128 of them. A tree of size `s` has `floor(s / 256^L)` of them, and so a partial tile of that number modulo
//! 256.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::merkle::{
    Frontier, Hash, MerkleError, NodeId, TREE_SIZE_MAX, check_size, concat_hashes, node_hash, parse_hashes,
};

/// The height of a tile in levels of the tree.
pub const TILE_HEIGHT: u8 = 8;

/// The number of hashes in a full tile, and of entries in a full bundle.
pub const TILE_WIDTH: u16 = 1 << TILE_HEIGHT;

/// The highest tile level of which a tree of at most [`TREE_SIZE_MAX`] leaves has hashes.
pub const TILE_LEVEL_MAX: u8 = (TREE_SIZE_MAX.ilog2() / TILE_HEIGHT as u32) as u8;

/// Limits the length of an entry: its length is a uint16 in a bundle.
pub const ENTRY_BYTES_MAX: usize = u16::MAX as usize;

/// Limits the length of a path. The longest of a possible tree has 42 bytes.
const PATH_BYTES_MAX: usize = 64;

/// Names a hash tile of a possible tree, full or partial. Its text form is the path `tile/<L>/<N>[.p/<W>]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    level: u8,
    index: u64,
    width: u16,
}

impl TileId {
    /// Names the tile at a level, the `index`-th from 0 there, with `width` hashes from 1 to 256.
    ///
    /// Errors: [`TileError::Impossible`] if no tree of at most [`TREE_SIZE_MAX`] leaves has that tile.
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self, TileError> {
        let impossible = TileError::Impossible { level, index, width };
        if level > TILE_LEVEL_MAX || !(1..=TILE_WIDTH).contains(&width) || index > TREE_SIZE_MAX / u64::from(TILE_WIDTH)
        {
            return Err(impossible);
        }
        let tile = Self { level, index, width };
        if tile.hashes().to > hashes_at(level, TREE_SIZE_MAX) { Err(impossible) } else { Ok(tile) }
    }

    /// Names the tile at that place of the tree of `size` leaves, as wide as it is there; `None` if it has none there.
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Self> {
        check_size(size).ok()?;
        let begin = index.checked_mul(TILE_WIDTH.into())?;
        let width = hashes_at(level, size).checked_sub(begin)?.min(TILE_WIDTH.into());
        Self::new(level, index, u16::try_from(width).ok()?).ok()
    }

    /// Returns the tile level.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// Returns the position among the tiles of its level.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Returns the number of hashes, from 1 to 256.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Says whether the tile is full: it stays as it is in every larger tree.
    pub fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// Returns the hashes the tile consists of.
    pub fn hashes(&self) -> TileHashes {
        let from = self.index * u64::from(TILE_WIDTH);
        TileHashes { level: self.level, from, to: from + u64::from(self.width) }
    }

    /// Returns the size of the smallest tree that has all hashes of the tile.
    pub fn size_min(&self) -> u64 {
        self.hashes().to << (self.level * TILE_HEIGHT)
    }

    /// Writes the content of the tile.
    ///
    /// Errors: [`TileError::HashCount`] unless there are [`width`](Self::width) hashes.
    pub fn encode_content(&self, hashes: &[Hash]) -> Result<Vec<u8>, TileError> {
        self.check_count(hashes.len())?;
        Ok(concat_hashes(hashes))
    }

    /// Reads the content of the tile.
    ///
    /// Errors: [`TileError::HashCount`], [`TileError::Merkle`] if the last hash is cut short.
    pub fn parse_content(&self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        let hashes = parse_hashes(bytes)?;
        self.check_count(hashes.len())?;
        Ok(hashes)
    }

    fn check_count(&self, found: usize) -> Result<(), TileError> {
        if found != usize::from(self.width) { Err(TileError::HashCount { width: self.width, found }) } else { Ok(()) }
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.level, place_path(self.index, self.width))
    }
}

impl FromStr for TileId {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        let (level, place) = strip_path(path, "tile/").and_then(|rest| rest.split_once('/')).ok_or(TileError::Path)?;
        let level = level.parse().map_err(|_| TileError::Path)?;
        let (index, width) = parse_place(place)?;
        canonical(Self::new(level, index, width)?, path)
    }
}

/// Names an entry bundle of a possible tree, full or partial. Its text form is the path `tile/entries/<N>[.p/<W>]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BundleId(TileId);

impl BundleId {
    /// Names the `index`-th bundle from 0, with `width` entries from 1 to 256.
    ///
    /// Errors: [`TileError::Impossible`] if no tree of at most [`TREE_SIZE_MAX`] leaves has that bundle.
    pub fn new(index: u64, width: u16) -> Result<Self, TileError> {
        TileId::new(0, index, width).map(Self)
    }

    /// Names the bundle at that place of the tree of `size` leaves, as wide as it is there; `None` if it has none
    /// there.
    pub fn in_tree(index: u64, size: u64) -> Option<Self> {
        TileId::in_tree(0, index, size).map(Self)
    }

    /// Returns the tile of level 0 that has the leaf hashes of these entries.
    pub fn tile(&self) -> TileId {
        self.0
    }

    /// Returns the sequences of the entries.
    pub fn entries(&self) -> Range<u64> {
        let hashes = self.0.hashes();
        hashes.from..hashes.to
    }

    /// Writes the content of the bundle: each entry after its length as uint16 big-endian.
    ///
    /// Errors: [`TileError::EntryCount`] unless there are as many entries as the bundle is wide;
    /// [`TileError::EntryTooLong`] beyond [`ENTRY_BYTES_MAX`].
    pub fn encode_content<E: AsRef<[u8]>>(&self, entries: &[E]) -> Result<Vec<u8>, TileError> {
        if entries.len() != usize::from(self.0.width) {
            return Err(TileError::EntryCount { width: self.0.width, found: entries.len() });
        }
        let mut bytes = Vec::new();
        for (position, entry) in entries.iter().enumerate() {
            let entry = entry.as_ref();
            let too_long = TileError::EntryTooLong { position, found: entry.len() };
            bytes.extend_from_slice(&u16::try_from(entry.len()).map_err(|_| too_long)?.to_be_bytes());
            bytes.extend_from_slice(entry);
        }
        Ok(bytes)
    }

    /// Reads the content of the bundle.
    ///
    /// Errors: [`TileError::EntryCut`] if an entry goes beyond the end; [`TileError::EntryCount`] if there are more or
    /// fewer entries than the bundle is wide.
    pub fn parse_content<'b>(&self, bytes: &'b [u8]) -> Result<Vec<&'b [u8]>, TileError> {
        let (width, mut rest) = (self.0.width, bytes);
        let mut entries = Vec::with_capacity(width.into());
        while !rest.is_empty() && entries.len() < usize::from(width) {
            let cut = TileError::EntryCut { position: entries.len() };
            let (length, tail) = rest.split_first_chunk().ok_or(cut.clone())?;
            let (entry, tail) = tail.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(cut)?;
            entries.push(entry);
            rest = tail;
        }
        match rest {
            [] if entries.len() == usize::from(width) => Ok(entries),
            [] => Err(TileError::EntryCount { width, found: entries.len() }),
            _ => Err(TileError::EntryCount { width, found: entries.len() + 1 }),
        }
    }
}

impl fmt::Display for BundleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/entries/{}", place_path(self.0.index, self.0.width))
    }
}

impl FromStr for BundleId {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        let (index, width) = parse_place(strip_path(path, "tile/entries/").ok_or(TileError::Path)?)?;
        canonical(Self::new(index, width)?, path)
    }
}

/// Returns the width of the partial tile of a level in the tree of `size` leaves, from 0 (there is none) to 255.
pub fn partial_width(level: u8, size: u64) -> u16 {
    (hashes_at(level, size) % u64::from(TILE_WIDTH)) as u16
}

/// Returns every hash tile of the tree of `size` leaves, level by level from the leaves, each level from the left.
///
/// Errors: [`MerkleError::SizeTooLarge`].
pub fn tiles_of_size(size: u64) -> Result<impl Iterator<Item = TileId>, TileError> {
    check_size(size)?;
    let tiles = move |level| {
        let count = hashes_at(level, size).div_ceil(TILE_WIDTH.into());
        (0..count).filter_map(move |index| TileId::in_tree(level, index, size))
    };
    Ok((0..=TILE_LEVEL_MAX).flat_map(tiles))
}

/// Returns every entry bundle of the tree of `size` leaves, from the left.
///
/// Errors: [`MerkleError::SizeTooLarge`].
pub fn bundles_of_size(size: u64) -> Result<impl Iterator<Item = BundleId>, TileError> {
    check_size(size)?;
    Ok((0..size.div_ceil(TILE_WIDTH.into())).filter_map(move |index| BundleId::in_tree(index, size)))
}

/// Names stored hashes: those of a tile level from position `from` to before position `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileHashes {
    /// The tile level.
    pub level: u8,
    /// The position of the first hash.
    pub from: u64,
    /// The position after the last hash.
    pub to: u64,
}

impl TileHashes {
    /// Returns the hashes a node is computed from, with [`node_from`]: at most 128, all in one tile.
    pub fn cover(node: NodeId) -> Self {
        let height = node.level() % TILE_HEIGHT;
        let from = node.index() << height;
        Self { level: node.level() / TILE_HEIGHT, from, to: from + (1 << height) }
    }
}

/// Computes the root of a perfect subtree from the hashes at its base.
///
/// Errors: [`TileError::NotPerfect`] unless their number is a power of two.
pub fn node_from(hashes: &[Hash]) -> Result<Hash, TileError> {
    let not_perfect = TileError::NotPerfect { found: hashes.len() };
    if !hashes.len().is_power_of_two() {
        return Err(not_perfect);
    }
    let mut row = hashes.to_vec();
    while let (pairs @ [_, ..], _) = row.as_chunks() {
        row = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied().ok_or(not_perfect)
}

/// A stored hash above the leaves, which stands for a full tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileHash {
    /// The tile level, 1 or more.
    pub level: u8,
    /// The position at that level: the index of the full tile below.
    pub position: u64,
    /// The root of the full tile below.
    pub hash: Hash,
}

/// Appends leaves to a frontier and collects the hashes above the leaves that come into being, for the store to keep.
///
/// Leaf hashes themselves, tile level 0, are not collected: whoever pushes them has them, at the position of the
/// sequence.
#[derive(Clone, Debug)]
pub struct TileBuilder {
    frontier: Frontier,
    completed: Vec<TileHash>,
}

impl TileBuilder {
    /// Begins where a tree ends.
    pub fn new(frontier: Frontier) -> Self {
        Self { frontier, completed: Vec::new() }
    }

    /// Appends the hash of a leaf.
    ///
    /// Errors: [`MerkleError::SizeTooLarge`] if the tree is full; nothing is changed then.
    pub fn push(&mut self, leaf: Hash) -> Result<(), MerkleError> {
        let (index, completed) = (self.frontier.size(), &mut self.completed);
        self.frontier.push_with(leaf, |level, hash| {
            if level > 0 && level % TILE_HEIGHT == 0 {
                completed.push(TileHash { level: level / TILE_HEIGHT, position: index >> level, hash });
            }
        })
    }

    /// Returns the frontier as it is now.
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// Returns the frontier and the new hashes, in the order in which they came into being.
    pub fn finish(self) -> (Frontier, Vec<TileHash>) {
        (self.frontier, self.completed)
    }
}

/// Returns the number of hashes at a tile level of the tree of `size` leaves.
fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(TILE_HEIGHT)).unwrap_or(0)
}

/// Writes `<N>[.p/<W>]`: the index in groups of three digits, all but the last behind an `x`.
fn place_path(index: u64, width: u16) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    if width == TILE_WIDTH { path } else { format!("{path}.p/{width}") }
}

/// Reads the index and width of `<N>[.p/<W>]`, and of much that looks similar: see [`canonical`].
fn parse_place(place: &str) -> Result<(u64, u16), TileError> {
    let (index, width) = match place.rsplit_once(".p/") {
        Some((index, width)) => (index, width.parse().map_err(|_| TileError::Path)?),
        None => (place, TILE_WIDTH),
    };
    let digits = index.chars().filter(char::is_ascii_digit).collect::<String>();
    Ok((digits.parse().map_err(|_| TileError::Path)?, width))
}

fn strip_path<'p>(path: &'p str, prefix: &str) -> Option<&'p str> {
    if path.len() > PATH_BYTES_MAX { None } else { path.strip_prefix(prefix) }
}

/// Gives what was read from a path, if writing it gives that path again.
fn canonical<T: fmt::Display>(id: T, path: &str) -> Result<T, TileError> {
    if id.to_string() == path { Ok(id) } else { Err(TileError::Path) }
}

/// Says why something is not a tile or bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// A path is not that of a tile or bundle in canonical form.
    #[error("not the path of a tile or entry bundle")]
    Path,
    /// No possible tree has that tile.
    #[error("no tree has a tile {index} of width {width} at level {level}")]
    Impossible {
        /// The tile level.
        level: u8,
        /// The index of the tile.
        index: u64,
        /// The number of hashes.
        width: u16,
    },
    /// A tile has too few or too many hashes.
    #[error("a tile of width {width} with {found} hashes")]
    HashCount {
        /// The number of hashes by its name.
        width: u16,
        /// The number found.
        found: usize,
    },
    /// A bundle has too few or too many entries.
    #[error("an entry bundle of width {width} with {found} entries or more")]
    EntryCount {
        /// The number of entries by its name.
        width: u16,
        /// The number found; one more than the width if there are bytes after the last entry.
        found: usize,
    },
    /// An entry of a bundle is cut short.
    #[error("entry {position} of the bundle is cut short")]
    EntryCut {
        /// The position in the bundle, from 0.
        position: usize,
    },
    /// An entry is too long.
    #[error("entry {position} of the bundle has {found} bytes, at most {ENTRY_BYTES_MAX} are allowed")]
    EntryTooLong {
        /// The position in the bundle, from 0.
        position: usize,
        /// The length in bytes.
        found: usize,
    },
    /// Hashes are not the base of a perfect subtree.
    #[error("{found} hashes are not the base of a perfect subtree")]
    NotPerfect {
        /// The number of hashes.
        found: usize,
    },
    /// The tree is too large, or a hash is not one.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
}

#[cfg(test)]
mod tests;
