//! What a person does through the API: record, travel in time, correct, prove.

use griffie::ledger::checkpoint::Checkpoint;
use griffie::ledger::merkle::{Hash, verify_consistency};
use griffie::ledger::proof::TlogProof;
use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::on_both;

/// The status of a stream of consent at a moment.
async fn status(api: &Api, stream: &Value, moment: &str) -> Value {
    let data = api.ask(&format!("{{ asOf{moment} {{ consent(id: {stream}) {{ status }} }} }}")).await;
    data["asOf"]["consent"].get("status").cloned().unwrap_or(Value::Null)
}

#[tokio::test]
async fn facts_are_found_at_the_moment_they_were_known_and_in_force() {
    on_both("time travel", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        api.at("2020-02-01T11:00:00.000000Z");
        let granted = api.recorded("Consent", Api::grant(&text, "2020-01-15")).await;
        let stream = granted["stream"].clone();
        api.at("2020-03-01T11:00:00.000000Z");
        let withdrawal =
            json!({ "stream": stream, "effective": "2020-06-01", "event": { "withdrawn": { "items": [] } } });
        api.recorded("Consent", withdrawal).await;
        let check = async |moment: &str, expected: Value| {
            assert_eq!(status(&api, &stream, moment).await, expected, "{moment}");
        };
        check(r#"(validAt: "2020-01-20")"#, json!("GIVEN")).await;
        check(r#"(validAt: "2020-01-14")"#, Value::Null).await;
        check(r#"(validAt: "2020-06-01")"#, json!("WITHDRAWN")).await;
        check(r#"(knownAt: {at: "2020-02-28"}, validAt: "2020-06-01")"#, json!("GIVEN")).await;
        check(r#"(knownAt: {at: "2020-01-31"}, validAt: "2020-06-01")"#, Value::Null).await;
        check(r#"(knownAt: {size: "3"}, validAt: "2020-06-01")"#, json!("GIVEN")).await;
        check(r#"(knownAt: {size: "2"}, validAt: "2020-06-01")"#, Value::Null).await;
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_says_which_moment_it_is_and_repeats_itself_by_size() {
    on_both("moments", async |url| {
        let api = Api::new(&url).await;
        api.consent_text().await;
        let known = async |moment: &str| {
            api.ask(&format!("{{ asOf{moment} {{ known {{ size root recorded final }} }} }}")).await["asOf"]["known"]
                .clone()
        };
        let later = known(r#"(knownAt: {at: "2030"})"#).await;
        assert_eq!((&later["size"], &later["final"]), (&json!("2"), &json!(false)), "more may be recorded before 2030");
        let now = known("").await;
        assert_eq!((&now["size"], &now["final"], &now["root"]), (&json!("2"), &json!(true), &later["root"]));
        assert_eq!(known(r#"(knownAt: {size: "2"})"#).await, now);
        let empty = known(r#"(knownAt: {at: "1999"})"#).await;
        assert_eq!((&empty["size"], &empty["recorded"]), (&json!("0"), &Value::Null));
        let (_, body) = api.post(r#"{ asOf(knownAt: {size: "3"}) { validAt } }"#, json!({})).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
    })
    .await;
}

#[tokio::test]
async fn a_correction_mends_the_record_and_older_answers_stay() {
    on_both("corrections", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        let granted = api.recorded("Consent", Api::grant(&text, "2020-01-15")).await;
        let stream = granted["stream"].clone();
        let mut corrected = Api::grant(&text, "2020-02-15");
        corrected["stream"] = stream.clone();
        corrected["replaces"] = granted["sequence"].clone();
        let corrected = api.recorded("Consent", corrected).await;
        assert_eq!(status(&api, &stream, r#"(validAt: "2020-01-20")"#).await, Value::Null);
        assert_eq!(status(&api, &stream, r#"(validAt: "2020-02-20")"#).await, json!("GIVEN"));
        assert_eq!(status(&api, &stream, r#"(knownAt: {size: "3"}, validAt: "2020-01-20")"#).await, json!("GIVEN"));
        let retraction = json!({ "stream": stream, "effective": "2020-02-15", "replaces": corrected["sequence"],
            "event": { "retracted": { "reason": "another person of the same name" } } });
        api.recorded("Consent", retraction).await;
        assert_eq!(status(&api, &stream, r#"(validAt: "2020-02-20")"#).await, Value::Null);
        let again = json!({ "stream": stream, "effective": "2020-02-15", "replaces": granted["sequence"],
            "event": { "retracted": { "reason": "twice" } } });
        assert_eq!(api.record("Consent", again).await["userErrors"][0]["code"], "ENDED");
    })
    .await;
}

#[tokio::test]
async fn refusals_say_what_to_do_and_leave_no_trace() {
    on_both("refusals", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        let stream = api.recorded("Consent", Api::grant(&text, "2020-01-15")).await["stream"].clone();
        let check = async |family: &str, input: Value, code: &str, field: &str| {
            let before = api.ask("{ ledger { size root } }").await;
            let payload = api.record(family, input).await;
            let error = &payload["userErrors"][0];
            assert_eq!((&error["code"], &error["field"]), (&json!(code), &json!(field)), "{payload}");
            assert_eq!(payload["receipt"], Value::Null);
            assert_eq!(api.ask("{ ledger { size root } }").await, before);
        };
        let on = |stream: &Value, revision: Option<&str>, event: Value| {
            json!({ "stream": stream, "expectedRevision": revision, "effective": "2020-03-01", "event": event })
        };
        let withdrawn = json!({ "withdrawn": { "items": [] } });
        let mut second = Api::grant(&text, "2020-02-01");
        second["stream"] = stream.clone();
        check("Consent", second, "ALREADY_EXISTS", "event.granted").await;
        check("Consent", on(&stream, Some("7"), withdrawn.clone()), "REVISION_CONFLICT", "expectedRevision").await;
        let unknown = json!("consent:01941f29-7c00-7000-8000-000000000000");
        check("Consent", on(&unknown, None, withdrawn.clone()), "UNKNOWN", "stream").await;
        check("Consent", on(&unknown, Some("0"), withdrawn.clone()), "NEVER_EXISTED", "event.withdrawn").await;
        check("Consent", on(&json!(text), None, withdrawn), "MALFORMED", "stream").await;
        let taken = json!({ "reference": "CTX-001", "effective": "2020", "event": { "withdrawalChannelDeclared": { "channels": ["WEB"] } } });
        check("ConsentText", taken, "ALREADY_EXISTS", "reference").await;
        let mut other_text = Api::grant(&text, "2020-02-01");
        other_text["event"]["granted"]["textVersion"] = json!(2);
        check("Consent", other_text, "UNKNOWN", "event.granted.textVersion").await;
        let long = json!({ "stream": text, "effective": "2020", "remark": "x".repeat(16_385), "event": { "withdrawalChannelDeclared": { "channels": ["WEB"] } } });
        check("ConsentText", long, "LIMIT_EXCEEDED", "event.withdrawalChannelDeclared").await;
    })
    .await;
}

#[tokio::test]
async fn several_facts_are_recorded_together_or_not_at_all() {
    on_both("recordAll", async |url| {
        let api = Api::new(&url).await;
        let text = "consentText:01941f29-7c00-7000-8000-000000000001";
        let query = "mutation($key: String!, $facts: [FactOfFamilyInput!]!) { recordAll(idempotencyKey: $key, facts: $facts) { \
                     receipts { sequence revision } userErrors { code field } } }";
        let publish = json!({ "consentText": { "stream": text, "expectedRevision": "0", "effective": "2020", "event": { "published": {
            "version": 1, "languages": ["nl"], "grantChannels": [], "withdrawChannels": [],
            "items": [{ "code": "photo", "operations": [], "platforms": [] }] } } } });
        let grant = |version: u32| {
            json!({ "consent": { "effective": "2020-02", "event": { "granted": {
                "text": text, "textVersion": version, "items": [{ "code": "photo", "decision": "YES" }] } } } })
        };
        let (_, refused) = api.post(query, json!({ "key": "k", "facts": [publish, grant(1), grant(9)] })).await;
        let payload = &refused["data"]["recordAll"];
        assert_eq!(payload["userErrors"], json!([{ "code": "UNKNOWN", "field": "facts[2].event.granted.textVersion" }]));
        assert_eq!(api.ask("{ ledger { size } }").await["ledger"]["size"], "1", "nothing was recorded");
        let (_, taken) = api.post(query, json!({ "key": "k", "facts": [publish, grant(1), grant(1)] })).await;
        let sequences = json!([{ "sequence": "1", "revision": "1" }, { "sequence": "2", "revision": "1" }, { "sequence": "3", "revision": "1" }]);
        assert_eq!(taken["data"]["recordAll"]["receipts"], sequences, "{taken}");
    })
    .await;
}

#[tokio::test]
async fn lists_are_narrowed_paged_and_never_silently_cut() {
    on_both("lists", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        for number in 0..7u32 {
            api.at(&format!("2020-01-0{}T11:00:00.000000Z", number + 2));
            let mut grant = Api::grant(&text, "2020-01-15");
            grant["event"]["granted"]["unit"] = json!(if number % 2 == 0 { "mu-01" } else { "mu-02" });
            grant["reference"] = json!(format!("CNS-{number}"));
            api.recorded("Consent", grant).await;
        }
        let page = async |arguments: &str| {
            let query = format!("{{ asOf(validAt: \"2020-02\") {{ consents({arguments}) {{ nodes {{ reference }} pageInfo {{ hasNextPage hasPreviousPage endCursor startCursor }} }} }} }}");
            let connection = api.ask(&query).await["asOf"]["consents"].clone();
            let names: Vec<String> = connection["nodes"].as_array().unwrap().iter().map(|node| node["reference"].as_str().unwrap().to_owned()).collect();
            (names.join(" "), connection["pageInfo"].clone())
        };
        let (names, info) = page("first: 3").await;
        assert_eq!((names.as_str(), &info["hasNextPage"]), ("CNS-0 CNS-1 CNS-2", &json!(true)));
        let (names, _) = page(&format!("first: 3, after: {}", info["endCursor"])).await;
        assert_eq!(names, "CNS-3 CNS-4 CNS-5");
        let (names, info) = page("last: 2").await;
        assert_eq!((names.as_str(), &info["hasPreviousPage"]), ("CNS-5 CNS-6", &json!(true)));
        let (names, _) = page(&format!("last: 2, before: {}", info["startCursor"])).await;
        assert_eq!(names, "CNS-3 CNS-4");
        assert_eq!(page("first: 2, orderBy: NEWEST_FIRST").await.0, "CNS-6 CNS-5");
        assert_eq!(page(r#"filter: {unit: "mu-02"}"#).await.0, "CNS-1 CNS-3 CNS-5");
        assert_eq!(page(&format!(r#"filter: {{unit: "mu-01", text: "{text}"}}"#)).await.0, "CNS-0 CNS-2 CNS-4 CNS-6");
        let other = "consentText:01941f29-7c00-7000-8000-000000000001";
        assert_eq!(page(&format!(r#"filter: {{unit: "mu-01", text: "{other}"}}"#)).await.0, "");
        let (_, body) = api.post("{ asOf { consents(first: 101) { nodes { id } } } }", json!({})).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
    })
    .await;
}

#[tokio::test]
async fn erasable_values_are_opened_from_the_vault_and_nowhere_in_the_entry() {
    on_both("erasable values", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        let receipt = api.recorded("Consent", Api::grant(&text, "2020-01-15")).await;
        assert!(!receipt["entry"].as_str().unwrap().contains("Anna"));
        let query = format!("{{ event(sequence: {}) {{ fact {{ ... on ConsentGranted {{ evidence {{ value {{ description }} digest }} }} }} }} }}", receipt["sequence"]);
        let evidence = api.ask(&query).await["event"]["fact"]["evidence"].clone();
        assert_eq!(evidence["value"]["description"], "signed form of Anna");
        assert!(receipt["entry"].as_str().unwrap().contains(evidence["digest"].as_str().unwrap()));
    })
    .await;
}

#[tokio::test]
async fn proofs_hold_without_the_server() {
    on_both("proofs", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        for _ in 0..5 {
            api.recorded("Consent", Api::grant(&text, "2020-01-15")).await;
        }
        let data = api.ask("{ ledger { checkpointKey } event(sequence: \"3\") { entry } proof { inclusion(sequence: \"3\") { file } consistency(from: \"2\") { hashes fromRoot toRoot to } } checkpoint { note } }").await;
        let key = data["ledger"]["checkpointKey"].as_str().unwrap().parse().unwrap();
        let entry = data["event"]["entry"].as_str().unwrap();
        let proof = TlogProof::parse(data["proof"]["inclusion"]["file"].as_str().unwrap().as_bytes()).unwrap();
        assert!(proof.verify(entry.as_bytes(), &key).is_ok());
        assert!(proof.verify(entry.replace("consent", "c0nsent").as_bytes(), &key).is_err());
        let (checkpoint, _) = Checkpoint::open(data["checkpoint"]["note"].as_str().unwrap().as_bytes(), &key).unwrap();
        assert_eq!(checkpoint.size(), 7);
        let hash = |value: &Value| value.as_str().unwrap().parse::<Hash>().unwrap();
        let consistency = &data["proof"]["consistency"];
        let hashes: Vec<Hash> = consistency["hashes"].as_array().unwrap().iter().map(hash).collect();
        assert_eq!(hash(&consistency["toRoot"]), checkpoint.root());
        verify_consistency(2, 7, &hashes, &hash(&consistency["fromRoot"]), &checkpoint.root()).unwrap();
    })
    .await;
}

#[tokio::test]
async fn every_answer_to_one_idempotency_key_is_the_first() {
    on_both("idempotency", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        let mut grant = Api::grant(&text, "2020-01-15");
        grant["idempotencyKey"] = json!("once");
        let first = api.recorded("Consent", grant.clone()).await;
        assert_eq!(api.recorded("Consent", grant.clone()).await, first);
        grant["effective"] = json!("2020-01-16");
        assert_eq!(api.record("Consent", grant).await["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(api.ask("{ ledger { size } }").await["ledger"]["size"], "3");
    })
    .await;
}

#[tokio::test]
async fn nodes_are_timeless_objects() {
    let folder = tempfile::tempdir().unwrap();
    let api = Api::new(&format!("sqlite:{}", folder.path().join("ledger.db").display())).await;
    let id = api.ask("{ event(sequence: \"0\") { id } checkpoint { id } }").await;
    let query = format!(
        "{{ nodes(ids: [{}, {}]) {{ __typename id }} node(id: \"event:01941f29-7c00-7000-8000-000000000000\") {{ id }} }}",
        id["event"]["id"], id["checkpoint"]["id"]
    );
    let data = api.ask(&query).await;
    assert_eq!(
        (&data["nodes"][0]["__typename"], &data["nodes"][1]["__typename"]),
        (&json!("Event"), &json!("Checkpoint"))
    );
    assert_eq!(data["node"], Value::Null);
}
