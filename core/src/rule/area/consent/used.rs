//! What rests on consent, and whether consent came first and the use ended when it was withdrawn: publications, groups, leads and
//! analyses.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::BTreeSet;

use super::{answer, has_ended, na, version_of, void_from_the_beginning};
use crate::family::account::{Account, Kind as AccountKind};
use crate::family::activity::{Activity, LegalBasis};
use crate::family::consent::{Consent, ConsentStatus, Decision, Method, StandingItem};
use crate::family::consent_text::{ConsentText, TextItem, TextVersion};
use crate::family::dossier::Dated;
use crate::family::governance_instrument::InstrumentKind;
use crate::family::joint_controller_arrangement::{ArrangementStatus, ControlOutcome, JointControllerArrangement};
use crate::family::kit::key_text;
use crate::family::platform::{Clarity, Platform};
use crate::family::publication::{AnalyticsRunRecorded, Category, ContentPublished, Person, Publication};
use crate::family::rule_set::Outcome;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::norm::Parameter;
use crate::rule::template::{Due, Event, Precision, deadline, decide, order, recorded_before, without_undue_delay};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::Finding;
use crate::time::{Calendar, PartialDate, Ternary};

// --- What rests on consent --------------------------------------------------------------------------------------------

/// For what a consent is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Somebody can be recognised in something that is published.
    Content,
    /// Somebody is in a group.
    Group,
    /// Somebody who left data is contacted.
    Contact,
    /// Somebody's data are analysed.
    Analysis,
}

impl Kind {
    fn what(self) -> Text {
        match self {
            Self::Content => Text::new("de publicatie", "the publication"),
            Self::Group => Text::new("het toevoegen aan de groep", "adding to the group"),
            Self::Contact => Text::new("het eerste contact", "the first contact"),
            Self::Analysis => Text::new("de analyse", "the analysis"),
        }
    }
}

/// One use that rests on consent.
struct Use<'w> {
    kind: Kind,
    /// The consent, if one is named.
    consent: Option<&'w StreamId>,
    /// The purpose; where the text has an item of that code, it is the one.
    purpose: Option<&'w Code>,
    /// How many people it is about.
    count: Option<u32>,
    platforms: Vec<&'w Code>,
    categories: &'w [Category],
    /// When, and the fact that says so.
    at: Event,
}

/// Lists what a publication does with people's data on their consent, oldest first within each kind.
fn uses<'w>(publication: &'w Publication) -> Vec<Use<'w>> {
    let mut found = content(publication);
    let members =
        publication.group_member_added.iter().filter(|added| on_consent(added.fact.basis, &added.fact.consent));
    found.extend(
        members.map(|added| single(Kind::Group, &added.fact.consent, None, &added.fact.platform, added.into())),
    );
    for lead in &publication.lead_collected {
        let contact = lead.fact.first_contact.map(|contact| Event::new(contact, lead));
        found.extend(
            contact.map(|at| {
                single(Kind::Contact, &lead.fact.consent, lead.fact.purpose.as_ref(), &lead.fact.platform, at)
            }),
        );
    }
    for run in &publication.analytics_run_recorded {
        let of = |consent| Use {
            consent: Some(consent),
            ..single(Kind::Analysis, &None, run.fact.purpose.as_ref(), &run.fact.platform, run.into())
        };
        found.extend(run.fact.consents.iter().map(of));
    }
    found
}

fn single<'w>(
    kind: Kind,
    consent: &'w Option<StreamId>,
    purpose: Option<&'w Code>,
    platform: &'w Option<Code>,
    at: Event,
) -> Use<'w> {
    Use {
        kind,
        consent: consent.as_ref(),
        purpose,
        count: None,
        platforms: platform.iter().collect(),
        categories: &[],
        at,
    }
}

/// Those who can be recognised in it, as published and as changed.
fn content<'w>(publication: &'w Publication) -> Vec<Use<'w>> {
    let mut found = Vec::new();
    for published in &publication.content_published {
        let platforms: Vec<&Code> = published.fact.platforms.iter().collect();
        found.extend(persons(&published.fact, &published.fact.persons, &platforms, published.into()));
        if published.fact.persons.is_empty() && published.fact.basis == Some(LegalBasis::Consent) {
            let nobody = single(Kind::Content, &None, None, &None, published.into());
            found.push(Use { platforms, categories: &published.fact.categories, ..nobody });
        }
    }
    for amended in &publication.content_amended {
        // What is changed was published before; what the change does not say stays as it was.
        let Some(published) = publication.content_published.last() else { continue };
        let everywhere = publication.content_published.iter().flat_map(|published| &published.fact.platforms);
        let named: Vec<&Code> = amended.fact.platforms.iter().collect();
        let platforms = if named.is_empty() { everywhere.collect() } else { named };
        found.extend(persons(
            &published.fact,
            amended.fact.persons.as_deref().unwrap_or_default(),
            &platforms,
            amended.into(),
        ));
    }
    found
}

