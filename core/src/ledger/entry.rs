//! One fact as it is signed, chained and stored: a C2SP signed note over one line of canonical JSON.
//!
//! ```text
//! {"actor":{…},"data":{…},"effective":"2024-09-05","event":"consent.granted","format":"griffie/1",…}
//!
//! — ledger.example/events Yk4…base64…=
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::canonical::{self, CanonicalError};
use super::merkle::Hash;
use super::name::{Code, EventName, Origin, Reference, StreamId};
use super::note::{Note, NoteError};
use super::tile::ENTRY_BYTES_MAX;
use crate::time::{Instant, PartialDate};

/// The format that every entry names.
pub const FORMAT: &str = "griffie/1";

/// A fact in its place in the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// Who recorded it, or in which role a data subject acted.
    pub actor: Actor,
    /// When it is claimed to have been known; BACKFILL only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asserted: Option<PartialDate>,
    /// The id of the entry that led to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<Uuid>,
    /// An id shared by entries that belong together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Uuid>,
    /// What happened, in the words of its family; erasable values are commitments.
    pub data: Value,
    /// From when it holds in the world.
    pub effective: PartialDate,
    /// What kind of fact it is.
    pub event: EventName,
    /// Always [`FORMAT`].
    pub format: Format,
    /// UUID version 7.
    pub id: Uuid,
    /// The origin of the ledger.
    pub ledger: Origin,
    /// SHA-256 over the text of the entry before; of nothing for sequence 0.
    pub previous: TextHash,
    /// Whether it was recorded as it came to be known, or imported from older records.
    pub provenance: Provenance,
    /// When the ledger took it; strictly increasing.
    pub recorded: Instant,
    /// The human reference of the stream; revision 1 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// The sequence of the earlier fact of the same stream that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<u64>,
    /// 1-based position in its stream.
    pub revision: u64,
    /// 0-based position in the ledger: the leaf index.
    pub sequence: u64,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// The version of the event's shape.
    pub version: u32,
}

/// Who acts: an opaque id, the role in which, and for which unit.
///
/// A data subject (role `SUBJECT`) or representative (role `REPRESENTATIVE`) has no id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Actor {
    /// An opaque id, new each calendar year for each member of staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Code>,
    /// The role, such as `DPO` or `INFORMATION_MANAGER`.
    pub role: Code,
    /// The unit for which the role is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Code>,
}

impl Actor {
    /// Tells whether the actor is a data subject or a representative of one.
    pub fn is_subject(&self) -> bool {
        matches!(self.role.as_str(), "SUBJECT" | "REPRESENTATIVE")
    }
}

/// How a fact came into the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Provenance {
    /// Recorded as it came to be known.
    Native,
    /// Imported from older records: known since the import, asserted earlier.
    Backfill,
}

/// The format mark; its one value is [`FORMAT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The first format.
    #[serde(rename = "griffie/1")]
    Griffie1,
}

/// SHA-256 over an entry's text, the bytes that its signatures cover, in standard base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextHash(pub Hash);

impl TextHash {
    /// Hashes the text of an entry.
    pub fn of(text: &str) -> Self {
        Self(Hash(Sha256::digest(text.as_bytes()).into()))
    }

    /// Returns what sequence 0 names as its predecessor: SHA-256 of nothing.
    pub fn of_nothing() -> Self {
        Self::of("")
    }
}

impl Serialize for TextHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0.0))
    }
}

impl<'de> Deserialize<'de> for TextHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text.as_bytes()).map_err(serde::de::Error::custom)?;
        let hash = bytes.try_into().map_err(|_| serde::de::Error::custom("a hash has 32 bytes"))?;
        Ok(Self(Hash(hash)))
    }
}

/// Says why bytes are no entry, or a fact cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Longer than a tile bundle can carry.
    #[error(
        "the entry has {bytes} bytes, at most {ENTRY_BYTES_MAX} are possible; keep the document outside and refer to it by SHA-256"
    )]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not a signed note.
    #[error("not a signed note: {0}")]
    Note(#[from] NoteError),
    /// The text is not one line.
    #[error("the text is not one line of JSON")]
    NotOneLine,
    /// The line is not canonical JSON.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The members are not those of an entry.
    #[error("not the members of an entry: {0}")]
    Members(String),
    /// Members that contradict each other.
    #[error("{0}")]
    Contradiction(&'static str),
}

/// An entry with the note that carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedEntry {
    /// The fact.
    pub entry: Entry,
    /// Its text and signatures, as stored.
    pub note: Note,
}

impl Entry {
    /// Returns the text that is signed: canonical JSON and a newline.
    pub fn text(&self) -> Result<String, EntryError> {
        self.consistent()?;
        let value = serde_json::to_value(self).map_err(|error| EntryError::Members(error.to_string()))?;
        let mut text = canonical::encode(&value)?;
        text.push('\n');
        Ok(text)
    }

