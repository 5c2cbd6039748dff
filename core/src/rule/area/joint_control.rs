//! Joint controllers (GDPR Art. 26; C-210/16, C-40/17): whether the institution found out with which platforms it shares control,
//! and what it arranged with them, for each operation.
//!
//! That the guidelines do not see likes and follows as processing changes nothing here: who keeps a page takes part in what the
//! platform does with its visitors. An arrangement that is missing does not by itself make processing unlawful (C-60/22).

use std::collections::{BTreeMap, BTreeSet};

use crate::family::account::{Account, AccountStatus};
use crate::family::activity::Activity;
use crate::family::dossier::Dated;
use crate::family::joint_controller_arrangement::{
    Assessed, ControlOutcome, Criterion, JointControllerArrangement, RetainedObject, Topic,
};
use crate::family::party::{Party, PartyRole, StandingRole};
use crate::family::platform::Platform;
use crate::family::rule_set::Outcome;
use crate::ledger::name::Code;
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, GUIDELINE, HOUSE, SUPERVISOR};
use crate::rule::platform::halted;
use crate::rule::processor::while_active;
use crate::rule::template::{Event, Period, age, complete, coverage, decide, in_force_at, without_undue_delay};
use crate::rule::text::{Text, Words, say, words};
use crate::rule::verdict::{Evidence, Finding, Says};
use crate::time::{Calendar, PartialDate, Ternary};

/// The advice on social media in education.
const EDUCATION: Applies = Applies::Law(&["LEX-AP-EDU"]);

