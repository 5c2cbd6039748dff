//! The projection: what each new fact changes in the states of its stream, as bitemporal versions over both times.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::engine::index::{Index, Units};
use crate::engine::words::words_of_states;
use crate::family::kit::{Fact, Keys, ShapeError, Span};
use crate::family::{facts_version, family, fold_hash};
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Sequence, StreamId};
use crate::store::{
    BitemporalVersion, Closing, Conn, EntryFilter, OpenState, Program, Range, Store, StoreError, clear_projection,
    close_states, entries, insert_bitemporal_versions, lock_head, open_states, program, streams_facts, write_program,
};
use crate::time::{Instant, Interval};

/// Entries that a rebuild reads at once.
const REBUILD_PAGE: i64 = 500;

/// Says why states could not be projected.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored fact cannot be read by its family.
    #[error("a stored fact cannot be read: {0}")]
    Shape(#[from] ShapeError),
    /// There is no ledger.
    #[error("the database holds no ledger; found one with `griffie ledger found`")]
    NotFounded,
}

/// Projects facts of one batch, in the order of their sequences.
///
/// `facts` holds all facts of every stream concerned, those of the batch included, in the order of the ledger.
pub async fn project(
    mut conn: Conn<'_>,
    facts: &BTreeMap<StreamId, Vec<Fact>>,
    new: &[(StreamId, Sequence)],
) -> Result<(), ProjectError> {
    let touched: BTreeSet<StreamId> = new.iter().map(|(stream, _)| stream.clone()).collect();
    let mut changes = Changes::new(open_states(conn.reborrow(), &touched).await?);
    let mut index = Index::open(conn.reborrow(), &touched).await?;
    for (stream, sequence) in new {
        let known = facts.get(stream).map_or(&[] as &[Fact], Vec::as_slice);
        let known = &known[..known.partition_point(|fact| fact.recorded.sequence <= *sequence)];
        let recorded = known.last().map_or(Instant::MAX, |fact| fact.recorded.recorded);
        let mut step = changes.begin(stream, sequence.0 + 1, recorded);
        let known: Vec<&Fact> = known.iter().collect();
        let mut units = Units::default();
        (family(stream.family())?.timeline)(&known, &mut |span| {
            units.note(&span);
            step.span(span);
        })?;
        changes.end(step);
        index.take(stream, &known, &units);
    }
    let (closings, bitemporal_versions) = changes.finish();
    let bitemporal_versions = with_words(conn.reborrow(), bitemporal_versions).await?;
    close_states(conn.reborrow(), &closings).await?;
    insert_bitemporal_versions(conn.reborrow(), &bitemporal_versions).await?;
    Ok(index.write(conn).await?)
}

async fn with_words(
    conn: Conn<'_>,
    mut bitemporal_versions: Vec<BitemporalVersion>,
) -> Result<Vec<BitemporalVersion>, ProjectError> {
    let mut states = Vec::new();
    for row in &bitemporal_versions {
        states.push((row.text.as_str(), family(row.stream.family())?.about_a_person));
    }
    let words = words_of_states(conn, &states).await?;
    bitemporal_versions.iter_mut().zip(words).for_each(|(row, words)| row.words = words);
    Ok(bitemporal_versions)
}

/// The bitemporal versions of some streams on their way from one tree size to a later one.
struct Changes {
    open: BTreeMap<StreamId, Vec<Open>>,
    closings: Vec<Closing>,
    closed_at_once: Vec<BitemporalVersion>,
}

/// An open bitemporal version: stored already, or new in this batch.
struct Open {
    effective: Interval,
    body: Hash,
    new: Option<New>,
}

struct New {
    known_from: u64,
    text: String,
    keys: Keys,
    announced: bool,
}

impl Changes {
    fn new(stored: Vec<OpenState>) -> Self {
        let mut open: BTreeMap<StreamId, Vec<Open>> = BTreeMap::new();
        for state in stored {
            let bitemporal_version = Open { effective: state.effective, body: state.body, new: None };
            open.entry(state.stream).or_default().push(bitemporal_version);
        }
        Self { open, closings: Vec::new(), closed_at_once: Vec::new() }
    }

    /// Begins to move a stream to the states that are known from tree size `size` on, that is since `recorded`.
    fn begin<'s>(&mut self, stream: &'s StreamId, size: u64, recorded: Instant) -> Step<'s> {
        let before = self.open.remove(stream).unwrap_or_default();
        let before = before.into_iter().map(|open| ((open.effective.from, open.body), open)).collect();
        Step { stream, size, recorded, before, after: Vec::new(), last: None }
    }

    /// Versions that stay are not touched; those that ended are closed.
    fn end(&mut self, mut step: Step<'_>) {
        step.close_last(Instant::MAX);
        let Step { stream, size, before, after, .. } = step;
        self.open.insert(stream.clone(), after);
        for ended in before.into_values() {
            match ended.new {
                None => self.closings.push(Closing {
                    stream: stream.clone(),
                    effective_from: ended.effective.from,
                    known_to: size,
                }),
                Some(new) => {
                    self.closed_at_once.push(bitemporal_version(stream, ended.effective, ended.body, new, Some(size)))
                }
            }
        }
    }

    fn finish(self) -> (Vec<Closing>, Vec<BitemporalVersion>) {
        let open = self.open.into_iter().flat_map(|(stream, open)| {
            open.into_iter()
                .filter_map(|open| open.new.map(|new| (open.effective, open.body, new)))
                .map(move |(effective, body, new)| bitemporal_version(&stream, effective, body, new, None))
                .collect::<Vec<_>>()
        });
        (self.closings, self.closed_at_once.into_iter().chain(open).collect())
    }
}

