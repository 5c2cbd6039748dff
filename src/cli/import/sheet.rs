//! Tables of facts, CSV or XLSX, turned into JSON Lines. See `family/table.rs` for what a table looks like.

use std::fs::File;
use std::io::{BufWriter, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context as _, bail};
use calamine::{Data, Reader as _};
use serde::Serialize;
use serde_json::{Value, json};

use crate::engine::{PROBLEMS_MAX, Problem};
use crate::family::family;
use crate::family::kit::Declaration;
use crate::family::table::{ASSERTED, Column, EFFECTIVE, REFERENCE, columns, finished};
pub use crate::ledger::name::EventName;

/// Bytes of a table: a spreadsheet is read as a whole.
const TABLE_BYTES_MAX: u64 = 67_108_864;
/// Rows of a table.
const TABLE_ROWS_MAX: usize = 100_000;
/// Columns of a table.
const TABLE_COLUMNS_MAX: usize = 1_000;

/// What was made of a table.
#[derive(Debug, Default)]
pub struct Report {
    /// The columns as they were understood.
    pub columns: Vec<MappedColumn>,
    /// Rows below the heading.
    pub rows: usize,
    /// What is wrong with cells.
    pub problems: Vec<Problem>,
}

/// A column of a file and what it was taken for.
#[derive(Debug, Serialize)]
pub struct MappedColumn {
    /// Its letter, as in a spreadsheet.
    pub letter: String,
    /// Its heading.
    pub heading: String,
    /// The path into the fact; absent: it was not recognised and is left out.
    pub path: Option<String>,
}

/// Reads a table and writes a line for each of its facts.
pub fn to_lines(file: File, name: &Path, event: &EventName, output: &mut File) -> anyhow::Result<Report> {
    let family = family(event.family())?;
    let columns = columns(family, event.fact())
        .with_context(|| format!("there is no fact {event}; `griffie docs --family {}` lists them", family.name))?;
    let rows = read(file, name)?;
    let Some((heading, rows)) = rows.split_first() else { bail!("the table has no heading") };
    anyhow::ensure!(rows.len() <= TABLE_ROWS_MAX, "a table may have {TABLE_ROWS_MAX} rows; split it");
    let mapped: Vec<Option<&Column>> =
        heading.iter().map(|heading| columns.iter().find(|column| column.is_called(heading))).collect();
    let mut report = Report { rows: rows.len(), ..Report::default() };
    for (at, (heading, column)) in heading.iter().zip(&mapped).enumerate() {
        let path = column.map(|column| column.path.clone());
        report.columns.push(MappedColumn { letter: letter(at), heading: heading.clone(), path });
    }
    let table = Table { family, event, mapped, heading };
    let mut writer = BufWriter::new(&mut *output);
    let mut open: Option<Draft> = None;
    for (row, cells) in (2..).zip(rows) {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let goes_on = open.as_ref().is_some_and(|draft| table.goes_on(draft, cells));
        if !goes_on {
            table.write(&mut writer, open.take())?;
        }
        let draft = open.get_or_insert_with(|| table.begin(row, cells));
        let room = PROBLEMS_MAX.saturating_sub(report.problems.len());
        report.problems.extend(table.take(draft, row, cells).into_iter().take(room));
    }
    table.write(&mut writer, open.take())?;
    writer.flush()?;
    drop(writer);
    output.seek(SeekFrom::Start(0))?;
    Ok(report)
}

/// A fact that is being put together from its rows.
struct Draft {
    row: u64,
    reference: Option<String>,
    items: usize,
    data: Value,
    effective: Option<Value>,
    asserted: Option<Value>,
}

struct Table<'a> {
    family: &'a Declaration,
    event: &'a EventName,
    mapped: Vec<Option<&'a Column>>,
    heading: &'a [String],
}

impl Table<'_> {
    /// A row goes on with the fact before if it repeats its reference and gives no date of its own.
    fn goes_on(&self, draft: &Draft, cells: &[String]) -> bool {
        draft.reference.is_some()
            && self.cell(cells, REFERENCE) == draft.reference.as_deref()
            && self.cell(cells, EFFECTIVE).is_none()
    }

    fn begin(&self, row: u64, cells: &[String]) -> Draft {
        let reference = self.cell(cells, REFERENCE).map(str::to_owned);
        Draft { row, reference, items: 0, data: json!({}), effective: None, asserted: None }
    }

    /// Takes the cells of a row into the fact.
    fn take(&self, draft: &mut Draft, row: u64, cells: &[String]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let first = draft.items == 0;
        for (at, cell) in cells.iter().enumerate() {
            let Some(column) = self.mapped.get(at).copied().flatten() else { continue };
            let field = format!("column {} ({})", letter(at), self.heading[at].trim());
            match column.read(cell) {
                Ok(None) => {}
                Ok(Some(value)) if column.path == REFERENCE => draft.reference = value.as_str().map(str::to_owned),
                Ok(Some(value)) if column.path == EFFECTIVE => draft.effective = Some(value),
                Ok(Some(value)) if column.path == ASSERTED => draft.asserted = Some(value),
                Ok(Some(value)) if first || column.is_of_an_item() => column.put(&mut draft.data, draft.items, value),
                Ok(Some(_)) => {
                    let message = "a row that goes on with a fact fills columns of lists only".to_owned();
                    problems.push(Problem { row, field, message });
                }
                Err(error) => problems.push(Problem { row, field, message: error.to_string() }),
            }
        }
        if first && draft.effective.is_none() {
            let message = "give the date from which the fact holds, as 2018-05-25".to_owned();
            problems.push(Problem { row, field: EFFECTIVE.to_owned(), message });
        }
        draft.items += 1;
        problems
    }

    fn write(&self, writer: &mut impl Write, draft: Option<Draft>) -> anyhow::Result<()> {
        let Some(draft) = draft else { return Ok(()) };
        let data = finished(self.family, self.event.fact(), draft.data);
        let mut input = json!({ "effective": draft.effective, "event": { self.event.fact(): data } });
        if let Some(reference) = draft.reference {
            input["reference"] = json!(reference);
        }
        let line = json!({ "row": draft.row, "asserted": draft.asserted, self.family.name: input });
        serde_json::to_writer(&mut *writer, &line)?;
        writer.write_all(b"\n")?;
        Ok(())
    }

    /// The cell of a column by its path; `None` where it is empty.
    fn cell<'c>(&self, cells: &'c [String], path: &str) -> Option<&'c str> {
        let at = self.mapped.iter().position(|column| column.is_some_and(|column| column.path == path))?;
        cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
}

