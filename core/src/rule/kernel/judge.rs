//! From rules to verdicts: one rule about one stream at one moment.

use std::collections::BTreeSet;

use crate::family::erasure::Erasure;
use crate::family::rule_set::{Layer, Outcome};
use crate::ledger::name::{Sequence, StreamId};
use crate::rule::catalogue::{Check, Rule};
use crate::rule::inquiry::{Inquiry, Moment, Notes};
use crate::rule::text::words;
use crate::rule::verdict::{Finding, Flag, Mark, Reason, Verdict};
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
    if let Some(allows_more) = notes.own_law.filter(|_| check.layer == Layer::Law) {
        own_law(&mut verdict, allows_more);
    }
    verdict.until = notes.horizon;
    verdict.parameters.extend(notes.parameters.iter().cloned());
    Judged { verdict, notes }
}

/// Marks a verdict that rests on law as the institution recorded it: what allows more than the law gives no all-clear.
fn own_law(verdict: &mut Verdict, allows_more: bool) {
    verdict.flags.insert(Flag { mark: Mark::OwnLaw, days: None });
    if allows_more && matches!(verdict.outcome, Outcome::Pass | Outcome::PassErased) {
        verdict.outcome = Outcome::Indeterminate;
        let text = words(
            "de termijn of leeftijd die bij het rechtsinstrument is vastgelegd, is ruimer dan de wet",
            "the term or age that is recorded of the legal instrument allows more than the law",
        );
        verdict.reasons.insert(0, Reason { text: text.into(), facts: BTreeSet::new() });
    }
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
