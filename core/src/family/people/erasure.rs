//! Erasures: that values were erased from the vault of this ledger, when, on which ground and upon which request (GDPR
//! Art. 17, 5(1)(e)). What they were is gone: the ledger deletes them in the transaction in which it takes the fact,
//! and no retraction brings them back. Entries, chain and proofs stay as they are.
//!
//! One stream is one act: all values of one stream about a person, or single values that stood where they should not.
//! It names streams, sequences and digests and holds nothing personal itself. Whoever erases several streams of one
//! person records each in a stream of its own, and names the request only where the streams may be seen to belong
//! together.

use std::collections::BTreeSet;

use crate::family::declare;
use crate::family::dossier::{Refusal, controllers_act, distinct, first, link};
use crate::family::kit::{Context, Fact, Family, Recorded, RejectionCode, note_anomaly};
use crate::family::value::Document;
use crate::ledger::erasable::{Digest, digests as commitments};
use crate::ledger::name::{Sequence, StreamId};
use crate::time::PartialDate;

declare! {
    family Erasure many erasures = "wissing";

    /// Why something is erased (Art. 17(1), 5(1)).
    choice ErasureGround {
        NoLongerNecessary = "niet langer nodig" "It is no longer necessary (Art. 17(1)(a)).",
        ConsentWithdrawn = "toestemming ingetrokken" "Consent was withdrawn (Art. 17(1)(b)).",
        Objection = "bezwaar" "The person objected (Art. 17(1)(c)).",
        UnlawfulProcessing = "onrechtmatig verwerkt" "It was processed unlawfully (Art. 17(1)(d)).",
        LegalObligation = "wettelijke verplichting tot wissing" "A legal obligation demands it (Art. 17(1)(e)).",
        ChildOnlineService = "verzameld bij een kind via een onlinedienst"
            "It was collected from a child by an online service (Art. 17(1)(f)).",
        RetentionEnded = "bewaartermijn verstreken" "The retention period is over (Art. 5(1)(e)).",
        Misplaced = "ten onrechte vastgelegd"
            "It stood where it should not, such as a name in a free text (Art. 5(1)(c)).",
        Other "Another ground.",
    }

    /// What is deleted so that a value cannot be opened any more.
    choice ErasedMaterial {
        Values = "waarden" "The values themselves.",
        Salts = "salts" "Their salts.",
        Keys = "sleutels" "The keys under which they were encrypted.",
        IdentityLinks = "koppelingen met de identiteit" "The links from the person to the streams.",
        SearchIndex = "zoekindex" "What the search index holds of them.",
    }

    /// The erasable values of one stream about a person are erased.
    event SubjectDataErased = "gegevens van betrokkene gewist",
        once subject_data_erased -> Erased "The erasure of a stream's values." {
        subject: StreamId = "gewist dossier" key "The stream whose values are erased.",
        request: StreamId? = "verzoek" key
            "The request upon which it was done; leave it out where it would tie streams of one person together.",
        ground: ErasureGround? = "wissingsgrond" "On which ground.",
        values: u32? = "aantal gewiste waarden" "How many values are erased.",
        digests: Vec<String> = "vastleggingen van de gewiste waarden" "Their commitments in the entries, as base64url.",
        material: Vec<ErasedMaterial> = "verwijderd" "What was deleted.",
        backups_expire: PartialDate? = "back-ups verlopen op" "When the last backup that holds them expires.",
        certificate: Document? = "vernietigingsverklaring" "The certificate of the erasure.",
    }

    /// Single values of one fact are erased, such as a name in a free text.
    event PayloadDetached = "waarden losgemaakt en gewist",
        once payload_detached -> Detached "The erasure of single values." {
        sequence: Sequence key "The fact whose values are erased.",
        subject: StreamId? = "dossier" key "The stream of that fact.",
        request: StreamId? = "verzoek" key "The request upon which it was done.",
        ground: ErasureGround? = "wissingsgrond" "On which ground.",
        digests: Vec<String> = "vastleggingen van de gewiste waarden"
            "The commitments of the values in the entry, as base64url; none: all of the fact.",
        material: Vec<ErasedMaterial> = "verwijderd" "What was deleted.",
        backups_expire: PartialDate? = "back-ups verlopen op" "When the last backup that holds them expires.",
        certificate: Document? = "vernietigingsverklaring" "The certificate of the erasure.",
    }

    /// Where an erasure stands.
    choice ErasureStatus {
        #[default] NothingErased = "niets gewist" "Nothing is erased yet.",
        Detached = "waarden losgemaakt" "Single values are erased.",
        Erased = "gewist" "All values of a stream are erased.",
    }

    /// An erasure at one moment.
    state Erasure as "ErasureState" of ErasureStatus key {
        ground: ErasureGround? = "wissingsgrond" key "On which ground.",
        erased_at: PartialDate? = "gewist op" "When it was done.",
        backups_expire: PartialDate? = "back-ups verlopen op" "Until when a backup may still hold the values.",
    }

    relations {
        request: one dataSubjectRequest ours request = "verzoek" "The request upon which it was done.",
        erasedConsent: one consent ours subject = "gewiste toestemming"
            "The consent whose values are erased, if it is one.",
        erasedRequest: one dataSubjectRequest ours subject = "gewist verzoek"
            "The request whose values are erased, if it is one.",
        erasedObjection: one objection ours subject = "gewist bezwaar"
            "The objection whose values are erased, if it is one.",
        erasedCase: one case ours subject = "gewiste melding" "The case whose values are erased, if it is one.",
    }
}

