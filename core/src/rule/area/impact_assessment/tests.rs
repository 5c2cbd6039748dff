use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{Law, Policy, Supervisor};
use crate::family::rule_set::Outcome::{Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::rule::check::{DEMONSTRATION, History};
use crate::rule::processor::tests::{ask, begins, course, tell};

fn activity(number: u32, day: &str, fact: &str, data: Value) -> Value {
    tell(&format!("ACT-{number}"), day, "activity", fact, data)
}

fn dpia(number: u32, day: &str, fact: &str, data: Value) -> Value {
    tell(&format!("DPIA-{number}"), day, "dpia", fact, data)
}

fn completed(number: u32, day: &str, inherent: Option<&str>, residual: Option<&str>) -> Value {
    let mut data = json!({ "activities": [format!("@ACT-{number}")] });
    for (name, level) in [("inherent", inherent), ("residual", residual)] {
        data[name] = json!(level);
    }
    dpia(number, day, "completed", data)
}

fn established(number: u32, day: &str) -> Value {
    activity(number, day, "established", json!({ "version": 1, "platforms": ["platform-b"] }))
}

fn screened(number: u32, day: &str, outcome: &str) -> Value {
    activity(number, day, "dpiaScreened", json!({ "outcome": outcome }))
}

fn started(number: u32, day: &str) -> Value {
    activity(number, day, "started", json!({}))
}

/// An assessment that leaves a high risk, put to the authority; its activity starts some day.
fn consulted(number: u32, start: &str, consultation: Vec<Value>) -> Vec<Value> {
    let mut facts = vec![
        established(number, "2023-01-02"),
        completed(number, "2023-01-03", Some("HIGH"), Some("HIGH")),
        dpia(number, "2023-02-01", "priorConsultationRequested", json!({ "authority": "AP" })),
        started(number, start),
    ];
    facts.extend(consultation);
    facts
}

static TOLD: LazyLock<History> = LazyLock::new(|| {
    let mut facts = vec![
        // Screened too late.
        established(930, "2023-01-01"),
        started(930, "2023-01-10"),
        screened(930, "2023-02-01", "NOT_REQUIRED"),
        // Required, and completed only after the start; then changed.
        established(931, "2023-01-01"),
        screened(931, "2023-01-02", "REQUIRED"),
        started(931, "2023-01-10"),
        dpia(931, "2023-01-05", "started", json!({ "activities": ["@ACT-931"] })),
        dpia(931, "2023-01-06", "riskRecorded", json!({ "risk": "R1", "topic": "LOSS_OF_CONTROL", "level": "HIGH" })),
        completed(931, "2023-02-01", Some("HIGH"), Some("LOW")),
        dpia(931, "2023-02-02", "approved", json!({ "by": "owner" })),
        activity(931, "2023-06-01", "amended", json!({ "version": 2, "platforms": ["platform-b", "platform-e"] })),
        dpia(931, "2023-07-01", "reviewed", json!({ "outcome": "REVISION_NEEDED" })),
        completed(931, "2023-08-01", Some("MEDIUM"), Some("LOW")),
        dpia(931, "2023-08-05", "dpoAdviceIssued", json!({ "outcome": "NEGATIVE" })),
        dpia(931, "2023-08-10", "approved", json!({ "adviceResponse": { "response": "DEVIATED" } })),
        dpia(
            931,
            "2023-09-01",
            "dpoAdviceAnswered",
            json!({ "response": { "response": "DEVIATED", "reasons": "it cannot wait" } }),
        ),
        activity(
            931,
            "2023-10-01",
            "amended",
            json!({ "version": 3, "systems": ["sys-new"], "materiality": "MATERIAL" }),
        ),
        // Required and never made.
        established(932, "2023-01-01"),
        screened(932, "2023-01-02", "REQUIRED"),
        started(932, "2023-01-10"),
        // How high the risk is, nobody said.
        established(933, "2023-01-01"),
        completed(933, "2023-01-03", None, None),
        // A risk that no measure touches is left as it is.
        established(934, "2023-01-01"),
        dpia(934, "2023-01-02", "riskRecorded", json!({ "risk": "R1", "topic": "EXCESS", "level": "HIGH" })),
        completed(934, "2023-01-03", None, None),
        started(934, "2023-01-10"),
        dpia(934, "2023-02-01", "measureAdopted", json!({ "risk": "R1", "measure": "less", "residual": "LOW" })),
        // Social media, all three topics.
        established(935, "2024-06-01"),
        completed(935, "2024-06-03", Some("LOW"), Some("LOW")),
        dpia(935, "2024-06-14", "riskRecorded", json!({ "risk": "R1", "topic": "LOSS_OF_CONTROL" })),
        dpia(935, "2024-06-14", "riskRecorded", json!({ "risk": "R2", "topic": "CONSENT_VALIDITY" })),
        dpia(935, "2024-06-15", "riskRecorded", json!({ "risk": "R3", "topic": "TRANSFER_GAP" })),
        // A system whose analysis names no version of the method.
        tell("SYS-930", "2023-01-01", "system", "registered", json!({ "system": "sys-930" })),
        tell("SYS-930", "2023-02-01", "system", "riskAnalysisRecorded", json!({ "method": "QUICK_SCAN" })),
        tell("SYS-930", "2023-03-01", "system", "retired", json!({})),
    ];
    let concluded =
        |number, day, outcome| dpia(number, day, "priorConsultationConcluded", json!({ "outcome": outcome }));
    // Eight weeks from 1 February end on 29 March; fourteen on 10 May.
    facts.extend(consulted(940, "2023-03-01", vec![concluded(940, "2023-02-20", "NO_OBJECTION")]));
    facts.extend(consulted(941, "2023-03-01", vec![]));
    facts.extend(consulted(942, "2023-03-30", vec![]));
    facts.extend(consulted(943, "2023-03-30", vec![dpia(943, "2023-02-10", "priorConsultationExtended", json!({}))]));
    facts.extend(consulted(
        944,
        "2023-05-11",
        vec![dpia(944, "2023-02-10", "priorConsultationExtended", json!({ "by": "P6W" }))],
    ));
    facts.extend(consulted(
        945,
        "2023-03-30",
        vec![
            dpia(945, "2023-02-10", "priorConsultationSuspended", json!({})),
            dpia(945, "2023-02-20", "priorConsultationResumed", json!({})),
        ],
    ));
    facts.extend(consulted(946, "2023-03-01", vec![concluded(946, "2023-02-20", "PROHIBITED")]));
    facts.extend(consulted(947, "2023-01-20", vec![concluded(947, "2023-02-20", "NO_OBJECTION")]));
    facts.sort_by_key(|fact| fact["recorded"].as_str().unwrap().to_owned());
    History::and(&Value::Array(facts))
});

#[test]
fn dpi_01_risk_is_weighed_before_the_start() {
    for (reference, expected) in
        [("ACT-001", Pass), ("ACT-002", Pass), ("ACT-003", Pass), ("ACT-004", Fail), ("ACT-005", Pass)]
    {
        for layer in [Law, Policy] {
            assert_eq!(ask(&DEMONSTRATION, "DPI-01", layer, reference, "2025-06-01"), expected, "{reference}");
        }
    }
    // The ledger's own assessment came first, before the regulation applied.
    assert_eq!(ask(&DEMONSTRATION, "DPI-01", Law, "ACT-000", "2018-06-01"), Pass);
    let told = |reference, valid| ask(&TOLD, "DPI-01", Law, reference, valid);
    assert_eq!(
        (told("ACT-930", "2023-01-09"), told("ACT-930", "2023-01-15"), told("ACT-930", "2023-03-01")),
        (NotApplicable, Fail, Fail)
    );
    assert_eq!((told("ACT-931", "2023-03-01"), told("ACT-932", "2023-03-01")), (Fail, Fail));
}

#[test]
fn dpi_01_a_material_change_is_screened_too() {
    let facts = |screened: bool| {
        let mut facts = vec![
            established(950, "2023-01-01"),
            screened_version(950, "2023-01-01", 1),
            started(950, "2023-01-10"),
            activity(950, "2023-06-01", "amended", json!({ "version": 2, "materiality": "MATERIAL" })),
        ];
        if screened {
            facts.insert(3, screened_version(950, "2023-05-20", 2));
        }
        History::and(&Value::Array(facts))
    };
    let at = |history: &History, valid| ask(history, "DPI-01", Law, "ACT-950", valid);
    let (with, without) = (facts(true), facts(false));
    assert_eq!((at(&with, "2023-05-31"), at(&with, "2023-06-01")), (Pass, Pass));
    assert_eq!((at(&without, "2023-05-31"), at(&without, "2023-06-01")), (Pass, Fail));
}

fn screened_version(number: u32, day: &str, version: u32) -> Value {
    activity(number, day, "dpiaScreened", json!({ "outcome": "NOT_REQUIRED", "version": version }))
}

#[test]
fn dpi_02_an_assessment_names_the_activity() {
    let ask = |reference, valid| ask(&TOLD, "DPI-02", Law, reference, valid);
    assert_eq!((ask("ACT-003", "2024-01-01"), ask("ACT-001", "2024-01-01")), (Pass, NotApplicable));
    assert_eq!(
        (ask("ACT-932", "2023-02-15"), ask("ACT-931", "2023-01-15"), ask("ACT-931", "2023-02-15")),
        (Fail, Fail, Pass)
    );
    assert_eq!((ask("ACT-931", "2023-07-15"), ask("ACT-931", "2023-08-15")), (Warn, Pass));
}

#[test]
fn dpi_03_advice_comes_before_the_approval() {
    let ask = |reference, valid| ask(&TOLD, "DPI-03", Law, reference, valid);
    assert_eq!(ask("DPIA-003", "2023-08-29"), Pass);
    // Approved before the regulation applied and before there was an officer.
    assert_eq!(ask("DPIA-000", "2019-01-01"), NotApplicable);
    assert_eq!((ask("DPIA-931", "2023-02-01"), ask("DPIA-931", "2023-03-01")), (NotApplicable, Fail));
    // Deviated without reasons, which came later.
    assert_eq!((ask("DPIA-931", "2023-08-15"), ask("DPIA-931", "2023-09-02")), (Warn, Pass));
}

#[test]
fn x21_the_policy_looks_at_the_risk_without_measures_and_the_law_at_what_is_left() {
    let at = |layer, valid| ask(&TOLD, "DPI-04", layer, "DPIA-931", valid);
    assert_eq!((at(Policy, "2023-03-01"), at(Law, "2023-03-01")), (Fail, NotApplicable));
    let demonstration = |layer| ask(&DEMONSTRATION, "DPI-04", layer, "DPIA-003", "2024-01-01");
    assert_eq!((demonstration(Policy), demonstration(Law)), (NotApplicable, NotApplicable));
}

#[test]
fn dpi_04_no_start_before_the_authority_answers_or_its_time_is_over() {
    let check = |number: u32, expected| {
        assert_eq!(ask(&TOLD, "DPI-04", Law, &format!("DPIA-{number}"), "2023-06-01"), expected, "{number}");
    };
    check(940, Pass);
    check(941, Fail);
    check(942, Pass);
    // Six weeks more.
    check(943, Fail);
    check(944, Pass);
    // Ten days stood still.
    check(945, Fail);
    check(946, Fail);
    // Asked after the start.
    check(947, Fail);
    assert_eq!(ask(&TOLD, "DPI-04", Law, "DPIA-940", "2023-02-28"), NotApplicable);
    assert_eq!(ask(&TOLD, "DPI-04", Policy, "DPIA-941", "2023-06-01"), Pass);
    assert_eq!(ask(&TOLD, "DPI-04", Law, "DPIA-933", "2023-06-01"), Indeterminate);
    let left = |valid| ask(&TOLD, "DPI-04", Law, "DPIA-934", valid);
    assert_eq!((left("2023-01-15"), left("2023-02-15")), (Fail, NotApplicable));
}

#[test]
fn dpi_05_an_assessment_of_social_media_names_the_known_risks() {
    let expected = begins(&[("2016-01-01", NotApplicable), ("2024-06-13", Fail), ("2024-06-15", Pass)]);
    assert_eq!(course(&TOLD, "DPI-05", Supervisor, "DPIA-935"), expected);
    assert_eq!(ask(&TOLD, "DPI-05", Supervisor, "DPIA-003", "2024-07-01"), NotApplicable);
}

#[test]
fn dpi_06_risks_of_systems_are_analysed() {
    let ask = |reference, valid| ask(&TOLD, "DPI-06", Policy, reference, valid);
    assert_eq!((ask("SYS-MAILER", "2020-06-14"), ask("SYS-MAILER", "2020-06-15")), (Pass, Fail));
    assert_eq!(ask("SYS-GRIFFIE", "2020-06-15"), Fail);
    assert_eq!(
        (ask("SYS-930", "2023-01-15"), ask("SYS-930", "2023-02-15"), ask("SYS-930", "2023-03-15")),
        (Fail, Fail, NotApplicable)
    );
}

#[test]
fn dpi_07_a_change_of_risk_is_reviewed() {
    let expected = begins(&[
        ("2016-01-01", NotApplicable),
        ("2023-06-01", Warn),
        // Reviewed, and found to need a new assessment, which came in August.
        ("2023-08-01", Pass),
        ("2023-10-01", Warn),
    ]);
    assert_eq!(course(&TOLD, "DPI-07", Law, "DPIA-931"), expected);
    // No adopted instrument sets a term.
    assert_eq!(ask(&TOLD, "DPI-07", Policy, "DPIA-931", "2023-12-01"), NotApplicable);
    assert_eq!(ask(&DEMONSTRATION, "DPI-07", Law, "DPIA-003", "2026-01-01"), NotApplicable);
}

#[test]
fn dpi_07_a_house_term_counts_where_one_is_adopted() {
    let adopted = json!({
        "about": { "instrument": "PROC-002", "kind": "PROCEDURE" }, "version": 1,
        "parameters": [{ "name": "impactReview", "term": "P30D", "values": [] }],
    });
    let history = History::and(&json!([
        tell("PROC-002", "2023-01-01", "governanceInstrument", "versionAdopted", adopted),
        established(951, "2023-01-01"),
        completed(951, "2023-01-03", Some("LOW"), Some("LOW")),
        started(951, "2023-01-10"),
        activity(951, "2023-06-01", "amended", json!({ "version": 2, "recipients": ["vendor-z"] })),
        dpia(951, "2023-07-10", "reviewed", json!({ "outcome": "MAINTAINED" })),
    ]));
    let at = |valid| ask(&history, "DPI-07", Policy, "DPIA-951", valid);
    assert_eq!(
        (at("2023-05-31"), at("2023-07-01"), at("2023-07-02"), at("2023-07-10")),
        (NotApplicable, Pass, Fail, Fail)
    );
}
