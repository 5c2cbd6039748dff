//! GraphQL over HTTP: POST with a JSON body, GET for queries only, no batches.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::body::{Body, Bytes};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRequest as _, Query, Request, State, WebSocketUpgrade};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::media::{self, Media};
use super::operation::Outcome;
use super::origin::{FOREIGN, REQUEST_ID, is_welcome};
use super::{BODY_BYTES_MAX, BODY_TIMEOUT_MS, Door, RETRY_AFTER_S, operation, socket, stream};
use crate::family::describe::Language;
use crate::graphql::{Answer, Call, Code};

/// The machine that a request came from, as its connection knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller(pub IpAddr);

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

/// What is known of a request before its parameters are read.
pub struct Asked {
    /// Its name, for its caller and the log.
    pub request_id: String,
    /// In what it wants its answer.
    pub media: Media,
    /// In which language.
    pub language: Language,
    /// The place after which an event stream goes on.
    pub last_event_id: Option<String>,
    /// Who asks.
    pub caller: IpAddr,
}

/// Answers a POST.
pub async fn post(State(door): State<Door>, request: Request) -> Response {
    let asked = match Asked::read(&door, &request) {
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
        Ok(call) => answer(&door, asked, call, &Method::POST).await,
        Err(message) => asked.refuse(StatusCode::BAD_REQUEST, &message),
    }
}

