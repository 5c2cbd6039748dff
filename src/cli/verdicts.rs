//! `griffie verdicts` and `griffie timeline`: was it justified, as known then, by the rules of that day; and since when not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::config::Settings;
use super::export::{FileLanguage, MomentArguments, create};
use crate::engine::{Judge, Moment, Named, checks_for, judges_nothing, references, rule_named, rules_named};
use crate::family::describe::Language;
use crate::family::family;
use crate::family::rule_set::{Layer, Outcome};
use crate::family::shape::Shaped as _;
use crate::family::shape::label_of;
use crate::family::words::family_label;
use crate::ledger::name::{Reference, StreamId};
use crate::rule::catalogue::Rule;
use crate::rule::sheet::{Selection, Sheet};
use crate::rule::text::Text;
use crate::rule::timeline::{Knowledge, Stretch, TimelineQuestion};
use crate::rule::verdict::Verdict;
use crate::store::{Store, head};
use crate::time::{Interval, PartialDate, days_between, local};

/// Access of a file that anybody may read.
const FILE_MODE: u32 = 0o644;
/// Characters of a reason in the table when nobody says how wide the terminal is.
const REASON_CHARACTERS: usize = 100;
/// Characters of a bar of a timeline.
const BAR_CHARACTERS: usize = 72;

/// What to judge and when.
#[derive(Debug, clap::Args)]
struct Question {
    /// What is judged: a reference as ACT-002, a stream id, unit:CODE, platform:CODE, or institution
    #[arg(long, value_name = "SCOPE")]
    scope: String,
    #[command(flatten)]
    moment: MomentArguments,
    /// The law and policy of this date or instant are applied [default: those of --valid]
    #[arg(long, value_name = "DATE")]
    rules: Option<PartialDate>,
    /// Only this layer, as LAW; may be given several times
    #[arg(long = "layer", value_name = "LAYER", value_parser = layer)]
    layers: Vec<Layer>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    language: FileLanguage,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `griffie verdicts`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    question: Question,
    /// Only this rule, as TRF-01; may be given several times
    #[arg(long = "rule", value_name = "ID")]
    only: Vec<String>,
    /// Judges files about people and incidents too: consents, publications, requests, cases, breaches
    #[arg(long)]
    files: bool,
    /// Prints what passes and what does not apply, too
    #[arg(long)]
    all: bool,
}

/// Arguments of `griffie timeline`.
#[derive(Debug, clap::Args)]
pub struct TimelineArguments {
    #[command(flatten)]
    question: Question,
    /// The rule, as TRF-01
    #[arg(long = "rule", value_name = "ID")]
    rule: String,
    /// From the start of this date
    #[arg(long, value_name = "DATE", default_value = "2018")]
    from: PartialDate,
    /// To the end of this date [default: that of --valid]
    #[arg(long, value_name = "DATE")]
    to: Option<PartialDate>,
    /// Writes a drawing to this file, which must not be there yet
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

fn layer(text: &str) -> Result<Layer, String> {
    Layer::read(&json!(text.to_uppercase()))
        .map_err(|_| "one of LAW, POLICY, GUIDELINE, SUPERVISOR, PRACTICE".to_owned())
}

impl Question {
    fn named(&self) -> anyhow::Result<Named> {
        let scope = self.scope.as_str();
        if scope == "institution" {
            return Ok(Named::Institution);
        }
        if let Some(unit) = scope.strip_prefix("unit:") {
            return Ok(Named::Unit(unit.parse()?));
        }
        if let Some(platform) = scope.strip_prefix("platform:") {
            return Ok(Named::Platform(platform.parse()?));
        }
        let stream = scope.parse::<StreamId>().or_else(|_| StreamId::parse_with(':', scope));
        match stream {
            Ok(stream) => Ok(Named::Stream(stream)),
            Err(_) => Ok(Named::Reference(scope.parse::<Reference>()?)),
        }
    }

