//! Decisions of the Board, above all on the use of platforms: from the research to the decision, its conditions and what
//! becomes of them (GDPR Art. 24, 35, 38(1), 39(1)(a)).
//!
//! One stream is the file of one decision. A suspension, resumption or termination of use may be a decision by itself and then
//! begins the file. Advice that came late, or a decision without any, is recorded as it happened.

use crate::family::declare;
use crate::family::dossier::{Newer, Refusal, counted, distinct, not_empty, not_reversed};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::{AdviceOutcome, AdviceResponse, Document};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

declare! {
    family BoardDecision many boardDecisions = "besluit van het College van Bestuur", in register;

    /// Research into the use of platforms and its risks is commissioned.
    event ResearchCommissioned = "onderzoek opgedragen",
        every research_commissioned -> Research "Research that was commissioned, oldest first." {
        decision: Code? key "The code by which other facts name the decision, as `BD-2023-01`.",
        subject: Erasable<String>? = "onderwerp" "What is to be researched.",
        platforms: Vec<Code> = "platforms" "The platforms to research.",
        unit: Code? key "The unit that is asked to do it.",
        due_at: PartialDate? = "uiterlijk" "When the result is due.",
        document: Document? "The commission as a document.",
    }

    /// An external party's analysis is received.
    event ExternalAnalysisReceived = "externe analyse ontvangen",
        every external_analysis_received -> Analysed "External analyses, oldest first." {
        party: Code? key "The party that made it.",
        platforms: Vec<Code> = "platforms" "The platforms it is about.",
        conclusions: Erasable<String>? = "conclusies" "What it concludes.",
        document: Document? "The analysis, with its hash.",
    }

    /// The data protection officer is consulted (Art. 38(1)).
    event DpoConsulted as "BoardDpoConsulted" domain "DpoConsulted" = "FG geraadpleegd",
        every dpo_consulted "When the data protection officer was consulted, oldest first." {
        question: Erasable<String>? "What was asked.",
        due_at: PartialDate? = "uiterlijk" "When the advice is due.",
        documents: Vec<Document> = "stukken" "What was put before the officer.",
    }

    /// The data protection officer advises (Art. 39(1)(a)).
    event DpoAdviceIssued as "BoardDpoAdviceIssued" domain "DpoAdviceIssued" = "advies FG uitgebracht",
        every dpo_advice_issued -> Advised "Advice of the data protection officer, oldest first." {
        outcome: AdviceOutcome? "How the advice turned out.",
        advice: Erasable<String>? "The advice.",
        conditions: Vec<Erasable<String>> "The conditions under which there is no objection.",
        requires: Vec<Code> = "vereist" "What has to be done first or next, as `DPIA` or `JOINT_CONTROL_ASSESSMENT`.",
        platforms: Vec<Code> = "platforms" "The platforms it is about; none named: all of the decision.",
        document: Document? "The advice as a document.",
    }

    /// The Board deviates from the data protection officer's advice; the reasons are recorded (Art. 38, WP243).
    event DpoAdviceDeviated as "BoardDpoAdviceDeviated" domain "DpoAdviceDeviated" = "afgeweken van het advies van de FG",
        every dpo_advice_deviated "Where the Board deviated from the advice, oldest first." {
        advice: Sequence? "The fact that holds the advice; absent: the last one.",
        reasons: Erasable<String>? = "redenen" "Why.",
    }

    /// What the Board decides.
    choice BoardOutcome as "BoardDecisionOutcome" {
        Continue = "doorgaan" "Use goes on.",
        ContinueWithConditions = "doorgaan onder voorwaarden" "Use goes on under conditions.",
        Suspend = "opschorten" "Use stops for the time being.",
        Stop = "stoppen" "Use stops for good.",
        Other "Another matter is decided, such as the adoption of a policy.",
    }

    /// A condition of the Board.
    record BoardCondition {
        code: Code "The code by which other facts name it, as `C1`.",
        text: Erasable<String>? = "tekst" "What has to be met.",
        due_at: PartialDate? = "uiterlijk" "By when; absent: no term is set.",
    }

    /// The Board decides (Art. 24).
    event Taken as "BoardDecisionTaken" = "besluit genomen", once taken -> Decided "The decision." {
        decision: Code? key "The code by which other facts name the decision, as `BD-2023-01`.",
        outcome: BoardOutcome? "What it decides.",
        subject: Erasable<String>? = "onderwerp" "What it is about.",
        platforms: Vec<Code> = "platforms" "The platforms it covers.",
        conditions: Vec<BoardCondition> "Its conditions.",
        conditions_complete: bool? = "voorwaarden volledig"
            "Whether these are all its conditions; false where a source says that there are conditions, not which.",
        reasons: Erasable<String>? = "redenen" "Why it was decided so.",
        documents_before: Vec<Document> = "voorliggende stukken" "What lay before the Board when it decided.",
        advice_response: AdviceResponse? = "reactie op het advies" "What became of the officer's advice.",
        next_review: PartialDate? = "volgende heroverweging" "When the decision is to be reviewed.",
        document: Document? "The decision as a document.",
    }

    /// The Board sets a condition, changes one that is open, or sets one anew that was fulfilled.
    event ConditionSet as "BoardConditionSet" = "voorwaarde gesteld",
        every condition_set "Conditions set, oldest first." {
        condition: Code = "voorwaarde" "The code by which other facts name it, as `C1`.",
        text: Erasable<String>? = "tekst" "What has to be met.",
        due_at: PartialDate? = "uiterlijk" "By when; absent: as before.",
    }

    /// A condition is reported as fulfilled.
    event ConditionFulfilled as "BoardConditionFulfilled" = "voorwaarde vervuld",
        every condition_fulfilled "Conditions fulfilled, oldest first." {
        condition: Code = "voorwaarde" "The condition.",
        instrument: Code? = "beleidsdocument" key
            "The instrument by which it is fulfilled, as `GDL-001`; a rule looks whether that was in force.",
        instrument_version: u32? = "versie van het beleidsdocument" "The version of that instrument.",
        shown_by: StreamId? = "blijkt uit" "The stream that shows it, of whatever family.",
        evidence: Document? "What shows it.",
        description: Erasable<String>? = "toelichting" "How it is fulfilled.",
    }

    /// What a review of a decision led to.
    choice BoardReviewOutcome as "BoardDecisionReviewOutcome" {
        Maintained "It stays as it is.",
        Adjusted = "bijgesteld" "It stays, with other conditions.",
        Replaced = "vervangen" "Another decision takes its place.",
    }

    /// The decision is reviewed, as after a change of the law or of a platform (Art. 24(1)).
    event Reviewed as "BoardDecisionReviewed" = "heroverwogen",
        every reviewed needs taken or platform_use_suspended or platform_use_resumed or platform_use_terminated -> UnderReview
            "Reviews, oldest first." {
        outcome: BoardReviewOutcome? "What it led to; absent: the review goes on.",
        trigger: Code? key "What gave rise to it, as the code of a legal instrument.",
        replaced_by: Code? = "vervangen door" "The decision that takes its place.",
        next_review: PartialDate? = "volgende heroverweging" "When the next review is due.",
        reasons: Erasable<String>? = "redenen" "Why.",
        document: Document? "The review as a document.",
    }

    /// Use of platforms is suspended.
    event PlatformUseSuspended = "platformgebruik opgeschort",
        every platform_use_suspended -> Decided "Suspensions, oldest first." {
        decision: Code? key "The code by which other facts name the decision, as `BD-2024-08`.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        reason: Erasable<String>? "Why.",
        trigger: Code? key "What gave rise to it, as the code of a legal instrument.",
        until: PartialDate? = "tot" "Until when, if an end is set.",
        document: Document? "The decision as a document.",
    }

    /// Use of platforms goes on after a suspension.
    event PlatformUseResumed = "platformgebruik hervat",
        every platform_use_resumed -> Decided "Resumptions, oldest first." {
        decision: Code? key "The code by which other facts name the decision.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        reason: Erasable<String>? "Why.",
        document: Document? "The decision as a document.",
    }

    /// Use of platforms stops for good.
    event PlatformUseTerminated = "platformgebruik beëindigd",
        every platform_use_terminated -> Decided "Terminations, oldest first." {
        decision: Code? key "The code by which other facts name the decision, as `BD-2025-06`.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        reason: Erasable<String>? "Why.",
        trigger: Code? key "What gave rise to it, as the code of a legal instrument.",
        accounts_closed: bool? = "accounts gesloten" "Whether the accounts there are closed.",
        document: Document? "The decision as a document.",
    }

    /// Where the file of a decision stands.
    choice BoardDecisionStatus {
        #[default] Research = "in onderzoek" "The matter is looked into.",
        Analysed = "geanalyseerd" "An external analysis is there.",
        Advised = "advies uitgebracht" "The data protection officer has advised.",
        Decided = "besloten" "Decided.",
        UnderReview = "in heroverweging" "Decided, and under review.",
        Replaced = "vervangen" "Another decision took its place.",
    }

    /// What a decision means for a platform.
    choice PlatformUse as "BoardPlatformUse" {
        Named = "genoemd" "It is named; nothing is decided about it.",
        Allowed = "toegestaan" "It may be used, under the conditions there are.",
        Suspended = "opgeschort" "Its use is suspended.",
        Terminated = "beëindigd" "Its use has stopped.",
    }

    /// A platform and what the decision means for it, as it stands.
    record BoardPlatform as "BoardDecisionPlatform" {
        platform: Code = "platform" "The platform.",
        standing: PlatformUse = "gebruik" "What the decision means for it.",
        since: PartialDate "Since when.",
        until: PartialDate? = "tot" "Until when, if an end is set to a suspension.",
        sequence: Sequence "The fact that says so.",
    }

    /// A condition, as it stands.
    record BoardConditionAt as "BoardConditionStanding" {
        code: Code "The code by which other facts name it.",
        text: Erasable<String>? = "tekst" "What has to be met.",
        due_at: PartialDate? = "uiterlijk" "By when; absent: no term is set.",
        since: PartialDate = "gesteld" "Since when it is set.",
        fulfilled: PartialDate? = "vervuld" "Since when it is reported as fulfilled; absent: it is open.",
        instrument: Code? = "beleidsdocument" "The instrument by which it is fulfilled.",
        instrument_version: u32? = "versie van het beleidsdocument" "The version of that instrument.",
        sequence: Sequence "The fact that says so.",
    }

    /// The file of a decision of the Board at one moment.
    state BoardDecision as "BoardDecisionState" of BoardDecisionStatus key {
        outcome: BoardOutcome? key "What the Board decided.",
        decided: PartialDate? = "besloten" "Since when it is decided.",
        platform_use: Vec<BoardPlatform> = "platforms" "The platforms, each as it stands.",
        conditions: Vec<BoardConditionAt> "The conditions, each as it stands.",
        conditions_complete: bool? = "voorwaarden volledig" "Whether all conditions are known; absent: not said.",
        replaced_by: Code? = "vervangen door" key "The decision that took its place.",
        next_review: PartialDate? = "volgende heroverweging" "When the next review is due.",
    }

    keys {
        platform: Code "Decisions that name a platform.",
        open_condition: Code "Decisions with that condition open.",
    }

    relations {
        platforms: many platform shared platform platform = "platforms" "The platforms that it names.",
        accounts: many account shared platform platform = "accounts" "The accounts on the platforms that it names.",
        activities: many activity shared platform platform = "verwerkingsactiviteiten"
            "The processing activities on the platforms that it names.",
        samePlatforms: many boardDecision shared platform platform = "besluiten over dezelfde platforms"
            "All decisions on the platforms that it names, this one included.",
        instruments: many governanceInstrument shared decision decision = "beleidsdocumenten die erop berusten"
            "The instruments that rest on it.",
        fulfilledBy: many governanceInstrument shared instrument instrument = "beleidsdocumenten die voorwaarden vervullen"
            "The instruments by which its conditions are fulfilled.",
        roles: many roleAssignment shared decision decision = "rollen" "The roles that rest on it.",
        triggers: many legalInstrument shared instrument trigger = "aanleidingen" "What gave rise to it in the law.",
        replacements: many boardDecision shared decision replacedBy = "vervangende besluiten" "What took its place.",
    }
}

impl Family for BoardDecision {
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
                not_reversed("until", Some(context.place.effective), event.until)?;
                self.admit_use(&event.platforms)
            }
            E::PlatformUseResumed(PlatformUseResumed { platforms, .. })
            | E::PlatformUseTerminated(PlatformUseTerminated { platforms, .. }) => {
                not_empty("platforms", platforms)?;
                self.admit_use(platforms)
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
                Newer::take_over(&mut self.replaced_by, &event.replaced_by);
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
        let mut keys = self.declared_keys();
        self.platform_use.iter().for_each(|at| push_keys(&mut keys, "platform", &at.platform));
        let open = self.conditions.iter().filter(|condition| condition.fulfilled.is_none());
        open.for_each(|condition| push_keys(&mut keys, "openCondition", &condition.code));
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
