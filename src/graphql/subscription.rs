//! Following the ledger.

use async_graphql::{Context, Result, Subscription as GraphqlSubscription};
use futures_util::{Stream, StreamExt as _};

use super::error::{bad_input, wire};
use super::event::{Event, EventFilterInput};
use crate::engine::{Engine, feed};
use crate::ledger::name::Sequence;
use crate::store::{EntryFilter, head};

/// Facts as they are recorded.
pub struct Subscription;

/// Facts as they are recorded.
#[GraphqlSubscription]
impl Subscription {
    /// The facts from now on, or after a sequence: give the last one you have seen and you miss none and get none twice.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the stream.")] filter: Option<EventFilterInput>,
        #[graphql(desc = "The last sequence that you have; absent: begin with what is recorded from now on.")]
        after: Option<Sequence>,
    ) -> Result<impl Stream<Item = Result<Event>> + use<>> {
        let engine = ctx.data::<Engine>()?;
        let size = wire(head(engine.store()).await)?.map_or(0, |head| head.size());
        let from = match after {
            None => size,
            Some(after) if after.0 < size => after.0 + 1,
            Some(after) => {
                return Err(bad_input(format!(
                    "the ledger has {size} entries; sequence {} is not among them",
                    after.0
                )));
            }
        };
        let filter = filter.map_or(EntryFilter::All, EntryFilter::from);
        let entries = feed(engine.store().clone(), engine.published(), filter, from);
        Ok(entries.map(|entry| wire(entry).map(Event::new)))
    }
}
