//! What an auditor looks for in the facts themselves: those that were recorded late, and a sample for a test of details.

use std::collections::BTreeSet;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, InputObject, Result, SimpleObject};
use sha2::{Digest as _, Sha256};

use crate::engine::{Engine, Moment};
use crate::family::figure::EVERY_UNIT;
use crate::graphql::error::{bad_input, data, wire};
use crate::graphql::event::Event;
use crate::graphql::figure::{at_places, hold_indexed, key, range};
use crate::graphql::loader::Reader;
use crate::graphql::page::{Connection, Page, connection};
use crate::graphql::search::families;
use crate::ledger::name::{Code, Sequence};
use crate::store::{facts_among, late_facts};
use crate::time::Term;

/// The kind of the cursors of late recordings.
pub const LATE_CURSOR: &str = "late";
/// Facts of one sample.
pub const SAMPLE_MAX: i32 = 100;
/// Characters of the seed of a sample.
pub const SEED_CHARACTERS_MAX: usize = 100;
/// Numbers that are drawn for one sample, until enough facts pass its filter.
pub const SAMPLE_DRAWS_MAX: u32 = 20_000;
/// Microseconds of a day of 24 hours.
const DAY_US: i64 = 86_400_000_000;

/// A fact that was recorded late.
#[derive(Clone, Debug, SimpleObject)]
pub struct LateRecording {
    /// The fact.
    event: Event,
    /// How many whole days after the end of the date from which it holds it was recorded.
    days: i64,
}

/// Reads a page of the facts that were recorded late and that stand at a moment, the latest first.
pub async fn late_recordings(
    ctx: &Context<'_>,
    moment: Moment,
    unit: Option<Code>,
    longer_than: Term,
    page: &Page,
) -> Result<Connection<LateRecording>> {
    let after = longer_than.microseconds().ok_or_else(|| {
        bad_input(format!(
            "`longerThan` is {longer_than}; give weeks, days or hours: months and years have no fixed length"
        ))
    })?;
    let unit = unit.map_or_else(|| EVERY_UNIT.to_owned(), |unit| unit.to_string());
    let range = range(page, true)?;
    let mut reader = wire(data::<Engine>(ctx)?.store().read().await)?;
    hold_indexed(reader.conn(), moment).await?;
    let places = wire(late_facts(reader.conn(), &unit, after, moment.size, &range).await)?;
    drop(reader);
    let events = at_places(ctx, &places).await?.into_iter();
    let items = events.map(|(place, event)| (key(&place), LateRecording { event, days: place.microseconds / DAY_US }));
    Ok(connection(LATE_CURSOR, page, items.collect()))
}

/// Narrows a sample; all that is given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SampleFilter {
    /// Facts of these families, by their wire names. Absent: of all.
    families: Option<Vec<String>>,
    /// Facts of a unit: of a stream that was of this unit when the fact was recorded.
    unit: Option<Code>,
}

/// Facts drawn by a seed, for a test of details. Whoever has the seed and the ledger can draw them again.
///
/// The n-th draw, from 0, is the first 16 bytes of SHA-256 of the text `seed:n`, taken as a big-endian number, modulo the number of
/// known entries. Numbers drawn before and facts outside the filter are passed over.
#[derive(Clone, Debug, SimpleObject)]
pub struct Sample {
    /// The seed.
    seed: String,
    /// How many entries were known: the numbers were drawn from 0 to before this one.
    size: Sequence,
    /// Whether as many facts were found as asked for. If not, too few among the draws passed the filter.
    complete: bool,
    /// The facts, in the order in which they were drawn.
    events: Vec<Event>,
}

/// Draws a sample of the facts known at a moment.
pub async fn sample(
    ctx: &Context<'_>,
    moment: Moment,
    seed: String,
    count: i32,
    filter: Option<SampleFilter>,
) -> Result<Sample> {
    let wanted = usize::try_from(count).ok().filter(|_| (1..=SAMPLE_MAX).contains(&count));
    let wanted =
        wanted.ok_or_else(|| bad_input(format!("`count` is {count}; a sample has 1 to {SAMPLE_MAX} facts")))?;
    if !(1..=SEED_CHARACTERS_MAX).contains(&seed.chars().count()) {
        return Err(bad_input(format!("give a `seed` of 1 to {SEED_CHARACTERS_MAX} characters")));
    }
    let mut drawn = match filter {
        None => draws(&seed, moment.size, wanted),
        Some(filter) => {
            let candidates = draws(&seed, moment.size, usize::MAX);
            let families = families(filter.families)?;
            let unit = filter.unit.map_or_else(|| EVERY_UNIT.to_owned(), |unit| unit.to_string());
            let mut reader = wire(data::<Engine>(ctx)?.store().read().await)?;
            hold_indexed(reader.conn(), moment).await?;
            let passing = wire(facts_among(reader.conn(), &candidates, &families, &unit).await)?;
            candidates.into_iter().filter(|sequence| passing.contains(sequence)).collect()
        }
    };
    drawn.truncate(wanted);
    let drawn: Vec<Sequence> = drawn.into_iter().map(Sequence).collect();
    let mut found = data::<DataLoader<Reader>>(ctx)?.load_many(drawn.iter().copied()).await?;
    let events: Vec<Event> = drawn.iter().filter_map(|sequence| found.remove(sequence)).map(Event::new).collect();
    Ok(Sample { seed, size: Sequence(moment.size), complete: events.len() == wanted, events })
}

/// Draws distinct numbers below a size, until there are enough or no more draws.
fn draws(seed: &str, size: u64, wanted: usize) -> Vec<u64> {
    let mut seen = BTreeSet::new();
    if size == 0 {
        return Vec::new();
    }
    let enough = usize::try_from(size).unwrap_or(usize::MAX).min(wanted);
    let mut drawn = Vec::new();
    for number in 0..SAMPLE_DRAWS_MAX {
        if drawn.len() >= enough {
            break;
        }
        let sequence = draw(seed, number, size);
        if seen.insert(sequence) {
            drawn.push(sequence);
        }
    }
    drawn
}

/// One draw, as [`Sample`] describes it.
fn draw(seed: &str, number: u32, size: u64) -> u64 {
    let hash = Sha256::digest(format!("{seed}:{number}"));
    let drawn = hash.iter().take(16).fold(0_u128, |drawn, byte| drawn << 8 | u128::from(*byte));
    u64::try_from(drawn % u128::from(size)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_is_the_hash_of_seed_and_number_modulo_the_size() {
        // printf 'audit 2025:0' | sha256sum, its first 32 digits modulo 1000.
        let hash = hex::encode(Sha256::digest("audit 2025:0"));
        let number = u128::from_str_radix(&hash[..32], 16).unwrap();
        assert_eq!(u128::from(draw("audit 2025", 0, 1_000)), number % 1_000);
    }

    #[test]
    fn draws_are_distinct_the_same_again_and_begin_alike() {
        let check = |size: u64, wanted: usize, expected: usize| {
            let drawn = draws("seed", size, wanted);
            assert_eq!(drawn.len(), expected, "{size} {wanted}");
            assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), expected);
            assert!(drawn.iter().all(|sequence| *sequence < size));
            assert_eq!(draws("seed", size, wanted), drawn);
            assert!(draws("seed", size, usize::MAX).starts_with(&drawn));
        };
        check(0, 5, 0);
        check(1, 5, 1);
        check(100, 5, 5);
        check(100, 500, 100);
        check(1_000_000, 100, 100);
        assert_ne!(draws("seed", 1_000_000, 5), draws("seeds", 1_000_000, 5));
    }
}
