//! Transfers to third countries and the grounds on which they rest (GDPR Art. 44-49).
//!
//! One stream is one transfer: an activity, a recipient, a country. Its ground may be replaced while it goes on.
//! Whether a ground is *valid* at a moment is never stored: that follows from the legal instrument at that moment,
//! from the certification, and from the impact assessment made for the instrument in use. An assessment of one set of
//! clauses does not go over to another.

use crate::family::declare;
use crate::family::dossier::{Refusal, distinct, link, require, take_over};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::legal_instrument::SccModule;
use crate::family::party::{DpfCertification, DpfCoverage, DpfStanding};
use crate::family::value::{AdviceResponse, Document};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

declare! {
    family TransferGround many transferGrounds = "doorgifte en haar grondslag", in register;

    /// On what kind of ground a transfer rests (Art. 45-49).
    choice GroundKind as "TransferGroundKind" {
        Adequacy = "adequaatheidsbesluit" "An adequacy decision (Art. 45).",
        Dpf = "EU-VS-kader voor gegevensbescherming (DPF)"
            "The adequacy decision on the EU-US Data Privacy Framework (Art. 45).",
        PrivacyShield = "Privacy Shield" "The adequacy decision on the Privacy Shield.",
        SafeHarbour = "Safe Harbour" "The adequacy decision on Safe Harbour.",
        Scc = "standaardcontractbepalingen" "Standard contractual clauses (Art. 46(2)(c), (d)).",
        Bcr = "bindende bedrijfsvoorschriften" "Binding corporate rules (Art. 46(2)(b), 47).",
        CodeOfConduct = "gedragscode" "An approved code of conduct (Art. 46(2)(e)).",
        Certification = "certificering" "An approved certification (Art. 46(2)(f)).",
        AdHoc = "ad-hoccontractbepalingen"
            "Contractual clauses of one's own, authorised by the authority (Art. 46(3)(a)).",
        PublicInstrument = "bindend instrument tussen overheidsorganen"
            "A legally binding instrument between public authorities (Art. 46(2)(a)).",
        AdministrativeArrangement = "administratieve regeling tussen overheidsorganen"
            "An administrative arrangement between public authorities (Art. 46(3)(b)).",
        Derogation = "afwijking voor specifieke situaties" "A derogation for specific situations (Art. 49).",
    }

    /// The derogations for specific situations (Art. 49(1)).
    choice Derogation as "TransferDerogation" {
        ExplicitConsent as "ART_49_1_A" = "uitdrukkelijke toestemming (a)" "Explicit consent (Art. 49(1)(a)).",
        Contract as "ART_49_1_B" = "overeenkomst met de betrokkene (b)"
            "A contract with the data subject (Art. 49(1)(b)).",
        ContractInInterest as "ART_49_1_C" = "overeenkomst in het belang van de betrokkene (c)"
            "A contract in the interest of the data subject (Art. 49(1)(c)).",
        PublicInterest as "ART_49_1_D" = "gewichtige redenen van algemeen belang (d)"
            "Important reasons of public interest (Art. 49(1)(d)).",
        LegalClaims as "ART_49_1_E" = "rechtsvordering (e)" "Legal claims (Art. 49(1)(e)).",
        VitalInterests as "ART_49_1_F" = "vitale belangen (f)" "Vital interests (Art. 49(1)(f)).",
        PublicRegister as "ART_49_1_G" = "openbaar register (g)" "A public register (Art. 49(1)(g)).",
        CompellingInterests as "ART_49_1_SUBPARAGRAPH_2" = "dwingende gerechtvaardigde belangen (tweede alinea)"
            "Compelling legitimate interests (Art. 49(1), second subparagraph).",
    }

    /// A ground on which a transfer rests or could rest.
    record Ground as "TransferGroundBasis" {
        kind: GroundKind "Its kind.",
        module: SccModule? = "module" "Between whom the clauses are, if they are standard contractual clauses.",
        derogation: Derogation? = "afwijking" "Which derogation it is, if it is one.",
        instrument: Code? = "rechtsinstrument" "The legal instrument, as `LEX-SCC-2021`.",
        agreement: StreamId? = "overeenkomst" "The agreement of which the clauses are part.",
        listing_checked: PartialDate? = "vermelding gecontroleerd op"
            "When it was checked that the recipient is on the list of the instrument.",
        document: Document? "The signed clauses or another proof.",
    }

    /// A transfer that the recipient makes in turn (Art. 44, second sentence).
    record OnwardTransfer {
        party: Code? = "ontvangende partij" "The party that receives the data then.",
        country: Code? "The country it receives them in.",
    }

    /// It is found that data go to a third country, or would (Art. 30(1)(e), 44).
    event Identified as "TransferIdentified" = "doorgifte vastgesteld",
        once identified -> Identified "Its identification." {
        activity: StreamId? "The activity.",
        exporter: Code? = "doorgevende partij" "Who sends the data; absent: the institution.",
        importer: Code? = "ontvangende partij" "Who receives them.",
        country: Code? "The country that they go to, as `US`.",
        onward: Vec<OnwardTransfer> = "verdere doorgifte" "Where they go from there.",
        first_transfer: PartialDate? = "eerste doorgifte" "When the first data went or will go, if that is known.",
    }

    /// The first data go.
    event Started as "TransferStarted" = "doorgifte begonnen", once started "Its beginning." {}

    /// The ground of a transfer is established (Art. 44).
    event GroundEstablished as "TransferGroundEstablished" = "grondslag vastgesteld",
        once ground_established -> Grounded "The establishment of its ground." {
        activity: StreamId? "The activity.",
        exporter: Code? = "doorgevende partij" "Who sends the data; absent: the institution.",
        importer: Code? = "ontvangende partij" "Who receives them.",
        country: Code? "The country that they go to, as `US`.",
        ground: Ground = "grondslag voor doorgifte" "The ground.",
        from: PartialDate? "From when the transfer rests on it; absent: from when the fact holds.",
        first_transfer: PartialDate? = "eerste doorgifte" "When the first data went or will go, if that is known.",
    }

    /// Whether the data are protected well enough in the third country.
    choice ImpactOutcome as "TransferImpactOutcome" {
        Sufficient = "voldoende" "They are.",
        SufficientWithMeasures = "voldoende met aanvullende maatregelen" "They are with supplementary measures.",
        Insufficient = "onvoldoende" "They are not.",
    }

    /// The law and practice of the third country are assessed (Art. 46(1); C-311/18).
    event ImpactAssessed as "TransferImpactAssessed" = "doorgiftebeoordeling uitgevoerd",
        every impact_assessed "Assessments of its impact, oldest first." {
        instrument: Code? = "rechtsinstrument"
            "The legal instrument for which it is made, as `LEX-SCC-2010`; absent: that is not known.",
        law: Erasable<String>? = "recht van het derde land" "The law of the third country.",
        practice: Erasable<String>? = "praktijk in het derde land" "What is done there in practice.",
        outcome: ImpactOutcome? "What was found; absent: it is a draft.",
        measures: Vec<Erasable<String>> "The measures that it counts on.",
        document: Document? "The assessment as a document.",
    }

    /// The data protection officer advises on the transfer (Art. 39(1)(a)).
    event DpoAdviceIssued of crate::family::advice::DpoAdviceIssued = "FG-advies gegeven",
        every dpo_advice_issued "Advice of the data protection officer, oldest first.";

    /// An impact assessment is approved (Art. 5(2), 46(1)).
    event ImpactAssessmentApproved as "TransferImpactAssessmentApproved" = "doorgiftebeoordeling goedgekeurd",
        every impact_assessment_approved "Approvals of assessments, oldest first." {
        by: Code? = "goedgekeurd door" "The role that approves.",
        instrument: Code? = "rechtsinstrument"
            "The legal instrument for which it was made; absent: as the assessment says.",
        outcome: ImpactOutcome? "What it found; absent: as the assessment says.",
        next_review: PartialDate? = "volgende herziening" "When it is to be reviewed.",
        advice_response: AdviceResponse? = "reactie op het advies" "What became of the officer's advice.",
        document: Document? "The approved assessment.",
    }

    /// What kind of supplementary measure it is.
    choice MeasureKind as "TransferMeasureKind" {
        Technical = "technisch" "A technical one.",
        Contractual = "contractueel" "A contractual one.",
        Organisational = "organisatorisch" "An organisational one.",
    }

    /// A supplementary measure is adopted (Art. 46(1); C-311/18).
    event SupplementaryMeasureAdopted = "aanvullende maatregel genomen",
        every supplementary_measure_adopted "Supplementary measures, oldest first." {
        kind: MeasureKind? "Its kind.",
        measure: Erasable<String>? "The measure.",
        effective_from: PartialDate? = "werkzaam vanaf" "When it works or will work; absent: from when the fact holds.",
        document: Document? "The proof of it.",
    }

    /// The ground is challenged.
    event GroundChallenged as "TransferGroundChallenged" = "grondslag aangevochten",
        every ground_challenged
            needs ground_established or ground_replaced or derogation_invoked or dpf_certification_recorded
            -> Challenged "Challenges of its ground, oldest first." {
        case: String? = "zaak" "The case, as `C-703/25 P`.",
        by: Code? = "blijkens" "The legal instrument that tells of it.",
        reason: Erasable<String>? "What is said against the ground.",
    }

    /// Why a ground falls.
    choice InvalidationCause as "TransferGroundInvalidationCause" {
        InstrumentInvalid = "rechtsinstrument ongeldig verklaard" "The legal instrument was annulled.",
        InstrumentEnded = "rechtsinstrument ingetrokken of vervallen" "The legal instrument was repealed or expired.",
        CertificationLapsed = "certificering vervallen" "The recipient is not certified or listed any more.",
        AgreementEnded = "overeenkomst geëindigd" "The agreement ended.",
        Decision = "besluit of uitspraak" "The supervisory authority or a court decided so in this case.",
        Other "Another cause.",
    }

    /// The ground falls.
    event GroundInvalidated as "TransferGroundInvalidated" = "grondslag vervallen",
        every ground_invalidated
            needs ground_established or ground_replaced or derogation_invoked or dpf_certification_recorded
            -> Invalid "Falls of its ground, oldest first." {
        cause: InvalidationCause? = "oorzaak" "Why.",
        instrument: Code? = "rechtsinstrument" "The legal instrument that fell; absent: that of the ground.",
        reason: Erasable<String>? "More about why.",
        alerted_units: Vec<Code> = "gewaarschuwde beheerseenheden" "The units that were told.",
    }

    /// The transfer is put on another ground.
    event GroundReplaced as "TransferGroundReplaced" = "grondslag vervangen",
        every ground_replaced -> Replaced "Replacements of its ground, oldest first." {
        ground: Ground = "grondslag voor doorgifte" "The new ground.",
        from: PartialDate? "From when the transfer rests on it; absent: from when the fact holds.",
        impact_assessment_drafted: bool? = "doorgiftebeoordeling in concept"
            "Whether an impact assessment lay in draft.",
        reason: Erasable<String>? "Why.",
    }

    /// A ground is recorded on which the transfer can go on if its own falls.
    event FallbackRecorded as "TransferFallbackRecorded" domain "FallbackRecorded" = "terugvalgrondslag vastgelegd",
        every fallback_recorded "Grounds to fall back on, oldest first." {
        fallback: Ground = "terugvalgrondslag" "The ground to fall back on.",
    }

    /// The recipient's certification under the Data Privacy Framework is looked up (Art. 45; Decision (EU) 2023/1795).
    event DpfCertificationRecorded as "TransferDpfCertificationRecorded" domain "DpfCertificationRecorded"
        = "DPF-certificering vastgelegd",
        every dpf_certification_recorded "Looks at the recipient's certification, oldest first." {
        importer: Code? = "ontvangende partij" "Who is certified.",
        standing: DpfStanding = "stand" "Where it stands on the list.",
        checked: PartialDate? = "gecontroleerd op" "When the list was looked at; absent: when the fact holds.",
        coverage: Vec<DpfCoverage> = "dekking" "Which data it covers.",
        renewal_due: PartialDate? = "verlenging uiterlijk" "When it is due for renewal, as the list says.",
        primary: Ground? = "primaire grondslag"
            "The ground on which the transfer rests from now on; absent: as before.",
        fallback: Ground? = "terugvalgrondslag" "The ground to fall back on; absent: as before.",
        document: Document? "The list as it was seen.",
    }

    /// The recipient's certification under the Data Privacy Framework lapses.
    event DpfCertificationLapsed as "TransferDpfCertificationLapsed" domain "DpfCertificationLapsed"
        = "DPF-certificering vervallen",
        every dpf_certification_lapsed "Lapses of the recipient's certification, oldest first." {
        checked: PartialDate? = "gecontroleerd op" "When that was seen; absent: when the fact holds.",
        reason: Erasable<String>? "Why.",
    }

    /// The transfer is suspended.
    event Suspended as "TransferSuspended" = "doorgifte opgeschort",
        every suspended -> Suspended "Suspensions, oldest first." {
        reason: Erasable<String>? "Why.",
    }

    /// The transfer is resumed.
    event Resumed as "TransferResumed" = "doorgifte hervat",
        every resumed needs suspended "Resumptions, oldest first." {
        reason: Erasable<String>? "Why.",
    }

    /// A derogation is invoked (Art. 49).
    event DerogationInvoked = "afwijking ingeroepen",
        every derogation_invoked "Derogations that were invoked, oldest first." {
        activity: StreamId? "The activity.",
        importer: Code? = "ontvangende partij" "Who receives the data.",
        country: Code? "The country that they go to, as `US`.",
        derogation: Derogation = "afwijking" "Which derogation.",
        necessity: Erasable<String>? = "noodzaak" "Why the transfer is necessary for it.",
        repetitive: bool? = "herhaald" "Whether the transfer is repetitive.",
        justification: Erasable<String>? = "rechtvaardiging" "Why it is invoked although the transfer is repetitive.",
        public_powers: bool? = "uitoefening van openbare bevoegdheden"
            "Whether it serves the exercise of public powers (Art. 49(3)).",
        data_subjects: u32? = "aantal betrokkenen" "How many people it concerns (Art. 49(1), second subparagraph).",
        consent_text: StreamId? "The consent text by which people were asked (Art. 49(1)(a)).",
        authority_informed: PartialDate? = "toezichthouder geïnformeerd op"
            "When the supervisory authority was told (Art. 49(1), second subparagraph).",
        subjects_informed: PartialDate? = "betrokkenen geïnformeerd op"
            "When the data subjects were told (Art. 49(1), second subparagraph).",
        document: Document? "The assessment and the safeguards as a document (Art. 49(6)).",
    }

    /// The transfer ends for good.
    event Ceased as "TransferCeased" = "doorgifte beëindigd", last ceased -> Ceased "Its end." {
        reason: Erasable<String>? "Why.",
    }

    /// Where a transfer stands.
    choice TransferStatus as "TransferGroundStatus" {
        #[default] Unidentified = "niet vastgesteld" "Not found yet.",
        Identified = "vastgesteld, zonder grondslag" "Found, without a ground.",
        Grounded = "met grondslag" "It rests on its first ground.",
        Challenged = "grondslag aangevochten" "Its ground is challenged.",
        Invalid = "grondslag vervallen" "Its ground fell.",
        Replaced = "grondslag vervangen" "It rests on another ground than before.",
        Suspended = "opgeschort" "Suspended.",
        Ceased = "beëindigd" "Ended for good.",
    }

    /// A ground and the time for which the transfer rested on it.
    record GroundPeriod as "TransferGroundPeriod" {
        ground: Ground = "grondslag voor doorgifte" "The ground.",
        since: PartialDate "Since when.",
        until: PartialDate? = "tot" "Until when; absent: it is the ground now.",
        challenged: PartialDate? = "aangevochten op" "When it was last challenged.",
        invalidated: PartialDate? = "vervallen op" "When it fell.",
        sequence: Sequence "The fact that says so.",
    }

    /// A ground to fall back on.
    record Fallback as "TransferFallback" {
        ground: Ground = "grondslag voor doorgifte" "The ground.",
        since: PartialDate "Since when.",
        sequence: Sequence "The fact that says so.",
    }

    /// An impact assessment, and its approval.
    record ImpactAssessment as "TransferImpactAssessment" {
        instrument: Code? = "rechtsinstrument" "The legal instrument for which it was made; absent: that is not known.",
        outcome: ImpactOutcome? "What was found.",
        made: PartialDate? = "uitgevoerd op" "When it was made; absent: only its approval is recorded.",
        approved: PartialDate? = "goedgekeurd op" "When it was approved; absent: it was not.",
        approved_by: Code? = "goedgekeurd door" "The role that approved it.",
        next_review: PartialDate? = "volgende herziening" "When it is to be reviewed.",
        sequence: Sequence "The fact that says it last.",
    }

    /// A time for which a transfer was suspended.
    record Suspension as "TransferSuspension" {
        from: PartialDate "From when.",
        until: PartialDate? = "tot" "Until when; absent: it is suspended now.",
        sequence: Sequence "The fact that says so.",
    }

    /// A transfer and its ground at one moment.
    state TransferGround as "TransferGroundState" of TransferStatus key {
        activity: StreamId? key "The activity.",
        exporter: Code? = "doorgevende partij" "Who sends the data; absent: the institution.",
        importer: Code? = "ontvangende partij" "Who receives them.",
        country: Code? key "The country that they go to.",
        onward: Vec<OnwardTransfer> = "verdere doorgifte" "Where they go from there.",
        ground: GroundPeriod? = "huidige grondslag" "The ground on which it rests now, whether or not that is valid.",
        earlier_grounds: Vec<GroundPeriod> = "eerdere grondslagen"
            "The grounds on which it rested before, oldest first.",
        fallback: Fallback? = "terugvalgrondslag" "The ground to fall back on.",
        dpf_certification: DpfCertification? = "DPF-certificering"
            "The recipient's certification under the Data Privacy Framework, as last seen for this transfer.",
        impact_assessments: Vec<ImpactAssessment> = "doorgiftebeoordelingen"
            "Impact assessments, each with its approval, oldest first.",
        first_transfer: PartialDate? = "eerste doorgifte" "When the first data went or will go, if anybody said so.",
        running_since: PartialDate? = "lopend sinds"
            "Since when data go without a break; absent: they do not. Nobody said when the first went: since it had a"
            "ground.",
        suspensions: Vec<Suspension> = "opschortingen" "The times for which it was suspended, oldest first.",
    }

    keys {
        party: Code "Transfers to a party.",
        instrument: Code "Transfers that rest on a legal instrument.",
        ground: GroundKind "Transfers on a kind of ground.",
    }

    relations {
        processingActivity: one activity ours activity = "verwerkingsactiviteit"
            "The processing activity of which it is part.",
        importingParty: one party shared party party = "ontvangende partij" "The party that receives the data.",
        legalInstrument: one legalInstrument shared code instrument = "rechtsinstrument"
            "The legal instrument on which it rests.",
        agreements: many agreement shared party party = "verwerkersovereenkomsten"
            "The processor agreements with the party that receives the data.",
    }
}

