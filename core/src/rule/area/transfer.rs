//! Transfers to third countries (GDPR Art. 44-49): whether a transfer rests on a ground that holds, as the law stood that day.

use crate::family::activity::Activity;
use crate::family::dpia::{Dpia, RiskTopic};
use crate::family::kit::key_text;
use crate::family::platform::{Platform, RiskTopic as PlatformTopic};
use crate::family::privacy_notice::{PrivacyNotice, ToldTransfer};
use crate::family::rule_set::{Layer, Outcome};
use crate::family::transfer_ground::{GroundKind, GroundPeriod, ImpactAssessment, ImpactOutcome, TransferGround};
use crate::ledger::name::StreamId;
use crate::rule::catalogue::{Area, Check, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, HOUSE, POLICY, Validity};
use crate::rule::template::{Event, Template, age, decide};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Class, Finding, Mark};
use crate::time::{Calendar, PartialDate, Ternary};

mod derogation;
mod ground;

use derogation::derogations_hold;
use ground::{ADEQUACY, SAFEGUARDS, certification, decision_covers, ground_holds, is_over, named, recipient_is_listed};

pub(in crate::rule) const AREA: Area = Area {
    name: words("doorgifte naar derde landen", "transfers to third countries"),
    rules: &[
        Rule {
            id: "TRF-01",
            title: words("Een doorgifte rust op een grond die geldt", "A transfer rests on a ground that holds"),
            explanation: words(
                "Zolang gegevens worden doorgegeven, is er een adequaatheidsbesluit, een passende waarborg of een afwijking. De grond geldt als het rechtsinstrument waarop hij rust van die soort is en van kracht is, en aan zijn eigen voorwaarden is voldaan: het besluit dekt land en ontvanger, de set mocht nog worden gebruikt, de toezichthouder keurde de waarborg goed, of de afwijking staat open. Niet getoetst is wat in de stukken staat, en of de gegevens in het derde land werkelijk zijn beschermd. Het beleid noemt welke besluiten het aanvaardt.",
                "As long as data go to a third country there is an adequacy decision, an appropriate safeguard or a derogation. The ground holds where its legal instrument is of that kind and in force, and its own conditions are met: the decision covers the country and the recipient, the set could still be used, the authority approved the safeguard, or the derogation is open. What the papers say, and whether the data are in fact protected in the third country, is not tested. The policy lists which decisions it accepts.",
            ),
            sources: &["GDPR 44-49", "P18 6.8"],
            checks: &[
                // A transfer may be told to have begun before the first fact about it takes effect: then there is no state, and a duty.
                Check {
                    family: <TransferGround as crate::family::kit::Declared>::NAME,
                    layer: Layer::Law,
                    class: Class::Lawfulness,
                    applies: GDPR,
                    templates: &[Template::InForceAt, Template::LegalValidity],
                    judge: has_a_valid_ground,
                },
                check!(TransferGround, Policy, Accountability, POLICY, [Coverage], ground_is_accepted),
            ],
        },
        Rule {
            id: "TRF-02",
            title: words("Adequaatheid dekt het land en de ontvanger", "Adequacy covers the country and the recipient"),
            explanation: words(
                "Rust een doorgifte op een adequaatheidsbesluit, dan gaat dat besluit over het land van de ontvanger en is het van kracht. Een besluit over één sector of over ontvangers op een lijst dekt alleen wie daartoe behoort. Welke gegevens een certificering dekt, is niet getoetst.",
                "Where a transfer rests on an adequacy decision, the decision is about the country of the recipient and in force. A decision on a sector, or on recipients on a list, covers only those who belong to it. Which data a certification covers is not tested.",
            ),
            sources: &["GDPR 45(1)", "P18 6.8.3(1)"],
            checks: &[check!(TransferGround, Law, Lawfulness, GDPR, [LegalValidity, Coverage], adequacy_covers)],
        },
        Rule {
            id: "TRF-03",
            title: words(
                "Het Privacy Shield is een grond zolang het geldt",
                "The Privacy Shield is a ground as long as it holds",
            ),
            explanation: words(
                "Een doorgifte op het Privacy Shield is geldig zolang dat besluit van kracht is. Het beleid beslist of het dit besluit aanvaardt; noemt het dat nog terwijl de wet het niet meer kent, dan is het beleid verouderd.",
                "A transfer on the Privacy Shield holds as long as that decision is in force. The policy decides whether it accepts it; a policy that still lists what the law no longer knows is stale.",
            ),
            sources: &["GDPR 45", "CJEU C-311/18", "P18 6.8.3"],
            checks: &[
                check!(TransferGround, Law, Lawfulness, GDPR, [LegalValidity], privacy_shield_holds),
                check!(TransferGround, Policy, Accountability, POLICY, [Coverage], privacy_shield_is_accepted),
            ],
        },
        Rule {
            id: "TRF-04",
            title: words(
                "Een passende waarborg geldt, en de doorgifte is beoordeeld",
                "An appropriate safeguard holds, and the transfer is assessed",
            ),
            explanation: words(
                "Rust een doorgifte op standaardcontractbepalingen, bindende bedrijfsvoorschriften of een andere passende waarborg, dan geldt die waarborg, en is er een goedgekeurde doorgiftebeoordeling voor juist deze waarborg die niet op onvoldoende uitkomt. Niet getoetst is of de module bij de rollen past, of de stukken zijn ondertekend, en wat in de bijlagen staat.",
                "Where a transfer rests on standard contractual clauses, binding corporate rules or another appropriate safeguard, that safeguard holds, and there is an approved impact assessment for this very safeguard that does not come out as insufficient. Whether the module fits the roles, whether the papers are signed, and what the annexes say is not tested.",
            ),
            sources: &["GDPR 44", "GDPR 46", "CJEU C-311/18", "EDPB 01/2020"],
            checks: &[
                check!(TransferGround, Law, Lawfulness, GDPR, [LegalValidity, InForceAt], safeguard_is_assessed,),
            ],
        },
        Rule {
            id: "TRF-05",
            title: words("Afwijkingen zijn uitzonderingen", "Derogations are exceptions"),
            explanation: words(
                "Elke afwijking voldoet aan haar eigen voorwaarden: de noodzaak is vastgelegd, of de tekst waarmee om uitdrukkelijke toestemming is gevraagd; de doorgifte is niet herhaald waar dat niet mag; bij dwingende belangen zijn de toezichthouder en de betrokkenen geïnformeerd, gaat het om een beperkt aantal betrokkenen en is de beoordeling vastgelegd. Een overheid beroept zich bij openbare bevoegdheden niet op toestemming, overeenkomst of dwingende belangen. Niet getoetst is of de noodzaak overtuigt, wat in de tekst staat, en of een andere grond mogelijk was.",
                "Each derogation meets its own conditions: the necessity is recorded, or the text by which explicit consent was asked; the transfer is not repetitive where it may not be; for compelling interests the authority and the data subjects were told, it concerns a limited number of people, and the assessment is recorded. A public authority exercising public powers does not rely on consent, contract or compelling interests. Whether the necessity convinces, what the text says, and whether another ground was possible is not tested.",
            ),
            sources: &["GDPR 49(1)", "GDPR 49(3)", "GDPR 49(6)"],
            checks: &[check!(TransferGround, Law, Lawfulness, GDPR, [Complete], derogation_is_exceptional)],
        },
        Rule {
            id: "TRF-06",
            title: words("Betrokkenen kennen land en grond", "Data subjects are told the country and the ground"),
            explanation: words(
                "De privacyverklaring van de activiteit noemt de doorgifte met het land, de grond en het rechtsinstrument waarop zij nu rust; een andere grond vraagt een nieuwe versie. Noemt de ene verklaring van de activiteit de doorgifte wel en de andere niet, dan is dat een aandachtspunt. Niet getoetst is of zij zegt hoe men een kopie van de waarborgen krijgt.",
                "The notice of the activity tells of the transfer with the country, the ground and the instrument on which it now rests; another ground needs a new version. Where one notice of the activity tells of the transfer and another does not, that is something to attend to. Whether it says how to get a copy of the safeguards is not tested.",
            ),
            sources: &["GDPR 13(1)(f)", "GDPR 14(1)(f)"],
            checks: &[check!(TransferGround, Law, Lawfulness, GDPR, [Reconcile], notice_tells_the_ground)],
        },
        Rule {
            id: "TRF-07",
            title: words(
                "Ontbrekende afspraken over doorgifte worden gedicht",
                "Missing agreements on transfers are closed",
            ),
            explanation: words(
                "Vindt een gegevensbeschermingseffectbeoordeling dat afspraken over doorgifte ontbreken, dan is dat risico afgesloten of is de verwerking niet begonnen.",
                "Where an impact assessment finds that agreements on transfers are missing, that risk is closed or processing has not begun.",
            ),
            sources: &["GDPR 35(7)(d)", "GDPR 46"],
            checks: &[check!(
                Dpia,
                Supervisor,
                Accountability,
                Applies::Law(&["LEX-AP-EDU"]),
                [Coverage],
                transfer_gaps_are_closed
            )],
        },
        Rule {
            id: "TRF-08",
            title: words("Een DPF-ontvanger is gecertificeerd", "A recipient under the DPF is certified"),
            explanation: words(
                "Rust een doorgifte op het EU-VS-kader, dan is het besluit van kracht en staat de ontvanger bij de laatste controle als actief op de lijst. Is de certificering aan verlenging toe en daarna niet meer bekeken, dan is dat niet vast te stellen. De lijst is binnen de huistermijn nog bekeken en er is een terugvalgrond. Welke gegevens de certificering dekt, is niet getoetst.",
                "Where a transfer rests on the Data Privacy Framework, the decision is in force and the recipient was active on the list at the last look. Where the certification was due for renewal and nobody looked since, that cannot be decided. The list was looked at within the house term, and there is a ground to fall back on. Which data the certification covers is not tested.",
            ),
            sources: &["GDPR 45", "Decision (EU) 2023/1795"],
            checks: &[
                check!(TransferGround, Law, Lawfulness, GDPR, [InForceAt, LegalValidity], recipient_is_certified),
                check!(
                    TransferGround,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Age],
                    certification_is_checked
                ),
            ],
        },
        Rule {
            id: "TRF-09",
            title: words("Afhankelijkheid van de leverancier is gewogen", "Dependence on the vendor is weighed"),
            explanation: words(
                "De risicobeoordeling van een platform noemt de afhankelijkheid van de leverancier. In welk land die is gevestigd, is niet getoetst.",
                "The risk assessment of a platform names the dependence on its vendor. In which country that is established is not tested.",
            ),
            sources: &["GDPR 24", "GDPR 25", "GDPR 35"],
            checks: &[check!(Platform, Practice, Accountability, Applies::Practice, [Complete], dependence_is_weighed)],
        },
    ],
};

