//! Decisions of the Board, above all on the use of platforms: from the research to the decision, its conditions and what
//! becomes of them (GDPR Art. 24, 35, 38(1), 39(1)(a)).
//!
//! One stream is the file of one decision. A suspension, resumption or termination of use may be a decision by itself and then
//! begins the file. Advice that came late, or a decision without any, is recorded as it happened.

use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, counted, distinct, not_empty};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{AdviceOutcome, AdviceResponse, Document};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

record! {
    /// Research into the use of platforms and its risks is commissioned.
    ResearchCommissioned "ResearchCommissioned" "ResearchCommissionedInput" {
        /// The code by which other facts name the decision, as `BD-2023-01`.
        decision: Option<Code> = "besluit",
        /// What is to be researched.
        subject: Option<Erasable<String>> = "onderwerp",
        /// The platforms to research.
        platforms: Vec<Code> = "platforms",
        /// The unit that is asked to do it.
        unit: Option<Code>,
        /// When the result is due.
        due_at: Option<PartialDate> = "uiterlijk",
        /// The commission as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An external party's analysis is received.
    ExternalAnalysisReceived "ExternalAnalysisReceived" "ExternalAnalysisReceivedInput" {
        /// The party that made it.
        party: Option<Code> = "partij",
        /// The platforms it is about.
        platforms: Vec<Code> = "platforms",
        /// What it concludes.
        conclusions: Option<Erasable<String>> = "conclusies",
        /// The analysis, with its hash.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer is consulted (Art. 38(1)).
    DpoConsulted "BoardDpoConsulted" "BoardDpoConsultedInput" {
        /// What was asked.
        question: Option<Erasable<String>> = "vraag",
        /// When the advice is due.
        due_at: Option<PartialDate> = "uiterlijk",
        /// What was put before the officer.
        documents: Vec<Document> = "stukken",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer advises (Art. 39(1)(a)).
    DpoAdviceIssued "BoardDpoAdviceIssued" "BoardDpoAdviceIssuedInput" {
        /// How the advice turned out.
        outcome: Option<AdviceOutcome>,
        /// The advice.
        advice: Option<Erasable<String>> = "advies",
        /// The conditions under which there is no objection.
        conditions: Vec<Erasable<String>> = "voorwaarden",
        /// What has to be done first or next, as `DPIA` or `JOINT_CONTROL_ASSESSMENT`.
        requires: Vec<Code> = "vereist",
        /// The platforms it is about; none named: all of the decision.
        platforms: Vec<Code> = "platforms",
        /// The advice as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The Board deviates from the data protection officer's advice; the reasons are recorded (Art. 38, WP243).
    DpoAdviceDeviated "BoardDpoAdviceDeviated" "BoardDpoAdviceDeviatedInput" {
        /// The fact that holds the advice; absent: the last one.
        advice: Option<Sequence> = "advies",
        /// Why.
        reasons: Option<Erasable<String>> = "redenen",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What the Board decides.
    BoardOutcome "BoardDecisionOutcome" {
        /// Use goes on.
        Continue = "doorgaan",
        /// Use goes on under conditions.
        ContinueWithConditions = "doorgaan onder voorwaarden",
        /// Use stops for the time being.
        Suspend = "opschorten",
        /// Use stops for good.
        Stop = "stoppen",
        /// Another matter is decided, such as the adoption of a policy.
        Other,
    }
}

record! {
    /// A condition of the Board.
    BoardCondition "BoardCondition" "BoardConditionInput" {
        /// The code by which other facts name it, as `C1`.
        code: Code = "code",
        /// What has to be met.
        text: Option<Erasable<String>> = "tekst",
        /// By when; absent: no term is set.
        due_at: Option<PartialDate> = "uiterlijk",
    }
}

record! {
    /// The Board decides (Art. 24).
    Taken "BoardDecisionTaken" "BoardDecisionTakenInput" {
        /// The code by which other facts name the decision, as `BD-2023-01`.
        decision: Option<Code> = "besluit",
        /// What it decides.
        outcome: Option<BoardOutcome>,
        /// What it is about.
        subject: Option<Erasable<String>> = "onderwerp",
        /// The platforms it covers.
        platforms: Vec<Code> = "platforms",
        /// Its conditions.
        conditions: Vec<BoardCondition> = "voorwaarden",
        /// Whether these are all its conditions; false where a source says that there are conditions, not which.
        conditions_complete: Option<bool> = "voorwaarden volledig",
        /// Why it was decided so.
        reasons: Option<Erasable<String>> = "redenen",
        /// What lay before the Board when it decided.
        documents_before: Vec<Document> = "voorliggende stukken",
        /// What became of the officer's advice.
        advice_response: Option<AdviceResponse> = "reactie op het advies",
        /// When the decision is to be reviewed.
        next_review: Option<PartialDate> = "volgende heroverweging",
        /// The decision as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The Board sets a condition, changes one that is open, or sets one anew that was fulfilled.
    ConditionSet "BoardConditionSet" "BoardConditionSetInput" {
        /// The code by which other facts name it, as `C1`.
        condition: Code = "voorwaarde",
        /// What has to be met.
        text: Option<Erasable<String>> = "tekst",
        /// By when; absent: as before.
        due_at: Option<PartialDate> = "uiterlijk",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A condition is reported as fulfilled.
    ConditionFulfilled "BoardConditionFulfilled" "BoardConditionFulfilledInput" {
        /// The condition.
        condition: Code = "voorwaarde",
        /// The instrument by which it is fulfilled, as `GDL-001`; a rule looks whether that was in force.
        instrument: Option<Code> = "beleidsdocument",
        /// The version of that instrument.
        instrument_version: Option<u32> = "versie van het beleidsdocument",
        /// The stream that shows it, of whatever family.
        shown_by: Option<StreamId> = "blijkt uit",
        /// What shows it.
        evidence: Option<Document> = "bewijs",
        /// How it is fulfilled.
        description: Option<Erasable<String>> = "toelichting",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a review of a decision led to.
    BoardReviewOutcome "BoardDecisionReviewOutcome" {
        /// It stays as it is.
        Maintained = "gehandhaafd",
        /// It stays, with other conditions.
        Adjusted = "bijgesteld",
        /// Another decision takes its place.
        Replaced = "vervangen",
    }
}

record! {
    /// The decision is reviewed, as after a change of the law or of a platform (Art. 24(1)).
    Reviewed "BoardDecisionReviewed" "BoardDecisionReviewedInput" {
        /// What it led to; absent: the review goes on.
        outcome: Option<BoardReviewOutcome>,
        /// What gave rise to it, as the code of a legal instrument.
        trigger: Option<Code> = "aanleiding",
        /// The decision that takes its place.
        replaced_by: Option<Code> = "vervangen door",
        /// When the next review is due.
        next_review: Option<PartialDate> = "volgende heroverweging",
        /// Why.
        reasons: Option<Erasable<String>> = "redenen",
        /// The review as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Use of platforms is suspended.
    PlatformUseSuspended "PlatformUseSuspended" "PlatformUseSuspendedInput" {
        /// The code by which other facts name the decision, as `BD-2024-08`.
        decision: Option<Code> = "besluit",
        /// The platforms.
        platforms: Vec<Code> = "platforms",
        /// Why.
        reason: Option<Erasable<String>>,
        /// What gave rise to it, as the code of a legal instrument.
        trigger: Option<Code> = "aanleiding",
        /// Until when, if an end is set.
        until: Option<PartialDate> = "tot",
        /// The decision as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Use of platforms goes on after a suspension.
    PlatformUseResumed "PlatformUseResumed" "PlatformUseResumedInput" {
        /// The code by which other facts name the decision.
        decision: Option<Code> = "besluit",
        /// The platforms.
        platforms: Vec<Code> = "platforms",
        /// Why.
        reason: Option<Erasable<String>>,
        /// The decision as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Use of platforms stops for good.
    PlatformUseTerminated "PlatformUseTerminated" "PlatformUseTerminatedInput" {
        /// The code by which other facts name the decision, as `BD-2025-06`.
        decision: Option<Code> = "besluit",
        /// The platforms.
        platforms: Vec<Code> = "platforms",
        /// Why.
        reason: Option<Erasable<String>>,
        /// What gave rise to it, as the code of a legal instrument.
        trigger: Option<Code> = "aanleiding",
        /// Whether the accounts there are closed.
        accounts_closed: Option<bool> = "accounts gesloten",
        /// The decision as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens in the file of a decision of the Board.
    BoardDecisionEvent "BoardDecisionEvent" "BoardDecisionEventInput",
    retracted "BoardDecisionRetracted" "BoardDecisionRetractedInput"
    {
        /// Research is commissioned.
        ResearchCommissioned "researchCommissioned" 1 "ResearchCommissioned" = "onderzoek opgedragen",
        /// An external analysis is received.
        ExternalAnalysisReceived "externalAnalysisReceived" 1 "ExternalAnalysisReceived" = "externe analyse ontvangen",
        /// The data protection officer is consulted.
        DpoConsulted "dpoConsulted" 1 "DpoConsulted" = "FG geraadpleegd",
        /// The data protection officer advises.
        DpoAdviceIssued "dpoAdviceIssued" 1 "DpoAdviceIssued" = "advies FG uitgebracht",
        /// The Board deviates from the advice.
        DpoAdviceDeviated "dpoAdviceDeviated" 1 "DpoAdviceDeviated" = "afgeweken van het advies van de FG",
        /// The Board decides.
        Taken "taken" 1 "BoardDecisionTaken" = "besluit genomen",
        /// A condition is set.
        ConditionSet "conditionSet" 1 "BoardConditionSet" = "voorwaarde gesteld",
        /// A condition is fulfilled.
        ConditionFulfilled "conditionFulfilled" 1 "BoardConditionFulfilled" = "voorwaarde vervuld",
        /// The decision is reviewed.
        Reviewed "reviewed" 1 "BoardDecisionReviewed" = "heroverwogen",
        /// Use of platforms is suspended.
        PlatformUseSuspended "platformUseSuspended" 1 "PlatformUseSuspended" = "platformgebruik opgeschort",
        /// Use of platforms goes on.
        PlatformUseResumed "platformUseResumed" 1 "PlatformUseResumed" = "platformgebruik hervat",
        /// Use of platforms stops.
        PlatformUseTerminated "platformUseTerminated" 1 "PlatformUseTerminated" = "platformgebruik beëindigd",
    }
}

choice! {
    /// Where the file of a decision stands.
    #[derive(Default)]
    BoardDecisionStatus "BoardDecisionStatus" {
        /// The matter is looked into.
        #[default]
        Research = "in onderzoek",
        /// An external analysis is there.
        Analysed = "geanalyseerd",
        /// The data protection officer has advised.
        Advised = "advies uitgebracht",
        /// Decided.
        Decided = "besloten",
        /// Decided, and under review.
        UnderReview = "in heroverweging",
        /// Another decision took its place.
        Replaced = "vervangen",
    }
}

choice! {
    /// What a decision means for a platform.
    PlatformUse "BoardPlatformUse" {
        /// It is named; nothing is decided about it.
        Named = "genoemd",
        /// It may be used, under the conditions there are.
        Allowed = "toegestaan",
        /// Its use is suspended.
        Suspended = "opgeschort",
        /// Its use has stopped.
        Terminated = "beëindigd",
    }
}

state! {
    /// A platform and what the decision means for it, as it stands.
    BoardPlatform "BoardDecisionPlatform" {
        /// The platform.
        platform: Code = "platform",
        /// What the decision means for it.
        standing: PlatformUse = "gebruik",
        /// Since when.
        since: PartialDate = "sinds",
        /// Until when, if an end is set to a suspension.
        until: Option<PartialDate> = "tot",
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A condition, as it stands.
    BoardConditionAt "BoardConditionStanding" {
        /// The code by which other facts name it.
        code: Code = "code",
        /// What has to be met.
        text: Option<Erasable<String>> = "tekst",
        /// By when; absent: no term is set.
        due_at: Option<PartialDate> = "uiterlijk",
        /// Since when it is set.
        since: PartialDate = "gesteld",
        /// Since when it is reported as fulfilled; absent: it is open.
        fulfilled: Option<PartialDate> = "vervuld",
        /// The instrument by which it is fulfilled.
        instrument: Option<Code> = "beleidsdocument",
        /// The version of that instrument.
        instrument_version: Option<u32> = "versie van het beleidsdocument",
        /// The fact that says so.
        sequence: Sequence,
    }
}

dossier! {
    /// The file of a decision of the Board at one moment.
    BoardDecision "BoardDecisionState" follows BoardDecisionEvent, status BoardDecisionStatus {
        /// Research that was commissioned, oldest first.
        research_commissioned: every ResearchCommissioned -> Research,
        /// External analyses, oldest first.
        external_analysis_received: every ExternalAnalysisReceived -> Analysed,
        /// When the data protection officer was consulted, oldest first.
        dpo_consulted: every DpoConsulted,
        /// Advice of the data protection officer, oldest first.
        dpo_advice_issued: every DpoAdviceIssued -> Advised,
        /// Where the Board deviated from the advice, oldest first.
        dpo_advice_deviated: every DpoAdviceDeviated,
        /// The decision.
        taken: once Taken -> Decided,
        /// Conditions set, oldest first.
        condition_set: every ConditionSet,
        /// Conditions fulfilled, oldest first.
        condition_fulfilled: every ConditionFulfilled,
        /// Reviews, oldest first.
        reviewed: every Reviewed
            needs taken or platform_use_suspended or platform_use_resumed or platform_use_terminated
            -> UnderReview,
        /// Suspensions, oldest first.
        platform_use_suspended: every PlatformUseSuspended -> Decided,
        /// Resumptions, oldest first.
        platform_use_resumed: every PlatformUseResumed -> Decided,
        /// Terminations, oldest first.
        platform_use_terminated: every PlatformUseTerminated -> Decided,
    } and {
        /// What the Board decided.
        outcome: Option<BoardOutcome>,
        /// Since when it is decided.
        decided: Option<PartialDate> = "besloten",
        /// The platforms, each as it stands.
        platform_use: Vec<BoardPlatform> = "platforms",
        /// The conditions, each as it stands.
        conditions: Vec<BoardConditionAt> = "voorwaarden",
        /// Whether all conditions are known; absent: not said.
        conditions_complete: Option<bool> = "voorwaarden volledig",
        /// The decision that took its place.
        replaced_by: Option<Code> = "vervangen door",
        /// When the next review is due.
        next_review: Option<PartialDate> = "volgende heroverweging",
    }
}

filter! {
    "BoardDecisionFilter" {
        /// The decision with that code.
        decision "decision": Code,
        /// Decisions that name a platform.
        platform "platform": Code,
        /// Decisions that turned out so.
        outcome "outcome": BoardOutcome,
        /// Decisions with that condition open.
        open_condition "openCondition": Code,
        /// Decisions that a change of the law gave rise to.
        trigger "trigger": Code,
        /// Decisions for which a unit was asked to do research.
        unit "unit": Code,
        /// Files that stand so.
        status "status": BoardDecisionStatus,
    }
}

impl Family for BoardDecision {
    const NAME: &'static str = "boardDecision";
    const LABEL_NL: &'static str = "besluit van het College van Bestuur";
    const GRAPHQL_NAME: &'static str = "BoardDecision";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "platforms",
            "platforms",
            "platform",
            By::Shared("platform", "platform"),
            "The platforms that it names.",
        ),
        Relation::many(
            "accounts",
            "accounts",
            "account",
            By::Shared("platform", "platform"),
            "The accounts on the platforms that it names.",
        ),
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Shared("platform", "platform"),
            "The processing activities on the platforms that it names.",
        ),
        Relation::many(
            "samePlatforms",
            "besluiten over dezelfde platforms",
            "boardDecision",
            By::Shared("platform", "platform"),
            "All decisions on the platforms that it names, this one included.",
        ),
        Relation::many(
            "instruments",
            "beleidsdocumenten die erop berusten",
            "governanceInstrument",
            By::Shared("decision", "decision"),
            "The instruments that rest on it.",
        ),
        Relation::many(
            "fulfilledBy",
            "beleidsdocumenten die voorwaarden vervullen",
            "governanceInstrument",
            By::Shared("instrument", "instrument"),
            "The instruments by which its conditions are fulfilled.",
        ),
        Relation::many(
            "roles",
            "rollen",
            "roleAssignment",
            By::Shared("decision", "decision"),
            "The roles that rest on it.",
        ),
        Relation::many(
            "triggers",
            "aanleidingen",
            "legalInstrument",
            By::Shared("instrument", "trigger"),
            "What gave rise to it in the law.",
        ),
        Relation::many(
            "replacements",
            "vervangende besluiten",
            "boardDecision",
            By::Shared("decision", "replacedBy"),
            "The decisions that took its place.",
        ),
    ];
    type Event = BoardDecisionEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &BoardDecisionEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use BoardDecisionEvent as E;
        self.admit_order(event)?;
        distinct("platforms", platforms_of(event))?;
        match event {
            E::DpoAdviceIssued(event) => distinct("requires", &event.requires),
            E::Taken(event) => distinct("conditions", event.conditions.iter().map(|condition| &condition.code)),
            E::ConditionFulfilled(event) => self.admit_fulfilment(event),
            E::PlatformUseSuspended(event) => {
                not_empty("platforms", &event.platforms)?;
                if event.until.is_some_and(|until| until.latest() < context.place.effective.earliest()) {
                    return Err(Refusal::new(RejectionCode::Malformed, "until", "it would end before it begins"));
                }
                self.admit_use(&event.platforms)
            }
            E::PlatformUseResumed(event) => {
                not_empty("platforms", &event.platforms)?;
                self.admit_use(&event.platforms)
            }
            E::PlatformUseTerminated(event) => {
                not_empty("platforms", &event.platforms)?;
                self.admit_use(&event.platforms)
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &BoardDecisionEvent, recorded: &Recorded) {
        use BoardDecisionEvent as E;
        let before = self.status;
        match event {
            E::Taken(event) => self.decide(event, recorded),
            E::ConditionSet(event) => self.set_condition(event, recorded),
            E::ConditionFulfilled(event) => self.fulfil(event, recorded),
            E::Reviewed(event) => {
                self.replaced_by = event.replaced_by.clone().or(self.replaced_by.take());
                self.next_review = event.next_review;
            }
            E::PlatformUseSuspended(event) => {
                self.change_use(&event.platforms, PlatformUse::Suspended, event.until, recorded);
            }
            E::PlatformUseResumed(event) => self.change_use(&event.platforms, PlatformUse::Allowed, None, recorded),
            E::PlatformUseTerminated(event) => {
                self.change_use(&event.platforms, PlatformUse::Terminated, None, recorded);
            }
            _ => platforms_of(event).iter().for_each(|platform| self.mention(platform, recorded)),
        }
        self.keep(event, recorded);
        self.status = standing(event, before);
        if self.decided.is_none() && self.status >= BoardDecisionStatus::Decided {
            self.decided = Some(recorded.effective);
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = vec![("status", key_text(&self.status))];
        keys.extend(self.decisions().map(|decision| ("decision", decision.to_string())));
        keys.extend(self.platform_use.iter().map(|at| ("platform", at.platform.to_string())));
        keys.extend(self.outcome.iter().map(|outcome| ("outcome", key_text(outcome))));
        let open = self.conditions.iter().filter(|condition| condition.fulfilled.is_none());
        keys.extend(open.map(|condition| ("openCondition", condition.code.to_string())));
        let instruments = self.condition_fulfilled.iter().filter_map(|kept| kept.fact.instrument.as_ref());
        keys.extend(instruments.map(|instrument| ("instrument", instrument.to_string())));
        keys.extend(self.triggers().map(|trigger| ("trigger", trigger.to_string())));
        keys.extend(self.replaced_by.iter().map(|decision| ("replacedBy", decision.to_string())));
        let units = self.research_commissioned.iter().filter_map(|kept| kept.fact.unit.as_ref());
        keys.extend(units.map(|unit| ("unit", unit.to_string())));
        let parties = self.external_analysis_received.iter().filter_map(|kept| kept.fact.party.as_ref());
        keys.extend(parties.map(|party| ("party", party.to_string())));
        keys
    }
}

/// The platforms that an event names.
fn platforms_of(event: &BoardDecisionEvent) -> &[Code] {
    use BoardDecisionEvent as E;
    match event {
        E::ResearchCommissioned(event) => &event.platforms,
        E::ExternalAnalysisReceived(event) => &event.platforms,
        E::DpoAdviceIssued(event) => &event.platforms,
        E::Taken(event) => &event.platforms,
        E::PlatformUseSuspended(event) => &event.platforms,
        E::PlatformUseResumed(event) => &event.platforms,
        E::PlatformUseTerminated(event) => &event.platforms,
        _ => &[],
    }
}

/// Where the file stands after an event: analysis and advice that come after the decision do not reopen it.
fn standing(event: &BoardDecisionEvent, before: BoardDecisionStatus) -> BoardDecisionStatus {
    use BoardDecisionEvent as E;
    use BoardDecisionStatus as S;
    match event {
        E::ExternalAnalysisReceived(_) => before.max(S::Analysed),
        E::DpoAdviceIssued(_) => before.max(S::Advised),
        E::Taken(_) | E::PlatformUseSuspended(_) | E::PlatformUseResumed(_) | E::PlatformUseTerminated(_) => {
            before.max(S::Decided)
        }
        E::Reviewed(event) => match event.outcome {
            _ if before == S::Replaced => S::Replaced,
            Some(BoardReviewOutcome::Replaced) => S::Replaced,
            Some(BoardReviewOutcome::Maintained | BoardReviewOutcome::Adjusted) => S::Decided,
            None => S::UnderReview,
        },
        _ => before,
    }
}

impl BoardDecision {
    /// The codes of the decision, as its facts give them.
    fn decisions(&self) -> impl Iterator<Item = &Code> {
        let commissioned = self.research_commissioned.iter().map(|kept| &kept.fact.decision);
        let taken = self.taken.iter().map(|kept| &kept.fact.decision);
        let suspended = self.platform_use_suspended.iter().map(|kept| &kept.fact.decision);
        let resumed = self.platform_use_resumed.iter().map(|kept| &kept.fact.decision);
        let terminated = self.platform_use_terminated.iter().map(|kept| &kept.fact.decision);
        commissioned.chain(taken).chain(suspended).chain(resumed).chain(terminated).flatten()
    }

    /// What gave rise to it, as its facts name it.
    fn triggers(&self) -> impl Iterator<Item = &Code> {
        let reviewed = self.reviewed.iter().map(|kept| &kept.fact.trigger);
        let suspended = self.platform_use_suspended.iter().map(|kept| &kept.fact.trigger);
        let terminated = self.platform_use_terminated.iter().map(|kept| &kept.fact.trigger);
        reviewed.chain(suspended).chain(terminated).flatten()
    }

    fn admit_fulfilment(&self, event: &ConditionFulfilled) -> Result<(), Refusal> {
        event.instrument_version.map_or(Ok(()), |version| counted("instrumentVersion", version))?;
        if self.conditions.iter().all(|condition| condition.code != event.condition) {
            let message =
                format!("condition {} was not set before that moment; record `conditionSet` first", event.condition);
            return Err(Refusal::new(RejectionCode::NeverExisted, "condition", message));
        }
        Ok(())
    }

    /// What this decision has stopped for good does not begin or end again in the same file.
    fn admit_use(&self, platforms: &[Code]) -> Result<(), Refusal> {
        let terminated = |platform: &&Code| {
            self.platform_use.iter().any(|at| at.platform == **platform && at.standing == PlatformUse::Terminated)
        };
        match platforms.iter().find(terminated) {
            Some(platform) => {
                let message = format!("use of {platform} was stopped for good; a new decision has a stream of its own");
                Err(Refusal::new(RejectionCode::Ended, "platforms", message))
            }
            None => Ok(()),
        }
    }

    fn decide(&mut self, event: &Taken, recorded: &Recorded) {
        // The first decision counts; that there is a second one, `keep` notes.
        if self.taken.is_some() {
            return;
        }
        self.outcome = event.outcome;
        self.conditions_complete = event.conditions_complete;
        self.next_review = event.next_review;
        let standing = match event.outcome {
            Some(BoardOutcome::Continue | BoardOutcome::ContinueWithConditions) => PlatformUse::Allowed,
            Some(BoardOutcome::Suspend) => PlatformUse::Suspended,
            Some(BoardOutcome::Stop) => PlatformUse::Terminated,
            Some(BoardOutcome::Other) | None => PlatformUse::Named,
        };
        if standing == PlatformUse::Named {
            event.platforms.iter().for_each(|platform| self.mention(platform, recorded));
        } else {
            self.put(&event.platforms, standing, None, recorded);
        }
        event.conditions.iter().for_each(|condition| self.require(condition, recorded));
    }

    fn set_condition(&mut self, event: &ConditionSet, recorded: &Recorded) {
        let condition =
            BoardCondition { code: event.condition.clone(), text: event.text.clone(), due_at: event.due_at };
        self.require(&condition, recorded);
    }

    /// Sets a condition. One that is open keeps its beginning; one that was fulfilled is open again.
    fn require(&mut self, condition: &BoardCondition, recorded: &Recorded) {
        let new = BoardConditionAt {
            code: condition.code.clone(),
            text: condition.text.clone(),
            due_at: condition.due_at,
            since: recorded.effective,
            fulfilled: None,
            instrument: None,
            instrument_version: None,
            sequence: recorded.sequence,
        };
        match self.conditions.iter_mut().find(|known| known.code == condition.code) {
            Some(known) => {
                let since = if known.fulfilled.is_none() { known.since } else { recorded.effective };
                let text = condition.text.clone().or(known.text.take());
                *known = BoardConditionAt { text, due_at: condition.due_at.or(known.due_at), since, ..new };
            }
            None => self.conditions.push(new),
        }
    }

    fn fulfil(&mut self, event: &ConditionFulfilled, recorded: &Recorded) {
        if self.admit_fulfilment(event).is_err() {
            note_anomaly(&mut self.anomalies, recorded, "a condition was fulfilled that had not been set yet");
            self.require(&BoardCondition { code: event.condition.clone(), text: None, due_at: None }, recorded);
        }
        // Reported twice: the first report counts, whatever shows it better.
        let open = |known: &&mut BoardConditionAt| known.code == event.condition && known.fulfilled.is_none();
        if let Some(condition) = self.conditions.iter_mut().find(open) {
            condition.fulfilled = Some(recorded.effective);
            condition.instrument.clone_from(&event.instrument);
            condition.instrument_version = event.instrument_version;
            condition.sequence = recorded.sequence;
        }
    }

    fn mention(&mut self, platform: &Code, recorded: &Recorded) {
        if self.platform_use.iter().all(|at| at.platform != *platform) {
            self.put(std::slice::from_ref(platform), PlatformUse::Named, None, recorded);
        }
    }

    fn change_use(
        &mut self,
        platforms: &[Code],
        standing: PlatformUse,
        until: Option<PartialDate>,
        recorded: &Recorded,
    ) {
        if self.admit_use(platforms).is_err() {
            note_anomaly(&mut self.anomalies, recorded, "use of a platform changed that had been stopped for good");
        }
        self.put(platforms, standing, until, recorded);
    }

    fn put(&mut self, platforms: &[Code], standing: PlatformUse, until: Option<PartialDate>, recorded: &Recorded) {
        for platform in platforms {
            let at = BoardPlatform {
                platform: platform.clone(),
                standing,
                since: recorded.effective,
                until,
                sequence: recorded.sequence,
            };
            match self.platform_use.iter_mut().find(|known| known.platform == *platform) {
                Some(known) => *known = at,
                None => self.platform_use.push(at),
            }
        }
    }
}

#[cfg(test)]
mod tests;
