//! Breaches: every incident with personal data, from report to lessons, also those that are notified to nobody
//! (GDPR Art. 4(12), 33, 34; with 33(5) this is the breach register).
//!
//! The 72 hours run from awareness, which is a fact of its own with its reasons. A decision keeps the state of the
//! ledger on which it rested. Whether a notification was in time or wrongly left out is a verdict, so nothing of it
//! is refused here.

use crate::family::checkpoint_attestation::Head;
use crate::family::declare;
use crate::family::dossier::{Newer, Refusal, controllers_act, distinct, ended, link, links, not_reversed};
use crate::family::handling::{Impact, ReportChannel, ReporterCategory};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::{AdviceOutcome, AdviceResponse, Document, Evidence};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, year_of};

declare! {
    family Breach many breaches = "datalek";

    /// What kind of incident it is.
    choice IncidentKind {
        Misdirected = "verkeerd verzonden of geadresseerd" "A message went to the wrong people, or showed who got it.",
        Lost = "verloren apparaat, gegevensdrager of papier" "A device, data carrier or paper was lost.",
        Stolen = "gestolen apparaat, gegevensdrager of papier" "A device, data carrier or paper was stolen.",
        AccountCompromise = "overgenomen account" "An account was taken over.",
        Intrusion = "inbraak of schadelijke software" "Systems were broken into, or struck by malware.",
        UnauthorisedAccess = "onbevoegde inzage of gebruik" "Somebody saw or used data without being allowed to.",
        UnintendedPublication = "onbedoelde openbaarmaking" "Data were published by mistake.",
        UnintendedChange = "onbedoelde wijziging" "Data were altered without being meant to.",
        LossOfAvailability = "vernietiging of onbeschikbaarheid" "Data were destroyed, or could not be reached.",
        Other "Another kind.",
    }

    /// An incident is reported; the eight items are those that the institution asks of a report.
    event IncidentReported = "incident gemeld",
        every incident_reported -> Reported "Reports of the incident, oldest first." {
        unit: Code? "The unit where it happened.",
        kind: IncidentKind? key "What kind of incident it is.",
        reporter_category: ReporterCategory? = "categorie melder" "As what somebody reports it.",
        channel: ReportChannel? "By which channel.",
        reporter: Erasable<String>? = "melder" "Item 1: who reports it.",
        what: Erasable<String>? = "wat er is gemeld" "Item 2: what is reported.",
        origin: Erasable<String>? = "herkomst van de melding" "Item 3: where the report comes from.",
        data: Erasable<String>? = "om welke gegevens het gaat" "Item 4: which data it is about.",
        data_categories: Vec<Code> = "categorieën gegevens" "Item 4 as codes: the categories of data.",
        how: Erasable<String>? = "hoe het is gebeurd" "Item 5: how it came about.",
        systems: Vec<Code> "Item 6: the systems involved.",
        systems_described: Erasable<String>? = "systemen in woorden" "Item 6 in words, where systems have no code.",
        happened: PartialDate? = "gebeurd" "Item 7: when it happened, or began.",
        happened_until: PartialDate? = "gebeurd tot" "When it stopped, if it lasted.",
        measures: Erasable<String>? = "genomen maatregelen" "Item 8: what was done about it, if staff reports it.",
        discovered: PartialDate? = "ontdekt" "When it was discovered.",
        activities: Vec<StreamId> "The activities in whose data it happened.",
        parties: Vec<Code> = "partijen" "The processors or other parties involved.",
        account: StreamId? = "account" key "The account that was taken over.",
        case: StreamId? = "vraag of klacht" key "The query or complaint that brought it to light.",
        weakness: StreamId? = "zwakke plek" key "The reported weakness from which it came.",
    }

    /// It is suspected that personal data are involved; a short inquiry is to tell (EDPB Guidelines 9/2022).
    event Suspected as "BreachSuspected" = "datalek vermoed", last suspected -> Suspected "The suspicion." {
        reason: Erasable<String>? "Why.",
    }

    /// The controller is aware: it is reasonably certain that personal data were compromised (Art. 33(1)).
    event AwarenessEstablished as "BreachAwarenessEstablished" = "kennisneming vastgesteld",
        once awareness_established -> Aware "Awareness, from which the 72 hours run." {
        at: PartialDate? = "tijdstip van kennisneming" "The moment of awareness; absent: the date of this fact.",
        basis: Erasable<String>? = "grond voor redelijke zekerheid" "On what the reasonable certainty rests.",
        established_by: Code? = "vastgesteld door (rol)" "In which role somebody established it.",
        informed_by: Code? = "op de hoogte gesteld door" "The processor that told of it, if one did (Art. 33(2)).",
        unit: Code? "The unit where it happened.",
    }

    /// In which way data were compromised (Art. 4(12)).
    choice BreachCategory {
        Confidentiality = "vertrouwelijkheid" "Unauthorised disclosure or access.",
        Integrity = "integriteit" "Unauthorised or accidental alteration.",
        Availability = "beschikbaarheid" "Accidental or unlawful loss or destruction.",
    }

    /// The risk to the rights and freedoms of people.
    choice Risk as "BreachRisk" {
        None = "risico onwaarschijnlijk" "A risk is unlikely (Art. 33(1)).",
        Risk = "risico" "A risk (Art. 33(1)).",
        High = "hoog risico" "A high risk (Art. 34(1)).",
    }

    /// Nature, extent and consequences are assessed (Art. 33(3)).
    event Assessed as "BreachAssessed" = "beoordeeld", every assessed -> Assessed "Assessments, oldest first." {
        categories: Vec<BreachCategory> = "aard van de inbreuk" "In which ways data were compromised.",
        subjects: u32? = "aantal betrokkenen (ongeveer)" "How many people are affected, approximately.",
        records: u32? = "aantal registraties (ongeveer)" "How many records are affected, approximately.",
        subject_categories: Vec<Code> = "categorieën betrokkenen" "What kinds of people.",
        data_categories: Vec<Code> = "categorieën gegevens" "What kinds of data.",
        special_data: bool? = "bijzondere, strafrechtelijke of identificerende gegevens"
            "Whether special categories, criminal data or national numbers are among them (Art. 9, 10, 87).",
        risk: Risk? = "risico" "The risk to people.",
        cross_border: bool? = "grensoverschrijdend" "Whether people in several member states are affected (Art. 4(23), 56).",
        countries: Vec<Code> = "landen" "The countries where they are.",
        severity_people: Impact? = "ernst voor betrokkenen" "How much is at stake for people.",
        severity_business: Impact? = "ernst voor de instelling" "What is at stake for business, finance or reputation.",
        consequences: Erasable<String>? = "waarschijnlijke gevolgen" "The likely consequences (Art. 33(3)(c)).",
        reasons: Erasable<String>? = "motivering" "Why it is assessed so.",
        method: Code? = "methode" "The method of assessment and its version.",
        activities: Vec<StreamId> "The activities affected; none named: as before.",
        systems: Vec<Code> "The systems affected; none named: as before.",
        parties: Vec<Code> = "partijen" "The processors or other parties involved; none named: as before.",
        inputs: Head? = "gebruikte gegevens" "The state of the ledger on which the assessment rests.",
    }

    /// The data protection officer is asked for advice (Art. 38(1)).
    event DpoConsulted as "BreachDpoConsulted" domain "DpoConsulted" = "FG geraadpleegd",
        every dpo_consulted "When the data protection officer was asked, oldest first." {
        question: Erasable<String>? "What is asked.",
    }

    /// The data protection officer advises on both duties to notify (Art. 39(1)(a)).
    event DpoAdviceIssued as "BreachDpoAdviceIssued" domain "DpoAdviceIssued" = "FG-advies uitgebracht",
        every dpo_advice_issued "Advice of the data protection officer, oldest first." {
        outcome: AdviceOutcome? "How the advice turns out, if it is on a decision in draft.",
        notify_authority: bool? = "advies: melden bij de AP" "Whether to notify the authority (Art. 33).",
        notify_subjects: bool? = "advies: mededelen aan betrokkenen" "Whether to tell the data subjects (Art. 34).",
        advice: Erasable<String>? "What it says.",
        document: Document? "The advice as a document.",
    }

    /// Why the authority is not notified.
    choice AuthorityGround as "BreachAuthorityGround" {
        RiskUnlikely = "risico onwaarschijnlijk" "A risk to people is unlikely (Art. 33(1)).",
        AnotherController = "andere verwerkingsverantwoordelijke meldt" "Another controller notifies (Art. 26).",
        ActsAsProcessor = "instelling is verwerker" "It is the processor here and tells the controller (Art. 33(2)).",
        Other "Another ground.",
    }

    /// Why the data subjects are not told.
    choice SubjectsGround as "BreachSubjectsGround" {
        NoHighRisk = "geen hoog risico" "There is no high risk (Art. 34(1)).",
        Waived = "uitzondering van artikel 34, derde lid" "A ground of Art. 34(3), recorded as a waiver.",
        RestrictedByLaw = "wettelijke beperking" "The law restricts the duty (Art. 23; UAVG Art. 41).",
        AnotherController = "andere verwerkingsverantwoordelijke deelt mee" "Another controller tells them (Art. 26).",
        Other "Another ground.",
    }

    /// It is decided who is to be notified.
    event NotificationDecided as "BreachNotificationDecided" domain "NotificationDecided" = "besluit over melding genomen",
        every notification_decided -> Decided "Decisions on notification, oldest first." {
        authority: bool? = "melden bij de AP" "Whether the authority is to be notified (Art. 33(1)).",
        authority_ground: AuthorityGround? = "grond om niet te melden" "Why not, if not.",
        authority_reason: Erasable<String>? = "motivering melding" "The reasons for that.",
        subjects: bool? = "mededelen aan betrokkenen" "Whether the data subjects are to be told (Art. 34(1)).",
        subjects_ground: SubjectsGround? = "grond om niet mede te delen" "Why not, if not.",
        subjects_reason: Erasable<String>? = "motivering mededeling" "The reasons for that.",
        decided_by: Code? = "besloten door (rol)"
            "In which role somebody decided; it is not the data protection officer's to decide (Art. 38(6)).",
        advice_response: AdviceResponse? "What became of the data protection officer's advice.",
        inputs: Head? = "gebruikte gegevens" "The state of the ledger on which the decision rests.",
    }

    /// Which part of a notification it is (Art. 33(4)).
    choice NotificationPhase as "BreachNotificationPhase" {
        Initial = "eerste melding" "The first.",
        Supplement = "aanvulling" "A further one.",
        Final = "definitieve melding" "The last.",
    }

    /// What a notification describes (Art. 33(3), 34(2)).
    record NotificationContent as "BreachNotificationContent" {
        nature: bool? = "aard van de inbreuk" "The nature of the breach (Art. 33(3)(a)).",
        subjects: u32? = "aantal betrokkenen (ongeveer)" "How many people, approximately (Art. 33(3)(a)).",
        records: u32? = "aantal registraties (ongeveer)" "How many records, approximately (Art. 33(3)(a)).",
        contact: bool? = "contactpunt" "The data protection officer or another contact point (Art. 33(3)(b)).",
        consequences: bool? = "waarschijnlijke gevolgen" "The likely consequences (Art. 33(3)(c)).",
        measures: bool? = "maatregelen" "The measures taken or proposed (Art. 33(3)(d)).",
        plain_language: bool? = "duidelijke en eenvoudige taal" "Whether it is in clear and plain language (Art. 34(2)).",
    }

    /// The supervisory authority is notified (Art. 33).
    event AuthorityNotified as "BreachAuthorityNotified" domain "AuthorityNotified" = "gemeld bij de AP",
        every authority_notified -> Notified "Notifications to the authority, oldest first." {
        phase: NotificationPhase? = "fase" "Which part it is.",
        at: PartialDate? = "tijdstip van melding" "The moment of notification; absent: the date of this fact.",
        authority: Code? = "toezichthoudende autoriteit" "The authority, as `AP`.",
        reference: Code? = "meldingsnummer" "The authority's reference of the notification.",
        supplement_promised: PartialDate? = "aanvulling toegezegd voor" "By when a supplement is promised.",
        content: NotificationContent? = "inhoud" "What it describes (Art. 33(3)).",
        document: Document? "What was sent.",
    }

    /// It is said why the authority is notified later than 72 hours after awareness (Art. 33(1)).
    event DelayJustified as "BreachDelayJustified" domain "DelayJustified" = "vertraging gemotiveerd",
        every delay_justified "Reasons for delay, oldest first." {
        reason: Erasable<String> "Why.",
        told_authority: bool? = "aan de AP gemeld" "Whether the notification itself says so.",
    }

    /// A notification is supplemented (Art. 33(4)).
    event AuthorityNotificationSupplemented as "BreachAuthorityNotificationSupplemented" domain "AuthorityNotificationSupplemented" = "melding aangevuld",
        every authority_notification_supplemented needs authority_notified
            "Supplements to a notification, oldest first." {
        at: PartialDate? = "tijdstip van aanvulling" "The moment of the supplement; absent: the date of this fact.",
        reference: Code? = "meldingsnummer" "The authority's reference of the notification.",
        supplement_promised: PartialDate? = "aanvulling toegezegd voor" "By when a further supplement is promised.",
        contents: Erasable<String>? = "inhoud" "What was added.",
        content: NotificationContent? = "aangevulde onderdelen" "What it describes that was open (Art. 33(3)-(4)).",
        document: Document? "What was sent.",
    }

    /// How data subjects are told.
    choice SubjectsChannel as "BreachSubjectsChannel" {
        Email = "e-mail" "By e-mail.",
        Letter = "brief" "By letter.",
        Telephone = "telefoon" "By telephone.",
        InPerson = "mondeling" "In a conversation.",
        Portal = "portaal of app" "In a portal or app of the institution.",
        PublicCommunication = "openbare mededeling" "By a public communication (Art. 34(3)(c)).",
        Other "In another way.",
    }

    /// The data subjects are told (Art. 34(1), (2)).
    event SubjectsNotified as "BreachSubjectsNotified" domain "SubjectsNotified" = "medegedeeld aan betrokkenen",
        every subjects_notified "When data subjects were told, oldest first." {
        channel: SubjectsChannel? "How.",
        count: u32? = "aantal" "How many people.",
        at: PartialDate? = "tijdstip van mededeling" "When; absent: the date of this fact.",
        content: NotificationContent? = "inhoud" "What it describes (Art. 34(2)).",
        document: Document? "What was sent.",
        evidence: Erasable<Evidence>? "Who was told, and the evidence for it.",
    }

    /// Why data subjects need not be told although the risk is high (Art. 34(3)).
    choice WaiverGround as "BreachWaiverGround" {
        DataUnintelligible = "gegevens onbegrijpelijk gemaakt (34(3)(a))"
            "(a) The data cannot be understood by those who got them, as by encryption.",
        HighRiskAverted = "hoog risico weggenomen (34(3)(b))" "(b) Measures taken afterwards averted the high risk.",
        DisproportionateEffort = "onevenredige inspanning (34(3)(c))"
            "(c) It would take disproportionate effort; a public communication takes its place.",
    }

    /// The data subjects are not told, on a ground of Art. 34(3).
    event SubjectsNotificationWaived as "BreachSubjectsNotificationWaived" domain "SubjectsNotificationWaived" = "van mededeling aan betrokkenen afgezien",
        every subjects_notification_waived "Why data subjects were not told, oldest first." {
        ground: WaiverGround = "grond" "The ground.",
        reason: Erasable<String>? "Why it applies.",
        decided_by: Code? = "besloten door (rol)" "In which role somebody decided.",
        document: Document? "The public communication in its place (Art. 34(3)(c)).",
    }

    /// Somebody in the institution is told of a serious risk.
    record Informed as "BreachInformed" {
        text: Erasable<String>? = "tekst" "What was told.",
        document: Document? "What was sent.",
        remark: Erasable<String>? "Anything else worth knowing.",
    }

    /// The executive board is told of a serious risk.
    event BoardInformed of Informed = "college van bestuur ingelicht",
        every board_informed "When the board was told, oldest first.";

    /// Legal affairs are told of a serious risk.
    event LegalInformed of Informed = "juridische zaken ingelicht",
        every legal_informed "When legal affairs were told, oldest first.";

    /// The breach is stopped, or its effects are limited (Art. 33(3)(d)).
    event Contained as "BreachContained" = "ingedamd",
        every contained -> Contained "What stopped or limited it, oldest first." {
        measures: Vec<Erasable<String>> "What was done.",
        complete: bool? = "volledig" "Whether that puts an end to it.",
    }

    /// The breach and its handling are evaluated.
    event Evaluated as "BreachEvaluated" = "geëvalueerd", every evaluated -> Evaluated "Evaluations, oldest first." {
        lessons: Vec<Erasable<String>> = "lessen" "What was learnt.",
        measures: Vec<Erasable<String>> "What is to prevent another one.",
        document: Document? "The evaluation as a document.",
    }

    /// The file is closed; what Art. 33(5) asks for stands in it.
    event Closed as "BreachClosed" = "gesloten",
        last closed needs incident_reported or suspected or awareness_established or assessed or authority_notified -> Closed
            "The last closing." {
        facts: Erasable<String>? = "feiten" "The facts, in short.",
        effects: Erasable<String>? = "gevolgen" "The effects, in short.",
        remedial_action: Erasable<String>? = "herstelmaatregelen" "The remedial action, in short.",
        decided_by: Code? = "besloten door (rol)" "In which role somebody decided.",
    }

    /// Why an incident is no breach.
    choice DismissalGround as "BreachDismissalGround" {
        FalseAlarm = "loos alarm" "Nothing happened.",
        NoPersonalData = "geen persoonsgegevens" "No personal data are involved (Art. 4(1)).",
        NoSecurityBreach = "geen inbreuk op de beveiliging" "Security was not breached (Art. 4(12)).",
        NoSeriousConsequences = "geen ernstige gevolgen (oude, enge definitie)"
            "It had no serious consequences: the narrow notion of older law, which is not that of Art. 4(12).",
        Duplicate = "al elders geregistreerd" "It is recorded in another stream.",
        Other "Another ground.",
    }

    /// The incident turns out to be no breach, or no one of its own.
    event Dismissed as "BreachDismissed" = "afgewezen als datalek",
        last dismissed needs incident_reported or suspected or awareness_established or assessed or authority_notified -> Dismissed
            "The last dismissal." {
        ground: DismissalGround? = "grond" "On which ground.",
        reason: Erasable<String>? "Why.",
        duplicate_of: StreamId? = "dubbel met" "The breach of which it is a duplicate.",
        decided_by: Code? = "besloten door (rol)" "In which role somebody decided.",
    }

    /// A closed or dismissed file is opened again.
    event Reopened as "BreachReopened" = "heropend",
        every reopened needs closed or dismissed -> Reopened "When it was opened again, oldest first." {
        reason: Erasable<String>? "Why.",
    }

    /// Where the handling of a breach stands.
    choice BreachStatus {
        #[default] Unreported = "niet gemeld" "Nothing is reported.",
        Reported = "gemeld" "An incident is reported.",
        Suspected = "vermoed" "A breach is suspected.",
        Aware = "bekend" "The controller is aware: the 72 hours run.",
        Assessed = "beoordeeld" "Risk and extent are assessed.",
        Decided = "besloten" "It is decided who is to be notified.",
        NotNotified = "niet gemeld bij de AP" "It is decided that the authority is not to be notified.",
        Notified = "gemeld bij de AP" "The authority is notified.",
        Contained = "ingedamd" "Stopped, and the duty to notify is settled.",
        Evaluated = "geëvalueerd" "Lessons are drawn.",
        Closed = "gesloten" "The file is closed.",
        Dismissed = "afgewezen" "It is no breach.",
        Reopened = "heropend" "The file is open again.",
    }

    /// A breach at one moment.
    state Breach as "BreachState" of BreachStatus key {
        unit: Code? key "The unit where it happened.",
        aware_at: PartialDate? = "tijdstip van kennisneming" "The moment from which the 72 hours run (Art. 33(1)).",
        notified_at: PartialDate? = "tijdstip van eerste melding" "When the authority was first notified.",
        supplement_promised: PartialDate? = "aanvulling toegezegd voor" "By when a promised supplement is due.",
        risk: Risk? = "risico" key "The risk to people, as last assessed.",
        activities: Vec<StreamId> "The activities affected, as last named.",
        systems: Vec<Code> "The systems affected, as last named.",
        parties: Vec<Code> = "partijen" "The processors or other parties involved, as last named.",
    }

    keys {
        activity: StreamId "Breaches in the data of an activity.",
        party: Code "Breaches that involve a party.",
        system: Code "Breaches in a system.",
        aware_year: u16 "Breaches of which the controller became aware in a year, but for those that turned out to be none.",
    }

    relations {
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit where it happened.",
        affectedActivities: many activity ours activity = "getroffen verwerkingsactiviteiten"
            "The processing activities in whose data it happened.",
        affectedSystems: many system shared system system = "getroffen systemen" "The systems in which it happened.",
        involvedParties: many party shared party party = "betrokken partijen" "The processors or others involved.",
        agreements: many agreement shared party party = "verwerkersovereenkomsten"
            "The processor agreements with the parties involved.",
        compromisedAccounts: many account ours account = "overgenomen accounts" "The accounts that were taken over.",
        reportedIn: many case ours case = "aan het licht gebracht door" "The cases that brought it to light.",
        weaknesses: many securityWeakness ours weakness = "zwakke plekken" "The weaknesses from which it came.",
    }
}

