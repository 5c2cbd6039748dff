//! Records as types of the API, made from what the families declare (`family/describe.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use async_graphql::InputType;
use async_graphql::registry::{MetaInputValue, Registry};

use crate::family::FAMILIES;
use crate::family::describe::{Catalogue, Definition, Kind, Member, Scalar, Shape};
use crate::family::kit::Declaration;
use crate::graphql::adapter::{add, argument, enumeration, field, input_object, object};
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Reference, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

/// All records and choices, and which record is which event or state.
pub struct Types {
    catalogue: Catalogue,
    events: BTreeMap<(&'static str, &'static str), EventType>,
    /// The records of events, and whether a state shows one without its place.
    records: BTreeMap<String, bool>,
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

/// The member that stands beside what happened: a fact has it, so its record in the API has not.
pub const REMARK: &str = "remark";
/// The field of a fact that says where it stands.
pub const PLACE: &str = "place";
/// The record of a fact's place, as `family/dossier.rs` declares it.
pub const FACT_PLACE: &str = "FactPlace";

/// Returns all types; they are put together once.
pub fn types() -> &'static Types {
    static TYPES: OnceLock<Types> = OnceLock::new();
    TYPES.get_or_init(Types::read)
}

impl Types {
    fn read() -> Self {
        let mut catalogue = Catalogue::default();
        let (mut events, mut states) = (BTreeMap::new(), BTreeMap::new());
        for family in FAMILIES {
            for event in family.describe_events(&mut catalogue) {
                let (fact, version) = (event.declaration.fact, event.declaration.version);
                let event = EventType { name: event.type_name, doc: event.doc, version };
                events.insert((family.name, fact), event);
            }
            let state = (family.describe_state)(&mut catalogue);
            states.insert(family.name, state.name().unwrap_or_default().to_owned());
        }
        crate::family::dossier::describe_place(&mut catalogue);
        let mut records: BTreeMap<String, bool> = events.values().map(|event| (event.name.clone(), false)).collect();
        let mut seen = BTreeSet::new();
        states.values().for_each(|state| mark_bare(&catalogue, state, &mut seen, &mut records));
        Self { catalogue, events, records, states }
    }

