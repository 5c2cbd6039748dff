//! Breaches of personal data (GDPR Art. 4(12), 33, 34): reported, assessed, notified in time, told to people, and learnt from.
//!
//! The law's 72 hours run from awareness and know an exception where a risk is unlikely; the policy's run from discovery and know
//! none (X22). The policy has two definitions of a breach (X3); only that of Art. 4(12) decides here.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::cmp::Ordering;

use crate::family::account::{Account, Compromised};
use crate::family::agreement::Agreement;
use crate::family::annual_report::{AnnualReport, Figure, ReportStatus};
use crate::family::breach::{
    Assessed, AuthorityGround, Breach, BreachStatus, Closed, DismissalGround, Dismissed, IncidentReported,
    NotificationContent, NotificationDecided, NotificationPhase, Risk, SubjectsGround, WaiverGround,
};
use crate::family::case::{Impact, ReportChannel, ReporterCategory};
use crate::family::dossier::Dated;
use crate::family::governance_instrument::InstrumentKind as Governance;
use crate::family::kit::Family;
use crate::family::role_assignment::RoleAssignment;
use crate::family::rule_set::Outcome;
use crate::family::value::AdviceFollowing;
use crate::ledger::name::Code;
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, HOUSE, POLICY, Parameter, Validity};
use crate::rule::request::UNION;
use crate::rule::template::{Due, Event, Precision, complete, count, deadline, decide, order, promptly, reconcile};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Evidence, Finding, Mark, Says};
use crate::time::{Calendar, Limit, PartialDate, Term, Ternary};

pub(in crate::rule) const AREA: Area = Area {
    name: words("datalekken", "breaches"),
    rules: &[
        Rule {
            id: "BRE-01",
            title: words("Een datalek wordt bij de servicedesk gemeld", "A breach is reported to the service desk"),
            explanation: words(
                "Van elke melding van een (mogelijk) datalek staat vast als wat en langs welke weg is gemeld; hoe lang na de ontdekking wordt getoond.",
                "Of each report of a (possible) breach it is recorded as what and by which channel somebody reported; how long after discovery is shown.",
            ),
            sources: &["P18 7.2(a)", "P18 7.2(c)", "GDPR 33"],
            checks: &[check!(Breach, Policy, Accountability, POLICY, [Complete], report_has_reporter_and_channel)],
        },
        Rule {
            id: "BRE-02",
            title: words("Een melding bevat acht gegevens", "A report has eight items"),
            explanation: words(
                "Elke melding zegt wie, wat, waarvandaan, welke gegevens, hoe, welke systemen, wanneer en, als een medewerker meldt, welke maatregelen zijn genomen.",
                "Each report says who, what, where from, which data, how, which systems, when and, if a member of staff reports, which measures were taken.",
            ),
            sources: &["P18 7.2", "GDPR 33(3)", "GDPR 33(5)"],
            checks: &[check!(Breach, Policy, Accountability, POLICY, [Complete], report_has_eight_items)],
        },
        Rule {
            id: "BRE-03",
            title: words("Elk datalek is gedocumenteerd", "Every breach is documented"),
            explanation: words(
                "Een gesloten dossier zegt de feiten, de gevolgen en wat is hersteld; is niet gemeld, dan staat vast waarom.",
                "A closed file says the facts, the effects and the remedial action; where it was not notified, it says why.",
            ),
            sources: &["GDPR 33(5)", "P18 7.2"],
            checks: &[check!(Breach, Law, Accountability, GDPR, [Complete], breach_is_documented)],
        },
        Rule {
            id: "BRE-04",
            title: words(
                "Een datalek wordt binnen 72 uur bij de AP gemeld",
                "A breach is notified to the authority within 72 hours",
            ),
            explanation: words(
                "De wet telt vanaf de kennisneming en vraagt geen melding als een risico onwaarschijnlijk is. Meldde een verwerker het datalek eerder, dan telt zij vanaf die melding. Het uur van de kennisneming telt niet mee (Verordening 1182/71, artikel 3 lid 1); artikel 3 lid 4 en 5 verschuiven de uren niet, tenzij het rechtsinstrument een andere berekening noemt. Een melding binnen 72 uur kan nog onredelijk vertraagd zijn, en een late melding met redenen nog rechtmatig: dat beoordeelt deze regel niet (zie BRE-05). Een incident dat niemand beoordeelt, vraagt na 72 uur aandacht. Het beleid telt vanaf de ontdekking, in uren die verstrijken, en kent de uitzondering niet.",
                "The law counts from awareness and asks for no notification where a risk is unlikely. Where a processor told of the breach before, it counts from that notice. The hour of awareness does not count (Regulation 1182/71, Art. 3(1)); Art. 3(4) and (5) do not move the hours, unless the legal instrument names another way of counting. A notification within 72 hours may still be unduly delayed, and a late one with reasons still lawful: that this rule does not judge (see BRE-05). An incident that nobody assesses asks for attention after 72 hours. The policy counts from discovery, in hours that pass, and has no such exception.",
            ),
            sources: &["GDPR 33(1)", "GDPR 33(2)", "Reg. 1182/71 3", "EDPB 9/2022", "P18 7.1"],
            checks: &[
                check!(Breach, Law, Accountability, GDPR, [Deadline, LegalValidity], authority_is_notified),
                check!(Breach, Policy, Accountability, POLICY, [Deadline], authority_is_notified_since_discovery),
            ],
        },
        Rule {
            id: "BRE-05",
            title: words(
                "Een late melding is gemotiveerd, een toezegging nagekomen",
                "A late notification says why, and promises are kept",
            ),
            explanation: words(
                "Een melding na de termijn gaat vergezeld van de redenen: dat zij in de melding zelf staan, is vastgelegd. Is een aanvulling toegezegd, dan komt die uiterlijk op de toegezegde dag.",
                "A notification after the term is accompanied by reasons: that they stand in the notification itself is recorded. Where a supplement is promised, it comes on the promised day at the latest.",
            ),
            sources: &["GDPR 33(1)", "GDPR 33(4)", "P18 7.3"],
            checks: &[check!(Breach, Law, Accountability, GDPR, [Deadline, Complete], delay_is_justified)],
        },
        Rule {
            id: "BRE-06",
            title: words(
                "Een hoog risico wordt aan betrokkenen medegedeeld",
                "A high risk is communicated to the data subjects",
            ),
            explanation: words(
                "Is het risico hoog, dan wordt het datalek onverwijld aan de betrokkenen medegedeeld, tenzij een grond van artikel 34, derde lid, geldt. De huistermijn loopt vanaf de kennisneming, of vanaf de beoordeling waarin het risico later hoog bleek. Wat na drie maanden niet is medegedeeld, is naar iedere maatstaf onredelijk vertraagd.",
                "Where the risk is high, the breach is told to the data subjects without undue delay, unless a ground of Art. 34(3) applies. The house term runs from awareness, or from the assessment in which the risk later turned out to be high. What is not communicated after three months is unduly delayed by any measure.",
            ),
            sources: &["GDPR 34", "P18 7.1"],
            checks: &[
                check!(Breach, Law, Accountability, GDPR, [Deadline], subjects_are_told_without_delay),
                check!(Breach, Policy, Accountability, Applies::Adopted(HOUSE), [Deadline], subjects_are_told_in_time),
            ],
        },
        Rule {
            id: "BRE-07",
            title: words("De FG adviseert voordat wordt besloten", "The DPO advises before it is decided"),
            explanation: words(
                "De FG adviseert over beide meldplichten voordat wordt besloten, en het besluit is gemotiveerd. Het beleid laat ook het besluit aan de FG; de wet wil dat adviseren en besluiten gescheiden blijven (zie GOV-08).",
                "The DPO advises on both duties before it is decided, and the decision has reasons. The policy gives the decision to the DPO as well; the law wants advice and decision kept apart (see GOV-08).",
            ),
            sources: &["P18 7.4", "GDPR 33", "GDPR 34", "GDPR 38(6)", "CJEU C-453/21"],
            checks: &[
                check!(Breach, Policy, Accountability, POLICY, [Order, Complete], officer_advises_first),
                check!(Breach, Law, Accountability, GDPR, [Authority], officer_does_not_decide),
            ],
        },
        Rule {
            id: "BRE-08",
            title: words(
                "Bestuur, FG en juridische zaken worden over een ernstig risico ingelicht",
                "Board, DPO and Legal Affairs are told of a serious risk",
            ),
            explanation: words(
                "Is beoordeeld dat betrokkenen, bedrijfsvoering, financiën of reputatie ernstig gevaar lopen, dan zijn college van bestuur, FG en juridische zaken binnen de huistermijn ingelicht.",
                "Where people, business, finances or reputation are assessed to be seriously at risk, the Board, the DPO and Legal Affairs are told within the house term.",
            ),
            sources: &["P18 7.3", "GDPR 24", "GDPR 33"],
            checks: &[check!(
                Breach,
                Policy,
                Accountability,
                Applies::Adopted(HOUSE),
                [Deadline],
                serious_risk_is_told
            )],
        },
        Rule {
            id: "BRE-09",
            title: words(
                "Datalekken worden geëvalueerd en staan in het jaarverslag",
                "Breaches are evaluated and reported yearly",
            ),
            explanation: words(
                "Na het sluiten wordt een datalek binnen de huistermijn geëvalueerd. Elk jaarverslag, van het college van bestuur en van de FG, noemt het aantal datalekken; wat is opgesteld, wat is aangeboden en wat de eenheden aanleverden, klopt met elkaar. Het is niet minder dan het aantal datalekken waarvan de instelling volgens het grootboek in dat jaar kennis kreeg; meer vraagt aandacht, omdat het grootboek dan onvolledig is.",
                "After closing, a breach is evaluated within the house term. Each annual report, of the Board and of the DPO, states the number of breaches; what was compiled, what was presented and what units contributed agree. It is not less than the number of breaches of which the institution became aware in that year by the ledger; more asks for attention, because the ledger is then incomplete.",
            ),
            sources: &["P18 7.5", "GDPR 33(5)", "GDPR 24"],
            checks: &[
                check!(Breach, Policy, Accountability, Applies::Adopted(HOUSE), [Deadline], breach_is_evaluated),
                check!(AnnualReport, Policy, Accountability, POLICY, [Reconcile, Complete], breaches_are_reported),
            ],
        },
        Rule {
            id: "BRE-10",
            title: words("De definitie van de AVG beslist", "The GDPR's definition decides"),
            explanation: words(
                "Van een datalek is vastgelegd of vertrouwelijkheid, integriteit of beschikbaarheid is geschonden, en het is niet afgewezen omdat de gevolgen niet ernstig waren. Het beleid kent die enge definitie nog, naast de ruime.",
                "Of a breach it is recorded whether confidentiality, integrity or availability was compromised, and it is not dismissed because its consequences were not serious. The policy still has that narrow definition, beside the wide one.",
            ),
            sources: &["GDPR 4(12)", "P18 1.1", "P18 7.1"],
            checks: &[
                check!(Breach, Law, Accountability, GDPR, [Complete], definition_of_the_law_decides),
                check!(Breach, Policy, Accountability, POLICY, [Complete], policy_contradicts_itself),
            ],
        },
        Rule {
            id: "BRE-12",
            title: words("Een melding zegt wat de wet vraagt", "A notification says what the law asks"),
            explanation: words(
                "De melding bij de AP beschrijft de aard van de inbreuk, het contactpunt, de waarschijnlijke gevolgen en de maatregelen; wat nog niet bekend is, kan in stappen volgen. De mededeling aan betrokkenen doet dat in duidelijke en eenvoudige taal. Of de beschrijving juist is, wordt niet getoetst.",
                "The notification to the authority describes the nature of the breach, the contact point, the likely consequences and the measures; what is not known yet may follow in phases. The communication to the data subjects does so in clear and plain language. Whether the description is right is not tested.",
            ),
            sources: &["GDPR 33(3)-(4)", "GDPR 34(2)"],
            checks: &[check!(Breach, Law, Accountability, GDPR, [Complete], notifications_are_complete)],
        },
        Rule {
            id: "BRE-11",
            title: words("Een overgenomen account is een incident", "A hacked account is an incident"),
            explanation: words(
                "Wordt een account overgenomen, dan is daarvoor een incident gemeld en is de contactpersoon voor sociale media ingelicht.",
                "Where an account is hacked, an incident is reported for it and the contact person for social media is told.",
            ),
            sources: &["LU 'Changing passwords'", "GDPR 33"],
            checks: &[check!(Account, Practice, Accountability, Applies::Practice, [IfThen], takeover_is_an_incident)],
        },
    ],
};

