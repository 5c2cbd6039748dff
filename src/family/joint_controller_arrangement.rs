//! Joint-controller arrangements: whether the institution and another party, above all a platform, are joint controllers, and
//! what they agreed on who does what (GDPR Art. 26; C-210/16, C-40/17).
//!
//! Joint control is found per operation, so assessment and arrangement both name operations; whether the arrangement covers what
//! the activity does is a verdict. A refusal by the other party is a fact of this stream too: it is the proof of the attempt.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, distinct, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term};

choice! {
    /// What the other party is, seen from the institution.
    ControlOutcome "JointControllershipOutcome" {
        /// A joint controller (Art. 26(1)).
        Joint = "gezamenlijke verwerkingsverantwoordelijke",
        /// A controller by itself (Art. 4(7)).
        Separate = "zelfstandige verwerkingsverantwoordelijke",
        /// A processor (Art. 4(8)).
        Processor = "verwerker",
    }
}

record! {
    /// One criterion of joint control, and whether it is met (Art. 26(1)).
    Criterion "JointControllershipCriterion" "JointControllershipCriterionInput" {
        /// Whether it is met.
        met: bool = "vervuld",
        /// Why.
        reasons: Option<Erasable<String>> = "redenen",
    }
}

record! {
    /// What was found for a platform or an operation of its own (C-40/17).
    ControlFinding "JointControllershipFinding" "JointControllershipFindingInput" {
        /// The platform; absent: all of them.
        platform: Option<Code> = "platform",
        /// The operation; absent: all of them.
        operation: Option<Code> = "bewerking",
        /// What was found.
        outcome: ControlOutcome,
    }
}

