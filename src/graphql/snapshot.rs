//! One moment of the ledger, and the states of all families in it.

use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject, TypeName};

use super::audit::{LATE_CURSOR, LateRecording, Sample, SampleFilter, late_recordings, sample};
use super::change::StateView;
use super::error::{bad_input, internal, wire};
use super::event::{Event, ListOrder};
use super::figure::{Figures, figures};
use super::history::{VersionView, versions};
use super::justification::{
    FallenInstrument, Learned, OpenTerm, StaleView, StepView, deadlines, fallen, justification, learned, staleness,
};
use super::limits::{ENTRY_COMPLEXITY, HISTORY_COMPLEXITY, JUDGEMENT_COMPLEXITY};
use super::loader::{FactsOf, Reader, RevisionOf, StateOf};
use super::page::{Connection, Page, connection, page};
use super::register::{RegisterView, register};
use super::related::Related;
use super::roots::KnownAtInput;
use super::scalars::id_text;
use super::search::{SearchFilter, search};
use super::shown::StateFields;
use super::template::template;
use super::timeline::{TimelineView, timelines};
use super::verdict::{SheetPair, VerdictScope, VerdictView, sheet, verdict};
use crate::engine::{Engine, Moment};
use crate::family::describe::Language;
use crate::family::families;
use crate::family::kit::{Family, Filter as _};
use crate::family::register::RegisterKind;
use crate::family::rule_set::Layer;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, EventName, Reference, Sequence, StreamId};
use crate::store::{KeyFilter, Range, StateAt, list_states, stream_by_reference};
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

/// The state of a stream at a moment.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex, name_type)]
pub struct View<F: StateType> {
    #[graphql(skip)]
    at: Arc<StateAt>,
    #[graphql(skip)]
    moment: Moment,
    #[graphql(flatten)]
    state: StateFields<F>,
    #[graphql(flatten)]
    related: Related<F>,
}

/// The state of a family as the API shows it.
pub trait StateType: Family + Unpin {}

impl<F: Family + Unpin> StateType for F {}

impl<F: StateType> TypeName for View<F> {
    fn type_name() -> std::borrow::Cow<'static, str> {
        F::GRAPHQL_NAME.into()
    }
}

impl<F: StateType> View<F> {
    /// Shows the state of a moment.
    pub fn read(at: StateAt, moment: Moment) -> Result<Self> {
        let typed: F = serde_json::from_str(&at.text).map_err(|error| internal(&error))?;
        let related = Related::new(at.stream.clone(), moment, &typed);
        let state = StateFields::new(serde_json::from_str(&at.text).map_err(|error| internal(&error))?);
        Ok(Self { at: Arc::new(at), moment, state, related })
    }
}

/// What every state says of its place.
#[ComplexObject]
impl<F: StateType> View<F> {
    /// The id of this state: its stream and both times.
    async fn id(&self) -> ID {
        ID(format!("{}@{}@{}", id_text(&self.at.stream), self.moment.size, self.moment.valid))
    }

    /// The stream whose state it is.
    async fn stream(&self) -> StreamId {
        self.at.stream.clone()
    }

    /// The human reference of the stream.
    async fn reference(&self, ctx: &Context<'_>) -> Result<Option<Reference>> {
        let row = ctx.data::<DataLoader<Reader>>()?.load_one(self.at.stream.clone()).await?;
        Ok(row.and_then(|row| row.reference))
    }

    /// How many facts of the stream were known, whatever their effective date: what `expectedRevision` compares.
    async fn revision(&self, ctx: &Context<'_>) -> Result<Sequence> {
        let key = RevisionOf { stream: self.at.stream.clone(), size: self.moment.size };
        Ok(Sequence(ctx.data::<DataLoader<Reader>>()?.load_one(key).await?.unwrap_or(0)))
    }

    /// Since when the state is so, in the world.
    async fn in_effect_from(&self) -> Instant {
        self.at.effective.from
    }

    /// Until when, by what was known; null: no end known.
    async fn in_effect_to(&self) -> Option<Instant> {
        Some(self.at.effective.to).filter(|to| *to != Instant::MAX)
    }

    /// The tree size from which on this was known.
    async fn known_from(&self) -> Sequence {
        Sequence(self.at.known_from)
    }

