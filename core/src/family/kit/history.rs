//! How a stream came to be what it is: its versions, and what differs between two moments with the facts that caused it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::family::difference::changed_members;
use crate::family::kit::{Declaration, Fact, Recorded, ShapeError, standing};
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
    let mut making = Making::default();
    (declaration.steps)(known, &mut |fact, state| making.step(&fact.recorded, state))?;
    making.close();
    Ok(making.versions)
}

/// Versions on their way, fact by fact. Facts of one instant make one version together; what changes nothing makes none.
#[derive(Default)]
struct Making {
    versions: Vec<Version>,
    /// The state of the last version.
    last: Option<Value>,
    /// The facts since the last version.
    facts: Vec<Sequence>,
    open: Option<Open>,
}

/// What the facts of one instant have made so far.
struct Open {
    sequence: Sequence,
    from: PartialDate,
    state: String,
}

impl Making {
    fn step(&mut self, recorded: &Recorded, state: String) {
        let from = recorded.effective;
        if self.open.as_ref().is_some_and(|open| open.from.earliest() != from.earliest()) {
            self.close();
        }
        self.facts.push(recorded.sequence);
        // The version is named by the fact that made its state; one that changes nothing does not rename it.
        if self.open.as_ref().is_none_or(|open| open.state != state) {
            self.open = Some(Open { sequence: recorded.sequence, from, state });
        }
    }

    fn close(&mut self) {
        let Some(Open { sequence, from, state }) = self.open.take() else { return };
        if self.versions.last().is_some_and(|last| last.state == state) {
            return;
        }
        let value: Value = serde_json::from_str(&state).unwrap_or_default();
        let changed = changed_members(self.last.as_ref(), Some(&value));
        if let Some(last) = self.versions.last_mut() {
            last.to = Some(from);
        }
        let facts = std::mem::take(&mut self.facts);
        self.versions.push(Version { sequence, from, to: None, facts, changed, state });
        self.last = Some(value);
    }
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
    /// The facts by which somebody approved it: those that count in the second view only.
    pub approvals: Vec<Sequence>,
}

/// How the domain names of facts end by which somebody approves.
const APPROVALS: [&str; 5] = ["Approved", "Adopted", "ApprovalRecorded", "AgreementExecuted", "ArrangementAgreed"];
/// The member by which a fact says of itself who approved it.
const APPROVED_BY: &str = "approvedBy";

/// Compares two views of a stream, field by field, and names the facts that caused each change.
///
/// A fact that counts in the second view only causes what its own step of the fold changes; one that counts in the first
/// only, what it had changed there. Where corrections took it away, they are named in its place. A member that no such step
/// touches differs because of how facts fit together: all that count in one view only have caused it.
pub fn difference(declaration: &Declaration, from: View<'_>, to: View<'_>) -> Result<Difference, ShapeError> {
    let (counted, counts) = (from.counting(), to.counting());
    let added: BTreeSet<Sequence> = counts.difference(&counted).copied().collect();
    let gone: BTreeSet<Sequence> = counted.difference(&counts).copied().collect();
    let first = Fold::of(declaration, from, &counted, &gone)?;
    let second = Fold::of(declaration, to, &counts, &added)?;
    let mut causes: BTreeMap<Sequence, Vec<String>> = second.steps.into_iter().collect();
    for (sequence, paths) in first.steps {
        for cause in to.taking_away(sequence) {
            causes.entry(cause).or_default().extend(paths.iter().cloned());
        }
    }
    let changed = changed_members(first.state.as_ref(), second.state.as_ref());
    let changes = changed.into_iter().map(|path| Change {
        before: member(first.state.as_ref(), &path),
        after: member(second.state.as_ref(), &path),
        causes: causes_of(&causes, &path),
        path,
    });
    let approved = |fact: &&&Fact| added.contains(&fact.recorded.sequence) && approves(declaration, fact);
    let mut approvals: Vec<Sequence> = to.known.iter().filter(approved).map(|fact| fact.recorded.sequence).collect();
    approvals.sort();
    Ok(Difference { changes: changes.collect(), before: first.state, after: second.state, approvals })
}

fn causes_of(causes: &BTreeMap<Sequence, Vec<String>>, path: &str) -> Vec<Sequence> {
    let touches = |paths: &Vec<String>| paths.iter().any(|other| overlap(other, path));
    let direct: Vec<Sequence> =
        causes.iter().filter(|(_, paths)| touches(paths)).map(|(sequence, _)| *sequence).collect();
    if direct.is_empty() { causes.keys().copied().collect() } else { direct }
}

fn approves(declaration: &Declaration, fact: &Fact) -> bool {
    let declared = declaration.events.iter().find(|event| event.fact == fact.fact);
    declared.is_some_and(|event| APPROVALS.iter().any(|end| event.domain_name.ends_with(end)))
        || fact.data.get(APPROVED_BY).is_some()
}

impl View<'_> {
    /// The facts that count: known, not replaced, and in force.
    fn counting(&self) -> BTreeSet<Sequence> {
        let in_force = |fact: &&&Fact| fact.recorded.effective.earliest() <= self.valid;
        standing(self.known).iter().filter(in_force).map(|fact| fact.recorded.sequence).collect()
    }

    /// The corrections by which a fact does not count here, each of the one before it; without one, the fact itself.
    fn taking_away(&self, sequence: Sequence) -> Vec<Sequence> {
        let correction = |of: Sequence| self.known.iter().find(|fact| fact.recorded.replaces == Some(of));
        let next = |of: &Sequence| correction(*of).map(|fact| fact.recorded.sequence).filter(|next| next > of);
        let corrections: Vec<Sequence> = std::iter::successors(next(&sequence), next).collect();
        if corrections.is_empty() { vec![sequence] } else { corrections }
    }
}

/// A fold with what some of its steps changed.
struct Fold {
    state: Option<Value>,
    steps: Vec<(Sequence, Vec<String>)>,
}

impl Fold {
    /// Folds the facts that count, and looks at what those in question change.
    fn of(
        declaration: &Declaration,
        view: View<'_>,
        counting: &BTreeSet<Sequence>,
        asked: &BTreeSet<Sequence>,
    ) -> Result<Self, ShapeError> {
        // A long stream's states are large: only what is compared is read back.
        let read = |text: &String| serde_json::from_str::<Value>(text).unwrap_or_default();
        let mut last: Option<String> = None;
        let mut steps = Vec::new();
        (declaration.steps)(view.known, &mut |fact, text| {
            let sequence = fact.recorded.sequence;
            if !counting.contains(&sequence) {
                return;
            }
            if asked.contains(&sequence) {
                steps.push((sequence, changed_members(last.as_ref().map(read).as_ref(), Some(&read(&text)))));
            }
            last = Some(text);
        })?;
        Ok(Self { state: last.as_ref().map(read), steps })
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
pub(in crate::family) mod laws;
#[cfg(test)]
mod tests;
