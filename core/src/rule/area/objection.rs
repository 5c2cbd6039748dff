//! Objections and automated decisions (GDPR Art. 21, 22): whether processing stops for who objects, and whether no decision is left
//! to a machine without a ground and safeguards.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::BTreeSet;

use crate::family::activity::{
    Activity, ActivityStatus, AutomatedDecisionGround, LegalBasis, LegalReference, ScreeningCriterion, SpecialCategory,
    SpecialCategoryGround,
};
use crate::family::case::{Case, CaseCategory};
use crate::family::consent::Consent;
use crate::family::consent_text::{ConsentText, TextStatus};
use crate::family::dossier::Dated;
use crate::family::governance_instrument::InstrumentKind as Governance;
use crate::family::kit::key_text;
use crate::family::objection::{
    AutomatedDecisionContested, DirectMarketingSent, GroundsOutcome, HumanReviewPerformed, Objection, ObjectionKind,
    Received, Rejected,
};
use crate::family::privacy_notice::PrivacyNotice;
use crate::family::value::AnnulmentEffect;
use crate::ledger::name::{Code, Sequence};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::entries::is_public_body;
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::lawfulness::statute_holds;
use crate::rule::norm::{Applies, GDPR, GUIDELINE, HOUSE, POLICY, Parameter};
use crate::rule::request::{
    Asked, Refusal, Terms, UNION, and_if_asked, answered_in_time, earliest, extension_is_kept, extension_reason,
    latest, version_on,
};
use crate::rule::template::{
    Due, Event, Precision, complete, count, coverage, deadline, decide, no_event_after, order, promptly,
};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Evidence, Finding, Says};
use crate::time::{Calendar, PartialDate, Term, Ternary};

pub(in crate::rule) const AREA: Area = Area {
    name: words("bezwaar en geautomatiseerde besluiten", "objections and automated decisions"),
    rules: &[
        Rule {
            id: "OBJ-01",
            title: words(
                "Bezwaar schort de verwerking op en wordt beantwoord",
                "An objection halts processing and is answered",
            ),
            explanation: words(
                "Na bezwaar tegen verwerking voor een publieke taak of een gerechtvaardigd belang stopt de verwerking, volgens de huisregels binnen een termijn. Zij gaat alleen verder nadat dwingende gronden zijn aangetoond; bij onderzoek of statistiek nadat is beoordeeld dat zij nodig is voor een taak van algemeen belang. Betrokkene krijgt binnen de termijn van artikel 12 lid 3 antwoord; een afwijzing noemt de redenen en de rechtsmiddelen.",
                "After an objection to processing for a public task or a legitimate interest processing stops, by the house rules within a term. It goes on only after compelling grounds were demonstrated; with research or statistics after it was assessed that it is needed for a task in the public interest. The data subject is answered within the term of Article 12(3); a rejection names the reasons and the remedies.",
            ),
            sources: &[
                "GDPR 21(1)",
                "GDPR 21(6)",
                "GDPR 18(1)(d)",
                "GDPR 12(3)-(4)",
                "UAVG 34-35",
                "P18 8.5",
                "P18 8.7",
                "PROC-001",
            ],
            checks: &[
                check!(Objection, Law, Lawfulness, GDPR, [Order, Deadline], halted_by_law),
                check!(
                    Objection,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Order, Deadline],
                    halted_in_house_term
                ),
            ],
        },
        Rule {
            id: "OBJ-02",
            title: words("Een gegrond bezwaar stopt de verwerking", "A justified objection stops processing"),
            explanation: words(
                "Is een bezwaar gegrond, dan is de verwerking van de gegevens van betrokkene gestopt voor alle doeleinden waarvoor het gegrond is.",
                "Where an objection is justified, processing of the person's data is stopped for all purposes for which it is.",
            ),
            sources: &["GDPR 21(1)", "GDPR 17(1)(c)", "P18 8.5"],
            checks: &[check!(Objection, Law, Lawfulness, GDPR, [Coverage], stopped_for_all_purposes)],
        },
        Rule {
            id: "OBJ-03",
            title: words("Bezwaar tegen direct marketing is definitief", "An objection to direct marketing is final"),
            explanation: words(
                "Direct marketing stopt na bezwaar en komt niet terug zonder nieuwe toestemming. De profilering daarvoor stopt mee. De wet kent geen uitstel: na de dag die op de ontvangst volgt, is zij gestopt, en na de ontvangst wordt niets meer verzonden. De huisregels stellen een eigen termijn. Dat betrokkene van het stoppen hoort, wordt niet apart getoetst; een bezwaar waarop niets volgt, wel.",
                "After an objection direct marketing stops and does not come back without a new consent. The profiling for it stops too. The law knows no delay: after the day that follows the receipt it has stopped, and after the receipt nothing is sent. The house rules set a term of their own. That the data subject is told of the stop is not tested apart; an objection on which nothing follows is.",
            ),
            sources: &["GDPR 21(2)-(3)", "GDPR 12(3)-(4)", "P18 8.5", "PROC-001"],
            checks: &[
                check!(Objection, Law, Lawfulness, GDPR, [Deadline, NoEventAfter], marketing_stops_by_law),
                check!(
                    Objection,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline, NoEventAfter],
                    marketing_stops_by_policy
                ),
            ],
        },
        Rule {
            id: "OBJ-04",
            title: words("Een klacht over retargeting is een bezwaar", "A complaint about retargeting is an objection"),
            explanation: words(
                "Een klacht over advertenties die iemand volgen of over automatische opvolging wordt als bezwaar behandeld en stopt de verwerking voor die persoon meteen.",
                "A complaint about adverts that follow a person, or about automated follow-up, is treated as an objection and stops processing for that person at once.",
            ),
            sources: &["G24 4(4)", "GDPR 21(2)-(3)", "GDPR 22", "P18 8.5"],
            checks: &[
                check!(Objection, Guideline, Accountability, GUIDELINE, [Deadline, NoEventAfter], retargeting_stops),
                check!(Case, Guideline, Accountability, GUIDELINE, [IfThen], retargeting_complaint_is_objection),
                check!(Case, Law, Lawfulness, GDPR, [IfThen], marketing_complaint_is_objection),
            ],
        },
        Rule {
            id: "OBJ-05",
            title: words("Een geautomatiseerd besluit heeft een grond", "An automated decision has a ground"),
            explanation: words(
                "Wet en beleid laten geautomatiseerde besluiten toe op overeenkomst, wet of uitdrukkelijke toestemming; de richtlijn noemt welke grond zij aanvaardt. De wet die het toestaat, of de tekst die om toestemming vraagt, is van kracht; UAVG 40 geldt niet voor profilering. Bij bijzondere categorieën is er uitdrukkelijke toestemming of een zwaarwegend algemeen belang, met maatregelen. Of elk besluit bijzondere gegevens gebruikt, zegt het register niet: alle van de verwerking tellen.",
                "Law and policy allow automated decisions on contract, law or explicit consent; the guideline lists which ground it accepts. The statute that allows them, or the text that asks consent, is in force; UAVG 40 is not for profiling. With special categories there is explicit consent or a substantial public interest, with measures. Whether each decision uses special data the register does not say: all of the activity count.",
            ),
            sources: &["GDPR 22(2)", "GDPR 22(4)", "UAVG 40", "P18 8.6", "G24 4(3)-(4)"],
            checks: &[
                check!(Activity, Law, Lawfulness, GDPR, [InForceAt, LegalValidity], decisions_have_a_ground),
                check!(Activity, Policy, Accountability, POLICY, [InForceAt], decisions_have_a_policy_ground),
                check!(Activity, Guideline, Accountability, GUIDELINE, [InForceAt], guideline_accepts_ground),
            ],
        },
        Rule {
            id: "OBJ-06",
            title: words("Een mens kijkt mee", "A human can step in"),
            explanation: words(
                "Bij geautomatiseerde besluiten kan betrokkene menselijke tussenkomst krijgen, een standpunt kenbaar maken en het besluit aanvechten. Wie het aanvecht, krijgt binnen de termijn een herbeoordeling door een bevoegd mens.",
                "With automated decisions a person can obtain human intervention, express a point of view and contest the decision. Who contests it gets a review by a competent human within the term.",
            ),
            sources: &["GDPR 22(3)", "GDPR 12(3)", "P18 8.6"],
            checks: &[
                check!(Activity, Law, Lawfulness, GDPR, [Complete], safeguards_by_law),
                check!(Activity, Policy, Accountability, POLICY, [Complete], safeguards_by_policy),
                check!(Objection, Law, Lawfulness, GDPR, [Deadline, Complete], contest_is_reviewed_by_law),
                check!(Objection, Policy, Accountability, POLICY, [Deadline, Complete], contest_is_reviewed_by_policy),
            ],
        },
        Rule {
            id: "OBJ-07",
            title: words("Geen geautomatiseerde besluiten over minderjarigen", "No automated decisions on minors"),
            explanation: words(
                "Het beleid onderwerpt minderjarigen nooit aan geautomatiseerde besluiten. De wet zegt dat in een overweging, die aandacht vraagt en geen verbod is.",
                "The policy never subjects minors to automated decisions. The law says so in a recital, which asks for attention and is no prohibition.",
            ),
            sources: &["P18 8.6", "GDPR recital 71"],
            checks: &[
                check!(Activity, Policy, Accountability, POLICY, [IfThen], minors_are_spared),
                check!(Activity, Law, Lawfulness, GDPR, [IfThen], minors_need_attention),
            ],
        },
        Rule {
            id: "OBJ-08",
            title: words("Het recht van bezwaar staat apart", "The right to object stands apart"),
            explanation: words(
                "Vertelt een privacyverklaring van verwerking voor een publieke taak, een gerechtvaardigd belang of direct marketing, dan brengt zij het recht van bezwaar duidelijk en gescheiden van andere informatie onder de aandacht.",
                "Where a notice tells of processing for a public task, a legitimate interest or direct marketing, it brings the right to object to attention clearly and apart from other information.",
            ),
            sources: &["GDPR 21(4)", "P18 8.1A"],
            checks: &[check!(PrivacyNotice, Law, Lawfulness, GDPR, [Complete], objection_is_told_apart)],
        },
        Rule {
            id: "OBJ-09",
            title: words("Toestemming voor besluiten is in te trekken", "Consent to decisions can be withdrawn"),
            explanation: words(
                "Rust een geautomatiseerd besluit op toestemming, dan staat op ieder moment een kanaal open om die in te trekken.",
                "Where an automated decision rests on consent, a channel to withdraw it is open at any moment.",
            ),
            sources: &["P18 8.6", "GDPR 7(3)", "GDPR 22(2)(c)"],
            checks: &[
                check!(Activity, Policy, Accountability, POLICY, [InForceAt], consent_can_be_withdrawn),
                check!(Activity, Law, Lawfulness, GDPR, [InForceAt], consent_can_be_withdrawn),
            ],
        },
    ],
};

