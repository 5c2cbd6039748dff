//! A sheet as a fact: what `ruleSet.evaluated` keeps of it, and what was asked for it.

use std::collections::BTreeSet;

use crate::family::checkpoint_attestation::Head;
use crate::family::finding::Scope as Scrutinised;
use crate::family::rule_set::{Evaluated, Hindsight, OutcomeCount};
use crate::ledger::canonical::CanonicalError;
use crate::ledger::name::{NameError, Sequence};
use crate::rule::scope::Scope;
use crate::rule::sheet::{Selection, Sheet};

/// Says why a sheet cannot be kept as a fact.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// It has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The version of the evaluator is no code.
    #[error(transparent)]
    Version(#[from] NameError),
}

/// Keeps a sheet and its hindsight as a fact: hashes and counts, and what is needed to make them again.
pub fn evaluated(known: &Sheet, hindsight: &Sheet, selection: &Selection) -> Result<Evaluated, EvaluationError> {
    let codes = selection.rules.iter().filter_map(|rule| rule.parse().ok()).collect();
    Ok(Evaluated {
        scope: scrutinised(&selection.scope),
        layers: selection.layers.iter().copied().collect(),
        rules: codes,
        files: selection.files.then_some(true),
        known: head(known),
        valid_at: known.valid_at,
        rules_at: (known.rules_at != known.valid_at).then_some(known.rules_at),
        rule_set_hash: known.rule_set.hash,
        evaluator_version: known.rule_set.evaluator_version.parse()?,
        sheet: known.hash()?,
        counts: counts(known),
        hindsight: Some(Hindsight { known: head(hindsight), sheet: hindsight.hash()?, counts: counts(hindsight) }),
        remark: None,
    })
}

fn head(sheet: &Sheet) -> Head {
    Head { size: Sequence(sheet.known.size), root: sheet.known.root }
}

fn counts(sheet: &Sheet) -> Vec<OutcomeCount> {
    sheet.counts().into_iter().map(|(outcome, number)| OutcomeCount { outcome, number }).collect()
}

fn scrutinised(scope: &Scope) -> Option<Scrutinised> {
    let mut found = Scrutinised {
        units: Vec::new(),
        activities: Vec::new(),
        platforms: Vec::new(),
        systems: Vec::new(),
        parties: Vec::new(),
        subjects: Vec::new(),
    };
    match scope {
        Scope::Institution => return None,
        Scope::Unit(unit) => found.units.push(unit.clone()),
        Scope::Platform(platform) => found.platforms.push(platform.clone()),
        Scope::Stream(stream) if stream.family() == "activity" => found.activities.push(stream.clone()),
        Scope::Stream(stream) => found.subjects.push(stream.clone()),
    }
    Some(found)
}

/// Says again what was asked for a recorded sheet; `None` where its scope names several things.
pub fn selection(recorded: &Evaluated, rules: BTreeSet<&'static str>) -> Option<Selection> {
    let scope = match &recorded.scope {
        None => Scope::Institution,
        Some(scope) => {
            let units = scope.units.iter().cloned().map(Scope::Unit);
            let platforms = scope.platforms.iter().cloned().map(Scope::Platform);
            let streams = scope.activities.iter().chain(&scope.subjects).cloned().map(Scope::Stream);
            let mut named: Vec<Scope> = units.chain(platforms).chain(streams).collect();
            if named.len() != 1 || !scope.systems.is_empty() || !scope.parties.is_empty() {
                return None;
            }
            named.pop()?
        }
    };
    let files = recorded.files.unwrap_or(false);
    Some(Selection { scope, files, rules, layers: recorded.layers.iter().copied().collect() })
}