// --- Whether data go ------------------------------------------------------------------------------------------------

/// Judges a transfer while data go; before the first, while it is suspended and after the end nothing is asked of its ground.
fn running<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>, judge: impl FnOnce() -> Finding) -> Finding {
    let idle = |nl: &str, en: &str| Finding::not_applicable(Text::new(nl, en));
    if let Some(ceased) = &transfer.ceased {
        return idle("de doorgifte is beëindigd", "the transfer has ended").by(ceased);
    }
    if let Some(suspension) = transfer.suspensions.last().filter(|suspension| suspension.until.is_none()) {
        return idle("de doorgifte is opgeschort", "the transfer is suspended").by(suspension.sequence);
    }
    // When the first data went may be told later; it counts for the time before as well.
    let told = inquiry.state_with_later_facts::<TransferGround>(transfer.stream);
    let first = told.and_then(|told| told.first_transfer).or(transfer.running_since);
    let Some(first) = first else {
        return idle("er worden nog geen gegevens doorgegeven", "no data go yet");
    };
    decide(
        inquiry.within(Some(&first), None),
        judge,
        || idle("er worden nog geen gegevens doorgegeven", "no data go yet"),
        || {
            Finding::indeterminate(Text::new(
                "of er al gegevens worden doorgegeven, beslist de datum niet",
                "the date does not decide whether data go yet",
            ))
        },
    )
}