fn idle(nl: &str, en: &str) -> Finding {
    Finding::not_applicable(Text::new(nl, en))
}

/// None named: all.
fn about(named: &[Code], purpose: Option<&Code>) -> bool {
    named.is_empty() || purpose.is_none_or(|purpose| named.contains(purpose))
}

fn receipt(objection: &Objection) -> Option<Event> {
    let received = objection.received.as_ref()?;
    Some(Event::new(received.fact.received_at.unwrap_or(received.from), received))
}

// --- OBJ-01 ----------------------------------------------------------------------------------------------------------

/// Judges an objection on personal grounds to processing against which one can object.
fn on_personal_grounds<'w>(
    inquiry: &Inquiry<'w>,
    objection: Seen<'w, Objection>,
    judge: impl FnOnce(&'w Received, Event) -> Finding,
) -> Finding {
    let state: &'w Objection = objection.state;
    let Some((received, receipt)) = state.received.as_ref().zip(receipt(state)) else {
        return idle("er is geen bezwaar tegen verwerking ontvangen", "no objection to processing was received");
    };
    match received.fact.kind {
        Some(ObjectionKind::PersonalGrounds)
            if can_be_objected(inquiry, &received.fact, &receipt.date) == Ternary::False =>
        {
            idle(
                "de verwerking rust niet op een publieke taak of een gerechtvaardigd belang",
                "processing rests neither on a public task nor on a legitimate interest",
            )
        }
        Some(ObjectionKind::PersonalGrounds) => judge(&received.fact, receipt),
        Some(ObjectionKind::Research) => goes_on_with_grounds(state).by(received),
        Some(_) => idle(
            "het bezwaar is niet op de specifieke situatie van betrokkene gegrond",
            "the objection is not on personal grounds",
        ),
        None => unknown_kind(received),
    }
}

fn unknown_kind(received: &Dated<Received>) -> Finding {
    Finding::indeterminate(words(
        "waartegen het bezwaar is gericht, is niet vastgelegd",
        "to what the person objects is not recorded",
    ))
    .by(received)
}

/// Whether something it concerns rests on a public task or a legitimate interest, as registered when it came in.
fn can_be_objected<'w>(inquiry: &Inquiry<'w>, received: &'w Received, date: &PartialDate) -> Ternary {
    let rests = received.activities.iter().map(|stream| {
        let Some(version) = inquiry.state::<Activity>(stream).and_then(|activity| version_on(activity, date)) else {
            return Ternary::Unknown;
        };
        let mut concerned =
            version.legal_bases.iter().filter(|basis| about(&received.purposes, Some(&basis.purpose))).peekable();
        if concerned.peek().is_none() {
            return Ternary::Unknown;
        }
        concerned.any(|basis| is_open_to_objection(basis.basis)).into()
    });
    rests.reduce(Ternary::or).unwrap_or(Ternary::Unknown)
}

