//! The roots of the schema that belong to no family: the ledger, its events, its proofs, and the way to a moment.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Interface, Object, Result, Schema, SimpleObject};

use super::catalogue::CatalogueView;
use super::checkpoint::CheckpointView;
use super::error::{Code, bad_input, data, error, internal, wire};
use super::evaluation::EvaluationCheck;
use super::event::{Event, EventFilterInput, ListOrder};
use super::history::{DifferenceView, difference};
use super::judging::asked;
use super::limits::{
    DIFFERENCE_COMPLEXITY, DIRECTIVES_MAX, HISTORY_COMPLEXITY, JUDGEMENT_COMPLEXITY, NODES_MAX, RULES_RECKONED,
};
use super::loader::{CheckpointAt, Reader, head_of};
use super::moment::{KnownAtInput, MomentInput, known_size, moment, size_within};
use super::page::{Connection, connection, page, sequences};
use super::record::{Mutation, Principal};
use super::snapshot::Snapshot;
use super::subscription::Subscription;
use super::verdict::RuleView;
use crate::engine::{Engine, Judge, TreeError, consistency, inclusion, rules_named};
use crate::family::describe::Language;
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Sequence, StreamId};
use crate::ledger::note::Note;
use crate::ledger::proof::TlogProof;
use crate::store::{EntryFilter, Head, Range, StoredCheckpoint, checkpoint_up_to, entries};
use crate::time::{Instant, PartialDate};

/// The schema of the API.
pub type ApiSchema = Schema<Query, Mutation, Subscription>;

/// Builds the schema over a ledger.
pub fn schema(engine: Engine, principal: Principal) -> ApiSchema {
    let judge = Judge::new(engine.store().clone());
    builder().data(engine).data(principal).data(judge).finish()
}

/// Writes the schema in GraphQL's schema definition language; no ledger is needed.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .include_specified_by()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .prefer_single_line_descriptions();
    format!("{}\n", builder().finish().sdl_with_options(options).trim_end())
}

pub(super) fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation, Subscription)
        // Each unknown name would be compared with every name there is: 64 KiB of them cost 50 times what they cost so.
        .disable_suggestions()
        .limit_directives(DIRECTIVES_MAX)
        .extension(super::adapter::HoldCost)
        .extension(super::loader::PerRequest)
        .extension(super::order::InOrder)
        .extension(super::subscription::WithPlace)
}

/// What the ledger is and where it stands.
#[derive(Clone, Debug)]
pub struct LedgerInfo {
    head: Head,
}

/// What the ledger is and where it stands.
#[Object(name = "LedgerInfo")]
impl LedgerInfo {
    /// Its origin: the name of the log.
    async fn origin(&self) -> &str {
        self.head.origin.as_str()
    }

    /// How many entries it has.
    async fn size(&self) -> Sequence {
        Sequence(self.head.size())
    }

    /// The root of the tree over them.
    async fn root(&self) -> Hash {
        self.head.frontier.root()
    }

    /// When the last entry was recorded.
    async fn recorded(&self) -> Instant {
        self.head.recorded
    }

    /// The key that signs entries. Get it from elsewhere too before you trust it.
    async fn event_key(&self) -> &VerifierKey {
        &self.head.event_key
    }

    /// The key that signs checkpoints. Get it from elsewhere too before you trust it.
    async fn checkpoint_key(&self) -> &VerifierKey {
        &self.head.checkpoint_key
    }

    /// The offline key that can revoke the others.
    async fn recovery_key(&self) -> &VerifierKey {
        &self.head.recovery_key
    }

    /// Whether the ledger runs on a simulated clock, so that its times prove nothing.
    async fn simulated_clock(&self) -> bool {
        self.head.simulated
    }

    /// The stream of the ledger's own facts.
    async fn stream(&self) -> StreamId {
        self.head.ledger_stream.clone()
    }
}

/// A proof that an entry is in the tree of a checkpoint.
#[derive(Clone, Debug, SimpleObject)]
pub struct InclusionProof {
    /// The entry.
    sequence: Sequence,
    /// The tree size of the checkpoint.
    size: Sequence,
    /// The hashes, the leaf's sibling first (RFC 9162 section 2.1.3).
    hashes: Vec<Hash>,
    /// The proof as a file (C2SP tlog-proof), with the checkpoint inside.
    file: String,
}

/// A proof that a larger tree continues a smaller one.
#[derive(Clone, Debug, SimpleObject)]
pub struct ConsistencyProof {
    /// The smaller size.
    from: Sequence,
    /// The larger size.
    to: Sequence,
    /// The hashes (RFC 9162 section 2.1.4).
    hashes: Vec<Hash>,
    /// The root at the smaller size.
    from_root: Hash,
    /// The root at the larger size.
    to_root: Hash,
}

/// Proofs about the tree.
#[derive(Clone, Copy, Debug)]
pub struct Proofs;

