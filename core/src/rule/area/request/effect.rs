//! What follows upon a request: carrying it out, restricting, telling recipients, refusing, and what a person can do on silence
//! (GDPR Art. 12(4), 16-19, 77-80).

use super::{
    Asked, Refusal, Request, Terms, UNION, and_if_asked, answer_to, asked, coverage_of, earliest, full_answer, idle,
    names, on_asked, on_receipt, right_text, sent, version_on, what_was_asked,
};
use crate::family::activity::{Activity, ActivityVersion};
use crate::family::case::{Addressee as ComplaintTo, Case};
use crate::family::data_subject_request::{
    AnswerCoverage, AnswerItem, Answered, ClosingReason, FeeDecided, FeeReason, NotToldReason, Outcome, Received,
    Remedy, RestrictionApplied, Right,
};
use crate::family::dossier::Dated;
use crate::ledger::name::Code;
use crate::rule::entries::is_public_body;
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::Parameter;
use crate::rule::template::{
    Due, Event, Precision, complete, count, coverage, deadline, decide, if_then, no_event_after, order, promptly,
};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Deadline, Finding};
use crate::time::{Calendar, Limit, Step, Ternary, day_of};

// --- DSR-11 ----------------------------------------------------------------------------------------------------------

/// The rights that something must be done for.
const CARRIED_OUT: [Right; 4] = [Right::Rectification, Right::Completion, Right::Erasure, Right::Restriction];

pub(super) fn executed_by_law<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    let left = request.closed.iter().filter(|closed| closed.fact.reason != Some(ClosingReason::Withdrawn));
    let left = left.flat_map(|closed| {
        let undone = CARRIED_OUT
            .into_iter()
            .filter(|right| granted(&request, *right).is_some() && execution(&request, *right).is_none());
        undone.map(move |right| {
            let Text { nl, en } = right_text(right);
            Finding::fail(say!(
                "het dossier is gesloten zonder dat de toegewezen {nl} is uitgevoerd",
                "the file was closed without the granted {en} being carried out"
            ))
            .by(closed)
        })
    });
    let left = Finding::all(left, || idle("niets is ongedaan gelaten", "nothing was left undone"));
    and_if_asked(and_if_asked(execution_in_time(inquiry, request, true), left), is_free(&request))
}

pub(super) fn executed_in_house_term<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    and_if_asked(execution_in_time(inquiry, request, false), is_free(&request))
}

/// By law without undue delay, and at the latest when the person must have been told what was done (Art. 12(3)).
fn execution_in_time<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>, law: bool) -> Finding {
    let term = inquiry.house("execution");
    let told = what_was_asked(&request).and_then(|asked| {
        let terms = Terms::of_law(inquiry);
        Some((asked.receipt, terms.counting(inquiry, &asked)?))
    });
    let findings = CARRIED_OUT.into_iter().filter_map(|right| {
        let from = granted(&request, right)?;
        let Text { nl, en } = right_text(right);
        let what = say!("uitvoering van de toegewezen {nl}", "carrying out the granted {en}");
        let due = Due {
            what: &what,
            from,
            done: execution(&request, right),
            term: term.as_ref(),
            calendar: Calendar::Strict,
        };
        if !law {
            return Some(deadline(inquiry, &due));
        }
        let last = told.as_ref().map(|(receipt, term)| {
            deadline(inquiry, &Due { from: *receipt, term: Some(term), calendar: UNION, ..due.clone() })
        });
        Some(last.into_iter().fold(promptly(inquiry, &due), Finding::and))
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        idle("er is niets toegewezen dat uitgevoerd moet worden", "nothing was granted that has to be carried out")
    })
}

/// The first decision or answer that grants a right.
fn granted(request: &Request, right: Right) -> Option<Event> {
    let grants = |outcome: Option<Outcome>| matches!(outcome, Some(Outcome::Granted | Outcome::PartlyGranted));
    let known = |right: Right| request.rights.iter().any(|standing| standing.right == right);
    let decided = request
        .decided
        .iter()
        .filter(|decided| grants(decided.fact.outcome) && names(&decided.fact.rights, &right) && known(right));
    let answered = request
        .answered
        .iter()
        .filter(|answered| answered.fact.rights.iter().any(|answer| answer.right == right && grants(answer.outcome)));
    earliest(decided.map(Event::from)).or_else(|| earliest(answered.map(sent)))
}

