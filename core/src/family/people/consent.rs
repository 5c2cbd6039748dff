//! Consent records: what one person agreed to, on which text, and what became of it (GDPR Art. 4(11), 7, 8).
//!
//! A consent record says who answered what and when; whether the consent is *valid* is a verdict, not a state.

use crate::family::activity::LegalReference;
use crate::family::consent_text::{Channel, ConsentText};
use crate::family::declare;
use crate::family::dossier::{Refusal, controllers_act, distinct, needed, not_empty};
use crate::family::kit::{Context, Family, Recorded, RejectionCode, note_anomaly};
use crate::family::value::{AnnulmentEffect, Evidence};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{Calendar, Instant, PartialDate, Term, day_of};

declare! {
    family Consent many consents = "toestemming", about a person;

    /// The answer to one item.
    choice Decision as "ConsentDecision" {
        Yes "Agreed.",
        No "Not agreed.",
    }

    /// The answer to one item of a consent text.
    record ItemDecision as "ConsentItemDecision" {
        code: Code = "onderdeel" "The item's code in that version of the text.",
        decision: Decision = "antwoord" "The answer.",
    }

    /// How strongly consent was expressed.
    choice Expression as "ConsentExpression" {
        Expressed = "ondubbelzinnig" "By a statement or a clear affirmative act (Art. 4(11)).",
        Explicit = "uitdrukkelijk" "By an express statement (Art. 9(2)(a), 22(2)(c), 49(1)(a)).",
    }

    /// By which act consent was given.
    choice Method as "ConsentMethod" {
        SignedForm = "ondertekend formulier" "A signed form.",
        Web = "website" "A web form.",
        Banner = "banner" "A cookie banner.",
        Oral "Spoken words.",
    }

    /// The band of age; never a birthday (Art. 8, UAVG Art. 5).
    choice AgeBand {
        Under16 as "UNDER_16" = "jonger dan 16 jaar" "Under 16.",
        From16 as "FROM_16" = "16 jaar of ouder" "16 or older.",
    }

    /// On what a representative's authority rests.
    choice Authority as "RepresentativeAuthority" {
        ParentDeclaration = "verklaring van een ouder" "A declaration of a parent.",
        Guardianship = "voogdij" "Guardianship.",
        Curatorship = "curatele of mentorschap" "Curatorship or mentorship of an adult.",
        PowerOfAttorney = "schriftelijke volmacht" "A written power of attorney.",
    }

    /// The representative by whom consent was given.
    record Representation {
        authority: Authority = "grond van de bevoegdheid" "On what the authority rests.",
        evidence: Erasable<Evidence>? "The evidence for it.",
    }

    /// A person is asked for consent.
    event Requested as "ConsentRequested" = "gevraagd" {
        text: StreamId = "toestemmingstekst" "The consent text.",
        text_version: u32 = "versie van de toestemmingstekst" "Its version.",
        channel: Channel? "By which channel.",
        unit: Code? "The unit that asks.",
    }

    /// A person consents, item by item.
    event Granted as "ConsentGranted" = "gegeven" {
        text: StreamId = "toestemmingstekst" "The consent text.",
        text_version: u32 = "versie van de toestemmingstekst" "Its version.",
        language: Code? "The language in which it was read.",
        items: Vec<ItemDecision> = "antwoorden" "The answers; an item without an answer is not agreed to.",
        expression: Expression? = "wijze van uiten" "How strongly it was expressed.",
        method: Method? = "wijze" "By which act.",
        age_band: AgeBand? = "leeftijdsgroep" "The person's band of age.",
        representative: Representation? = "vertegenwoordiger" "The representative, if one acted.",
        evidence: Erasable<Evidence>? "The evidence that it was given (Art. 7(1)).",
        validity: Term? = "geldigheidsduur" "For how long it is given.",
        unit: Code? "The unit that asked.",
    }

    /// A person refuses.
    event Refused as "ConsentRefused" = "geweigerd" {
        text: StreamId? = "toestemmingstekst" "The consent text.",
        text_version: u32? = "versie van de toestemmingstekst" "Its version.",
    }

    /// A person puts the answer off.
    event Deferred as "ConsentDeferred" = "uitgesteld" {
        until: PartialDate? "Until when, if said.",
    }

    /// A representative is authorised to act for the person.
    event RepresentativeAuthorised = "vertegenwoordiger gemachtigd",
        every authorisations = "machtigingen van vertegenwoordigers"
            "Authorisations of representatives, oldest first." {
        authority: Authority = "grond van de bevoegdheid" "On what the authority rests.",
        evidence: Erasable<Evidence>? "The evidence for it.",
        scope: Vec<Code> = "onderdelen waarvoor de machtiging geldt" "The items that it covers; none named: all.",
        until: PartialDate? "Until when, rounded to the end of the quarter: never a birthday (Art. 8).",
    }

    /// The person is given a receipt or a signed copy.
    event ReceiptIssued as "ConsentReceiptIssued" = "ontvangstbewijs verstrekt" {
        format: Code = "formaat" "Its format, as `ISO_27560`.",
        sha256: Hash "SHA-256 of the receipt.",
    }

    /// A person consents again, on the same or a newer text.
    event Reaffirmed as "ConsentReaffirmed" = "opnieuw gegeven" {
        text: StreamId = "toestemmingstekst" "The consent text.",
        text_version: u32 = "versie van de toestemmingstekst" "Its version.",
        items: Vec<ItemDecision> = "antwoorden" "The answers; they take the place of all earlier ones.",
        method: Method? = "wijze" "By which act.",
        evidence: Erasable<Evidence>? "The evidence that it was given.",
    }

    /// A person changes the answer to one item.
    event ItemChanged as "ConsentItemChanged" = "antwoord gewijzigd" {
        code: Code = "onderdeel" "The item.",
        decision: Decision = "antwoord" "The new answer.",
        channel: Channel? "By which channel.",
    }

    /// A person withdraws consent (Art. 7(3)).
    event Withdrawn as "ConsentWithdrawn" = "ingetrokken",
        every withdrawals = "intrekkingen" "All withdrawals, of items too, oldest first." {
        items: Vec<Code> = "ingetrokken onderdelen" "The items withdrawn; none named: all.",
        channel: Channel? "By which channel.",
    }

    /// A use that goes on after a withdrawal because a statute demands it (Art. 17(3)(b)).
    record UseException as "ConsentUseException" {
        code: Code = "gebruik" "The use.",
        legal_reference: LegalReference? "The statute.",
        reason: Erasable<String>? "Why it demands that the use goes on.",
    }

    /// The uses that rested on a withdrawn consent are ended.
    event WithdrawalActioned = "intrekking afgehandeld",
        every withdrawal_actions = "afhandelingen van intrekkingen" "What was done after withdrawals, oldest first." {
        uses: Vec<Code> = "gestopt gebruik" "The uses that are ended, by code.",
        exceptions: Vec<UseException>? = "gebruik dat de wet voorschrijft"
            "The uses that go on because a statute demands it.",
        complete: bool = "al het gebruik gestopt" "Whether all of them are ended.",
        result: Erasable<String>? = "resultaat" "What was done.",
    }

    /// The time for which consent was given is over.
    event Expired as "ConsentExpired" = "verlopen" {}

    /// The controller gives up relying on the consent.
    event RevokedByController as "ConsentRevokedByController" = "door de verwerkingsverantwoordelijke losgelaten" {
        reason: Erasable<String> "Why.",
    }

    /// Who found the consent invalid.
    choice InvalidatedBy as "ConsentInvalidatedBy" {
        Court = "rechter" "A court.",
        SupervisoryAuthority = "toezichthouder" "The supervisory authority.",
        Dpo = "functionaris gegevensbescherming (FG)" "The data protection officer.",
        Controller "The controller itself.",
    }

    /// The consent is found invalid.
    event Invalidated as "ConsentInvalidated" = "ongeldig bevonden" {
        by: InvalidatedBy "By whom.",
        effect: AnnulmentEffect = "werking" "From when on.",
        reason: Erasable<String>? "Why.",
    }

    /// Why a person is asked to confirm.
    choice InvitationReason as "ConfirmationReason" {
        Age16 as "AGE_16" = "16 jaar geworden" "The person reached 16 and can now speak alone.",
        AuthorityEnded = "bevoegdheid van de vertegenwoordiger geëindigd" "The representative's authority ended.",
        MaterialChange = "wezenlijke wijziging" "The text, purpose or platform changed.",
    }

    /// A person is invited to confirm a consent that stays valid until changed.
    event ConfirmationInvited as "ConsentConfirmationInvited" = "bevestiging gevraagd" {
        reason: InvitationReason "Why.",
    }

    /// Where a consent stands; the statuses of the W3C Data Privacy Vocabulary.
    choice ConsentStatus {
        #[default] Unknown "Nothing is known of an answer.",
        Requested = "gevraagd" "Asked, not answered.",
        Given = "gegeven" "Given.",
        Renewed = "vernieuwd" "Given again.",
        Refused = "geweigerd" "Refused.",
        Deferred = "uitgesteld" "The answer is put off.",
        Withdrawn "Withdrawn as a whole.",
        Expired "Its time is over.",
        Revoked = "door de verwerkingsverantwoordelijke losgelaten" "Given up by the controller.",
        Invalidated = "ongeldig" "Found invalid.",
    }

    /// The answer to an item as it stands.
    record StandingItem as "ConsentItem" {
        code: Code = "onderdeel" "The item's code.",
        decision: Decision = "antwoord" "The answer now.",
        since: PartialDate "Since when.",
        sequence: Sequence "The fact that says so.",
    }

    /// The finding that a consent is invalid.
    record Invalidity as "ConsentInvalidity" {
        finding: Invalidated = "bevinding" "What was found.",
        at: PartialDate = "vastgesteld op" "When.",
        sequence: Sequence "The fact that says so.",
    }

    /// A consent record at one moment.
    state Consent as "ConsentState" of ConsentStatus key {
        text: StreamId? = "toestemmingstekst" key "The consent text last agreed to or asked.",
        text_version: u32? = "versie van de toestemmingstekst" "Its version.",
        language: Code? "The language in which it was read.",
        items: Vec<StandingItem> = "antwoorden" "The answers as they stand.",
        given: PartialDate? = "gegeven op" "When consent was first given.",
        expression: Expression? = "wijze van uiten" "How strongly it was expressed.",
        method: Method? = "wijze" "By which act.",
        age_band: AgeBand? = "leeftijdsgroep" "The person's band of age when consent was given.",
        representative: Representation? = "vertegenwoordiger" "The representative who acted or was authorised.",
        evidence: Erasable<Evidence>? "The evidence that it was given.",
        validity: Term? = "geldigheidsduur" "For how long it was given.",
        valid_until: PartialDate? = "geldig tot en met"
            "The last day of that time: after it the consent carries nothing, whatever its status says, until it is reaffirmed.",
        unit: Code? key "The unit that asked.",
        withdrawn: PartialDate? = "ingetrokken op" "When it was withdrawn as a whole.",
        withdrawal_actioned: bool? = "gebruik na intrekking gestopt"
            "Whether all uses are ended after the withdrawal; absent until somebody says so.",
        invalidity: Invalidity? = "ongeldigheid" "Why it is invalid, if it was found so.",
        confirmation_invited: PartialDate? = "bevestiging gevraagd op" "When confirmation was last asked.",
        receipts: Vec<Hash> = "ontvangstbewijzen" "The receipts given, as SHA-256.",
    }

    relations {
        consentText: one consentText ours text = "toestemmingstekst" "The text last agreed to or asked (Art. 7(1)).",
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit that asked.",
    }
}

