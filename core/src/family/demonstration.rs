//! Holds `data/demonstration.json` to the families and to the scenario: every row is told, every fact is well-formed and
//! admitted as it stands, and the states are those of the story.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::activity::{Activity, ActivityStatus};
use super::agreement::{Agreement, AgreementStatus};
use super::annual_report::AnnualReport;
use super::audit_engagement::{AuditEngagement, AuditStatus};
use super::authority_contact::{AuthorityContact, AuthorityContactStatus};
use super::board_decision::{BoardDecision, PlatformUse};
use super::breach::{Breach, BreachStatus};
use super::check::{codes, date, sealed, state_at, stream};
use super::consent::{Consent, ConsentStatus};
use super::consent_text::ConsentText;
use super::data_subject_request::{DataSubjectRequest, RequestStatus};
use super::describe::{Catalogue, Kind, Scalar, Shape};
use super::dpia::{Dpia, DpiaStatus};
use super::erasure::Erasure;
use super::finding::{Finding, FindingStatus};
use super::governance_instrument::{GovernanceInstrument, InstrumentStatus as GovernanceStatus};
use super::joint_controller_arrangement::{ArrangementStatus, JointControllerArrangement};
use super::kit::{Context, Fact, Family, Recorded};
use super::legal_instrument::{InstrumentStatus as LegalStatus, LegalInstrument};
use super::legitimate_interest_assessment::{AssessmentStatus, LegitimateInterestAssessment};
use super::management_unit::{ManagementUnit, UnitStatus};
use super::objection::{Objection, ObjectionStatus};
use super::privacy_notice::PrivacyNotice;
use super::publication::Publication;
use super::role_assignment::{RoleAssignment, RoleStatus};
use super::transfer_ground::{GroundKind, TransferGround, TransferStatus};
use super::value::AnnulmentEffect;
use super::{FAMILIES, family};
use crate::ledger::entry::{Actor, Provenance};
use crate::ledger::name::{Sequence, StreamId};
use crate::time::{Instant, PartialDate};

const DEMONSTRATION: &str = include_str!("../../../data/demonstration.json");

/// The rows of the events of the scenario, in the order in which they are recorded.
const EVENTS: [&str; 104] = [
    "S-000", "S-001", "S-002", "S-003", "S-004", "S-005", "S-007", "S-008", "S-009", "S-010", "S-011", "S-012",
    "S-013", "S-014", "S-015", "S-017", "S-016", "S-006", "S-018", "S-019", "S-020", "S-021", "S-022", "S-023",
    "S-024", "S-025", "S-026", "S-027", "S-028", "S-028a", "S-029", "S-031", "S-030", "S-032", "S-033", "S-034",
    "S-035", "S-036", "S-037", "S-038", "S-039", "S-040", "S-041", "S-042", "S-043", "S-044", "S-045", "S-046",
    "S-047", "S-048", "S-049", "S-050", "S-051", "S-052", "S-053", "S-054", "S-055", "S-056", "S-057", "S-058",
    "S-059", "S-060", "S-062", "S-063", "S-064", "S-065", "S-066", "S-068", "S-069", "S-070", "S-071", "S-072",
    "S-073", "S-074", "S-075", "S-076", "S-077", "S-061", "S-078", "S-079", "S-067", "S-080", "S-081", "S-082",
    "S-083", "S-084", "S-085", "S-086", "S-087", "S-088", "S-089", "S-089a", "S-090", "S-092", "S-093", "S-094",
    "S-094a", "S-094b", "S-095", "S-095a", "S-096", "S-097", "S-098", "S-099",
];

