//! Whether the ground of a transfer is valid: its instrument is of the kind that such a ground needs and holds, and the ground's own
//! conditions are met (GDPR Art. 45, 46, 49). To name an instrument is not to rest on it.

use crate::family::legal_instrument::{InstrumentKind as Legal, LegalInstrument, ScopeKind};
use crate::family::party::{DpfCertification, DpfStanding, Party, PartyKind};
use crate::family::transfer_ground::{GroundKind, GroundPeriod, TransferGround};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::template::{decide, legal_validity};
use crate::rule::text::{Words, say, words};
use crate::rule::transfer::derogation::derogations_hold;
use crate::rule::verdict::Finding;
use crate::time::{Limit, PartialDate, Ternary};

/// The kinds of ground that are adequacy decisions.
pub(super) const ADEQUACY: &[GroundKind] =
    &[GroundKind::Adequacy, GroundKind::Dpf, GroundKind::PrivacyShield, GroundKind::SafeHarbour];

/// The kinds of ground that are appropriate safeguards (Art. 46).
pub(super) const SAFEGUARDS: &[GroundKind] = &[
    GroundKind::Scc,
    GroundKind::Bcr,
    GroundKind::CodeOfConduct,
    GroundKind::Certification,
    GroundKind::AdHoc,
    GroundKind::PublicInstrument,
    GroundKind::AdministrativeArrangement,
];

/// The instruments that can carry a ground of adequacy: decisions, and the treaty that kept the United Kingdom from being a third
/// country until the decision about it (Trade and Cooperation Agreement, Art. FINPROV.10A).
const DECISIONS: &[Legal] = &[Legal::Adequacy, Legal::Treaty];

/// The sector of the Canadian decision: who handles data in the course of commercial activities.
const COMMERCIAL: &str = "COMMERCIAL_ORGANISATIONS";

/// A kind of ground, as a sentence names it.
pub(super) fn named(kind: GroundKind) -> Words {
    match kind {
        GroundKind::Adequacy => words("een adequaatheidsbesluit", "an adequacy decision"),
        GroundKind::Dpf => words("het EU-VS-kader voor gegevensbescherming", "the EU-US Data Privacy Framework"),
        GroundKind::PrivacyShield => words("het Privacy Shield", "the Privacy Shield"),
        GroundKind::SafeHarbour => words("Safe Harbour", "Safe Harbour"),
        GroundKind::Scc => words("standaardcontractbepalingen", "standard contractual clauses"),
        GroundKind::Bcr => words("bindende bedrijfsvoorschriften", "binding corporate rules"),
        GroundKind::CodeOfConduct => words("een gedragscode", "a code of conduct"),
        GroundKind::Certification => words("een certificering", "a certification"),
        GroundKind::AdHoc => words("eigen contractbepalingen", "contractual clauses of one's own"),
        GroundKind::PublicInstrument => {
            words("een bindend instrument tussen overheidsorganen", "a binding instrument between public authorities")
        }
        GroundKind::AdministrativeArrangement => words("een administratieve regeling", "an administrative arrangement"),
        GroundKind::Derogation => words("een afwijking voor specifieke situaties", "a derogation"),
    }
}

/// A ground is valid: its instrument holds and is of the right kind, its own conditions are met, and it did not fall.
pub(super) fn ground_holds<'w>(
    inquiry: &Inquiry<'w>,
    transfer: Seen<'w, TransferGround>,
    period: &GroundPeriod,
) -> Finding {
    let own = match period.ground.kind {
        GroundKind::Scc => {
            let set = words("een set standaardcontractbepalingen", "a set of standard contractual clauses");
            instrument_holds(inquiry, period, &[Legal::SccSet], set).and(clauses_are_usable(inquiry, period))
        }
        GroundKind::Derogation => derogations_hold(inquiry, transfer, |derogation| {
            period.ground.derogation.is_none_or(|own| own == derogation)
        }),
        kind if ADEQUACY.contains(&kind) => decision_covers(inquiry, transfer, period),
        kind => tool_is_in_place(inquiry, period, kind),
    };
    match period.invalidated {
        Some(at) => Finding::fail(say!("deze grond is vervallen op {at}", "this ground fell on {at}"))
            .by(period.sequence)
            .and(own),
        None => own.by(period.sequence),
    }
}

