//! States over both times at once, for judgements that look at more than one moment.

use std::collections::BTreeSet;

use sqlx::FromRow;

use super::connection::{Conn, fetch, fetch_rows};
use super::error::StoreError;
use super::{from_database, json_list, sql, to_database};
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Reference, StreamId};
use crate::time::{Instant, Interval};

/// Most bitemporal versions under keys that one question may find; the statement asks for one more, to tell.
pub const KEY_EXTENTS_MAX: usize = 200_000;

/// A bitemporal version of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamVersion {
    /// The stream.
    pub stream: StreamId,
    /// When the state holds.
    pub effective: Interval,
    /// From which tree size on this is known.
    pub known_from: u64,
    /// Up to which tree size; [`u64::MAX`]: still.
    pub known_to: u64,
    /// SHA-256 of the canonical JSON of the state.
    pub body: Hash,
    /// The human reference of the stream.
    pub reference: Option<Reference>,
}

/// A value of a key of a family.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyValue {
    /// The family.
    pub family: &'static str,
    /// The key.
    pub name: &'static str,
    /// The value.
    pub value: String,
}

/// Where a stream has a value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyExtent {
    /// Which of the values that were asked, by place.
    pub asked: usize,
    /// The stream.
    pub stream: StreamId,
    /// When.
    pub effective: Interval,
    /// From which tree size on this is known.
    pub known_from: u64,
    /// Up to which tree size; [`u64::MAX`]: still.
    pub known_to: u64,
}

#[derive(FromRow)]
struct BitemporalRow {
    stream: String,
    effective_from: i64,
    effective_to: i64,
    known_from: i64,
    known_to: i64,
    body: String,
    reference: Option<String>,
}

#[derive(FromRow)]
struct ExtentRow {
    family: String,
    name: String,
    value: String,
    stream: String,
    effective_from: i64,
    effective_to: i64,
    known_from: i64,
    known_to: i64,
}

fn stream(text: &str, position: i64) -> Result<StreamId, StoreError> {
    text.parse().map_err(|error| StoreError::corrupt("state", "stream", position, error))
}

fn hash(text: &str, position: i64) -> Result<Hash, StoreError> {
    text.parse().map_err(|error| StoreError::corrupt("state", "body", position, error))
}

fn interval(from: i64, to: i64) -> Interval {
    Interval { from: Instant::from_microseconds(from), to: Instant::from_microseconds(to) }
}

/// An open end is the largest number of both.
fn known_to(number: i64) -> Result<u64, StoreError> {
    if number == i64::MAX { Ok(u64::MAX) } else { from_database("state", "known_to", number) }
}

/// Reads all bitemporal versions of some streams that are or were known with that many entries.
pub async fn bitemporal_versions(
    mut conn: Conn<'_>,
    streams: &BTreeSet<StreamId>,
    size: u64,
) -> Result<Vec<StreamVersion>, StoreError> {
    let rows = fetch!(conn, all BitemporalRow, sql::BITEMPORAL_VERSIONS, json_list(streams), to_database(size))?;
    let read = |row: BitemporalRow| {
        Ok(StreamVersion {
            stream: stream(&row.stream, row.known_from)?,
            effective: interval(row.effective_from, row.effective_to),
            known_from: from_database("state", "known_from", row.known_from)?,
            known_to: known_to(row.known_to)?,
            body: hash(&row.body, row.known_from)?,
            reference: row.reference.and_then(|reference| reference.parse().ok()),
        })
    };
    rows.into_iter().map(read).collect()
}

/// Reads some states by the SHA-256 of their canonical JSON.
pub async fn bodies(mut conn: Conn<'_>, hashes: &BTreeSet<Hash>) -> Result<Vec<(Hash, String)>, StoreError> {
    let rows = fetch!(conn, all(String, String), sql::BODIES, json_list(hashes))?;
    rows.into_iter().map(|(text, body)| Ok((hash(&text, 0)?, body))).collect()
}

/// Which bitemporal versions are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Known with up to that many entries.
    pub size: u64,
    /// And not known no more already with so many.
    pub still: u64,
    /// And not ended by this instant.
    pub after: Instant,
}

/// Finds where streams have some values of keys. More than [`KEY_EXTENTS_MAX`] rows: there are more than were read.
pub async fn key_extents(mut conn: Conn<'_>, asked: &[KeyValue], wanted: Wanted) -> Result<Vec<KeyExtent>, StoreError> {
    let rows = fetch_rows!(
        conn,
        ExtentRow,
        sql::KEY_EXTENTS,
        asked,
        |row| row.family,
        row.name,
        row.value.clone(),
        to_database(wanted.size),
        to_database(wanted.still),
        wanted.after.microseconds()
    );
    let places: std::collections::HashMap<(&str, &str, &str), usize> =
        asked.iter().enumerate().map(|(place, key)| ((key.family, key.name, key.value.as_str()), place)).collect();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(place) = places.get(&(row.family.as_str(), row.name.as_str(), row.value.as_str())) else { continue };
        found.push(KeyExtent {
            asked: *place,
            stream: stream(&row.stream, row.known_from)?,
            effective: interval(row.effective_from, row.effective_to),
            known_from: from_database("state_key", "known_from", row.known_from)?,
            known_to: known_to(row.known_to)?,
        });
    }
    Ok(found)
}

/// Lists the streams of some families that are known with that many entries; at most `limit`.
pub async fn streams_of_families(
    mut conn: Conn<'_>,
    families: &BTreeSet<&'static str>,
    size: u64,
    limit: i64,
) -> Result<Vec<(String, StreamId)>, StoreError> {
    let rows =
        fetch!(conn, all(String, String), sql::STREAMS_OF_FAMILIES, json_list(families), to_database(size), limit)?;
    rows.into_iter().map(|(family, name)| Ok((family, stream(&name, 0)?))).collect()
}

/// Reads when some entries were recorded.
pub async fn recorded_of(mut conn: Conn<'_>, sequences: &BTreeSet<u64>) -> Result<Vec<(u64, Instant)>, StoreError> {
    let rows = fetch!(conn, all(i64, i64), sql::RECORDED_OF, json_list(sequences))?;
    let read = |(sequence, recorded)| {
        Ok((from_database("entry", "sequence", sequence)?, Instant::from_microseconds(recorded)))
    };
    rows.into_iter().map(read).collect()
}
