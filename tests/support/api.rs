//! A ledger behind the API: founded in a fresh database, asked through the router.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use griffie::engine::{Engine, KeyFolder, Options, Sources, found};
use griffie::graphql::{self, Answer, Call, Principal};
use griffie::ledger::entry::Actor;
use griffie::server::{AllowedOrigins, Endpoint, router};
use griffie::store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// A ledger and its endpoint.
pub struct Api {
    /// The routes.
    pub router: Router,
    /// The API without a transport.
    pub graphql: graphql::Api,
    /// What they share.
    pub endpoint: Endpoint,
    /// The engine behind them.
    pub engine: Engine,
    /// The clock, which stands still unless it is set.
    pub sources: Sources,
    keys: TempDir,
    next_key: AtomicU64,
}

impl Api {
    /// Founds a ledger in an empty database, at noon of 1 January 2020, and opens the endpoint.
    pub async fn new(url: &str) -> Self {
        Self::new_at(url, "2020-01-01T11:00:00.000000Z").await
    }

    /// The same at another instant.
    pub async fn new_at(url: &str, at: &str) -> Self {
        let sources = Sources::frozen(at.parse().unwrap(), 7);
        let store = Store::open(url, true).await.unwrap();
        store.migrate().await.unwrap();
        let keys = TempDir::with_prefix("griffie-keys-").unwrap();
        let folder = KeyFolder::new(keys.path());
        let origin = "ledger.example/tenant-1".parse().unwrap();
        folder.generate(&origin, &sources).unwrap();
        found(&store, &folder, &origin, &sources, None).await.unwrap();
        let options = Options { sources: sources.clone(), accept_clock: false };
        let engine = Engine::start(store, &folder, options).await.unwrap();
        let actor =
            Actor { id: Some("staff-1".parse().unwrap()), role: "INFORMATION_MANAGER".parse().unwrap(), unit: None };
        let api = graphql::Api::new(engine.clone(), Principal { actor }, None);
        let endpoint = Endpoint::new(api.clone(), engine.clone(), AllowedOrigins::default(), None);
        Self {
            router: router(endpoint.clone()),
            endpoint,
            graphql: api,
            engine,
            sources,
            keys,
            next_key: AtomicU64::new(0),
        }
    }

    /// Founds the demonstration's ledger in an empty database, and opens the endpoint long after its last fact.
    pub async fn demonstration(url: &str) -> Self {
        let store = Store::open(url, true).await.unwrap();
        store.migrate().await.unwrap();
        let keys = TempDir::with_prefix("griffie-keys-").unwrap();
        let folder = KeyFolder::new(keys.path());
        griffie::cli::load_demonstration(&store, &folder).await.unwrap();
        let sources = Sources::frozen("2026-11-22T11:00:00.000000Z".parse().unwrap(), 7);
        let options = Options { sources: sources.clone(), accept_clock: true };
        let engine = Engine::start(store, &folder, options).await.unwrap();
        let actor = Actor { id: Some("staff-dpo-01".parse().unwrap()), role: "DPO".parse().unwrap(), unit: None };
        let api = graphql::Api::new(engine.clone(), Principal { actor }, None);
        let endpoint = Endpoint::new(api.clone(), engine.clone(), AllowedOrigins::default(), None);
        Self {
            router: router(endpoint.clone()),
            endpoint,
            graphql: api,
            engine,
            sources,
            keys,
            next_key: AtomicU64::new(0),
        }
    }

    /// Returns the folder of the keys.
    pub fn folder(&self) -> KeyFolder {
        KeyFolder::new(self.keys.path())
    }

