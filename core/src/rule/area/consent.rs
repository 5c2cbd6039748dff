//! Consent (GDPR Art. 4(11), 6(1)(a), 7, 8, 9(2)(a), 22(2)(c)): whether people agreed, to what, on which text and in time, and what
//! became of it when they withdrew.
//!
//! A consent may be named by a publication before anything of it is recorded: then there is nothing to show (Art. 7(1)). Which item
//! of a text covers a publication follows from the platforms that the item names and from the kinds of content that its code or its
//! operations name, as `photo-platform-b`; an item about profiling covers no publication.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::BTreeSet;

use crate::family::activity::{Activity, ActivityStatus, AutomatedDecisionGround, LegalBasis, SpecialCategoryGround};
use crate::family::consent::{AgeBand, Authority, Consent, ConsentStatus, Decision, Expression, StandingItem};
use crate::family::consent_text::{BannerConfigurationPublished, ConsentText, TextItem, TextVersion};
use crate::family::dossier::Dated;
use crate::family::governance_instrument::InstrumentKind;
use crate::family::kit::key_text;
use crate::family::privacy_notice::PrivacyNotice;
use crate::family::publication::Publication;
use crate::family::value::AnnulmentEffect;
use crate::ledger::name::{Sequence, StreamId};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, GUIDELINE, HOUSE, POLICY, Parameter, SUPERVISOR};
use crate::rule::template::{Event, Precision, complete, decide, order};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::Finding;
use crate::time::{Calendar, PartialDate, Ternary};

mod asked;
mod used;

use asked::{
    choice_is_assessed, choice_is_free, consent_answers_point_by_point, consent_covers_what_is_inseparable,
    consent_is_granular, consent_keeps_to_its_text, text_asks_point_by_point, text_fits_the_operations,
    text_is_granular, withdrawal_is_mentioned, withdrawing_is_easy,
};
use used::{
    consent_came_first, consent_is_not_enough, consent_was_recorded_first, leads_agreed, members_agreed,
    nobody_is_shown_without_permission, publication_ends_by_law, publication_ends_in_term, users_agreed_by_guideline,
    users_agreed_by_law, uses_end_by_law, uses_end_in_term,
};

/// The advice of the authority from which it follows that choices are made point by point.
const ADVICE: Applies = Applies::Law(&["LEX-AP-EDU"]);

