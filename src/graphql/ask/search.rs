//! Finding states by words at a moment.

use std::collections::BTreeSet;

use async_graphql::{Context, InputObject, Result};

use crate::engine::{Engine, Moment, StateIn, words};
use crate::family::FAMILIES;
use crate::graphql::error::{bad_input, data, wire};
use crate::graphql::event::ListOrder;
use crate::graphql::page::{Connection, Page, connection};
use crate::graphql::state::State;
use crate::ledger::name::Code;
use crate::store::{Search, count_found, find_states};

/// Words of one search.
pub const SEARCH_WORDS_MAX: usize = 8;
/// States, of all moments, that may have the words: more are not gone through.
pub const SEARCH_FOUND_MAX: i64 = 10_000;

/// Narrows a search; all that is given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SearchFilter {
    /// States of these families, by their wire names. Absent: of all.
    families: Option<Vec<String>>,
    /// States of a unit.
    unit: Option<Code>,
}

/// Reads a page of the states that have all the words at a moment.
pub async fn search(
    ctx: &Context<'_>,
    moment: Moment,
    text: &str,
    filter: SearchFilter,
    page: &Page,
    order: ListOrder,
) -> Result<Connection<State>> {
    let words = words(text);
    if words.is_empty() || words.len() > SEARCH_WORDS_MAX {
        return Err(bad_input(format!("give 1 to {SEARCH_WORDS_MAX} words of letters and digits in `text`")));
    }
    let search = Search { words, families: families(filter.families)?, unit: filter.unit.map(|unit| unit.to_string()) };
    let range = page.streams(order == ListOrder::NewestFirst);
    let store = data::<Engine>(ctx)?.store();
    let mut reader = wire(store.read().await)?;
    if wire(count_found(reader.conn(), &search, SEARCH_FOUND_MAX + 1).await)? > SEARCH_FOUND_MAX {
        return Err(bad_input("too much has these words; add another one"));
    }
    let states = wire(find_states(reader.conn(), &search, (moment.size, moment.valid), &range).await)?;
    let mut items = Vec::new();
    for state in states {
        let key = state.stream.to_string();
        items.push((key, State::read(StateIn { state, moment })?));
    }
    Ok(connection("search", page, items))
}

/// The families that are searched: the ledger's own record has a field of its own.
fn searched() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().filter(|family| family.api_fields.is_some()).map(|family| family.name)
}

/// Checks names of families; none given: all of them.
pub fn families(named: Option<Vec<String>>) -> Result<BTreeSet<String>> {
    let Some(named) = named else { return Ok(searched().map(str::to_owned).collect()) };
    match named.iter().find(|name| searched().all(|known| known != name.as_str())) {
        Some(name) => {
            Err(bad_input(format!("there is no family {name} to search in; give wire names, as `consentText`")))
        }
        None => Ok(named.into_iter().collect()),
    }
}
