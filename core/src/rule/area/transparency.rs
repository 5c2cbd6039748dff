//! Transparency (GDPR Art. 12-14, 26(2)): people are told in time, in full and in plain words what is done with their data, and what
//! they were told is still so.
//!
//! That people are told is judged on the activity; what a notice says, on the notice. Whether a notice has become stale is no fact: it
//! follows from what the version in force tells and from what changed in its activities since ([`stale_since`]).
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::BTreeSet;

use self::change::{Register, bases_now, recipients};
use crate::family::activity::{
    Activity, ActivityStatus, ActivityVersion, AutomatedDecisionGround, DataSource, LegalBasis, SpecialCategoryGround,
};
use crate::family::data_subject_request::{DataSubjectRequest, FeeReason};
use crate::family::dossier::Dated;
use crate::family::governance_instrument::InstrumentKind as Governance;
use crate::family::joint_controller_arrangement::{ArrangementStatus, JointControllerArrangement, Topic};
use crate::family::kit::key_text;
use crate::family::privacy_notice::{
    DataCollected, DataObtainedIndirectly, ExemptionGround, ExemptionInvoked, IndirectNoticeProvided, NoticeItem,
    PrivacyNotice, VersionPublished,
};
use crate::family::rule_set::Outcome;
use crate::family::transfer_ground::{Derogation, GroundKind, TransferGround};
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{GDPR, GUIDELINE, HOUSE, POLICY, Parameter, SUPERVISOR};
use crate::rule::template::{Due, Event, Precision, complete, count, coverage, deadline, decide, if_then, order};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Finding, Mark};
use crate::time::{Calendar, PartialDate, Ternary, day_of};

mod change;

pub(in crate::rule) const AREA: Area = Area {
    name: words("transparantie", "transparency"),
    rules: &[
        Rule {
            id: "TRN-01",
            title: words(
                "Betrokkenen weten wat er met hun gegevens gebeurt",
                "People know what happens with their data",
            ),
            explanation: words(
                "Een lopende verwerking heeft een geldende privacyverklaring bij elk kanaal waarlangs gegevens worden verzameld. Komen de gegevens alleen van anderen, dan loopt eerst de termijn om betrokkenen te informeren. Een uitzondering telt als zij voor die gegevens openstaat: artikel 13 kent alleen wie al geïnformeerd is, en onevenredige inspanning vraagt een openbare maatregel. Of haar reden overtuigt, is niet getoetst.",
                "Running processing has a notice in force at every channel by which data are collected. Where data come from others only, the term to inform people runs first. An exemption counts where it is open to those data: Article 13 knows only people who have the information, and disproportionate effort asks for a public measure. Whether its reason convinces is not tested.",
            ),
            sources: &["GDPR 12-14", "GDPR 13(4)", "GDPR 14(5)", "CJEU C-422/24", "P18 2.1", "P18 6.2", "G24 4(1)"],
            checks: &[check!(Activity, Law, Lawfulness, GDPR, [InForceAt, Coverage], people_are_told)],
        },
        Rule {
            id: "TRN-02",
            title: words(
                "Wie zelf gegevens verstrekt, is uiterlijk dan geïnformeerd",
                "Who gives data is told by then",
            ),
            explanation: words(
                "Worden gegevens bij mensen zelf verzameld, dan is hun de privacyverklaring vooraf of daarbij gegeven, of aangeboden bij het kanaal van verzameling.",
                "Where data are collected from people themselves, the notice was given to them before or then, or offered at the channel of collection.",
            ),
            sources: &["GDPR 13(1)", "P18 6.2", "P18 8.1A", "G24 4(1)"],
            checks: &[check!(Activity, Law, Lawfulness, GDPR, [Order], told_at_collection)],
        },
        Rule {
            id: "TRN-03",
            title: words(
                "Wie zijn gegevens niet zelf gaf, wordt op tijd geïnformeerd",
                "Those whose data come from others are told in time",
            ),
            explanation: words(
                "Komen gegevens van een ander, dan worden mensen zo spoedig mogelijk ingelicht: uiterlijk binnen de termijn, en niet later dan het eerste contact of de eerste verstrekking. Wet en richtlijn stellen een maand, het beleid vier weken.",
                "Where data come from somebody else, people are told as soon as possible: within the term at the latest, and no later than the first contact or disclosure. Law and guideline give a month, the policy four weeks.",
            ),
            sources: &["GDPR 14(3)", "P18 8.1B", "G24 4(1)"],
            checks: &[
                check!(Activity, Law, Lawfulness, GDPR, [Deadline, Order], told_within_the_law),
                check!(Activity, Policy, Accountability, POLICY, [Deadline, Order], told_within_the_policy),
                check!(Activity, Guideline, Accountability, GUIDELINE, [Deadline], told_within_the_guideline),
            ],
        },
        Rule {
            id: "TRN-04",
            title: words("De privacyverklaring is volledig en klopt", "The notice is complete and right"),
            explanation: words(
                "De geldende versie vertelt alles wat voor haar activiteiten moet, ook wat een gerechtvaardigd belang, toestemming, doorgifte of geautomatiseerde besluitvorming vraagt. De wet vraagt ook de gevolgen van niet verstrekken en de inzage in waarborgen. Wat zij vertelt, is nog zo.",
                "The version in force tells all that its activities need, also what a legitimate interest, consent, a transfer or automated decisions ask. The law asks the consequences of not giving data and the copy of safeguards as well. What it tells is still so.",
            ),
            sources: &["GDPR 13(1)-(2)", "GDPR 14(1)-(2)", "P18 8.1A"],
            checks: &[
                // An incomplete notice does not by itself make the processing unlawful (C-60/22 by analogy).
                check!(PrivacyNotice, Law, Accountability, GDPR, [Complete, Reconcile], notice_meets_the_law),
                check!(PrivacyNotice, Policy, Accountability, POLICY, [Complete], notice_meets_the_policy),
            ],
        },
        Rule {
            id: "TRN-05",
            title: words("Ook soort en bron van verkregen gegevens", "The kind and the source of data obtained, too"),
            explanation: words(
                "Wie wordt ingelicht over gegevens van een ander, hoort ook welke soorten gegevens het zijn en waar zij vandaan komen.",
                "Who is told of data from somebody else also hears which kinds of data they are and where they come from.",
            ),
            sources: &["GDPR 14(1)(d)", "GDPR 14(2)(f)", "P18 8.1B"],
            checks: &[check!(PrivacyNotice, Law, Lawfulness, GDPR, [Complete, Coverage], kind_and_source_are_told)],
        },
        Rule {
            id: "TRN-06",
            title: words("Informatie en actie zijn kosteloos", "Information and action are free of charge"),
            explanation: words(
                "Inlichten is kosteloos. Voor een verzoek wordt alleen iets gevraagd bij een bijkomende kopie of een kennelijk ongegrond of buitensporig verzoek.",
                "To be told is free of charge. For a request something is asked only for a further copy, or where it is manifestly unfounded or excessive.",
            ),
            sources: &["GDPR 12(5)", "GDPR 15(3)", "P18 8.1", "P18 8.4", "P18 8.5"],
            checks: &[
                check!(PrivacyNotice, Law, Accountability, GDPR, [IfThen], telling_is_free),
                check!(DataSubjectRequest, Law, Accountability, GDPR, [IfThen], requests_are_free),
            ],
        },
        Rule {
            id: "TRN-07",
            title: words("Begrijpelijk voor wie het leest", "Plain to those who read it"),
            explanation: words(
                "De privacyverklaring is er in de talen van haar lezers, haar taalniveau is door iemand bevestigd, en richt zij zich op minderjarigen, dan is er een versie voor hen; zijn zij alleen onder de betrokkenen, dan is het ontbreken een aandachtspunt. Of de tekst begrijpelijk is, is niet getoetst. De toezichthouder eist Nederlands voor gebruikers in Nederland.",
                "The notice is there in the languages of its readers, somebody attests its level of reading, and where it addresses minors there is a wording for them; where they are only among the people, its lack is to be attended to. Whether the text is plain is not tested. The supervisory authority demands Dutch for users in the Netherlands.",
            ),
            sources: &["GDPR 12(1)", "P18 2.1", "P18 8"],
            checks: &[
                check!(PrivacyNotice, Law, Lawfulness, GDPR, [Complete], wording_is_plain),
                check!(
                    PrivacyNotice,
                    Policy,
                    Accountability,
                    crate::rule::norm::Applies::Adopted(HOUSE),
                    [Coverage],
                    languages_of_the_house
                ),
                check!(PrivacyNotice, Supervisor, Accountability, SUPERVISOR, [Coverage], languages_of_the_authority),
            ],
        },
        Rule {
            id: "TRN-08",
            title: words("Niet inlichten is een bewuste uitzondering", "Not to tell is an exception made knowingly"),
            explanation: words(
                "Worden mensen niet ingelicht, dan is daarvoor een uitzonderingsgrond ingeroepen en goedgekeurd; wie niet één voor één kan worden bereikt, wordt in het openbaar ingelicht.",
                "Where people are not told, a ground of exemption was invoked and approved; who cannot be reached one by one is told in public.",
            ),
            sources: &["GDPR 13(4)", "GDPR 14(5)", "P18 6.2"],
            checks: &[check!(Activity, Policy, Accountability, POLICY, [IfThen], silence_is_decided)],
        },
        Rule {
            id: "TRN-09",
            title: words("Het aanspreekpunt is duidelijk", "The contact point is clear"),
            explanation: words(
                "Is een regeling met een andere verwerkingsverantwoordelijke van kracht, dan is de wezenlijke inhoud voor betrokkenen te vinden; de toezichthouder wil ook dat zij zegt wie hun aanspreekpunt is. Wat de bekendgemaakte inhoud zegt, is niet getoetst.",
                "While an arrangement with another controller is in force, people can find its essence; the authority also wants it to say who their contact point is. What the published essence says is not tested.",
            ),
            sources: &["GDPR 26(1)-(3)", "GDPR 12(2)", "AP 2024"],
            checks: &[
                check!(JointControllerArrangement, Law, Accountability, GDPR, [InForceAt], essence_is_available),
                check!(
                    JointControllerArrangement,
                    Supervisor,
                    Accountability,
                    SUPERVISOR,
                    [InForceAt],
                    essence_is_published
                ),
            ],
        },
    ],
};

