//! The ledger itself (GDPR Art. 5(2), 15-19, 25, 30, 32, 35): what it promises, judged as far as facts can show it.
//!
//! Much of it holds by construction and is proven by the program, not by a fact: every entry is chained and signed, every opening of a
//! value goes through one door, every imported fact bears its mark. Each rule says which part is which.

use std::collections::{BTreeMap, BTreeSet};

use crate::family::activity::{Activity, ActivityStatus, ActivityVersion};
use crate::family::checkpoint_attestation::{CheckpointAttestation, IntegrityResult};
use crate::family::dossier::Dated;
use crate::family::dpia::Dpia;
use crate::family::erasure::{ErasedMaterial, Erasure};
use crate::family::evidence_access::{EvidenceAccess, Purpose};
use crate::family::ledger::Ledger;
use crate::family::register_acknowledgement::RegisterAcknowledgement;
use crate::family::register_delivery::{ChangePublished, RegisterDelivery};
use crate::family::retention::Retention;
use crate::family::rule_set::{Evaluated, RuleSet};
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, HOUSE, POLICY};
use crate::rule::retention::{EVIDENCE_CLASSES, classes};
use crate::rule::template::{Due, Event, Precision, complete, coverage, deadline, no_event_after, order};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Finding, Says};
use crate::time::{Calendar, PartialDate};

