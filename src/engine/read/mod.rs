//! What is read of it.

pub(in crate::engine) mod inspect;
pub(in crate::engine) mod moment;
pub(in crate::engine) mod register;
pub(in crate::engine) mod tree;
