//! Holds the committed schema to the program: `schema/api.graphql` is what `griffie schema` prints.

use std::env;
use std::fs;
use std::path::Path;

/// The environment variable by which this test writes the file instead of comparing it.
const UPDATE: &str = "UPDATE_SCHEMA";

#[test]
fn the_committed_schema_is_that_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/api.graphql");
    let printed = griffie::graphql::sdl();
    if env::var_os(UPDATE).is_some_and(|value| value == "1") {
        return fs::write(path, printed).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap();
    let difference = committed.lines().zip(printed.lines()).position(|(old, new)| old != new);
    let line = difference.unwrap_or(committed.lines().count().min(printed.lines().count())) + 1;
    assert!(
        committed == printed,
        "schema/api.graphql differs from the program at line {line}; if the change is meant, run the tests with {UPDATE}=1"
    );
}
