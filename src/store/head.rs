use sqlx::FromRow;

use super::connection::{Conn, Store, execute, fetch};
use super::error::StoreError;
use super::wake::wake;
use super::{from_database, sql, to_database};
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::{Frontier, Hash};
use crate::ledger::name::{Origin, StreamId};
use crate::time::Instant;

/// Where the ledger stands. Its row is locked by whoever appends.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The ledger's origin.
    pub origin: Origin,
    /// The tree over all entries.
    pub frontier: Frontier,
    /// SHA-256 over the text of the last entry.
    pub previous: Hash,
    /// When the last entry was recorded.
    pub recorded: Instant,
    /// The stream of the ledger's own facts.
    pub ledger_stream: StreamId,
    /// The key that signs entries.
    pub event_key: VerifierKey,
    /// The key that signs checkpoints.
    pub checkpoint_key: VerifierKey,
    /// The offline key that can revoke the others.
    pub recovery_key: VerifierKey,
    /// Whether the ledger runs on a simulated clock.
    pub simulated: bool,
    /// Until when a wrong clock is accepted, after `ledger.clockCorrected`.
    pub clock_corrected_until: Instant,
}

impl Head {
    /// Returns the number of entries.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }
}

/// What a program that wrote here knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The version of the facts that it can read.
    pub facts: u64,
    /// The hash of the fold that made the states.
    pub fold: String,
}

/// Reads what the programs that wrote here know; `None`: they did not say.
pub async fn program(mut conn: Conn<'_>) -> Result<Option<Program>, StoreError> {
    let row = fetch!(conn, optional(i64, String), sql::PROGRAM)?;
    row.map(|(facts, fold)| Ok(Program { facts: from_database("program", "facts", facts)?, fold })).transpose()
}

/// Says what this program knows.
pub async fn write_program(mut conn: Conn<'_>, program: &Program) -> Result<(), StoreError> {
    execute!(conn, sql::WRITE_PROGRAM, to_database(program.facts), program.fold.clone())?;
    Ok(())
}

#[derive(FromRow)]
struct HeadRow {
    origin: String,
    size: i64,
    frontier: Vec<u8>,
    previous: Vec<u8>,
    recorded: i64,
    ledger_stream: String,
    event_key: String,
    checkpoint_key: String,
    recovery_key: String,
    simulated: i64,
    clock_corrected_until: i64,
}

impl TryFrom<HeadRow> for Head {
    type Error = StoreError;

    fn try_from(row: HeadRow) -> Result<Self, StoreError> {
        let size = from_database("head", "size", row.size)?;
        let corrupt = |column: &'static str| move |error| StoreError::corrupt("head", column, row.size, error);
        let key = |column: &'static str, text: &str| {
            text.parse::<VerifierKey>().map_err(|error| StoreError::corrupt("head", column, row.size, error))
        };
        Ok(Self {
            origin: row.origin.parse().map_err(|error| StoreError::corrupt("head", "origin", row.size, error))?,
            frontier: Frontier::decode(size, &row.frontier).map_err(corrupt("frontier"))?,
            previous: Hash::try_from(row.previous.as_slice()).map_err(corrupt("previous"))?,
            recorded: Instant::from_microseconds(row.recorded),
            ledger_stream: row
                .ledger_stream
                .parse()
                .map_err(|error| StoreError::corrupt("head", "ledger_stream", row.size, error))?,
            event_key: key("event_key", &row.event_key)?,
            checkpoint_key: key("checkpoint_key", &row.checkpoint_key)?,
            recovery_key: key("recovery_key", &row.recovery_key)?,
            simulated: row.simulated != 0,
            clock_corrected_until: Instant::from_microseconds(row.clock_corrected_until),
        })
    }
}

/// Reads the head; `None` before the ledger is founded.
pub async fn head(store: &Store) -> Result<Option<Head>, StoreError> {
    let row = fetch!(store.read().await?.conn(), optional HeadRow, sql::HEAD)?;
    row.map(Head::try_from).transpose()
}

/// Reads the head and locks it until the end of the transaction.
pub async fn lock_head(mut conn: Conn<'_>) -> Result<Option<Head>, StoreError> {
    let row = fetch!(conn, optional HeadRow, sql::LOCK_HEAD)?;
    row.map(Head::try_from).transpose()
}

/// Writes the head of a new ledger; a second ledger in one database is a conflict.
pub async fn found(mut conn: Conn<'_>, head: &Head) -> Result<(), StoreError> {
    execute!(
        conn,
        sql::INSERT_HEAD,
        head.origin.as_str(),
        to_database(head.size()),
        head.frontier.encode(),
        head.previous.0.as_slice(),
        head.recorded.microseconds(),
        head.ledger_stream.to_string(),
        head.event_key.to_string(),
        head.checkpoint_key.to_string(),
        head.recovery_key.to_string(),
        i64::from(head.simulated),
        head.clock_corrected_until.microseconds(),
    )?;
    Ok(())
}

/// Advances the head that this transaction has locked.
pub async fn advance_head(mut conn: Conn<'_>, head: &Head) -> Result<(), StoreError> {
    execute!(
        conn,
        sql::UPDATE_HEAD,
        to_database(head.size()),
        head.frontier.encode(),
        head.previous.0.as_slice(),
        head.recorded.microseconds(),
        head.event_key.to_string(),
        head.checkpoint_key.to_string(),
        head.clock_corrected_until.microseconds(),
    )?;
    wake(conn).await
}

/// Reads the clock of the database server; `None` where it has no clock of its own.
pub async fn server_clock(mut conn: Conn<'_>) -> Result<Option<Instant>, StoreError> {
    let clock = fetch!(conn, optional(i64,), sql::SERVER_CLOCK)?;
    Ok(clock
        .filter(|(microseconds,)| *microseconds >= 0)
        .map(|(microseconds,)| Instant::from_microseconds(microseconds)))
}

/// Tells whether this role owns the tables and so could switch their protection off.
pub async fn owns_entries(store: &Store) -> Result<bool, StoreError> {
    let owns = fetch!(store.read().await?.conn(), optional(i64,), sql::OWNS_ENTRIES)?;
    Ok(owns.is_some_and(|(owns,)| owns != 0))
}
