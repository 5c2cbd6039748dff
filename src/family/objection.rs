//! Objections: a person does not want a processing that rests on public task or legitimate interest, direct marketing, or a
//! decision that no human took (GDPR Art. 21, 22(3)).
//!
//! A stop of direct marketing is final: no fact of this stream leads back from it, only a new consent, which is a stream of its
//! own. That something was sent all the same is recorded, not refused. A complaint about adverts that follow a person is an
//! objection too, whatever it is called.

use super::activity::LegalReference;
use super::consent::AgeBand;
use super::data_subject_request::{Addressee, Channel, Remedy};
use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, controllers_act, distinct, link, not_reversed};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::Evidence;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

choice! {
    /// To what a person objects.
    ObjectionKind "ObjectionKind" {
        /// Processing for a public task or a legitimate interest, on personal grounds (Art. 21(1)).
        PersonalGrounds = "wegens specifieke situatie",
        /// Direct marketing, with the profiling for it (Art. 21(2)-(3)).
        DirectMarketing = "direct marketing",
        /// Adverts that follow a person, and automated follow-up.
        Retargeting = "retargeting",
        /// Research or statistics (Art. 21(6)).
        Research = "onderzoek of statistiek",
    }
}

choice! {
    /// What the person called it.
    WrittenAs "ObjectionWrittenAs" {
        /// An objection.
        Objection = "bezwaar",
        /// A complaint.
        Complaint = "klacht",
        /// An unsubscription.
        Unsubscription = "afmelding",
        /// Something else.
        Other,
    }
}

