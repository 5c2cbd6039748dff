//! Use of platforms: whether the Board decided on it after research and advice, what became of its conditions, whether it is clear
//! what a platform does with data, and what is done when that changes (GDPR Art. 5(2), 24, 26).
//!
//! The decision on a platform is the norm here: before the Board had decided on any platform, nobody asked for one. The guidelines
//! only tell of it, so these rules do not wait for the day on which the guidelines were adopted.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use crate::family::account::{Account, AccountStatus, Mode};
use crate::family::activity::{Activity, ActivityStatus, LegalBasis};
use crate::family::board_decision::{
    BoardConditionAt, BoardDecision, BoardDecisionStatus, BoardOutcome, BoardPlatform, PlatformUse,
};
use crate::family::dossier::Dated;
use crate::family::dpia::Dpia;
use crate::family::finding::Finding as RaisedFinding;
use crate::family::governance_instrument::GovernanceInstrument;
use crate::family::joint_controller_arrangement::{ControlOutcome, JointControllerArrangement};
use crate::family::platform::{Clarity, Kind, Platform, RiskFactorNoted, UseMandated};
use crate::ledger::name::Code;
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GUIDELINE, HOUSE, POLICY, SUPERVISOR};
use crate::rule::template::{Due, Event, Period, Precision, complete, deadline, decide, if_then, in_force_at, order};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Evidence, Finding, Says};
use crate::time::{Calendar, Limit, PartialDate, Ternary, days_between};

pub(in crate::rule) const AREA: Area = Area {
    name: words("gebruik van platforms", "use of platforms"),
    rules: &[
        Rule {
            id: "PLT-01",
            title: words(
                "Aan een besluit over platforms gaat onderzoek vooraf",
                "Research comes before a decision on platforms",
            ),
            explanation: words(
                "Wie besluit dat platforms gebruikt blijven worden, liet dat eerst onderzoeken, ontving een analyse en het advies van de functionaris voor gegevensbescherming, in die volgorde.",
                "Whoever decides that use of platforms goes on had it researched first, received an analysis and the advice of the data protection officer, in that order.",
            ),
            sources: &["G24 1", "GDPR 24", "GDPR 35"],
            checks: &[check!(
                BoardDecision,
                Guideline,
                Accountability,
                POLICY,
                [Complete, Order],
                decision_chain_is_complete
            )],
        },
        Rule {
            id: "PLT-02",
            title: words(
                "Een gespecialiseerde partij analyseerde de risico's",
                "A specialised party analysed the risks",
            ),
            explanation: words(
                "De analyse van een externe partij en het advies van de functionaris lagen er voordat het bestuur besloot; de analyse is met haar hash vastgelegd.",
                "The analysis of an external party and the advice of the officer were there before the Board decided; the analysis is recorded with its hash.",
            ),
            sources: &["G24 2", "GDPR 24", "GDPR 35"],
            checks: &[check!(BoardDecision, Guideline, Accountability, POLICY, [Order], external_analysis_came_first)],
        },
        Rule {
            id: "PLT-03",
            title: words("Gebruik van een platform rust op een besluit", "Use of a platform rests on a decision"),
            explanation: words(
                "Een platform dat wordt gebruikt, is gedekt door een besluit van het bestuur dat geldt, en elke voorwaarde daarvan is vervuld of haar termijn loopt nog. Een voorwaarde is pas vervuld door een tekst die van kracht is. Zijn de voorwaarden niet genoemd, of is niet gezegd wanneer zij vervuld moeten zijn, dan is dat niet vast te stellen.",
                "A platform in use is covered by a decision of the Board that holds, and each of its conditions is fulfilled or its term still runs. Only a text that is in force fulfils a condition. Where the conditions are not named, or it is not said by when they are to be fulfilled, that cannot be determined.",
            ),
            sources: &["G24 2", "GDPR 24"],
            checks: &[check!(
                Platform,
                Guideline,
                Accountability,
                POLICY,
                [InForceAt, Coverage],
                use_rests_on_a_decision
            )],
        },
        Rule {
            id: "PLT-04",
            title: words("Voorwaarden van het bestuur worden vervuld", "Conditions of the Board are fulfilled"),
            explanation: words(
                "Van elke voorwaarde is te zien hoe lang het duurde tot zij was vervuld, waaronder de heldere beschrijving van de maatregelen; een voorwaarde die na haar termijn openstaat, is niet in orde.",
                "Of each condition it shows how long it took until it was fulfilled, the clear description of the measures among them; one that is open past its term is not in order.",
            ),
            sources: &["G24 2", "GDPR 24(2)"],
            checks: &[
                check!(BoardDecision, Guideline, Accountability, POLICY, [Deadline], conditions_are_met),
                check!(Platform, Guideline, Accountability, POLICY, [Deadline], conditions_on_a_platform_are_met),
            ],
        },
        Rule {
            id: "PLT-05",
            title: words("Zonder duidelijkheid geen gebruik", "No use without clarity"),
            explanation: words(
                "Is niet duidelijk wat een platform met gegevens doet of of mensen ermee instemmen, dan wordt het niet gebruikt; dat het duidelijk is, is beoordeeld.",
                "Where it is not clear what a platform does with data or whether people agree, it is not used; that it is clear was assessed.",
            ),
            sources: &["NW24", "GDPR 5(2)", "GDPR 6", "GDPR 24", "GDPR 26"],
            checks: &[check!(Platform, Supervisor, Lawfulness, SUPERVISOR, [IfThen], what_it_does_is_clear)],
        },
        Rule {
            id: "PLT-06",
            title: words("Klachten over een platform wegen mee", "Complaints about a platform are weighed"),
            explanation: words(
                "Elke risicofactor die over een platform is genoteerd, komt terug in de beoordeling van zijn risico's.",
                "Each risk factor that was noted about a platform comes back in the assessment of its risks.",
            ),
            sources: &["G24 2", "GDPR 24", "GDPR 35"],
            checks: &[check!(Platform, Guideline, Accountability, GUIDELINE, [Complete], noted_risks_are_weighed)],
        },
        Rule {
            id: "PLT-07",
            title: words(
                "Een berichtendienst wordt alleen gebruikt om te zenden",
                "A messaging service is used to send only",
            ),
            explanation: words(
                "De accounts op een berichtendienst staan op alleen zenden; wat toch binnenkomt, gaat naar een activiteit die in het register staat.",
                "The accounts on a messaging service are set to send only; what comes in all the same goes to an activity that is in the register.",
            ),
            sources: &["G24 2", "G24 4(6)", "GDPR 5(1)(b)", "GDPR 25"],
            checks: &[check!(Platform, Guideline, Accountability, GUIDELINE, [IfThen], messaging_is_one_way)],
        },
        Rule {
            id: "PLT-08",
            title: words("Verplicht gebruik rust niet op toestemming", "Mandatory use does not rest on consent"),
            explanation: words(
                "Moeten mensen een platform gebruiken, dan rust dat op een andere grondslag dan toestemming en is er een belangenafweging of een gegevensbeschermingseffectbeoordeling.",
                "Where people have to use a platform, that rests on another basis than consent and there is a balancing assessment or an impact assessment.",
            ),
            sources: &["NW24", "GDPR 6", "GDPR 7(4)"],
            checks: &[check!(Platform, Supervisor, Lawfulness, SUPERVISOR, [IfThen], mandatory_use_is_grounded)],
        },
        Rule {
            id: "PLT-09",
            title: words("Pogingen om afspraken te maken zijn vastgelegd", "Attempts to make agreements are recorded"),
            explanation: words(
                "Is het platform gezamenlijk verantwoordelijk en is er geen regeling, dan is vastgelegd wat is geprobeerd. Een weigering is bewezen voordat een risico wordt aanvaard.",
                "Where the platform is a joint controller and there is no arrangement, it is recorded what was tried. A refusal is proven before a risk is accepted.",
            ),
            sources: &["NW24", "GDPR 26", "GDPR 28"],
            checks: &[check!(
                Platform,
                Supervisor,
                Accountability,
                SUPERVISOR,
                [Complete, Order],
                attempts_are_recorded
            )],
        },
        Rule {
            id: "PLT-10",
            title: words(
                "Na een wezenlijke wijziging wordt het besluit heroverwogen",
                "A decision is reviewed after a material change",
            ),
            explanation: words(
                "Na een wezenlijke wijziging van het recht of van het platform neemt het bestuur zijn besluit binnen de huistermijn opnieuw in overweging.",
                "After a material change of the law or of the platform the Board reviews its decision within the house term.",
            ),
            sources: &["G24 5", "P18 5.4", "GDPR 24(1)"],
            checks: &[check!(
                Platform,
                Policy,
                Accountability,
                Applies::Adopted(HOUSE),
                [Deadline],
                decisions_are_reviewed
            )],
        },
    ],
};

