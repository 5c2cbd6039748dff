//! Data protection impact assessments (GDPR Art. 35, 36): whether risks to people were weighed before processing began, with the
//! advice of the data protection officer, and whether the authority was consulted where too much risk was left.
//!
//! These duties hold for what was done since the regulation applies: what began or was decided before it, is not judged by them.
//!
//! Longer than most: an area of rules is one file, with its texts in two languages.

use crate::family::account::Account;
use crate::family::activity::{
    Activity, ActivityStatus, ActivityVersion, DpiaScreened, ScreeningCriterion, ScreeningOutcome,
};
use crate::family::consent_text::Materiality;
use crate::family::dossier::Dated;
use crate::family::dpia::{ConsultationOutcome, Dpia, DpiaStatus, RiskLevel, RiskTopic, StandingRisk};
use crate::family::rule_set::Outcome;
use crate::family::system::{System, SystemStatus};
use crate::family::value::AdviceFollowing;
use crate::ledger::name::StreamId;
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, HOUSE, POLICY};
use crate::rule::processor::while_active;
use crate::rule::template::{Due, Event, Precision, age, complete, deadline, decide, order, without_undue_delay};
use crate::rule::text::{Text, Words, say, words};
use crate::rule::verdict::Finding;
use crate::time::{Calendar, Instant, Limit, PartialDate, Term, Ternary};

/// The advice on social media in education.
const EDUCATION: Applies = Applies::Law(&["LEX-AP-EDU"]);
/// How the regulation counts terms in days or longer.
const UNION: Calendar = Calendar::Regulation1182 { two_working_days: false };