fn persons<'w>(
    published: &'w ContentPublished,
    persons: &'w [Person],
    platforms: &[&'w Code],
    at: Event,
) -> Vec<Use<'w>> {
    let resting = persons.iter().filter(|person| on_consent(person.basis.or(published.basis), &person.consent));
    let of = |person: &'w Person| Use {
        kind: Kind::Content,
        consent: person.consent.as_ref(),
        purpose: person.purpose.as_ref(),
        count: person.count,
        platforms: platforms.to_vec(),
        categories: &published.categories,
        at,
    };
    resting.map(of).collect()
}

fn on_consent(basis: Option<LegalBasis>, consent: &Option<StreamId>) -> bool {
    basis == Some(LegalBasis::Consent) || (basis.is_none() && consent.is_some())
}

/// The items of a version that ask for a use on a platform; an error says why it cannot be told.
fn asking<'w>(version: &'w TextVersion, used: &Use<'_>, platform: Option<&Code>) -> Result<Vec<&'w TextItem>, Finding> {
    let items = &version.text.items;
    if let Some(item) = items.iter().find(|item| used.purpose == Some(&item.code)) {
        return Ok(vec![item]);
    }
    let fitting = |item: &&TextItem| used.kind == Kind::Analysis || item.profiling != Some(true);
    let all: Vec<&TextItem> = items.iter().filter(fitting).collect();
    let here: Vec<&TextItem> = match platform {
        Some(platform) => all.iter().copied().filter(|item| item.platforms.contains(platform)).collect(),
        None => all.clone(),
    };
    if let Some(platform) = platform.filter(|_| here.is_empty()) {
        let silent = all.iter().any(|item| item.platforms.is_empty());
        return Err(if silent {
            Finding::indeterminate(say!(
                "of de tekst van de toestemming {platform} dekt, is niet vastgelegd",
                "it is not recorded whether the text of the consent covers {platform}"
            ))
        } else {
            Finding::fail(say!(
                "de tekst van de toestemming noemt {platform} niet",
                "the text of the consent does not name {platform}"
            ))
        }
        .by(version.sequence));
    }
    // Where the items tell kinds of content apart, only those of the published kinds ask for it.
    let kinds: Vec<String> =
        used.categories.iter().map(key_text).filter(|kind| all.iter().any(|item| names(item, kind))).collect();
    if kinds.is_empty() {
        return Ok(here);
    }
    match kinds.iter().find(|kind| !here.iter().any(|item| names(item, kind))) {
        Some(kind) => Err(Finding::fail(say!(
            "de tekst van de toestemming vraagt hier niet om {kind}",
            "the text of the consent does not ask for {kind} here"
        ))
        .by(version.sequence)),
        None => Ok(here.into_iter().filter(|item| kinds.iter().any(|kind| names(item, kind))).collect()),
    }
}

/// Whether the code or an operation of an item names a kind of content, as `photo-website` names PHOTO.
fn names(item: &TextItem, kind: &str) -> bool {
    let words = std::iter::once(&item.code).chain(&item.operations).flat_map(|code| code.as_str().split(['-', '_']));
    words.into_iter().any(|word| word.eq_ignore_ascii_case(kind))
}

// --- Whether consent came first: CON-03, CON-18 and what resembles them ------------------------------------------------

/// The consent as it stood when something was done on it; an error says why there was none.
fn standing<'w>(inquiry: &Inquiry<'w>, consent: &'w StreamId, act: Event) -> Result<Seen<'w, Consent>, Finding> {
    let Some(now) = inquiry.state::<Consent>(consent) else {
        return Err(Finding::fail(words(
            "van de toestemming waarop dit rust, is nog niets vastgelegd; zij is niet aan te tonen",
            "nothing is recorded yet of the consent on which this rests; it cannot be demonstrated",
        ))
        .by(act.fact));
    };
    let Some(given) = now.given else {
        return Err(Finding::fail(words(
            "de toestemming waarop dit rust, is niet gegeven",
            "the consent on which this rests was not given",
        ))
        .by(act.fact));
    };
    let then = inquiry.state_when::<Consent>(consent, &act.date).filter(|then| then.given.is_some());
    let Some(then) = then else {
        return Err(Finding::fail(say!(
            "de toestemming is pas gegeven op {given}, na {}",
            "consent was given only on {given}, after {}",
            act.date
        ))
        .by(act.fact));
    };
    if let Some((at, sequence)) = void_from_the_beginning(inquiry, consent) {
        // An answer given anew after that finding is another matter.
        let anew = then.status == ConsentStatus::Renewed
            && then.items.iter().all(|item| at.not_after(&item.since) == Ternary::True);
        if !anew {
            return Err(Finding::fail(say!(
                "de toestemming is op {at} met terugwerkende kracht ongeldig bevonden",
                "on {at} the consent was found invalid as if it had never been"
            ))
            .by(sequence)
            .by(act.fact));
        }
    }
    if has_ended(then.status) {
        let before = inquiry.state_when::<Consent>(consent, &PartialDate::Exact(act.date.earliest()));
        let surely = before.is_some_and(|before| has_ended(before.status));
        let finding = if surely {
            Finding::fail(words("de toestemming gold toen niet meer", "the consent did not hold any more then"))
        } else {
            Finding::indeterminate(words(
                "of de toestemming toen nog gold, beslissen de datums niet",
                "the dates do not decide whether the consent still held then",
            ))
        };
        return Err(finding.by(act.fact));
    }
    Ok(then)
}

