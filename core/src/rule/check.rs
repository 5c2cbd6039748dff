//! Histories to judge in tests: the demonstration, and others told in the same form.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::catalogue::{Check, Rule, rule};
use super::inquiry::{Inquiry, Moment};
use super::judge::{Judged, judge};
use super::timeline::{Knowledge, Open, Stretch, TimelineQuestion, timeline};
use super::verdict::Verdict;
use super::world::{BitemporalVersion, Body, Extent, Line, Question, World};
use crate::family::demonstration::{STORY, Story};
use crate::family::family;
use crate::family::kit::{Fact, Keys};
use crate::family::rule_set::{Layer, Outcome};
use crate::ledger::merkle::Hash;
use crate::ledger::name::StreamId;
use crate::time::{Instant, Interval, PartialDate};

/// A history, and the world that follows from it.
pub(super) struct History {
    streams: BTreeMap<String, StreamId>,
    spans: BTreeMap<StreamId, Vec<Span>>,
    facts: BTreeMap<StreamId, Vec<Fact>>,
    recorded: Vec<Instant>,
    world: Mutex<World>,
}

/// A state, where it holds, and its keys: as naive as can be, every prefix of the facts folded anew.
#[derive(Clone)]
struct Span {
    extent: Extent,
    body: Hash,
    text: String,
    keys: Keys,
}

/// The demonstration.
pub(super) static DEMONSTRATION: LazyLock<History> = LazyLock::new(|| History::of(&STORY));

/// The stream that stands for the institution.
fn institution() -> StreamId {
    "ledger/00000000-0000-7000-8000-000000000000".parse().unwrap()
}

/// A fact in the form of `data/demonstration.json`, recorded at an instant by somebody (`id`, role).
pub(super) fn recorded_fact(
    stream: &str,
    recorded: &str,
    effective: &str,
    (id, role): (&str, &str),
    event: &Value,
) -> Value {
    json!({
        "row": "T", "basis": "FICTION", "recorded": recorded, "effective": effective, "stream": stream,
        "actor": { "id": id, "role": role }, "event": event,
    })
}

/// A fact that is recorded on the day from which it holds.
pub(super) fn fact_of_day(day: &str, stream: &str, by: (&str, &str), family: &str, name: &str, data: Value) -> Value {
    recorded_fact(stream, &format!("{day}T10:00:00.000000Z"), day, by, &json!({ family: { name: data } }))
}

