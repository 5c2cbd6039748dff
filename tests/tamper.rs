//! Holds verification to its promise: whoever owns the database can change it, and cannot hide that.
//!
//! Each story drops the protecting triggers first, as an owner could, changes something by plain SQL, and expects the
//! fault at the right sequence and nowhere else. What a change leaves consistent is told by a trusted checkpoint.

use std::ops::RangeInclusive;

use griffie::ledger::checkpoint::Checkpoint;
use griffie::ledger::verify::{FaultKind, Report, Trust};
use griffie::store::{self, Store};

use crate::support::ledger::{Ledger, Raw, Told, chosen, declared, granted, stray_uuid, told, verify};
use crate::support::on_both;

/// Entries of the ledger that is tampered with: more than fill a tile, so that there are hashes above the leaves.
const ENTRIES: u64 = 264;
/// The entry that most stories tamper with: a grant with a value in the vault.
const VICTIM: u64 = 100;
/// Tables that the stories change and put back.
const TAMPERED: [&str; 5] = ["entry", "tile_hash", "vault", "checkpoint", "head"];
/// Flipped bytes in one story.
const FLIPS: usize = 24;

// --- Bytes -------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn an_untouched_ledger_is_ok() {
    on_both("an_untouched_ledger_is_ok", async |url| {
        let Opened { store, raw } = opened(&url).await;
        let report = verify(&store, Trust::default()).await;
        assert!(report.ok, "{:#?}", report.faults);
        assert_eq!((report.size, report.complete_up_to), (ENTRIES, ENTRIES));
        assert!(report.checkpoints >= 2);
        raw.close().await;
    })
    .await;
}