impl Family for TransferGround {
    fn admit(&self, event: &TransferGroundEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use TransferGroundEvent as E;
        self.admit_order(event)?;
        let message = "this transfer ended before that moment; use a stream of its own for another transfer";
        require(self.ceased.is_none() || !goes_on(event), RejectionCode::Ended, "", message)?;
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
                distinct("coverage", &event.coverage)?;
                event.primary.iter().try_for_each(|ground| admit_ground("primary", ground))?;
                event.fallback.iter().try_for_each(|ground| admit_ground("fallback", ground))
            }
            E::DerogationInvoked(event) => {
                link("activity", "activity", &event.activity)?;
                link("consentText", "consentText", &event.consent_text)
            }
            E::Resumed(_) => {
                let message = "this transfer was not suspended at that moment";
                require(self.is_suspended(), RejectionCode::NeverExisted, "", message)
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &TransferGroundEvent, recorded: &Recorded) {
        use TransferGroundEvent as E;
        if self.ceased.is_some() && goes_on(event) {
            note_anomaly(&mut self.anomalies, recorded, "the transfer had ended before");
        }
        self.keep(event, recorded);
        match event {
            E::Identified(event) => {
                take_over!(event => self; activity, importer, country, exporter, onward);
                event.first_transfer.into_iter().for_each(|first| self.begin(first));
            }
            E::Started(_) => self.begin(recorded.effective),
            E::GroundEstablished(event) => {
                take_over!(event => self; activity, importer, country, exporter);
                event.first_transfer.into_iter().for_each(|first| self.begin(first));
                self.rest_on(&event.ground, event.from, recorded);
            }
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
                let known = self.dpf_certification.as_ref();
                let lapsed = DpfCertification::seen(known, DpfStanding::Inactive, event.checked, recorded);
                self.dpf_certification = Some(lapsed);
            }
            E::Suspended(_) => self.suspend(recorded),
            E::Resumed(_) => self.resume(recorded),
            E::DerogationInvoked(event) => self.derogate(event, recorded),
            E::Ceased(_) => self.running_since = None,
            _ => {}
        }
        self.status = self.standing();
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "party", &self.importer);
        if let Some(GroundPeriod { ground, .. }) = &self.ground {
            push_keys(&mut keys, "instrument", &ground.instrument);
            push_keys(&mut keys, "ground", &ground.kind);
        }
        keys
    }
}

