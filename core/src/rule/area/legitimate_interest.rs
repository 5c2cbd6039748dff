//! Legitimate interest (GDPR Art. 6(1)(f), recital 47): the three tests, made and approved before the basis is relied on, shown to who
//! asks for them, told to those it is about, and made again in time.
//!
//! Whether an activity may rest on it is judged on the activity; what an assessment has to contain, on the assessment, once it is
//! approved: before that nothing rests on it, and afterwards no more.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::BTreeSet;

use crate::family::activity::{Activity, ActivityStatus, LegalBasis, StandingBasis};
use crate::family::agreement::{Agreement, Clause, Coverage};
use crate::family::consent_text::Materiality;
use crate::family::dossier::Dated;
use crate::family::governance_instrument::InstrumentKind as Governance;
use crate::family::kit::key_text;
use crate::family::legal_instrument::{InstrumentKind as Legal, LegalInstrument};
use crate::family::legitimate_interest_assessment::{
    AlternativeOutcome, AssessmentStatus, BalancingOutcome, DisclosedTo, InterestIdentified, InterestsBalanced,
    LegitimateInterestAssessment, NecessityAssessed,
};
use crate::family::objection::{Objection, ObjectionStatus};
use crate::family::privacy_notice::{ExemptionGround, PrivacyNotice};
use crate::family::publication::{Publication, PublicationStatus};
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, GUIDELINE, HOUSE, Parameter, SUPERVISOR, Validity};
use crate::rule::officers::advice_is_answered;
use crate::rule::template::{
    Due, Event, Period, Precision, age, complete, coverage, deadline, decide, if_then, in_force_at, order,
};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Finding, Mark, Says};
use crate::time::{Calendar, Limit, PartialDate, Ternary};

pub(in crate::rule) const AREA: Area = Area {
    name: words("gerechtvaardigd belang", "legitimate interest"),
    rules: &[
        Rule {
            id: "LIA-01",
            title: words(
                "Een gerechtvaardigd belang rust op drie toetsen",
                "A legitimate interest rests on three tests",
            ),
            explanation: words(
                "Rust een doeleinde van een lopende verwerking op een gerechtvaardigd belang, dan is er voor dat doeleinde een goedgekeurde belangenafweging met haar drie delen: belang, noodzaak en afweging. Geen van de drie valt negatief uit.",
                "Where a purpose of running processing rests on a legitimate interest, there is an approved assessment for that purpose with its three parts: interest, necessity and balancing. None of the three comes out against it.",
            ),
            sources: &["GDPR 6(1)(f)", "G24 3.1"],
            checks: &[
                // The balance must exist, not the document: what is missing is that it can be shown (Art. 5(2)).
                check!(Activity, Law, Accountability, GDPR, [InForceAt, Complete], rests_on_an_assessment),
                check!(
                    Activity,
                    Guideline,
                    Accountability,
                    GUIDELINE,
                    [InForceAt, Complete],
                    guideline_asks_three_tests
                ),
            ],
        },
        Rule {
            id: "LIA-02",
            title: words("Het belang is echt en door het recht erkend", "The interest is real and recognised by law"),
            explanation: words(
                "De afweging zegt dat het belang door het recht is erkend, daadwerkelijk en actueel. Of een zuiver commercieel belang gerechtvaardigd kan zijn, is omstreden: de richtlijn en de toezichthouder sluiten het uit zolang hun uitspraak geldt; een latere rechterlijke uitspraak hierover neemt die van de toezichthouder haar gewicht.",
                "The assessment says that the interest is recognised by law, real and present. Whether a purely commercial interest can be legitimate is contested: the guideline and the supervisory authority exclude it as long as what they say is in force; a later judgment on it takes the weight from what the authority said.",
            ),
            sources: &["GDPR 6(1)(f)", "GDPR recital 47", "CJEU C-621/22", "G24 3.1"],
            checks: &[
                check!(
                    LegitimateInterestAssessment,
                    Guideline,
                    Accountability,
                    GUIDELINE,
                    [LegalValidity, Complete],
                    guideline_accepts_interest
                ),
                check!(LegitimateInterestAssessment, Law, Accountability, GDPR, [Complete], interest_qualifies),
                check!(
                    LegitimateInterestAssessment,
                    Supervisor,
                    Accountability,
                    SUPERVISOR,
                    [LegalValidity],
                    authority_accepts_interest
                ),
            ],
        },
        Rule {
            id: "LIA-03",
            title: words("De verwerking is noodzakelijk", "The processing is necessary"),
            explanation: words(
                "De afweging noemt ten minste één lichter middel en waarom dat niet volstaat, zegt waarom de verwerking evenredig is, en gebruikt geen andere gegevens dan het register noemt.",
                "The assessment names at least one lighter means and why it does not serve, says why the processing is proportionate, and uses no other data than the register names.",
            ),
            sources: &["GDPR 6(1)(f)", "GDPR 5(1)(c)", "G24 3.1"],
            checks: &[check!(
                LegitimateInterestAssessment,
                Law,
                Accountability,
                GDPR,
                [Complete, Coverage],
                necessity_is_shown
            )],
        },
        Rule {
            id: "LIA-04",
            title: words("De afweging is zorgvuldig en vastgelegd", "The balancing is careful and on record"),
            explanation: words(
                "De afweging noemt de gevolgen, de redelijke verwachtingen, kwetsbare groepen en kinderen, de waarborgen en de uitkomst, en zegt wie haar wanneer goedkeurde.",
                "The balancing names the impacts, the reasonable expectations, vulnerable groups and children, the safeguards and the outcome, and says who approved it and when.",
            ),
            sources: &["GDPR 6(1)(f)", "GDPR 5(2)", "G24 3.1"],
            checks: &[check!(
                LegitimateInterestAssessment,
                Law,
                Accountability,
                GDPR,
                [Complete],
                balancing_is_careful
            )],
        },
        Rule {
            id: "LIA-05",
            title: words(
                "De afweging gaat aan het beroep op de grondslag vooraf",
                "The assessment comes before the basis is relied on",
            ),
            explanation: words(
                "De belangenafweging is goedgekeurd voordat de verwerking op de grondslag steunt. Zolang zij dan ontbreekt, wordt niet voldaan; is zij later alsnog goedgekeurd, dan blijft dat een aandachtspunt.",
                "The assessment is approved before the processing relies on the basis. As long as it is lacking then, this is not met; approved late, it stays something to attend to.",
            ),
            sources: &["GDPR 6(1)(f)", "G24 3.1"],
            checks: &[check!(Activity, Law, Lawfulness, GDPR, [Order], assessed_beforehand)],
        },
        Rule {
            id: "LIA-06",
            title: words("De afweging kan worden getoond", "The assessment can be shown"),
            explanation: words(
                "Wie om een goedgekeurde belangenafweging vraagt, krijgt haar binnen de termijn voor verzoeken van betrokkenen. Een samenvatting die ieder mag zien, is goed gebruik: ontbreekt zij, dan is dat een aandachtspunt. Een vraag die nergens is vastgelegd, is niet getoetst.",
                "Who asks for an approved assessment gets it within the term for requests of data subjects. A summary that anybody may see is good practice: its lack is to be attended to. A request that is recorded nowhere is not tested.",
            ),
            sources: &["GDPR 5(2)", "GDPR 12(3)", "GDPR 21(4)", "GDPR 58(1)", "G24 3.1"],
            checks: &[
                check!(
                    LegitimateInterestAssessment,
                    Law,
                    Accountability,
                    GDPR,
                    [InForceAt, Deadline],
                    assessment_can_be_shown
                ),
                check!(
                    LegitimateInterestAssessment,
                    Policy,
                    Accountability,
                    Applies::Adopted(&[Governance::Policy]),
                    [Deadline],
                    assessment_is_shown_in_time,
                ),
            ],
        },
        Rule {
            id: "LIA-07",
            title: words(
                "Zonder toestemming in beeld is een uitzondering",
                "To be shown without consent is an exception",
            ),
            explanation: words(
                "Staan in een publicatie mensen op grond van een gerechtvaardigd belang, dan was de afweging daarvoor goedgekeurd en zegt zij met redenen dat toestemming vragen onmogelijk is of onredelijke inspanning vergt.",
                "Where people are in a publication by legitimate interest, the assessment for it was approved before, and says with reasons that asking consent is impossible or takes unreasonable effort.",
            ),
            sources: &["GDPR 6(1)(f)", "G24 4(2)"],
            checks: &[check!(
                Publication,
                Guideline,
                Accountability,
                GUIDELINE,
                [IfThen, Order],
                consent_was_infeasible
            )],
        },
        Rule {
            id: "LIA-08",
            title: words("De afweging wordt bekendgemaakt", "The assessment is made known"),
            explanation: words(
                "De geldende privacyverklaring van de activiteit bevat of noemt de samenvatting van de belangenafweging waarop zij nu rust.",
                "The notice in force of the activity contains or points at the summary of the assessment on which it now rests.",
            ),
            sources: &["GDPR 13(1)(d)", "GDPR 14(2)(b)", "G24 4(2)"],
            checks: &[check!(Activity, Guideline, Accountability, GUIDELINE, [Coverage], summary_is_told)],
        },
        Rule {
            id: "LIA-09",
            title: words(
                "Analyse van reacties op evenementen is afgewogen",
                "Analysis of reactions to events is balanced",
            ),
            explanation: words(
                "Analyse van reacties op berichten over evenementen rust op een gerechtvaardigd belang dat aan de drie toetsen voldoet.",
                "The analysis of reactions to posts on events rests on a legitimate interest that meets the three tests.",
            ),
            sources: &["GDPR 6(1)(f)", "G24 4(3)"],
            checks: &[check!(
                Activity,
                Guideline,
                Accountability,
                GUIDELINE,
                [InForceAt],
                event_analytics_are_balanced
            )],
        },
        Rule {
            id: "LIA-10",
            title: words(
                "Reputatiemonitoring is afgewogen en begrensd",
                "Reputation monitoring is balanced and fenced in",
            ),
            explanation: words(
                "Reputatiemonitoring over openbare bronnen rust op een gerechtvaardigd belang dat aan de drie toetsen voldoet. De verwerker mag alleen verzamelen zoals afgesproken en niet voor zichzelf, en het publiek wordt ingelicht.",
                "Reputation monitoring over public sources rests on a legitimate interest that meets the three tests. The processor collects only as agreed and not for itself, and the public is told.",
            ),
            sources: &["GDPR 6(1)(f)", "GDPR 14(5)(b)", "GDPR 28(3)(a)", "G24 4(5)"],
            checks: &[check!(
                Activity,
                Guideline,
                Accountability,
                GUIDELINE,
                [InForceAt, Coverage],
                monitoring_is_fenced_in
            )],
        },
        Rule {
            id: "LIA-11",
            title: words(
                "Het belang komt uit de catalogus, of zegt waarom niet",
                "The interest is of the catalogue, or says why not",
            ),
            explanation: words(
                "De afweging noemt een belang uit de catalogus van de instelling, of zegt waarom het daar niet in staat.",
                "The assessment names an interest of the institution's catalogue, or says why it is none of it.",
            ),
            sources: &["GDPR 6(1)(f)", "G24 3.1"],
            checks: &[check!(
                LegitimateInterestAssessment,
                Guideline,
                Accountability,
                GUIDELINE,
                [Complete],
                interest_is_catalogued
            )],
        },
        Rule {
            id: "LIA-12",
            title: words("De afweging wordt op tijd herzien", "The assessment is reviewed in time"),
            explanation: words(
                "De belangenafweging is niet ouder dan de huistermijn, de afgesproken herbeoordeling is gedaan, en een gegrond bezwaar of een wijziging van de activiteit leidt tot een herbeoordeling.",
                "The assessment is not older than the house term, the review that was agreed on was made, and an objection that was upheld or a change of the activity leads to a review.",
            ),
            sources: &["GDPR 5(2)", "GDPR 21", "GDPR 24(1)", "P18 5.4", "EDPB 1/2024"],
            checks: &[check!(
                LegitimateInterestAssessment,
                Policy,
                Accountability,
                Applies::Adopted(HOUSE),
                [Age, Deadline],
                is_reviewed,
            )],
        },
    ],
};

