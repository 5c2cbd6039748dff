//! Governance (GDPR Art. 24): the policy and guidelines by which the institution binds itself, and whether they are adopted, made
//! known, reviewed, tested and lived by.
//!
//! A text that was handed out and never adopted binds nobody, however widely it is known.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::BTreeSet;

use crate::family::agreement::Agreement;
use crate::family::audit_engagement::{AuditEngagement, AuditKind};
use crate::family::awareness::{ActorKind, Audience, Awareness, Level};
use crate::family::board_decision::BoardDecision;
use crate::family::dossier::Dated;
use crate::family::finding::{Finding as Shortcoming, Severity, Source};
use crate::family::governance_instrument::{
    FrameworkAt, GovernanceInstrument, InstrumentKind, InstrumentStatus, InstrumentVersion, VersionAdopted,
};
use crate::family::kit::key_text;
use crate::family::management_unit::{ManagementUnit, UnitStatus};
use crate::family::publication::{Category, Publication};
use crate::family::retention::{PeriodSource, Retention};
use crate::family::role_assignment::RoleAssignment;
use crate::ledger::name::{Code, Sequence};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, GUIDELINE, HOUSE, POLICY};
use crate::rule::officers::{CONTROLLER, DPO, held, held_by, since, tenures};
use crate::rule::template::{
    Due, Event, Period, Precision, age, cadence, complete, coverage, deadline, decide, in_force_at, last_closed_year,
    order, reconcile,
};
use crate::rule::text::{Text, Words, say, words};
use crate::rule::verdict::{Evidence, Finding, Says};
use crate::time::{Calendar, PartialDate, Ternary, year_of};

/// In which role the Board records.
const BOARD: &str = "EXECUTIVE_BOARD";

/// In which role people who work for themselves record.
const SELF_EMPLOYED: &str = "SELF_EMPLOYED";

/// While there is a policy on images and recordings.
const IMAGE_POLICY: Applies = Applies::Adopted(&[InstrumentKind::ImagePolicy]);

