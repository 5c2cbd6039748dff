//! The law pack: legal instruments of the Union and the Netherlands as data, which come with the program (`law/`).
//!
//! A ledger knows no law of itself. A pack says, statement by statement, what a legal instrument is, from when it counts, since when the
//! public could know it, where that was read and when somebody looked. Its statements become ordinary facts of the family
//! `legalInstrument`; what a ledger has of them already is told by comparing facts, never by a list beside the ledger.

mod pack;
mod standing;

pub use pack::{FILE_BYTES_MAX, Instrument, Name, Pack, PackError, STATEMENTS_MAX, Statement, Subject, VERSION};
pub use standing::{Held, Standing, standing};

#[cfg(test)]
mod tests;