    /// Returns the record of an event; `None` if there is no such event.
    pub fn event(&'static self, family: &str, fact: &str) -> Option<&'static EventType> {
        self.events.iter().find(|((of, name), _)| *of == family && *name == fact).map(|(_, event)| event)
    }

    /// Returns the events of a family.
    pub fn events_of(&'static self, family: &'static str) -> impl Iterator<Item = (&'static str, &'static EventType)> {
        self.events.iter().filter(move |((of, _), _)| *of == family).map(|((_, fact), event)| (*fact, event))
    }

    /// Tells whether a record is that of an event.
    pub fn is_event(&'static self, name: &str) -> bool {
        self.records.contains_key(name)
    }

    /// Returns the names of all records that are events.
    pub fn event_names(&'static self) -> impl Iterator<Item = &'static str> {
        self.records.keys().map(String::as_str)
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

/// Marks the records of events that a state shows as they are, without their place.
fn mark_bare(catalogue: &Catalogue, name: &str, seen: &mut BTreeSet<String>, records: &mut BTreeMap<String, bool>) {
    if !seen.insert(name.to_owned()) {
        return;
    }
    let Some(Kind::Record(members)) = catalogue.get(name).map(|definition| &definition.kind) else { return };
    for inner in members.iter().filter_map(|member| member.shape.name()) {
        match catalogue.get(inner).and_then(|definition| definition.keeps.as_deref()) {
            // The fact is shown with its place; what it consists of may show others.
            Some(fact) => mark_bare(catalogue, fact, seen, records),
            None => {
                if let Some(bare) = records.get_mut(inner) {
                    *bare = true;
                }
                mark_bare(catalogue, inner, seen, records);
            }
        }
    }
}

/// Names the type of a value by its shape, without `!`.
pub fn name(shape: &Shape) -> String {
    match shape {
        Shape::Scalar(scalar) => scalar_name(*scalar).to_owned(),
        Shape::Named(name) => {
            let keeps = types().definition(name).and_then(|definition| definition.keeps.as_ref());
            keeps.unwrap_or(name).clone()
        }
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

/// Puts all types of values that go out into the schema, but for the states: these have fields beside their members.
pub fn register(registry: &mut Registry) {
    register_scalars(registry);
    for definition in types().catalogue.definitions() {
        register_definition(registry, definition);
    }
}

fn register_definition(registry: &mut Registry, definition: &'static Definition) {
    match &definition.kind {
        Kind::Choice(items) => {
            let values = items.iter().map(|item| (item.value.as_str(), item.doc.as_str()));
            add(registry, &definition.name, |_| enumeration(&definition.name, &definition.doc, values));
        }
        Kind::Record(_) if definition.keeps.is_some() => {}
        Kind::Record(members) => {
            members.iter().for_each(|member| register_erasable(registry, &member.shape));
            add(registry, &definition.name, |_| object(&definition.name, &definition.doc, record_fields(definition)));
        }
    }
}

/// The members of a record as fields. What happened says where it stands, and its remark stands there.
fn record_fields(definition: &'static Definition) -> Vec<async_graphql::registry::MetaField> {
    let event = types().records.get(&definition.name);
    let members = types().members(&definition.name).iter().filter(|member| event.is_none() || member.name != REMARK);
    let fields = members.map(|member| field(&member.name, &member.doc, output(&member.shape)));
    let place = event.map(|bare| {
        let (doc, ty) = if *bare {
            ("Where the fact stands; null where a state shows what happened without the fact.", FACT_PLACE.to_owned())
        } else {
            ("Where the fact stands.", format!("{FACT_PLACE}!"))
        };
        field(PLACE, doc, ty)
    });
    fields.chain(place).collect()
}

/// The fields of a family's state that are its members.
pub fn state_fields(family: &Declaration) -> Vec<async_graphql::registry::MetaField> {
    let members = types().members(types().state(family.name)).iter();
    members.map(|member| field(&member.name, &member.doc, output(&member.shape))).collect()
}

/// What the state of a family is, in words.
pub fn state_doc(family: &Declaration) -> &'static str {
    types().definition(types().state(family.name)).map_or("", |definition| definition.doc.as_str())
}

/// Puts what comes in with the events of a family into the schema: exactly one of them is given.
pub fn register_events(registry: &mut Registry, family: &'static Declaration) -> String {
    let name = format!("{}EventInput", family.graphql_name);
    let doc = "What happened: exactly one of the family's events.";
    add(registry, &name, |registry| {
        let events = types().events_of(family.name);
        events.for_each(|(_, event)| register_input(registry, &Shape::Named(event.name.clone())));
        let fields = types().events_of(family.name);
        let fields = fields.map(|(fact, event)| argument(fact, &event.doc, format!("{}Input", event.name)));
        input_object(&name, doc, fields, true)
    });
    name
}

fn register_input(registry: &mut Registry, shape: &Shape) {
    register_scalars(registry);
    match shape {
        Shape::Scalar(_) => {}
        Shape::Optional(inner) | Shape::Erasable(inner) | Shape::List(inner) => register_input(registry, inner),
        Shape::Named(name) => {
            let Some(definition) = types().definition(name) else { return };
            let Kind::Record(members) = &definition.kind else { return register_definition(registry, definition) };
            // An input type has at least one field: what happened without anything more to say keeps its remark.
            let alone = members.iter().all(|member| is_beside(name, member));
            let members = || members.iter().filter(|member| alone || !is_beside(name, member));
            let input_name = format!("{name}Input");
            add(registry, &input_name, |registry| {
                members().for_each(|member| register_input(registry, &member.shape));
                let fields = members().map(|member| argument(&member.name, &member.doc, input(&member.shape)));
                input_object(&input_name, &definition.doc, fields, false)
            });
        }
    }
}

/// Whether a member of a record stands beside it in the API: the remark of what happened.
pub fn is_beside(record: &str, member: &Member) -> bool {
    member.name == REMARK && types().is_event(record)
}

/// Puts the filter of a family's lists into the schema; `None`: it has no keys.
pub fn register_filter(registry: &mut Registry, family: &'static Declaration) -> Option<String> {
    if family.keys_declared.is_empty() {
        return None;
    }
    let name = format!("{}Filter", family.graphql_name);
    add(registry, &name, |registry| {
        let fields: Vec<MetaInputValue> = filters(family)
            .map(|(key, shape)| {
                register_input(registry, &shape);
                argument(key.name, key.doc, input(&Shape::Optional(Box::new(shape))))
            })
            .collect();
        input_object(&name, "Narrows a list; all that is given must be so.", fields, false)
    });
    Some(name)
}

/// The keys of a family, each with the shape of a single value.
pub fn filters(
    family: &'static Declaration,
) -> impl Iterator<Item = (&'static crate::family::kit::KeyDeclaration, Shape)> {
    fn single(shape: Shape) -> Shape {
        match shape {
            Shape::Optional(inner) | Shape::List(inner) | Shape::Erasable(inner) => single(*inner),
            shape => shape,
        }
    }
    family.keys_declared.iter().map(|key| (key, single((key.shape)(&mut Catalogue::default()))))
}

/// The choice that says why something is erased, as `family/erasure.rs` declares it.
const ERASURE_GROUND: &str = "ErasureGround";

fn register_scalars(registry: &mut Registry) {
    <String as InputType>::create_type_info(registry);
    <bool as InputType>::create_type_info(registry);
    <i32 as InputType>::create_type_info(registry);
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

/// Puts the types of erasable values within a shape into the schema.
pub fn register_erasable(registry: &mut Registry, shape: &Shape) {
    match shape {
        Shape::Scalar(_) | Shape::Named(_) => {}
        Shape::Optional(inner) | Shape::List(inner) => register_erasable(registry, inner),
        Shape::Erasable(inner) => add(registry, &name(shape), |_| {
            let about = "A value that is personal or free text. The ledger holds a commitment to it; the value itself can be \
                         erased, and is then a value that says so, not an error.";
            let digest = "The commitment in the entry: base64url of SHA-256 (RFC 9901).";
            let at = "When the value was erased, as the fact says that erased it; null: it is not. It is gone for every `knownAt`.";
            let ground = "On which ground it was erased, where that fact says so (GDPR Art. 17(1), 5(1)).";
            let by = "The fact that erased it.";
            let fields = [
                field("value", "The value; null if it is erased.", name(inner)),
                field("digest", digest, "String!"),
                field("erasedAt", at, scalar_name(Scalar::PartialDate)),
                field("ground", ground, ERASURE_GROUND),
                field("erasedBy", by, scalar_name(Scalar::Sequence)),
            ];
            object(&name(shape), about, fields)
        }),
    }
}