pub(in crate::rule) const AREA: Area = Area {
    name: words("beleid en sturing", "policy and governance"),
    rules: &[
        Rule {
            id: "GOV-01",
            title: words("Er is een vastgesteld beleid", "There is an adopted policy"),
            explanation: words(
                "Precies één versie van het beleid is van kracht en rust op een besluit dat uiterlijk bij de inwerkingtreding is genomen. De verwerkingsverantwoordelijke is aangewezen: naar de wet de rechtspersoon, in het beleid het bestuur dat voor haar handelt. Artikel 24 lid 2 vraagt een beleid waar dat in verhouding staat tot de verwerking: bij een universiteit neemt deze regel dat aan.",
                "Exactly one version of the policy is in force and rests on a decision taken no later than its entry into force. The controller is named: by law the legal person, in the policy the Board that acts for it. Art. 24(2) asks a policy where proportionate to the processing: of a university this rule takes that as given.",
            ),
            sources: &["GDPR 4(7)", "GDPR 5(2)", "GDPR 24(2)", "P18 1.1", "P18 4.1", "P18 5"],
            checks: &[
                check!(GovernanceInstrument, Law, Accountability, GDPR, [InForceAt, Order], policy_is_in_force),
                check!(institution, Law, Accountability, GDPR, [InForceAt], there_is_a_policy),
                check!(institution, Policy, Accountability, POLICY, [InForceAt], controller_is_named),
            ],
        },
        Rule {
            id: "GOV-12",
            title: words("Leidinggevenden brengen het beleid onder de aandacht", "Line managers make the policy known"),
            explanation: words(
                "Elke beheerseenheid heeft in het laatste afgesloten jaar een bewustwordingsactiviteit gehouden en kennisneming van de geldende versie van het beleid bevestigd.",
                "Each management unit held an awareness activity in the last closed year and has acknowledged the version of the policy in force.",
            ),
            sources: &["P18 4.7", "P18 5.1", "GDPR 24", "GDPR 32(4)"],
            checks: &[check!(
                ManagementUnit,
                Policy,
                Accountability,
                POLICY,
                [Cadence, Complete],
                unit_knows_the_policy
            )],
        },
        Rule {
            id: "GOV-15",
            title: words("Er is overleg op drie niveaus", "There is dialogue on three levels"),
            explanation: words(
                "Op strategisch, tactisch en operationeel niveau wordt overlegd, zo vaak als de huisregels bepalen.",
                "There are meetings on the strategic, the tactical and the operational level, as often as the house rules say.",
            ),
            sources: &["P18 5.2", "GDPR 24"],
            checks: &[check!(institution, Policy, Accountability, POLICY, [Cadence, Age], levels_meet)],
        },
        Rule {
            id: "GOV-17",
            title: words("Bewustwording keert terug", "Awareness campaigns recur"),
            explanation: words(
                "Voor medewerkers, studenten en gasten is de laatste bewustwordingscampagne niet langer geleden dan de huisregels toestaan.",
                "For staff, students and guests the last awareness campaign is no longer ago than the house rules allow.",
            ),
            sources: &["P18 5.3", "GDPR 39(1)(b)", "GDPR 32(4)"],
            checks: &[check!(institution, Policy, Accountability, Applies::Adopted(HOUSE), [Age], campaigns_recur)],
        },
        Rule {
            id: "GOV-18",
            title: words("Audits toetsen beleid en maatregelen", "Audits test policy and measures"),
            explanation: words(
                "In het laatste afgesloten jaar is een audit begonnen. De functionaris heeft het initiatief genomen, een externe auditor heeft zich onafhankelijk verklaard, en een afgesloten audit heeft een rapport.",
                "In the last closed year an audit was opened. The data protection officer initiated it, an external auditor stated independence, and a closed audit has a report.",
            ),
            sources: &["P18 5.4", "GDPR 24(1)", "GDPR 32(1)(d)", "GDPR 39(1)(b)"],
            checks: &[
                check!(institution, Policy, Accountability, POLICY, [Cadence], audits_are_held),
                check!(AuditEngagement, Policy, Accountability, POLICY, [Authority, Complete], audit_is_sound),
            ],
        },
        Rule {
            id: "GOV-19",
            title: words("Op ernstige auditbevindingen volgt een besluit", "Serious audit findings are followed up"),
            explanation: words(
                "Bij elke ernstige bevinding van een audit is over het vervolg besloten.",
                "On each serious finding of an audit a follow-up is decided.",
            ),
            sources: &["P18 5.4", "GDPR 24"],
            checks: &[
                check!(Shortcoming, Policy, Accountability, POLICY, [IfThen], serious_finding_is_followed_up),
                check!(AuditEngagement, Policy, Accountability, POLICY, [IfThen], serious_findings_are_followed_up),
            ],
        },
        Rule {
            id: "GOV-20",
            title: words("Het beleid wordt jaarlijks geëvalueerd", "The policy is reviewed every year"),
            explanation: words(
                "De laatste evaluatie of vaststelling van het beleid is niet ouder dan de huisregels toestaan, en bij de evaluatie is de doeltreffendheid getoetst.",
                "The last review or adoption of the policy is no older than the house rules allow, and the review tested its effectiveness.",
            ),
            sources: &["P18 5.4", "P18 9", "GDPR 24(1)"],
            checks: &[check!(
                GovernanceInstrument,
                Policy,
                Accountability,
                Applies::Adopted(HOUSE),
                [Age],
                policy_is_reviewed
            )],
        },
        Rule {
            id: "GOV-21",
            title: words("Nieuw beleid wordt bekendgemaakt", "A new policy is made known"),
            explanation: words(
                "De nieuwste vastgestelde versie is binnen de huistermijn gepubliceerd en instellingsbreed aangekondigd, en wat is gepubliceerd, is wat is vastgesteld.",
                "The newest adopted version was published and announced to the whole institution within the house term, and what was published is what was adopted.",
            ),
            sources: &["P18 9", "GDPR 24(2)", "GDPR 12(1)"],
            checks: &[check!(
                GovernanceInstrument,
                Policy,
                Accountability,
                POLICY,
                [Deadline, Reconcile],
                policy_is_made_known
            )],
        },
        Rule {
            id: "GOV-22",
            title: words("De universiteitsraad gaat vooraf", "The University Council comes first"),
            explanation: words(
                "De universiteitsraad heeft ingestemd voordat het bestuur het beleid vaststelt.",
                "The University Council approved before the Board adopts the policy.",
            ),
            sources: &["P18 9", "GDPR 24(2)"],
            checks: &[check!(GovernanceInstrument, Policy, Accountability, POLICY, [Order], council_came_first)],
        },
        Rule {
            id: "GOV-23",
            title: words("Richtlijnen zijn vastgesteld en verspreid", "Guidelines are adopted and distributed"),
            explanation: words(
                "Een richtlijn die is uitgebracht, geldt pas als het bestuur haar met een gedateerd besluit heeft vastgesteld; de geldende versie is onder de medewerkers verspreid. Dit geldt onder het beleid: of de richtlijn zelf geldt, is juist de vraag.",
                "A guideline that was issued holds only once the Board adopted it by a dated decision; the version in force was distributed to staff. This applies under the policy: whether the guideline itself holds is the very question.",
            ),
            sources: &["G24 5", "P18 4.1", "GDPR 24(2)"],
            checks: &[check!(
                GovernanceInstrument,
                Guideline,
                Accountability,
                POLICY,
                [InForceAt, Coverage],
                guideline_is_adopted
            )],
        },
        Rule {
            id: "GOV-24",
            title: words("Beheerseenheden kennen de richtlijnen", "Management units know the guidelines"),
            explanation: words(
                "Elke beheerseenheid waarvoor een richtlijn geldt, heeft kennisneming van de geldende versie bevestigd en maakt die bekend aan nieuwe medewerkers.",
                "Each management unit to which a guideline applies has acknowledged the version in force, and makes it known to new staff.",
            ),
            sources: &["G24 5", "GDPR 24", "GDPR 32(4)"],
            checks: &[check!(
                ManagementUnit,
                Guideline,
                Accountability,
                GUIDELINE,
                [Age, Complete],
                unit_knows_the_guidelines
            )],
        },
        Rule {
            id: "GOV-25",
            title: words(
                "Met zelfstandigen is de richtlijn afgesproken",
                "The guidelines are agreed with the self-employed",
            ),
            explanation: words(
                "Plaatst een zelfstandige een bericht, dan is met zelfstandigen een afspraak over de richtlijn gemaakt. Dat kan worden afgesproken en moet niet: het vraagt aandacht.",
                "Where a self-employed person publishes, the guidelines are agreed with the self-employed. That can be agreed and need not be: it asks for attention.",
            ),
            sources: &["G24 2", "GDPR 29", "GDPR 32(4)"],
            checks: &[check!(Publication, Guideline, Accountability, GUIDELINE, [InForceAt], self_employed_agreed)],
        },
        Rule {
            id: "GOV-26",
            title: words(
                "Overeenkomsten volgen het geldende referentiekader",
                "Agreements follow the benchmark in force",
            ),
            explanation: words(
                "Een verwerkersovereenkomst is getoetst aan de versie van het referentiekader die bij het sluiten gold.",
                "A processor agreement was assessed against the version of the benchmark that was in force when it was concluded.",
            ),
            sources: &["P18 1.2", "GDPR 28", "GDPR 32"],
            checks: &[check!(Agreement, Policy, Accountability, POLICY, [InForceAt], agreement_follows_the_benchmark)],
        },
        Rule {
            id: "GOV-27",
            title: words("Beeld volgt het beeldbeleid", "Images follow the image policy"),
            explanation: words(
                "Een publicatie met beeld noemt de versie van het beeld- en opnamebeleid die gold toen zij verscheen. De wet gaat voor het beleid en het beleid voor de richtlijn: elk wordt naast de andere getoetst.",
                "A publication with images cites the version of the image and recordings policy in force when it appeared. Law comes before policy and policy before guideline: each is judged beside the others.",
            ),
            sources: &["G24 1", "G24 3", "GDPR 24(2)"],
            checks: &[
                check!(
                    Publication,
                    Guideline,
                    Accountability,
                    GUIDELINE,
                    [InForceAt],
                    images_follow_under_the_guideline
                ),
                check!(Publication, Policy, Accountability, IMAGE_POLICY, [InForceAt], images_follow_the_policy),
            ],
        },
        Rule {
            id: "GOV-28",
            title: words("Bewaartermijnen noemen de selectielijst", "Retention periods cite the selection list"),
            explanation: words(
                "Een bewaartermijn die niet uit een overeenkomst volgt, noemt de categorie van de selectielijst. Andere wetten worden naast de AVG nageleefd.",
                "A retention period that does not follow from a contract cites the category of the selection list. Other laws are observed beside the GDPR.",
            ),
            sources: &["P18 3.1-3.4", "GDPR 5(1)(e)", "GDPR 89"],
            checks: &[check!(Retention, Policy, Accountability, POLICY, [Complete], period_cites_the_list)],
        },
        Rule {
            id: "GOV-29",
            title: words("Er is een gedragscode", "There is a code of conduct"),
            explanation: words(
                "Een vastgestelde gedragscode is van kracht.",
                "An adopted code of conduct is in force.",
            ),
            sources: &["P18 3.1", "P18 5.1", "GDPR 24", "GDPR 32(4)"],
            checks: &[check!(institution, Policy, Accountability, POLICY, [InForceAt], code_of_conduct_is_in_force)],
        },
    ],
};

