//! What operators watch, for Prometheus. No label holds a value that callers can make up without bound.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use super::Endpoint;

/// Operation names that get a row of their own; later ones are `other`.
pub const OPERATION_NAMES_MAX: usize = 100;
/// Upper bounds of the latency histogram, in seconds.
const LATENCIES_S: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Upper bounds of the histogram of batch sizes.
const BATCH_FACTS: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0];
/// How often what was measured is put into its buckets when nobody asks.
const UPKEEP_INTERVAL_MS: u64 = 5_000;

/// What is measured in this process.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to measure; once a process.
    pub fn install() -> Result<Self, BuildError> {
        let matcher = |name: &str| metrics_exporter_prometheus::Matcher::Full(name.to_owned());
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(matcher("griffie_operation_seconds"), &LATENCIES_S)?
            .set_buckets_for_metric(matcher("griffie_batch_facts"), &BATCH_FACTS)?;
        let handle = builder.install_recorder()?;
        describe();
        let upkeep = handle.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(UPKEEP_INTERVAL_MS)).await;
                upkeep.run_upkeep();
            }
        });
        Ok(Self(handle))
    }
}

fn describe() {
    use metrics::{describe_counter as counter, describe_gauge as gauge, describe_histogram as histogram};
    counter!(
        "griffie_facts_total",
        "Facts acknowledged by this server; those asked for again under their idempotency key count again"
    );
    counter!("griffie_facts_refused_total", "Facts refused, by the code of the refusal");
    histogram!("griffie_batch_facts", "Facts appended in one transaction");
    histogram!("griffie_operation_seconds", "Time to answer, by operation name, kind and error code");
    counter!("griffie_subscriptions_shed_total", "Subscriptions sent away because too many ran");
    counter!("griffie_operations_shed_total", "Operations sent away because too many ran");
    counter!("griffie_connections_shed_total", "Connections sent away because too many were open");
    counter!("griffie_requests_refused_total", "Requests refused before anything ran, by reason");
    counter!("griffie_subscription_results_total", "Results sent to subscribers");
    gauge!("griffie_subscriptions", "Subscriptions that run");
    gauge!("griffie_followers", "Readers of the ledger's feed");
    gauge!("griffie_follower_lag_entries", "Entries that the slowest follower has not read");
    gauge!("griffie_queue_submissions", "Submissions that wait for the writer");
    gauge!("griffie_ledger_entries", "Entries in the ledger");
    gauge!("griffie_checkpoint_entries", "Entries under the newest checkpoint");
    gauge!(
        "griffie_ledger_continues_checkpoint",
        "1 while the ledger continues what its key has signed, 0 after a fork"
    );
    gauge!("griffie_operations", "Queries and mutations that run");
    gauge!("griffie_sockets", "Open WebSockets");
    gauge!("griffie_streams", "Open event streams");
}

/// Counts an operation that was answered.
pub fn operation(kind: OperationType, name: Option<&str>, code: &'static str, took: Duration) {
    let labels = [("operation", label(name, code.is_empty())), ("kind", kind.to_string()), ("code", code.to_owned())];
    metrics::histogram!("griffie_operation_seconds", &labels).record(took.as_secs_f64());
}

/// Counts a request that was refused before anything ran.
pub fn refused(reason: &'static str) {
    metrics::counter!("griffie_requests_refused_total", "reason" => reason).increment(1);
}

/// The first [`OPERATION_NAMES_MAX`] names of operations that succeeded are told apart: callers could make up any number.
fn label(name: Option<&str>, succeeded: bool) -> String {
    static NAMES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let Some(name) = name else { return "anonymous".to_owned() };
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if !names.contains(name) {
        if !succeeded || names.len() >= OPERATION_NAMES_MAX {
            return "other".to_owned();
        }
        names.insert(name.to_owned());
    }
    name.to_owned()
}

/// A subscription that runs; it is counted until it is dropped.
pub struct Subscriber(());

impl Subscriber {
    /// Counts one more.
    pub fn joined() -> Self {
        metrics::gauge!("griffie_subscriptions").increment(1.0);
        Self(())
    }

    /// Counts a result.
    pub fn told(&self) {
        metrics::counter!("griffie_subscription_results_total").increment(1);
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        metrics::gauge!("griffie_subscriptions").decrement(1.0);
    }
}

/// Shows what was measured, in Prometheus' text format.
pub async fn show(State(endpoint): State<Endpoint>) -> Response {
    let Some(Metrics(handle)) = &endpoint.metrics else {
        return (StatusCode::NOT_FOUND, "this server measures nothing\n").into_response();
    };
    look(&endpoint);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

/// Reads what is a state rather than an event.
fn look(endpoint: &Endpoint) {
    let (engine, standing) = (&endpoint.engine, *endpoint.engine.standing().borrow());
    let gauge = |name: &'static str, value: u64| metrics::gauge!(name).set(value as f64);
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    gauge("griffie_ledger_entries", standing.size);
    gauge("griffie_checkpoint_entries", standing.signed);
    gauge("griffie_ledger_continues_checkpoint", u64::from(!engine.checkpointer().is_forked()));
    gauge("griffie_queue_submissions", count(engine.waiting()));
    gauge("griffie_followers", count(engine.followers().count()));
    gauge("griffie_follower_lag_entries", engine.followers().lag(standing.size));
    gauge("griffie_operations", count(endpoint.operations.taken()));
    gauge("griffie_sockets", count(endpoint.sockets.taken()));
    gauge("griffie_streams", count(endpoint.streams.taken()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_cannot_make_up_rows_without_bound() {
        assert_eq!(label(None, true), "anonymous");
        assert_eq!(label(Some("Failed"), false), "other");
        let names: Vec<String> = (0..2 * OPERATION_NAMES_MAX).map(|number| format!("Made{number}")).collect();
        let labels: BTreeSet<String> = names.iter().map(|name| label(Some(name), true)).collect();
        assert!(labels.len() <= OPERATION_NAMES_MAX + 1, "{}", labels.len());
        assert_eq!(label(Some("Made0"), true), "Made0");
        assert_eq!(label(Some("Later"), true), "other");
    }
}
