//! Requests of data subjects: what a person asked for, how it was handled and what was answered (GDPR Art. 12, 15-20).
//!
//! One request may invoke several rights, and each has a standing of its own. Two clocks run from the receipt, that of the law
//! and that of the policy; whether either was kept is a verdict, not a state, so answers that are late, incomplete or given to
//! somebody unverified are recorded as they were.

use super::activity::LegalReference;
use super::consent::{AgeBand, Authority};
use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, controllers_act, counted, distinct, link, not_empty, not_reversed};
use super::erasure::ErasureGround;
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text};
use super::value::{Document, Evidence};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{PartialDate, Term};

choice! {
    /// What a person can ask for.
    Right "DataSubjectRight" {
        /// Information, such as the justification of a processing activity (Art. 12-14, 21(4)).
        Information = "informatie",
        /// Confirmation, overview and copy of the data (Art. 15).
        Access = "inzage",
        /// Correction of data that are wrong (Art. 16).
        Rectification = "rectificatie",
        /// Completion of data that are incomplete (Art. 16).
        Completion = "aanvulling",
        /// Erasure (Art. 17).
        Erasure = "gegevenswissing",
        /// Restriction of processing (Art. 18).
        Restriction = "beperking van de verwerking",
        /// The list of recipients who were told of a change (Art. 19).
        RecipientList = "opgave van ontvangers",
        /// The data in a machine-readable form, for oneself or another controller (Art. 20).
        Portability = "gegevensoverdraagbaarheid",
    }
}

choice! {
    /// How a request or an answer travels.
    Channel "RequestChannel" {
        /// The mailbox of the data protection officer.
        PrivacyMailbox = "privacy-mailbox",
        /// Another e-mail address of the institution.
        Email = "e-mail",
        /// A letter.
        Post = "post",
        /// A form on the web.
        WebForm = "webformulier",
        /// A personal page behind a login.
        Portal = "persoonlijke omgeving",
        /// Spoken words, at a desk or by telephone.
        Oral = "mondeling",
        /// A message on a social-media account.
        SocialMedia = "sociale media",
        /// Another channel.
        Other,
    }
}

choice! {
    /// To whom a message is addressed (UAVG Art. 5).
    Addressee "RequestAddressee" {
        /// The data subject.
        Subject = "betrokkene",
        /// The legal representative or an authorised person.
        Representative = "vertegenwoordiger",
    }
}

choice! {
    /// How a request turns out.
    Outcome "RequestOutcome" {
        /// Granted in full.
        Granted = "toegewezen",
        /// Granted in part.
        PartlyGranted = "gedeeltelijk toegewezen",
        /// Refused.
        Refused = "geweigerd",
        /// No data of this person are processed.
        NoData = "geen gegevens aanwezig",
    }
}