/// Proofs about the tree, which anybody can check without this server.
#[Object]
impl Proofs {
    /// Proves that an entry is in the ledger, up to a checkpoint.
    async fn inclusion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry.")] sequence: Sequence,
    ) -> Result<InclusionProof> {
        let engine = data::<Engine>(ctx)?;
        let size = known_size(ctx).await?;
        if sequence.0 >= size {
            return Err(bad_input(format!("the ledger has {size} entries; sequence {} is not among them", sequence.0)));
        }
        let checkpoint = covering(engine, sequence.0 + 1).await?;
        let hashes = inclusion(engine.store(), sequence.0, checkpoint.size).await.map_err(|error| tree(&error))?;
        let note = Note::parse(&checkpoint.note).map_err(|error| internal(&error))?;
        let file = TlogProof { extra: None, index: sequence.0, hashes: hashes.clone(), checkpoint: note }.encode();
        let file = String::from_utf8(file).map_err(|error| internal(&error))?;
        Ok(InclusionProof { sequence, size: Sequence(checkpoint.size), hashes, file })
    }

    /// Proves that the ledger of `to` entries continues that of `from`.
    async fn consistency(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The smaller size.")] from: Sequence,
        #[graphql(desc = "The larger size; absent: the newest.")] to: Option<Sequence>,
    ) -> Result<ConsistencyProof> {
        let engine = data::<Engine>(ctx)?;
        let size = known_size(ctx).await?;
        let to = to.unwrap_or(Sequence(size));
        if to.0 > size || from > to {
            return Err(bad_input(format!("give sizes from 0 to {size}, the smaller as `from`")));
        }
        let store = engine.store();
        let root = async |size| crate::engine::root_at(store, size).await.map_err(|error| tree(&error));
        let hashes = consistency(store, from.0, to.0).await.map_err(|error| tree(&error))?;
        Ok(ConsistencyProof { from, to, hashes, from_root: root(from.0).await?, to_root: root(to.0).await? })
    }
}

fn tree(source: &TreeError) -> async_graphql::Error {
    internal(source)
}

/// A checkpoint of at least `size` entries. A question signs none: the head is signed soon after each commit.
async fn covering(engine: &Engine, size: u64) -> Result<StoredCheckpoint> {
    let found = wire(engine.covering(size).await)?;
    found.ok_or_else(|| {
        error(Code::Unavailable, "no checkpoint covers this yet; ask again, and if it stays so, the log knows why")
    })
}

/// A timeless object: an event or a checkpoint. A state is none: it belongs to a moment.
#[derive(Clone, Debug, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id."))]
pub enum Node {
    /// A fact in the ledger.
    Event(Event),
    /// A signed head.
    Checkpoint(CheckpointView),
}

/// Questions to the ledger.
pub struct Query;

/// Questions to the ledger.
#[Object]
impl Query {
    /// What the ledger is and where it stands.
    async fn ledger(&self, ctx: &Context<'_>) -> Result<LedgerInfo> {
        let head = head_of(ctx).await?;
        head.map(|head| LedgerInfo { head }).ok_or_else(|| error(Code::Unavailable, "the database holds no ledger"))
    }

    /// The rules by which verdicts are made, as `schema/rules.json` lists them.
    #[graphql(complexity = "super::page::multiplied(RULES_RECKONED, child_complexity)")]
    async fn rules(
        &self,
        #[graphql(desc = "Only these, by id, as TRF-01. Absent: all.")] ids: Option<Vec<String>>,
    ) -> Result<Vec<RuleView>> {
        let named = asked(rules_named(&ids.unwrap_or_default()))?;
        let rules = crate::rule::catalogue::rules().filter(|rule| named.is_empty() || named.contains(rule.id));
        Ok(rules.map(|rule| RuleView { rule }).collect())
    }

