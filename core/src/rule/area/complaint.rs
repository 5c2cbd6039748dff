//! Queries, complaints and weak points in security (GDPR Art. 24, 32(1)(d); policy 6.9): taken in, documented, passed on, escalated
//! and reported.

use crate::family::annual_report::{AnnualReport, ReportStatus};
use crate::family::case::{
    Addressee, Case, CaseStatus, Escalated, Escalation, Impact, ReportChannel, ReporterCategory,
};
use crate::family::dossier::Dated;
use crate::family::erasure::{Erasure, ErasureGround};
use crate::family::security_weakness::{Escalated as WeaknessEscalated, SecurityWeakness, SecurityWeaknessStatus};
use crate::ledger::name::Code;
use crate::rule::breach::{counted, figure_is_reported};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, HOUSE, POLICY, Parameter};
use crate::rule::template::{Due, Event, complete, deadline};
use crate::rule::text::{Text, words};
use crate::rule::verdict::Finding;
use crate::time::{Calendar, Term};

pub(in crate::rule) const AREA: Area = Area {
    name: words("klachten en zwakke plekken", "complaints and weak points"),
    rules: &[
        Rule {
            id: "CMP-01",
            title: words("Ieder kan vragen en klagen", "Anyone can ask and complain"),
            explanation: words(
                "Van elke vraag of klacht is een dossier aangelegd waarin staat als wat iemand zich meldt.",
                "For each query or complaint a file is opened that says as what somebody asks.",
            ),
            sources: &["P18 6.9.1", "GDPR 12(2)", "GDPR 24"],
            checks: &[check!(Case, Policy, Accountability, POLICY, [Complete], submitter_is_recorded)],
        },
        Rule {
            id: "CMP-02",
            title: words("Wat ertoe doet, is gedocumenteerd", "What matters is documented"),
            explanation: words(
                "Van een vraag of klacht met aanzienlijke of ernstige impact is vastgelegd waarover zij gaat, wat is gezegd, wat is geantwoord en hoe zij is geëindigd. Bij mogelijke impact is wat ontbreekt een aandachtspunt.",
                "Of a query or complaint with significant or serious impact it is recorded what it is about, what was said, what was answered and how it ended. Where the impact is only potential, what is missing is something to attend to.",
            ),
            sources: &["P18 6.9.1", "GDPR 5(2)"],
            checks: &[check!(Case, Policy, Accountability, POLICY, [Complete], case_is_documented)],
        },
        Rule {
            id: "CMP-03",
            title: words("Zwakke plekken worden gemeld en bewaard", "Weak points are reported and kept"),
            explanation: words(
                "Elke zwakke plek is bij de servicedesk gemeld en beschreven, en de melding is niet gewist voordat haar bewaartermijn voorbij was. Elke melding is een dossier, dus het aantal meldingen is het aantal dossiers.",
                "Each weak point is reported to the service desk and described, and the report was not erased before its retention ended. Each report is a stream of its own, so the number of reports is the number of streams.",
            ),
            sources: &["P18 6.9.2", "GDPR 32(1)(d)"],
            checks: &[check!(
                SecurityWeakness,
                Policy,
                Accountability,
                POLICY,
                [NoEventAfter, Reconcile, Complete],
                weakness_is_kept
            )],
        },
        Rule {
            id: "CMP-04",
            title: words("Doorgestuurd en snel afgehandeld", "Passed on and handled fast"),
            explanation: words(
                "Een vraag, klacht of zwakke plek is binnen de huistermijn doorgestuurd of afgehandeld, en opgelost binnen de termijn van haar klasse.",
                "A query, complaint or weak point is passed on or settled within the house term, and resolved within the term of its class.",
            ),
            sources: &["P18 6.9.3", "GDPR 24", "GDPR 32"],
            checks: &[
                check!(Case, Policy, Accountability, Applies::Adopted(HOUSE), [Deadline], case_is_handled),
                check!(
                    SecurityWeakness,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline],
                    weakness_is_handled
                ),
            ],
        },
        Rule {
            id: "CMP-05",
            title: words("Ernstig risico wordt geëscaleerd", "Serious risk is escalated"),
            explanation: words(
                "Is de impact ernstig, dan zijn college van bestuur, FG en juridische zaken binnen de huistermijn ingelicht.",
                "Where the impact is serious, the Board, the DPO and Legal Affairs are told within the house term.",
            ),
            sources: &["P18 6.9.3", "GDPR 24"],
            checks: &[
                check!(Case, Policy, Accountability, Applies::Adopted(HOUSE), [Deadline], case_is_escalated),
                check!(
                    SecurityWeakness,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline],
                    weakness_is_escalated
                ),
            ],
        },
        Rule {
            id: "CMP-06",
            title: words(
                "Klachten en zwakke plekken staan in het jaarverslag",
                "Complaints and weak points are in the annual report",
            ),
            explanation: words(
                "Elk jaarverslag, van het college van bestuur en van de FG, noemt het aantal klachten of vragen en het aantal zwakke plekken; wat is opgesteld, wat is aangeboden en wat de eenheden aanleverden, klopt met elkaar. Het is niet minder dan het grootboek er van dat jaar telt; meer vraagt aandacht, omdat het grootboek dan onvolledig is.",
                "Each annual report, of the Board and of the DPO, states the number of complaints or queries and of weak points; what was compiled, what was presented and what units contributed agree. It is not less than the ledger counts of that year; more asks for attention, because the ledger is then incomplete.",
            ),
            sources: &["P18 6.9.4", "GDPR 24"],
            checks: &[check!(AnnualReport, Policy, Accountability, POLICY, [Reconcile, Complete], cases_are_reported)],
        },
    ],
};

