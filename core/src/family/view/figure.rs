//! Figures: what an institution counts of a year, such as the requests that were answered within one month.
//!
//! A figure is data: a code, its names, the events that it counts and how. What counts is computed stream by stream from its
//! known facts, so a figure says at every moment of both times how often it was so, and which facts stand behind it. A fact
//! belongs to the year in which it took effect, in Europe/Amsterdam; one that is replaced or taken back does not count.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::family::describe::Language;
use crate::family::kit::{Fact, standing};
use crate::ledger::name::Sequence;
use crate::time::{Instant, Interval, PartialDate, Term};

/// From when on a fact counts as recorded late: so long after the end of the date from which it holds.
pub const LATE_AFTER: Term = Term::days(7);
/// The unit under which everything is counted, whatever the unit.
pub const EVERY_UNIT: &str = "";

/// What is counted of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its code in the API, as `REQUESTS_RECEIVED`.
    pub code: &'static str,
    /// What people call it in Dutch.
    pub nl: &'static str,
    /// What people call it in English.
    pub en: &'static str,
    /// The family whose facts it counts; `None`: all.
    pub family: Option<&'static str>,
    /// The event that it counts, without its family; empty: all.
    pub event: &'static str,
    /// Which of these facts count.
    pub how: How,
    /// Whether the states of the family name the unit they are of, so that it can be counted for each.
    pub by_unit: bool,
}

/// Which facts of a stream count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Each of them.
    Each,
    /// The first of a stream.
    First,
    /// The first of a stream, if it surely came within a term after the first fact of another event.
    Within {
        /// The event from which the term runs.
        since: &'static str,
        /// The term.
        term: Term,
    },
    /// The first of a stream, for as long as none of other events follows.
    Awaiting {
        /// These events.
        events: &'static [&'static str],
    },
    /// The newest of a stream, if it says so, for as long as it is the newest.
    Newest {
        /// The member that says it.
        member: &'static str,
        /// What it says.
        says: bool,
    },
    /// Those that were recorded later than a term after the end of the date from which they hold.
    Late {
        /// The term, of a fixed length.
        after: Term,
    },
}

impl Figure {
    /// Returns what people call it.
    pub fn label(&self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.nl,
            Language::En => self.en,
        }
    }

    /// Says which facts count.
    pub fn method(&self, language: Language) -> String {
        match language {
            Language::Nl => self.how.in_dutch(),
            Language::En => self.how.in_english(),
        }
    }
}

impl How {
    fn in_dutch(self) -> String {
        match self {
            Self::Each => "elk feit dat in het jaar inging".to_owned(),
            Self::First => "van elk dossier het eerste feit, als het in het jaar inging".to_owned(),
            Self::Within { since, term } => {
                format!(
                    "van elk dossier het eerste feit, als het in het jaar inging en zeker binnen {term} na `{since}` viel"
                )
            }
            Self::Awaiting { events } => {
                format!(
                    "van elk dossier het eerste feit, als het in het jaar inging en nog geen {} volgde",
                    listed(events, "of")
                )
            }
            Self::Newest { member, says } => {
                let says = if says { "ja" } else { "nee" };
                format!("van elk dossier het nieuwste feit, als het in het jaar inging en `{member}` {says} zegt")
            }
            Self::Late { after } => {
                format!(
                    "elk feit dat in het jaar inging en meer dan {after} na het einde van zijn ingangsdatum is vastgelegd"
                )
            }
        }
    }

    fn in_english(self) -> String {
        match self {
            Self::Each => "every fact that took effect in the year".to_owned(),
            Self::First => "of each stream the first fact, if it took effect in the year".to_owned(),
            Self::Within { since, term } => format!(
                "of each stream the first fact, if it took effect in the year and surely came within {term} after `{since}`"
            ),
            Self::Awaiting { events } => format!(
                "of each stream the first fact, if it took effect in the year and no {} followed yet",
                listed(events, "or")
            ),
            Self::Newest { member, says } => {
                let says = if says { "yes" } else { "no" };
                format!("of each stream the newest fact, if it took effect in the year and `{member}` says {says}")
            }
            Self::Late { after } => format!(
                "every fact that took effect in the year and was recorded more than {after} after the end of its effective date"
            ),
        }
    }
}

fn listed(events: &[&str], or: &str) -> String {
    let quoted: Vec<String> = events.iter().map(|event| format!("`{event}`")).collect();
    quoted.join(&format!(" {or} "))
}

const fn counts(
    code: &'static str,
    family: &'static str,
    event: &'static str,
    en: &'static str,
    nl: &'static str,
) -> Figure {
    Figure { code, nl, en, family: Some(family), event, how: How::First, by_unit: true }
}

impl Figure {
    const fn each(self) -> Self {
        Self { how: How::Each, ..self }
    }

    const fn within(self, term: Term, since: &'static str) -> Self {
        Self { how: How::Within { since, term }, ..self }
    }

