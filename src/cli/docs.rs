//! `griffie docs`: the readable catalogue of families, facts, states and transitions, and what covers which requirement.
//!
//! Everything is read from the declarations of the families, so it cannot lag behind the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::family::FAMILIES;
use crate::family::describe::{Catalogue, Definition, Kind, Language, Member, Shape, Transition};
use crate::family::kit::{Declaration, key_text};
use crate::family::words::{english, family_label};
use crate::rule::catalogue::rule;

/// Arguments of `griffie docs`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only this family, by its wire name
    #[arg(long, value_name = "NAME")]
    family: Option<String>,
    /// In which language things are called
    #[arg(long, value_enum, default_value_t)]
    language: DocsLanguage,
    /// Prints which facts evidence the requirements of a table, and fails on facts that do not exist
    #[arg(long, value_name = "FILE.csv")]
    coverage: Option<PathBuf>,
    /// With --coverage: as JSON Lines
    #[arg(long, requires = "coverage")]
    json: bool,
}

/// The language of the catalogue.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum DocsLanguage {
    /// Dutch names beside the English descriptions
    Nl,
    /// English
    #[default]
    En,
}

impl From<DocsLanguage> for Language {
    fn from(language: DocsLanguage) -> Self {
        match language {
            DocsLanguage::Nl => Self::Nl,
            DocsLanguage::En => Self::En,
        }
    }
}

/// Prints the catalogue or the coverage.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if let Some(file) = &arguments.coverage {
        return coverage(file, arguments.json);
    }
    let wanted = |family: &&Declaration| arguments.family.as_deref().is_none_or(|name| name == family.name);
    let families: Vec<&Declaration> = FAMILIES.iter().filter(wanted).collect();
    if families.is_empty() {
        let names: Vec<&str> = FAMILIES.iter().map(|family| family.name).collect();
        anyhow::bail!("there is no such family; there are {}", names.join(", "));
    }
    print!("{}", catalogue(&families, arguments.language.into()));
    Ok(ExitCode::SUCCESS)
}

/// Writes the catalogue as Markdown.
pub fn catalogue(families: &[&Declaration], language: Language) -> String {
    let mut text = String::from("# The catalogue: what is recorded\n");
    for family in families {
        let mut types = Catalogue::default();
        let state = (family.describe_state)(&mut types);
        let label = family_label(family.name, family.label_nl);
        let doc = state.name().and_then(|name| types.get(name)).map_or("", |definition| definition.doc.as_str());
        let _ = write!(text, "\n## {} (`{}`)\n\n{doc}\n", label.of(language), family.name);
        let about = if family.about_a_person { "Each stream is about one person." } else { "Not about a person." };
        let register = if family.in_register { " Part of the register: units are told of its changes." } else { "" };
        let _ = writeln!(text, "{about}{register}");
        facts(&mut text, family, &mut types, language);
        transitions(&mut text, family.transitions);
        relations(&mut text, family, language);
        let _ = write!(text, "\n### The state\n\n");
        members(&mut text, state.name().map_or(&[], |name| types.members(name)), language);
        definitions(&mut text, &types, state.name().unwrap_or_default(), language);
    }
    text
}

fn facts(text: &mut String, family: &Declaration, types: &mut Catalogue, language: Language) {
    let _ = write!(text, "\n### Facts\n");
    for event in family.describe_events(types) {
        let declaration = event.declaration;
        let _ = write!(
            text,
            "\n#### {} — `{}.{}` version {}, {}\n\n{}\n\n",
            event.label.of(language),
            family.name,
            declaration.fact,
            declaration.version,
            declaration.domain_name,
            event.doc
        );
        members(text, types.members(&event.type_name), language);
    }
}

fn transitions(text: &mut String, transitions: &[Transition]) {
    if transitions.is_empty() {
        return;
    }
    let _ = write!(text, "\n### Transitions\n\n| fact | needs | leads to | at most once |\n|---|---|---|---|\n");
    for Transition { fact, needs, to, once } in transitions {
        let or_nothing = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
        let once = if *once { "yes" } else { "" };
        let _ = writeln!(
            text,
            "| `{fact}` | {} | {} | {once} |",
            or_nothing(&needs.join(" or ")),
            or_nothing(to.unwrap_or_default())
        );
    }
}

fn relations(text: &mut String, family: &Declaration, language: Language) {
    if family.relations.is_empty() {
        return;
    }
    let _ = write!(text, "\n### Relations\n\n| field | leads to | |\n|---|---|---|\n");
    for relation in family.relations {
        let label = if language == Language::Nl { relation.nl.to_owned() } else { english(relation.field) };
        let _ = writeln!(text, "| `{}` ({label}) | `{}` | {} |", relation.field, relation.family, relation.doc);
    }
}