pub(in crate::rule) const AREA: Area = Area {
    name: words("gezamenlijke verwerkingsverantwoordelijken", "joint controllers"),
    rules: &[
        Rule {
            id: "JNT-01",
            title: words(
                "De instelling gaat na of zij met het platform gezamenlijk verantwoordelijk is",
                "The institution works out whether it is joint controller with the platform",
            ),
            explanation: words(
                "Voor elk platform dat een lopende activiteit gebruikt, is er een beoordeling met een uitkomst. Hoe oud zij mag zijn, zegt de huistermijn; voorbij die termijn is het voor de wet een aandachtspunt. De plicht volgt uit artikel 26; de arresten over fanpagina's en like-knoppen leggen haar uit. Of de uitkomst juist is, is niet getoetst. Dat de richtlijn likes en volgers niet als verwerking ziet, doet daaraan niet af.",
                "For each platform that a running activity uses there is an assessment with an outcome. How old it may be is a house term; past it, it is for the law something to attend to. The duty follows from Article 26; the judgments on fan pages and like buttons explain it. Whether the outcome is right is not tested. That the guideline does not see likes and follows as processing makes no difference.",
            ),
            sources: &["GDPR 4(7)", "GDPR 26", "CJEU C-210/16", "CJEU C-40/17", "BL24", "G24 4(3)"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [InForceAt, Age], control_is_assessed),
                check!(Activity, Policy, Accountability, Applies::Adopted(HOUSE), [Age], assessment_is_young),
                check!(Activity, Guideline, Accountability, GUIDELINE, [IfThen], guideline_asks_nothing),
            ],
        },
        Rule {
            id: "JNT-02",
            title: words("De beoordeling beantwoordt beide vragen", "The assessment answers both questions"),
            explanation: words(
                "De beoordeling zegt of de instelling invloed heeft op doel en middelen en of zij er zelf voordeel van heeft. Grip verliezen neemt de verantwoordelijkheid niet weg: zijn beide vervuld en is de uitkomst toch niet gezamenlijk, dan is dat een aandachtspunt.",
                "The assessment says whether the institution influences purposes and means and whether it benefits itself. Losing grip does not take responsibility away: where both are met and the outcome is not joint, that is something to attend to.",
            ),
            sources: &["BL24", "GDPR 26(1)"],
            checks: &[check!(
                JointControllerArrangement,
                Supervisor,
                Accountability,
                SUPERVISOR,
                [Complete],
                both_criteria_are_answered
            )],
        },
        Rule {
            id: "JNT-03",
            title: words(
                "Met een gezamenlijk verantwoordelijke is er een regeling",
                "There is an arrangement with a joint controller",
            ),
            explanation: words(
                "Is gevonden dat een platform of een partij gezamenlijk verantwoordelijk is, dan is er een regeling van kracht die de activiteit dekt, of de activiteit of het gebruik van het platform is opgeschort.",
                "Where a platform or party is found to be a joint controller, an arrangement that covers the activity is in force, or the activity or use of the platform is suspended.",
            ),
            sources: &["GDPR 26(1)", "CJEU C-210/16", "BL24", "NW24"],
            checks: &[check!(Activity, Law, Accountability, GDPR, [InForceAt, IfThen], arrangement_is_in_force)],
        },
        Rule {
            id: "JNT-04",
            title: words("De regeling dekt elke bewerking", "The arrangement covers each operation"),
            explanation: words(
                "Elke bewerking die gezamenlijk is, volgens de beoordeling of het register, staat in de regeling met het platform. Noemen zij geen bewerkingen, dan is niet per bewerking gekeken.",
                "Each operation that is joint, by the assessment or the register, stands in the arrangement with the platform. Where these name no operations, it was not looked at for each of them.",
            ),
            sources: &["GDPR 26(1)", "CJEU C-40/17", "BL24"],
            checks: &[check!(Activity, Law, Accountability, GDPR, [Coverage], operations_are_covered)],
        },
        Rule {
            id: "JNT-05",
            title: words(
                "Afgesproken is hoe lang het platform bewaart",
                "It is agreed how long the platform keeps data",
            ),
            explanation: words(
                "De regeling noemt een bewaartermijn voor video, foto, tekst, reacties en metadata.",
                "The arrangement names a term for video, photos, text, comments and metadata.",
            ),
            sources: &["BL24", "GDPR 26(1)", "GDPR 5(1)(e)"],
            checks: &[check!(
                JointControllerArrangement,
                Supervisor,
                Accountability,
                SUPERVISOR,
                [Complete],
                retention_is_agreed
            )],
        },
        Rule {
            id: "JNT-06",
            title: words("Vastgelegd is wie waarvoor verantwoordelijk is", "It is settled who is responsible for what"),
            explanation: words(
                "De regeling zegt wie betrokkenen informeert en wie zorgt voor wissing, inzage, bezwaar en datalekken; een contactpunt mag, en moet niet. Of de verdeling de werkelijke rollen weergeeft, is niet getoetst. De toezichthouder wil dat vaststaat wie een beeld verwijdert en wie ervoor instaat als het platform te lang bewaart.",
                "The arrangement says who informs the data subjects and who sees to erasure, access, objection and breaches; a contact point may be named, and need not be. Whether the division reflects the real roles is not tested. The authority wants it settled who removes a picture and who answers for it if the platform keeps data too long.",
            ),
            sources: &["GDPR 26(1)", "GDPR 13", "GDPR 14", "GDPR 17", "GDPR 19", "NW24"],
            checks: &[
                check!(JointControllerArrangement, Law, Accountability, GDPR, [Complete], responsibilities_are_settled),
                check!(
                    JointControllerArrangement,
                    Supervisor,
                    Accountability,
                    EDUCATION,
                    [Complete],
                    removal_is_settled
                ),
            ],
        },
    ],
};

// --- With whom control may be shared ---------------------------------------------------------------------------------

/// A platform or party with which an activity may share control, by every code under which facts name it.
struct Counterpart {
    /// The code by which the activity names it.
    code: Code,
    /// All its codes: of the platform, and of the party that runs it.
    names: BTreeSet<Code>,
    /// The facts by which the activity deals with it.
    facts: BTreeSet<Evidence>,
}

