//! Cases: queries and complaints about the processing of personal data, from receipt to answer (GDPR Art. 12(2),
//! 24, 77; Awb chapter 9).
//!
//! A complaint about adverts that follow a person is an objection (Art. 21(2), (3)): it names the objection that it
//! opens. A query that turns out to be a complaint stays one case; so does one that the complainant takes to the
//! authority.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, controllers_act, distinct, link, not_empty};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::Evidence;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term};

choice! {
    /// As what somebody reports, asks or complains.
    ReporterCategory "ReporterCategory" {
        /// A member of staff.
        Employee = "medewerker",
        /// A student.
        Student = "student",
        /// Another data subject.
        DataSubject = "andere betrokkene",
        /// Somebody who acts for a data subject (GDPR Art. 8, 80).
        Representative = "vertegenwoordiger",
        /// A processor.
        Processor = "verwerker",
        /// A supervisory authority.
        SupervisoryAuthority = "toezichthoudende autoriteit",
        /// A third party.
        ThirdParty = "derde",
        /// Another.
        Other,
    }
}

choice! {
    /// By which channel a report, query or complaint came.
    ReportChannel "ReportChannel" {
        /// The service desk.
        ServiceDesk = "servicedesk",
        /// The privacy mailbox.
        PrivacyMailbox = "privacymailbox",
        /// Another e-mail address.
        Email = "e-mail",
        /// A letter.
        Letter = "brief",
        /// The telephone.
        Telephone = "telefoon",
        /// A form on the web.
        WebForm = "webformulier",
        /// A conversation.
        InPerson = "mondeling",
        /// A message on social media.
        SocialMedia = "sociale media",
        /// A notice of a processor (Art. 33(2)).
        ProcessorNotice = "kennisgeving van verwerker",
        /// Detection by a system.
        Monitoring = "detectie door een systeem",
        /// Another.
        Other,
    }
}

choice! {
    /// How much is at stake, for people or for the institution.
    Impact "CaseImpact" {
        /// Nothing of weight.
        None = "geen",
        /// Perhaps something of weight.
        Potential = "mogelijk",
        /// Something of weight.
        Significant = "aanzienlijk",
        /// People, business, finances or reputation are seriously at risk.
        Serious = "ernstig",
    }
}

choice! {
    /// Who is told of what is serious.
    Escalation "EscalationAddressee" {
        /// The executive board.
        Board = "college van bestuur",
        /// The data protection officer.
        Dpo = "FG",
        /// Legal affairs.
        Legal = "juridische zaken",
    }
}

choice! {
    /// What a case is.
    CaseKind "CaseKind" {
        /// A query.
        Query = "vraag",
        /// A complaint to the institution.
        Complaint = "klacht",
        /// A complaint to the supervisory authority (Art. 77).
        SupervisoryComplaint = "klacht bij de toezichthouder",
    }
}

choice! {
    /// To whom a complaint is addressed.
    Addressee "ComplaintAddressee" {
        /// A management unit.
        Unit = "beheerseenheid",
        /// The data protection officer (Art. 38(4)).
        Dpo = "FG",
        /// The executive board.
        Board = "college van bestuur",
    }
}

choice! {
    /// What a case is about.
    CaseCategory "CaseCategory" {
        /// Adverts that follow a person, or automated follow-up; it counts as an objection (Art. 21(2), (3), 22).
        Retargeting = "retargeting of automatische opvolging",
        /// Direct marketing otherwise; it counts as an objection (Art. 21(2), (3)).
        DirectMarketing = "direct marketing",
        /// Use of pictures, film or sound.
        ImageUse = "beeldgebruik",
        /// Consent or its withdrawal (Art. 7).
        Consent = "toestemming",
        /// Another legal basis, or the lack of one (Art. 6).
        LegalBasis = "grondslag",
        /// Information about processing (Art. 12 to 14).
        Information = "informatieverstrekking",
        /// How a request was handled (Art. 12(4), 15 to 22).
        RequestHandling = "afhandeling van een verzoek",
        /// Disclosure to others, or transfer (Art. 44).
        Disclosure = "verstrekking of doorgifte",
        /// How long data are kept (Art. 5(1)(e)).
        Retention = "bewaartermijn",
        /// Security or a breach (Art. 32 to 34).
        Security = "beveiliging of datalek",
        /// Another matter.
        Other,
    }
}

