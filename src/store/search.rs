//! Finding states by words: one statement each for SQLite's FTS5 and PostgreSQL's tsvector, with the same meaning.
//!
//! Words come in cut and lower-cased already, letters and digits only, so neither database's own idea of a word matters.

use std::collections::BTreeSet;

use super::connection::{Conn, execute, fetch, write_rows};
use super::error::StoreError;
use super::projection::{ListRange, StateAt, StateRow};
use super::{json_list, sql, to_database};
use crate::ledger::merkle::Hash;
use crate::time::Instant;

/// What to find at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// All of these words; the last one may go on.
    pub words: Vec<String>,
    /// States of these families.
    pub families: BTreeSet<String>,
    /// States of this unit; `None`: of all.
    pub unit: Option<String>,
}

impl Search {
    /// Writes the words as the database asks for them.
    fn expression(&self, conn: &Conn<'_>) -> String {
        let (quote, and, goes_on) = match conn {
            Conn::Sqlite(_) => ('"', " ", "*"),
            Conn::Postgres(_) => ('\'', " & ", ":*"),
        };
        let terms: Vec<String> = self.words.iter().map(|word| format!("{quote}{word}{quote}")).collect();
        format!("{}{goes_on}", terms.join(and))
    }
}

/// Counts the states of all moments that have the words, up to a limit.
pub async fn count_found(mut conn: Conn<'_>, search: &Search, limit: i64) -> Result<i64, StoreError> {
    let expression = search.expression(&conn);
    let count = fetch!(conn, optional(i64,), sql::COUNT_FOUND, &expression, limit)?;
    Ok(count.map_or(0, |(found,)| found))
}

/// Reads a page of the states that have the words at a moment, in the order of their streams.
pub async fn find_states(
    mut conn: Conn<'_>,
    search: &Search,
    (size, valid): (u64, Instant),
    range: &ListRange,
) -> Result<Vec<StateAt>, StoreError> {
    let expression = search.expression(&conn);
    let statement = if range.backwards { sql::SEARCH_BACK } else { sql::SEARCH };
    let rows = fetch!(
        conn,
        all StateRow,
        statement,
        &expression,
        json_list(&search.families),
        search.unit.clone().unwrap_or_default(),
        to_database(size),
        valid.microseconds(),
        &range.after,
        &range.before,
        range.limit
    )?;
    rows.into_iter().map(StateAt::try_from).collect()
}

/// Replaces the words of some fold results, each given by its hash. SQLite goes through the whole index for it: this is for
/// the rare case that a word must be forgotten.
pub async fn rewrite_words(mut conn: Conn<'_>, words: &[(Hash, String)]) -> Result<(), StoreError> {
    if words.is_empty() {
        return Ok(());
    }
    execute!(conn, sql::DELETE_SEARCH_OF, json_list(words.iter().map(|(hash, _)| hash)))?;
    write_rows!(conn, sql::INSERT_SEARCH, words, |row| row.0.to_string(), row.1.clone());
    Ok(())
}
