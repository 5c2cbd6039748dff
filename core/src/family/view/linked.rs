//! Registers as JSON-LD in the W3C Data Privacy Vocabulary: <https://w3id.org/dpv>, version 2.2, and its extension for the GDPR.
//!
//! ```text
//! {"@context":{"dpv":"https://w3id.org/dpv#",…},"@id":"urn:uuid:0190b6a2-…","@type":"dpv:Process",
//!  "dct:identifier":"ACT-002","dpv:hasLegalBasis":[{"@id":"eu-gdpr:A6-1-a"}],…}
//! ```
//!
//! What the vocabulary has no term for is a `schema:PropertyValue` with the column's name, so that nothing is left out.

use serde_json::{Map, Value, json};

use crate::family::describe::Language;
use crate::family::register::{Cell, Column, Item, Part, Register};
use crate::family::terms::{Linked, LinkedPart, Terms};
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Origin, Reference, StreamId};
use crate::time::Instant;

/// What a document shows: which moment of which ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The ledger.
    pub origin: Origin,
    /// How many entries were known.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// When the last of them was recorded.
    pub recorded: Option<Instant>,
    /// Whether nothing more can become known of that moment.
    pub is_final: bool,
    /// What was in force is shown at this instant.
    pub valid: Instant,
    /// The first checkpoint that covers these entries: its size and its signed note.
    pub checkpoint: Option<(u64, String)>,
}

impl Shown {
    /// Returns what is said of the moment, as a JSON literal (JSON-LD 1.1 section 4.2.2).
    pub fn provenance(&self) -> Value {
        let checkpoint = self.checkpoint.as_ref().map(|(size, note)| json!({ "size": size, "note": note }));
        let known = json!({
            "size": self.size,
            "root": self.root,
            "recorded": self.recorded,
            "final": self.is_final,
        });
        let moment = json!({ "ledger": self.origin, "known": known, "validAt": self.valid, "checkpoint": checkpoint });
        json!({ "@type": "@json", "@value": moment })
    }
}

/// The prefixes of all terms.
pub fn context() -> Value {
    json!({
        "@version": 1.1,
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "loc": "https://w3id.org/dpv/loc#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    })
}

/// Returns what a document says of a register besides its rows, which belong under [`Register::row_property`].
pub fn header(register: &Register, language: Language, shown: &Shown) -> Value {
    json!({
        "@context": context(),
        "@type": register.class,
        "dct:title": { "@value": register.title(language), "@language": tag(language) },
        "dct:language": tag(language),
        "dct:provenance": shown.provenance(),
    })
}

/// Returns a row of a register.
pub fn row(register: &Register, stream: &StreamId, reference: Option<&Reference>, cells: &[Cell]) -> Value {
    let mut thing = Thing::default();
    thing.members.insert("@id".to_owned(), json!(iri(stream)));
    thing.types.extend(register.row_class);
    thing.add("dct:identifier", json!(reference.map_or_else(|| stream.id().to_string(), ToString::to_string)));
    for (column, cell) in register.columns.iter().zip(cells) {
        column.linked.iter().for_each(|linked| thing.link(linked, cell));
        if column.linked.is_empty() {
            thing.plain(column, cell);
        }
    }
    thing.finish()
}

/// Names a stream on the web of data.
pub fn iri(stream: &StreamId) -> String {
    format!("urn:uuid:{}", stream.id())
}

/// Refers to a term or a thing.
pub fn refer(iri: impl Into<String>) -> Value {
    json!({ "@id": iri.into() })
}

/// The tag of a language (BCP 47).
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::Nl => "nl",
        Language::En => "en",
    }
}

/// A thing in the making: what is said twice of one property becomes a list.
#[derive(Debug, Default)]
pub struct Thing {
    types: Vec<&'static str>,
    members: Map<String, Value>,
}

impl Thing {
    /// Begins a thing of a class.
    pub fn of(class: &'static str) -> Self {
        Self { types: vec![class], members: Map::new() }
    }

    /// Says that it is something else too.
    pub fn also(&mut self, class: &'static str) {
        if !self.types.contains(&class) {
            self.types.push(class);
        }
    }

    /// Says something of it, once.
    pub fn add(&mut self, property: &str, value: Value) {
        match self.members.get_mut(property) {
            None => drop(self.members.insert(property.to_owned(), value)),
            Some(Value::Array(values)) if values.contains(&value) => {}
            Some(Value::Array(values)) => values.push(value),
            Some(there) if *there == value => {}
            Some(there) => *there = Value::Array(vec![there.take(), value]),
        }
    }

