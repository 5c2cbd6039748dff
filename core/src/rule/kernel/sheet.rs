//! The sheet: all verdicts of a scope at one moment, as canonical JSON with a hash, so that anybody can make it again and compare.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::family::rule_set::{Layer, Outcome};
use crate::ledger::canonical;
use crate::ledger::merkle::Hash;
use crate::ledger::name::StreamId;
use crate::rule::catalogue::{Check, EVALUATOR_VERSION, Rule, rules, rules_hash};
use crate::rule::inquiry::{Inquiry, Moment, Notes};
use crate::rule::judge::judge;
use crate::rule::scope::{SUBJECTS_MAX, Scope, subjects};
use crate::rule::verdict::{Deadline, Verdict};
use crate::rule::world::{Question, World};
use crate::time::Instant;

/// Which rules and layers are asked about which streams.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selection {
    /// The streams.
    pub scope: Scope,
    /// Whether files about people and incidents are judged too.
    pub files: bool,
    /// The rules; none named: all.
    pub rules: BTreeSet<&'static str>,
    /// The layers; none named: all.
    pub layers: BTreeSet<Layer>,
}

impl Selection {
    /// Lists what is asked of the streams of a family.
    pub fn checks<'a>(&'a self, family: &'a str) -> impl Iterator<Item = (&'static Rule, &'static Check)> + 'a {
        let asked = |rule: &&'static Rule| self.rules.is_empty() || self.rules.contains(rule.id);
        let checks = rules().filter(asked).flat_map(|rule| rule.checks.iter().map(move |check| (rule, check)));
        checks.filter(move |(_, check)| {
            check.family == family && (self.layers.is_empty() || self.layers.contains(&check.layer))
        })
    }
}

/// Says why there are no verdicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unjudged {
    /// Something is not loaded yet.
    Missing(BTreeSet<Question>),
    /// A state could not be read.
    Unreadable(StreamId),
    /// There are more streams than one sheet may judge.
    TooMany(usize),
}

/// What was looked at for verdicts: a fact elsewhere changes none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    streams: BTreeSet<StreamId>,
    lists: BTreeSet<&'static str>,
}

impl Looked {
    fn note(&mut self, notes: &Notes) {
        self.streams.extend(notes.streams.iter().cloned());
        self.lists.extend(notes.lists.iter().filter_map(|list| match list {
            Question::Keyed(family, ..) | Question::Ever(family, ..) | Question::All(family) => Some(*family),
            _ => None,
        }));
    }

    /// Takes over what was looked at for other verdicts.
    pub fn extend(&mut self, other: Self) {
        self.streams.extend(other.streams);
        self.lists.extend(other.lists);
    }

    /// Lists the families of which facts could matter.
    pub fn families(&self) -> BTreeSet<&str> {
        self.streams.iter().map(StreamId::family).chain(self.lists.iter().copied()).collect()
    }

    /// Tells whether a fact of a stream could matter: it was looked at, or could come into a list that was.
    pub fn concerns(&self, stream: &StreamId) -> bool {
        self.streams.contains(stream) || self.lists.contains(stream.family())
    }
}

/// Judges everything that is selected, by rule, layer and stream. `institution` is the ledger's own stream.
pub fn verdicts(
    world: &World,
    institution: &StreamId,
    selection: &Selection,
    moment: Moment,
) -> Result<(Vec<Verdict>, Looked), Unjudged> {
    let inquiry = Inquiry::new(world, "", institution, moment);
    let found = subjects(&inquiry, &selection.scope, selection.files);
    let notes = inquiry.into_notes();
    let mut looked = Looked::default();
    looked.note(&notes);
    let mut missing = complete(notes)?;
    if found.len() > SUBJECTS_MAX {
        return Err(Unjudged::TooMany(found.len()));
    }
    let mut verdicts = Vec::new();
    for subject in &found {
        for (rule, check) in selection.checks(subject.family()) {
            let judged = judge(world, rule, check, subject, moment);
            looked.note(&judged.notes);
            missing.extend(complete(judged.notes)?);
            if missing.is_empty() {
                verdicts.push(judged.verdict);
            }
        }
    }
    if !missing.is_empty() {
        return Err(Unjudged::Missing(missing));
    }
    verdicts.sort_by(|one, other| (one.rule, one.layer, &one.subject).cmp(&(other.rule, other.layer, &other.subject)));
    Ok((verdicts, looked))
}

