//! Signature lines of notes: Ed25519 over the text (C2SP signed-note), and the timestamped cosignature of a witness (C2SP
//! tlog-cosignature, `cosignature/v1`).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::key::{KeyId, KeyName, KeyType, SIGNATURE_BYTES, SigningKey, VerifierKey};

/// Limits the time of a cosignature, in seconds since 1970: 2^63-1 (tlog-cosignature, section "Format").
pub const COSIGNATURE_TIME_MAX: u64 = i64::MAX as u64;
/// Length of a key id in bytes.
const KEY_ID_BYTES: usize = 4;
/// How a signature line begins.
pub(super) const SIGNATURE_PREFIX: &str = "— ";

/// A signature line of a note: who claims to have signed, and the signature. Printed without its newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    id: KeyId,
    /// Never empty.
    signature: Vec<u8>,
}

impl NoteSignature {
    /// Returns the name of the key that claims to have signed.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// Returns the id of the key that claims to have signed.
    pub fn key_id(&self) -> KeyId {
        self.id
    }

    /// Returns the signature without the key id, at least one byte; what it holds depends on the type of the key.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Says whether name and key id are those of `key`.
    pub fn is_by(&self, key: &VerifierKey) -> bool {
        (&self.name, self.id) == (key.name(), key.id())
    }

    /// Verifies the signature over the text of a note, by the rule that belongs to the type of the key.
    pub fn verifies(&self, text: &str, key: &VerifierKey) -> bool {
        self.is_by(key)
            && match key.key_type() {
                KeyType::Ed25519 => {
                    self.signature.as_slice().try_into().is_ok_and(|signature| key.verify(text.as_bytes(), signature))
                }
                KeyType::CosignatureV1 => cosignature_time(self, text, key).is_some(),
            }
    }

    /// Expects a signature that is not empty.
    pub(super) fn from_parts(name: KeyName, id: KeyId, signature: Vec<u8>) -> Self {
        Self { name, id, signature }
    }

    pub(super) fn parse(line: &str) -> Option<Self> {
        let (name, blob) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
        let blob = BASE64.decode(blob).ok()?;
        let (id, signature) = blob.split_first_chunk::<KEY_ID_BYTES>()?;
        if signature.is_empty() {
            return None;
        }
        Some(Self::from_parts(name.parse().ok()?, KeyId::from_bytes(*id), signature.to_vec()))
    }

    pub(super) fn line_len(&self) -> usize {
        line_len(&self.name, self.signature.len())
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut blob = self.id.to_bytes().to_vec();
        blob.extend_from_slice(&self.signature);
        write!(f, "{SIGNATURE_PREFIX}{} {}", self.name, BASE64.encode(blob))
    }
}

impl SigningKey {
    /// Signs the text of a note, final newline included.
    ///
    /// Does not look at the text: [`Note::sign`](super::note::Note::sign) does.
    pub fn sign_note(&self, text: &str) -> NoteSignature {
        let signature = self.sign(text.as_bytes());
        NoteSignature::from_parts(self.verifier().name().clone(), self.verifier().id(), signature.to_vec())
    }
}

pub(super) fn line_len(name: &KeyName, signature_bytes: usize) -> usize {
    let blob = (KEY_ID_BYTES + signature_bytes).div_ceil(3) * 4;
    SIGNATURE_PREFIX.len() + name.as_str().len() + 1 + blob + 1
}

/// Writes the message a witness signs: a header, the time in seconds since 1970, and the text of the checkpoint.
pub fn cosigned_message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// Verifies a cosignature over the text of a checkpoint and returns its time.
pub(super) fn cosignature_time(signature: &NoteSignature, text: &str, witness: &VerifierKey) -> Option<u64> {
    let (time, signature) = signature.signature().split_first_chunk()?;
    let time = u64::from_be_bytes(*time);
    let signature: &[u8; SIGNATURE_BYTES] = signature.try_into().ok()?;
    let valid = time <= COSIGNATURE_TIME_MAX && witness.verify(cosigned_message(text, time).as_bytes(), signature);
    valid.then_some(time)
}
