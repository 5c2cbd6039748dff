//! Requests of data subjects: what a person asked for, how it was handled and what was answered (GDPR Art. 12, 15-20).
//!
//! One request may invoke several rights, and each has a standing of its own. Two clocks run from the receipt, that of
//! the law and that of the policy; whether either was kept is a verdict, not a state, so answers that are late,
//! incomplete or given to somebody unverified are recorded as they were.
//!
//! Longer than most: all that may happen to a request, with eight rights, stands in one place.

use crate::family::activity::LegalReference;
use crate::family::consent::{AgeBand, Authority};
use crate::family::declare;
use crate::family::dossier::{Refusal, controllers_act, counted, distinct, link, links, not_empty, not_reversed};
use crate::family::erasure::ErasureGround;
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, push_keys};
use crate::family::value::{Document, Evidence};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{PartialDate, Term};

declare! {
    family DataSubjectRequest many dataSubjectRequests = "verzoek van een betrokkene", about a person;

    /// What a person can ask for.
    choice Right as "DataSubjectRight" {
        Information = "informatie"
            "Information, such as the justification of a processing activity (Art. 12-14, 21(4)).",
        Access = "inzage" "Confirmation, overview and copy of the data (Art. 15).",
        Rectification = "rectificatie" "Correction of data that are wrong (Art. 16).",
        Completion = "aanvulling" "Completion of data that are incomplete (Art. 16).",
        Erasure = "gegevenswissing" "Erasure (Art. 17).",
        Restriction = "beperking van de verwerking" "Restriction of processing (Art. 18).",
        RecipientList = "opgave van ontvangers" "The list of recipients who were told of a change (Art. 19).",
        Portability = "gegevensoverdraagbaarheid"
            "The data in a machine-readable form, for oneself or another controller (Art. 20).",
    }

    /// How a request or an answer travels.
    choice Channel as "RequestChannel" {
        PrivacyMailbox = "privacy-mailbox" "The mailbox of the data protection officer.",
        Email = "e-mail" "Another e-mail address of the institution.",
        Post = "post" "A letter.",
        WebForm = "webformulier" "A form on the web.",
        Portal = "persoonlijke omgeving" "A personal page behind a login.",
        Oral = "mondeling" "Spoken words, at a desk or by telephone.",
        SocialMedia = "sociale media" "A message on a social-media account.",
        Other "Another channel.",
    }

    /// To whom a message is addressed (UAVG Art. 5).
    choice Addressee as "RequestAddressee" {
        Subject = "betrokkene" "The data subject.",
        Representative = "vertegenwoordiger" "The legal representative or an authorised person.",
    }

    /// How a request turns out.
    choice Outcome as "RequestOutcome" {
        Granted = "toegewezen" "Granted in full.",
        PartlyGranted = "gedeeltelijk toegewezen" "Granted in part.",
        Refused = "geweigerd" "Refused.",
        NoData = "geen gegevens aanwezig" "No data of this person are processed.",
    }

    /// A request comes in; the clocks run from its receipt by the organisation (Art. 12(3)).
    event Received as "RequestReceived" = "ontvangen", once received -> Received "Its receipt." {
        rights: Vec<Right> = "ingeroepen rechten" "The rights that are invoked, one or more.",
        channel: Channel? = "kanaal" "How it came in; the law knows no form.",
        received_at: PartialDate? = "ontvangen op"
            "When the organisation received it; absent: when the fact takes effect.",
        subject: Erasable<String>? = "betrokkene" "Who asks, as a reference outside the ledger.",
        via_representative: bool? = "via vertegenwoordiger" "Whether a representative asks for the person.",
        representative: Erasable<String>? = "vertegenwoordiger"
            "The representative, as a reference outside the ledger.",
        age_band: AgeBand? = "leeftijdsgroep" "The person's band of age; never a birthday (UAVG Art. 5).",
        incapable: bool? = "handelingsonbekwaam"
            "Whether the person is legally incapable of acting alone (UAVG Art. 5(4)).",
        text: Erasable<String>? = "tekst van het verzoek" "What is asked, in the person's words.",
        unit: Code? key "The unit that handles it.",
        activities: Vec<StreamId> "The processing activities it concerns, as far as known.",
        platforms: Vec<Code> = "platforms" "The platforms it concerns.",
        paper_asked: bool? = "antwoord op papier gevraagd" "Whether an answer on paper is asked (Art. 15(3)).",
        direct_transfer_asked: bool? = "rechtstreekse overdracht gevraagd"
            "Whether direct transmission to another controller is asked (Art. 20(2)).",
        case: StreamId? = "melding" key "The query or complaint it came out of.",
    }

    /// The receipt is confirmed to the person.
    event Acknowledged as "RequestAcknowledged" = "ontvangst bevestigd",
        every acknowledged needs received -> Acknowledged "Confirmations of receipt." {
        channel: Channel? = "kanaal" "How it was sent.",
        addressee: Addressee? = "geadresseerde" "To whom.",
        message: Erasable<Evidence>? = "bericht" "What was sent.",
    }

    /// Why proof of identity is asked (Art. 12(6)).
    choice VerificationReason as "RequestVerificationReason" {
        ReasonableDoubt = "redelijke twijfel" "There is reasonable doubt about who asks.",
        StandardProcedure = "standaardprocedure" "Everybody is asked (which Art. 12(6) does not carry).",
        Other "Another reason.",
    }

    /// How an identity is established.
    choice VerificationMethod as "RequestVerificationMethod" {
        VideoCall = "videogesprek" "A video call.",
        FederatedLogin = "gefedereerde inlog" "A login through the person's own institution or a national scheme.",
        InPerson = "aan de balie" "In person, at a desk.",
        DocumentShown = "getoond identiteitsbewijs" "A document of identity that is shown.",
        DocumentCopy = "kopie van een identiteitsbewijs" "A copy of a document of identity.",
        KnownAddress = "bekend contactadres" "A reply from an address that was known already.",
        ControlQuestions = "controlevragen" "Questions that only the person can answer.",
        Other "Another method.",
    }

    /// The person is asked to show who they are (Art. 12(6)).
    event IdentityVerificationRequested as "RequestIdentityVerificationRequested" domain "IdentityVerificationRequested"
        = "identificatie gevraagd",
        every identity_verification_requested needs received -> AwaitingRequester "Questions for proof of identity." {
        reason: VerificationReason? "Why.",
        doubt: Erasable<String>? = "toelichting op de twijfel" "What the doubt consists of.",
        methods: Vec<VerificationMethod> = "aangeboden methoden" "The methods that are offered.",
        reply_by: PartialDate? = "reactie gevraagd voor" "When a reply is expected.",
    }

    /// It is established who asks (Art. 12(2), 12(6)).
    event IdentityVerified as "RequestIdentityVerified" domain "IdentityVerified" = "identiteit vastgesteld",
        every identity_verified needs received -> Verified "How it was established who asks." {
        method: VerificationMethod? = "methode" "By which method.",
        copy_kept: bool? = "kopie bewaard" "Whether a copy of the proof is kept (it should not be: Art. 5(1)(c)).",
        copy_destroyed: PartialDate? = "kopie vernietigd op" "When a copy that was received was destroyed.",
        evidence: Erasable<Evidence>? = "bewijs" "The evidence that it was done.",
    }

    /// It is established that a representative may act for the person (UAVG Art. 5).
    event RepresentativeVerified as "RequestRepresentativeVerified" domain "RepresentativeVerified"
        = "vertegenwoordiging vastgesteld",
        every representative_verified needs received -> Verified "How a representative's authority was established." {
        authority: Authority? = "vertegenwoordigingsgrond" "On what the authority rests.",
        rights: Vec<Right> = "voor de rechten" "The rights that it covers; none named: all.",
        until: PartialDate? = "tot" "Until when it is in force, to the end of a quarter: no birthdays.",
        evidence: Erasable<Evidence>? = "bewijs" "The evidence for it.",
    }

    /// The person is asked what exactly is meant (recital 63).
    event ClarificationRequested as "RequestClarificationRequested" domain "ClarificationRequested"
        = "verduidelijking gevraagd",
        every clarification_requested needs received -> AwaitingRequester "Questions what is meant." {
        question: Erasable<String>? = "vraag" "What is asked.",
        reply_by: PartialDate? = "reactie gevraagd voor" "When a reply is expected.",
    }

    /// Why more time is taken (Art. 12(3)).
    choice ExtensionReason as "RequestExtensionReason" {
        Complexity = "complexiteit" "The request is complex.",
        Number = "aantal verzoeken" "There are many requests.",
        Other "Another reason (which Art. 12(3) does not carry).",
    }

    /// The time to answer is extended (Art. 12(3)).
    event Extended as "RequestExtended" = "termijn verlengd",
        every extended needs received -> Extended "Extensions; the law knows one." {
        reason: ExtensionReason? "Why.",
        explanation: Erasable<String>? = "toelichting" "The reason in words, as the person was told.",
        notified_at: PartialDate? = "meegedeeld op" "When the person was told; absent: when the fact takes effect.",
        until: PartialDate? = "verlengd tot" "The date by which an answer is promised.",
    }

    /// An interest of others that giving data may touch (Art. 15(4), 20(4)).
    choice OthersInterest as "RequestOthersInterest" {
        Privacy = "persoonsgegevens van anderen" "Personal data of others.",
        TradeSecret = "bedrijfsgeheim" "A trade secret.",
        IntellectualProperty = "intellectuele eigendom" "Intellectual property.",
        FreedomOfExpression = "vrijheid van meningsuiting" "The freedom to speak openly, as of who gave a reference.",
        Other "Another interest.",
    }

    /// What weighing the rights of others leads to.
    choice RedactionOutcome as "RequestRedactionOutcome" {
        NotAffected = "niet geraakt" "They are not affected: everything is given.",
        GivenInFull = "volledig verstrekt" "They weigh less: everything is given.",
        Redacted = "gedeeltelijk onleesbaar gemaakt" "Parts are made illegible.",
        PartlyWithheld = "gedeeltelijk achterwege gelaten" "Some documents are withheld.",
        Withheld = "achterwege gelaten" "Nothing is given.",
    }

    /// The rights of others are weighed before data are given (Art. 15(4), 20(4)).
    event ThirdPartyRightsWeighed as "RequestThirdPartyRightsWeighed" domain "ThirdPartyRightsWeighed"
        = "rechten van anderen afgewogen",
        every third_party_rights_weighed needs received -> InProgress "How the rights of others were weighed." {
        interests: Vec<OthersInterest> = "belangen van anderen" "The interests that were looked at.",
        outcome: RedactionOutcome? "What it leads to.",
        considerations: Erasable<String>? = "overwegingen" "The considerations.",
    }

    /// Why something may not be done although it is asked.
    choice ExceptionGround as "RequestExceptionGround" {
        FreedomOfExpression = "vrijheid van meningsuiting en informatie"
            "Freedom of expression and information (Art. 17(3)(a)).",
        LegalObligation = "wettelijke verplichting of publieke taak"
            "A legal obligation or a task in the public interest (Art. 17(3)(b)).",
        PublicHealth = "volksgezondheid" "Public health (Art. 17(3)(c)).",
        ArchivingOrResearch = "archivering, onderzoek of statistiek"
            "Archiving, research or statistics (Art. 17(3)(d), 89).",
        LegalClaims = "rechtsvordering" "Legal claims (Art. 17(3)(e)).",
        ProofOfConsent = "bewijs van toestemming" "Proof that consent was given (Art. 7(1), 5(2)).",
        LegalHold = "bewaarplicht wegens procedure" "A legal hold.",
        RetentionPeriod = "lopende bewaartermijn" "A retention period that still runs.",
        RightsOfOthers = "rechten en vrijheden van anderen" "The rights and freedoms of others (Art. 15(4), 20(4)).",
        NationalRestriction = "wettelijke uitzondering (UAVG)" "A restriction in national law (Art. 23; UAVG Art. 41).",
        Other "Another ground.",
    }

    /// An exception that was weighed in a decision.
    record WeighedException as "RequestWeighedException" {
        ground: ExceptionGround = "uitzondering" "The exception.",
        applies: bool? = "van toepassing" "Whether it applies.",
        reasons: Erasable<String>? = "motivering" "Why.",
    }

    /// The controller decides on the request.
    event Decided as "RequestDecided" = "beslist", every decided needs received -> InProgress "The decisions." {
        rights: Vec<Right> = "over de rechten" "The rights that are decided on; none named: all.",
        outcome: Outcome? "The decision.",
        legal_references: Vec<LegalReference> = "wettelijke bepalingen" "On which provisions it rests.",
        exceptions: Vec<WeighedException> = "afgewogen uitzonderingen" "The exceptions that were weighed.",
        consequences_told: bool? = "gewezen op gevolgen"
            "Whether the person was told what the consequences are, such as that a proof is given up.",
        reasons: Erasable<String>? = "motivering" "The reasons.",
    }

    /// Why a request is refused.
    choice RefusalGround as "RequestRefusalGround" {
        ManifestlyUnfounded = "kennelijk ongegrond" "Manifestly unfounded (Art. 12(5)).",
        Excessive = "buitensporig" "Excessive, above all repetitive (Art. 12(5)).",
        NotIdentified = "identiteit niet vast te stellen" "The person cannot be identified (Art. 11(2), 12(2)).",
        NotAuthorised = "niet bevoegd tot vertegenwoordiging" "The representative has no authority.",
        ConditionsNotMet = "niet aan de voorwaarden voldaan" "The conditions of the right are not met.",
        Exception = "uitzondering van toepassing" "An exception applies (such as Art. 17(3)).",
        RightsOfOthers = "rechten en vrijheden van anderen" "The rights and freedoms of others (Art. 15(4), 20(4)).",
        NationalRestriction = "wettelijke uitzondering (UAVG)" "A restriction in national law (Art. 23; UAVG Art. 41).",
        Other "Another ground.",
    }

    /// What a person can do against a decision (Art. 12(4), 77-80; UAVG Art. 34-35).
    choice Remedy as "RequestRemedy" {
        AwbObjection = "bezwaar (Awb)" "An objection under administrative law (Awb).",
        Court = "rechtbank" "The court.",
        Authority = "klacht bij de AP" "A complaint to the supervisory authority (Art. 77).",
        InterestGroup = "belangenorganisatie" "Representation by an interest group (Art. 80).",
    }

    /// The request is refused, in whole or in part, and the person is told (Art. 12(4)).
    event Refused as "RequestRefused" = "geweigerd", every refused needs received -> Refused "The refusals." {
        rights: Vec<Right> = "geweigerde rechten" "The rights that are refused; none named: all.",
        ground: RefusalGround? = "weigeringsgrond" "Why.",
        legal_references: Vec<LegalReference> = "wettelijke bepalingen" "On which provisions it rests.",
        reasons: Erasable<String>? = "motivering" "The reasons, as the person was told.",
        remedies: Vec<Remedy> = "genoemde rechtsmiddelen" "The remedies that the refusal names.",
        addressee: Addressee? = "geadresseerde" "To whom it is addressed.",
        announced_at: PartialDate? = "bekendgemaakt op"
            "When it was announced, from which the term of an Awb objection runs; absent: when the fact takes effect.",
        delivered_at: PartialDate? = "ontvangen door verzoeker op"
            "When it was received, from which the term of the court runs.",
        letter: Erasable<Evidence>? = "brief" "What was sent.",
    }

    /// Why a fee is or is not asked (Art. 12(5), 15(3)).
    choice FeeReason as "RequestFeeReason" {
        Free = "kosteloos" "Handling is free.",
        FurtherCopy = "bijkomende kopie" "A further copy (Art. 15(3)).",
        ManifestlyUnfounded = "kennelijk ongegrond" "Manifestly unfounded (Art. 12(5)).",
        Excessive = "buitensporig" "Excessive (Art. 12(5)).",
        Other "Another reason (which the law does not carry).",
    }

    /// It is decided whether the person pays anything (Art. 12(5), 15(3)).
    event FeeDecided as "RequestFeeDecided" = "vergoeding bepaald",
        every fee_decided needs received "Decisions on fees." {
        amount_cents: u32? = "bedrag in eurocenten" "The fee in euro cents; 0: free.",
        reason: FeeReason? "Why.",
        copy_number: u32? = "voor kopie nummer" "The number of the copy it is for, from 1.",
    }

    /// How wrong or incomplete data were put right (Art. 16).
    choice RectificationKind as "RequestRectificationKind" {
        Rectified = "gerectificeerd" "They were corrected.",
        Completed = "aangevuld" "They were completed.",
        StatementAdded = "aanvullende verklaring toegevoegd" "A statement of the person was added.",
    }

    /// Data are corrected or completed (Art. 16).
    event RectificationExecuted as "RequestRectificationExecuted" domain "RectificationExecuted"
        = "rectificatie uitgevoerd",
        every rectification_executed needs received -> InProgress "Corrections and completions." {
        kind: RectificationKind? "How they were put right.",
        systems: Vec<Code> = "systemen" "The systems in which it was done.",
        parties: Vec<Code> = "uitgevoerd door partijen" "The processors and others by whom it was done.",
        evidence: Erasable<Evidence>? = "bewijs" "The evidence that it was done.",
    }

    /// Data that stay although erasure was asked (Art. 17(3)).
    record RetainedData as "RequestRetainedData" {
        system: Code? = "systeem" "The system in which they stay.",
        ground: ExceptionGround? = "uitzondering" "Why.",
        until: PartialDate? = "tot" "Until when.",
        explanation: Erasable<String>? = "toelichting" "Which data, and the reasons.",
    }

    /// Data are erased (Art. 17). What the ledger itself held is erased by facts of the family `erasure`.
    event ErasureExecuted as "RequestErasureExecuted" domain "ErasureExecuted" = "wissing uitgevoerd",
        every erasure_executed needs received -> InProgress "Erasures." {
        ground: ErasureGround? = "wissingsgrond" "On which ground.",
        systems: Vec<Code> = "systemen" "The systems in which it was done.",
        platforms: Vec<Code> = "platforms" "The platforms from which it was removed.",
        parties: Vec<Code> = "uitgevoerd door partijen" "The processors and others by whom it was done.",
        exceptions: Vec<RetainedData> = "uitzonderingen" "What stays, and why.",
        backups_expire: PartialDate? = "back-ups verlopen op" "When the last backup that holds them expires.",
        certificate: Document? = "vernietigingsverklaring" "The certificate of destruction.",
    }

    /// Why processing is restricted (Art. 18(1)).
    choice RestrictionGround as "RequestRestrictionGround" {
        AccuracyContested = "juistheid betwist" "The person contests that the data are right (Art. 18(1)(a)).",
        Unlawful = "onrechtmatige verwerking" "Processing is unlawful and the person wants no erasure (Art. 18(1)(b)).",
        LegalClaims = "rechtsvordering van betrokkene" "The person needs the data for legal claims (Art. 18(1)(c)).",
        ObjectionPending = "bezwaar in behandeling" "An objection is being assessed (Art. 18(1)(d)).",
        Precaution = "voorzorg" "The controller's own precaution.",
    }

    /// Processing is restricted: nothing but storage from now on (Art. 18, 4(3)).
    event RestrictionApplied as "RequestRestrictionApplied" domain "RestrictionApplied" = "verwerking beperkt",
        every restriction_applied needs received -> InProgress "Restrictions." {
        ground: RestrictionGround? = "grond" "Why.",
        systems: Vec<Code> = "systemen" "The systems in which it was done.",
        activities: Vec<StreamId> "The processing activities that stop meanwhile.",
        marked: bool? = "duidelijk gemarkeerd" "Whether the data are clearly marked as restricted.",
    }

    /// A restriction ends (Art. 18(3)).
    event RestrictionLifted as "RequestRestrictionLifted" domain "RestrictionLifted" = "beperking opgeheven",
        every restriction_lifted needs restriction_applied "Ends of restrictions." {
        systems: Vec<Code> = "systemen" "The systems in which it ends; none named: all.",
        subject_told: PartialDate? = "betrokkene ingelicht op"
            "When the person was told, which must be before (Art. 18(3)).",
        reason: Erasable<String>? "Why it ends.",
    }

    /// The form of a copy (Art. 15(3), 20(1)).
    choice CopyFormat as "RequestCopyFormat" {
        CommonElectronic = "gangbare elektronische vorm" "A common electronic form.",
        MachineReadable = "gestructureerd en machineleesbaar" "Structured, common and machine-readable (Art. 20(1)).",
        Paper = "papier" "On paper.",
        Inspection = "inzage ter plaatse" "Shown, not handed over.",
        Other "Another form.",
    }

    /// A copy of the data is given (Art. 15(3), 20(1)).
    event CopyProvided as "RequestCopyProvided" domain "CopyProvided" = "kopie verstrekt",
        every copy_provided needs received -> InProgress "Copies given." {
        right: Right? = "recht" "The right it serves.",
        format: CopyFormat? = "vorm" "Its form.",
        media_type: String? = "mediatype" "Its media type, as `application/json`.",
        number: u32? = "kopienummer" "The number of the copy, from 1; the first is free.",
        redacted: bool? = "gedeeltelijk onleesbaar gemaakt" "Whether parts were made illegible.",
        addressee: Addressee? = "geadresseerde" "To whom it was given.",
        direct_transfer: bool? = "rechtstreeks overgedragen"
            "Whether it went straight to another controller (Art. 20(2)).",
        evidence: Erasable<Evidence>? = "bewijs" "What was given.",
    }

    /// Why a recipient is not told (Art. 19).
    choice NotToldReason as "RequestRecipientNotToldReason" {
        Impossible = "onmogelijk" "It proves impossible.",
        Disproportionate = "onevenredige inspanning" "It would take disproportionate effort.",
        Irrelevant = "niet relevant" "It is of no importance (the policy's word; the law does not carry it).",
        NotDisclosed = "niet verstrekt" "The person's data had not been disclosed to it (Art. 19 asks to tell those who had them).",
    }

    /// A recipient who cannot be told.
    record RecipientNotTold as "RequestRecipientNotTold" {
        party: Code = "partij" "The recipient.",
        reason: NotToldReason? "Why.",
        explanation: Erasable<String>? = "toelichting" "The reason in words.",
    }

    /// Recipients are told of a rectification, erasure or restriction (Art. 19, 17(2)).
    event RecipientsNotified as "RequestRecipientsNotified" domain "RecipientsNotified"
        = "ontvangers in kennis gesteld",
        every recipients_notified needs received "Messages to recipients." {
        rights: Vec<Right> = "over de rechten" "Of what they are told; none named: all that was done.",
        parties: Vec<Code> = "ingelichte ontvangers" "The recipients who are told.",
        impossible: Vec<RecipientNotTold> = "niet in te lichten ontvangers" "The recipients who cannot be told.",
    }

    /// The person is given the list of recipients (Art. 19, 15(1)(c)).
    event RecipientListProvided as "RequestRecipientListProvided" domain "RecipientListProvided"
        = "opgave van ontvangers verstrekt",
        every recipient_list_provided needs received "Lists of recipients given." {
        parties: Vec<Code> = "ontvangers" "The recipients on the list; none: there are none.",
        asked_at: PartialDate? = "gevraagd op" "When it was asked, if that was after the request.",
    }

    /// What an answer can hold: the ten items of Art. 15(1)-(2), and what other answers say.
    choice AnswerItem as "RequestAnswerItem" {
        Confirmation = "bevestiging van verwerking" "Whether data of the person are processed (Art. 15(1)).",
        Purposes = "doeleinden" "The purposes (Art. 15(1)(a)).",
        Categories = "categorieën van gegevens" "The categories of data (Art. 15(1)(b)).",
        Recipients = "ontvangers" "The recipients (Art. 15(1)(c)).",
        Retention = "bewaartermijn" "The retention period (Art. 15(1)(d)).",
        Rights = "rechten" "The rights to rectification, erasure, restriction and objection (Art. 15(1)(e)).",
        Complaint = "klachtrecht" "The right to complain to the supervisory authority (Art. 15(1)(f)).",
        Source = "bron" "The source (Art. 15(1)(g)).",
        AutomatedDecisions = "geautomatiseerde besluitvorming" "Automated decisions and their logic (Art. 15(1)(h)).",
        TransferSafeguards = "waarborgen bij doorgifte" "The safeguards of transfers (Art. 15(2)).",
        LedgerTimeline = "tijdlijn uit het grootboek" "What this ledger holds of the person, over time.",
        Consultations = "raadplegingen" "When and for what the data were consulted.",
        ActionsTaken = "gevolg dat is gegeven" "What was done upon the request (Art. 12(3)).",
        ActionDate = "datum van uitvoering" "When it was done.",
        Ground = "grond" "On which ground.",
        Remedies = "rechtsmiddelen" "What can be done against it (Art. 12(4)).",
    }

    /// Whether an item is in the answer.
    choice AnswerCoverage as "RequestAnswerCoverage" {
        Given = "vermeld" "It is there.",
        NotApplicable = "niet van toepassing" "There is nothing to say, such as of transfers where there are none.",
        Missing = "ontbreekt" "It is not there.",
        Categories = "alleen categorieën" "Only categories are named, such as of recipients, and not who they are (CJEU C-154/21).",
    }

    /// An item of the answer's checklist.
    record AnswerFinding as "RequestAnswerFinding" {
        item: AnswerItem = "onderdeel" "The item.",
        coverage: AnswerCoverage = "vermelding" "Whether it is in the answer.",
    }

    /// The answer as to one right.
    record RightAnswer as "RequestRightAnswer" {
        right: Right = "recht" "The right.",
        outcome: Outcome? "How it turned out.",
    }

    /// The person is answered (Art. 12(3)).
    event Answered as "RequestAnswered" = "beantwoord", every answered needs received -> Answered "The answers." {
        rights: Vec<RightAnswer> = "beantwoorde rechten" "The rights that are answered; none named: all.",
        content: Vec<AnswerFinding> = "inhoud" "What the answer holds; for access the ten items of Art. 15(1)-(2).",
        addressee: Addressee? = "geadresseerde" "To whom it is addressed.",
        answered_at: PartialDate? = "beantwoord op" "When it was sent; absent: when the fact takes effect.",
        delivered_at: PartialDate? = "ontvangen door verzoeker op"
            "When it was received, from which the term of the court runs.",
        channel: Channel? = "kanaal" "How it was sent.",
        language: Code? "In which language.",
        in_writing: bool? = "schriftelijk" "Whether it is in writing (Art. 12(1)).",
        answer: Erasable<Evidence>? = "antwoord" "What was sent.",
    }

    /// Whose term it is.
    choice DeadlineSource as "RequestDeadlineSource" {
        Law = "wet" "The law (Art. 12(3)).",
        Policy = "beleid" "The institution's policy.",
    }

    /// A term ran out without an answer (Art. 12(3); UAVG Art. 35).
    event DeadlineMissed as "RequestDeadlineMissed" = "termijn overschreden",
        every deadline_missed needs received "Terms that ran out." {
        source: DeadlineSource? = "bron van de termijn" "Whose term.",
        term: Term? = "termijn" "The term.",
        deadline: PartialDate? = "uiterste datum" "Its last day.",
    }

    /// The person turns elsewhere (Art. 77-80; UAVG Art. 34-35).
    event RemedyInvoked as "RequestRemedyInvoked" domain "RemedyInvoked" = "rechtsmiddel aangewend",
        every remedy_invoked needs received "Where the person turned." {
        remedy: Remedy? = "rechtsmiddel" "The remedy.",
        body: Code? = "instantie" "The court, authority or group, by code.",
        reference: Erasable<String>? = "kenmerk" "The number under which it is known there.",
    }

    /// Why a file is closed.
    choice ClosingReason as "RequestClosingReason" {
        Handled = "afgehandeld" "All is answered and carried out.",
        Withdrawn = "ingetrokken" "The person withdrew the request.",
        NoReaction = "geen reactie van verzoeker" "The person did not react to a question.",
        Redirected = "doorverwezen" "It is handled elsewhere, such as by another controller.",
        Other "Another reason.",
    }

    /// The file is closed.
    event Closed as "RequestClosed" = "gesloten", last closed needs received -> Closed "The closing of the file." {
        reason: ClosingReason? "Why.",
        keep_until: PartialDate? = "bewaren tot" "Until when the file is kept.",
    }

    /// Where a request stands.
    choice RequestStatus as "DataSubjectRequestStatus" {
        #[default] NotReceived = "niet ontvangen" "Nothing has come in yet.",
        Received = "ontvangen" "It came in.",
        Acknowledged = "ontvangst bevestigd" "Its receipt was confirmed.",
        AwaitingRequester = "wacht op verzoeker" "The person has to show who they are or what they mean.",
        Verified = "identiteit vastgesteld" "It is established who asks.",
        InProgress = "in behandeling" "It is being handled.",
        Extended = "verlengd" "It is being handled in extended time.",
        Answered = "beantwoord" "All rights are answered.",
        Refused = "geweigerd" "All rights are refused.",
        Closed = "gesloten" "The file is closed.",
    }

    /// Where one right of a request stands.
    record RightStanding as "DataSubjectRequestRight" {
        right: Right = "recht" "The right.",
        outcome: Outcome? "How it turned out, as last decided or answered.",
        decided: PartialDate? = "beslist op" "When it was last decided.",
        executed: PartialDate? = "uitgevoerd op" "When it was last carried out.",
        answered: PartialDate? = "beantwoord op" "When the person was first answered, be it by a refusal.",
        sequence: Sequence "The fact that last changed it.",
    }

    /// A data subject's request at one moment.
    state DataSubjectRequest as "DataSubjectRequestState" of RequestStatus key {
        received_at: PartialDate? = "ontvangen op" "From when the clocks run.",
        rights: Vec<RightStanding> = "rechten" "Where each right stands.",
        restricted: bool = "verwerking beperkt" "Whether processing is restricted now.",
        restricted_systems: Vec<Code> = "systemen met beperking"
            "The systems in which it is restricted now, as far as they were named.",
    }

    keys {
        activity: StreamId "Requests about an activity.",
        platform: Code "Requests about a platform.",
        right: Right "Requests that invoke a right.",
        system: Code "Requests that were carried out in a system.",
        party: Code "Requests that a party carried out or was told of.",
    }

    relations {
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit that handles it.",
        activities: many activity ours activity = "betrokken verwerkingsactiviteiten"
            "The processing activities it concerns.",
        platforms: many platform shared platform platform = "betrokken platforms" "The platforms it concerns.",
        systems: many system shared system system = "betrokken systemen" "The systems in which it was carried out.",
        parties: many party shared party party = "betrokken partijen"
            "The parties by whom it was carried out and who were told.",
        case: one case ours case = "melding waaruit het voortkwam" "The query or complaint it came out of.",
        complaints: many case theirs request = "klachten over de behandeling"
            "The complaints about how it was handled.",
        removedPublications: many publication theirs request = "verwijderde publicaties"
            "The publications that were removed upon it.",
        erasures: many erasure theirs request = "wissingen op dit verzoek" "What was erased from the ledger upon it.",
        fileErasures: many erasure theirs subject = "wissingen van dit dossier" "What was erased of this file itself.",
    }
}

