//! Publications and accounts: who may post what, approved by whom, from which account and how that is kept (GDPR Art. 5(1), 24, 29,
//! 32). Most of it is good practice; a number that a statute protects is a matter of law.

use std::collections::BTreeSet;

use crate::family::account::{
    Account, AccountStatus, Kind as AccountKind, OpeningAdvice, PostingMandateGranted, PostingScope,
};
use crate::family::activity::{Activity, NationalId};
use crate::family::dossier::Dated;
use crate::family::publication::{Approved, ContentPublished, Publication};
use crate::family::role_assignment::RoleAssignment;
use crate::ledger::name::{Code, Sequence};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::{Applies, GDPR, GUIDELINE, POLICY};
use crate::rule::template::{Event, Period, Precision, age, authority, complete, order};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::Finding;
use crate::time::{Calendar, Ternary};

pub(in crate::rule) const AREA: Area = Area {
    name: words("publicaties en accounts", "publications and accounts"),
    rules: &[
        Rule {
            id: "PUB-01",
            title: words("Officiële berichten zijn vooraf goedgekeurd", "Official messages are approved beforehand"),
            explanation: words(
                "Een bericht is goedgekeurd voordat het verscheen, door iemand die daartoe gemachtigd was of in die rol was aangesteld.",
                "A message was approved before it went up, by somebody who had a mandate for it or was appointed in that role.",
            ),
            sources: &["GDPR 24", "GDPR 29", "LU Ask for approval"],
            checks: &[check!(
                Publication,
                Practice,
                Accountability,
                Applies::Practice,
                [Order, Authority],
                is_approved
            )],
        },
        Rule {
            id: "PUB-02",
            title: words("Feiten zijn gecontroleerd, bronnen genoemd", "Facts are checked and sources cited"),
            explanation: words(
                "Bij de goedkeuring is vastgelegd dat de feiten zijn gecontroleerd en op welke bronnen het bericht rust.",
                "With the approval it is recorded that the facts were checked and on which sources the message rests.",
            ),
            sources: &["GDPR 5(1)(d)", "LU Be accurate"],
            checks: &[check!(Publication, Practice, Accountability, Applies::Practice, [Complete], facts_are_checked)],
        },
        Rule {
            id: "PUB-03",
            title: words("Eerst beoordelen, dan een account openen", "First assess, then open an account"),
            explanation: words(
                "Voordat een account werd geopend, is beoordeeld of er genoeg inhoud en bezetting is, met advies van de contactpersoon; er is een eigenaar en een vervanger.",
                "Before an account was opened, it was assessed whether there is enough content and staff, with the advice of the contact person; there is an owner and somebody who stands in.",
            ),
            sources: &["GDPR 25", "LU Opening an account"],
            checks: &[check!(
                Account,
                Practice,
                Accountability,
                Applies::Practice,
                [Order, Complete],
                opening_was_assessed
            )],
        },
        Rule {
            id: "PUB-04",
            title: words("Inloggegevens worden geregeld gewijzigd", "Credentials are changed regularly"),
            explanation: words(
                "De inloggegevens van een account zijn binnen de huistermijn gewijzigd, of meervoudige authenticatie is bevestigd.",
                "The credentials of an account were changed within the house term, or a second factor is attested.",
            ),
            sources: &["GDPR 32", "LU Changing passwords"],
            checks: &[check!(Account, Practice, Accountability, Applies::Practice, [Age], credentials_are_fresh)],
        },
        Rule {
            id: "PUB-05",
            title: words("Het logo is voor merkaccounts", "The logo is for brand accounts"),
            explanation: words(
                "Een merkaccount toont het officiële logo. Een persoonlijk account toont het niet, heeft een disclaimer en hoort niet bij de accounts van de instelling.",
                "A brand account shows the official logo. A personal account does not, has a disclaimer and is none of the institution's accounts.",
            ),
            sources: &["LU Logo", "LU Use a disclaimer"],
            checks: &[check!(Account, Practice, Accountability, Applies::Practice, [IfThen], logo_fits_the_account)],
        },
        Rule {
            id: "PUB-06",
            title: words(
                "Geen beschermde nummers of vertrouwelijke gegevens",
                "No protected numbers or confidential matter",
            ),
            explanation: words(
                "Een publicatie toont geen wettelijk beschermd nummer en niets vertrouwelijks over mensen. Voor de wet telt een wettelijk nummer (UAVG 46); een eigen nummer van de instelling is een aandachtspunt. Het beleid maakt dat onderscheid niet.",
                "A publication shows no number protected by law and nothing confidential about people. For the law a statutory number counts (UAVG 46); a number of the institution's own is to be attended to. The policy makes no such difference.",
            ),
            sources: &["GDPR 5(1)(f)", "GDPR 87", "UAVG 46", "P18 6.7", "LU Respect your public"],
            checks: &[
                check!(
                    Publication,
                    Practice,
                    Accountability,
                    Applies::Practice,
                    [NoEventAfter],
                    nothing_protected_is_posted
                ),
                check!(Publication, Law, Lawfulness, GDPR, [NoEventAfter], no_statutory_number_is_posted),
                check!(Publication, Policy, Accountability, POLICY, [NoEventAfter], no_number_is_posted),
            ],
        },
        Rule {
            id: "PUB-07",
            title: words("Wie plaatst, heeft een mandaat", "Whoever posts has a mandate"),
            explanation: words(
                "Wie een bericht plaatste, had toen een mandaat voor het account, afgesproken met de leidinggevende; wie alleen na goedkeuring mag plaatsen, had die.",
                "Whoever posted a message had a mandate for the account then, agreed with the supervisor; who may post only after approval had it.",
            ),
            sources: &["GDPR 29", "LU Respect"],
            checks: &[check!(
                Publication,
                Practice,
                Accountability,
                Applies::Practice,
                [InForceAt, Authority],
                poster_has_a_mandate
            )],
        },
        Rule {
            id: "PUB-08",
            title: words(
                "Plaatsen verwerkt geen gegevens van platformgebruikers",
                "Posting processes no data of platform users",
            ),
            explanation: words(
                "Met een publicatie worden geen gegevens van gebruikers van het platform verwerkt; gebeurt dat toch, dan hoort zij bij een activiteit voor analyse of retargeting.",
                "A publication processes no data of the platform's users; where it does, it belongs to an activity for analysis or retargeting.",
            ),
            sources: &["GDPR 5(1)(c)", "G24 4(2)"],
            checks: &[check!(
                Publication,
                Guideline,
                Accountability,
                GUIDELINE,
                [NoEventAfter],
                no_user_data_are_processed
            )],
        },
    ],
};

