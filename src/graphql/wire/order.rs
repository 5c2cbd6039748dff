//! The order of a response: that of the selections, as the specification asks (GraphQL section 7.2.2).
//!
//! The library resolves the fields of an object side by side, so that what they load is batched, and puts them into the
//! response as they are done. Here they are put back, by the specification's own CollectFields.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery};
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Response, ServerResult, Value, Variables, indexmap::IndexMap};

/// Puts the members of a response into the order of their selections.
pub struct InOrder;

impl ExtensionFactory for InOrder {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OneRequest { document: Mutex::new(None) })
    }
}

struct OneRequest {
    document: Mutex<Option<ExecutableDocument>>,
}

#[async_graphql::async_trait::async_trait]
impl Extension for OneRequest {
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(ctx, query, variables).await?;
        *self.document.lock().unwrap_or_else(PoisonError::into_inner) = Some(document.clone());
        Ok(document)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        let document = self.document.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = document.as_ref() {
            order(document, operation_name, &mut response.data);
        }
        response
    }
}

/// Orders a whole response.
fn order(document: &ExecutableDocument, operation_name: Option<&str>, data: &mut Value) {
    let operation = match &document.operations {
        DocumentOperations::Single(operation) => Some(operation),
        DocumentOperations::Multiple(operations) => operation_name
            .and_then(|wanted| operations.iter().find(|(name, _)| name.as_str() == wanted))
            .map(|(_, found)| found),
    };
    if let Some(operation) = operation {
        order_value(document, &[&operation.node.selection_set.node], data);
    }
}

fn order_value(document: &ExecutableDocument, selections: &[&SelectionSet], value: &mut Value) {
    match value {
        Value::List(items) => items.iter_mut().for_each(|item| order_value(document, selections, item)),
        Value::Object(members) => {
            let mut fields = IndexMap::new();
            let mut visited = BTreeSet::new();
            selections.iter().for_each(|set| collect(document, set, &mut visited, &mut fields));
            let mut ordered = IndexMap::with_capacity(members.len());
            for (key, below) in fields {
                if let Some(mut member) = members.swap_remove(key) {
                    order_value(document, &below, &mut member);
                    ordered.insert(key.clone(), member);
                }
            }
            ordered.append(members);
            *members = ordered;
        }
        _ => {}
    }
}

/// Collects the response keys of a selection set in document order, each with the selections below it. Of fields that
/// type conditions or directives leave out there is nothing in the response, so they need not be told apart.
fn collect<'d>(
    document: &'d ExecutableDocument,
    set: &'d SelectionSet,
    visited: &mut BTreeSet<&'d str>,
    fields: &mut IndexMap<&'d Name, Vec<&'d SelectionSet>>,
) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let below = fields.entry(&field.node.response_key().node).or_default();
                below.push(&field.node.selection_set.node);
            }
            Selection::InlineFragment(fragment) => {
                collect(document, &fragment.node.selection_set.node, visited, fields)
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                if let Some(fragment) = document.fragments.get(name).filter(|_| visited.insert(name)) {
                    collect(document, &fragment.node.selection_set.node, visited, fields);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_the_order_of_their_selections() {
        let check = |query: &str, data: &str, expected: &str| {
            let document = async_graphql::parser::parse_query(query).unwrap();
            let mut data: Value = serde_json::from_str(data).unwrap();
            order(&document, None, &mut data);
            assert_eq!(serde_json::to_string(&data).unwrap(), expected, "{query}");
        };
        check("{ a b }", r#"{"b":1,"a":2}"#, r#"{"a":2,"b":1}"#);
        check(
            "{ x: b a { c d } }",
            r#"{"a":[{"d":1,"c":2},{"c":3,"d":4}],"x":null}"#,
            r#"{"x":null,"a":[{"c":2,"d":1},{"c":3,"d":4}]}"#,
        );
        check("{ ...F z } fragment F on Q { y ... on Q { x } }", r#"{"z":1,"x":2,"y":3}"#, r#"{"y":3,"x":2,"z":1}"#);
        check("{ a { c } b a { d } }", r#"{"b":1,"a":{"d":2,"c":3}}"#, r#"{"a":{"c":3,"d":2},"b":1}"#);
    }
}
