//! People and roles (GDPR Art. 24, 37-39): who answers for what, and whether the data protection officer is designated, brought in
//! and independent.
//!
//! Who held a role when is read from all facts of the role, not from its last holder: a successor may go on in the same stream.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::BTreeSet;

use crate::family::activity::{Activity, ActivityStatus};
use crate::family::advice::DpoAdviceIssued;
use crate::family::agreement::Agreement;
use crate::family::annual_report::{AnnualReport, Author};
use crate::family::authority_contact::{AuthorityContact, Direction};
use crate::family::board_decision::{BoardDecision, BoardOutcome};
use crate::family::breach::Breach;
use crate::family::consent_text::Materiality;
use crate::family::data_subject_request::DataSubjectRequest;
use crate::family::dossier::Dated;
use crate::family::dpia::Dpia;
use crate::family::finding::{Finding as Shortcoming, FindingStatus};
use crate::family::governance_instrument::{GovernanceInstrument, InstrumentKind};
use crate::family::joint_controller_arrangement::JointControllerArrangement;
use crate::family::legitimate_interest_assessment::LegitimateInterestAssessment;
use crate::family::management_unit::{ManagementUnit, UnitStatus};
use crate::family::role_assignment::{
    DpoMonitoringRecorded, DpoPositionRecorded, DpoReliefGround, RoleAssignment, RoleScope, RoleScopeKind,
};
use crate::family::system::{System, SystemStatus};
use crate::family::transfer_ground::TransferGround;
use crate::family::value::{AdviceFollowing, AdviceOutcome, AdviceResponse};
use crate::ledger::name::{Code, StreamId};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, GUIDELINE, HOUSE, POLICY, Parameter};
use crate::rule::template::{
    Due, Event, Period, Precision, authority, cadence, coverage, deadline, decide, if_then, in_force_at,
    last_closed_year, order, promptly,
};
use crate::rule::text::{Text, Words, say, words};
use crate::rule::verdict::{Evidence, Finding, Says};
use crate::time::{Calendar, Interval, Limit, PartialDate, Ternary, year_of};

/// The data protection officer.
pub(in crate::rule) const DPO: &str = "DPO";
/// The controller.
pub(in crate::rule) const CONTROLLER: &str = "CONTROLLER";
const PORTFOLIO_HOLDER: &str = "PORTFOLIO_HOLDER";
const CISO: &str = "CISO";
const SYSTEM_OWNER: &str = "SYSTEM_OWNER";
const PROCESS_OWNER: &str = "PROCESS_OWNER";
const INFORMATION_MANAGER: &str = "INFORMATION_MANAGER";

/// Roles that decide on purposes and means, which the officer cannot hold as well (Art. 38(6), WP 243 rev.01 3.5, CJEU C-453/21).
/// The institution may name more in the parameter `conflictRoles`.
const DECIDING: &[&str] = &[
    "BOARD_MEMBER",
    "CIO",
    "CISO",
    "EXECUTIVE_BOARD",
    "HEAD_HR",
    "HEAD_IT",
    "HEAD_MARKETING",
    "PORTFOLIO_HOLDER",
    "PROCESS_OWNER",
    "SYSTEM_OWNER",
];

