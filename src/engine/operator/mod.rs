//! What the operator does, and imports.

pub(in crate::engine) mod import;
pub(in crate::engine) mod law;
pub(in crate::engine) mod operate;
pub(in crate::engine) mod ready;
