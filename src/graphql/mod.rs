//! The kit for asking: roots, scalars, ids, pages, errors, limits.
//!
//! A family's types are derived from its declaration; this module adds what every family has in common: how it is looked
//! up and listed at a moment, how its facts are recorded, and how an entry is shown.

mod ask;
mod follow;
mod states;
mod wire;

use ask::{
    audit, catalogue, evaluation, figure, history, judging, justification, register, search, snapshot, template,
    timeline, verdict,
};
use follow::{change, subscription, watch};
use states::{checkpoint, event, moment, receipt, related, reported, shape, shown, state, state_fields};
use wire::{adapter, document, error, idle, language, limits, loader, order, page, scalars, trusted};

mod api;
mod record;
mod roots;

pub use api::{Answer, Api, Call, Operation, Refused};
pub use error::Code;
pub use language::SENTENCES;
pub use limits::{COMPLEXITY_MAX, DEPTH_MAX, DIRECTIVES_MAX, PAGE_DEFAULT, PAGE_MAX};
pub use record::{Principal, read_fact};
pub use roots::sdl;
pub use scalars::id_text;
pub use trusted::{LoadError, TRUSTED_DOCUMENTS_MAX, TrustedDocuments};
