//! Keeps the worked example of `schema/FORMAT.md` true: every fenced block with a name is rebuilt here, byte for byte.
//!
//! `UPDATE_FORMAT=1` writes the blocks instead of comparing them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use griffie::family::consent::{AgeBand, ConsentEvent, Decision, Expression, Granted, ItemDecision, Method};
use griffie::family::consent_text::{Channel, ConsentTextEvent, Published, TextItem};
use griffie::family::kit::Event;
use griffie::family::ledger::{ClockKind, Founded, LedgerEvent, OPERATOR};
use griffie::family::value::{Document, Evidence, LangText};
use griffie::ledger::checkpoint::Checkpoint;
use griffie::ledger::entry::{Actor, Entry, Format, Provenance, TextHash};
use griffie::ledger::erasable::{Disclosure, Erasable, SALT_BYTES, seal};
use griffie::ledger::key::SigningKey;
use griffie::ledger::merkle::{Frontier, Hash, leaf_hash, node_hash};
use griffie::ledger::note::Note;
use griffie::ledger::proof::TlogProof;
use griffie::ledger::tile::TileId;
use griffie::ledger::verify::{Columns, Row, Trust, VaultValue, Verifier};

/// The environment variable by which the blocks are written.
const UPDATE: &str = "UPDATE_FORMAT";
const ORIGIN: &str = "ledger.example/tenant-1";
const LEDGER: &str = "ledger/0190b6a2-7c1e-7000-8000-000000000001";
const TEXT: &str = "consentText/0190b6a2-7c1e-7000-8000-000000000002";
const CONSENT: &str = "consent/0190b6a2-7c1e-7000-8000-000000000003";

#[test]
fn the_blocks_of_the_document_are_what_the_code_makes() {
    let path = document_path();
    let mut document = fs::read_to_string(&path).unwrap();
    let rebuilt = Ledger::example().blocks();
    let update = env::var_os(UPDATE).is_some_and(|value| value == "1");
    for (name, content) in &rebuilt {
        let found = block(&document, name).to_owned();
        if update {
            let (old, new) = (format!("```text {name}\n{found}```\n"), format!("```text {name}\n{content}```\n"));
            document = document.replacen(&old, &new, 1);
        } else {
            assert_eq!(found, *content, "block {name}: if the change is meant, run the tests with {UPDATE}=1");
        }
    }
    for name in document.lines().filter_map(|line| line.strip_prefix("```text ")) {
        assert!(rebuilt.iter().any(|(known, _)| known == name), "nothing makes the block {name}");
    }
    if update {
        fs::write(path, document).unwrap();
    }
}

#[test]
fn the_worked_ledger_verifies_with_keys_from_outside() {
    let ledger = Ledger::example();
    let keys = [&ledger.event, &ledger.checkpoint, &ledger.recovery].map(|key| key.verifier().clone());
    let mut verifier = Verifier::new(Trust { keys: keys.to_vec(), checkpoint: Some(ledger.head()) });
    let rows = (0..).zip(&ledger.bodies).map(|(sequence, body)| Row {
        sequence,
        body: body.clone(),
        columns: Some(Columns::of(&Entry::parse(body).unwrap().entry)),
        leaf: Some(leaf_hash(body)),
    });
    verifier.rows(&rows.collect::<Vec<_>>(), 1);
    verifier.checkpoint(3, ledger.signed_head().to_string().as_bytes());
    let vault = (0..).zip(&ledger.disclosures).flat_map(|(sequence, of_entry)| {
        let stream = ledger.entry(sequence).stream;
        of_entry.iter().map(move |disclosure| {
            Ok(VaultValue { digest: disclosure.digest(), sequence, stream: stream.clone(), erased_by: None })
        })
    });
    verifier.vault(vault.collect::<Vec<_>>());
    let report = verifier.finish(None);
    assert!(report.ok, "{report:?}");
    assert_eq!((report.size, report.complete_up_to, report.keys_trusted), (3, 3, true));
}

