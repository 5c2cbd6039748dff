//! What the families declare of themselves, as data: types, members, their words in Dutch and English.
//!
//! JSON Schemas, the readable catalogue, labels, imports and exports are made from this, so that a new event needs nothing
//! but its declaration. The descriptions are the doc comments of the declarations.

use std::collections::BTreeMap;

use super::kit::{Event, EventDeclaration};
use super::words;
use crate::ledger::entry::Provenance;
use crate::ledger::erasable::Erasable;
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Reference, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

/// The languages in which everything has a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Language {
    /// Dutch.
    Nl,
    /// English.
    #[default]
    En,
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Label {
    /// Dutch; empty if the declaration has none, which a test refuses.
    pub nl: String,
    /// English.
    pub en: String,
}

impl Label {
    /// Returns the name in a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Nl => &self.nl,
            Language::En => &self.en,
        }
    }
}

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The event.
    pub fact: &'static str,
    /// The members of the state of which one must be there, or the event never could have been; none: it needs nothing.
    pub needs: Vec<String>,
    /// Where it leads to; absent: nowhere else.
    pub to: Option<String>,
    /// Whether it happens once at most.
    pub once: bool,
}

/// All types that families mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    definitions: BTreeMap<String, Definition>,
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

    /// Takes in a record; used by the `record!` and `state!` macros.
    pub fn record(&mut self, name: &str, docs: &[&str], members: fn(&mut Self) -> Vec<Member>) -> Shape {
        self.define(name, docs, |catalogue| Kind::Record(members(catalogue)))
    }

    /// Takes in a choice; used by the `choice!` macro.
    pub fn choice(&mut self, name: &str, docs: &[&str], items: fn() -> Vec<Item>) -> Shape {
        self.define(name, docs, |_| Kind::Choice(items()))
    }

    fn define(&mut self, name: &str, docs: &[&str], kind: impl FnOnce(&mut Self) -> Kind) -> Shape {
        if !self.definitions.contains_key(name) {
            // Put in first: a record may mention itself.
            let definition = Definition { name: name.to_owned(), doc: doc(docs), kind: Kind::Record(Vec::new()) };
            self.definitions.insert(name.to_owned(), definition);
            let kind = kind(self);
            if let Some(definition) = self.definitions.get_mut(name) {
                definition.kind = kind;
            }
        }
        Shape::Named(name.to_owned())
    }
}

/// A type that can say what it looks like.
pub trait Described {
    /// Says what a value looks like, and takes what it mentions into the catalogue.
    fn describe(catalogue: &mut Catalogue) -> Shape;
}

macro_rules! scalars {
    ($($type:ty => $scalar:ident,)*) => {
        $(impl Described for $type {
            fn describe(_: &mut Catalogue) -> Shape {
                Shape::Scalar(Scalar::$scalar)
            }
        })*
    };
}

scalars! {
    String => Text,
    bool => Boolean,
    u16 => Number,
    u32 => Number,
    Code => Code,
    Reference => Reference,
    StreamId => Stream,
    Sequence => Sequence,
    Hash => Hash,
    PartialDate => PartialDate,
    Instant => Instant,
    Term => Term,
    VerifierKey => VerifierKey,
}

impl Described for Provenance {
    fn describe(_: &mut Catalogue) -> Shape {
        Shape::Scalar(Scalar::Text)
    }
}

impl<T: Described> Described for Option<T> {
    fn describe(catalogue: &mut Catalogue) -> Shape {
        Shape::Optional(Box::new(T::describe(catalogue)))
    }
}

impl<T: Described> Described for Vec<T> {
    fn describe(catalogue: &mut Catalogue) -> Shape {
        Shape::List(Box::new(T::describe(catalogue)))
    }
}

impl<T: Described> Described for Erasable<T> {
    fn describe(catalogue: &mut Catalogue) -> Shape {
        Shape::Erasable(Box::new(T::describe(catalogue)))
    }
}

/// Describes a member from its Rust name; used by the macros.
pub fn member(name: &str, docs: &[&str], nl: Option<&str>, shape: Shape) -> Member {
    let name = member_name(name);
    let label = words::label(&name, nl);
    Member { name, doc: doc(docs), label, shape }
}

/// Describes a value to choose; used by the `choice!` macro.
pub fn item<T: serde::Serialize>(value: &T, docs: &[&str], nl: Option<&str>) -> Item {
    let value = serde_json::to_value(value).ok();
    let value = value.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let label = words::value_label(&value, nl);
    Item { value, doc: doc(docs), label }
}

/// Returns what people call a value to choose; empty for one that does not describe itself as a choice.
pub fn label_of<T: Described + serde::Serialize>(value: &T, language: Language) -> String {
    let mut catalogue = Catalogue::default();
    let Shape::Named(name) = T::describe(&mut catalogue) else { return String::new() };
    let wire = super::kit::key_text(value);
    let found = catalogue.get(&name).and_then(|described| match &described.kind {
        Kind::Choice(items) => items.iter().find(|item| item.value == wire),
        Kind::Record(_) => None,
    });
    found.map_or_else(String::new, |item| item.label.of(language).to_owned())
}

/// Describes an event from its record; used by the `events!` macro.
pub fn event(declaration: &'static EventDeclaration, shape: Shape, docs: &[&str]) -> EventDescription {
    let type_name = match shape {
        Shape::Named(name) => name,
        _ => String::new(),
    };
    let label = words::label(declaration.fact, Some(declaration.nl));
    EventDescription { declaration, doc: doc(docs), label, type_name }
}

/// Describes a member that keeps facts of one event, and is called as the event is; used by the `dossier!` macro.
pub fn kept<E: Event>(name: &str, docs: &[&str], variant: &str, shape: Shape) -> Member {
    member(name, docs, declared::<E>(variant).map(|declaration| declaration.nl), shape)
}

/// Finds the declaration of an event by the name of its struct.
pub fn declared<E: Event>(variant: &str) -> Option<&'static EventDeclaration> {
    let fact = |declaration: &&EventDeclaration| declaration.fact.eq_ignore_ascii_case(variant);
    E::DECLARATIONS.iter().find(fact)
}

/// Spells a Rust member name as on the wire.
pub fn member_name(name: &str) -> String {
    camel_case(name.trim_start_matches("r#"))
}

/// Puts doc comments, as `stringify!` writes them, together into a paragraph.
pub fn doc(docs: &[&str]) -> String {
    let lines = docs.iter().filter_map(|line| {
        let text = line.trim_start().strip_prefix("doc")?;
        let (start, end) = (text.find('"')?, text.rfind('"')?);
        text.get(start + 1..end).map(str::trim)
    });
    let mut paragraph = String::new();
    for line in lines {
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(line);
    }
    paragraph
}

/// Spells `legal_reference` as `legalReference`, as serde does.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut spelled = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        spelled.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        spelled.push_str(letters.as_str());
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doc_comments_are_read_as_the_compiler_writes_them() {
        let check = |docs: &[&str], expected: &str| assert_eq!(doc(docs), expected);
        check(&[r##"doc = r" Its code.""##], "Its code.");
        check(&[r###"doc = r#" A "quoted" word"#"###, r##"doc = r" and more.""##], "A \"quoted\" word and more.");
        check(&["derive(Default)", r##"doc = " Old.""##], "Old.");
        check(&["serde(rename = \"x\")"], "");
    }

    #[test]
    fn names_are_spelled_as_on_the_wire() {
        let check = |name: &str, expected: &str| assert_eq!(camel_case(name), expected);
        check("legal_reference", "legalReference");
        check("to", "to");
        check("steps_grant_2", "stepsGrant2");
    }
}
