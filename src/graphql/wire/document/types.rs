//! The types of variables, for which the schema must be known.

use std::collections::HashSet;
use std::sync::LazyLock;

use async_graphql::parser::types::{BaseType, ExecutableDocument, Type};

use super::DocumentError;

/// The names of the schema's types: its own and those of GraphQL itself, section 3.5 "Scalars".
static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let sdl = crate::graphql::roots::sdl();
    let defined = sdl.lines().filter_map(|line| {
        let (kind, rest) = line.split_once(' ')?;
        let defines = matches!(kind, "type" | "input" | "enum" | "scalar" | "interface" | "union");
        defines.then(|| rest.split(|end: char| !end.is_alphanumeric() && end != '_').next()).flatten()
    });
    defined.chain(["Boolean", "Float", "ID", "Int", "String"]).map(str::to_owned).collect()
});

/// Holds the variables of all operations to types that the schema has.
///
/// async-graphql 7.2.1 does this for named types only: at a default value for a list of an unknown type it panics.
///
/// # Errors
///
/// Fails at the first variable of an unknown type.
pub fn known(document: &ExecutableDocument) -> Result<(), DocumentError> {
    let mut variables: Vec<_> =
        document.operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions).collect();
    variables.sort_by_key(|variable| variable.pos);
    for variable in variables {
        let name = innermost(&variable.node.var_type.node);
        if !NAMES.contains(name) {
            return Err(DocumentError::UnknownType { name: name.to_owned(), at: variable.pos });
        }
    }
    Ok(())
}

/// Returns the named type within lists; these nest as deep as brackets may.
fn innermost(mut outer: &Type) -> &str {
    loop {
        match &outer.base {
            BaseType::Named(name) => return name.as_str(),
            BaseType::List(inner) => outer = inner,
        }
    }
}