/// The answer on which a use on a platform rested when it was made; an error says why there was none.
fn agreement<'w>(
    version: &'w TextVersion,
    then: Seen<'w, Consent>,
    used: &Use<'_>,
    platform: Option<&Code>,
) -> Result<&'w StandingItem, Finding> {
    let state: &'w Consent = then.state;
    let asked = asking(version, used, platform)?;
    let answers: Vec<&StandingItem> = asked.iter().filter_map(|item| answer(state, item)).collect();
    let agreed: Vec<&StandingItem> =
        answers.iter().copied().filter(|answer| answer.decision == Decision::Yes).collect();
    let place = platform.map_or_else(|| Text::new("", ""), |platform| say!(" voor {platform}", " for {platform}"));
    let Text { nl, en } = &place;
    let Some(first) = agreed.first().copied() else {
        let taken_back = answers.iter().max_by_key(|answer| answer.since.earliest());
        let finding = match taken_back.map(|answer| (answer, answer.since.not_after(&used.at.date))) {
            Some((answer, Ternary::Unknown)) => Finding::indeterminate(say!(
                "de toestemming{nl} ontbreekt sinds {}; of dat toen al zo was, beslissen de datums niet",
                "consent{en} is missing since {}; the dates do not decide whether it was so by then",
                answer.since
            )),
            _ => Finding::fail(say!("er was toen geen toestemming{nl}", "there was no consent{en} then")),
        };
        return Err(finding.by_all(answers.iter().map(|answer| answer.sequence)));
    };
    if agreed.len() < asked.len() {
        return Err(Finding::indeterminate(say!(
            "met een deel van de onderdelen{nl} is ingestemd; welk onderdeel dit gebruik dekt, is niet vastgelegd",
            "some of the items{en} were agreed to; which of them covers this use is not recorded"
        ))
        .by(first.sequence));
    }
    Ok(agreed.iter().copied().max_by_key(|answer| answer.since.earliest()).unwrap_or(first))
}

/// The fact behind an answer, with when it was recorded and whether it was imported.
fn fact_behind<'w>(
    inquiry: &Inquiry<'w>,
    consent: &'w StreamId,
    sequence: Sequence,
) -> Option<Dated<Option<Sequence>>> {
    let facts = inquiry.facts(consent);
    let fact = facts.iter().find(|fact| fact.recorded.sequence == sequence)?;
    Some(Dated::new(&fact.recorded.replaces, &fact.recorded))
}

/// Whether consent came before a use; `recorded`: and was recorded before it too.
fn came_first<'w>(inquiry: &Inquiry<'w>, used: &Use<'w>, recorded: bool) -> Finding {
    let Some(consent) = used.consent else {
        return Finding::fail(words(
            "dit rust op toestemming, en er is geen toestemming vastgelegd",
            "this rests on consent, and no consent is recorded",
        ))
        .by(used.at.fact);
    };
    if let Some(count) = used.count.filter(|count| *count > 1) {
        return Finding::fail(say!(
            "het gaat om {count} mensen, en er is één toestemming vastgelegd",
            "it is about {count} people, and one consent is recorded"
        ))
        .by(used.at.fact);
    }
    let then = match standing(inquiry, consent, used.at) {
        Ok(then) => then,
        Err(why) => return why,
    };
    let Some(version) = version_of(inquiry, then) else {
        return Finding::indeterminate(words(
            "op welke tekst de toestemming is gegeven, is niet vastgelegd",
            "on which text consent was given is not recorded",
        ))
        .by(used.at.fact);
    };
    let places: Vec<Option<&Code>> =
        if used.platforms.is_empty() { vec![None] } else { used.platforms.iter().copied().map(Some).collect() };
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for platform in places {
        match agreement(version, then, used, platform) {
            // One answer may cover several platforms.
            Ok(answer) if !seen.insert(answer.sequence) => {}
            Ok(answer) => findings.push(answer_came_first(inquiry, used, consent, then, answer, recorded)),
            Err(why) => findings.push(why.by(used.at.fact)),
        }
    }
    Finding::all(findings, || na(words("er is niets te beoordelen", "there is nothing to judge")))
}

fn answer_came_first<'w>(
    inquiry: &Inquiry<'w>,
    used: &Use<'w>,
    consent: &'w StreamId,
    then: Seen<'w, Consent>,
    answer: &StandingItem,
    recorded: bool,
) -> Finding {
    let what = Text::new("de toestemming", "the consent");
    let fact = fact_behind(inquiry, consent, answer.sequence);
    let given = fact.as_ref().map_or_else(|| Event::new(answer.since, answer.sequence), Event::from);
    let finding = order(Precision::Exact, (&what, Some(given)), (&used.kind.what(), Some(used.at)));
    let finding = match &then.validity {
        Some(term) => {
            finding.and(within_validity(Calendar::Strict.count(term, &answer.since).limit.met_by(&used.at.date)))
        }
        None => finding,
    };
    match fact {
        // When what it corrects was recorded is not seen from here.
        Some(fact) if recorded && fact.fact.is_some() && PartialDate::Exact(fact.recorded).not_after(&used.at.date) != Ternary::True => {
            finding.and(Finding::indeterminate(words(
                "de vastlegging van de toestemming is later gecorrigeerd; of zij vooraf al was vastgelegd, is hier niet te zien",
                "the record of the consent was corrected later; whether it was recorded before cannot be seen here",
            )))
        }
        Some(fact) if recorded => finding.and(recorded_before(&what, &fact, used.at)),
        _ => finding,
    }
}

