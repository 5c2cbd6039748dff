//! What a pack holds, how its files are read, and what its statements are as facts.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::OnceLock;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::family::describe::{Catalogue, Kind, Shape};
use crate::family::kit::{Context, Declaration, Fact, Recorded};
use crate::family::ledger::OPERATOR;
use crate::family::legal_instrument::LegalInstrument;
use crate::ledger::canonical;
use crate::ledger::entry::{Actor, Provenance};
use crate::ledger::erasable::{self, SALT_BYTES};
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence};
use crate::time::{Instant, PartialDate, day_after};

/// Brings the files of `law/` into the program.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../law/", $name)))),*]
    };
}

/// The pack's own page: its number, until when it was kept, its files in their order.
const MANIFEST: &str = include_str!("../../../law/pack.json");
const FILES: &[(&str, &str)] = files![
    "gdpr.json",
    "dutch-statutes.json",
    "calendars.json",
    "united-states.json",
    "clauses.json",
    "adequacy.json",
    "judgments.json",
    "guidelines.json",
    "supervisor.json",
    "developments.json",
];

/// The names of the files that came with the program.
#[cfg(test)]
pub(super) fn files() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// The most bytes of a file of a pack.
pub const FILE_BYTES_MAX: u64 = 1 << 20;
/// The most statements of one instrument, which is recorded as a whole.
pub const STATEMENTS_MAX: usize = 100;
/// The version of the events that a pack states.
pub const VERSION: u32 = 1;
const LEGAL_INSTRUMENT: Declaration = Declaration::of::<LegalInstrument>();

/// How the files name the last day on which something counts, and the member of the fact that names the day after it.
const LAST_DAYS: [(&str, &[(&str, &str)]); 5] = [
    ("registered", &[("lastDay", "validTo"), ("newUseLastDay", "newUseUntil")]),
    ("enteredIntoForce", &[("lastDay", "validTo"), ("newUseLastDay", "newUseUntil")]),
    ("sunsetSet", &[("lastDay", "to")]),
    ("invalidated", &[("lastDay", "to")]),
    ("repealed", &[("lastDay", "to"), ("transitionLastDay", "transitionUntil"), ("newUseLastDay", "newUseUntil")]),
];

/// Says why files are no pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A file is not of the form.
    #[error("{file} is no file of a law pack: {message}")]
    File {
        /// Its name.
        file: String,
        /// What is wrong, with line and column.
        message: String,
    },
    /// The manifest names a file that is not there.
    #[error("the pack names {0}, which is not there")]
    Missing(String),
    /// A statement is no fact of a legal instrument.
    #[error("{code}, statement {place}: {message}")]
    Statement {
        /// The instrument.
        code: Code,
        /// The place of the statement, from 1.
        place: usize,
        /// What is wrong.
        message: String,
    },
}

/// Law as data, at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Its number; a later pack has a higher one.
    pub number: u32,
    /// The day until which it was kept: law of later days may be missing.
    pub kept: PartialDate,
    /// SHA-256 of the canonical JSON of its manifest and files.
    pub hash: Hash,
    /// Its subjects, one a file.
    pub subjects: Vec<Subject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    number: u32,
    kept: PartialDate,
    files: Vec<String>,
}

/// What a subject is called.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// In Dutch.
    pub nl: String,
    /// In English.
    pub en: String,
}

/// A subject of law: one file of the pack.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// What it is about, in Dutch and English.
    pub subject: Name,
    /// Remarks for readers of the file.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Its legal instruments.
    pub instruments: Vec<Instrument>,
}

/// A legal instrument, by what is stated of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// The code by which other facts name it, as `LEX-GDPR`.
    pub code: Code,
    /// What is stated of it, in the order in which it became public.
    pub statements: Vec<Statement>,
}

