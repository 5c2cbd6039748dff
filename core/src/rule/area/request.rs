//! Requests of data subjects (GDPR Art. 12, 15-20): whether they are answered in time and in full, by whom they may be made, and
//! whether what was decided is carried out.
//!
//! The terms of the law and of the policy run side by side, and each has its own calendar: four weeks are over before a month is.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

mod content;
pub(in crate::rule) mod effect;
mod term;

use crate::family::activity::{Activity, ActivityVersion};
use crate::family::case::Case;
use crate::family::consent::AgeBand;
use crate::family::data_subject_request::{
    Addressee, AnswerCoverage, AnswerItem, Answered, Channel, ClosingReason, DataSubjectRequest,
    IdentityVerificationRequested, IdentityVerified, Outcome, Received, Refused, Right, VerificationMethod,
    VerificationReason,
};
use crate::family::dossier::Dated;
use crate::family::rule_set::Outcome as Verdict;
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, HOUSE, POLICY, Parameter};
use crate::rule::template::{Event, Period, Precision, authority, complete, if_then, order};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Finding, Mark};
use crate::time::{Instant, Limit, PartialDate, Term, Ternary};

pub(in crate::rule) use term::{Asked, Refusal, Terms, UNION, answered_in_time, extension_is_kept, extension_reason};

