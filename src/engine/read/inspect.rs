//! Checking a whole database: the pages of the store fed to the verifier of the ledger module.

use std::collections::BTreeMap;

use crate::ledger::merkle::Hash;
use crate::ledger::tile::TileHash;
use crate::ledger::verify::{Columns, HeadClaim, Report, Row, Trust, VaultValue, Verifier};
use crate::store::{
    Conn, EntryRow, Head, Store, StoreError, StoredCheckpoint, VaultRow, checkpoints_from, due_values, entry_rows_from,
    head, leaves_end, stray_entries, tile_hashes_from, vault_of_sequences,
};
use crate::time::Instant;

/// Rows read and checked at once.
const PAGE_ROWS: i64 = 1_000;

/// Says why a database could not be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is nothing to check.
    #[error("the database holds no ledger")]
    NotFounded,
}

/// Verifies a ledger in a database. `progress` is told how many entries are done, and how many there are.
///
/// A server may append meanwhile: what is verified is the ledger as its head stood at the beginning. What lies beyond
/// that is only held to a head that is read after it, for nothing is ever written ahead of the head.
pub async fn verify(store: &Store, trust: Trust, mut progress: impl FnMut(u64, u64)) -> Result<Report, InspectError> {
    let head = head(store).await?.ok_or(InspectError::NotFounded)?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut verifier = Verifier::new(trust).reading(crate::family::is_readable);
    let mut connection = store.read().await?;
    let mut checkpoints = Checkpoints::default();
    let mut next = 0;
    loop {
        let mut rows = entry_rows_from(connection.conn(), next, PAGE_ROWS).await?;
        rows.retain(|row| sequence_of(row) < head.size());
        let Some(last) = rows.last().map(sequence_of) else { break };
        let from = next;
        next = last + 1;
        let leaves = leaves(connection.conn(), &rows).await?;
        checkpoints.fill(connection.conn(), next).await?;
        // A checkpoint is compared when exactly its entries have been seen: the page is cut there.
        let rows: Vec<Row> = rows.into_iter().filter_map(|row| checked_row(row, &leaves)).collect();
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let cut =
                checkpoints.next_size().map_or(rest.len(), |size| rest.partition_point(|row| row.sequence < size));
            let (now, later) = rest.split_at(cut);
            verifier.rows(now, threads);
            rest = later;
            checkpoints.compare(&mut verifier);
        }
        compare_tiles(connection.conn(), &mut verifier).await?;
        let values = vault_of_sequences(connection.conn(), from, next).await?;
        verifier.vault(values.into_iter().map(|row| row.map(value)));
        progress(next, head.size().max(next));
    }
    beyond(store, connection.conn(), &mut verifier, &head, next, checkpoints).await?;
    Ok(verifier.finish(Some(&claim(&head))))
}

/// Looks for rows of any kind after the end. `next` is the first sequence that was not verified.
async fn beyond(
    store: &Store,
    mut conn: Conn<'_>,
    verifier: &mut Verifier,
    head: &Head,
    next: u64,
    mut checkpoints: Checkpoints,
) -> Result<(), InspectError> {
    let mut end = head.size();
    loop {
        let rows = entry_rows_from(conn.reborrow(), end, PAGE_ROWS).await?;
        let Some(last) = rows.last().map(sequence_of) else { break };
        end = last + 1;
    }
    checkpoints.fill(conn.reborrow(), u64::MAX).await?;
    let values = vault_of_sequences(conn.reborrow(), next, u64::MAX).await?;
    end = end.max(leaves_end(conn.reborrow()).await?);
    let negative = stray_entries(conn.reborrow()).await?;
    // Read last: rows that a server has committed meanwhile are before this head.
    let later = self::head(store).await?.ok_or(InspectError::NotFounded)?.size();
    let written_meanwhile = |sequence: u64| (head.size()..later).contains(&sequence);
    if end > later {
        verifier.surplus(later..end);
    }
    if negative > 0 {
        verifier.surplus(later..later + negative);
    }
    checkpoints.waiting.retain(|checkpoint| !written_meanwhile(checkpoint.size.saturating_sub(1)));
    checkpoints.compare_all(verifier);
    verifier.erased_meanwhile(head.size()..later);
    let values = values.into_iter().map(|row| row.map(value));
    verifier.vault(values.filter(|row| {
        let (Ok(VaultValue { sequence, .. }) | Err((sequence, _))) = row;
        !written_meanwhile(*sequence)
    }));
    // A value is emptied in the transaction of the entry that erases it: what that entry names is gone as soon as it is seen.
    let erasings = verifier.erasings().standing();
    for (sequence, by) in due_values(conn, &erasings).await? {
        verifier.still_there(sequence, by);
    }
    Ok(())
}

