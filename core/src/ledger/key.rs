//! Signed-note keys: C2SP [signed-note](https://c2sp.org/signed-note), section "Verifier keys".
//!
//! ```text
//! example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
//! ```
//!
//! That is `name+hex8(key id)+base64(type ‖ public key)`, where
//! `key id = SHA-256(name ‖ 0x0A ‖ type ‖ public key)[0..4]`. Two types are spoken here: `0x01`, Ed25519 over the text
//! of a note, and `0x04`, the timestamped cosignature of a witness (see [`checkpoint`](super::checkpoint)). Only the
//! canonical spelling of a key is accepted, so equal keys are equal strings.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use ed25519_dalek::{Signature, Signer as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Limits the length of a key name.
pub const KEY_NAME_BYTES_MAX: usize = 255;

/// The length of an Ed25519 public key, and of the seed of a private one (RFC 8032, section 5.1.5).
pub const KEY_BYTES: usize = 32;

/// The length of an Ed25519 signature (RFC 8032, section 5.1.6).
pub const SIGNATURE_BYTES: usize = 64;

/// The length of the longest verifier key: a name, eight hex digits, and 44 characters of base64, joined by two `+`.
pub const VERIFIER_KEY_BYTES_MAX: usize = KEY_NAME_BYTES_MAX + 1 + 8 + 1 + 44;

/// Says whose signatures a key verifies and checks them: a name, a type, and an Ed25519 public key.
///
/// Its text form is the verifier key of signed-note, in `Display`, `FromStr` and serde alike. Ordered as its text.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VerifierKey {
    name: KeyName,
    key_type: KeyType,
    id: KeyId,
    public: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    /// Makes a verifier key out of its parts.
    ///
    /// Errors: [`KeyError::Point`] if the bytes are not the canonical encoding of a curve point, [`KeyError::Weak`] if
    /// the point is of small order (anything could be passed off as signed by it).
    pub fn new(name: KeyName, key_type: KeyType, public_key: &[u8; KEY_BYTES]) -> Result<Self, KeyError> {
        let public = ed25519_dalek::VerifyingKey::from_bytes(public_key).map_err(|_| KeyError::Point)?;
        // RFC 8032, section 5.1.3: y must be below p, and x = 0 has no sign. Decompression is more lenient than that.
        if public.to_edwards().compress().as_bytes() != public_key {
            return Err(KeyError::Point);
        }
        if public.is_weak() {
            return Err(KeyError::Weak);
        }
        Ok(Self::from_strong(name, key_type, public))
    }

    /// Returns the name of the key, which signature lines carry.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// Returns the type of the key, which settles what its signatures cover.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// Returns the key id, which signature lines carry beside the name.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Returns the Ed25519 public key.
    pub fn public_key(&self) -> &[u8; KEY_BYTES] {
        self.public.as_bytes()
    }

    /// Checks an Ed25519 signature over exactly `message`.
    ///
    /// The rule is strict: the equation without cofactor of RFC 8032, S below the group order, R canonical and not of
    /// small order. What this rule accepts, verifiers with a laxer one (with cofactor, ZIP 215) accept too.
    pub fn verify(&self, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        self.public.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }

    /// Expects a point that is canonical and not of small order.
    fn from_strong(name: KeyName, key_type: KeyType, public: ed25519_dalek::VerifyingKey) -> Self {
        let id = KeyId::new(&name, key_type, public.as_bytes());
        Self { name, key_type, id, public }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![self.key_type.byte()];
        typed.extend_from_slice(self.public_key());
        write!(f, "{}+{}+{}", self.name, self.id, BASE64.encode(typed))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.len() > VERIFIER_KEY_BYTES_MAX {
            return Err(KeyError::TooLong { found: text.len(), max: VERIFIER_KEY_BYTES_MAX });
        }
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(typed)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Form);
        };
        let typed = BASE64.decode(typed).map_err(|_| KeyError::Form)?;
        let (&type_byte, public_key) = typed.split_first().ok_or(KeyError::Form)?;
        let key_type = KeyType::from_byte(type_byte)?;
        let public_key = public_key.try_into().map_err(|_| KeyError::Length { found: public_key.len() })?;
        let key = Self::new(name.parse()?, key_type, public_key)?;
        // The id is compared as text: a wrong id and a right one in capitals are both refused.
        if key.id.to_string() != id {
            return Err(KeyError::Id { computed: key.id });
        }
        // Check in pairs: nothing above may have read two spellings as one key.
        if key.to_string() != text {
            return Err(KeyError::Form);
        }
        Ok(key)
    }
}

impl TryFrom<String> for VerifierKey {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<VerifierKey> for String {
    fn from(key: VerifierKey) -> Self {
        key.to_string()
    }
}

impl Ord for VerifierKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.to_string().cmp(&other.to_string())
    }
}

impl PartialOrd for VerifierKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Signs notes with an Ed25519 private key under a name.
///
/// The secret is zeroised when dropped and never printed. There is no `Clone`: share it by reference or `Arc`.
pub struct SigningKey {
    secret: ed25519_dalek::SigningKey,
    verifier: VerifierKey,
}

