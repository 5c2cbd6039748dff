use super::partial::AMSTERDAM;
use super::{Instant, PartialDate};

/// A half-open stretch of time `[from, to)`; an open end is [`Instant::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// The first instant inside.
    pub from: Instant,
    /// The first instant after it.
    pub to: Instant,
}

impl Interval {
    /// Returns a year in Europe/Amsterdam; `None` if no partial date may name it.
    pub fn of_year(year: i32) -> Option<Self> {
        let year: PartialDate = format!("{year:04}").parse().ok()?;
        Some(year.period())
    }

    /// Tells whether the instant lies inside.
    pub fn contains(&self, instant: Instant) -> bool {
        self.from <= instant && instant < self.to
    }
}

/// Returns the year in Europe/Amsterdam in which an instant lies.
pub fn year_of(at: Instant) -> i32 {
    at.timestamp().map_or(0, |at| i32::from(at.to_zoned(AMSTERDAM.clone()).year()))
}

/// Writes an instant as people in Amsterdam read it: `2025-12-29` for the end of that day, else `2025-12-29 18:00`.
pub fn local(at: Instant) -> String {
    let Some(zoned) = at.timestamp().map(|at| at.to_zoned(AMSTERDAM.clone())) else {
        return at.to_string();
    };
    if PartialDate::Day(zoned.date()).latest() == at {
        zoned.date().to_string()
    } else {
        zoned.strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// Counts the days from the Amsterdam day of one instant to that of another.
pub fn days_between(from: Instant, to: Instant) -> Option<i64> {
    let day = |at: Instant| Some(at.timestamp()?.to_zoned(AMSTERDAM.clone()).date());
    Some(i64::from(day(from)?.until(day(to)?).ok()?.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_one_in_amsterdam() {
        let year = Interval::of_year(2024).unwrap();
        assert_eq!(year.from.to_string(), "2023-12-31T23:00:00.000000Z");
        assert_eq!(year.to.to_string(), "2024-12-31T23:00:00.000000Z");
        for none in [1899, 3000, 0, -1, 20_240] {
            assert_eq!(Interval::of_year(none), None, "{none}");
        }
    }

    #[test]
    fn the_start_is_inside_and_the_end_is_not() {
        let interval = Interval { from: Instant::from_microseconds(1), to: Instant::from_microseconds(3) };
        let inside = (0..5).map(|n| interval.contains(Instant::from_microseconds(n))).collect::<Vec<_>>();
        assert_eq!(inside, [false, true, true, false, false]);
    }
}
