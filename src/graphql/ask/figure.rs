//! Figures of a year, each with the facts behind it.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Object, Result};

use crate::engine::{Engine, Moment};
use crate::family::describe::Language;
use crate::family::figure::{EVERY_UNIT, FIGURES, Figure, figure};
use crate::graphql::error::{Code as WireCode, bad_input, data, error, wire};
use crate::graphql::event::Event;
use crate::graphql::language::language;
use crate::graphql::loader::{FigureFactsOf, Reader};
use crate::graphql::page::{Connection, Page, connection, page};
use crate::ledger::name::{Code, EventName, Sequence};
use crate::store::{Conn, FactPlace, FactRange, FigureQuestion, count_figures, indexed_facts};
use crate::time::{Interval, YEAR_MAX, YEAR_MIN};

/// The kind of the cursors of facts behind a figure.
const CURSOR: &str = "figure";
/// What is said where a database has older tables whose facts were never indexed.
const NOT_INDEXED: &str = "the index of facts is not whole; let the operator run `griffie project --rebuild`";

/// What is counted of a year, by what was known at the moment and had taken effect by then.
#[derive(Clone, Debug)]
pub struct Figures {
    year: i32,
    unit: Option<Code>,
    figures: Vec<FigureView>,
}

/// What is counted of a year, by what was known at the moment and had taken effect by then.
#[Object]
impl Figures {
    /// The year, in Europe/Amsterdam.
    async fn year(&self) -> i32 {
        self.year
    }

    /// The unit; null: all.
    async fn unit(&self) -> Option<&Code> {
        self.unit.as_ref()
    }

    /// The figures.
    async fn figures(&self) -> &[FigureView] {
        &self.figures
    }
}

/// A number and the facts behind it.
#[derive(Clone, Debug)]
pub struct FigureView {
    figure: &'static Figure,
    question: Arc<FigureQuestion>,
    number: Option<i32>,
}

/// A number and the facts behind it.
#[Object(name = "Figure")]
impl FigureView {
    /// Its code, as `REQUESTS_RECEIVED`.
    async fn code(&self) -> &'static str {
        self.figure.code
    }

    /// What people call it.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language. Absent: in the caller's (`Accept-Language`).")] language: Option<Language>,
    ) -> &'static str {
        self.figure.label(self::language(ctx, language))
    }

    /// The events that are counted; null: all events.
    async fn event(&self) -> Option<EventName> {
        self.figure.family.map(|family| EventName::new(family, self.figure.event))
    }

    /// Which of these facts count.
    async fn method(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language. Absent: in the caller's (`Accept-Language`).")] language: Option<Language>,
    ) -> String {
        self.figure.method(self::language(ctx, language))
    }

    /// How many facts count; null if a unit is asked for, and what is counted is not kept by unit.
    async fn number(&self) -> Option<i32> {
        self.number
    }

    /// The facts that count, by when they took effect: as many as the number says.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    async fn facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Event>> {
        let page = page(CURSOR, first, after, last, before)?;
        if self.number.is_none_or(|number| number == 0) {
            return Ok(connection(CURSOR, &page, Vec::new()));
        }
        let asked = FigureFactsOf {
            code: self.figure.code.to_owned(),
            question: FigureQuestion::clone(&self.question),
            range: range(&page, false)?,
        };
        let places = data::<DataLoader<Reader>>(ctx)?.load_one(asked).await?.unwrap_or_default();
        let events = at_places(ctx, &places).await?.into_iter().map(|(place, event)| (key(&place), event));
        Ok(connection(CURSOR, &page, events.collect()))
    }
}