/// The first time that something was done for a right.
fn execution(request: &Request, right: Right) -> Option<Event> {
    use crate::family::data_subject_request::RectificationKind as Kind;
    let rectified = request.rectification_executed.iter().filter(|executed| match executed.fact.kind {
        Some(Kind::Rectified) => right == Right::Rectification,
        Some(Kind::Completed | Kind::StatementAdded) => right == Right::Completion,
        None => matches!(right, Right::Rectification | Right::Completion),
    });
    let erased = request.erasure_executed.iter().filter(|_| right == Right::Erasure).map(Event::from);
    let restricted = request.restriction_applied.iter().filter(|_| right == Right::Restriction).map(Event::from);
    earliest(rectified.map(Event::from).chain(erased).chain(restricted))
}

/// Where nothing but carrying out was asked, nothing is paid.
fn is_free(request: &Request) -> Finding {
    let only_that =
        request.received.iter().all(|received| received.fact.rights.iter().all(|right| CARRIED_OUT.contains(right)));
    let unfounded = |fee: &&Dated<FeeDecided>| {
        matches!(fee.fact.reason, Some(FeeReason::ManifestlyUnfounded | FeeReason::Excessive))
    };
    let paid =
        request.fee_decided.iter().filter(|fee| only_that && fee.fact.amount_cents.is_some_and(|cents| cents > 0));
    let paid = paid.filter(|fee| !unfounded(fee));
    let text = words("voor de uitvoering is een vergoeding gevraagd", "a fee was asked for carrying it out");
    Finding::all(paid.map(|fee| Finding::fail(text).by(fee)), || {
        idle("er is niets in rekening gebracht", "nothing was charged")
    })
}

// --- DSR-12 ----------------------------------------------------------------------------------------------------------

pub(super) fn restricted_by_law<'w>(_inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    restrictions(&request, true)
}

pub(super) fn restricted_by_policy<'w>(_inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    restrictions(&request, false)
}

fn restrictions(request: &Request, law: bool) -> Finding {
    let findings = request.restriction_applied.iter().map(|applied| {
        let finding = is_marked(applied).and(rests(request, applied));
        if law { finding.and(lifting_was_told(request, applied)) } else { finding }
    });
    Finding::all(findings, || idle("de verwerking is niet beperkt", "processing was not restricted"))
}

fn is_marked(applied: &Dated<RestrictionApplied>) -> Finding {
    match applied.fact.marked {
        Some(true) => Finding::pass(words("de beperkte gegevens zijn gemarkeerd", "the restricted data are marked")),
        Some(false) => {
            Finding::fail(words("de beperkte gegevens zijn niet gemarkeerd", "the restricted data are not marked"))
        }
        None => Finding::indeterminate(words(
            "of de beperkte gegevens zijn gemarkeerd, is niet vastgelegd",
            "whether the restricted data are marked is not recorded",
        )),
    }
    .by(applied)
}

/// When a restriction ended, if it did.
fn lifted(request: &Request, applied: &Dated<RestrictionApplied>) -> Option<Event> {
    let after = request.restriction_lifted.iter().filter(|lifted| lifted.from.before(&applied.from) != Ternary::True);
    earliest(after.map(Event::from))
}

/// Nothing but storage while it lasts: data that the person wants to be kept are not erased, nor changed unasked.
fn rests(request: &Request, applied: &Dated<RestrictionApplied>) -> Finding {
    let end = lifted(request, applied);
    let meanwhile = |event: &Event| end.is_none_or(|end| event.date.before(&end.date) != Ternary::False);
    let erased = request.erasure_executed.iter().filter(|_| !asked(request, Right::Erasure)).map(Event::from);
    let changed = request.rectification_executed.iter().map(Event::from);
    let changed = changed.filter(|_| !asked(request, Right::Rectification) && !asked(request, Right::Completion));
    let what = Text::new("ander gebruik van beperkte gegevens dan opslag", "other use of restricted data than storage");
    no_event_after(&what, Event::from(applied), erased.chain(changed).filter(meanwhile))
}

fn lifting_was_told(request: &Request, applied: &Dated<RestrictionApplied>) -> Finding {
    let Some(end) = lifted(request, applied) else {
        return idle("de beperking duurt voort", "the restriction lasts");
    };
    let ending = request.restriction_lifted.iter().find(|lifted| Event::from(*lifted).fact == end.fact);
    let told = ending.and_then(|lifted| lifted.fact.subject_told).map(|told| Event { date: told, fact: end.fact });
    let telling = Text::new("de mededeling aan betrokkene", "telling the data subject");
    let lifting = Text::new("het opheffen van de beperking", "lifting the restriction");
    order(Precision::Exact, (&telling, told), (&lifting, Some(end)))
}

