//! Retention cases: how long a category of data of an activity is kept, why, and what became of it in the end
//! (GDPR Art. 5(1)(e), 17, 30(1)(f), 89).
//!
//! What was destroyed under a legal hold, too early or too late was destroyed: it is recorded, noted where a hold
//! stood, and judged by a rule. Of old cases often nothing but the certificate is left, so any fact but a release may
//! be the first.

use crate::family::activity::LegalReference;
use crate::family::declare;
use crate::family::dossier::{Dated, Refusal, distinct, link, require, take_over};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term};

declare! {
    family Retention many retentions = "bewaring en vernietiging", in register;

    /// A retention schedule, as a selection list, is adopted for the case (Archiefwet 1995 Art. 5).
    event ScheduleAdopted as "RetentionScheduleAdopted" = "selectielijst vastgesteld",
        every schedules "The schedules, oldest first." {
        schedule: Code? = "selectielijst" "The schedule, by the code of its instrument.",
        list_version: Code? = "versie van de lijst" "Its version.",
        unit: Code? "The unit that keeps the data.",
        decision: Code? "The decision behind it.",
        document: Document? "The schedule as a document.",
    }

    /// Where a term comes from.
    choice PeriodSource as "RetentionPeriodSource" {
        Statute = "wet" "A statute.",
        Institution = "instelling" "The institution itself.",
        Contract = "overeenkomst" "A contract.",
    }

    /// The classes of evidence that stay although somebody asks for erasure (Art. 17(3)(b), (e)).
    choice EvidenceClass {
        Organisational as "E1" = "E1 organisatie" "Organisational: register, assessments, agreements, decisions.",
        ConsentProof as "E2" = "E2 bewijs van toestemming" "Proof of consent (Art. 7(1)).",
        CaseFile as "E3" = "E3 dossier van verzoek, bezwaar of klacht"
            "The file of a request, an objection or a complaint.",
        BreachFile as "E4" = "E4 datalekdossier" "The file of a breach (Art. 33(5)).",
        AccessLog as "E5" = "E5 inzagelogboek" "The log of who looked into what.",
        IdentityMap as "E6" = "E6 identiteiten van medewerkers" "The map from actors to names.",
    }

    /// It is set how long a category of data is kept (Art. 30(1)(f)); set anew, the period runs anew.
    event PeriodSet as "RetentionPeriodSet" = "bewaartermijn bepaald",
        every periods -> Running "The periods as they were set, oldest first." {
        activity: StreamId? "The activity whose data they are.",
        category: Code? = "categorie van gegevens"
            "The category of data; absent: all that no other case of the activity names.",
        unit: Code? "The unit that keeps them.",
        term: Term? = "bewaartermijn" "For how long.",
        starts_at: Code? = "begin van de termijn" "What starts the term, as `END_OF_STUDY`.",
        source: PeriodSource? = "herkomst van de termijn" "Where the term comes from.",
        reference: LegalReference? = "vindplaats" "The place in the statute or in the institution's own rules.",
        agreement: StreamId? = "overeenkomst" "The agreement, where a contract sets it.",
        list_version: Code? = "versie van de lijst" "The version of the retention schedule.",
        list_category: Code? = "categorie van de lijst" "The category of the retention schedule.",
        evidence_class: EvidenceClass? = "bewijsklasse" "The class of evidence that the data are.",
    }

    /// The period is over; the fact holds from when it is.
    event PeriodReached as "RetentionPeriodReached" = "bewaartermijn verstreken",
        every periods_reached -> Reached "When periods were over, oldest first." {
        started: PartialDate? = "begonnen op" "When the term had started.",
    }

    /// A legal hold is placed: the data stay although their period is over (Art. 17(3)(e), 18(1)(c)).
    event LegalHoldPlaced = "vernietigingsstop opgelegd", every holds_placed -> Held "Legal holds, oldest first." {
        hold: Code? = "vernietigingsstop" "The code by which its release names it.",
        reason: Erasable<String>? "Why.",
        until: PartialDate? = "tot" "Until when; absent: until it is released.",
        placed_by: Code? = "opgelegd door" "The role that places it.",
        activity: StreamId? "The activity whose data they are, where it is not known here yet.",
        category: Code? = "categorie van gegevens" "The category of data, where it is not known here yet.",
    }

    /// A legal hold is released.
    event LegalHoldReleased = "vernietigingsstop opgeheven",
        every holds_released needs holds_placed "Releases of legal holds, oldest first." {
        hold: Code? = "vernietigingsstop" "The hold; absent: all that stand.",
        reason: Erasable<String>? "Why.",
        released_by: Code? = "opgeheven door" "The role that releases it.",
    }

    /// The data are taken out of the active records.
    event RemovedFromActiveRecords = "uit de actieve administratie verwijderd",
        every removals "Removals from the active records, oldest first." {
        systems: Vec<Code> "The systems from which.",
        activity: StreamId? "The activity whose data they are, where it is not known here yet.",
        category: Code? = "categorie van gegevens" "The category of data, where it is not known here yet.",
        unit: Code? "The unit that kept them, where it is not known here yet.",
    }

    /// The data are destroyed (Art. 5(1)(e), 17(1)(a)).
    event DestructionExecuted = "vernietigd", every destructions -> Destroyed "Destructions, oldest first." {
        list_category: Code? = "categorie van de lijst"
            "The category of the retention schedule that the certificate names.",
        certificate: Document? = "verklaring van vernietiging" "The certificate of destruction.",
        method: Code? = "wijze van vernietiging" "How they are destroyed, as `OVERWRITE`.",
        executed_by: Code? = "uitgevoerd door" "The party or unit that destroys them.",
        systems: Vec<Code> "The systems in which.",
        activity: StreamId? "The activity whose data they were, where it is not known here yet.",
        category: Code? = "categorie van gegevens" "The category of data, where it is not known here yet.",
        unit: Code? "The unit that kept them, where it is not known here yet.",
    }

    /// What became of trying to find persons again.
    choice AnonymisationTestOutcome {
        Passed = "niet herleidbaar" "Nobody can be found again (recital 26).",
        Failed = "herleidbaar" "Somebody can.",
    }

    /// The data are made anonymous (recital 26).
    event AnonymisationExecuted = "geanonimiseerd", every anonymisations -> Anonymised "Anonymisations, oldest first." {
        method: Code? = "methode" "The method, as `AGGREGATION`.",
        test: Code? = "toets op herleidbaarheid" "The test by which it is checked that nobody can be found again.",
        test_outcome: AnonymisationTestOutcome? = "uitkomst van de toets" "What the test showed.",
        document: Document? "The report of it.",
        systems: Vec<Code> "The systems in which.",
        activity: StreamId? "The activity whose data they were, where it is not known here yet.",
        category: Code? = "categorie van gegevens" "The category of data, where it is not known here yet.",
        unit: Code? "The unit that kept them, where it is not known here yet.",
    }

    /// For what archived data may serve (Art. 5(1)(b), 89).
    choice ArchivePurpose as "RetentionArchivePurpose" {
        PublicInterest = "archivering in het algemeen belang" "Archiving in the public interest, as for history.",
        Research = "wetenschappelijk of historisch onderzoek" "Scientific or historical research.",
        Statistics = "statistiek" "Statistics.",
    }

    /// The data go to an archive (Art. 89).
    event TransferredToArchive = "overgebracht naar het archief",
        every archivings -> Archived "Transfers to an archive, oldest first." {
        archive: Code? = "archief" "The archive.",
        purpose: ArchivePurpose? = "archiefdoel" "For what they may serve there.",
        list_category: Code? = "categorie van de lijst" "The category of the retention schedule.",
        document: Document? "The deed of it.",
        activity: StreamId? "The activity whose data they are, where it is not known here yet.",
        category: Code? = "categorie van gegevens" "The category of data, where it is not known here yet.",
        unit: Code? "The unit that kept them, where it is not known here yet.",
    }

    /// Where a retention case stands.
    choice RetentionStatus {
        #[default] Unset = "niet bepaald" "No period is set yet.",
        Running = "loopt" "The period runs.",
        Reached = "verstreken" "The period is over.",
        Held = "vernietigingsstop" "A legal hold stands.",
        Destroyed = "vernietigd" "The data are destroyed.",
        Anonymised = "geanonimiseerd" "The data are anonymous.",
        Archived = "gearchiveerd" "The data are in an archive.",
    }

    /// A retention case at one moment.
    state Retention as "RetentionState" of RetentionStatus key {
        activity: StreamId? key "The activity whose data they are.",
        category: Code? = "categorie van gegevens" key "The category of data.",
        unit: Code? key "The unit that keeps them.",
        period: Dated<PeriodSet>? = "geldende bewaartermijn" "The period that is in force.",
        reached: PartialDate? = "verstreken op" "Since when that period is over.",
        open_holds: Vec<Dated<LegalHoldPlaced>> = "geldende vernietigingsstops" "The legal holds that stand.",
    }

    keys {
        agreement: StreamId "Cases of which an agreement sets the period.",
    }

    relations {
        processingActivity: one activity ours activity = "verwerkingsactiviteit"
            "The processing activity whose data they are.",
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit that keeps them.",
        agreement: one agreement ours agreement = "overeenkomst" "The agreement that sets the period.",
    }
}