/// The instrument of a ground is one of those that can carry it, and it is in force.
fn instrument_holds(inquiry: &Inquiry<'_>, period: &GroundPeriod, kinds: &[Legal], needed: Words) -> Finding {
    let (kind, needed_nl, needed_en) = (named(period.ground.kind), needed.nl, needed.en);
    let (kind_nl, kind_en) = (kind.nl, kind.en);
    let Some(code) = &period.ground.instrument else {
        return Finding::indeterminate(say!(
            "de doorgifte rust op {kind_nl}, maar welk rechtsinstrument het is, is niet vastgelegd",
            "the transfer rests on {kind_en}, but which legal instrument it is, is not recorded"
        ));
    };
    let validity = legal_validity(inquiry, code.as_str());
    let Some(instrument) = inquiry.instrument(code.as_str()) else { return validity };
    match instrument.kind {
        Some(kind) if kinds.contains(&kind) => validity,
        Some(_) => Finding::fail(say!("{code} is niet {needed_nl}", "{code} is not {needed_en}"))
            .by_all(&instrument.registered),
        None => validity.and(Finding::indeterminate(say!(
            "of {code} {needed_nl} is, is niet vastgelegd",
            "whether {code} is {needed_en} is not recorded"
        ))),
    }
}

// --- Adequacy (Art. 45) ----------------------------------------------------------------------------------------------

/// An adequacy decision is in force, is about the country that the data go to, and covers this recipient.
pub(super) fn decision_covers<'w>(
    inquiry: &Inquiry<'w>,
    transfer: Seen<'w, TransferGround>,
    period: &GroundPeriod,
) -> Finding {
    let decision = words("een adequaatheidsbesluit", "an adequacy decision");
    let holds = instrument_holds(inquiry, period, DECISIONS, decision);
    let code = period.ground.instrument.as_ref();
    let found = code.and_then(|code| inquiry.instrument(code.as_str()));
    match found.filter(|found| found.kind.is_some_and(|kind| DECISIONS.contains(&kind))) {
        Some(instrument) => holds
            .and(country_is_covered(inquiry, transfer, instrument))
            .and(recipient_is_covered(inquiry, transfer, period, instrument)),
        None => holds,
    }
}

/// The party that receives the data, if it is registered.
fn importer<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>) -> Option<Seen<'w, Party>> {
    inquiry.related::<Party>("party", transfer.importer.as_ref()?).into_iter().next()
}

/// The decision is about the country that the data go to; where that was not said, about that of the recipient.
fn country_is_covered<'w>(
    inquiry: &Inquiry<'w>,
    transfer: Seen<'w, TransferGround>,
    instrument: Seen<'w, LegalInstrument>,
) -> Finding {
    let home = importer(inquiry, transfer).and_then(|party| party.state.country.as_ref());
    let (Some(country), Some(territory)) = (transfer.state.country.as_ref().or(home), &instrument.territory) else {
        return Finding::indeterminate(words(
            "het land van de ontvanger of van het besluit is niet vastgelegd",
            "the country of the recipient or of the decision is not recorded",
        ));
    };
    if country != territory {
        return Finding::fail(say!(
            "het besluit gaat over {territory}, niet over {country}",
            "the decision is about {territory}, not {country}"
        ));
    }
    match home {
        Some(home) if home != territory => Finding::indeterminate(say!(
            "het besluit gaat over {territory}, maar de ontvanger is gevestigd in {home}",
            "the decision is about {territory}, but the recipient is established in {home}"
        )),
        _ => Finding::pass(say!("het besluit gaat over {territory}", "the decision is about {territory}")),
    }
}

