//! The scalars of the API, and how erasable values go in and come out.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
pub use griffie_core::scalar::id_text;
use griffie_core::text_scalar;

use crate::engine::{ChangeCursor, WatchCursor};

/// How a value of each scalar is written, for whoever wrote another: in English and Dutch.
pub const SCALARS: &[(&str, &str, &str)] = &[
    (
        "DateTime",
        "write an instant in UTC with six fraction digits, as 2024-09-05T18:14:00.000000Z",
        "schrijf een tijdstip in UTC met zes cijfers achter de komma, als 2024-09-05T18:14:00.000000Z",
    ),
    (
        "PartialDate",
        "write a date as far as it is known, as 2022, 2022-12, 2022-12-20 or a DateTime",
        "schrijf een datum zover zij bekend is, als 2022, 2022-12, 2022-12-20 of een DateTime",
    ),
    (
        "Duration",
        "write an ISO 8601 duration, as P1M, P28D or PT24H",
        "schrijf een duur volgens ISO 8601, als P1M, P28D of PT24H",
    ),
    ("Sequence", "write a whole number from 0 on, as \"17\"", "schrijf een geheel getal vanaf 0, als \"17\""),
    ("Hash", "write 64 lower-case hex digits", "schrijf 64 hexadecimale cijfers met kleine letters"),
    (
        "Code",
        "write 1 to 64 letters, digits, `.`, `_`, `:` or `-`, as mu-01",
        "schrijf 1 tot 64 letters, cijfers, `.`, `_`, `:` of `-`, als mu-01",
    ),
    (
        "Reference",
        "write 1 to 32 capitals, digits or `-`, as ACT-002",
        "schrijf 1 tot 32 hoofdletters, cijfers of `-`, als ACT-002",
    ),
    ("EventName", "write family.fact, as consent.granted", "schrijf familie.feit, als consent.granted"),
    (
        "ChangeCursor",
        "write a sequence, or the cursor of the last change you have",
        "schrijf een volgnummer, of de cursor van de laatste wijziging die u heeft",
    ),
    (
        "WatchCursor",
        "write the cursor of the last result you have, as 17@2026-01-01T00:00:00.000000Z",
        "schrijf de cursor van het laatste resultaat dat u heeft, als 17@2026-01-01T00:00:00.000000Z",
    ),
    (
        "UUID",
        "write a UUID, as 01890a5d-ac96-774b-bcce-b302099a8057",
        "schrijf een UUID, als 01890a5d-ac96-774b-bcce-b302099a8057",
    ),
];

text_scalar! {
    /// A place in the changes of the register: a sequence such as `17`, and where more has come into force since that fact,
    /// `@` and up to where. Give back what the last change said, or a sequence.
    ChangeCursor, "ChangeCursor"
}
text_scalar! {
    /// A place in verdicts or deadlines that are watched: the last entry known then, `@` and the instant.
    WatchCursor, "WatchCursor"
}