// --- What rests on what ---------------------------------------------------------------------------------------------

/// Judges an activity while it runs; before and after, nothing is asked of its bases.
fn running(activity: Seen<'_, Activity>, judge: impl FnOnce() -> Finding) -> Finding {
    if activity.status == ActivityStatus::Active {
        return judge();
    }
    Finding::not_applicable(words("de verwerking loopt dan niet", "the processing does not run then"))
}

/// Judges each purpose of a running activity that rests on a legitimate interest.
fn relying<'w>(activity: Seen<'w, Activity>, judge: impl Fn(&'w StandingBasis) -> Finding) -> Finding {
    let state: &'w Activity = activity.state;
    running(activity, || {
        let bases = state.legal_bases().iter().filter(|basis| basis.basis == LegalBasis::LegitimateInterest);
        Finding::all(bases.map(judge).collect::<Vec<_>>(), || {
            Finding::not_applicable(words(
                "geen doeleinde van de activiteit rust op een gerechtvaardigd belang",
                "no purpose of the activity rests on a legitimate interest",
            ))
        })
    })
}

/// The assessments for a purpose: the one that the register names, those that took its place, and those opened for this purpose.
fn assessments<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    basis: &'w StandingBasis,
) -> Vec<Seen<'w, LegitimateInterestAssessment>> {
    let mut found: Vec<Seen<'w, LegitimateInterestAssessment>> = Vec::new();
    let mut next: Option<&'w StreamId> = basis.assessment.as_ref();
    while let Some(stream) = next.filter(|stream| !found.iter().any(|seen| seen.stream == *stream)) {
        let Some(seen) = inquiry.state::<LegitimateInterestAssessment>(stream) else { break };
        let state: &'w LegitimateInterestAssessment = seen.state;
        found.push(seen);
        next = state.superseded_by.as_ref();
    }
    let opened_for_it = |purpose: &Option<Code>| match purpose {
        Some(purpose) => *purpose == basis.purpose,
        // Where the register names an assessment, one without a purpose is another matter.
        None => basis.assessment.is_none(),
    };
    for seen in inquiry.related::<LegitimateInterestAssessment>("activity", activity.stream) {
        if opened_for_it(&seen.purpose) && !found.iter().any(|known| known.stream == seen.stream) {
            found.push(seen);
        }
    }
    found
}

