//! Recording facts: one mutation for each family, and `recordAll` for several at once.

use std::borrow::Cow;
use std::marker::PhantomData;

use async_graphql::{Context, InputObject, Object, OneofObject, Result, SimpleObject, TypeName};
use uuid::Uuid;

use super::error::{Code as WireCode, error, internal};
use super::event::Event;
use super::language::language;
use super::reported::EventInput;
use super::snapshot::{StateType, View, state_at};
use crate::engine::{Engine, FactRefused, Moment, NewFact, Receipt, Submission, SubmitError};
use crate::family::describe::Language;
use crate::family::families;
use crate::family::kit::{Family, RejectionCode};
use crate::family::naming::field_label;
use crate::ledger::entry::Actor;
use crate::ledger::merkle::{Hash, leaf_hash};
use crate::ledger::name::{EventName, Reference, Sequence, StreamId};
use crate::store::StoredEntry;
use crate::time::{Instant, PartialDate};

/// On whose behalf requests record facts: one configured principal, until there is authentication.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Who acts.
    pub actor: Actor,
}

/// A fact to record, of whichever family.
pub struct Reported<F> {
    stream: Option<StreamId>,
    reference: Option<Reference>,
    expected_revision: Option<Sequence>,
    effective: PartialDate,
    replaces: Option<Sequence>,
    causation: Option<Uuid>,
    correlation: Option<Uuid>,
    event: EventInput<F>,
}

/// The proof that a fact is recorded and durable.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Receipt")]
pub struct ReceiptView {
    /// Its position in the ledger.
    sequence: Sequence,
    /// The UUID of its entry.
    id: Uuid,
    /// The stream it belongs to.
    stream: StreamId,
    /// The revision that the stream has with it.
    revision: Sequence,
    /// The hash of the entry as a leaf of the tree.
    leaf_hash: Hash,
    /// The entry, byte for byte.
    entry: String,
    /// When the ledger took it.
    recorded: Instant,
    /// The fact as it can be asked for from now on.
    event: Event,
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        Self::from(StoredEntry { entry: receipt.entry, body: receipt.body })
    }
}

impl From<StoredEntry> for ReceiptView {
    fn from(stored: StoredEntry) -> Self {
        let entry = &stored.entry;
        Self {
            sequence: Sequence(entry.sequence),
            id: entry.id,
            stream: entry.stream.clone(),
            revision: Sequence(entry.revision),
            leaf_hash: leaf_hash(&stored.body),
            entry: String::from_utf8_lossy(&stored.body).into_owned(),
            recorded: entry.recorded,
            event: Event::new(stored),
        }
    }
}

/// Why a fact was refused, in words for the person who reported it.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// The kind of refusal.
    code: RejectionCode,
    /// The input field at fault, as a path.
    field: String,
    /// What people call the fact and the field at fault, in the caller's language (`Accept-Language`), as "consent › granted ›
    /// text version".
    label: String,
    /// What is wrong and what to do, in English.
    message: String,
    /// What the code means and what to do, in the caller's language.
    hint: &'static str,
}

/// A refused submission: why, and which facts it was to record.
struct Refusal {
    refusal: FactRefused,
    events: Vec<EventName>,
}

impl UserError {
    fn new(refused: Refusal, of_many: bool, language: Language) -> Self {
        let FactRefused { fact, refused: crate::family::kit::Refused { code, field, message } } = refused.refusal;
        let label = refused.events.get(fact).map_or_else(String::new, |event| field_label(event, &field, language));
        let field = if of_many { format!("facts[{fact}].{field}") } else { field };
        Self { code, field, label, message, hint: code.hint(language) }
    }
}

/// What became of a fact: a receipt and the state with it, or the reasons why it was refused.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name_type)]
pub struct RecordPayload<F: StateType> {
    /// The proof that it is recorded; null if it was refused.
    receipt: Option<ReceiptView>,
    /// The state of the stream with this fact, when it takes effect.
    state: Option<View<F>>,
    /// Why it was refused; empty if it was recorded.
    user_errors: Vec<UserError>,
}

impl<F: StateType> TypeName for RecordPayload<F> {
    fn type_name() -> Cow<'static, str> {
        format!("Record{}Payload", F::GRAPHQL_NAME).into()
    }
}

