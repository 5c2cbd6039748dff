//! Data protection impact assessments: what processing may do to people, what is done about it, and what is left
//! (GDPR Art. 35), with the consultation of the authority where too much is left (Art. 36).
//!
//! One assessment may cover several similar activities; that one is needed is screened in the stream of the activity.
//! An approval without an assessment, without advice or in spite of a high residual risk is recorded as it happened; a
//! rule says what it is worth.

use crate::family::activity::Activity;
use crate::family::declare;
use crate::family::dossier::{Refusal, controllers_act, distinct, links, not_empty};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, push_keys};
use crate::family::value::{AdviceResponse, Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{PartialDate, Term};

declare! {
    family Dpia many dpias = "gegevensbeschermingseffectbeoordeling", in register;

    /// How high a likelihood, a severity or a risk is.
    choice RiskLevel as "DpiaRiskLevel" {
        Low = "laag" "Low.",
        Medium = "midden" "Medium.",
        High = "hoog" "High (Art. 35(1), 36(1)).",
    }

    /// What a risk is about (Art. 35(7)(c)).
    choice RiskTopic as "DpiaRiskTopic" {
        LossOfControl = "verlies van controle en hergebruik"
            "People lose their grip on the data, or a platform uses them again.",
        ConsentValidity = "geldigheid van de toestemming" "Consent may not be free, informed or specific (Art. 7).",
        Transfer = "doorgifte naar een derde land" "Data go to a third country (Chapter V).",
        TransferGap = "ontbrekende doorgiftegrond of afspraak" "A transfer lacks an agreement or a ground (Art. 46).",
        UnauthorisedAccess = "onbevoegde inzage" "Somebody sees the data who should not (Art. 32).",
        UnwantedChange = "ongewenste wijziging" "Data are changed that should not be (Art. 5(1)(d), 32).",
        LossOfData = "verlies of onbeschikbaarheid" "Data get lost or out of reach (Art. 32).",
        PurposeCreep = "gebruik voor een ander doel" "Data are used for another purpose (Art. 5(1)(b)).",
        Excess = "bovenmatige verwerking" "More data are used, or longer, than needed (Art. 5(1)(c), (e)).",
        Profiling = "profilering en geautomatiseerde besluitvorming" "People are profiled or decided upon (Art. 22).",
        Discrimination = "discriminatie of uitsluiting" "People are treated unequally or shut out.",
        RightsAndTransparency = "transparantie en rechten van betrokkenen"
            "People do not know what happens or cannot use their rights (Art. 12-22).",
        VulnerableGroups = "kwetsbare groepen" "Children or others who are vulnerable are touched.",
        Other "Something else, which the description says.",
    }

    /// An assessment is started (Art. 35(1), (7)(a)).
    event Started as "DpiaStarted" = "gestart", once started -> Started "Its start." {
        scope: Erasable<LangText>? = "reikwijdte" "What it is about: the processing described systematically.",
        activities: Vec<StreamId> "The activities that it is to cover.",
        unit: Code? key "The unit that makes it.",
        method: Code? = "methode" "The method that it follows, as `CNIL-PIA`.",
        method_version: Code? = "versie van de methode" "The version of the method.",
    }

    /// The data protection officer is consulted on the assessment (Art. 35(2), 38(1)).
    event DpoConsulted of crate::family::advice::DpoConsulted = "FG geraadpleegd",
        every dpo_consulted "Consultations of the data protection officer, oldest first.";

    /// Data subjects or those who speak for them are asked for their views (Art. 35(9)).
    event DataSubjectsConsulted as "DpiaDataSubjectsConsulted" = "betrokkenen geraadpleegd",
        every data_subjects_consulted "What data subjects were asked, oldest first." {
        groups: Vec<Code> = "groepen"
            "Which groups, as `STUDENT`; a council that speaks for one is a group too, as `STUDENT_COUNCIL`.",
        views: Erasable<String>? = "standpunt" "What they said.",
        follow_up: Erasable<String>? = "wat ermee is gedaan" "What was done with it.",
        document: Document? "The record of it.",
    }

    /// Data subjects are not asked for their views (Art. 35(9): where appropriate).
    event ConsultationWaived as "DpiaConsultationWaived" domain "ConsultationWaived"
        = "van raadpleging van betrokkenen afgezien",
        last consultation_waived "Why data subjects were not asked, as last said." {
        reason: Erasable<String> "Why not.",
    }

    /// A risk to the rights and freedoms of people is recorded, or weighed anew (Art. 35(7)(c)).
    event RiskRecorded as "DpiaRiskRecorded" = "risico vastgelegd",
        every risks_recorded "Risks as they were recorded, oldest first." {
        risk: Code? = "risico" "The code by which measures name it; recorded again, the last record counts.",
        topic: RiskTopic = "onderwerp" "What it is about.",
        likelihood: RiskLevel? = "kans" "How likely it is.",
        severity: RiskLevel? = "ernst" "How severe it would be.",
        level: RiskLevel? = "risico zonder maatregelen" "How high the risk is without measures.",
        description: Erasable<String>? "What may happen, and to whom.",
    }

    /// A measure against risks is adopted (Art. 35(7)(d)).
    event MeasureAdopted as "DpiaMeasureAdopted" = "maatregel vastgesteld",
        every measures_adopted "Measures, oldest first." {
        risk: Code? = "risico" "The risk against which it is; absent: against none in particular.",
        measure: Erasable<String> "The measure.",
        residual: RiskLevel? = "restrisico" "How high the risk is with it.",
        closes: bool? = "risico afgesloten"
            "Whether the risk is dealt with for good, as a missing agreement that was made.",
        owner: Code? = "verantwoordelijke" "The role that sees to it.",
        due: PartialDate? = "gereed uiterlijk" "By when it is to be in place.",
    }

    /// The data protection officer advises on the assessment (Art. 35(2), 39(1)(c)).
    event DpoAdviceIssued of crate::family::advice::DpoAdviceIssued = "FG-advies uitgebracht",
        every dpo_advice_issued "Advice of the data protection officer, oldest first.";

    /// It is said what becomes of the data protection officer's advice: followed or deviated from (Art. 35(2), 38(1)).
    event DpoAdviceAnswered as "DpiaDpoAdviceAnswered" domain "DpoAdviceDeviated" = "op FG-advies gereageerd",
        every dpo_advice_answered "What became of the advice, oldest first." {
        response: AdviceResponse = "reactie" "Followed or not, with the reasons.",
        by: Code? "The role that answers.",
    }

    /// What an assessment recommends.
    choice Recommendation as "DpiaRecommendation" {
        Continue = "doorgaan" "To go on.",
        ContinueWithMeasures = "doorgaan met maatregelen" "To go on once the measures are in place.",
        ConsultAuthority = "eerst voorafgaande raadpleging van de AP" "To consult the authority first (Art. 36(1)).",
        NotContinue = "niet doorgaan" "Not to go on.",
    }

    /// An assessment is completed (Art. 35(7)).
    event Completed as "DpiaCompleted" = "afgerond", last completed -> Completed "Its completion, as last made." {
        activities: Vec<StreamId> "The activities that it covers; none named: those for which it was started.",
        inherent: RiskLevel? = "risico zonder maatregelen" "How high the risk would be without any measures.",
        residual: RiskLevel? = "restrisico" key
            "How high the risk is with the measures; high: the authority is to be consulted (Art. 36(1)).",
        recommendation: Recommendation? = "aanbeveling" "What it recommends.",
        document: Document? "The assessment as a document.",
    }

    /// An assessment is approved: the processing may go on as it says.
    event Approved as "DpiaApproved" = "goedgekeurd", last approved -> Approved "Its last approval." {
        by: Code? "The role that approves.",
        advice_response: AdviceResponse? "What became of the officer's advice, where no fact of its own says it.",
        next_review: PartialDate? "When it is to be reviewed.",
    }

    /// An assessment is rejected: the processing may not go on as it says.
    event Rejected as "DpiaRejected" = "afgewezen", last rejected -> Rejected "Its last rejection." {
        by: Code? "The role that rejects.",
        reason: Erasable<String>? "Why.",
        advice_response: AdviceResponse? "What became of the officer's advice, where no fact of its own says it.",
    }

    /// What a review of an assessment found.
    choice ReviewOutcome as "DpiaReviewOutcome" {
        Maintained "The assessment stays in force.",
        RevisionNeeded = "herziening nodig" "The risk has changed: it has to be made and approved anew.",
    }

    /// An assessment is reviewed, above all where the risk changes (Art. 35(11)).
    event Reviewed as "DpiaReviewed" = "herbeoordeeld",
        every reviewed needs started or completed or approved or rejected "Its reviews, oldest first." {
        trigger: Code? "The reference of what led to it, as `ACT-002`.",
        outcome: ReviewOutcome? "What was found; absent: the review was opened, and has found nothing yet.",
        next_review: PartialDate? "When it is to be reviewed next.",
    }

    /// The authority is consulted before the processing (Art. 36(1), (3)).
    event PriorConsultationRequested as "DpiaPriorConsultationRequested" domain "PriorConsultationRequested"
        = "voorafgaande raadpleging gevraagd",
        last consultation_requested "The last request to the authority." {
        authority: Code? = "toezichthouder" "The authority, as `AP`.",
        authority_reference: Code? = "kenmerk van de toezichthouder" "The authority's own reference.",
        dossier: Document? = "dossier" "What was sent (Art. 36(3)).",
    }

    /// The authority takes more time (Art. 36(2): six weeks more than eight).
    event PriorConsultationExtended as "DpiaPriorConsultationExtended" domain "PriorConsultationExtended"
        = "voorafgaande raadpleging verlengd",
        every consultation_extended needs consultation_requested "That the authority took more time, oldest first." {
        by: Term? = "met" "By how much, as `P6W`.",
        reason: Erasable<String>? "Why.",
    }

    /// The authority's time stands still until it has what it asked for (Art. 36(2)).
    event PriorConsultationSuspended as "DpiaPriorConsultationSuspended" domain "PriorConsultationSuspended"
        = "voorafgaande raadpleging opgeschort",
        every consultation_suspended needs consultation_requested
            "That the authority's time stood still, oldest first." {
        asked: Erasable<String>? = "gevraagde informatie" "What it asked for.",
    }

    /// The authority has what it asked for, and its time runs again (Art. 36(2)).
    event PriorConsultationResumed as "DpiaPriorConsultationResumed" domain "PriorConsultationResumed"
        = "voorafgaande raadpleging hervat",
        every consultation_resumed needs consultation_suspended "That the authority's time ran again, oldest first." {
        document: Document? "What was sent.",
    }

    /// How a consultation of the authority ended (Art. 36(2), 58).
    choice ConsultationOutcome as "DpiaConsultationOutcome" {
        NoObjection = "geen bezwaar" "The authority has no objection.",
        WrittenAdvice = "schriftelijk advies" "The authority advises in writing what has to change (Art. 36(2)).",
        Prohibited = "verbod of beperking" "The authority forbids or limits the processing (Art. 58(2)(f)).",
        Withdrawn "The request was withdrawn.",
    }

    /// A consultation of the authority ends (Art. 36(2)).
    event PriorConsultationConcluded as "DpiaPriorConsultationConcluded" domain "PriorConsultationConcluded"
        = "voorafgaande raadpleging afgesloten",
        last consultation_concluded needs consultation_requested "The last end of a consultation." {
        outcome: ConsultationOutcome "How.",
        document: Document? "The authority's answer.",
    }

    /// Where an assessment stands.
    choice DpiaStatus {
        #[default] Screened = "gescreend"
            "Not started: there is no more than the screening, in the stream of the activity.",
        Started = "gestart" "In the making.",
        Completed = "afgerond" "Made, not decided upon.",
        Approved "Approved.",
        Rejected "Rejected.",
        ReviewDue = "aan herbeoordeling toe" "To be made and approved anew.",
    }

    /// Where the consultation of the authority stands (Art. 36).
    choice ConsultationStatus as "DpiaConsultationStatus" {
        #[default] NotRequested = "niet gevraagd" "The authority was not consulted.",
        Requested = "gevraagd" "The authority is consulted.",
        Extended = "verlengd" "The authority has taken more time.",
        Suspended = "opgeschort" "The authority's time stands still.",
        Concluded = "afgesloten" "It has ended.",
    }

    /// A risk as it stands: as last recorded, with what the measures against it leave.
    record StandingRisk as "DpiaStandingRisk" {
        risk: Code? = "risico" "The code by which measures name it.",
        topic: RiskTopic = "onderwerp" "What it is about.",
        likelihood: RiskLevel? = "kans" "How likely it is.",
        severity: RiskLevel? = "ernst" "How severe it would be.",
        level: RiskLevel? = "risico zonder maatregelen" "How high it is without measures.",
        residual: RiskLevel? = "restrisico"
            "How high it is with the measures, as the last of them that says so has it.",
        measures: u32 = "aantal maatregelen" "How many measures name it.",
        closed: bool = "afgesloten" "Whether a measure dealt with it for good.",
        since: PartialDate "Since when it is known so.",
        sequence: Sequence "The fact that says so.",
    }

    /// A data protection impact assessment at one moment.
    state Dpia as "DpiaState" of DpiaStatus key {
        activities: Vec<StreamId>
            "The activities that it covers: those of its completion, before that those of its start.",
        risks: Vec<StandingRisk> = "risico's" "The risks, each as it stands.",
        advice_response: AdviceResponse?
            "What became of the last advice of the data protection officer, as far as anybody said.",
        next_review: PartialDate? "When it is to be reviewed, as last set.",
        consultation: ConsultationStatus = "voorafgaande raadpleging" key
            "Where the consultation of the authority stands.",
    }

    keys { activity: StreamId "Assessments that cover an activity.", }

    relations {
        processingActivities: many activity ours activity = "verwerkingsactiviteiten"
            "The processing activities that it covers (Art. 35(1)).",
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit that makes it.",
    }
}

impl Family for Dpia {
    fn admit(&self, event: &DpiaEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use DpiaEvent as E;
        controllers_act(context.place)?;
        self.admit_order(event)?;
        match event {
            E::Started(event) => links("activities", Activity::NAME, &event.activities),
            E::Completed(event) => links("activities", Activity::NAME, &event.activities),
            E::DataSubjectsConsulted(event) => {
                not_empty("groups", &event.groups)?;
                distinct("groups", &event.groups)
            }
            E::PriorConsultationExtended(_)
            | E::PriorConsultationSuspended(_)
            | E::PriorConsultationResumed(_)
            | E::PriorConsultationConcluded(_)
                if self.consultation == ConsultationStatus::Concluded =>
            {
                let message =
                    "this consultation has ended; if the authority is asked again, record `priorConsultationRequested`";
                Err(Refusal::new(RejectionCode::Ended, "", message))
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &DpiaEvent, recorded: &Recorded) {
        self.keep(event, recorded);
        self.cover();
        self.weigh();
        self.decide(event);
        self.consult(event);
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "activity", &self.activities);
        keys
    }
}

impl Dpia {
    fn cover(&mut self) {
        let completed = self.completed.iter().map(|completed| &completed.fact.activities);
        let started = self.started.iter().map(|started| &started.fact.activities);
        let named = completed.chain(started).find(|activities| !activities.is_empty());
        self.activities = named.cloned().unwrap_or_default();
    }

    /// Puts the risks together anew: a measure may be dated before the risk against which it is.
    fn weigh(&mut self) {
        let mut risks: Vec<StandingRisk> = Vec::new();
        for recorded in &self.risks_recorded {
            let risk = StandingRisk {
                risk: recorded.fact.risk.clone(),
                topic: recorded.fact.topic,
                likelihood: recorded.fact.likelihood,
                severity: recorded.fact.severity,
                level: recorded.fact.level,
                residual: None,
                measures: 0,
                closed: false,
                since: recorded.from,
                sequence: recorded.sequence,
            };
            match risks.iter_mut().find(|known| known.risk.is_some() && known.risk == risk.risk) {
                Some(known) => *known = risk,
                None => risks.push(risk),
            }
        }
        for measure in self.measures_adopted.iter().map(|measure| &measure.fact) {
            if let Some(risk) = risks.iter_mut().find(|known| measure.risk.is_some() && known.risk == measure.risk) {
                risk.measures = risk.measures.saturating_add(1);
                risk.residual = measure.residual.or(risk.residual);
                risk.closed = measure.closes.unwrap_or(risk.closed);
            }
        }
        self.risks = risks;
    }

    fn decide(&mut self, event: &DpiaEvent) {
        match event {
            DpiaEvent::DpoAdviceIssued(_) => self.advice_response = None,
            DpiaEvent::DpoAdviceAnswered(event) => self.advice_response = Some(event.response.clone()),
            DpiaEvent::Approved(event) => {
                self.next_review = event.next_review;
                self.advice_response = event.advice_response.clone().or(self.advice_response.take());
            }
            DpiaEvent::Rejected(event) => {
                self.advice_response = event.advice_response.clone().or(self.advice_response.take());
            }
            DpiaEvent::Reviewed(event) => {
                self.next_review = event.next_review.or(self.next_review);
                if event.outcome == Some(ReviewOutcome::RevisionNeeded) {
                    self.status = DpiaStatus::ReviewDue;
                }
            }
            _ => {}
        }
    }

    fn consult(&mut self, event: &DpiaEvent) {
        self.consultation = match event {
            DpiaEvent::PriorConsultationRequested(_) => ConsultationStatus::Requested,
            DpiaEvent::PriorConsultationExtended(_) => ConsultationStatus::Extended,
            DpiaEvent::PriorConsultationSuspended(_) => ConsultationStatus::Suspended,
            DpiaEvent::PriorConsultationResumed(_) if self.extended() => ConsultationStatus::Extended,
            DpiaEvent::PriorConsultationResumed(_) => ConsultationStatus::Requested,
            DpiaEvent::PriorConsultationConcluded(_) => ConsultationStatus::Concluded,
            _ => return,
        };
    }

    /// Whether the authority has taken more time since it was last consulted: it keeps that after its time stood still.
    fn extended(&self) -> bool {
        let requested = self.consultation_requested.as_ref().map(|requested| requested.from.earliest());
        let extended = self.consultation_extended.last().map(|extended| extended.from.earliest());
        extended.is_some() && extended >= requested
    }
}

#[cfg(test)]
mod tests;
