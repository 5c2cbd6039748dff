//! The laws of the rules over histories that nobody made up: facts of all families that rules judge, missing, late, contradicting each
//! other, corrected and taken back, drawn from the shapes of the events. Left out: the ledger's own facts, rule sets and legal instruments,
//! which are told as they are, and erasures, whose laws are tested on the demonstration.
//!
//! `GRIFFIE_HISTORIES` says how many; `GRIFFIE_SEED` tells one again, as a failure names it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::catalogue::{Check, Rule, rules};
use super::check::History;
use super::inquiry::Moment;
use super::timeline::Knowledge;
use crate::family::FAMILIES;
use crate::family::demonstration::{STORY, Story};
use crate::family::describe::{Catalogue, EventDescription, Kind, Scalar, Shape};
use crate::family::kit::{Context, Fact, RETRACTED, Recorded};
use crate::family::rule_set::{Layer, Outcome};
use crate::ledger::entry::{Actor, Provenance};
use crate::ledger::erasable;
use crate::ledger::name::{Sequence, StreamId};
use crate::time::{Instant, PartialDate};

/// How many histories are told unless somebody says otherwise.
const HISTORIES: u64 = 2_000;
/// Facts that are drawn for a history; what admission refuses is left out.
const DRAWN: usize = 60;
/// Streams that a history is about besides law and policy.
const STREAMS: usize = 10;
/// Rules and streams that are looked at in one history.
const LOOKED_AT: usize = 24;
/// Law and policy that every history has, in the order of the demonstration.
const NORMS: [&str; 9] = [
    "LEX-GDPR",
    "LEX-PSHIELD",
    "LEX-C311-18",
    "LEX-SCC-2010",
    "LEX-FANPAGES",
    "LEX-DPF",
    "POL-001",
    "PROC-001",
    "GDL-001",
];
/// Codes of which events are drawn: few, so that facts of different streams meet.
const CODES: [&str; 12] = [
    "mu-01",
    "platform-a",
    "purpose",
    "other",
    "STUDENT",
    "MINOR",
    "LEX-GDPR",
    "LEX-PSHIELD",
    "LEX-SCC-2010",
    "LEX-DPF",
    "PTY-A",
    "US",
];
const DATES: [&str; 12] = [
    "2017",
    "2018-05-25",
    "2018-06-01",
    "2019-12-31",
    "2020-03-29T00:30:00.000000Z",
    "2020-07-16",
    "2021-07",
    "2022-12-27",
    "2023-07-10T09:17:00.000000Z",
    "2024-02-29",
    "2025",
    "2025-10-26",
];
const TERMS: [&str; 5] = ["PT24H", "PT72H", "P14D", "P1M", "P2Y"];

/// SplitMix64: small, and the same on every machine.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    fn of<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.below(values.len())]
    }
}

/// The events of the families that rules judge or look at.
struct Events {
    catalogue: Catalogue,
    events: Vec<(&'static str, Vec<EventDescription>)>,
}

impl Events {
    fn all() -> Self {
        let mut catalogue = Catalogue::default();
        let theirs = FAMILIES
            .iter()
            .filter(|family| !["ledger", "erasure", "legalInstrument", "ruleSet"].contains(&family.name));
        let events = theirs.map(|family| (family.name, family.describe_events(&mut catalogue))).collect();
        Self { catalogue, events }
    }