pub(in crate::rule) const AREA: Area = Area {
    name: words("rollen en de functionaris voor gegevensbescherming", "roles and the data protection officer"),
    rules: &[
        Rule {
            id: "GOV-02",
            title: words("Een bestuurslid heeft de portefeuille privacy", "A board member holds the privacy portfolio"),
            explanation: words(
                "De rol van portefeuillehouder is vervuld. Een delegatie geldt zolang de portefeuillehouder de rol heeft, en binnen de reikwijdte ervan.",
                "The role of portfolio holder is filled. A delegation holds as long as the delegator has the role, and within its scope.",
            ),
            sources: &["P18 4.2", "GDPR 24"],
            checks: &[check!(institution, Policy, Accountability, POLICY, [InForceAt, Authority], portfolio_is_held)],
        },
        Rule {
            id: "GOV-03",
            title: words("Er is een functionaris voor gegevensbescherming", "There is a data protection officer"),
            explanation: words(
                "Er is een functionaris aangewezen, zonder onderbreking, en de contactgegevens zijn aan de AP meegedeeld. De huisregels geven daarvoor een termijn; de wet kent er geen: wat niet is gedaan, vraagt aandacht, en is na drie maanden naar iedere maatstaf te laat.",
                "An officer is designated without a gap, and the contact details are given to the authority. The house rules set a term for that; the law sets none: what is not done asks for attention, and is too late by any measure after three months.",
            ),
            sources: &["GDPR 37(1)(a)", "GDPR 37(7)", "P18 4.3"],
            checks: &[
                check!(institution, Law, Accountability, GDPR, [InForceAt, Deadline], officer_is_designated),
                check!(
                    institution,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline],
                    officers_are_registered
                ),
                check!(RoleAssignment, Law, Accountability, GDPR, [Deadline], officer_is_known_to_the_authority),
                check!(
                    RoleAssignment,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline],
                    officer_is_registered
                ),
            ],
        },
        Rule {
            id: "GOV-04",
            title: words("De FG wordt tijdig betrokken", "The officer is brought in in time"),
            explanation: words(
                "Voordat over een verwerking, beoordeling, overeenkomst, doorgifte of het gebruik van een platform wordt besloten, is de functionaris erbij betrokken: geraadpleegd, om een oordeel gevraagd of met advies. Wat met een negatief advies is gedaan, is vastgelegd.",
                "Before it is decided on a processing activity, an assessment, an agreement, a transfer or the use of a platform, the officer is brought in: consulted, asked to assess, or with advice. What became of negative advice is recorded.",
            ),
            sources: &["GDPR 38(1)", "P18 4.3"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [Order], in_activities),
                check!(Dpia, Law, Accountability, GDPR, [Order], in_impact_assessments),
                check!(LegitimateInterestAssessment, Law, Accountability, GDPR, [Order], in_balancing),
                check!(Agreement, Law, Accountability, GDPR, [Order], in_agreements),
                check!(JointControllerArrangement, Law, Accountability, GDPR, [Order], in_arrangements),
                check!(TransferGround, Law, Accountability, GDPR, [Order], in_transfers),
                check!(BoardDecision, Law, Accountability, GDPR, [Order], in_board_decisions),
            ],
        },
        Rule {
            id: "GOV-05",
            title: words("De FG ziet toe en adviseert", "The officer monitors and advises"),
            explanation: words(
                "Over het laatste jaar dat is afgesloten, is toezicht van de functionaris vastgelegd, ook voor elk domein van een informatiemanager; dat het jaarlijks en per domein gebeurt, vraagt het beleid, en de wet vraagt dan aandacht. Bij elke voltooide gegevensbeschermingseffectbeoordeling is advies gegeven.",
                "For the last year that is closed, monitoring by the officer is recorded, also for each domain of an information manager; that it is done yearly and by domain is what the policy asks, and the law then asks for attention. Each completed impact assessment has the officer's advice.",
            ),
            sources: &["GDPR 39(1)(a)-(c)", "GDPR 35(2)", "P18 4.3"],
            checks: &[
                check!(institution, Law, Accountability, GDPR, [Cadence], officer_monitors_by_law),
                check!(institution, Policy, Accountability, POLICY, [Cadence], officer_monitors),
                check!(Dpia, Law, Accountability, GDPR, [IfThen], officer_advises_on_impact),
            ],
        },
        Rule {
            id: "GOV-06",
            title: words("De FG brengt elk jaar verslag uit", "The officer reports every year"),
            explanation: words(
                "Over het laatste jaar dat is afgesloten, heeft de functionaris verslag uitgebracht, uiterlijk op de dag die de huisregels noemen.",
                "On the last year that is closed the officer has reported, by the day that the house rules set.",
            ),
            sources: &["P18 4.3", "GDPR 38(3)"],
            checks: &[
                check!(institution, Policy, Accountability, POLICY, [Cadence, Deadline], officer_reports_each_year),
                check!(AnnualReport, Policy, Accountability, POLICY, [Deadline], report_is_presented),
            ],
        },
        Rule {
            id: "GOV-07",
            title: words("De FG is contactpunt voor de AP", "The officer is the contact of the authority"),
            explanation: words(
                "Wat van de toezichthouder komt, wordt beantwoord binnen de termijn die de toezichthouder stelt; de functionaris, die het contactpunt is, wordt erbij betrokken. De instelling antwoordt: de wet vraagt niet dat de functionaris haar verweer schrijft. Het beleid wijst toe aan de functionaris, binnen de huistermijn.",
                "What comes from the authority is answered within the term that the authority sets; the officer, who is the contact point, is brought in. The institution answers: the law does not ask that the officer writes its defence. The policy assigns it to the officer, within the house term.",
            ),
            sources: &["GDPR 39(1)(d)-(e)", "GDPR 31", "P18 4.3"],
            checks: &[
                check!(AuthorityContact, Law, Accountability, GDPR, [Deadline], authority_is_answered),
                check!(
                    AuthorityContact,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline],
                    authority_reaches_the_officer
                ),
            ],
        },
        Rule {
            id: "GOV-30",
            title: words("De FG heeft middelen en een eigen plaats", "The officer has means and a place"),
            explanation: words(
                "Van de functionaris is vastgelegd dat de contactgegevens zijn bekendgemaakt, dat er middelen en toegang zijn, dat niemand instructies geeft en dat rechtstreeks aan het hoogste niveau verslag wordt uitgebracht. Of de middelen volstaan, wordt niet getoetst.",
                "Of the officer it is recorded that the contact details are published, that there are resources and access, that nobody gives instructions and that reports go directly to the highest level. Whether the resources suffice is not tested.",
            ),
            sources: &["GDPR 37(7)", "GDPR 38(2)-(3)"],
            checks: &[check!(RoleAssignment, Law, Accountability, GDPR, [Complete], officer_has_means_and_place)],
        },
        Rule {
            id: "GOV-08",
            title: words("De FG is onafhankelijk", "The officer is independent"),
            explanation: words(
                "Wie adviseert, beslist niet in dezelfde zaak, en de functionaris heeft geen rol die over doeleinden en middelen beslist. Het beleid laat de functionaris wel beslissen over melding van datalekken en verzoeken afhandelen; de wet vraagt dan aandacht. Ontslag wegens de taken mag niet.",
                "Who advises does not decide in the same case, and the officer holds no role that decides on purposes and means. The policy lets the officer decide on notifying breaches and handle requests; the law then asks for attention. Dismissal for performing the tasks is not allowed.",
            ),
            sources: &["GDPR 38(3)", "GDPR 38(6)", "CJEU C-453/21", "P18 4.3", "P18 7.4"],
            checks: &[
                check!(RoleAssignment, Law, Accountability, GDPR, [Authority], officer_has_no_conflict),
                check!(Breach, Law, Accountability, GDPR, [Authority], apart_in_breaches),
                check!(Breach, Policy, Accountability, POLICY, [Authority], may_decide_on_breaches),
                check!(DataSubjectRequest, Law, Accountability, GDPR, [Authority], apart_in_requests),
                check!(DataSubjectRequest, Policy, Accountability, POLICY, [Authority], may_handle_requests),
                check!(Activity, Law, Accountability, GDPR, [Authority], apart_in_activities),
                check!(Dpia, Law, Accountability, GDPR, [Authority], apart_in_impact_assessments),
                check!(LegitimateInterestAssessment, Law, Accountability, GDPR, [Authority], apart_in_balancing),
                check!(Agreement, Law, Accountability, GDPR, [Authority], apart_in_agreements),
                check!(TransferGround, Law, Accountability, GDPR, [Authority], apart_in_transfers),
                check!(BoardDecision, Law, Accountability, GDPR, [Authority], apart_in_board_decisions),
                check!(Shortcoming, Law, Accountability, GDPR, [Authority], apart_in_findings),
            ],
        },
        Rule {
            id: "GOV-09",
            title: words("Er is een functionaris informatiebeveiliging", "There is an information security officer"),
            explanation: words(
                "De rol van centrale functionaris informatiebeveiliging (CISO) is vervuld.",
                "The role of corporate information security officer (CISO) is filled.",
            ),
            sources: &["P18 4.4", "GDPR 32"],
            checks: &[check!(institution, Policy, Accountability, POLICY, [InForceAt], security_officer_is_there)],
        },
        Rule {
            id: "GOV-10",
            title: words(
                "Systemen hebben een eigenaar en gebreken een besluit",
                "Systems have an owner and shortcomings a decision",
            ),
            explanation: words(
                "Elk systeem van een lopende verwerking heeft een systeemeigenaar. Bij een open bevinding is geadviseerd en is binnen de huistermijn een maatregel goedgekeurd.",
                "Each system of a running activity has a system owner. For an open finding there is advice, and a measure was approved within the house term.",
            ),
            sources: &["P18 4.5", "GDPR 24", "GDPR 25", "GDPR 32"],
            checks: &[
                check!(System, Policy, Accountability, POLICY, [InForceAt], system_has_an_owner),
                check!(
                    Shortcoming,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline, Complete],
                    shortcoming_is_decided_on
                ),
            ],
        },
        Rule {
            id: "GOV-11",
            title: words("Elke verwerking heeft een proceseigenaar", "Each activity has a process owner"),
            explanation: words(
                "Van de start tot de beëindiging van een verwerkingsactiviteit is er steeds een proceseigenaar.",
                "From its start to its end a processing activity always has a process owner.",
            ),
            sources: &["P18 4.6", "GDPR 24"],
            checks: &[check!(Activity, Policy, Accountability, POLICY, [InForceAt], activity_has_an_owner)],
        },
        Rule {
            id: "GOV-13",
            title: words(
                "Elke beheerseenheid heeft een informatiemanager",
                "Each management unit has an information manager",
            ),
            explanation: words(
                "Een beheerseenheid (in 2018: administratieve eenheid) met een lopende verwerking heeft een informatiemanager, en elke eenheid draagt over het laatste afgesloten jaar bij aan het verslag.",
                "A management unit (in 2018: administrative unit) with a running activity has an information manager, and each unit contributes to the report on the last closed year.",
            ),
            sources: &["P18 4.8", "G24 4"],
            checks: &[
                check!(ManagementUnit, Policy, Accountability, POLICY, [InForceAt, Cadence], unit_has_a_manager),
                check!(AnnualReport, Policy, Accountability, POLICY, [Coverage], all_units_contribute),
            ],
        },
        Rule {
            id: "GOV-14",
            title: words("De informatiemanager houdt het register bij", "The information manager keeps the register"),
            explanation: words(
                "Wie een versie in het register vastlegt, is op dat moment informatiemanager van de eenheid of diens gemachtigde. Een ander vraagt aandacht.",
                "Who records a version in the register is the information manager of the unit or a delegate at that moment. Another asks for attention.",
            ),
            sources: &["G24 4", "GDPR 30"],
            checks: &[check!(Activity, Guideline, Accountability, GUIDELINE, [Authority], manager_keeps_the_register)],
        },
        Rule {
            id: "GOV-16",
            title: words("Uitvoeringsbesluiten rusten op een mandaat", "Implementing decisions rest on a mandate"),
            explanation: words(
                "Elk besluit dat het beleid uitvoert, noemt een mandaat dat die dag gold, van wie besliste.",
                "Each decision that carries out the policy cites a mandate that held that day, of the one who decided.",
            ),
            sources: &["P18 5.2", "Awb 10:3"],
            checks: &[check!(RoleAssignment, Policy, Accountability, POLICY, [Authority], decisions_cite_a_mandate)],
        },
    ],
};

// --- Who held a role when --------------------------------------------------------------------------------------------

/// A time in which somebody held a role, or could act for who did.
pub(in crate::rule) struct Tenure<'a> {
    /// Who.
    pub who: Option<&'a Code>,
    /// For what; nothing named: not said.
    pub scope: &'a [RoleScope],
    /// Since when.
    pub from: PartialDate,
    /// Until when; absent: no end known.
    pub to: Option<PartialDate>,
    /// The fact that says so.
    pub fact: Evidence,
}

impl Tenure<'_> {
    fn period(&self) -> Period {
        Period { from: Some(self.from), to: self.to, fact: self.fact }
    }

    /// Whether it covers a date.
    fn covers(&self, date: &PartialDate) -> Ternary {
        let begun = self.from.day_not_after(date);
        let ended = self.to.map_or(Ternary::False, |to| to.day_not_after(date));
        begun.and(ended.not())
    }
}

fn earlier(one: Option<PartialDate>, other: Option<PartialDate>) -> Option<PartialDate> {
    one.into_iter().chain(other).min_by_key(PartialDate::earliest)
}

