//! Learning that another server has appended: PostgreSQL tells, SQLite and lost connections are asked by the clock.

use std::time::Duration;

use sqlx::postgres::PgListener;

use super::connection::{Conn, Store, fetch};
use super::error::StoreError;
use super::sql;

/// The channel of [`sql::WAKE`].
const CHANNEL: &str = "griffie";

/// Wakes whoever follows the ledger, in this and in other servers. Sent when the transaction commits.
pub async fn wake(mut conn: Conn<'_>) -> Result<(), StoreError> {
    fetch!(conn, optional(String,), sql::WAKE).map(drop)
}

/// Wakes up when something may have been appended. A wake-up says nothing of what: read the head.
#[derive(Debug)]
pub struct Alarm {
    store: Store,
    listener: Option<PgListener>,
}

impl Alarm {
    /// Makes one; it listens from the first call of [`Alarm::ring`] on.
    pub fn new(store: Store) -> Self {
        Self { store, listener: None }
    }

    /// Waits until PostgreSQL tells of a commit, at most so long. A connection that is lost is made anew; until then the
    /// wait alone wakes.
    pub async fn ring(&mut self, at_most: Duration) {
        // When time is up, whoever waits looks for himself.
        let _ = tokio::time::timeout(at_most, self.told()).await;
    }

    async fn told(&mut self) {
        let Store::Postgres { readers, .. } = &self.store else {
            return std::future::pending().await;
        };
        if self.listener.is_none() {
            let connected = async {
                let mut listener = PgListener::connect_with(readers).await?;
                listener.listen(CHANNEL).await?;
                Ok::<_, sqlx::Error>(listener)
            };
            match connected.await {
                // What was told before listening began was not heard: look once.
                Ok(listener) => self.listener = Some(listener),
                Err(error) => {
                    tracing::warn!(error = %error, "PostgreSQL cannot be listened to; asking by the clock");
                    return std::future::pending().await;
                }
            }
            return;
        }
        if let Some(listener) = &mut self.listener
            && let Err(error) = listener.recv().await
        {
            tracing::warn!(error = %error, "PostgreSQL no longer tells of commits; asking by the clock");
            self.listener = None;
            std::future::pending::<()>().await;
        }
    }
}