// --- DSR-13 ----------------------------------------------------------------------------------------------------------

pub(super) fn recipients_by_law<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    recipients_are_told(inquiry, request, |reason| {
        matches!(
            reason,
            Some(NotToldReason::Impossible | NotToldReason::Disproportionate | NotToldReason::NotDisclosed)
        )
    })
}

pub(super) fn recipients_by_policy<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    recipients_are_told(inquiry, request, |reason| reason.is_some())
}

fn recipients_are_told<'w>(
    inquiry: &Inquiry<'w>,
    request: Seen<'w, Request>,
    excuses: impl Fn(Option<NotToldReason>) -> bool,
) -> Finding {
    on_receipt(request, |received, _| {
        let done = CARRIED_OUT.into_iter().filter_map(|right| Some((right, execution(&request, right)?)));
        let findings = done.map(|(right, executed)| told_of(inquiry, &request, received, right, executed, &excuses));
        let told = Finding::all(findings.collect::<Vec<_>>(), || {
            idle("er is niets gerectificeerd, gewist of beperkt", "nothing was rectified, erased or restricted")
        });
        and_if_asked(told, list_is_given(&request))
    })
}

fn told_of<'w>(
    inquiry: &Inquiry<'w>,
    request: &Request,
    received: &'w Dated<Received>,
    right: Right,
    executed: Event,
    excuses: impl Fn(Option<NotToldReason>) -> bool,
) -> Finding {
    let messages = request.recipients_notified.iter().filter(|told| names(&told.fact.rights, &right));
    let messages: Vec<_> = messages.collect();
    // Who carried it out knows of it.
    let by_them =
        request.erasure_executed.iter().filter(|_| right == Right::Erasure).flat_map(|erased| &erased.fact.parties);
    let changed_by =
        request.rectification_executed.iter().filter(|_| matches!(right, Right::Rectification | Right::Completion));
    let by_them = by_them.chain(changed_by.flat_map(|changed| &changed.fact.parties));
    let not_told = messages.iter().flat_map(|told| &told.fact.impossible);
    let (excused, open): (Vec<_>, Vec<_>) = not_told.partition(|recipient| excuses(recipient.reason));
    let told = messages.iter().flat_map(|told| &told.fact.parties).chain(by_them);
    let covered = told.chain(excused.iter().map(|recipient| &recipient.party)).cloned().collect();
    let registered = received
        .fact
        .activities
        .iter()
        .filter_map(|stream| version_on(inquiry.state::<Activity>(stream)?, &executed.date));
    let needed: std::collections::BTreeSet<Code> =
        registered.flat_map(recipients).chain(open.iter().map(|recipient| &recipient.party)).cloned().collect();
    let Text { nl, en } = right_text(right);
    if needed.is_empty() && received.fact.activities.is_empty() && messages.is_empty() {
        return Finding::indeterminate(say!(
            "{nl}: aan wie de gegevens waren verstrekt, is niet vastgelegd, en niemand is ingelicht",
            "{en}: to whom the data had been disclosed is not recorded, and nobody was told"
        ))
        .by(executed.fact);
    }
    let what = say!("het inlichten van ontvangers over {nl}", "telling recipients of {en}");
    let finding = coverage(&what, &needed, &covered).by(executed.fact).by_all(messages);
    // Until the person is answered there is still something to do.
    if full_answer(request).is_none() { finding.at_most_warn() } else { finding }
}

/// Everybody to whom a version of the register says that data go.
fn recipients(version: &ActivityVersion) -> impl Iterator<Item = &Code> {
    let entry = &version.entry;
    let transferred = entry.transfers.iter().map(|transfer| &transfer.recipient);
    entry.recipients.iter().chain(transferred).chain(&entry.processors).chain(&entry.joint_controllers)
}

fn list_is_given(request: &Request) -> Finding {
    if !asked(request, Right::RecipientList) {
        return idle("er is niet om de lijst van ontvangers gevraagd", "the list of recipients was not asked");
    }
    match (request.recipient_list_provided.first(), answer_to(request, Right::RecipientList)) {
        (Some(list), _) => {
            Finding::pass(words("de lijst van ontvangers is gegeven", "the list of recipients was given")).by(list)
        }
        (None, Some(answer)) => Finding::fail(words(
            "de lijst van ontvangers is gevraagd en niet gegeven",
            "the list of recipients was asked and not given",
        ))
        .by(answer.fact),
        (None, None) => idle("de lijst van ontvangers is nog niet gegeven", "the list of recipients was not given yet"),
    }
}

