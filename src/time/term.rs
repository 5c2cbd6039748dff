use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A length of time as law and contracts word it: an ISO 8601 duration such as `P1M`, `P28D` or `PT24H`.
///
/// It is kept as worded, never converted: a month is not thirty days. Counting it out needs a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    years: u16,
    months: u16,
    weeks: u16,
    days: u16,
    hours: u16,
    minutes: u16,
}

/// Says how a term is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a term as an ISO 8601 duration such as P1M, P28D or PT24H, each number at most {TERM_UNITS_MAX}")]
pub struct TermError;

/// The largest number of one unit in a term.
pub const TERM_UNITS_MAX: u16 = 9_999;

impl FromStr for Term {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, TermError> {
        let mut term = Self { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0 };
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
