//! What async-graphql makes of the worst documents that keep the limits.
//!
//! Without a ledger fields fail when they are resolved, so that what is measured is the checks and introspection.

use std::time::{Duration, Instant};

use async_graphql::{Request, Response};

use super::*;
use crate::graphql::limits::*;

/// What a document may take without optimisation, on a machine that is busy with other tests: far more than it does, and
/// far less than it would without the limit.
const PATIENCE: Duration = Duration::from_secs(8);

/// Reads and executes a document; `--nocapture` shows what it took.
fn run(what: &str, text: &str) -> Response {
    // Which of several operations runs makes no difference to what is checked.
    let name = text.starts_with("query Q0").then_some("Q0");
    let start = Instant::now();
    let document = read(text, name).unwrap_or_else(|error| panic!("{what}: {error}"));
    let reading = start.elapsed();
    let schema = crate::graphql::roots::builder().finish();
    let request = Request::new("");
    let mut request = crate::graphql::adapter::with_document(request, document.parsed);
    request.operation_name = document.operation_name;
    let start = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let response = runtime.block_on(schema.execute(request));
    let taken = start.elapsed();
    println!("{what}: read in {reading:?}, executed in {taken:?}, {} errors", response.errors.len());
    assert!(reading + taken < PATIENCE, "{what}: {reading:?}, {taken:?}");
    response
}

/// Numbered items of a text.
fn numbered(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect()
}

#[test]
fn expanded_fragments_are_checked_in_time() {
    run("doubling", &format!("{{ledger{{...F0}}}}{}", powers(11, 2, "origin size").replace("Query", "LedgerInfo")));
    run("doubling, of a wrong type", &format!("{{ledger{{...F0}}}}{}", powers(11, 2, "x")));
    let wide = |field: &str| {
        let (spreads, fields) = ("...F".repeat(90), field.repeat(100));
        format!("{{ledger{{{spreads}}}}}fragment F on LedgerInfo{{{fields}}}")
    };
    run("one response key", &wide("origin "));
    run("one unknown field", &wide("originn "));
    let (spreads, fields) = ("asOf{...F ...G}".repeat(19), "__typename ".repeat(200));
    run("two in 19 sets", &format!("{{{spreads}}}fragment F on Snapshot{{...G}}fragment G on Snapshot{{{fields}}}"));
    let operations = numbered(600, |n| format!("query Q{n}{{...F}}"));
    run("600 operations", &format!("{operations}fragment F on Query{{{}}}", "__typename ".repeat(15)));
}

#[test]
fn compared_fields_are_checked_in_time() {
    let inline = |fields: &str| format!("{{ledger{{{}{fields}{}}}}}", "...{".repeat(9), "}".repeat(9));
    run("one key in ten sets", &inline(&"origin ".repeat(1_900)));
    run("unknown keys in ten sets", &inline(&numbered(1_900, |n| format!("f{n} "))));
    let arguments = numbered(19, |n| format!("x{n}:1 "));
    let response = run("differing arguments", &format!("{{ledger{{origin({arguments}){}}}}}", "origin ".repeat(990)));
    assert!(response.errors.len() <= COMPARISONS_MAX);
    let names = numbered(3_600, |n| format!("establishedAt{n:04} "));
    run("unknown names", &format!("{{ledger{{origin}}}}fragment F on Activity{{{names}}}"));
}

#[test]
fn values_are_checked_in_time() {
    let variables = numbered(VARIABLE_USES_MAX, |n| format!("$v{n} "));
    run("undefined variables", &format!("query($v:[ID]){{nodes(ids:[{variables}]){{id}}}}"));
    let events = |first: &str, times: usize| {
        format!("{{{}}}fragment F on Query{{events(first:{first}){{totalCount}}}}", "...F".repeat(times))
    };
    run("lists", &events(&format!("[{}]", "1 ".repeat(490)), 20));
    run("strings", &events(&format!("\"{}\"", "s".repeat(33_000)), 19));
}

#[test]
fn introspection_is_answered_in_time() {
    let response = run("graphql-js", INTROSPECTION);
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    let fields = |before: &str, count: usize, after: &str| {
        let names = "name ".repeat(count);
        format!("{{__schema{{types{{{before}{names}{after}}}}}}}")
    };
    run("fields of types", &fields("fields{", 124, "}"));
    run("fields of inputs", &fields("inputFields{", 124, "}"));
    run("fields of types of fields", &fields("fields{type{ofType{fields{", 12, "}}}}"));
    let one = |before: &str, count: usize, after: &str| {
        let names = "name ".repeat(count);
        format!("{{__type(name:\"Consent\"){{{before}{names}{after}}}}}")
    };
    run("fields of a type", &one("fields{", 560, "}"));
    run("and of their types", &one("fields{type{fields{", 55, "}}}"));
    run("and of theirs", &one("fields{type{ofType{fields{type{ofType{fields{", 5, "}}}}}}}"));
    // The type with most types.
    run("types of a union", "{__type(name:\"Fact\"){possibleTypes{fields{name type{fields{name type{name}}}}}}}");
}

#[test]
fn a_list_of_an_unknown_type_is_no_panic() {
    let text = "query($v:[Nope]=[1]){__typename}";
    assert!(matches!(read(text, None), Err(DocumentError::UnknownType { .. })));
}
