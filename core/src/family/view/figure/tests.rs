use std::collections::BTreeMap;

use jiff::ToSpan as _;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::family::describe::{Catalogue, Scalar, Shape};
use crate::family::kit::{RETRACTED, Recorded};
use crate::family::{FAMILIES, family};
use crate::ledger::entry::{Actor, Provenance};

// --- The definitions ---------------------------------------------------------------------------------------------

#[test]
fn every_figure_counts_events_that_exist_by_members_that_they_have() {
    let mut catalogue = Catalogue::default();
    let mut records = BTreeMap::new();
    for family in FAMILIES {
        for event in family.describe_events(&mut catalogue) {
            records.insert((family.name, event.declaration.fact), event.type_name);
        }
    }
    let shape = |family, event, member: &str| {
        let members = catalogue.members(&records[&(family, event)]);
        members.iter().find(|found| found.name == member).map(|found| found.shape.clone())
    };
    let optional = |scalar| Some(Shape::Optional(Box::new(Shape::Scalar(scalar))));
    for figure in FIGURES {
        let Some(family) = figure.family else { continue };
        let mut events = vec![figure.event];
        match figure.how {
            How::Within { since, .. } => events.push(since),
            How::Awaiting { events: until } => events.extend(until),
            How::Newest { member, .. } => {
                assert_eq!(shape(family, figure.event, member), optional(Scalar::Boolean), "{}", figure.code);
            }
            How::Each | How::First | How::Late { .. } => {}
        }
        for event in events {
            assert!(records.contains_key(&(family, event)), "{} counts {family}.{event}", figure.code);
        }
    }
    for (family, event, member) in MOMENTS {
        assert_eq!(shape(family, event, member), optional(Scalar::PartialDate), "{family}.{event}.{member}");
    }
}

#[test]
fn every_figure_has_a_code_of_its_own_and_names_in_both_languages() {
    let codes: BTreeSet<&str> = FIGURES.iter().map(|figure| figure.code).collect();
    assert_eq!(codes.len(), FIGURES.len());
    for figure in FIGURES {
        assert_eq!(super::figure(figure.code), Some(figure));
        for language in [Language::Nl, Language::En] {
            assert!(!figure.label(language).is_empty() && !figure.method(language).is_empty(), "{}", figure.code);
        }
    }
}

/// A figure that could not be counted by unit would say 0 for each.
#[test]
fn a_figure_is_by_unit_where_the_states_of_its_family_name_one() {
    for figure in FIGURES {
        let Some(name) = figure.family else { continue };
        let has_unit = family(name).unwrap().keys_declared.iter().any(|key| key.name == "unit");
        assert_eq!(has_unit, figure.by_unit, "{}", figure.code);
    }
}

// --- Examples ----------------------------------------------------------------------------------------------------

/// A fact of a stream: event, effective date and what it says. It is recorded at the end of 2025, unless it says otherwise.
fn told(event: &str, effective: &str, data: Value) -> Fact {
    let recorded = Recorded {
        sequence: Sequence(0),
        recorded: "2025-12-31T12:00:00.000000Z".parse().unwrap(),
        effective: effective.parse().unwrap(),
        actor: Actor { id: None, role: "DPO".parse().unwrap(), unit: None },
        provenance: Provenance::Native,
        asserted: None,
        replaces: None,
    };
    Fact { recorded, fact: event.to_owned(), version: 1, data }
}

fn fact(event: &str, effective: &str) -> Fact {
    told(event, effective, json!({}))
}

fn recorded(mut fact: Fact, at: &str) -> Fact {
    fact.recorded.recorded = at.parse().unwrap();
    fact
}

fn replacing(mut fact: Fact, target: u64) -> Fact {
    fact.recorded.replaces = Some(Sequence(target));
    fact
}

fn numbered(facts: Vec<Fact>) -> Vec<Fact> {
    let number = |(sequence, mut fact): (u64, Fact)| {
        fact.recorded.sequence = Sequence(sequence);
        fact
    };
    (0..).zip(facts).map(number).collect()
}

fn family_of(code: &str) -> &'static str {
    super::figure(code).unwrap().family.unwrap_or("consent")
}

