//! Holds notes against signed-note: one spelling of each, and none trusted without a known key.

use proptest::prelude::*;

use super::*;

const LINE: &str = "— a AQIDBAU=\n";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name.parse().unwrap(), &[seed; 32])
}

fn accept(bytes: &str, text: &str) {
    let note = Note::parse(bytes.as_bytes()).unwrap();
    assert_eq!((note.text(), note.encode().as_slice()), (text, bytes.as_bytes()));
}

fn refuse(bytes: impl AsRef<[u8]>, expected: NoteError) {
    let bytes = bytes.as_ref();
    assert_eq!(Note::parse(bytes), Err(expected), "{}", String::from_utf8_lossy(bytes));
}

#[test]
fn the_last_empty_line_parts_text_and_signatures() {
    accept(&format!("t\n\n{LINE}"), "t\n");
    accept(&format!("\n\n{LINE}"), "\n");
    accept(&format!("t\n\n\n{LINE}{LINE}"), "t\n\n");
    accept(&format!("t\n\n{LINE}\n{LINE}"), &format!("t\n\n{LINE}"));
    refuse("", NoteError::EmptyLine);
    refuse("t\n", NoteError::EmptyLine);
    refuse(format!("t\n{LINE}"), NoteError::EmptyLine);
    refuse(format!("\n{LINE}"), NoteError::EmptyLine);
    refuse("t\n\n", NoteError::LastNewline);
    refuse(format!("t\n\n{}", LINE.trim_end()), NoteError::LastNewline);
    refuse(format!("t\n\n{LINE}\n"), NoteError::LastNewline);
}

#[test]
fn a_note_is_utf8_without_control_characters() {
    refuse(b"t\xff\n\n", NoteError::Utf8 { position: 1 });
    refuse(format!("t\r\n\n{LINE}"), NoteError::Control { position: 1 });
    refuse(format!("t\n\n— a\tb AQIDBAU=\n{LINE}"), NoteError::Control { position: 8 });
    refuse(format!("\0\n\n{LINE}"), NoteError::Control { position: 0 });
    accept(&format!("\u{7f}\u{85}\n\n{LINE}"), "\u{7f}\u{85}\n");
}

#[test]
fn a_signature_line_is_canonical() {
    let check = |line: &str| refuse(format!("t\n\n{LINE}{line}\n"), NoteError::Signature { line: 4 });
    check("a AQIDBAU=");
    check("- a AQIDBAU=");
    check("—a AQIDBAU=");
    check("—  AQIDBAU=");
    check("— a");
    check("— a ");
    check("— a  AQIDBAU=");
    check("— a AQIDBAU= ");
    check("— a AQIDBAU"); // no padding
    check("— a AQIDBAV="); // trailing bits
    check("— a AQID_AU=");
    check("— a AQIDBA=="); // a key id without a signature
    check("— a AQID");
    check("— a+b AQIDBAU=");
    check("— a\u{a0}b AQIDBAU=");
    check(&format!("— {} AQIDBAU=", "n".repeat(256)));
}

#[test]
fn a_note_has_at_most_100_signatures_and_a_mebibyte() {
    accept(&format!("t\n\n{}", LINE.repeat(NOTE_SIGNATURES_MAX)), "t\n");
    refuse(format!("t\n\n{}", LINE.repeat(101)), NoteError::SignatureCount { found: 101 });
    let longest = "x".repeat(NOTE_BYTES_MAX - LINE.len() - 2) + "\n";
    accept(&format!("{longest}\n{LINE}"), &longest);
    refuse(format!("x{longest}\n{LINE}"), NoteError::TooLong { found: NOTE_BYTES_MAX + 1 });
    let note = Note::parse(format!("{longest}\n{LINE}").as_bytes()).unwrap();
    let new = |text: String, count| Note::new(text, vec![note.signatures()[0].clone(); count]);
    assert_eq!(new(format!("x{longest}"), 1), Err(NoteError::TooLong { found: NOTE_BYTES_MAX + 1 }));
    assert_eq!(new("t\n".into(), 101), Err(NoteError::SignatureCount { found: 101 }));
    assert_eq!(new("t\n".into(), 0), Err(NoteError::Unsigned));
}

#[test]
fn only_the_text_of_a_note_is_signed() {
    let key = key("a", 1);
    assert_eq!(Note::sign("t", &[&key]), Err(NoteError::LastNewline));
    assert_eq!(Note::sign("", &[&key]), Err(NoteError::LastNewline));
    assert_eq!(Note::sign("t\r\n", &[&key]), Err(NoteError::Control { position: 1 }));
    assert_eq!(Note::sign("t\n", &[]), Err(NoteError::Unsigned));
}

