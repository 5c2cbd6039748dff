use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Postgres, SqlSafeStr, Sqlite};

use super::error::StoreError;
use super::sql;

/// How long a statement waits for another writer.
const BUSY_TIMEOUT_MS: u64 = 5_000;
/// How long a request waits for a free connection.
const ACQUIRE_TIMEOUT_MS: u64 = 10_000;
/// How long one statement of a reader may run in PostgreSQL.
pub const STATEMENT_TIMEOUT_MS: u64 = 10_000;
/// Steps of SQLite's machine after which it looks whether anybody still waits for the answer.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;
/// Connections that read.
const READERS: u32 = 8;
/// Connections that write to PostgreSQL: the engine's one, and one for checkpoints.
const WRITERS_POSTGRES: u32 = 2;

/// A database that keeps, or will keep, one ledger.
#[derive(Clone, Debug)]
pub enum Store {
    /// A SQLite file: one connection that writes, several that read.
    Sqlite {
        /// Writes.
        writer: SqlitePool,
        /// Reads.
        readers: SqlitePool,
    },
    /// A PostgreSQL database.
    Postgres {
        /// Writes.
        writer: PgPool,
        /// Reads.
        readers: PgPool,
    },
}

/// Which kind of database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A borrowed connection to either database.
#[derive(Debug)]
pub enum Conn<'a> {
    /// SQLite.
    Sqlite(&'a mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'a mut PgConnection),
}

/// A pooled connection for reading. Whoever stops waiting drops it, and what it runs then stops: in SQLite at once, in
/// PostgreSQL when the statement has taken [`STATEMENT_TIMEOUT_MS`].
#[derive(Debug)]
pub enum Connection {
    /// SQLite.
    Sqlite(Stop, sqlx::pool::PoolConnection<Sqlite>),
    /// PostgreSQL.
    Postgres(sqlx::pool::PoolConnection<Postgres>),
}

