//! Griffie: an event-sourced audit ledger for data-protection accountability.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod family;
pub mod ledger;
pub mod time;