/// The activities that rest on an assessment, and the one for which it was opened.
fn activities_of<'w>(
    inquiry: &Inquiry<'w>,
    assessment: Seen<'w, LegitimateInterestAssessment>,
) -> Vec<Seen<'w, Activity>> {
    let mut found = inquiry.related::<Activity>("assessment", assessment.stream);
    let state: &'w LegitimateInterestAssessment = assessment.state;
    let opened = state.activity.as_ref().and_then(|activity| inquiry.state::<Activity>(activity));
    found.extend(opened.filter(|opened| !found.iter().any(|known| known.stream == opened.stream)));
    found
}

/// Judges an assessment while it is approved: before that nothing rests on it, and afterwards no more.
fn relied_on(assessment: Seen<'_, LegitimateInterestAssessment>, judge: impl FnOnce() -> Finding) -> Finding {
    if matches!(assessment.status, AssessmentStatus::Approved | AssessmentStatus::UnderReview) {
        return judge();
    }
    Finding { outcome: crate::family::rule_set::Outcome::NotApplicable, ..not_approved(assessment) }
}

/// Why an assessment carries nothing.
fn not_approved(assessment: Seen<'_, LegitimateInterestAssessment>) -> Finding {
    let finding = |nl: &str, en: &str| Finding::fail(Text::new(nl, en));
    match assessment.status {
        AssessmentStatus::Rejected => {
            finding("de belangenafweging is afgewezen", "the assessment was rejected").by_all(&assessment.rejection)
        }
        AssessmentStatus::Superseded => finding("de belangenafweging is vervangen", "the assessment was superseded"),
        AssessmentStatus::Withdrawn => {
            finding("de belangenafweging is ingetrokken", "the assessment was withdrawn").by_all(&assessment.withdrawal)
        }
        _ => finding("de belangenafweging is niet goedgekeurd", "the assessment is not approved"),
    }
}

/// From when an assessment was first approved. The state keeps the last approval only; the facts keep all.
fn first_approval<'w>(inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Option<Event> {
    let first = inquiry.facts(assessment.stream).into_iter().find(|fact| fact.fact == "approved")?;
    match &assessment.approval {
        Some(last) if last.sequence == first.recorded.sequence => Some(Event::from(last)),
        _ => Some(Event::new(first.recorded.effective, first.recorded.sequence)),
    }
}

// --- LIA-01 ----------------------------------------------------------------------------------------------------------

fn rests_on_an_assessment<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    relying(activity, |basis| three_tests(inquiry, activity, basis))
}

fn guideline_asks_three_tests<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let asked = inquiry.parameter(&[Governance::Guideline], "lia").is_some_and(|parameter| parameter.has("3-part"));
    let otherwise =
        Text::new("de richtlijn vraagt de drie toetsen niet", "the guideline does not ask for the three tests");
    if_then(asked.into(), &otherwise, || rests_on_an_assessment(inquiry, activity))
}

fn three_tests<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, basis: &'w StandingBasis) -> Finding {
    let purpose = &basis.purpose;
    let candidates = assessments(inquiry, activity, basis);
    let findings: Vec<Finding> = candidates.into_iter().map(|assessment| carries(inquiry, basis, assessment)).collect();
    Finding::any(findings, || {
        Finding::fail(say!(
            "doeleinde {purpose} rust op een gerechtvaardigd belang en er is geen belangenafweging voor",
            "purpose {purpose} rests on a legitimate interest and there is no assessment for it"
        ))
    })
    .by(basis.sequence)
}

/// Whether an assessment carries a purpose at the moment.
fn carries(
    inquiry: &Inquiry<'_>,
    basis: &StandingBasis,
    assessment: Seen<'_, LegitimateInterestAssessment>,
) -> Finding {
    use AssessmentStatus::{Approved, UnderReview};
    let what = Text::new("de belangenafweging", "the assessment");
    let approved = match &assessment.approval {
        Some(approval) if matches!(assessment.status, Approved | UnderReview) => {
            let from = Some(approval.fact.from.unwrap_or(approval.from));
            in_force_at(inquiry, &what, [Period { from, to: None, fact: approval.evidence() }])
        }
        _ => not_approved(assessment),
    };
    let parts = complete(
        &what,
        [
            (Text::new("het belang", "the interest"), assessment.interest.is_some()),
            (Text::new("de noodzaak", "the necessity"), assessment.necessity.is_some()),
            (Text::new("de afweging", "the balancing"), assessment.balancing.is_some()),
        ],
    );
    let approval = assessment.approval.as_ref();
    let response = approval.and_then(|approval| approval.fact.advice_response.as_ref());
    let answered = advice_is_answered(&assessment.state.advices, approval.map(Event::from), response);
    let findings =
        [Some(approved), Some(parts), Some(answered)].into_iter().chain(objections_to(basis, assessment)).flatten();
    Finding::all(findings, || Finding::not_applicable(what.clone()))
}

/// What in an assessment itself stands against relying on it for a purpose.
fn objections_to(
    basis: &StandingBasis,
    assessment: Seen<'_, LegitimateInterestAssessment>,
) -> impl Iterator<Item = Option<Finding>> {
    let unreal = assessment
        .interest
        .as_ref()
        .filter(|interest| [interest.fact.lawful, interest.fact.real, interest.fact.present].contains(&Some(false)));
    let unreal = unreal.map(|interest| {
        Finding::fail(words(
            "volgens de afweging is het belang niet erkend, daadwerkelijk en actueel",
            "by the assessment itself the interest is not recognised, real and present",
        ))
        .by(interest)
    });
    let excessive = assessment.necessity.as_ref().filter(|necessity| necessity.fact.data_minimised == Some(false));
    let excessive = excessive.map(|necessity| {
        Finding::fail(words(
            "volgens de afweging worden meer gegevens gebruikt dan nodig",
            "by the assessment itself more data are used than needed",
        ))
        .by(necessity)
    });
    let overridden =
        assessment.balancing.as_ref().filter(|made| made.fact.outcome == Some(BalancingOutcome::Overridden));
    let overridden = overridden.map(|balancing| {
        Finding::fail(words(
            "volgens de afweging wegen de belangen van betrokkenen zwaarder",
            "by the assessment itself the interests of data subjects override",
        ))
        .by(balancing)
    });
    let other = assessment.purpose.as_ref().filter(|purpose| **purpose != basis.purpose).map(|purpose| {
        let wanted = &basis.purpose;
        Finding::fail(say!(
            "de belangenafweging is gemaakt voor doeleinde {purpose}, niet voor {wanted}",
            "the assessment was made for purpose {purpose}, not for {wanted}"
        ))
    });
    let review = assessment.reviews.last().filter(|_| assessment.status == AssessmentStatus::UnderReview);
    let review = review.map(|review| {
        Finding::warn(words(
            "bij de herbeoordeling bleek dat de belangenafweging moet worden herzien",
            "a review found that the assessment has to be made anew",
        ))
        .by(review)
    });
    [unreal, excessive, overridden, other, review].into_iter()
}

// --- LIA-02 ----------------------------------------------------------------------------------------------------------

