//! Following the ledger: facts, changes of the register, checkpoints.
//!
//! Every result says in its `extensions.cursor` where it stands, so that a client that was away goes on after the last one
//! it has: without gap and without repeat, on any server of the ledger.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::{Context, Response, Result, Subscription as GraphqlSubscription, Value};
use futures_util::{Stream, StreamExt as _};

use crate::engine::{
    ChangeCursor, ChangeFilter, Changes, Checkpoints, Engine, Judge, Moment, Named, NotACursor, NotAWatchCursor,
    Notification, WATCH_BEHIND_MAX, Watch, WatchCursor, Watched, rules_named,
};
use crate::family::family;
use crate::family::rule_set::Layer;
use crate::graphql::change::RegisterChange;
use crate::graphql::checkpoint::CheckpointView;
use crate::graphql::error::{bad_input, data, wire};
use crate::graphql::event::{Event, EventFilterInput};
use crate::graphql::judging::{asked, judged};
use crate::graphql::watch::{DeadlinesApproaching, VerdictsChanged};
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::rule::scope::Scope;
use crate::rule::sheet::Selection;
use crate::store::{EntryFilter, StoreError, checkpoint_up_to, head};
use crate::time::{Instant, Term};

/// The place after which a reconnecting client goes on, as the header `Last-Event-ID` of its request said. It wins over
/// the argument `after`, which is still that of the first request.
#[derive(Clone, Debug)]
pub struct LastEventId(pub String);

/// The place of the result that is being resolved.
#[derive(Clone, Debug, Default)]
pub struct Place(Arc<Mutex<Option<String>>>);

impl Place {
    fn set(&self, cursor: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cursor);
    }

    fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The name under which a result's place is in its `extensions`.
pub const CURSOR: &str = "cursor";

/// Puts the place of each result into its `extensions`. The results of one subscription are resolved one after the other.
pub struct WithPlace;

impl ExtensionFactory for WithPlace {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for WithPlace {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        if let Some(cursor) = ctx.data::<Place>().ok().and_then(Place::take) {
            response.extensions.insert(CURSOR.to_owned(), Value::String(cursor));
        }
        response
    }
}

/// Facts, changes and checkpoints as they come.
pub struct Subscription;

