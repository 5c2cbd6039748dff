//! Management units: the faculties, service centres and offices that own processing activities and keep their part of the
//! register. (Until 2024 the policy called them administrative units; it is one concept.)
//!
//! A unit that is merged into others or split stays known; the activities that it owned are handed over one by one, each by a
//! fact of its own, so that nothing changes hands unsaid.

use crate::family::declare;
use crate::family::dossier::{Newer, Refusal, distinct, ended, malformed, not_empty};
use crate::family::kit::{Context, Family, Recorded, note_anomaly};
use crate::family::value::LangText;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::Code;

declare! {
    family ManagementUnit many managementUnits = "beheerseenheid", in register;

    /// What kind of unit it is.
    choice UnitKind as "ManagementUnitKind" {
        Faculty = "faculteit" "A faculty.",
        ServiceCentre = "servicecentrum" "A service centre.",
        Office = "bureau" "An office.",
        Other "Another kind of unit.",
    }

    /// A unit is registered.
    event Registered as "ManagementUnitRegistered" = "geregistreerd", once registered -> Active "Its registration." {
        unit: Code = "code" key "The code by which other facts name it, as `mu-01`.",
        kind: UnitKind? key "What kind of unit it is.",
        name: Erasable<LangText>? "Its name.",
    }

    /// A unit gets another name.
    event Renamed as "ManagementUnitRenamed" = "hernoemd",
        every renamed needs registered "Its later names, oldest first." {
        name: Erasable<LangText> "Its new name.",
    }

    /// A unit becomes part of another one.
    event Merged as "ManagementUnitMerged" = "samengevoegd",
        last merged needs registered -> Closed "What it became part of." {
        into: Code = "opgegaan in" "The unit that takes over.",
        decision: Code? "The decision behind it.",
    }

    /// A unit is split into others.
    event Split as "ManagementUnitSplit" = "gesplitst",
        last split needs registered -> Closed "What it was split into." {
        into: Vec<Code> = "gesplitst in" "The units that take over, two or more.",
        decision: Code? "The decision behind it.",
    }

    /// A unit ceases to be.
    event Closed as "ManagementUnitClosed" = "opgeheven", last closed needs registered -> Closed "Its end." {
        decision: Code? "The decision behind it.",
    }

    /// Where a unit stands.
    choice UnitStatus as "ManagementUnitStatus" {
        #[default] Unregistered = "niet geregistreerd" "Not registered yet.",
        Active = "actief" "It owns activities and keeps its part of the register.",
        Closed = "opgeheven" "It has ceased to be.",
    }

    /// A management unit at one moment.
    state ManagementUnit as "ManagementUnitState" of UnitStatus key {
        name: Erasable<LangText>? "Its name now.",
    }

    relations {
        activities: many activity shared unit unit = "verwerkingsactiviteiten" "The activities that it owns.",
    }
}

impl Family for ManagementUnit {
    fn admit(&self, event: &ManagementUnitEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use ManagementUnitEvent as E;
        self.admit_order(event)?;
        match event {
            E::Merged(_) | E::Split(_) | E::Closed(_) if self.status == UnitStatus::Closed => {
                ended("this unit is closed already")
            }
            E::Merged(event) => self.admit_successors(std::slice::from_ref(&event.into)),
            E::Split(event) if event.into.len() == 1 => {
                malformed("into", "a unit is split into two or more; record `merged` where there is one")
            }
            E::Split(event) => self.admit_successors(&event.into),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &ManagementUnitEvent, recorded: &Recorded) {
        if self.status == UnitStatus::Closed {
            note_anomaly(&mut self.anomalies, recorded, "the unit had been closed before");
        }
        self.keep(event, recorded);
        match event {
            ManagementUnitEvent::Registered(event) => Newer::take_over(&mut self.name, &event.name),
            ManagementUnitEvent::Renamed(event) => self.name = Some(event.name.clone()),
            _ => {}
        }
    }
}

impl ManagementUnit {
    fn admit_successors(&self, units: &[Code]) -> Result<(), Refusal> {
        not_empty("into", units)?;
        distinct("into", units)?;
        let own = self.registered.as_ref().map(|registered| &registered.fact.unit);
        if units.iter().any(|unit| Some(unit) == own) {
            return malformed("into", "a unit cannot go on in itself under its own code");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
