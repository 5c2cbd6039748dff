//! Changes of the register: what each fact changed, and what came into force that was known before.
//!
//! Two rows of changes are merged into one by their instants: facts, at which the ledger took them, and states that were
//! known before, when they come into force. A follower's place is the last of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use crate::engine::feed::Source;
use crate::engine::follow::LogPosition;
use crate::engine::moment::Moment;
use crate::engine::project::facts_of;
use crate::family::consent_text::Materiality;
use crate::family::difference::changed_members;
use crate::family::kit::{Fact, Keys, standing};
use crate::family::shape::Shaped as _;
use crate::family::{FAMILIES, family};
use crate::ledger::name::{Sequence, StreamId};
use crate::store::{
    Announced, AnnouncedAfter, AskedMoment, Conn, EntryFilter, ListRange, Range, StateAt, Store, StoreError,
    StoredEntry, announced_states, entries, entries_at, recorded_at, states_at_moments,
};
use crate::time::Instant;

/// Facts, and states coming into force, read at once for one subscriber; each brings two states with it.
pub const CHANGES_PAGE: i64 = 16;

/// How a change came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// A fact was recorded.
    Recorded,
    /// What was recorded before comes into force.
    TakesEffect,
    /// A fact corrects another or takes it back.
    Corrected,
}

/// A follower's place: up to which fact, and up to which instant and stream, it was told.
///
/// Written `17`, or `17@2026-01-01T00:00:00.000000Z@activity/0190…` where more has come into force since that fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeCursor {
    /// The last fact.
    pub sequence: Sequence,
    /// The last that came into force after it; `None`: all that did before that fact was recorded.
    pub told: Option<(Instant, Option<StreamId>)>,
}

/// The text is no place in the changes of the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor of register changes; give a sequence, or the cursor of the last change you have")]
pub struct NotACursor;

impl fmt::Display for ChangeCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.sequence)?;
        match &self.told {
            None => Ok(()),
            Some((instant, None)) => write!(formatter, "@{instant}"),
            Some((instant, Some(stream))) => write!(formatter, "@{instant}@{stream}"),
        }
    }
}

impl FromStr for ChangeCursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let mut parts = text.splitn(3, '@');
        let sequence = parts.next().and_then(|part| part.parse().ok()).map(Sequence).ok_or(NotACursor)?;
        let instant = parts.next().map(str::parse).transpose().map_err(|_| NotACursor)?;
        let stream = parts.next().map(str::parse).transpose().map_err(|_| NotACursor)?;
        let cursor = Self { sequence, told: instant.map(|instant| (instant, stream)) };
        if cursor.to_string() == text { Ok(cursor) } else { Err(NotACursor) }
    }
}

/// Which changes to tell; what is empty narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Of activities that one of these units owns, and of what belongs to them.
    pub units: BTreeSet<String>,
    /// Of these families; empty: of all that are part of the register.
    pub families: BTreeSet<String>,
    /// Of these activities, and of what belongs to them.
    pub activities: BTreeSet<StreamId>,
}

/// A change of the register.
#[derive(Clone, Debug)]
pub struct Change {
    /// How it came about.
    pub kind: ChangeKind,
    /// The fact that changed it, or that was to take effect.
    pub fact: StoredEntry,
    /// The place after it.
    pub cursor: ChangeCursor,
    /// The state before.
    pub before: Option<StateIn>,
    /// The state with it.
    pub after: Option<StateIn>,
    /// The members of the state that differ, as paths.
    pub changed: Vec<String>,
    /// From when in the world it counts.
    pub in_effect_from: Instant,
    /// What the fact declares of its own weight.
    pub materiality: Option<Materiality>,
    /// The units concerned: those that own the activities.
    pub units: BTreeSet<String>,
    /// The activities concerned.
    pub activities: BTreeSet<StreamId>,
}

/// A state and the moment to which it belongs.
#[derive(Clone, Debug)]
pub struct StateIn {
    /// The state.
    pub state: StateAt,
    /// The moment.
    pub moment: Moment,
}

/// The changes of the register after a place.
#[derive(Debug)]
pub struct Changes {
    store: Store,
    filter: ChangeFilter,
    families: BTreeSet<String>,
    next: u64,
    told: AnnouncedAfter,
}