/// Facts, changes and checkpoints as they come. A client that was away gives the last place it has, as `after` or as the
/// header `Last-Event-ID`, and misses none and gets none twice.
#[GraphqlSubscription]
impl Subscription {
    /// The facts from now on, or after a sequence.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the stream.")] filter: Option<EventFilterInput>,
        #[graphql(
            desc = "The last sequence that you have; absent: begin with what is recorded from now on. Beyond the head it is an error."
        )]
        after: Option<Sequence>,
    ) -> Result<impl Stream<Item = Result<Event>> + use<>> {
        let engine = data::<Engine>(ctx)?;
        let after = resumed(ctx, after, sequence)?;
        let size = size(engine).await?;
        let next = match after {
            None => size,
            Some(after) => within(after, size)?.0 + 1,
        };
        let filter = filter.map_or(EntryFilter::All, EntryFilter::from);
        let entries = engine.entries(filter, next);
        let place = data::<Place>(ctx)?.clone();
        Ok(entries.map(move |entry| {
            let entry = wire(entry)?;
            place.set(entry.entry.sequence.to_string());
            Ok(Event::new(entry))
        }))
    }

    /// What changes in the register of processing activities (GDPR Art. 30) and what it rests on, from now on or after a
    /// place: facts as they are recorded, and what was recorded before when it comes into force.
    async fn register_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what concerns activities of one of these units.")] units: Option<Vec<Code>>,
        #[graphql(
            desc = "Only changes of these families, as `activity`. Absent: activities, consent texts, assessments and agreements."
        )]
        families: Option<Vec<Code>>,
        #[graphql(desc = "Only changes of these activities and of what belongs to them.")] activities: Option<
            Vec<StreamId>,
        >,
        #[graphql(
            desc = "The cursor of the last change that you have, or a sequence; absent: begin with what changes from now on. Beyond the head it is an error."
        )]
        after: Option<ChangeCursor>,
    ) -> Result<impl Stream<Item = Result<RegisterChange>> + use<>> {
        let engine = data::<Engine>(ctx)?;
        let after = resumed(ctx, after, |text| text.parse().map_err(|error: NotACursor| bad_input(error.to_string())))?;
        let size = size(engine).await?;
        if let Some(cursor) = &after {
            within(cursor.sequence, size)?;
            if cursor.told.as_ref().is_some_and(|(instant, _)| *instant > engine.sources().now()) {
                return Err(bad_input("this cursor lies in the future; give the one of the last change that you have"));
            }
        }
        let filter = ChangeFilter {
            units: units.unwrap_or_default().iter().map(ToString::to_string).collect(),
            families: families.unwrap_or_default().iter().map(known_family).collect::<Result<_>>()?,
            activities: BTreeSet::from_iter(activities.unwrap_or_default()),
        };
        let standing = crate::engine::LogPosition { size, ..*engine.standing().borrow() };
        let store = engine.store().clone();
        let changes = wire(Changes::after(store, filter, after, standing).await)?;
        let place = data::<Place>(ctx)?.clone();
        Ok(engine.feed(changes).map(move |change| {
            let change = wire(change)?;
            place.set(change.cursor.to_string());
            RegisterChange::read(change)
        }))
    }

    /// Verdicts on some units whose outcome becomes another, by a fact or by the passing of time: as each was known and in force then.
    async fn verdict_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The units, 1 to 20: themselves, their activities with what these rest on, their systems and accounts."
        )]
        units: Vec<Code>,
        #[graphql(desc = "Only these rules, by id, as TRF-01. Absent: all.")] rules: Option<Vec<String>>,
        #[graphql(desc = "Only these layers. Absent: all.")] layers: Option<Vec<Layer>>,
        #[graphql(
            desc = "The cursor of the last result that you have; absent: begin now. Beyond the head it is an error."
        )]
        after: Option<WatchCursor>,
    ) -> Result<impl Stream<Item = Result<VerdictsChanged>> + use<>> {
        let rules = asked(rules_named(&rules.unwrap_or_default()))?;
        let layers: BTreeSet<Layer> = layers.unwrap_or_default().into_iter().collect();
        let select = |unit: Code| {
            let (rules, layers) = (rules.clone(), layers.clone());
            Selection { scope: Scope::Unit(unit), files: false, rules, layers }
        };
        let selections = watched_units(units)?.into_iter().map(select).collect();
        let notices = watch(ctx, selections, Watched::Changes, after).await?;
        let place = data::<Place>(ctx)?.clone();
        Ok(notices.map(move |notice| {
            let notice = wire(notice)?;
            place.set(notice.cursor.to_string());
            Ok(VerdictsChanged::from(notice))
        }))
    }

    /// Terms of a unit that come near their end and are not met: each once, when it ends within the time that is given. What is near
    /// already is told at the beginning.
    async fn deadline_approaching(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] unit: Code,
        #[graphql(
            desc = "How long before its end: weeks, days of 24 hours, or hours.",
            default_with = "Term::days(7)"
        )]
        within: Term,
        #[graphql(
            desc = "The cursor of the last result that you have; absent: begin now. Beyond the head it is an error."
        )]
        after: Option<WatchCursor>,
    ) -> Result<impl Stream<Item = Result<DeadlinesApproaching>> + use<>> {
        let length = within.microseconds().ok_or_else(|| {
            bad_input(format!("`within` is {within}; give weeks, days or hours: months and years have no fixed length"))
        })?;
        let scope = Scope::Unit(unit);
        let selection = Selection { scope, files: true, rules: BTreeSet::new(), layers: BTreeSet::new() };
        let notices = watch(ctx, vec![selection], Watched::Approaching(length), after).await?;
        let place = data::<Place>(ctx)?.clone();
        Ok(notices.map(move |notice| {
            let notice = wire(notice)?;
            place.set(notice.cursor.to_string());
            Ok(DeadlinesApproaching::from(notice))
        }))
    }

    /// The checkpoints as they are signed: keep them, and a later ledger that does not continue them is proven false.
    async fn checkpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The size of the last checkpoint that you have; absent: begin with the next. Beyond the head it is an error."
        )]
        after: Option<Sequence>,
    ) -> Result<impl Stream<Item = Result<CheckpointView>> + use<>> {
        let engine = data::<Engine>(ctx)?;
        let size = size(engine).await?;
        let after = match resumed(ctx, after, sequence)? {
            None => newest_checkpoint(engine).await?,
            Some(after) if after.0 <= size => after.0,
            Some(after) => return Err(bad_input(format!("the ledger has {size} entries, not {after}"))),
        };
        let checkpoints = engine.feed(Checkpoints { store: engine.store().clone(), after });
        let place = data::<Place>(ctx)?.clone();
        Ok(checkpoints.map(move |checkpoint| {
            let stored = wire(checkpoint)?;
            place.set(stored.size.to_string());
            Ok(CheckpointView { stored })
        }))
    }
}