pub(in crate::rule) const AREA: Area = Area {
    name: words("het grootboek zelf", "the ledger itself"),
    rules: &[
        Rule {
            id: "LED-01",
            title: words(
                "Wat bekend en gerechtvaardigd was, is na te rekenen",
                "What was known and justified can be computed again",
            ),
            explanation: words(
                "Een toetsing is een functie van de boom, de regels en de momenten. Het programma bewijst dat door een toetsblad opnieuw te maken en de hash te vergelijken; feiten kunnen het weerleggen: twee toetsingen van hetzelfde met een verschillend toetsblad, of een toetsing van meer feiten dan er waren.",
                "An evaluation is a function of the tree, the rules and the moments. The program proves it by making a sheet again and comparing the hash; facts can disprove it: two evaluations of the same with different sheets, or one of more facts than there were.",
            ),
            sources: &["GDPR 5(2)", "GDPR 24", "G24 3.1", "P18 6.6"],
            checks: &[check!(institution, Policy, Accountability, POLICY, [Meta], evaluations_agree)],
        },
        Rule {
            id: "LED-02",
            title: words("Een buitenstaander kan het grootboek controleren", "An outsider can verify the ledger"),
            explanation: words(
                "Keten, handtekeningen en bewijzen zijn zonder de server te controleren; dat bewijst het programma. Feiten tonen of een buitenstaander een stand van het grootboek heeft bevestigd of bewaart, zodat de beheerder het niet ongemerkt kan herschrijven, en of een controle het tegendeel vond.",
                "Chain, signatures and proofs can be verified without the server; the program proves that. Facts show whether an outsider confirmed or keeps a state of the ledger, so that its operator cannot rewrite it unseen, and whether a check found the contrary.",
            ),
            sources: &["GDPR 5(1)(f)", "GDPR 5(2)", "GDPR 32(1)(d)", "G24 3.1"],
            checks: &[check!(institution, Policy, Accountability, POLICY, [Meta], outsiders_can_verify)],
        },
        Rule {
            id: "LED-03",
            title: words("Wat gewist is, wordt niet meer geopend", "What is erased is opened no more"),
            explanation: words(
                "Na een wissing is van de betrokkene niets meer als geopend vastgelegd, is gezegd wat is verwijderd en is er een verklaring. Dat gewiste waarden niet te openen zijn en de keten blijft kloppen, bewijst het programma; verbetering en beperking worden bij het verzoek getoetst.",
                "After an erasure nothing of that person is recorded as opened, it is said what was deleted, and there is a certificate. That erased values cannot be opened and that the chain still verifies is proven by the program; rectification and restriction are judged with the request.",
            ),
            sources: &["GDPR 15-19", "GDPR 25", "P18 8", "EDPB 02/2025"],
            checks: &[check!(Erasure, Law, Lawfulness, GDPR, [Meta, NoEventAfter, Complete], erased_stays_closed)],
        },
        Rule {
            id: "LED-04",
            title: words(
                "Het grootboek is zelf een geregistreerde verwerking",
                "The ledger is itself a registered activity",
            ),
            explanation: words(
                "Het grootboek staat in het register als verwerking (van de soort LEDGER, of met het systeem van dit programma), vanaf de oprichting, met een goedgekeurde gegevensbeschermingseffectbeoordeling en een bewaartermijn voor elke klasse van bewijs.",
                "The ledger stands in the register as an activity (of the kind LEDGER, or with the system of this program), from its founding on, with an approved impact assessment and a retention term for each class of evidence.",
            ),
            sources: &["GDPR 30", "GDPR 35", "P18 6.6"],
            checks: &[check!(institution, Policy, Accountability, POLICY, [InForceAt, Coverage], ledger_is_registered)],
        },
        Rule {
            id: "LED-05",
            title: words("Inzage in bewijs heeft een doel", "Opening evidence has a purpose"),
            explanation: words(
                "Van elke vastgelegde inzage in bewijs over een persoon staat vast wat is geopend, in welke rol en waarom. Dat elke inzage wordt vastgelegd, bewijst het programma: waarden gaan door een deur.",
                "Of each recorded opening of evidence about a person it is said what was opened, in which role and why. That every opening is recorded is proven by the program: values go through one door.",
            ),
            sources: &["GDPR 5(1)(f)", "GDPR 15", "GDPR 32", "CJEU C-579/21", "P18 6.4"],
            checks: &[check!(EvidenceAccess, Law, Accountability, GDPR, [Meta, Complete], access_has_a_purpose)],
        },
        Rule {
            id: "LED-06",
            title: words("Geïmporteerde geschiedenis is gemarkeerd", "Imported history is marked"),
            explanation: words(
                "Elk geïmporteerd feit draagt zijn merk en bewijst niets van voor de import; dat doet het programma. Feiten tonen of een import is voltooid: tot dan weet niemand wat er nog bij hoort.",
                "Each imported fact bears its mark and proves nothing of the time before its import; that is the program's doing. Facts show whether an import is complete: until then nobody knows what else belongs to it.",
            ),
            sources: &["GDPR 5(1)(d)", "GDPR 5(2)", "P18 6.6"],
            checks: &[check!(institution, Policy, Accountability, POLICY, [Meta], imports_are_complete)],
        },
        Rule {
            id: "LED-07",
            title: words("Eenheden nemen kennis van registerwijzigingen", "Units take note of register changes"),
            explanation: words(
                "Van een wijziging van het register die aan een beheerseenheid is doorgegeven of afgeleverd, heeft die eenheid binnen de huistermijn kennisgenomen. Een aflevering is het woord van een machine; een kennisneming dat van een mens.",
                "Of a change of the register that was pushed or delivered to a management unit, that unit has taken note within the house term. A delivery is a machine's word; an acknowledgement is a person's.",
            ),
            sources: &["G24 5", "P18 9", "P18 5.2", "GDPR 24", "GDPR 32(4)"],
            checks: &[
                check!(
                    RegisterDelivery,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline],
                    deliveries_are_acknowledged
                ),
                check!(
                    Activity,
                    Policy,
                    Accountability,
                    Applies::Adopted(HOUSE),
                    [Deadline],
                    pushed_changes_are_acknowledged
                ),
            ],
        },
    ],
};

// --- LED-01 ----------------------------------------------------------------------------------------------------------

fn evaluations_agree(inquiry: &Inquiry<'_>) -> Finding {
    let sets = inquiry.all::<RuleSet>();
    let evaluations: Vec<&Dated<Evaluated>> = sets.iter().flat_map(|set| set.state.evaluations.iter()).collect();
    if evaluations.is_empty() {
        return Finding::not_applicable(words(
            "er is geen toetsing vastgelegd; dat een toetsing is na te rekenen, bewijst het programma door haar opnieuw te maken",
            "no evaluation is recorded; that one can be computed again is proven by the program, by making it again",
        ));
    }
    let mut same: BTreeMap<String, Vec<&Dated<Evaluated>>> = BTreeMap::new();
    evaluations.iter().for_each(|one| same.entry(asked(&one.fact)).or_default().push(one));
    let contradictions = same.into_values().filter(|group| group.windows(2).any(differ)).map(|group| {
        let text = words(
            "van hetzelfde zijn twee toetsingen met een verschillend toetsblad vastgelegd",
            "of the same, two evaluations with different sheets are recorded",
        );
        Finding::fail(text).by_all(group)
    });
    let ahead = evaluations.iter().filter(|one| one.fact.known.size > one.sequence).map(|one| {
        Finding::fail(words(
            "een toetsing zegt meer feiten te kennen dan er waren",
            "an evaluation claims to know more facts than there were",
        ))
        .by(one)
    });
    let count = evaluations.len();
    Finding::all(contradictions.chain(ahead).collect::<Vec<_>>(), || {
        let text = say!(
            "vastgelegde toetsingen: {count}; geen ervan spreekt een andere tegen",
            "recorded evaluations: {count}; none of them contradicts another"
        );
        Finding::pass(text).by_all(evaluations.iter().copied())
    })
}