/// A statement about a legal instrument: a fact to be, and where it was read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The event of the family `legalInstrument`, as `enteredIntoForce`.
    pub fact: String,
    /// From when it counts.
    pub effective: PartialDate,
    /// Since when the public could know it.
    pub published: PartialDate,
    /// Where it was read.
    pub source: String,
    /// When somebody looked there; absent: nobody did, and it is general legal knowledge or comes from the project's own timeline.
    #[serde(default)]
    pub looked: Option<PartialDate>,
    /// The members of the event, as the API takes them; absent lists are empty, and ends are last days, inclusive (Reg. 1182/71 Art. 4).
    pub data: Map<String, Value>,
}

impl Pack {
    /// The pack that came with this program.
    ///
    /// # Errors
    ///
    /// [`PackError`] where its files are damaged, which a test of this program refuses.
    pub fn newest() -> Result<&'static Self, PackError> {
        static NEWEST: OnceLock<Pack> = OnceLock::new();
        if let Some(pack) = NEWEST.get() {
            return Ok(pack);
        }
        let pack = Self::read(MANIFEST, |name| {
            FILES.iter().find(|(file, _)| *file == name).map(|(_, text)| (*text).to_owned())
        })?;
        Ok(NEWEST.get_or_init(|| pack))
    }

    /// Reads a pack from its manifest and its files.
    ///
    /// # Errors
    ///
    /// [`PackError`] where a file is missing or not of the form.
    pub fn read(manifest: &str, mut file: impl FnMut(&str) -> Option<String>) -> Result<Self, PackError> {
        let (mut all, manifest): (Vec<Value>, Manifest) =
            (vec![parse("pack.json", manifest)?], parse("pack.json", manifest)?);
        let mut subjects = Vec::new();
        for name in &manifest.files {
            let text = file(name).ok_or_else(|| PackError::Missing(name.clone()))?;
            all.push(parse(name, &text)?);
            subjects.push(parse(name, &text)?);
        }
        let text = canonical::encode(&Value::Array(all))
            .map_err(|error| PackError::File { file: "pack.json".to_owned(), message: error.to_string() })?;
        let hash = Hash(Sha256::digest(text.as_bytes()).into());
        Ok(Self { number: manifest.number, kept: manifest.kept, hash, subjects })
    }

    /// How many statements it has, and of how many somebody looked at the source.
    pub fn counts(&self) -> (usize, usize) {
        let statements = || self.instruments().flat_map(|instrument| &instrument.statements);
        (statements().count(), statements().filter(|statement| statement.looked.is_some()).count())
    }

    /// All instruments, in the order of the files.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.subjects.iter().flat_map(|subject| &subject.instruments)
    }

    /// Finds an instrument by its code.
    pub fn instrument(&self, code: &str) -> Option<&Instrument> {
        self.instruments().find(|instrument| instrument.code.as_str() == code)
    }

    /// What is wrong with the pack: statements that are no facts or that the family would refuse, codes that are there twice or that no
    /// instrument has, and dates that contradict each other.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut codes = BTreeSet::new();
        for instrument in self.instruments() {
            if !codes.insert(&instrument.code) {
                problems.push(format!("{} is there twice", instrument.code));
            }
        }
        for instrument in self.instruments() {
            if instrument.statements.len() > STATEMENTS_MAX {
                let count = instrument.statements.len();
                problems.push(format!("{} has {count} statements, more than {STATEMENTS_MAX}", instrument.code));
            }
            self.look_at(instrument, &mut problems);
            for (place, statement) in (1..).zip(&instrument.statements) {
                let unknown = statement.names().filter(|code| !codes.iter().any(|known| known.as_str() == *code));
                problems.extend(
                    unknown.map(|code| {
                        format!("{}, statement {place}: no instrument has the code {code}", instrument.code)
                    }),
                );
            }
        }
        problems
    }

    fn look_at(&self, instrument: &Instrument, problems: &mut Vec<String>) {
        let nobody = std::collections::BTreeMap::new();
        let mut known: Vec<Fact> = Vec::new();
        for (place, statement) in instrument.statements.iter().enumerate() {
            let mut problem =
                |message: String| problems.push(format!("{}, statement {}: {message}", instrument.code, place + 1));
            if statement.source.trim().is_empty() {
                problem("it names no source".to_owned());
            }
            let earlier = place.checked_sub(1).and_then(|before| instrument.statements.get(before));
            if earlier.is_some_and(|earlier| earlier.published.earliest() > statement.published.latest()) {
                problem("it was published before the statement above it".to_owned());
            }
            if statement.looked.is_some_and(|looked| looked.latest() < statement.published.earliest()) {
                problem("somebody looked before it was published".to_owned());
            }
            let data = match self.data(instrument, place) {
                Ok(data) => sealed(data),
                Err(error) => {
                    problems.push(error.to_string());
                    continue;
                }
            };
            let recorded = statement.recorded(place);
            let context = Context { place: &recorded, streams: &nobody };
            let fact = Fact { recorded: recorded.clone(), fact: statement.fact.clone(), version: VERSION, data };
            let before: Vec<&Fact> = known.iter().collect();
            if let Err(refused) = (LEGAL_INSTRUMENT.admit)(&before, &fact, &context) {
                problem(refused.to_string());
            }
            known.push(fact);
        }
    }

    /// The data of the fact that a statement is, in version [`VERSION`] of its event, erasable values in clear, with where it was read
    /// as its remark.
    ///
    /// # Errors
    ///
    /// [`PackError::Statement`] where it is none.
    pub fn data(&self, instrument: &Instrument, place: usize) -> Result<Value, PackError> {
        let wrong = |message: String| PackError::Statement { code: instrument.code.clone(), place: place + 1, message };
        let statement = instrument.statements.get(place).ok_or_else(|| wrong("there is none".to_owned()))?;
        let mut catalogue = Catalogue::default();
        let events = LEGAL_INSTRUMENT.describe_events(&mut catalogue);
        let Some(event) = events.iter().find(|event| event.declaration.fact == statement.fact) else {
            return Err(wrong(format!("a legal instrument has no event {}", statement.fact)));
        };
        let mut data = statement.with_ends().map_err(wrong)?;
        let known = catalogue.members(&event.type_name);
        let knows = |name: &str| known.iter().any(|member| member.name == name);
        if knows("kind") {
            data.insert("code".to_owned(), json!(instrument.code));
        }
        if knows("published") {
            data.entry("published").or_insert_with(|| json!(statement.published));
        }
        data.insert("remark".to_owned(), json!(self.remark(statement)));
        let data = wire(&catalogue, &Shape::Named(event.type_name.clone()), &Value::Object(data)).map_err(wrong)?;
        (LEGAL_INSTRUMENT.check)(&statement.fact, VERSION, &sealed(data.clone()))
            .map_err(|error| wrong(error.to_string()))?;
        Ok(data)
    }

    fn remark(&self, statement: &Statement) -> String {
        format!("Law pack {}: {} ({}).", self.number, statement.source, statement.looked_up())
    }
}

