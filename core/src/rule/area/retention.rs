//! Retention (GDPR Art. 5(1)(e), 30(1)(f), 89): that each category of data has a term, and that data go when it is over.

use std::collections::BTreeSet;

use crate::family::activity::{Activity, ActivityStatus};
use crate::family::agreement::Agreement;
use crate::family::dossier::Dated;
use crate::family::governance_instrument::InstrumentKind as Governance;
use crate::family::publication::Publication;
use crate::family::retention::{
    AnonymisationTestOutcome, LegalHoldPlaced, PeriodSet, PeriodSource, Retention, RetentionStatus,
};
use crate::ledger::name::Code;
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, HOUSE, POLICY};
use crate::rule::template::{Due, Event, complete, coverage, deadline, decide, promptly};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Evidence, Finding, Mark, Says};
use crate::time::{Calendar, PartialDate, Ternary, day_of};

pub(in crate::rule) const AREA: Area = Area {
    name: words("bewaring en vernietiging", "retention and destruction"),
    rules: &[
        Rule {
            id: "RET-01",
            title: words("Gegevens worden niet langer bewaard dan nodig", "Data are not kept longer than needed"),
            explanation: words(
                "Elke categorie gegevens van een actieve verwerking heeft een bewaartermijn, in het register of in een eigen dossier. Is de termijn voorbij en staat er geen vernietigingsstop, dan worden de gegevens gewist of geanonimiseerd; de wet kent geen uitstel, het beleid geeft een huistermijn. Voorbij is de termijn als dat is vastgelegd, en anders als zij is gerekend vanaf het einde van de verwerking of van de overeenkomst. Is dat begin niet bekend, dan is na verloop van de termijn niet vast te stellen of de gegevens er nog mogen zijn.",
                "Each category of data of an active activity has a retention term, in the register entry or in a case of its own. Once it is over and no legal hold stands, the data are erased or made anonymous; the law knows no delay, the policy gives a house term. The term is over when that is recorded, and else when it ends counted from the end of the processing or of the agreement. Where that beginning is not known, it cannot be told after the term whether the data may still be there.",
            ),
            sources: &["GDPR 5(1)(e)", "P18 2.1", "P18 6.5"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [Coverage], categories_have_terms),
                check!(Retention, Law, Lawfulness, GDPR, [Deadline], data_go_without_delay),
                check!(Retention, Policy, Accountability, Applies::Adopted(HOUSE), [Deadline], data_go_in_time),
            ],
        },
        Rule {
            id: "RET-02",
            title: words(
                "Eerst uit de actieve administratie, dan vernietigd of gearchiveerd",
                "Out of the active records, then destroyed or archived",
            ),
            explanation: words(
                "Na afloop van de termijn gaan gegevens binnen de ene huistermijn uit de actieve administratie en zijn zij binnen de andere vernietigd, geanonimiseerd of gearchiveerd, tenzij een vernietigingsstop staat. Onder zo'n stop wordt niets vernietigd.",
                "Once the term is over, data leave the active records within one house term and are destroyed, made anonymous or archived within another, unless a legal hold stands. Under a hold nothing is destroyed.",
            ),
            sources: &["P18 6.5", "GDPR 5(1)(e)", "GDPR 89"],
            checks: &[check!(
                Retention,
                Policy,
                Accountability,
                Applies::Adopted(HOUSE),
                [Deadline, NoEventAfter],
                data_leave_in_order,
            )],
        },
        Rule {
            id: "RET-03",
            title: words("De selectielijst is het uitgangspunt", "The selection list is the starting point"),
            explanation: words(
                "Een bewaartermijn noemt de versie en de categorie van de selectielijst. Is intussen een nieuwere lijst vastgesteld, dan is de verwijzing verouderd.",
                "A retention term names the version and the category of the selection list. Where a newer list was adopted since, the reference is stale.",
            ),
            sources: &["P18 6.5", "Archiefwet 1995 5", "GDPR 5(1)(e)"],
            checks: &[check!(Retention, Policy, Accountability, POLICY, [Complete], term_cites_the_list)],
        },
        Rule {
            id: "RET-04",
            title: words("De herkomst van een bewaartermijn is bekend", "The source of a term is known"),
            explanation: words(
                "Van elke bewaartermijn staat vast of zij uit de wet, van de instelling of uit een overeenkomst komt, met de vindplaats.",
                "Of each retention term it is recorded whether it comes from law, from the institution or from a contract, and where it stands.",
            ),
            sources: &["P18 fn 6", "GDPR 30(1)(f)"],
            checks: &[check!(Retention, Policy, Accountability, POLICY, [Complete], source_is_known)],
        },
        Rule {
            id: "RET-05",
            title: words("Wat verwijderd is, blijft vindbaar", "What is removed stays findable"),
            explanation: words(
                "Is een publicatie op verzoek van iemand verwijderd, dan is ook gevraagd haar uit zoekresultaten en archieven te halen.",
                "Where a publication was removed upon somebody's request, search engines and archives were asked as well.",
            ),
            sources: &["LU 'Understand your own responsibility'", "GDPR 17(2)"],
            checks: &[check!(Publication, Practice, Accountability, Applies::Practice, [Complete], delisting_is_asked)],
        },
    ],
};