// --- Whether a platform is used --------------------------------------------------------------------------------------

/// How a platform stands at the moment.
pub(in crate::rule) enum Standing {
    /// Nothing decides on it or uses it.
    Unused,
    /// The Board halted its use.
    Halted(Finding),
    /// The Board stopped its use for good, and something still uses it.
    Lingering(Vec<Evidence>),
    /// It may be used by a decision.
    Allowed,
    /// It is used without a decision.
    Used(Vec<Evidence>),
}

/// Tells how the platform of a code stands: by the last decision on it, and by the accounts and activities that use it.
pub(in crate::rule) fn standing(inquiry: &Inquiry<'_>, code: &Code) -> Standing {
    let users = users(inquiry, code);
    let Some(last) = last_word(inquiry, code) else {
        return if users.is_empty() { Standing::Unused } else { Standing::Used(users) };
    };
    match last.standing {
        PlatformUse::Suspended if inquiry.within(Some(&last.since), last.until.as_ref()) != Ternary::False => {
            let text = words(
                "het bestuur heeft het gebruik van het platform opgeschort",
                "the Board suspended use of the platform",
            );
            Standing::Halted(Finding::not_applicable(text).by(last.sequence))
        }
        PlatformUse::Terminated if users.is_empty() => {
            let text = words(
                "het bestuur heeft het gebruik van het platform beëindigd",
                "the Board stopped use of the platform",
            );
            Standing::Halted(Finding::not_applicable(text).by(last.sequence))
        }
        PlatformUse::Terminated => {
            let stop = last.sequence.evidence();
            Standing::Lingering(users.into_iter().chain([stop]).collect())
        }
        _ => Standing::Allowed,
    }
}