/// Whether an event would let a transfer go on: none can after its end, while what was overlooked can still be
/// recorded.
fn goes_on(event: &TransferGroundEvent) -> bool {
    use TransferGroundEvent as E;
    matches!(
        event,
        E::Started(_)
            | E::GroundEstablished(_)
            | E::GroundReplaced(_)
            | E::Suspended(_)
            | E::Resumed(_)
            | E::DerogationInvoked(_)
            | E::Ceased(_)
    )
}

/// A module belongs to standard contractual clauses, a derogation to that kind of ground.
fn admit_ground(field: &'static str, ground: &Ground) -> Result<(), Refusal> {
    let malformed = RejectionCode::Malformed;
    let message = "only standard contractual clauses have a module; leave `module` out or give the kind SCC";
    require(ground.module.is_none() || ground.kind == GroundKind::Scc, malformed, field, message)?;
    let message = "give the kind DEROGATION, or leave `derogation` out";
    require(ground.derogation.is_none() || ground.kind == GroundKind::Derogation, malformed, field, message)?;
    link(field, "agreement", &ground.agreement)
}

impl TransferGround {
    fn is_suspended(&self) -> bool {
        self.suspensions.last().is_some_and(|suspension| suspension.until.is_none())
    }

    fn standing(&self) -> TransferStatus {
        use TransferStatus as S;
        match &self.ground {
            _ if self.ceased.is_some() => S::Ceased,
            _ if self.is_suspended() => S::Suspended,
            Some(ground) if ground.invalidated.is_some() => S::Invalid,
            Some(ground) if ground.challenged.is_some() => S::Challenged,
            Some(_) if !self.earlier_grounds.is_empty() => S::Replaced,
            Some(_) => S::Grounded,
            None if self.identified.is_some() => S::Identified,
            None => S::Unidentified,
        }
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
        let (since, sequence) = (recorded.effective, recorded.sequence);
        self.fallback = Some(Fallback { ground: ground.clone(), since, sequence });
    }

