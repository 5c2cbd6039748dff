//! How much one request may ask for, and how much one answer says: each limit met from both sides, over HTTP.

use griffie::graphql::{COMPLEXITY_MAX, LoadError, PAGE_DEFAULT, PAGE_MAX, TRUSTED_DOCUMENTS_MAX, TrustedDocuments};
use serde_json::{Value, json};

use crate::support::wire::{Heard, Served, Socket, answer, post, query};

/// Errors in one answer.
const ERRORS_MAX: usize = 20;
/// Bytes of an error's message, before the sign that it goes on.
const MESSAGE_BYTES_MAX: usize = 1_000;
/// Ids in one `nodes`.
const NODES_MAX: usize = 100;

async fn ask(served: &Served, text: &str) -> Value {
    answer(served.address, query(text)).await.json()
}

/// Holds that a question is answered without errors.
async fn is_answered(served: &Served, text: &str) -> Value {
    let body = ask(served, text).await;
    assert_eq!(body.get("errors"), None, "{text}");
    body["data"].clone()
}

/// Holds that a question is refused with one error of a code.
async fn is_refused(served: &Served, text: &str, code: &str) {
    let body = ask(served, text).await;
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{body}");
    assert_eq!(body["errors"][0]["extensions"]["code"], code, "{body}");
}

#[tokio::test]
async fn an_answer_has_at_most_20_errors() {
    let served = Served::new().await;
    let check = async |wrong: usize, expected: usize| {
        let fields: String = (0..wrong).map(|number| format!("wrong{number} ")).collect();
        let body = ask(&served, &format!("{{ ledger {{ {fields} }} }}")).await;
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{body}"));
        assert_eq!(errors.len(), expected, "{body}");
        for error in errors {
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{body}");
            assert!(error["extensions"]["requestId"].is_string(), "{body}");
        }
    };
    check(1, 1).await;
    check(ERRORS_MAX - 1, ERRORS_MAX - 1).await;
    check(ERRORS_MAX, ERRORS_MAX).await;
    check(ERRORS_MAX + 1, ERRORS_MAX).await;
    check(500, ERRORS_MAX).await;
}

#[tokio::test]
async fn a_message_has_at_most_1_000_bytes() {
    let served = Served::new().await;
    let unknown = async |bytes: usize| {
        let body = format!("{{\"{}\":1}}", "é".repeat(bytes / 2));
        let reply = answer(served.address, post("application/json", body)).await;
        reply.json()["errors"][0]["message"].as_str().unwrap().to_owned()
    };
    let words = unknown(2).await.len() - 2;
    let whole = unknown((MESSAGE_BYTES_MAX - words) / 2 * 2).await;
    assert!(whole.len() > MESSAGE_BYTES_MAX - 2 && !whole.ends_with('…'), "{} {whole}", whole.len());
    for bytes in [MESSAGE_BYTES_MAX - words + 2, MESSAGE_BYTES_MAX, 10_000, 200_000] {
        let cut = unknown(bytes).await;
        assert!(cut.len() <= MESSAGE_BYTES_MAX + '…'.len_utf8() && cut.ends_with('…'), "{bytes} {cut}");
        assert!(cut.as_bytes().starts_with(&whole.as_bytes()[..MESSAGE_BYTES_MAX / 2]), "{cut}");
    }
    // The reason of a close frame is shorter still, and cut between letters too.
    let mut socket = Socket::begin(served.address).await;
    socket.say(json!({ "type": "é".repeat(1_000) })).await;
    assert_eq!(socket.hear().await, Heard::Closed(4400));
}

#[tokio::test]
async fn a_page_has_1_to_100_items_over_http_too() {
    let served = Served::new().await;
    served.api.consent_text().await;
    let events = |arguments: &str| format!("{{ events{arguments} {{ edges {{ node {{ id }} }} }} }}");
    for arguments in ["", "(first: 1)", "(last: 1)", &format!("(first: {PAGE_MAX})"), &format!("(last: {PAGE_MAX})")] {
        is_answered(&served, &events(arguments)).await;
    }
    for arguments in ["(first: 0)", "(first: -1)", "(first: 101)", "(last: 0)", "(last: 101)", "(first: 1, last: 1)"] {
        is_refused(&served, &events(arguments), "BAD_USER_INPUT").await;
    }
    is_refused(&served, &events("(first: 2147483647)"), "BAD_USER_INPUT").await;
    is_refused(&served, &events("(first: 2147483648)"), "BAD_USER_INPUT").await;
    let states =
        |first: usize| format!("{{ asOf {{ consentTexts(first: {first}) {{ edges {{ node {{ id }} }} }} }} }}");
    let found = is_answered(&served, &states(100)).await;
    assert_eq!(found["asOf"]["consentTexts"]["edges"].as_array().map(Vec::len), Some(1), "{found}");
    is_refused(&served, &states(101), "BAD_USER_INPUT").await;
}

