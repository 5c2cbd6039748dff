//! Griffie: an event-sourced audit ledger for data-protection accountability.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod cli;
pub mod engine;
pub mod graphql;
pub mod server;
pub mod store;

// The pure modules are a crate of their own; the walls are told where they stand.
pub use griffie_core::{family, law, ledger, rule, time};