/// What was asked of which tree with which rules: all that a sheet follows from.
fn asked(evaluated: &Evaluated) -> String {
    let Evaluated { scope, layers, rules, files, known, valid_at, rules_at, .. } = evaluated;
    let Evaluated { rule_set_hash, evaluator_version, .. } = evaluated;
    let files = files.unwrap_or(false);
    let (mut layers, mut rules) = (layers.clone(), rules.clone());
    layers.sort();
    rules.sort();
    format!(
        "{scope:?} {layers:?} {rules:?} {files} {known:?} {valid_at} {:?} {rule_set_hash:?} {evaluator_version}",
        rules_at.unwrap_or(*valid_at)
    )
}

fn differ(two: &[&Dated<Evaluated>]) -> bool {
    matches!(two, [one, other] if one.fact.sheet != other.fact.sheet)
}

// --- LED-02 ----------------------------------------------------------------------------------------------------------

fn outsiders_can_verify(inquiry: &Inquiry<'_>) -> Finding {
    let attestations = inquiry.all::<CheckpointAttestation>();
    let wrong: Vec<Finding> = attestations.iter().flat_map(|one| contradictions(one.state)).collect();
    if !wrong.is_empty() {
        return Finding::all(wrong, outcome_of_nothing);
    }
    let confirmed = attestations.iter().flat_map(|one| {
        one.state.witnesses.iter().map(Says::evidence).chain(one.state.timestamps.iter().map(Says::evidence))
    });
    if let Some(last) = confirmed.max() {
        let text = words(
            "een buitenstaander heeft een stand van het grootboek bevestigd",
            "an outsider confirmed a state of the ledger",
        );
        return Finding::pass(text).by(last).and(newest_check(&attestations));
    }
    let deposits = attestations.iter().flat_map(|one| one.state.deposits.iter());
    let kept =
        deposits.clone().filter(|deposit| deposit.fact.depositary.is_some()).max_by_key(|deposit| deposit.sequence);
    if let Some(kept) = kept {
        let text = words(
            "een buitenstaander bewaart een ondertekende stand van het grootboek",
            "an outsider keeps a signed state of the ledger",
        );
        return Finding::pass(text).by(kept).and(newest_check(&attestations));
    }
    outcome_of_nothing().by_all(deposits.max_by_key(|deposit| deposit.sequence)).and(newest_check(&attestations))
}

/// Chain and signatures can be verified all the same; that nothing was left out or rewritten must then be believed of the operator.
fn outcome_of_nothing() -> Finding {
    Finding::warn(words(
        "keten en handtekeningen zijn te controleren, maar geen buitenstaander heeft een stand van het grootboek bevestigd of bewaart die",
        "chain and signatures can be verified, but no outsider confirmed or keeps a state of the ledger",
    ))
}

/// Two roots of one size, a state that is larger than the ledger was, or a check that found something changed.
fn contradictions(attestation: &CheckpointAttestation) -> Vec<Finding> {
    let said = || {
        let deposits = attestation.deposits.iter().map(|fact| (fact.fact.size, fact.evidence(), fact.sequence));
        let witnesses = attestation.witnesses.iter().map(|fact| (fact.fact.size, fact.evidence(), fact.sequence));
        let timestamps = attestation.timestamps.iter().map(|fact| (fact.fact.size, fact.evidence(), fact.sequence));
        deposits.chain(witnesses).chain(timestamps)
    };
    let split = attestation.split.then(|| {
        let text = words("van een omvang zijn twee wortelhashes bevestigd", "of one size two roots were attested");
        Finding::fail(text).by_all(said().map(|(_, fact, _)| fact))
    });
    let lost = said().filter(|(size, _, sequence)| size > sequence).map(|(_, fact, _)| {
        Finding::fail(words(
            "een bevestigde stand is groter dan het grootboek toen was: er is een staart verloren",
            "an attested state is larger than the ledger was then: a tail was lost",
        ))
        .by(fact)
    });
    let tampered =
        attestation.checks.last().filter(|check| check.fact.result == IntegrityResult::Tampered).map(|check| {
            Finding::fail(words("een controle vond het grootboek gewijzigd", "a check found the ledger changed"))
                .by(check)
        });
    split.into_iter().chain(lost).chain(tampered).collect()
}

