//! Records as types of the API, made from what the families declare (`family/describe.rs`).
//!
//! Facts and states are data with a shape, so they need no code of their own here: their types are put into the schema from the
//! catalogue, values are shown member by member as selected, and input is read by the same shapes. (Derived code for each of
//! a thousand records took the compiler minutes and gigabytes.)

use std::collections::BTreeMap;
use std::sync::OnceLock;

use async_graphql::registry::{Deprecation, MetaEnumValue, MetaField, MetaInputValue, MetaType, Registry};
use async_graphql::{CacheControl, InputType};

use crate::family::FAMILIES;
use crate::family::describe::{Catalogue, Definition, Kind, Member, Scalar, Shape};
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Reference, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

/// All records and choices, and which record is which event or state.
pub struct Types {
    catalogue: Catalogue,
    events: BTreeMap<(&'static str, &'static str), EventType>,
    states: BTreeMap<&'static str, String>,
}

/// The record of an event.
pub struct EventType {
    /// The name of the record.
    pub name: String,
    /// What happened.
    pub doc: String,
    /// The version of its shape.
    pub version: u32,
}

/// Returns all types; they are put together once.
pub fn types() -> &'static Types {
    static TYPES: OnceLock<Types> = OnceLock::new();
    TYPES.get_or_init(|| {
        let mut types = Types { catalogue: Catalogue::default(), events: BTreeMap::new(), states: BTreeMap::new() };
        for family in FAMILIES {
            for event in family.describe_events(&mut types.catalogue) {
                let (fact, version) = (event.declaration.fact, event.declaration.version);
                let event = EventType { name: event.type_name, doc: event.doc, version };
                types.events.insert((family.name, fact), event);
            }
            let state = (family.describe_state)(&mut types.catalogue);
            types.states.insert(family.name, state.name().unwrap_or_default().to_owned());
        }
        types
    })
}

