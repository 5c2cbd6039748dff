//! Facts in tables: which columns an event has, and how the rows of a sheet become its data.
//!
//! ```text
//! reference | effective  | version | name.nl   | purposes.code | purposes.basis | operations
//! ACT-101   | 2018-05-25 | 1       | werving   | inform        | CONSENT        | COLLECT; SEND
//! ACT-101   |            |         |           | measure       | CONSENT        |
//! ```
//!
//! A column is a path into the event. A list of single values stands in one cell, separated by `;`. A list of records takes
//! a row for each item: a row with the reference of the one before goes on with it. Cells say values as the wire does, or by
//! the Dutch or English name.

use serde_json::{Map, Value, json};

use crate::family::describe::{Catalogue, Kind, Language, Member, Scalar, Shape};
use crate::family::kit::Declaration;

/// The column that names the stream.
pub const REFERENCE: &str = "reference";
/// The column that says from when the fact holds.
pub const EFFECTIVE: &str = "effective";
/// The column that says when it was known, by the older records.
pub const ASSERTED: &str = "asserted";
/// What separates single values in one cell.
pub const SEPARATOR: char = ';';

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its path, as `purposes.text.nl`.
    pub path: String,
    /// What people call it, in Dutch.
    pub nl: String,
    /// What people call it, in English.
    pub en: String,
    /// What it is.
    pub doc: String,
    steps: Vec<Step>,
    cell: Cell,
}

/// A member on the way to a value, and whether it is a list of records.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    name: String,
    listed: bool,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    /// One value.
    One(Single),
    /// Several, separated.
    Several(Single),
}

#[derive(Clone, Debug, PartialEq)]
enum Single {
    Scalar(Scalar),
    /// Wire value, Dutch and English name.
    Choice(Vec<(String, String, String)>),
}

/// Says what is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CellError {
    /// Not one of the values.
    #[error("{value} is not one of {expected}")]
    NoChoice {
        /// What stands there.
        value: String,
        /// What could stand there.
        expected: String,
    },
    /// Neither yes nor no.
    #[error("{0} is neither yes nor no; write true or false, ja or nee")]
    NoBoolean(String),
    /// No whole number.
    #[error("{0} is no whole number from 0 on")]
    NoNumber(String),
}

/// Lists the columns of an event: the reference, the dates, and a column for each value in its data.
///
/// Lists of records inside lists of records have no column: such facts come as JSON Lines.
pub fn columns(family: &Declaration, fact: &str) -> Option<Vec<Column>> {
    let mut catalogue = Catalogue::default();
    let events = family.describe_events(&mut catalogue);
    let event = events.iter().find(|event| event.declaration.fact == fact)?;
    let fixed = |path: &str, nl: &str, en: &str, doc: &str, scalar| Column {
        path: path.to_owned(),
        nl: nl.to_owned(),
        en: en.to_owned(),
        doc: doc.to_owned(),
        steps: Vec::new(),
        cell: Cell::One(Single::Scalar(scalar)),
    };
    let mut columns = vec![
        fixed(REFERENCE, "kenmerk", "reference", "The human reference of the stream, as ACT-002.", Scalar::Reference),
        fixed(EFFECTIVE, "geldig vanaf", "in force from", "From when the fact holds.", Scalar::PartialDate),
        fixed(
            ASSERTED,
            "destijds bekend",
            "known at the time",
            "When it was known, by older records.",
            Scalar::PartialDate,
        ),
    ];
    let place = Place { steps: Vec::new(), nl: Vec::new(), en: Vec::new() };
    collect(&mut columns, &catalogue, catalogue.members(&event.type_name), &place);
    Some(columns)
}

#[derive(Clone)]
struct Place {
    steps: Vec<Step>,
    nl: Vec<String>,
    en: Vec<String>,
}

fn collect(columns: &mut Vec<Column>, catalogue: &Catalogue, members: &[Member], place: &Place) {
    for member in members {
        let mut place = place.clone();
        place.nl.push(member.label.nl.clone());
        place.en.push(member.label.en.clone());
        let (shape, listed) = bare(&member.shape);
        place.steps.push(Step { name: member.name.clone(), listed });
        let records = listed && place.steps.iter().filter(|step| step.listed).count() > 1;
        match (single(shape, catalogue), shape) {
            (Some(single), _) => columns.push(column(member, place, single, listed)),
            (None, Shape::Named(name)) if !records => collect(columns, catalogue, catalogue.members(name), &place),
            (None, _) => {}
        }
    }
}