// --- Who is told of what --------------------------------------------------------------------------------------------

/// Whether a fact that may name an activity is about this one.
fn about(named: Option<&StreamId>, activity: &StreamId) -> bool {
    named.is_none_or(|named| named == activity)
}

/// Whether two facts may be about the same group of people; a fact without a group is about all.
fn same_group(one: Option<&Code>, other: Option<&Code>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// The notices that have to do with an activity.
fn notices_of<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Vec<Seen<'w, PrivacyNotice>> {
    inquiry.related::<PrivacyNotice>("activity", activity.stream)
}

/// The versions that are offered now and tell of an activity.
fn offered<'w>(notices: &[Seen<'w, PrivacyNotice>], activity: &StreamId) -> Vec<&'w Dated<VersionPublished>> {
    let current = notices.iter().filter_map(|notice| notice.state.current.as_ref());
    current.filter(|version| version.fact.activities.is_empty() || version.fact.activities.contains(activity)).collect()
}

/// Whether a ground of exemption is about data from people themselves: Art. 13 knows but one, and the grounds of Art. 14(5) do not
/// reach it (C-422/24).
fn is_of_article_13(exemption: &Dated<ExemptionInvoked>) -> bool {
    exemption.fact.ground == ExemptionGround::KnownAlreadyDirect
}

/// The exemptions for an activity that reach a group of people; absent: all of them.
fn exemptions<'w>(
    notices: &[Seen<'w, PrivacyNotice>],
    activity: &StreamId,
    group: Option<&Code>,
) -> Vec<&'w Dated<ExemptionInvoked>> {
    let invoked = notices.iter().flat_map(|notice| &notice.state.exemptions);
    let reaches = |exemption: &&Dated<ExemptionInvoked>| {
        let cohort = exemption.fact.cohort.as_ref();
        about(exemption.fact.activity.as_ref(), activity) && (cohort.is_none() || cohort == group)
    };
    invoked.filter(reaches).collect()
}

/// An exemption frees from the duty where its own condition is met; to invoke it is not to have it.
fn exempt(exemption: &Dated<ExemptionInvoked>) -> Finding {
    if lacks_its_measure(exemption) {
        return Finding::fail(words(
            "de uitzondering wegens onevenredige inspanning vraagt een openbare maatregel, en die is niet vastgelegd",
            "the exemption for disproportionate effort asks for a public measure, and none is recorded",
        ))
        .by(exemption);
    }
    Finding::not_applicable(words(
        "er is een uitzondering op de informatieplicht ingeroepen",
        "an exemption from the duty to inform was invoked",
    ))
    .by(exemption)
}

/// Who cannot be told one by one is told in public: the law itself asks that (Art. 14(5)(b)).
fn lacks_its_measure(exemption: &Dated<ExemptionInvoked>) -> bool {
    exemption.fact.ground == ExemptionGround::DisproportionateEffort && exemption.fact.public_measure.is_none()
}

/// What an activity obtained from others.
fn obtained_for<'w>(
    notices: &[Seen<'w, PrivacyNotice>],
    activity: &StreamId,
) -> Vec<&'w Dated<DataObtainedIndirectly>> {
    let all = notices.iter().flat_map(|notice| &notice.state.obtained_indirectly);
    all.filter(|obtained| about(obtained.fact.activity.as_ref(), activity)).collect()
}

/// What an activity collected from people themselves.
fn collected_for<'w>(notices: &[Seen<'w, PrivacyNotice>], activity: &StreamId) -> Vec<&'w Dated<DataCollected>> {
    let all = notices.iter().flat_map(|notice| &notice.state.collected);
    all.filter(|collected| about(collected.fact.activity.as_ref(), activity)).collect()
}

