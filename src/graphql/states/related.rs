//! Relations: fields of a state that show streams of other families at the same moment.
//!
//! Families declare them as data (`relations { … }`); the fields are made here, once for all. Whatever is asked on the objects of
//! a list is read with one statement a field.

use std::collections::BTreeSet;

use async_graphql::dataloader::DataLoader;
use async_graphql::registry::MetaField;
use async_graphql::{Context, Result, ServerResult, Value};
use futures_util::future::BoxFuture;

use crate::engine::{Moment, StateIn};
use crate::family::family;
use crate::family::kit::{By, Keys, Relation};
use crate::graphql::adapter::{connection_field, field, given, here, show};
use crate::graphql::error::data;
use crate::graphql::loader::{Reader, RelatedOf, RelatedQuestion, StateOf, ThereAt};
use crate::graphql::page::{Page, page};
use crate::graphql::state::{State, States};
use crate::ledger::name::StreamId;
use crate::store::{ListRange, StateAt};

/// One relation of one state.
#[derive(Clone, Copy)]
pub struct Link<'a> {
    /// The stream whose state it is.
    pub stream: &'a StreamId,
    /// The moment of the state.
    pub moment: Moment,
    /// The keys of the state.
    pub keys: &'a Keys,
    /// The relation.
    pub relation: &'static Relation,
}

/// Shows the streams of a relation as what their family is. Boxed: families lead to each other in circles.
pub fn related<'a>(ctx: &'a Context<'a>, link: Link<'a>) -> BoxFuture<'a, ServerResult<Value>> {
    Box::pin(async move {
        let Ok(family) = family(link.relation.family) else { return Ok(Value::Null) };
        if link.relation.one {
            let page = Page { after: None, before: None, size: 1, backwards: false };
            let found = link.states(ctx, &page).await.map_err(|error| here(ctx, error))?;
            return Ok(match found.first() {
                Some((_, state)) => show(ctx, state).await,
                None => Value::Null,
            });
        }
        let (first, after) = (given(ctx, "first", None)?, given(ctx, "after", None)?);
        let (last, before) = (given(ctx, "last", None)?, given(ctx, "before", None)?);
        let found = async {
            let page = page(family.name, first, after, last, before)?;
            let states = link.states(ctx, &page).await?;
            Ok(States::new(family, &page, states))
        };
        let states = found.await.map_err(|error| here(ctx, error))?;
        Ok(show(ctx, &states).await)
    })
}

/// A relation as a field; `None`: of a family that is not there.
///
/// Types are named only: the snapshot has fields that bring them into the schema.
pub fn field_of(relation: &'static Relation) -> Option<MetaField> {
    let name = family(relation.family).ok()?.graphql_name;
    Some(if relation.one {
        field(relation.field, relation.doc, name)
    } else {
        connection_field(field(relation.field, relation.doc, format!("{name}Connection!")), [])
    })
}

impl Link<'_> {
    /// The states of the related streams, in the order of the page; one more than it holds, if there is.
    async fn states(&self, ctx: &Context<'_>, page: &Page) -> Result<Vec<(String, State)>> {
        let loader = data::<DataLoader<Reader>>(ctx)?;
        let streams = self.streams(loader, page).await?;
        let moment = self.moment;
        let Moment { size, valid, .. } = moment;
        let keys = streams.iter().map(|stream| StateOf { stream: stream.clone(), size, valid });
        let mut states = loader.load_many(keys).await?;
        let mut found = Vec::new();
        for stream in streams {
            // What our keys name may have no state at this moment.
            let state: Option<StateAt> = states.remove(&StateOf { stream: stream.clone(), size, valid });
            if let Some(state) = state {
                found.push((stream.to_string(), State::read(StateIn { state, moment })?));
            }
        }
        Ok(found)
    }

    /// The related streams, in the order of the page; one more than it holds, if there is.
    async fn streams(&self, loader: &DataLoader<Reader>, page: &Page) -> Result<Vec<StreamId>> {
        let mut range = page.streams(false);
        // A state is not among its own relations; one more is asked for in its place.
        range.limit += 1;
        let found = match self.relation.by {
            By::Theirs(key) => self.having(loader, key, BTreeSet::from([self.stream.to_string()]), range).await?,
            By::Shared(theirs, ours) => self.having(loader, theirs, self.ours(ours), range).await?,
            By::Ours(key) => self.there(loader, among(&self.ours(key), self.relation.family, &range), page).await?,
        };
        let others = found.into_iter().filter(|stream| stream != self.stream);
        let mut streams: Vec<StreamId> = others.collect();
        if page.backwards {
            streams.reverse();
        }
        streams.truncate(page.size + 1);
        Ok(streams)
    }

    /// The streams that have one of some values of a key; each once, though it may have several.
    async fn having(
        &self,
        loader: &DataLoader<Reader>,
        key: &'static str,
        values: BTreeSet<String>,
        range: ListRange,
    ) -> Result<BTreeSet<StreamId>> {
        let Moment { size, valid, .. } = self.moment;
        let question = RelatedQuestion { family: self.relation.family, key, size, valid, range };
        let keys = values.into_iter().map(|value| RelatedOf { question: question.clone(), value });
        Ok(loader.load_many(keys).await?.into_values().flatten().collect())
    }

    /// Those of some streams that have a state at the moment: what our keys name may have none yet, or none any more.
    async fn there(
        &self,
        loader: &DataLoader<Reader>,
        named: BTreeSet<StreamId>,
        page: &Page,
    ) -> Result<BTreeSet<StreamId>> {
        // So few fit the page; which of them have a state is seen when the states are read.
        if named.len() <= page.size + 1 {
            return Ok(named);
        }
        let Moment { size, valid, .. } = self.moment;
        let keys = named.into_iter().map(|stream| ThereAt { stream, size, valid });
        Ok(loader.load_many(keys).await?.into_keys().map(|key| key.stream).collect())
    }

    fn ours(&self, key: &str) -> BTreeSet<String> {
        self.keys.iter().filter(|(name, _)| *name == key).map(|(_, value)| value.clone()).collect()
    }
}

/// The streams of a family within a range among those that a state names itself; it may name some of other families by that
/// key.
fn among(names: &BTreeSet<String>, family: &str, range: &ListRange) -> BTreeSet<StreamId> {
    let within = names.iter().filter(|name| **name > range.after && **name < range.before);
    within.filter_map(|name| name.parse().ok()).filter(|stream: &StreamId| stream.family() == family).collect()
}
