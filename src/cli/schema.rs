//! `griffie schema`: the contract of the API.

use std::process::ExitCode;

/// Prints the schema in GraphQL's schema definition language.
pub fn run() -> anyhow::Result<ExitCode> {
    print!("{}", crate::graphql::sdl());
    Ok(ExitCode::SUCCESS)
}
