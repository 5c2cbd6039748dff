//! A fact on its way in: checked for shape and limits, fingerprinted, and sealed. Nothing here depends on any state.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::engine::clock::Sources;
use crate::family::kit::{Declaration, Event, Family, Refused, RejectionCode};
use crate::ledger::canonical;
use crate::ledger::entry::{Actor, Provenance};
use crate::ledger::erasable::{Disclosure, digests, seal, without_nulls};
use crate::ledger::name::{EventName, Reference, Sequence, StreamId};
use crate::time::PartialDate;

/// Facts of one `recordAll`.
pub const SUBMISSION_FACTS_MAX: usize = 100;
/// Bytes of one text that can be erased.
pub const TEXT_BYTES_MAX: usize = 16_384;
/// Items of one list in a fact.
pub const LIST_ITEMS_MAX: usize = 256;
/// Characters of an idempotency key.
pub const IDEMPOTENCY_KEY_CHARACTERS_MAX: usize = 255;

/// A fact as somebody reports it; erasable values are clear, so its `Debug` shows no data.
#[derive(Clone)]
pub struct NewFact {
    /// The stream; absent: a new one.
    pub stream: Option<StreamId>,
    /// The human reference of a new stream.
    pub reference: Option<Reference>,
    /// The revision that the caller believes the stream has; absent: no check.
    pub expected_revision: Option<u64>,
    /// From when it holds.
    pub effective: PartialDate,
    /// The fact of the same stream that it corrects.
    pub replaces: Option<Sequence>,
    /// The id of the entry that led to it.
    pub causation: Option<Uuid>,
    /// An id shared by entries that belong together.
    pub correlation: Option<Uuid>,
    /// What kind of fact.
    pub event: EventName,
    /// The version of its shape.
    pub version: u32,
    /// Its data, clear values marked as clear.
    pub data: Value,
    /// Where it comes from, if it is imported from older records.
    pub imported: Option<Imported>,
}

/// That a fact is imported: known since its import, claimed to have been known earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// When it is claimed to have been known.
    pub asserted: Option<PartialDate>,
}

impl std::fmt::Debug for NewFact {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("NewFact")
            .field("event", &self.event)
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}

impl NewFact {
    /// Makes a fact of a family that starts a stream of its own; the other members are public.
    pub fn of<F: Family>(event: &F::Event, effective: PartialDate) -> Self {
        let (fact, version) = event.kind();
        Self {
            stream: None,
            reference: None,
            expected_revision: None,
            effective,
            replaces: None,
            causation: None,
            correlation: None,
            event: EventName::new(F::NAME, fact),
            version,
            data: event.to_data(),
            imported: None,
        }
    }
}

/// Facts that are recorded together or not at all, under one idempotency key.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Who records them.
    pub actor: Actor,
    /// The caller's key: 1 to 255 visible ASCII characters.
    pub idempotency_key: String,
    /// The facts.
    pub facts: Vec<NewFact>,
}

/// A fact ready to be sequenced: its erasable values are commitments, and what opens them lies beside it.
#[derive(Clone, Debug)]
pub struct SealedFact {
    /// The fact, with sealed data.
    pub fact: NewFact,
    /// Its family.
    pub family: &'static Declaration,
    /// The stream, made for it if it had none.
    pub stream: StreamId,
    /// The id of its entry.
    pub id: Uuid,
    /// Native or imported.
    pub provenance: Provenance,
    /// What opens the commitments.
    pub disclosures: Vec<Disclosure>,
}

/// A submission ready to be sequenced.
#[derive(Clone, Debug)]
pub struct SealedSubmission {
    /// Who records it.
    pub actor: Actor,
    /// The key's owner, as one text.
    pub actor_key: String,
    /// The caller's key.
    pub idempotency_key: String,
    /// HMAC over what was asked, before defaults and generated ids.
    pub fingerprint: Vec<u8>,
    /// The facts.
    pub facts: Vec<SealedFact>,
}

/// A refusal and the fact of the submission that it concerns, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRefused {
    /// Which fact.
    pub fact: usize,
    /// Why.
    pub refused: Refused,
}

/// Checks, fingerprints and seals a submission. A plain hash of personal content would be a dictionary's prey, so the
/// fingerprint is keyed with a secret that is not in the database.
pub fn prepare(
    submission: Submission,
    fingerprint_key: &[u8; 32],
    sources: &Sources,
) -> Result<SealedSubmission, FactRefused> {
    let refuse = |fact, refused| FactRefused { fact, refused };
    check_submission(&submission).map_err(|refused| refuse(0, refused))?;
    let fingerprint = fingerprint(&submission, fingerprint_key).map_err(|refused| refuse(0, refused))?;
    let facts = submission
        .facts
        .into_iter()
        .enumerate()
        .map(|(position, fact)| seal_fact(fact, sources).map_err(|refused| refuse(position, refused)));
    Ok(SealedSubmission {
        actor_key: actor_key(&submission.actor),
        idempotency_key: submission.idempotency_key,
        fingerprint,
        facts: facts.collect::<Result<_, _>>()?,
        actor: submission.actor,
    })
}