pub(in crate::rule) const AREA: Area = Area {
    name: words("verzoeken van betrokkenen", "requests of data subjects"),
    rules: &[
        Rule {
            id: "DSR-01",
            title: words("Een verzoek wordt als verzoek ontvangen", "A request is taken as a request"),
            explanation: words(
                "De wet kent geen vorm: langs welk kanaal een verzoek ook komt, de termijn loopt vanaf de ontvangst. Het beleid noemt de privacy-mailbox en het postadres; het kanaal wordt vastgelegd.",
                "The law knows no form: by whatever channel a request comes, the term runs from its receipt. The policy names the privacy mailbox and the postal address; the channel is recorded.",
            ),
            sources: &["P18 8", "GDPR 12(2)"],
            checks: &[
                check!(DataSubjectRequest, Law, Accountability, GDPR, [Complete], counts_from_receipt),
                check!(DataSubjectRequest, Policy, Accountability, POLICY, [Complete], is_registered),
            ],
        },
        Rule {
            id: "DSR-02",
            title: words("Een verzoek wordt binnen de termijn beantwoord", "A request is answered within the term"),
            explanation: words(
                "Het antwoord zegt wat er is gedaan en wordt binnen de termijn gegeven: een maand volgens de wet, vier weken volgens het beleid. Is bij redelijke twijfel binnen een week om identificatie gevraagd, dan is een overschrijding door dat wachten betwist. Is de termijn op tijd verlengd, dan geldt de verlengde.",
                "The answer says what was done and is given within the term: a month by law, four weeks by the policy. Where identification was asked on reasonable doubt within a week, a delay by that waiting is disputed. Where the term was extended in time, the extended one counts.",
            ),
            sources: &["GDPR 12(3)", "P18 8"],
            checks: &[
                check!(DataSubjectRequest, Law, Accountability, GDPR, [Deadline], answered_by_law),
                check!(DataSubjectRequest, Policy, Accountability, POLICY, [Deadline], answered_by_policy),
            ],
        },
        Rule {
            id: "DSR-03",
            title: words("Een verlenging wordt op tijd gemeld en benut", "An extension is told in time and kept"),
            explanation: words(
                "Betrokkene hoort voor het einde van de eerste termijn dat die wordt verlengd, en waarom. Volgens de wet zijn dat samen drie maanden vanaf de ontvangst, volgens het beleid twee maanden na de eerste termijn.",
                "The data subject is told before the end of the first term that it is extended, and why. By law that makes three months from the receipt, by the policy two months after the first term.",
            ),
            sources: &["GDPR 12(3)", "P18 8"],
            checks: &[
                check!(DataSubjectRequest, Law, Accountability, GDPR, [Deadline, Complete], extended_by_law),
                check!(DataSubjectRequest, Policy, Accountability, POLICY, [Deadline], extended_by_policy),
            ],
        },
        Rule {
            id: "DSR-04",
            title: words("De identiteit van de verzoeker staat vast", "It is established who asks"),
            explanation: words(
                "Het beleid controleert de identiteit voordat er iets wordt verstrekt of uitgevoerd. De wet laat een vraag om identificatie alleen bij redelijke twijfel toe, en een kopie van het bewijs wordt niet bewaard.",
                "The policy has identity checked before anything is given or carried out. The law allows asking for identification only on reasonable doubt, and no copy of the proof is kept.",
            ),
            sources: &["GDPR 12(2)", "GDPR 12(6)", "GDPR 5(1)(c)", "P18 8"],
            checks: &[
                check!(DataSubjectRequest, Law, Lawfulness, GDPR, [Order, IfThen], identified_on_doubt),
                check!(DataSubjectRequest, Policy, Accountability, POLICY, [Order], identified_before_acting),
            ],
        },
        Rule {
            id: "DSR-05",
            title: words("Voor minderjarigen handelt de vertegenwoordiger", "The representative acts for minors"),
            explanation: words(
                "Voor wie jonger is dan de leeftijdsgrens of handelingsonbekwaam is, doet een bevoegde wettelijk vertegenwoordiger het verzoek en gaat het antwoord aan die vertegenwoordiger.",
                "For those under the age or legally incapable an authorised legal representative makes the request, and the answer goes to that representative.",
            ),
            sources: &["UAVG 5", "P18 8"],
            checks: &[
                check!(DataSubjectRequest, Law, Lawfulness, GDPR, [Complete, Authority], represented_by_law),
                check!(
                    DataSubjectRequest,
                    Policy,
                    Accountability,
                    POLICY,
                    [Complete, Authority],
                    represented_by_policy
                ),
            ],
        },
        Rule {
            id: "DSR-06",
            title: words("Inzage geeft het volledige overzicht", "Access gives the whole overview"),
            explanation: words(
                "Een antwoord op een inzageverzoek bevestigt of er gegevens worden verwerkt, bevat alle onderdelen van artikel 15, noemt de ontvangers zelf (C-154/21) en gaat vergezeld van een kopie van de gegevens (C-487/21). Wanneer en waarvoor de gegevens zijn geraadpleegd, hoort erbij (C-579/21). Wat het Hof over de wet zegt, geldt vanaf het begin.",
                "An answer to a request for access confirms whether data are processed, holds all items of Article 15, names the recipients themselves (C-154/21) and comes with a copy of the data (C-487/21). When and for what the data were consulted belongs to it (C-579/21). What the Court says of the law holds from the beginning.",
            ),
            sources: &["GDPR 15(1)-(3)", "CJEU C-154/21", "CJEU C-487/21", "CJEU C-579/21", "P18 8.2"],
            checks: &[check!(DataSubjectRequest, Law, Lawfulness, GDPR, [Complete], content::access_is_complete)],
        },
        Rule {
            id: "DSR-07",
            title: words(
                "Een kopie is elektronisch en de eerste gratis",
                "A copy is electronic and the first one free",
            ),
            explanation: words(
                "Een kopie heeft een gangbare elektronische vorm, tenzij het verzoek anders is gedaan of papier is gevraagd. Een vergoeding kan voor een bijkomende kopie, en volgens de wet bij een kennelijk ongegrond of buitensporig verzoek.",
                "A copy has a common electronic form unless the request was made otherwise or paper was asked. A fee is possible for a further copy, and by law where a request is manifestly unfounded or excessive.",
            ),
            sources: &["GDPR 15(3)", "GDPR 12(5)", "P18 8.2"],
            checks: &[
                check!(DataSubjectRequest, Law, Lawfulness, GDPR, [Complete], content::copy_by_law),
                check!(DataSubjectRequest, Policy, Accountability, POLICY, [Complete], content::copy_by_policy),
            ],
        },
        Rule {
            id: "DSR-08",
            title: words("De rechten van anderen zijn afgewogen", "The rights of others are weighed"),
            explanation: words(
                "Uiterlijk op de dag dat een kopie wordt verstrekt, is vastgelegd hoe de rechten van anderen zijn afgewogen en waartoe dat leidt; de kopie volgt dat.",
                "By the day on which a copy is given it is recorded how the rights of others were weighed and what follows; the copy is in line with it.",
            ),
            sources: &["GDPR 15(4)", "GDPR 20(4)", "P18 8.2", "P18 8.3"],
            checks: &[check!(
                DataSubjectRequest,
                Law,
                Accountability,
                GDPR,
                [Complete, Order],
                content::others_are_weighed
            )],
        },
        Rule {
            id: "DSR-09",
            title: words("Overdraagbaarheid waar de voorwaarden gelden", "Portability where its conditions hold"),
            explanation: words(
                "Het recht geldt voor gegevens op toestemming of overeenkomst. De wet vraagt verwerking via geautomatiseerde procedés, het beleid volledig geautomatiseerde verwerking. Wat wordt gegeven, is machineleesbaar en gaat op verzoek rechtstreeks over.",
                "The right holds for data on consent or contract. The law asks for processing by automated means, the policy for fully automated processing. What is given is machine-readable and goes directly to another controller if asked.",
            ),
            sources: &["GDPR 20", "P18 8.3"],
            checks: &[
                check!(DataSubjectRequest, Law, Lawfulness, GDPR, [IfThen], content::portable_by_law),
                check!(DataSubjectRequest, Policy, Accountability, POLICY, [IfThen], content::portable_by_policy),
            ],
        },
        Rule {
            id: "DSR-10",
            title: words("Na overdracht blijven contractgegevens bewaard", "After portability contract data stay"),
            explanation: words(
                "Na overdracht van gegevens die op een overeenkomst rusten, worden die niet gewist of vernietigd zolang hun bewaartermijn loopt.",
                "After portability, data that rest on a contract are not erased or destroyed while their retention period runs.",
            ),
            sources: &["P18 8.3", "GDPR 20(3)"],
            checks: &[check!(
                DataSubjectRequest,
                Policy,
                Accountability,
                POLICY,
                [NoEventAfter],
                content::contract_data_stay
            )],
        },
        Rule {
            id: "DSR-11",
            title: words(
                "Wat is toegewezen, wordt zonder onredelijke vertraging uitgevoerd",
                "What was granted is carried out without undue delay",
            ),
            explanation: words(
                "Een toegewezen rectificatie, aanvulling, wissing of beperking wordt kosteloos uitgevoerd: volgens de huisregels binnen een termijn, volgens de wet zonder onredelijke vertraging en uiterlijk aan het einde van de termijn van artikel 12 lid 3. Een dossier wordt niet gesloten voordat dat is gebeurd.",
                "A rectification, completion, erasure or restriction that was granted is carried out free of charge: by the house rules within a term, by law without undue delay and at the latest at the end of the term of Art. 12(3). A file is not closed before.",
            ),
            sources: &["GDPR 16-18", "GDPR 12(3)", "GDPR 12(5)", "P18 8.4", "PROC-001"],
            checks: &[
                check!(DataSubjectRequest, Law, Lawfulness, GDPR, [Deadline], effect::executed_by_law),
                check!(
                    DataSubjectRequest,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline],
                    effect::executed_in_house_term
                ),
            ],
        },
        Rule {
            id: "DSR-12",
            title: words("Bij beperking worden gegevens alleen bewaard", "Restricted data are only stored"),
            explanation: words(
                "Een beperking is duidelijk gemarkeerd, en zolang zij duurt worden de gegevens alleen opgeslagen. Betrokkene hoort vooraf dat zij wordt opgeheven.",
                "A restriction is clearly marked, and as long as it lasts the data are only stored. The data subject is told before it is lifted.",
            ),
            sources: &["GDPR 18", "GDPR 4(3)", "P18 8.4"],
            checks: &[
                check!(DataSubjectRequest, Law, Lawfulness, GDPR, [NoEventAfter, Order], effect::restricted_by_law),
                check!(
                    DataSubjectRequest,
                    Policy,
                    Accountability,
                    POLICY,
                    [NoEventAfter],
                    effect::restricted_by_policy
                ),
            ],
        },
        Rule {
            id: "DSR-13",
            title: words("Ontvangers worden ingelicht", "Recipients are told"),
            explanation: words(
                "Iedere ontvanger aan wie de gegevens zijn verstrekt, hoort van een rectificatie, wissing of beperking, tenzij dat onmogelijk is of onevenredige inspanning vraagt; het beleid laat ook weg wat niet relevant is. Wie de lijst vraagt, krijgt haar.",
                "Each recipient to whom the data were disclosed is told of a rectification, erasure or restriction, unless that is impossible or takes disproportionate effort; the policy leaves out what is irrelevant too. Who asks for the list is given it.",
            ),
            sources: &["GDPR 19", "GDPR 4(9)", "P18 8.4"],
            checks: &[
                check!(DataSubjectRequest, Law, Lawfulness, GDPR, [Coverage], effect::recipients_by_law),
                check!(DataSubjectRequest, Policy, Accountability, POLICY, [Coverage], effect::recipients_by_policy),
            ],
        },
        Rule {
            id: "DSR-14",
            title: words("Een weigering is gemotiveerd en wijst de weg", "A refusal gives reasons and remedies"),
            explanation: words(
                "Een weigering noemt de redenen, de klacht bij de AP en de weg naar de rechter: bij een bestuursorgaan eerst bezwaar, dat zes weken na de bekendmaking openstaat, bij een ander een verzoekschrift. Of de instelling een bestuursorgaan is, zegt de huisparameter publicBody. Het beleid noemt ook bezwaar en de belangenorganisatie. De termijn van de rechter loopt vanaf de ontvangst van het antwoord, die van bezwaar vanaf de bekendmaking; de klacht kent geen termijn.",
                "A refusal gives the reasons, the complaint to the authority and the judicial remedy: with a public body objection first, open for six weeks from the announcement, with others an application to the court. Whether the institution is a public body the house parameter publicBody says. The policy names objection and the interest group too. The term of the court runs from the receipt of the answer, that of objection from its announcement; the complaint has none.",
            ),
            sources: &["GDPR 12(4)", "GDPR 77-80", "UAVG 34-35", "Awb 6:7-6:8", "P18 8.7"],
            checks: &[
                check!(DataSubjectRequest, Law, Accountability, GDPR, [Complete, Deadline], effect::refused_by_law),
                check!(
                    DataSubjectRequest,
                    Policy,
                    Accountability,
                    POLICY,
                    [Complete, Deadline],
                    effect::refused_by_policy
                ),
            ],
        },
        Rule {
            id: "DSR-15",
            title: words("Bij stilzwijgen staat een rechtsmiddel open", "On silence a remedy is open"),
            explanation: words(
                "Verstrijkt de termijn zonder antwoord, dan wordt dat vastgelegd en staat volgens het beleid zes weken lang de rechter open. Volgens de wet staat bij een bestuursorgaan na ingebrekestelling beroep open en is een dwangsom verschuldigd, bij een ander een verzoekschrift zonder termijn; dat de termijn is verstreken, blijft een aandachtspunt.",
                "Where the term runs out without an answer, that is recorded and by the policy the court is open for six weeks. By law an appeal is open after a notice of default and a penalty is due where the institution is a public body, an application without a term where it is not; that the term ran out stays something to attend to.",
            ),
            sources: &[
                "P18 8.7A",
                "GDPR 79",
                "UAVG 34",
                "UAVG 35(2)",
                "Awb 4:17",
                "Awb 6:2",
                "Awb 6:12",
                "Awb 7:1",
                "Awb 8:55b",
            ],
            checks: &[
                check!(DataSubjectRequest, Policy, Accountability, POLICY, [Deadline], effect::silence_by_policy),
                check!(DataSubjectRequest, Law, Accountability, GDPR, [Deadline], effect::silence_by_law),
            ],
        },
        Rule {
            id: "DSR-16",
            title: words("Een klacht bij het bestuur krijgt antwoord", "A complaint to the board is answered"),
            explanation: words(
                "Wie bij het college van bestuur klaagt, krijgt antwoord. Het beleid stelt daaraan geen termijn; de Algemene wet bestuursrecht wel: zes weken, tien met een adviescommissie, en na verdaging vier weken meer.",
                "Who complains to the executive board is answered. The policy sets no term for it; the General Administrative Law Act does: six weeks, ten with an advisory committee, and four more after a postponement.",
            ),
            sources: &["P18 8.7", "GDPR 24", "Awb 9:11"],
            checks: &[
                check!(Case, Policy, Accountability, POLICY, [Deadline], effect::complaint_by_policy),
                check!(Case, Law, Accountability, Applies::Law(&["LEX-AWB"]), [Deadline], effect::complaint_by_law),
            ],
        },
    ],
};

