//! Processor activities: the register of what the institution does as a processor, on behalf of other controllers (GDPR
//! Art. 30(2)).
//!
//! As in the register of its own activities, the entry is a chain of immutable versions; a change is a new version.

use super::consent_text::Materiality;
use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Dated, Refusal, counted, distinct, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::LangText;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};

record! {
    /// A transfer to a third country on behalf of the controller (Art. 30(2)(c)).
    Transfer "ProcessorActivityTransfer" "ProcessorActivityTransferInput" {
        /// The party that receives the data.
        recipient: Option<Code> = "ontvanger",
        /// The country or international organisation, as `US`.
        country: Code = "derde land of internationale organisatie",
        /// The transfer and its grounds, where it is recorded here.
        transfer_ground: Option<StreamId> = "doorgifte",
        /// The suitable safeguards, above all of a transfer under Art. 49(1), second subparagraph.
        safeguards: Option<Erasable<String>> = "passende waarborgen",
    }
}

record! {
    /// A version of the entry is established (Art. 30(2)).
    Established "ProcessorActivityEstablished" "ProcessorActivityEstablishedInput" {
        /// Its number, from 1; each the next.
        version: u32,
        /// The name of the activity.
        name: Option<Erasable<LangText>>,
        /// The controller on whose behalf it is done (Art. 30(2)(a)).
        controller: Option<Code> = "verwerkingsverantwoordelijke",
        /// How the controller is reached (Art. 30(2)(a)).
        controller_contact: Option<Erasable<String>> = "contactgegevens van de verwerkingsverantwoordelijke",
        /// The controller's representative (Art. 27, 30(2)(a)).
        controller_representative: Option<Erasable<String>> = "vertegenwoordiger van de verwerkingsverantwoordelijke",
        /// The processor, the institution itself (Art. 30(2)(a)).
        processor: Option<Code> = "verwerker",
        /// How the data protection officer is reached (Art. 30(2)(a)).
        dpo_contact: Option<Erasable<String>> = "contactgegevens van de FG",
        /// The categories of processing done for the controller (Art. 30(2)(b)).
        processing_categories: Vec<Code> = "categorieën van verwerkingen",
        /// The transfers to third countries (Art. 30(2)(c)).
        transfers: Vec<Transfer> = "doorgiften",
        /// The security class, as `CONFIDENTIAL`.
        security_class: Option<Code> = "beveiligingsclassificatie",
        /// The technical and organisational measures, in general terms (Art. 30(2)(d), 32(1)).
        security_measures: Vec<Erasable<String>> = "beveiligingsmaatregelen",
        /// The other processors that are engaged (Art. 28(2), (4)).
        sub_processors: Vec<Code> = "subverwerkers",
        /// The agreement with the controller (Art. 28(3)).
        agreement: Option<StreamId> = "verwerkersovereenkomst",
        /// The systems that it uses.
        systems: Vec<Code> = "systemen",
        /// The unit that does it.
        unit: Option<Code>,
        /// The role that answers for it.
        owner: Option<Code> = "proceseigenaar",
        /// The role that approved the version.
        approved_by: Option<Code> = "goedgekeurd door",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The entry is amended: a new version in which every field present replaces that of the version before.
    Amended "ProcessorActivityAmended" "ProcessorActivityAmendedInput" {
        /// Its number; each the next.
        version: u32,
        /// The name of the activity.
        name: Option<Erasable<LangText>>,
        /// The controller on whose behalf it is done (Art. 30(2)(a)).
        controller: Option<Code> = "verwerkingsverantwoordelijke",
        /// How the controller is reached (Art. 30(2)(a)).
        controller_contact: Option<Erasable<String>> = "contactgegevens van de verwerkingsverantwoordelijke",
        /// The controller's representative (Art. 27, 30(2)(a)).
        controller_representative: Option<Erasable<String>> = "vertegenwoordiger van de verwerkingsverantwoordelijke",
        /// The processor, the institution itself (Art. 30(2)(a)).
        processor: Option<Code> = "verwerker",
        /// How the data protection officer is reached (Art. 30(2)(a)).
        dpo_contact: Option<Erasable<String>> = "contactgegevens van de FG",
        /// The categories of processing done for the controller (Art. 30(2)(b)).
        processing_categories: Option<Vec<Code>> = "categorieën van verwerkingen",
        /// The transfers to third countries (Art. 30(2)(c)).
        transfers: Option<Vec<Transfer>> = "doorgiften",
        /// The security class.
        security_class: Option<Code> = "beveiligingsclassificatie",
        /// The technical and organisational measures, in general terms (Art. 30(2)(d), 32(1)).
        security_measures: Option<Vec<Erasable<String>>> = "beveiligingsmaatregelen",
        /// The other processors that are engaged (Art. 28(2), (4)).
        sub_processors: Option<Vec<Code>> = "subverwerkers",
        /// The agreement with the controller (Art. 28(3)).
        agreement: Option<StreamId> = "verwerkersovereenkomst",
        /// The systems that it uses.
        systems: Option<Vec<Code>> = "systemen",
        /// The unit that does it.
        unit: Option<Code>,
        /// The role that answers for it.
        owner: Option<Code> = "proceseigenaar",
        /// The role that approved the version.
        approved_by: Option<Code> = "goedgekeurd door",
        /// Whether the change matters to data subjects.
        materiality: Option<Materiality> = "inhoudelijk of redactioneel",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The institution no longer does it.
    Ceased "ProcessorActivityCeased" "ProcessorActivityCeasedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to an activity that is done for another controller.
    ProcessorActivityEvent "ProcessorActivityEvent" "ProcessorActivityEventInput",
    retracted "ProcessorActivityRetracted" "ProcessorActivityRetractedInput"
    {
        /// A version is established.
        Established "established" 1 "ProcessorActivityEstablished" = "vastgesteld",
        /// The entry is amended.
        Amended "amended" 1 "ProcessorActivityAmended" = "gewijzigd",
        /// The activity ends.
        Ceased "ceased" 1 "ProcessorActivityCeased" = "beëindigd",
    }
}

choice! {
    /// Where an activity for another controller stands.
    #[derive(Default)]
    ProcessorActivityStatus "ProcessorActivityStatus" {
        /// No version is established yet.
        #[default]
        Unestablished = "niet vastgesteld",
        /// A version is established.
        Established = "vastgesteld",
        /// It is no longer done.
        Ceased = "beëindigd",
    }
}

dossier! {
    /// An activity that is done for another controller, at one moment.
    ProcessorActivity "ProcessorActivityState" follows ProcessorActivityEvent, status ProcessorActivityStatus {
        /// The versions established as a whole, oldest first.
        established: every Established -> Established,
        /// The versions made by a change, oldest first.
        amended: every Amended needs established,
        /// Its end.
        ceased: last Ceased needs established -> Ceased,
    } and {
        /// The version in force, with all its fields; of a version made by a change too.
        current: Option<Dated<Established>> = "geldende versie",
    }
}

filter! {
    "ProcessorActivityFilter" {
        /// Activities of a unit.
        unit "unit": Code,
        /// Activities for a controller.
        controller "controller": Code,
        /// Activities with a party, as controller or as another processor.
        party "party": Code,
        /// Activities under an agreement.
        agreement "agreement": StreamId,
        /// Activities that stand so.
        status "status": ProcessorActivityStatus,
    }
}

impl Family for ProcessorActivity {
    const NAME: &'static str = "processorActivity";
    const LABEL_NL: &'static str = "verwerking als verwerker";
    const GRAPHQL_NAME: &'static str = "ProcessorActivity";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit that does it.",
        ),
        Relation::one(
            "controller",
            "verwerkingsverantwoordelijke",
            "party",
            By::Shared("party", "controller"),
            "The controller on whose behalf it is done.",
        ),
        Relation::many(
            "parties",
            "betrokken partijen",
            "party",
            By::Shared("party", "party"),
            "The controller and the other processors.",
        ),
        Relation::one(
            "agreement",
            "verwerkersovereenkomst",
            "agreement",
            By::Ours("agreement"),
            "The agreement with the controller.",
        ),
        Relation::many("systems", "systemen", "system", By::Shared("system", "system"), "The systems that it uses."),
        Relation::many(
            "transferGrounds",
            "doorgiften",
            "transferGround",
            By::Ours("transferGround"),
            "The transfers to third countries.",
        ),
    ];
    type Event = ProcessorActivityEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &ProcessorActivityEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use ProcessorActivityEvent as E;
        self.admit_order(event)?;
        match event {
            // What had ceased may be taken up again, by a version of its own.
            E::Established(entry) => self.admit_version(entry.version).and_then(|()| admit_entry(entry)),
            E::Amended(_) | E::Ceased(_) if self.status == ProcessorActivityStatus::Ceased => {
                let message = "this activity has ceased at that moment; if it goes on, record `established`";
                Err(Refusal::new(RejectionCode::Ended, "", message))
            }
            E::Amended(amended) => self.admit_version(amended.version).and_then(|()| admit_amendment(amended)),
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
        let entry = || self.current.iter().map(|current| &current.fact);
        let controller = || entry().filter_map(|entry| entry.controller.as_ref());
        let parties = controller().chain(entry().flat_map(|entry| &entry.sub_processors));
        let transfers = entry().flat_map(|entry| &entry.transfers);
        (entry().filter_map(|entry| entry.unit.as_ref()).map(|unit| ("unit", unit.to_string())))
            .chain(controller().map(|controller| ("controller", controller.to_string())))
            .chain(parties.map(|party| ("party", party.to_string())))
            .chain(entry().filter_map(|entry| Some(("agreement", entry.agreement.as_ref()?.to_string()))))
            .chain(entry().flat_map(|entry| &entry.systems).map(|system| ("system", system.to_string())))
            .chain(
                transfers
                    .filter_map(|transfer| Some(("transferGround", transfer.transfer_ground.as_ref()?.to_string()))),
            )
            .chain([("status", key_text(&self.status))])
            .collect()
    }
}

