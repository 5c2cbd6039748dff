//! Accounts on platforms: who keeps them for which unit, who may post from them, and how they are secured (GDPR Art.
//! 24, 29, 32).
//!
//! An account that existed before the ledger may be recorded from any point of its life: what is missing is missing,
//! and a rule says so.

use crate::family::declare;
use crate::family::dossier::{Dated, Newer, Refusal, distinct, ended, link, malformed, not_reversed};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, note_anomaly, push_keys};
use crate::family::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

declare! {
    family Account many accounts = "platformaccount";

    /// For whom an account speaks.
    choice Kind as "AccountKind" {
        Brand = "merkaccount" "For the institution or a part of it.",
        Personal = "persoonlijk account" "For one person, who works for the institution.",
    }

    /// In which direction an account is used.
    choice Mode as "AccountMode" {
        Normal = "tweerichtingsverkeer" "In both directions.",
        Broadcast = "alleen verzenden" "One way only: it sends and does not answer.",
    }

    /// An account is registered.
    event Registered as "AccountRegistered" = "geregistreerd", once registered "Its registration." {
        platform: Code = "platform" "The platform on which it is.",
        unit: Code? "The unit that keeps it.",
        kind: Kind? "For whom it speaks.",
        name: Erasable<String>? "Its name on the platform.",
        logo: bool? = "toont logo" "Whether it shows the official logo.",
        disclaimer: bool? = "toont disclaimer" "Whether it says that its posts are personal views.",
        activities: Vec<StreamId> "The processing activities that it serves (GDPR Art. 30(1)).",
    }

    /// What the contact person advises on opening an account.
    choice OpeningAdvice as "AccountOpeningAdvice" {
        Positive = "positief" "Open it.",
        PositiveWithConditions = "positief onder voorwaarden" "Open it under conditions.",
        Negative = "negatief" "Do not open it.",
    }

    /// It is assessed whether an account should be opened (GDPR Art. 24(1), 25(1)).
    event OpeningAssessed as "AccountOpeningAssessed" = "opening beoordeeld",
        every opening_assessed "Assessments of whether it should be opened, oldest first." {
        platform: Code? = "platform" "The platform on which it would be.",
        unit: Code? "The unit that would keep it.",
        enough_content: bool? = "genoeg inhoud" "Whether there is enough to post.",
        enough_staff: bool? = "genoeg bezetting" "Whether there are enough people to keep it.",
        advice: OpeningAdvice? "What the contact person for social media advises.",
        advice_text: Erasable<String>? = "tekst van het advies" "The advice in words.",
        document: Document? "The assessment as a document.",
    }

    /// An account is opened.
    event Opened as "AccountOpened" = "geopend", once opened -> Active "Its opening." {
        platform: Code? = "platform" "The platform on which it is.",
        unit: Code? "The unit that keeps it.",
        kind: Kind? "For whom it speaks.",
        mode: Mode? = "gebruikswijze" "In which direction it is used.",
        owner: Code? = "eigenaar" "The role that answers for it.",
        back_up: Code? = "vervanger" "The role that stands in for the owner.",
        activities: Vec<StreamId> "The processing activities that it serves (GDPR Art. 30(1)).",
        decision: Code? "The decision behind it.",
    }

    /// It is set in which direction an account is used.
    event ModeSet as "AccountModeSet" = "gebruikswijze ingesteld",
        every mode_set needs registered or opened "What was set of its direction, oldest first." {
        mode: Mode = "gebruikswijze" "In which direction.",
        inbound_activity: StreamId? = "verwerkingsactiviteit voor inkomende berichten"
            "The processing activity to which messages are led that come in all the same.",
    }

    /// What a posting mandate allows.
    choice PostingScope as "AccountPostingScope" {
        PublishDirectly = "zelfstandig plaatsen" "To post without approval.",
        PublishAfterApproval = "plaatsen na goedkeuring" "To post what was approved.",
        AnswerDirectly = "zelfstandig beantwoorden" "To answer without approval.",
        AnswerAfterApproval = "beantwoorden na goedkeuring" "To answer what was approved.",
        Approve = "goedkeuren" "To approve what others post.",
    }

    /// Somebody may post from an account (GDPR Art. 29, 32(4)); a later mandate of the same holder replaces this one.
    event PostingMandateGranted as "AccountPostingMandateGranted" domain "PostingMandateGranted"
        = "plaatsingsmandaat verleend", every posting_mandate_granted "All mandates to post from it, oldest first." {
        holder: Code? = "houder" "The holder, by the opaque id under which facts are recorded, never a name.",
        role: Code? "The role that holds it.",
        scope: Vec<PostingScope> = "reikwijdte" "What it allows.",
        until: PartialDate? = "tot" "Until when; absent: without an end.",
        agreed_with: Code? = "afgesproken met" "The role of the supervisor with whom it was agreed.",
    }

    /// The credentials of an account are changed (GDPR Art. 32(1)(b)).
    event CredentialRotated as "AccountCredentialRotated" domain "CredentialRotated" = "inloggegevens gewijzigd",
        every credential_rotated needs registered or opened or compromised "Changes of its credentials, oldest first." {
        mfa: bool? = "meervoudige authenticatie bevestigd" "Whether it is attested that a second factor is asked for.",
    }

    /// An account is in the hands of others (GDPR Art. 4(12), 33).
    event Compromised as "AccountCompromised" = "gecompromitteerd",
        every compromised -> Compromised "When it was in the hands of others, oldest first." {
        platform: Code? = "platform" "The platform on which it is.",
        unit: Code? "The unit that keeps it.",
        discovered: PartialDate? = "ontdekt" "When it was discovered.",
        contact_informed: PartialDate? = "contactpersoon ingelicht" "When the contact for social media was told.",
        breach: StreamId? = "datalek" key "The incident that was reported for it.",
        text: Erasable<String>? = "toedracht" "What happened.",
    }

    /// An account is closed.
    event Closed as "AccountClosed" = "gesloten", last closed -> Closed "Its end." {
        platform: Code? = "platform" "The platform on which it was.",
        unit: Code? "The unit that kept it.",
        reason: Erasable<String>? "Why.",
        decision: Code? "The decision behind it.",
        content_removed: bool? = "inhoud verwijderd" "Whether what was posted is gone as well.",
    }

    /// Where an account stands.
    choice AccountStatus {
        #[default] Proposed = "voorgenomen" "Registered or assessed, but not opened as far as recorded.",
        Active = "actief" "Opened, and in use.",
        Compromised = "gecompromitteerd" "In the hands of others, until its credentials are changed.",
        Closed = "gesloten" "Closed.",
    }

    /// An account at one moment.
    state Account as "AccountState" of AccountStatus key {
        platform: Code? = "platform" key "The platform on which it is.",
        unit: Code? key "The unit that keeps it.",
        kind: Kind? key "For whom it speaks.",
        mode: Mode? = "gebruikswijze" key "In which direction it is used now.",
        owner: Code? = "eigenaar" "The role that answers for it.",
        back_up: Code? = "vervanger" "The role that stands in for the owner.",
        mandates: Vec<Dated<PostingMandateGranted>> = "plaatsingsmandaten" "The newest mandate of each holder.",
    }

    keys {
        activity: StreamId "Accounts that serve a processing activity.",
    }

    relations {
        platforms: many platform shared platform platform = "platforms" "The platform on which it is.",
        managementUnits: many managementUnit shared unit unit = "beheerseenheden" "The unit that keeps it.",
        activities: many activity ours activity = "verwerkingsactiviteiten" "The processing activities that it serves.",
        publications: many publication theirs account = "publicaties" "What was published from it.",
        boardDecisions: many boardDecision shared platform platform = "bestuursbesluiten"
            "The board's decisions on the use of its platform.",
        breaches: many breach ours breach = "datalekken" "The incidents reported when it was in the hands of others.",
    }
}

