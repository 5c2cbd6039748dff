//! Transfers to third countries and the grounds on which they rest (GDPR Art. 44-49).
//!
//! One stream is one transfer: an activity, a recipient, a country. Its ground may be replaced while it goes on. Whether a ground
//! *holds* at a moment is never stored: that follows from the legal instrument at that moment, from the certification, and from
//! the impact assessment made for the instrument in use. An assessment of one set of clauses does not go over to another.

use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, distinct, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::legal_instrument::SccModule;
use super::party::{DpfCertification, DpfCoverage, DpfStanding, admit_coverage, lapsed, since};
use super::value::{AdviceOutcome, AdviceResponse, Document};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

choice! {
    /// On what kind of ground a transfer rests (Art. 45-49).
    GroundKind "TransferGroundKind" {
        /// An adequacy decision (Art. 45).
        Adequacy = "adequaatheidsbesluit",
        /// The adequacy decision on the EU-US Data Privacy Framework (Art. 45).
        Dpf = "EU-VS-kader voor gegevensbescherming (DPF)",
        /// The adequacy decision on the Privacy Shield.
        PrivacyShield = "Privacy Shield",
        /// The adequacy decision on Safe Harbour.
        SafeHarbour = "Safe Harbour",
        /// Standard contractual clauses (Art. 46(2)(c), (d)).
        Scc = "standaardcontractbepalingen",
        /// Binding corporate rules (Art. 46(2)(b), 47).
        Bcr = "bindende bedrijfsvoorschriften",
        /// An approved code of conduct (Art. 46(2)(e)).
        CodeOfConduct = "gedragscode",
        /// An approved certification (Art. 46(2)(f)).
        Certification = "certificering",
        /// Contractual clauses of one's own, authorised by the authority (Art. 46(3)(a)).
        AdHoc = "ad-hoccontractbepalingen",
        /// A legally binding instrument between public authorities (Art. 46(2)(a)).
        PublicInstrument = "bindend instrument tussen overheidsorganen",
        /// An administrative arrangement between public authorities (Art. 46(3)(b)).
        AdministrativeArrangement = "administratieve regeling tussen overheidsorganen",
        /// A derogation for specific situations (Art. 49).
        Derogation = "afwijking voor specifieke situaties",
    }
}

choice! {
    /// The derogations for specific situations (Art. 49(1)).
    Derogation "TransferDerogation" {
        /// Explicit consent (Art. 49(1)(a)).
        #[serde(rename = "ART_49_1_A")]
        #[cfg_attr(feature = "server", graphql(name = "ART_49_1_A"))]
        ExplicitConsent = "uitdrukkelijke toestemming (a)",
        /// A contract with the data subject (Art. 49(1)(b)).
        #[serde(rename = "ART_49_1_B")]
        #[cfg_attr(feature = "server", graphql(name = "ART_49_1_B"))]
        Contract = "overeenkomst met de betrokkene (b)",
        /// A contract in the interest of the data subject (Art. 49(1)(c)).
        #[serde(rename = "ART_49_1_C")]
        #[cfg_attr(feature = "server", graphql(name = "ART_49_1_C"))]
        ContractInInterest = "overeenkomst in het belang van de betrokkene (c)",
        /// Important reasons of public interest (Art. 49(1)(d)).
        #[serde(rename = "ART_49_1_D")]
        #[cfg_attr(feature = "server", graphql(name = "ART_49_1_D"))]
        PublicInterest = "gewichtige redenen van algemeen belang (d)",
        /// Legal claims (Art. 49(1)(e)).
        #[serde(rename = "ART_49_1_E")]
        #[cfg_attr(feature = "server", graphql(name = "ART_49_1_E"))]
        LegalClaims = "rechtsvordering (e)",
        /// Vital interests (Art. 49(1)(f)).
        #[serde(rename = "ART_49_1_F")]
        #[cfg_attr(feature = "server", graphql(name = "ART_49_1_F"))]
        VitalInterests = "vitale belangen (f)",
        /// A public register (Art. 49(1)(g)).
        #[serde(rename = "ART_49_1_G")]
        #[cfg_attr(feature = "server", graphql(name = "ART_49_1_G"))]
        PublicRegister = "openbaar register (g)",
        /// Compelling legitimate interests (Art. 49(1), second subparagraph).
        #[serde(rename = "ART_49_1_SUBPARAGRAPH_2")]
        #[cfg_attr(feature = "server", graphql(name = "ART_49_1_SUBPARAGRAPH_2"))]
        CompellingInterests = "dwingende gerechtvaardigde belangen (tweede alinea)",
    }
}