// --- Instruments and their versions ------------------------------------------------------------------------------------

fn none(nl: &'static str, en: &'static str) -> Finding {
    Finding::not_applicable(words(nl, en))
}

/// The fact that adopted a version.
fn adoption<'a>(
    instrument: &'a GovernanceInstrument,
    version: &InstrumentVersion,
) -> Option<&'a Dated<VersionAdopted>> {
    instrument.version_adopted.iter().find(|adopted| Some(adopted.sequence) == version.adoption)
}

/// The adopted versions, each with from when until when it is in force.
fn periods(instrument: &GovernanceInstrument) -> Vec<Period> {
    let adopted = instrument.versions.iter().filter_map(|version| Some((version, adoption(instrument, version)?)));
    adopted
        .map(|(version, adopted)| Period {
            from: version.in_force_from,
            to: version.in_force_to,
            fact: adopted.evidence(),
        })
        .collect()
}

/// The version in force at the moment.
fn current<'w>(inquiry: &Inquiry<'w>, instrument: Seen<'w, GovernanceInstrument>) -> Option<&'w InstrumentVersion> {
    let state: &'w GovernanceInstrument = instrument.state;
    let mut adopted = state.versions.iter().filter(|version| version.in_force_from.is_some());
    adopted
        .find(|version| inquiry.within(version.in_force_from.as_ref(), version.in_force_to.as_ref()) == Ternary::True)
}

/// The adopted version that came or comes into force last, with the fact that adopted it.
fn newest(instrument: &GovernanceInstrument) -> Option<(&InstrumentVersion, &Dated<VersionAdopted>)> {
    let adopted = instrument.versions.iter().filter_map(|version| Some((version, adoption(instrument, version)?)));
    adopted.max_by_key(|(version, adopted)| (version.in_force_from.map(|from| from.earliest()), adopted.sequence))
}

/// Judges the policy; other instruments and one that gave way are not judged.
fn of_the_policy<'w>(
    inquiry: &Inquiry<'w>,
    instrument: Seen<'w, GovernanceInstrument>,
    judge: impl FnOnce(&Inquiry<'w>, &'w GovernanceInstrument) -> Finding,
) -> Finding {
    if instrument.kind != Some(InstrumentKind::Policy) {
        return none("dit is niet het beleid", "this is not the policy");
    }
    if has_ended(instrument.state) {
        return none("dit beleid is vervangen of ingetrokken", "this policy was superseded or repealed");
    }
    judge(inquiry, instrument.state)
}

fn has_ended(instrument: &GovernanceInstrument) -> bool {
    matches!(instrument.status, InstrumentStatus::Superseded | InstrumentStatus::Repealed)
}

/// A version rests on a dated decision that was taken by the time it came into force.
fn rests_on_a_decision(inquiry: &Inquiry<'_>, version: &InstrumentVersion, adopted: &Dated<VersionAdopted>) -> Finding {
    let entry = Event { date: version.in_force_from.unwrap_or(adopted.from), fact: adopted.evidence() };
    let decided = match (&version.decided_at, &version.decision) {
        (Some(date), _) => Event::new(*date, adopted),
        (None, Some(decision)) => match decided(inquiry, decision) {
            Some(event) => event,
            None => {
                return Finding::indeterminate(say!(
                    "wanneer besluit {decision} is genomen, is niet vastgelegd",
                    "when decision {decision} was taken is not recorded"
                ))
                .by(adopted);
            }
        },
        (None, None) => {
            return Finding::fail(words(
                "de vaststelling noemt geen gedateerd besluit",
                "the adoption cites no dated decision",
            ))
            .by(adopted);
        }
    };
    let decision = Text::new("het besluit tot vaststelling", "the decision to adopt it");
    order(
        Precision::Day,
        (&decision, Some(decided)),
        (&Text::new("de inwerkingtreding", "its entry into force"), Some(entry)),
    )
}

/// When the Board took a decision, by the file of that decision.
fn decided(inquiry: &Inquiry<'_>, decision: &Code) -> Option<Event> {
    let files = inquiry.related::<BoardDecision>("decision", decision);
    let taken = files.iter().filter_map(|file| file.state.taken.as_ref());
    taken.filter(|taken| taken.fact.decision.as_ref() == Some(decision)).map(Event::from).next()
}

/// The code of each unit that is there at the moment, with when it was registered.
fn units(inquiry: &Inquiry<'_>) -> Vec<(Code, PartialDate)> {
    let units = inquiry.all::<ManagementUnit>();
    let active = units.iter().filter(|unit| unit.status == UnitStatus::Active);
    active.filter_map(|unit| unit.state.registered.as_ref()).map(|kept| (kept.fact.unit.clone(), kept.from)).collect()
}

// --- GOV-01 ------------------------------------------------------------------------------------------------------------

fn policy_is_in_force<'w>(inquiry: &Inquiry<'w>, instrument: Seen<'w, GovernanceInstrument>) -> Finding {
    of_the_policy(inquiry, instrument, |inquiry, policy| {
        let force =
            in_force_at(inquiry, &Text::new("de versie van het beleid", "the version of the policy"), periods(policy));
        let version = current(inquiry, instrument);
        match version.and_then(|version| Some((version, adoption(policy, version)?))) {
            Some((version, adopted)) => force.and(rests_on_a_decision(inquiry, version, adopted)),
            None => force,
        }
    })
}

fn there_is_a_policy(inquiry: &Inquiry<'_>) -> Finding {
    let in_force = inquiry.in_force(&[InstrumentKind::Policy]);
    let policy = match in_force.as_slice() {
        [] => Finding::fail(words("er is geen vastgesteld beleid van kracht", "no adopted policy is in force")),
        [one] => Finding::pass(say!(
            "{} versie {} is van kracht",
            "{} version {} is in force",
            one.code(),
            one.version.version
        ))
        .by(one),
        several => Finding::warn(words(
            "er is meer dan één beleid van kracht; welk voorgaat, is niet gezegd",
            "more than one policy is in force; which comes first is not said",
        ))
        .by_all(several),
    };
    policy.and(controller_is_named(inquiry)).and(controller_is_the_legal_person(inquiry))
}

fn controller_is_named(inquiry: &Inquiry<'_>) -> Finding {
    let what = words("de aanwijzing van de verwerkingsverantwoordelijke", "the naming of the controller");
    held(inquiry, what, &inquiry.related::<RoleAssignment>("role", CONTROLLER))
}

