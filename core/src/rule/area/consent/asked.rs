//! The texts by which consent is asked: how freely, how it can be withdrawn, and whether they name what is done.

use std::collections::BTreeSet;

use super::{activity_of, agreed_items, answer, na, no_text, relied_on, version_of};
use crate::family::activity::{Activity, ActivityStatus};
use crate::family::consent::{Consent, Decision};
use crate::family::consent_text::{Channel, ConsentText, Materiality, TextItem, TextStatus, TextVersion};
use crate::family::joint_controller_arrangement::{ArrangementStatus, ControlOutcome, JointControllerArrangement};
use crate::family::kit::key_text;
use crate::family::platform::{Kind as PlatformKind, Platform, RiskTopic};
use crate::family::privacy_notice::{NoticeItem, PrivacyNotice};
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::template::{Event, age, complete, coverage, without_undue_delay};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::Finding;
use crate::time::Calendar;

// --- CON-02, CON-05, CON-14: the text ----------------------------------------------------------------------------------

/// Judges the newest version of a text.
fn newest<'w>(text: Seen<'w, ConsentText>, judge: impl FnOnce(&'w TextVersion) -> Finding) -> Finding {
    let state: &'w ConsentText = text.state;
    match state.versions.last() {
        Some(version) => judge(version).by(version.sequence),
        None => na(words("er is geen versie van de tekst gepubliceerd", "no version of the text was published")),
    }
}

/// Judges the version of a text that is offered to people.
fn offered<'w>(text: Seen<'w, ConsentText>, judge: impl FnOnce(&'w TextVersion) -> Finding) -> Finding {
    if text.status == TextStatus::Superseded {
        return na(words("de tekst wordt niet meer aangeboden", "the text is not offered any more"));
    }
    newest(text, judge)
}

pub(super) fn withdrawing_is_easy<'w>(_inquiry: &Inquiry<'w>, text: Seen<'w, ConsentText>) -> Finding {
    newest(text, |version| {
        let asked = &version.text;
        let burden = [
            (asked.withdrawal_costs == Some(true), words("intrekken kost iets", "withdrawing costs something")),
            (
                asked.withdrawal_reason_demanded == Some(true),
                words("voor intrekken wordt een reden gevraagd", "a reason for withdrawing is demanded"),
            ),
        ];
        let burden = burden.into_iter().filter(|(there, _)| *there).map(|(_, text)| Finding::fail(text));
        let findings: Vec<Finding> =
            burden.chain([withdrawal_steps(asked.steps_grant, asked.steps_withdraw)]).collect();
        findings
            .into_iter()
            .fold(withdrawal_channels(&asked.grant_channels, &text.state.withdrawal_channels), Finding::and)
    })
}

fn withdrawal_steps(grant: Option<u16>, withdraw: Option<u16>) -> Finding {
    match (grant, withdraw) {
        (Some(grant), Some(withdraw)) if withdraw > grant => Finding::fail(say!(
            "intrekken vraagt {withdraw} stappen, geven {grant}",
            "withdrawing takes {withdraw} steps, giving {grant}"
        )),
        (Some(_), Some(_)) => Finding::pass(words(
            "intrekken vraagt niet meer stappen dan geven",
            "withdrawing takes no more steps than giving",
        )),
        _ => Finding::warn(words(
            "hoeveel stappen geven en intrekken vragen, is niet vastgelegd",
            "how many steps giving and withdrawing take is not recorded",
        )),
    }
}

fn withdrawal_channels(grant: &[Channel], withdraw: &[Channel]) -> Finding {
    let electronic = |channels: &[Channel]| {
        channels.iter().any(|channel| matches!(channel, Channel::Web | Channel::Email | Channel::Banner))
    };
    if withdraw.is_empty() {
        return Finding::fail(words(
            "hoe toestemming kan worden ingetrokken, is niet vastgelegd",
            "how consent can be withdrawn is not recorded",
        ));
    }
    if grant.is_empty() {
        return Finding::indeterminate(words(
            "langs welke kanalen toestemming wordt gegeven, is niet vastgelegd",
            "by which channels consent is given is not recorded",
        ));
    }
    if electronic(grant) && !electronic(withdraw) {
        return Finding::fail(words(
            "toestemming wordt elektronisch gegeven en kan niet elektronisch worden ingetrokken",
            "consent is given electronically and cannot be withdrawn so",
        ));
    }
    let missing: Vec<String> = grant.iter().filter(|channel| !withdraw.contains(channel)).map(key_text).collect();
    if missing.is_empty() {
        return Finding::pass(words(
            "intrekken kan langs alle kanalen waarlangs toestemming wordt gegeven",
            "consent can be withdrawn by all channels by which it is given",
        ));
    }
    let missing = missing.join(", ");
    Finding::warn(say!("intrekken kan niet langs {missing}", "consent cannot be withdrawn by {missing}"))
}

