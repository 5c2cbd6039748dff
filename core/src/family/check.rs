//! Test kit of the families: histories of clear events, what admission says of them, and the laws every family obeys.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use uuid::Uuid;

use super::describe::{Catalogue, Definition, Kind, Label, Shape};
use super::kit::{Context, Declaration, Event, Fact, Family, RETRACTED, Recorded, Refused, RejectionCode, read_state};
use super::shape::Shaped;
use super::value::LangText;
use super::{FAMILIES, family};
use crate::ledger::canonical;
use crate::ledger::entry::{Actor, Provenance};
use crate::ledger::erasable::{self, Erasable, SALT_BYTES};
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{Instant, PartialDate};

/// The facts of one stream of a family, as they are recorded one after the other.
pub(super) struct History<F> {
    facts: Vec<Fact>,
    others: BTreeMap<StreamId, Vec<Fact>>,
    family: PhantomData<F>,
}

impl<F: Family> History<F> {
    pub(super) fn new() -> Self {
        Self { facts: Vec::new(), others: BTreeMap::new(), family: PhantomData }
    }

    /// Lets admission see another stream.
    pub(super) fn beside<G: Family>(mut self, stream: StreamId, other: &History<G>) -> Self {
        self.others.insert(stream, other.facts.clone());
        self
    }

    /// Records a fact that must be admitted, and returns its sequence.
    pub(super) fn admits(&mut self, effective: &str, event: F::Event) -> Sequence {
        self.take(self.fact(effective, &event, None, "DPO"))
    }

    /// Records a correction that must be admitted.
    pub(super) fn corrects(&mut self, target: Sequence, effective: &str, event: F::Event) -> Sequence {
        self.take(self.fact(effective, &event, Some(target), "DPO"))
    }

    /// Checks that a fact is refused, and leaves it out.
    pub(super) fn refuses(&self, effective: &str, event: F::Event, code: RejectionCode, field: &str) {
        let fact = self.fact(effective, &event, None, "DPO");
        assert_eq!(self.verdict(&fact), Err((code, field.to_owned())), "{event:?}");
    }

    /// Checks that a correction is refused, and leaves it out.
    pub(super) fn refuses_correction(&self, target: Sequence, event: F::Event, code: RejectionCode) {
        let fact = self.fact("2020", &event, Some(target), "DPO");
        assert_eq!(self.verdict(&fact), Err((code, "replaces".to_owned())));
    }

    /// Checks that a data subject and a representative may not record it.
    pub(super) fn refuses_subjects(&self, effective: &str, event: &F::Event) {
        for role in ["SUBJECT", "REPRESENTATIVE"] {
            let fact = self.fact(effective, event, None, role);
            let field = format!("event.{}", fact.fact);
            assert_eq!(self.verdict(&fact), Err((RejectionCode::NotThisActor, field)), "{event:?}");
        }
    }

    /// Returns the state at the end of a date.
    pub(super) fn state(&self, at: &str) -> F {
        state_at(&self.known(), date(at).latest())
    }

