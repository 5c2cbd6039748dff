//! Signed notes: C2SP [signed-note](https://c2sp.org/signed-note).
//!
//! ```text
//! This is an example message.
//!
//! — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
//! ```
//!
//! A text that ends with a newline, an empty line, and one or more signature lines
//! `— name base64(key id ‖ signature)`. The signatures cover the text, its last newline included. The text is parted
//! from the signatures by the *last* empty line. There is one spelling of every note: whatever [`Note::parse`] accepts,
//! [`Note::encode`] gives back byte for byte.

use std::fmt;

use super::key::{KeyId, KeyName, SIGNATURE_BYTES, SigningKey, VerifierKey};
pub use super::signature::NoteSignature;
use super::signature::line_len;

/// Limits the length of a note. Generous: a hundred post-quantum signatures fit.
pub const NOTE_BYTES_MAX: usize = 1_048_576;

/// Limits the number of signature lines of a note (signed-note asks for at least 16).
pub const NOTE_SIGNATURES_MAX: usize = 100;

/// A well-formed note. Its text says nothing until a signature by a trusted key was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Makes a note out of a text and signatures, which are not verified.
    ///
    /// Errors: those of [`Note::parse`] that concern the form.
    pub fn new(text: String, signatures: Vec<NoteSignature>) -> Result<Self, NoteError> {
        check_text(&text)?;
        match signatures.len() {
            0 => return Err(NoteError::Unsigned),
            1..=NOTE_SIGNATURES_MAX => {}
            found => return Err(NoteError::SignatureCount { found }),
        }
        let found =
            signatures.iter().fold(text.len() + 1, |bytes, signature| bytes.saturating_add(signature.line_len()));
        if found > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong { found });
        }
        Ok(Self { text, signatures })
    }

    /// Signs a text, which ends with a newline, with each of the keys in turn.
    ///
    /// Errors: those of [`Note::new`]; [`NoteError::Unsigned`] without a key.
    pub fn sign(text: &str, keys: &[&SigningKey]) -> Result<Self, NoteError> {
        check_text(text)?;
        Self::new(text.to_owned(), keys.iter().map(|key| key.sign_note(text)).collect())
    }

    /// Reads a note, in canonical form only.
    ///
    /// Errors: [`NoteError`], with the byte or line where reading stopped.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong { found: bytes.len() });
        }
        let whole = str::from_utf8(bytes).map_err(|error| NoteError::Utf8 { position: error.valid_up_to() })?;
        check_controls(whole)?;
        let (text, lines) = split_at_last_empty_line(whole).ok_or(NoteError::EmptyLine)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::LastNewline)?;
        let found = lines.split('\n').count();
        if found > NOTE_SIGNATURES_MAX {
            return Err(NoteError::SignatureCount { found });
        }
        let first_line = text.matches('\n').count() + 2;
        let signatures = (first_line..)
            .zip(lines.split('\n'))
            .map(|(line, signature)| NoteSignature::parse(signature).ok_or(NoteError::Signature { line }))
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(text.to_owned(), signatures)
    }

    /// Writes the note.
    pub fn encode(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    /// Returns the text the signatures cover, final newline included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the signatures, verified or not.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Verifies the note and returns those of `keys` that signed it, each once, in the order of the signature lines.
    ///
    /// Signatures by other keys are ignored, even if they share a name or a key id with one of `keys`. Every signature
    /// by one of `keys` must verify, also a second one by the same key: signed-note lets a verifier reject the whole
    /// note when one fails, and a ledger has no reason to sign badly.
    ///
    /// Errors: [`NoteError::Invalid`] if a signature by a known key fails; [`NoteError::NoKnownKey`] if none is there;
    /// [`NoteError::Ambiguous`] if two different keys share name and key id.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signers: Vec<&VerifierKey> = Vec::new();
        for (signature, key) in self.signatures_by(keys)? {
            if !signature.verifies(&self.text, key) {
                return Err(NoteError::Invalid { name: key.name().clone(), id: key.id() });
            }
            if !signers.contains(&key) {
                signers.push(key);
            }
        }
        if signers.is_empty() { Err(NoteError::NoKnownKey) } else { Ok(signers) }
    }

    /// Pairs every signature by a known key with that key.
    pub(super) fn signatures_by<'k>(
        &self,
        keys: &'k [VerifierKey],
    ) -> Result<Vec<(&NoteSignature, &'k VerifierKey)>, NoteError> {
        let mut pairs = Vec::new();
        for signature in &self.signatures {
            let mut known = keys.iter().filter(|key| signature.is_by(key));
            let Some(key) = known.next() else { continue };
            if known.any(|other| other != key) {
                return Err(NoteError::Ambiguous { name: key.name().clone(), id: key.id() });
            }
            pairs.push((signature, key));
        }
        Ok(pairs)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// Returns the length in bytes of an Ed25519 signature line by a key of that name, newline included.
///
/// A note of `n` signatures has `text.len() + 1` bytes and the length of each of its lines; so its length is known
/// before it is signed.
pub fn signature_line_len(name: &KeyName) -> usize {
    line_len(name, SIGNATURE_BYTES)
}

/// Checks that a text can be the text of a note: it ends with a newline and has no other control character.
pub(super) fn check_text(text: &str) -> Result<(), NoteError> {
    check_controls(text)?;
    if text.ends_with('\n') { Ok(()) } else { Err(NoteError::LastNewline) }
}

fn check_controls(text: &str) -> Result<(), NoteError> {
    match text.bytes().position(|byte| byte < b' ' && byte != b'\n') {
        Some(position) => Err(NoteError::Control { position }),
        None => Ok(()),
    }
}

/// Parts `text⏎⏎lines` into `text⏎` and `lines`.
fn split_at_last_empty_line(whole: &str) -> Option<(&str, &str)> {
    let (text, lines) = whole.split_at_checked(whole.rfind("\n\n")? + 1)?;
    Some((text, lines.strip_prefix('\n')?))
}

/// Says why something is not a note, or not a note to be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The note is too long.
    #[error("the note has {found} bytes, at most {NOTE_BYTES_MAX} are allowed")]
    TooLong {
        /// The length in bytes.
        found: usize,
    },
    /// The note is not UTF-8.
    #[error("the note is not UTF-8 from byte {position} on")]
    Utf8 {
        /// The byte offset.
        position: usize,
    },
    /// The note has a control character other than newline.
    #[error("the note has a control character at byte {position}")]
    Control {
        /// The byte offset.
        position: usize,
    },
    /// There is no empty line between a text and its signatures.
    #[error("the note has no empty line between text and signatures")]
    EmptyLine,
    /// The text or the last signature line has no newline at its end.
    #[error("the note does not end with a newline")]
    LastNewline,
    /// A line is not a signature line in canonical form.
    #[error("line {line} of the note is not a signature")]
    Signature {
        /// The line, counted from 1.
        line: usize,
    },
    /// There are too many signatures.
    #[error("the note has {found} signatures, at most {NOTE_SIGNATURES_MAX} are allowed")]
    SignatureCount {
        /// The number of signature lines.
        found: usize,
    },
    /// There is no signature.
    #[error("the note is not signed")]
    Unsigned,
    /// A signature by a known key does not verify.
    #[error("the signature by {name} ({id}) is not valid")]
    Invalid {
        /// The name of the key.
        name: KeyName,
        /// The id of the key.
        id: KeyId,
    },
    /// No known key signed the note.
    #[error("the note is not signed by a known key")]
    NoKnownKey,
    /// Two different known keys have the same name and key id.
    #[error("two different keys are called {name} ({id})")]
    Ambiguous {
        /// The name of the keys.
        name: KeyName,
        /// The id of the keys.
        id: KeyId,
    },
}

#[cfg(test)]
mod tests;
