//! Derogations for specific situations (GDPR Art. 49), each by its own conditions. To invoke one is not to have it.

use crate::family::dossier::Dated;
use crate::family::transfer_ground::{Derogation, DerogationInvoked, TransferGround};
use crate::rule::entries::is_public_body;
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::template::decide;
use crate::rule::text::{Words, words};
use crate::rule::verdict::Finding;
use crate::time::{PartialDate, Ternary};

/// The derogations of some kinds that were invoked meet their conditions.
pub(super) fn derogations_hold<'w>(
    inquiry: &Inquiry<'w>,
    transfer: Seen<'w, TransferGround>,
    meant: impl Fn(Derogation) -> bool,
) -> Finding {
    let invoked = transfer.derogation_invoked.iter().filter(|invoked| meant(invoked.fact.derogation));
    let findings: Vec<Finding> = invoked.map(|invoked| derogation_holds(inquiry, invoked)).collect();
    Finding::all(findings, || {
        Finding::indeterminate(words(
            "aan welke voorwaarden van de afwijking is voldaan, is niet vastgelegd",
            "which conditions of the derogation are met is not recorded",
        ))
    })
}

fn derogation_holds(inquiry: &Inquiry<'_>, invoked: &Dated<DerogationInvoked>) -> Finding {
    let fact = &invoked.fact;
    let own = match fact.derogation {
        Derogation::ExplicitConsent => consent_was_asked(fact),
        Derogation::PublicRegister => register_is_named(fact),
        Derogation::CompellingInterests => necessity_is_said(fact).and(interests_are_compelling(inquiry, fact)),
        _ => necessity_is_said(fact),
    };
    own.and(is_an_exception(fact)).and(is_open_to_public_powers(inquiry, fact)).by(invoked)
}

/// A condition that the controller must show: recorded, or not met.
fn shown(there: bool, yes: Words, no: Words) -> Finding {
    if there { Finding::pass(yes) } else { Finding::fail(no) }
}

fn necessity_is_said(fact: &DerogationInvoked) -> Finding {
    shown(
        fact.necessity.is_some(),
        words("de noodzaak is vastgelegd", "the necessity is recorded"),
        words(
            "waarom de doorgifte noodzakelijk is, is niet vastgelegd",
            "why the transfer is necessary is not recorded",
        ),
    )
}

/// Consent is explicit and follows information on the risks (Art. 49(1)(a)): the text by which people were asked shows it.
fn consent_was_asked(fact: &DerogationInvoked) -> Finding {
    shown(
        fact.consent_text.is_some(),
        words(
            "met welke tekst om uitdrukkelijke toestemming is gevraagd, is vastgelegd",
            "the text by which explicit consent was asked is recorded",
        ),
        words(
            "met welke tekst over de risico's is ingelicht en om uitdrukkelijke toestemming is gevraagd, is niet vastgelegd",
            "by which text people were told of the risks and asked for explicit consent is not recorded",
        ),
    )
}

/// A register is open under the conditions of its own law (Art. 49(1)(g), 49(2)).
fn register_is_named(fact: &DerogationInvoked) -> Finding {
    if fact.necessity.is_some() || fact.document.is_some() {
        return Finding::pass(words("uit welk register wordt doorgegeven, is vastgelegd", "the register is recorded"));
    }
    Finding::indeterminate(words(
        "uit welk register en onder welke voorwaarden wordt doorgegeven, is niet vastgelegd",
        "from which register and under which conditions data go is not recorded",
    ))
}

