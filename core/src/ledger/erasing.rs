//! Erasures among the entries: which values a fact of the family `erasure` says are erased (GDPR Art. 17, 5(1)(e)).
//!
//! ```text
//! erasure.subjectDataErased  {"subject":"consent/0190b6a2-…","digests":[],…}   what that stream held before: all of it
//! erasure.payloadDetached    {"sequence":7,"digests":["uutlBuYe…"],…}          of what entry 7 holds: these values
//! ```
//!
//! They are read by their members, as the facts about keys are: whoever verifies a ledger knows no families.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;
use super::erasable::Digest;
use super::name::StreamId;

/// The family of these facts.
pub const FAMILY: &str = "erasure";
const SUBJECT_DATA_ERASED: &str = "subjectDataErased";
const PAYLOAD_DETACHED: &str = "payloadDetached";

/// What one fact erases: of what was recorded before it, the values that all of its members name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasing {
    /// The entry of the fact.
    pub by: u64,
    /// Values of this stream; `None`: of any.
    pub stream: Option<StreamId>,
    /// Values of this entry; `None`: of any.
    pub entry: Option<u64>,
    /// These values; `None`: all.
    pub digests: Option<BTreeSet<Digest>>,
}

impl Erasing {
    /// Reads what an entry erases; `None` if it erases nothing.
    pub fn of(entry: &Entry) -> Option<Self> {
        if entry.event.family() != FAMILY {
            return None;
        }
        let data = &entry.data;
        let subject = data.get("subject").and_then(|subject| subject.as_str());
        let stream = subject.map(str::parse).transpose().ok()?;
        let (stream, of_entry) = match entry.event.fact() {
            SUBJECT_DATA_ERASED => (Some(stream?), None),
            PAYLOAD_DETACHED => (stream, Some(data.get("sequence")?.as_u64()?)),
            _ => return None,
        };
        let named = data.get("digests").and_then(|digests| digests.as_array()).filter(|digests| !digests.is_empty());
        // A digest that cannot be read names nothing; it does not turn the few that were meant into all.
        let read = |digests: &Vec<serde_json::Value>| {
            digests.iter().filter_map(|digest| digest.as_str()?.parse().ok()).collect::<BTreeSet<Digest>>()
        };
        Some(Self { by: entry.sequence, stream, entry: of_entry, digests: named.map(read) })
    }

    /// Tells whether a value is among those that it erases.
    pub fn covers(&self, digest: &Digest, sequence: u64, stream: &StreamId) -> bool {
        sequence < self.by
            && self.stream.as_ref().is_none_or(|erased| erased == stream)
            && self.entry.is_none_or(|erased| erased == sequence)
            && self.digests.as_ref().is_none_or(|erased| erased.contains(digest))
    }
}

/// The erasures of some entries.
#[derive(Clone, Debug, Default)]
pub struct Erasings {
    found: BTreeMap<u64, Erasing>,
    replaced: BTreeSet<u64>,
}

impl Erasings {
    /// Notes what an entry erases or, as a correction or a retraction, takes back.
    pub fn take(&mut self, entry: &Entry) {
        if entry.stream.family() == FAMILY {
            self.found.extend(Erasing::of(entry).map(|erasing| (erasing.by, erasing)));
            self.replaced.extend(entry.replaces);
        }
    }

    /// Returns what an entry erased, also if that was taken back later: nothing brings a value back.
    pub fn by(&self, sequence: u64) -> Option<&Erasing> {
        self.found.get(&sequence)
    }