impl Family for Erasure {
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
                well_formed(&event.request, &event.material, &event.digests)?;
                known_there(&event.subject, None, &event.digests, context)
            }
            E::PayloadDetached(event) => {
                first("payload_detached", !self.is_done())?;
                well_formed(&event.request, &event.material, &event.digests)?;
                let Some(subject) = &event.subject else { return Ok(()) };
                known_there(subject, Some(event.sequence), &event.digests, context)
            }
            E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &ErasureEvent, recorded: &Recorded) {
        let (other_done, ground, backups_expire) = match event {
            ErasureEvent::SubjectDataErased(event) => {
                (self.payload_detached.is_some(), event.ground, event.backups_expire)
            }
            ErasureEvent::PayloadDetached(event) => {
                (self.subject_data_erased.is_some(), event.ground, event.backups_expire)
            }
            ErasureEvent::Retracted(_) => return,
        };
        if other_done {
            note_anomaly(&mut self.anomalies, recorded, "this stream held another erasure already");
        }
        let before = self.status;
        self.keep(event, recorded);
        self.status = before.max(self.status);
        self.ground = self.ground.or(ground);
        self.erased_at = self.erased_at.or(Some(recorded.effective));
        self.backups_expire = self.backups_expire.or(backups_expire);
    }
}

impl Erasure {
    fn is_done(&self) -> bool {
        self.subject_data_erased.is_some() || self.payload_detached.is_some()
    }
}

/// Only a stream about a person has a subject whose values go together; from others single values are detached.
fn about_a_person(subject: &StreamId) -> Result<(), Refusal> {
    if crate::family::family(subject.family()).is_ok_and(|family| family.about_a_person) {
        return Ok(());
    }
    let message = format!("{subject} is no stream about a person; record `payloadDetached` for single values of it");
    Err(Refusal::new(RejectionCode::Malformed, "subject", message))
}

/// What is named must be in the stream, or the values that were meant would stay where they are. Of a stream that this
/// ledger does not hold, as where older records tell of an erasure elsewhere, there is nothing to check against.
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

fn well_formed(request: &Option<StreamId>, material: &[ErasedMaterial], digests: &[String]) -> Result<(), Refusal> {
    link("request", "dataSubjectRequest", request)?;
    distinct("material", material)?;
    if let Some(digest) = digests.iter().find(|digest| digest.parse::<Digest>().is_err()) {
        let message = format!("{digest} is no commitment; one is 43 characters of base64url");
        return Err(Refusal::new(RejectionCode::Malformed, "digests", message));
    }
    distinct("digests", digests)
}

#[cfg(test)]
mod tests;