    /// Sets the clock.
    pub fn at(&self, instant: &str) {
        self.sources.set(instant.parse().unwrap());
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Asks with variables; returns status and body.
    pub async fn post(&self, query: &str, variables: Value) -> (StatusCode, Value) {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request =
            Request::post("/graphql").header("content-type", "application/json").body(Body::from(body)).unwrap();
        read(self.send(request).await).await
    }

    /// Asks and expects data without errors.
    pub async fn ask(&self, query: &str) -> Value {
        let (status, body) = self.post(query, json!({})).await;
        assert_eq!((status, body.get("errors")), (StatusCode::OK, None), "{query}\n{body}");
        body["data"].clone()
    }

    /// Records a fact of a family, under a fresh key unless it says one. Returns the payload.
    pub async fn record(&self, family: &str, mut fact: Value) -> Value {
        let fresh = || json!(format!("key-{}", self.next_key.fetch_add(1, Ordering::Relaxed)));
        let key = fact.as_object_mut().unwrap().remove("idempotencyKey").unwrap_or_else(fresh);
        // Stories tell a fact as its entry has it: with the remark among its members.
        let told = fact["event"].as_object_mut().and_then(|event| event.values_mut().next());
        if let Some(remark) = told.and_then(|told| told.as_object_mut()?.remove("remark")) {
            fact["remark"] = remark;
        }
        let input = json!({ "idempotencyKey": key, "fact": fact });
        let query = format!(
            "mutation($input: Record{family}Input!) {{ record{family}(input: $input) {{ \
             receipt {{ sequence id stream revision leafHash entry recorded }} userErrors {{ code field message }} }} }}"
        );
        let (_, body) = self.post(&query, json!({ "input": input })).await;
        assert_eq!(body.get("errors"), None, "{body}");
        body["data"][format!("record{family}")].clone()
    }

    /// Records a fact that must be taken; returns its receipt.
    pub async fn recorded(&self, family: &str, input: Value) -> Value {
        let payload = self.record(family, input).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        payload["receipt"].clone()
    }

    /// Follows a subscription; each result as JSON.
    pub fn follow(&self, query: &str) -> Following {
        follow(&self.graphql, query)
    }

    /// Publishes version 1 of a consent text with one item, `photo`; returns its stream.
    pub async fn consent_text(&self) -> String {
        let receipt = self
            .recorded("ConsentText", json!({ "reference": "CTX-001", "effective": "2019-01-01", "event": { "published": {
                "version": 1, "languages": ["nl"], "grantChannels": ["WEB"], "withdrawChannels": ["WEB"],
                "items": [{ "code": "photo", "purpose": { "nl": "foto's" }, "operations": ["PUBLISH"], "platforms": [] }],
            }}}))
            .await;
        receipt["stream"].as_str().unwrap().to_owned()
    }

    /// The input of a grant on that text.
    pub fn grant(text: &str, effective: &str) -> Value {
        json!({ "effective": effective, "event": { "granted": {
            "text": text, "textVersion": 1, "items": [{ "code": "photo", "decision": "YES" }],
            "evidence": { "description": "signed form of Anna" },
        }}})
    }
}

/// A subscription that runs.
pub struct Following {
    answers: BoxStream<'static, Answer>,
}

/// Follows a subscription of an API.
pub fn follow(api: &graphql::Api, query: &str) -> Following {
    let call = Call { query: Some(query.to_owned()), ..Call::default() };
    let operation = api.prepare(call, "story").unwrap_or_else(|refused| panic!("{}", refused.answer.text()));
    Following { answers: api.subscribe(operation) }
}

impl Following {
    /// Waits for the next result.
    pub async fn next(&mut self) -> Value {
        let answer = tokio::time::timeout(PATIENCE, self.answers.next()).await.unwrap();
        answer.unwrap().json()
    }

    /// Waits for so many results.
    pub async fn take(&mut self, results: usize) -> Vec<Value> {
        let mut taken = Vec::new();
        while taken.len() < results {
            taken.push(self.next().await);
        }
        taken
    }

    /// Holds that nothing comes for a while.
    pub async fn is_quiet(&mut self) {
        let quiet = tokio::time::timeout(QUIET, self.answers.next()).await;
        assert!(quiet.is_err(), "{:?}", quiet.ok().flatten().map(|answer| answer.text()));
    }
}

/// How long a story waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a story waits for what must not come: longer than the store is polled.
const QUIET: Duration = Duration::from_millis(1_300);

/// Reads a response as status and JSON.
pub async fn read(response: Response<Body>) -> (StatusCode, Value) {
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 24).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_else(|_| json!(String::from_utf8_lossy(&bytes))))
}
