//! The one file that uses what async-graphql 7.2.1 hides from its documentation or does not promise to keep.
//!
//! Facts and states are data with a shape. Their types are put into the library's registry as data, and they are shown member by member as
//! selected, so that no code is made for each of a thousand records. Each hidden part has a test below that says what we need of it: a
//! new version of the library is taken by making these tests pass.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::registry::{Deprecation, MetaEnumValue, MetaField, MetaInputValue, MetaType, Registry};
use async_graphql::{
    CacheControl, Context, ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType,
    Positioned, Request, ServerError, ServerResult, ValidationResult, Value,
};
use futures_util::future::{BoxFuture, join_all};

use crate::graphql::error::hold_cost;
use crate::graphql::page::cost;

// --- Types ---------------------------------------------------------------------------------------------------------

/// An object type.
pub fn object(name: &str, doc: &str, fields: impl IntoIterator<Item = MetaField>) -> MetaType {
    MetaType::Object {
        name: name.to_owned(),
        description: said(doc),
        fields: fields.into_iter().map(|field| (field.name.clone(), field)).collect(),
        cache_control: CacheControl::default(),
        extends: false,
        shareable: false,
        resolvable: true,
        inaccessible: false,
        interface_object: false,
        tags: Vec::new(),
        keys: None,
        visible: None,
        is_subscription: false,
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// A field without arguments; `ty` is its type with `!` where it is never null.
pub fn field(name: &str, doc: &str, ty: impl Into<String>) -> MetaField {
    MetaField {
        name: name.to_owned(),
        description: said(doc),
        args: IndexMap::new(),
        ty: ty.into(),
        deprecation: Deprecation::NoDeprecated,
        cache_control: CacheControl::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// A field with arguments.
pub fn field_with(field: MetaField, arguments: impl IntoIterator<Item = MetaInputValue>) -> MetaField {
    MetaField { args: arguments.into_iter().map(|argument| (argument.name.clone(), argument)).collect(), ..field }
}

/// A field that is a connection: it costs what it shows, as often as its page may hold.
pub fn connection_field(field: MetaField, more: impl IntoIterator<Item = MetaInputValue>) -> MetaField {
    let arguments = [
        argument("first", "How many items from the start, 1 to 100.", "Int"),
        argument("after", "Only items after this cursor.", "String"),
        argument("last", "How many items from the end, 1 to 100.", "Int"),
        argument("before", "Only items before this cursor.", "String"),
    ];
    MetaField {
        compute_complexity: Some(|ctx, variables, field, child| {
            let size = |name| ctx.param_value::<Option<i32>>(variables, field, name, None);
            Ok(cost(size("first")?, size("last")?, child))
        }),
        ..field_with(field, arguments.into_iter().chain(more))
    }
}

/// An argument or input field; `ty` is its type with `!` where it must be given.
pub fn argument(name: &str, doc: &str, ty: impl Into<String>) -> MetaInputValue {
    MetaInputValue {
        name: name.to_owned(),
        description: said(doc),
        ty: ty.into(),
        deprecation: Deprecation::NoDeprecated,
        default_value: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}

/// An argument with a default, written as in a document.
pub fn argument_with_default(argument: MetaInputValue, default: &str) -> MetaInputValue {
    MetaInputValue { default_value: Some(default.to_owned()), ..argument }
}

/// An input object type; with `oneof`, exactly one of its fields is given.
pub fn input_object(name: &str, doc: &str, fields: impl IntoIterator<Item = MetaInputValue>, oneof: bool) -> MetaType {
    MetaType::InputObject {
        name: name.to_owned(),
        description: said(doc),
        input_fields: fields.into_iter().map(|field| (field.name.clone(), field)).collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        oneof,
        directive_invocations: Vec::new(),
    }
}

/// An enum type, of values and what they mean.
pub fn enumeration<'a>(name: &str, doc: &str, values: impl IntoIterator<Item = (&'a str, &'a str)>) -> MetaType {
    let value = |(name, doc): (&str, &str)| MetaEnumValue {
        name: name.to_owned(),
        description: said(doc),
        deprecation: Deprecation::NoDeprecated,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    };
    MetaType::Enum {
        name: name.to_owned(),
        description: said(doc),
        enum_values: values.into_iter().map(value).map(|value| (value.name.clone(), value)).collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// A union type.
pub fn union(name: &str, doc: &str, possible: impl IntoIterator<Item = String>) -> MetaType {
    MetaType::Union {
        name: name.to_owned(),
        description: said(doc),
        possible_types: possible.into_iter().collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        directive_invocations: Vec::new(),
    }
}

fn said(doc: &str) -> Option<String> {
    (!doc.is_empty()).then(|| doc.to_owned())
}

/// Puts a type into the schema, unless it is there.
pub fn add(registry: &mut Registry, name: &str, make: impl FnOnce(&mut Registry) -> MetaType) {
    if !registry.types.contains_key(name) {
        // What it mentions may mention it: it is there before it is made.
        registry.types.insert(name.to_owned(), object(name, "", []));
        let made = make(registry);
        registry.types.insert(name.to_owned(), made);
    }
}

/// The fields of an object type that is written in Rust, to be shown as fields of another.
pub fn fields_of<T: OutputType>(registry: &mut Registry) -> Vec<MetaField> {
    T::create_type_info(registry);
    match registry.types.get(T::type_name().as_ref()) {
        Some(MetaType::Object { fields, .. }) => fields.values().cloned().collect(),
        _ => Vec::new(),
    }
}

/// The fields of an input type that is written in Rust, to be taken as fields of another.
pub fn input_fields_of<T: InputType>(registry: &mut Registry) -> Vec<MetaInputValue> {
    T::create_type_info(registry);
    match registry.types.get(T::type_name().as_ref()) {
        Some(MetaType::InputObject { input_fields, .. }) => input_fields.values().cloned().collect(),
        _ => Vec::new(),
    }
}

// --- Values --------------------------------------------------------------------------------------------------------

/// Something with fields whose type is known at run time.
pub trait Shown: Send + Sync {
    /// The name of its type.
    fn name(&self) -> Cow<'_, str>;

    /// Shows one field; `None` if there is no such field.
    fn field<'a>(&'a self, ctx: &'a Context<'a>) -> BoxFuture<'a, ServerResult<Option<Value>>>;
}

/// The name of the field that is asked for.
pub fn asked<'a>(ctx: &Context<'a>) -> &'a str {
    ctx.item.node.name.node.as_str()
}

/// Shows a thing as the value of a field: what is selected of it.
pub fn show<'a>(ctx: &'a Context<'a>, thing: &'a dyn Shown) -> BoxFuture<'a, Value> {
    Box::pin(async move {
        let below = ctx.with_selection_set(&ctx.item.node.selection_set);
        select(&below, thing).await
    })
}

/// Shows things as the list that a field is.
pub async fn show_list<'a>(ctx: &'a Context<'a>, things: &'a [&'a dyn Shown]) -> Value {
    let places: Vec<Context<'_>> = (0..things.len()).map(|place| ctx.with_index(place)).collect();
    Value::List(join_all(places.iter().zip(things).map(|(place, thing)| show(place, *thing))).await)
}

/// Shows a value whose type is written in Rust as the value of a field.
pub async fn show_output<T: OutputType>(ctx: &Context<'_>, value: &T) -> ServerResult<Value> {
    let below = ctx.with_selection_set(&ctx.item.node.selection_set);
    OutputType::resolve(value, &below, ctx.item).await
}

/// The context of an item of a list.
pub fn at<'a>(ctx: &'a Context<'a>, place: usize) -> Context<'a> {
    ctx.with_index(place)
}

/// Reads an argument.
pub fn given<T: InputType>(ctx: &Context<'_>, name: &str, default: Option<fn() -> T>) -> ServerResult<T> {
    Ok(ctx.param_value::<T>(name, default)?.1)
}

/// An argument as it was given, held to the schema and not read yet.
#[derive(Clone, Debug)]
pub struct Given(pub Value);

impl InputType for Given {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        "Given".into()
    }

    fn create_type_info(_registry: &mut Registry) -> String {
        <Self as InputType>::qualified_type_name()
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        value.map(Self).ok_or_else(|| InputValueError::custom("a value belongs here"))
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// An error at the field that is shown.
pub fn here(ctx: &Context<'_>, error: async_graphql::Error) -> async_graphql::ServerError {
    ctx.set_error_path(error.into_server_error(ctx.item.pos))
}

/// Shows what is selected of a thing. A field that fails is null and an error beside the data.
pub fn select<'a>(ctx: &'a ContextSelectionSet<'a>, thing: &'a dyn Shown) -> BoxFuture<'a, Value> {
    Box::pin(async move {
        let name = thing.name();
        let mut fields = Vec::new();
        collect(ctx, &ctx.item.node, &name, &mut fields);
        let shown = fields.into_iter().map(|field| async move {
            let below = ctx.with_field(field);
            let value = match asked(&below) {
                "__typename" => Value::String(thing.name().into_owned()),
                _ => match thing.field(&below).await {
                    Ok(value) => value.unwrap_or_default(),
                    Err(error) => {
                        below.add_error(if error.path.is_empty() { below.set_error_path(error) } else { error });
                        Value::Null
                    }
                },
            };
            (field.node.response_key().node.clone(), value)
        });
        let mut members = IndexMap::new();
        join_all(shown).await.into_iter().for_each(|(key, value)| merge(&mut members, key, value));
        Value::Object(members)
    })
}

