use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Calendar, Instant, PartialDate};

/// A length of time as law and contracts word it: an ISO 8601 duration such as `P1M`, `P28D` or `PT24H`.
///
/// It is kept as worded, never converted: a month is not thirty days. Counting it out needs a [`Calendar`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    pub(super) years: u16,
    pub(super) months: u16,
    pub(super) weeks: u16,
    pub(super) days: u16,
    pub(super) hours: u16,
    pub(super) minutes: u16,
}

/// Says how a term is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a term as an ISO 8601 duration such as P1M, P28D or PT24H, each number at most {TERM_UNITS_MAX}")]
pub struct TermError;

/// The largest number of one unit in a term.
pub const TERM_UNITS_MAX: u16 = 9_999;

/// Microseconds of an hour; a day of a fixed length has 24 of them.
pub(super) const HOUR_US: i64 = 3_600_000_000;

const NOTHING: Term = Term { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0 };

impl Term {
    /// Makes a term of calendar months.
    pub const fn months(months: u16) -> Self {
        Self { months, ..NOTHING }
    }

    /// Makes a term of weeks.
    pub const fn weeks(weeks: u16) -> Self {
        Self { weeks, ..NOTHING }
    }

    /// Makes a term of days.
    pub const fn days(days: u16) -> Self {
        Self { days, ..NOTHING }
    }

    /// Makes a term of hours.
    pub const fn hours(hours: u16) -> Self {
        Self { hours, ..NOTHING }
    }

    /// Adds another term, unit by unit, so that both are counted at once: a month and two months are three months.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let add = |one: u16, two: u16| one.saturating_add(two).min(TERM_UNITS_MAX);
        Self {
            years: add(self.years, other.years),
            months: add(self.months, other.months),
            weeks: add(self.weeks, other.weeks),
            days: add(self.days, other.days),
            hours: add(self.hours, other.hours),
            minutes: add(self.minutes, other.minutes),
        }
    }

    /// Returns the last instant at which something is surely still within the term, counted from the start of a date.
    ///
    /// It is counted by [`Calendar::Strict`]: no end is moved because it falls on a holiday. [`Instant::MAX`] where no calendar reaches.
    pub fn end(&self, from: &PartialDate) -> Instant {
        Calendar::Strict.count(self, from).limit.earliest
    }

    /// Tells whether nothing is to be counted: `P0D`.
    pub(super) fn is_nothing(&self) -> bool {
        *self == NOTHING
    }

    /// Tells whether the term has hours or minutes, and therefore ends at a time of day.
    pub(super) fn in_hours(&self) -> bool {
        self.hours > 0 || self.minutes > 0
    }

    /// Tells whether the term lasts so many days or more, a day taken as 24 hours; every month and year does.
    pub(super) fn lasts_days(&self, days: u16) -> bool {
        self.microseconds().is_none_or(|length| length >= i64::from(days) * 24 * HOUR_US)
    }

    /// Returns the length in microseconds, a day taken as 24 hours; `None` for months and years, which have no fixed length.
    pub fn microseconds(&self) -> Option<i64> {
        let hours = (i64::from(self.weeks) * 7 + i64::from(self.days)) * 24 + i64::from(self.hours);
        let length = hours * HOUR_US + i64::from(self.minutes) * (HOUR_US / 60);
        (self.years == 0 && self.months == 0).then_some(length)
    }
}

impl FromStr for Term {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, TermError> {
        let mut term = NOTHING;
        let (date, time) = match text.strip_prefix('P').ok_or(TermError)?.split_once('T') {
            Some((date, time)) => (date, time),
            None => (text.strip_prefix('P').ok_or(TermError)?, ""),
        };
        let mut date_units =
            [(b'Y', &mut term.years), (b'M', &mut term.months), (b'W', &mut term.weeks), (b'D', &mut term.days)];
        read_units(date, &mut date_units)?;
        read_units(time, &mut [(b'H', &mut term.hours), (b'M', &mut term.minutes)])?;
        if term.to_string() == text { Ok(term) } else { Err(TermError) }
    }
}

fn read_units(text: &str, units: &mut [(u8, &mut u16)]) -> Result<(), TermError> {
    let mut number = None;
    for byte in text.bytes() {
        if byte.is_ascii_digit() {
            let digit = u16::from(byte - b'0');
            let longer = number.unwrap_or(0u16).checked_mul(10).and_then(|tens| tens.checked_add(digit));
            number = Some(longer.filter(|value| *value <= TERM_UNITS_MAX).ok_or(TermError)?);
        } else {
            let unit = units.iter_mut().find(|(letter, _)| *letter == byte).ok_or(TermError)?;
            *unit.1 = number.take().ok_or(TermError)?;
        }
    }
    if number.is_none() { Ok(()) } else { Err(TermError) }
}

