//! How the outcome of a rule went over time: computed by jumping from change to change, never by sampling days.
//!
//! From one instant the next at which the outcome could be another is known: the horizon of the verdict, which is when time alone
//! could change it, and, where knowledge moves along, the next recording in anything that was looked at.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ledger::name::{Sequence, StreamId};
use crate::rule::catalogue::{Check, Rule};
use crate::rule::inquiry::{Moment, Notes};
use crate::rule::judge::{Judged, judge};
use crate::rule::verdict::Verdict;
use crate::rule::world::{Extent, Question, World};
use crate::time::{Instant, Interval, PartialDate};

/// Most judgements for one timeline; above it a shorter stretch must be asked.
pub const TIMELINE_JUDGEMENTS_MAX: usize = 20_000;

/// With which knowledge each instant is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knowledge {
    /// With the first that many entries, whatever the instant.
    Fixed(u64),
    /// With what had been recorded by the instant itself, and never more than that many entries.
    Along(u64),
}

/// What is asked: a rule in a layer about a stream, over a stretch of time.
#[derive(Clone, Debug)]
pub struct TimelineQuestion {
    /// The rule.
    pub rule: &'static Rule,
    /// The layer.
    pub check: &'static Check,
    /// The stream.
    pub subject: StreamId,
    /// From when to when.
    pub within: Interval,
    /// With which knowledge.
    pub knowledge: Knowledge,
    /// The instant whose law and policy are applied; absent: that of each instant.
    pub rules: Option<Instant>,
}

/// What made an outcome another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// The facts that took effect or were recorded at that instant; none: time passed.
    pub facts: BTreeSet<Sequence>,
}

/// A stretch of time with one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// From when to when.
    pub interval: Interval,
    /// The verdict at its start.
    pub verdict: Verdict,
    /// What began it; absent: the stretch that was asked begins here.
    pub opened: Option<Cause>,
    /// What ended it; absent: the stretch that was asked ends here.
    pub closed: Option<Cause>,
}

/// Says why there is no timeline yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// Something is not loaded.
    Missing(BTreeSet<Question>),
    /// A state could not be read.
    Unreadable(StreamId),
    /// It changes too often.
    TooLong,
}

/// Follows a rule over time. Stretches of one outcome follow one another without gap or overlap.
///
/// Where something is missing, it goes on as far as it can see, so that what is missing at all moments is loaded at once.
pub fn timeline(world: &World, asked: &TimelineQuestion) -> Result<Vec<Stretch>, Open> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut clock = Clock::new(world, asked.knowledge);
    let mut missing = BTreeSet::new();
    let mut at = asked.within.from;
    for _ in 0..TIMELINE_JUDGEMENTS_MAX {
        if at >= asked.within.to {
            break;
        }
        let moment = Moment { size: clock.size_at(at), valid: at, rules: asked.rules.unwrap_or(at) };
        let Judged { verdict, notes } = judge(world, asked.rule, asked.check, &asked.subject, moment);
        if let Some(stream) = notes.unreadable {
            return Err(Open::Unreadable(stream));
        }
        let next = clock.next_after(at, &notes, &mut missing);
        if stretches.last().is_none_or(|last| last.verdict.outcome != verdict.outcome) {
            let cause = (at > asked.within.from).then(|| clock.cause(at, moment.size, &notes));
            if let Some(last) = stretches.last_mut() {
                last.closed.clone_from(&cause);
                last.interval.to = at;
            }
            stretches.push(Stretch { interval: Interval { from: at, to: at }, verdict, opened: cause, closed: None });
        }
        missing.extend(notes.missing);
        clock.before = notes.streams;
        at = next.min(asked.within.to);
    }
    if !missing.is_empty() {
        return Err(Open::Missing(missing));
    }
    if at < asked.within.to {
        return Err(Open::TooLong);
    }
    if let Some(last) = stretches.last_mut() {
        last.interval.to = asked.within.to;
    }
    Ok(stretches)
}

/// Which tree size is known at which instant, as far as it matters: the boundaries of everything that was looked at.
struct Clock<'w> {
    world: &'w World,
    knowledge: Knowledge,
    sizes: BTreeMap<Instant, u64>,
    seen: BTreeSet<StreamId>,
    lists: BTreeSet<Question>,
    /// The streams that the judgement before looked at.
    before: BTreeSet<StreamId>,
}