pub(in crate::rule) const AREA: Area = Area {
    name: words("gegevensbeschermingseffectbeoordelingen", "data protection impact assessments"),
    rules: &[
        Rule {
            id: "DPI-01",
            title: words(
                "Het risico is gewogen voordat de verwerking begon",
                "Risk was weighed before processing began",
            ),
            explanation: words(
                "Elke activiteit is vóór haar start gescreend, en een wezenlijk gewijzigde versie voordat zij inging; was een gegevensbeschermingseffectbeoordeling vereist, dan was die vóór de start afgerond. Voldoet de verwerking aan twee of meer criteria en is toch geen beoordeling nodig bevonden, dan is dat een aandachtspunt als een reden is vastgelegd, en anders niet in orde. Niet getoetst zijn de lijst van de AP en de criteria die de screening niet noemt.",
                "Each activity was screened before its start, and a materially changed version before it took effect; where an impact assessment was required, it was completed before the start. Where the processing meets two or more criteria and no assessment was found necessary all the same, that is something to attend to where a reason is recorded, and not in order otherwise. The authority's list, and criteria that the screening does not name, are not tested.",
            ),
            sources: &["GDPR 35(1)", "GDPR 35(3)", "WP248 rev.01", "P18 6.6", "P18 6.3"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [Order], risk_was_weighed_first),
                check!(Activity, Policy, Accountability, POLICY, [Order], risk_was_weighed_first),
            ],
        },
        Rule {
            id: "DPI-02",
            title: words(
                "Een beoordeling die voor meer activiteiten geldt, noemt ze",
                "An assessment for several activities names them",
            ),
            explanation: words(
                "Is een gegevensbeschermingseffectbeoordeling vereist, dan staat de activiteit op de lijst van een beoordeling die is afgerond en geldt.",
                "Where an impact assessment is required, the activity is on the list of one that is completed and holds.",
            ),
            sources: &["GDPR 35(1)", "P18 1.1"],
            checks: &[check!(
                Activity,
                Law,
                Accountability,
                GDPR,
                [InForceAt, Coverage],
                assessment_covers_the_activity
            )],
        },
        Rule {
            id: "DPI-03",
            title: words("De functionaris adviseert vóór de goedkeuring", "The officer advises before the approval"),
            explanation: words(
                "Voordat een gegevensbeschermingseffectbeoordeling is goedgekeurd, heeft de functionaris voor gegevensbescherming geadviseerd; wat er met het advies is gedaan, is vastgelegd, en wie afwijkt, zegt waarom: ontbreekt dat, dan is het een aandachtspunt.",
                "Before an impact assessment was approved the data protection officer advised; what became of the advice is recorded, and whoever deviates says why: where that is missing it is something to attend to.",
            ),
            sources: &["GDPR 35(2)", "GDPR 39(1)(c)", "WP243 4.2", "P18 4.3"],
            checks: &[check!(Dpia, Law, Accountability, GDPR, [Order, IfThen], advice_came_first)],
        },
        Rule {
            id: "DPI-04",
            title: words(
                "Bij een hoog risico wordt de AP vooraf geraadpleegd",
                "The authority is consulted first where risk is high",
            ),
            explanation: words(
                "De wet: blijft het restrisico hoog, dan is de AP geraadpleegd vóór de start, en begint de verwerking niet voordat de raadpleging is afgesloten of haar termijn is verstreken. Een schriftelijk advies is een negatieve uitkomst, die om maatregelen vraagt; of die het advies volgen, is niet getoetst. Het beleid raadpleegt al wanneer het risico zonder maatregelen hoog zou zijn.",
                "The law: where the residual risk stays high, the authority is consulted before the start, and processing does not begin before the consultation ends or its term lapses. Written advice is the negative outcome, which asks for measures; whether these follow the advice is not tested. The policy consults already where the risk would be high without measures.",
            ),
            sources: &["GDPR 36(1)-(3)", "P18 6.6"],
            checks: &[
                check!(Dpia, Law, Lawfulness, GDPR, [Order, Deadline], authority_is_consulted),
                check!(Dpia, Policy, Accountability, POLICY, [Order], authority_is_consulted_by_policy),
            ],
        },
        Rule {
            id: "DPI-05",
            title: words(
                "De beoordeling van sociale media noemt de bekende risico's",
                "An assessment of social media names the known risks",
            ),
            explanation: words(
                "Een gegevensbeschermingseffectbeoordeling van een activiteit die platforms gebruikt, gaat in op verlies van grip en hergebruik, op de toestemming en op doorgifte naar derde landen.",
                "An impact assessment of an activity that uses platforms deals with loss of grip and reuse, with consent and with transfer to third countries.",
            ),
            sources: &["BL24", "GDPR 35(7)"],
            checks: &[check!(Dpia, Supervisor, Accountability, EDUCATION, [Complete], known_risks_are_named)],
        },
        Rule {
            id: "DPI-06",
            title: words(
                "Risico's van systemen worden met een vaste methode geanalyseerd",
                "Risks of systems are analysed by a fixed method",
            ),
            explanation: words(
                "Van elk systeem in gebruik is er een risicoanalyse met methode en versie, niet ouder dan de huistermijn.",
                "Of each system in use there is a risk analysis with its method and version, not older than the house term.",
            ),
            sources: &["P18 6.3", "GDPR 32(2)", "GDPR 35"],
            checks: &[check!(System, Policy, Accountability, POLICY, [Complete, Age], risks_are_analysed)],
        },
        Rule {
            id: "DPI-07",
            title: words("Verandert het risico, dan wordt herbeoordeeld", "Where risk changes, it is reviewed"),
            explanation: words(
                "Wordt een activiteit na de beoordeling gewijzigd in wat het risico bepaalt, dan is de beoordeling daarna herbeoordeeld of opnieuw afgerond. De wet noemt geen termijn: een wijziging zonder herbeoordeling is een aandachtspunt. Stelt een vastgesteld document een termijn, dan geldt die voor het beleid.",
                "Where an activity is changed after its assessment in what determines the risk, the assessment was reviewed or completed anew since. The law names no term: a change without a review is something to attend to. Where an adopted instrument sets a term, it holds for the policy.",
            ),
            sources: &["GDPR 35(11)", "P18 5.4"],
            checks: &[
                check!(Dpia, Law, Accountability, GDPR, [Age], changes_are_reviewed),
                check!(Dpia, Policy, Accountability, Applies::Adopted(HOUSE), [Deadline], changes_are_reviewed_in_time),
            ],
        },
    ],
};

// --- Moments ---------------------------------------------------------------------------------------------------------

/// When processing first started, and the fact that says so.
fn start(inquiry: &Inquiry<'_>, activity: Seen<'_, Activity>) -> Option<Event> {
    let started = activity.started?;
    let facts = inquiry.facts(activity.stream);
    let fact = facts
        .iter()
        .find(|fact| matches!(fact.fact.as_str(), "started" | "resumed") && fact.recorded.effective == started)?;
    Some(Event::new(started, fact.recorded.sequence))
}

/// When an assessment was first completed, approved or whatever else is named: the state keeps only the last.
fn first_time(inquiry: &Inquiry<'_>, dpia: Seen<'_, Dpia>, name: &str) -> Option<Event> {
    let facts = inquiry.facts(dpia.stream);
    let fact = facts.iter().find(|fact| fact.fact == name)?;
    Some(Event::new(fact.recorded.effective, fact.recorded.sequence))
}