fn na(text: impl Into<Text>) -> Finding {
    Finding::not_applicable(text)
}

/// Judges each time that content was published.
fn each_published<'w>(
    publication: Seen<'w, Publication>,
    judge: impl Fn(&'w Dated<ContentPublished>) -> Finding,
) -> Finding {
    let state: &'w Publication = publication.state;
    let findings: Vec<Finding> =
        state.content_published.iter().map(|published| judge(published).by(published)).collect();
    Finding::all(findings, || na(words("er is niets gepubliceerd", "nothing was published")))
}

/// The approval that covers a publication: the last before it, or the first of all.
fn approval_of<'w>(publication: &'w Publication, published: &ContentPublished) -> Option<&'w Dated<Approved>> {
    let covers = |approved: &&Dated<Approved>| {
        let platforms = &approved.fact.platforms;
        platforms.is_empty() || published.platforms.iter().all(|platform| platforms.contains(platform))
    };
    publication.approved.iter().find(covers)
}

// --- PUB-01, PUB-02 --------------------------------------------------------------------------------------------------

fn is_approved<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state: &'w Publication = publication.state;
    each_published(publication, |published| {
        let (approval, message) =
            (Text::new("de goedkeuring", "the approval"), Text::new("de publicatie", "the publication"));
        let Some(approved) = approval_of(state, &published.fact) else {
            return match mandate_for(inquiry, published, &[PostingScope::PublishDirectly]) {
                Some(mandate) => Finding::warn(words(
                    "van dit bericht is geen goedkeuring vastgelegd; het is geplaatst onder een mandaat om zonder goedkeuring te plaatsen",
                    "no approval of this message is recorded; it was posted under a mandate to post without approval",
                ))
                .by(mandate),
                None => Finding::warn(words("van dit bericht is geen goedkeuring vastgelegd", "no approval of this message is recorded")),
            };
        };
        let in_order = order(Precision::Exact, (&approval, Some(approved.into())), (&message, Some(published.into())));
        in_order.and(approver_had_authority(inquiry, published, approved)).at_most_warn()
    })
}

