//! Accounts on platforms: who keeps them for which unit, who may post from them, and how they are secured (GDPR Art.
//! 24, 29, 32).
//!
//! An account that existed before the ledger may be recorded from any point of its life: what is missing is missing,
//! and a rule says so.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Dated, Refusal, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

choice! {
    /// For whom an account speaks.
    Kind "AccountKind" {
        /// For the institution or a part of it.
        Brand = "merkaccount",
        /// For one person, who works for the institution.
        Personal = "persoonlijk account",
    }
}

choice! {
    /// In which direction an account is used.
    Mode "AccountMode" {
        /// In both directions.
        Normal = "tweerichtingsverkeer",
        /// One way only: it sends and does not answer.
        Broadcast = "alleen verzenden",
    }
}

record! {
    /// An account is registered.
    Registered "AccountRegistered" "AccountRegisteredInput" {
        /// The platform on which it is.
        platform: Code = "platform",
        /// The unit that keeps it.
        unit: Option<Code>,
        /// For whom it speaks.
        kind: Option<Kind>,
        /// Its name on the platform.
        name: Option<Erasable<String>>,
        /// Whether it shows the official logo.
        logo: Option<bool> = "toont logo",
        /// Whether it says that its posts are personal views.
        disclaimer: Option<bool> = "toont disclaimer",
        /// The processing activities that it serves (GDPR Art. 30(1)).
        activities: Vec<StreamId>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What the contact person advises on opening an account.
    OpeningAdvice "AccountOpeningAdvice" {
        /// Open it.
        Positive = "positief",
        /// Open it under conditions.
        PositiveWithConditions = "positief onder voorwaarden",
        /// Do not open it.
        Negative = "negatief",
    }
}

record! {
    /// It is assessed whether an account should be opened (GDPR Art. 24(1), 25(1)).
    OpeningAssessed "AccountOpeningAssessed" "AccountOpeningAssessedInput" {
        /// The platform on which it would be.
        platform: Option<Code> = "platform",
        /// The unit that would keep it.
        unit: Option<Code>,
        /// Whether there is enough to post.
        enough_content: Option<bool> = "genoeg inhoud",
        /// Whether there are enough people to keep it.
        enough_staff: Option<bool> = "genoeg bezetting",
        /// What the contact person for social media advises.
        advice: Option<OpeningAdvice> = "advies",
        /// The advice in words.
        advice_text: Option<Erasable<String>> = "tekst van het advies",
        /// The assessment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An account is opened.
    Opened "AccountOpened" "AccountOpenedInput" {
        /// The platform on which it is.
        platform: Option<Code> = "platform",
        /// The unit that keeps it.
        unit: Option<Code>,
        /// For whom it speaks.
        kind: Option<Kind>,
        /// In which direction it is used.
        mode: Option<Mode> = "gebruikswijze",
        /// The role that answers for it.
        owner: Option<Code> = "eigenaar",
        /// The role that stands in for the owner.
        back_up: Option<Code> = "vervanger",
        /// The processing activities that it serves (GDPR Art. 30(1)).
        activities: Vec<StreamId>,
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is set in which direction an account is used.
    ModeSet "AccountModeSet" "AccountModeSetInput" {
        /// In which direction.
        mode: Mode = "gebruikswijze",
        /// The processing activity to which messages are led that come in all the same.
        inbound_activity: Option<StreamId> = "verwerkingsactiviteit voor inkomende berichten",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a posting mandate allows.
    PostingScope "AccountPostingScope" {
        /// To post without approval.
        PublishDirectly = "zelfstandig plaatsen",
        /// To post what was approved.
        PublishAfterApproval = "plaatsen na goedkeuring",
        /// To answer without approval.
        AnswerDirectly = "zelfstandig beantwoorden",
        /// To answer what was approved.
        AnswerAfterApproval = "beantwoorden na goedkeuring",
        /// To approve what others post.
        Approve = "goedkeuren",
    }
}

record! {
    /// Somebody may post from an account (GDPR Art. 29, 32(4)); a later mandate of the same holder replaces this one.
    PostingMandateGranted "AccountPostingMandateGranted" "AccountPostingMandateGrantedInput" {
        /// The holder, by the opaque id under which facts are recorded, never a name.
        holder: Option<Code> = "houder",
        /// The role that holds it.
        role: Option<Code> = "rol",
        /// What it allows.
        scope: Vec<PostingScope> = "reikwijdte",
        /// Until when; absent: without an end.
        until: Option<PartialDate> = "tot",
        /// The role of the supervisor with whom it was agreed.
        agreed_with: Option<Code> = "afgesproken met",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The credentials of an account are changed (GDPR Art. 32(1)(b)).
    CredentialRotated "AccountCredentialRotated" "AccountCredentialRotatedInput" {
        /// Whether it is attested that a second factor is asked for.
        mfa: Option<bool> = "meervoudige authenticatie bevestigd",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An account is in the hands of others (GDPR Art. 4(12), 33).
    Compromised "AccountCompromised" "AccountCompromisedInput" {
        /// The platform on which it is.
        platform: Option<Code> = "platform",
        /// The unit that keeps it.
        unit: Option<Code>,
        /// When it was discovered.
        discovered: Option<PartialDate> = "ontdekt",
        /// When the contact person for social media was told.
        contact_informed: Option<PartialDate> = "contactpersoon ingelicht",
        /// The incident that was reported for it.
        breach: Option<StreamId> = "datalek",
        /// What happened.
        text: Option<Erasable<String>> = "toedracht",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An account is closed.
    Closed "AccountClosed" "AccountClosedInput" {
        /// The platform on which it was.
        platform: Option<Code> = "platform",
        /// The unit that kept it.
        unit: Option<Code>,
        /// Why.
        reason: Option<Erasable<String>>,
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Whether what was posted is gone as well.
        content_removed: Option<bool> = "inhoud verwijderd",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to an account.
    AccountEvent "AccountEvent" "AccountEventInput",
    retracted "AccountRetracted" "AccountRetractedInput"
    {
        /// An account is registered.
        Registered "registered" 1 "AccountRegistered" = "geregistreerd",
        /// It is assessed whether it should be opened.
        OpeningAssessed "openingAssessed" 1 "AccountOpeningAssessed" = "opening beoordeeld",
        /// It is opened.
        Opened "opened" 1 "AccountOpened" = "geopend",
        /// It is set in which direction it is used.
        ModeSet "modeSet" 1 "AccountModeSet" = "gebruikswijze ingesteld",
        /// Somebody may post from it.
        PostingMandateGranted "postingMandateGranted" 1 "PostingMandateGranted" = "plaatsingsmandaat verleend",
        /// Its credentials are changed.
        CredentialRotated "credentialRotated" 1 "CredentialRotated" = "inloggegevens gewijzigd",
        /// It is in the hands of others.
        Compromised "compromised" 1 "AccountCompromised" = "gecompromitteerd",
        /// It is closed.
        Closed "closed" 1 "AccountClosed" = "gesloten",
    }
}

choice! {
    /// Where an account stands.
    #[derive(Default)]
    AccountStatus "AccountStatus" {
        /// Registered or assessed, but not opened as far as recorded.
        #[default]
        Proposed = "voorgenomen",
        /// Opened, and in use.
        Active = "actief",
        /// In the hands of others, until its credentials are changed.
        Compromised = "gecompromitteerd",
        /// Closed.
        Closed = "gesloten",
    }
}

dossier! {
    /// An account at one moment.
    Account "AccountState" follows AccountEvent, status AccountStatus {
        /// Its registration.
        registered: once Registered,
        /// Assessments of whether it should be opened, oldest first.
        opening_assessed: every OpeningAssessed,
        /// Its opening.
        opened: once Opened -> Active,
        /// What was set of its direction, oldest first.
        mode_set: every ModeSet needs registered or opened,
        /// All mandates to post from it, oldest first.
        posting_mandate_granted: every PostingMandateGranted,
        /// Changes of its credentials, oldest first.
        credential_rotated: every CredentialRotated needs registered or opened or compromised,
        /// When it was in the hands of others, oldest first.
        compromised: every Compromised -> Compromised,
        /// Its end.
        closed: last Closed -> Closed,
    } and {
        /// The platform on which it is.
        platform: Option<Code> = "platform",
        /// The unit that keeps it.
        unit: Option<Code>,
        /// For whom it speaks.
        kind: Option<Kind>,
        /// In which direction it is used now.
        mode: Option<Mode> = "gebruikswijze",
        /// The role that answers for it.
        owner: Option<Code> = "eigenaar",
        /// The role that stands in for the owner.
        back_up: Option<Code> = "vervanger",
        /// The newest mandate of each holder.
        mandates: Vec<Dated<PostingMandateGranted>> = "plaatsingsmandaten",
    }
}

filter! {
    "AccountFilter" {
        /// Accounts on a platform.
        platform "platform": Code,
        /// Accounts of a unit.
        unit "unit": Code,
        /// Accounts that speak for the institution, or for a person.
        kind "kind": Kind,
        /// Accounts that are used so.
        mode "mode": Mode,
        /// Accounts that serve a processing activity.
        activity "activity": StreamId,
        /// Accounts that stand so.
        status "status": AccountStatus,
    }
}

impl Family for Account {
    const NAME: &'static str = "account";
    const LABEL_NL: &'static str = "platformaccount";
    const GRAPHQL_NAME: &'static str = "Account";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "platforms",
            "platforms",
            "platform",
            By::Shared("platform", "platform"),
            "The platform on which it is.",
        ),
        Relation::many(
            "managementUnits",
            "beheerseenheden",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit that keeps it.",
        ),
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities that it serves.",
        ),
        Relation::many(
            "publications",
            "publicaties",
            "publication",
            By::Theirs("account"),
            "What was published from it.",
        ),
        Relation::many(
            "boardDecisions",
            "bestuursbesluiten",
            "boardDecision",
            By::Shared("platform", "platform"),
            "The board's decisions on the use of its platform.",
        ),
        Relation::many(
            "breaches",
            "datalekken",
            "breach",
            By::Ours("breach"),
            "The incidents reported when it was in the hands of others.",
        ),
    ];
    type Event = AccountEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &AccountEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use AccountEvent as E;
        self.admit_order(event)?;
        if self.closed.is_some() && goes_on(event) {
            return Err(Refusal::new(RejectionCode::Ended, "", "this account is closed already"));
        }
        match event {
            E::Registered(event) => admit_activities(&event.activities),
            E::Opened(event) => admit_activities(&event.activities),
            E::ModeSet(event) => link("inboundActivity", "activity", &event.inbound_activity),
            E::PostingMandateGranted(event) => admit_mandate(event, context.place),
            E::Compromised(event) => link("breach", "breach", &event.breach),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &AccountEvent, recorded: &Recorded) {
        use AccountEvent as E;
        let before = self.status;
        if before == AccountStatus::Closed && goes_on(event) {
            note_anomaly(&mut self.anomalies, recorded, "the account had been closed before");
        }
        self.keep(event, recorded);
        match event {
            E::Registered(event) => {
                self.belong(Some(&event.platform), event.unit.as_ref());
                self.kind = event.kind.or(self.kind);
            }
            E::OpeningAssessed(event) => self.belong(event.platform.as_ref(), event.unit.as_ref()),
            E::Opened(event) => self.open(event),
            E::ModeSet(event) => self.mode = Some(event.mode),
            E::PostingMandateGranted(event) => self.mandate(event, recorded),
            E::CredentialRotated(_) if before == AccountStatus::Compromised => self.status = AccountStatus::Active,
            E::Compromised(event) => self.belong(event.platform.as_ref(), event.unit.as_ref()),
            E::Closed(event) => self.belong(event.platform.as_ref(), event.unit.as_ref()),
            E::CredentialRotated(_) | E::Retracted(_) => {}
        }
        if before == AccountStatus::Closed {
            self.status = before;
        }
    }

    fn keys(&self) -> Keys {
        let registered = self.registered.iter().flat_map(|registered| &registered.fact.activities);
        let opened = self.opened.iter().flat_map(|opened| &opened.fact.activities);
        let inbound = self.mode_set.iter().filter_map(|set| set.fact.inbound_activity.as_ref());
        let breaches = self.compromised.iter().filter_map(|compromised| compromised.fact.breach.as_ref());
        let platforms = self.platform.iter().map(|platform| ("platform", platform.to_string()));
        platforms
            .chain(self.unit.iter().map(|unit| ("unit", unit.to_string())))
            .chain(self.kind.map(|kind| ("kind", key_text(&kind))))
            .chain(self.mode.map(|mode| ("mode", key_text(&mode))))
            .chain(registered.chain(opened).chain(inbound).map(|activity| ("activity", activity.to_string())))
            .chain(breaches.map(|breach| ("breach", breach.to_string())))
            .chain([("status", key_text(&self.status))])
            .collect()
    }
}

/// Whether a fact says that the account goes on; a late registration, and the discovery of an abuse, do not.
fn goes_on(event: &AccountEvent) -> bool {
    use AccountEvent as E;
    matches!(event, E::Opened(_) | E::ModeSet(_) | E::PostingMandateGranted(_) | E::CredentialRotated(_) | E::Closed(_))
}

fn admit_activities(activities: &[StreamId]) -> Result<(), Refusal> {
    link("activities", "activity", activities)
}

fn admit_mandate(event: &PostingMandateGranted, place: &Recorded) -> Result<(), Refusal> {
    if event.holder.is_none() && event.role.is_none() {
        return Err(Refusal::new(
            RejectionCode::Malformed,
            "holder",
            "give the holder, the role that holds it, or both",
        ));
    }
    if event.until.is_some_and(|until| until.latest() < place.effective.earliest()) {
        return Err(Refusal::new(RejectionCode::Malformed, "until", "the mandate would end before it begins"));
    }
    let mut seen = std::collections::BTreeSet::new();
    match event.scope.iter().find(|scope| !seen.insert(**scope)) {
        Some(scope) => {
            let message = format!("{} occurs twice in `scope`", key_text(scope));
            Err(Refusal::new(RejectionCode::Malformed, "scope", message))
        }
        None => Ok(()),
    }
}

impl Account {
    fn belong(&mut self, platform: Option<&Code>, unit: Option<&Code>) {
        self.platform = platform.cloned().or(self.platform.take());
        self.unit = unit.cloned().or(self.unit.take());
    }

    fn open(&mut self, event: &Opened) {
        self.belong(event.platform.as_ref(), event.unit.as_ref());
        self.kind = event.kind.or(self.kind);
        self.mode = event.mode.or(self.mode);
        self.owner = event.owner.clone().or(self.owner.take());
        self.back_up = event.back_up.clone().or(self.back_up.take());
    }

    fn mandate(&mut self, event: &PostingMandateGranted, recorded: &Recorded) {
        // Without a holder the mandate is the role's.
        let same = |held: &PostingMandateGranted| {
            held.holder == event.holder && (event.holder.is_some() || held.role == event.role)
        };
        self.mandates.retain(|mandate| !same(&mandate.fact));
        self.mandates.push(Dated::new(event, recorded));
    }
}

#[cfg(test)]
mod tests;
