//! Facts and states on the way out: data shown member by member, as selected, by their shapes.

use std::borrow::Cow;

use async_graphql::dataloader::DataLoader;
use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{Context, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value};
use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use serde_json::{Map, Value as Json};

use crate::family::describe::{Kind, Scalar, Shape};
use crate::family::dossier::FactPlace;
use crate::family::kit::{Recorded, ShapeError};
use crate::family::opened::{Erased, Opened};
use crate::family::shape::Shaped as _;
use crate::graphql::adapter::{Shown, add, asked, at, here, select, show, union};
use crate::graphql::error::{MissingValue, data, internal};
use crate::graphql::loader::Reader;
use crate::graphql::scalars::id_text;
use crate::graphql::shape::{FACT_PLACE, PLACE, REMARK, name, register, register_erasable, types};
use crate::ledger::entry::Entry;
use crate::ledger::erasable::{Digest, MARK};
use crate::ledger::name::StreamId;

/// What happened, in the words of its family.
#[derive(Clone, Debug)]
pub struct Fact {
    name: &'static str,
    data: Json,
    place: Json,
}

impl Fact {
    /// Reads the fact of an entry, held to what its family declares.
    pub fn of(entry: &Entry) -> Result<Self, ShapeError> {
        let (family, fact) = (entry.event.family(), entry.event.fact());
        (crate::family::family(family)?.check)(fact, entry.version, &entry.data)?;
        let event = types().event(family, fact);
        let event = event.ok_or_else(|| ShapeError::UnknownEvent(fact.to_owned(), entry.version))?;
        let mut place = FactPlace::of(&Recorded::from(entry), None).write();
        if let (Some(members), Some(remark)) = (place.as_object_mut(), entry.data.get(REMARK)) {
            members.insert(REMARK.to_owned(), remark.clone());
        }
        Ok(Self { name: &event.name, data: entry.data.clone(), place })
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
        add(registry, "Fact", |registry| {
            register(registry);
            union("Fact", "What happened, in the words of its family.", types().event_names().map(str::to_owned))
        });
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        let place = Some(Cow::Borrowed(&self.place));
        Ok(select(ctx, &Happened { name: self.name, data: &self.data, place }).await)
    }
}

/// The remark that stands beside what happened.
#[derive(Clone, Debug)]
pub struct Remark(Json);

impl Remark {
    /// Reads the remark of an entry.
    pub fn of(entry: &Entry) -> Option<Self> {
        entry.data.get(REMARK).cloned().map(Self)
    }

    fn shape() -> &'static Shape {
        let remark = types().members(FACT_PLACE).iter().find(|member| member.name == REMARK);
        match remark.map(|member| &member.shape) {
            Some(Shape::Optional(inner)) => inner,
            _ => &Shape::Scalar(Scalar::Text),
        }
    }
}

impl OutputType for Remark {
    fn type_name() -> Cow<'static, str> {
        name(Self::shape()).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register_erasable(registry, Self::shape());
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        Ok(select(ctx, &ErasableValue { shape: Self::shape(), value: &self.0 }).await)
    }
}

/// Shows a member of a state; `None` if it has none of that name.
pub async fn state_member(ctx: &Context<'_>, record: &'static str, state: &Json) -> ServerResult<Option<Value>> {
    Record { name: record, data: state }.field(ctx).await
}

/// A record with the data that it is shown from.
struct Record<'a> {
    name: &'static str,
    data: &'a Json,
}

impl Shown for Record<'_> {
    fn name(&self) -> Cow<'_, str> {
        self.name.into()
    }

    fn field<'a>(&'a self, ctx: &'a Context<'a>) -> BoxFuture<'a, ServerResult<Option<Value>>> {
        let asked = asked(ctx);
        match types().members(self.name).iter().find(|member| member.name == asked) {
            Some(member) => shaped(ctx, self.data.get(asked).unwrap_or(&Json::Null), &member.shape)
                .map(|value| value.map(Some))
                .boxed(),
            None => async { Ok(None) }.boxed(),
        }
    }
}

/// What happened, with its place where that is known.
struct Happened<'a> {
    name: &'static str,
    data: &'a Json,
    place: Option<Cow<'a, Json>>,
}

impl<'a> Happened<'a> {
    /// Reads a fact with its place, as a state keeps it.
    fn kept(name: &'static str, dated: &'a Json) -> Self {
        let data = dated.get("fact").unwrap_or(&Json::Null);
        let members = dated.as_object().into_iter().flatten().filter(|(member, _)| *member != "fact");
        let mut place: Map<String, Json> = members.map(|(name, value)| (name.clone(), value.clone())).collect();
        place.extend(data.get(REMARK).map(|remark| (REMARK.to_owned(), remark.clone())));
        Self { name, data, place: Some(Cow::Owned(Json::Object(place))) }
    }
}

impl Shown for Happened<'_> {
    fn name(&self) -> Cow<'_, str> {
        self.name.into()
    }

    fn field<'a>(&'a self, ctx: &'a Context<'a>) -> BoxFuture<'a, ServerResult<Option<Value>>> {
        Box::pin(async move {
            match (asked(ctx), &self.place) {
                (REMARK, _) => Ok(None),
                (PLACE, None) => Ok(Some(Value::Null)),
                (PLACE, Some(place)) => Ok(Some(show(ctx, &Record { name: FACT_PLACE, data: place }).await)),
                _ => Record { name: self.name, data: self.data }.field(ctx).await,
            }
        })
    }
}

