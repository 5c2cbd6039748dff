//! GraphQL over HTTP: POST with a JSON body, GET for queries only, no batches.

use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::body::{Body, Bytes};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRequest as _, Query, Request, State, WebSocketUpgrade};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::Value;

use super::media::{self, Media};
use super::operation::Outcome;
use super::origin::{FOREIGN, is_welcome};
use super::request::{RequestContext, caller, failed};
use super::{BODY_BYTES_MAX, BODY_TIMEOUT_MS, Endpoint, operation, socket, stream};
use crate::family::describe::Language;
use crate::graphql::Call;

/// The parameters in a URL, where variables and extensions are JSON texts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UrlParameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Answers a POST.
pub async fn post(State(endpoint): State<Endpoint>, request: Request) -> Response {
    let asked = match RequestContext::read(&endpoint, &request) {
        Ok(asked) => asked,
        Err(refused) => return *refused,
    };
    if !media::is_json(request.headers()) {
        let message = "send the request as Content-Type: application/json";
        return asked.refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    }
    let body = match tokio::time::timeout(Duration::from_millis(BODY_TIMEOUT_MS), read_body(request)).await {
        Ok(Ok(body)) => body,
        Ok(Err(status)) => {
            let message = format!("the body is longer than {BODY_BYTES_MAX} bytes or was cut off");
            return closing(asked.refuse(status, &message));
        }
        Err(_) => {
            let message = format!("the body did not arrive within {BODY_TIMEOUT_MS} ms");
            return closing(asked.refuse(StatusCode::REQUEST_TIMEOUT, &message));
        }
    };
    match read_call(&body) {
        Ok(call) => answer(&endpoint, asked, call, &Method::POST).await,
        Err(message) => asked.refuse(StatusCode::BAD_REQUEST, &message),
    }
}

/// Answers a GET: the upgrade to a WebSocket, or a query.
pub async fn get(
    State(endpoint): State<Endpoint>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    parameters: Result<Query<UrlParameters>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Response {
    if let Ok(upgrade) = upgrade {
        let language = media::language(request.headers());
        return socket::open(endpoint, upgrade, caller(&request), language, super::connection::held(&request));
    }
    let asked = match RequestContext::read(&endpoint, &request) {
        Ok(asked) => asked,
        Err(refused) => return *refused,
    };
    let Ok(Query(parameters)) = parameters else {
        let message =
            "give `query`, and if needed `operationName`, `variables`, `extensions` and `documentId`, once each";
        return asked.refuse(StatusCode::BAD_REQUEST, message);
    };
    match url_call(parameters) {
        Ok(call) => answer(&endpoint, asked, call, &Method::GET).await,
        Err(message) => asked.refuse(StatusCode::BAD_REQUEST, &message),
    }
}

/// Answers OPTIONS, where it is not a browser's preflight.
pub async fn options() -> Response {
    (StatusCode::NO_CONTENT, [(header::ALLOW, ALLOWED)]).into_response()
}

/// Keeps pages of other sites out, whatever they ask for.
pub async fn guard(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    if is_welcome(request.headers(), &endpoint.origins) {
        next.run(request).await
    } else {
        RequestContext::unread(&endpoint).speaking(&request).refuse(StatusCode::FORBIDDEN, FOREIGN)
    }
}

/// Answers other methods.
pub async fn wrong_method(State(endpoint): State<Endpoint>, uri: Uri) -> Response {
    let (allowed, message) = match uri.path() {
        "/graphql" => (ALLOWED, "use POST, or GET for queries"),
        _ => ("GET, HEAD", "use GET"),
    };
    let mut response = RequestContext::unread(&endpoint).refuse(StatusCode::METHOD_NOT_ALLOWED, message);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// Answers other paths.
pub async fn elsewhere(State(endpoint): State<Endpoint>) -> Response {
    RequestContext::unread(&endpoint)
        .refuse(StatusCode::NOT_FOUND, "the API is at /graphql; see also /healthz, /readyz and /metrics")
}

/// Answers for a handler that panicked; the panic itself went to the log.
pub fn panicked(_payload: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    failed()
}

const ALLOWED: &str = "GET, POST, OPTIONS";

/// Runs a request, if it is well-formed.
async fn answer(endpoint: &Endpoint, asked: RequestContext, call: Call, method: &Method) -> Response {
    if !endpoint.api.is_well_formed(&call) {
        return asked.refuse(StatusCode::BAD_REQUEST, "give the document as `query`");
    }
    let prepared = endpoint.api.prepare(Call { language: asked.language, ..call }, &asked.request_id);
    let kind = match &prepared {
        Ok(operation) => Some(operation.kind),
        Err(refused) => refused.kind,
    };
    if method == Method::GET && kind == Some(OperationType::Mutation) {
        let mut response = asked.refuse(StatusCode::METHOD_NOT_ALLOWED, "a mutation is sent by POST");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    let operation = match prepared {
        Ok(operation) => operation,
        Err(refused) if asked.media == Media::EventStream => return stream::once(&asked, &refused.answer),
        Err(refused) => return asked.respond(&refused.answer),
    };
    match (operation.kind, asked.media) {
        (OperationType::Subscription, Media::EventStream) => stream::open(endpoint, &asked, operation),
        (OperationType::Subscription, Media::Response | Media::Json) => {
            let message = "subscriptions are answered as text/event-stream, or over a WebSocket";
            asked.refuse(StatusCode::NOT_ACCEPTABLE, message)
        }
        (OperationType::Query | OperationType::Mutation, media) => {
            let outcome = operation::run(endpoint, operation, &asked.request_id).await;
            match (outcome, media) {
                (outcome, Media::EventStream) => stream::once(&asked, &outcome.answer()),
                (Outcome::Answered(answer), _) => asked.respond(&answer),
                (Outcome::Unavailable(answer), _) => asked.unavailable(&answer),
            }
        }
    }
}

/// What was not read of a request cannot be told from the next one.
fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

async fn read_body(request: Request<Body>) -> Result<Bytes, StatusCode> {
    Bytes::from_request(request, &()).await.map_err(|rejection| rejection.status())
}

fn read_call(body: &[u8]) -> Result<Call, String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    if value.is_array() {
        return Err("batches are not possible; send one request at a time".to_owned());
    }
    serde_json::from_value(value).map_err(|error| format!("this is no GraphQL request: {error}"))
}

fn url_call(parameters: UrlParameters) -> Result<Call, String> {
    let object = |name: &str, text: Option<String>| match text.map(|text| serde_json::from_str(&text)).transpose() {
        Ok(object) => Ok(object.flatten()),
        Err(error) => Err(format!("`{name}` is no JSON object: {error}")),
    };
    Ok(Call {
        variables: object("variables", parameters.variables)?,
        extensions: object("extensions", parameters.extensions)?,
        query: parameters.query,
        document_id: parameters.document_id,
        operation_name: parameters.operation_name.filter(|name| !name.is_empty()),
        language: Language::default(),
    })
}