    const fn awaiting(self, events: &'static [&'static str]) -> Self {
        Self { how: How::Awaiting { events }, ..self }
    }

    const fn newest(self, member: &'static str, says: bool) -> Self {
        Self { how: How::Newest { member, says }, ..self }
    }

    const fn of_no_unit(self) -> Self {
        Self { by_unit: false, ..self }
    }
}

const REQUEST: &str = "dataSubjectRequest";
const BREACH: &str = "breach";

/// All figures, in the order in which they are shown.
pub const FIGURES: &[Figure] = &[
    counts("REQUESTS_RECEIVED", REQUEST, "received", "requests received", "verzoeken ontvangen"),
    counts("REQUESTS_ANSWERED", REQUEST, "answered", "requests answered", "verzoeken beantwoord"),
    // Art. 12(3): the law's month. The policy's term is four weeks.
    counts(
        "REQUESTS_ANSWERED_WITHIN_ONE_MONTH",
        REQUEST,
        "answered",
        "requests answered within one month",
        "verzoeken beantwoord binnen een maand",
    )
    .within(Term::months(1), "received"),
    counts(
        "REQUESTS_ANSWERED_WITHIN_28_DAYS",
        REQUEST,
        "answered",
        "requests answered within 28 days",
        "verzoeken beantwoord binnen 28 dagen",
    )
    .within(Term::days(28), "received"),
    counts("REQUESTS_OPEN", REQUEST, "received", "requests without an answer", "verzoeken zonder antwoord")
        .awaiting(&["answered", "refused"]),
    counts(
        "REQUESTS_EXTENDED",
        REQUEST,
        "extended",
        "requests whose term was extended",
        "verzoeken met verlengde termijn",
    ),
    counts("REQUESTS_REFUSED", REQUEST, "refused", "requests refused", "verzoeken geweigerd"),
    counts("OBJECTIONS_RECEIVED", "objection", "received", "objections received", "bezwaren ontvangen"),
    counts(
        "DIRECT_MARKETING_STOPPED",
        "objection",
        "directMarketingStopped",
        "objections after which direct marketing was stopped",
        "bezwaren waarna direct marketing is gestopt",
    ),
    counts(
        "DIRECT_MARKETING_STOPPED_WITHIN_24_HOURS",
        "objection",
        "directMarketingStopped",
        "objections after which direct marketing was stopped within 24 hours",
        "bezwaren waarna direct marketing binnen 24 uur is gestopt",
    )
    .within(Term::hours(24), "received"),
    counts("COMPLAINTS_RECEIVED", "case", "complaintReceived", "complaints received", "klachten ontvangen"),
    counts("QUERIES_RECEIVED", "case", "queryReceived", "queries received", "vragen ontvangen"),
    counts(
        "SUPERVISORY_COMPLAINTS_RECEIVED",
        "case",
        "supervisoryComplaintReceived",
        "complaints to the supervisory authority",
        "klachten bij de toezichthouder",
    ),
    counts("BREACHES_RECORDED", BREACH, "awarenessEstablished", "breaches recorded", "datalekken vastgelegd"),
    counts(
        "BREACHES_NOTIFIED",
        BREACH,
        "authorityNotified",
        "breaches notified to the authority",
        "datalekken gemeld bij de toezichthouder",
    ),
    // Art. 33(1).
    counts(
        "BREACHES_NOTIFIED_WITHIN_72_HOURS",
        BREACH,
        "authorityNotified",
        "breaches notified within 72 hours of awareness",
        "datalekken gemeld binnen 72 uur na kennisneming",
    )
    .within(Term::hours(72), "awarenessEstablished"),
    counts(
        "BREACHES_NOT_NOTIFIED",
        BREACH,
        "notificationDecided",
        "breaches of which it was decided not to notify the authority",
        "datalekken waarvan is besloten ze niet te melden",
    )
    .newest("authority", false),
    counts(
        "BREACHES_SUBJECTS_NOTIFIED",
        BREACH,
        "subjectsNotified",
        "breaches of which the data subjects were told",
        "datalekken medegedeeld aan betrokkenen",
    ),
    counts("INCIDENTS_REPORTED", BREACH, "incidentReported", "incidents reported", "incidenten gemeld"),
    counts(
        "WEAKNESSES_REPORTED",
        "securityWeakness",
        "reported",
        "security weaknesses reported",
        "zwakke plekken gemeld",
    ),
    counts("CONSENTS_GIVEN", "consent", "granted", "consents given", "toestemmingen gegeven"),
    counts(
        "CONSENTS_WITHDRAWN",
        "consent",
        "withdrawn",
        "consents withdrawn, wholly or in part",
        "toestemmingen geheel of deels ingetrokken",
    ),
    counts("CONSENTS_REFUSED", "consent", "refused", "consents refused", "toestemmingen geweigerd"),
    counts("DPIAS_COMPLETED", "dpia", "completed", "DPIAs completed", "DPIA's afgerond").each(),
    counts("DPIAS_APPROVED", "dpia", "approved", "DPIAs approved", "DPIA's goedgekeurd").each(),
    counts(
        "ASSESSMENTS_APPROVED",
        "legitimateInterestAssessment",
        "approved",
        "legitimate-interest assessments approved",
        "belangenafwegingen goedgekeurd",
    )
    .each()
    .of_no_unit(),
    counts(
        "AGREEMENTS_EXECUTED",
        "agreement",
        "executed",
        "processor agreements executed",
        "verwerkersovereenkomsten tot stand gekomen",
    )
    .each()
    .of_no_unit(),
    Figure {
        code: "FACTS_RECORDED_LATE",
        nl: "feiten te laat vastgelegd",
        en: "facts recorded late",
        family: None,
        event: "",
        how: How::Late { after: LATE_AFTER },
        by_unit: true,
    },
];

