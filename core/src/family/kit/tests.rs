//! The fold as a whole: its hash, and facts that this program cannot read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::describe::Catalogue;
use super::*;
use crate::family::describe::Kind;
use crate::family::management_unit::ManagementUnit;
use crate::family::{FAMILIES, facts_version, fold_hash};
use crate::ledger::entry::{Actor, Provenance};
use crate::ledger::name::Sequence;
use crate::time::{Instant, PartialDate};

/// What the file says that later programs compare with what is in a database.
const FOLD: &str = include_str!("../../../../schema/fold.txt");

/// A change of what can be recorded, or of what a state is made of, is seen here, and written into `schema/fold.txt`.
#[test]
fn the_fold_and_the_facts_are_those_that_are_written_down() {
    let expected = format!("facts {} {}\nfold {}\n", facts_version(), facts_hash(), folded_hash());
    if std::env::var("UPDATE_SCHEMA").is_ok_and(|value| value == "1") {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/fold.txt");
        return std::fs::write(path, expected).unwrap();
    }
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (before, now) = (words(FOLD), words(&expected));
    let number = |words: &[String]| words[1].parse::<u64>().unwrap();
    assert!(number(&now) >= number(&before), "what could be recorded once can be recorded and read for ever");
    assert_eq!(
        FOLD, expected,
        "if the change is meant, run the tests with UPDATE_SCHEMA=1: every ledger makes its states anew with `griffie migrate`"
    );
    assert_eq!(fold_hash(), folded_hash());
}

fn hex(hasher: Sha256) -> String {
    hex::encode(hasher.finalize())
}

/// Everything that may be recorded: events, their members and values, without what people read.
fn facts_hash() -> String {
    let mut catalogue = Catalogue::default();
    let mut hasher = Sha256::new();
    for family in FAMILIES {
        for event in family.describe_events(&mut catalogue) {
            let EventDeclaration { fact, version, .. } = event.declaration;
            hasher.update(format!("{}.{fact} {version} {}\n", family.name, event.type_name));
        }
    }
    for definition in catalogue.definitions() {
        let mut text = format!("{}:", definition.name);
        match &definition.kind {
            Kind::Record(members) => {
                members.iter().for_each(|member| write!(text, " {}={:?}", member.name, member.shape).unwrap());
            }
            Kind::Choice(items) => items.iter().for_each(|item| write!(text, " {}", item.value).unwrap()),
        }
        hasher.update(text + "\n");
    }
    hex(hasher)
}

/// What the families make of many histories: of each frozen example, in many orders, on dates that are exact or vague, with
/// corrections, by several people.
fn folded_hash() -> String {
    let mut hasher = Sha256::new();
    for family in FAMILIES {
        let pool = examples(family);
        for number in 0..HISTORIES {
            let facts = history(&pool, number);
            let known: Vec<&Fact> = facts.iter().collect();
            let take = &mut |span: Span| {
                hasher.update(format!("{} {} {} {:?}\n", family.name, span.from, span.state, span.keys));
            };
            (family.timeline)(&known, take).unwrap();
        }
    }
    hex(hasher)
}

const HISTORIES: u64 = 48;
const DATES: [&str; 6] = ["2019", "2019-12-31T11:00:00.000000Z", "2020", "2020-03-29", "2021-07", "2024-02-29"];
const ROLES: [&str; 3] = ["DPO", "INFORMATION_MANAGER", "SUBJECT"];

/// The frozen example of each event of a family, as its JSON Schema has it.
fn examples(family: &Declaration) -> Vec<(String, u32, Value)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/events");
    let read = |event: &EventDeclaration| {
        let name = format!("{}.{}.v{}.json", family.name, event.fact, event.version);
        let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let schema: Value = serde_json::from_str(&text).unwrap();
        (event.fact.to_owned(), event.version, schema["examples"][0].clone())
    };
    family.events.iter().map(read).collect()
}

/// A history that follows from its number: the same for ever.
fn history(pool: &[(String, u32, Value)], number: u64) -> Vec<Fact> {
    let mut seed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    let mut below = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((seed >> 33) % most as u64).unwrap()
    };
    let mut facts = Vec::new();
    for sequence in 0..14 {
        let (fact, version, data) = pool[below(pool.len())].clone();
        let effective = DATES[below(DATES.len())].parse().unwrap();
        let replaces = (below(7) == 0 && sequence > 0).then(|| Sequence(below(sequence) as u64));
        facts.push(told(sequence as u64, fact, version, data, effective, (replaces, ROLES[below(ROLES.len())])));
    }
    facts
}

fn told(
    sequence: u64,
    fact: String,
    version: u32,
    data: Value,
    effective: PartialDate,
    (replaces, role): (Option<Sequence>, &str),
) -> Fact {
    let actor = Actor { id: Some("staff-1".parse().unwrap()), role: role.parse().unwrap(), unit: None };
    let recorded = Instant::from_microseconds(1_700_000_000_000_000 + i64::try_from(sequence).unwrap());
    let provenance = if sequence % 5 == 4 { Provenance::Backfill } else { Provenance::Native };
    let recorded =
        Recorded { sequence: Sequence(sequence), recorded, effective, actor, provenance, asserted: None, replaces };
    Fact { recorded, fact, version, data }
}

/// A fact of a kind, or of a version, that a newer program has recorded.
#[test]
fn a_fact_that_cannot_be_read_is_seen() {
    for family in FAMILIES {
        let pool = examples(family);
        let (fact, version, data) = pool[0].clone();
        let date: PartialDate = "2020".parse().unwrap();
        let nobody = (None, "DPO");
        let known = told(0, fact.clone(), version, data.clone(), date, nobody);
        let of_the_future = [
            told(1, "invented".to_owned(), 1, data.clone(), date, nobody),
            told(1, fact.clone(), version + 1, data.clone(), date, nobody),
        ];
        for future in of_the_future {
            let mut last = None;
            (family.timeline)(&[&known, &future], &mut |span| last = Some(span.state)).unwrap();
            let state: Value = serde_json::from_str(&last.unwrap()).unwrap();
            let anomalies = state["anomalies"].as_array().unwrap();
            let told_of_it = anomalies.iter().any(|one| one["sequence"] == 1 && one["message"] == UNREADABLE);
            assert!(told_of_it, "{}: {state}", family.name);
        }
    }
}

#[test]
fn nothing_is_appended_behind_a_fact_that_cannot_be_read() {
    let family = Declaration::of::<ManagementUnit>();
    let (fact, version, data) = examples(&family)[0].clone();
    let date: PartialDate = "2020".parse().unwrap();
    let future = told(0, "invented".to_owned(), 1, data.clone(), date, (None, "DPO"));
    let new = told(1, fact, version, data, date, (None, "DPO"));
    let streams = BTreeMap::new();
    let context = Context { place: &new.recorded, streams: &streams };
    assert_eq!((family.admit)(&[], &new, &context), Ok(()));
    let refused = (family.admit)(&[&future], &new, &context).unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RejectionCode::Unreadable, "stream"));
}
