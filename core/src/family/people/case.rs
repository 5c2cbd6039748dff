//! Cases: queries and complaints about the processing of personal data, from receipt to answer (GDPR Art. 12(2),
//! 24, 77; Awb chapter 9).
//!
//! A complaint about adverts that follow a person is an objection (Art. 21(2), (3)): it names the objection that it
//! opens. A query that turns out to be a complaint stays one case; so does one that the complainant takes to the
//! authority.

use crate::family::declare;
use crate::family::dossier::{Newer, Refusal, controllers_act, ended, link, links};
pub use crate::family::handling::{Escalation, Impact, ReportChannel, ReporterCategory};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, note_anomaly, push_keys};
use crate::family::value::Evidence;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term, year_of};

declare! {
    family Case many cases = "vraag of klacht", about a person;

    /// What a case is.
    choice CaseKind {
        Query = "vraag" "A query.",
        Complaint = "klacht" "A complaint to the institution.",
        SupervisoryComplaint = "klacht bij de toezichthouder" "A complaint to the supervisory authority (Art. 77).",
    }

    /// To whom a complaint is addressed.
    choice Addressee as "ComplaintAddressee" {
        Unit = "beheerseenheid" "A management unit.",
        Dpo = "FG" "The data protection officer (Art. 38(4)).",
        Board = "college van bestuur" "The executive board.",
    }

    /// What a case is about.
    choice CaseCategory {
        Retargeting = "retargeting of automatische opvolging"
            "Adverts that follow a person, or automated follow-up; it counts as an objection (Art. 21(2), (3), 22).",
        DirectMarketing = "direct marketing" "Direct marketing otherwise; it counts as an objection (Art. 21(2), (3)).",
        ImageUse = "beeldgebruik" "Use of pictures, film or sound.",
        Consent = "toestemming" "Consent or its withdrawal (Art. 7).",
        LegalBasis = "grondslag" "Another legal basis, or the lack of one (Art. 6).",
        Information = "informatieverstrekking" "Information about processing (Art. 12 to 14).",
        RequestHandling = "afhandeling van een verzoek" "How a request was handled (Art. 12(4), 15 to 22).",
        Disclosure = "verstrekking of doorgifte" "Disclosure to others, or transfer (Art. 44).",
        Retention = "bewaartermijn" "How long data are kept (Art. 5(1)(e)).",
        Security = "beveiliging of datalek" "Security or a breach (Art. 32 to 34).",
        Other "Another matter.",
    }

    /// A query about the processing of personal data is received.
    event QueryReceived = "vraag ontvangen", once query_received -> Open "The query." {
        unit: Code? "The unit that received it.",
        channel: ReportChannel? "By which channel.",
        submitter_category: ReporterCategory? = "categorie indiener" "As what the person asks.",
        submitter: Erasable<String>? = "indiener" "Who asks.",
        subject: Erasable<String>? = "betrokkene" "The data subject, by an opaque name.",
        category: CaseCategory? = "categorie" "What it is about.",
        activities: Vec<StreamId> "The activities that it is about.",
        platform: Code? = "platform" "The platform that it is about.",
        text: Erasable<String>? = "tekst" "What is asked.",
    }

    /// A complaint about the processing of personal data is received (Awb Art. 9:1).
    event ComplaintReceived = "klacht ontvangen", once complaint_received -> Open "The complaint." {
        unit: Code? "The unit that received it.",
        addressee: Addressee? = "geadresseerde" "To whom it is addressed.",
        channel: ReportChannel? "By which channel.",
        submitter_category: ReporterCategory? = "categorie indiener" "As what the person complains.",
        submitter: Erasable<String>? = "indiener" "Who complains.",
        subject: Erasable<String>? = "betrokkene" "The data subject, by an opaque name.",
        category: CaseCategory? = "categorie" "What it is about.",
        activities: Vec<StreamId> "The activities that it is about.",
        platform: Code? = "platform" "The platform that it is about.",
        advisory_committee: bool? = "adviescommissie" "Whether an advisory committee hears it (Awb Art. 9:13).",
        objection: StreamId? = "bezwaar" "The objection that it opens (Art. 21).",
        request: StreamId? = "verzoek" key "The data subject's request with whose handling it finds fault.",
        text: Erasable<String>? = "tekst" "What the complaint says.",
    }

    /// The institution learns of a complaint to the supervisory authority (GDPR Art. 77).
    event SupervisoryComplaintReceived = "klacht bij de toezichthouder ontvangen",
        once supervisory_complaint_received -> Open "The complaint to the supervisory authority." {
        unit: Code? "The unit whom it concerns.",
        authority: Code? = "toezichthoudende autoriteit" "The authority, as `AP`.",
        reference: Code? = "kenmerk" "The authority's own reference.",
        channel: ReportChannel? "By which channel.",
        submitter_category: ReporterCategory? = "categorie indiener" "As what the complainant complains.",
        subject: Erasable<String>? = "betrokkene" "The data subject, by an opaque name.",
        category: CaseCategory? = "categorie" "What it is about.",
        activities: Vec<StreamId> "The activities that it is about.",
        platform: Code? = "platform" "The platform that it is about.",
        answer_due: PartialDate? = "te beantwoorden voor" "By when the authority wants an answer.",
        text: Erasable<String>? = "tekst" "What the complaint says.",
    }

    /// It is judged how much is at stake.
    event ImpactTriaged as "CaseImpactTriaged" domain "ImpactTriaged" = "impact ingeschat",
        every impact_triaged needs query_received or complaint_received or supervisory_complaint_received -> Triaged
            "What was judged to be at stake, oldest first." {
        impact: Impact = "impact" "How much.",
        class: Code? = "klasse" "The class of cases to which it belongs.",
        term: Term? "Within which term cases of that class are resolved.",
        category: CaseCategory? = "categorie" "What it turns out to be about.",
        objection: StreamId? = "bezwaar" "The objection that it opens (Art. 21).",
        reason: Erasable<String>? "Why it is judged so.",
    }

    /// It is passed to whom it concerns.
    event Forwarded as "CaseForwarded" of crate::family::handling::Forwarded = "doorgestuurd",
        every forwarded needs query_received or complaint_received or supervisory_complaint_received -> Forwarded
            "To whom it was passed, oldest first.";

    /// Those who must know of a serious risk are told.
    event Escalated as "CaseEscalated" of crate::family::handling::Escalated = "geëscaleerd",
        every escalated needs query_received or complaint_received or supervisory_complaint_received
            "Who was told of a serious risk, oldest first.";

    /// How a case turns out.
    choice CaseOutcome {
        Informed = "vraag beantwoord" "The query is answered.",
        WellFounded = "gegrond" "The complaint is well founded.",
        PartlyWellFounded = "gedeeltelijk gegrond" "The complaint is well founded in part.",
        Unfounded = "ongegrond" "The complaint is unfounded.",
        NotTakenUp = "niet in behandeling genomen" "It is not taken up (Awb Art. 9:8).",
        Settled = "in der minne opgelost" "It is settled with the person.",
        Withdrawn "The person took it back.",
    }

    /// The person, or the authority, is given an answer (Awb Art. 9:12).
    event AnswerPostponed as "CaseAnswerPostponed" = "afdoening verdaagd",
        every answer_postponed needs complaint_received "When the answer was postponed in writing (Awb Art. 9:11(2)-(3)), oldest first." {
        until: PartialDate? = "verdaagd tot" "Until when.",
        agreed: bool? = "met instemming van de klager" "Whether the complainant agrees, which more than four weeks ask for.",
    }

    /// It is answered.
    event Answered as "CaseAnswered" = "beantwoord",
        every answered needs query_received or complaint_received or supervisory_complaint_received -> Answered
            "The answers, oldest first." {
        outcome: CaseOutcome? "How the case turns out.",
        channel: ReportChannel? "By which channel.",
        decided_by: Code? = "besloten door (rol)" "In which role somebody decided on it.",
        answer: Erasable<String>? = "antwoord" "What is answered.",
        measures: Vec<Erasable<String>> "What is done because of it.",
        remedies_told: bool? = "rechtsmiddelen vermeld"
            "Whether the answer says where the person can go next (Awb Art. 9:12(2); GDPR Art. 77, 79).",
        evidence: Erasable<Evidence>? "The answer as it was given.",
    }

    /// The case is closed.
    event Closed as "CaseClosed" = "gesloten",
        last closed needs query_received or complaint_received or supervisory_complaint_received -> Closed "Its end." {
        outcome: CaseOutcome? "How it turned out.",
        reason: Erasable<String>? "Why it is closed, above all without an answer.",
    }

    /// Where a case stands.
    choice CaseStatus {
        #[default] NotReceived = "niet ontvangen" "Nothing is received.",
        Open = "open" "Received.",
        Triaged = "ingeschat" "It is judged how much is at stake.",
        Forwarded = "doorgestuurd" "Passed to whom it concerns.",
        Answered = "beantwoord" "Answered.",
        Closed = "gesloten" "Closed.",
    }

    /// A query or complaint at one moment.
    state Case as "CaseState" of CaseStatus key {
        kind: CaseKind? key "What it is now.",
        unit: Code? key "The unit that has it now.",
        category: CaseCategory? = "categorie" key "What it is about, as last judged.",
        impact: Impact? = "impact" key "How much is at stake, as last judged.",
        activities: Vec<StreamId> "The activities that it is about.",
        platform: Code? = "platform" key "The platform that it is about.",
        objection: StreamId? = "bezwaar" key "The objection that it opened.",
    }

    keys {
        activity: StreamId "Cases about an activity.",
        complaint: bool "Complaints of every kind.",
        complaint_year: u16 "Complaints that were received in a year.",
        query_year: u16 "Queries that were received in a year.",
    }

    relations {
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit that has it now.",
        concernedActivities: many activity ours activity = "betrokken verwerkingsactiviteiten"
            "The processing activities that it is about.",
        concernedPlatform: one platform shared platform platform = "betrokken platform" "The platform it is about.",
        openedObjection: one objection ours objection = "geopend bezwaar" "The objection that it opened.",
        contestedRequest: one dataSubjectRequest ours request = "bestreden verzoek"
            "The data subject's request with whose handling it finds fault.",
        breaches: many breach theirs case = "datalekken" "The breaches that it brought to light.",
    }
}