impl Family for Breach {
    fn admit(&self, event: &BreachEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use BreachEvent as E;
        // Anyone may report an incident; what is done with it is the controller's to say.
        if !matches!(event, E::IncidentReported(_)) {
            controllers_act(context.place)?;
        }
        self.admit_order(event)?;
        self.admit_end(event)?;
        match event {
            E::IncidentReported(event) => admit_report(event),
            E::Assessed(event) => admit_assessment(event),
            E::NotificationDecided(event) => admit_inputs(&event.inputs),
            E::Dismissed(event) => link("duplicateOf", Self::NAME, &event.duplicate_of),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &BreachEvent, recorded: &Recorded) {
        use BreachEvent as E;
        let before = self.status;
        if let Err(refusal) = self.admit_end(event) {
            note_anomaly(&mut self.anomalies, recorded, refusal.as_anomaly());
        }
        self.keep(event, recorded);
        self.status = self.stands(before, event);
        match event {
            E::IncidentReported(event) => {
                Newer::take_over(&mut self.unit, &event.unit);
                Newer::take_over(&mut self.activities, &event.activities);
                Newer::take_over(&mut self.systems, &event.systems);
                Newer::take_over(&mut self.parties, &event.parties);
            }
            E::AwarenessEstablished(event) => {
                Newer::take_over(&mut self.unit, &event.unit);
                self.aware_at = self.aware_at.or(event.at).or(Some(recorded.effective));
                let unknown = event.informed_by.iter().find(|party| !self.parties.contains(party));
                self.parties.extend(unknown.cloned());
            }
            E::Assessed(event) => {
                Newer::take_over(&mut self.risk, &event.risk);
                Newer::take_over(&mut self.activities, &event.activities);
                Newer::take_over(&mut self.systems, &event.systems);
                Newer::take_over(&mut self.parties, &event.parties);
            }
            E::AuthorityNotified(event) => {
                self.notified_at = self.notified_at.or(event.at).or(Some(recorded.effective));
                self.supplement_promised = event.supplement_promised;
            }
            E::AuthorityNotificationSupplemented(event) => self.supplement_promised = event.supplement_promised,
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "activity", &self.activities);
        push_keys(&mut keys, "system", &self.systems);
        push_keys(&mut keys, "party", &self.parties);
        let counts = self.aware_at.filter(|_| self.status != BreachStatus::Dismissed);
        push_keys(&mut keys, "awareYear", &counts.and_then(|aware| u16::try_from(year_of(aware.earliest())).ok()));
        keys
    }
}

fn admit_report(report: &IncidentReported) -> Result<(), Refusal> {
    distinct("dataCategories", &report.data_categories)?;
    distinct("systems", &report.systems)?;
    distinct("parties", &report.parties)?;
    links("activities", "activity", &report.activities)?;
    link("account", "account", &report.account)?;
    link("case", "case", &report.case)?;
    link("weakness", "securityWeakness", &report.weakness)?;
    not_reversed("happenedUntil", report.happened, report.happened_until)
}

fn admit_assessment(assessment: &Assessed) -> Result<(), Refusal> {
    distinct("categories", &assessment.categories)?;
    distinct("subjectCategories", &assessment.subject_categories)?;
    distinct("dataCategories", &assessment.data_categories)?;
    distinct("countries", &assessment.countries)?;
    distinct("systems", &assessment.systems)?;
    distinct("parties", &assessment.parties)?;
    links("activities", "activity", &assessment.activities)?;
    admit_inputs(&assessment.inputs)
}

fn admit_inputs(inputs: &Option<Head>) -> Result<(), Refusal> {
    inputs.as_ref().map_or(Ok(()), |head| head.admit("inputs"))
}

impl Breach {
    fn has_ended(&self) -> bool {
        matches!(self.status, BreachStatus::Closed | BreachStatus::Dismissed)
    }

