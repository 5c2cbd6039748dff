use jiff::civil::{Date, Weekday};

use super::{YEAR_MAX, YEAR_MIN};

/// A public holiday in the Netherlands.
///
/// The list is that of the Algemene termijnenwet, art. 3(1), with Good Friday, which art. 3(2) puts beside them. Easter and Whit Sunday
/// are not on it, being Sundays. Days that a decree adds (art. 3(3)) are not computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// The Friday before Easter.
    GoodFriday,
    /// The day after Easter.
    EasterMonday,
    /// The day on which the birthday of the King, or until 2013 of the Queen, is celebrated.
    KingsDay,
    /// 5 May.
    LiberationDay,
    /// The fortieth day of Easter, a Thursday.
    AscensionDay,
    /// The day after Pentecost.
    WhitMonday,
    /// 25 December.
    ChristmasDay,
    /// 26 December.
    BoxingDay,
}

/// Why nobody works on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayOff {
    /// It is a Saturday.
    Saturday,
    /// It is a Sunday.
    Sunday,
    /// It is a public holiday, from Monday to Friday.
    Holiday(Holiday),
}

/// The first year with a Liberation Day: that of the liberation.
const LIBERATION_DAY_FROM: i16 = 1945;
/// The first year in which the Queen's birthday was celebrated on 30 April, that of Juliana.
const QUEENS_DAY_FROM: i16 = 1949;
/// The first year in which a celebration on a Sunday moved to the Saturday before; until then it moved to the Monday after.
const QUEENS_DAY_EARLIER_FROM: i16 = 1980;
/// The first year in which the King's birthday is celebrated, on 27 April.
const KINGS_DAY_FROM: i16 = 2014;

impl Holiday {
    /// Returns the Dutch name.
    pub const fn nl(self) -> &'static str {
        match self {
            Self::NewYear => "Nieuwjaarsdag",
            Self::GoodFriday => "Goede Vrijdag",
            Self::EasterMonday => "tweede paasdag",
            Self::KingsDay => "Koningsdag",
            Self::LiberationDay => "Bevrijdingsdag",
            Self::AscensionDay => "Hemelvaartsdag",
            Self::WhitMonday => "tweede pinksterdag",
            Self::ChristmasDay => "eerste kerstdag",
            Self::BoxingDay => "tweede kerstdag",
        }
    }

    /// Returns the English name.
    pub const fn en(self) -> &'static str {
        match self {
            Self::NewYear => "New Year's Day",
            Self::GoodFriday => "Good Friday",
            Self::EasterMonday => "Easter Monday",
            Self::KingsDay => "King's Day",
            Self::LiberationDay => "Liberation Day",
            Self::AscensionDay => "Ascension Day",
            Self::WhitMonday => "Whit Monday",
            Self::ChristmasDay => "Christmas Day",
            Self::BoxingDay => "Boxing Day",
        }
    }
}

/// Returns why nobody works on a day; `None` for a working day.
///
/// A working day is one that is no Saturday, Sunday or public holiday: Regulation 1182/71 Art. 2(2), Algemene termijnenwet art. 1(1).
pub fn day_off(day: Date) -> Option<DayOff> {
    match day.weekday() {
        Weekday::Saturday => Some(DayOff::Saturday),
        Weekday::Sunday => Some(DayOff::Sunday),
        _ => holiday(day).map(DayOff::Holiday),
    }
}

/// Returns the public holiday that a day is; `None` also before 1900 and after 2999.
///
/// The list of today's law is applied to all years, without the days whose occasion did not exist yet. Where two holidays
/// fall on one day it is the one with the fixed date.
pub fn holiday(day: Date) -> Option<Holiday> {
    let known = (YEAR_MIN..=YEAR_MAX).contains(&day.year());
    if known { fixed(day).or_else(|| movable(day)) } else { None }
}