fn is_open_to_objection(basis: LegalBasis) -> bool {
    matches!(basis, LegalBasis::PublicTask | LegalBasis::LegitimateInterest)
}

/// That compelling grounds were found to override, for a purpose.
fn overriding(objection: &Objection, purpose: Option<&Code>) -> Option<Event> {
    let overrides = |outcome: Option<GroundsOutcome>| {
        matches!(outcome, Some(GroundsOutcome::Override | GroundsOutcome::LegalClaims))
    };
    let assessed = objection.compelling_grounds_assessed.iter();
    earliest(
        assessed
            .filter(|assessed| overrides(assessed.fact.outcome) && about(&assessed.fact.purposes, purpose))
            .map(Event::from),
    )
}

/// When processing was halted or stopped for a purpose.
fn halted(objection: &Objection, purpose: Option<&Code>) -> Option<Event> {
    let halts =
        objection.processing_halted.iter().filter(|halted| about(&halted.fact.purposes, purpose)).map(Event::from);
    let stops = objection.processing_stopped_for_subject.iter();
    let stops = stops.filter(|stopped| stopped.fact.complete != Some(false) && about(&stopped.fact.purposes, purpose));
    earliest(halts.chain(stops.map(Event::from)))
}

/// When it was settled for every purpose that the objection names that processing rests or may go on.
fn settled(objection: &Objection, purposes: &[Code]) -> Option<Event> {
    let settled =
        |purpose: Option<&Code>| earliest(halted(objection, purpose).into_iter().chain(overriding(objection, purpose)));
    if purposes.is_empty() {
        return settled(None);
    }
    let each: Option<Vec<Event>> = purposes.iter().map(|purpose| settled(Some(purpose))).collect();
    latest(each?)
}

fn halted_by_law<'w>(inquiry: &Inquiry<'w>, objection: Seen<'w, Objection>) -> Finding {
    let halted = on_personal_grounds(inquiry, objection, |received, from| {
        and_if_asked(halt(inquiry, &objection, received, from, promptly), goes_on_with_grounds(&objection))
    });
    let answered = Some(objection).filter(|objection| !is_of_marketing(objection)).map(|objection| {
        let extensions = objection
            .extended
            .iter()
            .map(|extended| extension_reason(extended.fact.reason, extended.fact.explanation.is_some()).by(extended));
        let extensions = Finding::all(extensions, || idle("de termijn is niet verlengd", "the term was not extended"));
        answered_by_law(inquiry, objection).and(extensions)
    });
    answered.into_iter().fold(halted, and_if_asked)
}

fn halted_in_house_term<'w>(inquiry: &Inquiry<'w>, objection: Seen<'w, Objection>) -> Finding {
    let halted = on_personal_grounds(inquiry, objection, |received, from| {
        and_if_asked(halt(inquiry, &objection, received, from, deadline), goes_on_with_grounds(&objection))
    });
    let answered = is_answered(inquiry, &objection, &Terms::of_policy(inquiry), |refusal| refusal.is_whole_by_policy());
    if is_of_marketing(&objection) { halted } else { and_if_asked(halted, answered) }
}

fn answered_by_law<'w>(inquiry: &Inquiry<'w>, objection: Seen<'w, Objection>) -> Finding {
    let state: &'w Objection = objection.state;
    let public_body = is_public_body(inquiry, state.received.iter().flat_map(|received| &received.fact.activities));
    is_answered(inquiry, state, &Terms::of_law(inquiry), |refusal| refusal.is_whole_by_law(public_body))
}

/// The person is told within the term what follows, and where it is refused, why and what can be done against it (Art. 12(3)-(4)).
fn is_answered(
    inquiry: &Inquiry<'_>,
    objection: &Objection,
    terms: &Terms,
    is_whole: impl Fn(&Refusal<'_>) -> Finding,
) -> Finding {
    let Some(receipt) = receipt(objection) else {
        return idle("er is geen bezwaar tegen verwerking ontvangen", "no objection to processing was received");
    };
    let extended = objection.extended.first();
    let extended = extended.map(|extended| Event::new(extended.fact.notified_at.unwrap_or(extended.from), extended));
    let asked = Asked { receipt, done: answer(objection), extended };
    let in_time = answered_in_time(inquiry, &asked, terms);
    let in_time = and_if_asked(in_time, extension_is_kept(inquiry, &asked, terms, |counted| counted));
    let refusals = objection.rejected.iter().map(|rejected| is_whole(&Refusal::from(rejected)));
    and_if_asked(
        in_time,
        Finding::all(refusals, || idle("het bezwaar is niet afgewezen", "the objection was not rejected")),
    )
}

/// When the person had been answered as to every purpose that the objection names. That direct marketing stops answers an objection to it.
fn answer(objection: &Objection) -> Option<Event> {
    let of = |purpose: Option<&Code>| {
        let upheld = objection.upheld.iter().filter(|upheld| about(&upheld.fact.purposes, purpose));
        let upheld = upheld.map(|upheld| Event::new(upheld.fact.answered_at.unwrap_or(upheld.from), upheld));
        let rejected = objection.rejected.iter().filter(|rejected| about(&rejected.fact.purposes, purpose));
        let rejected = rejected.map(|rejected| Refusal::from(rejected).announced);
        earliest(upheld.chain(rejected))
    };
    let purposes = objection.received.iter().flat_map(|received| &received.fact.purposes);
    let each: Option<Vec<Event>> = purposes.map(|purpose| of(Some(purpose))).collect();
    let told = each.and_then(|each| latest(each).or_else(|| of(None)));
    let stopped = if is_of_marketing(objection) { stop_of_marketing(objection) } else { None };
    earliest(told.into_iter().chain(stopped))
}

fn halt<'w>(
    inquiry: &Inquiry<'w>,
    objection: &Objection,
    received: &Received,
    from: Event,
    judge: impl FnOnce(&Inquiry<'w>, &Due<'_>) -> Finding,
) -> Finding {
    let what = Text::new("het opschorten van de verwerking", "halting processing");
    let (term, done) = (inquiry.house("halt"), settled(objection, &received.purposes));
    judge(inquiry, &Due { what: &what, from, done, term: term.as_ref(), calendar: Calendar::Strict })
}

/// An objection that is rejected means that processing goes on: only after compelling grounds were found to override.
fn goes_on_with_grounds(objection: &Objection) -> Finding {
    let findings = objection.rejected.iter().map(|rejected| {
        let of_all = |purposes: &[Code]| match purposes {
            [] => overriding(objection, None),
            purposes => {
                let each: Option<Vec<Event>> =
                    purposes.iter().map(|purpose| overriding(objection, Some(purpose))).collect();
                each.and_then(latest)
            }
        };
        grounds_precede(objection, rejected, of_all(&rejected.fact.purposes))
    });
    Finding::all(findings, || idle("het bezwaar is niet afgewezen", "the objection was not rejected"))
}

