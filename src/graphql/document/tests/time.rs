//! How long async-graphql takes for the worst documents that keep the limits, and what it does with them.

use std::time::{Duration, Instant};

use super::*;

/// What a document may cost in a build without optimisation, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(3);

fn run(what: &str, text: &str) {
    let start = Instant::now();
    let document = read(text, None).unwrap_or_else(|error| panic!("{what}: {error}"));
    let reading = start.elapsed();
    let mut request = async_graphql::Request::new("");
    request.set_parsed_query(document.parsed);
    let schema = if what == "plain" {
        crate::graphql::roots::builder().disable_suggestions().finish()
    } else {
        crate::graphql::roots::builder().finish()
    };
    let start = Instant::now();
    let response = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(schema.execute(request));
    let taken = start.elapsed();
    let bytes = serde_json::to_string(&response).unwrap().len();
    println!("{what}: read {reading:?}, executed {taken:?}, {} errors, {bytes} bytes", response.errors.len());
    for error in response.errors.iter().take(1) {
        println!("   {}", error.message);
    }
    assert!(reading + taken < PATIENCE, "{what}");
}

#[test]
fn documents_that_keep_the_limits_are_quick() {
    let chain = |count: usize, end: &str| powers(count, 2, end).replace("on Query", "on LedgerInfo");
    run("doubling fragments", &format!("{{ledger{{...F0}}}}{}", chain(11, "origin size")));
    run("doubling fragments, wrong type", &format!("{{ledger{{...F0}}}}{}", powers(11, 2, "x")));
    let wide =
        |fields: &str| format!("{{ledger{{{}}}}}fragment F on LedgerInfo{{{}}}", "...F".repeat(90), fields.repeat(100));
    run("one response key", &wide("origin "));
    run("unknown fields", &wide("originn "));
    let sets = "asOf{...F ...G}".repeat(19);
    run(
        "many spreads",
        &format!("{{{sets}}}fragment F on Snapshot{{...G}} fragment G on Snapshot{{{}}}", "__typename ".repeat(200)),
    );
    let inline = format!("{{ledger{{{}{}{}}}}}", "...{".repeat(9), "origin ".repeat(1_900), "}".repeat(9));
    run("one key in inline fragments", &inline);
    let distinct = (0..1_900).map(|n| format!("f{n} ")).collect::<String>();
    run("unknown names in inline fragments", &format!("{{ledger{{{}{distinct}{}}}}}", "...{".repeat(9), "}".repeat(9)));
    let arguments = (0..19).map(|n| format!("x{n}:1 ")).collect::<String>();
    run("differing arguments", &format!("{{ledger{{origin({arguments}){}}}}}", "origin ".repeat(990)));
    let names = (0..3_800).map(|n| format!("establishedAt{n:03x} ")).collect::<String>();
    run("suggestions", &format!("{{ledger{{origin}}}}fragment F on Activity{{{}}}", &names[..names.len().min(64_000)]));
    run("plain", &format!("{{ledger{{origin}}}}fragment F on Activity{{{}}}", &names[..names.len().min(64_000)]));
    let operations = (0..600).map(|n| format!("query Q{n}{{...F}}")).collect::<String>();
    let text = format!("{operations} fragment F on Query{{{}}}", "__typename ".repeat(15));
    assert!(matches!(read(&text, None), Err(DocumentError::OperationNameRequired)));
    run_named("many operations", &text, "Q0");
    let uses = (0..200).map(|n| format!("$v{n} ")).collect::<String>();
    run("undefined variables", &format!("query($v:[ID]){{nodes(ids:[{uses}]){{id}}}}"));
    let values =
        format!("{{{}}}fragment F on Query{{events(first:[{}]){{totalCount}}}}", "...F".repeat(20), "1 ".repeat(490));
    run("values", &values);
    run(
        "strings",
        &format!(
            "{{{}}}fragment F on Query{{events(first:\"{}\"){{totalCount}}}}",
            "...F".repeat(19),
            "s".repeat(33_000)
        ),
    );
}

fn run_named(what: &str, text: &str, name: &str) {
    let document = read(text, Some(name)).unwrap();
    let mut request = async_graphql::Request::new("").operation_name(name);
    request.set_parsed_query(document.parsed);
    let schema = crate::graphql::roots::builder().finish();
    let start = Instant::now();
    let response = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(schema.execute(request));
    println!("{what}: {:?}, {} errors", start.elapsed(), response.errors.len());
}

#[test]
fn introspection_is_quick() {
    let parsed = syntax::parse(INTROSPECTION).unwrap();
    let mut measures = measure::Measures::default();
    measures.fragments(&parsed).unwrap();
    for (_, operation) in parsed.operations.iter() {
        println!("cost {:?}", measures.operation(&operation.node));
    }
    run("graphql-js", INTROSPECTION);
    let deep = |levels: usize, end: &str| {
        format!("{{__schema{{types{{{}{end}{}}}}}}}", "fields{type{".repeat(levels), "}}".repeat(levels))
    };
    let of = |levels: usize, end: &str| {
        format!("{{__schema{{types{{{}{end}{}}}}}}}", "fields{type{ofType{".repeat(levels), "}}}".repeat(levels))
    };
    for (levels, end) in [(1, "name ".repeat(140)), (2, "name ".repeat(13)), (3, "name ".into())] {
        let text = of(levels, &end);
        match read(&text, None) {
            Ok(_) => run(&format!("ofType {levels}"), &text),
            Err(error) => println!("ofType {levels}: {error}"),
        }
    }
    for levels in 1..5 {
        let text = deep(levels, "name ");
        match read(&text, None) {
            Ok(_) => run(&format!("deep {levels}"), &text),
            Err(error) => println!("deep {levels}: {error}"),
        }
    }
    for n in [10, 40, 90, 140] {
        let text = deep(1, &"name ".repeat(n));
        match read(&text, None) {
            Ok(_) => run(&format!("wide {n}"), &text),
            Err(error) => println!("wide {n}: {error}"),
        }
    }
}