pub(in crate::rule) const AREA: Area = Area {
    name: words("toestemming", "consent"),
    rules: &[
        Rule {
            id: "CON-01",
            title: words(
                "Toestemming is vrij, specifiek, geïnformeerd en ondubbelzinnig",
                "Consent is free, specific, informed and unambiguous",
            ),
            explanation: words(
                "Wie toestemming gaf, stemde door een duidelijke handeling in met ten minste één onderdeel van een tekst die toen werd aangeboden, en geen van die onderdelen was vooraf aangevinkt of verplicht. Een toestemming die ongeldig is bevonden, telt niet.",
                "Whoever consented agreed by a clear act to at least one item of a text that was on offer then, and none of these items was ticked beforehand or mandatory. A consent that was found invalid does not count.",
            ),
            sources: &["GDPR 4(11)", "GDPR 7", "P18 1.1"],
            checks: &[check!(Consent, Law, Lawfulness, GDPR, [InForceAt], consent_is_valid)],
        },
        Rule {
            id: "CON-02",
            title: words("Intrekken is even eenvoudig als geven", "Withdrawing is as easy as giving"),
            explanation: words(
                "Intrekken vraagt niet meer stappen dan geven, kost niets, vraagt geen reden en kan elektronisch als geven dat kan. Kan het niet langs dezelfde kanalen, dan is dat een aandachtspunt.",
                "Withdrawing takes no more steps than giving, costs nothing, asks no reason, and can be done electronically where giving can. Where the channels are not the same ones, that is to be attended to.",
            ),
            sources: &["GDPR 7(3)", "P18 2.1"],
            checks: &[check!(ConsentText, Law, Lawfulness, GDPR, [Coverage], withdrawing_is_easy)],
        },
        Rule {
            id: "CON-03",
            title: words("Eerst toestemming, dan publicatie", "Consent first, then publication"),
            explanation: words(
                "Wie herkenbaar is in een publicatie die op toestemming rust, gaf die vóór de publicatie en voor dat platform. De richtlijn vraagt bovendien dat de toestemming toen al was vastgelegd; zij geldt voor publicaties sinds zij van kracht is.",
                "Everybody who can be recognised in a publication that rests on consent gave it before the publication and for that platform. The guideline asks besides that it was recorded by then; it is for publications since it is in force.",
            ),
            sources: &["GDPR 6(1)(a)", "GDPR 7(1)", "G24 4(2)"],
            checks: &[
                check!(Publication, Law, Accountability, GDPR, [Order, Coverage], consent_came_first),
                check!(Publication, Guideline, Accountability, GUIDELINE, [Order], consent_was_recorded_first),
            ],
        },
        Rule {
            id: "CON-04",
            title: words("Toestemming is aan te tonen", "Consent can be demonstrated"),
            explanation: words(
                "Van een gegeven toestemming is vastgelegd op welke tekst (versie en hash), in welke taal, wanneer en hoe zij is gegeven, en met welk bewijs.",
                "Of a consent that was given it is recorded on which text (version and hash), in which language, when and how it was given, and by which evidence.",
            ),
            sources: &["GDPR 7(1)", "P18 2.1", "G24 4(2)"],
            checks: &[check!(Consent, Law, Accountability, GDPR, [Complete], consent_can_be_shown)],
        },
        Rule {
            id: "CON-05",
            title: words("Vooraf is gewezen op het recht op intrekking", "The right to withdraw is told beforehand"),
            explanation: words(
                "De tekst waarmee toestemming wordt gevraagd, of de privacyverklaring van de activiteit, wijst op het recht om haar in te trekken.",
                "The text by which consent is asked, or the privacy notice of the activity, tells of the right to withdraw it.",
            ),
            sources: &["GDPR 7(3)", "GDPR 13(2)(c)", "P18 8.1A"],
            checks: &[check!(ConsentText, Law, Lawfulness, GDPR, [Complete], withdrawal_is_mentioned)],
        },
        Rule {
            id: "CON-06",
            title: words("Na intrekking stopt het gebruik", "After a withdrawal the use ends"),
            explanation: words(
                "Elk gebruik dat op een ingetrokken toestemming rustte, is binnen de huistermijn gestopt, ook op elk platform, of gaat door op grond van een wettelijke plicht; nieuw gebruik is er niet. De wet kent geen vaste termijn: te laat is een aandachtspunt, nieuw gebruik en onvolledig stoppen niet.",
                "Every use that rested on a withdrawn consent ended within the house term, on each platform too, or goes on by a statutory duty; there is no new use. The law has no fixed term: what is late is to be attended to, new use and what was left undone is a failure.",
            ),
            sources: &["GDPR 7(3)", "GDPR 17(1)(b)", "P18 6.5"],
            checks: &[
                check!(Consent, Law, Lawfulness, GDPR, [Deadline, NoEventAfter], uses_end_by_law),
                check!(
                    Consent,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline, NoEventAfter],
                    uses_end_in_term
                ),
                check!(Publication, Law, Lawfulness, GDPR, [Deadline, NoEventAfter], publication_ends_by_law),
                check!(
                    Publication,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline, NoEventAfter],
                    publication_ends_in_term
                ),
            ],
        },
        Rule {
            id: "CON-07",
            title: words(
                "Platformgebruikers worden alleen met toestemming geanalyseerd",
                "Platform users are analysed only with consent",
            ),
            explanation: words(
                "Een analyse van gebruikers gebruikt alleen geaggregeerde gegevens, of zij gaven vooraf toestemming. De richtlijn kent geen andere grondslag; de wet wel, maar wie apparatuur van gebruikers uitleest, vraagt ook dan toestemming (Telecommunicatiewet 11.7a). Of dat gebeurt, is niet vastgelegd.",
                "An analysis of users takes aggregated data only, or they consented beforehand. The guideline knows no other legal basis; the law does, but whoever reads from users' devices asks consent even then (Telecommunications Act 11.7a). Whether that is done is not recorded.",
            ),
            sources: &["GDPR 6(1)(a)", "Tw 11.7a", "G24 4(3)"],
            checks: &[
                check!(Publication, Law, Lawfulness, GDPR, [IfThen], users_agreed_by_law),
                check!(Publication, Guideline, Accountability, GUIDELINE, [IfThen], users_agreed_by_guideline),
            ],
        },
        Rule {
            id: "CON-08",
            title: words("Eerst informatie en keuze, dan cookies", "Information and choice first, then cookies"),
            explanation: words(
                "Vóór retargeting begint, is er een privacyverklaring en een cookiebanner met gelijkwaardige knoppen. De wet vraagt dat dit aantoonbaar is: de instelling van de banner en een scan zijn met hun hash bewaard.",
                "Before retargeting begins there is a privacy notice and a cookie banner with equal buttons. The law asks that this can be shown: the configuration of the banner and a scan are kept with their hashes.",
            ),
            sources: &["GDPR 13", "ePrivacy 5(3)", "Tw 11.7a", "G24 4(4)"],
            checks: &[
                check!(Activity, Law, Lawfulness, GDPR, [Order], retargeting_begins_with_a_choice),
                check!(Activity, Guideline, Accountability, GUIDELINE, [Order], retargeting_follows_the_guideline),
            ],
        },
        Rule {
            id: "CON-09",
            title: words(
                "Geautomatiseerde besluiten vragen uitdrukkelijke toestemming",
                "Automated decisions need explicit consent",
            ),
            explanation: words(
                "De richtlijn aanvaardt voor uitsluitend geautomatiseerde besluiten alleen uitdrukkelijke toestemming. De wet kent drie gronden, en alleen voor besluiten met rechtsgevolg of een aanmerkelijk gevolg. Is toestemming de grond, dan is zij uitdrukkelijk gegeven.",
                "For decisions based solely on automated processing the guideline accepts explicit consent alone. The law knows three grounds, and only for decisions with legal or similarly significant effect. Where consent is the ground, it was given explicitly.",
            ),
            sources: &["GDPR 22(2)(c)", "GDPR 9(2)(a)", "G24 4(3)", "G24 4(4)"],
            checks: &[
                check!(Activity, Guideline, Accountability, GUIDELINE, [IfThen], decisions_rest_on_accepted_ground),
                check!(Activity, Law, Lawfulness, GDPR, [IfThen], decisions_rest_on_a_ground),
                check!(Consent, Guideline, Accountability, GUIDELINE, [IfThen], decisions_are_agreed_explicitly),
                check!(Consent, Law, Lawfulness, GDPR, [IfThen], significant_decisions_are_agreed_explicitly),
            ],
        },
        Rule {
            id: "CON-10",
            title: words("Groepsleden gaven vooraf toestemming", "Members of a group consented beforehand"),
            explanation: words(
                "Wie aan een berichtengroep wordt toegevoegd, gaf daarvoor toestemming die toen al was vastgelegd, of er is een andere grondslag; na intrekking is het lid binnen de huistermijn verwijderd.",
                "Whoever is added to a messaging group consented to it, and that was recorded by then, or there is another legal basis; after a withdrawal the member is removed within the house term.",
            ),
            sources: &["GDPR 6(1)(a)", "G24 4(6)"],
            checks: &[check!(Publication, Guideline, Accountability, GUIDELINE, [Order, Deadline], members_agreed)],
        },
        Rule {
            id: "CON-11",
            title: words("Geworven belangstellenden stemden in met vervolgcontact", "Leads agreed to be contacted"),
            explanation: words(
                "Wie via een advertentie gegevens achterliet, gaf toestemming voordat voor het eerst contact werd opgenomen.",
                "Whoever left data in answer to an advert consented before the first contact.",
            ),
            sources: &["GDPR 6(1)(a)", "Tw 11.7", "G24 4(4)"],
            checks: &[check!(Publication, Guideline, Accountability, GUIDELINE, [Order], leads_agreed)],
        },
        Rule {
            id: "CON-12",
            title: words("De toestemming past bij de verwerkingen", "The consent fits the processing operations"),
            explanation: words(
                "De tekst noemt alle platforms en bewerkingen van de activiteit, ook die in de regeling met een platform. Dat zij elke bewerking noemt, zegt de wet niet in die woorden: het volgt uit de eis dat toestemming geïnformeerd en specifiek is (overweging 42), en wordt hier vanaf het begin getoetst; wie alleen de soort gegevens verlangt, komt tot een milder oordeel. Wat niet van een platform is te scheiden, zoals profilering, moet zelf zijn gevraagd en aanvaard.",
                "The text names all platforms and operations of the activity, those in the arrangement with a platform included. That it names every operation the law does not say in these words: it follows from consent being informed and specific (recital 42), and is tested here from the beginning; who asks for the type of data only judges more mildly. What cannot be separated from a platform, as profiling, must itself be asked and agreed to.",
            ),
            sources: &["GDPR 4(11)", "GDPR 7(2)", "GDPR 6(1)(a)", "BL24 6"],
            checks: &[
                check!(ConsentText, Law, Lawfulness, GDPR, [Coverage], text_fits_the_operations),
                check!(Consent, Law, Lawfulness, GDPR, [Coverage], consent_covers_what_is_inseparable),
            ],
        },
        Rule {
            id: "CON-13",
            title: words("Elke keuze staat op zichzelf", "Every choice stands by itself"),
            explanation: words(
                "Een onderdeel vraagt toestemming voor één doel, met alle bewerkingen daarvoor; noemt het meer platforms, dan is dat een aandachtspunt. Of een onderdeel meer doelen bundelt, is niet getoetst. Volgens het advies van de toezichthouder wordt bovendien per platform gevraagd of het profielen mag opbouwen en verkopen.",
                "An item asks consent for one purpose, with all operations for it; where it names several platforms, that is to be attended to. Whether an item bundles purposes is not tested. By the advice of the supervisory authority it is asked besides, for each platform, whether it may build and sell profiles.",
            ),
            sources: &["GDPR recital 32", "GDPR recital 43", "GDPR 7(2)", "AP 2024-06-13"],
            checks: &[
                check!(ConsentText, Law, Lawfulness, GDPR, [Coverage], text_is_granular),
                check!(Consent, Law, Lawfulness, GDPR, [Coverage], consent_is_granular),
                check!(ConsentText, Supervisor, Lawfulness, ADVICE, [Coverage], text_asks_point_by_point),
                check!(Consent, Supervisor, Lawfulness, ADVICE, [Coverage], consent_answers_point_by_point),
            ],
        },
        Rule {
            id: "CON-14",
            title: words("Niemand voelt zich gedwongen", "Nobody feels coerced"),
            explanation: words(
                "Vraagt een tekst toestemming van studenten of medewerkers, dan is binnen de huistermijn beoordeeld of zij vrij kunnen weigeren, met de vaststelling dat weigeren geen nadeel heeft en met een enquête. De wet kent geen termijn; blijkt weigeren nadelig, of wordt tegen gevoelde druk niets gedaan, dan voldoet het niet.",
                "Where a text asks consent of students or staff, it was assessed within the house term whether they can refuse freely, with a statement that refusing has no detriment and with a survey. The law has no term; where refusing has a detriment, or nothing is done against pressure that was felt, it is a failure.",
            ),
            sources: &["GDPR 7(4)", "GDPR recital 43", "BL24 7"],
            checks: &[
                check!(ConsentText, Law, Lawfulness, GDPR, [InForceAt, Age], choice_is_free),
                check!(
                    ConsentText,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [InForceAt, Age],
                    choice_is_assessed
                ),
            ],
        },
        Rule {
            id: "CON-15",
            title: words(
                "Getekende toestemming, en duidelijkheid over het platform",
                "Signed consent, and clarity about the platform",
            ),
            explanation: words(
                "Voordat beeld van mensen wordt gedeeld, tekenden zij een formulier. Dat is niet genoeg: van elk platform waarop het staat, is duidelijk wat het met de gegevens doet, en als gezamenlijke verantwoordelijken hebben instelling en platform een regeling.",
                "Before pictures of people are shared, they signed a form. That is not enough: of each platform on which it stands it is clear what it does with the data, and as joint controllers institution and platform have an arrangement.",
            ),
            sources: &["GDPR 7(1)", "NW24", "AP 2024-06-13"],
            checks: &[check!(
                Publication,
                Supervisor,
                Accountability,
                SUPERVISOR,
                [Order, IfThen],
                consent_is_not_enough
            )],
        },
        Rule {
            id: "CON-16",
            title: words("Voor minderjarigen handelt de vertegenwoordiger", "For minors the representative acts"),
            explanation: words(
                "Voor wie jonger is dan 16, of niet bekwaam is, gaf een vertegenwoordiger toestemming, met bewijs van de bevoegdheid en binnen de machtiging. Eindigt die, dan wordt gevraagd te bevestigen; tot dan blijft de toestemming gelden. Of iemand onder curatele, bewind of mentorschap staat, en of het gaat om hulp die rechtstreeks aan een kind wordt aangeboden, waarvoor geen vertegenwoordiger nodig is, wordt niet vastgelegd en niet getoetst.",
                "For somebody under 16, or without capacity, a representative consented, with evidence of the authority and within it. When it ends, confirmation is asked; until changed the consent stays valid. Whether somebody is under guardianship, protective administration or mentorship, and whether it is help that is offered to a child directly, which needs no representative, is not recorded and not tested.",
            ),
            sources: &["GDPR 8", "UAVG 5", "P18 1.1", "P18 8"],
            checks: &[
                check!(Consent, Law, Lawfulness, GDPR, [Authority, IfThen], representative_acts_by_law),
                check!(Consent, Policy, Accountability, POLICY, [Authority, IfThen], representative_acts_by_policy),
            ],
        },
        Rule {
            id: "CON-17",
            title: words(
                "Bijzondere gegevens vragen uitdrukkelijke toestemming",
                "Special categories need explicit consent",
            ),
            explanation: words(
                "Rust de verwerking van bijzondere categorieën op toestemming, dan is die uitdrukkelijk gevraagd en gegeven.",
                "Where processing of special categories rests on consent, that is asked for and given explicitly.",
            ),
            sources: &["GDPR 9(2)(a)", "P18 6.7"],
            checks: &[
                check!(Activity, Law, Lawfulness, GDPR, [IfThen], special_categories_are_asked_explicitly),
                check!(Consent, Law, Lawfulness, GDPR, [IfThen], special_categories_are_agreed_explicitly),
            ],
        },
        Rule {
            id: "CON-18",
            title: words("Geen beeld of gegevens van iemand zonder toestemming", "Nobody is shown without permission"),
            explanation: words(
                "Als CON-03, voor alles wat van een merkaccount uitgaat; goede praktijk, dus hoogstens een aandachtspunt.",
                "As CON-03, for all that goes out from a brand account; good practice, so at most something to attend to.",
            ),
            sources: &["GDPR 6(1)(a)", "LU Respect privacy"],
            checks: &[check!(
                Publication,
                Practice,
                Lawfulness,
                Applies::Practice,
                [Order],
                nobody_is_shown_without_permission
            )],
        },
        Rule {
            id: "CON-19",
            title: words("Een wezenlijke wijziging vraagt nieuwe toestemming", "A material change needs new consent"),
            explanation: words(
                "Een toestemming op een vervangen tekst blijft gelden voor wat die tekst noemt. Doet de activiteit meer, of is na een wezenlijke wijziging niet opnieuw gevraagd, dan voldoet het niet; wie nog niet antwoordde, is een aandachtspunt.",
                "A consent on a superseded text stays valid for what that text names. Where the activity does more, or was not asked anew after a material change, it is a failure; who has not answered yet is to be attended to.",
            ),
            sources: &["GDPR 4(11)", "GDPR 7", "P18 2.1", "BL24 6", "EDPB 05/2020"],
            checks: &[check!(Consent, Law, Lawfulness, GDPR, [Coverage], consent_keeps_to_its_text)],
        },
    ],
};

