//! Acknowledgements: a unit confirms that it has taken note of a change of the register.
//!
//! One stream is one unit's acknowledgement of one change. It is a person's word; that a program received the change says
//! nothing of that.

use crate::family::declare;
use crate::family::dossier::{Refusal, malformed};
use crate::family::kit::{Anomaly, Context, Family, Recorded, RejectionCode, note_anomaly};
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

declare! {
    family RegisterAcknowledgement many registerAcknowledgements = "kennisneming van een registerwijziging", recorded by acknowledgeRegisterChange;

    /// A unit has taken note of a change of the register.
    event Acknowledged as "RegisterChangeAcknowledged" = "kennisgenomen" {
        unit: Code "The unit.",
        subject: StreamId = "gewijzigd dossier" "The stream that changed.",
        change: Sequence = "wijziging" "The sequence of the fact that changed it.",
    }

    /// A unit's acknowledgement of a change of the register.
    state RegisterAcknowledgement as "RegisterAcknowledgementState" {
        unit: Code? key "The unit.",
        subject: StreamId? = "gewijzigd dossier" key "The stream that changed.",
        change: Sequence? = "wijziging" key "The sequence of the fact that changed it.",
        acknowledged: PartialDate? = "kennisgenomen op" "Since when the unit has taken note.",
        sequence: Sequence? "The fact that says so.",
        anomalies: Vec<Anomaly> "What does not fit.",
    }
}

impl Family for RegisterAcknowledgement {
    fn refers(event: &RegisterAcknowledgementEvent) -> Vec<StreamId> {
        match event {
            RegisterAcknowledgementEvent::Acknowledged(acknowledged) => vec![acknowledged.subject.clone()],
            RegisterAcknowledgementEvent::Retracted(_) => Vec::new(),
        }
    }

    fn admit(&self, event: &RegisterAcknowledgementEvent, context: &Context<'_>) -> Result<(), Refusal> {
        let RegisterAcknowledgementEvent::Acknowledged(Acknowledged { subject, change, .. }) = event else {
            return Ok(());
        };
        if context.place.actor.is_subject() {
            let message = "a data subject or representative cannot record this; a unit takes note by its staff";
            return Err(Refusal::new(RejectionCode::NotThisActor, "", message));
        }
        if self.change.is_some() {
            let message = "this stream holds an acknowledgement already; leave `stream` out to begin a new one";
            return Err(Refusal::new(RejectionCode::AlreadyExists, "", message));
        }
        admit_change(subject, *change, context)
    }

    fn apply(&mut self, event: &RegisterAcknowledgementEvent, recorded: &Recorded) {
        let RegisterAcknowledgementEvent::Acknowledged(Acknowledged { unit, subject, change, .. }) = event else {
            return;
        };
        if self.change.is_some() {
            return note_anomaly(&mut self.anomalies, recorded, "this stream held an acknowledgement already");
        }
        self.unit = Some(unit.clone());
        self.subject = Some(subject.clone());
        self.change = Some(*change);
        self.acknowledged = Some(recorded.effective);
        self.sequence = Some(recorded.sequence);
    }
}

/// Whether units are told of changes in a family.
pub(in crate::family) fn is_in_register(family: &str) -> bool {
    crate::family::family(family).is_ok_and(|family| family.in_register)
}

/// Refuses a change of the register that never was.
pub(in crate::family) fn admit_change(
    subject: &StreamId,
    change: Sequence,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if !is_in_register(subject.family()) {
        return malformed("subject", format!("{subject} is not of a family whose changes units are told of"));
    }
    let facts = context.streams.get(subject).map_or(&[] as &[_], Vec::as_slice);
    if facts.iter().any(|fact| fact.recorded.sequence == change) {
        return Ok(());
    }
    let message = format!("sequence {change} is no fact of {subject}; give both as the register change has them");
    Err(Refusal::new(RejectionCode::Unknown, "change", message))
}

#[cfg(test)]
mod tests;
