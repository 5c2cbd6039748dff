use proptest::prelude::*;

use super::super::amsterdam;
use super::*;
use crate::time::Ternary::{False, True, Unknown};

/// The end of a term as a local day, or as a local time where it is not the last microsecond of one; `earliest/latest` if they differ.
fn end(calendar: &str, term: &str, from: &str) -> String {
    let calendar: Calendar = calendar.parse().unwrap();
    let limit = calendar.count(&term.parse().unwrap(), &date(from)).limit;
    let shown = |at: Instant| match (day_of(at), local(at)) {
        (day, Some(_)) if day.latest() == at => day.to_string(),
        (_, Some(local)) => local.datetime().to_string(),
        (_, None) => at.to_string(),
    };
    let (earliest, latest) = (shown(limit.earliest), shown(limit.latest));
    if earliest == latest { earliest } else { format!("{earliest}/{latest}") }
}

/// Reads a partial date, or a local time in Amsterdam.
fn date(text: &str) -> PartialDate {
    text.parse().ok().or_else(|| amsterdam(text).map(PartialDate::Exact)).unwrap()
}

#[test]
fn strict_moves_nothing() {
    let check =
        |term: &str, from: &str, expected: &str| assert_eq!(end("STRICT", term, from), expected, "{term} {from}");
    check("P28D", "2025-11-25", "2025-12-23");
    check("P1M", "2025-11-25", "2025-12-25");
    check("P3M", "2025-08-06", "2025-11-06");
    check("P1M", "2025-01-31", "2025-02-28");
    check("P1Y", "2024-02-29", "2025-02-28");
    check("P0D", "2025-11-22", "2025-11-22");
    check("PT72H", "2025-09-05T17:20:00", "2025-09-08T17:20:00");
    // Summer time begins: 72 hours pass in one more by the clock.
    check("PT72H", "2025-03-28T12:00:00", "2025-03-31T13:00:00");
    check("P1DT1H", "2025-03-29T12:00:00", "2025-03-30T13:00:00");
}

#[test]
fn regulation_1182_71_moves_days_and_starts_with_the_next_hour() {
    let check =
        |term: &str, from: &str, expected: &str| assert_eq!(end("REG_1182_71", term, from), expected, "{term} {from}");
    // Over Christmas and a weekend.
    check("P1M", "2025-11-25", "2025-12-29");
    check("P28D", "2025-11-25", "2025-12-23");
    check("P3M", "2025-08-06", "2025-11-06");
    check("P1M", "2025-04-28", "2025-05-28");
    check("P28D", "2025-04-28", "2025-05-26");
    check("P1M", "2025-01-31", "2025-02-28");
    // Clamped and not moved; over Easter Monday; over a weekend.
    check("P1M", "2023-01-31", "2023-02-28");
    check("P1W", "2025-04-14", "2025-04-22");
    check("P1D", "2025-04-25", "2025-04-28");
    // Art. 3(5), of terms in days.
    check("P1D", "2025-11-21", "2025-11-24");
    check("P2D", "2025-11-21", "2025-11-25");
    check("P3D", "2025-11-20", "2025-11-24");
    check("P0D", "2025-11-22", "2025-11-24");
    // Hours are not moved, and the hour of the event is not counted, not even where it has only begun.
    check("PT72H", "2025-09-05T17:20:00", "2025-09-08T18:00:00");
    check("PT72H", "2025-09-05T16:59:59.999999", "2025-09-08T17:00:00");
    check("PT72H", "2025-09-05T17:00:00", "2025-09-08T18:00:00");
    check("PT24H", "2025-09-05T17:20:00", "2025-09-06T18:00:00");
    check("PT90M", "2025-09-05T17:20:00", "2025-09-05T19:30:00");
    // Summer time begins: after the hour from one o'clock comes that from three.
    check("PT1H", "2025-03-30T01:30:00", "2025-03-30T04:00:00");
    // It ends: the first hour from two o'clock is followed by the second.
    check("PT1H", "2025-10-26T00:30:00.000000Z", "2025-10-26T03:00:00");
}

