//! The thirteen templates: what all rules are made of. Each is a plain function of the moment and of what it is given.
//!
//! Where the dates do not decide, the finding is INDETERMINATE, never a guess; where the law lays the duty to demonstrate on the
//! controller, what is absent is a failure and not a doubt (GDPR Art. 5(2), 7(1), 24).

use std::collections::BTreeSet;

use serde::Serialize;

use crate::family::dossier::Dated;
use crate::rule::inquiry::Inquiry;
use crate::rule::norm::{Parameter, Validity};
use crate::rule::text::{Text, say};
use crate::rule::verdict::{Deadline, Evidence, Finding, Mark, Says};
use crate::time::{Calendar, Counted, Interval, PartialDate, Step, Term, Ternary, local, year_of};

/// Which template a rule is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "RuleTemplate"))]
pub enum Template {
    /// Something is in force at the moment.
    InForceAt,
    /// One thing came before another.
    Order,
    /// Something was done within a term.
    Deadline,
    /// Something is not older than a term.
    Age,
    /// All parts of something are there.
    Complete,
    /// Everything of one kind is covered by something of another.
    Coverage,
    /// A legal instrument holds at the moment.
    LegalValidity,
    /// Whoever acted was the one to act.
    Authority,
    /// Something did not happen any more after something else.
    NoEventAfter,
    /// If one thing is so, another must be.
    IfThen,
    /// Two accounts of one thing agree.
    Reconcile,
    /// Something happens at least so often.
    Cadence,
    /// The ledger itself does what it promises.
    Meta,
}

/// A moment at which something happened, and the fact that says so.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// When.
    pub date: PartialDate,
    /// The fact.
    pub fact: Evidence,
}

impl Event {
    /// Something happened on a date, as a fact says.
    pub fn new(date: PartialDate, fact: impl Says) -> Self {
        Self { date, fact: fact.evidence() }
    }
}

impl<T> From<&Dated<T>> for Event {
    fn from(fact: &Dated<T>) -> Self {
        Self::new(fact.from, fact)
    }
}

/// Chooses a finding by what is known.
pub fn decide(
    known: Ternary,
    yes: impl FnOnce() -> Finding,
    no: impl FnOnce() -> Finding,
    unknown: impl FnOnce() -> Finding,
) -> Finding {
    match known {
        Ternary::True => yes(),
        Ternary::False => no(),
        Ternary::Unknown => unknown(),
    }
}

// --- IN_FORCE_AT -----------------------------------------------------------------------------------------------------

/// A stretch of time in which something holds.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// From when; absent: from ever.
    pub from: Option<PartialDate>,
    /// Until when; on that day it holds no more; absent: no end known.
    pub to: Option<PartialDate>,
    /// The fact that says so.
    pub fact: Evidence,
}

/// `what` is in force at the moment: one of the periods contains it.
pub fn in_force_at(inquiry: &Inquiry<'_>, what: &Text, periods: impl IntoIterator<Item = Period>) -> Finding {
    let Text { nl, en } = what;
    let absent =
        || Finding::fail(say!("{nl}: op dat moment is er geen van kracht", "{en}: none is in force at that moment"));
    let findings = periods.into_iter().map(|period| {
        let finding = decide(
            inquiry.within(period.from.as_ref(), period.to.as_ref()),
            || match period.from {
                Some(from) => Finding::pass(say!("{nl}: van kracht sinds {from}", "{en}: in force since {from}")),
                None => Finding::pass(say!("{nl}: van kracht", "{en}: in force")),
            },
            || match period.to.filter(|to| inquiry.reached(to.earliest())) {
                Some(to) => Finding::fail(say!("{nl}: geëindigd op {to}", "{en}: ended on {to}")),
                None => Finding::fail(say!("{nl}: nog niet van kracht", "{en}: not in force yet")),
            },
            || Finding::indeterminate(say!("{nl}: de datums beslissen het niet", "{en}: the dates do not decide it")),
        );
        finding.by(period.fact)
    });
    // All periods are looked at, so that each can move the horizon.
    let findings: Vec<Finding> = findings.collect();
    Finding::any(findings, absent)
}

// --- ORDER -----------------------------------------------------------------------------------------------------------

