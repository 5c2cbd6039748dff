//! The golden questions on the demonstration, and the laws that hold for every rule.

use super::check::DEMONSTRATION;
use super::text::Text;
use super::timeline::Knowledge;
use super::verdict::{Class, Finding, Mark, REASONS_MAX};
use crate::family::rule_set::Layer::{Law, Policy};
use crate::family::rule_set::Outcome::{Fail, NotApplicable, Pass};
use crate::time::{days_between, local};

/// The stretches that are not in order: from, to, days.
fn failing(
    id: &str,
    layer: crate::family::rule_set::Layer,
    reference: &str,
    knowledge: Knowledge,
) -> Vec<(String, String, i64)> {
    let stretches = DEMONSTRATION.stretches(id, layer, reference, ("2016", "2027"), knowledge);
    let failing = stretches.into_iter().filter(|stretch| stretch.verdict.outcome == Fail);
    failing
        .map(|stretch| {
            let (from, to) = (stretch.interval.from, stretch.interval.to);
            (local(from)[..10].to_owned(), local(to)[..10].to_owned(), days_between(from, to).unwrap())
        })
        .collect()
}

fn along() -> Knowledge {
    Knowledge::Along(DEMONSTRATION.head())
}

fn head() -> Knowledge {
    Knowledge::Fixed(DEMONSTRATION.head())
}

#[test]
fn q01_privacy_shield_was_a_ground_as_known_then() {
    let ask = |layer| DEMONSTRATION.outcome("TRF-01", layer, "TRG-001", "2019-06-01", "2019-06-01");
    assert_eq!((ask(Law), ask(Policy)), (Pass, Pass));
}

#[test]
fn q02_in_hindsight_it_never_was_and_nobody_could_know() {
    let hindsight = DEMONSTRATION.verdict("TRF-01", Law, "TRG-001", "2026-12-31", "2019-06-01");
    assert_eq!((hindsight.outcome, hindsight.imputable), (Fail, Some(false)));
}

#[test]
fn q03_after_the_judgment_the_policy_is_stale() {
    let law = DEMONSTRATION.outcome("TRF-01", Law, "TRG-001", "2020-07-20", "2020-07-20");
    let policy = DEMONSTRATION.verdict("TRF-01", Policy, "TRG-001", "2020-07-20", "2020-07-20");
    assert_eq!((law, policy.outcome), (Fail, Pass));
    assert!(policy.flags.iter().any(|flag| flag.mark == Mark::PolicyStale), "{policy:?}");
}

#[test]
fn q04_a_suspended_transfer_needs_no_ground() {
    assert_eq!(DEMONSTRATION.outcome("TRF-01", Law, "TRG-001", "2020-08-10", "2020-08-10"), NotApplicable);
    let days = |from: &str, to: &str, days| vec![(from.to_owned(), to.to_owned(), days)];
    assert_eq!(failing("TRF-01", Law, "TRG-001", along()), days("2020-07-16", "2020-08-03", 18));
    assert_eq!(failing("TRF-01", Law, "TRG-001", head()), days("2018-07-02", "2020-08-03", 763));
}

#[test]
fn q05_clauses_without_an_assessment_fail_until_it_is_approved() {
    assert_eq!(DEMONSTRATION.outcome("TRF-04", Law, "TRG-001", "2020-12-01", "2020-12-01"), Fail);
    let failing = failing("TRF-04", Law, "TRG-001", head());
    assert_eq!(failing[0], ("2020-09-21".to_owned(), "2021-02-01".to_owned(), 133));
}

#[test]
fn x5_the_policy_still_lists_what_the_law_no_longer_knows() {
    let at = ("2020-07-20", "2020-07-20");
    let law = DEMONSTRATION.outcome("TRF-03", Law, "TRG-001", at.0, at.1);
    let policy = DEMONSTRATION.verdict("TRF-03", Policy, "TRG-001", at.0, at.1);
    assert_eq!((law, policy.outcome), (Fail, Pass));
    assert!(policy.flags.iter().any(|flag| flag.mark == Mark::PolicyStale), "{policy:?}");
    // The same policy before the judgment was not stale.
    let before = DEMONSTRATION.verdict("TRF-03", Policy, "TRG-001", "2020-07-15", "2020-07-15");
    assert!(before.outcome == Pass && before.flags.is_empty(), "{before:?}");
}

#[test]
fn x6_the_law_applies_from_the_day_that_the_facts_say_and_no_document() {
    // The regulation entered into force in May 2016, whatever the documents say of the day, and applies from 25 May 2018.
    let ask = |at: &str| DEMONSTRATION.outcome("LAW-01", Law, "ACT-000", at, at);
    assert_eq!((ask("2016-07-11"), ask("2018-05-24")), (NotApplicable, NotApplicable));
    assert_ne!(ask("2018-05-25"), NotApplicable);
}

#[test]
fn a_verdict_gives_so_many_reasons_and_counts_the_rest() {
    let check = |reasons: usize, shown: usize| {
        let findings = (0..reasons).map(|number| Finding::fail(Text::new(format!("{number}"), format!("{number}"))));
        let finding = Finding::all(findings, || Finding::pass(Text::new("", "")));
        let stream = DEMONSTRATION.stream("TRG-001");
        let verdict = finding.into_verdict("TRF-01", Law, Class::Lawfulness, &stream);
        assert_eq!(verdict.reasons.len(), shown, "{reasons}");
    };
    check(REASONS_MAX, REASONS_MAX);
    check(REASONS_MAX + 1, REASONS_MAX + 1);
    check(REASONS_MAX + 50, REASONS_MAX + 1);
    let left = Finding::all((0..REASONS_MAX + 2).map(|_| Finding::fail(Text::new("", ""))), || {
        Finding::pass(Text::new("", ""))
    });
    let verdict = left.into_verdict("TRF-01", Law, Class::Lawfulness, &DEMONSTRATION.stream("TRG-001"));
    assert_eq!(verdict.reasons.last().map(|reason| reason.text.en.as_str()), Some("and 2 other reasons"));
}
