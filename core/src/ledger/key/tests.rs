//! Holds keys against signed-note: one spelling of each, none that is weak.

use proptest::prelude::*;

use super::*;

const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

/// The private key of RFC 8410, section 10.3, and its public key.
const PEM_V1: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";
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
    refuse_name("a+b", KeyError::NameCharacter { position: 1, character: '+' });
    for character in [' ', '\t', '\n', '\u{a0}', '\u{85}', '\u{2003}', '\u{3000}', '\u{1c}', '\0'] {
        refuse_name(&format!("é{character}"), KeyError::NameCharacter { position: 2, character });
    }
    assert_eq!(name("ledger.example/tenant-1/é").as_str(), "ledger.example/tenant-1/é");
}

#[test]
fn a_name_is_at_most_255_bytes() {
    name(&"n".repeat(KEY_NAME_BYTES_MAX));
    refuse_name(&"n".repeat(KEY_NAME_BYTES_MAX + 1), KeyError::NameTooLong { found: 256 });
    let longest = SigningKey::from_seed(name(&"n".repeat(KEY_NAME_BYTES_MAX)), &[1; 32]).verifier().to_string();
    assert_eq!(longest.len(), VERIFIER_KEY_BYTES_MAX);
    longest.parse::<VerifierKey>().unwrap();
    refuse_key(&format!("{longest}="), KeyError::TooLong { found: 310, max: 309 });
}

#[test]
fn only_the_canonical_spelling_of_a_key_is_a_key() {
    let key: VerifierKey = EXAMPLE.parse().unwrap();
    assert_eq!((key.to_string().as_str(), key.id().to_string().as_str()), (EXAMPLE, "530d903a"));
    refuse_key("", KeyError::Form);
    refuse_key("example.com/foo+530d903a", KeyError::Form);
    refuse_key(&EXAMPLE.replace("530d", "530D"), KeyError::Id { computed: key.id() });
    refuse_key(&EXAMPLE.replace("530d903a", "0530d903a"), KeyError::Id { computed: key.id() });
    refuse_key(&EXAMPLE.replace("530d903a", "530d903b"), KeyError::Id { computed: key.id() });
    refuse_key(&format!("{EXAMPLE}\n"), KeyError::Form);
    refuse_key(&format!("{EXAMPLE}="), KeyError::Form);
    refuse_key(&EXAMPLE.replace("+Aeky", "+AqIy"), KeyError::Type { byte: 2 });
    refuse_key("a+00000000+", KeyError::Form);
    refuse_key(&format!("a+00000000+{}", BASE64.encode([1; 32])), KeyError::Length { found: 31 });
    refuse_key(&format!("a+00000000+{}", BASE64.encode([1; 34])), KeyError::Length { found: 33 });
}

#[test]
fn weak_and_non_canonical_points_are_no_keys() {
    let check = |hex: &str, expected: KeyError| {
        let bytes: [u8; 32] = hex::decode(hex).unwrap().try_into().unwrap();
        assert_eq!(VerifierKey::new(name("a"), KeyType::Ed25519, &bytes), Err(expected), "{hex}");
    };
    // Orders 1, 2, 4 and 8.
    check("0100000000000000000000000000000000000000000000000000000000000000", KeyError::Weak);
    check("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::Weak);
    check("0000000000000000000000000000000000000000000000000000000000000000", KeyError::Weak);
    check("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", KeyError::Weak);
    // y = p + 1, x = -0, and y = p + 3: the last is a point of large order in a spelling RFC 8032 refuses.
    check("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::Point);
    check("0100000000000000000000000000000000000000000000000000000000000080", KeyError::Point);
    check("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::Point);
    // y = 2 is on no point of the curve.
    check("0200000000000000000000000000000000000000000000000000000000000000", KeyError::Point);
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
    assert_eq!(SigningKey::from_pkcs8_pem(name("a"), &damaged).unwrap_err(), KeyError::Pkcs8);
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
