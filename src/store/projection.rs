//! States over both times. See `migrations/0003_projection.sql` for what a bitemporal version is.

use std::collections::BTreeSet;

use sqlx::FromRow;

use super::connection::{Conn, execute, fetch, fetch_rows, write_rows};
use super::error::StoreError;
use super::{from_database, json_list, sql, to_database};
use crate::ledger::merkle::Hash;
use crate::ledger::name::StreamId;
use crate::time::{Instant, Interval};

/// An open bitemporal version of a stream, as the projector compares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenState {
    /// The stream.
    pub stream: StreamId,
    /// When the state holds.
    pub effective: Interval,
    /// SHA-256 of the canonical JSON of the state.
    pub body: Hash,
}

/// A new bitemporal version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitemporalVersion {
    /// The stream.
    pub stream: StreamId,
    /// When the state holds.
    pub effective: Interval,
    /// From which tree size on this is known.
    pub known_from: u64,
    /// Up to which tree size it was known, when a later fact of the same batch closed it already.
    pub known_to: Option<u64>,
    /// SHA-256 of the canonical JSON of the state.
    pub body: Hash,
    /// The canonical JSON of the state.
    pub text: String,
    /// The keys of the state.
    pub keys: Vec<(&'static str, String)>,
    /// The words by which the state is found, with spaces between them.
    pub words: String,
    /// Whether it was known before it came into force.
    pub announced: bool,
}

/// A state at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateAt {
    /// The stream.
    pub stream: StreamId,
    /// From when to when it holds in the world.
    pub effective: Interval,
    /// From which tree size on this is known.
    pub known_from: u64,
    /// Up to which tree size it was known; `None`: still.
    pub known_to: Option<u64>,
    /// The canonical JSON of the state.
    pub text: String,
}

/// Streams of the first key that are looked at at once when other keys thin them.
const THINNED_PAGE: i64 = 1_000;

/// A key that states must have, as (`unit`, `mu-01`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFilter {
    /// The key's name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// Which part of a list to read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListRange {
    /// Streams after this one; the empty text: from the start.
    pub after: String,
    /// Streams before this one; [`ListRange::END`]: to the end.
    pub before: String,
    /// At most so many.
    pub limit: i64,
    /// From the end backwards.
    pub backwards: bool,
}

impl ListRange {
    /// A text that sorts after every stream name.
    pub const END: &'static str = "~";
}

#[derive(FromRow)]
struct OpenRow {
    stream: String,
    effective_from: i64,
    effective_to: i64,
    body: String,
}

#[derive(FromRow)]
pub(super) struct StateRow {
    stream: String,
    effective_from: i64,
    effective_to: i64,
    known_from: i64,
    known_to: i64,
    body: String,
}

impl TryFrom<StateRow> for StateAt {
    type Error = StoreError;

    fn try_from(row: StateRow) -> Result<Self, StoreError> {
        let known_to =
            if row.known_to == i64::MAX { None } else { Some(from_database("state", "known_to", row.known_to)?) };
        Ok(Self {
            stream: stream(&row.stream, row.known_from)?,
            effective: interval(row.effective_from, row.effective_to),
            known_from: from_database("state", "known_from", row.known_from)?,
            known_to,
            text: row.body,
        })
    }
}

fn stream(text: &str, position: i64) -> Result<StreamId, StoreError> {
    text.parse().map_err(|error| StoreError::corrupt("state", "stream", position, error))
}

fn interval(from: i64, to: i64) -> Interval {
    Interval { from: Instant::from_microseconds(from), to: Instant::from_microseconds(to) }
}

