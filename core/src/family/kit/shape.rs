//! How values are read and written: by the shape that their declaration gives them.
//!
//! `declare!` writes an implementation of [`Shaped`] for each record and choice. Nothing in it is generic over a format: data is
//! read from and written to a JSON value, so that the compiler sees each type once.

use serde::{Deserialize as _, Serialize};
use serde_json::{Map, Value};

use crate::family::describe::{Catalogue, EventDeclaration, Kind, Scalar, Shape};
use crate::family::label::Language;
use crate::ledger::entry::Provenance;
use crate::ledger::erasable::{CLEAR, Erasable, MARK};
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Reference, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

/// A type that says what it looks like, and is read and written as it says.
pub trait Shaped: Sized {
    /// Says what a value looks like, and takes what it mentions into the catalogue.
    fn describe(catalogue: &mut Catalogue) -> Shape;

    /// Reads a value; a member that is absent is read from null.
    ///
    /// # Errors
    ///
    /// [`ShapeError::Members`] where the value is not of this shape.
    fn read(value: &Value) -> Result<Self, ShapeError>;

    /// Writes the value; null stands for one that is absent.
    fn write(&self) -> Value;
}

/// Says why data is not of the shape that its event or state declares.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// No family of that name.
    #[error("there is no family {0}")]
    UnknownFamily(String),
    /// No event of that name and version in the family.
    #[error("there is no event {0} in version {1}")]
    UnknownEvent(String, u32),
    /// The members are not those of the event.
    #[error("{0}")]
    Members(String),
}

impl ShapeError {
    fn in_member(self, name: &str) -> Self {
        match self {
            Self::Members(what) => Self::Members(format!("{name}: {what}")),
            other => other,
        }
    }
}

/// The members of a record while they are read; used by `declare!`.
pub struct Reading<'a> {
    members: &'a Map<String, Value>,
    /// How many of them were there when they were asked for.
    found: usize,
    asked: Vec<&'static str>,
}

impl<'a> Reading<'a> {
    /// Begins to read a record.
    pub fn of(value: &'a Value) -> Result<Self, ShapeError> {
        let members = value.as_object().ok_or_else(|| ShapeError::Members("an object belongs here".to_owned()))?;
        Ok(Self { members, found: 0, asked: Vec::with_capacity(members.len()) })
    }

    /// Reads a member.
    pub fn take<T: Shaped>(&mut self, name: &'static str) -> Result<T, ShapeError> {
        let value = self.find(name);
        match T::read(value.unwrap_or(&Value::Null)) {
            Ok(read) => Ok(read),
            Err(error) => Err(unfit(name, value.is_some(), error)),
        }
    }

    // What does not depend on the type stands apart: this is compiled for each of a thousand members otherwise.
    fn find(&mut self, name: &'static str) -> Option<&'a Value> {
        let value = self.members.get(name);
        self.found += usize::from(value.is_some());
        self.asked.push(name);
        value
    }

    /// Refuses members that nobody asked for.
    pub fn end(self) -> Result<(), ShapeError> {
        if self.found == self.members.len() {
            return Ok(());
        }
        let unknown = self.members.keys().find(|name| !self.asked.contains(&name.as_str()));
        Err(ShapeError::Members(format!("there is no member `{}`", unknown.map_or("", String::as_str))))
    }
}

#[cold]
fn unfit(name: &'static str, is_there: bool, error: ShapeError) -> ShapeError {
    if is_there { error.in_member(name) } else { ShapeError::Members(format!("`{name}` is missing")) }
}

/// The members of a record while they are written; used by `declare!`.
#[derive(Default)]
pub struct Writing {
    members: Map<String, Value>,
}

impl Writing {
    /// Writes a member; one that is absent has no spelling.
    pub fn put(&mut self, name: &'static str, value: Value) {
        if !value.is_null() {
            self.members.insert(name.to_owned(), value);
        }
    }