fn na(text: impl Into<Text>) -> Finding {
    Finding::not_applicable(text)
}

// --- What all rules on a consent ask -----------------------------------------------------------------------------------

/// The version of a text on which a consent was given, whenever it was published.
fn version_of<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Option<&'w TextVersion> {
    let state: &'w Consent = consent.state;
    let text: &'w ConsentText = inquiry.state_with_later_facts::<ConsentText>(state.text.as_ref()?)?.state;
    text.version(state.text_version?)
}

fn no_text() -> Finding {
    Finding::fail(words(
        "de tekst waarop toestemming is gegeven, is niet vastgelegd",
        "the text on which consent was given is not recorded",
    ))
}

fn answer<'w>(consent: &'w Consent, item: &TextItem) -> Option<&'w StandingItem> {
    consent.items.iter().find(|answer| answer.code == item.code)
}

fn has_ended(status: ConsentStatus) -> bool {
    matches!(status, ConsentStatus::Expired | ConsentStatus::Revoked | ConsentStatus::Invalidated)
}

/// When a consent was found never to have been valid, as far as known, whatever moment is judged.
fn void_from_the_beginning<'w>(inquiry: &Inquiry<'w>, consent: &'w StreamId) -> Option<(PartialDate, Sequence)> {
    let later = inquiry.state_with_later_facts::<Consent>(consent)?;
    let invalidity = later.invalidity.as_ref().filter(|found| found.finding.effect == AnnulmentEffect::ExTunc)?;
    Some((invalidity.at, invalidity.sequence))
}

