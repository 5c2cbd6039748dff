//! Sheets that are recorded as facts: made now, and made again later to compare.

use async_graphql::{Context, Enum, Result, SimpleObject};

use crate::engine::{Judge, Moment, Sheets, rules_named};
use crate::family::kit::Event as _;
use crate::family::rule_set::{Evaluated, RuleSet, RuleSetEvent};
use crate::graphql::error::{bad_input, data, wire};
use crate::graphql::judging::{asked, judged};
use crate::graphql::template::line;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{EventName, Sequence};
use crate::rule::evaluation::{evaluated, selection};
use crate::rule::sheet::MadeWith;
use crate::store::entries_at;

/// Whether a recorded sheet comes out the same again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "EvaluationComparison")]
pub enum Comparison {
    /// Made again, it has the same hash.
    Same,
    /// Made again with the same rules and evaluator, it has another hash: something is wrong.
    Different,
    /// It was made with other rules or another evaluator: this version cannot make it again.
    NotReproducible,
}

/// A recorded sheet, made again.
#[derive(Clone, Debug, SimpleObject)]
pub struct EvaluationCheck {
    /// The fact that recorded it.
    sequence: Sequence,
    /// Whether it comes out the same.
    comparison: Comparison,
    /// Its hash as recorded.
    recorded: Hash,
    /// Its hash made again; null where this version cannot.
    again: Option<Hash>,
    /// The hash of its hindsight as recorded, made with the tree that was the head then.
    recorded_hindsight: Option<Hash>,
    /// That hash made again.
    hindsight_again: Option<Hash>,
}

/// Writes a sheet as the fact `ruleSet.evaluated`, as the JSON of a line in the form in which facts come in.
pub fn as_fact(sheets: &Sheets, asked: &crate::rule::sheet::Selection) -> Result<String> {
    let event =
        evaluated(&sheets.known, &sheets.hindsight, asked).map_err(|error| crate::graphql::error::internal(&error))?;
    let data = RuleSetEvent::Evaluated(event).to_data();
    line(&EventName::new(RuleSet::NAME, "evaluated"), &data, &|_| None)
}

/// Makes a recorded sheet again and compares.
pub async fn check(ctx: &Context<'_>, sequence: Sequence) -> Result<EvaluationCheck> {
    let judge = data::<Judge>(ctx)?;
    let found = async { entries_at(judge.store().read().await?.conn(), &[sequence.0]).await };
    let stored = wire(found.await)?.pop().filter(|stored| stored.entry.event.to_string() == "ruleSet.evaluated");
    let stored = stored.ok_or_else(|| bad_input(format!("sequence {} is no fact ruleSet.evaluated", sequence.0)))?;
    let event = RuleSetEvent::from_data(stored.entry.event.fact(), stored.entry.version, &stored.entry.data);
    let Ok(RuleSetEvent::Evaluated(recorded)) = event else {
        return Err(bad_input(format!("sequence {} is no fact ruleSet.evaluated", sequence.0)));
    };
    let mut check = EvaluationCheck {
        sequence,
        comparison: Comparison::NotReproducible,
        recorded: recorded.sheet,
        again: None,
        recorded_hindsight: recorded.hindsight.as_ref().map(|hindsight| hindsight.sheet),
        hindsight_again: None,
    };
    let made = MadeWith::this();
    if recorded.rule_set_hash != made.hash || recorded.evaluator_version.as_str() != made.evaluator_version {
        return Ok(check);
    }
    let later = recorded.hindsight.as_ref().map_or(0, |hindsight| hindsight.known.size.0);
    if recorded.known.size.0.max(later) > sequence.0 {
        // No sheet can know of more than had been recorded before it.
        check.comparison = Comparison::Different;
        return Ok(check);
    }
    let (known, hindsight) = again(judge, &recorded).await?;
    check.again = Some(known);
    check.hindsight_again = hindsight;
    let same = known == check.recorded && check.recorded_hindsight.is_none_or(|recorded| hindsight == Some(recorded));
    check.comparison = if same { Comparison::Same } else { Comparison::Different };
    Ok(check)
}

async fn again(judge: &Judge, recorded: &Evaluated) -> Result<(Hash, Option<Hash>)> {
    let rules = recorded.rules.iter().map(ToString::to_string).collect::<Vec<_>>();
    let rules = asked(rules_named(&rules))?;
    let selection = selection(recorded, rules).ok_or_else(|| {
        bad_input("this evaluation has a scope of several things; only sheets of one scope are made again")
    })?;
    let valid = recorded.valid_at;
    let size = recorded.known.size.0;
    let moment = Moment { size, recorded: None, is_final: true, valid, rules: recorded.rules_at.unwrap_or(valid) };
    let later = recorded.hindsight.as_ref().map_or(size, |hindsight| hindsight.known.size.0.max(size));
    let institution = asked(judge.institution().await)?;
    let (known, hindsight) = judged(judge.pair(&institution, &selection, &moment, later).await)?;
    let hash =
        |sheet: &crate::rule::sheet::Sheet| sheet.hash().map_err(|error| crate::graphql::error::internal(&error));
    let hindsight = recorded.hindsight.as_ref().map(|_| hash(&hindsight)).transpose()?;
    Ok((hash(&known)?, hindsight))
}
