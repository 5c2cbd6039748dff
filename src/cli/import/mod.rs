//! `griffie import` and `griffie record`: facts from files, of older records or of today.
//!
//! A table becomes lines first; both then take one way: everything is looked at, and only then recorded.

mod lines;
mod sheet;
mod template;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use sha2::{Digest as _, Sha256};

use super::config::Settings;
use crate::engine::{
    Engine, ImportError, ImportSource as _, ImportState, KeyFolder, Options, Problem, check_import, complete_import,
    facts_done, import_state, record_facts, start_import,
};
use crate::family::ledger::{ImportCompleted, ImportStarted};
use crate::ledger::entry::Actor;
use crate::ledger::merkle::Hash;
use crate::ledger::name::Sequence;
use lines::{Lines, Provenance};
use sheet::EventName;

/// The event of a row of the register of processing activities.
const REGISTER_EVENT: &str = "activity.established";

/// Subcommands of `griffie import`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Imports a register of processing activities from a CSV or XLSX file
    Register(FileArguments),
    /// Imports facts of one kind from a CSV or XLSX file
    Table(TableArguments),
    /// Imports facts of any kind from JSON Lines
    Facts(FileArguments),
    /// Writes an empty table with a column for each value of a kind of fact
    Template(template::Arguments),
}

/// A file to import.
#[derive(Debug, clap::Args)]
pub struct FileArguments {
    /// The file
    file: PathBuf,
    /// Only look at it: list every problem by row and column, record nothing
    #[arg(long)]
    dry_run: bool,
    /// Problems and the report as JSON
    #[arg(long)]
    json: bool,
}

/// A table of facts of one kind.
#[derive(Debug, clap::Args)]
pub struct TableArguments {
    #[command(flatten)]
    file: FileArguments,
    /// The kind of fact that each row is, such as consent.granted
    #[arg(long, value_name = "FAMILY.FACT")]
    event: EventName,
}

/// Arguments of `griffie record`.
#[derive(Debug, clap::Args)]
pub struct RecordArguments {
    #[command(flatten)]
    file: FileArguments,
    /// The kind of fact that each row of a table is; without it the file is JSON Lines
    #[arg(long, value_name = "FAMILY.FACT")]
    event: Option<EventName>,
}

/// Imports older records.
pub async fn run(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Template(arguments) => template::run(arguments),
        Command::Facts(file) => Job { settings, file, event: None, provenance: Provenance::Backfill }.run().await,
        Command::Table(table) => {
            let event = Some(table.event.clone());
            Job { settings, file: &table.file, event, provenance: Provenance::Backfill }.run().await
        }
        Command::Register(file) => {
            let event = Some(REGISTER_EVENT.parse().map_err(anyhow::Error::msg)?);
            Job { settings, file, event, provenance: Provenance::Backfill }.run().await
        }
    }
}

/// Records facts of today from a file.
pub async fn record(settings: &Settings, arguments: &RecordArguments) -> anyhow::Result<ExitCode> {
    let job = Job { settings, file: &arguments.file, event: arguments.event.clone(), provenance: Provenance::Native };
    job.run().await
}

struct Job<'a> {
    settings: &'a Settings,
    file: &'a FileArguments,
    event: Option<EventName>,
    provenance: Provenance,
}

