//! Processors (GDPR Art. 28, 33(2)): whether whoever processes on behalf of the institution is bound by an agreement that says
//! what it must, offers guarantees, keeps to its instructions and tells of breaches in time.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::{BTreeMap, BTreeSet};

use crate::family::activity::{Activity, ActivityStatus};
use crate::family::agreement::{
    Agreement, AgreementStatus, Clause, Coverage, GuaranteesOutcome, ProcessorBreachNoticeReceived, SubProcessor,
    SubProcessorStanding,
};
use crate::family::dossier::Dated;
use crate::family::finding::{Finding as RaisedFinding, FindingStatus};
use crate::family::legal_instrument::InstrumentKind as Legal;
use crate::family::party::{Party, PartyRole};
use crate::family::rule_set::Outcome;
use crate::family::system::{System, SystemStatus};
use crate::ledger::name::Code;
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, GUIDELINE, HOUSE, POLICY, Parameter};
use crate::rule::template::{
    Due, Event, Period, Precision, age, complete, coverage, deadline, decide, if_then, in_force_at, order,
    without_undue_delay,
};
use crate::rule::text::{Text, Words, say, words};
use crate::rule::verdict::{Evidence, Finding, ParameterUsed, Says};
use crate::time::{Calendar, PartialDate, Ternary, day_of, days_between};

