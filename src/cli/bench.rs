//! `griffie bench`: measures the program on this machine, beside a rival that does as little as can be done.

mod api;
mod fan_out;
mod load;
mod report;
mod samples;
mod stage;
mod story;

use std::process::ExitCode;

use super::config::Settings;

/// What to measure.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Measures the API over loopback, beside a handler that answers a constant
    ///
    /// Founds a ledger in a temporary folder, serves it as `griffie serve` does, and loads it with kept-alive
    /// connections. The client shares the machine with both servers: read the ratios, not the figures. With --database
    /// URL the ledger is founded there; it must be empty, and is left as it is.
    Api(api::Arguments),
}

/// Runs the command.
pub async fn run(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Api(arguments) => api::run(settings, arguments).await,
    }
}
