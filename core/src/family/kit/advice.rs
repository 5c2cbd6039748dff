//! Advice of the data protection officer, asked for and given (GDPR Art. 35(2), 38(1), 39(1)): the records of
//! those families that ask for it in the same way. A family that asks or is told more has records of its own.

use crate::family::declare;
use crate::family::value::{AdviceOutcome, Document};
use crate::ledger::erasable::Erasable;

declare! {
    /// The data protection officer is consulted (Art. 38(1)).
    record DpoConsulted {
        question: Erasable<String>? "What the officer was asked.",
        document: Document? "What was handed over.",
        remark: Erasable<String>? "Anything else worth knowing.",
    }

    /// The data protection officer advises (Art. 39(1)).
    record DpoAdviceIssued {
        outcome: AdviceOutcome "How the advice turned out.",
        advice: Erasable<String>? "The advice.",
        conditions: Vec<Erasable<String>> "The conditions under which there is no objection.",
        document: Document? "The advice as a document.",
        remark: Erasable<String>? "Anything else worth knowing.",
    }
}
