//! From what a person names to the streams that are judged: an id, a reference, a unit, a platform, or everything.

use std::collections::BTreeSet;

use crate::engine::judge::{Judge, JudgeError};
use crate::engine::moment::Moment;
use crate::family::FAMILIES;
use crate::family::rule_set::Layer;
use crate::ledger::name::{Code, Reference, StreamId};
use crate::rule::catalogue::{Check, Rule, any_applies, rule};
use crate::rule::inquiry::{self, Inquiry};
use crate::rule::scope::{Scope, subjects};
use crate::rule::sheet::Selection;
use crate::store::{StoreError, head, streams, streams_by_references};
use crate::time::Instant;

/// What a person names to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A stream.
    Stream(StreamId),
    /// The stream with a human reference.
    Reference(Reference),
    /// A unit.
    Unit(Code),
    /// A platform.
    Platform(Code),
    /// The whole institution.
    Institution,
}

/// Says why nothing can be judged so; every message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// No such stream at that moment.
    #[error("nothing was known of {0} at this moment; check it, and what was known then")]
    UnknownScope(String),
    /// One reference, several streams.
    #[error("streams of several families have the reference {0}; give the id")]
    Ambiguous(Reference),
    /// No such rule.
    #[error("there is no rule `{0}`; they are listed in schema/rules.json, as TRF-01")]
    UnknownRule(String),
    /// The rule is not about such streams.
    #[error("{rule} does not judge streams of the family {family} in this layer; it judges: {judged}")]
    OtherFamily {
        /// The rule.
        rule: &'static str,
        /// The family that was asked.
        family: String,
        /// The families that it judges.
        judged: String,
    },
    /// The selected rules judge nothing in the scope.
    #[error("these rules and layers judge nothing in {scope}; they judge streams of: {judged}")]
    JudgesNothing {
        /// The scope.
        scope: String,
        /// The families that they judge.
        judged: String,
    },
    /// A timeline or a single verdict is about one stream.
    #[error(
        "this is about one stream or the institution; name a stream, or ask for the verdicts of the unit or platform"
    )]
    NotOneStream,
    /// No law and no policy was known.
    #[error(
        "no rule applies at {0}: by what was known then, no law and no policy was in force; choose a later moment for the rules or for what was known"
    )]
    NoRuleApplies(Instant),
    /// It could not be judged.
    #[error(transparent)]
    Judge(#[from] JudgeError),
}

impl From<StoreError> for AskError {
    fn from(error: StoreError) -> Self {
        Self::Judge(error.into())
    }
}

impl Judge {
    /// Finds what is named, as known at a moment.
    pub async fn scope(&self, named: &Named, moment: &Moment) -> Result<Scope, AskError> {
        match named {
            Named::Stream(stream) => {
                let rows = streams(self.store().read().await?.conn(), std::slice::from_ref(stream)).await?;
                let known = rows.iter().any(|row| row.first_sequence < moment.size);
                known.then(|| Scope::Stream(stream.clone())).ok_or_else(|| AskError::UnknownScope(stream.to_string()))
            }
            Named::Reference(reference) => self.by_reference(reference, moment).await.map(Scope::Stream),
            Named::Unit(unit) => self.known(Scope::Unit(unit.clone()), moment).await,
            Named::Platform(platform) => self.known(Scope::Platform(platform.clone()), moment).await,
            Named::Institution => Ok(Scope::Institution),
        }
    }

    async fn by_reference(&self, reference: &Reference, moment: &Moment) -> Result<StreamId, AskError> {
        let asked = FAMILIES.iter().map(|family| (family.name.to_owned(), reference.clone())).collect();
        let rows = streams_by_references(self.store().read().await?.conn(), &asked).await?;
        let mut known = rows.into_iter().filter(|row| row.first_sequence < moment.size).map(|row| row.stream);
        match (known.next(), known.next()) {
            (Some(stream), None) => Ok(stream),
            (Some(_), Some(_)) => Err(AskError::Ambiguous(reference.clone())),
            (None, _) => Err(AskError::UnknownScope(reference.to_string())),
        }
    }

    async fn known(&self, scope: Scope, moment: &Moment) -> Result<Scope, AskError> {
        let asked = scope.clone();
        let found = self.ask(moment, move |inquiry| !subjects(inquiry, &asked, true).is_empty()).await?;
        if found { Ok(scope) } else { Err(AskError::UnknownScope(format!("the {scope}"))) }
    }

    /// Asks the ledger something at a moment by an inquiry that is about no rule.
    pub async fn ask<T: Send + 'static>(
        &self,
        moment: &Moment,
        find: impl Fn(&Inquiry<'_>) -> T + Send + Sync + 'static,
    ) -> Result<T, AskError> {
        let institution = self.institution().await?;
        let at = inquiry::Moment { size: moment.size, valid: moment.valid, rules: moment.rules };
        Ok(self.find(&institution, at, find).await?)
    }

    /// Returns the stream that stands for the institution as a whole: the ledger's own.
    pub async fn institution(&self) -> Result<StreamId, AskError> {
        let head = head(self.store()).await?.ok_or(JudgeError::NotFounded)?;
        Ok(head.ledger_stream)
    }

    /// Finds the one stream that is named; for the institution the ledger's own.
    pub async fn one_stream(&self, named: &Named, moment: &Moment) -> Result<StreamId, AskError> {
        match self.scope(named, moment).await? {
            Scope::Stream(stream) => Ok(stream),
            Scope::Institution => self.institution().await,
            Scope::Unit(_) | Scope::Platform(_) => Err(AskError::NotOneStream),
        }
    }

    /// Refuses a moment at which no law and no policy is known: nothing could be said by their rules.
    pub async fn some_rule_applies(&self, moment: &Moment) -> Result<(), AskError> {
        match self.ask(moment, any_applies).await? {
            true => Ok(()),
            false => Err(AskError::NoRuleApplies(moment.rules)),
        }
    }
}

/// Finds a rule by its id.
pub fn rule_named(id: &str) -> Result<&'static Rule, AskError> {
    rule(id).ok_or_else(|| AskError::UnknownRule(id.to_owned()))
}

/// Finds rules by their ids.
pub fn rules_named(ids: &[String]) -> Result<BTreeSet<&'static str>, AskError> {
    ids.iter().map(|id| rule_named(id).map(|rule| rule.id)).collect()
}

/// Lists the checks of a rule that judge streams of a family, in the order of their layers.
pub fn checks_for(rule: &'static Rule, family: &str, layer: Option<Layer>) -> Result<Vec<&'static Check>, AskError> {
    let judges = |check: &&'static Check| check.family == family && layer.is_none_or(|layer| check.layer == layer);
    let mut checks: Vec<&'static Check> = rule.checks.iter().filter(judges).collect();
    checks.sort_by_key(|check| check.layer);
    if checks.is_empty() {
        let judged = families_of(BTreeSet::from([rule.id]));
        return Err(AskError::OtherFamily { rule: rule.id, family: family.to_owned(), judged });
    }
    Ok(checks)
}

/// Says that a selection judges nothing, and what it would judge.
pub fn judges_nothing(selection: &Selection) -> AskError {
    AskError::JudgesNothing { scope: selection.scope.to_string(), judged: families_of(selection.rules.clone()) }
}

fn families_of(rules: BTreeSet<&'static str>) -> String {
    let checks = rules.into_iter().filter_map(rule).flat_map(|rule| rule.checks);
    let families: BTreeSet<&str> = checks.map(|check| check.family).collect();
    families.into_iter().collect::<Vec<_>>().join(", ")
}
