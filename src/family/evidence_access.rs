//! Access to evidence: who opened which sealed personal evidence, when, in which role and why (GDPR Art. 5(1)(f), 15,
//! 32).
//!
//! A stream is one opening, or all openings for one case. Who stands behind an actor's id is known to the institution
//! alone: the person may learn times and purposes, the names of staff only where needed (CJEU C-579/21).

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::Refusal;
use super::finding::keyed;
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};

choice! {
    /// Why evidence about a person is opened.
    Purpose "EvidenceAccessPurpose" {
        /// To handle a request of a data subject (Art. 15–22).
        RequestHandling = "behandeling van een verzoek",
        /// To handle an objection, a question or a complaint.
        ComplaintHandling = "behandeling van een bezwaar of klacht",
        /// To handle a personal data breach (Art. 33, 34).
        BreachHandling = "behandeling van een datalek",
        /// To check that consent was given, or by whom (Art. 7(1), 8(2)).
        ConsentVerification = "controle van toestemming",
        /// To monitor compliance (Art. 39(1)(b)).
        Monitoring = "toezicht door de FG",
        /// To audit.
        Audit = "audit",
        /// To answer the supervisory authority (Art. 31, 58).
        AuthorityInquiry = "vraag van de toezichthouder",
        /// To establish, exercise or defend a legal claim (Art. 17(3)(e)).
        LegalClaim = "rechtsvordering",
        /// To keep the system running.
        Maintenance = "beheer van het systeem",
        /// Something else.
        Other,
    }
}

choice! {
    /// What was done with the evidence.
    Extent "EvidenceAccessExtent" {
        /// It was read.
        Read = "ingezien",
        /// It was exported, or a copy was made.
        Exported = "geëxporteerd",
        /// It was handed to the person whom it concerns.
        HandedToSubject = "verstrekt aan de betrokkene",
        /// It was disclosed to others.
        Disclosed = "verstrekt aan derden",
    }
}

record! {
    /// Sealed evidence about a person is opened.
    Accessed "EvidenceAccessed" "EvidenceAccessedInput" {
        /// The role in which it was opened, as `DPO`.
        role: Code = "rol",
        /// The unit for which it was opened.
        unit: Option<Code>,
        /// On whose behalf it was opened, by role.
        on_behalf_of: Option<Code> = "namens",
        /// Why.
        purpose: Option<Purpose> = "doel",
        /// Why, in words.
        explanation: Option<Erasable<String>> = "toelichting",
        /// The stream whose evidence was opened.
        subject: Option<StreamId> = "ingezien dossier",
        /// The sequence of the fact whose evidence was opened; absent: of all facts of the stream.
        event: Option<Sequence> = "ingezien feit",
        /// What was done with it.
        extent: Option<Extent> = "handeling",
        /// The request, case, breach, audit or inquiry for which it was opened.
        case: Option<StreamId> = "zaak",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to sealed evidence.
    EvidenceAccessEvent "EvidenceAccessEvent" "EvidenceAccessEventInput",
    retracted "EvidenceAccessRetracted" "EvidenceAccessRetractedInput"
    {
        /// It is opened.
        Accessed "accessed" 1 "EvidenceAccessed" = "bewijs ingezien",
    }
}

choice! {
    /// Whether evidence was opened.
    #[derive(Default)]
    EvidenceAccessStatus "EvidenceAccessStatus" {
        /// It was not.
        #[default]
        Sealed = "verzegeld",
        /// It was.
        Opened = "ingezien",
    }
}

dossier! {
    /// The openings of evidence that one stream holds, at one moment.
    EvidenceAccess "EvidenceAccessState" follows EvidenceAccessEvent, status EvidenceAccessStatus {
        /// The openings, oldest first.
        accesses: every Accessed -> Opened,
    } and {}
}

filter! {
    "EvidenceAccessFilter" {
        /// Openings of evidence of a stream.
        subject "subject": StreamId,
        /// Openings of the evidence of one fact.
        event "event": Sequence,
        /// Openings for a request, case, breach, audit or inquiry.
        case "case": StreamId,
        /// Openings in a role.
        role "role": Code,
        /// Openings for a unit.
        unit "unit": Code,
        /// Openings for a purpose.
        purpose "purpose": Purpose,
        /// Whether anything was opened.
        status "status": EvidenceAccessStatus,
    }
}

impl Family for EvidenceAccess {
    const NAME: &'static str = "evidenceAccess";
    const LABEL_NL: &'static str = "inzage in bewijs";
    const GRAPHQL_NAME: &'static str = "EvidenceAccess";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "consents",
            "toestemmingen",
            "consent",
            By::Ours("subject"),
            "The consents of which evidence was opened.",
        ),
        Relation::many(
            "dataSubjectRequests",
            "verzoeken van betrokkenen",
            "dataSubjectRequest",
            By::Ours("subject"),
            "The requests of which evidence was opened.",
        ),
        Relation::many(
            "objections",
            "bezwaren",
            "objection",
            By::Ours("subject"),
            "The objections of which evidence was opened.",
        ),
        Relation::many("cases", "zaken", "case", By::Ours("subject"), "The cases of which evidence was opened."),
        Relation::many(
            "breaches",
            "datalekken",
            "breach",
            By::Ours("subject"),
            "The breaches of which evidence was opened.",
        ),
        Relation::many(
            "auditEngagements",
            "audits",
            "auditEngagement",
            By::Ours("case"),
            "The audits for which evidence was opened.",
        ),
        Relation::many(
            "authorityContacts",
            "contacten met de toezichthouder",
            "authorityContact",
            By::Ours("case"),
            "The inquiries of the authority for which evidence was opened.",
        ),
    ];
    type Event = EvidenceAccessEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &EvidenceAccessEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        self.admit_order(event)?;
        match event {
            EvidenceAccessEvent::Accessed(Accessed { subject: None, event: None, .. }) => {
                let message =
                    "say what was opened: give the stream in `subject`, or the sequence of the fact in `event`";
                Err(Refusal::new(RejectionCode::Malformed, "subject", message))
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &EvidenceAccessEvent, recorded: &Recorded) {
        self.keep(event, recorded);
    }

    fn keys(&self) -> Keys {
        let accesses = self.accesses.iter().map(|access| &access.fact);
        [
            keyed("subject", accesses.clone().filter_map(|access| access.subject.as_ref())),
            keyed("event", accesses.clone().filter_map(|access| access.event.as_ref())),
            keyed("case", accesses.clone().filter_map(|access| access.case.as_ref())),
            keyed("role", accesses.clone().map(|access| &access.role)),
            keyed("unit", accesses.clone().filter_map(|access| access.unit.as_ref())),
            keyed("purpose", accesses.filter_map(|access| access.purpose.as_ref())),
            keyed("status", [&self.status]),
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests;