impl fmt::Display for Term {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("P")?;
        let write = |formatter: &mut fmt::Formatter<'_>, units: &[(u16, char)]| {
            units
                .iter()
                .filter(|(count, _)| *count > 0)
                .try_for_each(|(count, unit)| write!(formatter, "{count}{unit}"))
        };
        write(formatter, &[(self.years, 'Y'), (self.months, 'M'), (self.weeks, 'W'), (self.days, 'D')])?;
        let time = [(self.hours, 'H'), (self.minutes, 'M')];
        let date_empty = self.years == 0 && self.months == 0 && self.weeks == 0 && self.days == 0;
        if time.iter().any(|(count, _)| *count > 0) {
            formatter.write_str("T")?;
            write(formatter, &time)
        } else if date_empty {
            formatter.write_str("0D")
        } else {
            Ok(())
        }
    }
}

impl Serialize for Term {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_of_dates_ends_with_its_last_day_and_one_of_hours_to_the_microsecond() {
        let check = |term: &str, from: &str, end: &str| {
            let counted = term.parse::<Term>().unwrap().end(&from.parse().unwrap());
            assert_eq!(counted.to_string(), end, "{term} from {from}");
        };
        check("P1M", "2025-11-25", "2025-12-25T22:59:59.999999Z");
        check("P1M", "2025-01-31", "2025-02-28T22:59:59.999999Z");
        check("P1M", "2024-01-31", "2024-02-29T22:59:59.999999Z");
        check("P28D", "2025-11-25", "2025-12-23T22:59:59.999999Z");
        check("P4W", "2025-11-25", "2025-12-23T22:59:59.999999Z");
        check("P1M1D", "2025-01-31", "2025-03-01T22:59:59.999999Z");
        check("P1Y", "2024-02-29", "2025-02-28T22:59:59.999999Z");
        // 23:30 on 1 March in Amsterdam.
        check("P1D", "2025-03-01T22:30:00.000000Z", "2025-03-02T22:59:59.999999Z");
        check("P1D", "2025-03-01T23:30:00.000000Z", "2025-03-03T22:59:59.999999Z");
        // Summer time begins: the hours are counted, not the clock.
        check("PT72H", "2025-03-29T11:00:00.000000Z", "2025-04-01T11:00:00.000000Z");
        check("PT24H", "2025-03-29T23:00:00.000000Z", "2025-03-30T23:00:00.000000Z");
        check("PT30M", "2025-03-29", "2025-03-28T23:30:00.000000Z");
        check("P1M", "2025", "2025-02-01T22:59:59.999999Z");
    }

    #[test]
    fn months_have_no_fixed_length() {
        let check = |term: &str, expected: Option<i64>| {
            assert_eq!(term.parse::<Term>().unwrap().microseconds(), expected, "{term}");
        };
        check("P7D", Some(7 * 24 * HOUR_US));
        check("P1W", Some(7 * 24 * HOUR_US));
        check("PT90M", Some(HOUR_US * 3 / 2));
        check("P0D", Some(0));
        check("P1M", None);
        check("P1Y", None);
        assert_eq!(Term::months(1).to_string(), "P1M");
        assert_eq!(Term::days(28).to_string(), "P28D");
        assert_eq!(Term::hours(72).to_string(), "PT72H");
    }

    #[test]
    fn terms_add_up_unit_by_unit() {
        let check = |one: &str, two: &str, expected: &str| {
            let (one, two): (Term, Term) = (one.parse().unwrap(), two.parse().unwrap());
            assert_eq!((one.plus(&two).to_string(), two.plus(&one).to_string()), (expected.into(), expected.into()));
        };
        check("P1M", "P2M", "P3M");
        check("P28D", "P2M", "P2M28D");
        check("P0D", "PT72H", "PT72H");
        check("P9999D", "P1D", "P9999D");
    }

    #[test]
    fn a_term_has_one_spelling() {
        let check = |text: &str, accepted: bool| {
            let read = text.parse::<Term>().ok().map(|term| term.to_string());
            assert_eq!(read.as_deref(), accepted.then_some(text), "{text}");
        };
        for good in ["P1M", "P28D", "PT24H", "P2Y", "P1Y6M", "P1DT12H30M", "P4W", "P0D", "P9999D"] {
            check(good, true);
        }
        for bad in [
            "", "P", "PT", "P1", "1M", "P01M", "P0M", "P10000D", "P1H", "PT1D", "P1M1Y", "P1M1M", "P-1D", "P1.5D",
            "p1m",
        ] {
            check(bad, false);
        }
    }
}
