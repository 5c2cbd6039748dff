//! Processing activities: the register of what is done with personal data, why, and on which legal basis (GDPR Art. 30).
//!
//! The register entry is a chain of immutable versions; a change is a new version. Whether an activity is *lawful* is a
//! verdict, not a state: what started unassessed, unapproved or without a basis is recorded as it happened.

use std::collections::BTreeSet;

use super::consent_text::{ConsentText, Materiality};
use super::declare::{choice, events, filter, record, state};
use super::dossier::Dated;
use super::kit::{Anomaly, By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::legitimate_interest_assessment::LegitimateInterestAssessment;
use super::value::{AdviceOutcome, AdviceResponse, Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

/// How many criteria the supervisors' screening for an impact assessment has (WP 248 rev.01).
pub const SCREENING_CRITERIA_MAX: u16 = 9;

choice! {
    /// The legal basis of a purpose (Art. 6(1)).
    LegalBasis "LegalBasis" {
        /// Consent (Art. 6(1)(a)).
        Consent = "toestemming",
        /// A contract with the data subject (Art. 6(1)(b)).
        Contract = "overeenkomst",
        /// A legal obligation (Art. 6(1)(c)).
        LegalObligation = "wettelijke verplichting",
        /// A vital interest (Art. 6(1)(d)).
        VitalInterest,
        /// A task in the public interest (Art. 6(1)(e)).
        PublicTask = "taak van algemeen belang",
        /// A legitimate interest (Art. 6(1)(f)).
        LegitimateInterest = "gerechtvaardigd belang",
    }
}

record! {
    /// A place in a legal instrument.
    LegalReference "LegalReference" "LegalReferenceInput" {
        /// The instrument, as `UAVG` or `LEX-GDPR`.
        instrument: Code = "regeling",
        /// The article, as `46`.
        article: Option<Code> = "artikel",
        /// The paragraph or letter, as `1` or `1-e`.
        paragraph: Option<Code> = "lid of onderdeel",
    }
}

record! {
    /// A purpose of the activity and the basis on which it rests (Art. 5(1)(b), 6(1), 30(1)(b)).
    Purpose "ActivityPurpose" "ActivityPurposeInput" {
        /// The code by which other facts name it; unique in the version.
        code: Code,
        /// What the data are used for.
        text: Option<Erasable<LangText>> = "omschrijving",
        /// The legal basis that this version states.
        basis: Option<LegalBasis> = "grondslag",
        /// The statute or contract type on which it rests (Art. 6(3)).
        legal_reference: Option<LegalReference>,
        /// The legitimate-interest assessment that justifies it.
        assessment: Option<StreamId> = "belangenafweging",
        /// The consent text by which people are asked.
        consent_text: Option<StreamId>,
        /// Why the data are needed for it (Art. 5(1)(c)).
        necessity: Option<Erasable<LangText>> = "noodzaak",
        /// Whose life is at stake and how, where it is a vital interest (Art. 6(1)(d)).
        case_note: Option<Erasable<String>> = "toelichting op het vitaal belang",
    }
}

choice! {
    /// The special categories of personal data (Art. 9(1)).
    SpecialCategory "SpecialCategory" {
        /// Racial or ethnic origin.
        RacialOrEthnicOrigin = "ras of etnische afkomst",
        /// Political opinions.
        PoliticalOpinions = "politieke opvattingen",
        /// Religious or philosophical beliefs.
        ReligiousOrPhilosophicalBeliefs = "religieuze of levensbeschouwelijke overtuigingen",
        /// Trade union membership.
        TradeUnionMembership = "lidmaatschap van een vakbond",
        /// Genetic data.
        Genetic = "genetische gegevens",
        /// Biometric data that identify a person.
        Biometric = "biometrische gegevens",
        /// Health.
        Health = "gezondheid",
        /// Sex life or sexual orientation.
        SexLifeOrOrientation = "seksueel gedrag of seksuele gerichtheid",
    }
}

choice! {
    /// The kinds of identification number (Art. 87, UAVG Art. 46).
    NationalId "NationalIdentificationNumber" {
        /// The citizen service number (BSN).
        CitizenServiceNumber = "burgerservicenummer (BSN)",
        /// The education number (onderwijsnummer).
        EducationNumber = "onderwijsnummer",
        /// Another number that a statute prescribes.
        OtherStatutory = "ander wettelijk nummer",
        /// A number of the institution itself, such as the student number.
        Local = "eigen nummer van de instelling",
    }
}

record! {
    /// A category of personal data (Art. 30(1)(c)).
    DataCategory "DataCategory" "DataCategoryInput" {
        /// Its code; unique in the version.
        code: Code,
        /// The special category it belongs to (Art. 9).
        special: Option<SpecialCategory> = "bijzondere categorie",
        /// The identification number it is (Art. 87).
        national_id: Option<NationalId> = "identificatienummer",
        /// Whether it concerns criminal convictions or offences (Art. 10).
        criminal: Option<bool> = "strafrechtelijke gegevens",
    }
}

record! {
    /// A transfer to a third country (Art. 30(1)(e)).
    Transfer "ActivityTransfer" "ActivityTransferInput" {
        /// The party that receives the data.
        recipient: Code = "ontvanger",
        /// The country, as `US`.
        country: Code,
        /// The suitable safeguards of a transfer under Art. 49(1), second subparagraph.
        safeguards: Option<Erasable<String>> = "passende waarborgen",
    }
}

record! {
    /// How long data are kept (Art. 30(1)(f)).
    Retention "ActivityRetention" "ActivityRetentionInput" {
        /// The category of data; absent: all that no other term names.
        category: Option<Code> = "categorie gegevens",
        /// For how long.
        term: Term,
        /// The rule of the retention schedule.
        rule: Option<Code> = "bewaarregel",
    }
}

record! {
    /// How data are secured, in general terms (Art. 30(1)(g), 32).
    Security "ActivitySecurity" "ActivitySecurityInput" {
        /// The security class, as `CONFIDENTIAL`.
        class: Option<Code> = "beveiligingsklasse",
        /// The technical and organisational measures.
        measures: Vec<Erasable<String>>,
    }
}

choice! {
    /// Where data come from (Art. 13, 14).
    DataSource "DataSource" {
        /// From the data subjects themselves.
        Direct = "van de betrokkene zelf",
        /// From somebody else.
        Indirect = "van een ander",
    }
}

choice! {
    /// The ground of a decision based solely on automated processing (Art. 22(2)).
    AutomatedDecisionGround "AutomatedDecisionGround" {
        /// Necessary for a contract (Art. 22(2)(a)).
        Contract = "overeenkomst",
        /// Authorised by law (Art. 22(2)(b)).
        Law = "wet",
        /// Explicit consent (Art. 22(2)(c)).
        ExplicitConsent,
    }
}

record! {
    /// Whether decisions are based solely on automated processing, profiling included (Art. 22).
    AutomatedDecisions "AutomatedDecisions" "AutomatedDecisionsInput" {
        /// Whether such decisions are taken.
        taken: bool = "geautomatiseerde besluiten genomen",
        /// The ground on which.
        ground: Option<AutomatedDecisionGround> = "grond",
    }
}

choice! {
    /// How far processing is automated (Art. 2(1)).
    Automation "Automation" {
        /// Wholly.
        Automated = "geheel geautomatiseerd",
        /// In part.
        PartlyAutomated = "gedeeltelijk geautomatiseerd",
        /// Not at all, but filed.
        ManualFiled = "niet geautomatiseerd, in een bestand",
    }
}

record! {
    /// An activity is drafted.
    Drafted "ActivityDrafted" "ActivityDraftedInput" {
        /// Its name.
        name: Option<Erasable<LangText>>,
        /// The kind of use it is.
        kind: Option<Code>,
        /// The unit that owns it.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An activity is notified to the data protection officer (Art. 39(1)(b)).
    NotifiedToDpo "ActivityNotifiedToDpo" "ActivityNotifiedToDpoInput" {
        /// Its name.
        name: Option<Erasable<LangText>>,
        /// The unit that owns it.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whether an impact assessment is needed.
    ScreeningOutcome "DpiaScreeningOutcome" {
        /// It is.
        Required = "vereist",
        /// It is not.
        NotRequired = "niet vereist",
    }
}

choice! {
    /// What makes processing likely to be of high risk; two of the nine are as a rule enough (WP 248 rev.01).
    ScreeningCriterion "DpiaScreeningCriterion" {
        /// People are evaluated or scored, profiling included.
        EvaluationOrScoring = "evaluatie of scoretoekenning",
        /// Decisions with legal or similarly significant effect are automated.
        AutomatedDecisions = "geautomatiseerde besluiten",
        /// People are monitored systematically.
        SystematicMonitoring = "stelselmatige monitoring",
        /// Sensitive data or data of a highly personal nature are used.
        SensitiveData = "gevoelige gegevens",
        /// It happens on a large scale.
        LargeScale = "grootschalige verwerking",
        /// Data sets are matched or combined.
        MatchedDataSets = "gekoppelde gegevensverzamelingen",
        /// The data subjects are vulnerable: children, staff, patients.
        VulnerableSubjects = "kwetsbare betrokkenen",
        /// A technology or organisational solution is used in a new way.
        InnovativeUse = "innovatief gebruik van techniek",
        /// It keeps people from a right, a service or a contract.
        PreventsRightsOrService = "belemmert een recht, dienst of overeenkomst",
    }
}

record! {
    /// It is screened whether an impact assessment is needed (Art. 35(1), (3)).
    DpiaScreened "ActivityDpiaScreened" "ActivityDpiaScreenedInput" {
        /// The version screened, if it has a number yet.
        version: Option<u32>,
        /// How many of the nine criteria are met.
        criteria_met: Option<u16> = "aantal criteria",
        /// Which of them are met; absent: it is not known which.
        criteria: Option<Vec<ScreeningCriterion>> = "criteria",
        /// What follows.
        outcome: ScreeningOutcome,
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer is consulted on the activity (Art. 38(1)).
    DpoConsulted "ActivityDpoConsulted" "ActivityDpoConsultedInput" {
        /// The version on which, if it has a number yet.
        version: Option<u32>,
        /// What the officer was asked.
        question: Option<Erasable<String>>,
        /// What was handed over.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer advises on the activity (Art. 39(1)(a)).
    DpoAdviceIssued "ActivityDpoAdviceIssued" "ActivityDpoAdviceIssuedInput" {
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

choice! {
    /// What the data protection officer found.
    LawfulnessOutcome "LawfulnessOutcome" {
        /// Lawful.
        Lawful = "rechtmatig",
        /// Lawful once conditions are met.
        LawfulWithConditions = "rechtmatig onder voorwaarden",
        /// Unlawful.
        Unlawful = "onrechtmatig",
    }
}

record! {
    /// The data protection officer assesses the lawfulness of the activity (Art. 5(2), 39(1)(b)).
    LawfulnessAssessed "ActivityLawfulnessAssessed" "ActivityLawfulnessAssessedInput" {
        /// The version assessed, if it has a number yet.
        version: Option<u32>,
        /// What was found.
        outcome: LawfulnessOutcome,
        /// The conditions to meet.
        conditions: Vec<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A draft is submitted for approval.
    Submitted "ActivitySubmitted" "ActivitySubmittedInput" {
        /// The version that it will be.
        version: Option<u32>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A draft is approved.
    Approved "ActivityApproved" "ActivityApprovedInput" {
        /// The version that it will be.
        version: Option<u32>,
        /// The role that approves.
        by: Option<Code>,
        /// What became of the officer's advice.
        advice_response: Option<AdviceResponse>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A version of the register entry is established (Art. 30(1)).
    Established "ActivityEstablished" "ActivityEstablishedInput" {
        /// Its number, from 1; each the next.
        version: u32,
        /// The name of the activity.
        name: Option<Erasable<LangText>>,
        /// The kind of use it is.
        kind: Option<Code>,
        /// The purposes.
        purposes: Vec<Purpose>,
        /// Whether it is one of the institution's public tasks (Art. 6(1), second subparagraph).
        public_task: Option<bool> = "publieke taak",
        /// Why it is or is not.
        public_task_reason: Option<Erasable<String>> = "toelichting op de publieke taak",
        /// The categories of data subjects.
        subject_categories: Vec<Code> = "categorieën betrokkenen",
        /// The categories of personal data.
        data_categories: Vec<DataCategory>,
        /// The processing operations (Art. 4(2)).
        operations: Vec<Code>,
        /// The platforms it uses.
        platforms: Vec<Code>,
        /// The recipients (Art. 30(1)(d)).
        recipients: Vec<Code>,
        /// The transfers to third countries.
        transfers: Vec<Transfer> = "doorgiften",
        /// How long data are kept.
        retention: Vec<Retention> = "bewaartermijnen",
        /// How data are secured.
        security: Option<Security> = "beveiliging",
        /// Where data come from.
        source: Option<DataSource> = "herkomst van de gegevens",
        /// Whether decisions are automated.
        automated_decisions: Option<AutomatedDecisions> = "geautomatiseerde besluitvorming",
        /// How far processing is automated.
        automation: Option<Automation> = "mate van automatisering",
        /// The systems it uses.
        systems: Vec<Code>,
        /// The unit that owns it.
        owning_unit: Option<Code> = "beheerseenheid",
        /// The role that answers for it.
        owner: Option<Code> = "proceseigenaar",
        /// The controller (Art. 30(1)(a)).
        controller: Option<Code> = "verwerkingsverantwoordelijke",
        /// The joint controllers (Art. 26).
        joint_controllers: Vec<Code> = "gezamenlijke verwerkingsverantwoordelijken",
        /// The processors (Art. 28).
        processors: Vec<Code>,
        /// How the data protection officer is reached (Art. 30(1)(a)).
        dpo_contact: Option<Erasable<String>> = "contactgegevens van de FG",
        /// The role that approved the version.
        approved_by: Option<Code> = "goedgekeurd door",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The legal basis of a purpose is determined (Art. 6(1)).
    LegalBasisDetermined "ActivityLegalBasisDetermined" "ActivityLegalBasisDeterminedInput" {
        /// The purpose.
        purpose: Code,
        /// The basis.
        basis: LegalBasis = "grondslag",
        /// The statute or contract type on which it rests (Art. 6(3)).
        legal_reference: Option<LegalReference>,
        /// The legitimate-interest assessment that justifies it.
        assessment: Option<StreamId> = "belangenafweging",
        /// The consent text by which people are asked.
        consent_text: Option<StreamId>,
        /// Whether the purpose is one of the institution's public tasks (Art. 6(1), second subparagraph).
        public_task: Option<bool> = "publieke taak",
        /// Why it is or is not.
        public_task_reason: Option<Erasable<String>> = "toelichting op de publieke taak",
        /// Whose life is at stake and how, where it is a vital interest (Art. 6(1)(d)).
        case_note: Option<Erasable<String>> = "toelichting op het vitaal belang",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A purpose is put on another legal basis.
    LegalBasisChanged "ActivityLegalBasisChanged" "ActivityLegalBasisChangedInput" {
        /// The purpose.
        purpose: Code,
        /// The new basis.
        basis: LegalBasis = "grondslag",
        /// The statute or contract type on which it rests (Art. 6(3)).
        legal_reference: Option<LegalReference>,
        /// The legitimate-interest assessment that justifies it.
        assessment: Option<StreamId> = "belangenafweging",
        /// The consent text by which people are asked.
        consent_text: Option<StreamId>,
        /// Whether the purpose is one of the institution's public tasks (Art. 6(1), second subparagraph).
        public_task: Option<bool> = "publieke taak",
        /// Why it is or is not.
        public_task_reason: Option<Erasable<String>> = "toelichting op de publieke taak",
        /// Whose life is at stake and how, where it is a vital interest (Art. 6(1)(d)).
        case_note: Option<Erasable<String>> = "toelichting op het vitaal belang",
        /// Why the basis changes.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The register entry is amended: a new version in which every field present replaces that of the version before.
    Amended "ActivityAmended" "ActivityAmendedInput" {
        /// Its number; each the next.
        version: u32,
        /// The name of the activity.
        name: Option<Erasable<LangText>>,
        /// The kind of use it is.
        kind: Option<Code>,
        /// The purposes.
        purposes: Option<Vec<Purpose>>,
        /// Whether it is one of the institution's public tasks (Art. 6(1), second subparagraph).
        public_task: Option<bool> = "publieke taak",
        /// Why it is or is not.
        public_task_reason: Option<Erasable<String>> = "toelichting op de publieke taak",
        /// The categories of data subjects.
        subject_categories: Option<Vec<Code>> = "categorieën betrokkenen",
        /// The categories of personal data.
        data_categories: Option<Vec<DataCategory>>,
        /// The processing operations (Art. 4(2)).
        operations: Option<Vec<Code>>,
        /// The platforms it uses.
        platforms: Option<Vec<Code>>,
        /// The recipients (Art. 30(1)(d)).
        recipients: Option<Vec<Code>>,
        /// The transfers to third countries.
        transfers: Option<Vec<Transfer>> = "doorgiften",
        /// How long data are kept.
        retention: Option<Vec<Retention>> = "bewaartermijnen",
        /// How data are secured.
        security: Option<Security> = "beveiliging",
        /// Where data come from.
        source: Option<DataSource> = "herkomst van de gegevens",
        /// Whether decisions are automated.
        automated_decisions: Option<AutomatedDecisions> = "geautomatiseerde besluitvorming",
        /// How far processing is automated.
        automation: Option<Automation> = "mate van automatisering",
        /// The systems it uses.
        systems: Option<Vec<Code>>,
        /// The unit that owns it.
        owning_unit: Option<Code> = "beheerseenheid",
        /// The role that answers for it.
        owner: Option<Code> = "proceseigenaar",
        /// The controller (Art. 30(1)(a)).
        controller: Option<Code> = "verwerkingsverantwoordelijke",
        /// The joint controllers (Art. 26).
        joint_controllers: Option<Vec<Code>> = "gezamenlijke verwerkingsverantwoordelijken",
        /// The processors (Art. 28).
        processors: Option<Vec<Code>>,
        /// How the data protection officer is reached (Art. 30(1)(a)).
        dpo_contact: Option<Erasable<String>> = "contactgegevens van de FG",
        /// The role that approved the version.
        approved_by: Option<Code> = "goedgekeurd door",
        /// Whether the change matters to data subjects.
        materiality: Option<Materiality>,
        /// The units to which the change was pushed.
        pushed_to: Vec<Code> = "doorgegeven aan",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is stated why data are needed for a purpose (Art. 5(1)(c)).
    NecessityStatementRecorded "ActivityNecessityStatementRecorded" "ActivityNecessityStatementRecordedInput" {
        /// The purpose.
        purpose: Code,
        /// The categories of data that are needed for it.
        data_categories: Vec<Code>,
        /// Why.
        statement: Erasable<LangText> = "onderbouwing van de noodzaak",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whether people need to be identified.
    AnonymisationOutcome "AnonymisationOutcome" {
        /// Anonymous data serve as well and are used.
        Anonymous = "anonieme gegevens volstaan",
        /// Pseudonymous data serve as well and are used.
        Pseudonymous = "gepseudonimiseerde gegevens volstaan",
        /// People have to be identified.
        IdentificationNeeded = "identificatie nodig",
    }
}

record! {
    /// It is considered whether anonymous data serve as well (Art. 5(1)(c), 11, 25).
    AnonymisationConsidered "ActivityAnonymisationConsidered" "ActivityAnonymisationConsideredInput" {
        /// The version considered, if it has a number yet.
        version: Option<u32>,
        /// What was found.
        outcome: AnonymisationOutcome,
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whether rules on personal data reach the activity.
    ScopeOutcome "ScopeOutcome" {
        /// They do.
        InScope = "binnen de reikwijdte",
        /// Only aggregated, anonymous data are processed (recital 26).
        AggregatedOnly = "alleen geaggregeerde gegevens",
        /// The institution does not engage in this kind of use.
        NotEngaged = "deze vorm van gebruik komt niet voor",
    }
}

record! {
    /// It is determined whether the rules reach the activity (Art. 2, recital 26).
    ScopeDeterminationRecorded "ActivityScopeDeterminationRecorded" "ActivityScopeDeterminationRecordedInput" {
        /// The kind of use that was examined.
        kind: Option<Code>,
        /// What was found.
        outcome: ScopeOutcome,
        /// Whether singling a person out is impossible.
        isolation_excluded: Option<bool> = "herleiden uitgesloten",
        /// Whether linking records of a person is impossible.
        linkage_excluded: Option<bool> = "koppelen uitgesloten",
        /// Whether inferring something about a person is impossible.
        inference_excluded: Option<bool> = "afleiden uitgesloten",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Data protection by design and by default is reviewed (Art. 25).
    DesignReviewCompleted "ActivityDesignReviewCompleted" "ActivityDesignReviewCompletedInput" {
        /// Whether data protection is designed in.
        by_design: Option<bool> = "gegevensbescherming door ontwerp",
        /// Whether the defaults process only what is needed.
        by_default: Option<bool> = "gegevensbescherming door standaardinstellingen",
        /// The systems reviewed.
        systems: Vec<Code>,
        /// What is done about what was found.
        measures: Vec<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A measure keeps data accurate and up to date (Art. 5(1)(d)).
    AccuracyMeasureRecorded "ActivityAccuracyMeasureRecorded" "ActivityAccuracyMeasureRecordedInput" {
        /// The measure.
        measure: Erasable<String>,
        /// When it was last found to work; absent: when it was recorded.
        reviewed: Option<PartialDate> = "laatst beoordeeld op",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is declared whether decisions are automated, with what people must be told of them (Art. 13(2)(f), 14(2)(g), 22).
    AutomatedDecisionsDeclared "ActivityAutomatedDecisionsDeclared" "ActivityAutomatedDecisionsDeclaredInput" {
        /// Whether such decisions are taken; absent: they are.
        taken: Option<bool> = "geautomatiseerde besluiten genomen",
        /// Whether the effect is legal or similarly significant.
        significant_effect: Option<bool> = "rechtsgevolg of aanmerkelijk gevolg",
        /// The logic involved.
        logic: Option<Erasable<LangText>> = "onderliggende logica",
        /// The consequences for people.
        consequences: Option<Erasable<LangText>> = "gevolgen",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The ground of automated decisions is recorded (Art. 22(2)).
    AutomatedDecisionGroundRecorded "ActivityAutomatedDecisionGroundRecorded" "ActivityAutomatedDecisionGroundRecordedInput" {
        /// The ground.
        ground: AutomatedDecisionGround = "grond",
        /// The statute that authorises them (Art. 22(2)(b)).
        legal_reference: Option<LegalReference>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The safeguards of automated decisions are recorded (Art. 22(3)).
    AutomatedDecisionSafeguardsRecorded "ActivityAutomatedDecisionSafeguardsRecorded" "ActivityAutomatedDecisionSafeguardsRecordedInput" {
        /// Whether people can obtain human intervention.
        human_intervention: Option<bool> = "menselijke tussenkomst",
        /// Whether people can express their point of view.
        point_of_view: Option<bool> = "standpunt kenbaar maken",
        /// Whether people can contest the decision.
        contestable: Option<bool> = "besluit aanvechtbaar",
        /// Further measures.
        measures: Vec<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// On what processing of criminal data rests (Art. 10).
    CriminalDataGround "CriminalDataGround" {
        /// The control of official authority.
        OfficialAuthority = "onder toezicht van de overheid",
        /// An authorisation by law.
        AuthorisedByLaw = "wettelijke bepaling",
    }
}

record! {
    /// The ground for processing criminal data is recorded (Art. 10, UAVG Art. 31-33).
    CriminalDataGroundRecorded "ActivityCriminalDataGroundRecorded" "ActivityCriminalDataGroundRecordedInput" {
        /// The ground.
        ground: CriminalDataGround = "grond",
        /// The statute.
        legal_reference: Option<LegalReference>,
        /// The categories of data; none named: all criminal data.
        data_categories: Vec<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whether a further purpose is compatible with the original one.
    Compatibility "PurposeCompatibility" {
        /// It is.
        Compatible = "verenigbaar",
        /// It is not.
        Incompatible = "onverenigbaar",
    }
}

record! {
    /// It is assessed whether a further purpose is compatible with the original one (Art. 5(1)(b), 6(4)).
    PurposeCompatibilityAssessed "ActivityPurposeCompatibilityAssessed" "ActivityPurposeCompatibilityAssessedInput" {
        /// The purpose for which data were collected.
        original_purpose: Code = "oorspronkelijk doeleinde",
        /// The further purpose.
        further_purpose: Code = "verder doeleinde",
        /// What was found.
        outcome: Compatibility,
        /// The factors of Art. 6(4) and how they weighed.
        factors: Vec<Erasable<String>> = "afgewogen factoren",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// The exception under which special categories may be processed (Art. 9(2)).
    SpecialCategoryGround "SpecialCategoryGround" {
        /// Explicit consent (Art. 9(2)(a)).
        ExplicitConsent,
        /// Employment and social security law (Art. 9(2)(b)).
        EmploymentLaw = "arbeidsrecht en sociale zekerheid",
        /// A vital interest (Art. 9(2)(c)).
        VitalInterest,
        /// Members of a body with an ideal aim (Art. 9(2)(d)).
        NonProfitBody = "instantie zonder winstoogmerk",
        /// Data manifestly made public (Art. 9(2)(e)).
        ManifestlyPublic = "kennelijk door de betrokkene openbaar gemaakt",
        /// Legal claims (Art. 9(2)(f)).
        LegalClaims = "rechtsvordering",
        /// A substantial public interest (Art. 9(2)(g)).
        SubstantialPublicInterest = "zwaarwegend algemeen belang",
        /// Health care (Art. 9(2)(h)).
        HealthCare = "gezondheidszorg",
        /// Public health (Art. 9(2)(i)).
        PublicHealth = "volksgezondheid",
        /// Archiving, research or statistics (Art. 9(2)(j)).
        ResearchOrArchiving = "archivering, onderzoek of statistiek",
    }
}

record! {
    /// The exception for a special category is recorded (Art. 9(2)).
    SpecialCategoryGroundRecorded "ActivitySpecialCategoryGroundRecorded" "ActivitySpecialCategoryGroundRecordedInput" {
        /// The special category.
        category: SpecialCategory = "bijzondere categorie",
        /// The exception.
        ground: SpecialCategoryGround = "uitzondering",
        /// The statute on which it rests.
        legal_reference: Option<LegalReference>,
        /// The consent text by which explicit consent is asked.
        consent_text: Option<StreamId>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The use of an identification number is justified (Art. 87, UAVG Art. 46).
    NationalIdUseJustified "ActivityNationalIdUseJustified" "ActivityNationalIdUseJustifiedInput" {
        /// The kind of number.
        number: NationalId = "soort nummer",
        /// The statute that prescribes it.
        legal_reference: Option<LegalReference>,
        /// The purpose for which it is used.
        purpose: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Another unit becomes the owner of the activity.
    TransferredToUnit "ActivityTransferredToUnit" "ActivityTransferredToUnitInput" {
        /// The unit that owns it from now on.
        unit: Code,
        /// The decision behind it.
        decision: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Processing starts.
    Started "ActivityStarted" "ActivityStartedInput" {
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Processing is suspended.
    Suspended "ActivitySuspended" "ActivitySuspendedInput" {
        /// Why.
        reason: Erasable<String>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Processing is resumed after a suspension.
    Resumed "ActivityResumed" "ActivityResumedInput" {
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Processing ends for good.
    Ceased "ActivityCeased" "ActivityCeasedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The register entry lapses for good; it stays to be seen (vervallen).
    DeclaredObsolete "ActivityDeclaredObsolete" "ActivityDeclaredObsoleteInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a review of the register entry found.
    ReviewOutcome "ActivityReviewOutcome" {
        /// The entry is still right.
        Maintained,
        /// The entry needs a new version.
        AmendmentNeeded = "wijziging nodig",
        /// The activity should end.
        ToBeCeased = "te beëindigen",
    }
}

record! {
    /// The register entry is reviewed (Art. 24(1)).
    Reviewed "ActivityReviewed" "ActivityReviewedInput" {
        /// What was found.
        outcome: ReviewOutcome,
        /// When it is to be reviewed next.
        next_review: Option<PartialDate>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a processing activity.
    ActivityEvent "ActivityEvent" "ActivityEventInput",
    retracted "ActivityRetracted" "ActivityRetractedInput"
    {
        /// It is drafted.
        Drafted "drafted" 1 "ActivityDrafted" = "opgesteld",
        /// The data protection officer is notified.
        NotifiedToDpo "notifiedToDpo" 1 "ActivityNotifiedToDpo" = "aan de FG gemeld",
        /// The need for an impact assessment is screened.
        DpiaScreened "dpiaScreened" 1 "DpiaScreened" = "op DPIA-plicht gescreend",
        /// The data protection officer is consulted.
        DpoConsulted "dpoConsulted" 1 "DpoConsulted" = "FG geraadpleegd",
        /// The data protection officer advises.
        DpoAdviceIssued "dpoAdviceIssued" 1 "DpoAdviceIssued" = "FG-advies uitgebracht",
        /// The data protection officer assesses lawfulness.
        LawfulnessAssessed "lawfulnessAssessed" 1 "ActivityLawfulnessAssessed" = "rechtmatigheid getoetst",
        /// A draft is submitted.
        Submitted "submitted" 1 "ActivitySubmitted" = "ingediend",
        /// A draft is approved.
        Approved "approved" 1 "ActivityApproved" = "goedgekeurd",
        /// A version is established.
        Established "established" 1 "ActivityEstablished" = "vastgesteld",
        /// The legal basis of a purpose is determined.
        LegalBasisDetermined "legalBasisDetermined" 1 "ActivityLegalBasisDetermined" = "grondslag bepaald",
        /// The legal basis of a purpose changes.
        LegalBasisChanged "legalBasisChanged" 1 "ActivityLegalBasisChanged" = "grondslag gewijzigd",
        /// The entry is amended.
        Amended "amended" 1 "ActivityAmended" = "gewijzigd",
        /// Necessity is stated.
        NecessityStatementRecorded "necessityStatementRecorded" 1 "NecessityStatementRecorded" = "noodzaak onderbouwd",
        /// Anonymous data are considered.
        AnonymisationConsidered "anonymisationConsidered" 1 "AnonymisationConsidered" = "anonimisering overwogen",
        /// The reach of the rules is determined.
        ScopeDeterminationRecorded "scopeDeterminationRecorded" 1 "ScopeDeterminationRecorded" = "reikwijdte bepaald",
        /// Design and defaults are reviewed.
        DesignReviewCompleted "designReviewCompleted" 1 "DesignReviewCompleted" = "ontwerp en standaardinstellingen getoetst",
        /// A measure for accuracy is recorded.
        AccuracyMeasureRecorded "accuracyMeasureRecorded" 1 "AccuracyMeasureRecorded" = "maatregel voor juistheid vastgelegd",
        /// Automated decisions are declared.
        AutomatedDecisionsDeclared "automatedDecisionsDeclared" 1 "AdmDeclared" = "geautomatiseerde besluitvorming opgegeven",
        /// Their ground is recorded.
        AutomatedDecisionGroundRecorded "automatedDecisionGroundRecorded" 1 "AdmGroundRecorded" = "grond voor geautomatiseerde besluitvorming vastgelegd",
        /// Their safeguards are recorded.
        AutomatedDecisionSafeguardsRecorded "automatedDecisionSafeguardsRecorded" 1 "AdmSafeguardsRecorded" = "waarborgen bij geautomatiseerde besluitvorming vastgelegd",
        /// The ground for criminal data is recorded.
        CriminalDataGroundRecorded "criminalDataGroundRecorded" 1 "CriminalDataGroundRecorded" = "grond voor strafrechtelijke gegevens vastgelegd",
        /// Compatibility of purposes is assessed.
        PurposeCompatibilityAssessed "purposeCompatibilityAssessed" 1 "PurposeCompatibilityAssessed" = "verenigbaarheid van doeleinden getoetst",
        /// The exception for a special category is recorded.
        SpecialCategoryGroundRecorded "specialCategoryGroundRecorded" 1 "SpecialCategoryGroundRecorded" = "uitzondering voor bijzondere categorie vastgelegd",
        /// The use of an identification number is justified.
        NationalIdUseJustified "nationalIdUseJustified" 1 "NationalIdUseJustified" = "gebruik van identificatienummer gerechtvaardigd",
        /// Another unit becomes the owner.
        TransferredToUnit "transferredToUnit" 1 "ActivityTransferredToUnit" = "overgedragen aan andere beheerseenheid",
        /// Processing starts.
        Started "started" 1 "ActivityStarted" = "gestart",
        /// Processing is suspended.
        Suspended "suspended" 1 "ActivitySuspended" = "opgeschort",
        /// Processing is resumed.
        Resumed "resumed" 1 "ActivityResumed" = "hervat",
        /// Processing ends.
        Ceased "ceased" 1 "ActivityCeased" = "beëindigd",
        /// The entry lapses.
        DeclaredObsolete "declaredObsolete" 1 "ActivityDeclaredObsolete" = "vervallen verklaard",
        /// The entry is reviewed.
        Reviewed "reviewed" 1 "ActivityReviewed" = "herbeoordeeld",
    }
}

choice! {
    /// Where an activity stands; up to ESTABLISHED the approval states of a Dutch register.
    #[derive(Default)]
    ActivityStatus "ActivityStatus" {
        /// In the making.
        #[default]
        Draft = "in voorbereiding",
        /// Submitted for approval (in behandeling).
        InReview = "in behandeling",
        /// Approved (goedgekeurd).
        Approved,
        /// In the register (vastgesteld), not started.
        Established = "vastgesteld",
        /// Running.
        Active = "actief",
        /// Halted for a time.
        Suspended = "opgeschort",
        /// Ended (beëindigd).
        Ceased = "beëindigd",
        /// Lapsed for good (vervallen).
        Obsolete = "vervallen",
    }
}

state! {
    /// The legal basis of a purpose as it stands.
    StandingBasis "ActivityLegalBasis" {
        /// The purpose.
        purpose: Code,
        /// The basis.
        basis: LegalBasis = "grondslag",
        /// The statute or contract type on which it rests.
        legal_reference: Option<LegalReference>,
        /// The legitimate-interest assessment that justifies it.
        assessment: Option<StreamId> = "belangenafweging",
        /// The consent text by which people are asked.
        consent_text: Option<StreamId>,
        /// Whether the purpose is a public task, if the determination says so; otherwise the version's word counts.
        public_task: Option<bool> = "publieke taak",
        /// Why it is or is not.
        public_task_reason: Option<Erasable<String>> = "toelichting op de publieke taak",
        /// Whose life is at stake and how, where it is a vital interest.
        case_note: Option<Erasable<String>> = "toelichting op het vitaal belang",
        /// Since when the purpose rests on it.
        since: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A version of the register entry.
    ActivityVersion "ActivityVersion" {
        /// All fields of the version; what an amendment left out is that of the version before.
        entry: Established = "registerregel",
        /// The legal basis of each purpose, as it last stood while the version was in force.
        legal_bases: Vec<StandingBasis> = "grondslagen",
        /// Whether the change to this version matters to data subjects.
        materiality: Option<Materiality>,
        /// The units to which the change was pushed.
        pushed_to: Vec<Code> = "doorgegeven aan",
        /// From when it is in force.
        from: PartialDate,
        /// When the ledger took it.
        recorded: Instant = "vastgelegd op",
        /// Who recorded it.
        by: Option<Code>,
        /// In which role.
        role: Code,
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A processing activity at one moment.
    #[derive(Default)]
    Activity "ActivityState" {
        /// Where it stands.
        status: ActivityStatus,
        /// Its name, as last recorded.
        name: Option<Erasable<LangText>>,
        /// The kind of use it is, as last recorded.
        kind: Option<Code>,
        /// The unit that owns it.
        unit: Option<Code>,
        /// When it was drafted.
        drafted: Option<PartialDate> = "opgesteld op",
        /// The version in force, with all its fields.
        current: Option<ActivityVersion> = "geldende versie",
        /// The versions before it, oldest first.
        earlier_versions: Vec<ActivityVersion> = "eerdere versies",
        /// The legal bases determined while no version was established yet; afterwards each version holds its own.
        determined: Vec<StandingBasis> = "vooraf vastgestelde grondslagen",
        /// When processing first started.
        started: Option<PartialDate> = "gestart op",
        /// The suspension, while it lasts.
        suspension: Option<Dated<Suspended>> = "opschorting",
        /// The end.
        cessation: Option<Dated<Ceased>> = "beëindiging",
        /// That the entry has lapsed.
        obsolescence: Option<Dated<DeclaredObsolete>> = "verval",
        /// Notifications to the data protection officer, oldest first.
        notifications: Vec<Dated<NotifiedToDpo>> = "meldingen aan de FG",
        /// Screenings for an impact assessment, oldest first.
        screenings: Vec<Dated<DpiaScreened>> = "DPIA-screenings",
        /// Consultations of the data protection officer, oldest first.
        consultations: Vec<Dated<DpoConsulted>> = "raadplegingen van de FG",
        /// Advice of the data protection officer, oldest first.
        advices: Vec<Dated<DpoAdviceIssued>> = "adviezen van de FG",
        /// Assessments of lawfulness, oldest first.
        assessments: Vec<Dated<LawfulnessAssessed>> = "rechtmatigheidstoetsen",
        /// Submissions for approval, oldest first.
        submissions: Vec<Dated<Submitted>> = "indieningen",
        /// Approvals, oldest first.
        approvals: Vec<Dated<Approved>> = "goedkeuringen",
        /// Statements of necessity, oldest first.
        necessity_statements: Vec<Dated<NecessityStatementRecorded>> = "noodzakelijkheidsverklaringen",
        /// Considerations of anonymous data, oldest first.
        anonymisations: Vec<Dated<AnonymisationConsidered>> = "overwegingen over anonimisering",
        /// Determinations of scope, oldest first.
        scope_determinations: Vec<Dated<ScopeDeterminationRecorded>> = "reikwijdtebepalingen",
        /// Reviews of design and defaults, oldest first.
        design_reviews: Vec<Dated<DesignReviewCompleted>> = "toetsen van ontwerp en standaardinstellingen",
        /// Measures for accuracy, oldest first.
        accuracy_measures: Vec<Dated<AccuracyMeasureRecorded>> = "maatregelen voor juistheid",
        /// Declarations of automated decisions, oldest first.
        automated_decision_declarations: Vec<Dated<AutomatedDecisionsDeclared>> = "verklaringen over geautomatiseerde besluitvorming",
        /// Grounds of automated decisions, oldest first.
        automated_decision_grounds: Vec<Dated<AutomatedDecisionGroundRecorded>> = "gronden voor geautomatiseerde besluitvorming",
        /// Safeguards of automated decisions, oldest first.
        automated_decision_safeguards: Vec<Dated<AutomatedDecisionSafeguardsRecorded>> = "waarborgen bij geautomatiseerde besluitvorming",
        /// Grounds for criminal data, oldest first.
        criminal_data_grounds: Vec<Dated<CriminalDataGroundRecorded>> = "gronden voor strafrechtelijke gegevens",
        /// Assessments of compatible purposes, oldest first.
        purpose_compatibilities: Vec<Dated<PurposeCompatibilityAssessed>> = "verenigbaarheidstoetsen",
        /// Exceptions for special categories, oldest first.
        special_category_grounds: Vec<Dated<SpecialCategoryGroundRecorded>> = "uitzonderingen voor bijzondere categorieën",
        /// Justifications of identification numbers, oldest first.
        national_id_justifications: Vec<Dated<NationalIdUseJustified>> = "rechtvaardigingen van identificatienummers",
        /// Transfers to other units, oldest first.
        unit_transfers: Vec<Dated<TransferredToUnit>> = "overdrachten aan andere beheerseenheden",
        /// Reviews of the entry, oldest first.
        reviews: Vec<Dated<Reviewed>>,
        /// What does not fit.
        anomalies: Vec<Anomaly>,
    }
}

impl Activity {
    /// Returns all versions, oldest first; the last is in force.
    pub fn versions(&self) -> impl Iterator<Item = &ActivityVersion> {
        self.earlier_versions.iter().chain(&self.current)
    }

    /// Returns the legal bases as they stand, also before a version is established.
    pub fn legal_bases(&self) -> &[StandingBasis] {
        match &self.current {
            Some(version) => &version.legal_bases,
            None => &self.determined,
        }
    }
}

filter! {
    "ActivityFilter" {
        /// Activities of a unit.
        unit "unit": Code,
        /// Activities on a platform.
        platform "platform": Code,
        /// Activities with a recipient, processor or joint controller.
        party "party": Code,
        /// Activities that use a system.
        system "system": Code,
        /// Activities that stand so.
        status "status": ActivityStatus,
        /// Activities of a kind of use.
        kind "kind": Code,
        /// Activities with a purpose that rests on an assessment.
        assessment "assessment": StreamId,
        /// Activities with a purpose for which a text asks consent.
        consent_text "consentText": StreamId,
    }
}

/// Why a fact about an activity is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Only the controller can say this.
    #[error("a data subject or representative cannot record this; the register is the controller's")]
    ControllersAct,
    /// A second draft.
    #[error("this activity was drafted already; record `amended`, or use a stream of its own for another activity")]
    AlreadyDrafted,
    /// Versions count from 1.
    #[error("versions count from 1")]
    VersionZero,
    /// A version is established twice.
    #[error("version {version} is established already; the next is {next}")]
    VersionUsed {
        /// The number given.
        version: u32,
        /// The number that is free.
        next: u32,
    },
    /// A version number is left out.
    #[error("version {version} would leave a gap; the next is {next}")]
    VersionSkipped {
        /// The number given.
        version: u32,
        /// The number that is free.
        next: u32,
    },
    /// Nothing to amend.
    #[error("no version of this activity was established before that moment; record `established`")]
    NeverEstablished,
    /// A code occurs twice in a list.
    #[error("{code} occurs twice")]
    CodeTwice {
        /// The list.
        field: &'static str,
        /// The code.
        code: Code,
    },
    /// A criterion is named twice, or not as many are named as are counted.
    #[error("name each criterion that is met once, and as many as `criteriaMet` counts")]
    CriteriaUnlike,
    /// A stream of another family stands where it cannot.
    #[error("{stream} is not a stream of the family {family}")]
    WrongFamily {
        /// The field.
        field: &'static str,
        /// The stream.
        stream: StreamId,
        /// The family that belongs there.
        family: &'static str,
    },
    /// The version in force has no such purpose.
    #[error("purpose {0} does not occur in the version in force")]
    PurposeUnknown(Code),
    /// A basis changes that never was.
    #[error("no legal basis was determined for purpose {0} before that moment")]
    NeverDetermined(Code),
    /// More criteria than there are.
    #[error("{0} criteria cannot be met; there are {SCREENING_CRITERIA_MAX}")]
    CriteriaCount(u16),
    /// A second start.
    #[error("this activity is running or suspended at that moment; after a suspension record `resumed`")]
    AlreadyStarted,
    /// Something is halted or ended that never was.
    #[error("this activity was neither established nor started before that moment")]
    NeverBegun,
    /// Something is resumed that was not suspended.
    #[error("this activity is not suspended at that moment")]
    NotSuspended,
    /// The activity has ended.
    #[error("this activity has ceased at that moment; if it goes on, record `started`")]
    Ceased,
    /// The entry has lapsed.
    #[error("the entry of this activity has lapsed at that moment; use a stream of its own for another activity")]
    Obsolete,
}

impl super::kit::Rejection for Rejection {
    fn code(&self) -> RejectionCode {
        match self {
            Self::ControllersAct => RejectionCode::NotThisActor,
            Self::AlreadyDrafted | Self::VersionUsed { .. } | Self::AlreadyStarted => RejectionCode::AlreadyExists,
            Self::VersionZero
            | Self::VersionSkipped { .. }
            | Self::CodeTwice { .. }
            | Self::WrongFamily { .. }
            | Self::CriteriaUnlike
            | Self::CriteriaCount(_) => RejectionCode::Malformed,
            Self::PurposeUnknown(_) => RejectionCode::Unknown,
            Self::NeverEstablished | Self::NeverDetermined(_) | Self::NeverBegun | Self::NotSuspended => {
                RejectionCode::NeverExisted
            }
            Self::Ceased | Self::Obsolete => RejectionCode::Ended,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::VersionZero | Self::VersionUsed { .. } | Self::VersionSkipped { .. } => "version",
            Self::CodeTwice { field, .. } | Self::WrongFamily { field, .. } => field,
            Self::PurposeUnknown(_) | Self::NeverDetermined(_) => "purpose",
            Self::CriteriaCount(_) => "criteriaMet",
            Self::CriteriaUnlike => "criteria",
            Self::ControllersAct
            | Self::AlreadyDrafted
            | Self::NeverEstablished
            | Self::AlreadyStarted
            | Self::NeverBegun
            | Self::NotSuspended
            | Self::Ceased
            | Self::Obsolete => "",
        }
    }
}

/// What hangs together with an activity. No field has the name of one of the state's own members.
const RELATIONS: [Relation; 12] = [
    Relation::one(
        "managementUnit",
        "beheerseenheid",
        "managementUnit",
        By::Shared("unit", "unit"),
        "The unit that owns it.",
    ),
    Relation::many(
        "legitimateInterestAssessments",
        "belangenafwegingen",
        "legitimateInterestAssessment",
        By::Ours("assessment"),
        "The assessments on which its purposes rest (Art. 6(1)(f)).",
    ),
    Relation::many(
        "consentTexts",
        "toestemmingsteksten",
        "consentText",
        By::Ours("consentText"),
        "The texts by which consent is asked for its purposes (Art. 6(1)(a)).",
    ),
    Relation::many(
        "agreements",
        "verwerkersovereenkomsten",
        "agreement",
        By::Theirs("activity"),
        "The processor agreements that cover it (Art. 28).",
    ),
    Relation::many(
        "arrangements",
        "regelingen gezamenlijke verwerkingsverantwoordelijken",
        "jointControllerArrangement",
        By::Theirs("activity"),
        "The arrangements between joint controllers that cover it (Art. 26).",
    ),
    Relation::many(
        "transferGrounds",
        "doorgiftegrondslagen",
        "transferGround",
        By::Theirs("activity"),
        "The grounds of its transfers to third countries (Chapter V).",
    ),
    Relation::many(
        "notices",
        "privacyverklaringen",
        "privacyNotice",
        By::Theirs("activity"),
        "The notices that tell people of it (Art. 13, 14).",
    ),
    Relation::many(
        "dpias",
        "DPIA's",
        "dpia",
        By::Theirs("activity"),
        "The impact assessments that cover it (Art. 35).",
    ),
    Relation::many(
        "retentions",
        "bewaartermijnen",
        "retention",
        By::Theirs("activity"),
        "How long its data are kept and what became of them (Art. 5(1)(e)).",
    ),
    Relation::many("systems", "systemen", "system", By::Shared("system", "system"), "The systems that it uses."),
    Relation::many(
        "parties",
        "partijen",
        "party",
        By::Shared("party", "party"),
        "Its recipients, processors and joint controllers.",
    ),
    Relation::many(
        "platforms",
        "platformen",
        "platform",
        By::Shared("platform", "platform"),
        "The platforms that it uses.",
    ),
];

impl Family for Activity {
    const NAME: &'static str = "activity";
    const LABEL_NL: &'static str = "verwerkingsactiviteit";
    const GRAPHQL_NAME: &'static str = "Activity";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &RELATIONS;
    type Event = ActivityEvent;
    type Filter = Filter;
    type Rejection = Rejection;

    fn admit(&self, event: &ActivityEvent, context: &Context<'_>) -> Result<(), Rejection> {
        use ActivityEvent as E;
        if context.place.actor.is_subject() {
            return Err(Rejection::ControllersAct);
        }
        match event {
            E::Drafted(_) if self.drafted.is_some() => Err(Rejection::AlreadyDrafted),
            E::DpiaScreened(screened) => admit_screening(screened),
            E::Established(entry) => self.admit_version(entry.version).and_then(|()| admit_entry(entry)),
            E::Amended(_) if self.current.is_none() => Err(Rejection::NeverEstablished),
            E::Amended(amended) => self.admit_version(amended.version).and_then(|()| admit_amendment(amended)),
            E::LegalBasisDetermined(event) => {
                self.admit_purpose(&event.purpose)?;
                admit_link::<LegitimateInterestAssessment>("assessment", &event.assessment)?;
                admit_link::<ConsentText>("consentText", &event.consent_text)
            }
            E::LegalBasisChanged(event) => {
                self.admit_purpose(&event.purpose)?;
                self.admit_change(&event.purpose)?;
                admit_link::<LegitimateInterestAssessment>("assessment", &event.assessment)?;
                admit_link::<ConsentText>("consentText", &event.consent_text)
            }
            E::SpecialCategoryGroundRecorded(event) => admit_link::<ConsentText>("consentText", &event.consent_text),
            E::Started(_) => self.admit_start(),
            E::Suspended(_) | E::Ceased(_) => self.admit_halt(),
            E::Resumed(_) if self.suspension.is_none() => Err(Rejection::NotSuspended),
            E::DeclaredObsolete(_) => self.admit_obsolescence(),
            E::Drafted(_)
            | E::NotifiedToDpo(_)
            | E::DpoConsulted(_)
            | E::DpoAdviceIssued(_)
            | E::LawfulnessAssessed(_)
            | E::Submitted(_)
            | E::Approved(_)
            | E::NecessityStatementRecorded(_)
            | E::AnonymisationConsidered(_)
            | E::ScopeDeterminationRecorded(_)
            | E::DesignReviewCompleted(_)
            | E::AccuracyMeasureRecorded(_)
            | E::AutomatedDecisionsDeclared(_)
            | E::AutomatedDecisionGroundRecorded(_)
            | E::AutomatedDecisionSafeguardsRecorded(_)
            | E::CriminalDataGroundRecorded(_)
            | E::PurposeCompatibilityAssessed(_)
            | E::NationalIdUseJustified(_)
            | E::TransferredToUnit(_)
            | E::Resumed(_)
            | E::Reviewed(_)
            | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &ActivityEvent, recorded: &Recorded) {
        use ActivityEvent as E;
        match event {
            E::Drafted(event) => self.draft(event, recorded),
            E::NotifiedToDpo(event) => self.notify(event, recorded),
            E::DpiaScreened(event) => self.screenings.push(Dated::new(event, recorded)),
            E::DpoConsulted(event) => self.consultations.push(Dated::new(event, recorded)),
            E::DpoAdviceIssued(event) => self.advices.push(Dated::new(event, recorded)),
            E::LawfulnessAssessed(event) => self.assessments.push(Dated::new(event, recorded)),
            E::Submitted(event) => {
                self.submissions.push(Dated::new(event, recorded));
                self.reach(ActivityStatus::InReview);
            }
            E::Approved(event) => {
                self.approvals.push(Dated::new(event, recorded));
                self.reach(ActivityStatus::Approved);
            }
            E::Established(entry) => self.establish(entry, recorded),
            E::LegalBasisDetermined(event) => self.rest(StandingBasis::determined(event, recorded), recorded),
            E::LegalBasisChanged(event) => self.change_basis(event, recorded),
            E::Amended(amended) => self.amend(amended, recorded),
            E::NecessityStatementRecorded(event) => self.necessity_statements.push(Dated::new(event, recorded)),
            E::AnonymisationConsidered(event) => self.anonymisations.push(Dated::new(event, recorded)),
            E::ScopeDeterminationRecorded(event) => self.scope_determinations.push(Dated::new(event, recorded)),
            E::DesignReviewCompleted(event) => self.design_reviews.push(Dated::new(event, recorded)),
            E::AccuracyMeasureRecorded(event) => self.accuracy_measures.push(Dated::new(event, recorded)),
            E::AutomatedDecisionsDeclared(event) => {
                self.automated_decision_declarations.push(Dated::new(event, recorded));
            }
            E::AutomatedDecisionGroundRecorded(event) => {
                self.automated_decision_grounds.push(Dated::new(event, recorded));
            }
            E::AutomatedDecisionSafeguardsRecorded(event) => {
                self.automated_decision_safeguards.push(Dated::new(event, recorded));
            }
            E::CriminalDataGroundRecorded(event) => {
                self.criminal_data_grounds.push(Dated::new(event, recorded));
            }
            E::PurposeCompatibilityAssessed(event) => {
                self.purpose_compatibilities.push(Dated::new(event, recorded));
            }
            E::SpecialCategoryGroundRecorded(event) => {
                self.special_category_grounds.push(Dated::new(event, recorded));
            }
            E::NationalIdUseJustified(event) => {
                self.national_id_justifications.push(Dated::new(event, recorded));
            }
            E::TransferredToUnit(event) => {
                self.unit = Some(event.unit.clone());
                self.unit_transfers.push(Dated::new(event, recorded));
            }
            E::Started(_) => self.start(recorded),
            E::Suspended(event) => self.suspend(event, recorded),
            E::Resumed(_) => self.resume(recorded),
            E::Ceased(event) => self.cease(event, recorded),
            E::DeclaredObsolete(event) => self.lapse(event, recorded),
            E::Reviewed(event) => self.reviews.push(Dated::new(event, recorded)),
            E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys: BTreeSet<(&'static str, String)> = self.entry_keys().into_iter().collect();
        keys.insert(("status", key_text(&self.status)));
        keys.extend(self.unit.iter().map(|unit| ("unit", unit.to_string())));
        // That a kind of use is out of scope is found by the kind, as its entry would be.
        let determined = self.scope_determinations.iter().filter_map(|determination| determination.fact.kind.as_ref());
        keys.extend(self.kind.iter().chain(determined).map(|kind| ("kind", kind.to_string())));
        for basis in self.legal_bases() {
            keys.extend(basis.assessment.iter().map(|assessment| ("assessment", assessment.to_string())));
            keys.extend(basis.consent_text.iter().map(|text| ("consentText", text.to_string())));
        }
        keys.into_iter().collect()
    }
}

fn admit_screening(screened: &DpiaScreened) -> Result<(), Rejection> {
    if let Some(met) = screened.criteria_met.filter(|met| *met > SCREENING_CRITERIA_MAX) {
        return Err(Rejection::CriteriaCount(met));
    }
    let Some(criteria) = &screened.criteria else {
        return Ok(());
    };
    let distinct: BTreeSet<&ScreeningCriterion> = criteria.iter().collect();
    let counted = screened.criteria_met.is_none_or(|met| usize::from(met) == criteria.len());
    if distinct.len() == criteria.len() && counted { Ok(()) } else { Err(Rejection::CriteriaUnlike) }
}

fn admit_entry(entry: &Established) -> Result<(), Rejection> {
    admit_purposes(&entry.purposes)?;
    admit_once("dataCategories", entry.data_categories.iter().map(|category| &category.code))?;
    admit_once("retention", entry.retention.iter().filter_map(|retention| retention.category.as_ref()))?;
    let lists = [
        ("subjectCategories", &entry.subject_categories),
        ("operations", &entry.operations),
        ("platforms", &entry.platforms),
        ("recipients", &entry.recipients),
        ("systems", &entry.systems),
        ("jointControllers", &entry.joint_controllers),
        ("processors", &entry.processors),
    ];
    lists.into_iter().try_for_each(|(field, codes)| admit_once(field, codes))
}

fn admit_amendment(amended: &Amended) -> Result<(), Rejection> {
    admit_purposes(amended.purposes.as_deref().unwrap_or_default())?;
    let categories = amended.data_categories.as_deref().unwrap_or_default();
    admit_once("dataCategories", categories.iter().map(|category| &category.code))?;
    let retention = amended.retention.as_deref().unwrap_or_default();
    admit_once("retention", retention.iter().filter_map(|retention| retention.category.as_ref()))?;
    let lists = [
        ("subjectCategories", &amended.subject_categories),
        ("operations", &amended.operations),
        ("platforms", &amended.platforms),
        ("recipients", &amended.recipients),
        ("systems", &amended.systems),
        ("jointControllers", &amended.joint_controllers),
        ("processors", &amended.processors),
    ];
    lists.into_iter().try_for_each(|(field, codes)| admit_once(field, codes.iter().flatten()))?;
    admit_once("pushedTo", &amended.pushed_to)
}

fn admit_purposes(purposes: &[Purpose]) -> Result<(), Rejection> {
    admit_once("purposes", purposes.iter().map(|purpose| &purpose.code))?;
    purposes.iter().try_for_each(|purpose| {
        admit_link::<LegitimateInterestAssessment>("purposes", &purpose.assessment)?;
        admit_link::<ConsentText>("purposes", &purpose.consent_text)
    })
}

fn admit_once<'a>(field: &'static str, codes: impl IntoIterator<Item = &'a Code>) -> Result<(), Rejection> {
    let mut seen = BTreeSet::new();
    match codes.into_iter().find(|code| !seen.insert(*code)) {
        Some(code) => Err(Rejection::CodeTwice { field, code: code.clone() }),
        None => Ok(()),
    }
}

/// A linked stream is of the family that belongs there; it may be recorded later than the link.
fn admit_link<F: Family>(field: &'static str, link: &Option<StreamId>) -> Result<(), Rejection> {
    match link {
        Some(stream) if stream.family() != F::NAME => {
            Err(Rejection::WrongFamily { field, stream: stream.clone(), family: F::NAME })
        }
        _ => Ok(()),
    }
}

impl Activity {
    fn next_version(&self) -> u32 {
        self.current.as_ref().map_or(1, |version| version.entry.version.saturating_add(1))
    }

    /// The keys by the lists of the version in force.
    fn entry_keys(&self) -> Keys {
        let Some(ActivityVersion { entry, .. }) = &self.current else {
            return Keys::new();
        };
        let transferred = entry.transfers.iter().map(|transfer| &transfer.recipient);
        let parties =
            entry.recipients.iter().chain(transferred).chain(&entry.processors).chain(&entry.joint_controllers);
        let lists: [(&'static str, Vec<&Code>); 5] = [
            ("platform", entry.platforms.iter().collect()),
            ("processor", entry.processors.iter().collect()),
            ("jointController", entry.joint_controllers.iter().collect()),
            ("party", parties.collect()),
            ("system", entry.systems.iter().collect()),
        ];
        let keys = |(name, codes): (&'static str, Vec<&Code>)| -> Keys {
            codes.into_iter().map(|code| (name, code.to_string())).collect()
        };
        lists.into_iter().flat_map(keys).collect()
    }

    fn begun(&self) -> bool {
        self.current.is_some() || self.started.is_some()
    }

    fn has_purpose(&self, purpose: &Code) -> bool {
        let version = self.current.iter();
        version.flat_map(|version| &version.entry.purposes).any(|known| known.code == *purpose)
    }

    fn admit_version(&self, version: u32) -> Result<(), Rejection> {
        let next = self.next_version();
        match version {
            0 => Err(Rejection::VersionZero),
            version if version < next => Err(Rejection::VersionUsed { version, next }),
            version if version > next => Err(Rejection::VersionSkipped { version, next }),
            _ => Ok(()),
        }
    }

    fn admit_purpose(&self, purpose: &Code) -> Result<(), Rejection> {
        if self.current.is_none() || self.has_purpose(purpose) {
            Ok(())
        } else {
            Err(Rejection::PurposeUnknown(purpose.clone()))
        }
    }

    fn admit_change(&self, purpose: &Code) -> Result<(), Rejection> {
        let determined = self.legal_bases().iter().any(|basis| basis.purpose == *purpose);
        if determined { Ok(()) } else { Err(Rejection::NeverDetermined(purpose.clone())) }
    }

    fn admit_start(&self) -> Result<(), Rejection> {
        match self.status {
            ActivityStatus::Active | ActivityStatus::Suspended => Err(Rejection::AlreadyStarted),
            ActivityStatus::Obsolete => Err(Rejection::Obsolete),
            _ => Ok(()),
        }
    }

    fn admit_halt(&self) -> Result<(), Rejection> {
        match self.status {
            ActivityStatus::Ceased => Err(Rejection::Ceased),
            ActivityStatus::Obsolete => Err(Rejection::Obsolete),
            _ if !self.begun() => Err(Rejection::NeverBegun),
            _ => Ok(()),
        }
    }

    /// An entry lapses once; a draft that never was established can lapse too.
    fn admit_obsolescence(&self) -> Result<(), Rejection> {
        match self.status {
            ActivityStatus::Obsolete => Err(Rejection::Obsolete),
            ActivityStatus::Draft if !self.begun() && self.drafted.is_none() => Err(Rejection::NeverBegun),
            _ => Ok(()),
        }
    }

    /// Moves on to a status that earlier ones lead to; what runs or has ended does not go back to the desk.
    fn reach(&mut self, status: ActivityStatus) {
        self.status = self.status.max(status);
    }

    fn draft(&mut self, event: &Drafted, recorded: &Recorded) {
        if self.drafted.is_some() {
            return note_anomaly(&mut self.anomalies, recorded, "the activity had been drafted before");
        }
        self.drafted = Some(recorded.effective);
        self.name = event.name.clone().or(self.name.take());
        self.kind = event.kind.clone().or(self.kind.take());
        self.unit = event.unit.clone().or(self.unit.take());
    }

    fn notify(&mut self, event: &NotifiedToDpo, recorded: &Recorded) {
        self.name = event.name.clone().or(self.name.take());
        self.unit = event.unit.clone().or(self.unit.take());
        self.notifications.push(Dated::new(event, recorded));
    }

    fn establish(&mut self, entry: &Established, recorded: &Recorded) {
        let before = self.legal_bases();
        let legal_bases: Vec<StandingBasis> =
            entry.purposes.iter().filter_map(|purpose| StandingBasis::of(purpose, before, recorded)).collect();
        self.take_version(ActivityVersion::new(entry.clone(), legal_bases, recorded), recorded);
    }

    fn amend(&mut self, amended: &Amended, recorded: &Recorded) {
        let Some(current) = &self.current else {
            return note_anomaly(
                &mut self.anomalies,
                recorded,
                "an entry was amended that had not been established yet",
            );
        };
        let before = &current.legal_bases;
        let legal_bases = match &amended.purposes {
            Some(purposes) => {
                purposes.iter().filter_map(|purpose| StandingBasis::of(purpose, before, recorded)).collect()
            }
            None => before.clone(),
        };
        let version = ActivityVersion {
            materiality: amended.materiality,
            pushed_to: amended.pushed_to.clone(),
            ..ActivityVersion::new(current.entry.amended(amended), legal_bases, recorded)
        };
        self.take_version(version, recorded);
    }

    fn take_version(&mut self, version: ActivityVersion, recorded: &Recorded) {
        let next = self.next_version();
        if version.entry.version < next {
            return note_anomaly(&mut self.anomalies, recorded, "this version had been established before");
        }
        if version.entry.version > next {
            note_anomaly(&mut self.anomalies, recorded, "the versions before this one are missing");
        }
        for basis in std::mem::take(&mut self.determined) {
            if !version.entry.purposes.iter().any(|purpose| purpose.code == basis.purpose) {
                let message = "a legal basis had been determined for a purpose that this version does not have";
                note_anomaly(&mut self.anomalies, recorded, message);
            }
        }
        self.name = version.entry.name.clone().or(self.name.take());
        self.kind = version.entry.kind.clone().or(self.kind.take());
        self.unit = version.entry.owning_unit.clone().or(self.unit.take());
        self.reach(ActivityStatus::Established);
        self.earlier_versions.extend(self.current.replace(version));
    }

    fn change_basis(&mut self, event: &LegalBasisChanged, recorded: &Recorded) {
        if self.admit_change(&event.purpose).is_err() {
            note_anomaly(&mut self.anomalies, recorded, "a legal basis changed that had not been determined yet");
        }
        self.rest(StandingBasis::changed(event, recorded), recorded);
    }

    /// Puts a purpose on a legal basis.
    fn rest(&mut self, basis: StandingBasis, recorded: &Recorded) {
        if self.admit_purpose(&basis.purpose).is_err() {
            note_anomaly(&mut self.anomalies, recorded, "the version in force does not have this purpose");
        }
        let bases = match &mut self.current {
            Some(version) => &mut version.legal_bases,
            None => &mut self.determined,
        };
        match bases.iter_mut().find(|standing| standing.purpose == basis.purpose) {
            Some(standing) => *standing = basis,
            None => bases.push(basis),
        }
    }

    fn start(&mut self, recorded: &Recorded) {
        if let Err(rejection) = self.admit_start() {
            let message = match rejection {
                Rejection::Obsolete => "an activity started of which the entry had lapsed",
                _ => "the activity had started before",
            };
            return note_anomaly(&mut self.anomalies, recorded, message);
        }
        self.status = ActivityStatus::Active;
        self.started = self.started.or(Some(recorded.effective));
        self.cessation = None;
    }

    fn suspend(&mut self, event: &Suspended, recorded: &Recorded) {
        if self.admit_halt().is_err() {
            return note_anomaly(&mut self.anomalies, recorded, "an activity was suspended that was not running");
        }
        self.status = ActivityStatus::Suspended;
        self.suspension = Some(Dated::new(event, recorded));
    }

    fn resume(&mut self, recorded: &Recorded) {
        if self.suspension.take().is_none() {
            return note_anomaly(&mut self.anomalies, recorded, "an activity was resumed that had not been suspended");
        }
        self.status = ActivityStatus::Active;
        self.started = self.started.or(Some(recorded.effective));
    }

    fn cease(&mut self, event: &Ceased, recorded: &Recorded) {
        if self.admit_halt().is_err() {
            return note_anomaly(&mut self.anomalies, recorded, "an activity ceased that was not running");
        }
        self.status = ActivityStatus::Ceased;
        self.suspension = None;
        self.cessation = Some(Dated::new(event, recorded));
    }

    fn lapse(&mut self, event: &DeclaredObsolete, recorded: &Recorded) {
        match self.admit_obsolescence() {
            Ok(()) => {}
            Err(Rejection::Obsolete) => {
                return note_anomaly(&mut self.anomalies, recorded, "the entry had lapsed before");
            }
            Err(_) => note_anomaly(&mut self.anomalies, recorded, "an entry lapsed that had not been drafted yet"),
        }
        self.status = ActivityStatus::Obsolete;
        self.suspension = None;
        self.obsolescence = Some(Dated::new(event, recorded));
    }
}

impl ActivityVersion {
    fn new(entry: Established, legal_bases: Vec<StandingBasis>, recorded: &Recorded) -> Self {
        Self {
            entry,
            legal_bases,
            materiality: None,
            pushed_to: Vec::new(),
            from: recorded.effective,
            recorded: recorded.recorded,
            by: recorded.actor.id.clone(),
            role: recorded.actor.role.clone(),
            sequence: recorded.sequence,
        }
    }
}

impl Established {
    /// Returns the entry of the next version: what the amendment leaves out stays.
    fn amended(&self, amended: &Amended) -> Self {
        fn or<T: Clone>(new: &Option<T>, old: &T) -> T {
            new.as_ref().unwrap_or(old).clone()
        }
        fn or_known<T: Clone>(new: &Option<T>, old: &Option<T>) -> Option<T> {
            new.as_ref().or(old.as_ref()).cloned()
        }
        Self {
            version: amended.version,
            name: or_known(&amended.name, &self.name),
            kind: or_known(&amended.kind, &self.kind),
            purposes: or(&amended.purposes, &self.purposes),
            public_task: or_known(&amended.public_task, &self.public_task),
            public_task_reason: or_known(&amended.public_task_reason, &self.public_task_reason),
            subject_categories: or(&amended.subject_categories, &self.subject_categories),
            data_categories: or(&amended.data_categories, &self.data_categories),
            operations: or(&amended.operations, &self.operations),
            platforms: or(&amended.platforms, &self.platforms),
            recipients: or(&amended.recipients, &self.recipients),
            transfers: or(&amended.transfers, &self.transfers),
            retention: or(&amended.retention, &self.retention),
            security: or_known(&amended.security, &self.security),
            source: or_known(&amended.source, &self.source),
            automated_decisions: or_known(&amended.automated_decisions, &self.automated_decisions),
            automation: or_known(&amended.automation, &self.automation),
            systems: or(&amended.systems, &self.systems),
            owning_unit: or_known(&amended.owning_unit, &self.owning_unit),
            owner: or_known(&amended.owner, &self.owner),
            controller: or_known(&amended.controller, &self.controller),
            joint_controllers: or(&amended.joint_controllers, &self.joint_controllers),
            processors: or(&amended.processors, &self.processors),
            dpo_contact: or_known(&amended.dpo_contact, &self.dpo_contact),
            approved_by: amended.approved_by.clone(),
            remark: amended.remark.clone(),
        }
    }
}

impl StandingBasis {
    /// The basis that a version gives to a purpose; one that was standing already keeps its date.
    fn of(purpose: &Purpose, before: &[Self], recorded: &Recorded) -> Option<Self> {
        let standing = before.iter().find(|basis| basis.purpose == purpose.code);
        let Some(basis) = purpose.basis else {
            return standing.cloned();
        };
        let stated = Self {
            purpose: purpose.code.clone(),
            basis,
            legal_reference: purpose.legal_reference.clone(),
            assessment: purpose.assessment.clone(),
            consent_text: purpose.consent_text.clone(),
            public_task: None,
            public_task_reason: None,
            case_note: purpose.case_note.clone(),
            since: recorded.effective,
            sequence: recorded.sequence,
        };
        let unchanged = standing.filter(|standing| standing.same_ground(&stated));
        Some(unchanged.cloned().unwrap_or(stated))
    }

    fn same_ground(&self, other: &Self) -> bool {
        self.basis == other.basis
            && self.legal_reference == other.legal_reference
            && self.assessment == other.assessment
            && self.consent_text == other.consent_text
    }

    fn determined(event: &LegalBasisDetermined, recorded: &Recorded) -> Self {
        Self {
            purpose: event.purpose.clone(),
            basis: event.basis,
            legal_reference: event.legal_reference.clone(),
            assessment: event.assessment.clone(),
            consent_text: event.consent_text.clone(),
            public_task: event.public_task,
            public_task_reason: event.public_task_reason.clone(),
            case_note: event.case_note.clone(),
            since: recorded.effective,
            sequence: recorded.sequence,
        }
    }

    fn changed(event: &LegalBasisChanged, recorded: &Recorded) -> Self {
        Self {
            purpose: event.purpose.clone(),
            basis: event.basis,
            legal_reference: event.legal_reference.clone(),
            assessment: event.assessment.clone(),
            consent_text: event.consent_text.clone(),
            public_task: event.public_task,
            public_task_reason: event.public_task_reason.clone(),
            case_note: event.case_note.clone(),
            since: recorded.effective,
            sequence: recorded.sequence,
        }
    }
}

#[cfg(test)]
mod tests;
