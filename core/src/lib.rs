//! What Griffie's ledger says, without the outside world: when something is, how a fact becomes an entry and is verified, what may
//! happen, and what the law and the policy of a day make of it.
//!
//! No file, no clock, no network and no database: the same entries give the same answer on every machine, so a verifier can stand
//! on this crate alone.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod family;
pub mod law;
pub mod ledger;
pub mod rule;
#[cfg(feature = "graphql")]
pub mod scalar;
pub mod time;
