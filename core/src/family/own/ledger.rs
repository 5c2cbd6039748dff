//! The ledger's own facts: its founding, its keys, its clock, imports, and decisions after a lost tail.
//!
//! They are recorded by the ledger's operator through the program, never through the API.

use crate::family::declare;
use crate::family::dossier::{Refusal, malformed};
use crate::family::kit::{Anomaly, Context, Family, Recorded, RejectionCode, note_anomaly};
use crate::ledger::erasable::Erasable;
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence};
use crate::time::PartialDate;

/// The role in which the ledger's own facts are recorded.
pub const OPERATOR: &str = "LEDGER_OPERATOR";

declare! {
    family Ledger as "LedgerRecord" = "grootboek";

    /// Which clock the ledger's recording times come from.
    choice ClockKind {
        System = "klok van de machine" "The clock of the machine.",
        Simulated = "gesimuleerde klok" "A simulated clock, for demonstrations and tests: the times prove nothing.",
    }

    /// The ledger is founded: sequence 0.
    event Founded as "LedgerFounded" domain "LedgerGenesisSigned" = "opgericht" {
        origin: String = "herkomstnaam" "The origin: the name of the log.",
        event_key: VerifierKey = "sleutel voor feiten" "The key that signs entries.",
        checkpoint_key: VerifierKey = "sleutel voor controlepunten" "The key that signs checkpoints.",
        recovery_key: VerifierKey = "herstelsleutel" "The offline key that can revoke the others.",
        clock: ClockKind = "klok" "The clock.",
    }

    /// What a key signs.
    choice KeyUse as "LedgerKeyUse" {
        Event = "feiten" "Entries.",
        Checkpoint = "controlepunten" "Checkpoints.",
    }

    /// A new key takes over; the entry is signed by the old event key and countersigned by the new key.
    event KeyIntroduced as "LedgerKeyIntroduced" domain "KeyIntroduced" = "sleutel ingevoerd" {
        key_use: KeyUse = "gebruik van de sleutel" "What it signs.",
        key: VerifierKey = "nieuwe sleutel" "The new key; it signs what comes after this entry.",
        previous: VerifierKey = "vorige sleutel" "The key before.",
    }

    /// The event key is revoked; the entry is signed by the recovery key and by the successor.
    event KeyRevoked as "LedgerKeyRevoked" domain "KeyRevoked" = "sleutel ingetrokken" {
        revoked: VerifierKey = "ingetrokken sleutel" "The key that is no longer trusted.",
        from_sequence: Sequence = "vanaf volgnummer" "From this sequence on nothing that it signed is proven.",
        successor: VerifierKey = "opvolgende sleutel" "The key that signs from this entry on.",
    }

    /// A stretch was recorded under a wrong clock: its order is proven, its times are not.
    event ClockCorrected as "LedgerClockCorrected" domain "ClockCorrected" = "verkeerde klok erkend" {
        from_sequence: Sequence = "vanaf volgnummer" "The first sequence with a wrong time.",
        to_sequence: Sequence = "tot en met volgnummer" "The last one.",
        reason: Erasable<String> "What went wrong.",
    }

    /// The signed checkpoint is ahead of the database, and the operator decided to go on from the database.
    event ForkDecided as "LedgerForkDecided" domain "ForkDecided" = "voortzetting na verlies besloten" {
        signed_size: Sequence = "ondertekende omvang" "The size that had been signed.",
        signed_root: Hash = "ondertekende wortel" "The root that had been signed.",
        continued_from: Sequence = "voortgezet vanaf" "The size from which the ledger goes on.",
        reason: Erasable<String> "Why entries were lost and what was done to find them.",
    }

    /// An import of older records begins.
    event ImportStarted as "LedgerImportStarted" domain "HistoryImportStarted" = "import begonnen" {
        file: Hash = "bestand" "SHA-256 of the file.",
        facts: Sequence = "aantal feiten" "How many facts it holds.",
        format: Code = "formaat" "What kind of file, as `JSON_LINES`.",
    }

    /// An import of older records is complete.
    event ImportCompleted as "LedgerImportCompleted" domain "HistoryImported" = "import voltooid" {
        file: Hash = "bestand" "SHA-256 of the file.",
        facts: Sequence = "aantal feiten" "How many facts were recorded.",
    }

    /// A stretch of entries whose times are not proven.
    record UntimedStretch {
        from_sequence: Sequence = "vanaf volgnummer" "The first sequence.",
        to_sequence: Sequence = "tot en met volgnummer" "The last one.",
        sequence: Sequence "The fact that says so.",
    }

    /// A key and what became of it.
    record KeyRecord as "LedgerKey" {
        key_use: KeyUse = "gebruik van de sleutel" "What it signs.",
        key: VerifierKey = "sleutel" "The key.",
        since: PartialDate "Since when.",
        sequence: Sequence "The fact that introduced it.",
        revoked_from: Sequence? = "niet vertrouwd vanaf volgnummer" "From which sequence on it is no longer trusted.",
    }

    /// An import and whether it is complete.
    record Import as "LedgerImport" {
        file: Hash = "bestand" "SHA-256 of the file.",
        facts: Sequence = "aantal feiten" "How many facts the file holds.",
        complete: bool = "voltooid" "Whether all of them were recorded.",
    }

    /// The ledger as its own facts tell it.
    state Ledger as "LedgerState" {
        founding: Founded? = "oprichting" "What was founded.",
        keys: Vec<KeyRecord> = "sleutels" "All keys, oldest first.",
        untimed: Vec<UntimedStretch> = "tijdvakken zonder bewezen tijd" "Stretches of which only the order is proven.",
        forks: Vec<ForkDecided> = "beslissingen na verlies" "Decisions to go on after a lost tail.",
        imports: Vec<Import> = "importen" "Imports.",
        anomalies: Vec<Anomaly> "What does not fit.",
    }
}