#[test]
fn two_working_days_in_hours_only_where_asked_for() {
    let check = |term: &str, from: &str, off: &str, on: &str| {
        let found = (end("REG_1182_71", term, from), end("REG_1182_71_TWO_WORKING_DAYS", term, from));
        assert_eq!(found, (off.to_owned(), on.to_owned()), "{term} {from}");
    };
    check("PT72H", "2025-09-05T17:20:00", "2025-09-08T18:00:00", "2025-09-09");
    check("PT72H", "2025-09-04T09:30:00", "2025-09-07T10:00:00", "2025-09-08");
    // Thursday and Friday are whole, and the end is not moved.
    check("PT72H", "2025-09-03T09:30:00", "2025-09-06T10:00:00", "2025-09-06T10:00:00");
    check("PT72H", "2025-09-01T09:30:00", "2025-09-04T10:00:00", "2025-09-04T10:00:00");
    // From midnight two days are whole.
    check("PT48H", "2025-09-01T23:30:00", "2025-09-04T00:00:00", "2025-09-04T00:00:00");
    check("PT48H", "2025-09-01T09:30:00", "2025-09-03T10:00:00", "2025-09-03");
    check("PT47H", "2025-09-05T17:20:00", "2025-09-07T17:00:00", "2025-09-07T17:00:00");
    check("P2D", "2025-11-21", "2025-11-25", "2025-11-25");
}

#[test]
fn working_days_pass_over_weekends_and_holidays() {
    let check = |term: &str, from: &str, expected: &str| {
        assert_eq!(end("WORKING_DAYS_NL", term, from), expected, "{term} {from}")
    };
    check("P1D", "2025-11-21", "2025-11-24");
    check("P5D", "2025-11-21", "2025-11-28");
    check("P2D", "2025-12-24", "2025-12-30");
    check("P1W", "2025-11-22", "2025-12-01");
    check("P1M", "2025-11-25", "2025-12-29");
    check("P1W1D", "2025-11-14", "2025-11-24");
    check("P0D", "2025-11-22", "2025-11-24");
    check("PT24H", "2025-11-21T17:20:00", "2025-11-22T17:20:00");
}

#[test]
fn the_algemene_termijnenwet_as_far_as_it_reaches() {
    let check = |term: &str, from: &str, expected: &str| assert_eq!(end("AWB", term, from), expected, "{term} {from}");
    check("P1M", "2025-11-25", "2025-12-29");
    check("P6W", "2025-11-13", "2025-12-29");
    // Art. 2 begins at three days.
    check("P2D", "2025-11-21", "2025-11-24");
    check("P3D", "2025-11-21", "2025-11-25");
    check("P3D", "2025-11-20", "2025-11-24");
    // Good Friday to Easter Monday.
    check("P3D", "2025-04-17", "2025-04-23");
    // Art. 4, at its limits; each would end on a Saturday.
    check("P90D", "2025-08-24", "2025-11-24");
    check("P91D", "2025-08-23", "2025-11-22");
    check("P12W", "2025-08-30", "2025-11-24");
    check("P13W", "2025-08-23", "2025-11-22");
    check("P3M", "2025-08-22", "2025-11-24");
    check("P4M", "2025-07-22", "2025-11-22");
    check("P3M1D", "2025-08-21", "2025-11-22");
    check("P2M30D", "2025-08-23", "2025-11-24");
    check("P1Y", "2024-11-23", "2025-11-23");
    check("PT24H", "2025-11-21T17:20:00", "2025-11-22T17:20:00");
}

#[test]
fn a_date_known_in_part_leaves_two_ends() {
    let check = |calendar: &str, term: &str, from: &str, expected: &str| {
        assert_eq!(end(calendar, term, from), expected, "{calendar} {term} {from}");
    };
    check("STRICT", "P1M", "2025", "2025-02-01/2026-01-31");
    check("STRICT", "P1M", "2025-01", "2025-02-01/2025-02-28");
    check("REG_1182_71", "P1M", "2025-01", "2025-02-03/2025-02-28");
    check("STRICT", "PT72H", "2025-09-05", "2025-09-08T00:00:00/2025-09-08");
    check("REG_1182_71", "PT72H", "2025-09-05", "2025-09-08T01:00:00/2025-09-09T00:00:00");
    check("STRICT", "P9999Y", "2025-09-05", "open");
    check("STRICT", "P7000Y", "2999", "9999-01-01/open");
}