pub(super) fn withdrawal_is_mentioned<'w>(inquiry: &Inquiry<'w>, text: Seen<'w, ConsentText>) -> Finding {
    let state: &'w ConsentText = text.state;
    offered(text, |version| {
        if version.text.mentions_withdrawal == Some(true) {
            return Finding::pass(words(
                "de tekst wijst op het recht op intrekking",
                "the text tells of the right to withdraw",
            ));
        }
        let activity = version.text.activity.as_ref().or(state.activity.as_ref());
        let notices =
            activity.map(|activity| inquiry.related::<PrivacyNotice>("activity", activity)).unwrap_or_default();
        let told = notices
            .iter()
            .filter_map(|notice| notice.state.current.as_ref())
            .find(|current| current.fact.items.iter().any(|item| item.item == NoticeItem::Withdrawal && item.present));
        match told {
            Some(told) => Finding::pass(words(
                "de privacyverklaring wijst op het recht op intrekking",
                "the privacy notice tells of the right to withdraw",
            ))
            .by(told),
            None => Finding::fail(words(
                "noch de tekst, noch een privacyverklaring wijst op het recht op intrekking",
                "neither the text nor a privacy notice tells of the right to withdraw",
            )),
        }
    })
}

/// The groups of people who may feel that they cannot refuse.
const DEPENDENT: [&str; 4] = ["STUDENT", "EMPLOYEE", "STAFF", "TEACHER"];

/// Judges a text by which people are asked who depend on the institution.
fn asked_of_dependent_people<'w>(
    inquiry: &Inquiry<'w>,
    text: Seen<'w, ConsentText>,
    judge: impl FnOnce(&'w ConsentText) -> Finding,
) -> Finding {
    let state: &'w ConsentText = text.state;
    offered(text, |_| {
        let activity = state.activity.as_ref().and_then(|activity| inquiry.state::<Activity>(activity));
        let current = activity.and_then(|activity| activity.state.current.as_ref());
        let asked = current.iter().flat_map(|version| &version.entry.subject_categories);
        let mut asked = asked.chain(state.safeguards.iter().flat_map(|assessed| &assessed.fact.audience));
        if asked.any(|group| DEPENDENT.contains(&group.as_str())) || !state.safeguards.is_empty() {
            judge(state)
        } else {
            na(words(
                "er wordt geen toestemming gevraagd van studenten of medewerkers",
                "no consent is asked of students or staff",
            ))
        }
    })
}

fn safeguards_are_recent(inquiry: &Inquiry<'_>, text: &ConsentText) -> Finding {
    let what = Text::new("de beoordeling van de keuzevrijheid", "the assessment of the freedom of choice");
    let last = text.safeguards.last();
    let recent = age(inquiry, &what, last.map(Event::from), inquiry.house("safeguards").as_ref(), Calendar::Strict);
    let Some(last) = last else { return recent };
    let surveyed = last.fact.survey_evidence.is_some() || last.fact.survey_answers.is_some();
    let parts = [
        (
            Text::new("dat weigeren geen nadeel heeft", "that refusing has no detriment"),
            last.fact.refusal_without_detriment.is_some(),
        ),
        (Text::new("de enquête", "the survey"), surveyed),
    ];
    recent.and(complete(&what, parts).by(last))
}

/// What shows that people cannot refuse freely.
fn pressure(text: &ConsentText) -> Option<Finding> {
    let last = text.safeguards.last()?;
    if last.fact.refusal_without_detriment == Some(false) {
        return Some(Finding::fail(words("weigeren heeft nadelige gevolgen", "refusing has a detriment")).by(last));
    }
    let percent = last.fact.pressure_percent.filter(|percent| *percent > 0 && last.fact.measures.is_empty())?;
    Some(
        Finding::fail(say!(
            "{percent}% voelde druk en er is niets tegen gedaan",
            "{percent}% felt pressure and nothing was done about it"
        ))
        .by(last),
    )
}