impl Changes {
    /// Begins after a place; without one, after what is known and in force now.
    pub async fn after(
        store: Store,
        filter: ChangeFilter,
        cursor: Option<ChangeCursor>,
        standing: LogPosition,
    ) -> Result<Self, StoreError> {
        let all_of = |instant| AnnouncedAfter { instant, stream: ListRange::END.to_owned() };
        let (next, told) = match cursor {
            None => (standing.size, all_of(standing.due)),
            Some(ChangeCursor { sequence, told: Some((instant, stream)) }) => {
                let stream = stream.map_or_else(|| ListRange::END.to_owned(), |stream| stream.to_string());
                (sequence.0 + 1, AnnouncedAfter { instant, stream })
            }
            Some(ChangeCursor { sequence, told: None }) => {
                let recorded = recorded_at(store.read().await?.conn(), sequence.0).await?;
                (sequence.0 + 1, all_of(recorded.unwrap_or(standing.due)))
            }
        };
        let families = if filter.families.is_empty() { register() } else { filter.families.clone() };
        Ok(Self { store, filter, families, next, told })
    }

    /// Reads the next facts, and what came into force up to the last of them or, if there are no more, up to now.
    async fn pending(&mut self, standing: &LogPosition) -> Result<Vec<PendingChange>, StoreError> {
        let mut connection = self.store.read().await?;
        let filter = EntryFilter::Families(self.families.clone());
        let range = Range { from: self.next, to: standing.size, limit: CHANGES_PAGE, backwards: false };
        let mut facts = entries(connection.conn(), &filter, range).await?;
        let mut next = facts.last().filter(|_| is_full(&facts)).map_or(standing.size, |last| last.entry.sequence + 1);
        let horizon = match facts.last() {
            Some(last) if is_full(&facts) => last.entry.recorded,
            last => last.map_or(standing.due, |last| last.entry.recorded.max(standing.due)),
        };
        let families = &self.families;
        let effects = announced_states(connection.conn(), &self.told, horizon, families, CHANGES_PAGE).await?;
        // Where this server's clock is behind the place, the rest of that instant is still to come.
        let mut told = if horizon < self.told.instant {
            self.told.clone()
        } else {
            AnnouncedAfter { instant: horizon, stream: ListRange::END.to_owned() }
        };
        if let Some(last) = effects.last().filter(|_| is_full(&effects)) {
            // More may come into force at that instant: facts recorded then or later belong behind it.
            let before = facts.partition_point(|fact| fact.entry.recorded < last.from);
            next = facts.get(before).map_or(next, |first| first.entry.sequence);
            facts.truncate(before);
            told = AnnouncedAfter { instant: last.from, stream: last.stream.to_string() };
        }
        let effects = with_facts(connection.conn(), effects).await?;
        let pending = placed(merged(facts, effects), self.next, &self.told);
        (self.next, self.told) = (next, told);
        Ok(pending)
    }

    /// Reads the states around some changes, and the units and activities that they concern.
    async fn changes(&self, mut pending: Vec<PendingChange>) -> Result<Vec<Change>, StoreError> {
        let mut connection = self.store.read().await?;
        let corrected: Vec<u64> = pending.iter().filter_map(|item| item.fact.entry.replaces).collect();
        let corrected = entries_at(connection.conn(), &corrected).await?;
        let corrected: BTreeMap<u64, Instant> =
            corrected.into_iter().map(|stored| (stored.entry.sequence, stored.entry.effective.earliest())).collect();
        pending.iter_mut().for_each(|item| item.see_correction(&corrected));
        let asked: Vec<AskedMoment> =
            pending.iter().flat_map(|item| [item.before.clone(), item.after.clone()]).collect();
        let mut states = states_at_moments(connection.conn(), &asked).await?.into_iter();
        let mut changes: Vec<Change> =
            pending.into_iter().map(|item| item.change(states.next().flatten(), states.next().flatten())).collect();
        add_units_of_activities(connection.conn(), &mut changes).await?;
        changes.retain(|change| self.filter.lets_through(change));
        Ok(changes)
    }
}

impl Source for Changes {
    type Item = Change;

    fn is_behind(&self, standing: &LogPosition) -> bool {
        self.next < standing.size || self.told.instant < standing.due
    }

    async fn page(&mut self, standing: &LogPosition) -> Result<Vec<Change>, StoreError> {
        let (next, told) = (self.next, self.told.clone());
        let pending = self.pending(standing).await?;
        let changes = self.changes(pending).await;
        if changes.is_err() {
            // They are read again.
            (self.next, self.told) = (next, told);
        }
        changes
    }

    fn position(&self) -> u64 {
        self.next
    }
}

impl ChangeFilter {
    fn lets_through(&self, change: &Change) -> bool {
        let units = self.units.is_empty() || !self.units.is_disjoint(&change.units);
        units && (self.activities.is_empty() || !self.activities.is_disjoint(&change.activities))
    }
}

/// The families of which units are told when nobody says which.
fn register() -> BTreeSet<String> {
    FAMILIES.iter().filter(|family| family.in_register).map(|family| family.name.to_owned()).collect()
}

