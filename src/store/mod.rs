//! Where the ledger is kept: SQLite, embedded, or PostgreSQL, shared by several servers.
//!
//! Every SQL statement of the project is in [`sql`]; the other files bind and read. The store knows no family by name.
//! Reads need no transaction: whoever asks for the first `k` entries gets the same answer whatever is appended later.

mod connection;
mod entries;
mod error;
mod facts;
mod head;
mod projection;
mod search;
pub mod sql;
mod vault;
mod wake;
mod world;

pub use connection::{Conn, Connection, Kind, STATEMENT_TIMEOUT_MS, Stop, Store, Transaction};
pub use entries::{
    EntryFilter, EntryRow, IdempotencyRow, Range, StoredCheckpoint, StoredEntry, StreamRow, checkpoint_from,
    checkpoint_up_to, checkpoints_at, checkpoints_from, entries, entries_at, entries_by_id, entry_rows_from,
    idempotency, insert_checkpoint, insert_entries, insert_idempotency, insert_streams, insert_tile_hashes, leaves_end,
    pages_of_streams, recorded_at, revisions, size_known_at, stray_entries, stream_by_reference, streams,
    streams_by_references, streams_facts, tile_hashes, tile_hashes_from,
};
pub use error::{StoreError, Unavailable};
pub use facts::{
    FactPlace, FactRange, FactRow, FigureQuestion, FigureRow, FigureVersion, ReplacedFact, count_figures, facts_among,
    figure_facts, indexed_facts, insert_facts, late_facts, open_figures, replaced_facts, write_figures,
};
pub use head::{
    Head, Program, advance_head, found, head, lock_head, owns_entries, program, server_clock, write_program,
};
pub use projection::{
    Announced, AnnouncedAfter, AskedMoment, BitemporalVersion, Closing, KeyFilter, ListRange, OpenState, StateAt,
    StoredVersion, all_states, announced_states, clear_projection, close_states, count_states,
    insert_bitemporal_versions, list_states, next_announced, open_states, related_streams, states_at,
    states_at_moments, streams_with_states,
};
pub use search::{Search, count_found, find_states, rewrite_words};
pub use vault::{VaultRow, due_values, erase_values, insert_vault, vault, vault_of_sequences};
pub use wake::{Alarm, wake};
pub use world::{
    KEY_EXTENTS_MAX, KeyExtent, KeyValue, StreamVersion, Wanted, bitemporal_versions, bodies, key_extents, recorded_of,
    streams_of_families,
};

/// Rows of one bulk insert statement; SQLite binds at most 32,766 values, PostgreSQL 65,535.
const BULK_ROWS: usize = 250;

/// A list of texts as the one value that statements bind: a JSON array.
fn json_list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    serde_json::Value::from_iter(items.into_iter().map(|item| item.to_string())).to_string()
}

/// Sequences and sizes are bigints in the database; both stay far below 2^53.
fn to_database(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The other way; a negative number is damage.
fn from_database(table: &'static str, column: &'static str, number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|error| StoreError::corrupt(table, column, number, error))
}
