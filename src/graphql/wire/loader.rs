//! Batched reading within one request: many keys, one query.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextPrepareRequest};
use async_graphql::{Context, Request, Response, ServerResult};
use futures_util::future::BoxFuture;
use tokio::task::JoinSet;

use crate::graphql::error::{WireError, data, wire};
use crate::graphql::idle::Idle;
use uuid::Uuid;

use crate::engine::{Engine, facts_of, import_id, open};
use crate::family::kit::{Event as _, Fact};
use crate::family::ledger::LedgerEvent;
use crate::family::opened::Opened;
use crate::ledger::erasable::Digest;
use crate::ledger::name::{Sequence, StreamId};
use crate::store::{
    AskedMoment, FactPlace, FactRange, FigureQuestion, Head, ListRange, Range, ReplacedFact, StateAt, Store,
    StoreError, StoredCheckpoint, StoredEntry, StreamRow, checkpoints_at, entries_at, entries_by_id, figure_facts,
    pages_of_streams, related_streams, replaced_facts, revisions, states_at_moments, streams, streams_with_states,
};
use crate::time::Instant;

/// Reads by key, for the DataLoaders of one request.
pub struct Reader {
    /// Where from.
    pub store: Store,
}

type Loaded<K, V> = Result<HashMap<K, V>, async_graphql::Error>;

fn loaded<K, V>(result: Result<HashMap<K, V>, StoreError>) -> Loaded<K, V> {
    result.map_err(|error| WireError::from(error).0)
}

/// Gives each request loaders of its own: what one caller has loaded is not shown to another.
pub struct PerRequest;

/// The loaders of one request, which read when its resolvers wait.
#[derive(Default)]
struct OneRequest {
    idle: Arc<Idle>,
    head: RequestHead,
}

impl ExtensionFactory for PerRequest {
    fn create(&self) -> std::sync::Arc<dyn Extension> {
        std::sync::Arc::new(OneRequest::default())
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for OneRequest {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let reader = ctx.data::<Engine>().map(|engine| Reader { store: engine.store().clone() });
        let request = match reader {
            Ok(reader) => {
                // Dropped with the request, which stops what is still loading for it.
                let tasks = Arc::new(Mutex::new(JoinSet::new()));
                let idle = self.idle.clone();
                let spawn = move |load: BoxFuture<'static, ()>| {
                    let idle = idle.next();
                    let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
                    // A subscription may last for months.
                    while tasks.try_join_next().is_some() {}
                    drop(tasks.spawn(async move {
                        idle.await;
                        load.await;
                    }));
                };
                request.data(DataLoader::new(reader, spawn).delay(Duration::ZERO)).data(self.head.clone())
            }
            Err(_) => request,
        };
        next.run(ctx, request).await
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        // Each result of a subscription sees the ledger as it is by then.
        self.head.forget().await;
        self.idle.watch(next.run(ctx, operation_name)).await
    }
}

/// The head of the ledger as one request sees it: read once, and again after the request has recorded something.
#[derive(Clone, Debug, Default)]
pub struct RequestHead(Arc<tokio::sync::Mutex<Option<Head>>>);

impl RequestHead {
    async fn get(&self, store: &Store) -> Result<Option<Head>, StoreError> {
        let mut known = self.0.lock().await;
        if known.is_none() {
            *known = crate::store::head(store).await?;
        }
        Ok(known.clone())
    }

    /// Has the head read again when it is asked for next.
    pub async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

/// Returns the head of the ledger; `None`: the database holds no ledger.
pub async fn head_of(ctx: &Context<'_>) -> async_graphql::Result<Option<Head>> {
    let store = data::<Engine>(ctx)?.store();
    wire(data::<RequestHead>(ctx)?.get(store).await)
}

/// A fact: asks which one corrects it or takes it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReplacementOf(pub Sequence);

impl Loader<ReplacementOf> for Reader {
    type Value = Sequence;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[ReplacementOf]) -> Loaded<ReplacementOf, Sequence> {
        let sequences: Vec<u64> = keys.iter().map(|key| key.0.0).collect();
        let mut reader = wire(self.store.read().await)?;
        let rows = wire(replaced_facts(reader.conn(), &sequences).await)?;
        // The first tree size with the correction is one more than its sequence.
        let found =
            |row: ReplacedFact| (ReplacementOf(Sequence(row.sequence)), Sequence(row.known_from.saturating_sub(1)));
        Ok(rows.into_iter().map(found).collect())
    }
}

