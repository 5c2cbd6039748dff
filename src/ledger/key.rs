//! Signed-note keys: C2SP [signed-note](https://c2sp.org/signed-note), section "Verifier keys".
//!
//! ```text
//! example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
//! ```
//!
//! That is `name+hex8(key id)+base64(type ‖ public key)`, where
//! `key id = SHA-256(name ‖ 0x0A ‖ type ‖ public key)[0..4]`. Two types are spoken here: `0x01`, Ed25519 over the text of
//! a note, and `0x04`, the timestamped cosignature of a witness (see [`checkpoint`](super::checkpoint)). Only the
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

use super::note::NoteSignature;

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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// small order. Every conforming verifier that accepts under this rule agrees on what it accepts.
    pub fn verify(&self, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        self.public
            .verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    }

    /// Expects a point that is canonical and not of small order.
    fn from_strong(name: KeyName, key_type: KeyType, public: ed25519_dalek::VerifyingKey) -> Self {
        let id = KeyId::new(&name, key_type, public.as_bytes());
        Self {
            name,
            key_type,
            id,
            public,
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![self.key_type.byte()];
        typed.extend_from_slice(self.public_key());
        write!(f, "{}+{}+{}", self.name, self.id, BASE64.encode(typed))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.len() > VERIFIER_KEY_BYTES_MAX {
            return Err(KeyError::TooLong {
                found: text.len(),
                max: VERIFIER_KEY_BYTES_MAX,
            });
        }
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(typed)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Form);
        };
        let typed = BASE64.decode(typed).map_err(|_| KeyError::Form)?;
        let (&type_byte, public_key) = typed.split_first().ok_or(KeyError::Form)?;
        let key_type = KeyType::from_byte(type_byte)?;
        let public_key = public_key.try_into().map_err(|_| KeyError::Length {
            found: public_key.len(),
        })?;
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

    /// Signs the text of a note, final newline included.
    ///
    /// Does not look at the text: [`Note::sign`](super::note::Note::sign) does.
    pub fn sign_note(&self, text: &str) -> NoteSignature {
        let signature = self.sign(text.as_bytes());
        NoteSignature::from_parts(self.verifier.name.clone(), self.verifier.id, signature.to_vec())
    }

    /// Signs any message. Kept inside the room: outside of it only notes and cosignatures are signed.
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

