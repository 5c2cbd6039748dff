//! Imports: older records come in as facts of the provenance BACKFILL, known since their import and asserted earlier.
//!
//! Everything is looked at before anything is recorded: each fact is admitted over what the ledger holds and what the file
//! says before it, stream by stream, so that memory is bounded by a group of streams. Then the facts go in by chunks, each
//! under a key made from the file's hash and its first row: the head is never locked for long, and beginning again with the
//! same file goes on where it broke off.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::engine::append::SubmitError;
use crate::engine::fact::{NewFact, SUBMISSION_FACTS_MAX, SealedFact, Submission, actor_key, seal_fact};
use crate::engine::project::facts_of;
use crate::engine::queue::Engine;
use crate::family::kit::{Context, Fact, Recorded, STREAM_FACTS_MAX};
use crate::family::ledger::LedgerEvent;
use crate::ledger::entry::Actor;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Sequence, StreamId};
use crate::store::{Store, StoreError, head, idempotency};
use crate::time::Instant;

/// Streams that are checked at once; each may have `STREAM_FACTS_MAX` facts.
const GROUP_STREAMS: usize = 256;
/// Streams of the file that others refer to and that are kept between groups.
const REFERRED_STREAMS_MAX: usize = 1_000;
/// Keys of chunks that are looked up at once.
const KEYS_PAGE: usize = 500;
/// Problems that are told; more are only counted.
pub const PROBLEMS_MAX: usize = 1_000;

/// Something in a file that cannot be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The row, counted from 1.
    pub row: u64,
    /// The column or input field at fault; empty: the row as a whole.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// A fact of a file: which stream it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its row, counted from 1.
    pub row: u64,
    /// The place of its stream in [`ImportSource::streams`].
    pub stream: usize,
}

/// A file of facts that can be read again and again.
pub trait ImportSource {
    /// The streams that it is about, and whether the ledger has them already.
    fn streams(&self) -> &[(StreamId, bool)];
    /// Its facts, in their order.
    fn planned(&self) -> &[Planned];
    /// Reads the fact at a place of [`ImportSource::planned`].
    fn read(&mut self, place: usize) -> Result<NewFact, Problem>;
}

/// Says why an import broke off.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A row was refused that had passed the check: something else was recorded meanwhile.
    #[error("row {}: {}", .0.row, .0.message)]
    Refused(Problem),
    /// The facts could not be recorded now.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database holds no ledger.
    #[error("the database holds no ledger")]
    NotFounded,
}

/// How far an import of a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// Never begun.
    New,
    /// Begun and not complete.
    Started,
    /// Complete.
    Complete,
}

/// Tells how far the import of a file has come, by the ledger's own facts.
pub async fn import_state(store: &Store, file: &Hash) -> Result<ImportState, ImportError> {
    let head = head(store).await?.ok_or(ImportError::NotFounded)?;
    let stream = BTreeSet::from([head.ledger_stream.clone()]);
    let facts = facts_of(store.read().await?.conn(), &stream, head.size()).await?;
    let mut state = ImportState::New;
    for fact in facts.values().flatten() {
        use crate::family::kit::Event as _;
        match LedgerEvent::from_data(&fact.fact, fact.version, &fact.data) {
            Ok(LedgerEvent::ImportStarted(started)) if started.file == *file && state == ImportState::New => {
                state = ImportState::Started;
            }
            Ok(LedgerEvent::ImportCompleted(completed)) if completed.file == *file => state = ImportState::Complete,
            _ => {}
        }
    }
    Ok(state)
}