impl Family for Retention {
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
            E::ScheduleAdopted(event) => take_over!(event => self; unit),
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
        let mut keys = self.declared_keys();
        self.period.iter().for_each(|period| push_keys(&mut keys, "agreement", &period.fact.agreement));
        keys
    }
}

fn admit_act(activity: &Option<StreamId>, systems: &[Code]) -> Result<(), Refusal> {
    link("activity", "activity", activity)?;
    distinct("systems", systems)
}

impl Retention {
    fn is_held(&self, hold: &Code) -> bool {
        self.open_holds.iter().any(|open| open.fact.hold.as_ref() == Some(hold))
    }

    fn admit_hold(&self, event: &LegalHoldPlaced) -> Result<(), Refusal> {
        event.hold.iter().try_for_each(|hold| {
            let message = format!("the hold {hold} stands already; give another one another code");
            require(!self.is_held(hold), RejectionCode::AlreadyExists, "hold", message)
        })
    }

    fn admit_release(&self, event: &LegalHoldReleased) -> Result<(), Refusal> {
        let never = RejectionCode::NeverExisted;
        match &event.hold {
            Some(hold) => require(self.is_held(hold), never, "hold", format!("no hold {hold} stands at that moment")),
            None => require(!self.open_holds.is_empty(), never, "", "no legal hold stands at that moment"),
        }
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
        take_over!(event => self; activity, category, unit);
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