    /// Returns the keys at the end of a date as `name=value`.
    pub(super) fn keys(&self, at: &str) -> Vec<String> {
        let keys = self.state(at).keys();
        keys.into_iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    pub(super) fn known(&self) -> Vec<&Fact> {
        self.facts.iter().collect()
    }

    fn fact(&self, effective: &str, event: &F::Event, replaces: Option<Sequence>, role: &str) -> Fact {
        let sequence = self.facts.len() as u64;
        fact(sequence, date(effective), event, replaces.map(|target| target.0), role)
    }

    fn verdict(&self, new: &Fact) -> Result<(), (RejectionCode, String)> {
        let context = Context { place: &new.recorded, streams: &self.others };
        let admitted = (Declaration::of::<F>().admit)(&self.known(), new, &context);
        admitted.map_err(|Refused { code, field, .. }| (code, field))
    }

    fn take(&mut self, fact: Fact) -> Sequence {
        assert_eq!(self.verdict(&fact), Ok(()), "{fact:?}");
        let sequence = fact.recorded.sequence;
        self.facts.push(fact);
        sequence
    }
}

/// Seals an event with salts that follow from its sequence.
pub(super) fn fact<E: Event>(
    sequence: u64,
    effective: PartialDate,
    event: &E,
    replaces: Option<u64>,
    role: &str,
) -> Fact {
    Fact {
        recorded: Recorded {
            sequence: Sequence(sequence),
            recorded: Instant::from_microseconds(1_600_000_000_000_000 + sequence as i64),
            effective,
            actor: Actor { id: None, role: code(role), unit: None },
            provenance: Provenance::Native,
            asserted: None,
            replaces: replaces.map(Sequence),
        },
        fact: event.kind().0.to_owned(),
        version: event.kind().1,
        data: sealed(event.to_data(), sequence),
    }
}

/// Seals what is clear in data, with salts that follow from the sequence.
pub(super) fn sealed(mut data: Value, sequence: u64) -> Value {
    let mut count = 0_u64;
    let mut salt = || {
        count += 1;
        let mut salt = [0; SALT_BYTES];
        salt[..8].copy_from_slice(&sequence.to_be_bytes());
        salt[8..].copy_from_slice(&count.to_be_bytes());
        salt
    };
    erasable::seal(&mut data, &mut salt).unwrap();
    data
}

/// Reads the state at an instant from the timeline of the family.
pub(super) fn state_at<F: Family>(known: &[&Fact], at: Instant) -> F {
    let mut spans = Vec::new();
    (Declaration::of::<F>().timeline)(known, &mut |span| spans.push(span)).unwrap();
    let span = spans.iter().rev().find(|span| span.from <= at);
    span.map_or_else(F::default, |span| read_state(&span.state).unwrap())
}

pub(super) fn code(text: &str) -> Code {
    text.parse().unwrap()
}

pub(super) fn codes(texts: &[&str]) -> Vec<Code> {
    texts.iter().copied().map(code).collect()
}

pub(super) fn date(text: &str) -> PartialDate {
    text.parse().unwrap()
}

pub(super) fn clear(text: &str) -> Erasable<String> {
    Erasable::Clear(text.to_owned())
}

pub(super) fn words(english: &str) -> Erasable<LangText> {
    Erasable::Clear(LangText { nl: None, en: Some(english.to_owned()) })
}

/// The stream of a family with a number for its id.
pub(super) fn stream(family: &str, number: u128) -> StreamId {
    StreamId::new(family, Uuid::from_u128(number))
}

/// Checks what holds for every family; the pool has at least one event of each kind.
pub(super) fn laws<F: Family>(pool: &[F::Event]) {
    every_event_is_in_the_pool::<F>(pool);
    pool.iter().enumerate().for_each(|(position, event)| reads_back(position as u64, event));
    pool.iter().for_each(wire_name_is_the_variant);
    the_timeline_is_the_fold_in_any_order::<F>(pool);
    differences_explain_histories::<F>(pool);
}

fn every_event_is_in_the_pool<F: Family>(pool: &[F::Event]) {
    let pooled: BTreeSet<&str> = pool.iter().map(|event| event.kind().0).collect();
    let declared: BTreeSet<&str> = F::Event::DECLARATIONS.iter().map(|event| event.fact).collect();
    assert_eq!(pooled, declared, "{}", F::NAME);
}

/// Sealed data reads back as the event that writes it, and nothing clear is left in it.
fn reads_back<E: Event>(sequence: u64, event: &E) {
    let (fact, version) = event.kind();
    let declared = E::DECLARATIONS.iter().any(|declared| (declared.fact, declared.version) == (fact, version));
    assert!(declared, "{fact} in version {version}");
    let clear = event.to_data();
    let data = sealed(clear.clone(), sequence);
    assert!(!data.to_string().contains("\"clear\""), "{data}");
    assert!(canonical::encode(&data).is_ok(), "{data}");
    let read = E::from_data(fact, version, &data).unwrap();
    assert_eq!(read.to_data(), data);
    assert_eq!(read.kind(), (fact, version));
    assert!(E::from_data(fact, version + 1, &data).is_err());
    if clear != data {
        assert!(E::from_data(fact, version, &clear).is_err(), "clear data in an entry");
    }
}

fn wire_name_is_the_variant<E: Event>(event: &E) {
    let debug = format!("{event:?}");
    let variant = debug.split('(').next().unwrap();
    let camel_case = variant[..1].to_ascii_lowercase() + &variant[1..];
    assert_eq!(event.kind().0, camel_case);
}

const DATES: [&str; 8] = [
    "2019",
    "2019-12",
    "2019-12-31",
    "2019-12-31T11:00:00.000000Z",
    "2020",
    "2020-03-29",
    "2020-03-29T00:30:00.000000Z",
    "2021-07",
];

/// Whatever is recorded in whatever order, the fold never fails, and at every instant the timeline says what the naive
/// fold of the known facts says.
fn the_timeline_is_the_fold_in_any_order<F: Family>(pool: &[F::Event]) {
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&histories(pool), |picks| {
        let facts = history::<F>(pool, &picks);
        for size in [facts.len(), facts.len() / 2, facts.len() / 3] {
            let known: Vec<&Fact> = facts[..size].iter().collect();
            agrees_with_the_oracle::<F>(&known);
            admission_answers::<F>(&known, &facts[size..]);
        }
        Ok(())
    });
    result.unwrap();
}

