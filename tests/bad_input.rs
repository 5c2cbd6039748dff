//! Holds what is wrong, too large, locked, full or of somebody else to a clear answer, with nothing written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use griffie::engine::{
    CLOCK_IDLE_DAYS_MAX, KEY_FILE_BYTES_MAX, KeyFolder, LIST_ITEMS_MAX, NewFact, OperateError, Sources, StartError,
    TEXT_BYTES_MAX, found,
};
use griffie::family::kit::{RejectionCode, STREAM_FACTS_MAX};
use griffie::ledger::tile::ENTRY_BYTES_MAX;
use griffie::store::{Store, StoreError};
use griffie::time::Instant;
use serde_json::json;
use tempfile::TempDir;

use crate::support::ledger::{
    Ledger, Raw, Told, after_ms, chosen, declared, drafted, fresh_key, instant, origin, path_of, published, refused,
    remarked_withdrawal, start, submission, told, try_start, unavailable, withdrawn,
};
use crate::support::on_both;
use crate::time_travel::established;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

// --- Facts -------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_fact_beyond_a_limit_is_refused_without_a_trace() {
    on_both("a_fact_beyond_a_limit_is_refused_without_a_trace", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let long = "x".repeat(TEXT_BYTES_MAX + 1);
        let many = vec!["photo"; LIST_ITEMS_MAX + 1];
        let limit = RejectionCode::LimitExceeded;
        check(&ledger, remarked_withdrawal(&[], Some(&long)), limit, "event.withdrawn", "16384").await;
        check(&ledger, withdrawn(&many), limit, "event.withdrawn", "256").await;
        check(&ledger, crowded(LIST_ITEMS_MAX), limit, "event", &ENTRY_BYTES_MAX.to_string()).await;
        check(&ledger, published(2, &[]).of(&text), RejectionCode::Malformed, "event.published.items", "at least")
            .await;
    })
    .await;
}

#[tokio::test]
async fn an_entry_may_be_as_long_as_a_tile_bundle_carries_and_no_longer() {
    on_both("an_entry_may_be_as_long_as_a_tile_bundle_carries_and_no_longer", async |url| {
        let ledger = Ledger::found(&url).await;
        // The longest that is taken, found by halving, is of exactly the greatest length.
        let (mut low, mut high) = (67, 64 * LIST_ITEMS_MAX);
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            match ledger.submit(&fresh_key(), vec![filled(middle)]).await {
                Ok(_) => low = middle,
                Err(_) => high = middle,
            }
        }
        let receipt = ledger.record(filled(low)).await;
        assert_eq!(receipt.body.len(), ENTRY_BYTES_MAX);
        let (_, refusal) = refused(ledger.submit(&fresh_key(), vec![filled(low + 1)]).await);
        assert!(refusal.message.contains(&(ENTRY_BYTES_MAX + 1).to_string()), "{}", refusal.message);
        assert!(ledger.verify().await.ok);
    })
    .await;
}

#[tokio::test]
async fn a_malformed_fact_is_refused_without_a_trace() {
    on_both("a_malformed_fact_is_refused_without_a_trace", async |url| {
        let ledger = Ledger::found(&url).await;
        let activity = ledger.record(drafted("mu-01")).await;
        let (stream, sequence) = (activity.entry.stream, activity.entry.sequence);
        let (malformed, unknown) = (RejectionCode::Malformed, RejectionCode::Unknown);
        let other_version = NewFact { version: 9, ..drafted("mu-01") };
        let unpaired = told("activity", "retracted", json!({"reason": {"...": {"clear": "why"}}}));
        check(&ledger, told("nothing", "happened", json!({})), malformed, "event", "nothing").await;
        check(&ledger, told("activity", "happened", json!({})), malformed, "event", "happened").await;
        check(&ledger, told("activity", "drafted", json!({"unit": "a b"})), malformed, "event", "code").await;
        check(&ledger, told("activity", "drafted", json!({"unit": 7})), malformed, "event", "string").await;
        check(&ledger, told("activity", "drafted", json!({"colour": "red"})), malformed, "event", "colour").await;
        check(&ledger, told("activity", "drafted", json!({"remark": "clear"})), malformed, "event", "").await;
        check(&ledger, other_version, malformed, "event", "version 9").await;
        check(&ledger, unpaired.of(&stream), malformed, "replaces", "sequence").await;
        check(&ledger, drafted("mu-02").of(&stream).replacing(0), unknown, "replaces", "sequence 0").await;
        check(&ledger, drafted("mu-02").replacing(sequence), unknown, "replaces", "no fact of this stream").await;
    })
    .await;
}