/// The parameter by which an instrument says what it thinks of a purely commercial interest.
const PURELY_COMMERCIAL: &str = "purelyCommercial";

fn forbids_commerce(parameter: Option<Parameter>) -> bool {
    parameter.is_some_and(|parameter| parameter.has("NOT_ALLOWED"))
}

/// Judges the first part of an assessment that is relied on.
fn on_the_interest<'w>(
    assessment: Seen<'w, LegitimateInterestAssessment>,
    judge: impl FnOnce(&'w Dated<InterestIdentified>) -> Finding,
) -> Finding {
    let state: &'w LegitimateInterestAssessment = assessment.state;
    relied_on(assessment, || match &state.interest {
        Some(interest) => judge(interest),
        None => Finding::fail(words("welk belang het is, is niet vastgelegd", "which interest it is, is not recorded")),
    })
}

fn interest_qualifies<'w>(inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Finding {
    on_the_interest(assessment, |interest| is_real(interest).and(commerce_is_contested(inquiry, interest)))
}

/// The interest is recognised by law, real and present; the controller has to show it.
fn is_real(interest: &Dated<InterestIdentified>) -> Finding {
    let fact = &interest.fact;
    let said = [
        (Text::new("door het recht erkend", "recognised by law"), fact.lawful),
        (Text::new("daadwerkelijk", "real"), fact.real),
        (Text::new("actueel", "present"), fact.present),
    ];
    let named = |answer: Option<bool>| {
        let named: Vec<Text> = said.iter().filter(|(_, said)| *said == answer).map(|(text, _)| text.clone()).collect();
        (!named.is_empty()).then(|| Text::list(named))
    };
    if let Some(Text { nl, en }) = named(Some(false)) {
        return Finding::fail(say!(
            "volgens de afweging is het belang niet: {nl}",
            "by the assessment itself the interest is not: {en}"
        ))
        .by(interest);
    }
    match named(None) {
        Some(Text { nl, en }) => Finding::fail(say!(
            "niet is vastgelegd of het belang dit is: {nl}",
            "it is not recorded whether the interest is: {en}"
        )),
        None => Finding::pass(words(
            "het belang is door het recht erkend, daadwerkelijk en actueel",
            "the interest is recognised by law, real and present",
        )),
    }
    .by(interest)
}

/// In law a purely commercial interest is neither safe nor excluded.
fn commerce_is_contested(inquiry: &Inquiry<'_>, interest: &Dated<InterestIdentified>) -> Finding {
    if interest.fact.purely_commercial != Some(true) {
        return Finding::not_applicable(words(
            "het belang is niet als zuiver commercieel aangemerkt",
            "the interest is not marked as purely commercial",
        ));
    }
    let judgments = naming(inquiry, &[Legal::Judgment]);
    let finding = match judgments.last().and_then(|judgment| judgment.code.as_ref()) {
        Some(code) => Finding::warn(say!(
            "het belang is zuiver commercieel; {code} sluit dat niet uit, maar weegt het per geval",
            "the interest is purely commercial; {code} does not exclude that, but weighs it case by case"
        )),
        None => Finding::warn(words(
            "het belang is zuiver commercieel; of dat gerechtvaardigd kan zijn, is omstreden",
            "the interest is purely commercial; whether that can be legitimate is contested",
        )),
    };
    finding.by(interest).by_all(judgments.iter().flat_map(said_by)).marked(Mark::Disputed)
}

/// The legal instruments of some kinds that name the rule and are in force.
fn naming<'w>(inquiry: &Inquiry<'w>, kinds: &[Legal]) -> Vec<Seen<'w, LegalInstrument>> {
    let kinds = kinds.iter().map(key_text);
    let found = kinds.flat_map(|kind| inquiry.rules_with_key::<LegalInstrument>("kind", &kind));
    let found = found.filter(|instrument| instrument.rules.iter().any(|rule| rule.as_str() == inquiry.rule));
    found.filter(|instrument| matches!(inquiry.validity(*instrument), Validity::InForce { .. })).collect()
}

fn said_by<'a>(instrument: &'a Seen<'_, LegalInstrument>) -> impl Iterator<Item = Sequence> + 'a {
    instrument.registered.iter().map(|registered| registered.sequence)
}

/// Since when the world knows what an instrument says.
fn spoken(instrument: Seen<'_, LegalInstrument>) -> Option<PartialDate> {
    let registered = instrument.registered.iter().map(|registered| registered.from).next();
    instrument.valid_from.or(instrument.published).or(instrument.adopted).or(registered)
}

fn authority_accepts_interest<'w>(
    inquiry: &Inquiry<'w>,
    assessment: Seen<'w, LegitimateInterestAssessment>,
) -> Finding {
    on_the_interest(assessment, |interest| {
        let views = naming(inquiry, &[Legal::SupervisorAdvice, Legal::SupervisorDecision]);
        let strict = views.into_iter().filter(|view| {
            let code = view.code.as_ref();
            forbids_commerce(code.and_then(|code| inquiry.law_parameter(code.as_str(), PURELY_COMMERCIAL)))
        });
        let findings = strict.map(|view| match interest.fact.purely_commercial {
            Some(true) => overruled(inquiry, view),
            answer => is_commercial(answer),
        });
        let findings: Vec<Finding> = findings.map(|finding| finding.by(interest)).collect();
        Finding::all(findings, || {
            Finding::not_applicable(words(
                "de toezichthouder sluit op dat moment een zuiver commercieel belang niet uit",
                "at that moment the supervisory authority does not exclude a purely commercial interest",
            ))
        })
    })
}

/// What the authority excludes fails, until a later judgment on the same question says otherwise.
fn overruled(inquiry: &Inquiry<'_>, view: Seen<'_, LegalInstrument>) -> Finding {
    let judgments = naming(inquiry, &[Legal::Judgment]);
    let mut later = Ternary::False;
    let mut by: Option<Seen<'_, LegalInstrument>> = None;
    for judgment in judgments {
        let after = match (spoken(view), spoken(judgment)) {
            (Some(view), Some(judgment)) => view.before(&judgment),
            _ => Ternary::Unknown,
        };
        by = if after == Ternary::True { Some(judgment) } else { by };
        later = later.or(after);
    }
    let code = by.and_then(|judgment| judgment.code.clone()).map(|code| code.to_string()).unwrap_or_default();
    let finding = decide(
        later,
        || {
            Finding::warn(say!(
                "de toezichthouder sluit een zuiver commercieel belang uit; {code} oordeelt later anders",
                "the supervisory authority excludes a purely commercial interest; {code} later says otherwise"
            ))
            .marked(Mark::Disputed)
        },
        || is_commercial(Some(true)),
        || {
            Finding::indeterminate(words(
                "of een latere uitspraak anders oordeelt, beslissen de datums niet",
                "the dates do not decide whether a later judgment says otherwise",
            ))
        },
    );
    finding.by_all(said_by(&view)).by_all(by.iter().flat_map(said_by))
}

fn is_commercial(answer: Option<bool>) -> Finding {
    match answer {
        Some(true) => Finding::fail(words("het belang is zuiver commercieel", "the interest is purely commercial")),
        Some(false) => {
            Finding::pass(words("het belang is niet zuiver commercieel", "the interest is not purely commercial"))
        }
        None => Finding::warn(words(
            "of het belang zuiver commercieel is, is niet vastgelegd",
            "whether the interest is purely commercial is not recorded",
        )),
    }
}