fn grounds_precede(objection: &Objection, rejected: &Dated<Rejected>, grounds: Option<Event>) -> Finding {
    let open = objection.compelling_grounds_assessed.iter().find(|assessed| assessed.fact.outcome.is_none());
    if let Some(open) = open.filter(|_| grounds.is_none()) {
        return Finding::indeterminate(words(
            "dwingende gronden zijn beoordeeld, maar met welke uitkomst is niet vastgelegd",
            "compelling grounds were assessed, but with which outcome is not recorded",
        ))
        .by(open)
        .by(rejected);
    }
    let research =
        objection.received.as_ref().is_some_and(|received| received.fact.kind == Some(ObjectionKind::Research));
    let finding = if research {
        Text::new(
            "het beoordelen of het onderzoek nodig is voor een taak van algemeen belang",
            "assessing whether the research is needed for a task in the public interest",
        )
    } else {
        Text::new("het aantonen van dwingende gronden", "demonstrating compelling grounds")
    };
    let rejection = Text::new("het afwijzen van het bezwaar", "rejecting the objection");
    order(Precision::Day, (&finding, grounds), (&rejection, Some(Event::from(rejected))))
}

// --- OBJ-02 ----------------------------------------------------------------------------------------------------------

fn stopped_for_all_purposes<'w>(_inquiry: &Inquiry<'w>, objection: Seen<'w, Objection>) -> Finding {
    let upheld = objection.upheld.iter().map(|upheld| {
        let named = objection.received.iter().flat_map(|received| &received.fact.purposes);
        let needed: Vec<&Code> =
            if upheld.fact.purposes.is_empty() { named.collect() } else { upheld.fact.purposes.iter().collect() };
        if needed.is_empty() { is_stopped(&objection, None) } else { all_are_stopped(&objection, &needed) }.by(upheld)
    });
    Finding::all(upheld, || idle("het bezwaar is niet gegrond verklaard", "the objection was not found justified"))
}

/// The stop for a purpose; a final stop of direct marketing is one.
fn stop(objection: &Objection, purpose: Option<&Code>) -> Option<Event> {
    let stops = objection.processing_stopped_for_subject.iter();
    let stops = stops.filter(|stopped| stopped.fact.complete != Some(false) && about(&stopped.fact.purposes, purpose));
    let of_marketing = objection.direct_marketing_stopped.iter().filter(|_| is_of_marketing(objection));
    earliest(stops.map(Event::from).chain(of_marketing.map(Event::from)))
}

fn is_stopped(objection: &Objection, purpose: Option<&Code>) -> Finding {
    match (stop(objection, purpose), halted(objection, purpose)) {
        (Some(stop), _) => {
            Finding::pass(words("de verwerking is voor betrokkene gestopt", "processing is stopped for the person"))
                .by(stop.fact)
        }
        (None, Some(halt)) => Finding::warn(words(
            "de verwerking is opgeschort en nog niet definitief gestopt",
            "processing is halted and not stopped for good yet",
        ))
        .by(halt.fact),
        (None, None) => Finding::fail(words(
            "dat de verwerking voor betrokkene is gestopt, is niet vastgelegd",
            "that processing is stopped for the person is not recorded",
        )),
    }
}

fn all_are_stopped(objection: &Objection, purposes: &[&Code]) -> Finding {
    let open = purposes.iter().filter(|purpose| stop(objection, Some(**purpose)).is_none());
    let (halted, open): (Vec<&Code>, Vec<&Code>) =
        open.copied().partition(|purpose| halted(objection, Some(purpose)).is_some());
    let needed = purposes.iter().map(|purpose| (*purpose).clone()).collect();
    let covered = purposes.iter().filter(|purpose| !open.contains(purpose)).map(|purpose| (*purpose).clone()).collect();
    let what = Text::new("de doeleinden waarvoor de verwerking stopt", "the purposes for which processing stops");
    let finding = coverage(&what, &needed, &covered);
    let finding =
        finding.by_all(purposes.iter().filter_map(|purpose| stop(objection, Some(*purpose))).map(|stop| stop.fact));
    match halted.first() {
        Some(purpose) => finding.and(Finding::warn(say!(
            "voor {purpose} is de verwerking opgeschort en nog niet definitief gestopt",
            "for {purpose} processing is halted and not stopped for good yet"
        ))),
        None => finding,
    }
}

// --- OBJ-03 ----------------------------------------------------------------------------------------------------------

fn is_of_marketing(objection: &Objection) -> bool {
    let kind = objection.received.as_ref().and_then(|received| received.fact.kind);
    matches!(kind, Some(ObjectionKind::DirectMarketing | ObjectionKind::Retargeting))
}

/// By law the stop knows no delay: the day of the receipt does not count, and the next is the last (Art. 21(3)).
const AT_ONCE: Term = Term::days(1);

fn marketing_stops_by_law<'w>(inquiry: &Inquiry<'w>, objection: Seen<'w, Objection>) -> Finding {
    on_marketing(objection, |from| {
        let stopped = stops_at_once(inquiry, from, stop_of_marketing(&objection));
        let stays = stays_stopped(&objection).and(nothing_is_sent(inquiry, objection, from, from));
        and_if_asked(stopped.and(stays).and(profiling_stops(&objection)), answered_by_law(inquiry, objection))
    })
}

fn stops_at_once(inquiry: &Inquiry<'_>, from: Event, done: Option<Event>) -> Finding {
    let limit = Calendar::Strict.count(&AT_ONCE, &from.date).limit;
    let at = from.date;
    match done.filter(|done| inquiry.happened(&done.date) != Ternary::False) {
        Some(done) => {
            let date = done.date;
            let stopped = say!("direct marketing is gestopt op {date}", "direct marketing was stopped on {date}");
            decide(
                limit.met_by(&date),
                || Finding::pass(stopped.clone()),
                || {
                    Finding::fail(say!(
                        "direct marketing is pas gestopt op {date}, na een bezwaar van {at}",
                        "direct marketing was stopped only on {date}, after an objection of {at}"
                    ))
                },
                || Finding::indeterminate(stopped.clone()),
            )
            .by(done.fact)
        }
        None => {
            let open = say!(
                "direct marketing is niet gestopt na het bezwaar van {at}",
                "direct marketing is not stopped after the objection of {at}"
            );
            if inquiry.passed(&limit) == Ternary::True { Finding::fail(open) } else { Finding::warn(open) }
        }
    }
    .by(from.fact)
}

fn marketing_stops_by_policy<'w>(inquiry: &Inquiry<'w>, objection: Seen<'w, Objection>) -> Finding {
    on_marketing(objection, |from| marketing_stops(inquiry, objection, from, inquiry.house("marketingStop").as_ref()))
}

/// The first stop of direct marketing.
fn stop_of_marketing(objection: &Objection) -> Option<Event> {
    let stops = objection.direct_marketing_stopped.iter().map(Event::from);
    earliest(stops.chain(stop(objection, None)))
}