/// Whoever approved had a mandate of the account to approve, or a role at that time.
fn approver_had_authority<'w>(
    inquiry: &Inquiry<'w>,
    published: &'w Dated<ContentPublished>,
    approved: &'w Dated<Approved>,
) -> Finding {
    let role = approved.fact.approver_role.as_ref().unwrap_or(&approved.role);
    let by = approved.by.as_ref();
    let mandates = mandates_of(inquiry, &published.fact).into_iter().filter(|mandate| {
        let holder = mandate.fact.holder.as_ref();
        let held = if holder.is_some() { holder == by } else { mandate.fact.role.as_ref() == Some(role) };
        held && mandate.fact.scope.contains(&PostingScope::Approve)
    });
    let mandates = mandates.map(period_of_mandate);
    let roles = by.map(|by| inquiry.related::<RoleAssignment>("holder", by)).unwrap_or_default();
    let roles = roles
        .iter()
        .filter(|held| approved.fact.approver_role.as_ref().is_none_or(|role| held.state.role.as_ref() == Some(role)));
    let roles = roles.filter_map(|held| {
        let said = held.state.assigned.last()?;
        Some(Period {
            from: held.state.from.or(Some(said.from)),
            to: held.state.ended.or(held.state.until),
            fact: Event::from(said).fact,
        })
    });
    let what = Text::new("wie goedkeurde", "whoever approved");
    authority(&what, approved.into(), mandates.chain(roles).collect::<Vec<_>>())
}

fn facts_are_checked<'w>(_inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state: &'w Publication = publication.state;
    each_published(publication, |published| {
        let Some(approved) = approval_of(state, &published.fact) else {
            return Finding::warn(words(
                "er is geen goedkeuring met een controlelijst vastgelegd",
                "no approval with a checklist is recorded",
            ));
        };
        let checklist = approved.fact.checklist.as_ref();
        let parts = [
            (
                Text::new("dat de feiten zijn gecontroleerd", "that the facts were checked"),
                checklist.is_some_and(|list| list.facts == Some(true)),
            ),
            (Text::new("de bronnen", "the sources"), checklist.is_some_and(|list| !list.sources.is_empty())),
        ];
        complete(&Text::new("de controlelijst", "the checklist"), parts).by(approved).at_most_warn()
    })
}

// --- PUB-03, PUB-04, PUB-05: accounts --------------------------------------------------------------------------------

/// Judges an account that is open.
fn open_account(account: Seen<'_, Account>, judge: impl FnOnce() -> Finding) -> Finding {
    match account.status {
        AccountStatus::Active | AccountStatus::Compromised => judge(),
        AccountStatus::Proposed => na(words("het account is niet geopend", "the account is not open")),
        AccountStatus::Closed => na(words("het account is gesloten", "the account is closed")),
    }
}