pub(in crate::rule) const AREA: Area = Area {
    name: words("verwerkers", "processors"),
    rules: &[
        Rule {
            id: "PRC-01",
            title: words("Een verwerker is gebonden door een overeenkomst", "A processor is bound by an agreement"),
            explanation: words(
                "Voor elke verwerker van een lopende activiteit is een overeenkomst tot stand gekomen die van kracht is en de activiteit dekt; een toegestane subverwerker valt onder die van de verwerker. Begint de verwerking eerder, dan is zij tot die dag niet in orde. Het beleid wil de gezamenlijke verwerkingsverantwoordelijke waar passend als partij.",
                "For each processor of a running activity an agreement was executed that is in force and covers the activity; an authorised sub-processor comes under that of the processor. Where processing starts earlier it is not in order until that day. The policy wants the joint controller as a party where apt.",
            ),
            sources: &["GDPR 28(3)", "GDPR 28(9)", "P18 6.8.1", "G24 4(4)"],
            checks: &[
                check!(Activity, Law, Lawfulness, GDPR, [InForceAt, Coverage], processors_are_bound),
                check!(
                    Activity,
                    Policy,
                    Accountability,
                    POLICY,
                    [InForceAt, Coverage],
                    processors_are_bound_with_joint_controllers
                ),
            ],
        },
        Rule {
            id: "PRC-02",
            title: words("De overeenkomst heeft alle verplichte bepalingen", "The agreement has all mandatory clauses"),
            explanation: words(
                "Van een verwerkersovereenkomst die bindt, is vastgelegd dat zij volledig voorziet in artikel 28, derde lid: onderwerp, duur, aard en doel, soort gegevens en betrokkenen, en de rechten en verplichtingen van de verwerkingsverantwoordelijke (eerste zin), onder a tot en met h, en de melding van een instructie in strijd met de wet (laatste zin), in subverwerkers (artikel 28, tweede en vierde lid) en in de melding van datalekken (artikel 33, tweede lid). Wat van de eerste en de laatste zin niet is beoordeeld, is niet vast te stellen. Of de bepalingen toereikend zijn, is niet getoetst.",
                "Of a binding processor agreement it is recorded that it covers wholly Art. 28(3): subject matter, duration, nature and purpose, data and data subjects, and the rights and duties of the controller (first sentence), (a) to (h), and the warning of an infringing instruction (last sentence), sub-processors (Art. 28(2) and (4)) and the notice of breaches (Art. 33(2)). What of the first and last sentence was not examined cannot be decided. Whether the clauses suffice is not tested.",
            ),
            sources: &["GDPR 28(3)", "GDPR 28(2)", "GDPR 28(4)", "GDPR 33(2)", "P18 6.8.1"],
            checks: &[check!(Agreement, Law, Accountability, GDPR, [Complete], mandatory_clauses_are_there)],
        },
        Rule {
            id: "PRC-03",
            title: words("De verwerker biedt afdoende garanties", "The processor offers sufficient guarantees"),
            explanation: words(
                "Zolang de overeenkomst bindt, is beoordeeld dat de verwerker afdoende garanties biedt en heeft elke lopende activiteit die zij dekt een grondslag. Hoe oud de beoordeling mag zijn, zegt de huistermijn; voorbij die termijn is het voor de wet een aandachtspunt. Waarop het oordeel over de garanties rust, is niet getoetst.",
                "As long as the agreement binds, the processor was assessed to offer sufficient guarantees and each running activity that it covers has a legal basis. How old the assessment may be is a house term; past it, it is for the law something to attend to. On what the verdict about the guarantees rests is not tested.",
            ),
            sources: &["GDPR 28(1)", "GDPR 5(2)", "P18 6.8.2"],
            checks: &[
                check!(Agreement, Law, Accountability, GDPR, [InForceAt, Age], guarantees_are_sufficient),
                check!(
                    Agreement,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [InForceAt, Age],
                    guarantees_are_young
                ),
            ],
        },
        Rule {
            id: "PRC-04",
            title: words(
                "Wie contactbestanden opbouwt, geldt als verwerker",
                "Whoever builds contact files counts as a processor",
            ),
            explanation: words(
                "Verzamelt een derde voor de instelling gegevens om mensen informatie te sturen, dan is vóór het sluiten van de overeenkomst vastgesteld dat hij verwerker is.",
                "Where a third party collects data for the institution in order to send people information, it was settled before the agreement was executed that it is a processor.",
            ),
            sources: &["G24 4(4)", "GDPR 28"],
            checks: &[check!(Agreement, Guideline, Accountability, GUIDELINE, [Order], role_is_settled_first)],
        },
        Rule {
            id: "PRC-05",
            title: words(
                "Met een monitoringdienst is afgesproken hoe hij verzamelt",
                "It is agreed how a monitoring service collects",
            ),
            explanation: words(
                "De overeenkomst met wie de reputatie van de instelling volgt, regelt volledig op welke wijze gegevens worden verzameld.",
                "The agreement with whoever monitors the reputation of the institution wholly settles how data are collected.",
            ),
            sources: &["G24 4(5)", "GDPR 28(3)(a)"],
            checks: &[check!(Agreement, Guideline, Accountability, GUIDELINE, [Complete], way_of_collecting_is_agreed)],
        },
        Rule {
            id: "PRC-06",
            title: words(
                "De verwerker gebruikt de gegevens niet voor zichzelf",
                "The processor does not use the data for itself",
            ),
            explanation: words(
                "De overeenkomst verbiedt eigen gebruik. Wordt eigen gebruik gemeld, dan wordt de verwerker voor die verwerking als verwerkingsverantwoordelijke aangemerkt en een bevinding vastgesteld. De richtlijn wil bij monitoring een uitdrukkelijk verbod.",
                "The agreement forbids use for its own purposes. Where such use is reported, the processor is settled to be a controller for it and a finding is raised. For monitoring the guideline wants an express ban.",
            ),
            sources: &["GDPR 28(3)(a)", "GDPR 28(10)", "G24 4(5)"],
            checks: &[
                check!(Agreement, Law, Lawfulness, GDPR, [Coverage, IfThen], own_use_is_barred),
                check!(Agreement, Guideline, Accountability, GUIDELINE, [Coverage, IfThen], monitoring_bars_own_use),
            ],
        },
        Rule {
            id: "PRC-07",
            title: words("De verwerker meldt een datalek op tijd", "The processor tells of a breach in time"),
            explanation: words(
                "Tussen het moment waarop de verwerker van een datalek weet en het moment waarop zijn melding binnenkomt, ligt niet meer dan de termijn van de overeenkomst. De wet wil de melding zonder onredelijke vertraging: voorbij die termijn, of zonder termijn na de eerste dag, is dat een aandachtspunt. Sinds wanneer de verwerker het wist, is wat hij daarover zei.",
                "Between the moment at which the processor knows of a breach and the receipt of its notice lies no more than the term of the agreement. The law wants it without undue delay: past that term, or without a term after the first day, it is something to attend to. Since when the processor knew is what it said of it.",
            ),
            sources: &["P18 7.2(b)", "GDPR 33(2)", "GDPR 28(3)(f)"],
            checks: &[
                check!(Agreement, Policy, Accountability, POLICY, [Deadline], breaches_are_told_as_agreed),
                check!(Agreement, Law, Accountability, GDPR, [Deadline], breaches_are_told_without_delay),
            ],
        },
        Rule {
            id: "PRC-08",
            title: words(
                "De keten van subverwerkers is bekend en toegestaan",
                "The chain of sub-processors is known and authorised",
            ),
            explanation: words(
                "Elke subverwerker is toegestaan; wie is geweigerd of niet is toegestaan, verwerkt niet mee. Subverwerkers die niemand heeft vastgelegd, zijn niet getoetst. De lijst is niet ouder dan de huistermijn. De toezichthouders willen dat van elke subverwerker is vastgelegd wie het is en waar hij verwerkt.",
                "Each sub-processor is authorised; one that was objected to, or was not authorised, takes no part. Sub-processors that nobody recorded are not tested. The list is not older than the house term. The authorities want it recorded who each sub-processor is and where it processes.",
            ),
            sources: &["GDPR 28(2)", "GDPR 28(4)", "P18 6.8", "EDPB Opinion 22/2024"],
            checks: &[
                check!(Agreement, Law, Accountability, GDPR, [Coverage], sub_processors_are_authorised),
                check!(Agreement, Policy, Accountability, Applies::Adopted(HOUSE), [Age], sub_processor_list_is_young),
                check!(
                    Agreement,
                    Supervisor,
                    Accountability,
                    Applies::Named(&[Legal::Guideline]),
                    [Coverage],
                    sub_processors_are_known
                ),
            ],
        },
    ],
};

// --- What binds ------------------------------------------------------------------------------------------------------

/// Judges an activity that runs; one that has not begun, is suspended or has ended is asked nothing.
pub(in crate::rule) fn while_active(activity: Seen<'_, Activity>, judge: impl FnOnce() -> Finding) -> Finding {
    match activity.status {
        ActivityStatus::Active => judge(),
        ActivityStatus::Suspended => {
            let finding = Finding::not_applicable(words("de verwerking is opgeschort", "processing is suspended"));
            finding.by_all(&activity.suspension)
        }
        ActivityStatus::Ceased | ActivityStatus::Obsolete => {
            let finding = Finding::not_applicable(words("de verwerking is beëindigd", "processing has ended"));
            finding.by_all(&activity.cessation).by_all(&activity.obsolescence)
        }
        _ => Finding::not_applicable(words("de verwerking is nog niet begonnen", "processing has not begun")),
    }
}