/// The controller is the legal person; its Board acts for it and is not the controller itself.
fn controller_is_the_legal_person(inquiry: &Inquiry<'_>) -> Finding {
    let roles = inquiry.related::<RoleAssignment>("role", CONTROLLER);
    let of_the_board = |role: &RoleAssignment, who: &Code| {
        let itself = role.assigned.iter().any(|kept| kept.by.as_ref() == Some(who) && kept.role.as_str() == BOARD);
        who.as_str() == BOARD || itself || held_by_board(inquiry, who)
    };
    let mut findings = Vec::new();
    for role in &roles {
        for tenure in tenures(role.state) {
            let now = inquiry.within(Some(&tenure.from), tenure.to.as_ref()) == Ternary::True;
            if now && tenure.who.is_some_and(|who| of_the_board(role.state, who)) {
                let finding = Finding::warn(words(
                    "het bestuur staat als verwerkingsverantwoordelijke vermeld; dat is de rechtspersoon waarvoor het handelt",
                    "the Board is named as controller; that is the legal person for which it acts",
                ));
                findings.push(finding.by(tenure.fact));
            }
        }
    }
    Finding::all(findings, || {
        none("het bestuur staat niet als verwerkingsverantwoordelijke vermeld", "the Board is not named as controller")
    })
}

fn held_by_board(inquiry: &Inquiry<'_>, who: &Code) -> bool {
    let mut roles = inquiry.related::<RoleAssignment>("holder", who).into_iter();
    roles.any(|role| role.role.as_ref().is_some_and(|role| role.as_str() == BOARD))
}

// --- GOV-12, GOV-15, GOV-17: awareness -----------------------------------------------------------------------------------

fn unit_knows_the_policy<'w>(inquiry: &Inquiry<'w>, unit: Seen<'w, ManagementUnit>) -> Finding {
    let Some(registered) = unit.state.registered.as_ref().filter(|_| unit.status == UnitStatus::Active) else {
        return none("de eenheid is opgeheven", "the unit is closed");
    };
    let code = &registered.fact.unit;
    let begun = since(inquiry, &[InstrumentKind::Policy]).into_iter().chain([registered.from]);
    let Some(begun) = begun.max_by_key(PartialDate::earliest) else {
        return none("er is nog geen beleid", "there is no policy yet");
    };
    let held = awareness_of(inquiry, code);
    let years = last_closed_year(inquiry, &begun).into_iter().map(|(year, interval)| {
        let of_year = held.iter().filter(|event| interval.contains(event.date.earliest()));
        (say!("{year}", "{year}"), of_year.map(|event| event.fact).collect::<Vec<_>>())
    });
    let what = Text::new("een bewustwordingsactiviteit van de eenheid", "an awareness activity of the unit");
    let activities = cadence(&what, years.collect::<Vec<_>>());
    let acknowledged = inquiry.in_force(&[InstrumentKind::Policy]).into_iter();
    let acknowledged =
        acknowledged.filter_map(|found| acknowledgement(inquiry, found.instrument, code)).collect::<Vec<_>>();
    activities.and(Finding::all(acknowledged, || {
        none("er is geen beleid dat voor de eenheid geldt", "no policy applies to the unit")
    }))
}

/// What a unit did for awareness: its own activities, and campaigns that name it.
fn awareness_of(inquiry: &Inquiry<'_>, unit: &Code) -> Vec<Event> {
    let streams = inquiry.related::<Awareness>("unit", unit);
    let held = streams.iter().flat_map(|stream| &stream.state.held_activities);
    let held = held.filter(|kept| kept.fact.unit.as_ref() == Some(unit)).map(Event::from);
    let campaigns = streams.iter().flat_map(|stream| &stream.state.campaigns);
    held.chain(campaigns.filter(|kept| kept.fact.units.contains(unit)).map(Event::from)).collect()
}

/// Whether a unit acknowledged the version in force; none: nothing is in force, or it does not apply to the unit.
fn acknowledgement<'w>(
    inquiry: &Inquiry<'w>,
    instrument: Seen<'w, GovernanceInstrument>,
    unit: &Code,
) -> Option<Finding> {
    // Law and policy may be asked for as of another moment; what was acknowledged is asked at the moment itself.
    let instrument = inquiry.state::<GovernanceInstrument>(instrument.stream)?;
    let version = current(inquiry, instrument)?;
    if !instrument.applies_to.is_empty() && !instrument.applies_to.contains(unit) {
        return None;
    }
    let number = version.version;
    let name = instrument.instrument.as_ref().map_or_else(String::new, |code| format!("{code} "));
    let found = match version.acknowledged.iter().find(|known| known.unit == *unit) {
        Some(known) => {
            let text = say!(
                "kennisneming van {name}versie {number} is bevestigd op {}",
                "{name}version {number} was acknowledged on {}",
                known.from
            );
            Finding::pass(text).by(known.sequence)
        }
        None => Finding::fail(say!(
            "kennisneming van {name}versie {number} is niet bevestigd",
            "{name}version {number} was not acknowledged"
        )),
    };
    Some(found.by_all(adoption(instrument.state, version)))
}

fn levels_meet(inquiry: &Inquiry<'_>) -> Finding {
    let levels = [
        (Level::Strategic, "strategicMeeting", words("het strategisch overleg", "the strategic meeting")),
        (Level::Tactical, "tacticalMeeting", words("het tactisch overleg", "the tactical meeting")),
        (Level::Operational, "operationalMeeting", words("het operationeel overleg", "the operational meeting")),
    ];
    let streams = inquiry.all::<Awareness>();
    let findings = levels.into_iter().map(|(level, parameter, what)| {
        let meetings = streams.iter().flat_map(|stream| &stream.state.meetings);
        let held = meetings.filter(|kept| kept.fact.level == Some(level)).map(Event::from);
        let last = held.max_by_key(|event| event.date.earliest());
        // Even where no instrument says how often, there must be some.
        match (last, inquiry.house(parameter)) {
            (Some(last), None) => {
                let Text { nl, en } = what.into();
                Finding::pass(say!("{nl}: gehouden op {}", "{en}: held on {}", last.date)).by(last.fact)
            }
            (None, None) => {
                let Text { nl, en } = what.into();
                Finding::warn(say!("{nl}: niet vastgelegd", "{en}: not recorded"))
            }
            (last, term) => age(inquiry, &what.into(), last, term.as_ref(), Calendar::Strict),
        }
    });
    Finding::all(findings.collect::<Vec<_>>(), || none("er zijn geen niveaus", "there are no levels"))
}

