//! What a rule comes to, and why: findings while a rule is judged, and the verdict that stands on the sheet.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::family::dossier::Dated;
use crate::family::figure::LATE_AFTER;
use crate::family::rule_set::{Layer, Outcome};
use crate::ledger::name::{Sequence, StreamId};
use crate::rule::text::Text;
use crate::time::{Instant, PartialDate, days_between};

/// Most reasons that one verdict gives; what is left out is counted.
pub const REASONS_MAX: usize = 40;

/// What failing a rule means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "RuleClass"))]
pub enum Class {
    /// Whether the processing is lawful.
    Lawfulness,
    /// Whether the controller can demonstrate it: failing it does not by itself make the processing unlawful (CJEU C-60/22).
    Accountability,
}

/// Something about a verdict that a reader should know and that does not decide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "VerdictMark"))]
pub enum Mark {
    /// A fact that it rests on was recorded long after it took effect, by the measure of `lateRecordings`. It decides nothing.
    LateRecorded,
    /// A fact that it rests on was imported: it is asserted, and proven only since its import.
    Backfilled,
    /// The policy still lists what the law accepts no longer.
    PolicyStale,
    /// The notice no longer says what is so.
    NoticeStale,
    /// The ground is challenged and stands until that is decided.
    Challenged,
    /// The outcome rests on a law or a policy that people dispute.
    Disputed,
    /// The institution recorded a term or an age of the law otherwise than it stands; what allows more gives no all-clear.
    OwnLaw,
}

/// A mark, with how many days late where that is what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Flag {
    /// The mark.
    pub mark: Mark,
    /// Days from the effective date to the day of recording, for LATE_RECORDED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
}

/// A fact on which a reason rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// The fact.
    pub sequence: Sequence,
    flag: Option<Flag>,
}

/// Something that says which fact says it.
pub trait Says {
    /// Returns the fact.
    fn evidence(&self) -> Evidence;
}

impl<T> Says for Dated<T> {
    fn evidence(&self) -> Evidence {
        evidence(self.from, self.recorded, self.imported.is_some(), self.sequence)
    }
}

/// What is said of a fact by its place alone: once for all facts.
fn evidence(from: PartialDate, recorded: Instant, is_imported: bool, sequence: Sequence) -> Evidence {
    let late = recorded.microseconds().saturating_sub(from.latest().microseconds());
    let is_late = LATE_AFTER.microseconds().is_some_and(|most| late > most);
    let flag = if is_imported {
        Some(Flag { mark: Mark::Backfilled, days: None })
    } else {
        let days = days_between(from.latest(), recorded);
        is_late.then_some(Flag { mark: Mark::LateRecorded, days })
    };
    Evidence { sequence, flag }
}

impl Says for Sequence {
    fn evidence(&self) -> Evidence {
        Evidence { sequence: *self, flag: None }
    }
}

impl Says for Evidence {
    fn evidence(&self) -> Evidence {
        *self
    }
}

impl<S: Says> Says for &S {
    fn evidence(&self) -> Evidence {
        (*self).evidence()
    }
}

/// Why it comes to that, with the facts that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reason {
    /// In words.
    #[serde(flatten)]
    pub text: Text,
    /// The facts, by sequence.
    pub facts: BTreeSet<Sequence>,
}

/// A parameter that was used, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParameterUsed {
    /// Its name, as `dsrTerm`.
    pub name: String,
    /// Its value, as `P28D`.
    pub value: String,
    /// The legal or governance instrument that sets it, as `POL-001`.
    pub instrument: String,
    /// The version of that instrument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The fact that set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<Sequence>,
}

/// A term that was counted, with its working.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deadline {
    /// What must happen.
    pub what: Text,
    /// The term.
    pub term: String,
    /// How it is counted, as `REG_1182_71`.
    pub calendar: String,
    /// From when it runs.
    pub from: PartialDate,
    /// The last instant within it; where the beginning is known only in part, the earliest that it could be.
    pub limit: Instant,
    /// When it was done; absent: not yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<PartialDate>,
    /// How long it took, or has taken so far, in whole minutes; absent where the dates do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
    /// The working, step by step.
    pub trace: Vec<Text>,
}

/// What a rule comes to while it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it comes to.
    pub outcome: Outcome,
    /// Why; those of the outcome first.
    pub reasons: Vec<Reason>,
    /// The parameters used.
    pub parameters: BTreeSet<ParameterUsed>,
    /// The terms counted.
    pub deadlines: Vec<Deadline>,
    /// What else to know.
    pub flags: BTreeSet<Flag>,
    /// Whether the controller could know at that time, where it fails; absent where nothing else is found: it could.
    pub imputable: Option<bool>,
}

impl Finding {
    /// Finds an outcome for a reason; more facts may be added.
    pub fn new(outcome: Outcome, text: impl Into<Text>) -> Self {
        Self {
            outcome,
            reasons: vec![Reason { text: text.into(), facts: BTreeSet::new() }],
            parameters: BTreeSet::new(),
            deadlines: Vec::new(),
            flags: BTreeSet::new(),
            imputable: None,
        }
    }

    /// It is met.
    pub fn pass(text: impl Into<Text>) -> Self {
        Self::new(Outcome::Pass, text)
    }

    /// It is not met.
    pub fn fail(text: impl Into<Text>) -> Self {
        Self::new(Outcome::Fail, text)
    }

    /// Something is to be attended to.
    pub fn warn(text: impl Into<Text>) -> Self {
        Self::new(Outcome::Warn, text)
    }

    /// What is recorded does not decide it.
    pub fn indeterminate(text: impl Into<Text>) -> Self {
        Self::new(Outcome::Indeterminate, text)
    }