/// Judges the ground on which a running transfer rests, if it is of a kind.
fn resting_on<'w>(
    inquiry: &Inquiry<'w>,
    transfer: Seen<'w, TransferGround>,
    kinds: &[GroundKind],
    judge: impl FnOnce(&'w GroundPeriod) -> Finding,
) -> Finding {
    let state: &'w TransferGround = transfer.state;
    match &state.ground {
        Some(period) if kinds.contains(&period.ground.kind) => running(inquiry, transfer, || judge(period)),
        _ => Finding::not_applicable(words(
            "de doorgifte rust niet op zo'n grond",
            "the transfer does not rest on such a ground",
        )),
    }
}

// --- TRF-01 ----------------------------------------------------------------------------------------------------------

fn has_a_valid_ground(inquiry: &Inquiry<'_>) -> Finding {
    match inquiry.state::<TransferGround>(inquiry.subject) {
        Some(transfer) => running(inquiry, transfer, || match &transfer.state.ground {
            None => Finding::fail(words(
                "voor de doorgifte is geen grond vastgelegd",
                "no ground is recorded for the transfer",
            )),
            Some(period) => ground_holds(inquiry, transfer, period),
        }),
        None => ground_before_the_first_fact(inquiry),
    }
}

/// Data may be told to have gone before the first fact about the transfer takes effect: what was told later about its ground counts,
/// and where that begins later too, there was none.
fn ground_before_the_first_fact(inquiry: &Inquiry<'_>) -> Finding {
    let nothing = || {
        Finding::not_applicable(words(
            "op dat moment was hierover niets vastgelegd dat gold",
            "at that moment nothing was recorded of it that was in force",
        ))
    };
    let Some(told) = inquiry.state_with_later_facts::<TransferGround>(inquiry.subject) else { return nothing() };
    let Some(first) = told.first_transfer else { return nothing() };
    let mut periods = told.state.earlier_grounds.iter().chain(&told.state.ground);
    let resting = periods.find(|period| inquiry.within(Some(&period.since), period.until.as_ref()) == Ternary::True);
    decide(
        inquiry.within(Some(&first), None),
        || match resting {
            Some(period) => ground_holds(inquiry, told, period),
            None => Finding::fail(say!(
                "sinds {first} worden gegevens doorgegeven, en op dat moment was er nog geen grond",
                "data have gone since {first}, and at that moment there was no ground yet"
            ))
            .by_all(told.state.ground.iter().map(|period| period.sequence)),
        },
        nothing,
        || {
            Finding::indeterminate(words(
                "of er al gegevens worden doorgegeven, beslist de datum niet",
                "the date does not decide whether data go yet",
            ))
        },
    )
}