type Request = DataSubjectRequest;

// --- What is asked and answered ----------------------------------------------------------------------------------------

fn idle(nl: &str, en: &str) -> Finding {
    Finding::not_applicable(Text::new(nl, en))
}

/// Adds what else was found; where nothing else is asked, nothing is said of it.
pub(in crate::rule) fn and_if_asked(finding: Finding, other: Finding) -> Finding {
    if other.outcome == Verdict::NotApplicable { finding } else { finding.and(other) }
}

/// The receipt, from which the terms run.
fn receipt(request: &Request) -> Option<Event> {
    request.received.as_ref().zip(request.received_at).map(|(received, at)| Event::new(at, received))
}

/// Judges a request that came in.
fn on_receipt<'w>(request: Seen<'w, Request>, judge: impl FnOnce(&'w Dated<Received>, Event) -> Finding) -> Finding {
    let state: &'w Request = request.state;
    match state.received.as_ref().zip(receipt(state)) {
        Some((received, receipt)) => judge(received, receipt),
        None => idle("de ontvangst van een verzoek is niet vastgelegd", "the receipt of a request is not recorded"),
    }
}

/// What was asked, and what came of it.
fn what_was_asked(request: &Request) -> Option<Asked> {
    let extension = request.extended.first();
    let extended = extension.map(|extended| Event::new(extended.fact.notified_at.unwrap_or(extended.from), extended));
    Some(Asked { receipt: receipt(request)?, done: settled(request), extended })
}