/// How finely an order is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// By whole days: what happens on one day is in time. For norms that speak of a day or of "at the time".
    Day,
    /// By instants: two dates of one day do not decide it.
    Exact,
}

/// `first` came before `then`. What never came is a failure; where `then` has not come yet, so is the lack of `first` nothing yet.
pub fn order(precision: Precision, first: (&Text, Option<Event>), then: (&Text, Option<Event>)) -> Finding {
    let (Text { nl, en }, before) = first;
    let (Text { nl: then_nl, en: then_en }, after) = then;
    match (before, after) {
        (_, None) => Finding::not_applicable(say!("{then_nl}: nog niet gebeurd", "{then_en}: has not happened")),
        (None, Some(after)) => Finding::fail(say!(
            "{nl}: niet vastgelegd, terwijl {then_nl} plaatsvond op {}",
            "{en}: not recorded, while {then_en} took place on {}",
            after.date
        ))
        .by(after.fact),
        (Some(before), Some(after)) => {
            let in_order = match precision {
                Precision::Day => before.date.day_not_after(&after.date),
                Precision::Exact => before.date.not_after(&after.date),
            };
            let (one, other) = (before.date, after.date);
            let finding = decide(
                in_order,
                || {
                    Finding::pass(say!(
                        "{nl} ({one}) ging vooraf aan {then_nl} ({other})",
                        "{en} ({one}) came before {then_en} ({other})"
                    ))
                },
                || {
                    Finding::fail(say!(
                        "{nl} ({one}) kwam pas na {then_nl} ({other})",
                        "{en} ({one}) came only after {then_en} ({other})"
                    ))
                },
                || {
                    Finding::indeterminate(say!(
                        "de datums van {nl} ({one}) en {then_nl} ({other}) beslissen de volgorde niet",
                        "the dates of {en} ({one}) and {then_en} ({other}) do not decide the order"
                    ))
                },
            );
            finding.by(before.fact).by(after.fact)
        }
    }
}

/// `first` was recorded before `then`, for texts that ask for recording. What an import asserts proves nothing of that time.
pub fn recorded_before<T>(what: &Text, first: &Dated<T>, then: Event) -> Finding {
    let Text { nl, en } = what;
    let recorded = first.recorded;
    if let Some(imported) = &first.imported {
        let asserted = imported.asserted.map_or_else(|| "-".to_owned(), |date| date.to_string());
        let text = say!(
            "{nl}: geïmporteerd; dat het vooraf is vastgelegd, is alleen beweerd ({asserted})",
            "{en}: imported; that it was recorded before is only asserted ({asserted})"
        );
        return Finding::indeterminate(text).by(first).by(then.fact);
    }
    let finding = decide(
        PartialDate::Exact(recorded).not_after(&then.date),
        || Finding::pass(say!("{nl}: vooraf vastgelegd ({recorded})", "{en}: recorded before ({recorded})")),
        || Finding::fail(say!("{nl}: pas daarna vastgelegd ({recorded})", "{en}: recorded only after it ({recorded})")),
        || Finding::indeterminate(say!("{nl}: de datum beslist het niet", "{en}: the date does not decide it")),
    );
    finding.by(first).by(then.fact)
}

// --- DEADLINE --------------------------------------------------------------------------------------------------------

/// A term within which something must be done.
#[derive(Clone, Debug)]
pub struct Due<'a> {
    /// What must be done.
    pub what: &'a Text,
    /// From when the term runs.
    pub from: Event,
    /// When it was done; absent: not by then.
    pub done: Option<Event>,
    /// The parameter that sets the term.
    pub term: Option<&'a Parameter>,
    /// How the term is counted where its parameter does not say it.
    pub calendar: Calendar,
}

/// Counts the term of a duty; `None`: no instrument sets it.
pub fn count(due: &Due<'_>) -> Option<(Counted, Calendar)> {
    let parameter = due.term?;
    let calendar = parameter.calendar.unwrap_or(due.calendar);
    Some((calendar.count(parameter.term.as_ref()?, &due.from.date), calendar))
}