// --- Where the data are ----------------------------------------------------------------------------------------------

/// What put an end to the keeping of data as personal data.
fn gone(retention: Seen<'_, Retention>) -> Option<Event> {
    let state = retention.state;
    let failed = |outcome: &Option<AnonymisationTestOutcome>| *outcome == Some(AnonymisationTestOutcome::Failed);
    let anonymous = state.anonymisations.iter().filter(|one| !failed(&one.fact.test_outcome));
    let ends = state.destructions.iter().map(Event::from);
    first(ends.chain(anonymous.map(Event::from)).chain(state.archivings.iter().map(Event::from)))
}

fn first(events: impl Iterator<Item = Event>) -> Option<Event> {
    events.min_by_key(|event| event.date.earliest())
}

/// Whether a legal hold stands; one with an end ends by itself.
fn is_held(inquiry: &Inquiry<'_>, retention: Seen<'_, Retention>) -> Ternary {
    let stands = |hold: &Dated<LegalHoldPlaced>| inquiry.within(None, hold.fact.until.as_ref());
    retention.state.open_holds.iter().map(stands).fold(Ternary::False, Ternary::or)
}

/// From when the data should go: since the period is over, or since the last hold that came between.
fn since(retention: Seen<'_, Retention>) -> Option<Event> {
    let state = retention.state;
    let reached = Event::new(state.reached?, state.periods_reached.last()?);
    let released = state.holds_released.iter().map(Event::from);
    let expired = state.open_holds.iter().filter_map(|hold| Some(Event::new(hold.fact.until?, hold)));
    std::iter::once(reached).chain(released).chain(expired).max_by_key(|event| event.date.earliest())
}

/// When what the data were for came to an end: the processing, or the agreement that sets the term.
fn end_of_use<'w>(inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>) -> Option<Event> {
    let state: &'w Retention = retention.state;
    let fact = &state.period.as_ref()?.fact;
    let activity = state.activity.as_ref().or(fact.activity.as_ref());
    let activity = activity.and_then(|stream| inquiry.state::<Activity>(stream));
    let ceased = activity.and_then(|activity| activity.state.cessation.as_ref()).map(Event::from);
    let agreement = fact.agreement.as_ref().and_then(|stream| inquiry.state::<Agreement>(stream));
    let terminated = agreement.and_then(|agreement| agreement.state.termination.as_ref()).map(Event::from);
    first(ceased.into_iter().chain(terminated))
}