fn newest_check(attestations: &[Seen<'_, CheckpointAttestation>]) -> Finding {
    let checks = attestations.iter().flat_map(|one| one.state.checks.iter());
    match checks.max_by_key(|check| check.sequence) {
        Some(check) if check.fact.result == IntegrityResult::Unverifiable => Finding::warn(words(
            "de laatste controle kon niet worden voltooid",
            "the last check could not be completed",
        ))
        .by(check),
        Some(check) => {
            Finding::pass(words("de laatste controle vond het ongeschonden", "the last check found it intact"))
                .by(check)
        }
        None => Finding::not_applicable(words("er is geen controle vastgelegd", "no check is recorded")),
    }
}

// --- LED-03 ----------------------------------------------------------------------------------------------------------

fn erased_stays_closed<'w>(inquiry: &Inquiry<'w>, erasure: Seen<'w, Erasure>) -> Finding {
    let state: &'w Erasure = erasure.state;
    let subject = state.subject_data_erased.iter().map(|erased| {
        let fact = &erased.fact;
        let opened = openings(inquiry, "subject", &fact.subject, |access| access == Some(&fact.subject), |_| true);
        stays_closed(Event::from(erased), opened)
            .and(erasure_is_shown(&fact.material, fact.certificate.is_some()).by(erased))
    });
    let detached = state.payload_detached.iter().map(|erased| {
        let fact = &erased.fact;
        // An opening of the whole stream afterwards does not say that it opened this fact.
        let opened = openings(inquiry, "event", &fact.sequence.0, |_| true, |event| event == Some(fact.sequence));
        stays_closed(Event::from(erased), opened)
            .and(erasure_is_shown(&fact.material, fact.certificate.is_some()).by(erased))
    });
    let findings: Vec<Finding> = subject.chain(detached).collect();
    Finding::all(findings, || Finding::not_applicable(words("er is niets gewist", "nothing is erased")))
}

fn stays_closed(erased: Event, opened: Vec<Event>) -> Finding {
    no_event_after(&Text::new("openen van wat gewist is", "opening what is erased"), erased, opened)
}

fn openings(
    inquiry: &Inquiry<'_>,
    key: &'static str,
    value: &impl ToString,
    of: impl Fn(Option<&StreamId>) -> bool,
    at: impl Fn(Option<Sequence>) -> bool,
) -> Vec<Event> {
    let found = inquiry.related::<EvidenceAccess>(key, value.to_string());
    let accesses = found.iter().flat_map(|one| one.state.accesses.iter());
    accesses.filter(|access| of(access.fact.subject.as_ref()) && at(access.fact.event)).map(Event::from).collect()
}

/// What was deleted must be enough that nothing can be opened: the values, or the keys under which they lie.
fn erasure_is_shown(material: &[ErasedMaterial], certified: bool) -> Finding {
    let enough = material.iter().any(|one| matches!(one, ErasedMaterial::Values | ErasedMaterial::Keys));
    let parts = [
        (
            Text::new("dat de waarden of hun sleutels zijn verwijderd", "that the values or their keys were deleted"),
            enough,
        ),
        (Text::new("de verklaring", "the certificate"), certified),
    ];
    // The law asks for the erasure, not for papers about it.
    complete(&Text::new("verantwoording van de wissing", "account of the erasure"), parts).at_most_warn()
}

// --- LED-04 ----------------------------------------------------------------------------------------------------------

/// The kind of the ledger's own activity in the register.
const LEDGER_KIND: &str = "LEDGER";
/// The code of the system that this program is.
const THIS_SYSTEM: &str = "griffie";