/// Something was done within its term, or the term still runs.
pub fn deadline(inquiry: &Inquiry<'_>, due: &Due<'_>) -> Finding {
    let Some((counted, _)) = count(due) else {
        return Finding::not_applicable(Text::new(
            "geen instrument dat van kracht is, stelt hiervoor een termijn",
            "no instrument in force sets a term for this",
        ));
    };
    let done = due.done.filter(|done| inquiry.happened(&done.date) != Ternary::False);
    let finding = match done {
        Some(done) => was_done(due.what, &counted, done),
        None => is_open(inquiry, due.what, &counted),
    };
    let mut finding = finding.by(due.from.fact);
    finding.deadlines.push(shown(due, &counted, done, inquiry));
    finding
}

/// A term that was counted, with its working.
fn shown(due: &Due<'_>, counted: &Counted, done: Option<Event>, inquiry: &Inquiry<'_>) -> Deadline {
    let term = due.term.and_then(|parameter| parameter.term).map(|term| term.to_string()).unwrap_or_default();
    let calendar = due.term.and_then(|parameter| parameter.calendar).unwrap_or(due.calendar);
    let until = done.map_or(PartialDate::Exact(inquiry.moment.valid), |done| done.date);
    Deadline {
        what: due.what.clone(),
        term,
        calendar: calendar.to_string(),
        from: due.from.date,
        limit: counted.limit.earliest,
        done: done.map(|done| done.date),
        minutes: elapsed(due.from.date, until),
        trace: counted.trace.iter().map(|step: &Step| Text::new(step.nl(), step.en())).collect(),
    }
}

fn was_done(what: &Text, counted: &Counted, done: Event) -> Finding {
    let Text { nl, en } = what;
    let (date, limit) = (done.date, local(counted.limit.earliest));
    let finding = decide(
        counted.limit.met_by(&date),
        || {
            Finding::pass(say!(
                "{nl}: gedaan op {date}, binnen de termijn (uiterlijk {limit})",
                "{en}: done on {date}, within the term (until {limit})"
            ))
        },
        || {
            Finding::fail(say!(
                "{nl}: pas gedaan op {date}, na afloop van de termijn ({limit})",
                "{en}: done only on {date}, after the term ({limit})"
            ))
        },
        || {
            Finding::indeterminate(say!(
                "{nl}: gedaan op {date}; of dat binnen de termijn was ({limit}), beslissen de datums niet",
                "{en}: done on {date}; the dates do not decide whether that was within the term ({limit})"
            ))
        },
    );
    finding.by(done.fact)
}

fn is_open(inquiry: &Inquiry<'_>, what: &Text, counted: &Counted) -> Finding {
    let Text { nl, en } = what;
    let limit = local(counted.limit.earliest);
    decide(
        inquiry.passed(&counted.limit),
        || {
            Finding::fail(say!(
                "{nl}: niet gedaan voor het einde van de termijn ({limit})",
                "{en}: not done by the end of the term ({limit})"
            ))
        },
        || {
            Finding::pass(say!(
                "{nl}: nog niet gedaan; de termijn loopt tot en met {limit}",
                "{en}: not done yet; the term runs until {limit}"
            ))
        },
        || {
            Finding::indeterminate(say!(
                "{nl}: niet gedaan; of de termijn voorbij is, beslissen de datums niet",
                "{en}: not done; the dates do not decide whether the term is over"
            ))
        },
    )
}

/// How long it took in whole minutes, where both dates are exact.
fn elapsed(from: PartialDate, to: PartialDate) -> Option<i64> {
    match (from, to) {
        (PartialDate::Exact(from), PartialDate::Exact(to)) => Some(to.milliseconds_since(from) / 60_000),
        _ => None,
    }
}

/// What the law wants without undue delay: not done is something to attend to once the house term is over, a failure only where
/// a fact says that it was refused or left undone.
pub fn without_undue_delay(finding: Finding) -> Finding {
    finding.at_most_warn()
}

// --- AGE -------------------------------------------------------------------------------------------------------------

