//! The registers that an officer knows, as data: which states each lists, its columns, and how a cell is read from a state.
//!
//! ```text
//! current.entry.recipients                  every value at the path; lists on the way fan out
//! closed.fact.facts|reported.fact.what      the first path that has a value
//! assessed[last].fact.categories            of the last item of a list
//! ```
//!
//! What a value looks like, and what people call it, is read from the declaration of the family, so a column says nothing but
//! its path. Registers about persons show nothing that lies in the vault: these values are personal.

mod views;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::family::FAMILIES;
use crate::family::describe::{Catalogue, Kind, Label, Language, Scalar, Shape};
use crate::family::opened::{Opened, erased_mark};
use crate::family::terms::Linked;
use crate::ledger::erasable::{Digest, MARK, digests};
use crate::ledger::name::{Code, Reference, Sequence, StreamId};

pub use views::REGISTERS;

/// A register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum), graphql(name = "RegisterKind"))]
pub enum RegisterKind {
    /// The processing activities of the institution as a controller (GDPR Art. 30(1)).
    ProcessingActivities,
    /// What the institution does as a processor, on behalf of other controllers (GDPR Art. 30(2)).
    ProcessorActivities,
    /// The personal data breaches, those that were notified to nobody too (GDPR Art. 33(5)).
    Breaches,
    /// The requests of data subjects and what became of them (GDPR Art. 12, 15-20).
    Requests,
    /// The complaints, those to the supervisory authority too; queries are none (GDPR Art. 77, Awb Art. 9:12a).
    Complaints,
    /// The processor agreements (GDPR Art. 28(3)).
    Agreements,
    /// The transfers to third countries and their grounds (GDPR Art. 44-49).
    Transfers,
}

/// What a register is.
#[derive(Debug)]
pub struct Register {
    /// Which one.
    pub kind: RegisterKind,
    /// Its name in commands, as `processing-activities`.
    pub name: &'static str,
    /// Its title in Dutch.
    pub nl: &'static str,
    /// Its title in English.
    pub en: &'static str,
    /// The wire name of the family whose states it lists.
    pub family: &'static str,
    /// The keys that a state must have to be in it.
    pub filter: &'static [(&'static str, &'static str)],
    /// The key by which it is narrowed to a unit; `None`: its states belong to no unit.
    pub unit_key: Option<&'static str>,
    /// Where the number of the version stands, in registers whose entries have versions.
    pub version: Option<&'static str>,
    /// Its columns.
    pub columns: &'static [Column],
    /// What a row is in the Data Privacy Vocabulary; `None`: it has no term for it.
    pub row_class: Option<&'static str>,
    /// What the register is there.
    pub class: &'static str,
    /// The property that leads from the register to its rows.
    pub row_property: &'static str,
}

impl Register {
    /// Returns the title in a language.
    pub fn title(&self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.nl,
            Language::En => self.en,
        }
    }

    /// Lists the keys that a state must have, those of a unit if one is given; `None`: the register knows no units.
    pub fn keys(&self, unit: Option<&Code>) -> Option<Vec<(&'static str, String)>> {
        let mut keys: Vec<(&'static str, String)> =
            self.filter.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        if let Some(unit) = unit {
            keys.push((self.unit_key?, unit.to_string()));
        }
        Some(keys)
    }
}

impl RegisterKind {
    /// Returns what the register is.
    pub fn register(self) -> &'static Register {
        match self {
            Self::ProcessingActivities => &views::PROCESSING_ACTIVITIES,
            Self::ProcessorActivities => &views::PROCESSOR_ACTIVITIES,
            Self::Breaches => &views::BREACHES,
            Self::Requests => &views::REQUESTS,
            Self::Complaints => &views::COMPLAINTS,
            Self::Agreements => &views::AGREEMENTS,
            Self::Transfers => &views::TRANSFERS,
        }
    }
}

/// A column of a register.
#[derive(Debug)]
pub struct Column {
    /// Its name in data.
    pub name: &'static str,
    /// What people call it in Dutch.
    pub nl: &'static str,
    /// What people call it in English.
    pub en: &'static str,
    /// The provision that it answers; empty: it serves the reader.
    pub source: &'static str,
    /// How a cell is read.
    pub read: Read,
    /// What it is in the Data Privacy Vocabulary; nothing: it has no term for it.
    pub linked: &'static [Linked],
}