record! {
    /// It is assessed whether the institution and another party are joint controllers (Art. 4(7), 26(1)).
    Assessed "JointControllershipAssessed" "JointControllershipAssessedInput" {
        /// The activities.
        activities: Vec<StreamId>,
        /// The other party.
        party: Option<Code> = "partij",
        /// The platforms.
        platforms: Vec<Code> = "platforms",
        /// The operations that were looked at, as `audience-insight`.
        operations: Vec<Code> = "bewerkingen",
        /// Whether the institution influences purposes and means.
        influence: Option<Criterion> = "invloed op doel en middelen",
        /// Whether it takes part for a benefit of its own.
        benefit: Option<Criterion> = "eigen voordeel",
        /// What was found.
        outcome: Option<ControlOutcome>,
        /// Where something else was found for a platform or an operation.
        findings: Vec<ControlFinding> = "bevindingen per platform of bewerking",
        /// The assessment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An attempt to come to an arrangement is logged (Art. 26(1)).
    NegotiationLogged "ArrangementNegotiationLogged" "ArrangementNegotiationLoggedInput" {
        /// The activities.
        activities: Vec<StreamId>,
        /// The other party.
        party: Option<Code> = "partij",
        /// The platforms.
        platforms: Vec<Code> = "platforms",
        /// What was said and by whom.
        account: Option<Erasable<String>> = "verslag",
        /// The letters or minutes.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What an arrangement gives to one of the parties to do.
    Topic "ArrangementTopic" {
        /// Informing data subjects (Art. 13, 14).
        Inform = "informeren",
        /// Access (Art. 15).
        Access = "inzage",
        /// Erasure, the removal of a picture included (Art. 17, 19).
        Erasure = "wissing",
        /// Objection (Art. 21).
        Objection = "bezwaar",
        /// Breaches (Art. 33, 34).
        Breach = "datalekken",
        /// The contact point for data subjects (Art. 26(1)).
        Contact = "contactpunt",
    }
}

choice! {
    /// Which of the parties does something.
    Responsible "ArrangementResponsible" {
        /// The institution.
        Institution = "de instelling",
        /// The other party.
        OtherParty = "de andere partij",
        /// Each for its own part.
        Both = "beide, ieder voor zijn deel",
    }
}

record! {
    /// Who does what (Art. 26(1)).
    Responsibility "ArrangementResponsibility" "ArrangementResponsibilityInput" {
        /// What is to be done.
        topic: Topic = "onderwerp",
        /// Who does it.
        responsible: Responsible = "verantwoordelijke",
        /// How, in words.
        text: Option<Erasable<String>> = "omschrijving",
    }
}

choice! {
    /// What the other party keeps.
    RetainedObject "ArrangementRetainedObject" {
        /// Moving pictures.
        Video = "video",
        /// Pictures.
        Photo = "foto",
        /// Texts.
        Text = "tekst",
        /// Comments of others.
        Comment = "reactie",
        /// Data about the data.
        Metadata = "metadata",
    }
}

record! {
    /// How long the other party keeps something (Art. 5(1)(e), 26(1)).
    ObjectRetention "ArrangementRetention" "ArrangementRetentionInput" {
        /// What it keeps.
        object: RetainedObject = "object",
        /// For how long; absent: that is not settled.
        term: Option<Term> = "bewaartermijn",
        /// Who answers for it if it is kept longer.
        responsible: Option<Responsible> = "verantwoordelijke bij overschrijding",
        /// The term in words, as from when it runs.
        text: Option<Erasable<String>> = "omschrijving",
    }
}

record! {
    /// What the arrangement says on transfers to third countries (Art. 44).
    ArrangementTransfer "ArrangementTransfer" "ArrangementTransferInput" {
        /// The countries that data may go to; none: data stay in the European Economic Area.
        countries: Vec<Code> = "landen",
        /// The transfers, as they are recorded.
        grounds: Vec<StreamId> = "doorgiften",
        /// What is agreed, in words.
        text: Option<Erasable<String>> = "omschrijving",
    }
}

record! {
    /// The parties agree on an arrangement (Art. 26(1)).
    Agreed "ArrangementAgreed" "ArrangementAgreedInput" {
        /// The activities it covers.
        activities: Vec<StreamId>,
        /// The other party.
        party: Option<Code> = "partij",
        /// The platforms.
        platforms: Vec<Code> = "platforms",
        /// The operations it covers.
        operations: Vec<Code> = "bewerkingen",
        /// Who does what.
        responsibilities: Vec<Responsibility> = "verdeling van verantwoordelijkheden",
        /// How long the other party keeps what.
        retention: Vec<ObjectRetention> = "bewaartermijnen",
        /// What it says on transfers to third countries.
        transfer: Option<ArrangementTransfer> = "doorgifte",
        /// From when it binds; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// Until when it binds; on that day no more; absent: without an end.
        to: Option<PartialDate> = "tot",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// The arrangement as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The essence of the arrangement is made available to data subjects (Art. 26(2)).
    EssencePublished "ArrangementEssencePublished" "ArrangementEssencePublishedInput" {
        /// The privacy notice in which it stands.
        notice: Option<StreamId> = "privacyverklaring",
        /// The version of the notice.
        notice_version: Option<u32> = "versie van de privacyverklaring",
        /// The languages.
        languages: Vec<Code>,
        /// Where it can be read.
        url: Option<String> = "vindplaats op het web",
        /// The text as it was published.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The other party refuses an arrangement.
    Refused "ArrangementRefused" "ArrangementRefusedInput" {
        /// The activities.
        activities: Vec<StreamId>,
        /// The other party.
        party: Option<Code> = "partij",
        /// The platforms.
        platforms: Vec<Code> = "platforms",
        /// The operations for which it refuses; none named: all.
        operations: Vec<Code> = "bewerkingen",
        /// The proof that it was asked and refused.
        evidence: Option<Document> = "bewijs",
        /// Why it refuses.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The arrangement is amended: every field present replaces what held before.
    Amended "ArrangementAmended" "ArrangementAmendedInput" {
        /// The activities it covers.
        activities: Option<Vec<StreamId>>,
        /// The platforms.
        platforms: Option<Vec<Code>> = "platforms",
        /// The operations it covers.
        operations: Option<Vec<Code>> = "bewerkingen",
        /// Who does what.
        responsibilities: Option<Vec<Responsibility>> = "verdeling van verantwoordelijkheden",
        /// How long the other party keeps what.
        retention: Option<Vec<ObjectRetention>> = "bewaartermijnen",
        /// What it says on transfers to third countries.
        transfer: Option<ArrangementTransfer> = "doorgifte",
        /// Until when it binds; on that day no more.
        to: Option<PartialDate> = "tot",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// The amendment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The arrangement, or the attempt at one, is ended.
    Terminated "ArrangementTerminated" "ArrangementTerminatedInput" {
        /// Who ended it.
        by: Option<Responsible> = "beëindigd door",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a joint-controller arrangement.
    JointControllerArrangementEvent "JointControllerArrangementEvent" "JointControllerArrangementEventInput",
    retracted "JointControllerArrangementRetracted" "JointControllerArrangementRetractedInput"
    {
        /// Joint control is assessed.
        Assessed "assessed" 1 "JointControllershipAssessed" = "gezamenlijke verantwoordelijkheid beoordeeld",
        /// An attempt is logged.
        NegotiationLogged "negotiationLogged" 1 "ArrangementNegotiationLogged" = "onderhandeling vastgelegd",
        /// It is agreed.
        Agreed "agreed" 1 "ArrangementAgreed" = "overeengekomen",
        /// Its essence is published.
        EssencePublished "essencePublished" 1 "ArrangementEssencePublished" = "wezenlijke inhoud bekendgemaakt",
        /// It is refused.
        Refused "refused" 1 "ArrangementRefused" = "geweigerd door de andere partij",
        /// It is amended.
        Amended "amended" 1 "ArrangementAmended" = "gewijzigd",
        /// It is ended.
        Terminated "terminated" 1 "ArrangementTerminated" = "beëindigd",
    }
}

choice! {
    /// Where an arrangement stands.
    #[derive(Default)]
    ArrangementStatus "JointControllerArrangementStatus" {
        /// Nothing is assessed yet.
        #[default]
        Unassessed = "niet beoordeeld",
        /// Joint control is assessed.
        Assessed = "beoordeeld",
        /// The parties negotiate.
        Negotiating = "in onderhandeling",
        /// Agreed; its dates say from when and until when it binds.
        Agreed = "overeengekomen",
        /// Refused by the other party.
        Refused = "geweigerd",
        /// Ended.
        Ended = "beëindigd",
    }
}

dossier! {
    /// A joint-controller arrangement at one moment.
    JointControllerArrangement "JointControllerArrangementState"
        follows JointControllerArrangementEvent, status ArrangementStatus
    {
        /// Assessments of joint control, oldest first.
        assessed: every Assessed -> Assessed,
        /// Attempts to come to an arrangement, oldest first.
        negotiation_logged: every NegotiationLogged -> Negotiating,
        /// The agreement on it.
        agreed: once Agreed -> Agreed,
        /// Publications of its essence, oldest first.
        essence_published: every EssencePublished,
        /// Refusals of the other party, oldest first.
        refused: every Refused -> Refused,
        /// Its amendments, oldest first.
        amended: every Amended needs agreed,
        /// Its end.
        terminated: last Terminated needs agreed or refused or negotiation_logged or assessed -> Ended,
    } and {
        /// The activities.
        activities: Vec<StreamId>,
        /// The other party.
        party: Option<Code> = "partij",
        /// The platforms.
        platforms: Vec<Code> = "platforms",
        /// What was last found.
        outcome: Option<ControlOutcome>,
        /// The operations that the arrangement covers; empty until it is agreed.
        operations: Vec<Code> = "bewerkingen",
        /// Who does what.
        responsibilities: Vec<Responsibility> = "verdeling van verantwoordelijkheden",
        /// How long the other party keeps what.
        retention: Vec<ObjectRetention> = "bewaartermijnen",
        /// What it says on transfers to third countries.
        transfer: Option<ArrangementTransfer> = "doorgifte",
        /// From when it binds.
        from: Option<PartialDate>,
        /// Until when it binds, as agreed; on that day no more; absent: without an end.
        to: Option<PartialDate> = "tot",
    }
}

filter! {
    "JointControllerArrangementFilter" {
        /// Arrangements on an activity.
        activity "activity": StreamId,
        /// Arrangements with a party.
        party "party": Code,
        /// Arrangements on a platform.
        platform "platform": Code,
        /// Arrangements of which that was last found.
        outcome "outcome": ControlOutcome,
        /// Arrangements that stand so.
        status "status": ArrangementStatus,
    }
}

impl Family for JointControllerArrangement {
    const NAME: &'static str = "jointControllerArrangement";
    const LABEL_NL: &'static str = "regeling gezamenlijke verwerkingsverantwoordelijken";
    const GRAPHQL_NAME: &'static str = "JointControllerArrangement";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "processingActivities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities that it names.",
        ),
        Relation::many(
            "platformActivities",
            "verwerkingsactiviteiten op dezelfde platforms",
            "activity",
            By::Shared("platform", "platform"),
            "The processing activities that use its platforms.",
        ),
        Relation::one("otherParty", "andere partij", "party", By::Shared("party", "party"), "The other party."),
        Relation::many(
            "usedPlatforms",
            "platforms",
            "platform",
            By::Shared("platform", "platform"),
            "The platforms that it names.",
        ),
        Relation::many(
            "transferGrounds",
            "doorgiften",
            "transferGround",
            By::Ours("transferGround"),
            "The transfers to third countries that it names.",
        ),
        Relation::many(
            "notices",
            "privacyverklaringen",
            "privacyNotice",
            By::Ours("notice"),
            "The privacy notices in which its essence stands.",
        ),
    ];
    type Event = JointControllerArrangementEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &JointControllerArrangementEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use JointControllerArrangementEvent as E;
        self.admit_order(event)?;
        match event {
            E::Agreed(_) | E::Amended(_) | E::Terminated(_) if self.terminated.is_some() => {
                Err(Refusal::new(RejectionCode::Ended, "", "this arrangement ended before that moment"))
            }
            E::Assessed(event) => {
                admit_subject(&event.activities, &event.platforms, &event.operations)?;
                admit_findings(&event.findings)
            }
            E::NegotiationLogged(event) => admit_subject(&event.activities, &event.platforms, &[]),
            E::Agreed(event) => {
                admit_subject(&event.activities, &event.platforms, &event.operations)?;
                admit_responsibilities(&event.responsibilities)?;
                admit_retention(&event.retention)?;
                admit_transfer(event.transfer.as_ref())?;
                admit_period(event.from.unwrap_or(context.place.effective), event.to)
            }
            E::EssencePublished(event) => {
                link("notice", "privacyNotice", &event.notice)?;
                distinct("languages", &event.languages)?;
                match event.notice_version {
                    Some(version) => super::dossier::counted("noticeVersion", version),
                    None => Ok(()),
                }
            }
            E::Refused(event) => admit_subject(&event.activities, &event.platforms, &event.operations),
            E::Amended(event) => self.admit_amendment(event, context),
            E::Terminated(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &JointControllerArrangementEvent, recorded: &Recorded) {
        use JointControllerArrangementEvent as E;
        let before = self.status;
        self.keep(event, recorded);
        match event {
            E::Assessed(event) => {
                self.outcome = event.outcome.or(self.outcome);
                self.name_subject(&event.activities, &event.party, &event.platforms);
                // An arrangement is assessed anew while it goes on.
                self.status = before.max(ArrangementStatus::Assessed);
            }
            E::NegotiationLogged(event) => {
                self.name_subject(&event.activities, &event.party, &event.platforms);
                self.stay_if_settled(before);
            }
            E::Agreed(event) => self.agree(event, recorded),
            E::Refused(event) => {
                self.name_subject(&event.activities, &event.party, &event.platforms);
                self.stay_if_settled(before);
            }
            E::Amended(event) => self.amend(event, recorded),
            E::EssencePublished(_) | E::Terminated(_) | E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let activities = self.activities.iter().map(|activity| ("activity", activity.to_string()));
        let party = self.party.iter().map(|party| ("party", party.to_string()));
        let platforms = self.platforms.iter().map(|platform| ("platform", platform.to_string()));
        let outcome = self.outcome.iter().map(|outcome| ("outcome", key_text(outcome)));
        let transfers = self.transfer.iter().flat_map(|transfer| &transfer.grounds);
        let transfers = transfers.map(|ground| ("transferGround", ground.to_string()));
        let notices = self.essence_published.iter().filter_map(|published| published.fact.notice.as_ref());
        let notices = notices.map(|notice| ("notice", notice.to_string()));
        let status = [("status", key_text(&self.status))];
        activities.chain(party).chain(platforms).chain(outcome).chain(transfers).chain(notices).chain(status).collect()
    }
}

fn admit_subject(activities: &[StreamId], platforms: &[Code], operations: &[Code]) -> Result<(), Refusal> {
    link("activities", "activity", activities)?;
    distinct("activities", activities)?;
    distinct("platforms", platforms)?;
    distinct("operations", operations)
}

fn admit_findings(findings: &[ControlFinding]) -> Result<(), Refusal> {
    if findings.iter().any(|finding| finding.platform.is_none() && finding.operation.is_none()) {
        let message = "a finding is about a platform or an operation; what was found on the whole belongs in `outcome`";
        return Err(Refusal::new(RejectionCode::Malformed, "findings", message));
    }
    distinct("findings", &findings.iter().map(|finding| (&finding.platform, &finding.operation)).collect::<Vec<_>>())
}

fn admit_responsibilities(responsibilities: &[Responsibility]) -> Result<(), Refusal> {
    distinct("responsibilities", responsibilities.iter().map(|responsibility| &responsibility.topic))
}

fn admit_retention(retention: &[ObjectRetention]) -> Result<(), Refusal> {
    distinct("retention", retention.iter().map(|retention| &retention.object))
}

fn admit_transfer(transfer: Option<&ArrangementTransfer>) -> Result<(), Refusal> {
    match transfer {
        Some(transfer) => {
            distinct("transfer", &transfer.countries)?;
            distinct("transfer", &transfer.grounds)?;
            link("transfer", "transferGround", &transfer.grounds)
        }
        None => Ok(()),
    }
}

/// Refuses only what is reversed whatever the unknown parts of the dates are.
fn admit_period(from: PartialDate, to: Option<PartialDate>) -> Result<(), Refusal> {
    match to {
        Some(to) if to.latest() < from.earliest() => {
            let message = "the arrangement would end before it begins; check both dates";
            Err(Refusal::new(RejectionCode::Malformed, "to", message))
        }
        _ => Ok(()),
    }
}

impl JointControllerArrangement {
    fn admit_amendment(&self, event: &Amended, context: &Context<'_>) -> Result<(), Refusal> {
        admit_subject(
            event.activities.as_deref().unwrap_or_default(),
            event.platforms.as_deref().unwrap_or_default(),
            event.operations.as_deref().unwrap_or_default(),
        )?;
        admit_responsibilities(event.responsibilities.as_deref().unwrap_or_default())?;
        admit_retention(event.retention.as_deref().unwrap_or_default())?;
        admit_transfer(event.transfer.as_ref())?;
        admit_period(self.from.unwrap_or(context.place.effective), event.to)
    }

    /// What was agreed or ended stays so, whatever is tried or refused beside it.
    fn stay_if_settled(&mut self, before: ArrangementStatus) {
        if matches!(before, ArrangementStatus::Agreed | ArrangementStatus::Ended) {
            self.status = before;
        }
    }

    fn name_subject(&mut self, activities: &[StreamId], party: &Option<Code>, platforms: &[Code]) {
        self.party = party.clone().or(self.party.take());
        // What is agreed says itself what it covers.
        if self.agreed.is_none() {
            if !activities.is_empty() {
                self.activities = activities.to_vec();
            }
            if !platforms.is_empty() {
                self.platforms = platforms.to_vec();
            }
        }
    }

    fn agree(&mut self, event: &Agreed, recorded: &Recorded) {
        self.party = event.party.clone().or(self.party.take());
        if !event.activities.is_empty() {
            self.activities.clone_from(&event.activities);
        }
        if !event.platforms.is_empty() {
            self.platforms.clone_from(&event.platforms);
        }
        self.operations.clone_from(&event.operations);
        self.responsibilities.clone_from(&event.responsibilities);
        self.retention.clone_from(&event.retention);
        self.transfer.clone_from(&event.transfer);
        self.from = event.from.or(Some(recorded.effective));
        self.to = event.to;
        self.stay_ended(recorded);
    }

    fn amend(&mut self, event: &Amended, recorded: &Recorded) {
        self.activities = event.activities.clone().unwrap_or(std::mem::take(&mut self.activities));
        self.platforms = event.platforms.clone().unwrap_or(std::mem::take(&mut self.platforms));
        self.operations = event.operations.clone().unwrap_or(std::mem::take(&mut self.operations));
        self.responsibilities = event.responsibilities.clone().unwrap_or(std::mem::take(&mut self.responsibilities));
        self.retention = event.retention.clone().unwrap_or(std::mem::take(&mut self.retention));
        self.transfer = event.transfer.clone().or(self.transfer.take());
        self.to = event.to.or(self.to);
        self.stay_ended(recorded);
    }

    fn stay_ended(&mut self, recorded: &Recorded) {
        if self.terminated.is_some() {
            note_anomaly(&mut self.anomalies, recorded, "the arrangement had ended before");
            self.status = ArrangementStatus::Ended;
        }
    }
}

#[cfg(test)]
mod tests;
