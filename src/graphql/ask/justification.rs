//! The whole walk of a justification, what must happen by when, what was learned since, and who relied on an instrument that fell.

use std::collections::BTreeSet;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Object, Result, SimpleObject};

use crate::engine::{Judge, Moment, Named};
use crate::family::describe::Language;
use crate::family::privacy_notice::PrivacyNotice;
use crate::graphql::error::{bad_input, data};
use crate::graphql::event::Event;
use crate::graphql::judging::{asked, judged};
use crate::graphql::language::language;
use crate::graphql::loader::Reader;
use crate::graphql::moment::{KnownAtInput, moment as resolve};
use crate::graphql::page::{Connection, Page, numbered};
use crate::graphql::verdict::{DeadlineView, RuleView, VerdictScope, VerdictView, events_of};
use crate::ledger::name::{Code, Reference, Sequence, StreamId};
use crate::rule::catalogue::rule;
use crate::rule::dependents::{Dependent, dependents, fell};
use crate::rule::inquiry;
use crate::rule::scope::Scope;
use crate::rule::sheet::{Selection, Sheet, open_terms};
use crate::rule::transparency::{Stale, stale_since};
use crate::rule::verdict::{Deadline, Verdict};
use crate::rule::walk::{Step, walk};
use crate::time::{Calendar, Instant, PartialDate, Term};

// --- The walk --------------------------------------------------------------------------------------------------------

/// A step of a justification: what is so, the facts that say it, the verdicts on it, and what it leads to.
#[derive(Clone, Debug)]
pub struct StepView {
    step: Step,
}

/// A step of a justification: what is so, the facts that say it, the verdicts on it, and what it leads to.
#[Object(name = "JustificationStep")]
impl StepView {
    /// What it is.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "language", desc = "In which language. Absent: in the caller's (`Accept-Language`).")]
        asked: Option<Language>,
    ) -> &str {
        self.step.title.of(language(ctx, asked))
    }

    /// What is so.
    async fn said(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "language", desc = "In which language. Absent: in the caller's (`Accept-Language`).")]
        asked: Option<Language>,
    ) -> &str {
        self.step.said.of(language(ctx, asked))
    }

    /// The stream that says so; null where the step before does, or where nothing is recorded.
    async fn stream(&self) -> Option<StreamId> {
        self.step.stream.clone()
    }

    /// The human reference of that stream.
    async fn reference(&self, ctx: &Context<'_>) -> Result<Option<Reference>> {
        let Some(stream) = &self.step.stream else { return Ok(None) };
        let row = data::<DataLoader<Reader>>(ctx)?.load_one(stream.clone()).await?;
        Ok(row.and_then(|row| row.reference))
    }

    /// The facts that say so, by their positions in the ledger.
    async fn facts(&self) -> Vec<Sequence> {
        self.step.facts.iter().copied().collect()
    }

    /// The facts that say so, each with the bytes that prove it.
    #[graphql(complexity = "child_complexity.saturating_mul(10)")]
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        events_of(ctx, &self.step.facts).await
    }

    /// All verdicts on the stream, as known at the moment.
    #[graphql(complexity = "child_complexity.saturating_mul(10)")]
    async fn verdicts(&self) -> Vec<VerdictView> {
        self.step.verdicts.iter().cloned().map(VerdictView::alone).collect()
    }

    /// What it leads to.
    #[graphql(complexity = "child_complexity.saturating_mul(3)")]
    async fn steps(&self) -> Vec<StepView> {
        self.step.steps.iter().cloned().map(|step| StepView { step }).collect()
    }
}

/// Walks from an activity to all that justifies it; null: it had no state at the moment.
pub async fn justification(
    ctx: &Context<'_>,
    moment: Moment,
    id: Option<StreamId>,
    reference: Option<Reference>,
) -> Result<Option<StepView>> {
    let judge = data::<Judge>(ctx)?;
    let activity = asked(judge.one_stream(&named((id, reference))?, &moment).await)?;
    if activity.family() != "activity" {
        return Err(bad_input(format!("{activity} is no processing activity; a justification begins with one")));
    }
    let at = inquiry::Moment { size: moment.size, valid: moment.valid, rules: moment.rules };
    let find = |inquiry: &inquiry::Inquiry<'_>| walk(inquiry, inquiry.subject);
    let step = judged(judge.find(&activity, at, find).await)?;
    Ok(step.map(|step| StepView { step }))
}

// --- Notices ---------------------------------------------------------------------------------------------------------

/// That a notice no longer says what is so.
#[derive(Clone, Debug)]
pub struct StaleView {
    stale: Stale,
}

/// That a privacy notice no longer says what is so: something that it tells changed after its version took effect.
#[Object(name = "NoticeStaleness")]
impl StaleView {
    /// Since when: the first change in its activities that it does not tell.
    async fn since(&self) -> PartialDate {
        self.stale.since
    }

