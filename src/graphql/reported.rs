//! Facts on the way in: exactly one of a family's events, read by its shape.

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::shape::{EventType, argument, input_object, register_input, types};
use crate::family::describe::{Kind, Scalar, Shape};
use crate::family::kit::Family;
use crate::ledger::erasable::{CLEAR, MARK};
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Reference, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

/// An event of a family as somebody reports it: erasable values are marked as clear.
#[derive(Clone)]
pub struct EventInput<F> {
    /// The name after the dot.
    pub fact: &'static str,
    /// The version of its shape.
    pub version: u32,
    /// Its data.
    pub data: Json,
    family: PhantomData<fn() -> F>,
}

impl<F> std::fmt::Debug for EventInput<F> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("EventInput").field("fact", &self.fact).finish_non_exhaustive()
    }
}

impl<F: Family> InputType for EventInput<F> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        format!("{}EventInput", F::GRAPHQL_NAME).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = <Self as InputType>::type_name();
        if !registry.types.contains_key(name.as_ref()) {
            let field = |(fact, event): (&'static str, &'static EventType)| {
                (fact.to_owned(), argument(fact, &event.doc, format!("{}Input", event.name)))
            };
            let fields = types().events_of(F::NAME).map(field).collect();
            let object = input_object(&name, "What happened: exactly one of the family's events.", fields, true);
            registry.types.insert(name.to_string(), object);
            for (_, event) in types().events_of(F::NAME) {
                register_input(registry, &Shape::Named(event.name.clone()));
            }
        }
        <Self as InputType>::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let Some(Value::Object(members)) = value else {
            return Err(InputValueError::expected_type(value.unwrap_or_default()));
        };
        let mut given = members.into_iter().filter(|(_, value)| *value != Value::Null);
        let (Some((fact, data)), None) = (given.next(), given.next()) else {
            return Err(InputValueError::custom("give exactly one of the family's events"));
        };
        let event = types().events_of(F::NAME).find(|(name, _)| *name == fact.as_str());
        let (fact, event) =
            event.ok_or_else(|| InputValueError::custom(format!("there is no event {fact} in this family")))?;
        let data = json(data, &Shape::Named(event.name.clone())).map_err(InputValueError::custom)?;
        Ok(Self { fact, version: event.version, data, family: PhantomData })
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// Reads a value by its shape; what is wrong is told without the value.
fn json(value: Value, shape: &Shape) -> Result<Json, String> {
    match shape {
        Shape::Optional(_) if value == Value::Null => Ok(Json::Null),
        Shape::Optional(inner) => json(value, inner),
        Shape::Erasable(inner) => Ok(json!({ MARK: { CLEAR: json(value, inner)? } })),
        Shape::List(inner) => match value {
            Value::List(items) => items.into_iter().map(|item| json(item, inner)).collect(),
            Value::Null => Err("a list is missing".to_owned()),
            // A single value stands for a list of one (GraphQL, "Input Coercion").
            single => Ok(Json::Array(vec![json(single, inner)?])),
        },
        Shape::Scalar(kind) => scalar(*kind, value),
        Shape::Named(name) => match types().definition(name).map(|definition| &definition.kind) {
            Some(Kind::Record(_)) => record(name, value),
            Some(Kind::Choice(items)) => {
                let text = match &value {
                    Value::Enum(name) => name.as_str(),
                    Value::String(text) => text.as_str(),
                    _ => "",
                };
                let known = items.iter().find(|item| item.value == text);
                known.map(|item| json!(item.value)).ok_or_else(|| format!("this is no value of {name}"))
            }
            None => Err(format!("there is no type {name}")),
        },
    }
}

fn record(name: &str, value: Value) -> Result<Json, String> {
    let Value::Object(mut given) = value else { return Err(format!("an object {name}Input belongs here")) };
    let mut data = Map::new();
    for member in types().members(name) {
        let value = given.swap_remove(member.name.as_str()).unwrap_or_default();
        if value == Value::Null && !matches!(member.shape, Shape::Optional(_)) {
            return Err(format!("`{}` is missing in {name}Input", member.name));
        }
        let value = json(value, &member.shape).map_err(|error| format!("{}: {error}", member.name))?;
        if !value.is_null() {
            data.insert(member.name.clone(), value);
        }
    }
    match given.keys().next() {
        Some(unknown) => Err(format!("{name}Input has no field `{unknown}`")),
        None => Ok(Json::Object(data)),
    }
}

fn scalar(kind: Scalar, value: Value) -> Result<Json, String> {
    match kind {
        Scalar::Text => parsed::<String>(value),
        Scalar::Boolean => parsed::<bool>(value),
        Scalar::Number => parsed::<u32>(value),
        Scalar::Code => parsed::<Code>(value),
        Scalar::Reference => parsed::<Reference>(value),
        Scalar::Stream => parsed::<StreamId>(value),
        Scalar::Sequence => parsed::<Sequence>(value),
        Scalar::Hash => parsed::<Hash>(value),
        Scalar::PartialDate => parsed::<PartialDate>(value),
        Scalar::Instant => parsed::<Instant>(value),
        Scalar::Term => parsed::<Term>(value),
        Scalar::VerifierKey => parsed::<VerifierKey>(value),
    }
}

/// Reads a value by the scalar's own parser, and writes it as the wire has it.
fn parsed<T: InputType + Serialize>(value: Value) -> Result<Json, String> {
    let parsed =
        T::parse(Some(value)).map_err(|error| error.into_server_error(async_graphql::Pos::default()).message)?;
    serde_json::to_value(parsed).map_err(|error| error.to_string())
}
