//! Values that may have to be forgotten: a salted commitment in the entry, the value in a deletable vault.
//!
//! ```text
//! in the entry     {"...":"uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY"}
//! in the vault     WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwiRlIiXQ
//! which decodes to ["lklxF5jMYlGTPUovMNIvCA","FR"]
//! ```
//!
//! The disclosure is that of RFC 9901 (SD-JWT) for array elements, used here at any value position: base64url of the
//! JSON array of a salt of 128 fresh random bits and the value; the digest is base64url of SHA-256 over the ASCII of
//! the disclosure.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::canonical;

/// Length of a salt in bytes (RFC 9901 section 9.3 recommends 128 bits).
pub const SALT_BYTES: usize = 16;
/// The member name that marks a commitment (RFC 9901 section 4.2.4.2).
/// The one member of an object that stands for an erasable value.
pub const MARK: &str = "...";
/// Inside the mark, the member that holds a value not sealed yet. It never leaves memory.
pub const CLEAR: &str = "clear";

/// The commitment to an erasable value: SHA-256, spelled in base64url without padding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

/// What opens a [`Digest`]: salt and value, in base64url.
///
/// Its `Debug` says nothing of the value.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure(String);

/// A value that is personal or free text: clear on the way in, a commitment in the entry and in every state.
#[derive(Clone, PartialEq)]
pub enum Erasable<T> {
    /// As a person reported it; in memory only.
    Clear(T),
    /// As the entry holds it.
    Sealed(Digest),
}

/// Says what is wrong with a commitment or a disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErasableError {
    /// Not 43 characters of canonical base64url.
    #[error("a digest is 43 characters of base64url")]
    Digest,
    /// Not base64url of a JSON array of salt and value.
    #[error("a disclosure is base64url of [salt, value]")]
    Disclosure,
    /// The value itself holds what no fact may hold.
    #[error("the value cannot be sealed: {0}")]
    Value(&'static str),
}

impl Disclosure {
    /// Makes the disclosure of a value under a fresh salt.
    pub fn new(salt: [u8; SALT_BYTES], value: &Value) -> Result<Self, ErasableError> {
        let pair = json!([URL_SAFE_NO_PAD.encode(salt), value]);
        let text = canonical::encode(&pair).map_err(|_| ErasableError::Value("it is not canonical JSON"))?;
        Ok(Self(URL_SAFE_NO_PAD.encode(text)))
    }

    /// Reads a disclosure from the vault; only what [`Disclosure::new`] can have made is accepted.
    pub fn parse(text: &str) -> Result<Self, ErasableError> {
        let disclosure = Self(text.to_owned());
        disclosure.salt_and_value().map(|_| disclosure)
    }

    /// Returns the commitment that this disclosure opens.
    pub fn digest(&self) -> Digest {
        Digest(URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes())))
    }

    /// Returns the value inside.
    pub fn value(&self) -> Result<Value, ErasableError> {
        self.salt_and_value().map(|(_, value)| value)
    }

    /// Returns the text that the vault keeps.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn salt_and_value(&self) -> Result<(Vec<u8>, Value), ErasableError> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| ErasableError::Disclosure)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| ErasableError::Disclosure)?;
        let pair = canonical::parse(text).map_err(|_| ErasableError::Disclosure)?;
        let Ok((salt, value)) = serde_json::from_value::<(String, Value)>(pair) else {
            return Err(ErasableError::Disclosure);
        };
        let salt = URL_SAFE_NO_PAD.decode(salt).map_err(|_| ErasableError::Disclosure)?;
        if salt.len() == SALT_BYTES { Ok((salt, value)) } else { Err(ErasableError::Disclosure) }
    }
}

impl fmt::Debug for Disclosure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Disclosure({})", self.digest())
    }
}

/// Replaces every clear value inside `data` by its commitment and returns the disclosures, in document order.
///
/// `salt` is asked once for each value and must give fresh random bytes each time.
pub fn seal(data: &mut Value, salt: &mut dyn FnMut() -> [u8; SALT_BYTES]) -> Result<Vec<Disclosure>, ErasableError> {
    let mut disclosures = Vec::new();
    seal_into(data, salt, &mut disclosures)?;
    Ok(disclosures)
}

fn seal_into(
    data: &mut Value,
    salt: &mut dyn FnMut() -> [u8; SALT_BYTES],
    disclosures: &mut Vec<Disclosure>,
) -> Result<(), ErasableError> {
    match data {
        Value::Array(items) => items.iter_mut().try_for_each(|item| seal_into(item, salt, disclosures)),
        Value::Object(members) => {
            let clear = members.get_mut(MARK).and_then(|marked| marked.get_mut(CLEAR)).map(Value::take);
            if let Some(value) = clear {
                let disclosure = Disclosure::new(salt(), &without_nulls(value))?;
                members.insert(MARK.to_owned(), Value::String(disclosure.digest().0));
                disclosures.push(disclosure);
                return Ok(());
            }
            members.values_mut().try_for_each(|member| seal_into(member, salt, disclosures))
        }
        _ => Ok(()),
    }
}

