//! Recording facts: one mutation for each family, and `recordAll` for several at once.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaField, Registry};
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, InputObject, InputType, InputValueError, InputValueResult, Object,
    OutputType, Positioned, Result, ServerResult, SimpleObject, Value,
};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::adapter::{
    Given, Shown, add, argument, asked, field, field_with, given, here, input_fields_of, input_object, object, show,
    show_output,
};
use super::error::{Code as WireCode, bad_input, data, error, internal};
use super::language::language;
use super::loader::RequestHead;
use super::receipt::ReceiptView;
use super::reported::reported;
use super::shape::register_events;
use super::state::{State, state_at};
use super::state_fields::register_state;
use crate::engine::{Engine, FactRefused, Moment, NewFact, Receipt, Submission, SubmitError};
use crate::family::FAMILIES;
use crate::family::describe::Language;
use crate::family::kit::{ApiFields, Declaration, RejectionCode};
use crate::family::naming::field_label;
use crate::ledger::entry::Actor;
use crate::ledger::name::{EventName, Reference, Sequence, StreamId};
use crate::time::PartialDate;

/// On whose behalf requests record facts: one configured principal, until there is authentication.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Who acts.
    pub actor: Actor,
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
struct Recorded {
    family: &'static Declaration,
    receipt: Option<ReceiptView>,
    state: Option<State>,
    user_errors: Vec<UserError>,
}

impl Shown for Recorded {
    fn name(&self) -> Cow<'_, str> {
        payload_name(self.family).into()
    }

    fn field<'a>(&'a self, ctx: &'a Context<'a>) -> BoxFuture<'a, ServerResult<Option<Value>>> {
        Box::pin(async move {
            match asked(ctx) {
                "receipt" => show_output(ctx, &self.receipt).await.map(Some),
                "userErrors" => show_output(ctx, &self.user_errors).await.map(Some),
                "state" => Ok(Some(match &self.state {
                    Some(state) => show(ctx, state).await,
                    None => Value::Null,
                })),
                _ => Ok(None),
            }
        })
    }
}

fn payload_name(family: &Declaration) -> String {
    format!("Record{}Payload", family.graphql_name)
}

fn register_payload(registry: &mut Registry, family: &'static Declaration) -> String {
    let name = payload_name(family);
    add(registry, &name, |registry| {
        <Option<ReceiptView> as OutputType>::create_type_info(registry);
        <UserError as OutputType>::create_type_info(registry);
        let state = register_state(registry, family);
        let fields = [
            field("receipt", "The proof that it is recorded; null if it was refused.", "Receipt"),
            field("state", "The state of the stream with this fact, when it takes effect.", state),
            field("userErrors", "Why it was refused; empty if it was recorded.", "[UserError!]!"),
        ];
        let doc = "What became of a fact: a receipt and the state with it, or the reasons why it was refused.";
        object(&name, doc, fields)
    });
    name
}

/// What became of several facts: receipts for all of them, or for none.
#[derive(Clone, Debug, SimpleObject)]
pub struct RecordAllPayload {
    /// The proofs, in the order of the facts; empty if one was refused.
    receipts: Vec<ReceiptView>,
    /// Why a fact was refused, and so none was recorded.
    user_errors: Vec<UserError>,
}

/// What every fact says of itself beside what happened.
#[derive(Clone, Debug, InputObject)]
#[graphql(name = "FactInput")]
struct FactInput {
    /// The stream that the fact belongs to. Absent: a new one. To begin a stream under an id of your own, give a UUID of version 7 and
    /// `expectedRevision: 0`.
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
    /// Anything else worth knowing.
    remark: Option<String>,
}

fn register_fact(registry: &mut Registry, family: &'static Declaration) -> String {
    let name = format!("{}FactInput", family.graphql_name);
    add(registry, &name, |registry| {
        let events = register_events(registry, family);
        let doc = "What happened: exactly one of the family's events.";
        let event = argument("event", doc, format!("{events}!"));
        let fields = input_fields_of::<FactInput>(registry);
        input_object(&name, "A fact to record.", fields.into_iter().chain([event]), false)
    });
    name
}