/// From when until when an agreement binds; `None`: it was never executed.
fn binding_period(agreement: &Agreement) -> Option<Period> {
    let execution = agreement.execution.as_ref()?;
    // The last day that was agreed still counts.
    let agreed = agreement.to.map(|to| match to {
        PartialDate::Exact(at) => PartialDate::Exact(at.next()),
        _ => day_of(to.latest().next()),
    });
    let terminated = agreement.termination.as_ref().map(|termination| termination.from);
    let ends = [agreed.or(agreement.expired), terminated];
    let to = ends.into_iter().flatten().min_by_key(PartialDate::earliest);
    Some(Period { from: agreement.from.or(Some(execution.from)), to, fact: execution.evidence() })
}

/// Judges an agreement while it binds.
fn while_binding(inquiry: &Inquiry<'_>, agreement: Seen<'_, Agreement>, judge: impl FnOnce() -> Finding) -> Finding {
    let Some(period) = binding_period(&agreement) else {
        return Finding::not_applicable(words(
            "de overeenkomst is nog niet tot stand gekomen",
            "the agreement is not executed yet",
        ));
    };
    decide(
        inquiry.within(period.from.as_ref(), period.to.as_ref()),
        judge,
        || {
            Finding::not_applicable(words(
                "de overeenkomst bindt op dat moment niet",
                "the agreement does not bind at that moment",
            ))
            .by(period.fact)
        },
        || {
            Finding::indeterminate(words(
                "of de overeenkomst bindt, beslissen de datums niet",
                "the dates do not decide whether the agreement binds",
            ))
            .by(period.fact)
        },
    )
}

/// Lists the activities that an agreement covers.
fn covered<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Vec<Seen<'w, Activity>> {
    let state: &'w Agreement = agreement.state;
    state.activities.iter().filter_map(|activity| inquiry.state::<Activity>(activity)).collect()
}

/// The kinds of use in which others may collect data in order to send people information (G24, 4(1) and 4(4)).
const CONTACT_FILES: &[&str] = &["COLLECTION", "RETARGETING"];
/// The kind of use in which reputation is followed (G24, 4(5)).
const MONITORING: &[&str] = &["REPUTATION_MONITORING"];

/// Judges a binding agreement that covers an activity of some kind of use.
fn for_a_use<'w>(
    inquiry: &Inquiry<'w>,
    agreement: Seen<'w, Agreement>,
    kinds: &[&str],
    judge: impl FnOnce() -> Finding,
) -> Finding {
    let of_kind =
        |activity: &Seen<'w, Activity>| activity.kind.as_ref().is_some_and(|kind| kinds.contains(&kind.as_str()));
    let covers = covered(inquiry, agreement).iter().any(of_kind);
    let otherwise = Text::new(
        "de overeenkomst dekt geen activiteit met zo'n gebruik",
        "the agreement covers no activity of such a use",
    );
    if_then(covers.into(), &otherwise, || while_binding(inquiry, agreement, judge))
}

// --- PRC-01 ----------------------------------------------------------------------------------------------------------

/// Lists who processes for an activity, each with the facts that say so: as the register, the systems that it uses, the roles that
/// were settled, and the agreements that cover it have it.
fn processors_of<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> BTreeMap<Code, BTreeSet<Evidence>> {
    let state: &'w Activity = activity.state;
    let mut found: BTreeMap<Code, BTreeSet<Evidence>> = BTreeMap::new();
    let mut add = |code: &Code, fact: Evidence| {
        found.entry(code.clone()).or_default().insert(fact);
    };
    if let Some(version) = &state.current {
        version.entry.processors.iter().for_each(|code| add(code, version.sequence.evidence()));
        for system in version.entry.systems.iter().flat_map(|code| inquiry.related::<System>("system", code)) {
            if let Some((processors, fact)) = run_by(&system) {
                processors.iter().for_each(|code| add(code, fact));
            }
        }
        let named = version.entry.recipients.iter().flat_map(|code| inquiry.related::<Party>("party", code));
        for party in named.chain(inquiry.related::<Party>("activity", activity.stream)) {
            if let Some((code, fact)) = is_processor(&party, activity) {
                add(code, fact);
            }
        }
    }
    for agreement in inquiry.related::<Agreement>("activity", activity.stream) {
        let binds = agreement.status < AgreementStatus::Expired;
        if let Some(execution) = agreement.execution.as_ref().filter(|_| binds) {
            add(&execution.fact.party, execution.evidence());
        }
    }
    found
}

/// Who runs a system now, and the fact that says so.
fn run_by(system: &System) -> Option<(&Vec<Code>, Evidence)> {
    let registered = system.registered.as_ref().filter(|_| system.status == SystemStatus::InUse)?;
    let later = system.responsibilities.iter().rev();
    let later = later.filter_map(|later| Some((later.fact.processors.as_ref()?, later.evidence()))).next();
    Some(later.unwrap_or((&registered.fact.processors, registered.evidence())))
}