// --- DSR-14 ----------------------------------------------------------------------------------------------------------

/// Whether the institution is a public body in what the request is about.
fn public_body<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Ternary {
    let state: &'w Request = request.state;
    is_public_body(inquiry, state.received.iter().flat_map(|received| &received.fact.activities))
}

pub(super) fn refused_by_law<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    let public_body = public_body(inquiry, request);
    let law = if public_body == Ternary::False { "LEX-UAVG" } else { "LEX-AWB" };
    let term = inquiry.law_parameter(law, "remedy");
    let refusals = request.refused.iter().map(|refused| Refusal::from(refused).is_whole_by_law(public_body));
    and_if_asked(refusal(&request, refusals), remedies_run(inquiry, &request, term.as_ref(), Calendar::Awb))
}

pub(super) fn refused_by_policy<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    let term = inquiry.house("remedy");
    let refusals = request.refused.iter().map(|refused| Refusal::from(refused).is_whole_by_policy());
    and_if_asked(refusal(&request, refusals), remedies_run(inquiry, &request, term.as_ref(), Calendar::Strict))
}

fn refusal(request: &Request, refusals: impl Iterator<Item = Finding>) -> Finding {
    let told = request.answered.iter().filter_map(|answered| refused_in(request, answered));
    Finding::all(refusals.chain(told), || idle("er is niets geweigerd", "nothing was refused"))
}

/// An answer that refuses, in whole or in part, where no refusal of its own is recorded.
fn refused_in(request: &Request, answered: &Dated<Answered>) -> Option<Finding> {
    let refuses = answered
        .fact
        .rights
        .iter()
        .filter(|answer| matches!(answer.outcome, Some(Outcome::Refused | Outcome::PartlyGranted)));
    let mut open =
        refuses.filter(|answer| !request.refused.iter().any(|refused| names(&refused.fact.rights, &answer.right)));
    open.next()?;
    let given = |item| coverage_of(&answered.fact, item) == Some(AnswerCoverage::Given);
    let what = Text::new("het afwijzende antwoord", "the answer that refuses");
    let parts = [
        (Text::new("de grond", "the ground"), given(AnswerItem::Ground)),
        (Text::new("de rechtsmiddelen", "the remedies"), given(AnswerItem::Remedies)),
    ];
    Some(complete(&what, parts).by(answered))
}

/// Shows until when a person can go to court or object. Letting that pass is no failure of anybody.
fn remedies_run(inquiry: &Inquiry<'_>, request: &Request, term: Option<&Parameter>, calendar: Calendar) -> Finding {
    let findings = request.refused.iter().flat_map(|refused| {
        let said = Refusal::from(refused);
        let received = said.delivered.filter(|_| said.names(Remedy::Court)).map(|date| {
            (Text::new("de gang naar de rechter", "going to court"), Remedy::Court, Event::new(date, refused))
        });
        let objection = Some(said.announced)
            .filter(|_| said.names(Remedy::AwbObjection))
            .map(|announced| (Text::new("het bezwaar", "the objection"), Remedy::AwbObjection, announced));
        let remedies: Vec<Finding> = received
            .into_iter()
            .chain(objection)
            .map(|(what, remedy, from)| remedy_runs(inquiry, &what, from, invoked(request, remedy), term, calendar))
            .collect();
        remedies
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        idle("er loopt geen termijn voor een rechtsmiddel", "no term of a remedy runs")
    })
}

fn invoked(request: &Request, remedy: Remedy) -> Option<Event> {
    earliest(request.remedy_invoked.iter().filter(|invoked| invoked.fact.remedy == Some(remedy)).map(Event::from))
}