impl Column {
    /// Returns what people call it.
    pub fn label(&self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.nl,
            Language::En => self.en,
        }
    }
}

/// How a cell is read from a state.
#[derive(Clone, Copy, Debug)]
pub enum Read {
    /// All values at some paths, one item each.
    Values(&'static [&'static str]),
    /// An item for each value at a path, made of its members: "first: second, third".
    Each(&'static str, &'static [&'static str]),
}

/// What a state does not hold itself and its cells need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Commitments to open.
    pub digests: BTreeSet<Digest>,
    /// Streams to call by their references.
    pub streams: BTreeSet<StreamId>,
}

/// What lies outside a state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outside {
    /// Opened commitments.
    pub opened: BTreeMap<Digest, Opened>,
    /// References of streams.
    pub references: BTreeMap<StreamId, Reference>,
}

/// A value that the vault should hold and does not, though nothing says that it was erased.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the vault does not hold the value of {0}")]
pub struct Missing(pub Digest);

/// A cell of a register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its items.
    pub items: Vec<Item>,
}

impl Cell {
    /// Returns the cell as people read it; empty where there is nothing.
    pub fn text(&self) -> String {
        self.items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join("; ")
    }
}

/// An item of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The item as people read it.
    pub text: String,
    /// What it is made of.
    pub parts: Vec<Part>,
}

impl Item {
    /// Returns the parts that were read at a path; `""` in a cell of plain values.
    pub fn at(&self, path: &str) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.path == path)
    }
}

/// A part of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The path at which it was read, as the column has it.
    pub path: &'static str,
    /// The value as on the wire.
    pub wire: String,
    /// The value as people read it.
    pub text: String,
}

/// Reads the cells of one register in one language.
#[derive(Debug)]
pub struct RegisterReader {
    register: &'static Register,
    catalogue: Catalogue,
    root: Shape,
    language: Language,
    marks_erased: bool,
}

impl RegisterReader {
    /// Makes the reader of a register.
    pub fn new(kind: RegisterKind, language: Language) -> Self {
        let register = kind.register();
        let mut catalogue = Catalogue::default();
        let family = FAMILIES.iter().find(|family| family.name == register.family);
        // That every register has its family is held by a test.
        let root = family.map_or(Shape::Scalar(Scalar::Text), |family| (family.describe_state)(&mut catalogue));
        Self { register, catalogue, root, language, marks_erased: true }
    }

    /// Leaves erased values out, for those who read by program; people read in their place that they are erased.
    pub fn without_erased(self) -> Self {
        Self { marks_erased: false, ..self }
    }