impl Statement {
    /// Says in words when somebody looked.
    pub fn looked_up(&self) -> String {
        self.looked.map_or_else(|| "not looked up".to_owned(), |looked| format!("looked up on {looked}"))
    }

    /// Replaces last days by the ends that the family has, which are the days after.
    fn with_ends(&self) -> Result<Map<String, Value>, String> {
        let mut data = self.data.clone();
        let ends = LAST_DAYS.iter().find(|(fact, _)| *fact == self.fact).map_or(&[][..], |(_, ends)| ends);
        if let Some((_, end)) = LAST_DAYS.iter().flat_map(|(_, ends)| *ends).find(|(_, end)| data.contains_key(*end)) {
            return Err(format!("`{end}` is the day after; a pack names the last day"));
        }
        for (last, end) in ends {
            if let Some(day) = data.remove(*last) {
                let day = day
                    .as_str()
                    .and_then(|day| day.parse().ok())
                    .ok_or_else(|| format!("`{last}` is a date as 2025-06-27"))?;
                let after = day_after(&day).ok_or_else(|| format!("`{last}` is a day, a month or a year"))?;
                data.insert((*end).to_owned(), json!(after));
            }
        }
        Ok(data)
    }

    /// The codes of other instruments that it names.
    fn names(&self) -> impl Iterator<Item = &str> {
        let by = self.data.get("by").and_then(Value::as_str);
        let relations = self.data.get("relations").and_then(Value::as_array).into_iter().flatten();
        by.into_iter().chain(relations.filter_map(|relation| relation["instrument"].as_str()))
    }

