//! One moment of the ledger, and the states of all families in it.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, Object, OutputType, Positioned, Result, ServerResult, SimpleObject,
    Value,
};

use crate::engine::{Engine, Moment, StateIn};
use crate::family::describe::Language;
use crate::family::kit::{Declaration, Declared as _, text_of};
use crate::family::ledger::Ledger;
use crate::family::register::RegisterKind;
use crate::family::rule_set::Layer;
use crate::family::{FAMILIES, family};
use crate::graphql::adapter::{Given, add, asked, given, here, object, select, show};
use crate::graphql::audit::{LATE_CURSOR, LateRecording, Sample, SampleFilter, late_recordings, sample};
use crate::graphql::error::{bad_input, data, internal, wire};
use crate::graphql::event::ListOrder;
use crate::graphql::figure::{Figures, figures};
use crate::graphql::justification::{
    FallenInstrument, Learned, OpenTerm, StaleView, StepView, deadlines, fallen, justification, learned, staleness,
};
use crate::graphql::limits::{ENTRY_COMPLEXITY, JUDGEMENT_COMPLEXITY};
use crate::graphql::loader::head_of;
use crate::graphql::moment::KnownAtInput;
use crate::graphql::page::{Connection, Page, page};
use crate::graphql::register::{RegisterView, register};
use crate::graphql::reported::json;
use crate::graphql::search::{SearchFilter, search};
use crate::graphql::shape::filters as filters_of;
use crate::graphql::state::{State, States, one, state_at};
use crate::graphql::state_fields::{field_of_many, field_of_one, register_state};
use crate::graphql::template::template;
use crate::graphql::timeline::{TimelineView, timelines};
use crate::graphql::verdict::{SheetPair, VerdictScope, VerdictView, sheet, verdict};
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, EventName, Reference, Sequence, StreamId};
use crate::store::{KeyFilter, StateAt, list_states};
use crate::time::{Instant, PartialDate, Term};

/// What was known at a moment.
#[derive(Clone, Debug, SimpleObject)]
pub struct Known {
    /// How many entries were known; `asOf(knownAt: { size })` with it repeats the answer exactly.
    size: Sequence,
    /// The root of the tree over them.
    root: Hash,
    /// When the last of them was recorded.
    recorded: Option<Instant>,
    /// Whether nothing more can be recorded before that moment.
    #[graphql(name = "final")]
    is_final: bool,
}

/// The ledger as known at one moment and in force at one moment. Everything below it sees the same.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The moment.
    pub moment: Moment,
}

/// The state of the ledger's own stream.
struct LedgerRecord(State);

impl OutputType for LedgerRecord {
    fn type_name() -> Cow<'static, str> {
        Ledger::GRAPHQL_NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        if let Ok(family) = family(Ledger::NAME) {
            register_state(registry, family);
        }
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        Ok(select(ctx, &self.0).await)
    }
}

/// The fields by which the states of all families are looked up and listed at a moment.
#[derive(Clone, Copy, Debug)]
struct FamilyFields {
    moment: Moment,
}

/// Which field of a family is asked for.
fn family_of(name: &str) -> Option<(&'static Declaration, bool)> {
    FAMILIES.iter().find_map(|family| {
        let fields = family.api_fields?;
        (fields.one == name || fields.many == name).then_some((family, fields.one == name))
    })
}

/// Only ever shown as fields of the snapshot.
impl OutputType for FamilyFields {
    fn type_name() -> Cow<'static, str> {
        "FamilyFields".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        add(registry, "FamilyFields", |registry| {
            let fields = FAMILIES.iter().filter_map(|family| family.api_fields.map(|fields| (family, fields)));
            let fields: Vec<_> = fields
                .flat_map(|(family, fields)| {
                    [field_of_one(registry, fields.one, family), field_of_many(registry, fields.many, family)]
                })
                .collect();
            object("FamilyFields", "", fields)
        });
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        async_graphql::resolver_utils::resolve_container(ctx, self).await
    }
}