    /// A file ends once until it is opened again, and is opened again once until it ends.
    fn admit_end(&self, event: &BreachEvent) -> Result<(), Refusal> {
        use BreachEvent as E;
        match event {
            E::Closed(_) | E::Dismissed(_) if self.has_ended() => {
                ended("this breach is closed or dismissed already; record `reopened` first")
            }
            E::Reopened(_) if !self.reopened.is_empty() && !self.has_ended() => {
                Err(Refusal::new(RejectionCode::AlreadyExists, "", "this breach is open again already"))
            }
            _ => Ok(()),
        }
    }

    /// Work on an earlier step does not undo a later one, except after the file was opened again.
    fn stands(&self, before: BreachStatus, event: &BreachEvent) -> BreachStatus {
        use BreachEvent as E;
        use BreachStatus as S;
        let reached = match event {
            E::Closed(_) | E::Dismissed(_) | E::Reopened(_) => return self.status,
            // A leak is often stopped at once; that settles nothing of the duty to notify.
            E::Contained(_) if before < S::NotNotified => before,
            E::NotificationDecided(decision) if decision.authority == Some(false) => S::NotNotified,
            E::NotificationDecided(_) if before == S::NotNotified => return S::Decided,
            _ => self.status,
        };
        if before == S::Reopened { reached } else { reached.max(before) }
    }
}

#[cfg(test)]
mod tests;
