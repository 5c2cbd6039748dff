//! Values that several families use.

use crate::family::declare;
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::Code;
use crate::time::PartialDate;

declare! {
    /// A text in Dutch, English or both; at least one is given.
    record LangText {
        nl: String? = "Nederlands" "The Dutch wording.",
        en: String? = "Engels" "The English wording.",
    }

    /// A document kept outside the ledger, held fast by its SHA-256.
    record Document {
        sha256: Hash "SHA-256 of the file.",
        media_type: String? "Media type, as `application/pdf`.",
        language: Code? "Language of the document, as `nl`.",
        document_date: PartialDate? "The date that the document itself bears.",
        title: Erasable<String>? "Title of the document.",
    }

    /// Evidence about a person: as a whole erasable, so nothing inside it is sealed by itself.
    record Evidence {
        description: String "What it is and where it is kept.",
        sha256: Hash? "SHA-256 of the file, if there is one.",
        media_type: String? "Media type, as `application/pdf`.",
        document_date: PartialDate? "The date that the document itself bears.",
    }

    /// What became of the advice of the data protection officer (GDPR Art. 38(1), 39(1)(a)).
    choice AdviceFollowing {
        Followed = "gevolgd" "The advice was followed.",
        Deviated = "afgeweken" "The decision deviates from it; the reasons are recorded.",
    }

    /// The answer to the data protection officer's advice.
    record AdviceResponse {
        response: AdviceFollowing = "reactie" "Followed or not.",
        reasons: Erasable<String>? = "redenen" "The reasons, above all for deviating.",
    }

    /// How advice of the data protection officer turned out.
    choice AdviceOutcome {
        Positive = "positief" "No objection.",
        PositiveWithConditions = "positief onder voorwaarden" "No objection under conditions.",
        Negative = "negatief" "Against it.",
    }

    /// From when an annulment counts.
    choice AnnulmentEffect {
        ExTunc = "met terugwerkende kracht (ex tunc)" "As if it had never been.",
        ExNunc = "vanaf de vernietiging (ex nunc)" "From the annulment on.",
    }

    /// From where a rule speaks. The layers are judged side by side and never merged.
    #[cfg_attr(feature = "graphql", derive(async_graphql::Enum), graphql(name = "RuleLayer"))]
    choice Layer as "RuleLayer" {
        Law = "wet" "The law: the GDPR, national law, the case law on them.",
        Policy = "beleid" "The institution's own policy.",
        Guideline = "richtlijn" "A guideline of the institution.",
        Supervisor = "toezichthouder" "What the supervisory authority says.",
        Practice = "praktijk" "Good practice, which nobody must follow.",
    }

    /// Whether a change touches what people agreed to.
    #[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
    choice Materiality {
        Material = "wezenlijk" "It does.",
        Editorial = "redactioneel" "It does not.",
    }
}