fn column(member: &Member, mut place: Place, single: Single, several: bool) -> Column {
    if let Some(last) = place.steps.last_mut() {
        // Several single values stand in one cell.
        last.listed = false;
    }
    let path: Vec<&str> = place.steps.iter().map(|step| step.name.as_str()).collect();
    Column {
        path: path.join("."),
        nl: place.nl.join(" › "),
        en: place.en.join(" › "),
        doc: member.doc.clone(),
        cell: if several { Cell::Several(single) } else { Cell::One(single) },
        steps: place.steps,
    }
}

/// Looks through what may be absent or erased, and says whether it is a list.
fn bare(shape: &Shape) -> (&Shape, bool) {
    match shape {
        Shape::Optional(inner) | Shape::Erasable(inner) => bare(inner),
        Shape::List(inner) => (bare(inner).0, true),
        shape => (shape, false),
    }
}

fn single(shape: &Shape, catalogue: &Catalogue) -> Option<Single> {
    match shape {
        Shape::Scalar(scalar) => Some(Single::Scalar(*scalar)),
        Shape::Named(name) => match &catalogue.get(name)?.kind {
            Kind::Choice(items) => {
                let item = |item: &crate::family::describe::Item| {
                    (item.value.clone(), item.label.nl.clone(), item.label.en.clone())
                };
                Some(Single::Choice(items.iter().map(item).collect()))
            }
            Kind::Record(_) => None,
        },
        _ => None,
    }
}

impl Column {
    /// Tells whether a heading names this column: by its path, or by its name in either language.
    pub fn is_called(&self, heading: &str) -> bool {
        let heading = heading.trim();
        [&self.path, &self.nl, &self.en]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(heading) || name.to_lowercase() == heading.to_lowercase())
    }

    /// Returns what people call it.
    pub fn label(&self, language: Language) -> &str {
        match language {
            Language::Nl => &self.nl,
            Language::En => &self.en,
        }
    }

    /// Says what may stand in a cell.
    pub fn expects(&self) -> String {
        let (single, several) = match &self.cell {
            Cell::One(single) => (single, ""),
            Cell::Several(single) => (single, "; several, separated by ;"),
        };
        let one = match single {
            Single::Scalar(scalar) => format!("{scalar:?}"),
            Single::Choice(items) => items.iter().map(|(value, ..)| value.as_str()).collect::<Vec<_>>().join(" | "),
        };
        format!("{one}{several}")
    }

    /// Whether its value belongs to an item of a list of records, of which each row may hold one.
    pub fn is_of_an_item(&self) -> bool {
        self.steps.iter().any(|step| step.listed)
    }

    /// Reads a cell; `None` if it is empty.
    pub fn read(&self, cell: &str) -> Result<Option<Value>, CellError> {
        let cell = cell.trim();
        if cell.is_empty() {
            return Ok(None);
        }
        match &self.cell {
            Cell::One(single) => single.read(cell).map(Some),
            Cell::Several(single) => {
                let parts = cell.split(SEPARATOR).map(str::trim).filter(|part| !part.is_empty());
                parts.map(|part| single.read(part)).collect::<Result<Vec<_>, _>>().map(|values| Some(json!(values)))
            }
        }
    }

    /// Puts a value into the data of a fact; `item` counts the rows of the fact from 0.
    pub fn put(&self, data: &mut Value, item: usize, value: Value) {
        let mut at = data;
        for (position, step) in self.steps.iter().enumerate() {
            let last = position + 1 == self.steps.len();
            let Value::Object(members) = at else { return };
            let member = members.entry(step.name.clone());
            at = match (step.listed, last) {
                (_, true) => member.or_insert(Value::Null),
                (false, false) => member.or_insert_with(|| json!({})),
                (true, false) => {
                    let Value::Array(items) = member.or_insert_with(|| json!([])) else { return };
                    while items.len() <= item {
                        items.push(Value::Object(Map::new()));
                    }
                    &mut items[item]
                }
            };
        }
        *at = value;
    }
}