/// An entry by its UUID.
impl Loader<Uuid> for Reader {
    type Value = StoredEntry;
    type Error = async_graphql::Error;

    async fn load(&self, ids: &[Uuid]) -> Loaded<Uuid, StoredEntry> {
        let read = async { entries_by_id(self.store.read().await?.conn(), ids).await };
        loaded(read.await.map(|entries| entries.into_iter().map(|stored| (stored.entry.id, stored)).collect()))
    }
}

/// A checkpoint by its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CheckpointAt(pub u64);

impl Loader<CheckpointAt> for Reader {
    type Value = StoredCheckpoint;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[CheckpointAt]) -> Loaded<CheckpointAt, StoredCheckpoint> {
        let sizes: Vec<u64> = keys.iter().map(|key| key.0).collect();
        let read = async { checkpoints_at(self.store.read().await?.conn(), &sizes).await };
        loaded(read.await.map(|found| found.into_iter().map(|stored| (CheckpointAt(stored.size), stored)).collect()))
    }
}

/// The imports that are not complete, by the ledger's own facts among its first entries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnfinishedImports {
    /// The stream of the ledger's own facts.
    pub ledger: StreamId,
    /// How many entries.
    pub size: u64,
}

impl Loader<UnfinishedImports> for Reader {
    type Value = Arc<BTreeSet<Uuid>>;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[UnfinishedImports]) -> Loaded<UnfinishedImports, Arc<BTreeSet<Uuid>>> {
        let mut found = HashMap::new();
        // One size a request.
        for key in keys {
            let facts = HistoryOf { stream: key.ledger.clone(), size: key.size };
            let facts = self.load(std::slice::from_ref(&facts)).await?.remove(&facts).unwrap_or_default();
            found.insert(key.clone(), Arc::new(unfinished_imports(&facts)));
        }
        Ok(found)
    }
}

fn unfinished_imports(facts: &[Fact]) -> BTreeSet<Uuid> {
    let mut unfinished = BTreeSet::new();
    for fact in facts {
        match LedgerEvent::from_data(&fact.fact, fact.version, &fact.data) {
            Ok(LedgerEvent::ImportStarted(started)) => {
                unfinished.insert(import_id(&started.file));
            }
            Ok(LedgerEvent::ImportCompleted(completed)) => {
                unfinished.remove(&import_id(&completed.file));
            }
            _ => {}
        }
    }
    unfinished
}

/// Opens commitments.
impl Loader<Digest> for Reader {
    type Value = Opened;
    type Error = async_graphql::Error;

    async fn load(&self, digests: &[Digest]) -> Loaded<Digest, Opened> {
        let read = async {
            let opened = open(self.store.read().await?.conn(), digests.iter().cloned()).await?;
            Ok(opened.into_iter().collect())
        };
        loaded(read.await)
    }
}

/// Finds the references of streams.
impl Loader<StreamId> for Reader {
    type Value = StreamRow;
    type Error = async_graphql::Error;

    async fn load(&self, names: &[StreamId]) -> Loaded<StreamId, StreamRow> {
        let read = async {
            let rows = streams(self.store.read().await?.conn(), names).await?;
            Ok(rows.into_iter().map(|row| (row.stream.clone(), row)).collect())
        };
        loaded(read.await)
    }
}

/// A stream among the first entries: asks for its revision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RevisionOf {
    /// The stream.
    pub stream: StreamId,
    /// The tree size.
    pub size: u64,
}

