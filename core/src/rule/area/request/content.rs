//! What an answer and a copy hold, and what portability asks (GDPR Art. 12(5), 15, 20).

use super::{
    Request, and_if_asked, answer_to, asked, coverage_of, earliest, idle, is_about, names, on_receipt, outcome_of,
    version_on,
};
use crate::family::activity::{Activity, Automation, LegalBasis};
use crate::family::data_subject_request::{
    AnswerCoverage, AnswerItem, Answered, Channel, CopyFormat, CopyProvided, FeeDecided, FeeReason, Outcome, Received,
    RedactionOutcome, RefusalGround, Right,
};
use crate::family::dossier::Dated;
use crate::family::retention::Retention;
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::template::{Event, Precision, complete, decide, no_event_after, order};
use crate::rule::text::{Text, words};
use crate::rule::verdict::Finding;
use crate::time::{PartialDate, Ternary};

// --- DSR-06 ----------------------------------------------------------------------------------------------------------

/// What an answer to a request for access holds (Art. 15(1)-(2)).
const OVERVIEW: [(AnswerItem, &str, &str); 10] = [
    (AnswerItem::Confirmation, "de bevestiging", "the confirmation"),
    (AnswerItem::Purposes, "de doeleinden", "the purposes"),
    (AnswerItem::Categories, "de categorieën van gegevens", "the categories of data"),
    (AnswerItem::Recipients, "de ontvangers", "the recipients"),
    (AnswerItem::Retention, "de bewaartermijn", "the retention period"),
    (AnswerItem::Rights, "de rechten", "the rights"),
    (AnswerItem::Complaint, "het klachtrecht", "the right to complain"),
    (AnswerItem::Source, "de bron", "the source"),
    (AnswerItem::AutomatedDecisions, "de geautomatiseerde besluitvorming", "automated decisions"),
    (AnswerItem::TransferSafeguards, "de waarborgen bij doorgifte", "the safeguards of transfers"),
];

pub(super) fn access_is_complete<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    if !asked(&request, Right::Access) {
        return idle("er is niet om inzage gevraagd", "access was not asked");
    }
    let about = request.answered.iter().filter(|answered| is_about(&answered.fact, Right::Access));
    let answers: Vec<&Dated<Answered>> = about.collect();
    let Some(last) = answers.last() else {
        return idle("het verzoek om inzage is nog niet beantwoord", "the request for access is not answered yet");
    };
    let outcome = outcome_of(&request, &last.fact, Right::Access);
    if outcome == Some(Outcome::Refused) {
        return idle("de inzage is geweigerd", "access was refused").by(last);
    }
    // What an earlier answer held need not be said again.
    let told = |item: AnswerItem| {
        let said = answers.iter().filter_map(|answered| coverage_of(&answered.fact, item));
        said.into_iter().any(|coverage| coverage != AnswerCoverage::Missing)
    };
    let wanted = if outcome == Some(Outcome::NoData) { &OVERVIEW[..1] } else { &OVERVIEW[..] };
    let what = Text::new("het antwoord op het inzageverzoek", "the answer to the request for access");
    let overview = complete(&what, wanted.iter().map(|(item, nl, en)| (Text::new(*nl, *en), told(*item))));
    let consulted = if outcome == Some(Outcome::NoData) {
        idle("er zijn geen gegevens", "there are no data")
    } else {
        consultations_are_told(inquiry, told(AnswerItem::Consultations))
    };
    let recipients = answers.iter().rev().find_map(|answered| coverage_of(&answered.fact, AnswerItem::Recipients));
    let (named, copied) = if outcome == Some(Outcome::NoData) {
        (idle("er zijn geen gegevens", "there are no data"), idle("er zijn geen gegevens", "there are no data"))
    } else {
        (recipients_are_named(inquiry, recipients), copy_is_given(&request))
    };
    and_if_asked(overview.and(consulted).and(named), copied).by_all(answers)
}