    /// Reads the stored bytes of an entry. The signatures are parsed, not verified.
    ///
    /// Everything that [`Entry::text`] would not have written byte for byte is refused.
    pub fn parse(bytes: &[u8]) -> Result<SignedEntry, EntryError> {
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(EntryError::TooLong { bytes: bytes.len() });
        }
        let note = Note::parse(bytes)?;
        let entry = Self::parse_text(note.text())?;
        Ok(SignedEntry { entry, note })
    }

    fn parse_text(text: &str) -> Result<Self, EntryError> {
        let line = text.strip_suffix('\n').filter(|line| !line.contains('\n')).ok_or(EntryError::NotOneLine)?;
        let value = canonical::parse(line)?;
        let entry: Self = serde_json::from_value(value).map_err(|error| EntryError::Members(error.to_string()))?;
        if entry.text()? == text { Ok(entry) } else { Err(EntryError::Members("a member has two spellings".into())) }
    }

    fn consistent(&self) -> Result<(), EntryError> {
        let rules = [
            (self.event.family() == self.stream.family(), "the event is not of the stream's family"),
            (self.revision > 0, "revisions count from 1"),
            (self.reference.is_none() || self.revision == 1, "only the first fact of a stream gives its reference"),
            (self.asserted.is_none() || self.provenance == Provenance::Backfill, "only imported history is asserted"),
            (self.replaces.is_none_or(|replaced| replaced < self.sequence), "a fact replaces an earlier one"),
            (self.id.get_version_num() == 7, "the id is not a UUID of version 7"),
            (self.actor.id.is_some() != self.actor.is_subject(), "an actor has an id, except a data subject"),
            (self.data.is_object(), "data is an object"),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            Some((_, message)) => Err(EntryError::Contradiction(message)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;
    use crate::ledger::key::SigningKey;

    pub(crate) fn example() -> Entry {
        Entry {
            actor: Actor { id: Some("staff-1".parse().unwrap()), role: "DPO".parse().unwrap(), unit: None },
            asserted: None,
            causation: None,
            correlation: None,
            data: json!({"version": 1}),
            effective: "2024-09-05".parse().unwrap(),
            event: "consent.granted".parse().unwrap(),
            format: Format::Griffie1,
            id: "0190b6a2-7c1e-7000-8000-000000000000".parse().unwrap(),
            ledger: "ledger.example/tenant-1".parse().unwrap(),
            previous: TextHash::of_nothing(),
            provenance: Provenance::Native,
            recorded: "2024-09-05T18:14:00.000000Z".parse().unwrap(),
            reference: Some("CNS-0001".parse().unwrap()),
            replaces: None,
            revision: 1,
            sequence: 0,
            stream: "consent/0190b6a2-7c1e-7000-8000-000000000001".parse().unwrap(),
            version: 1,
        }
    }

    fn signed(entry: &Entry) -> Vec<u8> {
        let key = SigningKey::from_seed("ledger.example/tenant-1/events".parse().unwrap(), &[1; 32]);
        Note::sign(&entry.text().unwrap(), &[&key]).unwrap().encode()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = signed(&example());
        assert_eq!(Entry::parse(&bytes).unwrap().entry, example());
    }

    #[test]
    fn no_changed_byte_of_the_text_keeps_the_reading() {
        let bytes = signed(&example());
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            if let Ok(read) = Entry::parse(&changed) {
                assert_ne!(read, Entry::parse(&bytes).unwrap(), "byte {position}");
            }
        }
    }

    #[test]
    fn contradictions_are_refused() {
        type Change = fn(&mut Entry);
        let check = |change: Change, message: &str| {
            let mut entry = example();
            change(&mut entry);
            assert_eq!(entry.text().unwrap_err().to_string(), message);
        };
        check(|entry| entry.event = "activity.ceased".parse().unwrap(), "the event is not of the stream's family");
        check(|entry| entry.revision = 0, "revisions count from 1");
        check(|entry| entry.revision = 2, "only the first fact of a stream gives its reference");
        check(|entry| entry.asserted = Some(entry.effective), "only imported history is asserted");
        check(|entry| entry.replaces = Some(0), "a fact replaces an earlier one");
        check(|entry| entry.id = Uuid::nil(), "the id is not a UUID of version 7");
        check(|entry| entry.actor.id = None, "an actor has an id, except a data subject");
        check(|entry| entry.actor.role = "SUBJECT".parse().unwrap(), "an actor has an id, except a data subject");
        check(|entry| entry.data = json!([]), "data is an object");
    }

    #[test]
    fn unknown_members_and_second_spellings_are_faults() {
        let check = |from: &str, to: &str| {
            let text = example().text().unwrap().replacen(from, to, 1);
            assert!(Entry::parse_text(&text).is_err(), "{text}");
        };
        check("{\"actor\"", "{\"aaa\":1,\"actor\"");
        check("\"version\":1}\n", "\"version\":1,\"zzz\":1}\n");
        check("griffie/1", "griffie/2");
        check("}\n", "}");
        check("}\n", "}\n\n");
        check("\"sequence\":0", "\"sequence\":-1");
        check("0190b6a2-7c1e", "0190B6A2-7c1e");
    }

    #[test]
    fn an_entry_has_at_most_65535_bytes() {
        let mut entry = example();
        let overhead = signed(&entry).len();
        entry.data = json!({"version": 1, "x": ""});
        let empty = signed(&entry).len();
        assert!(empty > overhead);
        entry.data = json!({"version": 1, "x": "x".repeat(ENTRY_BYTES_MAX - empty)});
        assert_eq!(signed(&entry).len(), ENTRY_BYTES_MAX);
        assert!(Entry::parse(&signed(&entry)).is_ok());
        entry.data = json!({"version": 1, "x": "x".repeat(ENTRY_BYTES_MAX - empty + 1)});
        assert_eq!(Entry::parse(&signed(&entry)), Err(EntryError::TooLong { bytes: ENTRY_BYTES_MAX + 1 }));
    }
}