    fn value(&self, shape: &Shape, streams: &[StreamId], draw: &mut Draw) -> Value {
        match shape {
            Shape::Optional(inner) if draw.chance(60) => self.value(inner, streams, draw),
            Shape::Optional(_) => Value::Null,
            Shape::Erasable(inner) => json!({ "...": { "clear": self.value(inner, streams, draw) } }),
            Shape::List(inner) => (0..draw.below(3)).map(|_| self.value(inner, streams, draw)).collect(),
            Shape::Scalar(scalar) => scalar_value(*scalar, streams, draw),
            Shape::Named(name) => match self.catalogue.get(name).map(|found| &found.kind) {
                Some(Kind::Choice(items)) => json!(draw.of(items).value),
                Some(Kind::Record(members)) => {
                    let member = |member: &crate::family::describe::Member| {
                        let value = self.value(&member.shape, streams, draw);
                        (!value.is_null()).then(|| (member.name.clone(), value))
                    };
                    Value::Object(members.iter().filter_map(member).collect::<Map<String, Value>>())
                }
                None => Value::Null,
            },
        }
    }
}

fn scalar_value(scalar: Scalar, streams: &[StreamId], draw: &mut Draw) -> Value {
    match scalar {
        Scalar::Text => json!("some words"),
        Scalar::Boolean => json!(draw.chance(50)),
        Scalar::Number => json!(draw.below(4) + 1),
        Scalar::Code => json!(draw.of(&CODES)),
        Scalar::Reference => json!("ACT-002"),
        Scalar::Stream => json!(draw.of(streams).to_string()),
        Scalar::Sequence => json!(draw.below(40).to_string()),
        Scalar::Hash => json!("01".repeat(32)),
        Scalar::PartialDate => json!(draw.of(&DATES)),
        Scalar::Instant => json!("2023-07-10T09:17:00.000000Z"),
        Scalar::Term => json!(draw.of(&TERMS)),
        Scalar::VerifierKey => Value::Null,
    }
}

/// Law and policy, which every history has.
static LAW_AND_POLICY: LazyLock<History> = LazyLock::new(|| {
    let known = NORMS.map(|reference| (reference, STORY.facts[reference].clone()));
    let mut story = Story {
        streams: NORMS.map(|reference| (reference.to_owned(), STORY.streams[reference].clone())).into(),
        facts: known.map(|(reference, facts)| (reference.to_owned(), facts)).into(),
    };
    let all: BTreeSet<Sequence> = story.facts.values().flatten().map(|fact| fact.recorded.sequence).collect();
    let numbers = in_turn(all, 1);
    story.facts.values_mut().flatten().for_each(|fact| renumber(fact, &numbers));
    History::of(&story)
});

/// Numbers facts one after the other, as a ledger does.
fn in_turn(all: BTreeSet<Sequence>, first: u64) -> BTreeMap<Sequence, Sequence> {
    all.into_iter().zip((first..).map(Sequence)).collect()
}

fn renumber(fact: &mut Fact, numbers: &BTreeMap<Sequence, Sequence>) {
    fact.recorded.sequence = numbers[&fact.recorded.sequence];
    fact.recorded.replaces = fact.recorded.replaces.map(|replaced| numbers[&replaced]);
}

/// A history drawn from a seed: law and policy, and facts about some streams.
fn history(events: &Events, seed: u64) -> History {
    let mut draw = Draw(seed);
    let families: Vec<usize> = (0..STREAMS).map(|_| draw.below(events.events.len())).collect();
    let streams: Vec<StreamId> = families
        .iter()
        .zip(0x0001_0000_u128..)
        .map(|(family, number)| StreamId::new(events.events[*family].0, uuid::Uuid::from_u128(number)))
        .collect();
    let mut facts: BTreeMap<StreamId, Vec<Fact>> = BTreeMap::new();
    for (place, sequence) in (0..DRAWN).zip(1..) {
        let at = draw.below(STREAMS);
        let (stream, kinds) = (&streams[at], &events.events[families[at]].1);
        let known = facts.get(stream).cloned().unwrap_or_default();
        let target = known.get(draw.below(known.len().max(1) * 6)).map(|fact| fact.recorded.sequence);
        let kind = draw.of(kinds);
        let taken_back = target.is_some() && draw.chance(30);
        let (name, data) = if taken_back {
            (RETRACTED.to_owned(), json!({ "reason": { "...": { "clear": "it never was" } } }))
        } else {
            let data = events.value(&Shape::Named(kind.type_name.clone()), &streams, &mut draw);
            (kind.declaration.fact.to_owned(), data)
        };
        let recorded = Instant::from_microseconds(1_640_000_000_000_000 + place as i64 * 2_000_000_000_000);
        let fact = drawn(&mut draw, (name, data), recorded, Sequence(sequence), target);
        let declaration = crate::family::family(stream.family()).unwrap();
        let context = Context { place: &fact.recorded, streams: &facts };
        let standing: Vec<&Fact> = known.iter().collect();
        let well_formed = (declaration.check)(&fact.fact, fact.version, &fact.data).is_ok();
        if well_formed && (declaration.admit)(&standing, &fact, &context).is_ok() {
            facts.entry(stream.clone()).or_default().push(fact);
        }
    }
    let admitted = facts.values().flatten().map(|fact| fact.recorded.sequence).collect();
    let numbers = in_turn(admitted, LAW_AND_POLICY.head());
    facts.values_mut().flatten().for_each(|fact| renumber(fact, &numbers));
    LAW_AND_POLICY.and_then(facts)
}

fn drawn(
    draw: &mut Draw,
    (fact, mut data): (String, Value),
    recorded: Instant,
    sequence: Sequence,
    replaces: Option<Sequence>,
) -> Fact {
    // Nobody opens these values: the salt hides nothing.
    erasable::seal(&mut data, &mut || [7; erasable::SALT_BYTES]).unwrap();
    let role = (*draw.of(&["DPO_OFFICE", "DATA_SUBJECT", "EXECUTIVE_BOARD", "INFORMATION_MANAGER"])).parse().unwrap();
    let effective: PartialDate = draw.of(&DATES).parse().unwrap();
    let provenance = if draw.chance(10) { Provenance::Backfill } else { Provenance::Native };
    let actor = Actor { id: Some("staff-dpo-02".parse().unwrap()), role, unit: None };
    let recorded = Recorded { sequence, recorded, effective, actor, provenance, asserted: None, replaces };
    Fact { recorded, fact, version: 1, data }
}

/// The rules and streams of a history, some of them.
fn some(history: &History, draw: &mut Draw) -> Vec<(&'static Rule, &'static Check, StreamId)> {
    let judged: BTreeSet<&str> = rules().flat_map(|rule| rule.checks).map(|check| check.family).collect();
    let streams: BTreeMap<&str, Vec<StreamId>> =
        judged.into_iter().map(|family| (family, history.streams_of(family))).collect();
    let all: Vec<_> = rules()
        .flat_map(|rule| rule.checks.iter().map(move |check| (rule, check)))
        .flat_map(|(rule, check)| streams[check.family].iter().map(move |stream| (rule, check, stream.clone())))
        .collect();
    (0..LOOKED_AT).map(|_| draw.of(&all).clone()).collect()
}

fn hold(seed: u64, history: &History, outcomes: &mut BTreeMap<Outcome, u64>) {
    let mut draw = Draw(!seed);
    let (head, earlier) = (history.head(), history.head() - 1 - draw.below(12) as u64);
    let short = history.first(earlier);
    let mut instants = history.changes();
    // Before there was law, nothing is judged.
    instants.retain(|at| *at >= "2018-05-01T00:00:00.000000Z".parse().unwrap());
    for (rule, check, stream) in some(history, &mut draw) {
        let at = *draw.of(&instants);
        let told = format!("seed {seed}: {} {:?} on {stream} at {at}", rule.id, check.layer);
        let judge = |history: &History, size, at| {
            history.judge(rule, check, &stream, Moment { size, valid: at, rules: at }).verdict
        };
        let verdict = judge(history, head, at);
        *outcomes.entry(verdict.outcome).or_default() += 1;
        assert!(check.layer != Layer::Practice || verdict.outcome != Outcome::Fail, "{told}: practice fails");
        let until = verdict.until.unwrap_or("2035-01-01T00:00:00.000000Z".parse().unwrap());
        assert!(until > at, "{told}: its horizon {until} is over");
        for later in
            instants.iter().filter(|later| **later > at && **later < until).step_by(31).chain([&until.before()])
        {
            assert_eq!(
                judge(history, head, *later).outcome,
                verdict.outcome,
                "{told}: changes at {later}, before {until}"
            );
        }
        if short.knows(&stream) {
            assert_eq!(
                judge(history, earlier, at),
                judge(&short, earlier, at),
                "{told}: later facts change what was known"
            );
        }
        if draw.chance(10) {
            let stretches = history.follow(rule, check, &stream, ("2016", "2027"), Knowledge::Fixed(head));
            let stretch = stretches.iter().find(|stretch| stretch.interval.contains(at));
            assert!(
                stretch.is_none_or(|stretch| stretch.verdict.outcome == verdict.outcome),
                "{told}: the timeline says otherwise"
            );
        }
    }
}

#[test]
fn the_laws_hold_over_histories_of_all_families() {
    let events = Events::all();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let mut outcomes = BTreeMap::new();
    match number("GRIFFIE_SEED") {
        Some(seed) => hold(seed, &history(&events, seed), &mut outcomes),
        None => (0..number("GRIFFIE_HISTORIES").unwrap_or(HISTORIES))
            .for_each(|seed| hold(seed, &history(&events, seed), &mut outcomes)),
    }
    println!("{outcomes:?}");
    assert!(outcomes.contains_key(&Outcome::Pass) && outcomes.contains_key(&Outcome::Fail), "{outcomes:?}");
}
