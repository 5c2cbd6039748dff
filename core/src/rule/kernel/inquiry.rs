//! One question put to the ledger: a rule about a stream at a moment. Everything that a rule looks at goes through here, so that
//! it is known what is not loaded yet, which streams it looked at, and when the passing of time alone could change the answer.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Deref;

use crate::family::kit::{Fact, Family, Keys, standing};
use crate::ledger::name::StreamId;
use crate::rule::text::words;
use crate::rule::verdict::{Finding, ParameterUsed};
use crate::rule::world::{BitemporalVersion, Body, Extent, Question, World};
use crate::time::{Instant, Limit, PartialDate, Ternary};

/// The moment that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// How many entries are known.
    pub size: u64,
    /// What was in force is asked at this instant.
    pub valid: Instant,
    /// The law and policy of this instant are applied.
    pub rules: Instant,
}

/// What an inquiry came across.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// What is not loaded yet. While there is any, what was found counts for nothing.
    pub missing: BTreeSet<Question>,
    /// The next instant after the moment at which something that was looked at could change without a new fact.
    pub horizon: Option<Instant>,
    /// The streams that were looked at.
    pub streams: BTreeSet<StreamId>,
    /// The lists of streams that were looked at.
    pub lists: BTreeSet<Question>,
    /// The streams about people that were looked at.
    pub people: BTreeSet<StreamId>,
    /// The parameters that were read.
    pub parameters: BTreeSet<ParameterUsed>,
    /// Whether law was read that was recorded otherwise than it stands, and whether that allows more.
    pub own_law: Option<bool>,
    /// A stream whose state could not be read: its projection is of another version.
    pub unreadable: Option<StreamId>,
}

/// A state that an inquiry found.
#[derive(Debug)]
pub struct Seen<'w, F> {
    /// Its stream.
    pub stream: &'w StreamId,
    /// The state.
    pub state: &'w F,
}

impl<F> Clone for Seen<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Seen<'_, F> {}

impl<F> Deref for Seen<'_, F> {
    type Target = F;

    fn deref(&self) -> &F {
        self.state
    }
}

/// A rule about a stream at a moment.
#[derive(Debug)]
pub struct Inquiry<'w> {
    world: &'w World,
    /// The stream that is judged; for the institution as a whole the ledger's own.
    pub subject: &'w StreamId,
    /// The rule, as `TRF-01`.
    pub rule: &'static str,
    /// The moment.
    pub moment: Moment,
    notes: RefCell<Notes>,
}

impl<'w> Inquiry<'w> {
    /// Puts a question to what is loaded.
    pub fn new(world: &'w World, rule: &'static str, subject: &'w StreamId, moment: Moment) -> Self {
        Self { world, subject, rule, moment, notes: RefCell::default() }
    }

    /// Returns what it came across.
    pub fn into_notes(self) -> Notes {
        self.notes.into_inner()
    }

