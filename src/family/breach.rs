//! Breaches: every incident with personal data, from report to lessons, also those that are notified to nobody
//! (GDPR Art. 4(12), 33, 34; with 33(5) this is the breach register).
//!
//! The 72 hours run from awareness, which is a fact of its own with its reasons. A decision keeps the state of the
//! ledger on which it rested. Whether a notification was in time or wrongly left out is a verdict, so nothing of it
//! is refused here.

use super::case::{Impact, ReportChannel, ReporterCategory};
use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, controllers_act, distinct, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{AdviceOutcome, AdviceResponse, Document, Evidence};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

choice! {
    /// What kind of incident it is.
    IncidentKind "IncidentKind" {
        /// A message went to the wrong people, or showed its addressees to each other.
        Misdirected = "verkeerd verzonden of geadresseerd",
        /// A device, data carrier or paper was lost.
        Lost = "verloren apparaat, gegevensdrager of papier",
        /// A device, data carrier or paper was stolen.
        Stolen = "gestolen apparaat, gegevensdrager of papier",
        /// An account was taken over.
        AccountCompromise = "overgenomen account",
        /// Systems were broken into, or struck by malware.
        Intrusion = "inbraak of schadelijke software",
        /// Somebody saw or used data without being allowed to.
        UnauthorisedAccess = "onbevoegde inzage of gebruik",
        /// Data were published by mistake.
        UnintendedPublication = "onbedoelde openbaarmaking",
        /// Data were altered without being meant to.
        UnintendedChange = "onbedoelde wijziging",
        /// Data were destroyed, or could not be reached.
        LossOfAvailability = "vernietiging of onbeschikbaarheid",
        /// Another kind.
        Other,
    }
}

