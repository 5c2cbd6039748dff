//! The command line: one file a subcommand.
//!
//! Exit codes: 0 all is well, 1 the ledger does not verify or a measurement met errors, 2 the command could not run.

mod bench;
mod config;
mod demo;
mod docs;
mod export;
mod import;
mod key;
mod law;
mod ledger;
mod policy;
mod project;
mod schema;
mod serve;
mod telemetry;
mod verdicts;
mod verify;

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::Sources;
use crate::store::Store;
pub use config::{Flags, Settings};
pub use demo::load_demonstration;
pub use law::law_of_the_pack;
use telemetry::Telemetry;

/// An audit ledger for data-protection accountability.
///
/// Facts that an institution records are hash-chained and signed; anybody can ask what was known and what was in force
/// at any moment, and check the answer without trusting the server. Begin with `griffie demo`.
#[derive(Debug, Parser)]
#[command(name = "griffie", version, max_term_width = 110)]
struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a demonstration ledger, asks it four questions, and serves it
    Demo(demo::Arguments),
    /// Serves a ledger: GraphQL on /graphql
    Serve(serve::Arguments),
    /// Checks a ledger from beginning to end, in a database or an export
    Verify(verify::Arguments),
    /// Judges: was it justified, as known then, by the rules of that day? Exit code 1 where something fails
    Verdicts(verdicts::Arguments),
    /// Draws when a rule was met and when not; exit code 1 where it was not met at some time
    Timeline(verdicts::TimelineArguments),
    /// Writes entries, a register or consent records to a file
    #[command(subcommand)]
    Export(export::Command),
    /// Imports older records: a register, a table of facts, or facts as JSON Lines
    #[command(subcommand)]
    Import(import::Command),
    /// Records facts of today from a file: JSON Lines, or a table of one kind of fact
    Record(import::RecordArguments),
    /// Makes, shows and changes the keys of a ledger
    #[command(subcommand)]
    Key(key::Command),
    /// Founds a ledger, and records what its operator must decide
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Shows the law that comes with the program, and records what the ledger lacks of it
    #[command(subcommand)]
    Law(law::Command),
    /// The house kit: what the rules want to know of the institution's own policy
    #[command(subcommand)]
    Policy(policy::Command),
    /// Makes or updates the tables, as the owner of the database
    Migrate,
    /// Rebuilds the states from the entries
    Project(project::Arguments),
    /// Measures the program on this machine
    #[command(subcommand)]
    Bench(bench::Command),
    /// Prints the schema of the API, or writes those of the facts
    Schema(schema::Arguments),
    /// Prints what is recorded: families, facts, states; or which requirement is covered by which facts
    Docs(docs::Arguments),
    /// Shows the configuration and where each value comes from
    Config(config::Arguments),
    /// Prints completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("griffie: {}", sentence(&error));
            ExitCode::from(2)
        }
    }
}

/// Writes an error with those of its causes that say something new.
fn sentence(error: &anyhow::Error) -> String {
    let mut words = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if words.is_empty() {
            words = cause;
        } else if !words.contains(&cause) {
            words = format!("{words}\n  because {cause}");
        }
    }
    words
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        // These need no configuration.
        Command::Policy(command) => return policy::run(command),
        Command::Schema(arguments) => return schema::run(arguments),
        Command::Docs(arguments) => return docs::run(arguments),
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Arguments::command(), "griffie", &mut std::io::stdout());
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let settings = Settings::load(&arguments.flags)?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime does not start")?;
    let telemetry = Telemetry::start(runtime.handle())?;
    log(&settings, &telemetry)?;
    let ended = runtime.block_on(obey(arguments.command, &settings));
    // The runtime still runs: what was traced last is sent over it.
    telemetry.end();
    ended
}

async fn obey(command: Command, settings: &Settings) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(arguments) => demo::run(settings, &arguments).await,
        Command::Serve(arguments) => serve::run(settings, &arguments).await,
        Command::Verify(arguments) => verify::run(settings, &arguments).await,
        Command::Verdicts(arguments) => verdicts::run(settings, &arguments).await,
        Command::Timeline(arguments) => verdicts::run_timeline(settings, &arguments).await,
        Command::Export(command) => export::run(settings, &command).await,
        Command::Import(command) => import::run(settings, &command).await,
        Command::Record(arguments) => import::record(settings, &arguments).await,
        Command::Key(command) => key::run(settings, &command).await,
        Command::Ledger(command) => ledger::run(settings, &command).await,
        Command::Law(command) => law::run(settings, &command).await,
        Command::Migrate => project::migrate(settings).await,
        Command::Project(arguments) => project::run(settings, &arguments).await,
        Command::Bench(command) => bench::run(settings, &command).await,
        Command::Config(arguments) => config::run(settings, &arguments),
        Command::Schema(_) | Command::Policy(_) | Command::Docs(_) | Command::Completions { .. } => {
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The log goes to standard error, traces to a collector; answers go to standard output.
fn log(settings: &Settings, telemetry: &Telemetry) -> anyhow::Result<()> {
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;
    use tracing_subscriber::{EnvFilter, Layer as _};
    let filter = EnvFilter::try_new(&settings.log.value).context("`log` is a filter such as info or griffie=debug")?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match settings.log_format.value.as_str() {
        "json" => lines.json().boxed(),
        _ => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
    };
    // A second call, as in tests, keeps the first log.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).with(telemetry.layer()).try_init();
    Ok(())
}

/// Opens the database of the settings, which must hold a ledger of this version.
async fn open(settings: &Settings) -> anyhow::Result<Store> {
    let url = &settings.database.value;
    let shown = without_password(url);
    let cannot = || format!("the database {shown} cannot be opened; is it there? `griffie ledger found` makes one");
    let store = Store::open(url, false).await.with_context(cannot)?;
    store.check_version().await?;
    Ok(store)
}

/// Opens the database to read states from it: those that this program's fold made.
async fn open_current(settings: &Settings) -> anyhow::Result<Store> {
    let store = open(settings).await?;
    crate::engine::hold_fit(&store).await?;
    Ok(store)
}

/// Opens the database, which a SQLite file need not be yet, and makes or updates its tables.
async fn open_migrated(settings: &Settings) -> anyhow::Result<Store> {
    let url = &settings.database.value;
    let cannot = || format!("the database {} cannot be opened", without_password(url));
    let store = Store::open(url, true).await.with_context(cannot)?;
    store.migrate().await?;
    Ok(store)
}

/// A database URL as it may be shown.
fn without_password(url: &str) -> String {
    match url.split_once("://").and_then(|(scheme, rest)| rest.split_once('@').map(|(user, host)| (scheme, user, host)))
    {
        Some((scheme, user, host)) => format!("{scheme}://{}@{host}", user.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}

/// A progress bar on standard error, if somebody is looking.
fn progress_bar(what: &'static str, length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:>22} [{wide_bar}] {human_pos}/{human_len} {eta}");
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// The clock that goes with a ledger: the machine's.
fn sources() -> Sources {
    Sources::system()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_password_is_shown() {
        assert_eq!(without_password("postgres://anna:secret@host/db"), "postgres://anna@host/db");
        assert_eq!(without_password("sqlite:griffie.sqlite"), "sqlite:griffie.sqlite");
    }
}
