//! Values that several families use.

use super::declare::{choice, record};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::Code;
use crate::time::PartialDate;

record! {
    /// A text in Dutch, English or both; at least one is given.
    LangText "LangText" "LangTextInput" {
        /// The Dutch wording.
        nl: Option<String> = "Nederlands",
        /// The English wording.
        en: Option<String> = "Engels",
    }
}

record! {
    /// A document kept outside the ledger, held fast by its SHA-256.
    Document "Document" "DocumentInput" {
        /// SHA-256 of the file.
        sha256: Hash,
        /// Media type, as `application/pdf`.
        media_type: Option<String>,
        /// Language of the document, as `nl`.
        language: Option<Code>,
        /// The date that the document itself bears.
        document_date: Option<PartialDate>,
        /// Title of the document.
        title: Option<Erasable<String>>,
    }
}

record! {
    /// Evidence about a person: as a whole erasable, so nothing inside it is sealed by itself.
    Evidence "Evidence" "EvidenceInput" {
        /// What it is and where it is kept.
        description: String,
        /// SHA-256 of the file, if there is one.
        sha256: Option<Hash>,
        /// Media type, as `application/pdf`.
        media_type: Option<String>,
        /// The date that the document itself bears.
        document_date: Option<PartialDate>,
    }
}

choice! {
    /// What became of the advice of the data protection officer (GDPR Art. 38(1), 39(1)(a)).
    AdviceFollowing "AdviceFollowing" {
        /// The advice was followed.
        Followed = "gevolgd",
        /// The decision deviates from it; the reasons are recorded.
        Deviated = "afgeweken",
    }
}

record! {
    /// The answer to the data protection officer's advice.
    AdviceResponse "AdviceResponse" "AdviceResponseInput" {
        /// Followed or not.
        response: AdviceFollowing = "reactie",
        /// The reasons, above all for deviating.
        reasons: Option<Erasable<String>> = "redenen",
    }
}

choice! {
    /// How advice of the data protection officer turned out.
    AdviceOutcome "AdviceOutcome" {
        /// No objection.
        Positive = "positief",
        /// No objection under conditions.
        PositiveWithConditions = "positief onder voorwaarden",
        /// Against it.
        Negative = "negatief",
    }
}

choice! {
    /// From when an annulment counts.
    AnnulmentEffect "AnnulmentEffect" {
        /// As if it had never been.
        ExTunc = "met terugwerkende kracht (ex tunc)",
        /// From the annulment on.
        ExNunc = "vanaf de vernietiging (ex nunc)",
    }
}