/// Tells whether the Board halted use of the platform of a code.
pub(in crate::rule) fn halted(inquiry: &Inquiry<'_>, code: &Code) -> Option<Finding> {
    match standing(inquiry, code) {
        Standing::Halted(finding) => Some(finding),
        _ => None,
    }
}

/// What the Board last decided on a platform; that it is only named decides nothing.
fn last_word<'w>(inquiry: &Inquiry<'w>, code: &Code) -> Option<&'w BoardPlatform> {
    let decisions = inquiry.related::<BoardDecision>("platform", code);
    let said = decisions.into_iter().flat_map(|decision| &decision.state.platform_use);
    let said = said.filter(|at| at.platform == *code && at.standing != PlatformUse::Named);
    said.max_by_key(|at| (at.since.earliest(), at.sequence))
}

/// The facts of accounts and activities by which a platform is used.
fn users(inquiry: &Inquiry<'_>, code: &Code) -> Vec<Evidence> {
    let accounts = inquiry.related::<Account>("platform", code).into_iter();
    let accounts =
        accounts.filter(|account| matches!(account.status, AccountStatus::Active | AccountStatus::Compromised));
    let opened = accounts.filter_map(|account| account.opened.as_ref().map(Says::evidence));
    let activities = inquiry.related::<Activity>("platform", code).into_iter();
    let running = activities.filter(|activity| activity.status == ActivityStatus::Active);
    opened.chain(running.filter_map(|activity| Some(activity.current.as_ref()?.sequence.evidence()))).collect()
}

/// Judges a platform that is in use.
fn while_used<'w>(
    inquiry: &Inquiry<'w>,
    platform: Seen<'w, Platform>,
    judge: impl FnOnce(&'w Code) -> Finding,
) -> Finding {
    let state: &'w Platform = platform.state;
    let Some(code) = &state.platform else {
        return Finding::not_applicable(words(
            "dit gaat over platforms in het algemeen",
            "this is about platforms in general",
        ));
    };
    match standing(inquiry, code) {
        Standing::Unused => {
            Finding::not_applicable(words("het platform wordt niet gebruikt", "the platform is not used"))
        }
        Standing::Halted(finding) => finding,
        Standing::Lingering(_) | Standing::Allowed | Standing::Used(_) => judge(code),
    }
}

// --- PLT-01, PLT-02 --------------------------------------------------------------------------------------------------

/// Judges a decision by which use of platforms may go on. Halting it needs no research first.
fn decided_use<'w>(decision: Seen<'w, BoardDecision>, judge: impl FnOnce(Event) -> Finding) -> Finding {
    let goes_on = matches!(decision.outcome, Some(BoardOutcome::Continue | BoardOutcome::ContinueWithConditions));
    match decision.taken.as_ref().filter(|_| goes_on) {
        Some(taken) => judge(Event::from(taken)),
        None => Finding::not_applicable(words(
            "hierin is niet besloten dat gebruik van platforms doorgaat",
            "this does not decide that use of platforms goes on",
        )),
    }
}

fn decision_chain_is_complete<'w>(_inquiry: &Inquiry<'w>, decision: Seen<'w, BoardDecision>) -> Finding {
    decided_use(decision, |taken| {
        let chain = [
            (Text::new("het onderzoek", "the research"), decision.research_commissioned.first().map(Event::from)),
            (Text::new("de analyse", "the analysis"), decision.external_analysis_received.first().map(Event::from)),
            (
                Text::new(
                    "het advies van de functionaris voor gegevensbescherming",
                    "the advice of the data protection officer",
                ),
                decision.dpo_advice_issued.first().map(Event::from),
            ),
            (Text::new("het besluit", "the decision"), Some(taken)),
        ];
        let parts: Vec<(Text, bool)> = chain.iter().map(|(part, event)| (part.clone(), event.is_some())).collect();
        let all = complete(&Text::new("de weg naar het besluit", "the way to the decision"), parts).by(taken.fact);
        let present: Vec<_> = chain.iter().filter(|(_, event)| event.is_some()).collect();
        let steps = present.windows(2).filter_map(|pair| match pair {
            [(first, one), (then, other)] => Some(order(Precision::Day, (first, *one), (then, *other))),
            _ => None,
        });
        steps.fold(all, Finding::and)
    })
}

