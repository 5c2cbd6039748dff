//! What watchers tell: verdicts that became others, and terms that come near their end.

use async_graphql::SimpleObject;

use super::verdict::{DeadlineView, VerdictView};
use crate::engine::{News, Notice};
use crate::ledger::name::Sequence;
use crate::time::Instant;

/// A verdict whose outcome became another.
#[derive(Clone, Debug, SimpleObject)]
pub struct VerdictChange {
    /// When.
    at: Instant,
    /// How many entries were known then.
    size: Sequence,
    /// The fact that was recorded then; null: time passed.
    fact: Option<Sequence>,
    /// The verdict before; null: the stream was not judged.
    before: Option<VerdictView>,
    /// The verdict since; null: the stream is not judged any more.
    after: Option<VerdictView>,
}

impl VerdictChange {
    /// Shows a notice.
    pub fn of(notice: Notice) -> Self {
        let (before, after) = match notice.news {
            News::Changed(before, after) => (before, after),
            News::Approaching(verdict, _) => (None, Some(verdict)),
        };
        Self {
            at: notice.cursor.instant,
            size: Sequence(notice.size),
            fact: notice.fact,
            before: before.map(VerdictView::alone),
            after: after.map(VerdictView::alone),
        }
    }
}

/// A term that comes near its end and is not met.
#[derive(Clone, Debug, SimpleObject)]
pub struct ApproachingDeadline {
    /// When it came near, or was found to be near.
    at: Instant,
    /// The term, with its working.
    deadline: DeadlineView,
    /// The verdict of the rule that sets it.
    verdict: VerdictView,
}

impl ApproachingDeadline {
    /// Shows a notice; `None`: it is about something else.
    pub fn of(notice: Notice) -> Option<Self> {
        match notice.news {
            News::Approaching(verdict, deadline) => Some(Self {
                at: notice.cursor.instant,
                deadline: DeadlineView { deadline },
                verdict: VerdictView::alone(verdict),
            }),
            News::Changed(..) => None,
        }
    }
}
