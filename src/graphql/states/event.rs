//! An entry as the API shows it: the fact, its place, and the bytes that prove it.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, Object, OneofObject, Result, SimpleObject};

use crate::graphql::error::{data, internal};
use crate::graphql::limits::{ENTRY_COMPLEXITY, IMPORT_COMPLEXITY};
use crate::graphql::loader::{Reader, ReplacementOf, UnfinishedImports, head_of};
use crate::graphql::shown::{Fact, Remark};
use crate::ledger::entry::{Actor, Provenance};
use crate::ledger::merkle::{Hash, leaf_hash};
use crate::ledger::name::{Code, EventName, Reference, Sequence, StreamId};
use crate::store::{EntryFilter, StoredEntry};
use crate::time::{Instant, PartialDate};
use uuid::Uuid;

/// Who recorded a fact, or in which role a data subject acted.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Actor")]
pub struct ActorView {
    /// An opaque id; absent for a data subject or representative.
    id: Option<Code>,
    /// The role, such as `DPO`.
    role: Code,
    /// The unit for which the role is held.
    unit: Option<Code>,
}

impl From<&Actor> for ActorView {
    fn from(actor: &Actor) -> Self {
        Self { id: actor.id.clone(), role: actor.role.clone(), unit: actor.unit.clone() }
    }
}

/// A fact in the ledger.
#[derive(Clone, Debug)]
pub struct Event {
    stored: StoredEntry,
}

impl Event {
    /// Shows a stored entry.
    pub fn new(stored: StoredEntry) -> Self {
        Self { stored }
    }
}

/// A fact in the ledger, with its place and the bytes that prove it.
#[Object]
impl Event {
    /// The global id of the fact, `event:` and its UUID.
    pub async fn id(&self) -> ID {
        ID(format!("event:{}", self.stored.entry.id))
    }

    /// Its position in the ledger: the index of its leaf in the tree.
    async fn sequence(&self) -> Sequence {
        Sequence(self.stored.entry.sequence)
    }

    /// When the ledger took it; order and integrity since then are proven.
    async fn recorded(&self) -> Instant {
        self.stored.entry.recorded
    }

    /// From when it holds in the world, as declared.
    async fn effective(&self) -> PartialDate {
        self.stored.entry.effective
    }

    /// The stream it belongs to.
    async fn stream(&self) -> StreamId {
        self.stored.entry.stream.clone()
    }

    /// Its position in the stream, from 1.
    async fn revision(&self) -> Sequence {
        Sequence(self.stored.entry.revision)
    }

    /// The human reference that it gave the stream, if it is its first fact.
    async fn reference(&self) -> Option<Reference> {
        self.stored.entry.reference.clone()
    }

    /// What kind of fact.
    async fn event(&self) -> EventName {
        self.stored.entry.event.clone()
    }

    /// The version of its shape.
    async fn version(&self) -> u32 {
        self.stored.entry.version
    }

    /// Who recorded it.
    async fn actor(&self) -> ActorView {
        ActorView::from(&self.stored.entry.actor)
    }

    /// Recorded as it came to be known, or imported from older records.
    async fn provenance(&self) -> Provenance {
        self.stored.entry.provenance
    }

    /// When an imported fact is claimed to have been known; the claim proves nothing.
    async fn asserted(&self) -> Option<PartialDate> {
        self.stored.entry.asserted
    }

    /// Whether it belongs to an import that is not complete, by all that is known now.
    #[graphql(complexity = "IMPORT_COMPLEXITY")]
    async fn import_unfinished(&self, ctx: &Context<'_>) -> Result<bool> {
        let import = self.stored.entry.correlation.filter(|_| self.stored.entry.provenance == Provenance::Backfill);
        let Some(import) = import else { return Ok(false) };
        let Some(head) = head_of(ctx).await? else { return Ok(false) };
        let key = UnfinishedImports { ledger: head.ledger_stream.clone(), size: head.size() };
        let unfinished = data::<DataLoader<Reader>>(ctx)?.load_one(key).await?;
        Ok(unfinished.is_some_and(|unfinished| unfinished.contains(&import)))
    }

    /// The fact that corrects it or takes it back, by all that is known now; it counts no more where that one is known.
    async fn replaced_by(&self, ctx: &Context<'_>) -> Result<Option<Sequence>> {
        let own = ReplacementOf(Sequence(self.stored.entry.sequence));
        data::<DataLoader<Reader>>(ctx)?.load_one(own).await
    }

    /// The fact of the same stream that it corrects.
    async fn replaces(&self) -> Option<Sequence> {
        self.stored.entry.replaces.map(Sequence)
    }

    /// An id shared by facts that belong together.
    async fn correlation(&self) -> Option<Uuid> {
        self.stored.entry.correlation
    }

    /// The id of the fact that led to this one.
    async fn causation(&self) -> Option<Uuid> {
        self.stored.entry.causation
    }

    /// What happened, in the words of its family.
    async fn fact(&self) -> Result<Fact> {
        Fact::of(&self.stored.entry).map_err(|error| internal(&error))
    }

    /// Anything else worth knowing, as whoever recorded it added.
    async fn remark(&self) -> Option<Remark> {
        Remark::of(&self.stored.entry)
    }

    /// The stored entry, byte for byte: a C2SP signed note. Its hash and signature can be checked with public tools.
    #[graphql(complexity = "ENTRY_COMPLEXITY")]
    async fn entry(&self) -> String {
        String::from_utf8_lossy(&self.stored.body).into_owned()
    }

    /// The hash of the entry as a leaf of the tree (RFC 9162).
    async fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.stored.body)
    }
}

/// In which order a list is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum ListOrder {
    /// What began first comes first.
    #[default]
    OldestFirst,
    /// What began last comes first.
    NewestFirst,
}

/// Which events to list; at most one.
#[derive(Clone, Debug, OneofObject)]
pub enum EventFilterInput {
    /// Those of a stream.
    Stream(StreamId),
    /// Those of a family, by its name, as `consent`.
    Family(Code),
    /// Those of one kind, as `consent.granted`.
    Event(EventName),
}

impl From<EventFilterInput> for EntryFilter {
    fn from(filter: EventFilterInput) -> Self {
        match filter {
            EventFilterInput::Stream(stream) => Self::Stream(stream),
            EventFilterInput::Family(family) => Self::Family(family.to_string()),
            EventFilterInput::Event(event) => Self::Event(event),
        }
    }
}