// --- CON-01, CON-04: the consent itself --------------------------------------------------------------------------------

/// Judges a consent while it is relied on.
fn relied_on<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>, judge: impl FnOnce() -> Finding) -> Finding {
    match consent.status {
        ConsentStatus::Given | ConsentStatus::Renewed => {}
        ConsentStatus::Withdrawn => return na(words("de toestemming is ingetrokken", "consent was withdrawn")),
        status if has_ended(status) => {
            return na(words("op de toestemming wordt niet meer gesteund", "the consent is not relied on any more"));
        }
        _ => return na(words("er is geen toestemming gegeven", "no consent was given")),
    }
    let agreed = consent.state.items.iter().filter(|item| item.decision == Decision::Yes);
    let Some(last) = agreed.max_by_key(|item| item.since.earliest()) else {
        return na(words("met geen onderdeel is ingestemd", "no item was agreed to"));
    };
    let over = consent
        .validity
        .map_or(Ternary::False, |term| inquiry.passed(&Calendar::Strict.count(&term, &last.since).limit));
    match over {
        Ternary::True => {
            na(words("de tijd waarvoor zij was gegeven, is voorbij", "the time for which it was given is over"))
        }
        Ternary::False | Ternary::Unknown => judge(),
    }
}

/// When the answers that stand were given as a whole: last, where consent was given again.
fn given_on(consent: &Consent) -> Option<PartialDate> {
    match consent.status {
        ConsentStatus::Renewed => {
            consent.items.iter().map(|item| item.since).min_by_key(PartialDate::earliest).or(consent.given)
        }
        _ => consent.given,
    }
}

fn consent_is_valid<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    let void = void_from_the_beginning(inquiry, consent.stream);
    let invalid = consent.invalidity.as_ref().filter(|_| consent.status == ConsentStatus::Invalidated);
    let found = invalid.map(|found| (found.at, found.sequence)).or(void.filter(|(at, _)| {
        // Given anew after the finding, it is another consent.
        consent.status != ConsentStatus::Renewed
            || given_on(consent.state).is_none_or(|given| at.not_after(&given) != Ternary::True)
    }));
    if let Some((at, sequence)) = found.filter(|_| consent.given.is_some()) {
        return Finding::fail(say!(
            "de toestemming is op {at} ongeldig bevonden",
            "the consent was found invalid on {at}"
        ))
        .by(sequence);
    }
    relied_on(inquiry, consent, || match version_of(inquiry, consent) {
        Some(version) => version_was_offered(inquiry, consent, version)
            .and(act_is_clear(consent))
            .and(items_are_free(consent, version)),
        None => no_text(),
    })
}

