//! The ledger's own facts: its founding, its keys, its clock, imports, and decisions after a lost tail.
//!
//! They are recorded by the ledger's operator through the program, never through the API.

use super::declare::{choice, events, record, state};
use super::kit::{Anomaly, Context, Family, Keys, Recorded, RejectionCode, note_anomaly};
use crate::ledger::erasable::Erasable;
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

/// The role in which the ledger's own facts are recorded.
pub const OPERATOR: &str = "LEDGER_OPERATOR";

choice! {
    /// Which clock the ledger's recording times come from.
    ClockKind "ClockKind" {
        /// The clock of the machine.
        System = "klok van de machine",
        /// A simulated clock, for demonstrations and tests: the times prove nothing.
        Simulated = "gesimuleerde klok",
    }
}

record! {
    /// The ledger is founded: sequence 0.
    Founded "LedgerFounded" "LedgerFoundedInput" {
        /// The origin: the name of the log.
        origin: String = "herkomstnaam",
        /// The key that signs entries.
        event_key: VerifierKey = "sleutel voor feiten",
        /// The key that signs checkpoints.
        checkpoint_key: VerifierKey = "sleutel voor controlepunten",
        /// The offline key that can revoke the others.
        recovery_key: VerifierKey = "herstelsleutel",
        /// The clock.
        clock: ClockKind = "klok",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a key signs.
    KeyUse "LedgerKeyUse" {
        /// Entries.
        Event = "feiten",
        /// Checkpoints.
        Checkpoint = "controlepunten",
    }
}

record! {
    /// A new key takes over; the entry is signed by the old event key and countersigned by the new key.
    KeyIntroduced "LedgerKeyIntroduced" "LedgerKeyIntroducedInput" {
        /// What it signs.
        key_use: KeyUse = "gebruik van de sleutel",
        /// The new key; it signs what comes after this entry.
        key: VerifierKey = "nieuwe sleutel",
        /// The key before.
        previous: VerifierKey = "vorige sleutel",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The event key is revoked; the entry is signed by the recovery key and by the successor.
    KeyRevoked "LedgerKeyRevoked" "LedgerKeyRevokedInput" {
        /// The key that is trusted no more.
        revoked: VerifierKey = "ingetrokken sleutel",
        /// From this sequence on nothing that it signed is proven.
        from_sequence: Sequence = "vanaf volgnummer",
        /// The key that signs from this entry on.
        successor: VerifierKey = "opvolgende sleutel",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A stretch was recorded under a wrong clock: its order is proven, its times are not.
    ClockCorrected "LedgerClockCorrected" "LedgerClockCorrectedInput" {
        /// The first sequence with a wrong time.
        from_sequence: Sequence = "vanaf volgnummer",
        /// The last one.
        to_sequence: Sequence = "tot en met volgnummer",
        /// What went wrong.
        reason: Erasable<String>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The signed checkpoint is ahead of the database, and the operator decided to go on from the database.
    ForkDecided "LedgerForkDecided" "LedgerForkDecidedInput" {
        /// The size that had been signed.
        signed_size: Sequence = "ondertekende omvang",
        /// The root that had been signed.
        signed_root: Hash = "ondertekende wortel",
        /// The size from which the ledger goes on.
        continued_from: Sequence = "voortgezet vanaf",
        /// Why entries were lost and what was done to find them.
        reason: Erasable<String>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An import of older records begins.
    ImportStarted "LedgerImportStarted" "LedgerImportStartedInput" {
        /// SHA-256 of the file.
        file: Hash = "bestand",
        /// How many facts it holds.
        facts: Sequence = "aantal feiten",
        /// What kind of file, as `JSON_LINES`.
        format: Code = "formaat",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An import of older records is complete.
    ImportCompleted "LedgerImportCompleted" "LedgerImportCompletedInput" {
        /// SHA-256 of the file.
        file: Hash = "bestand",
        /// How many facts were recorded.
        facts: Sequence = "aantal feiten",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to the ledger itself.
    LedgerEvent "LedgerEvent" "LedgerEventInput",
    retracted "LedgerRetracted" "LedgerRetractedInput"
    {
        /// The ledger is founded.
        Founded "founded" 1 "LedgerGenesisSigned" = "opgericht",
        /// A key takes over.
        KeyIntroduced "keyIntroduced" 1 "KeyIntroduced" = "sleutel ingevoerd",
        /// A key is revoked.
        KeyRevoked "keyRevoked" 1 "KeyRevoked" = "sleutel ingetrokken",
        /// A wrong clock is admitted.
        ClockCorrected "clockCorrected" 1 "ClockCorrected" = "verkeerde klok erkend",
        /// A lost tail is given up.
        ForkDecided "forkDecided" 1 "ForkDecided" = "voortzetting na verlies besloten",
        /// An import begins.
        ImportStarted "importStarted" 1 "HistoryImportStarted" = "import begonnen",
        /// An import is complete.
        ImportCompleted "importCompleted" 1 "HistoryImported" = "import voltooid",
    }
}

state! {
    /// A stretch of entries whose times are not proven.
    UntimedStretch "UntimedStretch" {
        /// The first sequence.
        from_sequence: Sequence = "vanaf volgnummer",
        /// The last one.
        to_sequence: Sequence = "tot en met volgnummer",
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A key and what became of it.
    KeyRecord "LedgerKey" {
        /// What it signs.
        key_use: KeyUse = "gebruik van de sleutel",
        /// The key.
        key: VerifierKey = "sleutel",
        /// Since when.
        since: PartialDate,
        /// The fact that introduced it.
        sequence: Sequence,
        /// From which sequence on it is trusted no more.
        revoked_from: Option<Sequence> = "niet vertrouwd vanaf volgnummer",
    }
}

state! {
    /// An import and whether it is complete.
    Import "LedgerImport" {
        /// SHA-256 of the file.
        file: Hash = "bestand",
        /// How many facts the file holds.
        facts: Sequence = "aantal feiten",
        /// Whether all of them were recorded.
        complete: bool = "voltooid",
    }
}

state! {
    /// The ledger as its own facts tell it.
    #[derive(Default)]
    Ledger "LedgerState" {
        /// What was founded.
        founding: Option<Founded> = "oprichting",
        /// All keys, oldest first.
        keys: Vec<KeyRecord> = "sleutels",
        /// Stretches whose order is proven and whose times are not.
        untimed: Vec<UntimedStretch> = "tijdvakken zonder bewezen tijd",
        /// Decisions to go on after a lost tail.
        forks: Vec<ForkDecided> = "beslissingen na verlies",
        /// Imports.
        imports: Vec<Import> = "importen",
        /// What does not fit.
        anomalies: Vec<Anomaly>,
    }
}

/// Why a fact about the ledger is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Only the operator's program records these.
    #[error("facts about the ledger are recorded by its operator with the program `griffie`")]
    NotTheOperator,
    /// Two foundings.
    #[error("the ledger is founded already")]
    AlreadyFounded,
    /// Anything before the founding.
    #[error("the ledger is not founded yet")]
    NotFounded,
    /// A key in two roles.
    #[error("a key must not be used twice")]
    KeyInUse,
    /// A range that lies in the future or runs backwards.
    #[error("the range of sequences must lie before this fact")]
    Range,
    /// An import ends that never began.
    #[error("no import of that file has begun")]
    ImportUnknown,
}

impl super::kit::Rejection for Rejection {
    fn code(&self) -> RejectionCode {
        match self {
            Self::NotTheOperator => RejectionCode::NotThisActor,
            Self::AlreadyFounded | Self::KeyInUse => RejectionCode::AlreadyExists,
            Self::NotFounded | Self::ImportUnknown => RejectionCode::NeverExisted,
            Self::Range => RejectionCode::Malformed,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NotTheOperator | Self::AlreadyFounded | Self::NotFounded => "",
            Self::KeyInUse => "key",
            Self::Range => "fromSequence",
            Self::ImportUnknown => "file",
        }
    }
}

impl Family for Ledger {
    const NAME: &'static str = "ledger";
    const LABEL_NL: &'static str = "grootboek";
    const GRAPHQL_NAME: &'static str = "LedgerRecord";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    type Event = LedgerEvent;
    type Filter = super::kit::NoFilter;
    type Rejection = Rejection;

    fn refers(_event: &LedgerEvent) -> Vec<StreamId> {
        Vec::new()
    }

    fn admit(&self, event: &LedgerEvent, context: &Context<'_>) -> Result<(), Rejection> {
        if context.place.actor.role.as_str() != OPERATOR {
            return Err(Rejection::NotTheOperator);
        }
        let here = context.place.sequence;
        match event {
            LedgerEvent::Founded(_) if self.founding.is_some() => Err(Rejection::AlreadyFounded),
            LedgerEvent::Founded(event) => distinct(&[&event.event_key, &event.checkpoint_key, &event.recovery_key]),
            _ if self.founding.is_none() => Err(Rejection::NotFounded),
            LedgerEvent::KeyIntroduced(event) => self.admit_key(&event.key),
            LedgerEvent::KeyRevoked(event) if event.from_sequence > here => Err(Rejection::Range),
            LedgerEvent::KeyRevoked(event) => self.admit_key(&event.successor),
            LedgerEvent::ClockCorrected(event)
                if event.from_sequence > event.to_sequence || event.to_sequence >= here =>
            {
                Err(Rejection::Range)
            }
            LedgerEvent::ImportCompleted(event) if !self.imports.iter().any(|import| import.file == event.file) => {
                Err(Rejection::ImportUnknown)
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

    fn keys(&self) -> Keys {
        Vec::new()
    }
}

fn distinct(keys: &[&VerifierKey]) -> Result<(), Rejection> {
    let public: std::collections::BTreeSet<_> = keys.iter().map(|key| key.public_key()).collect();
    if public.len() == keys.len() { Ok(()) } else { Err(Rejection::KeyInUse) }
}

impl Ledger {
    fn admit_key(&self, new: &VerifierKey) -> Result<(), Rejection> {
        let recovery = self.founding.iter().map(|founding| &founding.recovery_key);
        let used =
            self.keys.iter().map(|record| &record.key).chain(recovery).any(|key| key.public_key() == new.public_key());
        if used { Err(Rejection::KeyInUse) } else { Ok(()) }
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