/// Judges what was asked, with what came of it.
fn on_asked<'w>(request: Seen<'w, Request>, judge: impl FnOnce(Asked) -> Finding) -> Finding {
    on_receipt(request, |_, receipt| {
        judge(what_was_asked(&request).unwrap_or(Asked { receipt, done: None, extended: None }))
    })
}

/// The event that came first, as far as the dates say.
pub(in crate::rule) fn earliest(events: impl IntoIterator<Item = Event>) -> Option<Event> {
    events.into_iter().min_by_key(|event| event.date.earliest())
}

/// The event that came last.
pub(in crate::rule) fn latest(events: impl IntoIterator<Item = Event>) -> Option<Event> {
    events.into_iter().max_by_key(|event| event.date.latest())
}

/// None named: all.
fn names<T: PartialEq>(named: &[T], one: &T) -> bool {
    named.is_empty() || named.contains(one)
}

/// Whether an answer is about a right; no right named: about all.
fn is_about(answered: &Answered, right: Right) -> bool {
    answered.rights.is_empty() || answered.rights.iter().any(|answer| answer.right == right)
}

/// How an answer came out for a right, as far as it says.
fn outcome_of(request: &Request, answered: &Answered, right: Right) -> Option<Outcome> {
    let said = answered.rights.iter().find(|answer| answer.right == right).and_then(|answer| answer.outcome);
    said.or_else(|| {
        request.rights.iter().find(|standing| standing.right == right).and_then(|standing| standing.outcome)
    })
}

fn sent(answered: &Dated<Answered>) -> Event {
    Event::new(answered.fact.answered_at.unwrap_or(answered.from), answered)
}

fn announced(refused: &Dated<Refused>) -> Event {
    Event::new(refused.fact.announced_at.unwrap_or(refused.from), refused)
}

/// The first answer as to a right; a refusal is one.
fn answer_to(request: &Request, right: Right) -> Option<Event> {
    let answers = request.answered.iter().filter(|answered| is_about(&answered.fact, right)).map(sent);
    let refusals = request.refused.iter().filter(|refused| names(&refused.fact.rights, &right)).map(announced);
    earliest(answers.chain(refusals))
}