/// The rows of its legal timeline, in the order of the scenario.
const TIMELINE: [&str; 67] = [
    "LEX-SAFEHARBOUR",
    "LEX-SCC-2010",
    "LEX-C362-14",
    "LEX-GDPR-EIF",
    "LEX-PSHIELD",
    "LEX-GDPR",
    "LEX-FANPAGES",
    "LEX-JP",
    "LEX-FASHIONID",
    "LEX-AP-LI-2019",
    "LEX-CONSENT-0520",
    "LEX-C311-18",
    "LEX-EDPB-REC0120",
    "LEX-EDPB-0820",
    "LEX-SCC-2021",
    "LEX-UK-ADEQ",
    "LEX-UK-ADEQ-2",
    "LEX-UK-ADEQ-3",
    "LEX-EDPB-0720",
    "LEX-AP-TIKTOK-LANG",
    "LEX-SCC-OLD-REPEAL",
    "LEX-VOETBALTV",
    "LEX-BZK-FB-DPIA",
    "LEX-SCC-OLD-END",
    "LEX-XFAB",
    "LEX-BREACH-0922",
    "LEX-UZ",
    "LEX-DPC-META",
    "LEX-PANKKI",
    "LEX-META-BKA",
    "LEX-DPF",
    "LEX-AP-ADV-REQ",
    "LEX-AP-FB",
    "LEX-AP-EDU",
    "LEX-AP-UBER",
    "LEX-KNLTB",
    "LEX-EDPB-LI",
    "LEX-EDPB-OP22",
    "LEX-SURF4",
    "LEX-PCLOB",
    "LEX-BLOCK-DRAFT",
    "LEX-DPC-TIKTOK",
    "LEX-EPO",
    "LEX-T553-23",
    "LEX-SRB",
    "LEX-C703-25P",
    "LEX-OMNIBUS",
    "LEX-EIDAS-LEDGER",
    "LEX-CEF-ERASURE",
    "LEX-DPIA-TPL",
    "LEX-BREACH-TPL",
    "LEX-BLOCK-FINAL",
    "LEX-ADEQ-ANDORRA",
    "LEX-ADEQ-ARGENTIN",
    "LEX-ADEQ-CANADACO",
    "LEX-ADEQ-FAROEISL",
    "LEX-ADEQ-GUERNSEY",
    "LEX-ADEQ-ISRAEL",
    "LEX-ADEQ-ISLEOFMA",
    "LEX-ADEQ-JERSEY",
    "LEX-ADEQ-NEWZEALA",
    "LEX-ADEQ-SWITZERL",
    "LEX-ADEQ-URUGUAY",
    "LEX-ADEQ-REPUBLIC",
    "LEX-SCC-C2C",
    "LEX-REG-1182-71",
    "LEX-ATW",
];

/// The rows of the timeline that are rows of the events too, and recorded with these.
const SHARED: [(&str, &str); 9] = [
    ("LEX-PSHIELD", "S-001"),
    ("LEX-GDPR", "S-003"),
    ("LEX-FANPAGES", "S-006"),
    ("LEX-AP-LI-2019", "S-018"),
    ("LEX-DPC-META", "S-042"),
    ("LEX-DPF", "S-045"),
    ("LEX-AP-EDU", "S-063"),
    ("LEX-KNLTB", "S-078"),
    ("LEX-BLOCK-FINAL", "S-099"),
];

/// Families without a fact in the story: the ledger records its own, and an acknowledgement or attestation names a position or
/// root that a data file cannot know.
const UNTOLD: [&str; 3] = ["checkpointAttestation", "ledger", "registerAcknowledgement"];

/// A fact of the file, read as far as no family is needed.
#[derive(Clone)]
struct Line {
    row: String,
    basis: String,
    recorded: Instant,
    effective: PartialDate,
    reference: String,
    actor: Actor,
    family: String,
    fact: String,
    data: Value,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(DEMONSTRATION).unwrap();
    file["facts"].as_array().unwrap().iter().map(line).collect()
});

/// The demonstration, told.
pub(crate) static STORY: LazyLock<Story> = LazyLock::new(|| Story::of(LINES.iter()));

/// A history in the form of the file, each fact admitted.
pub(crate) struct Story {
    /// Every stream by its reference; an id is the number of the stream.
    pub streams: BTreeMap<String, StreamId>,
    /// The facts of each stream by its reference, in the order of the file.
    pub facts: BTreeMap<String, Vec<Fact>>,
}

impl Story {
    /// Tells other facts, in the form of the file: after the demonstration or by themselves, in the order of their recording.
    pub(crate) fn told(after_the_demonstration: bool, facts: &Value) -> Self {
        Self::told_after(|_| after_the_demonstration, facts)
    }