#[tokio::test]
async fn any_flipped_byte_of_an_entry_is_a_fault_at_that_entry() {
    on_both("any_flipped_byte_of_an_entry_is_a_fault_at_that_entry", async |url| {
        let Opened { store, raw } = opened(&url).await;
        let mut random = random_numbers();
        let bodies = raw.blobs("select body from entry order by sequence").await;
        for _ in 0..FLIPS {
            let sequence = 1 + random() % (ENTRIES - 1);
            let body = &bodies[usize::try_from(sequence).unwrap()];
            let mut flipped = body.clone();
            let position = usize::try_from(random()).unwrap() % flipped.len();
            flipped[position] ^= 1 << (random() % 8);
            let update = format!("update entry set body = $1 where sequence = {sequence}");
            raw.run_with(&update, &flipped).await;
            let report = verify(&store, Trust::default()).await;
            let faults = kinds(&report);
            let only_there = !faults.is_empty() && faults.iter().all(|(_, range)| *range == (sequence..=sequence));
            assert!(only_there, "byte {position} of {sequence}: {faults:?}");
            raw.run_with(&update, body).await;
        }
        assert!(verify(&store, Trust::default()).await.ok);
        raw.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_flipped_founding_is_a_fault_at_the_founding() {
    on_both("a_flipped_founding_is_a_fault_at_the_founding", async |url| {
        let Opened { store, raw } = opened(&url).await;
        let mut founding = raw.blobs("select body from entry where sequence = 0").await.remove(0);
        founding[40] ^= 1;
        raw.run_with("update entry set body = $1 where sequence = 0", &founding).await;
        assert_eq!(verify(&store, Trust::default()).await.first_bad, Some(0));
        raw.close().await;
    })
    .await;
}

// --- Rows --------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_changed_row_is_a_fault_at_its_sequence() {
    use FaultKind::{Columns, Surplus};
    let stray = stray_uuid();
    let column = |set: &str| {
        exactly(&format!("update entry set {set} where sequence = {VICTIM}"), &[(Columns, VICTIM..=VICTIM)])
    };
    let end = ENTRIES..=ENTRIES;
    let cases = [
        column(&format!("stream = 'consent/{stray}'")),
        column("revision = 99"),
        column("family = 'activity'"),
        column("event = 'consent.refused'"),
        column("recorded = recorded + 1"),
        column(&format!("id = '{stray}'")),
        exactly(&copy_of_5_at(ENTRIES), &[(Surplus, end)]),
    ];
    check("a_changed_row_is_a_fault_at_its_sequence", &cases).await;
}

#[tokio::test]
async fn deleted_rows_are_missing_and_hide_no_later_fault() {
    use FaultKind::{Bytes, Missing};
    let one = format!("delete from entry where sequence = {VICTIM}");
    let two = format!("{one}; update entry set body = substr(body, 2) where sequence = 200");
    let cases = [
        among(&one, &[(Missing, VICTIM..=VICTIM)]),
        among("delete from entry where sequence >= 30 and sequence < 40", &[(Missing, 30..=39)]),
        among("delete from entry where sequence >= 260", &[(Missing, 260..=263)]),
        among(&two, &[(Missing, VICTIM..=VICTIM), (Bytes, 200..=200)]),
        among("delete from entry", &[(Missing, 0..=ENTRIES - 1)]),
    ];
    check("deleted_rows_are_missing_and_hide_no_later_fault", &cases).await;
}

#[tokio::test]
async fn a_row_in_another_place_is_a_fault_at_each_place() {
    use FaultKind::Sequence;
    let swap = "update entry set sequence = -1 where sequence = 50; \
                update entry set sequence = 50 where sequence = 60; \
                update entry set sequence = 60 where sequence = -1";
    let insert = format!(
        "update entry set sequence = -sequence - 2 where sequence >= {VICTIM}; \
         update entry set sequence = -sequence - 1 where sequence < 0; {}",
        copy_of_5_at(VICTIM)
    );
    let cases = [
        exactly(swap, &[(Sequence, 50..=50), (Sequence, 60..=60)]),
        among(&insert, &[(Sequence, VICTIM..=ENTRIES - 1)]),
    ];
    check("a_row_in_another_place_is_a_fault_at_each_place", &cases).await;
}

/// A copy of an entry under another sequence; its other columns are made unlike, as the table demands.
fn copy_of_5_at(sequence: u64) -> String {
    let stray = stray_uuid();
    format!(
        "insert into entry select {sequence}, stream, 99, family, event, recorded, '{stray}', body \
         from entry where sequence = 5"
    )
}

// --- What stands beside the rows ---------------------------------------------------------------------------------

#[tokio::test]
async fn a_changed_tile_is_a_fault_at_what_it_covers() {
    use FaultKind::Tree;
    let at = |level: u8, position: u64| format!("tile_hash where level = {level} and position = {position}");
    let seventh = "(select hash from tile_hash where level = 0 and position = 7)";
    let change =
        |level, position| at(level, position).replace("tile_hash", &format!("update tile_hash set hash = {seventh}"));
    let delete = |level, position| format!("delete from {}", at(level, position));
    let cases = [
        exactly(&change(0, VICTIM), &[(Tree, VICTIM..=VICTIM)]),
        exactly(&change(1, 0), &[(Tree, 255..=255)]),
        exactly(&delete(0, VICTIM), &[(Tree, VICTIM..=VICTIM)]),
        exactly(&delete(1, 0), &[(Tree, 255..=255)]),
    ];
    check("a_changed_tile_is_a_fault_at_what_it_covers", &cases).await;
}

#[tokio::test]
async fn a_changed_value_is_a_fault_at_its_entry() {
    let stray = stray_uuid();
    let at = format!("where sequence = {VICTIM}");
    let neighbour = VICTIM + 1;
    let cases = [
        format!("update vault set disclosure = (select disclosure from vault where sequence = {neighbour}) {at}"),
        format!("update vault set disclosure = 'x' || disclosure {at}"),
        format!("update vault set disclosure = '' {at}"),
        format!("update vault set stream = 'consent/{stray}' {at}"),
        format!("update vault set sequence = {neighbour} {at}"),
        format!("update vault set sequence = 9999 {at}"),
        format!("delete from vault {at}"),
    ];
    let cases = cases.map(|change| among(&change, &[(FaultKind::Vault, VICTIM..=VICTIM)]));
    check("a_changed_value_is_a_fault_at_its_entry", &cases).await;
}

#[tokio::test]
async fn a_value_is_erased_by_a_fact_that_says_so_or_it_is_a_fault() {
    on_both("a_value_is_erased_by_a_fact_that_says_so_or_it_is_a_fault", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let [anna, bert] = [1, 2].map(|number| chosen("consent", number));
        ledger.record(granted(&text, &["photo"], None).beginning(&anna)).await;
        ledger.record(granted(&text, &["photo"], None).beginning(&bert)).await;
        ledger.raw().await.run("create table vault_full as select * from vault").await;
        let data = serde_json::json!({ "subject": anna, "digests": [], "material": [] });
        ledger.record(told("erasure", "subjectDataErased", data)).await;
        let Opened { store, raw } = unprotected(&ledger).await;
        raw.run("create table vault_then as select * from vault").await;
        let report = verify(&store, Trust::default()).await;
        assert!(report.ok && report.erased == 1, "{report:#?}");
        let value = "(select disclosure from vault_full where sequence = 2)";
        let cases = [
            // Emptied without a fact, or under the name of one that says no such thing.
            ("disclosure = ''".to_owned(), 3),
            ("disclosure = '', erased_by = 4".to_owned(), 3),
            ("disclosure = '', erased_by = 1".to_owned(), 3),
            ("disclosure = '', erased_by = 99".to_owned(), 3),
            ("erased_by = 4".to_owned(), 3),
            ("erased_by = null".to_owned(), 2),
            ("erased_by = 2".to_owned(), 2),
            ("stream = 'consent/01890a5d-ac96-774b-bcce-b302099a8057'".to_owned(), 2),
            // Put back.
            (format!("disclosure = {value}"), 2),
            (format!("disclosure = {value}, erased_by = null"), 2),
        ];
        for (set, at) in cases {
            let change = format!("update vault set {set} where sequence = {at}");
            raw.run(&change).await;
            among(&change, &[(FaultKind::Vault, at..=at)]).check(&verify(&store, Trust::default()).await);
            raw.run("delete from vault; insert into vault select * from vault_then").await;
        }
        raw.run("delete from vault where sequence = 2").await;
        assert_eq!(kinds(&verify(&store, Trust::default()).await), [(FaultKind::Vault, 2..=2)]);
        raw.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_changed_checkpoint_is_a_fault_at_its_last_entry() {
    let set = |set: &str| format!("update checkpoint set {set} where size = {ENTRIES}");
    let fault = |last| [(FaultKind::Checkpoint, last..=last)];
    let cases = [
        exactly(&set("note = substr(note, 2)"), &fault(ENTRIES - 1)),
        exactly(&set("note = substr(note, 1, 0)"), &fault(ENTRIES - 1)),
        exactly(&set("note = (select note from checkpoint where size = 1)"), &fault(ENTRIES - 1)),
        exactly(&set("size = 77"), &fault(76)),
        exactly(&set("size = 999"), &fault(998)),
    ];
    check("a_changed_checkpoint_is_a_fault_at_its_last_entry", &cases).await;
}

#[tokio::test]
async fn a_changed_head_is_a_fault_at_the_end() {
    use FaultKind::{Head, Missing, Surplus};
    let last = ENTRIES - 1;
    let seventh = "(select hash from tile_hash where level = 0 and position = 7)";
    let cases = [
        exactly(&format!("update head set previous = {seventh}"), &[(Head, last..=last)]),
        exactly("update head set recorded = recorded + 1", &[(Head, last..=last)]),
        // 264 is 256 + 8: the frontiers of 258 and of 320 entries have as many hashes.
        among("update head set size = 320", &[(Missing, ENTRIES..=319)]),
        among("update head set size = 258", &[(Head, 257..=257), (Surplus, 258..=last)]),
    ];
    check("a_changed_head_is_a_fault_at_the_end", &cases).await;
}

// --- A history without its end -----------------------------------------------------------------------------------

#[tokio::test]
async fn a_tail_cut_off_with_head_and_checkpoints_is_caught_by_a_trusted_checkpoint() {
    on_both("a_tail_cut_off_with_head_and_checkpoints_is_caught_by_a_trusted_checkpoint", async |url| {
        let ledger = Ledger::found(&url).await;
        ledger.text().await;
        ledger.engine.checkpointer().sign_head().await.unwrap();
        ledger.raw().await.run("create table head_then as select * from head").await;
        ledger.record_all(vec![declared(), declared(), declared()]).await;
        let Opened { store, raw } = unprotected(&ledger).await;
        let mut connection = store.read().await.unwrap();
        let signed = store::checkpoint_from(connection.conn(), 5).await.unwrap().unwrap();
        let head = store::head(&store).await.unwrap().unwrap();
        let (trusted, _) = Checkpoint::open(&signed.note, &head.checkpoint_key).unwrap();
        drop(connection);
        raw.run(
            "delete from checkpoint where size > 2; delete from entry where sequence >= 2; \
             delete from tile_hash where level = 0 and position >= 2; delete from vault where sequence >= 2; \
             delete from head; insert into head select * from head_then",
        )
        .await;

        let report = verify(&store, Trust::default()).await;
        assert!(report.ok && report.size == 2, "the cut cannot be seen from within: {:#?}", report.faults);
        let trust = Trust { checkpoint: Some(trusted), ..Trust::default() };
        let report = verify(&store, trust).await;
        assert_eq!(kinds(&report), [(FaultKind::Missing, 2..=4)]);
        assert_eq!(report.trusted_checkpoint, Some(5));
        raw.close().await;
    })
    .await;
}

#[tokio::test]
async fn another_history_under_the_same_origin_is_caught_by_a_trusted_key() {
    on_both("another_history_under_the_same_origin_is_caught_by_a_trusted_key", async |url| {
        let folder = tempfile::TempDir::new().unwrap();
        let real = Ledger::found(&format!("sqlite:{}", folder.path().join("ledger.db").display())).await;
        let forged = Ledger::found_with(&url, griffie::engine::Sources::system()).await;
        forged.text().await;
        assert!(forged.verify().await.ok);
        let keys = vec![real.head().await.event_key];
        let report = verify(forged.store(), Trust { keys, checkpoint: None }).await;
        assert_eq!(report.first_bad, Some(0), "{:#?}", report.faults);
    })
    .await;
}

// --- Checks ------------------------------------------------------------------------------------------------------

/// A change and the faults that it leads to: all of them, or the first and some more.
struct Case {
    change: String,
    faults: Vec<(FaultKind, RangeInclusive<u64>)>,
    all: bool,
}

fn exactly(change: &str, faults: &[(FaultKind, RangeInclusive<u64>)]) -> Case {
    Case { change: change.to_owned(), faults: faults.to_vec(), all: true }
}

/// The first of the faults is at the first bad sequence of all.
fn among(change: &str, faults: &[(FaultKind, RangeInclusive<u64>)]) -> Case {
    Case { all: false, ..exactly(change, faults) }
}

/// Makes each change on both databases, verifies, and undoes it.
async fn check(name: &str, cases: &[Case]) {
    on_both(name, async |url| {
        let Opened { store, raw } = opened(&url).await;
        for table in TAMPERED {
            raw.run(&format!("create table {table}_then as select * from {table}")).await;
        }
        for case in cases {
            raw.run(&case.change).await;
            case.check(&verify(&store, Trust::default()).await);
            for table in TAMPERED {
                raw.run(&format!("delete from {table}; insert into {table} select * from {table}_then")).await;
            }
        }
        assert!(verify(&store, Trust::default()).await.ok);
        raw.close().await;
    })
    .await;
}

impl Case {
    fn check(&self, report: &Report) {
        let found = kinds(report);
        assert!(!report.ok, "{}", self.change);
        assert_eq!(report.first_bad, Some(*self.faults[0].1.start()), "{}: {found:?}", self.change);
        if self.all {
            assert_eq!(found, self.faults, "{}", self.change);
        }
        for fault in &self.faults {
            assert!(found.contains(fault), "{}: {fault:?} is not among {found:?}", self.change);
        }
    }
}

fn kinds(report: &Report) -> Vec<(FaultKind, RangeInclusive<u64>)> {
    report.faults.iter().map(|fault| (fault.kind, fault.from..=fault.to)).collect()
}

/// A database that its owner tampers with; no engine runs on it any more.
struct Opened {
    store: Store,
    raw: Raw,
}

/// Founds and signs a ledger of [`ENTRIES`] entries, two of three with a value in the vault, and drops its protection.
async fn opened(url: &str) -> Opened {
    let ledger = Ledger::found(url).await;
    let text = ledger.text().await;
    let mut number = 0;
    while number < ENTRIES - 2 {
        let fact = |number: u64| match number % 3 {
            1 => declared(),
            _ => granted(&text, &["photo"], None).beginning(&chosen("consent", u16::try_from(number).unwrap())),
        };
        let end = (number + 100).min(ENTRIES - 2);
        ledger.record_all((number..end).map(fact).collect()).await;
        number = end;
    }
    unprotected(&ledger).await
}

/// Signs what is there, ends the engine's access, and opens the database as its owner.
async fn unprotected(ledger: &Ledger) -> Opened {
    ledger.engine.checkpointer().sign_head().await.unwrap();
    ledger.store().close().await;
    let raw = ledger.raw().await;
    raw.unprotect().await;
    let store = Store::open(&ledger.url, false).await.unwrap();
    Opened { store, raw }
}

/// Numbers that are the same on every run (splitmix64).
fn random_numbers() -> impl FnMut() -> u64 {
    let mut state = 2_024_u64;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
