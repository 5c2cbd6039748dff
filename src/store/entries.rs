//! Entries, streams, idempotency keys, tile hashes and checkpoints.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::connection::{Conn, execute, fetch, write_rows};
use super::error::StoreError;
use super::wake::wake;
use super::{from_database, json_list, sql, to_database};
use crate::ledger::entry::Entry;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{EventName, Reference, StreamId};
use crate::ledger::tile::TileHash;
use crate::time::Instant;

/// An entry as stored, read and checked to be one.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEntry {
    /// The fact.
    pub entry: Entry,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A row of the table of entries, unchecked: for writing, and for `verify`.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EntryRow {
    /// The sequence.
    pub sequence: i64,
    /// The stream.
    pub stream: String,
    /// The revision within the stream.
    pub revision: i64,
    /// The family.
    pub family: String,
    /// The event.
    pub event: String,
    /// When it was recorded, in microseconds.
    pub recorded: i64,
    /// Its UUID.
    pub id: String,
    /// The signed note.
    pub body: Vec<u8>,
    /// The reference of its stream, at the stream's first entry.
    pub reference: Option<String>,
}

impl EntryRow {
    /// Makes the row of a signed entry.
    pub fn new(entry: &Entry, body: Vec<u8>) -> Self {
        Self {
            sequence: to_database(entry.sequence),
            stream: entry.stream.to_string(),
            revision: to_database(entry.revision),
            family: entry.stream.family().to_owned(),
            event: entry.event.to_string(),
            recorded: entry.recorded.microseconds(),
            id: entry.id.to_string(),
            body,
            reference: entry.reference.as_ref().map(ToString::to_string),
        }
    }
}

#[derive(FromRow)]
struct BodyRow {
    sequence: i64,
    body: Vec<u8>,
}

impl TryFrom<BodyRow> for StoredEntry {
    type Error = StoreError;

    fn try_from(row: BodyRow) -> Result<Self, StoreError> {
        let entry =
            Entry::parse(&row.body).map_err(|error| StoreError::corrupt("entry", "body", row.sequence, error))?.entry;
        if to_database(entry.sequence) != row.sequence {
            return Err(StoreError::corrupt("entry", "sequence", row.sequence, "the entry has another sequence"));
        }
        Ok(Self { entry, body: row.body })
    }
}

fn stored(rows: Vec<BodyRow>) -> Result<Vec<StoredEntry>, StoreError> {
    rows.into_iter().map(StoredEntry::try_from).collect()
}

/// Which entries to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryFilter {
    /// All of them.
    All,
    /// Those of a stream.
    Stream(StreamId),
    /// Those of a family.
    Family(String),
    /// Those of some families.
    Families(BTreeSet<String>),
    /// Those of one kind.
    Event(EventName),
}

/// Sequences from `from` to before `to`, at most `limit` of them, from the end if `backwards`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// First sequence.
    pub from: u64,
    /// One past the last sequence.
    pub to: u64,
    /// At most so many.
    pub limit: i64,
    /// From the end backwards.
    pub backwards: bool,
}

/// Reads a page of entries.
pub async fn entries(mut conn: Conn<'_>, filter: &EntryFilter, range: Range) -> Result<Vec<StoredEntry>, StoreError> {
    let (from, to) = (to_database(range.from), to_database(range.to));
    let either = |forwards, back| if range.backwards { back } else { forwards };
    let (statement, value) = match filter {
        EntryFilter::All => {
            let statement = either(sql::ENTRIES_FROM, sql::ENTRIES_BACK);
            return stored(fetch!(conn, all BodyRow, statement, from, to, range.limit)?);
        }
        EntryFilter::Stream(stream) => {
            (either(sql::ENTRIES_OF_STREAM, sql::ENTRIES_OF_STREAM_BACK), stream.to_string())
        }
        EntryFilter::Family(family) => (either(sql::ENTRIES_OF_FAMILY, sql::ENTRIES_OF_FAMILY_BACK), family.clone()),
        EntryFilter::Families(families) => {
            (either(sql::ENTRIES_OF_FAMILIES, sql::ENTRIES_OF_FAMILIES_BACK), json_list(families))
        }
        EntryFilter::Event(event) => (either(sql::ENTRIES_OF_EVENT, sql::ENTRIES_OF_EVENT_BACK), event.to_string()),
    };
    stored(fetch!(conn, all BodyRow, statement, value, from, to, range.limit)?)
}