/// Whether a party was settled to be a processor of an activity: for it, or for all for which nothing else is settled.
fn is_processor<'p>(party: &'p Party, activity: Seen<'_, Activity>) -> Option<(&'p Code, Evidence)> {
    let for_it = party.roles.iter().find(|role| role.activity.as_ref() == Some(activity.stream));
    let role = for_it.or(party.roles.iter().find(|role| role.activity.is_none()))?;
    let code = &party.registered.as_ref()?.fact.party;
    (role.role == PartyRole::Processor).then(|| (code, role.sequence.evidence()))
}

fn processors_are_bound<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    while_active(activity, || {
        let findings = processors_of(inquiry, activity).into_iter();
        let findings: Vec<Finding> =
            findings.map(|(code, facts)| is_bound(inquiry, activity, &code).by_all(facts)).collect();
        Finding::all(findings, || {
            Finding::not_applicable(words("de activiteit heeft geen verwerker", "the activity has no processor"))
        })
    })
}

/// A processor has an agreement of its own in force for the activity, or works as an authorised sub-processor under another's.
fn is_bound<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, code: &Code) -> Finding {
    let what = say!("de verwerkersovereenkomst met {code}", "the processor agreement with {code}");
    let with_it = inquiry.related::<Agreement>("party", code);
    let (own, others): (Vec<_>, Vec<_>) =
        with_it.into_iter().partition(|agreement| agreement.activities.contains(activity.stream));
    let mut findings = vec![in_force_at(inquiry, &what, own.iter().filter_map(|agreement| binding_period(agreement)))];
    for agreement in inquiry.related::<Agreement>("activity", activity.stream) {
        findings.extend(works_under(inquiry, agreement, code));
    }
    for agreement in others.into_iter().filter(|agreement| agreement.activities.is_empty()) {
        let unclear = || {
            Finding::indeterminate(say!(
                "welke activiteiten de overeenkomst met {code} dekt, is niet vastgelegd",
                "which activities the agreement with {code} covers is not recorded"
            ))
        };
        findings.push(while_binding(inquiry, agreement, unclear));
    }
    Finding::any(findings, || {
        Finding::fail(say!("met {code} is geen overeenkomst vastgelegd", "no agreement with {code} is recorded"))
    })
}

fn works_under(inquiry: &Inquiry<'_>, agreement: Seen<'_, Agreement>, code: &Code) -> Option<Finding> {
    let sub = agreement.sub_processors.iter().find(|sub| sub.party == *code)?;
    (sub.standing == SubProcessorStanding::Authorised).then(|| {
        while_binding(inquiry, agreement, || {
            Finding::pass(say!("{code} is een toegestane subverwerker", "{code} is an authorised sub-processor"))
                .by(sub.sequence)
        })
    })
}

fn processors_are_bound_with_joint_controllers<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let bound = processors_are_bound(inquiry, activity);
    let Some(version) = activity.current.as_ref().filter(|_| bound.outcome == Outcome::Pass) else {
        return bound;
    };
    let agreements = inquiry.related::<Agreement>("activity", activity.stream);
    let has_signed = |joint: &Code| {
        agreements.iter().flat_map(|agreement| &agreement.state.signatures).any(|signed| signed.fact.party == *joint)
    };
    let findings = version.entry.joint_controllers.iter().map(|joint| {
        if has_signed(joint) {
            Finding::pass(say!("{joint} is mede partij", "{joint} is a party too"))
        } else {
            Finding::warn(say!(
                "dat {joint} als gezamenlijke verwerkingsverantwoordelijke partij is bij de overeenkomst, is niet vastgelegd",
                "that {joint} as a joint controller is a party to the agreement is not recorded"
            ))
        }
        .by(version.sequence)
    });
    findings.fold(bound, Finding::and)
}

// --- PRC-02 ----------------------------------------------------------------------------------------------------------

/// What an agreement has to settle by law, in words.
const MANDATORY: &[(Clause, Words)] = &[
    (Clause::Instructions, words("schriftelijke instructies (28(3)(a))", "documented instructions (28(3)(a))")),
    (Clause::Confidentiality, words("geheimhouding (28(3)(b))", "confidentiality (28(3)(b))")),
    (Clause::Security, words("beveiliging (28(3)(c))", "security (28(3)(c))")),
    (
        Clause::SubProcessors,
        words("voorwaarden voor subverwerkers (28(3)(d))", "conditions for sub-processors (28(3)(d))"),
    ),
    (
        Clause::SubjectRights,
        words("bijstand bij rechten van betrokkenen (28(3)(e))", "help with the rights of data subjects (28(3)(e))"),
    ),
    (
        Clause::Assistance,
        words(
            "bijstand bij beveiliging, datalekken en DPIA (28(3)(f))",
            "help with security, breaches and assessments (28(3)(f))",
        ),
    ),
    (Clause::ReturnOrDeletion, words("teruggave of wissing (28(3)(g))", "return or deletion (28(3)(g))")),
    (Clause::Audits, words("informatie en audits (28(3)(h))", "information and audits (28(3)(h))")),
    (
        Clause::SubProcessorAuthorisation,
        words("toestemming voor subverwerkers (28(2))", "authorisation of sub-processors (28(2))"),
    ),
    (
        Clause::SubProcessorDuties,
        words("dezelfde plichten voor subverwerkers (28(4))", "the same duties for sub-processors (28(4))"),
    ),
    (Clause::BreachNotice, words("melding van datalekken (33(2))", "notice of breaches (33(2))")),
];

