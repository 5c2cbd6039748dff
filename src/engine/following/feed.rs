//! Reading on: every subscriber pages from the store after its own cursor, so that nothing is buffered, lost or skipped.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::stream::{self, Stream};
use tokio::sync::watch;

use crate::engine::follow::{LogPosition, POLL_INTERVAL_MS};
use crate::store::{EntryFilter, Range, Store, StoreError, StoredCheckpoint, StoredEntry, checkpoints_from, entries};

/// Entries read at once for one subscriber.
pub const FEED_PAGE: i64 = 16;
/// How long a subscriber waits before it asks a database again that did not answer.
const RETRY_MS: u64 = 1_000;

/// What a subscriber reads, page after page.
pub trait Source: Send + 'static {
    /// What it reads.
    type Item: Send;

    /// Tells whether there may be more than was read, where the ledger stands now.
    fn is_behind(&self, standing: &LogPosition) -> bool;

    /// Reads the next page, which may be empty, and moves on behind it.
    fn page(&mut self, standing: &LogPosition) -> impl Future<Output = Result<Vec<Self::Item>, StoreError>> + Send;

    /// Returns how many entries have been read past.
    fn position(&self) -> u64;

    /// Tells whether the passing of time alone can bring something, so that it must be looked for without a wake-up.
    fn is_driven_by_time(&self) -> bool {
        false
    }
}

/// Who follows the ledger, and how far each has read.
#[derive(Clone, Debug, Default)]
pub struct Followers(Arc<Mutex<(u64, BTreeMap<u64, u64>)>>);

impl Followers {
    /// Returns how many follow.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.len()
    }

    /// Returns how many entries the slowest has not read of a ledger of `size`; 0 if nobody follows.
    pub fn lag(&self, size: u64) -> u64 {
        let slowest = self.0.lock().unwrap_or_else(PoisonError::into_inner).1.values().min().copied();
        slowest.map_or(0, |position| size.saturating_sub(position))
    }

    fn join(&self, position: u64) -> Follower {
        let mut followers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        followers.0 += 1;
        let number = followers.0;
        followers.1.insert(number, position);
        Follower { number, all: self.clone() }
    }
}

/// One of them; it leaves when it is dropped.
struct Follower {
    number: u64,
    all: Followers,
}

impl Follower {
    fn moved(&self, position: u64) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).1.insert(self.number, position);
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).1.remove(&self.number);
    }
}

struct Reading<S: Source> {
    source: S,
    standing: watch::Receiver<LogPosition>,
    page: std::vec::IntoIter<S::Item>,
    follower: Follower,
}

/// Streams what a source reads, for ever: until the engine is gone, or what is stored cannot be read. A database that does
/// not answer is waited for.
pub fn feed<S: Source>(
    source: S,
    standing: watch::Receiver<LogPosition>,
    followers: &Followers,
) -> impl Stream<Item = Result<S::Item, StoreError>> + Send + use<S> {
    let follower = followers.join(source.position());
    let reading = Reading { source, standing, page: Vec::new().into_iter(), follower };
    stream::unfold(Some(reading), |reading| async move {
        let mut reading = reading?;
        match reading.next().await {
            Ok(Some(item)) => Some((Ok(item), Some(reading))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
}

impl<S: Source> Reading<S> {
    /// Waits for the next item; `None` once the engine is gone.
    async fn next(&mut self) -> Result<Option<S::Item>, StoreError> {
        loop {
            if let Some(item) = self.page.next() {
                return Ok(Some(item));
            }
            self.follower.moved(self.source.position());
            let standing = *self.standing.borrow_and_update();
            if !self.source.is_behind(&standing) {
                if !self.woken().await {
                    return Ok(None);
                }
                continue;
            }
            match self.source.page(&standing).await {
                Ok(page) => self.page = page.into_iter(),
                Err(error @ StoreError::Unavailable(..)) => {
                    tracing::debug!(error = %crate::engine::chain(&error), "a subscriber waits for the database");
                    tokio::time::sleep(Duration::from_millis(RETRY_MS)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl<S: Source> Reading<S> {
    /// Waits until the ledger stands elsewhere or, where time alone can bring something, until it is worth another look; false: the
    /// engine is gone. A look costs no query.
    async fn woken(&mut self) -> bool {
        if !self.source.is_driven_by_time() {
            return self.standing.changed().await.is_ok();
        }
        let look = tokio::time::sleep(Duration::from_millis(POLL_INTERVAL_MS));
        tokio::select! {
            changed = self.standing.changed() => changed.is_ok(),
            () = look => true,
        }
    }
}

/// The newest page that was read: followers who are woken by the same commit ask for the same entries.
#[derive(Clone, Debug, Default)]
pub struct Tail(Arc<tokio::sync::Mutex<Option<TailPage>>>);

#[derive(Debug)]
struct TailPage {
    filter: EntryFilter,
    range: Range,
    entries: Vec<StoredEntry>,
}

impl Tail {
    /// Reads a page, unless the last one read is it. Whoever asks meanwhile waits and then finds it.
    async fn page(&self, store: &Store, filter: &EntryFilter, range: Range) -> Result<Vec<StoredEntry>, StoreError> {
        let mut last = self.0.lock().await;
        if let Some(page) = last.as_ref().filter(|page| page.range == range && page.filter == *filter) {
            return Ok(page.entries.clone());
        }
        let page = entries(store.read().await?.conn(), filter, range).await?;
        *last = Some(TailPage { filter: filter.clone(), range, entries: page.clone() });
        Ok(page)
    }
}

/// The entries of a filter, from a sequence on.
#[derive(Debug)]
pub struct Entries {
    /// Where from.
    pub store: Store,
    /// What followers at the end of the ledger share.
    pub tail: Tail,
    /// Which.
    pub filter: EntryFilter,
    /// The first sequence not read.
    pub next: u64,
}

impl Source for Entries {
    type Item = StoredEntry;

    fn is_behind(&self, standing: &LogPosition) -> bool {
        self.next < standing.size
    }

    async fn page(&mut self, standing: &LogPosition) -> Result<Vec<StoredEntry>, StoreError> {
        let range = Range { from: self.next, to: standing.size, limit: FEED_PAGE, backwards: false };
        // Who is far behind reads alone, and keeps nobody waiting.
        let at_the_end = i64::try_from(standing.size - self.next).is_ok_and(|behind| behind <= FEED_PAGE);
        let page = if at_the_end {
            self.tail.page(&self.store, &self.filter, range).await?
        } else {
            entries(self.store.read().await?.conn(), &self.filter, range).await?
        };
        let full = i64::try_from(page.len()).unwrap_or(i64::MAX) >= FEED_PAGE;
        self.next = match page.last() {
            Some(last) if full => last.entry.sequence + 1,
            _ => standing.size,
        };
        Ok(page)
    }

    fn position(&self) -> u64 {
        self.next
    }
}

/// The checkpoints of more than that many entries.
#[derive(Debug)]
pub struct Checkpoints {
    /// Where from.
    pub store: Store,
    /// The largest size read.
    pub after: u64,
}

impl Source for Checkpoints {
    type Item = StoredCheckpoint;

    fn is_behind(&self, standing: &LogPosition) -> bool {
        self.after < standing.signed
    }

    async fn page(&mut self, _standing: &LogPosition) -> Result<Vec<StoredCheckpoint>, StoreError> {
        let page = checkpoints_from(self.store.read().await?.conn(), self.after + 1, FEED_PAGE).await?;
        self.after = page.last().map_or(self.after, |last| last.size);
        Ok(page)
    }

    fn position(&self) -> u64 {
        self.after
    }
}