fn external_analysis_came_first<'w>(_inquiry: &Inquiry<'w>, decision: Seen<'w, BoardDecision>) -> Finding {
    decided_use(decision, |taken| {
        let analysis = decision.external_analysis_received.first();
        let named = [
            Text::new("de analyse van een externe partij", "the analysis of an external party"),
            Text::new(
                "het advies van de functionaris voor gegevensbescherming",
                "the advice of the data protection officer",
            ),
            Text::new("het besluit", "the decision"),
        ];
        let [what, advice, decided] = &named;
        let analysed = order(Precision::Day, (what, analysis.map(Event::from)), (decided, Some(taken)));
        let advised = decision.dpo_advice_issued.first().map(Event::from);
        let advised = order(Precision::Day, (advice, advised), (decided, Some(taken)));
        let held = match analysis {
            Some(analysis) if analysis.fact.document.is_none() => Finding::indeterminate(words(
                "de analyse is ontvangen, maar niet met haar hash vastgelegd",
                "the analysis was received and not recorded with its hash",
            ))
            .by(analysis),
            Some(analysis) if analysis.fact.party.is_none() => Finding::indeterminate(words(
                "wie de analyse maakte, is niet vastgelegd",
                "who made the analysis is not recorded",
            ))
            .by(analysis),
            Some(analysis) => {
                Finding::pass(words("de analyse is met haar hash vastgelegd", "the analysis is recorded with its hash"))
                    .by(analysis)
            }
            None => return analysed.and(advised),
        };
        analysed.and(advised).and(held)
    })
}

// --- PLT-03 ----------------------------------------------------------------------------------------------------------

fn use_rests_on_a_decision<'w>(inquiry: &Inquiry<'w>, platform: Seen<'w, Platform>) -> Finding {
    while_used(inquiry, platform, |code| match standing(inquiry, code) {
        Standing::Lingering(facts) => Finding::fail(words(
            "het gebruik is beëindigd, maar accounts of activiteiten gebruiken het platform nog",
            "use was stopped, but accounts or activities still use the platform",
        ))
        .by_all(facts),
        Standing::Used(facts) if board_has_decided(inquiry) => Finding::fail(words(
            "geen besluit van het bestuur dekt het gebruik van dit platform",
            "no decision of the Board covers use of this platform",
        ))
        .by_all(facts),
        Standing::Used(_) => Finding::not_applicable(words(
            "het bestuur heeft nog over geen platform besloten",
            "the Board has not decided on any platform yet",
        )),
        _ => {
            let decisions = allowing(inquiry, code);
            let findings: Vec<Finding> = decisions.iter().map(|decision| decision_holds(inquiry, *decision)).collect();
            Finding::all(findings, || {
                Finding::fail(words(
                    "het besluit dat het platform dekte, is vervangen",
                    "the decision that covered the platform was replaced",
                ))
            })
        }
    })
}

/// Whether the Board has decided on use of any platform.
fn board_has_decided(inquiry: &Inquiry<'_>) -> bool {
    let decided =
        |decision: &Seen<'_, BoardDecision>| decision.platform_use.iter().any(|at| at.standing != PlatformUse::Named);
    inquiry.all::<BoardDecision>().iter().any(decided)
}

/// The decisions by which a platform may be used, those that were replaced left out.
fn allowing<'w>(inquiry: &Inquiry<'w>, code: &Code) -> Vec<Seen<'w, BoardDecision>> {
    let mut decisions = inquiry.related::<BoardDecision>("platform", code);
    decisions.retain(|decision| {
        let allows = |at: &BoardPlatform| at.platform == *code && at.standing == PlatformUse::Allowed;
        decision.status != BoardDecisionStatus::Replaced && decision.platform_use.iter().any(allows)
    });
    decisions
}

fn decision_holds<'w>(inquiry: &Inquiry<'w>, decision: Seen<'w, BoardDecision>) -> Finding {
    let since = decision.decided.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let covered =
        Finding::pass(say!("het besluit van {since} dekt het gebruik", "the decision of {since} covers the use"));
    let covered = covered.by_all(&decision.taken);
    let conditions = decision.state.conditions.iter().map(|condition| condition_is_met(inquiry, condition));
    conditions.fold(covered.and(conditions_are_known(decision)), Finding::and)
}

/// A decision under conditions says which they are.
fn conditions_are_known(decision: Seen<'_, BoardDecision>) -> Finding {
    let conditional = decision.outcome == Some(BoardOutcome::ContinueWithConditions);
    let unnamed = conditional && decision.conditions.is_empty();
    if unnamed || decision.conditions_complete == Some(false) {
        let text = words(
            "het besluit kent voorwaarden die niet zijn vastgelegd",
            "the decision has conditions that are not recorded",
        );
        return Finding::indeterminate(text).by_all(&decision.taken);
    }
    Finding::not_applicable(words(
        "het besluit stelt geen voorwaarden die niet zijn genoemd",
        "the decision sets no conditions that are not named",
    ))
}

/// A condition is fulfilled, by a text that is in force where a text is what fulfils it, or its term still runs.
fn condition_is_met(inquiry: &Inquiry<'_>, condition: &BoardConditionAt) -> Finding {
    let code = &condition.code;
    match (condition.fulfilled, &condition.instrument) {
        (Some(_), Some(instrument)) => text_is_in_force(inquiry, condition, instrument),
        (Some(fulfilled), None) => Finding::pass(say!(
            "voorwaarde {code} is vervuld op {fulfilled}",
            "condition {code} was fulfilled on {fulfilled}"
        )),
        (None, _) => condition_is_open(inquiry, condition),
    }
    .by(condition.sequence)
}

