//! Verdicts: was it justified, as far as was known, by the rules of that day, and with all that is known since.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, OneofObject, Result, SimpleObject};

use crate::engine::{Judge, Moment, Named, Sheets, checks_for, judges_nothing, rule_named, rules_named};
use crate::family::describe::Language;
use crate::family::rule_set::{Layer, Outcome};
use crate::family::shape::label_of;
use crate::graphql::error::{bad_input, data, internal, wire};
use crate::graphql::evaluation::as_fact;
use crate::graphql::event::Event;
use crate::graphql::judging::{asked, judged};
use crate::graphql::language::language;
use crate::graphql::limits::ENTRY_COMPLEXITY;
use crate::graphql::loader::Reader;
use crate::graphql::page::{Connection, numbered, page};
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Reference, Sequence, StreamId};
use crate::rule::catalogue::{Check, Rule, rule, rule_hash};
use crate::rule::inquiry;
use crate::rule::norm::Applies;
use crate::rule::sheet::{Selection, Sheet};
use crate::rule::text::Text;
use crate::rule::verdict::{Class, Deadline, Flag, Mark, ParameterUsed, Reason, Verdict};
use crate::time::{Instant, PartialDate};

/// What is judged.
#[derive(Clone, Debug, OneofObject)]
pub enum VerdictScope {
    /// A stream; if it is an activity, what it rests on as well.
    Id(StreamId),
    /// The stream with this human reference.
    Reference(Reference),
    /// A unit: itself, its activities with what they rest on, its systems and accounts.
    Unit(Code),
    /// A platform: itself, its accounts, arrangements and decisions.
    Platform(Code),
    /// The whole institution; give `true`.
    Institution(bool),
}

impl VerdictScope {
    /// Says what is named.
    pub fn named(self) -> Result<Named> {
        match self {
            Self::Id(stream) => Ok(Named::Stream(stream)),
            Self::Reference(reference) => Ok(Named::Reference(reference)),
            Self::Unit(unit) => Ok(Named::Unit(unit)),
            Self::Platform(platform) => Ok(Named::Platform(platform)),
            Self::Institution(true) => Ok(Named::Institution),
            Self::Institution(false) => Err(bad_input("give `institution: true`, or another scope")),
        }
    }
}

/// Judges a scope.
pub async fn sheet(
    ctx: &Context<'_>,
    moment: Moment,
    scope: VerdictScope,
    rules: Option<Vec<String>>,
    layers: Option<Vec<Layer>>,
    files: bool,
) -> Result<SheetPair> {
    let judge = data::<Judge>(ctx)?;
    let rules = asked(rules_named(&rules.unwrap_or_default()))?;
    let scope = asked(judge.scope(&scope.named()?, &moment).await)?;
    asked(judge.some_rule_applies(&moment).await)?;
    let layers = layers.unwrap_or_default().into_iter().collect();
    let selection = Selection { scope, files, rules, layers };
    let sheets = judged(judge.sheets(&selection, &moment).await)?;
    if sheets.known.verdicts.is_empty() && !selection.rules.is_empty() {
        return asked(Err(judges_nothing(&selection)));
    }
    Ok(SheetPair { sheets, selection })
}

/// Judges one stream by one rule in one layer.
pub async fn verdict(
    ctx: &Context<'_>,
    moment: Moment,
    rule: &str,
    scope: VerdictScope,
    layer: Layer,
) -> Result<VerdictView> {
    let judge = data::<Judge>(ctx)?;
    let rule = asked(rule_named(rule))?;
    asked(judge.some_rule_applies(&moment).await)?;
    let subject = asked(judge.one_stream(&scope.named()?, &moment).await)?;
    let head = wire(crate::store::head(judge.store()).await)?.map_or(moment.size, |head| head.size());
    let at = |size| inquiry::Moment { size, valid: moment.valid, rules: moment.rules };
    let checks = asked(checks_for(rule, subject.family(), Some(layer)))?;
    let mut views = Vec::new();
    for check in checks {
        let known = judged(judge.verdict((rule, check), &subject, at(moment.size)).await)?;
        let hindsight = judged(judge.verdict((rule, check), &subject, at(head)).await)?;
        views.push(VerdictView { verdict: known, hindsight: Some(hindsight) });
    }
    views.pop().ok_or_else(|| bad_input("this rule has no such layer"))
}

/// The verdicts of a scope at one moment, and the same with all that is known since.
#[derive(Clone, Debug)]
pub struct SheetPair {
    sheets: Arc<Sheets>,
    selection: Selection,
}

/// How often an outcome came out.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct VerdictCount {
    /// The outcome.
    outcome: Outcome,
    /// How often.
    number: u32,
}

