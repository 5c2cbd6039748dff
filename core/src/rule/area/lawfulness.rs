//! Lawfulness of processing (GDPR Art. 5, 6, 9, 10, 25, 32, 87; UAVG 22-33, 46): whether a running activity has a basis for each
//! purpose, whether its data are necessary and secured, and whether what is prohibited in principle is permitted here.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::{BTreeMap, BTreeSet};

use crate::family::activity::{
    Activity, ActivityStatus, ActivityVersion, AnonymisationConsidered, Compatibility, CriminalDataGround,
    DataCategory, Established, LegalBasis, LegalReference, NationalId, Purpose, ScopeOutcome, SpecialCategory,
    SpecialCategoryGround, StandingBasis,
};
use crate::family::awareness::Awareness;
use crate::family::consent_text::ConsentText;
use crate::family::dossier::Dated;
use crate::family::governance_instrument::InstrumentKind as Governance;
use crate::family::legal_instrument::InstrumentKind as Legal;
use crate::family::legitimate_interest_assessment::LegitimateInterestAssessment;
use crate::family::publication::{AnalyticsRunRecorded, Publication};
use crate::family::system::{SecurityMeasureRecorded, System, SystemStatus};
use crate::ledger::name::Code;
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::entries::{begun, in_register, is_public_body, is_social_media};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, GUIDELINE, HOUSE, POLICY};
use crate::rule::template::{
    Event, Period, Precision, age, complete, coverage, in_force_at, legal_validity, order, without_undue_delay,
};
use crate::rule::text::{Text, Words, say, words};
use crate::rule::verdict::{Finding, Says};
use crate::time::{Calendar, PartialDate, Ternary};

