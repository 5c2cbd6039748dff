use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, Zoned};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::partial::AMSTERDAM;
use super::term::HOUR_US;
use super::{DayOff, Instant, PartialDate, Step, Term, Ternary, day_of, day_off};

/// A way in which law counts out a term.
///
/// ```text
/// STRICT
/// REG_1182_71
/// REG_1182_71_TWO_WORKING_DAYS
/// WORKING_DAYS_NL
/// AWB
/// ```
///
/// Under each of them a term of days, weeks, months or years ends with the last microsecond of its last day in
/// Europe/Amsterdam; the day from which it runs is not counted; a month ends on the day of the same number, or the last day of
/// a shorter month. A term with hours or minutes is counted in hours that pass, not by the clock, and what happens at the very
/// instant that completes the last of them is still in time. A term that has both is counted in that order, months and days
/// first, by the local clock; no law words one so, and one that begins later may then end earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// No end is moved, and hours are counted from the instant itself.
    Strict,
    /// Regulation (EEC, Euratom) 1182/71, for terms in law of the Union; the holidays are those of the Netherlands (Art. 2(1)).
    ///
    /// The hour of the event is not counted (Art. 3(1)); minutes, which the regulation does not know, are added as they are.
    /// An end on a Saturday, Sunday or holiday moves to the next working day, which the regulation excludes for hours
    /// (Art. 3(4)). A term of two days or more includes two working days (Art. 3(5)).
    Regulation1182 {
        /// Whether Art. 3(5) is applied to terms of 48 hours or more as well.
        ///
        /// Off unless a rule says otherwise: Art. 3(5) speaks of *days*, Art. 3(4) excludes hours, and a weekend would make
        /// the 72 hours of GDPR Art. 33(1) more than four days. Others read "any period". To terms in days it always applies.
        two_working_days: bool,
    },
    /// Days are working days; weeks, months and years are counted by the calendar and then end with the next working day. Hours are strict.
    WorkingDaysNl,
    /// The Algemene termijnenwet, for terms in Dutch law, such as those of the Algemene wet bestuursrecht.
    ///
    /// An end on a Saturday, Sunday or holiday moves to the next day that is none (art. 1(1)); a term of three days or more has
    /// at least two days that are none (art. 2). Terms that the law excludes (art. 4) are strict: in hours, in more than 90
    /// days, twelve weeks or three months, or in years.
    Awb,
}

/// Says how a calendar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a calendar is STRICT, REG_1182_71, REG_1182_71_TWO_WORKING_DAYS, WORKING_DAYS_NL or AWB")]
pub struct CalendarError;

/// A term that was counted out: where it ends, and how that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The end.
    pub limit: Limit,
    /// The steps that led to it. Where a date known in part leaves several ends, those to the earliest come before those to the latest.
    pub trace: Vec<Step>,
}

/// The last instant within a term, as far as the date it is counted from tells: one, or a stretch in which it lies.
///
/// Each is [`Instant::MAX`] where no calendar reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// The last instant within the term if it began as early as it may have.
    pub earliest: Instant,
    /// The last instant within the term if it began as late as it may have.
    pub latest: Instant,
}

impl Limit {
    /// Tells whether what was done on a date was done within the term.
    pub fn met_by(&self, done: &PartialDate) -> Ternary {
        Ternary::decided(done.latest() <= self.earliest, done.earliest() > self.latest)
    }

    /// Tells whether the term is over at an instant; at its last instant it is not.
    pub fn passed(&self, at: Instant) -> Ternary {
        Ternary::decided(at > self.latest, at <= self.earliest)
    }
}

/// What Art. 3(5) of Regulation 1182/71 calls two days, and the working days that both laws guarantee.
const TWO_DAYS: u16 = 2;
/// From so many days on, art. 2 of the Algemene termijnenwet guarantees two working days.
const AWB_DAYS_MIN: u16 = 3;
/// The longest term in days to which the Algemene termijnenwet applies (art. 4).
const AWB_DAYS_MAX: u32 = 90;
/// The longest term in weeks to which the Algemene termijnenwet applies (art. 4).
const AWB_WEEKS_MAX: u32 = 12;
/// The longest term in months to which the Algemene termijnenwet applies (art. 4).
const AWB_MONTHS_MAX: u32 = 3;

const CALENDARS: [Calendar; 5] = [
    Calendar::Strict,
    Calendar::Regulation1182 { two_working_days: false },
    Calendar::Regulation1182 { two_working_days: true },
    Calendar::WorkingDaysNl,
    Calendar::Awb,
];

