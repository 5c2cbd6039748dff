//! Holds the committed schemas to the program: `schema/api.graphql` is what `griffie schema` prints, `schema/events` what
//! `griffie schema --events` writes, and the examples there are those that were first published.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use async_graphql::Positioned;
use async_graphql::parser::types::{FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition};
use griffie::family::FAMILIES;
use griffie::family::schema::{check_example, event_schemas};
use serde_json::{Value, json};

/// The environment variable by which these tests write the files instead of comparing them.
const UPDATE: &str = "UPDATE_SCHEMA";

fn is_update() -> bool {
    env::var_os(UPDATE).is_some_and(|value| value == "1")
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_committed_schema_is_that_of_the_program() {
    let path = root("schema/api.graphql");
    let printed = griffie::graphql::sdl();
    if is_update() {
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
fn the_committed_rules_are_those_of_the_program() {
    let path = root("schema/rules.json");
    let printed = format!("{}\n", serde_json::to_string_pretty(&griffie::rule::catalogue::rules_json()).unwrap());
    if is_update() {
        return fs::write(path, printed).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == printed,
        "schema/rules.json differs from the program; if the change is meant, run the tests with {UPDATE}=1"
    );
}

// --- Events ------------------------------------------------------------------------------------------------------

/// Writes the schemas of all events into a folder, as the program does.
fn write_events(folder: &Path) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_griffie"));
    program.arg("schema").arg("--events").arg(folder).output().unwrap()
}

/// The files of a folder by their names; none, if there is no folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())
    };
    entries.map(read).collect()
}

/// The committed files, copied to where they may be written over.
fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    files(&root("schema/events")).iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    folder
}

/// An event version never changes meaning: what was published once is read for ever, and is what it was.
#[test]
fn every_published_example_still_reads_and_is_what_it_was() {
    let committed = files(&root("schema/events"));
    assert!(is_update() || !committed.is_empty(), "schema/events is empty; run the tests with {UPDATE}=1");
    for (name, text) in committed {
        let schema: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        check_example(FAMILIES, &schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn the_committed_schemas_of_events_are_those_of_the_program() {
    let folder = root("schema/events");
    if is_update() {
        let written = write_events(&folder);
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        return;
    }
    let copy = copied();
    let written = write_events(copy.path());
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let (committed, written) = (files(&folder), files(copy.path()));
    let differing: Vec<&String> =
        written.iter().filter(|(name, text)| committed.get(*name) != Some(text)).map(|(name, _)| name).collect();
    assert!(
        differing.is_empty(),
        "schema/events differs from the program in {differing:?}; if the change is meant, run the tests with {UPDATE}=1"
    );
    let declared: Vec<String> = FAMILIES.iter().flat_map(event_schemas).map(|event| event.file).collect();
    let gone: Vec<&String> = committed.keys().filter(|name| !declared.contains(name)).collect();
    assert!(
        gone.is_empty(),
        "these events were published and are no more: {gone:?}; an event that was published stays"
    );
}

#[test]
fn an_update_never_writes_over_an_example() {
    let folder = tempfile::tempdir().unwrap();
    assert!(write_events(folder.path()).status.success());
    let path = folder.path().join("managementUnit.registered.v1.json");
    let fresh = fs::read_to_string(&path).unwrap();
    let change = |change: &dyn Fn(&mut Value)| {
        let mut schema: Value = serde_json::from_str(&fresh).unwrap();
        change(&mut schema);
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        fs::write(&path, &text).unwrap();
        text
    };
    // Words follow the program; an example of an earlier day stays.
    change(&|schema| schema["description"] = json!("Older words."));
    assert!(write_events(folder.path()).status.success());
    assert_eq!(fs::read_to_string(&path).unwrap(), fresh);
    let refuses = |text: String, words: &str| {
        let before = files(folder.path());
        let output = write_events(folder.path());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && error.contains(words), "{error}");
        assert!(error.contains("managementUnit.registered.v1.json"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "it was written over");
        assert_eq!(files(folder.path()), before, "others were written");
    };
    refuses(change(&|schema| schema["examples"][0]["unit"] = json!("mu-09")), "put the published one back");
    refuses(change(&|schema| schema["$id"] = json!("urn:griffie:event:nobody.founded:1")), "stays");
    fs::write(&path, "{").unwrap();
    refuses("{".to_owned(), "is no JSON");
}

// --- Descriptions ------------------------------------------------------------------------------------------------

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