record! {
    /// A ground on which a transfer rests or could rest.
    Ground "TransferGroundBasis" "TransferGroundBasisInput" {
        /// Its kind.
        kind: GroundKind,
        /// Between whom the clauses are, if they are standard contractual clauses.
        module: Option<SccModule> = "module",
        /// Which derogation it is, if it is one.
        derogation: Option<Derogation> = "afwijking",
        /// The legal instrument, as `LEX-SCC-2021`.
        instrument: Option<Code> = "rechtsinstrument",
        /// The agreement of which the clauses are part.
        agreement: Option<StreamId> = "overeenkomst",
        /// When it was checked that the recipient is on the list of the instrument.
        listing_checked: Option<PartialDate> = "vermelding gecontroleerd op",
        /// The signed clauses or another proof.
        document: Option<Document>,
    }
}

record! {
    /// A transfer that the recipient makes in turn (Art. 44, second sentence).
    OnwardTransfer "OnwardTransfer" "OnwardTransferInput" {
        /// The party that receives the data then.
        party: Option<Code> = "ontvangende partij",
        /// The country it receives them in.
        country: Option<Code> = "land",
    }
}

record! {
    /// It is found that data go to a third country, or would (Art. 30(1)(e), 44).
    Identified "TransferIdentified" "TransferIdentifiedInput" {
        /// The activity.
        activity: Option<StreamId>,
        /// Who sends the data; absent: the institution.
        exporter: Option<Code> = "doorgevende partij",
        /// Who receives them.
        importer: Option<Code> = "ontvangende partij",
        /// The country that they go to, as `US`.
        country: Option<Code> = "land",
        /// Where they go from there.
        onward: Vec<OnwardTransfer> = "verdere doorgifte",
        /// When the first data went or will go, if that is known.
        first_transfer: Option<PartialDate> = "eerste doorgifte",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The first data go.
    Started "TransferStarted" "TransferStartedInput" {
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The ground of a transfer is established (Art. 44).
    GroundEstablished "TransferGroundEstablished" "TransferGroundEstablishedInput" {
        /// The activity.
        activity: Option<StreamId>,
        /// Who sends the data; absent: the institution.
        exporter: Option<Code> = "doorgevende partij",
        /// Who receives them.
        importer: Option<Code> = "ontvangende partij",
        /// The country that they go to, as `US`.
        country: Option<Code> = "land",
        /// The ground.
        ground: Ground = "grondslag voor doorgifte",
        /// From when the transfer rests on it; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// When the first data went or will go, if that is known.
        first_transfer: Option<PartialDate> = "eerste doorgifte",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whether the data are protected well enough in the third country.
    ImpactOutcome "TransferImpactOutcome" {
        /// They are.
        Sufficient = "voldoende",
        /// They are with supplementary measures.
        SufficientWithMeasures = "voldoende met aanvullende maatregelen",
        /// They are not.
        Insufficient = "onvoldoende",
    }
}

record! {
    /// The law and practice of the third country are assessed (Art. 46(1); C-311/18).
    ImpactAssessed "TransferImpactAssessed" "TransferImpactAssessedInput" {
        /// The legal instrument for which it is made, as `LEX-SCC-2010`; absent: that is not known.
        instrument: Option<Code> = "rechtsinstrument",
        /// The law of the third country.
        law: Option<Erasable<String>> = "recht van het derde land",
        /// What is done there in practice.
        practice: Option<Erasable<String>> = "praktijk in het derde land",
        /// What was found; absent: it is a draft.
        outcome: Option<ImpactOutcome>,
        /// The measures that it counts on.
        measures: Vec<Erasable<String>> = "maatregelen",
        /// The assessment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer advises on the transfer (Art. 39(1)(a)).
    DpoAdviceIssued "TransferDpoAdviceIssued" "TransferDpoAdviceIssuedInput" {
        /// How the advice turned out.
        outcome: AdviceOutcome,
        /// The advice.
        advice: Option<Erasable<String>> = "advies",
        /// The conditions under which there is no objection.
        conditions: Vec<Erasable<String>> = "voorwaarden",
        /// The advice as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An impact assessment is approved (Art. 5(2), 46(1)).
    ImpactAssessmentApproved "TransferImpactAssessmentApproved" "TransferImpactAssessmentApprovedInput" {
        /// The role that approves.
        by: Option<Code> = "goedgekeurd door",
        /// The legal instrument for which it was made; absent: as the assessment says.
        instrument: Option<Code> = "rechtsinstrument",
        /// What it found; absent: as the assessment says.
        outcome: Option<ImpactOutcome>,
        /// When it is to be reviewed.
        next_review: Option<PartialDate> = "volgende herziening",
        /// What became of the officer's advice.
        advice_response: Option<AdviceResponse> = "reactie op het advies",
        /// The approved assessment.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What kind of supplementary measure it is.
    MeasureKind "TransferMeasureKind" {
        /// A technical one.
        Technical = "technisch",
        /// A contractual one.
        Contractual = "contractueel",
        /// An organisational one.
        Organisational = "organisatorisch",
    }
}

record! {
    /// A supplementary measure is adopted (Art. 46(1); C-311/18).
    SupplementaryMeasureAdopted "SupplementaryMeasureAdopted" "SupplementaryMeasureAdoptedInput" {
        /// Its kind.
        kind: Option<MeasureKind>,
        /// The measure.
        measure: Option<Erasable<String>> = "maatregel",
        /// When it works or will work; absent: from when the fact holds.
        effective_from: Option<PartialDate> = "werkzaam vanaf",
        /// The proof of it.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The ground is challenged.
    GroundChallenged "TransferGroundChallenged" "TransferGroundChallengedInput" {
        /// The case, as `C-703/25 P`.
        case: Option<String> = "zaak",
        /// The legal instrument that tells of it.
        by: Option<Code> = "blijkens",
        /// What is said against the ground.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why a ground falls.
    InvalidationCause "TransferGroundInvalidationCause" {
        /// The legal instrument was annulled.
        InstrumentInvalid = "rechtsinstrument ongeldig verklaard",
        /// The legal instrument was repealed or expired.
        InstrumentEnded = "rechtsinstrument ingetrokken of vervallen",
        /// The recipient is not certified or listed any more.
        CertificationLapsed = "certificering vervallen",
        /// The agreement ended.
        AgreementEnded = "overeenkomst geëindigd",
        /// The supervisory authority or a court decided so in this case.
        Decision = "besluit of uitspraak",
        /// Another cause.
        Other,
    }
}

record! {
    /// The ground falls.
    GroundInvalidated "TransferGroundInvalidated" "TransferGroundInvalidatedInput" {
        /// Why.
        cause: Option<InvalidationCause> = "oorzaak",
        /// The legal instrument that fell; absent: that of the ground.
        instrument: Option<Code> = "rechtsinstrument",
        /// More about why.
        reason: Option<Erasable<String>>,
        /// The units that were told.
        alerted_units: Vec<Code> = "gewaarschuwde beheerseenheden",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The transfer is put on another ground.
    GroundReplaced "TransferGroundReplaced" "TransferGroundReplacedInput" {
        /// The new ground.
        ground: Ground = "grondslag voor doorgifte",
        /// From when the transfer rests on it; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// Whether an impact assessment lay in draft.
        impact_assessment_drafted: Option<bool> = "doorgiftebeoordeling in concept",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A ground is recorded on which the transfer can go on if its own falls.
    FallbackRecorded "TransferFallbackRecorded" "TransferFallbackRecordedInput" {
        /// The ground to fall back on.
        fallback: Ground = "terugvalgrondslag",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The recipient's certification under the Data Privacy Framework is looked up (Art. 45; Decision (EU) 2023/1795).
    DpfCertificationRecorded "TransferDpfCertificationRecorded" "TransferDpfCertificationRecordedInput" {
        /// Who is certified.
        importer: Option<Code> = "ontvangende partij",
        /// Where it stands on the list.
        standing: DpfStanding = "stand",
        /// When the list was looked at; absent: when the fact holds.
        checked: Option<PartialDate> = "gecontroleerd op",
        /// Which data it covers.
        coverage: Vec<DpfCoverage> = "dekking",
        /// When it is due for renewal, as the list says.
        renewal_due: Option<PartialDate> = "verlenging uiterlijk",
        /// The ground on which the transfer rests from now on; absent: as before.
        primary: Option<Ground> = "primaire grondslag",
        /// The ground to fall back on; absent: as before.
        fallback: Option<Ground> = "terugvalgrondslag",
        /// The list as it was seen.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The recipient's certification under the Data Privacy Framework lapses.
    DpfCertificationLapsed "TransferDpfCertificationLapsed" "TransferDpfCertificationLapsedInput" {
        /// When that was seen; absent: when the fact holds.
        checked: Option<PartialDate> = "gecontroleerd op",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The transfer is suspended.
    Suspended "TransferSuspended" "TransferSuspendedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The transfer is resumed.
    Resumed "TransferResumed" "TransferResumedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A derogation is invoked (Art. 49).
    DerogationInvoked "DerogationInvoked" "DerogationInvokedInput" {
        /// The activity.
        activity: Option<StreamId>,
        /// Who receives the data.
        importer: Option<Code> = "ontvangende partij",
        /// The country that they go to, as `US`.
        country: Option<Code> = "land",
        /// Which derogation.
        derogation: Derogation = "afwijking",
        /// Why the transfer is necessary for it.
        necessity: Option<Erasable<String>> = "noodzaak",
        /// Whether the transfer is repetitive.
        repetitive: Option<bool> = "herhaald",
        /// Why it is invoked although the transfer is repetitive.
        justification: Option<Erasable<String>> = "rechtvaardiging",
        /// Whether it serves the exercise of public powers (Art. 49(3)).
        public_powers: Option<bool> = "uitoefening van openbare bevoegdheden",
        /// How many people it concerns (Art. 49(1), second subparagraph).
        data_subjects: Option<u32> = "aantal betrokkenen",
        /// The consent text by which people were asked (Art. 49(1)(a)).
        consent_text: Option<StreamId> = "toestemmingstekst",
        /// When the supervisory authority was told (Art. 49(1), second subparagraph).
        authority_informed: Option<PartialDate> = "toezichthouder geïnformeerd op",
        /// When the data subjects were told (Art. 49(1), second subparagraph).
        subjects_informed: Option<PartialDate> = "betrokkenen geïnformeerd op",
        /// The assessment and the safeguards as a document (Art. 49(6)).
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The transfer ends for good.
    Ceased "TransferCeased" "TransferCeasedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a transfer and its ground.
    TransferGroundEvent "TransferGroundEvent" "TransferGroundEventInput",
    retracted "TransferGroundRetracted" "TransferGroundRetractedInput"
    {
        /// It is found.
        Identified "identified" 1 "TransferIdentified" = "doorgifte vastgesteld",
        /// It begins.
        Started "started" 1 "TransferStarted" = "doorgifte begonnen",
        /// Its ground is established.
        GroundEstablished "groundEstablished" 1 "TransferGroundEstablished" = "grondslag vastgesteld",
        /// Its impact is assessed.
        ImpactAssessed "impactAssessed" 1 "TransferImpactAssessed" = "doorgiftebeoordeling uitgevoerd",
        /// The data protection officer advises.
        DpoAdviceIssued "dpoAdviceIssued" 1 "DpoAdviceIssued" = "FG-advies gegeven",
        /// The assessment is approved.
        ImpactAssessmentApproved "impactAssessmentApproved" 1 "TransferImpactAssessmentApproved"
            = "doorgiftebeoordeling goedgekeurd",
        /// A measure is adopted.
        SupplementaryMeasureAdopted "supplementaryMeasureAdopted" 1 "SupplementaryMeasureAdopted"
            = "aanvullende maatregel genomen",
        /// Its ground is challenged.
        GroundChallenged "groundChallenged" 1 "TransferGroundChallenged" = "grondslag aangevochten",
        /// Its ground falls.
        GroundInvalidated "groundInvalidated" 1 "TransferGroundInvalidated" = "grondslag vervallen",
        /// Its ground is replaced.
        GroundReplaced "groundReplaced" 1 "TransferGroundReplaced" = "grondslag vervangen",
        /// A fallback is recorded.
        FallbackRecorded "fallbackRecorded" 1 "FallbackRecorded" = "terugvalgrondslag vastgelegd",
        /// The recipient's certification is looked up.
        DpfCertificationRecorded "dpfCertificationRecorded" 1 "DpfCertificationRecorded" = "DPF-certificering vastgelegd",
        /// The recipient's certification lapses.
        DpfCertificationLapsed "dpfCertificationLapsed" 1 "DpfCertificationLapsed" = "DPF-certificering vervallen",
        /// It is suspended.
        Suspended "suspended" 1 "TransferSuspended" = "doorgifte opgeschort",
        /// It is resumed.
        Resumed "resumed" 1 "TransferResumed" = "doorgifte hervat",
        /// A derogation is invoked.
        DerogationInvoked "derogationInvoked" 1 "DerogationInvoked" = "afwijking ingeroepen",
        /// It ends.
        Ceased "ceased" 1 "TransferCeased" = "doorgifte beëindigd",
    }
}

choice! {
    /// Where a transfer stands.
    #[derive(Default)]
    TransferStatus "TransferGroundStatus" {
        /// Not found yet.
        #[default]
        Unidentified = "niet vastgesteld",
        /// Found, without a ground.
        Identified = "vastgesteld, zonder grondslag",
        /// It rests on its first ground.
        Grounded = "met grondslag",
        /// Its ground is challenged.
        Challenged = "grondslag aangevochten",
        /// Its ground fell.
        Invalid = "grondslag vervallen",
        /// It rests on another ground than before.
        Replaced = "grondslag vervangen",
        /// Suspended.
        Suspended = "opgeschort",
        /// Ended for good.
        Ceased = "beëindigd",
    }
}

state! {
    /// A ground and the time for which the transfer rested on it.
    GroundPeriod "TransferGroundPeriod" {
        /// The ground.
        ground: Ground = "grondslag voor doorgifte",
        /// Since when.
        since: PartialDate = "sinds",
        /// Until when; absent: it is the ground now.
        until: Option<PartialDate> = "tot",
        /// When it was last challenged.
        challenged: Option<PartialDate> = "aangevochten op",
        /// When it fell.
        invalidated: Option<PartialDate> = "vervallen op",
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A ground to fall back on.
    Fallback "TransferFallback" {
        /// The ground.
        ground: Ground = "grondslag voor doorgifte",
        /// Since when.
        since: PartialDate = "sinds",
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// An impact assessment, and its approval.
    ImpactAssessment "TransferImpactAssessment" {
        /// The legal instrument for which it was made; absent: that is not known.
        instrument: Option<Code> = "rechtsinstrument",
        /// What was found.
        outcome: Option<ImpactOutcome>,
        /// When it was made; absent: only its approval is recorded.
        made: Option<PartialDate> = "uitgevoerd op",
        /// When it was approved; absent: it was not.
        approved: Option<PartialDate> = "goedgekeurd op",
        /// The role that approved it.
        approved_by: Option<Code> = "goedgekeurd door",
        /// When it is to be reviewed.
        next_review: Option<PartialDate> = "volgende herziening",
        /// The fact that says it last.
        sequence: Sequence,
    }
}

state! {
    /// A time for which a transfer was suspended.
    Suspension "TransferSuspension" {
        /// From when.
        from: PartialDate,
        /// Until when; absent: it is suspended now.
        until: Option<PartialDate> = "tot",
        /// The fact that says so.
        sequence: Sequence,
    }
}

dossier! {
    /// A transfer and its ground at one moment.
    TransferGround "TransferGroundState" follows TransferGroundEvent, status TransferStatus {
        /// Its identification.
        identified: once Identified -> Identified,
        /// Its beginning.
        started: once Started,
        /// The establishment of its ground.
        ground_established: once GroundEstablished -> Grounded,
        /// Assessments of its impact, oldest first.
        impact_assessed: every ImpactAssessed,
        /// Advice of the data protection officer, oldest first.
        dpo_advice_issued: every DpoAdviceIssued,
        /// Approvals of assessments, oldest first.
        impact_assessment_approved: every ImpactAssessmentApproved,
        /// Supplementary measures, oldest first.
        supplementary_measure_adopted: every SupplementaryMeasureAdopted,
        /// Challenges of its ground, oldest first.
        ground_challenged: every GroundChallenged
            needs ground_established or ground_replaced or derogation_invoked or dpf_certification_recorded -> Challenged,
        /// Falls of its ground, oldest first.
        ground_invalidated: every GroundInvalidated
            needs ground_established or ground_replaced or derogation_invoked or dpf_certification_recorded -> Invalid,
        /// Replacements of its ground, oldest first.
        ground_replaced: every GroundReplaced -> Replaced,
        /// Grounds to fall back on, oldest first.
        fallback_recorded: every FallbackRecorded,
        /// Looks at the recipient's certification, oldest first.
        dpf_certification_recorded: every DpfCertificationRecorded,
        /// Lapses of the recipient's certification, oldest first.
        dpf_certification_lapsed: every DpfCertificationLapsed,
        /// Suspensions, oldest first.
        suspended: every Suspended -> Suspended,
        /// Resumptions, oldest first.
        resumed: every Resumed needs suspended,
        /// Derogations that were invoked, oldest first.
        derogation_invoked: every DerogationInvoked,
        /// Its end.
        ceased: last Ceased -> Ceased,
    } and {
        /// The activity.
        activity: Option<StreamId>,
        /// Who sends the data; absent: the institution.
        exporter: Option<Code> = "doorgevende partij",
        /// Who receives them.
        importer: Option<Code> = "ontvangende partij",
        /// The country that they go to.
        country: Option<Code> = "land",
        /// Where they go from there.
        onward: Vec<OnwardTransfer> = "verdere doorgifte",
        /// The ground on which it rests now, whether or not that holds.
        ground: Option<GroundPeriod> = "huidige grondslag",
        /// The grounds on which it rested before, oldest first.
        earlier_grounds: Vec<GroundPeriod> = "eerdere grondslagen",
        /// The ground to fall back on.
        fallback: Option<Fallback> = "terugvalgrondslag",
        /// The recipient's certification under the Data Privacy Framework, as last seen for this transfer.
        dpf_certification: Option<DpfCertification> = "DPF-certificering",
        /// Impact assessments, each with its approval, oldest first.
        impact_assessments: Vec<ImpactAssessment> = "doorgiftebeoordelingen",
        /// When the first data went or will go, if anybody said so.
        first_transfer: Option<PartialDate> = "eerste doorgifte",
        /// Since when data go without a break; absent: they do not. Nobody said when the first went: since it had a ground.
        running_since: Option<PartialDate> = "lopend sinds",
        /// The times for which it was suspended, oldest first.
        suspensions: Vec<Suspension> = "opschortingen",
    }
}

filter! {
    "TransferGroundFilter" {
        /// Transfers of an activity.
        activity "activity": StreamId,
        /// Transfers to a party.
        party "party": Code,
        /// Transfers to a country.
        country "country": Code,
        /// Transfers that rest on a legal instrument.
        instrument "instrument": Code,
        /// Transfers on a kind of ground.
        ground "ground": GroundKind,
        /// Transfers that stand so.
        status "status": TransferStatus,
    }
}

impl Family for TransferGround {
    const NAME: &'static str = "transferGround";
    const LABEL_NL: &'static str = "doorgifte en haar grondslag";
    const GRAPHQL_NAME: &'static str = "TransferGround";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "processingActivity",
            "verwerkingsactiviteit",
            "activity",
            By::Ours("activity"),
            "The processing activity of which it is part.",
        ),
        Relation::one(
            "importingParty",
            "ontvangende partij",
            "party",
            By::Shared("party", "party"),
            "The party that receives the data.",
        ),
        Relation::one(
            "legalInstrument",
            "rechtsinstrument",
            "legalInstrument",
            By::Shared("code", "instrument"),
            "The legal instrument on which it rests.",
        ),
        Relation::many(
            "agreements",
            "verwerkersovereenkomsten",
            "agreement",
            By::Shared("party", "party"),
            "The processor agreements with the party that receives the data.",
        ),
    ];
    type Event = TransferGroundEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &TransferGroundEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use TransferGroundEvent as E;
        self.admit_order(event)?;
        if self.ceased.is_some() && goes_on(event) {
            let message = "this transfer ended before that moment; use a stream of its own for another transfer";
            return Err(Refusal::new(RejectionCode::Ended, "", message));
        }
        match event {
            E::Identified(event) => link("activity", "activity", &event.activity),
            E::GroundEstablished(event) => {
                link("activity", "activity", &event.activity)?;
                admit_ground("ground", &event.ground)
            }
            E::GroundReplaced(event) => admit_ground("ground", &event.ground),
            E::GroundInvalidated(event) => distinct("alertedUnits", &event.alerted_units),
            E::FallbackRecorded(event) => admit_ground("fallback", &event.fallback),
            E::DpfCertificationRecorded(event) => {
                admit_coverage(&event.coverage)?;
                event.primary.iter().try_for_each(|ground| admit_ground("primary", ground))?;
                event.fallback.iter().try_for_each(|ground| admit_ground("fallback", ground))
            }
            E::DerogationInvoked(event) => {
                link("activity", "activity", &event.activity)?;
                link("consentText", "consentText", &event.consent_text)
            }
            E::Resumed(_) if !self.is_suspended() => {
                let message = "this transfer was not suspended at that moment";
                Err(Refusal::new(RejectionCode::NeverExisted, "", message))
            }
            E::Started(_)
            | E::ImpactAssessed(_)
            | E::DpoAdviceIssued(_)
            | E::ImpactAssessmentApproved(_)
            | E::SupplementaryMeasureAdopted(_)
            | E::GroundChallenged(_)
            | E::DpfCertificationLapsed(_)
            | E::Suspended(_)
            | E::Resumed(_)
            | E::Ceased(_)
            | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &TransferGroundEvent, recorded: &Recorded) {
        use TransferGroundEvent as E;
        if self.ceased.is_some() && goes_on(event) {
            note_anomaly(&mut self.anomalies, recorded, "the transfer had ended before");
        }
        self.keep(event, recorded);
        match event {
            E::Identified(event) => self.identify(event),
            E::Started(_) => self.begin(recorded.effective),
            E::GroundEstablished(event) => self.establish(event, recorded),
            E::ImpactAssessed(event) => self.assess(event, recorded),
            E::ImpactAssessmentApproved(event) => self.approve(event, recorded),
            E::GroundChallenged(_) => {
                if let Some(ground) = &mut self.ground {
                    ground.challenged = Some(recorded.effective);
                }
            }
            E::GroundInvalidated(event) => self.invalidate(event, recorded),
            E::GroundReplaced(event) => self.rest_on(&event.ground, event.from, recorded),
            E::FallbackRecorded(event) => self.fall_back_on(&event.fallback, recorded),
            E::DpfCertificationRecorded(event) => self.certify(event, recorded),
            E::DpfCertificationLapsed(event) => {
                self.dpf_certification = Some(lapsed(self.dpf_certification.as_ref(), event.checked, recorded));
            }
            E::Suspended(_) => self.suspend(recorded),
            E::Resumed(_) => self.resume(recorded),
            E::DerogationInvoked(event) => self.derogate(event, recorded),
            E::Ceased(_) => self.running_since = None,
            E::DpoAdviceIssued(_) | E::SupplementaryMeasureAdopted(_) | E::Retracted(_) => {}
        }
        self.status = self.standing();
    }

    fn keys(&self) -> Keys {
        let activity = self.activity.iter().map(|activity| ("activity", activity.to_string()));
        let party = self.importer.iter().map(|party| ("party", party.to_string()));
        let country = self.country.iter().map(|country| ("country", country.to_string()));
        let ground = self.ground.iter().map(|period| &period.ground);
        let instrument = ground.clone().filter_map(|ground| ground.instrument.as_ref());
        let instrument = instrument.map(|instrument| ("instrument", instrument.to_string()));
        let kind = ground.map(|ground| ("ground", key_text(&ground.kind)));
        let status = [("status", key_text(&self.status))];
        activity.chain(party).chain(country).chain(instrument).chain(kind).chain(status).collect()
    }
}

/// Whether an event would let a transfer go on: none can after its end, while what was overlooked can still be recorded.
fn goes_on(event: &TransferGroundEvent) -> bool {
    use TransferGroundEvent as E;
    match event {
        E::Started(_)
        | E::GroundEstablished(_)
        | E::GroundReplaced(_)
        | E::Suspended(_)
        | E::Resumed(_)
        | E::DerogationInvoked(_)
        | E::Ceased(_) => true,
        E::Identified(_)
        | E::ImpactAssessed(_)
        | E::DpoAdviceIssued(_)
        | E::ImpactAssessmentApproved(_)
        | E::SupplementaryMeasureAdopted(_)
        | E::GroundChallenged(_)
        | E::GroundInvalidated(_)
        | E::FallbackRecorded(_)
        | E::DpfCertificationRecorded(_)
        | E::DpfCertificationLapsed(_)
        | E::Retracted(_) => false,
    }
}

/// A module belongs to standard contractual clauses, a derogation to that kind of ground.
fn admit_ground(field: &'static str, ground: &Ground) -> Result<(), Refusal> {
    let malformed = |message| Err(Refusal::new(RejectionCode::Malformed, field, message));
    if ground.module.is_some() && ground.kind != GroundKind::Scc {
        return malformed("only standard contractual clauses have a module; leave `module` out or give the kind SCC");
    }
    if ground.derogation.is_some() && ground.kind != GroundKind::Derogation {
        return malformed("give the kind DEROGATION, or leave `derogation` out");
    }
    link(field, "agreement", &ground.agreement)
}

impl TransferGround {
    fn is_suspended(&self) -> bool {
        self.suspensions.last().is_some_and(|suspension| suspension.until.is_none())
    }

    fn standing(&self) -> TransferStatus {
        let ground = self.ground.as_ref();
        if self.ceased.is_some() {
            TransferStatus::Ceased
        } else if self.is_suspended() {
            TransferStatus::Suspended
        } else if ground.is_some_and(|ground| ground.invalidated.is_some()) {
            TransferStatus::Invalid
        } else if ground.is_some_and(|ground| ground.challenged.is_some()) {
            TransferStatus::Challenged
        } else if ground.is_some() && !self.earlier_grounds.is_empty() {
            TransferStatus::Replaced
        } else if ground.is_some() {
            TransferStatus::Grounded
        } else if self.identified.is_some() {
            TransferStatus::Identified
        } else {
            TransferStatus::Unidentified
        }
    }

    fn identify(&mut self, event: &Identified) {
        self.concern(&event.activity, &event.importer, &event.country);
        self.exporter = event.exporter.clone().or(self.exporter.take());
        if !event.onward.is_empty() {
            self.onward.clone_from(&event.onward);
        }
        event.first_transfer.into_iter().for_each(|first| self.begin(first));
    }

    fn concern(&mut self, activity: &Option<StreamId>, importer: &Option<Code>, country: &Option<Code>) {
        self.activity = activity.clone().or(self.activity.take());
        self.importer = importer.clone().or(self.importer.take());
        self.country = country.clone().or(self.country.take());
    }

    /// Somebody says when the first data went; the earliest such moment counts.
    fn begin(&mut self, at: PartialDate) {
        if self.first_transfer.is_none_or(|known| at.earliest() < known.earliest()) {
            self.first_transfer = Some(at);
        }
        if self.suspensions.is_empty() && self.ceased.is_none() {
            self.running_since = self.first_transfer;
        }
    }

    fn establish(&mut self, event: &GroundEstablished, recorded: &Recorded) {
        self.concern(&event.activity, &event.importer, &event.country);
        self.exporter = event.exporter.clone().or(self.exporter.take());
        event.first_transfer.into_iter().for_each(|first| self.begin(first));
        self.rest_on(&event.ground, event.from, recorded);
    }

    /// Puts the transfer on a ground; the one before it becomes an earlier one.
    fn rest_on(&mut self, ground: &Ground, from: Option<PartialDate>, recorded: &Recorded) {
        let since = from.unwrap_or(recorded.effective);
        if let Some(mut earlier) = self.ground.take() {
            earlier.until = Some(since);
            self.earlier_grounds.push(earlier);
        }
        self.ground = Some(GroundPeriod {
            ground: ground.clone(),
            since,
            until: None,
            challenged: None,
            invalidated: None,
            sequence: recorded.sequence,
        });
        if self.running_since.is_none() && self.suspensions.is_empty() && self.ceased.is_none() {
            self.running_since = Some(since);
        }
    }

    fn fall_back_on(&mut self, ground: &Ground, recorded: &Recorded) {
        self.fallback =
            Some(Fallback { ground: ground.clone(), since: recorded.effective, sequence: recorded.sequence });
    }

    fn invalidate(&mut self, event: &GroundInvalidated, recorded: &Recorded) {
        let fell = |ground: &GroundPeriod| match (&event.instrument, &ground.ground.instrument) {
            (Some(fallen), Some(own)) => fallen == own,
            _ => true,
        };
        match &mut self.ground {
            Some(ground) if fell(ground) => ground.invalidated = ground.invalidated.or(Some(recorded.effective)),
            Some(_) => {
                note_anomaly(&mut self.anomalies, recorded, "the transfer rested on another legal instrument");
            }
            None => {}
        }
    }

    fn certify(&mut self, event: &DpfCertificationRecorded, recorded: &Recorded) {
        self.importer = event.importer.clone().or(self.importer.take());
        self.dpf_certification = Some(DpfCertification {
            standing: event.standing,
            checked: event.checked.unwrap_or(recorded.effective),
            coverage: event.coverage.clone(),
            renewal_due: event.renewal_due,
            since: since(self.dpf_certification.as_ref(), event.standing, recorded),
            sequence: recorded.sequence,
        });
        if let Some(primary) = &event.primary {
            // A look that confirms the ground begins no new one.
            let same = |period: &GroundPeriod| {
                period.ground.kind == primary.kind && period.ground.instrument == primary.instrument
            };
            if !self.ground.as_ref().is_some_and(same) {
                self.rest_on(primary, None, recorded);
            }
        }
        if let Some(fallback) = &event.fallback {
            self.fall_back_on(fallback, recorded);
        }
    }

    fn assess(&mut self, event: &ImpactAssessed, recorded: &Recorded) {
        self.impact_assessments.push(ImpactAssessment {
            instrument: event.instrument.clone(),
            outcome: event.outcome,
            made: Some(recorded.effective),
            approved: None,
            approved_by: None,
            next_review: None,
            sequence: recorded.sequence,
        });
    }

    /// Approves the newest assessment that waits for it and was not made for another instrument. Where none is recorded, the
    /// approval stands by itself: the assessment may have been made long ago.
    fn approve(&mut self, event: &ImpactAssessmentApproved, recorded: &Recorded) {
        let meant = |assessment: &&mut ImpactAssessment| {
            let other = assessment.instrument.is_some()
                && event.instrument.is_some()
                && assessment.instrument != event.instrument;
            assessment.approved.is_none() && !other
        };
        let known = self.impact_assessments.iter_mut().rev().find(meant);
        let (instrument, outcome, made) = match &known {
            Some(known) => (known.instrument.clone(), known.outcome, known.made),
            None => (None, None, None),
        };
        let approved = ImpactAssessment {
            instrument: event.instrument.clone().or(instrument),
            outcome: event.outcome.or(outcome),
            made,
            approved: Some(recorded.effective),
            approved_by: event.by.clone(),
            next_review: event.next_review,
            sequence: recorded.sequence,
        };
        match known {
            Some(known) => *known = approved,
            None => self.impact_assessments.push(approved),
        }
    }

    /// Another suspension while it is suspended gives another reason and begins no new one.
    fn suspend(&mut self, recorded: &Recorded) {
        if !self.is_suspended() {
            self.suspensions.push(Suspension { from: recorded.effective, until: None, sequence: recorded.sequence });
        }
        self.running_since = None;
    }

    fn resume(&mut self, recorded: &Recorded) {
        if !self.is_suspended() {
            return note_anomaly(&mut self.anomalies, recorded, "the transfer was not suspended");
        }
        if let Some(suspension) = self.suspensions.last_mut() {
            suspension.until = Some(recorded.effective);
        }
        if self.ceased.is_none() {
            self.running_since = Some(recorded.effective);
        }
    }

    /// A derogation becomes the ground of a transfer that has no other; beside another ground it is for the occasion.
    fn derogate(&mut self, event: &DerogationInvoked, recorded: &Recorded) {
        self.concern(&event.activity, &event.importer, &event.country);
        if self.ground.is_none() {
            let ground = Ground {
                kind: GroundKind::Derogation,
                module: None,
                derogation: Some(event.derogation),
                instrument: None,
                agreement: None,
                listing_checked: None,
                document: event.document.clone(),
            };
            self.rest_on(&ground, None, recorded);
        }
    }
}

#[cfg(test)]
mod tests;
