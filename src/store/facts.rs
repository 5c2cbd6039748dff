//! What single facts are found by, and which of them count in figures. See `migrations/0006_facts.sql`.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::connection::{Conn, fetch, write_rows};
use super::error::StoreError;
use super::{from_database, json_list, sql, to_database};
use crate::ledger::name::StreamId;
use crate::time::{Instant, Interval};

/// A fact as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRow {
    /// The fact.
    pub sequence: u64,
    /// One of its units, or none.
    pub unit: String,
    /// Its family.
    pub family: String,
    /// How many microseconds after the end of its effective date it was recorded.
    pub late: i64,
}

/// A fact that is corrected or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplacedFact {
    /// The fact.
    pub sequence: u64,
    /// The first tree size at which it is.
    pub known_from: u64,
}

/// A fact that counts in a figure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureRow {
    /// The stream of the fact.
    pub stream: StreamId,
    /// The figure.
    pub code: String,
    /// The unit for which it counts; empty: for all.
    pub unit: String,
    /// From when to when it counts.
    pub effective: Interval,
    /// The fact.
    pub sequence: u64,
}

/// A bitemporal version of a figure: from which tree size on it counts, and up to which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureVersion {
    /// What counts.
    pub row: FigureRow,
    /// From which tree size on.
    pub known_from: u64,
    /// Up to which; `None`: no end known.
    pub known_to: Option<u64>,
}

#[derive(FromRow)]
struct RawFigureRow {
    stream: String,
    code: String,
    unit: String,
    effective_from: i64,
    effective_to: i64,
    sequence: i64,
}

impl TryFrom<RawFigureRow> for FigureRow {
    type Error = StoreError;

    fn try_from(row: RawFigureRow) -> Result<Self, StoreError> {
        let stream = row.stream.parse();
        Ok(Self {
            stream: stream.map_err(|error| StoreError::corrupt("figure", "stream", row.sequence, error))?,
            code: row.code,
            unit: row.unit,
            effective: Interval {
                from: Instant::from_microseconds(row.effective_from),
                to: Instant::from_microseconds(row.effective_to),
            },
            sequence: from_database("figure", "sequence", row.sequence)?,
        })
    }
}

/// Writes what facts are found by, and which earlier ones they correct.
pub async fn insert_facts(mut conn: Conn<'_>, facts: &[FactRow], replaced: &[ReplacedFact]) -> Result<(), StoreError> {
    write_rows!(
        conn,
        sql::INSERT_FACTS,
        facts,
        |row| to_database(row.sequence),
        row.unit.clone(),
        row.family.clone(),
        row.late,
        i64::MAX
    );
    write_rows!(conn, sql::REPLACE_FACTS, replaced, |row| to_database(row.sequence), to_database(row.known_from));
    Ok(())
}

/// Finds which of some facts are corrected or taken back, and from which tree size on.
pub async fn replaced_facts(mut conn: Conn<'_>, sequences: &[u64]) -> Result<Vec<ReplacedFact>, StoreError> {
    let rows = fetch!(conn, all(i64, i64), sql::REPLACED_FACTS, json_list(sequences), i64::MAX)?;
    let replaced = |(sequence, known_from)| {
        Ok(ReplacedFact {
            sequence: from_database("fact", "sequence", sequence)?,
            known_from: from_database("fact", "replaced", known_from)?,
        })
    };
    rows.into_iter().map(replaced).collect()
}

/// Tells how many entries are indexed.
pub async fn indexed_facts(mut conn: Conn<'_>) -> Result<u64, StoreError> {
    let last = fetch!(conn, optional(i64,), sql::LAST_FACT)?;
    last.map_or(Ok(0), |(last,)| Ok(from_database("fact", "sequence", last)? + 1))
}

/// Reads what counts of some streams as far as is known.
pub async fn open_figures(mut conn: Conn<'_>, streams: &BTreeSet<StreamId>) -> Result<Vec<FigureRow>, StoreError> {
    let rows = fetch!(conn, all RawFigureRow, sql::OPEN_FIGURES, json_list(streams))?;
    rows.into_iter().map(FigureRow::try_from).collect()
}

/// Writes new bitemporal versions of figures, after closing those that ended at a tree size.
pub async fn write_figures(
    mut conn: Conn<'_>,
    closed: &[(FigureRow, u64)],
    new: &[FigureVersion],
) -> Result<(), StoreError> {
    write_rows!(
        conn,
        sql::CLOSE_FIGURES,
        closed,
        |row| row.0.code.clone(),
        row.0.unit.clone(),
        row.0.effective.from.microseconds(),
        to_database(row.0.sequence),
        to_database(row.1)
    );
    write_rows!(
        conn,
        sql::INSERT_FIGURES,
        new,
        |new| new.row.code.clone(),
        new.row.unit.clone(),
        new.row.effective.from.microseconds(),
        to_database(new.row.sequence),
        to_database(new.known_from),
        new.known_to.map_or(i64::MAX, to_database),
        new.row.effective.to.microseconds(),
        new.row.stream.to_string()
    );
    Ok(())
}

