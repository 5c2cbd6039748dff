//! Facts as JSON Lines: each line is a fact in the form of the API's input, read again and again by its place in the file.
//!
//! ```text
//! {"activity": {"reference": "ACT-101", "effective": "2018-05-25", "event": {"established": {"version": 1, …}}}}
//! {"asserted": "2018-06-01", "consent": {"reference": "CNS-9", "effective": "2018", "event": {"granted": {"text": "@CTX-1", …}}}}
//! ```
//!
//! A `reference` names the stream: the first line with it begins the stream unless the ledger has it. `"@CTX-1"`, where an id
//! belongs, is the stream with that reference; `"@consentText:CTX-1"` says of which family. `asserted` says when it was known.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom};

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use crate::engine::{ImportSource, Imported, NewFact, PROBLEMS_MAX, Planned, Problem, import_id, imported_stream};
use crate::family::FAMILIES;
use crate::family::describe::{Catalogue, EventDescription, Kind, Scalar, Shape};
use crate::graphql::{id_text, read_fact};
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Reference, StreamId};
use crate::store::{Store, streams_by_references};
use crate::time::{Instant, PartialDate};

/// Facts of one file.
const FACTS_MAX: usize = 1_000_000;
/// Bytes of one line: an entry may have 65,535.
const LINE_BYTES_MAX: usize = 262_144;
/// References looked up at once.
const REFERENCES_PAGE: usize = 500;

/// Whether facts are of today or of older records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Recorded as they come to be known.
    Native,
    /// Imported from older records.
    Backfill,
}

