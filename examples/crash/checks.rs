//! What must hold after a kill.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use griffie::ledger::entry::Entry;
use griffie::ledger::merkle::{Hash, leaf_hash};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{correlation, facts_at};
use crate::http::Connection;
use crate::load::{Load, Random};
use crate::server::Installation;

/// Facts read back in one request: as many as a document may have root fields.
const READ_FACTS_MAX: usize = 20;
/// Requests of any age that are read back after each kill, besides those just answered.
const READ_OLD_REQUESTS: usize = 10;
/// How long a rebuild may run before it is killed, in milliseconds.
const REBUILD_MS_MAX: u64 = 400;
/// Consents of one page.
const PAGE: usize = 100;
/// Pages at most.
const PAGES_MAX: usize = 100_000;

/// The checks, and what they last saw.
#[derive(Default)]
pub struct Checks {
    entries: u64,
}

impl Checks {
    /// Returns the size of the ledger at the last check.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Reads back what was answered since the last time, and some of what was answered ever.
    pub fn read_back(&self, address: SocketAddr, load: &mut Load, random: &mut Random) -> anyhow::Result<()> {
        let mut numbers = std::mem::take(&mut load.unread);
        let newest = load.answered().keys().last().copied().unwrap_or(0);
        for _ in 0..READ_OLD_REQUESTS {
            numbers.extend(load.answered().range(random.below(newest + 1)..).next().map(|(number, _)| *number));
        }
        let known = numbers.iter().filter_map(|number| load.answered().get(number));
        let expected: BTreeMap<_, _> =
            known.flat_map(|old| &old.receipts).map(|receipt| (receipt.sequence, receipt)).collect();
        let expected: Vec<_> = expected.into_iter().collect();
        for page in expected.chunks(READ_FACTS_MAX) {
            let sequences: Vec<u64> = page.iter().map(|(sequence, _)| *sequence).collect();
            for (found, (sequence, given)) in facts_at(address, &sequences)?.iter().zip(page) {
                ensure!(found == *given, "fact {sequence} was acknowledged as {given:?}, and is {found:?} now");
            }
        }
        Ok(())
    }

    /// Verifies the ledger and holds an export of it to all that was answered.
    pub fn whole_ledger(&mut self, installation: &Installation, load: &Load) -> anyhow::Result<()> {
        let size = verify(installation)?;
        let found = export(installation)?;
        ensure!(size == found.entries, "verify saw {size} entries, the export has {}", found.entries);
        for (number, old) in load.answered() {
            let facts: Vec<_> =
                old.receipts.iter().map(|receipt| (receipt.sequence, receipt.leaf_hash.clone())).collect();
            let there = found.by_correlation.get(&correlation(*number));
            ensure!(there == Some(&facts), "request {number} was answered with {facts:?}, the ledger has {there:?}");
        }
        for request in load.in_flight() {
            let there = found.by_correlation.get(&correlation(request.number)).map_or(0, Vec::len);
            ensure!(
                there == 0 || there == request.facts,
                "request {} of {} facts has {there}",
                request.number,
                request.facts
            );
        }
        let requests = load.answered().len() + load.in_flight().len();
        ensure!(found.by_correlation.len() <= requests, "the ledger has facts that nobody asked for");
        ensure!(found.entries >= self.entries, "the ledger has become smaller");
        self.entries = found.entries;
        Ok(())
    }

    /// Kills a rebuild of the states, lets another one finish, and holds the states to what they were before.
    pub fn rebuild(&self, installation: &Installation, random: &mut Random) -> anyhow::Result<()> {
        let before = self.states(installation)?;
        let life = Duration::from_millis(random.below(REBUILD_MS_MAX));
        installation.run_and_kill(&["project", "--rebuild"], life)?;
        let between = self.states(installation)?;
        ensure!(before == between, "a rebuild that was killed left other states");
        installation.run(&["project", "--rebuild"])?;
        let after = self.states(installation)?;
        ensure!(before == after, "the states differ after a rebuild");
        Ok(())
    }