/// The answer by which all rights that were asked are answered.
fn full_answer(request: &Request) -> Option<Event> {
    let asked = &request.received.as_ref()?.fact.rights;
    let answers: Option<Vec<Event>> = asked.iter().map(|right| answer_to(request, *right)).collect();
    latest(answers?)
}

/// The answer, or that the person took the request back.
fn settled(request: &Request) -> Option<Event> {
    let closed = request.closed.iter().filter(|closed| closed.fact.reason == Some(ClosingReason::Withdrawn));
    earliest(full_answer(request).into_iter().chain(closed.map(Event::from)))
}

fn asked(request: &Request, right: Right) -> bool {
    request.received.as_ref().is_some_and(|received| received.fact.rights.contains(&right))
}

/// A right in words.
fn right_text(right: Right) -> Text {
    match right {
        Right::Information => Text::new("informatie", "information"),
        Right::Access => Text::new("inzage", "access"),
        Right::Rectification => Text::new("rectificatie", "rectification"),
        Right::Completion => Text::new("aanvulling", "completion"),
        Right::Erasure => Text::new("gegevenswissing", "erasure"),
        Right::Restriction => Text::new("beperking van de verwerking", "restriction of processing"),
        Right::RecipientList => Text::new("opgave van ontvangers", "the list of recipients"),
        Right::Portability => Text::new("gegevensoverdraagbaarheid", "portability"),
    }
}

/// The version of a register entry that was in force on a date; before the first one that was established, the first.
pub(in crate::rule) fn version_on<'w>(activity: Seen<'w, Activity>, date: &PartialDate) -> Option<&'w ActivityVersion> {
    let state: &'w Activity = activity.state;
    let begun = state.versions().filter(|version| version.from.day_not_after(date) != Ternary::False).last();
    begun.or_else(|| state.versions().next())
}

// --- DSR-01 ----------------------------------------------------------------------------------------------------------

fn counts_from_receipt<'w>(_inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    on_receipt(request, |received, receipt| {
        let acts = request.acknowledged.iter().map(Event::from);
        let acts = acts.chain(request.identity_verification_requested.iter().map(Event::from));
        let acts = acts.chain(request.clarification_requested.iter().map(Event::from));
        let at = receipt.date;
        let handled = earliest(acts.chain(request.answered.iter().map(sent)));
        let had_before = handled.filter(|act| receipt.date.day_not_after(&act.date) == Ternary::False);
        match had_before {
            Some(act) => Finding::fail(say!(
                "de ontvangst is gesteld op {at}, terwijl het verzoek al op {} in behandeling was",
                "the receipt is put at {at}, while the request was being handled on {} already",
                act.date
            ))
            .by(act.fact),
            None => Finding::pass(say!(
                "het verzoek telt vanaf de ontvangst op {at}, langs welk kanaal het ook kwam",
                "the request counts from its receipt on {at}, by whatever channel it came"
            )),
        }
        .by(received)
    })
}

fn is_registered<'w>(_inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    on_receipt(request, |received, _| {
        let what = Text::new("de registratie van het verzoek", "the registration of the request");
        let channel = received.fact.channel;
        let named = match channel {
            None => idle("het kanaal is niet bekend", "the channel is not known"),
            Some(Channel::PrivacyMailbox | Channel::Post) => Finding::pass(words(
                "het verzoek kwam langs een kanaal dat het beleid noemt",
                "the request came by a channel that the policy names",
            )),
            Some(_) => Finding::pass(words(
                "het verzoek kwam langs een ander kanaal dan het beleid noemt; dat mag, en het telt als verzoek",
                "the request came by another channel than the policy names; that is allowed, and it counts as a request",
            )),
        };
        complete(&what, [(Text::new("het kanaal", "the channel"), channel.is_some())]).and(named).by(received)
    })
}

// --- DSR-02 ----------------------------------------------------------------------------------------------------------

fn answered_by_law<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    let terms = Terms::of_law(inquiry);
    let in_time = on_asked(request, |asked| {
        let counted = answered_in_time(inquiry, &asked, &terms);
        clock_may_stop(inquiry, &request, &terms, &asked, counted)
    });
    and_if_asked(in_time, says_what_was_done(request, true))
}

fn answered_by_policy<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    let terms = Terms::of_policy(inquiry);
    let in_time = on_asked(request, |asked| clock_runs_on(&request, answered_in_time(inquiry, &asked, &terms)));
    and_if_asked(in_time, says_what_was_done(request, false))
}

/// Within so long after the receipt a question to the requester comes without undue delay.
const ASKED_SOON: Term = Term::days(7);

