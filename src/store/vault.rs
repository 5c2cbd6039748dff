//! The one table of personal data and free text. A value that is erased leaves its row, empty, with the entry that says so:
//! that is how it is told from one that is lost. Nothing else touches the table, so that encryption per subject can move in here.

use sqlx::FromRow;

use super::connection::{Conn, fetch, fetch_rows, write_rows};
use super::error::StoreError;
use super::{from_database, json_list, sql, to_database};
use crate::ledger::erasable::{Digest, Disclosure};
use crate::ledger::erasing::Erasing;
use crate::ledger::name::StreamId;

/// What the vault keeps of a commitment of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultRow {
    /// The commitment.
    pub digest: Digest,
    /// The entry that holds it.
    pub sequence: u64,
    /// The stream of that entry: the reference under which all its values can be erased.
    pub stream: StreamId,
    /// Salt and value; `None`: they are erased.
    pub disclosure: Option<Disclosure>,
    /// The entry that says that they are.
    pub erased_by: Option<u64>,
}

#[derive(FromRow)]
struct Row {
    digest: String,
    sequence: i64,
    stream: String,
    disclosure: String,
    erased_by: Option<i64>,
}

impl TryFrom<Row> for VaultRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let damaged = |column, error| StoreError::corrupt("vault", column, row.sequence, error);
        let digest: Digest = row.digest.parse().map_err(|error| damaged("digest", error))?;
        let stream = row.stream.parse().map_err(|error| StoreError::corrupt("vault", "stream", row.sequence, error))?;
        let disclosure = match (row.disclosure.as_str(), row.erased_by) {
            ("", Some(_)) => None,
            ("", None) => {
                let error = "it is empty, and nothing says that it was erased";
                return Err(StoreError::corrupt("vault", "disclosure", row.sequence, error));
            }
            (_, Some(_)) => {
                let error = "it is there, and a mark says that it was erased";
                return Err(StoreError::corrupt("vault", "disclosure", row.sequence, error));
            }
            (text, None) => Some(Disclosure::parse(text).map_err(|error| damaged("disclosure", error))?),
        };
        if disclosure.as_ref().is_some_and(|disclosure| disclosure.digest() != digest) {
            return Err(StoreError::corrupt("vault", "disclosure", row.sequence, "it does not open its commitment"));
        }
        let erased_by = row.erased_by.map(|by| from_database("vault", "erased_by", by)).transpose()?;
        let sequence = from_database("vault", "sequence", row.sequence)?;
        Ok(Self { digest, sequence, stream, disclosure, erased_by })
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
        row.disclosure.as_ref().map_or(String::new(), |disclosure| disclosure.as_str().to_owned())
    );
    Ok(())
}

/// Reads what the vault keeps of some commitments; what is not there is left out.
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

/// Empties what some facts erase, salt and value, in the transaction of these facts; returns what was emptied. What is empty
/// already stays as it is, under the fact that erased it first.
///
/// What this leaves behind on the disk, honestly: SQLite overwrites what it frees (`secure_delete`), but its write-ahead log holds
/// the pages as they were until [`super::Store::empty_log`]. PostgreSQL keeps the old version of the row until `vacuum` has been
/// there, its bytes in the page until they are reused or `vacuum full` writes the table anew, and the log of the server, replicas
/// and backups for as long as they are kept (`backupsExpire` says until when).
pub async fn erase_values(mut conn: Conn<'_>, erasings: &[Erasing]) -> Result<Vec<(Digest, StreamId)>, StoreError> {
    let due = due_rows(erasings);
    let rows = fetch_rows!(
        conn,
        (String, String),
        sql::ERASE_VALUES,
        due,
        |row| row.by,
        row.stream.clone(),
        row.entry,
        row.digest.clone()
    );
    let read = |(digest, stream): (String, String)| {
        let digest = digest.parse().map_err(|error| StoreError::corrupt("vault", "digest", 0, error))?;
        Ok((digest, stream.parse().map_err(|error| StoreError::corrupt("vault", "stream", 0, error))?))
    };
    rows.into_iter().map(read).collect()
}

/// Finds the values that are still there although some facts erase them: the entry of each, and the fact.
pub async fn due_values(mut conn: Conn<'_>, erasings: &[Erasing]) -> Result<Vec<(u64, u64)>, StoreError> {
    let due = due_rows(erasings);
    let rows = fetch_rows!(
        conn,
        (i64, i64),
        sql::DUE_VALUES,
        due,
        |row| row.by,
        row.stream.clone(),
        row.entry,
        row.digest.clone()
    );
    let read =
        |(sequence, by)| Ok((from_database("vault", "sequence", sequence)?, from_database("vault", "erased_by", by)?));
    rows.into_iter().map(read).collect()
}

/// What a fact erases, as a row of a question.
struct DueRow {
    by: i64,
    stream: String,
    entry: i64,
    digest: String,
}

/// What stands for any entry.
const ANY_ENTRY: i64 = -1;

fn due_rows(erasings: &[Erasing]) -> Vec<DueRow> {
    let row = |erasing: &Erasing, digest: String| DueRow {
        by: to_database(erasing.by),
        stream: erasing.stream.as_ref().map_or_else(String::new, ToString::to_string),
        entry: erasing.entry.map_or(ANY_ENTRY, to_database),
        digest,
    };
    let rows = erasings.iter().flat_map(|erasing| match &erasing.digests {
        None => vec![row(erasing, String::new())],
        Some(digests) => digests.iter().map(|digest| row(erasing, digest.to_string())).collect(),
    });
    rows.collect()
}
