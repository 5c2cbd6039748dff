//! The integration tests: one binary, a module per story.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod api;
mod door;
mod program;
mod statements;
mod support;
mod tidy;
mod vectors;