    /// Tells other facts besides those of some families of the demonstration.
    pub(crate) fn told_after(of: impl Fn(&str) -> bool, facts: &Value) -> Self {
        let mut lines: Vec<Line> = facts.as_array().unwrap().iter().map(line).collect();
        lines.extend(LINES.iter().filter(|line| of(&line.family)).cloned());
        lines.sort_by_key(|line| line.recorded);
        Self::of(lines.iter())
    }

    fn of<'a>(lines: impl Iterator<Item = &'a Line> + Clone) -> Self {
        let mut streams = BTreeMap::new();
        for line in lines.clone() {
            let number = streams.len() as u128 + 1;
            let id = streams.entry(line.reference.clone()).or_insert_with(|| stream(&line.family, number));
            assert_eq!(id.family(), line.family, "{} is of one family", line.reference);
        }
        let types = Types::new(streams);
        let mut facts: BTreeMap<StreamId, Vec<Fact>> = BTreeMap::new();
        for (sequence, line) in (1..).zip(lines) {
            let new = fact(line, sequence, &types);
            let declaration = family(&line.family).unwrap();
            let id = &types.streams[&line.reference];
            let known: Vec<&Fact> = facts.get(id).into_iter().flatten().collect();
            let context = Context { place: &new.recorded, streams: &facts };
            assert_eq!((declaration.check)(&new.fact, 1, &new.data), Ok(()), "{} {}", line.row, line.fact);
            assert_eq!((declaration.admit)(&known, &new, &context), Ok(()), "{} {}", line.row, line.fact);
            facts.entry(id.clone()).or_default().push(new);
        }
        let told = types.streams.iter().filter_map(|(reference, id)| Some((reference.clone(), facts.remove(id)?)));
        Self { facts: told.collect(), streams: types.streams }
    }
}

