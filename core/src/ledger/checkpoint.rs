//! Checkpoints: C2SP [tlog-checkpoint](https://c2sp.org/tlog-checkpoint), and the `cosignature/v1` of C2SP
//! [tlog-cosignature](https://c2sp.org/tlog-cosignature).
//!
//! ```text
//! example.com/behind-the-sofa
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
//! — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
//! ```
//!
//! The text of the note is the origin, the size of the tree in decimal, the root in base64, and possibly extension
//! lines, which this ledger never writes. The second signature is that of a witness: uint64 big-endian seconds since
//! 1970, then Ed25519 over
//!
//! ```text
//! cosignature/v1
//! time 1679315147
//! example.com/behind-the-sofa
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! ```

use std::fmt;

use super::key::{KeyType, SigningKey, VerifierKey};
use super::merkle::{Hash, MerkleError, TREE_SIZE_MAX, check_size, empty_root};
use super::note::{Note, NoteError, NoteSignature, check_text};
use super::signature::cosignature_time;
pub use super::signature::{COSIGNATURE_TIME_MAX, cosigned_message};

/// States that the log `origin` had `size` entries under `root`.
///
/// `Display` writes the text of the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// Makes a checkpoint without extension lines.
    ///
    /// Errors: those of [`parse_text`](Self::parse_text).
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        Self::checked(origin, size, root, Vec::new())
    }

    /// Reads the text of a note as a checkpoint, in canonical form only. Extension lines are kept.
    ///
    /// Errors: [`CheckpointError`], except those of [`sign`](Self::sign) and [`open`](Self::open).
    pub fn parse_text(text: &str) -> Result<Self, CheckpointError> {
        check_text(text)?;
        let mut lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Lines);
        };
        let size = parse_decimal(size).ok_or(CheckpointError::Size)?;
        let root = Hash::from_base64(root).map_err(CheckpointError::Root)?;
        let extensions = lines.map(str::to_owned).collect::<Vec<_>>();
        match extensions.iter().position(String::is_empty) {
            Some(position) => Err(CheckpointError::Extension { line: position + 4 }),
            None => Self::checked(origin, size, root, extensions),
        }
    }

    /// Writes the text of the note.
    pub fn text(&self) -> String {
        self.to_string()
    }

    /// Signs the checkpoint as the log itself.
    ///
    /// Errors: [`CheckpointError::ForeignKey`] unless the key is named as the origin;
    /// [`CheckpointError::Extension`] if there are extension lines.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, CheckpointError> {
        self.check_origin(key.verifier())?;
        if !self.extensions.is_empty() {
            return Err(CheckpointError::Extension { line: 4 });
        }
        Ok(Note::sign(&self.text(), &[key])?)
    }

    /// Reads a signed checkpoint and verifies that it is the log's: signed by `key`, whose name is the origin.
    ///
    /// Cosignatures are not looked at; [`cosignatures`] does that with the note.
    ///
    /// Errors: [`CheckpointError`].
    pub fn open(note: &[u8], key: &VerifierKey) -> Result<(Self, Note), CheckpointError> {
        let note = Note::parse(note)?;
        let checkpoint = Self::open_note(&note, key)?;
        Ok((checkpoint, note))
    }

    /// Verifies, like [`open`](Self::open), a note that was read already.
    ///
    /// Errors: [`CheckpointError`].
    pub fn open_note(note: &Note, key: &VerifierKey) -> Result<Self, CheckpointError> {
        if key.key_type() != KeyType::Ed25519 {
            return Err(CheckpointError::KeyType);
        }
        note.verify(std::slice::from_ref(key))?;
        let checkpoint = Self::parse_text(note.text())?;
        checkpoint.check_origin(key)?;
        Ok(checkpoint)
    }

    /// Returns the name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the root of the tree.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// Returns the extension lines, which have no meaning here.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// Checks the three lines by themselves. Expects extension lines that are.
    fn checked(origin: &str, size: u64, root: Hash, extensions: Vec<String>) -> Result<Self, CheckpointError> {
        if origin.is_empty() || origin.bytes().any(|byte| byte < b' ') {
            return Err(CheckpointError::Origin);
        }
        check_size(size).map_err(|_| CheckpointError::Size)?;
        // The only root that is known beforehand; anything else states an impossible tree.
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::EmptyRoot);
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }

    fn check_origin(&self, key: &VerifierKey) -> Result<(), CheckpointError> {
        if self.origin == key.name().as_str() {
            return Ok(());
        }
        Err(CheckpointError::ForeignKey { origin: self.origin.clone(), name: key.name().to_string() })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Signs checkpoints as a witness does, with keys of type [`KeyType::CosignatureV1`].
#[derive(Debug)]
pub struct Cosigner {
    key: SigningKey,
    verifier: VerifierKey,
}

impl Cosigner {
    /// Makes a cosigner out of a private key. The message it signs does not name it, so no two cosigners share a key.
    pub fn new(key: SigningKey) -> Self {
        let verifier = key.verifier_as(KeyType::CosignatureV1);
        Self { key, verifier }
    }

    /// Returns the key that verifies the cosignatures.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a checkpoint as seen at `time`, in seconds since 1970.
    ///
    /// Errors: [`CheckpointError::Time`] beyond [`COSIGNATURE_TIME_MAX`].
    pub fn cosign(&self, checkpoint: &Checkpoint, time: u64) -> Result<NoteSignature, CheckpointError> {
        if time > COSIGNATURE_TIME_MAX {
            return Err(CheckpointError::Time { time });
        }
        let signature = self.key.sign(cosigned_message(&checkpoint.text(), time).as_bytes());
        let blob = [time.to_be_bytes().as_slice(), signature.as_slice()].concat();
        Ok(NoteSignature::from_parts(self.verifier.name().clone(), self.verifier.id(), blob))
    }
}

/// A witness that cosigned a checkpoint, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosignature<'k> {
    /// The key of the witness.
    pub witness: &'k VerifierKey,
    /// The time the witness states, in seconds since 1970; the latest one if it signed several times.
    pub time: u64,
}

/// Verifies the cosignatures of a checkpoint by known witnesses; each witness once, in the order of the signature
/// lines.
///
/// Signatures by others are ignored. That there are none is no error: how many are needed is a matter of policy.
///
/// Errors: [`CheckpointError::KeyType`] if one of the keys is not a witness's; [`NoteError::Invalid`] if a cosignature
/// by a known witness fails; [`NoteError::Ambiguous`].
pub fn cosignatures<'k>(note: &Note, witnesses: &'k [VerifierKey]) -> Result<Vec<Cosignature<'k>>, CheckpointError> {
    if witnesses.iter().any(|key| key.key_type() != KeyType::CosignatureV1) {
        return Err(CheckpointError::KeyType);
    }
    let mut found: Vec<Cosignature<'k>> = Vec::new();
    for (signature, witness) in note.signatures_by(witnesses)? {
        let invalid = || NoteError::Invalid { name: witness.name().clone(), id: witness.id() };
        let time = cosignature_time(signature, note.text(), witness).ok_or_else(invalid)?;
        match found.iter_mut().find(|known| known.witness == witness) {
            Some(known) => known.time = known.time.max(time),
            None => found.push(Cosignature { witness, time }),
        }
    }
    Ok(found)
}

/// Reads a decimal number without sign or leading zeroes.
pub(super) fn parse_decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

/// Says why something is not a checkpoint, or not one of this log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The signed note is malformed, or not signed as it should be.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// There are fewer than three lines.
    #[error("a checkpoint has three lines: origin, size and root")]
    Lines,
    /// The origin is empty, not one line, or has a control character.
    #[error("line 1 of the checkpoint is not an origin")]
    Origin,
    /// The size is not a canonical decimal number within the limit.
    #[error("line 2 of the checkpoint is not a tree size of at most {TREE_SIZE_MAX}")]
    Size,
    /// The root is not a hash in base64.
    #[error("line 3 of the checkpoint is not a root")]
    Root(#[source] MerkleError),
    /// The tree is empty, but its root is not that of the empty tree.
    #[error("line 3 of the checkpoint is not the root of the empty tree")]
    EmptyRoot,
    /// An extension line is empty, or there is one where none is wanted.
    #[error("line {line} of the checkpoint is not wanted")]
    Extension {
        /// The line, counted from 1.
        line: usize,
    },
    /// The key is not called as the origin.
    #[error("the origin is {origin:?}, but the key is {name:?}")]
    ForeignKey {
        /// The origin of the checkpoint.
        origin: String,
        /// The name of the key.
        name: String,
    },
    /// The key is a witness's where the log's is needed, or the other way round.
    #[error("the key is of the wrong type: a log signs with Ed25519, a witness with cosignature/v1")]
    KeyType,
    /// The time of a cosignature is too late.
    #[error("the time {time} of a cosignature is later than {COSIGNATURE_TIME_MAX}")]
    Time {
        /// Seconds since 1970.
        time: u64,
    },
}

#[cfg(test)]
mod tests;
