//! Governance instruments: the policies, guidelines, procedures and codes by which the institution binds itself (GDPR
//! Art. 24(2)), version by version.
//!
//! Only an adopted version is ever in force, and only its parameters are rules: a version that was issued, published or even
//! acknowledged everywhere binds nobody before it is adopted. The fold cannot know the moment that is asked for, so an adopted
//! version shows from when and until when it is in force; `in_force_at` finds the one of a moment.

use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, counted, distinct, not_empty};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence};
use crate::time::{Instant, PartialDate, Term};

choice! {
    /// What kind of instrument it is.
    InstrumentKind "GovernanceInstrumentKind" {
        /// A policy.
        Policy = "beleid",
        /// A guideline.
        Guideline = "richtlijn",
        /// A procedure.
        Procedure = "procedure",
        /// Rules that carry out a policy, such as house terms.
        ImplementingRules = "uitvoeringsregels",
        /// A schedule of retention periods.
        RetentionSchedule = "bewaartermijnenoverzicht",
        /// A policy on images and recordings.
        ImagePolicy = "beeld- en opnamebeleid",
        /// A code of conduct.
        CodeOfConduct = "gedragscode",
        /// A framework of others that serves as a benchmark.
        ReferenceFramework = "referentiekader",
        /// A practice followed without being adopted.
        Practice = "praktijk",
        /// Another kind of instrument.
        Other,
    }
}

record! {
    /// What an instrument is; every field present replaces what was said before.
    InstrumentAbout "GovernanceInstrumentAbout" "GovernanceInstrumentAboutInput" {
        /// The code by which other facts name it, as `POL-001`.
        instrument: Option<Code> = "code",
        /// What kind of instrument it is.
        kind: Option<InstrumentKind>,
        /// Its name.
        name: Option<Erasable<LangText>>,
        /// The unit that keeps it.
        unit: Option<Code>,
        /// The units it applies to; an empty list: the whole institution.
        applies_to: Option<Vec<Code>> = "van toepassing op",
    }
}

choice! {
    /// By which calendar a term is counted.
    InstrumentTermCalendar "InstrumentTermCalendar" {
        /// Day by day, without extension.
        Strict = "kalenderdagen zonder verlenging",
        /// By Regulation 1182/71.
        #[serde(rename = "REG_1182_71")]
        #[cfg_attr(feature = "server", graphql(name = "REG_1182_71"))]
        Regulation1182 = "verordening 1182/71",
        /// In Dutch working days.
        #[serde(rename = "WORKING_DAYS_NL")]
        #[cfg_attr(feature = "server", graphql(name = "WORKING_DAYS_NL"))]
        WorkingDays = "werkdagen",
        /// By the Dutch General Extension of Time-Limits Act, as for decisions under the Awb.
        Awb = "Algemene termijnenwet",
    }
}

record! {
    /// A parameter that a rule can read: a term, a number or codes, as `dsrTerm` of `P28D` or `minorAge` of 16.
    InstrumentParameter "InstrumentParameter" "InstrumentParameterInput" {
        /// Its name, as `dsrTerm`.
        name: Code,
        /// The term it sets.
        term: Option<Term> = "termijn",
        /// By which calendar the term is counted; absent: not said.
        calendar: Option<InstrumentTermCalendar> = "termijnberekening",
        /// The number it sets.
        number: Option<u32> = "getal",
        /// The codes it sets, as `EC_LIST`.
        values: Vec<Code> = "waarden",
    }
}

record! {
    /// What a version takes out of the parameters.
    InstrumentParameterRemoval "InstrumentParameterRemoval" "InstrumentParameterRemovalInput" {
        /// The parameter.
        name: Code,
        /// The codes taken out; none named: the parameter as a whole.
        values: Vec<Code> = "waarden",
    }
}

choice! {
    /// What becomes of the parameters that a version does not name.
    OtherParameters "InstrumentOtherParameters" {
        /// They stay as they were in the version before.
        Kept = "ongewijzigd",
        /// They no longer hold.
        Dropped = "vervallen",
    }
}