fn within_validity(within: Ternary) -> Finding {
    decide(
        within,
        || Finding::pass(words("zij was toen nog niet verlopen", "it had not expired then")),
        || {
            Finding::fail(words(
                "de tijd waarvoor zij was gegeven, was toen voorbij",
                "the time for which it was given was over then",
            ))
        },
        || {
            Finding::indeterminate(words(
                "of zij toen verlopen was, beslissen de datums niet",
                "the dates do not decide whether it had expired then",
            ))
        },
    )
}

fn nobody_on_consent() -> Finding {
    na(words(
        "niemand is hierin herkenbaar op grond van toestemming",
        "nobody can be recognised in it on the ground of consent",
    ))
}

fn all_came_first<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let findings: Vec<Finding> =
        content(publication.state).iter().map(|used| came_first(inquiry, used, false)).collect();
    Finding::all(findings, nobody_on_consent)
}

pub(super) fn consent_came_first<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    all_came_first(inquiry, publication)
}

pub(super) fn consent_was_recorded_first<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let findings = content(publication.state)
        .into_iter()
        .map(|used| under_guideline(inquiry, &used.at.date, || came_first(inquiry, &used, true)));
    Finding::all(findings.collect::<Vec<_>>(), nobody_on_consent)
}

/// What was done before the guideline was in force is not judged by it, unless rules of a later day are asked for on purpose.
fn under_guideline(inquiry: &Inquiry<'_>, done: &PartialDate, judge: impl FnOnce() -> Finding) -> Finding {
    let versions = inquiry.in_force(&[InstrumentKind::Guideline]);
    let adopted =
        versions.iter().flat_map(|in_force| &in_force.instrument.versions).filter_map(|version| version.in_force_from);
    let on_purpose = inquiry.moment.rules > inquiry.moment.valid;
    let since = adopted.min_by_key(PartialDate::earliest).filter(|_| !on_purpose);
    decide(
        since.map_or(Ternary::True, |since| since.day_not_after(done)),
        judge,
        || {
            na(words(
                "toen dit gebeurde, was de richtlijn nog niet van kracht",
                "when this was done, the guideline was not in force yet",
            ))
        },
        || {
            Finding::indeterminate(words(
                "of de richtlijn toen van kracht was, beslissen de datums niet",
                "the dates do not decide whether the guideline was in force then",
            ))
        },
    )
}

pub(super) fn nobody_is_shown_without_permission<'w>(
    inquiry: &Inquiry<'w>,
    publication: Seen<'w, Publication>,
) -> Finding {
    let state: &'w Publication = publication.state;
    let accounts = state.content_published.iter().flat_map(|published| &published.fact.accounts);
    let kinds: Vec<Option<AccountKind>> =
        accounts.map(|account| inquiry.state::<Account>(account).and_then(|seen| seen.kind)).collect();
    if !kinds.is_empty() && kinds.iter().all(|kind| *kind == Some(AccountKind::Personal)) {
        return na(words("dit ging niet van een merkaccount uit", "this did not go out from a brand account"));
    }
    let groundless = state.content_published.iter().filter(|published| {
        let no_ground = |person: &Person| person.basis.or(published.fact.basis).is_none() && person.consent.is_none();
        published.fact.persons.iter().any(no_ground)
    });
    let groundless = groundless.map(|published| {
        Finding::warn(words(
            "van iemand die herkenbaar is, is geen toestemming of andere grondslag vastgelegd",
            "of somebody who can be recognised neither consent nor another legal basis is recorded",
        ))
        .by(published)
    });
    groundless.fold(all_came_first(inquiry, publication), Finding::and).at_most_warn()
}

// --- CON-15 ----------------------------------------------------------------------------------------------------------

pub(super) fn consent_is_not_enough<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state: &'w Publication = publication.state;
    let used: Vec<Use<'w>> = content(state);
    if used.is_empty() {
        return nobody_on_consent();
    }
    let pictured = state.content_published.iter().any(|published| {
        let fact = &published.fact;
        let kinds = [Category::Photo, Category::Video, Category::LiveStream];
        fact.contains_imagery == Some(true) || fact.categories.iter().any(|category| kinds.contains(category))
    });
    if !pictured {
        return na(words("er is geen beeldmateriaal in gedeeld", "no pictures are shared in it"));
    }
    if state.up.is_empty() {
        return na(words("het beeld staat nergens meer", "the pictures are up nowhere any more"));
    }
    let agreed = all_came_first(inquiry, publication);
    let spoken = used
        .iter()
        .filter_map(|used| inquiry.state::<Consent>(used.consent?))
        .filter(|consent| matches!(consent.method, Some(Method::Oral | Method::Banner)));
    let unsigned = spoken.map(|_| {
        Finding::fail(words(
            "de toestemming staat niet op een ondertekend of ingevuld formulier",
            "the consent is not on a signed or filled in form",
        ))
    });
    let places = state.up.iter().map(|presence| platform_is_settled(inquiry, &presence.platform).by(presence.sequence));
    let findings: Vec<Finding> = unsigned.chain(places).collect();
    findings.into_iter().fold(agreed, Finding::and)
}