/// How long people may wait to hear of data from others, in one of the layers.
struct Wait {
    term: Option<Parameter>,
    calendar: Calendar,
    /// Not beyond the first contact (Art. 14(3)(b)).
    contact: bool,
    /// Not beyond the first disclosure (Art. 14(3)(c)).
    disclosure: bool,
    /// Whether the last days are to be remarked on.
    soon: bool,
}

impl Wait {
    fn of_law(inquiry: &Inquiry<'_>) -> Self {
        let term = inquiry.law_parameter("LEX-GDPR", "indirectNotice");
        let calendar = Calendar::Regulation1182 { two_working_days: false };
        Self { term, calendar, contact: true, disclosure: true, soon: true }
    }

    /// The policy speaks of the first communication, and not of disclosure.
    fn of_policy(inquiry: &Inquiry<'_>) -> Self {
        let term = inquiry.parameter(&[Governance::Policy], "indirectNotice");
        Self { term, calendar: Calendar::Strict, contact: true, disclosure: false, soon: false }
    }

    fn of_guideline(inquiry: &Inquiry<'_>) -> Self {
        let term = inquiry.parameter(&[Governance::Guideline], "indirectNotice");
        Self { term, calendar: Calendar::Strict, contact: false, disclosure: false, soon: true }
    }
}

// --- TRN-01 ----------------------------------------------------------------------------------------------------------

/// Judges an activity while it runs.
fn running(activity: Seen<'_, Activity>, judge: impl FnOnce() -> Finding) -> Finding {
    if activity.status == ActivityStatus::Active {
        return judge();
    }
    Finding::not_applicable(words(
        "de verwerking loopt op dat moment niet",
        "the processing does not run at that moment",
    ))
}

fn people_are_told<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running(activity, || {
        let notices = notices_of(inquiry, activity);
        let offered = offered(&notices, activity.stream);
        if offered.is_empty() {
            let entered = activity.current.as_ref().and_then(|version| version.entry.source);
            let direct = entered == Some(DataSource::Direct) || !collected_for(&notices, activity.stream).is_empty();
            let invoked = exemptions(&notices, activity.stream, None);
            let fitting = invoked.into_iter().filter(|exemption| !direct || is_of_article_13(exemption));
            let findings: Vec<Finding> = fitting.map(exempt).collect();
            return match findings.iter().position(|finding| finding.outcome == Outcome::NotApplicable) {
                Some(place) => findings[place].clone(),
                None => {
                    let silent = not_told_yet(inquiry, activity, &notices, &Wait::of_law(inquiry));
                    // Those who can still be told in time need no exemption.
                    if silent.outcome == Outcome::Pass {
                        silent
                    } else {
                        findings.into_iter().fold(silent, Finding::and)
                    }
                }
            };
        }
        channels_are_covered(activity, &notices, &offered)
    })
}

/// Whether people may still wait to be told: where data come from others only, as long as the term runs.
fn not_told_yet<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    notices: &[Seen<'w, PrivacyNotice>],
    wait: &Wait,
) -> Finding {
    let silent = || {
        Finding::fail(words(
            "er is geen geldende privacyverklaring van deze activiteit",
            "no notice of this activity is in force",
        ))
    };
    let indirect = activity.current.as_ref().is_some_and(|version| version.entry.source == Some(DataSource::Indirect));
    let obtained = obtained_for(notices, activity.stream);
    if !indirect || obtained.is_empty() || !collected_for(notices, activity.stream).is_empty() {
        return silent().by_all(activity.current.iter().map(|version| version.sequence));
    }
    let findings = obtained.into_iter().map(|obtained| told_of(inquiry, activity, notices, obtained, wait));
    Finding::all(findings, silent)
}

fn channels_are_covered(
    activity: Seen<'_, Activity>,
    notices: &[Seen<'_, PrivacyNotice>],
    offered: &[&Dated<VersionPublished>],
) -> Finding {
    let collected = collected_for(notices, activity.stream);
    let needed: BTreeSet<String> =
        collected.iter().filter_map(|one| one.fact.channel).map(|one| key_text(&one)).collect();
    let served = notices.iter().flat_map(|notice| &notice.state.served);
    let served = served.filter(|served| about(served.fact.activity.as_ref(), activity.stream));
    let served = served.filter_map(|served| served.fact.channel);
    let covered = offered.iter().flat_map(|version| version.fact.channels.iter().copied()).chain(served);
    let covered: BTreeSet<String> = covered.map(|channel| key_text(&channel)).collect();
    let told = Finding::pass(words(
        "er is een geldende privacyverklaring van deze activiteit",
        "a notice of this activity is in force",
    ));
    let told = told.by_all(offered.iter().copied());
    if needed.is_empty() {
        return told;
    }
    let what = Text::new("kanalen waarlangs gegevens worden verzameld", "channels by which data are collected");
    told.and(coverage(&what, &needed, &covered).by_all(collected))
}

// --- TRN-02 ----------------------------------------------------------------------------------------------------------

fn told_at_collection<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let notices = notices_of(inquiry, activity);
    let first = Text::new("het verstrekken van de privacyverklaring", "the giving of the notice");
    let then = Text::new("het verzamelen van de gegevens", "the collection of the data");
    let findings = collected_for(&notices, activity.stream).into_iter().map(|collected| {
        let invoked = exemptions(&notices, activity.stream, collected.fact.cohort.as_ref());
        if let Some(exemption) = invoked.into_iter().find(|exemption| is_of_article_13(exemption)) {
            return exempt(exemption);
        }
        let then = (&then, Some(Event::from(collected)));
        let told = given(&notices, activity.stream, &collected.fact);
        let findings: Vec<Finding> =
            told.into_iter().map(|told| order(Precision::Day, (&first, Some(told)), then)).collect();
        Finding::any(findings, || order(Precision::Day, (&first, None), then))
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words(
            "dat gegevens bij mensen zelf zijn verzameld, is niet vastgelegd",
            "that data were collected from people themselves is not recorded",
        ))
    })
}

/// When the notice was given to a group, or first offered at the channel of collection.
fn given(notices: &[Seen<'_, PrivacyNotice>], activity: &StreamId, collected: &DataCollected) -> Vec<Event> {
    let mut found = Vec::new();
    for notice in notices {
        let served = notice.served.iter().filter(|served| {
            let fact = &served.fact;
            let channel = fact.channel.is_none() || collected.channel.is_none() || fact.channel == collected.channel;
            channel
                && about(fact.activity.as_ref(), activity)
                && same_group(fact.cohort.as_ref(), collected.cohort.as_ref())
        });
        found.extend(served.map(Event::from));
        let Some(channel) = collected.channel else { continue };
        let withdrawn = |version: u32| notice.withdrawn.iter().any(|withdrawn| withdrawn.fact.version == version);
        let versions = notice.published.iter().filter(|version| {
            let fact = &version.fact;
            let tells = fact.activities.is_empty() || fact.activities.contains(activity);
            tells && fact.channels.contains(&channel) && !withdrawn(fact.version)
        });
        found.extend(versions.map(Event::from));
    }
    found
}

// --- TRN-03 ----------------------------------------------------------------------------------------------------------

fn told_within_the_law<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    told_in_time(inquiry, activity, &Wait::of_law(inquiry))
}

