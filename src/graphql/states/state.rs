//! The state of a stream at a moment: how it is found.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Result};
use serde_json::Value as Json;

use crate::engine::{Engine, Moment, StateIn};
use crate::family::family;
use crate::family::kit::Declaration;
use crate::graphql::error::{bad_input, data, internal, wire};
use crate::graphql::loader::{Reader, StateOf};
use crate::graphql::page::{Page, Paged, paged};
use crate::ledger::name::{Reference, StreamId};
use crate::store::{StateAt, stream_by_reference};

/// The state of a stream at a moment.
#[derive(Debug)]
pub struct State {
    /// Where it is, and the JSON of it.
    pub at: StateAt,
    /// The moment.
    pub moment: Moment,
    /// Its members.
    pub members: Json,
    /// Its family.
    pub family: &'static Declaration,
}

impl State {
    /// Shows the state of a moment.
    ///
    /// # Errors
    ///
    /// Where the database holds something that is no state of a family that this program knows; the log knows more.
    pub fn read(StateIn { state, moment }: StateIn) -> Result<Self> {
        let family = family(state.stream.family()).map_err(|error| internal(&error))?;
        let members = serde_json::from_str(&state.text).map_err(|error| internal(&error))?;
        Ok(Self { at: state, moment, members, family })
    }
}

/// A page of a list of a family's states.
pub struct States {
    /// The family.
    pub family: &'static Declaration,
    /// The states, each with its cursor.
    pub page: Paged<State>,
}

impl States {
    /// Makes the page from one state more than asked for, in the order they were read.
    pub fn new(family: &'static Declaration, page: &Page, states: Vec<(String, State)>) -> Self {
        Self { family, page: paged(family.name, page, states) }
    }
}

/// Looks up the state of one stream of a family.
pub async fn one(
    ctx: &Context<'_>,
    family: &'static Declaration,
    moment: Moment,
    (id, reference): (Option<StreamId>, Option<Reference>),
) -> Result<Option<State>> {
    let store = data::<Engine>(ctx)?.store();
    let stream = match (id, reference) {
        (Some(id), None) if id.family() == family.name => id,
        (Some(_), None) => return Err(bad_input(format!("this id is not of the family {}", family.name))),
        (None, Some(reference)) => {
            let found = async { stream_by_reference(store.read().await?.conn(), family.name, &reference).await };
            match wire(found.await)?.filter(|row| row.first_sequence < moment.size) {
                Some(row) => row.stream,
                None => return Ok(None),
            }
        }
        _ => return Err(bad_input("give `id` or `reference`, one of them")),
    };
    state_at(ctx, moment, &stream).await
}

/// Returns the state of a stream at a moment; `None`: it had none.
pub async fn state_at(ctx: &Context<'_>, moment: Moment, stream: &StreamId) -> Result<Option<State>> {
    let key = StateOf { stream: stream.clone(), size: moment.size, valid: moment.valid };
    let state = data::<DataLoader<Reader>>(ctx)?.load_one(key).await?;
    state.map(|state| State::read(StateIn { state, moment })).transpose()
}
