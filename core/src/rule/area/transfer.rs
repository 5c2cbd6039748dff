//! Transfers to third countries (GDPR Art. 44-49): whether a transfer rests on a ground that holds, as the law stood that day.

use crate::family::dpia::{Dpia, RiskTopic};
use crate::family::kit::key_text;
use crate::family::legal_instrument::{LegalInstrument, ScopeKind};
use crate::family::party::DpfStanding;
use crate::family::platform::{Platform, RiskTopic as PlatformTopic};
use crate::family::privacy_notice::PrivacyNotice;
use crate::family::transfer_ground::{GroundKind, GroundPeriod, ImpactOutcome, TransferGround};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, HOUSE, POLICY, Validity};
use crate::rule::template::{Event, age, decide, legal_validity};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Finding, Mark};
use crate::time::{Calendar, PartialDate, Ternary};

pub(in crate::rule) const AREA: Area = Area {
    name: words("doorgifte naar derde landen", "transfers to third countries"),
    rules: &[
        Rule {
            id: "TRF-01",
            title: words("Een doorgifte rust op een grond die geldt", "A transfer rests on a ground that holds"),
            explanation: words(
                "Zolang gegevens worden doorgegeven, is er een adequaatheidsbesluit, een passende waarborg of een afwijking, en het rechtsinstrument waarop die rust, is van kracht. Het beleid noemt welke besluiten het aanvaardt.",
                "As long as data go to a third country there is an adequacy decision, an appropriate safeguard or a derogation, and the legal instrument on which it rests is in force. The policy lists which decisions it accepts.",
            ),
            sources: &["GDPR 44-49", "P18 6.8"],
            checks: &[
                check!(TransferGround, Law, Lawfulness, GDPR, [InForceAt, LegalValidity], has_a_valid_ground),
                check!(TransferGround, Policy, Accountability, POLICY, [Coverage], ground_is_accepted),
            ],
        },
        Rule {
            id: "TRF-02",
            title: words("Adequaatheid dekt het land en de ontvanger", "Adequacy covers the country and the recipient"),
            explanation: words(
                "Rust een doorgifte op een adequaatheidsbesluit, dan gaat dat besluit over het land van de ontvanger, dekt het deze ontvanger en is het van kracht.",
                "Where a transfer rests on an adequacy decision, the decision is about the country of the recipient, covers this recipient, and is in force.",
            ),
            sources: &["GDPR 45", "P18 6.8.1"],
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
                "Standaardcontractbepalingen zijn geldig en beoordeeld",
                "Standard contractual clauses are valid and assessed",
            ),
            explanation: words(
                "De set standaardcontractbepalingen is van kracht en voor dit contract bruikbaar, en er is een goedgekeurde doorgiftebeoordeling voor juist deze set die niet op onvoldoende uitkomt.",
                "The set of clauses is in force and usable for this contract, and there is an approved impact assessment for this very set that does not come out as insufficient.",
            ),
            sources: &["GDPR 46(2)(c)", "CJEU C-311/18", "EDPB 01/2020"],
            checks: &[check!(
                TransferGround,
                Law,
                Lawfulness,
                Applies::Law(&["LEX-C311-18"]),
                [LegalValidity, InForceAt],
                clauses_are_assessed,
            )],
        },
        Rule {
            id: "TRF-05",
            title: words("Afwijkingen zijn uitzonderingen", "Derogations are exceptions"),
            explanation: words(
                "Een afwijking noemt waarom de doorgifte noodzakelijk is, is niet herhaald tenzij dat is gerechtvaardigd, en een overheid beroept zich bij openbare bevoegdheden niet op toestemming, overeenkomst of dwingende belangen.",
                "A derogation says why the transfer is necessary, is not repetitive unless justified, and a public authority exercising public powers does not rely on consent, contract or compelling interests.",
            ),
            sources: &["GDPR 49(1)", "GDPR 49(3)"],
            checks: &[check!(TransferGround, Law, Lawfulness, GDPR, [Complete], derogation_is_exceptional)],
        },
        Rule {
            id: "TRF-06",
            title: words("Mensen weten land en grond", "People are told the country and the ground"),
            explanation: words(
                "De privacyverklaring van de activiteit noemt de doorgifte met de grond en het rechtsinstrument waarop zij nu rust; een andere grond vraagt een nieuwe versie.",
                "The notice of the activity tells of the transfer with the ground and the instrument on which it now rests; another ground needs a new version.",
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
                "Vindt een gegevensbeschermingseffectbeoordeling dat afspraken over doorgifte ontbreken, dan is dat risico afgesloten of begint de verwerking niet.",
                "Where an impact assessment finds that agreements on transfers are missing, that risk is closed or processing does not begin.",
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
                "Rust een doorgifte op het EU-VS-kader, dan is het besluit van kracht en staat de ontvanger als actief op de lijst; de lijst is binnen de huistermijn nog bekeken en er is een terugvalgrond.",
                "Where a transfer rests on the Data Privacy Framework, the decision is in force and the recipient is active on the list; the list was looked at within the house term, and there is a ground to fall back on.",
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
                "De risicobeoordeling van een platform in een derde land noemt de afhankelijkheid van de leverancier.",
                "The risk assessment of a platform names the dependence on its vendor.",
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

/// The kinds of ground that are adequacy decisions.
const ADEQUACY: &[GroundKind] =
    &[GroundKind::Adequacy, GroundKind::Dpf, GroundKind::PrivacyShield, GroundKind::SafeHarbour];

// --- TRF-01 ----------------------------------------------------------------------------------------------------------

fn has_a_valid_ground<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    running(inquiry, transfer, || match &transfer.ground {
        None => {
            Finding::fail(words("voor de doorgifte is geen grond vastgelegd", "no ground is recorded for the transfer"))
        }
        Some(period) => ground_holds(inquiry, period),
    })
}

fn ground_holds(inquiry: &Inquiry<'_>, period: &GroundPeriod) -> Finding {
    let kind = key_text(&period.ground.kind);
    let finding = match &period.ground.instrument {
        Some(code) => legal_validity(inquiry, code.as_str()),
        None if ADEQUACY.contains(&period.ground.kind) || period.ground.kind == GroundKind::Scc => {
            Finding::indeterminate(say!(
                "de grond is {kind}, maar welk rechtsinstrument is niet vastgelegd",
                "the ground is {kind}, but which legal instrument is not recorded"
            ))
        }
        None => Finding::pass(say!("de doorgifte rust op {kind}", "the transfer rests on {kind}")),
    };
    finding.by(period.sequence)
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
    let kind = key_text(&period.ground.kind);
    let listed = matches!(period.ground.kind, GroundKind::Adequacy | GroundKind::Dpf) && accepts.has("EC_LIST");
    if !listed && !accepts.has(&kind) {
        return Finding::fail(say!("het beleid aanvaardt {kind} niet", "the policy does not accept {kind}"))
            .by(period.sequence);
    }
    let finding = Finding::pass(say!("het beleid aanvaardt {kind}", "the policy accepts {kind}")).by(period.sequence);
    let standing = period.ground.instrument.as_ref().map(|code| inquiry.validity_of(code.as_str()));
    match standing {
        Some(Validity::Ended { .. } | Validity::Void { decided: true, .. }) => finding.marked(Mark::PolicyStale),
        _ => finding,
    }
}

// --- TRF-02 ----------------------------------------------------------------------------------------------------------

fn adequacy_covers<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, ADEQUACY, |period| {
        let Some(code) = &period.ground.instrument else {
            return Finding::indeterminate(words(
                "welk adequaatheidsbesluit het is, is niet vastgelegd",
                "which adequacy decision it is, is not recorded",
            ))
            .by(period.sequence);
        };
        let validity = legal_validity(inquiry, code.as_str()).by(period.sequence);
        match inquiry.instrument(code.as_str()) {
            Some(instrument) => validity
                .and(country_is_covered(transfer, instrument))
                .and(recipient_is_covered(transfer, period, instrument)),
            None => validity,
        }
    })
}