fn condition_is_open(inquiry: &Inquiry<'_>, condition: &BoardConditionAt) -> Finding {
    let code = &condition.code;
    let Some(due) = condition.due_at else {
        return Finding::indeterminate(say!(
            "voorwaarde {code} staat open, en wanneer zij vervuld moet zijn, is niet vastgelegd",
            "condition {code} is open, and by when it is to be fulfilled is not recorded"
        ));
    };
    let limit = Limit { earliest: due.latest(), latest: due.latest() };
    decide(
        inquiry.passed(&limit),
        || {
            Finding::fail(say!(
                "voorwaarde {code} staat open, terwijl zij uiterlijk {due} vervuld moest zijn",
                "condition {code} is open, while it was to be fulfilled by {due}"
            ))
        },
        || {
            Finding::pass(say!(
                "voorwaarde {code} staat open; zij hoeft pas uiterlijk {due} vervuld te zijn",
                "condition {code} is open; it need not be fulfilled before {due}"
            ))
        },
        || {
            Finding::indeterminate(say!(
                "of de termijn van voorwaarde {code} voorbij is, beslissen de datums niet",
                "the dates do not decide whether the term of condition {code} is over"
            ))
        },
    )
}

/// The instrument that fulfils a condition is in force, in the version that was named or a later one.
fn text_is_in_force(inquiry: &Inquiry<'_>, condition: &BoardConditionAt, instrument: &Code) -> Finding {
    let code = &condition.code;
    let named = condition.instrument_version.unwrap_or(1);
    let instruments = inquiry.related::<GovernanceInstrument>("instrument", instrument);
    let versions = instruments.iter().flat_map(|instrument| &instrument.state.versions);
    let adopted = versions.filter(|version| version.version >= named).filter_map(|version| {
        let fact = version.adoption?.evidence();
        Some(Period { from: Some(version.in_force_from?), to: version.in_force_to, fact })
    });
    let what = say!(
        "{instrument}, waardoor voorwaarde {code} vervuld heet te zijn",
        "{instrument}, by which condition {code} is said to be fulfilled"
    );
    in_force_at(inquiry, &what, adopted)
}

// --- PLT-04 ----------------------------------------------------------------------------------------------------------

fn conditions_on_a_platform_are_met<'w>(inquiry: &Inquiry<'w>, platform: Seen<'w, Platform>) -> Finding {
    let Some(code) = &platform.platform else {
        return Finding::not_applicable(words(
            "dit gaat over platforms in het algemeen",
            "this is about platforms in general",
        ));
    };
    let findings: Vec<Finding> =
        allowing(inquiry, code).into_iter().map(|decision| conditions_are_met(inquiry, decision)).collect();
    Finding::all(findings, || {
        Finding::not_applicable(words(
            "geen besluit laat het gebruik van dit platform toe",
            "no decision allows use of this platform",
        ))
    })
}

fn conditions_are_met<'w>(inquiry: &Inquiry<'w>, decision: Seen<'w, BoardDecision>) -> Finding {
    let findings = decision.state.conditions.iter().map(|condition| match condition.fulfilled {
        Some(fulfilled) => was_fulfilled(inquiry, condition, fulfilled),
        None => condition_is_open(inquiry, condition).by(condition.sequence),
    });
    let set = decision.state.condition_set.iter().map(Says::evidence).chain(decision.taken.iter().map(Says::evidence));
    let set: Vec<Evidence> = set.collect();
    findings.fold(conditions_are_known(decision), Finding::and).by_all(set)
}

fn was_fulfilled(inquiry: &Inquiry<'_>, condition: &BoardConditionAt, fulfilled: PartialDate) -> Finding {
    let code = &condition.code;
    let since = condition.since;
    let days = days_between(since.earliest(), fulfilled.earliest()).unwrap_or_default();
    let in_time = condition.due_at.map_or(Ternary::True, |due| fulfilled.day_not_after(&due));
    let finding = decide(
        in_time,
        || {
            Finding::pass(say!(
                "voorwaarde {code}: gesteld op {since}, vervuld op {fulfilled}, na {days} dagen",
                "condition {code}: set on {since}, fulfilled on {fulfilled}, after {days} days"
            ))
        },
        || {
            Finding::fail(say!(
                "voorwaarde {code}: pas vervuld op {fulfilled}, na {days} dagen en na haar termijn",
                "condition {code}: fulfilled only on {fulfilled}, after {days} days and past its term"
            ))
        },
        || {
            Finding::indeterminate(say!(
                "voorwaarde {code}: vervuld op {fulfilled}, na {days} dagen; of dat op tijd was, beslissen de datums niet",
                "condition {code}: fulfilled on {fulfilled}, after {days} days; the dates do not decide whether that was in time"
            ))
        },
    );
    let finding = finding.by(condition.sequence);
    match &condition.instrument {
        // PLT-03 asks whether the text holds; here it is something to attend to.
        Some(instrument) => finding.and(text_is_in_force(inquiry, condition, instrument).at_most_warn()),
        None => finding,
    }
}

// --- PLT-05 ----------------------------------------------------------------------------------------------------------

