//! Registers at a moment: columns, and rows of cells as people read them.

use async_graphql::{Context, Object, Result, SimpleObject};

use crate::engine::{Engine, Moment, RegisterPage, RegisterState, register_page};
use crate::family::describe::Language;
use crate::family::register::{Cell, Register, RegisterKind, RegisterReader};
use crate::graphql::error::{MissingValue, bad_input, data, internal, wire};
use crate::graphql::page::{Connection, connection, page};
use crate::ledger::name::{Code, Reference, Sequence, StreamId};

/// A register at a moment.
pub struct RegisterView {
    kind: RegisterKind,
    moment: Moment,
    reader: RegisterReader,
    keys: Vec<(&'static str, String)>,
    language: Language,
}

/// A register at a moment.
#[Object(name = "RegisterPage")]
impl RegisterView {
    /// Which register.
    async fn kind(&self) -> RegisterKind {
        self.kind
    }

    /// What people call it.
    async fn title(&self) -> &str {
        self.reader.register().title(self.language)
    }

    /// Its columns, in the order of the cells.
    async fn columns(&self) -> Vec<ColumnView> {
        columns(self.reader.register(), self.language)
    }

    /// Its rows: one for each entry, in the order of their streams' ids: by when they began, to the millisecond.
    #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<RegisterRow>> {
        let name = self.reader.register().name;
        let page = page(name, first, after, last, before)?;
        let store = data::<Engine>(ctx)?.store();
        let found = register_page(store, &self.reader, &self.keys, &self.moment, &page.streams(false)).await;
        Ok(connection(name, &page, rows(&self.reader, wire(found)?)?))
    }
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

/// Opens a register at a moment.
pub fn register(moment: Moment, kind: RegisterKind, language: Language, unit: Option<&Code>) -> Result<RegisterView> {
    let reader = RegisterReader::new(kind, language);
    let Some(keys) = reader.register().keys(unit) else {
        return Err(bad_input("the entries of this register belong to no unit; leave `unit` out"));
    };
    Ok(RegisterView { kind, moment, reader, keys, language })
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
        let cells = reader.cells(&state, &outside).map_err(|missing| internal(&MissingValue(missing.0)))?;
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
