//! Holds the append path to its promises: one answer for one key, all or nothing, no neighbour disturbed, no gap and no
//! fork whoever else writes, and the operator's own acts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use futures_util::future::join_all;
use griffie::engine::{
    Engine, KeyFolder, NewFact, OperateError, Receipt, Sources, StartError, correct_clock, decide_fork,
    introduce_event_key, revoke_event_key,
};
use griffie::family::kit::RejectionCode;
use griffie::ledger::name::{Sequence, StreamId};
use griffie::ledger::verify::{FaultKind, Report};
use griffie::store::Store;
use uuid::Uuid;

use crate::support::ledger::{
    Ledger, Told, after_ms, chosen, declared, drafted, fresh_key, granted, origin, path_of, published, refused,
    remarked_withdrawal, staff, start, submission, told, try_start, unavailable, verify, withdrawn,
};
use crate::support::on_both;

// --- One answer for one key --------------------------------------------------------------------------------------

#[tokio::test]
async fn a_repeated_request_gets_its_first_answer() {
    on_both("a_repeated_request_gets_its_first_answer", async |url| {
        let ledger = Ledger::found(&url).await;
        let asked = || vec![drafted("mu-01"), drafted("mu-02")];
        let first = ledger.submit("key", asked()).await.unwrap();
        let before = counts(&ledger).await;
        assert_eq!(ledger.submit("key", asked()).await.unwrap(), first);
        let restarted = ledger.another_engine().await;
        assert_eq!(restarted.submit(submission("key", asked())).await.unwrap(), first);
        assert_eq!(counts(&ledger).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_request_repeated_in_one_batch_is_recorded_once() {
    on_both("a_request_repeated_in_one_batch_is_recorded_once", async |url| {
        let ledger = Ledger::found(&url).await;
        let repeats = (0..20).map(|_| ledger.submit("key", vec![drafted("mu-01")]));
        let answers: Vec<Vec<Receipt>> = join_all(repeats).await.into_iter().map(Result::unwrap).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.len() == 1));
        assert_eq!(ledger.head().await.size(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_key_used_for_something_else_is_refused() {
    on_both("a_key_used_for_something_else_is_refused", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let consent = ledger.record(granted(&text, &["photo"], None)).await.entry.stream;
        ledger.submit("key", vec![remarked_withdrawal(&["photo"], Some("one")).of(&consent)]).await.unwrap();
        for other in [
            remarked_withdrawal(&["photo"], Some("two")).of(&consent),
            remarked_withdrawal(&["photo"], Some("one")).of(&consent).at("2024-01"),
            remarked_withdrawal(&["photo"], Some("one")).of(&consent).expecting(1),
            remarked_withdrawal(&[], Some("one")).of(&consent),
            drafted("mu-01"),
        ] {
            check_refusal(&ledger, "key", vec![other], RejectionCode::IdempotencyKeyReused, "idempotencyKey").await;
        }
    })
    .await;
}

#[tokio::test]
async fn another_use_of_a_key_in_the_same_batch_is_refused_too() {
    on_both("another_use_of_a_key_in_the_same_batch_is_refused_too", async |url| {
        let ledger = Ledger::found(&url).await;
        let uses = ["mu-01", "mu-02"].map(|unit| ledger.submit("key", vec![drafted(unit)]));
        let mut answers = join_all(uses).await;
        let (_, refusal) = refused(answers.pop().unwrap());
        assert_eq!(refusal.code, RejectionCode::IdempotencyKeyReused);
        answers.pop().unwrap().unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_key_belongs_to_its_actor() {
    on_both("a_key_belongs_to_its_actor", async |url| {
        let ledger = Ledger::found(&url).await;
        ledger.submit("key", vec![drafted("mu-01")]).await.unwrap();
        let mut of_another = submission("key", vec![drafted("mu-02")]);
        of_another.actor = staff("staff-2");
        let receipts = ledger.engine.submit(of_another).await.unwrap();
        assert_eq!(receipts[0].entry.sequence, 2);
    })
    .await;
}

#[tokio::test]
async fn a_refused_fact_leaves_no_key() {
    on_both("a_refused_fact_leaves_no_key", async |url| {
        let ledger = Ledger::found(&url).await;
        let nowhere = chosen("consent", 1);
        let refusal = vec![withdrawn(&[]).beginning(&nowhere)];
        check_refusal(&ledger, "key", refusal, RejectionCode::NeverExisted, "event.withdrawn").await;
        ledger.submit("key", vec![drafted("mu-01")]).await.unwrap();
    })
    .await;
}

// --- Revisions, streams and references ---------------------------------------------------------------------------

#[tokio::test]
async fn the_expected_revision_decides() {
    on_both("the_expected_revision_decides", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let consent = ledger.record(granted(&text, &["photo"], None)).await.entry.stream;
        let next = || withdrawn(&["photo"]).of(&consent);
        for wrong in [0, 2, 7] {
            let refusal = vec![next().expecting(wrong)];
            check_refusal(&ledger, "key", refusal, RejectionCode::RevisionConflict, "expectedRevision").await;
        }
        assert_eq!(ledger.record(next().expecting(1)).await.entry.revision, 2);
        assert_eq!(ledger.record(next()).await.entry.revision, 3);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_expect_the_same_revision_one_wins() {
    on_both("of_two_who_expect_the_same_revision_one_wins", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let both = ["key-1", "key-2"].map(|key| ledger.submit(key, vec![declared().of(&text).expecting(1)]));
        let (won, lost): (Vec<_>, Vec<_>) = join_all(both).await.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 1));
        let (_, refusal) = refused(lost.into_iter().next().unwrap());
        assert_eq!(refusal.code, RejectionCode::RevisionConflict);
    })
    .await;
}

#[tokio::test]
async fn a_stream_begins_under_a_chosen_id_only_when_that_is_said() {
    on_both("a_stream_begins_under_a_chosen_id_only_when_that_is_said", async |url| {
        let ledger = Ledger::found(&url).await;
        let id = chosen("activity", 1);
        let random = StreamId::new("activity", Uuid::from_u128(0x1234_5678_1234_4234_8234_1234_5678_1234));
        for (fact, code, field) in [
            (drafted("mu-01").of(&id), RejectionCode::Unknown, "stream"),
            (drafted("mu-01").of(&id).expecting(1), RejectionCode::RevisionConflict, "expectedRevision"),
            (drafted("mu-01").beginning(&random), RejectionCode::Malformed, "stream"),
            (drafted("mu-01").beginning(&chosen("consent", 1)), RejectionCode::Malformed, "stream"),
        ] {
            check_refusal(&ledger, "key", vec![fact], code, field).await;
        }
        let receipt = ledger.record(drafted("mu-01").beginning(&id)).await;
        assert_eq!((receipt.entry.stream, receipt.entry.revision), (id, 1));
    })
    .await;
}

#[tokio::test]
async fn a_reference_names_one_stream_of_a_family() {
    on_both("a_reference_names_one_stream_of_a_family", async |url| {
        let ledger = Ledger::found(&url).await;
        let named = || drafted("mu-01").referenced("ACT-001");
        let activity = ledger.record(named()).await.entry.stream;
        let (taken, malformed) = (RejectionCode::AlreadyExists, RejectionCode::Malformed);
        check_refusal(&ledger, "key", vec![named()], taken, "reference").await;
        check_refusal(
            &ledger,
            "key",
            vec![drafted("mu-01").of(&activity).referenced("ACT-002")],
            malformed,
            "reference",
        )
        .await;
        let twice = ["ACT-003", "ACT-003"].map(|reference| drafted("mu-01").referenced(reference));
        check_refusal(&ledger, "key", twice.to_vec(), taken, "reference").await;
        // What was refused took no reference; another family has references of its own.
        ledger.record(drafted("mu-01").referenced("ACT-003")).await;
        ledger.record(published(1, &["photo"]).referenced("ACT-001")).await;
    })
    .await;
}

// --- All or nothing, and no neighbour disturbed ------------------------------------------------------------------

#[tokio::test]
async fn a_refused_last_fact_takes_all_of_its_submission_with_it() {
    on_both("a_refused_last_fact_takes_all_of_its_submission_with_it", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let consent = chosen("consent", 1);
        let facts = vec![
            drafted("mu-01").referenced("ACT-001"),
            granted(&text, &["photo"], None).beginning(&consent),
            granted(&text, &["photo"], None).of(&consent),
        ];
        let before = counts(&ledger).await;
        let (position, refusal) = refused(ledger.submit("key", facts).await);
        assert_eq!((position, refusal.code), (2, RejectionCode::AlreadyExists));
        assert_eq!(counts(&ledger).await, before);
        ledger.record(drafted("mu-01").referenced("ACT-001")).await;
        ledger.record(granted(&text, &["photo"], None).beginning(&consent)).await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_submission_does_not_disturb_its_neighbours() {
    on_both("a_refused_submission_does_not_disturb_its_neighbours", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let submissions = (0..30_u16).map(|number| {
            let consent = chosen("consent", number);
            let mut facts = vec![granted(&text, &["photo"], None).beginning(&consent)];
            // Every third one ends with a fact that cannot be.
            if number % 3 == 1 {
                facts.push(withdrawn(&["nothing"]).of(&consent));
            }
            ledger.engine.submit(submission(&fresh_key(), facts))
        });
        let answers = join_all(submissions).await;
        let mut expected = 2;
        for (number, answer) in answers.into_iter().enumerate() {
            if number % 3 == 1 {
                assert_eq!(refused(answer).0, 1, "submission {number}");
            } else {
                assert_eq!(answer.unwrap()[0].entry.sequence, expected, "submission {number}");
                expected += 1;
            }
        }
        check_verifies(&ledger, expected).await;
    })
    .await;
}

#[tokio::test]
async fn a_fact_may_refer_to_what_begins_in_the_same_submission() {
    on_both("a_fact_may_refer_to_what_begins_in_the_same_submission", async |url| {
        let ledger = Ledger::found(&url).await;
        let (text, consent) = (chosen("consentText", 1), chosen("consent", 1));
        let begin = || published(1, &["photo"]).beginning(&text);
        let grant = || granted(&text, &["photo"], None).beginning(&consent);
        let (position, refusal) = refused(ledger.submit("key", vec![grant(), begin()]).await);
        assert_eq!((position, refusal.code), (0, RejectionCode::Unknown));
        let receipts = ledger.record_all(vec![begin(), grant(), withdrawn(&["photo"]).of(&consent)]).await;
        assert_eq!(receipts.iter().map(|receipt| receipt.entry.revision).collect::<Vec<_>>(), [1, 1, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_commitment_cannot_be_handed_in() {
    on_both("a_commitment_cannot_be_handed_in", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let consent = ledger.record(granted(&text, &["photo"], None)).await;
        let digest = consent.entry.data["remark"]["..."].clone();
        assert!(digest.is_string());
        let graft = told("activity", "drafted", serde_json::json!({"remark": {"...": digest}}));
        check_refusal(&ledger, "key", vec![graft], RejectionCode::Malformed, "event").await;
    })
    .await;
}

// --- Many writers ------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_at_once_get_a_receipt_each() {
    on_both("two_hundred_at_once_get_a_receipt_each", async |url| {
        let ledger = Ledger::found(&url).await;
        let tasks: Vec<_> = (0..200_u16).map(|number| spawn_facts(&ledger.engine, number, 1)).collect();
        let mut sequences = Vec::new();
        for (number, task) in tasks.into_iter().enumerate() {
            let receipts = task.await.unwrap();
            assert_eq!(receipts[0].entry.stream, chosen("consentText", u16::try_from(number).unwrap()));
            sequences.push(receipts[0].entry.sequence);
        }
        sequences.sort_unstable();
        assert_eq!(sequences, (1..=200).collect::<Vec<u64>>());
        check_verifies(&ledger, 201).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_engines_on_one_database_make_one_chain() {
    on_both("two_engines_on_one_database_make_one_chain", async |url| {
        let ledger = Ledger::found(&url).await;
        let other = ledger.another_engine().await;
        let engines = [&ledger.engine, &other];
        let tasks: Vec<_> =
            (0..20_u16).map(|number| spawn_facts(engines[usize::from(number % 2)], number, 5)).collect();
        let mut sequences = Vec::new();
        for task in tasks {
            sequences.extend(task.await.unwrap().iter().map(|receipt| receipt.entry.sequence));
        }
        sequences.sort_unstable();
        assert_eq!(sequences, (1..=100).collect::<Vec<u64>>());
        join_all(engines.map(|engine| engine.checkpointer().sign_head())).await.into_iter().for_each(|signed| {
            assert_eq!(signed.unwrap().size, 101);
        });
        check_verifies(&ledger, 101).await;
    })
    .await;
}

/// Records facts in one stream, one after the other, in a task of its own.
fn spawn_facts(engine: &Engine, number: u16, facts: u64) -> tokio::task::JoinHandle<Vec<Receipt>> {
    let engine = engine.clone();
    tokio::spawn(async move {
        let mut receipts = Vec::new();
        for revision in 0..facts {
            let fact = declared().of(&chosen("consentText", number)).expecting(revision);
            receipts.extend(engine.submit(submission(&fresh_key(), vec![fact])).await.unwrap());
        }
        receipts
    })
}

// --- The operator's own acts -------------------------------------------------------------------------------------

#[tokio::test]
async fn an_engine_whose_key_was_replaced_takes_no_more_facts() {
    on_both("an_engine_whose_key_was_replaced_takes_no_more_facts", async |url| {
        let ledger = Ledger::found(&url).await;
        ledger.record(drafted("mu-01")).await;
        introduce_event_key(ledger.store(), &ledger.folder(), &ledger.sources).await.unwrap();
        let before = counts(&ledger).await;
        let reason = unavailable(ledger.submit("key", vec![drafted("mu-02")]).await);
        assert!(reason.contains("operator"), "{reason}");
        assert_eq!(counts(&ledger).await, before);
        let next = ledger.another_engine().await;
        next.submit(submission("key", vec![drafted("mu-02")])).await.unwrap();
        check_verifies(&ledger, 4).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_revoked_key_signed_is_proven_no_more() {
    on_both("what_a_revoked_key_signed_is_proven_no_more", async |url| {
        let ledger = Ledger::found(&url).await;
        for _ in 0..4 {
            ledger.record(drafted("mu-01")).await;
        }
        let recovery = ledger.folder().load_recovery(&origin()).unwrap();
        revoke_event_key(ledger.store(), &ledger.folder(), recovery, Sequence(3), &ledger.sources).await.unwrap();
        unavailable(ledger.submit("key", vec![drafted("mu-02")]).await);
        ledger.another_engine().await.submit(submission("key", vec![drafted("mu-02")])).await.unwrap();
        let report = ledger.verify().await;
        let faults: Vec<_> = report.faults.iter().map(|fault| (fault.kind, fault.from, fault.to)).collect();
        assert_eq!(faults, [(FaultKind::KeyRange, 3, 4)], "{:#?}", report.faults);
    })
    .await;
}

#[tokio::test]
async fn a_lost_event_key_can_still_be_revoked() {
    on_both("a_lost_event_key_can_still_be_revoked", async |url| {
        let ledger = Ledger::found(&url).await;
        let recovery = ledger.folder().load_recovery(&origin()).unwrap();
        fs::remove_file(ledger.folder().path().join("event.pem")).unwrap();
        revoke_event_key(ledger.store(), &ledger.folder(), recovery, Sequence(1), &ledger.sources).await.unwrap();
        ledger.another_engine().await.submit(submission("key", vec![drafted("mu-01")])).await.unwrap();
        check_verifies(&ledger, 3).await;
    })
    .await;
}

#[tokio::test]
async fn a_key_that_the_ledger_does_not_name_records_no_operators_act() {
    on_both("a_key_that_the_ledger_does_not_name_records_no_operators_act", async |url| {
        let ledger = Ledger::found(&url).await;
        let stranger = KeyFolder::new(ledger.keys.path().join("stranger"));
        stranger.generate(&origin(), &ledger.sources).unwrap();
        let recovery = stranger.load_recovery(&origin()).unwrap();
        let (store, sources) = (ledger.store(), &ledger.sources);
        let before = counts(&ledger).await;
        let answers = [
            introduce_event_key(store, &stranger, sources).await,
            correct_clock(store, &stranger, sources, Sequence(0), "a wrong clock".to_owned()).await,
            revoke_event_key(store, &ledger.folder(), recovery, Sequence(1), sources).await,
        ];
        for answer in answers {
            let refusal = answer.unwrap_err();
            assert!(matches!(refusal, OperateError::Start(StartError::OtherKey { .. })), "{refusal:?}");
        }
        assert_eq!(counts(&ledger).await, before);
        check_verifies(&ledger, 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_stretch_is_closed_and_the_ledger_goes_on_by_microseconds() {
    let folder = tempfile::TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
    let ledger = Ledger::found_with(&url, Sources::system()).await;
    let right = ledger.sources.now();
    let clock = Sources::frozen(after_ms(right, 3_600_000), 9);
    let fast = start(ledger.store(), &ledger.folder(), &clock).await;
    fast.submit(submission("key-1", vec![drafted("mu-01")])).await.unwrap();
    clock.set(right);
    let refusal = try_start(ledger.store(), &ledger.folder(), &clock).await.err().unwrap();
    assert!(matches!(refusal, StartError::ClockBehind { .. }), "{refusal:?}");
    let reason = unavailable(fast.submit(submission("key-2", vec![drafted("mu-01")])).await);
    assert!(reason.contains("clock"), "{reason}");

    let wrong = ledger.head().await.recorded;
    let reason = "the clock ran an hour ahead".to_owned();
    let closed = correct_clock(ledger.store(), &ledger.folder(), &clock, Sequence(1), reason).await.unwrap();
    let restarted = try_start(ledger.store(), &ledger.folder(), &clock).await.unwrap();
    let next = restarted.submit(submission("key-2", vec![drafted("mu-01")])).await.unwrap();
    assert_eq!(closed.entry.recorded, wrong.next());
    assert_eq!(next[0].entry.recorded, wrong.next().next());
    check_verifies(&ledger, 4).await;
}

#[tokio::test]
async fn a_database_that_lost_signed_entries_is_refused_until_the_operator_decides() {
    let folder = tempfile::TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
    let ledger = Ledger::found(&url).await;
    ledger.record(drafted("mu-01")).await;
    ledger.engine.checkpointer().sign_head().await.unwrap();
    ledger.store().close().await;
    let copy = folder.path().join("copy.db");
    fs::copy(path_of(&url), &copy).unwrap();

    let later = ledger.another_engine().await;
    for _ in 0..3 {
        later.submit(submission(&fresh_key(), vec![drafted("mu-02")])).await.unwrap();
    }
    assert_eq!(later.checkpointer().sign_head().await.unwrap().size, 5);
    later.store().close().await;
    restore(&copy, &path_of(&url));

    let store = Store::open(&url, false).await.unwrap();
    let refusal = try_start(&store, &ledger.folder(), &ledger.sources).await.err().unwrap();
    assert!(matches!(refusal, StartError::Fork(_)), "{refusal:?}");
    assert!(refusal.to_string().contains("fork-decision"), "{refusal}");
    let reason = "the disk was restored from yesterday's backup".to_owned();
    let decided = decide_fork(&store, &ledger.folder(), &ledger.sources, reason.clone()).await.unwrap();
    assert_eq!((decided.entry.sequence, decided.entry.event.to_string()), (2, "ledger.forkDecided".to_owned()));
    assert_eq!(decided.entry.data["signedSize"], 5);
    let again = decide_fork(&store, &ledger.folder(), &ledger.sources, reason).await.unwrap_err();
    assert!(matches!(again, OperateError::NoFork), "{again:?}");

    let restarted = start(&store, &ledger.folder(), &ledger.sources).await;
    restarted.submit(submission(&fresh_key(), vec![drafted("mu-02")])).await.unwrap();
    let report = verify(&store, griffie::ledger::verify::Trust::default()).await;
    assert!(report.ok && report.size == 4, "{:#?}", report.faults);
}

#[tokio::test]
async fn a_running_engine_stops_when_its_database_falls_behind_what_was_signed() {
    on_both("a_running_engine_stops_when_its_database_falls_behind_what_was_signed", async |url| {
        let ledger = Ledger::found(&url).await;
        let raw = ledger.raw().await;
        raw.run("create table head_then as select * from head").await;
        ledger.record(drafted("mu-01")).await;
        ledger.engine.checkpointer().sign_head().await.unwrap();
        raw.unprotect().await;
        raw.run("delete from entry where sequence = 1").await;
        raw.run("delete from head").await;
        raw.run("insert into head select * from head_then").await;
        raw.close().await;
        unavailable(ledger.submit("key", vec![drafted("mu-02")]).await);
        assert_eq!(ledger.head().await.size(), 1);
    })
    .await;
}

/// Puts a copy of a closed SQLite file in the place of the original.
fn restore(copy: &Path, original: &Path) {
    for suffix in ["-wal", "-shm"] {
        let beside = original.with_file_name(format!("{}{suffix}", original.file_name().unwrap().display()));
        let _ = fs::remove_file(beside);
    }
    fs::copy(copy, original).unwrap();
}

// --- Checks ------------------------------------------------------------------------------------------------------

async fn counts(ledger: &Ledger) -> BTreeMap<&'static str, i64> {
    let raw = ledger.raw().await;
    let counts = raw.row_counts().await;
    raw.close().await;
    counts
}

/// A submission is refused with a code and a field, and changes the count of no table.
async fn check_refusal(ledger: &Ledger, key: &str, facts: Vec<NewFact>, code: RejectionCode, field: &str) {
    let before = counts(ledger).await;
    let (_, refusal) = refused(ledger.submit(key, facts).await);
    assert_eq!((refusal.code, refusal.field.as_str()), (code, field), "{}", refusal.message);
    assert_eq!(counts(ledger).await, before);
}

async fn check_verifies(ledger: &Ledger, size: u64) -> Report {
    let report = ledger.verify().await;
    assert!(report.ok, "{:#?}", report.faults);
    assert_eq!(report.size, size);
    report
}
