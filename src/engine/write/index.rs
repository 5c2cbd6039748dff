//! The index of facts: how late each was recorded, of which units it is, and in which figures of a year it counts.

use std::collections::{BTreeMap, BTreeSet};

use crate::family::figure::{Counted, EVERY_UNIT, counted, figure, lateness};
use crate::family::kit::{Fact, RETRACTED, Span};
use crate::ledger::name::{Sequence, StreamId};
use crate::store::{
    Conn, FactRow, FigureRow, FigureVersion, ReplacedFact, StoreError, insert_facts, open_figures, write_figures,
};
use crate::time::Instant;

/// The key of a state that names its unit.
const UNIT: &str = "unit";

/// Of which units a stream is, from which instants on.
#[derive(Debug, Default)]
pub struct Units(Vec<(Instant, Vec<String>)>);

impl Units {
    /// Notes the units of the next span of the stream.
    pub fn note(&mut self, span: &Span) {
        let units = span.keys.iter().filter(|(name, value)| *name == UNIT && value != EVERY_UNIT);
        self.0.push((span.from, units.map(|(_, value)| value.clone()).collect()));
    }

    /// Returns the units at an instant.
    fn at(&self, instant: Instant) -> Vec<String> {
        let before = self.0.partition_point(|(from, _)| *from <= instant);
        before.checked_sub(1).map_or_else(Vec::new, |last| self.0[last].1.clone())
    }
}

/// What counts in figures: what is stored as known still, and since which tree size what is new.
type Open = BTreeMap<Counted, Option<u64>>;

/// The index on its way from one tree size to a later one.
#[derive(Debug, Default)]
pub struct Index {
    facts: Vec<FactRow>,
    replaced: Vec<ReplacedFact>,
    open: BTreeMap<StreamId, Open>,
    closed: Vec<(FigureRow, u64)>,
    closed_at_once: Vec<FigureVersion>,
}

impl Index {
    /// Begins with what is stored of some streams.
    pub async fn open(conn: Conn<'_>, streams: &BTreeSet<StreamId>) -> Result<Self, StoreError> {
        let mut open: BTreeMap<StreamId, Open> = BTreeMap::new();
        for FigureRow { stream, code, unit, effective, sequence } in open_figures(conn, streams).await? {
            // A figure that is no more is not asked for any more.
            let Some(figure) = figure(&code).map(|figure| figure.code) else { continue };
            let counted = Counted { figure, unit, sequence: Sequence(sequence), effective };
            open.entry(stream).or_default().insert(counted, None);
        }
        Ok(Self { open, ..Self::default() })
    }

    /// Takes in the newest of the known facts of a stream.
    pub fn take(&mut self, stream: &StreamId, known: &[&Fact], units: &Units) {
        let Some(new) = known.last() else { return };
        let size = new.recorded.sequence.0 + 1;
        self.take_fact(stream, new, units);
        let after = counted(stream.family(), known, &|instant| units.at(instant));
        let mut before = self.open.remove(stream).unwrap_or_default();
        let open: Open = after
            .into_iter()
            .map(|counted| {
                let since = before.remove(&counted).unwrap_or(Some(size));
                (counted, since)
            })
            .collect();
        for (counted, since) in before {
            let row = row(stream, counted);
            match since {
                None => self.closed.push((row, size)),
                Some(known_from) => {
                    self.closed_at_once.push(FigureVersion { row, known_from, known_to: Some(size) });
                }
            }
        }
        self.open.insert(stream.clone(), open);
    }

    fn take_fact(&mut self, stream: &StreamId, new: &Fact, units: &Units) {
        let sequence = new.recorded.sequence.0;
        // Taking a record back is no late record of something that happened.
        let late = if new.fact == RETRACTED { 0 } else { lateness(new) };
        let family = stream.family().to_owned();
        let units = units.at(new.recorded.effective.earliest());
        let rows = std::iter::once(EVERY_UNIT.to_owned()).chain(units);
        self.facts.extend(rows.map(|unit| FactRow { sequence, unit, family: family.clone(), late }));
        let replaces = new.recorded.replaces.map(|target| target.0);
        self.replaced.extend(replaces.map(|target| ReplacedFact { sequence: target, known_from: sequence + 1 }));
    }

    /// Writes what is new.
    pub async fn write(self, mut conn: Conn<'_>) -> Result<(), StoreError> {
        insert_facts(conn.reborrow(), &self.facts, &self.replaced).await?;
        let mut new = self.closed_at_once;
        for (stream, open) in self.open {
            let since = open.into_iter().filter_map(|(counted, since)| Some((counted, since?)));
            new.extend(since.map(|(counted, known_from)| FigureVersion {
                row: row(&stream, counted),
                known_from,
                known_to: None,
            }));
        }
        write_figures(conn, &self.closed, &new).await
    }
}

fn row(stream: &StreamId, counted: Counted) -> FigureRow {
    let Counted { figure, unit, sequence, effective } = counted;
    FigureRow { stream: stream.clone(), code: figure.to_owned(), unit, effective, sequence: sequence.0 }
}