/// Lists who held a role when, oldest first: each until the end, the agreed end or the successor.
pub(in crate::rule) fn tenures(role: &RoleAssignment) -> Vec<Tenure<'_>> {
    fn begin<'a, T>(
        kept: &'a Dated<T>,
        who: &'a Option<Code>,
        scope: &'a [RoleScope],
        from: Option<PartialDate>,
        to: Option<PartialDate>,
    ) -> (PartialDate, Evidence, Option<Tenure<'a>>) {
        let (who, from, fact) = (who.as_ref(), from.unwrap_or(kept.from), kept.evidence());
        (kept.from, fact, Some(Tenure { who, scope, from, to, fact }))
    }
    let assigned = role.assigned.iter().map(|k| begin(k, &k.fact.holder, &k.fact.scope, k.fact.from, k.fact.until));
    let designated = role.dpo_designated.iter();
    let designated = designated.map(|k| begin(k, &k.fact.holder, &k.fact.scope, k.fact.from, k.fact.until));
    let mandated = role.mandate_granted.iter();
    let mandated = mandated.map(|k| begin(k, &k.fact.body, &k.fact.scope, k.fact.from, k.fact.until));
    let revoked = role.revoked.iter().filter(|kept| kept.fact.delegate.is_none());
    let revoked = revoked.map(|kept| (kept.from, kept.evidence(), None));
    let relieved = role.dpo_relieved.iter().map(|kept| (kept.from, kept.evidence(), None));
    let mut steps: Vec<_> = assigned.chain(designated).chain(mandated).chain(revoked).chain(relieved).collect();
    steps.sort_by_key(|(at, fact, _)| (at.earliest(), fact.sequence));
    let mut found: Vec<Tenure<'_>> = Vec::new();
    for (at, _, begins) in steps {
        let ends = begins.as_ref().map_or(at, |next| next.from);
        if let Some(last) = found.last_mut() {
            last.to = earlier(last.to, Some(ends));
        }
        found.extend(begins);
    }
    found
}

/// Lists who could act for the holder of a role when.
fn delegates(role: &RoleAssignment) -> impl Iterator<Item = Tenure<'_>> {
    role.delegations.iter().map(|delegation| Tenure {
        who: Some(&delegation.to),
        scope: &delegation.scope,
        from: delegation.from,
        to: earlier(delegation.until, delegation.revoked),
        fact: delegation.sequence.evidence(),
    })
}

/// The time in which a role is held at the moment.
fn now<'w>(inquiry: &Inquiry<'w>, role: Seen<'w, RoleAssignment>) -> Option<Tenure<'w>> {
    let tenures = tenures(role.state).into_iter().rev();
    tenures.into_iter().find(|tenure| inquiry.within(Some(&tenure.from), tenure.to.as_ref()) == Ternary::True)
}

/// A role is held at the moment by somebody, in one of these assignments.
pub(in crate::rule) fn held(inquiry: &Inquiry<'_>, what: Words, roles: &[Seen<'_, RoleAssignment>]) -> Finding {
    let periods = roles.iter().flat_map(|role| tenures(role.state)).map(|tenure| tenure.period());
    in_force_at(inquiry, &what.into(), periods.collect::<Vec<_>>())
}

/// Whether somebody held a role on a date, or could act for who did.
pub(in crate::rule) fn held_by(inquiry: &Inquiry<'_>, role: &str, who: &Code, on: &PartialDate) -> bool {
    let roles = inquiry.related::<RoleAssignment>("role", role);
    let mut tenures = roles.iter().flat_map(|role| tenures(role.state).into_iter().chain(delegates(role.state)));
    tenures.any(|tenure| tenure.who == Some(who) && tenure.covers(on) != Ternary::False)
}

/// The assignments of a role for a unit, system or activity.
fn assigned_for<'w>(
    inquiry: &Inquiry<'w>,
    key: &'static str,
    value: impl ToString,
    role: &str,
) -> Vec<Seen<'w, RoleAssignment>> {
    let mut found = inquiry.related::<RoleAssignment>(key, value);
    found.retain(|seen| seen.role.as_ref().is_some_and(|known| known.as_str() == role));
    found
}

/// From when the first adopted instrument of some kinds was in force: duties of every year begin there.
pub(in crate::rule) fn since(inquiry: &Inquiry<'_>, kinds: &[InstrumentKind]) -> Option<PartialDate> {
    let instruments = inquiry.all::<GovernanceInstrument>();
    let instruments = instruments.iter().filter(|seen| seen.kind.is_some_and(|kind| kinds.contains(&kind)));
    let begins = instruments.flat_map(|seen| &seen.state.versions).filter_map(|version| version.in_force_from);
    begins.min_by_key(PartialDate::earliest)
}

/// Something was done by the end of a day, or that day has not passed.
fn by_day(inquiry: &Inquiry<'_>, what: &Text, day: &PartialDate, done: Option<Event>) -> Finding {
    let Text { nl, en } = what;
    let limit = Limit { earliest: day.latest(), latest: day.latest() };
    if let Some(done) = done {
        let date = done.date;
        let finding = decide(
            limit.met_by(&date),
            || Finding::pass(say!("{nl}: gedaan op {date}, uiterlijk {day}", "{en}: done on {date}, due by {day}")),
            || Finding::fail(say!("{nl}: pas gedaan op {date}, na {day}", "{en}: done only on {date}, after {day}")),
            || {
                Finding::indeterminate(say!(
                    "{nl}: of {date} op tijd was, beslist de datum niet",
                    "{en}: the date {date} does not decide whether it was in time"
                ))
            },
        );
        return finding.by(done.fact);
    }
    decide(
        inquiry.passed(&limit),
        || Finding::fail(say!("{nl}: niet gedaan, en {day} is voorbij", "{en}: not done, and {day} has passed")),
        || Finding::pass(say!("{nl}: nog niet gedaan; dat kan tot en met {day}", "{en}: not done yet; due by {day}")),
        || {
            Finding::indeterminate(say!(
                "{nl}: niet gedaan; of {day} voorbij is, is onbekend",
                "{en}: not done; whether {day} has passed is unknown"
            ))
        },
    )
}

fn none(nl: &'static str, en: &'static str) -> Finding {
    Finding::not_applicable(words(nl, en))
}

// --- GOV-02, GOV-09 ----------------------------------------------------------------------------------------------------

fn portfolio_is_held(inquiry: &Inquiry<'_>) -> Finding {
    let roles = inquiry.related::<RoleAssignment>("role", PORTFOLIO_HOLDER);
    let what = words("de rol van portefeuillehouder privacy", "the role of privacy portfolio holder");
    let delegations: Vec<Finding> = roles.iter().flat_map(|role| delegations_hold(inquiry, *role)).collect();
    let delegated = Finding::all(delegations, || none("er is geen delegatie", "there is no delegation"));
    held(inquiry, what, &roles).and(delegated)
}

/// Judges each delegation that is said to hold at the moment.
fn delegations_hold<'w>(inquiry: &Inquiry<'w>, role: Seen<'w, RoleAssignment>) -> Vec<Finding> {
    let holder = now(inquiry, role);
    let mut found = Vec::new();
    for delegation in delegates(role.state) {
        if inquiry.within(Some(&delegation.from), delegation.to.as_ref()) != Ternary::True {
            continue;
        }
        let finding = match &holder {
            None => Finding::fail(words(
                "er is gedelegeerd terwijl niemand de rol meer heeft",
                "there is a delegation while nobody has the role any more",
            )),
            Some(holder) if !is_within(delegation.scope, holder.scope) => Finding::fail(words(
                "de delegatie gaat verder dan de rol reikt",
                "the delegation goes beyond the scope of the role",
            )),
            Some(_) => {
                Finding::pass(words("de delegatie blijft binnen de rol", "the delegation keeps within the role"))
            }
        };
        found.push(finding.by(delegation.fact));
    }
    found
}

/// Whether a scope keeps within another. What is not said limits nothing.
fn is_within(inner: &[RoleScope], outer: &[RoleScope]) -> bool {
    let everything = outer.is_empty() || outer.iter().any(|item| item.kind == RoleScopeKind::Institution);
    everything || inner.iter().all(|item| outer.contains(item))
}

fn security_officer_is_there(inquiry: &Inquiry<'_>) -> Finding {
    let what =
        words("de rol van centrale functionaris informatiebeveiliging", "the role of information security officer");
    held(inquiry, what, &inquiry.related::<RoleAssignment>("role", CISO))
}

// --- GOV-03 ------------------------------------------------------------------------------------------------------------

fn officer_is_designated(inquiry: &Inquiry<'_>) -> Finding {
    let roles = inquiry.related::<RoleAssignment>("role", DPO);
    let what = words(
        "de aanwijzing van een functionaris voor gegevensbescherming",
        "the designation of a data protection officer",
    );
    held(inquiry, what, &roles).and(officers_are(inquiry, |role| registered(inquiry, role, promptly)))
}

fn officers_are_registered(inquiry: &Inquiry<'_>) -> Finding {
    officers_are(inquiry, |role| officer_is_registered(inquiry, role))
}

fn officers_are<'w>(inquiry: &Inquiry<'w>, judge: impl Fn(Seen<'w, RoleAssignment>) -> Finding) -> Finding {
    let roles = inquiry.related::<RoleAssignment>("role", DPO);
    let findings: Vec<Finding> = roles.into_iter().map(judge).collect();
    Finding::all(findings, || none("er is geen functionaris aangewezen", "no officer is designated"))
}

