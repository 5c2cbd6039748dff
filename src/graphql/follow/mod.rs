//! Subscriptions.

pub(in crate::graphql) mod change;
pub(in crate::graphql) mod subscription;
pub(in crate::graphql) mod watch;