impl Calendar {
    /// Counts out a term from a date.
    ///
    /// From a date known in part it is counted twice, from its first and from its last instant. A day has one end for a term of days or
    /// longer, and two for a term in hours.
    pub fn count(self, term: &Term, from: &PartialDate) -> Counted {
        let (first, last) = (from.earliest(), from.latest());
        let start = |at| if term.in_hours() { PartialDate::Exact(at) } else { day_of(at) };
        let mut trace = vec![Step::Started { from: *from }];
        if start(first) == start(last) {
            let end = self.end(term, first, &mut trace);
            return Counted { limit: Limit { earliest: end, latest: end }, trace };
        }
        trace.push(Step::AtTheEarliest { from: start(first) });
        let earliest = self.end(term, first, &mut trace);
        trace.push(Step::AtTheLatest { from: start(last) });
        let latest = self.end(term, last, &mut trace);
        Counted { limit: Limit { earliest, latest }, trace }
    }

    fn end(self, term: &Term, event: Instant, trace: &mut Vec<Step>) -> Instant {
        let end = if term.in_hours() {
            self.end_in_hours(term, event, trace)
        } else {
            self.last_day(term, event, trace).and_then(end_of)
        };
        let at = end.unwrap_or(Instant::MAX);
        trace.push(Step::Ends { at });
        at
    }

    /// Returns the last instant of a term with hours or minutes.
    fn end_in_hours(self, term: &Term, event: Instant, trace: &mut Vec<Step>) -> Option<Instant> {
        let mut start = local(event)?;
        match self {
            Self::Regulation1182 { .. } => {
                let next = next_hour(event, &start);
                trace.push(Step::HourNotCounted { from: next });
                start = local(next)?;
            }
            Self::Awb => trace.push(Step::OutOfReach),
            Self::Strict | Self::WorkingDaysNl => {}
        }
        let length = months(term).weeks(term.weeks).days(term.days).hours(term.hours).minutes(term.minutes);
        let end = Instant::from_timestamp(start.checked_add(length).ok()?.timestamp());
        trace.push(Step::Added { to: PartialDate::Exact(end) });
        if self == (Self::Regulation1182 { two_working_days: true }) && term.lasts_days(TWO_DAYS) {
            return with_two_whole_working_days(&start, end, trace);
        }
        Some(end)
    }

    /// Returns the last day of a term without hours and minutes.
    fn last_day(self, term: &Term, event: Instant, trace: &mut Vec<Step>) -> Option<Date> {
        let event = local(event)?.date();
        if !term.is_nothing() {
            trace.push(Step::NotCounted { day: event });
        }
        let two_working_days_from = match self {
            Self::Strict => return by_calendar(term, event, trace),
            Self::WorkingDaysNl => return in_working_days(term, event, trace),
            Self::Awb if !awb_reaches(term) => {
                trace.push(Step::OutOfReach);
                return by_calendar(term, event, trace);
            }
            Self::Awb => AWB_DAYS_MIN,
            Self::Regulation1182 { .. } => TWO_DAYS,
        };
        let last = by_calendar(term, event, trace)?;
        let last = to_working_day(last, trace)?;
        if term.lasts_days(two_working_days_from) { with_two_working_days(event, last, trace) } else { Some(last) }
    }

    /// Returns the spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strict => "STRICT",
            Self::Regulation1182 { two_working_days: false } => "REG_1182_71",
            Self::Regulation1182 { two_working_days: true } => "REG_1182_71_TWO_WORKING_DAYS",
            Self::WorkingDaysNl => "WORKING_DAYS_NL",
            Self::Awb => "AWB",
        }
    }
}

fn local(at: Instant) -> Option<Zoned> {
    Some(at.timestamp()?.to_zoned(AMSTERDAM.clone()))
}

/// Returns the last instant of a day.
fn end_of(day: Date) -> Option<Instant> {
    let next = PartialDate::Day(day).period().to;
    (next != Instant::MAX).then(|| next.before())
}