fn ledger_is_registered(inquiry: &Inquiry<'_>) -> Finding {
    let by_kind = inquiry.related::<Activity>("kind", LEDGER_KIND);
    let found = if by_kind.is_empty() { inquiry.related::<Activity>("system", THIS_SYSTEM) } else { by_kind };
    let findings: Vec<Finding> = found.iter().map(|activity| activity_is_in_order(inquiry, *activity)).collect();
    Finding::any(findings, || {
        Finding::fail(words(
            "het grootboek staat niet als verwerking in het register",
            "the ledger does not stand in the register as an activity",
        ))
    })
}

fn activity_is_in_order<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let state: &'w Activity = activity.state;
    let ended = matches!(state.status, ActivityStatus::Ceased | ActivityStatus::Obsolete);
    let Some(version) = state.current.as_ref().filter(|_| !ended) else {
        return Finding::fail(words(
            "de verwerking van het grootboek is niet vastgesteld of is beëindigd",
            "the ledger's activity is not established, or has ended",
        ))
        .by_all(&state.cessation);
    };
    let entry = Finding::pass(words("het grootboek staat in het register", "the ledger stands in the register"))
        .by(version.sequence);
    entry
        .and(entry_is_from_the_founding(inquiry, state))
        .and(impact_is_assessed(inquiry, activity))
        .and(evidence_has_terms(inquiry, activity))
}

fn entry_is_from_the_founding(inquiry: &Inquiry<'_>, activity: &Activity) -> Finding {
    let founding = inquiry.state::<Ledger>(inquiry.subject).and_then(|ledger| ledger.state.keys.first());
    let Some(founding) = founding else {
        return Finding::not_applicable(words(
            "van de oprichting is niets vastgelegd",
            "nothing is recorded of the founding",
        ));
    };
    let first = activity.earlier_versions.first().or(activity.current.as_ref());
    let first = first.map(|version: &ActivityVersion| Event::new(version.from, version.sequence));
    let (entry, start) =
        (Text::new("de registerregel", "the register entry"), Text::new("de oprichting", "the founding"));
    order(Precision::Day, (&entry, first), (&start, Some(Event::new(founding.since, founding.sequence))))
}

fn impact_is_assessed<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let assessments = inquiry.related::<Dpia>("activity", activity.stream);
    let findings = assessments.iter().map(|dpia| match (&dpia.state.approved, &dpia.state.completed) {
        (Some(approved), _) => Finding::pass(words(
            "de gegevensbeschermingseffectbeoordeling is goedgekeurd",
            "the impact assessment is approved",
        ))
        .by(approved),
        (None, Some(completed)) => Finding::warn(words(
            "de gegevensbeschermingseffectbeoordeling is afgerond en niet goedgekeurd",
            "the impact assessment is completed and not approved",
        ))
        .by(completed),
        (None, None) => Finding::fail(words(
            "de gegevensbeschermingseffectbeoordeling is niet afgerond",
            "the impact assessment is not completed",
        )),
    });
    Finding::any(findings.collect::<Vec<_>>(), || {
        Finding::fail(words("er is geen gegevensbeschermingseffectbeoordeling", "there is no impact assessment"))
    })
}

fn evidence_has_terms<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let cases = inquiry.related::<Retention>("activity", activity.stream);
    let needed: BTreeSet<String> = EVIDENCE_CLASSES.iter().map(|class| (*class).to_owned()).collect();
    let what = Text::new("bewaartermijnen per klasse van bewijs", "retention terms by class of evidence");
    let periods = cases.iter().filter_map(|case| case.state.period.as_ref());
    coverage(&what, &needed, &classes(&cases)).by_all(periods)
}

// --- LED-05 ----------------------------------------------------------------------------------------------------------

fn access_has_a_purpose<'w>(_inquiry: &Inquiry<'w>, evidence: Seen<'w, EvidenceAccess>) -> Finding {
    let findings = evidence.state.accesses.iter().map(|access| {
        let fact = &access.fact;
        let purpose = match fact.purpose {
            // "Something else" says nothing without words.
            Some(Purpose::Other) => fact.explanation.is_some(),
            Some(_) => true,
            None => fact.explanation.is_some(),
        };
        let parts = [
            (Text::new("wat is geopend", "what was opened"), fact.subject.is_some() || fact.event.is_some()),
            (Text::new("het doel", "the purpose"), purpose),
        ];
        let Text { nl, en } = fact.purpose.map_or_else(|| Text::new("-", "-"), |purpose| Text::label(&purpose));
        let (role, what) = (fact.role.as_str(), Text::new("inzage in bewijs", "opening of evidence"));
        complete(&what, parts)
            .and(Finding::pass(say!("geopend in de rol {role}, doel {nl}", "opened in the role {role}, purpose {en}")))
            .by(access)
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words("er is niets geopend", "nothing was opened"))
    })
}

