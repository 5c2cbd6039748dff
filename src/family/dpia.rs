//! Data protection impact assessments: what processing may do to people, what is done about it, and what is left
//! (GDPR Art. 35), with the consultation of the authority where too much is left (Art. 36).
//!
//! One assessment may cover several similar activities; that one is needed is screened in the stream of the activity. An approval
//! without an assessment, without advice or in spite of a high residual risk is recorded as it happened; a rule says what it is worth.

use super::activity::Activity;
use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, controllers_act, link, not_empty};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text};
use super::value::{AdviceOutcome, AdviceResponse, Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{PartialDate, Term};

choice! {
    /// How high a likelihood, a severity or a risk is.
    RiskLevel "DpiaRiskLevel" {
        /// Low.
        Low = "laag",
        /// Medium.
        Medium = "midden",
        /// High (Art. 35(1), 36(1)).
        High = "hoog",
    }
}

choice! {
    /// What a risk is about (Art. 35(7)(c)).
    RiskTopic "DpiaRiskTopic" {
        /// People lose their grip on the data, or a platform uses them again.
        LossOfControl = "verlies van controle en hergebruik",
        /// Consent may not be free, informed or specific (Art. 7).
        ConsentValidity = "geldigheid van de toestemming",
        /// Data go to a third country (Chapter V).
        Transfer = "doorgifte naar een derde land",
        /// A transfer lacks an agreement or a ground (Art. 46).
        TransferGap = "ontbrekende doorgiftegrond of afspraak",
        /// Somebody sees the data who should not (Art. 32).
        UnauthorisedAccess = "onbevoegde inzage",
        /// Data are changed that should not be (Art. 5(1)(d), 32).
        UnwantedChange = "ongewenste wijziging",
        /// Data get lost or out of reach (Art. 32).
        LossOfData = "verlies of onbeschikbaarheid",
        /// Data are used for another purpose (Art. 5(1)(b)).
        PurposeCreep = "gebruik voor een ander doel",
        /// More data are used, or longer, than needed (Art. 5(1)(c), (e)).
        Excess = "bovenmatige verwerking",
        /// People are profiled or decided upon (Art. 22).
        Profiling = "profilering en geautomatiseerde besluitvorming",
        /// People are treated unequally or shut out.
        Discrimination = "discriminatie of uitsluiting",
        /// People do not know what happens or cannot use their rights (Art. 12-22).
        RightsAndTransparency = "transparantie en rechten van betrokkenen",
        /// Children or others who are vulnerable are touched.
        VulnerableGroups = "kwetsbare groepen",
        /// Something else, which the description says.
        Other,
    }
}

record! {
    /// An assessment is started (Art. 35(1), (7)(a)).
    Started "DpiaStarted" "DpiaStartedInput" {
        /// What it is about: the processing described systematically.
        scope: Option<Erasable<LangText>> = "reikwijdte",
        /// The activities that it is to cover.
        activities: Vec<StreamId>,
        /// The unit that makes it.
        unit: Option<Code>,
        /// The method that it follows, as `CNIL-PIA`.
        method: Option<Code> = "methode",
        /// The version of the method.
        method_version: Option<Code> = "versie van de methode",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer is consulted on the assessment (Art. 35(2), 38(1)).
    DpoConsulted "DpiaDpoConsulted" "DpiaDpoConsultedInput" {
        /// What the officer was asked.
        question: Option<Erasable<String>>,
        /// What was handed over.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Data subjects or those who speak for them are asked for their views (Art. 35(9)).
    DataSubjectsConsulted "DpiaDataSubjectsConsulted" "DpiaDataSubjectsConsultedInput" {
        /// Which groups, as `STUDENT`; a council that speaks for one is a group too, as `STUDENT_COUNCIL`.
        groups: Vec<Code> = "groepen",
        /// What they said.
        views: Option<Erasable<String>> = "standpunt",
        /// What was done with it.
        follow_up: Option<Erasable<String>> = "wat ermee is gedaan",
        /// The record of it.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Data subjects are not asked for their views (Art. 35(9): where appropriate).
    ConsultationWaived "DpiaConsultationWaived" "DpiaConsultationWaivedInput" {
        /// Why not.
        reason: Erasable<String>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A risk to the rights and freedoms of people is recorded, or weighed anew (Art. 35(7)(c)).
    RiskRecorded "DpiaRiskRecorded" "DpiaRiskRecordedInput" {
        /// The code by which measures name it; recorded again, the newest word counts.
        risk: Option<Code> = "risico",
        /// What it is about.
        topic: RiskTopic = "onderwerp",
        /// How likely it is.
        likelihood: Option<RiskLevel> = "kans",
        /// How severe it would be.
        severity: Option<RiskLevel> = "ernst",
        /// How high the risk is without measures.
        level: Option<RiskLevel> = "risico zonder maatregelen",
        /// What may happen, and to whom.
        description: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A measure against risks is adopted (Art. 35(7)(d)).
    MeasureAdopted "DpiaMeasureAdopted" "DpiaMeasureAdoptedInput" {
        /// The risk against which it is; absent: against none in particular.
        risk: Option<Code> = "risico",
        /// The measure.
        measure: Erasable<String>,
        /// How high the risk is with it.
        residual: Option<RiskLevel> = "restrisico",
        /// Whether the risk is dealt with for good, as a missing agreement that was made.
        closes: Option<bool> = "risico afgesloten",
        /// The role that sees to it.
        owner: Option<Code> = "verantwoordelijke",
        /// By when it is to be in place.
        due: Option<PartialDate> = "gereed uiterlijk",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer advises on the assessment (Art. 35(2), 39(1)(c)).
    DpoAdviceIssued "DpiaDpoAdviceIssued" "DpiaDpoAdviceIssuedInput" {
        /// How the advice turned out.
        outcome: AdviceOutcome,
        /// The advice.
        advice: Option<Erasable<String>>,
        /// The conditions under which there is no objection.
        conditions: Vec<Erasable<String>>,
        /// The advice as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is said what becomes of the data protection officer's advice: followed or deviated from (Art. 35(2), 38(1)).
    DpoAdviceAnswered "DpiaDpoAdviceAnswered" "DpiaDpoAdviceAnsweredInput" {
        /// Followed or not, with the reasons.
        response: AdviceResponse = "reactie",
        /// The role that answers.
        by: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What an assessment recommends.
    Recommendation "DpiaRecommendation" {
        /// To go on.
        Continue = "doorgaan",
        /// To go on once the measures are in place.
        ContinueWithMeasures = "doorgaan met maatregelen",
        /// To consult the authority first (Art. 36(1)).
        ConsultAuthority = "eerst voorafgaande raadpleging van de AP",
        /// Not to go on.
        NotContinue = "niet doorgaan",
    }
}

record! {
    /// An assessment is completed (Art. 35(7)).
    Completed "DpiaCompleted" "DpiaCompletedInput" {
        /// The activities that it covers; none named: those for which it was started.
        activities: Vec<StreamId>,
        /// How high the risk would be without any measures.
        inherent: Option<RiskLevel> = "risico zonder maatregelen",
        /// How high the risk is with the measures; high: the authority is to be consulted (Art. 36(1)).
        residual: Option<RiskLevel> = "restrisico",
        /// What it recommends.
        recommendation: Option<Recommendation> = "aanbeveling",
        /// The assessment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An assessment is approved: the processing may go on as it says.
    Approved "DpiaApproved" "DpiaApprovedInput" {
        /// The role that approves.
        by: Option<Code>,
        /// What became of the officer's advice, where no fact of its own says it.
        advice_response: Option<AdviceResponse>,
        /// When it is to be reviewed.
        next_review: Option<PartialDate>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An assessment is rejected: the processing may not go on as it says.
    Rejected "DpiaRejected" "DpiaRejectedInput" {
        /// The role that rejects.
        by: Option<Code>,
        /// Why.
        reason: Option<Erasable<String>>,
        /// What became of the officer's advice, where no fact of its own says it.
        advice_response: Option<AdviceResponse>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a review of an assessment found.
    ReviewOutcome "DpiaReviewOutcome" {
        /// The assessment still holds.
        Maintained,
        /// The risk has changed: it has to be made and approved anew.
        RevisionNeeded = "herziening nodig",
    }
}

record! {
    /// An assessment is reviewed, above all where the risk changes (Art. 35(11)).
    Reviewed "DpiaReviewed" "DpiaReviewedInput" {
        /// The reference of what led to it, as `ACT-002`.
        trigger: Option<Code>,
        /// What was found; absent: the review was opened, and has found nothing yet.
        outcome: Option<ReviewOutcome>,
        /// When it is to be reviewed next.
        next_review: Option<PartialDate>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The authority is consulted before the processing (Art. 36(1), (3)).
    PriorConsultationRequested "DpiaPriorConsultationRequested" "DpiaPriorConsultationRequestedInput" {
        /// The authority, as `AP`.
        authority: Option<Code> = "toezichthouder",
        /// The authority's own reference.
        authority_reference: Option<Code> = "kenmerk van de toezichthouder",
        /// What was sent (Art. 36(3)).
        dossier: Option<Document> = "dossier",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The authority takes more time (Art. 36(2): six weeks more than eight).
    PriorConsultationExtended "DpiaPriorConsultationExtended" "DpiaPriorConsultationExtendedInput" {
        /// By how much, as `P6W`.
        by: Option<Term> = "met",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The authority's time stands still until it has what it asked for (Art. 36(2)).
    PriorConsultationSuspended "DpiaPriorConsultationSuspended" "DpiaPriorConsultationSuspendedInput" {
        /// What it asked for.
        asked: Option<Erasable<String>> = "gevraagde informatie",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The authority has what it asked for, and its time runs again (Art. 36(2)).
    PriorConsultationResumed "DpiaPriorConsultationResumed" "DpiaPriorConsultationResumedInput" {
        /// What was sent.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// How a consultation of the authority ended (Art. 36(2), 58).
    ConsultationOutcome "DpiaConsultationOutcome" {
        /// The authority has no objection.
        NoObjection = "geen bezwaar",
        /// The authority advises in writing what has to change (Art. 36(2)).
        WrittenAdvice = "schriftelijk advies",
        /// The authority forbids or limits the processing (Art. 58(2)(f)).
        Prohibited = "verbod of beperking",
        /// The request was withdrawn.
        Withdrawn,
    }
}

record! {
    /// A consultation of the authority ends (Art. 36(2)).
    PriorConsultationConcluded "DpiaPriorConsultationConcluded" "DpiaPriorConsultationConcludedInput" {
        /// How.
        outcome: ConsultationOutcome,
        /// The authority's answer.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a data protection impact assessment.
    DpiaEvent "DpiaEvent" "DpiaEventInput",
    retracted "DpiaRetracted" "DpiaRetractedInput"
    {
        /// It is started.
        Started "started" 1 "DpiaStarted" = "gestart",
        /// The data protection officer is consulted.
        DpoConsulted "dpoConsulted" 1 "DpoConsulted" = "FG geraadpleegd",
        /// Data subjects are asked for their views.
        DataSubjectsConsulted "dataSubjectsConsulted" 1 "DpiaDataSubjectsConsulted" = "betrokkenen geraadpleegd",
        /// Data subjects are not asked.
        ConsultationWaived "consultationWaived" 1 "ConsultationWaived" = "van raadpleging van betrokkenen afgezien",
        /// A risk is recorded.
        RiskRecorded "riskRecorded" 1 "DpiaRiskRecorded" = "risico vastgelegd",
        /// A measure is adopted.
        MeasureAdopted "measureAdopted" 1 "DpiaMeasureAdopted" = "maatregel vastgesteld",
        /// The data protection officer advises.
        DpoAdviceIssued "dpoAdviceIssued" 1 "DpoAdviceIssued" = "FG-advies uitgebracht",
        /// The advice is followed or deviated from.
        DpoAdviceAnswered "dpoAdviceAnswered" 1 "DpoAdviceDeviated" = "op FG-advies gereageerd",
        /// It is completed.
        Completed "completed" 1 "DpiaCompleted" = "afgerond",
        /// It is approved.
        Approved "approved" 1 "DpiaApproved" = "goedgekeurd",
        /// It is rejected.
        Rejected "rejected" 1 "DpiaRejected" = "afgewezen",
        /// It is reviewed.
        Reviewed "reviewed" 1 "DpiaReviewed" = "herbeoordeeld",
        /// The authority is consulted.
        PriorConsultationRequested "priorConsultationRequested" 1 "PriorConsultationRequested"
            = "voorafgaande raadpleging gevraagd",
        /// The authority takes more time.
        PriorConsultationExtended "priorConsultationExtended" 1 "PriorConsultationExtended"
            = "voorafgaande raadpleging verlengd",
        /// The authority's time stands still.
        PriorConsultationSuspended "priorConsultationSuspended" 1 "PriorConsultationSuspended"
            = "voorafgaande raadpleging opgeschort",
        /// The authority's time runs again.
        PriorConsultationResumed "priorConsultationResumed" 1 "PriorConsultationResumed"
            = "voorafgaande raadpleging hervat",
        /// The consultation ends.
        PriorConsultationConcluded "priorConsultationConcluded" 1 "PriorConsultationConcluded"
            = "voorafgaande raadpleging afgesloten",
    }
}

choice! {
    /// Where an assessment stands.
    #[derive(Default)]
    DpiaStatus "DpiaStatus" {
        /// Not started: there is no more than the screening, in the stream of the activity.
        #[default]
        Screened = "gescreend",
        /// In the making.
        Started = "gestart",
        /// Made, not decided upon.
        Completed = "afgerond",
        /// Approved.
        Approved,
        /// Rejected.
        Rejected,
        /// To be made and approved anew.
        ReviewDue = "aan herbeoordeling toe",
    }
}

choice! {
    /// Where the consultation of the authority stands (Art. 36).
    #[derive(Default)]
    ConsultationStatus "DpiaConsultationStatus" {
        /// The authority was not consulted.
        #[default]
        NotRequested = "niet gevraagd",
        /// The authority is consulted.
        Requested = "gevraagd",
        /// The authority has taken more time.
        Extended = "verlengd",
        /// The authority's time stands still.
        Suspended = "opgeschort",
        /// It has ended.
        Concluded = "afgesloten",
    }
}

state! {
    /// A risk as it stands: as last recorded, with what the measures against it leave.
    StandingRisk "DpiaStandingRisk" {
        /// The code by which measures name it.
        risk: Option<Code> = "risico",
        /// What it is about.
        topic: RiskTopic = "onderwerp",
        /// How likely it is.
        likelihood: Option<RiskLevel> = "kans",
        /// How severe it would be.
        severity: Option<RiskLevel> = "ernst",
        /// How high it is without measures.
        level: Option<RiskLevel> = "risico zonder maatregelen",
        /// How high it is with the measures, as the last of them that says so has it.
        residual: Option<RiskLevel> = "restrisico",
        /// How many measures name it.
        measures: u32 = "aantal maatregelen",
        /// Whether a measure dealt with it for good.
        closed: bool = "afgesloten",
        /// Since when it is known so.
        since: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

dossier! {
    /// A data protection impact assessment at one moment.
    Dpia "DpiaState" follows DpiaEvent, status DpiaStatus {
        /// Its start.
        started: once Started -> Started,
        /// Consultations of the data protection officer, oldest first.
        dpo_consulted: every DpoConsulted,
        /// What data subjects were asked, oldest first.
        data_subjects_consulted: every DataSubjectsConsulted,
        /// Why data subjects were not asked, as last said.
        consultation_waived: last ConsultationWaived,
        /// Every word on a risk, oldest first.
        risks_recorded: every RiskRecorded,
        /// Measures, oldest first.
        measures_adopted: every MeasureAdopted,
        /// Advice of the data protection officer, oldest first.
        dpo_advice_issued: every DpoAdviceIssued,
        /// What became of the advice, oldest first.
        dpo_advice_answered: every DpoAdviceAnswered,
        /// Its completion, as last made.
        completed: last Completed -> Completed,
        /// Its last approval.
        approved: last Approved -> Approved,
        /// Its last rejection.
        rejected: last Rejected -> Rejected,
        /// Its reviews, oldest first.
        reviewed: every Reviewed needs started or completed or approved or rejected,
        /// The last request to the authority.
        consultation_requested: last PriorConsultationRequested,
        /// That the authority took more time, oldest first.
        consultation_extended: every PriorConsultationExtended needs consultation_requested,
        /// That the authority's time stood still, oldest first.
        consultation_suspended: every PriorConsultationSuspended needs consultation_requested,
        /// That the authority's time ran again, oldest first.
        consultation_resumed: every PriorConsultationResumed needs consultation_suspended,
        /// The last end of a consultation.
        consultation_concluded: last PriorConsultationConcluded needs consultation_requested,
    } and {
        /// The activities that it covers: those of its completion, before that those of its start.
        activities: Vec<StreamId>,
        /// The risks, each as it stands.
        risks: Vec<StandingRisk> = "risico's",
        /// What became of the last advice of the data protection officer, as far as anybody said.
        advice_response: Option<AdviceResponse>,
        /// When it is to be reviewed, as last set.
        next_review: Option<PartialDate>,
        /// Where the consultation of the authority stands.
        consultation: ConsultationStatus = "voorafgaande raadpleging",
    }
}

filter! {
    "DpiaFilter" {
        /// Assessments that cover an activity.
        activity "activity": StreamId,
        /// Assessments of a unit.
        unit "unit": Code,
        /// Assessments that stand so.
        status "status": DpiaStatus,
        /// Assessments of which the consultation of the authority stands so.
        consultation "consultation": ConsultationStatus,
        /// Assessments that leave a risk so high.
        residual "residual": RiskLevel,
    }
}

impl Family for Dpia {
    const NAME: &'static str = "dpia";
    const LABEL_NL: &'static str = "gegevensbeschermingseffectbeoordeling";
    const GRAPHQL_NAME: &'static str = "Dpia";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "processingActivities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities that it covers (Art. 35(1)).",
        ),
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit that makes it.",
        ),
    ];
    type Event = DpiaEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &DpiaEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use DpiaEvent as E;
        controllers_act(context.place)?;
        self.admit_order(event)?;
        match event {
            E::Started(event) => admit_activities(&event.activities),
            E::Completed(event) => admit_activities(&event.activities),
            E::DataSubjectsConsulted(event) => {
                not_empty("groups", &event.groups)?;
                super::dossier::distinct("groups", &event.groups)
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
        let activities = self.activities.iter().map(|activity| ("activity", activity.to_string()));
        let unit = self.started.iter().filter_map(|started| started.fact.unit.as_ref());
        let unit = unit.map(|unit| ("unit", unit.to_string()));
        let completed = self.completed.iter();
        let residual =
            completed.filter_map(|completed| completed.fact.residual).map(|level| ("residual", key_text(&level)));
        let stands = [("status", key_text(&self.status)), ("consultation", key_text(&self.consultation))];
        activities.chain(unit).chain(residual).chain(stands).collect()
    }
}

fn admit_activities(activities: &[StreamId]) -> Result<(), Refusal> {
    link("activities", Activity::NAME, activities)?;
    let distinct: std::collections::BTreeSet<&StreamId> = activities.iter().collect();
    if distinct.len() == activities.len() {
        Ok(())
    } else {
        Err(Refusal::new(RejectionCode::Malformed, "activities", "an activity occurs twice in `activities`"))
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
            let against = risks.iter_mut().find(|known| measure.risk.is_some() && known.risk == measure.risk);
            if let Some(risk) = against {
                risk.measures = risk.measures.saturating_add(1);
                risk.residual = measure.residual.or(risk.residual);
                risk.closed = measure.closes.unwrap_or(risk.closed);
            }
        }
        self.risks = risks;
    }

    fn decide(&mut self, event: &DpiaEvent) {
        let response = match event {
            DpiaEvent::DpoAdviceIssued(_) => {
                self.advice_response = None;
                return;
            }
            DpiaEvent::DpoAdviceAnswered(event) => Some(&event.response),
            DpiaEvent::Approved(event) => {
                self.next_review = event.next_review;
                event.advice_response.as_ref()
            }
            DpiaEvent::Rejected(event) => event.advice_response.as_ref(),
            DpiaEvent::Reviewed(event) => {
                self.next_review = event.next_review.or(self.next_review);
                if event.outcome == Some(ReviewOutcome::RevisionNeeded) {
                    self.status = DpiaStatus::ReviewDue;
                }
                None
            }
            _ => None,
        };
        self.advice_response = response.cloned().or(self.advice_response.take());
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

    /// Whether the authority has taken more time since it was last consulted: that holds on after its time stood still.
    fn extended(&self) -> bool {
        let requested = self.consultation_requested.as_ref().map(|requested| requested.from.earliest());
        let extended = self.consultation_extended.last().map(|extended| extended.from.earliest());
        extended.is_some() && extended >= requested
    }
}

#[cfg(test)]
mod tests;