fn told_within_the_policy<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    told_in_time(inquiry, activity, &Wait::of_policy(inquiry))
}

fn told_within_the_guideline<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    told_in_time(inquiry, activity, &Wait::of_guideline(inquiry))
}

fn told_in_time<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, wait: &Wait) -> Finding {
    let notices = notices_of(inquiry, activity);
    let findings = obtained_for(&notices, activity.stream).into_iter().map(|obtained| {
        let invoked = exemptions(&notices, activity.stream, obtained.fact.cohort.as_ref());
        let invoked = invoked.into_iter().filter(|exemption| !is_of_article_13(exemption));
        // One that holds goes before one that lacks its condition.
        match invoked.min_by_key(|exemption| lacks_its_measure(exemption)) {
            Some(exemption) if !lacks_its_measure(exemption) => exempt(exemption),
            Some(exemption) => {
                let told = told_of(inquiry, activity, &notices, obtained, wait);
                if told.outcome == Outcome::Pass { told } else { exempt(exemption).and(told) }
            }
            None => told_of(inquiry, activity, &notices, obtained, wait),
        }
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words(
            "dat gegevens van een ander zijn verkregen, is niet vastgelegd",
            "that data were obtained from somebody else is not recorded",
        ))
    })
}

/// Whether those of whom data were obtained are told in time.
fn told_of<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    notices: &[Seen<'w, PrivacyNotice>],
    obtained: &Dated<DataObtainedIndirectly>,
    wait: &Wait,
) -> Finding {
    if wait.term.is_none() {
        return Finding::not_applicable(words(
            "geen instrument dat van kracht is, stelt hiervoor een termijn",
            "no instrument in force sets a term for this",
        ));
    }
    let what = Text::new(
        "het inlichten van mensen van wie gegevens zijn verkregen",
        "telling the people of whom data were obtained",
    );
    let from = obtained.fact.obtained_at.unwrap_or(obtained.from);
    let group = obtained.fact.cohort.as_ref();
    let mine = |named: Option<&StreamId>, cohort: Option<&Code>, date: PartialDate| {
        // What names the same group is about it; what names none must come after, to be about these data.
        let these = (group.is_some() && cohort == group) || from.day_not_after(&date) != Ternary::False;
        about(named, activity.stream) && same_group(group, cohort) && these
    };
    let first = |events: Vec<Event>| events.into_iter().min_by_key(|event| event.date.earliest());
    let told = notices.iter().flat_map(|notice| &notice.state.indirect_notices);
    let told = told.filter(|told| mine(told.fact.activity.as_ref(), told.fact.cohort.as_ref(), told.from));
    let served = notices.iter().flat_map(|notice| &notice.state.served);
    let served = served.filter(|served| group.is_some() && served.fact.cohort.as_ref() == group);
    let served = served.filter(|served| about(served.fact.activity.as_ref(), activity.stream));
    let told = first(told.map(Event::from).chain(served.map(Event::from)).collect());
    let contact = notices.iter().flat_map(|notice| &notice.state.first_communications);
    let contact =
        contact.filter(|one| wait.contact && mine(one.fact.activity.as_ref(), one.fact.cohort.as_ref(), one.from));
    let contact = first(contact.map(Event::from).collect());
    let disclosed = notices.iter().flat_map(|notice| &notice.state.first_disclosures);
    let disclosed =
        disclosed.filter(|one| wait.disclosure && mine(one.fact.activity.as_ref(), one.fact.cohort.as_ref(), one.from));
    let disclosed = first(disclosed.map(Event::from).collect());
    let due = Due {
        what: &what,
        from: Event::new(from, obtained),
        done: told,
        term: wait.term.as_ref(),
        calendar: wait.calendar,
    };
    let before = |then: Text, event: Option<Event>| order(Precision::Day, (&what, told), (&then, event));
    within_the_term(inquiry, &due, wait)
        .and(before(Text::new("het eerste contact", "the first contact"), contact))
        .and(before(Text::new("de eerste verstrekking aan een ander", "the first disclosure"), disclosed))
}

/// The term is the utmost: who tells people in its last days is in time, and yet not as soon as possible.
fn within_the_term(inquiry: &Inquiry<'_>, due: &Due<'_>, wait: &Wait) -> Finding {
    let finding = deadline(inquiry, due);
    let Some((counted, _)) = count(due).filter(|_| wait.soon && finding.outcome == Outcome::Pass) else {
        return finding;
    };
    let limit = counted.limit.earliest;
    let last_day = day_of(limit).earliest();
    // The last days are those beyond the shorter term that the institution set itself; without one, the last day.
    let own = inquiry.parameter(&[Governance::Policy], "indirectNotice");
    let own = count(&Due { term: own.as_ref(), calendar: Calendar::Strict, ..due.clone() });
    let own = own.map(|(counted, _)| counted.limit.earliest.next()).filter(|beyond| *beyond <= limit);
    let last_days = own.map_or(last_day, |beyond| beyond.min(last_day));
    let late = match due.done {
        Some(done) => PartialDate::Exact(last_days).not_after(&done.date) == Ternary::True,
        None => inquiry.reached(last_days),
    };
    if !late {
        return finding;
    }
    finding.and(Finding::pass(words(
        "aandachtspunt: de termijn is het uiterste; mensen worden zo spoedig mogelijk ingelicht, niet pas in de laatste dagen",
        "attention: the term is the utmost; people are told as soon as possible, not in the last days only",
    )))
}

// --- TRN-04 ----------------------------------------------------------------------------------------------------------

/// Judges the version that is offered now.
fn on_offer<'w>(
    notice: Seen<'w, PrivacyNotice>,
    judge: impl FnOnce(&'w Dated<VersionPublished>) -> Finding,
) -> Finding {
    let state: &'w PrivacyNotice = notice.state;
    match &state.current {
        Some(version) => judge(version),
        None => Finding::not_applicable(words(
            "er is op dat moment geen versie gepubliceerd",
            "no version is published at that moment",
        )),
    }
}

fn notice_meets_the_law<'w>(inquiry: &Inquiry<'w>, notice: Seen<'w, PrivacyNotice>) -> Finding {
    on_offer(notice, |version| {
        let activities = activities_told(inquiry, notice, version);
        let told = items_are_told(inquiry, version, &activities, true).and(accounts_agree(version, &activities));
        match staleness(inquiry, notice, version) {
            Some((stale, by_law)) => told.and(outdated(stale, by_law)),
            None => told,
        }
    })
}

fn notice_meets_the_policy<'w>(inquiry: &Inquiry<'w>, notice: Seen<'w, PrivacyNotice>) -> Finding {
    on_offer(notice, |version| {
        let activities = activities_told(inquiry, notice, version);
        let told = items_are_told(inquiry, version, &activities, false);
        // The policy lists what a notice contains; that it must still be so, says the law.
        if staleness(inquiry, notice, version).is_some() { told.marked(Mark::NoticeStale) } else { told }
    })
}

