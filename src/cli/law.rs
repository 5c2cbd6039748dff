//! `griffie law`: the law that comes with the program, and what of it a ledger has.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::config::Settings;
use super::export::FileLanguage;
use crate::engine::{Engine, InstrumentStanding, Judge, KeyFolder, KnownAt, Moment, Options, compare_law, record_law};
use crate::family::describe::Language;
use crate::family::shape::label_of;
use crate::law::{FILE_BYTES_MAX, Instrument, Pack, Standing};
use crate::rule::scope::Scope;
use crate::rule::sheet::Selection;
use crate::store::{Store, head};

/// Verdicts that an update made others, of which so many are shown.
const CHANGES_SHOWN: usize = 50;

/// What to do with the law.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Lists the legal instruments of the pack that comes with this program
    List(ListArguments),
    /// Shows all that the pack states of one instrument, with where it was read and when somebody looked
    Show {
        /// Its code, as LEX-GDPR
        code: String,
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
    /// Compares the ledger with the pack; exit code 1 where they differ
    Diff(ListArguments),
    /// Records what the ledger lacks of the pack; what the institution recorded of its own is left as it is
    Update {
        /// Shows what would be recorded, and records nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        list: ListArguments,
    },
    /// Checks a pack: its form, its facts, its dates; exit code 1 where something is wrong
    Check {
        /// A folder with pack.json and the files that it names [default: the pack that comes with this program]
        folder: Option<PathBuf>,
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
}

/// How to print.
#[derive(Debug, clap::Args)]
pub struct ListArguments {
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    language: FileLanguage,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub async fn run(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List(arguments) => list(Pack::newest()?, arguments),
        Command::Show { code, json } => show(Pack::newest()?, code, *json),
        Command::Check { folder, json } => check(folder.as_deref(), *json),
        Command::Diff(arguments) => diff(settings, Pack::newest()?, arguments).await,
        Command::Update { dry_run, list } => update(settings, Pack::newest()?, *dry_run, list).await,
    }
}

// --- The pack --------------------------------------------------------------------------------------------------------

fn list(pack: &Pack, arguments: &ListArguments) -> anyhow::Result<ExitCode> {
    let language = arguments.language.into();
    if arguments.json {
        let of =
            |instrument: &Instrument| json!({ "code": instrument.code, "statements": instrument.statements.len() });
        let subjects = pack.subjects.iter().map(|subject| {
            let instruments: Vec<Value> = subject.instruments.iter().map(of).collect();
            json!({ "subject": subject.subject, "instruments": instruments })
        });
        let subjects: Vec<Value> = subjects.collect();
        println!("{}", json!({ "number": pack.number, "kept": pack.kept, "sha256": pack.hash, "subjects": subjects }));
        return Ok(ExitCode::SUCCESS);
    }
    println!("Law pack {}, kept up to {}, sha256 {}", pack.number, pack.kept, pack.hash);
    for subject in &pack.subjects {
        let name = match language {
            Language::Nl => &subject.subject.nl,
            Language::En => &subject.subject.en,
        };
        println!("\n{name}");
        for instrument in &subject.instruments {
            println!("  {:<22} {}", instrument.code.as_str(), title(instrument, language));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The name of an instrument as the last statement that has one gives it.
fn title(instrument: &Instrument, language: Language) -> String {
    let titles = instrument.statements.iter().rev().filter_map(|statement| statement.data.get("title"));
    let of = |title: &Value, name: &str| title[name].as_str().map(str::to_owned);
    let (first, second) = match language {
        Language::Nl => ("nl", "en"),
        Language::En => ("en", "nl"),
    };
    titles.into_iter().find_map(|title| of(title, first).or_else(|| of(title, second))).unwrap_or_default()
}

fn show(pack: &Pack, code: &str, as_json: bool) -> anyhow::Result<ExitCode> {
    let instrument = pack
        .instrument(code)
        .with_context(|| format!("the pack has no instrument {code}; `griffie law list` shows those that it has"))?;
    if as_json {
        let statements = instrument.statements.iter().map(|statement| {
            let (fact, effective, published) = (&statement.fact, statement.effective, statement.published);
            json!({ "fact": fact, "effective": effective, "published": published, "source": statement.source,
                "looked": statement.looked, "data": statement.data })
        });
        let statements: Vec<Value> = statements.collect();
        println!("{}", json!({ "code": code, "number": pack.number, "statements": statements }));
        return Ok(ExitCode::SUCCESS);
    }
    println!("{code} (law pack {})", pack.number);
    for statement in &instrument.statements {
        println!("\n{} from {}, public since {}", statement.fact, statement.effective, statement.published);
        for (member, value) in &statement.data {
            println!("  {member:<16} {value}");
        }
        println!("  {:<16} {} ({})", "source", statement.source, statement.looked_up());
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a file of a pack, if it is there.
fn read_file(folder: &Path, name: &str) -> anyhow::Result<Option<String>> {
    let path = folder.join(name);
    let size = match std::fs::metadata(&path) {
        Ok(found) => found.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    if size > FILE_BYTES_MAX {
        bail!("{} has {size} bytes, more than the {FILE_BYTES_MAX} of a file of a pack", path.display());
    }
    std::fs::read_to_string(&path).map(Some).with_context(|| format!("{} cannot be read", path.display()))
}

fn read_pack(folder: &Path) -> anyhow::Result<Pack> {
    let manifest = read_file(folder, "pack.json")?;
    let manifest = manifest.with_context(|| format!("{} holds no pack.json", folder.display()))?;
    let mut unreadable = None;
    let pack = Pack::read(&manifest, |name| {
        // A name is a file of the folder: what lies elsewhere is not of the pack.
        let file =
            if Path::new(name).file_name().is_some_and(|own| own == name) { read_file(folder, name) } else { Ok(None) };
        file.unwrap_or_else(|error| {
            unreadable.get_or_insert(error);
            None
        })
    });
    match unreadable {
        Some(error) => Err(error),
        None => Ok(pack?),
    }
}

fn check(folder: Option<&Path>, as_json: bool) -> anyhow::Result<ExitCode> {
    let read;
    let pack = match folder {
        None => Pack::newest()?,
        Some(folder) => {
            read = read_pack(folder)?;
            &read
        }
    };
    let problems = pack.problems();
    let exit = if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    let (instruments, number, hash) = (pack.instruments().count(), pack.number, pack.hash);
    let (statements, looked_up) = pack.counts();
    if as_json {
        let found = json!({ "number": number, "sha256": hash, "instruments": instruments, "statements": statements,
            "lookedUp": looked_up, "problems": problems });
        println!("{found}");
        return Ok(exit);
    }
    problems.iter().for_each(|problem| println!("{problem}"));
    if problems.is_empty() {
        println!(
            "Law pack {number}: {instruments} instruments, {statements} statements, {looked_up} of them looked up, no problem. sha256 {hash}"
        );
    } else {
        eprintln!("Law pack {number}: {} problems", problems.len());
    }
    Ok(exit)
}

// --- The pack and the ledger -------------------------------------------------------------------------------------------

async fn diff(settings: &Settings, pack: &Pack, arguments: &ListArguments) -> anyhow::Result<ExitCode> {
    let store = super::open(settings).await?;
    let standings = compare_law(&store, pack).await?;
    print_standings(&standings, arguments);
    let same = standings.iter().all(|one| one.standing.is_same());
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn update(
    settings: &Settings,
    pack: &Pack,
    dry_run: bool,
    arguments: &ListArguments,
) -> anyhow::Result<ExitCode> {
    let store = super::open(settings).await?;
    if dry_run {
        print_standings(&compare_law(&store, pack).await?, arguments);
        if !arguments.json {
            println!("Nothing was recorded.");
        }
        return Ok(ExitCode::SUCCESS);
    }
    let folder = KeyFolder::new(&settings.keys.value);
    let (before, recorded) = install(&store, &folder, pack).await?;
    print_standings(&compare_law(&store, pack).await?, arguments);
    if !arguments.json {
        println!("Recorded {recorded} statements of law pack {}.", pack.number);
    }
    if recorded > 0 || arguments.json {
        print_changes(&store, before, recorded, arguments).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Records the pack that comes with this program in a running ledger, and returns how many statements were new.
///
/// # Errors
///
/// Where the pack is damaged, the ledger fails or a fact is refused.
pub async fn law_of_the_pack(engine: &Engine) -> anyhow::Result<usize> {
    let pack = Pack::newest()?;
    let standings = compare_law(engine.store(), pack).await?;
    Ok(record_law(engine, pack, &standings, |_| {}).await?.len())
}

/// Records what a ledger lacks of a pack. Returns the size before, and how many statements were recorded.
pub async fn install(store: &Store, folder: &KeyFolder, pack: &Pack) -> anyhow::Result<(u64, usize)> {
    let options = Options { sources: super::sources(), accept_clock: false };
    let engine = Engine::start(store.clone(), folder, options).await?;
    let before = head(store).await?.map_or(0, |head| head.size());
    let standings = compare_law(store, pack).await?;
    let new = standings.iter().filter(|one| one.standing.own.is_empty()).map(|one| one.standing.new.len());
    let bar = super::progress_bar("recording the law", new.sum::<usize>() as u64);
    let recorded = record_law(&engine, pack, &standings, |done| bar.set_position(done)).await?;
    bar.finish_and_clear();
    engine.checkpointer().sign_head().await?;
    Ok((before, recorded.len()))
}

fn print_standings(standings: &[InstrumentStanding<'_>], arguments: &ListArguments) {
    let language = arguments.language.into();
    for InstrumentStanding { instrument, standing, .. } in standings.iter().filter(|one| !one.standing.is_same()) {
        let Standing { new, own, dropped } = standing;
        if arguments.json {
            let corrections = new.iter().filter(|(_, corrects)| corrects.is_some()).count();
            let (code, new) = (&instrument.code, new.len());
            println!(
                "{}",
                json!({ "code": code, "new": new, "corrections": corrections, "own": own, "dropped": dropped })
            );
            continue;
        }
        let words = if own.is_empty() {
            format!("{} statements are new", new.len())
        } else {
            let facts: Vec<String> = own.iter().map(ToString::to_string).collect();
            format!("the institution recorded this itself (facts {}); it is left as it is", facts.join(", "))
        };
        println!("{:<22} {words}: {}", instrument.code.as_str(), title(instrument, language));
        for sequence in dropped {
            println!("{:<22} fact {sequence} came from an earlier pack, and this one says it no more", "");
        }
    }
}

/// Says which verdicts about the institution as a whole came out otherwise by what was recorded.
async fn print_changes(store: &Store, before: u64, recorded: usize, arguments: &ListArguments) -> anyhow::Result<()> {
    let language: Language = arguments.language.into();
    let judge = Judge::new(store.clone());
    let size = head(store).await?.map_or(0, |head| head.size());
    let now = super::sources().now();
    let institution = judge.institution().await?;
    let (rules, layers) = (BTreeSet::new(), BTreeSet::new());
    let selection = Selection { scope: Scope::Institution, files: false, rules, layers };
    let earlier = Moment::resolve(store, KnownAt::Size(before), now).await?;
    let (first, second) = judge.pair(&institution, &selection, &earlier, size).await?;
    let changes = second.changes_since(&first);
    if arguments.json {
        let outcome = |verdict: Option<&crate::rule::verdict::Verdict>| verdict.map(|verdict| verdict.outcome);
        let changed = changes.iter().filter_map(|(was, is)| {
            let one = is.or(*was)?;
            Some(json!({ "rule": one.rule, "layer": one.layer, "was": outcome(*was), "is": outcome(*is) }))
        });
        let changed: Vec<Value> = changed.collect();
        println!("{}", json!({ "recorded": recorded, "changed": changed }));
        return Ok(());
    }
    println!("{} verdicts about the institution are others now:", changes.len());
    for (was, is) in changes.iter().take(CHANGES_SHOWN) {
        let Some(one) = is.or(*was) else { continue };
        let outcome = |verdict: &Option<&crate::rule::verdict::Verdict>| {
            verdict.map_or_else(|| "-".to_owned(), |verdict| label_of(&verdict.outcome, language))
        };
        println!("  {:<7} {:<14} {} -> {}", one.rule, label_of(&one.layer, language), outcome(was), outcome(is));
    }
    if changes.len() > CHANGES_SHOWN {
        println!("  and {} more", changes.len() - CHANGES_SHOWN);
    }
    Ok(())
}

/// Which law a new ledger begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FirstLaw {
    /// The pack that comes with this program
    #[default]
    Newest,
    /// None: the institution records all law itself
    None,
}

impl FirstLaw {
    /// Records the law in a ledger that was just founded, and says so.
    pub async fn record(self, store: &Store, folder: &KeyFolder) -> anyhow::Result<()> {
        if self == Self::None {
            println!(
                "It knows no law: nothing can be judged until law is recorded. `griffie law update` records the pack."
            );
            return Ok(());
        }
        let pack = Pack::newest()?;
        let recorded = install(store, folder, pack).await;
        let (_, recorded) =
            recorded.context("the ledger is founded, but has no law yet; `griffie law update` records it")?;
        if recorded == 0 {
            bail!("the law pack holds no statement");
        }
        let (statements, looked_up) = pack.counts();
        println!(
            "It knows law: {recorded} statements of law pack {}, kept up to {}. Of {statements} statements {looked_up} were looked up in their source; a lawyer should read the pack (`griffie law list`).",
            pack.number, pack.kept
        );
        Ok(())
    }
}