/// Judges an objection to direct marketing; adverts that follow a person are that too.
fn on_marketing<'w>(objection: Seen<'w, Objection>, judge: impl FnOnce(Event) -> Finding) -> Finding {
    match (&objection.received, receipt(&objection)) {
        (Some(received), _) if received.fact.kind.is_none() => unknown_kind(received),
        (Some(_), Some(receipt)) if is_of_marketing(&objection) => judge(receipt),
        _ => idle("het bezwaar is niet tegen direct marketing gericht", "the objection is not to direct marketing"),
    }
}

/// Marketing stops in time, stays stopped, and nothing is sent after the stop or after the term for it.
fn marketing_stops<'w>(
    inquiry: &Inquiry<'w>,
    objection: Seen<'w, Objection>,
    from: Event,
    term: Option<&Parameter>,
) -> Finding {
    let what = Text::new("het stoppen van direct marketing", "stopping direct marketing");
    let done = stop_of_marketing(&objection);
    let due = Due { what: &what, from, done, term, calendar: Calendar::Strict };
    let limit =
        count(&due).map(|(counted, _)| Event { date: PartialDate::Exact(counted.limit.latest), fact: from.fact });
    // Without a term nothing may be sent from the objection on.
    let silent_from = earliest(done.into_iter().chain(limit)).filter(|_| limit.is_some()).unwrap_or(from);
    deadline(inquiry, &due).and(stays_stopped(&objection)).and(nothing_is_sent(inquiry, objection, from, silent_from))
}

/// A stop that no list remembers, or that is for some platforms only, may not last.
fn stays_stopped(objection: &Objection) -> Finding {
    let Some(stopped) = objection.direct_marketing_stopped.first() else {
        return idle("direct marketing is nog niet gestopt", "direct marketing is not stopped yet");
    };
    let remembered = !objection.suppression_listed.is_empty()
        || objection.direct_marketing_stopped.iter().any(|stop| stop.fact.suppression.is_some());
    let listed = if remembered {
        Finding::pass(words("een blokkeerlijst onthoudt het bezwaar", "a suppression list remembers the objection"))
            .by_all(&objection.suppression_listed)
    } else {
        Finding::warn(words("geen blokkeerlijst onthoudt het bezwaar", "no suppression list remembers the objection"))
    };
    let everywhere = objection.direct_marketing_stopped.iter().any(|stop| stop.fact.platforms.is_empty());
    let reach = if everywhere {
        idle("overal gestopt", "stopped everywhere")
    } else {
        Finding::warn(words(
            "direct marketing is alleen op sommige platforms gestopt",
            "direct marketing is stopped on some platforms only",
        ))
    };
    listed.and(reach).by(stopped)
}

fn profiling_stops(objection: &Objection) -> Finding {
    let goes_on = objection.direct_marketing_stopped.last().filter(|stop| stop.fact.profiling_stopped == Some(false));
    match goes_on {
        Some(stop) => Finding::fail(words(
            "de profilering voor direct marketing gaat door",
            "profiling for direct marketing goes on",
        ))
        .by(stop),
        None => idle("niets wijst erop dat de profilering doorgaat", "nothing says that profiling goes on"),
    }
}

fn nothing_is_sent<'w>(
    inquiry: &Inquiry<'w>,
    objection: Seen<'w, Objection>,
    received: Event,
    silent_from: Event,
) -> Finding {
    let state: &'w Objection = objection.state;
    let what = Text::new("direct marketing aan betrokkene", "direct marketing to the person");
    let (mut unsure, mut without) = (Vec::new(), Vec::new());
    for sent in &state.direct_marketing_sent {
        match rests_on_new_consent(inquiry, sent, received) {
            Ternary::True => {}
            Ternary::False => without.push(sent),
            Ternary::Unknown => unsure.push(sent),
        }
    }
    let unsure = unsure.into_iter().map(|sent| {
        let text = words(
            "of de nieuwe toestemming voor de verzending gold, is niet vast te stellen",
            "whether the new consent held for what was sent cannot be told",
        );
        Finding::indeterminate(text).by(sent)
    });
    // Such a fact says itself that it came after the objection.
    let despite = state.sent_despite_objection.iter().map(|sent| {
        let date = sent.from;
        let finding = Finding::fail(say!(
            "ondanks het bezwaar is op {date} toch direct marketing verzonden",
            "despite the objection direct marketing was sent on {date}"
        ));
        finding.by(sent)
    });
    let mut findings: Vec<Finding> = despite.chain(unsure).collect();
    if findings.is_empty() || !without.is_empty() {
        findings.push(no_event_after(&what, silent_from, without.into_iter().map(Event::from)));
    }
    Finding::all(findings, || idle("er is niets verzonden", "nothing was sent"))
}

/// From a stop only a new consent leads back, given after the objection and before what was sent, and not withdrawn by then.
fn rests_on_new_consent<'w>(inquiry: &Inquiry<'w>, sent: &'w Dated<DirectMarketingSent>, received: Event) -> Ternary {
    let Some(stream) = &sent.fact.consent else { return Ternary::False };
    let Some(consent) = inquiry.state_with_later_facts::<Consent>(stream) else { return Ternary::Unknown };
    let Some(given) = consent.given else { return Ternary::Unknown };
    let withdrawn = consent.withdrawn.map_or(Ternary::False, |withdrawn| withdrawn.not_after(&sent.from));
    let invalid = consent.invalidity.as_ref().map_or(Ternary::False, |invalidity| match invalidity.finding.effect {
        AnnulmentEffect::ExTunc => Ternary::True,
        AnnulmentEffect::ExNunc => invalidity.at.not_after(&sent.from),
    });
    received.date.before(&given).and(given.not_after(&sent.from)).and(withdrawn.or(invalid).not())
}

// --- OBJ-04 ----------------------------------------------------------------------------------------------------------

fn retargeting_stops<'w>(inquiry: &Inquiry<'w>, objection: Seen<'w, Objection>) -> Finding {
    let by_kind =
        objection.received.as_ref().is_some_and(|received| received.fact.kind == Some(ObjectionKind::Retargeting));
    let complaints = inquiry.related::<Case>("objection", objection.stream);
    let complained = complaints.iter().any(|case| case.category == Some(CaseCategory::Retargeting));
    let Some(from) = receipt(&objection).filter(|_| by_kind || complained) else {
        return idle(
            "het bezwaar gaat niet over retargeting of automatische opvolging",
            "the objection is not about retargeting or automated follow-up",
        );
    };
    let term = inquiry.parameter(&[Governance::Guideline], "marketingStop").or_else(|| inquiry.house("marketingStop"));
    marketing_stops(inquiry, objection, from, term.as_ref())
}

fn retargeting_complaint_is_objection<'w>(_inquiry: &Inquiry<'w>, case: Seen<'w, Case>) -> Finding {
    complaint_is_objection(case, &[CaseCategory::Retargeting])
}

