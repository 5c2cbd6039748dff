//! What is loaded of the ledger for a judgement: the states of streams over both times, and which streams have which keys.
//!
//! A rule does not say beforehand what it needs. It asks, and where the world cannot answer yet, the question is noted; whoever
//! holds the ledger loads the answers to all open questions at once and has the rules judged again, until no question is
//! open. So rules are plain functions, nothing is loaded in a loop, and the judgement follows from a complete world alone.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::family::kit::{Fact, Family, read_state};
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Reference, StreamId};
use crate::time::{Instant, Interval};

/// Most streams that one judgement may look at; above it the question must be put in parts.
pub const WORLD_STREAMS_MAX: usize = 100_000;

/// Something that a judgement needs to know of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// The bitemporal versions of a stream.
    Stream(StreamId),
    /// A state, by the SHA-256 of its canonical JSON.
    Body(Hash),
    /// The streams of a family that ever had a value of a key: family, key, value.
    Keyed(&'static str, &'static str, String),
    /// The streams of a family that were ever known to have a value of a key, though they are so no more: family, key, value.
    Ever(&'static str, &'static str, String),
    /// All streams of a family.
    All(&'static str),
    /// The facts of a stream, with who recorded them.
    Facts(StreamId),
    /// When the last of that many entries was recorded.
    Recorded(u64),
}

/// Where something holds in both times: a stretch of validity, known from one tree size up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// From when to when in the world.
    pub effective: Interval,
    /// From which tree size on it is known.
    pub known_from: u64,
    /// From which tree size on it is known no more; [`u64::MAX`]: still.
    pub known_to: u64,
}

impl Extent {
    /// Tells whether it is known with that many entries.
    pub fn is_known(&self, size: u64) -> bool {
        self.known_from <= size && size < self.known_to
    }

    /// Tells whether it holds at an instant by what is known with that many entries.
    pub fn holds(&self, size: u64, valid: Instant) -> bool {
        self.is_known(size) && self.effective.contains(valid)
    }
}

/// A state of a stream and where it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitemporalVersion {
    /// Where it holds.
    pub extent: Extent,
    /// SHA-256 of the canonical JSON of the state.
    pub body: Hash,
}

/// A stream: all its bitemporal versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its human reference.
    pub reference: Option<Reference>,
    /// Its bitemporal versions, by start in the world.
    pub bitemporal_versions: Vec<BitemporalVersion>,
}

/// The canonical JSON of a state, read at most once.
pub struct Body {
    text: String,
    typed: OnceLock<Option<Box<dyn Any + Send + Sync>>>,
}

impl std::fmt::Debug for Body {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Body").field("bytes", &self.text.len()).finish()
    }
}

impl Body {
    /// Keeps a text.
    pub fn new(text: String) -> Self {
        Self { text, typed: OnceLock::new() }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads the state; `None`: it is none of this family.
    pub fn state<F: Family>(&self) -> Option<&F> {
        let read = || read_state::<F>(&self.text).ok().map(|state| Box::new(state) as Box<dyn Any + Send + Sync>);
        self.typed.get_or_init(read).as_ref()?.downcast_ref()
    }
}

/// All that is loaded so far.
#[derive(Debug, Default)]
pub struct World {
    lines: BTreeMap<StreamId, Line>,
    bodies: HashMap<Hash, Arc<Body>>,
    keyed: HashMap<Question, Vec<(StreamId, Extent)>>,
    all: HashMap<&'static str, Vec<StreamId>>,
    facts: HashMap<StreamId, Vec<Fact>>,
    recorded: BTreeMap<u64, Instant>,
}

impl World {
    /// Takes in a stream; one without bitemporal versions is one that the ledger does not know.
    pub fn add_line(&mut self, stream: StreamId, mut line: Line) {
        line.bitemporal_versions.sort_by_key(|bitemporal_version| {
            (bitemporal_version.extent.effective.from, bitemporal_version.extent.known_from)
        });
        self.lines.insert(stream, line);
    }

    /// Takes in a state.
    pub fn add_body(&mut self, hash: Hash, body: Arc<Body>) {
        self.bodies.insert(hash, body);
    }

    /// Takes in which streams have a value of a key, and where; the question is a [`Question::Keyed`] or a [`Question::Ever`].
    pub fn add_keyed(&mut self, question: Question, mut found: Vec<(StreamId, Extent)>) {
        found.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.effective.cmp(&other.1.effective)));
        self.keyed.insert(question, found);
    }

    /// Takes in the streams of a family.
    pub fn add_all(&mut self, family: &'static str, mut streams: Vec<StreamId>) {
        streams.sort();
        self.all.insert(family, streams);
    }

    /// Takes in the facts of a stream.
    pub fn add_facts(&mut self, stream: StreamId, facts: Vec<Fact>) {
        self.facts.insert(stream, facts);
    }

    /// Takes in when the last of that many entries was recorded.
    pub fn add_recorded(&mut self, size: u64, recorded: Instant) {
        self.recorded.insert(size, recorded);
    }

    /// Tells how many streams are loaded.
    pub fn streams(&self) -> usize {
        self.lines.len()
    }

    /// Returns a stream that is loaded.
    pub fn line(&self, stream: &StreamId) -> Option<&Line> {
        self.lines.get(stream)
    }

    /// Returns a state that is loaded.
    pub fn body(&self, hash: &Hash) -> Option<&Arc<Body>> {
        self.bodies.get(hash)
    }

    pub(in crate::rule) fn keyed(&self, question: &Question) -> Option<&[(StreamId, Extent)]> {
        self.keyed.get(question).map(Vec::as_slice)
    }

    pub(in crate::rule) fn all(&self, family: &'static str) -> Option<&[StreamId]> {
        self.all.get(family).map(Vec::as_slice)
    }

    pub(in crate::rule) fn facts(&self, stream: &StreamId) -> Option<&[Fact]> {
        self.facts.get(stream).map(Vec::as_slice)
    }

    pub(in crate::rule) fn recorded(&self, size: u64) -> Option<Instant> {
        self.recorded.get(&size).copied()
    }

    /// Returns the largest tree size of which it is loaded that it was recorded by an instant.
    pub(in crate::rule) fn sizes_recorded_by(&self, at: Instant) -> u64 {
        // Sizes grow with the instants at which they were reached.
        self.recorded.iter().take_while(|(_, recorded)| **recorded <= at).last().map_or(0, |(size, _)| *size)
    }

    /// Lists the bodies that are not loaded of bitemporal versions that hold at one of some moments: tree size and instant.
    pub fn bodies_at(&self, streams: &BTreeSet<StreamId>, moments: &[(u64, Instant)]) -> BTreeSet<Hash> {
        let holds = |bitemporal_version: &&BitemporalVersion| {
            moments.iter().any(|(size, valid)| bitemporal_version.extent.holds(*size, *valid))
        };
        let lines = streams.iter().filter_map(|stream| self.lines.get(stream));
        let bodies = lines
            .flat_map(|line| line.bitemporal_versions.iter().filter(holds))
            .map(|bitemporal_version| bitemporal_version.body);
        bodies.filter(|body| !self.bodies.contains_key(body)).collect()
    }
}