    /// What changed, in the order in which it did.
    async fn why(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "language", desc = "In which language. Absent: in the caller's (`Accept-Language`).")]
        asked: Option<Language>,
    ) -> &str {
        self.stale.why.of(language(ctx, asked))
    }

    /// The facts of these changes, by their positions in the ledger.
    async fn facts(&self) -> Vec<Sequence> {
        self.stale.facts.iter().copied().collect()
    }

    /// The facts of these changes, each with the bytes that prove it.
    #[graphql(complexity = "child_complexity.saturating_mul(5)")]
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        events_of(ctx, &self.stale.facts).await
    }
}

/// Tells since when a notice is stale; null: it still says what is so, or none is offered.
pub async fn staleness(ctx: &Context<'_>, moment: Moment, notice: OneStream) -> Result<Option<StaleView>> {
    let judge = data::<Judge>(ctx)?;
    let notice = asked(judge.one_stream(&named(notice)?, &moment).await)?;
    if notice.family() != PrivacyNotice::NAME {
        return Err(bad_input(format!("{notice} is no privacy notice")));
    }
    let at = inquiry::Moment { size: moment.size, valid: moment.valid, rules: moment.rules };
    let find = |inquiry: &inquiry::Inquiry<'_>| {
        inquiry.state::<PrivacyNotice>(inquiry.subject).and_then(|notice| stale_since(inquiry, notice))
    };
    Ok(judged(judge.find(&notice, at, find).await)?.map(|stale| StaleView { stale }))
}

/// A stream by its id or its reference.
pub type OneStream = (Option<StreamId>, Option<Reference>);

fn named((id, reference): OneStream) -> Result<Named> {
    match (id, reference) {
        (Some(id), None) => Ok(Named::Stream(id)),
        (None, Some(reference)) => Ok(Named::Reference(reference)),
        _ => Err(bad_input("give `id` or `reference`, one of them")),
    }
}

// --- Deadlines -------------------------------------------------------------------------------------------------------

/// Something that must happen by a limit.
#[derive(Clone, Debug)]
pub struct OpenTerm {
    verdict: Verdict,
    deadline: Deadline,
    overdue: bool,
}

/// Something that must happen by a limit, with the working of the term.
#[Object(name = "OpenDeadline")]
impl OpenTerm {
    /// The rule that asks it.
    async fn rule(&self) -> Option<RuleView> {
        rule(self.verdict.rule).map(|rule| RuleView { rule })
    }

    /// The stream it is about.
    async fn subject(&self) -> StreamId {
        self.verdict.subject.clone()
    }

    /// The human reference of that stream.
    async fn reference(&self, ctx: &Context<'_>) -> Result<Option<Reference>> {
        let row = data::<DataLoader<Reader>>(ctx)?.load_one(self.verdict.subject.clone()).await?;
        Ok(row.and_then(|row| row.reference))
    }

    /// From where the rule speaks: law and policy may set different terms.
    async fn layer(&self) -> crate::family::rule_set::Layer {
        self.verdict.layer
    }

    /// The last instant within the term.
    async fn limit(&self) -> Instant {
        self.deadline.limit
    }

    /// Whether it has passed.
    async fn overdue(&self) -> bool {
        self.overdue
    }

    /// The term, with its working.
    async fn trace(&self) -> DeadlineView {
        DeadlineView { deadline: self.deadline.clone() }
    }
}

/// Lists what must happen within a horizon, and what should have happened already; the earliest limit first.
pub async fn deadlines(
    ctx: &Context<'_>,
    moment: Moment,
    unit: Option<Code>,
    horizon: Term,
    page: &Page,
) -> Result<Connection<OpenTerm>> {
    let judge = data::<Judge>(ctx)?;
    let named = unit.map_or(Named::Institution, Named::Unit);
    let scope = asked(judge.scope(&named, &moment).await)?;
    asked(judge.some_rule_applies(&moment).await)?;
    let selection = Selection { scope, files: true, rules: BTreeSet::new(), layers: BTreeSet::new() };
    let sheets = judged(judge.sheets(&selection, &moment).await)?;
    let until = Calendar::Strict.count(&horizon, &PartialDate::Exact(moment.valid)).limit.latest;
    let open = open_terms(&sheets.known, until).into_iter().map(|(verdict, deadline)| OpenTerm {
        overdue: deadline.limit < moment.valid,
        verdict,
        deadline,
    });
    numbered("deadline", page, open.collect(), |open| open)
}

// --- What was learned ------------------------------------------------------------------------------------------------

/// A verdict that what was learned made another.
#[derive(Clone, Debug, SimpleObject)]
pub struct LearnedVerdict {
    /// As known before; null: the stream was not known.
    before: Option<VerdictView>,
    /// As known now; null: the stream is not known any more.
    after: Option<VerdictView>,
    /// The facts recorded meanwhile on which it rests now, by their positions in the ledger.
    learned: Vec<Sequence>,
}

/// What was recorded between two moments of knowledge, and which verdicts it made others.
#[derive(Clone, Debug)]
pub struct Learned {
    from: u64,
    to: u64,
    changes: Vec<LearnedVerdict>,
}

