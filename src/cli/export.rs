//! `griffie export`: what leaves the ledger as a file.

mod consents;
mod entries;
mod register;

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Serialize;

use super::config::Settings;
use crate::engine::{KEY_FILE_MODE, KnownAt, Moment};
use crate::family::describe::Language;
use crate::family::linked::Shown;
use crate::store::{ListRange, Store, checkpoint_from, head};
use crate::time::PartialDate;
pub use entries::Line;

/// States read at once.
const PAGE_STATES: i64 = 100;

/// What to export.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Writes the entries as JSON Lines, for whoever wants to keep or check them
    Entries(entries::Arguments),
    /// Writes a register at a moment, as CSV or JSON-LD
    Register(register::Arguments),
    /// Writes consent records at a moment, as JSON Lines in the profile of ISO/IEC TS 27560
    Consents(consents::Arguments),
}

/// Obeys `griffie export`.
pub async fn run(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Entries(arguments) => entries::run(settings, arguments).await,
        Command::Register(arguments) => register::run(settings, arguments).await,
        Command::Consents(arguments) => consents::run(settings, arguments).await,
    }
}

/// The language of a file.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum FileLanguage {
    /// Dutch
    Nl,
    /// English
    #[default]
    En,
}

impl From<FileLanguage> for Language {
    fn from(language: FileLanguage) -> Self {
        match language {
            FileLanguage::Nl => Self::Nl,
            FileLanguage::En => Self::En,
        }
    }
}

/// Which moment to show.
#[derive(Debug, clap::Args)]
pub struct MomentArguments {
    /// As known on this date or at this instant [default: all that is known]
    #[arg(long, value_name = "DATE")]
    known: Option<PartialDate>,
    /// As known with that many entries; repeats an earlier export exactly
    #[arg(long, value_name = "N", conflicts_with = "known")]
    size: Option<u64>,
    /// What was in force on this date or at this instant [default: now]
    #[arg(long, value_name = "DATE")]
    valid: Option<PartialDate>,
}

impl MomentArguments {
    /// Resolves the moment, and says all of it that an outsider needs to check what is shown.
    pub async fn resolve(&self, store: &Store) -> anyhow::Result<(Moment, Shown)> {
        let known = match (self.known, self.size) {
            (Some(date), _) => KnownAt::Instant(date.latest()),
            (None, Some(size)) => KnownAt::Size(size),
            (None, None) => KnownAt::Head,
        };
        let valid = self.valid.map_or_else(|| super::sources().now(), |date| date.latest());
        let origin = head(store).await?.context("the database holds no ledger")?.origin;
        let moment = Moment::resolve(store, known, valid).await?;
        let checkpoint = checkpoint_from(store.read().await?.conn(), moment.size).await?;
        let checkpoint = checkpoint
            .map(|stored| anyhow::Ok((stored.size, String::from_utf8(stored.note)?)))
            .transpose()
            .context("a checkpoint is damaged; run `griffie verify`")?;
        let shown = Shown {
            origin,
            size: moment.size,
            root: moment.root(store).await?,
            recorded: moment.recorded,
            is_final: moment.is_final,
            valid,
            checkpoint,
        };
        Ok((moment, shown))
    }
}

/// Says on standard error which moment a file shows.
fn tell(what: &str, rows: u64, shown: &Shown) {
    let covered = match &shown.checkpoint {
        Some((size, _)) => format!("the checkpoint of {size} entries covers it"),
        None => "no checkpoint covers it yet".to_owned(),
    };
    let Shown { size, root, valid, .. } = shown;
    eprintln!("{what}: {rows} rows, as known with {size} entries (root {root}), in force at {valid}; {covered}");
}

/// Opens the file to write, which must not be there yet and is the owner's alone; none named: standard output.
fn output(path: Option<&Path>) -> anyhow::Result<BufWriter<Box<dyn Write>>> {
    let output: Box<dyn Write> = match path {
        Some(path) => Box::new(create(path, KEY_FILE_MODE)?),
        None => Box::new(std::io::stdout()),
    };
    Ok(BufWriter::new(output))
}

pub fn create(path: &Path, mode: u32) -> anyhow::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    file.with_context(|| format!("{} cannot be made; it must not be there yet", path.display()))
}

fn write_line(output: &mut dyn Write, line: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *output, line)?;
    output.write_all(b"\n")?;
    Ok(())
}

/// The first page of states.
fn first_page() -> ListRange {
    ListRange { after: String::new(), before: ListRange::END.to_owned(), limit: PAGE_STATES, backwards: false }
}

/// Whether a page of so many states is the last one.
fn is_last(states: usize) -> bool {
    i64::try_from(states).is_ok_and(|states| states < PAGE_STATES)
}
