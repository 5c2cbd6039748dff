//! Processor agreements: the contract without which no processor may act (GDPR Art. 28).
//!
//! An agreement that is executed without signatures or with clauses missing is recorded as it happened; whether it
//! meets Art. 28(3) is a verdict.

use std::collections::BTreeSet;

use super::activity::Activity;
use super::consent_text::Materiality;
use super::declare::{choice, events, filter, record, state};
use super::dossier::Dated;
use super::kit::{Anomaly, By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{AdviceOutcome, AdviceResponse, Document};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{PartialDate, Term};

choice! {
    /// Whether a processor offers sufficient guarantees.
    GuaranteesOutcome "GuaranteesOutcome" {
        /// It does.
        Sufficient = "voldoende",
        /// It does once conditions are met.
        SufficientWithConditions = "voldoende onder voorwaarden",
        /// It does not.
        Insufficient = "onvoldoende",
    }
}

record! {
    /// It is assessed whether the processor offers sufficient guarantees (Art. 28(1)).
    GuaranteesAssessed "AgreementGuaranteesAssessed" "AgreementGuaranteesAssessedInput" {
        /// The processor.
        party: Option<Code> = "verwerker",
        /// What was found.
        outcome: GuaranteesOutcome,
        /// The conditions to meet.
        conditions: Vec<Erasable<String>>,
        /// Certificates and codes of conduct it adheres to (Art. 28(5)), as `ISO-27001`.
        certifications: Vec<Code> = "certificeringen en gedragscodes",
        /// The assessment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An agreement is drafted.
    Drafted "AgreementDrafted" "AgreementDraftedInput" {
        /// The processor.
        party: Code = "verwerker",
        /// The model it follows, with its version, as `SURF-4.0`.
        model_version: Option<Code> = "model en versie",
        /// The activities it covers.
        activities: Vec<StreamId>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What an agreement has to settle.
    Clause "AgreementClause" {
        /// Processing on documented instructions only (Art. 28(3)(a)).
        #[serde(rename = "ART_28_3_A")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_3_A"))]
        Instructions = "schriftelijke instructies",
        /// Confidentiality (Art. 28(3)(b)).
        #[serde(rename = "ART_28_3_B")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_3_B"))]
        Confidentiality = "geheimhouding",
        /// Security (Art. 28(3)(c)).
        #[serde(rename = "ART_28_3_C")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_3_C"))]
        Security = "beveiliging",
        /// The conditions for engaging another processor (Art. 28(3)(d)).
        #[serde(rename = "ART_28_3_D")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_3_D"))]
        SubProcessors = "voorwaarden voor subverwerkers",
        /// Help with the rights of data subjects (Art. 28(3)(e)).
        #[serde(rename = "ART_28_3_E")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_3_E"))]
        SubjectRights = "bijstand bij rechten van betrokkenen",
        /// Help with security, breaches and impact assessments (Art. 28(3)(f)).
        #[serde(rename = "ART_28_3_F")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_3_F"))]
        Assistance = "bijstand bij beveiliging, datalekken en DPIA",
        /// Return or deletion at the end (Art. 28(3)(g)).
        #[serde(rename = "ART_28_3_G")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_3_G"))]
        ReturnOrDeletion = "teruggave of wissing na afloop",
        /// Information and audits (Art. 28(3)(h)).
        #[serde(rename = "ART_28_3_H")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_3_H"))]
        Audits = "informatie en audits",
        /// Authorisation of other processors (Art. 28(2)).
        #[serde(rename = "ART_28_2")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_2"))]
        SubProcessorAuthorisation = "toestemming voor subverwerkers",
        /// The same duties for other processors (Art. 28(4)).
        #[serde(rename = "ART_28_4")]
        #[cfg_attr(feature = "server", graphql(name = "ART_28_4"))]
        SubProcessorDuties = "dezelfde plichten voor subverwerkers",
        /// Notice of breaches without undue delay (Art. 33(2)).
        #[serde(rename = "ART_33_2")]
        #[cfg_attr(feature = "server", graphql(name = "ART_33_2"))]
        BreachNotice = "melding van datalekken",
        /// How data are collected.
        CollectionMethod = "wijze van verzamelen",
        /// No use for the processor's own or others' purposes (Art. 28(10)).
        NoOwnUse = "geen gebruik voor eigen doeleinden",
    }
}

choice! {
    /// How far a clause is covered.
    Coverage "ClauseCoverage" {
        /// Wholly.
        Covered = "volledig",
        /// In part.
        Partial = "gedeeltelijk",
        /// Not at all.
        Missing = "ontbreekt",
    }
}

record! {
    /// How far one clause is covered.
    ClauseFinding "AgreementClauseFinding" "AgreementClauseFindingInput" {
        /// The clause.
        clause: Clause = "bepaling",
        /// How far.
        coverage: Coverage = "dekking",
    }
}

record! {
    /// It is assessed which clauses the agreement has (Art. 28(3)).
    ClauseCoverageAssessed "AgreementClauseCoverageAssessed" "AgreementClauseCoverageAssessedInput" {
        /// The clauses examined; those not named stay as they were.
        clauses: Vec<ClauseFinding> = "bepalingen",
        /// The framework or model against which, with its version, as `SURF-4.0`.
        framework: Option<Code> = "normenkader",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer is consulted on the agreement (Art. 38(1)).
    DpoConsulted "AgreementDpoConsulted" "AgreementDpoConsultedInput" {
        /// What the officer was asked.
        question: Option<Erasable<String>>,
        /// What was handed over.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer advises on the agreement (Art. 39(1)(a)).
    DpoAdviceIssued "AgreementDpoAdviceIssued" "AgreementDpoAdviceIssuedInput" {
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
    /// A party signs.
    SignedByParty "AgreementSignedByParty" "AgreementSignedByPartyInput" {
        /// The party that signs, the processor or the institution itself.
        party: Code = "ondertekenende partij",
        /// The role in which its signatory signs.
        role: Option<Code>,
        /// The signed document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The agreement is executed: it binds (Art. 28(3), (9)).
    Executed "AgreementExecuted" "AgreementExecutedInput" {
        /// The processor.
        party: Code = "verwerker",
        /// The model it follows, with its version, as `SURF-4.0`.
        model_version: Option<Code> = "model en versie",
        /// The activities it covers; none named: those of the draft.
        activities: Vec<StreamId>,
        /// From when it binds; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// Until when; absent: without an end.
        to: Option<PartialDate> = "tot en met",
        /// Within which term the processor gives notice of a breach (Art. 33(2)).
        breach_term: Option<Term> = "meldtermijn voor datalekken",
        /// Within which term after the end it returns or deletes the data (Art. 28(3)(g)).
        return_term: Option<Term> = "termijn voor teruggave of wissing",
        /// What became of the officer's advice.
        advice_response: Option<AdviceResponse>,
        /// The executed document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// How another processor is authorised (Art. 28(2)).
    AuthorisationMode "SubProcessorAuthorisationMode" {
        /// By itself.
        Specific = "specifieke toestemming",
        /// Under a general authorisation.
        General = "algemene toestemming",
    }
}

record! {
    /// Another processor is authorised (Art. 28(2), (4)).
    SubProcessorAuthorised "SubProcessorAuthorised" "SubProcessorAuthorisedInput" {
        /// The other processor.
        party: Code = "subverwerker",
        /// How.
        mode: AuthorisationMode = "soort toestemming",
        /// Where it processes, as `US`.
        country: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The institution objects to another processor (Art. 28(2)).
    SubProcessorObjected "SubProcessorObjected" "SubProcessorObjectedInput" {
        /// The other processor.
        party: Code = "subverwerker",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The agreement is amended: every field present replaces what held before.
    Amended "AgreementAmended" "AgreementAmendedInput" {
        /// The model it follows, with its version.
        model_version: Option<Code> = "model en versie",
        /// The activities it covers.
        activities: Option<Vec<StreamId>>,
        /// Until when it binds; given, the agreement is renewed.
        to: Option<PartialDate> = "tot en met",
        /// Within which term the processor gives notice of a breach.
        breach_term: Option<Term> = "meldtermijn voor datalekken",
        /// Within which term after the end it returns or deletes the data.
        return_term: Option<Term> = "termijn voor teruggave of wissing",
        /// Whether the change matters to data subjects.
        materiality: Option<Materiality>,
        /// The amendment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What an audit of a processor found.
    AuditOutcome "ProcessorAuditOutcome" {
        /// It keeps the agreement.
        Compliant = "komt de overeenkomst na",
        /// It falls short in points.
        Shortcomings = "tekortkomingen",
        /// It does not keep the agreement.
        NonCompliant = "komt de overeenkomst niet na",
    }
}

record! {
    /// The processor is audited (Art. 28(3)(h)).
    ProcessorAudited "ProcessorAudited" "ProcessorAuditedInput" {
        /// What was found.
        outcome: Option<AuditOutcome>,
        /// The report.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The processor gives notice of a breach (Art. 33(2)); the fact holds from when the notice was received.
    ProcessorBreachNoticeReceived "ProcessorBreachNoticeReceived" "ProcessorBreachNoticeReceivedInput" {
        /// When the processor became aware of it.
        processor_aware_at: Option<PartialDate> = "verwerker op de hoogte sinds",
        /// The reference of the breach, as `BRE-0003`.
        breach_reference: Option<Code> = "kenmerk van het datalek",
        /// What the notice says.
        notice: Option<Erasable<String>> = "melding",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is reported that the processor uses data for purposes of its own (Art. 28(10)).
    ProcessorMisuseReported "ProcessorMisuseReported" "ProcessorMisuseReportedInput" {
        /// What it does with them.
        report: Erasable<String> = "wat de verwerker ermee doet",
        /// The report as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The time of the agreement is over.
    Expired "AgreementExpired" "AgreementExpiredInput" {
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The agreement is ended.
    Terminated "AgreementTerminated" "AgreementTerminatedInput" {
        /// Why.
        reason: Erasable<String>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What the processor did with the data at the end.
    DataReturn "ProcessorDataReturn" {
        /// Gave them back.
        Returned = "teruggegeven",
        /// Deleted them.
        Deleted = "gewist",
        /// Gave them back and deleted its copies.
        Both = "teruggegeven en gewist",
    }
}

record! {
    /// It is confirmed that the processor returned or deleted the data (Art. 28(3)(g)).
    DataReturnedOrDeletedConfirmed "DataReturnedOrDeletedConfirmed" "DataReturnedOrDeletedConfirmedInput" {
        /// Which of the two.
        how: DataReturn = "teruggave of wissing",
        /// The certificate.
        certificate: Option<Document> = "verklaring van de verwerker",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a processor agreement.
    AgreementEvent "AgreementEvent" "AgreementEventInput",
    retracted "AgreementRetracted" "AgreementRetractedInput"
    {
        /// Guarantees are assessed.
        GuaranteesAssessed "guaranteesAssessed" 1 "GuaranteesAssessed" = "garanties beoordeeld",
        /// It is drafted.
        Drafted "drafted" 1 "AgreementDrafted" = "opgesteld",
        /// Clauses are examined.
        ClauseCoverageAssessed "clauseCoverageAssessed" 1 "ClauseCoverageAssessed" = "bepalingen getoetst",
        /// The data protection officer is consulted.
        DpoConsulted "dpoConsulted" 1 "DpoConsulted" = "FG geraadpleegd",
        /// The data protection officer advises.
        DpoAdviceIssued "dpoAdviceIssued" 1 "DpoAdviceIssued" = "FG-advies uitgebracht",
        /// A party signs.
        SignedByParty "signedByParty" 1 "AgreementSignedByParty" = "door een partij ondertekend",
        /// It is executed.
        Executed "executed" 1 "AgreementExecuted" = "tot stand gekomen",
        /// Another processor is authorised.
        SubProcessorAuthorised "subProcessorAuthorised" 1 "SubProcessorAuthorised" = "subverwerker toegestaan",
        /// Another processor is objected to.
        SubProcessorObjected "subProcessorObjected" 1 "SubProcessorObjected" = "bezwaar gemaakt tegen subverwerker",
        /// It is amended.
        Amended "amended" 1 "AgreementAmended" = "gewijzigd",
        /// The processor is audited.
        ProcessorAudited "processorAudited" 1 "ProcessorAudited" = "verwerker geauditeerd",
        /// Notice of a breach is received.
        ProcessorBreachNoticeReceived "processorBreachNoticeReceived" 1 "ProcessorBreachNoticeReceived" = "datalekmelding van de verwerker ontvangen",
        /// Misuse is reported.
        ProcessorMisuseReported "processorMisuseReported" 1 "ProcessorMisuseReported" = "eigen gebruik door de verwerker gemeld",
        /// Its time is over.
        Expired "expired" 1 "AgreementExpired" = "verlopen",
        /// It is ended.
        Terminated "terminated" 1 "AgreementTerminated" = "beëindigd",
        /// Return or deletion is confirmed.
        DataReturnedOrDeletedConfirmed "dataReturnedOrDeletedConfirmed" 1 "DataReturnedOrDeletedConfirmed" = "teruggave of wissing bevestigd",
    }
}

choice! {
    /// Where an agreement stands.
    #[derive(Default)]
    AgreementStatus "AgreementStatus" {
        /// Not drafted yet.
        #[default]
        Proposed = "voorgenomen",
        /// Drafted.
        Drafted = "opgesteld",
        /// Its clauses are being settled.
        Negotiated = "in onderhandeling",
        /// Signed by a party, not executed.
        PartiallySigned = "gedeeltelijk ondertekend",
        /// Binding.
        Executed = "tot stand gekomen",
        /// Binding, as amended.
        Amended = "gewijzigd",
        /// Binding, with another end.
        Renewed = "vernieuwd",
        /// Its time is over.
        Expired,
        /// Ended.
        Terminated = "beëindigd",
        /// Over, and the data are returned or deleted.
        Settled = "afgewikkeld",
    }
}

state! {
    /// How far a clause is covered, as it stands.
    ClauseAt "AgreementClauseCoverage" {
        /// The clause.
        clause: Clause = "bepaling",
        /// How far.
        coverage: Coverage = "dekking",
        /// The framework or model against which it was examined.
        framework: Option<Code> = "normenkader",
        /// Since when.
        since: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

choice! {
    /// Where another processor stands with the institution.
    SubProcessorStanding "SubProcessorStanding" {
        /// Authorised.
        Authorised = "toegestaan",
        /// Objected to.
        Objected = "bezwaar gemaakt",
    }
}

state! {
    /// Another processor, as it stands.
    SubProcessor "SubProcessor" {
        /// The other processor.
        party: Code = "subverwerker",
        /// Where it stands.
        standing: SubProcessorStanding = "stand",
        /// How it was authorised, if it was.
        mode: Option<AuthorisationMode> = "soort toestemming",
        /// Where it processes.
        country: Option<Code>,
        /// Since when it stands so.
        since: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A processor agreement at one moment.
    #[derive(Default)]
    Agreement "AgreementState" {
        /// Where it stands.
        status: AgreementStatus,
        /// The processor.
        party: Option<Code> = "verwerker",
        /// The model it follows, with its version.
        model_version: Option<Code> = "model en versie",
        /// The activities it covers.
        activities: Vec<StreamId>,
        /// When it was drafted.
        drafted: Option<PartialDate> = "opgesteld op",
        /// Assessments of guarantees, oldest first.
        guarantees: Vec<Dated<GuaranteesAssessed>> = "beoordelingen van garanties",
        /// The clauses examined, each as it stands.
        clauses: Vec<ClauseAt> = "bepalingen",
        /// Consultations of the data protection officer, oldest first.
        consultations: Vec<Dated<DpoConsulted>> = "raadplegingen van de FG",
        /// Advice of the data protection officer, oldest first.
        advices: Vec<Dated<DpoAdviceIssued>> = "adviezen van de FG",
        /// Signatures, oldest first.
        signatures: Vec<Dated<SignedByParty>> = "ondertekeningen",
        /// The execution.
        execution: Option<Dated<Executed>> = "totstandkoming",
        /// From when it binds.
        from: Option<PartialDate>,
        /// Until when it binds, as agreed; absent: without an end.
        to: Option<PartialDate> = "tot en met",
        /// Within which term the processor gives notice of a breach.
        breach_term: Option<Term> = "meldtermijn voor datalekken",
        /// Within which term after the end it returns or deletes the data.
        return_term: Option<Term> = "termijn voor teruggave of wissing",
        /// Amendments, oldest first.
        amendments: Vec<Dated<Amended>> = "wijzigingen",
        /// Other processors, each as it stands.
        sub_processors: Vec<SubProcessor> = "subverwerkers",
        /// Audits of the processor, oldest first.
        audits: Vec<Dated<ProcessorAudited>> = "audits",
        /// Notices of breaches, oldest first.
        breach_notices: Vec<Dated<ProcessorBreachNoticeReceived>> = "meldingen van datalekken",
        /// Reports of misuse, oldest first.
        misuses: Vec<Dated<ProcessorMisuseReported>> = "meldingen van eigen gebruik",
        /// When it expired.
        expired: Option<PartialDate> = "verlopen op",
        /// The termination.
        termination: Option<Dated<Terminated>> = "beëindiging",
        /// Confirmations that data were returned or deleted, oldest first.
        data_returns: Vec<Dated<DataReturnedOrDeletedConfirmed>> = "bevestigingen van teruggave of wissing",
        /// What does not fit.
        anomalies: Vec<Anomaly>,
    }
}

filter! {
    "AgreementFilter" {
        /// Agreements with a party.
        party "party": Code,
        /// Agreements that cover an activity.
        activity "activity": StreamId,
        /// Agreements under which another processor works or wants to.
        sub_processor "subProcessor": Code,
        /// Agreements that stand so.
        status "status": AgreementStatus,
    }
}

/// Why a fact about an agreement is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Only the controller can say this.
    #[error("a data subject or representative cannot record this; the agreement is between controller and processor")]
    ControllersAct,
    /// A second draft.
    #[error("this agreement was drafted already; use a stream of its own for another agreement")]
    AlreadyDrafted,
    /// A second execution.
    #[error("this agreement was executed already; record `amended`, or use a stream of its own for another agreement")]
    AlreadyExecuted,
    /// A matrix without clauses.
    #[error("name at least one clause")]
    NoClauses,
    /// A clause occurs twice.
    #[error("the clause at position {0}, counted from 1, occurs before; its coverage would be unclear")]
    ClauseTwice(usize),
    /// An activity occurs twice.
    #[error("activity {0} occurs twice")]
    ActivityTwice(StreamId),
    /// A stream of another family stands where an activity belongs.
    #[error("{0} is not a stream of the family activity")]
    NotAnActivity(StreamId),
    /// The agreement ends before it begins.
    #[error("the agreement would end before it begins")]
    PeriodReversed,
    /// Something changes or ends an agreement that never was.
    #[error("this agreement was not executed before that moment")]
    NeverExecuted,
    /// The agreement has ended.
    #[error("this agreement has expired or was terminated at that moment")]
    Ended,
}

impl super::kit::Rejection for Rejection {
    fn code(&self) -> RejectionCode {
        match self {
            Self::ControllersAct => RejectionCode::NotThisActor,
            Self::AlreadyDrafted | Self::AlreadyExecuted => RejectionCode::AlreadyExists,
            Self::NoClauses
            | Self::ClauseTwice(_)
            | Self::ActivityTwice(_)
            | Self::NotAnActivity(_)
            | Self::PeriodReversed => RejectionCode::Malformed,
            Self::NeverExecuted => RejectionCode::NeverExisted,
            Self::Ended => RejectionCode::Ended,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NoClauses | Self::ClauseTwice(_) => "clauses",
            Self::ActivityTwice(_) | Self::NotAnActivity(_) => "activities",
            Self::PeriodReversed => "to",
            Self::ControllersAct | Self::AlreadyDrafted | Self::AlreadyExecuted | Self::NeverExecuted | Self::Ended => {
                ""
            }
        }
    }
}

impl Family for Agreement {
    const NAME: &'static str = "agreement";
    const LABEL_NL: &'static str = "verwerkersovereenkomst";
    const GRAPHQL_NAME: &'static str = "Agreement";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "processingActivities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities that it covers.",
        ),
        Relation::one("processor", "verwerker", "party", By::Shared("party", "party"), "The processor."),
        Relation::many(
            "otherProcessors",
            "subverwerkers",
            "party",
            By::Shared("party", "subProcessor"),
            "The other processors, authorised or objected to (Art. 28(2)).",
        ),
    ];
    type Event = AgreementEvent;
    type Filter = Filter;
    type Rejection = Rejection;

    fn admit(&self, event: &AgreementEvent, context: &Context<'_>) -> Result<(), Rejection> {
        use AgreementEvent as E;
        if context.place.actor.is_subject() {
            return Err(Rejection::ControllersAct);
        }
        match event {
            E::Drafted(_) if self.drafted.is_some() => Err(Rejection::AlreadyDrafted),
            E::Drafted(drafted) => admit_activities(&drafted.activities),
            E::ClauseCoverageAssessed(assessed) => admit_clauses(&assessed.clauses),
            E::Executed(_) if self.execution.is_some() => Err(Rejection::AlreadyExecuted),
            E::Executed(executed) => {
                admit_activities(&executed.activities)?;
                admit_period(executed.from.unwrap_or(context.place.effective), executed.to)
            }
            E::Amended(_) | E::Expired(_) | E::Terminated(_) if self.execution.is_none() => {
                Err(Rejection::NeverExecuted)
            }
            E::Expired(_) | E::Terminated(_) if self.ended() => Err(Rejection::Ended),
            E::Amended(amended) => {
                admit_activities(amended.activities.as_deref().unwrap_or_default())?;
                admit_period(self.from.unwrap_or(context.place.effective), amended.to)
            }
            E::GuaranteesAssessed(_)
            | E::DpoConsulted(_)
            | E::DpoAdviceIssued(_)
            | E::SignedByParty(_)
            | E::SubProcessorAuthorised(_)
            | E::SubProcessorObjected(_)
            | E::ProcessorAudited(_)
            | E::ProcessorBreachNoticeReceived(_)
            | E::ProcessorMisuseReported(_)
            | E::Expired(_)
            | E::Terminated(_)
            | E::DataReturnedOrDeletedConfirmed(_)
            | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &AgreementEvent, recorded: &Recorded) {
        use AgreementEvent as E;
        match event {
            E::GuaranteesAssessed(event) => {
                self.party = self.party.take().or(event.party.clone());
                self.guarantees.push(Dated::new(event, recorded));
            }
            E::Drafted(event) => self.draft(event, recorded),
            E::ClauseCoverageAssessed(event) => self.examine(event, recorded),
            E::DpoConsulted(event) => self.consultations.push(Dated::new(event, recorded)),
            E::DpoAdviceIssued(event) => self.advices.push(Dated::new(event, recorded)),
            E::SignedByParty(event) => {
                self.signatures.push(Dated::new(event, recorded));
                self.reach(AgreementStatus::PartiallySigned);
            }
            E::Executed(event) => self.execute(event, recorded),
            E::SubProcessorAuthorised(event) => self.authorise(event, recorded),
            E::SubProcessorObjected(event) => self.object(event, recorded),
            E::Amended(event) => self.amend(event, recorded),
            E::ProcessorAudited(event) => self.audits.push(Dated::new(event, recorded)),
            E::ProcessorBreachNoticeReceived(event) => self.breach_notices.push(Dated::new(event, recorded)),
            E::ProcessorMisuseReported(event) => self.misuses.push(Dated::new(event, recorded)),
            E::Expired(_) => {
                if self.end(AgreementStatus::Expired, recorded) {
                    self.expired = Some(recorded.effective);
                }
            }
            E::Terminated(event) => {
                if self.end(AgreementStatus::Terminated, recorded) {
                    self.termination = Some(Dated::new(event, recorded));
                }
            }
            E::DataReturnedOrDeletedConfirmed(event) => {
                self.data_returns.push(Dated::new(event, recorded));
                if self.ended() {
                    self.status = AgreementStatus::Settled;
                }
            }
            E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let party = self.party.iter().map(|party| ("party", party.to_string()));
        let activities = self.activities.iter().map(|activity| ("activity", activity.to_string()));
        let others = self.sub_processors.iter().map(|other| ("subProcessor", other.party.to_string()));
        party.chain(activities).chain(others).chain([("status", key_text(&self.status))]).collect()
    }
}

fn admit_activities(activities: &[StreamId]) -> Result<(), Rejection> {
    let mut seen = BTreeSet::new();
    activities.iter().try_for_each(|activity| match activity.family() {
        family if family != Activity::NAME => Err(Rejection::NotAnActivity(activity.clone())),
        _ if !seen.insert(activity) => Err(Rejection::ActivityTwice(activity.clone())),
        _ => Ok(()),
    })
}

fn admit_clauses(clauses: &[ClauseFinding]) -> Result<(), Rejection> {
    if clauses.is_empty() {
        return Err(Rejection::NoClauses);
    }
    let mut seen = std::collections::HashSet::new();
    match clauses.iter().position(|finding| !seen.insert(finding.clause)) {
        Some(position) => Err(Rejection::ClauseTwice(position + 1)),
        None => Ok(()),
    }
}

/// Refuses only what is reversed whatever the unknown parts of the dates are.
fn admit_period(from: PartialDate, to: Option<PartialDate>) -> Result<(), Rejection> {
    match to {
        Some(to) if to.latest() < from.earliest() => Err(Rejection::PeriodReversed),
        _ => Ok(()),
    }
}

impl Agreement {
    fn ended(&self) -> bool {
        self.status >= AgreementStatus::Expired
    }

    /// Moves on to a status on the way to execution; what binds or has ended is not drafted again.
    fn reach(&mut self, status: AgreementStatus) {
        self.status = self.status.max(status);
    }

    fn concern(&mut self, party: &Code, recorded: &Recorded) {
        if self.party.as_ref().is_some_and(|known| known != party) {
            note_anomaly(&mut self.anomalies, recorded, "the agreement had been one with another party before");
        }
        self.party = Some(party.clone());
    }

    fn draft(&mut self, event: &Drafted, recorded: &Recorded) {
        if self.drafted.is_some() {
            return note_anomaly(&mut self.anomalies, recorded, "the agreement had been drafted before");
        }
        self.drafted = Some(recorded.effective);
        self.reach(AgreementStatus::Drafted);
        if self.execution.is_none() {
            self.concern(&event.party, recorded);
            self.model_version.clone_from(&event.model_version);
            self.activities.clone_from(&event.activities);
        }
    }

    fn examine(&mut self, event: &ClauseCoverageAssessed, recorded: &Recorded) {
        self.reach(AgreementStatus::Negotiated);
        for finding in &event.clauses {
            let clause = ClauseAt {
                clause: finding.clause,
                coverage: finding.coverage,
                framework: event.framework.clone(),
                since: recorded.effective,
                sequence: recorded.sequence,
            };
            match self.clauses.iter_mut().find(|known| known.clause == finding.clause) {
                Some(known) => *known = clause,
                None => self.clauses.push(clause),
            }
        }
    }

    fn execute(&mut self, event: &Executed, recorded: &Recorded) {
        if self.execution.is_some() {
            return note_anomaly(&mut self.anomalies, recorded, "the agreement had been executed before");
        }
        self.concern(&event.party, recorded);
        self.reach(AgreementStatus::Executed);
        self.execution = Some(Dated::new(event, recorded));
        self.model_version = event.model_version.clone().or(self.model_version.take());
        if !event.activities.is_empty() {
            self.activities.clone_from(&event.activities);
        }
        self.from = event.from.or(Some(recorded.effective));
        self.to = event.to;
        self.breach_term = event.breach_term;
        self.return_term = event.return_term;
    }

    fn amend(&mut self, event: &Amended, recorded: &Recorded) {
        if self.execution.is_none() {
            note_anomaly(&mut self.anomalies, recorded, "an agreement was amended that had not been executed yet");
        }
        self.amendments.push(Dated::new(event, recorded));
        self.model_version = event.model_version.clone().or(self.model_version.take());
        if let Some(activities) = &event.activities {
            self.activities.clone_from(activities);
        }
        self.to = event.to.or(self.to);
        self.breach_term = event.breach_term.or(self.breach_term);
        self.return_term = event.return_term.or(self.return_term);
        let status = if event.to.is_some() { AgreementStatus::Renewed } else { AgreementStatus::Amended };
        match self.status {
            AgreementStatus::Expired if event.to.is_some() => {
                self.status = status;
                self.expired = None;
            }
            binding if binding < AgreementStatus::Expired => self.status = status,
            _ => note_anomaly(&mut self.anomalies, recorded, "an agreement was amended that had ended"),
        }
    }

    fn authorise(&mut self, event: &SubProcessorAuthorised, recorded: &Recorded) {
        self.stand(SubProcessor {
            party: event.party.clone(),
            standing: SubProcessorStanding::Authorised,
            mode: Some(event.mode),
            country: event.country.clone(),
            since: recorded.effective,
            sequence: recorded.sequence,
        });
    }

    fn object(&mut self, event: &SubProcessorObjected, recorded: &Recorded) {
        let country = self.sub_processors.iter().find(|known| known.party == event.party);
        self.stand(SubProcessor {
            party: event.party.clone(),
            standing: SubProcessorStanding::Objected,
            mode: None,
            country: country.and_then(|known| known.country.clone()),
            since: recorded.effective,
            sequence: recorded.sequence,
        });
    }

    fn stand(&mut self, sub_processor: SubProcessor) {
        match self.sub_processors.iter_mut().find(|known| known.party == sub_processor.party) {
            Some(known) => *known = sub_processor,
            None => self.sub_processors.push(sub_processor),
        }
    }

    /// Ends the agreement; false if it had ended before.
    fn end(&mut self, status: AgreementStatus, recorded: &Recorded) -> bool {
        if self.execution.is_none() {
            note_anomaly(&mut self.anomalies, recorded, "an agreement ended that had not been executed yet");
        }
        if self.ended() {
            note_anomaly(&mut self.anomalies, recorded, "the agreement had ended before");
            return false;
        }
        self.status = status;
        true
    }
}

#[cfg(test)]
mod tests;