fn what_it_does_is_clear<'w>(inquiry: &Inquiry<'w>, platform: Seen<'w, Platform>) -> Finding {
    while_used(inquiry, platform, |_| match platform.clarity_assessed.last() {
        None => Finding::fail(words(
            "het platform wordt gebruikt, en of duidelijk is wat het met gegevens doet, is niet beoordeeld",
            "the platform is used, and it was not assessed whether it is clear what it does with data",
        )),
        Some(last) if last.fact.outcome == Clarity::Unclear => Finding::fail(say!(
            "het platform wordt gebruikt, terwijl op {} is vastgesteld dat niet duidelijk is wat het met gegevens doet",
            "the platform is used, while on {} it was found not to be clear what it does with data",
            last.from
        ))
        .by(last),
        Some(last) => Finding::pass(say!(
            "op {} is vastgesteld dat duidelijk is wat het platform met gegevens doet",
            "on {} it was found to be clear what the platform does with data",
            last.from
        ))
        .by(last),
    })
}

// --- PLT-06 ----------------------------------------------------------------------------------------------------------

fn noted_risks_are_weighed<'w>(inquiry: &Inquiry<'w>, platform: Seen<'w, Platform>) -> Finding {
    while_used(inquiry, platform, |_| {
        let own = platform.state.risk_factor_noted.iter().map(|noted| is_weighed(platform, noted));
        let general = inquiry.all::<Platform>().into_iter().filter(|other| other.platform.is_none());
        // What is said of platforms in general need not be said of each of them.
        let general = general
            .flat_map(|other| &other.state.risk_factor_noted)
            .map(|noted| is_weighed(platform, noted).at_most_warn());
        Finding::all(own.chain(general), || {
            Finding::not_applicable(words("er is geen risicofactor genoteerd", "no risk factor was noted"))
        })
    })
}

/// The last assessment since a factor was noted names that factor, or its topic.
fn is_weighed(platform: Seen<'_, Platform>, noted: &Dated<RiskFactorNoted>) -> Finding {
    let assessed = platform.risk_assessed.last();
    let factors = assessed.iter().flat_map(|assessed| &assessed.fact.factors);
    let mut named =
        factors.filter(|factor| factor.noted.contains(&noted.sequence) || Some(factor.topic) == noted.fact.topic);
    let later = assessed.map_or(Ternary::False, |assessed| noted.from.day_not_after(&assessed.from));
    let finding = match (named.next(), later) {
        (Some(_), Ternary::True) => {
            Finding::pass(words("de genoteerde risicofactor is gewogen", "the noted risk factor was weighed"))
        }
        (Some(_), Ternary::Unknown) => Finding::indeterminate(words(
            "of de risicofactor al was genoteerd toen de risico's werden beoordeeld, beslissen de datums niet",
            "the dates do not decide whether the risk factor was noted when the risks were assessed",
        )),
        _ => Finding::fail(words(
            "een genoteerde risicofactor komt in de beoordeling van het platform niet terug",
            "a noted risk factor does not come back in the assessment of the platform",
        )),
    };
    finding.by(noted).by_all(assessed)
}

// --- PLT-07 ----------------------------------------------------------------------------------------------------------

fn messaging_is_one_way<'w>(inquiry: &Inquiry<'w>, platform: Seen<'w, Platform>) -> Finding {
    let messaging =
        platform.registered.as_ref().is_some_and(|registered| registered.fact.kind == Some(Kind::Messaging));
    let otherwise = Text::new("het platform is geen berichtendienst", "the platform is no messaging service");
    if_then(messaging.into(), &otherwise, || {
        while_used(inquiry, platform, |code| {
            let accounts = inquiry.related::<Account>("platform", code).into_iter();
            let accounts =
                accounts.filter(|account| matches!(account.status, AccountStatus::Active | AccountStatus::Compromised));
            let findings: Vec<Finding> = accounts.map(|account| sends_only(inquiry, account)).collect();
            Finding::all(findings, || {
                Finding::not_applicable(words(
                    "er is geen account op de berichtendienst",
                    "there is no account on the messaging service",
                ))
            })
        })
    })
}

fn sends_only<'w>(inquiry: &Inquiry<'w>, account: Seen<'w, Account>) -> Finding {
    let state: &'w Account = account.state;
    let finding = match state.mode {
        Some(Mode::Broadcast) => Finding::pass(words("het account zendt alleen", "the account sends only")),
        Some(Mode::Normal) => {
            Finding::fail(words("het account staat op tweerichtingsverkeer", "the account is set to both directions"))
        }
        None => Finding::fail(words(
            "dat het account alleen zendt, is niet vastgelegd",
            "that the account sends only is not recorded",
        )),
    };
    let finding = finding.by_all(&state.opened).by_all(state.mode_set.last());
    let Some(inbound) = state.mode_set.last().and_then(|set| set.fact.inbound_activity.as_ref()) else {
        return finding;
    };
    let registered = inquiry.state::<Activity>(inbound).and_then(|activity| activity.state.current.as_ref());
    finding.and(match registered {
        Some(version) => Finding::pass(words(
            "wat toch binnenkomt, gaat naar een activiteit uit het register",
            "what comes in all the same goes to an activity of the register",
        ))
        .by(version.sequence),
        None => Finding::fail(words(
            "wat toch binnenkomt, gaat naar een activiteit die niet in het register is vastgesteld",
            "what comes in all the same goes to an activity that is not established in the register",
        )),
    })
}

// --- PLT-08 ----------------------------------------------------------------------------------------------------------