fn ground_is_accepted<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, ADEQUACY, |period| policy_accepts(inquiry, period))
}

/// The policy lists the decisions that it accepts; on other grounds it says nothing here.
fn policy_accepts(inquiry: &Inquiry<'_>, period: &GroundPeriod) -> Finding {
    let Some(accepts) = inquiry.parameter(HOUSE, "adequacyAccepts") else {
        return Finding::not_applicable(words(
            "het beleid noemt niet welke adequaatheidsbesluiten het aanvaardt",
            "the policy does not list which adequacy decisions it accepts",
        ));
    };
    let kind = named(period.ground.kind);
    let (nl, en) = (kind.nl, kind.en);
    let listed = matches!(period.ground.kind, GroundKind::Adequacy | GroundKind::Dpf) && accepts.has("EC_LIST");
    if !listed && !accepts.has(&key_text(&period.ground.kind)) {
        return Finding::fail(say!("het beleid aanvaardt {nl} niet", "the policy does not accept {en}"))
            .by(period.sequence);
    }
    let finding = Finding::pass(say!("het beleid aanvaardt {nl}", "the policy accepts {en}")).by(period.sequence);
    let standing = period.ground.instrument.as_ref().map(|code| inquiry.validity_of(code.as_str()));
    match standing {
        Some(Validity::Ended { .. } | Validity::Void { decided: true, .. }) => finding.marked(Mark::PolicyStale),
        _ => finding,
    }
}