/// What was recorded between two moments of knowledge, and which verdicts on the same moment of the world it made others.
#[Object(name = "WhatWasLearned")]
impl Learned {
    /// How many entries were known before.
    async fn from_size(&self) -> Sequence {
        Sequence(self.from)
    }

    /// How many are known now.
    async fn to_size(&self) -> Sequence {
        Sequence(self.to)
    }

    /// The verdicts that came out otherwise, by rule, layer and stream.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    async fn changes(
        &self,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<LearnedVerdict>> {
        let page = crate::graphql::page::page("learned", first, after, last, before)?;
        numbered("learned", &page, self.changes.clone(), |change| change)
    }
}

/// Compares the verdicts on a scope with what was known earlier and with what is known at the moment.
pub async fn learned(ctx: &Context<'_>, moment: Moment, since: KnownAtInput, scope: VerdictScope) -> Result<Learned> {
    let judge = data::<Judge>(ctx)?;
    let earlier = resolve(ctx, Some(since), None).await?.size;
    if earlier > moment.size {
        return Err(bad_input("`since` lies after this snapshot's knowledge; ask the later snapshot"));
    }
    let scope = asked(judge.scope(&scope.named()?, &moment).await)?;
    asked(judge.some_rule_applies(&moment).await)?;
    let files = matches!(scope, Scope::Stream(_));
    let selection = Selection { scope, files, rules: BTreeSet::new(), layers: BTreeSet::new() };
    let institution = asked(judge.institution().await)?;
    let before = Moment { size: earlier, ..moment };
    let (first, second) = judged(judge.pair(&institution, &selection, &before, moment.size).await)?;
    Ok(Learned { from: earlier, to: moment.size, changes: changes(&first, &second, earlier) })
}

fn changes(first: &Sheet, second: &Sheet, earlier: u64) -> Vec<LearnedVerdict> {
    second
        .changes_since(first)
        .into_iter()
        .map(|(before, after)| {
            let facts = after.iter().flat_map(|verdict| verdict.facts());
            let learned = facts.filter(|sequence| sequence.0 >= earlier).collect();
            LearnedVerdict {
                before: before.cloned().map(VerdictView::alone),
                after: after.cloned().map(VerdictView::alone),
                learned,
            }
        })
        .collect()
}

// --- Dependents ------------------------------------------------------------------------------------------------------

/// A transfer that rested on a legal instrument the day it fell, and what was done.
#[derive(Clone, Debug)]
pub struct DependentView {
    dependent: Dependent,
}

/// A transfer that rested on a legal instrument the day it fell, and what was done.
#[Object(name = "LegalInstrumentDependent")]
impl DependentView {
    /// The transfer.
    async fn stream(&self) -> StreamId {
        self.dependent.stream.clone()
    }

    /// The human reference of the transfer.
    async fn reference(&self, ctx: &Context<'_>) -> Result<Option<Reference>> {
        let row = data::<DataLoader<Reader>>(ctx)?.load_one(self.dependent.stream.clone()).await?;
        Ok(row.and_then(|row| row.reference))
    }

    /// When something was done first: it was suspended, put on another ground, or ended; null: nothing yet.
    async fn reacted(&self) -> Option<PartialDate> {
        self.dependent.reaction.map(|reaction| reaction.from)
    }

    /// Days from the day the instrument fell until then; null: nothing yet.
    async fn reaction_days(&self) -> Option<i64> {
        self.dependent.reaction.and_then(|reaction| reaction.days)
    }

    /// The fact by which it was done.
    async fn fact(&self) -> Option<Sequence> {
        self.dependent.reaction.map(|reaction| reaction.sequence)
    }
}

/// Who relied on a legal instrument when it fell.
#[derive(Clone, Debug, SimpleObject)]
pub struct FallenInstrument {
    /// The code of the instrument.
    instrument: Code,
    /// When it fell: was annulled, or ended; null: nothing is known of an end.
    fell: Option<Instant>,
    /// The transfers that rested on it just before, by stream.
    dependents: Vec<DependentView>,
}

/// Finds who relied on a legal instrument when it fell, and how fast they acted.
pub async fn fallen(ctx: &Context<'_>, moment: Moment, instrument: Code) -> Result<FallenInstrument> {
    let judge = data::<Judge>(ctx)?;
    let code = instrument.to_string();
    let (fell_at, known) = {
        let code = code.clone();
        asked(judge.ask(&moment, move |inquiry| (fell(inquiry, &code), inquiry.instrument(&code).is_some())).await)?
    };
    if !known {
        return Err(bad_input(format!("no legal instrument {instrument} was known and registered at this moment")));
    }
    let Some(fell_at) = fell_at else { return Ok(FallenInstrument { instrument, fell: None, dependents: Vec::new() }) };
    let before = Moment { valid: fell_at.before(), ..moment };
    let found = asked(judge.ask(&before, move |inquiry| dependents(inquiry, &code, fell_at)).await)?;
    let dependents = found.into_iter().map(|dependent| DependentView { dependent }).collect();
    Ok(FallenInstrument { instrument, fell: Some(fell_at), dependents })
}