fn opening_was_assessed<'w>(_inquiry: &Inquiry<'w>, account: Seen<'w, Account>) -> Finding {
    open_account(account, || {
        let Some(opened) = &account.state.opened else {
            return Finding::warn(words(
                "wanneer het account is geopend, is niet vastgelegd",
                "when the account was opened is not recorded",
            ));
        };
        let assessed = account.state.opening_assessed.iter().min_by_key(|assessed| assessed.from.earliest());
        let (what, opening) = (
            Text::new("de beoordeling", "the assessment"),
            Text::new("het openen van het account", "opening the account"),
        );
        let in_order = order(Precision::Day, (&what, assessed.map(Event::from)), (&opening, Some(opened.into())));
        let fact = assessed.map(|assessed| &assessed.fact);
        let advised = fact.and_then(|fact| fact.advice);
        let parts = [
            (Text::new("genoeg inhoud", "enough content"), fact.is_some_and(|fact| fact.enough_content == Some(true))),
            (Text::new("genoeg bezetting", "enough staff"), fact.is_some_and(|fact| fact.enough_staff == Some(true))),
            (
                Text::new("een advies dat openen toelaat", "advice that allows opening"),
                advised.is_some_and(|advice| advice != OpeningAdvice::Negative),
            ),
            (Text::new("een eigenaar", "an owner"), account.owner.is_some()),
            (Text::new("een vervanger", "somebody who stands in"), account.back_up.is_some()),
        ];
        in_order
            .and(complete(&Text::new("de opening van het account", "the opening of the account"), parts).by(opened))
            .at_most_warn()
    })
}

fn credentials_are_fresh<'w>(inquiry: &Inquiry<'w>, account: Seen<'w, Account>) -> Finding {
    open_account(account, || {
        if account.status == AccountStatus::Compromised {
            return Finding::warn(words(
                "het account is in andere handen en de inloggegevens zijn niet gewijzigd",
                "the account is in the hands of others and its credentials were not changed",
            ))
            .by_all(account.state.compromised.last());
        }
        let last = account.state.credential_rotated.last();
        if let Some(last) = last.filter(|last| last.fact.mfa == Some(true)) {
            return Finding::pass(words("meervoudige authenticatie is bevestigd", "a second factor is attested"))
                .by(last);
        }
        let what = Text::new("de wijziging van de inloggegevens", "the change of the credentials");
        age(inquiry, &what, last.map(Event::from), inquiry.house("credentialRotation").as_ref(), Calendar::Strict)
            .by_all(&account.state.opened)
            .at_most_warn()
    })
}

fn logo_fits_the_account<'w>(_inquiry: &Inquiry<'w>, account: Seen<'w, Account>) -> Finding {
    let Some(registered) = account.state.registered.as_ref().filter(|_| account.status != AccountStatus::Closed) else {
        return na(words(
            "het account is niet geregistreerd of is gesloten",
            "the account is not registered or is closed",
        ));
    };
    let shown = registered.fact.logo;
    match account.kind {
        Some(AccountKind::Brand) if shown == Some(true) => {
            Finding::pass(words("het merkaccount toont het logo", "the brand account shows the logo"))
        }
        Some(AccountKind::Brand) if shown == Some(false) => {
            Finding::warn(words("het merkaccount toont het logo niet", "the brand account does not show the logo"))
        }
        Some(AccountKind::Brand) => Finding::indeterminate(words(
            "of het merkaccount het logo toont, is niet vastgelegd",
            "it is not recorded whether the brand account shows the logo",
        )),
        Some(AccountKind::Personal) if shown == Some(true) => {
            Finding::warn(words("een persoonlijk account toont het logo", "a personal account shows the logo"))
        }
        Some(AccountKind::Personal) if registered.fact.disclaimer != Some(true) => Finding::warn(words(
            "een persoonlijk account heeft geen disclaimer",
            "a personal account has no disclaimer",
        )),
        Some(AccountKind::Personal) => Finding::warn(words(
            "een persoonlijk account staat bij de accounts van de instelling",
            "a personal account is among the institution's accounts",
        )),
        None => Finding::indeterminate(words(
            "of het een merkaccount is, is niet vastgelegd",
            "it is not recorded whether it is a brand account",
        )),
    }
    .by(registered)
}

