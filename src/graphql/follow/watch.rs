//! What watchers tell: verdicts that became others, and terms that come near their end.

use async_graphql::SimpleObject;

use crate::engine::{Notification, WatchedChange};
use crate::graphql::verdict::{DeadlineView, VerdictView};
use crate::ledger::name::Sequence;
use crate::time::Instant;

/// The verdicts whose outcome became another at one moment.
#[derive(Clone, Debug, SimpleObject)]
pub struct VerdictsChanged {
    /// When.
    at: Instant,
    /// How many entries were known then.
    size: Sequence,
    /// The fact that was recorded then; null: time passed.
    fact: Option<Sequence>,
    /// The verdicts, by rule, layer and stream.
    changes: Vec<VerdictChange>,
}

/// A verdict whose outcome became another.
#[derive(Clone, Debug, SimpleObject)]
pub struct VerdictChange {
    /// The verdict before; null: the stream was not judged.
    before: Option<VerdictView>,
    /// The verdict since; null: the stream is not judged any more.
    after: Option<VerdictView>,
}

impl From<Notification> for VerdictsChanged {
    fn from(notification: Notification) -> Self {
        let change = |change| match change {
            WatchedChange::Changed(before, after) => {
                Some(VerdictChange { before: before.map(VerdictView::alone), after: after.map(VerdictView::alone) })
            }
            WatchedChange::Approaching(..) => None,
        };
        Self {
            at: notification.cursor.instant,
            size: Sequence(notification.size),
            fact: notification.fact,
            changes: notification.changes.into_iter().filter_map(change).collect(),
        }
    }
}

/// The terms that came near their end at one moment.
#[derive(Clone, Debug, SimpleObject)]
pub struct DeadlinesApproaching {
    /// When they came near, or were found to be near.
    at: Instant,
    /// The terms, by rule, layer and stream.
    deadlines: Vec<ApproachingDeadline>,
}

/// A term that comes near its end and is not met.
#[derive(Clone, Debug, SimpleObject)]
pub struct ApproachingDeadline {
    /// The term, with its working.
    deadline: DeadlineView,
    /// The verdict of the rule that sets it.
    verdict: VerdictView,
}

impl From<Notification> for DeadlinesApproaching {
    fn from(notification: Notification) -> Self {
        let near = |change| match change {
            WatchedChange::Approaching(verdict, deadline) => {
                Some(ApproachingDeadline { deadline: DeadlineView { deadline }, verdict: VerdictView::alone(verdict) })
            }
            WatchedChange::Changed(..) => None,
        };
        Self { at: notification.cursor.instant, deadlines: notification.changes.into_iter().filter_map(near).collect() }
    }
}