fn officer_is_known_to_the_authority<'w>(inquiry: &Inquiry<'w>, role: Seen<'w, RoleAssignment>) -> Finding {
    registered(inquiry, role, promptly)
}

fn officer_is_registered<'w>(inquiry: &Inquiry<'w>, role: Seen<'w, RoleAssignment>) -> Finding {
    registered(inquiry, role, deadline)
}

/// What is recorded of the position of the officer who has the role now.
fn position<'w>(inquiry: &Inquiry<'w>, role: Seen<'w, RoleAssignment>) -> Option<&'w Dated<DpoPositionRecorded>> {
    let state: &'w RoleAssignment = role.state;
    let since = now(inquiry, role)?.from;
    state.dpo_position_recorded.iter().rfind(|position| position.from.before(&since) != Ternary::True)
}

/// The officer has the means and the place that the law gives (Art. 37(7), 38(2)-(3)).
fn officer_has_means_and_place<'w>(inquiry: &Inquiry<'w>, role: Seen<'w, RoleAssignment>) -> Finding {
    if !is_role(role, DPO) || now(inquiry, role).is_none() {
        return none("niemand heeft de rol van FG op dat moment", "nobody has the role of officer at that moment");
    }
    let state: &'w RoleAssignment = role.state;
    let position = position(inquiry, role);
    let said = |item: fn(&DpoPositionRecorded) -> Option<bool>| position.and_then(|position| item(&position.fact));
    let designated = state.dpo_designated.last();
    let public = designated.and_then(|designated| designated.fact.contact_published);
    let published = public.map(|since| inquiry.happened(&since) != Ternary::False);
    let items = [
        (published, "de contactgegevens zijn bekendgemaakt", "the contact details are published"),
        (said(|fact| fact.resources), "de FG heeft de nodige middelen", "the officer has the resources needed"),
        (
            said(|fact| fact.access),
            "de FG heeft toegang tot gegevens en verwerkingen",
            "the officer has access to data and processing",
        ),
        (said(|fact| fact.no_instructions), "de FG krijgt geen instructies", "the officer receives no instructions"),
        (
            said(|fact| fact.reports_to_highest_level),
            "de FG brengt rechtstreeks verslag uit aan het hoogste niveau",
            "the officer reports directly to the highest level",
        ),
    ];
    let findings = items.into_iter().map(|(said, nl, en)| match said {
        Some(true) => Finding::pass(say!("{nl}", "{en}")),
        Some(false) => Finding::fail(say!("niet zo: {nl}", "not so: {en}")),
        None => Finding::indeterminate(say!("niet vastgelegd: {nl}", "not recorded: {en}")),
    });
    Finding::all(findings, || none("niets te toetsen", "nothing to test")).by_all(position).by_all(designated)
}

fn registered<'w>(
    inquiry: &Inquiry<'w>,
    role: Seen<'w, RoleAssignment>,
    judge: impl FnOnce(&Inquiry<'w>, &Due<'_>) -> Finding,
) -> Finding {
    if !is_role(role, DPO) {
        return none(
            "dit is niet de rol van functionaris voor gegevensbescherming",
            "this is not the role of data protection officer",
        );
    }
    let Some(tenure) = now(inquiry, role) else {
        return none("niemand heeft de rol op dat moment", "nobody has the role at that moment");
    };
    let facts = role.state.dpo_registered_with_authority.iter();
    let registered = facts.into_iter().find(|kept| Some(kept.from) == role.registered).map(Event::from);
    let term = inquiry.house("registrationGrace");
    let due = Due {
        what: &Text::new("de aanmelding van de FG bij de AP", "the registration of the officer with the authority"),
        from: Event { date: tenure.from, fact: tenure.fact },
        done: registered,
        term: term.as_ref(),
        calendar: Calendar::Strict,
    };
    judge(inquiry, &due)
}

fn is_role(role: Seen<'_, RoleAssignment>, code: &str) -> bool {
    role.role.as_ref().is_some_and(|role| role.as_str() == code)
}

// --- GOV-04 ------------------------------------------------------------------------------------------------------------

fn events<T>(facts: &[Dated<T>]) -> Vec<Event> {
    facts.iter().map(Event::from).collect()
}

/// Judges the last of some decisions: the officer was brought in before it, and after the one before. `elsewhere`: what shows that
/// the officer was brought in on something of which this is a part.
fn brought_in(inquiry: &Inquiry<'_>, what: Words, decisions: &[Event], own: &[Event], elsewhere: &[Event]) -> Finding {
    let Some(decision) = decisions.last().copied() else {
        return none("er is nog niets besloten", "nothing is decided yet");
    };
    if before_the_law(inquiry, &decision.date) {
        return none("dit besluit is van voor de AVG", "this decision is of before the GDPR").by(decision.fact);
    }
    let what: Text = what.into();
    let officer = Text::new("het betrekken van de FG", "bringing in the officer");
    let previous = decisions.iter().rev().nth(1);
    let before = |event: &&Event| event.date.not_after(&decision.date);
    let afresh = |event: &&Event| previous.is_none_or(|previous| previous.date.before(&event.date) != Ternary::False);
    let compared = |event: &Event| order(Precision::Exact, (&officer, Some(*event)), (&what, Some(decision)));
    let in_time = own.iter().filter(afresh).rfind(|event| before(event) == Ternary::True);
    if let Some(event) = in_time.or(own.iter().filter(afresh).rfind(|event| before(event) == Ternary::Unknown)) {
        return compared(event);
    }
    if let Some(event) = own.iter().chain(elsewhere).find(|event| before(event) == Ternary::True) {
        let Text { nl, en } = &what;
        return Finding::warn(say!(
            "de FG is eerder of bij de verwerking betrokken; bij {nl} zelf ({}) is dat niet vastgelegd",
            "the officer was brought in before or on the activity; on {en} itself ({}) that is not recorded",
            decision.date
        ))
        .by(decision.fact)
        .by(event.fact);
    }
    match own.first().or(elsewhere.first()) {
        Some(event) => compared(event),
        None => order(Precision::Exact, (&officer, None), (&what, Some(decision))),
    }
}

/// What became of advice against it, or under conditions, is recorded with the decision; whoever deviates says why (WP243 4.2).
pub(in crate::rule) fn advice_is_answered(
    advices: &[Dated<DpoAdviceIssued>],
    decision: Option<Event>,
    response: Option<&AdviceResponse>,
) -> Finding {
    let Some(decision) = decision else { return none("er is nog niets besloten", "nothing is decided yet") };
    let before = advices.iter().rfind(|advice| {
        advice.from.before(&decision.date) != Ternary::False
            || advice.from.day_not_after(&decision.date) != Ternary::False
    });
    let Some(advice) = before.filter(|advice| advice.fact.outcome != AdviceOutcome::Positive) else {
        return none("er is geen advies dat een antwoord vraagt", "there is no advice that asks for an answer");
    };
    let finding = match response {
        Some(response) if response.response == AdviceFollowing::Followed => {
            none("het advies is gevolgd", "the advice was followed")
        }
        Some(response) if response.reasons.is_some() => none("afgeweken met redenen", "deviated from with reasons"),
        Some(_) => Finding::warn(words(
            "van het advies van de FG is afgeweken; redenen zijn niet vastgelegd",
            "the decision deviates from the officer's advice; no reasons are recorded",
        )),
        None if advice.fact.outcome == AdviceOutcome::Negative => Finding::warn(words(
            "de FG adviseerde negatief, en wat daarmee is gedaan, is niet vastgelegd",
            "the officer advised against it, and what became of that is not recorded",
        )),
        None => none("het advies is positief onder voorwaarden", "the advice is positive under conditions"),
    };
    finding.by(advice).by(decision.fact)
}

/// Whether something was before the regulation, and so the duty to have an officer, applied.
fn before_the_law(inquiry: &Inquiry<'_>, date: &PartialDate) -> bool {
    let from = inquiry.instrument("LEX-GDPR").and_then(|instrument| instrument.valid_from);
    from.is_some_and(|from| date.before(&from) == Ternary::True)
}

/// What shows that the officer was brought in on an activity, in the order of time.
fn on_activity(activity: &Activity) -> Vec<Event> {
    let mut found = events(&activity.notifications);
    found.extend(events(&activity.consultations));
    found.extend(events(&activity.advices));
    found.extend(events(&activity.assessments));
    found.sort_by_key(|event| (event.date.earliest(), event.fact.sequence));
    found
}

fn on_activities<'a>(inquiry: &Inquiry<'a>, activities: impl IntoIterator<Item = &'a StreamId>) -> Vec<Event> {
    let activities = activities.into_iter().filter_map(|stream| inquiry.state::<Activity>(stream));
    activities.flat_map(|activity| on_activity(activity.state)).collect()
}