/// Drops members that are null: an absent optional member has one spelling.
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        Value::Object(members) => {
            let present = members.into_iter().filter(|(_, member)| !member.is_null());
            Value::Object(present.map(|(name, member)| (name, without_nulls(member))).collect())
        }
        other => other,
    }
}

/// Lists the commitments inside the data of an entry, in document order.
pub fn digests(data: &Value) -> Vec<Digest> {
    let mut found = Vec::new();
    collect(data, &mut found);
    found
}

fn collect(data: &Value, found: &mut Vec<Digest>) {
    match data {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => match members.get(MARK).and_then(Value::as_str) {
            Some(digest) => found.extend(digest.parse()),
            None => members.values().for_each(|member| collect(member, found)),
        },
        _ => {}
    }
}

impl Digest {
    /// Returns the digest as base64url.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Digest {
    type Err = ErasableError;

    fn from_str(text: &str) -> Result<Self, ErasableError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ErasableError::Digest)?;
        if bytes.len() == 32 { Ok(Self(text.to_owned())) } else { Err(ErasableError::Digest) }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<T> Erasable<T> {
    /// Returns the commitment, once the value is sealed.
    pub fn digest(&self) -> Option<&Digest> {
        match self {
            Self::Clear(_) => None,
            Self::Sealed(digest) => Some(digest),
        }
    }
}

impl<T> fmt::Debug for Erasable<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clear(_) => formatter.write_str("Clear(…)"),
            Self::Sealed(digest) => write!(formatter, "Sealed({digest})"),
        }
    }
}

impl<T: Serialize> Serialize for Erasable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::Clear(value) => map.serialize_entry(MARK, &std::collections::BTreeMap::from([(CLEAR, value)]))?,
            Self::Sealed(digest) => map.serialize_entry(MARK, digest.as_str())?,
        }
        map.end()
    }
}

/// Reads the sealed form only: otherwise one could graft another person's digest into an own stream and open it there.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Erasable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Sealed {
            #[serde(rename = "...")]
            digest: String,
        }
        let sealed = Sealed::deserialize(deserializer)?;
        sealed.digest.parse().map(Self::Sealed).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9901_section_4_2_5_array_element_example() {
        // The RFC's own disclosure, with its own white space: the digest is over the disclosure as it is.
        let disclosure = Disclosure("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0".to_owned());
        assert_eq!(disclosure.digest().as_str(), "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs");
    }

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Fact {
        name: Erasable<String>,
        code: u8,
        all: Vec<Erasable<u8>>,
    }

    #[test]
    fn sealing_replaces_each_clear_value_by_a_commitment_that_opens_to_it() {
        let fact =
            Fact { name: Erasable::Clear("Anna".into()), code: 7, all: vec![Erasable::Clear(1), Erasable::Clear(1)] };
        let mut data = serde_json::to_value(&fact).unwrap();
        let mut next = 0;
        let mut salt = || {
            next += 1;
            [next; SALT_BYTES]
        };
        let disclosures = seal(&mut data, &mut salt).unwrap();
        assert!(!data.to_string().contains("Anna"));
        assert_eq!(digests(&data), disclosures.iter().map(Disclosure::digest).collect::<Vec<_>>());
        let opened: Vec<Value> = disclosures.iter().map(|disclosure| disclosure.value().unwrap()).collect();
        assert_eq!(opened, [json!([1, 1])[0].clone(), json!(1), json!("Anna")].map(|v| v));
        let sealed: Fact = serde_json::from_value(data.clone()).unwrap();
        assert_eq!(serde_json::to_value(&sealed).unwrap(), data);
        assert_ne!(sealed.all[0], sealed.all[1], "equal values have unequal commitments");
    }

    #[test]
    fn the_entry_parser_takes_no_clear_form() {
        let clear = json!({"name": {"...": {"clear": "Anna"}}, "code": 7, "all": []});
        assert!(serde_json::from_value::<Fact>(clear).is_err());
        assert!(serde_json::from_value::<Fact>(json!({"name": "Anna", "code": 7, "all": []})).is_err());
    }

    #[test]
    fn only_canonical_disclosures_are_read() {
        let good = Disclosure::new([1; SALT_BYTES], &json!("FR")).unwrap();
        assert_eq!(Disclosure::parse(good.as_str()).unwrap(), good);
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        for bad in [
            encode(r#"["AQEBAQEBAQEBAQEBAQEBAQ", "FR"]"#),
            encode(r#"["AQEBAQ","FR"]"#),
            encode(r#"["AQEBAQEBAQEBAQEBAQEBAQ"]"#),
            "%%%".to_owned(),
        ] {
            assert_eq!(Disclosure::parse(&bad), Err(ErasableError::Disclosure), "{bad}");
        }
    }

    #[test]
    fn debug_output_tells_nothing_of_a_value() {
        let shown = format!("{:?}", Erasable::Clear("Anna"));
        assert!(!shown.contains("Anna"));
        let disclosure = Disclosure::new([1; SALT_BYTES], &json!("Anna")).unwrap();
        assert!(!format!("{disclosure:?}").contains(disclosure.as_str()));
    }
}