impl Family for Consent {
    fn refers(event: &ConsentEvent) -> Vec<StreamId> {
        match event {
            ConsentEvent::Requested(event) => vec![event.text.clone()],
            ConsentEvent::Granted(event) => vec![event.text.clone()],
            ConsentEvent::Reaffirmed(event) => vec![event.text.clone()],
            ConsentEvent::Refused(event) => event.text.iter().cloned().collect(),
            _ => Vec::new(),
        }
    }

    fn admit(&self, event: &ConsentEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use ConsentEvent as E;
        let given = || needed("given", self.given.is_some());
        match event {
            E::Requested(event) => known_items(context, &event.text, event.text_version, &[]),
            E::Granted(_) if self.given.is_some() => {
                let message = "consent was given in this stream already; record `reaffirmed` or `itemChanged`, \
                               or use a stream of its own for another person";
                Err(Refusal::new(RejectionCode::AlreadyExists, "", message))
            }
            E::Granted(event) => answered(context, &event.text, event.text_version, &event.items),
            E::Reaffirmed(event) => {
                given()?;
                answered(context, &event.text, event.text_version, &event.items)
            }
            E::ItemChanged(event) => {
                given()?;
                self.answered_before(&event.code)
            }
            E::Withdrawn(event) => {
                given()?;
                event.items.iter().try_for_each(|code| self.answered_before(code))
            }
            E::WithdrawalActioned(_) => {
                controllers_act(context.place)?;
                let withdrawn = self.withdrawn.is_some() || self.items.iter().any(|item| item.decision == Decision::No);
                needed("withdrawn", withdrawn)
            }
            E::RevokedByController(_) | E::Invalidated(_) | E::ConfirmationInvited(_) | E::ReceiptIssued(_) => {
                controllers_act(context.place)?;
                given()
            }
            E::Expired(_) => given(),
            E::Refused(_) | E::Deferred(_) | E::RepresentativeAuthorised(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &ConsentEvent, recorded: &Recorded) {
        use ConsentEvent as E;
        self.keep(event, recorded);
        match event {
            E::Requested(event) => self.ask(event),
            E::Granted(event) => self.grant(event, recorded),
            E::Refused(_) => self.unanswered(ConsentStatus::Refused, recorded),
            E::Deferred(_) => self.unanswered(ConsentStatus::Deferred, recorded),
            E::RepresentativeAuthorised(RepresentativeAuthorised { authority, evidence, .. }) => {
                self.representative = Some(Representation { authority: *authority, evidence: evidence.clone() });
            }
            E::ReceiptIssued(event) => self.receipts.push(event.sha256),
            E::Reaffirmed(event) => self.reaffirm(event, recorded),
            E::ItemChanged(event) => self.answer(&event.code, event.decision, recorded),
            E::Withdrawn(event) => self.withdraw(event, recorded),
            E::WithdrawalActioned(event) => self.withdrawal_actioned = Some(event.complete),
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
}

/// The text and its version are known, and the answers are to items of it.
fn answered(context: &Context<'_>, text: &StreamId, version: u32, items: &[ItemDecision]) -> Result<(), Refusal> {
    not_empty("items", items)?;
    distinct("items", items.iter().map(|item| &item.code))?;
    known_items(context, text, version, items)
}

fn known_items(context: &Context<'_>, text: &StreamId, version: u32, items: &[ItemDecision]) -> Result<(), Refusal> {
    let unknown = |field, message| Err(Refusal::new(RejectionCode::Unknown, field, message));
    let Some(state) = context.state_of::<ConsentText>(text) else {
        return unknown("text", format!("{text} is not a stream of the family consentText that the ledger knows"));
    };
    let Some(published) = state.version(version) else {
        let message = format!("version {version} of this consent text is not known; record its publication first");
        return unknown("textVersion", message);
    };
    let asked = |item: &&ItemDecision| published.text.items.iter().any(|asked| asked.code == item.code);
    match items.iter().find(|item| !asked(item)) {
        Some(item) => {
            unknown("items", format!("item {} does not occur in that version of the consent text", item.code))
        }
        None => Ok(()),
    }
}

impl Consent {
    fn answered_before(&self, code: &Code) -> Result<(), Refusal> {
        if self.items.iter().any(|item| item.code == *code) {
            return Ok(());
        }
        let message = format!("item {code} was never answered in this consent");
        Err(Refusal::new(RejectionCode::NeverExisted, "items", message))
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
        self.lasts_from(recorded.effective);
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
        self.lasts_from(recorded.effective);
        self.text = Some(event.text.clone());
        self.text_version = Some(event.text_version);
        self.method = event.method.or(self.method);
        self.evidence = event.evidence.clone().or(self.evidence.take());
        self.items = standing(&event.items, recorded);
        self.withdrawn = None;
        self.withdrawal_actioned = None;
    }

    fn lasts_from(&mut self, from: PartialDate) {
        let end = self.validity.map(|term| Calendar::Strict.count(&term, &from).limit.earliest);
        self.valid_until = end.filter(|end| *end < Instant::MAX).map(day_of);
    }

    fn withdraw(&mut self, event: &Withdrawn, recorded: &Recorded) {
        if self.given.is_none() {
            note_anomaly(&mut self.anomalies, recorded, "consent was withdrawn that had not been given yet");
        }
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
        let answer = stand(code, decision, recorded);
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
            let message = "a request was refused or put off after consent was given";
            return note_anomaly(&mut self.anomalies, recorded, message);
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
    items.iter().map(|item| stand(&item.code, item.decision, recorded)).collect()
}

fn stand(code: &Code, decision: Decision, recorded: &Recorded) -> StandingItem {
    StandingItem { code: code.clone(), decision, since: recorded.effective, sequence: recorded.sequence }
}

#[cfg(test)]
mod tests;
