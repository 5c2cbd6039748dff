//! The short structural names of the ledger: streams, events, references and codes. None carries personal meaning.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// Says which kind of name was expected and how it is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} is written as {spelling}")]
pub struct NameError {
    /// What was to be read.
    pub kind: &'static str,
    /// Its spelling, as a pattern.
    pub spelling: &'static str,
}

macro_rules! text_name {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $spelling:literal, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Returns the name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                let accepts: fn(&str) -> bool = $accepts;
                if accepts(text) { Ok(Self(text.to_owned())) } else { Err(NameError { kind: $kind, spelling: $spelling }) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        text_serde!($name);
    };
}

macro_rules! text_serde {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

text_name! {
    /// The human reference of a stream, such as `ACT-002`, given with its first fact.
    Reference, "a reference", "[A-Z0-9-]{1,32}",
    |text| (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
}

text_name! {
    /// A structural code of the institution: a unit, party, platform, role, purpose or category, such as `mu-01`.
    Code, "a code", "[A-Za-z0-9][A-Za-z0-9._:-]{0,63}",
    |text| (1..=64).contains(&text.len())
        && text.as_bytes()[0].is_ascii_alphanumeric()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b))
}

text_name! {
    /// The origin of a ledger: a schema-less name such as `ledger.example/tenant-1` (C2SP tlog-checkpoint).
    Origin, "an origin", "[a-z0-9][a-z0-9./-]{0,127}",
    |text| (1..=128).contains(&text.len())
        && text.as_bytes()[0].is_ascii_alphanumeric()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"./-".contains(&b))
}

/// A position in the ledger: 0-based, the leaf index of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sequence(pub u64);

impl fmt::Display for Sequence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

fn camel_case(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.as_bytes()[0].is_ascii_lowercase()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The name of a stream of facts: its family and a random id, such as `consent/0190b6a2-…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    family: String,
    id: Uuid,
}

impl StreamId {
    /// Names a stream of a family.
    pub fn new(family: &str, id: Uuid) -> Self {
        Self { family: family.to_owned(), id }
    }

    /// Returns the family's wire name.
    pub fn family(&self) -> &str {
        &self.family
    }

    /// Returns the id within the family.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Reads `family<separator>uuid`.
    pub fn parse_with(separator: char, text: &str) -> Result<Self, NameError> {
        let error =
            NameError { kind: "a stream", spelling: "family and lower-case UUID, as consent/0190b6a2-7c1e-7…" };
        let (family, id) = text.split_once(separator).ok_or(error)?;
        let id: Uuid = id.parse().map_err(|_| error)?;
        let stream = Self::new(family, id);
        let canonical = camel_case(family) && format!("{family}{separator}{id}") == text;
        if canonical { Ok(stream) } else { Err(error) }
    }
}

impl FromStr for StreamId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse_with('/', text)
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.family, self.id)
    }
}

text_serde!(StreamId);

/// The wire name of an event: `family.fact`, as `consent.granted`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventName {
    family: String,
    fact: String,
}

impl EventName {
    /// Names a fact of a family.
    pub fn new(family: &str, fact: &str) -> Self {
        Self { family: family.to_owned(), fact: fact.to_owned() }
    }

    /// Returns the family's wire name.
    pub fn family(&self) -> &str {
        &self.family
    }

    /// Returns the fact's name within the family.
    pub fn fact(&self) -> &str {
        &self.fact
    }
}

impl FromStr for EventName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.split_once('.') {
            Some((family, fact)) if camel_case(family) && camel_case(fact) => Ok(Self::new(family, fact)),
            _ => Err(NameError { kind: "an event", spelling: "family.fact, as consent.granted" }),
        }
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.family, self.fact)
    }
}

text_serde!(EventName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_their_one_spelling() {
        fn check<T: FromStr + fmt::Display>(text: &str, accepted: bool) {
            let read = text.parse::<T>().ok().map(|name| name.to_string());
            assert_eq!(read.as_deref(), accepted.then_some(text), "{text}");
        }
        check::<Reference>("ACT-002", true);
        check::<Reference>(&"A".repeat(32), true);
        check::<Reference>(&"A".repeat(33), false);
        check::<Reference>("act-002", false);
        check::<Reference>("", false);
        check::<Code>("mu-01", true);
        check::<Code>(&"m".repeat(64), true);
        check::<Code>(&"m".repeat(65), false);
        check::<Code>("-mu", false);
        check::<Code>("mu 01", false);
        check::<Origin>("ledger.example/tenant-1", true);
        check::<Origin>(&"o".repeat(128), true);
        check::<Origin>(&"o".repeat(129), false);
        check::<Origin>("Ledger", false);
        check::<Origin>("a+b", false);
        check::<StreamId>("consent/0190b6a2-7c1e-7000-8000-000000000000", true);
        check::<StreamId>("consent/0190B6A2-7C1E-7000-8000-000000000000", false);
        check::<StreamId>("consent/0190b6a27c1e70008000000000000000", false);
        check::<StreamId>("Consent/0190b6a2-7c1e-7000-8000-000000000000", false);
        check::<StreamId>("consent", false);
        check::<EventName>("consent.granted", true);
        check::<EventName>("consent.Granted", false);
        check::<EventName>("consent.granted.twice", false);
        check::<EventName>("consent", false);
    }
}
