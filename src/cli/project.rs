//! `griffie project` and `griffie migrate`: the tables, and the states in them.

use std::process::ExitCode;

use anyhow::bail;

use super::config::Settings;
use crate::engine::{Fit, erase_due, fit, rebuild, say_program};
use crate::store::{Store, head, indexed_facts};

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
    rebuild_states(&super::open(settings).await?).await
}

async fn rebuild_states(store: &Store) -> anyhow::Result<ExitCode> {
    let size = head(store).await?.map_or(0, |head| head.size());
    let bar = super::progress_bar("rebuilding states", size);
    let done = rebuild(store, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    let done = done.await?;
    bar.finish_and_clear();
    println!("Rebuilt the states from {done} entries.");
    Ok(ExitCode::SUCCESS)
}

/// Makes or updates the tables. What was recorded before there was an index of facts is indexed now, and what was recorded as
/// erased before this program erased anything is erased now.
pub async fn migrate(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = super::open_migrated(settings).await?;
    let erased = erase_due(&store).await?;
    if erased > 0 {
        println!("Erased {erased} values that facts of an older build had only recorded as erased.");
    }
    match (head(&store).await?, fit(&store).await?) {
        (_, Fit::NewerFacts) => bail!("a newer version of griffie has written to this ledger; use that version"),
        (None, _) => {}
        (Some(head), _) if indexed_facts(store.read().await?.conn()).await? < head.size() => {
            rebuild_states(&store).await?;
        }
        (Some(_), Fit::OtherFold) => {
            println!("Another version of griffie made the states; they are made anew.");
            rebuild_states(&store).await?;
        }
        (Some(_), Fit::OlderFacts) => say_program(&store).await?,
        (Some(_), Fit::Same) => {}
    }
    println!("The tables are those of this version.");
    Ok(ExitCode::SUCCESS)
}