impl Family for Account {
    fn admit(&self, event: &AccountEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use AccountEvent as E;
        self.admit_order(event)?;
        if self.closed.is_some() && goes_on(event) {
            return ended("this account is closed already");
        }
        match event {
            E::Registered(event) => link("activities", "activity", &event.activities),
            E::Opened(event) => link("activities", "activity", &event.activities),
            E::ModeSet(event) => link("inboundActivity", "activity", &event.inbound_activity),
            E::PostingMandateGranted(event) if event.holder.is_none() && event.role.is_none() => {
                malformed("holder", "give the holder, the role that holds it, or both")
            }
            E::PostingMandateGranted(event) => {
                not_reversed("until", Some(context.place.effective), event.until)?;
                distinct("scope", &event.scope)
            }
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
                self.platform = Some(event.platform.clone());
                Newer::take_over(&mut self.unit, &event.unit);
                Newer::take_over(&mut self.kind, &event.kind);
            }
            E::Opened(event) => {
                Newer::take_over(&mut self.platform, &event.platform);
                Newer::take_over(&mut self.unit, &event.unit);
                Newer::take_over(&mut self.kind, &event.kind);
                Newer::take_over(&mut self.mode, &event.mode);
                Newer::take_over(&mut self.owner, &event.owner);
                Newer::take_over(&mut self.back_up, &event.back_up);
            }
            E::OpeningAssessed(OpeningAssessed { platform, unit, .. })
            | E::Compromised(Compromised { platform, unit, .. })
            | E::Closed(Closed { platform, unit, .. }) => {
                Newer::take_over(&mut self.platform, platform);
                Newer::take_over(&mut self.unit, unit);
            }
            E::ModeSet(event) => self.mode = Some(event.mode),
            E::PostingMandateGranted(event) => self.mandate(event, recorded),
            E::CredentialRotated(_) if before == AccountStatus::Compromised => self.status = AccountStatus::Active,
            _ => {}
        }
        if before == AccountStatus::Closed {
            self.status = before;
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        self.registered.iter().for_each(|registered| push_keys(&mut keys, "activity", &registered.fact.activities));
        self.opened.iter().for_each(|opened| push_keys(&mut keys, "activity", &opened.fact.activities));
        self.mode_set.iter().for_each(|set| push_keys(&mut keys, "activity", &set.fact.inbound_activity));
        keys
    }
}

/// Whether a fact says that the account goes on; a late registration, and the discovery of an abuse, do not.
fn goes_on(event: &AccountEvent) -> bool {
    use AccountEvent as E;
    matches!(event, E::Opened(_) | E::ModeSet(_) | E::PostingMandateGranted(_) | E::CredentialRotated(_) | E::Closed(_))
}

impl Account {
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
