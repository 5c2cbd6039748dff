//! Pages of a register at a moment: the states, what their cells need of the vault, and what streams are called.
//!
//! Each page takes one query for the list, one for the vault and one for the references, however many rows it has; and one
//! more for the facts that erased what it would show.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::engine::erase::open;
use crate::engine::moment::Moment;
use crate::family::register::{Needs, Outside, RegisterReader};
use crate::ledger::name::{Reference, Sequence, StreamId};
use crate::store::{Conn, KeyFilter, ListRange, Store, StoreError, list_states, streams};

/// A state that a register lists.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterState {
    /// The stream.
    pub stream: StreamId,
    /// The newest fact that the state names; where it names none, the fact since which it is known.
    pub sequence: Sequence,
    /// Its state.
    pub state: Value,
}

/// A page of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterPage {
    /// The states, in the order of the range.
    pub states: Vec<RegisterState>,
    /// What their cells need besides them, and the references of the streams themselves.
    pub outside: Outside,
}

/// Reads a page of a register at a moment. `keys` are those of [`crate::family::register::Register::keys`].
pub async fn register_page(
    store: &Store,
    reader: &RegisterReader,
    keys: &[(&'static str, String)],
    moment: &Moment,
    range: &ListRange,
) -> Result<RegisterPage, StoreError> {
    let filters: Vec<KeyFilter> = keys.iter().map(|(name, value)| KeyFilter { name, value: value.clone() }).collect();
    let mut connection = store.read().await?;
    let family = reader.register().family;
    let found = list_states(connection.conn(), family, moment.size, moment.valid, &filters, range).await?;
    let mut states = Vec::with_capacity(found.len());
    for at in found {
        let state = serde_json::from_str(&at.text)
            .map_err(|error| StoreError::corrupt("state_body", "body", position(at.known_from), error))?;
        let since = || Sequence(at.known_from.saturating_sub(1));
        let sequence = RegisterReader::newest(&state).unwrap_or_else(since);
        states.push(RegisterState { stream: at.stream, sequence, state });
    }
    let mut needs = Needs::default();
    for row in &states {
        let own = reader.needs(&row.state);
        needs.digests.extend(own.digests);
        needs.streams.extend(own.streams);
        needs.streams.insert(row.stream.clone());
    }
    let opened = open(connection.conn(), needs.digests).await?;
    let references = references(connection.conn(), needs.streams).await?;
    Ok(RegisterPage { states, outside: Outside { opened, references } })
}

/// Finds the references of streams that have one, in one query.
pub async fn references(
    conn: Conn<'_>,
    names: impl IntoIterator<Item = StreamId>,
) -> Result<BTreeMap<StreamId, Reference>, StoreError> {
    let names: Vec<StreamId> = names.into_iter().collect();
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = streams(conn, &names).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.stream, row.reference?))).collect())
}

fn position(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