fn version_was_offered<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>, version: &TextVersion) -> Finding {
    let Some(given) = given_on(consent.state) else {
        return na(words("er is geen toestemming gegeven", "no consent was given"));
    };
    let begun = version.from.day_not_after(&given);
    let ended =
        replaced_on(inquiry, consent.state, version).map_or(Ternary::False, |end| given.day_not_after(&end).not());
    let number = version.text.version;
    decide(
        begun.and(ended.not()),
        || {
            Finding::pass(say!(
                "versie {number} van de tekst werd toen aangeboden ({given})",
                "version {number} of the text was on offer then ({given})"
            ))
        },
        || {
            Finding::fail(say!(
                "versie {number} van de tekst werd toen niet aangeboden ({given})",
                "version {number} of the text was not on offer then ({given})"
            ))
        },
        || {
            Finding::indeterminate(say!(
                "of versie {number} van de tekst toen werd aangeboden, beslissen de datums niet",
                "the dates do not decide whether version {number} of the text was on offer then"
            ))
        },
    )
    .by(version.sequence)
}

/// When a version was no longer offered: as was said, or when the next one took its place, whichever was first.
fn replaced_on<'w>(inquiry: &Inquiry<'w>, consent: &'w Consent, version: &TextVersion) -> Option<PartialDate> {
    let text: &'w ConsentText = inquiry.state_with_later_facts::<ConsentText>(consent.text.as_ref()?)?.state;
    let next = text
        .versions
        .iter()
        .filter(|other| (other.from.earliest(), other.sequence) > (version.from.earliest(), version.sequence));
    let said = version.supersession.iter().map(|said| said.from);
    next.map(|next| next.from).chain(said).min_by_key(PartialDate::earliest)
}

fn act_is_clear(consent: Seen<'_, Consent>) -> Finding {
    match &consent.method {
        Some(method) => {
            let way = key_text(method);
            Finding::pass(say!("gegeven door een duidelijke handeling ({way})", "given by a clear act ({way})"))
        }
        None => Finding::fail(words(
            "door welke handeling toestemming is gegeven, is niet vastgelegd",
            "by which act consent was given is not recorded",
        )),
    }
    .by_all(consent.state.items.iter().map(|item| item.sequence))
}

fn items_are_free(consent: Seen<'_, Consent>, version: &TextVersion) -> Finding {
    let agreed = agreed_items(consent.state, version);
    let bad = |is: fn(&TextItem) -> bool| {
        agreed.iter().filter(|item| is(item)).map(|item| item.code.to_string()).collect::<Vec<_>>().join(", ")
    };
    let (ticked, mandatory) = (bad(|item| item.pre_ticked == Some(true)), bad(|item| item.mandatory == Some(true)));
    let mut finding = Finding::pass(words(
        "geen onderdeel was vooraf aangevinkt of verplicht",
        "no item was ticked beforehand or mandatory",
    ));
    if !ticked.is_empty() {
        finding = finding.and(Finding::fail(say!("vooraf aangevinkt: {ticked}", "ticked beforehand: {ticked}")));
    }
    if !mandatory.is_empty() {
        finding = finding
            .and(Finding::fail(say!("verplicht, dus niet vrij: {mandatory}", "mandatory, so not free: {mandatory}")));
    }
    let answers = consent.state.items.iter().filter(|item| item.decision == Decision::Yes);
    finding.by(version.sequence).by_all(answers.map(|item| item.sequence))
}

/// The items of a version that were agreed to.
fn agreed_items<'w>(consent: &Consent, version: &'w TextVersion) -> Vec<&'w TextItem> {
    let agreed = |item: &&TextItem| answer(consent, item).is_some_and(|answer| answer.decision == Decision::Yes);
    version.text.items.iter().filter(agreed).collect()
}

fn consent_can_be_shown<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    if consent.given.is_none() {
        return na(words("er is geen toestemming gegeven", "no consent was given"));
    }
    let version = version_of(inquiry, consent);
    let hash = version.is_some_and(|version| version.text.document.is_some());
    // A text in one language was read in that.
    let language = consent.language.is_some() || version.is_some_and(|version| version.text.languages.len() == 1);
    let evidence = consent.evidence.is_some() || !consent.receipts.is_empty();
    let parts = [
        (Text::new("de versie van de tekst", "the version of the text"), version.is_some()),
        (Text::new("de hash van de tekst", "the hash of the text"), hash),
        (Text::new("de taal", "the language"), language),
        (Text::new("de wijze waarop", "the way in which"), consent.method.is_some()),
        (Text::new("het bewijs", "the evidence"), evidence),
    ];
    let facts: BTreeSet<Sequence> = consent.state.items.iter().map(|item| item.sequence).collect();
    complete(&Text::new("de vastlegging van de toestemming", "the record of the consent"), parts)
        .by_all(facts)
        .by_all(version.map(|version| version.sequence))
}

// --- CON-08 ----------------------------------------------------------------------------------------------------------

/// The kind of use in which people are followed from site to site.
const RETARGETING: &str = "RETARGETING";

fn retargeting_begins_with_a_choice<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    retargeting(inquiry, activity, |_, banner| {
        match banner {
        Some(banner) if banner.fact.configuration.is_none() || banner.fact.scan.is_none() => Finding::indeterminate(words(
            "van de instelling van de banner is de hash of de scan niet vastgelegd; wat bezoekers zagen, is niet te zien",
            "the hash or the scan of the banner's configuration is not recorded; what visitors saw cannot be seen",
        ))
        .by(banner),
        Some(banner) => Finding::pass(words("van de banner zijn instelling en scan met hun hash vastgelegd", "configuration and scan of the banner are recorded with their hashes")).by(banner),
        None => na(words("er is geen banner", "there is no banner")),
    }
    })
}

fn retargeting_follows_the_guideline<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    retargeting(inquiry, activity, |_, _| na(words("de richtlijn vraagt niet meer", "the guideline asks no more")))
}

type Banner = Dated<BannerConfigurationPublished>;

