//! `griffie demo`: a ledger to try.
use std::process::ExitCode;
use super::config::Settings;
/// x
#[derive(Debug, clap::Args)]
pub struct Arguments {}
/// x
pub async fn run(_: &Settings, _: &Arguments) -> anyhow::Result<ExitCode> { Ok(ExitCode::SUCCESS) }