record! {
    /// A request comes in; the clocks run from its receipt by the organisation (Art. 12(3)).
    Received "RequestReceived" "RequestReceivedInput" {
        /// The rights that are invoked, one or more.
        rights: Vec<Right> = "ingeroepen rechten",
        /// How it came in; the law knows no form.
        channel: Option<Channel> = "kanaal",
        /// When the organisation received it; absent: when the fact takes effect.
        received_at: Option<PartialDate> = "ontvangen op",
        /// Who asks, as a reference outside the ledger.
        subject: Option<Erasable<String>> = "betrokkene",
        /// Whether a representative asks for the person.
        via_representative: Option<bool> = "via vertegenwoordiger",
        /// The representative, as a reference outside the ledger.
        representative: Option<Erasable<String>> = "vertegenwoordiger",
        /// The person's band of age; never a birthday (UAVG Art. 5).
        age_band: Option<AgeBand> = "leeftijdsgroep",
        /// Whether the person is legally incapable of acting alone (UAVG Art. 5(4)).
        incapable: Option<bool> = "handelingsonbekwaam",
        /// What is asked, in the person's words.
        text: Option<Erasable<String>> = "tekst van het verzoek",
        /// The unit that handles it.
        unit: Option<Code>,
        /// The processing activities it concerns, as far as known.
        activities: Vec<StreamId>,
        /// The platforms it concerns.
        platforms: Vec<Code> = "platforms",
        /// Whether an answer on paper is asked (Art. 15(3)).
        paper_asked: Option<bool> = "antwoord op papier gevraagd",
        /// Whether direct transmission to another controller is asked (Art. 20(2)).
        direct_transfer_asked: Option<bool> = "rechtstreekse overdracht gevraagd",
        /// The query or complaint it came out of.
        case: Option<StreamId> = "melding",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The receipt is confirmed to the person.
    Acknowledged "RequestAcknowledged" "RequestAcknowledgedInput" {
        /// How it was sent.
        channel: Option<Channel> = "kanaal",
        /// To whom.
        addressee: Option<Addressee> = "geadresseerde",
        /// What was sent.
        message: Option<Erasable<Evidence>> = "bericht",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why proof of identity is asked (Art. 12(6)).
    VerificationReason "RequestVerificationReason" {
        /// There is reasonable doubt about who asks.
        ReasonableDoubt = "redelijke twijfel",
        /// Everybody is asked (which Art. 12(6) does not carry).
        StandardProcedure = "standaardprocedure",
        /// Another reason.
        Other,
    }
}

choice! {
    /// How an identity is established.
    VerificationMethod "RequestVerificationMethod" {
        /// A video call.
        VideoCall = "videogesprek",
        /// A login through the person's own institution or a national scheme.
        FederatedLogin = "gefedereerde inlog",
        /// In person, at a desk.
        InPerson = "aan de balie",
        /// A document of identity that is shown.
        DocumentShown = "getoond identiteitsbewijs",
        /// A copy of a document of identity.
        DocumentCopy = "kopie van een identiteitsbewijs",
        /// A reply from an address that was known already.
        KnownAddress = "bekend contactadres",
        /// Questions that only the person can answer.
        ControlQuestions = "controlevragen",
        /// Another method.
        Other,
    }
}

record! {
    /// The person is asked to show who they are (Art. 12(6)).
    IdentityVerificationRequested "RequestIdentityVerificationRequested" "RequestIdentityVerificationRequestedInput" {
        /// Why.
        reason: Option<VerificationReason>,
        /// What the doubt consists of.
        doubt: Option<Erasable<String>> = "toelichting op de twijfel",
        /// The methods that are offered.
        methods: Vec<VerificationMethod> = "aangeboden methoden",
        /// When a reply is expected.
        reply_by: Option<PartialDate> = "reactie gevraagd voor",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is established who asks (Art. 12(2), 12(6)).
    IdentityVerified "RequestIdentityVerified" "RequestIdentityVerifiedInput" {
        /// By which method.
        method: Option<VerificationMethod> = "methode",
        /// Whether a copy of the proof is kept (it should not be: Art. 5(1)(c)).
        copy_kept: Option<bool> = "kopie bewaard",
        /// When a copy that was received was destroyed.
        copy_destroyed: Option<PartialDate> = "kopie vernietigd op",
        /// The evidence that it was done.
        evidence: Option<Erasable<Evidence>> = "bewijs",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is established that a representative may act for the person (UAVG Art. 5).
    RepresentativeVerified "RequestRepresentativeVerified" "RequestRepresentativeVerifiedInput" {
        /// On what the authority rests.
        authority: Option<Authority> = "vertegenwoordigingsgrond",
        /// The rights for which it holds; none named: all.
        rights: Vec<Right> = "voor de rechten",
        /// Until when it holds, to the end of a quarter: no birthdays.
        until: Option<PartialDate> = "tot",
        /// The evidence for it.
        evidence: Option<Erasable<Evidence>> = "bewijs",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The person is asked what exactly is meant (recital 63).
    ClarificationRequested "RequestClarificationRequested" "RequestClarificationRequestedInput" {
        /// What is asked.
        question: Option<Erasable<String>> = "vraag",
        /// When a reply is expected.
        reply_by: Option<PartialDate> = "reactie gevraagd voor",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why more time is taken (Art. 12(3)).
    ExtensionReason "RequestExtensionReason" {
        /// The request is complex.
        Complexity = "complexiteit",
        /// There are many requests.
        Number = "aantal verzoeken",
        /// Another reason (which Art. 12(3) does not carry).
        Other,
    }
}

record! {
    /// The time to answer is extended (Art. 12(3)).
    Extended "RequestExtended" "RequestExtendedInput" {
        /// Why.
        reason: Option<ExtensionReason>,
        /// The reason in words, as the person was told.
        explanation: Option<Erasable<String>> = "toelichting",
        /// When the person was told; absent: when the fact takes effect.
        notified_at: Option<PartialDate> = "meegedeeld op",
        /// The date by which an answer is promised.
        until: Option<PartialDate> = "verlengd tot",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// An interest of others that giving data may touch (Art. 15(4), 20(4)).
    OthersInterest "RequestOthersInterest" {
        /// Personal data of others.
        Privacy = "persoonsgegevens van anderen",
        /// A trade secret.
        TradeSecret = "bedrijfsgeheim",
        /// Intellectual property.
        IntellectualProperty = "intellectuele eigendom",
        /// The freedom to speak openly, as of who gave a reference.
        FreedomOfExpression = "vrijheid van meningsuiting",
        /// Another interest.
        Other,
    }
}

choice! {
    /// What weighing the rights of others leads to.
    RedactionOutcome "RequestRedactionOutcome" {
        /// They are not affected: everything is given.
        NotAffected = "niet geraakt",
        /// They weigh less: everything is given.
        GivenInFull = "volledig verstrekt",
        /// Parts are made illegible.
        Redacted = "gedeeltelijk onleesbaar gemaakt",
        /// Some documents are withheld.
        PartlyWithheld = "gedeeltelijk achterwege gelaten",
        /// Nothing is given.
        Withheld = "achterwege gelaten",
    }
}

record! {
    /// The rights of others are weighed before data are given (Art. 15(4), 20(4)).
    ThirdPartyRightsWeighed "RequestThirdPartyRightsWeighed" "RequestThirdPartyRightsWeighedInput" {
        /// The interests that were looked at.
        interests: Vec<OthersInterest> = "belangen van anderen",
        /// What it leads to.
        outcome: Option<RedactionOutcome>,
        /// The considerations.
        considerations: Option<Erasable<String>> = "overwegingen",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why something may not be done although it is asked.
    ExceptionGround "RequestExceptionGround" {
        /// Freedom of expression and information (Art. 17(3)(a)).
        FreedomOfExpression = "vrijheid van meningsuiting en informatie",
        /// A legal obligation or a task in the public interest (Art. 17(3)(b)).
        LegalObligation = "wettelijke verplichting of publieke taak",
        /// Public health (Art. 17(3)(c)).
        PublicHealth = "volksgezondheid",
        /// Archiving, research or statistics (Art. 17(3)(d), 89).
        ArchivingOrResearch = "archivering, onderzoek of statistiek",
        /// Legal claims (Art. 17(3)(e)).
        LegalClaims = "rechtsvordering",
        /// Proof that consent was given (Art. 7(1), 5(2)).
        ProofOfConsent = "bewijs van toestemming",
        /// A legal hold.
        LegalHold = "bewaarplicht wegens procedure",
        /// A retention period that still runs.
        RetentionPeriod = "lopende bewaartermijn",
        /// The rights and freedoms of others (Art. 15(4), 20(4)).
        RightsOfOthers = "rechten en vrijheden van anderen",
        /// A restriction in national law (Art. 23; UAVG Art. 41).
        NationalRestriction = "wettelijke uitzondering (UAVG)",
        /// Another ground.
        Other,
    }
}

record! {
    /// An exception that was weighed in a decision.
    WeighedException "RequestWeighedException" "RequestWeighedExceptionInput" {
        /// The exception.
        ground: ExceptionGround = "uitzondering",
        /// Whether it applies.
        applies: Option<bool> = "van toepassing",
        /// Why.
        reasons: Option<Erasable<String>> = "motivering",
    }
}

record! {
    /// The controller decides on the request.
    Decided "RequestDecided" "RequestDecidedInput" {
        /// The rights that are decided on; none named: all.
        rights: Vec<Right> = "over de rechten",
        /// The decision.
        outcome: Option<Outcome>,
        /// On which provisions it rests.
        legal_references: Vec<LegalReference> = "wettelijke bepalingen",
        /// The exceptions that were weighed.
        exceptions: Vec<WeighedException> = "afgewogen uitzonderingen",
        /// Whether the person was told what the consequences are, such as that a proof is given up.
        consequences_told: Option<bool> = "gewezen op gevolgen",
        /// The reasons.
        reasons: Option<Erasable<String>> = "motivering",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why a request is refused.
    RefusalGround "RequestRefusalGround" {
        /// Manifestly unfounded (Art. 12(5)).
        ManifestlyUnfounded = "kennelijk ongegrond",
        /// Excessive, above all repetitive (Art. 12(5)).
        Excessive = "buitensporig",
        /// The person cannot be identified (Art. 11(2), 12(2)).
        NotIdentified = "identiteit niet vast te stellen",
        /// The representative has no authority.
        NotAuthorised = "niet bevoegd tot vertegenwoordiging",
        /// The conditions of the right are not met.
        ConditionsNotMet = "niet aan de voorwaarden voldaan",
        /// An exception applies (such as Art. 17(3)).
        Exception = "uitzondering van toepassing",
        /// The rights and freedoms of others (Art. 15(4), 20(4)).
        RightsOfOthers = "rechten en vrijheden van anderen",
        /// A restriction in national law (Art. 23; UAVG Art. 41).
        NationalRestriction = "wettelijke uitzondering (UAVG)",
        /// Another ground.
        Other,
    }
}

choice! {
    /// What a person can do against a decision (Art. 12(4), 77-80; UAVG Art. 34-35).
    Remedy "RequestRemedy" {
        /// An objection under administrative law (Awb).
        AwbObjection = "bezwaar (Awb)",
        /// The court.
        Court = "rechtbank",
        /// A complaint to the supervisory authority (Art. 77).
        Authority = "klacht bij de AP",
        /// Representation by an interest group (Art. 80).
        InterestGroup = "belangenorganisatie",
    }
}

record! {
    /// The request is refused, in whole or in part, and the person is told (Art. 12(4)).
    Refused "RequestRefused" "RequestRefusedInput" {
        /// The rights that are refused; none named: all.
        rights: Vec<Right> = "geweigerde rechten",
        /// Why.
        ground: Option<RefusalGround> = "weigeringsgrond",
        /// On which provisions it rests.
        legal_references: Vec<LegalReference> = "wettelijke bepalingen",
        /// The reasons, as the person was told.
        reasons: Option<Erasable<String>> = "motivering",
        /// The remedies that the refusal names.
        remedies: Vec<Remedy> = "genoemde rechtsmiddelen",
        /// To whom it is addressed.
        addressee: Option<Addressee> = "geadresseerde",
        /// When it was announced, from which the term of an Awb objection runs; absent: when the fact takes effect.
        announced_at: Option<PartialDate> = "bekendgemaakt op",
        /// When it was received, from which the term of the court runs.
        delivered_at: Option<PartialDate> = "ontvangen door verzoeker op",
        /// What was sent.
        letter: Option<Erasable<Evidence>> = "brief",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why a fee is or is not asked (Art. 12(5), 15(3)).
    FeeReason "RequestFeeReason" {
        /// Handling is free.
        Free = "kosteloos",
        /// A further copy (Art. 15(3)).
        FurtherCopy = "bijkomende kopie",
        /// Manifestly unfounded (Art. 12(5)).
        ManifestlyUnfounded = "kennelijk ongegrond",
        /// Excessive (Art. 12(5)).
        Excessive = "buitensporig",
        /// Another reason (which the law does not carry).
        Other,
    }
}

record! {
    /// It is decided whether the person pays anything (Art. 12(5), 15(3)).
    FeeDecided "RequestFeeDecided" "RequestFeeDecidedInput" {
        /// The fee in euro cents; 0: free.
        amount_cents: Option<u32> = "bedrag in eurocenten",
        /// Why.
        reason: Option<FeeReason>,
        /// The number of the copy it is for, from 1.
        copy_number: Option<u32> = "voor kopie nummer",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// How wrong or incomplete data were put right (Art. 16).
    RectificationKind "RequestRectificationKind" {
        /// They were corrected.
        Rectified = "gerectificeerd",
        /// They were completed.
        Completed = "aangevuld",
        /// A statement of the person was added.
        StatementAdded = "aanvullende verklaring toegevoegd",
    }
}

record! {
    /// Data are corrected or completed (Art. 16).
    RectificationExecuted "RequestRectificationExecuted" "RequestRectificationExecutedInput" {
        /// How they were put right.
        kind: Option<RectificationKind>,
        /// The systems in which it was done.
        systems: Vec<Code> = "systemen",
        /// The processors and others by whom it was done.
        parties: Vec<Code> = "uitgevoerd door partijen",
        /// The evidence that it was done.
        evidence: Option<Erasable<Evidence>> = "bewijs",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Data that stay although erasure was asked (Art. 17(3)).
    RetainedData "RequestRetainedData" "RequestRetainedDataInput" {
        /// The system in which they stay.
        system: Option<Code> = "systeem",
        /// Why.
        ground: Option<ExceptionGround> = "uitzondering",
        /// Until when.
        until: Option<PartialDate> = "tot",
        /// Which data, and the reasons.
        explanation: Option<Erasable<String>> = "toelichting",
    }
}

record! {
    /// Data are erased (Art. 17). What the ledger itself held is erased by facts of the family `erasure`.
    ErasureExecuted "RequestErasureExecuted" "RequestErasureExecutedInput" {
        /// On which ground.
        ground: Option<ErasureGround> = "wissingsgrond",
        /// The systems in which it was done.
        systems: Vec<Code> = "systemen",
        /// The platforms from which it was removed.
        platforms: Vec<Code> = "platforms",
        /// The processors and others by whom it was done.
        parties: Vec<Code> = "uitgevoerd door partijen",
        /// What stays, and why.
        exceptions: Vec<RetainedData> = "uitzonderingen",
        /// When the last backup that holds them expires.
        backups_expire: Option<PartialDate> = "back-ups verlopen op",
        /// The certificate of destruction.
        certificate: Option<Document> = "vernietigingsverklaring",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why processing is restricted (Art. 18(1)).
    RestrictionGround "RequestRestrictionGround" {
        /// The person contests that the data are right (Art. 18(1)(a)).
        AccuracyContested = "juistheid betwist",
        /// Processing is unlawful and the person wants no erasure (Art. 18(1)(b)).
        Unlawful = "onrechtmatige verwerking",
        /// The person needs the data for legal claims (Art. 18(1)(c)).
        LegalClaims = "rechtsvordering van betrokkene",
        /// An objection is being assessed (Art. 18(1)(d)).
        ObjectionPending = "bezwaar in behandeling",
        /// The controller's own precaution.
        Precaution = "voorzorg",
    }
}

record! {
    /// Processing is restricted: nothing but storage from now on (Art. 18, 4(3)).
    RestrictionApplied "RequestRestrictionApplied" "RequestRestrictionAppliedInput" {
        /// Why.
        ground: Option<RestrictionGround> = "grond",
        /// The systems in which it was done.
        systems: Vec<Code> = "systemen",
        /// The processing activities that stop meanwhile.
        activities: Vec<StreamId>,
        /// Whether the data are clearly marked as restricted.
        marked: Option<bool> = "duidelijk gemarkeerd",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A restriction ends (Art. 18(3)).
    RestrictionLifted "RequestRestrictionLifted" "RequestRestrictionLiftedInput" {
        /// The systems in which it ends; none named: all.
        systems: Vec<Code> = "systemen",
        /// When the person was told, which must be before (Art. 18(3)).
        subject_told: Option<PartialDate> = "betrokkene ingelicht op",
        /// Why it ends.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// The form of a copy (Art. 15(3), 20(1)).
    CopyFormat "RequestCopyFormat" {
        /// A common electronic form.
        CommonElectronic = "gangbare elektronische vorm",
        /// Structured, common and machine-readable (Art. 20(1)).
        MachineReadable = "gestructureerd en machineleesbaar",
        /// On paper.
        Paper = "papier",
        /// Shown, not handed over.
        Inspection = "inzage ter plaatse",
        /// Another form.
        Other,
    }
}

record! {
    /// A copy of the data is given (Art. 15(3), 20(1)).
    CopyProvided "RequestCopyProvided" "RequestCopyProvidedInput" {
        /// The right it serves.
        right: Option<Right> = "recht",
        /// Its form.
        format: Option<CopyFormat> = "vorm",
        /// Its media type, as `application/json`.
        media_type: Option<String> = "mediatype",
        /// The number of the copy, from 1; the first is free.
        number: Option<u32> = "kopienummer",
        /// Whether parts were made illegible.
        redacted: Option<bool> = "gedeeltelijk onleesbaar gemaakt",
        /// To whom it was given.
        addressee: Option<Addressee> = "geadresseerde",
        /// Whether it went straight to another controller (Art. 20(2)).
        direct_transfer: Option<bool> = "rechtstreeks overgedragen",
        /// What was given.
        evidence: Option<Erasable<Evidence>> = "bewijs",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why a recipient is not told (Art. 19).
    NotToldReason "RequestRecipientNotToldReason" {
        /// It proves impossible.
        Impossible = "onmogelijk",
        /// It would take disproportionate effort.
        Disproportionate = "onevenredige inspanning",
        /// It is of no importance (the policy's word; the law does not carry it).
        Irrelevant = "niet relevant",
    }
}

record! {
    /// A recipient who cannot be told.
    RecipientNotTold "RequestRecipientNotTold" "RequestRecipientNotToldInput" {
        /// The recipient.
        party: Code = "partij",
        /// Why.
        reason: Option<NotToldReason>,
        /// The reason in words.
        explanation: Option<Erasable<String>> = "toelichting",
    }
}

record! {
    /// Recipients are told of a rectification, erasure or restriction (Art. 19, 17(2)).
    RecipientsNotified "RequestRecipientsNotified" "RequestRecipientsNotifiedInput" {
        /// Of what they are told; none named: all that was done.
        rights: Vec<Right> = "over de rechten",
        /// The recipients who are told.
        parties: Vec<Code> = "ingelichte ontvangers",
        /// The recipients who cannot be told.
        impossible: Vec<RecipientNotTold> = "niet in te lichten ontvangers",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The person is given the list of recipients (Art. 19, 15(1)(c)).
    RecipientListProvided "RequestRecipientListProvided" "RequestRecipientListProvidedInput" {
        /// The recipients on the list; none: there are none.
        parties: Vec<Code> = "ontvangers",
        /// When it was asked, if that was after the request.
        asked_at: Option<PartialDate> = "gevraagd op",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What an answer can hold: the ten items of Art. 15(1)-(2), and what other answers say.
    AnswerItem "RequestAnswerItem" {
        /// Whether data of the person are processed (Art. 15(1)).
        Confirmation = "bevestiging van verwerking",
        /// The purposes (Art. 15(1)(a)).
        Purposes = "doeleinden",
        /// The categories of data (Art. 15(1)(b)).
        Categories = "categorieën van gegevens",
        /// The recipients (Art. 15(1)(c)).
        Recipients = "ontvangers",
        /// The retention period (Art. 15(1)(d)).
        Retention = "bewaartermijn",
        /// The rights to rectification, erasure, restriction and objection (Art. 15(1)(e)).
        Rights = "rechten",
        /// The right to complain to the supervisory authority (Art. 15(1)(f)).
        Complaint = "klachtrecht",
        /// The source (Art. 15(1)(g)).
        Source = "bron",
        /// Automated decisions and their logic (Art. 15(1)(h)).
        AutomatedDecisions = "geautomatiseerde besluitvorming",
        /// The safeguards of transfers (Art. 15(2)).
        TransferSafeguards = "waarborgen bij doorgifte",
        /// What this ledger holds of the person, over time.
        LedgerTimeline = "tijdlijn uit het grootboek",
        /// When and for what the data were consulted.
        Consultations = "raadplegingen",
        /// What was done upon the request (Art. 12(3)).
        ActionsTaken = "gevolg dat is gegeven",
        /// When it was done.
        ActionDate = "datum van uitvoering",
        /// On which ground.
        Ground = "grond",
        /// What can be done against it (Art. 12(4)).
        Remedies = "rechtsmiddelen",
    }
}

choice! {
    /// Whether an item is in the answer.
    AnswerCoverage "RequestAnswerCoverage" {
        /// It is there.
        Given = "vermeld",
        /// There is nothing to say, such as of transfers where there are none.
        NotApplicable = "niet van toepassing",
        /// It is not there.
        Missing = "ontbreekt",
    }
}

record! {
    /// An item of the answer's checklist.
    AnswerFinding "RequestAnswerFinding" "RequestAnswerFindingInput" {
        /// The item.
        item: AnswerItem = "onderdeel",
        /// Whether it is in the answer.
        coverage: AnswerCoverage = "vermelding",
    }
}

record! {
    /// The answer as to one right.
    RightAnswer "RequestRightAnswer" "RequestRightAnswerInput" {
        /// The right.
        right: Right = "recht",
        /// How it turned out.
        outcome: Option<Outcome>,
    }
}

record! {
    /// The person is answered (Art. 12(3)).
    Answered "RequestAnswered" "RequestAnsweredInput" {
        /// The rights that are answered; none named: all.
        rights: Vec<RightAnswer> = "beantwoorde rechten",
        /// What the answer holds; for access the ten items of Art. 15(1)-(2).
        content: Vec<AnswerFinding> = "inhoud",
        /// To whom it is addressed.
        addressee: Option<Addressee> = "geadresseerde",
        /// When it was sent; absent: when the fact takes effect.
        answered_at: Option<PartialDate> = "beantwoord op",
        /// When it was received, from which the term of the court runs.
        delivered_at: Option<PartialDate> = "ontvangen door verzoeker op",
        /// How it was sent.
        channel: Option<Channel> = "kanaal",
        /// In which language.
        language: Option<Code>,
        /// Whether it is in writing (Art. 12(1)).
        in_writing: Option<bool> = "schriftelijk",
        /// What was sent.
        answer: Option<Erasable<Evidence>> = "antwoord",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whose term it is.
    DeadlineSource "RequestDeadlineSource" {
        /// The law (Art. 12(3)).
        Law = "wet",
        /// The institution's policy.
        Policy = "beleid",
    }
}

record! {
    /// A term ran out without an answer (Art. 12(3); UAVG Art. 35).
    DeadlineMissed "RequestDeadlineMissed" "RequestDeadlineMissedInput" {
        /// Whose term.
        source: Option<DeadlineSource> = "bron van de termijn",
        /// The term.
        term: Option<Term> = "termijn",
        /// Its last day.
        deadline: Option<PartialDate> = "uiterste datum",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The person turns elsewhere (Art. 77-80; UAVG Art. 34-35).
    RemedyInvoked "RequestRemedyInvoked" "RequestRemedyInvokedInput" {
        /// The remedy.
        remedy: Option<Remedy> = "rechtsmiddel",
        /// The court, authority or group, by code.
        body: Option<Code> = "instantie",
        /// The number under which it is known there.
        reference: Option<Erasable<String>> = "kenmerk",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why a file is closed.
    ClosingReason "RequestClosingReason" {
        /// All is answered and carried out.
        Handled = "afgehandeld",
        /// The person withdrew the request.
        Withdrawn = "ingetrokken",
        /// The person did not react to a question.
        NoReaction = "geen reactie van verzoeker",
        /// It is handled elsewhere, such as by another controller.
        Redirected = "doorverwezen",
        /// Another reason.
        Other,
    }
}

record! {
    /// The file is closed.
    Closed "RequestClosed" "RequestClosedInput" {
        /// Why.
        reason: Option<ClosingReason>,
        /// Until when the file is kept.
        keep_until: Option<PartialDate> = "bewaren tot",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a data subject's request.
    DataSubjectRequestEvent "DataSubjectRequestEvent" "DataSubjectRequestEventInput",
    retracted "DataSubjectRequestRetracted" "DataSubjectRequestRetractedInput"
    {
        /// A request comes in.
        Received "received" 1 "RequestReceived" = "ontvangen",
        /// Its receipt is confirmed.
        Acknowledged "acknowledged" 1 "RequestAcknowledged" = "ontvangst bevestigd",
        /// Proof of identity is asked.
        IdentityVerificationRequested "identityVerificationRequested" 1 "IdentityVerificationRequested" = "identificatie gevraagd",
        /// It is established who asks.
        IdentityVerified "identityVerified" 1 "IdentityVerified" = "identiteit vastgesteld",
        /// A representative's authority is established.
        RepresentativeVerified "representativeVerified" 1 "RepresentativeVerified" = "vertegenwoordiging vastgesteld",
        /// The person is asked what is meant.
        ClarificationRequested "clarificationRequested" 1 "ClarificationRequested" = "verduidelijking gevraagd",
        /// The time to answer is extended.
        Extended "extended" 1 "RequestExtended" = "termijn verlengd",
        /// The rights of others are weighed.
        ThirdPartyRightsWeighed "thirdPartyRightsWeighed" 1 "ThirdPartyRightsWeighed" = "rechten van anderen afgewogen",
        /// The controller decides.
        Decided "decided" 1 "RequestDecided" = "beslist",
        /// The request is refused.
        Refused "refused" 1 "RequestRefused" = "geweigerd",
        /// A fee is decided on.
        FeeDecided "feeDecided" 1 "RequestFeeDecided" = "vergoeding bepaald",
        /// Data are corrected or completed.
        RectificationExecuted "rectificationExecuted" 1 "RectificationExecuted" = "rectificatie uitgevoerd",
        /// Data are erased.
        ErasureExecuted "erasureExecuted" 1 "ErasureExecuted" = "wissing uitgevoerd",
        /// Processing is restricted.
        RestrictionApplied "restrictionApplied" 1 "RestrictionApplied" = "verwerking beperkt",
        /// A restriction ends.
        RestrictionLifted "restrictionLifted" 1 "RestrictionLifted" = "beperking opgeheven",
        /// A copy is given.
        CopyProvided "copyProvided" 1 "CopyProvided" = "kopie verstrekt",
        /// Recipients are told.
        RecipientsNotified "recipientsNotified" 1 "RecipientsNotified" = "ontvangers in kennis gesteld",
        /// The list of recipients is given.
        RecipientListProvided "recipientListProvided" 1 "RecipientListProvided" = "opgave van ontvangers verstrekt",
        /// The person is answered.
        Answered "answered" 1 "RequestAnswered" = "beantwoord",
        /// A term ran out.
        DeadlineMissed "deadlineMissed" 1 "RequestDeadlineMissed" = "termijn overschreden",
        /// The person turns elsewhere.
        RemedyInvoked "remedyInvoked" 1 "RemedyInvoked" = "rechtsmiddel aangewend",
        /// The file is closed.
        Closed "closed" 1 "RequestClosed" = "gesloten",
    }
}

choice! {
    /// Where a request stands.
    #[derive(Default)]
    RequestStatus "DataSubjectRequestStatus" {
        /// Nothing has come in yet.
        #[default]
        NotReceived = "niet ontvangen",
        /// It came in.
        Received = "ontvangen",
        /// Its receipt was confirmed.
        Acknowledged = "ontvangst bevestigd",
        /// The person has to show who they are or what they mean.
        AwaitingRequester = "wacht op verzoeker",
        /// It is established who asks.
        Verified = "identiteit vastgesteld",
        /// It is being handled.
        InProgress = "in behandeling",
        /// It is being handled in extended time.
        Extended = "verlengd",
        /// All rights are answered.
        Answered = "beantwoord",
        /// All rights are refused.
        Refused = "geweigerd",
        /// The file is closed.
        Closed = "gesloten",
    }
}

state! {
    /// Where one right of a request stands.
    RightStanding "DataSubjectRequestRight" {
        /// The right.
        right: Right = "recht",
        /// How it turned out, as last decided or answered.
        outcome: Option<Outcome>,
        /// When it was last decided.
        decided: Option<PartialDate> = "beslist op",
        /// When it was last carried out.
        executed: Option<PartialDate> = "uitgevoerd op",
        /// When the person was first answered, be it by a refusal.
        answered: Option<PartialDate> = "beantwoord op",
        /// The fact that last changed it.
        sequence: Sequence,
    }
}

dossier! {
    /// A data subject's request at one moment.
    DataSubjectRequest "DataSubjectRequestState" follows DataSubjectRequestEvent, status RequestStatus {
        /// Its receipt.
        received: once Received -> Received,
        /// Confirmations of receipt.
        acknowledged: every Acknowledged needs received -> Acknowledged,
        /// Questions for proof of identity.
        identity_verification_requested: every IdentityVerificationRequested needs received -> AwaitingRequester,
        /// How it was established who asks.
        identity_verified: every IdentityVerified needs received -> Verified,
        /// How a representative's authority was established.
        representative_verified: every RepresentativeVerified needs received -> Verified,
        /// Questions what is meant.
        clarification_requested: every ClarificationRequested needs received -> AwaitingRequester,
        /// Extensions; the law knows one.
        extended: every Extended needs received -> Extended,
        /// How the rights of others were weighed.
        third_party_rights_weighed: every ThirdPartyRightsWeighed needs received -> InProgress,
        /// The decisions.
        decided: every Decided needs received -> InProgress,
        /// The refusals.
        refused: every Refused needs received -> Refused,
        /// Decisions on fees.
        fee_decided: every FeeDecided needs received,
        /// Corrections and completions.
        rectification_executed: every RectificationExecuted needs received -> InProgress,
        /// Erasures.
        erasure_executed: every ErasureExecuted needs received -> InProgress,
        /// Restrictions.
        restriction_applied: every RestrictionApplied needs received -> InProgress,
        /// Ends of restrictions.
        restriction_lifted: every RestrictionLifted needs restriction_applied,
        /// Copies given.
        copy_provided: every CopyProvided needs received -> InProgress,
        /// Messages to recipients.
        recipients_notified: every RecipientsNotified needs received,
        /// Lists of recipients given.
        recipient_list_provided: every RecipientListProvided needs received,
        /// The answers.
        answered: every Answered needs received -> Answered,
        /// Terms that ran out.
        deadline_missed: every DeadlineMissed needs received,
        /// Where the person turned.
        remedy_invoked: every RemedyInvoked needs received,
        /// The closing of the file.
        closed: last Closed needs received -> Closed,
    } and {
        /// From when the clocks run.
        received_at: Option<PartialDate> = "ontvangen op",
        /// Where each right stands.
        rights: Vec<RightStanding> = "rechten",
        /// Whether processing is restricted now.
        restricted: bool = "verwerking beperkt",
        /// The systems in which it is restricted now, as far as they were named.
        restricted_systems: Vec<Code> = "systemen met beperking",
    }
}

filter! {
    "DataSubjectRequestFilter" {
        /// Requests that a unit handles.
        unit "unit": Code,
        /// Requests about an activity.
        activity "activity": StreamId,
        /// Requests about a platform.
        platform "platform": Code,
        /// Requests that invoke a right.
        right "right": Right,
        /// Requests that stand so.
        status "status": RequestStatus,
    }
}

impl Family for DataSubjectRequest {
    const NAME: &'static str = "dataSubjectRequest";
    const LABEL_NL: &'static str = "verzoek van een betrokkene";
    const GRAPHQL_NAME: &'static str = "DataSubjectRequest";
    const ABOUT_A_PERSON: bool = true;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit that handles it.",
        ),
        Relation::many(
            "activities",
            "betrokken verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities it concerns.",
        ),
        Relation::many(
            "platforms",
            "betrokken platforms",
            "platform",
            By::Shared("platform", "platform"),
            "The platforms it concerns.",
        ),
        Relation::many(
            "systems",
            "betrokken systemen",
            "system",
            By::Shared("system", "system"),
            "The systems in which it was carried out.",
        ),
        Relation::many(
            "parties",
            "betrokken partijen",
            "party",
            By::Shared("party", "party"),
            "The parties by whom it was carried out and who were told.",
        ),
        Relation::one(
            "case",
            "melding waaruit het voortkwam",
            "case",
            By::Ours("case"),
            "The query or complaint it came out of.",
        ),
        Relation::many(
            "complaints",
            "klachten over de behandeling",
            "case",
            By::Theirs("request"),
            "The complaints about how it was handled.",
        ),
        Relation::many(
            "removedPublications",
            "verwijderde publicaties",
            "publication",
            By::Theirs("request"),
            "The publications that were removed upon it.",
        ),
        Relation::many(
            "erasures",
            "wissingen op dit verzoek",
            "erasure",
            By::Theirs("request"),
            "What was erased from the ledger upon it.",
        ),
        Relation::many(
            "fileErasures",
            "wissingen van dit dossier",
            "erasure",
            By::Theirs("subject"),
            "What was erased of this file itself.",
        ),
    ];
    type Event = DataSubjectRequestEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &DataSubjectRequestEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use DataSubjectRequestEvent as E;
        if !matches!(event, E::Received(_) | E::RemedyInvoked(_) | E::Retracted(_)) {
            controllers_act(context.place)?;
        }
        self.admit_order(event)?;
        match event {
            E::Closed(_) if self.status == RequestStatus::Closed => {
                Err(Refusal::new(RejectionCode::Ended, "", "this request is closed already"))
            }
            _ => well_formed(event),
        }
    }

    fn apply(&mut self, event: &DataSubjectRequestEvent, recorded: &Recorded) {
        let before = self.status;
        self.keep(event, recorded);
        self.follow(event, recorded);
        self.status = self.reached(before, event);
    }

    fn keys(&self) -> Keys {
        let received = self.received.iter().map(|received| &received.fact);
        let unit = received.clone().filter_map(|fact| fact.unit.as_ref()).map(|unit| ("unit", unit.to_string()));
        let case = received.clone().filter_map(|fact| fact.case.as_ref()).map(|case| ("case", case.to_string()));
        let restricted = self.restriction_applied.iter().flat_map(|restriction| &restriction.fact.activities);
        let activities = received.clone().flat_map(|fact| &fact.activities).chain(restricted);
        let activities = activities.map(|activity| ("activity", activity.to_string()));
        let rights = self.rights.iter().map(|standing| ("right", key_text(&standing.right)));
        let erased = self.erasure_executed.iter().flat_map(|erasure| &erasure.fact.platforms);
        let platforms = received.flat_map(|fact| &fact.platforms).chain(erased);
        let platforms = platforms.map(|platform| ("platform", platform.to_string()));
        unit.chain(case)
            .chain(activities)
            .chain(platforms)
            .chain(rights)
            .chain(self.systems().map(|system| ("system", system.to_string())))
            .chain(self.parties().map(|party| ("party", party.to_string())))
            .chain([("status", key_text(&self.status))])
            .collect()
    }
}

fn well_formed(event: &DataSubjectRequestEvent) -> Result<(), Refusal> {
    use DataSubjectRequestEvent as E;
    match event {
        E::Received(event) => {
            not_empty("rights", &event.rights)?;
            distinct("rights", &event.rights)?;
            distinct("activities", &event.activities)?;
            link("activities", "activity", &event.activities)?;
            distinct("platforms", &event.platforms)?;
            link("case", "case", &event.case)
        }
        E::IdentityVerificationRequested(event) => distinct("methods", &event.methods),
        E::RepresentativeVerified(event) => distinct("rights", &event.rights),
        E::Extended(event) => not_reversed("until", event.notified_at, event.until),
        E::ThirdPartyRightsWeighed(event) => distinct("interests", &event.interests),
        E::Decided(event) => {
            distinct("rights", &event.rights)?;
            distinct("exceptions", event.exceptions.iter().map(|exception| &exception.ground))
        }
        E::Refused(event) => {
            distinct("rights", &event.rights)?;
            distinct("remedies", &event.remedies)?;
            not_reversed("deliveredAt", event.announced_at, event.delivered_at)
        }
        E::FeeDecided(event) => event.copy_number.map_or(Ok(()), |number| counted("copyNumber", number)),
        E::CopyProvided(event) => event.number.map_or(Ok(()), |number| counted("number", number)),
        E::Answered(event) => {
            distinct("rights", event.rights.iter().map(|answer| &answer.right))?;
            distinct("content", event.content.iter().map(|finding| &finding.item))?;
            not_reversed("deliveredAt", event.answered_at, event.delivered_at)
        }
        _ => well_executed(event),
    }
}

fn well_executed(event: &DataSubjectRequestEvent) -> Result<(), Refusal> {
    use DataSubjectRequestEvent as E;
    match event {
        E::RectificationExecuted(event) => {
            distinct("systems", &event.systems)?;
            distinct("parties", &event.parties)
        }
        E::ErasureExecuted(event) => {
            distinct("systems", &event.systems)?;
            distinct("platforms", &event.platforms)?;
            distinct("parties", &event.parties)
        }
        E::RestrictionApplied(event) => {
            distinct("systems", &event.systems)?;
            distinct("activities", &event.activities)?;
            link("activities", "activity", &event.activities)
        }
        E::RestrictionLifted(event) => distinct("systems", &event.systems),
        E::RecipientsNotified(event) => well_notified(event),
        E::RecipientListProvided(event) => distinct("parties", &event.parties),
        _ => Ok(()),
    }
}

/// Each recipient is told or cannot be told, not both; and a message to nobody is none.
fn well_notified(event: &RecipientsNotified) -> Result<(), Refusal> {
    let not_told: Vec<&Code> = event.impossible.iter().map(|recipient| &recipient.party).collect();
    if not_told.is_empty() {
        not_empty("parties", &event.parties)?;
    }
    distinct("rights", &event.rights)?;
    distinct("parties", &event.parties)?;
    distinct("impossible", event.parties.iter().chain(not_told))
}

impl DataSubjectRequest {
    /// Where the request stands after a fact. Facts may come in any order, so handling moves it onwards only, except back to
    /// the person, who may be asked again; and a right that is still open keeps the whole open.
    fn reached(&self, before: RequestStatus, event: &DataSubjectRequestEvent) -> RequestStatus {
        use DataSubjectRequestEvent as E;
        match event {
            E::Closed(_) => RequestStatus::Closed,
            E::Answered(_) | E::Refused(_) => self.settled().unwrap_or(before.max(RequestStatus::InProgress)),
            E::IdentityVerificationRequested(_) | E::ClarificationRequested(_) if before < RequestStatus::Answered => {
                RequestStatus::AwaitingRequester
            }
            _ => before.max(self.status),
        }
    }

    fn settled(&self) -> Option<RequestStatus> {
        let refused = |standing: &RightStanding| standing.outcome == Some(Outcome::Refused);
        match self.rights.as_slice() {
            rights if rights.iter().any(|standing| standing.answered.is_none()) => None,
            rights if !rights.is_empty() && rights.iter().all(refused) => Some(RequestStatus::Refused),
            _ => Some(RequestStatus::Answered),
        }
    }

    /// Fills in what a reader wants as it stands now.
    fn follow(&mut self, event: &DataSubjectRequestEvent, recorded: &Recorded) {
        use DataSubjectRequestEvent as E;
        match event {
            E::Received(event) => self.begin(event, recorded),
            E::Decided(event) => self.each(&event.rights, recorded, |standing| {
                standing.outcome = event.outcome.or(standing.outcome);
                standing.decided = Some(recorded.effective);
            }),
            E::Refused(event) => self.each(&event.rights, recorded, |standing| {
                standing.outcome = Some(Outcome::Refused);
                standing.decided = standing.decided.or(Some(recorded.effective));
                standing.answered = standing.answered.or(event.announced_at).or(Some(recorded.effective));
            }),
            E::Answered(event) => self.answer(event, recorded),
            E::RectificationExecuted(event) => self.executed(rectified(event.kind), recorded),
            E::ErasureExecuted(_) => self.executed(&[Right::Erasure], recorded),
            E::RestrictionApplied(event) => self.restrict(event, recorded),
            E::RestrictionLifted(event) => self.lift(event),
            E::CopyProvided(event) => self.executed(event.right.as_slice(), recorded),
            E::RecipientListProvided(_) => self.executed(&[Right::RecipientList], recorded),
            _ => {}
        }
    }

    /// A second receipt is an anomaly and begins nothing.
    fn begin(&mut self, event: &Received, recorded: &Recorded) {
        if self.received.as_ref().is_some_and(|received| received.sequence == recorded.sequence) {
            self.received_at = event.received_at.or(Some(recorded.effective));
            event.rights.iter().for_each(|right| self.change(*right, recorded, |_| {}));
        }
    }

    fn answer(&mut self, event: &Answered, recorded: &Recorded) {
        let at = event.answered_at.or(Some(recorded.effective));
        if event.rights.is_empty() {
            self.each(&[], recorded, |standing| standing.answered = standing.answered.or(at));
        }
        for answer in &event.rights {
            self.change(answer.right, recorded, |standing| {
                standing.outcome = answer.outcome.or(standing.outcome);
                standing.answered = standing.answered.or(at);
            });
        }
    }

    /// Changes the standing of the rights named; none named: of all.
    fn each(&mut self, named: &[Right], recorded: &Recorded, change: impl Fn(&mut RightStanding)) {
        let all: Vec<Right> = match named {
            [] => self.rights.iter().map(|standing| standing.right).collect(),
            named => named.to_vec(),
        };
        all.into_iter().for_each(|right| self.change(right, recorded, &change));
    }

    fn change(&mut self, right: Right, recorded: &Recorded, change: impl FnOnce(&mut RightStanding)) {
        match self.rights.iter_mut().find(|standing| standing.right == right) {
            Some(standing) => {
                change(standing);
                standing.sequence = recorded.sequence;
            }
            None => {
                let sequence = recorded.sequence;
                let mut standing =
                    RightStanding { right, outcome: None, decided: None, executed: None, answered: None, sequence };
                change(&mut standing);
                self.rights.push(standing);
            }
        }
    }

    /// What is carried out without having been asked, such as a restriction meanwhile, opens no right.
    fn executed(&mut self, rights: &[Right], recorded: &Recorded) {
        for standing in self.rights.iter_mut().filter(|standing| rights.contains(&standing.right)) {
            standing.executed = Some(recorded.effective);
            standing.sequence = recorded.sequence;
        }
    }

    fn restrict(&mut self, event: &RestrictionApplied, recorded: &Recorded) {
        self.executed(&[Right::Restriction], recorded);
        self.restricted = true;
        let new = event.systems.iter().filter(|system| !self.restricted_systems.contains(system));
        let new: Vec<Code> = new.cloned().collect();
        self.restricted_systems.extend(new);
    }

    /// Lifting it in some systems ends it as a whole only where all systems were named before.
    fn lift(&mut self, event: &RestrictionLifted) {
        if event.systems.is_empty() {
            self.restricted_systems.clear();
            self.restricted = false;
            return;
        }
        let named = !self.restricted_systems.is_empty();
        self.restricted_systems.retain(|system| !event.systems.contains(system));
        if named && self.restricted_systems.is_empty() {
            self.restricted = false;
        }
    }

    fn systems(&self) -> impl Iterator<Item = &Code> {
        let rectified = self.rectification_executed.iter().flat_map(|kept| &kept.fact.systems);
        let erased = self.erasure_executed.iter().flat_map(|kept| &kept.fact.systems);
        let restricted = self.restriction_applied.iter().flat_map(|kept| &kept.fact.systems);
        rectified.chain(erased).chain(restricted)
    }

    fn parties(&self) -> impl Iterator<Item = &Code> {
        let rectified = self.rectification_executed.iter().flat_map(|kept| &kept.fact.parties);
        let erased = self.erasure_executed.iter().flat_map(|kept| &kept.fact.parties);
        let told = self.recipients_notified.iter().flat_map(|kept| &kept.fact.parties);
        rectified.chain(erased).chain(told)
    }
}

fn rectified(kind: Option<RectificationKind>) -> &'static [Right] {
    match kind {
        Some(RectificationKind::Rectified) => &[Right::Rectification],
        Some(RectificationKind::Completed | RectificationKind::StatementAdded) => &[Right::Completion],
        None => &[Right::Rectification, Right::Completion],
    }
}

#[cfg(test)]
mod tests;
