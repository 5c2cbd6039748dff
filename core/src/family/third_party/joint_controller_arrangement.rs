//! Joint-controller arrangements: whether the institution and another party, above all a platform, are joint
//! controllers, and what they agreed on who does what (GDPR Art. 26; C-210/16, C-40/17).
//!
//! Joint control is found per operation, so assessment and arrangement both name operations; whether the arrangement
//! covers what the activity does is a verdict. A refusal by the other party is a fact of this stream too: it is the
//! proof of the attempt.

use crate::family::declare;
use crate::family::dossier::{Newer as _, Refusal, counted, distinct, link, not_reversed, require, take_over};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term};

declare! {
    family JointControllerArrangement many jointControllerArrangements
        = "regeling gezamenlijke verwerkingsverantwoordelijken", in register;

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
        party: Code? "The other party.",
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
        party: Code? "The other party.",
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
        party: Code? "The other party.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        operations: Vec<Code> = "bewerkingen" "The operations it covers.",
        responsibilities: Vec<Responsibility> = "verdeling van verantwoordelijkheden" "Who does what.",
        retention: Vec<ObjectRetention> = "bewaartermijnen" "How long the other party keeps what.",
        transfer: ArrangementTransfer? = "doorgifte" "What it says on transfers to third countries.",
        from: PartialDate? "From when it binds; absent: from when the fact holds.",
        to: PartialDate? = "tot" "Until when it binds; on that day no more; absent: without an end.",
        decision: Code? "The decision behind it.",
        document: Document? "The arrangement as a document.",
    }

    /// The essence of the arrangement is made available to data subjects (Art. 26(2)).
    event EssencePublished as "ArrangementEssencePublished" = "wezenlijke inhoud bekendgemaakt",
        every essence_published "Publications of its essence, oldest first." {
        notice: StreamId? = "privacyverklaring" key "The privacy notice in which it stands.",
        notice_version: u32? = "versie van de privacyverklaring" "The version of the notice.",
        languages: Vec<Code> "The languages.",
        url: String? = "vindplaats op het web" "Where it can be read.",
        document: Document? "The text as it was published.",
    }

    /// The other party refuses an arrangement.
    event Refused as "ArrangementRefused" = "geweigerd door de andere partij",
        every refused -> Refused "Refusals of the other party, oldest first." {
        activities: Vec<StreamId> "The activities.",
        party: Code? "The other party.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        operations: Vec<Code> = "bewerkingen" "The operations for which it refuses; none named: all.",
        evidence: Document? "The proof that it was asked and refused.",
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
        decision: Code? "The decision behind it.",
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
        party: Code? key "The other party.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        outcome: ControlOutcome? key "What was last found.",
        operations: Vec<Code> = "bewerkingen" "The operations that the arrangement covers; empty until it is agreed.",
        responsibilities: Vec<Responsibility> = "verdeling van verantwoordelijkheden" "Who does what.",
        retention: Vec<ObjectRetention> = "bewaartermijnen" "How long the other party keeps what.",
        transfer: ArrangementTransfer? = "doorgifte" "What it says on transfers to third countries.",
        from: PartialDate? "From when it binds.",
        to: PartialDate? = "tot" "Until when it binds, as agreed; on that day no more; absent: without an end.",
    }

    keys {
        activity: StreamId "Arrangements on an activity.",
        platform: Code "Arrangements on a platform.",
        transfer_ground: StreamId "Arrangements that name a transfer.",
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
    fn admit(&self, event: &JointControllerArrangementEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use JointControllerArrangementEvent as E;
        self.admit_order(event)?;
        let ended = self.terminated.is_some() && matches!(event, E::Agreed(_) | E::Amended(_) | E::Terminated(_));
        require(!ended, RejectionCode::Ended, "", "this arrangement ended before that moment")?;
        let here = context.place.effective;
        match event {
            E::Assessed(event) => {
                admit_subject(&event.activities, &event.platforms, &event.operations)?;
                admit_findings(&event.findings)
            }
            E::NegotiationLogged(event) => admit_subject(&event.activities, &event.platforms, &[]),
            E::Agreed(event) => {
                admit_subject(&event.activities, &event.platforms, &event.operations)?;
                distinct("responsibilities", event.responsibilities.iter().map(|given| &given.topic))?;
                distinct("retention", event.retention.iter().map(|kept| &kept.object))?;
                admit_transfer(&event.transfer)?;
                not_reversed("to", event.from.or(Some(here)), event.to)
            }
            E::EssencePublished(event) => {
                link("notice", "privacyNotice", &event.notice)?;
                distinct("languages", &event.languages)?;
                event.notice_version.map_or(Ok(()), |version| counted("noticeVersion", version))
            }
            E::Refused(event) => admit_subject(&event.activities, &event.platforms, &event.operations),
            E::Amended(event) => {
                let (activities, platforms) = (event.activities.as_deref(), event.platforms.as_deref());
                let operations = event.operations.as_deref().unwrap_or_default();
                admit_subject(activities.unwrap_or_default(), platforms.unwrap_or_default(), operations)?;
                distinct("responsibilities", event.responsibilities.iter().flatten().map(|given| &given.topic))?;
                distinct("retention", event.retention.iter().flatten().map(|kept| &kept.object))?;
                admit_transfer(&event.transfer)?;
                not_reversed("to", self.from.or(Some(here)), event.to)
            }
            E::Terminated(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &JointControllerArrangementEvent, recorded: &Recorded) {
        use ArrangementStatus as S;
        use JointControllerArrangementEvent as E;
        let before = self.status;
        self.keep(event, recorded);
        match event {
            E::Assessed(event) => {
                take_over!(event => self; outcome);
                self.name_subject(&event.activities, &event.party, &event.platforms);
                // An arrangement is assessed anew while it goes on.
                self.status = before.max(S::Assessed);
            }
            E::NegotiationLogged(event) => self.name_subject(&event.activities, &event.party, &event.platforms),
            E::Refused(event) => self.name_subject(&event.activities, &event.party, &event.platforms),
            E::Agreed(event) => {
                take_over!(event => self; party, activities, platforms);
                self.operations.clone_from(&event.operations);
                self.responsibilities.clone_from(&event.responsibilities);
                self.retention.clone_from(&event.retention);
                self.transfer.clone_from(&event.transfer);
                self.from = event.from.or(Some(recorded.effective));
                self.to = event.to;
            }
            E::Amended(event) => {
                take_over!(event => self; activities, platforms, operations, responsibilities, retention, transfer, to);
            }
            E::EssencePublished(_) | E::Terminated(_) | E::Retracted(_) => {}
        }
        match event {
            // What was agreed or ended stays so, whatever is tried or refused beside it.
            E::NegotiationLogged(_) | E::Refused(_) if matches!(before, S::Agreed | S::Ended) => self.status = before,
            E::Agreed(_) | E::Amended(_) if self.terminated.is_some() => {
                note_anomaly(&mut self.anomalies, recorded, "the arrangement had ended before");
                self.status = S::Ended;
            }
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "activity", &self.activities);
        push_keys(&mut keys, "platform", &self.platforms);
        self.transfer.iter().for_each(|transfer| push_keys(&mut keys, "transferGround", &transfer.grounds));
        keys
    }
}

fn admit_subject(activities: &[StreamId], platforms: &[Code], operations: &[Code]) -> Result<(), Refusal> {
    link("activities", "activity", activities)?;
    distinct("activities", activities)?;
    distinct("platforms", platforms)?;
    distinct("operations", operations)
}

fn admit_findings(findings: &[ControlFinding]) -> Result<(), Refusal> {
    let about = findings.iter().all(|finding| finding.platform.is_some() || finding.operation.is_some());
    let message = "a finding is about a platform or an operation; what was found on the whole belongs in `outcome`";
    require(about, RejectionCode::Malformed, "findings", message)?;
    let subject = |finding: &ControlFinding| {
        let platform = finding.platform.iter().map(|platform| format!("platform {platform}"));
        let operation = finding.operation.iter().map(|operation| format!("operation {operation}"));
        platform.chain(operation).collect::<Vec<_>>().join(", ")
    };
    distinct("findings", &findings.iter().map(subject).collect::<Vec<_>>())
}

fn admit_transfer(transfer: &Option<ArrangementTransfer>) -> Result<(), Refusal> {
    transfer.iter().try_for_each(|transfer| {
        distinct("transfer", &transfer.countries)?;
        distinct("transfer", &transfer.grounds)?;
        link("transfer", "transferGround", &transfer.grounds)
    })
}

impl JointControllerArrangement {
    fn name_subject(&mut self, activities: &[StreamId], party: &Option<Code>, platforms: &[Code]) {
        self.party.take_over(party);
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
}

#[cfg(test)]
mod tests;