impl Loader<RevisionOf> for Reader {
    type Value = u64;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[RevisionOf]) -> Loaded<RevisionOf, u64> {
        let read = async {
            let mut found = HashMap::new();
            // One moment a snapshot, so there are as many sizes as snapshots in the request.
            for (size, names) in by_size(keys.iter().map(|key| (key.size, &key.stream))) {
                let names: Vec<StreamId> = names.into_iter().collect();
                let rows = revisions(self.store.read().await?.conn(), &names, size).await?;
                found.extend(rows.into_iter().map(|(stream, revision)| (RevisionOf { stream, size }, revision)));
            }
            Ok(found)
        };
        loaded(read.await)
    }
}

/// A stream at a moment: asks for its state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StateOf {
    /// The stream.
    pub stream: StreamId,
    /// The tree size.
    pub size: u64,
    /// What was in force then.
    pub valid: Instant,
}

impl Loader<StateOf> for Reader {
    type Value = StateAt;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[StateOf]) -> Loaded<StateOf, StateAt> {
        let read = async {
            let asked: Vec<AskedMoment> = keys
                .iter()
                .map(|key| AskedMoment { stream: key.stream.clone(), size: key.size, valid: key.valid })
                .collect();
            let states = states_at_moments(self.store.read().await?.conn(), &asked).await?;
            let found = keys.iter().cloned().zip(states).filter_map(|(key, state)| Some((key, state?))).collect();
            Ok(found)
        };
        loaded(read.await)
    }
}

/// Finds facts by their sequences.
impl Loader<Sequence> for Reader {
    type Value = StoredEntry;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[Sequence]) -> Loaded<Sequence, StoredEntry> {
        let read = async {
            let sequences: Vec<u64> = keys.iter().map(|key| key.0).collect();
            let rows = entries_at(self.store.read().await?.conn(), &sequences).await?;
            Ok(rows.into_iter().map(|stored| (Sequence(stored.entry.sequence), stored)).collect())
        };
        loaded(read.await)
    }
}

/// A stream among the first entries: asks for all its facts, of which there are at most `STREAM_FACTS_MAX`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HistoryOf {
    /// The stream.
    pub stream: StreamId,
    /// The tree size.
    pub size: u64,
}

impl Loader<HistoryOf> for Reader {
    type Value = Vec<Fact>;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[HistoryOf]) -> Loaded<HistoryOf, Vec<Fact>> {
        let read = async {
            let mut found = HashMap::new();
            // One size a snapshot.
            for (size, streams) in by_size(keys.iter().map(|key| (key.size, &key.stream))) {
                let facts = facts_of(self.store.read().await?.conn(), &streams, size).await?;
                found.extend(facts.into_iter().map(|(stream, facts)| (HistoryOf { stream, size }, facts)));
            }
            Ok(found)
        };
        loaded(read.await)
    }
}

/// A value of a key at a moment: asks which streams of a family have it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelatedOf {
    /// All but the value: the same for every object of a list on which the field is asked.
    pub question: RelatedQuestion,
    /// The value.
    pub value: String,
}

/// What is asked of each value of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelatedQuestion {
    /// The family.
    pub family: &'static str,
    /// The key's name.
    pub key: &'static str,
    /// The tree size.
    pub size: u64,
    /// What was in force then.
    pub valid: Instant,
    /// Which of the streams.
    pub range: ListRange,
}

impl Loader<RelatedOf> for Reader {
    type Value = Vec<StreamId>;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[RelatedOf]) -> Loaded<RelatedOf, Vec<StreamId>> {
        let read = async {
            let mut questions: HashMap<&RelatedQuestion, BTreeSet<String>> = HashMap::new();
            for key in keys {
                questions.entry(&key.question).or_default().insert(key.value.clone());
            }
            let mut found: HashMap<RelatedOf, Vec<StreamId>> = HashMap::new();
            // As many questions as the document has such fields and moments.
            for (question, values) in questions {
                let RelatedQuestion { family, key, size, valid, range } = question;
                let reader = &mut self.store.read().await?;
                let rows = related_streams(reader.conn(), (family, key), &values, (*size, *valid), range).await?;
                for (value, stream) in rows {
                    found.entry(RelatedOf { question: question.clone(), value }).or_default().push(stream);
                }
            }
            Ok(found)
        };
        loaded(read.await)
    }
}

