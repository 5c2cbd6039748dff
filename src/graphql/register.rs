//! Registers at a moment: columns, and rows of cells as people read them.

use async_graphql::{Context, Result, SimpleObject};

use super::error::{Lost, bad_input, internal, wire};
use super::page::{Connection, Page, connection};
use crate::engine::{Engine, Moment, RegisterPage, RegisterState, register_page};
use crate::family::describe::Language;
use crate::family::register::{Cell, Register, RegisterKind, RegisterReader};
use crate::ledger::name::{Code, Reference, Sequence, StreamId};

/// A register at a moment.
#[derive(SimpleObject)]
#[graphql(name = "RegisterPage")]
pub struct RegisterView {
    /// Which register.
    kind: RegisterKind,
    /// What people call it.
    title: String,
    /// Its columns, in the order of the cells.
    columns: Vec<ColumnView>,
    /// A page of its rows.
    rows: Connection<RegisterRow>,
}

/// A column of a register.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RegisterColumn")]
pub struct ColumnView {
    /// Its name in data; the same in every language.
    name: String,
    /// What people call it.
    label: String,
    /// The provision that it answers, as `GDPR Art. 30(1)(b)`; null: it serves the reader.
    source: Option<String>,
}

/// A row of a register.
#[derive(Clone, Debug, SimpleObject)]
pub struct RegisterRow {
    /// The stream whose state it shows.
    stream: StreamId,
    /// The human reference of the stream.
    reference: Option<Reference>,
    /// The number of the version that is in force, in registers whose entries have versions.
    version: Option<u32>,
    /// The newest fact that the state names, or since which it is known: with it begins the evidence for the row.
    sequence: Sequence,
    /// The cells, in the order of the columns; empty where there is nothing. Several items are separated by `; `, and a stream is
    /// called by its reference.
    cells: Vec<String>,
}

/// Reads a page of a register at a moment.
pub async fn register(
    ctx: &Context<'_>,
    moment: Moment,
    kind: RegisterKind,
    language: Language,
    unit: Option<Code>,
    page: &Page,
) -> Result<RegisterView> {
    let reader = RegisterReader::new(kind, language);
    let register = reader.register();
    let Some(keys) = register.keys(unit.as_ref()) else {
        return Err(bad_input("the entries of this register belong to no unit; leave `unit` out"));
    };
    let store = ctx.data::<Engine>()?.store();
    let found = wire(register_page(store, &reader, &keys, &moment, &page.streams(false)).await)?;
    let items = rows(&reader, found)?;
    Ok(RegisterView {
        kind,
        title: register.title(language).to_owned(),
        columns: columns(register, language),
        rows: connection(register.name, page, items),
    })
}

fn columns(register: &Register, language: Language) -> Vec<ColumnView> {
    let column = |column: &crate::family::register::Column| ColumnView {
        name: column.name.to_owned(),
        label: column.label(language).to_owned(),
        source: Some(column.source.to_owned()).filter(|source| !source.is_empty()),
    };
    register.columns.iter().map(column).collect()
}

fn rows(reader: &RegisterReader, found: RegisterPage) -> Result<Vec<(String, RegisterRow)>> {
    let RegisterPage { states, outside } = found;
    let row = |RegisterState { stream, sequence, state }: RegisterState| {
        let cells = reader.cells(&state, &outside).map_err(|missing| internal(&Lost(missing.0)))?;
        let row = RegisterRow {
            reference: outside.references.get(&stream).cloned(),
            version: reader.version(&state),
            sequence,
            cells: cells.iter().map(Cell::text).collect(),
            stream,
        };
        Ok((row.stream.to_string(), row))
    };
    states.into_iter().map(row).collect()
}
