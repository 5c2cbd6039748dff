//! Processor activities: the register of what the institution does as a processor, on behalf of other controllers (GDPR
//! Art. 30(2)).
//!
//! As in the register of its own activities, the entry is a chain of immutable versions; a change is a new version.

use crate::family::consent_text::Materiality;
use crate::family::declare;
use crate::family::dossier::{Dated, Refusal, distinct, in_turn, link, require, take_over};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::LangText;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};

declare! {
    family ProcessorActivity many processorActivities = "verwerking als verwerker", in register;

    /// A transfer to a third country on behalf of the controller (Art. 30(2)(c)).
    record Transfer as "ProcessorActivityTransfer" {
        recipient: Code? = "ontvanger" "The party that receives the data.",
        country: Code = "derde land of internationale organisatie"
            "The country or international organisation, as `US`.",
        transfer_ground: StreamId? = "doorgifte" "The transfer and its grounds, where it is recorded here.",
        safeguards: Erasable<String>? = "passende waarborgen"
            "The suitable safeguards, above all of a transfer under Art. 49(1), second subparagraph.",
    }

    /// A version of the entry is established (Art. 30(2)).
    event Established as "ProcessorActivityEstablished" = "vastgesteld",
        every established -> Established "The versions established as a whole, oldest first." {
        version: u32 "Its number, from 1; each the next.",
        name: Erasable<LangText>? "The name of the activity.",
        controller: Code? = "verwerkingsverantwoordelijke" "The controller on whose behalf it is done (Art. 30(2)(a)).",
        controller_contact: Erasable<String>? = "contactgegevens van de verwerkingsverantwoordelijke"
            "How the controller is reached (Art. 30(2)(a)).",
        controller_representative: Erasable<String>? = "vertegenwoordiger van de verwerkingsverantwoordelijke"
            "The controller's representative (Art. 27, 30(2)(a)).",
        processor: Code? = "verwerker" "The processor, the institution itself (Art. 30(2)(a)).",
        dpo_contact: Erasable<String>? = "contactgegevens van de FG"
            "How the data protection officer is reached (Art. 30(2)(a)).",
        processing_categories: Vec<Code> = "categorieën van verwerkingen"
            "The categories of processing done for the controller (Art. 30(2)(b)).",
        transfers: Vec<Transfer> = "doorgiften" "The transfers to third countries (Art. 30(2)(c)).",
        security_class: Code? = "beveiligingsclassificatie" "The security class, as `CONFIDENTIAL`.",
        security_measures: Vec<Erasable<String>> = "beveiligingsmaatregelen"
            "The technical and organisational measures, in general terms (Art. 30(2)(d), 32(1)).",
        sub_processors: Vec<Code> = "subverwerkers" "The other processors that are engaged (Art. 28(2), (4)).",
        agreement: StreamId? = "verwerkersovereenkomst" "The agreement with the controller (Art. 28(3)).",
        systems: Vec<Code> "The systems that it uses.",
        unit: Code? "The unit that does it.",
        owner: Code? = "proceseigenaar" "The role that answers for it.",
        approved_by: Code? = "goedgekeurd door" "The role that approved the version.",
    }

    /// The entry is amended: a new version in which every field present replaces that of the version before.
    event Amended as "ProcessorActivityAmended" = "gewijzigd",
        every amended needs established "The versions made by a change, oldest first." {
        version: u32 "Its number; each the next.",
        name: Erasable<LangText>? "The name of the activity.",
        controller: Code? = "verwerkingsverantwoordelijke" "The controller on whose behalf it is done (Art. 30(2)(a)).",
        controller_contact: Erasable<String>? = "contactgegevens van de verwerkingsverantwoordelijke"
            "How the controller is reached (Art. 30(2)(a)).",
        controller_representative: Erasable<String>? = "vertegenwoordiger van de verwerkingsverantwoordelijke"
            "The controller's representative (Art. 27, 30(2)(a)).",
        processor: Code? = "verwerker" "The processor, the institution itself (Art. 30(2)(a)).",
        dpo_contact: Erasable<String>? = "contactgegevens van de FG"
            "How the data protection officer is reached (Art. 30(2)(a)).",
        processing_categories: Vec<Code>? = "categorieën van verwerkingen"
            "The categories of processing done for the controller (Art. 30(2)(b)).",
        transfers: Vec<Transfer>? = "doorgiften" "The transfers to third countries (Art. 30(2)(c)).",
        security_class: Code? = "beveiligingsclassificatie" "The security class.",
        security_measures: Vec<Erasable<String>>? = "beveiligingsmaatregelen"
            "The technical and organisational measures, in general terms (Art. 30(2)(d), 32(1)).",
        sub_processors: Vec<Code>? = "subverwerkers" "The other processors that are engaged (Art. 28(2), (4)).",
        agreement: StreamId? = "verwerkersovereenkomst" "The agreement with the controller (Art. 28(3)).",
        systems: Vec<Code>? "The systems that it uses.",
        unit: Code? "The unit that does it.",
        owner: Code? = "proceseigenaar" "The role that answers for it.",
        approved_by: Code? = "goedgekeurd door" "The role that approved the version.",
        materiality: Materiality? = "inhoudelijk of redactioneel" "Whether the change matters to data subjects.",
    }

    /// The institution no longer does it.
    event Ceased as "ProcessorActivityCeased" = "beëindigd", last ceased needs established -> Ceased "Its end." {
        reason: Erasable<String>? "Why.",
    }

    /// Where an activity for another controller stands.
    choice ProcessorActivityStatus {
        #[default] Unestablished = "niet vastgesteld" "No version is established yet.",
        Established = "vastgesteld" "A version is established.",
        Ceased = "beëindigd" "It is no longer done.",
    }

    /// An activity that is done for another controller, at one moment.
    state ProcessorActivity as "ProcessorActivityState" of ProcessorActivityStatus key {
        current: Dated<Established>? = "geldende versie"
            "The version in force, with all its fields; of a version made by a change too.",
    }

    keys {
        unit: Code "Activities of a unit.",
        controller: Code "Activities for a controller.",
        party: Code "Activities with a party, as controller or as another processor.",
        agreement: StreamId "Activities under an agreement.",
        system: Code "Activities that use a system.",
        transfer_ground: StreamId "Activities with a transfer.",
    }

    relations {
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit that does it.",
        controller: one party shared party controller = "verwerkingsverantwoordelijke"
            "The controller on whose behalf it is done.",
        parties: many party shared party party = "betrokken partijen" "The controller and the other processors.",
        agreement: one agreement ours agreement = "verwerkersovereenkomst" "The agreement with the controller.",
        systems: many system shared system system = "systemen" "The systems that it uses.",
        transferGrounds: many transferGround ours transferGround = "doorgiften" "The transfers to third countries.",
    }
}