    /// Judges the subject as a state of a family; one that did not exist then is not judged.
    pub fn on<F: Family>(&self, judge: impl Fn(&Self, Seen<'w, F>) -> Finding) -> Finding {
        match self.state::<F>(self.subject) {
            Some(seen) => judge(self, seen),
            None => Finding::not_applicable(words(
                "op dat moment was hierover niets vastgelegd dat gold",
                "at that moment nothing was recorded of it that was in force",
            )),
        }
    }

    // --- Streams: read at (knownAt, validAt) ---------------------------------------------------------------------

    /// Returns the state of a stream as known and in force at the moment.
    pub fn state<F: Family>(&self, stream: &'w StreamId) -> Option<Seen<'w, F>> {
        self.at(stream, self.moment.valid)
    }

    /// Returns the state of a stream with all its known facts, later ones included: for what has effect on the past.
    pub fn state_with_later_facts<F: Family>(&self, stream: &'w StreamId) -> Option<Seen<'w, F>> {
        self.at(stream, Instant::MAX.before())
    }

    /// Returns the state of a stream as it stood when something was done.
    pub fn state_when<F: Family>(&self, stream: &'w StreamId, done: &PartialDate) -> Option<Seen<'w, F>> {
        self.at(stream, done.latest().min(self.moment.valid))
    }

    /// Returns the states of a family that have a value of a key at the moment, by stream.
    pub fn related<F: Family>(&self, key: &'static str, value: impl ToString) -> Vec<Seen<'w, F>> {
        self.with_key(key, value.to_string(), self.moment.valid)
    }

    /// Returns all states of a family at the moment, by stream. For families of the institution; never for those about people.
    pub fn all<F: Family>(&self) -> Vec<Seen<'w, F>> {
        self.every(self.moment.valid)
    }

    /// Returns the known facts of a stream that count at the moment, in the order in which they took effect.
    pub fn facts(&self, stream: &'w StreamId) -> Vec<&'w Fact> {
        self.touch(stream);
        let Some(facts) = self.world.facts(stream) else {
            self.ask(Question::Facts(stream.clone()));
            return Vec::new();
        };
        let known: Vec<&Fact> = facts.iter().filter(|fact| fact.recorded.sequence.0 < self.moment.size).collect();
        let mut counting = standing(&known);
        counting.retain(|fact| self.reached(fact.recorded.effective.earliest()));
        counting
    }

    /// Lists the streams about people that were looked at.
    pub(in crate::rule) fn people(&self) -> BTreeSet<StreamId> {
        self.notes.borrow().people.clone()
    }

    /// Tells whether any stream of a family was ever known to have a value of a key: taking it back does not count.
    pub(in crate::rule) fn has_ever<F: Family>(&self, key: &'static str, value: impl ToString) -> bool {
        let question = Question::Ever(F::NAME, key, value.to_string());
        let Some(found) = self.world.keyed(&question) else {
            self.ask(question);
            return false;
        };
        let known = found.iter().any(|(_, extent)| extent.known_from <= self.moment.size);
        self.notes.borrow_mut().lists.insert(question);
        known
    }

    /// Lists the streams of a family that have a value of a key at the moment.
    pub(in crate::rule) fn streams_with_key(
        &self,
        family: &'static str,
        key: &'static str,
        value: String,
    ) -> Vec<StreamId> {
        self.holding(family, key, value, self.moment.valid).into_iter().cloned().collect()
    }

    /// Lists the streams of a family that have a state at the moment.
    pub(in crate::rule) fn streams_of(&self, family: &'static str) -> Vec<StreamId> {
        let there = |stream: &&StreamId| self.bitemporal_version(stream, self.moment.valid).is_some();
        self.of_family(family).iter().filter(there).cloned().collect()
    }

    /// Lists the keys of a stream's state at the moment.
    pub(in crate::rule) fn keys(&self, stream: &StreamId) -> Option<Keys> {
        let body = self.body(self.bitemporal_version(stream, self.moment.valid)?)?;
        let declaration = crate::family::family(stream.family()).ok()?;
        (declaration.keys)(body.text()).ok()
    }

    /// Returns the human reference of a stream.
    pub fn reference(&self, stream: &StreamId) -> Option<&'w str> {
        self.touch(stream);
        match self.world.line(stream) {
            Some(line) => line.reference.as_ref().map(crate::ledger::name::Reference::as_str),
            None => {
                self.ask(Question::Stream(stream.clone()));
                None
            }
        }
    }

    // --- Law and policy: read at (knownAt, rulesAt) --------------------------------------------------------------

    pub(in crate::rule) fn rules_with_key<F: Family>(&self, key: &'static str, value: &str) -> Vec<Seen<'w, F>> {
        self.with_key(key, value.to_owned(), self.moment.rules)
    }

    /// Returns the states of a family that have a value of a key, with all known facts, later ones included.
    pub(in crate::rule) fn with_key_and_later_facts<F: Family>(
        &self,
        key: &'static str,
        value: &str,
    ) -> Vec<Seen<'w, F>> {
        self.with_key(key, value.to_owned(), Instant::MAX.before())
    }

    pub(in crate::rule) fn all_rules<F: Family>(&self) -> Vec<Seen<'w, F>> {
        self.every(self.moment.rules)
    }

    pub(in crate::rule) fn note_parameter(&self, used: ParameterUsed) {
        self.notes.borrow_mut().parameters.insert(used);
    }

    pub(in crate::rule) fn note_own_law(&self, allows_more: bool) {
        let mut notes = self.notes.borrow_mut();
        notes.own_law = Some(allows_more || notes.own_law == Some(true));
    }

    // --- Time ----------------------------------------------------------------------------------------------------

    /// Tells whether an instant is reached at the moment; if not, it is noted that the answer may change then.
    pub fn reached(&self, instant: Instant) -> bool {
        self.watch(instant);
        instant <= self.moment.valid
    }

    /// Tells whether something has happened at the moment, as far as its date says.
    pub fn happened(&self, date: &PartialDate) -> Ternary {
        self.watch(date.earliest());
        self.watch(date.latest());
        date.by(self.moment.valid)
    }

    /// Tells whether a period `[from, to)` contains the moment, as far as its dates say.
    pub fn within(&self, from: Option<&PartialDate>, to: Option<&PartialDate>) -> Ternary {
        let begun = from.map_or(Ternary::True, |from| self.happened_from(from));
        let ended = to.map_or(Ternary::False, |to| self.happened_from(to));
        begun.and(ended.not())
    }

    /// Tells whether a day or instant from which something holds is reached: a day counts from its start.
    fn happened_from(&self, from: &PartialDate) -> Ternary {
        match from {
            PartialDate::Day(_) | PartialDate::Exact(_) => self.reached(from.earliest()).into(),
            PartialDate::Year(_) | PartialDate::Month(..) => self.happened(from),
        }
    }

    /// Tells whether a limit has passed at the moment.
    pub fn passed(&self, limit: &Limit) -> Ternary {
        self.watch(limit.earliest.next());
        self.watch(limit.latest.next());
        limit.passed(self.moment.valid)
    }

    /// Tells whether an instant of the law is reached at the moment whose rules are applied.
    pub(in crate::rule) fn rules_reached(&self, instant: Instant) -> bool {
        if self.moment.rules == self.moment.valid {
            self.watch(instant);
        }
        instant <= self.moment.rules
    }

    /// Tells whether a date from which something of the law holds is reached at the moment whose rules are applied: a day counts from
    /// its start, of a month or a year only its dates say it.
    pub(in crate::rule) fn rules_from(&self, from: &PartialDate) -> Ternary {
        let begun = self.rules_reached(from.earliest());
        match from {
            PartialDate::Day(_) | PartialDate::Exact(_) => begun.into(),
            PartialDate::Year(_) | PartialDate::Month(..) => {
                self.rules_reached(from.latest());
                from.by(self.moment.rules)
            }
        }
    }

    fn watch(&self, instant: Instant) {
        if instant > self.moment.valid && instant < Instant::MAX {
            let mut notes = self.notes.borrow_mut();
            notes.horizon = Some(notes.horizon.map_or(instant, |horizon| horizon.min(instant)));
        }
    }

    // --- The world -----------------------------------------------------------------------------------------------

    pub(in crate::rule) fn world(&self) -> &'w World {
        self.world
    }

    /// Takes over what another inquiry came across on behalf of this one.
    pub(in crate::rule) fn take_over(&self, other: Notes) {
        let mut notes = self.notes.borrow_mut();
        notes.missing.extend(other.missing);
        notes.streams.extend(other.streams);
        notes.lists.extend(other.lists);
        notes.unreadable = notes.unreadable.take().or(other.unreadable);
    }

    fn ask(&self, question: Question) {
        self.notes.borrow_mut().missing.insert(question);
    }

    fn touch(&self, stream: &StreamId) {
        let mut notes = self.notes.borrow_mut();
        if !notes.streams.contains(stream) {
            notes.streams.insert(stream.clone());
        }
    }

    /// Where the passing of time leads somewhere else: the ends of what holds, the starts of what is known to come.
    fn watch_extent(&self, extent: &Extent, at: Instant) {
        let moves = at == self.moment.valid;
        if moves && extent.is_known(self.moment.size) {
            self.watch(extent.effective.from);
            self.watch(extent.effective.to);
        }
    }

    fn at<F: Family>(&self, stream: &'w StreamId, at: Instant) -> Option<Seen<'w, F>> {
        if stream.family() != F::NAME {
            return None;
        }
        let body = self.body(self.bitemporal_version(stream, at)?)?;
        if F::ABOUT_A_PERSON {
            self.notes.borrow_mut().people.insert(stream.clone());
        }
        self.read(stream, body)
    }

    fn body(&self, bitemporal_version: &BitemporalVersion) -> Option<&'w Body> {
        let body = self.world.body(&bitemporal_version.body);
        if body.is_none() {
            self.ask(Question::Body(bitemporal_version.body));
        }
        body.map(std::ops::Deref::deref)
    }

    fn read<F: Family>(&self, stream: &'w StreamId, body: &'w Body) -> Option<Seen<'w, F>> {
        let state = body.state::<F>();
        if state.is_none() {
            self.notes.borrow_mut().unreadable = Some(stream.clone());
        }
        state.map(|state| Seen { stream, state })
    }

    fn with_key<F: Family>(&self, key: &'static str, value: String, at: Instant) -> Vec<Seen<'w, F>> {
        self.holding(F::NAME, key, value, at).into_iter().filter_map(|stream| self.at(stream, at)).collect()
    }

    fn holding(&self, family: &'static str, key: &'static str, value: String, at: Instant) -> BTreeSet<&'w StreamId> {
        let question = Question::Keyed(family, key, value);
        let Some(found) = self.world.keyed(&question) else {
            self.ask(question);
            return BTreeSet::new();
        };
        found.iter().for_each(|(_, extent)| self.watch_extent(extent, at));
        self.notes.borrow_mut().lists.insert(question);
        found.iter().filter(|(_, extent)| extent.holds(self.moment.size, at)).map(|(stream, _)| stream).collect()
    }

    fn every<F: Family>(&self, at: Instant) -> Vec<Seen<'w, F>> {
        self.of_family(F::NAME).iter().filter_map(|stream| self.at(stream, at)).collect()
    }

    fn of_family(&self, family: &'static str) -> &'w [StreamId] {
        let Some(streams) = self.world.all(family) else {
            self.ask(Question::All(family));
            return &[];
        };
        self.notes.borrow_mut().lists.insert(Question::All(family));
        streams
    }

    /// Where a stream's state lies at an instant, if it has one that is loaded.
    fn bitemporal_version(&self, stream: &StreamId, at: Instant) -> Option<&'w BitemporalVersion> {
        self.touch(stream);
        let Some(line) = self.world.line(stream) else {
            self.ask(Question::Stream(stream.clone()));
            return None;
        };
        line.bitemporal_versions
            .iter()
            .for_each(|bitemporal_version| self.watch_extent(&bitemporal_version.extent, at));
        line.bitemporal_versions.iter().find(|bitemporal_version| bitemporal_version.extent.holds(self.moment.size, at))
    }
}