/// The law that sets the 72 hours.
const REGULATION: &str = "LEX-GDPR";
/// The guidelines on notification that took the place of those from before the regulation, to which the policy points (X26).
const NEWER_GUIDANCE: &str = "LEX-BREACH-0922";
/// The roles of those who advise and must not decide (Art. 38(6)).
const OFFICER: &[&str] = &["DPO", "DPO_OFFICE"];

// --- What it is about ------------------------------------------------------------------------------------------------

/// Judges a breach; of an incident that turned out to be none nothing is asked. That it had no serious consequences makes it none
/// in older law only (X3).
fn of_breach(breach: Seen<'_, Breach>, judge: impl FnOnce() -> Finding) -> Finding {
    match dismissal(breach) {
        Some(dismissed) if dismissed.fact.ground != Some(DismissalGround::NoSeriousConsequences) => {
            Finding::not_applicable(words(
                "het incident is afgewezen als datalek",
                "the incident was dismissed as no breach",
            ))
            .by(dismissed)
        }
        _ => judge(),
    }
}

/// The dismissal, while it stands.
fn dismissal<'w>(breach: Seen<'w, Breach>) -> Option<&'w Dated<Dismissed>> {
    let state: &'w Breach = breach.state;
    state.dismissed.as_ref().filter(|_| state.status == BreachStatus::Dismissed)
}

fn is_narrowly_dismissed(breach: Seen<'_, Breach>) -> bool {
    dismissal(breach).is_some_and(|dismissed| dismissed.fact.ground == Some(DismissalGround::NoSeriousConsequences))
}

/// The awareness of the controller, from which the law counts: as it was established, or when a processor told of the breach, if that
/// was before (EDPB Guidelines 9/2022, par. 44).
fn awareness(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>) -> Option<Event> {
    first(established(breach).into_iter().chain(told_by_a_processor(inquiry, breach)))
}

fn established(breach: Seen<'_, Breach>) -> Option<Event> {
    let established = breach.state.awareness_established.as_ref()?;
    Some(Event::new(established.fact.at.unwrap_or(established.from), established))
}

/// When a processor told of this breach, as its agreement records: by the notices that name the breach; of the processor from whom
/// awareness came, also by one that names none and came within a month before.
fn told_by_a_processor(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>) -> Option<Event> {
    let reference = inquiry.reference(breach.stream);
    let by_reference = reference.map(|reference| inquiry.related::<Agreement>("breachReference", reference));
    let fact = breach.state.awareness_established.as_ref();
    let party = fact.and_then(|established| established.fact.informed_by.as_ref());
    let by_party = party.map(|party| inquiry.related::<Agreement>("party", party)).unwrap_or_default();
    let named = by_reference
        .iter()
        .flatten()
        .flat_map(|agreement| &agreement.state.breach_notices)
        .filter(|notice| notice.fact.breach_reference.as_ref().map(Code::as_str) == reference);
    let aware = established(breach).map(|aware| aware.date);
    let unnamed = by_party.iter().flat_map(|agreement| &agreement.state.breach_notices).filter(|notice| {
        let before = aware.is_some_and(|aware| {
            notice.from.not_after(&aware) == Ternary::True && aware.earliest() <= Term::months(1).end(&notice.from)
        });
        notice.fact.breach_reference.is_none() && before
    });
    first(named.chain(unnamed).map(Event::from))
}

