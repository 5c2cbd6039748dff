//! JSON Schemas of the events and an example of each, made from the declarations (JSON Schema 2020-12).
//!
//! ```json
//! { "$id": "urn:griffie:event:consent.granted:1", "title": "ConsentGranted", "type": "object", "properties": { … } }
//! ```
//!
//! The `data` member of an entry is of this form. An example once published reads for ever: a version never changes meaning.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::family::describe::{Catalogue, Definition, EventDescription, Kind, Member, Scalar, Shape};
use crate::family::kit::{Declaration, ShapeError};
use crate::ledger::canonical;
use crate::ledger::erasable::MARK;

/// The schema and the example of one event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSchema {
    /// The name of its file, as `consent.granted.v1.json`.
    pub file: String,
    /// The schema, with the example and the hash of its canonical bytes inside.
    pub schema: Value,
}

/// Makes the schemas of all events of a family.
pub fn event_schemas(family: &Declaration) -> Vec<EventSchema> {
    let mut catalogue = Catalogue::default();
    let events = family.describe_events(&mut catalogue);
    events.iter().map(|event| event_schema(family, event, &catalogue)).collect()
}

/// The members of a schema that stay as they were first published.
const FROZEN: [&str; 2] = ["examples", "x-example-sha256"];

/// Takes over the example of the same version that was published earlier: what it means never changes, though descriptions do.
pub fn keep_example(mut schema: Value, published: &Value) -> Value {
    let kept = FROZEN.iter().filter_map(|name| Some((*name, published.get(*name)?.clone())));
    kept.for_each(|(name, value)| schema[name] = value);
    schema
}

/// Checks that the example of a published schema still reads through its family, and that it is the one that was published.
pub fn check_example(families: &[Declaration], published: &Value) -> Result<(), ExampleError> {
    let id = published["$id"].as_str().and_then(|id| id.strip_prefix("urn:griffie:event:")).unwrap_or_default();
    let unknown = || ExampleError::NoEvent(id.to_owned());
    let (name, version) = id.split_once(':').ok_or_else(unknown)?;
    let (family, fact) = name.split_once('.').ok_or_else(unknown)?;
    let version: u32 = version.parse().map_err(|_| unknown())?;
    let family = families.iter().find(|known| known.name == family).ok_or_else(unknown)?;
    let example = &published["examples"][0];
    if published["x-example-sha256"].as_str() != hash(example).as_deref() {
        return Err(ExampleError::Changed(id.to_owned()));
    }
    (family.check)(fact, version, example).map_err(|source| ExampleError::Unreadable(id.to_owned(), source))
}

/// Says what is wrong with a published example.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExampleError {
    /// There is no such event any more.
    #[error("{0} was published and is no event any more; an event that was published stays")]
    NoEvent(String),
    /// Another example than was published.
    #[error("the example of {0} is not the one that its hash is of; put the published one back")]
    Changed(String),
    /// The event's shape has changed.
    #[error("the published example of {0} cannot be read any more: {1}; give the event a new version beside this one")]
    Unreadable(String, ShapeError),
}

/// The SHA-256 of the canonical bytes of a value, in hexadecimal.
fn hash(value: &Value) -> Option<String> {
    canonical::encode(value).ok().map(|text| hex::encode(Sha256::digest(text)))
}

fn event_schema(family: &Declaration, event: &EventDescription, catalogue: &Catalogue) -> EventSchema {
    let name = format!("{}.{}", family.name, event.declaration.fact);
    let version = event.declaration.version;
    let mut mentioned = BTreeSet::new();
    let mut schema = record(catalogue.members(&event.type_name), &mut mentioned);
    let example = example(&Shape::Named(event.type_name.clone()), catalogue, &name);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:griffie:event:{name}:{version}"),
        "title": event.type_name,
        "description": event.doc,
        "x-label": { "nl": event.label.nl, "en": event.label.en },
        "x-domain-name": event.declaration.domain_name,
        "x-example-sha256": hash(&example),
        "examples": [example],
        "$defs": definitions(catalogue, mentioned),
    });
    extend(&mut schema, head);
    EventSchema { file: format!("{name}.v{version}.json"), schema }
}

