//! Whether the server lives, and whether it can do its work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::Endpoint;
use crate::engine::{Health, readiness};

/// Says that the process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// Says whether facts can be recorded and asked: 200, or 503 with the checks that failed.
pub async fn ready(State(endpoint): State<Endpoint>) -> Response {
    let mut checks = readiness(&endpoint.engine).await;
    let closing = if endpoint.closing.is_cancelled() { Health::Bad("the server is stopping") } else { Health::Good };
    checks.push(("endpoint", closing));
    let ready = checks.iter().all(|(_, health)| *health == Health::Good);
    let said = |health: Health| match health {
        Health::Good => "ok",
        Health::Bad(reason) => reason,
    };
    let checks: Map<String, Value> =
        checks.into_iter().map(|(name, health)| (name.to_owned(), said(health).into())).collect();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ready, "checks": checks }))).into_response()
}
