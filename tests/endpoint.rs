//! The edge: what is answered, with which status, and what is not taken at all.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures_util::{SinkExt as _, StreamExt as _};
use griffie::server::BODY_BYTES_MAX;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::support::api::{Api, read};
use crate::support::on_both;

async fn on_sqlite(story: impl AsyncFn(Api)) {
    let folder = tempfile::tempdir().unwrap();
    story(Api::new(&format!("sqlite:{}", folder.path().join("ledger.db").display())).await).await;
}

fn post(content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post("/graphql").header("content-type", content_type).body(body.into()).unwrap()
}

#[tokio::test]
async fn only_json_objects_are_taken_by_post() {
    on_sqlite(async |api| {
        let query = r#"{"query":"{ ledger { size } }"}"#;
        let check = async |content_type: &str, body: &str, expected: StatusCode| {
            let (status, answer) = read(api.send(post(content_type, body.to_owned())).await).await;
            assert_eq!(status, expected, "{content_type} {body} {answer}");
            assert_eq!(answer.get("data").is_some(), expected == StatusCode::OK, "{answer}");
        };
        check("application/json", query, StatusCode::OK).await;
        check("application/json; charset=utf-8", query, StatusCode::OK).await;
        check("text/plain", query, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
        check("application/x-www-form-urlencoded", "query=%7B%7D", StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
        check("multipart/form-data; boundary=x", query, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
        check("application/json", &format!("[{query}]"), StatusCode::BAD_REQUEST).await;
        check("application/json", "{\"query\":1}", StatusCode::BAD_REQUEST).await;
        check("application/json", "{}", StatusCode::BAD_REQUEST).await;
        check("application/json", "{\"operationName\":\"A\"}", StatusCode::BAD_REQUEST).await;
        check("application/json", "{\"query\":\"{ a }\",\"x\":1}", StatusCode::BAD_REQUEST).await;
        check("application/json", "{\"query\":\"{ a }\",\"variables\":[]}", StatusCode::BAD_REQUEST).await;
        check("application/json", "nonsense", StatusCode::BAD_REQUEST).await;
        let untyped = Request::post("/graphql").body(Body::from(query)).unwrap();
        assert_eq!(api.send(untyped).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    })
    .await;
}

#[tokio::test]
async fn a_body_has_at_most_256_kib() {
    on_sqlite(async |api| {
        let body = |bytes: usize| {
            let start = r#"{"query":"{ ledger { size } }"#;
            format!("{start}{}\"}}", " ".repeat(bytes - start.len() - 2))
        };
        let largest = body(BODY_BYTES_MAX);
        assert_eq!(largest.len(), BODY_BYTES_MAX);
        assert_eq!(api.send(post("application/json", largest)).await.status(), StatusCode::OK);
        let status = api.send(post("application/json", body(BODY_BYTES_MAX + 1))).await.status();
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_recorded_by_get() {
    on_sqlite(async |api| {
        let get = async |query: &str| {
            let escaped: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let uri = format!("/graphql?query={escaped}");
            read(api.send(Request::get(uri).body(Body::empty()).unwrap()).await).await
        };
        assert_eq!(get("{ ledger { size } }").await.1["data"]["ledger"]["size"], "1");
        let (status, _) = get("mutation { recordAll(idempotencyKey: \"k\", facts: []) { userErrors { code } } }").await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(get("subscription { events { id } }").await.0, StatusCode::NOT_ACCEPTABLE);
    })
    .await;
}

#[tokio::test]
async fn errors_have_a_code_and_a_request_id_and_tell_nothing_of_the_inside() {
    on_sqlite(async |api| {
        for query in [
            "{ nonsense }",
            "{",
            "{ event(sequence: \"-1\") { id } }",
            "{ asOf { consent(reference: \"lower\") { id } } }",
        ] {
            let (_, body) = api.post(query, json!({})).await;
            let extensions = &body["errors"][0]["extensions"];
            assert_eq!(extensions["code"], "BAD_USER_INPUT", "{body}");
            assert!(extensions["requestId"].is_string(), "{body}");
        }
        api.engine.store().close().await;
        let (_, body) = api.post("{ ledger { size } }", json!({})).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{body}");
        for word in ["sqlx", "pool", "Pool", "SQL", "panicked"] {
            assert!(!body.to_string().contains(word), "{body}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_newer_media_type_tells_a_request_that_never_ran() {
    on_sqlite(async |api| {
        let send = async |query: &str| {
            let request = Request::post("/graphql")
                .header("content-type", "application/json")
                .header("accept", "application/graphql-response+json")
                .body(Body::from(json!({ "query": query }).to_string()))
                .unwrap();
            read(api.send(request).await).await
        };
        assert_eq!(send("{ ledger { size } }").await.0, StatusCode::OK);
        let (status, body) = send("{ nonsense }").await;
        assert_eq!((status, body.get("data")), (StatusCode::BAD_REQUEST, None));
    })
    .await;
}

/// A client of `graphql-transport-ws`.
struct Follower {
    socket: tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>,
}

impl Follower {
    async fn subscribe(address: std::net::SocketAddr, query: &str) -> Self {
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().unwrap());
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        socket.send(Message::text(json!({ "type": "connection_init" }).to_string())).await.unwrap();
        let acknowledged = socket.next().await.unwrap().unwrap();
        assert!(acknowledged.to_text().unwrap().contains("connection_ack"));
        let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": query } });
        socket.send(Message::text(subscribe.to_string())).await.unwrap();
        Self { socket }
    }

    async fn next(&mut self) -> Value {
        let message = tokio::time::timeout(Duration::from_secs(20), self.socket.next()).await.unwrap();
        let message: Value = serde_json::from_str(message.unwrap().unwrap().to_text().unwrap()).unwrap();
        message["payload"].clone()
    }

    async fn sequence(&mut self) -> u64 {
        let payload = self.next().await;
        payload["data"]["events"]["sequence"].as_str().unwrap_or_else(|| panic!("{payload}")).parse().unwrap()
    }
}

#[tokio::test]
async fn a_follower_that_was_away_misses_nothing_and_gets_nothing_twice() {
    on_both("following", async |url| {
        let api = Api::new(&url).await;
        let listener = griffie::server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(griffie::server::serve(listener, api.endpoint.clone(), std::future::pending()));
        let text = api.consent_text().await;
        let mut follower = Follower::subscribe(address, "subscription { events(after: \"0\") { sequence } }").await;
        assert_eq!(follower.sequence().await, 1);
        let record = async |facts: usize| {
            for _ in 0..facts {
                api.recorded("Consent", Api::grant(&text, "2020-01-15")).await;
            }
        };
        record(3).await;
        for expected in 2..5 {
            assert_eq!(follower.sequence().await, expected);
        }
        drop(follower);
        record(150).await;
        let mut follower = Follower::subscribe(address, "subscription { events(after: \"4\") { sequence } }").await;
        for expected in 5..155 {
            assert_eq!(follower.sequence().await, expected);
        }
        let mut beyond = Follower::subscribe(address, "subscription { events(after: \"155\") { sequence } }").await;
        assert!(beyond.next().await.to_string().contains("BAD_USER_INPUT"));
        server.abort();
    })
    .await;
}

#[tokio::test]
async fn the_door_opens_to_this_machine_only() {
    let refused = griffie::server::listen("0.0.0.0:0".parse().unwrap()).await.unwrap_err();
    assert!(refused.to_string().contains("no authentication"));
    assert!(griffie::server::listen("[::1]:0".parse().unwrap()).await.is_ok());
}