    /// As if it were recorded when it was published, to hold the statements of an instrument to what the family admits.
    fn recorded(&self, place: usize) -> Recorded {
        Recorded {
            sequence: Sequence(place as u64 + 1),
            recorded: Instant::from_microseconds(self.published.latest().microseconds() + place as i64),
            effective: self.effective,
            actor: Actor { id: None, role: code(OPERATOR), unit: None },
            provenance: Provenance::Backfill,
            asserted: Some(self.published),
            replaces: None,
        }
    }
}

fn code(text: &str) -> Code {
    text.parse().unwrap_or_else(|_| unreachable!("the role of the operator is a code"))
}

/// Replaces clear values by commitments that hide nothing: to hold data to the shape of an entry, never to record it.
fn sealed(mut data: Value) -> Value {
    // What cannot be sealed stays clear, which the shape of an entry refuses.
    let _ = erasable::seal(&mut data, &mut || [0; SALT_BYTES]);
    data
}

fn parse<T: for<'d> Deserialize<'d>>(file: &str, text: &str) -> Result<T, PackError> {
    let wrong = |error: serde_json::Error| PackError::File { file: file.to_owned(), message: error.to_string() };
    serde_json::from_str::<NoMemberTwice>(text).map_err(wrong)?;
    serde_json::from_str(text).map_err(wrong)
}

/// JSON of which no object has a member twice: of two, a reader of the file would see one and the program take the other.
struct NoMemberTwice;

impl<'de> Deserialize<'de> for NoMemberTwice {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for NoMemberTwice {
    type Value = Self;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = BTreeSet::new();
        while let Some((name, _)) = members.next_entry::<String, Self>()? {
            if names.contains(&name) {
                return Err(A::Error::custom(format!("the member `{name}` is there twice")));
            }
            names.insert(name);
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}

/// Writes what people write as an entry has it: lists that are absent are empty, erasable values are marked as clear.
fn wire(catalogue: &Catalogue, shape: &Shape, value: &Value) -> Result<Value, String> {
    match (shape, value) {
        (Shape::Optional(inner), _) => wire(catalogue, inner, value),
        (Shape::Erasable(inner), _) => Ok(json!({ "...": { "clear": wire(catalogue, inner, value)? } })),
        (Shape::List(inner), Value::Array(items)) => items.iter().map(|item| wire(catalogue, inner, item)).collect(),
        (Shape::Named(name), Value::Object(said))
            if matches!(catalogue.get(name).map(|found| &found.kind), Some(Kind::Record(_))) =>
        {
            let members = catalogue.members(name);
            if let Some(unknown) = said.keys().find(|name| !members.iter().any(|member| member.name == **name)) {
                return Err(format!("`{unknown}` is no member of {name}"));
            }
            let mut written = Map::new();
            for member in members {
                match said.get(&member.name) {
                    Some(value) => drop(written.insert(member.name.clone(), wire(catalogue, &member.shape, value)?)),
                    None if matches!(member.shape, Shape::List(_)) => {
                        drop(written.insert(member.name.clone(), json!([])))
                    }
                    None => {}
                }
            }
            Ok(Value::Object(written))
        }
        _ => Ok(value.clone()),
    }
}
