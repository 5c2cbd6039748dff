//! Processor agreements: the contract without which no processor may act (GDPR Art. 28).
//!
//! An agreement that is executed without signatures or with clauses missing is recorded as it happened; whether it
//! meets Art. 28(3) is a verdict.

use crate::family::consent_text::Materiality;
use crate::family::declare;
use crate::family::dossier::{
    Dated, Refusal, controllers_act, distinct, first, link, needed, not_empty, not_reversed, put, require, take_over,
};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::{AdviceResponse, Document};
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
    event GuaranteesAssessed as "AgreementGuaranteesAssessed" domain "GuaranteesAssessed" = "garanties beoordeeld",
        every guarantees = "beoordelingen van garanties" "Assessments of guarantees, oldest first." {
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
        SubjectAndDuration as "ART_28_3_SUBJECT" = "onderwerp en duur"
            "The subject matter and the duration (Art. 28(3), first sentence).",
        NatureAndPurpose as "ART_28_3_PURPOSE" = "aard en doel"
            "The nature and purpose of the processing (Art. 28(3), first sentence).",
        DataAndSubjects as "ART_28_3_DATA" = "soort persoonsgegevens en categorieën van betrokkenen"
            "The type of data and the categories of data subjects (Art. 28(3), first sentence).",
        ControllerRights as "ART_28_3_CONTROLLER" = "rechten en verplichtingen van de verwerkingsverantwoordelijke"
            "The obligations and rights of the controller (Art. 28(3), first sentence).",
        InfringingInstruction as "ART_28_3_WARNING" = "melding van een instructie in strijd met de wet"
            "To tell at once of an instruction that infringes the law (Art. 28(3), last sentence).",
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
    event ClauseCoverageAssessed as "AgreementClauseCoverageAssessed" domain "ClauseCoverageAssessed"
        = "bepalingen getoetst" {
        clauses: Vec<ClauseFinding> = "bepalingen" "The clauses examined; those not named stay as they were.",
        framework: Code? = "normenkader" "The framework or model against which, with its version, as `SURF-4.0`.",
    }

    /// The data protection officer is consulted on the agreement (Art. 38(1)).
    event DpoConsulted of crate::family::advice::DpoConsulted = "FG geraadpleegd";

    /// The data protection officer advises on the agreement (Art. 39(1)(a)).
    event DpoAdviceIssued of crate::family::advice::DpoAdviceIssued = "FG-advies uitgebracht";

    /// A party signs.
    event SignedByParty as "AgreementSignedByParty" = "door een partij ondertekend",
        every signatures = "ondertekeningen" -> PartiallySigned "Signatures, oldest first." {
        party: Code = "ondertekenende partij" "The party that signs, the processor or the institution itself.",
        role: Code? "The role in which its signatory signs.",
        document: Document? "The signed document.",
    }

    /// The agreement is executed: it binds (Art. 28(3), (9)).
    event Executed as "AgreementExecuted" = "tot stand gekomen", last execution = "totstandkoming" -> Executed
        "The execution." {
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
    event Amended as "AgreementAmended" = "gewijzigd", every amendments = "wijzigingen" "Amendments, oldest first." {
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
    event ProcessorAudited = "verwerker geauditeerd", every audits = "audits" "Audits of the processor, oldest first." {
        outcome: AuditOutcome? "What was found.",
        document: Document? "The report.",
    }

    /// The processor gives notice of a breach (Art. 33(2)); the fact holds from when the notice was received.
    event ProcessorBreachNoticeReceived = "datalekmelding van de verwerker ontvangen",
        every breach_notices = "meldingen van datalekken" "Notices of breaches, oldest first." {
        processor_aware_at: PartialDate? = "verwerker op de hoogte sinds" "When the processor became aware of it.",
        breach_reference: Code? = "kenmerk van het datalek" key "The reference of the breach, as `BRE-0003`.",
        notice: Erasable<String>? = "melding" "What the notice says.",
    }

    /// It is reported that the processor uses data for purposes of its own (Art. 28(10)).
    event ProcessorMisuseReported = "eigen gebruik door de verwerker gemeld",
        every misuses = "meldingen van eigen gebruik" "Reports of misuse, oldest first." {
        report: Erasable<String> = "wat de verwerker ermee doet" "What it does with them.",
        document: Document? "The report as a document.",
    }

    /// The time of the agreement is over.
    event Expired as "AgreementExpired" = "verlopen" {}

    /// The agreement is ended.
    event Terminated as "AgreementTerminated" = "beëindigd", last termination = "beëindiging" -> Terminated
        "The termination." {
        reason: Erasable<String> "Why.",
    }

    /// What the processor did with the data at the end.
    choice DataReturn as "ProcessorDataReturn" {
        Returned = "teruggegeven" "Gave them back.",
        Deleted = "gewist" "Deleted them.",
        Both = "teruggegeven en gewist" "Gave them back and deleted its copies.",
    }

    /// It is confirmed that the processor returned or deleted the data (Art. 28(3)(g)).
    event DataReturnedOrDeletedConfirmed = "teruggave of wissing bevestigd",
        every data_returns = "bevestigingen van teruggave of wissing"
            "Confirmations that data were returned or deleted, oldest first." {
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
    state Agreement as "AgreementState" of AgreementStatus key {
        party: Code? = "verwerker" key "The processor.",
        model_version: Code? = "model en versie" "The model it follows, with its version.",
        activities: Vec<StreamId> "The activities it covers.",
        drafted: PartialDate? = "opgesteld op" "When it was drafted.",
        clauses: Vec<ClauseAt> = "bepalingen" "The clauses examined, each as it stands.",
        consultations: Vec<Dated<DpoConsulted>> = "raadplegingen van de FG"
            "Consultations of the data protection officer, oldest first.",
        advices: Vec<Dated<DpoAdviceIssued>> = "adviezen van de FG"
            "Advice of the data protection officer, oldest first.",
        from: PartialDate? "From when it binds.",
        to: PartialDate? = "tot en met" "Until when it binds, as agreed; absent: without an end.",
        breach_term: Term? = "meldtermijn voor datalekken" "Within which term the processor gives notice of a breach.",
        return_term: Term? = "termijn voor teruggave of wissing"
            "Within which term after the end it returns or deletes the data.",
        sub_processors: Vec<SubProcessor> = "subverwerkers" "Other processors, each as it stands.",
        expired: PartialDate? = "verlopen op" "When it expired.",
    }

    keys {
        activity: StreamId "Agreements that cover an activity.",
        sub_processor: Code "Agreements under which another processor works or wants to.",
    }

    relations {
        processingActivities: many activity ours activity = "verwerkingsactiviteiten"
            "The processing activities that it covers.",
        processor: one party shared party party = "verwerker" "The processor.",
        otherProcessors: many party shared party subProcessor = "subverwerkers"
            "The other processors, authorised or objected to (Art. 28(2)).",
    }
}

impl Family for Agreement {
    fn admit(&self, event: &AgreementEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use AgreementEvent as E;
        controllers_act(context.place)?;
        let here = context.place.effective;
        match event {
            E::Drafted(event) => {
                first("drafted", self.drafted.is_none())?;
                admit_activities(&event.activities)
            }
            E::ClauseCoverageAssessed(event) => {
                not_empty("clauses", &event.clauses)?;
                distinct("clauses", event.clauses.iter().map(|finding| &finding.clause))
            }
            E::Executed(event) => {
                first("executed", self.execution.is_none())?;
                admit_activities(&event.activities)?;
                not_reversed("to", event.from.or(Some(here)), event.to)
            }
            E::Amended(event) => {
                needed("executed", self.execution.is_some())?;
                admit_activities(event.activities.as_deref().unwrap_or_default())?;
                not_reversed("to", self.from.or(Some(here)), event.to)
            }
            E::Expired(_) | E::Terminated(_) => {
                needed("executed", self.execution.is_some())?;
                let message = "this agreement has expired or was terminated at that moment";
                require(!self.ended(), RejectionCode::Ended, "", message)
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &AgreementEvent, recorded: &Recorded) {
        use AgreementEvent as E;
        if let Some(message) = self.unexecuted(event) {
            note_anomaly(&mut self.anomalies, recorded, message);
        }
        if let Some(message) = self.again(event) {
            return note_anomaly(&mut self.anomalies, recorded, message);
        }
        let (before, since, sequence) = (self.status, recorded.effective, recorded.sequence);
        self.keep(event, recorded);
        // What binds or has ended is not drafted again.
        self.status = self.status.max(before);
        match event {
            E::GuaranteesAssessed(event) => self.party = self.party.take().or(event.party.clone()),
            E::Drafted(event) => self.draft(event, recorded),
            E::ClauseCoverageAssessed(event) => self.examine(event, recorded),
            E::DpoConsulted(event) => self.consultations.push(Dated::new(event, recorded)),
            E::DpoAdviceIssued(event) => self.advices.push(Dated::new(event, recorded)),
            E::Executed(event) => self.execute(event, recorded),
            E::SubProcessorAuthorised(event) => {
                let (party, mode, country) = (event.party.clone(), Some(event.mode), event.country.clone());
                let standing = SubProcessorStanding::Authorised;
                self.stand(SubProcessor { party, standing, mode, country, since, sequence });
            }
            E::SubProcessorObjected(event) => {
                let known = self.sub_processors.iter().find(|known| known.party == event.party);
                let country = known.and_then(|known| known.country.clone());
                let (party, standing) = (event.party.clone(), SubProcessorStanding::Objected);
                self.stand(SubProcessor { party, standing, mode: None, country, since, sequence });
            }
            E::Amended(event) => self.amend(event, recorded),
            E::Expired(_) => {
                self.status = AgreementStatus::Expired;
                self.expired = Some(recorded.effective);
            }
            E::DataReturnedOrDeletedConfirmed(_) if self.ended() => self.status = AgreementStatus::Settled,
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "activity", &self.activities);
        self.sub_processors.iter().for_each(|other| push_keys(&mut keys, "subProcessor", &other.party));
        keys
    }
}

fn admit_activities(activities: &[StreamId]) -> Result<(), Refusal> {
    link("activities", "activity", activities)?;
    distinct("activities", activities)
}

impl Agreement {
    fn ended(&self) -> bool {
        self.status >= AgreementStatus::Expired
    }

    fn unexecuted(&self, event: &AgreementEvent) -> Option<&'static str> {
        use AgreementEvent as E;
        match event {
            _ if self.execution.is_some() => None,
            E::Amended(_) => Some("an agreement was amended that had not been executed yet"),
            E::Expired(_) | E::Terminated(_) => Some("an agreement ended that had not been executed yet"),
            _ => None,
        }
    }

    /// Why a fact changes nothing: it happened before.
    fn again(&self, event: &AgreementEvent) -> Option<&'static str> {
        use AgreementEvent as E;
        match event {
            E::Drafted(_) if self.drafted.is_some() => Some("the agreement had been drafted before"),
            E::Executed(_) if self.execution.is_some() => Some("the agreement had been executed before"),
            E::Expired(_) | E::Terminated(_) if self.ended() => Some("the agreement had ended before"),
            _ => None,
        }
    }

    fn concern(&mut self, party: &Code, recorded: &Recorded) {
        if self.party.as_ref().is_some_and(|known| known != party) {
            note_anomaly(&mut self.anomalies, recorded, "the agreement had been one with another party before");
        }
        self.party = Some(party.clone());
    }

    fn draft(&mut self, event: &Drafted, recorded: &Recorded) {
        self.drafted = Some(recorded.effective);
        self.status = self.status.max(AgreementStatus::Drafted);
        if self.execution.is_none() {
            self.concern(&event.party, recorded);
            self.model_version.clone_from(&event.model_version);
            self.activities.clone_from(&event.activities);
        }
    }

    fn examine(&mut self, event: &ClauseCoverageAssessed, recorded: &Recorded) {
        self.status = self.status.max(AgreementStatus::Negotiated);
        for &ClauseFinding { clause, coverage } in &event.clauses {
            let (framework, since) = (event.framework.clone(), recorded.effective);
            let now = ClauseAt { clause, coverage, framework, since, sequence: recorded.sequence };
            put(&mut self.clauses, now, |known| &known.clause);
        }
    }

    fn execute(&mut self, event: &Executed, recorded: &Recorded) {
        self.concern(&event.party, recorded);
        take_over!(event => self; model_version, activities);
        self.from = event.from.or(Some(recorded.effective));
        (self.to, self.breach_term, self.return_term) = (event.to, event.breach_term, event.return_term);
    }

    fn amend(&mut self, event: &Amended, recorded: &Recorded) {
        take_over!(event => self; model_version, activities, to, breach_term, return_term);
        let renewed = event.to.is_some();
        if self.status == AgreementStatus::Expired && renewed {
            self.expired = None;
        } else if self.ended() {
            return note_anomaly(&mut self.anomalies, recorded, "an agreement was amended that had ended");
        }
        self.status = if renewed { AgreementStatus::Renewed } else { AgreementStatus::Amended };
    }

    fn stand(&mut self, now: SubProcessor) {
        put(&mut self.sub_processors, now, |known| &known.party);
    }
}

#[cfg(test)]
mod tests;
