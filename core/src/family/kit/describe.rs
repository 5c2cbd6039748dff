//! What the families declare of themselves, as data: types, members, their words in Dutch and English.
//!
//! JSON Schemas, the readable catalogue, labels, imports and exports are made from this, so that a new event needs nothing
//! but its declaration. The descriptions are the doc comments of the declarations.

use std::collections::BTreeMap;

use serde_json::Value;

pub use crate::family::label::{Label, Language};
use crate::family::words;

/// What a value looks like on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A single value of a kind that has a name.
    Scalar(Scalar),
    /// A record or choice of the catalogue.
    Named(String),
    /// Any number of values.
    List(Box<Shape>),
    /// A value that may be absent.
    Optional(Box<Shape>),
    /// A value that lies in the vault; the entry has its commitment.
    Erasable(Box<Shape>),
}

impl Shape {
    /// Returns the record or choice that the value, or each of its values, is.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Scalar(_) => None,
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Optional(inner) | Self::Erasable(inner) => inner.name(),
        }
    }
}

/// The kinds of single values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// A text.
    Text,
    /// True or false.
    Boolean,
    /// A whole number from 0 on.
    Number,
    /// A structural code.
    Code,
    /// The human reference of a stream.
    Reference,
    /// A stream.
    Stream,
    /// A position in the ledger.
    Sequence,
    /// A SHA-256.
    Hash,
    /// A date as far as it is known.
    PartialDate,
    /// An instant.
    Instant,
    /// A length of time.
    Term,
    /// A verifier key.
    VerifierKey,
}

/// A record or a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name in the API.
    pub name: String,
    /// What it is.
    pub doc: String,
    /// The record of what happened, where this is a fact with its place, as a state keeps it.
    pub keeps: Option<String>,
    /// What it consists of.
    pub kind: Kind,
}

/// What a definition consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Members, in the order of their declaration.
    Record(Vec<Member>),
    /// Values to choose from.
    Choice(Vec<Item>),
}

/// A member of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its wire name.
    pub name: String,
    /// What it is.
    pub doc: String,
    /// What people call it.
    pub label: Label,
    /// What its value looks like.
    pub shape: Shape,
}

/// A value to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its wire form.
    pub value: String,
    /// What it means.
    pub doc: String,
    /// What people call it.
    pub label: Label,
}

/// The declaration of one event.
pub struct EventDeclaration {
    /// The name after the dot, as `granted`.
    pub fact: &'static str,
    /// The version of its shape; a version never changes meaning.
    pub version: u32,
    /// The name in the domain model and the requirements, as `ConsentGranted`.
    pub domain_name: &'static str,
    /// What people call it in Dutch; empty where nobody said so, which a test refuses.
    pub nl: &'static str,
    /// What happened.
    pub doc: &'static str,
    /// What its record looks like.
    pub shape: fn(&mut Catalogue) -> Shape,
}

impl PartialEq for EventDeclaration {
    fn eq(&self, other: &Self) -> bool {
        (self.fact, self.version) == (other.fact, other.version)
    }
}

impl Eq for EventDeclaration {}

impl std::fmt::Debug for EventDeclaration {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} in version {}", self.fact, self.version)
    }
}

/// An event of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDescription {
    /// Its declaration.
    pub declaration: &'static EventDeclaration,
    /// What happened.
    pub doc: String,
    /// What people call it.
    pub label: Label,
    /// The name of its record.
    pub type_name: String,
}

/// What an event does to where a stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The event.
    pub fact: &'static str,
    /// The members of the state of which one must be there, or the event never could have been; none: it needs nothing.
    pub needs: &'static [&'static str],
    /// Where it leads to; absent: nowhere else.
    pub to: Option<&'static str>,
    /// Whether it happens once at most.
    pub once: bool,
}

/// All types that families mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    definitions: BTreeMap<String, Definition>,
    /// Names under which two different things are declared; there are none, as a test makes sure.
    pub clashes: Vec<String>,
}

