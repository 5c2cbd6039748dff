//! Facts and states on the way out: data shown member by member, as selected, by their shapes.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::{MetaType, Registry};
use async_graphql::{ContainerType, Context, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value};
use futures_util::future::{BoxFuture, join_all};
use serde_json::Value as Json;

use super::error::{Lost, internal};
use super::loader::Reader;
use super::scalars::id_text;
use super::shape::{name, register, types};
use crate::family::describe::{Kind, Scalar, Shape};
use crate::family::kit::{Family, ShapeError, key_text};
use crate::family::opened::{Erased, Opened};
use crate::ledger::entry::Entry;
use crate::ledger::erasable::{Digest, MARK};
use crate::ledger::name::StreamId;

/// The fields of a family's state, shown as fields of what it stands in.
#[derive(Clone, Debug)]
pub struct StateFields<F> {
    state: Arc<Json>,
    family: PhantomData<fn() -> F>,
}

impl<F: Family> StateFields<F> {
    /// Shows a state given as its JSON.
    pub fn new(state: Json) -> Self {
        Self { state: Arc::new(state), family: PhantomData }
    }
}

impl<F: Family> OutputType for StateFields<F> {
    fn type_name() -> Cow<'static, str> {
        types().state(F::NAME).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register(registry);
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        Ok(resolve(ctx, Thing::Record { name: types().state(F::NAME), value: &self.state }).await)
    }
}

impl<F: Family> ContainerType for StateFields<F> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        Ok(Thing::Record { name: types().state(F::NAME), value: &self.state }.field(ctx).await)
    }
}

/// What happened, in the words of its family.
#[derive(Clone, Debug)]
pub struct Fact {
    name: &'static str,
    data: Json,
}

impl Fact {
    /// Reads the fact of an entry, held to what its family declares.
    pub fn of(entry: &Entry) -> Result<Self, ShapeError> {
        let (family, fact) = (entry.event.family(), entry.event.fact());
        (crate::family::family(family)?.check)(fact, entry.version, &entry.data)?;
        let event = types().event(family, fact);
        let event = event.ok_or_else(|| ShapeError::UnknownEvent(fact.to_owned(), entry.version))?;
        Ok(Self { name: &event.name, data: entry.data.clone() })
    }
}

impl OutputType for Fact {
    fn type_name() -> Cow<'static, str> {
        "Fact".into()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.name.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register(registry);
        if !registry.types.contains_key("Fact") {
            let union = MetaType::Union {
                name: "Fact".to_owned(),
                description: Some("What happened, in the words of its family.".to_owned()),
                possible_types: types().event_names().map(str::to_owned).collect(),
                visible: None,
                inaccessible: false,
                tags: Vec::new(),
                rust_typename: None,
                directive_invocations: Vec::new(),
            };
            registry.types.insert("Fact".to_owned(), union);
        }
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        Ok(resolve(ctx, Thing::Record { name: self.name, value: &self.data }).await)
    }
}

/// Something that has fields.
#[derive(Clone, Copy)]
enum Thing<'a> {
    /// A record with the data that it is shown from.
    Record { name: &'static str, value: &'a Json },
    /// An erasable value, by its commitment.
    Erasable { shape: &'static Shape, digest: &'a str },
}

/// Shows the selected fields of a thing. A field that fails is null and an error beside the data.
fn resolve<'a>(ctx: &'a ContextSelectionSet<'a>, thing: Thing<'a>) -> BoxFuture<'a, Value> {
    Box::pin(async move {
        let mut fields = Vec::new();
        collect(ctx, &ctx.item.node, &thing.name(), &mut fields);
        let shown = fields.into_iter().map(|field| async move {
            let below = ctx.with_field(field);
            let value = match field.node.name.node.as_str() {
                "__typename" => Value::String(thing.name()),
                _ => thing.field(&below).await.unwrap_or_default(),
            };
            (field.node.response_key().node.clone(), value)
        });
        let mut members = IndexMap::new();
        join_all(shown).await.into_iter().for_each(|(key, value)| merge(&mut members, key, value));
        Value::Object(members)
    })
}

/// Collects the selected fields, those of fragments that apply included (GraphQL, CollectFields).
fn collect<'a>(
    ctx: &ContextSelectionSet<'a>,
    set: &'a SelectionSet,
    name: &str,
    fields: &mut Vec<&'a Positioned<Field>>,
) {
    let applies = |condition: &str| {
        let union = ctx.schema_env.registry.types.get(condition);
        condition == name || union.is_some_and(|union| union.is_possible_type(name))
    };
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => fields.push(field),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                if condition.is_none_or(applies) {
                    collect(ctx, &fragment.node.selection_set.node, name, fields);
                }
            }
            Selection::FragmentSpread(spread) => {
                let fragment = ctx.query_env.fragments.get(&spread.node.fragment_name.node);
                if let Some(fragment) =
                    fragment.filter(|found| applies(found.node.type_condition.node.on.node.as_str()))
                {
                    collect(ctx, &fragment.node.selection_set.node, name, fields);
                }
            }
        }
    }
}