fn campaigns_recur(inquiry: &Inquiry<'_>) -> Finding {
    let audiences = [
        (Audience::Staff, words("de campagne voor medewerkers", "the campaign for staff")),
        (Audience::Students, words("de campagne voor studenten", "the campaign for students")),
        (Audience::Guests, words("de campagne voor gasten", "the campaign for guests")),
    ];
    let Some(term) = inquiry.house("campaignGap") else {
        return none("geen instrument dat van kracht is, zegt hoe vaak", "no instrument in force says how often");
    };
    let streams = inquiry.all::<Awareness>();
    let policy = first_adoption(inquiry);
    let findings = audiences.into_iter().map(|(audience, what)| {
        let campaigns = streams.iter().flat_map(|stream| &stream.state.campaigns);
        let held = campaigns.filter(|kept| kept.fact.audiences.contains(&audience));
        let held = held.map(|kept| Event::new(kept.fact.until.unwrap_or(kept.from), kept));
        let last = held.max_by_key(|event| event.date.earliest());
        let Text { nl, en } = what.into();
        // Where none was held yet, the time runs from the first policy.
        let what = match last {
            Some(_) => Text::new(nl, en),
            None => say!("{nl}, nog nooit gehouden; het eerste beleid", "{en}, never held yet; the first policy"),
        };
        age(inquiry, &what, last.or(policy), Some(&term), Calendar::Strict)
    });
    Finding::all(findings.collect::<Vec<_>>(), || none("er zijn geen doelgroepen", "there are no audiences"))
}

/// When the first policy came into force.
fn first_adoption(inquiry: &Inquiry<'_>) -> Option<Event> {
    let policies = inquiry.all::<GovernanceInstrument>();
    let policies = policies.iter().filter(|seen| seen.kind == Some(InstrumentKind::Policy));
    let begun =
        policies.flat_map(|seen| periods(seen.state)).filter_map(|period| Some(Event::new(period.from?, period.fact)));
    begun.min_by_key(|event| event.date.earliest())
}

// --- GOV-18, GOV-19: audits ----------------------------------------------------------------------------------------------

fn audits_are_held(inquiry: &Inquiry<'_>) -> Finding {
    let Some(begun) = since(inquiry, &[InstrumentKind::Policy]) else {
        return none("er is nog geen beleid", "there is no policy yet");
    };
    let audits = inquiry.all::<AuditEngagement>();
    let opened: Vec<(i32, Evidence)> = audits
        .iter()
        .filter_map(|audit| {
            let opened = audit.state.opened.as_ref()?;
            Some((audit.year.map_or_else(|| year_of(opened.from.earliest()), i32::from), opened.evidence()))
        })
        .collect();
    let years = last_closed_year(inquiry, &begun).into_iter().map(|(year, _)| {
        let of_year = opened.iter().filter(|(of, _)| *of == year).map(|(_, fact)| *fact);
        (say!("{year}", "{year}"), of_year.collect::<Vec<_>>())
    });
    cadence(&Text::new("een audit", "an audit"), years.collect::<Vec<_>>())
}

fn audit_is_sound<'w>(inquiry: &Inquiry<'w>, audit: Seen<'w, AuditEngagement>) -> Finding {
    let state: &'w AuditEngagement = audit.state;
    let mut finding = initiated_by_the_officer(inquiry, state);
    if let Some(opened) =
        state.opened.as_ref().filter(|_| matches!(audit.kind, Some(AuditKind::External | AuditKind::PeerReview)))
    {
        let stated = Text::new("de onafhankelijkheidsverklaring", "the statement of independence");
        let independent = complete(
            &Text::new("de externe audit", "the external audit"),
            [(stated, opened.fact.independence.is_some())],
        );
        finding = finding.and(independent.by(opened));
    }
    if let Some(closed) = &state.closed {
        let report = Text::new("het rapport", "the report");
        let reported =
            complete(&Text::new("de afgesloten audit", "the closed audit"), [(report, closed.fact.report.is_some())]);
        finding = finding.and(reported.by(closed));
    }
    finding
}

/// The initiator is told as a role or as the one who holds it; where it is not told, who planned it took the initiative.
fn initiated_by_the_officer(inquiry: &Inquiry<'_>, audit: &AuditEngagement) -> Finding {
    let planned = audit.planned.as_ref().map(|kept| (Event::from(kept), &kept.role));
    let begun = planned.or(audit.opened.as_ref().map(|kept| (Event::from(kept), &kept.role)));
    let Some((event, recorder)) = begun else {
        return none("de audit is gepland noch begonnen", "the audit is neither planned nor opened");
    };
    let initiator = audit.initiator.as_ref().unwrap_or(recorder);
    let finding = if initiator.as_str() == DPO || held_by(inquiry, DPO, initiator, &event.date) {
        Finding::pass(words("de FG heeft het initiatief genomen", "the data protection officer initiated it"))
    } else {
        Finding::fail(words(
            "een ander dan de FG heeft het initiatief genomen",
            "another than the data protection officer initiated it",
        ))
    };
    finding.by(event.fact)
}

fn serious_finding_is_followed_up<'w>(_inquiry: &Inquiry<'w>, shortcoming: Seen<'w, Shortcoming>) -> Finding {
    let serious = shortcoming.state.raised.as_ref().filter(|raised| {
        let of_an_audit = raised.fact.source == Some(Source::Audit) || raised.fact.audit.is_some();
        of_an_audit && raised.fact.severity == Some(Severity::Serious)
    });
    match serious {
        Some(raised) => followed_up(shortcoming.state).by(raised),
        None => none("dit is geen ernstige bevinding van een audit", "this is no serious finding of an audit"),
    }
}

fn followed_up(shortcoming: &Shortcoming) -> Finding {
    match shortcoming.follow_ups.last() {
        Some(decided) => Finding::pass(words("over het vervolg is besloten", "a follow-up is decided")).by(decided),
        None => Finding::fail(words("over het vervolg is niet besloten", "no follow-up is decided")),
    }
}

fn serious_findings_are_followed_up<'w>(inquiry: &Inquiry<'w>, audit: Seen<'w, AuditEngagement>) -> Finding {
    let state: &'w AuditEngagement = audit.state;
    let serious = state.recorded_findings.iter().filter(|kept| kept.fact.severity == Some(Severity::Serious));
    let findings = serious.map(|kept| {
        let linked = kept.fact.finding.as_ref().and_then(|stream| inquiry.state::<Shortcoming>(stream));
        let finding = match linked {
            Some(linked) => followed_up(linked.state),
            None => {
                Finding::fail(words("een ernstige bevinding is niet opgevolgd", "a serious finding is not followed up"))
            }
        };
        finding.by(kept)
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        none("de audit heeft geen ernstige bevinding", "the audit has no serious finding")
    })
}

// --- GOV-20, GOV-21, GOV-22: the policy -----------------------------------------------------------------------------------