/// The discovery, from which the policy counts: as the first report says, or else that report itself.
fn discovery(breach: Seen<'_, Breach>) -> Option<Event> {
    let reports = breach.state.incident_reported.iter();
    first(reports.map(|report| Event::new(report.fact.discovered.unwrap_or(report.from), report)))
}

/// The first notification to the authority.
fn notification(breach: Seen<'_, Breach>) -> Option<Event> {
    let notified = breach.state.authority_notified.iter();
    first(notified.map(|notified| Event::new(notified.fact.at.unwrap_or(notified.from), notified)))
}

fn first(events: impl Iterator<Item = Event>) -> Option<Event> {
    events.min_by_key(|event| event.date.earliest())
}

/// The decision on notification that stands.
fn decision<'w>(breach: Seen<'w, Breach>) -> Option<&'w Dated<NotificationDecided>> {
    let state: &'w Breach = breach.state;
    state.notification_decided.last()
}

/// The last assessment that says how high the risk is.
fn risk_assessment<'w>(breach: Seen<'w, Breach>) -> Option<&'w Dated<Assessed>> {
    let state: &'w Breach = breach.state;
    state.assessed.iter().rfind(|assessed| assessed.fact.risk.is_some())
}

fn is_closed(breach: Seen<'_, Breach>) -> bool {
    breach.status == BreachStatus::Closed
}

// --- BRE-01 ----------------------------------------------------------------------------------------------------------

/// Channels that lead past the service desk, for all but processors and authorities.
const ELSEWHERE: &[ReportChannel] = &[
    ReportChannel::PrivacyMailbox,
    ReportChannel::Email,
    ReportChannel::Letter,
    ReportChannel::InPerson,
    ReportChannel::SocialMedia,
];

fn report_has_reporter_and_channel<'w>(_inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_reports(breach, |report| {
        let what = Text::new("melding", "report");
        let parts = [
            (Text::new("categorie melder", "category of the reporter"), report.fact.reporter_category.is_some()),
            (Text::new("kanaal", "channel"), report.fact.channel.is_some()),
        ];
        complete(&what, parts).by(report).and(report_reached_the_desk(report)).and(lag(report))
    })
}

fn of_reports(breach: Seen<'_, Breach>, judge: impl Fn(&Dated<IncidentReported>) -> Finding) -> Finding {
    Finding::all(breach.state.incident_reported.iter().map(judge), || {
        Finding::fail(words("er is geen melding van het incident vastgelegd", "no report of the incident is recorded"))
    })
}

fn report_reached_the_desk(report: &Dated<IncidentReported>) -> Finding {
    let outside = matches!(
        report.fact.reporter_category,
        Some(ReporterCategory::Processor | ReporterCategory::SupervisoryAuthority)
    );
    match report.fact.channel {
        Some(channel) if ELSEWHERE.contains(&channel) && !outside => Finding::warn(words(
            "er is niet bij de servicedesk gemeld maar langs een andere weg",
            "it was not reported to the service desk but by another way",
        ))
        .by(report),
        _ => {
            Finding::not_applicable(words("er is langs de aangewezen weg gemeld", "it was reported by the proper way"))
        }
    }
}

/// How long after discovery; it decides nothing, because the policy says "as quickly as possible".
fn lag(report: &Dated<IncidentReported>) -> Finding {
    let reported = report.from;
    match report.fact.discovered {
        Some(discovered) => Finding::pass(say!(
            "ontdekt op {discovered}, gemeld op {reported}",
            "discovered on {discovered}, reported on {reported}"
        )),
        None => Finding::pass(say!(
            "gemeld op {reported}; wanneer het is ontdekt, is niet vastgelegd",
            "reported on {reported}; when it was discovered is not recorded"
        )),
    }
    .by(report)
}

// --- BRE-02 ----------------------------------------------------------------------------------------------------------

fn report_has_eight_items<'w>(_inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_reports(breach, |report| {
        let fact = &report.fact;
        let staff = fact.reporter_category == Some(ReporterCategory::Employee);
        let what = Text::new("melding met acht gegevens", "report with eight items");
        let parts = [
            (Text::new("1 wie meldt", "1 who reports"), fact.reporter.is_some()),
            (Text::new("2 wat is gemeld", "2 what is reported"), fact.what.is_some()),
            (Text::new("3 waar de melding vandaan komt", "3 where the report comes from"), fact.origin.is_some()),
            (Text::new("4 welke gegevens", "4 which data"), fact.data.is_some() || !fact.data_categories.is_empty()),
            (Text::new("5 hoe het is gebeurd", "5 how it came about"), fact.how.is_some()),
            (
                Text::new("6 welke systemen", "6 which systems"),
                !fact.systems.is_empty() || fact.systems_described.is_some(),
            ),
            (Text::new("7 wanneer het gebeurde", "7 when it happened"), fact.happened.is_some()),
            (Text::new("8 genomen maatregelen", "8 measures taken"), fact.measures.is_some() || !staff),
        ];
        let items = complete(&what, parts).by(report);
        // Item 8 is asked of staff alone.
        if fact.measures.is_none() && fact.reporter_category.is_none() {
            return items.and(Finding::indeterminate(words(
                "of een medewerker meldde, en dus maatregelen moest noemen, is niet vastgelegd",
                "whether a member of staff reported, who must name measures, is not recorded",
            )));
        }
        items
    })
}

// --- BRE-03 ----------------------------------------------------------------------------------------------------------

fn breach_is_documented<'w>(_inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_breach(breach, || file_is_complete(breach).and(silence_has_a_reason(breach)))
}

/// A closed or dismissed file says what Art. 33(5) asks, in its closing or in the facts before it.
fn file_is_complete(breach: Seen<'_, Breach>) -> Finding {
    let state = breach.state;
    let ended = state.closed.as_ref().filter(|_| is_closed(breach));
    let end = ended.map(Says::evidence).or(dismissal(breach).map(Says::evidence));
    let Some(end) = end else {
        return Finding::not_applicable(words("het dossier is nog open", "the file is still open"));
    };
    let closing = |told: fn(&Closed) -> bool| ended.is_some_and(|closed| told(&closed.fact));
    let reported =
        |told: fn(&IncidentReported) -> bool| state.incident_reported.iter().any(|report| told(&report.fact));
    let facts = closing(|closed| closed.facts.is_some()) || reported(|report| report.what.is_some());
    let effects = closing(|closed| closed.effects.is_some())
        || state.assessed.iter().any(|assessed| assessed.fact.consequences.is_some());
    let remedy = closing(|closed| closed.remedial_action.is_some())
        || state.contained.iter().any(|contained| !contained.fact.measures.is_empty())
        || reported(|report| report.measures.is_some());
    let parts = [
        (Text::new("de feiten", "the facts"), facts),
        (Text::new("de gevolgen", "the effects"), effects),
        (Text::new("de herstelmaatregelen", "the remedial action"), remedy),
    ];
    complete(&Text::new("dossier", "file"), parts).by(end)
}

/// That the authority is not notified has a reason on record.
fn silence_has_a_reason(breach: Seen<'_, Breach>) -> Finding {
    let notified = notification(breach).is_some();
    match decision(breach) {
        _ if notified => Finding::not_applicable(words("bij de AP gemeld", "notified to the authority")),
        Some(decided) if decided.fact.authority == Some(false) => if decided.fact.authority_ground.is_some()
            || decided.fact.authority_reason.is_some()
        {
            Finding::pass(words("waarom niet is gemeld, is vastgelegd", "why it was not notified is recorded"))
        } else {
            Finding::fail(words("waarom niet is gemeld, is niet vastgelegd", "why it was not notified is not recorded"))
        }
        .by(decided),
        _ if is_closed(breach) => Finding::fail(words(
            "het dossier is gesloten zonder melding en zonder besluit daarover",
            "the file was closed without notification and without a decision on it",
        ))
        .by_all(&breach.state.closed),
        _ => Finding::not_applicable(words(
            "er is nog niet besloten over melding",
            "it is not decided yet whether to notify",
        )),
    }
}