/// Lists the platforms that an activity uses: those of its register entry, or where that names none those of the open accounts that
/// serve it. (That an account serves it on a platform that the entry leaves out, is a fault of the entry.) Those of which the Board
/// halted the use are left out.
fn platforms_in_use<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Vec<Counterpart> {
    let state: &'w Activity = activity.state;
    let mut used: BTreeMap<Code, BTreeSet<Evidence>> = BTreeMap::new();
    if let Some(version) = &state.current {
        for code in &version.entry.platforms {
            used.entry(code.clone()).or_default().insert(version.sequence.evidence());
        }
    }
    let accounts = if used.is_empty() { inquiry.related::<Account>("activity", activity.stream) } else { Vec::new() };
    for account in accounts {
        if let Some((code, fact)) = serves(&account, activity) {
            used.entry(code.clone()).or_default().insert(fact);
        }
    }
    let used = used.into_iter().filter(|(code, _)| halted(inquiry, code).is_none());
    let named = used.map(|(code, facts)| {
        let platforms = inquiry.related::<Platform>("platform", &code);
        let parties =
            platforms.iter().filter_map(|platform| platform.state.registered.as_ref()?.fact.controller_entity.clone());
        let names = parties.chain([code.clone()]).collect();
        Counterpart { code, names, facts }
    });
    named.collect()
}

/// The platform of an open account that serves the activity itself; one to which messages are only led on does not.
fn serves<'a>(account: &'a Account, activity: Seen<'_, Activity>) -> Option<(&'a Code, Evidence)> {
    let open = matches!(account.status, AccountStatus::Active | AccountStatus::Compromised);
    let opened = account.opened.as_ref().filter(|_| open)?;
    let registered = account.registered.iter().flat_map(|registered| &registered.fact.activities);
    let mut named = registered.chain(&opened.fact.activities);
    named.any(|stream| stream == activity.stream).then_some((account.platform.as_ref()?, opened.evidence()))
}

// --- What was found --------------------------------------------------------------------------------------------------

/// What an assessment found for a platform, by operation.
#[derive(Default)]
struct Found {
    joint: BTreeSet<Code>,
    not_joint: BTreeSet<Code>,
    any_joint: bool,
    undecided: bool,
}

/// The last assessment of joint control that is about an activity and a platform.
fn last_assessment<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    with: &Counterpart,
) -> Option<&'w Dated<Assessed>> {
    let mut arrangements = inquiry.related::<JointControllerArrangement>("activity", activity.stream);
    for name in &with.names {
        arrangements.extend(inquiry.related::<JointControllerArrangement>("platform", name));
        arrangements.extend(inquiry.related::<JointControllerArrangement>("party", name));
    }
    let assessed = arrangements.into_iter().flat_map(|arrangement| {
        let state: &'w JointControllerArrangement = arrangement.state;
        state.assessed.iter().filter(move |assessed| is_about(&assessed.fact, state, activity, with))
    });
    assessed.max_by_key(|assessed| (assessed.from.earliest(), assessed.sequence))
}

/// Whether an assessment is about an activity and a platform; what it leaves out, its stream says.
fn is_about(
    assessed: &Assessed,
    arrangement: &JointControllerArrangement,
    activity: Seen<'_, Activity>,
    with: &Counterpart,
) -> bool {
    let activities = if assessed.activities.is_empty() { &arrangement.activities } else { &assessed.activities };
    let of_findings = assessed.findings.iter().filter_map(|finding| finding.platform.as_ref());
    let own: Vec<&Code> = assessed.platforms.iter().chain(&assessed.party).chain(of_findings).collect();
    let of_stream = || arrangement.platforms.iter().chain(&arrangement.party).collect::<Vec<_>>();
    let named = if own.is_empty() { of_stream() } else { own };
    (activities.is_empty() || activities.contains(activity.stream))
        && (named.is_empty() || named.into_iter().any(|name| with.names.contains(name)))
}