/// What became of several facts: receipts for all of them, or for none.
#[derive(Clone, Debug, SimpleObject)]
pub struct RecordAllPayload {
    /// The proofs, in the order of the facts; empty if one was refused.
    receipts: Vec<ReceiptView>,
    /// Why a fact was refused, and so none was recorded.
    user_errors: Vec<UserError>,
}

impl<F: Family> Reported<F> {
    fn into_fact(self) -> NewFact {
        NewFact {
            stream: self.stream,
            reference: self.reference,
            expected_revision: self.expected_revision.map(|revision| revision.0),
            effective: self.effective,
            replaces: self.replaces,
            causation: self.causation,
            correlation: self.correlation,
            event: EventName::new(F::NAME, self.event.fact),
            version: self.event.version,
            data: self.event.data,
            imported: None,
        }
    }
}

/// Reads a fact in the JSON of the API's input, `{"consent": {"effective": …, "event": {"granted": {…}}}}`: what is loaded
/// from a file passes the same gate as what comes over the wire.
pub fn read_fact(input: serde_json::Value) -> Result<NewFact, String> {
    let value = async_graphql::Value::from_json(input).map_err(|error| error.to_string())?;
    let fact = <AnyFactInput as async_graphql::InputType>::parse(Some(value))
        .map_err(|error| error.into_server_error(async_graphql::Pos::default()).message)
        // Where the library was when it noticed says nothing to a person.
        .map_err(|message| message.split(" (occurred").next().unwrap_or_default().to_owned())?;
    Ok(fact.into_fact())
}

/// Submits facts; refusals are a value, anything else an error.
async fn submit(
    ctx: &Context<'_>,
    idempotency_key: String,
    facts: Vec<NewFact>,
) -> Result<Result<Vec<Receipt>, Refusal>> {
    let events = facts.iter().map(|fact| fact.event.clone()).collect();
    let actor = ctx.data::<Principal>()?.actor.clone();
    match ctx.data::<Engine>()?.submit(Submission { actor, idempotency_key, facts }).await {
        Ok(receipts) => Ok(Ok(receipts)),
        Err(SubmitError::Refused(refusal)) => Ok(Err(Refusal { refusal, events })),
        Err(failure) => Err(error(WireCode::Unavailable, failure.to_string())),
    }
}

/// Records facts of one family.
struct Recording<F>(PhantomData<F>);

impl<F: StateType> Recording<F> {
    async fn record(ctx: &Context<'_>, idempotency_key: String, fact: NewFact) -> Result<RecordPayload<F>> {
        let receipt = match submit(ctx, idempotency_key, vec![fact]).await? {
            Ok(receipts) => {
                receipts.into_iter().next().ok_or_else(|| internal(&std::io::Error::other("no receipt")))?
            }
            Err(refusal) => {
                let user_errors = vec![UserError::new(refusal, false, language(ctx, None))];
                return Ok(RecordPayload { receipt: None, state: None, user_errors });
            }
        };
        // The fact is recorded whatever becomes of reading its state, and the receipt says so.
        let state = Self::state_with(ctx, &receipt).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error.message, "the state of a recorded fact could not be read");
            None
        });
        Ok(RecordPayload { receipt: Some(receipt.into()), state, user_errors: Vec::new() })
    }

    /// The state at the fact's own sequence and its own effective date.
    async fn state_with(ctx: &Context<'_>, receipt: &Receipt) -> Result<Option<View<F>>> {
        let moment = Moment {
            size: receipt.entry.sequence + 1,
            recorded: Some(receipt.entry.recorded),
            is_final: true,
            valid: receipt.entry.effective.earliest(),
            rules: receipt.entry.effective.earliest(),
        };
        state_at(ctx, moment, &receipt.entry.stream).await
    }
}