    async fn moment(&self, store: &Store) -> anyhow::Result<Moment> {
        let (mut moment, _) = self.moment.resolve(store).await?;
        if let Some(rules) = self.rules {
            moment.rules = rules.latest();
        }
        Ok(moment)
    }
}

/// Judges a scope and prints the verdicts; exit code 1 where something fails.
pub async fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let question = &arguments.question;
    let language = question.language.into();
    let store = super::open_current(settings).await?;
    let judge = Judge::new(store.clone());
    let moment = question.moment(&store).await?;
    let rules = rules_named(&arguments.only)?;
    let scope = judge.scope(&question.named()?, &moment).await?;
    judge.some_rule_applies(&moment).await?;
    let layers = question.layers.iter().copied().collect();
    let selection = Selection { scope, files: arguments.files, rules, layers };
    let sheets = judge.sheets(&selection, &moment).await?;
    if sheets.known.verdicts.is_empty() && !selection.rules.is_empty() {
        return Err(judges_nothing(&selection).into());
    }
    if question.json {
        let known = sheets.known.hash()?;
        let hindsight = sheets.hindsight.hash()?;
        let document = json!({ "hash": known, "sheet": *sheets.known, "hindsightHash": hindsight, "hindsight": *sheets.hindsight });
        println!("{document}");
    } else {
        let names = names(&store, &sheets.known).await?;
        print!("{}", table(&sheets.known, &sheets.hindsight, &names, arguments.all, language)?);
    }
    let fails = sheets.known.verdicts.iter().any(|verdict| verdict.outcome == Outcome::Fail);
    Ok(if fails { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

async fn names(store: &Store, sheet: &Sheet) -> anyhow::Result<BTreeMap<StreamId, Reference>> {
    let subjects = sheet.verdicts.iter().map(|verdict| verdict.subject.clone());
    let subjects: std::collections::BTreeSet<StreamId> = subjects.collect();
    Ok(references(store.read().await?.conn(), subjects).await?)
}

/// Writes a sheet as people read it: rule by rule, those that fail first, and under each the streams that it judges.
fn table(
    known: &Sheet,
    hindsight: &Sheet,
    names: &BTreeMap<StreamId, Reference>,
    all: bool,
    language: Language,
) -> anyhow::Result<String> {
    let mut text = String::new();
    let quiet = |outcome: Outcome| matches!(outcome, Outcome::Pass | Outcome::NotApplicable);
    let mut rules: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
    for verdict in known.verdicts.iter().filter(|verdict| all || !quiet(verdict.outcome)) {
        rules.entry(verdict.rule).or_default().push(verdict);
    }
    let mut rules: Vec<(&str, Vec<&Verdict>)> = rules.into_iter().collect();
    rules.iter_mut().for_each(|(_, verdicts)| verdicts.sort_by_key(|verdict| severity(verdict.outcome)));
    rules.sort_by_key(|(_, verdicts)| verdicts.first().map_or(u8::MAX, |verdict| severity(verdict.outcome)));
    for (id, verdicts) in &rules {
        if let Ok(rule) = rule_named(id) {
            writeln!(text, "{id}  {} ({})", rule.title.of(language), rule.sources.join("; "))?;
        }
        for verdict in verdicts {
            verdict_line(&mut text, verdict, names, language)?;
            if let Some(later) = other_outcome(verdict, hindsight) {
                let words = Text::new("achteraf", "in hindsight");
                writeln!(text, "{:<24} {}: {}", "", words.of(language), label_of(&later, language))?;
            }
        }
    }
    let counts =
        known.counts().into_iter().map(|(outcome, number)| format!("{number} {}", label_of(&outcome, language)));
    writeln!(text, "\n{}: {}", known.scope, counts.collect::<Vec<_>>().join(", "))?;
    if !known.left_out.is_empty() {
        let words = Text::new("niet beoordeeld, al hoort het erbij", "not judged, though it belongs to it");
        let families = known
            .left_out
            .iter()
            .filter_map(|name| family(name).ok())
            .map(|family| family_label(family.name, family.label_nl).of(language).to_owned());
        let families: Vec<String> = families.collect();
        writeln!(text, "{}: {} (--files)", words.of(language), families.join(", "))?;
    }
    let words = Text::new("bekend", "known");
    writeln!(text, "{}: {} (root {})", words.of(language), known.known.size, known.known.root)?;
    writeln!(text, "sha256 {}", known.hash()?)?;
    Ok(text)
}

fn verdict_line(
    text: &mut String,
    verdict: &Verdict,
    names: &BTreeMap<StreamId, Reference>,
    language: Language,
) -> std::fmt::Result {
    let name = names.get(&verdict.subject).map_or_else(|| verdict.subject.family().to_owned(), Reference::to_string);
    let (outcome, layer) = (label_of(&verdict.outcome, language), label_of(&verdict.layer, language));
    let reason = verdict.reasons.first().map_or("", |reason| reason.text.of(language));
    writeln!(text, "  {outcome:<22} {layer:<14} {name:<12} {}", short(reason, REASON_CHARACTERS))
}

fn severity(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Fail => 0,
        Outcome::Indeterminate => 1,
        Outcome::Warn => 2,
        Outcome::PassErased => 3,
        Outcome::Pass => 4,
        Outcome::NotApplicable => 5,
    }
}

fn other_outcome(verdict: &Verdict, hindsight: &Sheet) -> Option<Outcome> {
    let same =
        |other: &&Verdict| (other.rule, other.layer, &other.subject) == (verdict.rule, verdict.layer, &verdict.subject);
    hindsight.verdicts.iter().find(same).map(|other| other.outcome).filter(|outcome| *outcome != verdict.outcome)
}

fn short(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}

// --- Timelines -------------------------------------------------------------------------------------------------------

/// One bar of a drawing.
struct Bar {
    title: String,
    stretches: Vec<Stretch>,
}

/// Follows a rule over time and draws it; exit code 1 where it was not met at some time.
pub async fn run_timeline(settings: &Settings, arguments: &TimelineArguments) -> anyhow::Result<ExitCode> {
    let question = &arguments.question;
    let language: Language = question.language.into();
    let store = super::open_current(settings).await?;
    let judge = Judge::new(store.clone());
    let moment = question.moment(&store).await?;
    let rule = rule_named(&arguments.rule)?;
    let subject = judge.one_stream(&question.named()?, &moment).await?;
    let to = arguments.to.map_or(moment.valid.next(), |to| to.latest().next());
    let within = Interval { from: arguments.from.earliest(), to };
    if within.from >= within.to {
        bail!("the end lies before the beginning; give another --from or --to");
    }
    let bars = bars(&judge, (rule, &subject), question, &moment, within).await?;
    if let Some(path) = &arguments.svg {
        std::io::Write::write_all(&mut create(path, FILE_MODE)?, drawing(rule, &bars, within, language).as_bytes())
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    if question.json {
        println!("{}", json!(bars.iter().map(bar_json).collect::<Vec<_>>()));
    } else {
        print!("{}", drawn(rule, &bars, within, language)?);
    }
    let failing = bars.iter().flat_map(|bar| &bar.stretches).any(|stretch| stretch.verdict.outcome == Outcome::Fail);
    Ok(if failing { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

async fn bars(
    judge: &Judge,
    (rule, subject): (&'static Rule, &StreamId),
    question: &Question,
    moment: &Moment,
    within: Interval,
) -> anyhow::Result<Vec<Bar>> {
    let head = head(judge.store()).await?.context("the database holds no ledger")?.size();
    let language: Language = question.language.into();
    let mut bars = Vec::new();
    // As many as the rule has layers.
    for check in checks_for(rule, subject.family(), None)? {
        if !question.layers.is_empty() && !question.layers.contains(&check.layer) {
            continue;
        }
        let measures = [
            (Text::new("zoals toen bekend", "as known then"), Knowledge::Along(moment.size), moment.size),
            (Text::new("achteraf", "in hindsight"), Knowledge::Fixed(head), head),
        ];
        for (words, knowledge, size) in measures {
            let rules = question.rules.map(|rules| rules.latest());
            let asked = TimelineQuestion { rule, check, subject: subject.clone(), within, knowledge, rules };
            let stretches = judge.timeline(asked, size).await?;
            let layer = label_of(&check.layer, language);
            bars.push(Bar { title: format!("{layer}, {}", words.of(language)), stretches });
        }
    }
    Ok(bars)
}

/// Draws the bars for a terminal, with the intervals of non-compliance below.
fn drawn(rule: &Rule, bars: &[Bar], within: Interval, language: Language) -> anyhow::Result<String> {
    let mut text = String::new();
    writeln!(text, "{} {}", rule.id, Text::from(rule.title).of(language))?;
    writeln!(text, "{} – {}", local(within.from), local(within.to.before()))?;
    for bar in bars {
        let cells = (0..BAR_CHARACTERS).map(|cell| sign(bar, within, cell)).collect::<String>();
        writeln!(text, "\n{}\n{cells}", bar.title)?;
        for stretch in bar.stretches.iter().filter(|stretch| stretch.verdict.outcome == Outcome::Fail) {
            let Interval { from, to } = stretch.interval;
            let days = days_between(from, to).unwrap_or_default();
            let reason = stretch.verdict.reasons.first().map_or("", |reason| reason.text.of(language));
            let unit = Text::new("dagen", "days");
            writeln!(text, "  {} – {}: {days} {}; {reason}", local(from), local(to), unit.of(language))?;
        }
    }
    let outcomes = [Outcome::Pass, Outcome::Fail, Outcome::Warn, Outcome::Indeterminate, Outcome::NotApplicable];
    let legend = outcomes.map(|outcome| format!("{} {}", glyph(outcome), label_of(&outcome, language)));
    writeln!(text, "\n{}", legend.join("   "))?;
    Ok(text)
}

/// The worst outcome within a cell of the bar: what is short must not vanish.
fn sign(bar: &Bar, within: Interval, cell: usize) -> char {
    let length = within.to.microseconds().saturating_sub(within.from.microseconds());
    let edge = |cell: usize| {
        let part = i128::from(length) * cell as i128 / BAR_CHARACTERS as i128;
        within.from.microseconds().saturating_add(i64::try_from(part).unwrap_or(i64::MAX))
    };
    let (from, to) = (edge(cell), edge(cell + 1));
    let inside = bar
        .stretches
        .iter()
        .filter(|stretch| stretch.interval.from.microseconds() < to && from < stretch.interval.to.microseconds());
    inside.map(|stretch| stretch.verdict.outcome).min_by_key(|outcome| severity(*outcome)).map_or(' ', glyph)
}

fn glyph(outcome: Outcome) -> char {
    match outcome {
        Outcome::Pass => '█',
        Outcome::PassErased => '▓',
        Outcome::Fail => 'x',
        Outcome::Warn => '!',
        Outcome::Indeterminate => '?',
        Outcome::NotApplicable => '·',
    }
}

fn bar_json(bar: &Bar) -> serde_json::Value {
    let stretch = |stretch: &Stretch| {
        let causes = |cause: &Option<crate::rule::timeline::Cause>| cause.as_ref().map(|cause| json!(cause.facts));
        json!({
            "from": stretch.interval.from,
            "to": stretch.interval.to,
            "days": days_between(stretch.interval.from, stretch.interval.to),
            "opened": causes(&stretch.opened),
            "closed": causes(&stretch.closed),
            "verdict": stretch.verdict,
        })
    };
    json!({ "title": bar.title, "intervals": bar.stretches.iter().map(stretch).collect::<Vec<_>>() })
}

/// Pixels of the width of a drawing.
const WIDTH: f64 = 1_000.0;
/// Pixels left for titles.
const TITLES: f64 = 220.0;
/// Pixels of the height of a row.
const ROW: f64 = 28.0;

/// Draws the bars as SVG 1.1: a row for each, a tick for each year.
fn drawing(rule: &Rule, bars: &[Bar], within: Interval, language: Language) -> String {
    let height = ROW * (bars.len() as f64 + 3.0);
    let place = |at: crate::time::Instant| {
        let length = (within.to.microseconds() - within.from.microseconds()).max(1) as f64;
        TITLES + (WIDTH - TITLES - 10.0) * ((at.microseconds() - within.from.microseconds()) as f64 / length)
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n<text x=\"4\" y=\"18\" font-size=\"14\">{}</text>\n",
        escaped(&format!("{} {}", rule.id, Text::from(rule.title).of(language)))
    );
    for (row, bar) in (1_u32..).zip(bars) {
        let top = ROW * f64::from(row);
        let _ = writeln!(svg, "<text x=\"4\" y=\"{}\">{}</text>", top + 17.0, escaped(&bar.title));
        for stretch in &bar.stretches {
            let (from, to) = (place(stretch.interval.from), place(stretch.interval.to));
            let words = format!(
                "{} {} – {}",
                label_of(&stretch.verdict.outcome, language),
                local(stretch.interval.from),
                local(stretch.interval.to)
            );
            let _ = writeln!(
                svg,
                "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"20\" fill=\"{}\"><title>{}</title></rect>",
                top + 2.0,
                (to - from).max(1.0),
                colour(stretch.verdict.outcome),
                escaped(&words)
            );
        }
    }
    let bottom = ROW * (bars.len() as f64 + 1.0);
    for year in crate::time::year_of(within.from)..=crate::time::year_of(within.to) {
        let Some(start) = Interval::of_year(year).map(|year| year.from).filter(|from| within.contains(*from)) else {
            continue;
        };
        let x = place(start);
        let _ = writeln!(
            svg,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{ROW}\" y2=\"{bottom}\" stroke=\"#999\" stroke-width=\"0.5\"/><text x=\"{x:.1}\" y=\"{}\" fill=\"#555\">{year}</text>",
            bottom + 14.0
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Colours that people who see red and green alike can tell apart.
fn colour(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "#0072b2",
        Outcome::PassErased => "#56b4e9",
        Outcome::Fail => "#d55e00",
        Outcome::Warn => "#e69f00",
        Outcome::Indeterminate => "#cc79a7",
        Outcome::NotApplicable => "#dddddd",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
