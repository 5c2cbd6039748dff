//! What a judgement costs, and whether it costs more in a larger ledger.
//!
//! The demonstration's ledger is asked as it is and after it has grown by consents that nobody judges, all of one unit: the sheets of an
//! activity and of that unit and a timeline over ten years should cost the same. `GRIFFIE_BENCH_FACTS` sets by how many it grows, `GRIFFIE_BENCH_ACTIVITIES` how many
//! activities the institution's sheet has besides. The 99th percentile of the sheet is printed first; read it beside the limit.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use griffie::cli::load_demonstration;
use griffie::engine::{
    Engine, Judge, KeyFolder, KnownAt, Moment, Named, Options, Sources, Submission, checks_for, rule_named,
};
use griffie::family::rule_set::Layer;
use griffie::graphql::read_fact;
use griffie::ledger::entry::Actor;
use griffie::rule::scope::Scope;
use griffie::rule::sheet::Selection;
use griffie::rule::timeline::{Knowledge, TimelineQuestion};
use griffie::store::{Store, stream_by_reference};
use griffie::time::{Interval, PartialDate};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Facts by which the ledger grows, unless the environment says otherwise.
const FACTS: usize = 100_000;
/// Activities of the institution's sheet besides the demonstration's.
const ACTIVITIES: usize = 500;
/// Facts of one submission.
const SUBMISSION: usize = 100;
/// Sheets of which the 99th percentile is taken.
const SHEETS: usize = 200;

struct Ledger {
    engine: Engine,
    text: String,
    _folder: TempDir,
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

impl Ledger {
    async fn demonstration() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("ledger").display()), true).await.unwrap();
        store.migrate().await.unwrap();
        let keys = KeyFolder::new(folder.path().join("keys"));
        load_demonstration(&store, &keys).await.unwrap();
        let reference = "CTX-001".parse().unwrap();
        let text = stream_by_reference(store.read().await.unwrap().conn(), "consentText", &reference).await.unwrap();
        let text = format!("consentText:{}", text.unwrap().stream.id());
        let options = Options { sources: Sources::system(), accept_clock: true };
        let engine = Engine::start(store, &keys, options).await.unwrap();
        Self { engine, text, _folder: folder }
    }

    async fn grow(&self, facts: usize, fact: impl Fn(usize) -> Value) {
        let actor = Actor { id: Some("bench".parse().unwrap()), role: "DPO".parse().unwrap(), unit: None };
        for first in (0..facts).step_by(SUBMISSION) {
            let facts = (first..facts.min(first + SUBMISSION)).map(|number| read_fact(fact(number)).unwrap()).collect();
            let idempotency_key = format!("bench-{first}-{}", self.engine.standing().borrow().size);
            self.engine.submit(Submission { actor: actor.clone(), idempotency_key, facts }).await.unwrap();
        }
    }

    async fn consents(&self, facts: usize) {
        let granted = json!({ "consent": { "effective": "2026-01-15", "event": { "granted": {
            "text": self.text, "textVersion": 1, "unit": "mu-01", "items": [{ "code": "photo-video", "decision": "YES" }] } } } });
        self.grow(facts, |_| granted.clone()).await;
    }

    async fn activities(&self, number: usize) {
        let established = json!({ "activity": { "effective": "2026-01-15", "event": { "established": {
            "version": 1, "owningUnit": "mu-01", "purposes": [{ "code": "inform", "basis": "PUBLIC_TASK" }],
            "subjectCategories": ["STUDENT"], "dataCategories": [{ "code": "NAME" }], "operations": [], "platforms": [],
            "recipients": [], "transfers": [], "retention": [], "systems": [], "jointControllers": [], "processors": [] } } } });
        self.grow(number, |_| established.clone()).await;
    }

    async fn moment(&self) -> Moment {
        let valid: PartialDate = "2026-02-01".parse().unwrap();
        Moment::resolve(self.engine.store(), KnownAt::Head, valid.latest()).await.unwrap()
    }

    /// Judges everything anew: no sheet and no state of before.
    async fn sheet(&self, scope: Scope) -> usize {
        let judge = Judge::new(self.engine.store().clone());
        let selection = Selection { scope, files: false, rules: BTreeSet::new(), layers: BTreeSet::new() };
        judge.sheets(&selection, &self.moment().await).await.unwrap().known.verdicts.len()
    }

    async fn activity(&self) -> Scope {
        let judge = Judge::new(self.engine.store().clone());
        judge.scope(&Named::Reference("ACT-002".parse().unwrap()), &self.moment().await).await.unwrap()
    }

    async fn timeline(&self) -> usize {
        let judge = Judge::new(self.engine.store().clone());
        let moment = self.moment().await;
        let subject = judge.one_stream(&Named::Reference("TRG-001".parse().unwrap()), &moment).await.unwrap();
        let rule = rule_named("TRF-01").unwrap();
        let check = checks_for(rule, subject.family(), Some(Layer::Law)).unwrap()[0];
        let date = |text: &str| text.parse::<PartialDate>().unwrap().earliest();
        let within = Interval { from: date("2016-07-12"), to: date("2026-07-12") };
        let asked =
            TimelineQuestion { rule, check, subject, within, knowledge: Knowledge::Along(moment.size), rules: None };
        judge.timeline(asked, moment.size).await.unwrap().len()
    }
}

