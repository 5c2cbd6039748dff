//! Kills a ledger's server again and again under load, and holds the ledger to every answer it ever gave.
//!
//! ```text
//! crash KILLS [sqlite|postgres] [SEED]
//! ```
//!
//! `.ci/crash` builds and runs this beside the program itself. One ledger grows through all kills:
//!
//! 1. The real `griffie serve` starts on a free port of this machine; clients record facts over GraphQL, each request
//!    under an idempotency key of its own: single facts, and `recordAll` with several.
//! 2. SIGKILL at a random moment, now and then while the server is only starting.
//! 3. The server starts again, without help. Every receipt that the kill may have touched is read back, byte for byte.
//!    What was in flight is asked again under the same key, and so is a part of what was answered already: an answered
//!    request gets its first receipts, one in flight gets receipts exactly once.
//! 4. Now and then, between two of the checks that follow, `griffie verify` says ok while the server serves its clients.
//! 5. At every tenth kill and at the end, while no server runs: `griffie verify` says ok; in a `griffie export entries` all
//!    receipts ever given stand with the same bytes; each request has all of its facts once, or none if it was never
//!    answered. Now and then `griffie project --rebuild` is killed, then runs to its end, and the states are the same.
//!
//! SIGKILL ends the process, not the machine: what the operating system has taken is not lost. That a commit also
//! survives a power cut rests on the flushes of the database and is not shown here.

mod checks;
mod client;
mod http;
mod load;
#[expect(clippy::panic, clippy::unwrap_used, reason = "shared with the tests, which fail by panicking")]
#[path = "../../tests/support/postgres.rs"]
mod postgres;
mod server;

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

use checks::Checks;
use load::{Load, Random};
use server::Installation;

/// Kills that somebody may ask for.
const KILLS_MAX: u32 = 10_000;
/// How long a server may live under load, in milliseconds.
const LIFE_MS_MAX: u64 = 600;
/// How long a server may live that is killed while it starts, in milliseconds.
const START_MS_MAX: u64 = 60;
/// One of so many kills hits a server that is starting.
const START_KILL_EVERY: u64 = 8;
/// Kills between two checks of the whole ledger.
const CHECK_EVERY: u32 = 10;
/// Kills between two rebuilds of the states.
const REBUILD_EVERY: u32 = 50;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crash: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let (kills, database, seed) = arguments()?;
    let folder = TempDir::with_prefix("griffie-crash-")?;
    // Held until the end: the database is dropped with it.
    let postgres = if database == "postgres" { Some(postgres::Database::fresh()) } else { None };
    let url = match &postgres {
        None => format!("sqlite:{}", folder.path().join("ledger.sqlite").display()),
        Some(Some(database)) => database.url().to_owned(),
        Some(None) => return Ok(()),
    };
    println!("{kills} kills on {database}, seed {seed}");
    let result = Run::new(Installation::new(folder.path(), url)?, seed).and_then(|mut run| run.all(kills));
    if result.is_err() {
        let kept = folder.keep();
        eprintln!("crash: the ledger, its keys and the server's log are kept in {}", kept.display());
    }
    result
}

fn arguments() -> anyhow::Result<(u32, String, u64)> {
    let usage = "usage: crash KILLS [sqlite|postgres] [SEED]";
    let words: Vec<String> = std::env::args().skip(1).collect();
    let kills = words.first().context(usage)?.parse().context(usage)?;
    let database = words.get(1).map_or("sqlite", String::as_str);
    let seed = match words.get(2) {
        Some(seed) => seed.parse().context(usage)?,
        None => RandomState::new().build_hasher().finish(),
    };
    if words.len() > 3 || !["sqlite", "postgres"].contains(&database) || !(1..=KILLS_MAX).contains(&kills) {
        bail!("{usage}; KILLS is 1 to {KILLS_MAX}");
    }
    Ok((kills, database.to_owned(), seed))
}

/// A run: one ledger, its load, and what it must still know.
struct Run {
    installation: Installation,
    random: Random,
    load: Load,
    checks: Checks,
    started: Instant,
    kills_at_start: u32,
}

impl Run {
    fn new(installation: Installation, seed: u64) -> anyhow::Result<Self> {
        installation.found()?;
        Ok(Self {
            installation,
            random: Random::new(seed),
            load: Load::default(),
            checks: Checks::default(),
            started: Instant::now(),
            kills_at_start: 0,
        })
    }

    fn all(&mut self, kills: u32) -> anyhow::Result<()> {
        self.load.publish_text(&self.installation)?;
        for kill in 1..=kills {
            self.kill(kill).with_context(|| format!("at kill {kill}"))?;
            if kill.is_multiple_of(CHECK_EVERY) || kill == kills {
                self.check(kill, kills).with_context(|| format!("after kill {kill}"))?;
            }
        }
        // Nothing is left in flight at the end: what the last kill cut off is asked again, then all is checked once more.
        self.load.finish(&self.installation)?;
        self.checks.whole_ledger(&self.installation, &self.load)?;
        self.report("done:", kills);
        Ok(())
    }

    fn kill(&mut self, kill: u32) -> anyhow::Result<()> {
        if self.random.below(START_KILL_EVERY) == 0 {
            let life = Duration::from_millis(self.random.below(START_MS_MAX));
            self.kills_at_start += 1;
            return self.installation.kill_while_starting(life);
        }
        let server = self.installation.serve()?;
        self.checks.read_back(server.address(), &mut self.load, &mut self.random)?;
        let life = Duration::from_millis(1 + self.random.below(LIFE_MS_MAX));
        let seed = self.random.next() ^ u64::from(kill);
        let installation = &self.installation;
        let meanwhile = || {
            if kill % CHECK_EVERY == CHECK_EVERY / 2 { checks::verify(installation).map(drop) } else { Ok(()) }
        };
        self.load.run_until_killed(server, life, seed, &meanwhile)
    }

    fn check(&mut self, kill: u32, kills: u32) -> anyhow::Result<()> {
        self.checks.whole_ledger(&self.installation, &self.load)?;
        if kill.is_multiple_of(REBUILD_EVERY) || kill == kills {
            self.checks.rebuild(&self.installation, &mut self.random)?;
        }
        self.report("", kill);
        Ok(())
    }

    fn report(&self, words: &str, kills: u32) {
        println!(
            "{words}{}kills {kills} ({} while starting), acknowledged {} requests with {} facts, repeated {} in flight \
             ({} had been recorded) and {} answered, told to try again {}, entries {}, {} s",
            if words.is_empty() { "" } else { " " },
            self.kills_at_start,
            self.load.acknowledged(),
            self.load.acknowledged_facts(),
            self.load.repeated_in_flight,
            self.load.recorded_unanswered,
            self.load.repeated_answered,
            self.load.try_again,
            self.checks.entries(),
            self.started.elapsed().as_secs(),
        );
    }
}