fn line(fact: &Value) -> Line {
    let text = |member: &str| fact[member].as_str().unwrap().to_owned();
    let (family, event) = only_member(&fact["event"]);
    let (name, data) = only_member(event);
    Line {
        row: text("row"),
        basis: text("basis"),
        recorded: text("recorded").parse().unwrap(),
        effective: date(&text("effective")),
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

fn fact(line: &Line, sequence: u64, types: &Types) -> Fact {
    let data = types.entry_data(line);
    Fact {
        recorded: Recorded {
            sequence: Sequence(sequence),
            recorded: line.recorded,
            effective: line.effective,
            actor: line.actor.clone(),
            provenance: Provenance::Native,
            asserted: None,
            replaces: None,
        },
        fact: line.fact.clone(),
        version: 1,
        data: sealed(data, sequence),
    }
}

/// What the families declare of their events, by which the form of the API's input becomes that of an entry.
struct Types {
    catalogue: Catalogue,
    events: BTreeMap<(&'static str, &'static str), String>,
    streams: BTreeMap<String, StreamId>,
}

impl Types {
    fn new(streams: BTreeMap<String, StreamId>) -> Self {
        let mut catalogue = Catalogue::default();
        let mut events = BTreeMap::new();
        for family in FAMILIES {
            for event in family.describe_events(&mut catalogue) {
                events.insert((family.name, event.declaration.fact), event.type_name);
            }
        }
        Self { catalogue, events, streams }
    }

    /// Turns references into ids, and erasable members into marked ones.
    fn entry_data(&self, line: &Line) -> Value {
        let event = self.events.get(&(line.family.as_str(), line.fact.as_str()));
        let event = event.unwrap_or_else(|| panic!("{}: no event {}.{}", line.row, line.family, line.fact));
        self.typed(&line.data, &Shape::Named(event.clone()))
    }

    fn typed(&self, value: &Value, shape: &Shape) -> Value {
        match shape {
            Shape::Optional(inner) => self.typed(value, inner),
            Shape::Erasable(inner) => serde_json::json!({"...": {"clear": self.typed(value, inner)}}),
            Shape::List(inner) => value.as_array().unwrap().iter().map(|item| self.typed(item, inner)).collect(),
            Shape::Scalar(Scalar::Stream) => {
                let reference = value.as_str().and_then(|text| text.strip_prefix('@')).unwrap();
                Value::String(self.streams[reference].to_string())
            }
            Shape::Named(name) if matches!(self.catalogue.get(name).unwrap().kind, Kind::Record(_)) => {
                let known = self.catalogue.members(name);
                let member = |(member, value): (&String, &Value)| {
                    let known = known.iter().find(|known| known.name == *member);
                    let known = known.unwrap_or_else(|| panic!("{name} has no member {member}"));
                    (member.clone(), self.typed(value, &known.shape))
                };
                value.as_object().unwrap().iter().map(member).collect()
            }
            Shape::Scalar(_) | Shape::Named(_) => value.clone(),
        }
    }
}

/// The state of a stream on a date, by all that was known at the end of another.
fn state_known<F: Family>(reference: &str, known_at: &str, valid_at: &str) -> F {
    let known_at = date(known_at).latest();
    let known: Vec<&Fact> = STORY.facts[reference].iter().filter(|fact| fact.recorded.recorded <= known_at).collect();
    state_at(&known, date(valid_at).latest())
}

/// The state of a stream on a date, by all that is known.
fn state<F: Family>(reference: &str, at: &str) -> F {
    state_known(reference, "2026", at)
}

fn id(reference: &str) -> StreamId {
    STORY.streams[reference].clone()
}

fn minutes(from: Option<PartialDate>, to: Option<PartialDate>) -> i64 {
    to.unwrap().earliest().milliseconds_since(from.unwrap().earliest()) / 60_000
}

/// The parameters of the version of a policy in force, as `name=value`.
fn parameters(reference: &str, known_at: &str, valid_at: &str) -> BTreeSet<String> {
    let instrument: GovernanceInstrument = state_known(reference, known_at, valid_at);
    let version = instrument.in_force_at(date(valid_at).latest()).cloned().unwrap_or_default();
    let texts = version.parameters.iter().map(|parameter| {
        let values = parameter.values.iter().map(ToString::to_string).collect::<Vec<_>>().join("+");
        let number = parameter.number.map(|number| number.to_string()).unwrap_or_default();
        format!(
            "{}={}{values}{number}",
            parameter.name,
            parameter.term.map(|term| term.to_string()).unwrap_or_default()
        )
    });
    texts.collect()
}

#[test]
fn every_row_of_the_scenario_is_told_in_order_of_recording() {
    assert!(LINES.is_sorted_by(|earlier, later| earlier.recorded < later.recorded));
    let mut first: Vec<&str> = Vec::new();
    for line in LINES.iter() {
        if !first.contains(&line.row.as_str()) {
            first.push(&line.row);
        }
    }
    let of = |prefix: &str| first.iter().copied().filter(|row| row.starts_with(prefix)).collect::<Vec<_>>();
    assert_eq!(of("S-"), EVENTS);
    let shared = |row: &&str| SHARED.iter().any(|(timeline, _)| timeline == row);
    let own: BTreeSet<&str> = TIMELINE.iter().copied().filter(|row| !shared(row)).collect();
    assert_eq!(of("LEX-").into_iter().collect::<BTreeSet<_>>(), own);
    for (reference, row) in SHARED {
        assert!(LINES.iter().any(|line| line.reference == reference && line.row == row), "{reference} {row}");
    }
    let preparatory: Vec<String> = (1..=of("P-").len()).map(|number| format!("P-{number:03}")).collect();
    assert_eq!(of("P-"), preparatory);
    assert_eq!(of("S-").len() + own.len() + preparatory.len(), first.len());
}

#[test]
fn every_family_has_a_part_in_it() {
    let told: BTreeSet<&str> = LINES.iter().map(|line| line.family.as_str()).collect();
    let untold: Vec<&str> = FAMILIES.iter().map(|family| family.name).filter(|name| !told.contains(name)).collect();
    assert_eq!(untold.into_iter().collect::<BTreeSet<_>>(), UNTOLD.into_iter().collect());
}

#[test]
fn every_reference_is_known() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => found.extend(text.strip_prefix('@').map(str::to_owned)),
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Object(members) => members.values().for_each(|member| references(member, found)),
            _ => {}
        }
    }
    for line in LINES.iter() {
        let mut found = BTreeSet::new();
        references(&line.data, &mut found);
        assert!(found.iter().all(|reference| STORY.streams.contains_key(reference)), "{}: {found:?}", line.row);
    }
}

