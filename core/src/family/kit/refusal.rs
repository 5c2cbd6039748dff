//! Why a fact is refused.

use super::label::Language;

/// The kinds of refusal a user may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum), graphql(name = "UserErrorCode"))]
pub enum RejectionCode {
    /// A value that cannot be what it stands for.
    Malformed,
    /// A second beginning, or a second thing of the same name.
    AlreadyExists,
    /// Something is referred to that the ledger does not know.
    Unknown,
    /// The act ends or changes what never was.
    NeverExisted,
    /// What would be changed has ended.
    Ended,
    /// Not this actor's to say.
    NotThisActor,
    /// The stream has another revision than the caller expected.
    RevisionConflict,
    /// The idempotency key was used for something else.
    IdempotencyKeyReused,
    /// A limit is exceeded.
    LimitExceeded,
    /// The stream holds a fact that this program is too old to read.
    Unreadable,
}

impl RejectionCode {
    /// Returns the code as the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "MALFORMED",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::Unknown => "UNKNOWN",
            Self::NeverExisted => "NEVER_EXISTED",
            Self::Ended => "ENDED",
            Self::NotThisActor => "NOT_THIS_ACTOR",
            Self::RevisionConflict => "REVISION_CONFLICT",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Unreadable => "UNREADABLE",
        }
    }

    /// Says what the code means and what to do.
    pub fn hint(self, language: Language) -> &'static str {
        let (nl, en) = match self {
            Self::Malformed => (
                "Een waarde kan niet zijn waarvoor zij staat; verbeter het genoemde veld.",
                "A value cannot be what it stands for; correct the field that is named.",
            ),
            Self::AlreadyExists => (
                "Dit is al vastgelegd; corrigeer dat feit, of gebruik een andere naam of een ander dossier.",
                "This is recorded already; correct that fact, or use another name or stream.",
            ),
            Self::Unknown => (
                "Er wordt verwezen naar iets dat het register niet kent; controleer de verwijzing of leg dat eerst vast.",
                "Something is referred to that the ledger does not know; check the reference, or record that first.",
            ),
            Self::NeverExisted => (
                "Dit bouwt voort op iets dat toen niet was vastgelegd; leg dat eerst vast.",
                "This builds on something that was not recorded then; record that first.",
            ),
            Self::Ended => (
                "Wat gewijzigd zou worden, is beëindigd of al gecorrigeerd; ga uit van het nieuwste feit.",
                "What would be changed has ended or is corrected already; go by the newest fact.",
            ),
            Self::NotThisActor => (
                "Dit kan niet door deze persoon of rol worden vastgelegd; laat het doen door wie erover gaat.",
                "This is not for this person or role to record; let those do it whose it is.",
            ),
            Self::RevisionConflict => (
                "Het dossier is intussen gewijzigd; lees het opnieuw en probeer het nog eens.",
                "The stream has changed meanwhile; read it again and try once more.",
            ),
            Self::IdempotencyKeyReused => (
                "Deze sleutel hoort bij een andere inhoud; gebruik voor elk verzoek een nieuwe.",
                "This key belongs to another content; use a new one for each request.",
            ),
            Self::Unreadable => (
                "In dit dossier staat een feit dat dit programma niet kan lezen; laat de beheerder een nieuwere versie gebruiken.",
                "This stream holds a fact that this program cannot read; have the operator use a newer version.",
            ),
            Self::LimitExceeded => {
                ("Een grens is overschreden; splits wat u vastlegt.", "A limit is exceeded; split what you record.")
            }
        };
        match language {
            Language::Nl => nl,
            Language::En => en,
        }
    }
}

/// A refusal as it leaves the family.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// The kind.
    pub code: RejectionCode,
    /// The input field at fault.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Refused {
    /// Makes a refusal that no single family owns.
    pub fn new(code: RejectionCode, field: &str, message: impl Into<String>) -> Self {
        Self { code, field: field.to_owned(), message: message.into() }
    }
}

/// Why a fact is refused: a code, the input field at fault, and words that say what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The kind of refusal.
    pub code: RejectionCode,
    /// The input field at fault, in camelCase, below the event; empty: the event as a whole.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Refusal {
    /// Refuses for a reason of the family's own. `field` is in camelCase, below the event; empty: the event as a whole.
    pub fn new(code: RejectionCode, field: &'static str, message: impl Into<String>) -> Self {
        Self { code, field, message: message.into() }
    }

    /// Words for the fold, where the same thing is not refused but noted.
    pub fn as_anomaly(&self) -> &str {
        match self.code {
            RejectionCode::AlreadyExists => "this had been recorded before",
            RejectionCode::NeverExisted => "what this fact builds on had not happened yet",
            _ => &self.message,
        }
    }
}