/// When the term is over by count: from the end of use, after which nothing can begin it any more, unless it begins with something
/// in the life of each person.
fn counted_out<'w>(inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>) -> Option<Event> {
    let period = retention.state.period.as_ref()?;
    let begins = period.fact.starts_at.as_ref().map_or("", |code| code.as_str());
    let elsewhere = ["END_OF_STUDY", "END_OF_EMPLOYMENT", "GRADUATION", "DEATH"].contains(&begins);
    let from = end_of_use(inquiry, retention).filter(|_| !elsewhere)?;
    let limit = Calendar::Strict.count(&period.fact.term?, &from.date).limit;
    (inquiry.passed(&limit) == Ternary::True).then(|| Event { date: day_of(limit.latest), fact: from.fact })
}

/// A term of which nobody recorded that it is over, and that cannot be counted: it may be over once it could have run out.
fn may_be_over<'w>(inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>) -> Finding {
    let running = || {
        Finding::not_applicable(words(
            "de bewaartermijn kan nog niet voorbij zijn",
            "the retention term cannot be over yet",
        ))
    };
    let Some(period) = &retention.state.period else { return running() };
    let Some(term) = period.fact.term else { return running() };
    let from = end_of_use(inquiry, retention).map_or(period.from, |end| end.date);
    let over = inquiry.passed(&Calendar::Strict.count(&term, &from).limit);
    decide(over.not(), running, || unknown_end(period), || unknown_end(period))
}

fn unknown_end(period: &Dated<PeriodSet>) -> Finding {
    Finding::indeterminate(words(
        "wanneer de bewaartermijn begon en of zij voorbij is, is niet vastgelegd",
        "when the retention term began and whether it is over is not recorded",
    ))
    .by(period)
}

/// Judges data whose period is over; while it runs, and under a hold, nothing is asked.
fn overdue<'w>(
    inquiry: &Inquiry<'w>,
    retention: Seen<'w, Retention>,
    judge: impl FnOnce(Event, Option<Event>) -> Finding,
) -> Finding {
    let done = gone(retention);
    let Some(since) = since(retention).or_else(|| counted_out(inquiry, retention)) else {
        return match done {
            Some(done) => Finding::pass(words("de gegevens zijn weg", "the data are gone")).by(done.fact),
            None if retention.period.is_none() => {
                Finding::not_applicable(words("er is geen bewaartermijn bepaald", "no retention term is set"))
            }
            None => may_be_over(inquiry, retention),
        };
    };
    if done.is_some() {
        return judge(since, done);
    }
    let holds = &retention.state.open_holds;
    decide(
        is_held(inquiry, retention),
        || Finding::not_applicable(words("er staat een vernietigingsstop", "a legal hold stands")).by_all(holds),
        || judge(since, None),
        || {
            Finding::indeterminate(words(
                "of de vernietigingsstop nog staat, beslist de datum niet",
                "the date does not decide whether the legal hold still stands",
            ))
            .by_all(holds)
        },
    )
}

// --- RET-01 ----------------------------------------------------------------------------------------------------------

/// What a retention rule covers when it names no category.
const EVERYTHING: &str = "*";
/// The classes of evidence of an accountability ledger; a term for each of them covers whatever it holds.
pub(in crate::rule) const EVIDENCE_CLASSES: [&str; 6] = ["E1", "E2", "E3", "E4", "E5", "E6"];