    fn invalidate(&mut self, event: &GroundInvalidated, recorded: &Recorded) {
        let fell = |ground: &GroundPeriod| match (&event.instrument, &ground.ground.instrument) {
            (Some(fallen), Some(own)) => fallen == own,
            _ => true,
        };
        match &mut self.ground {
            Some(ground) if fell(ground) => ground.invalidated = ground.invalidated.or(Some(recorded.effective)),
            Some(_) => note_anomaly(&mut self.anomalies, recorded, "the transfer rested on another legal instrument"),
            None => {}
        }
    }

    fn certify(&mut self, event: &DpfCertificationRecorded, recorded: &Recorded) {
        take_over!(event => self; importer);
        let known = self.dpf_certification.as_ref();
        let seen = DpfCertification::seen(known, event.standing, event.checked, recorded);
        let (coverage, renewal_due) = (event.coverage.clone(), event.renewal_due);
        self.dpf_certification = Some(DpfCertification { coverage, renewal_due, ..seen });
        if let Some(primary) = &event.primary {
            // A look that confirms the ground begins no new one.
            let same = |period: &GroundPeriod| {
                period.ground.kind == primary.kind && period.ground.instrument == primary.instrument
            };
            if !self.ground.as_ref().is_some_and(same) {
                self.rest_on(primary, None, recorded);
            }
        }
        event.fallback.iter().for_each(|fallback| self.fall_back_on(fallback, recorded));
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

    /// Approves the newest assessment that waits for it and was not made for another instrument. Where there is none,
    /// the approval stands by itself: the assessment may have been made long ago.
    fn approve(&mut self, event: &ImpactAssessmentApproved, recorded: &Recorded) {
        let meant = |assessment: &&mut ImpactAssessment| {
            let both = assessment.instrument.as_ref().zip(event.instrument.as_ref());
            assessment.approved.is_none() && both.is_none_or(|(own, approved)| own == approved)
        };
        let known = self.impact_assessments.iter_mut().rev().find(meant);
        let mut approved = ImpactAssessment {
            instrument: known.as_ref().and_then(|known| known.instrument.clone()),
            outcome: known.as_ref().and_then(|known| known.outcome),
            made: known.as_ref().and_then(|known| known.made),
            approved: Some(recorded.effective),
            approved_by: event.by.clone(),
            next_review: event.next_review,
            sequence: recorded.sequence,
        };
        take_over!(event => approved; instrument, outcome);
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
        take_over!(event => self; activity, importer, country);
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
