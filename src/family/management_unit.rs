//! Management units: the faculties, service centres and offices that own processing activities and keep their part of the
//! register. (Until 2024 the policy called them administrative units; it is one concept.)
//!
//! A unit that is merged into others or split stays known; the activities that it owned are handed over one by one, each by a
//! fact of its own, so that nothing changes hands unsaid.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, distinct, not_empty};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, note_anomaly};
use super::value::LangText;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::Code;

choice! {
    /// What kind of unit it is.
    UnitKind "ManagementUnitKind" {
        /// A faculty.
        Faculty = "faculteit",
        /// A service centre.
        ServiceCentre = "servicecentrum",
        /// An office.
        Office = "bureau",
        /// Another kind of unit.
        Other,
    }
}

record! {
    /// A unit is registered.
    Registered "ManagementUnitRegistered" "ManagementUnitRegisteredInput" {
        /// The code by which other facts name it, as `mu-01`.
        unit: Code = "code",
        /// What kind of unit it is.
        kind: Option<UnitKind>,
        /// Its name.
        name: Option<Erasable<LangText>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A unit gets another name.
    Renamed "ManagementUnitRenamed" "ManagementUnitRenamedInput" {
        /// Its new name.
        name: Erasable<LangText>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A unit becomes part of another one.
    Merged "ManagementUnitMerged" "ManagementUnitMergedInput" {
        /// The unit that takes over.
        into: Code = "opgegaan in",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A unit is split into others.
    Split "ManagementUnitSplit" "ManagementUnitSplitInput" {
        /// The units that take over, two or more.
        into: Vec<Code> = "gesplitst in",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A unit ceases to be.
    Closed "ManagementUnitClosed" "ManagementUnitClosedInput" {
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a management unit.
    ManagementUnitEvent "ManagementUnitEvent" "ManagementUnitEventInput",
    retracted "ManagementUnitRetracted" "ManagementUnitRetractedInput"
    {
        /// A unit is registered.
        Registered "registered" 1 "ManagementUnitRegistered" = "geregistreerd",
        /// A unit gets another name.
        Renamed "renamed" 1 "ManagementUnitRenamed" = "hernoemd",
        /// A unit becomes part of another.
        Merged "merged" 1 "ManagementUnitMerged" = "samengevoegd",
        /// A unit is split.
        Split "split" 1 "ManagementUnitSplit" = "gesplitst",
        /// A unit ceases to be.
        Closed "closed" 1 "ManagementUnitClosed" = "opgeheven",
    }
}

choice! {
    /// Where a unit stands.
    #[derive(Default)]
    UnitStatus "ManagementUnitStatus" {
        /// Not registered yet.
        #[default]
        Unregistered = "niet geregistreerd",
        /// It owns activities and keeps its part of the register.
        Active = "actief",
        /// It is no more.
        Closed = "opgeheven",
    }
}

dossier! {
    /// A management unit at one moment.
    ManagementUnit "ManagementUnitState" follows ManagementUnitEvent, status UnitStatus {
        /// Its registration.
        registered: once Registered -> Active,
        /// Its later names, oldest first.
        renamed: every Renamed needs registered,
        /// What it became part of.
        merged: last Merged needs registered -> Closed,
        /// What it was split into.
        split: last Split needs registered -> Closed,
        /// Its end.
        closed: last Closed needs registered -> Closed,
    } and {
        /// Its name now.
        name: Option<Erasable<LangText>>,
    }
}

filter! {
    "ManagementUnitFilter" {
        /// The unit with that code.
        unit "unit": Code,
        /// Units of a kind.
        kind "kind": UnitKind,
        /// Units that stand so.
        status "status": UnitStatus,
    }
}

impl Family for ManagementUnit {
    const NAME: &'static str = "managementUnit";
    const LABEL_NL: &'static str = "beheerseenheid";
    const GRAPHQL_NAME: &'static str = "ManagementUnit";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[Relation::many(
        "activities",
        "verwerkingsactiviteiten",
        "activity",
        By::Shared("unit", "unit"),
        "The processing activities that it owns.",
    )];
    type Event = ManagementUnitEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &ManagementUnitEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use ManagementUnitEvent as E;
        self.admit_order(event)?;
        match event {
            E::Merged(_) | E::Split(_) | E::Closed(_) if self.status == UnitStatus::Closed => {
                Err(Refusal::new(RejectionCode::Ended, "", "this unit is closed already"))
            }
            E::Merged(event) => self.admit_successors("into", std::slice::from_ref(&event.into)),
            E::Split(event) if event.into.len() == 1 => {
                let message = "a unit is split into two or more; record `merged` where there is one";
                Err(Refusal::new(RejectionCode::Malformed, "into", message))
            }
            E::Split(event) => self.admit_successors("into", &event.into),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &ManagementUnitEvent, recorded: &Recorded) {
        if self.status == UnitStatus::Closed {
            note_anomaly(&mut self.anomalies, recorded, "the unit had been closed before");
        }
        self.keep(event, recorded);
        match event {
            ManagementUnitEvent::Registered(event) => self.name = event.name.clone().or(self.name.take()),
            ManagementUnitEvent::Renamed(event) => self.name = Some(event.name.clone()),
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let registered = self.registered.iter().map(|registered| &registered.fact);
        let unit = registered.clone().map(|registered| ("unit", registered.unit.to_string()));
        let kind =
            registered.filter_map(|registered| registered.kind).map(|kind| ("kind", super::kit::key_text(&kind)));
        unit.chain(kind).chain([("status", super::kit::key_text(&self.status))]).collect()
    }
}

impl ManagementUnit {
    fn admit_successors(&self, field: &'static str, units: &[Code]) -> Result<(), Refusal> {
        not_empty(field, units)?;
        distinct(field, units)?;
        let own = self.registered.as_ref().map(|registered| &registered.fact.unit);
        if units.iter().any(|unit| Some(unit) == own) {
            return Err(Refusal::new(
                RejectionCode::Malformed,
                field,
                "a unit cannot go on in itself under its own code",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
