//! Where the ledger stands, as every follower is told: one task looks, so that idle followers cost nothing.

use std::time::Duration;

use tokio::sync::watch;

use crate::engine::append::CLOCK_JUMP_MS_MAX;
use crate::engine::clock::Sources;
use crate::store::{Alarm, Store, StoreError, checkpoint_up_to, head, next_announced};
use crate::time::Instant;

/// How often the store is asked for what other servers appended, where it cannot tell.
pub const POLL_INTERVAL_MS: u64 = 1_000;

/// How long after an instant it is told what came into force then. A fact recorded before that instant may still be on
/// its way into the database, or come from a server whose clock lags: both are waited for.
pub const SETTLE_MS: i64 = 2 * CLOCK_JUMP_MS_MAX;

/// Returns up to when what came into force may be told.
pub fn settled(sources: &Sources) -> Instant {
    Instant::from_microseconds(sources.now().microseconds().saturating_sub(SETTLE_MS * 1_000))
}

/// Where the ledger stands. A wake-up, not a payload: whoever is woken reads from the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPosition {
    /// The number of entries.
    pub size: u64,
    /// The size of the newest checkpoint; 0 for none.
    pub signed: u64,
    /// What was known before has come into force up to this instant.
    pub due: Instant,
}

impl LogPosition {
    /// Moves forward, never back; tells whether it moved.
    fn advance(&mut self, to: Self) -> bool {
        let before = *self;
        self.size = self.size.max(to.size);
        self.signed = self.signed.max(to.signed);
        self.due = self.due.max(to.due);
        *self != before
    }
}

/// Tells followers of a place that the ledger has reached.
pub fn announce(standing: &watch::Sender<LogPosition>, to: impl FnOnce(&mut LogPosition)) {
    standing.send_if_modified(|standing| {
        let mut reached = *standing;
        to(&mut reached);
        standing.advance(reached)
    });
}

/// Looks after what other servers append and what comes into force, until `gone` says that nobody follows any more.
pub async fn look_after(
    store: Store,
    sources: Sources,
    standing: std::sync::Arc<watch::Sender<LogPosition>>,
    gone: impl Fn() -> bool + Send,
) {
    let mut alarm = Alarm::new(store.clone());
    let mut next_due = None;
    loop {
        alarm.ring(wait(&sources, next_due)).await;
        if gone() {
            return;
        }
        let known = *standing.borrow();
        match look(&store, &sources, known).await {
            Ok((seen, next)) => {
                next_due = next;
                announce(&standing, |standing| *standing = seen);
            }
            // The store may have been closed meanwhile.
            Err(_) if gone() => return,
            Err(error) => tracing::warn!(error = %crate::engine::chain(&error), "the head could not be read"),
        }
    }
}

/// Until the next known state comes into force, but at most [`POLL_INTERVAL_MS`].
fn wait(sources: &Sources, next_due: Option<Instant>) -> Duration {
    let poll = Duration::from_millis(POLL_INTERVAL_MS);
    let until_due = next_due.map(|due| due.microseconds().saturating_sub(settled(sources).microseconds()).max(0));
    until_due.map_or(poll, |wait| poll.min(Duration::from_micros(wait.unsigned_abs())))
}

/// Reads where the ledger stands now, and when the next known state comes into force.
async fn look(
    store: &Store,
    sources: &Sources,
    known: LogPosition,
) -> Result<(LogPosition, Option<Instant>), StoreError> {
    let settled = settled(sources);
    let size = head(store).await?.map_or(0, |head| head.size());
    let mut connection = store.read().await?;
    let signed = checkpoint_up_to(connection.conn(), u64::MAX).await?.map_or(0, |checkpoint| checkpoint.size);
    let next = next_announced(connection.conn(), known.due).await?;
    // A clock that jumped would tell what has not come yet, and that could not be taken back.
    let right = sources.drift_ms().abs() <= CLOCK_JUMP_MS_MAX;
    let due = if right && next.is_some_and(|next| next <= settled) { settled } else { known.due };
    Ok((LogPosition { size, signed, due }, next.filter(|next| *next > settled)))
}