#[test]
fn a_limit_is_met_up_to_its_last_instant() {
    let check = |term: &str, from: &str, done: &str, expected: Ternary| {
        let limit = Calendar::Strict.count(&term.parse().unwrap(), &date(from)).limit;
        let done = date(done);
        assert_eq!(limit.met_by(&done), expected, "{term} from {from}, {done}");
        if let PartialDate::Exact(at) = done {
            assert_eq!(limit.passed(at), expected.not(), "{term} from {from} at {done}");
        }
    };
    check("P28D", "2025-11-25", "2025-12-23", True);
    check("P28D", "2025-11-25", "2025-12-24", False);
    check("P28D", "2025-11-25", "2025-12", Unknown);
    check("P28D", "2025-11-25", "2025-12-23T23:59:59.999999", True);
    check("P28D", "2025-11-25", "2025-12-24T00:00:00", False);
    check("PT72H", "2025-09-05T17:20:00", "2025-09-08T17:20:00", True);
    check("PT72H", "2025-09-05T17:20:00", "2025-09-08T17:20:00.000001", False);
    check("PT72H", "2025-09-05T17:20:00", "2025-09-08", Unknown);
    check("PT72H", "2025-09-05", "2025-09-08T00:00:00", True);
    check("PT72H", "2025-09-05", "2025-09-08T17:20:00", Unknown);
    check("PT72H", "2025-09-05", "2025-09-09T00:00:00", False);
    check("P9999Y", "2025-09-05", "2999", True);
}

#[test]
fn the_working_is_shown() {
    let steps = |calendar: &str, term: &str, from: &str| {
        calendar.parse::<Calendar>().unwrap().count(&term.parse().unwrap(), &date(from)).trace
    };
    let check = |calendar: &str, term: &str, from: &str, expected: &[&str]| {
        let nl: Vec<String> = steps(calendar, term, from).iter().map(Step::nl).collect();
        assert_eq!(nl, expected, "{calendar} {term} {from}");
    };
    check(
        "REG_1182_71",
        "P1M",
        "2025-11-25",
        &[
            "De termijn wordt gerekend vanaf dinsdag 25 november 2025.",
            "De dag van de gebeurtenis, dinsdag 25 november 2025, telt niet mee.",
            "De termijn loopt tot en met donderdag 25 december 2025.",
            "Op donderdag 25 december 2025 eindigt de termijn niet: het is een feestdag (eerste kerstdag).",
            "Op vrijdag 26 december 2025 eindigt de termijn niet: het is een feestdag (tweede kerstdag).",
            "Op zaterdag 27 december 2025 eindigt de termijn niet: het is een zaterdag.",
            "Op zondag 28 december 2025 eindigt de termijn niet: het is een zondag.",
            "De termijn eindigt met het einde van maandag 29 december 2025.",
        ],
    );
    check(
        "REG_1182_71_TWO_WORKING_DAYS",
        "PT72H",
        "2025-09-05T17:20:00",
        &[
            "De termijn wordt gerekend vanaf vrijdag 5 september 2025 om 17:20 uur.",
            "Het uur van de gebeurtenis telt niet mee: de termijn gaat in op vrijdag 5 september 2025 om 18:00 uur.",
            "De termijn loopt tot en met maandag 8 september 2025 om 18:00 uur.",
            "De termijn bevat nog geen twee werkdagen en wordt verlengd tot en met dinsdag 9 september 2025.",
            "De termijn eindigt met het einde van dinsdag 9 september 2025.",
        ],
    );
    check(
        "WORKING_DAYS_NL",
        "P2D",
        "2025-12-24",
        &[
            "De termijn wordt gerekend vanaf woensdag 24 december 2025.",
            "De dag van de gebeurtenis, woensdag 24 december 2025, telt niet mee.",
            "Donderdag 25 december 2025 telt niet mee: het is een feestdag (eerste kerstdag).",
            "Vrijdag 26 december 2025 telt niet mee: het is een feestdag (tweede kerstdag).",
            "Er worden 2 werkdagen geteld; de laatste is dinsdag 30 december 2025.",
            "De termijn eindigt met het einde van dinsdag 30 december 2025.",
        ],
    );
    check(
        "AWB",
        "P1Y",
        "2025-11",
        &[
            "De termijn wordt gerekend vanaf november 2025.",
            "Het vroegst mogelijke begin is zaterdag 1 november 2025.",
            "De dag van de gebeurtenis, zaterdag 1 november 2025, telt niet mee.",
            "De Algemene termijnenwet geldt niet voor een termijn als deze (artikel 4).",
            "De termijn loopt tot en met zondag 1 november 2026.",
            "De termijn eindigt met het einde van zondag 1 november 2026.",
            "Het laatst mogelijke begin is zondag 30 november 2025.",
            "De dag van de gebeurtenis, zondag 30 november 2025, telt niet mee.",
            "De Algemene termijnenwet geldt niet voor een termijn als deze (artikel 4).",
            "De termijn loopt tot en met maandag 30 november 2026.",
            "De termijn eindigt met het einde van maandag 30 november 2026.",
        ],
    );
    let day = |text: &str| text.parse::<Date>().unwrap();
    assert_eq!(
        steps("STRICT", "P1M1D", "2025-01-31")[1..4],
        [
            Step::NotCounted { day: day("2025-01-31") },
            Step::MonthEndClamped { to: day("2025-02-28") },
            Step::Added { to: date("2025-03-01") },
        ]
    );
}