fn members(text: &mut String, members: &[Member], language: Language) {
    let _ = write!(text, "| member | called | form | |\n|---|---|---|---|\n");
    for Member { name, doc, label, shape } in members {
        let _ = writeln!(text, "| `{name}` | {} | {} | {doc} |", label.of(language), form(shape));
    }
}

/// Says in words what a value looks like.
fn form(shape: &Shape) -> String {
    match shape {
        Shape::Scalar(scalar) => format!("{scalar:?}").to_lowercase(),
        Shape::Named(name) => format!("`{name}`"),
        Shape::List(inner) => format!("list of {}", form(inner)),
        Shape::Optional(inner) => format!("{}, may be absent", form(inner)),
        Shape::Erasable(inner) => format!("erasable {}", form(inner)),
    }
}

/// The records and choices that a family mentions, apart from its facts and its state.
fn definitions(text: &mut String, types: &Catalogue, state: &str, language: Language) {
    let choices = types.definitions().filter(|definition| definition.name != state);
    let mut titled = false;
    for Definition { name, doc, kind, .. } in choices {
        let Kind::Choice(items) = kind else { continue };
        if !titled {
            let _ = write!(text, "\n### Choices\n");
            titled = true;
        }
        let _ = write!(text, "\n`{name}`: {doc}\n\n| value | called | |\n|---|---|---|\n");
        for item in items {
            let _ = writeln!(text, "| `{}` | {} | {} |", item.value, item.label.of(language), item.doc);
        }
    }
}

/// A row of a table of requirements; other columns are not looked at.
#[derive(Debug, Deserialize)]
struct Requirement {
    id: String,
    priority: String,
    evidencing_events: String,
}

#[derive(Debug, Serialize)]
struct Covered<'a> {
    requirement: &'a str,
    priority: &'a str,
    events: Vec<&'a str>,
    facts: Vec<String>,
    unknown: Vec<&'a str>,
    /// The layers in which the rule of the requirement judges; none: there is no rule.
    judged: Vec<String>,
}

/// Prints which facts evidence which requirement; code 1 if a requirement names facts that do not exist.
fn coverage(file: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let known = facts_by_domain_name();
    let mut reader = csv::Reader::from_path(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let rows: Result<Vec<Requirement>, _> = reader.deserialize().collect();
    let rows = rows.context("a table of requirements has the columns id, priority and evidencing_events")?;
    let (mut unknown, mut uncovered, mut unjudged) = (0, 0, 0);
    for row in &rows {
        let covered = covered(row, &known);
        unknown += covered.unknown.len();
        uncovered += usize::from(covered.facts.is_empty());
        unjudged += usize::from(covered.judged.is_empty());
        if json {
            println!("{}", serde_json::to_string(&covered)?);
        } else {
            let missing: Vec<String> = covered.unknown.iter().map(|name| format!("UNKNOWN {name}")).collect();
            let facts = [covered.facts, missing].concat();
            let judged = if covered.judged.is_empty() { "no rule".to_owned() } else { covered.judged.join("+") };
            println!("{:<8} {:<3} {judged:<22} {}", row.id, row.priority, facts.join(", "));
        }
    }
    eprintln!(
        "{} requirements; {uncovered} without a fact; {unknown} names of facts that do not exist; {unjudged} without a rule",
        rows.len()
    );
    Ok(if unknown + uncovered == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn covered<'a>(row: &'a Requirement, known: &BTreeMap<&str, Vec<String>>) -> Covered<'a> {
    let names = row.evidencing_events.split([';', ',']).map(|name| name.split('(').next().unwrap_or_default().trim());
    let events: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    let mut covered = Covered {
        requirement: &row.id,
        priority: &row.priority,
        facts: Vec::new(),
        unknown: Vec::new(),
        events,
        judged: judged(&row.id),
    };
    for name in &covered.events {
        match known.get(name) {
            Some(facts) => covered.facts.extend(facts.iter().cloned()),
            // The requirement is about the ledger as a whole.
            None if *name == "all" => covered.facts.push("every fact".to_owned()),
            None => covered.unknown.push(name),
        }
    }
    covered
}

/// The layers in which a rule judges.
fn judged(id: &str) -> Vec<String> {
    let checks = rule(id).map_or(&[][..], |rule| rule.checks);
    let layers: std::collections::BTreeSet<String> = checks.iter().map(|check| key_text(&check.layer)).collect();
    layers.into_iter().collect()
}

fn facts_by_domain_name() -> BTreeMap<&'static str, Vec<String>> {
    let mut known: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for family in FAMILIES {
        for event in family.events {
            known.entry(event.domain_name).or_default().push(format!("{}.{}", family.name, event.fact));
        }
    }
    known
}