// --- TRF-02 ----------------------------------------------------------------------------------------------------------

fn adequacy_covers<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, ADEQUACY, |period| decision_covers(inquiry, transfer, period).by(period.sequence))
}

// --- TRF-03 ----------------------------------------------------------------------------------------------------------

fn privacy_shield_holds<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, &[GroundKind::PrivacyShield], |period| ground_holds(inquiry, transfer, period))
}

fn privacy_shield_is_accepted<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, &[GroundKind::PrivacyShield], |period| policy_accepts(inquiry, period))
}

// --- TRF-04 ----------------------------------------------------------------------------------------------------------

fn safeguard_is_assessed<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, SAFEGUARDS, |period| {
        ground_holds(inquiry, transfer, period).and(impact_is_assessed(inquiry, transfer, period))
    })
}

fn impact_is_assessed(inquiry: &Inquiry<'_>, transfer: Seen<'_, TransferGround>, period: &GroundPeriod) -> Finding {
    let for_this_ground = transfer
        .impact_assessments
        .iter()
        .filter(|assessment| assessment.instrument.is_none() || assessment.instrument == period.ground.instrument);
    let approved = for_this_ground.filter_map(|assessment| Some((assessment, assessment.approved?)));
    let approved = approved.filter(|(_, approved)| inquiry.happened(approved) == Ternary::True).last();
    let Some((assessment, approved)) = approved else {
        return Finding::fail(words(
            "voor deze waarborg is geen doorgiftebeoordeling goedgekeurd, en die moet er zijn voordat gegevens worden doorgegeven",
            "no impact assessment is approved for this safeguard, and there must be one before data go",
        ))
        .by(period.sequence);
    };
    let finding = match assessment.outcome {
        Some(ImpactOutcome::Sufficient) => Finding::pass(say!(
            "de doorgiftebeoordeling van {approved} komt uit op voldoende",
            "the impact assessment of {approved} comes out as sufficient"
        )),
        Some(ImpactOutcome::SufficientWithMeasures) => measures_are_taken(inquiry, transfer, approved),
        Some(ImpactOutcome::Insufficient) => Finding::fail(say!(
            "de doorgiftebeoordeling van {approved} komt uit op onvoldoende",
            "the impact assessment of {approved} comes out as insufficient"
        )),
        None => Finding::indeterminate(words(
            "de uitkomst van de doorgiftebeoordeling is niet vastgelegd",
            "the outcome of the impact assessment is not recorded",
        )),
    };
    finding.by(assessment.sequence).and(review_is_not_overdue(inquiry, assessment))
}

/// An assessment that was to be reviewed by now may no longer be right.
fn review_is_not_overdue(inquiry: &Inquiry<'_>, assessment: &ImpactAssessment) -> Finding {
    match assessment.next_review.filter(|review| is_over(inquiry, review) == Ternary::True) {
        Some(review) => Finding::warn(say!(
            "de doorgiftebeoordeling moest uiterlijk op {review} worden herzien",
            "the impact assessment was to be reviewed by {review}"
        ))
        .by(assessment.sequence),
        None => Finding::not_applicable(words("er is geen herziening achterstallig", "no review is overdue")),
    }
}

fn measures_are_taken(inquiry: &Inquiry<'_>, transfer: Seen<'_, TransferGround>, approved: PartialDate) -> Finding {
    let works = |from: Option<PartialDate>| from.is_none_or(|from| inquiry.within(Some(&from), None) != Ternary::False);
    let adopted = transfer.state.supplementary_measure_adopted.iter();
    let taken: Vec<_> = adopted.filter(|measure| works(measure.fact.effective_from)).collect();
    if taken.is_empty() {
        return Finding::fail(words(
            "de doorgiftebeoordeling rekent op aanvullende maatregelen, en die zijn niet genomen",
            "the impact assessment counts on supplementary measures, and none are taken",
        ));
    }
    let text = say!(
        "de doorgiftebeoordeling van {approved} komt uit op voldoende met aanvullende maatregelen, en die zijn genomen",
        "the impact assessment of {approved} comes out as sufficient with supplementary measures, and these are taken"
    );
    Finding::pass(text).by_all(taken)
}