record! {
    /// An objection comes in (Art. 21).
    Received "ObjectionReceived" "ObjectionReceivedInput" {
        /// To what the person objects.
        kind: Option<ObjectionKind>,
        /// What the person called it.
        written_as: Option<WrittenAs> = "ingediend als",
        /// How it came in.
        channel: Option<Channel> = "kanaal",
        /// When the organisation received it; absent: when the fact takes effect.
        received_at: Option<PartialDate> = "ontvangen op",
        /// Who objects, as a reference outside the ledger.
        subject: Option<Erasable<String>> = "betrokkene",
        /// Whether a representative objects for the person.
        via_representative: Option<bool> = "via vertegenwoordiger",
        /// The person's band of age; never a birthday (UAVG Art. 5).
        age_band: Option<AgeBand> = "leeftijdsgroep",
        /// The grounds, in the person's words (Art. 21(1)).
        grounds: Option<Erasable<String>> = "gronden",
        /// The unit that handles it.
        unit: Option<Code>,
        /// The processing activities it concerns, as far as known.
        activities: Vec<StreamId>,
        /// The purposes it concerns; none named: all of those activities.
        purposes: Vec<Code> = "doeleinden",
        /// The complaint or query it came out of.
        case: Option<StreamId> = "melding",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Processing is halted while the objection is assessed (Art. 18(1)(d), 21(1)).
    ProcessingHalted "ObjectionProcessingHalted" "ObjectionProcessingHaltedInput" {
        /// The purposes that are halted; none named: all it concerns.
        purposes: Vec<Code> = "doeleinden",
        /// The systems in which it was done.
        systems: Vec<Code> = "systemen",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What an assessment of compelling grounds leads to (Art. 21(1)).
    GroundsOutcome "CompellingGroundsOutcome" {
        /// Compelling grounds override the person's interests: processing may go on.
        Override = "dwingende gronden wegen zwaarder",
        /// They do not.
        NoOverride = "geen zwaarder wegende gronden",
        /// Processing serves legal claims.
        LegalClaims = "nodig voor een rechtsvordering",
    }
}

record! {
    /// The controller assesses whether it has compelling grounds (Art. 21(1)).
    CompellingGroundsAssessed "CompellingGroundsAssessed" "CompellingGroundsAssessedInput" {
        /// What it leads to.
        outcome: Option<GroundsOutcome>,
        /// The purposes it concerns; none named: all.
        purposes: Vec<Code> = "doeleinden",
        /// The grounds, and what they were weighed against.
        considerations: Option<Erasable<String>> = "overwegingen",
        /// The legitimate-interest assessment that it builds on.
        assessment: Option<StreamId> = "belangenafweging",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The objection is justified, and the person is told (Art. 21(1), 12(3)).
    Upheld "ObjectionUpheld" "ObjectionUpheldInput" {
        /// The purposes for which it is; none named: all.
        purposes: Vec<Code> = "doeleinden",
        /// The reasons.
        reasons: Option<Erasable<String>> = "motivering",
        /// To whom the answer is addressed.
        addressee: Option<Addressee> = "geadresseerde",
        /// When the person was told.
        answered_at: Option<PartialDate> = "beantwoord op",
        /// What was sent.
        letter: Option<Erasable<Evidence>> = "brief",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The objection is rejected, and the person is told (Art. 21(1), 12(4)).
    Rejected "ObjectionRejected" "ObjectionRejectedInput" {
        /// The purposes for which it is; none named: all.
        purposes: Vec<Code> = "doeleinden",
        /// The reasons, as the person was told.
        reasons: Option<Erasable<String>> = "motivering",
        /// On which provisions it rests.
        legal_references: Vec<LegalReference> = "wettelijke bepalingen",
        /// The remedies that the answer names.
        remedies: Vec<Remedy> = "genoemde rechtsmiddelen",
        /// To whom the answer is addressed.
        addressee: Option<Addressee> = "geadresseerde",
        /// When it was announced, from which the term of an Awb objection runs; absent: when the fact takes effect.
        announced_at: Option<PartialDate> = "bekendgemaakt op",
        /// When it was received, from which the term of the court runs.
        delivered_at: Option<PartialDate> = "ontvangen door betrokkene op",
        /// What was sent.
        letter: Option<Erasable<Evidence>> = "brief",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Processing of this person's data is stopped (Art. 21(1), 17(1)(c)).
    ProcessingStoppedForSubject "ProcessingStoppedForSubject" "ProcessingStoppedForSubjectInput" {
        /// The purposes for which it is stopped; none named: all it concerns.
        purposes: Vec<Code> = "doeleinden",
        /// The systems in which it was done.
        systems: Vec<Code> = "systemen",
        /// The processors and platforms that were told to stop.
        parties: Vec<Code> = "partijen",
        /// Whether everything has stopped.
        complete: Option<bool> = "volledig gestopt",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Direct marketing to this person is stopped, for good (Art. 21(3)).
    DirectMarketingStopped "DirectMarketingStopped" "DirectMarketingStoppedInput" {
        /// The suppression list by which it stays stopped, as `SUP-0001`.
        suppression: Option<Code> = "blokkeerlijst",
        /// The platforms on which it is stopped; none named: everywhere.
        platforms: Vec<Code> = "platforms",
        /// Whether the profiling for it is stopped too (Art. 21(2)).
        profiling_stopped: Option<bool> = "profilering gestopt",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Direct marketing reaches this person; a campaign itself records the whole of it.
    DirectMarketingSent "DirectMarketingSent" "DirectMarketingSentInput" {
        /// The campaign, as a publication.
        campaign: Option<StreamId> = "campagne",
        /// What was sent.
        description: Option<Erasable<String>> = "omschrijving",
        /// The platform by which it was sent.
        platform: Option<Code> = "platform",
        /// The audience, as a reference or fingerprint of the list; the entry holds a salted commitment to it.
        audience: Option<Erasable<String>> = "doelgroep",
        /// How many people it went to.
        audience_size: Option<u32> = "omvang van de doelgroep",
        /// The new consent on which it rests, where marketing had been stopped.
        consent: Option<StreamId> = "nieuwe toestemming",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Something was sent although the person had objected (Art. 21(3)).
    SentDespiteObjection "SentDespiteObjection" "SentDespiteObjectionInput" {
        /// The campaign, as a publication.
        campaign: Option<StreamId> = "campagne",
        /// What was sent.
        description: Option<Erasable<String>> = "omschrijving",
        /// The platform by which it was sent.
        platform: Option<Code> = "platform",
        /// When it came to light; it takes effect when it was sent.
        discovered_at: Option<PartialDate> = "ontdekt op",
        /// Whether the suppression list was checked beforehand.
        suppression_checked: Option<bool> = "blokkeerlijst geraadpleegd",
        /// How it could happen.
        cause: Option<Erasable<String>> = "oorzaak",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// By what a suppression list knows a person.
    SuppressionKeyKind "SuppressionKeyKind" {
        /// An e-mail address.
        Email = "e-mailadres",
        /// A telephone number.
        Phone = "telefoonnummer",
        /// A postal address.
        PostalAddress = "postadres",
        /// An account on a platform.
        PlatformAccount = "platformaccount",
        /// A device or browser.
        Device = "apparaat of browser",
        /// Something else.
        Other,
    }
}

record! {
    /// The person is put on a suppression list, so that the objection is remembered.
    SuppressionListed "SuppressionListed" "SuppressionListedInput" {
        /// The list, as `SUP-0001`.
        list: Option<Code> = "blokkeerlijst",
        /// By what the list knows the person.
        key: Option<Erasable<String>> = "kenmerk",
        /// What kind of thing that is.
        key_kind: Option<SuppressionKeyKind> = "soort kenmerk",
        /// Until when it must be kept; absent: as long as the objection is to be respected.
        keep_until: Option<PartialDate> = "bewaren tot",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The person contests a decision that no human took (Art. 22(3)).
    AutomatedDecisionContested "AutomatedDecisionContested" "AutomatedDecisionContestedInput" {
        /// The processing activity in which it was taken.
        activity: Option<StreamId>,
        /// Which decision.
        decision: Option<Erasable<String>> = "besluit",
        /// The person's point of view.
        view: Option<Erasable<String>> = "standpunt van betrokkene",
        /// Whether human intervention is asked.
        intervention_asked: Option<bool> = "menselijke tussenkomst gevraagd",
        /// How it came in.
        channel: Option<Channel> = "kanaal",
        /// When the organisation received it; absent: when the fact takes effect.
        received_at: Option<PartialDate> = "ontvangen op",
        /// Who contests it, as a reference outside the ledger.
        subject: Option<Erasable<String>> = "betrokkene",
        /// The unit that handles it.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a human review of an automated decision leads to.
    ReviewOutcome "HumanReviewOutcome" {
        /// The decision stays.
        Confirmed = "bevestigd",
        /// The decision is changed.
        Changed = "gewijzigd",
        /// The decision is taken back.
        Withdrawn = "ingetrokken",
    }
}

record! {
    /// A human looks at an automated decision again (Art. 22(3)).
    HumanReviewPerformed "HumanReviewPerformed" "HumanReviewPerformedInput" {
        /// What it leads to.
        outcome: Option<ReviewOutcome>,
        /// Whether the reviewer has the authority and knowledge to change the decision.
        competent: Option<bool> = "bevoegd en deskundig",
        /// Whether the person's point of view was heard.
        view_heard: Option<bool> = "standpunt gehoord",
        /// The reasons.
        reasons: Option<Erasable<String>> = "motivering",
        /// When the person was told.
        answered_at: Option<PartialDate> = "beantwoord op",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to an objection.
    ObjectionEvent "ObjectionEvent" "ObjectionEventInput",
    retracted "ObjectionRetracted" "ObjectionRetractedInput"
    {
        /// An objection comes in.
        Received "received" 1 "ObjectionReceived" = "ontvangen",
        /// Processing is halted.
        ProcessingHalted "processingHalted" 1 "ProcessingHalted" = "verwerking opgeschort",
        /// Compelling grounds are assessed.
        CompellingGroundsAssessed "compellingGroundsAssessed" 1 "CompellingGroundsAssessed" = "dwingende gronden beoordeeld",
        /// The objection is justified.
        Upheld "upheld" 1 "ObjectionUpheld" = "gegrond verklaard",
        /// The objection is rejected.
        Rejected "rejected" 1 "ObjectionRejected" = "afgewezen",
        /// Processing of this person's data is stopped.
        ProcessingStoppedForSubject "processingStoppedForSubject" 1 "ProcessingStoppedForSubject" = "verwerking voor betrokkene gestopt",
        /// Direct marketing is stopped for good.
        DirectMarketingStopped "directMarketingStopped" 1 "DirectMarketingStopped" = "direct marketing gestopt",
        /// Direct marketing reaches the person.
        DirectMarketingSent "directMarketingSent" 1 "DirectMarketingSent" = "direct marketing verzonden",
        /// Something was sent all the same.
        SentDespiteObjection "sentDespiteObjection" 1 "SentDespiteObjection" = "verzonden ondanks bezwaar",
        /// The person is put on a suppression list.
        SuppressionListed "suppressionListed" 1 "SuppressionListed" = "op blokkeerlijst geplaatst",
        /// An automated decision is contested.
        AutomatedDecisionContested "automatedDecisionContested" 1 "AdmContested" = "geautomatiseerd besluit betwist",
        /// A human looks at it again.
        HumanReviewPerformed "humanReviewPerformed" 1 "HumanReviewPerformed" = "menselijke herbeoordeling uitgevoerd",
    }
}

choice! {
    /// Where an objection stands.
    #[derive(Default)]
    ObjectionStatus "ObjectionStatus" {
        /// Nothing has come in yet.
        #[default]
        NotReceived = "niet ontvangen",
        /// It came in.
        Received = "ontvangen",
        /// Processing is halted meanwhile.
        Halted = "opgeschort",
        /// It was looked at.
        Assessed = "beoordeeld",
        /// It is justified.
        Upheld = "gegrond",
        /// It is rejected.
        Rejected = "afgewezen",
        /// Direct marketing is stopped, for good.
        Stopped = "gestopt",
    }
}

dossier! {
    /// An objection at one moment.
    Objection "ObjectionState" follows ObjectionEvent, status ObjectionStatus {
        /// Its receipt.
        received: once Received -> Received,
        /// Halts of processing.
        processing_halted: every ProcessingHalted needs received or automated_decision_contested -> Halted,
        /// Assessments of compelling grounds.
        compelling_grounds_assessed: every CompellingGroundsAssessed needs received -> Assessed,
        /// Why it is justified.
        upheld: every Upheld needs received or automated_decision_contested -> Upheld,
        /// Why it is rejected.
        rejected: every Rejected needs received or automated_decision_contested -> Rejected,
        /// Stops of processing.
        processing_stopped_for_subject: every ProcessingStoppedForSubject needs received or automated_decision_contested,
        /// Stops of direct marketing; the first one is final.
        direct_marketing_stopped: every DirectMarketingStopped needs received -> Stopped,
        /// Direct marketing that reached the person.
        direct_marketing_sent: every DirectMarketingSent,
        /// What was sent all the same.
        sent_despite_objection: every SentDespiteObjection needs received,
        /// Listings on suppression lists.
        suppression_listed: every SuppressionListed,
        /// Automated decisions that are contested.
        automated_decision_contested: every AutomatedDecisionContested -> Received,
        /// Human reviews of them.
        human_review_performed: every HumanReviewPerformed needs received or automated_decision_contested -> Assessed,
    } and {
        /// From when the terms run.
        received_at: Option<PartialDate> = "ontvangen op",
        /// The purposes for which processing of this person's data is stopped now.
        stopped_purposes: Vec<Code> = "gestopte doeleinden",
        /// The purposes it names for which it is not stopped.
        open_purposes: Vec<Code> = "niet gestopte doeleinden",
        /// Since when direct marketing is stopped.
        marketing_stopped: Option<PartialDate> = "direct marketing gestopt op",
    }
}

filter! {
    "ObjectionFilter" {
        /// Objections that a unit handles.
        unit "unit": Code,
        /// Objections to an activity.
        activity "activity": StreamId,
        /// Objections of a kind.
        kind "kind": ObjectionKind,
        /// Objections for which a suppression list is kept.
        suppression "suppression": Code,
        /// Objections that stand so.
        status "status": ObjectionStatus,
    }
}

impl Family for Objection {
    const NAME: &'static str = "objection";
    const LABEL_NL: &'static str = "bezwaar";
    const GRAPHQL_NAME: &'static str = "Objection";
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
        Relation::one(
            "case",
            "melding waaruit het voortkwam",
            "case",
            By::Ours("case"),
            "The complaint or query it came out of.",
        ),
        Relation::many(
            "campaigns",
            "campagnes",
            "publication",
            By::Ours("campaign"),
            "The campaigns that reached the person.",
        ),
        Relation::many(
            "assessments",
            "belangenafwegingen",
            "legitimateInterestAssessment",
            By::Ours("assessment"),
            "The legitimate-interest assessments that its own assessment builds on.",
        ),
        Relation::many(
            "newConsents",
            "nieuwe toestemmingen",
            "consent",
            By::Ours("consent"),
            "The new consents on which marketing rests after a stop.",
        ),
        Relation::many(
            "complaints",
            "klachten waaruit het voortkwam",
            "case",
            By::Theirs("objection"),
            "The complaints that opened it.",
        ),
        Relation::many(
            "removedPublications",
            "verwijderde publicaties",
            "publication",
            By::Theirs("objection"),
            "The publications that were removed upon it.",
        ),
        Relation::many(
            "fileErasures",
            "wissingen van dit dossier",
            "erasure",
            By::Theirs("subject"),
            "What was erased of this file itself.",
        ),
    ];
    type Event = ObjectionEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

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
        let received = self.received.iter().map(|kept| &kept.fact);
        let contested = self.automated_decision_contested.iter().map(|kept| &kept.fact);
        let units = received.clone().filter_map(|fact| fact.unit.as_ref());
        let units = units.chain(contested.clone().filter_map(|fact| fact.unit.as_ref()));
        let activities = received.clone().flat_map(|fact| &fact.activities);
        let activities = activities.chain(contested.filter_map(|fact| fact.activity.as_ref()));
        let kind = received.clone().filter_map(|fact| fact.kind).map(|kind| ("kind", key_text(&kind)));
        let purposes = received.clone().flat_map(|fact| &fact.purposes);
        let case = received.filter_map(|fact| fact.case.as_ref());
        let assessments = self.compelling_grounds_assessed.iter().filter_map(|kept| kept.fact.assessment.as_ref());
        let consents = self.direct_marketing_sent.iter().filter_map(|kept| kept.fact.consent.as_ref());
        units
            .map(|unit| ("unit", unit.to_string()))
            .chain(activities.map(|activity| ("activity", activity.to_string())))
            .chain(kind)
            .chain(purposes.map(|purpose| ("purpose", purpose.to_string())))
            .chain(case.map(|case| ("case", case.to_string())))
            .chain(assessments.map(|assessment| ("assessment", assessment.to_string())))
            .chain(consents.map(|consent| ("consent", consent.to_string())))
            .chain(self.campaigns().map(|campaign| ("campaign", campaign.to_string())))
            .chain(self.suppressions().map(|list| ("suppression", list.to_string())))
            .chain([("status", key_text(&self.status))])
            .collect()
    }
}

fn well_formed(event: &ObjectionEvent) -> Result<(), Refusal> {
    use ObjectionEvent as E;
    match event {
        E::Received(event) => {
            distinct("activities", &event.activities)?;
            link("activities", "activity", &event.activities)?;
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
        E::SuppressionListed(_) | E::HumanReviewPerformed(_) | E::Retracted(_) => Ok(()),
    }
}

impl Objection {
    /// Where the objection stands after a fact. Facts may come in any order, so it moves onwards only, except that the last of
    /// upheld and rejected counts; and from a stop of direct marketing nothing leads away.
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
            E::Received(event) => {
                self.received_at = self.received_at.or(event.received_at).or(Some(recorded.effective))
            }
            E::AutomatedDecisionContested(event) => {
                self.received_at = self.received_at.or(event.received_at).or(Some(recorded.effective));
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
        let new = stopped.into_iter().filter(|purpose| !self.stopped_purposes.contains(purpose));
        let new: Vec<Code> = new.collect();
        self.stopped_purposes.extend(new);
    }

    fn named(&self) -> impl Iterator<Item = &Code> {
        self.received.iter().flat_map(|received| &received.fact.purposes)
    }

    fn campaigns(&self) -> impl Iterator<Item = &StreamId> {
        let sent = self.direct_marketing_sent.iter().filter_map(|kept| kept.fact.campaign.as_ref());
        let despite = self.sent_despite_objection.iter().filter_map(|kept| kept.fact.campaign.as_ref());
        sent.chain(despite)
    }

    fn suppressions(&self) -> impl Iterator<Item = &Code> {
        let stopped = self.direct_marketing_stopped.iter().filter_map(|kept| kept.fact.suppression.as_ref());
        let listed = self.suppression_listed.iter().filter_map(|kept| kept.fact.list.as_ref());
        stopped.chain(listed)
    }
}

#[cfg(test)]
mod tests;
