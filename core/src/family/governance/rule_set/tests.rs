use RuleSetEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, laws, stream};

fn published(version: u32) -> VersionPublished {
    VersionPublished {
        code: Some(code("LAW-1")),
        version,
        rules: codes(&["CON-03", "TRF-01"]),
        hash: Hash([version as u8; 32]),
        evaluator_version: Some(code("0.1.0")),
        remark: None,
    }
}

fn activated(rules: &[&str], layer: Layer, from: Option<&str>) -> RuleSetEvent {
    let from = from.map(|from| from.parse().unwrap());
    E::RuleActivated(RuleActivated { rules: codes(rules), layer, from, remark: None })
}

fn retired(rules: &[&str], layer: Option<Layer>) -> RuleSetEvent {
    E::RuleRetired(RuleRetired { rules: codes(rules), layer, reason: Some(clear("a judgment")), remark: None })
}

fn head(size: u64) -> Head {
    Head { size: Sequence(size), root: Hash([9; 32]) }
}

fn counts(outcomes: &[Outcome]) -> Vec<OutcomeCount> {
    outcomes.iter().map(|outcome| OutcomeCount { outcome: *outcome, number: 3 }).collect()
}

fn hindsight() -> Hindsight {
    Hindsight { known: head(80), sheet: Hash([6; 32]), counts: counts(&[Outcome::Fail, Outcome::PassErased]) }
}

fn evaluated() -> Evaluated {
    Evaluated {
        scope: Some(Scope {
            units: codes(&["mu-01"]),
            activities: vec![stream("activity", 1)],
            platforms: Vec::new(),
            systems: Vec::new(),
            parties: Vec::new(),
            subjects: vec![stream("transferGround", 2)],
        }),
        layers: vec![Layer::Law, Layer::Policy],
        rules: codes(&["TRF-01"]),
        files: None,
        known: head(42),
        valid_at: "2019-06-01T10:00:00.000000Z".parse().unwrap(),
        rules_at: None,
        rule_set_hash: Hash([1; 32]),
        evaluator_version: code("0.1.0"),
        sheet: Hash([5; 32]),
        counts: counts(&[Outcome::Pass, Outcome::Fail]),
        hindsight: Some(hindsight()),
        remark: None,
    }
}

fn retracted() -> RuleSetEvent {
    E::Retracted(Retracted { reason: clear("another file"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<RuleSet>(&[
        E::VersionPublished(published(1)),
        E::VersionPublished(published(2)),
        activated(&["CON-03", "TRF-01"], Layer::Law, Some("2018-05-25")),
        activated(&["TRF-01"], Layer::Policy, None),
        retired(&["TRF-01"], None),
        E::Evaluated(evaluated()),
        retracted(),
    ]);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<RuleSet>::new();
    let malformed = RejectionCode::Malformed;
    let version = |change: fn(&mut VersionPublished)| {
        let mut event = published(1);
        change(&mut event);
        E::VersionPublished(event)
    };
    history.refuses("2018", version(|event| event.version = 0), malformed, "event.versionPublished.version");
    history.refuses("2018", version(|event| event.rules.clear()), malformed, "event.versionPublished.rules");
    let twice = version(|event| event.rules.push(code("CON-03")));
    history.refuses("2018", twice, malformed, "event.versionPublished.rules");
    history.refuses("2018", activated(&[], Layer::Law, None), malformed, "event.ruleActivated.rules");
    history.refuses("2018", activated(&["A", "A"], Layer::Law, None), malformed, "event.ruleActivated.rules");
    history.refuses("2018", retired(&["CON-03"], None), RejectionCode::NeverExisted, "event.ruleRetired");

    history.admits("2018", E::VersionPublished(published(1)));
    let again = E::VersionPublished(published(1));
    history.refuses("2019", again, RejectionCode::AlreadyExists, "event.versionPublished.version");
    history.admits("2018", activated(&["CON-03"], Layer::Law, None));
    history.refuses("2019", retired(&[], None), malformed, "event.ruleRetired.rules");
    for unknown in [retired(&["CON-99"], None), retired(&["CON-03"], Some(Layer::Policy))] {
        history.refuses("2019", unknown, RejectionCode::NeverExisted, "event.ruleRetired.rules");
    }
}

#[test]
fn an_evaluation_that_contradicts_itself_is_refused() {
    let history = History::<RuleSet>::new();
    let refuses = |change: fn(&mut Evaluated), field: &str| {
        let mut event = evaluated();
        change(&mut event);
        history.refuses("2019", E::Evaluated(event), RejectionCode::Malformed, &format!("event.evaluated.{field}"));
    };
    refuses(|event| event.known.size = Sequence(0), "known");
    refuses(|event| event.counts = counts(&[Outcome::Pass, Outcome::Pass]), "counts");
    refuses(|event| event.layers = vec![Layer::Law, Layer::Law], "layers");
    refuses(|event| event.rules = codes(&["TRF-01", "TRF-01"]), "rules");
    refuses(|event| event.hindsight.iter_mut().for_each(|part| part.known.size = Sequence(0)), "hindsight.known");
    refuses(
        |event| event.hindsight.iter_mut().for_each(|part| part.counts = counts(&[Outcome::Warn, Outcome::Warn])),
        "hindsight.counts",
    );
    refuses(|event| event.scope.iter_mut().for_each(|scope| scope.units.push(code("mu-01"))), "scope");
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<RuleSet>::new();
    history.admits("2018-05-01", E::VersionPublished(published(1)));
    history.admits("2018-05-25", activated(&["CON-03", "TRF-01"], Layer::Law, None));
    history.admits("2018-06-01", activated(&["TRF-01"], Layer::Policy, Some("2018-05-29")));
    history.admits("2020-07-16", retired(&["TRF-01"], Some(Layer::Law)));
    history.admits("2021-01-01", E::VersionPublished(published(2)));
    history.admits("2022-01-01", retired(&["CON-03", "TRF-01"], None));
    assert_eq!(history.state("2018-05-01").status, RuleSetStatus::Published);
    let active = history.state("2018-06-01");
    assert_eq!((active.status, active.rules.len()), (RuleSetStatus::Active, 3));
    assert_eq!(active.rules[2].from, "2018-05-29".parse().unwrap());
    let keys = history.keys("2020-07-16");
    assert_eq!(keys.iter().filter(|key| key.starts_with("rule=")).count(), 2, "{keys:?}");
    let last = history.state("2022-01-01");
    assert_eq!((last.status, last.versions.len(), last.anomalies.len()), (RuleSetStatus::Retired, 2, 0));
    assert!(last.rules.iter().all(|rule| rule.to.is_some()));
    history.admits("2023-01-01", activated(&["CON-03"], Layer::Law, None));
    let again = history.state("2023-01-01");
    assert_eq!((again.status, again.rules.len()), (RuleSetStatus::Active, 3));
}

#[test]
fn an_evaluation_may_stand_alone_and_is_found_by_its_sheet() {
    let mut history = History::<RuleSet>::new();
    history.admits("2026-01-01", E::Evaluated(evaluated()));
    assert_eq!(history.state("2026-01-01").status, RuleSetStatus::Unpublished);
    let expected = [
        "status=UNPUBLISHED".to_owned(),
        format!("sheet={}", crate::family::kit::key_text(&Hash([5; 32]))),
        "unit=mu-01".to_owned(),
        format!("activity={}", stream("activity", 1)),
        format!("subject={}", stream("transferGround", 2)),
        "size=42".to_owned(),
    ];
    assert_eq!(history.keys("2026-01-01"), expected);
}