    /// Returns the register.
    pub fn register(&self) -> &'static Register {
        self.register
    }

    /// Returns the language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Lists what the cells of a state need besides it.
    pub fn needs(&self, state: &Value) -> Needs {
        let mut needs = Needs::default();
        for column in self.register.columns {
            for place in self.leaves(column.read, state) {
                needs.digests.extend(digests(place.value));
                needs.streams.extend(place.stream());
            }
        }
        needs
    }

    /// Reads the cells of a state, in the order of the columns.
    pub fn cells(&self, state: &Value, outside: &Outside) -> Result<Vec<Cell>, Missing> {
        self.register.columns.iter().map(|column| self.cell(column.read, state, outside)).collect()
    }

    /// Returns the number of the version that a state is in.
    pub fn version(&self, state: &Value) -> Option<u32> {
        let place = self.register.version.and_then(|path| self.find(self.root(state), path).first().copied())?;
        place.value.as_u64().and_then(|number| u32::try_from(number).ok())
    }

    /// Returns the newest fact that a state names.
    pub fn newest(state: &Value) -> Option<Sequence> {
        match state {
            Value::Object(members) => {
                let own = members.get("sequence").and_then(Value::as_u64).map(Sequence);
                members.values().filter_map(Self::newest).chain(own).max()
            }
            Value::Array(items) => items.iter().filter_map(Self::newest).max(),
            _ => None,
        }
    }

    fn cell(&self, read: Read, state: &Value, outside: &Outside) -> Result<Cell, Missing> {
        let mut items = Vec::new();
        match read {
            Read::Values(paths) => {
                for place in paths.iter().flat_map(|path| self.find(self.root(state), path)) {
                    let part = self.part("", place, outside)?;
                    items.extend(part.map(|part| Item { text: part.text.clone(), parts: vec![part] }));
                }
            }
            Read::Each(list, members) => {
                for place in self.find(self.root(state), list) {
                    items.extend(self.item(place, members, outside)?);
                }
            }
        }
        Ok(Cell { items })
    }

    /// Reads an item from the members of a value; `None` if it has none of them.
    fn item(
        &self,
        of: Place<'_>,
        members: &'static [&'static str],
        outside: &Outside,
    ) -> Result<Option<Item>, Missing> {
        let mut parts: Vec<Part> = Vec::new();
        let mut words: Vec<String> = Vec::new();
        let mut leads = false;
        for (position, path) in members.iter().copied().enumerate() {
            for place in self.find(of, path) {
                let Some(part) = self.part(path, place, outside)? else { continue };
                leads |= position == 0;
                // A bare number, date or "yes" says nothing beside other words.
                let named = place.label.filter(|_| place.is_bare() && position > 0);
                words.push(
                    named.map_or_else(
                        || part.text.clone(),
                        |label| format!("{}: {}", label.of(self.language), part.text),
                    ),
                );
                parts.push(part);
            }
        }
        let text = match words.split_first() {
            None => return Ok(None),
            Some((first, rest)) if leads && !rest.is_empty() => format!("{first}: {}", rest.join(", ")),
            Some(_) => words.join(", "),
        };
        Ok(Some(Item { text, parts }))
    }

    /// Reads a part; `None` if it is erased and such are left out.
    fn part(&self, path: &'static str, place: Place<'_>, outside: &Outside) -> Result<Option<Part>, Missing> {
        let Some((value, shape)) = opened(place.value, place.shape, outside)? else {
            let text = self.erased().to_owned();
            return Ok(self.marks_erased.then_some(Part { path, wire: String::new(), text }));
        };
        Ok(Some(Part { path, wire: plain(value), text: self.text(value, shape, outside)? }))
    }

    /// What stands in the place of an erased value.
    fn erased(&self) -> &'static str {
        if self.marks_erased { erased_mark(self.language) } else { "" }
    }

    /// Writes a value as people read it.
    fn text(&self, value: &Value, shape: &Shape, outside: &Outside) -> Result<String, Missing> {
        let Some((value, shape)) = opened(value, shape, outside)? else { return Ok(self.erased().to_owned()) };
        let name = match shape {
            Shape::Scalar(Scalar::Boolean) => return Ok(self.yes_or_no(value)),
            Shape::Scalar(Scalar::Stream) => return Ok(called(value, outside)),
            Shape::Scalar(_) => return Ok(plain(value)),
            Shape::Optional(inner) | Shape::Erasable(inner) => return self.text(value, inner, outside),
            Shape::List(inner) => {
                let items = value.as_array().into_iter().flatten();
                let words: Result<Vec<String>, Missing> = items.map(|item| self.text(item, inner, outside)).collect();
                return Ok(joined(words?, ", "));
            }
            Shape::Named(name) => name,
        };
        match self.catalogue.get(name).map(|definition| &definition.kind) {
            Some(Kind::Choice(choices)) => {
                let chosen = choices.iter().find(|item| Some(item.value.as_str()) == value.as_str());
                Ok(chosen.map_or_else(|| plain(value), |item| item.label.of(self.language).to_owned()))
            }
            Some(Kind::Record(_)) if name == LANG_TEXT => Ok(in_language(value, self.language)),
            Some(Kind::Record(members)) => {
                let present = members.iter().filter_map(|member| Some((value.get(&member.name)?, &member.shape)));
                let words: Result<Vec<String>, Missing> =
                    present.map(|(value, shape)| self.text(value, shape, outside)).collect();
                Ok(joined(words?, " "))
            }
            None => Ok(plain(value)),
        }
    }

    fn yes_or_no(&self, value: &Value) -> String {
        let word = match (value.as_bool(), self.language) {
            (Some(true), Language::Nl) => "ja",
            (Some(false), Language::Nl) => "nee",
            (Some(true), Language::En) => "yes",
            (Some(false), Language::En) => "no",
            (None, _) => "",
        };
        word.to_owned()
    }

    fn root<'a>(&'a self, state: &'a Value) -> Place<'a> {
        Place { value: state, shape: &self.root, label: None }
    }

    /// Lists the values from which a cell is read.
    fn leaves<'a>(&'a self, read: Read, state: &'a Value) -> Vec<Place<'a>> {
        let root = self.root(state);
        match read {
            Read::Values(paths) => paths.iter().flat_map(|path| self.find(root, path)).collect(),
            Read::Each(list, members) => {
                let items = self.find(root, list);
                items.into_iter().flat_map(|item| members.iter().flat_map(move |path| self.find(item, path))).collect()
            }
        }
    }

    /// Finds the values at the first of some paths that has any.
    fn find<'a>(&'a self, from: Place<'a>, paths: &str) -> Vec<Place<'a>> {
        let mut found = paths.split('|').map(|path| self.walk(from, path));
        found.find(|places| !places.is_empty()).unwrap_or_default()
    }

    fn walk<'a>(&'a self, from: Place<'a>, path: &str) -> Vec<Place<'a>> {
        path.split('.').fold(vec![from], |places, step| {
            let (name, last) = match step.strip_suffix(LAST) {
                Some(name) => (name, true),
                None => (step, false),
            };
            let members = places.into_iter().filter_map(|place| self.member(place, name));
            members.flat_map(|member| items(member, last)).collect()
        })
    }

    fn member<'a>(&'a self, of: Place<'a>, name: &str) -> Option<Place<'a>> {
        let member = self.catalogue.members(of.shape.name()?).iter().find(|member| member.name == name)?;
        let value = of.value.get(name).filter(|value| !value.is_null())?;
        Some(Place { value, shape: &member.shape, label: Some(&member.label) })
    }
}