fn admit_entry(entry: &Established) -> Result<(), Refusal> {
    admit_lists(&entry.processing_categories, &entry.sub_processors, &entry.systems)?;
    admit_links(&entry.transfers, &entry.agreement)
}

fn admit_amendment(amended: &Amended) -> Result<(), Refusal> {
    fn given<T>(list: &Option<Vec<T>>) -> &[T] {
        list.as_deref().unwrap_or_default()
    }
    admit_lists(given(&amended.processing_categories), given(&amended.sub_processors), given(&amended.systems))?;
    admit_links(given(&amended.transfers), &amended.agreement)
}

fn admit_lists(categories: &[Code], sub_processors: &[Code], systems: &[Code]) -> Result<(), Refusal> {
    distinct("processingCategories", categories)?;
    distinct("subProcessors", sub_processors)?;
    distinct("systems", systems)
}

fn admit_links(transfers: &[Transfer], agreement: &Option<StreamId>) -> Result<(), Refusal> {
    let grounds = transfers.iter().filter_map(|transfer| transfer.transfer_ground.as_ref());
    link("transfers", "transferGround", grounds)?;
    link("agreement", "agreement", agreement)
}

impl ProcessorActivity {
    fn next_version(&self) -> u32 {
        self.current.as_ref().map_or(1, |current| current.fact.version.saturating_add(1))
    }

