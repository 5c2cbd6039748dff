//! Holds the projection to the oracle: at every tree size and every instant a state is the fold of what stands.
//!
//! The oracle is written here anew, from the stored entries alone: of the first `k` entries those of a stream that none
//! of the `k` replaces and that are in effect by `v`, in the order of (effective, sequence), folded by the family.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use futures_util::future::join_all;
use griffie::engine::{KnownAt, Moment, MomentError, NewFact, rebuild};
use griffie::family::activity::Activity;
use griffie::family::consent::{Consent, Decision};
use griffie::family::consent_text::ConsentText;
use griffie::family::kit::{Event as _, Family, Recorded};
use griffie::family::ledger::Ledger as LedgerState;
use griffie::ledger::canonical;
use griffie::ledger::entry::Entry;
use griffie::ledger::name::{Sequence, StreamId};
use griffie::store::{KeyFilter, ListRange, StoredVersion, all_states, list_states, size_known_at, states_at};
use griffie::time::Instant;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use crate::support::ledger::{
    Ledger, START, Told, after_ms, chosen, drafted, fresh_key, granted, instant, item_changed, published, retracted,
    submission, told, withdrawn,
};
use crate::support::on_both;

/// Random histories on each database.
const HISTORIES: u32 = 6;
/// Shorter histories tried after a failure.
const SHRINKS_MAX: u32 = 40;
/// Streams of one family in a history.
const STREAMS: u16 = 3;
/// Moments of effect: periods that share their earliest instant, instants beside it, the past and the future.
const EFFECTIVES: [&str; 8] = [
    "2023-12-31T23:00:00.000000Z",
    "2024",
    "2024-01",
    "2024-01-01",
    "2024-01-01T00:00:00.000001Z",
    "2024-06-15",
    "2025-01",
    "2031",
];
const UNITS: [&str; 2] = ["mu-01", "mu-02"];

// --- The properties ----------------------------------------------------------------------------------------------

#[test]
fn every_state_at_every_moment_is_the_fold_of_what_stands() {
    for_histories("every_state_at_every_moment_is_the_fold_of_what_stands", async |ledger| {
        let world = World::read(&ledger).await;
        for size in 0..=world.size() {
            for valid in world.instants() {
                check_states(&ledger, &world, size, valid).await;
            }
        }
    });
}

#[test]
fn a_list_with_filters_is_the_filtered_oracle() {
    for_histories("a_list_with_filters_is_the_filtered_oracle", async |ledger| {
        let world = World::read(&ledger).await;
        for size in [world.size() / 2, world.size()] {
            for valid in world.instants().into_iter().step_by(2) {
                for filters in filters(&world) {
                    check_list(&ledger, &world, (size, valid), &filters).await;
                }
            }
        }
    });
}

#[test]
fn a_rebuilt_projection_is_the_one_that_was_there() {
    for_histories("a_rebuilt_projection_is_the_one_that_was_there", async |ledger| {
        check_rebuild(&ledger).await;
    });
}

