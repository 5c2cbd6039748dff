//! `griffie policy`: the house kit, which asks an institution what the rules want to know of its policy.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use super::export::FileLanguage;
use crate::family::describe::Language;
use crate::rule::catalogue::rule;
use crate::rule::house::{HOUSE_PARAMETERS, HouseParameter, Kind};
use crate::rule::text::words;

/// The reference under which the policy is kept, unless somebody writes another.
const REFERENCE: &str = "POL-HOUSE";

/// What to do with the policy of the house.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Writes an empty policy to fill in: a row for each parameter that a rule reads, with its question and what applies without it
    Template(TemplateArguments),
}

/// Arguments of `griffie policy template`.
#[derive(Debug, clap::Args)]
pub struct TemplateArguments {
    /// The language of the questions
    #[arg(long, value_enum, default_value_t)]
    language: FileLanguage,
    /// File to write, which must not be there yet [default: standard output]
    #[arg(long, value_name = "FILE.csv")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Template(arguments) = command;
    match &arguments.output {
        None => write(std::io::stdout(), arguments.language.into())?,
        Some(path) => {
            let file = std::fs::File::create_new(path);
            let file = file.with_context(|| format!("{} cannot be made; it must not be there yet", path.display()))?;
            write(file, arguments.language.into())?;
            let next = "Fill in a value for what the house settles and delete the other rows; give the first row its date, then: griffie record";
            println!("{next} {} --event governanceInstrument.versionAdopted", path.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the table: the columns of an adopted version, and beside them what people read.
fn write(output: impl Write, language: Language) -> anyhow::Result<()> {
    let columns = ["reference", "effective", "about.instrument", "about.kind", "decision", "body"];
    let values =
        ["parameters.name", "parameters.term", "parameters.calendar", "parameters.number", "parameters.values"];
    let read = [
        words("vraag", "question"),
        words("zonder deze parameter", "without it"),
        words("regels en bronnen", "rules and sources"),
    ];
    let read = read.map(|heading| heading.of(language));
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(columns.iter().chain(&values).chain(&read))?;
    for (place, parameter) in HOUSE_PARAMETERS.iter().enumerate() {
        let about =
            if place == 0 { [REFERENCE, "", REFERENCE, "POLICY", "", ""] } else { [REFERENCE, "", "", "", "", ""] };
        let rules = rules(parameter);
        let words = [hint(parameter, language), parameter.without.of(language).to_owned(), rules];
        let empty = [parameter.name, "", "", "", ""];
        writer.write_record(about.iter().chain(&empty).copied().chain(words.iter().map(String::as_str)))?;
    }
    writer.flush()?;
    Ok(())
}

/// The question, and in which column its answer stands.
fn hint(parameter: &HouseParameter, language: Language) -> String {
    let answer = match parameter.kind {
        Kind::Term => "parameters.term: P14D",
        Kind::Number => "parameters.number: 16",
        Kind::Codes => "parameters.values: EC_LIST",
    };
    format!("{} ({answer})", parameter.question.of(language))
}

fn rules(parameter: &HouseParameter) -> String {
    let known = parameter.rules.iter().filter_map(|id| rule(id));
    known.map(|rule| format!("{} ({})", rule.id, rule.sources.join("; "))).collect::<Vec<_>>().join(", ")
}
