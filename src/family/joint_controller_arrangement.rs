//! Joint-controller arrangements: whether the institution and another party, above all a platform, are joint controllers, and
//! what they agreed on who does what (GDPR Art. 26; C-210/16, C-40/17).
//!
//! Joint control is found per operation, so assessment and arrangement both name operations; whether the arrangement covers what
//! the activity does is a verdict. A refusal by the other party is a fact of this stream too: it is the proof of the attempt.

use super::declare;
use super::dossier::{Refusal, distinct, link};
use super::kit::{Context, Family, Keys, Recorded, RejectionCode, key_text, note_anomaly};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term};

declare! {
    family JointControllerArrangement many jointControllerArrangements = "regeling gezamenlijke verwerkingsverantwoordelijken", in register;

    /// What the other party is, seen from the institution.
    choice ControlOutcome as "JointControllershipOutcome" {
        Joint = "gezamenlijke verwerkingsverantwoordelijke" "A joint controller (Art. 26(1)).",
        Separate = "zelfstandige verwerkingsverantwoordelijke" "A controller by itself (Art. 4(7)).",
        Processor = "verwerker" "A processor (Art. 4(8)).",
    }

    /// One criterion of joint control, and whether it is met (Art. 26(1)).
    record Criterion as "JointControllershipCriterion" {
        met: bool = "vervuld" "Whether it is met.",
        reasons: Erasable<String>? = "redenen" "Why.",
    }

    /// What was found for a platform or an operation of its own (C-40/17).
    record ControlFinding as "JointControllershipFinding" {
        platform: Code? = "platform" "The platform; absent: all of them.",
        operation: Code? = "bewerking" "The operation; absent: all of them.",
        outcome: ControlOutcome "What was found.",
    }

    /// It is assessed whether the institution and another party are joint controllers (Art. 4(7), 26(1)).
    event Assessed as "JointControllershipAssessed" = "gezamenlijke verantwoordelijkheid beoordeeld",
        every assessed -> Assessed "Assessments of joint control, oldest first." {
        activities: Vec<StreamId> "The activities.",
        party: Code? = "partij" "The other party.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        operations: Vec<Code> = "bewerkingen" "The operations that were looked at, as `audience-insight`.",
        influence: Criterion? = "invloed op doel en middelen" "Whether the institution influences purposes and means.",
        benefit: Criterion? = "eigen voordeel" "Whether it takes part for a benefit of its own.",
        outcome: ControlOutcome? "What was found.",
        findings: Vec<ControlFinding> = "bevindingen per platform of bewerking"
            "Where something else was found for a platform or an operation.",
        document: Document? "The assessment as a document.",
    }

    /// An attempt to come to an arrangement is logged (Art. 26(1)).
    event NegotiationLogged as "ArrangementNegotiationLogged" = "onderhandeling vastgelegd",
        every negotiation_logged -> Negotiating "Attempts to come to an arrangement, oldest first." {
        activities: Vec<StreamId> "The activities.",
        party: Code? = "partij" "The other party.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        account: Erasable<String>? = "verslag" "What was said and by whom.",
        document: Document? "The letters or minutes.",
    }

    /// What an arrangement gives to one of the parties to do.
    choice Topic as "ArrangementTopic" {
        Inform = "informeren" "Informing data subjects (Art. 13, 14).",
        Access = "inzage" "Access (Art. 15).",
        Erasure = "wissing" "Erasure, the removal of a picture included (Art. 17, 19).",
        Objection = "bezwaar" "Objection (Art. 21).",
        Breach = "datalekken" "Breaches (Art. 33, 34).",
        Contact = "contactpunt" "The contact point for data subjects (Art. 26(1)).",
    }

    /// Which of the parties does something.
    choice Responsible as "ArrangementResponsible" {
        Institution = "de instelling" "The institution.",
        OtherParty = "de andere partij" "The other party.",
        Both = "beide, ieder voor zijn deel" "Each for its own part.",
    }

    /// Who does what (Art. 26(1)).
    record Responsibility as "ArrangementResponsibility" {
        topic: Topic = "onderwerp" "What is to be done.",
        responsible: Responsible = "verantwoordelijke" "Who does it.",
        text: Erasable<String>? = "omschrijving" "How, in words.",
    }

    /// What the other party keeps.
    choice RetainedObject as "ArrangementRetainedObject" {
        Video = "video" "Moving pictures.",
        Photo = "foto" "Pictures.",
        Text = "tekst" "Texts.",
        Comment = "reactie" "Comments of others.",
        Metadata = "metadata" "Data about the data.",
    }

    /// How long the other party keeps something (Art. 5(1)(e), 26(1)).
    record ObjectRetention as "ArrangementRetention" {
        object: RetainedObject = "object" "What it keeps.",
        term: Term? = "bewaartermijn" "For how long; absent: that is not settled.",
        responsible: Responsible? = "verantwoordelijke bij overschrijding" "Who answers for it if it is kept longer.",
        text: Erasable<String>? = "omschrijving" "The term in words, as from when it runs.",
    }

    /// What the arrangement says on transfers to third countries (Art. 44).
    record ArrangementTransfer {
        countries: Vec<Code> = "landen"
            "The countries that data may go to; none: data stay in the European Economic Area.",
        grounds: Vec<StreamId> = "doorgiften" "The transfers, as they are recorded.",
        text: Erasable<String>? = "omschrijving" "What is agreed, in words.",
    }

    /// The parties agree on an arrangement (Art. 26(1)).
    event Agreed as "ArrangementAgreed" = "overeengekomen", once agreed -> Agreed "The agreement on it." {
        activities: Vec<StreamId> "The activities it covers.",
        party: Code? = "partij" "The other party.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        operations: Vec<Code> = "bewerkingen" "The operations it covers.",
        responsibilities: Vec<Responsibility> = "verdeling van verantwoordelijkheden" "Who does what.",
        retention: Vec<ObjectRetention> = "bewaartermijnen" "How long the other party keeps what.",
        transfer: ArrangementTransfer? = "doorgifte" "What it says on transfers to third countries.",
        from: PartialDate? "From when it binds; absent: from when the fact holds.",
        to: PartialDate? = "tot" "Until when it binds; on that day no more; absent: without an end.",
        decision: Code? = "besluit" "The decision behind it.",
        document: Document? "The arrangement as a document.",
    }

    /// The essence of the arrangement is made available to data subjects (Art. 26(2)).
    event EssencePublished as "ArrangementEssencePublished" = "wezenlijke inhoud bekendgemaakt",
        every essence_published "Publications of its essence, oldest first." {
        notice: StreamId? = "privacyverklaring" "The privacy notice in which it stands.",
        notice_version: u32? = "versie van de privacyverklaring" "The version of the notice.",
        languages: Vec<Code> "The languages.",
        url: String? = "vindplaats op het web" "Where it can be read.",
        document: Document? "The text as it was published.",
    }

    /// The other party refuses an arrangement.
    event Refused as "ArrangementRefused" = "geweigerd door de andere partij",
        every refused -> Refused "Refusals of the other party, oldest first." {
        activities: Vec<StreamId> "The activities.",
        party: Code? = "partij" "The other party.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        operations: Vec<Code> = "bewerkingen" "The operations for which it refuses; none named: all.",
        evidence: Document? = "bewijs" "The proof that it was asked and refused.",
        reason: Erasable<String>? "Why it refuses.",
    }

    /// The arrangement is amended: every field present replaces what held before.
    event Amended as "ArrangementAmended" = "gewijzigd", every amended needs agreed "Its amendments, oldest first." {
        activities: Vec<StreamId>? "The activities it covers.",
        platforms: Vec<Code>? = "platforms" "The platforms.",
        operations: Vec<Code>? = "bewerkingen" "The operations it covers.",
        responsibilities: Vec<Responsibility>? = "verdeling van verantwoordelijkheden" "Who does what.",
        retention: Vec<ObjectRetention>? = "bewaartermijnen" "How long the other party keeps what.",
        transfer: ArrangementTransfer? = "doorgifte" "What it says on transfers to third countries.",
        to: PartialDate? = "tot" "Until when it binds; on that day no more.",
        decision: Code? = "besluit" "The decision behind it.",
        document: Document? "The amendment as a document.",
    }

    /// The arrangement, or the attempt at one, is ended.
    event Terminated as "ArrangementTerminated" = "beëindigd",
        last terminated needs agreed or refused or negotiation_logged or assessed -> Ended "Its end." {
        by: Responsible? = "beëindigd door" "Who ended it.",
        reason: Erasable<String>? "Why.",
    }

    /// Where an arrangement stands.
    choice ArrangementStatus as "JointControllerArrangementStatus" {
        #[default] Unassessed = "niet beoordeeld" "Nothing is assessed yet.",
        Assessed = "beoordeeld" "Joint control is assessed.",
        Negotiating = "in onderhandeling" "The parties negotiate.",
        Agreed = "overeengekomen" "Agreed; its dates say from when and until when it binds.",
        Refused = "geweigerd" "Refused by the other party.",
        Ended = "beëindigd" "Ended.",
    }

    /// A joint-controller arrangement at one moment.
    state JointControllerArrangement as "JointControllerArrangementState" of ArrangementStatus key {
        activities: Vec<StreamId> "The activities.",
        party: Code? = "partij" "The other party.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        outcome: ControlOutcome? "What was last found.",
        operations: Vec<Code> = "bewerkingen" "The operations that the arrangement covers; empty until it is agreed.",
        responsibilities: Vec<Responsibility> = "verdeling van verantwoordelijkheden" "Who does what.",
        retention: Vec<ObjectRetention> = "bewaartermijnen" "How long the other party keeps what.",
        transfer: ArrangementTransfer? = "doorgifte" "What it says on transfers to third countries.",
        from: PartialDate? "From when it binds.",
        to: PartialDate? = "tot" "Until when it binds, as agreed; on that day no more; absent: without an end.",
    }

    keys {
        activity: StreamId "Arrangements on an activity.",
        party: Code "Arrangements with a party.",
        platform: Code "Arrangements on a platform.",
        outcome: ControlOutcome "Arrangements of which that was last found.",
    }

    relations {
        processingActivities: many activity ours activity = "verwerkingsactiviteiten"
            "The processing activities that it names.",
        platformActivities: many activity shared platform platform = "verwerkingsactiviteiten op dezelfde platforms"
            "The processing activities that use its platforms.",
        otherParty: one party shared party party = "andere partij" "The other party.",
        usedPlatforms: many platform shared platform platform = "platforms" "The platforms that it names.",
        transferGrounds: many transferGround ours transferGround = "doorgiften"
            "The transfers to third countries that it names.",
        notices: many privacyNotice ours notice = "privacyverklaringen"
            "The privacy notices in which its essence stands.",
    }
}

impl Family for JointControllerArrangement {
    type Rejection = Refusal;

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
    let subject = |finding: &ControlFinding| {
        let platform = finding.platform.iter().map(|platform| format!("platform {platform}"));
        let operation = finding.operation.iter().map(|operation| format!("operation {operation}"));
        platform.chain(operation).collect::<Vec<_>>().join(", ")
    };
    distinct("findings", &findings.iter().map(subject).collect::<Vec<_>>())
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