fn remedy_runs(
    inquiry: &Inquiry<'_>,
    what: &Text,
    from: Event,
    done: Option<Event>,
    term: Option<&Parameter>,
    calendar: Calendar,
) -> Finding {
    let due = Due { what, from, done, term, calendar };
    let Some((counted, calendar)) = count(&due) else {
        return idle(
            "geen instrument dat van kracht is, stelt hiervoor een termijn",
            "no instrument in force sets a term for this",
        );
    };
    let Text { nl, en } = what;
    let until = day_of(counted.limit.earliest);
    let mut finding = match done {
        Some(done) => decide(
            counted.limit.met_by(&done.date),
            || {
                Finding::pass(say!(
                    "{nl}: ingesteld op {}, binnen de termijn (tot en met {until})",
                    "{en}: on {}, within the term (until {until})",
                    done.date
                ))
            },
            || {
                Finding::warn(say!(
                    "{nl}: ingesteld op {}, na de termijn ({until})",
                    "{en}: on {}, after the term ({until})",
                    done.date
                ))
            },
            || {
                Finding::indeterminate(say!(
                    "{nl}: of het binnen de termijn was ({until}), beslissen de datums niet",
                    "{en}: the dates do not decide whether it was within the term ({until})"
                ))
            },
        )
        .by(done.fact),
        None if inquiry.passed(&counted.limit) == Ternary::True => {
            Finding::pass(say!("{nl}: de termijn liep tot en met {until}", "{en}: the term ran until {until}"))
        }
        None => Finding::pass(say!("{nl}: kan tot en met {until}", "{en}: possible until {until}")),
    };
    finding.deadlines.push(Deadline {
        what: what.clone(),
        term: term.and_then(|parameter| parameter.term).map(|term| term.to_string()).unwrap_or_default(),
        calendar: calendar.to_string(),
        from: from.date,
        limit: counted.limit.earliest,
        done: done.map(|done| done.date),
        minutes: None,
        trace: counted.trace.iter().map(|step: &Step| Text::new(step.nl(), step.en())).collect(),
    });
    finding.by(from.fact)
}

// --- DSR-15 ----------------------------------------------------------------------------------------------------------

/// Judges a request of which the term ran out without an answer.
fn on_silence<'w>(
    inquiry: &Inquiry<'w>,
    request: Seen<'w, Request>,
    terms: &Terms,
    judge: impl FnOnce(Event, Limit) -> Finding,
) -> Finding {
    on_asked(request, |asked: Asked| {
        let Some(limit) = terms.limit(inquiry, &asked) else {
            return idle("geen instrument dat van kracht is, stelt een termijn", "no instrument in force sets a term");
        };
        let done = asked.done.filter(|done| inquiry.happened(&done.date) != Ternary::False);
        let answered = done.map_or(Ternary::False, |done| limit.met_by(&done.date));
        let silent = inquiry.passed(&limit).and(answered.not());
        let otherwise = Text::new(
            "er is op tijd geantwoord, of de termijn loopt nog",
            "the answer came in time, or the term still runs",
        );
        if_then(silent, &otherwise, || judge(asked.receipt, limit)).by(asked.receipt.fact)
    })
}

pub(super) fn silence_by_policy<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    on_silence(inquiry, request, &Terms::of_policy(inquiry), |receipt, limit| {
        let recorded = match request.deadline_missed.first() {
            Some(missed) => Finding::pass(words(
                "dat de termijn zonder antwoord verstreek, is vastgelegd",
                "that the term ran out without an answer is recorded",
            ))
            .by(missed),
            None => Finding::fail(words(
                "dat de termijn zonder antwoord verstreek, is niet vastgelegd",
                "that the term ran out without an answer is not recorded",
            )),
        };
        let what = Text::new("de gang naar de rechter na stilzwijgen", "going to court on silence");
        let over = Event { date: day_of(limit.earliest), fact: receipt.fact };
        let term = inquiry.house("remedy");
        recorded.and(remedy_runs(
            inquiry,
            &what,
            over,
            invoked(&request, Remedy::Court),
            term.as_ref(),
            Calendar::Strict,
        ))
    })
}