fn mandatory_use_is_grounded<'w>(inquiry: &Inquiry<'w>, platform: Seen<'w, Platform>) -> Finding {
    while_used(inquiry, platform, |_| {
        let state: &'w Platform = platform.state;
        let mandates = state.use_mandated.iter().enumerate().filter(|(place, mandated)| {
            let later = state.use_mandated.iter().skip(place + 1);
            mandated.fact.mandatory && !later.into_iter().any(|later| takes_the_place(&later.fact, &mandated.fact))
        });
        let findings: Vec<Finding> = mandates.map(|(_, mandated)| mandate_is_grounded(inquiry, mandated)).collect();
        Finding::all(findings, || {
            Finding::not_applicable(words(
                "niemand is verplicht het platform te gebruiken",
                "nobody has to use the platform",
            ))
        })
    })
}

/// A later word counts for the groups it names; where it names none, for all.
fn takes_the_place(later: &UseMandated, earlier: &UseMandated) -> bool {
    let all_named =
        || !earlier.for_whom.is_empty() && earlier.for_whom.iter().all(|group| later.for_whom.contains(group));
    later.for_whom.is_empty() || all_named()
}

fn mandate_is_grounded<'w>(inquiry: &Inquiry<'w>, mandated: &'w Dated<UseMandated>) -> Finding {
    let activities = mandated.fact.activities.iter().filter_map(|activity| inquiry.state::<Activity>(activity));
    let findings = activities.map(|activity| {
        let bases = activity.state.legal_bases();
        let consent = bases.iter().any(|basis| basis.basis == LegalBasis::Consent);
        let weighed = bases.iter().any(|basis| basis.assessment.is_some());
        let assessed =
            || inquiry.related::<Dpia>("activity", activity.stream).iter().any(|dpia| dpia.completed.is_some());
        let finding = if bases.is_empty() {
            Finding::fail(words(
                "voor het verplichte gebruik is geen grondslag vastgelegd",
                "no legal basis is recorded for the mandatory use",
            ))
        } else if consent {
            Finding::fail(words(
                "het gebruik is verplicht en rust op toestemming, die dan niet vrij is gegeven",
                "use is mandatory and rests on consent, which is then not freely given",
            ))
        } else if weighed || assessed() {
            Finding::pass(words(
                "het verplichte gebruik rust op een andere grondslag dan toestemming en is afgewogen",
                "the mandatory use rests on another basis than consent and was weighed",
            ))
        } else {
            Finding::fail(words(
                "voor het verplichte gebruik is er geen belangenafweging en geen gegevensbeschermingseffectbeoordeling",
                "there is no balancing assessment and no impact assessment for the mandatory use",
            ))
        };
        finding.by_all(bases.iter().map(|basis| basis.sequence))
    });
    let findings: Vec<Finding> = findings.collect();
    Finding::all(findings, || {
        Finding::fail(words(
            "op welke activiteit en grondslag het verplichte gebruik rust, is niet vastgelegd",
            "on which activity and legal basis the mandatory use rests is not recorded",
        ))
    })
    .by(mandated)
}

// --- PLT-09 ----------------------------------------------------------------------------------------------------------

fn attempts_are_recorded<'w>(inquiry: &Inquiry<'w>, platform: Seen<'w, Platform>) -> Finding {
    while_used(inquiry, platform, |code| {
        let arrangements = inquiry.related::<JointControllerArrangement>("platform", code);
        let joint = arrangements.iter().filter(|arrangement| arrangement.outcome == Some(ControlOutcome::Joint));
        let found: Vec<Evidence> =
            joint.flat_map(|arrangement| arrangement.state.assessed.last().map(Says::evidence)).collect();
        if found.is_empty() {
            return Finding::not_applicable(words(
                "dat het platform gezamenlijk verantwoordelijk is, is niet gevonden",
                "the platform was not found to be a joint controller",
            ));
        }
        came_to_terms(&arrangements).by_all(found).and(accepted_after_refusal(inquiry, code, &arrangements))
    })
}

