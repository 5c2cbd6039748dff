//! Values of the pure modules as scalars of the GraphQL API. A trait of another crate is implemented where the type stands.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{
    ContextSelectionSet, ID, InputType, InputValueError, InputValueResult, OutputType, Positioned, Scalar, ScalarType,
    ServerResult, Value, parser::types::Field,
};

use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, EventName, Reference, Sequence, StreamId};
use crate::time::{Instant, PartialDate, Term};

/// A scalar that is a text in GraphQL and read by the type's own parser. Whoever uses it has `async_graphql`'s `Scalar`, `ScalarType`,
/// `Value`, `InputValueError` and `InputValueResult` in scope.
#[macro_export]
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
