//! Griffie: an event-sourced audit ledger for data-protection accountability.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod engine;
pub mod family;
#[cfg(feature = "server")]
pub mod graphql;
pub mod ledger;
pub mod rule;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod store;
pub mod time;