    /// It does not apply.
    pub fn not_applicable(text: impl Into<Text>) -> Self {
        Self::new(Outcome::NotApplicable, text)
    }

    /// Rests it on a fact.
    #[must_use]
    pub fn by(mut self, fact: impl Says) -> Self {
        let Evidence { sequence, flag } = fact.evidence();
        self.flags.extend(flag);
        if let Some(reason) = self.reasons.first_mut() {
            reason.facts.insert(sequence);
        }
        self
    }

    /// Rests it on facts.
    #[must_use]
    pub fn by_all<S: Says>(self, facts: impl IntoIterator<Item = S>) -> Self {
        facts.into_iter().fold(self, Finding::by)
    }

    /// Marks it.
    #[must_use]
    pub fn marked(mut self, mark: Mark) -> Self {
        self.flags.insert(Flag { mark, days: None });
        self
    }

    /// Says that nobody could know at that time.
    #[must_use]
    pub fn not_imputable(mut self) -> Self {
        self.imputable = Some(false);
        self
    }

    /// Makes of a failure something to attend to, and leaves everything else.
    #[must_use]
    pub fn at_most_warn(mut self) -> Self {
        if self.outcome == Outcome::Fail {
            self.outcome = Outcome::Warn;
        }
        self
    }

    /// Both must be met: the worse outcome counts, with the reasons of both, its own first.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let (mut worse, better) =
            if weight(other.outcome) > weight(self.outcome) { (other, self) } else { (self, other) };
        let applies = worse.outcome != Outcome::NotApplicable;
        if !(applies && better.outcome == Outcome::NotApplicable) {
            worse.reasons.extend(better.reasons);
        }
        worse.parameters.extend(better.parameters);
        worse.deadlines.extend(better.deadlines);
        worse.flags.extend(better.flags);
        // A failure is the controller's unless every part of it could not be known.
        if better.outcome == Outcome::Fail && better.imputable.is_none() {
            worse.imputable = None;
        }
        worse
    }

    /// All must be met; `nothing` where there is none.
    pub fn all(findings: impl IntoIterator<Item = Self>, nothing: impl FnOnce() -> Self) -> Self {
        findings.into_iter().reduce(Self::and).unwrap_or_else(nothing)
    }

    /// One of both is enough: the better outcome counts. Of two that are as good, the first gives its reasons, and what both found out counts.
    fn or(self, other: Self) -> Self {
        let (mut better, worse) =
            if goodness(other.outcome) > goodness(self.outcome) { (other, self) } else { (self, other) };
        if better.outcome == worse.outcome {
            better.deadlines.extend(worse.deadlines);
            better.flags.extend(worse.flags);
            // If one way could not be known to be closed, it would have been enough.
            better.imputable = better.imputable.or(worse.imputable);
        }
        better.parameters.extend(worse.parameters);
        better
    }

    /// One of them is enough: the best outcome counts; `nothing` where there is none.
    pub fn any(findings: impl IntoIterator<Item = Self>, nothing: impl FnOnce() -> Self) -> Self {
        findings.into_iter().reduce(Self::or).unwrap_or_else(nothing)
    }

    pub(in crate::rule) fn into_verdict(
        self,
        rule: &'static str,
        layer: Layer,
        class: Class,
        subject: &StreamId,
    ) -> Verdict {
        let mut reasons = self.reasons;
        let left_out = reasons.len().saturating_sub(REASONS_MAX);
        if left_out > 0 {
            reasons.truncate(REASONS_MAX);
            let text = Text::new(format!("en {left_out} andere redenen"), format!("and {left_out} other reasons"));
            reasons.push(Reason { text, facts: BTreeSet::new() });
        }
        Verdict {
            rule,
            subject: subject.clone(),
            layer,
            class,
            outcome: self.outcome,
            imputable: self.imputable.filter(|_| self.outcome == Outcome::Fail),
            reasons,
            until: None,
            parameters: self.parameters,
            deadlines: self.deadlines,
            flags: self.flags,
        }
    }
}

/// How much an outcome weighs where all must be met.
fn weight(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::NotApplicable => 0,
        Outcome::Pass => 1,
        Outcome::PassErased => 2,
        Outcome::Warn => 3,
        Outcome::Indeterminate => 4,
        Outcome::Fail => 5,
    }
}

/// How good an outcome is where one is enough: what does not apply helps nobody.
fn goodness(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::NotApplicable => 0,
        Outcome::Fail => 1,
        Outcome::Indeterminate => 2,
        Outcome::Warn => 3,
        Outcome::PassErased => 4,
        Outcome::Pass => 5,
    }
}

/// The outcome of a rule for a stream in one layer, with everything that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The rule, as `TRF-01`.
    pub rule: &'static str,
    /// The stream that is judged; for the institution as a whole the ledger's own.
    pub subject: StreamId,
    /// From where the rule speaks.
    pub layer: Layer,
    /// What failing it means.
    pub class: Class,
    /// What it comes to.
    pub outcome: Outcome,
    /// Whether the controller could know at that time, where it fails; absent: it could.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imputable: Option<bool>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// An instant before which it cannot change without a new fact; absent: it never changes without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// The parameters used.
    pub parameters: BTreeSet<ParameterUsed>,
    /// The terms counted.
    pub deadlines: Vec<Deadline>,
    /// What else to know.
    pub flags: BTreeSet<Flag>,
}

impl Verdict {
    /// Lists all facts on which it rests.
    pub fn facts(&self) -> BTreeSet<Sequence> {
        self.reasons.iter().flat_map(|reason| reason.facts.iter().copied()).collect()
    }
}