fn country_is_covered(transfer: Seen<'_, TransferGround>, instrument: Seen<'_, LegalInstrument>) -> Finding {
    let (Some(country), Some(territory)) = (&transfer.country, &instrument.territory) else {
        return Finding::indeterminate(words(
            "het land van de ontvanger of van het besluit is niet vastgelegd",
            "the country of the recipient or of the decision is not recorded",
        ));
    };
    if country == territory {
        Finding::pass(say!("het besluit gaat over {territory}", "the decision is about {territory}"))
    } else {
        Finding::fail(say!(
            "het besluit gaat over {territory}, niet over {country}",
            "the decision is about {territory}, not {country}"
        ))
    }
}

/// Decisions that cover only some recipients need a look at the list.
fn recipient_is_covered(
    transfer: Seen<'_, TransferGround>,
    period: &GroundPeriod,
    instrument: Seen<'_, LegalInstrument>,
) -> Finding {
    let listed = instrument.scope.as_ref().and_then(|scope| scope.recipients);
    match listed {
        None | Some(ScopeKind::All | ScopeKind::Sector) => {
            Finding::pass(words("het besluit kent geen lijst van ontvangers", "the decision has no list of recipients"))
        }
        Some(_) if period.ground.listing_checked.is_some() || transfer.dpf_certification.is_some() => Finding::pass(
            words("de vermelding van de ontvanger is gecontroleerd", "the listing of the recipient was checked"),
        ),
        Some(_) => Finding::fail(words(
            "dat de ontvanger op de lijst van het besluit staat, is niet vastgelegd",
            "that the recipient is on the list of the decision is not recorded",
        )),
    }
}

