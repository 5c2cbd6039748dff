//! Holds checkpoints and cosignatures against tlog-checkpoint and tlog-cosignature.

use proptest::prelude::*;

use super::*;

const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
const EMPTY_ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name.parse().unwrap(), &[seed; 32])
}

fn checkpoint(origin: &str) -> Checkpoint {
    Checkpoint::new(origin, 7, Hash::from_base64(ROOT).unwrap()).unwrap()
}

fn accept(text: &str, extensions: usize) {
    let checkpoint = Checkpoint::parse_text(text).unwrap();
    assert_eq!((checkpoint.text().as_str(), checkpoint.extensions().len()), (text, extensions));
}

fn refuse(text: &str, expected: CheckpointError) {
    assert_eq!(Checkpoint::parse_text(text), Err(expected), "{text:?}");
}

#[test]
fn a_checkpoint_is_origin_size_and_root() {
    accept(&format!("o\n7\n{ROOT}\n"), 0);
    accept(&format!("go.sum database tree\n7\n{ROOT}\n"), 0);
    accept(&format!("o\n7\n{ROOT}\nx\ny z\n"), 2);
    refuse("", NoteError::LastNewline.into());
    refuse(&format!("o\n7\n{ROOT}"), NoteError::LastNewline.into());
    refuse(&format!("o\r\n7\n{ROOT}\n"), NoteError::Control { position: 1 }.into());
    refuse("o\n7\n", CheckpointError::Lines);
    refuse(&format!("\n7\n{ROOT}\n"), CheckpointError::Origin);
    refuse(&format!("o\n7\n{ROOT}\n\n"), CheckpointError::Extension { line: 4 });
    refuse(&format!("o\n7\n{ROOT}\nx\n\n"), CheckpointError::Extension { line: 5 });
    refuse(&format!("o\n7\n{}\n", &ROOT[4..]), CheckpointError::Root(MerkleError::HashText));
    refuse(&format!("o\n7\n{}\n", ROOT.replace("2I=", "2J=")), CheckpointError::Root(MerkleError::HashText));
}

#[test]
fn a_size_is_canonical_and_at_most_two_to_the_53_less_one() {
    accept(&format!("o\n9007199254740991\n{ROOT}\n"), 0);
    for size in ["", "9007199254740992", "07", "+7", "-7", " 7", "7 ", "7.0", "0x7", "٧", "99999999999999999999"] {
        refuse(&format!("o\n{size}\n{ROOT}\n"), CheckpointError::Size);
    }
}

#[test]
fn the_empty_tree_has_the_known_root() {
    accept(&format!("o\n0\n{EMPTY_ROOT}\n"), 0);
    refuse(&format!("o\n00\n{EMPTY_ROOT}\n"), CheckpointError::Size);
    refuse(&format!("o\n0\n{ROOT}\n"), CheckpointError::EmptyRoot);
}

#[test]
fn a_made_checkpoint_obeys_the_rules_of_a_read_one() {
    let new = |origin: &str, size, root| Checkpoint::new(origin, size, root).map(|_| ());
    let root = Hash::from_base64(ROOT).unwrap();
    assert_eq!(new("o", TREE_SIZE_MAX, root), Ok(()));
    assert_eq!(new("o", TREE_SIZE_MAX + 1, root), Err(CheckpointError::Size));
    assert_eq!(new("o", 0, root), Err(CheckpointError::EmptyRoot));
    assert_eq!(new("", 7, root), Err(CheckpointError::Origin));
    assert_eq!(new("o\np", 7, root), Err(CheckpointError::Origin));
    assert_eq!(new(&format!("o\n9\n{ROOT}"), 7, root), Err(CheckpointError::Origin));
    assert_eq!(new("o\t", 7, root), Err(CheckpointError::Origin));
}

#[test]
fn a_log_signs_under_its_origin_and_without_extensions() {
    let log = key("o", 1);
    let note = checkpoint("o").sign(&log).unwrap();
    assert_eq!(Checkpoint::open(&note.encode(), log.verifier()), Ok((checkpoint("o"), note)));
    let foreign = CheckpointError::ForeignKey { origin: "o".into(), name: "p".into() };
    assert_eq!(checkpoint("o").sign(&key("p", 1)), Err(foreign));
    let extended = Checkpoint::parse_text(&format!("o\n7\n{ROOT}\nx\n")).unwrap();
    assert_eq!(extended.sign(&log), Err(CheckpointError::Extension { line: 4 }));
}

#[test]
fn a_checkpoint_opens_only_with_the_key_of_its_origin() {
    let (log, other) = (key("o", 1), key("p", 2));
    let open = |note: &Note, key: &VerifierKey| Checkpoint::open(&note.encode(), key).map(|_| ());
    let note = checkpoint("o").sign(&log).unwrap();
    assert_eq!(open(&note, other.verifier()), Err(NoteError::NoKnownKey.into()));
    assert_eq!(open(&note, Cosigner::new(key("o", 1)).verifier()), Err(CheckpointError::KeyType));
    let renamed = Note::sign(&checkpoint("o").text(), &[&other]).unwrap();
    let foreign = CheckpointError::ForeignKey { origin: "o".into(), name: "p".into() };
    assert_eq!(open(&renamed, other.verifier()), Err(foreign));
    let no_checkpoint = Note::sign("o\n", &[&log]).unwrap();
    assert_eq!(open(&no_checkpoint, log.verifier()), Err(CheckpointError::Lines));
}