fn policy_is_reviewed<'w>(inquiry: &Inquiry<'w>, instrument: Seen<'w, GovernanceInstrument>) -> Finding {
    of_the_policy(inquiry, instrument, |inquiry, policy| {
        let version = current(inquiry, instrument);
        let Some((version, adopted)) = version.and_then(|version| Some((version, adoption(policy, version)?))) else {
            return none("geen versie van het beleid is van kracht", "no version of the policy is in force");
        };
        // A new version is the outcome of a review, and begins the cycle anew.
        let begun = Event::new(version.in_force_from.unwrap_or(adopted.from), adopted);
        let reviewed = policy.reviewed.last().filter(|review| review.from.earliest() >= begun.date.earliest());
        let term = inquiry.house("instrumentReview");
        let what = match reviewed {
            Some(_) => Text::new("de evaluatie van het beleid", "the review of the policy"),
            None => Text::new(
                "de vaststelling van het beleid, nog zonder evaluatie",
                "the adoption of the policy, not reviewed yet",
            ),
        };
        let finding = age(inquiry, &what, Some(reviewed.map_or(begun, Event::from)), term.as_ref(), Calendar::Strict);
        match reviewed.filter(|review| review.fact.effectiveness_audited == Some(false)) {
            Some(review) => finding.and(
                Finding::warn(words(
                    "bij de evaluatie is de doeltreffendheid niet getoetst",
                    "the review did not test its effectiveness",
                ))
                .by(review),
            ),
            None => finding,
        }
    })
}

fn policy_is_made_known<'w>(inquiry: &Inquiry<'w>, instrument: Seen<'w, GovernanceInstrument>) -> Finding {
    of_the_policy(inquiry, instrument, |inquiry, policy| {
        let Some((version, adopted)) = newest(policy) else {
            return none("het beleid is nog niet vastgesteld", "the policy is not adopted yet");
        };
        let number = version.version;
        let term = inquiry.house("publication");
        let published = version.published.iter().min_by_key(|published| published.from.earliest());
        let due = |what: Words, done| {
            let what: Text = what.into();
            let due =
                Due { what: &what, from: Event::from(adopted), done, term: term.as_ref(), calendar: Calendar::Strict };
            deadline(inquiry, &due)
        };
        let publication = due(
            words("de publicatie van het beleid", "the publication of the policy"),
            published.map(|published| Event::new(published.from, published.sequence)),
        );
        // An announcement that names no version is about the newest one.
        let announced = policy.version_announced.iter().find(|kept| {
            let meant =
                kept.fact.version.map_or(kept.from.earliest() >= adopted.from.earliest(), |named| named == number);
            meant && kept.fact.institution_wide != Some(false)
        });
        let announcement = due(
            words(
                "de instellingsbrede aankondiging van het beleid",
                "the announcement of the policy to the whole institution",
            ),
            announced.map(Event::from),
        );
        publication.and(announcement).and(text_is_the_adopted_one(version, adopted))
    })
}

/// What was published is what was adopted. Where a text is not at hand, that cannot be told.
fn text_is_the_adopted_one(version: &InstrumentVersion, adopted: &Dated<VersionAdopted>) -> Finding {
    let number = version.version;
    let Some(published) = version.published.last() else {
        return none("er is niets gepubliceerd", "nothing was published");
    };
    let finding = match (&version.adopted_sha256, &published.sha256) {
        (Some(adopted), Some(published)) => {
            let what = Text::new(
                "de hash van de vastgestelde en de gepubliceerde tekst",
                "the hash of the adopted and the published text",
            );
            reconcile(&what, adopted, published)
        }
        (None, _) => Finding::indeterminate(say!(
            "de vastgestelde tekst van versie {number} is niet vastgelegd",
            "the adopted text of version {number} is not recorded"
        )),
        (_, None) => Finding::indeterminate(say!(
            "de gepubliceerde tekst van versie {number} is niet vastgelegd",
            "the published text of version {number} is not recorded"
        )),
    };
    finding.by(adopted).by(published.sequence)
}

fn council_came_first<'w>(inquiry: &Inquiry<'w>, instrument: Seen<'w, GovernanceInstrument>) -> Finding {
    of_the_policy(inquiry, instrument, |_, policy| {
        let Some((version, adopted)) = newest(policy) else {
            return none("het beleid is nog niet vastgesteld", "the policy is not adopted yet");
        };
        let approvals = policy.council_approval_recorded.iter();
        let approval = approvals.into_iter().find(|kept| Some(kept.from) == version.council_approved);
        let council = Text::new("de instemming van de universiteitsraad", "the approval of the University Council");
        let adoption = Text::new("de vaststelling door het bestuur", "the adoption by the Board");
        order(Precision::Day, (&council, approval.map(Event::from)), (&adoption, Some(Event::from(adopted))))
    })
}

// --- GOV-23, GOV-24, GOV-25: guidelines -----------------------------------------------------------------------------------

fn guideline_is_adopted<'w>(inquiry: &Inquiry<'w>, instrument: Seen<'w, GovernanceInstrument>) -> Finding {
    let state: &'w GovernanceInstrument = instrument.state;
    if instrument.kind != Some(InstrumentKind::Guideline) {
        return none("dit is geen richtlijn", "this is no guideline");
    }
    if has_ended(state) {
        return none("deze richtlijn is vervangen of ingetrokken", "this guideline was superseded or repealed");
    }
    let handed_out = state.version_issued.last();
    let in_use = handed_out.is_some() || !state.version_published.is_empty() || !state.distributed.is_empty();
    if !in_use && state.version_adopted.is_empty() {
        return none("de richtlijn is nog een concept", "the guideline is a draft yet");
    }
    let Some((version, adopted)) =
        current(inquiry, instrument).and_then(|version| Some((version, adoption(state, version)?)))
    else {
        return not_in_force(inquiry, state);
    };
    let force = in_force_at(
        inquiry,
        &Text::new("de vastgestelde versie van de richtlijn", "the adopted version of the guideline"),
        periods(state),
    );
    let newer = |other: &&InstrumentVersion| other.version > version.version && other.issued.is_some();
    let newer = state.versions.iter().rfind(|other| newer(other) && other.adopted.is_none()).map(|newer| {
        let issued = handed_out.map(|issued| issued.sequence);
        let text = say!(
            "versie {} is uitgebracht en niet vastgesteld",
            "version {} was issued and is not adopted",
            newer.version
        );
        Finding::warn(text).by_all(issued)
    });
    let found = force.and(rests_on_a_decision(inquiry, version, adopted)).and(is_distributed(inquiry, state, version));
    newer.into_iter().fold(found, Finding::and)
}

fn not_in_force(inquiry: &Inquiry<'_>, guideline: &GovernanceInstrument) -> Finding {
    let coming = periods(guideline);
    if coming.is_empty() {
        let issued = guideline.version_issued.last();
        let finding = match issued {
            Some(issued) => Finding::fail(say!(
                "versie {} is uitgebracht op {}, maar niet vastgesteld; zij geldt niet",
                "version {} was issued on {} but not adopted; it does not hold",
                issued.fact.version,
                issued.from
            )),
            None => Finding::fail(words(
                "de richtlijn is verspreid, maar niet vastgesteld",
                "the guideline was handed out but not adopted",
            )),
        };
        return finding.by_all(issued).by_all(&guideline.version_published).by_all(&guideline.distributed);
    }
    in_force_at(
        inquiry,
        &Text::new("de vastgestelde versie van de richtlijn", "the adopted version of the guideline"),
        coming,
    )
}