fn marketing_complaint_is_objection<'w>(_inquiry: &Inquiry<'w>, case: Seen<'w, Case>) -> Finding {
    complaint_is_objection(case, &[CaseCategory::Retargeting, CaseCategory::DirectMarketing])
}

fn complaint_is_objection(case: Seen<'_, Case>, categories: &[CaseCategory]) -> Finding {
    let complaint = case
        .complaint_received
        .as_ref()
        .filter(|_| case.category.is_some_and(|category| categories.contains(&category)));
    let Some(complaint) = complaint else {
        return idle("dit is geen klacht die een bezwaar is", "this is no complaint that is an objection");
    };
    let opened = case.impact_triaged.iter().filter(|triaged| triaged.fact.objection.is_some());
    let finding = if case.objection.is_some() {
        Finding::pass(words("de klacht is als bezwaar opgepakt", "the complaint was taken up as an objection"))
            .by_all(opened)
    } else {
        Finding::fail(words("de klacht is niet als bezwaar opgepakt", "the complaint was not taken up as an objection"))
    };
    finding.by(complaint)
}

// --- Automated decisions ---------------------------------------------------------------------------------------------

/// The ground of automated decisions, and the fact that says so.
struct Ground<'w> {
    kind: AutomatedDecisionGround,
    reference: Option<&'w LegalReference>,
    fact: Evidence,
}

/// Judges a running activity in which decisions with effect on people are automated. The register entry and the declarations may
/// both say it; the later one counts.
fn on_decisions<'w>(activity: Seen<'w, Activity>, judge: impl FnOnce(Option<Ground<'w>>) -> Finding) -> Finding {
    if activity.status != ActivityStatus::Active {
        return idle("de verwerking is niet actief", "processing is not active");
    }
    let state: &'w Activity = activity.state;
    let entry = said_by_the_entry(state);
    let declared = state.automated_decision_declarations.last();
    let (taken, fact) = match (entry, declared) {
        (entry, Some(declared)) if entry.is_none_or(|entry| entry.is_not_later_than(declared)) => {
            (declared.fact.taken.unwrap_or(true), declared.evidence())
        }
        (Some(entry), _) => (entry.taken, entry.sequence.evidence()),
        (None, _) => {
            return idle("geautomatiseerde besluiten zijn niet opgegeven", "no automated decisions are declared");
        }
    };
    if !taken {
        return idle("er worden geen geautomatiseerde besluiten genomen", "no automated decisions are taken").by(fact);
    }
    if declared.is_some_and(|declared| declared.fact.significant_effect == Some(false)) {
        return idle(
            "de besluiten hebben geen rechtsgevolg of vergelijkbaar gevolg",
            "the decisions have no legal or similarly significant effect",
        )
        .by(fact);
    }
    let recorded = state.automated_decision_grounds.last();
    let ground = match (entry.and_then(|entry| Some((entry, entry.ground?))), recorded) {
        (entry, Some(recorded)) if entry.is_none_or(|(entry, _)| entry.is_not_later_than(recorded)) => Some(Ground {
            kind: recorded.fact.ground,
            reference: recorded.fact.legal_reference.as_ref(),
            fact: recorded.evidence(),
        }),
        (Some((entry, kind)), _) => Some(Ground { kind, reference: None, fact: entry.sequence.evidence() }),
        (None, _) => None,
    };
    judge(ground).by(fact)
}

/// What the register entry says of automated decisions, since when.
#[derive(Clone, Copy)]
struct Entry {
    taken: bool,
    ground: Option<AutomatedDecisionGround>,
    from: PartialDate,
    sequence: Sequence,
}

impl Entry {
    fn is_not_later_than<T>(&self, fact: &Dated<T>) -> bool {
        (self.from.earliest(), self.sequence) <= (fact.from.earliest(), fact.sequence)
    }
}

/// A version that repeats what the one before said, says nothing new.
fn said_by_the_entry(activity: &Activity) -> Option<Entry> {
    let mut said: Option<Entry> = None;
    for version in activity.versions() {
        let decisions = version.entry.automated_decisions.as_ref();
        let same = |said: &Entry| decisions.is_some_and(|now| (now.taken, now.ground) == (said.taken, said.ground));
        if !said.as_ref().is_some_and(same) {
            said = decisions.map(|now| Entry {
                taken: now.taken,
                ground: now.ground,
                from: version.from,
                sequence: version.sequence,
            });
        }
    }
    said
}

/// The texts by which consent is asked for the purposes of an activity, that are known at the moment.
fn consent_texts<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Vec<Seen<'w, ConsentText>> {
    let state: &'w Activity = activity.state;
    let asked = state.legal_bases().iter().filter(|basis| basis.basis == LegalBasis::Consent);
    asked.filter_map(|basis| inquiry.state::<ConsentText>(basis.consent_text.as_ref()?)).collect()
}

// --- OBJ-05 ----------------------------------------------------------------------------------------------------------

fn no_ground() -> Finding {
    Finding::fail(words(
        "voor de geautomatiseerde besluiten is geen grond vastgelegd",
        "no ground is recorded for the automated decisions",
    ))
}

fn decisions_have_a_ground<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    on_decisions(activity, |ground| {
        let Some(ground) = ground else { return no_ground() };
        match ground.kind {
            AutomatedDecisionGround::Contract
                if activity.legal_bases().iter().any(|basis| basis.basis == LegalBasis::Contract) =>
            {
                Finding::pass(words(
                    "de besluiten zijn nodig voor een overeenkomst",
                    "the decisions are necessary for a contract",
                ))
            }
            AutomatedDecisionGround::Contract => Finding::warn(words(
                "de besluiten heten nodig voor een overeenkomst, maar geen doeleinde rust op een overeenkomst",
                "the decisions are said to be necessary for a contract, but no purpose rests on one",
            )),
            AutomatedDecisionGround::Law => match ground.reference {
                Some(reference) => statute_holds(inquiry, reference).and(no_profiling_by_the_act(activity, reference)),
                None => Finding::fail(words(
                    "welke wet de besluiten toestaat, is niet vastgelegd",
                    "which statute allows the decisions is not recorded",
                )),
            },
            AutomatedDecisionGround::ExplicitConsent => explicit_consent_is_asked(inquiry, activity),
        }
        .and(special_categories_are_open(activity))
        .by(ground.fact)
    })
}