impl Types {
    /// Returns the record of an event; `None` if there is no such event.
    pub fn event(&'static self, family: &str, fact: &str) -> Option<&'static EventType> {
        self.events.iter().find(|((of, name), _)| *of == family && *name == fact).map(|(_, event)| event)
    }

    /// Returns the events of a family.
    pub fn events_of(&'static self, family: &'static str) -> impl Iterator<Item = (&'static str, &'static EventType)> {
        self.events.iter().filter(move |((of, _), _)| *of == family).map(|((_, fact), event)| (*fact, event))
    }

    /// Returns the names of all records that are events.
    pub fn event_names(&'static self) -> impl Iterator<Item = &'static str> {
        self.events.values().map(|event| event.name.as_str())
    }

    /// Returns the name of the record that is a family's state.
    pub fn state(&'static self, family: &str) -> &'static str {
        self.states.get(family).map_or("", String::as_str)
    }

    /// Returns the members of a record.
    pub fn members(&'static self, name: &str) -> &'static [Member] {
        self.catalogue.members(name)
    }

    /// Returns a record or choice.
    pub fn definition(&'static self, name: &str) -> Option<&'static Definition> {
        self.catalogue.get(name)
    }
}

/// Names the type of a value by its shape, without `!`.
pub fn name(shape: &Shape) -> String {
    match shape {
        Shape::Scalar(scalar) => scalar_name(*scalar).to_owned(),
        Shape::Named(name) => name.clone(),
        Shape::Optional(inner) => name(inner),
        Shape::Erasable(inner) => format!("Erasable{}", name(inner)),
        Shape::List(inner) => format!("[{}!]", name(inner)),
    }
}

/// Names the type of a value on the way out.
fn output(shape: &Shape) -> String {
    match shape {
        Shape::Optional(inner) => name(inner),
        shape => format!("{}!", name(shape)),
    }
}

/// Names the type of a value on the way in: erasable values come in clear.
fn input(shape: &Shape) -> String {
    fn bare(shape: &Shape) -> String {
        match shape {
            Shape::Scalar(scalar) => scalar_name(*scalar).to_owned(),
            Shape::Named(name) if is_choice(name) => name.clone(),
            Shape::Named(name) => format!("{name}Input"),
            Shape::Optional(inner) | Shape::Erasable(inner) => bare(inner),
            Shape::List(inner) => format!("[{}!]", bare(inner)),
        }
    }
    match shape {
        Shape::Optional(inner) => bare(inner),
        shape => format!("{}!", bare(shape)),
    }
}

fn is_choice(name: &str) -> bool {
    types().definition(name).is_some_and(|definition| matches!(definition.kind, Kind::Choice(_)))
}

fn scalar_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => "String",
        Scalar::Boolean => "Boolean",
        Scalar::Number => "Int",
        Scalar::Code => "Code",
        Scalar::Reference => "Reference",
        Scalar::Stream => "ID",
        Scalar::Sequence => "Sequence",
        Scalar::Hash => "Hash",
        Scalar::PartialDate => "PartialDate",
        Scalar::Instant => "DateTime",
        Scalar::Term => "Duration",
        Scalar::VerifierKey => "VerifierKey",
    }
}

/// Puts all types into the schema, unless they are there.
pub fn register(registry: &mut Registry) {
    register_scalars(registry);
    for definition in types().catalogue.definitions() {
        match &definition.kind {
            Kind::Choice(_) => add(registry, definition.name.clone(), || choice(definition)),
            Kind::Record(members) => {
                members.iter().for_each(|member| register_erasable(registry, &member.shape));
                add(registry, definition.name.clone(), || record(definition, members));
            }
        }
    }
}

/// Puts what comes in with the events of a family into the schema.
pub fn register_input(registry: &mut Registry, shape: &Shape) {
    register_scalars(registry);
    match shape {
        Shape::Scalar(_) => {}
        Shape::Optional(inner) | Shape::Erasable(inner) | Shape::List(inner) => register_input(registry, inner),
        Shape::Named(name) => {
            let Some(definition) = types().definition(name) else { return };
            match &definition.kind {
                Kind::Choice(_) => add(registry, name.clone(), || choice(definition)),
                Kind::Record(members) => {
                    let input_name = format!("{name}Input");
                    // What is there was gone through: a record may mention itself.
                    let is_there = registry.types.contains_key(&input_name);
                    add(registry, input_name.clone(), || {
                        let fields = members.iter().map(|member| (member.name.clone(), input_member(member)));
                        input_object(&input_name, &definition.doc, fields.collect(), false)
                    });
                    if !is_there {
                        members.iter().for_each(|member| register_input(registry, &member.shape));
                    }
                }
            }
        }
    }
}

/// The choice that says why something is erased, as `family/erasure.rs` declares it.
const ERASURE_GROUND: &str = "ErasureGround";

fn register_scalars(registry: &mut Registry) {
    <String as InputType>::create_type_info(registry);
    <bool as InputType>::create_type_info(registry);
    <u32 as InputType>::create_type_info(registry);
    <Code as InputType>::create_type_info(registry);
    <Reference as InputType>::create_type_info(registry);
    <StreamId as InputType>::create_type_info(registry);
    <Sequence as InputType>::create_type_info(registry);
    <Hash as InputType>::create_type_info(registry);
    <PartialDate as InputType>::create_type_info(registry);
    <Instant as InputType>::create_type_info(registry);
    <Term as InputType>::create_type_info(registry);
    <VerifierKey as InputType>::create_type_info(registry);
}

fn add(registry: &mut Registry, name: String, make: impl FnOnce() -> MetaType) {
    registry.types.entry(name).or_insert_with(make);
}

fn register_erasable(registry: &mut Registry, shape: &Shape) {
    match shape {
        Shape::Scalar(_) | Shape::Named(_) => {}
        Shape::Optional(inner) | Shape::List(inner) => register_erasable(registry, inner),
        Shape::Erasable(inner) => add(registry, name(shape), || {
            let about = "A value that is personal or free text. The ledger holds a commitment to it; the value itself can be \
                         erased, and is then a value that says so, not an error.";
            let digest = "The commitment in the entry: base64url of SHA-256 (RFC 9901).";
            let at = "When the value was erased, as the fact says that erased it; null: it is not. It is gone for every `knownAt`.";
            let ground = "On which ground it was erased, where that fact says so (GDPR Art. 17(1), 5(1)).";
            let by = "The fact that erased it.";
            let fields = [
                field("value", "The value; null if it is erased.", name(inner)),
                field("digest", digest, "String".to_owned()),
                field("erasedAt", at, scalar_name(Scalar::PartialDate).to_owned()),
                field("ground", ground, ERASURE_GROUND.to_owned()),
                field("erasedBy", by, scalar_name(Scalar::Sequence).to_owned()),
            ];
            object(&name(shape), about, fields)
        }),
    }
}

fn record(definition: &Definition, members: &[Member]) -> MetaType {
    let fields = members.iter().map(|member| field(&member.name, &member.doc, output(&member.shape)));
    object(&definition.name, &definition.doc, fields)
}

fn choice(definition: &Definition) -> MetaType {
    let items = match &definition.kind {
        Kind::Choice(items) => items.as_slice(),
        Kind::Record(_) => &[],
    };
    let value = |item: &crate::family::describe::Item| MetaEnumValue {
        name: item.value.clone(),
        description: Some(item.doc.clone()),
        deprecation: Deprecation::NoDeprecated,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    };
    MetaType::Enum {
        name: definition.name.clone(),
        description: Some(definition.doc.clone()),
        enum_values: items.iter().map(|item| (item.value.clone(), value(item))).collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// An object type.
pub fn object(name: &str, doc: &str, fields: impl IntoIterator<Item = MetaField>) -> MetaType {
    MetaType::Object {
        name: name.to_owned(),
        description: Some(doc.to_owned()).filter(|doc| !doc.is_empty()),
        fields: fields.into_iter().map(|field| (field.name.clone(), field)).collect(),
        cache_control: CacheControl::default(),
        extends: false,
        shareable: false,
        resolvable: true,
        inaccessible: false,
        interface_object: false,
        tags: Vec::new(),
        keys: None,
        visible: None,
        is_subscription: false,
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// A field without arguments; `ty` is its type with `!` where it is never null.
pub fn field(name: &str, doc: &str, ty: String) -> MetaField {
    MetaField {
        name: name.to_owned(),
        description: Some(doc.to_owned()),
        args: Default::default(),
        ty,
        deprecation: Deprecation::NoDeprecated,
        cache_control: CacheControl::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// An input object type; with `oneof`, exactly one of its fields is given.
pub fn input_object(
    name: &str,
    doc: &str,
    input_fields: async_graphql::indexmap::IndexMap<String, MetaInputValue>,
    oneof: bool,
) -> MetaType {
    MetaType::InputObject {
        name: name.to_owned(),
        description: Some(doc.to_owned()).filter(|doc| !doc.is_empty()),
        input_fields,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        oneof,
        directive_invocations: Vec::new(),
    }
}

fn input_member(member: &Member) -> MetaInputValue {
    argument(&member.name, &member.doc, input(&member.shape))
}

/// An argument or input field; `ty` is its type with `!` where it must be given.
pub fn argument(name: &str, doc: &str, ty: String) -> MetaInputValue {
    MetaInputValue {
        name: name.to_owned(),
        description: Some(doc.to_owned()),
        ty,
        deprecation: Deprecation::NoDeprecated,
        default_value: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}