/// The definitions that are mentioned, and those that they mention.
fn definitions(catalogue: &Catalogue, mut open: BTreeSet<String>) -> Value {
    let mut done = Map::new();
    while let Some(name) = open.pop_first() {
        let Some(definition) = catalogue.get(&name).filter(|_| !done.contains_key(&name)) else { continue };
        let mut mentioned = BTreeSet::new();
        let schema = named(definition, &mut mentioned);
        open.extend(mentioned);
        done.insert(name, schema);
    }
    Value::Object(done)
}

fn named(definition: &Definition, mentioned: &mut BTreeSet<String>) -> Value {
    let mut schema = match &definition.kind {
        Kind::Record(members) => record(members, mentioned),
        Kind::Choice(items) => {
            let values: Vec<&str> = items.iter().map(|item| item.value.as_str()).collect();
            let labels: Map<String, Value> = items
                .iter()
                .map(|item| (item.value.clone(), json!({ "nl": item.label.nl, "en": item.label.en })))
                .collect();
            json!({ "type": "string", "enum": values, "x-labels": labels })
        }
    };
    extend(&mut schema, json!({ "description": definition.doc }));
    schema
}

fn record(members: &[Member], mentioned: &mut BTreeSet<String>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for member in members {
        let (shape, optional) = match &member.shape {
            Shape::Optional(inner) => (inner.as_ref(), true),
            shape => (shape, false),
        };
        let mut schema = value(shape, mentioned);
        let label = json!({ "nl": member.label.nl, "en": member.label.en });
        extend(&mut schema, json!({ "description": member.doc, "x-label": label }));
        if !optional {
            required.push(member.name.clone());
        }
        properties.insert(member.name.clone(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn value(shape: &Shape, mentioned: &mut BTreeSet<String>) -> Value {
    match shape {
        Shape::Scalar(kind) => scalar(*kind),
        Shape::Named(name) => {
            mentioned.insert(name.clone());
            json!({ "$ref": format!("#/$defs/{name}") })
        }
        Shape::List(inner) => json!({ "type": "array", "items": value(inner, mentioned) }),
        Shape::Optional(inner) => value(inner, mentioned),
        Shape::Erasable(inner) => json!({
            "type": "object",
            "properties": { MARK: { "type": "string", "pattern": "^[A-Za-z0-9_-]{43}$" } },
            "required": [MARK],
            "additionalProperties": false,
            "x-erasable": value(inner, mentioned),
        }),
    }
}

fn scalar(kind: Scalar) -> Value {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match kind {
        Scalar::Text => json!({ "type": "string" }),
        Scalar::Boolean => json!({ "type": "boolean" }),
        Scalar::Number | Scalar::Sequence => json!({ "type": "integer", "minimum": 0 }),
        Scalar::Code => text("^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"),
        Scalar::Reference => text("^[A-Z0-9-]{1,32}$"),
        Scalar::Stream => text("^[a-z][A-Za-z0-9]{0,63}/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
        Scalar::Hash => text("^[0-9a-f]{64}$"),
        Scalar::PartialDate => text("^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z)?)?)?$"),
        Scalar::Instant => text("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z$"),
        Scalar::Term => json!({ "type": "string", "format": "duration" }),
        Scalar::VerifierKey => json!({ "type": "string" }),
    }
}

/// A value of a shape with every member present; commitments are to the path at which they stand.
pub fn example(shape: &Shape, catalogue: &Catalogue, path: &str) -> Value {
    match shape {
        Shape::Scalar(kind) => scalar_example(*kind, path),
        Shape::List(inner) => json!([example(inner, catalogue, path)]),
        Shape::Optional(inner) => example(inner, catalogue, path),
        Shape::Erasable(_) => json!({ MARK: URL_SAFE_NO_PAD.encode(Sha256::digest(path)) }),
        Shape::Named(name) => match catalogue.get(name).map(|definition| &definition.kind) {
            Some(Kind::Record(members)) => {
                let member = |member: &Member| {
                    let path = format!("{path}.{}", member.name);
                    (member.name.clone(), example(&member.shape, catalogue, &path))
                };
                Value::Object(members.iter().map(member).collect())
            }
            Some(Kind::Choice(items)) => items.first().map_or(Value::Null, |item| json!(item.value)),
            None => Value::Null,
        },
    }
}

fn scalar_example(kind: Scalar, path: &str) -> Value {
    match kind {
        Scalar::Text => json!("text"),
        Scalar::Boolean => json!(true),
        Scalar::Number => json!(1),
        Scalar::Sequence => json!(17),
        Scalar::Code => json!("code-1"),
        Scalar::Reference => json!("ACT-001"),
        Scalar::Stream => json!("activity/0191ae2f-5c80-7a3b-9c4d-5e6f708192a3"),
        Scalar::Hash => json!(hex::encode(Sha256::digest(path))),
        Scalar::PartialDate => json!("2024-09-01"),
        Scalar::Instant => json!("2024-09-01T10:00:00.000000Z"),
        Scalar::Term => json!("P1M"),
        // A key of the Go project's sum database, whose note format ours is.
        Scalar::VerifierKey => json!("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"),
    }
}

fn extend(schema: &mut Value, more: Value) {
    if let (Value::Object(schema), Value::Object(more)) = (schema, more) {
        schema.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::FAMILIES;

    #[test]
    fn every_example_reads_as_its_event() {
        for family in FAMILIES {
            for EventSchema { file, schema } in event_schemas(family) {
                let mut parts = file.split('.');
                let (fact, version) = (parts.nth(1).unwrap(), parts.next().unwrap().trim_start_matches('v'));
                let example = &schema["examples"][0];
                let read = (family.check)(fact, version.parse().unwrap(), example);
                assert_eq!(read, Ok(()), "{file}: {example}");
            }
        }
    }

    #[test]
    fn every_reference_is_defined_and_every_word_given() {
        fn references(value: &Value, found: &mut BTreeSet<String>) {
            match value {
                Value::Object(members) => members.iter().for_each(|(name, member)| match (name.as_str(), member) {
                    ("$ref", Value::String(to)) => drop(found.insert(to.trim_start_matches("#/$defs/").to_owned())),
                    _ => references(member, found),
                }),
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        for family in FAMILIES {
            for EventSchema { file, schema } in event_schemas(family) {
                let mut found = BTreeSet::new();
                references(&schema, &mut found);
                let defined: BTreeSet<String> = schema["$defs"].as_object().unwrap().keys().cloned().collect();
                assert_eq!(found, defined, "{file}");
            }
        }
    }

    fn published() -> Value {
        let family = crate::family::family("managementUnit").unwrap();
        event_schemas(family).remove(0).schema
    }

    #[test]
    fn a_published_example_is_kept_and_the_rest_follows_the_program() {
        let mut old = published();
        old["examples"] = json!([{ "unit": "mu-09" }]);
        old["x-example-sha256"] = json!(hash(&old["examples"][0]));
        old["description"] = json!("Old words.");
        let kept = keep_example(published(), &old);
        assert_eq!((&kept["examples"], &kept["x-example-sha256"]), (&old["examples"], &old["x-example-sha256"]));
        assert_eq!(kept["description"], published()["description"]);
        assert_eq!(check_example(FAMILIES, &kept), Ok(()));
        assert_eq!(keep_example(published(), &json!({})), published());
    }

    #[test]
    fn an_example_that_changed_or_cannot_be_read_is_refused() {
        let check = |change: &dyn Fn(&mut Value), expected: &dyn Fn(&ExampleError) -> bool| {
            let mut schema = published();
            change(&mut schema);
            let refused = check_example(FAMILIES, &schema).unwrap_err();
            assert!(expected(&refused), "{refused}");
        };
        assert_eq!(check_example(FAMILIES, &published()), Ok(()));
        let no_event = |error: &ExampleError| matches!(error, ExampleError::NoEvent(_));
        for id in ["managementUnit.registered:9", "managementUnit.founded:1", "nobody.registered:1", "x", "a.b:c"] {
            let unreadable = |error: &ExampleError| matches!(error, ExampleError::Unreadable(..)) || no_event(error);
            check(&|schema| schema["$id"] = json!(format!("urn:griffie:event:{id}")), &unreadable);
        }
        check(&|schema| schema["$id"] = json!(7), &no_event);
        let changed = |error: &ExampleError| matches!(error, ExampleError::Changed(_));
        check(&|schema| schema["examples"][0]["unit"] = json!("mu-02"), &changed);
        check(&|schema| schema["x-example-sha256"] = Value::Null, &changed);
        let unreadable = |error: &ExampleError| matches!(error, ExampleError::Unreadable(..));
        let other = |schema: &mut Value| {
            schema["examples"][0] = json!({ "unit": 7 });
            schema["x-example-sha256"] = json!(hash(&schema["examples"][0]));
        };
        check(&other, &unreadable);
    }

    /// The schema says of each member whether it must be there; so does the event.
    #[test]
    fn a_schema_requires_what_its_event_requires_and_nothing_else() {
        let mut wrong = Vec::new();
        for family in FAMILIES {
            for EventSchema { file, schema } in event_schemas(family) {
                let mut parts = file.split('.');
                let (fact, version) = (parts.nth(1).unwrap(), parts.next().unwrap().trim_start_matches('v'));
                let example = schema["examples"][0].clone();
                assert_eq!(against(&schema, &example, &schema["$defs"]), Ok(()), "{file}");
                for (path, changed) in without_a_member("", &example) {
                    let reads = (family.check)(fact, version.parse().unwrap(), &changed).is_ok();
                    if reads != against(&schema, &changed, &schema["$defs"]).is_ok() {
                        wrong.push(format!("{file} without {path}: read {reads}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    /// The value without one of its members, for each member on every level.
    fn without_a_member(path: &str, value: &Value) -> Vec<(String, Value)> {
        let below = |name: &str, inner: &Value, put: &dyn Fn(Value) -> Value| {
            let inner = without_a_member(&format!("{path}.{name}"), inner).into_iter();
            inner.map(|(path, inner)| (path, put(inner))).collect::<Vec<_>>()
        };
        let mut found = Vec::new();
        match value {
            Value::Object(members) if !members.contains_key(MARK) => {
                for (name, member) in members {
                    let mut without = members.clone();
                    without.remove(name);
                    found.push((format!("{path}.{name}"), Value::Object(without)));
                    let put = |inner: Value| {
                        Value::Object(Map::from_iter(members.clone().into_iter().chain([(name.clone(), inner)])))
                    };
                    found.extend(below(name, member, &put));
                }
            }
            Value::Array(items) if items.len() == 1 => found.extend(below("0", &items[0], &|inner| json!([inner]))),
            _ => {}
        }
        found
    }

    /// Holds a value to the part of JSON Schema that is used here, but for patterns.
    fn against(schema: &Value, value: &Value, definitions: &Value) -> Result<(), String> {
        if let Some(to) = schema["$ref"].as_str() {
            return against(&definitions[to.trim_start_matches("#/$defs/")], value, definitions);
        }
        if let Some(values) = schema["enum"].as_array() {
            return if values.contains(value) { Ok(()) } else { Err(format!("{value} is none of {values:?}")) };
        }
        let kind = schema["type"].as_str().unwrap_or("any");
        let fits = match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_u64(),
            _ => false,
        };
        if !fits {
            return Err(format!("{value} is no {kind}"));
        }
        for item in value.as_array().into_iter().flatten() {
            against(&schema["items"], item, definitions)?;
        }
        let Some(members) = value.as_object() else { return Ok(()) };
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                return Err(format!("{name} is missing"));
            }
        }
        for (name, member) in members {
            let property = schema["properties"].get(name).ok_or_else(|| format!("{name} is unknown"))?;
            against(property, member, definitions)?;
        }
        Ok(())
    }
}