/// Consultations and advice in the order of time.
fn consulted<C, A>(consultations: &[Dated<C>], advices: &[Dated<A>]) -> Vec<Event> {
    let mut found = events(consultations);
    found.extend(events(advices));
    found.sort_by_key(|event| (event.date.earliest(), event.fact.sequence));
    found
}

fn in_activities<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    // An editorial change is no matter that concerns the protection of data.
    let versions = activity.state.earlier_versions.iter().chain(&activity.state.current);
    let versions = versions.filter(|version| version.materiality != Some(Materiality::Editorial));
    let decisions: Vec<Event> = versions.map(|version| Event::new(version.from, version.sequence)).collect();
    let what = words("de vaststelling van de geldende versie", "the establishment of the version in force");
    let approval = activity.approvals.last();
    let response = approval.and_then(|approval| approval.fact.advice_response.as_ref());
    let answered = advice_is_answered(&activity.advices, approval.map(Event::from), response);
    brought_in(inquiry, what, &decisions, &on_activity(activity.state), &[]).and(answered)
}

fn in_impact_assessments<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let decisions: Vec<Event> = dpia.approved.iter().map(Event::from).collect();
    let what =
        words("de goedkeuring van de gegevensbeschermingseffectbeoordeling", "the approval of the impact assessment");
    let answered =
        advice_is_answered(&dpia.dpo_advice_issued, decisions.last().copied(), dpia.advice_response.as_ref());
    brought_in(inquiry, what, &decisions, &consulted(&dpia.dpo_consulted, &dpia.dpo_advice_issued), &[]).and(answered)
}

fn in_balancing<'w>(inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Finding {
    let decisions: Vec<Event> = assessment.approval.iter().map(Event::from).collect();
    let what = words("de goedkeuring van de belangenafweging", "the approval of the balancing assessment");
    let response = assessment.approval.as_ref().and_then(|approval| approval.fact.advice_response.as_ref());
    let answered = advice_is_answered(&assessment.advices, decisions.last().copied(), response);
    brought_in(inquiry, what, &decisions, &consulted(&assessment.consultations, &assessment.advices), &[]).and(answered)
}

fn in_agreements<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let decisions: Vec<Event> = agreement.execution.iter().map(Event::from).collect();
    let own = consulted(&agreement.consultations, &agreement.advices);
    let what = words("het sluiten van de verwerkersovereenkomst", "the conclusion of the processor agreement");
    let response = agreement.execution.as_ref().and_then(|execution| execution.fact.advice_response.as_ref());
    let answered = advice_is_answered(&agreement.advices, decisions.last().copied(), response);
    brought_in(inquiry, what, &decisions, &own, &on_activities(inquiry, &agreement.state.activities)).and(answered)
}

/// An arrangement has no consultation of its own: what was asked about its activities is all that there can be.
fn in_arrangements<'w>(inquiry: &Inquiry<'w>, arrangement: Seen<'w, JointControllerArrangement>) -> Finding {
    let decisions: Vec<Event> = arrangement.agreed.iter().map(Event::from).collect();
    let what = words("de regeling van gezamenlijke verwerkingsverantwoordelijken", "the joint-controller arrangement");
    brought_in(inquiry, what, &decisions, &[], &on_activities(inquiry, &arrangement.state.activities))
}

fn in_transfers<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    let periods = transfer.state.earlier_grounds.iter().chain(&transfer.state.ground);
    let decisions: Vec<Event> = periods.map(|period| Event::new(period.since, period.sequence)).collect();
    let elsewhere = on_activities(inquiry, &transfer.state.activity);
    let what = words("de keuze van de grond voor doorgifte", "the choice of the transfer ground");
    brought_in(inquiry, what, &decisions, &events(&transfer.dpo_advice_issued), &elsewhere)
}

fn in_board_decisions<'w>(inquiry: &Inquiry<'w>, decision: Seen<'w, BoardDecision>) -> Finding {
    // Whether another matter, such as the adoption of a policy, concerns the protection of data cannot be told from the fact.
    let taken =
        decision.taken.iter().filter(|taken| taken.fact.outcome.is_some_and(|outcome| outcome != BoardOutcome::Other));
    let mut decisions: Vec<Event> = taken.map(Event::from).collect();
    decisions.extend(events(&decision.platform_use_resumed));
    let what = words("het besluit over het gebruik van platforms", "the decision on the use of platforms");
    brought_in(inquiry, what, &decisions, &consulted(&decision.dpo_consulted, &decision.dpo_advice_issued), &[])
}

// --- GOV-05 ------------------------------------------------------------------------------------------------------------

/// Art. 39(1)(b) sets no rhythm: what the policy misses is for the law something to attend to.
fn officer_monitors_by_law(inquiry: &Inquiry<'_>) -> Finding {
    officer_monitors(inquiry).at_most_warn()
}

fn officer_monitors(inquiry: &Inquiry<'_>) -> Finding {
    let roles = inquiry.related::<RoleAssignment>("role", DPO);
    let begun = roles.iter().flat_map(|role| tenures(role.state)).map(|tenure| tenure.from);
    let Some(begun) = begun.min_by_key(PartialDate::earliest) else {
        return none("er is geen functionaris aangewezen", "no officer is designated");
    };
    let records = roles.iter().flat_map(|role| &role.state.dpo_monitoring_recorded);
    let records: Vec<_> =
        records.map(|kept| (kept.fact.year.map_or_else(|| year_of(kept.from.earliest()), i32::from), kept)).collect();
    let domains = domains(inquiry);
    let mut periods = Vec::new();
    if let Some((year, _)) = last_closed_year(inquiry, &begun) {
        let of_year = || records.iter().filter(|(of, _)| *of == year).map(|(_, kept)| *kept);
        periods.push((say!("{year}", "{year}"), of_year().map(Says::evidence).collect::<Vec<_>>()));
        for domain in &domains {
            // What names neither domain nor unit is about all of them.
            let general = |fact: &DpoMonitoringRecorded| fact.domain.is_none() && fact.unit.is_none();
            let covers =
                |kept: &&Dated<DpoMonitoringRecorded>| general(&kept.fact) || kept.fact.domain.as_ref() == Some(domain);
            periods.push((
                say!("{year} ({domain})", "{year} ({domain})"),
                of_year().filter(covers).map(Says::evidence).collect(),
            ));
        }
    }
    cadence(&Text::new("toezicht door de FG", "monitoring by the officer"), periods)
}

/// The domains for which there is an information manager.
fn domains(inquiry: &Inquiry<'_>) -> BTreeSet<Code> {
    let managers = inquiry.related::<RoleAssignment>("role", INFORMATION_MANAGER);
    let scopes = managers.iter().flat_map(|role| &role.state.scope).filter(|item| item.kind == RoleScopeKind::Domain);
    scopes.filter_map(|item| item.code.clone()).collect()
}

fn officer_advises_on_impact<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let completed = dpia.completed.as_ref();
    let asked = completed.is_some_and(|completed| !before_the_law(inquiry, &completed.from));
    let otherwise = Text::new(
        "de gegevensbeschermingseffectbeoordeling is niet voltooid, of van voor de AVG",
        "the impact assessment is not completed, or of before the GDPR",
    );
    if_then(asked.into(), &otherwise, || {
        let finding = match dpia.state.dpo_advice_issued.last() {
            Some(advice) => Finding::pass(words("de FG heeft geadviseerd", "the officer has advised")).by(advice),
            None => Finding::fail(words(
                "de gegevensbeschermingseffectbeoordeling is voltooid zonder advies van de FG",
                "the impact assessment was completed without the officer's advice",
            )),
        };
        finding.by_all(completed)
    })
}

// --- GOV-06 ------------------------------------------------------------------------------------------------------------

/// By which day of the next year the report on a year is due.
fn report_due(inquiry: &Inquiry<'_>, year: i32) -> Option<PartialDate> {
    let parameter = inquiry.house("reportBy")?;
    let day = parameter.values.first()?;
    format!("{:04}-{}", year.checked_add(1)?, day.as_str()).parse().ok()
}

fn officer_reports_each_year(inquiry: &Inquiry<'_>) -> Finding {
    let Some(since) = since(inquiry, &[InstrumentKind::Policy]) else {
        return none("er is nog geen beleid", "there is no policy yet");
    };
    let years = last_closed_year(inquiry, &since).into_iter().map(|(year, _)| {
        let reports = inquiry.related::<AnnualReport>("year", year);
        let presented = reports.iter().filter_map(|report| presented_by_officer(report.state)).next();
        on_year(inquiry, year, presented)
    });
    Finding::all(years.collect::<Vec<_>>(), || none("nog geen jaar is afgesloten", "no year is closed yet"))
}