    /// Hashes all states of consents, as known now and as known with half of the entries.
    fn states(&self, installation: &Installation) -> anyhow::Result<Vec<(usize, Hash)>> {
        let server = installation.serve()?;
        let states =
            [self.entries / 2, self.entries].into_iter().map(|size| states_at(server.address(), size)).collect();
        server.kill()?;
        states
    }
}

/// Lets the program verify the ledger; how many entries it saw.
pub fn verify(installation: &Installation) -> anyhow::Result<u64> {
    let report: Value = serde_json::from_str(&installation.run(&["verify", "--json"])?)?;
    ensure!(report.get("ok") == Some(&Value::Bool(true)), "the ledger does not verify: {report}");
    report.get("size").and_then(Value::as_u64).with_context(|| report.to_string())
}

/// What an export shows.
#[derive(Default)]
struct Export {
    entries: u64,
    /// Sequence and leaf hash of each fact, by the correlation id of its request.
    by_correlation: BTreeMap<String, Vec<(u64, String)>>,
}

fn export(installation: &Installation) -> anyhow::Result<Export> {
    let path = installation.folder().join("export.jsonl");
    installation.run(&["export", "entries", "--output", &path.display().to_string()])?;
    let mut export = Export::default();
    for line in BufReader::new(File::open(&path)?).lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let Some(text) = line.get("entry").and_then(Value::as_str) else {
            continue;
        };
        let entry = Entry::parse(text.as_bytes())?.entry;
        ensure!(entry.sequence == export.entries, "the export has {} after {} entries", entry.sequence, export.entries);
        export.entries += 1;
        if let Some(correlation) = entry.correlation {
            let facts = export.by_correlation.entry(correlation.to_string()).or_default();
            facts.push((entry.sequence, leaf_hash(text.as_bytes()).to_string()));
        }
    }
    std::fs::remove_file(path)?;
    Ok(export)
}

/// Counts and hashes the states as known with `size` entries.
fn states_at(address: SocketAddr, size: u64) -> anyhow::Result<(usize, Hash)> {
    const QUERY: &str = "query($size: Sequence!, $after: String) {
        asOf(knownAt: { size: $size }, validAt: \"2030-01-01\") {
            known { size root }
            consentTexts { nodes { id stream revision knownFrom inEffectFrom inEffectTo status } }
            consents(first: 100, after: $after) {
                nodes { id stream revision knownFrom inEffectFrom inEffectTo status given withdrawn text textVersion
                    items { code decision } anomalies { sequence message } }
                pageInfo { hasNextPage endCursor }
            }
        }
    }";
    let mut connection = Connection::open(address)?;
    let (mut after, mut states, mut hash) = (Value::Null, 0, Sha256::new());
    for _ in 0..PAGES_MAX {
        let request = json!({ "query": QUERY, "variables": { "size": size.to_string(), "after": after } });
        let answer = connection.ask(&request.to_string())?;
        let page = answer.pointer("/data/asOf").filter(|page| page.is_object()).with_context(|| answer.to_string())?;
        let nodes = page.pointer("/consents/nodes").and_then(Value::as_array).context("no nodes")?;
        ensure!(nodes.len() <= PAGE, "a page of {}", nodes.len());
        states += nodes.len();
        hash.update(page.to_string());
        if page.pointer("/consents/pageInfo/hasNextPage") != Some(&Value::Bool(true)) {
            return Ok((states, Hash(hash.finalize().into())));
        }
        after = page.pointer("/consents/pageInfo/endCursor").cloned().unwrap_or_default();
    }
    bail!("more than {PAGES_MAX} pages of states")
}

/// Asks how many entries a server knows.
pub fn size(address: SocketAddr) -> anyhow::Result<u64> {
    let request = json!({ "query": "{ asOf { known { size } } }" });
    let answer = Connection::open(address)?.ask(&request.to_string())?;
    let size = answer.pointer("/data/asOf/known/size").and_then(Value::as_str).with_context(|| answer.to_string())?;
    Ok(size.parse()?)
}