fn retargeting<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    evidence: impl FnOnce(&ConsentText, Option<&Banner>) -> Finding,
) -> Finding {
    let state: &'w Activity = activity.state;
    let texts: Vec<&'w StreamId> = state.legal_bases().iter().filter_map(|basis| basis.consent_text.as_ref()).collect();
    let texts: Vec<&'w ConsentText> =
        texts.into_iter().filter_map(|text| inquiry.state::<ConsentText>(text)).map(|text| text.state).collect();
    let asking = texts.iter().copied().find(|text| !text.banners.is_empty());
    if asking.is_none() && state.kind.as_ref().is_none_or(|kind| kind.as_str() != RETARGETING) {
        return na(words(
            "de activiteit volgt geen bezoekers en werkt niet met een cookiebanner",
            "the activity follows no visitors and works with no cookie banner",
        ));
    }
    let Some(started) = state.started.filter(|_| state.status == ActivityStatus::Active) else {
        return na(words("de activiteit loopt niet", "the activity is not running"));
    };
    let facts = inquiry.facts(activity.stream);
    let begun = facts.iter().find(|fact| fact.fact == "started" && fact.recorded.effective == started);
    let Some(begun) = begun.map(|fact| Dated::new(&(), &fact.recorded)) else {
        return na(words("de activiteit loopt niet", "the activity is not running"));
    };
    let (notice_text, banner_text) =
        (Text::new("de privacyverklaring", "the privacy notice"), Text::new("de cookiebanner", "the cookie banner"));
    let start = (&Text::new("het begin van de activiteit", "the beginning of the activity"), Some(Event::from(&begun)));
    let notices = inquiry.related::<PrivacyNotice>("activity", activity.stream);
    let notice = notices
        .iter()
        .flat_map(|notice| &notice.state.published)
        .map(Event::from)
        .min_by_key(|event| event.date.earliest());
    let first = asking.and_then(|text| text.banners.iter().min_by_key(|banner| banner.from.earliest()));
    let last = asking.and_then(|text| text.banners.last());
    let equal = match last.map(|banner| (banner, banner.fact.equal_buttons)) {
        Some((banner, Some(true))) => Finding::pass(words(
            "accepteren en weigeren zijn gelijkwaardig",
            "accepting and refusing are equally prominent",
        ))
        .by(banner),
        Some((banner, Some(false))) => Finding::fail(words(
            "accepteren en weigeren zijn niet gelijkwaardig",
            "accepting and refusing are not equally prominent",
        ))
        .by(banner),
        Some((banner, None)) => Finding::indeterminate(words(
            "of accepteren en weigeren gelijkwaardig zijn, is niet vastgelegd",
            "it is not recorded whether accepting and refusing are equally prominent",
        ))
        .by(banner),
        None => na(words("er is geen banner", "there is no banner")),
    };
    order(Precision::Day, (&notice_text, notice), start)
        .and(order(Precision::Day, (&banner_text, first.map(Event::from)), start))
        .and(equal)
        .and(asking.map_or_else(|| na(words("er is geen banner", "there is no banner")), |text| evidence(text, last)))
}

// --- CON-09, CON-17: explicit consent --------------------------------------------------------------------------------

/// Whether decisions are automated, with significant effect, and on which ground, as last recorded.
struct Decisions {
    taken: bool,
    significant: Option<bool>,
    ground: Option<AutomatedDecisionGround>,
    facts: BTreeSet<Sequence>,
}

fn decisions(activity: &Activity) -> Decisions {
    let declared = activity.automated_decision_declarations.last();
    let version = activity.current.as_ref();
    let entry = version.and_then(|version| version.entry.automated_decisions.as_ref());
    let newer = declared.filter(|declared| {
        version.is_none_or(|version| entry.is_none() || version.from.earliest() <= declared.from.earliest())
    });
    let taken = newer.map(|declared| declared.fact.taken.unwrap_or(true)).or(entry.map(|entry| entry.taken));
    let ground = activity.automated_decision_grounds.last();
    let facts = declared.map(|fact| fact.sequence).into_iter().chain(ground.map(|fact| fact.sequence));
    Decisions {
        taken: taken.unwrap_or(false),
        significant: declared.and_then(|declared| declared.fact.significant_effect),
        ground: ground.map(|ground| ground.fact.ground).or(entry.and_then(|entry| entry.ground)),
        facts: facts.chain(version.filter(|_| entry.is_some()).map(|version| version.sequence)).collect(),
    }
}

fn no_decisions() -> Finding {
    na(words(
        "de activiteit neemt geen uitsluitend geautomatiseerde besluiten",
        "the activity takes no decisions based solely on automated processing",
    ))
}

/// The decisions of an activity that is running.
fn running_decisions(activity: Seen<'_, Activity>) -> Result<Decisions, Finding> {
    let found = decisions(activity.state);
    if activity.status != ActivityStatus::Active {
        return Err(na(words("de activiteit loopt niet", "the activity is not running")));
    }
    if found.taken { Ok(found) } else { Err(no_decisions().by_all(found.facts)) }
}

fn decisions_rest_on_accepted_ground<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let found = match running_decisions(activity) {
        Ok(found) => found,
        Err(why) => return why,
    };
    let Some(accepted) = inquiry.parameter(&[InstrumentKind::Guideline], "admGround") else {
        return na(words(
            "de richtlijn noemt niet welke gronden zij aanvaardt",
            "the guideline does not list which grounds it accepts",
        ));
    };
    match found.ground {
        Some(ground) => {
            let Text { nl, en } = Text::label(&ground);
            if accepted.has(&key_text(&ground)) {
                Finding::pass(say!("de richtlijn aanvaardt {nl}", "the guideline accepts {en}"))
            } else {
                Finding::fail(say!("de richtlijn aanvaardt {nl} niet", "the guideline does not accept {en}"))
            }
        }
        None => Finding::fail(words(
            "er is geen grond vastgelegd voor geautomatiseerde besluiten",
            "no ground is recorded for automated decisions",
        )),
    }
    .by_all(found.facts)
}

