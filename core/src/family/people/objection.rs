//! Objections: a person does not want a processing that rests on public task or legitimate interest, direct marketing,
//! or a decision that no human took (GDPR Art. 21, 22(3)).
//!
//! A stop of direct marketing is final: no fact of this stream leads back from it, only a new consent, which is a
//! stream of its own. That something was sent nevertheless is recorded, not refused. A complaint about adverts that
//! follow a person is an objection too, whatever it is called.

use crate::family::activity::LegalReference;
use crate::family::consent::AgeBand;
use crate::family::data_subject_request::{Addressee, Channel, ExtensionReason, Remedy};
use crate::family::declare;
use crate::family::dossier::{Refusal, controllers_act, distinct, link, links, not_reversed};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::Evidence;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

declare! {
    family Objection many objections = "bezwaar", about a person;

    /// To what a person objects.
    choice ObjectionKind {
        PersonalGrounds = "wegens specifieke situatie"
            "Processing for a public task or a legitimate interest, on personal grounds (Art. 21(1)).",
        DirectMarketing = "direct marketing" "Direct marketing, with the profiling for it (Art. 21(2)-(3)).",
        Retargeting = "retargeting" "Adverts that follow a person, and automated follow-up.",
        Research = "onderzoek of statistiek" "Research or statistics (Art. 21(6)).",
    }

    /// What the person called it.
    choice WrittenAs as "ObjectionWrittenAs" {
        Objection = "bezwaar" "An objection.",
        Complaint = "klacht" "A complaint.",
        Unsubscription = "afmelding" "An unsubscription.",
        Other "Something else.",
    }

    /// An objection comes in (Art. 21).
    event Received as "ObjectionReceived" = "ontvangen", once received -> Received "Its receipt." {
        kind: ObjectionKind? key "To what the person objects.",
        written_as: WrittenAs? = "ingediend als" "What the person called it.",
        channel: Channel? = "kanaal" "How it came in.",
        received_at: PartialDate? = "ontvangen op"
            "When the organisation received it; absent: when the fact takes effect.",
        subject: Erasable<String>? = "betrokkene" "Who objects, as a reference outside the ledger.",
        via_representative: bool? = "via vertegenwoordiger" "Whether a representative objects for the person.",
        age_band: AgeBand? = "leeftijdsgroep" "The person's band of age; never a birthday (UAVG Art. 5).",
        grounds: Erasable<String>? = "gronden" "The grounds, in the person's words (Art. 21(1)).",
        unit: Code? key "The unit that handles it.",
        activities: Vec<StreamId> "The processing activities it concerns, as far as known.",
        purposes: Vec<Code> = "doeleinden" "The purposes it concerns; none named: all of those activities.",
        case: StreamId? = "melding" key "The complaint or query it came out of.",
    }

    /// Processing is halted while the objection is assessed (Art. 18(1)(d), 21(1)).
    event ProcessingHalted as "ObjectionProcessingHalted" domain "ProcessingHalted" = "verwerking opgeschort",
        every processing_halted needs received or automated_decision_contested -> Halted "Halts of processing." {
        purposes: Vec<Code> = "doeleinden" "The purposes that are halted; none named: all it concerns.",
        systems: Vec<Code> = "systemen" "The systems in which it was done.",
    }

    /// The term is extended, and the person is told why, within the month (Art. 12(3)).
    event Extended as "ObjectionExtended" = "termijn verlengd",
        every extended needs received or automated_decision_contested "Extensions; the law knows one." {
        reason: ExtensionReason? "Why.",
        explanation: Erasable<String>? = "toelichting" "The reason in words, as the person was told.",
        notified_at: PartialDate? = "meegedeeld op" "When the person was told; absent: when the fact takes effect.",
    }

    /// What an assessment of compelling grounds leads to (Art. 21(1)).
    choice GroundsOutcome as "CompellingGroundsOutcome" {
        Override = "dwingende gronden wegen zwaarder"
            "Compelling grounds override the person's interests: processing may go on.",
        NoOverride = "geen zwaarder wegende gronden" "They do not.",
        LegalClaims = "nodig voor een rechtsvordering" "Processing serves legal claims.",
    }

    /// The controller assesses whether it has compelling grounds (Art. 21(1)).
    event CompellingGroundsAssessed = "dwingende gronden beoordeeld",
        every compelling_grounds_assessed needs received -> Assessed "Assessments of compelling grounds." {
        outcome: GroundsOutcome? "What it leads to.",
        purposes: Vec<Code> = "doeleinden" "The purposes it concerns; none named: all.",
        considerations: Erasable<String>? = "overwegingen" "The grounds, and what they were weighed against.",
        assessment: StreamId? = "belangenafweging" key "The legitimate-interest assessment that it builds on.",
    }

    /// The objection is justified, and the person is told (Art. 21(1), 12(3)).
    event Upheld as "ObjectionUpheld" = "gegrond verklaard",
        every upheld needs received or automated_decision_contested -> Upheld "Why it is justified." {
        purposes: Vec<Code> = "doeleinden" "The purposes for which it is; none named: all.",
        reasons: Erasable<String>? = "motivering" "The reasons.",
        addressee: Addressee? = "geadresseerde" "To whom the answer is addressed.",
        answered_at: PartialDate? = "beantwoord op" "When the person was told.",
        letter: Erasable<Evidence>? = "brief" "What was sent.",
    }

    /// The objection is rejected, and the person is told (Art. 21(1), 12(4)).
    event Rejected as "ObjectionRejected" = "afgewezen",
        every rejected needs received or automated_decision_contested -> Rejected "Why it is rejected." {
        purposes: Vec<Code> = "doeleinden" "The purposes for which it is; none named: all.",
        reasons: Erasable<String>? = "motivering" "The reasons, as the person was told.",
        legal_references: Vec<LegalReference> = "wettelijke bepalingen" "On which provisions it rests.",
        remedies: Vec<Remedy> = "genoemde rechtsmiddelen" "The remedies that the answer names.",
        addressee: Addressee? = "geadresseerde" "To whom the answer is addressed.",
        announced_at: PartialDate? = "bekendgemaakt op"
            "When it was announced, from which the term of an Awb objection runs; absent: when the fact takes effect.",
        delivered_at: PartialDate? = "ontvangen door betrokkene op"
            "When it was received, from which the term of the court runs.",
        letter: Erasable<Evidence>? = "brief" "What was sent.",
    }

    /// Processing of this person's data is stopped (Art. 21(1), 17(1)(c)).
    event ProcessingStoppedForSubject = "verwerking voor betrokkene gestopt",
        every processing_stopped_for_subject needs received or automated_decision_contested "Stops of processing." {
        purposes: Vec<Code> = "doeleinden" "The purposes for which it is stopped; none named: all it concerns.",
        systems: Vec<Code> = "systemen" "The systems in which it was done.",
        parties: Vec<Code> = "partijen" "The processors and platforms that were told to stop.",
        complete: bool? = "volledig gestopt" "Whether everything has stopped.",
    }

    /// Direct marketing to this person is stopped, for good (Art. 21(3)).
    event DirectMarketingStopped = "direct marketing gestopt",
        every direct_marketing_stopped needs received -> Stopped "Stops of direct marketing; the first one is final." {
        suppression: Code? = "blokkeerlijst" key "The suppression list by which it stays stopped, as `SUP-0001`.",
        platforms: Vec<Code> = "platforms" "The platforms on which it is stopped; none named: everywhere.",
        profiling_stopped: bool? = "profilering gestopt" "Whether the profiling for it is stopped too (Art. 21(2)).",
    }

    /// Direct marketing reaches this person; a campaign itself records the whole of it.
    event DirectMarketingSent = "direct marketing verzonden",
        every direct_marketing_sent "Direct marketing that reached the person." {
        campaign: StreamId? = "campagne" key "The campaign, as a publication.",
        description: Erasable<String>? = "omschrijving" "What was sent.",
        platform: Code? = "platform" "The platform by which it was sent.",
        audience: Erasable<String>? = "doelgroep"
            "The audience, as a reference or fingerprint of the list; the entry holds a salted commitment to it.",
        audience_size: u32? = "omvang van de doelgroep" "How many people it went to.",
        consent: StreamId? = "nieuwe toestemming" key
            "The new consent on which it rests, where marketing had been stopped.",
    }

    /// Something was sent although the person had objected (Art. 21(3)).
    event SentDespiteObjection = "verzonden ondanks bezwaar",
        every sent_despite_objection needs received "What was sent despite the objection." {
        campaign: StreamId? = "campagne" key "The campaign, as a publication.",
        description: Erasable<String>? = "omschrijving" "What was sent.",
        platform: Code? = "platform" "The platform by which it was sent.",
        discovered_at: PartialDate? = "ontdekt op" "When it came to light; it takes effect when it was sent.",
        suppression_checked: bool? = "blokkeerlijst geraadpleegd"
            "Whether the suppression list was checked beforehand.",
        cause: Erasable<String>? = "oorzaak" "How it could happen.",
    }

    /// By what a suppression list knows a person.
    choice SuppressionKeyKind {
        Email = "e-mailadres" "An e-mail address.",
        Phone = "telefoonnummer" "A telephone number.",
        PostalAddress = "postadres" "A postal address.",
        PlatformAccount = "platformaccount" "An account on a platform.",
        Device = "apparaat of browser" "A device or browser.",
        Other "Something else.",
    }

    /// The person is put on a suppression list, so that the objection is remembered.
    event SuppressionListed = "op blokkeerlijst geplaatst", every suppression_listed "Listings on suppression lists." {
        list: Code? = "blokkeerlijst" "The list, as `SUP-0001`.",
        key: Erasable<String>? = "kenmerk" "By what the list knows the person.",
        key_kind: SuppressionKeyKind? = "soort kenmerk" "What kind of thing that is.",
        keep_until: PartialDate? = "bewaren tot"
            "Until when it must be kept; absent: as long as the objection is to be respected.",
    }

    /// The person contests a decision that no human took (Art. 22(3)).
    event AutomatedDecisionContested domain "AdmContested" = "geautomatiseerd besluit betwist",
        every automated_decision_contested -> Received "Automated decisions that are contested." {
        activity: StreamId? "The processing activity in which it was taken.",
        decision: Erasable<String>? = "besluit" "Which decision.",
        view: Erasable<String>? = "standpunt van betrokkene" "The person's point of view.",
        intervention_asked: bool? = "menselijke tussenkomst gevraagd" "Whether human intervention is asked.",
        channel: Channel? = "kanaal" "How it came in.",
        received_at: PartialDate? = "ontvangen op"
            "When the organisation received it; absent: when the fact takes effect.",
        subject: Erasable<String>? = "betrokkene" "Who contests it, as a reference outside the ledger.",
        unit: Code? key "The unit that handles it.",
    }

    /// What a human review of an automated decision leads to.
    choice ReviewOutcome as "HumanReviewOutcome" {
        Confirmed = "bevestigd" "The decision stays.",
        Changed = "gewijzigd" "The decision is changed.",
        Withdrawn = "ingetrokken" "The decision is taken back.",
    }

    /// A human looks at an automated decision again (Art. 22(3)).
    event HumanReviewPerformed = "menselijke herbeoordeling uitgevoerd",
        every human_review_performed needs received or automated_decision_contested -> Assessed
            "Human reviews of them." {
        outcome: ReviewOutcome? "What it leads to.",
        competent: bool? = "bevoegd en deskundig"
            "Whether the reviewer has the authority and knowledge to change the decision.",
        view_heard: bool? = "standpunt gehoord" "Whether the person's point of view was heard.",
        reasons: Erasable<String>? = "motivering" "The reasons.",
        answered_at: PartialDate? = "beantwoord op" "When the person was told.",
    }

    /// Where an objection stands.
    choice ObjectionStatus {
        #[default] NotReceived = "niet ontvangen" "Nothing has come in yet.",
        Received = "ontvangen" "It came in.",
        Halted = "opgeschort" "Processing is halted meanwhile.",
        Assessed = "beoordeeld" "It was looked at.",
        Upheld = "gegrond" "It is justified.",
        Rejected = "afgewezen" "It is rejected.",
        Stopped = "gestopt" "Direct marketing is stopped, for good.",
    }

    /// An objection at one moment.
    state Objection as "ObjectionState" of ObjectionStatus key {
        received_at: PartialDate? = "ontvangen op" "From when the terms run.",
        stopped_purposes: Vec<Code> = "gestopte doeleinden"
            "The purposes for which processing of this person's data is stopped now.",
        open_purposes: Vec<Code> = "niet gestopte doeleinden" "The purposes it names for which it is not stopped.",
        marketing_stopped: PartialDate? = "direct marketing gestopt op" "Since when direct marketing is stopped.",
    }

    keys {
        activity: StreamId "Objections to an activity.",
        purpose: Code "Objections to processing for a purpose.",
    }

    relations {
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit that handles it.",
        activities: many activity ours activity = "betrokken verwerkingsactiviteiten"
            "The processing activities it concerns.",
        case: one case ours case = "melding waaruit het voortkwam" "The complaint or query it came out of.",
        campaigns: many publication ours campaign = "campagnes" "The campaigns that reached the person.",
        assessments: many legitimateInterestAssessment ours assessment = "belangenafwegingen"
            "The legitimate-interest assessments that its own assessment builds on.",
        newConsents: many consent ours consent = "nieuwe toestemmingen"
            "The new consents on which marketing rests after a stop.",
        complaints: many case theirs objection = "klachten waaruit het voortkwam" "The complaints that opened it.",
        removedPublications: many publication theirs objection = "verwijderde publicaties"
            "The publications that were removed upon it.",
        fileErasures: many erasure theirs subject = "wissingen van dit dossier" "What was erased of this file itself.",
    }
}