/// What the first and last sentence of Art. 28(3) ask besides, in words. Older examinations did not name it: then it is not known.
const FRAME: &[(Clause, Words)] = &[
    (Clause::SubjectAndDuration, words("onderwerp en duur (28(3))", "subject matter and duration (28(3))")),
    (Clause::NatureAndPurpose, words("aard en doel (28(3))", "nature and purpose (28(3))")),
    (Clause::DataAndSubjects, words("soort gegevens en betrokkenen (28(3))", "data and data subjects (28(3))")),
    (
        Clause::ControllerRights,
        words(
            "rechten en verplichtingen van de verwerkingsverantwoordelijke (28(3))",
            "rights and duties of the controller (28(3))",
        ),
    ),
    (
        Clause::InfringingInstruction,
        words(
            "melding van een instructie in strijd met de wet (28(3), laatste zin)",
            "warning of an infringing instruction (28(3), last sentence)",
        ),
    ),
];

/// How far an agreement covers a clause; absent: that was not examined.
fn extent(agreement: &Agreement, clause: Clause) -> Option<Coverage> {
    let examined = agreement.clauses.iter().find(|found| found.clause == clause).map(|found| found.coverage);
    // A term for the notice of breaches is such a clause by itself.
    let termed = || (clause == Clause::BreachNotice && agreement.breach_term.is_some()).then_some(Coverage::Covered);
    examined.or_else(termed)
}

/// The facts that say how far clauses are covered.
fn examined(agreement: &Agreement, clauses: &[Clause]) -> BTreeSet<Evidence> {
    let asked = agreement.clauses.iter().filter(|found| clauses.contains(&found.clause));
    asked.map(|found| found.sequence.evidence()).collect()
}

/// Clauses of a binding agreement are all wholly covered.
fn clauses_are_covered(agreement: Seen<'_, Agreement>, clauses: &[(Clause, Words)]) -> Finding {
    let parts = clauses.iter().map(|(clause, name)| {
        let extent = extent(&agreement, *clause);
        let part = match extent {
            Some(Coverage::Partial) => {
                let Words { nl, en } = *name;
                say!("{nl} (slechts gedeeltelijk)", "{en} (only in part)")
            }
            _ => Text::from(*name),
        };
        (part, extent == Some(Coverage::Covered))
    });
    let what = Text::new("de overeenkomst", "the agreement");
    let asked: Vec<Clause> = clauses.iter().map(|(clause, _)| *clause).collect();
    complete(&what, parts).by_all(&agreement.execution).by_all(examined(&agreement, &asked))
}

fn mandatory_clauses_are_there<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    while_binding(inquiry, agreement, || {
        let known = |(clause, _): &&(Clause, Words)| extent(&agreement, *clause).is_some();
        let (examined, open): (Vec<_>, Vec<_>) = FRAME.iter().partition(known);
        let asked: Vec<(Clause, Words)> = MANDATORY.iter().chain(examined).copied().collect();
        let covered = clauses_are_covered(agreement, &asked);
        if open.is_empty() {
            return covered;
        }
        let Text { nl, en } = Text::list(open.into_iter().map(|(_, name)| Text::from(*name)));
        covered.and(Finding::indeterminate(say!(
            "niet beoordeeld is of de overeenkomst voorziet in: {nl}",
            "it was not examined whether the agreement covers: {en}"
        )))
    })
}

// --- PRC-03 ----------------------------------------------------------------------------------------------------------

fn guarantees_are_sufficient<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    while_binding(inquiry, agreement, || {
        let assessed = match agreement.guarantees.last() {
            None => Finding::fail(words(
                "dat de verwerker afdoende garanties biedt, is niet beoordeeld",
                "it was not assessed whether the processor offers sufficient guarantees",
            ))
            .by_all(&agreement.execution),
            Some(last) => {
                let date = last.from;
                match last.fact.outcome {
                    GuaranteesOutcome::Sufficient => {
                        Finding::pass(say!("de garanties zijn op {date} als afdoende beoordeeld", "the guarantees were assessed as sufficient on {date}"))
                    }
                    GuaranteesOutcome::SufficientWithConditions => Finding::warn(say!(
                        "de garanties zijn op {date} als afdoende onder voorwaarden beoordeeld; dat daaraan is voldaan, is niet vastgelegd",
                        "the guarantees were assessed as sufficient under conditions on {date}; that these are met is not recorded"
                    )),
                    GuaranteesOutcome::Insufficient => {
                        Finding::fail(say!("de garanties zijn op {date} als onvoldoende beoordeeld", "the guarantees were assessed as insufficient on {date}"))
                    }
                }
                .by(last)
                .and(without_undue_delay(assessment_is_young(inquiry, agreement)))
            }
        };
        assessed.and(activities_have_a_basis(inquiry, agreement))
    })
}

fn guarantees_are_young<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    while_binding(inquiry, agreement, || {
        assessment_is_young(inquiry, agreement).and(activities_have_a_basis(inquiry, agreement))
    })
}

