//! Systems: the applications in which personal data are processed, how they are classified and secured, and which risks
//! were analysed (GDPR Art. 24, 25, 32).
//!
//! Whether the measures are enough for the class, and the analysis young enough, is a verdict. Who answers for a system
//! over time is in the role assignments; the registration says with whom it began.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, distinct};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::Code;
use crate::time::PartialDate;

record! {
    /// A system is registered.
    Registered "SystemRegistered" "SystemRegisteredInput" {
        /// The code by which other facts name it, as `mailer`.
        system: Code = "code",
        /// Its name.
        name: Option<Erasable<LangText>>,
        /// The unit to which it belongs.
        unit: Option<Code>,
        /// The role that answers for it, the system owner.
        owner: Option<Code> = "systeemeigenaar",
        /// The processors that run it or parts of it (Art. 28).
        processors: Vec<Code> = "verwerkers",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// How much harm a loss would do.
    SecurityLevel "SystemSecurityLevel" {
        /// Little.
        Low = "laag",
        /// Some.
        Medium = "midden",
        /// Much.
        High = "hoog",
    }
}

record! {
    /// The system is classified by what a loss of confidentiality, integrity or availability would do (Art. 32(1)(b)).
    SecurityClassificationAssigned "SecurityClassificationAssigned" "SecurityClassificationAssignedInput" {
        /// How far it must stay confidential.
        confidentiality: Option<SecurityLevel> = "vertrouwelijkheid",
        /// How far it must stay intact.
        integrity: Option<SecurityLevel> = "integriteit",
        /// How far it must stay available.
        availability: Option<SecurityLevel> = "beschikbaarheid",
        /// The class of its data, as `CONFIDENTIAL`.
        class: Option<Code> = "classificatie",
        /// The decision behind a class lower than the usual one.
        decision: Option<Code> = "besluit",
        /// The role that assigns it.
        assigned_by: Option<Code> = "toegekend door",
        /// When it is to be reviewed.
        next_review: Option<PartialDate> = "volgende herziening",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What kind of measure it is (Art. 32(1)).
    MeasureKind "SecurityMeasureKind" {
        /// A technical one.
        Technical = "technisch",
        /// An organisational one.
        Organisational = "organisatorisch",
    }
}

record! {
    /// A measure that secures the system is recorded (Art. 32(1)).
    SecurityMeasureRecorded "SecurityMeasureRecorded" "SecurityMeasureRecordedInput" {
        /// Its code, as `MFA`.
        measure: Option<Code> = "maatregel",
        /// What kind it is.
        kind: Option<MeasureKind>,
        /// What it does.
        description: Option<Erasable<String>> = "omschrijving",
        /// The control of a standard that it fulfils, as `ISO-27002:8.5`.
        control: Option<Code> = "beheersmaatregel uit de norm",
        /// Whether it goes beyond the usual, as special categories ask (Art. 9, 32).
        enhanced: Option<bool> = "verzwaard",
        /// Until when it is in place; absent: without an end.
        until: Option<PartialDate> = "tot",
        /// The evidence that it is in place.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Others answer for the system, or run it, from now on.
    ResponsibilityAssigned "SystemResponsibilityAssigned" "SystemResponsibilityAssignedInput" {
        /// The unit to which it belongs; absent: as before.
        unit: Option<Code>,
        /// The role that answers for it; absent: as before.
        owner: Option<Code> = "systeemeigenaar",
        /// All processors that run it or parts of it (Art. 28); absent: as before.
        processors: Option<Vec<Code>> = "verwerkers",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The risks of the system are analysed (Art. 32(2)).
    RiskAnalysisRecorded "RiskAnalysisRecorded" "RiskAnalysisRecordedInput" {
        /// The method, as `SURF-BIA`.
        method: Option<Code> = "methode",
        /// The version of the method.
        method_version: Option<Code> = "versie van de methode",
        /// The risk that remains.
        residual_risk: Option<SecurityLevel> = "restrisico",
        /// The role that analysed them.
        analysed_by: Option<Code> = "uitgevoerd door",
        /// When they are to be analysed anew.
        next_review: Option<PartialDate> = "volgende analyse",
        /// The analysis as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The system is taken out of use.
    Retired "SystemRetired" "SystemRetiredInput" {
        /// The system that takes its place.
        successor: Option<Code> = "opvolger",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a system.
    SystemEvent "SystemEvent" "SystemEventInput",
    retracted "SystemRetracted" "SystemRetractedInput"
    {
        /// A system is registered.
        Registered "registered" 1 "SystemRegistered" = "geregistreerd",
        /// Others answer for it or run it.
        ResponsibilityAssigned "responsibilityAssigned" 1 "SystemResponsibilityAssigned" = "verantwoordelijkheid belegd",
        /// It is classified.
        SecurityClassificationAssigned "securityClassificationAssigned" 1 "SecurityClassificationAssigned"
            = "beveiligingsclassificatie toegekend",
        /// A measure is recorded.
        SecurityMeasureRecorded "securityMeasureRecorded" 1 "SecurityMeasureRecorded"
            = "beveiligingsmaatregel vastgelegd",
        /// Its risks are analysed.
        RiskAnalysisRecorded "riskAnalysisRecorded" 1 "RiskAnalysisRecorded" = "risicoanalyse vastgelegd",
        /// It is taken out of use.
        Retired "retired" 1 "SystemRetired" = "buiten gebruik gesteld",
    }
}

choice! {
    /// Where a system stands.
    #[derive(Default)]
    SystemStatus "SystemStatus" {
        /// Not registered yet.
        #[default]
        Unregistered = "niet geregistreerd",
        /// In use.
        InUse = "in gebruik",
        /// Out of use.
        Retired = "buiten gebruik",
    }
}

dossier! {
    /// A system at one moment.
    System "SystemState" follows SystemEvent, status SystemStatus {
        /// Its registration.
        registered: once Registered -> InUse,
        /// Changes of who answers for it or runs it, oldest first.
        responsibilities: every ResponsibilityAssigned needs registered,
        /// Its classification now.
        classification: last SecurityClassificationAssigned needs registered,
        /// Its measures, oldest first.
        measures: every SecurityMeasureRecorded needs registered,
        /// The analyses of its risks, oldest first.
        risk_analyses: every RiskAnalysisRecorded needs registered,
        /// Its end.
        retired: last Retired needs registered -> Retired,
    } and {}
}

filter! {
    "SystemFilter" {
        /// The system with that code.
        system "system": Code,
        /// Systems of a unit.
        unit "unit": Code,
        /// Systems that a processor runs.
        party "party": Code,
        /// Systems that stand so.
        status "status": SystemStatus,
    }
}

impl Family for System {
    const NAME: &'static str = "system";
    const LABEL_NL: &'static str = "systeem";
    const GRAPHQL_NAME: &'static str = "System";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit to which it belongs.",
        ),
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Shared("system", "system"),
            "The processing activities that use it.",
        ),
        Relation::many(
            "parties",
            "verwerkers",
            "party",
            By::Shared("party", "party"),
            "The processors that run it or parts of it.",
        ),
    ];
    type Event = SystemEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &SystemEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        self.admit_order(event)?;
        match event {
            SystemEvent::Registered(event) => distinct("processors", &event.processors),
            SystemEvent::ResponsibilityAssigned(event) => distinct("processors", event.processors.iter().flatten()),
            SystemEvent::Retired(_) if self.status == SystemStatus::Retired => {
                Err(Refusal::new(RejectionCode::Ended, "", "this system is out of use already"))
            }
            SystemEvent::Retired(event) if event.successor.as_ref() == self.code() => {
                let message = "a system cannot take its own place; name the one that does, or none";
                Err(Refusal::new(RejectionCode::Malformed, "successor", message))
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &SystemEvent, recorded: &Recorded) {
        if self.status == SystemStatus::Retired && matches!(event, SystemEvent::Retired(_)) {
            note_anomaly(&mut self.anomalies, recorded, "the system had been taken out of use before");
        }
        let retired = self.retired.is_some();
        self.keep(event, recorded);
        if retired {
            self.status = SystemStatus::Retired;
        }
    }

    fn keys(&self) -> Keys {
        let registered = self.registered.iter().map(|registered| &registered.fact);
        let system = registered.clone().map(|registered| ("system", registered.system.to_string()));
        let changes = || self.responsibilities.iter().rev().map(|change| &change.fact);
        // The newest word counts; what a change leaves out stays.
        let unit = changes().find_map(|change| change.unit.as_ref());
        let unit = unit.or(registered.clone().find_map(|registered| registered.unit.as_ref()));
        let parties = changes().find_map(|change| change.processors.as_ref());
        let parties = parties
            .into_iter()
            .flatten()
            .chain(registered.filter(|_| parties.is_none()).flat_map(|registered| &registered.processors));
        system
            .chain(unit.map(|unit| ("unit", unit.to_string())))
            .chain(parties.map(|party| ("party", party.to_string())))
            .chain([("status", key_text(&self.status))])
            .collect()
    }
}

impl System {
    fn code(&self) -> Option<&Code> {
        self.registered.as_ref().map(|registered| &registered.fact.system)
    }
}

#[cfg(test)]
mod tests;