    /// Returns the record.
    pub fn end(self) -> Value {
        Value::Object(self.members)
    }
}

/// Reads one of some values by its wire form; used by `declare!`.
pub fn read_choice<T: Copy>(value: &Value, items: &[(&str, T)]) -> Result<T, ShapeError> {
    let wire = value.as_str().unwrap_or_default();
    items.iter().find(|(name, _)| *name == wire).map(|(_, item)| *item).ok_or_else(|| {
        let known: Vec<&str> = items.iter().map(|(name, _)| *name).collect();
        ShapeError::Members(format!("{value} is none of {}", known.join(", ")))
    })
}

macro_rules! scalars {
    ($($type:ty => $scalar:ident,)*) => {
        $(impl Shaped for $type {
            fn describe(_: &mut Catalogue) -> Shape {
                Shape::Scalar(Scalar::$scalar)
            }

            fn read(value: &Value) -> Result<Self, ShapeError> {
                Self::deserialize(value).map_err(|error| ShapeError::Members(error.to_string()))
            }

            fn write(&self) -> Value {
                written(self)
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
    Provenance => Text,
}

/// Names, numbers and dates are always JSON.
fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

impl<T: Shaped> Shaped for Option<T> {
    fn describe(catalogue: &mut Catalogue) -> Shape {
        Shape::Optional(Box::new(T::describe(catalogue)))
    }

    fn read(value: &Value) -> Result<Self, ShapeError> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }
}

impl<T: Shaped> Shaped for Vec<T> {
    fn describe(catalogue: &mut Catalogue) -> Shape {
        Shape::List(Box::new(T::describe(catalogue)))
    }

    fn read(value: &Value) -> Result<Self, ShapeError> {
        let items = value.as_array().ok_or_else(|| ShapeError::Members("a list belongs here".to_owned()))?;
        items.iter().map(T::read).collect()
    }

    fn write(&self) -> Value {
        Value::Array(self.iter().map(T::write).collect())
    }
}

/// Reads the sealed form only: otherwise one could graft another person's digest into an own stream and open it there.
impl<T: Shaped> Shaped for Erasable<T> {
    fn describe(catalogue: &mut Catalogue) -> Shape {
        Shape::Erasable(Box::new(T::describe(catalogue)))
    }

    fn read(value: &Value) -> Result<Self, ShapeError> {
        let members = value.as_object().filter(|members| members.len() == 1);
        let digest = members.and_then(|members| members.get(MARK)).and_then(Value::as_str);
        let digest = digest.ok_or_else(|| ShapeError::Members("a commitment belongs here".to_owned()))?;
        digest.parse().map(Self::Sealed).map_err(|error| ShapeError::Members(format!("{error}")))
    }

    fn write(&self) -> Value {
        let inside = match self {
            Self::Clear(value) => Value::Object(Map::from_iter([(CLEAR.to_owned(), value.write())])),
            Self::Sealed(digest) => Value::String(digest.to_string()),
        };
        Value::Object(Map::from_iter([(MARK.to_owned(), inside)]))
    }
}

crate::family::declare! {
    /// A fact that never was is taken back; `replaces` names it. A change in the world is not this.
    record Retracted {
        reason: Erasable<String> "Why the record was wrong.",
        remark: Erasable<String>? "Anything else worth knowing.",
    }
}

/// The fact by which a fact that never was is taken back.
pub const RETRACTED: &str = "retracted";

/// The declaration of the fact by which a fact is taken back; every family has it.
pub const RETRACTION: EventDeclaration = EventDeclaration {
    fact: RETRACTED,
    version: 1,
    domain_name: "CorrectionRecorded",
    nl: "teruggenomen",
    doc: "A fact that never was is taken back.",
    shape: <Retracted as Shaped>::describe,
};

/// Writes a value as text, as it stands in keys: a name or date as it is, anything else as JSON.
pub fn key_text<T: Shaped>(value: &T) -> String {
    text_of(value.write())
}

/// Writes a value as it stands in keys: a name or date as it is, anything else as JSON.
pub fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Returns what people call a value to choose; empty for one that is no choice.
pub fn label_of<T: Shaped>(value: &T, language: Language) -> String {
    let mut catalogue = Catalogue::default();
    let Shape::Named(name) = T::describe(&mut catalogue) else { return String::new() };
    let wire = key_text(value);
    let found = catalogue.get(&name).and_then(|described| match &described.kind {
        Kind::Choice(items) => items.iter().find(|item| item.value == wire),
        Kind::Record(_) => None,
    });
    found.map_or_else(String::new, |item| item.label.of(language).to_owned())
}
