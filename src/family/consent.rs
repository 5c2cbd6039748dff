//! Consent records: what one person agreed to, on which text, and what became of it (GDPR Art. 4(11), 7, 8).
//!
//! A consent record holds who answered what and when; whether the consent is *valid* is a verdict, not a state.

use super::activity::LegalReference;
use super::consent_text::{Channel, ConsentText};
use super::declare::{choice, events, filter, record, state};
use super::dossier::Dated;
use super::kit::{Anomaly, By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{AnnulmentEffect, Evidence};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{PartialDate, Term};

choice! {
    /// The answer to one item.
    Decision "ConsentDecision" {
        /// Agreed.
        Yes,
        /// Not agreed.
        No,
    }
}

record! {
    /// The answer to one item of a consent text.
    ItemDecision "ConsentItemDecision" "ConsentItemDecisionInput" {
        /// The item's code in that version of the text.
        code: Code = "onderdeel",
        /// The answer.
        decision: Decision = "antwoord",
    }
}

choice! {
    /// How strongly consent was expressed.
    Expression "ConsentExpression" {
        /// By a statement or a clear affirmative act (Art. 4(11)).
        Expressed = "ondubbelzinnig",
        /// By an express statement (Art. 9(2)(a), 22(2)(c), 49(1)(a)).
        Explicit = "uitdrukkelijk",
    }
}

choice! {
    /// By which act consent was given.
    Method "ConsentMethod" {
        /// A signed form.
        SignedForm = "ondertekend formulier",
        /// A web form.
        Web = "website",
        /// A cookie banner.
        Banner = "banner",
        /// Spoken words.
        Oral,
    }
}

choice! {
    /// The band of age; never a birthday (Art. 8, UAVG Art. 5).
    AgeBand "AgeBand" {
        /// Under 16.
        #[serde(rename = "UNDER_16")]
        #[cfg_attr(feature = "server", graphql(name = "UNDER_16"))]
        Under16 = "jonger dan 16 jaar",
        /// 16 or older.
        #[serde(rename = "FROM_16")]
        #[cfg_attr(feature = "server", graphql(name = "FROM_16"))]
        From16 = "16 jaar of ouder",
    }
}

choice! {
    /// On what a representative's authority rests.
    Authority "RepresentativeAuthority" {
        /// A declaration of a parent.
        ParentDeclaration = "verklaring van een ouder",
        /// Guardianship.
        Guardianship = "voogdij",
        /// Curatorship or mentorship of an adult.
        Curatorship = "curatele of mentorschap",
        /// A written power of attorney.
        PowerOfAttorney = "schriftelijke volmacht",
    }
}

record! {
    /// The representative by whom consent was given.
    Representation "Representation" "RepresentationInput" {
        /// On what the authority rests.
        authority: Authority = "grond van de bevoegdheid",
        /// The evidence for it.
        evidence: Option<Erasable<Evidence>>,
    }
}

record! {
    /// A person is asked for consent.
    Requested "ConsentRequested" "ConsentRequestedInput" {
        /// The consent text.
        text: StreamId = "toestemmingstekst",
        /// Its version.
        text_version: u32 = "versie van de toestemmingstekst",
        /// By which channel.
        channel: Option<Channel>,
        /// The unit that asks.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A person consents, item by item.
    Granted "ConsentGranted" "ConsentGrantedInput" {
        /// The consent text.
        text: StreamId = "toestemmingstekst",
        /// Its version.
        text_version: u32 = "versie van de toestemmingstekst",
        /// The language in which it was read.
        language: Option<Code>,
        /// The answers; an item without an answer is not agreed to.
        items: Vec<ItemDecision> = "antwoorden",
        /// How strongly it was expressed.
        expression: Option<Expression> = "wijze van uiten",
        /// By which act.
        method: Option<Method> = "wijze",
        /// The person's band of age.
        age_band: Option<AgeBand> = "leeftijdsgroep",
        /// The representative, if one acted.
        representative: Option<Representation> = "vertegenwoordiger",
        /// The evidence that it was given (Art. 7(1)).
        evidence: Option<Erasable<Evidence>>,
        /// For how long it is given.
        validity: Option<Term> = "geldigheidsduur",
        /// The unit that asked.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A person refuses.
    Refused "ConsentRefused" "ConsentRefusedInput" {
        /// The consent text.
        text: Option<StreamId> = "toestemmingstekst",
        /// Its version.
        text_version: Option<u32> = "versie van de toestemmingstekst",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A person puts the answer off.
    Deferred "ConsentDeferred" "ConsentDeferredInput" {
        /// Until when, if said.
        until: Option<PartialDate>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A representative is authorised to act for the person.
    RepresentativeAuthorised "RepresentativeAuthorised" "RepresentativeAuthorisedInput" {
        /// On what the authority rests.
        authority: Authority = "grond van de bevoegdheid",
        /// The evidence for it.
        evidence: Option<Erasable<Evidence>>,
        /// The items for which it holds; none named: all.
        scope: Vec<Code> = "onderdelen waarvoor de machtiging geldt",
        /// Until when, rounded to the end of the quarter: never a birthday (Art. 8).
        until: Option<PartialDate>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The person is given a receipt or a signed copy.
    ReceiptIssued "ConsentReceiptIssued" "ConsentReceiptIssuedInput" {
        /// Its format, as `ISO_27560`.
        format: Code = "formaat",
        /// SHA-256 of the receipt.
        sha256: Hash,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A person consents again, on the same or a newer text.
    Reaffirmed "ConsentReaffirmed" "ConsentReaffirmedInput" {
        /// The consent text.
        text: StreamId = "toestemmingstekst",
        /// Its version.
        text_version: u32 = "versie van de toestemmingstekst",
        /// The answers; they take the place of all earlier ones.
        items: Vec<ItemDecision> = "antwoorden",
        /// By which act.
        method: Option<Method> = "wijze",
        /// The evidence that it was given.
        evidence: Option<Erasable<Evidence>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A person changes the answer to one item.
    ItemChanged "ConsentItemChanged" "ConsentItemChangedInput" {
        /// The item.
        code: Code = "onderdeel",
        /// The new answer.
        decision: Decision = "antwoord",
        /// By which channel.
        channel: Option<Channel>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A person withdraws consent (Art. 7(3)).
    Withdrawn "ConsentWithdrawn" "ConsentWithdrawnInput" {
        /// The items withdrawn; none named: all.
        items: Vec<Code> = "ingetrokken onderdelen",
        /// By which channel.
        channel: Option<Channel>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A use that goes on after a withdrawal because a statute demands it (Art. 17(3)(b)).
    UseException "ConsentUseException" "ConsentUseExceptionInput" {
        /// The use.
        code: Code = "gebruik",
        /// The statute.
        legal_reference: Option<LegalReference>,
        /// Why it demands that the use goes on.
        reason: Option<Erasable<String>>,
    }
}

record! {
    /// The uses that rested on a withdrawn consent are ended.
    WithdrawalActioned "WithdrawalActioned" "WithdrawalActionedInput" {
        /// The uses that are ended, by code.
        uses: Vec<Code> = "gestopt gebruik",
        /// The uses that go on because a statute demands it.
        exceptions: Option<Vec<UseException>> = "gebruik dat de wet voorschrijft",
        /// Whether all of them are ended.
        complete: bool = "al het gebruik gestopt",
        /// What was done.
        result: Option<Erasable<String>> = "resultaat",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The time for which consent was given is over.
    Expired "ConsentExpired" "ConsentExpiredInput" {
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The controller gives up relying on the consent.
    RevokedByController "ConsentRevokedByController" "ConsentRevokedByControllerInput" {
        /// Why.
        reason: Erasable<String>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Who found the consent invalid.
    InvalidatedBy "ConsentInvalidatedBy" {
        /// A court.
        Court = "rechter",
        /// The supervisory authority.
        SupervisoryAuthority = "toezichthouder",
        /// The data protection officer.
        Dpo = "functionaris gegevensbescherming (FG)",
        /// The controller itself.
        Controller,
    }
}

record! {
    /// The consent is found invalid.
    Invalidated "ConsentInvalidated" "ConsentInvalidatedInput" {
        /// By whom.
        by: InvalidatedBy,
        /// From when on.
        effect: AnnulmentEffect = "werking",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why a person is asked to confirm.
    InvitationReason "ConfirmationReason" {
        /// The person reached 16 and can now speak alone.
        #[serde(rename = "AGE_16")]
        #[cfg_attr(feature = "server", graphql(name = "AGE_16"))]
        Age16 = "16 jaar geworden",
        /// The representative's authority ended.
        AuthorityEnded = "bevoegdheid van de vertegenwoordiger geëindigd",
        /// The text, purpose or platform changed.
        MaterialChange = "wezenlijke wijziging",
    }
}

record! {
    /// A person is invited to confirm a consent that stays valid until changed.
    ConfirmationInvited "ConsentConfirmationInvited" "ConsentConfirmationInvitedInput" {
        /// Why.
        reason: InvitationReason,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a consent record.
    ConsentEvent "ConsentEvent" "ConsentEventInput",
    retracted "ConsentRetracted" "ConsentRetractedInput"
    {
        /// Consent is asked.
        Requested "requested" 1 "ConsentRequested" = "gevraagd",
        /// Consent is given.
        Granted "granted" 1 "ConsentGranted" = "gegeven",
        /// Consent is refused.
        Refused "refused" 1 "ConsentRefused" = "geweigerd",
        /// The answer is put off.
        Deferred "deferred" 1 "ConsentDeferred" = "uitgesteld",
        /// A representative is authorised.
        RepresentativeAuthorised "representativeAuthorised" 1 "RepresentativeAuthorised" = "vertegenwoordiger gemachtigd",
        /// A receipt is given.
        ReceiptIssued "receiptIssued" 1 "ConsentReceiptIssued" = "ontvangstbewijs verstrekt",
        /// Consent is given again.
        Reaffirmed "reaffirmed" 1 "ConsentReaffirmed" = "opnieuw gegeven",
        /// One answer changes.
        ItemChanged "itemChanged" 1 "ConsentItemChanged" = "antwoord gewijzigd",
        /// Consent is withdrawn.
        Withdrawn "withdrawn" 1 "ConsentWithdrawn" = "ingetrokken",
        /// Uses are ended after a withdrawal.
        WithdrawalActioned "withdrawalActioned" 1 "WithdrawalActioned" = "intrekking afgehandeld",
        /// The time is over.
        Expired "expired" 1 "ConsentExpired" = "verlopen",
        /// The controller gives it up.
        RevokedByController "revokedByController" 1 "ConsentRevokedByController" = "door de verwerkingsverantwoordelijke losgelaten",
        /// It is found invalid.
        Invalidated "invalidated" 1 "ConsentInvalidated" = "ongeldig bevonden",
        /// Confirmation is asked.
        ConfirmationInvited "confirmationInvited" 1 "ConsentConfirmationInvited" = "bevestiging gevraagd",
    }
}

choice! {
    /// Where a consent stands; the statuses of the W3C Data Privacy Vocabulary.
    #[derive(Default)]
    ConsentStatus "ConsentStatus" {
        /// Nothing is known of an answer.
        #[default]
        Unknown,
        /// Asked, not answered.
        Requested = "gevraagd",
        /// Given.
        Given = "gegeven",
        /// Given again.
        Renewed = "vernieuwd",
        /// Refused.
        Refused = "geweigerd",
        /// The answer is put off.
        Deferred = "uitgesteld",
        /// Withdrawn as a whole.
        Withdrawn,
        /// Its time is over.
        Expired,
        /// Given up by the controller.
        Revoked = "door de verwerkingsverantwoordelijke losgelaten",
        /// Found invalid.
        Invalidated = "ongeldig",
    }
}

state! {
    /// The answer to an item as it stands.
    StandingItem "ConsentItem" {
        /// The item's code.
        code: Code = "onderdeel",
        /// The answer now.
        decision: Decision = "antwoord",
        /// Since when.
        since: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// The finding that a consent is invalid.
    Invalidity "ConsentInvalidity" {
        /// What was found.
        finding: Invalidated = "bevinding",
        /// When.
        at: PartialDate = "vastgesteld op",
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A consent record at one moment.
    #[derive(Default)]
    Consent "ConsentState" {
        /// Where it stands.
        status: ConsentStatus,
        /// The consent text last agreed to or asked.
        text: Option<StreamId> = "toestemmingstekst",
        /// Its version.
        text_version: Option<u32> = "versie van de toestemmingstekst",
        /// The language in which it was read.
        language: Option<Code>,
        /// The answers as they stand.
        items: Vec<StandingItem> = "antwoorden",
        /// When consent was first given.
        given: Option<PartialDate> = "gegeven op",
        /// How strongly it was expressed.
        expression: Option<Expression> = "wijze van uiten",
        /// By which act.
        method: Option<Method> = "wijze",
        /// The person's band of age when consent was given.
        age_band: Option<AgeBand> = "leeftijdsgroep",
        /// The representative who acted or was authorised.
        representative: Option<Representation> = "vertegenwoordiger",
        /// Authorisations of representatives, oldest first.
        authorisations: Vec<Dated<RepresentativeAuthorised>> = "machtigingen van vertegenwoordigers",
        /// The evidence that it was given.
        evidence: Option<Erasable<Evidence>>,
        /// For how long it was given.
        validity: Option<Term> = "geldigheidsduur",
        /// The unit that asked.
        unit: Option<Code>,
        /// When it was withdrawn as a whole.
        withdrawn: Option<PartialDate> = "ingetrokken op",
        /// All withdrawals, of items too, oldest first.
        withdrawals: Vec<Dated<Withdrawn>> = "intrekkingen",
        /// Whether all uses are ended after the withdrawal; absent until somebody says so.
        withdrawal_actioned: Option<bool> = "gebruik na intrekking gestopt",
        /// What was done after withdrawals, oldest first.
        withdrawal_actions: Vec<Dated<WithdrawalActioned>> = "afhandelingen van intrekkingen",
        /// Why it is invalid, if it was found so.
        invalidity: Option<Invalidity> = "ongeldigheid",
        /// When confirmation was last asked.
        confirmation_invited: Option<PartialDate> = "bevestiging gevraagd op",
        /// The receipts given, as SHA-256.
        receipts: Vec<Hash> = "ontvangstbewijzen",
        /// What does not fit.
        anomalies: Vec<Anomaly>,
    }
}

filter! {
    "ConsentFilter" {
        /// Consents on a text.
        text "text": StreamId,
        /// Consents that a unit asked for.
        unit "unit": Code,
        /// Consents that stand so.
        status "status": ConsentStatus,
    }
}

/// Why a fact about a consent is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// A second grant in one stream.
    #[error(
        "consent was given in this stream already; record `reaffirmed` or `itemChanged`, or use a stream of its own for another person"
    )]
    AlreadyGranted,
    /// The stream named is no consent text.
    #[error("{0} is not a stream of the family consentText that the ledger knows")]
    TextUnknown(StreamId),
    /// The text has no such version.
    #[error("version {0} of this consent text is not known; record its publication first")]
    VersionUnknown(u32),
    /// The version has no such item.
    #[error("item {0} does not occur in that version of the consent text")]
    ItemUnknown(Code),
    /// An item is answered twice.
    #[error("item {0} is answered twice")]
    ItemTwice(Code),
    /// No answer at all.
    #[error("answer at least one item")]
    NoItems,
    /// Something ends or changes a consent that was never given.
    #[error("no consent was given in this stream before that moment")]
    NeverGiven,
    /// An item is withdrawn that was never answered.
    #[error("item {0} was never answered in this consent")]
    ItemNeverAnswered(Code),
    /// Nothing was withdrawn that could be actioned.
    #[error("nothing was withdrawn in this consent before that moment")]
    NeverWithdrawn,
    /// Only the controller can say this.
    #[error("a data subject or representative cannot record this; it is the controller's act")]
    ControllersAct,
}

impl super::kit::Rejection for Rejection {
    fn code(&self) -> RejectionCode {
        match self {
            Self::AlreadyGranted => RejectionCode::AlreadyExists,
            Self::TextUnknown(_) | Self::VersionUnknown(_) | Self::ItemUnknown(_) => RejectionCode::Unknown,
            Self::ItemTwice(_) | Self::NoItems => RejectionCode::Malformed,
            Self::NeverGiven | Self::ItemNeverAnswered(_) | Self::NeverWithdrawn => RejectionCode::NeverExisted,
            Self::ControllersAct => RejectionCode::NotThisActor,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::TextUnknown(_) => "text",
            Self::VersionUnknown(_) => "textVersion",
            Self::ItemUnknown(_) | Self::ItemTwice(_) | Self::NoItems | Self::ItemNeverAnswered(_) => "items",
            Self::AlreadyGranted | Self::NeverGiven | Self::NeverWithdrawn | Self::ControllersAct => "",
        }
    }
}

impl Family for Consent {
    const NAME: &'static str = "consent";
    const LABEL_NL: &'static str = "toestemming";
    const GRAPHQL_NAME: &'static str = "Consent";
    const ABOUT_A_PERSON: bool = true;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "consentText",
            "toestemmingstekst",
            "consentText",
            By::Ours("text"),
            "The text last agreed to or asked (Art. 7(1)).",
        ),
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit that asked.",
        ),
    ];
    type Event = ConsentEvent;
    type Filter = Filter;
    type Rejection = Rejection;

    fn refers(event: &ConsentEvent) -> Vec<StreamId> {
        match event {
            ConsentEvent::Requested(event) => vec![event.text.clone()],
            ConsentEvent::Granted(event) => vec![event.text.clone()],
            ConsentEvent::Reaffirmed(event) => vec![event.text.clone()],
            ConsentEvent::Refused(event) => event.text.iter().cloned().collect(),
            _ => Vec::new(),
        }
    }

    fn admit(&self, event: &ConsentEvent, context: &Context<'_>) -> Result<(), Rejection> {
        use ConsentEvent as E;
        let subject = context.place.actor.is_subject();
        match event {
            E::Requested(event) => known_items(context, &event.text, event.text_version, &[]),
            E::Granted(_) if self.given.is_some() => Err(Rejection::AlreadyGranted),
            E::Granted(event) => answered(context, &event.text, event.text_version, &event.items),
            E::Reaffirmed(_) | E::ItemChanged(_) | E::Expired(_) if self.given.is_none() => Err(Rejection::NeverGiven),
            E::Reaffirmed(event) => answered(context, &event.text, event.text_version, &event.items),
            E::ItemChanged(event) => self.answered_before(&event.code),
            E::Withdrawn(_) if self.given.is_none() => Err(Rejection::NeverGiven),
            E::Withdrawn(event) => event.items.iter().try_for_each(|code| self.answered_before(code)),
            E::WithdrawalActioned(_)
            | E::RevokedByController(_)
            | E::Invalidated(_)
            | E::ConfirmationInvited(_)
            | E::ReceiptIssued(_)
                if subject =>
            {
                Err(Rejection::ControllersAct)
            }
            E::RevokedByController(_) | E::Invalidated(_) | E::ConfirmationInvited(_) | E::ReceiptIssued(_)
                if self.given.is_none() =>
            {
                Err(Rejection::NeverGiven)
            }
            E::WithdrawalActioned(_) if !self.anything_withdrawn() => Err(Rejection::NeverWithdrawn),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &ConsentEvent, recorded: &Recorded) {
        use ConsentEvent as E;
        match event {
            E::Requested(event) => self.ask(event),
            E::Granted(event) => self.grant(event, recorded),
            E::Refused(_) => self.unanswered(ConsentStatus::Refused, recorded),
            E::Deferred(_) => self.unanswered(ConsentStatus::Deferred, recorded),
            E::RepresentativeAuthorised(event) => {
                self.authorisations.push(Dated::new(event, recorded));
                self.representative =
                    Some(Representation { authority: event.authority, evidence: event.evidence.clone() });
            }
            E::ReceiptIssued(event) => self.receipts.push(event.sha256),
            E::Reaffirmed(event) => self.reaffirm(event, recorded),
            E::ItemChanged(event) => self.answer(&event.code, event.decision, recorded),
            E::Withdrawn(event) => self.withdraw(event, recorded),
            E::WithdrawalActioned(event) => {
                self.withdrawal_actioned = Some(event.complete);
                self.withdrawal_actions.push(Dated::new(event, recorded));
            }
            E::Expired(_) => self.end(ConsentStatus::Expired, recorded),
            E::RevokedByController(_) => self.end(ConsentStatus::Revoked, recorded),
            E::Invalidated(event) => {
                self.invalidity =
                    Some(Invalidity { finding: event.clone(), at: recorded.effective, sequence: recorded.sequence });
                self.end(ConsentStatus::Invalidated, recorded);
            }
            E::ConfirmationInvited(_) => self.confirmation_invited = Some(recorded.effective),
            E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let text = self.text.iter().map(|text| ("text", text.to_string()));
        let unit = self.unit.iter().map(|unit| ("unit", unit.to_string()));
        text.chain(unit).chain([("status", key_text(&self.status))]).collect()
    }
}

/// The text and its version are known, and the answers are to items of it.
fn answered(context: &Context<'_>, text: &StreamId, version: u32, items: &[ItemDecision]) -> Result<(), Rejection> {
    if items.is_empty() {
        return Err(Rejection::NoItems);
    }
    let mut codes = std::collections::BTreeSet::new();
    match items.iter().find(|item| !codes.insert(&item.code)) {
        Some(item) => Err(Rejection::ItemTwice(item.code.clone())),
        None => known_items(context, text, version, items),
    }
}

fn known_items(context: &Context<'_>, text: &StreamId, version: u32, items: &[ItemDecision]) -> Result<(), Rejection> {
    let state = context.state_of::<ConsentText>(text).ok_or_else(|| Rejection::TextUnknown(text.clone()))?;
    let published = state.version(version).ok_or(Rejection::VersionUnknown(version))?;
    let asked = |item: &&ItemDecision| published.text.items.iter().any(|asked| asked.code == item.code);
    match items.iter().find(|item| !asked(item)) {
        Some(item) => Err(Rejection::ItemUnknown(item.code.clone())),
        None => Ok(()),
    }
}

impl Consent {
    fn answered_before(&self, code: &Code) -> Result<(), Rejection> {
        if self.given.is_none() {
            return Err(Rejection::NeverGiven);
        }
        let answered = self.items.iter().any(|item| item.code == *code);
        if answered { Ok(()) } else { Err(Rejection::ItemNeverAnswered(code.clone())) }
    }

    fn anything_withdrawn(&self) -> bool {
        self.withdrawn.is_some() || self.items.iter().any(|item| item.decision == Decision::No)
    }

    fn ask(&mut self, event: &Requested) {
        self.unit = event.unit.clone().or(self.unit.take());
        if self.given.is_none() {
            self.status = ConsentStatus::Requested;
            self.text = Some(event.text.clone());
            self.text_version = Some(event.text_version);
        }
    }

    fn grant(&mut self, event: &Granted, recorded: &Recorded) {
        if self.given.is_some() {
            return note_anomaly(&mut self.anomalies, recorded, "consent had been given before");
        }
        self.status = ConsentStatus::Given;
        self.given = Some(recorded.effective);
        self.text = Some(event.text.clone());
        self.text_version = Some(event.text_version);
        self.language.clone_from(&event.language);
        self.expression = event.expression;
        self.method = event.method;
        self.age_band = event.age_band;
        self.representative = event.representative.clone().or(self.representative.take());
        self.evidence.clone_from(&event.evidence);
        self.validity = event.validity;
        self.unit = event.unit.clone().or(self.unit.take());
        self.items = standing(&event.items, recorded);
        self.withdrawn = None;
    }

    fn reaffirm(&mut self, event: &Reaffirmed, recorded: &Recorded) {
        if self.given.is_none() {
            note_anomaly(&mut self.anomalies, recorded, "consent was reaffirmed that had not been given yet");
            self.given = Some(recorded.effective);
        }
        self.status = ConsentStatus::Renewed;
        self.text = Some(event.text.clone());
        self.text_version = Some(event.text_version);
        self.method = event.method.or(self.method);
        self.evidence = event.evidence.clone().or(self.evidence.take());
        self.items = standing(&event.items, recorded);
        self.withdrawn = None;
        self.withdrawal_actioned = None;
    }

    fn withdraw(&mut self, event: &Withdrawn, recorded: &Recorded) {
        if self.given.is_none() {
            note_anomaly(&mut self.anomalies, recorded, "consent was withdrawn that had not been given yet");
        }
        self.withdrawals.push(Dated::new(event, recorded));
        let codes: Vec<Code> = match event.items.as_slice() {
            [] => self.items.iter().map(|item| item.code.clone()).collect(),
            items => items.to_vec(),
        };
        codes.iter().for_each(|code| self.answer(code, Decision::No, recorded));
        if self.items.iter().all(|item| item.decision == Decision::No) {
            self.status = ConsentStatus::Withdrawn;
            self.withdrawn = Some(recorded.effective);
        }
    }

    fn answer(&mut self, code: &Code, decision: Decision, recorded: &Recorded) {
        let answer =
            StandingItem { code: code.clone(), decision, since: recorded.effective, sequence: recorded.sequence };
        match self.items.iter_mut().find(|item| item.code == *code) {
            Some(item) if item.decision == decision => {}
            Some(item) => *item = answer,
            None => {
                note_anomaly(&mut self.anomalies, recorded, "an item changed that had not been answered yet");
                self.items.push(answer);
            }
        }
    }

    fn unanswered(&mut self, status: ConsentStatus, recorded: &Recorded) {
        if self.given.is_some() {
            return note_anomaly(
                &mut self.anomalies,
                recorded,
                "a request was refused or put off after consent was given",
            );
        }
        self.status = status;
    }

    fn end(&mut self, status: ConsentStatus, recorded: &Recorded) {
        if self.given.is_none() {
            note_anomaly(&mut self.anomalies, recorded, "a consent ended that had not been given yet");
        }
        self.status = status;
    }
}

fn standing(items: &[ItemDecision], recorded: &Recorded) -> Vec<StandingItem> {
    let stand = |item: &ItemDecision| StandingItem {
        code: item.code.clone(),
        decision: item.decision,
        since: recorded.effective,
        sequence: recorded.sequence,
    };
    items.iter().map(stand).collect()
}

#[cfg(test)]
mod tests;