/// A version reached staff: all of them at once, or each unit for which it holds and that was there when it came into force.
fn is_distributed(inquiry: &Inquiry<'_>, guideline: &GovernanceInstrument, version: &InstrumentVersion) -> Finding {
    let staff = key_text(&Audience::Staff);
    // A distribution that names no version is of the newest one then.
    let meant = |named: Option<u32>| named.map_or(guideline.versions.len() == 1, |named| named == version.version);
    let mut of_version = guideline.distributed.iter().filter(|kept| meant(kept.fact.version));
    let to_staff = of_version.rfind(|kept| kept.fact.audience.iter().any(|audience| audience.as_str() == staff));
    if let Some(distributed) = to_staff {
        return Finding::pass(words(
            "de geldende versie is onder de medewerkers verspreid",
            "the version in force was distributed to staff",
        ))
        .by(distributed);
    }
    let there = |registered: &PartialDate| {
        version.in_force_from.is_none_or(|from| registered.day_not_after(&from) != Ternary::False)
    };
    let units = units(inquiry).into_iter().filter(|(unit, registered)| {
        if guideline.applies_to.is_empty() { there(registered) } else { guideline.applies_to.contains(unit) }
    });
    let needed: BTreeSet<Code> = units.map(|(unit, _)| unit).collect();
    let covered: BTreeSet<Code> = version.distributed.iter().map(|received| received.unit.clone()).collect();
    let facts: BTreeSet<Sequence> = version.distributed.iter().map(|received| received.sequence).collect();
    coverage(
        &Text::new("de verspreiding onder de beheerseenheden", "the distribution to the management units"),
        &needed,
        &covered,
    )
    .by_all(facts)
}

fn unit_knows_the_guidelines<'w>(inquiry: &Inquiry<'w>, unit: Seen<'w, ManagementUnit>) -> Finding {
    let Some(registered) = unit.state.registered.as_ref().filter(|_| unit.status == UnitStatus::Active) else {
        return none("de eenheid is opgeheven", "the unit is closed");
    };
    let code = &registered.fact.unit;
    let guidelines = inquiry.in_force(&[InstrumentKind::Guideline]);
    let findings = guidelines.into_iter().filter_map(|found| {
        let acknowledged = acknowledgement(inquiry, found.instrument, code)?;
        Some(acknowledged.and(newcomers_are_told(inquiry, found.instrument, code)))
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        none("geen richtlijn geldt voor deze eenheid", "no guideline applies to this unit")
    })
}

/// What the head of the unit attested last of new staff. How old that may be, only a parameter can say.
fn newcomers_are_told(inquiry: &Inquiry<'_>, guideline: Seen<'_, GovernanceInstrument>, unit: &Code) -> Finding {
    let streams = inquiry.related::<Awareness>("unit", unit);
    let attested = streams.iter().flat_map(|stream| &stream.state.onboardings).filter(|kept| {
        let named = kept.fact.instrument.as_ref();
        kept.fact.unit == *unit && named.is_none_or(|named| Some(named) == guideline.instrument.as_ref())
    });
    let last = attested.max_by_key(|kept| kept.from.earliest());
    let what = Text::new("de verklaring over nieuwe medewerkers", "the attestation on new staff");
    let term = inquiry.parameter(&[InstrumentKind::Guideline], "onboarding").or_else(|| inquiry.house("onboarding"));
    let aged = match &term {
        Some(term) => age(inquiry, &what, last.map(Event::from), Some(term), Calendar::Strict),
        None => none(
            "geen instrument dat van kracht is, zegt hoe vaak dat wordt verklaard",
            "no instrument in force says how often it is attested",
        ),
    };
    let missed = last
        .and_then(|kept| Some((kept, kept.fact.newcomers?.checked_sub(kept.fact.count?)?)))
        .filter(|(_, missed)| *missed > 0);
    match missed {
        Some((kept, missed)) => aged.and(
            Finding::warn(say!(
                "{missed} nieuwe medewerkers kennen de richtlijn niet",
                "{missed} new members of staff do not know the guideline"
            ))
            .by(kept),
        ),
        None => aged,
    }
}

fn self_employed_agreed<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let published = publication.state.content_published.iter();
    let published = published.into_iter().rfind(|kept| kept.role.as_str() == SELF_EMPLOYED);
    let Some(published) = published else {
        return none("dit is niet door een zelfstandige geplaatst", "this was not published by a self-employed person");
    };
    let streams = inquiry.related::<Awareness>("actorKind", key_text(&ActorKind::SelfEmployed));
    let mut agreed = streams.iter().flat_map(|stream| &stream.state.guideline_agreements).filter(|kept| {
        let begun = kept.fact.from.unwrap_or(kept.from).day_not_after(&published.from);
        let ended = kept.fact.to.map_or(Ternary::False, |to| to.day_not_after(&published.from));
        let of_unit = kept.fact.unit.is_none() || publication.unit.is_none() || kept.fact.unit == publication.unit;
        kept.fact.actor_kind == ActorKind::SelfEmployed && of_unit && begun.and(ended.not()) == Ternary::True
    });
    let finding = match agreed.next_back() {
        Some(agreed) => Finding::pass(words(
            "met zelfstandigen is de richtlijn afgesproken",
            "the guidelines are agreed with the self-employed",
        ))
        .by(agreed),
        None => Finding::warn(words(
            "met zelfstandigen is geen afspraak over de richtlijn vastgelegd",
            "no agreement on the guidelines with the self-employed is recorded",
        )),
    };
    finding.by(published)
}

// --- GOV-26 ------------------------------------------------------------------------------------------------------------