/// How a case came in: the fact, and as what somebody asks.
struct Received {
    event: Event,
    category: Option<ReporterCategory>,
    described: bool,
}

/// What was received, oldest first: a query may turn out to be a complaint, and a complaint may go to the authority.
fn received(case: Seen<'_, Case>) -> Vec<Received> {
    let state = case.state;
    // The objection or request to which it belongs holds what was said.
    let elsewhere = state.objection.is_some();
    let query = state.query_received.iter().map(|query| Received {
        event: Event::from(query),
        category: query.fact.submitter_category,
        described: elsewhere || query.fact.text.is_some(),
    });
    let complaint = state.complaint_received.iter().map(|complaint| Received {
        event: Event::from(complaint),
        category: complaint.fact.submitter_category,
        described: elsewhere || complaint.fact.text.is_some() || complaint.fact.request.is_some(),
    });
    let supervisory = state.supervisory_complaint_received.iter().map(|complaint| Received {
        event: Event::from(complaint),
        category: complaint.fact.submitter_category,
        described: elsewhere || complaint.fact.text.is_some(),
    });
    let mut all: Vec<Received> = query.chain(complaint).chain(supervisory).collect();
    all.sort_by_key(|received| received.event.date.earliest());
    all
}

fn first(events: impl Iterator<Item = Event>) -> Option<Event> {
    events.min_by_key(|event| event.date.earliest())
}

/// A house or class term, counted from a fact.
fn within(inquiry: &Inquiry<'_>, what: Text, from: Event, done: Option<Event>, term: Option<&Parameter>) -> Finding {
    deadline(inquiry, &Due { what: &what, from, done, term, calendar: Calendar::Strict })
}

/// The term that was set for a class when it was triaged.
fn class_term(class: Option<&Code>, term: Option<Term>) -> Option<Parameter> {
    let name = class.cloned().or_else(|| "class".parse().ok())?;
    Some(Parameter { name, term: Some(term?), calendar: None, number: None, values: Vec::new() })
}

// --- CMP-01 ----------------------------------------------------------------------------------------------------------

fn submitter_is_recorded<'w>(_inquiry: &Inquiry<'w>, case: Seen<'w, Case>) -> Finding {
    let findings = received(case).into_iter().map(|received| {
        let what = Text::new("dossier van de vraag of klacht", "file of the query or complaint");
        let part = (Text::new("categorie indiener", "category of the submitter"), received.category.is_some());
        complete(&what, [part]).by(received.event.fact)
    });
    Finding::all(findings, || Finding::not_applicable(words("er is niets ontvangen", "nothing was received")))
}

