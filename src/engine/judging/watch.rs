//! Watching verdicts: which became others, by a fact or by the passing of time, and which terms come near their end.
//!
//! A watcher keeps the sheet of what it watches and what was looked at for it. It judges again only where a fact was recorded in
//! one of these streams or lists, or where the earliest horizon of its verdicts is reached; so between two such moments it costs
//! nothing, and whoever resumes at a place passes the same moments again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::engine::clock::Sources;
use crate::engine::feed::Source;
use crate::engine::follow::{LogPosition, settled};
use crate::engine::judge::{Judge, JudgeError};
use crate::family::rule_set::Layer;
use crate::ledger::name::{Sequence, StreamId};
use crate::rule::inquiry::Moment;
use crate::rule::sheet::{Looked, Selection};
use crate::rule::verdict::{Deadline, Verdict};
use crate::store::{EntryFilter, Range, StoreError, StoredEntry, entries, size_known_at};
use crate::time::Instant;

/// Entries that a watcher may be behind when it begins: further back each of its moments would be judged again.
pub const WATCH_BEHIND_MAX: u64 = 100_000;
/// Entries read at once to find the next that matters.
const WATCH_PAGE: i64 = 64;
/// Moments judged for one page, so that a watcher far behind gives others their turn.
const WATCH_STEPS: usize = 16;

/// A watcher's place: the last entry that it knew of, and the instant at which it stood.
///
/// Written `17@2026-01-01T00:00:00.000000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WatchCursor {
    /// The last entry.
    pub sequence: Sequence,
    /// The instant.
    pub instant: Instant,
}

/// The text is no place of a watcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no cursor of verdicts or deadlines; give the cursor of the last result that you have, as 17@2026-01-01T00:00:00.000000Z"
)]
pub struct NotAWatchCursor;

impl fmt::Display for WatchCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}@{}", self.sequence, self.instant)
    }
}

impl FromStr for WatchCursor {
    type Err = NotAWatchCursor;