/// Reads some entries by sequence.
pub async fn entries_at(mut conn: Conn<'_>, sequences: &[u64]) -> Result<Vec<StoredEntry>, StoreError> {
    stored(fetch!(conn, all BodyRow, sql::ENTRIES_AT, json_list(sequences))?)
}

/// Reads entries by their UUIDs, in any order.
pub async fn entries_by_id(mut conn: Conn<'_>, ids: &[uuid::Uuid]) -> Result<Vec<StoredEntry>, StoreError> {
    stored(fetch!(conn, all BodyRow, sql::ENTRIES_BY_ID, json_list(ids))?)
}

/// Reads all facts of some streams among the first `size` entries, in the order of the ledger.
pub async fn streams_facts(
    mut conn: Conn<'_>,
    streams: &BTreeSet<StreamId>,
    size: u64,
) -> Result<Vec<StoredEntry>, StoreError> {
    stored(fetch!(conn, all BodyRow, sql::ENTRIES_OF_STREAMS, json_list(streams), to_database(size))?)
}

/// Reads a page of the facts of each of some streams, with one query; each page in the order of the range.
pub async fn pages_of_streams(
    mut conn: Conn<'_>,
    names: &[StreamId],
    range: Range,
) -> Result<Vec<StoredEntry>, StoreError> {
    let statement = if range.backwards { sql::PAGES_OF_STREAMS_BACK } else { sql::PAGES_OF_STREAMS };
    let (from, to) = (to_database(range.from), to_database(range.to));
    stored(fetch!(conn, all BodyRow, statement, json_list(names), from, to, range.limit)?)
}

/// Counts the facts of some streams among the first `size` entries; streams without any are left out.
pub async fn revisions(
    mut conn: Conn<'_>,
    streams: &[StreamId],
    size: u64,
) -> Result<BTreeMap<StreamId, u64>, StoreError> {
    let rows = fetch!(conn, all(String, i64), sql::REVISIONS_OF_STREAMS, json_list(streams), to_database(size))?;
    let read = |(stream, revision): (String, i64)| {
        let stream = stream.parse().map_err(|error| StoreError::corrupt("entry", "stream", revision, error))?;
        Ok((stream, from_database("entry", "revision", revision)?))
    };
    rows.into_iter().map(read).collect()
}

/// Reads a page of raw rows from a sequence on.
pub async fn entry_rows_from(mut conn: Conn<'_>, from: u64, limit: i64) -> Result<Vec<EntryRow>, StoreError> {
    fetch!(conn, all EntryRow, sql::ENTRY_ROWS_FROM, to_database(from), limit)
}

/// Finds what no writer of ours makes: how many entries there are below the first sequence.
pub async fn stray_entries(mut conn: Conn<'_>) -> Result<u64, StoreError> {
    let entries = fetch!(conn, optional(i64,), sql::STRAY_ENTRIES)?.map_or(0, |(count,)| count);
    from_database("entry", "sequence", entries)
}

/// Tells where the stored leaf hashes end: one position after the last.
pub async fn leaves_end(mut conn: Conn<'_>) -> Result<u64, StoreError> {
    let last = fetch!(conn, optional(i64,), sql::LAST_LEAF)?;
    last.map_or(Ok(0), |(position,)| Ok(from_database("tile_hash", "position", position)? + 1))
}

/// Writes entries.
pub async fn insert_entries(mut conn: Conn<'_>, rows: &[EntryRow]) -> Result<(), StoreError> {
    write_rows!(
        conn,
        sql::INSERT_ENTRIES,
        rows,
        |row| row.sequence,
        row.stream.clone(),
        row.revision,
        row.family.clone(),
        row.event.clone(),
        row.recorded,
        row.id.clone(),
        row.body.clone()
    );
    Ok(())
}

/// Tells how many entries were recorded by an instant.
pub async fn size_known_at(mut conn: Conn<'_>, known: Instant) -> Result<u64, StoreError> {
    let last = fetch!(conn, optional(i64,), sql::SIZE_KNOWN_AT, known.microseconds())?;
    last.map_or(Ok(0), |(last,)| from_database("entry", "sequence", last).map(|last| last + 1))
}

/// Tells when an entry was recorded.
pub async fn recorded_at(mut conn: Conn<'_>, sequence: u64) -> Result<Option<Instant>, StoreError> {
    let row = fetch!(conn, optional(i64,), sql::RECORDED_AT, to_database(sequence))?;
    Ok(row.map(|(recorded,)| Instant::from_microseconds(recorded)))
}