#[tokio::test]
async fn a_fact_is_corrected_once_and_then_its_correction() {
    on_both("a_fact_is_corrected_once_and_then_its_correction", async |url| {
        let ledger = Ledger::found(&url).await;
        let first = ledger.record(drafted("mu-01")).await.entry;
        let correct = |sequence| drafted("mu-02").of(&first.stream).replacing(sequence);
        let second = ledger.record(correct(first.sequence)).await.entry;
        let expected = format!("correct sequence {} instead", second.sequence);
        check(&ledger, correct(first.sequence), RejectionCode::Ended, "replaces", &expected).await;
        ledger.record(correct(second.sequence)).await;
    })
    .await;
}

#[tokio::test]
async fn a_stream_holds_so_many_facts_and_no_more() {
    on_both("a_stream_holds_so_many_facts_and_no_more", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = chosen("consentText", 1);
        ledger.record(published(1, &["photo"]).beginning(&text)).await;
        let declared = || declared().of(&text);
        for _ in 0..9 {
            ledger.record_all(vec![declared(); 100]).await;
        }
        ledger.record_all(vec![declared(); STREAM_FACTS_MAX - 901]).await;
        check(&ledger, declared(), RejectionCode::LimitExceeded, "stream", "1000").await;
    })
    .await;
}

/// An activity with so many items in each of its lists.
fn crowded(items: usize) -> NewFact {
    let mut fact = established(1);
    let codes: Vec<String> = (0..items).map(|item| format!("{item:0>64}")).collect();
    for list in ["operations", "platforms", "recipients", "systems", "processors"] {
        fact.data[list] = json!(codes);
    }
    fact
}

/// An activity with a fixed part that is nearly an entry's length, and so many bytes more.
fn filled(bytes: usize) -> NewFact {
    let mut fact = established(1);
    let codes = |count: usize| -> Vec<String> { (0..count).map(|item| format!("{item:0>64}")).collect() };
    for list in ["operations", "platforms", "recipients"] {
        fact.data[list] = json!(codes(LIST_ITEMS_MAX));
    }
    // An item costs its quotes and a comma too; two codes take what is left over.
    let (whole, rest) = (bytes / 67, bytes % 67);
    fact.data["systems"] = json!(codes(whole));
    fact.data["owningUnit"] = json!("x".repeat(1 + rest.min(33)));
    fact.data["owner"] = json!("x".repeat(1 + rest - rest.min(33)));
    fact
}