pub(in crate::rule) const AREA: Area = Area {
    name: words("rechtmatigheid van de verwerking", "lawfulness of processing"),
    rules: &[
        Rule {
            id: "LAW-01",
            title: words("Elk doeleinde rust op een grondslag", "Every purpose rests on a legal basis"),
            explanation: words(
                "Zolang een verwerkingsactiviteit loopt, rust elk van haar doeleinden op één van de zes grondslagen. De grondslag hoort bij het doeleinde, niet bij de activiteit. Wie op toestemming rust, kan haar aantonen: is geen tekst vastgelegd waarmee zij wordt gevraagd, dan is er geen. Of elke betrokkene haar gaf, toetst CON-01.",
                "As long as an activity runs, each of its purposes rests on one of the six legal bases. The basis belongs to the purpose, not to the activity. Who rests on consent can show it: where no text is recorded by which it is asked, there is none. Whether everybody concerned gave it is for CON-01.",
            ),
            sources: &["GDPR 6(1)", "GDPR 7(1)", "P18 2.1", "P18 6.1"],
            checks: &[check!(Activity, Law, Lawfulness, GDPR, [InForceAt], purposes_rest_on_a_basis)],
        },
        Rule {
            id: "LAW-02",
            title: words(
                "Doeleinden zijn vastgelegd voordat de verwerking begint",
                "Purposes are documented before processing begins",
            ),
            explanation: words(
                "De eerste versie van de registerregel geldt uiterlijk op de dag van de start, en elk doeleinde is omschreven. Vergeleken wordt vanaf wanneer iets gold, niet wanneer het is vastgelegd.",
                "The first version of the register entry is in force by the day of the start, and every purpose is described. What counts is from when something held, not when it was recorded.",
            ),
            sources: &["GDPR 5(1)(b)", "P18 2.1"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [Order, Complete], purposes_come_first_by_law),
                check!(Activity, Policy, Accountability, POLICY, [Order, Complete], purposes_come_first_by_policy),
            ],
        },
        Rule {
            id: "LAW-03",
            title: words("Een verder doeleinde is verenigbaar", "A further purpose is compatible"),
            explanation: words(
                "Een doeleinde dat later is toegevoegd, is vóór zijn ingang verenigbaar bevonden, of het rust op eigen toestemming of op een wettelijke plicht of taak. Een andere eigen grondslag is een aandachtspunt: voor gegevens die er al waren, vervangt zij de verenigbaarheidstoets niet.",
                "A purpose that was added later was found compatible before it took effect, or rests on consent or on a legal obligation or task of its own. Another basis of its own is something to attend to: for data that were there already it does not replace the test of compatibility.",
            ),
            sources: &["GDPR 5(1)(b)", "GDPR 6(4)", "P18 2.1"],
            checks: &[check!(Activity, Law, Lawfulness, GDPR, [Order], further_purposes_are_compatible)],
        },
        Rule {
            id: "LAW-04",
            title: words("De gegevens zijn noodzakelijk", "The data are necessary"),
            explanation: words(
                "Voor elke categorie gegevens is bij ten minste één doeleinde onderbouwd waarom zij nodig is: in een verklaring, in de registerregel of in de belangenafweging. Wie gebruikers van sociale media analyseert, weegt die noodzaak telkens vooraf.",
                "For each category of data it is stated for at least one purpose why it is needed: in a statement, in the register entry or in the legitimate-interest assessment. Whoever analyses users of social media weighs that necessity each time beforehand.",
            ),
            sources: &["GDPR 5(1)(c)", "P18 2.1", "G24 4(3)", "G24 4(6)"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [Complete, Coverage], data_are_necessary),
                check!(Publication, Guideline, Accountability, GUIDELINE, [Order], analyses_are_necessary),
            ],
        },
        Rule {
            id: "LAW-05",
            title: words("Gegevens worden juist gehouden", "Data are kept accurate"),
            explanation: words(
                "Er is een maatregel die gegevens juist en actueel houdt, en binnen de huistermijn is bekeken of die werkt. De wet noemt geen termijn: daarna is het daar een aandachtspunt.",
                "There is a measure that keeps data accurate and up to date, and within the house term it was looked whether it works. The law names no term: past it, this is something to attend to there.",
            ),
            sources: &["GDPR 5(1)(d)", "P18 2.1"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [Age], accuracy_by_law),
                check!(Activity, Policy, Accountability, Applies::Adopted(HOUSE), [Age], accuracy_by_policy),
            ],
        },
        Rule {
            id: "LAW-06",
            title: words("De verwerking is beveiligd", "Processing is secured"),
            explanation: words(
                "De activiteit of elk van haar systemen heeft een beveiligingsclassificatie en beveiligingsmaatregelen die gelden; binnen de huistermijn zijn zij herzien. Ontbreken zij, dan kan de passende beveiliging niet worden aangetoond.",
                "The activity or each of its systems has a security classification and security measures in force; within the house term they were reviewed. Without them appropriate security cannot be shown.",
            ),
            sources: &["GDPR 5(1)(f)", "GDPR 32", "P18 2.1", "P18 6.3"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [InForceAt, Age], security_by_law),
                check!(Activity, Policy, Accountability, Applies::Adopted(HOUSE), [InForceAt, Age], security_by_policy),
            ],
        },
        Rule {
            id: "LAW-07",
            title: words("Anonimiteit is overwogen", "Anonymity is considered"),
            explanation: words(
                "Bij elke versie van de registerregel is overwogen of anonieme gegevens volstaan, en de uitkomst is vastgelegd. De richtlijn vraagt dat bij sociale media.",
                "For each version of the register entry it was considered whether anonymous data serve as well, and the outcome is recorded. The guideline asks it for social media.",
            ),
            sources: &["GDPR 5(1)(c)", "GDPR 11", "GDPR 25", "P18 2.1", "G24 4(6)"],
            checks: &[
                check!(Activity, Policy, Accountability, POLICY, [Complete], anonymity_is_considered),
                check!(Activity, Guideline, Accountability, GUIDELINE, [Complete], anonymity_on_social_media),
            ],
        },
        Rule {
            id: "LAW-08",
            title: words(
                "Gegevensbescherming door ontwerp en door standaardinstellingen",
                "Data protection by design and by default",
            ),
            explanation: words(
                "Ontwerp en standaardinstellingen zijn getoetst voordat de verwerking begint, en opnieuw voor een systeem dat later wordt toegevoegd; de laatste toets vindt geen gebrek. Begon de verwerking voordat de AVG gold, dan volstaat een latere toets.",
                "Design and defaults are reviewed before processing begins, and again for a system that is added later; the last review finds no flaw. Where processing began before the GDPR applied, a later review will do.",
            ),
            sources: &["GDPR 25", "P18 1.1", "P18 6.1"],
            checks: &[check!(Activity, Law, Accountability, GDPR, [Order], design_is_reviewed)],
        },
        Rule {
            id: "LAW-09",
            title: words("Persoonsgegevens zijn vertrouwelijk", "Personal data are confidential"),
            explanation: words(
                "Alle persoonsgegevens zijn als vertrouwelijk geclassificeerd, ook waar niets is toegekend; een lagere klasse vraagt een besluit. Goede praktijk is dat wie ermee werkt zich tot geheimhouding verbindt, ook na vertrek.",
                "All personal data are classified as confidential, also where nothing is assigned; a lower class needs a decision. Good practice is that those who work with them undertake to keep them confidential, also after leaving.",
            ),
            sources: &["GDPR 5(1)(f)", "GDPR 29", "GDPR 32(4)", "P18 6.4", "LU Respect confidentiality", "CAO-NU 1.16"],
            checks: &[
                check!(System, Policy, Accountability, POLICY, [IfThen], system_is_confidential),
                check!(Activity, Policy, Accountability, POLICY, [IfThen], entry_is_confidential),
                check!(institution, Practice, Accountability, Applies::Practice, [Complete], confidence_is_undertaken),
            ],
        },
        Rule {
            id: "LAW-10",
            title: words(
                "Bijzondere categorieën alleen met een uitzondering",
                "Special categories only under an exception",
            ),
            explanation: words(
                "Voor elke bijzondere categorie van persoonsgegevens geldt een uitzondering op het verbod; rust die op een wet, dan is die wet van kracht. Of aan haar voorwaarden is voldaan (UAVG 22 tot en met 30), is niet getoetst. Het beleid wil ook aanvullende beveiligingsmaatregelen.",
                "For each special category of personal data an exception to the prohibition is in force; where it rests on a statute, that statute is in force. Whether its conditions are met (UAVG 22 to 30) is not tested. The policy also wants additional security measures.",
            ),
            sources: &["GDPR 9(1)", "GDPR 9(2)", "GDPR 32", "UAVG 22-30", "P18 6.7"],
            checks: &[
                check!(Activity, Law, Lawfulness, GDPR, [InForceAt, LegalValidity], special_categories_are_permitted),
                check!(Activity, Policy, Accountability, POLICY, [Coverage], special_categories_are_secured),
            ],
        },
        Rule {
            id: "LAW-11",
            title: words(
                "Strafrechtelijke gegevens alleen onder overheidstoezicht of volgens de wet",
                "Criminal data only under official authority or by law",
            ),
            explanation: words(
                "Voor persoonsgegevens van strafrechtelijke aard is vastgelegd waarop de verwerking rust, en de wet die haar toestaat, is van kracht.",
                "For data on criminal convictions and offences it is recorded on what their processing rests, and the statute that authorises it is in force.",
            ),
            sources: &["GDPR 10", "UAVG 31-33", "P18 6.7(a)"],
            checks: &[check!(Activity, Law, Lawfulness, GDPR, [InForceAt, LegalValidity], criminal_data_are_permitted)],
        },
        Rule {
            id: "LAW-12",
            title: words("Identificatienummers alleen volgens de wet", "Identification numbers only by law"),
            explanation: words(
                "Een wettelijk voorgeschreven nummer (BSN, onderwijsnummer) wordt alleen gebruikt waar een wet die van kracht is dat voor dit doeleinde bepaalt. Een nummer van de instelling zelf valt daar niet onder; het beleid behandelt het studentnummer wel zo, en dat is een aandachtspunt.",
                "A number that a statute prescribes (BSN, education number) is used only where a statute in force says so for that purpose. A number of the institution itself is no such number; the policy treats the student number like one, and that is something to attend to.",
            ),
            sources: &["GDPR 87", "UAVG 46", "P18 6.7(b)"],
            checks: &[
                check!(Activity, Law, Lawfulness, GDPR, [InForceAt, LegalValidity], numbers_by_law),
                check!(Activity, Policy, Accountability, POLICY, [InForceAt, LegalValidity], numbers_by_policy),
            ],
        },
        Rule {
            id: "LAW-13",
            title: words(
                "Geen gerechtvaardigd belang voor een publieke taak",
                "No legitimate interest for a public task",
            ),
            explanation: words(
                "Een overheidsinstantie kan zich voor de uitoefening van haar taken niet op een gerechtvaardigd belang beroepen. Wie dat toch als grondslag kiest, legt vast waarom het geen publieke taak is. De instelling telt als overheidsinstantie zolang de huisparameter publicBody niet anders zegt. Beleid en richtlijn zeggen dit niet.",
                "A public authority cannot rely on a legitimate interest in the performance of its tasks. Whoever chooses that basis all the same records why it is no public task. The institution counts as a public authority as long as the house parameter publicBody does not say otherwise. Neither the policy nor the guideline says so.",
            ),
            sources: &["GDPR 6(1) second subparagraph"],
            checks: &[check!(Activity, Law, Lawfulness, GDPR, [IfThen], interest_is_no_public_task)],
        },
        Rule {
            id: "LAW-14",
            title: words("De grondslag noemt waarop zij rust", "The basis says on what it rests"),
            explanation: words(
                "Een wettelijke verplichting en een taak van algemeen belang noemen een wet die van kracht is, een overeenkomst het soort overeenkomst, een vitaal belang het geval. Bij toestemming is de tekst vastgelegd waarmee zij wordt gevraagd. Of elke betrokkene haar gaf, is niet getoetst.",
                "A legal obligation and a task in the public interest name a statute in force, a contract the type of contract, a vital interest the case. For consent the text by which it is asked is recorded. Whether everybody concerned gave it is not tested.",
            ),
            sources: &["GDPR 6(1)(b)", "GDPR 6(1)(c)", "GDPR 6(1)(e)", "GDPR 6(3)", "GDPR 7(1)", "P18 6.1"],
            // What is missing is a paper: the basis may be there without it (Art. 5(2)).
            checks: &[check!(Activity, Law, Accountability, GDPR, [InForceAt, LegalValidity], bases_name_their_ground)],
        },
        Rule {
            id: "LAW-15",
            title: words("Geaggregeerde gegevens zijn anoniem", "Aggregated data are anonymous"),
            explanation: words(
                "Valt een activiteit buiten de richtlijn omdat zij alleen geaggregeerde gegevens gebruikt, dan is beoordeeld dat niemand is te herleiden, te koppelen of af te leiden.",
                "Where an activity falls outside the guideline because it uses aggregated data only, it was assessed that nobody can be singled out, linked or inferred.",
            ),
            sources: &["GDPR recital 26", "G24 3"],
            checks: &[check!(Activity, Guideline, Accountability, GUIDELINE, [Complete], aggregates_are_anonymous)],
        },
        Rule {
            id: "LAW-16",
            title: words("De reikwijdte van de verwerking is bekend", "The scope of the processing is known"),
            explanation: words(
                "De registerregel noemt de categorieën betrokkenen en of de verwerking geheel, gedeeltelijk of niet geautomatiseerd is.",
                "The register entry names the categories of data subjects, and whether the processing is wholly, partly or not automated.",
            ),
            sources: &["GDPR 2(1)", "GDPR 30(1)(c)", "P18 1.2"],
            checks: &[check!(Activity, Policy, Accountability, POLICY, [Complete], scope_is_known)],
        },
    ],
};