/// The facts that count in a figure of a year, at an instant.
fn counting(code: &str, facts: &[Fact], year: i32, valid: Instant, unit: &str) -> Vec<u64> {
    let known: Vec<&Fact> = facts.iter().collect();
    let moved: Instant = "2025-06-30T22:00:00.000000Z".parse().unwrap();
    let units = |instant| vec![if instant < moved { "mu-01" } else { "mu-02" }.to_owned()];
    let year = Interval::of_year(year).unwrap();
    let counts = |counted: &Counted| {
        counted.figure == code
            && counted.unit == unit
            && year.contains(counted.effective.from)
            && counted.effective.contains(valid)
    };
    let counted = counted(family_of(code), &known, &units);
    counted.into_iter().filter(counts).map(|counted| counted.sequence.0).collect()
}

#[test]
fn a_fact_counts_in_the_year_in_which_it_took_effect_and_from_then_on() {
    let check = |effective: &str, valid: &str, year: i32, expected: &[u64]| {
        let facts = numbered(vec![fact("received", effective)]);
        let valid = valid.parse::<PartialDate>().unwrap().latest();
        assert_eq!(counting("REQUESTS_RECEIVED", &facts, year, valid, ""), expected, "{effective} {valid} {year}");
    };
    check("2025-01-01", "2026", 2025, &[0]);
    check("2025-01-01", "2026", 2024, &[]);
    check("2024-12-31T23:00:00.000000Z", "2026", 2025, &[0]);
    check("2024-12-31T22:59:59.999999Z", "2026", 2025, &[]);
    check("2025", "2026", 2025, &[0]);
    check("2025-12", "2025-11", 2025, &[]);
    check("2025-12", "2025-12-01", 2025, &[0]);
}

#[test]
fn answers_are_counted_as_the_dates_prove_them() {
    let check = |received: (&str, Value), answered: (&str, Value), month: bool, days: bool| {
        let facts = numbered(vec![told("received", received.0, received.1), told("answered", answered.0, answered.1)]);
        let counts = |code| counting(code, &facts, 2025, Instant::MAX.before(), "") == [1];
        let found = (counts("REQUESTS_ANSWERED_WITHIN_ONE_MONTH"), counts("REQUESTS_ANSWERED_WITHIN_28_DAYS"));
        assert!(counts("REQUESTS_ANSWERED"));
        assert_eq!(found, (month, days), "{facts:?}");
    };
    let on = |date: &'static str| (date, json!({}));
    check(on("2025-03-03"), on("2025-03-31"), true, true);
    check(on("2025-03-03"), on("2025-04-01"), true, false);
    check(on("2025-03-03"), on("2025-04-03"), true, false);
    check(on("2025-03-03"), on("2025-04-04"), false, false);
    // February is shorter than the law's month elsewhere: here both end on the same day.
    check(on("2025-01-31"), on("2025-02-28"), true, true);
    check(on("2025-01-31"), on("2025-03-01"), false, false);
    // The fact's own date counts, whatever its effective date.
    check(("2025-03-10", json!({"receivedAt": "2025-03-03"})), on("2025-04-04"), false, false);
    check(on("2025-03-03"), ("2025-04-20", json!({"answeredAt": "2025-03-20"})), true, true);
    // A date known only in part proves nothing.
    check(on("2025-03-03"), on("2025-03"), true, true);
    check(on("2025-03-03"), on("2025-04"), false, false);
    check(on("2025-03"), on("2025-04-02"), false, false);
}

#[test]
fn hours_are_counted_strictly() {
    let check = |aware: &str, notified: &str, expected: &[u64]| {
        let facts = numbered(vec![
            told("awarenessEstablished", "2025-05-01", json!({ "at": aware })),
            told("authorityNotified", "2025-05-02", json!({ "at": notified, "phase": "INITIAL" })),
            fact("authorityNotified", "2025-05-01T00:00:00.000000Z"),
        ]);
        let first_two = &facts[..2];
        let valid = Instant::MAX.before();
        assert_eq!(counting("BREACHES_NOTIFIED_WITHIN_72_HOURS", first_two, 2025, valid, ""), expected);
        assert_eq!(counting("BREACHES_NOTIFIED", &facts, 2025, valid, ""), [2], "the first of the stream");
    };
    check("2025-05-01T08:00:00.000000Z", "2025-05-04T08:00:00.000000Z", &[1]);
    check("2025-05-01T08:00:00.000000Z", "2025-05-04T08:00:00.000001Z", &[]);
    check("2025-03-29T11:00:00.000000Z", "2025-04-01T11:00:00.000000Z", &[1]);
    check("2025-05-01", "2025-05-03", &[1]);
    check("2025-05-01", "2025-05-04", &[]);
}

