//! A ledger for stories: founded in a moment, told facts in a line, read at any moment, and opened behind its back.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use griffie::engine::{Engine, KeyFolder, NewFact, Options, Receipt, Sources, Submission, SubmitError, found};
use griffie::family::consent::{Consent, ConsentEvent, Decision, Granted, ItemChanged, ItemDecision, Withdrawn};
use griffie::family::consent_text::{ConsentText, ConsentTextEvent, Published, TextItem};
use griffie::family::kit::{Family, Refused};
use griffie::ledger::entry::{Actor, Entry};
use griffie::ledger::erasable::Erasable;
use griffie::ledger::name::{Code, EventName, Origin, Sequence, StreamId};
use griffie::ledger::verify::{Report, Trust};
use griffie::store::{self, Store};
use griffie::time::{Instant, PartialDate};
use serde_json::{Value, json};
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, Row as _};
use tempfile::TempDir;
use uuid::Uuid;

/// The origin of every ledger of the stories.
pub const ORIGIN: &str = "ledger.example/stories";
/// When a simulated clock starts.
pub const START: &str = "2025-01-01T00:00:00.000000Z";
/// Every table that a submission may write to.
pub const TABLES: [&str; 12] = [
    "head",
    "entry",
    "stream",
    "tile_hash",
    "checkpoint",
    "idempotency",
    "vault",
    "state",
    "state_key",
    "state_body",
    "fact",
    "figure",
];

/// A founded ledger with an engine on it. Its keys are gone with it; its database belongs to the story.
pub struct Ledger {
    pub url: String,
    pub engine: Engine,
    pub sources: Sources,
    pub keys: TempDir,
}

impl Ledger {
    /// Founds a ledger on a simulated clock with seeded entropy, and starts an engine.
    pub async fn found(url: &str) -> Self {
        Self::found_with(url, Sources::frozen(instant(START), 1)).await
    }

    /// Founds a ledger whose clock is that of `sources`, and starts an engine.
    pub async fn found_with(url: &str, sources: Sources) -> Self {
        let store = Store::open(url, true).await.unwrap();
        store.migrate().await.unwrap();
        let keys = TempDir::with_prefix("griffie-keys-").unwrap();
        let folder = KeyFolder::new(keys.path().join("keys"));
        folder.generate(&origin(), &sources).unwrap();
        found(&store, &folder, &origin(), &sources, None).await.unwrap();
        let engine = start(&store, &folder, &sources).await;
        Self { url: url.to_owned(), engine, sources, keys }
    }

    /// Returns the folder of the keys.
    pub fn folder(&self) -> KeyFolder {
        KeyFolder::new(self.keys.path().join("keys"))
    }

    /// Returns the database.
    pub fn store(&self) -> &Store {
        self.engine.store()
    }

    /// Opens the database a second time and starts another engine on it, with the same keys, clock and entropy.
    pub async fn another_engine(&self) -> Engine {
        let store = Store::open(&self.url, false).await.unwrap();
        start(&store, &self.folder(), &self.sources).await
    }

    /// Records one fact, which must be admitted.
    pub async fn record(&self, fact: NewFact) -> Receipt {
        self.record_all(vec![fact]).await.remove(0)
    }

    /// Records facts together, which must be admitted.
    pub async fn record_all(&self, facts: Vec<NewFact>) -> Vec<Receipt> {
        self.submit(&fresh_key(), facts).await.unwrap()
    }

    /// Submits facts under a key.
    pub async fn submit(&self, key: &str, facts: Vec<NewFact>) -> Result<Vec<Receipt>, SubmitError> {
        self.engine.submit(submission(key, facts)).await
    }

    /// Publishes a consent text with the items `photo` and `video`; returns its stream.
    pub async fn text(&self) -> StreamId {
        self.record(published(1, &["photo", "video"]).at("2020")).await.entry.stream
    }

    /// Returns the head.
    pub async fn head(&self) -> store::Head {
        store::head(self.store()).await.unwrap().unwrap()
    }

    /// Returns every entry, read from the raw bodies.
    pub async fn entries(&self) -> Vec<Entry> {
        let raw = self.raw().await;
        let bodies = raw.blobs("select body from entry order by sequence").await;
        raw.close().await;
        bodies.iter().map(|body| Entry::parse(body).unwrap().entry).collect()
    }

    /// Opens the database as somebody who owns it and knows nothing of griffie.
    pub async fn raw(&self) -> Raw {
        Raw::open(&self.url).await
    }

    /// Checks the whole ledger from its database, believing its own founding.
    pub async fn verify(&self) -> Report {
        verify(self.store(), Trust::default()).await
    }
}

/// Starts an engine as a server does.
pub async fn start(store: &Store, folder: &KeyFolder, sources: &Sources) -> Engine {
    try_start(store, folder, sources).await.unwrap()
}

/// Starts an engine, or says why not.
pub async fn try_start(
    store: &Store,
    folder: &KeyFolder,
    sources: &Sources,
) -> Result<Engine, griffie::engine::StartError> {
    let options = Options { sources: sources.clone(), accept_clock: false };
    Engine::start(store.clone(), folder, options).await
}

