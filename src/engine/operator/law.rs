//! The law pack in a ledger: what of it is recorded already, and recording what is not.

use std::collections::BTreeMap;

use crate::engine::append::Receipt;
use crate::engine::fact::{Imported, NewFact, SUBMISSION_FACTS_MAX, Submission};
use crate::engine::operate::{OperateError, operator};
use crate::engine::queue::Engine;
use crate::family::kit::RETRACTED;
use crate::family::ledger::OPERATOR;
use crate::family::legal_instrument::LegalInstrument;
use crate::law::{Held, Instrument, Pack, STATEMENTS_MAX, Standing, VERSION, standing};
use crate::ledger::entry::Provenance;
use crate::ledger::name::{Code, EventName, Sequence, StreamId};
use crate::store::{EntryFilter, Range, Store, entries, head};

/// Entries that are read at once.
const PAGE: i64 = 1_000;

/// An instrument is recorded as a whole, in one submission.
const _: () = assert!(STATEMENTS_MAX <= SUBMISSION_FACTS_MAX);

/// How a ledger stands to one instrument of a pack.
#[derive(Clone, Debug)]
pub struct InstrumentStanding<'p> {
    /// The instrument.
    pub instrument: &'p Instrument,
    /// The stream of the ledger that is about it.
    pub stream: Option<StreamId>,
    /// How the ledger stands to it.
    pub standing: Standing,
}

/// Compares a ledger with a pack, instrument by instrument, in the order of the pack. All facts about legal instruments are read.
///
/// # Errors
///
/// [`OperateError`] where the database fails or a statement is no fact.
pub async fn compare_law<'p>(store: &Store, pack: &'p Pack) -> Result<Vec<InstrumentStanding<'p>>, OperateError> {
    let mut streams = held(store).await?;
    let compare = |instrument: &'p Instrument| {
        let (stream, facts) = streams.remove(&instrument.code).unzip();
        let standing = standing(pack, instrument, &facts.unwrap_or_default())?;
        Ok(InstrumentStanding { instrument, stream, standing })
    };
    pack.instruments().map(compare).collect()
}

/// The facts about legal instruments that nothing corrects, by the code of the instrument, whichever streams hold them. What the
/// institution took back of a pack is a fact of its own: an update does not bring it back.
async fn held(store: &Store) -> Result<BTreeMap<Code, (StreamId, Vec<Held>)>, OperateError> {
    let filter = EntryFilter::Family(LegalInstrument::NAME.to_owned());
    let size = head(store).await?.map_or(0, |head| head.size());
    let mut streams: BTreeMap<StreamId, (Option<Code>, Vec<Held>)> = BTreeMap::new();
    let mut from = 0;
    loop {
        let range = Range { from, to: size, limit: PAGE, backwards: false };
        let page = entries(store.read().await?.conn(), &filter, range).await?;
        let Some(last) = page.last() else { break };
        from = last.entry.sequence + 1;
        for stored in page {
            let entry = stored.entry;
            let (code, facts) = streams.entry(entry.stream.clone()).or_default();
            facts.retain(|fact| Some(fact.sequence.0) != entry.replaces);
            let by_operator = entry.actor.role.as_str() == OPERATOR;
            if entry.event.fact() == RETRACTED && by_operator {
                continue;
            }
            if code.is_none() {
                *code = entry.data["code"].as_str().and_then(|code| code.parse().ok());
            }
            facts.push(Held {
                sequence: Sequence(entry.sequence),
                fact: entry.event.fact().to_owned(),
                effective: entry.effective,
                data: entry.data,
                from_a_pack: entry.provenance == Provenance::Backfill && by_operator,
            });
        }
    }
    let mut by_code: BTreeMap<Code, (StreamId, Vec<Held>)> = BTreeMap::new();
    for (stream, (code, facts)) in streams {
        if let Some(code) = code {
            by_code.entry(code).or_insert_with(|| (stream, Vec::new())).1.extend(facts);
        }
    }
    Ok(by_code)
}

/// Records what a ledger lacks of a pack, as imported facts that were public when the statements were. An instrument of which the
/// institution recorded facts of its own is left as it is. Each instrument is recorded as a whole or not at all, so that a command
/// that was broken off can be repeated.
///
/// # Errors
///
/// [`OperateError`] where a fact is refused or the ledger cannot be written.
pub async fn record_law(
    engine: &Engine,
    pack: &Pack,
    standings: &[InstrumentStanding<'_>],
    mut progress: impl FnMut(u64),
) -> Result<Vec<Receipt>, OperateError> {
    let mut receipts = Vec::new();
    let mut waiting: Vec<NewFact> = Vec::new();
    for one in standings.iter().filter(|one| one.standing.own.is_empty()) {
        let facts = facts(engine, pack, one)?;
        if waiting.len() + facts.len() > SUBMISSION_FACTS_MAX {
            receipts.extend(submit(engine, pack, std::mem::take(&mut waiting)).await?);
            progress(receipts.len() as u64);
        }
        waiting.extend(facts);
    }
    receipts.extend(submit(engine, pack, waiting).await?);
    progress(receipts.len() as u64);
    Ok(receipts)
}

async fn submit(engine: &Engine, pack: &Pack, facts: Vec<NewFact>) -> Result<Vec<Receipt>, OperateError> {
    if facts.is_empty() {
        return Ok(Vec::new());
    }
    // What is recorded is what the ledger lacked when it was compared: the head makes the key another for another comparison.
    let size = head(engine.store()).await?.map_or(0, |head| head.size());
    let Submission { actor, .. } = operator(Vec::new(), "")?;
    let idempotency_key = format!("law-{}-{size}", pack.hash);
    Ok(engine.submit(Submission { actor, idempotency_key, facts }).await?)
}

fn facts(engine: &Engine, pack: &Pack, one: &InstrumentStanding<'_>) -> Result<Vec<NewFact>, OperateError> {
    let begins = one.stream.is_none();
    let stream = match &one.stream {
        Some(stream) => stream.clone(),
        None => StreamId::new(LegalInstrument::NAME, engine.sources().uuid()?),
    };
    let mut facts = Vec::new();
    for (place, corrects) in &one.standing.new {
        let data = pack.data(one.instrument, *place)?;
        let Some(statement) = one.instrument.statements.get(*place) else { continue };
        let is_first = begins && facts.is_empty();
        facts.push(NewFact {
            stream: Some(stream.clone()),
            // The code of an instrument is its reference too, where it is of the form of one.
            reference: one.instrument.code.as_str().parse().ok().filter(|_| is_first),
            expected_revision: is_first.then_some(0),
            effective: statement.effective,
            replaces: *corrects,
            causation: None,
            correlation: None,
            event: EventName::new(LegalInstrument::NAME, &statement.fact),
            version: VERSION,
            data,
            imported: Some(Imported { asserted: Some(statement.published) }),
        });
    }
    Ok(facts)
}
