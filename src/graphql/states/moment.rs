//! Moments as they are asked for: what was known, and what was in force.

use async_graphql::{Context, InputObject, OneofObject, Result};

use crate::engine::{Engine, KnownAt, Moment, MomentError};
use crate::graphql::error::{Code, bad_input, data, error, wire};
use crate::graphql::loader::head_of;
use crate::ledger::name::Sequence;
use crate::time::PartialDate;

/// Up to where the ledger is read: what was known.
#[derive(Clone, Copy, Debug, OneofObject)]
pub enum KnownAtInput {
    /// The entries recorded by this date or instant; a bare date means its last microsecond in Europe/Amsterdam.
    At(PartialDate),
    /// The first entries of the ledger, as many as this.
    Size(Sequence),
}

/// A moment to compare.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct MomentInput {
    /// What was known: by an instant, or with a number of entries. Absent: everything.
    known_at: Option<KnownAtInput>,
    /// What was in force; a bare date means its last microsecond in Europe/Amsterdam. Absent: now.
    valid_at: Option<PartialDate>,
}

impl MomentInput {
    /// Resolves it.
    pub async fn moment(self, ctx: &Context<'_>) -> Result<Moment> {
        moment(ctx, self.known_at, self.valid_at).await
    }
}

/// Resolves a moment: what was known, and when in the world.
pub async fn moment(
    ctx: &Context<'_>,
    known_at: Option<KnownAtInput>,
    valid_at: Option<PartialDate>,
) -> Result<Moment> {
    let engine = data::<Engine>(ctx)?;
    let known = match known_at {
        None => KnownAt::Head,
        Some(KnownAtInput::At(date)) => KnownAt::Instant(date.latest()),
        Some(KnownAtInput::Size(size)) => KnownAt::Size(size.0),
    };
    let valid = valid_at.map_or_else(|| engine.sources().now(), |date| date.latest());
    match Moment::resolve(engine.store(), known, valid).await {
        Ok(moment) => Ok(moment),
        Err(MomentError::Store(error)) => wire(Err(error)),
        Err(error @ MomentError::BeyondHead { .. }) => Err(bad_input(error.to_string())),
        Err(not_founded @ MomentError::NotFounded) => Err(error(Code::Unavailable, not_founded.to_string())),
    }
}

/// How many entries the ledger has, as this request sees it.
pub async fn known_size(ctx: &Context<'_>) -> Result<u64> {
    Ok(head_of(ctx).await?.map_or(0, |head| head.size()))
}

/// Holds a number of entries to what the ledger has.
///
/// # Errors
///
/// `BAD_USER_INPUT` beyond the head: what is not there cannot be read, and less than was asked for is no answer.
pub async fn size_within(ctx: &Context<'_>, size: Option<Sequence>) -> Result<u64> {
    let known = known_size(ctx).await?;
    match size {
        Some(Sequence(size)) if size > known => Err(bad_input(format!("the ledger has {known} entries, not {size}"))),
        Some(Sequence(size)) => Ok(size),
        None => Ok(known),
    }
}