impl Job<'_> {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (file, hash) = taken(&self.file.file)?;
        let store = super::open(self.settings).await?;
        let folder = KeyFolder::new(&self.settings.keys.value);
        let options = Options { sources: super::sources(), accept_clock: false };
        let engine = Engine::start(store.clone(), &folder, options).await?;
        if self.provenance == Provenance::Backfill && import_state(&store, &hash).await? == ImportState::Complete {
            self.say(&format!("this file was imported already: {hash}"));
            return Ok(ExitCode::SUCCESS);
        }
        let (lines, mut problems) = self.lines(file)?;
        let mut source = Lines::index(lines, &store, hash, self.provenance).await?;
        let actor = self.settings.principal()?.actor;
        let key = self.key(&hash);
        let done = facts_done(&store, &actor, &source, &key).await?;
        problems.extend(source.take_problems());
        let count = self.check(&engine, &actor, &mut source, done, &mut problems).await?;
        if count > 0 {
            self.show_problems(&problems, count);
            return Ok(ExitCode::from(1));
        }
        let facts = source.planned().len();
        if self.file.dry_run {
            self.say(&format!("{facts} facts, no problem; nothing was recorded"));
            return Ok(ExitCode::SUCCESS);
        }
        match self.provenance {
            Provenance::Native => self.record(&engine, &actor, &mut source, &key, done).await?,
            Provenance::Backfill => {
                let facts = Sequence(facts as u64);
                if import_state(&store, &hash).await? == ImportState::New {
                    let format = if self.event.is_some() { "TABLE" } else { "JSON_LINES" }.parse()?;
                    let started = ImportStarted { file: hash, facts, format, remark: None };
                    start_import(&store, &folder, engine.sources(), started).await?;
                }
                self.record(&engine, &actor, &mut source, &key, done).await?;
                let completed = ImportCompleted { file: hash, facts, remark: None };
                complete_import(&store, &folder, engine.sources(), completed).await?;
            }
        }
        engine.checkpointer().sign_head().await?;
        self.say(&format!("{facts} facts recorded from a file with SHA-256 {hash}"));
        Ok(ExitCode::SUCCESS)
    }

    /// Returns the facts as JSON Lines, and what is wrong with the cells of a table. A table is turned into lines in a file
    /// without a name.
    fn lines(&self, file: File) -> anyhow::Result<(File, Vec<Problem>)> {
        let Some(event) = &self.event else { return Ok((file, Vec::new())) };
        let mut converted = tempfile()?;
        let report = sheet::to_lines(file, &self.file.file, event, &mut converted)?;
        self.show_mapping(&report)?;
        Ok((converted, report.problems))
    }

    /// Looks at all facts, adds their problems in the order of rows, and returns how many there are.
    async fn check(
        &self,
        engine: &Engine,
        actor: &Actor,
        source: &mut Lines,
        done: usize,
        problems: &mut Vec<Problem>,
    ) -> anyhow::Result<usize> {
        let bar = super::progress_bar("looking at facts", (source.planned().len() - done) as u64);
        let (mut found, count) =
            check_import(engine, actor, source, done, |done| bar.set_position(done as u64)).await?;
        bar.finish_and_clear();
        // What a table's cell cannot be is told of the cell; what its line then lacks would be told twice.
        let told: BTreeSet<u64> = problems.iter().map(|problem| problem.row).collect();
        let all = found.len();
        found.retain(|problem| !told.contains(&problem.row));
        let count = count - (all - found.len()) + problems.len();
        problems.extend(found);
        problems.sort_by_key(|problem| problem.row);
        Ok(count)
    }

    async fn record(
        &self,
        engine: &Engine,
        actor: &Actor,
        source: &mut Lines,
        key: &str,
        done: usize,
    ) -> anyhow::Result<()> {
        let bar = super::progress_bar("recording facts", source.planned().len() as u64);
        if let Err(error) = record_facts(engine, actor, source, key, done, |done| bar.set_position(done as u64)).await {
            bar.abandon();
            let hint = match error {
                ImportError::Refused(_) => "something else was recorded since the check; what came before is recorded",
                _ => "repeat the command: it goes on where it broke off",
            };
            return Err(error).context(hint);
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// The key under which chunks are recorded: what for, and the file.
    fn key(&self, file: &Hash) -> String {
        match self.provenance {
            Provenance::Native => format!("record-{file}"),
            Provenance::Backfill => format!("import-{file}"),
        }
    }

    fn say(&self, words: &str) {
        if self.file.json {
            println!("{}", serde_json::json!({ "result": words }));
        } else {
            println!("{words}");
        }
    }

    fn show_mapping(&self, report: &sheet::Report) -> anyhow::Result<()> {
        if self.file.json {
            println!("{}", serde_json::to_string(&serde_json::json!({ "columns": report.columns }))?);
            return Ok(());
        }
        println!("{} rows; columns:", report.rows);
        for column in &report.columns {
            let meaning = column.path.as_deref().unwrap_or("not recognised: left out");
            println!("  {:<4} {:<40} {meaning}", column.letter, column.heading);
        }
        Ok(())
    }

    fn show_problems(&self, problems: &[Problem], count: usize) {
        for Problem { row, field, message } in problems {
            if self.file.json {
                println!("{}", serde_json::json!({ "row": row, "field": field, "message": message }));
            } else if field.is_empty() {
                println!("row {row}: {message}");
            } else {
                println!("row {row}, {field}: {message}");
            }
        }
        if count > problems.len() {
            eprintln!("and {} problems more", count - problems.len());
        }
        eprintln!("{count} problems; nothing was recorded");
    }
}

/// Takes a file as it is now: a copy without a name, at its start, and the hash of just those bytes. The file is opened once, so that
/// what is recorded is what was hashed, whatever becomes of the file meanwhile.
fn taken(path: &Path) -> anyhow::Result<(File, Hash)> {
    let mut file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut copy = tempfile()?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => {
                hasher.update(&buffer[..read]);
                copy.write_all(&buffer[..read])?;
            }
        }
    }
    copy.seek(SeekFrom::Start(0))?;
    Ok((copy, Hash(hasher.finalize().into())))
}

/// Makes a file without a name, which is gone when it is closed: facts in clear must not stay behind.
fn tempfile() -> anyhow::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let name = format!("griffie-{}-{}", std::process::id(), hex::encode(super::sources().random::<8>()?));
    let path = std::env::temp_dir().join(name);
    let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_hashed_though_the_file_changes() {
        let folder = std::env::temp_dir().join(format!("griffie-taken-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("facts.jsonl");
        std::fs::write(&path, "first").unwrap();
        let (mut file, hash) = taken(&path).unwrap();
        std::fs::write(&path, "other").unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(text, "first");
        assert_eq!(hash, Hash(Sha256::digest("first").into()));
    }
}
