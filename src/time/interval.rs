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