impl Family for Case {
    fn admit(&self, event: &CaseEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use CaseEvent as E;
        // Anyone may ask and complain; what is done with it is the controller's to say.
        if !matches!(event, E::QueryReceived(_) | E::ComplaintReceived(_)) {
            controllers_act(context.place)?;
        }
        self.admit_order(event)?;
        match event {
            E::Closed(_) if self.status == CaseStatus::Closed => ended("this case is closed already"),
            E::QueryReceived(event) => links("activities", "activity", &event.activities),
            E::ComplaintReceived(event) => {
                links("activities", "activity", &event.activities)?;
                link("objection", "objection", &event.objection)?;
                link("request", "dataSubjectRequest", &event.request)
            }
            E::SupervisoryComplaintReceived(event) => links("activities", "activity", &event.activities),
            E::ImpactTriaged(event) => link("objection", "objection", &event.objection),
            E::Escalated(event) => event.admit(),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &CaseEvent, recorded: &Recorded) {
        use CaseEvent as E;
        let before = self.status;
        if before == CaseStatus::Closed && matches!(event, E::Closed(_)) {
            note_anomaly(&mut self.anomalies, recorded, "the case had been closed before");
        }
        self.keep(event, recorded);
        let received = match event {
            E::QueryReceived(event) => {
                Some((CaseKind::Query, &event.unit, event.category, &event.activities, &event.platform))
            }
            E::ComplaintReceived(event) => {
                Some((CaseKind::Complaint, &event.unit, event.category, &event.activities, &event.platform))
            }
            E::SupervisoryComplaintReceived(event) => {
                Some((CaseKind::SupervisoryComplaint, &event.unit, event.category, &event.activities, &event.platform))
            }
            _ => None,
        };
        // Work on an earlier step does not undo a later one; only a new complaint opens a closed case again.
        if before != CaseStatus::Closed || received.is_none() {
            self.status = self.status.max(before);
        }
        if let Some((kind, unit, category, activities, platform)) = received {
            self.kind = Some(kind);
            Newer::take_over(&mut self.unit, unit);
            Newer::take_over(&mut self.category, &category);
            Newer::take_over(&mut self.activities, activities);
            Newer::take_over(&mut self.platform, platform);
        }
        match event {
            E::ComplaintReceived(event) => Newer::take_over(&mut self.objection, &event.objection),
            E::ImpactTriaged(event) => {
                self.impact = Some(event.impact);
                Newer::take_over(&mut self.category, &event.category);
                Newer::take_over(&mut self.objection, &event.objection);
            }
            E::Forwarded(event) => Newer::take_over(&mut self.unit, &event.to),
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "activity", &self.activities);
        // A complaint by any kind: the register of complaints is listed by it.
        push_keys(&mut keys, "complaint", &self.kind.filter(|kind| *kind != CaseKind::Query).map(|_| true));
        let year = |from: PartialDate| u16::try_from(year_of(from.earliest())).ok();
        push_keys(
            &mut keys,
            "complaintYear",
            &self.complaint_received.as_ref().and_then(|received| year(received.from)),
        );
        push_keys(&mut keys, "queryYear", &self.query_received.as_ref().and_then(|received| year(received.from)));
        keys
    }
}

#[cfg(test)]
mod tests;
