//! Time as the ledger sees it: exact instants, dates known only in part, and half-open intervals.
//!
//! Nothing here reads a clock. A date without a time is a day in Europe/Amsterdam, whose rules are compiled into the
//! program, so that the same bytes mean the same instant on every machine.

mod instant;
mod interval;
mod partial;
mod term;

pub use instant::{Instant, InstantError};
pub use interval::Interval;
pub use partial::{PartialDate, PartialDateError, YEAR_MAX, YEAR_MIN, amsterdam};
pub use term::{TERM_UNITS_MAX, Term, TermError};