fn guideline_accepts_interest<'w>(
    inquiry: &Inquiry<'w>,
    assessment: Seen<'w, LegitimateInterestAssessment>,
) -> Finding {
    if !forbids_commerce(inquiry.parameter(&[Governance::Guideline], PURELY_COMMERCIAL)) {
        return Finding::not_applicable(words(
            "de richtlijn die van kracht is, zegt niets over een zuiver commercieel belang",
            "the guideline in force says nothing about a purely commercial interest",
        ));
    }
    on_the_interest(assessment, |interest| {
        is_commercial(interest.fact.purely_commercial).by(interest).and(is_real(interest))
    })
}

// --- LIA-03 ----------------------------------------------------------------------------------------------------------

fn necessity_is_shown<'w>(inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Finding {
    let state: &'w LegitimateInterestAssessment = assessment.state;
    relied_on(assessment, || match &state.necessity {
        Some(necessity) => alternatives_are_weighed(necessity)
            .and(is_proportionate(necessity))
            .and(data_are_registered(inquiry, assessment, necessity)),
        None => Finding::fail(words("de noodzaak is niet getoetst", "necessity was not assessed")),
    })
}

fn alternatives_are_weighed(necessity: &Dated<NecessityAssessed>) -> Finding {
    let alternatives = &necessity.fact.alternatives;
    let unexplained =
        |outcome: Option<AlternativeOutcome>| matches!(outcome, None | Some(AlternativeOutcome::Rejected));
    let finding = if !alternatives.iter().any(|alternative| alternative.rejected_because.is_some()) {
        Finding::fail(words(
            "van geen lichter middel is vastgelegd waarom het niet volstaat",
            "of no lighter means is it recorded why it does not serve",
        ))
    } else if alternatives.iter().any(|one| one.rejected_because.is_none() && unexplained(one.outcome)) {
        Finding::warn(words(
            "een lichter middel is afgewezen zonder dat is vastgelegd waarom",
            "a lighter means was rejected without it being recorded why",
        ))
    } else {
        Finding::pass(words("lichtere middelen zijn gewogen", "lighter means were weighed"))
    };
    finding.by(necessity)
}

fn is_proportionate(necessity: &Dated<NecessityAssessed>) -> Finding {
    let fact = &necessity.fact;
    match (fact.data_minimised, &fact.proportionality) {
        (Some(false), _) => {
            Finding::fail(words("er worden meer gegevens gebruikt dan nodig", "more data are used than needed"))
        }
        (_, None) => Finding::warn(words("de evenredigheid is niet onderbouwd", "the proportionality is not reasoned")),
        (_, Some(_)) => Finding::pass(words("de evenredigheid is onderbouwd", "the proportionality is reasoned")),
    }
    .by(necessity)
}

/// The data that the assessment needs are those that the register names.
fn data_are_registered<'w>(
    inquiry: &Inquiry<'w>,
    assessment: Seen<'w, LegitimateInterestAssessment>,
    necessity: &Dated<NecessityAssessed>,
) -> Finding {
    let needed: BTreeSet<&Code> = necessity.fact.data_categories.iter().collect();
    let nothing = || Finding::not_applicable(words("de afweging noemt geen gegevens", "the assessment names no data"));
    if needed.is_empty() {
        return nothing();
    }
    let versions = activities_of(inquiry, assessment).into_iter().filter_map(|activity| {
        let state: &'w Activity = activity.state;
        state.current.as_ref()
    });
    let what = Text::new(
        "gegevenscategorieën van de afweging in het register",
        "data categories of the assessment in the register",
    );
    let findings = versions.map(|version| {
        let named: BTreeSet<&Code> = version.entry.data_categories.iter().map(|category| &category.code).collect();
        let finding = if named.is_empty() {
            Finding::warn(words(
                "het register noemt geen gegevenscategorieën om de afweging mee te vergelijken",
                "the register names no categories of data to compare the assessment with",
            ))
        } else {
            coverage(&what, &needed, &named)
        };
        finding.by(version.sequence).by(necessity)
    });
    Finding::all(findings, nothing)
}

// --- LIA-04 ----------------------------------------------------------------------------------------------------------

fn balancing_is_careful<'w>(_inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Finding {
    relied_on(assessment, || {
        let Some(balancing) = &assessment.balancing else {
            return Finding::fail(words("de belangen zijn niet afgewogen", "the interests were not balanced"));
        };
        let what = Text::new("de afweging", "the balancing");
        let sections = complete(&what, sections(&balancing.fact, !assessment.safeguards.is_empty())).by(balancing);
        let sections = sections.by_all(&assessment.safeguards);
        let approval = assessment.approval.as_ref().map(|approval| {
            let by = approval.fact.by.as_ref().unwrap_or(&approval.role);
            let date = approval.from;
            Finding::pass(say!("goedgekeurd door {by} op {date}", "approved by {by} on {date}")).by(approval)
        });
        let approval = approval.unwrap_or_else(|| {
            Finding::fail(words(
                "wie de afweging goedkeurde, is niet vastgelegd",
                "who approved the balancing is not recorded",
            ))
        });
        let overridden = (balancing.fact.outcome == Some(BalancingOutcome::Overridden)).then(|| {
            Finding::fail(words(
                "goedgekeurd, terwijl de belangen van betrokkenen zwaarder wegen",
                "approved although the interests of data subjects override",
            ))
            .by(balancing)
        });
        overridden.into_iter().fold(sections.and(approval), Finding::and)
    })
}

fn sections(balancing: &InterestsBalanced, safeguards: bool) -> [(Text, bool); 6] {
    [
        (Text::new("de gevolgen voor betrokkenen", "the impacts on data subjects"), !balancing.impacts.is_empty()),
        (
            Text::new("de redelijke verwachtingen", "the reasonable expectations"),
            balancing.reasonable_expectations.is_some(),
        ),
        (Text::new("kwetsbare groepen", "vulnerable groups"), balancing.vulnerable_groups.is_some()),
        (Text::new("kinderen", "children"), balancing.children.is_some()),
        (Text::new("de waarborgen", "the safeguards"), safeguards),
        (Text::new("de uitkomst", "the outcome"), balancing.outcome.is_some()),
    ]
}

// --- LIA-05 ----------------------------------------------------------------------------------------------------------

fn assessed_beforehand<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    relying(activity, |basis| {
        let candidates = assessments(inquiry, activity, basis);
        let approvals: Vec<Event> =
            candidates.into_iter().filter_map(|assessment| first_approval(inquiry, assessment)).collect();
        let reliance = Event::new(relied_since(activity, basis), basis.sequence);
        let first = Text::new("de goedkeuring van de belangenafweging", "the approval of the assessment");
        let then = Text::new("het beroep op de grondslag", "the reliance on the basis");
        let findings = approvals.into_iter().map(|approval| {
            // The time without is a failure of that time; once approved, what runs now was weighed before.
            order(Precision::Day, (&first, Some(approval)), (&then, Some(reliance))).at_most_warn()
        });
        Finding::any(findings, || order(Precision::Day, (&first, None), (&then, Some(reliance))))
    })
}

