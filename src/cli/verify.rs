//! `griffie verify`: checks a ledger from beginning to end.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::config::Settings;
use super::export::Line;
use crate::engine;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::key::VerifierKey;
use crate::ledger::note::NOTE_BYTES_MAX;
use crate::ledger::verify::{Report, Row, Trust, Verifier};
use crate::store::head;

/// The longest line of an export, in bytes: an entry, escaped.
const LINE_BYTES_MAX: u64 = 1 << 20;
/// Lines of an export that are checked at once.
const PAGE_LINES: usize = 1_000;

/// Arguments of `griffie verify`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Check an export instead of the database
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// A checkpoint from elsewhere that the ledger must continue
    #[arg(long, value_name = "FILE")]
    trusted_checkpoint: Option<PathBuf>,
    /// A verifier key from elsewhere that the ledger must have been founded with; may be repeated
    #[arg(long, value_name = "KEY")]
    trusted_key: Vec<VerifierKey>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Verifies and reports; exit code 1 says that the ledger does not verify.
pub async fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let report = match &arguments.export {
        Some(path) => {
            let trust = trust(arguments, checkpoint_key_of_export(path)?)?;
            verify_export(path, trust)?
        }
        None => {
            let store = super::open(settings).await?;
            let key = head(&store).await?.map(|head| head.checkpoint_key);
            let trust = trust(arguments, key)?;
            let bar = super::progress_bar("verifying", 0);
            let report = engine::verify(&store, trust, |done, all| {
                bar.set_length(all);
                bar.set_position(done);
            });
            let report = report.await?;
            bar.finish_and_clear();
            report
        }
    };
    if arguments.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{}", in_words(&report));
    }
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Reads what is trusted from outside. A trusted checkpoint is checked with a trusted key, or with the ledger's own.
fn trust(arguments: &Arguments, own_key: Option<VerifierKey>) -> anyhow::Result<Trust> {
    let Some(path) = &arguments.trusted_checkpoint else {
        return Ok(Trust { keys: arguments.trusted_key.clone(), checkpoint: None });
    };
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    file.take(NOTE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    let keys = arguments.trusted_key.iter().cloned().chain(own_key);
    let checkpoint = keys.filter_map(|key| Checkpoint::open(&bytes, &key).ok()).next();
    let Some((checkpoint, _)) = checkpoint else {
        bail!("{} is no checkpoint signed by this ledger's checkpoint key or a trusted key", path.display());
    };
    Ok(Trust { keys: arguments.trusted_key.clone(), checkpoint: Some(checkpoint) })
}

fn checkpoint_key_of_export(path: &Path) -> anyhow::Result<Option<VerifierKey>> {
    let first = lines(path)?.next().transpose()?;
    let key = first.and_then(|line| match line {
        Line::Entry { entry, .. } => {
            let founding = crate::ledger::entry::Entry::parse(entry.as_bytes()).ok()?.entry;
            founding.data.get("checkpointKey")?.as_str()?.parse().ok()
        }
        Line::Checkpoint { .. } => None,
    });
    Ok(key)
}

/// Verifies an export: the entries and checkpoints as an outsider gets them, no database, no server.
fn verify_export(path: &Path, trust: Trust) -> anyhow::Result<Report> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut verifier = Verifier::new(trust).reading(crate::family::is_readable);
    let bar = super::progress_bar("verifying", std::fs::metadata(path)?.len());
    let mut page = Vec::new();
    for line in lines(path)? {
        match line? {
            Line::Entry { sequence, entry } => {
                bar.inc(entry.len() as u64);
                page.push(Row { sequence, body: entry.into_bytes(), columns: None, leaf: None });
            }
            Line::Checkpoint { size, checkpoint } => {
                verifier.rows(&std::mem::take(&mut page), threads);
                verifier.checkpoint(size, checkpoint.as_bytes());
            }
        }
        if page.len() >= PAGE_LINES {
            verifier.rows(&std::mem::take(&mut page), threads);
        }
        verifier.forget_values();
    }
    verifier.rows(&page, threads);
    verifier.forget_values();
    bar.finish_and_clear();
    Ok(verifier.finish(None))
}

fn lines(path: &Path) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Line>>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut reader = BufReader::new(file);
    let mut number = 0u64;
    Ok(std::iter::from_fn(move || {
        number += 1;
        let mut line = String::new();
        match reader.by_ref().take(LINE_BYTES_MAX).read_line(&mut line) {
            Ok(0) => None,
            Ok(_) if !line.ends_with('\n') => {
                Some(Err(anyhow::anyhow!("line {number} is cut off or longer than {LINE_BYTES_MAX} bytes")))
            }
            Ok(_) => {
                Some(serde_json::from_str(&line).with_context(|| format!("line {number} is no line of an export")))
            }
            Err(error) => Some(Err(error.into())),
        }
    }))
}

/// Writes a report for people.
pub fn in_words(report: &Report) -> String {
    let mut words = String::new();
    let mut say = |line: String| {
        words.push_str(&line);
        words.push('\n');
    };
    let origin = report.origin.as_deref().unwrap_or("a ledger without a founding");
    if report.ok {
        say(format!("ok        {origin}: {} entries", report.size));
    } else {
        let first = report.first_bad.unwrap_or_default();
        say(format!("TAMPERED  {origin}: first bad sequence {first}, {} bad ranges", report.faults.len()));
    }
    if let Some(root) = report.root {
        say(format!("root      {root}"));
    }
    for key in &report.keys {
        say(format!("key       {key}"));
    }
    if !report.keys_trusted {
        say("          the keys are those that the ledger itself names; give --trusted-key to hold it to keys from elsewhere".into());
    }
    say(match report.trusted_checkpoint {
        Some(size) => format!("complete  up to the trusted checkpoint of {size} entries"),
        None => format!("complete  up to checkpoint {} of this ledger; no outside witness", report.complete_up_to),
    });
    if report.erased > 0 {
        say(format!("erased    {} values, each by a fact that says so", report.erased));
    }
    if let Some(first) = report.first_unreadable {
        say(format!(
            "unread    {} facts that this program cannot read, the first is sequence {first}; use the version of griffie that recorded them",
            report.unreadable
        ));
    }
    for (from, to) in &report.untimed {
        say(format!("untimed   {from}..{to}: order proven, time not"));
    }
    for fault in &report.faults {
        let range =
            if fault.from == fault.to { fault.from.to_string() } else { format!("{}..{}", fault.from, fault.to) };
        let kind = serde_json::to_string(&fault.kind).unwrap_or_default();
        say(format!(
            "bad       {range} {}: expected {}, found {}",
            kind.trim_matches('"'),
            fault.expected,
            fault.found
        ));
    }
    if report.faults_not_listed > 0 {
        say(format!("          and {} more", report.faults_not_listed));
    }
    words
}
