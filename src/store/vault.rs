//! The one table of personal data and free text. Deletion is plain for now; nothing else touches the table, so that
//! encryption per subject can move in here.

use sqlx::FromRow;

use super::connection::{Conn, fetch, write_rows};
use super::error::StoreError;
use super::{from_database, json_list, sql, to_database};
use crate::ledger::erasable::{Digest, Disclosure};
use crate::ledger::name::StreamId;

/// A value that opens a commitment of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultRow {
    /// The commitment.
    pub digest: Digest,
    /// The entry that holds it.
    pub sequence: u64,
    /// The stream of that entry: the reference under which all its values can be erased.
    pub stream: StreamId,
    /// Salt and value.
    pub disclosure: Disclosure,
}

#[derive(FromRow)]
struct Row {
    digest: String,
    sequence: i64,
    stream: String,
    disclosure: String,
}

impl TryFrom<Row> for VaultRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let damaged = |column, error| StoreError::corrupt("vault", column, row.sequence, error);
        let disclosure = Disclosure::parse(&row.disclosure).map_err(|error| damaged("disclosure", error))?;
        let digest: Digest = row.digest.parse().map_err(|error| damaged("digest", error))?;
        let stream = row.stream.parse().map_err(|error| StoreError::corrupt("vault", "stream", row.sequence, error))?;
        if disclosure.digest() != digest {
            return Err(StoreError::corrupt("vault", "disclosure", row.sequence, "it does not open its commitment"));
        }
        Ok(Self { digest, sequence: from_database("vault", "sequence", row.sequence)?, stream, disclosure })
    }
}

/// Writes values, in the transaction of their entries.
pub async fn insert_vault(mut conn: Conn<'_>, rows: &[VaultRow]) -> Result<(), StoreError> {
    write_rows!(
        conn,
        sql::INSERT_VAULT,
        rows,
        |row| row.digest.to_string(),
        to_database(row.sequence),
        row.stream.to_string(),
        row.disclosure.as_str().to_owned()
    );
    Ok(())
}

/// Reads the values of some commitments; what is not there is left out.
pub async fn vault(mut conn: Conn<'_>, digests: &[Digest]) -> Result<Vec<VaultRow>, StoreError> {
    let rows = fetch!(conn, all Row, sql::VAULT, json_list(digests))?;
    rows.into_iter().map(VaultRow::try_from).collect()
}

/// Reads the values of a range of sequences. A damaged value does not hide the others.
pub async fn vault_of_sequences(
    mut conn: Conn<'_>,
    from: u64,
    to: u64,
) -> Result<Vec<Result<VaultRow, (u64, String)>>, StoreError> {
    let rows = fetch!(conn, all Row, sql::VAULT_OF_SEQUENCES, to_database(from), to_database(to))?;
    let read = |row: Row| {
        let sequence = from_database("vault", "sequence", row.sequence).unwrap_or_default();
        VaultRow::try_from(row).map_err(|error| (sequence, error.to_string()))
    };
    Ok(rows.into_iter().map(read).collect())
}