    fn admit_version(&self, version: u32) -> Result<(), Refusal> {
        counted("version", version)?;
        let next = self.next_version();
        let (code, message) = match version {
            version if version < next => {
                (RejectionCode::AlreadyExists, format!("version {version} is established already; the next is {next}"))
            }
            version if version > next => {
                (RejectionCode::Malformed, format!("version {version} would leave a gap; the next is {next}"))
            }
            _ => return Ok(()),
        };
        Err(Refusal::new(code, "version", message))
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
        fn or<T: Clone>(new: &Option<T>, old: &T) -> T {
            new.as_ref().unwrap_or(old).clone()
        }
        fn or_known<T: Clone>(new: &Option<T>, old: &Option<T>) -> Option<T> {
            new.as_ref().or(old.as_ref()).cloned()
        }
        Self {
            version: amended.version,
            name: or_known(&amended.name, &self.name),
            controller: or_known(&amended.controller, &self.controller),
            controller_contact: or_known(&amended.controller_contact, &self.controller_contact),
            controller_representative: or_known(&amended.controller_representative, &self.controller_representative),
            processor: or_known(&amended.processor, &self.processor),
            dpo_contact: or_known(&amended.dpo_contact, &self.dpo_contact),
            processing_categories: or(&amended.processing_categories, &self.processing_categories),
            transfers: or(&amended.transfers, &self.transfers),
            security_class: or_known(&amended.security_class, &self.security_class),
            security_measures: or(&amended.security_measures, &self.security_measures),
            sub_processors: or(&amended.sub_processors, &self.sub_processors),
            agreement: or_known(&amended.agreement, &self.agreement),
            systems: or(&amended.systems, &self.systems),
            unit: or_known(&amended.unit, &self.unit),
            owner: or_known(&amended.owner, &self.owner),
            approved_by: amended.approved_by.clone(),
            remark: amended.remark.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