/// Units of one watcher: every fact that matters to one of them has all of them judged.
pub const WATCHED_UNITS_MAX: usize = 20;

fn watched_units(units: Vec<Code>) -> Result<BTreeSet<Code>> {
    let units: BTreeSet<Code> = units.into_iter().collect();
    if (1..=WATCHED_UNITS_MAX).contains(&units.len()) {
        Ok(units)
    } else {
        Err(bad_input(format!("name 1 to {WATCHED_UNITS_MAX} units, not {}", units.len())))
    }
}

async fn watch(
    ctx: &Context<'_>,
    selections: Vec<Selection>,
    watched: Watched,
    after: Option<WatchCursor>,
) -> Result<impl Stream<Item = std::result::Result<Notification, StoreError>> + use<>> {
    let engine = data::<Engine>(ctx)?;
    let judge = data::<Judge>(ctx)?;
    let parse = |text: &str| text.parse().map_err(|error: NotAWatchCursor| bad_input(error.to_string()));
    let after = resumed(ctx, after, parse)?;
    let size = size(engine).await?;
    if let Some(cursor) = after {
        within(cursor.sequence, size)?;
        if size - cursor.sequence.0 > WATCH_BEHIND_MAX {
            let message = format!("this cursor lies more than {WATCH_BEHIND_MAX} entries back; begin without one");
            return Err(bad_input(message));
        }
        if cursor.instant > engine.sources().now() {
            return Err(bad_input("this cursor lies in the future; give the one of the last result that you have"));
        }
    }
    known_units(judge, &selections, size, engine.sources().now()).await?;
    let institution = asked(judge.institution().await)?;
    let sources = engine.sources().clone();
    let watch = Watch::begin(judge.clone(), sources, institution, selections, watched, (size, after)).await;
    Ok(engine.feed(judged(watch)?))
}

/// Refuses units of which nothing is known and in force now: whoever names one has misspelt it.
async fn known_units(judge: &Judge, selections: &[Selection], size: u64, now: Instant) -> Result<()> {
    let moment = Moment { size, recorded: None, is_final: true, valid: now, rules: now };
    for selection in selections {
        if let Scope::Unit(unit) = &selection.scope {
            asked(judge.scope(&Named::Unit(unit.clone()), &moment).await)?;
        }
    }
    Ok(())
}

async fn size(engine: &Engine) -> Result<u64> {
    Ok(wire(head(engine.store()).await)?.map_or(0, |head| head.size()))
}

async fn newest_checkpoint(engine: &Engine) -> Result<u64> {
    let newest = async { checkpoint_up_to(engine.store().read().await?.conn(), u64::MAX).await };
    Ok(wire(newest.await)?.map_or(0, |checkpoint| checkpoint.size))
}

/// The place to go on after: what a reconnecting client got last wins over what it asked for at first.
fn resumed<T>(ctx: &Context<'_>, after: Option<T>, parse: impl Fn(&str) -> Result<T>) -> Result<Option<T>> {
    match ctx.data_opt::<LastEventId>() {
        Some(LastEventId(text)) => parse(text).map(Some),
        None => Ok(after),
    }
}

fn sequence(text: &str) -> Result<Sequence> {
    let number = text.parse::<u64>().ok().filter(|number| number.to_string() == text);
    number.map(Sequence).ok_or_else(|| bad_input("`Last-Event-ID` is not the id of an event of this stream"))
}

fn within(after: Sequence, size: u64) -> Result<Sequence> {
    if after.0 < size {
        Ok(after)
    } else {
        Err(bad_input(format!("the ledger has {size} entries; sequence {after} is not among them")))
    }
}

fn known_family(name: &Code) -> Result<String> {
    match family(name.as_str()) {
        Ok(family) => Ok(family.name.to_owned()),
        Err(error) => Err(bad_input(error.to_string())),
    }
}