#[tokio::test]
async fn a_question_names_at_most_100_nodes() {
    let served = Served::new().await;
    let nodes = |count: usize| {
        let ids = vec!["\"checkpoint:1\""; count].join(",");
        format!("{{ nodes(ids: [{ids}]) {{ id }} }}")
    };
    is_answered(&served, "{ checkpoint { size } }").await;
    let found = is_answered(&served, &nodes(NODES_MAX)).await;
    let found = found["nodes"].as_array().unwrap();
    assert_eq!((found.len(), &found[99]), (NODES_MAX, &json!({ "id": "checkpoint:1" })));
    is_refused(&served, &nodes(NODES_MAX + 1), "BAD_USER_INPUT").await;
}

#[tokio::test]
async fn a_document_costs_at_most_20_000() {
    let served = Served::new().await;
    // A field costs 1 and what is below it; a list costs 1 and that as often as its page has items.
    let fields = |count: usize| "id ".repeat(count);
    let list = |name: &str, arguments: &str, below: usize| {
        format!("{name}: events{arguments} {{ edges {{ node {{ {} }} }} }} ", fields(below - 2))
    };
    let ledger = |cost: usize| format!("ledger {{ {} }}", "size ".repeat(cost - 1));
    let check = async |lists: &[(&str, String, usize, usize)]| {
        let cost: usize = lists.iter().map(|(_, _, items, below)| 1 + items * below).sum();
        let rest = COMPLEXITY_MAX - cost;
        let lists: String = lists.iter().map(|(name, arguments, _, below)| list(name, arguments, *below)).collect();
        is_answered(&served, &format!("{{ {lists} {} }}", ledger(rest))).await;
        is_refused(&served, &format!("{{ {lists} {} }}", ledger(rest + 1)), "TOO_COMPLEX").await;
    };
    let page = usize::try_from(PAGE_MAX).unwrap();
    let default = usize::try_from(PAGE_DEFAULT).unwrap();
    check(&[("a", "(first: 100)".to_owned(), page, 100), ("b", "(last: 99)".to_owned(), 99, 100)]).await;
    check(&[
        ("a", "(first: 100)".to_owned(), page, 100),
        ("b", "(last: 70)".to_owned(), 70, 100),
        ("c", String::new(), default, 140),
    ])
    .await;
    // Variables count by what they hold.
    let text = "query($n: Int) { events(first: $n) { edges { node { facts: id } } } }";
    let body = json!({ "query": text, "variables": { "n": 100 } }).to_string();
    assert_eq!(answer(served.address, post("application/json", body)).await.json().get("errors"), None);
    // More than any integer holds.
    let deep = "facts(first: 100) { edges { node { id } } }";
    is_refused(
        &served,
        &format!("{{ asOf {{ consents(first: 100) {{ edges {{ node {{ {deep} }} }} }} }} }}"),
        "TOO_COMPLEX",
    )
    .await;
}

#[test]
fn a_folder_holds_at_most_1_000_trusted_documents() {
    let folder = tempfile::tempdir().unwrap();
    let add = |number: usize| {
        let file = folder.path().join(format!("{number}.graphql"));
        std::fs::write(file, format!("query Q{number} {{ ledger {{ size }} }}")).unwrap();
    };
    (0..TRUSTED_DOCUMENTS_MAX).for_each(add);
    assert_eq!(TrustedDocuments::load(folder.path()).unwrap().len(), TRUSTED_DOCUMENTS_MAX);
    add(TRUSTED_DOCUMENTS_MAX);
    let refused = TrustedDocuments::load(folder.path());
    assert!(matches!(refused, Err(LoadError::TooMany(_))), "{refused:?}");
}
