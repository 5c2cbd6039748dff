//! Systems: the applications in which personal data are processed, how they are classified and secured, and which risks
//! were analysed (GDPR Art. 24, 25, 32).
//!
//! Whether the measures are enough for the class, and the analysis young enough, is a verdict. Who answers for a system
//! over time is in the role assignments; the registration says with whom it began.

use crate::family::declare;
use crate::family::dossier::{Newer as _, Refusal, distinct, require};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::Code;
use crate::time::PartialDate;

declare! {
    family System many systems = "systeem", in register;

    /// A system is registered.
    event Registered as "SystemRegistered" = "geregistreerd", once registered -> InUse "Its registration." {
        system: Code = "code" key "The code by which other facts name it, as `mailer`.",
        name: Erasable<LangText>? "Its name.",
        unit: Code? "The unit to which it belongs.",
        owner: Code? = "systeemeigenaar" "The role that answers for it, the system owner.",
        processors: Vec<Code> "The processors that run it or parts of it (Art. 28).",
    }

    /// How much harm a loss would do.
    choice SecurityLevel as "SystemSecurityLevel" {
        Low = "laag" "Little.",
        Medium = "midden" "Some.",
        High = "hoog" "Much.",
    }

    /// The system is classified by what a loss of confidentiality, integrity or availability would do (Art. 32(1)(b)).
    event SecurityClassificationAssigned = "beveiligingsclassificatie toegekend",
        last classification needs registered "Its classification now." {
        confidentiality: SecurityLevel? = "vertrouwelijkheid" "How far it must stay confidential.",
        integrity: SecurityLevel? = "integriteit" "How far it must stay intact.",
        availability: SecurityLevel? = "beschikbaarheid" "How far it must stay available.",
        class: Code? = "classificatie" "The class of its data, as `CONFIDENTIAL`.",
        decision: Code? "The decision behind a class lower than the usual one.",
        assigned_by: Code? = "toegekend door" "The role that assigns it.",
        next_review: PartialDate? = "volgende herziening" "When it is to be reviewed.",
    }

    /// What kind of measure it is (Art. 32(1)).
    choice MeasureKind as "SecurityMeasureKind" {
        Technical = "technisch" "A technical one.",
        Organisational = "organisatorisch" "An organisational one.",
    }

    /// A measure that secures the system is recorded (Art. 32(1)).
    event SecurityMeasureRecorded = "beveiligingsmaatregel vastgelegd",
        every measures needs registered "Its measures, oldest first." {
        measure: Code? "Its code, as `MFA`.",
        kind: MeasureKind? "What kind it is.",
        description: Erasable<String>? "What it does.",
        control: Code? = "beheersmaatregel uit de norm"
            "The control of a standard that it fulfils, as `ISO-27002:8.5`.",
        enhanced: bool? = "verzwaard" "Whether it goes beyond the usual, as special categories ask (Art. 9, 32).",
        until: PartialDate? = "tot" "Until when it is in place; absent: without an end.",
        document: Document? "The evidence that it is in place.",
    }

    /// It is tested how effective a measure is, regularly (Art. 32(1)(d)).
    event SecurityMeasureTested = "beveiligingsmaatregel getest",
        every tests = "tests" needs registered "How its measures were tested, oldest first." {
        measure: Code? "The measure, by its code; absent: the measures as a whole.",
        effective: bool? = "doeltreffend" "Whether it does what it is for.",
        method: Code? = "methode" "How it was tested, as `PENETRATION_TEST`.",
        by: Code? "The role or party that tested.",
        next_test: PartialDate? = "volgende test" "When it is to be tested again.",
        document: Document? "The report.",
    }

    /// Others answer for the system, or run it, from now on.
    event ResponsibilityAssigned as "SystemResponsibilityAssigned" = "verantwoordelijkheid belegd",
        every responsibilities needs registered "Changes of who answers for it or runs it, oldest first." {
        unit: Code? "The unit to which it belongs; absent: as before.",
        owner: Code? = "systeemeigenaar" "The role that answers for it; absent: as before.",
        processors: Vec<Code>? "All processors that run it or parts of it (Art. 28); absent: as before.",
    }

    /// The risks of the system are analysed (Art. 32(2)).
    event RiskAnalysisRecorded = "risicoanalyse vastgelegd",
        every risk_analyses needs registered "The analyses of its risks, oldest first." {
        method: Code? = "methode" "The method, as `SURF-BIA`.",
        method_version: Code? = "versie van de methode" "The version of the method.",
        residual_risk: SecurityLevel? = "restrisico" "The risk that remains.",
        analysed_by: Code? = "uitgevoerd door" "The role that analysed them.",
        next_review: PartialDate? = "volgende analyse" "When they are to be analysed anew.",
        document: Document? "The analysis as a document.",
    }

    /// The system is taken out of use.
    event Retired as "SystemRetired" = "buiten gebruik gesteld", last retired needs registered -> Retired "Its end." {
        successor: Code? = "opvolger" "The system that takes its place.",
        decision: Code? "The decision behind it.",
        reason: Erasable<String>? "Why.",
    }

    /// Where a system stands.
    choice SystemStatus {
        #[default] Unregistered = "niet geregistreerd" "Not registered yet.",
        InUse = "in gebruik" "In use.",
        Retired = "buiten gebruik" "Out of use.",
    }

    /// A system at one moment.
    state System as "SystemState" of SystemStatus key {}

    keys {
        unit: Code "Systems of a unit.",
        party: Code "Systems that a processor runs.",
    }

    relations {
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit to which it belongs.",
        activities: many activity shared system system = "verwerkingsactiviteiten"
            "The processing activities that use it.",
        parties: many party shared party party = "verwerkers" "The processors that run it or parts of it.",
    }
}

impl Family for System {
    fn admit(&self, event: &SystemEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        self.admit_order(event)?;
        match event {
            SystemEvent::Registered(event) => distinct("processors", &event.processors),
            SystemEvent::ResponsibilityAssigned(event) => distinct("processors", event.processors.iter().flatten()),
            SystemEvent::Retired(event) => {
                let used = self.status != SystemStatus::Retired;
                require(used, RejectionCode::Ended, "", "this system is out of use already")?;
                let own = self.registered.as_ref().map(|registered| &registered.fact.system);
                let message = "a system cannot take its own place; name the one that does, or none";
                require(event.successor.as_ref() != own, RejectionCode::Malformed, "successor", message)
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &SystemEvent, recorded: &Recorded) {
        let before = self.status;
        if before == SystemStatus::Retired && matches!(event, SystemEvent::Retired(_)) {
            note_anomaly(&mut self.anomalies, recorded, "the system had been taken out of use before");
        }
        self.keep(event, recorded);
        self.status = self.status.max(before);
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        let registered = self.registered.as_ref().map(|registered| &registered.fact);
        let mut unit = registered.and_then(|registered| registered.unit.clone());
        let mut processors = registered.map(|registered| registered.processors.clone()).unwrap_or_default();
        // The newest word counts; what a change leaves out stays.
        for change in &self.responsibilities {
            unit.take_over(&change.fact.unit);
            processors.take_over(&change.fact.processors);
        }
        push_keys(&mut keys, "unit", &unit);
        push_keys(&mut keys, "party", &processors);
        keys
    }
}

#[cfg(test)]
mod tests;