fn categories_have_terms<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let state: &'w Activity = activity.state;
    let Some(version) = state.current.as_ref().filter(|_| state.status == ActivityStatus::Active) else {
        return Finding::not_applicable(words("de verwerking is niet actief", "the activity is not active"));
    };
    let entry = &version.entry;
    let mut needed: BTreeSet<String> = entry.data_categories.iter().map(|category| category.code.to_string()).collect();
    if needed.is_empty() {
        needed.insert(EVERYTHING.to_owned());
    }
    let of_entry = entry.retention.iter().map(|term| term.category.as_ref().map(Code::to_string));
    let mut covered: BTreeSet<String> =
        of_entry.map(|category| category.unwrap_or_else(|| EVERYTHING.to_owned())).collect();
    let cases = inquiry.related::<Retention>("activity", activity.stream);
    let set = cases.iter().filter(|case| says_how_long(case.state.period.as_ref()));
    let facts: Vec<Evidence> = set.clone().filter_map(|case| case.state.period.as_ref().map(Says::evidence)).collect();
    covered.extend(set.map(|case| case.state.category.as_ref().map_or_else(|| EVERYTHING.to_owned(), Code::to_string)));
    if covered.contains(EVERYTHING) || classes(&cases).len() == EVIDENCE_CLASSES.len() {
        covered.extend(needed.iter().cloned());
    }
    let what = Text::new("bewaartermijnen", "retention terms");
    if needed.contains(EVERYTHING) && covered.is_empty() {
        return Finding::fail(words("er is geen bewaartermijn vastgelegd", "no retention term is recorded"))
            .by(version.sequence);
    }
    // Of an entry without categories any term will do: which of them it leaves open nobody can say.
    let needed = if needed.contains(EVERYTHING) { BTreeSet::new() } else { needed };
    coverage(&what, &needed, &covered).by(version.sequence).by_all(facts)
}

/// A term, or the criteria by which it is found (Art. 13(2)(a)).
fn says_how_long(period: Option<&Dated<PeriodSet>>) -> bool {
    period.is_some_and(|period| {
        let fact = &period.fact;
        fact.term.is_some() || fact.starts_at.is_some() || fact.list_version.is_some() || fact.reference.is_some()
    })
}

/// The classes of evidence for which some cases set a term.
pub(in crate::rule) fn classes(cases: &[Seen<'_, Retention>]) -> BTreeSet<String> {
    let periods = cases.iter().filter_map(|case| case.state.period.as_ref());
    periods
        .filter(|period| says_how_long(Some(period)))
        .filter_map(|period| period.fact.evidence_class)
        .map(|class| crate::family::kit::key_text(&class))
        .collect()
}

fn due_to_go<T>(inquiry: &Inquiry<'_>, since: Event, done: Option<Event>, judge: impl FnOnce(&Due<'_>) -> T) -> T {
    let what = Text::new("vernietigen, anonimiseren of archiveren", "destroying, anonymising or archiving");
    let term = inquiry.house("retentionGrace");
    judge(&Due { what: &what, from: since, done, term: term.as_ref(), calendar: Calendar::Strict })
}

fn data_go_without_delay<'w>(inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>) -> Finding {
    let failed = retention
        .state
        .anonymisations
        .iter()
        .rfind(|one| one.fact.test_outcome == Some(AnonymisationTestOutcome::Failed));
    overdue(inquiry, retention, |since, done| {
        let counted = match done {
            Some(_) => due_to_go(inquiry, since, done, |due| promptly(inquiry, due)),
            // Art. 5(1)(e) knows no delay.
            None => Finding::fail(say!(
                "de bewaartermijn is voorbij sinds {}, en de gegevens zijn er nog",
                "the retention term is over since {}, and the data are still there",
                since.date
            ))
            .by(since.fact),
        };
        match failed.filter(|_| done.is_none()) {
            // They are kept as if they were anonymous, and are not.
            Some(failed) => Finding::fail(words(
                "de gegevens gelden als geanonimiseerd, maar de toets vond ze herleidbaar",
                "the data count as anonymous, but the test found somebody in them",
            ))
            .by(failed)
            .and(counted),
            None => counted,
        }
    })
}

fn data_go_in_time<'w>(inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>) -> Finding {
    overdue(inquiry, retention, |since, done| due_to_go(inquiry, since, done, |due| deadline(inquiry, due)))
}

// --- RET-02 ----------------------------------------------------------------------------------------------------------

fn data_leave_in_order<'w>(inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>) -> Finding {
    let timely = overdue(inquiry, retention, |since, done| {
        let removed = first(retention.state.removals.iter().map(Event::from).chain(done));
        let removal = Text::new("uit de actieve administratie halen", "taking them out of the active records");
        let end = Text::new("vernietigen of archiveren", "destroying or archiving");
        let (grace, destruction) = (inquiry.house("retentionGrace"), inquiry.house("destruction"));
        let due = |what, done, term| Due { what, from: since, done, term, calendar: Calendar::Strict };
        deadline(inquiry, &due(&removal, removed, grace.as_ref()))
            .and(deadline(inquiry, &due(&end, done, destruction.as_ref())))
    });
    timely.and(nothing_goes_under_a_hold(retention)).and(end_is_shown(retention))
}

