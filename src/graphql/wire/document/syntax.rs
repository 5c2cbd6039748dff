//! The parser of async-graphql, with errors for people.

use async_graphql::Pos;
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::parser::{Error, parse_query};

use super::DocumentError;

/// Parses a text that [`super::lexical::scan`] has let pass; a longer nested one would exhaust the stack.
///
/// # Errors
///
/// Fails if the text is no executable document (see GraphQL, section 2.2 "Document"), or names two operations or two
/// fragments alike.
pub fn parse(text: &str) -> Result<ExecutableDocument, DocumentError> {
    parse_query(text).map_err(|error| {
        let at = error.positions().next().unwrap_or(Pos { line: 1, column: 1 });
        match error {
            Error::Syntax { message, .. } => DocumentError::Syntax { message: readable(&message), at },
            Error::MissingOperation => DocumentError::NoOperation,
            Error::MultipleOperations { anonymous, .. } => DocumentError::AnonymousNotAlone { at: anonymous },
            Error::OperationDuplicated { operation, .. } => {
                DocumentError::OperationTwice { name: operation.to_string(), at }
            }
            Error::FragmentDuplicated { fragment, .. } => {
                DocumentError::FragmentTwice { name: fragment.to_string(), at }
            }
            // The parser has no others for documents; the list is open for versions to come.
            other => DocumentError::Syntax { message: other.to_string(), at },
        }
    })
}

/// Words the parser's message: it draws the line, and below it says `= expected` with the names of its grammar's rules.
fn readable(message: &str) -> String {
    let last = message.lines().next_back().unwrap_or_default().trim_start();
    let Some(rules) = last.strip_prefix("= ") else {
        let number = message.starts_with("invalid number");
        return if number { "the number is out of range".to_owned() } else { message.to_owned() };
    };
    let mut expected: Vec<&str> = Vec::new();
    for rule in rules.split([' ', ',', ';']) {
        if let Some(words) = words(rule)
            && !expected.contains(&words)
        {
            expected.push(words);
        }
    }
    match expected.as_slice() {
        [] => "this is not expected here".to_owned(),
        [only] => format!("expected {only}"),
        [others @ .., last] => format!("expected {} or {last}", others.join(", ")),
    }
}

/// Says in words what a rule of the parser's grammar stands for; some are implied by another that comes with them.
fn words(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "EOI" => "the end of the document",
        "executable_document" | "executable_definition" | "operation_definition" | "named_operation_definition" => {
            "an operation or a fragment"
        }
        "fragment_definition" => "a fragment",
        "selection" => "a field or a fragment",
        "field" | "alias" => "a field",
        "inline_fragment" | "fragment_spread" => "a fragment",
        "selection_set" => "`{`",
        "type_condition" => "`on` and a type",
        "variable_definitions" | "arguments" | "const_arguments" => "`(`",
        "variable_definition" | "variable" => "a variable",
        "argument" | "const_argument" => "an argument",
        "directives" | "directive" | "const_directives" | "const_directive" => "a directive",
        "default_value" => "`=`",
        "type_" => "a type",
        "value" | "const_value" | "number" | "string" | "boolean" | "null" | "enum_value" | "list" | "object"
        | "const_list" | "const_object" => "a value",
        "object_field" | "const_object_field" => "a field of an object",
        "name" | "name_start" => "a name",
        _ => return None,
    })
}
