//! Holds the committed schema to the program: `schema/api.graphql` is what `griffie schema` prints.

use std::env;
use std::fs;
use std::path::Path;

use async_graphql::Positioned;
use async_graphql::parser::types::{FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition};

/// The environment variable by which this test writes the file instead of comparing it.
const UPDATE: &str = "UPDATE_SCHEMA";

#[test]
fn the_committed_schema_is_that_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/api.graphql");
    let printed = griffie::graphql::sdl();
    if env::var_os(UPDATE).is_some_and(|value| value == "1") {
        return fs::write(path, printed).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap();
    let difference = committed.lines().zip(printed.lines()).position(|(old, new)| old != new);
    let line = difference.unwrap_or(committed.lines().count().min(printed.lines().count())) + 1;
    assert!(
        committed == printed,
        "schema/api.graphql differs from the program at line {line}; if the change is meant, run the tests with {UPDATE}=1"
    );
}

#[test]
fn every_type_field_argument_and_value_is_described() {
    let document = async_graphql::parser::parse_schema(griffie::graphql::sdl()).unwrap();
    let mut bare = Vec::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = definition.node;
        let name = definition.name.node.to_string();
        note(&mut bare, &name, definition.description.as_ref());
        match definition.kind {
            TypeKind::Object(object) => fields(&mut bare, &name, &object.fields),
            TypeKind::Interface(interface) => fields(&mut bare, &name, &interface.fields),
            TypeKind::InputObject(input) => inputs(&mut bare, &name, &input.fields),
            TypeKind::Enum(choice) => choice.values.iter().for_each(|value| {
                note(&mut bare, &format!("{name}.{}", value.node.value.node), value.node.description.as_ref());
            }),
            TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }
    assert_eq!(bare, Vec::<String>::new(), "without a description");
}

fn fields(bare: &mut Vec<String>, of: &str, fields: &[Positioned<FieldDefinition>]) {
    for field in fields {
        let name = format!("{of}.{}", field.node.name.node);
        note(bare, &name, field.node.description.as_ref());
        inputs(bare, &name, &field.node.arguments);
    }
}

fn inputs(bare: &mut Vec<String>, of: &str, inputs: &[Positioned<InputValueDefinition>]) {
    for input in inputs {
        note(bare, &format!("{of}.{}", input.node.name.node), input.node.description.as_ref());
    }
}

fn note(bare: &mut Vec<String>, name: &str, description: Option<&Positioned<String>>) {
    if description.is_none_or(|description| description.node.trim().is_empty()) {
        bare.push(name.to_owned());
    }
}