fn decisions_rest_on_a_ground<'w>(_inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let found = match running_decisions(activity) {
        Ok(found) => found,
        Err(why) => return why,
    };
    let asks = activity.state.legal_bases().iter().any(|basis| basis.consent_text.is_some());
    match (found.ground, found.significant) {
        (_, Some(false)) => na(words(
            "de besluiten hebben geen rechtsgevolg of aanmerkelijk gevolg",
            "the decisions have no legal or similarly significant effect",
        )),
        (Some(AutomatedDecisionGround::ExplicitConsent), _) if !asks => Finding::fail(words(
            "de grond is uitdrukkelijke toestemming, en er is geen tekst waarmee die wordt gevraagd",
            "the ground is explicit consent, and there is no text by which it is asked",
        )),
        (Some(ground), _) => {
            let Text { nl, en } = Text::label(&ground);
            Finding::pass(say!("de besluiten rusten op {nl}", "the decisions rest on {en}"))
        }
        (None, Some(true)) => Finding::fail(words(
            "er is geen grond vastgelegd voor geautomatiseerde besluiten",
            "no ground is recorded for automated decisions",
        )),
        (None, None) => Finding::indeterminate(words(
            "of de besluiten rechtsgevolg of aanmerkelijk gevolg hebben, is niet vastgelegd, en een grond ook niet",
            "it is not recorded whether the decisions have legal or similarly significant effect, nor on which ground",
        )),
    }
    .by_all(found.facts)
}

/// The activity for which a consent was asked.
fn activity_of<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Option<Seen<'w, Activity>> {
    let state: &'w Consent = consent.state;
    let text: &'w ConsentText = inquiry.state::<ConsentText>(state.text.as_ref()?)?.state;
    let activity = text.activity.as_ref()?;
    inquiry.state::<Activity>(activity)
}

fn is_explicit(consent: Seen<'_, Consent>) -> Finding {
    let answers: BTreeSet<Sequence> = consent.state.items.iter().map(|item| item.sequence).collect();
    match consent.expression {
        Some(Expression::Explicit) => {
            Finding::pass(words("de toestemming is uitdrukkelijk gegeven", "consent was given explicitly"))
        }
        Some(Expression::Expressed) => Finding::fail(words(
            "de toestemming is gegeven, maar niet uitdrukkelijk",
            "consent was given, but not explicitly",
        )),
        None => Finding::fail(words(
            "dat de toestemming uitdrukkelijk is gegeven, is niet vastgelegd",
            "that consent was given explicitly is not recorded",
        )),
    }
    .by_all(answers)
}

fn explicit_for_decisions<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>, by_law: bool) -> Finding {
    relied_on(inquiry, consent, || {
        let found = activity_of(inquiry, consent).map(|activity| decisions(activity.state));
        let found = found.filter(|found| found.taken && found.ground == Some(AutomatedDecisionGround::ExplicitConsent));
        match found {
            Some(found) if by_law && found.significant == Some(false) => na(words(
                "de besluiten hebben geen rechtsgevolg of aanmerkelijk gevolg",
                "the decisions have no legal or similarly significant effect",
            )),
            Some(found) => is_explicit(consent).by_all(found.facts),
            None => na(words(
                "op deze toestemming rusten geen geautomatiseerde besluiten",
                "no automated decisions rest on this consent",
            )),
        }
    })
}

fn decisions_are_agreed_explicitly<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    explicit_for_decisions(inquiry, consent, false)
}

fn significant_decisions_are_agreed_explicitly<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    explicit_for_decisions(inquiry, consent, true)
}

/// The special categories that an activity processes on consent, and the facts that say so. A number that the institution gives
/// itself is none of them, whatever a policy makes of it.
fn special_on_consent(activity: &Activity) -> Vec<(Text, bool, Option<Sequence>)> {
    let Some(version) = &activity.current else { return Vec::new() };
    let on_consent = activity.legal_bases().iter().any(|basis| basis.basis == LegalBasis::Consent);
    let special = version.entry.data_categories.iter().filter_map(|category| category.special);
    let found = special.filter_map(|category| {
        let ground = activity.special_category_grounds.iter().rev().find(|ground| ground.fact.category == category);
        let name = Text::label(&category);
        match ground {
            Some(ground) if ground.fact.ground == SpecialCategoryGround::ExplicitConsent => {
                let asked = ground.fact.consent_text.is_some()
                    || activity.legal_bases().iter().any(|basis| basis.consent_text.is_some());
                Some((name, asked, Some(ground.sequence)))
            }
            Some(_) => None,
            None => on_consent.then_some((name, false, None)),
        }
    });
    found.collect()
}

fn special_categories_are_asked_explicitly<'w>(_inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    if activity.status != ActivityStatus::Active {
        return na(words("de activiteit loopt niet", "the activity is not running"));
    }
    let findings = special_on_consent(activity.state).into_iter().map(|(category, asked, ground)| {
        let Text { nl, en } = category;
        match ground {
            Some(_) if asked => Finding::pass(say!(
                "{nl}: uitdrukkelijke toestemming wordt gevraagd",
                "{en}: explicit consent is asked"
            )),
            Some(_) => Finding::fail(say!(
                "{nl}: er is geen tekst waarmee uitdrukkelijke toestemming wordt gevraagd",
                "{en}: there is no text by which explicit consent is asked"
            )),
            None => Finding::fail(say!(
                "{nl}: rust op toestemming, en niet op uitdrukkelijke",
                "{en}: rests on consent, and not on explicit consent"
            )),
        }
        .by_all(ground)
    });
    let version = activity.state.current.as_ref().map(|version| version.sequence);
    Finding::all(findings.collect::<Vec<_>>(), || {
        na(words("geen bijzondere categorie rust op toestemming", "no special category rests on consent"))
    })
    .by_all(version)
}

fn special_categories_are_agreed_explicitly<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    relied_on(inquiry, consent, || {
        let special =
            activity_of(inquiry, consent).map(|activity| special_on_consent(activity.state)).unwrap_or_default();
        if special.is_empty() {
            return na(words(
                "op deze toestemming rusten geen bijzondere categorieën",
                "no special categories rest on this consent",
            ));
        }
        is_explicit(consent).by_all(special.into_iter().filter_map(|(_, _, ground)| ground))
    })
}