/// Puts members in the place of others; null takes one out.
pub(super) fn with(mut one: Value, other: &Value) -> Value {
    let members = one.as_object_mut().unwrap();
    members.extend(other.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
    one
}

/// Holds a rule to an outcome on a stream, known and in force at the ends of two dates.
pub(super) fn holds(
    history: &History,
    (id, layer): (&str, Layer),
    reference: &str,
    (known, valid): (&str, &str),
    expected: Outcome,
) {
    let verdict = history.verdict(id, layer, reference, known, valid);
    let found = &verdict.reasons;
    assert_eq!(verdict.outcome, expected, "{id} {layer:?} on {reference} at {valid} as known on {known}: {found:?}");
}

impl History {
    /// Tells other facts after the demonstration's, in the form of `data/demonstration.json`.
    pub(super) fn and(facts: &Value) -> Self {
        Self::of(&Story::told(true, facts))
    }

    /// Tells facts after those about legal instruments of the demonstration.
    pub(super) fn after_the_law(facts: &Value) -> Self {
        Self::of(&Story::told_after(|family| family == "legalInstrument", facts))
    }

    /// Tells facts by themselves.
    pub(super) fn alone(facts: &Value) -> Self {
        Self::of(&Story::told(false, facts))
    }

    pub(super) fn of(story: &Story) -> Self {
        let mut history = Self {
            streams: story.streams.clone(),
            spans: BTreeMap::new(),
            facts: BTreeMap::new(),
            recorded: Vec::new(),
            world: Mutex::default(),
        };
        let mut all: Vec<&Fact> = story.facts.values().flatten().collect();
        all.sort_by_key(|fact| fact.recorded.sequence);
        // Sequences of a story count from 1; entry 0 is the founding.
        let first = all.first().map_or(Instant::MIN, |fact| fact.recorded.recorded.before());
        history.recorded = std::iter::once(first).chain(all.iter().map(|fact| fact.recorded.recorded)).collect();
        for (reference, facts) in &story.facts {
            let stream = story.streams[reference].clone();
            history.spans.insert(stream.clone(), spans(&stream, facts));
            history.facts.insert(stream, facts.clone());
        }
        history
    }

    /// How many entries are known at the end of a date.
    pub(super) fn size(&self, known: &str) -> u64 {
        let at = known.parse::<PartialDate>().unwrap().latest();
        self.recorded.iter().filter(|recorded| **recorded <= at).count() as u64
    }

    /// How many entries there are.
    pub(super) fn head(&self) -> u64 {
        self.recorded.len() as u64
    }

    /// The stream of a reference; `institution` is the institution as a whole.
    pub(super) fn stream(&self, reference: &str) -> StreamId {
        if reference == "institution" { institution() } else { self.streams[reference].clone() }
    }

    /// The verdict on a stream, by what was known and in force at the ends of two dates.
    pub(super) fn verdict(&self, id: &str, layer: Layer, reference: &str, known: &str, valid: &str) -> Verdict {
        let valid = valid.parse::<PartialDate>().unwrap().latest();
        self.judged(id, layer, reference, Moment { size: self.size(known), valid, rules: valid }).verdict
    }

    /// The outcome.
    pub(super) fn outcome(&self, id: &str, layer: Layer, reference: &str, known: &str, valid: &str) -> Outcome {
        self.verdict(id, layer, reference, known, valid).outcome
    }

    /// A verdict at a moment, with what was looked at.
    pub(super) fn judged(&self, id: &str, layer: Layer, reference: &str, moment: Moment) -> Judged {
        let stream = self.stream(reference);
        let (rule, check) = check(id, layer, stream.family());
        self.judge(rule, check, &stream, moment)
    }

    /// The same by the rule itself.
    pub(super) fn judge(&self, rule: &Rule, check: &Check, stream: &StreamId, moment: Moment) -> Judged {
        let mut world = self.world.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        loop {
            let judged = judge(&world, rule, check, stream, moment);
            assert_eq!(judged.notes.unreadable, None);
            if judged.notes.missing.is_empty() {
                return judged;
            }
            self.answer(&mut world, &judged.notes.missing);
        }
    }

    /// The outcomes over time, each with the first day and the day after the last, in Amsterdam.
    pub(super) fn stretches(
        &self,
        id: &str,
        layer: Layer,
        reference: &str,
        within: (&str, &str),
        knowledge: Knowledge,
    ) -> Vec<Stretch> {
        let stream = self.stream(reference);
        let (rule, check) = check(id, layer, stream.family());
        self.follow(rule, check, &stream, within, knowledge)
    }

    /// The same by the rule itself.
    pub(super) fn follow(
        &self,
        rule: &'static Rule,
        check: &'static Check,
        stream: &StreamId,
        within: (&str, &str),
        knowledge: Knowledge,
    ) -> Vec<Stretch> {
        let start = |date: &str| date.parse::<PartialDate>().unwrap().earliest();
        let within = Interval { from: start(within.0), to: start(within.1) };
        let asked = TimelineQuestion { rule, check, subject: stream.clone(), within, knowledge, rules: None };
        let mut world = self.world.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        loop {
            match timeline(&world, &asked) {
                Ok(stretches) => return stretches,
                Err(Open::Missing(missing)) => self.answer(&mut world, &missing),
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    /// Puts any question about a stream, by what was known and in force at the ends of two dates.
    pub(super) fn asked<T>(
        &self,
        reference: &str,
        known: &str,
        valid: &str,
        ask: impl for<'w> Fn(&Inquiry<'w>) -> T,
    ) -> T {
        let valid = valid.parse::<PartialDate>().unwrap().latest();
        let moment = Moment { size: self.size(known), valid, rules: valid };
        let stream = self.stream(reference);
        let mut world = self.world.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        loop {
            let inquiry = Inquiry::new(&world, "", &stream, moment);
            let answer = ask(&inquiry);
            let notes = inquiry.into_notes();
            assert_eq!(notes.unreadable, None);
            if notes.missing.is_empty() {
                return answer;
            }
            self.answer(&mut world, &notes.missing);
        }
    }

    /// Each stream with its reference.
    pub(super) fn references(&self) -> impl Iterator<Item = (StreamId, String)> {
        self.streams.iter().map(|(reference, stream)| (stream.clone(), reference.clone()))
    }

    /// The streams of a family; for the ledger's own the institution.
    pub(super) fn streams_of(&self, family: &str) -> Vec<StreamId> {
        let own = (family == "ledger").then(institution);
        self.spans.keys().filter(|stream| stream.family() == family).cloned().chain(own).collect()
    }

    /// Whether a stream is there.
    pub(super) fn knows(&self, stream: &StreamId) -> bool {
        self.spans.contains_key(stream) || stream.family() == "ledger"
    }

    /// The history as it was with that many entries.
    pub(super) fn first(&self, size: u64) -> Self {
        let facts = self.facts.iter().map(|(stream, facts)| {
            let known = facts.iter().filter(|fact| fact.recorded.sequence.0 < size).cloned();
            (stream.clone(), known.collect::<Vec<Fact>>())
        });
        let facts: BTreeMap<StreamId, Vec<Fact>> = facts.filter(|(_, facts)| !facts.is_empty()).collect();
        let told = |(stream, known): (&StreamId, &Vec<Fact>)| {
            let whole = known.len() == self.facts[stream].len();
            (stream.clone(), if whole { self.spans[stream].clone() } else { spans(stream, known) })
        };
        let spans = facts.iter().map(told).collect();
        let recorded = self.recorded[..usize::try_from(size).unwrap()].to_vec();
        Self { streams: self.streams.clone(), spans, facts, recorded, world: Mutex::default() }
    }

    /// The history, and after it facts of other streams, numbered on.
    pub(super) fn and_then(&self, more: BTreeMap<StreamId, Vec<Fact>>) -> Self {
        let (mut all_spans, mut facts) = (self.spans.clone(), self.facts.clone());
        let mut recorded: BTreeMap<u64, Instant> = (0..).zip(self.recorded.iter().copied()).collect();
        for (stream, known) in more {
            recorded.extend(known.iter().map(|fact| (fact.recorded.sequence.0, fact.recorded.recorded)));
            all_spans.insert(stream.clone(), spans(&stream, &known));
            facts.insert(stream, known);
        }
        assert!(recorded.keys().copied().eq(0..recorded.len() as u64), "facts are numbered one after the other");
        let recorded = recorded.into_values().collect();
        Self { streams: self.streams.clone(), spans: all_spans, facts, recorded, world: Mutex::default() }
    }

    /// How many entries are known at an instant.
    pub(super) fn size_at(&self, at: Instant) -> u64 {
        self.recorded.iter().filter(|recorded| **recorded <= at).count() as u64
    }

    /// When the first fact of a stream was recorded.
    pub(super) fn recorded_of(&self, reference: &str) -> Instant {
        self.facts[&self.streams[reference]][0].recorded.recorded
    }

    /// Every instant at which anything could change: something took effect, or was recorded, or the day after.
    pub(super) fn changes(&self) -> Vec<Instant> {
        let facts = self.facts.values().flatten().map(|fact| &fact.recorded);
        let instants = facts.flat_map(|place| {
            let period = place.effective.period();
            [place.recorded, place.recorded.before(), period.from, period.from.before(), period.to]
        });
        instants.collect::<BTreeSet<Instant>>().into_iter().collect()
    }

    fn answer(&self, world: &mut World, questions: &BTreeSet<Question>) {
        for question in questions {
            match question {
                Question::Stream(stream) => {
                    let spans = self.spans.get(stream).into_iter().flatten();
                    for span in spans.clone() {
                        world.add_body(span.body, Arc::new(Body::new(span.text.clone())));
                    }
                    let bitemporal_versions =
                        spans.map(|span| BitemporalVersion { extent: span.extent, body: span.body }).collect();
                    let named = self.streams.iter().find(|(_, of)| *of == stream);
                    let reference = named.and_then(|(name, _)| name.parse().ok());
                    world.add_line(stream.clone(), Line { reference, bitemporal_versions });
                }
                Question::Body(_) => panic!("bodies come with their streams"),
                Question::Keyed(family, key, value) | Question::Ever(family, key, value) => {
                    let spans = self.spans.iter().filter(|(stream, _)| stream.family() == *family);
                    let has = |span: &&Span| span.keys.iter().any(|(name, text)| name == key && text == value);
                    let found = spans
                        .flat_map(|(stream, spans)| spans.iter().filter(has).map(|span| (stream.clone(), span.extent)));
                    world.add_keyed(question.clone(), found.collect());
                }
                Question::All(family) => {
                    let streams = self.spans.keys().filter(|stream| stream.family() == *family);
                    world.add_all(family, streams.cloned().collect());
                }
                Question::Facts(stream) => {
                    world.add_facts(stream.clone(), self.facts.get(stream).cloned().unwrap_or_default());
                }
                Question::Recorded(size) => {
                    world.add_recorded(*size, self.recorded[usize::try_from(*size).unwrap() - 1]);
                }
            }
        }
    }
}

fn check(id: &str, layer: Layer, family: &str) -> (&'static Rule, &'static Check) {
    let rule = rule(id).unwrap_or_else(|| panic!("there is no rule {id}"));
    let check = rule.checks.iter().find(|check| check.layer == layer && check.family == family);
    (rule, check.unwrap_or_else(|| panic!("{id} does not judge {family} in the layer {layer:?}")))
}

fn spans(stream: &StreamId, facts: &[Fact]) -> Vec<Span> {
    let declaration = family(stream.family()).unwrap();
    let mut found = Vec::new();
    for place in 0..facts.len() {
        let known: Vec<&Fact> = facts[..=place].iter().collect();
        let known_from = facts[place].recorded.sequence.0 + 1;
        let known_to = facts.get(place + 1).map_or(u64::MAX, |next| next.recorded.sequence.0 + 1);
        let mut states = Vec::new();
        (declaration.timeline)(&known, &mut |span| states.push(span)).unwrap();
        let ends: Vec<Instant> = states.iter().skip(1).map(|span| span.from).chain([Instant::MAX]).collect();
        for (state, to) in states.into_iter().zip(ends) {
            let extent = Extent { effective: Interval { from: state.from, to }, known_from, known_to };
            let body = Hash(Sha256::digest(state.state.as_bytes()).into());
            found.push(Span { extent, body, text: state.state, keys: state.keys });
        }
    }
    found
}