/// What a person can do on silence is something to know, and no all-clear: the term was missed.
pub(super) fn silence_by_law<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    on_silence(inquiry, request, &Terms::of_law(inquiry), |_, limit| {
        let until = day_of(limit.earliest);
        let text = match public_body(inquiry, request) {
            Ternary::True => say!(
                "de termijn verstreek op {until} zonder antwoord. Dat staat gelijk met een besluit: twee weken na een schriftelijke ingebrekestelling staat beroep bij de rechtbank open (Awb 6:2, 6:12, 7:1 lid 1 onder f, 8:55b) en is een dwangsom verschuldigd (Awb 4:17)",
                "the term ran out on {until} without an answer. That is equated with a decision: two weeks after a written notice of default an appeal lies to the district court (Awb 6:2, 6:12, 7:1(1)(f), 8:55b) and a penalty is due (Awb 4:17)"
            ),
            Ternary::False => say!(
                "de termijn verstreek op {until} zonder antwoord: een verzoekschrift bij de rechtbank is dan niet aan een termijn gebonden (UAVG 35 lid 2)",
                "the term ran out on {until} without an answer: an application to the district court is then not bound to a term (UAVG 35(2))"
            ),
            Ternary::Unknown => say!(
                "de termijn verstreek op {until} zonder antwoord; of beroep na ingebrekestelling (UAVG 34, Awb 6:12) of een verzoekschrift (UAVG 35 lid 2) openstaat, hangt ervan af of de instelling een bestuursorgaan is, en dat is niet vastgelegd",
                "the term ran out on {until} without an answer; whether an appeal after notice of default (UAVG 34, Awb 6:12) or an application (UAVG 35(2)) is open depends on whether the institution is a public body, which is not recorded"
            ),
        };
        Finding::warn(text).by_all(invoked(&request, Remedy::Court).map(|court| court.fact))
    })
}

// --- DSR-16 ----------------------------------------------------------------------------------------------------------

fn to_the_board<'w>(case: Seen<'w, Case>, judge: impl FnOnce(Event, Option<Event>) -> Finding) -> Finding {
    let to_board =
        case.complaint_received.as_ref().filter(|complaint| complaint.fact.addressee == Some(ComplaintTo::Board));
    match to_board {
        Some(complaint) => judge(Event::from(complaint), earliest(case.answered.iter().map(Event::from))),
        None => idle("dit is geen klacht bij het college van bestuur", "this is no complaint to the executive board"),
    }
}

pub(super) fn complaint_by_policy<'w>(inquiry: &Inquiry<'w>, case: Seen<'w, Case>) -> Finding {
    to_the_board(case, |received, answered| {
        let what = Text::new("het antwoord op de klacht", "the answer to the complaint");
        let term = inquiry.house("complaintTerm");
        if term.is_some() {
            return deadline(
                inquiry,
                &Due { what: &what, from: received, done: answered, term: term.as_ref(), calendar: Calendar::Strict },
            );
        }
        let finding = match (answered, &case.closed) {
            (Some(answer), _) => {
                Finding::pass(words("de klacht is beantwoord", "the complaint is answered")).by(answer.fact)
            }
            (None, Some(closed)) => Finding::fail(words(
                "de klacht is gesloten zonder antwoord",
                "the complaint was closed without an answer",
            ))
            .by(closed),
            (None, None) => Finding::pass(words(
                "de klacht is nog niet beantwoord; het beleid stelt geen termijn",
                "the complaint is not answered yet; the policy sets no term",
            )),
        };
        finding.by(received.fact)
    })
}

/// Six weeks, ten where an advisory committee hears it, and four more where that is told in writing before (Awb Art. 9:11); for bodies
/// that are not public the Act does not count.
pub(super) fn complaint_by_law<'w>(inquiry: &Inquiry<'w>, case: Seen<'w, Case>) -> Finding {
    let state: &'w Case = case.state;
    if is_public_body(inquiry, &state.activities) == Ternary::False {
        return idle(
            "de instelling is hier geen bestuursorgaan: hoofdstuk 9 van de Awb geldt niet",
            "the institution is no public body here: chapter 9 of the Awb does not apply",
        );
    }
    to_the_board(case, |received, answered| {
        let what = Text::new("het antwoord op de klacht", "the answer to the complaint");
        let committee = state.complaint_received.as_ref().and_then(|complaint| complaint.fact.advisory_committee);
        let name = if committee == Some(true) { "complaintTermCommittee" } else { "complaintTerm" };
        let first = inquiry.law_parameter("LEX-AWB", name);
        let due = Due { what: &what, from: received, done: answered, term: first.as_ref(), calendar: Calendar::Awb };
        let postponed = state.answer_postponed.first().map(Event::from);
        let in_time = postponed.zip(count(&due)).map(|(told, (counted, _))| counted.limit.met_by(&told.date));
        if in_time != Some(Ternary::True) {
            return deadline(inquiry, &due);
        }
        let more = inquiry.law_parameter("LEX-AWB", "complaintPostponement").and_then(|more| more.term);
        let both = first
            .clone()
            .map(|first| Parameter { term: first.term.zip(more).map(|(one, two)| one.plus(&two)), ..first });
        deadline(inquiry, &Due { term: both.as_ref(), ..due }).by_all(postponed.map(|told| told.fact))
    })
}
