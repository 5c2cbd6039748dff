//! `griffie project` and `griffie migrate`: the tables, and the states in them.

use std::process::ExitCode;

use anyhow::bail;

use super::config::Settings;
use crate::engine::rebuild;
use crate::store::head;

/// Arguments of `griffie project`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Make all states anew from the entries; readers see the old ones until the new ones are whole
    #[arg(long)]
    rebuild: bool,
}

/// Rebuilds the states.
pub async fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if !arguments.rebuild {
        bail!("states are kept up to date by themselves; say --rebuild to make them anew");
    }
    let store = super::open(settings).await?;
    let size = head(&store).await?.map_or(0, |head| head.size());
    let bar = super::progress_bar("rebuilding states", size);
    let done = rebuild(&store, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    let done = done.await?;
    bar.finish_and_clear();
    println!("Rebuilt the states from {done} entries.");
    Ok(ExitCode::SUCCESS)
}

/// Makes or updates the tables.
pub async fn migrate(settings: &Settings) -> anyhow::Result<ExitCode> {
    super::open_migrated(settings).await?;
    println!("The tables are those of this version.");
    Ok(ExitCode::SUCCESS)
}
