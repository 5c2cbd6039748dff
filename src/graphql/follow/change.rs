//! A change of the register, as units are told of it.

use async_graphql::{Enum, Object, Result};

use crate::engine::{Change, ChangeCursor, ChangeKind};
use crate::family::consent_text::Materiality;
use crate::graphql::event::Event;
use crate::graphql::receipt::ReceiptView;
use crate::graphql::state::State;
use crate::ledger::name::{Code, StreamId};
use crate::time::Instant;

/// How a change of the register came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "RegisterChangeKind")]
pub enum Kind {
    /// A fact was recorded.
    Recorded,
    /// What was recorded for a later date comes into force.
    TakesEffect,
    /// A fact corrects an earlier record or takes it back.
    Corrected,
    /// Personal values were erased: purge your copies. None is sent yet; follow the family `erasure` for its facts.
    Erased,
}

impl From<ChangeKind> for Kind {
    fn from(kind: ChangeKind) -> Self {
        match kind {
            ChangeKind::Recorded => Self::Recorded,
            ChangeKind::TakesEffect => Self::TakesEffect,
            ChangeKind::Corrected => Self::Corrected,
        }
    }
}

/// A change of the register, its cause, and the state before and after.
#[derive(Debug)]
pub struct RegisterChange {
    change: Change,
    before: Option<State>,
    after: Option<State>,
}

impl RegisterChange {
    /// Shows a change.
    pub fn read(mut change: Change) -> Result<Self> {
        let before = change.before.take().map(State::read).transpose()?;
        let after = change.after.take().map(State::read).transpose()?;
        Ok(Self { change, before, after })
    }
}

/// A change of the register, its cause, and the state before and after.
#[Object]
impl RegisterChange {
    /// The place after this change: give it as `after` to go on.
    async fn cursor(&self) -> ChangeCursor {
        self.change.cursor.clone()
    }

    /// How it came about.
    async fn kind(&self) -> Kind {
        self.change.kind.into()
    }

    /// The stream that changed.
    async fn stream(&self) -> StreamId {
        self.change.fact.entry.stream.clone()
    }

    /// The fact that changed it; for what takes effect, the fact that was to.
    async fn fact(&self) -> Event {
        Event::new(self.change.fact.clone())
    }

    /// The proof that the fact is recorded.
    async fn receipt(&self) -> ReceiptView {
        ReceiptView::from(self.change.fact.clone())
    }

    /// The state before, in force when the change counts; null if there was none.
    async fn before(&self) -> Option<&State> {
        self.before.as_ref()
    }

    /// The state with the change; null if nothing is left of it.
    async fn after(&self) -> Option<&State> {
        self.after.as_ref()
    }

    /// The members of the state that differ, as paths such as `current.entry.retention`. A list differs as a whole; an
    /// erasable value by its commitment, so the same words recorded anew differ too.
    async fn changed(&self) -> &[String] {
        &self.change.changed
    }

    /// From when in the world the change counts; of a correction, from when the record was wrong.
    async fn in_effect_from(&self) -> Instant {
        self.change.in_effect_from
    }

    /// Whether the change matters to data subjects, where the fact declares it.
    async fn materiality(&self) -> Option<Materiality> {
        self.change.materiality
    }

    /// The units concerned: those that own the activities.
    async fn units(&self) -> Vec<Code> {
        self.change.units.iter().filter_map(|unit| unit.parse().ok()).collect()
    }

    /// The activities concerned.
    async fn activities(&self) -> Vec<StreamId> {
        self.change.activities.iter().cloned().collect()
    }
}