fn value(row: VaultRow) -> VaultValue {
    let VaultRow { digest, sequence, stream, erased_by, .. } = row;
    VaultValue { digest, sequence, stream, erased_by }
}

/// A row that has no possible sequence is at none that was asked for.
fn sequence_of(row: &EntryRow) -> u64 {
    u64::try_from(row.sequence).unwrap_or(0)
}

fn claim(head: &Head) -> HeadClaim {
    HeadClaim {
        origin: head.origin.clone(),
        event_key: head.event_key.clone(),
        checkpoint_key: head.checkpoint_key.clone(),
        recovery_key: head.recovery_key.clone(),
        simulated: head.simulated,
        size: head.size(),
        root: head.frontier.root(),
        previous: head.previous,
        recorded: head.recorded,
    }
}

/// The leaf hashes of a page.
async fn leaves(conn: Conn<'_>, rows: &[EntryRow]) -> Result<BTreeMap<u64, Hash>, StoreError> {
    let positions: Vec<u64> = rows.iter().filter_map(|row| u64::try_from(row.sequence).ok()).collect();
    hashes(conn, 0, &positions).await
}

/// The stored hashes between the first and the last of some positions. What is no hash is left out, like what is missing.
async fn hashes(conn: Conn<'_>, level: u8, positions: &[u64]) -> Result<BTreeMap<u64, Hash>, StoreError> {
    let (Some(first), Some(last)) = (positions.iter().min(), positions.iter().max()) else {
        return Ok(BTreeMap::new());
    };
    let limit = i64::try_from(last - first + 1).unwrap_or(i64::MAX);
    let stored = tile_hashes_from(conn, level, *first, limit).await?;
    let read =
        |(position, hash): (i64, Vec<u8>)| Some((u64::try_from(position).ok()?, Hash::try_from(hash.as_slice()).ok()?));
    Ok(stored.into_iter().filter_map(read).collect())
}

fn checked_row(row: EntryRow, leaves: &BTreeMap<u64, Hash>) -> Option<Row> {
    let sequence = u64::try_from(row.sequence).ok()?;
    let columns = Columns {
        stream: row.stream,
        revision: u64::try_from(row.revision).unwrap_or(u64::MAX),
        family: row.family,
        event: row.event,
        recorded: Instant::from_microseconds(row.recorded),
        id: row.id,
        reference: row.reference,
    };
    let leaf = leaves.get(&sequence).copied();
    Some(Row { sequence, body: row.body, columns: Some(columns), leaf })
}

async fn compare_tiles(mut conn: Conn<'_>, verifier: &mut Verifier) -> Result<(), StoreError> {
    let expected = verifier.take_expected_tiles();
    let mut levels: BTreeMap<u8, Vec<TileHash>> = BTreeMap::new();
    for tile in expected {
        levels.entry(tile.level).or_default().push(tile);
    }
    for (level, tiles) in levels {
        let positions: Vec<u64> = tiles.iter().map(|tile| tile.position).collect();
        let stored = hashes(conn.reborrow(), level, &positions).await?;
        tiles.iter().for_each(|tile| verifier.tile(tile, stored.get(&tile.position)));
    }
    Ok(())
}

/// The stored checkpoints, a page at a time, in the order of their sizes.
#[derive(Default)]
struct Checkpoints {
    waiting: std::collections::VecDeque<StoredCheckpoint>,
    read_from: u64,
    done: bool,
}

impl Checkpoints {
    /// Reads on until a checkpoint beyond `size` is there, or none is left.
    async fn fill(&mut self, mut conn: Conn<'_>, size: u64) -> Result<(), StoreError> {
        while !self.done && self.waiting.back().is_none_or(|last| last.size <= size) {
            let page = checkpoints_from(conn.reborrow(), self.read_from, PAGE_ROWS).await?;
            self.done = i64::try_from(page.len()).unwrap_or(i64::MAX) < PAGE_ROWS;
            if let Some(last) = page.last() {
                self.read_from = last.size + 1;
            }
            self.waiting.extend(page);
        }
        Ok(())
    }

    fn next_size(&self) -> Option<u64> {
        self.waiting.front().map(|checkpoint| checkpoint.size)
    }

    fn compare(&mut self, verifier: &mut Verifier) {
        while let Some(checkpoint) = self.waiting.pop_front_if(|next| next.size <= verifier.size()) {
            verifier.checkpoint(checkpoint.size, &checkpoint.note);
        }
    }

    fn compare_all(&mut self, verifier: &mut Verifier) {
        self.waiting.drain(..).for_each(|checkpoint| verifier.checkpoint(checkpoint.size, &checkpoint.note));
    }
}
