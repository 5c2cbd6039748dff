//! Holds documents to their limits, and the limits to what they are for.

mod choice;
mod limits;
mod oracle;
mod time;

use super::*;
use crate::graphql::error::Code;

/// The introspection query that graphql-js sends, `getIntrospectionQuery()` of its version 16.
const INTROSPECTION: &str = include_str!("tests/introspection.graphql");

fn refuse(text: &str) -> DocumentError {
    read(text, None).expect_err(text.get(..100).unwrap_or(text))
}

/// Holds that a document has too much of a quantity, and that the caller is told so.
fn too_much(text: &str, expected: Quantity) {
    let error = refuse(text);
    assert!(matches!(error, DocumentError::TooMuch { quantity, .. } if quantity == expected), "{error}");
    assert_eq!(error.code(), Code::TooComplex);
    assert!(error.to_string().contains(&expected.max().to_string()), "{error}");
}

/// A limit from both sides: `make` of the limit is taken, and of one more is not.
fn both_sides(quantity: Quantity, make: impl Fn(usize) -> String) {
    read(&make(quantity.max()), None).unwrap_or_else(|error| panic!("{quantity:?} at its limit: {error}"));
    too_much(&make(quantity.max() + 1), quantity);
}

/// Fragments of which each spreads the next one so often: `F0` has `times^count` of the fields at the end.
fn powers(count: usize, times: usize, end: &str) -> String {
    let fragment = |n: usize| format!("fragment F{n} on Query{{{}}}", format!("...F{}", n + 1).repeat(times));
    let chain: String = (0..count).map(fragment).collect();
    format!("{chain}fragment F{count} on Query{{{end}}}")
}