#[test]
fn a_request_is_open_until_it_is_answered_or_refused() {
    let check = |end: &str, valid: &str, expected: &[u64]| {
        let facts =
            numbered(vec![fact("received", "2025-03-03"), fact(end, "2025-04-01"), fact("answered", "2025-05-01")]);
        let valid = valid.parse::<PartialDate>().unwrap().latest();
        assert_eq!(counting("REQUESTS_OPEN", &facts, 2025, valid, ""), expected, "{end} {valid}");
    };
    check("answered", "2025-03-31", &[0]);
    check("answered", "2025-04-01", &[]);
    check("refused", "2025-04-01", &[]);
    check("extended", "2025-04-30", &[0]);
    check("extended", "2025-05-01", &[]);
    check("extended", "2025-03-02", &[]);
}

#[test]
fn the_newest_decision_counts() {
    let decided = |date: &str, authority: Value| told("notificationDecided", date, json!({ "authority": authority }));
    let facts = numbered(vec![
        decided("2025-03-01", json!(false)),
        decided("2025-04-01", json!(true)),
        decided("2025-05-01", json!(false)),
        told("notificationDecided", "2025-06-01", json!({ "subjects": false })),
    ]);
    let check = |valid: &str, expected: &[u64]| {
        let valid = valid.parse::<PartialDate>().unwrap().latest();
        assert_eq!(counting("BREACHES_NOT_NOTIFIED", &facts, 2025, valid, ""), expected, "{valid}");
    };
    check("2025-03-15", &[0]);
    check("2025-04-15", &[]);
    check("2025-05-15", &[2]);
    check("2025-06-15", &[]);
}

#[test]
fn what_is_replaced_or_taken_back_does_not_count() {
    let valid = Instant::MAX.before();
    let facts = numbered(vec![
        fact("received", "2025-03-03"),
        replacing(fact("received", "2024-03-03"), 0),
        fact("answered", "2025-04-01"),
        replacing(fact(RETRACTED, "2025-04-01"), 2),
    ]);
    let check = |known: usize, code: &str, year: i32, expected: &[u64]| {
        assert_eq!(counting(code, &facts[..known], year, valid, ""), expected, "{known} {code} {year}");
    };
    check(1, "REQUESTS_RECEIVED", 2025, &[0]);
    check(2, "REQUESTS_RECEIVED", 2025, &[]);
    check(2, "REQUESTS_RECEIVED", 2024, &[1]);
    check(3, "REQUESTS_ANSWERED", 2025, &[2]);
    check(3, "REQUESTS_OPEN", 2024, &[]);
    check(4, "REQUESTS_ANSWERED", 2025, &[]);
    check(4, "REQUESTS_OPEN", 2024, &[1]);
}

#[test]
fn a_fact_is_late_a_week_after_the_end_of_its_date() {
    let check = |effective: &str, at: &str, expected: &[u64]| {
        let facts = numbered(vec![recorded(fact("granted", effective), at)]);
        let valid = Instant::MAX.before();
        assert_eq!(counting("FACTS_RECORDED_LATE", &facts, 2025, valid, ""), expected, "{effective} {at}");
    };
    check("2025-03-01", "2025-03-08T22:59:59.999999Z", &[]);
    check("2025-03-01", "2025-03-08T23:00:00.000000Z", &[0]);
    check("2025-03", "2025-04-07T21:00:00.000000Z", &[]);
    check("2025-03", "2025-04-08T00:00:00.000000Z", &[0]);
    check("2025-03-01T12:00:00.000000Z", "2025-03-08T12:00:00.000001Z", &[0]);
    check("2025-12-31", "2025-03-01T12:00:00.000000Z", &[]);
}