/// What an assessment found for a platform: the word on an operation goes before the word on the platform and that on the whole.
fn found(assessed: &Assessed, with: &Counterpart) -> Found {
    let of_platform: Vec<_> = assessed
        .findings
        .iter()
        .filter(|finding| finding.platform.as_ref().is_none_or(|platform| with.names.contains(platform)))
        .collect();
    let operations: BTreeSet<&Code> =
        assessed.operations.iter().chain(of_platform.iter().filter_map(|finding| finding.operation.as_ref())).collect();
    let by_itself = |operation: &Code| {
        let mut words = of_platform.iter().filter(|finding| finding.operation.as_ref() == Some(operation));
        let own = words.clone().find(|finding| finding.platform.is_some());
        own.or_else(|| words.next()).map(|finding| finding.outcome)
    };
    let on_the_whole = of_platform.iter().find(|finding| finding.operation.is_none()).map(|finding| finding.outcome);
    let on_the_whole = on_the_whole.or(assessed.outcome);
    let mut found = Found { any_joint: on_the_whole == Some(ControlOutcome::Joint), ..Found::default() };
    found.undecided = operations.is_empty() && on_the_whole.is_none();
    for operation in operations {
        match by_itself(operation).or(on_the_whole) {
            Some(ControlOutcome::Joint) => {
                found.any_joint = true;
                found.joint.insert(operation.clone());
            }
            Some(_) => {
                found.not_joint.insert(operation.clone());
            }
            None => found.undecided = true,
        }
    }
    found
}

/// Those with which control is joint: platforms by their last assessment, and parties by the register or by the role that was
/// settled. Each with the operations that were looked at.
fn joint_controllers<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Vec<(Counterpart, Found)> {
    let mut joint = Vec::new();
    let mut others = Vec::new();
    for mut platform in platforms_in_use(inquiry, activity) {
        let assessed = last_assessment(inquiry, activity, &platform);
        let found = assessed.map(|assessed| found(&assessed.fact, &platform)).unwrap_or_default();
        if found.any_joint {
            platform.facts.extend(assessed.map(Says::evidence));
            joint.push((platform, found));
        } else {
            others.push((platform, found));
        }
    }
    for (code, fact) in named_joint(inquiry, activity) {
        if let Some((known, _)) = joint.iter_mut().find(|(known, _)| known.names.contains(&code)) {
            known.facts.insert(fact);
        } else if let Some(place) = others.iter().position(|(other, _)| other.names.contains(&code)) {
            let (mut platform, found) = others.swap_remove(place);
            platform.facts.insert(fact);
            joint.push((platform, found));
        } else if !runs_halted_platforms_only(inquiry, &code) {
            let (names, facts) = (BTreeSet::from([code.clone()]), BTreeSet::from([fact]));
            joint.push((Counterpart { code, names, facts }, Found::default()));
        }
    }
    joint
}

/// The parties that the register or their settled role makes joint controllers of an activity.
fn named_joint<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Vec<(Code, Evidence)> {
    let version = activity.state.current.iter();
    let entered = version.flat_map(|version| {
        version.entry.joint_controllers.iter().map(|code| (code.clone(), version.sequence.evidence()))
    });
    let parties = inquiry.related::<Party>("activity", activity.stream);
    let settled = parties.iter().filter_map(|party| {
        let of_it = |role: &&StandingRole| role.activity.as_ref() == Some(activity.stream);
        let role = party.roles.iter().find(of_it).filter(|role| role.role == PartyRole::Joint)?;
        Some((party.registered.as_ref()?.fact.party.clone(), role.sequence.evidence()))
    });
    entered.chain(settled).collect()
}

/// Whether a party takes part by platforms only of which the Board halted the use.
fn runs_halted_platforms_only(inquiry: &Inquiry<'_>, party: &Code) -> bool {
    let run = inquiry.related::<Platform>("party", party);
    let codes: Vec<&Code> = run.iter().filter_map(|platform| platform.platform.as_ref()).collect();
    !codes.is_empty() && codes.iter().all(|code| halted(inquiry, code).is_some())
}

// --- JNT-01 ----------------------------------------------------------------------------------------------------------