/// Answers a GET: the upgrade to a WebSocket, or a query.
pub async fn get(
    State(door): State<Door>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    parameters: Result<Query<UrlParameters>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Response {
    if let Ok(upgrade) = upgrade {
        let language = media::language(request.headers());
        return socket::open(door, upgrade, caller(&request), language, super::connection::held(&request));
    }
    let asked = match Asked::read(&door, &request) {
        Ok(asked) => asked,
        Err(refused) => return *refused,
    };
    let Ok(Query(parameters)) = parameters else {
        let message =
            "give `query`, and if needed `operationName`, `variables`, `extensions` and `documentId`, once each";
        return asked.refuse(StatusCode::BAD_REQUEST, message);
    };
    match url_call(parameters) {
        Ok(call) => answer(&door, asked, call, &Method::GET).await,
        Err(message) => asked.refuse(StatusCode::BAD_REQUEST, &message),
    }
}

/// Answers OPTIONS, where it is not a browser's preflight.
pub async fn options() -> Response {
    (StatusCode::NO_CONTENT, [(header::ALLOW, ALLOWED)]).into_response()
}

/// Keeps pages of other sites out, whatever they ask for.
pub async fn guard(State(door): State<Door>, request: Request, next: Next) -> Response {
    if is_welcome(request.headers(), &door.origins) {
        next.run(request).await
    } else {
        Asked::unread(&door).speaking(&request).refuse(StatusCode::FORBIDDEN, FOREIGN)
    }
}

/// Answers other methods.
pub async fn wrong_method(State(door): State<Door>, uri: Uri) -> Response {
    let (allowed, message) = match uri.path() {
        "/graphql" => (ALLOWED, "use POST, or GET for queries"),
        _ => ("GET, HEAD", "use GET"),
    };
    let mut response = Asked::unread(&door).refuse(StatusCode::METHOD_NOT_ALLOWED, message);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// Answers other paths.
pub async fn elsewhere(State(door): State<Door>) -> Response {
    Asked::unread(&door)
        .refuse(StatusCode::NOT_FOUND, "the API is at /graphql; see also /healthz, /readyz and /metrics")
}

/// Answers for a handler that panicked; the panic itself went to the log.
pub fn panicked(_payload: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    text(StatusCode::INTERNAL_SERVER_ERROR, Media::Json, &Answer::failed("unknown"))
}

const ALLOWED: &str = "GET, POST, OPTIONS";

impl Asked {
    /// Reads who asks and in what it wants its answer; refuses media types that are not spoken.
    fn read(door: &Door, request: &Request) -> Result<Self, Box<Response>> {
        let (asked, headers) = (Self::unread(door).speaking(request), request.headers());
        let Some(media) = media::accepted(headers) else {
            let message = "accept application/graphql-response+json, application/json or text/event-stream";
            return Err(Box::new(asked.refuse(StatusCode::NOT_ACCEPTABLE, message)));
        };
        let last_event_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        Ok(Self { media, last_event_id, caller: caller(request), ..asked })
    }

    /// Names a request of which nothing was read.
    pub fn unread(door: &Door) -> Self {
        let request_id = door.engine.sources().uuid().map_or_else(|_| "unknown".to_owned(), |id| id.to_string());
        let (media, language) = (Media::Json, Language::default());
        Self { request_id, media, language, last_event_id: None, caller: Ipv4Addr::LOCALHOST.into() }
    }

    /// Notes the language that a request asks for.
    fn speaking(self, request: &Request) -> Self {
        Self { language: media::language(request.headers()), ..self }
    }

    /// Refuses a request that is not a well-formed GraphQL-over-HTTP request, or not taken at all.
    pub fn refuse(&self, status: StatusCode, message: &str) -> Response {
        super::metrics::refused(reason(status));
        let code = if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            Code::Unavailable
        } else if status == StatusCode::FORBIDDEN {
            Code::Forbidden
        } else {
            Code::BadUserInput
        };
        let media = if self.media == Media::EventStream { Media::Json } else { self.media };
        let answer = Answer::refused(code, message.to_owned(), None, &self.request_id).in_language(self.language);
        self.named(text(status, media, &answer))
    }

    /// Gives the answer to a well-formed request, with the status code that its media type asks for.
    fn respond(&self, answer: &Answer) -> Response {
        let mut response = self.named(text(status(self.media, answer), self.media, answer));
        if answer.code() == Some(Code::Unavailable) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        response
    }

    /// Sends a caller away for now.
    pub fn unavailable(&self, answer: &Answer) -> Response {
        let media = if self.media == Media::EventStream { Media::Json } else { self.media };
        self.named(text(StatusCode::SERVICE_UNAVAILABLE, media, answer))
    }

    /// Notes the request's name in its response.
    pub fn named(&self, mut response: Response) -> Response {
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        if [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&response.status()) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        response
    }
}

/// Runs a request, if it is well-formed.
async fn answer(door: &Door, asked: Asked, call: Call, method: &Method) -> Response {
    if !door.api.is_well_formed(&call) {
        return asked.refuse(StatusCode::BAD_REQUEST, "give the document as `query`");
    }
    let prepared = door.api.prepare(Call { language: asked.language, ..call }, &asked.request_id);
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
        (OperationType::Subscription, Media::EventStream) => stream::open(door, &asked, operation),
        (OperationType::Subscription, Media::Response | Media::Json) => {
            let message = "subscriptions are answered as text/event-stream, or over a WebSocket";
            asked.refuse(StatusCode::NOT_ACCEPTABLE, message)
        }
        (OperationType::Query | OperationType::Mutation, media) => {
            let outcome = operation::run(door, operation, &asked.request_id).await;
            match (outcome, media) {
                (outcome, Media::EventStream) => stream::once(&asked, &outcome.answer()),
                (Outcome::Answered(answer), _) => asked.respond(&answer),
                (Outcome::Unavailable(answer), _) => asked.unavailable(&answer),
            }
        }
    }
}

/// The status code of the answer to a well-formed request (GraphQL over HTTP, section "Status Codes").
fn status(media: Media, answer: &Answer) -> StatusCode {
    match (media, answer.executed, answer.code()) {
        (Media::Json | Media::EventStream, ..) | (Media::Response, true, _) => StatusCode::OK,
        (_, _, Some(Code::Forbidden)) => StatusCode::FORBIDDEN,
        (_, _, Some(Code::Unavailable)) => StatusCode::SERVICE_UNAVAILABLE,
        (_, _, Some(Code::Internal)) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn text(status: StatusCode, media: Media, answer: &Answer) -> Response {
    (status, [(header::CONTENT_TYPE, media.content_type())], answer.text()).into_response()
}

/// What was not read of a request cannot be told from the next one.
fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn reason(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "foreign",
        StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::NOT_ACCEPTABLE => "media",
        StatusCode::PAYLOAD_TOO_LARGE => "length",
        StatusCode::REQUEST_TIMEOUT => "slow",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "busy",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::NOT_FOUND => "path",
        _ => "malformed",
    }
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

fn caller(request: &Request) -> IpAddr {
    request.extensions().get::<Caller>().map_or(Ipv4Addr::LOCALHOST.into(), |caller| caller.0)
}