pub(super) fn choice_is_free<'w>(inquiry: &Inquiry<'w>, text: Seen<'w, ConsentText>) -> Finding {
    asked_of_dependent_people(inquiry, text, |state| {
        let late = without_undue_delay(safeguards_are_recent(inquiry, state));
        pressure(state).into_iter().fold(late, Finding::and)
    })
}

pub(super) fn choice_is_assessed<'w>(inquiry: &Inquiry<'w>, text: Seen<'w, ConsentText>) -> Finding {
    asked_of_dependent_people(inquiry, text, |state| {
        pressure(state).into_iter().fold(safeguards_are_recent(inquiry, state), Finding::and)
    })
}

// --- CON-12, CON-13, CON-19: what the text covers ------------------------------------------------------------------------

/// What an activity does and where: by its register entry, and as a joint controller.
struct Needed {
    platforms: BTreeSet<String>,
    operations: BTreeSet<String>,
    facts: BTreeSet<Sequence>,
}

fn needed<'w>(inquiry: &Inquiry<'w>, activity: &'w StreamId) -> Option<Needed> {
    let seen = inquiry.state::<Activity>(activity)?;
    if matches!(seen.status, ActivityStatus::Ceased | ActivityStatus::Obsolete) {
        return None;
    }
    let version = seen.state.current.as_ref()?;
    let mut needed = Needed {
        platforms: version.entry.platforms.iter().map(Code::to_string).collect(),
        operations: version.entry.operations.iter().map(Code::to_string).collect(),
        facts: BTreeSet::from([version.sequence]),
    };
    for arrangement in inquiry.related::<JointControllerArrangement>("activity", activity) {
        let here = arrangement.platforms.iter().any(|platform| version.entry.platforms.contains(platform));
        let joint = arrangement.outcome.is_none_or(|outcome| outcome == ControlOutcome::Joint);
        if !here || !joint || arrangement.status == ArrangementStatus::Ended {
            continue;
        }
        if let Some(assessed) = arrangement.state.assessed.last() {
            needed.operations.extend(assessed.fact.operations.iter().map(Code::to_string));
            needed.facts.insert(assessed.sequence);
        }
        needed.operations.extend(arrangement.operations.iter().map(Code::to_string));
        needed.facts.extend(arrangement.state.agreed.as_ref().map(|agreed| agreed.sequence));
    }
    Some(needed)
}

fn no_activity() -> Finding {
    na(words(
        "er is geen lopende activiteit waarvoor toestemming wordt gevraagd",
        "there is no running activity for which consent is asked",
    ))
}

/// Whether a version names all platforms, and all operations as far as they are known.
fn version_covers(needed: &Needed, version: &TextVersion) -> Finding {
    let items = &version.text.items;
    let number = version.text.version;
    let platforms = items.iter().flat_map(|item| &item.platforms).map(Code::to_string).collect();
    let places = say!("platforms in versie {number} van de tekst", "platforms in version {number} of the text");
    let mut finding = coverage(&places, &needed.platforms, &platforms);
    if !needed.operations.is_empty() {
        let operations =
            items.iter().flat_map(|item| item.operations.iter().chain([&item.code])).map(Code::to_string).collect();
        let acts = say!("bewerkingen in versie {number} van de tekst", "operations in version {number} of the text");
        finding = finding.and(coverage(&acts, &needed.operations, &operations));
    }
    finding.by_all(needed.facts.iter().copied()).by(version.sequence)
}

/// Whether a platform is known to build profiles.
fn builds_profiles(inquiry: &Inquiry<'_>, code: &str) -> bool {
    inquiry.related::<Platform>("platform", code).iter().any(|platform| {
        let assessed = platform.state.risk_assessed.last();
        let weighed = assessed
            .is_some_and(|assessed| assessed.fact.factors.iter().any(|factor| factor.topic == RiskTopic::Profiling));
        weighed || platform.state.risk_factor_noted.iter().any(|noted| noted.fact.topic == Some(RiskTopic::Profiling))
    })
}

fn asks_profiling(version: &TextVersion, platform: &str) -> bool {
    version
        .text
        .items
        .iter()
        .any(|item| item.profiling == Some(true) && item.platforms.iter().any(|code| code.as_str() == platform))
}