// --- BRE-04 ----------------------------------------------------------------------------------------------------------

fn authority_is_notified<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_breach(breach, || {
        if let Some(elsewhere) = duty_lies_elsewhere(breach) {
            return elsewhere;
        }
        let Some(aware) = awareness(inquiry, breach) else { return without_awareness(inquiry, breach) };
        let done = notification(breach);
        let term = inquiry.law_parameter(REGULATION, "breach");
        let mut counted = notify(inquiry, aware, done, term.as_ref(), UNION);
        // What to aim at is the strict count; what fails is the limit.
        let target = Text::new("streeftijd voor de melding bij de AP", "target of the notification to the authority");
        let strict = term.clone().map(|term| Parameter { calendar: Some(Calendar::Strict), ..term });
        let strict = Due { what: &target, from: aware, done, term: strict.as_ref(), calendar: Calendar::Strict };
        counted.deadlines.extend(deadline(inquiry, &strict).deadlines);
        let counted = if done.is_some() { counted } else { unless_risk_is_unlikely(breach, counted) };
        counted.and(awareness_is_credible(inquiry, breach))
    })
}

fn notify(
    inquiry: &Inquiry<'_>,
    from: Event,
    done: Option<Event>,
    term: Option<&Parameter>,
    calendar: Calendar,
) -> Finding {
    let what = Text::new("melding bij de AP", "notification to the authority");
    deadline(inquiry, &Due { what: &what, from, done, term, calendar })
}

/// After the first report a short inquiry tells whether there is a breach (EDPB Guidelines 9/2022, par. 31-34): so long asks nobody.
const SHORT_INQUIRY: Term = Term::hours(72);

/// The first that was heard of it: a report or a suspicion.
fn first_heard(breach: Seen<'_, Breach>) -> Option<Event> {
    let suspected = breach.state.suspected.iter().map(Event::from);
    first(breach.state.incident_reported.iter().map(Event::from).chain(suspected))
}

/// Awareness is not put off: it follows the first report after a short inquiry.
fn awareness_is_credible(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>) -> Finding {
    let nothing = || Finding::not_applicable(words("de kennisneming staat vast", "awareness is established"));
    let Some(aware) = established(breach) else { return nothing() };
    let heard = told_by_a_processor(inquiry, breach).or_else(|| first_heard(breach));
    match heard.filter(|heard| SHORT_INQUIRY.end(&heard.date) < aware.date.earliest()) {
        Some(heard) => Finding::warn(say!(
            "de kennisneming is gesteld op {}, terwijl op {} al van het incident is gehoord",
            "awareness is put at {}, while the incident was heard of on {} already",
            aware.date,
            heard.date
        ))
        .by(heard.fact)
        .by(aware.fact),
        None => nothing(),
    }
}

/// Another controller notifies, or the institution is the processor here (Art. 26, 33(2)).
fn duty_lies_elsewhere(breach: Seen<'_, Breach>) -> Option<Finding> {
    let decided = decision(breach).filter(|decided| decided.fact.authority == Some(false))?;
    let text = match decided.fact.authority_ground? {
        AuthorityGround::AnotherController => {
            words("een andere verwerkingsverantwoordelijke meldt", "another controller notifies")
        }
        AuthorityGround::ActsAsProcessor => {
            words("de instelling is hier verwerker", "the institution is the processor here")
        }
        AuthorityGround::RiskUnlikely | AuthorityGround::Other => return None,
    };
    notification(breach).is_none().then(|| Finding::not_applicable(text).by(decided))
}

fn without_awareness(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>) -> Finding {
    let state = breach.state;
    let handled = state.authority_notified.iter().map(Says::evidence);
    let handled = handled.chain(state.notification_decided.iter().map(Says::evidence));
    let handled: Vec<Evidence> = handled.chain(state.closed.iter().map(Says::evidence)).collect();
    if handled.is_empty() {
        let heard = first_heard(breach).filter(|heard| {
            let end = SHORT_INQUIRY.end(&heard.date);
            inquiry.passed(&Limit { earliest: end, latest: end }) == Ternary::True
        });
        if let Some(heard) = heard {
            return Finding::warn(say!(
                "op {} is van het incident gehoord, en of het een datalek is, is niet beoordeeld",
                "the incident was heard of on {}, and whether it is a breach was not assessed",
                heard.date
            ))
            .by(heard.fact);
        }
        return Finding::not_applicable(words(
            "nog is niet vastgesteld dat persoonsgegevens zijn getroffen",
            "it is not established yet that personal data were compromised",
        ));
    }
    Finding::indeterminate(words(
        "het incident is als datalek behandeld, maar wanneer de instelling er kennis van kreeg, is niet vastgelegd",
        "the incident was handled as a breach, but when the institution became aware is not recorded",
    ))
    .by_all(handled)
}

/// No notification is asked where a risk is unlikely, which the controller must be able to show (Art. 33(1)).
fn unless_risk_is_unlikely(breach: Seen<'_, Breach>, counted: Finding) -> Finding {
    let assessment = risk_assessment(breach);
    let evidence = assessment.map(Says::evidence);
    let decided = decision(breach);
    let not_to = decided.filter(|decided| decided.fact.authority == Some(false));
    match (not_to, breach.risk) {
        (Some(decided), risk) if decided.fact.authority_ground == Some(AuthorityGround::RiskUnlikely) => match risk {
            Some(Risk::None) => Finding::pass(words(
                "besloten is niet te melden omdat een risico onwaarschijnlijk is, en zo is het beoordeeld",
                "it was decided not to notify because a risk is unlikely, and so it was assessed",
            )),
            Some(Risk::Risk | Risk::High) => counted.and(Finding::warn(words(
                "het besluit om niet te melden noemt een risico onwaarschijnlijk, de beoordeling niet",
                "the decision not to notify calls a risk unlikely, the assessment does not",
            ))),
            None => counted.at_most_warn().and(Finding::warn(words(
                "besloten is niet te melden omdat een risico onwaarschijnlijk is, maar een beoordeling daarvan is niet vastgelegd",
                "it was decided not to notify because a risk is unlikely, but no assessment of it is recorded",
            ))),
        }
        .by(decided)
        .by_all(evidence),
        (None, Some(Risk::None)) if decided.is_none_or(|decided| decided.fact.authority.is_none()) => {
            let text = words(
                "een risico is als onwaarschijnlijk beoordeeld; besloten is er niet over",
                "a risk was assessed as unlikely; nothing was decided on it",
            );
            if counted.outcome == Outcome::Fail {
                counted.at_most_warn().and(Finding::warn(text).by_all(evidence))
            } else {
                counted
            }
        }
        (not_to, _) => counted.by_all(not_to),
    }
}

fn authority_is_notified_since_discovery<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_breach(breach, || {
        if let Some(elsewhere) = duty_lies_elsewhere(breach) {
            return elsewhere;
        }
        let finding = since_discovery(inquiry, breach);
        let finding = if is_narrowly_dismissed(breach) { finding.marked(Mark::Disputed) } else { finding };
        if points_to_older_guidance(inquiry) { finding.marked(Mark::PolicyStale) } else { finding }
    })
}

fn since_discovery(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>) -> Finding {
    let (done, aware, term) = (notification(breach), awareness(inquiry, breach), inquiry.house("breach"));
    match (discovery(breach), aware) {
        (Some(discovered), aware) => {
            let counted = notify(inquiry, discovered, done, term.as_ref(), Calendar::Strict);
            // What is not established to be a breach cannot have been notified too late yet.
            let established = aware.is_some() || done.is_some() || is_closed(breach) || dismissal(breach).is_some();
            if established { counted } else { counted.at_most_warn() }
        }
        (None, Some(aware)) => {
            // Discovery came at awareness at the latest: what is late from there is late in any case.
            let counted = notify(inquiry, aware, done, term.as_ref(), Calendar::Strict);
            if counted.outcome == Outcome::Pass {
                return Finding::indeterminate(words(
                    "wanneer het datalek is ontdekt, is niet vastgelegd",
                    "when the breach was discovered is not recorded",
                ))
                .by(aware.fact)
                .and(counted);
            }
            counted
        }
        (None, None) => without_awareness(inquiry, breach),
    }
}

