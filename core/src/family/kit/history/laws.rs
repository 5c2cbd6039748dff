//! What holds for the versions and differences of every history of every family; `check.rs` tries it on random ones.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Difference, View, difference, versions};
use crate::family::difference::changed_members;
use crate::family::kit::{Declaration, Fact, Span};
use crate::ledger::name::Sequence;
use crate::time::Instant;

/// Checks a history of one stream, and two moments of it: how many facts are known, and which instant is asked.
pub(in crate::family) fn hold(
    declaration: &Declaration,
    facts: &[Fact],
    from: (usize, usize),
    to: (usize, usize),
    instants: &[Instant],
) {
    let facts: Vec<&Fact> = facts.iter().collect();
    let view =
        |(size, instant): (usize, usize)| View { known: &facts[..size.min(facts.len())], valid: instants[instant] };
    let (from, to) = (view(from), view(to));
    versions_are_the_spans_of_the_timeline(declaration, from.known);
    let same = difference(declaration, from, from).unwrap();
    assert_eq!((same.changes, same.approvals, &same.before), (Vec::new(), Vec::new(), &same.after));
    let there = difference(declaration, from, to).unwrap();
    let back = difference(declaration, to, from).unwrap();
    assert_eq!((&there.before, &there.after), (&state(declaration, from), &state(declaration, to)));
    for difference in [&there, &back] {
        changes_turn_one_state_into_the_other(difference);
    }
    let paths = |difference: &Difference| -> Vec<(String, Value, Value)> {
        difference
            .changes
            .iter()
            .map(|change| (change.path.clone(), change.before.clone(), change.after.clone()))
            .collect()
    };
    let turned: Vec<_> = paths(&back).into_iter().map(|(path, before, after)| (path, after, before)).collect();
    assert_eq!(paths(&there), turned, "the way back changes the same");
    causes_are_facts_that_count_once(&there, from, to);
}

fn spans(declaration: &Declaration, known: &[&Fact]) -> Vec<Span> {
    let mut spans = Vec::new();
    (declaration.timeline)(known, &mut |span| spans.push(span)).unwrap();
    spans
}

fn state(declaration: &Declaration, view: View<'_>) -> Option<Value> {
    let spans = spans(declaration, view.known);
    let span = spans.iter().rev().find(|span| span.from <= view.valid);
    span.map(|span| serde_json::from_str(&span.state).unwrap())
}

fn versions_are_the_spans_of_the_timeline(declaration: &Declaration, known: &[&Fact]) {
    let versions = versions(declaration, known).unwrap();
    let seen: Vec<_> = versions.iter().map(|version| (version.from.earliest(), version.state.clone())).collect();
    let spans = spans(declaration, known).into_iter().map(|span| (span.from, span.state));
    assert_eq!(seen, spans.collect::<Vec<_>>());
    let mut told = BTreeSet::new();
    for (place, version) in versions.iter().enumerate() {
        assert_eq!(version.to, versions.get(place + 1).map(|next| next.from));
        assert!(version.facts.contains(&version.sequence), "{version:?}");
        assert!(version.facts.iter().all(|fact| told.insert(*fact)), "a fact made two versions: {version:?}");
    }
}

/// Setting each changed member to what it is makes the second state of the first.
fn changes_turn_one_state_into_the_other(difference: &Difference) {
    let mut state = difference.before.clone().unwrap_or_else(|| Value::Object(Map::new()));
    for change in &difference.changes {
        assert_ne!(change.before, change.after, "{change:?}");
        assert!(!change.causes.is_empty(), "without a cause: {change:?}");
        set(&mut state, &change.path, change.after.clone());
    }
    assert_eq!(changed_members(Some(&state), difference.after.as_ref()), [] as [String; 0], "{difference:?}");
}

fn set(state: &mut Value, path: &str, value: Value) {
    let member = path.split('.').fold(state, |value, name| {
        if !value.is_object() {
            *value = Value::Object(Map::new());
        }
        &mut value[name]
    });
    *member = value;
}

/// A cause counts in one of the views, or takes away what counted.
fn causes_are_facts_that_count_once(difference: &Difference, from: View<'_>, to: View<'_>) {
    let (counted, counts) = (from.counting(), to.counting());
    let once: BTreeSet<Sequence> = counted.symmetric_difference(&counts).copied().collect();
    let corrects = |sequence: &Sequence| {
        to.known.iter().any(|fact| fact.recorded.sequence == *sequence && fact.recorded.replaces.is_some())
    };
    for change in &difference.changes {
        assert!(change.causes.is_sorted_by(|left, right| left < right), "{change:?}");
        for cause in &change.causes {
            assert!(once.contains(cause) || corrects(cause), "{cause:?} of {change:?}");
        }
    }
    assert!(difference.approvals.iter().all(|approval| counts.contains(approval) && !counted.contains(approval)));
}
