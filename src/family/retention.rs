//! Retention cases: how long a category of data of an activity is kept, why, and what became of it in the end
//! (GDPR Art. 5(1)(e), 17, 30(1)(f), 89).
//!
//! What was destroyed under a legal hold, too early or too late was destroyed: it is recorded, noted where a hold
//! stood, and judged by a rule. Of old cases often nothing but the certificate is left, so any fact but a release may
//! be the first.

use super::activity::LegalReference;
use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Dated, Refusal, distinct, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term};

record! {
    /// A retention schedule, as a selection list, is adopted for the case (Archiefwet 1995 Art. 5).
    ScheduleAdopted "RetentionScheduleAdopted" "RetentionScheduleAdoptedInput" {
        /// The schedule, by the code of its instrument.
        schedule: Option<Code> = "selectielijst",
        /// Its version.
        list_version: Option<Code> = "versie van de lijst",
        /// The unit that keeps the data.
        unit: Option<Code>,
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// The schedule as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Where a term comes from.
    PeriodSource "RetentionPeriodSource" {
        /// A statute.
        Statute = "wet",
        /// The institution itself.
        Institution = "instelling",
        /// A contract.
        Contract = "overeenkomst",
    }
}

choice! {
    /// The classes of evidence that stay although somebody asks for erasure (Art. 17(3)(b), (e)).
    EvidenceClass "EvidenceClass" {
        /// Organisational: register, assessments, agreements, decisions.
        #[serde(rename = "E1")]
        #[cfg_attr(feature = "server", graphql(name = "E1"))]
        Organisational = "E1 organisatie",
        /// Proof of consent (Art. 7(1)).
        #[serde(rename = "E2")]
        #[cfg_attr(feature = "server", graphql(name = "E2"))]
        ConsentProof = "E2 bewijs van toestemming",
        /// The file of a request, an objection or a complaint.
        #[serde(rename = "E3")]
        #[cfg_attr(feature = "server", graphql(name = "E3"))]
        CaseFile = "E3 dossier van verzoek, bezwaar of klacht",
        /// The file of a breach (Art. 33(5)).
        #[serde(rename = "E4")]
        #[cfg_attr(feature = "server", graphql(name = "E4"))]
        BreachFile = "E4 datalekdossier",
        /// The log of who looked into what.
        #[serde(rename = "E5")]
        #[cfg_attr(feature = "server", graphql(name = "E5"))]
        AccessLog = "E5 inzagelogboek",
        /// The map from actors to names.
        #[serde(rename = "E6")]
        #[cfg_attr(feature = "server", graphql(name = "E6"))]
        IdentityMap = "E6 identiteiten van medewerkers",
    }
}

record! {
    /// It is set how long a category of data is kept (Art. 30(1)(f)); set anew, the period runs anew.
    PeriodSet "RetentionPeriodSet" "RetentionPeriodSetInput" {
        /// The activity whose data they are.
        activity: Option<StreamId>,
        /// The category of data; absent: all that no other case of the activity names.
        category: Option<Code> = "categorie van gegevens",
        /// The unit that keeps them.
        unit: Option<Code>,
        /// For how long.
        term: Option<Term> = "bewaartermijn",
        /// What starts the term, as `END_OF_STUDY`.
        starts_at: Option<Code> = "begin van de termijn",
        /// Where the term comes from.
        source: Option<PeriodSource> = "herkomst van de termijn",
        /// The place in the statute or in the institution's own rules.
        reference: Option<LegalReference> = "vindplaats",
        /// The agreement, where a contract sets it.
        agreement: Option<StreamId> = "overeenkomst",
        /// The version of the retention schedule.
        list_version: Option<Code> = "versie van de lijst",
        /// The category of the retention schedule.
        list_category: Option<Code> = "categorie van de lijst",
        /// The class of evidence that the data are.
        evidence_class: Option<EvidenceClass> = "bewijsklasse",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The period is over; the fact holds from when it is.
    PeriodReached "RetentionPeriodReached" "RetentionPeriodReachedInput" {
        /// When the term had started.
        started: Option<PartialDate> = "begonnen op",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A legal hold is placed: the data stay although their period is over (Art. 17(3)(e), 18(1)(c)).
    LegalHoldPlaced "LegalHoldPlaced" "LegalHoldPlacedInput" {
        /// The code by which its release names it.
        hold: Option<Code> = "vernietigingsstop",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Until when; absent: until it is released.
        until: Option<PartialDate> = "tot",
        /// The role that places it.
        placed_by: Option<Code> = "opgelegd door",
        /// The activity whose data they are, where it is not known here yet.
        activity: Option<StreamId>,
        /// The category of data, where it is not known here yet.
        category: Option<Code> = "categorie van gegevens",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A legal hold is released.
    LegalHoldReleased "LegalHoldReleased" "LegalHoldReleasedInput" {
        /// The hold; absent: all that stand.
        hold: Option<Code> = "vernietigingsstop",
        /// Why.
        reason: Option<Erasable<String>>,
        /// The role that releases it.
        released_by: Option<Code> = "opgeheven door",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data are taken out of the active records.
    RemovedFromActiveRecords "RemovedFromActiveRecords" "RemovedFromActiveRecordsInput" {
        /// The systems from which.
        systems: Vec<Code> = "systemen",
        /// The activity whose data they are, where it is not known here yet.
        activity: Option<StreamId>,
        /// The category of data, where it is not known here yet.
        category: Option<Code> = "categorie van gegevens",
        /// The unit that kept them, where it is not known here yet.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data are destroyed (Art. 5(1)(e), 17(1)(a)).
    DestructionExecuted "DestructionExecuted" "DestructionExecutedInput" {
        /// The category of the retention schedule that the certificate names.
        list_category: Option<Code> = "categorie van de lijst",
        /// The certificate of destruction.
        certificate: Option<Document> = "verklaring van vernietiging",
        /// How they are destroyed, as `OVERWRITE`.
        method: Option<Code> = "wijze van vernietiging",
        /// The party or unit that destroys them.
        executed_by: Option<Code> = "uitgevoerd door",
        /// The systems in which.
        systems: Vec<Code> = "systemen",
        /// The activity whose data they were, where it is not known here yet.
        activity: Option<StreamId>,
        /// The category of data, where it is not known here yet.
        category: Option<Code> = "categorie van gegevens",
        /// The unit that kept them, where it is not known here yet.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What became of trying to find persons again.
    AnonymisationTestOutcome "AnonymisationTestOutcome" {
        /// Nobody can be found again (recital 26).
        Passed = "niet herleidbaar",
        /// Somebody can.
        Failed = "herleidbaar",
    }
}

record! {
    /// The data are made anonymous (recital 26).
    AnonymisationExecuted "AnonymisationExecuted" "AnonymisationExecutedInput" {
        /// The method, as `AGGREGATION`.
        method: Option<Code> = "methode",
        /// The test by which it is checked that nobody can be found again.
        test: Option<Code> = "toets op herleidbaarheid",
        /// What the test showed.
        test_outcome: Option<AnonymisationTestOutcome> = "uitkomst van de toets",
        /// The report of it.
        document: Option<Document>,
        /// The systems in which.
        systems: Vec<Code> = "systemen",
        /// The activity whose data they were, where it is not known here yet.
        activity: Option<StreamId>,
        /// The category of data, where it is not known here yet.
        category: Option<Code> = "categorie van gegevens",
        /// The unit that kept them, where it is not known here yet.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// For what archived data may serve (Art. 5(1)(b), 89).
    ArchivePurpose "RetentionArchivePurpose" {
        /// Archiving in the public interest, as for history.
        PublicInterest = "archivering in het algemeen belang",
        /// Scientific or historical research.
        Research = "wetenschappelijk of historisch onderzoek",
        /// Statistics.
        Statistics = "statistiek",
    }
}

record! {
    /// The data go to an archive (Art. 89).
    TransferredToArchive "TransferredToArchive" "TransferredToArchiveInput" {
        /// The archive.
        archive: Option<Code> = "archief",
        /// For what they may serve there.
        purpose: Option<ArchivePurpose> = "archiefdoel",
        /// The category of the retention schedule.
        list_category: Option<Code> = "categorie van de lijst",
        /// The deed of it.
        document: Option<Document>,
        /// The activity whose data they are, where it is not known here yet.
        activity: Option<StreamId>,
        /// The category of data, where it is not known here yet.
        category: Option<Code> = "categorie van gegevens",
        /// The unit that kept them, where it is not known here yet.
        unit: Option<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens in a retention case.
    RetentionEvent "RetentionEvent" "RetentionEventInput",
    retracted "RetentionRetracted" "RetentionRetractedInput"
    {
        /// A schedule is adopted.
        ScheduleAdopted "scheduleAdopted" 1 "RetentionScheduleAdopted" = "selectielijst vastgesteld",
        /// The period is set.
        PeriodSet "periodSet" 1 "RetentionPeriodSet" = "bewaartermijn bepaald",
        /// The period is over.
        PeriodReached "periodReached" 1 "RetentionPeriodReached" = "bewaartermijn verstreken",
        /// A legal hold is placed.
        LegalHoldPlaced "legalHoldPlaced" 1 "LegalHoldPlaced" = "vernietigingsstop opgelegd",
        /// A legal hold is released.
        LegalHoldReleased "legalHoldReleased" 1 "LegalHoldReleased" = "vernietigingsstop opgeheven",
        /// The data leave the active records.
        RemovedFromActiveRecords "removedFromActiveRecords" 1 "RemovedFromActiveRecords"
            = "uit de actieve administratie verwijderd",
        /// The data are destroyed.
        DestructionExecuted "destructionExecuted" 1 "DestructionExecuted" = "vernietigd",
        /// The data are made anonymous.
        AnonymisationExecuted "anonymisationExecuted" 1 "AnonymisationExecuted" = "geanonimiseerd",
        /// The data go to an archive.
        TransferredToArchive "transferredToArchive" 1 "TransferredToArchive" = "overgebracht naar het archief",
    }
}

choice! {
    /// Where a retention case stands.
    #[derive(Default)]
    RetentionStatus "RetentionStatus" {
        /// No period is set yet.
        #[default]
        Unset = "niet bepaald",
        /// The period runs.
        Running = "loopt",
        /// The period is over.
        Reached = "verstreken",
        /// A legal hold stands.
        Held = "vernietigingsstop",
        /// The data are destroyed.
        Destroyed = "vernietigd",
        /// The data are anonymous.
        Anonymised = "geanonimiseerd",
        /// The data are in an archive.
        Archived = "gearchiveerd",
    }
}

dossier! {
    /// A retention case at one moment.
    Retention "RetentionState" follows RetentionEvent, status RetentionStatus {
        /// The schedules, oldest first.
        schedules: every ScheduleAdopted,
        /// The periods as they were set, oldest first.
        periods: every PeriodSet -> Running,
        /// When periods were over, oldest first.
        periods_reached: every PeriodReached -> Reached,
        /// Legal holds, oldest first.
        holds_placed: every LegalHoldPlaced -> Held,
        /// Releases of legal holds, oldest first.
        holds_released: every LegalHoldReleased needs holds_placed,
        /// Removals from the active records, oldest first.
        removals: every RemovedFromActiveRecords,
        /// Destructions, oldest first.
        destructions: every DestructionExecuted -> Destroyed,
        /// Anonymisations, oldest first.
        anonymisations: every AnonymisationExecuted -> Anonymised,
        /// Transfers to an archive, oldest first.
        archivings: every TransferredToArchive -> Archived,
    } and {
        /// The activity whose data they are.
        activity: Option<StreamId>,
        /// The category of data.
        category: Option<Code> = "categorie van gegevens",
        /// The unit that keeps them.
        unit: Option<Code>,
        /// The period that holds.
        period: Option<Dated<PeriodSet>> = "geldende bewaartermijn",
        /// Since when that period is over.
        reached: Option<PartialDate> = "verstreken op",
        /// The legal holds that stand.
        open_holds: Vec<Dated<LegalHoldPlaced>> = "geldende vernietigingsstops",
    }
}

filter! {
    "RetentionFilter" {
        /// Cases of an activity.
        activity "activity": StreamId,
        /// Cases of a category of data.
        category "category": Code,
        /// Cases of a unit.
        unit "unit": Code,
        /// Cases that stand so.
        status "status": RetentionStatus,
    }
}

impl Family for Retention {
    const NAME: &'static str = "retention";
    const LABEL_NL: &'static str = "bewaring en vernietiging";
    const GRAPHQL_NAME: &'static str = "Retention";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "processingActivity",
            "verwerkingsactiviteit",
            "activity",
            By::Ours("activity"),
            "The processing activity whose data they are.",
        ),
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit that keeps them.",
        ),
        Relation::one(
            "agreement",
            "overeenkomst",
            "agreement",
            By::Ours("agreement"),
            "The agreement that sets the period.",
        ),
    ];
    type Event = RetentionEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &RetentionEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use RetentionEvent as E;
        self.admit_order(event)?;
        match event {
            E::PeriodSet(event) => {
                link("activity", "activity", &event.activity)?;
                link("agreement", "agreement", &event.agreement)
            }
            E::LegalHoldPlaced(event) => {
                link("activity", "activity", &event.activity)?;
                self.admit_hold(event)
            }
            E::LegalHoldReleased(event) => self.admit_release(event),
            E::RemovedFromActiveRecords(event) => admit_act(&event.activity, &event.systems),
            E::DestructionExecuted(event) => admit_act(&event.activity, &event.systems),
            E::AnonymisationExecuted(event) => admit_act(&event.activity, &event.systems),
            E::TransferredToArchive(event) => admit_act(&event.activity, &[]),
            E::ScheduleAdopted(_) | E::PeriodReached(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &RetentionEvent, recorded: &Recorded) {
        use RetentionEvent as E;
        let before = self.status;
        self.note_misfit(event, recorded);
        self.keep(event, recorded);
        match event {
            E::ScheduleAdopted(event) => self.unit = event.unit.clone().or(self.unit.take()),
            E::PeriodSet(event) => self.set(event, recorded),
            E::PeriodReached(_) => self.reached = Some(recorded.effective),
            E::LegalHoldPlaced(event) => {
                self.open_holds.push(Dated::new(event, recorded));
                self.learn(&event.activity, &event.category, &None);
            }
            E::LegalHoldReleased(event) => {
                self.open_holds.retain(|open| event.hold.is_some() && open.fact.hold != event.hold);
            }
            E::RemovedFromActiveRecords(event) => self.learn(&event.activity, &event.category, &event.unit),
            E::DestructionExecuted(event) => return self.learn(&event.activity, &event.category, &event.unit),
            E::AnonymisationExecuted(event) => return self.learn(&event.activity, &event.category, &event.unit),
            E::TransferredToArchive(event) => return self.learn(&event.activity, &event.category, &event.unit),
            E::Retracted(_) => {}
        }
        self.stand(before);
    }

    fn keys(&self) -> Keys {
        let agreement = self.period.iter().filter_map(|period| period.fact.agreement.as_ref());
        (self.activity.iter().map(|activity| ("activity", activity.to_string())))
            .chain(self.category.iter().map(|category| ("category", category.to_string())))
            .chain(self.unit.iter().map(|unit| ("unit", unit.to_string())))
            .chain(agreement.map(|agreement| ("agreement", agreement.to_string())))
            .chain([("status", key_text(&self.status))])
            .collect()
    }
}

fn admit_act(activity: &Option<StreamId>, systems: &[Code]) -> Result<(), Refusal> {
    link("activity", "activity", activity)?;
    distinct("systems", systems)
}

impl Retention {
    fn holds(&self, hold: &Option<Code>) -> bool {
        self.open_holds.iter().any(|open| open.fact.hold == *hold)
    }

    fn admit_hold(&self, event: &LegalHoldPlaced) -> Result<(), Refusal> {
        match &event.hold {
            Some(hold) if self.holds(&event.hold) => {
                let message = format!("the hold {hold} stands already; give another one another code");
                Err(Refusal::new(RejectionCode::AlreadyExists, "hold", message))
            }
            _ => Ok(()),
        }
    }

    fn admit_release(&self, event: &LegalHoldReleased) -> Result<(), Refusal> {
        let (field, message) = match &event.hold {
            Some(hold) if !self.holds(&event.hold) => ("hold", format!("no hold {hold} stands at that moment")),
            None if self.open_holds.is_empty() => ("", "no legal hold stands at that moment".to_owned()),
            _ => return Ok(()),
        };
        Err(Refusal::new(RejectionCode::NeverExisted, field, message))
    }

    fn note_misfit(&mut self, event: &RetentionEvent, recorded: &Recorded) {
        use RetentionEvent as E;
        let message = match event {
            E::DestructionExecuted(_) | E::AnonymisationExecuted(_) if !self.open_holds.is_empty() => {
                "the data were destroyed or made anonymous while a legal hold stood"
            }
            E::LegalHoldPlaced(event) if self.admit_hold(event).is_err() => "this legal hold stood already",
            // Where no hold was placed at all, the order of the facts says so.
            E::LegalHoldReleased(event) if !self.holds_placed.is_empty() && self.admit_release(event).is_err() => {
                "a legal hold was released that did not stand"
            }
            _ => return,
        };
        note_anomaly(&mut self.anomalies, recorded, message);
    }

    /// A period that is set anew runs anew.
    fn set(&mut self, event: &PeriodSet, recorded: &Recorded) {
        self.period = Some(Dated::new(event, recorded));
        self.reached = None;
        self.activity = event.activity.clone().or(self.activity.take());
        self.category = event.category.clone().or(self.category.take());
        self.unit = event.unit.clone().or(self.unit.take());
    }

    /// What a later act says of whose data they are counts where nothing said so before.
    fn learn(&mut self, activity: &Option<StreamId>, category: &Option<Code>, unit: &Option<Code>) {
        self.activity = self.activity.take().or(activity.clone());
        self.category = self.category.take().or(category.clone());
        self.unit = self.unit.take().or(unit.clone());
    }

    /// Data that are gone do not come back; else a hold goes before the period.
    fn stand(&mut self, before: RetentionStatus) {
        self.status = match before {
            RetentionStatus::Destroyed | RetentionStatus::Anonymised | RetentionStatus::Archived => before,
            _ if !self.open_holds.is_empty() => RetentionStatus::Held,
            _ if self.reached.is_some() => RetentionStatus::Reached,
            _ if self.period.is_some() => RetentionStatus::Running,
            _ => RetentionStatus::Unset,
        };
    }
}

#[cfg(test)]
mod tests;