/// Since when the processing relies on a basis: since it has it, and not before the processing started.
fn relied_since(activity: Seen<'_, Activity>, basis: &StandingBasis) -> PartialDate {
    match activity.started {
        Some(started) if started.earliest() > basis.since.earliest() => started,
        _ => basis.since,
    }
}

// --- LIA-06 ----------------------------------------------------------------------------------------------------------

fn assessment_can_be_shown<'w>(inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Finding {
    relied_on(assessment, || {
        let summary = match assessment.summaries.last() {
            Some(summary) => Finding::pass(words(
                "er is een samenvatting die ieder mag zien",
                "there is a summary that anybody may see",
            ))
            .by(summary),
            // Art. 13(1)(d) asks the interests; to publish the balance is good practice (EDPB 1/2024 68, WP260).
            None => Finding::warn(words(
                "er is geen samenvatting van de belangenafweging die ieder mag zien",
                "there is no summary of the assessment that anybody may see",
            ))
            .by_all(&assessment.approval),
        };
        let term = inquiry.law_parameter("LEX-GDPR", "dsrTerm");
        summary.and(shown_in_time(inquiry, assessment, term, Calendar::Regulation1182 { two_working_days: false }))
    })
}

fn assessment_is_shown_in_time<'w>(
    inquiry: &Inquiry<'w>,
    assessment: Seen<'w, LegitimateInterestAssessment>,
) -> Finding {
    let term = inquiry.parameter(&[Governance::Policy], "dsrTerm");
    shown_in_time(inquiry, assessment, term, Calendar::Strict)
}

/// Data subjects who asked got it within the term for their requests. The authority sets its own terms.
fn shown_in_time(
    inquiry: &Inquiry<'_>,
    assessment: Seen<'_, LegitimateInterestAssessment>,
    term: Option<Parameter>,
    calendar: Calendar,
) -> Finding {
    let what = Text::new(
        "de verstrekking van de afweging aan een betrokkene",
        "the disclosure of the assessment to a data subject",
    );
    let asked = assessment.disclosures.iter().filter(|disclosed| disclosed.fact.to == DisclosedTo::Subject);
    let findings = asked.filter_map(|disclosed| {
        let from = Event::new(disclosed.fact.requested?, disclosed);
        Some(deadline(inquiry, &Due { what: &what, from, done: Some(disclosed.into()), term: term.as_ref(), calendar }))
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words(
            "geen betrokkene heeft om de afweging gevraagd",
            "no data subject asked for the assessment",
        ))
    })
}

// --- LIA-07 ----------------------------------------------------------------------------------------------------------

/// Somebody, or a group, who is in a publication by legitimate interest.
struct Shown<'w> {
    assessment: Option<&'w StreamId>,
    activity: Option<&'w StreamId>,
    published: Event,
}

fn consent_was_infeasible<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    if publication.status == PublicationStatus::Removed {
        return Finding::not_applicable(words("de publicatie is verwijderd", "the publication was removed"));
    }
    let shown = shown_by_interest(publication);
    let findings: Vec<Finding> = shown.iter().map(|shown| exception_is_reasoned(inquiry, shown)).collect();
    Finding::all(findings, || {
        Finding::not_applicable(words("niemand staat er op deze grondslag in", "nobody is in it on this basis"))
    })
}

fn shown_by_interest<'w>(publication: Seen<'w, Publication>) -> Vec<Shown<'w>> {
    let state: &'w Publication = publication.state;
    let changed = state.content_amended.iter().rev().find_map(|amended| amended.fact.persons.as_ref());
    let mut found = Vec::new();
    for published in &state.content_published {
        let fact = &published.fact;
        let by_interest = |basis: Option<LegalBasis>| basis.or(fact.basis) == Some(LegalBasis::LegitimateInterest);
        let approved = state.approved.iter().rev().find_map(|approved| approved.fact.activity.as_ref());
        let shown = |assessment| Shown {
            assessment,
            activity: fact.activity.as_ref().or(approved),
            published: published.into(),
        };
        let persons = changed.unwrap_or(&fact.persons);
        let relying = persons.iter().filter(|person| by_interest(person.basis));
        found.extend(relying.map(|person| shown(person.assessment.as_ref())));
        if persons.is_empty() && by_interest(None) {
            found.push(shown(None));
        }
    }
    found
}

fn exception_is_reasoned<'w>(inquiry: &Inquiry<'w>, shown: &Shown<'w>) -> Finding {
    let mut candidates: Vec<Seen<'w, LegitimateInterestAssessment>> = Vec::new();
    match (shown.assessment, shown.activity) {
        (Some(assessment), _) => candidates.extend(inquiry.state::<LegitimateInterestAssessment>(assessment)),
        (None, Some(activity)) => {
            if let Some(activity) = inquiry.state::<Activity>(activity) {
                let state: &'w Activity = activity.state;
                let bases = state.legal_bases().iter().filter(|basis| basis.basis == LegalBasis::LegitimateInterest);
                candidates.extend(bases.flat_map(|basis| assessments(inquiry, activity, basis)));
            }
        }
        (None, None) => {}
    }
    let first = Text::new("de goedkeuring van de belangenafweging", "the approval of the assessment");
    let then = Text::new("de publicatie", "the publication");
    let findings = candidates.into_iter().map(|assessment| {
        let approval = first_approval(inquiry, assessment);
        let reasoned = says_infeasible(assessment.balancing.as_ref());
        order(Precision::Day, (&first, approval), (&then, Some(shown.published))).and(reasoned)
    });
    let findings: Vec<Finding> = findings.collect();
    Finding::any(findings, || {
        Finding::fail(words(
            "mensen staan erin op grond van een gerechtvaardigd belang en er is geen belangenafweging voor",
            "people are in it by legitimate interest and there is no assessment for it",
        ))
        .by(shown.published.fact)
    })
}

fn says_infeasible(balancing: Option<&Dated<InterestsBalanced>>) -> Finding {
    let Some(balancing) = balancing else {
        return Finding::fail(words("de belangen zijn niet afgewogen", "the interests were not balanced"));
    };
    match (balancing.fact.consent_infeasible, &balancing.fact.consent_infeasible_reason) {
        (Some(true), Some(_)) => Finding::pass(words(
            "de afweging zegt met redenen dat toestemming vragen niet haalbaar is",
            "the assessment says with reasons that asking consent is not feasible",
        )),
        (Some(true), None) => Finding::fail(words(
            "de afweging zegt zonder redenen dat toestemming vragen niet haalbaar is",
            "the assessment says without reasons that asking consent is not feasible",
        )),
        _ => Finding::fail(words(
            "de afweging zegt niet dat toestemming vragen niet haalbaar is",
            "the assessment does not say that asking consent is not feasible",
        )),
    }
    .by(balancing)
}

// --- LIA-08 ----------------------------------------------------------------------------------------------------------

fn summary_is_told<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    relying(activity, |basis| {
        let candidates = assessments(inquiry, activity, basis);
        let approved = candidates.into_iter().filter(|assessment| {
            matches!(assessment.status, AssessmentStatus::Approved | AssessmentStatus::UnderReview)
        });
        let findings: Vec<Finding> = approved.map(|assessment| is_told(inquiry, activity, assessment)).collect();
        Finding::any(findings, || {
            Finding::fail(words(
                "er is geen goedgekeurde belangenafweging om bekend te maken",
                "there is no approved assessment to make known",
            ))
        })
        .by(basis.sequence)
    })
}

