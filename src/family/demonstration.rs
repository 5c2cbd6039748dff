//! Holds `data/demonstration.json` to the families: every fact is well-formed, and admitted as it stands.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::activity::Activity;
use super::agreement::{Agreement, AgreementStatus};
use super::check::{codes, date, sealed, state_at, stream};
use super::consent::{Consent, ConsentStatus};
use super::consent_text::ConsentText;
use super::kit::{Context, Fact, Family, Recorded};
use super::legitimate_interest_assessment::{AssessmentStatus, LegitimateInterestAssessment};
use super::{FAMILIES, family};
use crate::ledger::entry::{Actor, Provenance};
use crate::ledger::name::{Sequence, StreamId};
use crate::time::Instant;

const DEMONSTRATION: &str = include_str!("../../data/demonstration.json");

/// The rows of the scenario that belong to these families, in the order in which they are recorded.
const ROWS: [&str; 26] = [
    "S-000", "S-008", "S-009", "S-010", "S-011", "S-013", "S-014", "S-015", "S-016", "S-019", "S-035", "S-047",
    "S-048", "S-049", "S-051", "S-052", "S-053", "S-054", "S-072", "S-073", "S-074", "S-075", "S-077", "S-061",
    "S-079", "S-089",
];

/// The members that are erasable, by family: here the typed reader of the API, which knows, is not at hand.
const ERASABLE: &[(&str, &[&str])] = &[
    ("activity", &["remark", "name", "text", "publicTaskReason", "conditions"]),
    ("consentText", &["remark", "purpose", "collectionBy", "measures"]),
    ("consent", &["remark", "evidence"]),
    (
        "legitimateInterestAssessment",
        &["remark", "statement", "text", "rejectedBecause", "impacts", "measure", "conditions"],
    ),
    ("agreement", &["remark"]),
];

/// A fact of the file, read as far as no family is needed.
struct Line {
    row: String,
    basis: String,
    recorded: Instant,
    effective: String,
    reference: String,
    actor: Actor,
    family: String,
    fact: String,
    data: Value,
}

fn lines() -> Vec<Line> {
    let file: Value = serde_json::from_str(DEMONSTRATION).unwrap();
    let facts = file["facts"].as_array().unwrap();
    facts.iter().map(line).collect()
}

fn line(fact: &Value) -> Line {
    let text = |member: &str| fact[member].as_str().unwrap().to_owned();
    let (family, event) = only_member(&fact["event"]);
    let (name, data) = only_member(event);
    Line {
        row: text("row"),
        basis: text("basis"),
        recorded: text("recorded").parse().unwrap(),
        effective: text("effective"),
        reference: text("stream"),
        actor: serde_json::from_value(fact["actor"].clone()).unwrap(),
        family: family.clone(),
        fact: name.clone(),
        data: data.clone(),
    }
}

fn only_member(value: &Value) -> (&String, &Value) {
    let members = value.as_object().unwrap();
    assert_eq!(members.len(), 1, "{value}");
    members.iter().next().unwrap()
}

/// Every stream of the file by its reference; an id is the number of the stream.
fn streams(lines: &[Line]) -> BTreeMap<String, StreamId> {
    let mut streams = BTreeMap::new();
    for line in lines {
        let number = streams.len() as u128 + 1;
        let id = streams.entry(line.reference.clone()).or_insert_with(|| stream(&line.family, number));
        assert_eq!(id.family(), line.family, "{} is of one family", line.reference);
    }
    streams
}

/// Turns the form of the API's input into that of an entry: references become ids, erasable members commitments.
fn entry_data(line: &Line, streams: &BTreeMap<String, StreamId>, sequence: u64) -> Value {
    let erasable = ERASABLE.iter().find(|(family, _)| *family == line.family).unwrap().1;
    sealed(typed(&line.data, erasable, streams), sequence)
}

fn typed(value: &Value, erasable: &[&str], streams: &BTreeMap<String, StreamId>) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('@') {
            Some(reference) => Value::String(streams[reference].to_string()),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(|item| typed(item, erasable, streams)).collect(),
        Value::Object(members) => {
            let member = |(name, member): (&String, &Value)| match erasable.contains(&name.as_str()) {
                true => (name.clone(), marked(member)),
                false => (name.clone(), typed(member, erasable, streams)),
            };
            members.iter().map(member).collect()
        }
        _ => value.clone(),
    }
}

fn marked(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(marked).collect(),
        clear => serde_json::json!({"...": {"clear": clear}}),
    }
}

