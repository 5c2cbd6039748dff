//! The laws that hold for every rule, whatever it says, on the demonstration.

use std::collections::BTreeSet;

use super::catalogue::{Check, Rule, rules};
use super::check::DEMONSTRATION;
use super::inquiry::Moment;
use super::timeline::Knowledge;
use crate::family::rule_set::Outcome;
use crate::ledger::name::StreamId;
use crate::time::{Instant, PartialDate};

/// Every check with every stream that it judges.
fn everything() -> Vec<(&'static Rule, &'static Check, StreamId)> {
    let checks = rules().flat_map(|rule| rule.checks.iter().map(move |check| (rule, check)));
    checks
        .flat_map(|(rule, check)| {
            DEMONSTRATION.streams_of(check.family).into_iter().map(move |stream| (rule, check, stream))
        })
        .collect()
}

/// Instants spread over the story, some of them on the day of a fact.
fn instants() -> Vec<Instant> {
    let dates = [
        "2018-06-01",
        "2018-09-12",
        "2020-07-16",
        "2021-02-01",
        "2022-12-20",
        "2024-06-13",
        "2024-09-06",
        "2025-05-28",
        "2026-11-22",
    ];
    dates.map(|date| date.parse::<PartialDate>().unwrap().latest()).to_vec()
}

#[test]
fn no_id_is_used_twice_and_every_text_is_there() {
    let mut ids = BTreeSet::new();
    for rule in rules() {
        assert!(ids.insert(rule.id), "{} is there twice", rule.id);
        let texts = [rule.title.nl, rule.title.en, rule.explanation.nl, rule.explanation.en];
        assert!(
            texts.iter().all(|text| !text.is_empty()) && !rule.sources.is_empty() && !rule.checks.is_empty(),
            "{}",
            rule.id
        );
        let places: BTreeSet<_> = rule.checks.iter().map(|check| (check.layer, check.family)).collect();
        assert_eq!(places.len(), rule.checks.len(), "{} judges a family twice in a layer", rule.id);
        for check in rule.checks {
            assert!(crate::family::family(check.family).is_ok() && !check.templates.is_empty(), "{}", rule.id);
        }
    }
}

#[test]
fn practice_never_fails() {
    for (rule, check, stream) in everything() {
        if check.layer != crate::family::rule_set::Layer::Practice {
            continue;
        }
        for at in instants() {
            let moment = Moment { size: DEMONSTRATION.head(), valid: at, rules: at };
            let outcome = DEMONSTRATION.judge(rule, check, &stream, moment).verdict.outcome;
            assert_ne!(outcome, Outcome::Fail, "{} on {stream} at {at}", rule.id);
        }
    }
}

#[test]
fn an_outcome_does_not_change_before_its_horizon() {
    for (rule, check, stream) in everything() {
        for at in instants() {
            let judge = |at| {
                let moment = Moment { size: DEMONSTRATION.head(), valid: at, rules: at };
                DEMONSTRATION.judge(rule, check, &stream, moment).verdict
            };
            let verdict = judge(at);
            let until = verdict.until.unwrap_or("2035-01-01T00:00:00.000000Z".parse().unwrap());
            assert!(until > at, "{} on {stream} at {at}", rule.id);
            let halfway =
                Instant::from_microseconds(at.microseconds() + (until.microseconds() - at.microseconds()) / 2);
            for later in [at.next(), halfway, until.before()] {
                assert_eq!(
                    judge(later).outcome,
                    verdict.outcome,
                    "{} {:?} on {stream} from {at} to {later}",
                    rule.id,
                    check.layer
                );
            }
        }
    }
}

#[test]
fn what_is_recorded_later_never_changes_what_was_known() {
    for known in ["2018-10-01", "2021-03-01", "2024-09-01"] {
        let size = DEMONSTRATION.size(known);
        let short = DEMONSTRATION.first(size);
        for (rule, check, stream) in everything() {
            if !short.knows(&stream) {
                continue;
            }
            for at in instants() {
                let moment = Moment { size, valid: at, rules: at };
                let whole = DEMONSTRATION.judge(rule, check, &stream, moment).verdict;
                assert_eq!(whole, short.judge(rule, check, &stream, moment).verdict, "{} on {stream} at {at}", rule.id);
            }
        }
    }
}

/// A timeline is right if at every instant at which anything could change it says what judging there says.
#[test]
fn a_timeline_is_what_judging_at_every_change_says() {
    let changes = DEMONSTRATION.changes();
    for (number, (rule, check, stream)) in everything().into_iter().enumerate() {
        for knowledge in [Knowledge::Fixed(DEMONSTRATION.head()), Knowledge::Along(DEMONSTRATION.head())] {
            let stretches = DEMONSTRATION.follow(rule, check, &stream, ("2016", "2027"), knowledge);
            assert!(stretches.windows(2).all(|pair| pair[0].interval.to == pair[1].interval.from), "{}", rule.id);
            // Each check is held to every seventh change, each to others, so that the test ends.
            for at in changes.iter().skip(number % 7).step_by(7) {
                let Some(stretch) = stretches.iter().find(|stretch| stretch.interval.contains(*at)) else { continue };
                let size = match knowledge {
                    Knowledge::Fixed(size) => size,
                    Knowledge::Along(_) => DEMONSTRATION.size_at(*at),
                };
                let moment = Moment { size, valid: *at, rules: *at };
                let outcome = DEMONSTRATION.judge(rule, check, &stream, moment).verdict.outcome;
                assert_eq!(
                    stretch.verdict.outcome, outcome,
                    "{} {:?} on {stream} at {at}, {knowledge:?}",
                    rule.id, check.layer
                );
            }
        }
    }
}

/// The demonstration erases one consent; whatever was PASS may become PASS_ERASED, and nothing else changes.
#[test]
fn erasing_changes_only_hindsight_and_there_a_pass_to_an_erased_one() {
    let erasure = DEMONSTRATION.recorded_of("ERA-0001");
    let (before, after) = (DEMONSTRATION.size_at(erasure.before()), DEMONSTRATION.size_at(erasure));
    let mut erased = 0;
    for (rule, check, stream) in everything() {
        if stream.family() == "erasure" || rule.id.starts_with("LED-") || rule.id.starts_with("DSR-") {
            continue;
        }
        for at in instants() {
            let judge =
                |size| DEMONSTRATION.judge(rule, check, &stream, Moment { size, valid: at, rules: at }).verdict.outcome;
            match (judge(before), judge(after)) {
                (Outcome::Pass, Outcome::PassErased) => erased += 1,
                (first, second) => assert_eq!(first, second, "{} {:?} on {stream} at {at}", rule.id, check.layer),
            }
        }
    }
    assert!(erased > 0, "no verdict rests on the erased consent");
}