/// Judges each platform that a running activity uses.
fn for_each_platform<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    judge: impl Fn(&Counterpart) -> Finding,
) -> Finding {
    while_active(activity, || {
        let findings = platforms_in_use(inquiry, activity).into_iter();
        let findings: Vec<Finding> = findings.map(|platform| judge(&platform).by_all(platform.facts)).collect();
        Finding::all(findings, || {
            Finding::not_applicable(words("de activiteit gebruikt geen platform", "the activity uses no platform"))
        })
    })
}

fn control_is_assessed<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    for_each_platform(inquiry, activity, |platform| {
        let code = &platform.code;
        let Some(assessed) = last_assessment(inquiry, activity, platform) else {
            return Finding::fail(say!(
                "of de instelling met {code} gezamenlijk verantwoordelijk is, is niet beoordeeld",
                "it was not assessed whether the institution is joint controller with {code}"
            ));
        };
        let date = assessed.from;
        let finding = if found(&assessed.fact, platform).undecided {
            Finding::indeterminate(say!(
                "de beoordeling van {date} is vastgelegd, maar niet wat zij voor {code} vond",
                "the assessment of {date} is recorded, but not what it found for {code}"
            ))
        } else {
            Finding::pass(say!(
                "de gezamenlijke verantwoordelijkheid met {code} is beoordeeld op {date}",
                "joint control with {code} was assessed on {date}"
            ))
        };
        finding.by(assessed).and(without_undue_delay(is_young(inquiry, Some(assessed), code)))
    })
}

fn assessment_is_young<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    for_each_platform(inquiry, activity, |platform| {
        is_young(inquiry, last_assessment(inquiry, activity, platform), &platform.code)
    })
}

fn is_young(inquiry: &Inquiry<'_>, assessed: Option<&Dated<Assessed>>, code: &Code) -> Finding {
    let what = say!(
        "de beoordeling van gezamenlijke verantwoordelijkheid met {code}",
        "the assessment of joint control with {code}"
    );
    age(inquiry, &what, assessed.map(Event::from), inquiry.house("jointControl").as_ref(), Calendar::Strict)
}

/// The guidelines know no joint controllers: their word stands beside that of the law.
fn guideline_asks_nothing<'w>(_inquiry: &Inquiry<'w>, _activity: Seen<'w, Activity>) -> Finding {
    Finding::not_applicable(words(
        "de richtlijn ziet likes en volgers nog niet als verwerking door de instelling en vraagt deze beoordeling niet; de wet wel",
        "the guideline does not see likes and follows as processing by the institution yet and does not ask for this assessment; the law does",
    ))
}

// --- JNT-02 ----------------------------------------------------------------------------------------------------------

fn both_criteria_are_answered<'w>(
    _inquiry: &Inquiry<'w>,
    arrangement: Seen<'w, JointControllerArrangement>,
) -> Finding {
    let Some(last) = arrangement.assessed.last() else {
        return Finding::not_applicable(words(
            "hierin is geen beoordeling vastgelegd",
            "no assessment is recorded in this",
        ));
    };
    let what = Text::new("de beoordeling", "the assessment");
    let parts = [
        (
            Text::new(
                "of de instelling doel en middelen beïnvloedt",
                "whether the institution influences purposes and means",
            ),
            last.fact.influence.is_some(),
        ),
        (Text::new("of zij er zelf voordeel van heeft", "whether it benefits itself"), last.fact.benefit.is_some()),
    ];
    let answered = complete(&what, parts).by(last);
    let met = |criterion: &Option<Criterion>| criterion.as_ref().is_some_and(|criterion| criterion.met);
    let outcomes = last.fact.findings.iter().map(|finding| finding.outcome).chain(last.fact.outcome);
    let mut outcomes = outcomes.peekable();
    let denied = outcomes.peek().is_some() && outcomes.all(|outcome| outcome != ControlOutcome::Joint);
    if met(&last.fact.influence) && met(&last.fact.benefit) && denied {
        let text = words(
            "de instelling heeft invloed en eigen voordeel, en toch is de uitkomst niet gezamenlijk",
            "the institution has influence and a benefit of its own, and yet the outcome is not joint",
        );
        return answered.and(Finding::warn(text).by(last));
    }
    answered
}

