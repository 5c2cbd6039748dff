//! Whether the engine can do its work now.

use crate::engine::append::CLOCK_JUMP_MS_MAX;
use crate::engine::queue::Engine;
use crate::store::{Head, StoreError, head, server_clock};
use crate::time::Instant;

/// How one check turned out. The reason is for operators and tells nothing of the inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad(&'static str),
}

/// Checks database, head, clock and keys, by name. Costs two statements.
pub async fn readiness(engine: &Engine) -> Vec<(&'static str, Health)> {
    let looked = look(engine).await;
    let unknown = Health::Bad("not known: the database does not answer");
    let (database, head, clock, key) = match looked {
        Err(error) => {
            tracing::warn!(error = %crate::engine::chain(&error), "not ready");
            (Health::Bad("the database does not answer"), unknown, unknown, unknown)
        }
        Ok((None, _)) => {
            let none = Health::Bad("the database holds no ledger");
            (Health::Good, none, Health::Good, Health::Good)
        }
        Ok((Some(head), server)) => (Health::Good, Health::Good, clock(engine, &head, server), key(engine, &head)),
    };
    let continues = if engine.checkpointer().is_forked() {
        Health::Bad("the database does not continue what the checkpoint key has signed")
    } else {
        Health::Good
    };
    vec![("database", database), ("head", head), ("clock", clock), ("signingKey", key), ("checkpoints", continues)]
}

async fn look(engine: &Engine) -> Result<(Option<Head>, Option<Instant>), StoreError> {
    let head = head(engine.store()).await?;
    let server = server_clock(engine.store().read().await?.conn()).await?;
    Ok((head, server))
}

/// The same limits by which the writer refuses facts.
fn clock(engine: &Engine, head: &Head, server: Option<Instant>) -> Health {
    let (now, drift) = (engine.sources().now(), engine.sources().drift_ms());
    if drift.abs() > CLOCK_JUMP_MS_MAX {
        return Health::Bad("the clock has jumped since the server started");
    }
    if head.simulated || now < head.clock_corrected_until {
        return Health::Good;
    }
    if server.is_some_and(|server| now.milliseconds_since(server).abs() > CLOCK_JUMP_MS_MAX) {
        return Health::Bad("the clock differs from that of the database server");
    }
    if head.recorded.milliseconds_since(now) > CLOCK_JUMP_MS_MAX {
        return Health::Bad("the clock is behind the last entry");
    }
    Health::Good
}

fn key(engine: &Engine, head: &Head) -> Health {
    if !engine.is_writing() {
        Health::Bad("the writer has ended")
    } else if *engine.event_key() != head.event_key {
        Health::Bad("the ledger names another event key; start with the folder of its keys")
    } else {
        Health::Good
    }
}
