//! The integration tests: one binary, a module per story.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod api;
mod append;
mod bad_input;
mod door;
mod following;
mod format;
mod meanwhile;
mod program;
mod rotation;
mod schema;
mod statements;
mod support;
mod tamper;
mod tidy;
mod time_travel;
mod vectors;