/// Judges what was done on a date, if the regulation applied on it.
fn under_the_regulation(inquiry: &Inquiry<'_>, date: &PartialDate, judge: impl FnOnce() -> Finding) -> Finding {
    let applied = inquiry.instrument("LEX-GDPR").and_then(|regulation| regulation.valid_from);
    match applied.map_or(Ternary::False, |applied| applied.day_not_after(date).not()) {
        Ternary::True => Finding::not_applicable(say!(
            "{date}: toen was de verordening nog niet van toepassing",
            "{date}: the regulation did not apply yet"
        )),
        _ => judge(),
    }
}

// --- DPI-01 ----------------------------------------------------------------------------------------------------------

fn risk_was_weighed_first<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    while_active(activity, || {
        let Some(start) = start(inquiry, activity) else {
            return Finding::not_applicable(words("de verwerking is nog niet begonnen", "processing has not begun"));
        };
        let weighed = weighed_before(inquiry, activity, start);
        let finding = match weighed.outcome {
            Outcome::Pass => weighed,
            _ => under_the_regulation(inquiry, &start.date, || weighed),
        };
        let changed = activity.state.versions().filter(|version| version.materiality == Some(Materiality::Material));
        changed.map(|version| change_was_screened(inquiry, activity, version)).fold(finding, Finding::and)
    })
}

fn weighed_before<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, start: Event) -> Finding {
    let named = (
        Text::new("de screening", "the screening"),
        Text::new("de start van de verwerking", "the start of processing"),
    );
    let assessed = order(
        Precision::Day,
        (
            &Text::new("de gegevensbeschermingseffectbeoordeling", "the impact assessment"),
            first_completion(inquiry, activity),
        ),
        (&named.1, Some(start)),
    );
    let screenings = &activity.state.screenings;
    let mut before = screenings.iter().filter(|screening| screening.from.day_not_after(&start.date) != Ternary::False);
    match before.next_back().or(screenings.first()) {
        Some(screening) => {
            let screened = order(Precision::Day, (&named.0, Some(Event::from(screening))), (&named.1, Some(start)));
            match screening.fact.outcome {
                ScreeningOutcome::Required => screened.and(assessed),
                ScreeningOutcome::NotRequired => screened.and(outcome_is_reasoned(activity, screening)),
            }
        }
        // Who made the assessment at once had no need to screen for it.
        None if assessed.outcome == Outcome::Pass => assessed,
        None => order(Precision::Day, (&named.0, None), (&named.1, Some(start))),
    }
}

/// From so many criteria on an assessment is as a rule required (WP 248 rev.01).
const CRITERIA_MIN: usize = 2;

/// That no assessment is required follows from the criteria, not from the word for it: two or more ask for one as a rule, whoever
/// differs says why, and what Art. 35(3) names leaves no choice.
fn outcome_is_reasoned(activity: Seen<'_, Activity>, screening: &Dated<DpiaScreened>) -> Finding {
    use ScreeningCriterion as C;
    let fact = &screening.fact;
    let has = |criterion: C| fact.criteria.as_ref().is_some_and(|criteria| criteria.contains(&criterion));
    let met = fact.criteria_met.map(usize::from).max(fact.criteria.as_ref().map(Vec::len)).unwrap_or_default();
    let entered = activity.current.iter().flat_map(|version| &version.entry.data_categories);
    let special = entered.into_iter().any(|category| category.special.is_some());
    let named = (has(C::EvaluationOrScoring) && has(C::AutomatedDecisions))
        || (has(C::LargeScale) && has(C::SensitiveData) && special);
    let finding = if named {
        Finding::fail(words(
            "de screening vond geen beoordeling nodig, terwijl artikel 35, derde lid, haar voor deze verwerking noemt",
            "the screening found no assessment necessary, while Article 35(3) names it for such processing",
        ))
    } else if met >= CRITERIA_MIN && fact.reason.is_some() {
        Finding::warn(say!(
            "de verwerking voldoet aan {met} criteria en toch is geen beoordeling nodig bevonden; waarom, is vastgelegd",
            "the processing meets {met} criteria and yet no assessment was found necessary; the reason is recorded"
        ))
    } else if met >= CRITERIA_MIN {
        Finding::fail(say!(
            "de verwerking voldoet aan {met} criteria en toch is geen beoordeling nodig bevonden; waarom, is niet vastgelegd",
            "the processing meets {met} criteria and yet no assessment was found necessary; the reason is not recorded"
        ))
    } else {
        return Finding::not_applicable(words(
            "de vastgelegde criteria vragen geen beoordeling",
            "the criteria recorded ask for no assessment",
        ));
    };
    finding.by(screening)
}