/// Who asks is told the actual recipients, unless that is impossible (CJEU C-154/21): so from the beginning, whatever was thought before.
fn recipients_are_named(inquiry: &Inquiry<'_>, recipients: Option<AnswerCoverage>) -> Finding {
    match (recipients, inquiry.decided("LEX-C154-21")) {
        (Some(AnswerCoverage::Categories), Some(by_then)) => {
            let finding = Finding::fail(words(
                "het antwoord noemt alleen categorieën van ontvangers en niet de ontvangers zelf (C-154/21)",
                "the answer names only categories of recipients and not the recipients themselves (C-154/21)",
            ));
            if by_then { finding } else { finding.not_imputable() }
        }
        (Some(AnswerCoverage::Categories), None) => Finding::pass(words(
            "het antwoord noemt categorieën van ontvangers, waartoe de tekst van de wet de keus laat",
            "the answer names categories of recipients, to which the text of the law leaves the choice",
        )),
        _ => idle("de ontvangers zijn genoemd of ontbreken", "the recipients are named or missing"),
    }
}

/// Access is given by a copy of the data (Art. 15(3); CJEU C-487/21), unless the rights of others led to withholding it.
fn copy_is_given(request: &Request) -> Finding {
    if request.copy_provided.iter().any(|copy| is_of_access(request, copy)) {
        return idle("er is een kopie verstrekt", "a copy was given");
    }
    let weighed = request.third_party_rights_weighed.last();
    match weighed.filter(|weighed| weighed.fact.outcome == Some(RedactionOutcome::Withheld)) {
        Some(weighed) => {
            idle("de kopie is geweigerd om de rechten van anderen", "the copy was withheld for the rights of others")
                .by(weighed)
        }
        None => Finding::fail(words(
            "dat een kopie van de gegevens is verstrekt, is niet vastgelegd",
            "that a copy of the data was given is not recorded",
        )),
    }
}

fn is_of_access(request: &Request, copy: &Dated<CopyProvided>) -> bool {
    match copy.fact.right {
        Some(right) => right == Right::Access,
        None => asked(request, Right::Access),
    }
}

/// When and for what data were consulted is information about their processing (CJEU C-579/21), as far as it is kept.
fn consultations_are_told(inquiry: &Inquiry<'_>, told: bool) -> Finding {
    if inquiry.decided("LEX-PANKKI").is_none() {
        return idle(
            "dat raadplegingen onder het inzagerecht vallen, was nog niet beslist",
            "that consultations fall under access had not been decided yet",
        );
    }
    if told {
        return Finding::pass(words("het antwoord noemt de raadplegingen", "the answer tells of the consultations"));
    }
    Finding::warn(words(
        "het antwoord zegt niet wanneer en waarvoor de gegevens zijn geraadpleegd (C-579/21)",
        "the answer does not say when and for what the data were consulted (C-579/21)",
    ))
}

// --- DSR-07 ----------------------------------------------------------------------------------------------------------

pub(super) fn copy_by_law<'w>(_inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    copy_is_in_order(request, true)
}

pub(super) fn copy_by_policy<'w>(_inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    copy_is_in_order(request, false)
}

fn copy_is_in_order(request: Seen<'_, Request>, law: bool) -> Finding {
    on_receipt(request, |received, _| {
        let of_access = request.copy_provided.iter().filter(|copy| is_of_access(&request, copy));
        let forms = of_access.map(|copy| form_fits(received, copy, law));
        let forms = Finding::all(forms, || if is_given_access(&request) { copy_is_given(&request) } else { no_copy() });
        let fees = request.fee_decided.iter().map(|fee| fee_is_allowed(fee, law));
        and_if_asked(forms, Finding::all(fees, || idle("er is geen vergoeding bepaald", "no fee was decided on")))
    })
}

fn no_copy() -> Finding {
    idle("er is geen kopie verstrekt", "no copy was given")
}

/// Whether access was asked, and answered with data.
fn is_given_access(request: &Request) -> bool {
    let about = request.answered.iter().rfind(|answered| is_about(&answered.fact, Right::Access));
    let outcome = about.map(|answered| outcome_of(request, &answered.fact, Right::Access));
    asked(request, Right::Access)
        && outcome.is_some_and(|outcome| !matches!(outcome, Some(Outcome::Refused | Outcome::NoData)))
}

/// Whether paper fits the way in which the request came: by law electronic requests are answered electronically, by the policy all
/// but those on paper.
fn paper_fits(channel: Option<Channel>, law: bool) -> Ternary {
    match channel {
        Some(Channel::Post) => Ternary::True,
        Some(Channel::Oral) => law.into(),
        Some(Channel::Other) | None => Ternary::Unknown,
        Some(_) => Ternary::False,
    }
}