/// Something is not older than a term. What never was is a failure.
pub fn age(
    inquiry: &Inquiry<'_>,
    what: &Text,
    last: Option<Event>,
    most: Option<&Parameter>,
    calendar: Calendar,
) -> Finding {
    let Text { nl, en } = what;
    let Some(last) = last else {
        return Finding::fail(say!("{nl}: niet vastgelegd", "{en}: not recorded"));
    };
    let due = Due { what, from: last, done: None, term: most, calendar };
    let Some((counted, _)) = count(&due) else {
        return Finding::not_applicable(say!(
            "{nl}: geen instrument dat van kracht is, stelt hieraan een leeftijd",
            "{en}: no instrument in force sets an age for it"
        ));
    };
    let (date, limit) = (last.date, local(counted.limit.earliest));
    let finding = decide(
        inquiry.passed(&counted.limit),
        || Finding::fail(say!("{nl}: van {date}, verouderd sinds {limit}", "{en}: of {date}, too old since {limit}")),
        || Finding::pass(say!("{nl}: van {date}, goed tot en met {limit}", "{en}: of {date}, good until {limit}")),
        || {
            Finding::indeterminate(say!(
                "{nl}: van {date}; de datum beslist niet of het verouderd is",
                "{en}: of {date}; the date does not decide whether it is too old"
            ))
        },
    );
    let mut finding = finding.by(last.fact);
    finding.deadlines.push(shown(&due, &counted, None, inquiry));
    finding
}

// --- COMPLETE --------------------------------------------------------------------------------------------------------

/// All parts of something are there.
pub fn complete(what: &Text, parts: impl IntoIterator<Item = (Text, bool)>) -> Finding {
    let Text { nl, en } = what;
    let missing: Vec<Text> = parts.into_iter().filter(|(_, there)| !there).map(|(part, _)| part).collect();
    if missing.is_empty() {
        return Finding::pass(say!("{nl}: volledig", "{en}: complete"));
    }
    let Text { nl: parts_nl, en: parts_en } = Text::list(missing);
    Finding::fail(say!("{nl}: het volgende ontbreekt: {parts_nl}", "{en}: missing: {parts_en}"))
}

// --- COVERAGE --------------------------------------------------------------------------------------------------------

/// Everything that is needed is covered.
pub fn coverage<T: Ord + ToString>(what: &Text, needed: &BTreeSet<T>, covered: &BTreeSet<T>) -> Finding {
    let Text { nl, en } = what;
    let open: Vec<String> = needed.difference(covered).map(T::to_string).collect();
    if open.is_empty() {
        return Finding::pass(say!("{nl}: alles is gedekt", "{en}: everything is covered"));
    }
    let open = open.join(", ");
    Finding::fail(say!("{nl}: niet gedekt: {open}", "{en}: not covered: {open}"))
}

// --- LEGAL_VALIDITY --------------------------------------------------------------------------------------------------

/// A legal instrument holds at the moment, as far as was known.
pub fn legal_validity(inquiry: &Inquiry<'_>, code: &str) -> Finding {
    let Some(instrument) = inquiry.instrument(code) else {
        return Finding::indeterminate(say!(
            "{code} is niet vastgelegd als rechtsinstrument",
            "{code} is not recorded as a legal instrument"
        ));
    };
    let said = instrument
        .entered_into_force
        .iter()
        .map(Says::evidence)
        .chain(instrument.registered.iter().map(Says::evidence));
    let said: Vec<Evidence> = said.collect();
    match inquiry.validity(instrument) {
        Validity::InForce { challenged, .. } => {
            let finding = Finding::pass(say!("{code} was van kracht", "{code} was in force")).by_all(said);
            if challenged { finding.marked(Mark::Challenged) } else { finding }
        }
        Validity::NotYet => {
            Finding::fail(say!("{code} was nog niet van kracht", "{code} was not in force yet")).by_all(said)
        }
        Validity::Ended { to } => {
            let ends = instrument.repealed.iter().map(Says::evidence).chain(instrument.sunset_set.iter().map(Says::evidence));
            let ends = ends.chain(instrument.invalidated.iter().map(Says::evidence)).chain(said);
            Finding::fail(say!("{code} gold tot {to}", "{code} held until {to}")).by_all(ends)
        }
        Validity::Void { decided: true, at, sequence } => {
            Finding::fail(say!("{code} is ongeldig verklaard op {at}", "{code} was annulled on {at}")).by(sequence)
        }
        Validity::Void { decided: false, at, sequence } => Finding::fail(say!(
            "{code} is op {at} met terugwerkende kracht ongeldig verklaard; op het beoordeelde moment was dat nog niet beslist",
            "{code} was annulled on {at} as if it had never been; at the moment that is judged that had not been decided yet"
        ))
        .by(sequence)
        .not_imputable(),
        Validity::Unknown | Validity::Undecided => {
            Finding::indeterminate(say!("van {code} beslissen de datums het niet", "the dates of {code} do not decide it")).by_all(said)
        }
    }
}

