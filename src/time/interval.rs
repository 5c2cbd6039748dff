use super::Instant;

/// A half-open stretch of time `[from, to)`; an open end is [`Instant::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// The first instant inside.
    pub from: Instant,
    /// The first instant after it.
    pub to: Instant,
}

impl Interval {
    /// Tells whether the instant lies inside.
    pub fn contains(&self, instant: Instant) -> bool {
        self.from <= instant && instant < self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_inside_and_the_end_is_not() {
        let interval = Interval { from: Instant::from_microseconds(1), to: Instant::from_microseconds(3) };
        let inside = (0..5).map(|n| interval.contains(Instant::from_microseconds(n))).collect::<Vec<_>>();
        assert_eq!(inside, [false, true, true, false, false]);
    }
}