/// Stops the running statement of a SQLite connection when it is dropped.
#[derive(Debug)]
pub struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A write transaction; dropped without a commit, it is rolled back.
#[derive(Debug)]
pub enum Transaction {
    /// SQLite.
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    /// PostgreSQL.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// Runs a query on whichever database it is: `fetch!(conn, all Row, STATEMENT, bind, …)`.
macro_rules! fetch {
    ($conn:expr, $how:ident $row:ty, $statement:expr $(, $bind:expr)* $(,)?) => {{
        let result = match $conn.reborrow() {
            $crate::store::Conn::Sqlite(c) => $crate::store::connection::fetch!(@run c, $how $row, $statement.sqlite $(, $bind)*),
            $crate::store::Conn::Postgres(c) => $crate::store::connection::fetch!(@run c, $how $row, $statement.postgres $(, $bind)*),
        };
        result.map_err($crate::store::StoreError::from)
    }};
    (@run $c:ident, all $row:ty, $sql:expr $(, $bind:expr)*) => {
        sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_all(&mut *$c).await
    };
    (@run $c:ident, optional $row:ty, $sql:expr $(, $bind:expr)*) => {
        sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(&mut *$c).await
    };
}

/// Runs a statement that returns no rows: `execute!(conn, STATEMENT, bind, …)`.
macro_rules! execute {
    ($conn:expr, $statement:expr $(, $bind:expr)* $(,)?) => {{
        let result = match $conn.reborrow() {
            $crate::store::Conn::Sqlite(c) => sqlx::query($statement.sqlite)$(.bind($bind))*.execute(&mut *c).await.map(|done| done.rows_affected()),
            $crate::store::Conn::Postgres(c) => sqlx::query($statement.postgres)$(.bind($bind))*.execute(&mut *c).await.map(|done| done.rows_affected()),
        };
        result.map_err($crate::store::StoreError::from)
    }};
}

/// Runs a bulk statement over many rows, few statements in all: `write_rows!(conn, STATEMENT, rows, |row| value, …)`.
macro_rules! write_rows {
    ($conn:expr, $statement:expr, $rows:expr, |$row:ident| $($bind:expr),+ $(,)?) => {{
        for chunk in $rows.chunks($crate::store::BULK_ROWS) {
            let result = match $conn.reborrow() {
                $crate::store::Conn::Sqlite(c) => {
                    let (before, after) = $statement.sqlite.split_once("{rows}").unwrap_or(($statement.sqlite, ""));
                    let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new(before);
                    query.push_values(chunk, |mut values, $row| { $(values.push_bind($bind);)+ });
                    query.push(after).build().execute(&mut *c).await.map(|_| ())
                }
                $crate::store::Conn::Postgres(c) => {
                    let (before, after) = $statement.postgres.split_once("{rows}").unwrap_or(($statement.postgres, ""));
                    let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new(before);
                    query.push_values(chunk, |mut values, $row| { $(values.push_bind($bind);)+ });
                    query.push(after).build().execute(&mut *c).await.map(|_| ())
                }
            };
            result.map_err($crate::store::StoreError::from)?;
        }
    }};
}

/// Asks a bulk question about many rows, few statements in all: `fetch_rows!(conn, Row, STATEMENT, rows, |row| value, …)`.
macro_rules! fetch_rows {
    ($conn:expr, $answer:ty, $statement:expr, $rows:expr, |$row:ident| $($bind:expr),+ $(,)?) => {{
        let mut answers: Vec<$answer> = Vec::new();
        for chunk in $rows.chunks($crate::store::BULK_ROWS) {
            let result = match $conn.reborrow() {
                $crate::store::Conn::Sqlite(c) => $crate::store::connection::fetch_rows!(@run sqlx::Sqlite, c, $answer, $statement.sqlite, chunk, |$row| $($bind),+),
                $crate::store::Conn::Postgres(c) => $crate::store::connection::fetch_rows!(@run sqlx::Postgres, c, $answer, $statement.postgres, chunk, |$row| $($bind),+),
            };
            answers.extend(result.map_err($crate::store::StoreError::from)?);
        }
        answers
    }};
    (@run $database:ty, $c:ident, $answer:ty, $sql:expr, $chunk:ident, |$row:ident| $($bind:expr),+) => {{
        let (before, after) = $sql.split_once("{rows}").unwrap_or(($sql, ""));
        let mut query = sqlx::QueryBuilder::<$database>::new(before);
        query.push_values($chunk, |mut values, $row| { $(values.push_bind($bind);)+ });
        query.push(after).build_query_as::<$answer>().fetch_all(&mut *$c).await
    }};
}

pub(crate) use {execute, fetch, fetch_rows, write_rows};

impl Store {
    /// Opens a database by its URL, `sqlite:PATH` or `postgres://…`; with `create`, a missing SQLite file is made.
    ///
    /// No table is made or read: see [`Store::migrate`] and [`super::head`].
    pub async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url, create).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_postgres(url).await
        } else {
            Err(StoreError::WrongDatabase("a database URL begins with sqlite: or postgres:"))
        }
    }

    async fn open_sqlite(url: &str, create: bool) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))
            .pragma("secure_delete", "on")
            .pragma("recursive_triggers", "on");
        let pool = |most| {
            SqlitePoolOptions::new().max_connections(most).acquire_timeout(Duration::from_millis(ACQUIRE_TIMEOUT_MS))
        };
        let writer = pool(1).connect_with(options.clone()).await?;
        let readers = pool(READERS).connect_lazy_with(options.create_if_missing(false));
        Ok(Self::Sqlite { writer, readers })
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?.application_name("griffie");
        let pool = |most| {
            PgPoolOptions::new().max_connections(most).acquire_timeout(Duration::from_millis(ACQUIRE_TIMEOUT_MS))
        };
        let writer = pool(WRITERS_POSTGRES).connect_with(options.clone()).await?;
        let bounded = pool(READERS).after_connect(|connection, _| {
            Box::pin(async move {
                let bound = STATEMENT_TIMEOUT_MS.to_string();
                sqlx::query(sql::SET_STATEMENT_TIMEOUT.postgres).bind(bound).execute(connection).await.map(drop)
            })
        });
        let readers = bounded.connect_lazy_with(options);
        let store = Self::Postgres { writer, readers };
        let fsync = fetch!(store.read().await?.conn(), optional(String,), sql::SHOW_FSYNC)?;
        match fsync {
            Some((setting,)) if setting == "on" => Ok(store),
            _ => Err(StoreError::WrongDatabase("PostgreSQL runs with fsync off: it would lose acknowledged events")),
        }
    }

    /// Tells which database it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Sqlite { .. } => Kind::Sqlite,
            Self::Postgres { .. } => Kind::Postgres,
        }
    }

    /// Makes or updates the tables. A database of a newer version is refused; where nothing is to be done nothing is
    /// touched, so that a role which may not make tables can found a ledger in tables that their owner has made.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        if self.check_version().await.is_ok() {
            return Ok(());
        }
        let migrator = Migrator::with_migrations(migrations(self.kind()));
        match self {
            Self::Sqlite { writer, .. } => migrator.run(writer).await?,
            Self::Postgres { writer, .. } => migrator.run(writer).await?,
        }
        Ok(())
    }

    /// Checks that the tables are those of this version, without changing or locking anything.
    ///
    /// Errors: [`StoreError::WrongDatabase`] if there are none, older or newer ones.
    pub async fn check_version(&self) -> Result<(), StoreError> {
        if !self.has_tables().await? {
            let hint = "the database holds no ledger; found one with `griffie ledger found`, or try `griffie demo`";
            return Err(StoreError::WrongDatabase(hint));
        }
        let applied = fetch!(self.read().await?.conn(), all(i64,), sql::MIGRATIONS)?;
        let newest = migrations(self.kind()).last().map_or(0, |migration| migration.version);
        match applied.last().map_or(0, |(version,)| *version) {
            version if version > newest => {
                Err(StoreError::WrongDatabase("the database was made by a newer version of griffie; use that version"))
            }
            version if version < newest => Err(StoreError::WrongDatabase(
                "the database was made by an older version of griffie; run `griffie migrate`",
            )),
            _ => Ok(()),
        }
    }

    /// Tells whether the tables of a ledger are there.
    pub async fn has_tables(&self) -> Result<bool, StoreError> {
        let count = fetch!(self.read().await?.conn(), optional(i64,), sql::TABLES)?;
        Ok(count.is_some_and(|(tables,)| tables > 0))
    }

    /// Takes a connection for reading.
    pub async fn read(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                let mut connection = readers.acquire().await?;
                let stopped = Arc::new(AtomicBool::new(false));
                let seen = stopped.clone();
                let go_on = move || !seen.load(Ordering::Relaxed);
                connection.lock_handle().await?.set_progress_handler(STEPS_BETWEEN_LOOKS, go_on);
                Connection::Sqlite(Stop(stopped), connection)
            }
            Self::Postgres { readers, .. } => Connection::Postgres(readers.acquire().await?),
        })
    }

    /// Begins a write transaction. In SQLite it holds the write lock from here on; in PostgreSQL lock the head next.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => Ok(Transaction::Sqlite(writer.begin_with("begin immediate").await?)),
            Self::Postgres { writer, .. } => {
                let mut transaction = Transaction::Postgres(writer.begin().await?);
                for statement in [sql::SET_LOCK_TIMEOUT, sql::SET_IDLE_TIMEOUT, sql::SET_SYNCHRONOUS_COMMIT] {
                    execute!(transaction.conn(), statement)?;
                }
                Ok(transaction)
            }
        }
    }

    /// Takes what was overwritten out of SQLite's write-ahead log too, which keeps pages as they were until it is cut off. It
    /// waits for readers for a moment, and tells whether none was in the way. PostgreSQL has nothing of the kind: see
    /// [`super::erase_values`].
    pub async fn empty_log(&self) -> Result<bool, StoreError> {
        let Self::Sqlite { writer, .. } = self else { return Ok(true) };
        let mut writer = writer.acquire().await?;
        let done = fetch!(Conn::Sqlite(&mut writer), optional(i64, i64, i64), sql::EMPTY_LOG)?;
        Ok(done.is_some_and(|(busy, ..)| busy == 0))
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
        }
    }
}

