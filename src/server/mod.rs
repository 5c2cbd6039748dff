//! The endpoint: GraphQL over HTTP, WebSocket and server-sent events on one path; health and metrics beside it.
//!
//! Every transport brings a request to `operation.rs`, which is the only caller of the API. `connection.rs` holds strangers
//! to time before anything of a request is read.

mod connection;
mod health;
mod http;
mod limits;
mod media;
mod metrics;
mod operation;
mod origin;
mod places;
mod request;
mod socket;
mod stream;
#[cfg(feature = "opentelemetry")]
mod trace;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::engine::Engine;
use crate::graphql::Api;
pub use connection::{ServeError, listen, serve};
pub use limits::*;
pub use metrics::Metrics;
pub use origin::{AllowedOrigins, NotAnOrigin};
use places::Places;

/// What every handler needs. Cheap to clone.
#[derive(Clone)]
pub struct Endpoint {
    api: Api,
    engine: Engine,
    origins: Arc<AllowedOrigins>,
    metrics: Option<Metrics>,
    operations: Places<()>,
    subscriptions: Places<()>,
    sockets: Places<std::net::IpAddr>,
    streams: Places<std::net::IpAddr>,
    closing: CancellationToken,
    tasks: TaskTracker,
}

impl Endpoint {
    /// Makes the endpoint to a ledger. Pages of other origins than `origins` are kept out; without `metrics` none are shown.
    pub fn new(api: Api, engine: Engine, origins: AllowedOrigins, metrics: Option<Metrics>) -> Self {
        Self {
            api,
            engine,
            origins: Arc::new(origins),
            metrics,
            operations: Places::new(OPERATIONS_MAX),
            subscriptions: Places::new(SUBSCRIPTIONS_MAX),
            sockets: Places::new(SOCKETS_PER_CALLER_MAX),
            streams: Places::new(STREAMS_PER_CALLER_MAX),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }
    }
}

/// Makes the routes.
pub fn router(endpoint: Endpoint) -> Router {
    let mut router = Router::new()
        // Without its own, a HEAD would run the query of its URL.
        .route("/graphql", get(http::get).head(http::wrong_method).post(http::post).options(http::options))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(option_layer(origin::cors(&endpoint.origins)))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
        .fallback(http::elsewhere)
        .method_not_allowed_fallback(http::wrong_method)
        .layer(from_fn_with_state(endpoint.clone(), http::guard))
        .layer(CatchPanicLayer::custom(http::panicked));
    for (name, value) in SECURITY_HEADERS {
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    #[cfg(feature = "opentelemetry")]
    let router = router.layer(axum::middleware::from_fn(trace::go_on));
    router.with_state(endpoint)
}

/// Answers are for the program that asked: no cache keeps them, and no page shows or guesses at them.
const SECURITY_HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];