// --- Whether an activity runs ---------------------------------------------------------------------------------------

fn idle(nl: &str, en: &str) -> Finding {
    Finding::not_applicable(Text::new(nl, en))
}

/// Judges an activity while it runs: before its start, while it is suspended and after its end nothing is asked of the processing.
pub(in crate::rule) fn running<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    judge: impl FnOnce() -> Finding,
) -> Finding {
    if activity.status == ActivityStatus::Suspended {
        return idle("de verwerking is opgeschort", "the processing is suspended").by_all(&activity.suspension);
    }
    begun(inquiry, activity, judge)
}

/// Judges the version in force of a running activity. What runs without an established version cannot be accounted for.
fn running_entry<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    judge: impl FnOnce(&'w ActivityVersion) -> Finding,
) -> Finding {
    let state: &'w Activity = activity.state;
    running(inquiry, activity, || match &state.current {
        Some(version) => judge(version),
        None => Finding::fail(words(
            "de verwerking loopt zonder dat een registerregel is vastgesteld",
            "the processing runs while no register entry is established",
        )),
    })
}

/// The start of an activity, if it has started.
pub(in crate::rule) fn start<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Option<Event> {
    let facts = inquiry.facts(activity.stream);
    let first = facts.into_iter().find(|fact| matches!(fact.fact.as_str(), "started" | "resumed"))?;
    Some(Event::new(first.recorded.effective, first.recorded.sequence))
}

/// From when the law has asked what it asks.
pub(in crate::rule) fn law_since(inquiry: &Inquiry<'_>) -> Option<PartialDate> {
    inquiry.instrument("LEX-GDPR").and_then(|law| law.state.valid_from)
}

/// From when the policy has asked what it asks: its first adopted version.
pub(in crate::rule) fn policy_since(inquiry: &Inquiry<'_>) -> Option<PartialDate> {
    let policies = inquiry.in_force(&[Governance::Policy]);
    let versions = policies.iter().flat_map(|policy| &policy.instrument.state.versions);
    let adopted = versions.filter(|version| version.adopted.is_some()).filter_map(|version| version.in_force_from);
    adopted.min_by_key(PartialDate::earliest)
}

/// Something was done by the day of something else. What happened before anybody asked for it can only be made up for later.
pub(in crate::rule) fn done_before(
    since: Option<PartialDate>,
    first: (&Text, Option<Event>),
    then: (&Text, Option<Event>),
) -> Finding {
    let older = since.is_some_and(|since| then.1.is_some_and(|then| then.date.before(&since) == Ternary::True));
    match first {
        (Text { nl, en }, Some(done)) if older => {
            let (date, Text { nl: then_nl, en: then_en }) = (done.date, then.0);
            Finding::pass(say!(
                "{nl}: gedaan op {date}; {then_nl} was van voordat dit gold",
                "{en}: done on {date}; {then_en} came before this was asked"
            ))
            .by(done.fact)
        }
        _ => order(Precision::Day, first, then),
    }
}

pub(in crate::rule) fn the_start() -> Text {
    Text::new("de start van de verwerking", "the start of the processing")
}

/// The systems of an entry, as far as they are recorded.
pub(in crate::rule) fn systems<'w>(
    inquiry: &Inquiry<'w>,
    entry: &'w Established,
) -> Vec<(&'w Code, Option<Seen<'w, System>>)> {
    entry.systems.iter().map(|code| (code, inquiry.related::<System>("system", code).into_iter().next())).collect()
}

/// The measures of a system that are in place.
pub(in crate::rule) fn measures<'w>(
    inquiry: &Inquiry<'w>,
    system: Seen<'w, System>,
) -> impl Iterator<Item = &'w Dated<SecurityMeasureRecorded>> {
    let state: &'w System = system.state;
    let in_place = |measure: &&Dated<SecurityMeasureRecorded>| {
        inquiry.within(Some(&measure.from), measure.fact.until.as_ref()) != Ternary::False
    };
    // All are looked at, so that each can move the horizon.
    state.measures.iter().filter(in_place).collect::<Vec<_>>().into_iter()
}

// --- LAW-01 ----------------------------------------------------------------------------------------------------------

fn basis_name(basis: LegalBasis) -> Words {
    match basis {
        LegalBasis::Consent => words("toestemming", "consent"),
        LegalBasis::Contract => words("overeenkomst", "contract"),
        LegalBasis::LegalObligation => words("wettelijke verplichting", "legal obligation"),
        LegalBasis::VitalInterest => words("vitaal belang", "vital interest"),
        LegalBasis::PublicTask => words("taak van algemeen belang", "task in the public interest"),
        LegalBasis::LegitimateInterest => words("gerechtvaardigd belang", "legitimate interest"),
    }
}

/// The purposes of the version in force, and those for which a basis was determined before there was one.
fn purposes<'w>(activity: Seen<'w, Activity>) -> BTreeSet<&'w Code> {
    let state: &'w Activity = activity.state;
    let stated = state.current.iter().flat_map(|version| &version.entry.purposes).map(|purpose| &purpose.code);
    stated.chain(state.determined.iter().map(|basis| &basis.purpose)).collect()
}

fn basis_of<'w>(activity: Seen<'w, Activity>, purpose: &Code) -> Option<&'w StandingBasis> {
    let state: &'w Activity = activity.state;
    state.legal_bases().iter().find(|basis| basis.purpose == *purpose)
}

fn purposes_rest_on_a_basis<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running(inquiry, activity, || {
        let version = activity.current.iter().map(|version| version.sequence);
        let findings = purposes(activity).into_iter().map(|purpose| match basis_of(activity, purpose) {
            // Whoever relies on consent can show it (Art. 7(1)): without a text by which it is asked there is none to rest on.
            Some(basis) if basis.basis == LegalBasis::Consent && !is_asked(inquiry, activity, basis, stated(activity.state, basis)) => {
                Finding::fail(say!(
                    "doeleinde {purpose} rust op toestemming, en met welke tekst daarom wordt gevraagd, is niet vastgelegd",
                    "purpose {purpose} rests on consent, and the text by which it is asked is not recorded"
                ))
                .by(basis.sequence)
            }
            Some(basis) => {
                let Words { nl, en } = basis_name(basis.basis);
                let what = say!("doeleinde {purpose}, grondslag {nl}", "purpose {purpose}, basis {en}");
                let period = Period { from: Some(basis.since), to: None, fact: basis.sequence.evidence() };
                in_force_at(inquiry, &what, [period])
            }
            None => Finding::fail(say!(
                "voor doeleinde {purpose} is geen grondslag vastgelegd",
                "no legal basis is recorded for purpose {purpose}"
            ))
            .by_all(version.clone()),
        });
        Finding::all(findings, || {
            Finding::fail(words("er is geen doeleinde vastgelegd", "no purpose is recorded")).by_all(version.clone())
        })
    })
}

// --- LAW-02 ----------------------------------------------------------------------------------------------------------

fn purposes_come_first_by_law<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    purposes_come_first(inquiry, activity, law_since(inquiry))
}

fn purposes_come_first_by_policy<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    purposes_come_first(inquiry, activity, policy_since(inquiry))
}

fn purposes_come_first<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, since: Option<PartialDate>) -> Finding {
    begun(inquiry, activity, || {
        let what = Text::new("de vaststelling van de doeleinden", "the establishment of the purposes");
        let first = activity.versions().next().map(|version| Event::new(version.from, version.sequence));
        let in_time = done_before(since, (&what, first), (&the_start(), start(inquiry, activity)));
        activity.current.iter().fold(in_time, |finding, version| finding.and(purposes_are_described(version)))
    })
}

