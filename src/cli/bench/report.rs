//! What was measured, beside the rival: a table for people, JSON for programs.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use super::samples::{Samples, percentile};

/// What a story has measured.
pub struct Measured {
    /// The story.
    pub title: &'static str,
    /// How many were answered or delivered.
    pub count: u64,
    /// How many facts were recorded by them.
    pub facts: u64,
    /// Requests or subscribers that did not get what they should.
    pub errors: u64,
    /// What the first of them got.
    pub first_error: Option<String>,
    lasted: Duration,
    p50: Option<Duration>,
    p99: Option<Duration>,
}

impl Measured {
    /// Begins with nothing.
    pub fn new(title: &'static str, lasted: Duration) -> Self {
        Self { title, count: 0, facts: 0, errors: 0, first_error: None, lasted, p50: None, p99: None }
    }

    /// Takes the percentiles of latencies.
    pub fn latencies(&mut self, all: Vec<Samples>) {
        let sorted = Samples::sorted(all);
        (self.p50, self.p99) = (percentile(&sorted, 50), percentile(&sorted, 99));
    }

    fn per_second(&self, count: u64) -> Option<f64> {
        (self.lasted > Duration::ZERO).then(|| count as f64 / self.lasted.as_secs_f64())
    }
}

/// How it was measured, and what came out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of the program.
    pub version: &'static str,
    /// Whether the program is optimised: `release` or `debug`.
    pub build: &'static str,
    /// The kind of database.
    pub database: &'static str,
    /// Cores of the machine, which client and servers share.
    pub cores: usize,
    /// Connections at once.
    pub connections: u16,
    /// How long each story was measured, in seconds.
    pub seconds: u16,
    /// Facts in the ledger before.
    pub facts: u32,
    /// WebSockets of the last story.
    pub subscribers: u16,
    /// The stories, the rival's first.
    pub stories: Vec<Row>,
}

/// A story beside the rival. What could not be measured is null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    story: &'static str,
    count: u64,
    per_second: Option<f64>,
    p50_us: Option<f64>,
    p99_us: Option<f64>,
    /// Its rate, divided by the rival's.
    rate_to_rival: Option<f64>,
    /// Its median latency, divided by the rival's.
    p50_to_rival: Option<f64>,
    /// Facts recorded a second, where facts are recorded.
    facts_per_second: Option<f64>,
    errors: u64,
    first_error: Option<String>,
}

impl Report {
    /// Adds a story; the first is the rival's.
    pub fn add(&mut self, measured: Measured) {
        let (per_second, p50_us) = (measured.per_second(measured.count), micros(measured.p50));
        let facts_per_second = measured.per_second(measured.facts).filter(|_| measured.facts > 0);
        let rival = self.stories.first();
        let rate_to_rival = ratio(per_second, rival.map_or(per_second, |rival| rival.per_second));
        let p50_to_rival = ratio(p50_us, rival.map_or(p50_us, |rival| rival.p50_us));
        self.stories.push(Row {
            story: measured.title,
            count: measured.count,
            per_second,
            p50_us,
            p99_us: micros(measured.p99),
            rate_to_rival,
            p50_to_rival,
            facts_per_second,
            errors: measured.errors,
            first_error: measured.first_error,
        });
    }

    /// Tells whether every request was answered as it should be.
    pub fn ok(&self) -> bool {
        self.stories.iter().all(|row| row.errors == 0)
    }

    /// Writes the table.
    pub fn in_words(&self) -> String {
        let Self { version, build, database, cores, connections, seconds, facts, subscribers, .. } = self;
        let mut words = format!(
            "griffie {version}, {build} build, {database}, {facts} facts at first\n\
             {connections} connections, {seconds} s each, {subscribers} subscribers; \
             client and servers share {cores} cores and one process\n\n"
        );
        let head = ["story", "per second", "p50 ms", "p99 ms", "rate/rival", "p50/rival", "facts/s", "errors"];
        line(&mut words, head.map(str::to_owned));
        self.stories.iter().for_each(|row| line(&mut words, row.cells()));
        for Row { story, first_error, .. } in &self.stories {
            if let Some(error) = first_error {
                // A String takes whatever is written.
                let _ = writeln!(words, "\n{story}: the first error: {error}");
            }
        }
        if cfg!(debug_assertions) {
            words.push_str("\nThis build is not optimised: build with --release before you read anything into it.\n");
        }
        words
    }
}

impl Row {
    fn cells(&self) -> [String; 8] {
        let decimal =
            |value: Option<f64>, decimals: usize| value.map_or("-".to_owned(), |value| format!("{value:.decimals$}"));
        let milliseconds = |value: Option<f64>| decimal(value.map(|value| value / 1_000.0), 3);
        [
            self.story.to_owned(),
            decimal(self.per_second, 0),
            milliseconds(self.p50_us),
            milliseconds(self.p99_us),
            decimal(self.rate_to_rival, 5),
            decimal(self.p50_to_rival, 2),
            decimal(self.facts_per_second, 0),
            self.errors.to_string(),
        ]
    }
}

fn line(words: &mut String, [story, rate, p50, p99, rate_ratio, p50_ratio, facts, errors]: [String; 8]) {
    let _ =
        writeln!(words, "{story:<32}{rate:>11}{p50:>10}{p99:>10}{rate_ratio:>12}{p50_ratio:>11}{facts:>9}{errors:>8}");
}

fn micros(latency: Option<Duration>) -> Option<f64> {
    latency.map(|latency| latency.as_secs_f64() * 1e6)
}

fn ratio(value: Option<f64>, rival: Option<f64>) -> Option<f64> {
    value.zip(rival).filter(|(_, rival)| *rival > 0.0).map(|(value, rival)| value / rival)
}
