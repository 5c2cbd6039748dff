//! How facts come into the ledger.

pub(in crate::engine) mod append;
pub(in crate::engine) mod batch;
pub(in crate::engine) mod checkpoint;
pub(in crate::engine) mod clock;
pub(in crate::engine) mod erase;
pub(in crate::engine) mod fact;
pub(in crate::engine) mod index;
pub(in crate::engine) mod keys;
pub(in crate::engine) mod project;
pub(in crate::engine) mod queue;
pub(in crate::engine) mod words;