pub(in crate::rule) fn purposes_are_described(version: &ActivityVersion) -> Finding {
    let what = Text::new("de doeleinden", "the purposes");
    let purposes = &version.entry.purposes;
    if purposes.is_empty() {
        return Finding::fail(words("er is geen doeleinde vastgelegd", "no purpose is recorded")).by(version.sequence);
    }
    let part = |purpose: &Purpose| {
        let code = &purpose.code;
        (say!("de omschrijving van {code}", "the description of {code}"), purpose.text.is_some())
    };
    complete(&what, purposes.iter().map(part)).by(version.sequence)
}

// --- LAW-03 ----------------------------------------------------------------------------------------------------------

fn further_purposes_are_compatible<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running_entry(inquiry, activity, |current| {
        let findings = further_purposes(activity, current)
            .into_iter()
            .map(|(purpose, added)| is_compatible(activity, purpose, added).by(added.sequence));
        Finding::all(findings, || idle("er is geen doeleinde aan toegevoegd", "no purpose was added to it"))
    })
}

/// The purposes of the version in force that were not there from the beginning, or were examined as further ones, each with the
/// version that brought it.
fn further_purposes<'w>(
    activity: Seen<'w, Activity>,
    current: &'w ActivityVersion,
) -> BTreeMap<&'w Code, &'w ActivityVersion> {
    let state: &'w Activity = activity.state;
    let has =
        |version: &ActivityVersion, code: &Code| version.entry.purposes.iter().any(|purpose| purpose.code == *code);
    let versions: Vec<&ActivityVersion> = state.versions().collect();
    let mut further = BTreeMap::new();
    for assessed in &state.purpose_compatibilities {
        let first = versions.iter().find(|version| has(version, &assessed.fact.further_purpose));
        further.extend(first.map(|first| (&assessed.fact.further_purpose, *first)));
    }
    for pair in versions.windows(2) {
        if let [before, version] = pair {
            let new = version.entry.purposes.iter().filter(|purpose| !has(before, &purpose.code));
            further.extend(new.map(|purpose| (&purpose.code, *version)));
        }
    }
    further.retain(|code, _| has(current, code));
    further
}

fn is_compatible<'w>(activity: Seen<'w, Activity>, purpose: &'w Code, added: &'w ActivityVersion) -> Finding {
    let then = say!("de ingang van doeleinde {purpose}", "the beginning of purpose {purpose}");
    let then = (&then, Some(Event::new(added.from, added.sequence)));
    let assessed =
        activity.state.purpose_compatibilities.iter().rev().find(|made| made.fact.further_purpose == *purpose);
    let own = basis_of(activity, purpose);
    // Consent permits it, and a statute that serves the aims of Art. 23(1); a public task or a duty by itself does neither (C-77/21).
    if let Some(basis) = own.filter(|basis| basis.basis == LegalBasis::Consent) {
        let Words { nl, en } = basis_name(basis.basis);
        let what = say!("de eigen grondslag van {purpose}, {nl}", "the basis of its own of {purpose}, {en}");
        let by_basis = order(Precision::Day, (&what, Some(Event::new(basis.since, basis.sequence))), then);
        let by_test = assessed
            .filter(|made| made.fact.outcome == Compatibility::Compatible)
            .map(|made| tested(made.into(), then));
        return Finding::any([Some(by_basis), by_test].into_iter().flatten(), || idle("", ""));
    }
    match (assessed, own) {
        (Some(made), _) if made.fact.outcome == Compatibility::Compatible => tested(made.into(), then),
        (Some(made), _) => Finding::fail(say!(
            "doeleinde {purpose} is onverenigbaar bevonden met het oorspronkelijke doeleinde",
            "purpose {purpose} was found incompatible with the original one"
        ))
        .by(made),
        (None, Some(basis)) if matches!(basis.basis, LegalBasis::LegalObligation | LegalBasis::PublicTask) => {
            statute_permits(basis, purpose)
        }
        (None, Some(basis)) => {
            let Words { nl, en } = basis_name(basis.basis);
            Finding::warn(say!(
                "doeleinde {purpose} heeft een eigen grondslag ({nl}); voor gegevens die er al waren, is de verenigbaarheid niet getoetst",
                "purpose {purpose} has a basis of its own ({en}); for data that were there already its compatibility was not tested"
            ))
            .by(basis.sequence)
        }
        (None, None) => Finding::fail(say!(
            "doeleinde {purpose} is toegevoegd zonder verenigbaarheidstoets en zonder eigen grondslag",
            "purpose {purpose} was added without a test of compatibility and without a basis of its own"
        )),
    }
}

/// A statute permits a further purpose where it is a necessary and proportionate measure for an aim of Art. 23(1): that one is cited
/// does not say that it is.
fn statute_permits(basis: &StandingBasis, purpose: &Code) -> Finding {
    let Words { nl, en } = basis_name(basis.basis);
    let finding = match &basis.legal_reference {
        Some(_) => Finding::indeterminate(say!(
            "doeleinde {purpose} rust op een wet; of die een maatregel is als bedoeld in artikel 6, vierde lid, is niet vastgelegd, en de verenigbaarheid is niet getoetst",
            "purpose {purpose} rests on a statute; whether that is a measure in the sense of Article 6(4) is not recorded, and its compatibility was not tested"
        )),
        None => Finding::fail(say!(
            "doeleinde {purpose} is toegevoegd op de grondslag {nl}, zonder wet die het toelaat en zonder verenigbaarheidstoets",
            "purpose {purpose} was added on the basis {en}, without a statute that permits it and without a test of compatibility"
        )),
    };
    finding.by(basis.sequence)
}

fn tested(made: Event, then: (&Text, Option<Event>)) -> Finding {
    let what = Text::new("de verenigbaarheidstoets", "the test of compatibility");
    order(Precision::Day, (&what, Some(made)), then)
}

// --- LAW-04 ----------------------------------------------------------------------------------------------------------

fn data_are_necessary<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running_entry(inquiry, activity, |version| {
        let needed: BTreeSet<Code> =
            version.entry.data_categories.iter().map(|category| category.code.clone()).collect();
        if needed.is_empty() {
            return Finding::fail(words(
                "de registerregel noemt geen categorieën gegevens; dat zij nodig zijn, kan niet worden aangetoond",
                "the entry names no categories of data; that they are needed cannot be shown",
            ))
            .by(version.sequence);
        }
        let what = Text::new(
            "de onderbouwing van de noodzaak per categorie gegevens",
            "the statement of necessity for each category of data",
        );
        let of_it = |code: &Code| version.entry.purposes.iter().any(|purpose| purpose.code == *code);
        let statements = activity.necessity_statements.iter().filter(|statement| of_it(&statement.fact.purpose));
        let stated: BTreeSet<Code> = statements
            .clone()
            .flat_map(|statement| named_or_all(&statement.fact.data_categories, &needed))
            .chain(
                version
                    .entry
                    .purposes
                    .iter()
                    .filter(|purpose| purpose.necessity.is_some())
                    .flat_map(|_| needed.clone()),
            )
            .chain(assessed_as_needed(inquiry, activity, &needed))
            .collect();
        coverage(&what, &needed, &stated).by(version.sequence).by_all(statements)
    })
}

/// What a statement names; one that names nothing is about all data of the purpose.
fn named_or_all(named: &[Code], all: &BTreeSet<Code>) -> BTreeSet<Code> {
    if named.is_empty() { all.clone() } else { named.iter().cloned().collect() }
}

/// The categories whose necessity a legitimate-interest assessment has shown for a purpose that rests on it.
fn assessed_as_needed<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, all: &BTreeSet<Code>) -> BTreeSet<Code> {
    let state: &'w Activity = activity.state;
    let assessments = state.legal_bases().iter().filter_map(|basis| basis.assessment.as_ref());
    let assessments = assessments.filter_map(|stream| inquiry.state::<LegitimateInterestAssessment>(stream));
    let necessities = assessments.filter_map(|assessment| assessment.state.necessity.as_ref());
    necessities.flat_map(|necessity| named_or_all(&necessity.fact.data_categories, all)).collect()
}