// --- JNT-03 ----------------------------------------------------------------------------------------------------------

/// From when until when an arrangement binds; `None`: it was never agreed.
fn binding_period(arrangement: &JointControllerArrangement) -> Option<Period> {
    let agreed = arrangement.agreed.as_ref()?;
    let ended = arrangement.terminated.as_ref().map(|terminated| terminated.from);
    let to = [arrangement.to, ended].into_iter().flatten().min_by_key(PartialDate::earliest);
    Some(Period { from: arrangement.from.or(Some(agreed.from)), to, fact: agreed.evidence() })
}

/// The arrangements with a platform or party that cover an activity, agreed or not.
fn arrangements<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    with: &Counterpart,
) -> Vec<Seen<'w, JointControllerArrangement>> {
    let mut found: BTreeMap<_, Seen<'w, JointControllerArrangement>> = BTreeMap::new();
    for name in &with.names {
        let by_platform = inquiry.related::<JointControllerArrangement>("platform", name);
        for arrangement in by_platform.into_iter().chain(inquiry.related::<JointControllerArrangement>("party", name)) {
            if arrangement.activities.is_empty() || arrangement.activities.contains(activity.stream) {
                found.insert(arrangement.stream, arrangement);
            }
        }
    }
    found.into_values().collect()
}

/// Judges each of those with which control of a running activity is joint.
fn for_each_joint<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    judge: impl Fn(&Counterpart, &Found) -> Finding,
) -> Finding {
    while_active(activity, || {
        let joint = joint_controllers(inquiry, activity).into_iter();
        let findings: Vec<Finding> = joint.map(|(with, found)| judge(&with, &found).by_all(with.facts)).collect();
        Finding::all(findings, || {
            Finding::not_applicable(words(
                "met geen platform of partij is gezamenlijke verantwoordelijkheid gevonden; of dat is beoordeeld, vraagt JNT-01",
                "joint control was found with no platform or party; whether it was assessed is what JNT-01 asks",
            ))
        })
    })
}

fn arrangement_is_in_force<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    for_each_joint(inquiry, activity, |with, _| {
        let code = &with.code;
        let what = say!("de regeling met {code}", "the arrangement with {code}");
        let known = arrangements(inquiry, activity, with);
        let finding = in_force_at(inquiry, &what, known.iter().filter_map(|arrangement| binding_period(arrangement)));
        let mut refused = known.iter().filter_map(|arrangement| arrangement.state.refused.last());
        match refused.next_back().filter(|_| finding.outcome == Outcome::Fail) {
            Some(refused) => finding.and(
                Finding::fail(say!(
                    "{code} weigerde een regeling op {}",
                    "{code} refused an arrangement on {}",
                    refused.from
                ))
                .by(refused),
            ),
            None => finding,
        }
    })
}

// --- JNT-04 ----------------------------------------------------------------------------------------------------------

fn operations_are_covered<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    for_each_joint(inquiry, activity, |with, found| {
        let code = &with.code;
        let entered = activity.current.iter().flat_map(|version| &version.entry.operations);
        let entered = entered.filter(|operation| !found.not_joint.contains(operation));
        let needed: BTreeSet<String> = found.joint.iter().chain(entered).map(Code::to_string).collect();
        if needed.is_empty() {
            return Finding::fail(say!(
                "noch de beoordeling noch het register noemt de bewerkingen met {code}: er is niet per bewerking gekeken",
                "neither the assessment nor the register names the operations with {code}: it was not looked at for each of them"
            ));
        }
        let mut covered = BTreeSet::new();
        let mut facts = BTreeSet::new();
        for arrangement in arrangements(inquiry, activity, with) {
            let Some(period) = binding_period(&arrangement) else { continue };
            if inquiry.within(period.from.as_ref(), period.to.as_ref()) == Ternary::True {
                covered.extend(arrangement.operations.iter().map(Code::to_string));
                facts.insert(period.fact);
                facts.extend(arrangement.state.amended.last().map(Says::evidence));
            }
        }
        let what = say!("de bewerkingen in de regeling met {code}", "the operations in the arrangement with {code}");
        coverage(&what, &needed, &covered).by_all(facts)
    })
}

