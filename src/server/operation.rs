//! Running operations for every transport: so many at once, each for so long, each counted and named in the log.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tracing::Instrument as _;

use super::{Endpoint, OPERATION_TIMEOUT_MS};
use crate::graphql::{Answer, Code, Operation};

/// What a caller is told when too many operations run.
const BUSY: &str = "the server has too much to do; try again soon";
/// A fact that was taken is finished all the same; its idempotency key tells what became of it.
const TOO_LONG: &str =
    "the operation took too long; a fact that was taken is recorded: ask again with the same idempotency key";

/// What became of a query or a mutation.
pub enum Outcome {
    /// It was executed, or refused by the API.
    Answered(Answer),
    /// It was not taken, or not finished in time.
    Unavailable(Answer),
}

impl Outcome {
    /// Returns the answer, whatever became of it.
    pub fn answer(self) -> Answer {
        match self {
            Self::Answered(answer) | Self::Unavailable(answer) => answer,
        }
    }
}

/// Runs a query or a mutation. Dropping the future stops what it reads.
pub async fn run(endpoint: &Endpoint, operation: Operation, request_id: &str) -> Outcome {
    let (kind, name, language) = (operation.kind, operation.name.clone(), operation.language);
    let unavailable = |message: &str| {
        let answer = Answer::refused(Code::Unavailable, message.to_owned(), None, request_id);
        Outcome::Unavailable(answer.in_language(language))
    };
    let Some(_place) = endpoint.operations.take(()) else {
        metrics::counter!("griffie_operations_shed_total").increment(1);
        return unavailable(BUSY);
    };
    let span = tracing::info_span!("operation", request_id, kind = %kind, name = name.as_deref().unwrap_or_default());
    let begun = Instant::now();
    let timeout = Duration::from_millis(OPERATION_TIMEOUT_MS);
    let executed = tokio::time::timeout(timeout, endpoint.api.execute(operation).instrument(span.clone())).await;
    let outcome = match executed {
        Ok(answer) => Outcome::Answered(answer),
        Err(_) => unavailable(TOO_LONG),
    };
    let (Outcome::Answered(answer) | Outcome::Unavailable(answer)) = &outcome;
    let code = answer.code().map_or("", Code::as_str);
    let took = begun.elapsed();
    super::metrics::operation(kind, name.as_deref(), code, took);
    span.in_scope(|| tracing::info!(code, took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX), "answered"));
    outcome
}

/// Runs a subscription; it ends when its stream is dropped.
///
/// Errors: the answer to give when too many run.
pub fn follow(
    endpoint: &Endpoint,
    operation: Operation,
    request_id: &str,
) -> Result<BoxStream<'static, Answer>, Answer> {
    let Some(place) = endpoint.subscriptions.take(()) else {
        metrics::counter!("griffie_subscriptions_shed_total").increment(1);
        let busy = Answer::refused(Code::Unavailable, BUSY.to_owned(), None, request_id);
        return Err(busy.in_language(operation.language));
    };
    let name = operation.name.clone().unwrap_or_default();
    tracing::info!(request_id, kind = "subscription", name, "following");
    let subscriber = super::metrics::Subscriber::joined();
    let answers = endpoint.api.subscribe(operation);
    let told = move |_: &Answer| {
        // A closure keeps only what it names: the place is given back with the stream.
        let _kept = &place;
        subscriber.told();
    };
    Ok(answers.inspect(told).boxed())
}