fn report_is_presented<'w>(inquiry: &Inquiry<'w>, report: Seen<'w, AnnualReport>) -> Finding {
    let Some(year) = report.year else {
        return Finding::indeterminate(words(
            "over welk jaar het verslag gaat, is niet vastgelegd",
            "on which year the report is, is not recorded",
        ));
    };
    if report.by == Some(Author::Board) {
        return none("dit verslag is van het bestuur", "this report is the Board's");
    }
    on_year(inquiry, i32::from(year), presented_by_officer(report.state))
}

fn on_year(inquiry: &Inquiry<'_>, year: i32, presented: Option<Event>) -> Finding {
    let what = say!("het verslag van de FG over {year}", "the officer's report on {year}");
    match report_due(inquiry, year) {
        Some(day) => by_day(inquiry, &what, &day, presented),
        None => none(
            "geen instrument dat van kracht is, noemt een dag voor het verslag",
            "no instrument in force sets a day for the report",
        ),
    }
}

fn presented_by_officer(report: &AnnualReport) -> Option<Event> {
    let by_officer = |by: Option<Author>| by.or(report.by).is_none_or(|by| by == Author::Dpo);
    report.presentations.iter().find(|presented| by_officer(presented.fact.by)).map(Event::from)
}

// --- GOV-07 ------------------------------------------------------------------------------------------------------------

/// What came from the authority: a request, a contact or a measure.
fn came_in(contact: &AuthorityContact) -> Option<Event> {
    let requested = contact.requested.iter().map(Event::from);
    let contacts = contact.contacts.iter().filter(|contact| contact.fact.direction == Some(Direction::Inbound));
    let measures = contact.measures.iter().map(Event::from);
    requested.chain(contacts.map(Event::from)).chain(measures).min_by_key(|event| event.date.earliest())
}

fn authority_reaches_the_officer<'w>(inquiry: &Inquiry<'w>, contact: Seen<'w, AuthorityContact>) -> Finding {
    let Some(from) = came_in(contact.state) else {
        return none("er is niets van de toezichthouder ontvangen", "nothing was received from the authority");
    };
    reaches_the_officer(inquiry, contact.state, from, deadline)
}

fn reaches_the_officer<'w>(
    inquiry: &Inquiry<'w>,
    contact: &AuthorityContact,
    from: Event,
    judge: impl FnOnce(&Inquiry<'w>, &Due<'_>) -> Finding,
) -> Finding {
    let done = contact.assignments.iter().find(|assigned| assigned.fact.role.as_str() == DPO).map(Event::from);
    let term = inquiry.house("assign");
    let what = Text::new("de toewijzing aan de FG", "the assignment to the officer");
    judge(inquiry, &Due { what: &what, from, done, term: term.as_ref(), calendar: Calendar::WorkingDaysNl })
}

fn authority_is_answered<'w>(inquiry: &Inquiry<'w>, contact: Seen<'w, AuthorityContact>) -> Finding {
    let Some(from) = came_in(contact.state) else {
        return none("er is niets van de toezichthouder ontvangen", "nothing was received from the authority");
    };
    let state: &'w AuthorityContact = contact.state;
    let mut others = state.assignments.iter().filter(|assigned| assigned.fact.role.as_str() != DPO);
    let elsewhere = others.next_back().filter(|_| state.assigned_to.as_ref().is_some_and(|role| role.as_str() != DPO));
    // The controller answers (Art. 31); the officer is the contact point (Art. 39(1)(e)) and must know.
    let told = state.assignments.iter().find(|assigned| assigned.fact.role.as_str() == DPO);
    let assigned = match (elsewhere, told) {
        (Some(other), Some(told)) => Finding::pass(words(
            "een ander antwoordt, en de FG is erbij betrokken",
            "another answers, and the officer is brought in",
        ))
        .by(other)
        .by(told),
        (Some(other), None) => Finding::warn(words(
            "een ander antwoordt; dat de FG, die het contactpunt is, erbij is betrokken, is niet vastgelegd",
            "another answers; that the officer, who is the contact point, is brought in is not recorded",
        ))
        .by(other),
        (None, _) => reaches_the_officer(inquiry, state, from, promptly),
    };
    assigned.and(answer_is_in_time(inquiry, state, from))
}

/// The authority sets the term itself, as a day or as a time from its request.
fn answer_is_in_time(inquiry: &Inquiry<'_>, contact: &AuthorityContact, from: Event) -> Finding {
    let what = Text::new("het antwoord aan de toezichthouder", "the answer to the authority");
    let done = contact.answers.iter().find(|answer| answer.fact.complete != Some(false)).map(Event::from);
    if let Some(day) = &contact.due {
        return by_day(inquiry, &what, day, done);
    }
    let extended = contact.extensions.iter().rev().filter_map(|extension| extension.fact.term);
    let asked = contact.requested.iter().filter_map(|requested| requested.fact.term);
    let asked = asked.chain(contact.measures.iter().rev().filter_map(|measure| measure.fact.term));
    let term = extended.chain(asked).next();
    let parameter = term.and_then(|term| {
        let name = "answer".parse().ok()?;
        Some(Parameter { name, term: Some(term), calendar: None, number: None, values: Vec::new() })
    });
    deadline(inquiry, &Due { what: &what, from, done, term: parameter.as_ref(), calendar: Calendar::Strict })
}

// --- GOV-08 ------------------------------------------------------------------------------------------------------------

fn officer_has_no_conflict<'w>(inquiry: &Inquiry<'w>, role: Seen<'w, RoleAssignment>) -> Finding {
    if !is_role(role, DPO) {
        return none(
            "dit is niet de rol van functionaris voor gegevensbescherming",
            "this is not the role of data protection officer",
        );
    }
    let state: &'w RoleAssignment = role.state;
    let dismissed = state.dpo_relieved.iter().find(|kept| kept.fact.ground == Some(DpoReliefGround::PerformedTasks));
    if let Some(dismissed) = dismissed {
        return Finding::fail(words(
            "de FG is ontheven wegens de uitvoering van de taken",
            "the officer was relieved for performing the tasks",
        ))
        .by(dismissed);
    }
    let Some(tenure) = now(inquiry, role) else {
        return none("niemand heeft de rol op dat moment", "nobody has the role at that moment");
    };
    let Some(holder) = tenure.who else {
        return Finding::indeterminate(words(
            "wie de FG is, is niet vastgelegd",
            "who the officer is, is not recorded",
        ))
        .by(tenure.fact);
    };
    let findings = conflicting(inquiry, holder).into_iter().map(|(role, fact)| {
        Finding::warn(say!(
            "de FG heeft ook de rol {role}, die over doeleinden en middelen beslist",
            "the officer also has the role {role}, which decides on purposes and means"
        ))
        .by(fact)
    });
    Finding::all(findings, || {
        Finding::pass(words(
            "de FG heeft geen rol die over doeleinden en middelen beslist",
            "the officer has no role that decides on purposes and means",
        ))
    })
    .by(tenure.fact)
}

/// The deciding roles that somebody holds at the moment or may act in, and the facts that say so.
fn conflicting(inquiry: &Inquiry<'_>, who: &Code) -> Vec<(String, Evidence)> {
    let named = inquiry.house("conflictRoles");
    let decides = |role: &Code| DECIDING.contains(&role.as_str()) || named.iter().any(|named| named.has(role.as_str()));
    let mut found = Vec::new();
    let mut note = |role: Option<&Code>, tenure: &Tenure<'_>| {
        let holds = tenure.who == Some(who) && inquiry.within(Some(&tenure.from), tenure.to.as_ref()) != Ternary::False;
        found.extend(role.filter(|role| holds && decides(role)).map(|role| (role.to_string(), tenure.fact)));
    };
    for role in inquiry.related::<RoleAssignment>("holder", who) {
        tenures(role.state).iter().for_each(|tenure| note(role.state.role.as_ref(), tenure));
    }
    for role in inquiry.related::<RoleAssignment>("delegate", who) {
        delegates(role.state).for_each(|tenure| note(role.state.role.as_ref(), &tenure));
    }
    found
}

/// Advice or a decision, and who is behind it.
#[derive(Clone, Copy)]
struct Act<'a> {
    by: Option<&'a Code>,
    named: Option<&'a Code>,
    role: &'a Code,
    event: Event,
}

impl<'a> Act<'a> {
    fn of<T>(kept: &'a Dated<T>) -> Self {
        Self { by: kept.by.as_ref(), named: None, role: &kept.role, event: Event::from(kept) }
    }

    /// Of whom the fact says itself that it is theirs; another may have recorded it.
    fn named(self, who: &'a Option<Code>) -> Self {
        Self { named: who.as_ref(), ..self }
    }

    fn who(&self) -> Option<&'a Code> {
        self.named.or(self.by)
    }

    /// Whether the officer or somebody who acts for the officer is behind it.
    fn is_the_officers(&self, inquiry: &Inquiry<'_>) -> bool {
        let said = if self.named.is_some() { self.named } else { Some(self.role) };
        said.is_some_and(|code| code.as_str() == DPO)
            || self.who().is_some_and(|who| held_by(inquiry, DPO, who, &self.event.date))
    }
}