fn fixed(day: Date) -> Option<Holiday> {
    match (day.month(), day.day()) {
        (1, 1) => Some(Holiday::NewYear),
        (5, 5) if day.year() >= LIBERATION_DAY_FROM => Some(Holiday::LiberationDay),
        (12, 25) => Some(Holiday::ChristmasDay),
        (12, 26) => Some(Holiday::BoxingDay),
        _ if kings_day(day.year()) == Some(day) => Some(Holiday::KingsDay),
        _ => None,
    }
}

fn movable(day: Date) -> Option<Holiday> {
    match day.day_of_year() - easter(day.year())?.day_of_year() {
        -2 => Some(Holiday::GoodFriday),
        1 => Some(Holiday::EasterMonday),
        39 => Some(Holiday::AscensionDay),
        50 => Some(Holiday::WhitMonday),
        _ => None,
    }
}

/// Returns the day on which the monarch's birthday is celebrated, which is never a Sunday.
fn kings_day(year: i16) -> Option<Date> {
    if year < QUEENS_DAY_FROM {
        return None;
    }
    let birthday = Date::new(year, 4, if year < KINGS_DAY_FROM { 30 } else { 27 }).ok()?;
    match birthday.weekday() {
        Weekday::Sunday if year < QUEENS_DAY_EARLIER_FROM => birthday.tomorrow().ok(),
        Weekday::Sunday => birthday.yesterday().ok(),
        _ => Some(birthday),
    }
}