// --- TRF-05 ----------------------------------------------------------------------------------------------------------

fn derogation_is_exceptional<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    if transfer.state.derogation_invoked.is_empty() {
        return Finding::not_applicable(words("er is geen afwijking ingeroepen", "no derogation was invoked"));
    }
    derogations_hold(inquiry, transfer, |_| true)
}

// --- TRF-06 ----------------------------------------------------------------------------------------------------------

fn notice_tells_the_ground<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    let state: &'w TransferGround = transfer.state;
    let (Some(activity), Some(period)) = (&state.activity, &state.ground) else {
        return Finding::not_applicable(words(
            "de doorgifte heeft geen activiteit of geen grond",
            "the transfer has no activity or no ground",
        ));
    };
    running(inquiry, transfer, || {
        let notices = inquiry.related::<PrivacyNotice>("activity", activity);
        let versions = notices.iter().filter_map(|notice| notice.state.current.as_ref());
        let told: Vec<Finding> = versions
            .map(|version| {
                let mut grounds = version.fact.transfer_grounds.iter();
                let told = grounds.find(|told| told.transfer_ground.as_ref() == Some(transfer.stream));
                transfer_is_told(transfer, period, told, version.from).by(version)
            })
            .collect();
        let everywhere = told.iter().all(|finding| finding.outcome != Outcome::Fail);
        let best = Finding::any(told, || {
            Finding::fail(words(
                "er is geen privacyverklaring van deze activiteit",
                "there is no notice of this activity",
            ))
            .by(period.sequence)
        });
        if everywhere || best.outcome == Outcome::Fail {
            return best;
        }
        best.and(Finding::warn(words(
            "niet elke privacyverklaring van deze activiteit noemt de doorgifte en haar grond",
            "not every notice of this activity tells of the transfer and its ground",
        )))
    })
}

/// What a version of a notice tells of a transfer is what is so: its country, its ground and its instrument.
fn transfer_is_told(
    transfer: Seen<'_, TransferGround>,
    period: &GroundPeriod,
    told: Option<&ToldTransfer>,
    published: PartialDate,
) -> Finding {
    let stale = |text| Finding::fail(text).by(period.sequence).marked(Mark::NoticeStale);
    let kind = key_text(&period.ground.kind);
    let Some(told) = told.filter(|told| told.ground.as_ref().is_some_and(|ground| ground.as_str() == kind)) else {
        return stale(words(
            "de geldende privacyverklaring noemt de grond niet waarop de doorgifte nu rust",
            "the notice in force does not tell the ground on which the transfer now rests",
        ));
    };
    let differs = |said: &Option<_>, so: &Option<_>| said.is_some() && so.is_some() && said != so;
    if differs(&told.country, &transfer.country) {
        return stale(words(
            "de geldende privacyverklaring noemt een ander land dan dat waarheen de gegevens gaan",
            "the notice in force names another country than that to which the data go",
        ));
    }
    if differs(&told.instrument, &period.ground.instrument) {
        return stale(words(
            "de geldende privacyverklaring noemt een ander rechtsinstrument dan waarop de doorgifte nu rust",
            "the notice in force names another legal instrument than that on which the transfer now rests",
        ));
    }
    let named = told.instrument.is_some() || period.ground.instrument.is_none();
    if !named && published.day_not_after(&period.since) == Ternary::True && published != period.since {
        return Finding::warn(words(
            "de geldende privacyverklaring is ouder dan de grond waarop de doorgifte nu rust, en welk rechtsinstrument zij noemt, is niet vastgelegd",
            "the notice in force is older than the ground on which the transfer now rests, and which legal instrument it names is not recorded",
        ))
        .by(period.sequence)
        .marked(Mark::NoticeStale);
    }
    if told.country.is_none() {
        return Finding::warn(words(
            "de geldende privacyverklaring noemt de grond van de doorgifte; dat zij het land noemt, is niet vastgelegd",
            "the notice in force tells the ground of the transfer; that it names the country is not recorded",
        ));
    }
    Finding::pass(words(
        "de privacyverklaring noemt de doorgifte, het land en de grond",
        "the notice tells of the transfer, its country and its ground",
    ))
}