fn is_full<T>(page: &[T]) -> bool {
    i64::try_from(page.len()).unwrap_or(i64::MAX) >= CHANGES_PAGE
}

/// Something that happened, before the states around it are read.
struct PendingChange {
    kind: ChangeKind,
    fact: StoredEntry,
    instant: Instant,
    cursor: ChangeCursor,
    before: AskedMoment,
    after: AskedMoment,
    in_effect_from: Instant,
}

impl PendingChange {
    fn of_fact(fact: StoredEntry) -> Self {
        let (stream, sequence, valid) = (&fact.entry.stream, fact.entry.sequence, fact.entry.effective.earliest());
        let at = |size| AskedMoment { stream: stream.clone(), size, valid };
        Self {
            kind: if fact.entry.replaces.is_some() { ChangeKind::Corrected } else { ChangeKind::Recorded },
            instant: fact.entry.recorded,
            cursor: ChangeCursor { sequence: Sequence(sequence), told: None },
            before: at(sequence),
            after: at(sequence + 1),
            in_effect_from: valid,
            fact,
        }
    }

    fn of_effect(effect: Announced, fact: StoredEntry) -> Self {
        let at = |valid| AskedMoment { stream: effect.stream.clone(), size: effect.size, valid };
        Self {
            kind: ChangeKind::TakesEffect,
            instant: effect.from,
            cursor: ChangeCursor { sequence: Sequence(0), told: Some((effect.from, Some(effect.stream.clone()))) },
            before: at(Instant::from_microseconds(effect.from.microseconds() - 1)),
            after: at(effect.from),
            in_effect_from: effect.from,
            fact,
        }
    }

    /// A correction counts from when the record was wrong, and its states are compared where both facts would hold: what
    /// is taken back before it came shows as well.
    fn see_correction(&mut self, effective: &BTreeMap<u64, Instant>) {
        let replaced = self.fact.entry.replaces.and_then(|replaced| effective.get(&replaced)).copied();
        if let (Some(replaced), ChangeKind::Corrected) = (replaced, self.kind) {
            self.in_effect_from = self.in_effect_from.min(replaced);
            self.before.valid = self.before.valid.max(replaced);
            self.after.valid = self.after.valid.max(replaced);
        }
    }

    fn change(self, before: Option<StateAt>, after: Option<StateAt>) -> Change {
        let read = |state: &Option<StateAt>| state.as_ref().and_then(|state| serde_json::from_str(&state.text).ok());
        let (old, new): (Option<Value>, Option<Value>) = (read(&before), read(&after));
        let entry = &self.fact.entry;
        let materiality = entry.data.get("materiality").and_then(|word| Materiality::read(word).ok());
        let keys = keys_of(&before).into_iter().chain(keys_of(&after)).collect();
        let mut activities = values(&keys, "activity").filter_map(|text| text.parse().ok()).collect::<BTreeSet<_>>();
        if entry.stream.family() == "activity" {
            activities.insert(entry.stream.clone());
        }
        Change {
            kind: self.kind,
            changed: changed_members(old.as_ref(), new.as_ref()),
            in_effect_from: self.in_effect_from,
            materiality,
            units: values(&keys, "unit").map(str::to_owned).collect(),
            activities,
            before: state_in(before, &self.before, entry.recorded),
            after: state_in(after, &self.after, entry.recorded),
            cursor: self.cursor,
            fact: self.fact,
        }
    }
}

/// The keys of a state; a stored state that is none of its family has no unit, and whoever asks for it is told that it is damaged.
fn keys_of(state: &Option<StateAt>) -> Keys {
    let declared = state.as_ref().and_then(|state| Some((state, family(state.stream.family()).ok()?)));
    declared.and_then(|(state, family)| (family.keys)(&state.text).ok()).unwrap_or_default()
}

fn values<'k>(keys: &'k Keys, name: &'k str) -> impl Iterator<Item = &'k str> {
    keys.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.as_str())
}

fn state_in(state: Option<StateAt>, asked: &AskedMoment, recorded: Instant) -> Option<StateIn> {
    let moment =
        Moment { size: asked.size, recorded: Some(recorded), is_final: true, valid: asked.valid, rules: asked.valid };
    state.map(|state| StateIn { state, moment })
}