#[test]
fn every_remark_starts_with_basis_and_row() {
    for line in LINES.iter() {
        assert!(["REAL", "SEED", "FICTION"].contains(&line.basis.as_str()), "{}", line.basis);
        let remark = line.data["remark"].as_str().unwrap();
        assert!(remark.starts_with(&format!("{}, row {}.", line.basis, line.row)), "{remark}");
        assert!(line.basis == "FICTION" || !line.row.starts_with("P-"), "{remark}");
        assert!(line.basis == "REAL" || !line.row.starts_with("LEX-"), "{remark}");
    }
}

#[test]
fn nothing_is_recorded_before_it_happens() {
    for line in LINES.iter() {
        assert!(line.effective.earliest() <= line.recorded, "{} {}", line.row, line.effective);
    }
}

#[test]
fn only_people_concerned_act_without_an_id() {
    for line in LINES.iter() {
        assert_eq!(line.actor.id.is_none(), line.actor.is_subject(), "{}", line.row);
    }
}

#[test]
fn every_fact_is_admitted_as_it_stands_and_fits() {
    for (reference, facts) in STORY.facts.iter() {
        let known: Vec<&Fact> = facts.iter().collect();
        let mut last = Value::Null;
        let timeline = family(STORY.streams[reference].family()).unwrap().timeline;
        timeline(&known, &mut |span| last = serde_json::from_str(&span.state).unwrap()).unwrap();
        assert_eq!(last["anomalies"], Value::Array(Vec::new()), "{reference}: {} facts", facts.len());
    }
}

#[test]
fn privacy_shield_falls_and_the_transfer_is_suspended_and_goes_on() {
    let standing = |at: &str| {
        let transfer: TransferGround = state_known("TRG-001", at, at);
        (transfer.status, transfer.ground.unwrap().ground.kind, transfer.impact_assessments.len())
    };
    assert_eq!(standing("2019-06-01"), (TransferStatus::Grounded, GroundKind::PrivacyShield, 0));
    assert_eq!(standing("2020-07-20"), (TransferStatus::Invalid, GroundKind::PrivacyShield, 0));
    assert_eq!(standing("2020-08-10"), (TransferStatus::Suspended, GroundKind::PrivacyShield, 0));
    assert_eq!(standing("2020-12-01"), (TransferStatus::Replaced, GroundKind::Scc, 0));
    assert_eq!(standing("2021-02-01"), (TransferStatus::Replaced, GroundKind::Scc, 1));
    assert_eq!(standing("2023-10-17"), (TransferStatus::Replaced, GroundKind::Dpf, 1));
    let transfer: TransferGround = state("TRG-001", "2026");
    assert_eq!(transfer.first_transfer, Some(date("2018-07-02")));
    let suspensions: Vec<_> = transfer.suspensions.iter().map(|at| (at.from, at.until)).collect();
    assert_eq!(suspensions, [(date("2020-08-03"), Some(date("2020-09-21")))]);
    let assessed = &transfer.impact_assessments[0];
    assert_eq!((assessed.made, assessed.approved), (Some(date("2021-02-01")), Some(date("2021-02-01"))));
    assert_eq!(assessed.instrument.as_ref().unwrap().as_str(), "LEX-SCC-2010");
    assert_eq!(transfer.fallback.unwrap().ground.instrument.unwrap().as_str(), "LEX-SCC-2021");
    let shield = |known: &str| state_known::<LegalInstrument>("LEX-PSHIELD", known, "2020-12-01");
    assert_eq!(shield("2019-06-01").status, LegalStatus::Valid);
    assert_eq!(shield("2026").annulled.unwrap().effect, Some(AnnulmentEffect::ExTunc));
    assert_eq!(shield("2026").valid_to, Some(date("2020-07-16")));
}

