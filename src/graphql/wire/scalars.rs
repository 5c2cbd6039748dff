//! The scalars of the API, and how erasable values go in and come out.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{
    ContextSelectionSet, ID, InputType, InputValueError, InputValueResult, OutputType, Positioned, Scalar, ScalarType,
    ServerResult, Value, parser::types::Field,
};

use crate::engine::{ChangeCursor, WatchCursor};
use crate::family::consent_text::Materiality;
use crate::family::describe::Catalogue;
use crate::family::rule_set::{Layer, Outcome};
use crate::family::shape::Shaped;
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, EventName, Reference, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

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

/// A scalar that is a text in GraphQL and read by the type's own parser.
macro_rules! text_scalar {
    ($(#[$doc:meta])* $type:ident, $name:literal $(, $specified_by:literal)?) => {
        $(#[$doc])*
        #[Scalar(name = $name $(, specified_by_url = $specified_by)?)]
        impl ScalarType for $type {
            fn parse(value: Value) -> InputValueResult<Self> {
                match &value {
                    Value::String(text) => text.parse().map_err(InputValueError::custom),
                    _ => Err(InputValueError::expected_type(value)),
                }
            }

            // What cannot be read is refused before anything is executed (GraphQL, "Values of Correct Type").
            fn is_valid(value: &Value) -> bool {
                <Self as ScalarType>::parse(value.clone()).is_ok()
            }

            fn to_value(&self) -> Value {
                Value::String(self.to_string())
            }
        }
    };
}

text_scalar! {
    /// An instant in UTC: RFC 3339 with exactly six fraction digits, as `2024-09-05T18:14:00.000000Z`.
    Instant, "DateTime", "https://scalars.graphql.org/andimarek/date-time"
}
text_scalar! {
    /// A date as far as it is known: `2022`, `2022-12`, `2022-12-20` or a DateTime. Bare dates are days in
    /// Europe/Amsterdam.
    PartialDate, "PartialDate", "https://www.iso.org/iso-8601-date-and-time-format.html"
}
text_scalar! {
    /// A length of time as law and contracts word it: an ISO 8601 duration such as `P1M`, `P28D` or `PT24H`.
    Term, "Duration", "https://www.iso.org/iso-8601-date-and-time-format.html"
}
text_scalar! {
    /// A SHA-256 hash in 64 lower-case hex digits.
    Hash, "Hash", "https://www.rfc-editor.org/rfc/rfc6234"
}
text_scalar! {
    /// A structural code of the institution, such as `mu-01` or `PROSPECT`: letters, digits, `.`, `_`, `:`, `-`; at most 64.
    Code, "Code"
}
text_scalar! {
    /// The human reference of a stream, such as `ACT-002`: capitals, digits and `-`; at most 32.
    Reference, "Reference"
}
text_scalar! {
    /// The kind of an event: `family.fact`, such as `consent.granted`.
    EventName, "EventName"
}
text_scalar! {
    /// A place in the changes of the register: a sequence such as `17`, and where more has come into force since that fact,
    /// `@` and up to where. Give back what the last change said, or a sequence.
    ChangeCursor, "ChangeCursor"
}
text_scalar! {
    /// A place in verdicts or deadlines that are watched: the last entry known then, `@` and the instant.
    WatchCursor, "WatchCursor"
}
text_scalar! {
    /// A verifier key: name, key id and public key.
    VerifierKey, "VerifierKey", "https://c2sp.org/signed-note"
}

/// A position in the ledger, from 0: a decimal number written as a text, because GraphQL's Int has 32 bits.
#[Scalar(name = "Sequence")]
impl ScalarType for Sequence {
    fn parse(value: Value) -> InputValueResult<Self> {
        let number = match &value {
            Value::String(text) => text.parse::<u64>().ok().filter(|number| number.to_string() == *text),
            Value::Number(number) => number.as_u64(),
            _ => return Err(InputValueError::expected_type(value)),
        };
        let number = number.filter(|number| *number <= crate::ledger::canonical::INTEGER_MAX);
        number.map(Sequence).ok_or_else(|| InputValueError::custom("a sequence is a whole number from 0 on, as \"17\""))
    }

    fn is_valid(value: &Value) -> bool {
        <Self as ScalarType>::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A choice of a family as an argument or a field that is written in Rust.
macro_rules! choice_type {
    ($($type:ty),*) => { $(
        impl InputType for $type {
            type RawValueType = Self;

            fn type_name() -> Cow<'static, str> {
                choice_name::<Self>().into()
            }

            fn create_type_info(registry: &mut Registry) -> String {
                crate::graphql::shape::register_choice(registry, &choice_name::<Self>());
                <Self as InputType>::qualified_type_name()
            }

            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                let wire = match &value {
                    Some(Value::Enum(name)) => name.as_str(),
                    Some(Value::String(text)) => text.as_str(),
                    _ => return Err(InputValueError::expected_type(value.unwrap_or_default())),
                };
                <Self as Shaped>::read(&serde_json::Value::from(wire)).map_err(InputValueError::custom)
            }

            fn to_value(&self) -> Value {
                Value::Enum(async_graphql::Name::new(self.as_str()))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }

        impl OutputType for $type {
            fn type_name() -> Cow<'static, str> {
                choice_name::<Self>().into()
            }

            fn create_type_info(registry: &mut Registry) -> String {
                <Self as InputType>::create_type_info(registry)
            }

            async fn resolve(&self, _ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
                Ok(<Self as InputType>::to_value(self))
            }
        }
    )* };
}

choice_type!(Layer, Outcome, Materiality);

fn choice_name<T: Shaped>() -> String {
    T::describe(&mut Catalogue::default()).name().unwrap_or_default().to_owned()
}

/// A stream is an `ID` in the API: `consent:0190…`.
impl InputType for StreamId {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            Some(Value::String(text)) => StreamId::parse_with(':', &text)
                .map_err(|_| InputValueError::custom("an id is written as family:uuid, as the API gave it")),
            other => Err(InputValueError::expected_type(other.unwrap_or_default())),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(id_text(self))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl OutputType for StreamId {
    fn type_name() -> Cow<'static, str> {
        <ID as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::String(id_text(self)))
    }
}

/// Writes a stream as the API's id.
pub fn id_text(stream: &StreamId) -> String {
    format!("{}:{}", stream.family(), stream.id())
}