/// A stream as a file names it.
type Name = (&'static str, String);

/// The facts of a file.
pub struct Lines {
    file: BufReader<File>,
    hash: Hash,
    provenance: Provenance,
    offsets: Vec<u64>,
    planned: Vec<Planned>,
    /// The first fact of each stream, and when it holds from.
    first: Vec<(usize, Instant)>,
    names: Vec<Name>,
    places: BTreeMap<Name, usize>,
    /// Each stream, and whether the ledger had it before the file.
    streams: Vec<(StreamId, bool)>,
    known: BTreeMap<Name, StreamId>,
    shapes: BTreeMap<&'static str, (Catalogue, Vec<EventDescription>)>,
    problems: Vec<Problem>,
}

/// A line, split into what belongs to the file and what to the fact.
struct Line {
    row: u64,
    asserted: Option<PartialDate>,
    family: &'static str,
    input: Map<String, Value>,
}

impl Lines {
    /// Reads a file once: which streams it is about, where each line begins, and which of the streams the ledger has.
    pub async fn index(file: File, store: &Store, hash: Hash, provenance: Provenance) -> anyhow::Result<Self> {
        let mut lines = Self {
            file: BufReader::new(file),
            hash,
            provenance,
            offsets: Vec::new(),
            planned: Vec::new(),
            first: Vec::new(),
            names: Vec::new(),
            places: BTreeMap::new(),
            streams: Vec::new(),
            known: BTreeMap::new(),
            shapes: BTreeMap::new(),
            problems: Vec::new(),
        };
        let mentioned = lines.scan()?;
        lines.look_up(store, mentioned).await?;
        lines.name_streams();
        Ok(lines)
    }

    /// Takes what is wrong with lines that are no facts at all.
    pub fn take_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    /// Goes through the file and returns the references that it mentions.
    fn scan(&mut self) -> anyhow::Result<BTreeSet<Reference>> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut mentioned = BTreeSet::new();
        let (mut offset, mut row, mut buffer) = (0, 0, Vec::new());
        loop {
            let read = next_line(&mut self.file, &mut buffer)?;
            if read == 0 {
                return Ok(mentioned);
            }
            row += 1;
            if !buffer.trim_ascii().is_empty() {
                match parse(&buffer, row, self.provenance) {
                    Ok(line) => {
                        collect_references(&Value::Object(line.input.clone()), &mut mentioned);
                        self.plan(line, offset, &mut mentioned);
                    }
                    Err(problem) if self.problems.len() < PROBLEMS_MAX => self.problems.push(problem),
                    Err(_) => {}
                }
            }
            offset += read;
            anyhow::ensure!(self.planned.len() <= FACTS_MAX, "a file may hold {FACTS_MAX} facts; split it");
        }
    }

    fn plan(&mut self, line: Line, offset: u64, mentioned: &mut BTreeSet<Reference>) {
        let text = |name: &str| line.input.get(name).and_then(Value::as_str).map(str::to_owned);
        let name = match (text("stream"), text("reference")) {
            (Some(stream), _) => stream,
            (None, Some(reference)) => {
                mentioned.extend(reference.parse::<Reference>());
                reference
            }
            // A stream of its own, named by the row.
            (None, None) => format!("row {}", line.row),
        };
        let key = (line.family, name);
        let effective = text("effective").and_then(|date| date.parse::<PartialDate>().ok());
        let begins = effective.map_or(Instant::MIN, |date| date.earliest());
        let stream = *self.places.entry(key.clone()).or_insert_with(|| {
            self.names.push(key);
            self.first.push((self.planned.len(), begins));
            self.names.len() - 1
        });
        self.planned.push(Planned { row: line.row, stream });
        self.offsets.push(offset);
    }

    async fn look_up(&mut self, store: &Store, mentioned: BTreeSet<Reference>) -> anyhow::Result<()> {
        let mentioned: Vec<Reference> = mentioned.into_iter().collect();
        for page in mentioned.chunks(REFERENCES_PAGE) {
            let pairs = page
                .iter()
                .flat_map(|reference| FAMILIES.iter().map(|family| (family.name.to_owned(), reference.clone())));
            let pairs: BTreeSet<(String, Reference)> = pairs.collect();
            for row in streams_by_references(store.read().await?.conn(), &pairs).await? {
                let family = crate::family::family(row.stream.family())?.name;
                let reference = row.reference.context("a stream found by its reference has one")?.to_string();
                self.known.insert((family, reference), row.stream);
            }
        }
        Ok(())
    }

    fn name_streams(&mut self) {
        let hash = self.hash;
        let stream = |(name, (_, begins)): (&Name, &(usize, Instant))| {
            let own = imported_stream(&hash, *begins, name.0, &name.1);
            match self.known.get(name) {
                // What an earlier run of the same file has begun is not another's.
                Some(stream) => (stream.clone(), *stream != own),
                None => match StreamId::parse_with(':', &name.1) {
                    Ok(stream) => (stream, true),
                    Err(_) => (own, false),
                },
            }
        };
        self.streams = self.names.iter().zip(&self.first).map(stream).collect();
    }

    /// Finds the stream that a link means, in the file or in the ledger.
    fn linked(&self, link: &str) -> Result<StreamId, String> {
        let (family, reference) = link.split_once(':').map_or((None, link), |(family, rest)| (Some(family), rest));
        let of_family = |name: &str| family.is_none_or(|family| family == name);
        let mut found: BTreeSet<&StreamId> = BTreeSet::new();
        for family in FAMILIES.iter().filter(|family| of_family(family.name)) {
            let name = (family.name, reference.to_owned());
            let in_file = self.places.get(&name).map(|at| &self.streams[*at].0);
            found.extend(self.known.get(&name).or(in_file));
        }
        match (found.len(), found.first()) {
            (1, Some(stream)) => Ok((*stream).clone()),
            (0, _) => Err(format!("no stream has the reference {reference}, in the file or in the ledger")),
            _ => Err(format!("several streams have the reference {reference}; say which as @family:{reference}")),
        }
    }

    /// Replaces links by ids, wherever the shape says that an id belongs.
    fn link(&self, value: &mut Value, shape: &Shape, catalogue: &Catalogue) -> Result<(), String> {
        match (shape, value) {
            (Shape::Optional(inner) | Shape::Erasable(inner), value) => self.link(value, inner, catalogue),
            (Shape::List(inner), Value::Array(items)) => {
                items.iter_mut().try_for_each(|item| self.link(item, inner, catalogue))
            }
            (Shape::Named(name), Value::Object(members)) => {
                let Some(Kind::Record(declared)) = catalogue.get(name).map(|definition| &definition.kind) else {
                    return Ok(());
                };
                declared.iter().try_for_each(|member| match members.get_mut(&member.name) {
                    Some(value) => self.link(value, &member.shape, catalogue),
                    None => Ok(()),
                })
            }
            (Shape::Scalar(Scalar::Stream), Value::String(text)) => {
                if let Some(link) = text.strip_prefix('@') {
                    *text = id_text(&self.linked(link)?);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn fact(&mut self, line: Line, place: usize) -> Result<NewFact, String> {
        let Line { asserted, family, mut input, .. } = line;
        let stream = self.planned[place].stream;
        let (id, known) = self.streams[stream].clone();
        let begins = !known && self.first[stream].0 == place;
        input.insert("stream".to_owned(), json!(id_text(&id)));
        let reference = input.remove("reference").filter(|_| begins);
        if begins {
            input.insert("expectedRevision".to_owned(), json!("0"));
            input.extend(reference.map(|reference| ("reference".to_owned(), reference)));
        }
        if self.provenance == Provenance::Backfill {
            input.insert("correlation".to_owned(), json!(import_id(&self.hash)));
        }
        self.describe(family).map_err(|error| error.to_string())?;
        if let (Some(Value::Object(event)), Some((catalogue, events))) =
            (input.get_mut("event"), self.shapes.get(family))
        {
            for (fact, data) in event {
                if let Some(event) = events.iter().find(|event| event.declaration.fact == fact) {
                    let shape = Shape::Named(event.type_name.clone());
                    *data = catalogue.with_empty_lists(&shape, data.take());
                    self.link(data, &shape, catalogue)?;
                }
            }
        }
        let mut fact = read_fact(json!({ family: input }))?;
        if self.provenance == Provenance::Backfill {
            fact.imported = Some(Imported { asserted });
        }
        Ok(fact)
    }

    fn describe(&mut self, family: &'static str) -> Result<(), crate::family::kit::ShapeError> {
        if !self.shapes.contains_key(family) {
            let mut catalogue = Catalogue::default();
            let events = crate::family::family(family)?.describe_events(&mut catalogue);
            self.shapes.insert(family, (catalogue, events));
        }
        Ok(())
    }
}

impl ImportSource for Lines {
    fn streams(&self) -> &[(StreamId, bool)] {
        &self.streams
    }

    fn planned(&self) -> &[Planned] {
        &self.planned
    }

    fn read(&mut self, place: usize) -> Result<NewFact, Problem> {
        let row = self.planned[place].row;
        let problem = |message: String| Problem { row, field: String::new(), message };
        let mut buffer = Vec::new();
        let read =
            self.file.seek(SeekFrom::Start(self.offsets[place])).and_then(|_| self.file.read_until(b'\n', &mut buffer));
        read.map_err(|error| problem(error.to_string()))?;
        let line = parse(&buffer, row, self.provenance)?;
        self.fact(line, place).map_err(problem)
    }
}

/// Reads the next line and returns how many bytes it has, 0 at the end of the file. Of a line that is too long, `buffer` holds no more
/// than shows that it is.
fn next_line(file: &mut impl BufRead, buffer: &mut Vec<u8>) -> std::io::Result<u64> {
    buffer.clear();
    let most = LINE_BYTES_MAX as u64 + 1;
    let mut read = file.by_ref().take(most).read_until(b'\n', buffer)? as u64;
    let mut ends = read < most || buffer.last() == Some(&b'\n');
    let mut rest = Vec::new();
    while !ends {
        rest.clear();
        let more = file.by_ref().take(most).read_until(b'\n', &mut rest)? as u64;
        read += more;
        ends = more == 0 || rest.last() == Some(&b'\n');
    }
    Ok(read)
}

fn parse(bytes: &[u8], row: u64, provenance: Provenance) -> Result<Line, Problem> {
    let problem = |row: u64, message: String| Problem { row, field: String::new(), message };
    if bytes.len() > LINE_BYTES_MAX {
        return Err(problem(row, format!("the line is too long; at most {LINE_BYTES_MAX} bytes are possible")));
    }
    // What the parser says of a line does not quote it.
    let line: Value = serde_json::from_slice(bytes)
        .map_err(|error| problem(row, format!("this is no JSON: column {} of the line", error.column())))?;
    let Value::Object(mut line) = line else {
        return Err(problem(row, "a line is a JSON object".to_owned()));
    };
    // A table's line says of which of its rows it was made.
    let row = line.remove("row").and_then(|row| row.as_u64()).unwrap_or(row);
    let asserted = match line.remove("asserted") {
        None | Some(Value::Null) => None,
        Some(asserted) => {
            let date = asserted.as_str().and_then(|date| date.parse().ok());
            let message = "`asserted` is a date as far as it is known, as 2018-05";
            Some(date.ok_or_else(|| Problem { row, field: "asserted".to_owned(), message: message.to_owned() })?)
        }
    };
    if asserted.is_some() && provenance == Provenance::Native {
        let message =
            "a fact of today is known since it is recorded; leave `asserted` out, or use `griffie import facts`";
        return Err(Problem { row, field: "asserted".to_owned(), message: message.to_owned() });
    }
    let mut members = line.into_iter();
    match (members.next(), members.next()) {
        (Some((family, Value::Object(input))), None) => match crate::family::family(&family) {
            Ok(family) => Ok(Line { row, asserted, family: family.name, input }),
            Err(error) => Err(problem(row, error.to_string())),
        },
        _ => Err(problem(row, "a line holds one fact: {\"family\": {\"effective\": …, \"event\": {…}}}".to_owned())),
    }
}

/// Collects what could be links: texts such as `@ACT-001` and `@activity:ACT-001`.
fn collect_references(value: &Value, found: &mut BTreeSet<Reference>) {
    match value {
        Value::String(text) => {
            if let Some(link) = text.strip_prefix('@') {
                found.extend(link.rsplit(':').next().and_then(|reference| reference.parse().ok()));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        Value::Object(members) => members.values().for_each(|member| collect_references(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_up_to_its_limit_and_passed_over_beyond_it() {
        let check = |length: usize, is_read: bool| {
            let text = format!("{}\nnext\n", "x".repeat(length));
            let (mut file, mut buffer) = (text.as_bytes(), Vec::new());
            assert_eq!(next_line(&mut file, &mut buffer).unwrap(), length as u64 + 1);
            assert_eq!(buffer.len() <= LINE_BYTES_MAX, is_read, "{length}");
            assert!(buffer.len() <= LINE_BYTES_MAX + 1, "{length}");
            assert_eq!(next_line(&mut file, &mut buffer).unwrap(), 5);
            assert_eq!(buffer, b"next\n");
            assert_eq!(next_line(&mut file, &mut buffer).unwrap(), 0);
        };
        check(0, true);
        check(LINE_BYTES_MAX - 1, true);
        check(LINE_BYTES_MAX, false);
        check(LINE_BYTES_MAX + 1, false);
        check(3 * LINE_BYTES_MAX, false);
    }

    #[test]
    fn only_older_records_assert_when_they_were_recorded() {
        let line = br#"{"asserted":"2018","managementUnit":{"effective":"2018","event":{}}}"#;
        assert!(parse(line, 1, Provenance::Backfill).is_ok());
        assert_eq!(parse(line, 1, Provenance::Native).err().map(|problem| problem.field).as_deref(), Some("asserted"));
    }
}