/// The rules and the program that a sheet was made with.
#[derive(Clone, Debug, SimpleObject)]
pub struct VerdictRuleSet {
    /// SHA-256 of the canonical JSON of the catalogue of rules, as `schema/rules.json` has it.
    hash: Hash,
    /// The version of the evaluator; another one may judge otherwise.
    evaluator_version: String,
}

/// One part of a sheet: the verdicts with what was known at one size of the tree.
#[derive(Clone, Debug)]
pub struct SheetView {
    sheet: Arc<Sheet>,
}

/// One part of a sheet: what was known, its hash, and how often each outcome came out.
#[async_graphql::Object(name = "VerdictSheetPart")]
impl SheetView {
    /// How many entries were known.
    async fn size(&self) -> Sequence {
        Sequence(self.sheet.known.size)
    }

    /// The root of the tree over them.
    async fn root(&self) -> Hash {
        self.sheet.known.root
    }

    /// SHA-256 of `canonical`.
    async fn hash(&self) -> Result<Hash> {
        self.sheet.hash().map_err(|error| internal(&error))
    }

    /// The part as canonical JSON (RFC 8785): the same ledger, rules and moments give the same bytes.
    #[graphql(complexity = "ENTRY_COMPLEXITY * 50")]
    async fn canonical(&self) -> Result<String> {
        self.sheet.text().map_err(|error| internal(&error))
    }

    /// How often each outcome came out.
    async fn counts(&self) -> Vec<VerdictCount> {
        self.sheet.counts().into_iter().map(|(outcome, number)| VerdictCount { outcome, number }).collect()
    }
}

/// The verdicts of a scope at one moment, with the same in hindsight.
#[async_graphql::Object(name = "VerdictSheet")]
impl SheetPair {
    /// What was judged.
    async fn scope(&self) -> &str {
        &self.sheets.known.scope
    }

    /// What was in force is judged at this instant.
    async fn valid_at(&self) -> Instant {
        self.sheets.known.valid_at
    }

    /// The law and policy of this instant were applied.
    async fn rules_at(&self) -> Instant {
        self.sheets.known.rules_at
    }

    /// What the sheet was made with.
    async fn rule_set(&self) -> VerdictRuleSet {
        let made = self.sheets.known.rule_set;
        VerdictRuleSet { hash: made.hash, evaluator_version: made.evaluator_version.to_owned() }
    }

    /// The part as known at the moment.
    async fn known(&self) -> SheetView {
        SheetView { sheet: self.sheets.known.clone() }
    }

    /// The part with all that is known since: with the whole ledger.
    async fn hindsight(&self) -> SheetView {
        SheetView { sheet: self.sheets.hindsight.clone() }
    }

    /// The sheet as the fact `ruleSet.evaluated`, as JSON in the form in which facts come in: add a date, give it to `griffie record` or
    /// `recordAll`, and compare later with `evaluation`.
    #[graphql(complexity = "ENTRY_COMPLEXITY")]
    async fn as_fact(&self) -> Result<String> {
        as_fact(&self.sheets, &self.selection)
    }

    /// The families of files about people and incidents that were not judged, though the scope is about them; `files: true` judges them.
    async fn left_out(&self) -> &[&'static str] {
        &self.sheets.known.left_out
    }

    /// The verdicts as known at the moment, each with its hindsight; by rule, layer and stream.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    async fn verdicts(
        &self,
        #[graphql(desc = "Only these outcomes. Absent: all.")] outcomes: Option<Vec<Outcome>>,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<VerdictView>> {
        let page = page("verdict", first, after, last, before)?;
        let asked = |verdict: &&Verdict| outcomes.as_ref().is_none_or(|outcomes| outcomes.contains(&verdict.outcome));
        let chosen: Vec<&Verdict> = self.sheets.known.verdicts.iter().filter(asked).collect();
        numbered("verdict", &page, chosen, |verdict| VerdictView::of(verdict, &self.sheets.hindsight))
    }
}

/// The outcome of a rule for a stream in one layer, with everything that it rests on.
#[derive(Clone, Debug)]
pub struct VerdictView {
    verdict: Verdict,
    hindsight: Option<Verdict>,
}

impl VerdictView {
    /// Shows a verdict with that of the same rule, layer and stream on another sheet.
    pub fn of(verdict: &Verdict, hindsight: &Sheet) -> Self {
        let key = |verdict: &Verdict| (verdict.rule, verdict.layer, verdict.subject.clone());
        let asked = key(verdict);
        // A sheet is in the order of this key.
        let found = hindsight.verdicts.binary_search_by(|other| key(other).cmp(&asked)).ok();
        let hindsight = found.map(|place| hindsight.verdicts[place].clone());
        Self { verdict: verdict.clone(), hindsight }
    }