fn form_fits(received: &Dated<Received>, copy: &Dated<CopyProvided>, law: bool) -> Finding {
    let on_paper = received.fact.paper_asked == Some(true);
    let finding = match copy.fact.format {
        Some(CopyFormat::Paper) => decide(
            Ternary::from(on_paper).or(paper_fits(received.fact.channel, law)),
            || Finding::pass(words("de kopie is op papier, zoals gevraagd", "the copy is on paper, as asked")),
            || {
                Finding::fail(words(
                    "de kopie is op papier, terwijl dat niet is gevraagd",
                    "the copy is on paper, which was not asked",
                ))
            },
            || {
                Finding::indeterminate(words(
                    "of het verzoek op papier kwam, is niet vastgelegd",
                    "whether the request came on paper is not recorded",
                ))
            },
        ),
        Some(CopyFormat::CommonElectronic | CopyFormat::MachineReadable) if on_paper => Finding::warn(words(
            "er is papier gevraagd, en de kopie is elektronisch",
            "paper was asked, and the copy is electronic",
        )),
        Some(CopyFormat::CommonElectronic | CopyFormat::MachineReadable) => Finding::pass(words(
            "de kopie heeft een gangbare elektronische vorm",
            "the copy has a common electronic form",
        )),
        Some(CopyFormat::Inspection) => Finding::fail(words(
            "de gegevens zijn alleen getoond; een kopie is niet gegeven",
            "the data were only shown; no copy was given",
        )),
        Some(CopyFormat::Other) | None => Finding::indeterminate(words(
            "welke vorm de kopie had, is niet vastgelegd",
            "which form the copy had is not recorded",
        )),
    };
    finding.by(copy)
}

fn fee_is_allowed(fee: &Dated<FeeDecided>, law: bool) -> Finding {
    let allowed = || Finding::pass(words("de vergoeding is toegestaan", "the fee is allowed"));
    let first =
        || Finding::fail(words("voor een eerste kopie is een vergoeding gevraagd", "a fee was asked for a first copy"));
    let finding = match (fee.fact.amount_cents, fee.fact.reason) {
        (Some(0), _) | (None, Some(FeeReason::Free)) => {
            Finding::pass(words("de behandeling is kosteloos", "handling is free"))
        }
        (None, _) => Finding::indeterminate(words(
            "de hoogte van de vergoeding is niet vastgelegd",
            "the amount of the fee is not recorded",
        )),
        (Some(_), Some(FeeReason::FurtherCopy)) => match fee.fact.copy_number {
            Some(number) if number > 1 => allowed(),
            Some(_) => first(),
            None => Finding::indeterminate(words(
                "voor welke kopie de vergoeding is, is niet vastgelegd",
                "for which copy the fee is, is not recorded",
            )),
        },
        (Some(_), Some(FeeReason::ManifestlyUnfounded | FeeReason::Excessive)) if law => allowed(),
        (Some(_), Some(FeeReason::ManifestlyUnfounded | FeeReason::Excessive)) => {
            idle("hierover zwijgt het beleid", "the policy is silent on this")
        }
        (Some(_), Some(FeeReason::Free | FeeReason::Other) | None) => Finding::fail(words(
            "er is een vergoeding gevraagd zonder reden die de wet kent",
            "a fee was asked without a reason that the law knows",
        )),
    };
    finding.by(fee)
}

// --- DSR-08 ----------------------------------------------------------------------------------------------------------

pub(super) fn others_are_weighed<'w>(_inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    let Some(given) = earliest(request.copy_provided.iter().map(Event::from)) else {
        return idle("er is geen kopie verstrekt", "no copy was given");
    };
    let weighings = &request.third_party_rights_weighed;
    let weighing = Text::new("het afwegen van de rechten van anderen", "weighing the rights of others");
    let copy = Text::new("het verstrekken van de kopie", "giving the copy");
    // What is weighed when the data are given is weighed on that day.
    let before = order(Precision::Day, (&weighing, earliest(weighings.iter().map(Event::from))), (&copy, Some(given)));
    let outcome = weighings.iter().rev().find_map(|weighed| weighed.fact.outcome.map(|outcome| (outcome, weighed)));
    let decided = match outcome {
        None if weighings.is_empty() => idle("er is niets afgewogen", "nothing was weighed"),
        None => Finding::indeterminate(words(
            "waartoe de afweging leidt, is niet vastgelegd",
            "what the weighing leads to is not recorded",
        )),
        Some((outcome, weighed)) => copy_follows(&request, outcome).by(weighed),
    };
    before.and(decided)
}

