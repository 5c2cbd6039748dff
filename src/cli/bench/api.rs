//! `griffie bench api`: the API end to end over loopback, and in the same run a rival, so that its figures are ratios.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use super::fan_out::fan_out;
use super::load::{Load, load};
use super::report::Report;
use super::stage::Stage;
use super::story::{self, Story};
use crate::cli::config::Settings;
use crate::cli::progress_bar;
use crate::cli::serve::stop_signal;

/// Connections at most: the server runs no more operations at once.
const CONNECTIONS_MAX: i64 = crate::server::OPERATIONS_MAX as i64;
/// WebSockets at most: the server opens no more for one machine.
const SUBSCRIBERS_MAX: i64 = crate::server::SOCKETS_PER_CALLER_MAX as i64;
/// The longest a story is measured.
const SECONDS_MAX: i64 = 600;
/// Facts in the ledger: enough for a page in its first half, and not more than can be waited for.
const FACTS_MIN: i64 = 100;
const FACTS_MAX: i64 = 1_000_000;
/// Facts that subscribers are told of, at most.
const TOLD_MAX: i64 = 10_000;

/// Arguments of `griffie bench api`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Connections at once
    #[arg(long, value_name = "NUMBER", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=CONNECTIONS_MAX))]
    connections: u16,
    /// How long each story is measured, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=SECONDS_MAX))]
    seconds: u16,
    /// Facts in the ledger before anything is measured
    #[arg(long, value_name = "NUMBER", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(FACTS_MIN..=FACTS_MAX))]
    facts: u32,
    /// WebSockets that follow the ledger in the last story
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=SUBSCRIBERS_MAX))]
    subscribers: u16,
    /// Facts that they are told of
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=TOLD_MAX))]
    told: u32,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Measures and reports; exit code 1 says that a request was not answered as it should be.
pub async fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let stage = Stage::set(settings).await?;
    let measured = tokio::select! {
        report = measure(&stage, arguments) => report,
        () = stop_signal() => Err(anyhow::anyhow!("stopped before all was measured")),
    };
    stage.clear().await;
    let report = measured?;
    if arguments.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{}", report.in_words());
    }
    Ok(if report.ok() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn measure(stage: &Stage, arguments: &Arguments) -> anyhow::Result<Report> {
    let text = stage.fill(arguments.facts).await?;
    let mut report = report(stage, arguments);
    let lasting = Duration::from_secs(arguments.seconds.into());
    let stories = [
        (stage.rival, story::size("rival: a constant answer")),
        (stage.address, story::size("size of the ledger")),
        (stage.address, story::as_of("20 consents at a past moment", arguments.facts.into())),
        (stage.address, story::record("record one fact", &text)),
        (stage.address, story::record_all("record 100 facts", &text)),
    ];
    for (address, story) in stories {
        let story = Arc::new(story);
        let load_of = Load { address, connections: arguments.connections, lasting };
        report.add(load(load_of, &story, progress_bar(story.title, 0)).await?);
    }
    let fact: Story = story::record("told", &text);
    let bar = progress_bar("subscribers", 0);
    report.add(fan_out(stage, "deliveries to subscribers", arguments.subscribers, &fact, arguments.told, bar).await?);
    Ok(report)
}

fn report(stage: &Stage, arguments: &Arguments) -> Report {
    Report {
        version: env!("CARGO_PKG_VERSION"),
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
        database: stage.database,
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        connections: arguments.connections,
        seconds: arguments.seconds,
        facts: arguments.facts,
        subscribers: arguments.subscribers,
        stories: Vec::new(),
    }
}