/// A question about who asks stops the clock until it is answered, where the doubt is reasonable and the question was put without
/// undue delay (EDPB Guidelines 01/2022, par. 159); the text of the law knows no stop, so that it stays disputed. What a requester
/// means may be asked likewise where much is processed (recital 63); how long they took to say it, no fact tells.
fn clock_may_stop(inquiry: &Inquiry<'_>, request: &Request, terms: &Terms, asked: &Asked, finding: Finding) -> Finding {
    let limit = finding.deadlines.last().map(|counted| counted.limit);
    let (Verdict::Fail, Some(limit)) = (finding.outcome, limit) else { return finding };
    let soon = UNION.count(&ASKED_SOON, &asked.receipt.date).limit;
    let in_time = |date: &PartialDate| soon.met_by(date) == Ternary::True;
    let doubts = request.identity_verification_requested.iter();
    let doubt = doubts
        .filter(|question| question.fact.reason == Some(VerificationReason::ReasonableDoubt) && in_time(&question.from))
        .min_by_key(|question| question.from.earliest());
    let unclear = request.clarification_requested.iter().find(|question| in_time(&question.from));
    let late = Finding { outcome: Verdict::Warn, ..finding.clone() }.marked(Mark::Disputed);
    if let Some(question) = doubt {
        let shown = earliest(request.identity_verified.iter().map(Event::from));
        let waited = shown.map(|shown| shown.date.earliest().milliseconds_since(question.from.latest()).max(0));
        let still_in_time = waited.is_none_or(|waited| is_met_by(inquiry, asked, later(limit, waited)));
        if still_in_time {
            let text = words(
                "de termijn is niet overschreden als zij stillag zolang op bewijs van identiteit werd gewacht; of zij dan stilligt, wordt betwist",
                "the term was kept if it stood still while proof of identity was waited for; whether it then does is disputed",
            );
            return late.and(Finding::warn(text).by(question).by_all(shown.map(|shown| shown.fact)));
        }
    }
    let outer = terms.together().and_then(|both| both.term).map(|both| UNION.count(&both, &asked.receipt.date).limit);
    match (unclear, outer) {
        (Some(question), Some(outer)) if is_met_by(inquiry, asked, outer.latest) => {
            let text = words(
                "of de termijn stillag zolang op verduidelijking werd gewacht, en tot wanneer, is niet vastgelegd",
                "whether the term stood still while clarification was waited for, and until when, is not recorded",
            );
            late.and(Finding::indeterminate(text).by(question))
        }
        _ => clock_runs_on(request, finding),
    }
}

fn later(limit: Instant, milliseconds: i64) -> Instant {
    Instant::from_microseconds(limit.microseconds().saturating_add(milliseconds.saturating_mul(1000)))
}

/// Whether the answer came by a limit, or the limit has not passed.
fn is_met_by(inquiry: &Inquiry<'_>, asked: &Asked, limit: Instant) -> bool {
    let limit = Limit { earliest: limit, latest: limit };
    let done = asked.done.filter(|done| inquiry.happened(&done.date) != Ternary::False);
    done.map_or(inquiry.passed(&limit).not(), |done| limit.met_by(&done.date)) == Ternary::True
}

/// The policy knows no stop of the clock; some hold that it stops all the same.
fn clock_runs_on(request: &Request, finding: Finding) -> Finding {
    let questions = request.identity_verification_requested.iter().map(Event::from);
    let questions: Vec<Event> = questions.chain(request.clarification_requested.iter().map(Event::from)).collect();
    if finding.outcome != Verdict::Fail || questions.is_empty() {
        return finding;
    }
    let text = words(
        "de termijn liep door terwijl op de verzoeker werd gewacht; of dat zo is, wordt betwist",
        "the term ran on while the requester was waited for; whether it does is disputed",
    );
    finding.marked(Mark::Disputed).and(Finding::warn(text).by_all(questions.into_iter().map(|question| question.fact)))
}

fn says_what_was_done(request: Seen<'_, Request>, law: bool) -> Finding {
    let findings = request.answered.iter().map(|answered| {
        let missing = |item: AnswerItem| coverage_of(&answered.fact, item) == Some(AnswerCoverage::Missing);
        let done = if missing(AnswerItem::ActionsTaken) {
            Finding::fail(words(
                "het antwoord zegt niet welk gevolg is gegeven",
                "the answer does not say what was done",
            ))
        } else {
            idle("niets wijst erop dat het gevolg ontbreekt", "nothing says that what was done is missing")
        };
        let spoken = words("het antwoord is niet schriftelijk gegeven", "the answer was not given in writing");
        let written = match answered.fact.in_writing {
            Some(false) if law => Finding::warn(spoken),
            Some(false) => Finding::fail(spoken),
            _ => idle("niets wijst erop dat het antwoord mondeling was", "nothing says that the answer was oral"),
        };
        done.and(written).by(answered)
    });
    Finding::all(findings, || idle("er is nog geen antwoord", "there is no answer yet"))
}

fn coverage_of(answered: &Answered, item: AnswerItem) -> Option<AnswerCoverage> {
    answered.content.iter().find(|finding| finding.item == item).map(|finding| finding.coverage)
}

// --- DSR-03 ----------------------------------------------------------------------------------------------------------

fn extended_by_law<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    let terms = Terms::of_law(inquiry);
    on_asked(request, |asked| {
        let counted = |counted| clock_may_stop(inquiry, &request, &terms, &asked, counted);
        extension_is_kept(inquiry, &asked, &terms, counted).and(extension_has_a_reason(request))
    })
}

fn extended_by_policy<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    on_asked(request, |asked| extension_is_kept(inquiry, &asked, &Terms::of_policy(inquiry), |counted| counted))
}