/// A stream at a moment: asks whether it has a state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ThereAt {
    /// The stream.
    pub stream: StreamId,
    /// The tree size.
    pub size: u64,
    /// What was in force then.
    pub valid: Instant,
}

impl Loader<ThereAt> for Reader {
    type Value = ();
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[ThereAt]) -> Loaded<ThereAt, ()> {
        let read = async {
            let mut moments: BTreeMap<(u64, Instant), BTreeSet<StreamId>> = BTreeMap::new();
            for key in keys {
                moments.entry((key.size, key.valid)).or_default().insert(key.stream.clone());
            }
            let mut found = HashMap::new();
            // One moment a snapshot.
            for ((size, valid), streams) in moments {
                let there = streams_with_states(self.store.read().await?.conn(), &streams, (size, valid)).await?;
                found.extend(there.into_iter().map(|stream| (ThereAt { stream, size, valid }, ())));
            }
            Ok(found)
        };
        loaded(read.await)
    }
}

/// A page of the facts of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FactsOf {
    /// The stream.
    pub stream: StreamId,
    /// Which of its facts.
    pub range: Range,
}

impl Loader<FactsOf> for Reader {
    type Value = Vec<StoredEntry>;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[FactsOf]) -> Loaded<FactsOf, Vec<StoredEntry>> {
        let read = async {
            let mut ranges: HashMap<Range, Vec<StreamId>> = HashMap::new();
            keys.iter().for_each(|key| ranges.entry(key.range).or_default().push(key.stream.clone()));
            let mut found: HashMap<FactsOf, Vec<StoredEntry>> = HashMap::new();
            // One range an argument list, so there are as many as the document has such fields.
            for (range, names) in ranges {
                for stored in pages_of_streams(self.store.read().await?.conn(), &names, range).await? {
                    let key = FactsOf { stream: stored.entry.stream.clone(), range };
                    found.entry(key).or_default().push(stored);
                }
            }
            Ok(found)
        };
        loaded(read.await)
    }
}

/// A page of the facts behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FigureFactsOf {
    /// The figure.
    pub code: String,
    /// What is counted: the same for every figure of a list.
    pub question: FigureQuestion,
    /// Which of its facts.
    pub range: FactRange,
}

impl Loader<FigureFactsOf> for Reader {
    type Value = Vec<FactPlace>;
    type Error = async_graphql::Error;

    async fn load(&self, keys: &[FigureFactsOf]) -> Loaded<FigureFactsOf, Vec<FactPlace>> {
        let read = async {
            let mut pages: HashMap<(&FigureQuestion, FactRange), BTreeSet<String>> = HashMap::new();
            for key in keys {
                pages.entry((&key.question, key.range)).or_default().insert(key.code.clone());
            }
            let mut found: HashMap<FigureFactsOf, Vec<FactPlace>> = HashMap::new();
            // As many pages as the document has such fields and moments.
            for ((question, range), codes) in pages {
                let rows = figure_facts(self.store.read().await?.conn(), &codes, question, &range).await?;
                for (code, place) in rows {
                    let key = FigureFactsOf { code, question: question.clone(), range };
                    found.entry(key).or_default().push(place);
                }
            }
            Ok(found)
        };
        loaded(read.await)
    }
}

fn by_size<'k>(keys: impl Iterator<Item = (u64, &'k StreamId)>) -> BTreeMap<u64, BTreeSet<StreamId>> {
    let mut grouped: BTreeMap<u64, BTreeSet<StreamId>> = BTreeMap::new();
    for (size, stream) in keys {
        grouped.entry(size).or_default().insert(stream.clone());
    }
    grouped
}