fn analyses_are_necessary<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state: &'w Publication = publication.state;
    let findings = state.analytics_run_recorded.iter().map(|run| analysis_is_necessary(inquiry, run).by(run));
    Finding::all(findings, || idle("er is geen analyse van gebruikers gemaakt", "no users were analysed"))
}

fn analysis_is_necessary<'w>(inquiry: &Inquiry<'w>, run: &'w Dated<AnalyticsRunRecorded>) -> Finding {
    match run.fact.personal {
        Some(false) => return idle("de analyse gebruikt geen persoonsgegevens", "the analysis uses no personal data"),
        Some(true) => {}
        None => {
            return Finding::indeterminate(words(
                "of de analyse persoonsgegevens gebruikt, is niet vastgelegd",
                "whether the analysis uses personal data is not recorded",
            ));
        }
    }
    let activity = run.fact.activity.as_ref().and_then(|stream| inquiry.state::<Activity>(stream));
    let statements = activity.into_iter().flat_map(|activity| &activity.state.necessity_statements);
    let about = |purpose: &Code| run.fact.purpose.as_ref().is_none_or(|wanted| wanted == purpose);
    let first =
        statements.filter(|statement| about(&statement.fact.purpose)).min_by_key(|statement| statement.from.earliest());
    let what = Text::new("de afweging of persoonsgegevens nodig zijn", "the weighing whether personal data are needed");
    let then = Text::new("de analyse", "the analysis");
    order(Precision::Day, (&what, first.map(Event::from)), (&then, Some(run.into())))
}

// --- LAW-05 ----------------------------------------------------------------------------------------------------------

fn accuracy_by_law<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    without_undue_delay(running(inquiry, activity, || match activity.accuracy_measures.last() {
        None => accuracy(inquiry, activity),
        Some(measure) => {
            let there = words("er is een maatregel voor juistheid", "there is a measure for accuracy");
            Finding::pass(there).by(measure).and(accuracy(inquiry, activity))
        }
    }))
}

fn accuracy_by_policy<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running(inquiry, activity, || accuracy(inquiry, activity))
}

fn accuracy<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let what = Text::new("de maatregel voor juistheid", "the measure for accuracy");
    let looks = activity.state.accuracy_measures.iter();
    let looks = looks.map(|measure| Event::new(measure.fact.reviewed.unwrap_or(measure.from), measure));
    let last = looks.max_by_key(|look| look.date.latest());
    age(inquiry, &what, last, inquiry.house("accuracy").as_ref(), Calendar::Strict)
}

// --- LAW-06 ----------------------------------------------------------------------------------------------------------

fn security_by_law<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running_entry(inquiry, activity, |version| {
        is_secured(inquiry, version).and(without_undue_delay(security_is_reviewed(inquiry, activity, version)))
    })
}

fn security_by_policy<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running_entry(inquiry, activity, |version| {
        is_secured(inquiry, version).and(security_is_reviewed(inquiry, activity, version))
    })
}

/// The entry itself may say it in general terms (Art. 30(1)(g)), or each of its systems by itself.
fn is_secured<'w>(inquiry: &Inquiry<'w>, version: &'w ActivityVersion) -> Finding {
    let security = version.entry.security.as_ref();
    let systems = systems(inquiry, &version.entry);
    let classified = if security.is_some_and(|security| security.class.is_some()) {
        Finding::pass(words("de registerregel noemt de beveiligingsklasse", "the entry names the security class"))
    } else {
        let findings =
            systems.iter().map(|(code, system)| match system.and_then(|system| system.state.classification.as_ref()) {
                Some(classified) => {
                    Finding::pass(say!("systeem {code} is geclassificeerd", "system {code} is classified"))
                        .by(classified)
                }
                None => {
                    Finding::fail(say!("systeem {code} is niet geclassificeerd", "system {code} is not classified"))
                }
            });
        Finding::all(findings, || {
            Finding::fail(words("een beveiligingsclassificatie ontbreekt", "a security classification is missing"))
        })
    };
    let measured = if security.is_some_and(|security| !security.measures.is_empty()) {
        Finding::pass(words(
            "de registerregel noemt de beveiligingsmaatregelen",
            "the entry names the security measures",
        ))
    } else {
        let findings = systems.iter().map(|(code, system)| {
            let in_place: Vec<_> = system.iter().flat_map(|system| measures(inquiry, *system)).collect();
            if in_place.is_empty() {
                Finding::fail(say!(
                    "voor systeem {code} is geen geldende beveiligingsmaatregel vastgelegd",
                    "no security measure in place is recorded for system {code}"
                ))
            } else {
                Finding::pass(say!(
                    "systeem {code} heeft beveiligingsmaatregelen",
                    "system {code} has security measures"
                ))
                .by_all(in_place)
            }
        });
        Finding::all(findings, || {
            Finding::fail(words("beveiligingsmaatregelen ontbreken", "security measures are missing"))
        })
    };
    classified.and(measured).by(version.sequence)
}

fn security_is_reviewed<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    version: &'w ActivityVersion,
) -> Finding {
    let term = inquiry.house("security");
    let judge = |what: Text, last: Event| age(inquiry, &what, Some(last), term.as_ref(), Calendar::Strict);
    let systems = systems(inquiry, &version.entry).into_iter();
    let reviewed = systems.filter_map(|(code, system)| Some((code, last_security_review(system?.state)?)));
    let findings: Vec<Finding> = reviewed
        .map(|(code, last)| judge(say!("de beveiliging van systeem {code}", "the security of system {code}"), last))
        .collect();
    Finding::all(findings, || {
        // The version in which the entry last said something else of security than the one before.
        let same = |other: &&ActivityVersion| other.entry.security == version.entry.security;
        let versions: Vec<&ActivityVersion> = activity.state.versions().collect();
        let stated = versions.into_iter().rev().take_while(same).last().filter(|_| version.entry.security.is_some());
        stated.map_or_else(
            || {
                idle(
                    "er is geen beveiliging vastgelegd om te herzien",
                    "no security is recorded that could be reviewed",
                )
            },
            |stated| {
                judge(
                    Text::new("de beveiliging in de registerregel", "the security in the entry"),
                    Event::new(stated.from, stated.sequence),
                )
            },
        )
    })
}

/// When the security of a system was last looked at: its classification, a measure, or an analysis of its risks.
fn last_security_review(system: &System) -> Option<Event> {
    let classified = system.classification.iter().map(Event::from);
    let measures = system.measures.iter().map(Event::from);
    let analyses = system.risk_analyses.iter().map(Event::from);
    classified.chain(measures).chain(analyses).max_by_key(|look| look.date.latest())
}

// --- LAW-07 ----------------------------------------------------------------------------------------------------------

fn anonymity_is_considered<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running_entry(inquiry, activity, |version| {
        let number = version.entry.version;
        let considered = &activity.state.anonymisations;
        let before = activity.state.earlier_versions.last();
        // One without a number is about the version that comes next, or the one that was in force.
        let of_this = |made: &&Dated<AnonymisationConsidered>| match made.fact.version {
            Some(version) => version == number,
            None => before.is_none_or(|before| before.from.day_not_after(&made.from) == Ternary::True),
        };
        match (considered.iter().rev().find(of_this), considered.last()) {
            (Some(made), _) => Finding::pass(say!(
                "voor versie {number} is overwogen of anonieme gegevens volstaan",
                "for version {number} it was considered whether anonymous data serve as well"
            ))
            .by(made),
            (None, Some(made)) => Finding::warn(say!(
                "alleen voor een eerdere versie is overwogen of anonieme gegevens volstaan, niet voor versie {number}",
                "it was considered only for an earlier version whether anonymous data serve as well, not for version {number}"
            ))
            .by(made),
            (None, None) => Finding::fail(words(
                "of anonieme gegevens volstaan, is niet overwogen",
                "it was not considered whether anonymous data serve as well",
            )),
        }
        .by(version.sequence)
    })
}