    /// Shows a verdict alone.
    pub fn alone(verdict: Verdict) -> Self {
        Self { verdict, hindsight: None }
    }
}

/// The outcome of a rule for a stream in one layer: whether it was met, why, until when, and by which law or policy.
#[async_graphql::Object(name = "Verdict")]
impl VerdictView {
    /// The rule.
    async fn rule(&self) -> Option<RuleView> {
        rule(self.verdict.rule).map(|rule| RuleView { rule })
    }

    /// The id of the rule, as `TRF-01`.
    async fn rule_id(&self) -> &str {
        self.verdict.rule
    }

    /// The stream that is judged; for the institution as a whole the ledger's own.
    async fn subject(&self) -> StreamId {
        self.verdict.subject.clone()
    }

    /// The human reference of the stream.
    async fn reference(&self, ctx: &Context<'_>) -> Result<Option<Reference>> {
        let row = data::<DataLoader<Reader>>(ctx)?.load_one(self.verdict.subject.clone()).await?;
        Ok(row.and_then(|row| row.reference))
    }

    /// From where the rule speaks.
    async fn layer(&self) -> Layer {
        self.verdict.layer
    }

    /// What failing it means.
    async fn class(&self) -> Class {
        self.verdict.class
    }

    /// What it comes to.
    async fn outcome(&self) -> Outcome {
        self.verdict.outcome
    }

    /// What it comes to, as people say it.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "language", desc = "In which language. Absent: in the caller's (`Accept-Language`).")]
        asked: Option<Language>,
    ) -> String {
        label_of(&self.verdict.outcome, language(ctx, asked))
    }

    /// Whether the controller could know at that time; null where it does not fail.
    async fn imputable(&self) -> Option<bool> {
        (self.verdict.outcome == Outcome::Fail).then(|| self.verdict.imputable.unwrap_or(true))
    }

    /// The same verdict with all that is known since: shown beside the first, never instead of it.
    async fn hindsight(&self) -> Option<Box<VerdictView>> {
        self.hindsight.clone().map(|verdict| Box::new(VerdictView::alone(verdict)))
    }

    /// Why.
    async fn reasons(&self) -> Vec<ReasonView> {
        self.verdict.reasons.iter().cloned().map(|reason| ReasonView { reason }).collect()
    }

    /// An instant after `validAt` before which it cannot change without a new fact; null: it never changes without one. It may
    /// change later than this.
    async fn until(&self) -> Option<Instant> {
        self.verdict.until
    }

    /// The parameters used, and where each came from.
    async fn parameters(&self) -> Vec<ParameterView> {
        self.verdict.parameters.iter().cloned().map(ParameterView::from).collect()
    }

    /// The terms that were counted, with the working.
    async fn deadline_trace(&self) -> Vec<DeadlineView> {
        self.verdict.deadlines.iter().cloned().map(|deadline| DeadlineView { deadline }).collect()
    }

    /// What else to know; it does not decide the outcome.
    async fn flags(&self) -> Vec<FlagView> {
        self.verdict.flags.iter().copied().map(FlagView::from).collect()
    }
}

/// Why a verdict is what it is, with the facts that prove it.
#[derive(Clone, Debug)]
pub struct ReasonView {
    reason: Reason,
}

/// Why a verdict is what it is, with the facts that prove it.
#[async_graphql::Object(name = "VerdictReason")]
impl ReasonView {
    /// In words.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "language", desc = "In which language. Absent: in the caller's (`Accept-Language`).")]
        asked: Option<Language>,
    ) -> &str {
        self.reason.text.of(language(ctx, asked))
    }

    /// In Dutch.
    async fn nl(&self) -> &str {
        &self.reason.text.nl
    }

    /// In English.
    async fn en(&self) -> &str {
        &self.reason.text.en
    }

    /// The facts on which it rests, by their positions in the ledger.
    async fn facts(&self) -> Vec<Sequence> {
        self.reason.facts.iter().copied().collect()
    }

    /// The facts on which it rests, each with the bytes that prove it.
    #[graphql(complexity = "child_complexity.saturating_mul(5)")]
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        events_of(ctx, &self.reason.facts).await
    }
}

/// Reads facts by their positions, in their order.
pub async fn events_of(ctx: &Context<'_>, facts: &BTreeSet<Sequence>) -> Result<Vec<Event>> {
    let mut found = data::<DataLoader<Reader>>(ctx)?.load_many(facts.iter().copied()).await?;
    Ok(facts.iter().filter_map(|sequence| found.remove(sequence)).map(Event::new).collect())
}

