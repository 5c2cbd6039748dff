//! The state of a stream as the API shows it: what every state says of itself, the members of its family's state, and its relations.

use std::borrow::Cow;

use async_graphql::dataloader::DataLoader;
use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaField, MetaType, Registry};
use async_graphql::{
    ContainerType as _, Context, ContextSelectionSet, ID, Object, OutputType, Positioned, Result, ServerResult, Value,
};
use futures_util::future::BoxFuture;

use crate::engine::Moment;
use crate::family::FAMILIES;
use crate::family::kit::Declaration;
use crate::graphql::adapter::{
    Shown, add, argument, argument_with_default, asked, connection_field, field, field_with, fields_of, here, object,
    select, show, show_list, show_output, union,
};
use crate::graphql::error::{data, internal};
use crate::graphql::event::{Event, ListOrder};
use crate::graphql::history::{VersionView, versions};
use crate::graphql::limits::HISTORY_COMPLEXITY;
use crate::graphql::loader::{FactsOf, Reader, RevisionOf};
use crate::graphql::page::{Connection, connection, page, sequences};
use crate::graphql::related::{Link, related};
use crate::graphql::scalars::id_text;
use crate::graphql::shape::{register, register_filter, state_doc, state_fields, types};
use crate::graphql::shown::state_member;
use crate::graphql::state::{State, States};
use crate::ledger::name::{Reference, Sequence, StreamId};
use crate::store::{Range, StateAt};
use crate::time::Instant;

impl Shown for State {
    fn name(&self) -> Cow<'_, str> {
        self.family.graphql_name.into()
    }

    fn field<'a>(&'a self, ctx: &'a Context<'a>) -> BoxFuture<'a, ServerResult<Option<Value>>> {
        Box::pin(async move {
            let own = Own { at: &self.at, moment: self.moment };
            if let Some(value) = own.resolve_field(ctx).await? {
                return Ok(Some(value));
            }
            let wanted = asked(ctx);
            if let Some(relation) = self.family.relations.iter().find(|relation| relation.field == wanted) {
                let keys = (self.family.keys)(&self.at.text).map_err(|error| here(ctx, internal(&error)))?;
                let link = Link { stream: &self.at.stream, moment: self.moment, keys: &keys, relation };
                return related(ctx, link).await.map(Some);
            }
            state_member(ctx, types().state(self.family.name), &self.members).await
        })
    }
}

/// The state of a stream of one of the families: a union of their types.
impl OutputType for State {
    fn type_name() -> Cow<'static, str> {
        "State".into()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.family.graphql_name.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        add(registry, "State", |_| {
            // By their names: the snapshot has fields that bring their types. The ledger's own state has a field of its own.
            let shown = FAMILIES.iter().filter(|family| family.api_fields.is_some());
            let possible = shown.map(|family| family.graphql_name.to_owned());
            union("State", "The state of a stream of one of the families.", possible)
        });
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        Ok(select(ctx, self).await)
    }
}

/// Puts the type of a family's states into the schema, and returns its name.
pub fn register_state(registry: &mut Registry, family: &'static Declaration) -> String {
    add(registry, family.graphql_name, |registry| {
        register(registry);
        let own = fields_of::<Own<'static>>(registry);
        let related = family.relations.iter().filter_map(crate::graphql::related::field_of);
        let related: Vec<_> = related.collect();
        object(family.graphql_name, state_doc(family), own.into_iter().chain(state_fields(family)).chain(related))
    });
    family.graphql_name.to_owned()
}

/// Puts the type of a list of a family's states into the schema, and returns its name.
pub fn register_states(registry: &mut Registry, family: &'static Declaration) -> String {
    let node = family.graphql_name;
    let (name, edge) = (format!("{node}Connection"), format!("{node}Edge"));
    add(registry, &name, |registry| {
        register_state(registry, family);
        // The shape of every list is that of the lists written in Rust.
        let like = |fields: Vec<MetaField>| {
            fields.into_iter().map(|field| {
                let ty = field.ty.replace("EventEdge", &edge).replace("Event!", &format!("{node}!"));
                MetaField { ty, ..field }
            })
        };
        let fields: Vec<_> = like(fields_of::<Connection<Event>>(registry)).collect();
        let edges: Vec<_> = match registry.types.get("EventEdge") {
            Some(MetaType::Object { fields, .. }) => like(fields.values().cloned().collect()).collect(),
            _ => Vec::new(),
        };
        add(registry, &edge, |_| object(&edge, "An edge in a connection.", edges));
        object(&name, "A page of a list (Relay, \"Cursor Connections\").", fields)
    });
    name
}

impl Shown for States {
    fn name(&self) -> Cow<'_, str> {
        format!("{}Connection", self.family.graphql_name).into()
    }

    fn field<'a>(&'a self, ctx: &'a Context<'a>) -> BoxFuture<'a, ServerResult<Option<Value>>> {
        Box::pin(async move {
            match asked(ctx) {
                "pageInfo" => show_output(ctx, &self.page.info).await.map(Some),
                "nodes" => {
                    let nodes: Vec<&dyn Shown> = self.page.items.iter().map(|(_, state)| state as &dyn Shown).collect();
                    Ok(Some(show_list(ctx, &nodes).await))
                }
                "edges" => {
                    let edge = |(cursor, state)| StateEdge { family: self.family, cursor, state };
                    let edges: Vec<StateEdge<'_>> =
                        self.page.items.iter().map(|(cursor, state)| edge((cursor, state))).collect();
                    let edges: Vec<&dyn Shown> = edges.iter().map(|edge| edge as &dyn Shown).collect();
                    Ok(Some(show_list(ctx, &edges).await))
                }
                _ => Ok(None),
            }
        })
    }
}