pub(super) fn text_fits_the_operations<'w>(inquiry: &Inquiry<'w>, text: Seen<'w, ConsentText>) -> Finding {
    let state: &'w ConsentText = text.state;
    offered(text, |version| {
        let Some(activity) = &state.activity else {
            return Finding::indeterminate(words(
                "voor welke activiteit toestemming wordt gevraagd, is niet vastgelegd",
                "for which activity consent is asked is not recorded",
            ));
        };
        let Some(needed) = needed(inquiry, activity) else { return no_activity() };
        let unasked = needed
            .platforms
            .iter()
            .filter(|platform| !asks_profiling(version, platform) && builds_profiles(inquiry, platform));
        let unasked = unasked.map(|platform| {
            Finding::fail(say!(
                "{platform} bouwt profielen; dat is er niet van te scheiden en wordt niet gevraagd",
                "{platform} builds profiles; that cannot be separated from it and is not asked"
            ))
        });
        let unasked: Vec<Finding> = unasked.collect();
        let unknown = needed.operations.is_empty().then(|| {
            Finding::indeterminate(words(
                "uit welke bewerkingen de activiteit bestaat, is niet vastgelegd",
                "of which operations the activity consists is not recorded",
            ))
        });
        unasked.into_iter().chain(unknown).fold(version_covers(&needed, version), Finding::and)
    })
}

pub(super) fn consent_covers_what_is_inseparable<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    relied_on(inquiry, consent, || {
        let Some(version) = version_of(inquiry, consent) else {
            return no_text();
        };
        let agreed = agreed_items(consent.state, version);
        // What the activity does not use any more needs no cover.
        let used = activity_of(inquiry, consent).and_then(|activity| needed(inquiry, activity.stream));
        let mut platforms: BTreeSet<&Code> = agreed.iter().flat_map(|item| &item.platforms).collect();
        platforms.retain(|code| used.as_ref().is_none_or(|used| used.platforms.contains(code.as_str())));
        let findings = platforms.into_iter().map(|platform| {
            let mut profiling = version
                .text
                .items
                .iter()
                .filter(|item| item.profiling == Some(true) && item.platforms.contains(platform));
            let refused =
                profiling.any(|item| answer(consent.state, item).is_none_or(|answer| answer.decision == Decision::No));
            let unasked = !asks_profiling(version, platform.as_str()) && builds_profiles(inquiry, platform.as_str());
            if refused || unasked {
                Finding::fail(say!(
                    "dekt {platform} niet: met de profilering die daar niet van is te scheiden, is niet ingestemd",
                    "does not cover {platform}: the profiling that cannot be separated from it was not agreed to"
                ))
            } else {
                Finding::pass(say!("dekt {platform}", "covers {platform}"))
            }
        });
        let answers: BTreeSet<Sequence> = consent.state.items.iter().map(|item| item.sequence).collect();
        Finding::all(findings.collect::<Vec<_>>(), || {
            na(words(
                "de toestemming noemt geen platform dat de activiteit gebruikt",
                "the consent names no platform that the activity uses",
            ))
        })
        .by(version.sequence)
        .by_all(answers)
    })
}

/// Whether items ask one thing each: consent goes by purpose, and covers all operations for it (recital 32). Several platforms in an
/// item are to be attended to.
fn granular<'a>(items: impl IntoIterator<Item = &'a TextItem>) -> Finding {
    let bundle = |item: &&TextItem| item.platforms.len() > 1;
    let bundled: Vec<String> = items.into_iter().filter(bundle).map(|item| item.code.to_string()).collect();
    if bundled.is_empty() {
        return Finding::pass(words("elk onderdeel vraagt één ding", "every item asks one thing"));
    }
    let bundled = bundled.join(", ");
    Finding::warn(say!(
        "meer platforms in één onderdeel, zodat niet apart is te kiezen: {bundled}",
        "several platforms in one item, so that there is no choice by itself: {bundled}"
    ))
}

pub(super) fn text_is_granular<'w>(_inquiry: &Inquiry<'w>, text: Seen<'w, ConsentText>) -> Finding {
    offered(text, |version| granular(&version.text.items))
}

pub(super) fn consent_is_granular<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    relied_on(inquiry, consent, || match version_of(inquiry, consent) {
        Some(version) => granular(agreed_items(consent.state, version))
            .by(version.sequence)
            .by_all(consent.state.items.iter().map(|item| item.sequence)),
        None => no_text(),
    })
}

