//! Facts and states, and the moments at which they are asked for.

pub(in crate::graphql) mod checkpoint;
pub(in crate::graphql) mod event;
pub(in crate::graphql) mod moment;
pub(in crate::graphql) mod receipt;
pub(in crate::graphql) mod related;
pub(in crate::graphql) mod reported;
pub(in crate::graphql) mod shape;
pub(in crate::graphql) mod shown;
pub(in crate::graphql) mod state;
pub(in crate::graphql) mod state_fields;