/// Which event takes effect on which date, and which earlier fact it corrects.
type Picks = Vec<(usize, usize, Option<usize>)>;

fn histories<E>(pool: &[E]) -> impl Strategy<Value = Picks> + use<E> {
    let pick = (0..pool.len(), 0..DATES.len(), proptest::option::weighted(0.15, 0..12_usize));
    proptest::collection::vec(pick, 0..14)
}

fn history<F: Family>(pool: &[F::Event], picks: &[(usize, usize, Option<usize>)]) -> Vec<Fact> {
    let make = |(position, (event, day, target)): (usize, &(usize, usize, Option<usize>))| {
        let replaces = target.filter(|target| *target < position).map(|target| target as u64);
        fact(position as u64, date(DATES[*day]), &pool[*event], replaces, "DPO")
    };
    picks.iter().enumerate().map(make).collect()
}

/// Whatever is recorded in whatever order: versions are the spans of the timeline, and a difference of two moments turns one
/// state into the other and names a fact for every change.
fn differences_explain_histories<F: Family>(pool: &[F::Event]) {
    let moment = || (0..15_usize, 0..DATES.len());
    let strategy = (histories(pool), moment(), moment());
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&strategy, |(picks, from, to)| {
        let facts = history::<F>(pool, &picks);
        super::history::laws::hold(&Declaration::of::<F>(), &facts, from, to, &DATES.map(|day| date(day).latest()));
        Ok(())
    });
    result.unwrap();
}

fn agrees_with_the_oracle<F: Family>(known: &[&Fact]) {
    let mut spans = Vec::new();
    (Declaration::of::<F>().timeline)(known, &mut |span| spans.push(span)).unwrap();
    assert!(spans.is_sorted_by(|left, right| left.from < right.from && left.state != right.state));
    let starts = DATES.iter().map(|day| date(day).earliest());
    let instants = starts.flat_map(|start| [start.before(), start, start.next()]);
    for at in instants.chain([Instant::MIN, Instant::MAX]) {
        let expected = oracle::<F>(known, at);
        let span = spans.iter().rev().find(|span| span.from <= at);
        let (state, keys) = span
            .map_or_else(|| (text(&F::default()), F::default().keys()), |span| (span.state.clone(), span.keys.clone()));
        let expected_keys: BTreeSet<_> = expected.keys().into_iter().collect();
        assert_eq!((state.clone(), keys.into_iter().collect::<BTreeSet<_>>()), (text(&expected), expected_keys));
        let read: F = read_state(&state).unwrap();
        assert_eq!(text(&read), state, "a state reads back as it was written");
    }
}