/// Whether it is clear what a platform does, and what is agreed with it as a joint controller.
fn platform_is_settled(inquiry: &Inquiry<'_>, code: &Code) -> Finding {
    let platforms = inquiry.related::<Platform>("platform", code);
    if platforms.is_empty() {
        return na(say!("{code} is geen geregistreerd platform", "{code} is no registered platform"));
    }
    let clarity = match platforms.iter().find_map(|platform| Some((platform, platform.state.clarity?))) {
        Some((platform, clarity)) => {
            let finding = match clarity {
                Clarity::Clear => Finding::pass(say!(
                    "van {code} is duidelijk wat het met gegevens doet",
                    "of {code} it is clear what it does with data"
                )),
                Clarity::Unclear => Finding::fail(say!(
                    "van {code} is onduidelijk wat het met gegevens doet",
                    "of {code} it is unclear what it does with data"
                )),
            };
            finding.by_all(platform.state.clarity_assessed.last())
        }
        None => Finding::fail(say!(
            "of duidelijk is wat {code} met gegevens doet, is niet beoordeeld",
            "it was not assessed whether it is clear what {code} does with data"
        )),
    };
    clarity.and(arrangement_is_made(inquiry, code))
}

fn arrangement_is_made(inquiry: &Inquiry<'_>, code: &Code) -> Finding {
    let arrangements = inquiry.related::<JointControllerArrangement>("platform", code);
    let assessed = arrangements.iter().flat_map(|arrangement| &arrangement.state.assessed);
    let assessed = assessed.max_by_key(|assessed| (assessed.from.earliest(), assessed.sequence));
    let Some(assessed) = assessed else {
        return Finding::fail(say!(
            "of de instelling met {code} gezamenlijk verantwoordelijk is, is niet beoordeeld",
            "it was not assessed whether the institution is a joint controller with {code}"
        ));
    };
    let own = assessed.fact.findings.iter().filter(|finding| finding.platform.as_ref() == Some(code));
    let outcomes: Vec<ControlOutcome> = own.map(|finding| finding.outcome).collect();
    let joint = if outcomes.is_empty() {
        assessed.fact.outcome == Some(ControlOutcome::Joint)
    } else {
        outcomes.contains(&ControlOutcome::Joint)
    };
    if !joint {
        return Finding::pass(say!(
            "met {code} is er geen gezamenlijke verantwoordelijkheid",
            "there is no joint control with {code}"
        ))
        .by(assessed);
    }
    let agreed = arrangements.iter().find(|arrangement| {
        arrangement.status == ArrangementStatus::Agreed
            && inquiry.within(arrangement.from.as_ref(), arrangement.to.as_ref()) == Ternary::True
    });
    match agreed {
        Some(arrangement) => {
            Finding::pass(say!("met {code} is een regeling getroffen", "there is an arrangement with {code}"))
                .by_all(&arrangement.state.agreed)
        }
        None => Finding::fail(say!(
            "met {code} is er gezamenlijke verantwoordelijkheid en geen regeling die geldt",
            "there is joint control with {code} and no arrangement in force"
        )),
    }
    .by(assessed)
}

// --- CON-06 ----------------------------------------------------------------------------------------------------------

/// A use of which the consent was withdrawn.
struct Withdrawn<'w> {
    kind: Kind,
    platform: Option<&'w Code>,
    /// The withdrawal.
    at: Event,
    /// The use itself, where it came only after the withdrawal.
    again: Option<Event>,
    /// A statutory duty by which it goes on.
    excepted: Option<Event>,
    /// That the institution ended it.
    ended: Option<Event>,
    /// That the platform was asked to take it down.
    asked: Option<Event>,
    /// That it did.
    confirmed: Option<Event>,
}

/// Lists the uses in a publication that rested on a consent and of which it was withdrawn.
fn withdrawn<'w>(
    inquiry: &Inquiry<'w>,
    publication: Seen<'w, Publication>,
    consent: Seen<'w, Consent>,
) -> Vec<Withdrawn<'w>> {
    let state: &'w Publication = publication.state;
    let Some(version) = version_of(inquiry, consent) else { return Vec::new() };
    let mut found = Vec::new();
    for used in uses(state).iter().filter(|used| used.consent == Some(consent.stream)) {
        let places: Vec<Option<&'w Code>> =
            if used.platforms.is_empty() { vec![None] } else { used.platforms.iter().copied().map(Some).collect() };
        for platform in places {
            if let Some(at) = withdrawal(version, consent.state, used, platform) {
                found.push(end_of_use(state, consent, used, platform, at));
            }
        }
    }
    found
}