/// Names a key: not empty, at most [`KEY_NAME_BYTES_MAX`] bytes, without Unicode white space, `+` and control characters.
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    /// The private key of RFC 8410, section 10.3, without and with its public key.
    const PEM_V1: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    const PUBLIC_HEX: &str = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";

    fn name(text: &str) -> KeyName {
        text.parse().unwrap()
    }

    fn refuse_name(text: &str, expected: KeyError) {
        assert_eq!(text.parse::<KeyName>(), Err(expected), "{text:?}");
    }

    fn refuse_key(text: &str, expected: KeyError) {
        assert_eq!(text.parse::<VerifierKey>(), Err(expected), "{text:?}");
    }

    #[test]
    fn a_name_has_no_white_space_plus_or_control_character() {
        refuse_name("", KeyError::NameEmpty);
        refuse_name(
            "a+b",
            KeyError::NameCharacter {
                position: 1,
                character: '+',
            },
        );
        for character in [
            ' ', '\t', '\n', '\u{a0}', '\u{85}', '\u{2003}', '\u{3000}', '\u{1c}', '\0',
        ] {
            refuse_name(
                &format!("é{character}"),
                KeyError::NameCharacter { position: 2, character },
            );
        }
        assert_eq!(name("ledger.example/tenant-1/é").as_str(), "ledger.example/tenant-1/é");
    }

    #[test]
    fn a_name_is_at_most_255_bytes() {
        name(&"n".repeat(KEY_NAME_BYTES_MAX));
        refuse_name(
            &"n".repeat(KEY_NAME_BYTES_MAX + 1),
            KeyError::NameTooLong { found: 256 },
        );
        let longest = SigningKey::from_seed(name(&"n".repeat(KEY_NAME_BYTES_MAX)), &[1; 32])
            .verifier()
            .to_string();
        assert_eq!(longest.len(), VERIFIER_KEY_BYTES_MAX);
        longest.parse::<VerifierKey>().unwrap();
        refuse_key(&format!("{longest}="), KeyError::TooLong { found: 310, max: 309 });
    }

    #[test]
    fn only_the_canonical_spelling_of_a_key_is_a_key() {
        let key: VerifierKey = EXAMPLE.parse().unwrap();
        assert_eq!(
            (key.to_string().as_str(), key.id().to_string().as_str()),
            (EXAMPLE, "530d903a")
        );
        refuse_key("", KeyError::Form);
        refuse_key("example.com/foo+530d903a", KeyError::Form);
        refuse_key(&EXAMPLE.replace("530d", "530D"), KeyError::Id { computed: key.id() });
        refuse_key(
            &EXAMPLE.replace("530d903a", "0530d903a"),
            KeyError::Id { computed: key.id() },
        );
        refuse_key(
            &EXAMPLE.replace("530d903a", "530d903b"),
            KeyError::Id { computed: key.id() },
        );
        refuse_key(&format!("{EXAMPLE}\n"), KeyError::Form);
        refuse_key(&format!("{EXAMPLE}="), KeyError::Form);
        refuse_key(&EXAMPLE.replace("+Aeky", "+AqIy"), KeyError::Type { byte: 2 });
        refuse_key("a+00000000+", KeyError::Form);
        refuse_key(
            &format!("a+00000000+{}", BASE64.encode([1; 32])),
            KeyError::Length { found: 31 },
        );
        refuse_key(
            &format!("a+00000000+{}", BASE64.encode([1; 34])),
            KeyError::Length { found: 33 },
        );
    }

    #[test]
    fn weak_and_non_canonical_points_are_no_keys() {
        let check = |hex: &str, expected: KeyError| {
            let bytes: [u8; 32] = hex::decode(hex).unwrap().try_into().unwrap();
            assert_eq!(
                VerifierKey::new(name("a"), KeyType::Ed25519, &bytes),
                Err(expected),
                "{hex}"
            );
        };
        // Orders 1, 2, 4 and 8.
        check(
            "0100000000000000000000000000000000000000000000000000000000000000",
            KeyError::Weak,
        );
        check(
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            KeyError::Weak,
        );
        check(
            "0000000000000000000000000000000000000000000000000000000000000000",
            KeyError::Weak,
        );
        check(
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            KeyError::Weak,
        );
        // y = p + 1, x = -0, and y = p + 3: the last is a point of large order in a spelling RFC 8032 refuses.
        check(
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            KeyError::Point,
        );
        check(
            "0100000000000000000000000000000000000000000000000000000000000080",
            KeyError::Point,
        );
        check(
            "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            KeyError::Point,
        );
        // y = 2 is on no point of the curve.
        check(
            "0200000000000000000000000000000000000000000000000000000000000000",
            KeyError::Point,
        );
    }

    #[test]
    fn keys_are_ordered_and_serialised_as_their_text() {
        let key = |text: &str| SigningKey::from_seed(name(text), &[1; 32]).verifier().clone();
        let (short, long) = (key("a"), key("a!")); // '!' sorts before '+'
        assert!(long < short && long.to_string() < short.to_string());
        let json = serde_json::to_string(&short).unwrap();
        assert_eq!(json, format!("\"{short}\""));
        assert_eq!(serde_json::from_str::<VerifierKey>(&json).unwrap(), short);
        assert!(serde_json::from_str::<VerifierKey>("\"a+00000000+\"").is_err());
    }

    #[test]
    fn the_key_type_is_part_of_the_key_id() {
        let key = SigningKey::from_seed(name("a"), &[1; 32]);
        let cosigner = key.verifier_as(KeyType::CosignatureV1);
        assert_ne!(cosigner.id(), key.verifier().id());
        assert_eq!(cosigner.to_string().parse(), Ok(cosigner));
    }

    #[test]
    fn private_keys_travel_as_pkcs8() {
        let key = SigningKey::from_pkcs8_pem(name("a"), PEM_V1).unwrap();
        assert_eq!(hex::encode(key.verifier().public_key()), PUBLIC_HEX);
        let again = SigningKey::from_pkcs8_pem(name("a"), &key.to_pkcs8_pem().unwrap()).unwrap();
        assert_eq!(again.sign(b"x"), key.sign(b"x"));
        let damaged = PEM_V1.replace("MC4CAQAwBQYDK2Vw", "MC4CAQAwBQYDK2Vu"); // the OID of X25519
        assert_eq!(
            SigningKey::from_pkcs8_pem(name("a"), &damaged).unwrap_err(),
            KeyError::Pkcs8
        );
        assert_eq!(SigningKey::from_pkcs8_pem(name("a"), "").unwrap_err(), KeyError::Pkcs8);
    }

    #[test]
    fn a_secret_is_never_printed_and_may_cross_threads() {
        fn check<T: Send + Sync>(_: &T) {}
        let key = SigningKey::from_seed(name("ledger.example/t"), &[0xab; 32]);
        check(&key);
        let id = key.verifier().id();
        assert_eq!(
            format!("{key:?}"),
            format!("SigningKey {{ name: KeyName(\"ledger.example/t\"), id: KeyId({id}), .. }}")
        );
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_canonical(text in ".{0,80}") {
            if let Ok(key) = text.parse::<VerifierKey>() {
                prop_assert_eq!(key.to_string(), text);
            }
        }

        #[test]
        fn a_change_of_one_character_is_another_key_or_none(at in 0..EXAMPLE.len(), to in "[ -~]") {
            let mut text = EXAMPLE.to_owned();
            text.replace_range(at..=at, &to);
            prop_assert_eq!(text.parse::<VerifierKey>().is_ok(), text == EXAMPLE);
        }
    }
}
