//! Questions.

pub(in crate::graphql) mod audit;
pub(in crate::graphql) mod catalogue;
pub(in crate::graphql) mod evaluation;
pub(in crate::graphql) mod figure;
pub(in crate::graphql) mod history;
pub(in crate::graphql) mod judging;
pub(in crate::graphql) mod justification;
pub(in crate::graphql) mod register;
pub(in crate::graphql) mod search;
pub(in crate::graphql) mod snapshot;
pub(in crate::graphql) mod template;
pub(in crate::graphql) mod timeline;
pub(in crate::graphql) mod verdict;
