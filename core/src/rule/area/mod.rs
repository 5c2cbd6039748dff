//! The rules, one file for each area.

pub(in crate::rule) mod breach;
pub(in crate::rule) mod complaint;
pub(in crate::rule) mod consent;
pub(in crate::rule) mod entries;
pub(in crate::rule) mod governance;
pub(in crate::rule) mod impact_assessment;
pub(in crate::rule) mod joint_control;
pub(in crate::rule) mod lawfulness;
pub(in crate::rule) mod ledger;
pub(in crate::rule) mod legitimate_interest;
pub(in crate::rule) mod objection;
pub(in crate::rule) mod officers;
pub(in crate::rule) mod platform;
pub(in crate::rule) mod processor;
pub(in crate::rule) mod publication;
pub(in crate::rule) mod register;
pub(in crate::rule) mod request;
pub(in crate::rule) mod retention;
pub(in crate::rule) mod transfer;
pub mod transparency;