/// The platforms that some items name and of which one may ask whether they build and sell profiles.
fn outside_platforms<'a>(inquiry: &Inquiry<'_>, items: impl IntoIterator<Item = &'a TextItem>) -> BTreeSet<&'a Code> {
    let mut platforms: BTreeSet<&Code> = items.into_iter().flat_map(|item| &item.platforms).collect();
    platforms.retain(|code| {
        let known = inquiry.related::<Platform>("platform", code);
        let kinds = known
            .iter()
            .filter_map(|platform| platform.registered.as_ref())
            .filter_map(|registered| registered.fact.kind);
        kinds.into_iter().any(|kind| kind != PlatformKind::Cloud)
    });
    platforms
}

pub(super) fn text_asks_point_by_point<'w>(inquiry: &Inquiry<'w>, text: Seen<'w, ConsentText>) -> Finding {
    offered(text, |version| {
        let unasked = outside_platforms(inquiry, &version.text.items)
            .into_iter()
            .filter(|code| !asks_profiling(version, code.as_str()));
        let unasked = unasked.map(|code| {
            Finding::fail(say!(
                "of {code} profielen mag opbouwen en verkopen, wordt niet gevraagd",
                "it is not asked whether {code} may build and sell profiles"
            ))
        });
        unasked.fold(granular(&version.text.items), Finding::and)
    })
}

pub(super) fn consent_answers_point_by_point<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    relied_on(inquiry, consent, || {
        let Some(version) = version_of(inquiry, consent) else {
            return no_text();
        };
        let agreed = agreed_items(consent.state, version);
        let unanswered = outside_platforms(inquiry, agreed.iter().copied()).into_iter().filter(|code| {
            let about = |item: &&TextItem| item.profiling == Some(true) && item.platforms.contains(code);
            !version.text.items.iter().filter(about).any(|item| answer(consent.state, item).is_some())
        });
        let unanswered = unanswered.map(|code| {
            Finding::fail(say!(
                "of {code} profielen mag opbouwen en verkopen, is niet beantwoord",
                "whether {code} may build and sell profiles was not answered"
            ))
        });
        unanswered
            .fold(granular(agreed), Finding::and)
            .by(version.sequence)
            .by_all(consent.state.items.iter().map(|item| item.sequence))
    })
}

pub(super) fn consent_keeps_to_its_text<'w>(inquiry: &Inquiry<'w>, consent: Seen<'w, Consent>) -> Finding {
    relied_on(inquiry, consent, || {
        let state: &'w Consent = consent.state;
        let text = state.text.as_ref().and_then(|text| inquiry.state::<ConsentText>(text)).map(|text| text.state);
        let version = text.zip(state.text_version).and_then(|(text, number)| text.version(number));
        let (Some(text), Some(version)) = (text, version) else {
            return no_text();
        };
        if version.status != TextStatus::Superseded {
            return na(words(
                "de toestemming is gegeven op de tekst die nu wordt aangeboden",
                "consent was given on the text that is on offer now",
            ));
        }
        let Some(needed) = text.activity.as_ref().and_then(|activity| needed(inquiry, activity)) else {
            return no_activity();
        };
        version_covers(&needed, version).and(asked_anew(text, version))
    })
}

fn asked_anew(text: &ConsentText, version: &TextVersion) -> Finding {
    let said = version.supersession.as_ref();
    let material = said.is_some_and(|said| {
        said.fact.materiality == Some(Materiality::Material) || said.fact.reconsent_needed == Some(true)
    });
    let asked = text.reconsent_requested.iter().any(|asked| *asked > version.text.version);
    let finding = match (material, asked) {
        (true, true) => Finding::warn(words(
            "na de wezenlijke wijziging is opnieuw gevraagd, en er is nog geen antwoord",
            "after the material change it was asked anew, and there is no answer yet",
        )),
        (true, false) => Finding::fail(words(
            "na de wezenlijke wijziging is niet opnieuw toestemming gevraagd",
            "after the material change consent was not asked anew",
        )),
        (false, _) => Finding::pass(words(
            "van een wezenlijke wijziging is niets vastgelegd; de toestemming geldt voor wat die versie noemt",
            "no material change is recorded; the consent holds for what that version names",
        )),
    };
    finding.by_all(said)
}
