//! Griffie: an event-sourced audit ledger for data-protection accountability.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod family;
pub mod ledger;
#[cfg(feature = "server")]
pub mod store;
pub mod time;
#[cfg(feature = "server")]
pub mod engine;
#[cfg(feature = "server")]
pub mod graphql;