// --- PUB-06 ----------------------------------------------------------------------------------------------------------

/// What became of a publication that should not have been, in words.
fn removal(publication: &Publication) -> Text {
    match (publication.up.is_empty(), publication.content_removed.last()) {
        (true, Some(removed)) => say!("; verwijderd op {}", "; removed on {}", removed.from),
        _ => Text::new("; nog niet overal verwijderd", "; not removed everywhere yet"),
    }
}

fn nothing_protected_is_posted<'w>(_inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let Text { nl, en } = removal(publication.state);
    each_published(publication, |published| {
        let number = published.fact.contains_protected_id == Some(true);
        let confidential = published.fact.contains_confidential == Some(true);
        match (number, confidential) {
            (true, _) => Finding::warn(say!(
                "er staat een beschermd nummer in; behandel dit als incident{nl}",
                "it shows a protected number; treat this as an incident{en}"
            )),
            (false, true) => Finding::warn(say!(
                "er staan vertrouwelijke gegevens in; behandel dit als incident{nl}",
                "it shows confidential matter; treat this as an incident{en}"
            )),
            (false, false) => Finding::pass(words(
                "van beschermde nummers of vertrouwelijke gegevens is niets vastgelegd",
                "nothing is recorded of protected numbers or confidential matter",
            )),
        }
    })
}

/// The kinds of number that the activity of a publication processes.
fn numbers<'w>(inquiry: &Inquiry<'w>, published: &'w ContentPublished) -> (BTreeSet<bool>, Option<Sequence>) {
    let activity = published.activity.as_ref().and_then(|activity| inquiry.state::<Activity>(activity));
    let Some(version) = activity.and_then(|activity| activity.state.current.as_ref()) else {
        return (BTreeSet::new(), None);
    };
    let kinds = version.entry.data_categories.iter().filter_map(|category| category.national_id);
    (kinds.map(|kind| kind != NationalId::Local).collect(), Some(version.sequence))
}

fn no_statutory_number_is_posted<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let Text { nl, en } = removal(publication.state);
    each_published(publication, |published| {
        if published.fact.contains_protected_id != Some(true) {
            return no_number();
        }
        let (statutory, version) = numbers(inquiry, &published.fact);
        let local_only = statutory == BTreeSet::from([false]);
        let finding = if local_only {
            Finding::warn(say!(
                "er staat een eigen nummer van de instelling in, geen wettelijk nummer{nl}",
                "it shows a number of the institution's own, no statutory number{en}"
            ))
        } else {
            Finding::fail(say!(
                "er staat een wettelijk beschermd nummer in{nl}",
                "it shows a number protected by law{en}"
            ))
        };
        finding.by_all(version)
    })
}

fn no_number_is_posted<'w>(_inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let Text { nl, en } = removal(publication.state);
    each_published(publication, |published| match published.fact.contains_protected_id {
        Some(true) => Finding::fail(say!("er staat een persoonsnummer in{nl}", "it shows a personal number{en}")),
        _ => no_number(),
    })
}

fn no_number() -> Finding {
    Finding::pass(words("van een beschermd nummer is niets vastgelegd", "nothing is recorded of a protected number"))
}

// --- PUB-07, PUB-08 --------------------------------------------------------------------------------------------------

/// All mandates to post from the accounts of a publication.
fn mandates_of<'w>(inquiry: &Inquiry<'w>, published: &'w ContentPublished) -> Vec<&'w Dated<PostingMandateGranted>> {
    let accounts = published.accounts.iter().filter_map(|account| inquiry.state::<Account>(account));
    accounts.flat_map(|account| &account.state.posting_mandate_granted).collect()
}

fn period_of_mandate(mandate: &Dated<PostingMandateGranted>) -> Period {
    Period { from: Some(mandate.from), to: mandate.fact.until, fact: Event::from(mandate).fact }
}

