//! `griffie key`: makes, shows and changes the keys of a ledger.

use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::json;

use super::config::Settings;
use crate::engine::{KeyFolder, introduce_event_key, revoke_event_key};
use crate::ledger::name::{Origin, Sequence};
use crate::store::head;

/// What to do with keys.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Makes fresh keys for a new ledger; existing ones are never overwritten
    Generate {
        /// Origin of the ledger, as privacy.example.nl/ledger
        #[arg(long)]
        origin: Origin,
    },
    /// Shows the verifier keys that the ledger names
    Show {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Lets a fresh event key take over; stop the server first
    Rotate,
    /// Revokes the event key with the recovery key; stop the server first
    Revoke {
        /// First sequence that the key's thief may have signed
        #[arg(long, value_name = "SEQUENCE")]
        from: u64,
        /// Folder of the recovery key, if it is kept elsewhere
        #[arg(long, value_name = "FOLDER")]
        recovery: Option<std::path::PathBuf>,
    },
}

/// Runs the command.
pub async fn run(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    let folder = KeyFolder::new(&settings.keys.value);
    let sources = super::sources();
    match command {
        Command::Generate { origin } => {
            folder.generate(origin, &sources)?;
            println!("Made keys in {}.", folder.path().display());
            println!("Move recovery.pem to a place that this machine cannot reach once the ledger is founded.");
        }
        Command::Show { json: as_json } => show(settings, *as_json).await?,
        Command::Rotate => {
            let store = super::open(settings).await?;
            let receipt = introduce_event_key(&store, &folder, &sources).await?;
            println!("A new event key signs from sequence {} on.", receipt.entry.sequence + 1);
        }
        Command::Revoke { from, recovery } => {
            let store = super::open(settings).await?;
            let origin = head(&store).await?.context("the database holds no ledger")?.origin;
            let recovery_folder = recovery.as_ref().map_or_else(|| folder.clone(), KeyFolder::new);
            let recovery = recovery_folder.load_recovery(&origin)?;
            let receipt = revoke_event_key(&store, &folder, recovery, Sequence(*from), &sources).await?;
            println!(
                "The event key is revoked from sequence {from} on; a new one signs from {} on.",
                receipt.entry.sequence
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(settings: &Settings, as_json: bool) -> anyhow::Result<()> {
    let store = super::open(settings).await?;
    let head = head(&store).await?.context("the database holds no ledger")?;
    let keys = [("event", &head.event_key), ("checkpoint", &head.checkpoint_key), ("recovery", &head.recovery_key)];
    if as_json {
        println!(
            "{}",
            json!({ "event": head.event_key, "checkpoint": head.checkpoint_key, "recovery": head.recovery_key })
        );
    } else {
        keys.iter().for_each(|(name, key)| println!("{name:<11} {key}"));
    }
    Ok(())
}
