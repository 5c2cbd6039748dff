//! Who relied on a legal instrument the day it fell, and how fast they acted.

use crate::family::legal_instrument::LegalInstrument;
use crate::family::transfer_ground::TransferGround;
use crate::ledger::name::{Sequence, StreamId};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::time::{Instant, PartialDate, days_between};

/// A transfer that rested on an instrument when it fell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependent {
    /// The transfer.
    pub stream: StreamId,
    /// What was done about it first; absent: nothing yet.
    pub reaction: Option<Reaction>,
}

/// What was done after an instrument fell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// When it took effect.
    pub from: PartialDate,
    /// The fact that says so.
    pub sequence: Sequence,
    /// Days from the day the instrument fell.
    pub days: Option<i64>,
}

/// Returns when the instrument of a code fell, by what is known: its annulment, or else its end.
pub fn fell(inquiry: &Inquiry<'_>, code: &str) -> Option<Instant> {
    let instrument = inquiry.instrument(code)?;
    let later: Seen<'_, LegalInstrument> = inquiry.state_with_later_facts(instrument.stream)?;
    let annulled = later.annulled.as_ref().map(|annulled| annulled.from.earliest());
    annulled.or(later.valid_to.map(|to| to.earliest()))
}

/// Lists the transfers that rested on an instrument at the moment of the inquiry, just before it fell, and what was done then.
pub fn dependents(inquiry: &Inquiry<'_>, code: &str, fell: Instant) -> Vec<Dependent> {
    let resting = inquiry.related::<TransferGround>("instrument", code);
    resting.into_iter().map(|transfer| dependent(inquiry, transfer, fell)).collect()
}

fn dependent<'w>(inquiry: &Inquiry<'w>, transfer: Seen<'w, TransferGround>, fell: Instant) -> Dependent {
    let later = inquiry.state_with_later_facts::<TransferGround>(transfer.stream);
    let reaction = later.and_then(|later| {
        let state: &TransferGround = later.state;
        let suspended = state.suspensions.iter().map(|suspension| (suspension.from, suspension.sequence));
        let replaced =
            state.earlier_grounds.iter().chain(&state.ground).skip(1).map(|period| (period.since, period.sequence));
        let ceased = state.ceased.iter().map(|ceased| (ceased.from, ceased.sequence));
        let acts = suspended.chain(replaced).chain(ceased).filter(|(from, _)| from.latest() >= fell);
        let (from, sequence) = acts.min_by_key(|(from, sequence)| (from.earliest(), *sequence))?;
        Some(Reaction { from, sequence, days: days_between(fell, from.earliest()) })
    });
    Dependent { stream: transfer.stream.clone(), reaction }
}