/// When the first of the assessments that cover an activity was completed.
fn first_completion<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Option<Event> {
    let dpias = inquiry.related::<Dpia>("activity", activity.stream);
    let completed = dpias.into_iter().filter_map(|dpia| first_time(inquiry, dpia, "completed"));
    completed.min_by_key(|completed| (completed.date.earliest(), completed.fact))
}

/// A version that changes what matters was screened since the version before it and before it took effect.
fn change_was_screened<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, version: &ActivityVersion) -> Finding {
    let number = version.entry.version;
    let before = activity.state.versions().take_while(|earlier| earlier.entry.version < number).last();
    let Some(before) = before else {
        return Finding::not_applicable(words("de eerste versie is geen wijziging", "the first version is no change"));
    };
    let of_it = |screened: Option<u32>, from: &PartialDate| {
        screened.map_or(before.from.before(from) != Ternary::False, |screened| screened == number)
    };
    let screening = activity.state.screenings.iter().find(|screening| of_it(screening.fact.version, &screening.from));
    let named = (
        say!("de screening van de gewijzigde versie {number}", "the screening of the changed version {number}"),
        say!("het ingaan van versie {number}", "the taking effect of version {number}"),
    );
    under_the_regulation(inquiry, &version.from, || {
        let effect = Event::new(version.from, version.sequence);
        let screened = order(Precision::Day, (&named.0, screening.map(Event::from)), (&named.1, Some(effect)));
        match screening.filter(|screening| screening.fact.outcome == ScreeningOutcome::NotRequired) {
            Some(screening) => screened.and(outcome_is_reasoned(activity, screening)),
            None => screened,
        }
    })
}

// --- DPI-02 ----------------------------------------------------------------------------------------------------------

fn assessment_covers_the_activity<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    while_active(activity, || {
        let dpias = inquiry.related::<Dpia>("activity", activity.stream);
        let required = activity.state.screenings.last().filter(|last| last.fact.outcome == ScreeningOutcome::Required);
        if required.is_none() && dpias.is_empty() {
            return Finding::not_applicable(words(
                "de screening vraagt geen gegevensbeschermingseffectbeoordeling",
                "the screening asks for no impact assessment",
            ))
            .by_all(activity.state.screenings.last());
        }
        let findings: Vec<Finding> = dpias.into_iter().map(|dpia| holds(dpia)).collect();
        Finding::any(findings, || {
            Finding::fail(words(
                "geen gegevensbeschermingseffectbeoordeling noemt deze activiteit",
                "no impact assessment names this activity",
            ))
        })
        .by_all(required)
    })
}

/// Whether an assessment is completed and holds.
fn holds(dpia: Seen<'_, Dpia>) -> Finding {
    let series = dpia.activities.len();
    match dpia.status {
        DpiaStatus::Completed | DpiaStatus::Approved => Finding::pass(say!(
            "een afgeronde beoordeling, over {series} verwerkingen samen, noemt deze activiteit",
            "a completed assessment, of {series} in all, names this activity"
        ))
        .by_all(&dpia.completed)
        .by_all(&dpia.approved),
        DpiaStatus::ReviewDue => {
            Finding::warn(words("de beoordeling moet opnieuw worden gemaakt", "the assessment has to be made anew"))
                .by_all(dpia.reviewed.last())
        }
        DpiaStatus::Rejected => {
            Finding::fail(words("de beoordeling is afgewezen", "the assessment was rejected")).by_all(&dpia.rejected)
        }
        DpiaStatus::Started | DpiaStatus::Screened => {
            Finding::fail(words("de beoordeling is nog niet afgerond", "the assessment is not completed yet"))
                .by_all(&dpia.started)
        }
    }
}

// --- DPI-03 ----------------------------------------------------------------------------------------------------------

fn advice_came_first<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let Some(approved) = &dpia.state.approved else {
        return Finding::not_applicable(words("de beoordeling is niet goedgekeurd", "the assessment is not approved"));
    };
    under_the_regulation(inquiry, &approved.from, || {
        let advices = &dpia.state.dpo_advice_issued;
        let mut before = advices.iter().filter(|advice| advice.from.day_not_after(&approved.from) != Ternary::False);
        let advice = before.next_back().or(advices.first());
        let named = (
            Text::new(
                "het advies van de functionaris voor gegevensbescherming",
                "the advice of the data protection officer",
            ),
            Text::new("de goedkeuring", "the approval"),
        );
        let first = order(Precision::Day, (&named.0, advice.map(Event::from)), (&named.1, Some(Event::from(approved))));
        if advice.is_none() { first } else { first.and(advice_is_answered(dpia)) }
    })
}