#[test]
fn a_fact_counts_for_the_unit_that_the_stream_was_of_then() {
    let facts = numbered(vec![fact("received", "2025-03-03"), fact("answered", "2025-07-15")]);
    let check = |code: &str, unit: &str, expected: &[u64]| {
        assert_eq!(counting(code, &facts, 2025, Instant::MAX.before(), unit), expected, "{code} {unit}");
    };
    check("REQUESTS_RECEIVED", "mu-01", &[0]);
    check("REQUESTS_RECEIVED", "mu-02", &[]);
    check("REQUESTS_ANSWERED", "mu-01", &[]);
    check("REQUESTS_ANSWERED", "mu-02", &[1]);
    check("REQUESTS_ANSWERED", "", &[1]);
    check("REQUESTS_REFUSED", "mu-01", &[]);
    let approved = numbered(vec![fact("approved", "2025-03-03")]);
    assert_eq!(counting("ASSESSMENTS_APPROVED", &approved, 2025, Instant::MAX.before(), ""), [0]);
    assert_eq!(counting("ASSESSMENTS_APPROVED", &approved, 2025, Instant::MAX.before(), "mu-01"), [0; 0]);
}

// --- The oracle --------------------------------------------------------------------------------------------------

/// What a figure says, word by word from its definition: which of the known facts of a stream count in a year at an instant.
fn oracle(figure: &Figure, facts: &[Fact], year: i32, valid: Instant) -> Vec<u64> {
    let family = family_of(figure.code);
    let stands = |fact: &&Fact| {
        fact.fact != RETRACTED && !facts.iter().any(|other| other.recorded.replaces == Some(fact.recorded.sequence))
    };
    let standing: Vec<&Fact> = facts.iter().filter(stands).collect();
    let begins = |fact: &Fact| fact.recorded.effective.earliest();
    let place = |fact: &Fact| (begins(fact), fact.recorded.sequence);
    let is_first = |fact: &Fact| !standing.iter().any(|other| other.fact == fact.fact && place(other) < place(fact));
    let in_force = |fact: &Fact| begins(fact) <= valid;
    let counts = |fact: &Fact| match figure.how {
        How::Each => true,
        How::First => is_first(fact),
        How::Within { since, term } => {
            let since = standing.iter().find(|other| other.fact == since && is_first(other));
            is_first(fact) && since.is_some_and(|since| in_time(term, said(family, since), said(family, fact)))
        }
        How::Awaiting { events } => {
            let ends = |other: &&&Fact| events.contains(&other.fact.as_str()) && in_force(other);
            is_first(fact) && standing.iter().find(ends).is_none()
        }
        How::Newest { member, says } => {
            let newer = |other: &&Fact| other.fact == fact.fact && in_force(other) && place(other) > place(fact);
            fact.data[member] == says && !standing.iter().any(newer)
        }
        How::Late { .. } => {
            let end = fact.recorded.effective.latest().microseconds();
            fact.recorded.recorded.microseconds() - end > 7 * 24 * 3_600 * 1_000_000
        }
    };
    let asked = |fact: &&&Fact| figure.family.is_none() || fact.fact == figure.event;
    let of_year = |fact: &&&Fact| begins(fact).to_string() >= start(year) && begins(fact).to_string() < start(year + 1);
    let found = standing.iter().filter(asked).filter(of_year).filter(|fact| in_force(fact) && counts(fact));
    found.map(|fact| fact.recorded.sequence.0).collect()
}

/// A year begins in winter time.
fn start(year: i32) -> String {
    format!("{}-12-31T23:00:00.000000Z", year - 1)
}

fn said(family: &str, fact: &Fact) -> PartialDate {
    let member = match (family, fact.fact.as_str()) {
        ("dataSubjectRequest" | "objection", "received") => "receivedAt",
        ("dataSubjectRequest", "answered") => "answeredAt",
        ("breach", "awarenessEstablished" | "authorityNotified") => "at",
        _ => "",
    };
    fact.data[member].as_str().map_or(fact.recorded.effective, |text| text.parse().unwrap())
}

/// These histories know days and instants only.
fn in_time(term: Term, since: PartialDate, until: PartialDate) -> bool {
    let day = |date: PartialDate| {
        let PartialDate::Day(day) = date else { panic!("a day is needed: {date}") };
        day
    };
    match term.to_string().as_str() {
        "P1M" => day(until) <= day(since).checked_add(1.month()).unwrap(),
        "P28D" => day(until).since(day(since)).unwrap().get_days() <= 28,
        hours => {
            let hours: i64 = hours.trim_start_matches("PT").trim_end_matches('H').parse().unwrap();
            until.latest().microseconds() - since.earliest().microseconds() <= hours * 3_600 * 1_000_000
        }
    }
}