// --- TRF-03 ----------------------------------------------------------------------------------------------------------

fn privacy_shield_holds<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, &[GroundKind::PrivacyShield], |period| ground_holds(inquiry, period))
}

fn privacy_shield_is_accepted<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, &[GroundKind::PrivacyShield], |period| policy_accepts(inquiry, period))
}

// --- TRF-04 ----------------------------------------------------------------------------------------------------------

fn clauses_are_assessed<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, &[GroundKind::Scc], |period| {
        ground_holds(inquiry, period)
            .and(clauses_are_usable(inquiry, period))
            .and(impact_is_assessed(inquiry, transfer, period))
    })
}

/// A set that is being replaced may not be taken up any more, while contracts on it may go on for a time.
fn clauses_are_usable(inquiry: &Inquiry<'_>, period: &GroundPeriod) -> Finding {
    let instrument = period.ground.instrument.as_ref().and_then(|code| inquiry.instrument(code.as_str()));
    let closed = instrument.and_then(|instrument| instrument.new_use_until);
    let taken_up_late = closed.map_or(Ternary::False, |until| until.not_after(&period.since));
    decide(
        taken_up_late,
        || {
            Finding::fail(say!(
                "deze set is pas op {} in gebruik genomen, terwijl dat niet meer mocht",
                "this set was taken up only on {}, when that was allowed no more",
                period.since
            ))
        },
        || {
            Finding::pass(words(
                "deze set mocht voor dit contract worden gebruikt",
                "this set could be used for this contract",
            ))
        },
        || {
            Finding::indeterminate(words(
                "de datums beslissen niet of de set nog gebruikt mocht worden",
                "the dates do not decide whether the set could still be used",
            ))
        },
    )
    .by(period.sequence)
}

fn impact_is_assessed(inquiry: &Inquiry<'_>, transfer: Seen<'_, TransferGround>, period: &GroundPeriod) -> Finding {
    let for_this_set = transfer
        .impact_assessments
        .iter()
        .filter(|assessment| assessment.instrument.is_none() || assessment.instrument == period.ground.instrument);
    let approved = for_this_set.filter_map(|assessment| Some((assessment, assessment.approved?)));
    let approved = approved.filter(|(_, approved)| inquiry.happened(approved) == Ternary::True).last();
    let Some((assessment, approved)) = approved else {
        return Finding::fail(words(
            "voor deze set is geen doorgiftebeoordeling goedgekeurd, en die moet er zijn voordat gegevens gaan",
            "no impact assessment is approved for this set, and there must be one before data go",
        ))
        .by(period.sequence);
    };
    match assessment.outcome {
        Some(ImpactOutcome::Sufficient) => Finding::pass(say!(
            "de doorgiftebeoordeling van {approved} komt uit op voldoende",
            "the impact assessment of {approved} comes out as sufficient"
        )),
        Some(ImpactOutcome::SufficientWithMeasures) => measures_are_taken(transfer, approved),
        Some(ImpactOutcome::Insufficient) => Finding::fail(say!(
            "de doorgiftebeoordeling van {approved} komt uit op onvoldoende",
            "the impact assessment of {approved} comes out as insufficient"
        )),
        None => Finding::indeterminate(words(
            "de uitkomst van de doorgiftebeoordeling is niet vastgelegd",
            "the outcome of the impact assessment is not recorded",
        )),
    }
    .by(assessment.sequence)
}

fn measures_are_taken(transfer: Seen<'_, TransferGround>, approved: PartialDate) -> Finding {
    if transfer.supplementary_measure_adopted.is_empty() {
        return Finding::fail(words(
            "de doorgiftebeoordeling rekent op aanvullende maatregelen, en die zijn niet genomen",
            "the impact assessment counts on supplementary measures, and none are taken",
        ));
    }
    let text = say!(
        "de doorgiftebeoordeling van {approved} komt uit op voldoende met aanvullende maatregelen, en die zijn genomen",
        "the impact assessment of {approved} comes out as sufficient with supplementary measures, and these are taken"
    );
    Finding::pass(text).by_all(&transfer.supplementary_measure_adopted)
}