    /// The facts of the stream that were known, in the order of the ledger, corrected ones included.
    #[graphql(complexity = "super::page::cost(first, last, child_complexity)")]
    async fn facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Event>> {
        let page = page("event", first, after, last, before)?;
        let (from, to) = super::page::sequences(&page, self.moment.size)?;
        let limit = i64::try_from(page.size + 1).unwrap_or(i64::MAX);
        let range = Range { from, to, limit, backwards: page.backwards };
        let key = FactsOf { stream: self.at.stream.clone(), range };
        let facts = ctx.data::<DataLoader<Reader>>()?.load_one(key).await?.unwrap_or_default();
        let items = facts.into_iter().map(|stored| (stored.entry.sequence.to_string(), Event::new(stored)));
        Ok(connection("event", &page, items.collect()))
    }

    /// The versions of the state: those that the stream was in over time, by what was known at this moment, oldest first.
    #[graphql(complexity = "super::page::cost(first, last, child_complexity).saturating_add(HISTORY_COMPLEXITY)")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<VersionView>> {
        let page = page("version", first, after, last, before)?;
        versions(ctx, &self.at.stream, self.moment, &page).await
    }
}

/// Looks up and lists the states of one family at one moment.
struct Lookup<F> {
    moment: Moment,
    family: PhantomData<F>,
}

impl<F: StateType> Lookup<F> {
    fn at(moment: Moment) -> Self {
        Self { moment, family: PhantomData }
    }

    async fn one(
        &self,
        ctx: &Context<'_>,
        id: Option<StreamId>,
        reference: Option<Reference>,
    ) -> Result<Option<View<F>>> {
        let store = ctx.data::<Engine>()?.store();
        let stream = match (id, reference) {
            (Some(id), None) if id.family() == F::NAME => id,
            (Some(_), None) => return Err(bad_input(format!("this id is not of the family {}", F::NAME))),
            (None, Some(reference)) => {
                let row =
                    wire(async { stream_by_reference(store.read().await?.conn(), F::NAME, &reference).await }.await)?;
                match row.filter(|row| row.first_sequence < self.moment.size) {
                    Some(row) => row.stream,
                    None => return Ok(None),
                }
            }
            _ => return Err(bad_input("give `id` or `reference`, one of them")),
        };
        let key = StateOf { stream, size: self.moment.size, valid: self.moment.valid };
        let state = ctx.data::<DataLoader<Reader>>()?.load_one(key).await?;
        state.map(|state| View::read(state, self.moment)).transpose()
    }

    async fn list(
        &self,
        ctx: &Context<'_>,
        page: &Page,
        filter: Option<F::Filter>,
        order: ListOrder,
    ) -> Result<Connection<View<F>>> {
        let store = ctx.data::<Engine>()?.store();
        let keys = filter.map(|filter| filter.keys()).unwrap_or_default();
        let filters: Vec<KeyFilter> = keys.into_iter().map(|(name, value)| KeyFilter { name, value }).collect();
        let range = page.streams(order == ListOrder::NewestFirst);
        let Moment { size, valid, .. } = self.moment;
        let read = async { list_states(store.read().await?.conn(), F::NAME, size, valid, &filters, &range).await };
        let view = |state: StateAt| Ok((state.stream.to_string(), View::read(state, self.moment)?));
        let items = wire(read.await)?.into_iter().map(view).collect::<Result<Vec<_>>>()?;
        Ok(connection(F::NAME, page, items))
    }
}

/// The state of a stream of which the family is known.
pub async fn state_at<F: StateType>(ctx: &Context<'_>, moment: Moment, stream: &StreamId) -> Result<Option<View<F>>> {
    Lookup::at(moment).one(ctx, Some(stream.clone()), None).await
}