#[test]
fn only_a_term_that_was_too_short_is_said_to_be_extended() {
    let check = |calendar: &str, term: &str, from: &str, expected: Option<&str>| {
        let trace = calendar.parse::<Calendar>().unwrap().count(&term.parse().unwrap(), &date(from)).trace;
        let expected = expected.map(|to| Step::ExtendedForTwoWorkingDays { to: to.parse().unwrap() });
        let found = trace.into_iter().find(|step| matches!(step, Step::ExtendedForTwoWorkingDays { .. }));
        assert_eq!(found, expected, "{calendar} {term} {from}");
    };
    check("REG_1182_71", "P2D", "2025-11-24", None);
    check("REG_1182_71", "P3D", "2025-11-20", None);
    check("REG_1182_71", "P2D", "2025-11-21", Some("2025-11-25"));
    check("AWB", "P3D", "2025-11-20", None);
    check("AWB", "P3D", "2025-11-21", Some("2025-11-25"));
    check("REG_1182_71_TWO_WORKING_DAYS", "PT48H", "2025-09-01T23:30:00", None);
    check("REG_1182_71_TWO_WORKING_DAYS", "PT48H", "2025-09-02T00:00:00", Some("2025-09-04"));
}

#[test]
fn a_calendar_has_one_spelling() {
    for calendar in CALENDARS {
        assert_eq!(calendar.to_string().parse(), Ok(calendar));
        let json = serde_json::to_string(&calendar).unwrap();
        assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), calendar);
    }
    for bad in ["", "strict", "REG_1182_71 ", "REG_1182_71_", "AWB_"] {
        assert_eq!(bad.parse::<Calendar>(), Err(CalendarError), "{bad}");
    }
}

// --- The naive way: walk day by day ------------------------------------------------------------------------------

fn next(day: Date) -> Date {
    day.tomorrow().unwrap()
}

fn works(day: Date) -> bool {
    day_off(day).is_none()
}

/// How many working days there are after the event, up to and including the last day.
fn working_days(event: Date, last: Date) -> usize {
    std::iter::successors(Some(next(event)), |day| Some(next(*day)))
        .take_while(|day| *day <= last)
        .filter(|day| works(*day))
        .count()
}