impl Family for ProcessorActivity {
    fn admit(&self, event: &ProcessorActivityEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use ProcessorActivityEvent as E;
        self.admit_order(event)?;
        // What had ceased may be taken up again, by a version of its own.
        let ended = self.status == ProcessorActivityStatus::Ceased && matches!(event, E::Amended(_) | E::Ceased(_));
        let message = "this activity has ceased at that moment; if it goes on, record `established`";
        require(!ended, RejectionCode::Ended, "", message)?;
        match event {
            E::Established(entry) => {
                in_turn(entry.version, self.next_version())?;
                admit_entry(entry)
            }
            E::Amended(amended) => {
                in_turn(amended.version, self.next_version())?;
                self.current.iter().try_for_each(|current| admit_entry(&current.fact.amended(amended)))
            }
            E::Ceased(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &ProcessorActivityEvent, recorded: &Recorded) {
        use ProcessorActivityEvent as E;
        if self.status == ProcessorActivityStatus::Ceased && matches!(event, E::Amended(_) | E::Ceased(_)) {
            note_anomaly(&mut self.anomalies, recorded, "the activity had ceased before");
        }
        self.keep(event, recorded);
        match event {
            E::Established(entry) => self.take_version(entry, recorded),
            E::Amended(amended) => {
                if let Some(current) = &self.current {
                    let entry = current.fact.amended(amended);
                    self.take_version(&entry, recorded);
                }
            }
            E::Ceased(_) | E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        let Some(Dated { fact: entry, .. }) = &self.current else {
            return keys;
        };
        push_keys(&mut keys, "unit", &entry.unit);
        push_keys(&mut keys, "controller", &entry.controller);
        push_keys(&mut keys, "party", &entry.controller);
        push_keys(&mut keys, "party", &entry.sub_processors);
        push_keys(&mut keys, "agreement", &entry.agreement);
        push_keys(&mut keys, "system", &entry.systems);
        entry.transfers.iter().for_each(|transfer| push_keys(&mut keys, "transferGround", &transfer.transfer_ground));
        keys
    }
}

fn admit_entry(entry: &Established) -> Result<(), Refusal> {
    distinct("processingCategories", &entry.processing_categories)?;
    distinct("subProcessors", &entry.sub_processors)?;
    distinct("systems", &entry.systems)?;
    let grounds = entry.transfers.iter().flat_map(|transfer| &transfer.transfer_ground);
    link("transfers", "transferGround", grounds)?;
    link("agreement", "agreement", &entry.agreement)
}

impl ProcessorActivity {
    fn next_version(&self) -> u32 {
        self.current.as_ref().map_or(1, |current| current.fact.version.saturating_add(1))
    }

    fn take_version(&mut self, entry: &Established, recorded: &Recorded) {
        let next = self.next_version();
        if entry.version < next {
            return note_anomaly(&mut self.anomalies, recorded, "this version had been established before");
        }
        if entry.version > next {
            note_anomaly(&mut self.anomalies, recorded, "the versions before this one are missing");
        }
        self.current = Some(Dated::new(entry, recorded));
    }
}

impl Established {
    /// Returns the entry of the next version: what the amendment leaves out stays.
    fn amended(&self, amended: &Amended) -> Self {
        let mut next = self.clone();
        next.version = amended.version;
        take_over!(amended => next; name, controller, controller_contact, controller_representative, processor);
        take_over!(amended => next; dpo_contact, processing_categories, transfers, security_class, security_measures);
        take_over!(amended => next; sub_processors, agreement, systems, unit, owner);
        // Whoever approved the version before did not approve this one.
        next.approved_by.clone_from(&amended.approved_by);
        next.remark.clone_from(&amended.remark);
        next
    }
}

#[cfg(test)]
mod tests;