    /// A sheet of verdicts that was recorded as a fact `ruleSet.evaluated`, made again and compared.
    #[graphql(complexity = "JUDGEMENT_COMPLEXITY.saturating_add(child_complexity)")]
    async fn evaluation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fact.")] sequence: Sequence,
    ) -> Result<EvaluationCheck> {
        super::evaluation::check(ctx, sequence).await
    }

    /// A timeless object by its global id; null if there is none.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The global id.")] id: ID) -> Result<Option<Node>> {
        find_node(ctx, &id).await
    }

    /// Several timeless objects by their global ids, in that order; at most 100.
    #[graphql(complexity = "super::page::multiplied(ids.len(), child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > NODES_MAX {
            return Err(bad_input(format!("{} ids; at most {NODES_MAX} are possible", ids.len())));
        }
        // Side by side, so that what they load is read at once.
        futures_util::future::try_join_all(ids.iter().map(|id| find_node(ctx, id))).await
    }

    /// A fact by its sequence or its UUID; null if there is none.
    async fn event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its position in the ledger.")] sequence: Option<Sequence>,
        #[graphql(desc = "The UUID of its entry.")] id: Option<uuid::Uuid>,
    ) -> Result<Option<Event>> {
        let loader = data::<DataLoader<Reader>>(ctx)?;
        let stored = match (sequence, id) {
            (Some(sequence), None) => loader.load_one(sequence).await?,
            (None, Some(id)) => loader.load_one(id).await?,
            _ => return Err(bad_input("give `sequence` or `id`, one of them")),
        };
        Ok(stored.map(Event::new))
    }

    /// The facts in the order of the ledger.
    #[graphql(complexity = "super::page::cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "these are the arguments of a GraphQL connection")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<EventFilterInput>,
        #[graphql(desc = "Only the first so many entries of the ledger.")] size: Option<Sequence>,
        #[graphql(desc = "In which order.", default)] order_by: ListOrder,
    ) -> Result<Connection<Event>> {
        let engine = data::<Engine>(ctx)?;
        let size = size_within(ctx, size).await?;
        let downwards = order_by == ListOrder::NewestFirst;
        let asked = page("event", first, after, last, before)?;
        let mut upwards = asked.clone();
        if downwards {
            std::mem::swap(&mut upwards.after, &mut upwards.before);
        }
        let (from, to) = sequences(&upwards, size)?;
        let limit = i64::try_from(asked.size + 1).unwrap_or(i64::MAX);
        let range = Range { from, to, limit, backwards: asked.backwards != downwards };
        let filter = filter.map_or(EntryFilter::All, EntryFilter::from);
        let read = async { entries(engine.store().read().await?.conn(), &filter, range).await };
        let items = wire(read.await)?.into_iter().map(|stored| (stored.entry.sequence.to_string(), Event::new(stored)));
        Ok(connection("event", &asked, items.collect()))
    }

    /// The newest checkpoint, or the newest of at most that many entries. Keep it: with it you can later prove that
    /// nothing before it was changed or cut off.
    async fn checkpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many entries.")] size: Option<Sequence>,
    ) -> Result<Option<CheckpointView>> {
        let engine = data::<Engine>(ctx)?;
        let stored = match size {
            None => Some(covering(engine, known_size(ctx).await?).await?),
            Some(size) => wire(async { checkpoint_up_to(engine.store().read().await?.conn(), size.0).await }.await)?,
        };
        Ok(stored.map(|stored| CheckpointView { stored }))
    }

    /// Proofs about the tree, which anybody can check without this server.
    async fn proof(&self) -> Proofs {
        Proofs
    }

    /// What may be recorded, in words: families, facts, their members and values.
    async fn catalogue(&self) -> CatalogueView {
        CatalogueView
    }

    /// The ledger as it was known at one moment, about what was in force at one moment.
    ///
    /// Without arguments: all that is known, about now.
    async fn as_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was known: by an instant, or with so many entries. Absent: everything.")]
        known_at: Option<KnownAtInput>,
        #[graphql(
            desc = "What was in force, past or future; a bare date means its last microsecond in Europe/Amsterdam. Absent: now."
        )]
        valid_at: Option<PartialDate>,
        #[graphql(
            desc = "Whose law and policy verdicts apply, past or future; a bare date means its last microsecond in Europe/Amsterdam. Absent: those of `validAt`."
        )]
        rules_at: Option<PartialDate>,
    ) -> Result<Snapshot> {
        let mut moment = moment(ctx, known_at, valid_at).await?;
        if let Some(rules_at) = rules_at {
            moment.rules = rules_at.latest();
        }
        Ok(Snapshot { moment })
    }

    /// What differs between two moments of one stream, field by field, with the facts that caused each change and who
    /// approved it.
    #[graphql(
        complexity = "super::page::multiplied(DIFFERENCE_COMPLEXITY, child_complexity).saturating_add(HISTORY_COMPLEXITY)"
    )]
    async fn difference(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stream.")] stream: StreamId,
        #[graphql(desc = "The first moment.")] from: MomentInput,
        #[graphql(desc = "The second moment.")] to: MomentInput,
        #[graphql(desc = "In which language members are named. Absent: in the caller's (`Accept-Language`).")] language: Option<
            Language,
        >,
    ) -> Result<DifferenceView> {
        difference(ctx, stream, from, to, super::language::language(ctx, language)).await
    }
}

async fn find_node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let loader = data::<DataLoader<Reader>>(ctx)?;
    let unknown = || bad_input("this is not the id of an event or a checkpoint");
    match id.split_once(':').ok_or_else(unknown)? {
        ("event", uuid) => {
            let uuid: uuid::Uuid = uuid.parse().map_err(|_| unknown())?;
            Ok(loader.load_one(uuid).await?.map(|stored| Node::Event(Event::new(stored))))
        }
        ("checkpoint", size) => {
            let size = size.parse().map_err(|_| unknown())?;
            let stored = loader.load_one(CheckpointAt(size)).await?;
            Ok(stored.map(|stored| Node::Checkpoint(CheckpointView { stored })))
        }
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_builds_with_all_families() {
        let sdl = sdl();
        for family in crate::family::FAMILIES {
            assert!(sdl.contains(&format!("type {} {{", family.graphql_name)), "{}", family.name);
        }
    }
}
