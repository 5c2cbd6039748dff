//! Judging what is recorded, and watching verdicts.

pub(in crate::engine) mod judge;
pub(in crate::engine) mod scope;
pub(in crate::engine) mod watch;
