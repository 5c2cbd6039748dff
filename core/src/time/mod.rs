//! Time as the ledger sees it: exact instants, dates known only in part, half-open intervals, and terms with the calendars
//! by which law counts them.
//!
//! Nothing here reads a clock. A date without a time is a day in Europe/Amsterdam, whose rules are compiled into the
//! program, so that the same bytes mean the same instant on every machine. Public holidays are computed, not looked up.
//! What a date known in part cannot decide is [`Ternary::Unknown`], never a guess.

mod calendar;
mod holiday;
mod instant;
mod interval;
mod partial;
mod step;
mod term;
mod ternary;

pub use calendar::{Calendar, CalendarError, Counted, Limit};
pub use holiday::{DayOff, Holiday, day_off, easter, holiday};
pub use instant::{Instant, InstantError};
pub use interval::{Interval, days_between, local, year_of};
pub use partial::{PartialDate, PartialDateError, YEAR_MAX, YEAR_MIN, amsterdam, day_after, day_of};
pub use step::Step;
pub use term::{TERM_UNITS_MAX, Term, TermError};
pub use ternary::Ternary;
