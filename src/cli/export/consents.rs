//! `griffie export consents`: consent records at a moment, one a line, in the profile of ISO/IEC TS 27560:2023.
//!
//! A page of records takes one query for each of: consents, their facts, texts, activities, parties (two), references, vault,
//! and the facts that erased what it would show.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use super::{FileLanguage, MomentArguments, first_page, is_last, output, tell, write_line};
use crate::cli::config::Settings;
use crate::engine::{Moment, facts_of, open, references};
use crate::family::activity::Activity;
use crate::family::consent::Consent;
use crate::family::consent_record::{ConsentSources, Found, Writing, consent_record, party_codes};
use crate::family::consent_text::ConsentText;
use crate::family::kit::{Fact, Family, read_state};
use crate::family::opened::Opened;
use crate::family::party::Party;
use crate::ledger::erasable::Digest;
use crate::ledger::name::{Code, Reference, StreamId};
use crate::store::{
    Conn, KeyFilter, ListRange, StateAt, Store, count_states, list_states, related_streams, states_at,
    stream_by_reference,
};

/// Arguments of `griffie export consents`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    moment: MomentArguments,
    /// Consents on this text only, by its reference
    #[arg(long, value_name = "REFERENCE")]
    text: Option<Reference>,
    /// In which language purposes and methods are written
    #[arg(long, value_enum, default_value_t)]
    language: FileLanguage,
    /// File to write, which must not be there yet
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// Writes the records.
pub async fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let store = crate::cli::open_current(settings).await?;
    let (moment, shown) = arguments.moment.resolve(&store).await?;
    let filters: Vec<KeyFilter> = match &arguments.text {
        None => Vec::new(),
        Some(text) => vec![KeyFilter { name: "text", value: text_stream(&store, text).await?.to_string() }],
    };
    let consents =
        count_states(store.read().await?.conn(), Consent::NAME, moment.size, moment.valid, filters.first()).await?;
    let bar = crate::cli::progress_bar("exporting consents", consents);
    let mut output = output(Some(&arguments.output))?;
    let (mut range, mut written) = (first_page(), 0);
    loop {
        let page = Page::read(&store, &moment, &filters, &range).await?;
        if let Some(last) = page.consents.last() {
            range.after = last.stream.to_string();
        }
        let writing = Writing { language: arguments.language.into(), shown: &shown, opened: &page.opened };
        for consent in &page.consents {
            let record = consent_record(&page.sources(consent), &writing);
            let record = record.with_context(|| format!("{} cannot be shown; run `griffie verify`", consent.stream))?;
            write_line(&mut output, &record)?;
            written += 1;
            bar.inc(1);
        }
        if is_last(page.consents.len()) {
            break;
        }
    }
    std::io::Write::flush(&mut output)?;
    bar.finish_and_clear();
    tell("Consent records", written, &shown);
    Ok(ExitCode::SUCCESS)
}

async fn text_stream(store: &Store, reference: &Reference) -> anyhow::Result<StreamId> {
    let row = stream_by_reference(store.read().await?.conn(), ConsentText::NAME, reference).await?;
    row.map(|row| row.stream).with_context(|| format!("there is no consent text {reference}"))
}

/// A page of consents with all that their records need.
struct Page {
    consents: Vec<Found<Consent>>,
    facts: BTreeMap<StreamId, Vec<Fact>>,
    texts: BTreeMap<StreamId, Found<ConsentText>>,
    activities: BTreeMap<StreamId, Found<Activity>>,
    parties: BTreeMap<Code, Found<Party>>,
    opened: BTreeMap<Digest, Opened>,
}

impl Page {
    async fn read(store: &Store, moment: &Moment, filters: &[KeyFilter], range: &ListRange) -> anyhow::Result<Self> {
        let Moment { size, valid, .. } = *moment;
        let mut connection = store.read().await?;
        let consents = list_states(connection.conn(), Consent::NAME, size, valid, filters, range).await?;
        let mut consents = consents.into_iter().map(found).collect::<anyhow::Result<Vec<Found<Consent>>>>()?;
        let streams: BTreeSet<StreamId> = consents.iter().map(|consent| consent.stream.clone()).collect();
        let facts = facts_of(connection.conn(), &streams, size).await?;
        let texts = consents.iter().filter_map(|consent| consent.state.text.clone()).collect();
        let mut texts: BTreeMap<StreamId, Found<ConsentText>> = states(connection.conn(), texts, moment).await?;
        let activities = texts.values().filter_map(|text| text.state.activity.clone()).collect();
        let activities: BTreeMap<StreamId, Found<Activity>> = states(connection.conn(), activities, moment).await?;
        let entries = activities.values().filter_map(|activity| activity.state.current.as_ref());
        let codes: BTreeSet<&Code> = entries.flat_map(|version| party_codes(&version.entry)).collect();
        let parties = parties(connection.conn(), &codes, moment).await?;
        let named = streams.into_iter().chain(texts.keys().cloned());
        let references = references(connection.conn(), named).await?;
        consents.iter_mut().for_each(|consent| consent.reference = references.get(&consent.stream).cloned());
        texts.values_mut().for_each(|text| text.reference = references.get(&text.stream).cloned());
        let mut page = Self { consents, facts, texts, activities, parties, opened: BTreeMap::new() };
        let digests: BTreeSet<Digest> =
            page.consents.iter().flat_map(|consent| page.sources(consent).digests()).collect();
        page.opened = open(connection.conn(), digests).await?;
        Ok(page)
    }

    fn sources<'a>(&'a self, consent: &'a Found<Consent>) -> ConsentSources<'a> {
        let text = consent.state.text.as_ref().and_then(|text| self.texts.get(text));
        let activity = text.and_then(|text| self.activities.get(text.state.activity.as_ref()?));
        let known = self.facts.get(&consent.stream).map_or(&[][..], Vec::as_slice);
        ConsentSources { consent, known, text, activity, parties: &self.parties }
    }
}

/// Reads the states of some streams, in one query.
async fn states<F: Family>(
    conn: Conn<'_>,
    streams: BTreeSet<StreamId>,
    moment: &Moment,
) -> anyhow::Result<BTreeMap<StreamId, Found<F>>> {
    let streams: Vec<StreamId> = streams.into_iter().collect();
    let states = states_at(conn, &streams, moment.size, moment.valid).await?;
    states.into_iter().map(|state| Ok((state.stream.clone(), found(state)?))).collect()
}

/// Finds the parties of some codes: the first that was registered with each.
async fn parties(
    mut conn: Conn<'_>,
    codes: &BTreeSet<&Code>,
    moment: &Moment,
) -> anyhow::Result<BTreeMap<Code, Found<Party>>> {
    let values: BTreeSet<String> = codes.iter().map(ToString::to_string).collect();
    let range = ListRange { limit: 1, ..first_page() };
    let at = (moment.size, moment.valid);
    let streams = related_streams(conn.reborrow(), (Party::NAME, "party"), &values, at, &range).await?;
    let streams = streams.into_iter().map(|(_, stream)| stream).collect();
    let parties: BTreeMap<StreamId, Found<Party>> = states(conn, streams, moment).await?;
    let coded = |party: Found<Party>| Some((party.state.registered.as_ref()?.fact.party.clone(), party));
    Ok(parties.into_values().filter_map(coded).collect())
}

fn found<F: Family>(at: StateAt) -> anyhow::Result<Found<F>> {
    let state = read_state(&at.text);
    let state =
        state.with_context(|| format!("the state of {} is damaged; run `griffie project --rebuild`", at.stream))?;
    Ok(Found { stream: at.stream, reference: None, state })
}