// --- TRF-05 ----------------------------------------------------------------------------------------------------------

fn derogation_is_exceptional<'w>(_inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    use crate::family::transfer_ground::Derogation as D;
    let findings = transfer.derogation_invoked.iter().map(|invoked| {
        let fact = &invoked.fact;
        let necessity = if fact.necessity.is_some() {
            Finding::pass(words("de noodzaak is vastgelegd", "the necessity is recorded"))
        } else {
            Finding::fail(words(
                "waarom de doorgifte noodzakelijk is, is niet vastgelegd",
                "why the transfer is necessary is not recorded",
            ))
        };
        let repeated = if fact.repetitive == Some(true) && fact.justification.is_none() {
            Finding::fail(words(
                "de doorgifte is herhaald en dat is niet gerechtvaardigd",
                "the transfer is repetitive and that is not justified",
            ))
        } else {
            Finding::pass(words(
                "de doorgifte is niet herhaald, of dat is gerechtvaardigd",
                "the transfer is not repetitive, or that is justified",
            ))
        };
        let barred = matches!(
            fact.derogation,
            D::ExplicitConsent | D::Contract | D::ContractInInterest | D::CompellingInterests
        );
        let powers = if barred && fact.public_powers == Some(true) {
            Finding::fail(words(
                "een overheid beroept zich bij openbare bevoegdheden niet op deze afwijking",
                "a public authority exercising public powers cannot rely on this derogation",
            ))
        } else {
            Finding::pass(words(
                "de afwijking staat voor deze activiteit open",
                "the derogation is open to this activity",
            ))
        };
        necessity.and(repeated).and(powers).by(invoked)
    });
    Finding::all(findings, || {
        Finding::not_applicable(words("er is geen afwijking ingeroepen", "no derogation was invoked"))
    })
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
        let told = versions.map(|version| {
            let ground = version
                .fact
                .transfer_grounds
                .iter()
                .find(|told| told.transfer_ground.as_ref() == Some(transfer.stream));
            let said = ground.is_some_and(|told| {
                told.ground.as_ref().is_some_and(|ground| ground.as_str() == key_text(&period.ground.kind))
            });
            if said {
                Finding::pass(words(
                    "de privacyverklaring noemt de doorgifte en haar grond",
                    "the notice tells of the transfer and its ground",
                ))
                .by(version)
            } else {
                Finding::fail(words(
                    "de geldende privacyverklaring noemt de grond niet waarop de doorgifte nu rust",
                    "the notice in force does not tell the ground on which the transfer now rests",
                ))
                .by(version)
                .by(period.sequence)
                .marked(Mark::NoticeStale)
            }
        });
        let told: Vec<Finding> = told.collect();
        Finding::any(told, || {
            Finding::fail(words(
                "er is geen privacyverklaring van deze activiteit",
                "there is no notice of this activity",
            ))
            .by(period.sequence)
        })
    })
}

// --- TRF-07 ----------------------------------------------------------------------------------------------------------

fn transfer_gaps_are_closed<'w>(_inquiry: &Inquiry<'w>, dpia: Seen<'w, Dpia>) -> Finding {
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
        let certified = match &transfer.dpf_certification {
            Some(seen) if seen.standing == DpfStanding::Active => {
                Finding::pass(words("de ontvanger staat als actief op de lijst", "the recipient is active on the list"))
                    .by(seen.sequence)
            }
            Some(seen) => Finding::fail(words(
                "de ontvanger staat niet als actief op de lijst",
                "the recipient is not active on the list",
            ))
            .by(seen.sequence),
            None => Finding::fail(words(
                "dat de ontvanger op de lijst staat, is niet vastgelegd",
                "that the recipient is on the list is not recorded",
            )),
        };
        let fallback = match &transfer.fallback {
            Some(fallback) => {
                Finding::pass(words("er is een grond om op terug te vallen", "there is a ground to fall back on"))
                    .by(fallback.sequence)
            }
            None => {
                Finding::warn(words("er is geen grond om op terug te vallen", "there is no ground to fall back on"))
            }
        };
        ground_holds(inquiry, period).and(certified).and(fallback)
    })
}

fn certification_is_checked<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Finding {
    resting_on(inquiry, transfer, &[GroundKind::Dpf], |_| {
        let last = transfer.dpf_certification.as_ref().map(|seen| Event::new(seen.checked, seen.sequence));
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