// --- CMP-02 ----------------------------------------------------------------------------------------------------------

fn case_is_documented<'w>(_inquiry: &Inquiry<'w>, case: Seen<'w, Case>) -> Finding {
    let state = case.state;
    let ended = matches!(state.status, CaseStatus::Answered | CaseStatus::Closed);
    let finding = match state.impact {
        None if ended => {
            return Finding::warn(words(
                "de zaak is afgedaan zonder dat de impact is ingeschat",
                "the case was settled without its impact having been judged",
            ))
            .by_all(&state.answered)
            .by_all(&state.closed);
        }
        None => {
            return Finding::not_applicable(words("de impact is nog niet ingeschat", "the impact is not judged yet"));
        }
        Some(Impact::None) => return Finding::not_applicable(words("de impact is gering", "the impact is small")),
        Some(Impact::Potential) => documentation(case).at_most_warn(),
        Some(Impact::Significant | Impact::Serious) => documentation(case),
    };
    finding.by_all(state.impact_triaged.last())
}

/// What a file holds by the stage that it has reached.
fn documentation(case: Seen<'_, Case>) -> Finding {
    let state = case.state;
    let received = received(case);
    let said = received.iter().any(|received| received.described);
    let closed = state.closed.as_ref();
    let answered = !state.answered.is_empty();
    let answer = state.answered.iter().any(|answer| {
        answer.fact.outcome.is_some()
            && (answer.fact.answer.is_some() || answer.fact.evidence.is_some() || !answer.fact.measures.is_empty())
    });
    let ending = closed
        .is_none_or(|closed| closed.fact.reason.is_some() || (answered && (closed.fact.outcome.is_some() || answer)));
    let parts = [
        (Text::new("waarover het gaat", "what it is about"), state.category.is_some()),
        (Text::new("wat is gezegd", "what was said"), said),
        (Text::new("uitkomst en antwoord", "outcome and answer"), answer || !answered),
        (Text::new("waarom het is gesloten", "why it was closed"), ending),
    ];
    complete(&Text::new("documentatie van de zaak", "documentation of the case"), parts)
        .by_all(received.iter().map(|received| received.event.fact))
        .by_all(&state.answered)
        .by_all(closed)
}

// --- CMP-03 ----------------------------------------------------------------------------------------------------------

fn weakness_is_kept<'w>(inquiry: &Inquiry<'w>, weakness: Seen<'w, SecurityWeakness>) -> Finding {
    let Some(report) = &weakness.state.reported else {
        return Finding::fail(words(
            "de zwakke plek is behandeld, maar de melding zelf is niet vastgelegd",
            "the weak point was handled, but the report itself is not recorded",
        ));
    };
    let fact = &report.fact;
    let parts = [
        (Text::new("wat er zwak is", "what is weak"), fact.weakness.is_some() || fact.kind.is_some()),
        (Text::new("systeem of account", "system or account"), fact.system.is_some() || fact.account.is_some()),
        (Text::new("categorie melder", "category of the reporter"), fact.reporter_category.is_some()),
        (Text::new("kanaal", "channel"), fact.channel.is_some()),
    ];
    let reported = complete(&Text::new("melding", "report"), parts).by(report);
    let staff = fact.reporter_category == Some(ReporterCategory::Employee);
    let desk = match fact.channel {
        Some(channel) if staff && channel != ReportChannel::ServiceDesk => Finding::warn(words(
            "de medewerker meldde niet rechtstreeks bij de servicedesk",
            "the member of staff did not report directly to the service desk",
        ))
        .by(report),
        _ => Finding::not_applicable(words("rechtstreeks gemeld", "reported directly")),
    };
    reported.and(desk).and(report_is_not_erased(inquiry, weakness))
}