pub fn origin() -> Origin {
    ORIGIN.parse().unwrap()
}

pub fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Returns the instant some milliseconds after another one.
pub fn after_ms(start: Instant, milliseconds: i64) -> Instant {
    Instant::from_microseconds(start.microseconds() + milliseconds * 1_000)
}

pub fn date(text: &str) -> PartialDate {
    text.parse().unwrap()
}

pub fn code(text: &str) -> Code {
    text.parse().unwrap()
}

/// Makes the id of a stream that a caller chose: a UUID of version 7.
pub fn chosen(family: &str, number: u16) -> StreamId {
    let mut random = [7; 10];
    random[8..].copy_from_slice(&number.to_be_bytes());
    let id = uuid::Builder::from_unix_timestamp_millis(1_700_000_000_000, &random).into_uuid();
    StreamId::new(family, id)
}

/// Returns an idempotency key that no story has used.
pub fn fresh_key() -> String {
    static USED: AtomicU32 = AtomicU32::new(0);
    format!("key-{}", USED.fetch_add(1, Ordering::Relaxed))
}

pub fn staff(id: &str) -> Actor {
    Actor { id: Some(code(id)), role: code("DPO"), unit: None }
}

pub fn submission(key: &str, facts: Vec<NewFact>) -> Submission {
    Submission { actor: staff("staff-1"), idempotency_key: key.to_owned(), facts }
}

/// Returns the refusal of a submission, and which of its facts it concerns.
pub fn refused(answer: Result<Vec<Receipt>, SubmitError>) -> (usize, Refused) {
    match answer {
        Err(SubmitError::Refused(refusal)) => (refusal.fact, refusal.refused),
        other => panic!("not refused: {other:?}"),
    }
}

/// Returns what callers are told when the ledger takes no facts.
pub fn unavailable(answer: Result<Vec<Receipt>, SubmitError>) -> String {
    match answer {
        Err(SubmitError::Unavailable(reason)) => reason,
        other => panic!("not unavailable: {other:?}"),
    }
}

// --- Facts -------------------------------------------------------------------------------------------------------

/// Says more about a fact in a chain of words.
pub trait Told: Sized {
    /// From when it holds.
    fn at(self, effective: &str) -> Self;
    /// In which stream.
    fn of(self, stream: &StreamId) -> Self;
    /// In a new stream whose id the caller chose.
    fn beginning(self, stream: &StreamId) -> Self;
    /// At which revision the caller believes the stream to be.
    fn expecting(self, revision: u64) -> Self;
    /// Which fact it corrects.
    fn replacing(self, sequence: u64) -> Self;
    /// Under which reference its stream begins.
    fn referenced(self, reference: &str) -> Self;
}

impl Told for NewFact {
    fn at(mut self, effective: &str) -> Self {
        self.effective = date(effective);
        self
    }

    fn of(mut self, stream: &StreamId) -> Self {
        self.stream = Some(stream.clone());
        self
    }

    fn beginning(self, stream: &StreamId) -> Self {
        self.of(stream).expecting(0)
    }

    fn expecting(mut self, revision: u64) -> Self {
        self.expected_revision = Some(revision);
        self
    }

    fn replacing(mut self, sequence: u64) -> Self {
        self.replaces = Some(Sequence(sequence));
        self
    }

    fn referenced(mut self, reference: &str) -> Self {
        self.reference = Some(reference.parse().unwrap());
        self
    }
}

fn fact<F: Family>(event: &F::Event) -> NewFact {
    NewFact::of::<F>(event, date("2024"))
}

/// A version of a consent text is published.
pub fn published(version: u32, items: &[&str]) -> NewFact {
    let item = |item: &&str| TextItem {
        code: code(item),
        purpose: None,
        operations: Vec::new(),
        platforms: Vec::new(),
        profiling: None,
        mandatory: None,
        pre_ticked: None,
    };
    fact::<ConsentText>(&ConsentTextEvent::Published(Published {
        version,
        activity: None,
        languages: Vec::new(),
        items: items.iter().map(item).collect(),
        grant_channels: Vec::new(),
        withdraw_channels: Vec::new(),
        steps_grant: None,
        steps_withdraw: None,
        withdrawal_costs: None,
        withdrawal_reason_demanded: None,
        mentions_withdrawal: None,
        minors_variant: None,
        document: None,
        remark: None,
    }))
}

/// A person agrees to some items of version 1 of a text, asked by a unit, with a remark that the vault keeps.
pub fn granted(text: &StreamId, items: &[&str], unit: Option<&str>) -> NewFact {
    let agreed = |item: &&str| ItemDecision { code: code(item), decision: Decision::Yes };
    fact::<Consent>(&ConsentEvent::Granted(Granted {
        text: text.clone(),
        text_version: 1,
        language: None,
        items: items.iter().map(agreed).collect(),
        expression: None,
        method: None,
        age_band: None,
        representative: None,
        evidence: None,
        validity: None,
        unit: unit.map(code),
        remark: Some(Erasable::Clear("by word of mouth".to_owned())),
    }))
}