#[tokio::test]
async fn a_rebuild_reads_on_across_its_pages() {
    on_both("a_rebuild_reads_on_across_its_pages", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let consent = chosen("consent", 0);
        ledger.record(granted(&text, &["photo", "video"], None).beginning(&consent)).await;
        for _ in 0..6 {
            let change = |turn: usize| {
                let decision = if turn.is_multiple_of(2) { Decision::No } else { Decision::Yes };
                let effective = EFFECTIVES[3 + turn % 5];
                item_changed("photo", decision).of(&consent).at(effective)
            };
            ledger.record_all((0..90).map(change).collect()).await;
        }
        check_rebuild(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn an_instant_is_the_number_of_entries_recorded_by_then() {
    on_both("an_instant_is_the_number_of_entries_recorded_by_then", async |url| {
        let ledger = Ledger::found(&url).await;
        for milliseconds in [0, 10, 10, 500] {
            ledger.sources.set(after_ms(instant(START), milliseconds));
            ledger.record_all(vec![drafted("mu-01"), drafted("mu-02")]).await;
        }
        let recorded: Vec<Instant> = ledger.entries().await.iter().map(|entry| entry.recorded).collect();
        assert!(recorded.is_sorted_by(|left, right| left < right), "{recorded:?}");
        for at in recorded.iter().flat_map(|at| [at.before(), *at, at.next()]) {
            let known = recorded.iter().filter(|recorded| **recorded <= at).count();
            check_moment(&ledger, at, known as u64, &recorded).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_tree_size_is_a_moment_up_to_the_head_and_no_further() {
    on_both("a_tree_size_is_a_moment_up_to_the_head_and_no_further", async |url| {
        let ledger = Ledger::found(&url).await;
        ledger.record(drafted("mu-01")).await;
        let valid = instant(START);
        for size in 0..=2 {
            let moment = Moment::resolve(ledger.store(), KnownAt::Size(size), valid).await.unwrap();
            assert_eq!((moment.size, moment.is_final, moment.valid), (size, true, valid));
        }
        let beyond = Moment::resolve(ledger.store(), KnownAt::Size(3), valid).await.unwrap_err();
        assert!(matches!(beyond, MomentError::BeyondHead { size: 2, asked: 3 }), "{beyond:?}");
        let head = Moment::resolve(ledger.store(), KnownAt::Head, valid).await.unwrap();
        assert_eq!((head.size, head.recorded), (2, Some(ledger.head().await.recorded)));
    })
    .await;
}

#[tokio::test]
async fn what_was_known_stays_known_whatever_is_recorded_later() {
    on_both("what_was_known_stays_known_whatever_is_recorded_later", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let consent = chosen("consent", 0);
        let grant = ledger.record(granted(&text, &["photo"], None).beginning(&consent).at("2024-03")).await;
        let size = grant.entry.sequence + 1;
        let valid = instant("2024-07-01T00:00:00.000000Z");
        let known_then = states(&ledger, std::slice::from_ref(&consent), size, valid).await;
        ledger.record(withdrawn(&[]).of(&consent).at("2024-06")).await;
        ledger.record(retracted("consent", grant.entry.sequence).of(&consent)).await;
        assert_eq!(states(&ledger, &[consent], size, valid).await, known_then);
        assert_eq!(known_then.len(), 1);
    })
    .await;
}

// --- The checks --------------------------------------------------------------------------------------------------

async fn states(ledger: &Ledger, streams: &[StreamId], size: u64, valid: Instant) -> BTreeMap<StreamId, String> {
    let found = states_at(ledger.store().read().await.unwrap().conn(), streams, size, valid).await.unwrap();
    let count = found.len();
    let states: BTreeMap<StreamId, String> = found.into_iter().map(|state| (state.stream, state.text)).collect();
    assert_eq!(states.len(), count, "two bitemporal_versions of one stream cover size {size}, {valid}");
    states
}

async fn check_states(ledger: &Ledger, world: &World, size: u64, valid: Instant) {
    let streams: Vec<StreamId> = world.streams().into_iter().collect();
    let folded = |stream: &StreamId| Some((stream.clone(), world.state(stream, size, valid)?.text));
    let expected: BTreeMap<StreamId, String> = streams.iter().filter_map(folded).collect();
    assert_eq!(states(ledger, &streams, size, valid).await, expected, "at size {size}, {valid}");
}

/// Pages of two, forwards and backwards, that together are the whole list.
async fn check_list(ledger: &Ledger, world: &World, (size, valid): (u64, Instant), filters: &[KeyFilter]) {
    let kept = |stream: &StreamId| {
        let state = world.state(stream, size, valid).filter(|_| stream.family() == "consent")?;
        let has = |filter: &KeyFilter| state.keys.contains(&(filter.name, filter.value.clone()));
        filters.iter().all(has).then_some((stream.to_string(), state.text))
    };
    let mut expected: Vec<(String, String)> = world.streams().iter().filter_map(kept).collect();
    for backwards in [false, true] {
        let listed = listed(ledger, (size, valid), filters, backwards).await;
        assert_eq!(listed, expected, "at size {size}, {valid}, {filters:?}, backwards {backwards}");
        expected.reverse();
    }
}

async fn listed(
    ledger: &Ledger,
    (size, valid): (u64, Instant),
    filters: &[KeyFilter],
    backwards: bool,
) -> Vec<(String, String)> {
    let mut range = ListRange { after: String::new(), before: ListRange::END.to_owned(), limit: 2, backwards };
    let mut listed: Vec<(String, String)> = Vec::new();
    loop {
        let mut connection = ledger.store().read().await.unwrap();
        let page = list_states(connection.conn(), "consent", size, valid, filters, &range).await.unwrap();
        listed.extend(page.iter().map(|state| (state.stream.to_string(), state.text.clone())));
        match listed.last() {
            Some((last, _)) if page.len() == 2 && backwards => range.before.clone_from(last),
            Some((last, _)) if page.len() == 2 => range.after.clone_from(last),
            _ => return listed,
        }
    }
}

async fn check_rebuild(ledger: &Ledger) {
    let before = projection(ledger).await;
    let mut told = Vec::new();
    let size = rebuild(ledger.store(), |done, of| told.push((done, of))).await.unwrap();
    assert_eq!(size, ledger.head().await.size());
    assert_eq!(told.last(), Some(&(size, size)));
    assert_eq!(projection(ledger).await, before);
}

/// All bitemporal versions, and the rows of their keys and of the index of facts as texts.
async fn projection(ledger: &Ledger) -> (Vec<StoredVersion>, Vec<String>) {
    let mut bitemporal_versions: Vec<StoredVersion> = Vec::new();
    loop {
        let mut connection = ledger.store().read().await.unwrap();
        let page = all_states(connection.conn(), bitemporal_versions.last(), 50).await.unwrap();
        if page.is_empty() {
            break;
        }
        bitemporal_versions.extend(page);
    }
    assert!(bitemporal_versions.iter().all(|row| row.text.is_some()), "a bitemporal_version without a state");
    let keys = "select family || ' ' || name || ' ' || value || ' ' || stream || ' ' || effective_from || ' ' || \
                effective_to || ' ' || known_from || ' ' || known_to as line from state_key order by line";
    let facts = "select sequence || ' ' || unit || ' ' || family || ' ' || late || ' ' || replaced as line from fact order by line";
    let figures = "select code || ' ' || unit || ' ' || effective_from || ' ' || effective_to || ' ' || sequence || ' ' || \
                   known_from || ' ' || known_to || ' ' || stream as line from figure order by line";
    let raw = ledger.raw().await;
    let mut lines = raw.texts(keys).await;
    for index in [facts, figures] {
        let rows = raw.texts(index).await;
        assert!(!rows.is_empty(), "nothing is indexed");
        lines.extend(rows);
    }
    raw.close().await;
    (bitemporal_versions, lines)
}

async fn check_moment(ledger: &Ledger, at: Instant, known: u64, recorded: &[Instant]) {
    let size = size_known_at(ledger.store().read().await.unwrap().conn(), at).await.unwrap();
    assert_eq!(size, known, "at {at}");
    let moment = Moment::resolve(ledger.store(), KnownAt::Instant(at), at).await.unwrap();
    assert_eq!(moment.size, known, "at {at}");
    assert_eq!(moment.is_final, Some(&at) <= recorded.last(), "at {at}");
    let last = known.checked_sub(1).map(|last| recorded[usize::try_from(last).unwrap()]);
    assert_eq!(moment.recorded, last, "at {at}");
}

// --- The oracle --------------------------------------------------------------------------------------------------

/// A ledger as its entries tell it.
struct World {
    entries: Vec<Entry>,
}

/// A state and its keys.
struct State {
    text: String,
    keys: Vec<(&'static str, String)>,
}

impl World {
    async fn read(ledger: &Ledger) -> Self {
        Self { entries: ledger.entries().await }
    }

    fn size(&self) -> u64 {
        self.entries.len() as u64
    }

    fn streams(&self) -> BTreeSet<StreamId> {
        self.entries.iter().map(|entry| entry.stream.clone()).collect()
    }

    /// At, just before and just after every moment of effect.
    fn instants(&self) -> BTreeSet<Instant> {
        let effective = self.entries.iter().map(|entry| entry.effective.earliest());
        effective.flat_map(|at| [at.before(), at, at.next()]).collect()
    }

    /// The fold; `None` while nothing is in effect. A `retracted` fact only takes another one away.
    fn state(&self, stream: &StreamId, size: u64, valid: Instant) -> Option<State> {
        let known = || self.entries.iter().filter(|entry| entry.sequence < size);
        let replaced: BTreeSet<u64> = known().filter_map(|entry| entry.replaces).collect();
        let mut standing: Vec<&Entry> = known()
            .filter(|entry| entry.stream == *stream && !replaced.contains(&entry.sequence))
            .filter(|entry| entry.event.fact() != "retracted" && entry.effective.earliest() <= valid)
            .collect();
        standing.sort_by_key(|entry| (entry.effective.earliest(), entry.sequence));
        match (standing.is_empty(), stream.family()) {
            (true, _) => None,
            (_, "consent") => Some(fold::<Consent>(&standing)),
            (_, "consentText") => Some(fold::<ConsentText>(&standing)),
            (_, "activity") => Some(fold::<Activity>(&standing)),
            (_, "ledger") => Some(fold::<LedgerState>(&standing)),
            (_, other) => panic!("no such family in these histories: {other}"),
        }
    }
}

fn fold<F: Family>(standing: &[&Entry]) -> State {
    let mut state = F::default();
    for entry in standing {
        let event = F::Event::from_data(entry.event.fact(), entry.version, &entry.data).unwrap();
        let recorded = Recorded {
            sequence: Sequence(entry.sequence),
            recorded: entry.recorded,
            effective: entry.effective,
            actor: entry.actor.clone(),
            provenance: entry.provenance,
            asserted: entry.asserted,
            replaces: entry.replaces.map(Sequence),
        };
        state.apply(&event, &recorded);
    }
    State { text: canonical::encode(&state.write()).unwrap(), keys: state.keys() }
}

/// None, each key alone, both, and one that nothing has.
fn filters(world: &World) -> Vec<Vec<KeyFilter>> {
    let text = world.streams().into_iter().find(|stream| stream.family() == "consentText");
    let by = |name: &'static str, value: String| KeyFilter { name, value };
    let text = by("text", text.map(|text| text.to_string()).unwrap_or_default());
    let unit = by("unit", UNITS[0].to_owned());
    let nobody = by("unit", "mu-99".to_owned());
    vec![
        vec![],
        vec![text.clone()],
        vec![unit.clone()],
        vec![text.clone(), unit.clone()],
        vec![unit, text.clone()],
        vec![text, nobody],
    ]
}

// --- Random histories --------------------------------------------------------------------------------------------

/// One thing that happens; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
struct Step {
    what: What,
    stream: u16,
    effective: usize,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Grant {
        unit: usize,
    },
    Change {
        agreed: bool,
    },
    Withdraw {
        all: bool,
    },
    Screen {
        needed: bool,
    },
    Publish {
        version: u32,
    },
    /// A standing fact is corrected: another one of its kind, effective at another moment.
    Correct {
        activity: bool,
        target: usize,
        other: bool,
    },
    Retract {
        activity: bool,
        target: usize,
    },
}

/// Rounds of submissions that are handed in at once, each of facts that stand or fall together.
type History = Vec<Vec<Vec<Step>>>;

fn histories() -> impl Strategy<Value = History> {
    let target = || any::<u8>().prop_map(usize::from);
    let what = prop_oneof![
        1 => (0..2usize).prop_map(|unit| What::Grant { unit }),
        4 => any::<bool>().prop_map(|agreed| What::Change { agreed }),
        3 => any::<bool>().prop_map(|all| What::Withdraw { all }),
        3 => any::<bool>().prop_map(|needed| What::Screen { needed }),
        1 => (2..4u32).prop_map(|version| What::Publish { version }),
        5 => (any::<bool>(), target(), any::<bool>())
            .prop_map(|(activity, target, other)| What::Correct { activity, target, other }),
        2 => (any::<bool>(), target()).prop_map(|(activity, target)| What::Retract { activity, target }),
    ];
    let step =
        (what, 0..STREAMS, 0..EFFECTIVES.len()).prop_map(|(what, stream, effective)| Step { what, stream, effective });
    let submission = prop_oneof![
        3 => prop::collection::vec(step.clone(), 1..2),
        1 => prop::collection::vec(step, 2..4),
    ];
    let round = prop::collection::vec(submission, 1..6);
    prop::collection::vec(round, 4..8)
}

/// Plays the same random histories on both databases and runs a check on each.
fn for_histories(name: &str, check: impl AsyncFn(Ledger)) {
    let config = ProptestConfig {
        cases: HISTORIES,
        max_shrink_iters: SHRINKS_MAX,
        rng_seed: RngSeed::Fixed(2_024),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let seen = Mutex::new(Seen::default());
    let result = TestRunner::new(config).run(&histories(), |history| {
        let play = async |url: String| {
            let ledger = played(&url, &history).await;
            let entries = ledger.entries().await;
            seen.lock().unwrap().note(&entries);
            check(ledger).await;
        };
        runtime.block_on(on_both(name, play));
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
    let seen = seen.into_inner().unwrap();
    let of_each = [seen.corrected, seen.retracted, seen.late, seen.future, seen.in_one_batch];
    assert!(of_each.iter().all(|count| *count > 0), "the histories prove too little: {seen:?}");
}

/// What was admitted in all histories: a property over nothing proves nothing.
#[derive(Debug, Default)]
struct Seen {
    corrected: usize,
    retracted: usize,
    late: usize,
    future: usize,
    in_one_batch: usize,
}

impl Seen {
    fn note(&mut self, entries: &[Entry]) {
        let retracted = |entry: &&Entry| entry.event.fact() == "retracted";
        let replaces = entries.iter().filter(|entry| entry.replaces.is_some());
        self.retracted += entries.iter().filter(retracted).count();
        self.corrected += replaces.filter(|entry| !retracted(entry)).count();
        self.future += entries.iter().filter(|entry| entry.effective.earliest() > entry.recorded).count();
        for (earlier, later) in pairs(entries) {
            self.late += usize::from(later.effective.earliest() < earlier.effective.earliest());
            // Entries of one batch are a microsecond apart; a simulated clock moves by milliseconds.
            let apart = later.recorded.milliseconds_since(earlier.recorded);
            self.in_one_batch += usize::from(apart == 0);
        }
    }
}

/// Pairs of neighbours within a stream, the earlier first.
fn pairs(entries: &[Entry]) -> impl Iterator<Item = (&Entry, &Entry)> {
    entries.iter().filter_map(|later| {
        let before = entries.iter().rfind(|entry| entry.stream == later.stream && entry.sequence < later.sequence);
        before.map(|earlier| (earlier, later))
    })
}

/// The standing facts of each stream, as far as the player knows: sequence and name.
type Past = BTreeMap<StreamId, Vec<(u64, String)>>;

/// Plays a history. What cannot be is refused, as it would be in life.
async fn played(url: &str, history: &History) -> Ledger {
    let ledger = Ledger::found(url).await;
    let text = ledger.text().await;
    let mut past = Past::from([(text.clone(), Vec::new())]);
    for number in 0..STREAMS {
        let begin = EFFECTIVES[3 * usize::from(number) % 8];
        let granted = granted(&text, &["photo", "video"], Some(UNITS[0])).beginning(&chosen("consent", number));
        let drafted = drafted(UNITS[0]).beginning(&chosen("activity", number));
        let begun = ledger.record_all(vec![granted.at(begin), drafted.at(begin)]).await;
        begun.iter().for_each(|receipt| note(&mut past, &receipt.entry));
    }
    for (turn, round) in history.iter().enumerate() {
        ledger.sources.set(after_ms(instant(START), 1 + i64::try_from(turn).unwrap()));
        let submissions = round.iter().map(|steps| {
            let facts = steps.iter().map(|step| fact(&text, &past, step));
            submission(&fresh_key(), facts.collect())
        });
        let answers = submissions.map(|submission| ledger.engine.submit(submission));
        for receipt in join_all(answers).await.into_iter().flatten().flatten() {
            note(&mut past, &receipt.entry);
        }
    }
    ledger
}

fn note(past: &mut Past, entry: &Entry) {
    let facts = past.entry(entry.stream.clone()).or_default();
    facts.retain(|(sequence, _)| Some(*sequence) != entry.replaces);
    if entry.event.fact() != "retracted" {
        facts.push((entry.sequence, entry.event.fact().to_owned()));
    }
}

fn fact(text: &StreamId, past: &Past, step: &Step) -> NewFact {
    let (consent, activity) = (chosen("consent", step.stream), chosen("activity", step.stream));
    let which = |of_activity| if of_activity { &activity } else { &consent };
    let target = |stream: &StreamId, number: usize| {
        let facts = &past[stream];
        let nothing = (0, String::new());
        facts.get(number % facts.len().max(1)).cloned().unwrap_or(nothing)
    };
    let fact = match step.what {
        What::Grant { unit } => granted(text, &["photo", "video"], Some(UNITS[unit])).of(&consent),
        What::Change { agreed } => changed(agreed).of(&consent),
        What::Withdraw { all: true } => withdrawn(&[]).of(&consent),
        What::Withdraw { all: false } => withdrawn(&["photo"]).of(&consent),
        What::Screen { needed } => screened(needed).of(&activity),
        What::Publish { version } => published(version, &["photo", "video"]).of(text),
        What::Correct { activity, target: number, other } => {
            let (sequence, name) = target(which(activity), number);
            let corrected = match name.as_str() {
                "granted" => granted(text, &["photo"], Some(UNITS[usize::from(other)])),
                "drafted" => drafted(UNITS[usize::from(other)]),
                "dpiaScreened" => screened(other),
                _ => changed(other),
            };
            corrected.of(which(activity)).replacing(sequence)
        }
        What::Retract { activity, target: number } => {
            let (sequence, _) = target(which(activity), number);
            retracted(which(activity).family(), sequence).of(which(activity))
        }
    };
    fact.at(EFFECTIVES[step.effective])
}

fn changed(agreed: bool) -> NewFact {
    item_changed("photo", if agreed { Decision::Yes } else { Decision::No })
}

fn screened(needed: bool) -> NewFact {
    let outcome = if needed { "REQUIRED" } else { "NOT_REQUIRED" };
    told("activity", "dpiaScreened", serde_json::json!({"outcome": outcome}))
}

/// A version of an activity's register entry with nothing in its lists.
pub fn established(version: u32) -> NewFact {
    let lists = [
        "purposes",
        "subjectCategories",
        "dataCategories",
        "operations",
        "platforms",
        "recipients",
        "transfers",
        "retention",
        "systems",
        "jointControllers",
        "processors",
    ];
    let mut data = serde_json::json!({"version": version, "owningUnit": UNITS[0]});
    for list in lists {
        data[list] = serde_json::json!([]);
    }
    told("activity", "established", data)
}
