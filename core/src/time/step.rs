use jiff::civil::Date;

use super::partial::AMSTERDAM;
use super::{DayOff, Holiday, Instant, PartialDate, day_of};

/// One step in counting out a term, so that the working can be shown: what was done, and the date it led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The term is counted from this date.
    Started {
        /// The date as far as it is known.
        from: PartialDate,
    },
    /// The date is known only in part: what follows is counted from the first day or instant that it may be.
    AtTheEarliest {
        /// That day or instant.
        from: PartialDate,
    },
    /// The date is known only in part: what follows is counted from the last day or instant that it may be.
    AtTheLatest {
        /// That day or instant.
        from: PartialDate,
    },
    /// The day of the event is not counted (Regulation 1182/71 Art. 3(1)).
    NotCounted {
        /// That day.
        day: Date,
    },
    /// The hour of the event is not counted (Regulation 1182/71 Art. 3(1)).
    HourNotCounted {
        /// The start of the next full hour, from which the term runs.
        from: Instant,
    },
    /// The law that the calendar stands for does not apply to such a term (Algemene termijnenwet art. 4).
    OutOfReach,
    /// The term was added.
    Added {
        /// The day or instant to which it leads.
        to: PartialDate,
    },
    /// The last month has no day of that number, so that its last day is taken (Regulation 1182/71 Art. 3(2)(c)).
    MonthEndClamped {
        /// That last day.
        to: Date,
    },
    /// A holiday from Monday to Friday was passed over in counting working days.
    HolidayNotCounted {
        /// The day.
        day: Date,
        /// The holiday that it is.
        holiday: Holiday,
    },
    /// Working days were counted.
    WorkingDays {
        /// How many.
        count: u16,
        /// The last of them.
        to: Date,
    },
    /// The end was moved off a day on which nobody works (Regulation 1182/71 Art. 3(4), Algemene termijnenwet art. 1(1)).
    Moved {
        /// That day.
        from: Date,
        /// Why nobody works on it.
        reason: DayOff,
    },
    /// The term had fewer than two working days (Regulation 1182/71 Art. 3(5), Algemene termijnenwet art. 2).
    ExtendedForTwoWorkingDays {
        /// The second working day, with which it now ends.
        to: Date,
    },
    /// The term ends.
    Ends {
        /// The last instant within it; [`Instant::MAX`] where no calendar reaches.
        at: Instant,
    },
}

impl Step {
    /// Returns the step as a Dutch sentence, with dates and times in Europe/Amsterdam.
    pub fn nl(&self) -> String {
        let (day, date) = (|day| DUTCH.day(day), |date| DUTCH.date(date));
        match *self {
            Self::Started { from } => format!("De termijn wordt gerekend vanaf {}.", date(from)),
            Self::AtTheEarliest { from } => format!("Het vroegst mogelijke begin is {}.", date(from)),
            Self::AtTheLatest { from } => format!("Het laatst mogelijke begin is {}.", date(from)),
            Self::NotCounted { day: event } => format!("De dag van de gebeurtenis, {}, telt niet mee.", day(event)),
            Self::HourNotCounted { from } => {
                let from = DUTCH.time(from);
                format!("Het uur van de gebeurtenis telt niet mee: de termijn gaat in op {from}.")
            }
            Self::OutOfReach => "De Algemene termijnenwet geldt niet voor een termijn als deze (artikel 4).".to_owned(),
            Self::Added { to } => format!("De termijn loopt tot en met {}.", date(to)),
            Self::MonthEndClamped { to } => {
                format!(
                    "De laatste maand heeft die dag niet: de termijn loopt tot en met haar laatste dag, {}.",
                    day(to)
                )
            }
            Self::HolidayNotCounted { day: off, holiday } => {
                format!("{} telt niet mee: het is een feestdag ({}).", upper(&day(off)), holiday.nl())
            }
            Self::WorkingDays { count: 1, to } => format!("Er wordt 1 werkdag geteld: {}.", day(to)),
            Self::WorkingDays { count, to } => {
                format!("Er worden {count} werkdagen geteld; de laatste is {}.", day(to))
            }
            Self::Moved { from, reason } => match reason {
                DayOff::Holiday(holiday) => {
                    format!("Op {} eindigt de termijn niet: het is een feestdag ({}).", day(from), holiday.nl())
                }
                DayOff::Saturday => format!("Op {} eindigt de termijn niet: het is een zaterdag.", day(from)),
                DayOff::Sunday => format!("Op {} eindigt de termijn niet: het is een zondag.", day(from)),
            },
            Self::ExtendedForTwoWorkingDays { to } => {
                format!("De termijn bevat nog geen twee werkdagen en wordt verlengd tot en met {}.", day(to))
            }
            Self::Ends { at } => match ended_day(at) {
                Some(last) => format!("De termijn eindigt met het einde van {}.", day(last)),
                None if at == Instant::MAX => "De termijn eindigt later dan de kalender reikt.".to_owned(),
                None => format!("De termijn eindigt op {}.", DUTCH.time(at)),
            },
        }
    }

