//! Proofs that an entry is in the log, as a file: C2SP [tlog-proof](https://c2sp.org/tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra ZXh0cmE=
//! index 1
//! pAKw429aroVFc2D88AolRbh91H8xBVPnsNMtbQrEQA0=
//! 0+CmKo96klbIvrcVr97YPkMm0sRzedJZsXCahArS8R0=
//!
//! ledger.example/tenant-1
//! 3
//! PbZ2Ze6owm3jQWaMHTGZ9h3kt4CoKFaaiYzkjCjZMfM=
//!
//! — ledger.example/tenant-1 njFuxIIzu3tYP/XJ4s7Zuwhv6RS7MTTpEKXBM7p1xH76UtVaaVQMPkGZsMJeKlpBVQpldXSzNmusxXhOaMuMMLyUPAs=
//! ```
//!
//! The line `extra` may be missing; it is not authenticated. The hashes begin with the sibling of the leaf. After an
//! empty line follows the checkpoint, with the signatures of the log and of witnesses.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::checkpoint::{Checkpoint, CheckpointError, parse_decimal};
use super::key::VerifierKey;
use super::merkle::{Hash, MerkleError, TREE_SIZE_MAX, leaf_hash, verify_inclusion};
use super::note::{NOTE_BYTES_MAX, Note, NoteError};

/// Limits the number of hashes: no tree of at most [`TREE_SIZE_MAX`] leaves is higher.
pub const PROOF_HASHES_MAX: usize = TREE_SIZE_MAX.ilog2() as usize + 1;

/// Limits the extra data: as much as an entry.
pub const EXTRA_BYTES_MAX: usize = 65_535;

/// Limits the length of a proof: the checkpoint and all that may stand before it.
pub const PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX
    + HEADER.len()
    + EXTRA_PREFIX.len()
    + EXTRA_BYTES_MAX.div_ceil(3) * 4
    + INDEX_PREFIX.len()
    + INDEX_DIGITS_MAX
    + PROOF_HASHES_MAX * (HASH_CHARACTERS + 1)
    + 4; // the newlines after header, extra and index, and the empty line

const HEADER: &str = "c2sp.org/tlog-proof@v1";
const EXTRA_PREFIX: &str = "extra ";
const INDEX_PREFIX: &str = "index ";
const INDEX_DIGITS_MAX: usize = 16;
const HASH_CHARACTERS: usize = 44;

/// An inclusion proof together with the checkpoint it leads to. It proves nothing until it is verified.
///
/// `Display` writes the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// Data for the application, which is not authenticated. No data and empty data are different files.
    pub extra: Option<Vec<u8>>,
    /// The index of the leaf, from 0.
    pub index: u64,
    /// The inclusion proof, beginning with the sibling of the leaf (RFC 6962, section 2.1.1).
    pub hashes: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

