//! `griffie import template`: an empty table with a column for each value of a kind of fact.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use super::REGISTER_EVENT;
use super::sheet::EventName;
use crate::cli::docs::DocsLanguage;
use crate::family::describe::Language;
use crate::family::family;
use crate::family::table::columns;

/// Arguments of `griffie import template`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The kind of fact that each row will be
    #[arg(long, value_name = "FAMILY.FACT", default_value = REGISTER_EVENT)]
    event: EventName,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE.csv")]
    output: Option<PathBuf>,
    /// Names the columns as people do, instead of by their paths; both are understood
    #[arg(long, value_enum)]
    language: Option<DocsLanguage>,
    /// Lists the columns and what may stand in them, instead of a table
    #[arg(long)]
    explain: bool,
}

/// Writes the template.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let family = family(arguments.event.family())?;
    let columns = columns(family, arguments.event.fact()).with_context(|| {
        format!("there is no fact {}; `griffie docs --family {}` lists them", arguments.event, family.name)
    })?;
    let mut output: Box<dyn std::io::Write> = match &arguments.output {
        Some(path) => Box::new(
            std::fs::File::create_new(path)
                .with_context(|| format!("{} cannot be made; it must not be there yet", path.display()))?,
        ),
        None => Box::new(std::io::stdout()),
    };
    if arguments.explain {
        for column in &columns {
            writeln!(output, "{:<44} {}\n    {} | {}", column.path, column.doc, column.expects(), column.nl)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let heading = |column: &crate::family::table::Column| match arguments.language {
        None => column.path.clone(),
        Some(language) => column.label(Language::from(language)).to_owned(),
    };
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(columns.iter().map(heading))?;
    writer.flush()?;
    Ok(ExitCode::SUCCESS)
}