/// Reads the document alone, with SHA-256, base64, Ed25519 and a JSON parser.
#[test]
fn an_outsider_can_check_the_example_without_our_code() {
    let document = fs::read_to_string(document_path()).unwrap();
    let entries = ["entry-0", "entry-1", "entry-2"].map(|name| block(&document, name));
    let texts = entries.map(|entry| entry.split_inclusive('\n').next().unwrap());
    let members = texts.map(|text| serde_json::from_str::<Value>(text).unwrap());
    let founded = &members[0]["data"];
    let mut previous = STANDARD.encode(Sha256::digest(""));
    for ((entry, text), members) in entries.iter().zip(texts).zip(&members) {
        assert_eq!(members["previous"], previous);
        previous = STANDARD.encode(Sha256::digest(text));
        assert_signed(entry, founded["eventKey"].as_str().unwrap());
    }
    for name in ["disclosures-1", "disclosures-2"] {
        for disclosure in values(block(&document, name), "disclosure") {
            let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(disclosure));
            assert!(texts.iter().any(|text| text.contains(&format!("{{\"...\":\"{digest}\"}}"))));
        }
    }
    let hash = |parts: &[&[u8]]| Sha256::digest(parts.concat());
    let [first, second, third] = entries.map(|entry| hash(&[&[0], entry.as_bytes()]));
    let root = hash(&[&[1], &hash(&[&[1], &first, &second]), &third]);
    let head = block(&document, "checkpoint-3");
    assert!(head.starts_with(&format!("{ORIGIN}\n3\n{}\n\n", STANDARD.encode(root))));
    assert_signed(head, founded["checkpointKey"].as_str().unwrap());
    let path = [first, third].map(|hash| STANDARD.encode(hash)).join("\n");
    assert_eq!(block(&document, "proof-1"), format!("c2sp.org/tlog-proof@v1\nindex 1\n{path}\n\n{head}"));
}

/// Checks the one signature of a note by a verifier key in text form.
fn assert_signed(note: &str, key: &str) {
    let (text, line) = note.rsplit_once("\n\n").unwrap();
    let [name, id, public] = key.splitn(3, '+').collect::<Vec<_>>().try_into().unwrap();
    let public = STANDARD.decode(public).unwrap();
    let key_id = Sha256::digest([name.as_bytes(), b"\n", &public].concat());
    assert_eq!((public[0], hex::encode(&key_id[..4])), (1, id.to_owned()));
    let blob = line.strip_prefix(&format!("— {name} ")).unwrap().strip_suffix('\n').unwrap();
    let blob = STANDARD.decode(blob).unwrap();
    assert_eq!(blob[..4], key_id[..4]);
    let public = ed25519_dalek::VerifyingKey::from_bytes(public[1..].try_into().unwrap()).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&blob[4..]).unwrap();
    public.verify_strict(format!("{text}\n").as_bytes(), &signature).unwrap();
}

// --- The document ------------------------------------------------------------------------------------------------

fn document_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/FORMAT.md")
}

/// The content of a fenced block, its last newline included.
fn block<'d>(document: &'d str, name: &str) -> &'d str {
    let (_, rest) = document.split_once(&format!("```text {name}\n")).unwrap_or_else(|| panic!("no block {name}"));
    // The fence follows at once in a block that is still empty.
    let end = if rest.starts_with("```\n") { 0 } else { rest.find("\n```\n").unwrap() + 1 };
    &rest[..end]
}

/// The values of the lines that begin with a label.
fn values<'b>(block: &'b str, label: &str) -> impl Iterator<Item = &'b str> {
    block.lines().filter_map(move |line| line.trim_start().strip_prefix(label).map(str::trim))
}

// --- The ledger --------------------------------------------------------------------------------------------------

/// Three entries under published keys.
struct Ledger {
    checkpoint: SigningKey,
    event: SigningKey,
    recovery: SigningKey,
    bodies: Vec<Vec<u8>>,
    disclosures: Vec<Vec<Disclosure>>,
}

impl Ledger {
    fn example() -> Self {
        let key = |suffix, seed| SigningKey::from_seed(format!("{ORIGIN}{suffix}").parse().unwrap(), &[seed; 32]);
        let mut ledger = Self {
            checkpoint: key("", 1),
            event: key("/events", 2),
            recovery: key("/recovery", 3),
            bodies: Vec::new(),
            disclosures: Vec::new(),
        };
        let operator = actor(Some("operator"), OPERATOR, None);
        let founded = ledger.founded();
        ledger.append(LEDGER, None, operator, ("2024-09-05T18:14:00.000000Z", "2024-09-05T18:14:00.000000Z"), &founded);
        let officer = actor(Some("staff-7"), "DPO", Some("mu-01"));
        ledger.append(TEXT, Some("TXT-001"), officer, ("2024-09-05T18:14:00.000001Z", "2024-09"), &published());
        let subject = actor(None, "SUBJECT", None);
        ledger.append(CONSENT, None, subject, ("2024-09-06T07:30:00.250000Z", "2024-09-06"), &granted());
        ledger
    }