/// Counts some figures of a year at a moment; no codes: all of them.
pub async fn figures(
    ctx: &Context<'_>,
    moment: Moment,
    year: i32,
    unit: Option<Code>,
    codes: Option<Vec<String>>,
) -> Result<Figures> {
    let wanted = wanted(codes)?;
    let within = Interval::of_year(year)
        .ok_or_else(|| bad_input(format!("`year` is {year}; give one from {YEAR_MIN} to {YEAR_MAX}")))?;
    let question = Arc::new(FigureQuestion {
        unit: unit.as_ref().map_or_else(|| EVERY_UNIT.to_owned(), ToString::to_string),
        within: Interval { to: within.to.min(moment.valid.next()), ..within },
        valid: moment.valid,
        size: moment.size,
    });
    let mut reader = wire(data::<Engine>(ctx)?.store().read().await)?;
    hold_indexed(reader.conn(), moment).await?;
    let codes: BTreeSet<String> = wanted.iter().map(|figure| figure.code.to_owned()).collect();
    let numbers = wire(count_figures(reader.conn(), &codes, &question).await)?;
    let view = |figure: &'static Figure| {
        let number = numbers.get(figure.code).map_or(0, |number| i32::try_from(*number).unwrap_or(i32::MAX));
        let number = (unit.is_none() || figure.by_unit).then_some(number);
        FigureView { figure, question: question.clone(), number }
    };
    let figures = wanted.into_iter().map(view).collect();
    Ok(Figures { year, unit, figures })
}

fn wanted(codes: Option<Vec<String>>) -> Result<Vec<&'static Figure>> {
    let Some(codes) = codes else { return Ok(FIGURES.iter().collect()) };
    let known = codes.iter().map(|code| figure(code).ok_or(code)).collect::<Result<Vec<_>, _>>();
    let named =
        known.map_err(|code| bad_input(format!("there is no figure {code}; leave `codes` out to see all of them")))?;
    Ok(FIGURES.iter().filter(|figure| named.contains(figure)).collect())
}

/// How many figures a question may name, for reckoning what it costs.
pub fn asked(codes: Option<&Vec<String>>) -> usize {
    codes.map_or(FIGURES.len(), Vec::len)
}

/// Refuses to answer from an index that lacks facts.
pub async fn hold_indexed(conn: Conn<'_>, moment: Moment) -> Result<()> {
    if wire(indexed_facts(conn).await)? < moment.size {
        return Err(error(WireCode::Unavailable, NOT_INDEXED));
    }
    Ok(())
}

/// Returns what a page covers of a list of facts, and one more. `downwards`: what comes after a cursor is below it.
pub fn range(page: &Page, downwards: bool) -> Result<FactRange> {
    let place = |name: &str, key: &Option<String>| key.as_ref().map(|key| place(name, key)).transpose();
    let (after, before) = (place("after", &page.after)?, place("before", &page.before)?);
    let (above, below) = if downwards { (before, after) } else { (after, before) };
    Ok(FactRange {
        above: above.unwrap_or(FactPlace::START),
        below: below.unwrap_or(FactPlace::END),
        limit: i64::try_from(page.size + 1).unwrap_or(i64::MAX),
        backwards: page.backwards,
    })
}

fn place(name: &str, key: &str) -> Result<FactPlace> {
    let read = || {
        let (microseconds, sequence) = key.split_once('@')?;
        Some(FactPlace { microseconds: microseconds.parse().ok()?, sequence: sequence.parse().ok()? })
    };
    read().ok_or_else(|| bad_input(format!("`{name}` is not a cursor of this list")))
}

/// Writes a place as the key of a cursor.
pub fn key(place: &FactPlace) -> String {
    format!("{}@{}", place.microseconds, place.sequence)
}

/// Reads the facts at some places, in that order.
pub async fn at_places(ctx: &Context<'_>, places: &[FactPlace]) -> Result<Vec<(FactPlace, Event)>> {
    let sequences = places.iter().map(|place| Sequence(place.sequence));
    let mut found = data::<DataLoader<Reader>>(ctx)?.load_many(sequences).await?;
    let event = |place: &FactPlace| Some((*place, Event::new(found.remove(&Sequence(place.sequence))?)));
    Ok(places.iter().filter_map(event).collect())
}
