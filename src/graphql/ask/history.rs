//! Versions of a stream and differences between two moments, with the facts behind them.

use std::collections::BTreeSet;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, Result};
use serde_json::Value;

use crate::engine::Moment;
use crate::family::describe::{Catalogue, Language};
use crate::family::family;
use crate::family::history::{self, Version, View as HistoryView};
use crate::family::kit::{Fact, ShapeError};
use crate::graphql::error::{bad_input, data, internal};
use crate::graphql::event::Event;
use crate::graphql::loader::{HistoryOf, Reader};
use crate::graphql::moment::MomentInput;
use crate::graphql::page::{Connection, Page, connection, numbered, page, sequences};
use crate::graphql::scalars::id_text;
use crate::graphql::state::{State, state_at};
use crate::ledger::canonical;
use crate::ledger::name::{Sequence, StreamId};
use crate::time::PartialDate;

/// A stretch of time in which a stream was in one state, by what was known.
#[derive(Clone, Debug)]
pub struct VersionView {
    version: Version,
    stream: StreamId,
    moment: Moment,
}

/// A stretch of time in which a stream was in one state, by what was known.
#[Object(name = "Version")]
impl VersionView {
    /// Its id: the stream and the fact that made it; the same at every moment, for as long as that fact stands.
    async fn id(&self) -> ID {
        ID(format!("{}#{}", id_text(&self.stream), self.version.sequence))
    }

    /// The last fact that made it.
    async fn sequence(&self) -> Sequence {
        self.version.sequence
    }

    /// From when it holds.
    async fn from(&self) -> PartialDate {
        self.version.from
    }

    /// Until when; null: no end known.
    async fn to(&self) -> Option<PartialDate> {
        self.version.to
    }

    /// The facts that made it of the version before, in the order of the ledger.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    async fn facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Event>> {
        events(ctx, &self.version.facts, &page("event", first, after, last, before)?).await
    }

    /// The members of the state that differ from the version before, as paths.
    async fn changed(&self) -> &[String] {
        &self.version.changed
    }

    /// The state.
    async fn state(&self, ctx: &Context<'_>) -> Result<Option<State>> {
        let from = self.version.from.earliest();
        let moment = Moment { valid: from, rules: from, ..self.moment };
        state_at(ctx, moment, &self.stream).await
    }
}

/// Shows a page of the versions of a stream at a moment.
pub async fn versions(
    ctx: &Context<'_>,
    stream: &StreamId,
    moment: Moment,
    page: &Page,
) -> Result<Connection<VersionView>> {
    let key = HistoryOf { stream: stream.clone(), size: moment.size };
    let facts = data::<DataLoader<Reader>>(ctx)?.load_one(key).await?.unwrap_or_default();
    let declaration = family(stream.family()).map_err(|error| internal(&error))?;
    let versions = beside(move || history::versions(declaration, &facts.iter().collect::<Vec<_>>())).await?;
    // They are numbered as they follow each other in time.
    numbered("version", page, versions, |version| VersionView { version, stream: stream.clone(), moment })
}

/// A member in which two moments differ.
#[derive(Clone, Debug)]
pub struct ChangeView {
    change: history::Change,
    label: String,
}

/// A member in which two moments differ.
#[Object(name = "MemberChange")]
impl ChangeView {
    /// Its path, as `current.entry.platforms`.
    async fn path(&self) -> &str {
        &self.change.path
    }

    /// What people call it.
    async fn label(&self) -> &str {
        &self.label
    }

    /// What it was, as canonical JSON; erasable values by their commitments. Null: nothing.
    async fn before(&self) -> Result<Option<String>> {
        text(&self.change.before)
    }

    /// What it is, as canonical JSON; erasable values by their commitments. Null: nothing.
    async fn after(&self) -> Result<Option<String>> {
        text(&self.change.after)
    }

    /// The facts that caused it, in the order of the ledger; where a correction took a fact away, the correction.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    async fn facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Event>> {
        events(ctx, &self.change.causes, &page("event", first, after, last, before)?).await
    }
}

/// What differs between two moments of one stream, field by field.
#[derive(Clone, Debug)]
pub struct DifferenceView {
    stream: StreamId,
    from: Moment,
    to: Moment,
    changes: Vec<ChangeView>,
    approvals: Vec<Sequence>,
}

/// What differs between two moments of one stream, field by field.
#[Object(name = "Difference")]
impl DifferenceView {
    /// The stream.
    async fn stream(&self) -> StreamId {
        self.stream.clone()
    }