// --- TRF-07 ----------------------------------------------------------------------------------------------------------

fn transfer_gaps_are_closed<'w>(inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
    let state: &'w Dpia = dpia.state;
    let mut activities = state.activities.iter().filter_map(|stream: &'w StreamId| inquiry.state::<Activity>(stream));
    let begun = state.activities.is_empty() || activities.any(|activity| activity.started.is_some());
    if !begun {
        return Finding::not_applicable(words("de verwerking is nog niet begonnen", "processing has not begun"));
    }
    let gaps = dpia.state.risks_recorded.iter().filter(|risk| risk.fact.topic == RiskTopic::TransferGap);
    let findings = gaps.map(|gap| {
        let closing = dpia.measures_adopted.iter().find(|measure| {
            measure.fact.closes == Some(true) && measure.fact.risk.is_some() && measure.fact.risk == gap.fact.risk
        });
        match closing {
            Some(measure) => {
                Finding::pass(words("het ontbreken van afspraken is verholpen", "the lack of agreements is mended"))
                    .by(measure)
            }
            None => Finding::fail(words(
                "afspraken over doorgifte ontbreken en dat risico is niet afgesloten",
                "agreements on transfers are missing and that risk is not closed",
            )),
        }
        .by(gap)
    });
    Finding::all(findings, || {
        Finding::not_applicable(words(
            "er is geen ontbrekende afspraak over doorgifte gevonden",
            "no missing agreement on transfers was found",
        ))
    })
}

// --- TRF-08 ----------------------------------------------------------------------------------------------------------

fn recipient_is_certified<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, &[GroundKind::Dpf], |period| {
        let fallback = match &transfer.fallback {
            Some(fallback) => {
                Finding::pass(words("er is een grond om op terug te vallen", "there is a ground to fall back on"))
                    .by(fallback.sequence)
            }
            None => {
                Finding::warn(words("er is geen grond om op terug te vallen", "there is no ground to fall back on"))
            }
        };
        let listed = recipient_is_listed(inquiry, transfer, period);
        ground_holds(inquiry, transfer, period).and(listed).and(fallback)
    })
}

fn certification_is_checked<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, &[GroundKind::Dpf], |_| {
        let last = certification(inquiry, transfer).map(|seen| Event::new(seen.checked, seen.sequence));
        let what = Text::new("de controle van de lijst", "the look at the list");
        age(inquiry, &what, last, inquiry.house("certificationCheck").as_ref(), Calendar::Strict)
    })
}

// --- TRF-09 ----------------------------------------------------------------------------------------------------------

fn dependence_is_weighed<'w>(_inquiry: &Inquiry<'w>, platform: Seen<'w, Platform>) -> Finding {
    let Some(assessed) = platform.state.risk_assessed.last() else {
        return Finding::warn(words(
            "het risico van het platform is niet beoordeeld",
            "the risk of the platform was not assessed",
        ));
    };
    let weighed = assessed.fact.factors.iter().any(|factor| factor.topic == PlatformTopic::VendorDependence);
    if weighed {
        Finding::pass(words(
            "de afhankelijkheid van de leverancier is gewogen",
            "the dependence on the vendor was weighed",
        ))
        .by(assessed)
    } else {
        Finding::warn(words(
            "de risicobeoordeling noemt de afhankelijkheid van de leverancier niet",
            "the risk assessment does not name the dependence on the vendor",
        ))
        .by(assessed)
    }
}