#[test]
fn a_cosignature_states_a_time_and_must_verify() {
    let (log, witness, stranger) = (key("o", 1), Cosigner::new(key("w", 2)), Cosigner::new(key("w", 3)));
    let text = checkpoint("o").text();
    let cosign = |by: &Cosigner, time| by.cosign(&checkpoint("o"), time).unwrap();
    let times = |signatures: Vec<NoteSignature>| {
        let note = Note::new(text.clone(), [vec![log.sign_note(&text)], signatures].concat()).unwrap();
        let known = [witness.verifier().clone()];
        cosignatures(&note, &known).map(|found| found.iter().map(|one| one.time).collect::<Vec<_>>())
    };
    let invalid = NoteError::Invalid { name: "w".parse().unwrap(), id: witness.verifier().id() };
    assert_eq!(times(vec![]), Ok(vec![]));
    assert_eq!(times(vec![cosign(&stranger, 9)]), Ok(vec![]));
    assert_eq!(times(vec![cosign(&witness, 9)]), Ok(vec![9]));
    assert_eq!(times(vec![cosign(&witness, 9), cosign(&witness, 8)]), Ok(vec![9]), "the latest");
    let altered = |change: fn(&mut Vec<u8>)| {
        let mut blob = cosign(&witness, 9).signature().to_vec();
        change(&mut blob);
        NoteSignature::from_parts("w".parse().unwrap(), witness.verifier().id(), blob)
    };
    let refuse = |change| {
        assert_eq!(times(vec![altered(change)]), Err(invalid.clone().into()));
        assert_eq!(times(vec![cosign(&witness, 9), altered(change)]), Err(invalid.clone().into()));
    };
    refuse(|blob| blob[7] ^= 1);
    refuse(|blob| blob[8] ^= 1);
    refuse(|blob| blob.push(0));
    refuse(|blob| blob.truncate(7));
}

#[test]
fn the_time_of_a_cosignature_is_at_most_two_to_the_63_less_one() {
    let witness = Cosigner::new(key("w", 2));
    let last = witness.cosign(&checkpoint("o"), COSIGNATURE_TIME_MAX).unwrap();
    assert!(last.verifies(&checkpoint("o").text(), witness.verifier()));
    let late = COSIGNATURE_TIME_MAX + 1;
    assert_eq!(witness.cosign(&checkpoint("o"), late), Err(CheckpointError::Time { time: late }));
    // Signed by a witness that does not know the limit.
    let signature = witness.key.sign(cosigned_message(&checkpoint("o").text(), late).as_bytes());
    let blob = [late.to_be_bytes().as_slice(), signature.as_slice()].concat();
    let line = NoteSignature::from_parts("w".parse().unwrap(), witness.verifier().id(), blob);
    assert!(!line.verifies(&checkpoint("o").text(), witness.verifier()));
}

#[test]
fn a_note_verifies_under_the_keys_of_log_and_witness_alike() {
    let (log, witness) = (key("o", 1), Cosigner::new(key("w", 2)));
    let cosignature = witness.cosign(&checkpoint("o"), 9).unwrap();
    let both = [witness.verifier().clone(), log.verifier().clone()];
    let signers = |text: &str| {
        let note = Note::new(text.to_owned(), vec![log.sign_note(text), cosignature.clone()]).unwrap();
        note.verify(&both).map(|keys| keys.into_iter().cloned().collect::<Vec<_>>())
    };
    assert_eq!(signers(&checkpoint("o").text()), Ok(vec![log.verifier().clone(), witness.verifier().clone()]));
    let invalid = NoteError::Invalid { name: "w".parse().unwrap(), id: witness.verifier().id() };
    assert_eq!(signers(&checkpoint("p").text()), Err(invalid));
}

#[test]
fn the_keys_of_logs_and_witnesses_do_not_stand_in_for_each_other() {
    let log = key("o", 1);
    let note = checkpoint("o").sign(&log).unwrap();
    assert_eq!(cosignatures(&note, &[log.verifier().clone()]), Err(CheckpointError::KeyType));
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_canonical(
        text in "[a\n]{0,2}\n?[0-9+]{1,3}\n[A-Za-z0-9+/]{42}[AEIM]=\n([x\n]{0,4}\n)?",
    ) {
        if let Ok(checkpoint) = Checkpoint::parse_text(&text) {
            prop_assert_eq!(checkpoint.text(), text);
        }
    }

    #[test]
    fn parsing_never_panics(text in "\\PC*|[0-9\n]*") {
        let _ = Checkpoint::parse_text(&text);
    }
}