/// The definition in ARCHITECTURE.md, word for word: filter, order, fold.
fn oracle<F: Family>(known: &[&Fact], at: Instant) -> F {
    let replaced = |sequence| known.iter().any(|fact| fact.recorded.replaces == Some(sequence));
    let mut facts: Vec<&Fact> = known
        .iter()
        .copied()
        .filter(|fact| !replaced(fact.recorded.sequence))
        .filter(|fact| fact.fact != RETRACTED)
        .filter(|fact| fact.recorded.effective.earliest() <= at)
        .collect();
    facts.sort_by_key(|fact| (fact.recorded.effective.earliest(), fact.recorded.sequence));
    let mut state = F::default();
    for fact in facts {
        let event = F::Event::from_data(&fact.fact, fact.version, &fact.data).unwrap();
        state.apply(&event, &fact.recorded);
    }
    state
}

/// Admission answers, one way or the other, whatever is known.
fn admission_answers<F: Family>(known: &[&Fact], new: &[Fact]) {
    let streams = BTreeMap::new();
    for fact in new {
        let context = Context { place: &fact.recorded, streams: &streams };
        let refused = (Declaration::of::<F>().admit)(known, fact, &context).err();
        assert!(refused.is_none_or(|refused| !refused.message.is_empty()));
    }
}

fn text<F: Family>(state: &F) -> String {
    canonical::encode(&state.write()).unwrap()
}

#[test]
fn no_name_is_declared_twice() {
    let mut seen = BTreeSet::new();
    let mut once = |name: String| assert!(seen.insert(name.clone()), "{name} is declared twice");
    let mut catalogue = Catalogue::default();
    for family in FAMILIES {
        once(format!("family {}", family.name));
        let fields = family.api_fields.iter().flat_map(|fields| [fields.one, fields.many, fields.record]);
        fields.for_each(|field| once(format!("field {field}")));
        for event in family.events {
            once(format!("{}.{}", family.name, event.fact));
            once(format!("{} as {}", family.name, event.domain_name));
        }
        family.describe_events(&mut catalogue);
        (family.describe_state)(&mut catalogue);
    }
    assert_eq!(catalogue.clashes, [] as [&str; 0], "two things have this name in the API");
}