fn assessment_is_young(inquiry: &Inquiry<'_>, agreement: Seen<'_, Agreement>) -> Finding {
    let what = Text::new("de beoordeling van de garanties", "the assessment of the guarantees");
    let last = agreement.guarantees.last().map(Event::from);
    age(inquiry, &what, last, inquiry.house("guarantees").as_ref(), Calendar::Strict)
}

/// Each running activity that the agreement covers has a basis for each purpose, and a ground for each special category.
fn activities_have_a_basis<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let running = covered(inquiry, agreement).into_iter().filter(|activity| activity.status == ActivityStatus::Active);
    let findings = running.filter_map(|activity| {
        let state: &'w Activity = activity.state;
        let version = state.current.as_ref()?;
        let has_basis = |code: &Code| state.legal_bases().iter().any(|basis| basis.purpose == *code);
        let purposes = version.entry.purposes.iter().filter(|purpose| !has_basis(&purpose.code));
        let bare = purposes.map(|purpose| say!("een grondslag voor {}", "a legal basis for {}", purpose.code));
        let special = version.entry.data_categories.iter().filter(|category| {
            category.special.is_some_and(|special| {
                state.special_category_grounds.iter().all(|ground| ground.fact.category != special)
            })
        });
        let ungrounded = special.map(|category| say!("een uitzondering voor {}", "an exception for {}", category.code));
        let missing = bare.chain(ungrounded).map(|part| (part, false));
        let what = Text::new(
            "de grondslagen van de activiteit die de verwerker uitvoert",
            "the legal bases of the activity that the processor carries out",
        );
        Some(complete(&what, missing).by(version.sequence))
    });
    Finding::all(findings, || {
        Finding::not_applicable(words(
            "geen van de gedekte activiteiten loopt",
            "none of the activities covered is running",
        ))
    })
}

// --- PRC-04 ----------------------------------------------------------------------------------------------------------

fn role_is_settled_first<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    for_a_use(inquiry, agreement, CONTACT_FILES, || {
        let parties = agreement.party.iter().flat_map(|code| inquiry.related::<Party>("party", code));
        let qualified = parties.flat_map(|party| &party.state.role_qualified).filter(|qualified| {
            qualified.fact.activity.as_ref().is_none_or(|activity| agreement.activities.contains(activity))
        });
        let qualified: Vec<_> = qualified.collect();
        let (first, last) = (qualified.first().copied(), qualified.last().copied());
        let named = (
            Text::new("de vaststelling van de rol van de derde", "the settling of the role of the third party"),
            Text::new("de totstandkoming van de overeenkomst", "the execution of the agreement"),
        );
        let executed = agreement.execution.as_ref().map(Event::from);
        let in_order = order(Precision::Day, (&named.0, first.map(Event::from)), (&named.1, executed));
        match last {
            Some(last) if last.fact.role != PartyRole::Processor => Finding::fail(words(
                "de derde is niet als verwerker aangemerkt, terwijl wie contactbestanden opbouwt als verwerker geldt",
                "the third party was not settled to be a processor, while whoever builds contact files counts as one",
            ))
            .by(last)
            .and(in_order),
            _ => in_order,
        }
    })
}

// --- PRC-05 ----------------------------------------------------------------------------------------------------------

fn way_of_collecting_is_agreed<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let clause = [(Clause::CollectionMethod, words("de wijze van verzamelen", "how data are collected"))];
    for_a_use(inquiry, agreement, MONITORING, || clauses_are_covered(agreement, &clause))
}

// --- PRC-06 ----------------------------------------------------------------------------------------------------------

fn own_use_is_barred<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let clause = while_binding(inquiry, agreement, || {
        let own_use = extent(&agreement, Clause::NoOwnUse);
        let finding = match (own_use, extent(&agreement, Clause::Instructions)) {
            (Some(Coverage::Covered), _) => Finding::pass(words(
                "de overeenkomst verbiedt gebruik voor eigen doeleinden",
                "the agreement forbids use for its own purposes",
            )),
            // Who may act on instructions only may not act for itself: that is what Art. 28(10) builds on.
            (None, Some(Coverage::Covered)) => Finding::warn(words(
                "de overeenkomst laat alleen verwerking op instructie toe; een uitdrukkelijk verbod op eigen gebruik is niet vastgelegd",
                "the agreement allows processing on instructions only; an express ban on own use is not recorded",
            )),
            _ => Finding::fail(words(
                "dat de overeenkomst gebruik voor eigen doeleinden verbiedt, is niet vastgelegd",
                "that the agreement forbids use for its own purposes is not recorded",
            )),
        };
        finding.by_all(&agreement.execution).by_all(examined(&agreement, &[Clause::NoOwnUse, Clause::Instructions]))
    });
    clause.and(misuse_is_followed_up(inquiry, agreement))
}

fn monitoring_bars_own_use<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let clause =
        [(Clause::NoOwnUse, words("een verbod op gebruik voor eigen doeleinden", "a ban on use for its own purposes"))];
    for_a_use(inquiry, agreement, MONITORING, || {
        clauses_are_covered(agreement, &clause).and(misuse_is_followed_up(inquiry, agreement))
    })
}