fn agreement_follows_the_benchmark<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let state: &'w Agreement = agreement.state;
    let Some(executed) = &state.execution else {
        return none("de overeenkomst is nog niet gesloten", "the agreement is not concluded yet");
    };
    let instruments = inquiry.all::<GovernanceInstrument>();
    let frameworks: Vec<&FrameworkAt> = instruments.iter().flat_map(|seen| &seen.state.frameworks).collect();
    let held: Vec<&FrameworkAt> =
        frameworks.iter().copied().filter(|at| held_on(at, &executed.from) != Ternary::False).collect();
    if held.is_empty() {
        return none("bij het sluiten gold geen referentiekader", "no benchmark was in force when it was concluded")
            .by(executed);
    }
    let stated = executed.fact.model_version.as_ref().or(state.model_version.as_ref());
    let models: BTreeSet<&Code> =
        stated.into_iter().chain(state.clauses.iter().filter_map(|clause| clause.framework.as_ref())).collect();
    if models.is_empty() {
        let text = words(
            "aan welk referentiekader is getoetst, is niet vastgelegd",
            "against which benchmark it was assessed is not recorded",
        );
        return Finding::fail(text).by(executed);
    }
    let followed = held.iter().find(|at| models.iter().any(|model| is_model(at, model)));
    let finding = match followed {
        Some(at) if held_on(at, &executed.from) == Ternary::True => Finding::pass(words(
            "getoetst aan het referentiekader dat bij het sluiten gold",
            "assessed against the benchmark in force when it was concluded",
        ))
        .by(at.sequence),
        Some(at) => Finding::indeterminate(words(
            "de datums beslissen niet welke versie gold",
            "the dates do not decide which version was in force",
        ))
        .by(at.sequence),
        None => Finding::fail(words(
            "getoetst aan een ander referentiekader dan bij het sluiten gold",
            "assessed against another benchmark than was in force when it was concluded",
        ))
        .by_all(held.iter().map(|at| at.sequence)),
    };
    finding.by(executed)
}

fn held_on(at: &FrameworkAt, date: &PartialDate) -> Ternary {
    let ended = at.to.map_or(Ternary::False, |to| to.day_not_after(date));
    at.from.day_not_after(date).and(ended.not())
}

/// Whether a code names a version of a framework: `SURF-4.0`, or `4.0` of `SURF`.
fn is_model(at: &FrameworkAt, model: &Code) -> bool {
    let framework = &at.framework;
    let versions = at.model_version.iter().chain(&at.framework_version);
    let mut names = versions.flat_map(|version| [version.to_string(), format!("{framework}-{version}")]);
    names.any(|name| name == model.as_str())
}

// --- GOV-27 ------------------------------------------------------------------------------------------------------------

fn images_follow_under_the_guideline<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let guidelines = inquiry.in_force(&[InstrumentKind::Guideline]);
    let Some(published) = publication.state.content_published.last() else {
        return none("er is niets gepubliceerd", "nothing was published");
    };
    let held = |from: &PartialDate| from.day_not_after(&published.from) != Ternary::False;
    if !guidelines.iter().any(|found| found.version.in_force_from.as_ref().is_some_and(held)) {
        return none("deze publicatie is van voor de richtlijn", "this publication is of before the guideline")
            .by(published);
    }
    images_follow_the_policy(inquiry, publication)
}

fn images_follow_the_policy<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let Some(published) = publication.state.content_published.last() else {
        return none("er is niets gepubliceerd", "nothing was published");
    };
    let imagery = [Category::Photo, Category::Video, Category::LiveStream];
    let fact = &published.fact;
    let shows =
        fact.contains_imagery.unwrap_or_else(|| fact.categories.iter().any(|category| imagery.contains(category)));
    if !shows {
        return none("de publicatie bevat geen beeld", "the publication has no images").by(published);
    }
    let approved = publication.state.approved.last().map(|kept| &kept.fact);
    let policy = fact.image_policy.as_ref().or(approved.and_then(|approved| approved.image_policy.as_ref()));
    let version =
        fact.image_policy_version.as_ref().or(approved.and_then(|approved| approved.image_policy_version.as_ref()));
    let mut findings = Vec::new();
    for instrument in inquiry.all::<GovernanceInstrument>() {
        if instrument.kind != Some(InstrumentKind::ImagePolicy) {
            continue;
        }
        for (held, fact) in
            instrument.state.versions.iter().filter_map(|held| Some((held, adoption(instrument.state, held)?)))
        {
            let cited = policy.is_some() && policy == instrument.instrument.as_ref() && cites(held, version);
            findings.extend(cites_the_one_in_force(held, &published.from, cited).map(|finding| finding.by(fact)));
        }
    }
    Finding::any(findings, || {
        none("toen dit verscheen, gold geen beeldbeleid", "no image policy was in force when this appeared")
    })
    .by(published)
}

fn cites(version: &InstrumentVersion, cited: Option<&Code>) -> bool {
    cited.is_some_and(|cited| cited.as_str() == version.version.to_string() || Some(cited) == version.label.as_ref())
}

/// Judges a version of the image policy that was in force on a day; none: it was not.
fn cites_the_one_in_force(version: &InstrumentVersion, date: &PartialDate, cited: bool) -> Option<Finding> {
    let begun = version.in_force_from.map_or(Ternary::False, |from| from.day_not_after(date));
    let ended = version.in_force_to.map_or(Ternary::False, |to| to.day_not_after(date));
    match begun.and(ended.not()) {
        Ternary::False => None,
        held => Some(decide(
            held,
            || {
                if cited {
                    Finding::pass(words(
                        "de publicatie noemt het beeldbeleid dat toen gold",
                        "the publication cites the image policy in force then",
                    ))
                } else {
                    Finding::fail(words(
                        "de publicatie noemt het beeldbeleid dat toen gold niet",
                        "the publication does not cite the image policy in force then",
                    ))
                }
            },
            || none("dit beeldbeleid gold toen niet", "this image policy was not in force then"),
            || {
                Finding::indeterminate(words(
                    "de datums beslissen niet of het beeldbeleid gold",
                    "the dates do not decide whether the image policy was in force",
                ))
            },
        )),
    }
}

// --- GOV-28, GOV-29 ------------------------------------------------------------------------------------------------------

fn period_cites_the_list<'w>(_inquiry: &Inquiry<'w>, retention: Seen<'w, Retention>) -> Finding {
    let Some(period) = &retention.state.period else {
        return none("er is geen bewaartermijn", "there is no retention period");
    };
    let fact = &period.fact;
    let finding = if fact.source == Some(PeriodSource::Contract) {
        none("de bewaartermijn volgt uit een overeenkomst", "the retention period follows from a contract")
    } else if fact.list_category.is_some() {
        Finding::pass(words(
            "de bewaartermijn noemt de categorie van de selectielijst",
            "the retention period cites the category of the selection list",
        ))
    } else if fact.list_version.is_some() {
        Finding::warn(words(
            "de bewaartermijn noemt de selectielijst, niet de categorie",
            "the retention period cites the selection list, not the category",
        ))
    } else {
        Finding::fail(words(
            "de bewaartermijn noemt de selectielijst niet",
            "the retention period does not cite the selection list",
        ))
    };
    finding.by(period)
}

fn code_of_conduct_is_in_force(inquiry: &Inquiry<'_>) -> Finding {
    let codes = inquiry.all::<GovernanceInstrument>();
    let codes = codes.iter().filter(|seen| seen.kind == Some(InstrumentKind::CodeOfConduct));
    in_force_at(
        inquiry,
        &Text::new("de gedragscode", "the code of conduct"),
        codes.flat_map(|seen| periods(seen.state)),
    )
}

#[cfg(test)]
mod tests;