/// What became of the advice is recorded; whoever deviates says why.
fn advice_is_answered(dpia: Seen<'_, Dpia>) -> Finding {
    let finding = match &dpia.advice_response {
        Some(response) if response.response == AdviceFollowing::Followed => {
            Finding::pass(words("het advies is gevolgd", "the advice was followed"))
        }
        Some(response) if response.reasons.is_some() => Finding::pass(words(
            "van het advies is met redenen afgeweken",
            "the decision deviates from the advice, with reasons",
        )),
        // That deviation is justified in writing is what the authorities ask (WP243 4.2), not Art. 35(2).
        Some(_) => Finding::warn(words(
            "van het advies is zonder redenen afgeweken",
            "the decision deviates from the advice without reasons",
        )),
        None => Finding::warn(words(
            "wat er met het advies is gedaan, is niet vastgelegd",
            "what became of the advice is not recorded",
        )),
    };
    finding.by_all(dpia.state.dpo_advice_answered.last()).by_all(&dpia.state.approved)
}

// --- DPI-04 ----------------------------------------------------------------------------------------------------------

/// Whether a risk is high: as the completion says it of the whole, or as it stands for any of the risks.
fn is_high(whole: Option<RiskLevel>, of_risks: &[Option<RiskLevel>]) -> Ternary {
    let levels = || of_risks.iter().chain([&whole]);
    let told = whole.is_some() || (!of_risks.is_empty() && of_risks.iter().all(Option::is_some));
    match levels().any(|level| *level == Some(RiskLevel::High)) {
        true => Ternary::True,
        false if told => Ternary::False,
        false => Ternary::Unknown,
    }
}

/// How high a risk is with its measures. One that none of them names is as high as without, unless the completion speaks of the whole.
fn level_left(risk: &StandingRisk, whole: Option<RiskLevel>) -> Option<RiskLevel> {
    if risk.closed { Some(RiskLevel::Low) } else { risk.residual.or(if whole.is_some() { None } else { risk.level }) }
}

fn authority_is_consulted<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let Some(completed) = &dpia.state.completed else { return not_completed() };
    let whole = completed.fact.residual;
    let risks: Vec<_> = dpia.state.risks.iter().map(|risk| level_left(risk, whole)).collect();
    let left = is_high(whole, &risks);
    consulted_where_high(
        inquiry,
        dpia,
        left,
        &Text::new("het restrisico is niet hoog", "the residual risk is not high"),
        |start| request_came_first(dpia, start).and(consultation_was_over(inquiry, dpia, start)),
    )
}

/// The policy looks at the risk as it would be without measures.
fn authority_is_consulted_by_policy<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let Some(completed) = &dpia.state.completed else { return not_completed() };
    let without = is_high(completed.fact.inherent, &dpia.state.risks.iter().map(|risk| risk.level).collect::<Vec<_>>());
    let otherwise = Text::new(
        "ook zonder maatregelen zou het risico niet hoog zijn",
        "the risk would not be high without measures either",
    );
    consulted_where_high(inquiry, dpia, without, &otherwise, |start| request_came_first(dpia, start))
}

fn not_completed() -> Finding {
    Finding::not_applicable(words("de beoordeling is nog niet afgerond", "the assessment is not completed yet"))
}