/// A stream and the reference by which people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRow {
    /// The stream.
    pub stream: StreamId,
    /// Its human reference.
    pub reference: Option<Reference>,
    /// Its first fact.
    pub first_sequence: u64,
}

#[derive(FromRow)]
struct RawStreamRow {
    stream: String,
    family: String,
    reference: Option<String>,
    first_sequence: i64,
}

impl TryFrom<RawStreamRow> for StreamRow {
    type Error = StoreError;

    fn try_from(row: RawStreamRow) -> Result<Self, StoreError> {
        let corrupt = |column, error| StoreError::corrupt("stream", column, row.first_sequence, error);
        Ok(Self {
            stream: row.stream.parse().map_err(|error| corrupt("stream", error))?,
            reference: row
                .reference
                .map(|text| text.parse())
                .transpose()
                .map_err(|error| corrupt("reference", error))?,
            first_sequence: from_database("stream", "first_sequence", row.first_sequence)?,
        })
    }
}

/// Reads a stream by its reference.
pub async fn stream_by_reference(
    mut conn: Conn<'_>,
    family: &str,
    reference: &Reference,
) -> Result<Option<StreamRow>, StoreError> {
    let row = fetch!(conn, optional RawStreamRow, sql::STREAM_BY_REFERENCE, family, reference.as_str())?;
    row.map(StreamRow::try_from).transpose()
}

/// Reads some streams by family and reference.
pub async fn streams_by_references(
    mut conn: Conn<'_>,
    references: &BTreeSet<(String, Reference)>,
) -> Result<Vec<StreamRow>, StoreError> {
    // Both columns of the unique index are given as lists; which pairs were meant is decided here.
    let families = json_list(references.iter().map(|(family, _)| family).collect::<BTreeSet<_>>());
    let names = json_list(references.iter().map(|(_, reference)| reference).collect::<BTreeSet<_>>());
    let rows = fetch!(conn, all RawStreamRow, sql::STREAMS_BY_REFERENCES, families, names)?;
    let meant = |row: &RawStreamRow| {
        let reference = row.reference.as_deref().unwrap_or_default().parse();
        reference.is_ok_and(|reference| references.contains(&(row.family.clone(), reference)))
    };
    rows.into_iter().filter(meant).map(StreamRow::try_from).collect()
}

/// Reads some streams by name.
pub async fn streams(mut conn: Conn<'_>, names: &[StreamId]) -> Result<Vec<StreamRow>, StoreError> {
    let rows = fetch!(conn, all RawStreamRow, sql::STREAMS, json_list(names))?;
    rows.into_iter().map(StreamRow::try_from).collect()
}

/// Writes streams, with their first facts.
pub async fn insert_streams(mut conn: Conn<'_>, rows: &[StreamRow]) -> Result<(), StoreError> {
    write_rows!(
        conn,
        sql::INSERT_STREAMS,
        rows,
        |row| row.stream.to_string(),
        row.stream.family().to_owned(),
        row.reference.as_ref().map(ToString::to_string),
        to_database(row.first_sequence)
    );
    Ok(())
}

/// What an idempotency key was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// The actor, as one text.
    pub actor: String,
    /// The key.
    pub key: String,
    /// HMAC over what was asked.
    pub fingerprint: Vec<u8>,
    /// The first fact recorded under it.
    pub first_sequence: u64,
    /// How many facts were recorded under it.
    pub facts: u64,
}

#[derive(FromRow)]
struct RawIdempotencyRow {
    actor: String,
    idempotency_key: String,
    fingerprint: Vec<u8>,
    first_sequence: i64,
    facts: i64,
}