// --- CON-16 ----------------------------------------------------------------------------------------------------------

/// The age by which the bands of age are parted.
const BANDS_PART_AT: u32 = 16;

fn representative_acts_by_law<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    representative_acts(inquiry, consent, inquiry.age_of_minority())
}

fn representative_acts_by_policy<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    representative_acts(inquiry, consent, inquiry.parameter(&[InstrumentKind::Policy], "minorAge"))
}

fn representative_acts<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>, age: Option<Parameter>) -> Finding {
    relied_on(inquiry, consent, || {
        let Some(age) = age.and_then(|age| age.number) else {
            return na(words(
                "geen instrument dat van kracht is, zegt wie minderjarig is",
                "no instrument in force says who is a minor",
            ));
        };
        if age != BANDS_PART_AT {
            return Finding::indeterminate(say!(
                "de leeftijdsgroepen scheiden bij {BANDS_PART_AT} jaar, de grens ligt bij {age}",
                "the bands of age part at {BANDS_PART_AT}, the limit lies at {age}"
            ));
        }
        let asked_of_minors =
            version_of(inquiry, consent).is_some_and(|version| version.text.minors_variant == Some(true));
        let finding = match (consent.age_band, consent.representative.is_some()) {
            (Some(AgeBand::Under16), false) => Finding::fail(words(
                "een minderjarige gaf toestemming zonder vertegenwoordiger",
                "a minor consented without a representative",
            )),
            (_, true) => representative_was_authorised(inquiry, consent).and(confirmation_is_asked(inquiry, consent)),
            (None, false) if asked_of_minors => Finding::indeterminate(words(
                "de tekst is er ook voor minderjarigen, en de leeftijdsgroep is niet vastgelegd",
                "the text is for minors too, and the band of age is not recorded",
            )),
            (_, false) => na(words(
                "niets wijst op een minderjarige of een onbekwame",
                "nothing points to a minor or somebody without capacity",
            )),
        };
        let answers: BTreeSet<Sequence> = consent.state.items.iter().map(|item| item.sequence).collect();
        finding.by_all(answers)
    })
}

fn representative_was_authorised<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    let given = given_on(consent.state);
    let then = given.and_then(|given| inquiry.state_when::<Consent>(consent.stream, &given));
    let Some(representation) = then.and_then(|then| then.state.representative.as_ref()) else {
        return Finding::fail(words(
            "de vertegenwoordiger is pas gemachtigd nadat toestemming was gegeven",
            "the representative was authorised only after consent had been given",
        ))
        .by_all(consent.state.authorisations.first());
    };
    let grown = consent.age_band == Some(AgeBand::From16) && representation.authority == Authority::ParentDeclaration;
    if grown {
        return Finding::fail(words(
            "een ouder vertegenwoordigt iemand van 16 jaar of ouder niet",
            "a parent does not represent somebody of 16 or older",
        ));
    }
    let Text { nl, en } = Text::label(&representation.authority);
    let shown = match representation.evidence {
        Some(_) => Finding::pass(say!(
            "de vertegenwoordiger was bevoegd ({nl}), met bewijs",
            "the representative had the authority ({en}), with evidence"
        )),
        None => Finding::fail(say!(
            "van de bevoegdheid ({nl}) is geen bewijs vastgelegd",
            "of the authority ({en}) no evidence is recorded"
        )),
    };
    let scoped = consent.state.authorisations.iter().filter(|authorised| !authorised.fact.scope.is_empty());
    let outside = scoped.filter_map(|authorised| {
        let agreed = consent.state.items.iter().filter(|item| item.decision == Decision::Yes);
        let beyond: Vec<String> = agreed
            .filter(|item| !authorised.fact.scope.contains(&item.code))
            .map(|item| item.code.to_string())
            .collect();
        let beyond = (!beyond.is_empty()).then(|| beyond.join(", "))?;
        Some(
            Finding::fail(say!(
                "buiten de machtiging van de vertegenwoordiger: {beyond}",
                "outside the representative's authority: {beyond}"
            ))
            .by(authorised),
        )
    });
    outside.fold(shown, Finding::and)
}

/// Once the authority has ended the person is asked; the consent stays valid until changed, so being late is to be attended to.
fn confirmation_is_asked<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    let last =
        consent.state.authorisations.iter().rev().find_map(|authorised| Some((authorised, authorised.fact.until?)));
    let Some((authorised, until)) = last else {
        return match &consent.confirmation_invited {
            Some(invited) => {
                Finding::pass(say!("op {invited} is gevraagd te bevestigen", "confirmation was asked on {invited}"))
            }
            None => na(words(
                "tot wanneer de vertegenwoordiger bevoegd is, is niet vastgelegd",
                "until when the representative has authority is not recorded",
            )),
        };
    };
    let Some(invited) = consent.confirmation_invited else {
        return decide(
            inquiry.happened(&until),
            || {
                Finding::warn(say!(
                    "de bevoegdheid eindigde op {until} en er is niet gevraagd te bevestigen",
                    "the authority ended on {until} and confirmation was not asked"
                ))
            },
            || {
                Finding::pass(say!(
                    "de vertegenwoordiger is bevoegd tot {until}",
                    "the representative has authority until {until}"
                ))
            },
            || {
                Finding::pass(say!(
                    "de vertegenwoordiger is bevoegd tot omstreeks {until}",
                    "the representative has authority until about {until}"
                ))
            },
        )
        .by(authorised);
    };
    decide(
        invited.day_not_after(&until),
        || Finding::pass(say!("op {invited} is gevraagd te bevestigen", "confirmation was asked on {invited}")),
        || {
            Finding::warn(say!(
                "pas op {invited} is gevraagd te bevestigen; de bevoegdheid eindigde op {until}",
                "confirmation was asked only on {invited}; the authority ended on {until}"
            ))
        },
        || {
            Finding::indeterminate(say!(
                "of op tijd ({until}) is gevraagd te bevestigen, beslissen de datums niet",
                "the dates do not decide whether confirmation was asked in time ({until})"
            ))
        },
    )
    .by(authorised)
}

#[cfg(test)]
mod tests;