/// The mandates of whoever posted, with one of some scopes.
fn own_mandates<'w>(
    inquiry: &Inquiry<'w>,
    published: &'w Dated<ContentPublished>,
    scopes: &[PostingScope],
) -> Vec<&'w Dated<PostingMandateGranted>> {
    let mut found = mandates_of(inquiry, &published.fact);
    found.retain(|mandate| {
        let holder: Option<&Code> = mandate.fact.holder.as_ref();
        let held = if holder.is_some() {
            holder == published.by.as_ref()
        } else {
            mandate.fact.role.as_ref() == Some(&published.role)
        };
        held && mandate.fact.scope.iter().any(|scope| scopes.contains(scope))
    });
    found
}

/// A mandate of whoever posted that had begun and not ended.
fn mandate_for<'w>(
    inquiry: &Inquiry<'w>,
    published: &'w Dated<ContentPublished>,
    scopes: &[PostingScope],
) -> Option<&'w Dated<PostingMandateGranted>> {
    own_mandates(inquiry, published, scopes).into_iter().find(|mandate| {
        let begun = mandate.from.day_not_after(&published.from) == Ternary::True;
        begun && mandate.fact.until.is_none_or(|until| until.day_not_after(&published.from) == Ternary::False)
    })
}

fn poster_has_a_mandate<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state: &'w Publication = publication.state;
    each_published(publication, |published| {
        if published.fact.accounts.is_empty() {
            return Finding::indeterminate(words(
                "van welk account dit uitging, is niet vastgelegd",
                "from which account this went out is not recorded",
            ));
        }
        let direct = own_mandates(inquiry, published, &[PostingScope::PublishDirectly]);
        let mut mandates = direct;
        // Who may post after approval needs that.
        if approval_of(state, &published.fact).is_some() {
            mandates.extend(own_mandates(inquiry, published, &[PostingScope::PublishAfterApproval]));
        }
        let what = Text::new("wie dit plaatste", "whoever posted this");
        let held = authority(&what, published.into(), mandates.iter().copied().map(period_of_mandate));
        let agreed = if mandates.is_empty() || mandates.iter().any(|mandate| mandate.fact.agreed_with.is_some()) {
            na(words("met wie is vastgelegd", "with whom is recorded"))
        } else {
            Finding::warn(words(
                "met wie het mandaat is afgesproken, is niet vastgelegd",
                "with whom the mandate was agreed is not recorded",
            ))
        };
        held.and(agreed).at_most_warn()
    })
}

/// The kinds of use in which data of platform users are processed on purpose.
const USES_OF_USER_DATA: [&str; 3] = ["ANALYSIS", "ANALYTICS", "RETARGETING"];

fn no_user_data_are_processed<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    each_published(publication, |published| match published.fact.processes_user_data {
        Some(false) => Finding::pass(words(
            "er worden geen gegevens van platformgebruikers mee verwerkt",
            "no data of platform users are processed with it",
        )),
        None => Finding::indeterminate(words(
            "of er gegevens van platformgebruikers mee worden verwerkt, is niet vastgelegd",
            "it is not recorded whether data of platform users are processed with it",
        )),
        Some(true) => {
            let activity = published.fact.activity.as_ref().and_then(|activity| inquiry.state::<Activity>(activity));
            let kind = activity.and_then(|activity| activity.state.kind.as_ref());
            match kind.filter(|kind| USES_OF_USER_DATA.contains(&kind.as_str())) {
                Some(kind) => Finding::pass(say!(
                    "gegevens van platformgebruikers worden verwerkt in een activiteit voor {kind}",
                    "data of platform users are processed in an activity for {kind}"
                )),
                None => Finding::fail(words(
                    "er worden gegevens van platformgebruikers mee verwerkt, buiten een activiteit voor analyse of retargeting",
                    "data of platform users are processed with it, outside an activity for analysis or retargeting",
                )),
            }
        }
    })
}

#[cfg(test)]
mod tests;