/// What is counted: of which unit, in which stretch of time, at which moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FigureQuestion {
    /// The unit; empty: all.
    pub unit: String,
    /// What took effect in this stretch of time.
    pub within: Interval,
    /// And counts at this instant.
    pub valid: Instant,
    /// By what was known with that many entries.
    pub size: u64,
}

/// Counts the facts of some figures; figures without any are left out.
pub async fn count_figures(
    mut conn: Conn<'_>,
    codes: &BTreeSet<String>,
    question: &FigureQuestion,
) -> Result<BTreeMap<String, u64>, StoreError> {
    let rows = fetch!(
        conn,
        all(String, i64),
        sql::COUNT_FIGURES,
        json_list(codes),
        &question.unit,
        question.within.from.microseconds(),
        question.within.to.microseconds(),
        question.valid.microseconds(),
        to_database(question.size)
    )?;
    rows.into_iter().map(|(code, number)| Ok((code, from_database("figure", "code", number)?))).collect()
}

/// Where a fact stands in a list: by an amount or instant in microseconds, then by its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactPlace {
    /// The amount or instant.
    pub microseconds: i64,
    /// The fact.
    pub sequence: u64,
}

impl FactPlace {
    /// Before every place.
    pub const START: Self = Self { microseconds: i64::MIN, sequence: 0 };
    /// After every place.
    pub const END: Self = Self { microseconds: i64::MAX, sequence: u64::MAX };
}

/// Which part of a list of facts to read: what lies between two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FactRange {
    /// Above this place.
    pub above: FactPlace,
    /// Below this place.
    pub below: FactPlace,
    /// At most so many.
    pub limit: i64,
    /// From the end of the list.
    pub backwards: bool,
}

/// Reads, for each of some figures, a page of the facts that count in it, by when they took effect.
pub async fn figure_facts(
    mut conn: Conn<'_>,
    codes: &BTreeSet<String>,
    question: &FigureQuestion,
    range: &FactRange,
) -> Result<Vec<(String, FactPlace)>, StoreError> {
    let statement = if range.backwards { sql::FIGURE_FACTS_BACK } else { sql::FIGURE_FACTS };
    // What lies beyond the cursors is not gone through.
    let from = question.within.from.microseconds().max(range.above.microseconds);
    let to = question.within.to.microseconds().min(range.below.microseconds.saturating_add(1));
    let rows = fetch!(
        conn,
        all(String, i64, i64),
        statement,
        json_list(codes),
        &question.unit,
        from,
        to,
        question.valid.microseconds(),
        to_database(question.size),
        range.above.microseconds,
        to_database(range.above.sequence),
        range.below.microseconds,
        to_database(range.below.sequence),
        range.limit.saturating_sub(1)
    )?;
    let read = |(code, microseconds, sequence): (String, i64, i64)| {
        let sequence = from_database("figure", "sequence", sequence)?;
        Ok((code, FactPlace { microseconds, sequence }))
    };
    rows.into_iter().map(read).collect()
}

/// Reads a page of the facts of a unit, among the first `size`, that were recorded more than `after` microseconds after the end
/// of their effective dates and that stand; the latest first.
pub async fn late_facts(
    mut conn: Conn<'_>,
    unit: &str,
    after: i64,
    size: u64,
    range: &FactRange,
) -> Result<Vec<FactPlace>, StoreError> {
    let statement = if range.backwards { sql::LATE_FACTS_BACK } else { sql::LATE_FACTS };
    let rows = fetch!(
        conn,
        all(i64, i64),
        statement,
        unit,
        after,
        to_database(size),
        range.below.microseconds,
        to_database(range.below.sequence),
        range.above.microseconds,
        to_database(range.above.sequence),
        range.limit
    )?;
    let read = |(sequence, microseconds): (i64, i64)| {
        Ok(FactPlace { microseconds, sequence: from_database("fact", "sequence", sequence)? })
    };
    rows.into_iter().map(read).collect()
}

/// Tells which of some facts are of some families and a unit.
pub async fn facts_among(
    mut conn: Conn<'_>,
    sequences: &[u64],
    families: &BTreeSet<String>,
    unit: &str,
) -> Result<BTreeSet<u64>, StoreError> {
    let rows = fetch!(conn, all(i64,), sql::FACTS_AMONG, json_list(sequences), unit, json_list(families))?;
    rows.into_iter().map(|(sequence,)| from_database("fact", "sequence", sequence)).collect()
}
