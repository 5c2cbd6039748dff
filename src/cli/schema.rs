//! `griffie schema`: the API's schema in GraphQL's definition language, or the JSON Schemas of all facts.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use crate::family::FAMILIES;
use crate::family::schema::event_schemas;
use crate::graphql::sdl;

/// Arguments of `griffie schema`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Writes a JSON Schema for each fact, with an example, into a folder instead
    #[arg(long, value_name = "FOLDER")]
    events: Option<PathBuf>,
}

/// Prints the schema of the API, or writes those of the facts.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.events {
        None => print!("{}", sdl()),
        Some(folder) => write_events(folder)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn write_events(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for event in FAMILIES.iter().flat_map(event_schemas) {
        let text = format!("{}\n", serde_json::to_string_pretty(&event.schema)?);
        let path = folder.join(&event.file);
        std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}