// --- JNT-05, JNT-06 --------------------------------------------------------------------------------------------------

/// Judges an arrangement while it binds.
fn while_binding<'w>(
    inquiry: &Inquiry<'w>,
    arrangement: Seen<'w, JointControllerArrangement>,
    judge: impl FnOnce() -> Finding,
) -> Finding {
    let idle = || {
        Finding::not_applicable(words(
            "er is op dat moment geen regeling overeengekomen",
            "no arrangement is agreed at that moment",
        ))
    };
    let Some(period) = binding_period(&arrangement) else { return idle() };
    let finding = decide(inquiry.within(period.from.as_ref(), period.to.as_ref()), judge, idle, || {
        Finding::indeterminate(words(
            "of de regeling geldt, beslissen de datums niet",
            "the dates do not decide whether the arrangement holds",
        ))
    });
    finding.by(period.fact).by_all(arrangement.state.amended.last())
}

/// What a platform keeps, in words.
const KEPT: [(RetainedObject, Words); 5] = [
    (RetainedObject::Video, words("video", "video")),
    (RetainedObject::Photo, words("foto", "photos")),
    (RetainedObject::Text, words("tekst", "text")),
    (RetainedObject::Comment, words("reacties", "comments")),
    (RetainedObject::Metadata, words("metadata", "metadata")),
];

fn retention_is_agreed<'w>(inquiry: &Inquiry<'w>, arrangement: Seen<'w, JointControllerArrangement>) -> Finding {
    while_binding(inquiry, arrangement, || {
        let agreed = |object: RetainedObject| {
            arrangement.retention.iter().any(|kept| kept.object == object && kept.term.is_some())
        };
        let what = Text::new("de bewaartermijnen bij het platform", "how long the platform keeps data");
        complete(&what, KEPT.map(|(object, name)| (name.into(), agreed(object))))
    })
}

/// What has to have an owner by law, in words; the contact point is left free (Art. 26(1), last sentence).
const MATRIX: [(Topic, Words); 5] = [
    (Topic::Inform, words("het informeren van betrokkenen", "informing the data subjects")),
    (Topic::Erasure, words("wissing", "erasure")),
    (Topic::Access, words("inzage", "access")),
    (Topic::Objection, words("bezwaar", "objection")),
    (Topic::Breach, words("datalekken", "breaches")),
];

fn has_owner(arrangement: &JointControllerArrangement, topic: Topic) -> bool {
    arrangement.responsibilities.iter().any(|responsibility| responsibility.topic == topic)
}

fn responsibilities_are_settled<'w>(
    inquiry: &Inquiry<'w>,
    arrangement: Seen<'w, JointControllerArrangement>,
) -> Finding {
    while_binding(inquiry, arrangement, || {
        let what = Text::new("de verdeling van verantwoordelijkheden", "the division of responsibilities");
        complete(&what, MATRIX.map(|(topic, name)| (name.into(), has_owner(&arrangement, topic))))
    })
}

fn removal_is_settled<'w>(inquiry: &Inquiry<'w>, arrangement: Seen<'w, JointControllerArrangement>) -> Finding {
    while_binding(inquiry, arrangement, || {
        let removal =
            (Text::new("wie een beeld verwijdert", "who removes a picture"), has_owner(&arrangement, Topic::Erasure));
        let answers = |object: RetainedObject| {
            arrangement.retention.iter().any(|kept| kept.object == object && kept.responsible.is_some())
        };
        let kept = KEPT.map(|(object, Words { nl, en })| {
            let part = say!("wie instaat voor te lang bewaren van {nl}", "who answers for keeping {en} too long");
            (part, answers(object))
        });
        let what = Text::new("wat de toezichthouder geregeld wil zien", "what the authority wants settled");
        complete(&what, std::iter::once(removal).chain(kept))
    })
}

#[cfg(test)]
mod tests;