/// Who advised did not decide. A decision of the officer, advice or none, is one to attend to.
fn apart(inquiry: &Inquiry<'_>, advices: &[Act<'_>], decisions: &[Act<'_>]) -> Finding {
    let findings = decisions.iter().map(|decision| {
        let adviser = advices.iter().find(|advice| advice.by.is_some() && advice.by == decision.who());
        if let Some(adviser) = adviser {
            let finding = Finding::warn(words("wie adviseerde, heeft ook beslist", "who advised has decided as well"));
            return finding.by(decision.event.fact).by(adviser.event.fact);
        }
        if decision.is_the_officers(inquiry) {
            let finding = Finding::warn(words(
                "de FG, of wie namens de FG handelt, heeft zelf beslist",
                "the officer, or who acts for the officer, has decided",
            ));
            return finding.by(decision.event.fact);
        }
        let finding = Finding::pass(words("een ander dan de FG heeft beslist", "another than the officer has decided"));
        finding.by(decision.event.fact).by_all(advices.iter().map(|advice| advice.event.fact))
    });
    Finding::all(findings.collect::<Vec<_>>(), || none("er is nog niets besloten", "nothing is decided yet"))
}

fn acts<T>(facts: &[Dated<T>]) -> Vec<Act<'_>> {
    facts.iter().map(Act::of).collect()
}

fn breach_decisions(breach: &Breach) -> Vec<Act<'_>> {
    breach.notification_decided.iter().map(|kept| Act::of(kept).named(&kept.fact.decided_by)).collect()
}

fn apart_in_breaches<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    apart(inquiry, &acts(&breach.state.dpo_advice_issued), &breach_decisions(breach.state))
}

/// The policy makes the officer responsible for the decision; whoever else decides does so for the controller, whose it is.
fn may_decide_on_breaches<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    policy_allows(inquiry, &breach_decisions(breach.state))
}

fn policy_allows(inquiry: &Inquiry<'_>, decisions: &[Act<'_>]) -> Finding {
    let findings = decisions.iter().map(|decision| {
        let finding = if decision.is_the_officers(inquiry) {
            Finding::pass(words(
                "het beleid laat de FG hierover beslissen",
                "the policy lets the officer decide on this",
            ))
        } else {
            Finding::pass(words("een ander dan de FG heeft beslist", "another than the officer has decided"))
        };
        finding.by(decision.event.fact)
    });
    Finding::all(findings.collect::<Vec<_>>(), || none("er is nog niets besloten", "nothing is decided yet"))
}

/// A request that was answered without a decision is decided by the answer.
fn request_decisions(request: &DataSubjectRequest) -> Vec<Act<'_>> {
    let mut found = acts(&request.decided);
    found.extend(acts(&request.refused));
    if found.is_empty() { acts(&request.answered) } else { found }
}

fn apart_in_requests<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, DataSubjectRequest>) -> Finding {
    apart(inquiry, &[], &request_decisions(request.state))
}

fn may_handle_requests<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, DataSubjectRequest>) -> Finding {
    policy_allows(inquiry, &request_decisions(request.state))
}

fn apart_in_activities<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let mut advices = acts(&activity.state.advices);
    advices.extend(acts(&activity.state.assessments));
    let decisions: Vec<Act<'_>> =
        activity.state.approvals.iter().map(|kept| Act::of(kept).named(&kept.fact.by)).collect();
    apart(inquiry, &advices, &decisions)
}

fn apart_in_impact_assessments<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let approved = dpia.state.approved.iter().map(|kept| Act::of(kept).named(&kept.fact.by));
    let rejected = dpia.state.rejected.iter().map(|kept| Act::of(kept).named(&kept.fact.by));
    let decisions: Vec<Act<'_>> = approved.chain(rejected).collect();
    apart(inquiry, &acts(&dpia.state.dpo_advice_issued), &decisions)
}

fn apart_in_balancing<'w>(inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Finding {
    let approval = assessment.state.approval.iter().map(|kept| Act::of(kept).named(&kept.fact.by));
    let rejection = assessment.state.rejection.iter().map(Act::of);
    let decisions: Vec<Act<'_>> = approval.chain(rejection).collect();
    apart(inquiry, &acts(&assessment.state.advices), &decisions)
}

fn apart_in_agreements<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let decisions: Vec<Act<'_>> = agreement.state.execution.iter().map(Act::of).collect();
    apart(inquiry, &acts(&agreement.state.advices), &decisions)
}

fn apart_in_transfers<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    let approved = transfer.state.impact_assessment_approved.iter();
    let decisions: Vec<Act<'_>> = approved.map(|kept| Act::of(kept).named(&kept.fact.by)).collect();
    apart(inquiry, &acts(&transfer.state.dpo_advice_issued), &decisions)
}

fn apart_in_board_decisions<'w>(inquiry: &Inquiry<'w>, decision: Seen<'w, BoardDecision>) -> Finding {
    let decisions: Vec<Act<'_>> = decision.state.taken.iter().map(Act::of).collect();
    apart(inquiry, &acts(&decision.state.dpo_advice_issued), &decisions)
}

fn apart_in_findings<'w>(inquiry: &Inquiry<'w>, shortcoming: Seen<'w, Shortcoming>) -> Finding {
    let approved = shortcoming.state.approvals.iter().map(|kept| Act::of(kept).named(&kept.fact.by));
    let accepted = shortcoming.state.acceptances.iter().map(|kept| Act::of(kept).named(&kept.fact.by));
    let decisions: Vec<Act<'_>> = approved.chain(accepted).collect();
    apart(inquiry, &acts(&shortcoming.state.advices), &decisions)
}

// --- GOV-10 ------------------------------------------------------------------------------------------------------------

fn system_has_an_owner<'w>(inquiry: &Inquiry<'w>, system: Seen<'w, System>) -> Finding {
    let state: &'w System = system.state;
    let Some(registered) = state.registered.as_ref().filter(|_| system.status == SystemStatus::InUse) else {
        return none("het systeem is niet in gebruik", "the system is not in use");
    };
    let code = &registered.fact.system;
    let activities = inquiry.related::<Activity>("system", code);
    if !activities.iter().any(|activity| activity.status == ActivityStatus::Active) {
        return none("geen lopende verwerking gebruikt dit systeem", "no running activity uses this system");
    }
    let roles = assigned_for(inquiry, "system", code, SYSTEM_OWNER);
    let what = words("de rol van systeemeigenaar", "the role of system owner");
    // The system's own entry names an owner too; the newest word counts.
    let changed =
        state.responsibilities.iter().rev().find_map(|kept| Some((kept.fact.owner.as_ref()?, kept.evidence())));
    let named = changed.or(registered.fact.owner.as_ref().map(|owner| (owner, registered.evidence())));
    owned(inquiry, what, &roles, named)
}

/// There is an owner by an assignment, or by name where nobody who had the role lost it.
fn owned(
    inquiry: &Inquiry<'_>,
    what: Words,
    roles: &[Seen<'_, RoleAssignment>],
    named: Option<(&Code, Evidence)>,
) -> Finding {
    let assigned = held(inquiry, what, roles);
    let lost = |owner: &Code| roles.iter().flat_map(|role| tenures(role.state)).any(|tenure| tenure.who == Some(owner));
    match named.filter(|(owner, _)| !lost(owner)) {
        Some((_, fact)) => Finding::any(
            [
                assigned,
                Finding::pass(words("in de registratie is een eigenaar genoemd", "the entry names an owner")).by(fact),
            ],
            || none("er is geen eigenaar", "there is no owner"),
        ),
        None => assigned,
    }
}

fn shortcoming_is_decided_on<'w>(inquiry: &Inquiry<'w>, shortcoming: Seen<'w, Shortcoming>) -> Finding {
    let state: &'w Shortcoming = shortcoming.state;
    let Some(raised) = state.raised.as_ref() else {
        return none("er is geen bevinding", "there is no finding");
    };
    if matches!(shortcoming.status, FindingStatus::Resolved | FindingStatus::Accepted) {
        return none(
            "de bevinding is opgelost of het risico is aanvaard",
            "the finding is resolved or the risk accepted",
        )
        .by(raised);
    }
    // Opened again, the term runs anew.
    let begun = state.reopenings.last().map_or(Event::from(raised), Event::from);
    let afresh = |event: &Event| begun.date.not_after(&event.date) != Ternary::False;
    let approved = state.approvals.iter().map(Event::from).find(afresh);
    let term = inquiry.house("measureApproval");
    let what = Text::new("de goedkeuring van een maatregel", "the approval of a measure");
    let due = Due { what: &what, from: begun, done: approved, term: term.as_ref(), calendar: Calendar::Strict };
    let advised = if raised.fact.advice.is_some() {
        Finding::pass(words("bij de bevinding is advies gegeven", "there is advice with the finding")).by(raised)
    } else if let Some(advice) = state.advices.last() {
        Finding::pass(words("er is geadviseerd", "there is advice")).by(advice)
    } else {
        Finding::warn(words("CISO of FG heeft nog niet geadviseerd", "CISO or officer have not advised yet")).by(raised)
    };
    deadline(inquiry, &due).and(advised)
}