fn came_to_terms(arrangements: &[Seen<'_, JointControllerArrangement>]) -> Finding {
    let agreed = arrangements.iter().filter(|arrangement| arrangement.terminated.is_none());
    if let Some(agreed) = agreed.filter_map(|arrangement| arrangement.state.agreed.as_ref()).next() {
        return Finding::pass(words("er is een regeling overeengekomen", "an arrangement was agreed")).by(agreed);
    }
    let refusals = || arrangements.iter().filter_map(|arrangement| arrangement.state.refused.last());
    if let Some(proven) = refusals().find(|refused| refused.fact.evidence.is_some()) {
        return Finding::pass(words(
            "het platform weigerde een regeling, en dat is bewezen",
            "the platform refused an arrangement, and that is proven",
        ))
        .by(proven);
    }
    if let Some(refused) = refusals().next() {
        return Finding::indeterminate(words(
            "het platform weigerde een regeling, maar het bewijs daarvan is niet vastgelegd",
            "the platform refused an arrangement, but the proof of it is not recorded",
        ))
        .by(refused);
    }
    let attempts: Vec<Evidence> =
        arrangements.iter().flat_map(|arrangement| &arrangement.state.negotiation_logged).map(Says::evidence).collect();
    if attempts.is_empty() {
        return Finding::fail(words(
            "dat is geprobeerd tot een regeling te komen, is niet vastgelegd",
            "that an arrangement was tried for is not recorded",
        ));
    }
    Finding::pass(words(
        "pogingen om tot een regeling te komen zijn vastgelegd",
        "attempts at an arrangement are recorded",
    ))
    .by_all(attempts)
}

/// The risk of a platform is accepted only after its refusal.
fn accepted_after_refusal(
    inquiry: &Inquiry<'_>,
    code: &Code,
    arrangements: &[Seen<'_, JointControllerArrangement>],
) -> Finding {
    let mut refusals: Vec<_> = arrangements.iter().flat_map(|arrangement| &arrangement.state.refused).collect();
    refusals.sort_by_key(|refused| (refused.from.earliest(), refused.sequence));
    let findings = inquiry.related::<RaisedFinding>("platform", code);
    let acceptances = findings.iter().flat_map(|finding| &finding.state.acceptances);
    let named = (
        Text::new("de weigering door het platform", "the refusal of the platform"),
        Text::new("het aanvaarden van het risico", "the acceptance of the risk"),
    );
    let findings = acceptances.map(|accepted| {
        order(
            Precision::Day,
            (&named.0, refusals.first().map(|refused| Event::from(*refused))),
            (&named.1, Some(Event::from(accepted))),
        )
    });
    Finding::all(findings, || Finding::not_applicable(words("er is geen risico aanvaard", "no risk was accepted")))
}

// --- PLT-10 ----------------------------------------------------------------------------------------------------------

fn decisions_are_reviewed<'w>(inquiry: &Inquiry<'w>, platform: Seen<'w, Platform>) -> Finding {
    let Some(code) = &platform.platform else {
        return Finding::not_applicable(words(
            "dit gaat over platforms in het algemeen",
            "this is about platforms in general",
        ));
    };
    let decisions = inquiry.related::<BoardDecision>("platform", code);
    let taken = |decision: &Seen<'_, BoardDecision>| {
        decision.platform_use.iter().any(|at| at.platform == *code && at.standing != PlatformUse::Named)
    };
    if !decisions.iter().any(taken) {
        return Finding::not_applicable(words(
            "er is geen besluit over dit platform om te heroverwegen",
            "there is no decision on this platform to review",
        ));
    }
    let mut changes: Vec<Event> = platform.material_change_noted.iter().map(Event::from).collect();
    changes.extend(decisions.iter().flat_map(|decision| legal_changes(inquiry, *decision)));
    let reactions: Vec<Event> = decisions.iter().flat_map(|decision| words_of_the_board(decision.state)).collect();
    let term = inquiry.house("platformReview");
    let what =
        Text::new("de heroverweging van het besluit over het platform", "the review of the decision on the platform");
    let findings: Vec<Finding> = changes
        .into_iter()
        .map(|change| {
            let later = reactions.iter().filter(|reaction| change.date.day_not_after(&reaction.date) != Ternary::False);
            let done = later.min_by_key(|reaction| reaction.date.earliest()).copied();
            deadline(inquiry, &Due { what: &what, from: change, done, term: term.as_ref(), calendar: Calendar::Strict })
        })
        .collect();
    Finding::all(findings, || {
        Finding::not_applicable(words("er is geen wezenlijke wijziging genoteerd", "no material change was noted"))
    })
}

/// The changes of the law that gave rise to what the Board decided, as it named them.
fn legal_changes<'w>(inquiry: &Inquiry<'w>, decision: Seen<'w, BoardDecision>) -> Vec<Event> {
    let state = decision.state;
    let reviewed = state.reviewed.iter().filter_map(|kept| kept.fact.trigger.as_ref());
    let suspended = state.platform_use_suspended.iter().filter_map(|kept| kept.fact.trigger.as_ref());
    let terminated = state.platform_use_terminated.iter().filter_map(|kept| kept.fact.trigger.as_ref());
    let instruments = reviewed.chain(suspended).chain(terminated).filter_map(|code| inquiry.instrument(code.as_str()));
    let changes = instruments.filter_map(|instrument| {
        let known = instrument.state.registered.as_ref();
        let date =
            instrument.published.or(instrument.valid_from).or(instrument.adopted).or(known.map(|known| known.from))?;
        let fact = known.map(Says::evidence).or(instrument.state.entered_into_force.as_ref().map(Says::evidence))?;
        Some(Event { date, fact })
    });
    changes.collect()
}

/// Every word of the Board on a decision: taken, reviewed, suspended, resumed, stopped.
fn words_of_the_board(decision: &BoardDecision) -> Vec<Event> {
    let taken = decision.taken.iter().map(Event::from);
    let reviewed = decision.reviewed.iter().map(Event::from);
    let suspended = decision.platform_use_suspended.iter().map(Event::from);
    let resumed = decision.platform_use_resumed.iter().map(Event::from);
    let terminated = decision.platform_use_terminated.iter().map(Event::from);
    taken.chain(reviewed).chain(suspended).chain(resumed).chain(terminated).collect()
}

#[cfg(test)]
mod tests;