    fn from_str(text: &str) -> Result<Self, NotAWatchCursor> {
        let (sequence, instant) = text.split_once('@').ok_or(NotAWatchCursor)?;
        let sequence = Sequence(sequence.parse().map_err(|_| NotAWatchCursor)?);
        let cursor = Self { sequence, instant: instant.parse().map_err(|_| NotAWatchCursor)? };
        if cursor.to_string() == text { Ok(cursor) } else { Err(NotAWatchCursor) }
    }
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watched {
    /// Verdicts whose outcome becomes another.
    Changes,
    /// Terms that end within so many microseconds and are not met.
    Approaching(i64),
}

/// Something that a watcher tells.
#[derive(Clone, Debug)]
pub struct Notification {
    /// The place after it.
    pub cursor: WatchCursor,
    /// How many entries were known then.
    pub size: u64,
    /// The fact that was recorded then; absent: time passed.
    pub fact: Option<Sequence>,
    /// What is told of this moment.
    pub changes: Vec<WatchedChange>,
}

/// What is told.
#[derive(Clone, Debug)]
pub enum WatchedChange {
    /// An outcome became another: before and after; absent where the stream is judged no more or not yet.
    Changed(Option<Verdict>, Option<Verdict>),
    /// A term comes near its end.
    Approaching(Verdict, Deadline),
}

type Key = (&'static str, Layer, StreamId);

/// A watcher of some selections.
#[derive(Debug)]
pub struct Watch {
    judge: Judge,
    sources: Sources,
    institution: StreamId,
    selections: Vec<Selection>,
    watched: Watched,
    size: u64,
    at: Instant,
    verdicts: BTreeMap<Key, Verdict>,
    looked: Looked,
    told: BTreeSet<(Key, Instant)>,
    /// Of the beginning, which is told at once.
    first: Option<Notification>,
    /// The instant to be waited for before the next entry may be looked at.
    waits_for: Option<Instant>,
}

impl Watch {
    /// Begins after a place; without one, with what is known and in force now.
    pub async fn begin(
        judge: Judge,
        sources: Sources,
        institution: StreamId,
        selections: Vec<Selection>,
        watched: Watched,
        (size, cursor): (u64, Option<WatchCursor>),
    ) -> Result<Self, JudgeError> {
        let (size, at) = match cursor {
            Some(cursor) => (cursor.sequence.0 + 1, cursor.instant),
            None => (size, settled(&sources)),
        };
        let (verdicts, looked) = (BTreeMap::new(), Looked::default());
        let mut watch = Self {
            judge,
            sources,
            institution,
            selections,
            watched,
            size,
            at,
            verdicts,
            looked,
            told: BTreeSet::new(),
            first: None,
            waits_for: None,
        };
        (watch.verdicts, watch.looked) = watch.judged(size, at).await?;
        let near = watch.approaching();
        // Whoever resumes has been told these.
        watch.first = watch.tell(None, near).filter(|_| cursor.is_none());
        Ok(watch)
    }

    async fn judged(&self, size: u64, at: Instant) -> Result<(BTreeMap<Key, Verdict>, Looked), JudgeError> {
        let (mut all, mut looked) = (BTreeMap::new(), Looked::default());
        let moment = Moment { size, valid: at, rules: at };
        // As many as somebody named units.
        for selection in &self.selections {
            let (verdicts, seen) = self.judge.looked(&self.institution, selection, moment).await?;
            looked.extend(seen);
            all.extend(verdicts.into_iter().map(|verdict| (key(&verdict), verdict)));
        }
        Ok((all, looked))
    }

    /// The next instant at which time alone can bring changes.
    fn horizon(&self) -> Option<Instant> {
        let horizons = self.verdicts.values().filter_map(|verdict| verdict.until);
        let Watched::Approaching(within) = self.watched else { return horizons.min() };
        let alarms = self.open_terms().map(|(_, term)| alarm(term, within)).filter(|alarm| *alarm > self.at);
        horizons.chain(alarms).min()
    }

    fn open_terms(&self) -> impl Iterator<Item = (&Verdict, &Deadline)> {
        let terms =
            self.verdicts.values().flat_map(|verdict| verdict.deadlines.iter().map(move |term| (verdict, term)));
        terms.filter(|(_, term)| term.done.is_none())
    }

    /// The terms that come near their end now and were not told.
    fn approaching(&self) -> Vec<((Key, Instant), Verdict, Deadline)> {
        let Watched::Approaching(within) = self.watched else { return Vec::new() };
        let near = self.open_terms().filter(|(_, term)| alarm(term, within) <= self.at && self.at <= term.limit);
        let near = near.map(|(verdict, term)| ((key(verdict), term.limit), verdict.clone(), term.clone()));
        near.filter(|(key, ..)| !self.told.contains(key)).collect()
    }

    fn notification(&self, fact: Option<Sequence>, changes: Vec<WatchedChange>) -> Option<Notification> {
        let sequence = Sequence(self.size.saturating_sub(1));
        let cursor = WatchCursor { sequence, instant: self.at };
        (!changes.is_empty()).then_some(Notification { cursor, size: self.size, fact, changes })
    }

    /// Tells of terms, and remembers that they were told.
    fn tell(&mut self, fact: Option<Sequence>, near: Vec<((Key, Instant), Verdict, Deadline)>) -> Option<Notification> {
        let (keys, changes): (Vec<_>, Vec<_>) =
            near.into_iter().map(|(key, verdict, term)| (key, WatchedChange::Approaching(verdict, term))).unzip();
        self.told.extend(keys);
        self.notification(fact, changes)
    }

    /// Moves to a moment and tells what is new there.
    async fn step(
        &mut self,
        size: u64,
        at: Instant,
        fact: Option<Sequence>,
    ) -> Result<Option<Notification>, JudgeError> {
        let (verdicts, looked) = self.judged(size, at).await?;
        let before = std::mem::replace(&mut self.verdicts, verdicts);
        (self.size, self.at, self.looked) = (size, at, looked);
        if matches!(self.watched, Watched::Approaching(_)) {
            let near = self.approaching();
            return Ok(self.tell(fact, near));
        }
        let keys: BTreeSet<&Key> = before.keys().chain(self.verdicts.keys()).collect();
        let outcome = |verdict: Option<&Verdict>| verdict.map(|verdict| verdict.outcome);
        let pairs = keys.into_iter().map(|key| (before.get(key), self.verdicts.get(key)));
        let changed = pairs.filter(|(before, after)| outcome(*before) != outcome(*after));
        let changes = changed.map(|(before, after)| WatchedChange::Changed(before.cloned(), after.cloned())).collect();
        Ok(self.notification(fact, changes))
    }

    /// Finds the next entry that matters among those not known yet; what does not matter is passed over.
    async fn next_entry(&mut self, standing: &LogPosition) -> Result<Option<StoredEntry>, StoreError> {
        let families = self.looked.families().into_iter().map(str::to_owned).collect();
        let filter = EntryFilter::Families(families);
        let mut from = self.size;
        loop {
            let range = Range { from, to: standing.size, limit: WATCH_PAGE, backwards: false };
            let page = entries(self.judge.store().read().await?.conn(), &filter, range).await?;
            let full = i64::try_from(page.len()).unwrap_or(i64::MAX) >= WATCH_PAGE;
            let last = page.last().map(|last| last.entry.sequence + 1);
            if let Some(found) = page.into_iter().find(|stored| self.looked.concerns(&stored.entry.stream)) {
                return Ok(Some(found));
            }
            match last.filter(|_| full) {
                Some(next) => from = next,
                None => return Ok(None),
            }
        }
    }
}

impl Source for Watch {
    type Item = Notification;

    fn is_behind(&self, standing: &LogPosition) -> bool {
        let due = |instant: Instant| instant <= settled(&self.sources);
        match self.waits_for {
            Some(instant) => due(instant),
            None => self.first.is_some() || self.size < standing.size || self.horizon().is_some_and(due),
        }
    }

    fn is_driven_by_time(&self) -> bool {
        true
    }

    async fn page(&mut self, standing: &LogPosition) -> Result<Vec<Notification>, StoreError> {
        self.waits_for = None;
        if let Some(first) = self.first.take() {
            return Ok(vec![first]);
        }
        for _ in 0..WATCH_STEPS {
            let entry = self.next_entry(standing).await?;
            let horizon = self.horizon();
            let is_first = |stored: &StoredEntry| horizon.is_none_or(|horizon| stored.entry.recorded < horizon);
            let notification = match (entry, horizon) {
                (Some(stored), _) if is_first(&stored) => {
                    let at = self.at.max(stored.entry.recorded);
                    self.step(stored.entry.sequence + 1, at, Some(Sequence(stored.entry.sequence))).await
                }
                (_, Some(horizon)) if horizon <= settled(&self.sources) => {
                    // What had been recorded before the instant is known at it, and nothing else.
                    let size = size_known_at(self.judge.store().read().await?.conn(), horizon.before()).await?;
                    self.step(size.clamp(self.size, standing.size.max(self.size)), horizon, None).await
                }
                (Some(stored), Some(horizon)) => {
                    // An entry was recorded after an instant that is not settled yet: the instant comes first.
                    (self.size, self.waits_for) = (stored.entry.sequence, Some(horizon));
                    return Ok(Vec::new());
                }
                (_, _) => {
                    self.size = self.size.max(standing.size);
                    return Ok(Vec::new());
                }
            };
            if let Some(notification) = notification.map_err(judging)? {
                return Ok(vec![notification]);
            }
        }
        Ok(Vec::new())
    }

    fn position(&self) -> u64 {
        self.size
    }
}

fn key(verdict: &Verdict) -> Key {
    (verdict.rule, verdict.layer, verdict.subject.clone())
}

fn alarm(term: &Deadline, within: i64) -> Instant {
    Instant::from_microseconds(term.limit.microseconds().saturating_sub(within))
}

/// A follower knows failures of the store only.
fn judging(error: JudgeError) -> StoreError {
    match error {
        JudgeError::Store(error) => error,
        other => StoreError::corrupt("state", "body", 0, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_has_one_spelling() {
        let check = |text: &str, legal: bool| {
            let read = text.parse::<WatchCursor>().map(|cursor| cursor.to_string());
            assert_eq!(read, if legal { Ok(text.to_owned()) } else { Err(NotAWatchCursor) });
        };
        check("17@2026-01-01T00:00:00.000000Z", true);
        check("0@1970-01-01T00:00:00.000000Z", true);
        check("17", false);
        check("017@2026-01-01T00:00:00.000000Z", false);
        check("17@2026-01-01", false);
        check("@2026-01-01T00:00:00.000000Z", false);
        check("17@2026-01-01T00:00:00.000000Z@x", false);
    }
}