/// Reads a table; its name says which kind of file it is.
fn read(file: File, name: &Path) -> anyhow::Result<Vec<Vec<String>>> {
    let mut bytes = Vec::new();
    file.take(TABLE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    anyhow::ensure!(bytes.len() as u64 <= TABLE_BYTES_MAX, "a table may have {TABLE_BYTES_MAX} bytes; split it");
    let extension = name.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "csv" | "txt" => read_csv(&bytes),
        "xlsx" | "ods" | "xls" => read_workbook(bytes),
        _ => bail!("a table is a .csv or .xlsx file"),
    }
}

fn read_csv(bytes: &[u8]) -> anyhow::Result<Vec<Vec<String>>> {
    let text = std::str::from_utf8(bytes).context("the table is not in UTF-8; save it as `CSV UTF-8`")?;
    let text = text.trim_start_matches('\u{feff}');
    // A spreadsheet in Dutch separates by semicolons, because the comma is in the numbers.
    let heading = text.lines().next().unwrap_or_default();
    let delimiter = if heading.matches(';').count() > heading.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.with_context(|| format!("row {} cannot be read", rows.len() + 1))?;
        anyhow::ensure!(row.len() <= TABLE_COLUMNS_MAX, "a table may have {TABLE_COLUMNS_MAX} columns");
        rows.push(row.iter().map(unguarded).collect());
    }
    Ok(rows)
}

/// Takes away the apostrophe that keeps a spreadsheet from running a cell as a formula.
fn unguarded(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t']) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

fn read_workbook(bytes: Vec<u8>) -> anyhow::Result<Vec<Vec<String>>> {
    let workbook = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(bytes));
    let mut workbook = workbook.context("the workbook cannot be read")?;
    let sheet = workbook
        .worksheet_range_at(0)
        .context("the workbook has no sheet")?
        .context("its first sheet cannot be read")?;
    let (height, width) = sheet.get_size();
    anyhow::ensure!(width <= TABLE_COLUMNS_MAX, "a table may have {TABLE_COLUMNS_MAX} columns");
    anyhow::ensure!(height <= TABLE_ROWS_MAX + 1, "a table may have {TABLE_ROWS_MAX} rows; split it");
    Ok(sheet.rows().map(|row| row.iter().map(cell_text).collect()).collect())
}

/// Writes a cell of a workbook as a table in text has it.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string(),
        Data::Int(number) => number.to_string(),
        // 2.0 in a spreadsheet is what somebody typed as 2.
        Data::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        Data::Float(number) => number.to_string(),
        Data::DateTime(date) => {
            let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
            if (hour, minute, second, milli) == (0, 0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                amsterdam(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}"))
            }
        }
        Data::Error(error) => error.to_string(),
    }
}

/// A time in a spreadsheet is one in Europe/Amsterdam; the ledger writes UTC.
fn amsterdam(local: String) -> String {
    crate::time::amsterdam(&local).map_or(local, |instant| instant.to_string())
}

/// The letter of a column, as in a spreadsheet: A, B, …, Z, AA.
fn letter(at: usize) -> String {
    let last = char::from(b'A' + (at % 26) as u8);
    match at / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letter(more - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let check = |at: usize, expected: &str| assert_eq!(letter(at), expected);
        check(0, "A");
        check(25, "Z");
        check(26, "AA");
        check(701, "ZZ");
        check(702, "AAA");
    }

    #[test]
    fn cells_of_a_workbook_are_what_somebody_typed() {
        let check = |cell: Data, expected: &str| assert_eq!(cell_text(&cell), expected);
        check(Data::Float(2.0), "2");
        check(Data::Float(2.5), "2.5");
        check(Data::Bool(true), "true");
        check(Data::Empty, "");
        check(Data::DateTime(date(43_245.0)), "2018-05-25");
        check(Data::DateTime(date(43_245.5)), "2018-05-25T10:00:00.000000Z");
    }

    fn date(serial: f64) -> calamine::ExcelDateTime {
        calamine::ExcelDateTime::new(serial, calamine::ExcelDateTimeType::DateTime, false)
    }

    #[test]
    fn a_guard_against_formulas_is_taken_away() {
        let check = |cell: &str, expected: &str| assert_eq!(unguarded(cell), expected);
        check("'=1+1", "=1+1");
        check("'s avonds", "'s avonds");
        check("plain", "plain");
    }
}