    /// The state at the first moment; null if there was none.
    async fn before(&self, ctx: &Context<'_>) -> Result<Option<State>> {
        state_at(ctx, self.from, &self.stream).await
    }

    /// The state at the second moment; null if there is none.
    async fn after(&self, ctx: &Context<'_>) -> Result<Option<State>> {
        state_at(ctx, self.to, &self.stream).await
    }

    /// The members that differ, each with the facts that caused it.
    async fn changes(&self) -> &[ChangeView] {
        &self.changes
    }

    /// Who approved it: the approvals, adoptions and executions, and what says by whom it was approved, among the facts that
    /// count at the second moment only.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    async fn approvals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Event>> {
        events(ctx, &self.approvals, &page("event", first, after, last, before)?).await
    }
}

/// Compares two moments of a stream.
pub async fn difference(
    ctx: &Context<'_>,
    stream: StreamId,
    from: MomentInput,
    to: MomentInput,
    language: Language,
) -> Result<DifferenceView> {
    let declaration = family(stream.family()).map_err(|error| bad_input(error.to_string()))?;
    let (from, to) = (from.moment(ctx).await?, to.moment(ctx).await?);
    let key = HistoryOf { stream: stream.clone(), size: from.size.max(to.size) };
    let facts = data::<DataLoader<Reader>>(ctx)?.load_one(key).await?.unwrap_or_default();
    let compared = beside(move || {
        let known = |size: u64| facts.iter().filter(|fact| fact.recorded.sequence.0 < size).collect::<Vec<&Fact>>();
        let (first, second) = (known(from.size), known(to.size));
        let first = HistoryView { known: &first, valid: from.valid };
        history::difference(declaration, first, HistoryView { known: &second, valid: to.valid })
    });
    let history::Difference { changes, approvals, .. } = compared.await?;
    let labels = Labels::of(declaration, language);
    let changes = changes.into_iter().map(|change| ChangeView { label: labels.path(&change.path), change });
    Ok(DifferenceView { changes: changes.collect(), approvals, stream, from, to })
}

/// Folds a stream beside the tasks that answer others: with as many facts and as large a state as a stream may have, it takes
/// seconds.
async fn beside<T: Send + 'static>(fold: impl FnOnce() -> Result<T, ShapeError> + Send + 'static) -> Result<T> {
    let folded = tokio::task::spawn_blocking(fold).await.map_err(|error| internal(&error))?;
    folded.map_err(|error| internal(&error))
}

/// What people call the members of a family's state.
struct Labels {
    catalogue: Catalogue,
    root: String,
    language: Language,
}

impl Labels {
    fn of(declaration: &crate::family::kit::Declaration, language: Language) -> Self {
        let mut catalogue = Catalogue::default();
        let shape = (declaration.describe_state)(&mut catalogue);
        Self { root: shape.name().unwrap_or_default().to_owned(), catalogue, language }
    }

    /// Names a path by its members, as "current › entry › platforms".
    fn path(&self, path: &str) -> String {
        let mut of = self.root.clone();
        let mut words = Vec::new();
        for name in path.split('.') {
            match self.catalogue.members(&of).iter().find(|member| member.name == name) {
                Some(member) => {
                    words.push(member.label.of(self.language).to_owned());
                    of = member.shape.name().unwrap_or_default().to_owned();
                }
                None => words.push(name.to_owned()),
            }
        }
        words.join(" › ")
    }
}

fn text(value: &Value) -> Result<Option<String>> {
    if value.is_null() { Ok(None) } else { canonical::encode(value).map(Some).map_err(|error| internal(&error)) }
}

/// Shows a page of some facts of one stream.
async fn events(ctx: &Context<'_>, facts: &[Sequence], page: &Page) -> Result<Connection<Event>> {
    let (from, to) = sequences(page, u64::MAX)?;
    let within: BTreeSet<Sequence> = facts.iter().copied().filter(|fact| (from..to).contains(&fact.0)).collect();
    let more = page.size + 1;
    let shown: Vec<Sequence> = if page.backwards {
        within.into_iter().rev().take(more).collect()
    } else {
        within.into_iter().take(more).collect()
    };
    let mut found = data::<DataLoader<Reader>>(ctx)?.load_many(shown.iter().copied()).await?;
    let read = |sequence: Sequence| found.remove(&sequence).map(|stored| (sequence.to_string(), Event::new(stored)));
    Ok(connection("event", page, shown.into_iter().filter_map(read).collect()))
}
