//! Contacts with the supervisory authority: its requests, the answers, and its corrective measures (GDPR Art. 31,
//! 39(1)(d)–(e), 58; UAVG Art. 15–18; Awb Title 5.2).
//!
//! One stream is one request or matter. Whether it came to the data protection officer in time, and whether the answer
//! was within the term, are verdicts. A closed matter may come back: a measure may follow years later.

use super::audit_engagement::EvidenceDossier;
use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, distinct, link};
use super::finding::keyed;
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term};

choice! {
    /// On which power a request of the authority rests.
    Ground "AuthorityRequestGround" {
        /// An order to provide information (Art. 58(1)(a)).
        InformationOrder = "bevel tot verstrekken van informatie",
        /// An investigation in the form of a data protection audit (Art. 58(1)(b)).
        Investigation = "onderzoek",
        /// A review of certifications (Art. 58(1)(c)).
        CertificationReview = "toetsing van certificering",
        /// Notice of an alleged infringement (Art. 58(1)(d)).
        InfringementNotice = "kennisgeving van een vermoede inbreuk op de AVG",
        /// Access to personal data and information (Art. 58(1)(e)).
        DataAccess = "toegang tot persoonsgegevens",
        /// Access to premises and equipment (Art. 58(1)(f); Awb 5:15).
        PremisesAccess = "toegang tot gebouwen en apparatuur",
        /// A demand for information (Awb 5:16).
        AwbInformation = "vordering van inlichtingen (Awb 5:16)",
        /// A demand to see business data and documents (Awb 5:17).
        AwbDocuments = "vordering van inzage in gegevens en bescheiden (Awb 5:17)",
        /// No power: it is asked informally.
        Informal = "informeel verzoek",
        /// Another ground.
        Other,
    }
}