/// When the last agreement to a use on a platform was taken back. What was never agreed to was not.
fn withdrawal(version: &TextVersion, consent: &Consent, used: &Use<'_>, platform: Option<&Code>) -> Option<Event> {
    let asked = asking(version, used, platform).ok()?;
    let answers: Vec<&StandingItem> = asked.into_iter().filter_map(|item| answer(consent, item)).collect();
    if answers.iter().any(|answer| answer.decision == Decision::Yes) {
        return None;
    }
    let by_withdrawal =
        |answer: &StandingItem| consent.withdrawals.iter().find(|withdrawn| withdrawn.sequence == answer.sequence);
    let later = |answer: &&&StandingItem| {
        by_withdrawal(answer).is_some()
            || consent.given.is_some_and(|given| given.before(&answer.since) != Ternary::False)
    };
    let last = answers.iter().filter(later).max_by_key(|answer| answer.since.earliest())?;
    Some(by_withdrawal(last).map_or_else(|| Event::new(last.since, last.sequence), Event::from))
}

fn end_of_use<'w>(
    publication: &'w Publication,
    consent: Seen<'w, Consent>,
    used: &Use<'w>,
    platform: Option<&'w Code>,
    at: Event,
) -> Withdrawn<'w> {
    let since = used.at.date.earliest();
    let here =
        |platforms: &[Code]| platforms.is_empty() || platform.is_some_and(|platform| platforms.contains(platform));
    let removed = publication.content_removed.iter().filter(|removed| here(&removed.fact.platforms)).map(Event::from);
    let changed = publication.content_amended.iter().filter(|amended| {
        let left_out =
            |persons: &Vec<Person>| persons.iter().all(|person| person.consent.as_ref() != Some(consent.stream));
        here(&amended.fact.platforms) && amended.fact.persons.as_ref().is_some_and(left_out)
    });
    let left = publication.group_member_removed.iter().filter(|removed| {
        removed.fact.consent.as_ref() == Some(consent.stream)
            || removed.fact.added.is_some_and(|added| added == used.at.fact.sequence)
    });
    let actions = || consent.state.withdrawal_actions.iter();
    let stopped = actions()
        .filter(|action| platform.is_some_and(|platform| action.fact.uses.contains(platform)))
        .map(Event::from);
    let ended: Vec<Event> = match used.kind {
        Kind::Group => left.map(Event::from).chain(stopped).collect(),
        // Contact details and analyses stand in no post: they are gone when the withdrawal was carried out in full.
        Kind::Contact | Kind::Analysis => {
            actions().filter(|action| action.fact.complete).map(Event::from).chain(stopped).collect()
        }
        _ => removed.chain(changed.map(Event::from)).chain(stopped).collect(),
    };
    let asked = publication.takedown_requested.iter().filter(|asked| platform == Some(&asked.fact.platform));
    let confirmed =
        publication.takedown_confirmed.iter().filter(|confirmed| platform == Some(&confirmed.fact.platform));
    let excepted = actions().find(|action| {
        let mut exceptions =
            action.fact.exceptions.iter().flatten().filter(|exception| exception.legal_reference.is_some());
        exceptions.any(|exception| Some(&exception.code) == platform || Some(&exception.code) == used.purpose)
    });
    let first = |events: Vec<Event>| {
        events.into_iter().filter(|event| event.date.latest() >= since).min_by_key(|event| event.date.earliest())
    };
    Withdrawn {
        kind: used.kind,
        platform,
        at,
        again: Some(used.at).filter(|used| at.date.before(&used.date) == Ternary::True),
        excepted: excepted.map(Event::from),
        ended: first(ended),
        asked: first(asked.map(Event::from).collect()),
        confirmed: first(confirmed.map(Event::from).collect()),
    }
}