/// Judges the start of each running activity that an assessment covers, where the risk is high.
fn consulted_where_high<'w>(
    inquiry: &Inquiry<'w>,
    dpia: Seen<'w, Dpia>,
    high: Ternary,
    otherwise: &Text,
    judge: impl Fn(Event) -> Finding,
) -> Finding {
    let running = || {
        let state: &'w Dpia = dpia.state;
        let activities =
            state.activities.iter().filter_map(|activity: &'w StreamId| inquiry.state::<Activity>(activity));
        let running = activities.filter(|activity| activity.status == ActivityStatus::Active);
        let starts: Vec<Event> = running.filter_map(|activity| start(inquiry, activity)).collect();
        let findings = starts.into_iter().map(|start| under_the_regulation(inquiry, &start.date, || judge(start)));
        Finding::all(findings.collect::<Vec<_>>(), || {
            Finding::not_applicable(words(
                "het risico is hoog en de verwerking loopt niet; zij begint pas na raadpleging van de AP",
                "the risk is high and processing does not run; it begins only after the authority is consulted",
            ))
        })
    };
    let unknown = || {
        Finding::indeterminate(words(
            "hoe hoog het risico is, is niet vastgelegd",
            "how high the risk is, is not recorded",
        ))
    };
    decide(high, running, || Finding::not_applicable(otherwise.clone()), unknown).by_all(&dpia.state.completed)
}

fn request_came_first(dpia: Seen<'_, Dpia>, start: Event) -> Finding {
    let request = Text::new("de voorafgaande raadpleging van de AP", "the prior consultation of the authority");
    let requested = dpia.consultation_requested.as_ref().map(Event::from);
    order(
        Precision::Day,
        (&request, requested),
        (&Text::new("de start van de verwerking", "the start of processing"), Some(start)),
    )
}

/// Processing began only after the authority had answered, or after its time was over.
fn consultation_was_over<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>, start: Event) -> Finding {
    let Some(requested) = &dpia.state.consultation_requested else {
        return Finding::not_applicable(words("er is geen raadpleging gevraagd", "no consultation was requested"));
    };
    if let Some(concluded) = &dpia.state.consultation_concluded {
        let refused = match concluded.fact.outcome {
            ConsultationOutcome::Prohibited => Some(words(
                "de AP verbood of beperkte de verwerking, en zij loopt",
                "the authority forbade or limited the processing, and it runs",
            )),
            ConsultationOutcome::Withdrawn => Some(words(
                "de raadpleging is ingetrokken, en de verwerking loopt",
                "the consultation was withdrawn, and processing runs",
            )),
            ConsultationOutcome::NoObjection | ConsultationOutcome::WrittenAdvice => None,
        };
        if let Some(text) = refused {
            return Finding::fail(text).by(concluded).by(start.fact);
        }
    }
    let concluded = dpia.state.consultation_concluded.as_ref();
    let negative = concluded.is_some_and(|concluded| concluded.fact.outcome == ConsultationOutcome::WrittenAdvice);
    let answered = concluded.map_or(Ternary::False, |concluded| concluded.from.day_not_after(&start.date));
    let lapsed =
        lapse(inquiry, dpia, &requested.from).map_or(Ternary::False, |limit| limit.passed(start.date.earliest()));
    let finding = decide(
        answered.or(lapsed),
        || match answered {
            Ternary::True if negative => advice_is_acted_on(dpia),
            Ternary::True => Finding::pass(words(
                "de AP had geantwoord voordat de verwerking begon",
                "the authority had answered before processing began",
            )),
            _ => Finding::pass(words(
                "de termijn van de AP was verstreken voordat de verwerking begon",
                "the authority's time was over before processing began",
            )),
        },
        || {
            Finding::fail(words(
                "de verwerking begon voordat de AP had geantwoord en voordat haar termijn was verstreken",
                "processing began before the authority had answered and before its time was over",
            ))
        },
        || {
            Finding::indeterminate(words(
                "of de raadpleging voorbij was toen de verwerking begon, beslissen de datums niet",
                "the dates do not decide whether the consultation was over when processing began",
            ))
        },
    );
    finding.by(requested).by_all(concluded).by(start.fact)
}

/// The authority gives written advice where it finds that the processing would infringe the regulation (Art. 36(2)): measures since
/// then close what it found.
fn advice_is_acted_on(dpia: Seen<'_, Dpia>) -> Finding {
    let concluded = dpia.state.consultation_concluded.as_ref();
    let since =
        |date: &PartialDate| concluded.is_some_and(|concluded| concluded.from.day_not_after(date) != Ternary::False);
    let measures: Vec<_> = dpia.state.measures_adopted.iter().filter(|measure| since(&measure.from)).collect();
    let closing = measures.iter().any(|measure| measure.fact.closes == Some(true));
    let finding = if closing {
        Finding::pass(words(
            "de AP gaf een schriftelijk advies, en maatregelen daarna sloten een risico af",
            "the authority gave written advice, and measures since then closed a risk",
        ))
    } else if measures.is_empty() {
        Finding::fail(words(
            "de AP gaf een schriftelijk advies, wat zij doet als de verwerking inbreuk zou maken; maatregelen daarna zijn niet vastgelegd",
            "the authority gave written advice, as it does where processing would infringe; no measures since then are recorded",
        ))
    } else {
        Finding::warn(words(
            "de AP gaf een schriftelijk advies, en de maatregelen daarna sloten nog geen risico af",
            "the authority gave written advice, and the measures since then have not closed a risk yet",
        ))
    };
    finding.by_all(measures)
}