/// Adds months one after the other to a year and a month, and looks for the day there; then walks over the days.
fn walked(term: &Term, event: Date) -> Date {
    let (mut year, mut month) = (event.year(), event.month());
    for _ in 0..term.years * 12 + term.months {
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    let to = (1..=event.day()).rev().find_map(|day| Date::new(year, month, day).ok()).unwrap();
    (0..term.weeks * 7 + term.days).fold(to, |day, _| next(day))
}

/// The last day of a term without hours.
fn walked_by(calendar: Calendar, term: &Term, event: Date) -> Date {
    let mut last = walked(term, event);
    let least = match calendar {
        Calendar::Strict => return last,
        Calendar::WorkingDaysNl => {
            last = walked(&Term { days: 0, ..*term }, event);
            for _ in 0..term.days {
                last = next(last);
                while !works(last) {
                    last = next(last);
                }
            }
            0
        }
        Calendar::Regulation1182 { .. } if *term == Term::days(0) || *term == Term::days(1) => 0,
        Calendar::Regulation1182 { .. } => 2,
        Calendar::Awb if !awb_reaches(term) => return last,
        Calendar::Awb if *term == Term::days(0) || *term == Term::days(1) || *term == Term::days(2) => 0,
        Calendar::Awb => 2,
    };
    while !works(last) || working_days(event, last) < least {
        last = next(last);
    }
    last
}

/// The end of a term of hours and minutes, which looks for the next full hour second by second.
fn ticked_by(calendar: Calendar, term: &Term, event: Instant) -> Instant {
    let mut start = event.microseconds();
    if matches!(calendar, Calendar::Regulation1182 { .. }) {
        start = (start.div_euclid(1_000_000) + 1) * 1_000_000;
        while !local(Instant::from_microseconds(start)).unwrap().strftime("%M:%S").to_string().eq("00:00") {
            start += 1_000_000;
        }
    }
    let length = (i64::from(term.hours) * 60 + i64::from(term.minutes)) * 60_000_000;
    let mut end = Instant::from_microseconds(start + length);
    if calendar == (Calendar::Regulation1182 { two_working_days: true }) && length >= 2 * 24 * HOUR_US {
        let (start, mut day) = (Instant::from_microseconds(start), local(event).unwrap().date());
        let mut whole = 0;
        while whole < 2 {
            let date = PartialDate::Day(day);
            if works(day) && date.earliest() >= start {
                whole += 1;
                end = end.max(date.latest());
            }
            day = next(day);
        }
    }
    end
}

fn calendars() -> impl Strategy<Value = Calendar> {
    proptest::sample::select(CALENDARS.to_vec())
}

/// Terms without hours: many short ones, on both sides of what the laws count apart.
fn terms_of_days() -> impl Strategy<Value = Term> {
    prop_oneof![
        (0..6u16).prop_map(Term::days),
        (80..100u16).prop_map(Term::days),
        (0..6u16).prop_map(Term::months),
        (0..3u16, 0..14u16, 0..14u16, 0..95u16).prop_map(|(years, months, weeks, days)| Term {
            years,
            months,
            weeks,
            days,
            ..Term::days(0)
        }),
    ]
}

fn terms_of_hours() -> impl Strategy<Value = Term> {
    (0..120u16, 0..60u16)
        .prop_map(|(hours, minutes)| Term { minutes, ..Term::hours(hours) })
        .prop_filter("hours", Term::in_hours)
}

fn terms() -> impl Strategy<Value = Term> {
    prop_oneof![terms_of_days(), terms_of_hours()]
}

/// Instants from 1950 to 2050, many of them full hours of Amsterdam or the microsecond before.
fn instants() -> impl Strategy<Value = Instant> {
    (-175_000..700_000i64, prop_oneof![Just(0), Just(-1), 0..HOUR_US])
        .prop_map(|(hour, more)| Instant::from_microseconds(hour * HOUR_US + more))
}

fn partial_dates() -> impl Strategy<Value = PartialDate> {
    (instants(), 0..4u8).prop_map(|(at, precision)| {
        let day = local(at).unwrap().date();
        match precision {
            0 => PartialDate::Year(day.year()),
            1 => PartialDate::Month(day.year(), day.month()),
            2 => PartialDate::Day(day),
            _ => PartialDate::Exact(at),
        }
    })
}

/// The only end of a term that is counted from an instant.
fn only_end(calendar: Calendar, term: &Term, from: Instant) -> Instant {
    let limit = calendar.count(term, &PartialDate::Exact(from)).limit;
    assert_eq!(limit.earliest, limit.latest);
    limit.latest
}

proptest! {
    #[test]
    fn days_end_where_the_walk_ends(calendar in calendars(), term in terms_of_days(), event in instants()) {
        let last = walked_by(calendar, &term, local(event).unwrap().date());
        prop_assert_eq!(day_of(only_end(calendar, &term, event)), PartialDate::Day(last));
        prop_assert_eq!(only_end(calendar, &term, event), PartialDate::Day(last).latest());
    }

    #[test]
    fn hours_end_where_the_clock_ends(calendar in calendars(), term in terms_of_hours(), event in instants()) {
        prop_assert_eq!(only_end(calendar, &term, event), ticked_by(calendar, &term, event));
    }

    #[test]
    fn no_calendar_ends_before_the_strict_one(calendar in calendars(), term in terms(), event in instants()) {
        prop_assert!(only_end(calendar, &term, event) >= only_end(Calendar::Strict, &term, event));
    }

    #[test]
    fn an_end_that_is_moved_is_a_working_day(calendar in calendars(), term in terms_of_days(), event in instants()) {
        let reaches = match calendar {
            Calendar::Strict => false,
            Calendar::Awb => awb_reaches(&term),
            Calendar::Regulation1182 { .. } | Calendar::WorkingDaysNl => true,
        };
        let last = local(only_end(calendar, &term, event)).unwrap().date();
        prop_assert!(!reaches || works(last), "{}", last);
    }

    #[test]
    fn what_begins_later_ends_no_earlier(calendar in calendars(), term in terms(), one in instants(), apart in 0..2_000 * HOUR_US) {
        let other = Instant::from_microseconds(one.microseconds() + apart);
        prop_assert!(only_end(calendar, &term, one) <= only_end(calendar, &term, other));
    }

    #[test]
    fn each_instant_of_a_date_ends_within_its_limit(
        calendar in calendars(), term in terms(), from in partial_dates(), part in 0..=1_000i64,
    ) {
        let limit = calendar.count(&term, &from).limit;
        let (first, last) = (from.earliest().microseconds(), from.latest().microseconds());
        let within = Instant::from_microseconds(first + (last - first) / 1_000 * part);
        let end = only_end(calendar, &term, within);
        prop_assert!(limit.earliest <= end && end <= limit.latest);
        let one = matches!(from, PartialDate::Exact(_)) || matches!(from, PartialDate::Day(_)) && !term.in_hours();
        prop_assert!(!one || limit.earliest == limit.latest);
        prop_assert_eq!(term.end(&from), Calendar::Strict.count(&term, &from).limit.earliest);
    }

    #[test]
    fn a_trace_begins_with_the_date_and_ends_with_the_end(calendar in calendars(), term in terms(), from in partial_dates()) {
        let Counted { limit, trace } = calendar.count(&term, &from);
        prop_assert_eq!(trace.first(), Some(&Step::Started { from }));
        prop_assert_eq!(trace.last(), Some(&Step::Ends { at: limit.latest }));
        let ends = trace.iter().filter(|step| matches!(step, Step::Ends { .. })).count();
        prop_assert!(ends == 1 || ends == 2);
        let earliest = Step::Ends { at: limit.earliest };
        prop_assert!(trace.contains(&earliest));
        for step in trace {
            prop_assert!(step.nl().ends_with('.') && step.en().ends_with('.'));
        }
    }

    #[test]
    fn counting_never_panics(
        calendar in calendars(),
        years in 0..=9_999u16, months in 0..=9_999u16, weeks in 0..=9_999u16, days in 0..=9_999u16,
        hours in 0..=9_999u16, minutes in 0..=9_999u16,
        parts: [bool; 6],
        at in prop_oneof![any::<i64>(), -400_000_000_000_000_000..400_000_000_000_000_000i64, Just(i64::MIN), Just(i64::MAX)],
    ) {
        let part = |index: usize, count: u16| if parts[index] { count } else { 0 };
        let term = Term {
            years: part(0, years), months: part(1, months), weeks: part(2, weeks), days: part(3, days),
            hours: part(4, hours), minutes: part(5, minutes),
        };
        let Counted { limit, trace } = calendar.count(&term, &PartialDate::Exact(Instant::from_microseconds(at)));
        prop_assert!(limit.earliest <= limit.latest);
        for step in trace {
            prop_assert!(!step.nl().is_empty() && !step.en().is_empty());
        }
    }
}