/// What was destroyed or made anonymous while a hold stood.
fn nothing_goes_under_a_hold(retention: Seen<'_, Retention>) -> Finding {
    let state = retention.state;
    let ends = state.destructions.iter().map(Event::from).chain(state.anonymisations.iter().map(Event::from));
    let ends: Vec<Event> = ends.collect();
    let findings = ends.iter().flat_map(|end| state.holds_placed.iter().map(move |hold| (end, hold)));
    let findings = findings.filter_map(|(end, hold)| {
        let ended = hold_ends(state, hold);
        let over = ended.map_or(Ternary::False, |ended| ended.not_after(&end.date));
        match hold.from.not_after(&end.date).and(over.not()) {
            Ternary::False => None,
            Ternary::True => Some(Finding::fail(say!(
                "op {} vernietigd of geanonimiseerd terwijl er een vernietigingsstop stond",
                "destroyed or made anonymous on {} while a legal hold stood",
                end.date
            ))),
            Ternary::Unknown => Some(Finding::indeterminate(words(
                "de datums beslissen niet of er bij de vernietiging een vernietigingsstop stond",
                "the dates do not decide whether a legal hold stood at the destruction",
            ))),
        }
        .map(|finding| finding.by(end.fact).by(hold))
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words(
            "er is niets vernietigd onder een vernietigingsstop",
            "nothing was destroyed under a legal hold",
        ))
    })
}

/// When a hold ended: as it said itself, or with the first release that means it.
fn hold_ends(state: &Retention, hold: &Dated<LegalHoldPlaced>) -> Option<PartialDate> {
    let means = state
        .holds_released
        .iter()
        .filter(|release| release.fact.hold.is_none() || release.fact.hold == hold.fact.hold);
    let later = means.filter(|release| hold.from.not_after(&release.from) != Ternary::False);
    later.map(|release| release.from).chain(hold.fact.until).min_by_key(PartialDate::earliest)
}

/// A destruction has a certificate, an archiving a purpose of Art. 89; without them it is only declared.
fn end_is_shown(retention: Seen<'_, Retention>) -> Finding {
    let state = retention.state;
    let bare = state.destructions.iter().filter(|one| one.fact.certificate.is_none()).map(|one| {
        Finding::warn(words("van de vernietiging is geen verklaring", "there is no certificate of the destruction"))
            .by(one)
    });
    let aimless = state.archivings.iter().filter(|one| one.fact.purpose.is_none()).map(|one| {
        Finding::warn(words(
            "waartoe is gearchiveerd, is niet vastgelegd",
            "for what they are archived is not recorded",
        ))
        .by(one)
    });
    Finding::all(bare.chain(aimless).collect::<Vec<_>>(), || {
        Finding::not_applicable(words("er is niets te laten zien", "there is nothing to show"))
    })
}

// --- RET-03 ----------------------------------------------------------------------------------------------------------

fn term_cites_the_list<'w>(inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>) -> Finding {
    of_period(retention, |period| {
        let fact = &period.fact;
        let parts = [
            (Text::new("versie van de lijst", "version of the list"), fact.list_version.is_some()),
            (Text::new("categorie van de lijst", "category of the list"), fact.list_category.is_some()),
        ];
        let cited = complete(&Text::new("verwijzing naar de selectielijst", "reference to the selection list"), parts)
            .by(period);
        // A list is where the institution begins; a statute or a contract goes before it.
        let own = !matches!(fact.source, Some(PeriodSource::Statute | PeriodSource::Contract));
        let cited = if own { cited } else { cited.at_most_warn() };
        cited.and(list_is_current(inquiry, retention, fact))
    })
}

