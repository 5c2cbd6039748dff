//! Access to evidence: who opened which sealed personal evidence, when, in which role and why (GDPR Art. 5(1)(f), 15,
//! 32).
//!
//! A stream is one opening, or all openings for one case. Who stands behind an actor's id is known to the institution
//! alone: the person may learn times and purposes, the names of staff only where needed (CJEU C-579/21).

use crate::family::declare;
use crate::family::dossier::{Refusal, malformed};
use crate::family::kit::{Context, Family, Recorded};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};

declare! {
    family EvidenceAccess many evidenceAccesses = "inzage in bewijs";

    /// Why evidence about a person is opened.
    choice Purpose as "EvidenceAccessPurpose" {
        RequestHandling = "behandeling van een verzoek" "To handle a request of a data subject (Art. 15–22).",
        ComplaintHandling = "behandeling van een bezwaar of klacht" "To handle an objection, question or complaint.",
        BreachHandling = "behandeling van een datalek" "To handle a personal data breach (Art. 33, 34).",
        ConsentVerification = "controle van toestemming" "To check consent, or by whom it was given (Art. 7(1), 8(2)).",
        Monitoring = "toezicht door de FG" "To monitor compliance (Art. 39(1)(b)).",
        Audit = "audit" "To audit.",
        AuthorityInquiry = "vraag van de toezichthouder" "To answer the supervisory authority (Art. 31, 58).",
        LegalClaim = "rechtsvordering" "To establish, exercise or defend a legal claim (Art. 17(3)(e)).",
        Maintenance = "beheer van het systeem" "To keep the system running.",
        Other "Something else.",
    }

    /// What was done with the evidence.
    choice Extent as "EvidenceAccessExtent" {
        Read = "ingezien" "It was read.",
        Exported = "geëxporteerd" "It was exported, or a copy was made.",
        HandedToSubject = "verstrekt aan de betrokkene" "It was handed to the person whom it concerns.",
        Disclosed = "verstrekt aan derden" "It was disclosed to others.",
    }

    /// Sealed evidence about a person is opened.
    event Accessed as "EvidenceAccessed" = "bewijs ingezien", every accesses -> Opened "The openings, oldest first." {
        role: Code key "The role in which it was opened, as `DPO`.",
        unit: Code? key "The unit for which it was opened.",
        on_behalf_of: Code? = "namens" "On whose behalf it was opened, by role.",
        purpose: Purpose? = "doel" key "Why.",
        explanation: Erasable<String>? = "toelichting" "Why, in words.",
        subject: StreamId? = "ingezien dossier" key "The stream whose evidence was opened.",
        event: Sequence? = "ingezien feit" key
            "The sequence of the fact whose evidence was opened; absent: of all facts of the stream.",
        extent: Extent? = "handeling" "What was done with it.",
        case: StreamId? = "zaak" key "The request, case, breach, audit or inquiry for which it was opened.",
    }

    /// Whether evidence was opened.
    choice EvidenceAccessStatus {
        #[default] Sealed = "verzegeld" "It was not.",
        Opened = "ingezien" "It was.",
    }

    /// The openings of evidence that one stream holds, at one moment.
    state EvidenceAccess as "EvidenceAccessState" of EvidenceAccessStatus key {}

    relations {
        consents: many consent ours subject = "toestemmingen" "The consents of which evidence was opened.",
        dataSubjectRequests: many dataSubjectRequest ours subject = "verzoeken van betrokkenen"
            "The requests of which evidence was opened.",
        objections: many objection ours subject = "bezwaren" "The objections of which evidence was opened.",
        cases: many case ours subject = "zaken" "The cases of which evidence was opened.",
        breaches: many breach ours subject = "datalekken" "The breaches of which evidence was opened.",
        auditEngagements: many auditEngagement ours case = "audits" "The audits for which evidence was opened.",
        authorityContacts: many authorityContact ours case = "contacten met de toezichthouder"
            "The inquiries of the authority for which evidence was opened.",
    }
}

impl Family for EvidenceAccess {
    fn admit(&self, event: &EvidenceAccessEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        self.admit_order(event)?;
        match event {
            EvidenceAccessEvent::Accessed(Accessed { subject: None, event: None, .. }) => {
                malformed("subject", "give the stream that was opened in `subject`, or the fact's sequence in `event`")
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &EvidenceAccessEvent, recorded: &Recorded) {
        self.keep(event, recorded);
    }
}

#[cfg(test)]
mod tests;