#[test]
fn the_policy_gives_the_parameters_of_its_version_in_force() {
    let has = |reference: &str, at: &str, parameter: &str| parameters(reference, at, at).contains(parameter);
    assert!(has("POL-001", "2020-07-20", "adequacyAccepts=EC_LIST+PRIVACY_SHIELD"));
    assert!(has("POL-001", "2020-10-13", "adequacyAccepts=EC_LIST"));
    assert!(has("POL-001", "2025-05-28", "indirectNotice=P28D") && has("POL-001", "2025-05-28", "minorAge=16"));
    assert!(has("GDL-001", "2025-05-28", "indirectNotice=P1M"));
    for house in
        ["registrationGrace=P14D", "stopTerm=P2D", "takedown=P14D", "halt=P2D", "forward=P2D", "guarantees=P24M"]
    {
        assert!(has("PROC-001", "2018-06-04", house), "{house}");
    }
    assert_eq!(parameters("PROC-001", "2018-06-03", "2026"), BTreeSet::new());
}

#[test]
fn the_guidelines_were_adopted_half_a_year_before_anybody_recorded_it() {
    let standing = |known: &str, valid: &str| {
        let guideline: GovernanceInstrument = state_known("GDL-001", known, valid);
        (guideline.status, guideline.in_force.map(|in_force| in_force.from))
    };
    assert_eq!(standing("2024-12-31", "2024-12-31"), (GovernanceStatus::Issued, None));
    assert_eq!(standing("2025-01-21", "2024-07-08"), (GovernanceStatus::Issued, None));
    let adopted = (GovernanceStatus::Adopted, Some(date("2024-07-09")));
    assert_eq!(standing("2025-01-21", "2024-12-31"), adopted);
    let version = state::<GovernanceInstrument>("GDL-001", "2026").versions.remove(0);
    assert_eq!((version.distributed.len(), version.acknowledged.len()), (14, 13));
}

#[test]
fn instruments_of_the_law_stand_as_their_rows_say() {
    let standing = |reference: &str, at: &str| {
        let instrument: LegalInstrument = state_known(reference, at, at);
        (instrument.status, instrument.valid_to)
    };
    assert_eq!(standing("LEX-SAFEHARBOUR", "2016-07-11"), (LegalStatus::Invalidated, Some(date("2015-10-06"))));
    assert_eq!(standing("LEX-GDPR", "2018-05-24"), (LegalStatus::Registered, None));
    assert_eq!(standing("LEX-GDPR", "2018-05-25"), (LegalStatus::Valid, None));
    assert_eq!(standing("LEX-SCC-2010", "2021-09-26"), (LegalStatus::Valid, None));
    assert_eq!(standing("LEX-SCC-2010", "2022-12-19"), (LegalStatus::Repealed, Some(date("2022-12-28"))));
    assert_eq!(standing("LEX-UK-ADEQ", "2025-06-23"), (LegalStatus::Valid, Some(date("2025-06-28"))));
    assert_eq!(standing("LEX-UK-ADEQ", "2026"), (LegalStatus::Valid, Some(date("2031-12-28"))));
    assert_eq!(standing("LEX-DPF", "2025-09-03"), (LegalStatus::Valid, None));
    assert_eq!(standing("LEX-DPF", "2025-10-31"), (LegalStatus::Challenged, None));
    let old: LegalInstrument = state("LEX-SCC-2010", "2026");
    assert_eq!(old.new_use_until, Some(date("2021-09-27")));
}

#[test]
fn breaches_were_notified_after_the_hours_of_question_10() {
    let check = |reference: &str, hours: i64, minute: i64, reasons: usize| {
        let breach: Breach = state(reference, "2026");
        assert_eq!(minutes(breach.aware_at, breach.notified_at), hours * 60 + minute, "{reference}");
        assert_eq!((breach.delay_justified.len(), breach.status), (reasons, BreachStatus::Closed), "{reference}");
    };
    check("BRE-0001", 41, 45, 0);
    check("BRE-0002", 87, 45, 1);
    check("BRE-0003", 50, 10, 0);
    let agreement: Agreement = state("PRA-002", "2026");
    let notice = &agreement.breach_notices[0];
    assert_eq!(minutes(notice.fact.processor_aware_at, Some(notice.from)), 28 * 60);
    assert_eq!(agreement.breach_term.unwrap().to_string(), "PT24H");
}