fn of_period<'w>(retention: Seen<'w, Retention>, judge: impl FnOnce(&'w Dated<PeriodSet>) -> Finding) -> Finding {
    let state: &'w Retention = retention.state;
    match &state.period {
        Some(period) => judge(period),
        None => Finding::not_applicable(words("er is geen bewaartermijn bepaald", "no retention term is set")),
    }
}

/// A list that was adopted later makes the reference stale (X26). It may be adopted as an instrument, in the case itself, or in a
/// case of its own that sets no period.
fn list_is_current<'w>(inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>, cited: &PeriodSet) -> Finding {
    let current =
        || Finding::not_applicable(words("er is geen nieuwere lijst vastgesteld", "no newer list was adopted"));
    let Some(version) = &cited.list_version else { return current() };
    let alone = inquiry.related::<Retention>("status", crate::family::kit::key_text(&RetentionStatus::Unset));
    let schedules = alone.iter().chain([&retention]).flat_map(|case| case.state.schedules.iter());
    let adopted = schedules.filter_map(|schedule| {
        Some((schedule.from, schedule.fact.list_version.as_ref()?.to_string(), schedule.evidence()))
    });
    let instruments = inquiry.in_force(&[Governance::RetentionSchedule]);
    let issued = instruments.iter().map(|list| {
        let version = list.version.label.as_ref().map_or_else(|| list.version.version.to_string(), Code::to_string);
        (list.version.in_force_from, version, list.evidence())
    });
    let adopted = adopted.chain(issued.filter_map(|(from, version, fact)| Some((from?, version, fact))));
    let newest = adopted.max_by_key(|(from, ..)| from.earliest());
    match newest {
        Some((from, newest, fact)) if newest != version.as_str() => Finding::warn(say!(
            "de termijn verwijst naar lijst {version}, terwijl sinds {from} lijst {newest} geldt",
            "the term refers to list {version}, while since {from} it is list {newest}"
        ))
        .by(fact)
        .marked(Mark::PolicyStale),
        _ => current(),
    }
}

// --- RET-04 ----------------------------------------------------------------------------------------------------------

fn source_is_known<'w>(_inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>) -> Finding {
    of_period(retention, |period| {
        let fact = &period.fact;
        let found = match fact.source {
            Some(PeriodSource::Statute) => fact.reference.is_some(),
            Some(PeriodSource::Contract) => fact.agreement.is_some() || fact.reference.is_some(),
            Some(PeriodSource::Institution) => {
                fact.reference.is_some() || fact.list_version.is_some() || fact.list_category.is_some()
            }
            None => fact.reference.is_some() || fact.agreement.is_some(),
        };
        let parts = [
            (Text::new("wet, instelling of overeenkomst", "statute, institution or contract"), fact.source.is_some()),
            (Text::new("vindplaats", "the place where it stands"), found),
        ];
        complete(&Text::new("herkomst van de bewaartermijn", "source of the retention term"), parts).by(period)
    })
}

// --- RET-05 ----------------------------------------------------------------------------------------------------------

fn delisting_is_asked<'w>(_inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state = publication.state;
    let removals = state.content_removed.iter().filter(|removed| !removed.fact.requests.is_empty());
    let findings = removals.map(|removed| {
        let asked = state.delisting_requested.iter().find(|asked| {
            asked.fact.requests.is_empty()
                || asked.fact.requests.iter().any(|request| removed.fact.requests.contains(request))
        });
        match asked {
            Some(asked) => Finding::pass(words(
                "zoekmachines of archieven is gevraagd haar niet meer te tonen",
                "search engines or archives were asked to show it no more",
            ))
            .by(asked),
            None => Finding::warn(words(
                "op verzoek verwijderd, maar zoekmachines en archieven is niets gevraagd",
                "removed upon request, but search engines and archives were not asked",
            )),
        }
        .by(removed)
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words(
            "er is niets op iemands verzoek verwijderd",
            "nothing was removed upon anybody's request",
        ))
    })
}

#[cfg(test)]
mod tests;