/// Names an import by its file; all its facts have it as their correlation.
pub fn import_id(file: &Hash) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&file.0[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Names a stream that a file begins. It follows from the file, the stream's name in it and the date of its first fact, so that a
/// second run names it alike and lists are in the order of the world; nothing of a person is in it.
pub fn imported_stream(file: &Hash, began: Instant, family: &str, name: &str) -> StreamId {
    let hash: [u8; 32] =
        Sha256::new_with_prefix(file.0).chain_update(family).chain_update([0]).chain_update(name).finalize().into();
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    let milliseconds = u64::try_from(began.microseconds() / 1_000).unwrap_or(0);
    let id = uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid();
    StreamId::new(family, id)
}

/// Counts the facts of a file that are recorded already under keys that begin with `key`: whole chunks, from the first on.
pub async fn facts_done(
    store: &Store,
    actor: &Actor,
    source: &impl ImportSource,
    key: &str,
) -> Result<usize, ImportError> {
    let actor = actor_key(actor);
    let chunks: Vec<&[Planned]> = source.planned().chunks(SUBMISSION_FACTS_MAX).collect();
    let mut done = 0;
    for page in chunks.chunks(KEYS_PAGE) {
        let keys: Vec<(String, String)> = page.iter().map(|chunk| (actor.clone(), chunk_key(key, chunk))).collect();
        let used = idempotency(store.read().await?.conn(), &keys.iter().cloned().collect()).await?;
        let used: BTreeSet<&str> = used.iter().map(|row| row.key.as_str()).collect();
        let whole = keys.iter().take_while(|(_, key)| used.contains(key.as_str())).count();
        done += page[..whole].iter().map(|chunk| chunk.len()).sum::<usize>();
        if whole < page.len() {
            break;
        }
    }
    Ok(done)
}

fn chunk_key(key: &str, chunk: &[Planned]) -> String {
    format!("{key}-{}", chunk.first().map_or(0, |planned| planned.row))
}

/// Looks at every fact of a file from place `done` on as if it were recorded, in order; nothing is written. `progress` is told
/// how many were looked at.
///
/// Returns the problems, by row, at most `PROBLEMS_MAX` of them, and how many there are.
pub async fn check_import(
    engine: &Engine,
    actor: &Actor,
    source: &mut impl ImportSource,
    done: usize,
    mut progress: impl FnMut(usize),
) -> Result<(Vec<Problem>, usize), ImportError> {
    let size = head(engine.store()).await?.ok_or(ImportError::NotFounded)?.size();
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); source.streams().len()];
    for (place, planned) in source.planned().iter().enumerate().skip(done) {
        places[planned.stream].push(place);
    }
    let names: BTreeMap<StreamId, usize> =
        source.streams().iter().enumerate().map(|(at, (stream, _))| (stream.clone(), at)).collect();
    let mut check =
        Check { engine, actor, size, names, places, referred: BTreeMap::new(), problems: Vec::new(), count: 0 };
    let mut looked_at = 0;
    for first in (0..check.places.len()).step_by(GROUP_STREAMS) {
        let group = first..(first + GROUP_STREAMS).min(check.places.len());
        check.group(source, group.clone()).await?;
        looked_at += check.places[group].iter().map(Vec::len).sum::<usize>();
        progress(looked_at);
    }
    check.problems.sort_by_key(|problem| problem.row);
    Ok((check.problems, check.count))
}

struct Check<'a> {
    engine: &'a Engine,
    actor: &'a Actor,
    size: u64,
    names: BTreeMap<StreamId, usize>,
    places: Vec<Vec<usize>>,
    /// Facts of streams of the file that others refer to, each with its place.
    referred: BTreeMap<usize, Vec<(usize, Fact)>>,
    problems: Vec<Problem>,
    count: usize,
}

