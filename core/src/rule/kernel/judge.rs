//! From rules to verdicts: one rule about one stream at one moment.

use std::collections::BTreeSet;

use crate::family::erasure::Erasure;
use crate::family::rule_set::Outcome;
use crate::ledger::name::{Sequence, StreamId};
use crate::rule::catalogue::{Check, Rule};
use crate::rule::inquiry::{Inquiry, Moment, Notes};
use crate::rule::verdict::{Finding, Verdict};
use crate::rule::world::World;

/// A verdict, and what was looked at for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The verdict; it counts for nothing while something is missing.
    pub verdict: Verdict,
    /// What was looked at.
    pub notes: Notes,
}

/// Judges a stream by a rule in one layer, as a function of what is loaded and the moment alone.
pub fn judge(world: &World, rule: &Rule, check: &Check, subject: &StreamId, moment: Moment) -> Judged {
    let inquiry = Inquiry::new(world, rule.id, subject, moment);
    let finding = match inquiry.applies(check.applies) {
        Ok(()) => (check.judge)(&inquiry),
        Err(finding) => *finding,
    };
    let erased = finding.outcome == Outcome::Pass && is_erased(&inquiry, &finding);
    let mut verdict = finding.into_verdict(rule.id, check.layer, check.class, subject);
    if erased {
        verdict.outcome = Outcome::PassErased;
    }
    let notes = inquiry.into_notes();
    verdict.until = notes.horizon;
    verdict.parameters.extend(notes.parameters.iter().cloned());
    Judged { verdict, notes }
}

/// Whether what is known of a person on whom the finding rests has been erased: of the whole stream, or of a fact. It is read from the
/// facts, never from the vault, and whatever the moment that is judged: who asks afterwards cannot see the evidence any more, and
/// taking the erasure back brings nothing back.
fn is_erased(inquiry: &Inquiry<'_>, finding: &Finding) -> bool {
    let people = inquiry.people();
    if people.is_empty() {
        return false;
    }
    let facts: BTreeSet<Sequence> = finding.reasons.iter().flat_map(|reason| reason.facts.iter().copied()).collect();
    // All are asked, so that all are loaded at once.
    let streams = people.iter().filter(|stream| inquiry.has_ever::<Erasure>("subject", stream)).count();
    let detached = facts.iter().filter(|fact| inquiry.has_ever::<Erasure>("sequence", fact.0)).count();
    streams + detached > 0
}
