//! Holds the store's statements, tables and triggers against both databases.

use griffie::store::sql::{ALL, Statement};
use griffie::store::{Store, StoreError};
use sqlx::postgres::PgTypeInfo;
use sqlx::{AssertSqlSafe, Executor, Postgres, SqlSafeStr, SqlStr, Type};

use crate::support::on_both;

#[tokio::test]
async fn every_statement_prepares() {
    on_both("every_statement_prepares", async |url| {
        let store = migrated(&url).await;
        let mut failures = String::new();
        for statement in ALL {
            if let Err(error) = prepare(&store, statement).await {
                failures += &format!("{}: {error}\n", statement.name);
            }
        }
        store.close().await;
        assert!(failures.is_empty(), "{failures}");
    })
    .await;
}

#[tokio::test]
async fn append_only_is_enforced_by_the_database() {
    on_both("append_only_is_enforced_by_the_database", async |url| {
        let store = migrated(&url).await;
        for table in APPEND_ONLY {
            check_append_only(&store, table).await;
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    on_both("a_newer_database_is_refused", async |url| {
        let store = migrated(&url).await;
        let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                     values (9999, 'of a later version', true, '', 0)";
        execute(&store, newer).await.unwrap();
        let refusal = store.migrate().await.unwrap_err();
        store.close().await;
        assert!(matches!(refusal, StoreError::WrongDatabase(_)), "{refusal:?}");
    })
    .await;
}

async fn migrated(url: &str) -> Store {
    let store = Store::open(url, true).await.unwrap();
    store.migrate().await.unwrap();
    store
}

async fn execute(store: &Store, text: &str) -> Result<u64, sqlx::Error> {
    let query = sqlx::raw_sql(AssertSqlSafe(text));
    match store {
        Store::Sqlite { writer, .. } => Ok(query.execute(writer).await?.rows_affected()),
        Store::Postgres { writer, .. } => Ok(query.execute(writer).await?.rows_affected()),
    }
}

// --- Statements --------------------------------------------------------------------------------------------------

async fn prepare(store: &Store, statement: &Statement) -> Result<(), sqlx::Error> {
    match store {
        Store::Sqlite { writer, .. } => writer.prepare(with_a_row(statement.sqlite, statement)).await.map(drop),
        Store::Postgres { writer, .. } => {
            let text = with_a_row(statement.postgres, statement);
            writer.prepare_with(text, &declared_types(statement)).await.map(drop)
        }
    }
}

/// Puts one row of values where a bulk statement has `{rows}`.
fn with_a_row(text: &'static str, statement: &Statement) -> SqlStr {
    let is_bulk = statement.row_values > 0;
    assert_eq!(text.matches("{rows}").count(), usize::from(is_bulk), "{}", statement.name);
    let values: Vec<String> = (1..=statement.row_values).map(|number| format!("${number}")).collect();
    AssertSqlSafe(text.replace("{rows}", &format!("values ({})", values.join(", ")))).into_sql_str()
}

/// Tells PostgreSQL the types that the bound values tell it at run time.
///
/// It infers the types of rows that go straight into a table, but takes those of a `with` clause for text.
fn declared_types(statement: &Statement) -> Vec<PgTypeInfo> {
    let (text, number) = (<String as Type<Postgres>>::type_info(), <i64 as Type<Postgres>>::type_info());
    match statement.name {
        "CLOSE_STATES" | "CLOSE_STATE_KEYS" => vec![text, number.clone(), number],
        "ERASE_VALUES" | "DUE_VALUES" => vec![number.clone(), text.clone(), number, text],
        "REPLACE_FACTS" => vec![number.clone(), number],
        "CLOSE_FIGURES" => vec![text.clone(), text, number.clone(), number.clone(), number],
        _ => Vec::new(),
    }
}

// --- Append-only tables ------------------------------------------------------------------------------------------

/// A table whose rows stay as they are.
struct AppendOnly {
    name: &'static str,
    columns: &'static str,
    /// The primary key.
    key: &'static str,
    /// A column to overwrite.
    column: &'static str,
    /// A row.
    row: &'static str,
    /// Rows that collide with it, each on another unique key.
    rivals: &'static [&'static str],
}

const APPEND_ONLY: &[AppendOnly] = &[
    AppendOnly {
        name: "entry",
        columns: "sequence, stream, revision, family, event, recorded, id, body",
        key: "sequence",
        column: "body",
        row: "7, 'consent/a', 1, 'consent', 'consent.granted', 0, 'id-a', 'body'",
        rivals: &[
            "7, 'consent/b', 1, 'consent', 'consent.granted', 0, 'id-b', 'other'",
            "8, 'consent/a', 1, 'consent', 'consent.granted', 0, 'id-b', 'other'",
            "8, 'consent/b', 1, 'consent', 'consent.granted', 0, 'id-a', 'other'",
        ],
    },
    AppendOnly {
        name: "checkpoint",
        columns: "size, note",
        key: "size",
        column: "note",
        row: "7, 'note'",
        rivals: &["7, 'other'"],
    },
    AppendOnly {
        name: "tile_hash",
        columns: "level, position, hash",
        key: "level, position",
        column: "hash",
        row: "0, 7, 'hash'",
        rivals: &["0, 7, 'other'"],
    },
    AppendOnly {
        name: "stream",
        columns: "stream, family, reference, first_sequence",
        key: "stream",
        column: "first_sequence",
        row: "'consent/a', 'consent', 'CNS-1', 7",
        rivals: &["'consent/a', 'consent', 'CNS-2', 8", "'consent/b', 'consent', 'CNS-1', 8"],
    },
    AppendOnly {
        name: "idempotency",
        columns: "actor, idempotency_key, fingerprint, first_sequence, facts",
        key: "actor, idempotency_key",
        column: "facts",
        row: "'dpo', 'key', 'fingerprint', 7, 1",
        rivals: &["'dpo', 'key', 'other', 8, 2"],
    },
];

async fn check_append_only(store: &Store, table: &AppendOnly) {
    let AppendOnly { name, columns, row, .. } = table;
    let insert = format!("insert into {name} ({columns}) values ({row})");
    assert_eq!(execute(store, &insert).await.unwrap(), 1, "{insert}");
    for attempt in attempts(store, table) {
        match execute(store, &attempt).await {
            Ok(rows) => panic!("accepted for {rows} rows: {attempt}"),
            Err(refusal) => assert!(refusal.to_string().contains("append-only"), "{attempt}: {refusal}"),
        }
    }
}

/// Every way to change or lose the row.
fn attempts(store: &Store, table: &AppendOnly) -> Vec<String> {
    let AppendOnly { name, columns, key, column, row, rivals } = table;
    let mut attempts = vec![
        format!("update {name} set {column} = {column}"),
        format!("delete from {name}"),
        format!(
            "insert into {name} ({columns}) values ({row}) on conflict ({key}) do update set {column} = excluded.{column}"
        ),
    ];
    match store {
        Store::Sqlite { .. } => attempts
            .extend(rivals.iter().map(|rival| format!("insert or replace into {name} ({columns}) values ({rival})"))),
        Store::Postgres { .. } => attempts.push(format!("truncate {name}")),
    }
    attempts
}