/// The policy in force is older than the guidelines that replaced those to which it points (X26).
fn points_to_older_guidance(inquiry: &Inquiry<'_>) -> bool {
    let Some(newer) = inquiry.instrument(NEWER_GUIDANCE) else { return false };
    let holds = matches!(inquiry.validity(newer), Validity::InForce { .. });
    let Some(since) = newer.state.published.or(newer.state.adopted).filter(|_| holds) else { return false };
    let policies = inquiry.in_force(&[Governance::Policy]);
    let mut adopted = policies.iter().filter_map(|policy| policy.version.adopted);
    adopted.any(|adopted| adopted.before(&since) == Ternary::True)
}

// --- BRE-05 ----------------------------------------------------------------------------------------------------------

fn delay_is_justified<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_breach(breach, || {
        let Some(done) = notification(breach) else {
            return Finding::not_applicable(words("er is niet bij de AP gemeld", "the authority was not notified"));
        };
        lateness_has_reasons(inquiry, breach, done).and(promises_are_kept(inquiry, breach))
    })
}

fn lateness_has_reasons(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>, done: Event) -> Finding {
    let in_time = || Finding::not_applicable(words("er is op tijd gemeld", "it was notified in time")).by(done.fact);
    let Some(aware) = awareness(inquiry, breach) else { return without_awareness(inquiry, breach) };
    let what = Text::new("melding bij de AP", "notification to the authority");
    let term = inquiry.law_parameter(REGULATION, "breach");
    let due = Due { what: &what, from: aware, done: Some(done), term: term.as_ref(), calendar: UNION };
    let Some((counted, _)) = count(&due) else { return in_time() };
    let justified = breach.state.delay_justified.last();
    match (counted.limit.met_by(&done.date), justified) {
        (Ternary::True, _) => in_time(),
        (_, Some(justified)) if justified.fact.told_authority == Some(false) => Finding::fail(words(
            "waarom te laat is gemeld, is vastgelegd maar niet aan de AP gezegd",
            "why it was notified late is recorded but was not told to the authority",
        ))
        .by(justified),
        (_, Some(justified)) if justified.from.day_not_after(&done.date) == Ternary::False => Finding::warn(words(
            "waarom te laat is gemeld, is pas na de melding vastgelegd",
            "why it was notified late was recorded only after the notification",
        ))
        .by(justified),
        (_, Some(justified)) if justified.fact.told_authority.is_none() => Finding::indeterminate(words(
            "waarom te laat is gemeld, is vastgelegd; of het aan de AP is gezegd, niet",
            "why it was notified late is recorded; whether the authority was told is not",
        ))
        .by(justified),
        (_, Some(justified)) => {
            Finding::pass(words("waarom te laat is gemeld, is vastgelegd", "why it was notified late is recorded"))
                .by(justified)
        }
        (Ternary::False, None) => Finding::fail(words(
            "te laat gemeld, en de redenen zijn niet vastgelegd",
            "notified late, and the reasons are not recorded",
        )),
        (Ternary::Unknown, None) => Finding::indeterminate(words(
            "de datums beslissen niet of te laat is gemeld",
            "the dates do not decide whether it was notified late",
        )),
    }
    .by(done.fact)
}

/// Each promised supplement came by the promised day: the next word to the authority, whatever kind it is.
fn promises_are_kept(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>) -> Finding {
    let notified = breach.state.authority_notified.iter().map(|notified| {
        (Event::new(notified.fact.at.unwrap_or(notified.from), notified), notified.fact.supplement_promised)
    });
    let supplemented = breach
        .state
        .authority_notification_supplemented
        .iter()
        .map(|added| (Event::new(added.fact.at.unwrap_or(added.from), added), added.fact.supplement_promised));
    let mut words_to_authority: Vec<(Event, Option<PartialDate>)> = notified.chain(supplemented).collect();
    words_to_authority.sort_by_key(|(event, _)| event.date.earliest());
    let next = words_to_authority.iter().skip(1).map(|(event, _)| Some(*event)).chain([None]);
    let promises = words_to_authority.iter().zip(next);
    let findings = promises.filter_map(|((event, promised), next)| Some((event, (*promised)?, next)));
    let findings: Vec<Finding> =
        findings.map(|(event, promised, next)| promise_is_kept(inquiry, promised, next).by(event.fact)).collect();
    Finding::all(findings, || {
        Finding::not_applicable(words("er is geen aanvulling toegezegd", "no supplement was promised"))
    })
}

fn promise_is_kept(inquiry: &Inquiry<'_>, promised: PartialDate, next: Option<Event>) -> Finding {
    let end = Limit { earliest: promised.latest(), latest: promised.latest() };
    match next {
        Some(next) => decide(
            end.met_by(&next.date),
            || {
                Finding::pass(say!(
                    "de aanvulling, toegezegd uiterlijk op {promised}, kwam op {}",
                    "the supplement, promised by {promised}, came on {}",
                    next.date
                ))
            },
            || {
                Finding::fail(say!(
                    "de aanvulling, toegezegd uiterlijk op {promised}, kwam pas op {}",
                    "the supplement, promised by {promised}, came only on {}",
                    next.date
                ))
            },
            || {
                Finding::indeterminate(words(
                    "de datums beslissen niet of de aanvulling op tijd kwam",
                    "the dates do not decide whether the supplement came in time",
                ))
            },
        )
        .by(next.fact),
        None => decide(
            inquiry.passed(&end),
            || {
                Finding::fail(say!(
                    "de aanvulling, toegezegd uiterlijk op {promised}, is niet gegeven",
                    "the supplement, promised by {promised}, was not given"
                ))
            },
            || {
                Finding::pass(say!(
                    "een aanvulling is toegezegd, uiterlijk op {promised}",
                    "a supplement is promised by {promised}"
                ))
            },
            || {
                Finding::indeterminate(words(
                    "de datum beslist niet of de aanvulling er al moest zijn",
                    "the date does not decide whether the supplement is due",
                ))
            },
        ),
    }
}

// --- BRE-06 ----------------------------------------------------------------------------------------------------------

fn subjects_are_told_without_delay<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_high_risk(inquiry, breach, |due| {
        let counted = promptly(inquiry, due);
        match left_undone(breach).filter(|_| due.done.is_none()) {
            Some(contrary) => contrary.and(counted),
            None => counted,
        }
    })
}

fn subjects_are_told_in_time<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_high_risk(inquiry, breach, |due| deadline(inquiry, due))
}

