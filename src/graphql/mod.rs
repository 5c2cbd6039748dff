//! The kit for asking: roots, scalars, ids, pages, errors, limits.
//!
//! A family's types are derived from its declaration; this room adds what every family has in common: how it is looked
//! up and listed at a moment, how its facts are recorded, and how an entry is shown.

mod adapter;
mod api;
mod audit;
mod catalogue;
mod change;
mod checkpoint;
mod document;
mod error;
mod evaluation;
mod event;
mod figure;
mod history;
mod idle;
mod judging;
mod justification;
mod language;
mod limits;
mod loader;
mod moment;
mod order;
mod page;
mod receipt;
mod record;
mod register;
mod related;
mod reported;
mod roots;
mod scalars;
mod search;
mod shape;
mod shown;
mod snapshot;
mod state;
mod state_fields;
mod subscription;
mod template;
mod timeline;
mod trusted;
mod verdict;
mod watch;

pub use api::{Answer, Api, Call, Operation, Refused};
pub use error::Code;
pub use language::SENTENCES;
pub use limits::{COMPLEXITY_MAX, DEPTH_MAX, DIRECTIVES_MAX, PAGE_DEFAULT, PAGE_MAX};
pub use record::{Principal, read_fact};
pub use roots::sdl;
pub use scalars::id_text;
pub use trusted::{LoadError, TRUSTED_DOCUMENTS_MAX, TrustedDocuments};