/// Whoever uses data for itself is a controller for that (Art. 28(10)), and that is a finding.
fn misuse_is_followed_up<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let parties: Vec<_> = agreement.party.iter().flat_map(|code| inquiry.related::<Party>("party", code)).collect();
    let of_party = agreement.party.iter().flat_map(|code| inquiry.related::<RaisedFinding>("party", code));
    let raised: Vec<_> =
        inquiry.related::<RaisedFinding>("subject", agreement.stream).into_iter().chain(of_party).collect();
    let findings = agreement.state.misuses.iter().map(|misuse| {
        let since = |date: &PartialDate| misuse.from.day_not_after(date) != Ternary::False;
        let anew = parties.iter().flat_map(|party| &party.state.role_qualified).find(|qualified| {
            matches!(qualified.fact.role, PartyRole::Separate | PartyRole::Joint) && since(&qualified.from)
        });
        let finding = raised.iter().find(|finding| finding.raised.as_ref().is_some_and(|raised| since(&raised.from)));
        let report = match (anew, finding) {
            (Some(anew), Some(finding)) if finding.status == FindingStatus::Resolved => {
                Finding::pass(words("gemeld eigen gebruik is afgehandeld", "reported own use is dealt with")).by(anew).by_all(&finding.resolved)
            }
            (Some(anew), Some(finding)) => Finding::warn(words(
                "eigen gebruik is gemeld en als bevinding opgepakt, maar die staat nog open",
                "own use is reported and taken up as a finding, which is still open",
            ))
            .by(anew)
            .by_all(&finding.raised),
            (None, _) => Finding::fail(words(
                "eigen gebruik is gemeld, maar de verwerker is daarvoor niet als verwerkingsverantwoordelijke aangemerkt",
                "own use is reported, but the processor was not settled to be a controller for it",
            )),
            (_, None) => Finding::fail(words("eigen gebruik is gemeld, maar niet als bevinding vastgesteld", "own use is reported, but no finding was raised")),
        };
        report.by(misuse)
    });
    Finding::all(findings, || {
        Finding::not_applicable(words("er is geen eigen gebruik gemeld", "no own use was reported"))
    })
}

// --- PRC-07 ----------------------------------------------------------------------------------------------------------

fn breaches_are_told_as_agreed<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    for_each_notice(agreement, |notice| notice_is_in_time(inquiry, agreement, notice))
}

fn for_each_notice<'w>(
    agreement: Seen<'w, Agreement>,
    judge: impl Fn(&'w Dated<ProcessorBreachNoticeReceived>) -> Finding,
) -> Finding {
    Finding::all(agreement.state.breach_notices.iter().map(judge), || {
        Finding::not_applicable(words(
            "de verwerker heeft geen datalek gemeld",
            "the processor gave no notice of a breach",
        ))
    })
}

fn breaches_are_told_without_delay<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    for_each_notice(agreement, |notice| match notice.fact.processor_aware_at {
        Some(aware) if agreed_term(&agreement, &aware).is_none() => notice_was_prompt(notice, &aware),
        _ => without_undue_delay(notice_is_in_time(inquiry, agreement, notice)),
    })
}

/// Without a term the law asks no less (Art. 33(2)): a notice on the day itself is in order, a later one is to be attended to, with
/// the days that it took.
fn notice_was_prompt(notice: &Dated<ProcessorBreachNoticeReceived>, aware: &PartialDate) -> Finding {
    let finding = match days_between(aware.earliest(), notice.from.earliest()) {
        Some(0) => Finding::pass(words(
            "de verwerker meldde het datalek op de dag waarop hij ervan wist",
            "the processor told of the breach on the day on which it knew of it",
        )),
        days => {
            let days = days.map_or_else(|| "-".to_owned(), |days| days.to_string());
            Finding::warn(say!(
                "de verwerker meldde het datalek na {days} dagen; de overeenkomst stelt geen termijn, en de wet wil de melding zonder onredelijke vertraging",
                "the processor told of the breach after {days} days; the agreement sets no term, and the law wants the notice without undue delay"
            ))
        }
    };
    finding.by(notice)
}

fn notice_is_in_time(
    inquiry: &Inquiry<'_>,
    agreement: Seen<'_, Agreement>,
    notice: &Dated<ProcessorBreachNoticeReceived>,
) -> Finding {
    let Some(aware) = notice.fact.processor_aware_at else {
        return Finding::indeterminate(words(
            "sinds wanneer de verwerker van het datalek wist, is niet vastgelegd",
            "since when the processor knew of the breach is not recorded",
        ))
        .by(notice);
    };
    let term = agreed_term(&agreement, &aware);
    let what = Text::new("de melding van het datalek door de verwerker", "the notice of the breach by the processor");
    let due = Due {
        what: &what,
        from: Event::new(aware, notice),
        done: Some(Event::from(notice)),
        term: term.as_ref(),
        calendar: Calendar::Strict,
    };
    let mut finding = deadline(inquiry, &due).by(notice);
    finding.parameters.extend(term.and_then(|term| {
        Some(ParameterUsed {
            name: term.name.to_string(),
            value: term.term?.to_string(),
            instrument: agreement.stream.to_string(),
            version: agreement.model_version.as_ref().map(Code::to_string),
            sequence: agreement.execution.as_ref().map(|execution| execution.sequence),
        })
    }));
    finding
}

