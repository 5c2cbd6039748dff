//! Documents: text of GraphQL, held to limits before async-graphql sees it.
//!
//! async-graphql's parser recurses on the stack of its thread, and its checks walk every spread of every operation: a
//! document of 911 bytes whose fragments each spread the next one twice costs 2^n. So the text is first cut into tokens
//! and these are counted; then it is parsed; then every fragment is measured once, and the measure of what spreads it
//! is a sum. All of a document is held to the limits, also what does not run, for async-graphql checks all of it.

mod error;
mod lexical;
mod measure;
mod syntax;
#[cfg(test)]
mod tests;
mod types;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType,
};
use async_graphql::{Pos, Positioned};

use serde_json::{Map, Value};

use crate::graphql::limits::{VARIABLE_COPIES_MAX, VARIABLE_VALUES_MAX};
pub use error::{DocumentError, Part, Quantity};

/// A document that keeps to the limits, and the operation of it that is to run.
#[derive(Debug)]
pub struct Document {
    /// The whole document.
    pub parsed: ExecutableDocument,
    /// What kind of operation is to run.
    pub operation: OperationType,
    /// The name of the operation that is to run, if it has one.
    pub operation_name: Option<String>,
    /// Uses of variables in all operations, with fragments expanded.
    variable_uses: usize,
    /// The variables that the operation cannot do without.
    required: Vec<(String, Pos)>,
}

impl Document {
    /// Holds the variables of a request to what the operation needs (GraphQL, `CoerceVariableValues`) and to their limits.
    ///
    /// # Errors
    ///
    /// Fails if one that cannot be null is not given, if they hold more than [`VARIABLE_VALUES_MAX`], or would be copied more often than [`VARIABLE_COPIES_MAX`].
    pub fn hold_variables(&self, variables: &Map<String, Value>) -> Result<(), DocumentError> {
        let missing = self.required.iter().find(|(name, _)| variables.get(name).is_none_or(Value::is_null));
        if let Some((name, at)) = missing {
            return Err(DocumentError::MissingVariable { name: name.clone(), at: *at });
        }
        let found = variables.values().map(values).sum();
        if found > VARIABLE_VALUES_MAX {
            return Err(DocumentError::TooManyVariableValues { found });
        }
        let found = found.saturating_mul(self.variable_uses);
        if found > VARIABLE_COPIES_MAX {
            return Err(DocumentError::TooManyVariableCopies { found });
        }
        Ok(())
    }
}

/// Counts a value with all in it, as the measure of a document does.
fn values(value: &Value) -> usize {
    match value {
        Value::String(text) => 1 + text.len() / 64,
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(values).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
    }
}

/// Reads a document and chooses the operation that is to run: the one of this name, or without a name the only one.
///
/// See GraphQL, section 2 "Language" and section 6.1 `GetOperation`. Of the schema only the types of variables are asked
/// for; the rest of validation is async-graphql's.
///
/// # Errors
///
/// Fails if the document is larger than a limit (see [`Quantity`]), is not GraphQL, names two operations or two fragments
/// alike, spreads a fragment that it does not define or that spreads itself, or does not have the operation.
pub fn read(text: &str, operation_name: Option<&str>) -> Result<Document, DocumentError> {
    lexical::scan(text)?;
    let parsed = syntax::parse(text)?;
    let (chosen_name, chosen) = choose(&parsed.operations, operation_name)?;
    let variable_uses = measure::hold(&parsed, chosen_name)?.variable_uses;
    types::known(&parsed)?;
    let (operation, operation_name) = (chosen.node.ty, chosen_name.map(str::to_owned));
    let needed = chosen.node.variable_definitions.iter().map(|variable| &variable.node);
    let needed = needed.filter(|variable| !variable.var_type.node.nullable && variable.default_value.is_none());
    let required = needed.map(|variable| (variable.name.node.to_string(), variable.name.pos)).collect();
    Ok(Document { parsed, operation, operation_name, variable_uses, required })
}

/// Returns the names of a document's operations in the order of its text; `None` for one without a name.
///
/// # Errors
///
/// As [`read`] does, but nothing is measured.
pub fn operation_names(text: &str) -> Result<Vec<Option<String>>, DocumentError> {
    lexical::scan(text)?;
    let parsed = syntax::parse(text)?;
    let mut operations: Vec<_> = parsed.operations.iter().collect();
    operations.sort_by_key(|(_, operation)| operation.pos);
    Ok(operations.into_iter().map(|(name, _)| name.map(ToString::to_string)).collect())
}

type Operation<'a> = (Option<&'a str>, &'a Positioned<OperationDefinition>);

/// Chooses the operation of a name; without a name there may be only one.
fn choose<'a>(operations: &'a DocumentOperations, name: Option<&str>) -> Result<Operation<'a>, DocumentError> {
    let mut all = operations.iter().map(|(name, operation)| (name.map(|name| name.as_str()), operation));
    match name {
        Some(wanted) => all
            .find(|(name, _)| *name == Some(wanted))
            .ok_or_else(|| DocumentError::UnknownOperation { name: wanted.to_owned() }),
        None => match (all.next(), all.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => Err(DocumentError::OperationNameRequired),
            (None, _) => Err(DocumentError::NoOperation),
        },
    }
}

/// Returns the fragments of a document in the order of its text; a map has none.
fn fragments(document: &ExecutableDocument) -> Vec<(&str, &Positioned<FragmentDefinition>)> {
    let mut fragments: Vec<_> = document.fragments.iter().map(|(name, fragment)| (name.as_str(), fragment)).collect();
    fragments.sort_by_key(|(_, fragment)| fragment.pos);
    fragments
}
