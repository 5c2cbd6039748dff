//! What caused which change, and what a version is named by.

use super::*;
use crate::family::check::{History, clear, code, words};
use crate::family::family;
use crate::family::kit::RETRACTED;
use crate::family::management_unit::{
    Closed, ManagementUnit, ManagementUnitEvent as E, Registered, Renamed, Retracted, UnitKind,
};

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
    crate::family::check::date(date).latest()
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
            .map(|(sequence, from, to)| (*sequence, (*from).to_owned(), to.map(crate::family::check::date)));
        assert_eq!(seen.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    };
    check(0, &[]);
    check(2, &[(0, "2018", Some("2020")), (1, "2020", None)]);
    check(4, &[(3, "2018", Some("2020")), (1, "2020", Some("2022")), (2, "2022", None)]);
}

/// A unit that was closed, and renamed all the same, of which the closing is taken back.
fn taken_back() -> History<ManagementUnit> {
    let mut history = History::new();
    history.admits("2018", registered(UnitKind::Office));
    history.admits("2020", E::Closed(Closed { decision: None, remark: None }));
    history.admits("2022", E::Renamed(Renamed { name: words("Law School"), remark: None }));
    history.corrects(Sequence(1), "2020", E::Retracted(Retracted { reason: clear("not this one"), remark: None }));
    history
}

#[test]
fn what_differs_only_by_how_facts_fit_together_is_caused_by_what_was_taken_away() {
    let history = taken_back();
    let known = history.known();
    assert_eq!(known[3].fact, RETRACTED);
    let view = |size: usize| View { known: &known[..size], valid: at("2023") };
    let difference = difference(family("managementUnit").unwrap(), view(3), view(4)).unwrap();
    let anomalies = difference.changes.iter().find(|change| change.path == "anomalies").unwrap();
    assert_eq!(anomalies.causes, [Sequence(3)], "the renaming counts in both");
    assert!(difference.changes.iter().all(|change| change.causes == [Sequence(3)]), "{difference:?}");
}

#[test]
fn of_corrections_one_after_the_other_all_are_causes() {
    let mut history = history();
    history.corrects(Sequence(3), "2018", registered(UnitKind::ServiceCentre));
    let known = history.known();
    let view = |size: usize| View { known: &known[..size], valid: at("2019") };
    let difference = difference(family("managementUnit").unwrap(), view(3), view(5)).unwrap();
    let kind = difference.changes.iter().find(|change| change.path == "registered.fact.kind").unwrap();
    assert_eq!(kind.causes, [Sequence(3), Sequence(4)]);
}

#[test]
fn facts_of_one_instant_make_one_version_and_one_that_changes_nothing_does_not_rename_it() {
    let mut making = Making::default();
    let recorded = |sequence: u64, from: &str| Recorded {
        effective: crate::family::check::date(from),
        ..crate::family::check::fact(
            sequence,
            crate::family::check::date(from),
            &registered(UnitKind::Office),
            None,
            "DPO",
        )
        .recorded
    };
    let steps = [
        (0, "2018", "1"),
        (1, "2018-01-01", "1"),
        (2, "2019", "1"),
        (3, "2020", "2"),
        (4, "2020", "1"),
        (5, "2021", "3"),
        (6, "2021", "4"),
    ];
    steps.iter().for_each(|(sequence, from, state)| making.step(&recorded(*sequence, from), (*state).to_owned()));
    making.close();
    let seen = |version: &Version| {
        let facts: Vec<u64> = version.facts.iter().map(|fact| fact.0).collect();
        (version.sequence.0, version.from.to_string(), version.state.clone(), facts)
    };
    let expected = [
        (0, "2018".to_owned(), "1".to_owned(), vec![0, 1]),
        (6, "2021".to_owned(), "4".to_owned(), vec![2, 3, 4, 5, 6]),
    ];
    assert_eq!(making.versions.iter().map(seen).collect::<Vec<_>>(), expected);
}