/// The second subparagraph of Art. 49(1): few people, an assessment with safeguards (49(6)), and the authority and the people told.
fn interests_are_compelling(inquiry: &Inquiry<'_>, fact: &DerogationInvoked) -> Finding {
    let happened = |date: Option<PartialDate>| date.is_some_and(|date| inquiry.happened(&date) != Ternary::False);
    let few = match fact.data_subjects {
        Some(_) => Finding::pass(words(
            "om hoeveel betrokkenen het gaat, is vastgelegd",
            "how many people it concerns is recorded",
        )),
        None => Finding::indeterminate(words(
            "of het om een beperkt aantal betrokkenen gaat, is niet vastgelegd",
            "whether it concerns a limited number of people is not recorded",
        )),
    };
    let authority = shown(
        happened(fact.authority_informed),
        words("de toezichthouder is geïnformeerd", "the supervisory authority was told"),
        words(
            "dat de toezichthouder is geïnformeerd, is niet vastgelegd",
            "that the authority was told is not recorded",
        ),
    );
    let people = shown(
        happened(fact.subjects_informed),
        words("de betrokkenen zijn geïnformeerd", "the data subjects were told"),
        words(
            "dat de betrokkenen over de doorgifte zijn geïnformeerd, is niet vastgelegd",
            "that the data subjects were told of the transfer is not recorded",
        ),
    );
    let assessed = shown(
        fact.document.is_some(),
        words("de beoordeling en de waarborgen zijn vastgelegd", "the assessment and the safeguards are recorded"),
        words(
            "de beoordeling van de omstandigheden en de waarborgen is niet vastgelegd",
            "the assessment of the circumstances and the safeguards is not recorded",
        ),
    );
    authority.and(people).and(assessed).and(few)
}

/// Compelling interests carry no repetitive transfer; contracts and claims only occasional ones (recital 111); the others stay
/// exceptions by their nature.
fn is_an_exception(fact: &DerogationInvoked) -> Finding {
    use Derogation as D;
    let once = matches!(fact.derogation, D::CompellingInterests);
    let occasional = matches!(fact.derogation, D::Contract | D::ContractInInterest | D::LegalClaims);
    match fact.repetitive {
        Some(false) => Finding::pass(words("de doorgifte is niet herhaald", "the transfer is not repetitive")),
        Some(true) if once => Finding::fail(words(
            "de doorgifte is herhaald, en dat laat deze afwijking niet toe",
            "the transfer is repetitive, which this derogation does not allow",
        )),
        Some(true) if fact.justification.is_some() => Finding::pass(words(
            "de doorgifte is herhaald, en dat is gerechtvaardigd",
            "the transfer is repetitive, and that is justified",
        )),
        Some(true) => {
            let finding = Finding::fail(words(
                "de doorgifte is herhaald en dat is niet gerechtvaardigd",
                "the transfer is repetitive and that is not justified",
            ));
            if occasional { finding } else { finding.at_most_warn() }
        }
        None if once || occasional => Finding::indeterminate(words(
            "of de doorgifte herhaald is, is niet vastgelegd",
            "whether the transfer is repetitive is not recorded",
        )),
        None => Finding::pass(words(
            "deze afwijking is niet tot incidentele doorgiften beperkt",
            "this derogation is not limited to occasional transfers",
        )),
    }
}

/// A public authority does not rest the exercise of its public powers on consent, a contract or compelling interests (Art. 49(3)).
fn is_open_to_public_powers(inquiry: &Inquiry<'_>, fact: &DerogationInvoked) -> Finding {
    use Derogation as D;
    let barred =
        matches!(fact.derogation, D::ExplicitConsent | D::Contract | D::ContractInInterest | D::CompellingInterests);
    if !barred {
        return Finding::pass(words(
            "de afwijking staat ook voor een overheid open",
            "the derogation is open to authorities",
        ));
    }
    // Who is no public body has no public powers.
    let unsaid = || Ternary::Unknown.and(is_public_body(inquiry, []));
    let powers = fact.public_powers.map_or_else(unsaid, Ternary::from);
    decide(
        powers,
        || {
            Finding::fail(words(
                "een overheid beroept zich bij openbare bevoegdheden niet op deze afwijking",
                "a public authority exercising public powers cannot rely on this derogation",
            ))
        },
        || {
            Finding::pass(words(
                "de activiteit is geen uitoefening van openbare bevoegdheden",
                "the activity is no exercise of public powers",
            ))
        },
        || {
            Finding::indeterminate(words(
                "of de activiteit een uitoefening van openbare bevoegdheden is, is niet vastgelegd",
                "whether the activity is an exercise of public powers is not recorded",
            ))
        },
    )
}
