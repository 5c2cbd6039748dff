//! `griffie ledger`: founds a ledger, and records what its operator must decide.

use std::process::ExitCode;

use super::config::Settings;
use super::law::FirstLaw;
use crate::engine::{KeyFolder, correct_clock, decide_fork, found};
use crate::ledger::name::{Origin, Sequence};

/// What to do with the ledger.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Founds a ledger in an empty database, with fresh keys unless the key folder has some
    Found {
        /// Origin: a name of the ledger that nobody else uses, as privacy.example.nl/ledger
        #[arg(long)]
        origin: Origin,
        /// Which law it begins with
        #[arg(long, value_enum, default_value_t)]
        law: FirstLaw,
    },
    /// Goes on from a database that has lost entries which were signed, as after restoring an old backup
    ForkDecision {
        /// Why the entries are lost for good, and what was done to find them
        #[arg(long)]
        reason: String,
    },
    /// Admits that a stretch was recorded under a wrong clock, so that the ledger can go on
    ClockCorrected {
        /// First sequence with a wrong time
        #[arg(long, value_name = "SEQUENCE")]
        from: u64,
        /// What went wrong
        #[arg(long)]
        reason: String,
    },
}

/// Runs the command.
pub async fn run(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let folder = KeyFolder::new(&settings.keys.value);
    let sources = super::sources();
    match command {
        Command::Found { origin, law } => {
            let store = super::open_migrated(settings).await?;
            if !folder.path().exists() {
                folder.generate(origin, &sources)?;
                println!("Made keys in {}.", folder.path().display());
            }
            let receipt = found(&store, &folder, origin, &sources, None).await?;
            println!("Founded {origin} at {}.", receipt.entry.recorded);
            law.record(&store, &folder).await?;
            println!("Move {}/recovery.pem to a place that this machine cannot reach.", folder.path().display());
            println!("Next: griffie serve --database {}", super::without_password(&settings.database.value));
        }
        Command::ForkDecision { reason } => {
            let store = super::open(settings).await?;
            let receipt = decide_fork(&store, &folder, &sources, reason.clone()).await?;
            println!("Recorded the decision as sequence {}; the ledger goes on from there.", receipt.entry.sequence);
        }
        Command::ClockCorrected { from, reason } => {
            let store = super::open(settings).await?;
            let receipt = correct_clock(&store, &folder, &sources, Sequence(*from), reason.clone()).await?;
            println!(
                "Recorded as sequence {}: of {from} to {} order is proven, time is not.",
                receipt.entry.sequence,
                receipt.entry.sequence - 1
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