    fn append(
        &mut self,
        stream: &str,
        reference: Option<&str>,
        actor: Actor,
        (recorded, effective): (&str, &str),
        (event, data): &(&str, Value),
    ) {
        let (sequence, mut data) = (self.bodies.len() as u64, data.clone());
        let mut salts = (0_u8..).map(|count| [(sequence as u8) << 4 | count; SALT_BYTES]);
        let disclosures = seal(&mut data, &mut || salts.next().unwrap()).unwrap();
        let previous = self.bodies.last().map_or_else(TextHash::of_nothing, |body| text_hash(body));
        let entry = Entry {
            actor,
            asserted: None,
            causation: None,
            correlation: None,
            data,
            effective: effective.parse().unwrap(),
            event: event.parse().unwrap(),
            format: Format::Griffie1,
            id: format!("0191c3a0-0000-7000-8000-00000000000{sequence}").parse().unwrap(),
            ledger: ORIGIN.parse().unwrap(),
            previous,
            provenance: Provenance::Native,
            recorded: recorded.parse().unwrap(),
            reference: reference.map(|reference| reference.parse().unwrap()),
            replaces: None,
            revision: 1,
            sequence,
            stream: stream.parse().unwrap(),
            version: 1,
        };
        self.bodies.push(Note::sign(&entry.text().unwrap(), &[&self.event]).unwrap().encode());
        self.disclosures.push(disclosures);
    }

    fn founded(&self) -> (&'static str, Value) {
        let founded = LedgerEvent::Founded(Founded {
            origin: ORIGIN.to_owned(),
            event_key: self.event.verifier().clone(),
            checkpoint_key: self.checkpoint.verifier().clone(),
            recovery_key: self.recovery.verifier().clone(),
            clock: ClockKind::Simulated,
            remark: None,
        });
        ("ledger.founded", founded.to_data())
    }

    fn entry(&self, sequence: u64) -> Entry {
        Entry::parse(&self.bodies[usize::try_from(sequence).unwrap()]).unwrap().entry
    }

    fn leaves(&self) -> Vec<Hash> {
        self.bodies.iter().map(|body| leaf_hash(body)).collect()
    }

    fn head(&self) -> Checkpoint {
        let mut frontier = Frontier::new();
        self.leaves().into_iter().for_each(|leaf| frontier.push(leaf).unwrap());
        Checkpoint::new(ORIGIN, 3, frontier.root()).unwrap()
    }

    fn signed_head(&self) -> Note {
        self.head().sign(&self.checkpoint).unwrap()
    }

    /// Every block of the document, by name.
    fn blocks(&self) -> Vec<(String, String)> {
        let mut blocks = vec![("keys".to_owned(), self.keys())];
        for (sequence, body) in self.bodies.iter().enumerate() {
            blocks.push((format!("entry-{sequence}"), String::from_utf8(body.clone()).unwrap()));
            blocks.push((format!("hashes-{sequence}"), hashes(body)));
            if !self.disclosures[sequence].is_empty() {
                blocks.push((format!("disclosures-{sequence}"), self.disclosures_of(sequence)));
            }
        }
        blocks.push(("tree".to_owned(), self.tree()));
        blocks.push(("checkpoint-3".to_owned(), self.signed_head().to_string()));
        let leaves = self.leaves();
        let proof =
            TlogProof { extra: None, index: 1, hashes: vec![leaves[0], leaves[2]], checkpoint: self.signed_head() };
        proof.verify(&self.bodies[1], self.checkpoint.verifier()).unwrap();
        blocks.push(("proof-1".to_owned(), proof.to_string()));
        blocks
    }

    fn keys(&self) -> String {
        let mut block = String::new();
        for (role, seed, key) in
            [("checkpoint", 1_u8, &self.checkpoint), ("event", 2, &self.event), ("recovery", 3, &self.recovery)]
        {
            let verifier = key.verifier();
            writeln!(block, "{role}").unwrap();
            writeln!(block, "  seed          {}", hex::encode([seed; 32])).unwrap();
            writeln!(block, "  public key    {}", hex::encode(verifier.public_key())).unwrap();
            writeln!(block, "  name          {}", verifier.name()).unwrap();
            writeln!(block, "  key id        {}", verifier.id()).unwrap();
            writeln!(block, "  verifier key  {verifier}").unwrap();
        }
        block
    }

    fn disclosures_of(&self, sequence: usize) -> String {
        let data = self.entry(sequence as u64).data;
        let mut block = String::new();
        for disclosure in &self.disclosures[sequence] {
            let digest = disclosure.digest().to_string();
            let array = URL_SAFE_NO_PAD.decode(disclosure.as_str()).unwrap();
            let array = String::from_utf8(array).unwrap();
            let salt: (String, Value) = serde_json::from_str(&array).unwrap();
            writeln!(block, "data{}", path_of(&data, &digest).unwrap()).unwrap();
            writeln!(block, "  salt        {}", hex::encode(URL_SAFE_NO_PAD.decode(salt.0).unwrap())).unwrap();
            writeln!(block, "  array       {array}").unwrap();
            writeln!(block, "  disclosure  {}", disclosure.as_str()).unwrap();
            writeln!(block, "  digest      {digest}").unwrap();
        }
        block
    }