/// A decision on a sector, or on those on a list, covers nobody else.
fn recipient_is_covered<'w>(
    inquiry: &Inquiry<'w>,
    transfer: Seen<'w, TransferGround>,
    period: &GroundPeriod,
    instrument: Seen<'w, LegalInstrument>,
) -> Finding {
    let scope = instrument.scope.as_ref();
    match scope.and_then(|scope| scope.recipients) {
        // What a decision leaves out in words is not tested, and said to be.
        Some(ScopeKind::All) if scope.is_some_and(|scope| scope.text.is_some()) => Finding::pass(words(
            "het besluit geldt voor alle ontvangers, met beperkingen die in woorden zijn vastgelegd en niet zijn getoetst",
            "the decision covers all recipients, with limits that are recorded in words and not tested",
        )),
        Some(ScopeKind::All) => {
            Finding::pass(words("het besluit geldt voor alle ontvangers", "the decision covers all recipients"))
        }
        Some(ScopeKind::Sector) => {
            let sector = scope.and_then(|scope| scope.sector.as_ref()).map_or("", |sector| sector.as_str());
            sector_is_covered(importer(inquiry, transfer), sector)
        }
        Some(ScopeKind::Certified | ScopeKind::Listed | ScopeKind::SelfCertified) => {
            recipient_is_listed(inquiry, transfer, period)
        }
        None => Finding::indeterminate(words(
            "welke ontvangers het besluit dekt, is niet vastgelegd",
            "which recipients the decision covers is not recorded",
        )),
    }
}

fn sector_is_covered(party: Option<Seen<'_, Party>>, sector: &str) -> Finding {
    let registered = party.and_then(|party| party.state.registered.as_ref());
    let own = registered.and_then(|registered| registered.fact.sector.as_ref());
    let public = registered.is_some_and(|registered| registered.fact.kind == Some(PartyKind::PublicBody));
    let finding = match own {
        _ if sector.is_empty() => Finding::indeterminate(words(
            "het besluit gaat over één sector, en welke, is niet vastgelegd",
            "the decision is about one sector, and which one is not recorded",
        )),
        Some(own) if own.as_str() == sector => Finding::pass(words(
            "de ontvanger valt onder de sector waarover het besluit gaat",
            "the recipient belongs to the sector that the decision is about",
        )),
        Some(_) => Finding::fail(words(
            "het besluit gaat over één sector, en de ontvanger valt onder een andere",
            "the decision is about one sector, and the recipient belongs to another",
        )),
        None if public && sector == COMMERCIAL => Finding::fail(words(
            "het besluit gaat over commerciële organisaties, en de ontvanger is een overheidsorgaan",
            "the decision is about commercial organisations, and the recipient is a public body",
        )),
        None => Finding::indeterminate(words(
            "het besluit gaat over één sector; of de ontvanger daaronder valt, is niet vastgelegd",
            "the decision is about one sector; whether the recipient belongs to it is not recorded",
        )),
    };
    finding.by_all(registered)
}

// --- Lists ---------------------------------------------------------------------------------------------------------

/// What was last seen of the recipient's certification under the Data Privacy Framework, on the transfer or on the party.
pub(super) fn certification<'w>(
    inquiry: &Inquiry<'w>,
    transfer: Seen<'w, TransferGround>,
) -> Option<&'w DpfCertification> {
    let of_party = importer(inquiry, transfer).and_then(|party| party.state.dpf_certification.as_ref());
    let seen = transfer.state.dpf_certification.iter().chain(of_party);
    seen.max_by_key(|seen| (seen.checked.latest(), seen.sequence))
}

