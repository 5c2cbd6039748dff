//! How a stream came to be what it is: its versions, and what differs between two moments with the facts that caused it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::difference::changed_members;
use super::kit::{Declaration, Fact, ShapeError, standing};
use crate::ledger::name::Sequence;
use crate::time::{Instant, PartialDate};

/// A stretch of validity time in which a stream was in one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The last fact that made it: with the stream it names the version, for as long as that fact stands.
    pub sequence: Sequence,
    /// From when it holds.
    pub from: PartialDate,
    /// Until when; `None`: no end known.
    pub to: Option<PartialDate>,
    /// The facts that made it of the version before.
    pub facts: Vec<Sequence>,
    /// The members that differ from the version before, as paths.
    pub changed: Vec<String>,
    /// The canonical JSON of the state.
    pub state: String,
}

/// Lists the versions of a stream as its known facts make them, oldest first.
pub fn versions(declaration: &Declaration, known: &[&Fact]) -> Result<Vec<Version>, ShapeError> {
    let mut versions: Vec<Version> = Vec::new();
    let mut facts: Vec<Sequence> = Vec::new();
    let mut earlier: Option<Value> = None;
    let mut pending: Option<(PartialDate, Sequence, String)> = None;
    let mut close = |pending: Option<(PartialDate, Sequence, String)>, facts: &mut Vec<Sequence>| {
        let Some((from, sequence, state)) = pending else { return };
        let value: Value = serde_json::from_str(&state).unwrap_or_default();
        let changed = changed_members(earlier.as_ref(), Some(&value));
        if changed.is_empty() && !versions.is_empty() {
            return;
        }
        if let Some(last) = versions.last_mut() {
            last.to = Some(from);
        }
        versions.push(Version { sequence, from, to: None, facts: std::mem::take(facts), changed, state });
        earlier = Some(value);
    };
    (declaration.steps)(known, &mut |fact, state| {
        let from = fact.recorded.effective;
        // Facts of one instant make one version together.
        if pending.as_ref().is_some_and(|(earlier, ..)| earlier.earliest() != from.earliest()) {
            close(pending.take(), &mut facts);
        }
        facts.push(fact.recorded.sequence);
        pending = Some((from, fact.recorded.sequence, state));
    })?;
    close(pending, &mut facts);
    Ok(versions)
}

/// What was known of a stream, asked of one instant.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The known facts of the stream.
    pub known: &'a [&'a Fact],
    /// What was in force then.
    pub valid: Instant,
}

/// A member in which two views differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its path, as `current.entry.platforms`.
    pub path: String,
    /// What it was; null for nothing.
    pub before: Value,
    /// What it is; null for nothing.
    pub after: Value,
    /// The facts that caused it, by sequence; a correction stands for what it took away.
    pub causes: Vec<Sequence>,
}

/// What differs between two views of one stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The state in the first view; `None`: there was none.
    pub before: Option<Value>,
    /// The state in the second view.
    pub after: Option<Value>,
    /// The members that differ, by path.
    pub changes: Vec<Change>,
}

/// Compares two views of a stream, field by field, and names the facts that caused each change.
///
/// A fact that counts in the second view only causes what its own step of the fold changes; one that counts in the first
/// only, what it had changed there. Where a correction took it away, the correction is named in its place.
pub fn difference(declaration: &Declaration, from: View<'_>, to: View<'_>) -> Result<Difference, ShapeError> {
    let (first, second) = (Fold::of(declaration, from)?, Fold::of(declaration, to)?);
    let mut causes: BTreeMap<Sequence, Vec<String>> = BTreeMap::new();
    for (sequence, paths) in second.steps.iter().filter(|(sequence, _)| !first.counts(*sequence)) {
        causes.entry(*sequence).or_default().extend(paths.iter().cloned());
    }
    for (sequence, paths) in first.steps.iter().filter(|(sequence, _)| !second.counts(*sequence)) {
        let correction = to.known.iter().find(|fact| fact.recorded.replaces == Some(*sequence));
        let cause = correction.map_or(*sequence, |fact| fact.recorded.sequence);
        causes.entry(cause).or_default().extend(paths.iter().cloned());
    }
    let changed = changed_members(first.state.as_ref(), second.state.as_ref());
    let changes = changed.into_iter().map(|path| Change {
        before: member(first.state.as_ref(), &path),
        after: member(second.state.as_ref(), &path),
        causes: causes
            .iter()
            .filter(|(_, paths)| paths.iter().any(|other| overlap(other, &path)))
            .map(|(sequence, _)| *sequence)
            .collect(),
        path,
    });
    Ok(Difference { changes: changes.collect(), before: first.state, after: second.state })
}

