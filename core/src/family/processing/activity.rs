//! Processing activities: the register of what is done with personal data, why and on which legal basis (GDPR Art. 30).
//!
//! The register entry is a chain of immutable versions; a change is a new version. Whether an activity is *lawful* is a
//! verdict, not a state: what started unassessed, unapproved or without a basis is recorded as it happened.
//!
//! Longer than most: all that may happen to an entry of the register, and what an entry consists of, stand in one place.

use crate::family::declare;
use crate::family::dossier::{
    Dated, Newer as _, Refusal, controllers_act, distinct, first, in_turn, link, needed, put, require, take_over,
};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::Materiality;
use crate::family::value::{AdviceResponse, Document, LangText};
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
    event NotifiedToDpo as "ActivityNotifiedToDpo" = "aan de FG gemeld",
        every notifications = "meldingen aan de FG" "Notifications to the data protection officer, oldest first." {
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
    event DpiaScreened as "ActivityDpiaScreened" domain "DpiaScreened" = "op DPIA-plicht gescreend",
        every screenings = "DPIA-screenings" "Screenings for an impact assessment, oldest first." {
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
    event DpoAdviceIssued of crate::family::advice::DpoAdviceIssued = "FG-advies uitgebracht";

    /// What the data protection officer found.
    choice LawfulnessOutcome {
        Lawful = "rechtmatig" "Lawful.",
        LawfulWithConditions = "rechtmatig onder voorwaarden" "Lawful once conditions are met.",
        Unlawful = "onrechtmatig" "Unlawful.",
    }

    /// The data protection officer assesses the lawfulness of the activity (Art. 5(2), 39(1)(b)).
    event LawfulnessAssessed as "ActivityLawfulnessAssessed" = "rechtmatigheid getoetst",
        every assessments = "rechtmatigheidstoetsen" "Assessments of lawfulness, oldest first." {
        version: u32? "The version assessed, if it has a number yet.",
        outcome: LawfulnessOutcome "What was found.",
        conditions: Vec<Erasable<String>> "The conditions to meet.",
    }

    /// A draft is submitted for approval.
    event Submitted as "ActivitySubmitted" = "ingediend",
        every submissions = "indieningen" -> InReview "Submissions for approval, oldest first." {
        version: u32? "The version that it will be.",
    }

    /// A draft is approved.
    event Approved as "ActivityApproved" = "goedgekeurd", every approvals = "goedkeuringen" -> Approved
        "Approvals, oldest first." {
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
    event NecessityStatementRecorded as "ActivityNecessityStatementRecorded" domain "NecessityStatementRecorded"
        = "noodzaak onderbouwd", every necessity_statements = "noodzakelijkheidsverklaringen"
            "Statements of necessity, oldest first." {
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
    event AnonymisationConsidered as "ActivityAnonymisationConsidered" domain "AnonymisationConsidered"
        = "anonimisering overwogen", every anonymisations = "overwegingen over anonimisering"
            "Considerations of anonymous data, oldest first." {
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
    event ScopeDeterminationRecorded as "ActivityScopeDeterminationRecorded" domain "ScopeDeterminationRecorded"
        = "reikwijdte bepaald", every scope_determinations = "reikwijdtebepalingen"
            "Determinations of scope, oldest first." {
        // That a kind of use is out of scope is found by the kind, as its entry would be.
        kind: Code? key "The kind of use that was examined.",
        outcome: ScopeOutcome "What was found.",
        isolation_excluded: bool? = "herleiden uitgesloten" "Whether singling a person out is impossible.",
        linkage_excluded: bool? = "koppelen uitgesloten" "Whether linking records of a person is impossible.",
        inference_excluded: bool? = "afleiden uitgesloten" "Whether inferring something about a person is impossible.",
        reason: Erasable<String>? "Why.",
    }

    /// Data protection by design and by default is reviewed (Art. 25).
    event DesignReviewCompleted as "ActivityDesignReviewCompleted" domain "DesignReviewCompleted"
        = "ontwerp en standaardinstellingen getoetst",
        every design_reviews = "toetsen van ontwerp en standaardinstellingen"
            "Reviews of design and defaults, oldest first." {
        by_design: bool? = "gegevensbescherming door ontwerp" "Whether data protection is designed in.",
        by_default: bool? = "gegevensbescherming door standaardinstellingen"
            "Whether the defaults process only what is needed.",
        systems: Vec<Code> "The systems reviewed.",
        measures: Vec<Erasable<String>> "What is done about what was found.",
    }

    /// A measure keeps data accurate and up to date (Art. 5(1)(d)).
    event AccuracyMeasureRecorded as "ActivityAccuracyMeasureRecorded" domain "AccuracyMeasureRecorded"
        = "maatregel voor juistheid vastgelegd", every accuracy_measures = "maatregelen voor juistheid"
            "Measures for accuracy, oldest first." {
        measure: Erasable<String> "The measure.",
        reviewed: PartialDate? = "laatst beoordeeld op" "When it was last found to work; absent: when it was recorded.",
    }

    /// It is declared whether decisions are automated, with what people must be told of them
    /// (Art. 13(2)(f), 14(2)(g), 22).
    event AutomatedDecisionsDeclared as "ActivityAutomatedDecisionsDeclared" domain "AdmDeclared"
        = "geautomatiseerde besluitvorming opgegeven",
        every automated_decision_declarations = "verklaringen over geautomatiseerde besluitvorming"
            "Declarations of automated decisions, oldest first." {
        taken: bool? = "geautomatiseerde besluiten genomen" "Whether such decisions are taken; absent: they are.",
        significant_effect: bool? = "rechtsgevolg of aanmerkelijk gevolg"
            "Whether the effect is legal or similarly significant.",
        profiling: bool? = "profilering" "Whether they rest on profiling (Art. 4(4)).",
        logic: Erasable<LangText>? = "onderliggende logica" "The logic involved.",
        consequences: Erasable<LangText>? = "gevolgen" "The consequences for people.",
    }

    /// The ground of automated decisions is recorded (Art. 22(2)).
    event AutomatedDecisionGroundRecorded as "ActivityAutomatedDecisionGroundRecorded" domain "AdmGroundRecorded"
        = "grond voor geautomatiseerde besluitvorming vastgelegd",
        every automated_decision_grounds = "gronden voor geautomatiseerde besluitvorming"
            "Grounds of automated decisions, oldest first." {
        ground: AutomatedDecisionGround = "grond" "The ground.",
        legal_reference: LegalReference? "The statute that authorises them (Art. 22(2)(b)).",
    }

    /// The safeguards of automated decisions are recorded (Art. 22(3)).
    event AutomatedDecisionSafeguardsRecorded as "ActivityAutomatedDecisionSafeguardsRecorded"
        domain "AdmSafeguardsRecorded" = "waarborgen bij geautomatiseerde besluitvorming vastgelegd",
        every automated_decision_safeguards = "waarborgen bij geautomatiseerde besluitvorming"
            "Safeguards of automated decisions, oldest first." {
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
    event CriminalDataGroundRecorded as "ActivityCriminalDataGroundRecorded" domain "CriminalDataGroundRecorded"
        = "grond voor strafrechtelijke gegevens vastgelegd",
        every criminal_data_grounds = "gronden voor strafrechtelijke gegevens"
            "Grounds for criminal data, oldest first." {
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
    event PurposeCompatibilityAssessed as "ActivityPurposeCompatibilityAssessed" domain "PurposeCompatibilityAssessed"
        = "verenigbaarheid van doeleinden getoetst",
        every purpose_compatibilities = "verenigbaarheidstoetsen" "Assessments of compatible purposes, oldest first." {
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
    event SpecialCategoryGroundRecorded as "ActivitySpecialCategoryGroundRecorded"
        domain "SpecialCategoryGroundRecorded" = "uitzondering voor bijzondere categorie vastgelegd",
        every special_category_grounds = "uitzonderingen voor bijzondere categorieën"
            "Exceptions for special categories, oldest first." {
        category: SpecialCategory = "bijzondere categorie" "The special category.",
        ground: SpecialCategoryGround = "uitzondering" "The exception.",
        legal_reference: LegalReference? "The statute on which it rests.",
        consent_text: StreamId? "The consent text by which explicit consent is asked.",
    }

    /// The use of an identification number is justified (Art. 87, UAVG Art. 46).
    event NationalIdUseJustified as "ActivityNationalIdUseJustified" domain "NationalIdUseJustified"
        = "gebruik van identificatienummer gerechtvaardigd",
        every national_id_justifications = "rechtvaardigingen van identificatienummers"
            "Justifications of identification numbers, oldest first." {
        number: NationalId = "soort nummer" "The kind of number.",
        legal_reference: LegalReference? "The statute that prescribes it.",
        purpose: Code? "The purpose for which it is used.",
    }

    /// Another unit becomes the owner of the activity.
    event TransferredToUnit as "ActivityTransferredToUnit" = "overgedragen aan andere beheerseenheid",
        every unit_transfers = "overdrachten aan andere beheerseenheden" "Transfers to other units, oldest first." {
        unit: Code "The unit that owns it from now on.",
        decision: Code? "The decision behind it.",
    }

    /// Processing starts.
    event Started as "ActivityStarted" = "gestart" {}

    /// Processing is suspended.
    event Suspended as "ActivitySuspended" = "opgeschort",
        last suspension = "opschorting" -> Suspended "The suspension, while it lasts." {
        reason: Erasable<String> "Why.",
    }

    /// Processing is resumed after a suspension.
    event Resumed as "ActivityResumed" = "hervat" {}

    /// Processing ends for good.
    event Ceased as "ActivityCeased" = "beëindigd", last cessation = "beëindiging" -> Ceased "The end." {
        reason: Erasable<String>? "Why.",
    }

    /// The register entry lapses for good; it stays to be seen (vervallen).
    event DeclaredObsolete as "ActivityDeclaredObsolete" = "vervallen verklaard",
        last obsolescence = "verval" -> Obsolete "That the entry has lapsed." {
        reason: Erasable<String>? "Why.",
    }

    /// What a review of the register entry found.
    choice ReviewOutcome as "ActivityReviewOutcome" {
        Maintained "The entry is still right.",
        AmendmentNeeded = "wijziging nodig" "The entry needs a new version.",
        ToBeCeased = "te beëindigen" "The activity should end.",
    }

    /// The register entry is reviewed (Art. 24(1)).
    event Reviewed as "ActivityReviewed" = "herbeoordeeld", every reviews = "herbeoordelingen"
        "Reviews of the entry, oldest first." {
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
    state Activity as "ActivityState" of ActivityStatus key {
        name: Erasable<LangText>? "Its name, as last recorded.",
        kind: Code? key "The kind of use it is, as last recorded.",
        unit: Code? key "The unit that owns it.",
        drafted: PartialDate? = "opgesteld op" "When it was drafted.",
        current: ActivityVersion? = "geldende versie" "The version in force, with all its fields.",
        earlier_versions: Vec<ActivityVersion> = "eerdere versies" "The versions before it, oldest first.",
        determined: Vec<StandingBasis> = "vooraf vastgestelde grondslagen"
            "The legal bases determined while no version was established yet; afterwards each version holds its own.",
        started: PartialDate? = "gestart op" "When processing first started.",
        consultations: Vec<Dated<DpoConsulted>> = "raadplegingen van de FG"
            "Consultations of the data protection officer, oldest first.",
        advices: Vec<Dated<DpoAdviceIssued>> = "adviezen van de FG"
            "Advice of the data protection officer, oldest first.",
    }

    keys {
        platform: Code "Activities on a platform.",
        processor: Code "Activities with a processor.",
        joint_controller: Code "Activities with a joint controller.",
        party: Code "Activities with a recipient, processor or joint controller.",
        system: Code "Activities that use a system.",
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
        arrangements: many jointControllerArrangement theirs activity
            = "regelingen gezamenlijke verwerkingsverantwoordelijken"
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

impl Family for Activity {
    fn admit(&self, event: &ActivityEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use ActivityEvent as E;
        controllers_act(context.place)?;
        match event {
            E::Drafted(_) => first("drafted", self.drafted.is_none()),
            E::DpiaScreened(screened) => admit_screening(screened),
            E::Established(entry) => {
                in_turn(entry.version, self.next_version())?;
                admit_entry(entry)
            }
            E::Amended(amended) => {
                needed("established", self.current.is_some())?;
                in_turn(amended.version, self.next_version())?;
                distinct("pushedTo", &amended.pushed_to)?;
                self.current.iter().try_for_each(|current| admit_entry(&current.entry.amended(amended)))
            }
            E::LegalBasisDetermined(event) => {
                self.admit_purpose(&event.purpose)?;
                admit_grounds(&event.assessment, &event.consent_text)
            }
            E::LegalBasisChanged(event) => {
                self.admit_purpose(&event.purpose)?;
                self.admit_change(&event.purpose)?;
                admit_grounds(&event.assessment, &event.consent_text)
            }
            E::SpecialCategoryGroundRecorded(event) => link("consentText", "consentText", &event.consent_text),
            E::Started(_) => self.admit_start(),
            E::Suspended(_) | E::Ceased(_) => self.admit_halt(),
            E::Resumed(_) => {
                let message = "this activity is not suspended at that moment";
                require(self.suspension.is_some(), RejectionCode::NeverExisted, "", message)
            }
            E::DeclaredObsolete(_) => self.admit_obsolescence(),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &ActivityEvent, recorded: &Recorded) {
        use ActivityEvent as E;
        if let Some(message) = self.misfit(event) {
            return note_anomaly(&mut self.anomalies, recorded, message);
        }
        if matches!(event, E::DeclaredObsolete(_)) && self.admit_obsolescence().is_err() {
            note_anomaly(&mut self.anomalies, recorded, "an entry lapsed that had not been drafted yet");
        }
        let before = self.status;
        self.keep(event, recorded);
        // What runs or has ended does not go back to the desk.
        self.status = self.status.max(before);
        match event {
            E::Drafted(event) => {
                self.drafted = Some(recorded.effective);
                take_over!(event => self; name, kind, unit);
            }
            E::NotifiedToDpo(event) => take_over!(event => self; name, unit),
            E::DpoConsulted(event) => self.consultations.push(Dated::new(event, recorded)),
            E::DpoAdviceIssued(event) => self.advices.push(Dated::new(event, recorded)),
            E::Established(entry) => self.establish(entry, recorded),
            E::Amended(amended) => self.amend(amended, recorded),
            E::LegalBasisDetermined(event) => {
                let mut basis = StandingBasis::new(&event.purpose, event.basis, recorded);
                take_over!(event => basis; legal_reference, assessment, consent_text);
                take_over!(event => basis; public_task, public_task_reason, case_note);
                self.rest(basis, recorded);
            }
            E::LegalBasisChanged(event) => {
                if self.admit_change(&event.purpose).is_err() {
                    let message = "a legal basis changed that had not been determined yet";
                    note_anomaly(&mut self.anomalies, recorded, message);
                }
                let mut basis = StandingBasis::new(&event.purpose, event.basis, recorded);
                take_over!(event => basis; legal_reference, assessment, consent_text);
                take_over!(event => basis; public_task, public_task_reason, case_note);
                self.rest(basis, recorded);
            }
            E::TransferredToUnit(event) => self.unit = Some(event.unit.clone()),
            E::Started(_) => {
                self.run(recorded);
                self.cessation = None;
            }
            E::Resumed(_) => {
                self.run(recorded);
                self.suspension = None;
            }
            E::Ceased(_) | E::DeclaredObsolete(_) => self.suspension = None,
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        for basis in self.legal_bases() {
            push_keys(&mut keys, "assessment", &basis.assessment);
            push_keys(&mut keys, "consentText", &basis.consent_text);
        }
        let Some(ActivityVersion { entry, .. }) = &self.current else {
            return keys;
        };
        push_keys(&mut keys, "platform", &entry.platforms);
        push_keys(&mut keys, "processor", &entry.processors);
        push_keys(&mut keys, "jointController", &entry.joint_controllers);
        push_keys(&mut keys, "system", &entry.systems);
        let parties = [&entry.recipients, &entry.processors, &entry.joint_controllers];
        parties.into_iter().for_each(|parties| push_keys(&mut keys, "party", parties));
        entry.transfers.iter().for_each(|transfer| push_keys(&mut keys, "party", &transfer.recipient));
        keys
    }
}

fn admit_screening(screened: &DpiaScreened) -> Result<(), Refusal> {
    let (malformed, met) = (RejectionCode::Malformed, screened.criteria_met.unwrap_or_default());
    let message = format!("{met} criteria cannot be met; there are {SCREENING_CRITERIA_MAX}");
    require(met <= SCREENING_CRITERIA_MAX, malformed, "criteriaMet", message)?;
    distinct("criteria", screened.criteria.iter().flatten())?;
    let both = screened.criteria_met.zip(screened.criteria.as_ref());
    let counted = both.is_none_or(|(met, criteria)| usize::from(met) == criteria.len());
    require(counted, malformed, "criteria", "name as many criteria as `criteriaMet` counts")
}

fn admit_entry(entry: &Established) -> Result<(), Refusal> {
    distinct("purposes", entry.purposes.iter().map(|purpose| &purpose.code))?;
    let assessments = entry.purposes.iter().flat_map(|purpose| &purpose.assessment);
    link("purposes", "legitimateInterestAssessment", assessments)?;
    link("purposes", "consentText", entry.purposes.iter().flat_map(|purpose| &purpose.consent_text))?;
    distinct("dataCategories", entry.data_categories.iter().map(|category| &category.code))?;
    distinct("retention", entry.retention.iter().flat_map(|retention| &retention.category))?;
    distinct("subjectCategories", &entry.subject_categories)?;
    distinct("operations", &entry.operations)?;
    distinct("platforms", &entry.platforms)?;
    distinct("recipients", &entry.recipients)?;
    distinct("systems", &entry.systems)?;
    distinct("jointControllers", &entry.joint_controllers)?;
    distinct("processors", &entry.processors)
}

fn admit_grounds(assessment: &Option<StreamId>, consent_text: &Option<StreamId>) -> Result<(), Refusal> {
    link("assessment", "legitimateInterestAssessment", assessment)?;
    link("consentText", "consentText", consent_text)
}

impl Activity {
    /// Returns all versions, oldest first; the last is in force.
    pub fn versions(&self) -> impl Iterator<Item = &ActivityVersion> {
        self.earlier_versions.iter().chain(&self.current)
    }

    /// Returns the legal bases as they stand, also before a version is established.
    pub fn legal_bases(&self) -> &[StandingBasis] {
        self.current.as_ref().map_or(&self.determined, |version| &version.legal_bases)
    }

    fn next_version(&self) -> u32 {
        self.current.as_ref().map_or(1, |version| version.entry.version.saturating_add(1))
    }

    fn begun(&self) -> bool {
        self.current.is_some() || self.started.is_some()
    }

    fn admit_purpose(&self, purpose: &Code) -> Result<(), Refusal> {
        let known = self.current.as_ref().is_none_or(|version| version.entry.has(purpose));
        let message = format!("purpose {purpose} does not occur in the version in force");
        require(known, RejectionCode::Unknown, "purpose", message)
    }

    fn admit_change(&self, purpose: &Code) -> Result<(), Refusal> {
        let determined = self.legal_bases().iter().any(|basis| basis.purpose == *purpose);
        let message = format!("no legal basis was determined for purpose {purpose} before that moment");
        require(determined, RejectionCode::NeverExisted, "purpose", message)
    }

    fn admit_start(&self) -> Result<(), Refusal> {
        let runs = matches!(self.status, ActivityStatus::Active | ActivityStatus::Suspended);
        let message = "this activity is running or suspended at that moment; after a suspension record `resumed`";
        require(!runs, RejectionCode::AlreadyExists, "", message)?;
        self.admit_unlapsed()
    }

    fn admit_halt(&self) -> Result<(), Refusal> {
        let message = "this activity has ceased at that moment; if it goes on, record `started`";
        require(self.status != ActivityStatus::Ceased, RejectionCode::Ended, "", message)?;
        self.admit_end(self.begun())
    }

    /// An entry lapses once; a draft that never was established can lapse too.
    fn admit_obsolescence(&self) -> Result<(), Refusal> {
        self.admit_end(self.status != ActivityStatus::Draft || self.begun() || self.drafted.is_some())
    }

    fn admit_end(&self, begun: bool) -> Result<(), Refusal> {
        self.admit_unlapsed()?;
        let message = "this activity was neither established nor started before that moment";
        require(begun, RejectionCode::NeverExisted, "", message)
    }

    fn admit_unlapsed(&self) -> Result<(), Refusal> {
        let message =
            "the entry of this activity has lapsed at that moment; use a stream of its own for another activity";
        require(self.status != ActivityStatus::Obsolete, RejectionCode::Ended, "", message)
    }

    /// Why a fact changes nothing.
    fn misfit(&self, event: &ActivityEvent) -> Option<&'static str> {
        use ActivityEvent as E;
        let lapsed = self.status == ActivityStatus::Obsolete;
        let message = match event {
            E::Drafted(_) if self.drafted.is_some() => "the activity had been drafted before",
            E::Amended(_) if self.current.is_none() => "an entry was amended that had not been established yet",
            E::Started(_) if lapsed => "an activity started of which the entry had lapsed",
            E::Started(_) if self.admit_start().is_err() => "the activity had started before",
            E::Suspended(_) if self.admit_halt().is_err() => "an activity was suspended that was not running",
            E::Resumed(_) if self.suspension.is_none() => "an activity was resumed that had not been suspended",
            E::Ceased(_) if self.admit_halt().is_err() => "an activity ceased that was not running",
            E::DeclaredObsolete(_) if lapsed => "the entry had lapsed before",
            _ => return None,
        };
        Some(message)
    }

    fn establish(&mut self, entry: &Established, recorded: &Recorded) {
        let legal_bases = StandingBasis::stated(&entry.purposes, self.legal_bases(), recorded);
        self.take_version(ActivityVersion::new(entry.clone(), legal_bases, recorded), recorded);
    }

    fn amend(&mut self, amended: &Amended, recorded: &Recorded) {
        let Some(current) = &self.current else { return };
        let before = &current.legal_bases;
        let stated = amended.purposes.as_ref().map(|purposes| StandingBasis::stated(purposes, before, recorded));
        let legal_bases = stated.unwrap_or_else(|| before.clone());
        let mut version = ActivityVersion::new(current.entry.amended(amended), legal_bases, recorded);
        version.materiality = amended.materiality;
        version.pushed_to.clone_from(&amended.pushed_to);
        self.take_version(version, recorded);
    }

    fn take_version(&mut self, version: ActivityVersion, recorded: &Recorded) {
        let (entry, next) = (&version.entry, self.next_version());
        if entry.version < next {
            return note_anomaly(&mut self.anomalies, recorded, "this version had been established before");
        }
        if entry.version > next {
            note_anomaly(&mut self.anomalies, recorded, "the versions before this one are missing");
        }
        for basis in std::mem::take(&mut self.determined) {
            if !entry.has(&basis.purpose) {
                let message = "a legal basis had been determined for a purpose that this version does not have";
                note_anomaly(&mut self.anomalies, recorded, message);
            }
        }
        take_over!(entry => self; name, kind);
        self.unit.take_over(&entry.owning_unit);
        self.status = self.status.max(ActivityStatus::Established);
        self.earlier_versions.extend(self.current.replace(version));
    }

    /// Puts a purpose on a legal basis.
    /// What is determined again is no new basis: the purpose rests on it since it first did.
    fn rest(&mut self, mut basis: StandingBasis, recorded: &Recorded) {
        if self.admit_purpose(&basis.purpose).is_err() {
            note_anomaly(&mut self.anomalies, recorded, "the version in force does not have this purpose");
        }
        let bases = self.current.as_mut().map_or(&mut self.determined, |version| &mut version.legal_bases);
        let standing = bases.iter().find(|standing| standing.purpose == basis.purpose && standing.basis == basis.basis);
        if let Some(standing) = standing.filter(|standing| standing.since.earliest() < basis.since.earliest()) {
            basis.since = standing.since;
        }
        put(bases, basis, |basis| &basis.purpose);
    }

    fn run(&mut self, recorded: &Recorded) {
        self.status = ActivityStatus::Active;
        self.started = self.started.or(Some(recorded.effective));
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
    fn has(&self, purpose: &Code) -> bool {
        self.purposes.iter().any(|known| known.code == *purpose)
    }

    /// Returns the entry of the next version: what the amendment leaves out stays.
    fn amended(&self, amended: &Amended) -> Self {
        let mut next = self.clone();
        next.version = amended.version;
        take_over!(amended => next; name, kind, purposes, public_task, public_task_reason, subject_categories);
        take_over!(amended => next; data_categories, operations, platforms, recipients, transfers, retention, security);
        take_over!(amended => next; source, automated_decisions, automation, systems, owning_unit, owner, controller);
        take_over!(amended => next; joint_controllers, processors, dpo_contact);
        // Whoever approved the version before did not approve this one.
        next.approved_by.clone_from(&amended.approved_by);
        next.remark.clone_from(&amended.remark);
        next
    }
}

impl StandingBasis {
    fn new(purpose: &Code, basis: LegalBasis, recorded: &Recorded) -> Self {
        Self {
            purpose: purpose.clone(),
            basis,
            legal_reference: None,
            assessment: None,
            consent_text: None,
            public_task: None,
            public_task_reason: None,
            case_note: None,
            since: recorded.effective,
            sequence: recorded.sequence,
        }
    }

    /// The bases that a version gives to its purposes; one that was standing already keeps its date.
    fn stated(purposes: &[Purpose], before: &[Self], recorded: &Recorded) -> Vec<Self> {
        let stated = |purpose: &Purpose| {
            let standing = before.iter().find(|basis| basis.purpose == purpose.code);
            let Some(basis) = purpose.basis else {
                return standing.cloned();
            };
            let mut stated = Self::new(&purpose.code, basis, recorded);
            take_over!(purpose => stated; legal_reference, assessment, consent_text, case_note);
            Some(standing.filter(|standing| standing.same_ground(&stated)).cloned().unwrap_or(stated))
        };
        purposes.iter().filter_map(stated).collect()
    }

    fn same_ground(&self, other: &Self) -> bool {
        (self.basis, &self.legal_reference) == (other.basis, &other.legal_reference)
            && (&self.assessment, &self.consent_text) == (&other.assessment, &other.consent_text)
    }
}

#[cfg(test)]
mod tests;