/// Reads a fact of a family.
fn read(family: &'static Declaration, fact: Value) -> Result<NewFact, String> {
    let Value::Object(mut members) = fact else { return Err("a fact belongs here".to_owned()) };
    let event = members.swap_remove("event").unwrap_or_default();
    let beside = <FactInput as InputType>::parse(Some(Value::Object(members)));
    let beside = beside.map_err(|error| error.into_server_error(async_graphql::Pos::default()).message)?;
    let reported = reported(family, event, beside.remark)?;
    Ok(NewFact {
        stream: beside.stream,
        reference: beside.reference,
        expected_revision: beside.expected_revision.map(|revision| revision.0),
        effective: beside.effective,
        replaces: beside.replaces,
        causation: beside.causation,
        correlation: beside.correlation,
        event: EventName::new(family.name, reported.fact),
        version: reported.version,
        data: reported.data,
        imported: None,
    })
}

/// The families whose facts come in through the API.
fn recorded_families() -> impl Iterator<Item = (&'static Declaration, ApiFields)> {
    FAMILIES.iter().filter_map(|family| Some((family, family.api_fields?)))
}

/// A fact of one of the families, by its name.
fn read_any(input: Value) -> Result<NewFact, String> {
    let Value::Object(members) = input else { return Err("a fact of a family belongs here".to_owned()) };
    let mut given = members.into_iter().filter(|(_, value)| *value != Value::Null);
    let (Some((name, fact)), None) = (given.next(), given.next()) else {
        return Err("give a fact of exactly one family".to_owned());
    };
    let family = recorded_families().map(|(family, _)| family).find(|family| family.name == name.as_str());
    let family = family.ok_or_else(|| format!("there is no family {name} to record in"))?;
    read(family, fact)
}

/// Reads a fact in the JSON of the API's input, `{"consent": {"effective": …, "event": {"granted": {…}}}}`: what is loaded
/// from a file passes the same gate as what comes over the wire.
///
/// # Errors
///
/// What is wrong with it, in words for whoever wrote the file.
pub fn read_fact(input: serde_json::Value) -> Result<NewFact, String> {
    let value = Value::from_json(input).map_err(|error| error.to_string())?;
    read_any(value)
        // Where the library was when it noticed says nothing to a person.
        .map_err(|message| message.split(" (occurred").next().unwrap_or_default().to_owned())
}

/// Submits facts; refusals are a value, anything else an error.
async fn submit(
    ctx: &Context<'_>,
    idempotency_key: String,
    facts: Vec<NewFact>,
) -> Result<Result<Vec<Receipt>, Refusal>> {
    let events = facts.iter().map(|fact| fact.event.clone()).collect();
    let actor = data::<Principal>(ctx)?.actor.clone();
    match data::<Engine>(ctx)?.submit(Submission { actor, idempotency_key, facts }).await {
        Ok(receipts) => {
            data::<RequestHead>(ctx)?.forget().await;
            Ok(Ok(receipts))
        }
        Err(SubmitError::Refused(refusal)) => Ok(Err(Refusal { refusal, events })),
        Err(failure) => Err(error(WireCode::Unavailable, failure.to_string())),
    }
}

async fn record(
    ctx: &Context<'_>,
    family: &'static Declaration,
    idempotency_key: String,
    fact: NewFact,
) -> Result<Recorded> {
    let receipt = match submit(ctx, idempotency_key, vec![fact]).await? {
        Ok(receipts) => receipts.into_iter().next().ok_or_else(|| internal(&std::io::Error::other("no receipt")))?,
        Err(refusal) => {
            let user_errors = vec![UserError::new(refusal, false, language(ctx, None))];
            return Ok(Recorded { family, receipt: None, state: None, user_errors });
        }
    };
    // The fact is recorded whatever becomes of reading its state, and the receipt says so.
    let state = state_with(ctx, &receipt).await.unwrap_or_else(|error| {
        tracing::warn!(error = %error.message, "the state of a recorded fact could not be read");
        None
    });
    Ok(Recorded { family, receipt: Some(receipt.into()), state, user_errors: Vec::new() })
}