impl<'w> Clock<'w> {
    fn new(world: &'w World, knowledge: Knowledge) -> Self {
        Self {
            world,
            knowledge,
            sizes: BTreeMap::new(),
            seen: BTreeSet::new(),
            lists: BTreeSet::new(),
            before: BTreeSet::new(),
        }
    }

    fn size_at(&self, at: Instant) -> u64 {
        match self.knowledge {
            Knowledge::Fixed(size) => size,
            Knowledge::Along(most) => {
                // Every size between two recordings of what is loaded gives the same answer.
                let known = self.world.sizes_recorded_by(at);
                known.min(most)
            }
        }
    }

    /// The next instant at which the outcome could be another. Sizes of which it is not loaded when they were recorded are missing.
    fn next_after(&mut self, at: Instant, notes: &Notes, missing: &mut BTreeSet<Question>) -> Instant {
        let horizon = notes.horizon.unwrap_or(Instant::MAX);
        let Knowledge::Along(most) = self.knowledge else { return horizon };
        for stream in notes.streams.difference(&self.seen.clone()) {
            let extents = self.world.line(stream).into_iter().flat_map(|line| &line.bitemporal_versions);
            let extents: Vec<Extent> = extents.map(|bitemporal_version| bitemporal_version.extent).collect();
            self.learn(&extents, most, missing);
            self.seen.insert(stream.clone());
        }
        for list in notes.lists.difference(&self.lists.clone()) {
            let extents: Vec<Extent> =
                self.world.keyed(list).into_iter().flatten().map(|(_, extent)| *extent).collect();
            self.learn(&extents, most, missing);
            self.lists.insert(list.clone());
        }
        let recorded = self.sizes.range(at.next()..).next().map_or(Instant::MAX, |(instant, _)| *instant);
        horizon.min(recorded)
    }

    fn learn(&mut self, extents: &[Extent], most: u64, missing: &mut BTreeSet<Question>) {
        let boundaries = extents.iter().flat_map(|extent| [extent.known_from, extent.known_to]);
        for size in boundaries.filter(|size| (1..=most).contains(size)) {
            match self.world.recorded(size) {
                Some(recorded) => {
                    self.sizes.insert(recorded, size);
                }
                None => {
                    missing.insert(Question::Recorded(size));
                }
            }
        }
    }

    /// The facts that made the outcome another at an instant: those recorded then, and those that took effect then.
    fn cause(&self, at: Instant, size: u64, notes: &Notes) -> Cause {
        let recorded = match self.knowledge {
            Knowledge::Along(_) => self.sizes.get(&at).map(|size| Sequence(size - 1)),
            Knowledge::Fixed(_) => None,
        };
        let mut facts: BTreeSet<Sequence> = recorded.into_iter().collect();
        // A stream that is looked at no more may be why.
        let streams = notes.streams.union(&self.before);
        for line in streams.filter_map(|stream| self.world.line(stream)) {
            let starts = |extent: &Extent| extent.is_known(size) && extent.effective.from == at;
            let started =
                line.bitemporal_versions.iter().filter(|bitemporal_version| starts(&bitemporal_version.extent));
            for body in started.filter_map(|bitemporal_version| self.world.body(&bitemporal_version.body)) {
                let state: Value = serde_json::from_str(body.text()).unwrap_or_default();
                facts_from(&state, at, &mut facts);
            }
        }
        Cause { facts }
    }
}

/// Finds the facts in a state that took effect at an instant.
fn facts_from(state: &Value, at: Instant, facts: &mut BTreeSet<Sequence>) {
    match state {
        Value::Object(members) => {
            let dates = members.values().filter_map(|member| member.as_str()?.parse::<PartialDate>().ok());
            let now = dates.into_iter().any(|date| date.earliest() == at);
            let named = ["sequence", "adoption"].iter().filter_map(|name| members.get(*name));
            let named = named.filter_map(|sequence| serde_json::from_value::<Sequence>(sequence.clone()).ok());
            facts.extend(named.filter(|_| now));
            members.values().for_each(|member| facts_from(member, at, facts));
        }
        Value::Array(items) => items.iter().for_each(|item| facts_from(item, at, facts)),
        _ => {}
    }
}