/// The exception of the Dutch Act is not for profiling (UAVG Art. 40(1)).
fn no_profiling_by_the_act<'w>(activity: Seen<'w, Activity>, reference: &LegalReference) -> Finding {
    let article = reference.article.as_ref().map_or("", |article| article.as_str());
    if reference.instrument.as_str() != "LEX-UAVG" || !(article.is_empty() || article.starts_with("40")) {
        return idle("de uitzondering van de UAVG is niet ingeroepen", "the exception of the Act is not invoked");
    }
    let state: &'w Activity = activity.state;
    let declared = state.automated_decision_declarations.iter().rev().find_map(|declared| declared.fact.profiling);
    let scored = state.screenings.last().is_some_and(|screening| {
        screening.fact.criteria.iter().flatten().any(|criterion| *criterion == ScreeningCriterion::EvaluationOrScoring)
    });
    match declared {
        Some(true) => Finding::fail(words(
            "de besluiten berusten op profilering, waarvoor UAVG 40 niet geldt",
            "the decisions rest on profiling, to which UAVG 40 does not apply",
        )),
        Some(false) => {
            Finding::pass(words("de besluiten berusten niet op profilering", "the decisions do not rest on profiling"))
        }
        None if scored => Finding::fail(words(
            "volgens de DPIA-screening worden mensen beoordeeld of ingedeeld; voor profilering geldt UAVG 40 niet",
            "by the screening for an impact assessment people are evaluated or scored; UAVG 40 does not apply to profiling",
        )),
        None => Finding::indeterminate(words(
            "of de besluiten op profilering berusten, waarvoor UAVG 40 niet geldt, is niet vastgelegd",
            "whether the decisions rest on profiling, to which UAVG 40 does not apply, is not recorded",
        )),
    }
}

/// Decisions rest on special categories only with explicit consent or a substantial public interest, and with safeguards (Art. 22(4)).
fn special_categories_are_open<'w>(activity: Seen<'w, Activity>) -> Finding {
    use SpecialCategoryGround::{ExplicitConsent, SubstantialPublicInterest};
    let state: &'w Activity = activity.state;
    let named = state.current.iter().flat_map(|version| &version.entry.data_categories);
    let special: BTreeSet<SpecialCategory> = named.filter_map(|category| category.special).collect();
    let findings = special.into_iter().map(|category| {
        let Text { nl, en } = Text::label(&category);
        let ground = state.special_category_grounds.iter().rev().find(|ground| ground.fact.category == category);
        match ground {
            Some(ground) if matches!(ground.fact.ground, ExplicitConsent | SubstantialPublicInterest) => Finding::pass(
                say!("voor {nl} geldt een grond van artikel 22 lid 4", "for {en} a ground of Art. 22(4) holds"),
            )
            .by(ground),
            Some(ground) => Finding::fail(say!(
                "de besluiten gebruiken {nl} op een grond die artikel 22 lid 4 daarvoor niet toelaat",
                "the decisions use {en} on a ground that Art. 22(4) does not allow for them"
            ))
            .by(ground),
            None => Finding::fail(say!(
                "de besluiten gebruiken {nl}, en een grond van artikel 22 lid 4 is niet vastgelegd",
                "the decisions use {en}, and a ground of Art. 22(4) is not recorded"
            )),
        }
    });
    let findings: Vec<Finding> = findings.collect();
    let safeguarded = if findings.is_empty() || !state.automated_decision_safeguards.is_empty() {
        idle("waarborgen zijn vastgelegd", "safeguards are recorded")
    } else {
        Finding::fail(words(
            "passende maatregelen bij besluiten met bijzondere categorieën zijn niet vastgelegd",
            "suitable measures for decisions with special categories are not recorded",
        ))
    };
    Finding::all(findings, || idle("er zijn geen bijzondere categorieën", "there are no special categories"))
        .and(safeguarded)
}

fn explicit_consent_is_asked<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let texts = consent_texts(inquiry, activity);
    let in_use = texts.iter().filter(|text| text.status == TextStatus::InForce);
    let versions: Vec<Sequence> =
        in_use.flat_map(|text| text.versions.last()).map(|version| version.sequence).collect();
    if versions.is_empty() {
        return Finding::fail(words(
            "de besluiten rusten op uitdrukkelijke toestemming, maar geen toestemmingstekst is in gebruik",
            "the decisions rest on explicit consent, but no consent text is in use",
        ));
    }
    Finding::pass(words("uitdrukkelijke toestemming wordt gevraagd", "explicit consent is asked")).by_all(versions)
}

fn decisions_have_a_policy_ground<'w>(_inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    on_decisions(activity, |ground| match ground {
        Some(ground) => {
            let Text { nl, en } = Text::label(&ground.kind);
            Finding::pass(say!("het beleid kent de grond {nl}", "the policy knows the ground {en}")).by(ground.fact)
        }
        None => no_ground(),
    })
}

fn guideline_accepts_ground<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    on_decisions(activity, |ground| {
        let Some(accepted) = inquiry.parameter(&[Governance::Guideline], "admGround") else {
            return idle(
                "de richtlijn noemt niet welke grond zij aanvaardt",
                "the guideline does not list which ground it accepts",
            );
        };
        let Some(ground) = ground else { return no_ground() };
        let Text { nl, en } = Text::label(&ground.kind);
        if accepted.has(&key_text(&ground.kind)) {
            Finding::pass(say!("de richtlijn aanvaardt de grond {nl}", "the guideline accepts the ground {en}"))
        } else {
            Finding::fail(say!(
                "de richtlijn aanvaardt de grond {nl} niet",
                "the guideline does not accept the ground {en}"
            ))
        }
        .by(ground.fact)
    })
}

// --- OBJ-06 ----------------------------------------------------------------------------------------------------------

fn safeguards_by_law<'w>(_inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    on_decisions(activity, |ground| {
        let by_statute = ground.is_some_and(|ground| ground.kind == AutomatedDecisionGround::Law);
        let finding = safeguards_are_complete(&activity);
        // Where a statute allows the decisions, it has to bring the safeguards itself (Art. 22(2)(b)).
        if by_statute { finding.at_most_warn() } else { finding }
    })
}

fn safeguards_by_policy<'w>(_inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    on_decisions(activity, |_| safeguards_are_complete(&activity))
}

fn safeguards_are_complete(activity: &Activity) -> Finding {
    let safeguards = activity.automated_decision_safeguards.last();
    let has = |part: Option<Option<bool>>| part.flatten() == Some(true);
    let what = Text::new("de waarborgen bij geautomatiseerde besluiten", "the safeguards of automated decisions");
    let parts = [
        (
            Text::new("de menselijke tussenkomst", "human intervention"),
            has(safeguards.map(|safeguards| safeguards.fact.human_intervention)),
        ),
        (
            Text::new("het kenbaar maken van het standpunt", "expressing a point of view"),
            has(safeguards.map(|safeguards| safeguards.fact.point_of_view)),
        ),
        (
            Text::new("het aanvechten van het besluit", "contesting the decision"),
            has(safeguards.map(|safeguards| safeguards.fact.contestable)),
        ),
    ];
    complete(&what, parts).by_all(safeguards)
}

fn contest_is_reviewed_by_law<'w>(inquiry: &Inquiry<'w>, objection: Seen<'w, Objection>) -> Finding {
    contests_are_reviewed(inquiry, &objection, inquiry.law_parameter("LEX-GDPR", "dsrTerm").as_ref(), UNION)
}