impl TlogProof {
    /// Reads a proof, in canonical form only. The signed note is checked in form, not read as a checkpoint yet.
    ///
    /// Errors: [`ProofError`], with the line where reading stopped.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.len() > PROOF_BYTES_MAX {
            return Err(ProofError::TooLong { found: bytes.len() });
        }
        let text = str::from_utf8(bytes).map_err(|error| ProofError::Utf8 { position: error.valid_up_to() })?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ProofError::EmptyLine)?;
        let mut lines = (1..).zip(head.split('\n')).peekable();
        lines.next_if(|&(_, line)| line == HEADER).ok_or(ProofError::Header)?;
        let extra = match lines.next_if(|(_, line)| line.starts_with(EXTRA_PREFIX)) {
            Some((line, text)) => Some(parse_extra(text).ok_or(ProofError::Extra { line })?),
            None => None,
        };
        let (line, index) = lines.next().ok_or(ProofError::Missing)?;
        let index = parse_index(index).ok_or(ProofError::Index { line })?;
        let mut hashes = Vec::new();
        for (line, hash) in lines {
            if hashes.len() == PROOF_HASHES_MAX {
                return Err(ProofError::HashCount { line });
            }
            hashes.push(Hash::from_base64(hash).map_err(|_| ProofError::Hash { line })?);
        }
        Ok(Self { extra, index, hashes, checkpoint: Note::parse(checkpoint.as_bytes())? })
    }

    /// Writes the proof.
    pub fn encode(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    /// Verifies that the log of `key` has `leaf_data` at [`index`](Self::index), and returns the checkpoint that says
    /// so.
    ///
    /// `leaf_data` is the whole entry, not its hash. Cosignatures are the business of the caller: see
    /// [`cosignatures`](super::checkpoint::cosignatures).
    ///
    /// Errors: [`ProofError::Checkpoint`], [`ProofError::Merkle`].
    pub fn verify(&self, leaf_data: &[u8], key: &VerifierKey) -> Result<Checkpoint, ProofError> {
        let checkpoint = Checkpoint::open_note(&self.checkpoint, key)?;
        verify_inclusion(self.index, checkpoint.size(), &leaf_hash(leaf_data), &self.hashes, &checkpoint.root())?;
        Ok(checkpoint)
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "{EXTRA_PREFIX}{}", BASE64.encode(extra))?;
        }
        writeln!(f, "{INDEX_PREFIX}{}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

fn parse_extra(line: &str) -> Option<Vec<u8>> {
    let extra = BASE64.decode(line.strip_prefix(EXTRA_PREFIX)?).ok()?;
    (extra.len() <= EXTRA_BYTES_MAX).then_some(extra)
}

fn parse_index(line: &str) -> Option<u64> {
    parse_decimal(line.strip_prefix(INDEX_PREFIX)?).filter(|&index| index < TREE_SIZE_MAX)
}

/// Says why something is not a proof, or does not prove.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The proof is too long.
    #[error("the proof has {found} bytes, at most {PROOF_BYTES_MAX} are allowed")]
    TooLong {
        /// The length in bytes.
        found: usize,
    },
    /// The proof is not UTF-8.
    #[error("the proof is not UTF-8 from byte {position} on")]
    Utf8 {
        /// The byte offset.
        position: usize,
    },
    /// There is no empty line before a checkpoint.
    #[error("the proof has no empty line before the checkpoint")]
    EmptyLine,
    /// The first line is another.
    #[error("line 1 of the proof is not {HEADER:?}")]
    Header,
    /// The line of extra data is malformed or too long.
    #[error("line {line} of the proof is not extra data of at most {EXTRA_BYTES_MAX} bytes")]
    Extra {
        /// The line, counted from 1.
        line: usize,
    },
    /// There is no index.
    #[error("the proof has no index")]
    Missing,
    /// The line of the index is malformed, or no tree is that large.
    #[error("line {line} of the proof is not an index below {TREE_SIZE_MAX}")]
    Index {
        /// The line, counted from 1.
        line: usize,
    },
    /// A line is not a hash in base64.
    #[error("line {line} of the proof is not a hash")]
    Hash {
        /// The line, counted from 1.
        line: usize,
    },
    /// There are more hashes than any tree is high.
    #[error("line {line} of the proof is one hash more than {PROOF_HASHES_MAX}")]
    HashCount {
        /// The line, counted from 1.
        line: usize,
    },
    /// What stands after the empty line is not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signed note is not a checkpoint of the log.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not prove that the leaf is in the tree.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::key::SigningKey;
    use super::super::merkle::{empty_root, node_hash};
    use super::*;

    const NOTE: &str = "t\n\n— a AQIDBAU=\n";

    fn hash_line() -> String {
        empty_root().to_base64() + "\n"
    }

    fn accept(head: &str) -> TlogProof {
        let bytes = format!("{head}\n{NOTE}").into_bytes();
        let proof = TlogProof::parse(&bytes).unwrap();
        assert_eq!(proof.encode(), bytes);
        proof
    }

    fn refuse(head: &str, expected: ProofError) {
        assert_eq!(TlogProof::parse(format!("{head}\n{NOTE}").as_bytes()), Err(expected), "{head:?}");
    }

    #[test]
    fn a_proof_is_header_extra_index_hashes_and_note() {
        let hash = hash_line();
        assert_eq!(accept("c2sp.org/tlog-proof@v1\nindex 0\n").extra, None);
        assert_eq!(accept("c2sp.org/tlog-proof@v1\nextra \nindex 0\n").extra, Some(vec![]));
        assert_eq!(accept(&format!("{HEADER}\nextra AAE=\nindex 7\n{hash}{hash}")).hashes.len(), 2);
        refuse("c2sp.org/tlog-proof@v2\nindex 0\n", ProofError::Header);
        refuse("\nindex 0\n", ProofError::Header);
        refuse("c2sp.org/tlog-proof@v1\n", ProofError::Missing);
        refuse("c2sp.org/tlog-proof@v1\r\nindex 0\n", ProofError::Header);
        for index in ["index", "index ", "index 00", "index +1", "index 1 ", "Index 1", "index -1", "1"] {
            refuse(&format!("{HEADER}\n{index}\n"), ProofError::Index { line: 2 });
        }
        refuse(&format!("{HEADER}\nextra AAE\nindex 0\n"), ProofError::Extra { line: 2 });
        refuse(&format!("{HEADER}\nextra AAF=\nindex 0\n"), ProofError::Extra { line: 2 });
        refuse(&format!("{HEADER}\nextra AA==\nextra AA==\nindex 0\n"), ProofError::Index { line: 3 });
        refuse(&format!("{HEADER}\nindex 0\nextra AA==\n"), ProofError::Hash { line: 3 });
        refuse(&format!("{HEADER}\nindex 0\n{hash}AAAA\n"), ProofError::Hash { line: 4 });
    }

    #[test]
    fn after_the_empty_line_stands_a_note() {
        let refuse = |bytes: &[u8], expected| assert_eq!(TlogProof::parse(bytes), Err(expected));
        refuse(b"", ProofError::EmptyLine);
        refuse(format!("{HEADER}\nindex 0\n{NOTE}").as_bytes(), ProofError::Hash { line: 3 });
        refuse(format!("{HEADER}\nindex 0\n\nt\n").as_bytes(), NoteError::EmptyLine.into());
        refuse(format!("{HEADER}\nindex 0\n\n{NOTE}\n").as_bytes(), NoteError::LastNewline.into());
        refuse(b"c2sp\xff", ProofError::Utf8 { position: 4 });
    }

    #[test]
    fn every_part_of_a_proof_has_a_limit() {
        let hash = hash_line();
        accept(&format!("{HEADER}\nindex 0\n{}", hash.repeat(PROOF_HASHES_MAX)));
        refuse(&format!("{HEADER}\nindex 0\n{}", hash.repeat(54)), ProofError::HashCount { line: 56 });
        accept(&format!("{HEADER}\nindex 9007199254740990\n"));
        refuse(&format!("{HEADER}\nindex 9007199254740991\n"), ProofError::Index { line: 2 });
        let extra = |bytes| BASE64.encode(vec![0; bytes]);
        accept(&format!("{HEADER}\nextra {}\nindex 0\n", extra(EXTRA_BYTES_MAX)));
        refuse(&format!("{HEADER}\nextra {}\nindex 0\n", extra(EXTRA_BYTES_MAX + 1)), ProofError::Extra { line: 2 });
    }

    #[test]
    fn the_longest_proof_has_the_length_of_the_limit() {
        let head = format!("{HEADER}\nextra {}\nindex 9007199254740990\n", BASE64.encode(vec![0; EXTRA_BYTES_MAX]));
        let head = head + &hash_line().repeat(PROOF_HASHES_MAX);
        let longest = format!("{head}\n{}{NOTE}", "x".repeat(NOTE_BYTES_MAX - NOTE.len())).into_bytes();
        assert_eq!(longest.len(), PROOF_BYTES_MAX);
        assert_eq!(TlogProof::parse(&longest).unwrap().encode(), longest);
        let longer = [longest.as_slice(), b"\n"].concat();
        assert_eq!(TlogProof::parse(&longer), Err(ProofError::TooLong { found: PROOF_BYTES_MAX + 1 }));
    }

    #[test]
    fn a_proof_is_of_one_leaf_at_one_place_in_one_log() {
        let key = SigningKey::from_seed("o".parse().unwrap(), &[1; 32]);
        let stranger = SigningKey::from_seed("o".parse().unwrap(), &[2; 32]);
        let hashes = [leaf_hash(b"left"), leaf_hash(b"right")];
        let checkpoint = Checkpoint::new("o", 2, node_hash(&hashes[0], &hashes[1])).unwrap();
        let note = checkpoint.sign(&key).unwrap();
        let proof = |index, sibling| TlogProof { extra: None, index, hashes: vec![sibling], checkpoint: note.clone() };
        let good = proof(1, hashes[0]);
        assert_eq!(good.verify(b"right", key.verifier()), Ok(checkpoint));
        assert!(matches!(good.verify(b"left", key.verifier()), Err(ProofError::Merkle(_))));
        assert!(matches!(proof(0, hashes[0]).verify(b"right", key.verifier()), Err(ProofError::Merkle(_))));
        assert!(matches!(proof(2, hashes[0]).verify(b"right", key.verifier()), Err(ProofError::Merkle(_))));
        assert!(matches!(proof(1, hashes[1]).verify(b"right", key.verifier()), Err(ProofError::Merkle(_))));
        assert!(matches!(good.verify(b"right", stranger.verifier()), Err(ProofError::Checkpoint(_))));
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_canonical(
            head in "(extra [AQgw]{0,4}={0,2}\n)?index [0-9]{1,3}\n",
            hashes in 0..3_usize,
        ) {
            let bytes = format!("{HEADER}\n{head}{}\n{NOTE}", hash_line().repeat(hashes)).into_bytes();
            if let Ok(proof) = TlogProof::parse(&bytes) {
                prop_assert_eq!(proof.encode(), bytes);
            }
        }

        #[test]
        fn parsing_never_panics(tail in proptest::collection::vec(any::<u8>(), 0..100), with_header: bool) {
            let head = if with_header { HEADER.as_bytes() } else { b"" };
            let _ = TlogProof::parse(&[head, &tail].concat());
        }
    }
}