    /// Returns the step as an English sentence, with dates and times in Europe/Amsterdam.
    pub fn en(&self) -> String {
        let (day, date) = (|day| ENGLISH.day(day), |date| ENGLISH.date(date));
        match *self {
            Self::Started { from } => format!("The term is counted from {}.", date(from)),
            Self::AtTheEarliest { from } => format!("The earliest possible start is {}.", date(from)),
            Self::AtTheLatest { from } => format!("The latest possible start is {}.", date(from)),
            Self::NotCounted { day: event } => format!("The day of the event, {}, is not counted.", day(event)),
            Self::HourNotCounted { from } => {
                format!("The hour of the event is not counted: the term starts on {}.", ENGLISH.time(from))
            }
            Self::OutOfReach => "The Algemene termijnenwet does not apply to such a term (article 4).".to_owned(),
            Self::Added { to } => format!("The term runs up to and including {}.", date(to)),
            Self::MonthEndClamped { to } => {
                format!("The last month has no such day: the term runs up to and including its last day, {}.", day(to))
            }
            Self::HolidayNotCounted { day: off, holiday } => {
                format!("{} is not counted: it is a public holiday ({}).", day(off), holiday.en())
            }
            Self::WorkingDays { count: 1, to } => format!("1 working day is counted: {}.", day(to)),
            Self::WorkingDays { count, to } => format!("{count} working days are counted; the last is {}.", day(to)),
            Self::Moved { from, reason } => match reason {
                DayOff::Holiday(holiday) => {
                    format!("The term does not end on {}: it is a public holiday ({}).", day(from), holiday.en())
                }
                DayOff::Saturday => format!("The term does not end on {}: it is a Saturday.", day(from)),
                DayOff::Sunday => format!("The term does not end on {}: it is a Sunday.", day(from)),
            },
            Self::ExtendedForTwoWorkingDays { to } => {
                format!(
                    "The term does not yet include two working days and is extended up to and including {}.",
                    day(to)
                )
            }
            Self::Ends { at } => match ended_day(at) {
                Some(last) => format!("The term ends with the end of {}.", day(last)),
                None if at == Instant::MAX => "The term ends later than the calendar reaches.".to_owned(),
                None => format!("The term ends on {}.", ENGLISH.time(at)),
            },
        }
    }
}

/// Returns the day whose last microsecond an instant is.
fn ended_day(at: Instant) -> Option<Date> {
    match day_of(at) {
        PartialDate::Day(day) if PartialDate::Day(day).latest() == at => Some(day),
        _ => None,
    }
}