/// Reads the open bitemporal versions of some streams, by stream and start.
pub async fn open_states(mut conn: Conn<'_>, streams: &BTreeSet<StreamId>) -> Result<Vec<OpenState>, StoreError> {
    let rows = fetch!(conn, all OpenRow, sql::OPEN_STATES, json_list(streams))?;
    let read = |row: OpenRow| {
        Ok(OpenState {
            stream: stream(&row.stream, row.effective_from)?,
            effective: interval(row.effective_from, row.effective_to),
            body: row.body.parse().map_err(|error| StoreError::corrupt("state", "body", row.effective_from, error))?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// An open bitemporal version that ends to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The stream.
    pub stream: StreamId,
    /// Its start in the world.
    pub effective_from: Instant,
    /// The first tree size at which it is known no more.
    pub known_to: u64,
}

/// Closes open bitemporal versions: the only update of the projection.
pub async fn close_states(mut conn: Conn<'_>, closed: &[Closing]) -> Result<(), StoreError> {
    for statement in [sql::CLOSE_STATES, sql::CLOSE_STATE_KEYS] {
        write_rows!(
            conn,
            statement,
            closed,
            |row| row.stream.to_string(),
            row.effective_from.microseconds(),
            to_database(row.known_to)
        );
    }
    Ok(())
}

fn open_end(known_to: Option<u64>) -> i64 {
    known_to.map_or(i64::MAX, to_database)
}

/// Writes new bitemporal versions, their keys, and those of their states that are not kept yet.
pub async fn insert_bitemporal_versions(
    mut conn: Conn<'_>,
    bitemporal_versions: &[BitemporalVersion],
) -> Result<(), StoreError> {
    write_rows!(
        conn,
        sql::INSERT_STATES,
        bitemporal_versions,
        |row| row.stream.to_string(),
        row.stream.family().to_owned(),
        row.effective.from.microseconds(),
        row.effective.to.microseconds(),
        to_database(row.known_from),
        open_end(row.known_to),
        row.body.to_string(),
        row.announced
    );
    let keys: Vec<(&BitemporalVersion, &(&'static str, String))> =
        bitemporal_versions.iter().flat_map(|row| row.keys.iter().map(move |key| (row, key))).collect();
    write_rows!(
        conn,
        sql::INSERT_STATE_KEYS,
        keys,
        |key| key.0.stream.family().to_owned(),
        key.1.0,
        key.1.1.clone(),
        key.0.stream.to_string(),
        key.0.effective.from.microseconds(),
        key.0.effective.to.microseconds(),
        to_database(key.0.known_from),
        open_end(key.0.known_to)
    );
    insert_bodies(conn, bitemporal_versions).await
}

async fn insert_bodies(mut conn: Conn<'_>, bitemporal_versions: &[BitemporalVersion]) -> Result<(), StoreError> {
    let bodies: std::collections::BTreeMap<String, &BitemporalVersion> =
        bitemporal_versions.iter().map(|row| (row.body.to_string(), row)).collect();
    let kept = fetch!(conn, all(String,), sql::STATE_BODIES, json_list(bodies.keys()))?;
    let kept: BTreeSet<String> = kept.into_iter().map(|(hash,)| hash).collect();
    let new: Vec<(&String, &&BitemporalVersion)> = bodies.iter().filter(|(hash, _)| !kept.contains(*hash)).collect();
    write_rows!(conn, sql::INSERT_STATE_BODIES, new, |row| row.0.clone(), row.1.text.clone());
    write_rows!(conn, sql::INSERT_SEARCH, new, |row| row.0.clone(), row.1.words.clone());
    Ok(())
}

/// Reads the states of some streams as known with `size` entries and in force at an instant.
pub async fn states_at(
    mut conn: Conn<'_>,
    streams: &[StreamId],
    size: u64,
    valid: Instant,
) -> Result<Vec<StateAt>, StoreError> {
    let rows = fetch!(conn, all StateRow, sql::STATES_AT, json_list(streams), to_database(size), valid.microseconds())?;
    rows.into_iter().map(StateAt::try_from).collect()
}

/// A stream at a moment of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedMoment {
    /// The stream.
    pub stream: StreamId,
    /// The tree size.
    pub size: u64,
    /// What was in force then.
    pub valid: Instant,
}

#[derive(FromRow)]
struct PlacedRow {
    place: i64,
    #[sqlx(flatten)]
    state: StateRow,
}

/// Reads the states of streams at moments of their own, in the order asked; `None` where a stream had none.
pub async fn states_at_moments(mut conn: Conn<'_>, asked: &[AskedMoment]) -> Result<Vec<Option<StateAt>>, StoreError> {
    let placed: Vec<(i64, &AskedMoment)> = (0..).zip(asked).collect();
    let rows = fetch_rows!(
        conn,
        PlacedRow,
        sql::STATES_AT_MOMENTS,
        placed,
        |row| row.0,
        row.1.stream.to_string(),
        to_database(row.1.size),
        row.1.valid.microseconds()
    );
    let mut states = vec![None; asked.len()];
    for PlacedRow { place, state } in rows {
        let place = usize::try_from(place).ok().and_then(|place| states.get_mut(place));
        if let Some(found) = place {
            *found = Some(StateAt::try_from(state)?);
        }
    }
    Ok(states)
}

/// A known state came into force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Its stream.
    pub stream: StreamId,
    /// When it came into force.
    pub from: Instant,
    /// The tree size that was known then.
    pub size: u64,
}

/// Where a reader of [`announced_states`] stands: what came into force later, or then in a later stream, is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncedAfter {
    /// The instant.
    pub instant: Instant,
    /// The stream; [`ListRange::END`] for all of that instant.
    pub stream: String,
}

/// Reads which known states of some families came into force after a place and by an instant, by instant and stream.
pub async fn announced_states(
    mut conn: Conn<'_>,
    after: &AnnouncedAfter,
    by: Instant,
    families: &BTreeSet<String>,
    limit: i64,
) -> Result<Vec<Announced>, StoreError> {
    let (from, by) = (after.instant.microseconds(), by.microseconds());
    let families = json_list(families);
    let rows = fetch!(conn, all(String, i64, i64), sql::ANNOUNCED_STATES, from, &after.stream, by, families, limit)?;
    let read = |(name, from, size): (String, i64, i64)| {
        Ok(Announced {
            stream: stream(&name, from)?,
            from: Instant::from_microseconds(from),
            size: from_database("entry", "sequence", size)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Tells when the next known state comes into force after an instant.
pub async fn next_announced(mut conn: Conn<'_>, after: Instant) -> Result<Option<Instant>, StoreError> {
    let next = fetch!(conn, optional(i64,), sql::NEXT_ANNOUNCED, after.microseconds())?;
    Ok(next.map(|(from,)| Instant::from_microseconds(from)))
}

/// Reads a page of the states of a family at one moment, in the order of their streams; all filters must hold.
pub async fn list_states(
    mut conn: Conn<'_>,
    family: &str,
    size: u64,
    valid: Instant,
    filters: &[KeyFilter],
    range: &ListRange,
) -> Result<Vec<StateAt>, StoreError> {
    let Some((first, others)) = filters.split_first() else {
        let statement = if range.backwards { sql::LIST_STATES_BACK } else { sql::LIST_STATES };
        let rows = fetch!(conn, all StateRow, statement, family, to_database(size), valid.microseconds(), &range.after,
            &range.before, range.limit)?;
        return rows.into_iter().map(StateAt::try_from).collect();
    };
    let wanted = usize::try_from(range.limit).unwrap_or(0);
    let limit = if others.is_empty() { range.limit } else { range.limit.max(THINNED_PAGE) };
    let mut range = ListRange { limit, ..range.clone() };
    let mut found: Vec<StreamId> = Vec::new();
    // Pages of the first key are thinned by the others until the page is full; with one filter the first page is it.
    loop {
        let page = streams_with_key(&mut conn, family, size, valid, first, &range).await?;
        let full = i64::try_from(page.len()).unwrap_or(i64::MAX) >= range.limit;
        match page.last() {
            Some(last) if range.backwards => range.before.clone_from(last),
            Some(last) => range.after.clone_from(last),
            None => {}
        }
        let kept = having_all(&mut conn, family, size, valid, others, page).await?;
        for text in kept {
            found.push(stream(&text, 0)?);
        }
        if found.len() >= wanted || !full {
            break;
        }
    }
    found.truncate(wanted);
    let mut states = states_at(conn, &found, size, valid).await?;
    states.sort_by_key(|state| state.stream.to_string());
    if range.backwards {
        states.reverse();
    }
    Ok(states)
}

/// Counts the states of a family at one moment, those with a key if one is given. It looks at each: not for requests.
pub async fn count_states(
    mut conn: Conn<'_>,
    family: &str,
    size: u64,
    valid: Instant,
    filter: Option<&KeyFilter>,
) -> Result<u64, StoreError> {
    let (size, valid) = (to_database(size), valid.microseconds());
    let count = match filter {
        None => fetch!(conn, optional(i64,), sql::COUNT_STATES, family, size, valid)?,
        Some(KeyFilter { name, value }) => {
            fetch!(conn, optional(i64,), sql::COUNT_BY_KEY, family, *name, value, size, valid)?
        }
    };
    from_database("state", "family", count.map_or(0, |(states,)| states))
}

async fn streams_with_key(
    conn: &mut Conn<'_>,
    family: &str,
    size: u64,
    valid: Instant,
    filter: &KeyFilter,
    range: &ListRange,
) -> Result<Vec<String>, StoreError> {
    let statement = if range.backwards { sql::LIST_BY_KEY_BACK } else { sql::LIST_BY_KEY };
    let rows = fetch!(
        conn,
        all(String,),
        statement,
        family,
        filter.name,
        &filter.value,
        to_database(size),
        valid.microseconds(),
        &range.after,
        &range.before,
        range.limit
    )?;
    Ok(rows.into_iter().map(|(stream,)| stream).collect())
}

async fn having_all(
    conn: &mut Conn<'_>,
    family: &str,
    size: u64,
    valid: Instant,
    filters: &[KeyFilter],
    mut streams: Vec<String>,
) -> Result<Vec<String>, StoreError> {
    for filter in filters {
        let rows = fetch!(
            conn,
            all(String,),
            sql::HAVE_KEY,
            family,
            filter.name,
            &filter.value,
            to_database(size),
            valid.microseconds(),
            json_list(&streams)
        )?;
        let having: BTreeSet<String> = rows.into_iter().map(|(stream,)| stream).collect();
        streams.retain(|stream| having.contains(stream));
    }
    Ok(streams)
}

/// Finds, for each of some values of one key, a page of the streams that have it at a moment: the first or the last of the
/// range.
pub async fn related_streams(
    mut conn: Conn<'_>,
    key: (&str, &str),
    values: &BTreeSet<String>,
    (size, valid): (u64, Instant),
    range: &ListRange,
) -> Result<Vec<(String, StreamId)>, StoreError> {
    let (family, name) = key;
    let statement = if range.backwards { sql::RELATED_BACK } else { sql::RELATED };
    let rows = fetch!(
        conn,
        all(String, Option<String>),
        statement,
        family,
        name,
        json_list(values),
        to_database(size),
        valid.microseconds(),
        &range.after,
        &range.before,
        range.limit
    )?;
    let mut found = Vec::new();
    for (value, streams) in rows {
        for name in streams.iter().flat_map(|streams| streams.split(' ')) {
            found.push((value.clone(), stream(name, 0)?));
        }
    }
    Ok(found)
}

/// Finds which of some streams have a state at a moment.
pub async fn streams_with_states(
    mut conn: Conn<'_>,
    streams: &BTreeSet<StreamId>,
    (size, valid): (u64, Instant),
) -> Result<Vec<StreamId>, StoreError> {
    let names = json_list(streams);
    let rows = fetch!(conn, all(String,), sql::HAVE_STATE, names, to_database(size), valid.microseconds())?;
    rows.into_iter().map(|(name,)| stream(&name, 0)).collect()
}

/// A bitemporal version with all its columns, for comparing two projections of one ledger.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StoredVersion {
    /// The stream.
    pub stream: String,
    /// Its family.
    pub family: String,
    /// Start in the world, in microseconds.
    pub effective_from: i64,
    /// End in the world, in microseconds.
    pub effective_to: i64,
    /// First tree size.
    pub known_from: i64,
    /// First tree size no more.
    pub known_to: i64,
    /// SHA-256 of the state.
    pub body: String,
    /// Whether it was known before it came into force.
    pub announced: bool,
    /// The state, if it is kept.
    pub text: Option<String>,
}

/// Reads a page of all bitemporal versions, after the given one.
pub async fn all_states(
    mut conn: Conn<'_>,
    after: Option<&StoredVersion>,
    limit: i64,
) -> Result<Vec<StoredVersion>, StoreError> {
    let (stream, known_from, effective_from) =
        after.map_or(("", 0, 0), |row| (row.stream.as_str(), row.known_from, row.effective_from));
    fetch!(conn, all StoredVersion, sql::ALL_STATES, stream, known_from, effective_from, limit)
}

/// Empties the projection before it is rebuilt in the same transaction.
pub async fn clear_projection(mut conn: Conn<'_>) -> Result<(), StoreError> {
    let of_states = [sql::DELETE_STATES, sql::DELETE_STATE_KEYS, sql::DELETE_STATE_BODIES, sql::DELETE_SEARCH];
    for statement in of_states.into_iter().chain([sql::DELETE_FACTS, sql::DELETE_FIGURES]) {
        execute!(conn, statement)?;
    }
    Ok(())
}