#[test]
fn unknown_keys_are_ignored_and_known_ones_must_verify() {
    let (a, b, stranger) = (key("a", 1), key("b", 2), key("a", 3));
    let known = [a.verifier().clone(), b.verifier().clone(), a.verifier().clone()];
    let signers = |note: &Note| note.verify(&known).map(|keys| keys.iter().map(|key| key.id()).collect::<Vec<_>>());
    let (a_id, b_id) = (a.verifier().id(), b.verifier().id());

    let note = Note::sign("t\n", &[&stranger, &b, &a, &b]).unwrap();
    assert_eq!(signers(&note), Ok(vec![b_id, a_id]), "each once, in the order of the lines");
    assert_eq!(signers(&Note::sign("t\n", &[&stranger]).unwrap()), Err(NoteError::NoKnownKey));
    assert_eq!(note.verify(&[]), Err(NoteError::NoKnownKey));

    let bad = |key: &SigningKey| key.sign_note("other\n");
    let invalid = |key: &SigningKey| Err(NoteError::Invalid { name: key.name().clone(), id: key.verifier().id() });
    let with = |signatures: Vec<NoteSignature>| signers(&Note::new("t\n".into(), signatures).unwrap());
    assert_eq!(with(vec![a.sign_note("t\n"), bad(&stranger)]), Ok(vec![a_id]));
    assert_eq!(with(vec![a.sign_note("t\n"), bad(&b)]), invalid(&b));
    assert_eq!(with(vec![a.sign_note("t\n"), bad(&a)]), invalid(&a), "also when the key signed well before");
    let namesake = NoteSignature::from_parts("c".parse().unwrap(), a_id, vec![0; 64]);
    assert_eq!(with(vec![a.sign_note("t\n"), namesake]), Ok(vec![a_id]), "the id alone makes no known key");
    let short = NoteSignature::from_parts(a.name().clone(), a_id, vec![0; 63]);
    assert_eq!(with(vec![short]), invalid(&a));
}

/// Key ids are short: these two seeds were found among 84,707.
#[test]
fn two_keys_of_one_name_and_id_are_refused() {
    let key = |number: u64| {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        SigningKey::from_seed("a".parse().unwrap(), &seed)
    };
    let (one, other) = (key(18_329), key(84_706));
    let keys = [one.verifier().clone(), other.verifier().clone()];
    let note = Note::sign("t\n", &[&one]).unwrap();
    assert_eq!(note.verify(&keys[..1]), Ok(vec![&keys[0]]));
    let (name, id) = (one.name().clone(), one.verifier().id());
    assert_eq!(note.verify(&keys), Err(NoteError::Ambiguous { name: name.clone(), id }));
    assert_eq!(note.verify(&keys[1..]), Err(NoteError::Invalid { name, id }));
}

#[test]
fn the_length_of_a_note_is_known_before_it_is_signed() {
    for name in ["a", "ledger.example/events", "é"] {
        let key = key(name, 1);
        let text = "text\n";
        let note = Note::sign(text, &[&key, &key]).unwrap();
        assert_eq!(note.encode().len(), text.len() + 1 + 2 * signature_line_len(key.name()));
    }
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_canonical(bytes in "[\\PC\n]{0,40}\n\n(— [a-c ]{1,3} ?[A-Z=/+]{4,12}\n){0,3}") {
        if let Ok(note) = Note::parse(bytes.as_bytes()) {
            prop_assert_eq!(note.encode(), bytes.as_bytes());
        }
    }

    #[test]
    fn parsing_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Note::parse(&bytes);
    }

    #[test]
    fn a_signed_note_survives_the_wire_and_no_change_of_a_byte(
        text in "\\PC{0,40}\n",
        at: prop::sample::Index,
        to: u8,
    ) {
        let key = key("a", 1);
        let keys = [key.verifier().clone()];
        let note = Note::sign(&text, &[&key]).unwrap();
        let mut bytes = note.encode();
        prop_assert_eq!(Note::parse(&bytes), Ok(note));
        let at = at.index(bytes.len());
        let changed = bytes[at] != to;
        bytes[at] = to;
        prop_assert_eq!(Note::parse(&bytes).and_then(|note| note.verify(&keys).map(|_| ())).is_err(), changed);
    }
}