// --- LED-06 ----------------------------------------------------------------------------------------------------------

fn imports_are_complete(inquiry: &Inquiry<'_>) -> Finding {
    let imports =
        inquiry.state::<Ledger>(inquiry.subject).map(|ledger| ledger.state.imports.as_slice()).unwrap_or_default();
    let (open, all) = (imports.iter().filter(|import| !import.complete).count(), imports.len());
    if all == 0 {
        return Finding::not_applicable(words("er is geen import vastgelegd", "no import is recorded"));
    }
    if open > 0 {
        return Finding::warn(say!(
            "van {all} imports zijn er {open} niet voltooid; hun feiten zijn gemarkeerd en bewijzen niets van voor de import",
            "of {all} imports {open} are not complete; their facts are marked and prove nothing of the time before the import"
        ));
    }
    Finding::pass(say!(
        "imports: {all}, alle voltooid; hun feiten zijn gemarkeerd en bewijzen niets van voor de import",
        "imports: {all}, all complete; their facts are marked and prove nothing of the time before the import"
    ))
}

// --- LED-07 ----------------------------------------------------------------------------------------------------------

fn deliveries_are_acknowledged<'w>(inquiry: &Inquiry<'w>, delivery: Seen<'w, RegisterDelivery>) -> Finding {
    let findings = delivery.state.deliveries.iter().map(|delivered: &Dated<ChangePublished>| {
        let fact = &delivered.fact;
        let from = fact.delivered.map_or(delivered.from, PartialDate::Exact);
        let known = inquiry.related::<RegisterAcknowledgement>("change", fact.change.0);
        acknowledged(inquiry, &known, &fact.subject, fact.change, &fact.unit, Event::new(from, delivered))
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        Finding::not_applicable(words(
            "er zijn geen registerwijzigingen afgeleverd",
            "no register changes were delivered",
        ))
    })
}

fn pushed_changes_are_acknowledged<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    let state: &'w Activity = activity.state;
    let versions =
        || state.earlier_versions.iter().chain(&state.current).filter(|version| !version.pushed_to.is_empty());
    if versions().next().is_none() {
        return Finding::not_applicable(words(
            "er is geen wijziging aan eenheden doorgegeven",
            "no change was pushed to units",
        ));
    }
    let known = inquiry.related::<RegisterAcknowledgement>("subject", activity.stream);
    let findings = versions().flat_map(|version| {
        // Nobody can take note before the change is recorded.
        let recorded = PartialDate::Exact(version.recorded);
        let from = if version.from.earliest() > version.recorded { version.from } else { recorded };
        let from = Event::new(from, version.sequence);
        let known = &known;
        version
            .pushed_to
            .iter()
            .map(move |unit| acknowledged(inquiry, known, activity.stream, version.sequence, unit, from))
    });
    Finding::all(findings.collect::<Vec<_>>(), || Finding::not_applicable(words("niets doorgegeven", "nothing pushed")))
}

/// A unit has taken note of a change within the house term.
fn acknowledged(
    inquiry: &Inquiry<'_>,
    known: &[Seen<'_, RegisterAcknowledgement>],
    subject: &StreamId,
    change: Sequence,
    unit: &Code,
    from: Event,
) -> Finding {
    let ours = known.iter().filter(|one| {
        one.state.unit.as_ref() == Some(unit)
            && one.state.change == Some(change)
            && one.state.subject.as_ref() == Some(subject)
    });
    let done = ours.filter_map(|one| Some(Event::new(one.state.acknowledged?, one.state.sequence?)));
    let what = say!("kennisneming door {unit}", "acknowledgement by {unit}");
    let term = inquiry.house("acknowledgement");
    let done = done.min_by_key(|event| event.date.earliest());
    deadline(inquiry, &Due { what: &what, from, done, term: term.as_ref(), calendar: Calendar::Strict })
}

#[cfg(test)]
mod tests;
