//! What a question costs: loaders instead of a query in a loop. And what is not clamped in silence: sizes beyond the ledger,
//! numbers beyond GraphQL's `Int`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::support::api::Api;
use crate::support::on_both;

/// Counts the statements that the database driver tells of, on the thread of a story.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Statements that the ledger's own upkeep may run beside a question.
const UPKEEP: usize = 5;

#[tokio::test]
async fn questions_about_many_facts_take_as_many_statements_as_about_few() {
    // SQLite's driver tells of its statements on threads of its own.
    let Some(database) = crate::support::postgres::Database::fresh() else { return };
    let api = Api::new(database.url()).await;
    let text = api.consent_text().await;
    let mut ids = Vec::new();
    for day in 1..=28 {
        let receipt = api.recorded("Consent", Api::grant(&text, &format!("2020-02-{day:02}"))).await;
        ids.push(receipt["id"].as_str().unwrap().to_owned());
    }
    let statements = Statements::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(statements.clone()));
    let taken = async |query: String| {
        statements.0.store(0, Ordering::Relaxed);
        let data = api.ask(&query).await;
        (statements.0.load(Ordering::Relaxed), data)
    };
    let events = |first: usize| format!("{{ events(first: {first}) {{ nodes {{ replacedBy importUnfinished }} }} }}");
    let nodes = |count: usize| {
        let events: Vec<String> = ids[..count].iter().map(|id| format!("\"event:{id}\"")).collect();
        format!("{{ nodes(ids: [{}]) {{ id }} }}", events.join(","))
    };
    for question in [&events as &dyn Fn(usize) -> String, &nodes] {
        let ((few, _), (many, data)) = (taken(question(2)).await, taken(question(28)).await);
        assert!(few > 0, "no statement was told of");
        assert!(many <= few + UPKEEP, "{few} statements for 2 facts, {many} for 28: {data}");
    }
}

#[tokio::test]
async fn a_size_beyond_the_ledger_is_told() {
    on_both("a_size_beyond_the_ledger_is_told", async |url| {
        let api = Api::new(&url).await;
        api.consent_text().await;
        let events = |size: usize| format!("{{ events(first: 10, size: \"{size}\") {{ nodes {{ sequence }} }} }}");
        let found = api.ask(&events(2)).await;
        assert_eq!(found["events"]["nodes"].as_array().map(Vec::len), Some(2), "{found}");
        let (_, body) = api.post(&events(3), json!({})).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
    })
    .await;
}

#[tokio::test]
async fn a_number_fits_the_int_of_the_api() {
    on_both("a_number_fits_the_int_of_the_api", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        let grant = |version: u64| {
            let mut grant = Api::grant(&text, "2020");
            grant["event"]["granted"]["textVersion"] = json!(version);
            json!({ "idempotencyKey": "key-of-a-number", "fact": grant })
        };
        let record =
            "mutation($input: RecordConsentInput!) { recordConsent(input: $input) { userErrors { code message } } }";
        let int_max = u64::from(i32::MAX.unsigned_abs());
        // The largest number is read, and refused for what it says: the text has no such version.
        let (_, body) = api.post(record, json!({ "input": grant(int_max) })).await;
        assert_eq!(body["data"]["recordConsent"]["userErrors"][0]["code"], "UNKNOWN", "{body}");
        for version in [int_max + 1, 3_000_000_000] {
            let (_, body) = api.post(record, json!({ "input": grant(version) })).await;
            assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
        }
    })
    .await;
}