/// Returns Easter Sunday by the Gregorian computus; `None` before 1900 and after 2999.
///
/// The calculation is the one that *Nature* printed in 1876 without its author's name.
pub fn easter(year: i16) -> Option<Date> {
    if !(YEAR_MIN..=YEAR_MAX).contains(&year) {
        return None;
    }
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    // Days of the full moon after 21 March. Centuries drop leap days, and the moon runs ahead of its cycle of 19 years.
    let moon_ahead = (century - (century + 8) / 25 + 1) / 3;
    let full_moon = (19 * golden + century - century / 4 - moon_ahead + 15) % 30;
    // Days from the day after it to the next Sunday.
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - full_moon - rest % 4) % 7;
    // The two latest full moons are taken a day earlier, which makes Easter a week earlier where they are Sundays.
    let early = (golden + 11 * full_moon + 22 * sunday) / 451;
    let of_march = full_moon + sunday - 7 * early + 22;
    let (month, day) = if of_march > 31 { (4, of_march - 31) } else { (3, of_march) };
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_is_where_almanacs_have_it() {
        let check = |expected: &str| {
            let date: Date = expected.parse().unwrap();
            assert_eq!(easter(date.year()), Some(date));
        };
        // 2285 and 1943: the earliest and the latest there can be; 1954, 1981, 2049 and 2076: where the full moon is taken a day earlier.
        for date in [
            "1900-04-15",
            "1913-03-23",
            "1943-04-25",
            "1954-04-18",
            "1961-04-02",
            "1981-04-19",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2016-03-27",
            "2018-04-01",
            "2019-04-21",
            "2020-04-12",
            "2021-04-04",
            "2022-04-17",
            "2023-04-09",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
            "2285-03-22",
        ] {
            check(date);
        }
        assert_eq!((easter(1899), easter(3000)), (None, None));
    }

    /// Clavius's way, by the golden number and the epact, as Knuth has it (*The Art of Computer Programming* 1.3.2, exercise 14).
    fn easter_by_epact(year: i32) -> Date {
        let (golden, century) = (year % 19 + 1, year / 100 + 1);
        let (leap_days_dropped, moon_corrected) = (3 * century / 4 - 12, (8 * century + 5) / 25 - 5);
        let sunday = 5 * year / 4 - leap_days_dropped - 10;
        let mut epact = (11 * golden + 20 + moon_corrected - leap_days_dropped).rem_euclid(30);
        if epact == 24 || (epact == 25 && golden > 11) {
            epact += 1;
        }
        let mut full_moon = 44 - epact;
        if full_moon < 21 {
            full_moon += 30;
        }
        let of_march = full_moon + 7 - (sunday + full_moon) % 7;
        let march = Date::new(i16::try_from(year).unwrap(), 3, 1).unwrap();
        march.checked_add(jiff::Span::new().days(of_march - 1)).unwrap()
    }

    #[test]
    fn easter_is_a_sunday_and_the_same_by_its_epact() {
        for year in YEAR_MIN..=YEAR_MAX {
            let date = easter(year).unwrap();
            assert_eq!(date, easter_by_epact(i32::from(year)));
            assert_eq!(date.weekday(), Weekday::Sunday, "{date}");
        }
    }

    /// Walks a year day by day and writes down its holidays, as month-day.
    fn holidays(year: i16) -> Vec<(String, Holiday)> {
        let mut day = Date::new(year, 1, 1).unwrap();
        let mut found = Vec::new();
        while day.year() == year {
            found.extend(holiday(day).map(|holiday| (day.to_string()[5..].to_owned(), holiday)));
            day = day.tomorrow().unwrap();
        }
        found
    }

    #[test]
    fn the_holidays_of_a_year() {
        use Holiday::*;
        let check = |year: i16, easter: [&str; 4], kings_day: &str| {
            let [good_friday, easter_monday, ascension_day, whit_monday] = easter;
            let mut expected = vec![
                ("01-01", NewYear),
                (good_friday, GoodFriday),
                (easter_monday, EasterMonday),
                (kings_day, KingsDay),
                ("05-05", LiberationDay),
                (ascension_day, AscensionDay),
                (whit_monday, WhitMonday),
                ("12-25", ChristmasDay),
                ("12-26", BoxingDay),
            ];
            expected.sort_by_key(|(day, _)| *day);
            let found = holidays(year);
            let found: Vec<_> = found.iter().map(|(day, holiday)| (day.as_str(), *holiday)).collect();
            assert_eq!(found, expected, "{year}");
        };
        check(2018, ["03-30", "04-02", "05-10", "05-21"], "04-27");
        check(2019, ["04-19", "04-22", "05-30", "06-10"], "04-27");
        check(2020, ["04-10", "04-13", "05-21", "06-01"], "04-27");
        check(2021, ["04-02", "04-05", "05-13", "05-24"], "04-27");
        check(2022, ["04-15", "04-18", "05-26", "06-06"], "04-27");
        check(2023, ["04-07", "04-10", "05-18", "05-29"], "04-27");
        check(2024, ["03-29", "04-01", "05-09", "05-20"], "04-27");
        check(2025, ["04-18", "04-21", "05-29", "06-09"], "04-26");
        check(2026, ["04-03", "04-06", "05-14", "05-25"], "04-27");
    }

    #[test]
    fn the_monarchs_birthday_is_never_celebrated_on_a_sunday() {
        let check = |year: i16, expected: Option<&str>| {
            let found = holidays(year).into_iter().find(|(_, holiday)| *holiday == Holiday::KingsDay);
            assert_eq!(found.map(|(day, _)| day).as_deref(), expected, "{year}");
        };
        check(1948, None);
        check(1949, Some("04-30"));
        check(1950, Some("05-01"));
        check(1978, Some("05-01"));
        check(1980, Some("04-30"));
        check(1989, Some("04-29"));
        check(2006, Some("04-29"));
        check(2013, Some("04-30"));
        check(2014, Some("04-26"));
        check(2015, Some("04-27"));
        check(2031, Some("04-26"));
    }

    #[test]
    fn a_day_off_says_why() {
        let check = |day: &str, expected: Option<DayOff>| assert_eq!(day_off(day.parse().unwrap()), expected, "{day}");
        check("2025-12-24", None);
        check("2025-12-25", Some(DayOff::Holiday(Holiday::ChristmasDay)));
        check("2025-12-27", Some(DayOff::Saturday));
        check("2025-12-28", Some(DayOff::Sunday));
        // A holiday on a Saturday is a Saturday.
        check("2025-04-26", Some(DayOff::Saturday));
        // Ascension Day and Liberation Day at once.
        check("2016-05-05", Some(DayOff::Holiday(Holiday::LiberationDay)));
        check("1944-05-05", None);
        check("1899-12-25", None);
        check("3001-01-01", None);
    }
}
