//! The golden sheets: what every rule says of the demonstration, committed in `schema/golden/`, one file an area. Whoever changes an
//! outcome sees it in review as a diff; `UPDATE_GOLDEN=1` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::check::DEMONSTRATION;
use super::inquiry::Moment;
use crate::family::rule_set::Outcome;
use crate::rule::AREAS;
use crate::time::PartialDate;

/// The moments of a sheet, each at the end of the day, with what was known by then and with all that was known in the end.
const MOMENTS: [&str; 10] = [
    "2017-01-15",
    "2018-06-01",
    "2018-09-12",
    "2020-08-16",
    "2021-02-01",
    "2022-12-28",
    "2024-06-13",
    "2024-12-31",
    "2025-05-28",
    "2026-11-22",
];

const HEAD: &str = "# A letter a moment: P passes, F fails, W is to be attended to, I cannot be decided, E passed and was erased, - does not \
                    apply.\n# First with what was known at the moment, then with all that was known in the end.\n";

fn letter(outcome: Outcome) -> char {
    match outcome {
        Outcome::Pass => 'P',
        Outcome::Fail => 'F',
        Outcome::Warn => 'W',
        Outcome::Indeterminate => 'I',
        Outcome::PassErased => 'E',
        Outcome::NotApplicable => '-',
    }
}

fn sheets() -> BTreeMap<String, String> {
    let names: BTreeMap<_, _> = DEMONSTRATION.references().collect();
    let mut sheets = BTreeMap::new();
    for area in AREAS {
        let mut sheet = format!("# {}\n{HEAD}# {}\n", area.name.en, MOMENTS.join(" "));
        for rule in area.rules {
            for check in rule.checks {
                for stream in DEMONSTRATION.streams_of(check.family) {
                    let outcome = |known: u64, valid| {
                        let moment = Moment { size: known, valid, rules: valid };
                        letter(DEMONSTRATION.judge(rule, check, &stream, moment).verdict.outcome)
                    };
                    let ends = MOMENTS.map(|day| day.parse::<PartialDate>().unwrap().latest());
                    let then: String =
                        ends.iter().map(|end| outcome(DEMONSTRATION.size_at(*end).max(1), *end)).collect();
                    let after: String = ends.iter().map(|end| outcome(DEMONSTRATION.head(), *end)).collect();
                    // A rule that never applies to a stream says nothing.
                    if then.chars().chain(after.chars()).any(|letter| letter != '-') {
                        let name = names.get(&stream).map_or("institution", String::as_str);
                        writeln!(sheet, "{} {:?} {name} {then} {after}", rule.id, check.layer).unwrap();
                    }
                }
            }
        }
        sheets.insert(area.name.en.replace(' ', "-").replace(',', ""), sheet);
    }
    sheets
}

#[test]
fn the_golden_sheets_are_those_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/golden");
    for (name, sheet) in sheets() {
        let file = folder.join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&file, &sheet).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        let changed: Vec<(&str, &str)> =
            committed.lines().zip(sheet.lines()).filter(|(old, new)| old != new).take(5).collect();
        assert!(committed == sheet, "{name}: outcomes changed; UPDATE_GOLDEN=1 writes them: {changed:#?}");
    }
}
