//! Erasures: that values were erased from the vault of this ledger, when, on which ground and upon which request (GDPR Art. 17,
//! 5(1)(e)). What they were is gone: the ledger deletes them in the transaction in which it takes the fact, and no retraction
//! brings them back. Entries, chain and proofs stay as they are.
//!
//! One stream is one act: all values of one stream about a person, or single values that stood where they should not. It names
//! streams, sequences and digests and holds nothing personal itself. Whoever erases several streams of one person records each
//! in a stream of its own, and names the request only where the streams may be seen to belong together.

use std::collections::BTreeSet;

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, controllers_act, distinct, first, link};
use super::kit::{By, Context, Fact, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::Document;
use crate::ledger::erasable::{Digest, Erasable, digests as commitments};
use crate::ledger::name::{Sequence, StreamId};
use crate::time::PartialDate;

choice! {
    /// Why something is erased (Art. 17(1), 5(1)).
    ErasureGround "ErasureGround" {
        /// It is no longer necessary (Art. 17(1)(a)).
        NoLongerNecessary = "niet langer nodig",
        /// Consent was withdrawn (Art. 17(1)(b)).
        ConsentWithdrawn = "toestemming ingetrokken",
        /// The person objected (Art. 17(1)(c)).
        Objection = "bezwaar",
        /// It was processed unlawfully (Art. 17(1)(d)).
        UnlawfulProcessing = "onrechtmatig verwerkt",
        /// A legal obligation demands it (Art. 17(1)(e)).
        LegalObligation = "wettelijke verplichting tot wissing",
        /// It was collected from a child by an online service (Art. 17(1)(f)).
        ChildOnlineService = "verzameld bij een kind via een onlinedienst",
        /// The retention period is over (Art. 5(1)(e)).
        RetentionEnded = "bewaartermijn verstreken",
        /// It stood where it should not, such as a name in a free text (Art. 5(1)(c)).
        Misplaced = "ten onrechte vastgelegd",
        /// Another ground.
        Other,
    }
}

choice! {
    /// What is deleted so that a value cannot be opened any more.
    ErasedMaterial "ErasedMaterial" {
        /// The values themselves.
        Values = "waarden",
        /// Their salts.
        Salts = "salts",
        /// The keys under which they were encrypted.
        Keys = "sleutels",
        /// The links from the person to the streams.
        IdentityLinks = "koppelingen met de identiteit",
        /// What the search index holds of them.
        SearchIndex = "zoekindex",
    }
}

record! {
    /// The erasable values of one stream about a person are erased.
    SubjectDataErased "SubjectDataErased" "SubjectDataErasedInput" {
        /// The stream whose values are erased.
        subject: StreamId = "gewist dossier",
        /// The request upon which it was done; leave it out where it would tie streams of one person together.
        request: Option<StreamId> = "verzoek",
        /// On which ground.
        ground: Option<ErasureGround> = "wissingsgrond",
        /// How many values are erased.
        values: Option<u32> = "aantal gewiste waarden",
        /// Their commitments in the entries, as base64url.
        digests: Vec<String> = "vastleggingen van de gewiste waarden",
        /// What was deleted.
        material: Vec<ErasedMaterial> = "verwijderd",
        /// When the last backup that holds them expires.
        backups_expire: Option<PartialDate> = "back-ups verlopen op",
        /// The certificate of the erasure.
        certificate: Option<Document> = "vernietigingsverklaring",
        /// Anything else worth knowing; nothing about the person.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Single values of one fact are erased, such as a name in a free text.
    PayloadDetached "PayloadDetached" "PayloadDetachedInput" {
        /// The fact whose values are erased.
        sequence: Sequence,
        /// The stream of that fact.
        subject: Option<StreamId> = "dossier",
        /// The request upon which it was done.
        request: Option<StreamId> = "verzoek",
        /// On which ground.
        ground: Option<ErasureGround> = "wissingsgrond",
        /// The commitments of the values in the entry, as base64url; none: all of the fact.
        digests: Vec<String> = "vastleggingen van de gewiste waarden",
        /// What was deleted.
        material: Vec<ErasedMaterial> = "verwijderd",
        /// When the last backup that holds them expires.
        backups_expire: Option<PartialDate> = "back-ups verlopen op",
        /// The certificate of the erasure.
        certificate: Option<Document> = "vernietigingsverklaring",
        /// Anything else worth knowing; nothing about a person.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens in an erasure.
    ErasureEvent "ErasureEvent" "ErasureEventInput",
    retracted "ErasureRetracted" "ErasureRetractedInput"
    {
        /// The values of a stream about a person are erased.
        SubjectDataErased "subjectDataErased" 1 "SubjectDataErased" = "gegevens van betrokkene gewist",
        /// Single values of a fact are erased.
        PayloadDetached "payloadDetached" 1 "PayloadDetached" = "waarden losgemaakt en gewist",
    }
}

choice! {
    /// Where an erasure stands.
    #[derive(Default)]
    ErasureStatus "ErasureStatus" {
        /// Nothing is erased yet.
        #[default]
        NothingErased = "niets gewist",
        /// Single values are erased.
        Detached = "waarden losgemaakt",
        /// All values of a stream are erased.
        Erased = "gewist",
    }
}

dossier! {
    /// An erasure at one moment.
    Erasure "ErasureState" follows ErasureEvent, status ErasureStatus {
        /// The erasure of a stream's values.
        subject_data_erased: once SubjectDataErased -> Erased,
        /// The erasure of single values.
        payload_detached: once PayloadDetached -> Detached,
    } and {
        /// On which ground.
        ground: Option<ErasureGround> = "wissingsgrond",
        /// When it was done.
        erased_at: Option<PartialDate> = "gewist op",
        /// Until when a backup may still hold the values.
        backups_expire: Option<PartialDate> = "back-ups verlopen op",
    }
}

filter! {
    "ErasureFilter" {
        /// Erasures in a stream.
        subject "subject": StreamId,
        /// Erasures upon a request.
        request "request": StreamId,
        /// Erasures on a ground.
        ground "ground": ErasureGround,
        /// Erasures that stand so.
        status "status": ErasureStatus,
    }
}

impl Family for Erasure {
    const NAME: &'static str = "erasure";
    const LABEL_NL: &'static str = "wissing";
    const GRAPHQL_NAME: &'static str = "Erasure";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "request",
            "verzoek",
            "dataSubjectRequest",
            By::Ours("request"),
            "The request upon which it was done.",
        ),
        Relation::one(
            "erasedConsent",
            "gewiste toestemming",
            "consent",
            By::Ours("subject"),
            "The consent whose values are erased, if it is one.",
        ),
        Relation::one(
            "erasedRequest",
            "gewist verzoek",
            "dataSubjectRequest",
            By::Ours("subject"),
            "The request whose values are erased, if it is one.",
        ),
        Relation::one(
            "erasedObjection",
            "gewist bezwaar",
            "objection",
            By::Ours("subject"),
            "The objection whose values are erased, if it is one.",
        ),
        Relation::one(
            "erasedCase",
            "gewiste melding",
            "case",
            By::Ours("subject"),
            "The case whose values are erased, if it is one.",
        ),
    ];
    type Event = ErasureEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn refers(event: &ErasureEvent) -> Vec<StreamId> {
        match event {
            ErasureEvent::SubjectDataErased(event) => vec![event.subject.clone()],
            ErasureEvent::PayloadDetached(event) => event.subject.iter().cloned().collect(),
            ErasureEvent::Retracted(_) => Vec::new(),
        }
    }

    fn admit(&self, event: &ErasureEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use ErasureEvent as E;
        controllers_act(context.place)?;
        match event {
            E::SubjectDataErased(event) => {
                first("subject_data_erased", !self.is_done())?;
                about_a_person(&event.subject)?;
                link("request", "dataSubjectRequest", &event.request)?;
                distinct("material", &event.material)?;
                well_spelled(&event.digests)?;
                known_there(&event.subject, None, &event.digests, context)
            }
            E::PayloadDetached(event) => {
                first("payload_detached", !self.is_done())?;
                link("request", "dataSubjectRequest", &event.request)?;
                distinct("material", &event.material)?;
                well_spelled(&event.digests)?;
                let Some(subject) = &event.subject else { return Ok(()) };
                known_there(subject, Some(event.sequence), &event.digests, context)
            }
            E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &ErasureEvent, recorded: &Recorded) {
        let before = self.status;
        let other_done = match event {
            ErasureEvent::SubjectDataErased(_) => self.payload_detached.is_some(),
            ErasureEvent::PayloadDetached(_) => self.subject_data_erased.is_some(),
            ErasureEvent::Retracted(_) => false,
        };
        if other_done {
            note_anomaly(&mut self.anomalies, recorded, "this stream held another erasure already");
        }
        self.keep(event, recorded);
        self.status = before.max(self.status);
        let (ground, backups_expire) = match event {
            ErasureEvent::SubjectDataErased(event) => (event.ground, event.backups_expire),
            ErasureEvent::PayloadDetached(event) => (event.ground, event.backups_expire),
            ErasureEvent::Retracted(_) => return,
        };
        self.ground = self.ground.or(ground);
        self.erased_at = self.erased_at.or(Some(recorded.effective));
        self.backups_expire = self.backups_expire.or(backups_expire);
    }

    fn keys(&self) -> Keys {
        let erased = self.subject_data_erased.iter().map(|kept| &kept.fact);
        let detached = self.payload_detached.iter().map(|kept| &kept.fact);
        let subjects = erased.clone().map(|fact| &fact.subject);
        let subjects = subjects.chain(detached.clone().filter_map(|fact| fact.subject.as_ref()));
        let requests = erased.filter_map(|fact| fact.request.as_ref());
        let requests = requests.chain(detached.clone().filter_map(|fact| fact.request.as_ref()));
        let subjects = subjects.map(|subject| ("subject", subject.to_string()));
        let requests = requests.map(|request| ("request", request.to_string()));
        let sequence = detached.map(|fact| ("sequence", fact.sequence.0.to_string()));
        let ground = self.ground.iter().map(|ground| ("ground", key_text(ground)));
        subjects.chain(requests).chain(sequence).chain(ground).chain([("status", key_text(&self.status))]).collect()
    }
}

impl Erasure {
    fn is_done(&self) -> bool {
        self.subject_data_erased.is_some() || self.payload_detached.is_some()
    }
}

/// Only a stream about a person has a subject whose values go together; from others single values are detached.
fn about_a_person(subject: &StreamId) -> Result<(), Refusal> {
    if super::family(subject.family()).is_ok_and(|family| family.about_a_person) {
        return Ok(());
    }
    let message = format!("{subject} is no stream about a person; record `payloadDetached` for single values of it");
    Err(Refusal::new(RejectionCode::Malformed, "subject", message))
}

/// What is named must be in the stream, or the values that were meant would stay where they are. Of a stream that this ledger does
/// not hold, as where older records tell of an erasure elsewhere, there is nothing to be held to.
fn known_there(
    subject: &StreamId,
    sequence: Option<Sequence>,
    digests: &[String],
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let facts = context.streams.get(subject).map_or(&[] as &[Fact], Vec::as_slice);
    if facts.is_empty() {
        return Ok(());
    }
    let named = facts.iter().filter(|fact| sequence.is_none_or(|sequence| fact.recorded.sequence == sequence));
    let named: Vec<&Fact> = named.collect();
    if named.is_empty() {
        let message = format!("{subject} has no such fact; give the sequence of one of its facts");
        return Err(Refusal::new(RejectionCode::Unknown, "sequence", message));
    }
    let held: BTreeSet<Digest> = named.iter().flat_map(|fact| commitments(&fact.data)).collect();
    match digests.iter().find(|digest| digest.parse::<Digest>().is_ok_and(|digest| !held.contains(&digest))) {
        Some(digest) => {
            let message = format!("{digest} is no commitment of what is to be erased; read it from the fact");
            Err(Refusal::new(RejectionCode::Unknown, "digests", message))
        }
        None => Ok(()),
    }
}

fn well_spelled(digests: &[String]) -> Result<(), Refusal> {
    if let Some(digest) = digests.iter().find(|digest| digest.parse::<Digest>().is_err()) {
        let message = format!("{digest} is no commitment; one is 43 characters of base64url");
        return Err(Refusal::new(RejectionCode::Malformed, "digests", message));
    }
    distinct("digests", digests)
}

#[cfg(test)]
mod tests;