/// Judges how people were told of a high risk, where nothing exempts from it.
fn of_high_risk(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>, judge: impl FnOnce(&Due<'_>) -> Finding) -> Finding {
    of_breach(breach, || {
        if breach.risk != Some(Risk::High) {
            return no_high_risk(breach);
        }
        let told = first(
            breach.state.subjects_notified.iter().map(|told| Event::new(told.fact.at.unwrap_or(told.from), told)),
        );
        if told.is_none()
            && let Some(exempt) = exempt_from_telling(breach)
        {
            return exempt.by_all(risk_assessment(breach));
        }
        let Some(from) = risk_is_known(inquiry, breach) else { return no_high_risk(breach) };
        let what = Text::new("mededeling aan betrokkenen", "telling the data subjects");
        let term = inquiry.house("subjectsTold");
        judge(&Due { what: &what, from, done: told, term: term.as_ref(), calendar: Calendar::Strict })
            .by_all(risk_assessment(breach))
    })
}

/// From when people are to be told: from awareness; where the risk turned out to be high later than it was first assessed, from then.
fn risk_is_known(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>) -> Option<Event> {
    let mut assessed = breach.state.assessed.iter().filter(|assessed| assessed.fact.risk.is_some());
    let turned = assessed.next().filter(|assessed| assessed.fact.risk != Some(Risk::High)).and_then(|_| {
        breach.state.assessed.iter().find(|assessed| assessed.fact.risk == Some(Risk::High)).map(Event::from)
    });
    turned.or_else(|| awareness(inquiry, breach)).or_else(|| risk_assessment(breach).map(Event::from))
}

fn no_high_risk(breach: Seen<'_, Breach>) -> Finding {
    match (risk_assessment(breach), decision(breach)) {
        (Some(assessed), _) => {
            Finding::not_applicable(words("er is geen hoog risico vastgesteld", "no high risk was found")).by(assessed)
        }
        (None, Some(decided)) => Finding::indeterminate(words(
            "over mededeling is besloten, maar hoe hoog het risico is, is niet vastgelegd",
            "it was decided whether to tell people, but how high the risk is is not recorded",
        ))
        .by(decided),
        (None, None) => {
            Finding::not_applicable(words("het risico is nog niet beoordeeld", "the risk is not assessed yet"))
        }
    }
}

/// A ground of Art. 34(3), a restriction by law (Art. 23), or another controller who tells people (Art. 26).
fn exempt_from_telling(breach: Seen<'_, Breach>) -> Option<Finding> {
    if let Some(waived) = breach.state.subjects_notification_waived.last() {
        let finding = if waived.fact.ground == WaiverGround::DisproportionateEffort && waived.fact.document.is_none() {
            Finding::fail(words(
                "wegens onevenredige inspanning is niets medegedeeld, maar een openbare mededeling in plaats daarvan is niet vastgelegd",
                "people were not told because of disproportionate effort, but no public communication in its place is recorded",
            ))
        } else {
            Finding::pass(words(
                "van mededeling is afgezien op een grond van artikel 34, derde lid",
                "people were not told on a ground of Art. 34(3)",
            ))
        };
        return Some(finding.by(waived));
    }
    let decided = decision(breach).filter(|decided| decided.fact.subjects == Some(false))?;
    let finding = match decided.fact.subjects_ground? {
        SubjectsGround::Waived => Finding::indeterminate(words(
            "het besluit noemt een uitzondering van artikel 34, derde lid, maar welke is niet vastgelegd",
            "the decision names an exception of Art. 34(3), but which one is not recorded",
        )),
        SubjectsGround::RestrictedByLaw => Finding::not_applicable(words(
            "een wet beperkt de mededeling (artikel 23)",
            "the law restricts telling people (Art. 23)",
        )),
        SubjectsGround::AnotherController => Finding::not_applicable(words(
            "een andere verwerkingsverantwoordelijke deelt het mee",
            "another controller tells them",
        )),
        SubjectsGround::NoHighRisk | SubjectsGround::Other => return None,
    };
    Some(finding.by(decided))
}

/// A fact that says people will not be told although nothing exempts from it: a decision, or the end of the file.
fn left_undone(breach: Seen<'_, Breach>) -> Option<Finding> {
    // A decision from before the risk was found to be high says nothing of it.
    let knew = |decided: &&Dated<NotificationDecided>| {
        risk_assessment(breach).is_none_or(|assessed| assessed.from.not_after(&decided.from) != Ternary::False)
    };
    if let Some(decided) = decision(breach).filter(|decided| decided.fact.subjects == Some(false)).filter(knew) {
        let text = words(
            "besloten is het niet mede te delen, hoewel het risico hoog is en geen uitzondering geldt",
            "it was decided not to tell people although the risk is high and no exception applies",
        );
        return Some(Finding::fail(text).by(decided));
    }
    let closed = breach.state.closed.as_ref().filter(|_| is_closed(breach))?;
    let text = words(
        "het dossier is gesloten zonder dat betrokkenen het weten",
        "the file was closed without people having been told",
    );
    Some(Finding::fail(text).by(closed))
}

// --- BRE-07 ----------------------------------------------------------------------------------------------------------

fn officer_advises_first<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_breach(breach, || {
        let decisions = &breach.state.notification_decided;
        let findings: Vec<Finding> =
            decisions.iter().map(|decided| decision_is_advised(inquiry, breach, decided)).collect();
        Finding::all(findings, || match notification(breach) {
            Some(done) => Finding::fail(words(
                "er is gemeld zonder vastgelegd besluit",
                "it was notified without a recorded decision",
            ))
            .by(done.fact),
            None if is_closed(breach) => Finding::fail(words(
                "het dossier is gesloten zonder besluit over melding",
                "the file was closed without a decision on notification",
            ))
            .by_all(&breach.state.closed),
            None => Finding::not_applicable(words(
                "er is nog niet besloten over melding",
                "it is not decided yet whether to notify",
            )),
        })
    })
}

fn decision_is_advised(
    inquiry: &Inquiry<'_>,
    breach: Seen<'_, Breach>,
    decided: &Dated<NotificationDecided>,
) -> Finding {
    let advice = breach.state.dpo_advice_issued.first();
    let (told, act) = (
        Text::new("FG-advies", "advice of the DPO"),
        Text::new("het besluit over melding", "the decision on notification"),
    );
    let in_order = order(Precision::Exact, (&told, advice.map(Event::from)), (&act, Some(Event::from(decided))));
    let finding = in_order.and(advice_is_on_both(breach)).and(decision_has_reasons(decided));
    // By the policy the officer may decide; that is disputed (X4).
    if is_the_officer(inquiry, breach, decided) { finding.marked(Mark::Disputed) } else { finding }
}

fn advice_is_on_both(breach: Seen<'_, Breach>) -> Finding {
    let advices = &breach.state.dpo_advice_issued;
    if advices.is_empty() {
        return Finding::not_applicable(words("er is geen advies", "there is no advice"));
    }
    // What the text of an advice says is not for a program to read.
    let in_words = advices.iter().any(|advice| advice.fact.advice.is_some() || advice.fact.document.is_some());
    let parts = [
        (
            Text::new("melding bij de AP", "notification to the authority"),
            in_words || advices.iter().any(|advice| advice.fact.notify_authority.is_some()),
        ),
        (
            Text::new("mededeling aan betrokkenen", "telling the data subjects"),
            in_words || advices.iter().any(|advice| advice.fact.notify_subjects.is_some()),
        ),
    ];
    complete(&Text::new("FG-advies over beide meldplichten", "advice of the DPO on both duties"), parts).by_all(advices)
}

/// A decision against notifying, or against the advice, says why.
fn decision_has_reasons(decided: &Dated<NotificationDecided>) -> Finding {
    let fact = &decided.fact;
    let authority = fact.authority != Some(false) || fact.authority_ground.is_some() || fact.authority_reason.is_some();
    let subjects = fact.subjects != Some(false) || fact.subjects_ground.is_some() || fact.subjects_reason.is_some();
    let response = fact.advice_response.as_ref();
    let followed =
        response.is_none_or(|response| response.response == AdviceFollowing::Followed || response.reasons.is_some());
    let parts = [
        (Text::new("waarom de AP geen melding krijgt", "why the authority is not notified"), authority),
        (Text::new("waarom betrokkenen niet worden geïnformeerd", "why people are not told"), subjects),
        (Text::new("waarom van het FG-advies is afgeweken", "why it deviates from the DPO's advice"), followed),
    ];
    complete(&Text::new("motivering van het besluit", "reasons of the decision"), parts).by(decided)
}

/// Whether the one who decided is the officer, by role or by the opaque id of who advised or holds the role.
fn is_the_officer(inquiry: &Inquiry<'_>, breach: Seen<'_, Breach>, decided: &Dated<NotificationDecided>) -> bool {
    let by: Vec<&Code> = match &decided.fact.decided_by {
        Some(by) => vec![by],
        None => std::iter::once(&decided.role).chain(&decided.by).collect(),
    };
    let advisers = breach.state.dpo_advice_issued.iter().filter_map(|advice| advice.by.as_ref());
    let advisers: Vec<&Code> = advisers.collect();
    let holders = inquiry.related::<RoleAssignment>("role", OFFICER.first().copied().unwrap_or_default());
    let holds = |code: &Code| holders.iter().any(|holder| holder.state.holder.as_ref() == Some(code));
    by.iter().any(|code| OFFICER.contains(&code.as_str()) || advisers.contains(code) || holds(code))
}

