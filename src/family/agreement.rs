//! Processor agreements: the contract without which no processor may act (GDPR Art. 28).
//!
//! An agreement that is executed without signatures or with clauses missing is recorded as it happened; whether it
//! meets Art. 28(3) is a verdict.

use std::collections::BTreeSet;

use super::activity::Activity;
use super::consent_text::Materiality;
use super::declare;
use super::dossier::Dated;
use super::kit::{Anomaly, Context, Family, Keys, Recorded, RejectionCode, key_text, note_anomaly};
use super::value::{AdviceResponse, Document};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{PartialDate, Term};

declare! {
    family Agreement many agreements = "verwerkersovereenkomst", in register;

    /// Whether a processor offers sufficient guarantees.
    choice GuaranteesOutcome {
        Sufficient = "voldoende" "It does.",
        SufficientWithConditions = "voldoende onder voorwaarden" "It does once conditions are met.",
        Insufficient = "onvoldoende" "It does not.",
    }

    /// It is assessed whether the processor offers sufficient guarantees (Art. 28(1)).
    event GuaranteesAssessed as "AgreementGuaranteesAssessed" domain "GuaranteesAssessed" = "garanties beoordeeld" {
        party: Code? = "verwerker" "The processor.",
        outcome: GuaranteesOutcome "What was found.",
        conditions: Vec<Erasable<String>> "The conditions to meet.",
        certifications: Vec<Code> = "certificeringen en gedragscodes"
            "Certificates and codes of conduct it adheres to (Art. 28(5)), as `ISO-27001`.",
        document: Document? "The assessment as a document.",
    }

    /// An agreement is drafted.
    event Drafted as "AgreementDrafted" = "opgesteld" {
        party: Code = "verwerker" "The processor.",
        model_version: Code? = "model en versie" "The model it follows, with its version, as `SURF-4.0`.",
        activities: Vec<StreamId> "The activities it covers.",
    }

    /// What an agreement has to settle.
    choice Clause as "AgreementClause" {
        Instructions as "ART_28_3_A" = "schriftelijke instructies"
            "Processing on documented instructions only (Art. 28(3)(a)).",
        Confidentiality as "ART_28_3_B" = "geheimhouding" "Confidentiality (Art. 28(3)(b)).",
        Security as "ART_28_3_C" = "beveiliging" "Security (Art. 28(3)(c)).",
        SubProcessors as "ART_28_3_D" = "voorwaarden voor subverwerkers"
            "The conditions for engaging another processor (Art. 28(3)(d)).",
        SubjectRights as "ART_28_3_E" = "bijstand bij rechten van betrokkenen"
            "Help with the rights of data subjects (Art. 28(3)(e)).",
        Assistance as "ART_28_3_F" = "bijstand bij beveiliging, datalekken en DPIA"
            "Help with security, breaches and impact assessments (Art. 28(3)(f)).",
        ReturnOrDeletion as "ART_28_3_G" = "teruggave of wissing na afloop"
            "Return or deletion at the end (Art. 28(3)(g)).",
        Audits as "ART_28_3_H" = "informatie en audits" "Information and audits (Art. 28(3)(h)).",
        SubProcessorAuthorisation as "ART_28_2" = "toestemming voor subverwerkers"
            "Authorisation of other processors (Art. 28(2)).",
        SubProcessorDuties as "ART_28_4" = "dezelfde plichten voor subverwerkers"
            "The same duties for other processors (Art. 28(4)).",
        BreachNotice as "ART_33_2" = "melding van datalekken" "Notice of breaches without undue delay (Art. 33(2)).",
        CollectionMethod = "wijze van verzamelen" "How data are collected.",
        NoOwnUse = "geen gebruik voor eigen doeleinden"
            "No use for the processor's own or others' purposes (Art. 28(10)).",
    }

    /// How far a clause is covered.
    choice Coverage as "ClauseCoverage" {
        Covered = "volledig" "Wholly.",
        Partial = "gedeeltelijk" "In part.",
        Missing = "ontbreekt" "Not at all.",
    }

    /// How far one clause is covered.
    record ClauseFinding as "AgreementClauseFinding" {
        clause: Clause = "bepaling" "The clause.",
        coverage: Coverage = "dekking" "How far.",
    }

    /// It is assessed which clauses the agreement has (Art. 28(3)).
    event ClauseCoverageAssessed as "AgreementClauseCoverageAssessed" domain "ClauseCoverageAssessed" = "bepalingen getoetst" {
        clauses: Vec<ClauseFinding> = "bepalingen" "The clauses examined; those not named stay as they were.",
        framework: Code? = "normenkader" "The framework or model against which, with its version, as `SURF-4.0`.",
    }

    /// The data protection officer is consulted on the agreement (Art. 38(1)).
    event DpoConsulted of super::advice::DpoConsulted = "FG geraadpleegd";

    /// The data protection officer advises on the agreement (Art. 39(1)(a)).
    event DpoAdviceIssued of super::advice::DpoAdviceIssued = "FG-advies uitgebracht";

    /// A party signs.
    event SignedByParty as "AgreementSignedByParty" = "door een partij ondertekend" {
        party: Code = "ondertekenende partij" "The party that signs, the processor or the institution itself.",
        role: Code? "The role in which its signatory signs.",
        document: Document? "The signed document.",
    }

    /// The agreement is executed: it binds (Art. 28(3), (9)).
    event Executed as "AgreementExecuted" = "tot stand gekomen" {
        party: Code = "verwerker" "The processor.",
        model_version: Code? = "model en versie" "The model it follows, with its version, as `SURF-4.0`.",
        activities: Vec<StreamId> "The activities it covers; none named: those of the draft.",
        from: PartialDate? "From when it binds; absent: from when the fact holds.",
        to: PartialDate? = "tot en met" "Until when; absent: without an end.",
        breach_term: Term? = "meldtermijn voor datalekken"
            "Within which term the processor gives notice of a breach (Art. 33(2)).",
        return_term: Term? = "termijn voor teruggave of wissing"
            "Within which term after the end it returns or deletes the data (Art. 28(3)(g)).",
        advice_response: AdviceResponse? "What became of the officer's advice.",
        document: Document? "The executed document.",
    }

    /// How another processor is authorised (Art. 28(2)).
    choice AuthorisationMode as "SubProcessorAuthorisationMode" {
        Specific = "specifieke toestemming" "By itself.",
        General = "algemene toestemming" "Under a general authorisation.",
    }

    /// Another processor is authorised (Art. 28(2), (4)).
    event SubProcessorAuthorised = "subverwerker toegestaan" {
        party: Code = "subverwerker" "The other processor.",
        mode: AuthorisationMode = "soort toestemming" "How.",
        country: Code? "Where it processes, as `US`.",
    }

    /// The institution objects to another processor (Art. 28(2)).
    event SubProcessorObjected = "bezwaar gemaakt tegen subverwerker" {
        party: Code = "subverwerker" "The other processor.",
        reason: Erasable<String>? "Why.",
    }

    /// The agreement is amended: every field present replaces what held before.
    event Amended as "AgreementAmended" = "gewijzigd" {
        model_version: Code? = "model en versie" "The model it follows, with its version.",
        activities: Vec<StreamId>? "The activities it covers.",
        to: PartialDate? = "tot en met" "Until when it binds; given, the agreement is renewed.",
        breach_term: Term? = "meldtermijn voor datalekken" "Within which term the processor gives notice of a breach.",
        return_term: Term? = "termijn voor teruggave of wissing"
            "Within which term after the end it returns or deletes the data.",
        materiality: Materiality? "Whether the change matters to data subjects.",
        document: Document? "The amendment as a document.",
    }

    /// What an audit of a processor found.
    choice AuditOutcome as "ProcessorAuditOutcome" {
        Compliant = "komt de overeenkomst na" "It keeps the agreement.",
        Shortcomings = "tekortkomingen" "It falls short in points.",
        NonCompliant = "komt de overeenkomst niet na" "It does not keep the agreement.",
    }

    /// The processor is audited (Art. 28(3)(h)).
    event ProcessorAudited = "verwerker geauditeerd" {
        outcome: AuditOutcome? "What was found.",
        document: Document? "The report.",
    }

    /// The processor gives notice of a breach (Art. 33(2)); the fact holds from when the notice was received.
    event ProcessorBreachNoticeReceived = "datalekmelding van de verwerker ontvangen" {
        processor_aware_at: PartialDate? = "verwerker op de hoogte sinds" "When the processor became aware of it.",
        breach_reference: Code? = "kenmerk van het datalek" "The reference of the breach, as `BRE-0003`.",
        notice: Erasable<String>? = "melding" "What the notice says.",
    }

    /// It is reported that the processor uses data for purposes of its own (Art. 28(10)).
    event ProcessorMisuseReported = "eigen gebruik door de verwerker gemeld" {
        report: Erasable<String> = "wat de verwerker ermee doet" "What it does with them.",
        document: Document? "The report as a document.",
    }

    /// The time of the agreement is over.
    event Expired as "AgreementExpired" = "verlopen" {}

    /// The agreement is ended.
    event Terminated as "AgreementTerminated" = "beëindigd" {
        reason: Erasable<String> "Why.",
    }

    /// What the processor did with the data at the end.
    choice DataReturn as "ProcessorDataReturn" {
        Returned = "teruggegeven" "Gave them back.",
        Deleted = "gewist" "Deleted them.",
        Both = "teruggegeven en gewist" "Gave them back and deleted its copies.",
    }

    /// It is confirmed that the processor returned or deleted the data (Art. 28(3)(g)).
    event DataReturnedOrDeletedConfirmed = "teruggave of wissing bevestigd" {
        how: DataReturn = "teruggave of wissing" "Which of the two.",
        certificate: Document? = "verklaring van de verwerker" "The certificate.",
    }

    /// Where an agreement stands.
    choice AgreementStatus {
        #[default] Proposed = "voorgenomen" "Not drafted yet.",
        Drafted = "opgesteld" "Drafted.",
        Negotiated = "in onderhandeling" "Its clauses are being settled.",
        PartiallySigned = "gedeeltelijk ondertekend" "Signed by a party, not executed.",
        Executed = "tot stand gekomen" "Binding.",
        Amended = "gewijzigd" "Binding, as amended.",
        Renewed = "vernieuwd" "Binding, with another end.",
        Expired "Its time is over.",
        Terminated = "beëindigd" "Ended.",
        Settled = "afgewikkeld" "Over, and the data are returned or deleted.",
    }

    /// How far a clause is covered, as it stands.
    record ClauseAt as "AgreementClauseCoverage" {
        clause: Clause = "bepaling" "The clause.",
        coverage: Coverage = "dekking" "How far.",
        framework: Code? = "normenkader" "The framework or model against which it was examined.",
        since: PartialDate "Since when.",
        sequence: Sequence "The fact that says so.",
    }

    /// Where another processor stands with the institution.
    choice SubProcessorStanding {
        Authorised = "toegestaan" "Authorised.",
        Objected = "bezwaar gemaakt" "Objected to.",
    }

    /// Another processor, as it stands.
    record SubProcessor {
        party: Code = "subverwerker" "The other processor.",
        standing: SubProcessorStanding = "stand" "Where it stands.",
        mode: AuthorisationMode? = "soort toestemming" "How it was authorised, if it was.",
        country: Code? "Where it processes.",
        since: PartialDate "Since when it stands so.",
        sequence: Sequence "The fact that says so.",
    }

    /// A processor agreement at one moment.
    state Agreement as "AgreementState" {
        status: AgreementStatus "Where it stands.",
        party: Code? = "verwerker" "The processor.",
        model_version: Code? = "model en versie" "The model it follows, with its version.",
        activities: Vec<StreamId> "The activities it covers.",
        drafted: PartialDate? = "opgesteld op" "When it was drafted.",
        guarantees: Vec<Dated<GuaranteesAssessed>> = "beoordelingen van garanties"
            "Assessments of guarantees, oldest first.",
        clauses: Vec<ClauseAt> = "bepalingen" "The clauses examined, each as it stands.",
        consultations: Vec<Dated<DpoConsulted>> = "raadplegingen van de FG"
            "Consultations of the data protection officer, oldest first.",
        advices: Vec<Dated<DpoAdviceIssued>> = "adviezen van de FG"
            "Advice of the data protection officer, oldest first.",
        signatures: Vec<Dated<SignedByParty>> = "ondertekeningen" "Signatures, oldest first.",
        execution: Dated<Executed>? = "totstandkoming" "The execution.",
        from: PartialDate? "From when it binds.",
        to: PartialDate? = "tot en met" "Until when it binds, as agreed; absent: without an end.",
        breach_term: Term? = "meldtermijn voor datalekken" "Within which term the processor gives notice of a breach.",
        return_term: Term? = "termijn voor teruggave of wissing"
            "Within which term after the end it returns or deletes the data.",
        amendments: Vec<Dated<Amended>> = "wijzigingen" "Amendments, oldest first.",
        sub_processors: Vec<SubProcessor> = "subverwerkers" "Other processors, each as it stands.",
        audits: Vec<Dated<ProcessorAudited>> = "audits" "Audits of the processor, oldest first.",
        breach_notices: Vec<Dated<ProcessorBreachNoticeReceived>> = "meldingen van datalekken"
            "Notices of breaches, oldest first.",
        misuses: Vec<Dated<ProcessorMisuseReported>> = "meldingen van eigen gebruik" "Reports of misuse, oldest first.",
        expired: PartialDate? = "verlopen op" "When it expired.",
        termination: Dated<Terminated>? = "beëindiging" "The termination.",
        data_returns: Vec<Dated<DataReturnedOrDeletedConfirmed>> = "bevestigingen van teruggave of wissing"
            "Confirmations that data were returned or deleted, oldest first.",
        anomalies: Vec<Anomaly> "What does not fit.",
    }

    keys {
        party: Code "Agreements with a party.",
        activity: StreamId "Agreements that cover an activity.",
        sub_processor: Code "Agreements under which another processor works or wants to.",
        status: AgreementStatus "Agreements that stand so.",
    }

    relations {
        processingActivities: many activity ours activity = "verwerkingsactiviteiten"
            "The processing activities that it covers.",
        processor: one party shared party party = "verwerker" "The processor.",
        otherProcessors: many party shared party subProcessor = "subverwerkers"
            "The other processors, authorised or objected to (Art. 28(2)).",
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
