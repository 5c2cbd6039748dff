//! The integration tests: one binary, a module per story.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod api;
mod append;
mod attack;
mod bad_input;
mod costs;
mod edge;
mod endpoint;
mod erasure;
mod figures;
mod following;
mod format;
mod goodbye;
mod import;
mod languages;
mod limits;
mod meanwhile;
mod pinned;
mod program;
mod quantities;
mod register;
mod relations;
mod rotation;
mod schema;
mod search;
mod slow;
mod statements;
mod stop;
mod support;
mod tamper;
mod tidy;
mod time_travel;
mod vectors;
mod verdicts;
mod versions;
mod watching;