/// The term that the agreement set when the processor became aware: a later amendment does not reach back.
fn agreed_term(agreement: &Agreement, aware: &PartialDate) -> Option<Parameter> {
    let executed = agreement.execution.as_ref()?.fact.breach_term;
    let amended = agreement.amendments.iter().filter(|amended| amended.from.day_not_after(aware) != Ternary::False);
    let term = amended.filter_map(|amended| amended.fact.breach_term).next_back().or(executed)?;
    let name = "breachTerm".parse().ok()?;
    Some(Parameter { name, term: Some(term), calendar: None, number: None, values: Vec::new() })
}

// --- PRC-08 ----------------------------------------------------------------------------------------------------------

/// Judges the sub-processors of a binding agreement, where there are any.
fn sub_processors<'w>(
    inquiry: &Inquiry<'w>,
    agreement: Seen<'w, Agreement>,
    judge: impl FnOnce(&'w [SubProcessor]) -> Finding,
) -> Finding {
    let state: &'w Agreement = agreement.state;
    while_binding(inquiry, agreement, || {
        if state.sub_processors.is_empty() {
            return Finding::not_applicable(words("er zijn geen subverwerkers bekend", "no sub-processors are known"));
        }
        judge(&state.sub_processors)
    })
}

/// Who was found to process for an activity, and is bound by no agreement of its own, works under that of the processor: where it
/// was not authorised either, it is an unauthorised sub-processor.
fn nobody_works_unknown<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let mut findings = Vec::new();
    for activity in covered(inquiry, agreement).into_iter().filter(|one| one.status == ActivityStatus::Active) {
        let bound = inquiry.related::<Agreement>("activity", activity.stream);
        let known = |code: &Code| {
            bound
                .iter()
                .any(|one| one.party.as_ref() == Some(code) || one.sub_processors.iter().any(|sub| sub.party == *code))
        };
        for (code, facts) in processors_of(inquiry, activity).into_iter().filter(|(code, _)| !known(code)) {
            let text = say!(
                "{code} verwerkt mee zonder eigen overeenkomst en zonder als subverwerker te zijn toegestaan",
                "{code} takes part without an agreement of its own and without being authorised as a sub-processor"
            );
            findings.push(Finding::fail(text).by_all(facts));
        }
    }
    Finding::all(findings, || {
        Finding::not_applicable(words("er zijn geen subverwerkers bekend", "no sub-processors are known"))
    })
}

fn sub_processors_are_authorised<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let unknown = while_binding(inquiry, agreement, || nobody_works_unknown(inquiry, agreement));
    named_sub_processors_are_authorised(inquiry, agreement).and(unknown)
}

fn named_sub_processors_are_authorised<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    sub_processors(inquiry, agreement, |subs| {
        let running =
            covered(inquiry, agreement).into_iter().filter(|activity| activity.status == ActivityStatus::Active);
        let at_work: BTreeMap<Code, BTreeSet<Evidence>> =
            running.flat_map(|activity| processors_of(inquiry, activity)).collect();
        let findings = subs.iter().map(|sub| {
            let code = &sub.party;
            match (sub.standing, at_work.get(code)) {
                (SubProcessorStanding::Authorised, _) => {
                    Finding::pass(say!("subverwerker {code} is toegestaan", "sub-processor {code} is authorised"))
                }
                (SubProcessorStanding::Objected, None) => Finding::pass(say!(
                    "subverwerker {code} is geweigerd en verwerkt niet mee",
                    "sub-processor {code} was objected to and takes no part"
                )),
                (SubProcessorStanding::Objected, Some(facts)) => Finding::fail(say!(
                    "subverwerker {code} is geweigerd en verwerkt toch",
                    "sub-processor {code} was objected to and processes all the same"
                ))
                .by_all(facts),
            }
            .by(sub.sequence)
        });
        Finding::all(findings, || {
            Finding::not_applicable(words("er zijn geen subverwerkers bekend", "no sub-processors are known"))
        })
    })
}

fn sub_processor_list_is_young<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    sub_processors(inquiry, agreement, |subs| {
        let last = subs.iter().max_by_key(|sub| (sub.since.earliest(), sub.sequence));
        let last = last.map(|sub| Event::new(sub.since, sub.sequence));
        let what = Text::new("de lijst van subverwerkers", "the list of sub-processors");
        age(inquiry, &what, last, inquiry.house("subProcessorList").as_ref(), Calendar::Strict)
    })
}

/// Who each authorised sub-processor is, stands in the register of parties; where it processes, in its authorisation or there.
fn sub_processors_are_known<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    sub_processors(inquiry, agreement, |subs| {
        let subs: Vec<&SubProcessor> =
            subs.iter().filter(|sub| sub.standing == SubProcessorStanding::Authorised).collect();
        let known = |sub: &&&SubProcessor| {
            let parties = inquiry.related::<Party>("party", &sub.party);
            let registered = parties.iter().find(|party| party.registered.is_some());
            registered.is_some_and(|party| sub.country.is_some() || party.country.is_some())
        };
        let needed: BTreeSet<String> = subs.iter().map(|sub| sub.party.to_string()).collect();
        let covered: BTreeSet<String> = subs.iter().filter(known).map(|sub| sub.party.to_string()).collect();
        let what = Text::new(
            "wie de subverwerkers zijn en waar zij verwerken",
            "who the sub-processors are and where they process",
        );
        coverage(&what, &needed, &covered).by_all(subs.iter().map(|sub| sub.sequence))
    })
}

#[cfg(test)]
pub(in crate::rule) mod tests;