// --- AUTHORITY -------------------------------------------------------------------------------------------------------

/// Whoever acted had the authority: one of the periods in which somebody had it contains the act.
pub fn authority(what: &Text, act: Event, periods: impl IntoIterator<Item = Period>) -> Finding {
    let Text { nl, en } = what;
    let had = |period: &Period| {
        let begun = period.from.map_or(Ternary::True, |from| from.day_not_after(&act.date));
        let ended = period.to.map_or(Ternary::False, |to| to.day_not_after(&act.date));
        begun.and(ended.not())
    };
    let findings: Vec<Finding> = periods
        .into_iter()
        .map(|period| {
            let finding = decide(
                had(&period),
                || Finding::pass(say!("{nl}: bevoegd", "{en}: had the authority")),
                || Finding::fail(say!("{nl}: op dat moment niet bevoegd", "{en}: had no authority at that moment")),
                || {
                    Finding::indeterminate(say!(
                        "{nl}: de datums beslissen de bevoegdheid niet",
                        "{en}: the dates do not decide the authority"
                    ))
                },
            );
            finding.by(period.fact)
        })
        .collect();
    Finding::any(findings, || {
        Finding::fail(say!("{nl}: geen bevoegdheid vastgelegd", "{en}: no authority is recorded"))
    })
    .by(act.fact)
}

// --- NO_EVENT_AFTER --------------------------------------------------------------------------------------------------

/// Nothing of a kind happened after a moment.
pub fn no_event_after(what: &Text, after: Event, events: impl IntoIterator<Item = Event>) -> Finding {
    let Text { nl, en } = what;
    let start = after.date;
    let findings: Vec<Finding> = events
        .into_iter()
        .filter_map(|event| {
            let date = event.date;
            match start.before(&date) {
                Ternary::False => None,
                Ternary::True => Some(Finding::fail(say!(
                    "{nl}: toch gebeurd op {date}, na {start}",
                    "{en}: happened on {date} all the same, after {start}"
                ))),
                Ternary::Unknown => Some(Finding::indeterminate(say!(
                    "{nl}: of {date} na {start} kwam, beslissen de datums niet",
                    "{en}: the dates do not decide whether {date} came after {start}"
                ))),
            }
            .map(|finding| finding.by(event.fact))
        })
        .collect();
    Finding::all(findings, || {
        Finding::pass(say!("{nl}: niet meer gebeurd na {start}", "{en}: did not happen after {start}"))
    })
    .by(after.fact)
}

// --- IF_THEN ---------------------------------------------------------------------------------------------------------

/// Where a condition holds, something must be so; where it does not, nothing is asked.
pub fn if_then(condition: Ternary, otherwise: &Text, then: impl FnOnce() -> Finding) -> Finding {
    decide(
        condition,
        then,
        || Finding::not_applicable(otherwise.clone()),
        || {
            Finding::indeterminate(Text::new(
                "of de voorwaarde vervuld is, beslissen de feiten niet",
                "the facts do not decide whether the condition is met",
            ))
        },
    )
}

// --- RECONCILE -------------------------------------------------------------------------------------------------------

/// Two accounts of one thing agree.
pub fn reconcile<T: PartialEq + std::fmt::Display>(what: &Text, told: &T, found: &T) -> Finding {
    let Text { nl, en } = what;
    if told == found {
        Finding::pass(say!("{nl}: {told}, dat klopt", "{en}: {told}, which agrees"))
    } else {
        Finding::fail(say!("{nl}: opgegeven is {told}, gevonden {found}", "{en}: told is {told}, found {found}"))
    }
}

// --- CADENCE ---------------------------------------------------------------------------------------------------------