/// When the authority's time is over (Art. 36(2)): its term, longer where it took more time, and by as long as it stood still.
/// `None`: it still stands still, or no instrument sets a term.
fn lapse(inquiry: &Inquiry<'_>, dpia: Seen<'_, Dpia>, requested: &PartialDate) -> Option<Limit> {
    let since = |date: &PartialDate| requested.day_not_after(date) != Ternary::False;
    let mut term = inquiry.law_parameter("LEX-GDPR", "priorConsultation")?.term?;
    let mut sequel = None;
    if let Some(extended) = dpia.consultation_extended.iter().rfind(|extended| since(&extended.from)) {
        let more = extended.fact.by.or_else(|| inquiry.law_parameter("LEX-GDPR", "priorConsultationExt")?.term)?;
        match together(&term, &more) {
            Some(longer) => term = longer,
            None => sequel = Some(more),
        }
    }
    let mut limit = UNION.count(&term, requested).limit;
    if let Some(more) = sequel {
        limit = UNION.count(&more, &PartialDate::Exact(limit.latest)).limit;
    }
    let mut still = 0;
    for suspended in dpia.consultation_suspended.iter().filter(|suspended| since(&suspended.from)) {
        let resumed = dpia
            .consultation_resumed
            .iter()
            .find(|resumed| suspended.from.day_not_after(&resumed.from) != Ternary::False)?;
        still += resumed.from.earliest().milliseconds_since(suspended.from.earliest()) * 1_000;
    }
    let later = |at: Instant| Instant::from_microseconds(at.microseconds().saturating_add(still));
    Some(Limit { earliest: later(limit.earliest), latest: later(limit.latest) })
}

/// Two terms of a fixed length as one; weeks and days have one, months have none.
fn together(one: &Term, other: &Term) -> Option<Term> {
    const DAY_US: i64 = 86_400_000_000;
    let length = one.microseconds()?.checked_add(other.microseconds()?)?;
    let days = u16::try_from(length / DAY_US).ok()?;
    (length % DAY_US == 0).then(|| Term::days(days))
}

// --- DPI-05 ----------------------------------------------------------------------------------------------------------

fn known_risks_are_named<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let Some(completed) = &dpia.state.completed else { return not_completed() };
    let state: &'w Dpia = dpia.state;
    let on_platforms = state.activities.iter().any(|activity: &'w StreamId| {
        let entered = inquiry.state::<Activity>(activity).and_then(|activity| activity.state.current.as_ref());
        entered.is_some_and(|version| !version.entry.platforms.is_empty())
            || !inquiry.related::<Account>("activity", activity).is_empty()
    });
    if !on_platforms {
        return Finding::not_applicable(words(
            "de beoordeling gaat niet over sociale media",
            "the assessment is not about social media",
        ))
        .by(completed);
    }
    let has = |topics: &[RiskTopic]| state.risks.iter().any(|risk| topics.contains(&risk.topic));
    let parts = [
        (
            Text::new("verlies van grip en hergebruik door het platform", "loss of grip and reuse by the platform"),
            has(&[RiskTopic::LossOfControl]),
        ),
        (Text::new("de geldigheid van de toestemming", "whether consent is valid"), has(&[RiskTopic::ConsentValidity])),
        (
            Text::new("doorgifte naar derde landen", "transfer to third countries"),
            has(&[RiskTopic::Transfer, RiskTopic::TransferGap]),
        ),
    ];
    let what = Text::new("de risico's in de beoordeling", "the risks in the assessment");
    complete(&what, parts).by(completed).by_all(state.risks.iter().map(|risk| risk.sequence))
}

// --- DPI-06 ----------------------------------------------------------------------------------------------------------

fn risks_are_analysed<'w>(inquiry: &Inquiry<'w>, system: Seen<'w, System>) -> Finding {
    if system.status != SystemStatus::InUse {
        return Finding::not_applicable(words("het systeem is niet in gebruik", "the system is not in use"));
    }
    let what = Text::new("de risicoanalyse van het systeem", "the risk analysis of the system");
    let Some(last) = system.state.risk_analyses.last() else {
        return Finding::fail(words(
            "de risico's van het systeem zijn niet geanalyseerd",
            "the risks of the system were not analysed",
        ))
        .by_all(&system.state.registered);
    };
    let parts = [
        (Text::new("de methode", "the method"), last.fact.method.is_some()),
        (Text::new("de versie van de methode", "the version of the method"), last.fact.method_version.is_some()),
    ];
    let young = age(inquiry, &what, Some(Event::from(last)), inquiry.house("riskAnalysis").as_ref(), Calendar::Strict);
    complete(&what, parts).by(last).and(young)
}

// --- DPI-07 ----------------------------------------------------------------------------------------------------------