fn upper(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// How a language writes dates.
struct Words {
    /// From Monday on.
    weekdays: [&'static str; 7],
    /// From January on.
    months: [&'static str; 12],
    /// What stands before and after a time of day.
    time: (&'static str, &'static str),
}

const DUTCH: Words = Words {
    weekdays: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    months: [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    time: ("om", " uur"),
};

const ENGLISH: Words = Words {
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    time: ("at", ""),
};

impl Words {
    fn date(&self, date: PartialDate) -> String {
        match date {
            PartialDate::Year(year) => format!("{year:04}"),
            PartialDate::Month(year, month) => format!("{} {year:04}", self.month(month)),
            PartialDate::Day(day) => self.day(day),
            PartialDate::Exact(at) => self.time(at),
        }
    }

    fn day(&self, day: Date) -> String {
        let weekday = named(&self.weekdays, day.weekday().to_monday_zero_offset());
        format!("{weekday} {} {} {:04}", day.day(), self.month(day.month()), day.year())
    }

    fn month(&self, month: i8) -> &'static str {
        named(&self.months, month.saturating_sub(1))
    }

    /// Writes a local time as short as it can be exact; of an hour that occurs twice it says which it is.
    fn time(&self, at: Instant) -> String {
        let Some(timestamp) = at.timestamp() else { return at.to_string() };
        let zoned = timestamp.to_zoned(AMSTERDAM.clone());
        let format = match (zoned.second(), zoned.subsec_nanosecond()) {
            (0, 0) => "%H:%M",
            (_, 0) => "%H:%M:%S",
            _ => "%H:%M:%S%.6f",
        };
        let twice = AMSTERDAM.to_ambiguous_zoned(zoned.datetime()).is_ambiguous();
        let offset = if twice { format!(" (UTC{})", zoned.strftime("%:z")) } else { String::new() };
        let (before, after) = self.time;
        format!("{} {before} {}{after}{offset}", self.day(zoned.date()), zoned.strftime(format))
    }
}

fn named(names: &[&'static str], index: i8) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_a_sentence_in_two_languages() {
        let check = |step: Step, nl: &str, en: &str| assert_eq!((step.nl().as_str(), step.en().as_str()), (nl, en));
        let date = |text: &str| text.parse::<PartialDate>().unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        check(
            Step::Started { from: date("2025-11") },
            "De termijn wordt gerekend vanaf november 2025.",
            "The term is counted from November 2025.",
        );
        check(
            Step::AtTheEarliest { from: date("2025-03-01") },
            "Het vroegst mogelijke begin is zaterdag 1 maart 2025.",
            "The earliest possible start is Saturday 1 March 2025.",
        );
        check(
            Step::AtTheLatest { from: date("2025-03-01T22:59:59.999999Z") },
            "Het laatst mogelijke begin is zaterdag 1 maart 2025 om 23:59:59.999999 uur.",
            "The latest possible start is Saturday 1 March 2025 at 23:59:59.999999.",
        );
        check(
            Step::MonthEndClamped { to: day("2024-02-29") },
            "De laatste maand heeft die dag niet: de termijn loopt tot en met haar laatste dag, donderdag 29 februari 2024.",
            "The last month has no such day: the term runs up to and including its last day, Thursday 29 February 2024.",
        );
        check(
            Step::HolidayNotCounted { day: day("2025-05-05"), holiday: Holiday::LiberationDay },
            "Maandag 5 mei 2025 telt niet mee: het is een feestdag (Bevrijdingsdag).",
            "Monday 5 May 2025 is not counted: it is a public holiday (Liberation Day).",
        );
        check(
            Step::WorkingDays { count: 1, to: day("2025-05-06") },
            "Er wordt 1 werkdag geteld: dinsdag 6 mei 2025.",
            "1 working day is counted: Tuesday 6 May 2025.",
        );
        check(
            Step::OutOfReach,
            "De Algemene termijnenwet geldt niet voor een termijn als deze (artikel 4).",
            "The Algemene termijnenwet does not apply to such a term (article 4).",
        );
        check(
            Step::Ends { at: Instant::MAX },
            "De termijn eindigt later dan de kalender reikt.",
            "The term ends later than the calendar reaches.",
        );
    }

    #[test]
    fn a_time_is_as_short_as_it_can_be_exact() {
        let check = |at: &str, nl: &str| assert_eq!(DUTCH.time(at.parse().unwrap()), nl, "{at}");
        check("2025-09-05T15:20:00.000000Z", "vrijdag 5 september 2025 om 17:20 uur");
        check("2025-09-05T15:20:01.000000Z", "vrijdag 5 september 2025 om 17:20:01 uur");
        check("2025-09-05T15:20:00.000001Z", "vrijdag 5 september 2025 om 17:20:00.000001 uur");
        // Summer time ends: half past two occurs twice.
        check("2025-10-26T00:30:00.000000Z", "zondag 26 oktober 2025 om 02:30 uur (UTC+02:00)");
        check("2025-10-26T01:30:00.000000Z", "zondag 26 oktober 2025 om 02:30 uur (UTC+01:00)");
    }
}
