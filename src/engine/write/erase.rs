//! Erasure: the vault loses what a fact says is erased (GDPR Art. 17(1)), and nothing else changes.
//!
//! It happens in the transaction of the fact: no moment, and no crash between any two lines, leaves a fact without its erasure or
//! an erasure without its fact. A retraction of the fact brings nothing back. What databases keep beside the row is said at
//! [`crate::store::erase_values`].

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::project::ProjectError;
use crate::engine::words::words_of_states;
use crate::family::family;
use crate::family::opened::{Erased, Opened};
use crate::ledger::entry::Entry;
use crate::ledger::erasable::{Digest, digests};
use crate::ledger::erasing::{Erasing, Erasings, FAMILY};
use crate::ledger::merkle::Hash;
use crate::ledger::name::StreamId;
use crate::store::{
    Conn, EntryFilter, Range, Store, StoreError, VaultRow, bitemporal_versions, bodies, entries, entries_at,
    erase_values, lock_head, rewrite_words, vault,
};

/// Facts of erasure that are read at once.
const FACTS_PAGE: i64 = 500;
/// States whose words are looked at at once.
const STATES_PAGE: usize = 100;

/// Opens commitments: one query for the vault and, where something is erased, one for the facts that say so. What the vault
/// does not know is left out: it is lost.
pub async fn open(
    mut conn: Conn<'_>,
    digests: impl IntoIterator<Item = Digest>,
) -> Result<BTreeMap<Digest, Opened>, StoreError> {
    let digests: Vec<Digest> = digests.into_iter().collect();
    if digests.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = vault(conn.reborrow(), &digests).await?;
    let erased_by: BTreeSet<u64> = rows.iter().filter_map(|row| row.erased_by).collect();
    let erased_by: Vec<u64> = erased_by.into_iter().collect();
    let facts = if erased_by.is_empty() { Vec::new() } else { entries_at(conn, &erased_by).await? };
    let facts: BTreeMap<u64, Entry> = facts.into_iter().map(|stored| (stored.entry.sequence, stored.entry)).collect();
    rows.into_iter().map(|row| Ok((row.digest.clone(), opened(&row, &facts)?))).collect()
}

/// Opens a row of the vault. An empty one that no fact explains is damage, never shown as erased.
fn opened(row: &VaultRow, facts: &BTreeMap<u64, Entry>) -> Result<Opened, StoreError> {
    let position = i64::try_from(row.sequence).unwrap_or(i64::MAX);
    if let Some(disclosure) = &row.disclosure {
        let value = disclosure.value();
        return value.map(Opened::Value).map_err(|error| StoreError::corrupt("vault", "disclosure", position, error));
    }
    let fact = row.erased_by.and_then(|by| facts.get(&by));
    let covers =
        |fact: &&Entry| Erasing::of(fact).is_some_and(|erasing| erasing.covers(&row.digest, row.sequence, &row.stream));
    match fact.filter(covers) {
        Some(fact) => Ok(Opened::Erased(Erased::by(fact))),
        None => Err(StoreError::corrupt("vault", "erased_by", position, "that fact does not erase this value")),
    }
}

/// Erases what some facts name, in the transaction of these facts, and takes its words out of the index. Returns how many values
/// were there to erase.
pub async fn erase(mut conn: Conn<'_>, erasings: &[Erasing]) -> Result<u64, ProjectError> {
    if erasings.is_empty() {
        return Ok(0);
    }
    let erased = erase_values(conn.reborrow(), erasings).await?;
    forget_words(conn, &erased).await?;
    Ok(u64::try_from(erased.len()).unwrap_or(u64::MAX))
}

/// The words of names and purposes are in the index of search; those of a value that is gone go with it. Values about people
/// never were in it.
async fn forget_words(mut conn: Conn<'_>, erased: &[(Digest, StreamId)]) -> Result<(), ProjectError> {
    let mut streams: BTreeSet<StreamId> = BTreeSet::new();
    for (_, stream) in erased {
        if !family(stream.family())?.about_a_person {
            streams.insert(stream.clone());
        }
    }
    if streams.is_empty() {
        return Ok(());
    }
    let erased: BTreeSet<&Digest> = erased.iter().map(|(digest, _)| digest).collect();
    let shown = bitemporal_versions(conn.reborrow(), &streams, u64::MAX).await?;
    let shown: BTreeSet<Hash> = shown.into_iter().map(|bitemporal_version| bitemporal_version.body).collect();
    let shown: Vec<Hash> = shown.into_iter().collect();
    for page in shown.chunks(STATES_PAGE) {
        let mut states = bodies(conn.reborrow(), &page.iter().copied().collect()).await?;
        states.retain(|(_, text)| {
            let state = serde_json::from_str(text).unwrap_or_default();
            digests(&state).iter().any(|digest| erased.contains(digest))
        });
        let texts: Vec<(&str, bool)> = states.iter().map(|(_, text)| (text.as_str(), false)).collect();
        let words = words_of_states(conn.reborrow(), &texts).await?;
        let words: Vec<(Hash, String)> = states.iter().map(|(hash, _)| *hash).zip(words).collect();
        rewrite_words(conn.reborrow(), &words).await?;
    }
    Ok(())
}

/// Takes what was erased out of the database's log as well. If that cannot be now, the erasure stands all the same: the next one,
/// or the next start, tries again.
pub async fn empty_log(store: &Store) {
    match store.empty_log().await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("a reader is in the way: the database's log may still hold erased values"),
        Err(error) => {
            tracing::warn!(error = %crate::engine::chain(&error), "the database's log may still hold erased values");
        }
    }
}

/// Erases what is due by all facts of a ledger: those that an older build only recorded. Returns how many values were erased.
pub async fn erase_due(store: &Store) -> Result<u64, ProjectError> {
    let mut transaction = store.begin().await?;
    let Some(head) = lock_head(transaction.conn()).await? else { return Ok(0) };
    let mut erasings = Erasings::default();
    let mut next = 0;
    loop {
        let range = Range { from: next, to: head.size(), limit: FACTS_PAGE, backwards: false };
        let page = entries(transaction.conn(), &EntryFilter::Family(FAMILY.to_owned()), range).await?;
        let Some(last) = page.last() else { break };
        next = last.entry.sequence + 1;
        page.iter().for_each(|stored| erasings.take(&stored.entry));
    }
    let erased = erase(transaction.conn(), &erasings.standing()).await?;
    transaction.commit().await?;
    if erased > 0 {
        empty_log(store).await;
    }
    Ok(erased)
}