    /// Says something of it if there is something to say.
    pub fn add_some(&mut self, property: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.add(property, value);
        }
    }

    /// Returns it.
    pub fn finish(mut self) -> Value {
        match self.types.as_slice() {
            [] => {}
            [class] => drop(self.members.insert("@type".to_owned(), json!(class))),
            classes => drop(self.members.insert("@type".to_owned(), json!(classes))),
        }
        Value::Object(self.members)
    }

    fn link(&mut self, linked: &Linked, cell: &Cell) {
        match *linked {
            Linked::Text(property) => cell.items.iter().for_each(|item| self.add(property, json!(item.text))),
            Linked::Thing { property, class, members } => {
                for item in &cell.items {
                    let mut thing = Self::of(class);
                    members.iter().for_each(|said| thing.say(said, item));
                    self.add(property, thing.finish());
                }
            }
            Linked::Term { property, part, terms } => {
                let parts = cell.items.iter().flat_map(|item| item.at(part));
                for found in parts.filter_map(|part| term(terms, part)) {
                    if property == "@type" {
                        self.also(found);
                    } else {
                        self.add(property, refer(found));
                    }
                }
            }
        }
    }

    fn say(&mut self, said: &LinkedPart, item: &Item) {
        for part in item.at(said.part) {
            if said.terms.is_empty() {
                self.add(said.property, json!(part.text));
            } else if let Some(found) = term(said.terms, part) {
                self.add(said.property, refer(found));
            }
        }
    }

    fn plain(&mut self, column: &Column, cell: &Cell) {
        let text = cell.text();
        if !text.is_empty() {
            let value =
                json!({ "@type": "schema:PropertyValue", "schema:propertyID": column.name, "schema:value": text });
            self.add("schema:additionalProperty", value);
        }
    }
}

fn term(terms: Terms, part: &Part) -> Option<&'static str> {
    terms.iter().find(|(wire, _)| *wire == part.wire).map(|(_, term)| *term)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::register::REGISTERS;
    use crate::family::terms::says;

    fn part(path: &'static str, wire: &str) -> Part {
        Part { path, wire: wire.to_owned(), text: wire.to_lowercase() }
    }

    fn cell(items: &[&[Part]]) -> Cell {
        let item = |parts: &&[Part]| Item {
            text: parts.iter().map(|part| part.text.clone()).collect::<Vec<_>>().join(", "),
            parts: parts.to_vec(),
        };
        Cell { items: items.iter().map(item).collect() }
    }

    const TERMS: Terms = &[("A", "dpv:A")];
    const MEMBERS: &[LinkedPart] =
        &[says("code", "dct:identifier"), LinkedPart { part: "kind", property: "k", terms: TERMS }];

    #[test]
    fn a_cell_is_said_by_text_by_thing_or_by_term() {
        let check = |linked: Linked, cell: Cell, expected: Value| {
            let mut thing = Thing::default();
            thing.link(&linked, &cell);
            assert_eq!(thing.finish(), expected, "{linked:?}");
        };
        let two = || cell(&[&[part("", "A")], &[part("", "B")]]);
        check(Linked::Text("dct:title"), cell(&[]), json!({}));
        check(Linked::Text("dct:title"), cell(&[&[part("", "A")]]), json!({ "dct:title": "a" }));
        check(Linked::Text("dct:title"), two(), json!({ "dct:title": ["a", "b"] }));
        check(Linked::Term { property: "p", part: "", terms: TERMS }, two(), json!({ "p": { "@id": "dpv:A" } }));
        check(Linked::Term { property: "@type", part: "", terms: TERMS }, two(), json!({ "@type": "dpv:A" }));
        let item = cell(&[&[part("code", "X"), part("kind", "A"), part("other", "Y")]]);
        let expected = json!({ "p": { "@type": "C", "dct:identifier": "x", "k": { "@id": "dpv:A" } } });
        check(Linked::Thing { property: "p", class: "C", members: MEMBERS }, item, expected);
    }

    #[test]
    fn what_is_said_twice_is_a_list_and_said_once_the_same() {
        let mut thing = Thing::of("C");
        ["a", "b", "a"].into_iter().for_each(|value| thing.add("p", json!(value)));
        thing.add_some("q", None);
        thing.add_some("q", Some(json!(1)));
        thing.also("D");
        assert_eq!(thing.finish(), json!({ "@type": ["C", "D"], "p": ["a", "b"], "q": 1 }));
    }

    #[test]
    fn every_term_is_under_a_prefix_of_the_context() {
        let Value::Object(prefixes) = context() else { panic!("the context is an object") };
        let check = |term: &str, of: &str| {
            let known =
                term == "@type" || term.split_once(':').is_some_and(|(prefix, _)| prefixes.contains_key(prefix));
            assert!(known, "{term} of {of}");
        };
        for register in REGISTERS {
            [register.class, register.row_property].into_iter().chain(register.row_class).for_each(|term| {
                check(term, register.name);
            });
            for linked in register.columns.iter().flat_map(|column| column.linked) {
                match linked {
                    Linked::Text(property) => check(property, register.name),
                    Linked::Thing { property, class, members } => {
                        check(property, register.name);
                        check(class, register.name);
                        for said in *members {
                            check(said.property, register.name);
                            said.terms.iter().for_each(|(_, term)| check(term, register.name));
                        }
                    }
                    Linked::Term { property, terms, .. } => {
                        check(property, register.name);
                        terms.iter().for_each(|(_, term)| check(term, register.name));
                    }
                }
            }
        }
    }
}