fn complete(notes: Notes) -> Result<BTreeSet<Question>, Unjudged> {
    match notes.unreadable {
        Some(stream) => Err(Unjudged::Unreadable(stream)),
        None => Ok(notes.missing),
    }
}

/// The tree that was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tree {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// The rules and the program that a sheet was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MadeWith {
    /// SHA-256 of the canonical JSON of the catalogue of rules.
    pub hash: Hash,
    /// The version of the evaluator.
    pub evaluator_version: &'static str,
}

impl MadeWith {
    /// The rules of this program.
    pub fn this() -> Self {
        Self { hash: rules_hash(), evaluator_version: EVALUATOR_VERSION }
    }
}

/// All verdicts of a scope at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sheet {
    /// What was known.
    pub known: Tree,
    /// What it was made with.
    pub rule_set: MadeWith,
    /// What was judged.
    pub scope: String,
    /// Whether files about people and incidents were judged too.
    pub files: bool,
    /// The families of files about people and incidents that were not judged, though the scope is about them.
    pub left_out: Vec<&'static str>,
    /// The rules that were asked; none: all.
    pub rules: BTreeSet<&'static str>,
    /// The layers that were asked; none: all.
    pub layers: BTreeSet<Layer>,
    /// What was in force is judged at this instant.
    pub valid_at: Instant,
    /// The law and policy of this instant were applied.
    pub rules_at: Instant,
    /// The verdicts, by rule, layer and stream.
    pub verdicts: Vec<Verdict>,
    /// The hash, once it was asked for.
    #[serde(skip)]
    pub hashed: OnceLock<Hash>,
}

impl Sheet {
    /// Returns the SHA-256 of the canonical JSON of the sheet.
    pub fn hash(&self) -> Result<Hash, canonical::CanonicalError> {
        if let Some(hash) = self.hashed.get() {
            return Ok(*hash);
        }
        let hash = Hash(Sha256::digest(self.text()?.as_bytes()).into());
        Ok(*self.hashed.get_or_init(|| hash))
    }

    /// Writes the canonical JSON of the sheet (RFC 8785).
    pub fn text(&self) -> Result<String, canonical::CanonicalError> {
        canonical::encode(&serde_json::to_value(self).unwrap_or_default())
    }

    /// Counts how often each outcome came out.
    pub fn counts(&self) -> Vec<(Outcome, u32)> {
        let mut counts = std::collections::BTreeMap::new();
        self.verdicts.iter().for_each(|verdict| *counts.entry(verdict.outcome).or_insert(0) += 1);
        counts.into_iter().collect()
    }
}

impl Sheet {
    /// Pairs the verdicts whose outcome differs from that on an earlier sheet of the same question; both are in the same order.
    pub fn changes_since<'a>(&'a self, earlier: &'a Sheet) -> Vec<(Option<&'a Verdict>, Option<&'a Verdict>)> {
        let key = |verdict: &'a Verdict| (verdict.rule, verdict.layer, &verdict.subject);
        let before: BTreeMap<_, _> = earlier.verdicts.iter().map(|verdict| (key(verdict), verdict)).collect();
        let after: BTreeMap<_, _> = self.verdicts.iter().map(|verdict| (key(verdict), verdict)).collect();
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        let pairs = keys.into_iter().map(|key| (before.get(key).copied(), after.get(key).copied()));
        pairs
            .filter(|(before, after)| before.map(|verdict| verdict.outcome) != after.map(|verdict| verdict.outcome))
            .collect()
    }
}

/// Lists the terms on a sheet that are not met yet and end by an instant, the earliest first; those that have passed too.
pub fn open_terms(sheet: &Sheet, until: Instant) -> Vec<(Verdict, Deadline)> {
    let terms = sheet.verdicts.iter().flat_map(|verdict| verdict.deadlines.iter().map(move |term| (verdict, term)));
    let open = terms.filter(|(_, term)| term.done.is_none() && term.limit <= until);
    let mut open: Vec<(Verdict, Deadline)> = open.map(|(verdict, term)| (verdict.clone(), term.clone())).collect();
    open.sort_by(|(one, term), (other, later)| {
        (term.limit, one.rule, one.layer, &one.subject).cmp(&(later.limit, other.rule, other.layer, &other.subject))
    });
    open
}

impl std::fmt::Display for Scope {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scope::Stream(stream) => write!(formatter, "{stream}"),
            Scope::Unit(unit) => write!(formatter, "unit {unit}"),
            Scope::Platform(platform) => write!(formatter, "platform {platform}"),
            Scope::Institution => write!(formatter, "institution"),
        }
    }
}
