//! What several areas ask of the entry of an activity: whether it is in the register, whether it has begun, whether it is about social
//! media.

use crate::family::activity::{Activity, ActivityStatus, ActivityVersion, Established};
use crate::ledger::name::{Code, StreamId};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::template::decide;
use crate::rule::text::{Text, words};
use crate::rule::verdict::Finding;
use crate::time::Ternary;

/// The six kinds of use of social media of chapter 4 of the guideline, by the codes that entries give them.
pub(in crate::rule) const KINDS: [&[&str]; 6] = [
    &["COLLECTION"],
    &["POSTING"],
    &["ANALYSIS", "ANALYTICS"],
    &["RETARGETING"],
    &["REPUTATION_MONITORING"],
    &["MESSAGING", "BROADCAST"],
];

fn idle(nl: &str, en: &str) -> Finding {
    Finding::not_applicable(Text::new(nl, en))
}

/// Whether the institution is a public body in what it does with some activities: a university under private law is one for its
/// public tasks only, such as examinations and degrees (Awb Art. 1:1(1)(b)). The house instrument that says it is a fact like any other.
pub(in crate::rule) fn is_public_body<'w>(
    inquiry: &Inquiry<'w>,
    activities: impl IntoIterator<Item = &'w StreamId>,
) -> Ternary {
    let Some(said) = inquiry.house("publicBody") else { return Ternary::Unknown };
    if said.has("ALL") || said.has("NONE") {
        return said.has("ALL").into();
    }
    let of_task = |stream: &'w StreamId| {
        let version = inquiry.state::<Activity>(stream).and_then(|activity| activity.state.current.as_ref());
        version.and_then(|version| version.entry.public_task).map_or(Ternary::Unknown, Ternary::from)
    };
    let tasks: Vec<Ternary> = activities.into_iter().map(of_task).collect();
    match tasks.split_first() {
        Some((first, others)) if said.has("PUBLIC_TASKS") && others.iter().all(|other| other == first) => *first,
        _ => Ternary::Unknown,
    }
}

/// Whether an entry is about social media: it names platforms, or one of the kinds of use.
pub(in crate::rule) fn is_social_media(entry: &Established) -> bool {
    let kind = entry.kind.as_ref().map(Code::as_str);
    !entry.platforms.is_empty() || kind.is_some_and(|kind| KINDS.iter().any(|kinds| kinds.contains(&kind)))
}

/// Judges the entry of an activity that is in the register and has not ended.
pub(in crate::rule) fn in_register<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    judge: impl FnOnce(&'w ActivityVersion) -> Finding,
) -> Finding {
    let state: &'w Activity = activity.state;
    match (&state.current, activity.status) {
        (_, ActivityStatus::Ceased) => {
            idle("de verwerking is beëindigd", "the processing has ended").by_all(&activity.cessation)
        }
        (_, ActivityStatus::Obsolete) => {
            idle("de registerregel is vervallen", "the entry has lapsed").by_all(&activity.obsolescence)
        }
        (Some(version), _) => judge(version),
        (None, ActivityStatus::Active | ActivityStatus::Suspended) => begun(inquiry, activity, || {
            Finding::fail(words(
                "de verwerking is gestart zonder dat een registerregel is vastgesteld",
                "the processing has started while no register entry is established",
            ))
        }),
        (None, _) => idle("de activiteit is in voorbereiding", "the activity is in preparation"),
    }
}

/// Judges an activity from its start to its end, suspensions included: for what had to be done before the start.
pub(in crate::rule) fn begun<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    judge: impl FnOnce() -> Finding,
) -> Finding {
    match activity.status {
        ActivityStatus::Active | ActivityStatus::Suspended => {}
        ActivityStatus::Ceased => {
            return idle("de verwerking is beëindigd", "the processing has ended").by_all(&activity.cessation);
        }
        ActivityStatus::Obsolete => {
            return idle("de registerregel is vervallen", "the entry has lapsed").by_all(&activity.obsolescence);
        }
        _ => return idle("de verwerking is nog niet gestart", "the processing has not started"),
    }
    decide(
        inquiry.within(activity.started.as_ref(), None),
        judge,
        || idle("de verwerking is nog niet gestart", "the processing has not started"),
        || {
            Finding::indeterminate(words(
                "of de verwerking al is gestart, beslist de datum niet",
                "the date does not decide whether the processing has started",
            ))
        },
    )
}