fn outdated(stale: Stale, by_law: bool) -> Finding {
    let Stale { since, why: Text { nl, en }, facts } = stale;
    let text = say!(
        "de privacyverklaring klopt sinds {since} niet meer: {nl}",
        "the notice has been out of date since {since}: {en}"
    );
    let finding = if by_law { Finding::fail(text) } else { Finding::warn(text) };
    finding.by_all(facts).marked(Mark::NoticeStale)
}

/// The activities of which a version tells, as far as they have not ended.
fn activities_told<'w>(
    inquiry: &Inquiry<'w>,
    notice: Seen<'w, PrivacyNotice>,
    version: &'w Dated<VersionPublished>,
) -> Vec<Seen<'w, Activity>> {
    let state: &'w PrivacyNotice = notice.state;
    let named = if version.fact.activities.is_empty() { &state.activities } else { &version.fact.activities };
    let found = named.iter().filter_map(|activity| inquiry.state::<Activity>(activity));
    found.filter(|activity| !matches!(activity.status, ActivityStatus::Ceased | ActivityStatus::Obsolete)).collect()
}

fn tells(version: &Dated<VersionPublished>, item: NoticeItem) -> bool {
    version.fact.items.iter().any(|content| content.item == item && content.present)
}

fn items_are_told<'w>(
    inquiry: &Inquiry<'w>,
    version: &'w Dated<VersionPublished>,
    activities: &[Seen<'w, Activity>],
    law: bool,
) -> Finding {
    use NoticeItem as I;
    let mut needed = BTreeSet::from([
        I::Controller,
        I::DpoContact,
        I::Purposes,
        I::LegalBasis,
        I::Retention,
        I::Rights,
        I::Complaint,
    ]);
    for activity in activities {
        conditional_items(inquiry, *activity, law, &mut needed);
    }
    let what = Text::new("de privacyverklaring", "the notice");
    let entries = activities.iter().filter_map(|activity| activity.state.current.as_ref()).map(|entry| entry.sequence);
    complete(&what, needed.into_iter().map(|item| (item_text(item), tells(version, item)))).by(version).by_all(entries)
}

/// What an activity makes its notice tell besides; the law asks for more than the policy.
fn conditional_items<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    law: bool,
    needed: &mut BTreeSet<NoticeItem>,
) {
    use NoticeItem as I;
    let rests_on = |basis: LegalBasis| activity.legal_bases().iter().any(|standing| standing.basis == basis);
    let entry = activity.current.as_ref().map(|version| &version.entry);
    let direct = entry.is_none_or(|entry| entry.source != Some(DataSource::Indirect));
    let mut need = |condition: bool, items: &[NoticeItem]| {
        if condition {
            needed.extend(items.iter().copied());
        }
    };
    let register = activity.current.as_ref().map(recipients);
    need(register.is_some_and(|register| !register.known.is_empty()), &[I::Recipients]);
    need(rests_on(LegalBasis::LegitimateInterest), &[I::LegitimateInterest]);
    need(asks_consent(activity), &[I::Withdrawal]);
    let demanded = direct && (rests_on(LegalBasis::Contract) || rests_on(LegalBasis::LegalObligation));
    need(demanded, &[I::Requirement]);
    need(demanded && law, &[I::Consequences]);
    need(decides_automatically(activity), &[I::AutomatedDecisions, I::AutomatedDecisionConsequences]);
    let running: Vec<Seen<'w, TransferGround>> =
        inquiry.related::<TransferGround>("activity", activity.stream).into_iter().filter(|one| flows(*one)).collect();
    let entered = entry.map(|entry| entry.transfers.as_slice()).unwrap_or_default();
    need(!running.is_empty() || !entered.is_empty(), &[I::Transfer]);
    let safeguarded = entered.iter().any(|transfer| transfer.safeguards.is_some());
    need(
        law && (safeguarded || running.iter().any(|transfer| has_safeguards(*transfer))),
        &[I::TransferSafeguardsCopy],
    );
}

/// Whether consent is a ground of anything in it, so that people must know that they can withdraw it.
fn asks_consent(activity: Seen<'_, Activity>) -> bool {
    let bases = activity.legal_bases().iter().any(|standing| standing.basis == LegalBasis::Consent);
    let special = activity
        .special_category_grounds
        .iter()
        .any(|ground| ground.fact.ground == SpecialCategoryGround::ExplicitConsent);
    let entered = activity.current.as_ref().and_then(|version| version.entry.automated_decisions.as_ref());
    let entered = entered.is_some_and(|decisions| decisions.ground == Some(AutomatedDecisionGround::ExplicitConsent));
    let recorded = activity.automated_decision_grounds.last();
    bases
        || special
        || entered
        || recorded.is_some_and(|ground| ground.fact.ground == AutomatedDecisionGround::ExplicitConsent)
}

/// Whether decisions are automated, by the register or by a declaration, whichever says it last; on whatever ground.
fn decides_automatically(activity: Seen<'_, Activity>) -> bool {
    let entered = activity.current.as_ref().and_then(|version| {
        version.entry.automated_decisions.as_ref().map(|decisions| (version.from, decisions.taken))
    });
    let declared = activity.automated_decision_declarations.last();
    let declared = declared.map(|declared| (declared.from, declared.fact.taken.unwrap_or(true)));
    let last = entered.into_iter().chain(declared).max_by_key(|(from, _)| from.earliest());
    last.is_some_and(|(_, taken)| taken)
}

/// Whether data go to a third country now.
fn flows(transfer: Seen<'_, TransferGround>) -> bool {
    let suspended = transfer.suspensions.last().is_some_and(|suspension| suspension.until.is_none());
    transfer.ceased.is_none() && !suspended && transfer.running_since.is_some()
}

/// Whether a transfer rests on safeguards of which people can have a copy (Art. 13(1)(f), 46, 47, 49(1) second subparagraph).
fn has_safeguards(transfer: Seen<'_, TransferGround>) -> bool {
    use GroundKind as K;
    let compelling =
        transfer.derogation_invoked.iter().any(|one| one.fact.derogation == Derogation::CompellingInterests);
    transfer.ground.as_ref().is_some_and(|period| match period.ground.kind {
        K::Adequacy | K::Dpf | K::PrivacyShield | K::SafeHarbour => false,
        K::Derogation => compelling,
        K::Scc
        | K::Bcr
        | K::CodeOfConduct
        | K::Certification
        | K::AdHoc
        | K::PublicInstrument
        | K::AdministrativeArrangement => true,
    })
}

