//! The list of rules, as a reader may check it: what each asks, from where it speaks, and what makes it apply.

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::family::kit::key_text;
use crate::family::rule_set::Layer;
use crate::ledger::canonical;
use crate::ledger::merkle::Hash;
use crate::rule::inquiry::Inquiry;
use crate::rule::norm::Applies;
use crate::rule::template::Template;
use crate::rule::text::Words;
use crate::rule::verdict::{Class, Finding};

/// The version of this evaluator. It changes when a sheet of the same ledger, rules and moments could come out otherwise.
pub const EVALUATOR_VERSION: &str = "2";

/// One thing that law, policy or practice asks: the requirement of the same id.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its id, as `TRF-01`.
    pub id: &'static str,
    /// What it asks, in a few words.
    pub title: Words,
    /// How it is judged.
    pub explanation: Words,
    /// Where it is written, as `GDPR 44-49`.
    pub sources: &'static [&'static str],
    /// The layers in which it speaks.
    pub checks: &'static [Check],
}

/// A rule in one layer, about the streams of one family.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// The family whose streams it judges; `ledger` for the institution as a whole.
    pub family: &'static str,
    /// From where it speaks.
    pub layer: Layer,
    /// What failing it means.
    pub class: Class,
    /// What makes it apply.
    pub applies: Applies,
    /// What it is made of.
    pub templates: &'static [Template],
    /// Judges a stream.
    pub judge: fn(&Inquiry<'_>) -> Finding,
}

/// Declares a check: `check!(TransferGround, Law, Lawfulness, GDPR, [InForceAt, LegalValidity], judge)`, where `judge` takes the inquiry
/// and the state of the stream; `check!(institution, …)` for one about the institution as a whole, where it takes the inquiry alone.
macro_rules! check {
    (institution, $layer:ident, $class:ident, $applies:expr, [$($template:ident),* $(,)?], $judge:expr $(,)?) => {
        $crate::rule::catalogue::Check {
            family: <$crate::family::ledger::Ledger as $crate::family::kit::Declared>::NAME,
            layer: $crate::family::rule_set::Layer::$layer,
            class: $crate::rule::verdict::Class::$class,
            applies: $applies,
            templates: &[$($crate::rule::template::Template::$template),*],
            judge: |inquiry| $judge(inquiry),
        }
    };
    ($family:ty, $layer:ident, $class:ident, $applies:expr, [$($template:ident),* $(,)?], $judge:expr $(,)?) => {
        $crate::rule::catalogue::Check {
            family: <$family as $crate::family::kit::Declared>::NAME,
            layer: $crate::family::rule_set::Layer::$layer,
            class: $crate::rule::verdict::Class::$class,
            applies: $applies,
            templates: &[$($crate::rule::template::Template::$template),*],
            judge: |inquiry| inquiry.on::<$family>($judge),
        }
    };
}

pub(crate) use check;

/// All rules, by area.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    crate::rule::AREAS.iter().flat_map(|area| area.rules.iter())
}

/// Tells whether, at a moment, any law or policy is known and in force by which rules could be judged. Practice and what an authority says
/// do not count: they alone give no duty.
pub fn any_applies(inquiry: &Inquiry<'_>) -> bool {
    let mut norms: Vec<Applies> = Vec::new();
    for check in rules().flat_map(|rule| rule.checks) {
        if matches!(check.applies, Applies::Law(_) | Applies::Adopted(_)) && !norms.contains(&check.applies) {
            norms.push(check.applies);
        }
    }
    norms.into_iter().any(|applies| inquiry.applies(applies).is_ok())
}

/// Finds a rule by its id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

/// An area of rules, one file each.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    /// Its name.
    pub name: Words,
    /// Its rules.
    pub rules: &'static [Rule],
}

/// Writes the catalogue as `schema/rules.json` has it.
pub fn rules_json() -> Value {
    let areas: Vec<Value> = crate::rule::AREAS
        .iter()
        .map(|area| json!({ "area": area.name, "rules": area.rules.iter().map(rule_json).collect::<Vec<_>>() }))
        .collect();
    json!({ "evaluatorVersion": EVALUATOR_VERSION, "areas": areas })
}

/// SHA-256 of the canonical JSON of the catalogue: which rules a sheet was made with.
pub fn rules_hash() -> Hash {
    static HASH: std::sync::LazyLock<Hash> = std::sync::LazyLock::new(|| {
        Hash(Sha256::digest(canonical::encode(&rules_json()).unwrap_or_default().as_bytes()).into())
    });
    *HASH
}

fn rule_json(rule: &Rule) -> Value {
    let checks: Vec<Value> = rule.checks.iter().map(check_json).collect();
    json!({ "id": rule.id, "title": rule.title, "explanation": rule.explanation, "sources": rule.sources, "checks": checks })
}

/// SHA-256 of the canonical JSON of one rule and the version of the evaluator: where it is the same, the rule asks the same.
pub fn rule_hash(rule: &Rule) -> Hash {
    let entry = json!({ "evaluatorVersion": EVALUATOR_VERSION, "rule": rule_json(rule) });
    Hash(Sha256::digest(canonical::encode(&entry).unwrap_or_default().as_bytes()).into())
}

fn check_json(check: &Check) -> Value {
    json!({
        "judges": check.family,
        "layer": check.layer,
        "class": check.class,
        "appliesWhile": AppliesJson::of(check.applies),
        "templates": check.templates,
    })
}

/// What makes a check apply, for readers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AppliesJson {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    legal_instruments: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    legal_instruments_that_name_it: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    adopted: Vec<String>,
    always: bool,
}

impl AppliesJson {
    fn of(applies: Applies) -> Self {
        let mut json = Self {
            legal_instruments: Vec::new(),
            legal_instruments_that_name_it: Vec::new(),
            adopted: Vec::new(),
            always: false,
        };
        match applies {
            Applies::Law(codes) => json.legal_instruments = codes.iter().map(|code| (*code).to_owned()).collect(),
            Applies::Named(kinds) => json.legal_instruments_that_name_it = kinds.iter().map(key_text).collect(),
            Applies::Adopted(kinds) => json.adopted = kinds.iter().map(key_text).collect(),
            Applies::Practice => json.always = true,
        }
        json
    }
}