/// Judges a withdrawn use; `by_law`: the law has no term, so what is late is only to be attended to.
fn use_ended(inquiry: &Inquiry<'_>, used: &Withdrawn<'_>, by_law: bool) -> Finding {
    let Text { nl, en } = used
        .platform
        .map_or_else(|| used.kind.what(), |platform| say!("het gebruik op {platform}", "the use on {platform}"));
    if let Some(again) = used.again {
        return Finding::fail(say!(
            "{nl}: nieuw op {}, na de intrekking op {}",
            "{en}: new on {}, after the withdrawal on {}",
            again.date,
            used.at.date
        ))
        .by(again.fact)
        .by(used.at.fact);
    }
    if let Some(excepted) = used.excepted {
        return Finding::pass(say!(
            "{nl}: gaat door op grond van een wettelijke plicht",
            "{en}: goes on by a statutory duty"
        ))
        .by(excepted.fact);
    }
    let term = |name: &str| inquiry.house(name);
    let due = |what: &Text, done: Option<Event>, term: Option<&Parameter>| {
        deadline(inquiry, &Due { what, from: used.at, done, term, calendar: Calendar::Strict })
    };
    // Not to use them any more is not to erase them (Art. 17(1)(b)).
    if matches!(used.kind, Kind::Contact | Kind::Analysis) {
        let removal =
            say!("{nl}: wissing van de gegevens na de intrekking", "{en}: erasure of the data after the withdrawal");
        return match used.ended {
            Some(ended) if by_law => {
                Finding::pass(say!("{nl}: de gegevens zijn verwijderd", "{en}: the data are removed")).by(ended.fact)
            }
            None if by_law => Finding::warn(say!(
                "{nl}: niet meer na de intrekking; dat de gegevens zijn gewist, is niet vastgelegd",
                "{en}: not any more after the withdrawal; that the data were erased is not recorded"
            )),
            ended => due(&removal, ended, term("stopTerm").as_ref()),
        }
        .by(used.at.fact);
    }
    let stop = Text::new(format!("{nl} na intrekking stoppen"), format!("ending {en} after the withdrawal"));
    let first = [used.ended, used.asked].into_iter().flatten().min_by_key(|event| event.date.earliest());
    let mut finding = due(&stop, first, term("stopTerm").as_ref());
    if used.asked.is_some() {
        let down =
            Text::new(format!("{nl}: verwijdering door het platform"), format!("{en}: taken down by the platform"));
        finding = finding.and(due(&down, used.confirmed, term("takedown").as_ref()));
    }
    if !by_law {
        return finding;
    }
    let gone = used.confirmed.or(used.ended);
    let known = match gone {
        Some(gone) => Finding::pass(say!("{nl}: gestopt op {}", "{en}: ended on {}", gone.date)).by(gone.fact),
        None if term("stopTerm").is_some() => {
            Finding::pass(say!("{nl}: ingetrokken op {}", "{en}: withdrawn on {}", used.at.date))
        }
        None => Finding::warn(say!("{nl}: nog niet gestopt", "{en}: has not ended yet")),
    };
    without_undue_delay(finding).and(known.by(used.at.fact))
}

fn consent_ends(
    inquiry: &Inquiry<'_>,
    consent: Seen<'_, Consent>,
    found: Vec<Withdrawn<'_>>,
    by_law: bool,
) -> Option<Finding> {
    let findings: Vec<Finding> = found.iter().map(|used| use_ended(inquiry, used, by_law)).collect();
    let finding = findings.into_iter().reduce(Finding::and)?;
    // That something was left undone is a fact, not a delay.
    let last = consent.state.withdrawal_actions.last().filter(|last| !last.fact.complete);
    let unexplained =
        last.filter(|last| last.fact.exceptions.iter().flatten().all(|exception| exception.legal_reference.is_none()));
    Some(match unexplained {
        Some(last) => finding.and(
            Finding::fail(words(
                "de intrekking is niet volledig uitgevoerd, zonder wettelijke plicht om door te gaan",
                "the withdrawal was not carried out in full, without a statutory duty to go on",
            ))
            .by(last),
        ),
        None => finding,
    })
}

fn uses_end<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>, by_law: bool) -> Finding {
    let taken_back =
        consent.state.given.is_some() && consent.state.items.iter().any(|item| item.decision == Decision::No);
    if !taken_back {
        return na(words("er is niets ingetrokken", "nothing was withdrawn"));
    }
    let publications = inquiry.related::<Publication>("consent", consent.stream);
    let found: Vec<Withdrawn<'w>> =
        publications.into_iter().flat_map(|publication| withdrawn(inquiry, publication, consent)).collect();
    consent_ends(inquiry, consent, found, by_law).unwrap_or_else(|| {
        na(words(
            "er is geen gebruik vastgelegd dat op het ingetrokkene rust",
            "no use is recorded that rests on what was withdrawn",
        ))
    })
}

pub(super) fn uses_end_by_law<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    uses_end(inquiry, consent, true)
}

pub(super) fn uses_end_in_term<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    uses_end(inquiry, consent, false)
}

fn publication_ends<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>, by_law: bool) -> Finding {
    let state: &'w Publication = publication.state;
    let consents: BTreeSet<&'w StreamId> = uses(state).iter().filter_map(|used| used.consent).collect();
    let consents = consents.into_iter().filter_map(|consent| inquiry.state::<Consent>(consent));
    let findings =
        consents.filter_map(|consent| consent_ends(inquiry, consent, withdrawn(inquiry, publication, consent), by_law));
    Finding::all(findings.collect::<Vec<_>>(), || {
        na(words("geen toestemming waarop dit rust, is ingetrokken", "no consent on which this rests was withdrawn"))
    })
}

pub(super) fn publication_ends_by_law<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    publication_ends(inquiry, publication, true)
}

pub(super) fn publication_ends_in_term<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    publication_ends(inquiry, publication, false)
}

// --- CON-07, CON-10, CON-11: analyses, groups and leads ----------------------------------------------------------------

pub(super) fn users_agreed_by_law<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    users_agreed(inquiry, publication, true)
}

pub(super) fn users_agreed_by_guideline<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    users_agreed(inquiry, publication, false)
}

