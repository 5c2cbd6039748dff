//! `griffie import` and `griffie record`: facts from files, of older records or of today.
//!
//! A table becomes lines first; both then take one way: everything is looked at, and only then recorded.

mod lines;
mod sheet;
mod template;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use sha2::{Digest as _, Sha256};

use super::config::Settings;
use crate::engine::{
    Engine, ImportError, ImportSource as _, ImportState, KeyFolder, Options, Problem, check_import, complete_import,
    import_state, record_facts, start_import,
};
use crate::family::ledger::{ImportCompleted, ImportStarted};
use crate::ledger::entry::Actor;
use crate::ledger::merkle::Hash;
use crate::ledger::name::Sequence;
use crate::store::Store;
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
        let path = &self.file.file;
        let hash = hash_of(path)?;
        let store = super::open(self.settings).await?;
        let folder = KeyFolder::new(&self.settings.keys.value);
        let options = Options { sources: super::sources(), accept_clock: false };
        let engine = Engine::start(store.clone(), &folder, options).await?;
        let began = match (self.provenance, import_state(&store, &hash).await?) {
            (Provenance::Backfill, ImportState::Complete) => {
                println!("This file was imported already: {hash}");
                return Ok(ExitCode::SUCCESS);
            }
            (Provenance::Backfill, ImportState::Started(began)) => Some(began),
            _ => None,
        };
        // A table is turned into lines beside it in memory's place: a temporary file, gone with the program.
        let (lines, table_problems) = match &self.event {
            None => (std::fs::File::open(path)?, Vec::new()),
            Some(event) => {
                let mut converted = tempfile()?;
                let report = sheet::to_lines(path, event, &mut converted)?;
                self.show_mapping(&report)?;
                (converted, report.problems)
            }
        };
        let source =
            Lines::index(lines, &store, hash, self.provenance, began.unwrap_or_else(|| engine.sources().now()));
        let mut source = source.await?;
        let actor = self.settings.principal()?.actor;
        let mut problems = source.take_problems();
        problems.extend(table_problems);
        let bar = super::progress_bar("looking at facts", source.planned().len() as u64);
        // What a table's cell cannot be is told of the cell; what its line then lacks would be told twice.
        let told: BTreeSet<u64> = problems.iter().map(|problem| problem.row).collect();
        let (mut found, count) =
            check_import(&engine, &actor, &mut source, |done| bar.set_position(done as u64)).await?;
        bar.finish_and_clear();
        let all = found.len();
        found.retain(|problem| !told.contains(&problem.row));
        let count = count - (all - found.len()) + problems.len();
        problems.extend(found);
        problems.sort_by_key(|problem| problem.row);
        if count > 0 {
            self.show_problems(&problems, count)?;
            return Ok(ExitCode::from(1));
        }
        if self.file.dry_run {
            self.say(&format!("{} facts, no problem; nothing was recorded", source.planned().len()));
            return Ok(ExitCode::SUCCESS);
        }
        match self.provenance {
            Provenance::Native => self.record_native(&engine, &actor, &mut source, &hash).await?,
            Provenance::Backfill => self.import(&engine, &store, &folder, &actor, source, hash).await?,
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn record_native(
        &self,
        engine: &Engine,
        actor: &Actor,
        source: &mut Lines,
        hash: &Hash,
    ) -> anyhow::Result<()> {
        let bar = super::progress_bar("recording facts", source.planned().len() as u64);
        record_facts(engine, actor, source, &key("record", hash), |done| bar.set_position(done as u64)).await?;
        bar.finish_and_clear();
        engine.checkpointer().sign_head().await?;
        self.say(&format!("{} facts recorded", source.planned().len()));
        Ok(())
    }

    async fn import(
        &self,
        engine: &Engine,
        store: &Store,
        folder: &KeyFolder,
        actor: &Actor,
        mut source: Lines,
        file: Hash,
    ) -> anyhow::Result<()> {
        let count = source.planned().len();
        let facts = Sequence(count as u64);
        if import_state(store, &file).await? == ImportState::New {
            let format = if self.event.is_some() { "TABLE" } else { "JSON_LINES" }.parse()?;
            start_import(store, folder, engine.sources(), ImportStarted { file, facts, format, remark: None }).await?;
        }
        let ImportState::Started(began) = import_state(store, &file).await? else {
            bail!("the import's beginning was not recorded; try again");
        };
        source.begin_at(began);
        let bar = super::progress_bar("importing facts", count as u64);
        let progress = |done| bar.set_position(done as u64);
        if let Err(error) = record_facts(engine, actor, &mut source, &key("import", &file), progress).await {
            bar.abandon();
            let hint = match error {
                ImportError::Refused(_) => "something else was recorded since the check; the import stays unfinished",
                _ => "repeat the command: it goes on where it broke off",
            };
            return Err(error).context(hint);
        }
        bar.finish_and_clear();
        complete_import(store, folder, engine.sources(), ImportCompleted { file, facts, remark: None }).await?;
        engine.checkpointer().sign_head().await?;
        self.say(&format!("{count} facts imported from a file with SHA-256 {file}"));
        Ok(())
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

    fn show_problems(&self, problems: &[Problem], count: usize) -> anyhow::Result<()> {
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
        Ok(())
    }
}

/// The key under which chunks are recorded: what for, and the file.
fn key(what: &str, file: &Hash) -> String {
    format!("{what}-{file}")
}

fn hash_of(path: &Path) -> anyhow::Result<Hash> {
    let mut file = std::fs::File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match std::io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(Hash(hasher.finalize().into())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// Makes a file without a name, which is gone when it is closed: facts in clear must not stay behind.
fn tempfile() -> anyhow::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let name = format!("griffie-{}-{}", std::process::id(), hex::encode(super::sources().random::<8>()?));
    let path = std::env::temp_dir().join(name);
    let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}