#[test]
fn the_consent_of_question_7_is_recorded_after_the_publication() {
    let known = |at: &str| state_known::<Consent>("CNS-0001", at, "2018-09-12").status;
    assert_eq!((known("2018-09-13"), known("2018-09-15")), (ConsentStatus::Unknown, ConsentStatus::Given));
    let publication: Publication = state_known("PUB-0001", "2018-09-13", "2018-09-12");
    assert_eq!(publication.content_published[0].fact.persons[0].consent, Some(id("CNS-0001")));
}

#[test]
fn the_register_entry_of_question_22_is_version_2_on_platform_b() {
    let at = "2024-09-01";
    let activity: Activity = state_known("ACT-002", at, at);
    assert_eq!(activity.status, ActivityStatus::Active);
    assert_eq!(activity.legal_bases()[0].consent_text, Some(id("CTX-001")));
    let version = activity.current.unwrap();
    assert_eq!((version.entry.version, version.from), (2, date("2024-08-26")));
    assert_eq!((version.entry.platforms, version.entry.recipients), (codes(&["platform-b"]), codes(&["platform-b"])));
    let text: ConsentText = state_known("CTX-001", at, at);
    assert_eq!(text.versions.last().unwrap().text.version, 2);
    let arrangement: JointControllerArrangement = state_known("JCA-002", at, at);
    assert_eq!((arrangement.status, arrangement.retention.len()), (ArrangementStatus::Agreed, 5));
    assert_eq!(state_known::<JointControllerArrangement>("JCA-003", at, at).status, ArrangementStatus::Refused);
    let notice = state_known::<PrivacyNotice>("NOT-001", at, at).current.unwrap();
    assert_eq!((notice.fact.version, notice.from), (3, date("2024-07-15")));
    assert_eq!(notice.fact.recipients, codes(&["platform-a", "platform-b"]));
    assert_eq!(notice.fact.arrangement_essences, [id("JCA-002")]);
}

#[test]
fn people_were_told_thirty_days_after_their_data_were_obtained() {
    let notice: PrivacyNotice = state("NOT-005", "2026");
    assert_eq!(notice.obtained_indirectly[0].from, date("2025-04-28"));
    assert_eq!(notice.indirect_notices[0].from, date("2025-05-28"));
    assert!(notice.first_communications[0].from.earliest() > date("2025-05-28").latest());
    let activity: Activity = state("ACT-005", "2025-04-28");
    assert_eq!((activity.status, activity.legal_bases().len()), (ActivityStatus::Active, 1));
}

#[test]
fn the_values_of_a_withdrawn_consent_are_erased_on_request() {
    let status = |at: &str| state::<Consent>("CNS-0002", at).status;
    assert_eq!((status("2024-09-05"), status("2024-09-06")), (ConsentStatus::Given, ConsentStatus::Withdrawn));
    let erasure: Erasure = state("ERA-0001", "2026");
    assert_eq!((erasure.erased_at, erasure.backups_expire), (Some(date("2026-04-21")), Some(date("2026-05-26"))));
    assert_eq!(erasure.subject_data_erased.unwrap().fact.subject, id("CNS-0002"));
    assert_eq!(state_known::<Erasure>("ERA-0001", "2026-04-20", "2026").erased_at, None);
    for reference in ["DSR-0001", "DSR-0002", "DSR-0003"] {
        assert_eq!(state::<DataSubjectRequest>(reference, "2026").status, RequestStatus::Answered, "{reference}");
    }
    let publication: Publication = state("PUB-0003", "2026");
    let up: Vec<&str> = publication.up.iter().map(|presence| presence.platform.as_str()).collect();
    assert_eq!((up, publication.takedowns_open.len()), (vec!["platform-a"], 0), "the trap of S-076");
}

