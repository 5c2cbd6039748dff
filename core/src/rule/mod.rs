//! What law and policy ask of what is recorded: rules as a table, templates as plain functions, verdicts as answers.
//!
//! A rule is judged for a stream at a moment of three times: what was known, what was in force, and whose law and policy is
//! applied. The same ledger, rules and moment give the same bytes. An area of rules is one file and one line here.

mod area;
mod kernel;

pub use area::transparency;
use area::{
    breach, complaint, consent, entries, governance, impact_assessment, joint_control, lawfulness, ledger,
    legitimate_interest, objection, officers, platform, processor, publication, register, request, retention, transfer,
};
pub use kernel::{
    catalogue, dependents, evaluation, house, inquiry, judge, norm, scope, sheet, template, text, timeline, verdict,
    walk, world,
};

#[cfg(test)]
mod check;

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
mod golden;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod random;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod unread;