/// Puts a value under its key; what was selected twice is put together.
fn merge(members: &mut IndexMap<Name, Value>, key: Name, value: Value) {
    match (members.get_mut(&key), value) {
        (Some(Value::Object(there)), Value::Object(more)) => {
            more.into_iter().for_each(|(key, value)| merge(there, key, value));
        }
        (Some(Value::List(there)), Value::List(more)) => {
            for (there, more) in there.iter_mut().zip(more) {
                if let (Value::Object(there), Value::Object(more)) = (there, more) {
                    more.into_iter().for_each(|(key, value)| merge(there, key, value));
                }
            }
        }
        (Some(_), _) => {}
        (None, value) => drop(members.insert(key, value)),
    }
}

impl Thing<'_> {
    fn name(&self) -> String {
        match self {
            Self::Record { name, .. } => (*name).to_owned(),
            Self::Erasable { shape, .. } => name(shape),
        }
    }

    /// Shows one field; `None` if there is no such field.
    async fn field(&self, ctx: &Context<'_>) -> Option<Value> {
        let asked = ctx.item.node.name.node.as_str();
        match self {
            Self::Record { name, value } => {
                let member = types().members(name).iter().find(|member| member.name == asked)?;
                Some(show(ctx, value.get(asked).unwrap_or(&Json::Null), &member.shape).await)
            }
            Self::Erasable { digest, .. } if asked == "digest" => Some(Value::String((*digest).to_owned())),
            Self::Erasable { shape: Shape::Erasable(inner), digest } if ERASABLE.contains(&asked) => {
                Some(match open(ctx, digest).await {
                    Ok(Opened::Value(value)) if asked == "value" => show(ctx, &value, inner).await,
                    Ok(Opened::Value(_)) => Value::Null,
                    Ok(Opened::Erased(erased)) => of_erased(asked, &erased),
                    Err(error) => {
                        ctx.add_error(ctx.set_error_path(error.into_server_error(ctx.item.pos)));
                        Value::Null
                    }
                })
            }
            Self::Erasable { .. } => None,
        }
    }
}

/// The fields of an erasable value for which the vault is asked.
const ERASABLE: [&str; 4] = ["value", "erasedAt", "ground", "erasedBy"];

/// Opens a commitment. What is erased is a value too; only what is lost is a fault.
async fn open(ctx: &Context<'_>, digest: &str) -> async_graphql::Result<Opened> {
    let digest: Digest = digest.parse().map_err(|error| internal(&error))?;
    let opened = ctx.data::<DataLoader<Reader>>()?.load_one(digest.clone()).await?;
    opened.ok_or_else(|| internal(&Lost(digest)))
}

/// Shows what is left of an erased value; the value itself is null.
fn of_erased(asked: &str, erased: &Erased) -> Value {
    match asked {
        "erasedAt" => Value::String(erased.at.to_string()),
        "ground" => erased.ground.map_or(Value::Null, |ground| Value::Enum(Name::new(key_text(&ground)))),
        "erasedBy" => Value::String(erased.by.to_string()),
        _ => Value::Null,
    }
}

/// Shows a value by its shape.
fn show<'a>(ctx: &'a Context<'a>, value: &'a Json, shape: &'static Shape) -> BoxFuture<'a, Value> {
    Box::pin(async move {
        match (shape, value) {
            (_, Json::Null) if matches!(shape, Shape::Optional(_)) => Value::Null,
            (Shape::Optional(inner), value) => show(ctx, value, inner).await,
            (Shape::List(inner), value) => {
                let items = value.as_array().map_or(&[] as &[Json], Vec::as_slice);
                let places: Vec<Context<'_>> = (0..items.len()).map(|place| ctx.with_index(place)).collect();
                let shown = places.iter().zip(items).map(|(place, item)| show(place, item, inner));
                Value::List(join_all(shown).await)
            }
            (Shape::Scalar(scalar), value) => scalar_value(*scalar, value),
            (Shape::Erasable(_), value) => {
                let digest = value.get(MARK).and_then(Json::as_str).unwrap_or_default();
                let below = ctx.with_selection_set(&ctx.item.node.selection_set);
                resolve(&below, Thing::Erasable { shape, digest }).await
            }
            (Shape::Named(name), value) => match types().definition(name).map(|definition| &definition.kind) {
                Some(Kind::Record(_)) => {
                    let below = ctx.with_selection_set(&ctx.item.node.selection_set);
                    resolve(&below, Thing::Record { name, value }).await
                }
                _ => Value::Enum(Name::new(value.as_str().unwrap_or_default())),
            },
        }
    })
}

fn scalar_value(scalar: Scalar, value: &Json) -> Value {
    match (scalar, value) {
        (Scalar::Stream, Json::String(text)) => {
            Value::String(text.parse::<StreamId>().map_or_else(|_| text.clone(), |stream| id_text(&stream)))
        }
        // GraphQL's Int has 32 bits.
        (Scalar::Sequence, Json::Number(number)) => Value::String(number.to_string()),
        (_, value) => Value::from_json(value.clone()).unwrap_or_default(),
    }
}
