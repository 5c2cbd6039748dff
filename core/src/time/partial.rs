use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Instant, Interval};

/// The first year a partial date may name.
pub const YEAR_MIN: i16 = 1900;
/// The last year a partial date may name.
pub const YEAR_MAX: i16 = 2999;

pub(super) static AMSTERDAM: TimeZone = jiff::tz::get!("Europe/Amsterdam");

/// Reads a local time in Europe/Amsterdam, as `2018-05-25T12:00:00.000`; `None` if it is none. An hour that occurs twice is the first.
pub fn amsterdam(local: &str) -> Option<Instant> {
    let zoned = local.parse::<jiff::civil::DateTime>().ok()?.to_zoned(AMSTERDAM.clone()).ok()?;
    Some(Instant::from_microseconds(zoned.timestamp().as_microsecond()))
}

/// Returns the day in Europe/Amsterdam on which an instant lies; the instant itself where no calendar reaches.
pub fn day_of(at: Instant) -> PartialDate {
    at.timestamp().map_or(PartialDate::Exact(at), |at| PartialDate::Day(at.to_zoned(AMSTERDAM.clone()).date()))
}

/// A date as far as it is known: a year, a month, a day or an instant.
///
/// ```text
/// 2022
/// 2022-12
/// 2022-12-20
/// 2022-12-20T09:30:00.000000Z
/// ```
///
/// Years, months and days are periods in Europe/Amsterdam. Two partial dates are *ordered* by the earliest instant of
/// their period; whether one really came before the other is what [`PartialDate::before`] answers, with a [`Ternary`](super::Ternary).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// Some time in a year.
    Year(i16),
    /// Some time in a month: year, month.
    Month(i16, i8),
    /// Some time on a day.
    Day(Date),
    /// Exactly then.
    Exact(Instant),
}

/// Says why a text is no partial date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartialDateError {
    /// None of the four spellings.
    #[error("write a date as 2022, 2022-12, 2022-12-20 or 2022-12-20T09:30:00.000000Z")]
    NotCanonical,
    /// A spelling of a day or month that no calendar has.
    #[error("there is no such day in the calendar")]
    NoSuchDay,
    /// The year is not between [`YEAR_MIN`] and [`YEAR_MAX`].
    #[error("the year must lie between 1900 and 2999")]
    YearOutOfRange,
}

/// The day after a day, the month after a month, the year after a year: from when what lasts until then, the last day included, counts no
/// more (Reg. 1182/71 Art. 4). None for an instant, and at the end of the calendar.
pub fn day_after(last: &PartialDate) -> Option<PartialDate> {
    let next = match *last {
        PartialDate::Year(year) => PartialDate::Year(year.checked_add(1)?),
        PartialDate::Month(year, 12) => PartialDate::Month(year.checked_add(1)?, 1),
        PartialDate::Month(year, month) => PartialDate::Month(year, month + 1),
        PartialDate::Day(day) => PartialDate::Day(day.checked_add(1.day()).ok()?),
        PartialDate::Exact(_) => return None,
    };
    next.to_string().parse().ok()
}

impl PartialDate {
    /// Returns the whole period that the date names.
    pub fn period(&self) -> Interval {
        match *self {
            Self::Exact(at) => Interval { from: at, to: at.next() },
            Self::Year(year) => period(Date::new(year, 1, 1).ok(), 1.year()),
            Self::Month(year, month) => period(Date::new(year, month, 1).ok(), 1.month()),
            Self::Day(day) => period(Some(day), 1.day()),
        }
    }

    /// Returns the earliest instant of the period, by which facts are ordered.
    pub fn earliest(&self) -> Instant {
        self.period().from
    }

    /// Returns the last microsecond of the period: what a bare date means when it is given as a cut-off.
    pub fn latest(&self) -> Instant {
        match *self {
            // Also the instant after every other, whose period has no end.
            Self::Exact(at) => at,
            _ => self.period().to.before(),
        }
    }
}

fn period(start: Option<Date>, length: jiff::Span) -> Interval {
    let day_start = |date: Date| date.to_zoned(AMSTERDAM.clone()).ok().as_ref().map(Zoned::timestamp);
    let from = start.and_then(day_start).map_or(Instant::MIN, Instant::from_timestamp);
    let end = start.and_then(|date| date.checked_add(length).ok()).and_then(day_start);
    Interval { from, to: end.map_or(Instant::MAX, Instant::from_timestamp) }
}