impl Family for Objection {
    fn admit(&self, event: &ObjectionEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use ObjectionEvent as E;
        if !matches!(event, E::Received(_) | E::AutomatedDecisionContested(_) | E::Retracted(_)) {
            controllers_act(context.place)?;
        }
        self.admit_order(event)?;
        if matches!(event, E::Rejected(_)) && self.status == ObjectionStatus::Stopped {
            let message = "direct marketing was stopped for good; only a new consent of the person leads back";
            return Err(Refusal::new(RejectionCode::Ended, "", message));
        }
        well_formed(event)
    }

    fn apply(&mut self, event: &ObjectionEvent, recorded: &Recorded) {
        let before = self.status;
        self.keep(event, recorded);
        self.follow(event, recorded);
        self.status = self.reached(before, event);
        if before == ObjectionStatus::Stopped && matches!(event, ObjectionEvent::Rejected(_)) {
            note_anomaly(&mut self.anomalies, recorded, "direct marketing had been stopped for good");
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        if let Some(received) = &self.received {
            push_keys(&mut keys, "activity", &received.fact.activities);
            push_keys(&mut keys, "purpose", &received.fact.purposes);
        }
        for contested in &self.automated_decision_contested {
            push_keys(&mut keys, "activity", &contested.fact.activity);
        }
        self.suppression_listed.iter().for_each(|kept| push_keys(&mut keys, "suppression", &kept.fact.list));
        keys
    }
}

fn well_formed(event: &ObjectionEvent) -> Result<(), Refusal> {
    use ObjectionEvent as E;
    match event {
        E::Received(event) => {
            links("activities", "activity", &event.activities)?;
            distinct("purposes", &event.purposes)?;
            link("case", "case", &event.case)
        }
        E::ProcessingHalted(event) => {
            distinct("purposes", &event.purposes)?;
            distinct("systems", &event.systems)
        }
        E::CompellingGroundsAssessed(event) => {
            distinct("purposes", &event.purposes)?;
            link("assessment", "legitimateInterestAssessment", &event.assessment)
        }
        E::Upheld(event) => distinct("purposes", &event.purposes),
        E::Rejected(event) => {
            distinct("purposes", &event.purposes)?;
            distinct("remedies", &event.remedies)?;
            not_reversed("deliveredAt", event.announced_at, event.delivered_at)
        }
        E::ProcessingStoppedForSubject(event) => {
            distinct("purposes", &event.purposes)?;
            distinct("systems", &event.systems)?;
            distinct("parties", &event.parties)
        }
        E::DirectMarketingStopped(event) => distinct("platforms", &event.platforms),
        E::DirectMarketingSent(event) => {
            link("campaign", "publication", &event.campaign)?;
            link("consent", "consent", &event.consent)
        }
        E::SentDespiteObjection(event) => link("campaign", "publication", &event.campaign),
        E::AutomatedDecisionContested(event) => link("activity", "activity", &event.activity),
        E::SuppressionListed(_) | E::HumanReviewPerformed(_) | E::Extended(_) | E::Retracted(_) => Ok(()),
    }
}

impl Objection {
    /// Where the objection stands after a fact. Facts may come in any order, so it moves onwards only, except that the
    /// last of upheld and rejected counts; and from a stop of direct marketing nothing leads away.
    fn reached(&self, before: ObjectionStatus, event: &ObjectionEvent) -> ObjectionStatus {
        use ObjectionEvent as E;
        match event {
            _ if before == ObjectionStatus::Stopped => before,
            E::DirectMarketingStopped(_) if !self.is_of_marketing() => before,
            E::Upheld(_) | E::Rejected(_) => self.status,
            _ => before.max(self.status),
        }
    }