/// An erasable value, by its commitment.
struct ErasableValue<'a> {
    shape: &'static Shape,
    value: &'a Json,
}

/// The fields of an erasable value for which the vault is asked.
const ERASABLE: [&str; 4] = ["value", "erasedAt", "ground", "erasedBy"];

impl Shown for ErasableValue<'_> {
    fn name(&self) -> Cow<'_, str> {
        name(self.shape).into()
    }

    fn field<'a>(&'a self, ctx: &'a Context<'a>) -> BoxFuture<'a, ServerResult<Option<Value>>> {
        Box::pin(async move {
            let digest = self.value.get(MARK).and_then(Json::as_str).unwrap_or_default();
            let asked = asked(ctx);
            match self.shape {
                _ if asked == "digest" => Ok(Some(Value::String(digest.to_owned()))),
                Shape::Erasable(inner) if ERASABLE.contains(&asked) => {
                    match open(ctx, digest).await.map_err(|error| here(ctx, error))? {
                        Opened::Value(value) if asked == "value" => shaped(ctx, &value, inner).await.map(Some),
                        Opened::Value(_) => Ok(Some(Value::Null)),
                        Opened::Erased(erased) => Ok(Some(of_erased(asked, &erased))),
                    }
                }
                _ => Ok(None),
            }
        })
    }
}

/// Opens a commitment. What is erased is a value too; only what is lost is a fault.
async fn open(ctx: &Context<'_>, digest: &str) -> async_graphql::Result<Opened> {
    let digest: Digest = digest.parse().map_err(|error| internal(&error))?;
    let opened = data::<DataLoader<Reader>>(ctx)?.load_one(digest.clone()).await?;
    opened.ok_or_else(|| internal(&MissingValue(digest)))
}

/// Shows what is left of an erased value; the value itself is null.
fn of_erased(asked: &str, erased: &Erased) -> Value {
    match asked {
        "erasedAt" => Value::String(erased.at.to_string()),
        "ground" => erased.ground.map_or(Value::Null, |ground| Value::Enum(Name::new(ground.as_str()))),
        "erasedBy" => Value::String(erased.by.to_string()),
        _ => Value::Null,
    }
}

/// Shows a value by its shape.
fn shaped<'a>(ctx: &'a Context<'a>, value: &'a Json, shape: &'static Shape) -> BoxFuture<'a, ServerResult<Value>> {
    Box::pin(async move {
        match (shape, value) {
            (_, Json::Null) if matches!(shape, Shape::Optional(_)) => Ok(Value::Null),
            (Shape::Optional(inner), value) => shaped(ctx, value, inner).await,
            (Shape::List(inner), value) => {
                let items = value.as_array().map_or(&[] as &[Json], Vec::as_slice);
                let places: Vec<Context<'_>> = (0..items.len()).map(|place| at(ctx, place)).collect();
                let shown = places.iter().zip(items).map(|(place, item)| shaped(place, item, inner));
                Ok(Value::List(join_all(shown).await.into_iter().collect::<ServerResult<_>>()?))
            }
            (Shape::Scalar(scalar), value) => scalar_value(*scalar, value).map_err(|error| here(ctx, error)),
            (Shape::Erasable(_), value) => Ok(show(ctx, &ErasableValue { shape, value }).await),
            (Shape::Named(name), value) => match types().definition(name) {
                Some(definition) => match (&definition.kind, definition.keeps.as_deref()) {
                    (Kind::Choice(_), _) => Ok(Value::Enum(Name::new(value.as_str().unwrap_or_default()))),
                    (Kind::Record(_), Some(fact)) => Ok(show(ctx, &Happened::kept(fact, value)).await),
                    (Kind::Record(_), None) if types().is_event(name) => {
                        Ok(show(ctx, &Happened { name, data: value, place: None }).await)
                    }
                    (Kind::Record(_), None) => Ok(show(ctx, &Record { name, data: value }).await),
                },
                None => Ok(Value::Null),
            },
        }
    })
}

/// A number that an earlier program took and that the API's `Int` cannot hold.
#[derive(Debug, thiserror::Error)]
#[error("{0} is beyond the API's Int")]
struct BeyondInt(u64);

fn scalar_value(scalar: Scalar, value: &Json) -> async_graphql::Result<Value> {
    Ok(match (scalar, value) {
        (Scalar::Stream, Json::String(text)) => {
            Value::String(text.parse::<StreamId>().map_or_else(|_| text.clone(), |stream| id_text(&stream)))
        }
        // GraphQL's Int has 32 bits.
        (Scalar::Sequence, Json::Number(number)) => Value::String(number.to_string()),
        (Scalar::Number, Json::Number(number)) if number.as_u64().is_some_and(|number| number > i32::MAX as u64) => {
            return Err(internal(&BeyondInt(number.as_u64().unwrap_or_default())));
        }
        (_, value) => Value::from_json(value.clone()).unwrap_or_default(),
    })
}