impl Catalogue {
    /// Returns a definition by its name.
    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.definitions.get(name)
    }

    /// Returns all definitions, by name.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.definitions.values()
    }

    /// Returns the members of a record; of anything else none.
    pub fn members(&self, name: &str) -> &[Member] {
        match self.get(name).map(|definition| &definition.kind) {
            Some(Kind::Record(members)) => members,
            _ => &[],
        }
    }

    /// Puts empty lists into a record, and the records in it, where it has lists and a value says nothing of them: what people write by
    /// hand leaves out what is empty.
    pub fn with_empty_lists(&self, shape: &Shape, value: Value) -> Value {
        match (shape, value) {
            (Shape::Optional(inner) | Shape::Erasable(inner), value) => self.with_empty_lists(inner, value),
            (Shape::List(inner), Value::Array(items)) => {
                items.into_iter().map(|item| self.with_empty_lists(inner, item)).collect()
            }
            (Shape::Named(name), Value::Object(mut said)) => {
                for member in self.members(name) {
                    match said.remove(&member.name) {
                        Some(value) => {
                            drop(said.insert(member.name.clone(), self.with_empty_lists(&member.shape, value)))
                        }
                        None if matches!(member.shape, Shape::List(_)) => {
                            said.insert(member.name.clone(), Value::Array(Vec::new()));
                        }
                        None => {}
                    }
                }
                Value::Object(said)
            }
            (_, value) => value,
        }
    }

    /// Takes in a record; used by `declare!`.
    pub fn record(&mut self, name: &str, doc: &str, members: &[MemberDeclaration]) -> Shape {
        if !self.members(name).is_empty()
            && !self.members(name).iter().map(|member| &member.name).eq(members.iter().map(|member| member.name))
        {
            self.clashes.push(name.to_owned());
        }
        self.define(name, doc, |catalogue| {
            let member = |declared: &MemberDeclaration| Member {
                name: declared.name.to_owned(),
                doc: declared.doc.to_owned(),
                label: words::label(declared.name, declared.nl),
                shape: (declared.shape)(catalogue),
            };
            Kind::Record(members.iter().map(member).collect())
        })
    }

    /// Takes in a record that is a fact with its place.
    pub fn kept(&mut self, name: &str, doc: &str, fact: &str, members: &[MemberDeclaration]) -> Shape {
        let shape = self.record(name, doc, members);
        if let Some(definition) = self.definitions.get_mut(name) {
            definition.keeps = Some(fact.to_owned());
        }
        shape
    }

    /// Takes in a choice; used by `declare!`.
    pub fn choice(&mut self, name: &str, doc: &str, items: &[ItemDeclaration]) -> Shape {
        let item = |declared: &ItemDeclaration| Item {
            value: declared.wire.to_owned(),
            doc: declared.doc.to_owned(),
            label: words::value_label(declared.wire, declared.nl),
        };
        self.define(name, doc, |_| Kind::Choice(items.iter().map(item).collect()))
    }

    fn define(&mut self, name: &str, doc: &str, kind: impl FnOnce(&mut Self) -> Kind) -> Shape {
        if !self.definitions.contains_key(name) {
            // Put in first: a record may mention itself.
            let definition =
                Definition { name: name.to_owned(), doc: doc.to_owned(), keeps: None, kind: Kind::Record(Vec::new()) };
            self.definitions.insert(name.to_owned(), definition);
            let kind = kind(self);
            if let Some(definition) = self.definitions.get_mut(name) {
                definition.kind = kind;
            }
        }
        Shape::Named(name.to_owned())
    }
}

/// A member of a record as it is declared.
pub struct MemberDeclaration {
    /// Its wire name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// What people call it in Dutch; `None`: as `words.rs` has it.
    pub nl: Option<&'static str>,
    /// What its value looks like.
    pub shape: fn(&mut Catalogue) -> Shape,
}

/// A value to choose as it is declared.
pub struct ItemDeclaration {
    /// Its wire form.
    pub wire: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What people call it in Dutch; `None`: as `words.rs` has it.
    pub nl: Option<&'static str>,
}

impl EventDescription {
    /// Describes an event, and takes what it mentions into the catalogue.
    pub fn of(declaration: &'static EventDeclaration, catalogue: &mut Catalogue) -> Self {
        let type_name = (declaration.shape)(catalogue).name().unwrap_or_default().to_owned();
        let label = words::label(declaration.fact, Some(declaration.nl));
        Self { declaration, doc: declaration.doc.to_owned(), label, type_name }
    }
}