fn extension_has_a_reason(request: Seen<'_, Request>) -> Finding {
    let reasons = request
        .extended
        .iter()
        .map(|extended| extension_reason(extended.fact.reason, extended.fact.explanation.is_some()).by(extended));
    let once = match request.extended.get(1) {
        Some(again) => Finding::warn(words(
            "de wet kent één verlenging; een tweede verschuift niets",
            "the law knows one extension; a second one moves nothing",
        ))
        .by(again),
        None => idle("er is één verlenging", "there is one extension"),
    };
    Finding::all(reasons, || idle("de termijn is niet verlengd", "the term was not extended")).and(once)
}

// --- DSR-04 ----------------------------------------------------------------------------------------------------------

/// The first thing that was given or carried out; an answer counts where it gives data of the person.
fn first_act(request: &Request) -> Option<Event> {
    const GIVES_DATA: [Right; 3] = [Right::Access, Right::Portability, Right::RecipientList];
    let gives = |answered: &&Dated<Answered>| {
        let about = GIVES_DATA.into_iter().filter(|right| asked(request, *right) && is_about(&answered.fact, *right));
        about.into_iter().any(|right| outcome_of(request, &answered.fact, right) != Some(Outcome::Refused))
    };
    let acts = request.copy_provided.iter().map(Event::from);
    let acts = acts.chain(request.recipient_list_provided.iter().map(Event::from));
    let acts = acts.chain(request.rectification_executed.iter().map(Event::from));
    let acts = acts.chain(request.erasure_executed.iter().map(Event::from));
    earliest(acts.chain(request.answered.iter().filter(gives).map(sent)))
}

fn identified(request: &Request) -> Option<Event> {
    let by_themselves = request.identity_verified.iter().map(Event::from);
    earliest(by_themselves.chain(request.representative_verified.iter().map(Event::from)))
}

fn identity_before_acting(request: &Request) -> Finding {
    let identity = Text::new("het vaststellen van de identiteit", "establishing the identity");
    let act = Text::new("de eerste verstrekking of uitvoering", "the first giving or carrying out");
    order(Precision::Exact, (&identity, identified(request)), (&act, first_act(request)))
}

fn identified_before_acting<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    and_if_asked(identity_before_acting(&request), no_copy_is_kept(inquiry, request))
}

fn identified_on_doubt<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    let questions = &request.identity_verification_requested;
    let identity = if questions.is_empty() {
        unasked_identity(&request)
    } else {
        let asked = questions.iter().map(rests_on_doubt);
        Finding::all(asked, || idle("er is niet om identificatie gevraagd", "identification was not asked"))
            .and(identity_before_acting(&request))
    };
    and_if_asked(identity, no_copy_is_kept(inquiry, request))
}

fn rests_on_doubt(question: &Dated<IdentityVerificationRequested>) -> Finding {
    match question.fact.reason {
        Some(VerificationReason::ReasonableDoubt) => Finding::pass(words(
            "er is bij redelijke twijfel om identificatie gevraagd",
            "identification was asked on reasonable doubt",
        )),
        Some(VerificationReason::StandardProcedure) => Finding::fail(words(
            "er is standaard om identificatie gevraagd, terwijl dat alleen bij redelijke twijfel mag",
            "identification was asked as a matter of routine, which is allowed only on reasonable doubt",
        )),
        Some(VerificationReason::Other) => Finding::fail(words(
            "er is om identificatie gevraagd om een andere reden dan redelijke twijfel",
            "identification was asked for another reason than reasonable doubt",
        )),
        None => Finding::indeterminate(words(
            "waarom om identificatie is gevraagd, is niet vastgelegd",
            "why identification was asked is not recorded",
        )),
    }
    .by(question)
}

/// Where nobody doubted, the law asks for no proof; that data go to the right person must show all the same (recital 64).
fn unasked_identity(request: &Request) -> Finding {
    let behind_a_login =
        request.received.as_ref().is_some_and(|received| received.fact.channel == Some(Channel::Portal));
    match (identified(request), first_act(request)) {
        (None, None) => idle(
            "er is niets verstrekt of uitgevoerd en niet om identificatie gevraagd",
            "nothing was given or carried out and identification was not asked",
        ),
        (None, Some(act)) if !behind_a_login => Finding::warn(words(
            "waaruit bleek wie het verzoek deed, is niet vastgelegd",
            "by what it showed who made the request is not recorded",
        ))
        .by(act.fact),
        (None, Some(act)) => Finding::pass(words(
            "het verzoek kwam uit een persoonlijke omgeving",
            "the request came from a personal page",
        ))
        .by(act.fact),
        (Some(identified), _) => Finding::pass(words(
            "de identiteit is vastgesteld; dat daarvoor meer is gevraagd dan nodig, blijkt niet",
            "the identity was established; nothing shows that more was asked than needed",
        ))
        .by(identified.fact),
    }
}