impl Check<'_> {
    async fn group(
        &mut self,
        source: &mut impl ImportSource,
        group: std::ops::Range<usize>,
    ) -> Result<(), ImportError> {
        let mut sealed: BTreeMap<usize, Vec<(usize, SealedFact)>> = BTreeMap::new();
        let mut wanted: BTreeSet<StreamId> = BTreeSet::new();
        for stream in group {
            let places = self.places[stream].clone();
            let facts: Vec<(usize, SealedFact)> =
                places.into_iter().filter_map(|place| Some((place, self.sealed(source, place)?))).collect();
            for (_, fact) in &facts {
                wanted.extend((fact.family.refers)(fact.fact.event.fact(), fact.fact.version, &fact.fact.data));
            }
            wanted.insert(source.streams()[stream].0.clone());
            sealed.insert(stream, facts);
        }
        let stored = facts_of(self.engine.store().read().await?.conn(), &wanted, self.size).await?;
        self.refer(source, &wanted);
        for (stream, facts) in sealed {
            let name = source.streams()[stream].0.clone();
            let mut known = stored.get(&name).cloned().unwrap_or_default();
            for (place, fact) in facts {
                let row = source.planned()[place].row;
                match self.admitted(&stored, &known, place, &fact) {
                    Ok(fact) => known.push(fact),
                    Err(problem) => self.report(Problem { row, ..problem }),
                }
            }
        }
        Ok(())
    }

    /// Loads the facts of streams of the file that others refer to. What was loaded for other groups is let go when it gets much.
    fn refer(&mut self, source: &mut impl ImportSource, wanted: &BTreeSet<StreamId>) {
        if self.referred.len() > REFERRED_STREAMS_MAX {
            self.referred.clear();
        }
        for stream in wanted.iter().filter_map(|name| self.names.get(name).copied()).collect::<Vec<_>>() {
            if !self.referred.contains_key(&stream) {
                let places = self.places[stream].clone();
                let facts = places.into_iter().filter_map(|place| {
                    // What is wrong with it is told where its own stream is looked at.
                    let fact = seal_fact(source.read(place).ok()?, self.engine.sources()).ok()?;
                    Some((place, self.fact(place, &fact)))
                });
                let facts = facts.collect();
                self.referred.insert(stream, facts);
            }
        }
    }

    fn admitted(
        &self,
        stored: &BTreeMap<StreamId, Vec<Fact>>,
        known: &[Fact],
        place: usize,
        sealed: &SealedFact,
    ) -> Result<Fact, Problem> {
        let problem = |field: &str, message: String| Problem { row: 0, field: field.to_owned(), message };
        if known.len() >= STREAM_FACTS_MAX {
            return Err(problem("", format!("a stream has at most {STREAM_FACTS_MAX} facts; go on in another one")));
        }
        let fact = self.fact(place, sealed);
        let mut streams = BTreeMap::new();
        for name in (sealed.family.refers)(sealed.fact.event.fact(), sealed.fact.version, &sealed.fact.data) {
            let mut facts = stored.get(&name).cloned().unwrap_or_default();
            let earlier = self.names.get(&name).and_then(|stream| self.referred.get(stream));
            facts.extend(
                earlier.into_iter().flatten().filter(|(other, _)| *other < place).map(|(_, fact)| fact.clone()),
            );
            streams.insert(name, facts);
        }
        let known: Vec<&Fact> = known.iter().collect();
        let context = Context { place: &fact.recorded, streams: &streams };
        match (sealed.family.admit)(&known, &fact, &context) {
            Ok(()) => Ok(fact),
            Err(refused) => Err(problem(&refused.field, refused.message)),
        }
    }

    fn fact(&self, place: usize, sealed: &SealedFact) -> Fact {
        Fact {
            recorded: Recorded {
                sequence: Sequence(self.size + place as u64),
                recorded: self.engine.sources().now(),
                effective: sealed.fact.effective,
                actor: self.actor.clone(),
                provenance: sealed.provenance,
                asserted: sealed.fact.imported.and_then(|imported| imported.asserted),
                replaces: sealed.fact.replaces,
            },
            fact: sealed.fact.event.fact().to_owned(),
            version: sealed.fact.version,
            data: sealed.fact.data.clone(),
        }
    }

    fn sealed(&mut self, source: &mut impl ImportSource, place: usize) -> Option<SealedFact> {
        let row = source.planned()[place].row;
        let read = source.read(place).and_then(|fact| {
            seal_fact(fact, self.engine.sources()).map_err(|refused| Problem {
                row,
                field: refused.field,
                message: refused.message,
            })
        });
        read.map_err(|problem| self.report(problem)).ok()
    }

    fn report(&mut self, problem: Problem) {
        self.count += 1;
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }
}

/// Records the facts of a file from place `done` on by chunks, in order, under keys that begin with `key`. `progress` is told how
/// many facts are done.
pub async fn record_facts(
    engine: &Engine,
    actor: &Actor,
    source: &mut impl ImportSource,
    key: &str,
    mut done: usize,
    mut progress: impl FnMut(usize),
) -> Result<(), ImportError> {
    while done < source.planned().len() {
        let chunk = done..(done + SUBMISSION_FACTS_MAX).min(source.planned().len());
        let idempotency_key = chunk_key(key, &source.planned()[chunk.clone()]);
        let rows: Vec<u64> = source.planned()[chunk.clone()].iter().map(|planned| planned.row).collect();
        let facts: Result<Vec<NewFact>, Problem> = chunk.clone().map(|place| source.read(place)).collect();
        let submission =
            Submission { actor: actor.clone(), idempotency_key, facts: facts.map_err(ImportError::Refused)? };
        match engine.submit(submission).await {
            Ok(_) => {}
            Err(SubmitError::Refused(refused)) => {
                let row = rows.get(refused.fact).copied().unwrap_or_default();
                let problem = Problem { row, field: refused.refused.field, message: refused.refused.message };
                return Err(ImportError::Refused(problem));
            }
            Err(error) => return Err(error.into()),
        }
        done = chunk.end;
        progress(done);
    }
    Ok(())
}
