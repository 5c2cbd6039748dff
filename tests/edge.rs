//! What every answer carries and what pages of other sites are told; health and metrics; trusted documents.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use griffie::graphql::{Api, Principal, TrustedDocuments};
use griffie::ledger::entry::Actor;
use griffie::server::{AllowedOrigins, Endpoint};
use serde_json::{Value, json};

use crate::support::program::Program;
use crate::support::wire::{HONEST, Peer, Reply, Served, Socket, answer, escaped, post, query, request, serve, soon};

const JSON: &str = "application/json";
const RESPONSE: &str = "application/graphql-response+json";
const EVENT_STREAM: &str = "text/event-stream";
const SECURITY_HEADERS: [(&str, &str); 6] = [
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
];
const MUTATION: &str = "mutation Publish($input: RecordConsentTextInput!) { recordConsentText(input: $input) { \
                        receipt { sequence } userErrors { code } } }";

/// A ledger whose endpoint lets in pages of some origins, or runs trusted documents only.
async fn opened(served: &Served, origins: &str, trusted: Option<TrustedDocuments>) -> SocketAddr {
    let actor = Actor { id: Some("staff-1".parse().unwrap()), role: "DPO".parse().unwrap(), unit: None };
    let engine = &served.api.engine;
    let api = Api::new(engine.clone(), Principal { actor }, trusted);
    serve(&Endpoint::new(api, engine.clone(), origins.parse::<AllowedOrigins>().unwrap(), None)).await
}

fn get(path: &str) -> Vec<u8> {
    request(&format!("GET {path}"), &[], "")
}

/// Adds headers to a request.
fn with(request: &[u8], headers: &str) -> Vec<u8> {
    let end = request.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    [&request[..end], headers.as_bytes(), &request[end..]].concat()
}

// --- What every answer carries -----------------------------------------------------------------------------------