    /// An objection of another kind may stop marketing too, but is not settled by that.
    fn is_of_marketing(&self) -> bool {
        let kind = self.received.as_ref().and_then(|received| received.fact.kind);
        matches!(kind, None | Some(ObjectionKind::DirectMarketing | ObjectionKind::Retargeting))
    }

    /// Fills in what a reader wants as it stands now.
    fn follow(&mut self, event: &ObjectionEvent, recorded: &Recorded) {
        use ObjectionEvent as E;
        match event {
            E::Received(Received { received_at, .. })
            | E::AutomatedDecisionContested(AutomatedDecisionContested { received_at, .. }) => {
                self.received_at = self.received_at.or(*received_at).or(Some(recorded.effective));
            }
            E::ProcessingStoppedForSubject(event) => self.stop(&event.purposes),
            E::DirectMarketingStopped(_) => {
                self.marketing_stopped = self.marketing_stopped.or(Some(recorded.effective));
            }
            _ => {}
        }
        self.open_purposes = self.named().filter(|purpose| !self.stopped_purposes.contains(purpose)).cloned().collect();
    }

    fn stop(&mut self, purposes: &[Code]) {
        let stopped: Vec<Code> = match purposes {
            [] => self.named().cloned().collect(),
            purposes => purposes.to_vec(),
        };
        let new: Vec<Code> = stopped.into_iter().filter(|purpose| !self.stopped_purposes.contains(purpose)).collect();
        self.stopped_purposes.extend(new);
    }

    fn named(&self) -> impl Iterator<Item = &Code> {
        self.received.iter().flat_map(|received| &received.fact.purposes)
    }
}

#[cfg(test)]
mod tests;