impl Family for DataSubjectRequest {
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
        let mut keys = self.declared_keys();
        self.rights.iter().for_each(|standing| push_keys(&mut keys, "right", &standing.right));
        if let Some(received) = &self.received {
            push_keys(&mut keys, "activity", &received.fact.activities);
            push_keys(&mut keys, "platform", &received.fact.platforms);
        }
        for rectified in &self.rectification_executed {
            push_keys(&mut keys, "system", &rectified.fact.systems);
            push_keys(&mut keys, "party", &rectified.fact.parties);
        }
        for erased in &self.erasure_executed {
            push_keys(&mut keys, "system", &erased.fact.systems);
            push_keys(&mut keys, "platform", &erased.fact.platforms);
            push_keys(&mut keys, "party", &erased.fact.parties);
        }
        for restricted in &self.restriction_applied {
            push_keys(&mut keys, "system", &restricted.fact.systems);
            push_keys(&mut keys, "activity", &restricted.fact.activities);
        }
        self.recipients_notified.iter().for_each(|told| push_keys(&mut keys, "party", &told.fact.parties));
        keys
    }
}

fn well_formed(event: &DataSubjectRequestEvent) -> Result<(), Refusal> {
    use DataSubjectRequestEvent as E;
    match event {
        E::Received(event) => {
            not_empty("rights", &event.rights)?;
            distinct("rights", &event.rights)?;
            links("activities", "activity", &event.activities)?;
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
            links("activities", "activity", &event.activities)
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
    /// Facts may come in any order, so handling moves the request onwards only, except back to the person, who may be
    /// asked again; and a right that is still open keeps the whole open.
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

    fn change(&mut self, right: Right, recorded: &Recorded, change: impl Fn(&mut RightStanding)) {
        let sequence = recorded.sequence;
        if !self.rights.iter().any(|standing| standing.right == right) {
            let new = RightStanding { right, outcome: None, decided: None, executed: None, answered: None, sequence };
            self.rights.push(new);
        }
        for standing in self.rights.iter_mut().filter(|standing| standing.right == right) {
            change(standing);
            standing.sequence = sequence;
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