macro_rules! snapshot {
    (
        recorded { $($module:ident $state:ident $event:ident $one:ident $many:ident $record:ident;)* }
        own { $($own_module:ident $own_state:ident $own_event:ident;)* }
    ) => {
        /// The ledger as known at one moment and in force at one moment. Everything below it sees the same.
        #[Object]
        impl Snapshot {
            /// What was known.
            async fn known(&self, ctx: &Context<'_>) -> Result<Known> {
                let root = self.moment.root(ctx.data::<Engine>()?.store()).await.map_err(|error| internal(&error))?;
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

            $(
                /// The state of one stream of this family, by id or reference; null if it had none at this moment.
                async fn $one(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "The stream.")] id: Option<StreamId>,
                    #[graphql(desc = "Its human reference.")] reference: Option<Reference>,
                ) -> Result<Option<View<crate::family::$module::$state>>> {
                    Lookup::at(self.moment).one(ctx, id, reference).await
                }

                /// The states of this family at this moment, in the order of their streams' ids: by when they began, to the
                /// millisecond.
                #[graphql(complexity = "super::page::cost(first, last, child_complexity)")]
                #[expect(clippy::too_many_arguments, reason = "these are the arguments of a GraphQL connection")]
                async fn $many(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
                    #[graphql(desc = "After this cursor.")] after: Option<String>,
                    #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
                    #[graphql(desc = "Before this cursor.")] before: Option<String>,
                    #[graphql(desc = "Narrows the list.")] filter: Option<crate::family::$module::Filter>,
                    #[graphql(desc = "In which order.", default)] order_by: ListOrder,
                ) -> Result<Connection<View<crate::family::$module::$state>>> {
                    let page = page(<crate::family::$module::$state as Family>::NAME, first, after, last, before)?;
                    Lookup::at(self.moment).list(ctx, &page, filter, order_by).await
                }
            )*

            /// The states that have all the words at this moment, of whatever family: in structural members, and in names and
            /// purposes of organisational things. The last word may go on. In the order of families, then of streams.
            #[graphql(complexity = "super::page::cost(first, last, child_complexity)")]
            #[expect(clippy::too_many_arguments, reason = "these are the arguments of a GraphQL connection")]
            async fn search(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Up to 8 words.")] text: String,
                #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
                #[graphql(desc = "After this cursor.")] after: Option<String>,
                #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
                #[graphql(desc = "Before this cursor.")] before: Option<String>,
                #[graphql(desc = "Narrows the search.")] filter: Option<SearchFilter>,
                #[graphql(desc = "In which order.", default)] order_by: ListOrder,
            ) -> Result<Connection<StateView>> {
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

            /// A register as an officer knows it: a row for each entry, with its cells as people read them, in the order of
            /// their streams' ids: by when they began, to the millisecond.
            #[graphql(complexity = "super::page::cost(first, last, child_complexity)")]
            #[expect(clippy::too_many_arguments, reason = "these are the arguments of a GraphQL connection")]
            async fn register(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Which register.")] kind: RegisterKind,
                #[graphql(desc = "In which language it is written.", default)] language: Language,
                #[graphql(desc = "Entries of a unit; refused where entries belong to no unit.")] unit: Option<Code>,
                #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
                #[graphql(desc = "After this cursor.")] after: Option<String>,
                #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
                #[graphql(desc = "Before this cursor.")] before: Option<String>,
            ) -> Result<RegisterView> {
                let page = page(kind.register().name, first, after, last, before)?;
                register(ctx, self.moment, kind, language, unit, &page).await
            }

            /// What is counted of a year, with the facts behind each number: facts that took effect in that year, in
            /// Europe/Amsterdam, and by `validAt`. Corrected records do not count.
            #[graphql(complexity = "super::page::multiplied(super::figure::asked(codes.as_ref()), child_complexity)")]
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
            #[graphql(complexity = "super::page::cost(first, last, child_complexity)")]
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
                #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
                #[graphql(desc = "After this cursor.")] after: Option<String>,
                #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
                #[graphql(desc = "Before this cursor.")] before: Option<String>,
            ) -> Result<Connection<LateRecording>> {
                let page = page(LATE_CURSOR, first, after, last, before)?;
                late_recordings(ctx, self.moment, unit, longer_than, &page).await
            }

            /// Facts for a test of details, drawn by a seed from all that are known: the same seed at the same size draws the same.
            #[graphql(complexity = "super::page::cost(Some(count), None, child_complexity)")]
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
            #[graphql(complexity = "JUDGEMENT_COMPLEXITY.saturating_add(super::page::multiplied(20, child_complexity))")]
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
            #[graphql(complexity = "JUDGEMENT_COMPLEXITY.saturating_add(super::page::cost(first, last, child_complexity))")]
            #[expect(clippy::too_many_arguments, reason = "these are the arguments of a GraphQL connection")]
            async fn deadlines(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Only of this unit. Absent: of the whole institution.")] unit: Option<Code>,
                #[graphql(desc = "How far ahead of `validAt`.", default_with = "Term::months(3)")] horizon: Term,
                #[graphql(desc = "The first so many, 1 to 100.")] first: Option<i32>,
                #[graphql(desc = "After this cursor.")] after: Option<String>,
                #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
                #[graphql(desc = "Before this cursor.")] before: Option<String>,
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
            async fn ledger_record(&self, ctx: &Context<'_>) -> Result<Option<View<crate::family::ledger::Ledger>>> {
                let head = wire(crate::store::head(ctx.data::<Engine>()?.store()).await)?;
                match head {
                    Some(head) => Lookup::at(self.moment).one(ctx, Some(head.ledger_stream), None).await,
                    None => Ok(None),
                }
            }
        }
    };
}

families!(snapshot);