/// What determines the risk and differs between two versions of an activity, in words.
fn risk_changes(before: &ActivityVersion, after: &ActivityVersion) -> Vec<Words> {
    let (old, new) = (&before.entry, &after.entry);
    let changes = [
        (old.purposes != new.purposes, words("de doeleinden", "the purposes")),
        (old.subject_categories != new.subject_categories, words("de betrokkenen", "the data subjects")),
        (old.data_categories != new.data_categories, words("de gegevens", "the data")),
        (old.operations != new.operations, words("de bewerkingen", "the operations")),
        (old.platforms != new.platforms, words("de platforms", "the platforms")),
        (old.recipients != new.recipients, words("de ontvangers", "the recipients")),
        (old.transfers != new.transfers, words("de doorgiften", "the transfers")),
        (
            old.automated_decisions != new.automated_decisions,
            words("de geautomatiseerde besluiten", "the automated decisions"),
        ),
        (old.systems != new.systems, words("de systemen", "the systems")),
        (old.processors != new.processors, words("de verwerkers", "the processors")),
        (
            old.joint_controllers != new.joint_controllers,
            words("de gezamenlijke verantwoordelijken", "the joint controllers"),
        ),
        (
            after.materiality == Some(Materiality::Material),
            words("wat als wezenlijk is aangemerkt", "what was marked as material"),
        ),
    ];
    changes.into_iter().filter(|(changed, _)| *changed).map(|(_, name)| name).collect()
}

/// Judges each change since the first completion of an assessment in what determines the risk of a running activity that it covers.
fn for_each_change<'w>(
    inquiry: &Inquiry<'w>,
    dpia: Seen<'w, Dpia>,
    judge: impl Fn(&Text, Event, Option<Event>) -> Finding,
) -> Finding {
    let Some(first) = first_time(inquiry, dpia, "completed") else { return not_completed() };
    let state: &'w Dpia = dpia.state;
    let mut looked: Vec<Event> = state.reviewed.iter().map(Event::from).collect();
    let facts = inquiry.facts(dpia.stream);
    let again = facts.iter().filter(|fact| fact.fact == "completed");
    looked.extend(again.map(|fact| Event::new(fact.recorded.effective, fact.recorded.sequence)));
    let mut findings = Vec::new();
    for activity in state.activities.iter().filter_map(|activity: &'w StreamId| inquiry.state::<Activity>(activity)) {
        let versions: Vec<&ActivityVersion> = activity.state.versions().collect();
        let running = activity.status == ActivityStatus::Active;
        for pair in versions.windows(2).filter(|_| running) {
            let [before, after] = pair else { continue };
            let changes = risk_changes(before, after);
            if changes.is_empty() || first.date.day_not_after(&after.from) == Ternary::False {
                continue;
            }
            let Text { nl, en } = Text::list(changes.into_iter().map(Text::from));
            let what = say!("de herbeoordeling na wijziging van {nl}", "the review after a change of {en}");
            let change = Event::new(after.from, after.sequence);
            // Whoever completes the assessment on the day of the change has looked at it.
            let done = looked.iter().filter(|look| change.date.day_not_after(&look.date) != Ternary::False);
            let done = done.min_by_key(|look| (look.date.earliest(), look.fact)).copied();
            findings.push(judge(&what, change, done));
        }
    }
    Finding::all(findings, || {
        Finding::not_applicable(words(
            "sinds de beoordeling is niets gewijzigd dat het risico bepaalt",
            "nothing that determines the risk has changed since the assessment",
        ))
    })
}

fn changes_are_reviewed<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let reviewed = for_each_change(inquiry, dpia, |what, change, done| {
        let Text { nl, en } = what;
        let finding = match done {
            Some(done) => Finding::pass(say!("{nl}: gedaan op {}", "{en}: done on {}", done.date)).by(done.fact),
            None => without_undue_delay(Finding::fail(say!("{nl}: niet vastgelegd", "{en}: not recorded"))),
        };
        finding.by(change.fact)
    });
    if dpia.status == DpiaStatus::ReviewDue {
        let text = words(
            "de herbeoordeling vraagt een nieuwe beoordeling, en die is er nog niet",
            "the review asks for a new assessment, which is not there yet",
        );
        return reviewed.and(Finding::warn(text).by_all(dpia.state.reviewed.last()));
    }
    reviewed
}

fn changes_are_reviewed_in_time<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let term = inquiry.house("impactReview");
    for_each_change(inquiry, dpia, |what, change, done| {
        deadline(inquiry, &Due { what, from: change, done, term: term.as_ref(), calendar: Calendar::Strict })
    })
}

#[cfg(test)]
mod tests;
