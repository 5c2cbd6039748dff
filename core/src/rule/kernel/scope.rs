//! Which streams a question about an activity, a unit, a platform or the whole institution is about.

use std::collections::BTreeSet;

use crate::family::kit::By;
use crate::family::ledger::Ledger;
use crate::ledger::name::{Code, StreamId};
use crate::rule::catalogue::rules;
use crate::rule::inquiry::Inquiry;

/// Most streams that one sheet judges; above it the question must be put in parts.
pub const SUBJECTS_MAX: usize = 20_000;

/// Families of files about people and incidents. There may be very many, so a sheet of an activity, a unit or the institution
/// judges them only when asked; each can be asked by itself.
pub const FILES: [&str; 9] = [
    "consent",
    "publication",
    "dataSubjectRequest",
    "objection",
    "case",
    "securityWeakness",
    "breach",
    "retention",
    "authorityContact",
];

/// Files of which an institution has so many that no sheet of the whole judges them: each is judged by itself, or with its unit or activity.
const MANY: [&str; 2] = ["consent", "publication"];

/// What an activity rests on: the families that its own sheet judges besides itself.
const RESTS_ON: [&str; 11] = [
    "legitimateInterestAssessment",
    "dpia",
    "privacyNotice",
    "consentText",
    "agreement",
    "jointControllerArrangement",
    "transferGround",
    "party",
    "platform",
    "system",
    "account",
];

/// The families of files that a sheet of a scope does not judge, though it is about them: whoever reads it is told.
pub fn left_out(scope: &Scope, files: bool) -> Vec<&'static str> {
    match scope {
        Scope::Institution if files => MANY.to_vec(),
        Scope::Platform(_) if !files => vec!["publication"],
        Scope::Stream(stream) if stream.family() != "activity" => Vec::new(),
        _ if files => Vec::new(),
        _ => FILES.to_vec(),
    }
}

/// What a platform brings along.
const OF_A_PLATFORM: [&str; 3] = ["account", "jointControllerArrangement", "boardDecision"];

/// What streams that are no activity bring along on their own sheet: what of them stands in other streams.
const BRINGS_ALONG: [(&str, &[&str]); 2] = [("platform", &OF_A_PLATFORM), ("breach", &["agreement"])];

/// What is judged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// A stream, and if it is an activity what it rests on; a platform and a breach bring along what of them stands in other streams.
    Stream(StreamId),
    /// A unit: itself, its activities with what they rest on, its systems and accounts.
    Unit(Code),
    /// A platform: itself, its accounts, arrangements and decisions.
    Platform(Code),
    /// Everything.
    Institution,
}

/// Lists the streams that a scope is about, in order. `files`: those about people and incidents too. While something is not loaded,
/// the list is not complete. `inquiry` is about the ledger's own stream.
pub fn subjects(inquiry: &Inquiry<'_>, scope: &Scope, files: bool) -> BTreeSet<StreamId> {
    let mut found = BTreeSet::new();
    match scope {
        Scope::Stream(stream) => of_stream(inquiry, stream, files, &mut found),
        Scope::Unit(unit) => of_unit(inquiry, unit, files, &mut found),
        Scope::Platform(platform) => {
            let mut families = vec!["platform"];
            families.extend(OF_A_PLATFORM);
            families.extend(if files { &["publication"][..] } else { &[] });
            for family in judged().intersection(&families.into_iter().collect()) {
                found.extend(inquiry.streams_with_key(family, "platform", platform.to_string()));
            }
        }
        Scope::Institution => {
            found.insert(inquiry.subject.clone());
            let left_out = |family: &&str| if files { MANY.contains(family) } else { FILES.contains(family) };
            let wanted = judged().into_iter().filter(|family| !left_out(family));
            for family in wanted.filter(|family| *family != Ledger::NAME) {
                found.extend(inquiry.streams_of(family));
            }
        }
    }
    found
}

fn of_stream(inquiry: &Inquiry<'_>, stream: &StreamId, files: bool, found: &mut BTreeSet<StreamId>) {
    found.insert(stream.clone());
    if stream.family() == "activity" {
        let wanted = RESTS_ON.iter().chain(if files { &FILES[..] } else { &[] });
        found.extend(related(inquiry, stream, &wanted.copied().collect()));
    }
    for (_, families) in BRINGS_ALONG.iter().filter(|(family, _)| *family == stream.family()) {
        found.extend(related(inquiry, stream, &families.iter().copied().collect()));
    }
}

fn of_unit(inquiry: &Inquiry<'_>, unit: &Code, files: bool, found: &mut BTreeSet<StreamId>) {
    let own = ["managementUnit", "system", "account"].into_iter().chain(FILES.into_iter().filter(|_| files));
    for family in judged().intersection(&own.collect()) {
        found.extend(inquiry.streams_with_key(family, "unit", unit.to_string()));
    }
    for activity in inquiry.streams_with_key("activity", "unit", unit.to_string()) {
        of_stream(inquiry, &activity, files, found);
    }
}

/// The families that some rule judges.
pub fn judged() -> BTreeSet<&'static str> {
    rules().flat_map(|rule| rule.checks).map(|check| check.family).collect()
}

/// The streams of some families with which a stream hangs together, by the relations that its family declares.
fn related(inquiry: &Inquiry<'_>, stream: &StreamId, families: &BTreeSet<&'static str>) -> BTreeSet<StreamId> {
    let mut found = BTreeSet::new();
    let Ok(declaration) = crate::family::family(stream.family()) else { return found };
    let Some(keys) = inquiry.keys(stream) else { return found };
    let ours = |name: &str| {
        keys.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let judged = judged();
    for relation in declaration.relations.iter().filter(|relation| families.contains(relation.family)) {
        if !judged.contains(relation.family) {
            continue;
        }
        match relation.by {
            By::Theirs(key) => found.extend(inquiry.streams_with_key(relation.family, key, stream.to_string())),
            By::Ours(key) => found.extend(ours(key).iter().filter_map(|value| value.parse::<StreamId>().ok())),
            By::Shared(theirs, key) => {
                for value in ours(key) {
                    found.extend(inquiry.streams_with_key(relation.family, theirs, value));
                }
            }
        }
    }
    found
}