/// Names the owner of idempotency keys: the actor's id, or the role of a data subject.
pub fn actor_key(actor: &Actor) -> String {
    actor.id.as_ref().map_or_else(|| actor.role.to_string(), ToString::to_string)
}

fn check_submission(submission: &Submission) -> Result<(), Refused> {
    let key = &submission.idempotency_key;
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible || key.is_empty() || key.len() > IDEMPOTENCY_KEY_CHARACTERS_MAX {
        let message = format!(
            "an idempotency key is 1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX} visible ASCII characters without spaces"
        );
        return Err(Refused::new(RejectionCode::Malformed, "idempotencyKey", message));
    }
    match submission.facts.len() {
        0 => Err(Refused::new(RejectionCode::Malformed, "facts", "record at least one fact")),
        count if count > SUBMISSION_FACTS_MAX => {
            let message = format!("{count} facts at once; at most {SUBMISSION_FACTS_MAX} are possible");
            Err(Refused::new(RejectionCode::LimitExceeded, "facts", message))
        }
        _ => Ok(()),
    }
}

fn fingerprint(submission: &Submission, key: &[u8; 32]) -> Result<Vec<u8>, Refused> {
    let asked = |fact: &NewFact| {
        json!({
            "stream": fact.stream, "reference": fact.reference, "expectedRevision": fact.expected_revision,
            "effective": fact.effective, "replaces": fact.replaces, "causation": fact.causation,
            "correlation": fact.correlation, "event": fact.event, "version": fact.version, "data": fact.data,
            "asserted": fact.imported.map(|imported| imported.asserted),
        })
    };
    let asked = without_nulls(Value::Array(submission.facts.iter().map(asked).collect()));
    let text = canonical::encode(&asked)
        .map_err(|error| Refused::new(RejectionCode::Malformed, "event", error.to_string()))?;
    // A key of one block: HMAC itself fills up shorter keys with zeros (RFC 2104 section 2).
    let mut block = Zeroizing::new([0; 64]);
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(text.as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

/// Checks the shape and the limits of one fact, and seals it.
pub fn seal_fact(mut fact: NewFact, sources: &Sources) -> Result<SealedFact, Refused> {
    let malformed = |field: &str, message: String| Refused::new(RejectionCode::Malformed, field, message);
    let family = crate::family::family(fact.event.family()).map_err(|error| malformed("event", error.to_string()))?;
    if fact.stream.as_ref().is_some_and(|stream| stream.family() != family.name) {
        return Err(malformed("stream", format!("this id is not of the family {}", family.name)));
    }
    // Only sealing makes commitments: else one could graft another person's digest into an own stream and open it there.
    if !digests(&fact.data).is_empty() {
        return Err(malformed("event", "give each value in clear; a commitment cannot be handed in".into()));
    }
    check_limits(&fact.data, fact.event.fact())?;
    let mut drawn = Ok(());
    let mut salt = || {
        sources.random().unwrap_or_else(|error| {
            drawn = Err(error);
            [0; 16]
        })
    };
    let disclosures = seal(&mut fact.data, &mut salt).map_err(|error| malformed("event", error.to_string()))?;
    // Without entropy no commitment hides anything, so the fact is not taken.
    drawn.map_err(|error| malformed("event", error.to_string()))?;
    (family.check)(fact.event.fact(), fact.version, &fact.data)
        .map_err(|error| malformed("event", error.to_string()))?;
    let uuid = || sources.uuid().map_err(|error| malformed("event", error.to_string()));
    let stream = match &fact.stream {
        Some(stream) => stream.clone(),
        None => StreamId::new(family.name, uuid()?),
    };
    let provenance = if fact.imported.is_some() { Provenance::Backfill } else { Provenance::Native };
    Ok(SealedFact { id: uuid()?, family, stream, provenance, disclosures, fact })
}

/// No text is empty or longer than [`TEXT_BYTES_MAX`], no list longer than [`LIST_ITEMS_MAX`], no object without members
/// except where an event has none.
fn check_limits(data: &Value, fact: &str) -> Result<(), Refused> {
    let field = format!("event.{fact}");
    let limit = |message: String| Err(Refused::new(RejectionCode::LimitExceeded, &field, message));
    match data {
        Value::String(text) if text.len() > TEXT_BYTES_MAX => limit(format!(
            "a text has {} bytes; at most {TEXT_BYTES_MAX} are possible: keep the document outside",
            text.len()
        )),
        Value::String(text) if text.trim().is_empty() => {
            Err(Refused::new(RejectionCode::Malformed, &field, "a text is empty; leave the member out instead"))
        }
        Value::String(text) if text.contains('\0') => {
            Err(Refused::new(RejectionCode::Malformed, &field, "a text holds the character U+0000"))
        }
        Value::Array(items) if items.len() > LIST_ITEMS_MAX => {
            limit(format!("a list has {} items; at most {LIST_ITEMS_MAX} are possible", items.len()))
        }
        Value::Array(items) => items.iter().try_for_each(|item| check_limits(item, fact)),
        Value::Object(members) => match members.get("clear") {
            Some(Value::Object(clear)) if clear.values().all(Value::is_null) => {
                Err(Refused::new(RejectionCode::Malformed, &field, "give at least one of the languages"))
            }
            _ => members.values().try_for_each(|member| check_limits(member, fact)),
        },
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::consent::{Consent, ConsentEvent, Withdrawn};
    use crate::ledger::erasable::Erasable;

    fn submission(remark: &str, key: &str) -> Submission {
        let event = ConsentEvent::Withdrawn(Withdrawn {
            items: Vec::new(),
            channel: None,
            remark: Some(Erasable::Clear(remark.to_owned())),
        });
        Submission {
            actor: Actor { id: Some("staff-1".parse().unwrap()), role: "DPO".parse().unwrap(), unit: None },
            idempotency_key: key.to_owned(),
            facts: vec![NewFact::of::<Consent>(&event, "2024".parse().unwrap())],
        }
    }

    fn prepared(submission: Submission) -> Result<SealedSubmission, RejectionCode> {
        let sources = Sources::frozen("2024-01-01T00:00:00.000000Z".parse().unwrap(), 1);
        prepare(submission, &[7; 32], &sources).map_err(|refusal| refusal.refused.code)
    }

    #[test]
    fn limits_hold_on_both_sides() {
        let check = |remark: String, key: String, expected: Option<RejectionCode>| {
            assert_eq!(prepared(submission(&remark, &key)).err(), expected);
        };
        check("x".repeat(TEXT_BYTES_MAX), "k".into(), None);
        check("x".repeat(TEXT_BYTES_MAX + 1), "k".into(), Some(RejectionCode::LimitExceeded));
        check(" ".into(), "k".into(), Some(RejectionCode::Malformed));
        check("a\0b".into(), "k".into(), Some(RejectionCode::Malformed));
        check("x".into(), "k".repeat(IDEMPOTENCY_KEY_CHARACTERS_MAX), None);
        check("x".into(), "k".repeat(IDEMPOTENCY_KEY_CHARACTERS_MAX + 1), Some(RejectionCode::Malformed));
        check("x".into(), String::new(), Some(RejectionCode::Malformed));
        check("x".into(), "a b".into(), Some(RejectionCode::Malformed));
        check("x".into(), "é".into(), Some(RejectionCode::Malformed));
    }

    #[test]
    fn a_submission_holds_at_most_a_hundred_facts_and_a_list_256_items() {
        let many = |facts: usize| {
            let mut submission = submission("x", "k");
            submission.facts = vec![submission.facts[0].clone(); facts];
            prepared(submission).err()
        };
        assert_eq!(many(SUBMISSION_FACTS_MAX), None);
        assert_eq!(many(SUBMISSION_FACTS_MAX + 1), Some(RejectionCode::LimitExceeded));
        assert_eq!(many(0), Some(RejectionCode::Malformed));
        let list = |items: usize| {
            let mut submission = submission("x", "k");
            submission.facts[0].data["items"] = json!(vec!["photo"; items]);
            prepared(submission).err()
        };
        assert_eq!(list(LIST_ITEMS_MAX), None);
        assert_eq!(list(LIST_ITEMS_MAX + 1), Some(RejectionCode::LimitExceeded));
    }

    #[test]
    fn the_fingerprint_tells_contents_apart_and_depends_on_the_secret() {
        let sources = Sources::system();
        let of = |remark: &str, key: [u8; 32]| prepare(submission(remark, "k"), &key, &sources).unwrap().fingerprint;
        assert_eq!(of("a", [1; 32]), of("a", [1; 32]));
        assert_ne!(of("a", [1; 32]), of("b", [1; 32]));
        assert_ne!(of("a", [1; 32]), of("a", [2; 32]));
    }

    #[test]
    fn no_clear_value_is_left_after_sealing() {
        let sealed = prepared(submission("a secret", "k")).unwrap();
        assert!(!sealed.facts[0].fact.data.to_string().contains("secret"));
        assert_eq!(sealed.facts[0].disclosures.len(), 1);
    }
}