/// The recipient is on the list of the decision, as far as the last look at it says. A certification says nothing of an older list.
pub(super) fn recipient_is_listed<'w>(
    inquiry: &Inquiry<'w>,
    transfer: Seen<'w, TransferGround>,
    period: &GroundPeriod,
) -> Finding {
    let framework = matches!(period.ground.kind, GroundKind::Dpf | GroundKind::Adequacy);
    let looked = period.ground.listing_checked.filter(|looked| inquiry.happened(looked) != Ternary::False);
    let seen = certification(inquiry, transfer).filter(|_| framework);
    match (seen, looked) {
        (Some(seen), looked) if looked.is_none_or(|looked| looked.latest() <= seen.checked.latest()) => {
            certification_stands(inquiry, seen)
        }
        (_, Some(looked)) => Finding::pass(say!(
            "op {looked} is gecontroleerd dat de ontvanger op de lijst van het besluit staat",
            "on {looked} it was checked that the recipient is on the list of the decision"
        ))
        .by(period.sequence),
        (_, None) => Finding::fail(words(
            "dat de ontvanger op de lijst van het besluit staat, is niet vastgelegd",
            "that the recipient is on the list of the decision is not recorded",
        )),
    }
}

/// A certification is active; once it was due for renewal, the last look no longer shows that.
fn certification_stands(inquiry: &Inquiry<'_>, seen: &DpfCertification) -> Finding {
    let finding = match seen.standing {
        DpfStanding::Inactive => Finding::fail(words(
            "de ontvanger staat niet als actief op de lijst van het besluit",
            "the recipient is not active on the list of the decision",
        )),
        DpfStanding::Active => match seen.renewal_due.filter(|due| is_over(inquiry, due) != Ternary::False) {
            Some(due) => Finding::indeterminate(say!(
                "de certificering moest uiterlijk op {due} worden verlengd; dat zij is verlengd, is niet vastgelegd",
                "the certification was due for renewal by {due}; that it was renewed is not recorded"
            )),
            None => Finding::pass(words(
                "de ontvanger staat als actief op de lijst van het besluit",
                "the recipient is active on the list of the decision",
            )),
        },
    };
    finding.by(seen.sequence)
}

/// Whether a last day, that day included, is over.
pub(super) fn is_over(inquiry: &Inquiry<'_>, last: &PartialDate) -> Ternary {
    let earliest = match last {
        PartialDate::Day(_) | PartialDate::Exact(_) => last.latest(),
        PartialDate::Year(_) | PartialDate::Month(..) => last.earliest(),
    };
    inquiry.passed(&Limit { earliest, latest: last.latest() })
}

// --- Safeguards (Art. 46) ----------------------------------------------------------------------------------------------

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

/// A safeguard other than the standard clauses: an authority approved it (Art. 40, 42, 46(3), 47), or a treaty carries it, and its
/// papers are recorded. Whether they say what they must say is not tested.
fn tool_is_in_place(inquiry: &Inquiry<'_>, period: &GroundPeriod, kind: GroundKind) -> Finding {
    let named = named(kind);
    let (nl, en) = (named.nl, named.en);
    let papers = if period.ground.document.is_some() || period.ground.agreement.is_some() {
        Finding::pass(say!("de stukken van {nl} zijn vastgelegd", "the papers of {en} are recorded"))
    } else {
        Finding::indeterminate(say!("de stukken van {nl} zijn niet vastgelegd", "the papers of {en} are not recorded"))
    };
    let (kinds, needed): (&[Legal], Words) = match kind {
        // Between public authorities a binding instrument needs no approval (Art. 46(2)(a)).
        GroundKind::PublicInstrument if period.ground.instrument.is_none() => return papers,
        GroundKind::PublicInstrument => (
            &[Legal::Treaty, Legal::SupervisorDecision, Legal::Other],
            words("een bindend instrument tussen overheidsorganen", "a binding instrument between public authorities"),
        ),
        _ => (
            &[Legal::SupervisorDecision],
            words("een besluit van een toezichthouder", "a decision of a supervisory authority"),
        ),
    };
    if period.ground.instrument.is_none() {
        return papers.and(Finding::indeterminate(say!(
            "de doorgifte rust op {nl}; dat de toezichthouder het heeft goedgekeurd, is niet vastgelegd",
            "the transfer rests on {en}; that the authority approved it is not recorded"
        )));
    }
    instrument_holds(inquiry, period, kinds, needed).and(papers)
}