#[test]
fn assessments_have_all_their_parts() {
    let assessed = |reference: &str, at: &str| {
        let assessment: LegitimateInterestAssessment = state(reference, at);
        let parts = [assessment.interest.is_some(), assessment.necessity.is_some(), assessment.balancing.is_some()];
        (assessment.status, parts, assessment.safeguards.len(), assessment.reviews.len())
    };
    let approved = AssessmentStatus::Approved;
    assert_eq!(assessed("LIA-001", "2026"), (approved, [true; 3], 3, 0));
    assert_eq!(assessed("LIA-002", "2024-11-12"), (approved, [true; 3], 2, 1));
    assert_eq!(assessed("LIA-003", "2025-04-28"), (approved, [true; 3], 1, 0));
    let dpia = |reference: &str| state::<Dpia>(reference, "2026");
    assert!(dpia("DPIA-000").risks.iter().all(|risk| risk.closed) && dpia("DPIA-000").reviewed.len() == 1);
    assert_eq!(dpia("DPIA-003").status, DpiaStatus::Approved);
    let agreement = |reference: &str| state::<Agreement>(reference, "2026");
    assert_eq!((agreement("PRA-001").clauses.len(), agreement("PRA-002").clauses.len()), (12, 13));
    assert_eq!(agreement("PRA-001").status, AgreementStatus::Executed);
}

#[test]
fn marketing_went_out_although_it_was_stopped() {
    let objection: Objection = state("OBJ-0001", "2026");
    assert_eq!((objection.status, objection.sent_despite_objection.len()), (ObjectionStatus::Stopped, 1));
    let campaign: Publication = state("PUB-0002", "2026");
    assert_eq!(campaign.suppression_checked[0].fact.removed, Some(0));
    assert!(objection.marketing_stopped.unwrap().earliest() < campaign.direct_marketing_sent[0].from.earliest());
}

#[test]
fn the_board_allows_suspends_and_stops() {
    let use_of = |reference: &str, platform: &str| {
        let decision: BoardDecision = state(reference, "2026");
        decision.platform_use.into_iter().find(|at| at.platform.as_str() == platform).unwrap().standing
    };
    assert_eq!(use_of("BD-2023-01", "messaging-a"), PlatformUse::Allowed);
    assert_eq!(use_of("BD-2024-08", "platform-a"), PlatformUse::Suspended);
    assert_eq!(use_of("BD-2025-06", "platform-c"), PlatformUse::Terminated);
    let decision: BoardDecision = state("BD-2023-01", "2026");
    let fulfilled: Vec<_> = decision.conditions.iter().map(|condition| condition.fulfilled).collect();
    assert_eq!(fulfilled, [Some(date("2024-05-07")), None, None], "the trap of S-059");
}

#[test]
fn units_have_their_information_managers_and_the_officer_is_registered() {
    for number in 1..=14 {
        let unit: ManagementUnit = state(&format!("MU-{number:02}"), "2018-05-25");
        assert_eq!(unit.status, UnitStatus::Active);
        let role: RoleAssignment = state(&format!("ROLE-IM-{number:02}"), "2018-06-18");
        assert_eq!(
            (role.status, role.scope[0].code.clone()),
            (RoleStatus::InForce, unit.registered.map(|it| it.fact.unit))
        );
    }
    let officer: RoleAssignment = state("ROLE-DPO", "2018-06-08");
    assert_eq!((officer.from, officer.registered), (Some(date("2018-06-01")), Some(date("2018-06-08"))));
}

#[test]
fn the_annual_report_does_not_agree_with_the_ledger() {
    let report: AnnualReport = state("REP-2025", "2026");
    let figure = |code: &str| report.figures.iter().find(|figure| figure.code.as_str() == code).unwrap().number;
    assert_eq!((figure("contributions"), report.contributors.len()), (13, 12));
    let findings = STORY.streams.iter().filter(|(_, id)| id.family() == Finding::NAME).map(|(reference, _)| reference);
    let open_at = |at: &str| {
        let open = |reference: &&String| {
            let finding: Finding = state_known(reference, at, at);
            finding.raised.is_some() && finding.status < FindingStatus::Accepted
        };
        findings.clone().filter(open).count()
    };
    assert_eq!((figure("openFindings"), open_at("2025-12-31"), open_at("2026-06-30")), (3, 1, 2));
    assert_eq!(state::<AuditEngagement>("AUD-2026-01", "2026-03-20").status, AuditStatus::Open);
    assert_eq!(state::<AuthorityContact>("AUT-2026-01", "2026").status, AuthorityContactStatus::Answered);
}
