//! What every answer has: documents and their limits, pages, scalars, errors, and the one file that touches hidden parts of the library.

pub(in crate::graphql) mod adapter;
pub(in crate::graphql) mod document;
pub(in crate::graphql) mod error;
pub(in crate::graphql) mod idle;
pub(in crate::graphql) mod language;
pub(in crate::graphql) mod limits;
pub(in crate::graphql) mod loader;
pub(in crate::graphql) mod order;
pub(in crate::graphql) mod page;
pub(in crate::graphql) mod scalars;
pub(in crate::graphql) mod trusted;
