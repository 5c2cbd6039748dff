//! `griffie export entries`: the entries as JSON Lines, for whoever wants to keep or check them.
//!
//! ```text
//! {"sequence":0,"entry":"{…}\n\n— ledger.example/events …\n"}
//! {"size":1,"checkpoint":"ledger.example\n1\n…"}
//! ```

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::{create, write_line};
use crate::cli::config::Settings;
use crate::engine::KEY_FILE_MODE;
use crate::store::{Store, checkpoint_up_to, entry_rows_from, head, vault_of_sequences};

/// Entries read at once.
const PAGE_ROWS: i64 = 1_000;

/// A line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Line {
    /// An entry.
    Entry {
        /// Its sequence.
        sequence: u64,
        /// Its bytes.
        entry: String,
    },
    /// A checkpoint over the entries before it.
    Checkpoint {
        /// Its size.
        size: u64,
        /// The signed note.
        checkpoint: String,
    },
}

/// What opens a commitment, or the entry that erased it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DisclosureLine {
    sequence: u64,
    stream: String,
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    disclosure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    erased_by: Option<u64>,
}

/// Arguments of `griffie export entries`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Also write what opens the commitments - personal data and free text - to a file that must not exist yet
    #[arg(long, value_name = "FILE")]
    disclosures: Option<PathBuf>,
}

/// Writes the entries up to the head, and the newest checkpoint.
pub async fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let store = crate::cli::open(settings).await?;
    let size = head(&store).await?.context("the database holds no ledger")?.size();
    let mut output: Box<dyn Write> = match &arguments.output {
        Some(path) => Box::new(BufWriter::new(create(path, 0o644)?)),
        None => Box::new(BufWriter::new(std::io::stdout())),
    };
    export_entries(&store, size, &mut output).await?;
    if let Some(path) = &arguments.disclosures {
        let mut output = BufWriter::new(create(path, KEY_FILE_MODE)?);
        export_disclosures(&store, size, &mut output).await?;
        output.flush()?;
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

async fn export_entries(store: &Store, size: u64, output: &mut dyn Write) -> anyhow::Result<()> {
    let bar = crate::cli::progress_bar("exporting entries", size);
    let mut connection = store.read().await?;
    // The checkpoint stands where its size is reached, so that a reader can check it on the way.
    let checkpoint = checkpoint_up_to(connection.conn(), size).await?;
    let mut next = 0;
    while next < size {
        let rows = entry_rows_from(connection.conn(), next, PAGE_ROWS).await?;
        let Some(last) = rows.last().and_then(|row| u64::try_from(row.sequence).ok()) else {
            break;
        };
        for row in rows {
            let sequence = u64::try_from(row.sequence)?;
            if sequence >= size {
                break;
            }
            let entry = String::from_utf8(row.body)
                .with_context(|| format!("entry {sequence} is damaged; run `griffie verify`"))?;
            write_line(output, &Line::Entry { sequence, entry })?;
            if let Some(checkpoint) = checkpoint.as_ref().filter(|checkpoint| checkpoint.size == sequence + 1) {
                let note = String::from_utf8(checkpoint.note.clone())?;
                write_line(output, &Line::Checkpoint { size: checkpoint.size, checkpoint: note })?;
            }
        }
        next = last + 1;
        bar.set_position(next.min(size));
    }
    bar.finish_and_clear();
    Ok(())
}

async fn export_disclosures(store: &Store, size: u64, output: &mut dyn Write) -> anyhow::Result<()> {
    let bar = crate::cli::progress_bar("exporting disclosures", size);
    let mut connection = store.read().await?;
    let step = u64::try_from(PAGE_ROWS)?;
    for from in (0..size).step_by(PAGE_ROWS.unsigned_abs() as usize) {
        for row in vault_of_sequences(connection.conn(), from, (from + step).min(size)).await? {
            let row =
                row.map_err(|(sequence, error)| anyhow::anyhow!("a value of entry {sequence} is damaged: {error}"))?;
            let line = DisclosureLine {
                sequence: row.sequence,
                stream: row.stream.to_string(),
                digest: row.digest.to_string(),
                disclosure: row.disclosure.map(|disclosure| disclosure.as_str().to_owned()),
                erased_by: row.erased_by,
            };
            write_line(output, &line)?;
        }
        bar.set_position(from);
    }
    bar.finish_and_clear();
    Ok(())
}