impl Family for Ledger {
    fn admit(&self, event: &LedgerEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use LedgerEvent as E;
        use RejectionCode::{AlreadyExists, NeverExisted, NotThisActor};
        let refuse = |code, field, message: &str| Err(Refusal::new(code, field, message));
        let here = context.place.sequence;
        match event {
            _ if context.place.actor.role.as_str() != OPERATOR => refuse(
                NotThisActor,
                "",
                "facts about the ledger are recorded by its operator with the program `griffie`",
            ),
            E::Founded(_) if self.founding.is_some() => refuse(AlreadyExists, "", "the ledger is founded already"),
            E::Founded(event) => admit_key(&event.event_key, [&event.checkpoint_key, &event.recovery_key])
                .and_then(|()| admit_key(&event.checkpoint_key, [&event.recovery_key])),
            _ if self.founding.is_none() => refuse(NeverExisted, "", "the ledger is not founded yet"),
            E::KeyIntroduced(event) => admit_key(&event.key, self.used_keys()),
            E::KeyRevoked(event) if event.from_sequence > here => out_of_range(),
            E::KeyRevoked(event) => admit_key(&event.successor, self.used_keys()),
            E::ClockCorrected(event) if event.from_sequence > event.to_sequence || event.to_sequence >= here => {
                out_of_range()
            }
            E::ImportCompleted(event) if !self.imports.iter().any(|import| import.file == event.file) => {
                refuse(NeverExisted, "file", "no import of that file has begun")
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &LedgerEvent, recorded: &Recorded) {
        match event {
            LedgerEvent::Founded(event) => {
                self.add_key(KeyUse::Event, &event.event_key, recorded);
                self.add_key(KeyUse::Checkpoint, &event.checkpoint_key, recorded);
                self.founding = Some(event.clone());
            }
            LedgerEvent::KeyIntroduced(event) => self.add_key(event.key_use, &event.key, recorded),
            LedgerEvent::KeyRevoked(event) => self.revoke(event, recorded),
            LedgerEvent::ClockCorrected(event) => self.untimed.push(UntimedStretch {
                from_sequence: event.from_sequence,
                to_sequence: event.to_sequence,
                sequence: recorded.sequence,
            }),
            LedgerEvent::ForkDecided(event) => self.forks.push(event.clone()),
            LedgerEvent::ImportStarted(event) => {
                self.imports.push(Import { file: event.file, facts: event.facts, complete: false });
            }
            LedgerEvent::ImportCompleted(event) => {
                self.imports
                    .iter_mut()
                    .filter(|import| import.file == event.file)
                    .for_each(|import| import.complete = true);
            }
            LedgerEvent::Retracted(_) => {}
        }
    }
}

/// Refuses a key in two roles, or one that comes back.
fn admit_key<'a>(new: &VerifierKey, used: impl IntoIterator<Item = &'a VerifierKey>) -> Result<(), Refusal> {
    if used.into_iter().any(|key| key.public_key() == new.public_key()) {
        return Err(Refusal::new(RejectionCode::AlreadyExists, "key", "a key must not be used twice"));
    }
    Ok(())
}

fn out_of_range() -> Result<(), Refusal> {
    malformed("fromSequence", "the range of sequences must lie before this fact")
}

impl Ledger {
    fn used_keys(&self) -> impl Iterator<Item = &VerifierKey> {
        let recovery = self.founding.iter().map(|founding| &founding.recovery_key);
        self.keys.iter().map(|record| &record.key).chain(recovery)
    }

    fn add_key(&mut self, key_use: KeyUse, key: &VerifierKey, recorded: &Recorded) {
        self.keys.push(KeyRecord {
            key_use,
            key: key.clone(),
            since: recorded.effective,
            sequence: recorded.sequence,
            revoked_from: None,
        });
    }

    fn revoke(&mut self, event: &KeyRevoked, recorded: &Recorded) {
        match self.keys.iter_mut().find(|record| record.key == event.revoked) {
            Some(record) => record.revoked_from = Some(event.from_sequence),
            None => note_anomaly(&mut self.anomalies, recorded, "the revoked key had not been introduced yet"),
        }
        self.add_key(KeyUse::Event, &event.successor, recorded);
    }
}

#[cfg(test)]
mod tests;
