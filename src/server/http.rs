//! GraphQL over HTTP: POST with a JSON body, GET for queries only, no batches.

use std::time::Duration;

use async_graphql::parser::types::{DocumentOperations, OperationType};
use async_graphql::{Request, Response, Variables};
use axum::Json;
use axum::body::Bytes;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Query, State, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response as HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{BODY_BYTES_MAX, Door, OPERATION_TIMEOUT_MS, socket};
use crate::graphql::Code;

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// The parameters of a GraphQL request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Parameters {
    query: String,
    operation_name: Option<String>,
    variables: Option<Value>,
    extensions: Option<Value>,
}

/// The same in a URL, where variables are JSON texts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UrlParameters {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Answers a POST.
pub(super) async fn post(
    State(door): State<Door>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> HttpResponse {
    let accepted = accepted(&headers);
    if !from_this_machine(&headers) {
        return refuse(StatusCode::FORBIDDEN, accepted, FOREIGN);
    }
    if !is_json(&headers) {
        return refuse(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            accepted,
            "send the request as Content-Type: application/json",
        );
    }
    let Ok(body) = body else {
        let message = format!("the body is longer than {BODY_BYTES_MAX} bytes or was cut off");
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, accepted, &message);
    };
    match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Array(_)) => {
            refuse(StatusCode::BAD_REQUEST, accepted, "batches are not possible; send one request at a time")
        }
        Ok(value) => match serde_json::from_value::<Parameters>(value) {
            Ok(parameters) => answer(&door, parameters, accepted).await,
            Err(error) => refuse(StatusCode::BAD_REQUEST, accepted, &format!("this is no GraphQL request: {error}")),
        },
        Err(error) => refuse(StatusCode::BAD_REQUEST, accepted, &format!("the body is not JSON: {error}")),
    }
}

/// Answers a GET: the upgrade to a WebSocket, or a query.
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    parameters: Result<Query<UrlParameters>, axum::extract::rejection::QueryRejection>,
) -> HttpResponse {
    let accepted = accepted(&headers);
    if !from_this_machine(&headers) {
        return refuse(StatusCode::FORBIDDEN, accepted, FOREIGN);
    }
    if let Ok(upgrade) = upgrade {
        return socket::open(door, upgrade);
    }
    let Ok(Query(parameters)) = parameters else {
        return refuse(
            StatusCode::BAD_REQUEST,
            accepted,
            "give `query`, and if needed `operationName` and `variables`",
        );
    };
    let parse = |text: Option<String>| text.map(|text| serde_json::from_str::<Value>(&text)).transpose();
    let (Some(query), Ok(variables), Ok(extensions)) =
        (parameters.query, parse(parameters.variables), parse(parameters.extensions))
    else {
        return refuse(
            StatusCode::BAD_REQUEST,
            accepted,
            "give `query`; `variables` and `extensions` are JSON objects",
        );
    };
    if !is_query(&query, parameters.operation_name.as_deref()) {
        let mut response =
            refuse(StatusCode::METHOD_NOT_ALLOWED, accepted, "only queries may be sent by GET; use POST");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    answer(&door, Parameters { query, operation_name: parameters.operation_name, variables, extensions }, accepted)
        .await
}

/// Tells whether the operation that would run is a query. What cannot be parsed is answered by execution.
fn is_query(query: &str, operation_name: Option<&str>) -> bool {
    let Ok(document) = async_graphql::parser::parse_query(query) else {
        return true;
    };
    match &document.operations {
        DocumentOperations::Single(operation) => operation.node.ty == OperationType::Query,
        DocumentOperations::Multiple(operations) => operations
            .iter()
            .filter(|(name, _)| operation_name.is_none_or(|wanted| wanted == name.as_str()))
            .all(|(_, operation)| operation.node.ty == OperationType::Query),
    }
}

async fn answer(door: &Door, parameters: Parameters, accepted: &'static str) -> HttpResponse {
    let mut request = Request::new(parameters.query);
    if let Some(name) = parameters.operation_name {
        request = request.operation_name(name);
    }
    match parameters.variables {
        None | Some(Value::Null) => {}
        Some(variables @ Value::Object(_)) => request = request.variables(Variables::from_json(variables)),
        Some(_) => return refuse(StatusCode::BAD_REQUEST, accepted, "`variables` is a JSON object"),
    }
    if parameters.extensions.is_some_and(|extensions| !extensions.is_object() && !extensions.is_null()) {
        return refuse(StatusCode::BAD_REQUEST, accepted, "`extensions` is a JSON object");
    }
    let timeout = Duration::from_millis(OPERATION_TIMEOUT_MS);
    match tokio::time::timeout(timeout, door.schema.execute(request)).await {
        Ok(response) => respond(response, accepted),
        // A fact that was taken is finished all the same; its idempotency key tells what became of it.
        Err(_) => refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            accepted,
            "the operation took too long; a fact that was taken is recorded: ask with the same idempotency key",
        ),
    }
}