/// A parameter that was used, and where it came from.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "VerdictParameter")]
pub struct ParameterView {
    /// Its name, as `dsrTerm`.
    name: String,
    /// Its value, as `P28D`.
    value: String,
    /// The legal or governance instrument that sets it.
    instrument: String,
    /// The version of that instrument.
    version: Option<String>,
    /// The fact that set it.
    sequence: Option<Sequence>,
}

impl From<ParameterUsed> for ParameterView {
    fn from(used: ParameterUsed) -> Self {
        let ParameterUsed { name, value, instrument, version, sequence } = used;
        Self { name, value, instrument, version, sequence }
    }
}

/// Something about a verdict that does not decide it.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "VerdictFlag")]
pub struct FlagView {
    /// What.
    mark: Mark,
    /// Days from the effective date to the day of recording, for LATE_RECORDED.
    days: Option<i64>,
}

impl From<Flag> for FlagView {
    fn from(flag: Flag) -> Self {
        Self { mark: flag.mark, days: flag.days }
    }
}

/// A term that was counted, with its working.
#[derive(Clone, Debug)]
pub struct DeadlineView {
    /// The term.
    pub deadline: Deadline,
}

/// A term that was counted, with its working.
#[async_graphql::Object(name = "DeadlineTrace")]
impl DeadlineView {
    /// What must happen.
    async fn what(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "language", desc = "In which language. Absent: in the caller's (`Accept-Language`).")]
        asked: Option<Language>,
    ) -> &str {
        self.deadline.what.of(language(ctx, asked))
    }

    /// The term, as `P28D`.
    async fn term(&self) -> &str {
        &self.deadline.term
    }

    /// How it is counted, as `REG_1182_71`.
    async fn calendar(&self) -> &str {
        &self.deadline.calendar
    }

    /// From when it runs.
    async fn from(&self) -> PartialDate {
        self.deadline.from
    }

    /// The last instant within it.
    async fn limit(&self) -> Instant {
        self.deadline.limit
    }

    /// When it was done; null: not yet.
    async fn done(&self) -> Option<PartialDate> {
        self.deadline.done
    }

    /// How long it took, or has taken so far, in whole minutes; null where the dates do not say it.
    async fn minutes(&self) -> Option<i64> {
        self.deadline.minutes
    }

    /// The working, step by step.
    async fn steps(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "language", desc = "In which language. Absent: in the caller's (`Accept-Language`).")]
        asked: Option<Language>,
    ) -> Vec<&str> {
        let language = language(ctx, asked);
        self.deadline.trace.iter().map(|step: &Text| step.of(language)).collect()
    }
}

/// One thing that law, policy or practice asks.
#[derive(Clone, Copy, Debug)]
pub struct RuleView {
    /// The rule.
    pub rule: &'static Rule,
}

/// One thing that law, policy or practice asks: the requirement of the same id.
#[async_graphql::Object(name = "Rule")]
impl RuleView {
    /// Its id, as `TRF-01`.
    async fn id(&self) -> &str {
        self.rule.id
    }

    /// What it asks, in a few words.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "language", desc = "In which language. Absent: in the caller's (`Accept-Language`).")]
        asked: Option<Language>,
    ) -> String {
        Text::from(self.rule.title).of(language(ctx, asked)).to_owned()
    }

    /// How it is judged.
    async fn explanation(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "language", desc = "In which language. Absent: in the caller's (`Accept-Language`).")]
        asked: Option<Language>,
    ) -> String {
        Text::from(self.rule.explanation).of(language(ctx, asked)).to_owned()
    }

    /// Where it is written.
    async fn sources(&self) -> Vec<&'static str> {
        self.rule.sources.to_vec()
    }

    /// SHA-256 of its entry and of the evaluator's version: where it is the same, the rule asks the same.
    async fn hash(&self) -> Hash {
        rule_hash(self.rule)
    }

    /// The layers in which it speaks, and about what.
    async fn checks(&self) -> Vec<CheckView> {
        self.rule.checks.iter().map(CheckView::from).collect()
    }
}

/// A rule in one layer.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RuleCheck")]
pub struct CheckView {
    /// The family whose streams it judges; `ledger` for the institution as a whole.
    judges: &'static str,
    /// From where it speaks.
    layer: Layer,
    /// What failing it means.
    class: Class,
    /// The legal instruments while one of which is in force it applies, by their codes.
    legal_instruments: Vec<&'static str>,
}

impl From<&'static Check> for CheckView {
    fn from(check: &'static Check) -> Self {
        let legal_instruments = match check.applies {
            Applies::Law(codes) => codes.to_vec(),
            _ => Vec::new(),
        };
        Self { judges: check.family, layer: check.layer, class: check.class, legal_instruments }
    }
}