fn is_told<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    assessment: Seen<'w, LegitimateInterestAssessment>,
) -> Finding {
    let notices = inquiry.related::<PrivacyNotice>("activity", activity.stream);
    let versions = notices.iter().filter_map(|notice| notice.state.current.as_ref());
    let findings: Vec<Finding> = versions
        .map(|version| {
            let mut told = version.fact.assessment_summaries.iter();
            let Some(summary) = told.find(|summary| summary.assessment == *assessment.stream) else {
                return Finding::fail(words(
                    "de geldende privacyverklaring noemt de samenvatting van de belangenafweging niet",
                    "the notice in force does not tell the summary of the assessment",
                ))
                .by(version);
            };
            let latest = assessment.summaries.last();
            let published = latest.and_then(|latest| latest.fact.document.as_ref()).map(|document| &document.sha256);
            match (&summary.sha256, published) {
                (Some(told), Some(published)) if told != published => Finding::fail(words(
                    "de privacyverklaring bevat een oudere samenvatting van de belangenafweging",
                    "the notice contains an older summary of the assessment",
                ))
                .marked(Mark::NoticeStale),
                _ => Finding::pass(words(
                    "de privacyverklaring noemt de samenvatting van de belangenafweging",
                    "the notice tells the summary of the assessment",
                )),
            }
            .by(version)
            .by_all(latest)
        })
        .collect();
    Finding::any(findings, || {
        Finding::fail(words("er is geen privacyverklaring van deze activiteit", "there is no notice of this activity"))
    })
}

// --- LIA-09, LIA-10: kinds of use ------------------------------------------------------------------------------------

/// The kind of use of which LIA-09 speaks.
const EVENT_POST_ANALYTICS: &str = "EVENT_POST_ANALYTICS";
/// The kind of use of which LIA-10 speaks.
const REPUTATION_MONITORING: &str = "REPUTATION_MONITORING";

/// Judges a running activity of a kind of use; what rests on another basis than the guideline has in mind is to be looked at.
fn of_kind<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    kind: &str,
    beside: impl FnOnce() -> Finding,
) -> Finding {
    if activity.kind.as_ref().is_none_or(|known| known.as_str() != kind) {
        return Finding::not_applicable(words(
            "de activiteit is niet van deze soort",
            "the activity is not of this kind",
        ));
    }
    running(activity, || {
        let bases = activity.legal_bases();
        if !bases.iter().any(|basis| basis.basis == LegalBasis::LegitimateInterest) {
            return Finding::warn(words(
                "de richtlijn laat deze verwerking op een gerechtvaardigd belang rusten; het register noemt een andere grondslag of geen",
                "the guideline has this processing rest on a legitimate interest; the register names another basis or none",
            ))
            .by_all(bases.iter().map(|basis| basis.sequence));
        }
        rests_on_an_assessment(inquiry, activity).and(beside())
    })
}

fn event_analytics_are_balanced<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let nothing = || Finding::not_applicable(words("meer wordt niet gevraagd", "nothing more is asked"));
    of_kind(inquiry, activity, EVENT_POST_ANALYTICS, nothing)
}

fn monitoring_is_fenced_in<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    of_kind(inquiry, activity, REPUTATION_MONITORING, || {
        processors_are_bound(inquiry, activity).and(public_is_told(inquiry, activity))
    })
}

fn processors_are_bound<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let agreements = inquiry.related::<Agreement>("activity", activity.stream);
    let processors = activity.current.iter().flat_map(|version| &version.entry.processors);
    let findings = processors.map(|processor| {
        let theirs = agreements.iter().filter(|agreement| agreement.party.as_ref() == Some(processor));
        let findings: Vec<Finding> = theirs.map(|agreement| is_bound(inquiry, *agreement)).collect();
        Finding::any(findings, || {
            Finding::fail(say!(
                "met {processor} is geen verwerkersovereenkomst vastgelegd",
                "no processor agreement with {processor} is recorded"
            ))
        })
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words("het register noemt geen verwerker", "the register names no processor"))
    })
}

fn is_bound(inquiry: &Inquiry<'_>, agreement: Seen<'_, Agreement>) -> Finding {
    let Some(execution) = &agreement.execution else {
        return Finding::fail(words(
            "de verwerkersovereenkomst is niet tot stand gekomen",
            "the processor agreement is not executed",
        ));
    };
    let ended = agreement.expired.or(agreement.termination.as_ref().map(|termination| termination.from));
    // The agreed end is the last day on which it binds.
    let over =
        agreement.to.map_or(Ternary::False, |to| inquiry.passed(&Limit { earliest: to.latest(), latest: to.latest() }));
    let binds = inquiry.within(agreement.from.as_ref(), ended.as_ref()).and(over.not());
    let in_force = decide(
        binds,
        || Finding::pass(words("de verwerkersovereenkomst is van kracht", "the processor agreement is in force")),
        || {
            Finding::fail(words(
                "de verwerkersovereenkomst is niet van kracht",
                "the processor agreement is not in force",
            ))
        },
        || {
            Finding::indeterminate(words(
                "of de verwerkersovereenkomst van kracht is, beslissen de datums niet",
                "the dates do not decide whether the processor agreement is in force",
            ))
        },
    );
    let covered = |wanted: Clause| {
        agreement.clauses.iter().any(|clause| clause.clause == wanted && clause.coverage == Coverage::Covered)
    };
    let clauses = complete(
        &Text::new("de bepalingen over verzamelen en eigen gebruik", "the clauses on collecting and own use"),
        [
            (Text::new("de wijze van verzamelen", "the way of collecting"), covered(Clause::CollectionMethod)),
            (Text::new("geen eigen gebruik", "no own use"), covered(Clause::NoOwnUse)),
        ],
    );
    let misused = agreement.misuses.iter().map(|misuse| {
        Finding::fail(words("de verwerker gebruikte gegevens voor zichzelf", "the processor used data for itself"))
            .by(misuse)
    });
    misused.fold(in_force.by(execution).and(clauses), Finding::and)
}

/// Who cannot be told one by one is told in public (Art. 14(5)(b)).
fn public_is_told<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let notices = inquiry.related::<PrivacyNotice>("activity", activity.stream);
    let Some(version) = notices.iter().find_map(|notice| notice.state.current.as_ref()) else {
        return Finding::fail(words(
            "er is geen openbare privacyverklaring van deze activiteit",
            "there is no public notice of this activity",
        ));
    };
    let invoked = notices.iter().flat_map(|notice| &notice.state.exemptions).filter(|exemption| {
        exemption.fact.ground == ExemptionGround::DisproportionateEffort
            && exemption.fact.activity.as_ref().is_none_or(|known| known == activity.stream)
    });
    let findings = invoked.map(|exemption| {
        let finding = if exemption.fact.public_measure.is_some() {
            Finding::pass(words("het publiek wordt in het algemeen ingelicht", "the public is told in general"))
        } else {
            Finding::fail(words(
                "mensen worden niet één voor één ingelicht en er is geen openbare maatregel in de plaats",
                "people are not told one by one and no public measure takes its place",
            ))
        };
        finding.by(exemption)
    });
    Finding::any(findings.collect::<Vec<_>>(), || {
        Finding::fail(words(
            "dat inlichten één voor één niet kan, is niet als uitzondering vastgelegd",
            "that people cannot be told one by one is not recorded as an exemption",
        ))
    })
    .and(Finding::pass(words("er is een openbare privacyverklaring", "there is a public notice")).by(version))
}

