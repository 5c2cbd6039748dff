//! What stands behind a commitment: its value, or the word that it was erased, when and on which ground (GDPR Art. 17). An erased
//! value is a value, not an error; one that is neither there nor erased is lost, and whoever needs it fails.

use serde_json::Value;

use crate::family::describe::Language;
use crate::family::erasure::ErasureGround;
use crate::family::shape::Shaped;
use crate::ledger::entry::Entry;
use crate::ledger::name::Sequence;
use crate::time::PartialDate;

/// An opened commitment.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// The value.
    Value(Value),
    /// It is erased; whatever moment is asked for, for the value is gone.
    Erased(Erased),
}

/// What is left of an erased value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The fact that says so.
    pub by: Sequence,
    /// When it was erased, as that fact says.
    pub at: PartialDate,
    /// On which ground, if that fact says so.
    pub ground: Option<ErasureGround>,
}

impl Opened {
    /// Returns the value, if it is still there.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            Self::Erased(_) => None,
        }
    }
}

impl Erased {
    /// Reads the entry of the fact that erased a value.
    pub fn by(entry: &Entry) -> Self {
        let ground = entry.data.get("ground").and_then(|ground| Shaped::read(ground).ok());
        Self { by: Sequence(entry.sequence), at: entry.effective, ground }
    }
}

/// What people read in the place of an erased value.
pub fn erased_mark(language: Language) -> &'static str {
    match language {
        Language::Nl => "[gewist]",
        Language::En => "[erased]",
    }
}
