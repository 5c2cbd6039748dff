//! Names and errors in the language that a caller asks for.

use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use griffie::graphql::SENTENCES;
use serde_json::{Value, json};

use crate::support::api::{Api, read};
use crate::support::on_both;
use crate::support::wire::{Served, Socket};

async fn ask(api: &Api, language: &str, query: &str, variables: Value) -> Value {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept-language", language)
        .body(Body::from(json!({ "query": query, "variables": variables }).to_string()))
        .unwrap();
    read(api.send(request).await).await.1
}

#[tokio::test]
async fn a_refusal_is_told_in_the_callers_language() {
    on_both("a refusal in Dutch", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        let mutation = "mutation($input: RecordConsentInput!) { recordConsent(input: $input) { userErrors { code field label message hint } } }";
        let mut input = Api::grant(&text, "2019-02-01");
        input["event"]["granted"]["textVersion"] = json!(2);
        let check = async |language: &str, label: &str, hint: &str| {
            let input = json!({ "idempotencyKey": format!("key-{}", &language[..2]), "fact": input });
            let body = ask(&api, language, mutation, json!({ "input": input })).await;
            let error = &body["data"]["recordConsent"]["userErrors"][0];
            assert_eq!((&error["code"], &error["field"]), (&json!("UNKNOWN"), &json!("event.granted.textVersion")), "{body}");
            assert_eq!(error["label"], label);
            assert!(error["hint"].as_str().unwrap().contains(hint), "{body}");
        };
        check("nl-NL,nl;q=0.9,en;q=0.8", "toestemming › gegeven › versie van de toestemmingstekst", "register niet kent").await;
        check("en", "consent › granted › text version", "does not know").await;
        check("fr", "consent › granted › text version", "does not know").await;
        let several = "mutation($fact: ConsentFactInput!) { recordAll(idempotencyKey: \"k\", facts: [{ consent: $fact }]) { userErrors { field label } } }";
        let body = ask(&api, "nl", several, json!({ "fact": input })).await;
        let error = &body["data"]["recordAll"]["userErrors"][0];
        assert_eq!(error["field"], "facts[0].event.granted.textVersion", "{body}");
        assert_eq!(error["label"], "toestemming › gegeven › versie van de toestemmingstekst");
    })
    .await;
}

#[tokio::test]
async fn errors_are_told_in_the_callers_language() {
    on_both("errors in Dutch", async |url| {
        let api = Api::new(&url).await;
        let error =
            async |language: &str, query: &str| ask(&api, language, query, json!({})).await["errors"][0].clone();
        let dutch = error("nl", "{ asOf { consent { id } } }").await;
        assert_eq!(dutch["message"], "geef `id` of `reference`, een van beide", "{dutch}");
        assert_eq!(dutch["extensions"]["hint"], Value::Null);
        let english = error("en", "{ asOf { consent { id } } }").await;
        assert_eq!(english["message"], "give `id` or `reference`, one of them");
        // What the library says is in English only; the hint says what to do.
        let dutch = error("nl", "{ nonsense }").await;
        assert_eq!(dutch["extensions"]["code"], "BAD_USER_INPUT");
        assert_eq!(dutch["extensions"]["hint"], "Het verzoek klopt niet; verbeter wat de melding noemt.");
        assert_eq!(error("en", "{ nonsense }").await["extensions"]["hint"], Value::Null);
        let scalar = error("nl", "{ asOf(validAt: \"yesterday\") { validAt } }").await;
        assert!(scalar["message"].as_str().unwrap().ends_with("2022, 2022-12, 2022-12-20 of een DateTime"), "{scalar}");
        let complex = format!(
            "{{ {} }}",
            "events(first: 100) { nodes { entry } }".to_owned()
                + &(0..12).map(|n| format!(" a{n}: events(first: 100) {{ nodes {{ entry }} }}")).collect::<String>()
        );
        assert_eq!(error("nl", &complex).await["message"], "de vraag is te omvangrijk; vraag minder tegelijk");
    })
    .await;
}

#[tokio::test]
async fn names_are_given_in_the_callers_language_unless_another_is_asked_for() {
    on_both("names in Dutch", async |url| {
        let api = Api::new(&url).await;
        let query = "{ asOf { figures(year: 2019, codes: [\"BREACHES_NOTIFIED\"]) { figures { label en: label(language: EN) } } } \
                     catalogue { families(name: \"consent\") { name label en: label(language: EN) about aboutAPerson \
                     facts { name label description members { name label type optional list erasable \
                     members { name label values { value label } } } } } } }";
        let body = ask(&api, "nl", query, json!({})).await;
        assert_eq!(body.get("errors"), None, "{body}");
        let figure = &body["data"]["asOf"]["figures"]["figures"][0];
        assert_eq!(figure["label"], "datalekken gemeld bij de toezichthouder");
        assert_eq!(figure["en"], "breaches notified to the authority");
        let family = &body["data"]["catalogue"]["families"][0];
        assert_eq!((&family["label"], &family["en"]), (&json!("toestemming"), &json!("consent")));
        let named = |items: &Value, name: &str| -> Value {
            items.as_array().unwrap().iter().find(|item| item["name"] == name).cloned().unwrap_or_default()
        };
        let granted = named(&family["facts"], "granted");
        assert_eq!(granted["label"], "gegeven");
        let items = named(&granted["members"], "items");
        assert_eq!((&items["list"], &items["optional"], &items["erasable"]), (&json!(true), &json!(false), &json!(false)));
        let decision = named(&items["members"], "decision");
        assert!(decision["values"].as_array().unwrap().contains(&json!({ "value": "YES", "label": "ja" })), "{decision}");
        let remark = named(&granted["members"], "remark");
        assert_eq!((&remark["type"], &remark["erasable"], &remark["label"]), (&json!("TEXT"), &json!(true), &json!("opmerking")));
        let all = api.ask("{ catalogue { families { name label facts { name label } } } }").await;
        assert!(all["catalogue"]["families"].as_array().unwrap().len() > 30);
    })
    .await;
}

#[tokio::test]
async fn a_socket_speaks_the_language_of_its_upgrade() {
    let served = Served::new().await;
    let mut socket = Socket::open_in(served.address, "nl").await.unwrap();
    socket.init().await;
    socket
        .subscribe("1", "{ asOf { figures(year: 2019, codes: [\"QUERIES_RECEIVED\"]) { figures { label } } } }")
        .await;
    let payload = socket.expect("next", "1").await;
    socket.expect("complete", "1").await;
    assert_eq!(payload["data"]["asOf"]["figures"]["figures"][0]["label"], "vragen ontvangen", "{payload}");
    socket.subscribe("2", "{ nonsense }").await;
    let payload = socket.expect("error", "2").await;
    assert!(payload[0]["extensions"]["hint"].is_string(), "{payload}");
}

/// A sentence that nobody says any more, or says otherwise, has no translation.
#[test]
fn every_translated_sentence_is_one_that_the_program_or_its_library_says() {
    let mut sources = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("graphql/language.rs") {
                sources += &fs::read_to_string(path).unwrap();
            }
        }
    }
    for (english, dutch) in SENTENCES {
        assert!(sources.contains(&format!("\"{english}\"")), "{english}");
        assert!(!dutch.is_empty());
    }
}