/// A person withdraws some items; none named: all.
pub fn withdrawn(items: &[&str]) -> NewFact {
    remarked_withdrawal(items, None)
}

/// A person withdraws, with a remark.
pub fn remarked_withdrawal(items: &[&str], remark: Option<&str>) -> NewFact {
    fact::<Consent>(&ConsentEvent::Withdrawn(Withdrawn {
        items: items.iter().map(|item| code(item)).collect(),
        channel: None,
        remark: remark.map(|remark| Erasable::Clear(remark.to_owned())),
    }))
}

/// A person changes the answer to one item.
pub fn item_changed(item: &str, decision: Decision) -> NewFact {
    fact::<Consent>(&ConsentEvent::ItemChanged(ItemChanged { code: code(item), decision, channel: None, remark: None }))
}

/// A fact of any family in the words of its wire form; clear values are `{"...": {"clear": …}}`.
pub fn told(family: &str, name: &str, data: Value) -> NewFact {
    NewFact { event: EventName::new(family, name), data, ..withdrawn(&[]) }
}

/// A fact that never was is taken back.
pub fn retracted(family: &str, sequence: u64) -> NewFact {
    told(family, "retracted", json!({"reason": {"...": {"clear": "it never was"}}})).replacing(sequence)
}

/// The channels for withdrawal are declared: a fact that may be repeated in a stream of consentText at any time.
pub fn declared() -> NewFact {
    told("consentText", "withdrawalChannelDeclared", json!({"channels": ["WEB"]}))
}

/// An activity is drafted by a unit, once.
pub fn drafted(unit: &str) -> NewFact {
    told("activity", "drafted", json!({"unit": unit}))
}

// --- Behind its back ---------------------------------------------------------------------------------------------

/// A database as its owner sees it.
pub enum Raw {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Runs the same on whichever database it is.
macro_rules! on {
    ($raw:expr, $pool:ident => $body:expr) => {
        match $raw {
            Raw::Sqlite($pool) => $body,
            Raw::Postgres($pool) => $body,
        }
    };
}

impl Raw {
    /// Opens a database by its URL.
    pub async fn open(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            Self::Sqlite(SqlitePool::connect(url).await.unwrap())
        } else {
            Self::Postgres(PgPool::connect(url).await.unwrap())
        }
    }

    /// Closes all connections.
    pub async fn close(self) {
        on!(self, pool => pool.close().await);
    }

    /// Runs statements, one after the other.
    pub async fn run(&self, text: &str) {
        on!(self, pool => {
            sqlx::raw_sql(AssertSqlSafe(text)).execute(pool).await.unwrap();
        });
    }

    /// Runs a statement with one blob bound.
    pub async fn run_with(&self, text: &str, blob: &[u8]) {
        on!(self, pool => {
            sqlx::query(AssertSqlSafe(text)).bind(blob).execute(pool).await.unwrap();
        });
    }

    /// Reads one number.
    pub async fn number(&self, text: &str) -> i64 {
        on!(self, pool => {
            sqlx::query_scalar(AssertSqlSafe(text)).fetch_one(pool).await.unwrap()
        })
    }

    /// Reads a column of blobs.
    pub async fn blobs(&self, text: &str) -> Vec<Vec<u8>> {
        on!(self, pool => {
            let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(pool).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        })
    }

    /// Reads a column of texts.
    pub async fn texts(&self, text: &str) -> Vec<String> {
        on!(self, pool => {
            let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(pool).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        })
    }

    /// Counts the rows of every table but that of checkpoints, which the engine signs in its own time.
    pub async fn row_counts(&self) -> BTreeMap<&'static str, i64> {
        let mut counts = BTreeMap::new();
        for table in TABLES.iter().filter(|table| **table != "checkpoint") {
            counts.insert(*table, self.number(&format!("select count(*) from {table}")).await);
        }
        counts
    }

    /// Drops every protecting trigger, as an owner of the tables can.
    pub async fn unprotect(&self) {
        let drops = match self {
            Self::Sqlite(_) => "select 'drop trigger ' || name from sqlite_master where type = 'trigger'",
            Self::Postgres(_) => {
                "select distinct 'drop trigger ' || t.tgname || ' on ' || c.relname \
                 from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal"
            }
        };
        for drop in self.texts(drops).await {
            self.run(&drop).await;
        }
    }
}

/// Returns the path of a SQLite URL.
pub fn path_of(url: &str) -> PathBuf {
    PathBuf::from(url.strip_prefix("sqlite:").unwrap())
}

// --- Verification ------------------------------------------------------------------------------------------------

/// Verifies a whole database, as `griffie verify` does.
pub async fn verify(store: &Store, trust: Trust) -> Report {
    griffie::engine::verify(store, trust, |_, _| {}).await.unwrap()
}

/// Makes a UUID of version 7 that no entry has.
pub fn stray_uuid() -> Uuid {
    chosen("consent", u16::MAX).id()
}