/// One stream on its way from one tree size to the next, span by span.
struct Step<'s> {
    stream: &'s StreamId,
    size: u64,
    recorded: Instant,
    before: BTreeMap<(Instant, Hash), Open>,
    after: Vec<Open>,
    last: Option<(Span, Hash)>,
}

impl Step<'_> {
    /// Takes the next span; the one before it ends where it starts.
    fn span(&mut self, span: Span) {
        self.close_last(span.from);
        let body = Hash(Sha256::digest(span.state.as_bytes()).into());
        self.last = Some((span, body));
    }

    /// A bitemporal version that was there is kept as it is, and the text of its state let go.
    fn close_last(&mut self, to: Instant) {
        let Some((span, body)) = self.last.take() else { return };
        let effective = Interval { from: span.from, to };
        let there = self.before.remove(&(span.from, body));
        self.after.push(match there {
            Some(open) if open.effective == effective => open,
            other => {
                // The same state, but it ends elsewhere now.
                self.before.extend(other.map(|open| ((open.effective.from, open.body), open)));
                let announced = self.recorded < effective.from;
                let new = New { known_from: self.size, text: span.state, keys: span.keys, announced };
                Open { effective, body, new: Some(new) }
            }
        });
    }
}

fn bitemporal_version(
    stream: &StreamId,
    effective: Interval,
    body: Hash,
    new: New,
    known_to: Option<u64>,
) -> BitemporalVersion {
    let New { known_from, text, keys, announced } = new;
    let words = String::new();
    BitemporalVersion { stream: stream.clone(), effective, known_from, known_to, body, text, keys, words, announced }
}

/// Makes the projection anew from the entries, in one transaction: readers see the old one until the new one is whole.
///
/// `progress` is told how many entries are done.
pub async fn rebuild(store: &Store, mut progress: impl FnMut(u64, u64)) -> Result<u64, ProjectError> {
    let mut transaction = store.begin().await?;
    let head = lock_head(transaction.conn()).await?.ok_or(ProjectError::NotFounded)?;
    clear_projection(transaction.conn()).await?;
    let mut done = 0;
    while done < head.size() {
        let range = Range { from: done, to: head.size(), limit: REBUILD_PAGE, backwards: false };
        let page = entries(transaction.conn(), &EntryFilter::All, range).await?;
        let Some(last) = page.last().map(|stored| stored.entry.sequence) else {
            break;
        };
        let new: Vec<(StreamId, Sequence)> =
            page.iter().map(|stored| (stored.entry.stream.clone(), Sequence(stored.entry.sequence))).collect();
        let streams: BTreeSet<StreamId> = new.iter().map(|(stream, _)| stream.clone()).collect();
        let facts = facts_of(transaction.conn(), &streams, last + 1).await?;
        project(transaction.conn(), &facts, &new).await?;
        done = last + 1;
        progress(done, head.size());
    }
    write_program(transaction.conn(), &this_program()).await?;
    transaction.commit().await?;
    Ok(done)
}

/// What this program knows, as it says in the database.
pub fn this_program() -> Program {
    Program { facts: facts_version(), fold: fold_hash().to_owned() }
}

/// What is the matter with the states of a ledger, as this program sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// This program made them, or one that makes the same.
    Same,
    /// Another fold made them, or nobody says which: they are to be made anew.
    OtherFold,
    /// The same fold made them, and this program can read more kinds of facts.
    OlderFacts,
    /// A newer program has written here: this one may meet facts that it cannot read.
    NewerFacts,
}

/// Compares what is in the database with what this program knows.
pub async fn fit(store: &Store) -> Result<Fit, StoreError> {
    let known = program(store.read().await?.conn()).await?;
    Ok(match known {
        Some(known) if known.facts > facts_version() => Fit::NewerFacts,
        Some(known) if known.fold != fold_hash() => Fit::OtherFold,
        Some(known) if known.facts < facts_version() => Fit::OlderFacts,
        Some(_) => Fit::Same,
        None => Fit::OtherFold,
    })
}

/// Says that this program can read what it finds here; the fold is the same.
pub async fn say_program(store: &Store) -> Result<(), StoreError> {
    let mut transaction = store.begin().await?;
    write_program(transaction.conn(), &this_program()).await?;
    transaction.commit().await
}

/// Loads all facts of some streams among the first `size` entries.
pub async fn facts_of(
    conn: Conn<'_>,
    streams: &BTreeSet<StreamId>,
    size: u64,
) -> Result<BTreeMap<StreamId, Vec<Fact>>, StoreError> {
    let mut facts: BTreeMap<StreamId, Vec<Fact>> = BTreeMap::new();
    for stored in streams_facts(conn, streams, size).await? {
        facts.entry(stored.entry.stream.clone()).or_default().push(Fact::from(stored.entry));
    }
    Ok(facts)
}