impl Single {
    fn read(&self, text: &str) -> Result<Value, CellError> {
        match self {
            Self::Scalar(Scalar::Boolean) => match text.to_lowercase().as_str() {
                "true" | "yes" | "ja" | "waar" => Ok(json!(true)),
                "false" | "no" | "nee" | "onwaar" => Ok(json!(false)),
                _ => Err(CellError::NoBoolean(text.to_owned())),
            },
            Self::Scalar(Scalar::Number) => {
                text.parse::<u32>().map(|number| json!(number)).map_err(|_| CellError::NoNumber(text.to_owned()))
            }
            // Any other value is held to its spelling by the same reader as the API's.
            Self::Scalar(_) => Ok(json!(text)),
            Self::Choice(items) => {
                let same = |name: &str| name.to_lowercase() == text.to_lowercase();
                let named = items.iter().find(|(value, nl, en)| same(value) || same(nl) || same(en));
                named.map(|(value, ..)| json!(value)).ok_or_else(|| CellError::NoChoice {
                    value: text.to_owned(),
                    expected: items.iter().map(|(value, ..)| value.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    }
}

/// Takes the empty items away that columns of shorter lists leave behind, and gives lists that no column filled.
pub fn finished(family: &Declaration, fact: &str, mut data: Value) -> Value {
    let mut catalogue = Catalogue::default();
    let events = family.describe_events(&mut catalogue);
    if let Some(event) = events.iter().find(|event| event.declaration.fact == fact) {
        fill(&mut data, catalogue.members(&event.type_name), &catalogue);
    }
    data
}

fn fill(data: &mut Value, members: &[Member], catalogue: &Catalogue) {
    let Value::Object(data) = data else { return };
    for member in members {
        if let Shape::List(_) = &member.shape {
            data.entry(member.name.clone()).or_insert_with(|| json!([]));
        }
        let (shape, _) = bare(&member.shape);
        let inner = shape.name().map_or(&[] as &[Member], |name| catalogue.members(name));
        match data.get_mut(&member.name) {
            Some(Value::Array(items)) => {
                items.retain(|item| item.as_object().is_none_or(|item| !item.is_empty()));
                items.iter_mut().for_each(|item| fill(item, inner, catalogue));
            }
            Some(item @ Value::Object(_)) => fill(item, inner, catalogue),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::family;

    fn established() -> Vec<Column> {
        columns(family("activity").unwrap(), "established").unwrap()
    }

    fn column(path: &str) -> Column {
        established().into_iter().find(|column| column.path == path).unwrap()
    }

    #[test]
    fn an_event_has_a_column_for_each_of_its_values() {
        let paths: Vec<String> = established().into_iter().map(|column| column.path).collect();
        for path in ["reference", "effective", "version", "name.nl", "purposes.code", "purposes.text.en", "operations"]
        {
            assert!(paths.iter().any(|known| known == path), "{path} is not among {paths:?}");
        }
        assert!(columns(family("activity").unwrap(), "never").is_none());
    }

    #[test]
    fn a_cell_is_read_as_what_its_column_holds() {
        let check = |path: &str, cell: &str, expected: Result<Option<Value>, ()>| {
            assert_eq!(column(path).read(cell).map_err(drop), expected, "{path}: {cell}");
        };
        check("version", " 2 ", Ok(Some(json!(2))));
        check("version", "two", Err(()));
        check("publicTask", "ja", Ok(Some(json!(true))));
        check("publicTask", "maybe", Err(()));
        check("operations", "COLLECT; SEND;", Ok(Some(json!(["COLLECT", "SEND"]))));
        check("purposes.basis", "legitimate interest", Ok(Some(json!("LEGITIMATE_INTEREST"))));
        check("purposes.basis", "LEGITIMATE_INTEREST", Ok(Some(json!("LEGITIMATE_INTEREST"))));
        check("purposes.basis", "hope", Err(()));
        check("name.nl", "", Ok(None));
    }

    #[test]
    fn rows_of_one_fact_fill_the_items_of_its_lists() {
        let mut data = json!({});
        column("version").put(&mut data, 0, json!(1));
        column("purposes.code").put(&mut data, 0, json!("inform"));
        column("purposes.text.nl").put(&mut data, 0, json!("werving"));
        column("purposes.code").put(&mut data, 1, json!("measure"));
        column("retention.term").put(&mut data, 1, json!("P2Y"));
        let data = finished(family("activity").unwrap(), "established", data);
        assert_eq!(data["purposes"], json!([{ "code": "inform", "text": { "nl": "werving" } }, { "code": "measure" }]));
        assert_eq!(data["retention"], json!([{ "term": "P2Y" }]));
        assert_eq!((&data["version"], &data["platforms"]), (&json!(1), &json!([])));
    }

    #[test]
    fn a_heading_is_a_path_or_a_name() {
        let basis = column("purposes.basis");
        assert!(basis.is_called("purposes.basis") && basis.is_called(" Purposes › Basis "));
        assert!(!basis.is_called("basis"));
    }
}