fn officer_does_not_decide<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_breach(breach, || {
        let findings = breach.state.notification_decided.iter().map(|decided| {
            if is_the_officer(inquiry, breach, decided) {
                Finding::warn(words(
                    "de FG, die adviseert en toezicht houdt, heeft zelf besloten over melding: dat kan een belangenconflict zijn",
                    "the DPO, who advises and monitors, decided on notification: that may be a conflict of interests",
                ))
            } else {
                Finding::pass(words("een ander dan de FG heeft besloten", "somebody else than the DPO decided"))
            }
            .by(decided)
        });
        let findings: Vec<Finding> = findings.collect();
        Finding::all(findings, || {
            Finding::not_applicable(words(
                "er is nog niet besloten over melding",
                "it is not decided yet whether to notify",
            ))
        })
    })
}

// --- BRE-08 ----------------------------------------------------------------------------------------------------------

fn serious_risk_is_told<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_breach(breach, || {
        let state = breach.state;
        let serious = |assessed: &&Dated<Assessed>| {
            [assessed.fact.severity_people, assessed.fact.severity_business].contains(&Some(Impact::Serious))
        };
        let Some(assessed) = state.assessed.iter().find(serious) else {
            return Finding::not_applicable(words(
                "er is geen ernstig gevaar vastgesteld",
                "no serious risk was found",
            ));
        };
        let officer =
            state.dpo_consulted.iter().map(Event::from).chain(state.dpo_advice_issued.iter().map(Event::from));
        let told = [
            (
                Text::new("college van bestuur inlichten", "telling the Board"),
                first(state.board_informed.iter().map(Event::from)),
            ),
            (Text::new("FG inlichten", "telling the DPO"), first(officer)),
            (
                Text::new("juridische zaken inlichten", "telling Legal Affairs"),
                first(state.legal_informed.iter().map(Event::from)),
            ),
        ];
        let term = inquiry.house("escalation");
        let findings = told.iter().map(|(what, done)| {
            let due =
                Due { what, from: Event::from(assessed), done: *done, term: term.as_ref(), calendar: Calendar::Strict };
            deadline(inquiry, &due)
        });
        Finding::all(findings.collect::<Vec<_>>(), || {
            Finding::not_applicable(words("niemand in te lichten", "nobody to tell"))
        })
    })
}

// --- BRE-09 ----------------------------------------------------------------------------------------------------------

fn breach_is_evaluated<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_breach(breach, || {
        let Some(closed) = breach.state.closed.as_ref().filter(|_| is_closed(breach)) else {
            return Finding::not_applicable(words("het datalek is nog niet gesloten", "the breach is not closed yet"));
        };
        // What was evaluated before the file was opened again says nothing of what came then.
        let again = breach.state.reopened.last().map(|reopened| reopened.from.earliest());
        let evaluated =
            breach.state.evaluated.iter().filter(|one| again.is_none_or(|again| one.from.latest() >= again));
        let what = Text::new("evaluatie van het datalek", "evaluation of the breach");
        let term = inquiry.house("evaluation");
        let due = Due {
            what: &what,
            from: Event::from(closed),
            done: first(evaluated.map(Event::from)),
            term: term.as_ref(),
            calendar: Calendar::Strict,
        };
        deadline(inquiry, &due)
    })
}

fn breaches_are_reported<'w>(inquiry: &Inquiry<'w>, report: Seen<'w, AnnualReport>) -> Finding {
    let what = Text::new("aantal datalekken in het jaarverslag", "number of breaches in the annual report");
    let found = counted::<Breach>(inquiry, report, "awareYear");
    figure_is_reported(report, &what, &["breaches", "datalekken", "breaches_recorded"], found)
}

/// How many streams of a family the ledger has of the year of a report, by a key.
pub(in crate::rule) fn counted<F: Family>(
    inquiry: &Inquiry<'_>,
    report: Seen<'_, AnnualReport>,
    key: &'static str,
) -> Option<usize> {
    Some(inquiry.streams_with_key(F::NAME, key, report.year?.to_string()).len())
}

/// What is reported against what the ledger counts: less is wrong; of more the ledger does not know all.
fn agrees_with_the_ledger(what: &Text, told: u32, found: Option<usize>) -> Finding {
    let Text { nl, en } = what;
    let Some(found) = found else {
        return Finding::indeterminate(say!(
            "{nl}: over welk jaar het verslag gaat, is niet vastgelegd",
            "{en}: which year the report is about is not recorded"
        ));
    };
    match usize::try_from(told).unwrap_or(usize::MAX).cmp(&found) {
        Ordering::Equal => Finding::not_applicable(say!(
            "{nl}: het grootboek telt er ook {found}",
            "{en}: the ledger counts {found} too"
        )),
        Ordering::Less => Finding::fail(say!(
            "{nl}: opgegeven is {told}, het grootboek telt er {found}",
            "{en}: told is {told}, the ledger counts {found}"
        )),
        Ordering::Greater => Finding::warn(say!(
            "{nl}: opgegeven is {told}, het grootboek kent er {found}",
            "{en}: told is {told}, the ledger knows of {found}"
        )),
    }
}

/// A report states a figure, and says the same of it wherever it does: as compiled, as presented, and as units contributed.
/// A figure may be written under each of some codes, in whatever case.
/// `found` is what the ledger counts.
pub(in crate::rule) fn figure_is_reported(
    report: Seen<'_, AnnualReport>,
    what: &Text,
    codes: &[&str],
    found: Option<usize>,
) -> Finding {
    let state = report.state;
    if state.status == ReportStatus::Gathering {
        return Finding::not_applicable(words(
            "het jaarverslag is nog niet opgesteld",
            "the report is not compiled yet",
        ));
    }
    let Text { nl, en } = what;
    let stated = |figures: &[Figure]| {
        let named = |figure: &&Figure| codes.iter().any(|code| figure.code.as_str().eq_ignore_ascii_case(code));
        figures.iter().find(named).map(|figure| figure.number)
    };
    let presented = state
        .presentations
        .iter()
        .filter_map(|presented| Some((stated(&presented.fact.figures)?, presented.evidence())));
    let compiled =
        state.compiled.iter().filter_map(|compiled| Some((stated(&compiled.fact.figures)?, compiled.evidence())));
    let told: Vec<(u32, Evidence)> = compiled.chain(presented).collect();
    let Some(((number, fact), others)) = told.split_first() else {
        let missing = say!("{nl}: niet vermeld", "{en}: not stated");
        return Finding::fail(missing).by_all(&state.compiled).by_all(&state.presentations);
    };
    let agree = others.iter().map(|(other, by)| reconcile(what, number, other).by(by));
    let agree = Finding::all(agree.collect::<Vec<_>>(), || Finding::pass(say!("{nl}: {number}", "{en}: {number}")));
    let parts: Vec<u32> = state.contributions.iter().filter_map(|part| stated(&part.fact.figures)).collect();
    let sum = parts.iter().fold(0_u32, |sum, part| sum.saturating_add(*part));
    let all_units = !parts.is_empty() && parts.len() == state.contributions.len();
    let units = if all_units || sum > *number {
        let Text { nl, en } = what;
        let what = say!("{nl}, samen van de eenheden", "{en}, of the units together");
        reconcile(&what, number, &sum).by_all(&state.contributions)
    } else {
        Finding::not_applicable(words(
            "niet elke eenheid heeft dit cijfer aangeleverd",
            "not every unit contributed this figure",
        ))
    };
    agree.by(fact).and(units).and(agrees_with_the_ledger(what, *number, found))
}

// --- BRE-12 ----------------------------------------------------------------------------------------------------------

fn notifications_are_complete<'w>(_inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    of_breach(breach, || authority_was_told_all(breach).and(subjects_were_told_all(breach)))
}