/// Reads what some keys of some actors were used for.
pub async fn idempotency(
    mut conn: Conn<'_>,
    keys: &BTreeSet<(String, String)>,
) -> Result<Vec<IdempotencyRow>, StoreError> {
    // Both columns of the primary key are given as lists; which pairs were meant is decided here.
    let actors = json_list(keys.iter().map(|(actor, _)| actor).collect::<BTreeSet<_>>());
    let names = json_list(keys.iter().map(|(_, key)| key).collect::<BTreeSet<_>>());
    let mut rows = fetch!(conn, all RawIdempotencyRow, sql::IDEMPOTENCY, actors, names)?;
    rows.retain(|row| keys.contains(&(row.actor.clone(), row.idempotency_key.clone())));
    let read = |row: RawIdempotencyRow| {
        Ok(IdempotencyRow {
            actor: row.actor,
            key: row.idempotency_key,
            fingerprint: row.fingerprint,
            first_sequence: from_database("idempotency", "first_sequence", row.first_sequence)?,
            facts: from_database("idempotency", "facts", row.facts)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Writes keys, with the facts recorded under them.
pub async fn insert_idempotency(mut conn: Conn<'_>, rows: &[IdempotencyRow]) -> Result<(), StoreError> {
    write_rows!(
        conn,
        sql::INSERT_IDEMPOTENCY,
        rows,
        |row| row.actor.clone(),
        row.key.clone(),
        row.fingerprint.clone(),
        to_database(row.first_sequence),
        to_database(row.facts)
    );
    Ok(())
}

/// Writes the tile hashes that new entries bring about.
pub async fn insert_tile_hashes(mut conn: Conn<'_>, rows: &[TileHash]) -> Result<(), StoreError> {
    write_rows!(
        conn,
        sql::INSERT_TILE_HASHES,
        rows,
        |row| i64::from(row.level),
        to_database(row.position),
        row.hash.0.to_vec()
    );
    Ok(())
}

/// Reads the hashes at some positions of one tile level, in order; missing ones are left out.
pub async fn tile_hashes(
    mut conn: Conn<'_>,
    level: u8,
    positions: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, Hash>, StoreError> {
    let rows = fetch!(conn, all(i64, Vec<u8>), sql::TILE_HASHES, i64::from(level), json_list(positions))?;
    let read = |(position, hash): (i64, Vec<u8>)| {
        let hash = Hash::try_from(hash.as_slice())
            .map_err(|error| StoreError::corrupt("tile_hash", "hash", position, error))?;
        Ok((from_database("tile_hash", "position", position)?, hash))
    };
    rows.into_iter().map(read).collect()
}

/// A page of the hashes of one tile level, unchecked: for `verify`.
pub async fn tile_hashes_from(
    mut conn: Conn<'_>,
    level: u8,
    from: u64,
    limit: i64,
) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    fetch!(conn, all(i64, Vec<u8>), sql::TILE_HASHES_FROM, i64::from(level), to_database(from), limit)
}

/// A signed checkpoint as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// The tree size.
    pub size: u64,
    /// The signed note.
    pub note: Vec<u8>,
}

fn checkpoint((size, note): (i64, Vec<u8>)) -> Result<StoredCheckpoint, StoreError> {
    Ok(StoredCheckpoint { size: from_database("checkpoint", "size", size)?, note })
}

/// Writes a checkpoint; one of the same size is a conflict.
pub async fn insert_checkpoint(mut conn: Conn<'_>, size: u64, note: &[u8]) -> Result<(), StoreError> {
    execute!(conn, sql::INSERT_CHECKPOINT, to_database(size), note)?;
    wake(conn).await
}

/// Reads the newest checkpoint of at most `size` entries.
pub async fn checkpoint_up_to(mut conn: Conn<'_>, size: u64) -> Result<Option<StoredCheckpoint>, StoreError> {
    fetch!(conn, optional(i64, Vec<u8>), sql::CHECKPOINT_UP_TO, to_database(size))?.map(checkpoint).transpose()
}

/// Reads the checkpoints of some sizes, in any order.
pub async fn checkpoints_at(mut conn: Conn<'_>, sizes: &[u64]) -> Result<Vec<StoredCheckpoint>, StoreError> {
    let rows = fetch!(conn, all(i64, Vec<u8>), sql::CHECKPOINTS_AT, json_list(sizes))?;
    rows.into_iter().map(checkpoint).collect()
}

/// Reads the first checkpoint of at least `size` entries.
pub async fn checkpoint_from(mut conn: Conn<'_>, size: u64) -> Result<Option<StoredCheckpoint>, StoreError> {
    fetch!(conn, optional(i64, Vec<u8>), sql::CHECKPOINT_FROM, to_database(size))?.map(checkpoint).transpose()
}

/// Reads a page of checkpoints from a size on.
pub async fn checkpoints_from(mut conn: Conn<'_>, size: u64, limit: i64) -> Result<Vec<StoredCheckpoint>, StoreError> {
    let rows = fetch!(conn, all(i64, Vec<u8>), sql::CHECKPOINTS_FROM, to_database(size), limit)?;
    rows.into_iter().map(checkpoint).collect()
}