record! {
    /// The authority asks for something (Art. 31, 58(1)).
    RequestReceived "AuthorityRequestReceived" "AuthorityRequestReceivedInput" {
        /// The authority, as `AP`.
        authority: Option<Code> = "toezichthouder",
        /// The reference of the authority.
        their_reference: Option<Erasable<String>> = "kenmerk van de toezichthouder",
        /// What it asks.
        request: Option<Erasable<String>> = "gevraagd",
        /// The powers on which it rests.
        grounds: Vec<Ground> = "bevoegdheden",
        /// The term in which to answer, as worded.
        term: Option<Term> = "termijn",
        /// The day by which to answer, if it is named.
        due: Option<PartialDate> = "uiterlijk",
        /// The language in which to answer, as `nl`.
        language: Option<Code>,
        /// The activities it is about.
        activities: Vec<StreamId>,
        /// The platforms it is about.
        platforms: Vec<Code> = "platforms",
        /// The units it is about.
        units: Vec<Code> = "beheerseenheden",
        /// Other streams it is about, as a breach, a complaint or a transfer ground.
        subjects: Vec<StreamId> = "andere dossiers",
        /// The request as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The matter is assigned to a role (Art. 39(1)(d), (e): the data protection officer).
    RequestAssigned "AuthorityRequestAssigned" "AuthorityRequestAssignedInput" {
        /// The role, as `DPO`.
        role: Code = "rol",
        /// The units that help.
        units: Vec<Code> = "beheerseenheden",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The authority gives more time.
    TermExtended "AuthorityTermExtended" "AuthorityTermExtendedInput" {
        /// By how much, as worded.
        term: Option<Term> = "termijn",
        /// The day by which to answer now.
        due: Option<PartialDate> = "uiterlijk",
        /// Why.
        reason: Option<Erasable<String>>,
        /// The letter as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The request is answered (Art. 5(2), 31).
    RequestAnswered "AuthorityRequestAnswered" "AuthorityRequestAnsweredInput" {
        /// What was handed over from the ledger.
        dossier: Option<EvidenceDossier> = "bewijsdossier",
        /// Whether everything was answered.
        complete: Option<bool> = "volledig",
        /// The language of the answer, as `nl`.
        language: Option<Code>,
        /// The role that answered, as `DPO`.
        by: Option<Code> = "door",
        /// The letter as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Who took up contact.
    Direction "AuthorityContactDirection" {
        /// The authority.
        Inbound = "inkomend",
        /// The institution.
        Outbound = "uitgaand",
    }
}

choice! {
    /// By which way there was contact.
    ContactChannel "AuthorityContactChannel" {
        /// By letter.
        Letter = "brief",
        /// By mail.
        Email = "e-mail",
        /// By telephone.
        Phone = "telefoon",
        /// In a meeting or visit.
        Meeting = "gesprek of bezoek",
        /// Through the authority's portal.
        Portal = "portaal",
        /// In another way.
        Other,
    }
}

record! {
    /// There was contact with the authority (Art. 39(1)(d), (e)).
    ContactLogged "AuthorityContactLogged" "AuthorityContactLoggedInput" {
        /// The authority, as `AP`.
        authority: Option<Code> = "toezichthouder",
        /// Who took up contact.
        direction: Option<Direction> = "richting",
        /// By which way.
        channel: Option<ContactChannel> = "kanaal",
        /// The role that had contact, as `DPO`.
        by: Option<Code> = "door",
        /// What it was about.
        subject: Option<Erasable<String>> = "onderwerp",
        /// The activities it is about.
        activities: Vec<StreamId>,
        /// A document of it.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Which corrective power the authority used.
    CorrectivePower "AuthorityCorrectivePower" {
        /// A warning (Art. 58(2)(a)).
        Warning = "waarschuwing",
        /// A reprimand (Art. 58(2)(b)).
        Reprimand = "berisping",
        /// An order to comply with a data subject's request (Art. 58(2)(c)).
        OrderToGrantRequest = "bevel een verzoek van een betrokkene in te willigen",
        /// An order to bring processing into line (Art. 58(2)(d)).
        OrderToComply = "bevel verwerkingen in overeenstemming te brengen",
        /// An order to tell data subjects of a breach (Art. 58(2)(e)).
        OrderToCommunicateBreach = "bevel een datalek aan betrokkenen te melden",
        /// A limitation of processing, for a time or for good (Art. 58(2)(f)).
        Limitation = "verwerkingsbeperking",
        /// A ban on processing (Art. 58(2)(f)).
        Ban = "verwerkingsverbod",
        /// An order to rectify, erase or restrict (Art. 58(2)(g)).
        OrderToRectifyOrErase = "bevel tot rectificatie, wissing of beperking",
        /// A certification is withdrawn (Art. 58(2)(h)).
        CertificationWithdrawal = "intrekking van certificering",
        /// A fine (Art. 58(2)(i), 83; UAVG Art. 14(3)).
        Fine = "bestuurlijke boete",
        /// Data flows to a third country are suspended (Art. 58(2)(j)).
        TransferSuspension = "opschorting van doorgifte",
        /// An order under penalty (Awb 5:32; UAVG Art. 16).
        OrderUnderPenalty = "last onder dwangsom",
        /// An order under administrative coercion (UAVG Art. 16).
        AdministrativeCoercion = "last onder bestuursdwang",
        /// Another power.
        Other,
    }
}

record! {
    /// The authority uses a corrective power (Art. 58(2)).
    CorrectiveMeasureReceived "AuthorityCorrectiveMeasureReceived" "AuthorityCorrectiveMeasureReceivedInput" {
        /// The authority, as `AP`.
        authority: Option<Code> = "toezichthouder",
        /// Which power.
        power: Option<CorrectivePower> = "bevoegdheid",
        /// What is ordered or held against the institution.
        text: Option<Erasable<String>> = "inhoud",
        /// The fine, or the most that an order may cost, in whole euros.
        amount_euros: Option<u32> = "bedrag in euro's",
        /// The term in which to comply, as worded.
        term: Option<Term> = "termijn",
        /// The day by which to comply, if it is named.
        due: Option<PartialDate> = "uiterlijk",
        /// The last day to object (Awb 6:7).
        remedy_until: Option<PartialDate> = "bezwaar mogelijk tot",
        /// The activities it is about.
        activities: Vec<StreamId>,
        /// The platforms it is about.
        platforms: Vec<Code> = "platforms",
        /// The finding by which the institution follows it up.
        finding: Option<StreamId> = "opvolging",
        /// The decision as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The matter is closed.
    Closed "AuthorityContactClosed" "AuthorityContactClosedInput" {
        /// How it ended.
        reason: Option<Erasable<String>>,
        /// The last letter as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens between the authority and the institution.
    AuthorityContactEvent "AuthorityContactEvent" "AuthorityContactEventInput",
    retracted "AuthorityContactRetracted" "AuthorityContactRetractedInput"
    {
        /// The authority asks for something.
        RequestReceived "requestReceived" 1 "AuthorityRequestReceived" = "verzoek van de toezichthouder ontvangen",
        /// The matter is assigned.
        RequestAssigned "requestAssigned" 1 "AuthorityRequestAssigned" = "verzoek van de toezichthouder toegewezen",
        /// The authority gives more time.
        TermExtended "termExtended" 1 "AuthorityTermExtended" = "termijn verlengd",
        /// The request is answered.
        RequestAnswered "requestAnswered" 1 "AuthorityRequestAnswered" = "verzoek van de toezichthouder beantwoord",
        /// There was contact.
        ContactLogged "contactLogged" 1 "AuthorityContactLogged" = "contact met de toezichthouder vastgelegd",
        /// The authority uses a corrective power.
        CorrectiveMeasureReceived "correctiveMeasureReceived" 1 "SupervisoryMeasureReceived"
            = "corrigerende maatregel ontvangen",
        /// The matter is closed.
        Closed "closed" 1 "AuthorityContactClosed" = "zaak met de toezichthouder gesloten",
    }
}

choice! {
    /// Where a matter with the authority stands.
    #[derive(Default)]
    AuthorityContactStatus "AuthorityContactStatus" {
        /// Something is to be answered or done.
        #[default]
        Open = "open",
        /// It is answered.
        Answered = "beantwoord",
        /// It is closed.
        Closed = "gesloten",
    }
}

dossier! {
    /// A matter with the authority at one moment.
    AuthorityContact "AuthorityContactState" follows AuthorityContactEvent, status AuthorityContactStatus {
        /// The request.
        requested: once RequestReceived -> Open,
        /// To whom it was assigned, oldest first.
        assignments: every RequestAssigned needs requested or contacts or measures,
        /// Extensions of the term, oldest first.
        extensions: every TermExtended needs requested or measures,
        /// Answers, oldest first.
        answers: every RequestAnswered needs requested or contacts or measures -> Answered,
        /// Contacts, oldest first.
        contacts: every ContactLogged,
        /// Corrective measures, oldest first.
        measures: every CorrectiveMeasureReceived -> Open,
        /// The end.
        closed: last Closed needs requested or contacts or measures -> Closed,
    } and {
        /// The authority.
        authority: Option<Code> = "toezichthouder",
        /// The role to which it is assigned now.
        assigned_to: Option<Code> = "toegewezen aan",
        /// The day by which to answer or comply, as far as one was named.
        due: Option<PartialDate> = "uiterlijk",
    }
}

filter! {
    "AuthorityContactFilter" {
        /// Matters that stand so.
        status "status": AuthorityContactStatus,
        /// Matters with an authority.
        authority "authority": Code,
        /// Matters assigned to a role.
        assigned_to "assignedTo": Code,
        /// Matters about a unit.
        unit "unit": Code,
        /// Matters about an activity.
        activity "activity": StreamId,
        /// Matters about a platform.
        platform "platform": Code,
        /// Matters that name this stream.
        subject "subject": StreamId,
        /// Requests that rest on a power.
        ground "ground": Ground,
        /// Matters in which a corrective power was used.
        power "power": CorrectivePower,
    }
}

impl Family for AuthorityContact {
    const NAME: &'static str = "authorityContact";
    const LABEL_NL: &'static str = "contact met de toezichthouder";
    const GRAPHQL_NAME: &'static str = "AuthorityContact";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "managementUnits",
            "beheerseenheden",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The units it is about.",
        ),
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The activities it is about.",
        ),
        Relation::many(
            "platforms",
            "platforms",
            "platform",
            By::Shared("platform", "platform"),
            "The platforms it is about.",
        ),
        Relation::many("breaches", "datalekken", "breach", By::Ours("subject"), "The breaches it is about."),
        Relation::many("cases", "zaken", "case", By::Ours("subject"), "The complaints it is about."),
        Relation::many(
            "findings",
            "bevindingen",
            "finding",
            By::Ours("finding"),
            "The findings by which its measures are followed up.",
        ),
        Relation::many(
            "evidenceAccesses",
            "inzagen in bewijs",
            "evidenceAccess",
            By::Theirs("case"),
            "The openings of personal evidence for it.",
        ),
    ];
    type Event = AuthorityContactEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &AuthorityContactEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use AuthorityContactEvent as E;
        self.admit_order(event)?;
        match event {
            E::RequestReceived(event) => admit_request(event),
            E::RequestAssigned(event) => distinct("units", &event.units),
            E::RequestAnswered(event) => event.dossier.as_ref().map_or(Ok(()), EvidenceDossier::admit),
            E::ContactLogged(event) => admit_activities(&event.activities),
            E::CorrectiveMeasureReceived(event) => {
                admit_activities(&event.activities)?;
                distinct("platforms", &event.platforms)?;
                link("finding", "finding", &event.finding)
            }
            E::Closed(_) if self.status == AuthorityContactStatus::Closed => {
                Err(Refusal::new(RejectionCode::Ended, "", "this matter is closed already"))
            }
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
            E::RequestReceived(event) => {
                self.authority = event.authority.clone().or(self.authority.take());
                self.due = event.due.or(self.due);
            }
            E::RequestAssigned(event) => self.assigned_to = Some(event.role.clone()),
            E::TermExtended(event) => self.due = event.due.or(self.due),
            E::ContactLogged(event) => self.authority = self.authority.take().or(event.authority.clone()),
            E::CorrectiveMeasureReceived(event) => {
                self.authority = event.authority.clone().or(self.authority.take());
                self.due = event.due.or(self.due);
            }
            E::RequestAnswered(_) | E::Closed(_) | E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let requested = self.requested.iter().map(|requested| &requested.fact);
        let measures = self.measures.iter().map(|measure| &measure.fact);
        let asked = requested.clone().flat_map(|requested| &requested.activities);
        let activities = asked.chain(self.contacts.iter().flat_map(|contact| &contact.fact.activities));
        let platforms = requested.clone().flat_map(|requested| &requested.platforms);
        let assigned = self.assignments.iter().flat_map(|assignment| &assignment.fact.units);
        [
            keyed("authority", &self.authority),
            keyed("assignedTo", &self.assigned_to),
            keyed("unit", requested.clone().flat_map(|requested| &requested.units).chain(assigned)),
            keyed("activity", activities.chain(measures.clone().flat_map(|measure| &measure.activities))),
            keyed("platform", platforms.chain(measures.clone().flat_map(|measure| &measure.platforms))),
            keyed("subject", requested.clone().flat_map(|requested| &requested.subjects)),
            keyed("ground", requested.flat_map(|requested| &requested.grounds)),
            keyed("power", measures.clone().filter_map(|measure| measure.power.as_ref())),
            keyed("finding", measures.filter_map(|measure| measure.finding.as_ref())),
            keyed("status", [&self.status]),
        ]
        .concat()
    }
}

fn admit_request(event: &RequestReceived) -> Result<(), Refusal> {
    distinct("grounds", &event.grounds)?;
    admit_activities(&event.activities)?;
    distinct("platforms", &event.platforms)?;
    distinct("units", &event.units)?;
    distinct("subjects", &event.subjects)
}

fn admit_activities(activities: &[StreamId]) -> Result<(), Refusal> {
    link("activities", "activity", activities)?;
    distinct("activities", activities)
}

#[cfg(test)]
mod tests;
