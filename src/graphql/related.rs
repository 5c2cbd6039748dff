//! Relations: fields of a state that show streams of other families at the same moment.
//!
//! Families declare them as data (`Family::RELATIONS`); the fields are made here, once for all. Whatever is asked on the
//! objects of a list is read with one statement a field.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use async_graphql::dataloader::DataLoader;
use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaField, MetaInputValue, Registry};
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, OutputType, Positioned, Result, ServerResult, TypeName, Value,
};
use futures_util::future::BoxFuture;

use super::loader::{Reader, RelatedOf, RelatedQuestion, StateOf, ThereAt};
use super::page::{Connection, Page, connection, cost, page};
use super::shape::{argument, field, object};
use super::snapshot::{StateType, View};
use crate::engine::Moment;
use crate::family::families;
use crate::family::kit::{By, Family, Keys, Relation};
use crate::ledger::name::StreamId;
use crate::store::{ListRange, StateAt};

/// The relations of one state of a family.
#[derive(Clone, Debug)]
pub struct Related<F> {
    stream: StreamId,
    moment: Moment,
    keys: Keys,
    family: PhantomData<fn() -> F>,
}

impl<F: Family> Related<F> {
    /// Prepares the relations of a state.
    pub fn new(stream: StreamId, moment: Moment, state: &F) -> Self {
        Self { stream, moment, keys: state.keys(), family: PhantomData }
    }
}

impl<F: Family> TypeName for Related<F> {
    fn type_name() -> std::borrow::Cow<'static, str> {
        format!("{}Relations", F::GRAPHQL_NAME).into()
    }
}

/// Only ever shown as fields of the state that it belongs to.
impl<F: StateType> OutputType for Related<F> {
    fn type_name() -> std::borrow::Cow<'static, str> {
        <Self as TypeName>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let arguments = page_arguments(registry);
        let name = <Self as OutputType>::type_name();
        if !registry.types.contains_key(name.as_ref()) {
            let fields = F::RELATIONS.iter().filter_map(|relation| relation_field(relation, &arguments));
            registry.types.insert(name.to_string(), object(&name, "", fields));
        }
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        async_graphql::resolver_utils::resolve_container(ctx, self).await
    }
}

impl<F: StateType> ContainerType for Related<F> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let asked = ctx.item.node.name.node.as_str();
        let Some(relation) = F::RELATIONS.iter().find(|relation| relation.field == asked) else {
            return Ok(None);
        };
        let link = Link { stream: &self.stream, moment: self.moment, keys: &self.keys, relation };
        resolve(ctx, link).await.map(Some)
    }
}

/// One relation of one state.
#[derive(Clone, Copy)]
struct Link<'a> {
    stream: &'a StreamId,
    moment: Moment,
    keys: &'a Keys,
    relation: &'static Relation,
}

macro_rules! resolve {
    (
        recorded { $($module:ident $state:ident $event:ident $one:ident $many:ident $record:ident;)* }
        own { $($own:tt)* }
    ) => {
        /// Shows the streams of a relation as what their family is. Boxed: families lead to each other in circles.
        fn resolve<'a>(ctx: &'a Context<'a>, link: Link<'a>) -> BoxFuture<'a, ServerResult<Value>> {
            match link.relation.family {
                $(<crate::family::$module::$state as Family>::NAME => {
                    Box::pin(async move { shown::<crate::family::$module::$state>(ctx, link).await })
                })*
                _ => Box::pin(async { Ok(Value::Null) }),
            }
        }
    };
}

families!(resolve);

async fn shown<G: StateType>(ctx: &Context<'_>, link: Link<'_>) -> ServerResult<Value> {
    let position = ctx.item.pos;
    let inner = ctx.with_selection_set(&ctx.item.node.selection_set);
    if link.relation.one {
        let found = link.one::<G>(ctx).await.map_err(|error| error.into_server_error(position))?;
        OutputType::resolve(&found, &inner, ctx.item).await
    } else {
        let first = ctx.param_value::<Option<i32>>("first", None)?.1;
        let after = ctx.param_value::<Option<String>>("after", None)?.1;
        let last = ctx.param_value::<Option<i32>>("last", None)?.1;
        let before = ctx.param_value::<Option<String>>("before", None)?.1;
        let found = async { link.many::<G>(ctx, &page(G::NAME, first, after, last, before)?).await };
        let found = found.await.map_err(|error| error.into_server_error(position))?;
        OutputType::resolve(&found, &inner, ctx.item).await
    }
}

impl Link<'_> {
    async fn one<G: StateType>(&self, ctx: &Context<'_>) -> Result<Option<View<G>>> {
        let page = Page { after: None, before: None, size: 1, backwards: false };
        Ok(self.views::<G>(ctx, &page).await?.into_iter().next().map(|(_, view)| view))
    }

    async fn many<G: StateType>(&self, ctx: &Context<'_>, page: &Page) -> Result<Connection<View<G>>> {
        Ok(connection(G::NAME, page, self.views::<G>(ctx, page).await?))
    }

    /// The states of the related streams, in the order of the page; one more than it holds, if there is.
    async fn views<G: StateType>(&self, ctx: &Context<'_>, page: &Page) -> Result<Vec<(String, View<G>)>> {
        let loader = ctx.data::<DataLoader<Reader>>()?;
        let streams = self.streams(loader, page).await?;
        let Moment { size, valid, .. } = self.moment;
        let keys = streams.iter().map(|stream| StateOf { stream: stream.clone(), size, valid });
        let mut states = loader.load_many(keys).await?;
        let mut views = Vec::new();
        for stream in streams {
            // What our keys name may have no state at this moment.
            let state: Option<StateAt> = states.remove(&StateOf { stream: stream.clone(), size, valid });
            if let Some(state) = state {
                views.push((stream.to_string(), View::read(state, self.moment)?));
            }
        }
        Ok(views)
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

fn relation_field(relation: &Relation, arguments: &[MetaInputValue]) -> Option<MetaField> {
    let name = crate::family::family(relation.family).ok()?.graphql_name;
    Some(if relation.one {
        field(relation.field, relation.doc, name.to_owned())
    } else {
        MetaField {
            args: arguments.iter().map(|argument| (argument.name.clone(), argument.clone())).collect(),
            compute_complexity: Some(|ctx, variables, field, child| {
                let size = |name| ctx.param_value::<Option<i32>>(variables, field, name, None);
                Ok(cost(size("first")?, size("last")?, child))
            }),
            ..field(relation.field, relation.doc, format!("{name}Connection!"))
        }
    })
}

fn page_arguments(registry: &mut Registry) -> Vec<MetaInputValue> {
    use async_graphql::InputType;
    let number = <Option<i32> as InputType>::create_type_info(registry);
    let text = <Option<String> as InputType>::create_type_info(registry);
    vec![
        argument("first", "The first so many, 1 to 100.", number.clone()),
        argument("after", "After this cursor.", text.clone()),
        argument("last", "The last so many, 1 to 100.", number),
        argument("before", "Before this cursor.", text),
    ]
}