fn anonymity_on_social_media<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    if activity.current.as_ref().is_some_and(|version| is_social_media(&version.entry)) {
        return anonymity_is_considered(inquiry, activity);
    }
    idle("de activiteit gebruikt geen sociale media", "the activity uses no social media")
}

// --- LAW-08 ----------------------------------------------------------------------------------------------------------

fn design_is_reviewed<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    begun(inquiry, activity, || {
        let what = design_review();
        let reviews = &activity.state.design_reviews;
        let before = done_before(
            law_since(inquiry),
            (&what, reviews.first().map(Event::from)),
            (&the_start(), start(inquiry, activity)),
        );
        let flawed = reviews
            .last()
            .filter(|review| review.fact.by_design == Some(false) || review.fact.by_default == Some(false));
        let flaw = flawed.map(|review| {
            Finding::fail(words(
                "de laatste toets vindt ontwerp of standaardinstellingen niet in orde",
                "the last review finds that design or defaults are not in order",
            ))
            .by(review)
        });
        flaw.into_iter().chain(added_systems_are_reviewed(inquiry, activity)).fold(before, Finding::and)
    })
}

fn design_review() -> Text {
    Text::new("de toets van ontwerp en standaardinstellingen", "the review of design and defaults")
}

/// Systems that a later version brings need a review that names them, or one made for that version.
fn added_systems_are_reviewed<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Vec<Finding> {
    let state: &'w Activity = activity.state;
    let versions: Vec<&ActivityVersion> = state.versions().collect();
    let used = |code: &Code| state.current.as_ref().is_some_and(|current| current.entry.systems.contains(code));
    let mut findings = Vec::new();
    for pair in versions.windows(2) {
        let [before, version] = pair else { continue };
        let new = version.entry.systems.iter().filter(|code| !before.entry.systems.contains(code) && used(code));
        for code in new {
            // A review that names no system is about the version for which it was made; the first one, about the start.
            let first = state.design_reviews.first().map(|review| review.sequence);
            let review = state.design_reviews.iter().find(|review| {
                let later = before.from.day_not_after(&review.from) == Ternary::True && Some(review.sequence) != first;
                review.fact.systems.contains(code) || (review.fact.systems.is_empty() && later)
            });
            let then = say!("het gebruik van systeem {code}", "the use of system {code}");
            let then = (&then, Some(Event::new(version.from, version.sequence)));
            findings.push(done_before(law_since(inquiry), (&design_review(), review.map(Event::from)), then));
        }
    }
    findings
}

// --- LAW-09 ----------------------------------------------------------------------------------------------------------

/// The classes that are not lower than confidential.
const CONFIDENTIAL: [&str; 5] =
    ["CONFIDENTIAL", "HIGHLY_CONFIDENTIAL", "STRICTLY_CONFIDENTIAL", "SECRET", "TOP_SECRET"];

fn is_lower(class: &Code) -> bool {
    !CONFIDENTIAL.iter().any(|confidential| class.as_str().eq_ignore_ascii_case(confidential))
}

fn system_is_confidential<'w>(_inquiry: &Inquiry<'w>, system: Seen<'w, System>) -> Finding {
    if system.status != SystemStatus::InUse {
        return idle("het systeem is niet in gebruik", "the system is not in use").by_all(&system.retired);
    }
    let Some(classified) = &system.classification else {
        return Finding::pass(words(
            "er is geen klasse toegekend: de gegevens gelden als vertrouwelijk",
            "no class is assigned: the data count as confidential",
        ));
    };
    match &classified.fact.class {
        Some(class) if is_lower(class) => match &classified.fact.decision {
            Some(decision) => Finding::pass(say!(
                "de klasse {class} rust op besluit {decision}",
                "the class {class} rests on decision {decision}"
            )),
            None => Finding::fail(say!(
                "de klasse {class} is lager dan vertrouwelijk, zonder besluit",
                "the class {class} is lower than confidential, without a decision"
            )),
        },
        Some(class) => Finding::pass(say!("de klasse is {class}", "the class is {class}")),
        None => Finding::pass(words("er is geen lagere klasse toegekend", "no lower class is assigned")),
    }
    .by(classified)
}

fn entry_is_confidential<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    running(inquiry, activity, || {
        let state: &'w Activity = activity.state;
        let Some(version) = &state.current else {
            return idle("er is geen registerregel vastgesteld", "no register entry is established");
        };
        let class = version.entry.security.as_ref().and_then(|security| security.class.as_ref());
        match class {
            Some(class) if is_lower(class) => {
                let systems = systems(inquiry, &version.entry).into_iter().filter_map(|(_, system)| system);
                let mut classifications = systems.filter_map(|system| system.state.classification.as_ref());
                match classifications.find(|classified| classified.fact.decision.is_some()) {
                    Some(decided) => {
                        Finding::pass(say!("over de klasse {class} is besloten", "the class {class} was decided"))
                            .by(decided)
                    }
                    None => Finding::fail(say!(
                        "de klasse {class} is lager dan vertrouwelijk, zonder besluit",
                        "the class {class} is lower than confidential, without a decision"
                    )),
                }
            }
            Some(class) => Finding::pass(say!("de klasse is {class}", "the class is {class}")),
            None => Finding::pass(words(
                "er is geen klasse genoemd: de gegevens gelden als vertrouwelijk",
                "no class is named: the data count as confidential",
            )),
        }
        .by(version.sequence)
    })
}

fn confidence_is_undertaken(inquiry: &Inquiry<'_>) -> Finding {
    let awareness = inquiry.all::<Awareness>();
    let undertakings = awareness.iter().flat_map(|awareness| &awareness.state.undertakings);
    let findings = undertakings.map(|undertaking| {
        if undertaking.fact.after_leaving == Some(true) {
            Finding::pass(words(
                "geheimhouding is toegezegd, ook na vertrek",
                "confidentiality is undertaken, also after leaving",
            ))
        } else {
            Finding::warn(words(
                "geheimhouding is toegezegd, maar niet voor na vertrek",
                "confidentiality is undertaken, but not for after leaving",
            ))
        }
        .by(undertaking)
    });
    Finding::any(findings, || {
        Finding::warn(words(
            "geheimhoudingsverklaringen zijn niet vastgelegd",
            "undertakings of confidentiality are not recorded",
        ))
    })
}

// --- LAW-10 ----------------------------------------------------------------------------------------------------------

/// Judges each of some kinds that occur among the data of a running activity.
fn each_of<'w, K: Ord>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    kind: impl Fn(&'w DataCategory) -> Option<K>,
    judge: impl Fn(K, &'w ActivityVersion) -> Finding,
    nothing: Words,
) -> Finding {
    let state: &'w Activity = activity.state;
    running(inquiry, activity, || {
        let found = state
            .current
            .iter()
            .flat_map(|version| version.entry.data_categories.iter().map(move |data| (version, data)));
        let found: BTreeMap<K, &ActivityVersion> =
            found.filter_map(|(version, data)| Some((kind(data)?, version))).collect();
        let findings = found.into_iter().map(|(kind, version)| judge(kind, version).by(version.sequence));
        Finding::all(findings, || Finding::not_applicable(nothing))
    })
}

fn special_categories_are_permitted<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    each_of(
        inquiry,
        activity,
        |data| data.special,
        |category, _| exception_holds(inquiry, activity, category),
        words("de registerregel noemt geen bijzondere categorieën", "the entry names no special categories"),
    )
}

/// The policy wants additional security for special categories; for the law that is a matter of Art. 32, by the risk.
fn special_categories_are_secured<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    each_of(
        inquiry,
        activity,
        |data| data.special,
        |_, version| security_is_enhanced(inquiry, version),
        words("de registerregel noemt geen bijzondere categorieën", "the entry names no special categories"),
    )
}