/// A state in a list, with its cursor.
struct StateEdge<'a> {
    family: &'static Declaration,
    cursor: &'a str,
    state: &'a State,
}

impl Shown for StateEdge<'_> {
    fn name(&self) -> Cow<'_, str> {
        format!("{}Edge", self.family.graphql_name).into()
    }

    fn field<'a>(&'a self, ctx: &'a Context<'a>) -> BoxFuture<'a, ServerResult<Option<Value>>> {
        Box::pin(async move {
            Ok(match asked(ctx) {
                "cursor" => Some(Value::String(self.cursor.to_owned())),
                "node" => Some(show(ctx, self.state).await),
                _ => None,
            })
        })
    }
}

/// What every state says of itself.
struct Own<'a> {
    at: &'a StateAt,
    moment: Moment,
}

/// What every state says of itself.
#[Object(name = "StateOfStream")]
impl Own<'_> {
    /// The id of this state: its stream and both times.
    async fn id(&self) -> ID {
        ID(format!("{}@{}@{}", id_text(&self.at.stream), self.moment.size, self.moment.valid))
    }

    /// The stream whose state it is.
    async fn stream(&self) -> StreamId {
        self.at.stream.clone()
    }

    /// The human reference of the stream.
    async fn reference(&self, ctx: &Context<'_>) -> Result<Option<Reference>> {
        let row = data::<DataLoader<Reader>>(ctx)?.load_one(self.at.stream.clone()).await?;
        Ok(row.and_then(|row| row.reference))
    }

    /// How many facts of the stream were known, whatever their effective date: what `expectedRevision` compares.
    async fn revision(&self, ctx: &Context<'_>) -> Result<Sequence> {
        let key = RevisionOf { stream: self.at.stream.clone(), size: self.moment.size };
        Ok(Sequence(data::<DataLoader<Reader>>(ctx)?.load_one(key).await?.unwrap_or(0)))
    }

    /// Since when the state is so, in the world.
    async fn in_effect_from(&self) -> Instant {
        self.at.effective.from
    }

    /// Until when, by what was known; null: no end known.
    async fn in_effect_to(&self) -> Option<Instant> {
        Some(self.at.effective.to).filter(|to| *to != Instant::MAX)
    }

    /// The tree size from which on this was known.
    async fn known_from(&self) -> Sequence {
        Sequence(self.at.known_from)
    }

    /// The facts of the stream that were known, in the order of the ledger, corrected ones included.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    async fn facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Event>> {
        let page = page("event", first, after, last, before)?;
        let (from, to) = sequences(&page, self.moment.size)?;
        let limit = i64::try_from(page.size + 1).unwrap_or(i64::MAX);
        let range = Range { from, to, limit, backwards: page.backwards };
        let key = FactsOf { stream: self.at.stream.clone(), range };
        let facts = data::<DataLoader<Reader>>(ctx)?.load_one(key).await?.unwrap_or_default();
        let items = facts.into_iter().map(|stored| (stored.entry.sequence.to_string(), Event::new(stored)));
        Ok(connection("event", &page, items.collect()))
    }

    /// The versions of the state: those that the stream was in over time, by what was known at this moment, oldest first.
    #[graphql(
        complexity = "crate::graphql::page::cost(first, last, child_complexity).saturating_add(HISTORY_COMPLEXITY)"
    )]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<VersionView>> {
        let page = page("version", first, after, last, before)?;
        versions(ctx, &self.at.stream, self.moment, &page).await
    }
}

/// A field that looks one state of a family up.
pub fn field_of_one(registry: &mut Registry, name: &str, family: &'static Declaration) -> MetaField {
    let doc = format!("{} at this moment; null: none of that id or reference had a state then.", article(family));
    let arguments = [argument("id", "The stream.", "ID"), argument("reference", "Its human reference.", "Reference")];
    field_with(field(name, &doc, register_state(registry, family)), arguments)
}

/// A field that lists the states of a family.
pub fn field_of_many(registry: &mut Registry, name: &str, family: &'static Declaration) -> MetaField {
    <ListOrder as async_graphql::InputType>::create_type_info(registry);
    let filter = register_filter(registry, family).map(|ty| argument("filter", "Narrows the list.", ty));
    let order = argument_with_default(argument("orderBy", "In which order.", "ListOrder!"), "OLDEST_FIRST");
    let doc = "The states of this family at this moment, in the order of their streams' ids: by when they began, to the millisecond.";
    let ty = format!("{}!", register_states(registry, family));
    connection_field(field(name, doc, ty), filter.into_iter().chain([order]))
}

fn article(family: &Declaration) -> String {
    let name = crate::family::words::english(family.name);
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "An" } else { "A" };
    format!("{article} {name}")
}