/// Finds the fact by which each state was to come into force: of those effective then, the last that stood.
async fn with_facts(mut conn: Conn<'_>, effects: Vec<Announced>) -> Result<Vec<(Announced, StoredEntry)>, StoreError> {
    let Some(size) = effects.iter().map(|effect| effect.size).max() else {
        return Ok(Vec::new());
    };
    let streams = effects.iter().map(|effect| effect.stream.clone()).collect();
    let facts = facts_of(conn.reborrow(), &streams, size).await?;
    let cause = |effect: &Announced| {
        let facts = facts.get(&effect.stream).map_or(&[] as &[Fact], Vec::as_slice);
        let known: Vec<&Fact> = facts.iter().filter(|fact| fact.recorded.sequence.0 < effect.size).collect();
        let then = |fact: &&&Fact| fact.recorded.effective.earliest() == effect.from;
        standing(&known).iter().rfind(then).map(|fact| fact.recorded.sequence.0)
    };
    let causes: Vec<Option<u64>> = effects.iter().map(cause).collect();
    let sequences: Vec<u64> = causes.iter().flatten().copied().collect();
    let stored = entries_at(conn, &sequences).await?;
    let stored: BTreeMap<u64, StoredEntry> = stored.into_iter().map(|stored| (stored.entry.sequence, stored)).collect();
    let found = |(effect, cause): (Announced, Option<u64>)| Some((effect, stored.get(&cause?)?.clone()));
    Ok(effects.into_iter().zip(causes).filter_map(found).collect())
}

/// By instant; what comes into force when a fact is recorded comes before it.
fn merged(facts: Vec<StoredEntry>, effects: Vec<(Announced, StoredEntry)>) -> Vec<PendingChange> {
    let effects = effects.into_iter().map(|(effect, fact)| PendingChange::of_effect(effect, fact));
    let mut pending: Vec<PendingChange> = effects.chain(facts.into_iter().map(PendingChange::of_fact)).collect();
    pending.sort_by_key(|item| item.instant);
    pending
}

/// Notes in each item the place after it. `next` and `told` are the place before the first.
fn placed(mut pending: Vec<PendingChange>, next: u64, told: &AnnouncedAfter) -> Vec<PendingChange> {
    let mut sequence = Sequence(next.saturating_sub(1));
    let mut told = (told.instant, told.stream.parse().ok());
    for item in &mut pending {
        match item.kind {
            ChangeKind::TakesEffect => {
                item.cursor.sequence = sequence;
                told = item.cursor.told.clone().unwrap_or(told);
            }
            ChangeKind::Recorded | ChangeKind::Corrected => {
                sequence = item.cursor.sequence;
                // The clock of another server may lag behind: more has come into force than before this fact.
                item.cursor.told = (told.0 > item.instant).then(|| told.clone());
            }
        }
    }
    pending
}

/// What names no unit itself, as an agreement, concerns those of its activities: at that moment, or where one is not in
/// force then, as it is last known.
async fn add_units_of_activities(mut conn: Conn<'_>, changes: &mut [Change]) -> Result<(), StoreError> {
    let mut wanted: Vec<(usize, AskedMoment)> = Vec::new();
    for (position, change) in changes.iter().enumerate().filter(|(_, change)| change.units.is_empty()) {
        let Some(StateIn { moment, .. }) = change.after.as_ref().or(change.before.as_ref()) else { continue };
        let at = |stream: &StreamId| AskedMoment { stream: stream.clone(), size: moment.size, valid: moment.valid };
        wanted.extend(change.activities.iter().map(|stream| (position, at(stream))));
    }
    for last in [false, true] {
        let asked: Vec<AskedMoment> = wanted.iter().map(|(_, asked)| asked.clone()).collect();
        let states = states_at_moments(conn.reborrow(), &asked).await?;
        let mut missing = Vec::new();
        for ((position, asked), state) in wanted.into_iter().zip(states) {
            if state.is_none() && !last {
                missing.push((position, AskedMoment { valid: LAST_INSTANT, ..asked }));
            }
            changes[position].units.extend(values(&keys_of(&state), "unit").map(str::to_owned));
        }
        wanted = missing;
    }
    Ok(())
}

/// The last instant at which a state without an end holds.
const LAST_INSTANT: Instant = Instant::from_microseconds(i64::MAX - 1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_has_one_spelling() {
        let check = |text: &str, legal: bool| {
            let read = text.parse::<ChangeCursor>();
            assert_eq!(
                read.map(|cursor| cursor.to_string()),
                if legal { Ok(text.to_owned()) } else { Err(NotACursor) }
            );
        };
        let stream = "activity/01890a5d-ac96-774b-bcce-b302099a8057";
        check("0", true);
        check("17", true);
        check("17@2026-01-01T00:00:00.000000Z", true);
        check(&format!("17@2026-01-01T00:00:00.000000Z@{stream}"), true);
        check("", false);
        check("017", false);
        check("+17", false);
        check("-1", false);
        check("17@", false);
        check("17@2026-01-01", false);
        check("17@2026-01-01T00:00:00.000000Z@", false);
        check(&format!("17@{stream}"), false);
        check("17@2026-01-01T00:00:00.000000Z@activity", false);
    }
}