fn contest_is_reviewed_by_policy<'w>(inquiry: &Inquiry<'w>, objection: Seen<'w, Objection>) -> Finding {
    contests_are_reviewed(inquiry, &objection, inquiry.house("dsrTerm").as_ref(), Calendar::Strict)
}

fn contests_are_reviewed(
    inquiry: &Inquiry<'_>,
    objection: &Objection,
    term: Option<&Parameter>,
    calendar: Calendar,
) -> Finding {
    let what = Text::new("de menselijke herbeoordeling", "the human review");
    let findings = objection.automated_decision_contested.iter().map(|contested| {
        let from = contested_at(contested);
        let review =
            objection.human_review_performed.iter().find(|review| review.from.before(&from.date) != Ternary::True);
        let in_time = deadline(inquiry, &Due { what: &what, from, done: review.map(Event::from), term, calendar });
        match review {
            Some(review) => in_time.and(review_is_real(review)),
            None => in_time.and(not_rejected_unseen(objection)),
        }
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        idle("er is geen geautomatiseerd besluit betwist", "no automated decision is contested")
    })
}

fn contested_at(contested: &Dated<AutomatedDecisionContested>) -> Event {
    Event::new(contested.fact.received_at.unwrap_or(contested.from), contested)
}

fn review_is_real(review: &Dated<HumanReviewPerformed>) -> Finding {
    let what = Text::new("de herbeoordeling", "the review");
    // What is not said of a review does not count against it.
    let parts = [
        (
            Text::new("een bevoegde en deskundige beoordelaar", "a reviewer with authority and knowledge"),
            review.fact.competent != Some(false),
        ),
        (Text::new("het horen van het standpunt", "hearing the point of view"), review.fact.view_heard != Some(false)),
    ];
    complete(&what, parts).by(review)
}

fn not_rejected_unseen(objection: &Objection) -> Finding {
    match objection.rejected.first() {
        Some(rejected) => {
            Finding::fail(words("afgewezen zonder menselijke herbeoordeling", "rejected without a human review"))
                .by(rejected)
        }
        None => idle("er is nog niet beslist", "nothing is decided yet"),
    }
}

// --- OBJ-07 ----------------------------------------------------------------------------------------------------------

/// The category of data subjects by which the register names minors.
const MINOR: &str = "MINOR";

fn minors_are_spared<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let age = inquiry.house("minorAge");
    decides_on_minors(activity, age.as_ref())
}

fn minors_need_attention<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let age = inquiry.age_of_minority();
    decides_on_minors(activity, age.as_ref()).at_most_warn()
}

fn decides_on_minors(activity: Seen<'_, Activity>, age: Option<&Parameter>) -> Finding {
    on_decisions(activity, |_| {
        let entry = activity.current.as_ref();
        let of_age = age.and_then(|age| age.number);
        let (nl, en) = of_age.map_or_else(Default::default, |age| {
            (format!(" (jonger dan {age} jaar)"), format!(" (younger than {age})"))
        });
        let finding = match entry.map(|version| version.entry.subject_categories.as_slice()) {
            None | Some([]) => Finding::indeterminate(words(
                "over wie de besluiten gaan, is niet vastgelegd",
                "whom the decisions are about is not recorded",
            )),
            Some(categories) if categories.iter().any(|category| category.as_str() == MINOR) => Finding::fail(say!(
                "er worden geautomatiseerde besluiten genomen over minderjarigen{nl}",
                "automated decisions are taken on minors{en}"
            )),
            Some(_) => Finding::pass(say!(
                "de besluiten gaan niet over minderjarigen{nl}",
                "the decisions are not about minors{en}"
            )),
        };
        finding.by_all(entry.map(|version| version.sequence))
    })
}

// --- OBJ-08 ----------------------------------------------------------------------------------------------------------

/// The kinds of use that are direct marketing.
const MARKETING: [&str; 2] = ["DIRECT_MARKETING", "RETARGETING"];

fn objection_is_told_apart<'w>(inquiry: &Inquiry<'w>, notice: Seen<'w, PrivacyNotice>) -> Finding {
    let state: &'w PrivacyNotice = notice.state;
    let Some(version) = &state.current else {
        return idle("er wordt geen privacyverklaring aangeboden", "no notice is offered");
    };
    let activities = state.activities.iter().filter_map(|stream| inquiry.state::<Activity>(stream));
    let ended = |activity: &Activity| matches!(activity.status, ActivityStatus::Ceased | ActivityStatus::Obsolete);
    let open = |activity: &Activity| {
        let marketing = activity.kind.as_ref().is_some_and(|kind| MARKETING.contains(&kind.as_str()));
        marketing || activity.legal_bases().iter().any(|basis| is_open_to_objection(basis.basis))
    };
    // All are looked at, so that each can move the horizon.
    let concerned: Vec<bool> = activities.map(|activity| !ended(&activity) && open(&activity)).collect();
    let told = version.fact.legal_bases.iter().any(|basis| is_open_to_objection(*basis));
    if !told && !concerned.contains(&true) {
        return idle(
            "tegen deze verwerking staat geen recht van bezwaar open",
            "there is no right to object to this processing",
        )
        .by(version);
    }
    match version.fact.objection_separate {
        Some(true) => Finding::pass(words(
            "het recht van bezwaar is apart onder de aandacht gebracht",
            "the right to object is brought to attention apart from all else",
        )),
        Some(false) => {
            Finding::fail(words("het recht van bezwaar staat niet apart", "the right to object does not stand apart"))
        }
        None => Finding::fail(words(
            "dat het recht van bezwaar apart onder de aandacht is gebracht, is niet vastgelegd",
            "that the right to object is brought to attention apart from all else is not recorded",
        )),
    }
    .by(version)
}

// --- OBJ-09 ----------------------------------------------------------------------------------------------------------

fn consent_can_be_withdrawn<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    on_decisions(activity, |ground| {
        let Some(ground) = ground.filter(|ground| ground.kind == AutomatedDecisionGround::ExplicitConsent) else {
            return idle("de besluiten rusten niet op toestemming", "the decisions do not rest on consent");
        };
        let texts = consent_texts(inquiry, activity);
        let findings = texts.iter().map(|text| {
            let said = text.versions.last().map(|version| version.sequence);
            let finding = if text.withdrawal_channels.is_empty() {
                Finding::fail(words(
                    "er staat geen kanaal open om toestemming in te trekken",
                    "no channel to withdraw consent is open",
                ))
            } else {
                Finding::pass(words(
                    "er staat een kanaal open om toestemming in te trekken",
                    "a channel to withdraw consent is open",
                ))
            };
            finding.by_all(said)
        });
        let nothing = || {
            Finding::fail(words(
                "hoe toestemming kan worden ingetrokken, is niet vastgelegd",
                "how consent can be withdrawn is not recorded",
            ))
        };
        Finding::all(findings, nothing).by(ground.fact)
    })
}

#[cfg(test)]
mod tests;
