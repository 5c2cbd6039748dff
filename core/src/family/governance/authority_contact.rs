//! Contacts with the supervisory authority: its requests, the answers, and its corrective measures (GDPR Art. 31,
//! 39(1)(d)–(e), 58; UAVG Art. 15–18; Awb Title 5.2).
//!
//! One stream is one request or matter. Whether it came to the data protection officer in time, and whether the answer
//! was within the term, are verdicts. A closed matter may come back: a measure may follow years later.

use crate::family::audit_engagement::EvidenceDossier;
use crate::family::declare;
use crate::family::dossier::{Dated, Newer, Refusal, distinct, ended, link, links};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, push_keys};
use crate::family::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term};

declare! {
    family AuthorityContact many authorityContacts = "contact met de toezichthouder";

    /// On which power a request of the authority rests.
    choice Ground as "AuthorityRequestGround" {
        InformationOrder = "bevel tot verstrekken van informatie" "An order to provide information (Art. 58(1)(a)).",
        Investigation = "onderzoek" "An investigation in the form of a data protection audit (Art. 58(1)(b)).",
        CertificationReview = "toetsing van certificering" "A review of certifications (Art. 58(1)(c)).",
        InfringementNotice = "kennisgeving van een vermoede inbreuk op de AVG"
            "Notice of an alleged infringement (Art. 58(1)(d)).",
        DataAccess = "toegang tot persoonsgegevens" "Access to personal data and information (Art. 58(1)(e)).",
        PremisesAccess = "toegang tot gebouwen en apparatuur"
            "Access to premises and equipment (Art. 58(1)(f); Awb 5:15).",
        AwbInformation = "vordering van inlichtingen (Awb 5:16)" "A demand for information (Awb 5:16).",
        AwbDocuments = "vordering van inzage in gegevens en bescheiden (Awb 5:17)"
            "A demand to see business data and documents (Awb 5:17).",
        Informal = "informeel verzoek" "No power: it is asked informally.",
        Other "Another ground.",
    }

    /// The authority asks for something (Art. 31, 58(1)).
    event RequestReceived as "AuthorityRequestReceived" = "verzoek van de toezichthouder ontvangen",
        once requested -> Open "The request." {
        authority: Code? = "toezichthouder" "The authority, as `AP`.",
        their_reference: Erasable<String>? = "kenmerk van de toezichthouder" "The reference of the authority.",
        request: Erasable<String>? = "gevraagd" "What it asks.",
        grounds: Vec<Ground> = "bevoegdheden" "The powers on which it rests.",
        term: Term? "The term in which to answer, as worded.",
        due: PartialDate? = "uiterlijk" "The day by which to answer, if it is named.",
        language: Code? "The language in which to answer, as `nl`.",
        activities: Vec<StreamId> "The activities it is about.",
        platforms: Vec<Code> = "platforms" "The platforms it is about.",
        units: Vec<Code> = "beheerseenheden" "The units it is about.",
        subjects: Vec<StreamId> = "andere dossiers" "Other streams it is about, as a breach or a complaint.",
        document: Document? "The request as a document.",
    }

    /// The matter is assigned to a role (Art. 39(1)(d), (e): the data protection officer).
    event RequestAssigned as "AuthorityRequestAssigned" = "verzoek van de toezichthouder toegewezen",
        every assignments needs requested or contacts or measures "To whom it was assigned, oldest first." {
        role: Code "The role, as `DPO`.",
        units: Vec<Code> = "beheerseenheden" "The units that help.",
    }

    /// The authority gives more time.
    event TermExtended as "AuthorityTermExtended" = "termijn verlengd",
        every extensions needs requested or measures "Extensions of the term, oldest first." {
        term: Term? "By how much, as worded.",
        due: PartialDate? = "uiterlijk" "The day by which to answer now.",
        reason: Erasable<String>? "Why.",
        document: Document? "The letter as a document.",
    }

    /// The request is answered (Art. 5(2), 31).
    event RequestAnswered as "AuthorityRequestAnswered" = "verzoek van de toezichthouder beantwoord",
        every answers needs requested or contacts or measures -> Answered "Answers, oldest first." {
        dossier: EvidenceDossier? = "bewijsdossier" "What was handed over from the ledger.",
        complete: bool? = "volledig" "Whether everything was answered.",
        language: Code? "The language of the answer, as `nl`.",
        by: Code? "The role that answered, as `DPO`.",
        document: Document? "The letter as a document.",
    }

    /// Who took up contact.
    choice Direction as "AuthorityContactDirection" {
        Inbound = "inkomend" "The authority.",
        Outbound = "uitgaand" "The institution.",
    }

    /// By which way there was contact.
    choice ContactChannel as "AuthorityContactChannel" {
        Letter = "brief" "By letter.",
        Email = "e-mail" "By mail.",
        Phone = "telefoon" "By telephone.",
        Meeting = "gesprek of bezoek" "In a meeting or visit.",
        Portal = "portaal" "Through the authority's portal.",
        Other "In another way.",
    }

    /// There was contact with the authority (Art. 39(1)(d), (e)).
    event ContactLogged as "AuthorityContactLogged" = "contact met de toezichthouder vastgelegd",
        every contacts "Contacts, oldest first." {
        authority: Code? = "toezichthouder" "The authority, as `AP`.",
        direction: Direction? = "richting" "Who took up contact.",
        channel: ContactChannel? "By which way.",
        by: Code? "The role that had contact, as `DPO`.",
        subject: Erasable<String>? = "onderwerp" "What it was about.",
        activities: Vec<StreamId> "The activities it is about.",
        document: Document? "A document of it.",
    }

    /// Which corrective power the authority used.
    choice CorrectivePower as "AuthorityCorrectivePower" {
        Warning = "waarschuwing" "A warning (Art. 58(2)(a)).",
        Reprimand = "berisping" "A reprimand (Art. 58(2)(b)).",
        OrderToGrantRequest = "bevel een verzoek van een betrokkene in te willigen"
            "An order to comply with a data subject's request (Art. 58(2)(c)).",
        OrderToComply = "bevel verwerkingen in overeenstemming te brengen"
            "An order to bring processing into line (Art. 58(2)(d)).",
        OrderToCommunicateBreach = "bevel een datalek aan betrokkenen te melden"
            "An order to tell data subjects of a breach (Art. 58(2)(e)).",
        Limitation = "verwerkingsbeperking" "A limitation of processing, for a time or for good (Art. 58(2)(f)).",
        Ban = "verwerkingsverbod" "A ban on processing (Art. 58(2)(f)).",
        OrderToRectifyOrErase = "bevel tot rectificatie, wissing of beperking"
            "An order to rectify, erase or restrict (Art. 58(2)(g)).",
        CertificationWithdrawal = "intrekking van certificering" "A certification is withdrawn (Art. 58(2)(h)).",
        Fine = "bestuurlijke boete" "A fine (Art. 58(2)(i), 83; UAVG Art. 14(3)).",
        TransferSuspension = "opschorting van doorgifte" "Data flows to a third country are suspended (Art. 58(2)(j)).",
        OrderUnderPenalty = "last onder dwangsom" "An order under penalty (Awb 5:32; UAVG Art. 16).",
        AdministrativeCoercion = "last onder bestuursdwang" "An order under administrative coercion (UAVG Art. 16).",
        Other "Another power.",
    }

    /// The authority uses a corrective power (Art. 58(2)).
    event CorrectiveMeasureReceived as "AuthorityCorrectiveMeasureReceived" domain "SupervisoryMeasureReceived"
        = "corrigerende maatregel ontvangen", every measures -> Open "Corrective measures, oldest first." {
        authority: Code? = "toezichthouder" "The authority, as `AP`.",
        power: CorrectivePower? = "bevoegdheid" key "Which power.",
        text: Erasable<String>? = "inhoud" "What is ordered or held against the institution.",
        amount_euros: u32? = "bedrag in euro's" "The fine, or the most that an order may cost, in whole euros.",
        term: Term? "The term in which to comply, as worded.",
        due: PartialDate? = "uiterlijk" "The day by which to comply, if it is named.",
        remedy_until: PartialDate? = "bezwaar mogelijk tot" "The last day to object (Awb 6:7).",
        activities: Vec<StreamId> "The activities it is about.",
        platforms: Vec<Code> = "platforms" "The platforms it is about.",
        finding: StreamId? = "opvolging" key "The finding by which the institution follows it up.",
        document: Document? "The decision as a document.",
    }

    /// The matter is closed.
    event Closed as "AuthorityContactClosed" = "zaak met de toezichthouder gesloten",
        last closed needs requested or contacts or measures -> Closed "The end." {
        reason: Erasable<String>? "How it ended.",
        document: Document? "The last letter as a document.",
    }

    /// Where a matter with the authority stands.
    choice AuthorityContactStatus {
        #[default] Open = "open" "Something is to be answered or done.",
        Answered = "beantwoord" "It is answered.",
        Closed = "gesloten" "It is closed.",
    }

    /// A matter with the authority at one moment.
    state AuthorityContact as "AuthorityContactState" of AuthorityContactStatus key {
        authority: Code? = "toezichthouder" key "The authority.",
        assigned_to: Code? = "toegewezen aan" key "The role to which it is assigned now.",
        due: PartialDate? = "uiterlijk" "The day by which to answer or comply, as far as one was named.",
    }

    keys {
        unit: Code "Matters about a unit.",
        activity: StreamId "Matters about an activity.",
        platform: Code "Matters about a platform.",
        subject: StreamId "Matters that name this stream.",
        ground: Ground "Requests that rest on a power.",
    }

    relations {
        managementUnits: many managementUnit shared unit unit = "beheerseenheden" "The units it is about.",
        activities: many activity ours activity = "verwerkingsactiviteiten" "The activities it is about.",
        platforms: many platform shared platform platform = "platforms" "The platforms it is about.",
        breaches: many breach ours subject = "datalekken" "The breaches it is about.",
        cases: many case ours subject = "zaken" "The complaints it is about.",
        findings: many finding ours finding = "bevindingen" "The findings by which its measures are followed up.",
        evidenceAccesses: many evidenceAccess theirs case = "inzagen in bewijs" "Where evidence was opened for it.",
    }
}