impl Connection {
    /// Borrows the connection.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(_, connection) => Conn::Sqlite(&mut *connection),
            Self::Postgres(connection) => Conn::Postgres(&mut *connection),
        }
    }
}

impl Transaction {
    /// Borrows the connection of the transaction.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(transaction) => Conn::Sqlite(&mut *transaction),
            Self::Postgres(transaction) => Conn::Postgres(&mut *transaction),
        }
    }

    /// Commits. After an error the outcome may be unknown: read the head again.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

impl Conn<'_> {
    /// Borrows the same connection for a shorter time.
    pub fn reborrow(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

fn migrations(kind: Kind) -> Vec<Migration> {
    let only = |sqlite, postgres| if kind == Kind::Sqlite { sqlite } else { postgres };
    let texts: [(i64, &str, &str); 8] = [
        (
            1,
            "types",
            only(
                include_str!("../../migrations/0001_types.sqlite.sql"),
                include_str!("../../migrations/0001_types.postgres.sql"),
            ),
        ),
        (2, "ledger", include_str!("../../migrations/0002_ledger.sql")),
        (3, "projection", include_str!("../../migrations/0003_projection.sql")),
        (
            4,
            "append only",
            only(
                include_str!("../../migrations/0004_append_only.sqlite.sql"),
                include_str!("../../migrations/0004_append_only.postgres.sql"),
            ),
        ),
        (
            5,
            "search",
            only(
                include_str!("../../migrations/0005_search.sqlite.sql"),
                include_str!("../../migrations/0005_search.postgres.sql"),
            ),
        ),
        (6, "facts", include_str!("../../migrations/0006_facts.sql")),
        (
            7,
            "erasure",
            only(
                include_str!("../../migrations/0007_erasure.sqlite.sql"),
                include_str!("../../migrations/0007_erasure.postgres.sql"),
            ),
        ),
        (8, "program", include_str!("../../migrations/0008_program.sql")),
    ];
    let migration = |(version, name, text): (i64, &'static str, &'static str)| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, text.into_sql_str(), false)
    };
    texts.into_iter().map(migration).collect()
}
