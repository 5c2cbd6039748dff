//! Processing activities: the register of what is done with personal data, why, and on which legal basis (GDPR Art. 30).
//!
//! The register entry is a chain of immutable versions; a change is a new version. Whether an activity is *lawful* is a
//! verdict, not a state: what started unassessed, unapproved or without a basis is recorded as it happened.

use std::collections::BTreeSet;

use super::consent_text::{ConsentText, Materiality};
use super::declare;
use super::dossier::Dated;
use super::kit::{Anomaly, Context, Family, Keys, Recorded, RejectionCode, key_text, note_anomaly};
use super::legitimate_interest_assessment::LegitimateInterestAssessment;
use super::value::{AdviceResponse, Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

/// How many criteria the supervisors' screening for an impact assessment has (WP 248 rev.01).
pub const SCREENING_CRITERIA_MAX: u16 = 9;

declare! {
    family Activity many activities = "verwerkingsactiviteit", in register;

    /// The legal basis of a purpose (Art. 6(1)).
    choice LegalBasis {
        Consent = "toestemming" "Consent (Art. 6(1)(a)).",
        Contract = "overeenkomst" "A contract with the data subject (Art. 6(1)(b)).",
        LegalObligation = "wettelijke verplichting" "A legal obligation (Art. 6(1)(c)).",
        VitalInterest "A vital interest (Art. 6(1)(d)).",
        PublicTask = "taak van algemeen belang" "A task in the public interest (Art. 6(1)(e)).",
        LegitimateInterest = "gerechtvaardigd belang" "A legitimate interest (Art. 6(1)(f)).",
    }

    /// A place in a legal instrument.
    record LegalReference {
        instrument: Code = "regeling" "The instrument, as `UAVG` or `LEX-GDPR`.",
        article: Code? = "artikel" "The article, as `46`.",
        paragraph: Code? = "lid of onderdeel" "The paragraph or letter, as `1` or `1-e`.",
    }

    /// A purpose of the activity and the basis on which it rests (Art. 5(1)(b), 6(1), 30(1)(b)).
    record Purpose as "ActivityPurpose" {
        code: Code "The code by which other facts name it; unique in the version.",
        text: Erasable<LangText>? = "omschrijving" "What the data are used for.",
        basis: LegalBasis? = "grondslag" "The legal basis that this version states.",
        legal_reference: LegalReference? "The statute or contract type on which it rests (Art. 6(3)).",
        assessment: StreamId? = "belangenafweging" "The legitimate-interest assessment that justifies it.",
        consent_text: StreamId? "The consent text by which people are asked.",
        necessity: Erasable<LangText>? = "noodzaak" "Why the data are needed for it (Art. 5(1)(c)).",
        case_note: Erasable<String>? = "toelichting op het vitaal belang"
            "Whose life is at stake and how, where it is a vital interest (Art. 6(1)(d)).",
    }

    /// The special categories of personal data (Art. 9(1)).
    choice SpecialCategory {
        RacialOrEthnicOrigin = "ras of etnische afkomst" "Racial or ethnic origin.",
        PoliticalOpinions = "politieke opvattingen" "Political opinions.",
        ReligiousOrPhilosophicalBeliefs = "religieuze of levensbeschouwelijke overtuigingen"
            "Religious or philosophical beliefs.",
        TradeUnionMembership = "lidmaatschap van een vakbond" "Trade union membership.",
        Genetic = "genetische gegevens" "Genetic data.",
        Biometric = "biometrische gegevens" "Biometric data that identify a person.",
        Health = "gezondheid" "Health.",
        SexLifeOrOrientation = "seksueel gedrag of seksuele gerichtheid" "Sex life or sexual orientation.",
    }

    /// The kinds of identification number (Art. 87, UAVG Art. 46).
    choice NationalId as "NationalIdentificationNumber" {
        CitizenServiceNumber = "burgerservicenummer (BSN)" "The citizen service number (BSN).",
        EducationNumber = "onderwijsnummer" "The education number (onderwijsnummer).",
        OtherStatutory = "ander wettelijk nummer" "Another number that a statute prescribes.",
        Local = "eigen nummer van de instelling" "A number of the institution itself, such as the student number.",
    }

    /// A category of personal data (Art. 30(1)(c)).
    record DataCategory {
        code: Code "Its code; unique in the version.",
        special: SpecialCategory? = "bijzondere categorie" "The special category it belongs to (Art. 9).",
        national_id: NationalId? = "identificatienummer" "The identification number it is (Art. 87).",
        criminal: bool? = "strafrechtelijke gegevens" "Whether it concerns criminal convictions or offences (Art. 10).",
    }

    /// A transfer to a third country (Art. 30(1)(e)).
    record Transfer as "ActivityTransfer" {
        recipient: Code = "ontvanger" "The party that receives the data.",
        country: Code "The country, as `US`.",
        safeguards: Erasable<String>? = "passende waarborgen"
            "The suitable safeguards of a transfer under Art. 49(1), second subparagraph.",
    }

    /// How long data are kept (Art. 30(1)(f)).
    record Retention as "ActivityRetention" {
        category: Code? = "categorie gegevens" "The category of data; absent: all that no other term names.",
        term: Term "For how long.",
        rule: Code? = "bewaarregel" "The rule of the retention schedule.",
    }

    /// How data are secured, in general terms (Art. 30(1)(g), 32).
    record Security as "ActivitySecurity" {
        class: Code? = "beveiligingsklasse" "The security class, as `CONFIDENTIAL`.",
        measures: Vec<Erasable<String>> "The technical and organisational measures.",
    }

    /// Where data come from (Art. 13, 14).
    choice DataSource {
        Direct = "van de betrokkene zelf" "From the data subjects themselves.",
        Indirect = "van een ander" "From somebody else.",
    }

    /// The ground of a decision based solely on automated processing (Art. 22(2)).
    choice AutomatedDecisionGround {
        Contract = "overeenkomst" "Necessary for a contract (Art. 22(2)(a)).",
        Law = "wet" "Authorised by law (Art. 22(2)(b)).",
        ExplicitConsent "Explicit consent (Art. 22(2)(c)).",
    }

    /// Whether decisions are based solely on automated processing, profiling included (Art. 22).
    record AutomatedDecisions {
        taken: bool = "geautomatiseerde besluiten genomen" "Whether such decisions are taken.",
        ground: AutomatedDecisionGround? = "grond" "The ground on which.",
    }

    /// How far processing is automated (Art. 2(1)).
    choice Automation {
        Automated = "geheel geautomatiseerd" "Wholly.",
        PartlyAutomated = "gedeeltelijk geautomatiseerd" "In part.",
        ManualFiled = "niet geautomatiseerd, in een bestand" "Not at all, but filed.",
    }

    /// An activity is drafted.
    event Drafted as "ActivityDrafted" = "opgesteld" {
        name: Erasable<LangText>? "Its name.",
        kind: Code? "The kind of use it is.",
        unit: Code? "The unit that owns it.",
    }

    /// An activity is notified to the data protection officer (Art. 39(1)(b)).
    event NotifiedToDpo as "ActivityNotifiedToDpo" = "aan de FG gemeld" {
        name: Erasable<LangText>? "Its name.",
        unit: Code? "The unit that owns it.",
    }

    /// Whether an impact assessment is needed.
    choice ScreeningOutcome as "DpiaScreeningOutcome" {
        Required = "vereist" "It is.",
        NotRequired = "niet vereist" "It is not.",
    }

    /// What makes processing likely to be of high risk; two of the nine are as a rule enough (WP 248 rev.01).
    choice ScreeningCriterion as "DpiaScreeningCriterion" {
        EvaluationOrScoring = "evaluatie of scoretoekenning" "People are evaluated or scored, profiling included.",
        AutomatedDecisions = "geautomatiseerde besluiten"
            "Decisions with legal or similarly significant effect are automated.",
        SystematicMonitoring = "stelselmatige monitoring" "People are monitored systematically.",
        SensitiveData = "gevoelige gegevens" "Sensitive data or data of a highly personal nature are used.",
        LargeScale = "grootschalige verwerking" "It happens on a large scale.",
        MatchedDataSets = "gekoppelde gegevensverzamelingen" "Data sets are matched or combined.",
        VulnerableSubjects = "kwetsbare betrokkenen" "The data subjects are vulnerable: children, staff, patients.",
        InnovativeUse = "innovatief gebruik van techniek"
            "A technology or organisational solution is used in a new way.",
        PreventsRightsOrService = "belemmert een recht, dienst of overeenkomst"
            "It keeps people from a right, a service or a contract.",
    }

    /// It is screened whether an impact assessment is needed (Art. 35(1), (3)).
    event DpiaScreened as "ActivityDpiaScreened" domain "DpiaScreened" = "op DPIA-plicht gescreend" {
        version: u32? "The version screened, if it has a number yet.",
        criteria_met: u16? = "aantal criteria" "How many of the nine criteria are met.",
        criteria: Vec<ScreeningCriterion>? = "criteria" "Which of them are met; absent: it is not known which.",
        outcome: ScreeningOutcome "What follows.",
        reason: Erasable<String>? "Why.",
    }

    /// The data protection officer is consulted on the activity (Art. 38(1)).
    event DpoConsulted as "ActivityDpoConsulted" domain "DpoConsulted" = "FG geraadpleegd" {
        version: u32? "The version on which, if it has a number yet.",
        question: Erasable<String>? "What the officer was asked.",
        document: Document? "What was handed over.",
    }

    /// The data protection officer advises on the activity (Art. 39(1)(a)).
    event DpoAdviceIssued of super::advice::DpoAdviceIssued = "FG-advies uitgebracht";

    /// What the data protection officer found.
    choice LawfulnessOutcome {
        Lawful = "rechtmatig" "Lawful.",
        LawfulWithConditions = "rechtmatig onder voorwaarden" "Lawful once conditions are met.",
        Unlawful = "onrechtmatig" "Unlawful.",
    }

    /// The data protection officer assesses the lawfulness of the activity (Art. 5(2), 39(1)(b)).
    event LawfulnessAssessed as "ActivityLawfulnessAssessed" = "rechtmatigheid getoetst" {
        version: u32? "The version assessed, if it has a number yet.",
        outcome: LawfulnessOutcome "What was found.",
        conditions: Vec<Erasable<String>> "The conditions to meet.",
    }

    /// A draft is submitted for approval.
    event Submitted as "ActivitySubmitted" = "ingediend" {
        version: u32? "The version that it will be.",
    }

    /// A draft is approved.
    event Approved as "ActivityApproved" = "goedgekeurd" {
        version: u32? "The version that it will be.",
        by: Code? "The role that approves.",
        advice_response: AdviceResponse? "What became of the officer's advice.",
    }

    /// A version of the register entry is established (Art. 30(1)).
    event Established as "ActivityEstablished" = "vastgesteld" {
        version: u32 "Its number, from 1; each the next.",
        name: Erasable<LangText>? "The name of the activity.",
        kind: Code? "The kind of use it is.",
        purposes: Vec<Purpose> "The purposes.",
        public_task: bool? = "publieke taak"
            "Whether it is one of the institution's public tasks (Art. 6(1), second subparagraph).",
        public_task_reason: Erasable<String>? = "toelichting op de publieke taak" "Why it is or is not.",
        subject_categories: Vec<Code> = "categorieën betrokkenen" "The categories of data subjects.",
        data_categories: Vec<DataCategory> "The categories of personal data.",
        operations: Vec<Code> "The processing operations (Art. 4(2)).",
        platforms: Vec<Code> "The platforms it uses.",
        recipients: Vec<Code> "The recipients (Art. 30(1)(d)).",
        transfers: Vec<Transfer> = "doorgiften" "The transfers to third countries.",
        retention: Vec<Retention> = "bewaartermijnen" "How long data are kept.",
        security: Security? = "beveiliging" "How data are secured.",
        source: DataSource? = "herkomst van de gegevens" "Where data come from.",
        automated_decisions: AutomatedDecisions? = "geautomatiseerde besluitvorming" "Whether decisions are automated.",
        automation: Automation? = "mate van automatisering" "How far processing is automated.",
        systems: Vec<Code> "The systems it uses.",
        owning_unit: Code? = "beheerseenheid" "The unit that owns it.",
        owner: Code? = "proceseigenaar" "The role that answers for it.",
        controller: Code? = "verwerkingsverantwoordelijke" "The controller (Art. 30(1)(a)).",
        joint_controllers: Vec<Code> = "gezamenlijke verwerkingsverantwoordelijken" "The joint controllers (Art. 26).",
        processors: Vec<Code> "The processors (Art. 28).",
        dpo_contact: Erasable<String>? = "contactgegevens van de FG"
            "How the data protection officer is reached (Art. 30(1)(a)).",
        approved_by: Code? = "goedgekeurd door" "The role that approved the version.",
    }

    /// The legal basis of a purpose is determined (Art. 6(1)).
    event LegalBasisDetermined as "ActivityLegalBasisDetermined" = "grondslag bepaald" {
        purpose: Code "The purpose.",
        basis: LegalBasis = "grondslag" "The basis.",
        legal_reference: LegalReference? "The statute or contract type on which it rests (Art. 6(3)).",
        assessment: StreamId? = "belangenafweging" "The legitimate-interest assessment that justifies it.",
        consent_text: StreamId? "The consent text by which people are asked.",
        public_task: bool? = "publieke taak"
            "Whether the purpose is one of the institution's public tasks (Art. 6(1), second subparagraph).",
        public_task_reason: Erasable<String>? = "toelichting op de publieke taak" "Why it is or is not.",
        case_note: Erasable<String>? = "toelichting op het vitaal belang"
            "Whose life is at stake and how, where it is a vital interest (Art. 6(1)(d)).",
    }

    /// A purpose is put on another legal basis.
    event LegalBasisChanged as "ActivityLegalBasisChanged" = "grondslag gewijzigd" {
        purpose: Code "The purpose.",
        basis: LegalBasis = "grondslag" "The new basis.",
        legal_reference: LegalReference? "The statute or contract type on which it rests (Art. 6(3)).",
        assessment: StreamId? = "belangenafweging" "The legitimate-interest assessment that justifies it.",
        consent_text: StreamId? "The consent text by which people are asked.",
        public_task: bool? = "publieke taak"
            "Whether the purpose is one of the institution's public tasks (Art. 6(1), second subparagraph).",
        public_task_reason: Erasable<String>? = "toelichting op de publieke taak" "Why it is or is not.",
        case_note: Erasable<String>? = "toelichting op het vitaal belang"
            "Whose life is at stake and how, where it is a vital interest (Art. 6(1)(d)).",
        reason: Erasable<String>? "Why the basis changes.",
    }

    /// The register entry is amended: a new version in which every field present replaces that of the version before.
    event Amended as "ActivityAmended" = "gewijzigd" {
        version: u32 "Its number; each the next.",
        name: Erasable<LangText>? "The name of the activity.",
        kind: Code? "The kind of use it is.",
        purposes: Vec<Purpose>? "The purposes.",
        public_task: bool? = "publieke taak"
            "Whether it is one of the institution's public tasks (Art. 6(1), second subparagraph).",
        public_task_reason: Erasable<String>? = "toelichting op de publieke taak" "Why it is or is not.",
        subject_categories: Vec<Code>? = "categorieën betrokkenen" "The categories of data subjects.",
        data_categories: Vec<DataCategory>? "The categories of personal data.",
        operations: Vec<Code>? "The processing operations (Art. 4(2)).",
        platforms: Vec<Code>? "The platforms it uses.",
        recipients: Vec<Code>? "The recipients (Art. 30(1)(d)).",
        transfers: Vec<Transfer>? = "doorgiften" "The transfers to third countries.",
        retention: Vec<Retention>? = "bewaartermijnen" "How long data are kept.",
        security: Security? = "beveiliging" "How data are secured.",
        source: DataSource? = "herkomst van de gegevens" "Where data come from.",
        automated_decisions: AutomatedDecisions? = "geautomatiseerde besluitvorming" "Whether decisions are automated.",
        automation: Automation? = "mate van automatisering" "How far processing is automated.",
        systems: Vec<Code>? "The systems it uses.",
        owning_unit: Code? = "beheerseenheid" "The unit that owns it.",
        owner: Code? = "proceseigenaar" "The role that answers for it.",
        controller: Code? = "verwerkingsverantwoordelijke" "The controller (Art. 30(1)(a)).",
        joint_controllers: Vec<Code>? = "gezamenlijke verwerkingsverantwoordelijken" "The joint controllers (Art. 26).",
        processors: Vec<Code>? "The processors (Art. 28).",
        dpo_contact: Erasable<String>? = "contactgegevens van de FG"
            "How the data protection officer is reached (Art. 30(1)(a)).",
        approved_by: Code? = "goedgekeurd door" "The role that approved the version.",
        materiality: Materiality? "Whether the change matters to data subjects.",
        pushed_to: Vec<Code> = "doorgegeven aan" "The units to which the change was pushed.",
    }

    /// It is stated why data are needed for a purpose (Art. 5(1)(c)).
    event NecessityStatementRecorded as "ActivityNecessityStatementRecorded" domain "NecessityStatementRecorded" = "noodzaak onderbouwd" {
        purpose: Code "The purpose.",
        data_categories: Vec<Code> "The categories of data that are needed for it.",
        statement: Erasable<LangText> = "onderbouwing van de noodzaak" "Why.",
    }

    /// Whether people need to be identified.
    choice AnonymisationOutcome {
        Anonymous = "anonieme gegevens volstaan" "Anonymous data serve as well and are used.",
        Pseudonymous = "gepseudonimiseerde gegevens volstaan" "Pseudonymous data serve as well and are used.",
        IdentificationNeeded = "identificatie nodig" "People have to be identified.",
    }

    /// It is considered whether anonymous data serve as well (Art. 5(1)(c), 11, 25).
    event AnonymisationConsidered as "ActivityAnonymisationConsidered" domain "AnonymisationConsidered" = "anonimisering overwogen" {
        version: u32? "The version considered, if it has a number yet.",
        outcome: AnonymisationOutcome "What was found.",
        reason: Erasable<String>? "Why.",
    }

    /// Whether rules on personal data reach the activity.
    choice ScopeOutcome {
        InScope = "binnen de reikwijdte" "They do.",
        AggregatedOnly = "alleen geaggregeerde gegevens" "Only aggregated, anonymous data are processed (recital 26).",
        NotEngaged = "deze vorm van gebruik komt niet voor" "The institution does not engage in this kind of use.",
    }

    /// It is determined whether the rules reach the activity (Art. 2, recital 26).
    event ScopeDeterminationRecorded as "ActivityScopeDeterminationRecorded" domain "ScopeDeterminationRecorded" = "reikwijdte bepaald" {
        kind: Code? "The kind of use that was examined.",
        outcome: ScopeOutcome "What was found.",
        isolation_excluded: bool? = "herleiden uitgesloten" "Whether singling a person out is impossible.",
        linkage_excluded: bool? = "koppelen uitgesloten" "Whether linking records of a person is impossible.",
        inference_excluded: bool? = "afleiden uitgesloten" "Whether inferring something about a person is impossible.",
        reason: Erasable<String>? "Why.",
    }

    /// Data protection by design and by default is reviewed (Art. 25).
    event DesignReviewCompleted as "ActivityDesignReviewCompleted" domain "DesignReviewCompleted" = "ontwerp en standaardinstellingen getoetst" {
        by_design: bool? = "gegevensbescherming door ontwerp" "Whether data protection is designed in.",
        by_default: bool? = "gegevensbescherming door standaardinstellingen"
            "Whether the defaults process only what is needed.",
        systems: Vec<Code> "The systems reviewed.",
        measures: Vec<Erasable<String>> "What is done about what was found.",
    }

    /// A measure keeps data accurate and up to date (Art. 5(1)(d)).
    event AccuracyMeasureRecorded as "ActivityAccuracyMeasureRecorded" domain "AccuracyMeasureRecorded" = "maatregel voor juistheid vastgelegd" {
        measure: Erasable<String> "The measure.",
        reviewed: PartialDate? = "laatst beoordeeld op" "When it was last found to work; absent: when it was recorded.",
    }

    /// It is declared whether decisions are automated, with what people must be told of them (Art. 13(2)(f), 14(2)(g), 22).
    event AutomatedDecisionsDeclared as "ActivityAutomatedDecisionsDeclared" domain "AdmDeclared" = "geautomatiseerde besluitvorming opgegeven" {
        taken: bool? = "geautomatiseerde besluiten genomen" "Whether such decisions are taken; absent: they are.",
        significant_effect: bool? = "rechtsgevolg of aanmerkelijk gevolg"
            "Whether the effect is legal or similarly significant.",
        logic: Erasable<LangText>? = "onderliggende logica" "The logic involved.",
        consequences: Erasable<LangText>? = "gevolgen" "The consequences for people.",
    }

    /// The ground of automated decisions is recorded (Art. 22(2)).
    event AutomatedDecisionGroundRecorded as "ActivityAutomatedDecisionGroundRecorded" domain "AdmGroundRecorded" = "grond voor geautomatiseerde besluitvorming vastgelegd" {
        ground: AutomatedDecisionGround = "grond" "The ground.",
        legal_reference: LegalReference? "The statute that authorises them (Art. 22(2)(b)).",
    }

    /// The safeguards of automated decisions are recorded (Art. 22(3)).
    event AutomatedDecisionSafeguardsRecorded as "ActivityAutomatedDecisionSafeguardsRecorded" domain "AdmSafeguardsRecorded" = "waarborgen bij geautomatiseerde besluitvorming vastgelegd" {
        human_intervention: bool? = "menselijke tussenkomst" "Whether people can obtain human intervention.",
        point_of_view: bool? = "standpunt kenbaar maken" "Whether people can express their point of view.",
        contestable: bool? = "besluit aanvechtbaar" "Whether people can contest the decision.",
        measures: Vec<Erasable<String>> "Further measures.",
    }

    /// On what processing of criminal data rests (Art. 10).
    choice CriminalDataGround {
        OfficialAuthority = "onder toezicht van de overheid" "The control of official authority.",
        AuthorisedByLaw = "wettelijke bepaling" "An authorisation by law.",
    }

    /// The ground for processing criminal data is recorded (Art. 10, UAVG Art. 31-33).
    event CriminalDataGroundRecorded as "ActivityCriminalDataGroundRecorded" domain "CriminalDataGroundRecorded" = "grond voor strafrechtelijke gegevens vastgelegd" {
        ground: CriminalDataGround = "grond" "The ground.",
        legal_reference: LegalReference? "The statute.",
        data_categories: Vec<Code> "The categories of data; none named: all criminal data.",
    }

    /// Whether a further purpose is compatible with the original one.
    choice Compatibility as "PurposeCompatibility" {
        Compatible = "verenigbaar" "It is.",
        Incompatible = "onverenigbaar" "It is not.",
    }

    /// It is assessed whether a further purpose is compatible with the original one (Art. 5(1)(b), 6(4)).
    event PurposeCompatibilityAssessed as "ActivityPurposeCompatibilityAssessed" domain "PurposeCompatibilityAssessed" = "verenigbaarheid van doeleinden getoetst" {
        original_purpose: Code = "oorspronkelijk doeleinde" "The purpose for which data were collected.",
        further_purpose: Code = "verder doeleinde" "The further purpose.",
        outcome: Compatibility "What was found.",
        factors: Vec<Erasable<String>> = "afgewogen factoren" "The factors of Art. 6(4) and how they weighed.",
    }

    /// The exception under which special categories may be processed (Art. 9(2)).
    choice SpecialCategoryGround {
        ExplicitConsent "Explicit consent (Art. 9(2)(a)).",
        EmploymentLaw = "arbeidsrecht en sociale zekerheid" "Employment and social security law (Art. 9(2)(b)).",
        VitalInterest "A vital interest (Art. 9(2)(c)).",
        NonProfitBody = "instantie zonder winstoogmerk" "Members of a body with an ideal aim (Art. 9(2)(d)).",
        ManifestlyPublic = "kennelijk door de betrokkene openbaar gemaakt"
            "Data manifestly made public (Art. 9(2)(e)).",
        LegalClaims = "rechtsvordering" "Legal claims (Art. 9(2)(f)).",
        SubstantialPublicInterest = "zwaarwegend algemeen belang" "A substantial public interest (Art. 9(2)(g)).",
        HealthCare = "gezondheidszorg" "Health care (Art. 9(2)(h)).",
        PublicHealth = "volksgezondheid" "Public health (Art. 9(2)(i)).",
        ResearchOrArchiving = "archivering, onderzoek of statistiek"
            "Archiving, research or statistics (Art. 9(2)(j)).",
    }

    /// The exception for a special category is recorded (Art. 9(2)).
    event SpecialCategoryGroundRecorded as "ActivitySpecialCategoryGroundRecorded" domain "SpecialCategoryGroundRecorded" = "uitzondering voor bijzondere categorie vastgelegd" {
        category: SpecialCategory = "bijzondere categorie" "The special category.",
        ground: SpecialCategoryGround = "uitzondering" "The exception.",
        legal_reference: LegalReference? "The statute on which it rests.",
        consent_text: StreamId? "The consent text by which explicit consent is asked.",
    }

    /// The use of an identification number is justified (Art. 87, UAVG Art. 46).
    event NationalIdUseJustified as "ActivityNationalIdUseJustified" domain "NationalIdUseJustified" = "gebruik van identificatienummer gerechtvaardigd" {
        number: NationalId = "soort nummer" "The kind of number.",
        legal_reference: LegalReference? "The statute that prescribes it.",
        purpose: Code? "The purpose for which it is used.",
    }

    /// Another unit becomes the owner of the activity.
    event TransferredToUnit as "ActivityTransferredToUnit" = "overgedragen aan andere beheerseenheid" {
        unit: Code "The unit that owns it from now on.",
        decision: Code? "The decision behind it.",
    }

    /// Processing starts.
    event Started as "ActivityStarted" = "gestart" {}

    /// Processing is suspended.
    event Suspended as "ActivitySuspended" = "opgeschort" {
        reason: Erasable<String> "Why.",
    }

    /// Processing is resumed after a suspension.
    event Resumed as "ActivityResumed" = "hervat" {}

    /// Processing ends for good.
    event Ceased as "ActivityCeased" = "beëindigd" {
        reason: Erasable<String>? "Why.",
    }

    /// The register entry lapses for good; it stays to be seen (vervallen).
    event DeclaredObsolete as "ActivityDeclaredObsolete" = "vervallen verklaard" {
        reason: Erasable<String>? "Why.",
    }

    /// What a review of the register entry found.
    choice ReviewOutcome as "ActivityReviewOutcome" {
        Maintained "The entry is still right.",
        AmendmentNeeded = "wijziging nodig" "The entry needs a new version.",
        ToBeCeased = "te beëindigen" "The activity should end.",
    }

    /// The register entry is reviewed (Art. 24(1)).
    event Reviewed as "ActivityReviewed" = "herbeoordeeld" {
        outcome: ReviewOutcome "What was found.",
        next_review: PartialDate? "When it is to be reviewed next.",
    }

    /// Where an activity stands; up to ESTABLISHED the approval states of a Dutch register.
    choice ActivityStatus {
        #[default] Draft = "in voorbereiding" "In the making.",
        InReview = "in behandeling" "Submitted for approval (in behandeling).",
        Approved "Approved (goedgekeurd).",
        Established = "vastgesteld" "In the register (vastgesteld), not started.",
        Active = "actief" "Running.",
        Suspended = "opgeschort" "Halted for a time.",
        Ceased = "beëindigd" "Ended (beëindigd).",
        Obsolete = "vervallen" "Lapsed for good (vervallen).",
    }

    /// The legal basis of a purpose as it stands.
    record StandingBasis as "ActivityLegalBasis" {
        purpose: Code "The purpose.",
        basis: LegalBasis = "grondslag" "The basis.",
        legal_reference: LegalReference? "The statute or contract type on which it rests.",
        assessment: StreamId? = "belangenafweging" "The legitimate-interest assessment that justifies it.",
        consent_text: StreamId? "The consent text by which people are asked.",
        public_task: bool? = "publieke taak"
            "Whether the purpose is a public task, if the determination says so; otherwise the version's word counts.",
        public_task_reason: Erasable<String>? = "toelichting op de publieke taak" "Why it is or is not.",
        case_note: Erasable<String>? = "toelichting op het vitaal belang"
            "Whose life is at stake and how, where it is a vital interest.",
        since: PartialDate "Since when the purpose rests on it.",
        sequence: Sequence "The fact that says so.",
    }

    /// A version of the register entry.
    record ActivityVersion {
        entry: Established = "registerregel"
            "All fields of the version; what an amendment left out is that of the version before.",
        legal_bases: Vec<StandingBasis> = "grondslagen"
            "The legal basis of each purpose, as it last stood while the version was in force.",
        materiality: Materiality? "Whether the change to this version matters to data subjects.",
        pushed_to: Vec<Code> = "doorgegeven aan" "The units to which the change was pushed.",
        from: PartialDate "From when it is in force.",
        recorded: Instant = "vastgelegd op" "When the ledger took it.",
        by: Code? "Who recorded it.",
        role: Code "In which role.",
        sequence: Sequence "The fact that says so.",
    }

    /// A processing activity at one moment.
    state Activity as "ActivityState" {
        status: ActivityStatus "Where it stands.",
        name: Erasable<LangText>? "Its name, as last recorded.",
        kind: Code? "The kind of use it is, as last recorded.",
        unit: Code? "The unit that owns it.",
        drafted: PartialDate? = "opgesteld op" "When it was drafted.",
        current: ActivityVersion? = "geldende versie" "The version in force, with all its fields.",
        earlier_versions: Vec<ActivityVersion> = "eerdere versies" "The versions before it, oldest first.",
        determined: Vec<StandingBasis> = "vooraf vastgestelde grondslagen"
            "The legal bases determined while no version was established yet; afterwards each version holds its own.",
        started: PartialDate? = "gestart op" "When processing first started.",
        suspension: Dated<Suspended>? = "opschorting" "The suspension, while it lasts.",
        cessation: Dated<Ceased>? = "beëindiging" "The end.",
        obsolescence: Dated<DeclaredObsolete>? = "verval" "That the entry has lapsed.",
        notifications: Vec<Dated<NotifiedToDpo>> = "meldingen aan de FG"
            "Notifications to the data protection officer, oldest first.",
        screenings: Vec<Dated<DpiaScreened>> = "DPIA-screenings" "Screenings for an impact assessment, oldest first.",
        consultations: Vec<Dated<DpoConsulted>> = "raadplegingen van de FG"
            "Consultations of the data protection officer, oldest first.",
        advices: Vec<Dated<DpoAdviceIssued>> = "adviezen van de FG"
            "Advice of the data protection officer, oldest first.",
        assessments: Vec<Dated<LawfulnessAssessed>> = "rechtmatigheidstoetsen"
            "Assessments of lawfulness, oldest first.",
        submissions: Vec<Dated<Submitted>> = "indieningen" "Submissions for approval, oldest first.",
        approvals: Vec<Dated<Approved>> = "goedkeuringen" "Approvals, oldest first.",
        necessity_statements: Vec<Dated<NecessityStatementRecorded>> = "noodzakelijkheidsverklaringen"
            "Statements of necessity, oldest first.",
        anonymisations: Vec<Dated<AnonymisationConsidered>> = "overwegingen over anonimisering"
            "Considerations of anonymous data, oldest first.",
        scope_determinations: Vec<Dated<ScopeDeterminationRecorded>> = "reikwijdtebepalingen"
            "Determinations of scope, oldest first.",
        design_reviews: Vec<Dated<DesignReviewCompleted>> = "toetsen van ontwerp en standaardinstellingen"
            "Reviews of design and defaults, oldest first.",
        accuracy_measures: Vec<Dated<AccuracyMeasureRecorded>> = "maatregelen voor juistheid"
            "Measures for accuracy, oldest first.",
        automated_decision_declarations: Vec<Dated<AutomatedDecisionsDeclared>> = "verklaringen over geautomatiseerde besluitvorming"
            "Declarations of automated decisions, oldest first.",
        automated_decision_grounds: Vec<Dated<AutomatedDecisionGroundRecorded>> = "gronden voor geautomatiseerde besluitvorming"
            "Grounds of automated decisions, oldest first.",
        automated_decision_safeguards: Vec<Dated<AutomatedDecisionSafeguardsRecorded>> = "waarborgen bij geautomatiseerde besluitvorming"
            "Safeguards of automated decisions, oldest first.",
        criminal_data_grounds: Vec<Dated<CriminalDataGroundRecorded>> = "gronden voor strafrechtelijke gegevens"
            "Grounds for criminal data, oldest first.",
        purpose_compatibilities: Vec<Dated<PurposeCompatibilityAssessed>> = "verenigbaarheidstoetsen"
            "Assessments of compatible purposes, oldest first.",
        special_category_grounds: Vec<Dated<SpecialCategoryGroundRecorded>> = "uitzonderingen voor bijzondere categorieën"
            "Exceptions for special categories, oldest first.",
        national_id_justifications: Vec<Dated<NationalIdUseJustified>> = "rechtvaardigingen van identificatienummers"
            "Justifications of identification numbers, oldest first.",
        unit_transfers: Vec<Dated<TransferredToUnit>> = "overdrachten aan andere beheerseenheden"
            "Transfers to other units, oldest first.",
        reviews: Vec<Dated<Reviewed>> "Reviews of the entry, oldest first.",
        anomalies: Vec<Anomaly> "What does not fit.",
    }

    keys {
        unit: Code "Activities of a unit.",
        platform: Code "Activities on a platform.",
        party: Code "Activities with a recipient, processor or joint controller.",
        system: Code "Activities that use a system.",
        status: ActivityStatus "Activities that stand so.",
        kind: Code "Activities of a kind of use.",
        assessment: StreamId "Activities with a purpose that rests on an assessment.",
        consent_text: StreamId "Activities with a purpose for which a text asks consent.",
    }

    relations {
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit that owns it.",
        legitimateInterestAssessments: many legitimateInterestAssessment ours assessment = "belangenafwegingen"
            "The assessments on which its purposes rest (Art. 6(1)(f)).",
        consentTexts: many consentText ours consentText = "toestemmingsteksten"
            "The texts by which consent is asked for its purposes (Art. 6(1)(a)).",
        agreements: many agreement theirs activity = "verwerkersovereenkomsten"
            "The processor agreements that cover it (Art. 28).",
        arrangements: many jointControllerArrangement theirs activity = "regelingen gezamenlijke verwerkingsverantwoordelijken"
            "The arrangements between joint controllers that cover it (Art. 26).",
        transferGrounds: many transferGround theirs activity = "doorgiftegrondslagen"
            "The grounds of its transfers to third countries (Chapter V).",
        notices: many privacyNotice theirs activity = "privacyverklaringen"
            "The notices that tell people of it (Art. 13, 14).",
        dpias: many dpia theirs activity = "DPIA's" "The impact assessments that cover it (Art. 35).",
        retentions: many retention theirs activity = "bewaartermijnen"
            "How long its data are kept and what became of them (Art. 5(1)(e)).",
        systems: many system shared system system = "systemen" "The systems that it uses.",
        parties: many party shared party party = "partijen" "Its recipients, processors and joint controllers.",
        platforms: many platform shared platform platform = "platformen" "The platforms that it uses.",
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
impl Family for Activity {
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