fn copy_follows(request: &Request, outcome: RedactionOutcome) -> Finding {
    let less =
        matches!(outcome, RedactionOutcome::Redacted | RedactionOutcome::PartlyWithheld | RedactionOutcome::Withheld);
    let in_full = request.copy_provided.iter().find(|copy| copy.fact.redacted == Some(false));
    match in_full.filter(|_| less) {
        Some(copy) => Finding::fail(words(
            "de kopie is niet bewerkt, terwijl de afweging daartoe leidde",
            "the copy was not redacted, although the weighing led to that",
        ))
        .by(copy),
        None => {
            Finding::pass(words("waartoe de afweging leidt, is vastgelegd", "what the weighing leads to is recorded"))
        }
    }
}

// --- DSR-09 ----------------------------------------------------------------------------------------------------------

pub(super) fn portable_by_law<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    portability(inquiry, request, |automation| automation != Automation::ManualFiled)
}

pub(super) fn portable_by_policy<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    portability(inquiry, request, |automation| automation == Automation::Automated)
}

fn portability<'w>(
    inquiry: &Inquiry<'w>,
    request: Seen<'w, Request>,
    automated: impl Fn(Automation) -> bool,
) -> Finding {
    on_receipt(request, |received, receipt| {
        if !received.fact.rights.contains(&Right::Portability) {
            return idle("er is niet om gegevensoverdraagbaarheid gevraagd", "portability was not asked");
        }
        let Some(answer) = answer_to(&request, Right::Portability) else {
            return idle(
                "het verzoek om overdraagbaarheid is nog niet beantwoord",
                "the request for portability is not answered yet",
            );
        };
        let open = is_portable(inquiry, received, &receipt.date, automated);
        let standing = request.rights.iter().find(|standing| standing.right == Right::Portability);
        let finding = match standing.and_then(|standing| standing.outcome) {
            Some(Outcome::Refused) => portability_is_refused(&request, open),
            Some(Outcome::NoData) => idle("er zijn geen gegevens", "there are no data"),
            _ if open == Ternary::False => idle(
                "de voorwaarden zijn niet vervuld; meer geven dan gevraagd mag",
                "the conditions are not met; giving more than asked is allowed",
            ),
            _ => is_handed_over(&request, received),
        };
        finding.by(answer.fact).by(received)
    })
}

/// Whether one of the activities, as registered on the receipt, meets the conditions of the right.
fn is_portable<'w>(
    inquiry: &Inquiry<'w>,
    received: &'w Dated<Received>,
    date: &PartialDate,
    automated: impl Fn(Automation) -> bool,
) -> Ternary {
    let activities = &received.fact.activities;
    let meets = activities.iter().map(|stream| {
        let Some(version) = inquiry.state::<Activity>(stream).and_then(|activity| version_on(activity, date)) else {
            return Ternary::Unknown;
        };
        let bases = &version.legal_bases;
        let on_basis = match bases.iter().any(|basis| matches!(basis.basis, LegalBasis::Consent | LegalBasis::Contract))
        {
            false if bases.is_empty() => Ternary::Unknown,
            rests => rests.into(),
        };
        on_basis.and(version.entry.automation.map_or(Ternary::Unknown, |automation| automated(automation).into()))
    });
    meets.reduce(Ternary::or).unwrap_or(Ternary::Unknown)
}