// --- Databases ---------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_database_locked_by_another_writer_is_said_to_be_locked() {
    on_both("a_database_locked_by_another_writer_is_said_to_be_locked", async |url| {
        let ledger = Ledger::found(&url).await;
        // The checkpoint of what is there is signed, so that nothing else of the engine wants to write.
        ledger.engine.checkpointer().sign_head().await.unwrap();
        let raw = ledger.raw().await;
        let before = raw.row_counts().await;
        let answer = match &raw {
            Raw::Sqlite(pool) => {
                let held = pool.begin_with("begin immediate").await.unwrap();
                let answer = ledger.submit("key", vec![drafted("mu-01")]).await;
                held.rollback().await.unwrap();
                answer
            }
            Raw::Postgres(pool) => {
                let mut held = pool.begin().await.unwrap();
                sqlx::query("select size from head for update").execute(&mut *held).await.unwrap();
                let answer = ledger.submit("key", vec![drafted("mu-01")]).await;
                held.rollback().await.unwrap();
                answer
            }
        };
        let reason = unavailable(answer);
        assert!(reason.contains("locked"), "{reason}");
        assert_eq!(raw.row_counts().await, before);
        raw.close().await;
        ledger.submit("key", vec![drafted("mu-01")]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_full_database_is_said_to_be_full() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::found(&sqlite_in(&folder)).await;
    let Store::Sqlite { writer, .. } = ledger.store() else { panic!("not SQLite") };
    // The one connection that writes is told that the file may grow no more.
    sqlx::raw_sql("pragma max_page_count = 1").execute(writer).await.unwrap();
    let raw = ledger.raw().await;
    let mut before = raw.row_counts().await;
    let mut answer = Ok(Vec::new());
    for _ in 0..50 {
        answer = ledger.submit("key", vec![crowded(100)]).await;
        if answer.is_err() {
            break;
        }
        before = raw.row_counts().await;
    }
    let reason = unavailable(answer);
    assert!(reason.contains("full"), "{reason}");
    assert_eq!(raw.row_counts().await, before);
    raw.close().await;
    sqlx::raw_sql("pragma max_page_count = 1000000").execute(writer).await.unwrap();
    ledger.submit("key", vec![crowded(100)]).await.unwrap();
}

#[tokio::test]
async fn a_read_only_database_is_said_to_be_read_only() {
    on_both("a_read_only_database_is_said_to_be_read_only", async |url| {
        let ledger = Ledger::found(&url).await;
        ledger.engine.checkpointer().sign_head().await.unwrap();
        let read_only = match ledger.store() {
            Store::Sqlite { .. } => format!("{url}?mode=ro"),
            Store::Postgres { .. } => format!("{url}&options=-c%20default_transaction_read_only%3Don"),
        };
        let store = Store::open(&read_only, false).await.unwrap();
        let before = ledger.head().await;
        let engine = start(&store, &ledger.folder(), &ledger.sources).await;
        let reason = unavailable(engine.submit(submission("key", vec![drafted("mu-01")])).await);
        assert!(reason.contains("read-only"), "{reason}");
        assert_eq!(ledger.head().await, before);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_database_without_a_ledger_starts_no_engine() {
    on_both("a_database_without_a_ledger_starts_no_engine", async |url| {
        let store = Store::open(&url, true).await.unwrap();
        store.migrate().await.unwrap();
        let keys = TempDir::new().unwrap();
        let sources = Sources::system();
        let refusal = try_start(&store, &KeyFolder::new(keys.path()), &sources).await.err().unwrap();
        assert!(matches!(refusal, StartError::NotFounded), "{refusal:?}");
        assert!(refusal.to_string().contains("griffie ledger found"), "{refusal}");
    })
    .await;
}

#[tokio::test]
async fn a_database_keeps_one_ledger() {
    on_both("a_database_keeps_one_ledger", async |url| {
        let ledger = Ledger::found(&url).await;
        let before = ledger.head().await;
        let other = KeyFolder::new(ledger.keys.path().join("other"));
        other.generate(&origin(), &ledger.sources).unwrap();
        let refusal = found(ledger.store(), &other, &origin(), &ledger.sources, None).await.unwrap_err();
        assert!(matches!(refusal, OperateError::AlreadyFounded), "{refusal:?}");
        assert_eq!(ledger.head().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_has_signed_a_ledger_founds_no_other() {
    on_both("a_key_that_has_signed_a_ledger_founds_no_other", async |url| {
        let folder = TempDir::new().unwrap();
        let ledger = Ledger::found(&sqlite_in(&folder)).await;
        let store = Store::open(&url, true).await.unwrap();
        store.migrate().await.unwrap();
        let refusal = found(&store, &ledger.folder(), &origin(), &ledger.sources, None).await.unwrap_err();
        assert!(matches!(refusal, OperateError::KeyUsed { .. }), "{refusal:?}");
        assert_eq!(griffie::store::head(&store).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_missing_file_is_not_made_by_accident() {
    let folder = TempDir::new().unwrap();
    let url = sqlite_in(&folder);
    let refusal = Store::open(&url, false).await.unwrap_err();
    assert!(matches!(refusal, StoreError::Unavailable(..)), "{refusal:?}");
    assert!(!path_of(&url).exists());
    let refusal = Store::open("mysql://localhost/ledger", true).await.unwrap_err();
    assert!(matches!(refusal, StoreError::WrongDatabase(_)), "{refusal:?}");
}

// --- Clocks ------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_clock_behind_the_ledger_is_refused_unless_the_ledger_is_simulated() {
    let folder = TempDir::new().unwrap();
    let real = Ledger::found_with(&sqlite_in(&folder), Sources::system()).await;
    let founded = real.head().await.recorded;
    // Up to the greatest jump the clock may lag; time goes on by a microsecond each.
    check_clock(&real, after_ms(founded, -5_000), None).await;
    check_clock(&real, after_ms(founded, -6_000), Some("behind")).await;

    let folder = TempDir::new().unwrap();
    let simulated = Ledger::found(&sqlite_in(&folder)).await;
    check_clock(&simulated, instant("1999-01-01T00:00:00.000000Z"), None).await;
}

/// Submits under a clock that stands at an instant; the refusal, if any, says `refusal`.
async fn check_clock(ledger: &Ledger, at: Instant, refusal: Option<&str>) {
    let head = ledger.head().await;
    // The engine is started while the clock is right, and the clock is put back afterwards.
    let clock = Sources::frozen(head.recorded, at.microseconds().unsigned_abs());
    let engine = start(ledger.store(), &ledger.folder(), &clock).await;
    clock.set(at);
    let answer = engine.submit(submission(&fresh_key(), vec![drafted("mu-01")])).await;
    match refusal {
        None => assert_eq!(answer.unwrap()[0].entry.recorded, at.max(head.recorded.next())),
        Some(words) => {
            let reason = unavailable(answer);
            assert!(reason.contains(words), "{reason}");
            assert_eq!(ledger.head().await, head);
        }
    }
}

#[tokio::test]
async fn a_start_asks_when_the_clock_is_behind_or_far_ahead() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::found_with(&sqlite_in(&folder), Sources::system()).await;
    let recorded = ledger.head().await.recorded;
    for (milliseconds, expected) in [
        (-5_000, "starts"),
        (-6_000, "behind"),
        (CLOCK_IDLE_DAYS_MAX * DAY_MS, "starts"),
        ((CLOCK_IDLE_DAYS_MAX + 1) * DAY_MS, "ahead"),
    ] {
        let clock = Sources::simulated(after_ms(recorded, milliseconds));
        let found = match try_start(ledger.store(), &ledger.folder(), &clock).await {
            Ok(_) => "starts",
            Err(StartError::ClockBehind { .. }) => "behind",
            Err(StartError::ClockAhead { .. }) => "ahead",
            Err(other) => panic!("{other}"),
        };
        assert_eq!(found, expected, "at {milliseconds} ms");
    }
}

#[tokio::test]
async fn a_clock_that_differs_from_the_database_servers_is_refused() {
    on_both("a_clock_that_differs_from_the_database_servers_is_refused", async |url| {
        let ledger = Ledger::found_with(&url, Sources::system()).await;
        let clock = Sources::frozen(after_ms(ledger.head().await.recorded, 3_600_000), 3);
        let engine = start(ledger.store(), &ledger.folder(), &clock).await;
        let answer = engine.submit(submission("key", vec![drafted("mu-01")])).await;
        if matches!(ledger.store(), Store::Postgres { .. }) {
            let reason = unavailable(answer);
            assert!(reason.contains("differs"), "{reason}");
            assert_eq!(ledger.head().await.size(), 1);
        } else {
            // SQLite has no clock but ours.
            answer.unwrap();
        }
    })
    .await;
}

// --- Keys --------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_key_that_is_not_as_it_should_be_starts_no_engine() {
    for (file, damage, words) in [
        ("event.pem", Damage::Mode(0o644), "chmod 600"),
        ("checkpoint.pem", Damage::Mode(0o640), "chmod 600"),
        ("fingerprint.key", Damage::Mode(0o604), "chmod 600"),
        ("event.pem", Damage::Gone, "event.pem"),
        ("checkpoint.pem", Damage::Gone, "checkpoint.pem"),
        ("fingerprint.key", Damage::Gone, "fingerprint.key"),
        ("event.pem", Damage::Content("no key"), "holds no key"),
        ("fingerprint.key", Damage::Content("abc"), "32 bytes in hex"),
        ("checkpoint.last", Damage::Content("no note"), "no checkpoint of this ledger"),
        ("event.pem", Damage::TooLong, "longer than"),
    ] {
        let folder = TempDir::new().unwrap();
        let ledger = Ledger::found(&sqlite_in(&folder)).await;
        damage.done_to(&ledger.folder().path().join(file));
        let refusal = try_start(ledger.store(), &ledger.folder(), &ledger.sources).await.err().unwrap();
        assert!(refusal.to_string().contains(words), "{file}: {refusal}");
    }
}

#[tokio::test]
async fn the_keys_of_another_ledger_start_no_engine() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::found(&sqlite_in(&folder)).await;
    let own = ledger.folder();
    for (file, which) in [("event.pem", "event"), ("checkpoint.pem", "checkpoint")] {
        let other = KeyFolder::new(ledger.keys.path().join(format!("other-{which}")));
        other.generate(&origin(), &ledger.sources).unwrap();
        for kept in ["event.pem", "checkpoint.pem"].into_iter().filter(|kept| *kept != file) {
            fs::copy(own.path().join(kept), other.path().join(kept)).unwrap();
        }
        let refusal = try_start(ledger.store(), &other, &ledger.sources).await.err().unwrap();
        let named = matches!(refusal, StartError::OtherKey { which: found, .. } if found == which);
        assert!(named, "{refusal:?}");
    }
}

#[tokio::test]
async fn keys_are_never_overwritten() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::found(&sqlite_in(&folder)).await;
    let event = ledger.folder().path().join("event.pem");
    let before = fs::read(&event).unwrap();
    ledger.folder().generate(&origin(), &ledger.sources).unwrap_err();
    assert_eq!(fs::read(&event).unwrap(), before);
    assert_eq!(fs::metadata(&event).unwrap().permissions().mode() & 0o7777, 0o600);
}

enum Damage {
    Mode(u32),
    Gone,
    Content(&'static str),
    TooLong,
}

impl Damage {
    fn done_to(&self, file: &std::path::Path) {
        match self {
            Self::Mode(mode) => fs::set_permissions(file, fs::Permissions::from_mode(*mode)).unwrap(),
            Self::Gone => fs::remove_file(file).unwrap(),
            Self::Content(content) => fs::write(file, content).unwrap(),
            Self::TooLong => fs::write(file, vec![b'x'; usize::try_from(KEY_FILE_BYTES_MAX).unwrap() + 1]).unwrap(),
        }
    }
}

// --- Checks ------------------------------------------------------------------------------------------------------

fn sqlite_in(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("ledger.db").display())
}

/// A fact is refused with a code, a field and words that help, and changes the count of no table.
async fn check(ledger: &Ledger, fact: NewFact, code: RejectionCode, field: &str, words: &str) {
    let raw = ledger.raw().await;
    let before = raw.row_counts().await;
    let (_, refusal) = refused(ledger.submit("refused", vec![fact]).await);
    assert_eq!((refusal.code, refusal.field.as_str()), (code, field), "{}", refusal.message);
    assert!(refusal.message.contains(words), "{} does not say {words}", refusal.message);
    assert_eq!(raw.row_counts().await, before);
    raw.close().await;
}