/// A fact of a history: which event, of which day or hour around the end of a year, what it says, and which it replaces.
type Drawn = (usize, u16, Option<u16>, bool, Option<usize>, bool);

const DAYS: u16 = 120;

fn history(events: &[&str], exact: bool, drawn: &[Drawn]) -> Vec<Fact> {
    let date = |number: u16| {
        let day = jiff::civil::date(2024, 11, 1).checked_add(i64::from(number).days()).unwrap();
        if exact { format!("{day}T{:02}:00:00.000000Z", number % 24) } else { day.to_string() }
    };
    let mut replaced = BTreeSet::new();
    let mut facts: Vec<Fact> = Vec::new();
    for (event, effective, own, says, target, retracts) in drawn {
        let mut data = json!({ "authority": says });
        for member in ["receivedAt", "answeredAt", "at"] {
            own.iter().for_each(|own| data[member] = json!(date(*own)));
        }
        let target = target.map(|target| target as u64).filter(|target| *target < facts.len() as u64);
        let target = target.filter(|target| replaced.insert(*target));
        let event = if *retracts && target.is_some() { RETRACTED } else { events[event % events.len()] };
        let mut fact = recorded(told(event, &date(*effective), data), "2024-12-20T10:00:00.000000Z");
        fact.recorded.replaces = target.map(Sequence);
        facts.push(fact);
    }
    numbered(facts)
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let day = || 0..DAYS;
    let one = (
        0..8_usize,
        day(),
        prop::option::of(day()),
        any::<bool>(),
        prop::option::weighted(0.3, 0..8_usize),
        any::<bool>(),
    );
    prop::collection::vec(one, 0..9)
}

fn check_figures(events: &[&str], exact: bool, drawn: &[Drawn], codes: &[&str], valid: u16) {
    let facts = history(events, exact, drawn);
    let days = i64::from(valid) * 24 * 3_600 * 1_000_000;
    let valid =
        Instant::from_microseconds("2024-11-01T12:00:00.000000Z".parse::<Instant>().unwrap().microseconds() + days);
    for known in 0..=facts.len() {
        for code in codes {
            let figure = super::figure(code).unwrap();
            for year in [2024, 2025] {
                let expected = oracle(figure, &facts[..known], year, valid);
                let mut found = counting(code, &facts[..known], year, valid, EVERY_UNIT);
                found.sort_unstable();
                assert_eq!(found, expected, "{code} {year} at {valid}, the first {known} of {facts:#?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn requests_are_counted_as_the_oracle_says(drawn in drawn(), valid in 0..DAYS) {
        let codes: Vec<&str> = FIGURES.iter().filter(|figure| figure.family == Some(REQUEST)).map(|figure| figure.code).collect();
        check_figures(&["received", "answered", "extended", "refused"], false, &drawn, &codes, valid);
    }

    #[test]
    fn breaches_are_counted_as_the_oracle_says(drawn in drawn(), valid in 0..DAYS) {
        let events = ["awarenessEstablished", "authorityNotified", "notificationDecided", "subjectsNotified"];
        let codes: Vec<&str> = FIGURES.iter().filter(|figure| figure.family == Some(BREACH)).map(|figure| figure.code).collect();
        check_figures(&events, true, &drawn, &codes, valid);
    }

    #[test]
    fn other_facts_are_counted_as_the_oracle_says(drawn in drawn(), valid in 0..DAYS) {
        check_figures(&["completed", "approved"], false, &drawn, &["DPIAS_COMPLETED", "DPIAS_APPROVED"], valid);
        check_figures(&["received", "directMarketingStopped"], true, &drawn, &["DIRECT_MARKETING_STOPPED_WITHIN_24_HOURS"], valid);
        check_figures(&["granted", "withdrawn"], false, &drawn, &["CONSENTS_GIVEN", "CONSENTS_WITHDRAWN", "FACTS_RECORDED_LATE"], valid);
    }
}