/// The state at the fact's own sequence and its own effective date.
async fn state_with(ctx: &Context<'_>, receipt: &Receipt) -> Result<Option<State>> {
    let moment = Moment {
        size: receipt.entry.sequence + 1,
        recorded: Some(receipt.entry.recorded),
        is_final: true,
        valid: receipt.entry.effective.earliest(),
        rules: receipt.entry.effective.earliest(),
    };
    state_at(ctx, moment, &receipt.entry.stream).await
}

/// One mutation for each family.
#[derive(Clone, Copy, Debug)]
struct FamilyMutations;

/// Only ever shown as fields of the mutation.
impl OutputType for FamilyMutations {
    fn type_name() -> Cow<'static, str> {
        "FamilyMutations".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        add(registry, "FamilyMutations", |registry| {
            let fields: Vec<_> =
                recorded_families().map(|(family, fields)| mutation(registry, family, fields)).collect();
            object("FamilyMutations", "", fields)
        });
        <Self as OutputType>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        async_graphql::resolver_utils::resolve_container(ctx, self).await
    }
}

/// The input of a family's mutation: one key, and the fact.
fn mutation(registry: &mut Registry, family: &'static Declaration, fields: ApiFields) -> MetaField {
    let fact = register_fact(registry, family);
    let input = format!("Record{}Input", family.graphql_name);
    add(registry, &input, |_| {
        let key = "1 to 255 visible ASCII characters, fresh for each request. The same key with the same content returns the first \
                   receipt, for ever; with other content it is refused.";
        let fields = [argument("idempotencyKey", key, "String!"), argument("fact", "The fact.", format!("{fact}!"))];
        input_object(
            &input,
            "A fact to record, and the key under which asking again gives the same answer.",
            fields,
            false,
        )
    });
    let payload = register_payload(registry, family);
    let doc = format!("Records a fact of the family `{}`.", family.name);
    let argument = argument("input", "The fact, and its key.", format!("{input}!"));
    field_with(field(fields.record, &doc, format!("{payload}!")), [argument])
}

impl ContainerType for FamilyMutations {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let wanted = asked(ctx);
        let Some((family, _)) = recorded_families().find(|(_, fields)| fields.record == wanted) else {
            return Ok(None);
        };
        let Given(input) = given(ctx, "input", None)?;
        let Value::Object(mut input) = input else { return Ok(None) };
        let key = <String as InputType>::parse(input.swap_remove("idempotencyKey"));
        let key = key.map_err(|error| error.into_server_error(ctx.item.pos))?;
        let fact = read(family, input.swap_remove("fact").unwrap_or_default());
        let fact = fact.map_err(|error| here(ctx, bad_input(error)))?;
        let recorded = record(ctx, family, key, fact).await.map_err(|error| here(ctx, error))?;
        Ok(Some(show(ctx, &recorded).await))
    }
}

/// A fact of one of the families.
struct AnyFact(NewFact);

impl InputType for AnyFact {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        "FactOfFamilyInput".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        add(registry, "FactOfFamilyInput", |registry| {
            let fact = |(family, fields): (&'static Declaration, ApiFields)| {
                let doc = format!("A fact of the family `{}`.", family.name);
                argument(fields.one, &doc, register_fact(registry, family))
            };
            let fields: Vec<_> = recorded_families().map(fact).collect();
            input_object("FactOfFamilyInput", "A fact of one of the families.", fields, true)
        });
        <Self as InputType>::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        read_any(value.unwrap_or_default()).map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// Facts come in here. A request is answered when its facts are durable, or refused without a trace.
pub struct Mutation;

/// Facts come in here. A request is answered when its facts are durable, or refused without a trace.
#[Object]
impl Mutation {
    /// The mutations of all families.
    #[graphql(flatten)]
    async fn families(&self) -> FamilyMutations {
        FamilyMutations
    }

    /// Records several facts of several streams, all of them or none. Facts may refer to streams that earlier ones begin, under ids
    /// that you give.
    async fn record_all(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One key for all of them; see the input of the single mutations.")] idempotency_key: String,
        #[graphql(desc = "The facts, in the order in which they are to be recorded; at most 100.")] facts: Vec<AnyFact>,
    ) -> Result<RecordAllPayload> {
        let facts = facts.into_iter().map(|AnyFact(fact)| fact).collect();
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
