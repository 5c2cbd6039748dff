//! Reading on: every subscriber pages from the store after its own cursor, so that nothing is buffered, lost or skipped.

use std::time::Duration;

use futures_util::stream::{self, Stream};
use tokio::sync::watch;

use crate::store::{EntryFilter, Range, Store, StoreError, StoredEntry, entries, head};

/// Entries read at once for one subscriber.
const FEED_PAGE: i64 = 100;
/// How often the store is asked for what other servers appended.
pub const POLL_INTERVAL_MS: u64 = 1_000;

/// Where a subscriber stands.
struct Cursor {
    store: Store,
    published: watch::Receiver<u64>,
    filter: EntryFilter,
    next: u64,
    page: std::vec::IntoIter<StoredEntry>,
}

/// Streams the entries of a filter from the sequence `from` on, without gap or repeat, for ever.
pub fn feed(
    store: Store,
    published: watch::Receiver<u64>,
    filter: EntryFilter,
    from: u64,
) -> impl Stream<Item = Result<StoredEntry, StoreError>> + Send {
    let cursor = Cursor { store, published, filter, next: from, page: Vec::new().into_iter() };
    stream::unfold(Some(cursor), |cursor| async move {
        let mut cursor = cursor?;
        match cursor.next_entry().await {
            Ok(Some(entry)) => Some((Ok(entry), Some(cursor))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
}

impl Cursor {
    /// Waits for the next entry; `None` once the engine is gone.
    async fn next_entry(&mut self) -> Result<Option<StoredEntry>, StoreError> {
        loop {
            if let Some(entry) = self.page.next() {
                return Ok(Some(entry));
            }
            self.published.mark_unchanged();
            let size = head(&self.store).await?.map_or(0, |head| head.size());
            if self.next < size {
                self.read_page(size).await?;
            } else {
                let changed =
                    tokio::time::timeout(Duration::from_millis(POLL_INTERVAL_MS), self.published.changed()).await;
                if matches!(changed, Ok(Err(_))) {
                    return Ok(None);
                }
            }
        }
    }

    async fn read_page(&mut self, size: u64) -> Result<(), StoreError> {
        let range = Range { from: self.next, to: size, limit: FEED_PAGE, backwards: false };
        let page = entries(self.store.read().await?.conn(), &self.filter, range).await?;
        let full = i64::try_from(page.len()).unwrap_or(i64::MAX) >= FEED_PAGE;
        self.next = match page.last() {
            Some(last) if full => last.entry.sequence + 1,
            _ => size,
        };
        self.page = page.into_iter();
        Ok(())
    }
}