record! {
    /// A query about the processing of personal data is received.
    QueryReceived "QueryReceived" "QueryReceivedInput" {
        /// The unit that received it.
        unit: Option<Code>,
        /// By which channel.
        channel: Option<ReportChannel> = "kanaal",
        /// As what the person asks.
        submitter_category: Option<ReporterCategory> = "categorie indiener",
        /// Who asks.
        submitter: Option<Erasable<String>> = "indiener",
        /// The data subject, by an opaque name.
        subject: Option<Erasable<String>> = "betrokkene",
        /// What it is about.
        category: Option<CaseCategory> = "categorie",
        /// The activities that it is about.
        activities: Vec<StreamId>,
        /// The platform that it is about.
        platform: Option<Code> = "platform",
        /// What is asked.
        text: Option<Erasable<String>> = "tekst",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A complaint about the processing of personal data is received (Awb Art. 9:1).
    ComplaintReceived "ComplaintReceived" "ComplaintReceivedInput" {
        /// The unit that received it.
        unit: Option<Code>,
        /// To whom it is addressed.
        addressee: Option<Addressee> = "geadresseerde",
        /// By which channel.
        channel: Option<ReportChannel> = "kanaal",
        /// As what the person complains.
        submitter_category: Option<ReporterCategory> = "categorie indiener",
        /// Who complains.
        submitter: Option<Erasable<String>> = "indiener",
        /// The data subject, by an opaque name.
        subject: Option<Erasable<String>> = "betrokkene",
        /// What it is about.
        category: Option<CaseCategory> = "categorie",
        /// The activities that it is about.
        activities: Vec<StreamId>,
        /// The platform that it is about.
        platform: Option<Code> = "platform",
        /// The objection that it opens (Art. 21).
        objection: Option<StreamId> = "bezwaar",
        /// The data subject's request with whose handling it finds fault.
        request: Option<StreamId> = "verzoek",
        /// What the complaint says.
        text: Option<Erasable<String>> = "tekst",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The institution learns of a complaint to the supervisory authority (GDPR Art. 77).
    SupervisoryComplaintReceived "SupervisoryComplaintReceived" "SupervisoryComplaintReceivedInput" {
        /// The unit whom it concerns.
        unit: Option<Code>,
        /// The authority, as `AP`.
        authority: Option<Code> = "toezichthoudende autoriteit",
        /// The authority's own reference.
        reference: Option<Code> = "kenmerk",
        /// By which channel.
        channel: Option<ReportChannel> = "kanaal",
        /// As what the complainant complains.
        submitter_category: Option<ReporterCategory> = "categorie indiener",
        /// The data subject, by an opaque name.
        subject: Option<Erasable<String>> = "betrokkene",
        /// What it is about.
        category: Option<CaseCategory> = "categorie",
        /// The activities that it is about.
        activities: Vec<StreamId>,
        /// The platform that it is about.
        platform: Option<Code> = "platform",
        /// By when the authority wants an answer.
        answer_due: Option<PartialDate> = "te beantwoorden voor",
        /// What the complaint says.
        text: Option<Erasable<String>> = "tekst",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is judged how much is at stake.
    ImpactTriaged "CaseImpactTriaged" "CaseImpactTriagedInput" {
        /// How much.
        impact: Impact = "impact",
        /// The class of cases to which it belongs.
        class: Option<Code> = "klasse",
        /// Within which term cases of that class are resolved.
        term: Option<Term> = "termijn",
        /// What it turns out to be about.
        category: Option<CaseCategory> = "categorie",
        /// The objection that it opens (Art. 21).
        objection: Option<StreamId> = "bezwaar",
        /// Why it is judged so.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is passed to whom it concerns.
    Forwarded "CaseForwarded" "CaseForwardedInput" {
        /// The unit that takes it over.
        to: Option<Code> = "aan beheerseenheid",
        /// The role that takes it over.
        to_role: Option<Code> = "aan rol",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Those who must know of a serious risk are told.
    Escalated "CaseEscalated" "CaseEscalatedInput" {
        /// Who is told.
        addressees: Vec<Escalation> = "geadresseerden",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// How a case turns out.
    CaseOutcome "CaseOutcome" {
        /// The query is answered.
        Informed = "vraag beantwoord",
        /// The complaint is well founded.
        WellFounded = "gegrond",
        /// The complaint is well founded in part.
        PartlyWellFounded = "gedeeltelijk gegrond",
        /// The complaint is unfounded.
        Unfounded = "ongegrond",
        /// It is not taken up (Awb Art. 9:8).
        NotTakenUp = "niet in behandeling genomen",
        /// It is settled with the person.
        Settled = "in der minne opgelost",
        /// The person took it back.
        Withdrawn = "ingetrokken",
    }
}

record! {
    /// The person, or the authority, is given an answer (Awb Art. 9:12).
    Answered "CaseAnswered" "CaseAnsweredInput" {
        /// How the case turns out.
        outcome: Option<CaseOutcome>,
        /// By which channel.
        channel: Option<ReportChannel> = "kanaal",
        /// In which role somebody decided on it.
        decided_by: Option<Code> = "besloten door (rol)",
        /// What is answered.
        answer: Option<Erasable<String>> = "antwoord",
        /// What is done because of it.
        measures: Vec<Erasable<String>> = "maatregelen",
        /// Whether the answer says where the person can go next (Awb Art. 9:12(2); GDPR Art. 77, 79).
        remedies_told: Option<bool> = "rechtsmiddelen vermeld",
        /// The answer as it was given.
        evidence: Option<Erasable<Evidence>> = "bewijs",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The case is closed.
    Closed "CaseClosed" "CaseClosedInput" {
        /// How it turned out.
        outcome: Option<CaseOutcome>,
        /// Why it is closed, above all without an answer.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a query or complaint.
    CaseEvent "CaseEvent" "CaseEventInput",
    retracted "CaseRetracted" "CaseRetractedInput"
    {
        /// A query is received.
        QueryReceived "queryReceived" 1 "QueryReceived" = "vraag ontvangen",
        /// A complaint is received.
        ComplaintReceived "complaintReceived" 1 "ComplaintReceived" = "klacht ontvangen",
        /// A complaint to the supervisory authority becomes known.
        SupervisoryComplaintReceived "supervisoryComplaintReceived" 1 "SupervisoryComplaintReceived"
            = "klacht bij de toezichthouder ontvangen",
        /// It is judged how much is at stake.
        ImpactTriaged "impactTriaged" 1 "ImpactTriaged" = "impact ingeschat",
        /// It is passed on.
        Forwarded "forwarded" 1 "CaseForwarded" = "doorgestuurd",
        /// Board, DPO or legal affairs are told.
        Escalated "escalated" 1 "CaseEscalated" = "geëscaleerd",
        /// An answer is given.
        Answered "answered" 1 "CaseAnswered" = "beantwoord",
        /// It is closed.
        Closed "closed" 1 "CaseClosed" = "gesloten",
    }
}

choice! {
    /// Where a case stands.
    #[derive(Default)]
    CaseStatus "CaseStatus" {
        /// Nothing is received.
        #[default]
        NotReceived = "niet ontvangen",
        /// Received.
        Open = "open",
        /// It is judged how much is at stake.
        Triaged = "ingeschat",
        /// Passed to whom it concerns.
        Forwarded = "doorgestuurd",
        /// Answered.
        Answered = "beantwoord",
        /// Closed.
        Closed = "gesloten",
    }
}

dossier! {
    /// A query or complaint at one moment.
    Case "CaseState" follows CaseEvent, status CaseStatus {
        /// The query.
        query_received: once QueryReceived -> Open,
        /// The complaint.
        complaint_received: once ComplaintReceived -> Open,
        /// The complaint to the supervisory authority.
        supervisory_complaint_received: once SupervisoryComplaintReceived -> Open,
        /// What was judged to be at stake, oldest first.
        impact_triaged: every ImpactTriaged
            needs query_received or complaint_received or supervisory_complaint_received -> Triaged,
        /// To whom it was passed, oldest first.
        forwarded: every Forwarded
            needs query_received or complaint_received or supervisory_complaint_received -> Forwarded,
        /// Who was told of a serious risk, oldest first.
        escalated: every Escalated needs query_received or complaint_received or supervisory_complaint_received,
        /// The answers, oldest first.
        answered: every Answered
            needs query_received or complaint_received or supervisory_complaint_received -> Answered,
        /// Its end.
        closed: last Closed needs query_received or complaint_received or supervisory_complaint_received -> Closed,
    } and {
        /// What it is now.
        kind: Option<CaseKind>,
        /// The unit that has it now.
        unit: Option<Code>,
        /// What it is about, as last judged.
        category: Option<CaseCategory> = "categorie",
        /// How much is at stake, as last judged.
        impact: Option<Impact> = "impact",
        /// The activities that it is about.
        activities: Vec<StreamId>,
        /// The platform that it is about.
        platform: Option<Code> = "platform",
        /// The objection that it opened.
        objection: Option<StreamId> = "bezwaar",
    }
}

filter! {
    "CaseFilter" {
        /// Cases that a unit has.
        unit "unit": Code,
        /// Cases that stand so.
        status "status": CaseStatus,
        /// Queries, or complaints.
        kind "kind": CaseKind,
        /// Cases about a matter.
        category "category": CaseCategory,
        /// Cases with so much at stake.
        impact "impact": Impact,
        /// Cases about an activity.
        activity "activity": StreamId,
        /// Cases about a platform.
        platform "platform": Code,
    }
}

impl Family for Case {
    const NAME: &'static str = "case";
    const LABEL_NL: &'static str = "vraag of klacht";
    const GRAPHQL_NAME: &'static str = "Case";
    const ABOUT_A_PERSON: bool = true;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit that has it now.",
        ),
        Relation::many(
            "concernedActivities",
            "betrokken verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities that it is about.",
        ),
        Relation::one(
            "concernedPlatform",
            "betrokken platform",
            "platform",
            By::Shared("platform", "platform"),
            "The platform that it is about.",
        ),
        Relation::one(
            "openedObjection",
            "geopend bezwaar",
            "objection",
            By::Ours("objection"),
            "The objection that it opened.",
        ),
        Relation::one(
            "contestedRequest",
            "bestreden verzoek",
            "dataSubjectRequest",
            By::Ours("request"),
            "The data subject's request with whose handling it finds fault.",
        ),
        Relation::many(
            "breaches",
            "datalekken",
            "breach",
            By::Theirs("case"),
            "The breaches that it brought to light.",
        ),
    ];
    type Event = CaseEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &CaseEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use CaseEvent as E;
        // Anyone may ask and complain; what is done with it is the controller's to say.
        if !matches!(event, E::QueryReceived(_) | E::ComplaintReceived(_)) {
            controllers_act(context.place)?;
        }
        self.admit_order(event)?;
        match event {
            E::Closed(_) if self.status == CaseStatus::Closed => {
                Err(Refusal::new(RejectionCode::Ended, "", "this case is closed already"))
            }
            E::QueryReceived(event) => admit_activities(&event.activities),
            E::ComplaintReceived(event) => {
                admit_activities(&event.activities)?;
                link("objection", "objection", &event.objection)?;
                link("request", "dataSubjectRequest", &event.request)
            }
            E::SupervisoryComplaintReceived(event) => admit_activities(&event.activities),
            E::ImpactTriaged(event) => link("objection", "objection", &event.objection),
            E::Escalated(event) => addressed(&event.addressees),
            E::Forwarded(_) | E::Answered(_) | E::Closed(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &CaseEvent, recorded: &Recorded) {
        use CaseEvent as E;
        let before = self.status;
        if before == CaseStatus::Closed && matches!(event, E::Closed(_)) {
            note_anomaly(&mut self.anomalies, recorded, "the case had been closed before");
        }
        self.keep(event, recorded);
        self.status = self.stands(before, event);
        match event {
            E::QueryReceived(event) => {
                self.receive(CaseKind::Query, &event.unit, event.category);
                self.concern(&event.activities, &event.platform);
            }
            E::ComplaintReceived(event) => {
                self.receive(CaseKind::Complaint, &event.unit, event.category);
                self.concern(&event.activities, &event.platform);
                self.objection = event.objection.clone().or(self.objection.take());
            }
            E::SupervisoryComplaintReceived(event) => {
                self.receive(CaseKind::SupervisoryComplaint, &event.unit, event.category);
                self.concern(&event.activities, &event.platform);
            }
            E::ImpactTriaged(event) => {
                self.impact = Some(event.impact);
                self.category = event.category.or(self.category);
                self.objection = event.objection.clone().or(self.objection.take());
            }
            E::Forwarded(event) => self.unit = event.to.clone().or(self.unit.take()),
            E::Escalated(_) | E::Answered(_) | E::Closed(_) | E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let complaint = self.complaint_received.as_ref().map(|received| &received.fact);
        let request = complaint.and_then(|complaint| complaint.request.as_ref());
        let once = [
            self.unit.as_ref().map(|unit| ("unit", unit.to_string())),
            self.kind.map(|kind| ("kind", key_text(&kind))),
            // A complaint by any kind: the register of complaints is listed by it.
            self.kind.filter(|kind| *kind != CaseKind::Query).map(|_| ("complaint", "true".to_owned())),
            self.category.map(|category| ("category", key_text(&category))),
            self.impact.map(|impact| ("impact", key_text(&impact))),
            self.platform.as_ref().map(|platform| ("platform", platform.to_string())),
            self.objection.as_ref().map(|objection| ("objection", objection.to_string())),
            request.map(|request| ("request", request.to_string())),
            Some(("status", key_text(&self.status))),
        ];
        let activities = self.activities.iter().map(|activity| ("activity", activity.to_string()));
        once.into_iter().flatten().chain(activities).collect()
    }
}

fn admit_activities(activities: &[StreamId]) -> Result<(), Refusal> {
    link("activities", "activity", activities)?;
    distinct("activities", activities)
}

/// Refuses an escalation to nobody, and to one addressee twice.
pub(super) fn addressed(addressees: &[Escalation]) -> Result<(), Refusal> {
    not_empty("addressees", addressees)?;
    distinct("addressees", addressees)
}

impl Case {
    /// Work on an earlier step does not undo a later one; only a new complaint opens a closed case again.
    fn stands(&self, before: CaseStatus, event: &CaseEvent) -> CaseStatus {
        use CaseEvent as E;
        let received =
            matches!(event, E::QueryReceived(_) | E::ComplaintReceived(_) | E::SupervisoryComplaintReceived(_));
        match before {
            CaseStatus::Closed if received => self.status,
            _ => self.status.max(before),
        }
    }

    fn receive(&mut self, kind: CaseKind, unit: &Option<Code>, category: Option<CaseCategory>) {
        self.kind = Some(kind);
        self.unit = unit.clone().or(self.unit.take());
        self.category = category.or(self.category);
    }

    /// None named: as before.
    fn concern(&mut self, activities: &[StreamId], platform: &Option<Code>) {
        if !activities.is_empty() {
            self.activities = activities.to_vec();
        }
        self.platform = platform.clone().or(self.platform.take());
    }
}

#[cfg(test)]
mod tests;