/// What is erased of a report before its retention ends is no longer kept; a single value may have stood where it should not.
fn report_is_not_erased<'w>(inquiry: &Inquiry<'w>, weakness: Seen<'w, SecurityWeakness>) -> Finding {
    let report = weakness.state.reported.as_ref().map(|report| report.sequence);
    let erasures = inquiry.related::<Erasure>("subject", weakness.stream);
    let findings = erasures
        .into_iter()
        .filter(|erasure| erasure.state.ground != Some(ErasureGround::RetentionEnded))
        .map(|erasure| {
            let detached = erasure.state.payload_detached.as_ref();
            let whole = detached.is_none_or(|one| Some(one.fact.sequence) == report && one.fact.digests.is_empty());
            let finding = if whole {
                Finding::fail(words(
                    "de melding is gewist voordat haar bewaartermijn voorbij was",
                    "the report was erased before its retention ended",
                ))
            } else {
                Finding::warn(words("losse waarden van de zaak zijn gewist", "single values of the case were erased"))
            };
            finding.by_all(detached).by_all(&erasure.state.subject_data_erased)
        });
    Finding::all(findings.collect::<Vec<_>>(), || Finding::pass(words("de melding is bewaard", "the report is kept")))
}

// --- CMP-04 ----------------------------------------------------------------------------------------------------------

fn forwarding() -> Text {
    Text::new("doorsturen naar de verantwoordelijke", "passing it to whom it concerns")
}

fn resolving() -> Text {
    Text::new("oplossen binnen de termijn van de klasse", "resolving within the term of the class")
}

fn case_is_handled<'w>(inquiry: &Inquiry<'w>, case: Seen<'w, Case>) -> Finding {
    let state = case.state;
    let Some(received) = received(case).into_iter().next() else {
        return Finding::not_applicable(words("er is niets ontvangen", "nothing was received"));
    };
    let settled = || state.answered.iter().map(Event::from).chain(state.closed.iter().map(Event::from));
    // Who settles it at once need not pass it on.
    let forwarded = first(state.forwarded.iter().map(Event::from).chain(settled()));
    let passed_on = within(inquiry, forwarding(), received.event, forwarded, inquiry.house("forward").as_ref());
    let triaged = state.impact_triaged.iter().rfind(|triaged| triaged.fact.term.is_some());
    let term = triaged.and_then(|triaged| class_term(triaged.fact.class.as_ref(), triaged.fact.term));
    passed_on.and(within(inquiry, resolving(), received.event, first(settled()), term.as_ref()))
}

fn weakness_is_handled<'w>(inquiry: &Inquiry<'w>, weakness: Seen<'w, SecurityWeakness>) -> Finding {
    let state = weakness.state;
    let Some(reported) = &state.reported else {
        return Finding::not_applicable(words("de melding is niet vastgelegd", "the report is not recorded"));
    };
    let from = Event::from(reported);
    let settled = || state.resolved.iter().map(Event::from).chain(state.risk_accepted.iter().map(Event::from));
    let forwarded = first(state.forwarded.iter().map(Event::from).chain(settled()));
    let passed_on = within(inquiry, forwarding(), from, forwarded, inquiry.house("forward").as_ref());
    let triaged = state.triaged.iter().rfind(|triaged| triaged.fact.term.is_some());
    let term = triaged.and_then(|triaged| class_term(triaged.fact.class.as_ref(), triaged.fact.term));
    let resolved = within(inquiry, resolving(), from, first(settled()), term.as_ref());
    passed_on.and(resolved).and(acceptance_stands(inquiry, weakness))
}

/// Who accepts a risk for a time must look again when that is over.
fn acceptance_stands<'w>(inquiry: &Inquiry<'w>, weakness: Seen<'w, SecurityWeakness>) -> Finding {
    let state = weakness.state;
    let accepted = state.risk_accepted.last().filter(|_| state.status == SecurityWeaknessStatus::RiskAccepted);
    let nothing =
        || Finding::not_applicable(words("er is geen risico voor een tijd aanvaard", "no risk is accepted for a time"));
    let Some((accepted, until)) = accepted.and_then(|accepted| Some((accepted, accepted.fact.until?))) else {
        return nothing();
    };
    crate::rule::template::decide(
        inquiry.within(None, Some(&until)),
        || Finding::pass(words("het risico is aanvaard", "the risk is accepted")),
        || {
            Finding::fail(words(
                "de tijd waarvoor het risico was aanvaard, is voorbij en de zwakke plek is niet opgelost",
                "the time for which the risk was accepted is over and the weak point is not resolved",
            ))
        },
        || {
            Finding::indeterminate(words(
                "de datum beslist niet of het risico nog is aanvaard",
                "the date does not decide whether the risk is still accepted",
            ))
        },
    )
    .by(accepted)
}

