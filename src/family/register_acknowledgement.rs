//! Acknowledgements: a unit confirms that it has taken note of a change of the register.
//!
//! One stream is one unit's acknowledgement of one change. It is a person's word; that a program received the change says
//! nothing of that.

use super::declare;
use super::kit::{Anomaly, Context, Family, Keys, Recorded, RejectionCode, note_anomaly};
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
        unit: Code? "The unit.",
        subject: StreamId? = "gewijzigd dossier" "The stream that changed.",
        change: Sequence? = "wijziging" "The sequence of the fact that changed it.",
        acknowledged: PartialDate? = "kennisgenomen op" "Since when the unit has taken note.",
        sequence: Sequence? "The fact that says so.",
        anomalies: Vec<Anomaly> "What does not fit.",
    }

    keys {
        unit: Code "Those of a unit.",
        subject: StreamId "Those of the changes of a stream.",
        change: Sequence "Those of one change, by the sequence of its fact.",
    }
}

/// Why an acknowledgement is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// A data subject or representative speaks for no unit.
    #[error("a data subject or representative cannot record this; a unit takes note by its staff")]
    NotThisActor,
    /// One stream is one acknowledgement.
    #[error("this stream holds an acknowledgement already; leave `stream` out to begin a new one")]
    AcknowledgedAlready,
    /// The family is no part of the register.
    #[error("{0} is not of a family whose changes units are told of")]
    NotInRegister(StreamId),
    /// There is no such change.
    #[error("sequence {change} is no fact of {subject}; give both as the register change has them")]
    UnknownChange {
        /// The stream.
        subject: StreamId,
        /// The sequence.
        change: u64,
    },
}

impl super::kit::Rejection for Rejection {
    fn code(&self) -> RejectionCode {
        match self {
            Self::NotThisActor => RejectionCode::NotThisActor,
            Self::AcknowledgedAlready => RejectionCode::AlreadyExists,
            Self::NotInRegister(_) => RejectionCode::Malformed,
            Self::UnknownChange { .. } => RejectionCode::Unknown,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NotThisActor | Self::AcknowledgedAlready => "",
            Self::NotInRegister(_) => "subject",
            Self::UnknownChange { .. } => "change",
        }
    }
}

impl Family for RegisterAcknowledgement {
    type Rejection = Rejection;

    fn refers(event: &RegisterAcknowledgementEvent) -> Vec<StreamId> {
        match event {
            RegisterAcknowledgementEvent::Acknowledged(acknowledged) => vec![acknowledged.subject.clone()],
            RegisterAcknowledgementEvent::Retracted(_) => Vec::new(),
        }
    }

    fn admit(&self, event: &RegisterAcknowledgementEvent, context: &Context<'_>) -> Result<(), Rejection> {
        let RegisterAcknowledgementEvent::Acknowledged(Acknowledged { subject, change, .. }) = event else {
            return Ok(());
        };
        if context.place.actor.is_subject() {
            return Err(Rejection::NotThisActor);
        }
        if self.change.is_some() {
            return Err(Rejection::AcknowledgedAlready);
        }
        if !super::family(subject.family()).is_ok_and(|family| family.in_register) {
            return Err(Rejection::NotInRegister(subject.clone()));
        }
        let facts = context.streams.get(subject).map_or(&[] as &[_], Vec::as_slice);
        if facts.iter().any(|fact| fact.recorded.sequence == *change) {
            Ok(())
        } else {
            Err(Rejection::UnknownChange { subject: subject.clone(), change: change.0 })
        }
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

    fn keys(&self) -> Keys {
        let unit = self.unit.iter().map(|unit| ("unit", unit.to_string()));
        let subject = self.subject.iter().map(|subject| ("subject", subject.to_string()));
        let change = self.change.iter().map(|change| ("change", change.0.to_string()));
        unit.chain(subject).chain(change).collect()
    }
}

#[cfg(test)]
mod tests;
