//! The kit for asking: roots, scalars, ids, pages, errors, limits.

mod error;
mod loader;
mod scalars;
