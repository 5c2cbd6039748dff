//! Facts on the way in: exactly one of a family's events, read by its shape.

use async_graphql::{InputType, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::family::describe::{Kind, Scalar, Shape};
use crate::family::kit::Declaration;
use crate::graphql::shape::{REMARK, types};
use crate::ledger::erasable::{CLEAR, MARK};
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Reference, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

/// An event of a family as somebody reports it: erasable values are marked as clear.
pub struct Reported {
    /// The name after the dot.
    pub fact: &'static str,
    /// The version of its shape.
    pub version: u32,
    /// Its data.
    pub data: Json,
}

/// Reads exactly one of a family's events, and the remark beside it.
///
/// Files of facts may have the remark among the members of the event, where an entry has it; the schema of the API does not.
///
/// # Errors
///
/// Where it is not one of them, in words for whoever gave it.
pub fn reported(family: &'static Declaration, event: Value, remark: Option<String>) -> Result<Reported, String> {
    let Value::Object(members) = event else {
        return Err("`event` is missing: give one of the family's events".to_owned());
    };
    let mut given = members.into_iter().filter(|(_, value)| *value != Value::Null);
    let (Some((fact, data)), None) = (given.next(), given.next()) else {
        return Err("give exactly one of the family's events".to_owned());
    };
    let event = types().events_of(family.name).find(|(name, _)| *name == fact.as_str());
    let (fact, event) = event.ok_or_else(|| format!("there is no event {fact} in this family"))?;
    let mut data = json(data, &Shape::Named(event.name.clone()))?;
    if let (Some(remark), Some(members)) = (remark, data.as_object_mut()) {
        let before = members.insert(REMARK.to_owned(), json!({ MARK: { CLEAR: remark } }));
        if before.is_some() {
            return Err("the remark is given twice: beside the event, and in it".to_owned());
        }
    }
    Ok(Reported { fact, version: event.version, data })
}

/// Reads a value by its shape; what is wrong is told without the value.
///
/// # Errors
///
/// Where it is not of the shape, in words for whoever gave it.
pub fn json(value: Value, shape: &Shape) -> Result<Json, String> {
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
        // GraphQL's Int has 32 bits, and what comes in by a file goes out by the API.
        Scalar::Number => match parsed::<i32>(value)? {
            number if number.as_i64().is_some_and(|number| number < 0) => {
                Err(format!("{number} is no whole number from 0 on"))
            }
            number => Ok(number),
        },
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