fn portability_is_refused(request: &Request, open: Ternary) -> Finding {
    let refusal = request.refused.iter().find(|refused| names(&refused.fact.rights, &Right::Portability));
    let ground = refusal.and_then(|refused| refused.fact.ground);
    if ground.is_some_and(|ground| ground != RefusalGround::ConditionsNotMet) {
        return idle(
            "geweigerd op een andere grond dan de voorwaarden van het recht",
            "refused on another ground than the conditions of the right",
        );
    }
    decide(
        open,
        || {
            Finding::fail(words(
                "geweigerd, terwijl aan de voorwaarden is voldaan",
                "refused, although the conditions are met",
            ))
        },
        || {
            Finding::pass(words(
                "geweigerd, en aan de voorwaarden is niet voldaan",
                "refused, and the conditions are not met",
            ))
        },
        || {
            Finding::indeterminate(words(
                "geweigerd; of aan de voorwaarden is voldaan, is uit de registratie niet vast te stellen",
                "refused; the register does not show whether the conditions are met",
            ))
        },
    )
}

fn is_handed_over(request: &Request, received: &Dated<Received>) -> Finding {
    let of_it =
        request.copy_provided.iter().filter(|copy| copy.fact.right.is_none_or(|right| right == Right::Portability));
    let copies: Vec<&Dated<CopyProvided>> = of_it.collect();
    let readable = copies.iter().find(|copy| copy.fact.format == Some(CopyFormat::MachineReadable));
    let form = match readable {
        Some(copy) => Finding::pass(words(
            "de gegevens zijn machineleesbaar verstrekt",
            "the data were given in machine-readable form",
        ))
        .by(copy),
        None => Finding::fail(words(
            "dat de gegevens machineleesbaar zijn verstrekt, is niet vastgelegd",
            "that the data were given in machine-readable form is not recorded",
        ))
        .by_all(&copies),
    };
    let direct = match received.fact.direct_transfer_asked {
        Some(true) if !copies.iter().any(|copy| copy.fact.direct_transfer == Some(true)) => Finding::warn(words(
            "rechtstreekse overdracht is gevraagd en niet vastgelegd; zij moet waar dat technisch kan",
            "direct transmission was asked and is not recorded; it is due where technically feasible",
        )),
        _ => idle(
            "rechtstreekse overdracht is niet gevraagd, of gedaan",
            "direct transmission was not asked, or was done",
        ),
    };
    form.and(direct)
}

// --- DSR-10 ----------------------------------------------------------------------------------------------------------

pub(super) fn contract_data_stay<'w>(inquiry: &Inquiry<'w>, request: Seen<'w, Request>) -> Finding {
    on_receipt(request, |received, receipt| {
        let copies = request.copy_provided.iter();
        let ported = earliest(copies.filter(|copy| copy.fact.right == Some(Right::Portability)).map(Event::from));
        let Some(ported) = ported else {
            return idle("er zijn geen gegevens overgedragen", "no data were ported");
        };
        let activities = received.fact.activities.iter().filter_map(|stream| inquiry.state::<Activity>(stream));
        let on_contract = activities.filter(|activity| {
            let version = version_on(*activity, &receipt.date);
            version.is_some_and(|version| version.legal_bases.iter().any(|basis| basis.basis == LegalBasis::Contract))
        });
        let findings: Vec<Finding> =
            on_contract.map(|activity| stay_until_the_end(inquiry, &request, activity, ported)).collect();
        Finding::all(findings, || {
            idle("de gegevens rusten niet op een overeenkomst", "the data do not rest on a contract")
        })
    })
}

fn stay_until_the_end(
    inquiry: &Inquiry<'_>,
    request: &Request,
    activity: Seen<'_, Activity>,
    ported: Event,
) -> Finding {
    let retentions = inquiry.related::<Retention>("activity", activity.stream);
    // What is destroyed after its period was over may go.
    let over = |date: &PartialDate| {
        let reached =
            retentions.iter().filter_map(|retention| retention.reached.map(|reached| reached.day_not_after(date)));
        reached.reduce(Ternary::or).unwrap_or(Ternary::False)
    };
    let destroyed = retentions.iter().flat_map(|retention| {
        let early =
            |date: &PartialDate| retention.reached.is_none_or(|reached| reached.day_not_after(date) == Ternary::False);
        retention.destructions.iter().filter(move |destroyed| early(&destroyed.from)).map(Event::from)
    });
    let erased = request.erasure_executed.iter().filter(|erased| over(&erased.from) == Ternary::False).map(Event::from);
    let what = Text::new(
        "wissen of vernietigen van contractgegevens binnen de bewaartermijn",
        "erasing or destroying contract data within the retention period",
    );
    no_event_after(&what, ported, destroyed.chain(erased))
}
