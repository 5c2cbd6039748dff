//! When a rule was met and when not: intervals, each with what opened and closed it.

use async_graphql::{Context, Object, Result};

use crate::engine::{Judge, Moment, checks_for, rule_named};
use crate::family::rule_set::{Layer, Outcome};
use crate::graphql::error::{bad_input, data, wire};
use crate::graphql::event::Event;
use crate::graphql::judging::{asked, judged};
use crate::graphql::limits::TIMELINE_YEARS_MAX;
use crate::graphql::verdict::{RuleView, VerdictScope, VerdictView, events_of};
use crate::ledger::name::{Sequence, StreamId};
use crate::rule::catalogue::Rule;
use crate::rule::timeline::{Cause, Knowledge, Stretch, TimelineQuestion};
use crate::time::{Instant, Interval, PartialDate, days_between, year_of};

/// How the outcome of a rule for a stream went over time, in one layer.
#[derive(Clone, Debug)]
pub struct TimelineView {
    rule: &'static Rule,
    layer: Layer,
    subject: StreamId,
    as_known: Vec<Stretch>,
    at_this_moment: Vec<Stretch>,
    hindsight: Vec<Stretch>,
}

/// When a rule was not met for a stream, in one layer, by three measures of knowledge.
#[Object(name = "NonComplianceIntervals")]
impl TimelineView {
    /// The rule.
    async fn rule(&self) -> RuleView {
        RuleView { rule: self.rule }
    }

    /// From where the rule speaks.
    async fn layer(&self) -> Layer {
        self.layer
    }

    /// The stream that is judged.
    async fn subject(&self) -> StreamId {
        self.subject.clone()
    }

    /// As known: each instant is judged by what had been recorded by then, and never by more than this snapshot knows.
    async fn as_known(
        &self,
        #[graphql(desc = "Which outcomes. Absent: FAIL.")] outcomes: Option<Vec<Outcome>>,
    ) -> Vec<StretchView> {
        chosen(&self.as_known, outcomes)
    }

    /// Each instant is judged by all that this snapshot knows.
    async fn at_this_moment(
        &self,
        #[graphql(desc = "Which outcomes. Absent: FAIL.")] outcomes: Option<Vec<Outcome>>,
    ) -> Vec<StretchView> {
        chosen(&self.at_this_moment, outcomes)
    }

    /// In hindsight: each instant is judged by the whole ledger.
    async fn hindsight(
        &self,
        #[graphql(desc = "Which outcomes. Absent: FAIL.")] outcomes: Option<Vec<Outcome>>,
    ) -> Vec<StretchView> {
        chosen(&self.hindsight, outcomes)
    }
}

fn chosen(stretches: &[Stretch], outcomes: Option<Vec<Outcome>>) -> Vec<StretchView> {
    let outcomes = outcomes.unwrap_or_else(|| vec![Outcome::Fail]);
    let asked = |stretch: &&Stretch| outcomes.contains(&stretch.verdict.outcome);
    stretches.iter().filter(asked).cloned().map(|stretch| StretchView { stretch }).collect()
}

/// A stretch of time with one outcome.
#[derive(Clone, Debug)]
pub struct StretchView {
    stretch: Stretch,
}

/// A stretch of time with one outcome, and what opened and closed it.
#[Object(name = "ComplianceInterval")]
impl StretchView {
    /// The outcome.
    async fn outcome(&self) -> Outcome {
        self.stretch.verdict.outcome
    }

    /// The first instant of it.
    async fn from(&self) -> Instant {
        self.stretch.interval.from
    }

    /// The first instant after it.
    async fn to(&self) -> Instant {
        self.stretch.interval.to
    }

    /// The days from the day of its beginning to the day of its end, in Europe/Amsterdam.
    async fn days(&self) -> Option<i64> {
        days_between(self.stretch.interval.from, self.stretch.interval.to)
    }

    /// What opened it; null: it lasted already when the stretch that was asked began.
    async fn opened(&self) -> Option<CauseView> {
        self.stretch.opened.clone().map(|cause| CauseView { cause })
    }

    /// What closed it; null: it lasted when the stretch that was asked ended.
    async fn closed(&self) -> Option<CauseView> {
        self.stretch.closed.clone().map(|cause| CauseView { cause })
    }

    /// The verdict at its beginning; later in it the reasons may be others.
    async fn verdict(&self) -> VerdictView {
        VerdictView::alone(self.stretch.verdict.clone())
    }
}

/// What made an outcome another: facts, or the passing of time.
#[derive(Clone, Debug)]
pub struct CauseView {
    cause: Cause,
}

/// What made an outcome another: facts, or the passing of time.
#[Object(name = "ComplianceChange")]
impl CauseView {
    /// Whether no fact took effect or was recorded then: a term ended, or a law or an agreement.
    async fn by_time(&self) -> bool {
        self.cause.facts.is_empty()
    }

    /// The facts that took effect or were recorded then, by their positions in the ledger.
    async fn facts(&self) -> Vec<Sequence> {
        self.cause.facts.iter().copied().collect()
    }

    /// Those facts, each with the bytes that prove it.
    #[graphql(complexity = "child_complexity.saturating_mul(5)")]
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        events_of(ctx, &self.cause.facts).await
    }
}

/// Follows a rule over time for one stream, in each layer in which it judges it.
pub async fn timelines(
    ctx: &Context<'_>,
    moment: Moment,
    rule: &str,
    scope: VerdictScope,
    (from, to): (PartialDate, PartialDate),
    layer: Option<Layer>,
) -> Result<Vec<TimelineView>> {
    let judge = data::<Judge>(ctx)?;
    let rule = asked(rule_named(rule))?;
    let subject = asked(judge.one_stream(&scope.named()?, &moment).await)?;
    let within = stretch(from, to)?;
    let head = wire(crate::store::head(judge.store()).await)?.map_or(moment.size, |head| head.size());
    let rules = (moment.rules != moment.valid).then_some(moment.rules);
    let mut timelines = Vec::new();
    // As many as the rule has layers.
    for check in asked(checks_for(rule, subject.family(), layer))? {
        let follow = async |knowledge, size| {
            let question = TimelineQuestion { rule, check, subject: subject.clone(), within, knowledge, rules };
            judged(judge.timeline(question, size).await)
        };
        let as_known = follow(Knowledge::Along(moment.size), moment.size).await?;
        let at_this_moment = follow(Knowledge::Fixed(moment.size), moment.size).await?;
        let hindsight =
            if head == moment.size { at_this_moment.clone() } else { follow(Knowledge::Fixed(head), head).await? };
        let (layer, subject) = (check.layer, subject.clone());
        timelines.push(TimelineView { rule, layer, subject, as_known, at_this_moment, hindsight });
    }
    Ok(timelines)
}

fn stretch(from: PartialDate, to: PartialDate) -> Result<Interval> {
    let within = Interval { from: from.earliest(), to: to.latest().next() };
    if within.from >= within.to {
        return Err(bad_input(format!("`to` ({to}) lies before `from` ({from})")));
    }
    if year_of(within.to) - year_of(within.from) > TIMELINE_YEARS_MAX {
        return Err(bad_input(format!("ask for at most {TIMELINE_YEARS_MAX} years at once")));
    }
    Ok(within)
}
