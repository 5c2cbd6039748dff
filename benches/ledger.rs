//! What a proven fact costs beside a plain row, and whether asking costs more in a larger ledger.
//!
//! `append`: 200 consents recorded by 200 callers at once, against the rival that most systems are - one row and one row of
//! audit log for each caller, in a SQLite file with the same durability. `as_of`: the same question to ledgers of two sizes.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::sync::atomic::{AtomicU64, Ordering};

use criterion::{Criterion, criterion_group, criterion_main};
use futures_util::future::join_all;
use griffie::engine::{Engine, KeyFolder, KnownAt, Moment, NewFact, Options, Sources, Submission, found};
use griffie::graphql::read_fact;
use griffie::ledger::entry::Actor;
use griffie::ledger::name::StreamId;
use griffie::store::{Store, states_at};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Callers at once.
const CALLERS: u64 = 200;
/// The larger of the ledgers that are asked.
const FACTS: u64 = 20_000;

struct Ledger {
    engine: Engine,
    text: String,
    next: AtomicU64,
    _folder: TempDir,
}

impl Ledger {
    async fn found() -> Self {
        let folder = TempDir::new().unwrap();
        let sources = Sources::system();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("ledger").display()), true).await.unwrap();
        store.migrate().await.unwrap();
        let keys = KeyFolder::new(folder.path().join("keys"));
        let origin = "bench.example/ledger".parse().unwrap();
        keys.generate(&origin, &sources).unwrap();
        found(&store, &keys, &origin, &sources, None).await.unwrap();
        let engine = Engine::start(store, &keys, Options { sources, accept_clock: false }).await.unwrap();
        let mut ledger = Self { engine, text: String::new(), next: AtomicU64::new(0), _folder: folder };
        let published = json!({ "version": 1, "languages": ["nl"], "grantChannels": [], "withdrawChannels": [],
            "items": [{ "code": "photo", "operations": [], "platforms": [] }] });
        let text =
            ledger.record(json!({ "consentText": { "effective": "2019", "event": { "published": published } } })).await;
        ledger.text = format!("consentText:{}", text.id());
        ledger
    }

    async fn record(&self, input: serde_json::Value) -> StreamId {
        let fact: NewFact = read_fact(input).unwrap();
        let actor = Actor { id: Some("bench".parse().unwrap()), role: "DPO".parse().unwrap(), unit: None };
        let idempotency_key = format!("bench-{}", self.next.fetch_add(1, Ordering::Relaxed));
        let receipts = self.engine.submit(Submission { actor, idempotency_key, facts: vec![fact] }).await.unwrap();
        receipts[0].entry.stream.clone()
    }

    async fn grant(&self) -> StreamId {
        self.record(json!({ "consent": { "effective": "2020-01-15", "event": { "granted": {
            "text": self.text, "textVersion": 1, "items": [{ "code": "photo", "decision": "YES" }], "remark": "a form" } } } }))
            .await
    }
}

/// A row and an audit row in one transaction: durable, and proof of nothing.
async fn plain_row(pool: &SqlitePool) {
    let mut transaction = pool.begin_with("begin immediate").await.unwrap();
    sqlx::query("insert into consent (person, text, decision) values ('a', 1, 'YES')")
        .execute(&mut *transaction)
        .await
        .unwrap();
    sqlx::query("insert into audit (at, who, what) values (1, 'bench', 'insert consent')")
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

fn append(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let ledger = runtime.block_on(Ledger::found());
    let folder = TempDir::new().unwrap();
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("rows"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = runtime.block_on(async {
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        sqlx::query("create table consent (id integer primary key, person text, text integer, decision text)")
            .execute(&pool)
            .await
            .unwrap();
        sqlx::query("create table audit (id integer primary key, at integer, who text, what text)")
            .execute(&pool)
            .await
            .unwrap();
        pool
    });
    let mut group = criterion.benchmark_group("append");
    group.sample_size(10);
    group.bench_function("200 callers, proven facts", |bencher| {
        bencher.iter(|| runtime.block_on(join_all((0..CALLERS).map(|_| ledger.grant()))));
    });
    group.bench_function("200 callers, row and audit row", |bencher| {
        bencher.iter(|| runtime.block_on(join_all((0..CALLERS).map(|_| plain_row(&pool)))));
    });
    group.finish();
}

fn as_of(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let ledger = runtime.block_on(Ledger::found());
    let stream = runtime.block_on(ledger.grant());
    let ask = || {
        runtime.block_on(async {
            let store = ledger.engine.store();
            let valid = "2020-06-01T00:00:00.000000Z".parse().unwrap();
            let moment = Moment::resolve(store, KnownAt::Head, valid).await.unwrap();
            let root = moment.root(store).await.unwrap();
            let states =
                states_at(store.read().await.unwrap().conn(), std::slice::from_ref(&stream), moment.size, valid)
                    .await
                    .unwrap();
            assert_eq!(states.len(), 1);
            root
        })
    };
    let mut group = criterion.benchmark_group("as_of");
    group.bench_function("a state and its root, 3 facts", |bencher| bencher.iter(ask));
    while ledger.next.load(Ordering::Relaxed) < FACTS {
        runtime.block_on(join_all((0..CALLERS).map(|_| ledger.grant())));
    }
    group.bench_function("a state and its root, 20,000 facts", |bencher| bencher.iter(ask));
    group.finish();
}

criterion_group!(benches, append, as_of);
criterion_main!(benches);
