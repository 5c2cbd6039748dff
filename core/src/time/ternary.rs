use super::{Instant, PartialDate, day_of};

/// An answer that may be open: what dates known only in part cannot decide is unknown, never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ternary {
    /// So it is, whatever instants the dates stand for.
    True,
    /// So it is not, whatever instants the dates stand for.
    False,
    /// The dates leave module for both.
    Unknown,
}

/// Kleene's strong logic: unknown only where the other side does not decide.
impl Ternary {
    /// Tells whether both hold.
    #[must_use]
    pub const fn and(self, other: Ternary) -> Ternary {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// Tells whether one of both holds.
    #[must_use]
    pub const fn or(self, other: Ternary) -> Ternary {
        self.not().and(other.not()).not()
    }

    /// Tells whether it does not hold.
    #[must_use]
    pub const fn not(self) -> Ternary {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Returns what two tests leave: certainly so, certainly not so, or neither.
    pub(super) const fn decided(so: bool, not_so: bool) -> Ternary {
        match (so, not_so) {
            (_, true) => Self::False,
            (true, false) => Self::True,
            (false, false) => Self::Unknown,
        }
    }
}

impl From<bool> for Ternary {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// Comparisons by the instants that the dates may stand for.
impl PartialDate {
    /// Tells whether this date came before the other.
    ///
    /// True if its whole period lies before the other's; false if no instant of it lies before any of the other's.
    pub fn before(&self, other: &PartialDate) -> Ternary {
        Ternary::decided(self.latest() < other.earliest(), self.earliest() >= other.latest())
    }

    /// Tells whether this date came at or before the other: two equal instants do, two equal days may not.
    pub fn not_after(&self, other: &PartialDate) -> Ternary {
        other.before(self).not()
    }

    /// Tells whether it had happened by an instant, that instant included.
    pub fn by(&self, at: Instant) -> Ternary {
        Ternary::decided(self.latest() <= at, self.earliest() > at)
    }

    /// Tells whether this date came on the other's day or on an earlier one, for norms that count in days.
    ///
    /// Days are those of Europe/Amsterdam, and an exact instant counts as its day: two dates on the same day give true, whatever their
    /// hours.
    pub fn day_not_after(&self, other: &PartialDate) -> Ternary {
        // Each possible day, as its first instant.
        let first = |date: &PartialDate| day_of(date.earliest()).earliest();
        let last = |date: &PartialDate| day_of(date.latest()).earliest();
        Ternary::decided(last(self) <= first(other), first(self) > last(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Ternary::{False, True, Unknown};
    use super::*;

    #[test]
    fn and_or_and_not_are_kleenes() {
        let check = |left: Ternary, right: Ternary, and: Ternary, or: Ternary| {
            assert_eq!((left.and(right), left.or(right)), (and, or), "{left:?} {right:?}");
            assert_eq!((right.and(left), right.or(left)), (and, or), "{right:?} {left:?}");
        };
        check(True, True, True, True);
        check(True, False, False, True);
        check(True, Unknown, Unknown, True);
        check(False, False, False, False);
        check(False, Unknown, False, Unknown);
        check(Unknown, Unknown, Unknown, Unknown);
        assert_eq!([True.not(), False.not(), Unknown.not()], [False, True, Unknown]);
        assert_eq!([Ternary::from(true), Ternary::from(false)], [True, False]);
    }

    #[test]
    fn dates_are_compared_as_far_as_they_are_known() {
        let check = |left: &str, right: &str, before: Ternary, not_after: Ternary, day_not_after: Ternary| {
            let (left, right): (PartialDate, PartialDate) = (left.parse().unwrap(), right.parse().unwrap());
            let found = (left.before(&right), left.not_after(&right), left.day_not_after(&right));
            assert_eq!(found, (before, not_after, day_not_after), "{left} and {right}");
        };
        check("2022", "2023", True, True, True);
        check("2023", "2022", False, False, False);
        check("2022", "2022", Unknown, Unknown, Unknown);
        check("2022", "2022-12", Unknown, Unknown, Unknown);
        check("2022-11", "2022-12-01", True, True, True);
        // The last day of the month may be the day itself, and is no later one.
        check("2022-12", "2022-12-31", Unknown, Unknown, True);
        check("2022-12-01", "2022-12", Unknown, Unknown, True);
        check("2022-12-02", "2022-12", Unknown, Unknown, Unknown);
        check("2022-12-20", "2022-12-20", Unknown, Unknown, True);
        check("2022-12-21", "2022-12-20", False, False, False);
        // The same instant, the next one, and another hour of the same day.
        check("2022-12-20T09:30:00.000000Z", "2022-12-20T09:30:00.000000Z", False, True, True);
        check("2022-12-20T09:30:00.000000Z", "2022-12-20T09:30:00.000001Z", True, True, True);
        check("2022-12-20T09:30:00.000001Z", "2022-12-20T09:30:00.000000Z", False, False, True);
        check("2022-12-20T09:30:00.000000Z", "2022-12-20", Unknown, Unknown, True);
        check("2022-12-20", "2022-12-20T09:30:00.000000Z", Unknown, Unknown, True);
        // No instant of a day lies before its first.
        check("2022-12-20", "2022-12-19T23:00:00.000000Z", False, Unknown, True);
        // Past midnight in Amsterdam, not yet in UTC.
        check("2022-12-20T23:00:00.000000Z", "2022-12-20", False, False, False);
    }

    #[test]
    fn it_has_happened_by_the_last_instant_of_its_period() {
        let check = |date: &str, at: &str, expected: Ternary| {
            assert_eq!(date.parse::<PartialDate>().unwrap().by(at.parse().unwrap()), expected, "{date} by {at}");
        };
        check("2022-12-20", "2022-12-19T22:59:59.999999Z", False);
        check("2022-12-20", "2022-12-19T23:00:00.000000Z", Unknown);
        check("2022-12-20", "2022-12-20T22:59:59.999998Z", Unknown);
        check("2022-12-20", "2022-12-20T22:59:59.999999Z", True);
        check("2022-12-20T09:30:00.000000Z", "2022-12-20T09:29:59.999999Z", False);
        check("2022-12-20T09:30:00.000000Z", "2022-12-20T09:30:00.000000Z", True);
    }

    #[test]
    fn an_instant_lies_on_a_day_of_amsterdam() {
        let check = |at: &str, day: &str| assert_eq!(day_of(at.parse().unwrap()).to_string(), day, "{at}");
        check("2022-12-20T22:59:59.999999Z", "2022-12-20");
        check("2022-12-20T23:00:00.000000Z", "2022-12-21");
        check("2022-06-20T22:00:00.000000Z", "2022-06-21");
        assert_eq!(day_of(Instant::MAX), PartialDate::Exact(Instant::MAX));
    }

    fn dates() -> impl Strategy<Value = PartialDate> {
        let micro = prop_oneof![Just(0), Just(-1), Just(1), 0..86_400_000_000i64];
        // Few years and days, so that many pairs touch.
        let text = (2020..2023, 1..13, 1..5, 0..4u8).prop_map(|(year, month, day, precision)| match precision {
            0 => format!("{year}"),
            1 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        });
        (text, micro, any::<bool>()).prop_map(|(text, micro, exact)| {
            let date: PartialDate = text.parse().unwrap();
            let at = Instant::from_microseconds(date.earliest().microseconds() + micro);
            if exact { PartialDate::Exact(at) } else { date }
        })
    }

    /// Asks each pair of the outermost instants, which decide: all agree, or it is unknown.
    fn of_pairs(left: &PartialDate, right: &PartialDate, holds: impl Fn(Instant, Instant) -> bool) -> Ternary {
        let outermost = |date: &PartialDate| [date.earliest(), date.latest()];
        let answers: Vec<bool> = outermost(left).iter().flat_map(|l| outermost(right).map(|r| holds(*l, r))).collect();
        match (answers.iter().all(|answer| *answer), answers.iter().any(|answer| *answer)) {
            (true, _) => True,
            (_, false) => False,
            _ => Unknown,
        }
    }

    proptest! {
        #[test]
        fn a_comparison_is_what_all_pairs_of_instants_say(left in dates(), right in dates()) {
            prop_assert_eq!(left.before(&right), of_pairs(&left, &right, |l, r| l < r));
            prop_assert_eq!(left.not_after(&right), of_pairs(&left, &right, |l, r| l <= r));
            let day = |at| day_of(at).to_string();
            prop_assert_eq!(left.day_not_after(&right), of_pairs(&left, &right, |l, r| day(l) <= day(r)));
            prop_assert_eq!(left.by(right.earliest()), left.not_after(&PartialDate::Exact(right.earliest())));
        }

        #[test]
        fn at_the_ends_of_time_too(left: i64, right: i64) {
            for (left, right) in [(left, right), (left, left), (i64::MAX, right), (i64::MIN, i64::MAX)] {
                let date = |at| PartialDate::Exact(Instant::from_microseconds(at));
                prop_assert_eq!(date(left).before(&date(right)), Ternary::from(left < right));
                prop_assert_eq!(date(left).not_after(&date(right)), Ternary::from(left <= right));
                prop_assert_ne!(date(left).day_not_after(&date(right)), Unknown);
            }
        }
    }
}