/// The record of a text in two languages.
const LANG_TEXT: &str = "LangText";
/// In a path: of the last item of a list.
const LAST: &str = "[last]";

/// A value with what it looks like.
#[derive(Clone, Copy)]
struct Place<'a> {
    value: &'a Value,
    shape: &'a Shape,
    label: Option<&'a Label>,
}

impl Place<'_> {
    fn stream(&self) -> Option<StreamId> {
        match self.shape {
            Shape::Scalar(Scalar::Stream) => self.value.as_str().and_then(|text| text.parse().ok()),
            _ => None,
        }
    }

    fn is_bare(&self) -> bool {
        let Shape::Scalar(scalar) = self.shape else { return false };
        matches!(scalar, Scalar::Boolean | Scalar::Number | Scalar::PartialDate | Scalar::Instant)
    }
}

/// The values that a member holds: of a list each or the last one, of anything else itself.
fn items(place: Place<'_>, last: bool) -> Vec<Place<'_>> {
    match (place.shape, place.value) {
        (Shape::Optional(inner), _) => items(Place { shape: inner, ..place }, last),
        (Shape::List(inner), Value::Array(values)) => {
            let from = if last { values.len().saturating_sub(1) } else { 0 };
            values[from..].iter().map(|value| Place { value, shape: inner, ..place }).collect()
        }
        _ => vec![place],
    }
}

/// Joins words; what is empty is left out.
fn joined(mut words: Vec<String>, between: &str) -> String {
    words.retain(|word| !word.is_empty());
    words.join(between)
}

/// An open value with what it looks like.
type Open<'a> = (&'a Value, &'a Shape);

/// Opens a commitment, `None` if its value is erased; any other value is open.
fn opened<'a>(value: &'a Value, shape: &'a Shape, outside: &'a Outside) -> Result<Option<Open<'a>>, Missing> {
    let (Shape::Erasable(inner), Some(text)) = (shape, value.get(MARK).and_then(Value::as_str)) else {
        return Ok(Some((value, shape)));
    };
    match text.parse::<Digest>() {
        Ok(digest) => match outside.opened.get(&digest) {
            Some(opened) => Ok(opened.value().map(|value| (value, &**inner))),
            None => Err(Missing(digest)),
        },
        // The ledger's own reader lets no such commitment in.
        Err(_) => Ok(Some((&Value::Null, inner))),
    }
}

/// Calls a stream by its reference, or by its id where it has none.
fn called(value: &Value, outside: &Outside) -> String {
    let text = plain(value);
    let reference = text.parse().ok().and_then(|stream: StreamId| outside.references.get(&stream));
    reference.map_or(text, ToString::to_string)
}

/// Returns a text in two languages in one of them, or in the other if there is no such wording.
pub fn in_language(value: &Value, language: Language) -> String {
    let order = match language {
        Language::Nl => ["nl", "en"],
        Language::En => ["en", "nl"],
    };
    let wording = order.into_iter().find_map(|name| value.get(name).and_then(Value::as_str));
    wording.unwrap_or_default().to_owned()
}

/// Writes a single value as on the wire.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