/// A response that never began to execute has no `data`, and its status says so to clients that understand that.
fn respond(response: Response, accepted: &'static str) -> HttpResponse {
    let began =
        !response.errors.iter().any(|error| error.path.is_empty()) || response.data != async_graphql::Value::Null;
    let status = if accepted == GRAPHQL_RESPONSE && !began { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let mut http = (status, Json(&response)).into_response();
    if !began {
        let errors = serde_json::to_value(&response.errors).unwrap_or_default();
        http = (status, Json(json!({ "errors": errors }))).into_response();
    }
    with_media_type(http, accepted)
}

fn refuse(status: StatusCode, accepted: &'static str, message: &str) -> HttpResponse {
    let code = if status == StatusCode::SERVICE_UNAVAILABLE { Code::Unavailable } else { Code::BadUserInput };
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": code.as_str() } }] });
    with_media_type((status, Json(body)).into_response(), accepted)
}

fn with_media_type(mut response: HttpResponse, accepted: &'static str) -> HttpResponse {
    let value = if accepted == GRAPHQL_RESPONSE {
        "application/graphql-response+json; charset=utf-8"
    } else {
        "application/json; charset=utf-8"
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(value));
    response
}

/// The media type of the answer: the newer one for whoever asks for it.
fn accepted(headers: &HeaderMap) -> &'static str {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or(JSON);
    if accept.contains(GRAPHQL_RESPONSE) { GRAPHQL_RESPONSE } else { JSON }
}

const FOREIGN: &str = "this ledger answers programs on its own machine, not pages of other sites";

/// Until callers are asked who they are, no page of another site may speak through somebody's browser: neither with an
/// `Origin` that is not this server, which a WebSocket needs no permission for, nor under a foreign name that was made to
/// point here.
fn from_this_machine(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    let host = text(header::HOST);
    let name = host.map(|host| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    });
    let local = name.is_none_or(|name| ["localhost", "127.0.0.1", "[::1]"].contains(&name));
    let same =
        text(header::ORIGIN).is_none_or(|origin| origin.split_once("://").map(|(_, authority)| authority) == host);
    local && same
}

/// Only JSON: a form or a text could be sent by any web page without asking this server first.
fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media_type| media_type.eq_ignore_ascii_case(JSON));
    json && parts.all(|parameter| parameter.eq_ignore_ascii_case("charset=utf-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_taken() {
        let check = |content_type: &'static str, expected: bool| {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            assert_eq!(is_json(&headers), expected, "{content_type}");
        };
        check("application/json", true);
        check("application/json; charset=utf-8", true);
        check("Application/JSON;charset=UTF-8", true);
        check("application/json; charset=latin1", false);
        check("text/plain", false);
        check("application/x-www-form-urlencoded", false);
        check("multipart/form-data; boundary=x", false);
        check("application/jsonp", false);
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn no_page_of_another_site_speaks_through_a_browser() {
        let check = |host: &'static str, origin: Option<&'static str>, expected: bool| {
            let mut headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            headers.extend(origin.map(|origin| (header::ORIGIN, HeaderValue::from_static(origin))));
            assert_eq!(from_this_machine(&headers), expected, "{host} {origin:?}");
        };
        check("127.0.0.1:8080", None, true);
        check("localhost", None, true);
        check("[::1]:8080", None, true);
        check("ledger.attacker.example:8080", None, false);
        check("127.0.0.1:8080", Some("http://127.0.0.1:8080"), true);
        check("127.0.0.1:8080", Some("http://127.0.0.1:9090"), false);
        check("127.0.0.1:8080", Some("https://attacker.example"), false);
        check("127.0.0.1:8080", Some("null"), false);
        assert!(from_this_machine(&HeaderMap::new()));
    }

    #[test]
    fn only_queries_go_by_get() {
        let check =
            |query: &str, name: Option<&str>, expected: bool| assert_eq!(is_query(query, name), expected, "{query}");
        check("{ ledger { size } }", None, true);
        check("mutation { recordAll }", None, false);
        check("subscription { events { id } }", None, false);
        check("query A { a } mutation B { b }", Some("A"), true);
        check("query A { a } mutation B { b }", Some("B"), false);
        check("query A { a } mutation B { b }", None, false);
    }
}
