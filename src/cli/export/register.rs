//! `griffie export register`: a register at a moment, as CSV (RFC 4180) or as JSON-LD in the Data Privacy Vocabulary.
//!
//! Rows are read and written page by page, so that a large register takes no more memory than a small one.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::{FileLanguage, MomentArguments, first_page, is_last, output, tell};
use crate::cli::config::Settings;
use crate::engine::{RegisterPage, RegisterState, register_page};
use crate::family::describe::Language;
use crate::family::linked::{Shown, header, row};
use crate::family::register::{Cell, Outside, REGISTERS, Register, RegisterKind, RegisterReader};
use crate::ledger::name::Code;
use crate::store::{KeyFilter, count_states};

/// Arguments of `griffie export register`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which register
    #[arg(long, value_parser = register_names(), value_name = "KIND")]
    kind: RegisterKind,
    #[command(flatten)]
    moment: MomentArguments,
    /// In which language
    #[arg(long, value_enum, default_value_t)]
    language: FileLanguage,
    /// In which format; in CSV a cell that begins like a formula gets an apostrophe before it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Entries of this unit only
    #[arg(long, value_name = "UNIT")]
    unit: Option<Code>,
    /// File to write, which must not be there yet [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Reads the name of a register, and lists them all in help and completions.
fn register_names() -> impl TypedValueParser<Value = RegisterKind> {
    let names = REGISTERS.iter().map(|Register { name, en, .. }| PossibleValue::new(*name).help(*en));
    PossibleValuesParser::new(names).try_map(|given| {
        let named = REGISTERS.iter().find(|register| register.name == given);
        named.map(|register| register.kind).ok_or("no register has this name")
    })
}

/// The format of a register.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Comma-separated values (RFC 4180), UTF-8, with a header row
    #[default]
    Csv,
    /// JSON-LD in the W3C Data Privacy Vocabulary
    JsonLd,
}

/// Writes a register.
pub async fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let language = Language::from(arguments.language);
    let reader = match arguments.format {
        Format::Csv => RegisterReader::new(arguments.kind, language),
        Format::JsonLd => RegisterReader::new(arguments.kind, language).without_erased(),
    };
    let register = reader.register();
    let keys = register
        .keys(arguments.unit.as_ref())
        .context("the entries of this register belong to no unit; leave --unit out")?;
    let store = crate::cli::open_current(settings).await?;
    let (moment, shown) = arguments.moment.resolve(&store).await?;
    let filters: Vec<KeyFilter> = keys.iter().map(|(name, value)| KeyFilter { name, value: value.clone() }).collect();
    let states =
        count_states(store.read().await?.conn(), register.family, moment.size, moment.valid, filters.first()).await?;
    let bar = crate::cli::progress_bar("exporting register", states);
    let mut writer = Writer::begin(&reader, &shown, arguments)?;
    let mut range = first_page();
    loop {
        let page = register_page(&store, &reader, &keys, &moment, &range).await?;
        let read = page.states.len();
        if let Some(last) = page.states.last() {
            range.after = last.stream.to_string();
        }
        writer.write(&reader, page)?;
        bar.inc(u64::try_from(read)?);
        if is_last(read) {
            break;
        }
    }
    let rows = writer.end()?;
    bar.finish_and_clear();
    tell(register.title(language), rows, &shown);
    Ok(ExitCode::SUCCESS)
}

/// Writes rows one by one.
enum Writer {
    /// As CSV.
    Csv { output: Box<csv::Writer<BufWriter<Box<dyn Write>>>>, rows: u64 },
    /// As JSON-LD.
    JsonLd { output: BufWriter<Box<dyn Write>>, rows: u64 },
}

impl Writer {
    fn begin(reader: &RegisterReader, shown: &Shown, arguments: &Arguments) -> anyhow::Result<Self> {
        let mut output = output(arguments.output.as_deref())?;
        let (register, language) = (reader.register(), reader.language());
        match arguments.format {
            Format::Csv => {
                let mut builder = csv::WriterBuilder::new();
                let mut output = Box::new(builder.terminator(csv::Terminator::CRLF).from_writer(output));
                let columns = register.columns.iter().map(|column| column.label(language));
                let [reference, stream, sequence] = own_columns(language);
                output.write_record([reference].into_iter().chain(columns).chain([stream, sequence]))?;
                Ok(Self::Csv { output, rows: 0 })
            }
            Format::JsonLd => {
                // The document goes on with its rows.
                let header = serde_json::to_string(&header(register, language, shown))?;
                let open = header.strip_suffix('}').context("a header is an object")?;
                write!(output, "{open},\"{}\":[", register.row_property)?;
                Ok(Self::JsonLd { output, rows: 0 })
            }
        }
    }

    fn write(&mut self, reader: &RegisterReader, page: RegisterPage) -> anyhow::Result<()> {
        let RegisterPage { states, outside } = page;
        for state in states {
            let cells = reader.cells(&state.state, &outside);
            let cells = cells.with_context(|| format!("{} cannot be shown; run `griffie verify`", state.stream))?;
            self.write_row(reader.register(), &state, &cells, &outside)?;
        }
        Ok(())
    }

    fn write_row(
        &mut self,
        register: &Register,
        state: &RegisterState,
        cells: &[Cell],
        outside: &Outside,
    ) -> anyhow::Result<()> {
        let reference = outside.references.get(&state.stream);
        match self {
            Self::Csv { output, rows } => {
                let reference = reference.map_or_else(String::new, ToString::to_string);
                let own = [state.stream.to_string(), state.sequence.to_string()];
                let texts = [reference].into_iter().chain(cells.iter().map(Cell::text)).chain(own);
                output.write_record(texts.map(|text| guarded(&text).into_owned()))?;
                *rows += 1;
            }
            Self::JsonLd { output, rows } => {
                output.write_all(if *rows == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut *output, &row(register, &state.stream, reference, cells))?;
                *rows += 1;
            }
        }
        Ok(())
    }

    fn end(self) -> anyhow::Result<u64> {
        match self {
            Self::Csv { mut output, rows } => {
                output.flush()?;
                Ok(rows)
            }
            Self::JsonLd { mut output, rows } => {
                output.write_all(b"\n]}\n")?;
                output.flush()?;
                Ok(rows)
            }
        }
    }
}

/// What the columns are called that every register has: the reference, the stream and its newest fact.
fn own_columns(language: Language) -> [&'static str; 3] {
    match language {
        Language::Nl => ["kenmerk", "dossier", "laatste feit"],
        Language::En => ["reference", "stream", "newest fact"],
    }
}

/// Keeps a spreadsheet from taking a cell for a formula: an apostrophe makes it text.
fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let check = |cell: &str, expected: &str| assert_eq!(guarded(cell), expected);
        check("=1+1", "'=1+1");
        check("+31 43 388 2222", "'+31 43 388 2222");
        check("-", "'-");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\tx", "'\tx");
        check("\rx", "'\rx");
        check("", "");
        check("a=1", "a=1");
        check("'=1", "'=1");
    }
}