/// An item of what a notification describes.
type Described = (fn(&NotificationContent) -> bool, &'static str, &'static str);

/// What both notifications describe (Art. 33(3), 34(2)).
const DESCRIBED: [Described; 4] = [
    (|content| content.nature == Some(true), "de aard van de inbreuk", "the nature of the breach"),
    (|content| content.contact == Some(true), "het contactpunt", "the contact point"),
    (|content| content.consequences == Some(true), "de waarschijnlijke gevolgen", "the likely consequences"),
    (|content| content.measures == Some(true), "de maatregelen", "the measures"),
];

fn describes(what: &Text, contents: &[&NotificationContent]) -> Finding {
    if contents.is_empty() {
        let Text { nl, en } = what;
        return Finding::indeterminate(say!(
            "{nl}: wat zij beschrijft, is niet vastgelegd",
            "{en}: what it describes is not recorded"
        ));
    }
    let said = |item: fn(&NotificationContent) -> bool| contents.iter().any(|content| item(content));
    complete(what, DESCRIBED.into_iter().map(|(item, nl, en)| (Text::new(nl, en), said(item))))
}

fn authority_was_told_all(breach: Seen<'_, Breach>) -> Finding {
    let state = breach.state;
    let Some(last) = state.authority_notified.last() else {
        return Finding::not_applicable(words("er is niet bij de AP gemeld", "the authority was not notified"));
    };
    let notified = state.authority_notified.iter().filter_map(|notified| notified.fact.content.as_ref());
    let added = state.authority_notification_supplemented.iter().filter_map(|added| added.fact.content.as_ref());
    let contents: Vec<&NotificationContent> = notified.chain(added).collect();
    let what = Text::new("de melding bij de AP", "the notification to the authority");
    let numbers = contents.iter().any(|content| content.subjects.is_some() || content.records.is_some());
    let numbers = if numbers || contents.is_empty() {
        Finding::not_applicable(words("de aantallen zijn genoemd", "the numbers are named"))
    } else {
        Finding::warn(words(
            "de melding bij de AP noemt geen aantallen, die zij waar mogelijk noemt",
            "the notification to the authority names no numbers, which it does where possible",
        ))
    };
    let finding = describes(&what, &contents);
    // What is not known at once follows in phases, without undue further delay (Art. 33(4)).
    let goes_on = !is_closed(breach) && last.fact.phase != Some(NotificationPhase::Final);
    let finding = if goes_on { finding.at_most_warn() } else { finding };
    finding.and(numbers).by_all(&state.authority_notified)
}

fn subjects_were_told_all(breach: Seen<'_, Breach>) -> Finding {
    let told = &breach.state.subjects_notified;
    if told.is_empty() {
        return Finding::not_applicable(words("aan betrokkenen is niets medegedeeld", "people were not told"));
    }
    let contents: Vec<&NotificationContent> = told.iter().filter_map(|told| told.fact.content.as_ref()).collect();
    let what = Text::new("de mededeling aan betrokkenen", "the communication to the data subjects");
    let obscure = contents.iter().any(|content| content.plain_language == Some(false));
    let language = if obscure {
        Finding::fail(words(
            "de mededeling aan betrokkenen is niet in duidelijke en eenvoudige taal",
            "the communication to the data subjects is not in clear and plain language",
        ))
    } else {
        Finding::not_applicable(words("niets wijst op onduidelijke taal", "nothing says that the language is unclear"))
    };
    describes(&what, &contents).and(language).by_all(told)
}

// --- BRE-10 ----------------------------------------------------------------------------------------------------------

fn definition_of_the_law_decides<'w>(_inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    let state = breach.state;
    if let Some(dismissed) = dismissal(breach) {
        return match dismissed.fact.ground {
            Some(DismissalGround::NoSeriousConsequences) => Finding::fail(words(
                "het incident is afgewezen omdat de gevolgen niet ernstig waren; voor de AVG is het een datalek",
                "the incident was dismissed because its consequences were not serious; for the GDPR it is a breach",
            )),
            Some(_) => Finding::pass(words(
                "het incident is niet op de enge definitie afgewezen",
                "the incident was not dismissed by the narrow definition",
            )),
            None => Finding::indeterminate(words(
                "op welke grond het incident is afgewezen, is niet vastgelegd",
                "on which ground the incident was dismissed is not recorded",
            )),
        }
        .by(dismissed);
    }
    let classified = state.assessed.iter().rfind(|assessed| !assessed.fact.categories.is_empty());
    let handled = decision(breach).is_some() || notification(breach).is_some() || is_closed(breach);
    match classified {
        Some(assessed) => {
            Finding::pass(words("de aard van de inbreuk is vastgelegd", "the nature of the breach is recorded"))
                .by(assessed)
        }
        None if handled || !state.assessed.is_empty() => Finding::fail(words(
            "of vertrouwelijkheid, integriteit of beschikbaarheid is geschonden, is niet vastgelegd",
            "whether confidentiality, integrity or availability was compromised is not recorded",
        ))
        .by_all(&state.assessed),
        None => Finding::not_applicable(words("het datalek is nog niet beoordeeld", "the breach is not assessed yet")),
    }
}

/// The policy defines a breach narrowly (P18 1.1) and widely (7.1): who follows the one offends against the other.
fn policy_contradicts_itself<'w>(_inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    match dismissal(breach).filter(|_| is_narrowly_dismissed(breach)) {
        Some(dismissed) => Finding::warn(words(
            "de afwijzing volgt de enge definitie van het beleid en strijdt met de ruime; het beleid moet worden aangepast",
            "the dismissal follows the policy's narrow definition and offends against its wide one; the policy must be mended",
        ))
        .by(dismissed)
        .marked(Mark::Disputed),
        None => Finding::not_applicable(words(
            "er is niets op de enge definitie van het beleid afgewezen",
            "nothing was dismissed by the policy's narrow definition",
        )),
    }
}

// --- BRE-11 ----------------------------------------------------------------------------------------------------------

fn takeover_is_an_incident<'w>(inquiry: &Inquiry<'w>, account: Seen<'w, Account>) -> Finding {
    let state: &'w Account = account.state;
    let findings: Vec<Finding> =
        state.compromised.iter().map(|taken| takeover_is_reported(inquiry, account, taken)).collect();
    Finding::all(findings, || {
        Finding::not_applicable(words("het account is niet overgenomen", "the account was not hacked"))
    })
}

fn takeover_is_reported<'w>(
    inquiry: &Inquiry<'w>,
    account: Seen<'w, Account>,
    taken: &'w Dated<Compromised>,
) -> Finding {
    let named = taken.fact.breach.as_ref().and_then(|breach| inquiry.state::<Breach>(breach));
    let found = inquiry.related::<Breach>("account", account.stream);
    let discovered = taken.fact.discovered.unwrap_or(taken.from);
    let mut reports = named.iter().chain(&found).flat_map(|breach| breach.state.incident_reported.iter());
    // An account may be taken over more than once: a report of an earlier day is none of this one.
    let of_this = |report: &&Dated<IncidentReported>| {
        taken.fact.breach.is_some() || discovered.day_not_after(&report.from) != Ternary::False
    };
    let report = reports.rfind(of_this);
    let incident = match report {
        Some(report) => Finding::pass(say!(
            "overname ontdekt op {discovered}, incident gemeld op {}",
            "takeover discovered on {discovered}, incident reported on {}",
            report.from
        ))
        .by(report),
        None => Finding::warn(words(
            "voor de overname is geen incident gemeld",
            "no incident was reported for the takeover",
        )),
    };
    let contact = match taken.fact.contact_informed {
        Some(informed) => Finding::pass(say!(
            "de contactpersoon is ingelicht op {informed}",
            "the contact person was told on {informed}"
        )),
        None => Finding::warn(words(
            "dat de contactpersoon is ingelicht, is niet vastgelegd",
            "that the contact person was told is not recorded",
        )),
    };
    incident.and(contact).by(taken)
}

#[cfg(test)]
mod tests;