impl ContainerType for FamilyFields {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let Some((family, is_one)) = family_of(asked(ctx)) else { return Ok(None) };
        let value = if is_one { self.one(ctx, family).await } else { self.many(ctx, family).await };
        value.map(Some)
    }
}

impl FamilyFields {
    async fn one(&self, ctx: &Context<'_>, family: &'static Declaration) -> ServerResult<Value> {
        let named = (given(ctx, "id", None)?, given(ctx, "reference", None)?);
        let found = one(ctx, family, self.moment, named).await.map_err(|error| here(ctx, error))?;
        Ok(match &found {
            Some(state) => show(ctx, state).await,
            None => Value::Null,
        })
    }

    async fn many(&self, ctx: &Context<'_>, family: &'static Declaration) -> ServerResult<Value> {
        let (first, after) = (given(ctx, "first", None)?, given(ctx, "after", None)?);
        let (last, before) = (given(ctx, "last", None)?, given(ctx, "before", None)?);
        let filter: Option<Given> = given(ctx, "filter", None)?;
        let order = given(ctx, "orderBy", Some(ListOrder::default))?;
        let list = async {
            let page = page(family.name, first, after, last, before)?;
            let filters = filter.map(|Given(filter)| key_filters(family, filter)).transpose()?.unwrap_or_default();
            list(ctx, family, self.moment, (&page, order), &filters).await
        };
        let states = list.await.map_err(|error| here(ctx, error))?;
        Ok(show(ctx, &states).await)
    }
}

/// Reads the filter of a family's lists: each member is a key.
fn key_filters(family: &'static Declaration, filter: Value) -> Result<Vec<KeyFilter>> {
    let Value::Object(mut given) = filter else { return Ok(Vec::new()) };
    let mut filters = Vec::new();
    for (key, shape) in filters_of(family) {
        let value = given.swap_remove(key.name).filter(|value| *value != Value::Null);
        if let Some(value) = value {
            let value = json(value, &shape).map_err(|error| bad_input(format!("{}: {error}", key.name)))?;
            filters.push(KeyFilter { name: key.name, value: text_of(value) });
        }
    }
    Ok(filters)
}

async fn list(
    ctx: &Context<'_>,
    family: &'static Declaration,
    moment: Moment,
    (page, order): (&Page, ListOrder),
    filters: &[KeyFilter],
) -> Result<States> {
    let store = data::<Engine>(ctx)?.store();
    let range = page.streams(order == ListOrder::NewestFirst);
    let Moment { size, valid, .. } = moment;
    let read = async { list_states(store.read().await?.conn(), family.name, size, valid, filters, &range).await };
    let state = |state: StateAt| Ok((state.stream.to_string(), State::read(StateIn { state, moment })?));
    let states = wire(read.await)?.into_iter().map(state).collect::<Result<Vec<_>>>()?;
    Ok(States::new(family, page, states))
}

/// The ledger as known at one moment and in force at one moment. Everything below it sees the same.
#[Object]
impl Snapshot {
    /// What was known.
    async fn known(&self, ctx: &Context<'_>) -> Result<Known> {
        let root = self.moment.root(data::<Engine>(ctx)?.store()).await.map_err(|error| internal(&error))?;
        let Moment { size, recorded, is_final, .. } = self.moment;
        Ok(Known { size: Sequence(size), root, recorded, is_final })
    }

    /// What was in force is asked at this instant.
    async fn valid_at(&self) -> Instant {
        self.moment.valid
    }

    /// The law and policy of this instant are applied in verdicts.
    async fn rules_at(&self) -> Instant {
        self.moment.rules
    }

    /// The states of all families.
    #[graphql(flatten)]
    async fn families(&self) -> FamilyFields {
        FamilyFields { moment: self.moment }
    }