record! {
    /// A version is drafted.
    Drafted "InstrumentDrafted" "InstrumentDraftedInput" {
        /// What the instrument is.
        about: Option<InstrumentAbout> = "kenmerken",
        /// The version; absent: the next one.
        version: Option<u32>,
        /// The draft.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The council approves a version (for a university: its university council).
    CouncilApprovalRecorded "CouncilApprovalRecorded" "CouncilApprovalRecordedInput" {
        /// What the instrument is.
        about: Option<InstrumentAbout> = "kenmerken",
        /// The version; absent: the next one.
        version: Option<u32>,
        /// Which council, as `UNIVERSITY_COUNCIL`.
        council: Option<Code> = "medezeggenschapsorgaan",
        /// The council's decision.
        decision: Option<Code> = "besluit",
        /// Conditions it made.
        conditions: Vec<Erasable<String>> = "voorwaarden",
        /// The approval as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What the works council answered (WOR 27).
    WorksCouncilOutcome "WorksCouncilOutcome" {
        /// It consents.
        Consented = "ingestemd",
        /// It consents under conditions.
        ConsentedWithConditions = "ingestemd onder voorwaarden",
        /// It refuses.
        Refused = "instemming geweigerd",
        /// The court gave leave instead (WOR 27(4)).
        ReplacedByCourt = "vervangende toestemming van de kantonrechter",
        /// Its consent is not needed (WOR 27(3)).
        NotRequired = "niet vereist",
    }
}

choice! {
    /// Why the works council's consent is needed.
    WorksCouncilGround "WorksCouncilGround" {
        /// Rules on processing and protecting personal data of staff (WOR 27(1)(k)).
        #[serde(rename = "WOR_27_1_K")]
        #[cfg_attr(feature = "server", graphql(name = "WOR_27_1_K"))]
        StaffData = "persoonsgegevens van personeel",
        /// Facilities to observe or check staff's presence, behaviour or performance (WOR 27(1)(l)).
        #[serde(rename = "WOR_27_1_L")]
        #[cfg_attr(feature = "server", graphql(name = "WOR_27_1_L"))]
        StaffMonitoring = "personeelsvolgsysteem",
        /// Another ground.
        Other,
    }
}

record! {
    /// The works council answers on rules about staff data (WOR 27(1)(k), (l)).
    WorksCouncilConsentRecorded "WorksCouncilConsentRecorded" "WorksCouncilConsentRecordedInput" {
        /// What the instrument is.
        about: Option<InstrumentAbout> = "kenmerken",
        /// The version; absent: the next one.
        version: Option<u32>,
        /// What it answered.
        outcome: Option<WorksCouncilOutcome>,
        /// Why its consent is needed.
        grounds: Vec<WorksCouncilGround> = "instemmingsgronden",
        /// The council's decision.
        decision: Option<Code> = "besluit",
        /// Conditions it made.
        conditions: Vec<Erasable<String>> = "voorwaarden",
        /// The answer as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A version is issued: its text is handed out. That alone binds nobody.
    VersionIssued "InstrumentVersionIssued" "InstrumentVersionIssuedInput" {
        /// What the instrument is.
        about: Option<InstrumentAbout> = "kenmerken",
        /// The version, counted from 1.
        version: u32,
        /// The version as the text itself calls it, as `1.0`.
        label: Option<Code> = "versieaanduiding",
        /// The date that the text itself bears.
        document_date: Option<PartialDate> = "dagtekening",
        /// The parameters that the text sets; they count once it is adopted.
        parameters: Vec<InstrumentParameter> = "parameters",
        /// The text.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A version is adopted: from its day it is in force (Art. 24(2)).
    VersionAdopted "InstrumentVersionAdopted" "InstrumentVersionAdoptedInput" {
        /// What the instrument is.
        about: Option<InstrumentAbout> = "kenmerken",
        /// The version; absent: the newest one issued and not adopted, else the next.
        version: Option<u32>,
        /// The version as the text itself calls it, as `1.0`.
        label: Option<Code> = "versieaanduiding",
        /// The decision that adopts it.
        decision: Option<Code> = "besluit",
        /// When that decision was taken; absent: not said.
        decided_at: Option<PartialDate> = "besluitdatum",
        /// Who adopts it, as `EXECUTIVE_BOARD`.
        body: Option<Code> = "vaststeller",
        /// From when it is in force; absent: from when the fact holds.
        effective_from: Option<PartialDate> = "inwerkingtreding",
        /// The parameters that it sets; they replace those of the same names.
        parameters: Vec<InstrumentParameter> = "parameters",
        /// What it takes out of the parameters.
        removes: Vec<InstrumentParameterRemoval> = "verwijderde parameters",
        /// What becomes of the parameters of the version before that are not named here or in the issued text; absent: they no
        /// longer hold.
        other_parameters: Option<OtherParameters> = "overige parameters",
        /// The adopted text.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A version is published.
    VersionPublished "InstrumentVersionPublished" "InstrumentVersionPublishedInput" {
        /// The version; absent: the newest one.
        version: Option<u32>,
        /// The published text: its hash is compared with the adopted one.
        document: Option<Document>,
        /// Where it is published.
        url: Option<String> = "webadres",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A version is announced.
    VersionAnnounced "InstrumentVersionAnnounced" "InstrumentVersionAnnouncedInput" {
        /// The version; absent: the newest one.
        version: Option<u32>,
        /// Whether to the whole institution.
        institution_wide: Option<bool> = "instellingsbreed",
        /// To whom, as `STAFF`.
        audience: Vec<Code> = "doelgroepen",
        /// By which channel, as `INTRANET`.
        channel: Option<Code> = "kanaal",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A version is distributed to units or an audience.
    Distributed "InstrumentDistributed" "InstrumentDistributedInput" {
        /// The version; absent: the newest one.
        version: Option<u32>,
        /// To which units.
        units: Vec<Code> = "beheerseenheden",
        /// To whom, as `STAFF`.
        audience: Vec<Code> = "doelgroepen",
        /// By which channel, as `EMAIL`.
        channel: Option<Code> = "kanaal",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Units acknowledge a version.
    Acknowledged "InstrumentAcknowledged" "InstrumentAcknowledgedInput" {
        /// The version; absent: the newest one.
        version: Option<u32>,
        /// Which units.
        units: Vec<Code> = "beheerseenheden",
        /// In which role it was acknowledged for them, as `UNIT_HEAD`.
        role: Option<Code> = "rol",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a review of an instrument led to.
    ReviewOutcome "InstrumentReviewOutcome" {
        /// It stays as it is.
        Maintained = "gehandhaafd",
        /// It has to be changed.
        ToBeAmended = "aan te passen",
        /// It has to be repealed.
        ToBeRepealed = "in te trekken",
    }
}

record! {
    /// The instrument is reviewed (Art. 24(1)).
    Reviewed "InstrumentReviewed" "InstrumentReviewedInput" {
        /// The version; absent: the newest one.
        version: Option<u32>,
        /// What it led to.
        outcome: Option<ReviewOutcome>,
        /// Whether its effectiveness was audited.
        effectiveness_audited: Option<bool> = "doeltreffendheid getoetst",
        /// What gave rise to it, as the code of a legal instrument.
        trigger: Option<Code> = "aanleiding",
        /// When the next review is due.
        next_review: Option<PartialDate> = "volgende evaluatie",
        /// What was found.
        conclusions: Option<Erasable<String>> = "conclusies",
        /// The report.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The instrument or a version of it gives way to another; a version gives way to the next by the adoption of that one.
    Superseded "InstrumentSuperseded" "InstrumentSupersededInput" {
        /// The version; absent: the instrument as a whole.
        version: Option<u32>,
        /// The instrument that takes its place.
        by_instrument: Option<Code> = "vervangen door",
        /// The version that takes its place.
        by_version: Option<u32> = "vervangen door versie",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The instrument is repealed.
    Repealed "InstrumentRepealed" "InstrumentRepealedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A framework of others becomes the benchmark (GDPR Art. 28, 32).
    ReferenceFrameworkAdopted "ReferenceFrameworkAdopted" "ReferenceFrameworkAdoptedInput" {
        /// What the instrument is.
        about: Option<InstrumentAbout> = "kenmerken",
        /// The framework, as `SURF` or `ISO-27001`.
        framework: Code = "referentiekader",
        /// Its version, as `4.0`.
        framework_version: Option<Code> = "versie van het kader",
        /// The code by which agreements name that version, as `SURF-4.0`.
        model_version: Option<Code> = "modelversie",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// The framework as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a governance instrument.
    GovernanceInstrumentEvent "GovernanceInstrumentEvent" "GovernanceInstrumentEventInput",
    retracted "GovernanceInstrumentRetracted" "GovernanceInstrumentRetractedInput"
    {
        /// A version is drafted.
        Drafted "drafted" 1 "InstrumentDrafted" = "opgesteld",
        /// The council approves.
        CouncilApprovalRecorded "councilApprovalRecorded" 1 "CouncilApprovalRecorded" = "instemming medezeggenschap vastgelegd",
        /// The works council answers.
        WorksCouncilConsentRecorded "worksCouncilConsentRecorded" 1 "WorksCouncilConsentRecorded" = "instemming ondernemingsraad vastgelegd",
        /// A version is issued.
        VersionIssued "versionIssued" 1 "InstrumentVersionIssued" = "versie uitgebracht",
        /// A version is adopted.
        VersionAdopted "versionAdopted" 1 "InstrumentVersionAdopted" = "versie vastgesteld",
        /// A version is published.
        VersionPublished "versionPublished" 1 "InstrumentVersionPublished" = "versie gepubliceerd",
        /// A version is announced.
        VersionAnnounced "versionAnnounced" 1 "InstrumentVersionAnnounced" = "versie aangekondigd",
        /// A version is distributed.
        Distributed "distributed" 1 "InstrumentDistributed" = "verspreid",
        /// Units acknowledge a version.
        Acknowledged "acknowledged" 1 "InstrumentAcknowledged" = "kennisneming bevestigd",
        /// It is reviewed.
        Reviewed "reviewed" 1 "InstrumentReviewed" = "geëvalueerd",
        /// It gives way to another.
        Superseded "superseded" 1 "InstrumentSuperseded" = "vervangen",
        /// It is repealed.
        Repealed "repealed" 1 "InstrumentRepealed" = "ingetrokken",
        /// A framework becomes the benchmark.
        ReferenceFrameworkAdopted "referenceFrameworkAdopted" 1 "ReferenceFrameworkAdopted" = "referentiekader vastgesteld",
    }
}

choice! {
    /// Where an instrument stands.
    #[derive(Default)]
    InstrumentStatus "GovernanceInstrumentStatus" {
        /// Nothing is issued or adopted yet.
        #[default]
        Draft = "concept",
        /// A version is issued, none is adopted.
        Issued = "uitgebracht",
        /// A version is adopted; `inForce` says from when it is in force.
        Adopted = "vastgesteld",
        /// Another instrument took its place.
        Superseded = "vervangen",
        /// It no longer holds.
        Repealed = "ingetrokken",
    }
}

state! {
    /// A unit that received or acknowledged a version.
    InstrumentUnit "GovernanceInstrumentUnit" {
        /// The unit.
        unit: Code,
        /// Since when: the first time counts.
        from: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// Where and when a version was published.
    InstrumentPublication "GovernanceInstrumentPublication" {
        /// SHA-256 of the published text.
        sha256: Option<Hash> = "SHA-256",
        /// Its language.
        language: Option<Code>,
        /// Where.
        url: Option<String> = "webadres",
        /// Since when.
        from: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A version of an instrument, as it stands.
    #[derive(Default)]
    InstrumentVersion "GovernanceInstrumentVersion" {
        /// The version.
        version: u32,
        /// The version as the text itself calls it.
        label: Option<Code> = "versieaanduiding",
        /// The date that the text itself bears.
        document_date: Option<PartialDate> = "dagtekening",
        /// SHA-256 of the issued text.
        issued_sha256: Option<Hash> = "SHA-256 van de uitgebrachte tekst",
        /// SHA-256 of the adopted text.
        adopted_sha256: Option<Hash> = "SHA-256 van de vastgestelde tekst",
        /// When the council approved it.
        council_approved: Option<PartialDate> = "instemming medezeggenschap",
        /// When the works council answered on it.
        works_council_answered: Option<PartialDate> = "antwoord ondernemingsraad",
        /// What the works council answered.
        works_council: Option<WorksCouncilOutcome> = "uitkomst ondernemingsraad",
        /// When it was issued.
        issued: Option<PartialDate> = "uitgebracht",
        /// When it was adopted; absent: it binds nobody.
        adopted: Option<PartialDate> = "vastgesteld",
        /// The fact that adopted it.
        adoption: Option<Sequence> = "vaststellingsfeit",
        /// The decision that adopted it.
        decision: Option<Code> = "besluit",
        /// When that decision was taken.
        decided_at: Option<PartialDate> = "besluitdatum",
        /// From when it is in force, once adopted.
        in_force_from: Option<PartialDate> = "in werking vanaf",
        /// Until when it is in force; absent: no end known.
        in_force_to: Option<PartialDate> = "in werking tot",
        /// Its parameters; they are rules once it is adopted and as long as it is in force.
        parameters: Vec<InstrumentParameter> = "parameters",
        /// Where and when it was published, oldest first.
        published: Vec<InstrumentPublication> = "gepubliceerd",
        /// When it was first announced.
        announced: Option<PartialDate> = "aangekondigd",
        /// The units that received it.
        distributed: Vec<InstrumentUnit> = "verspreid onder",
        /// The units that acknowledged it.
        acknowledged: Vec<InstrumentUnit> = "kennisneming bevestigd door",
    }
}

state! {
    /// The adopted version that holds until further notice.
    InstrumentInForce "GovernanceInstrumentInForce" {
        /// The version.
        version: u32,
        /// From when it is in force: that may be later than the moment asked for.
        from: PartialDate,
        /// The version in force until then.
        previous: Option<u32> = "vorige versie",
    }
}

state! {
    /// A version of a reference framework, and how long it is the benchmark.
    FrameworkAt "ReferenceFrameworkVersion" {
        /// The framework.
        framework: Code = "referentiekader",
        /// Its version.
        framework_version: Option<Code> = "versie van het kader",
        /// The code by which agreements name that version.
        model_version: Option<Code> = "modelversie",
        /// From when.
        from: PartialDate,
        /// Until when: the next version of the same framework; absent: no end known.
        to: Option<PartialDate> = "tot",
        /// The fact that says so.
        sequence: Sequence,
    }
}

dossier! {
    /// A governance instrument at one moment.
    GovernanceInstrument "GovernanceInstrumentState" follows GovernanceInstrumentEvent, status InstrumentStatus {
        /// Its drafts, oldest first.
        drafted: every Drafted,
        /// Approvals of the council, oldest first.
        council_approval_recorded: every CouncilApprovalRecorded,
        /// Answers of the works council, oldest first.
        works_council_consent_recorded: every WorksCouncilConsentRecorded,
        /// What was issued, oldest first.
        version_issued: every VersionIssued -> Issued,
        /// What was adopted, oldest first.
        version_adopted: every VersionAdopted -> Adopted,
        /// What was published, oldest first.
        version_published: every VersionPublished,
        /// What was announced, oldest first.
        version_announced: every VersionAnnounced,
        /// What was distributed, oldest first.
        distributed: every Distributed,
        /// What was acknowledged, oldest first.
        acknowledged: every Acknowledged,
        /// Its reviews, oldest first.
        reviewed: every Reviewed,
        /// What gave way, oldest first.
        superseded: every Superseded
            needs version_adopted or version_issued or drafted or version_published or reference_framework_adopted
            -> Superseded,
        /// When it was repealed, oldest first.
        repealed: every Repealed
            needs version_adopted or version_issued or drafted or version_published or reference_framework_adopted
            -> Repealed,
        /// The reference frameworks it adopts, oldest first.
        reference_framework_adopted: every ReferenceFrameworkAdopted,
    } and {
        /// The code by which other facts name it.
        instrument: Option<Code> = "code",
        /// What kind of instrument it is.
        kind: Option<InstrumentKind>,
        /// Its name.
        name: Option<Erasable<LangText>>,
        /// The unit that keeps it.
        unit: Option<Code>,
        /// The units it applies to; none: the whole institution.
        applies_to: Vec<Code> = "van toepassing op",
        /// The adopted version that holds until further notice; absent: none.
        in_force: Option<InstrumentInForce> = "van kracht",
        /// Its versions, each as it stands.
        versions: Vec<InstrumentVersion> = "versies",
        /// The reference frameworks, each version with how long it is the benchmark, oldest first.
        frameworks: Vec<FrameworkAt> = "referentiekaders",
        /// When it was reviewed last.
        last_reviewed: Option<PartialDate> = "laatst geëvalueerd",
        /// When the next review is due.
        next_review: Option<PartialDate> = "volgende evaluatie",
    }
}

filter! {
    "GovernanceInstrumentFilter" {
        /// The instrument with that code.
        instrument "instrument": Code,
        /// Instruments of a kind.
        kind "kind": InstrumentKind,
        /// Instruments that a unit keeps.
        unit "unit": Code,
        /// Instruments that apply to that unit by name; not those for the whole institution.
        applies_to "appliesTo": Code,
        /// Instruments distributed to a unit.
        distributed_to "distributedTo": Code,
        /// Instruments acknowledged by a unit.
        acknowledged_by "acknowledgedBy": Code,
        /// Instruments that rest on a decision.
        decision "decision": Code,
        /// Instruments that make a framework the benchmark.
        framework "framework": Code,
        /// Instruments that stand so.
        status "status": InstrumentStatus,
    }
}

impl Family for GovernanceInstrument {
    const NAME: &'static str = "governanceInstrument";
    const LABEL_NL: &'static str = "beleidsdocument";
    const GRAPHQL_NAME: &'static str = "GovernanceInstrument";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "keptBy",
            "beheerd door",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit that keeps it.",
        ),
        Relation::many(
            "distributedTo",
            "verspreid onder",
            "managementUnit",
            By::Shared("unit", "distributedTo"),
            "The units that received a version of it.",
        ),
        Relation::many(
            "acknowledgedBy",
            "kennisneming bevestigd door",
            "managementUnit",
            By::Shared("unit", "acknowledgedBy"),
            "The units that acknowledged a version of it.",
        ),
        Relation::many(
            "decisions",
            "besluiten",
            "boardDecision",
            By::Shared("decision", "decision"),
            "The Board's decisions on which it rests.",
        ),
        Relation::many(
            "fulfilsConditionsOf",
            "voldoet aan voorwaarden van",
            "boardDecision",
            By::Shared("instrument", "instrument"),
            "The Board's decisions of which it fulfils a condition.",
        ),
        Relation::many(
            "replacedBy",
            "vervangen door",
            "governanceInstrument",
            By::Shared("instrument", "byInstrument"),
            "The instruments that took its place.",
        ),
    ];
    type Event = GovernanceInstrumentEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &GovernanceInstrumentEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use GovernanceInstrumentEvent as E;
        self.admit_order(event)?;
        version_of(event).map_or(Ok(()), |version| counted("version", version))?;
        if let Some(units) = about_of(event).and_then(|about| about.applies_to.as_ref()) {
            distinct("about.appliesTo", units)?;
        }
        match event {
            E::VersionIssued(event) => {
                admit_parameters(&event.parameters)?;
                self.admit_issue(event.version)
            }
            E::VersionAdopted(event) => {
                admit_parameters(&event.parameters)?;
                admit_removals(&event.removes)?;
                self.admit_adoption(event)
            }
            E::VersionAnnounced(event) => distinct("audience", &event.audience),
            E::Distributed(event) => {
                if event.audience.is_empty() {
                    not_empty("units", &event.units)?;
                }
                distinct("units", &event.units)?;
                distinct("audience", &event.audience)
            }
            E::Acknowledged(event) => {
                not_empty("units", &event.units)?;
                distinct("units", &event.units)
            }
            E::Superseded(_) | E::Repealed(_) if self.ended() => {
                let message = "this instrument gave way to another or was repealed already";
                Err(Refusal::new(RejectionCode::Ended, "", message))
            }
            E::Superseded(event) => self.admit_supersession(event),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &GovernanceInstrumentEvent, recorded: &Recorded) {
        use GovernanceInstrumentEvent as E;
        let before = self.status;
        if let Some(about) = about_of(event) {
            self.tell(about);
        }
        match event {
            E::VersionIssued(event) => self.issue(event, recorded),
            E::VersionAdopted(event) => self.adopt(event, recorded),
            E::Reviewed(event) => {
                self.last_reviewed = Some(recorded.effective);
                self.next_review = event.next_review;
            }
            E::ReferenceFrameworkAdopted(event) => self.set_benchmark(event, recorded),
            _ => self.follow(event, recorded),
        }
        self.keep(event, recorded);
        self.schedule();
        self.status = self.standing(event, before);
    }

    fn keys(&self) -> Keys {
        let mut keys = vec![("status", key_text(&self.status))];
        keys.extend(self.instrument.iter().map(|instrument| ("instrument", instrument.to_string())));
        keys.extend(self.kind.iter().map(|kind| ("kind", key_text(kind))));
        keys.extend(self.unit.iter().map(|unit| ("unit", unit.to_string())));
        keys.extend(self.applies_to.iter().map(|unit| ("appliesTo", unit.to_string())));
        let received = self.versions.iter().flat_map(|version| &version.distributed);
        keys.extend(received.map(|received| ("distributedTo", received.unit.to_string())));
        let acknowledged = self.versions.iter().flat_map(|version| &version.acknowledged);
        keys.extend(acknowledged.map(|acknowledged| ("acknowledgedBy", acknowledged.unit.to_string())));
        keys.extend(self.decisions().map(|decision| ("decision", decision.to_string())));
        let successors = self.superseded.iter().filter_map(|superseded| superseded.fact.by_instrument.as_ref());
        keys.extend(successors.map(|instrument| ("byInstrument", instrument.to_string())));
        keys.extend(self.frameworks.iter().map(|at| ("framework", at.framework.to_string())));
        let models = self.frameworks.iter().filter_map(|at| at.model_version.as_ref());
        keys.extend(models.map(|model| ("modelVersion", model.to_string())));
        keys
    }
}

/// What an event says of the instrument itself.
fn about_of(event: &GovernanceInstrumentEvent) -> Option<&InstrumentAbout> {
    use GovernanceInstrumentEvent as E;
    match event {
        E::Drafted(event) => event.about.as_ref(),
        E::CouncilApprovalRecorded(event) => event.about.as_ref(),
        E::WorksCouncilConsentRecorded(event) => event.about.as_ref(),
        E::VersionIssued(event) => event.about.as_ref(),
        E::VersionAdopted(event) => event.about.as_ref(),
        E::ReferenceFrameworkAdopted(event) => event.about.as_ref(),
        _ => None,
    }
}

/// The version that an event names.
fn version_of(event: &GovernanceInstrumentEvent) -> Option<u32> {
    use GovernanceInstrumentEvent as E;
    match event {
        E::Drafted(event) => event.version,
        E::CouncilApprovalRecorded(event) => event.version,
        E::WorksCouncilConsentRecorded(event) => event.version,
        E::VersionIssued(event) => Some(event.version),
        E::VersionAdopted(event) => event.version,
        E::VersionPublished(event) => event.version,
        E::VersionAnnounced(event) => event.version,
        E::Distributed(event) => event.version,
        E::Acknowledged(event) => event.version,
        E::Reviewed(event) => event.version,
        E::Superseded(event) => event.version,
        E::Repealed(_) | E::ReferenceFrameworkAdopted(_) | E::Retracted(_) => None,
    }
}

fn admit_parameters(parameters: &[InstrumentParameter]) -> Result<(), Refusal> {
    distinct("parameters", parameters.iter().map(|parameter| &parameter.name))?;
    parameters.iter().try_for_each(|parameter| distinct("parameters", &parameter.values))?;
    let kinds = |parameter: &InstrumentParameter| {
        [parameter.term.is_some(), parameter.number.is_some(), !parameter.values.is_empty()]
            .into_iter()
            .filter(|given| *given)
            .count()
    };
    match parameters.iter().find(|parameter| kinds(parameter) != 1) {
        Some(parameter) => {
            let message = format!("give `term`, `number` or `values` for {}, one of them", parameter.name);
            Err(Refusal::new(RejectionCode::Malformed, "parameters", message))
        }
        None => Ok(()),
    }
}

fn admit_removals(removals: &[InstrumentParameterRemoval]) -> Result<(), Refusal> {
    distinct("removes", removals.iter().map(|removal| &removal.name))?;
    removals.iter().try_for_each(|removal| distinct("removes", &removal.values))
}

/// Sets parameters over those of the same names.
fn set(parameters: &mut Vec<InstrumentParameter>, new: &[InstrumentParameter]) {
    for parameter in new {
        match parameters.iter_mut().find(|known| known.name == parameter.name) {
            Some(known) => known.clone_from(parameter),
            None => parameters.push(parameter.clone()),
        }
    }
}

fn remove(parameters: &mut Vec<InstrumentParameter>, removals: &[InstrumentParameterRemoval]) {
    for removal in removals {
        if removal.values.is_empty() {
            parameters.retain(|parameter| parameter.name != removal.name);
        } else if let Some(parameter) = parameters.iter_mut().find(|parameter| parameter.name == removal.name) {
            parameter.values.retain(|value| !removal.values.contains(value));
        }
    }
}

/// Adds the units that are not there yet: the first time counts.
fn add_units(known: &mut Vec<InstrumentUnit>, units: &[Code], recorded: &Recorded) {
    for unit in units {
        if known.iter().all(|known| known.unit != *unit) {
            known.push(InstrumentUnit { unit: unit.clone(), from: recorded.effective, sequence: recorded.sequence });
        }
    }
}

impl GovernanceInstrument {
    /// Returns the adopted version in force at an instant; the earliest instant of a date that is known in part counts.
    pub fn in_force_at(&self, at: Instant) -> Option<&InstrumentVersion> {
        self.versions.iter().find(|version| {
            version.in_force_from.is_some_and(|from| from.earliest() <= at)
                && version.in_force_to.is_none_or(|to| at < to.earliest())
        })
    }

    /// The decisions on which it rests, as facts name them.
    fn decisions(&self) -> impl Iterator<Item = &Code> {
        let adopted = self.version_adopted.iter().map(|kept| &kept.fact.decision);
        let superseded = self.superseded.iter().map(|kept| &kept.fact.decision);
        let repealed = self.repealed.iter().map(|kept| &kept.fact.decision);
        let frameworks = self.reference_framework_adopted.iter().map(|kept| &kept.fact.decision);
        adopted.chain(superseded).chain(repealed).chain(frameworks).flatten()
    }

    fn ended(&self) -> bool {
        self.status >= InstrumentStatus::Superseded
    }

    fn version(&self, version: u32) -> Option<&InstrumentVersion> {
        self.versions.iter().find(|known| known.version == version)
    }

    fn admit_issue(&self, version: u32) -> Result<(), Refusal> {
        if self.version(version).is_some_and(|known| known.issued.is_some()) {
            let message =
                format!("version {version} was issued already; correct that fact with `replaces`, or count on");
            return Err(Refusal::new(RejectionCode::AlreadyExists, "version", message));
        }
        Ok(())
    }

    fn admit_adoption(&self, event: &VersionAdopted) -> Result<(), Refusal> {
        let version = event.version.unwrap_or(self.next());
        if self.version(version).is_some_and(|known| known.adopted.is_some()) {
            let message =
                format!("version {version} was adopted already; correct that fact with `replaces`, or count on");
            return Err(Refusal::new(RejectionCode::AlreadyExists, "version", message));
        }
        Ok(())
    }

    fn admit_supersession(&self, event: &Superseded) -> Result<(), Refusal> {
        event.by_version.map_or(Ok(()), |version| counted("byVersion", version))?;
        match event.version {
            Some(version) if self.version(version).is_none() => {
                let message = format!("version {version} of this instrument was not recorded before that moment");
                Err(Refusal::new(RejectionCode::NeverExisted, "version", message))
            }
            _ => Ok(()),
        }
    }

    /// The version meant by what happens to one that is there: the newest one issued or adopted.
    fn newest(&self) -> u32 {
        let there = |version: &&InstrumentVersion| version.issued.is_some() || version.adopted.is_some();
        let newest = self.versions.iter().rev().find(there).or(self.versions.last());
        newest.map_or(1, |version| version.version)
    }

    /// The version meant by what leads to an adoption: the newest one that is not adopted, issued ones before others, else
    /// the next.
    fn next(&self) -> u32 {
        let open = || self.versions.iter().rev().filter(|version| version.adopted.is_none());
        let issued = open().find(|version| version.issued.is_some());
        let adopted = self.versions.iter().rev().find(|version| version.adopted.is_some());
        let newer = |version: &&InstrumentVersion| adopted.is_none_or(|adopted| adopted.version < version.version);
        let meant = issued.or(open().next()).filter(newer).map(|version| version.version);
        meant.unwrap_or_else(|| adopted.map_or(1, |adopted| adopted.version.saturating_add(1)))
    }

    fn version_mut(&mut self, version: u32) -> &mut InstrumentVersion {
        let position = match self.versions.binary_search_by_key(&version, |known| known.version) {
            Ok(position) => position,
            Err(position) => {
                self.versions.insert(position, InstrumentVersion { version, ..InstrumentVersion::default() });
                position
            }
        };
        &mut self.versions[position]
    }

    fn tell(&mut self, about: &InstrumentAbout) {
        self.instrument = about.instrument.clone().or(self.instrument.take());
        self.kind = about.kind.or(self.kind);
        self.name = about.name.clone().or(self.name.take());
        self.unit = about.unit.clone().or(self.unit.take());
        if let Some(units) = &about.applies_to {
            self.applies_to.clone_from(units);
        }
    }

    fn issue(&mut self, event: &VersionIssued, recorded: &Recorded) {
        if let Err(refusal) = self.admit_issue(event.version) {
            return note_anomaly(&mut self.anomalies, recorded, refusal.as_anomaly());
        }
        let version = self.version_mut(event.version);
        version.issued = Some(recorded.effective);
        version.label = event.label.clone().or(version.label.take());
        version.document_date = event.document_date;
        version.issued_sha256 = event.document.as_ref().map(|document| document.sha256);
        // What is adopted stays as it was adopted, whatever is issued afterwards.
        if version.adopted.is_none() {
            version.parameters.clone_from(&event.parameters);
        }
    }

    fn adopt(&mut self, event: &VersionAdopted, recorded: &Recorded) {
        if let Err(refusal) = self.admit_adoption(event) {
            return note_anomaly(&mut self.anomalies, recorded, refusal.as_anomaly());
        }
        let kept = match event.other_parameters {
            Some(OtherParameters::Kept) => self.adopted_last().map(|last| last.parameters.clone()).unwrap_or_default(),
            Some(OtherParameters::Dropped) | None => Vec::new(),
        };
        let version = self.version_mut(event.version.unwrap_or(self.next()));
        let mut parameters = kept;
        set(&mut parameters, &version.parameters);
        set(&mut parameters, &event.parameters);
        remove(&mut parameters, &event.removes);
        version.parameters = parameters;
        version.adopted = Some(recorded.effective);
        version.adoption = Some(recorded.sequence);
        version.label = event.label.clone().or(version.label.take());
        version.adopted_sha256 = event.document.as_ref().map(|document| document.sha256);
        version.decision.clone_from(&event.decision);
        version.decided_at = event.decided_at;
        version.in_force_from = event.effective_from.or(Some(recorded.effective));
    }

    /// The version that was adopted last, in the order of the facts.
    fn adopted_last(&self) -> Option<&InstrumentVersion> {
        let adopted = self.versions.iter().filter(|version| version.adopted.is_some());
        adopted.max_by_key(|version| (version.adopted.map(|adopted| adopted.earliest()), version.adoption))
    }

    /// Notes at a version what happens to it besides issue and adoption.
    fn follow(&mut self, event: &GovernanceInstrumentEvent, recorded: &Recorded) {
        use GovernanceInstrumentEvent as E;
        let (newest, next) = (self.newest(), self.next());
        match event {
            E::Drafted(event) => {
                self.version_mut(event.version.unwrap_or(next));
            }
            E::CouncilApprovalRecorded(event) => {
                let version = self.version_mut(event.version.unwrap_or(next));
                version.council_approved = version.council_approved.or(Some(recorded.effective));
            }
            E::WorksCouncilConsentRecorded(event) => {
                let version = self.version_mut(event.version.unwrap_or(next));
                version.works_council_answered = Some(recorded.effective);
                version.works_council = event.outcome;
            }
            E::VersionPublished(event) => {
                let publication = publication(event, recorded);
                self.version_mut(event.version.unwrap_or(newest)).published.push(publication);
            }
            E::VersionAnnounced(event) => {
                let version = self.version_mut(event.version.unwrap_or(newest));
                version.announced = version.announced.or(Some(recorded.effective));
            }
            E::Distributed(event) => {
                let version = self.version_mut(event.version.unwrap_or(newest));
                add_units(&mut version.distributed, &event.units, recorded);
            }
            E::Acknowledged(event) => {
                let version = self.version_mut(event.version.unwrap_or(newest));
                add_units(&mut version.acknowledged, &event.units, recorded);
            }
            _ => {}
        }
    }

    /// A newer version of a framework takes the place of the one before.
    fn set_benchmark(&mut self, event: &ReferenceFrameworkAdopted, recorded: &Recorded) {
        let standing = |known: &&mut FrameworkAt| known.framework == event.framework && known.to.is_none();
        self.frameworks.iter_mut().filter(standing).for_each(|known| known.to = Some(recorded.effective));
        self.frameworks.push(FrameworkAt {
            framework: event.framework.clone(),
            framework_version: event.framework_version.clone(),
            model_version: event.model_version.clone(),
            from: recorded.effective,
            to: None,
            sequence: recorded.sequence,
        });
    }

    /// Says of each adopted version from when until when it is in force: until the next one, or until it gave way or was repealed.
    fn schedule(&mut self) {
        let mut adopted: Vec<(PartialDate, Option<Sequence>, u32)> = self
            .versions
            .iter()
            .filter_map(|version| Some((version.in_force_from?, version.adoption, version.version)))
            .collect();
        adopted.sort_by_key(|(from, adoption, _)| (from.earliest(), *adoption));
        let ends = self.ends();
        for (position, (from, _, version)) in adopted.iter().enumerate() {
            let next = adopted.get(position + 1).map(|(next, ..)| *next);
            let to = end_of(*version, *from, next, &ends);
            self.version_mut(*version).in_force_to = to;
        }
        self.in_force = adopted.last().copied().filter(|(_, _, last)| self.is_open(*last)).map(|(from, _, version)| {
            let until = |known: &&InstrumentVersion| known.version != version && known.in_force_to == Some(from);
            InstrumentInForce { version, from, previous: self.versions.iter().find(until).map(|known| known.version) }
        });
    }

    fn is_open(&self, version: u32) -> bool {
        self.version(version).is_some_and(|version| version.in_force_to.is_none())
    }

    /// When versions gave way or were repealed: the version, or none for all of them, and when.
    fn ends(&self) -> Vec<(Option<u32>, PartialDate)> {
        let superseded = self.superseded.iter().map(|kept| (kept.fact.version, kept.from));
        superseded.chain(self.repealed.iter().map(|kept| (None, kept.from))).collect()
    }

    fn standing(&self, event: &GovernanceInstrumentEvent, before: InstrumentStatus) -> InstrumentStatus {
        use GovernanceInstrumentEvent as E;
        let draft = before == InstrumentStatus::Draft;
        match event {
            _ if self.in_force.is_some() => InstrumentStatus::Adopted,
            E::Superseded(_) => InstrumentStatus::Superseded,
            E::Repealed(_) => InstrumentStatus::Repealed,
            E::VersionIssued(_) if draft => InstrumentStatus::Issued,
            // An instrument that does nothing but adopt a framework has no versions of its own.
            E::ReferenceFrameworkAdopted(_) if draft && self.versions.is_empty() => InstrumentStatus::Adopted,
            _ => before,
        }
    }
}

fn publication(event: &VersionPublished, recorded: &Recorded) -> InstrumentPublication {
    InstrumentPublication {
        sha256: event.document.as_ref().map(|document| document.sha256),
        language: event.document.as_ref().and_then(|document| document.language.clone()),
        url: event.url.clone(),
        from: recorded.effective,
        sequence: recorded.sequence,
    }
}

/// The first end of a version after it began.
fn end_of(
    version: u32,
    from: PartialDate,
    next: Option<PartialDate>,
    ends: &[(Option<u32>, PartialDate)],
) -> Option<PartialDate> {
    let its = ends
        .iter()
        .filter(|(target, at)| target.is_none_or(|target| target == version) && from.earliest() <= at.earliest());
    its.map(|(_, at)| *at).chain(next).min_by_key(PartialDate::earliest)
}

#[cfg(test)]
mod tests;