    fn tree(&self) -> String {
        let leaves = self.leaves();
        let left = node_hash(&leaves[0], &leaves[1]);
        assert_eq!(node_hash(&left, &leaves[2]), self.head().root());
        let tile = TileId::in_tree(0, 0, 3).unwrap();
        let content = tile.encode_content(&leaves).unwrap();
        let mut block = format!("node over 0 and 1  {left}\nroot over 0 to 2   {}\n", self.head().root());
        writeln!(block, "{tile}, {} bytes:", content.len()).unwrap();
        content.chunks(32).for_each(|hash| writeln!(block, "  {}", hex::encode(hash)).unwrap());
        block
    }
}

fn actor(id: Option<&str>, role: &str, unit: Option<&str>) -> Actor {
    Actor {
        id: id.map(|id| id.parse().unwrap()),
        role: role.parse().unwrap(),
        unit: unit.map(|unit| unit.parse().unwrap()),
    }
}

fn published() -> (&'static str, Value) {
    let item = TextItem {
        code: "photo".parse().unwrap(),
        purpose: Some(Erasable::Clear(LangText {
            nl: Some("Foto’s op de website".to_owned()),
            en: Some("Photographs on the website".to_owned()),
        })),
        operations: vec!["PUBLISH".parse().unwrap()],
        platforms: vec!["website".parse().unwrap()],
        profiling: Some(false),
        mandatory: None,
        pre_ticked: Some(false),
    };
    let document = Document {
        sha256: Hash(Sha256::digest("The wording as people saw it").into()),
        media_type: Some("application/pdf".to_owned()),
        language: Some("nl".parse().unwrap()),
        document_date: Some("2024-08".parse().unwrap()),
        title: Some(Erasable::Clear("Toestemming beeldmateriaal".to_owned())),
    };
    let published = ConsentTextEvent::Published(Published {
        version: 1,
        activity: None,
        languages: vec!["nl".parse().unwrap(), "en".parse().unwrap()],
        items: vec![item],
        grant_channels: vec![Channel::Web, Channel::Paper],
        withdraw_channels: vec![Channel::Web],
        steps_grant: Some(1),
        steps_withdraw: Some(1),
        withdrawal_costs: Some(false),
        withdrawal_reason_demanded: None,
        mentions_withdrawal: Some(true),
        minors_variant: None,
        document: Some(document),
        remark: None,
    });
    ("consentText.published", published.to_data())
}

fn granted() -> (&'static str, Value) {
    let granted = ConsentEvent::Granted(Granted {
        text: TEXT.parse().unwrap(),
        text_version: 1,
        language: Some("nl".parse().unwrap()),
        items: vec![ItemDecision { code: "photo".parse().unwrap(), decision: Decision::Yes }],
        expression: Some(Expression::Expressed),
        method: Some(Method::SignedForm),
        age_band: Some(AgeBand::From16),
        representative: None,
        evidence: Some(Erasable::Clear(Evidence {
            description: "Form signed by A. Jansen, kept at the front office".to_owned(),
            sha256: Some(Hash(Sha256::digest("The scanned form").into())),
            media_type: Some("application/pdf".to_owned()),
            document_date: Some("2024-09-06".parse().unwrap()),
        })),
        validity: None,
        unit: Some("mu-01".parse().unwrap()),
        remark: None,
    });
    ("consent.granted", granted.to_data())
}

fn text_hash(body: &[u8]) -> TextHash {
    TextHash::of(Note::parse(body).unwrap().text())
}

fn hashes(body: &[u8]) -> String {
    let text = text_hash(body).0;
    format!("bytes      {}\ntext hash  {} = {text}\nleaf hash  {}\n", body.len(), text.to_base64(), leaf_hash(body))
}

/// Where in the data a commitment stands, as `.document.title` or `.items[0].purpose`.
fn path_of(data: &Value, digest: &str) -> Option<String> {
    if data.get("...").is_some_and(|found| found == digest) {
        return Some(String::new());
    }
    match data {
        Value::Object(members) => {
            members.iter().find_map(|(name, member)| Some(format!(".{name}{}", path_of(member, digest)?)))
        }
        Value::Array(items) => (0..)
            .zip(items)
            .find_map(|(position, item): (usize, _)| Some(format!("[{position}]{}", path_of(item, digest)?))),
        _ => None,
    }
}
