//! A statement that nobody waits for any more is stopped, and its connection is free again.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use griffie::store::{Conn, Connection, STATEMENT_TIMEOUT_MS, Store};
use tokio::time::timeout;

use crate::support::on_both;

/// Readers that a store has.
const READERS: usize = 8;
/// A statement without an end, in both databases.
const ENDLESS: &str = "with recursive n(i) as (select 1 union all select (i + 1) % 1000 from n) select count(*) from n";
/// How soon a statement that nobody waits for must have ended.
const STOPPED_WITHIN: Duration = Duration::from_secs(2);

/// Runs a statement that never ends, and stops to wait for it.
async fn give_up(store: &Store) {
    let endless = async {
        let mut connection = store.read().await.unwrap();
        match connection.conn() {
            Conn::Sqlite(connection) => sqlx::query(ENDLESS).execute(connection).await.map(drop),
            Conn::Postgres(_) => panic!("this story is SQLite's"),
        }
    };
    let ended = timeout(Duration::from_millis(100), endless).await;
    assert!(ended.is_err(), "a statement without an end has ended: {ended:?}");
}

/// Takes all connections at the same time and reads on each.
async fn read_on_all(store: &Store) -> Vec<Connection> {
    let read = async || {
        let mut connection = store.read().await.unwrap();
        let one: (i64,) = match connection.conn() {
            Conn::Sqlite(connection) => sqlx::query_as("select 1").fetch_one(connection).await.unwrap(),
            Conn::Postgres(_) => panic!("this story is SQLite's"),
        };
        assert_eq!(one, (1,));
        connection
    };
    join_all((0..READERS).map(|_| read())).await
}

async fn on_sqlite() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("stop.db").display()), true).await.unwrap();
    // All connections are there: none that is stuck can be replaced unseen.
    drop(read_on_all(&store).await);
    (folder, store)
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_stopped() {
    let (_folder, store) = on_sqlite().await;
    for _ in 0..READERS {
        give_up(&store).await;
    }
    let begun = Instant::now();
    let held = timeout(STOPPED_WITHIN, read_on_all(&store)).await;
    println!("all readers are free after {:?}", begun.elapsed());
    assert_eq!(held.unwrap_or_else(|_| panic!("a reader runs on for nobody")).len(), READERS);
    // A thread that runs a statement on would keep its connection from being closed.
    timeout(STOPPED_WITHIN, store.close()).await.unwrap_or_else(|_| panic!("a connection does not close"));
}

#[tokio::test]
async fn statements_given_up_together_all_stop() {
    let (_folder, store) = on_sqlite().await;
    for _ in 0..3 {
        join_all((0..READERS).map(|_| give_up(&store))).await;
        let held = timeout(STOPPED_WITHIN, read_on_all(&store)).await;
        assert_eq!(held.unwrap_or_else(|_| panic!("a reader runs on for nobody")).len(), READERS);
    }
    timeout(STOPPED_WITHIN, store.close()).await.unwrap_or_else(|_| panic!("a connection does not close"));
}

#[tokio::test]
async fn what_is_waited_for_is_not_stopped() {
    const LONG: &str =
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 1000000) select count(*) from n";
    let (_folder, store) = on_sqlite().await;
    let mut connection = store.read().await.unwrap();
    let Conn::Sqlite(connection) = connection.conn() else { panic!("this story is SQLite's") };
    let (count,): (i64,) = sqlx::query_as(LONG).fetch_one(connection).await.unwrap();
    assert_eq!(count, 1_000_000);
}

#[tokio::test]
async fn postgresql_ends_a_reader_s_statement_after_its_time() {
    on_both("statement timeout", async |url| {
        if url.starts_with("sqlite:") {
            return;
        }
        let store = Store::open(&url, false).await.unwrap();
        let mut held = Vec::new();
        for _ in 0..READERS {
            let mut connection = store.read().await.unwrap();
            let Conn::Postgres(reader) = connection.conn() else { panic!("this story is PostgreSQL's") };
            let (bound,): (String,) = sqlx::query_as("show statement_timeout").fetch_one(reader).await.unwrap();
            assert_eq!(bound, format!("{}s", STATEMENT_TIMEOUT_MS / 1_000));
            held.push(connection);
        }
        drop(held);
        store.close().await;
    })
    .await;
}