/// Returns the start of the hour after the one in which an event lies, by the clock in Amsterdam.
///
/// Also for an event exactly on the hour: Art. 3(2)(a) lets a term start at the *beginning* of an hour, so an hour includes its
/// beginning, as a day includes its midnight. Five o'clock sharp lies in the hour from five to six, and Art. 3(1) does not count that one.
fn next_hour(event: Instant, local: &Zoned) -> Instant {
    let seconds = i64::from(local.minute()) * 60 + i64::from(local.second());
    let since_hour = seconds * 1_000_000 + i64::from(local.subsec_nanosecond()) / 1_000;
    // By time that passes: of an hour that occurs twice, the first is followed by the second.
    Instant::from_microseconds(event.microseconds() - since_hour + HOUR_US)
}

fn months(term: &Term) -> Span {
    Span::new().years(term.years).months(term.months)
}

/// Counts years, months, weeks and days by the calendar.
fn by_calendar(term: &Term, event: Date, trace: &mut Vec<Step>) -> Option<Date> {
    let to = event.checked_add(months(term)).ok()?;
    let clamped = to.day() != event.day();
    if clamped {
        trace.push(Step::MonthEndClamped { to });
    }
    let last = to.checked_add(Span::new().weeks(term.weeks).days(term.days)).ok()?;
    if !clamped || last != to {
        trace.push(Step::Added { to: PartialDate::Day(last) });
    }
    Some(last)
}

/// Counts years, months and weeks by the calendar, then working days.
fn in_working_days(term: &Term, event: Date, trace: &mut Vec<Step>) -> Option<Date> {
    let longer = Term { days: 0, ..*term };
    let base = if longer.is_nothing() { event } else { by_calendar(&longer, event, trace)? };
    if term.days == 0 {
        return to_working_day(base, trace);
    }
    let to = working_day_after(base, term.days, |day, off| {
        // That weekends are passed over goes without saying; they would hide the holidays.
        if let DayOff::Holiday(holiday) = off {
            trace.push(Step::HolidayNotCounted { day, holiday });
        }
    })?;
    trace.push(Step::WorkingDays { count: term.days, to });
    Some(to)
}

/// Returns the day itself if it is a working day, else the next one.
fn to_working_day(mut day: Date, trace: &mut Vec<Step>) -> Option<Date> {
    while let Some(reason) = day_off(day) {
        trace.push(Step::Moved { from: day, reason });
        day = day.tomorrow().ok()?;
    }
    Some(day)
}

/// Returns the working day of that number after a day, and shows each day that is passed over.
fn working_day_after(mut day: Date, number: u16, mut passed: impl FnMut(Date, DayOff)) -> Option<Date> {
    let mut left = number;
    while left > 0 {
        day = day.tomorrow().ok()?;
        match day_off(day) {
            Some(off) => passed(day, off),
            None => left -= 1,
        }
    }
    Some(day)
}

/// Returns the last day of a term that runs from the day after the event and includes two working days.
fn with_two_working_days(event: Date, last: Date, trace: &mut Vec<Step>) -> Option<Date> {
    let second = working_day_after(event, TWO_DAYS, |_, _| ())?;
    if second <= last {
        return Some(last);
    }
    trace.push(Step::ExtendedForTwoWorkingDays { to: second });
    Some(second)
}

/// Returns the end of a term in hours that includes two working days from their first to their last hour.
fn with_two_whole_working_days(start: &Zoned, end: Instant, trace: &mut Vec<Step>) -> Option<Instant> {
    // A day that has begun is not whole.
    let midnight = start.start_of_day().ok()? == *start;
    let before = if midnight { start.date().yesterday().ok()? } else { start.date() };
    let second = working_day_after(before, TWO_DAYS, |_, _| ())?;
    let least = end_of(second)?;
    if least <= end {
        return Some(end);
    }
    trace.push(Step::ExtendedForTwoWorkingDays { to: second });
    Some(least)
}

/// Tells whether the Algemene termijnenwet applies to a term without hours (art. 4).
///
/// The law knows terms of one unit. Of a mixed one each unit takes its share: three months and a day are more than three months.
fn awb_reaches(term: &Term) -> bool {
    let months = u32::from(term.months) * AWB_WEEKS_MAX * AWB_DAYS_MAX;
    let weeks = u32::from(term.weeks) * AWB_MONTHS_MAX * AWB_DAYS_MAX;
    let days = u32::from(term.days) * AWB_MONTHS_MAX * AWB_WEEKS_MAX;
    term.years == 0 && months + weeks + days <= AWB_MONTHS_MAX * AWB_WEEKS_MAX * AWB_DAYS_MAX
}

impl FromStr for Calendar {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        CALENDARS.into_iter().find(|calendar| calendar.name() == text).ok_or(CalendarError)
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Serialize for Calendar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Calendar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