fn exception_holds<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, category: SpecialCategory) -> Finding {
    use SpecialCategoryGround as G;
    let Text { nl, en } = Text::label(&category);
    let state: &'w Activity = activity.state;
    let Some(ground) = state.special_category_grounds.iter().rev().find(|ground| ground.fact.category == category)
    else {
        return Finding::fail(say!(
            "voor de bijzondere categorie {nl} is geen uitzondering vastgelegd",
            "no exception is recorded for the special category {en}"
        ));
    };
    let kind = Text::label(&ground.fact.ground);
    let (kind_nl, kind_en) = (kind.nl, kind.en);
    let what = say!("de uitzondering voor {nl}, {kind_nl}", "the exception for {en}, {kind_en}");
    let period = Period { from: Some(ground.from), to: None, fact: ground.evidence() };
    let holds = in_force_at(inquiry, &what, [period]);
    // These exceptions are there only as far as Union or national law says so.
    let by_law = matches!(
        ground.fact.ground,
        G::EmploymentLaw | G::SubstantialPublicInterest | G::HealthCare | G::PublicHealth | G::ResearchOrArchiving
    );
    match &ground.fact.legal_reference {
        Some(reference) => holds.and(statute_holds(inquiry, reference)),
        None if by_law => holds.and(
            Finding::indeterminate(say!(
                "op welke wet de uitzondering {kind_nl} rust, is niet vastgelegd",
                "on which statute the exception {kind_en} rests is not recorded"
            ))
            .by(ground),
        ),
        None => holds,
    }
}

fn security_is_enhanced<'w>(inquiry: &Inquiry<'w>, version: &'w ActivityVersion) -> Finding {
    let systems = systems(inquiry, &version.entry).into_iter().filter_map(|(_, system)| system);
    let measures = systems.flat_map(|system| measures(inquiry, system));
    let enhanced: Vec<_> = measures.filter(|measure| measure.fact.enhanced == Some(true)).collect();
    if enhanced.is_empty() {
        return Finding::fail(words(
            "aanvullende beveiligingsmaatregelen zijn niet vastgelegd",
            "additional security measures are not recorded",
        ));
    }
    Finding::pass(words("er zijn aanvullende beveiligingsmaatregelen", "there are additional security measures"))
        .by_all(enhanced)
}

/// A statute that is referred to is one, and is in force.
pub(in crate::rule) fn statute_holds(inquiry: &Inquiry<'_>, reference: &LegalReference) -> Finding {
    let code = reference.instrument.as_str();
    let kind = inquiry.instrument(code).and_then(|instrument| instrument.state.kind);
    if kind.is_some_and(|kind| !matches!(kind, Legal::Statute | Legal::Treaty)) {
        return Finding::fail(say!("{code} is geen wet", "{code} is no statute"));
    }
    legal_validity(inquiry, code)
}

// --- LAW-11 ----------------------------------------------------------------------------------------------------------

fn criminal_data_are_permitted<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    each_of(
        inquiry,
        activity,
        |data| (data.criminal == Some(true)).then_some(&data.code),
        |category, _| criminal_ground_holds(inquiry, activity, category),
        words("de registerregel noemt geen strafrechtelijke gegevens", "the entry names no criminal data"),
    )
}

fn criminal_ground_holds<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, category: &Code) -> Finding {
    let covers = |named: &[Code]| named.is_empty() || named.contains(category);
    let state: &'w Activity = activity.state;
    let Some(ground) = state.criminal_data_grounds.iter().rev().find(|ground| covers(&ground.fact.data_categories))
    else {
        return Finding::fail(say!(
            "waarop de verwerking van {category} rust, is niet vastgelegd",
            "on what the processing of {category} rests is not recorded"
        ));
    };
    let what = say!("de grond voor {category}", "the ground for {category}");
    let holds = in_force_at(inquiry, &what, [Period { from: Some(ground.from), to: None, fact: ground.evidence() }]);
    let law = match (&ground.fact.legal_reference, ground.fact.ground) {
        (Some(reference), _) => statute_holds(inquiry, reference),
        (None, CriminalDataGround::AuthorisedByLaw) => Finding::fail(say!(
            "welke wet de verwerking van {category} toestaat, is niet vastgelegd",
            "which statute authorises the processing of {category} is not recorded"
        ))
        .by(ground),
        (None, CriminalDataGround::OfficialAuthority) => Finding::indeterminate(say!(
            "waaruit het overheidstoezicht op {category} volgt, is niet vastgelegd",
            "from what the official control over {category} follows is not recorded"
        ))
        .by(ground),
    };
    holds.and(law)
}

// --- LAW-12 ----------------------------------------------------------------------------------------------------------

fn numbers_by_law<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    each_of(
        inquiry,
        activity,
        |data| data.national_id.filter(|number| *number != NationalId::Local),
        |number, version| number_is_justified(inquiry, activity, number, version),
        words(
            "de registerregel noemt geen wettelijk voorgeschreven nummer; een nummer van de instelling zelf valt niet onder artikel 46 UAVG",
            "the entry names no number that a statute prescribes; a number of the institution itself does not fall under UAVG 46",
        ),
    )
}

fn numbers_by_policy<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    each_of(
        inquiry,
        activity,
        |data| data.national_id,
        |number, version| {
            let finding = number_is_justified(inquiry, activity, number, version);
            // The policy names the student number with the BSN; the law it points to does not cover a local number.
            if number == NationalId::Local { finding.at_most_warn() } else { finding }
        },
        words("de registerregel noemt geen identificatienummer", "the entry names no identification number"),
    )
}

fn number_is_justified<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    number: NationalId,
    version: &ActivityVersion,
) -> Finding {
    let name = match number {
        NationalId::CitizenServiceNumber => words("het burgerservicenummer", "the citizen service number"),
        NationalId::EducationNumber => words("het onderwijsnummer", "the education number"),
        NationalId::OtherStatutory => words("het wettelijke nummer", "the statutory number"),
        NationalId::Local => words("het eigen nummer van de instelling", "the institution's own number"),
    };
    let Words { nl, en } = name;
    let state: &'w Activity = activity.state;
    let Some(justified) = state.national_id_justifications.iter().rev().find(|made| made.fact.number == number) else {
        return Finding::fail(say!(
            "dat een wet {nl} hier toestaat, is niet vastgelegd",
            "that a statute allows {en} here is not recorded"
        ));
    };
    let statute = match &justified.fact.legal_reference {
        Some(reference) => statute_holds(inquiry, reference),
        None => Finding::fail(say!(
            "welke wet {nl} toestaat, is niet vastgelegd",
            "which statute allows {en} is not recorded"
        )),
    };
    let purpose = match &justified.fact.purpose {
        Some(purpose) if version.entry.purposes.iter().any(|known| known.code == *purpose) => {
            Finding::pass(say!("{nl} dient doeleinde {purpose}", "{en} serves purpose {purpose}"))
        }
        Some(purpose) => Finding::fail(say!(
            "{nl} dient doeleinde {purpose}, dat de activiteit niet heeft",
            "{en} serves purpose {purpose}, which the activity does not have"
        )),
        None => Finding::fail(say!(
            "voor welk doeleinde {nl} wordt gebruikt, is niet vastgelegd",
            "for which purpose {en} is used is not recorded"
        )),
    };
    statute.and(purpose).by(justified)
}

// --- LAW-13 ----------------------------------------------------------------------------------------------------------

fn interest_is_no_public_task<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let state: &'w Activity = activity.state;
    if is_public_body(inquiry, [activity.stream]) == Ternary::False {
        return idle(
            "de instelling is hier geen overheidsinstantie: het verbod geldt niet",
            "the institution is no public authority here: the prohibition does not apply",
        );
    }
    running(inquiry, activity, || {
        let resting = state.legal_bases().iter().filter(|basis| basis.basis == LegalBasis::LegitimateInterest);
        let findings = resting.map(|basis| is_no_public_task(inquiry, activity, basis).by(basis.sequence));
        Finding::all(findings, || {
            idle("geen doeleinde rust op een gerechtvaardigd belang", "no purpose rests on a legitimate interest")
        })
    })
}