record! {
    /// An incident is reported; the eight items are those that the institution asks of a report.
    IncidentReported "IncidentReported" "IncidentReportedInput" {
        /// The unit where it happened.
        unit: Option<Code>,
        /// What kind of incident it is.
        kind: Option<IncidentKind>,
        /// As what somebody reports it.
        reporter_category: Option<ReporterCategory> = "categorie melder",
        /// By which channel.
        channel: Option<ReportChannel> = "kanaal",
        /// Item 1: who reports it.
        reporter: Option<Erasable<String>> = "melder",
        /// Item 2: what is reported.
        what: Option<Erasable<String>> = "wat er is gemeld",
        /// Item 3: where the report comes from.
        origin: Option<Erasable<String>> = "herkomst van de melding",
        /// Item 4: which data it is about.
        data: Option<Erasable<String>> = "om welke gegevens het gaat",
        /// Item 4 as codes: the categories of data.
        data_categories: Vec<Code> = "categorieën gegevens",
        /// Item 5: how it came about.
        how: Option<Erasable<String>> = "hoe het is gebeurd",
        /// Item 6: the systems involved.
        systems: Vec<Code> = "systemen",
        /// Item 6 in words, where systems have no code.
        systems_described: Option<Erasable<String>> = "systemen in woorden",
        /// Item 7: when it happened, or began.
        happened: Option<PartialDate> = "gebeurd",
        /// When it stopped, if it lasted.
        happened_until: Option<PartialDate> = "gebeurd tot",
        /// Item 8: what was done about it, if a member of staff reports it.
        measures: Option<Erasable<String>> = "genomen maatregelen",
        /// When it was discovered.
        discovered: Option<PartialDate> = "ontdekt",
        /// The activities in whose data it happened.
        activities: Vec<StreamId>,
        /// The processors or other parties involved.
        parties: Vec<Code> = "partijen",
        /// The account that was taken over.
        account: Option<StreamId> = "account",
        /// The query or complaint that brought it to light.
        case: Option<StreamId> = "vraag of klacht",
        /// The reported weakness from which it came.
        weakness: Option<StreamId> = "zwakke plek",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is suspected that personal data are involved; a short inquiry is to tell (EDPB Guidelines 9/2022).
    Suspected "BreachSuspected" "BreachSuspectedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The controller is aware: it is reasonably certain that personal data were compromised (Art. 33(1)).
    AwarenessEstablished "BreachAwarenessEstablished" "BreachAwarenessEstablishedInput" {
        /// The moment of awareness; absent: that from which this fact holds.
        at: Option<PartialDate> = "tijdstip van kennisneming",
        /// On what the reasonable certainty rests.
        basis: Option<Erasable<String>> = "grond voor redelijke zekerheid",
        /// In which role somebody established it.
        established_by: Option<Code> = "vastgesteld door (rol)",
        /// The processor that told of it, if one did (Art. 33(2)).
        informed_by: Option<Code> = "op de hoogte gesteld door",
        /// The unit where it happened.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// In which way data were compromised (Art. 4(12)).
    BreachCategory "BreachCategory" {
        /// Unauthorised disclosure or access.
        Confidentiality = "vertrouwelijkheid",
        /// Unauthorised or accidental alteration.
        Integrity = "integriteit",
        /// Accidental or unlawful loss or destruction.
        Availability = "beschikbaarheid",
    }
}

choice! {
    /// The risk to the rights and freedoms of people.
    Risk "BreachRisk" {
        /// A risk is unlikely (Art. 33(1)).
        None = "risico onwaarschijnlijk",
        /// A risk (Art. 33(1)).
        Risk = "risico",
        /// A high risk (Art. 34(1)).
        High = "hoog risico",
    }
}

record! {
    /// The state of this ledger on which something rested: anybody can rebuild what was known.
    Inputs "BreachInputs" "BreachInputsInput" {
        /// How many facts the ledger had.
        size: Sequence = "omvang",
        /// The root of its tree at that size.
        root: Hash = "wortelhash",
    }
}

record! {
    /// Nature, extent and consequences are assessed (Art. 33(3)).
    Assessed "BreachAssessed" "BreachAssessedInput" {
        /// In which ways data were compromised.
        categories: Vec<BreachCategory> = "aard van de inbreuk",
        /// How many people are affected, approximately.
        subjects: Option<u32> = "aantal betrokkenen (ongeveer)",
        /// How many records are affected, approximately.
        records: Option<u32> = "aantal registraties (ongeveer)",
        /// What kinds of people.
        subject_categories: Vec<Code> = "categorieën betrokkenen",
        /// What kinds of data.
        data_categories: Vec<Code> = "categorieën gegevens",
        /// Whether special categories, criminal data or national numbers are among them (Art. 9, 10, 87).
        special_data: Option<bool> = "bijzondere, strafrechtelijke of identificerende gegevens",
        /// The risk to people.
        risk: Option<Risk> = "risico",
        /// Whether people in several member states are affected (Art. 4(23), 56).
        cross_border: Option<bool> = "grensoverschrijdend",
        /// The countries where they are.
        countries: Vec<Code> = "landen",
        /// How much is at stake for people.
        severity_people: Option<Impact> = "ernst voor betrokkenen",
        /// How much is at stake for business, finances or reputation.
        severity_business: Option<Impact> = "ernst voor de instelling",
        /// The likely consequences (Art. 33(3)(c)).
        consequences: Option<Erasable<String>> = "waarschijnlijke gevolgen",
        /// Why it is assessed so.
        reasons: Option<Erasable<String>> = "motivering",
        /// The method of assessment and its version.
        method: Option<Code> = "methode",
        /// The activities affected; none named: as before.
        activities: Vec<StreamId>,
        /// The systems affected; none named: as before.
        systems: Vec<Code> = "systemen",
        /// The processors or other parties involved; none named: as before.
        parties: Vec<Code> = "partijen",
        /// The state of the ledger on which the assessment rests.
        inputs: Option<Inputs> = "gebruikte gegevens",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer is asked for advice (Art. 38(1)).
    DpoConsulted "BreachDpoConsulted" "BreachDpoConsultedInput" {
        /// What is asked.
        question: Option<Erasable<String>> = "vraag",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer advises on both duties to notify (Art. 39(1)(a)).
    DpoAdviceIssued "BreachDpoAdviceIssued" "BreachDpoAdviceIssuedInput" {
        /// How the advice turns out, if it is on a decision in draft.
        outcome: Option<AdviceOutcome>,
        /// Whether to notify the authority (Art. 33).
        notify_authority: Option<bool> = "advies: melden bij de AP",
        /// Whether to tell the data subjects (Art. 34).
        notify_subjects: Option<bool> = "advies: mededelen aan betrokkenen",
        /// What it says.
        advice: Option<Erasable<String>> = "advies",
        /// The advice as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why the authority is not notified.
    AuthorityGround "BreachAuthorityGround" {
        /// A risk to people is unlikely (Art. 33(1)).
        RiskUnlikely = "risico onwaarschijnlijk",
        /// Another controller notifies (Art. 26).
        AnotherController = "andere verwerkingsverantwoordelijke meldt",
        /// The institution is the processor here and tells the controller (Art. 33(2)).
        ActsAsProcessor = "instelling is verwerker",
        /// Another ground.
        Other,
    }
}

choice! {
    /// Why the data subjects are not told.
    SubjectsGround "BreachSubjectsGround" {
        /// There is no high risk (Art. 34(1)).
        NoHighRisk = "geen hoog risico",
        /// A ground of Art. 34(3), recorded as a waiver.
        Waived = "uitzondering van artikel 34, derde lid",
        /// The law restricts the duty (Art. 23; UAVG Art. 41).
        RestrictedByLaw = "wettelijke beperking",
        /// Another controller tells them (Art. 26).
        AnotherController = "andere verwerkingsverantwoordelijke deelt mee",
        /// Another ground.
        Other,
    }
}

record! {
    /// It is decided who is to be notified.
    NotificationDecided "BreachNotificationDecided" "BreachNotificationDecidedInput" {
        /// Whether the authority is to be notified (Art. 33(1)).
        authority: Option<bool> = "melden bij de AP",
        /// Why not, if not.
        authority_ground: Option<AuthorityGround> = "grond om niet te melden",
        /// The reasons for that.
        authority_reason: Option<Erasable<String>> = "motivering melding",
        /// Whether the data subjects are to be told (Art. 34(1)).
        subjects: Option<bool> = "mededelen aan betrokkenen",
        /// Why not, if not.
        subjects_ground: Option<SubjectsGround> = "grond om niet mede te delen",
        /// The reasons for that.
        subjects_reason: Option<Erasable<String>> = "motivering mededeling",
        /// In which role somebody decided; it is not the data protection officer's to decide (Art. 38(6)).
        decided_by: Option<Code> = "besloten door (rol)",
        /// What became of the data protection officer's advice.
        advice_response: Option<AdviceResponse> = "reactie op het FG-advies",
        /// The state of the ledger on which the decision rests.
        inputs: Option<Inputs> = "gebruikte gegevens",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Which part of a notification it is (Art. 33(4)).
    NotificationPhase "BreachNotificationPhase" {
        /// The first.
        Initial = "eerste melding",
        /// A further one.
        Supplement = "aanvulling",
        /// The last.
        Final = "definitieve melding",
    }
}

record! {
    /// The supervisory authority is notified (Art. 33).
    AuthorityNotified "BreachAuthorityNotified" "BreachAuthorityNotifiedInput" {
        /// Which part it is.
        phase: Option<NotificationPhase> = "fase",
        /// The moment of notification; absent: that from which this fact holds.
        at: Option<PartialDate> = "tijdstip van melding",
        /// The authority, as `AP`.
        authority: Option<Code> = "toezichthoudende autoriteit",
        /// The authority's reference of the notification.
        reference: Option<Code> = "meldingsnummer",
        /// By when a supplement is promised.
        supplement_promised: Option<PartialDate> = "aanvulling toegezegd voor",
        /// What was sent.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is said why the authority is notified later than 72 hours after awareness (Art. 33(1)).
    DelayJustified "BreachDelayJustified" "BreachDelayJustifiedInput" {
        /// Why.
        reason: Erasable<String>,
        /// Whether the notification itself says so.
        told_authority: Option<bool> = "aan de AP gemeld",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A notification is supplemented (Art. 33(4)).
    AuthorityNotificationSupplemented "BreachAuthorityNotificationSupplemented" "BreachAuthorityNotificationSupplementedInput" {
        /// The moment of the supplement; absent: that from which this fact holds.
        at: Option<PartialDate> = "tijdstip van aanvulling",
        /// The authority's reference of the notification.
        reference: Option<Code> = "meldingsnummer",
        /// By when a further supplement is promised.
        supplement_promised: Option<PartialDate> = "aanvulling toegezegd voor",
        /// What was added.
        contents: Option<Erasable<String>> = "inhoud",
        /// What was sent.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// How data subjects are told.
    SubjectsChannel "BreachSubjectsChannel" {
        /// By e-mail.
        Email = "e-mail",
        /// By letter.
        Letter = "brief",
        /// By telephone.
        Telephone = "telefoon",
        /// In a conversation.
        InPerson = "mondeling",
        /// In a portal or app of the institution.
        Portal = "portaal of app",
        /// By a public communication (Art. 34(3)(c)).
        PublicCommunication = "openbare mededeling",
        /// In another way.
        Other,
    }
}

record! {
    /// The data subjects are told (Art. 34(1), (2)).
    SubjectsNotified "BreachSubjectsNotified" "BreachSubjectsNotifiedInput" {
        /// How.
        channel: Option<SubjectsChannel> = "kanaal",
        /// How many people.
        count: Option<u32> = "aantal",
        /// When; absent: from when this fact holds.
        at: Option<PartialDate> = "tijdstip van mededeling",
        /// What was sent.
        document: Option<Document>,
        /// Who was told, and the evidence for it.
        evidence: Option<Erasable<Evidence>> = "bewijs",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why data subjects need not be told although the risk is high (Art. 34(3)).
    WaiverGround "BreachWaiverGround" {
        /// (a) The data cannot be understood by those who got them, as by encryption.
        DataUnintelligible = "gegevens onbegrijpelijk gemaakt (34(3)(a))",
        /// (b) Measures taken afterwards averted the high risk.
        HighRiskAverted = "hoog risico weggenomen (34(3)(b))",
        /// (c) It would take disproportionate effort; a public communication takes its place.
        DisproportionateEffort = "onevenredige inspanning (34(3)(c))",
    }
}

record! {
    /// The data subjects are not told, on a ground of Art. 34(3).
    SubjectsNotificationWaived "BreachSubjectsNotificationWaived" "BreachSubjectsNotificationWaivedInput" {
        /// The ground.
        ground: WaiverGround = "grond",
        /// Why it applies.
        reason: Option<Erasable<String>>,
        /// In which role somebody decided.
        decided_by: Option<Code> = "besloten door (rol)",
        /// The public communication in its place (Art. 34(3)(c)).
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The executive board is told of a serious risk.
    BoardInformed "BreachBoardInformed" "BreachBoardInformedInput" {
        /// What it was told.
        text: Option<Erasable<String>> = "tekst",
        /// What was sent.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Legal affairs are told of a serious risk.
    LegalInformed "BreachLegalInformed" "BreachLegalInformedInput" {
        /// What they were told.
        text: Option<Erasable<String>> = "tekst",
        /// What was sent.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The breach is stopped, or its effects are limited (Art. 33(3)(d)).
    Contained "BreachContained" "BreachContainedInput" {
        /// What was done.
        measures: Vec<Erasable<String>> = "maatregelen",
        /// Whether that puts an end to it.
        complete: Option<bool> = "volledig",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The breach and its handling are evaluated.
    Evaluated "BreachEvaluated" "BreachEvaluatedInput" {
        /// What was learnt.
        lessons: Vec<Erasable<String>> = "lessen",
        /// What is to prevent another one.
        measures: Vec<Erasable<String>> = "maatregelen",
        /// The evaluation as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The file is closed; what Art. 33(5) asks for stands in it.
    Closed "BreachClosed" "BreachClosedInput" {
        /// The facts, in short.
        facts: Option<Erasable<String>> = "feiten",
        /// The effects, in short.
        effects: Option<Erasable<String>> = "gevolgen",
        /// The remedial action, in short.
        remedial_action: Option<Erasable<String>> = "herstelmaatregelen",
        /// In which role somebody decided.
        decided_by: Option<Code> = "besloten door (rol)",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why an incident is no breach.
    DismissalGround "BreachDismissalGround" {
        /// Nothing happened.
        FalseAlarm = "loos alarm",
        /// No personal data are involved (Art. 4(1)).
        NoPersonalData = "geen persoonsgegevens",
        /// Security was not breached (Art. 4(12)).
        NoSecurityBreach = "geen inbreuk op de beveiliging",
        /// It had no serious consequences: the narrow notion of older law, which is not that of Art. 4(12).
        NoSeriousConsequences = "geen ernstige gevolgen (oude, enge definitie)",
        /// It is recorded in another stream.
        Duplicate = "al elders geregistreerd",
        /// Another ground.
        Other,
    }
}

record! {
    /// The incident turns out to be no breach, or no one of its own.
    Dismissed "BreachDismissed" "BreachDismissedInput" {
        /// On which ground.
        ground: Option<DismissalGround> = "grond",
        /// Why.
        reason: Option<Erasable<String>>,
        /// The breach of which it is a duplicate.
        duplicate_of: Option<StreamId> = "dubbel met",
        /// In which role somebody decided.
        decided_by: Option<Code> = "besloten door (rol)",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A closed or dismissed file is opened again.
    Reopened "BreachReopened" "BreachReopenedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a breach.
    BreachEvent "BreachEvent" "BreachEventInput",
    retracted "BreachRetracted" "BreachRetractedInput"
    {
        /// An incident is reported.
        IncidentReported "incidentReported" 1 "IncidentReported" = "incident gemeld",
        /// A breach is suspected.
        Suspected "suspected" 1 "BreachSuspected" = "datalek vermoed",
        /// The controller is aware.
        AwarenessEstablished "awarenessEstablished" 1 "BreachAwarenessEstablished" = "kennisneming vastgesteld",
        /// It is assessed.
        Assessed "assessed" 1 "BreachAssessed" = "beoordeeld",
        /// The data protection officer is asked for advice.
        DpoConsulted "dpoConsulted" 1 "DpoConsulted" = "FG geraadpleegd",
        /// The data protection officer advises.
        DpoAdviceIssued "dpoAdviceIssued" 1 "DpoAdviceIssued" = "FG-advies uitgebracht",
        /// It is decided who is to be notified.
        NotificationDecided "notificationDecided" 1 "NotificationDecided" = "besluit over melding genomen",
        /// The authority is notified.
        AuthorityNotified "authorityNotified" 1 "AuthorityNotified" = "gemeld bij de AP",
        /// A late notification is justified.
        DelayJustified "delayJustified" 1 "DelayJustified" = "vertraging gemotiveerd",
        /// A notification is supplemented.
        AuthorityNotificationSupplemented "authorityNotificationSupplemented" 1 "AuthorityNotificationSupplemented"
            = "melding aangevuld",
        /// The data subjects are told.
        SubjectsNotified "subjectsNotified" 1 "SubjectsNotified" = "medegedeeld aan betrokkenen",
        /// The data subjects are not told.
        SubjectsNotificationWaived "subjectsNotificationWaived" 1 "SubjectsNotificationWaived"
            = "van mededeling aan betrokkenen afgezien",
        /// The board is told.
        BoardInformed "boardInformed" 1 "BoardInformed" = "college van bestuur ingelicht",
        /// Legal affairs are told.
        LegalInformed "legalInformed" 1 "LegalInformed" = "juridische zaken ingelicht",
        /// It is stopped or limited.
        Contained "contained" 1 "BreachContained" = "ingedamd",
        /// It is evaluated.
        Evaluated "evaluated" 1 "BreachEvaluated" = "geëvalueerd",
        /// It is closed.
        Closed "closed" 1 "BreachClosed" = "gesloten",
        /// It turns out to be none.
        Dismissed "dismissed" 1 "BreachDismissed" = "afgewezen als datalek",
        /// It is opened again.
        Reopened "reopened" 1 "BreachReopened" = "heropend",
    }
}

choice! {
    /// Where the handling of a breach stands.
    #[derive(Default)]
    BreachStatus "BreachStatus" {
        /// Nothing is reported.
        #[default]
        Unreported = "niet gemeld",
        /// An incident is reported.
        Reported = "gemeld",
        /// A breach is suspected.
        Suspected = "vermoed",
        /// The controller is aware: the 72 hours run.
        Aware = "bekend",
        /// Risk and extent are assessed.
        Assessed = "beoordeeld",
        /// It is decided who is to be notified.
        Decided = "besloten",
        /// It is decided that the authority is not to be notified.
        NotNotified = "niet gemeld bij de AP",
        /// The authority is notified.
        Notified = "gemeld bij de AP",
        /// Stopped, and the duty to notify is settled.
        Contained = "ingedamd",
        /// Lessons are drawn.
        Evaluated = "geëvalueerd",
        /// The file is closed.
        Closed = "gesloten",
        /// It is no breach.
        Dismissed = "afgewezen",
        /// The file is open again.
        Reopened = "heropend",
    }
}

dossier! {
    /// A breach at one moment.
    Breach "BreachState" follows BreachEvent, status BreachStatus {
        /// Reports of the incident, oldest first.
        incident_reported: every IncidentReported -> Reported,
        /// The suspicion.
        suspected: last Suspected -> Suspected,
        /// Awareness, from which the 72 hours run.
        awareness_established: once AwarenessEstablished -> Aware,
        /// Assessments, oldest first.
        assessed: every Assessed -> Assessed,
        /// When the data protection officer was asked, oldest first.
        dpo_consulted: every DpoConsulted,
        /// Advice of the data protection officer, oldest first.
        dpo_advice_issued: every DpoAdviceIssued,
        /// Decisions on notification, oldest first.
        notification_decided: every NotificationDecided -> Decided,
        /// Notifications to the authority, oldest first.
        authority_notified: every AuthorityNotified -> Notified,
        /// Reasons for delay, oldest first.
        delay_justified: every DelayJustified,
        /// Supplements to a notification, oldest first.
        authority_notification_supplemented: every AuthorityNotificationSupplemented needs authority_notified,
        /// When data subjects were told, oldest first.
        subjects_notified: every SubjectsNotified,
        /// Why data subjects were not told, oldest first.
        subjects_notification_waived: every SubjectsNotificationWaived,
        /// When the board was told, oldest first.
        board_informed: every BoardInformed,
        /// When legal affairs were told, oldest first.
        legal_informed: every LegalInformed,
        /// What stopped or limited it, oldest first.
        contained: every Contained -> Contained,
        /// Evaluations, oldest first.
        evaluated: every Evaluated -> Evaluated,
        /// The last closing.
        closed: last Closed
            needs incident_reported or suspected or awareness_established or assessed or authority_notified -> Closed,
        /// The last dismissal.
        dismissed: last Dismissed
            needs incident_reported or suspected or awareness_established or assessed or authority_notified -> Dismissed,
        /// When it was opened again, oldest first.
        reopened: every Reopened needs closed or dismissed -> Reopened,
    } and {
        /// The unit where it happened.
        unit: Option<Code>,
        /// The moment of awareness, from which the 72 hours run (Art. 33(1)).
        aware_at: Option<PartialDate> = "tijdstip van kennisneming",
        /// The moment of the first notification to the authority.
        notified_at: Option<PartialDate> = "tijdstip van eerste melding",
        /// By when a supplement is promised that was not given yet.
        supplement_promised: Option<PartialDate> = "aanvulling toegezegd voor",
        /// The risk to people, as last assessed.
        risk: Option<Risk> = "risico",
        /// The activities affected, as last named.
        activities: Vec<StreamId>,
        /// The systems affected, as last named.
        systems: Vec<Code> = "systemen",
        /// The processors or other parties involved, as last named.
        parties: Vec<Code> = "partijen",
    }
}

filter! {
    "BreachFilter" {
        /// Breaches in a unit.
        unit "unit": Code,
        /// Breaches whose handling stands so.
        status "status": BreachStatus,
        /// Incidents of a kind.
        kind "kind": IncidentKind,
        /// Breaches with that risk.
        risk "risk": Risk,
        /// Breaches in the data of an activity.
        activity "activity": StreamId,
        /// Breaches that involve a party.
        party "party": Code,
        /// Breaches in a system.
        system "system": Code,
    }
}

impl Family for Breach {
    const NAME: &'static str = "breach";
    const LABEL_NL: &'static str = "datalek";
    const GRAPHQL_NAME: &'static str = "Breach";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit where it happened.",
        ),
        Relation::many(
            "affectedActivities",
            "getroffen verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities in whose data it happened.",
        ),
        Relation::many(
            "affectedSystems",
            "getroffen systemen",
            "system",
            By::Shared("system", "system"),
            "The systems in which it happened.",
        ),
        Relation::many(
            "involvedParties",
            "betrokken partijen",
            "party",
            By::Shared("party", "party"),
            "The processors or other parties involved.",
        ),
        Relation::many(
            "agreements",
            "verwerkersovereenkomsten",
            "agreement",
            By::Shared("party", "party"),
            "The processor agreements with the parties involved.",
        ),
        Relation::many(
            "compromisedAccounts",
            "overgenomen accounts",
            "account",
            By::Ours("account"),
            "The accounts that were taken over.",
        ),
        Relation::many(
            "reportedIn",
            "aan het licht gebracht door",
            "case",
            By::Ours("case"),
            "The queries and complaints that brought it to light.",
        ),
        Relation::many(
            "weaknesses",
            "zwakke plekken",
            "securityWeakness",
            By::Ours("weakness"),
            "The reported weaknesses from which it came.",
        ),
    ];
    type Event = BreachEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

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
                self.unit = event.unit.clone().or(self.unit.take());
                self.concern(&event.activities, &event.systems, &event.parties);
            }
            E::AwarenessEstablished(event) => {
                self.unit = event.unit.clone().or(self.unit.take());
                self.aware_at = self.aware_at.or(event.at).or(Some(recorded.effective));
                self.involve(event.informed_by.as_ref());
            }
            E::Assessed(event) => {
                self.risk = event.risk.or(self.risk);
                self.concern(&event.activities, &event.systems, &event.parties);
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
        let of_all = [
            self.unit.as_ref().map(|unit| ("unit", unit.to_string())),
            self.risk.map(|risk| ("risk", key_text(&risk))),
            Some(("status", key_text(&self.status))),
        ];
        let systems = self.systems.iter().map(|system| ("system", system.to_string()));
        let parties = self.parties.iter().map(|party| ("party", party.to_string()));
        let activities = self.activities.iter().map(|activity| ("activity", activity.to_string()));
        let reports = self.incident_reported.iter().flat_map(|reported| report_keys(&reported.fact));
        of_all.into_iter().flatten().chain(systems).chain(parties).chain(activities).chain(reports).collect()
    }
}

fn report_keys(report: &IncidentReported) -> impl Iterator<Item = (&'static str, String)> {
    let stream = |name: &'static str, stream: &Option<StreamId>| stream.as_ref().map(|id| (name, id.to_string()));
    let keys = [
        report.kind.map(|kind| ("kind", key_text(&kind))),
        stream("account", &report.account),
        stream("case", &report.case),
        stream("weakness", &report.weakness),
    ];
    keys.into_iter().flatten()
}

fn admit_report(report: &IncidentReported) -> Result<(), Refusal> {
    distinct("dataCategories", &report.data_categories)?;
    distinct("systems", &report.systems)?;
    distinct("parties", &report.parties)?;
    distinct("activities", &report.activities)?;
    link("activities", "activity", &report.activities)?;
    link("account", "account", &report.account)?;
    link("case", "case", &report.case)?;
    link("weakness", "securityWeakness", &report.weakness)?;
    // Dates may be known in part: only what cannot be in any reading is refused.
    match (&report.happened, &report.happened_until) {
        (Some(from), Some(until)) if until.latest() < from.earliest() => {
            Err(Refusal::new(RejectionCode::Malformed, "happenedUntil", "the incident would stop before it began"))
        }
        _ => Ok(()),
    }
}

fn admit_assessment(assessment: &Assessed) -> Result<(), Refusal> {
    distinct("categories", &assessment.categories)?;
    distinct("subjectCategories", &assessment.subject_categories)?;
    distinct("dataCategories", &assessment.data_categories)?;
    distinct("countries", &assessment.countries)?;
    distinct("systems", &assessment.systems)?;
    distinct("parties", &assessment.parties)?;
    distinct("activities", &assessment.activities)?;
    link("activities", "activity", &assessment.activities)?;
    admit_inputs(&assessment.inputs)
}

/// An empty ledger has nothing on which a decision could rest.
fn admit_inputs(inputs: &Option<Inputs>) -> Result<(), Refusal> {
    match inputs {
        Some(inputs) if inputs.size == Sequence(0) => {
            let message = "give the size of the ledger on which it rests, 1 or more";
            Err(Refusal::new(RejectionCode::Malformed, "inputs", message))
        }
        _ => Ok(()),
    }
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
                let message = "this breach is closed or dismissed already; record `reopened` first";
                Err(Refusal::new(RejectionCode::Ended, "", message))
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

    /// None named: as before.
    fn concern(&mut self, activities: &[StreamId], systems: &[Code], parties: &[Code]) {
        if !activities.is_empty() {
            self.activities = activities.to_vec();
        }
        if !systems.is_empty() {
            self.systems = systems.to_vec();
        }
        if !parties.is_empty() {
            self.parties = parties.to_vec();
        }
    }

    fn involve(&mut self, party: Option<&Code>) {
        if let Some(party) = party.filter(|party| !self.parties.contains(party)) {
            self.parties.push(party.clone());
        }
    }
}

#[cfg(test)]
mod tests;
