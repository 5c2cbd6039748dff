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

use super::describe::{Catalogue, Definition, EventDescription, Kind, Member, Scalar, Shape};
use super::kit::Declaration;
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
    let events = (family.describe_events)(&mut catalogue);
    events.iter().map(|event| event_schema(family, event, &catalogue)).collect()
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
        "x-example-sha256": canonical::encode(&example).map(|text| hex::encode(Sha256::digest(text))).unwrap_or_default(),
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
    use super::super::FAMILIES;
    use super::*;

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
}