fn is_no_public_task<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, basis: &'w StandingBasis) -> Finding {
    let purpose = &basis.purpose;
    let entry = activity.state.current.as_ref();
    let public = basis.public_task.or(entry.and_then(|version| version.entry.public_task));
    let reasoned =
        basis.public_task_reason.is_some() || entry.is_some_and(|version| version.entry.public_task_reason.is_some());
    let assessment = basis.assessment.as_ref().and_then(|stream| inquiry.state::<LegitimateInterestAssessment>(stream));
    let interest = assessment.and_then(|assessment| assessment.state.interest.as_ref());
    let admitted = interest.filter(|interest| interest.fact.public_task == Some(true));
    if public == Some(true) || admitted.is_some() {
        return Finding::fail(say!(
            "doeleinde {purpose} is een publieke taak; een gerechtvaardigd belang staat daarvoor niet open",
            "purpose {purpose} is a public task; a legitimate interest is not open to it"
        ))
        .by_all(admitted);
    }
    let stated = entry.map(|version| version.sequence);
    match (public, reasoned) {
        (Some(_), true) => Finding::pass(say!(
            "vastgelegd is waarom doeleinde {purpose} geen publieke taak is",
            "it is recorded why purpose {purpose} is no public task"
        )),
        (Some(_), false) => Finding::fail(say!(
            "waarom doeleinde {purpose} geen publieke taak is, is niet vastgelegd",
            "why purpose {purpose} is no public task is not recorded"
        )),
        (None, true) => Finding::indeterminate(say!(
            "er is een toelichting, maar of doeleinde {purpose} een publieke taak is, is niet vastgelegd",
            "there is an explanation, but whether purpose {purpose} is a public task is not recorded"
        )),
        (None, false) => Finding::fail(say!(
            "of doeleinde {purpose} een publieke taak is, en waarom niet, is niet vastgelegd",
            "whether purpose {purpose} is a public task, and why not, is not recorded"
        )),
    }
    .by_all(stated)
}

// --- LAW-14 ----------------------------------------------------------------------------------------------------------

fn bases_name_their_ground<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let state: &'w Activity = activity.state;
    running(inquiry, activity, || {
        let findings =
            state.legal_bases().iter().map(|basis| names_its_ground(inquiry, activity, basis).by(basis.sequence));
        Finding::all(findings, || idle("er is geen grondslag vastgelegd", "no legal basis is recorded"))
    })
}

/// Whether a text is recorded by which consent for a basis is asked: the one that it names, or one of the activity.
fn is_asked<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    basis: &'w StandingBasis,
    stated: Option<&'w Purpose>,
) -> bool {
    let named = basis.consent_text.iter().chain(stated.and_then(|stated| stated.consent_text.as_ref()));
    named.into_iter().any(|text| inquiry.state::<ConsentText>(text).is_some())
        || !inquiry.related::<ConsentText>("activity", activity.stream).is_empty()
}

/// What a determination leaves out the version may say of the same basis.
fn stated<'w>(activity: &'w Activity, basis: &StandingBasis) -> Option<&'w Purpose> {
    let mut stated = activity.current.iter().flat_map(|version| &version.entry.purposes);
    stated.find(|stated| stated.code == basis.purpose && stated.basis == Some(basis.basis))
}

fn names_its_ground<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, basis: &'w StandingBasis) -> Finding {
    let purpose = &basis.purpose;
    let stated = stated(activity.state, basis);
    let reference = basis.legal_reference.as_ref().or(stated.and_then(|stated| stated.legal_reference.as_ref()));
    let Words { nl, en } = basis_name(basis.basis);
    match basis.basis {
        LegalBasis::LegalObligation | LegalBasis::PublicTask => match reference {
            Some(reference) => statute_holds(inquiry, reference),
            None => Finding::fail(say!(
                "doeleinde {purpose}: op welke wet de {nl} rust, is niet vastgelegd",
                "purpose {purpose}: on which statute the {en} rests is not recorded"
            )),
        },
        LegalBasis::Contract if reference.is_some() => Finding::pass(say!(
            "doeleinde {purpose} noemt het soort overeenkomst",
            "purpose {purpose} names the type of contract"
        )),
        LegalBasis::Contract => Finding::fail(say!(
            "doeleinde {purpose}: het soort overeenkomst is niet vastgelegd",
            "purpose {purpose}: the type of contract is not recorded"
        )),
        LegalBasis::VitalInterest
            if basis.case_note.is_some() || stated.is_some_and(|stated| stated.case_note.is_some()) =>
        {
            Finding::pass(say!(
                "doeleinde {purpose} licht het vitaal belang toe",
                "purpose {purpose} explains the vital interest"
            ))
        }
        LegalBasis::VitalInterest => Finding::fail(say!(
            "doeleinde {purpose}: om wiens vitaal belang het gaat, is niet toegelicht",
            "purpose {purpose}: whose vital interest it is, is not explained"
        )),
        // Whoever relies on consent can show it (Art. 7(1)): at the least by the text by which it is asked.
        LegalBasis::Consent if is_asked(inquiry, activity, basis, stated) => Finding::pass(say!(
            "doeleinde {purpose}: met welke tekst om toestemming wordt gevraagd, is vastgelegd",
            "purpose {purpose}: the text by which consent is asked is recorded"
        )),
        LegalBasis::Consent => Finding::fail(say!(
            "doeleinde {purpose} rust op toestemming, en met welke tekst daarom wordt gevraagd, is niet vastgelegd",
            "purpose {purpose} rests on consent, and the text by which it is asked is not recorded"
        )),
        LegalBasis::LegitimateInterest => Finding::not_applicable(say!(
            "doeleinde {purpose}: de grondslag {nl} vraagt hier geen verwijzing",
            "purpose {purpose}: the basis {en} needs no reference here"
        )),
    }
}

// --- LAW-15 ----------------------------------------------------------------------------------------------------------

fn aggregates_are_anonymous<'w>(_inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    if matches!(activity.status, ActivityStatus::Ceased | ActivityStatus::Obsolete) {
        return idle("de verwerking is beëindigd of vervallen", "the processing has ended or lapsed");
    }
    let last = activity.state.scope_determinations.last();
    let Some(determined) = last.filter(|determined| determined.fact.outcome == ScopeOutcome::AggregatedOnly) else {
        return idle(
            "er is niet bepaald dat alleen geaggregeerde gegevens worden gebruikt",
            "it was not determined that aggregated data only are used",
        );
    };
    let fact = &determined.fact;
    let what = Text::new("de beoordeling van de anonimiteit", "the assessment of anonymity");
    let parts = [
        (
            Text::new("dat herleiden is uitgesloten", "that singling out is excluded"),
            fact.isolation_excluded == Some(true),
        ),
        (Text::new("dat koppelen is uitgesloten", "that linking is excluded"), fact.linkage_excluded == Some(true)),
        (Text::new("dat afleiden is uitgesloten", "that inference is excluded"), fact.inference_excluded == Some(true)),
    ];
    complete(&what, parts).by(determined)
}

// --- LAW-16 ----------------------------------------------------------------------------------------------------------

fn scope_is_known<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    in_register(inquiry, activity, |version| {
        let what = Text::new("de reikwijdte in de registerregel", "the scope in the entry");
        let parts = [
            (
                Text::new("de categorieën betrokkenen", "the categories of data subjects"),
                !version.entry.subject_categories.is_empty(),
            ),
            (Text::new("de mate van automatisering", "how far it is automated"), version.entry.automation.is_some()),
        ];
        complete(&what, parts).by(version.sequence)
    })
}

#[cfg(test)]
mod tests;