fn users_agreed<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>, by_law: bool) -> Finding {
    let state: &'w Publication = publication.state;
    let findings = state.analytics_run_recorded.iter().map(|run| {
        let finding = match run.fact.personal {
            Some(false) => Finding::pass(words(
                "de analyse gebruikt alleen geaggregeerde gegevens",
                "the analysis takes aggregated data only",
            )),
            None => Finding::indeterminate(words(
                "of de analyse persoonsgegevens gebruikt, is niet vastgelegd",
                "it is not recorded whether the analysis takes personal data",
            )),
            Some(true) if by_law && other_basis(inquiry, run.fact.activity.as_ref(), run.fact.purpose.as_ref()) => {
                let asked = analysed_with_consent(inquiry, state, run);
                if asked.outcome == Outcome::Pass {
                    asked
                } else {
                    // Whoever reads from a user's device asks consent, whatever the basis of what follows (Tw 11.7a).
                    Finding::indeterminate(words(
                        "de activiteit rust op een andere grondslag dan toestemming; of de analyse apparatuur van gebruikers uitleest, waarvoor de Telecommunicatiewet toch toestemming vraagt, is niet vastgelegd",
                        "the activity rests on another legal basis than consent; whether the analysis reads from users' devices, for which the Telecommunications Act asks consent all the same, is not recorded",
                    ))
                }
            }
            Some(true) if by_law => analysed_with_consent(inquiry, state, run),
            Some(true) => {
                return under_guideline(inquiry, &run.from, || analysed_with_consent(inquiry, state, run)).by(run);
            }
        };
        finding.by(run)
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        na(words("er is geen analyse van gebruikers vastgelegd", "no analysis of users is recorded"))
    })
}

/// Whether an activity has a legal basis for a purpose, or for all of them, and none is consent.
fn other_basis<'w>(inquiry: &Inquiry<'w>, activity: Option<&'w StreamId>, purpose: Option<&Code>) -> bool {
    let Some(activity) = activity.and_then(|activity| inquiry.state::<Activity>(activity)) else { return false };
    let bases =
        activity.state.legal_bases().iter().filter(|basis| purpose.is_none_or(|purpose| basis.purpose == *purpose));
    let bases: Vec<LegalBasis> = bases.map(|basis| basis.basis).collect();
    !bases.is_empty() && !bases.contains(&LegalBasis::Consent)
}

fn analysed_with_consent<'w>(
    inquiry: &Inquiry<'w>,
    publication: &'w Publication,
    run: &'w Dated<AnalyticsRunRecorded>,
) -> Finding {
    let of_this_run = |used: &Use<'_>| used.kind == Kind::Analysis && used.at.fact.sequence == run.sequence;
    let each = uses(publication).into_iter().filter(of_this_run).map(|used| came_first(inquiry, &used, false));
    let under = run.fact.consent_text.as_ref().map(|text| {
        let what = Text::new("de vraag om toestemming", "the request for consent");
        let offered = inquiry.state::<ConsentText>(text).and_then(|text| {
            let versions = text.state.versions.iter().map(|version| Event::new(version.from, version.sequence));
            versions.chain(text.state.banners.iter().map(Event::from)).min_by_key(|event| event.date.earliest())
        });
        order(Precision::Exact, (&what, offered), (&Kind::Analysis.what(), Some(run.into())))
    });
    Finding::all(each.chain(under).collect::<Vec<_>>(), || {
        Finding::fail(words(
            "mensen zijn geanalyseerd zonder dat hun toestemming is vastgelegd",
            "people were analysed and their consent is not recorded",
        ))
    })
}

pub(super) fn members_agreed<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state: &'w Publication = publication.state;
    let findings = state.group_member_added.iter().map(|added| {
        if added.fact.basis.is_some_and(|basis| basis != LegalBasis::Consent) {
            return Finding::pass(words(
                "het lid is toegevoegd op een andere grondslag",
                "the member was added on another legal basis",
            ))
            .by(added);
        }
        let used = single(Kind::Group, &added.fact.consent, None, &added.fact.platform, added.into());
        let finding = under_guideline(inquiry, &added.from, || came_first(inquiry, &used, true));
        let consent = used.consent.and_then(|consent| inquiry.state::<Consent>(consent));
        let taken_back = consent.and_then(|consent| {
            let version = version_of(inquiry, consent)?;
            let platform = added.fact.platform.as_ref();
            let at = withdrawal(version, consent.state, &used, platform)?;
            Some(use_ended(inquiry, &end_of_use(state, consent, &used, platform, at), false))
        });
        taken_back.into_iter().fold(finding, Finding::and)
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        na(words("er is niemand aan een groep toegevoegd", "nobody was added to a group"))
    })
}

pub(super) fn leads_agreed<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state: &'w Publication = publication.state;
    let findings = state.lead_collected.iter().map(|lead| {
        let contact = lead.fact.first_contact.filter(|contact| inquiry.happened(contact) != Ternary::False);
        let Some(contact) = contact else {
            return na(words("er is nog geen contact opgenomen", "nobody was contacted yet"));
        };
        let used = single(
            Kind::Contact,
            &lead.fact.consent,
            lead.fact.purpose.as_ref(),
            &lead.fact.platform,
            Event::new(contact, lead),
        );
        under_guideline(inquiry, &contact, || came_first(inquiry, &used, false))
    });
    Finding::all(findings.collect::<Vec<_>>(), || {
        na(words("er zijn geen contactgegevens verzameld", "no leads were collected"))
    })
}