/// Requests of every kind, each with the status of its answer.
fn requests() -> Vec<(&'static str, Vec<u8>, u16)> {
    let long = format!(r#"{{"query":"{}"}}"#, "a".repeat(300_000));
    vec![
        ("a query", query(HONEST), 200),
        ("a query by GET", get(&format!("/graphql?query={}", escaped(HONEST))), 200),
        ("a query in the newer media type", post(RESPONSE, json!({ "query": HONEST }).to_string()), 200),
        ("a query as a stream", post(EVENT_STREAM, json!({ "query": HONEST }).to_string()), 200),
        ("a wrong query", query("{ nonsense }"), 200),
        ("a wrong query in the newer media type", post(RESPONSE, r#"{"query":"{ nonsense }"}"#), 400),
        ("a wrong query as a stream", post(EVENT_STREAM, r#"{"query":"{ nonsense }"}"#), 200),
        ("no JSON", post(JSON, "nonsense"), 400),
        ("no parameters", get("/graphql"), 400),
        ("unknown parameters", get("/graphql?a=b"), 400),
        ("a page of another site", with(&query(HONEST), "Origin: https://attacker.example\r\n"), 403),
        ("a foreign name", b"GET /graphql?query=%7Ba%7D HTTP/1.1\r\nHost: attacker.example\r\n\r\n".to_vec(), 403),
        ("another path", get("/"), 404),
        ("a mutation by GET", get("/graphql?query=mutation%7Ba%7D"), 405),
        ("PUT", request("PUT /graphql", &[], HONEST), 405),
        ("DELETE of a health check", request("DELETE /healthz", &[], ""), 405),
        ("a picture wanted", post("image/png", json!({ "query": HONEST }).to_string()), 406),
        ("a subscription as JSON", query("subscription { events { id } }"), 406),
        ("a body that is too long", post(JSON, long), 413),
        ("a text", request("POST /graphql", &[("Content-Type", "text/plain")], HONEST), 415),
        ("health", get("/healthz"), 200),
        ("readiness", get("/readyz"), 200),
        ("metrics where none are", get("/metrics"), 404),
    ]
}

fn holds_security_headers(what: &str, reply: &Reply) {
    for (name, value) in SECURITY_HEADERS {
        assert_eq!(reply.header(name), Some(value), "{what}: {name}");
        assert_eq!(reply.header_names().filter(|found| *found == name).count(), 1, "{what}: {name}");
    }
    assert!(reply.header("server").is_none(), "{what}");
}

#[tokio::test]
async fn every_answer_has_the_security_headers_and_a_name_of_its_own() {
    let served = Served::new().await;
    let mut names = BTreeSet::new();
    for (what, request, status) in requests() {
        let reply = answer(served.address, request).await;
        assert_eq!(reply.status, status, "{what}: {}", reply.text());
        holds_security_headers(what, &reply);
        if ["health", "readiness", "metrics where none are"].contains(&what) {
            continue;
        }
        let name = reply.header("x-request-id").unwrap_or_else(|| panic!("{what} has no name"));
        assert!(names.insert(name.to_owned()), "{what}: {name} again");
        let text = reply.text();
        let body = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap_or(&text);
        let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{what}: {body}"));
        let errors = body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(errors.is_empty(), body.get("data").is_some(), "{what}: {body}");
        for error in errors {
            assert_eq!(error["extensions"]["requestId"], name, "{what}");
        }
    }
    let mut peer = Peer::connect(served.address).await;
    peer.send(post(EVENT_STREAM, r#"{"query":"subscription { events { id } }"}"#)).await;
    let stream = soon("an event stream", peer.head()).await.unwrap();
    assert_eq!((stream.status, stream.header("content-type")), (200, Some("text/event-stream; charset=utf-8")));
    holds_security_headers("an event stream", &stream);
    assert!(stream.header("x-request-id").is_some_and(|name| !names.contains(name)));
}

#[tokio::test]
async fn other_methods_are_told_which_there_are() {
    let served = Served::new().await;
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "QUERY"] {
        let reply = answer(served.address, request(&format!("{method} /graphql"), &[], "")).await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, POST, OPTIONS")), "{method}");
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{method}");
    }
    // The answer to a HEAD has no body, whatever its length says.
    let mut peer = Peer::connect(served.address).await;
    peer.send(request(&format!("HEAD /graphql?query={}", escaped(HONEST)), &[], "")).await;
    let reply = soon("an answer", peer.head()).await.unwrap();
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, POST, OPTIONS")));
    let reply = answer(served.address, request("OPTIONS /graphql", &[], "")).await;
    assert_eq!((reply.status, reply.header("allow")), (204, Some("GET, POST, OPTIONS")));
    let reply = answer(served.address, get("/graphql?query=mutation%7Ba%7D")).await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
}

// --- Pages of other sites ----------------------------------------------------------------------------------------

const CONSOLE: &str = "https://console.example.org";

fn preflight(origin: &str) -> Vec<u8> {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    request("OPTIONS /graphql", &headers, "")
}

fn from_page(origin: &str) -> Vec<u8> {
    with(&query(HONEST), &format!("Origin: {origin}\r\n"))
}

/// What a reply says to a browser about pages.
fn said_of_pages(reply: &Reply) -> Vec<&str> {
    reply.header_names().filter(|name| name.starts_with("access-control-")).collect()
}

#[tokio::test]
async fn pages_of_other_sites_are_kept_out_by_default() {
    let served = Served::new().await;
    let console_only = opened(&served, CONSOLE, None).await;
    let check = async |address: SocketAddr, origin: &str| {
        let reply = answer(address, from_page(origin)).await;
        assert_eq!((reply.status, reply.code()), (403, json!("FORBIDDEN")), "{origin}");
        assert_eq!(said_of_pages(&reply), [""; 0], "{origin}");
        let reply = answer(address, preflight(origin)).await;
        assert_eq!(said_of_pages(&reply), [""; 0], "{origin}");
        let upgrade = with(
            &get("/graphql"),
            &format!(
                "Origin: {origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n"
            ),
        );
        assert_eq!(answer(address, upgrade).await.status, 403, "{origin}");
    };
    for origin in
        ["https://attacker.example", "null", "http://localhost:1", "https://console.example.org.attacker.example"]
    {
        check(served.address, origin).await;
        check(console_only, origin).await;
    }
    check(served.address, CONSOLE).await;
}

#[tokio::test]
async fn pages_of_an_allowed_origin_are_let_in() {
    let served = Served::new().await;
    let address = opened(&served, &format!("{CONSOLE}, http://localhost:3000"), None).await;
    for origin in [CONSOLE, "http://localhost:3000"] {
        let reply = answer(address, preflight(origin)).await;
        assert!((200..300).contains(&reply.status), "{}", reply.status);
        assert_eq!(reply.header("access-control-allow-origin"), Some(origin));
        let listed = |name: &str, item: &str| {
            reply.header(name).is_some_and(|list| list.split(',').any(|found| found.trim().eq_ignore_ascii_case(item)))
        };
        assert!(
            listed("access-control-allow-methods", "POST") && listed("access-control-allow-headers", "content-type")
        );
        assert!(listed("vary", "origin"), "{reply:?}");
        assert!(reply.header("access-control-allow-credentials").is_none(), "{reply:?}");

        let reply = answer(address, from_page(origin)).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some(origin)));
        assert!(reply.header("access-control-expose-headers").is_some_and(|list| list.contains("x-request-id")));
        assert!(reply.header("vary").is_some_and(|list| list.contains("origin")), "{reply:?}");
        assert_eq!(reply.json()["data"]["ledger"]["size"], "1");
    }
}

// --- Health and metrics ------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_server_without_its_database_is_alive_and_not_ready() {
    let served = Served::new().await;
    let alive = async || {
        let reply = answer(served.address, get("/healthz")).await;
        assert_eq!((reply.status, reply.text().as_str()), (200, "alive\n"));
    };
    alive().await;
    let reply = answer(served.address, get("/readyz")).await;
    let body = reply.json();
    assert_eq!((reply.status, &body["ready"]), (200, &json!(true)), "{body}");
    let checks = body["checks"].as_object().unwrap();
    assert!(checks.len() >= 6 && checks.values().all(|said| said == "ok"), "{body}");

    served.api.engine.store().close().await;
    let reply = answer(served.address, get("/readyz")).await;
    let body = reply.json();
    assert_eq!((reply.status, &body["ready"]), (503, &json!(false)), "{body}");
    assert_eq!(body["checks"]["database"], "the database does not answer", "{body}");
    for word in ["sqlx", "pool", "Pool", "SQL"] {
        assert!(!body.to_string().contains(word), "{body}");
    }
    alive().await;
}

#[tokio::test]
async fn the_program_shows_what_it_measures() {
    let program = Program::serve();
    let input = json!({ "idempotencyKey": "k", "fact": { "effective": "2019-01-01", "event": { "published": {
        "version": 1, "languages": ["nl"], "grantChannels": ["WEB"], "withdrawChannels": ["WEB"],
        "items": [{ "code": "photo", "purpose": { "nl": "foto's" }, "operations": ["PUBLISH"], "platforms": [] }],
    }}}});
    let body = json!({ "query": MUTATION, "variables": { "input": input } }).to_string();
    let recorded = answer(program.address, post(JSON, body)).await.json();
    assert_eq!(recorded["data"]["recordConsentText"]["receipt"]["sequence"], "1", "{recorded}");
    answer(program.address, post(JSON, "nonsense")).await;
    let reply = answer(program.address, get("/metrics")).await;
    assert_eq!(reply.status, 200);
    assert!(reply.header("content-type").is_some_and(|value| value.starts_with("text/plain")), "{reply:?}");
    let text = reply.text();
    let value = |row: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(row)?.trim().parse::<f64>().ok());
        value.unwrap_or_else(|| panic!("no {row} in\n{text}"))
    };
    assert_eq!(value("griffie_facts_total"), 1.0);
    assert_eq!(value("griffie_ledger_entries"), 2.0);
    let answered = r#"griffie_operation_seconds_count{operation="Publish",kind="mutation",code=""}"#;
    assert_eq!(value(answered), 1.0);
    assert_eq!(value(r#"griffie_requests_refused_total{reason="malformed"}"#), 1.0);
    assert!(text.contains("griffie_operation_seconds_bucket{"), "{text}");
    assert!(!text.contains("foto"), "{text}");
}

// --- Trusted documents -------------------------------------------------------------------------------------------

/// A endpoint where only `query Size` and `mutation Publish` and `subscription Facts` run.
async fn trusting(served: &Served) -> SocketAddr {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("size", "query Size { ledger { size } }\n"),
        ("publish", MUTATION),
        ("facts", "subscription Facts { events(after: \"0\") { sequence } }"),
    ] {
        std::fs::write(folder.path().join(format!("{name}.graphql")), text).unwrap();
    }
    opened(served, "", Some(TrustedDocuments::load(folder.path()).unwrap())).await
}

/// Requests that name a trusted document, and others.
fn calls() -> (Vec<Value>, Vec<Value>) {
    let trusted = vec![
        json!({ "query": "query Size { ledger { size } }" }),
        json!({ "query": "query Size { ledger { size } }\n", "operationName": "Size" }),
        json!({ "documentId": "Size" }),
        json!({ "documentId": "" }),
        json!({ "operationName": "Size" }),
    ];
    let others = vec![
        json!({ "query": HONEST }),
        json!({ "query": "query Size { ledger { root } }" }),
        json!({ "query": "query Size { ledger { size root } }", "operationName": "Size" }),
        json!({ "query": "query Size{ledger{size}}", "documentId": "Size" }),
        json!({ "query": "{ __schema { types { name } } }" }),
        json!({ "documentId": "Other" }),
        json!({ "documentId": "" }),
        json!({ "operationName": "Other" }),
    ];
    (trusted, others)
}

#[tokio::test]
async fn only_trusted_documents_run_whatever_the_transport() {
    use sha2::Digest as _;
    let served = Served::new().await;
    served.api.consent_text().await;
    let address = trusting(&served).await;
    let (mut trusted, others) = calls();
    let hash = hex::encode(sha2::Sha256::digest("query Size { ledger { size } }"));
    trusted[3] = json!({ "documentId": format!("sha256:{hash}") });
    let size = json!({ "data": { "ledger": { "size": "2" } } });
    let url = |call: &Value| {
        let parameters: Vec<String> = call
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value.as_str().unwrap())))
            .collect();
        format!("/graphql?{}", parameters.join("&"))
    };
    for call in &trusted {
        for request in [post(JSON, call.to_string()), post(RESPONSE, call.to_string()), get(&url(call))] {
            let reply = answer(address, request).await;
            assert_eq!((reply.status, reply.json()), (200, size.clone()), "{call}");
        }
        let reply = answer(address, post(EVENT_STREAM, call.to_string())).await;
        assert_eq!(reply.text(), format!("event: next\ndata: {size}\n\nevent: complete\ndata:\n\n"), "{call}");
    }
    for call in &others {
        let forbidden = |reply: &Reply, status: u16| {
            assert_eq!((reply.status, reply.code()), (status, json!("FORBIDDEN")), "{call}");
            assert!(reply.json().get("data").is_none(), "{call}");
        };
        forbidden(&answer(address, post(JSON, call.to_string())).await, 200);
        forbidden(&answer(address, post(RESPONSE, call.to_string())).await, 403);
        forbidden(&answer(address, get(&url(call))).await, 200);
        let by_get = with(&get(&url(call)), &format!("Accept: {RESPONSE}\r\n"));
        forbidden(&answer(address, by_get).await, 403);
        let reply = answer(address, post(EVENT_STREAM, call.to_string())).await;
        assert!(reply.status == 200 && reply.text().contains(r#""code":"FORBIDDEN""#), "{call}: {}", reply.text());
        assert!(!reply.text().contains(r#""data""#) && reply.text().ends_with("event: complete\ndata:\n\n"), "{call}");
    }
    let mut socket = Socket::begin(address).await;
    for call in &others {
        socket.say(json!({ "id": "1", "type": "subscribe", "payload": call })).await;
        assert_eq!(socket.expect("error", "1").await[0]["extensions"]["code"], "FORBIDDEN", "{call}");
    }
    for call in &trusted {
        socket.say(json!({ "id": "1", "type": "subscribe", "payload": call })).await;
        assert_eq!(socket.expect("next", "1").await, size, "{call}");
        assert_eq!(socket.expect("complete", "1").await, Value::Null, "{call}");
    }
    socket.say(json!({ "id": "2", "type": "subscribe", "payload": { "documentId": "Facts" } })).await;
    assert_eq!(socket.expect("next", "2").await["data"]["events"]["sequence"], "1");
    socket.subscribe("3", "subscription Facts { events { sequence } }").await;
    assert_eq!(socket.expect("error", "3").await[0]["extensions"]["code"], "FORBIDDEN");

    // A trusted mutation is no query for being named in a URL.
    assert_eq!(answer(address, get("/graphql?documentId=Publish")).await.status, 405);
    let nothing = answer(address, post(JSON, "{}")).await;
    assert_eq!((nothing.status, nothing.code()), (400, json!("BAD_USER_INPUT")));
}