/// The 99th percentile of a sheet, warm as a server is: one judge, its states kept, another instant each time.
async fn percentile(ledger: &Ledger, scope: &Scope) -> Duration {
    let judge = Judge::new(ledger.engine.store().clone());
    let moment = ledger.moment().await;
    let selection = Selection { scope: scope.clone(), files: false, rules: BTreeSet::new(), layers: BTreeSet::new() };
    let mut taken = Vec::with_capacity(SHEETS);
    for number in 0..SHEETS {
        let valid = griffie::time::Instant::from_microseconds(moment.valid.microseconds() - number as i64);
        let moment = Moment { valid, rules: valid, ..moment };
        let start = Instant::now();
        judge.sheets(&selection, &moment).await.unwrap();
        taken.push(start.elapsed());
    }
    taken.sort();
    taken[SHEETS * 99 / 100]
}

fn verdicts(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let (facts, activities) = (number("GRIFFIE_BENCH_FACTS", FACTS), number("GRIFFIE_BENCH_ACTIVITIES", ACTIVITIES));
    let ledger = runtime.block_on(Ledger::demonstration());
    let activity = runtime.block_on(ledger.activity());
    for grown in [0, facts] {
        runtime.block_on(ledger.consents(grown));
        let size = runtime.block_on(ledger.moment()).size;
        let unit = Scope::Unit("mu-01".parse().unwrap());
        for (name, scope) in [("an activity", &activity), ("a unit", &unit)] {
            let p99 = runtime.block_on(percentile(&ledger, scope));
            println!("sheet of {name}, {size} entries: p99 of {SHEETS} is {:.2} ms", p99.as_secs_f64() * 1_000.0);
        }
        let mut group = criterion.benchmark_group(format!("verdicts with {size} entries"));
        group.sample_size(20);
        group.bench_function("sheet of an activity, nothing kept", |bencher| {
            bencher.iter(|| runtime.block_on(ledger.sheet(activity.clone())));
        });
        group.bench_function("sheet of a unit, nothing kept", |bencher| {
            bencher.iter(|| runtime.block_on(ledger.sheet(unit.clone())));
        });
        group.bench_function("timeline over ten years, nothing kept", |bencher| {
            bencher.iter(|| runtime.block_on(ledger.timeline()));
        });
        group.finish();
    }
    runtime.block_on(ledger.activities(activities));
    let mut group = criterion.benchmark_group(format!("institution with {activities} more activities"));
    group.sample_size(10);
    group.bench_function("sheet of the institution, nothing kept", |bencher| {
        bencher.iter(|| runtime.block_on(ledger.sheet(Scope::Institution)));
    });
    group.finish();
}

criterion_group!(benches, verdicts);
criterion_main!(benches);