// --- GOV-11 ------------------------------------------------------------------------------------------------------------

fn activity_has_an_owner<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    if !matches!(activity.status, ActivityStatus::Active | ActivityStatus::Suspended) {
        return none("de verwerking loopt niet", "the processing does not run");
    }
    let state: &'w Activity = activity.state;
    let roles = assigned_for(inquiry, "activity", activity.stream, PROCESS_OWNER);
    let version = state.current.as_ref();
    let named = version.and_then(|version| Some((version.entry.owner.as_ref()?, version.sequence.evidence())));
    owned(inquiry, words("de rol van proceseigenaar", "the role of process owner"), &roles, named)
}

// --- GOV-13 ------------------------------------------------------------------------------------------------------------

fn unit_has_a_manager<'w>(inquiry: &Inquiry<'w>, unit: Seen<'w, ManagementUnit>) -> Finding {
    let Some(registered) = unit.state.registered.as_ref().filter(|_| unit.status == UnitStatus::Active) else {
        return none("de eenheid is opgeheven", "the unit is closed");
    };
    let code = &registered.fact.unit;
    let activities = inquiry.related::<Activity>("unit", code);
    let runs = activities.iter().any(|activity| activity.status == ActivityStatus::Active);
    let otherwise = Text::new("de eenheid heeft geen lopende verwerking", "the unit has no running activity");
    let manager = if_then(runs.into(), &otherwise, || {
        let roles = assigned_for(inquiry, "unit", code, INFORMATION_MANAGER);
        held(
            inquiry,
            words("de rol van informatiemanager van de eenheid", "the role of information manager of the unit"),
            &roles,
        )
    });
    manager.and(unit_contributes(inquiry, code, &registered.from))
}

/// The unit has contributed to the report on the last closed year that began after there was a policy and the unit.
fn unit_contributes(inquiry: &Inquiry<'_>, unit: &Code, registered: &PartialDate) -> Finding {
    let policy = since(inquiry, &[InstrumentKind::Policy]);
    let Some(begun) = policy.into_iter().chain([*registered]).max_by_key(PartialDate::earliest) else {
        return none("er is nog geen beleid", "there is no policy yet");
    };
    let years = last_closed_year(inquiry, &begun).into_iter().map(|(year, _)| {
        let what = say!("de bijdrage aan het verslag over {year}", "the contribution to the report on {year}");
        let reports = inquiry.related::<AnnualReport>("year", year);
        let contribution = reports.iter().flat_map(|report| &report.state.contributions);
        let contribution = contribution.into_iter().find(|kept| kept.fact.unit == *unit).map(Event::from);
        match (contribution, report_due(inquiry, year)) {
            (Some(done), _) => {
                Finding::pass(say!("{}: ingediend op {}", "{}: handed in on {}", what.nl, done.date)).by(done.fact)
            }
            (None, Some(day)) => by_day(inquiry, &what, &day, None),
            (None, None) => none(
                "geen instrument dat van kracht is, noemt een dag voor het verslag",
                "no instrument in force sets a day for the report",
            ),
        }
    });
    Finding::all(years.collect::<Vec<_>>(), || none("nog geen jaar is afgesloten", "no year is closed yet"))
}

fn all_units_contribute<'w>(inquiry: &Inquiry<'w>, report: Seen<'w, AnnualReport>) -> Finding {
    let Some(interval) = report.year.and_then(|year| Interval::of_year(i32::from(year))) else {
        return Finding::indeterminate(words(
            "over welk jaar het verslag gaat, is niet vastgelegd",
            "on which year the report is, is not recorded",
        ));
    };
    let units = inquiry.all::<ManagementUnit>();
    let there = |unit: &&Seen<'_, ManagementUnit>| unit.status == UnitStatus::Active;
    let registered = units.iter().filter(there).filter_map(|unit| unit.state.registered.as_ref());
    let needed: BTreeSet<Code> =
        registered.filter(|kept| kept.from.earliest() < interval.to).map(|kept| kept.fact.unit.clone()).collect();
    let covered: BTreeSet<Code> = report.contributors.iter().cloned().collect();
    let what = Text::new("de bijdragen van de beheerseenheden", "the contributions of the management units");
    let finding = coverage(&what, &needed, &covered).by_all(&report.contributions);
    let due = report.year.and_then(|year| report_due(inquiry, i32::from(year)));
    let closed = report.compiled.is_some()
        || !report.presentations.is_empty()
        || due.is_some_and(|due| inquiry.reached(due.latest().next()));
    if closed {
        finding.by_all(&report.compiled)
    } else {
        none("de bijdragen worden nog verzameld", "contributions are still gathered")
    }
}

// --- GOV-14 ------------------------------------------------------------------------------------------------------------

fn manager_keeps_the_register<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let state: &'w Activity = activity.state;
    let (Some(version), Some(unit)) = (&state.current, &state.unit) else {
        return none(
            "er is geen versie in het register, of geen eenheid",
            "there is no version in the register, or no unit",
        );
    };
    let recorded = PartialDate::Exact(version.recorded);
    let guidelines = inquiry.in_force(&[InstrumentKind::Guideline]);
    let in_time = |from: &PartialDate| from.day_not_after(&recorded) == Ternary::True;
    if !guidelines.iter().any(|found| found.version.in_force_from.as_ref().is_some_and(in_time)) {
        return none("deze versie is van voor de richtlijn", "this version is of before the guideline")
            .by(version.sequence);
    }
    let roles = inquiry.related::<RoleAssignment>("role", INFORMATION_MANAGER);
    let of_unit = |scope: &[RoleScope]| scope.iter().any(|item| covers_unit(item, unit));
    let periods = roles.iter().flat_map(|role| {
        let own = tenures(role.state);
        // A delegate acts for the unit if the role is for it and the delegation does not say otherwise.
        let for_unit = own.iter().any(|tenure| of_unit(tenure.scope));
        let acting =
            delegates(role.state).filter(move |tenure| for_unit && (tenure.scope.is_empty() || of_unit(tenure.scope)));
        own.into_iter().filter(|tenure| of_unit(tenure.scope)).chain(acting).collect::<Vec<_>>()
    });
    let periods = periods.filter(|tenure| tenure.who.is_some() && tenure.who == version.by.as_ref());
    let what = Text::new("wie deze versie vastlegde", "who recorded this version");
    let act = Event::new(recorded, version.sequence);
    authority(&what, act, periods.map(|tenure| tenure.period()).collect::<Vec<_>>()).at_most_warn()
}

fn covers_unit(item: &RoleScope, unit: &Code) -> bool {
    match item.kind {
        RoleScopeKind::Institution => true,
        RoleScopeKind::Unit => item.code.as_ref() == Some(unit),
        _ => false,
    }
}

// --- GOV-16 ------------------------------------------------------------------------------------------------------------

fn decisions_cite_a_mandate<'w>(inquiry: &Inquiry<'w>, role: Seen<'w, RoleAssignment>) -> Finding {
    let findings = role.state.implementation_decision_taken.iter().map(|taken| {
        let Some(mandate) = &taken.fact.mandate else {
            return Finding::fail(words(
                "het uitvoeringsbesluit noemt geen mandaat",
                "the implementing decision cites no mandate",
            ))
            .by(taken);
        };
        let granted = inquiry.related::<RoleAssignment>("mandate", mandate);
        let periods = granted.iter().flat_map(|role| {
            let cited = |tenure: &Tenure<'_>| {
                let mut facts = role.state.mandate_granted.iter();
                facts.any(|kept| kept.sequence == tenure.fact.sequence && kept.fact.mandate.as_ref() == Some(mandate))
            };
            tenures(role.state).into_iter().filter(cited).collect::<Vec<_>>()
        });
        // Who decided must be who is mandated, where both are told.
        let body = taken.fact.body.as_ref();
        let periods = periods.filter(|tenure| body.is_none() || tenure.who.is_none() || tenure.who == body);
        let what =
            say!("het uitvoeringsbesluit onder mandaat {mandate}", "the implementing decision under mandate {mandate}");
        authority(&what, Event::from(taken), periods.map(|tenure| tenure.period()).collect::<Vec<_>>())
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        none("er is geen uitvoeringsbesluit", "there is no implementing decision")
    })
}

#[cfg(test)]
mod tests;