fn no_copy_is_kept(inquiry: &Inquiry<'_>, request: Seen<'_, Request>) -> Finding {
    let kept = |verified: &Dated<IdentityVerified>| {
        let destroyed = verified.fact.copy_destroyed.map(|date| inquiry.happened(&date));
        let finding = match (verified.fact.copy_kept, destroyed) {
            (_, Some(Ternary::True)) | (Some(false), _) => Finding::pass(words(
                "er is geen kopie van het identiteitsbewijs bewaard",
                "no copy of the proof of identity is kept",
            )),
            (Some(true), _) => Finding::fail(words(
                "een kopie van het identiteitsbewijs is bewaard",
                "a copy of the proof of identity is kept",
            )),
            (None, _) if verified.fact.method == Some(VerificationMethod::DocumentCopy) => {
                Finding::indeterminate(words(
                    "of de kopie van het identiteitsbewijs is bewaard, is niet vastgelegd",
                    "whether the copy of the proof of identity is kept is not recorded",
                ))
            }
            (None, _) => idle("er was geen kopie", "there was no copy"),
        };
        finding.by(verified)
    };
    Finding::all(request.identity_verified.iter().map(kept), || {
        idle("de identiteit is niet vastgesteld", "the identity was not established")
    })
}

// --- DSR-05 ----------------------------------------------------------------------------------------------------------

fn represented_by_law<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    representative_acts(request, inquiry.age_of_minority().as_ref())
}

fn represented_by_policy<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    representative_acts(request, inquiry.house("minorAge").as_ref())
}

/// The age at which the bands of age part.
const BAND_AGE: u32 = 16;

/// Whether somebody of a band of age is younger than an age.
fn is_minor(band: Option<AgeBand>, age: Option<&Parameter>) -> Ternary {
    let Some((band, age)) = band.zip(age.and_then(|age| age.number)) else { return Ternary::False };
    match band {
        AgeBand::Under16 if age >= BAND_AGE => Ternary::True,
        AgeBand::From16 if age <= BAND_AGE => Ternary::False,
        AgeBand::Under16 | AgeBand::From16 => Ternary::Unknown,
    }
}

fn representative_acts(request: Seen<'_, Request>, age: Option<&Parameter>) -> Finding {
    on_receipt(request, |received, _| {
        let incapable = Ternary::from(received.fact.incapable == Some(true));
        let protected = incapable.or(is_minor(received.fact.age_band, age));
        let otherwise = Text::new(
            "niets wijst erop dat een vertegenwoordiger moet handelen",
            "nothing says that a representative must act",
        );
        if_then(protected, &otherwise, || {
            request_is_the_representatives(&request, received)
                .and(representative_has_authority(&request))
                .and(goes_to_the_representative(&request))
        })
        .by(received)
    })
}

fn request_is_the_representatives(request: &Request, received: &Dated<Received>) -> Finding {
    let by_representative =
        received.fact.via_representative == Some(true) || !request.representative_verified.is_empty();
    let text =
        words("het verzoek is niet door een vertegenwoordiger gedaan", "the request was not made by a representative");
    match full_answer(request) {
        _ if by_representative => {
            Finding::pass(words("een vertegenwoordiger doet het verzoek", "a representative makes the request"))
        }
        Some(answer) => Finding::fail(text).by(answer.fact),
        None => Finding::warn(text),
    }
}

fn representative_has_authority(request: &Request) -> Finding {
    let rights = request.received.iter().flat_map(|received| &received.fact.rights);
    let findings = rights.filter_map(|right| {
        let act = answer_to(request, *right)?;
        let Text { nl, en } = right_text(*right);
        Some((say!("de vertegenwoordiger bij {nl}", "the representative for {en}"), act, *right))
    });
    let verified = |right: Right| {
        let verified =
            request.representative_verified.iter().filter(move |verified| names(&verified.fact.rights, &right));
        verified.map(|verified| Period {
            from: Some(verified.from),
            to: verified.fact.until,
            fact: Event::from(verified).fact,
        })
    };
    let findings = findings.map(|(what, act, right)| authority(&what, act, verified(right)));
    Finding::all(findings.collect::<Vec<_>>(), || idle("er is nog niets beantwoord", "nothing is answered yet"))
}

fn goes_to_the_representative(request: &Request) -> Finding {
    let answers = request.answered.iter().map(|answered| (answered.fact.addressee, Event::from(answered).fact));
    let refusals = request.refused.iter().map(|refused| (refused.fact.addressee, Event::from(refused).fact));
    let copies = request.copy_provided.iter().map(|copy| (copy.fact.addressee, Event::from(copy).fact));
    let findings = answers.chain(refusals).chain(copies).map(|(addressee, fact)| {
        let finding = match addressee {
            Some(Addressee::Representative) => {
                Finding::pass(words("gericht aan de vertegenwoordiger", "addressed to the representative"))
            }
            Some(Addressee::Subject) => Finding::fail(words(
                "gericht aan betrokkene en niet aan de vertegenwoordiger",
                "addressed to the data subject and not to the representative",
            )),
            None => Finding::indeterminate(words(
                "aan wie het is gericht, is niet vastgelegd",
                "to whom it is addressed is not recorded",
            )),
        };
        finding.by(fact)
    });
    Finding::all(findings, || idle("er is nog niets beantwoord", "nothing is answered yet"))
}

#[cfg(test)]
mod tests;
