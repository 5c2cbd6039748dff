//! What law and policy ask of what is recorded: rules as a table, templates as plain functions, verdicts as answers.
//!
//! A rule is judged for a stream at a moment of three times: what was known, what was in force, and whose law and policy is
//! applied. The same ledger, rules and moment give the same bytes. An area of rules is one file and one line here.

pub mod catalogue;
#[cfg(test)]
mod check;
pub mod dependents;
mod entries;
pub mod evaluation;
pub mod inquiry;
pub mod judge;
pub mod norm;
pub mod scope;
pub mod sheet;
pub mod template;
pub mod text;
pub mod timeline;
pub mod verdict;
pub mod walk;
pub mod world;

mod breach;
mod complaint;
mod consent;
mod governance;
mod impact_assessment;
mod joint_control;
mod lawfulness;
mod ledger;
mod legitimate_interest;
mod objection;
mod officers;
mod platform;
mod processor;
mod publication;
mod register;
mod request;
mod retention;
mod transfer;
pub mod transparency;

use catalogue::Area;

/// The areas of rules, in the order of the requirements.
pub const AREAS: &[Area] = &[
    governance::AREA,
    officers::AREA,
    lawfulness::AREA,
    register::AREA,
    legitimate_interest::AREA,
    consent::AREA,
    transparency::AREA,
    processor::AREA,
    joint_control::AREA,
    transfer::AREA,
    impact_assessment::AREA,
    platform::AREA,
    request::AREA,
    objection::AREA,
    breach::AREA,
    complaint::AREA,
    retention::AREA,
    publication::AREA,
    ledger::AREA,
];

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
