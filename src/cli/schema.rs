//! `griffie schema`: the API's schema in GraphQL's definition language, or the JSON Schemas of all facts.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::Value;

use crate::family::FAMILIES;
use crate::family::schema::{EventSchema, check_example, event_schemas, keep_example};
use crate::graphql::sdl;

/// Arguments of `griffie schema`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Writes a JSON Schema for each fact, with an example, into a folder instead; examples that are there already stay as they
    /// are, for what was published never changes its meaning
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
    let events = FAMILIES.iter().flat_map(event_schemas);
    let read = |event: EventSchema| {
        let path = folder.join(&event.file);
        let schema = match published(&path)? {
            Some(published) => keep_example(event.schema, &published),
            None => event.schema,
        };
        anyhow::Ok((path, format!("{}\n", serde_json::to_string_pretty(&schema)?)))
    };
    // All are read and checked before the first is written.
    let written: Vec<(PathBuf, String)> = events.map(read).collect::<anyhow::Result<_>>()?;
    for (path, text) in written {
        std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// Reads the schema that was published earlier, if there is one, and checks that its example still holds.
fn published(path: &Path) -> anyhow::Result<Option<Value>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    let schema = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    check_example(FAMILIES, &schema).with_context(|| format!("{} is not overwritten", path.display()))?;
    Ok(Some(schema))
}