/// Events that may say themselves when they happened: the member with that date. Terms are counted from and to it.
const MOMENTS: &[(&str, &str, &str)] = &[
    (REQUEST, "received", "receivedAt"),
    (REQUEST, "answered", "answeredAt"),
    ("objection", "received", "receivedAt"),
    (BREACH, "awarenessEstablished", "at"),
    (BREACH, "authorityNotified", "at"),
];

/// A fact that counts in a figure, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// The fact.
    pub sequence: Sequence,
    /// The code of the figure.
    pub figure: &'static str,
    /// The unit; [`EVERY_UNIT`] once for each fact.
    pub unit: String,
    /// From when to when it counts: it belongs to the year of the start.
    pub effective: Interval,
}

/// Finds a figure by its code.
pub fn figure(code: &str) -> Option<&'static Figure> {
    FIGURES.iter().find(|figure| figure.code == code)
}

/// Lists which of the known facts of a stream count in which figures. `units` tells of which units the stream is at an instant.
pub fn counted(family: &str, known: &[&Fact], units: &dyn Fn(Instant) -> Vec<String>) -> BTreeSet<Counted> {
    let facts = standing(known);
    let mut counted = BTreeSet::new();
    for figure in FIGURES.iter().filter(|figure| figure.family.is_none_or(|of| of == family)) {
        let mut count = |fact: &Fact, to: Instant| {
            let effective = Interval { from: fact.recorded.effective.earliest(), to };
            if effective.from >= effective.to {
                return;
            }
            let units = if figure.by_unit { units(effective.from) } else { Vec::new() };
            counted.extend(std::iter::once(EVERY_UNIT.to_owned()).chain(units).map(|unit| Counted {
                figure: figure.code,
                unit,
                sequence: fact.recorded.sequence,
                effective,
            }));
        };
        figure.select(family, &facts, &mut count);
    }
    counted
}

impl Figure {
    /// Hands over the facts that count, each with until when it does, out of all that stand, in the order of the fold.
    fn select(&self, family: &str, facts: &[&Fact], count: &mut dyn FnMut(&Fact, Instant)) {
        let first = |event: &str| facts.iter().find(|fact| fact.fact == event).copied();
        match self.how {
            How::Each => {
                facts.iter().filter(|fact| fact.fact == self.event).for_each(|fact| count(fact, Instant::MAX));
            }
            How::First => first(self.event).into_iter().for_each(|fact| count(fact, Instant::MAX)),
            How::Within { since, term } => {
                let (Some(fact), Some(since)) = (first(self.event), first(since)) else { return };
                if moment(family, fact).latest() <= term.end(&moment(family, since)) {
                    count(fact, Instant::MAX);
                }
            }
            How::Awaiting { events } => {
                let end = facts.iter().find(|fact| events.contains(&fact.fact.as_str()));
                let end = end.map_or(Instant::MAX, |fact| fact.recorded.effective.earliest());
                first(self.event).into_iter().for_each(|fact| count(fact, end));
            }
            How::Newest { member, says } => {
                let mut to = Instant::MAX;
                for fact in facts.iter().rev().filter(|fact| fact.fact == self.event) {
                    if fact.data.get(member) == Some(&Value::Bool(says)) {
                        count(fact, to);
                    }
                    to = fact.recorded.effective.earliest();
                }
            }
            How::Late { after } => {
                let late = |fact: &&&Fact| after.microseconds().is_some_and(|after| lateness(fact) > after);
                facts.iter().filter(late).for_each(|fact| count(fact, Instant::MAX));
            }
        }
    }
}

/// When a fact happened, by its own words or else by its effective date.
fn moment(family: &str, fact: &Fact) -> PartialDate {
    let member = MOMENTS.iter().find(|(of, event, _)| *of == family && *event == fact.fact);
    let said = member.and_then(|(_, _, member)| fact.data.get(member)?.as_str()?.parse().ok());
    said.unwrap_or(fact.recorded.effective)
}

/// Tells how many microseconds after the end of its effective date a fact was recorded; negative: before it.
pub fn lateness(fact: &Fact) -> i64 {
    fact.recorded.recorded.microseconds().saturating_sub(fact.recorded.effective.latest().microseconds())
}
