use AnnualReportEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, laws};
use crate::family::kit::RejectionCode;
use crate::ledger::merkle::Hash;

fn figures(figures: &[(&str, u32)]) -> Vec<Figure> {
    figures.iter().map(|(name, number)| Figure { code: code(name), number: *number }).collect()
}

fn contributed(unit: &str, year: Option<u16>) -> AnnualReportEvent {
    E::ContributionSubmitted(ContributionSubmitted {
        unit: code(unit),
        year,
        by: None,
        figures: figures(&[("breaches", 1)]),
        text: Some(clear("a quiet year")),
        document: None,
        remark: None,
    })
}

fn compilation() -> Compiled {
    Compiled {
        year: Some(2025),
        by: Some(Author::Dpo),
        figures: figures(&[("breaches", 1), ("requests", 2)]),
        known: Some(Head { size: Sequence(98), root: Hash([1; 32]) }),
        cut_off: Some("2025-12-31".parse().unwrap()),
        document: None,
        remark: None,
    }
}

/// The only fact of REP-2025 in the scenario (S-098): it comes without a compilation.
fn presentation() -> Presented {
    Presented {
        year: Some(2025),
        by: None,
        to: codes(&["BOARD"]),
        figures: figures(&[
            ("breaches", 1),
            ("requests", 2),
            ("complaints", 0),
            ("open-findings", 3),
            ("contributions", 13),
            ("units", 14),
        ]),
        document: None,
        remark: None,
    }
}

fn published(year: Option<u16>, by: Option<Author>) -> AnnualReportEvent {
    let url = Some("https://university.example/reports/2025".to_owned());
    E::Published(Published { year, by, url, document: None, remark: None })
}

fn retracted() -> AnnualReportEvent {
    E::Retracted(Retracted { reason: clear("a draft"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<AnnualReport>(&[
        contributed("mu-01", Some(2025)),
        contributed("mu-02", Some(2024)),
        E::Compiled(compilation()),
        E::Presented(presentation()),
        published(None, Some(Author::Board)),
        retracted(),
    ]);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let history = History::<AnnualReport>::new();
    let malformed = RejectionCode::Malformed;
    let refuses = |change: fn(&mut Compiled), field: &str| {
        let mut event = compilation();
        change(&mut event);
        history.refuses("2026", E::Compiled(event), malformed, &format!("event.compiled.{field}"));
    };
    refuses(|event| event.year = Some(1), "year");
    refuses(|event| event.figures.extend(figures(&[("breaches", 2)])), "figures");
    refuses(|event| event.known.iter_mut().for_each(|known| known.size = Sequence(0)), "known");
    let twice = E::Presented(Presented { to: codes(&["BOARD", "BOARD"]), ..presentation() });
    history.refuses("2026", twice, malformed, "event.presented.to");
    let twice = E::Presented(Presented { figures: figures(&[("a", 1), ("a", 1)]), ..presentation() });
    history.refuses("2026", twice, malformed, "event.presented.figures");
    history.refuses("2026", contributed("mu-01", Some(0)), malformed, "event.contributionSubmitted.year");
}

#[test]
fn one_stream_is_one_report() {
    let mut history = History::<AnnualReport>::new();
    history.admits("2026-01-15", contributed("mu-01", Some(2025)));
    history.refuses(
        "2026-01-16",
        contributed("mu-02", Some(2024)),
        RejectionCode::Malformed,
        "event.contributionSubmitted.year",
    );
    history.admits("2026-02-01", E::Compiled(compilation()));
    let of_the_board = published(None, Some(Author::Board));
    history.refuses("2026-07-01", of_the_board, RejectionCode::Malformed, "event.published.by");
    history.admits("2026-07-01", published(Some(2025), None));
    history.admits("2026-01-10", contributed("mu-02", Some(2024)));
    assert_eq!(history.state("2026-07-01").anomalies.len(), 3, "the older fact comes first: the later ones do not fit");
}

#[test]
fn the_report_of_the_scenario_is_admitted_as_it_stands() {
    let mut history = History::<AnnualReport>::new();
    history.admits("2026-06-30", E::Presented(presentation()));
    let state = history.state("2026-06-30");
    assert_eq!((state.status, state.year, state.figures.len()), (ReportStatus::Presented, Some(2025), 6));
    assert_eq!(history.keys("2026-06-30"), ["status=PRESENTED", "year=2025"]);
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<AnnualReport>::new();
    history.admits("2026-01-15", contributed("mu-01", None));
    history.admits("2026-01-16", contributed("mu-02", Some(2025)));
    history.admits("2026-01-20", contributed("mu-01", Some(2025)));
    history.admits("2026-03-01", E::Compiled(compilation()));
    history.admits("2026-06-30", E::Presented(Presented { figures: Vec::new(), ..presentation() }));
    history.admits("2026-07-01", E::Compiled(Compiled { figures: figures(&[("breaches", 2)]), ..compilation() }));
    assert_eq!(history.state("2026-01-20").status, ReportStatus::Gathering);
    assert_eq!(history.state("2026-03-01").status, ReportStatus::Compiled);
    assert_eq!(history.state("2026-06-30").figures, compilation().figures);
    let state = history.state("2026-07-01");
    assert_eq!((state.status, state.by), (ReportStatus::Presented, Some(Author::Dpo)));
    assert_eq!((state.figures, state.contributors), (figures(&[("breaches", 2)]), codes(&["mu-01", "mu-02"])));
    let keys = history.keys("2026-07-01");
    assert_eq!(keys, ["status=PRESENTED", "year=2025", "by=DPO", "unit=mu-01", "unit=mu-02", "size=98"]);
    history.admits("2026-08-01", published(None, None));
    assert_eq!(history.state("2026-08-01").status, ReportStatus::Published);
}
