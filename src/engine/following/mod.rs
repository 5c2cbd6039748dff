//! Following the ledger.

pub(in crate::engine) mod change;
pub(in crate::engine) mod feed;
pub(in crate::engine) mod follow;