/// Admits and keeps every fact in the order of the file; the facts of each stream by its reference.
fn ledger() -> BTreeMap<String, Vec<Fact>> {
    let lines = lines();
    let ids = streams(&lines);
    let mut facts: BTreeMap<StreamId, Vec<Fact>> = BTreeMap::new();
    for (sequence, line) in (1..).zip(&lines) {
        let new = Fact {
            recorded: Recorded {
                sequence: Sequence(sequence),
                recorded: line.recorded,
                effective: date(&line.effective),
                actor: line.actor.clone(),
                provenance: Provenance::Native,
                replaces: None,
            },
            fact: line.fact.clone(),
            version: 1,
            data: entry_data(line, &ids, sequence),
        };
        let declaration = family(&line.family).unwrap();
        let id = &ids[&line.reference];
        let known: Vec<&Fact> = facts.get(id).into_iter().flatten().collect();
        let context = Context { place: &new.recorded, streams: &facts };
        assert_eq!((declaration.check)(&new.fact, 1, &new.data), Ok(()), "{} {}", line.row, line.fact);
        assert_eq!((declaration.admit)(&known, &new, &context), Ok(()), "{} {}", line.row, line.fact);
        facts.entry(id.clone()).or_default().push(new);
    }
    ids.into_iter().filter_map(|(reference, id)| Some((reference, facts.remove(&id)?))).collect()
}

fn state<F: Family>(ledger: &BTreeMap<String, Vec<Fact>>, reference: &str, at: &str) -> F {
    let known: Vec<&Fact> = ledger[reference].iter().collect();
    state_at(&known, date(at).latest())
}

#[test]
fn it_has_the_rows_of_these_families_in_order_of_recording() {
    let lines = lines();
    assert!(lines.is_sorted_by(|earlier, later| earlier.recorded < later.recorded));
    let mut rows: Vec<&str> = lines.iter().map(|line| line.row.as_str()).collect();
    rows.dedup();
    assert_eq!(rows, ROWS);
    assert_eq!(lines.len(), 36);
}

#[test]
fn every_reference_and_event_is_known() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => found.extend(text.strip_prefix('@').map(str::to_owned)),
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Object(members) => members.values().for_each(|member| references(member, found)),
            _ => {}
        }
    }
    let lines = lines();
    let known = streams(&lines);
    for line in &lines {
        let declared = FAMILIES.iter().find(|family| family.name == line.family);
        assert!(declared.unwrap().events.iter().any(|event| event.fact == line.fact), "{}", line.fact);
        let mut found = BTreeSet::new();
        references(&line.data, &mut found);
        assert!(found.iter().all(|reference| known.contains_key(reference)), "{}: {found:?}", line.row);
    }
}

#[test]
fn every_remark_starts_with_basis_and_row() {
    for line in lines() {
        assert!(["REAL", "SEED", "FICTION"].contains(&line.basis.as_str()), "{}", line.basis);
        let remark = line.data["remark"].as_str().unwrap();
        assert!(remark.starts_with(&format!("{}, row {}.", line.basis, line.row)), "{remark}");
    }
}

#[test]
fn only_people_concerned_act_without_an_id() {
    for line in lines() {
        assert_eq!(line.actor.id.is_none(), line.actor.is_subject(), "{}", line.row);
    }
}

#[test]
fn every_fact_is_admitted_as_it_stands_and_fits() {
    let ledger = ledger();
    let at = "2026";
    for (reference, facts) in &ledger {
        let anomalies = match reference.split('-').next().unwrap() {
            "ACT" => state::<Activity>(&ledger, reference, at).anomalies,
            "CTX" | "BNR" => state::<ConsentText>(&ledger, reference, at).anomalies,
            "CNS" => state::<Consent>(&ledger, reference, at).anomalies,
            "LIA" => state::<LegitimateInterestAssessment>(&ledger, reference, at).anomalies,
            _ => state::<Agreement>(&ledger, reference, at).anomalies,
        };
        assert_eq!(anomalies, [], "{reference}: {} facts", facts.len());
    }
}

#[test]
fn the_register_entry_of_question_22_is_version_2_on_platform_b() {
    let ledger = ledger();
    let state: Activity = state(&ledger, "ACT-002", "2024-09-01");
    let ids = streams(&lines());
    let text = state.legal_bases()[0].consent_text.clone();
    assert_eq!(text.as_ref(), ids.get("CTX-001"));
    let entry = state.current.unwrap().entry;
    assert_eq!((entry.version, entry.platforms), (2, codes(&["platform-b"])));
}

#[test]
fn the_story_is_told_by_the_states() {
    let ledger = ledger();
    let first: LegitimateInterestAssessment = state(&ledger, "LIA-001", "2019-12-04");
    assert_eq!((first.status, first.balancing, first.safeguards.len()), (AssessmentStatus::Approved, None, 3));
    let second: LegitimateInterestAssessment = state(&ledger, "LIA-002", "2024-11-12");
    assert_eq!((second.status, second.necessity, second.reviews.len()), (AssessmentStatus::Approved, None, 1));
    let agreement: Agreement = state(&ledger, "PRA-001", "2018-06-29");
    assert_eq!((agreement.status, agreement.clauses.len()), (AgreementStatus::Executed, 9));
    let notices = state::<Agreement>(&ledger, "PRA-002", "2025-12-09").breach_notices;
    assert_eq!(notices[0].from, date("2025-12-09T12:00:00.000000Z"));
    let status = |at: &str| state::<Consent>(&ledger, "CNS-0002", at).status;
    assert_eq!((status("2024-09-05"), status("2024-09-06")), (ConsentStatus::Given, ConsentStatus::Withdrawn));
}