macro_rules! mutation {
    (
        recorded { $($module:ident $state:ident $event:ident $one:ident $many:ident $record:ident;)* }
        own { $($own:tt)* }
    ) => {
        $(
            #[doc = "The inputs of this family."]
            pub mod $module {
                use super::*;

                /// A fact to record.
                #[derive(Clone, Debug, InputObject)]
                #[graphql(name_type)]
                pub struct FactInput {
                    /// The stream that the fact belongs to. Absent: a new one. To begin a stream under an id of your own,
                    /// give a UUID of version 7 and `expectedRevision: 0`.
                    stream: Option<StreamId>,
                    /// The human reference of a new stream, such as `ACT-002`.
                    reference: Option<Reference>,
                    /// The revision that you believe the stream has. Absent: no check.
                    expected_revision: Option<Sequence>,
                    /// From when the fact holds in the world; it may lie in the past or in the future.
                    effective: PartialDate,
                    /// The sequence of a fact of the same stream whose record was wrong, and which this one corrects.
                    replaces: Option<Sequence>,
                    /// The id of the fact that led to this one.
                    causation: Option<Uuid>,
                    /// An id shared by facts that belong together.
                    correlation: Option<Uuid>,
                    /// What happened: exactly one of the family's events.
                    event: EventInput<crate::family::$module::$state>,
                }

                impl TypeName for FactInput {
                    fn type_name() -> Cow<'static, str> {
                        format!("{}FactInput", <crate::family::$module::$state as Family>::GRAPHQL_NAME).into()
                    }
                }

                impl FactInput {
                    pub(super) fn into_fact(self) -> NewFact {
                        let Self { stream, reference, expected_revision, effective, replaces, causation, correlation, event } = self;
                        Reported { stream, reference, expected_revision, effective, replaces, causation, correlation, event }
                            .into_fact()
                    }
                }

                /// A fact to record, and the key under which asking again gives the same answer.
                #[derive(Clone, Debug, InputObject)]
                #[graphql(name_type)]
                pub struct RecordInput {
                    /// 1 to 255 visible ASCII characters, fresh for each request. The same key with the same content
                    /// returns the first receipt, for ever; with other content it is refused.
                    pub(super) idempotency_key: String,
                    /// The fact.
                    #[graphql(flatten)]
                    pub(super) fact: FactInput,
                }

                impl TypeName for RecordInput {
                    fn type_name() -> Cow<'static, str> {
                        format!("Record{}Input", <crate::family::$module::$state as Family>::GRAPHQL_NAME).into()
                    }
                }
            }
        )*

        /// A fact of one of the families.
        #[derive(Clone, Debug, OneofObject)]
        #[graphql(name = "FactOfFamilyInput")]
        pub enum AnyFactInput {
            $(#[doc = "A fact of this family."] $state($module::FactInput),)*
        }

        impl AnyFactInput {
            fn into_fact(self) -> NewFact {
                match self {
                    $(Self::$state(fact) => fact.into_fact(),)*
                }
            }
        }

        /// Facts come in here. A request is answered when its facts are durable, or refused without a trace.
        pub struct Mutation;

        /// Facts come in here. A request is answered when its facts are durable, or refused without a trace.
        #[Object]
        impl Mutation {
            $(
                /// Records a fact of this family.
                async fn $record(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "The fact.")] input: $module::RecordInput,
                ) -> Result<RecordPayload<crate::family::$module::$state>> {
                    Recording::record(ctx, input.idempotency_key, input.fact.into_fact()).await
                }
            )*

            /// Records several facts of several streams, all of them or none. Facts may refer to streams that earlier
            /// ones begin, under ids that you give.
            async fn record_all(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "One key for all of them; see the input of the single mutations.")] idempotency_key: String,
                #[graphql(desc = "The facts, in the order in which they are to be recorded; at most 100.")] facts: Vec<AnyFactInput>,
            ) -> Result<RecordAllPayload> {
                let facts = facts.into_iter().map(AnyFactInput::into_fact).collect();
                Ok(match submit(ctx, idempotency_key, facts).await? {
                    Ok(receipts) => RecordAllPayload {
                        receipts: receipts.into_iter().map(ReceiptView::from).collect(),
                        user_errors: Vec::new(),
                    },
                    Err(refusal) => {
                        let user_errors = vec![UserError::new(refusal, true, language(ctx, None))];
                        RecordAllPayload { receipts: Vec::new(), user_errors }
                    }
                })
            }
        }
    };
}

families!(mutation);