// --- LIA-11 ----------------------------------------------------------------------------------------------------------

fn interest_is_catalogued<'w>(_inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Finding {
    on_the_interest(assessment, |interest| {
        match (&interest.fact.catalogue_code, &interest.fact.not_in_catalogue_because) {
            (Some(code), _) => {
                Finding::pass(say!("het belang is {code} uit de catalogus", "the interest is {code} of the catalogue"))
            }
            (None, Some(_)) => Finding::pass(words(
                "vastgelegd is waarom het belang niet uit de catalogus komt",
                "it is recorded why the interest is none of the catalogue",
            )),
            // The guideline gives examples; it does not ask for a catalogue in so many words.
            (None, None) => Finding::warn(words(
                "het belang komt niet uit de catalogus en niet is vastgelegd waarom",
                "the interest is none of the catalogue and it is not recorded why",
            )),
        }
        .by(interest)
    })
}

// --- LIA-12 ----------------------------------------------------------------------------------------------------------

/// When an assessment was last looked at: approved or reviewed, with the date that was then set for the next time.
struct LastLook {
    at: Event,
    next: Option<PartialDate>,
}

fn last_look(assessment: Seen<'_, LegitimateInterestAssessment>) -> Option<LastLook> {
    let approval = assessment.approval.as_ref();
    let approval = approval.map(|made| (made.from, LastLook { at: made.into(), next: made.fact.next_review }));
    let reviews = assessment.reviews.iter();
    let reviews = reviews.map(|made| (made.from, LastLook { at: made.into(), next: made.fact.next_review }));
    // Of two on one day the review is the later one.
    approval.into_iter().chain(reviews).max_by_key(|(from, _)| from.earliest()).map(|(_, look)| look)
}

fn is_reviewed<'w>(inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Finding {
    relied_on(assessment, || {
        let Some(last) = last_look(assessment) else {
            return Finding::fail(words(
                "wanneer de belangenafweging is beoordeeld, is niet vastgelegd",
                "when the assessment was looked at is not recorded",
            ));
        };
        let what = Text::new("de laatste beoordeling van de belangenafweging", "the last look at the assessment");
        let term = inquiry.house("assessmentReview");
        let periodic = age(inquiry, &what, Some(last.at), term.as_ref(), Calendar::Strict);
        let planned = last.next.map(|next| planned_review(inquiry, next, last.at));
        let changes = changes_since_approval(inquiry, assessment);
        let term = inquiry.house("assessmentReviewOnChange");
        let followed = changes.iter().map(|change| review_follows(inquiry, assessment, change, term.as_ref()));
        planned.into_iter().chain(followed).fold(periodic, Finding::and)
    })
}

/// The day set for a review is the last on which it is in time.
fn planned_review(inquiry: &Inquiry<'_>, next: PartialDate, set: Event) -> Finding {
    let limit = Limit { earliest: next.latest(), latest: next.latest() };
    decide(
        inquiry.passed(&limit),
        || {
            Finding::fail(say!(
                "de herbeoordeling die voor {next} was afgesproken, is niet gedaan",
                "the review set for {next} was not made"
            ))
        },
        || {
            Finding::pass(say!(
                "de volgende herbeoordeling is afgesproken voor {next}",
                "the next review is set for {next}"
            ))
        },
        || {
            Finding::indeterminate(say!(
                "of de herbeoordeling van {next} te laat is, beslist de datum niet",
                "the date does not decide whether the review of {next} is late"
            ))
        },
    )
    .by(set.fact)
}

/// Something that asks for another look at an assessment.
struct Change {
    what: Text,
    at: Event,
}

fn changes_since_approval<'w>(
    inquiry: &Inquiry<'w>,
    assessment: Seen<'w, LegitimateInterestAssessment>,
) -> Vec<Change> {
    let Some(approved) = assessment.approval.as_ref().map(|approval| approval.from) else { return Vec::new() };
    let mut found = Vec::new();
    for activity in activities_of(inquiry, assessment) {
        let amended = activity.versions().filter(|version| version.materiality != Some(Materiality::Editorial));
        for version in amended.filter(|version| version.entry.version > 1) {
            found.push(Change {
                what: Text::new("een wijziging van de activiteit", "a change of the activity"),
                at: Event::new(version.from, version.sequence),
            });
        }
        for objection in upheld(inquiry, activity.stream) {
            let about = |purposes: &[Code]| {
                let purpose = assessment.purpose.as_ref();
                purposes.is_empty() || purpose.is_none_or(|purpose| purposes.contains(purpose))
            };
            let decisions = objection.state.upheld.iter().filter(|upheld| about(&upheld.fact.purposes));
            found.extend(decisions.map(|upheld| Change {
                what: Text::new("een gegrond bezwaar", "an objection that was upheld"),
                at: upheld.into(),
            }));
        }
    }
    found.retain(|change| approved.before(&change.at.date) == Ternary::True);
    found
}

/// The objections to an activity that were upheld. No file of a person is read unless there is such a one.
fn upheld<'w>(inquiry: &Inquiry<'w>, activity: &StreamId) -> Vec<Seen<'w, Objection>> {
    let about = inquiry.streams_with_key(Objection::NAME, "activity", activity.to_string());
    let status = key_text(&ObjectionStatus::Upheld);
    let upheld: BTreeSet<StreamId> = if about.is_empty() {
        BTreeSet::new()
    } else {
        inquiry.streams_with_key(Objection::NAME, "status", status).into_iter().collect()
    };
    if !about.iter().any(|stream| upheld.contains(stream)) {
        return Vec::new();
    }
    let found = inquiry.related::<Objection>("activity", activity);
    found.into_iter().filter(|objection| upheld.contains(objection.stream)).collect()
}

fn review_follows(
    inquiry: &Inquiry<'_>,
    assessment: Seen<'_, LegitimateInterestAssessment>,
    change: &Change,
    term: Option<&Parameter>,
) -> Finding {
    let after = |date: &PartialDate| change.at.date.day_not_after(date) == Ternary::True;
    let review = assessment.reviews.iter().find(|review| after(&review.from)).map(Event::from);
    let Text { nl, en } = &change.what;
    let date = change.at.date;
    if term.is_some() {
        let what = say!("de herbeoordeling na {nl} op {date}", "the review after {en} on {date}");
        return deadline(
            inquiry,
            &Due { what: &what, from: change.at, done: review, term, calendar: Calendar::Strict },
        );
    }
    match review {
        Some(review) => {
            Finding::pass(say!("na {nl} op {date} is herbeoordeeld", "after {en} on {date} there was a review"))
                .by(review.fact)
        }
        None => {
            Finding::warn(say!("na {nl} op {date} is niet herbeoordeeld", "after {en} on {date} there was no review"))
        }
    }
    .by(change.at.fact)
}

#[cfg(test)]
mod tests;