// --- CMP-05 ----------------------------------------------------------------------------------------------------------

fn case_is_escalated<'w>(inquiry: &Inquiry<'w>, case: Seen<'w, Case>) -> Finding {
    let state = case.state;
    let serious = state.impact_triaged.iter().find(|triaged| triaged.fact.impact == Impact::Serious).map(Event::from);
    let told = |to: Escalation| {
        let escalated = state.escalated.iter().filter(move |one: &&Dated<Escalated>| one.fact.addressees.contains(&to));
        // A complaint to the officer or the Board has told them by itself.
        let addressed = state.complaint_received.iter().filter(move |complaint| {
            matches!(
                (complaint.fact.addressee, to),
                (Some(Addressee::Dpo), Escalation::Dpo) | (Some(Addressee::Board), Escalation::Board)
            )
        });
        first(escalated.map(Event::from).chain(addressed.map(Event::from)))
    };
    escalation(inquiry, serious, told)
}

fn weakness_is_escalated<'w>(inquiry: &Inquiry<'w>, weakness: Seen<'w, SecurityWeakness>) -> Finding {
    let state = weakness.state;
    let serious = state.triaged.iter().find(|triaged| triaged.fact.impact == Impact::Serious).map(Event::from);
    let told = |to: Escalation| {
        let escalated =
            state.escalated.iter().filter(move |one: &&Dated<WeaknessEscalated>| one.fact.addressees.contains(&to));
        first(escalated.map(Event::from))
    };
    escalation(inquiry, serious, told)
}

/// Each of the three is told within the term, counted from when it was judged to be serious.
fn escalation(inquiry: &Inquiry<'_>, serious: Option<Event>, told: impl Fn(Escalation) -> Option<Event>) -> Finding {
    let Some(serious) = serious else {
        return Finding::not_applicable(words("er is geen ernstig gevaar vastgesteld", "no serious risk was found"));
    };
    let term = inquiry.house("escalation");
    let three = [
        (Escalation::Board, Text::new("college van bestuur inlichten", "telling the Board")),
        (Escalation::Dpo, Text::new("FG inlichten", "telling the DPO")),
        (Escalation::Legal, Text::new("juridische zaken inlichten", "telling Legal Affairs")),
    ];
    let findings = three.into_iter().map(|(to, what)| within(inquiry, what, serious, told(to), term.as_ref()));
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words("niemand in te lichten", "nobody to tell"))
    })
}

// --- CMP-06 ----------------------------------------------------------------------------------------------------------

fn cases_are_reported<'w>(inquiry: &Inquiry<'w>, report: Seen<'w, AnnualReport>) -> Finding {
    if report.status == ReportStatus::Gathering {
        return Finding::not_applicable(words(
            "het jaarverslag is nog niet opgesteld",
            "the report is not compiled yet",
        ));
    }
    let cases = Text::new(
        "aantal klachten of vragen in het jaarverslag",
        "number of complaints or queries in the annual report",
    );
    let weak = Text::new("aantal zwakke plekken in het jaarverslag", "number of weak points in the annual report");
    let complaints = figure_is_reported(
        report,
        &cases,
        &["complaints", "klachten", "complaints_received"],
        counted::<Case>(inquiry, report, "complaintYear"),
    );
    let queries = figure_is_reported(
        report,
        &cases,
        &["queries", "vragen", "queries_received"],
        counted::<Case>(inquiry, report, "queryYear"),
    );
    let cases = Finding::any([complaints, queries], || Finding::fail(cases.clone()));
    // A year without weak points may go unmentioned.
    let found = counted::<SecurityWeakness>(inquiry, report, "reportedYear");
    let told = figure_is_reported(report, &weak, &["weaknesses", "zwakkePlekken", "weaknesses_reported"], found);
    let weak = if found == Some(0) { told.at_most_warn() } else { told };
    cases.and(weak)
}

#[cfg(test)]
mod tests;