/// A key by which a relation is found is one that the states of that family have.
#[test]
fn every_relation_leads_to_a_family_and_a_key_that_are_there() {
    let has_key = |name: &str, key: &str| {
        let found = family(name).is_ok_and(|family| family.keys_declared.iter().any(|declared| declared.name == key));
        if found { None } else { Some(format!("{name} has no key {key}")) }
    };
    let mut wrong = Vec::new();
    for family in FAMILIES {
        for relation in family.relations {
            let (theirs, ours) = match relation.by {
                super::kit::By::Theirs(theirs) => (Some(theirs), None),
                super::kit::By::Ours(ours) => (None, Some(ours)),
                super::kit::By::Shared(theirs, ours) => (Some(theirs), Some(ours)),
            };
            let missing = theirs.and_then(|key| has_key(relation.family, key));
            let missing = missing.into_iter().chain(ours.and_then(|key| has_key(family.name, key)));
            wrong.extend(missing.map(|missing| format!("{}.{}: {missing}", family.name, relation.field)));
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
}

#[test]
fn every_event_can_carry_a_remark() {
    let mut catalogue = Catalogue::default();
    for family in FAMILIES {
        for event in family.describe_events(&mut catalogue) {
            let members = catalogue.members(&event.type_name);
            assert!(members.iter().any(|member| member.name == "remark"), "{}.{}", family.name, event.declaration.fact);
        }
    }
}

/// Everything that people read of a family has a name in both languages and a description.
#[test]
fn everything_has_a_dutch_name_and_a_description() {
    let mut nameless = Nameless::default();
    let mut catalogue = Catalogue::default();
    for family in FAMILIES {
        nameless.check(family.name, &super::words::label(family.name, Some(family.label_nl)), "-");
        for relation in family.relations {
            let place = format!("{} relation {}", family.name, relation.field);
            nameless.check(&place, &super::words::label(relation.field, Some(relation.nl)), relation.doc);
        }
        for event in family.describe_events(&mut catalogue) {
            let place = format!("{}.{}", family.name, event.declaration.fact);
            nameless.check(&place, &event.label, &event.doc);
            assert!(catalogue.get(&event.type_name).is_some(), "{place} has no record");
        }
        (family.describe_state)(&mut catalogue);
    }
    catalogue.definitions().for_each(|definition| nameless.check_definition(definition));
    assert!(nameless.found.is_empty(), "\n{}", nameless.found.join("\n"));
}

/// What lacks a name or a description.
#[derive(Default)]
struct Nameless {
    found: Vec<String>,
}

impl Nameless {
    fn check(&mut self, place: &str, label: &Label, doc: &str) {
        let lacks = [("Dutch name", label.nl.as_str()), ("English name", &label.en), ("description", doc)];
        let lacks = lacks.into_iter().filter(|(_, text)| text.trim().is_empty() || text.trim() != *text);
        self.found.extend(lacks.map(|(what, _)| format!("{place}: no {what}")));
    }

    fn check_definition(&mut self, definition: &Definition) {
        let name = &definition.name;
        if definition.doc.is_empty() {
            self.found.push(format!("{name}: no description"));
        }
        match &definition.kind {
            Kind::Record(members) => {
                for member in members {
                    self.check(&format!("{name}.{}", member.name), &member.label, &member.doc);
                }
            }
            Kind::Choice(items) => {
                for item in items {
                    self.check(&format!("{name}.{}", item.value), &item.label, &item.doc);
                }
            }
        }
    }
}

/// What every state says of its place, in the API beside its own members: see `graphql/snapshot.rs`.
const OF_EVERY_STATE: [&str; 9] =
    ["id", "stream", "reference", "revision", "inEffectFrom", "inEffectTo", "knownFrom", "facts", "history"];

/// Relations and what every state says are fields beside the members of the state: one of the same name would hide the other.
#[test]
fn every_field_of_a_state_has_a_name_of_its_own() {
    let mut taken = Vec::new();
    for family in FAMILIES {
        let mut catalogue = Catalogue::default();
        let Shape::Named(state) = (family.describe_state)(&mut catalogue) else {
            panic!("{} has no record for its state", family.name);
        };
        let members = catalogue.members(&state).iter().map(|member| member.name.as_str());
        let mut names = BTreeSet::from(OF_EVERY_STATE);
        let again =
            members.chain(family.relations.iter().map(|relation| relation.field)).filter(|name| !names.insert(*name));
        taken.extend(again.map(|name| format!("{}.{name}", family.name)));
    }
    assert!(taken.is_empty(), "these names stand for something else already:\n{}", taken.join("\n"));
}

/// An amendment that says all that an entry says makes that entry of an empty one; `lists`: what only the amendment has.
pub(super) fn amends_everything<T, A>(entry: &T, lists: &[&str], amended: fn(&T, &A) -> T)
where
    T: Shaped + std::fmt::Debug + PartialEq,
    A: Shaped,
{
    let Value::Object(whole) = sealed(entry.write(), 1) else { panic!("an entry has members") };
    let mut empty = whole.clone();
    empty.retain(|name, value| value.is_array() || name == "version");
    empty.values_mut().filter(|value| value.is_array()).for_each(|list| *list = Value::Array(Vec::new()));
    let mut amendment = whole.clone();
    amendment.extend(lists.iter().map(|name| ((*name).to_owned(), Value::Array(Vec::new()))));
    let read = (T::read(&Value::Object(empty)).unwrap(), A::read(&Value::Object(amendment)).unwrap());
    assert_eq!(amended(&read.0, &read.1), T::read(&Value::Object(whole)).unwrap());
}