impl FromStr for PartialDate {
    type Err = PartialDateError;

    fn from_str(text: &str) -> Result<Self, PartialDateError> {
        let digits = |range: std::ops::Range<usize>| -> Result<i16, PartialDateError> {
            let part = text.get(range).ok_or(PartialDateError::NotCanonical)?;
            let plain = part.bytes().all(|byte| byte.is_ascii_digit());
            if plain {
                part.parse().map_err(|_| PartialDateError::NotCanonical)
            } else {
                Err(PartialDateError::NotCanonical)
            }
        };
        let month = || digits(5..7).and_then(|month| i8::try_from(month).map_err(|_| PartialDateError::NotCanonical));
        let date = match text.len() {
            4 => Self::Year(digits(0..4)?),
            7 => Self::Month(digits(0..4)?, month()?),
            10 => {
                let day = i8::try_from(digits(8..10)?).map_err(|_| PartialDateError::NotCanonical)?;
                Self::Day(Date::new(digits(0..4)?, month()?, day).map_err(|_| PartialDateError::NoSuchDay)?)
            }
            _ => Self::Exact(text.parse().map_err(|_| PartialDateError::NotCanonical)?),
        };
        if matches!(date, Self::Month(_, month) if !(1..=12).contains(&month)) {
            return Err(PartialDateError::NoSuchDay);
        }
        if date.to_string() != text {
            return Err(PartialDateError::NotCanonical);
        }
        if (YEAR_MIN..=YEAR_MAX).contains(&date.year()) { Ok(date) } else { Err(PartialDateError::YearOutOfRange) }
    }
}

impl PartialDate {
    fn year(&self) -> i16 {
        match *self {
            Self::Year(year) | Self::Month(year, _) => year,
            Self::Day(day) => day.year(),
            Self::Exact(at) => at.timestamp().map_or(i16::MIN, |at| at.to_zoned(TimeZone::UTC).year()),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(formatter, "{year:04}"),
            Self::Month(year, month) => write!(formatter, "{year:04}-{month:02}"),
            Self::Day(day) => write!(formatter, "{day}"),
            Self::Exact(at) => write!(formatter, "{at}"),
        }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_whole_days_in_amsterdam() {
        let check = |text: &str, from: &str, to: &str| {
            let period = text.parse::<PartialDate>().unwrap().period();
            assert_eq!((period.from.to_string().as_str(), period.to.to_string().as_str()), (from, to), "{text}");
        };
        check("2022", "2021-12-31T23:00:00.000000Z", "2022-12-31T23:00:00.000000Z");
        check("2022-12", "2022-11-30T23:00:00.000000Z", "2022-12-31T23:00:00.000000Z");
        check("2024-03-31", "2024-03-30T23:00:00.000000Z", "2024-03-31T22:00:00.000000Z"); // 23 hours long
        check("2024-10-27", "2024-10-26T22:00:00.000000Z", "2024-10-27T23:00:00.000000Z"); // 25 hours long
        check("2024-07-01T10:00:00.000000Z", "2024-07-01T10:00:00.000000Z", "2024-07-01T10:00:00.000001Z");
    }

    #[test]
    fn only_canonical_dates_of_the_calendar_are_read() {
        use PartialDateError::{NoSuchDay, NotCanonical, YearOutOfRange};
        let check = |text: &str, expected: Result<(), PartialDateError>| {
            assert_eq!(text.parse::<PartialDate>().map(|_| ()), expected, "{text}");
        };
        check("1900", Ok(()));
        check("1899", Err(YearOutOfRange));
        check("2999-12-31", Ok(()));
        check("3000-01-01", Err(YearOutOfRange));
        check("2023-02-29", Err(NoSuchDay));
        check("2022-13", Err(NoSuchDay));
        check("2022-00", Err(NoSuchDay));
        check("2022-1", Err(NotCanonical));
        check("22-12-20", Err(NotCanonical));
        check("2022/12/20", Err(NotCanonical));
        check("+202-12-20", Err(NotCanonical));
        check("yesterday", Err(NotCanonical));
        check("", Err(NotCanonical));
    }

    proptest::proptest! {
        #[test]
        fn parsing_never_panics_and_reads_back_what_it_writes(text in "\\PC{0,28}|[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?") {
            if let Ok(date) = text.parse::<PartialDate>() {
                proptest::prop_assert_eq!(date.to_string(), text);
                proptest::prop_assert!(date.earliest() <= date.latest());
            }
        }
    }
}