    /// Returns those that none of the entries takes back: what they name is due to be erased.
    pub fn standing(&self) -> Vec<Erasing> {
        let standing = self.found.values().filter(|erasing| !self.replaced.contains(&erasing.by));
        standing.cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::ledger::entry::tests::example;

    const STREAM: &str = "consent/0190b6a2-7c1e-7000-8000-000000000001";
    const OTHER: &str = "consent/0190b6a2-7c1e-7000-8000-000000000002";
    const DIGEST: &str = "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY";
    const OTHER_DIGEST: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn entry(sequence: u64, event: &str, data: Value, replaces: Option<u64>) -> Entry {
        let event: crate::ledger::name::EventName = event.parse().unwrap();
        let stream = format!("{}/0190b6a2-7c1e-7000-8000-000000000009", event.family()).parse().unwrap();
        Entry { data, event, replaces, sequence, stream, ..example() }
    }

    #[test]
    fn an_erasure_covers_what_it_names_and_was_recorded_before() {
        let check = |event: &str, data: Value, digest: &str, sequence: u64, stream: &str, expected: bool| {
            let erasing = Erasing::of(&entry(9, event, data.clone(), None)).unwrap();
            let covers = erasing.covers(&digest.parse().unwrap(), sequence, &stream.parse().unwrap());
            assert_eq!(covers, expected, "{data} {digest} {sequence} {stream}");
        };
        let whole = || json!({ "subject": STREAM, "digests": [] });
        let check_whole = |data, digest, sequence, stream, expected| {
            check("erasure.subjectDataErased", data, digest, sequence, stream, expected);
        };
        check_whole(whole(), DIGEST, 8, STREAM, true);
        check_whole(whole(), DIGEST, 9, STREAM, false);
        check_whole(whole(), DIGEST, 8, OTHER, false);
        let some = || json!({ "subject": STREAM, "digests": [DIGEST] });
        check_whole(some(), DIGEST, 3, STREAM, true);
        check_whole(some(), OTHER_DIGEST, 3, STREAM, false);
        check_whole(json!({ "subject": STREAM, "digests": ["damaged"] }), DIGEST, 3, STREAM, false);
        let check_one = |data, digest, sequence, stream, expected| {
            check("erasure.payloadDetached", data, digest, sequence, stream, expected);
        };
        check_one(json!({ "sequence": 3 }), DIGEST, 3, OTHER, true);
        check_one(json!({ "sequence": 3 }), DIGEST, 4, STREAM, false);
        check_one(json!({ "sequence": 9 }), DIGEST, 9, STREAM, false);
        check_one(json!({ "sequence": 3, "subject": STREAM }), DIGEST, 3, OTHER, false);
        check_one(json!({ "sequence": 3, "digests": [DIGEST] }), OTHER_DIGEST, 3, STREAM, false);
    }

    #[test]
    fn other_facts_erase_nothing() {
        for (event, data) in [
            ("erasure.retracted", json!({})),
            ("erasure.subjectDataErased", json!({})),
            ("erasure.subjectDataErased", json!({ "subject": "nobody" })),
            ("erasure.payloadDetached", json!({ "subject": STREAM })),
            ("erasure.payloadDetached", json!({ "sequence": 3, "subject": "nobody" })),
            ("consent.subjectDataErased", json!({ "subject": STREAM })),
        ] {
            assert_eq!(Erasing::of(&entry(9, event, data.clone(), None)), None, "{event} {data}");
        }
    }

    #[test]
    fn what_is_taken_back_is_due_no_more_and_still_explains_what_is_gone() {
        let mut erasings = Erasings::default();
        let whole = || json!({ "subject": STREAM });
        erasings.take(&entry(3, "erasure.subjectDataErased", whole(), None));
        erasings.take(&entry(4, "erasure.subjectDataErased", whole(), Some(3)));
        erasings.take(&entry(5, "consent.withdrawn", json!({}), Some(4)));
        erasings.take(&entry(6, "erasure.payloadDetached", json!({ "sequence": 1 }), None));
        erasings.take(&entry(7, "erasure.retracted", json!({}), Some(6)));
        assert_eq!(erasings.standing().iter().map(|erasing| erasing.by).collect::<Vec<_>>(), [4]);
        assert!([3, 4, 6].into_iter().all(|sequence| erasings.by(sequence).is_some()));
        assert!(erasings.by(7).is_none());
    }
}