/// A fold with what each of its steps changed.
struct Fold {
    state: Option<Value>,
    steps: Vec<(Sequence, Vec<String>)>,
}

impl Fold {
    fn of(declaration: &Declaration, view: View<'_>) -> Result<Self, ShapeError> {
        let counting = |fact: &&&Fact| fact.recorded.effective.earliest() <= view.valid;
        let in_force: BTreeSet<Sequence> =
            standing(view.known).iter().filter(counting).map(|fact| fact.recorded.sequence).collect();
        let mut state: Option<Value> = None;
        let mut steps = Vec::new();
        (declaration.steps)(view.known, &mut |fact, text| {
            if in_force.contains(&fact.recorded.sequence) {
                let next: Value = serde_json::from_str(&text).unwrap_or_default();
                steps.push((fact.recorded.sequence, changed_members(state.as_ref(), Some(&next))));
                state = Some(next);
            }
        })?;
        Ok(Self { state, steps })
    }

    fn counts(&self, sequence: Sequence) -> bool {
        self.steps.iter().any(|(counted, _)| *counted == sequence)
    }
}

/// Whether one path is the other or lies below it.
fn overlap(one: &str, other: &str) -> bool {
    let below = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
    one == other || below(one, other) || below(other, one)
}

/// Returns the member at a path; null where there is none.
pub fn member(state: Option<&Value>, path: &str) -> Value {
    let found = state.and_then(|state| path.split('.').try_fold(state, |value, name| value.get(name)));
    found.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::check::{History, clear, code, words};
    use super::super::family;
    use super::super::management_unit::{
        Closed, ManagementUnit, ManagementUnitEvent as E, Registered, Renamed, UnitKind,
    };
    use super::*;

    fn registered(kind: UnitKind) -> E {
        E::Registered(Registered {
            unit: code("mu-01"),
            kind: Some(kind),
            name: Some(words("Faculty of Law")),
            remark: None,
        })
    }

    fn history() -> History<ManagementUnit> {
        let mut history = History::new();
        history.admits("2018", registered(UnitKind::Office));
        history.admits("2020", E::Renamed(Renamed { name: words("Law School"), remark: None }));
        history.admits("2022", E::Closed(Closed { decision: None, remark: Some(clear("merged")) }));
        history.corrects(Sequence(0), "2018", registered(UnitKind::Faculty));
        history
    }

    fn at(date: &str) -> Instant {
        super::super::check::date(date).latest()
    }

    /// What differs, as `path by sequences`.
    fn changes(from: (usize, &str), to: (usize, &str)) -> Vec<String> {
        let history = history();
        let known = history.known();
        let view = |(size, valid): (usize, &str)| (known[..size].to_vec(), at(valid));
        let ((first, from), (second, to)) = (view(from), view(to));
        let (from, to) = (View { known: &first, valid: from }, View { known: &second, valid: to });
        let difference = difference(family("managementUnit").unwrap(), from, to).unwrap();
        let text = |change: &Change| {
            let causes: Vec<String> = change.causes.iter().map(ToString::to_string).collect();
            format!("{} by {}", change.path, causes.join(" "))
        };
        difference.changes.iter().map(text).collect()
    }

    #[test]
    fn each_change_names_the_facts_that_caused_it() {
        assert_eq!(changes((3, "2019"), (3, "2019")), [] as [&str; 0]);
        assert_eq!(changes((3, "2019"), (3, "2020")), ["name by 1", "renamed by 1"]);
        let closing = changes((3, "2020"), (3, "2022"));
        assert!(closing.contains(&"status by 2".to_owned()), "{closing:?}");
        let corrected = changes((3, "2019"), (4, "2019"));
        assert!(corrected.contains(&"registered.fact.kind by 3".to_owned()), "{corrected:?}");
        let begun = changes((1, "2017"), (1, "2018"));
        assert!(begun.iter().all(|change| change.ends_with(" by 0")), "{begun:?}");
    }

    #[test]
    fn a_version_is_named_by_the_fact_that_made_it() {
        let history = history();
        let check = |size: usize, expected: &[(u64, &str, Option<&str>)]| {
            let versions = versions(family("managementUnit").unwrap(), &history.known()[..size]).unwrap();
            let seen = versions.iter().map(|version| (version.sequence.0, version.from.to_string(), version.to));
            let expected = expected
                .iter()
                .map(|(sequence, from, to)| (*sequence, (*from).to_owned(), to.map(super::super::check::date)));
            assert_eq!(seen.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        };
        check(0, &[]);
        check(2, &[(0, "2018", Some("2020")), (1, "2020", None)]);
        check(4, &[(3, "2018", Some("2020")), (1, "2020", Some("2022")), (2, "2022", None)]);
    }
}