impl SigningKey {
    /// Makes the key that belongs to a seed of 32 secret random bytes (RFC 8032, section 5.1.5).
    ///
    /// The caller zeroises its own copy of the seed.
    pub fn from_seed(name: KeyName, seed: &[u8; KEY_BYTES]) -> Self {
        Self::from_secret(name, ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads a PKCS#8 private key in PEM (RFC 8410), as `openssl genpkey -algorithm ed25519` writes it.
    ///
    /// Errors: [`KeyError::Pkcs8`], which tells nothing of the content.
    pub fn from_pkcs8_pem(name: KeyName, pem: &str) -> Result<Self, KeyError> {
        let secret = ed25519_dalek::SigningKey::from_pkcs8_pem(pem).map_err(|_| KeyError::Pkcs8)?;
        Ok(Self::from_secret(name, secret))
    }

    /// Writes the key as PKCS#8 in PEM, lines ended by a newline alone.
    ///
    /// Errors: [`KeyError::Pkcs8`] if the encoder fails.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.secret.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Pkcs8)
    }

    /// Returns the name of the key.
    pub fn name(&self) -> &KeyName {
        &self.verifier.name
    }

    /// Returns the key that verifies what this one signs with [`sign_note`](Self::sign_note), of type Ed25519.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs any message. Kept inside the module: outside of it only notes and cosignatures are signed.
    pub(super) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.secret.sign(message).to_bytes()
    }

    /// Returns the key that verifies the same Ed25519 key under another type, hence another key id.
    pub(super) fn verifier_as(&self, key_type: KeyType) -> VerifierKey {
        VerifierKey::from_strong(self.verifier.name.clone(), key_type, self.verifier.public)
    }

    /// A public key derived from a secret is canonical, and of large order because the scalar is clamped.
    fn from_secret(name: KeyName, secret: ed25519_dalek::SigningKey) -> Self {
        let verifier = VerifierKey::from_strong(name, KeyType::Ed25519, secret.verifying_key());
        Self { secret, verifier }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("name", &self.verifier.name)
            .field("id", &self.verifier.id)
            .finish_non_exhaustive()
    }
}

/// Names a key: not empty, at most [`KEY_NAME_BYTES_MAX`] bytes, without Unicode white space, `+` and control
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyName(String);

impl KeyName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyError;

    fn from_str(name: &str) -> Result<Self, KeyError> {
        if name.is_empty() {
            return Err(KeyError::NameEmpty);
        }
        if name.len() > KEY_NAME_BYTES_MAX {
            return Err(KeyError::NameTooLong { found: name.len() });
        }
        // Control characters below U+0020 may not occur in a note at all, so such a name could never sign one.
        let refused = |c: char| c.is_whitespace() || c == '+' || c < ' ';
        match name.char_indices().find(|&(_, c)| refused(c)) {
            Some((position, character)) => Err(KeyError::NameCharacter { position, character }),
            None => Ok(Self(name.to_owned())),
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what the signatures of a key cover: the signature type of signed-note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyType {
    /// `0x01`: Ed25519 over the text of a note (C2SP signed-note).
    Ed25519,
    /// `0x04`: timestamped Ed25519 over a checkpoint (C2SP tlog-cosignature, `cosignature/v1`).
    CosignatureV1,
}

impl KeyType {
    /// Returns the type byte.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    fn from_byte(byte: u8) -> Result<Self, KeyError> {
        match byte {
            0x01 => Ok(Self::Ed25519),
            0x04 => Ok(Self::CosignatureV1),
            _ => Err(KeyError::Type { byte }),
        }
    }
}

/// Tells keys of one name apart: the first four bytes of a hash, not unforgeable. Printed as eight hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// Computes `SHA-256(name ‖ 0x0A ‖ type ‖ public key)[0..4]`.
    pub fn new(name: &KeyName, key_type: KeyType, public_key: &[u8; KEY_BYTES]) -> Self {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', key_type.byte()])
            .chain_update(public_key)
            .finalize()
            .into();
        let [a, b, c, d, ..] = digest;
        Self([a, b, c, d])
    }

    /// Returns the id that a signature blob begins with.
    pub const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// Returns the four bytes.
    pub const fn to_bytes(self) -> [u8; 4] {
        self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Says why something is not a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A key name is empty.
    #[error("the key name is empty")]
    NameEmpty,
    /// A key name is too long.
    #[error("the key name has {found} bytes, at most {KEY_NAME_BYTES_MAX} are allowed")]
    NameTooLong {
        /// The length in bytes.
        found: usize,
    },
    /// A key name has white space, a plus sign or a control character.
    #[error("the key name has {character:?} at byte {position}")]
    NameCharacter {
        /// The byte offset in the name.
        position: usize,
        /// The character that is not allowed.
        character: char,
    },
    /// A verifier key is longer than any can be.
    #[error("the verifier key has {found} bytes, at most {max} are possible")]
    TooLong {
        /// The length in bytes.
        found: usize,
        /// The longest possible.
        max: usize,
    },
    /// A verifier key is not `name+hex8+base64` in canonical spelling.
    #[error("not a verifier key of the form name+id+base64")]
    Form,
    /// The key is of a type that is not spoken here.
    #[error("key type 0x{byte:02x} is not supported")]
    Type {
        /// The type byte.
        byte: u8,
    },
    /// The public key is not 32 bytes long.
    #[error("the public key has {found} bytes instead of {KEY_BYTES}")]
    Length {
        /// The length in bytes.
        found: usize,
    },
    /// The key id is not that of name, type and public key, or not in small hex digits.
    #[error("the key id is not {computed}, which belongs to this name and public key")]
    Id {
        /// The id that would be right.
        computed: KeyId,
    },
    /// The public key is not the canonical encoding of a point of the curve.
    #[error("the public key is not the canonical encoding of a curve point")]
    Point,
    /// The public key is of small order.
    #[error("the public key is of small order")]
    Weak,
    /// A private key is not PKCS#8 of an Ed25519 key.
    #[error("not a PKCS#8 private key for Ed25519 in PEM")]
    Pkcs8,
}

#[cfg(test)]
mod tests;