/// What a version names agrees with the register. What it leaves out is a failure; what the register does not know may be missing there.
fn accounts_agree(version: &Dated<VersionPublished>, activities: &[Seen<'_, Activity>]) -> Finding {
    let compared = [
        (
            Text::new("ontvangers", "recipients"),
            codes(&version.fact.recipients),
            recipients as fn(&ActivityVersion) -> Register,
        ),
        (Text::new("grondslagen", "legal bases"), version.fact.legal_bases.iter().map(key_text).collect(), bases_now),
    ];
    let findings = compared.into_iter().filter(|(_, told, _)| !told.is_empty()).map(|(Text { nl, en }, told, of)| {
        let entries: Vec<&ActivityVersion> =
            activities.iter().filter_map(|activity| activity.state.current.as_ref()).collect();
        let registers: Vec<Register> = entries.iter().map(|entry| of(entry)).collect();
        let left_out: BTreeSet<&str> =
            registers.iter().flat_map(|one| one.needed.difference(&told)).map(String::as_str).collect();
        let known: BTreeSet<String> = registers.iter().flat_map(|one| one.known.iter().cloned()).collect();
        let unknown: BTreeSet<&str> = told.difference(&known).map(String::as_str).collect();
        let named = |values: BTreeSet<&str>| values.into_iter().collect::<Vec<_>>().join(", ");
        if !left_out.is_empty() {
            let left_out = named(left_out);
            Finding::fail(say!(
                "{nl} die de privacyverklaring niet noemt: {left_out}",
                "{en} that the notice does not name: {left_out}"
            ))
        } else if !unknown.is_empty() && !entries.is_empty() {
            let unknown = named(unknown);
            Finding::warn(say!(
                "{nl} die het register niet noemt en de privacyverklaring wel: {unknown}",
                "{en} that the register does not name and the notice does: {unknown}"
            ))
        } else {
            Finding::pass(say!(
                "{nl}: de privacyverklaring en het register stemmen overeen",
                "{en}: the notice and the register agree"
            ))
        }
        .by(version)
        .by_all(entries.iter().map(|entry| entry.sequence))
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words(
            "de versie legt niet vast welke ontvangers en grondslagen zij noemt",
            "the version does not record which recipients and bases it names",
        ))
    })
}

// --- Whether a notice is stale --------------------------------------------------------------------------------------

/// That a notice no longer says what is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Since when: the first change in its activities that it does not tell.
    pub since: PartialDate,
    /// What changed, in the order in which it did.
    pub why: Text,
    /// The facts of these changes.
    pub facts: BTreeSet<Sequence>,
}

/// Tells since when the version of a notice that is offered no longer says what is so: something that it tells changed in its activities
/// after it took effect. `None`: it still does, or none is offered. What was wrong from the beginning did not become so.
pub fn stale_since<'w>(inquiry: &Inquiry<'w>, notice: Seen<'w, PrivacyNotice>) -> Option<Stale> {
    let state: &'w PrivacyNotice = notice.state;
    staleness(inquiry, notice, state.current.as_ref()?).map(|(stale, _)| stale)
}

/// Tells since when a version is stale, and whether in something that the law makes it tell.
fn staleness<'w>(
    inquiry: &Inquiry<'w>,
    notice: Seen<'w, PrivacyNotice>,
    version: &'w Dated<VersionPublished>,
) -> Option<(Stale, bool)> {
    let activities = activities_told(inquiry, notice, version);
    let mut changes = change::changes(inquiry, notice, version, &activities);
    changes.retain(|change| version.from.before(&change.at) == Ternary::True);
    changes.sort_by_key(|change| (change.at.earliest(), change.fact));
    let since = changes.first()?.at;
    let by_law = changes.iter().any(|change| change.by_law);
    let facts = changes.iter().map(|change| change.fact).collect();
    let why = Text::list(changes.into_iter().map(|change| change.what));
    Some((Stale { since, why, facts }, by_law))
}

fn codes<'a>(codes: impl IntoIterator<Item = &'a Code>) -> BTreeSet<String> {
    codes.into_iter().map(Code::to_string).collect()
}

/// Whether an arrangement is agreed and in force.
fn binds(inquiry: &Inquiry<'_>, arrangement: Seen<'_, JointControllerArrangement>) -> Ternary {
    if arrangement.status != ArrangementStatus::Agreed {
        return Ternary::False;
    }
    inquiry.within(arrangement.from.as_ref(), arrangement.to.as_ref())
}

// --- TRN-05 ----------------------------------------------------------------------------------------------------------

fn kind_and_source_are_told<'w>(inquiry: &Inquiry<'w>, notice: Seen<'w, PrivacyNotice>) -> Finding {
    let state: &'w PrivacyNotice = notice.state;
    let version = state.current.as_ref().filter(|version| {
        let registered = |activity: &Seen<'w, Activity>| {
            activity.current.as_ref().is_some_and(|entry| entry.entry.source == Some(DataSource::Indirect))
        };
        let exempted = state.exemptions.iter().any(|one| one.fact.ground != ExemptionGround::KnownAlreadyDirect);
        exempted
            || !state.obtained_indirectly.is_empty()
            || activities_told(inquiry, notice, version).iter().any(registered)
    });
    let offered = version.map(|version| {
        let parts =
            [NoticeItem::DataCategories, NoticeItem::Source].map(|item| (item_text(item), tells(version, item)));
        complete(&Text::new("de privacyverklaring", "the notice"), parts).by(version)
    });
    let given = state.indirect_notices.iter().map(|given| told_kind_and_source(notice, given));
    Finding::all(offered.into_iter().chain(given), || {
        Finding::not_applicable(words(
            "de privacyverklaring gaat niet over gegevens van anderen",
            "the notice is not about data from others",
        ))
    })
}

fn told_kind_and_source(notice: Seen<'_, PrivacyNotice>, given: &Dated<IndirectNoticeProvided>) -> Finding {
    let fact = &given.fact;
    let version = fact.version.and_then(|version| notice.state.version(version)).or(notice.current.as_ref());
    let in_version = |item: NoticeItem| version.is_some_and(|version| tells(version, item));
    let parts = [
        (
            item_text(NoticeItem::DataCategories),
            !fact.data_categories.is_empty() || in_version(NoticeItem::DataCategories),
        ),
        (item_text(NoticeItem::Source), fact.source.is_some() || in_version(NoticeItem::Source)),
    ];
    let finding = complete(&Text::new("wat mensen is verteld", "what people were told"), parts).by(given);
    let named = codes(&fact.data_categories);
    let obtained = notice.obtained_indirectly.iter().filter(|obtained| {
        let same_activity =
            obtained.fact.activity.is_none() || fact.activity.is_none() || obtained.fact.activity == fact.activity;
        let group = obtained.fact.cohort.as_ref();
        same_activity && group == fact.cohort.as_ref() && !named.is_empty()
    });
    let what = Text::new("verkregen gegevenscategorieën", "data categories obtained");
    let covered =
        obtained.map(|obtained| coverage(&what, &codes(&obtained.fact.data_categories), &named).by(obtained).by(given));
    covered.fold(finding, Finding::and)
}

// --- TRN-06 ----------------------------------------------------------------------------------------------------------