/// Collects the selected fields, those of fragments that apply included (GraphQL, CollectFields).
fn collect<'a>(
    ctx: &ContextSelectionSet<'a>,
    set: &'a SelectionSet,
    name: &str,
    fields: &mut Vec<&'a Positioned<Field>>,
) {
    let applies = |condition: &str| {
        let union = ctx.schema_env.registry.types.get(condition);
        condition == name || union.is_some_and(|union| union.is_possible_type(name))
    };
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => fields.push(field),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                if condition.is_none_or(applies) {
                    collect(ctx, &fragment.node.selection_set.node, name, fields);
                }
            }
            Selection::FragmentSpread(spread) => {
                let fragment = ctx.query_env.fragments.get(&spread.node.fragment_name.node);
                if let Some(fragment) =
                    fragment.filter(|found| applies(found.node.type_condition.node.on.node.as_str()))
                {
                    collect(ctx, &fragment.node.selection_set.node, name, fields);
                }
            }
        }
    }
}

/// Puts a value under its key; what was selected twice is put together.
fn merge(members: &mut IndexMap<Name, Value>, key: Name, value: Value) {
    match (members.get_mut(&key), value) {
        (Some(Value::Object(there)), Value::Object(more)) => {
            more.into_iter().for_each(|(key, value)| merge(there, key, value));
        }
        (Some(Value::List(there)), Value::List(more)) => {
            for (there, more) in there.iter_mut().zip(more) {
                if let (Value::Object(there), Value::Object(more)) = (there, more) {
                    more.into_iter().for_each(|(key, value)| merge(there, key, value));
                }
            }
        }
        (Some(_), _) => {}
        (None, value) => drop(members.insert(key, value)),
    }
}

// --- Requests ------------------------------------------------------------------------------------------------------

/// Holds operations to what they may cost, as the library measured it: its own limits would tell by a sentence, not by a code.
pub struct HoldCost;

impl ExtensionFactory for HoldCost {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for HoldCost {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let result = next.run(ctx).await?;
        hold_cost(result.complexity, result.depth)?;
        Ok(result)
    }
}

/// Reads which type the library says that it expected of a value, if it says so. It is only used to add how such a value is written:
/// no code depends on it.
pub fn expected_type(message: &str) -> Option<&str> {
    let (_, rest) = message.rsplit_once("expected type \"")?;
    Some(rest.split('"').next()?.trim_end_matches('!'))
}

/// Gives a request its document, which is parsed and measured already.
pub fn with_document(mut request: Request, document: ExecutableDocument) -> Request {
    request.set_parsed_query(document);
    request
}

#[cfg(test)]
mod tests;
