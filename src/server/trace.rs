//! Traces that begin with the caller: the header `traceparent` (W3C Trace Context, section 3.2).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::FutureExt as _;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;

/// Answers a request within the trace that it names; the span of its operation continues it. Any other header is left out.
pub async fn go_on(request: Request, next: Next) -> Response {
    if !request.headers().contains_key("traceparent") {
        return next.run(request).await;
    }
    let context = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
    next.run(request).with_context(context).await
}