fn telling_is_free<'w>(_inquiry: &Inquiry<'w>, notice: Seen<'w, PrivacyNotice>) -> Finding {
    let free = |free: bool| {
        if free {
            Finding::pass(words("mensen zijn kosteloos ingelicht", "people were told free of charge"))
        } else {
            Finding::fail(words("voor het inlichten is iets gevraagd", "something was asked for being told"))
        }
    };
    let served = notice.served.iter().filter_map(|served| Some(free(served.fact.free_of_charge?).by(served)));
    let indirect = notice.indirect_notices.iter().filter_map(|given| Some(free(given.fact.free_of_charge?).by(given)));
    Finding::all(served.chain(indirect), || {
        Finding::not_applicable(words(
            "of inlichten kosteloos was, is niet vastgelegd",
            "whether telling was free of charge is not recorded",
        ))
    })
}

fn requests_are_free<'w>(_inquiry: &Inquiry<'w>, request: Seen<'w, DataSubjectRequest>) -> Finding {
    let findings = request.state.fee_decided.iter().map(|decided| {
        let fact = &decided.fact;
        let charged = match (fact.amount_cents, fact.reason) {
            (Some(cents), _) => Ternary::from(cents > 0),
            (None, Some(FeeReason::Free)) => Ternary::False,
            (None, _) => Ternary::Unknown,
        };
        // The first copy is no further one (Art. 15(3)).
        let allowed = match fact.reason {
            Some(FeeReason::FurtherCopy) => fact.copy_number != Some(1),
            Some(FeeReason::ManifestlyUnfounded | FeeReason::Excessive) => true,
            _ => false,
        };
        let finding = decide(
            charged,
            || {
                if allowed {
                    Finding::pass(words(
                        "er is een vergoeding gevraagd op een grond die dat toelaat",
                        "a fee was asked on a ground that allows it",
                    ))
                } else {
                    Finding::fail(words(
                        "er is een vergoeding gevraagd zonder grond die dat toelaat",
                        "a fee was asked without a ground that allows it",
                    ))
                }
            },
            || Finding::pass(words("het verzoek is kosteloos behandeld", "the request was handled free of charge")),
            || {
                Finding::indeterminate(words(
                    "hoe hoog de vergoeding is, is niet vastgelegd",
                    "how high the fee is, is not recorded",
                ))
            },
        );
        finding.by(decided)
    });
    Finding::all(findings, || Finding::not_applicable(words("er is geen vergoeding bepaald", "no fee was decided on")))
}

// --- TRN-07 ----------------------------------------------------------------------------------------------------------

/// The language of those of whom the authority speaks.
const DUTCH: &str = "nl";
/// The code of minors among audiences and data subjects.
const MINOR: &str = "MINOR";
/// The parameter by which an instrument says in which languages people are told.
const LANGUAGES: &str = "languages";

fn wording_is_plain<'w>(inquiry: &Inquiry<'w>, notice: Seen<'w, PrivacyNotice>) -> Finding {
    on_offer(notice, |version| {
        let fact = &version.fact;
        let languages = if fact.languages.is_empty() {
            Finding::warn(words(
                "in welke talen de privacyverklaring er is, is niet vastgelegd",
                "in which languages the notice is there is not recorded",
            ))
        } else if fact.languages.iter().any(|language| language.as_str() == DUTCH) {
            Finding::pass(words("de privacyverklaring is er in het Nederlands", "the notice is there in Dutch"))
        } else {
            Finding::warn(words(
                "de privacyverklaring is er niet in het Nederlands",
                "the notice is not there in Dutch",
            ))
        };
        let attested = fact.reading_level.is_some() && (fact.reading_level_attested_by.is_some());
        let level = if attested {
            Finding::pass(words("het taalniveau is bevestigd", "the level of reading is attested"))
        } else {
            Finding::warn(words("niemand heeft het taalniveau bevestigd", "nobody attested the level of reading"))
        };
        let activities = activities_told(inquiry, notice, version);
        let subjects = activities.iter().filter_map(|activity| activity.state.current.as_ref());
        let mut among = subjects.flat_map(|entry| &entry.entry.subject_categories);
        // Art. 12(1) asks it of what is addressed specifically to a child; that minors are among the people is to be attended to.
        let addressed = fact.audience.iter().any(|one| one.as_str() == MINOR);
        let minors = addressed || among.any(|one| one.as_str() == MINOR);
        let otherwise =
            Text::new("de privacyverklaring richt zich niet op minderjarigen", "the notice does not address minors");
        let minors = if_then(minors.into(), &otherwise, || match fact.minors_variant {
            Some(true) => Finding::pass(words("er is een versie voor minderjarigen", "there is a wording for minors")),
            _ if addressed => {
                Finding::fail(words("er is geen versie voor minderjarigen", "there is no wording for minors"))
            }
            _ => Finding::warn(words(
                "onder de betrokkenen zijn minderjarigen, en er is geen versie voor hen",
                "minors are among the data subjects, and there is no wording for them",
            )),
        });
        languages.by(version).and(level.by(version)).and(minors.by(version))
    })
}

fn languages_of_the_house<'w>(inquiry: &Inquiry<'w>, notice: Seen<'w, PrivacyNotice>) -> Finding {
    on_offer(notice, |version| match inquiry.house(LANGUAGES) {
        Some(asked) => speaks(version, &codes(&asked.values)),
        None => Finding::not_applicable(words(
            "geen instrument dat van kracht is, noemt talen",
            "no instrument in force names languages",
        )),
    })
}

fn languages_of_the_authority<'w>(_inquiry: &Inquiry<'w>, notice: Seen<'w, PrivacyNotice>) -> Finding {
    on_offer(notice, |version| speaks(version, &BTreeSet::from([DUTCH.to_owned()])))
}

fn speaks(version: &Dated<VersionPublished>, asked: &BTreeSet<String>) -> Finding {
    let what = Text::new("talen van de privacyverklaring", "languages of the notice");
    coverage(&what, asked, &codes(&version.fact.languages)).by(version)
}

// --- TRN-08 ----------------------------------------------------------------------------------------------------------

fn silence_is_decided<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running(activity, || {
        let notices = notices_of(inquiry, activity);
        let invoked = notices.iter().flat_map(|notice| &notice.state.exemptions);
        let invoked = invoked.filter(|exemption| about(exemption.fact.activity.as_ref(), activity.stream));
        let decided: Vec<Finding> = invoked.map(is_decided).collect();
        // Who can still be told in time needs no exemption.
        let silence =
            silence(inquiry, activity, &notices).into_iter().filter(|finding| finding.outcome != Outcome::Pass);
        Finding::all(decided.into_iter().chain(silence), || {
            Finding::not_applicable(words(
                "mensen zijn ingelicht, of het kan nog op tijd; er is geen uitzondering nodig",
                "people are told, or still can be in time; no exemption is needed",
            ))
        })
    })
}

/// Whether an exemption was approved, and people are told in public where they cannot be told one by one.
fn is_decided(exemption: &Dated<ExemptionInvoked>) -> Finding {
    let public =
        exemption.fact.ground != ExemptionGround::DisproportionateEffort || exemption.fact.public_measure.is_some();
    let parts = [
        (Text::new("de goedkeuring", "the approval"), exemption.fact.approved_by.is_some()),
        (Text::new("de openbare maatregel", "the public measure"), public),
    ];
    complete(&Text::new("de uitzondering op de informatieplicht", "the exemption from the duty to inform"), parts)
        .by(exemption)
}

