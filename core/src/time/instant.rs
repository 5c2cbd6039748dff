use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point on the UTC time line, in whole microseconds since 1970-01-01T00:00:00Z.
///
/// Its only spelling is RFC 3339 in UTC with exactly six fraction digits: `2024-09-05T18:14:00.000000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Says why a text is no canonical instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstantError {
    /// The text is not RFC 3339 in UTC with six fraction digits.
    #[error("write an instant as 2024-09-05T18:14:00.000000Z: UTC, six fraction digits")]
    NotCanonical,
    /// The microseconds lie outside the years -9999 to 9999.
    #[error("the instant lies outside the years that can be written")]
    OutOfRange,
}

/// Length of the canonical text in bytes.
const TEXT_BYTES: usize = "2024-09-05T18:14:00.000000Z".len();

impl Instant {
    /// The earliest instant that can be compared with; it is not a date.
    pub const MIN: Instant = Instant(i64::MIN);
    /// The instant after every other; an open end.
    pub const MAX: Instant = Instant(i64::MAX);

    /// Makes an instant from microseconds since the Unix epoch.
    pub const fn from_microseconds(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// Returns the microseconds since the Unix epoch.
    pub const fn microseconds(self) -> i64 {
        self.0
    }

    /// Returns the next instant; [`Instant::MAX`] stays.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Returns the instant before; [`Instant::MIN`] stays.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// Returns `self - earlier` in whole milliseconds, negative when `earlier` is later.
    pub const fn milliseconds_since(self, earlier: Instant) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000
    }

    pub(super) fn from_timestamp(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }

    pub(super) fn timestamp(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_microsecond(self.0).ok()
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        if text.len() != TEXT_BYTES {
            return Err(InstantError::NotCanonical);
        }
        let timestamp: jiff::Timestamp = text.parse().map_err(|_| InstantError::NotCanonical)?;
        let instant = Self::from_timestamp(timestamp);
        if instant.to_string() == text { Ok(instant) } else { Err(InstantError::NotCanonical) }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.timestamp() {
            Some(timestamp) => write!(formatter, "{timestamp:.6}"),
            None => write!(formatter, "open"),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_read() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(text.parse::<Instant>().ok().map(Instant::microseconds), expected, "{text}");
        };
        check("1970-01-01T00:00:00.000001Z", Some(1));
        check("1969-12-31T23:59:59.999999Z", Some(-1));
        check("2024-09-05T18:14:00.000000Z", Some(1_725_560_040_000_000));
        check("2024-09-05T18:14:00.00000Z", None);
        check("2024-09-05T18:14:00.0000000Z", None);
        check("2024-09-05 18:14:00.000000Z", None);
        check("2024-09-05T18:14:00.000000z", None);
        check("2024-09-05T20:14:00.000+02:", None);
        check("2016-12-31T23:59:60.000000Z", None);
        check("2023-02-29T00:00:00.000000Z", None);
    }
}