    /// The states that have all the words at this moment, of whatever family: in structural members, and in names and
    /// purposes of organisational things. The last word may go on. In the order of families, then of streams.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "these are the arguments of a GraphQL connection")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to 8 words.")] text: String,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the search.")] filter: Option<SearchFilter>,
        #[graphql(desc = "In which order.", default)] order_by: ListOrder,
    ) -> Result<Connection<State>> {
        let page = page("search", first, after, last, before)?;
        search(ctx, self.moment, &text, filter.unwrap_or_default(), &page, order_by).await
    }

    /// The newest fact of a kind in a stream, as JSON in the form in which facts come in: copy it, change it, and give
    /// it to `griffie record` or `recordAll`. What is erased is left out. Null: there is none at this moment.
    #[graphql(complexity = "ENTRY_COMPLEXITY")]
    async fn template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stream.")] stream: StreamId,
        #[graphql(desc = "The kind of fact, as `activity.established`.")] event: EventName,
    ) -> Result<Option<String>> {
        template(ctx, self.moment, &stream, &event).await
    }

    /// A register as an officer knows it: a row for each entry, with its cells as people read them.
    async fn register(
        &self,
        #[graphql(desc = "Which register.")] kind: RegisterKind,
        #[graphql(desc = "In which language it is written.", default)] language: Language,
        #[graphql(desc = "Entries of a unit; refused where entries belong to no unit.")] unit: Option<Code>,
    ) -> Result<RegisterView> {
        register(self.moment, kind, language, unit.as_ref())
    }

    /// What is counted of a year, with the facts behind each number: facts that took effect in that year, in
    /// Europe/Amsterdam, and by `validAt`. Corrected records do not count.
    #[graphql(
        complexity = "crate::graphql::page::multiplied(crate::graphql::figure::asked(codes.as_ref()), child_complexity)"
    )]
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The year.")] year: i32,
        #[graphql(desc = "Only what belongs to this unit. Absent: to all.")] unit: Option<Code>,
        #[graphql(desc = "Only these figures. Absent: all.")] codes: Option<Vec<String>>,
    ) -> Result<Figures> {
        figures(ctx, self.moment, year, unit, codes).await
    }

    /// Facts that were recorded long after the end of the date from which they hold, the latest first: whatever took effect
    /// when, and imports and corrections too, which say so themselves. Corrected records are left out.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "these are the arguments of a GraphQL connection")]
    async fn late_recordings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only facts of streams that were of this unit when they were recorded. Absent: all.")]
        unit: Option<Code>,
        #[graphql(
            desc = "How long after: weeks, days of 24 hours, or hours.",
            default_with = "crate::family::figure::LATE_AFTER"
        )]
        longer_than: Term,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<LateRecording>> {
        let page = page(LATE_CURSOR, first, after, last, before)?;
        late_recordings(ctx, self.moment, unit, longer_than, &page).await
    }

    /// Facts for a test of details, drawn by a seed from all that are known: the same seed at the same size draws the same.
    #[graphql(complexity = "crate::graphql::page::cost(Some(count), None, child_complexity)")]
    async fn sample(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100 characters, best agreed on beforehand.")] seed: String,
        #[graphql(desc = "How many, 1 to 100.")] count: i32,
        #[graphql(desc = "Narrows the sample.")] filter: Option<SampleFilter>,
    ) -> Result<Sample> {
        sample(ctx, self.moment, seed, count, filter).await
    }

    /// The verdicts of a scope at this moment: was it justified, as far as was known, by the law and policy of `rulesAt`, and
    /// would it be in hindsight?
    #[graphql(complexity = "JUDGEMENT_COMPLEXITY.saturating_add(child_complexity)")]
    async fn verdicts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is judged.")] scope: VerdictScope,
        #[graphql(desc = "Only these rules, by id, as TRF-01. Absent: all.")] rules: Option<Vec<String>>,
        #[graphql(desc = "Only these layers. Absent: all, side by side.")] layers: Option<Vec<Layer>>,
        #[graphql(
            desc = "Whether files about people and incidents are judged too: consents, publications, requests, objections, cases, breaches. There may be very many.",
            default
        )]
        files: bool,
    ) -> Result<SheetPair> {
        sheet(ctx, self.moment, scope, rules, layers, files).await
    }

    /// The verdict of one rule on one stream in one layer, with its hindsight.
    #[graphql(complexity = "JUDGEMENT_COMPLEXITY.saturating_add(child_complexity)")]
    async fn verdict(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule, by id, as TRF-01.")] rule: String,
        #[graphql(desc = "The stream, or the institution.")] scope: VerdictScope,
        #[graphql(desc = "The layer.", default_with = "Layer::Law")] layer: Layer,
    ) -> Result<VerdictView> {
        verdict(ctx, self.moment, &rule, scope, layer).await
    }

    /// When a rule was met and when not for a stream, in each layer: as known then, by all that this snapshot knows, and in hindsight;
    /// with what opened and closed each interval.
    #[graphql(
        complexity = "JUDGEMENT_COMPLEXITY.saturating_add(crate::graphql::page::multiplied(20, child_complexity))"
    )]
    async fn non_compliance_intervals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule, by id, as TRF-01.")] rule: String,
        #[graphql(desc = "The stream, or the institution.")] scope: VerdictScope,
        #[graphql(desc = "From the start of this date.")] from: PartialDate,
        #[graphql(desc = "To the end of this date.")] to: PartialDate,
        #[graphql(desc = "Only this layer. Absent: all in which the rule judges the stream.")] layer: Option<Layer>,
    ) -> Result<Vec<TimelineView>> {
        timelines(ctx, self.moment, &rule, scope, (from, to), layer).await
    }

    /// The whole walk from a processing activity to what justifies it: purpose, legal basis, the evidence for it, the officer's
    /// advice and what became of it, with whom data are shared and on what; each step with its facts and verdicts.
    #[graphql(complexity = "JUDGEMENT_COMPLEXITY.saturating_add(child_complexity)")]
    async fn justification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity.")] id: Option<StreamId>,
        #[graphql(desc = "Its human reference.")] reference: Option<Reference>,
    ) -> Result<Option<StepView>> {
        justification(ctx, self.moment, id, reference).await
    }

    /// Since when a privacy notice no longer says what is so; null: it still does, or none is offered.
    #[graphql(complexity = "JUDGEMENT_COMPLEXITY.saturating_add(child_complexity)")]
    async fn notice_staleness(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notice.")] id: Option<StreamId>,
        #[graphql(desc = "Its human reference.")] reference: Option<Reference>,
    ) -> Result<Option<StaleView>> {
        staleness(ctx, self.moment, (id, reference)).await
    }

    /// What must happen by when, the earliest first, and what should have happened already; each with the working of its term.
    #[graphql(
        complexity = "JUDGEMENT_COMPLEXITY.saturating_add(crate::graphql::page::cost(first, last, child_complexity))"
    )]
    #[expect(clippy::too_many_arguments, reason = "these are the arguments of a GraphQL connection")]
    async fn deadlines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this unit. Absent: of the whole institution.")] unit: Option<Code>,
        #[graphql(desc = "How far ahead of `validAt`.", default_with = "Term::months(3)")] horizon: Term,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpenTerm>> {
        let page = page("deadline", first, after, last, before)?;
        deadlines(ctx, self.moment, unit, horizon, &page).await
    }

    /// What was recorded since less was known, and which verdicts on the same moment of the world it made others.
    #[graphql(complexity = "JUDGEMENT_COMPLEXITY.saturating_add(child_complexity)")]
    async fn what_was_learned(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was known before.")] since: KnownAtInput,
        #[graphql(desc = "What is judged.")] scope: VerdictScope,
    ) -> Result<Learned> {
        learned(ctx, self.moment, since, scope).await
    }

    /// Who relied on a legal instrument when it fell, and how fast they acted.
    #[graphql(complexity = "JUDGEMENT_COMPLEXITY.saturating_add(child_complexity)")]
    async fn dependents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code of the instrument, as LEX-PSHIELD.")] instrument: Code,
    ) -> Result<FallenInstrument> {
        fallen(ctx, self.moment, instrument).await
    }

    /// What the ledger's own facts say of it: its keys, its clock, its imports.
    async fn ledger_record(&self, ctx: &Context<'_>) -> Result<Option<LedgerRecord>> {
        match head_of(ctx).await? {
            Some(head) => Ok(state_at(ctx, self.moment, &head.ledger_stream).await?.map(LedgerRecord)),
            None => Ok(None),
        }
    }
}