/// What people are not told although nobody exempted it: no notice at all, or nothing within the term.
fn silence<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    notices: &[Seen<'w, PrivacyNotice>],
) -> Vec<Finding> {
    let wait = Wait::of_policy(inquiry);
    let exempted = |group: Option<&Code>| !exemptions(notices, activity.stream, group).is_empty();
    if offered(notices, activity.stream).is_empty() && !exempted(None) {
        return vec![not_told_yet(inquiry, activity, notices, &wait)];
    }
    let obtained = obtained_for(notices, activity.stream).into_iter();
    let unexempted = obtained.filter(|obtained| !exempted(obtained.fact.cohort.as_ref()));
    let never = unexempted.filter(|obtained| {
        let group = obtained.fact.cohort.as_ref();
        let mut told = notices.iter().flat_map(|notice| &notice.state.indirect_notices);
        !told.any(|told| {
            about(told.fact.activity.as_ref(), activity.stream) && same_group(group, told.fact.cohort.as_ref())
        })
    });
    never.map(|obtained| told_of(inquiry, activity, notices, obtained, &wait)).collect()
}

// --- TRN-09 ----------------------------------------------------------------------------------------------------------

/// The law asks the essence (Art. 26(2), second sentence); a contact point it leaves free.
fn essence_is_available<'w>(inquiry: &Inquiry<'w>, arrangement: Seen<'w, JointControllerArrangement>) -> Finding {
    while_it_binds(inquiry, arrangement, || essence_can_be_found(inquiry, arrangement))
}

fn essence_is_published<'w>(inquiry: &Inquiry<'w>, arrangement: Seen<'w, JointControllerArrangement>) -> Finding {
    while_it_binds(inquiry, arrangement, || {
        essence_can_be_found(inquiry, arrangement).and(contact_is_named(arrangement))
    })
}

/// Judges an arrangement while it binds.
fn while_it_binds<'w>(
    inquiry: &Inquiry<'w>,
    arrangement: Seen<'w, JointControllerArrangement>,
    judge: impl FnOnce() -> Finding,
) -> Finding {
    decide(
        binds(inquiry, arrangement),
        judge,
        || {
            Finding::not_applicable(words(
                "er is op dat moment geen regeling van kracht",
                "no arrangement is in force at that moment",
            ))
        },
        || {
            Finding::indeterminate(words(
                "of de regeling van kracht is, beslissen de datums niet",
                "the dates do not decide whether the arrangement is in force",
            ))
        },
    )
    .by_all(&arrangement.agreed)
}

/// The essence stands in a notice that is offered, or was made available in another place.
fn essence_can_be_found<'w>(inquiry: &Inquiry<'w>, arrangement: Seen<'w, JointControllerArrangement>) -> Finding {
    let state: &'w JointControllerArrangement = arrangement.state;
    let notices = inquiry.related::<PrivacyNotice>("arrangement", arrangement.stream);
    let told = notices.iter().filter_map(|notice| notice.state.current.as_ref());
    let told = told.map(|version| {
        Finding::pass(words(
            "de wezenlijke inhoud staat in de geldende privacyverklaring",
            "the essence stands in the notice in force",
        ))
        .by(version)
    });
    let published = state.essence_published.iter().map(|essence| {
        let notice = essence.fact.notice.as_ref();
        let version = notice.and_then(|notice| inquiry.state::<PrivacyNotice>(notice)?.state.current.as_ref());
        let number = essence.fact.notice_version;
        let still = notice.is_none()
            || version.is_some_and(|version| number.is_none_or(|number| number == version.fact.version));
        if still {
            Finding::pass(words("de wezenlijke inhoud is bekendgemaakt", "the essence was made available"))
        } else {
            Finding::fail(words(
                "de wezenlijke inhoud stond in een privacyverklaring die zo niet meer wordt aangeboden",
                "the essence stood in a notice that is not offered like that any more",
            ))
        }
        .by(essence)
    });
    Finding::any(told.chain(published).collect::<Vec<_>>(), || {
        Finding::fail(words(
            "de wezenlijke inhoud van de regeling is niet bekendgemaakt",
            "the essence of the arrangement is not made available",
        ))
    })
}

fn contact_is_named(arrangement: Seen<'_, JointControllerArrangement>) -> Finding {
    if arrangement.responsibilities.iter().any(|one| one.topic == Topic::Contact) {
        Finding::pass(words(
            "de regeling zegt wie het aanspreekpunt is",
            "the arrangement says who the contact point is",
        ))
    } else {
        Finding::warn(words(
            "de regeling zegt niet wie het aanspreekpunt is",
            "the arrangement does not say who the contact point is",
        ))
    }
}

// --- Words ----------------------------------------------------------------------------------------------------------

/// Names what a notice has to tell.
fn item_text(item: NoticeItem) -> Text {
    use NoticeItem as I;
    let (nl, en) = match item {
        I::Controller => ("de verwerkingsverantwoordelijke", "the controller"),
        I::DpoContact => ("de contactgegevens van de FG", "the contact details of the DPO"),
        I::Purposes => ("de doeleinden", "the purposes"),
        I::LegalBasis => ("de grondslag", "the legal basis"),
        I::LegitimateInterest => ("het gerechtvaardigd belang", "the legitimate interest"),
        I::Recipients => ("de ontvangers", "the recipients"),
        I::Transfer => ("de doorgifte en de grond ervan", "the transfer and its ground"),
        I::TransferSafeguardsCopy => ("hoe de waarborgen zijn in te zien", "how to get a copy of the safeguards"),
        I::Retention => ("de bewaartermijn", "the retention period"),
        I::Rights => ("de rechten van de betrokkene", "the rights of the data subject"),
        I::Withdrawal => ("het recht om toestemming in te trekken", "the right to withdraw consent"),
        I::Complaint => (
            "het recht om een klacht bij de toezichthouder in te dienen",
            "the right to complain to the supervisory authority",
        ),
        I::Requirement => {
            ("of verstrekken wettelijk of contractueel verplicht is", "whether statute or contract demands the data")
        }
        I::Consequences => ("de gevolgen van niet verstrekken", "the consequences of not giving the data"),
        I::AutomatedDecisions => {
            ("de geautomatiseerde besluitvorming en haar logica", "the automated decisions and their logic")
        }
        I::AutomatedDecisionConsequences => {
            ("de gevolgen van geautomatiseerde besluitvorming", "the consequences of automated decisions")
        }
        I::FurtherPurpose => ("het verdere doeleinde", "the further purpose"),
        I::DataCategories => ("de categorieën van gegevens", "the categories of data"),
        I::Source => ("de bron van de gegevens", "the source of the data"),
        I::ArrangementEssence => ("de wezenlijke inhoud van de regeling", "the essence of the arrangement"),
    };
    Text::new(nl, en)
}

#[cfg(test)]
mod tests;