/// Something happens at least once in each period. A period without one is a failure. A verdict is about the period that ended last:
/// older gaps are stretches of time with a verdict of their own, which nothing later can mend.
pub fn cadence(what: &Text, periods: impl IntoIterator<Item = (Text, Vec<Evidence>)>) -> Finding {
    let Text { nl, en } = what;
    let findings = periods.into_iter().map(|(period, events)| {
        let Text { nl: period_nl, en: period_en } = period;
        if events.is_empty() {
            Finding::fail(say!("{nl}: niet in {period_nl}", "{en}: not in {period_en}"))
        } else {
            Finding::pass(say!("{nl}: in {period_nl}", "{en}: in {period_en}")).by_all(events)
        }
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(say!("{nl}: nog geen afgesloten periode", "{en}: no period has ended yet"))
    })
}

/// Returns the last calendar year in Europe/Amsterdam that ended by the moment, if it lies wholly after a date: of a year that had begun
/// before, nobody can say that a yearly duty was left undone.
pub fn last_closed_year(inquiry: &Inquiry<'_>, from: &PartialDate) -> Option<(i32, Interval)> {
    let year = year_of(inquiry.moment.valid);
    inquiry.reached(Interval::of_year(year)?.to);
    let closed = year.checked_sub(1)?;
    let interval = Interval::of_year(closed)?;
    (from.earliest() <= interval.from).then_some((closed, interval))
}

/// Where neither law nor house sets a limit, what was done within so long was done without undue delay: within a month data subjects
/// are answered (GDPR Art. 12(3)).
pub const UNDUE: Term = Term::months(1);

/// What is not done within so long is unduly delayed by any measure: the longest that the Regulation lets people wait for anything
/// (GDPR Art. 12(3), with its extension).
pub const UNDUE_BY_ANY_MEASURE: Term = Term::months(3);

/// What the law wants without undue delay. Not done, it is something to attend to, with the day since when; done late, it is judged
/// as not done in time was. What is late the house term says; where there is none, [`UNDUE`]. It fails after
/// [`UNDUE_BY_ANY_MEASURE`]; a limit that the law itself sets is another [`deadline`] beside it.
pub fn promptly(inquiry: &Inquiry<'_>, due: &Due<'_>) -> Finding {
    let Text { nl, en } = due.what;
    let (from, last) = (due.from.date, due.calendar.count(&UNDUE_BY_ANY_MEASURE, &due.from.date).limit);
    let done = due.done.filter(|done| inquiry.happened(&done.date) != Ternary::False);
    let met = done.map_or_else(|| inquiry.passed(&last).not(), |done| last.met_by(&done.date));
    let finding = within_reason(inquiry, due);
    if met != Ternary::False {
        return finding;
    }
    let text = say!(
        "{nl}: meer dan drie maanden na {from} niet gedaan; dat is naar iedere maatstaf onredelijk vertraagd",
        "{en}: not done more than three months after {from}; that is undue delay by any measure"
    );
    Finding::fail(text).by(due.from.fact).and(finding)
}

fn within_reason(inquiry: &Inquiry<'_>, due: &Due<'_>) -> Finding {
    if count(due).is_some() {
        return without_undue_delay(deadline(inquiry, due));
    }
    let Text { nl, en } = due.what;
    let from = due.from.date;
    match due.done.filter(|done| inquiry.happened(&done.date) != Ternary::False) {
        Some(done) => {
            let (limit, date) = (due.calendar.count(&UNDUE, &from).limit, done.date);
            let done_on = say!("{nl}: gedaan op {date}", "{en}: done on {date}");
            let finding = decide(
                limit.met_by(&date),
                || Finding::pass(done_on.clone()),
                || {
                    Finding::warn(say!(
                        "{nl}: pas gedaan op {date}, meer dan een maand na {from}",
                        "{en}: done only on {date}, more than a month after {from}"
                    ))
                },
                || Finding::indeterminate(done_on.clone()),
            );
            finding.by(done.fact)
        }
        None => Finding::warn(say!(
            "{nl}: nog niet gedaan sinds {from}, en geen huistermijn zegt wanneer het moet",
            "{en}: not done yet since {from}, and no house term says by when"
        )),
    }
    .by(due.from.fact)
}