impl Family for AuthorityContact {
    fn admit(&self, event: &AuthorityContactEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use AuthorityContactEvent as E;
        self.admit_order(event)?;
        match event {
            E::RequestReceived(event) => {
                distinct("grounds", &event.grounds)?;
                links("activities", "activity", &event.activities)?;
                distinct("platforms", &event.platforms)?;
                distinct("units", &event.units)?;
                distinct("subjects", &event.subjects)
            }
            E::RequestAssigned(event) => distinct("units", &event.units),
            E::RequestAnswered(event) => event.dossier.as_ref().map_or(Ok(()), EvidenceDossier::admit),
            E::ContactLogged(event) => links("activities", "activity", &event.activities),
            E::CorrectiveMeasureReceived(event) => {
                links("activities", "activity", &event.activities)?;
                distinct("platforms", &event.platforms)?;
                link("finding", "finding", &event.finding)
            }
            E::Closed(_) if self.status == AuthorityContactStatus::Closed => ended("this matter is closed already"),
            E::TermExtended(_) | E::Closed(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &AuthorityContactEvent, recorded: &Recorded) {
        use AuthorityContactEvent as E;
        let before = self.status;
        self.keep(event, recorded);
        // Only a measure opens a matter again: an answer sent after the end does not.
        if !matches!(event, E::CorrectiveMeasureReceived(_)) {
            self.status = self.status.max(before);
        }
        match event {
            E::RequestReceived(RequestReceived { authority, due, .. })
            | E::CorrectiveMeasureReceived(CorrectiveMeasureReceived { authority, due, .. }) => {
                Newer::take_over(&mut self.authority, authority);
                Newer::take_over(&mut self.due, due);
            }
            E::RequestAssigned(event) => self.assigned_to = Some(event.role.clone()),
            E::TermExtended(event) => Newer::take_over(&mut self.due, &event.due),
            E::ContactLogged(event) => self.authority = self.authority.take().or(event.authority.clone()),
            E::RequestAnswered(_) | E::Closed(_) | E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        if let Some(Dated { fact, .. }) = &self.requested {
            push_keys(&mut keys, "unit", &fact.units);
            push_keys(&mut keys, "activity", &fact.activities);
            push_keys(&mut keys, "platform", &fact.platforms);
            push_keys(&mut keys, "subject", &fact.subjects);
            push_keys(&mut keys, "ground", &fact.grounds);
        }
        self.assignments.iter().for_each(|assigned| push_keys(&mut keys, "unit", &assigned.fact.units));
        self.contacts.iter().for_each(|contact| push_keys(&mut keys, "activity", &contact.fact.activities));
        for Dated { fact, .. } in &self.measures {
            push_keys(&mut keys, "activity", &fact.activities);
            push_keys(&mut keys, "platform", &fact.platforms);
        }
        keys
    }
}

#[cfg(test)]
mod tests;
