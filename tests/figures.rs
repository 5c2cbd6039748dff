//! What an institution counts of a year, which facts came late, and what an auditor draws for a test of details.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::on_both;

/// Records a fact that must be taken; returns its receipt.
async fn tell(api: &Api, family: &str, stream: Option<&Value>, effective: &str, event: Value) -> Value {
    let mut input = json!({ "effective": effective, "event": event });
    if let Some(stream) = stream {
        input["stream"] = stream.clone();
    }
    api.recorded(family, input).await
}

/// A request comes in at a unit; returns its receipt.
async fn request(api: &Api, unit: &str, effective: &str) -> Value {
    let received = json!({ "received": { "rights": ["ACCESS"], "unit": unit, "activities": [], "platforms": [] } });
    tell(api, "DataSubjectRequest", None, effective, received).await
}

/// It is answered; returns the receipt.
async fn answer(api: &Api, request: &Value, effective: &str) -> Value {
    let answered = json!({ "answered": { "rights": [], "content": [] } });
    tell(api, "DataSubjectRequest", Some(&request["stream"]), effective, answered).await
}

/// A figure at a moment, as its number and the sequences of its facts.
async fn figure(api: &Api, moment: &str, arguments: &str, code: &str) -> (Value, Vec<String>) {
    let query = format!(
        "{{ asOf{moment} {{ figures({arguments}, codes: [\"{code}\"]) {{ figures {{ code number facts(first: 100) {{ nodes {{ sequence }} }} }} }} }} }}"
    );
    let figures = api.ask(&query).await["asOf"]["figures"]["figures"].clone();
    assert_eq!((figures.as_array().map(Vec::len), &figures[0]["code"]), (Some(1), &json!(code)), "{figures}");
    (figures[0]["number"].clone(), sequences(&figures[0]["facts"]["nodes"]))
}

fn sequences(events: &Value) -> Vec<String> {
    let events = events.as_array().unwrap_or_else(|| panic!("{events}"));
    events.iter().map(|event| event["sequence"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_figure_is_a_number_with_the_facts_behind_it_at_every_moment() {
    on_both("figures of requests", async |url| {
        let api = Api::new(&url).await;
        let prompt = request(&api, "mu-01", "2019-11-25").await;
        let in_a_month = request(&api, "mu-02", "2019-06-01").await;
        let open = request(&api, "mu-01", "2019-10-01").await;
        let late = request(&api, "mu-01", "2019-03-01").await;
        let never = request(&api, "mu-01", "2019-04-01").await;
        let before = json!({ "size": "6" });
        let prompt = answer(&api, &prompt, "2019-12-20").await;
        let in_a_month = answer(&api, &in_a_month, "2019-06-30").await;
        let late_answer = answer(&api, &late, "2019-05-01").await;
        let mended = json!({ "stream": late["stream"], "replaces": late_answer["sequence"], "effective": "2019-03-20",
            "event": { "answered": { "rights": [], "content": [] } } });
        let mended = api.recorded("DataSubjectRequest", mended).await;
        let taken_back = json!({ "stream": never["stream"], "replaces": never["sequence"], "effective": "2019-04-01",
            "event": { "retracted": { "reason": "a question, not a request" } } });
        api.recorded("DataSubjectRequest", taken_back).await;
        let check = async |moment: &str, arguments: &str, code: &str, expected: &[&Value]| {
            let (number, facts) = figure(&api, moment, arguments, code).await;
            let expected: Vec<&str> = expected.iter().map(|receipt| receipt["sequence"].as_str().unwrap()).collect();
            assert_eq!(
                (number, facts),
                (json!(expected.len()), expected.iter().map(ToString::to_string).collect()),
                "{moment} {arguments} {code}"
            );
        };
        let year = "year: 2019";
        check("", year, "REQUESTS_ANSWERED", &[&mended, &in_a_month, &prompt]).await;
        check("", year, "REQUESTS_ANSWERED_WITHIN_ONE_MONTH", &[&mended, &in_a_month, &prompt]).await;
        check("", year, "REQUESTS_ANSWERED_WITHIN_28_DAYS", &[&mended, &prompt]).await;
        check("", year, "REQUESTS_OPEN", &[&open]).await;
        check("", "year: 2019, unit: \"mu-01\"", "REQUESTS_ANSWERED", &[&mended, &prompt]).await;
        check("", "year: 2019, unit: \"mu-09\"", "REQUESTS_ANSWERED", &[]).await;
        check("", "year: 2020", "REQUESTS_RECEIVED", &[]).await;
        // Before the correction, and before any answer was recorded.
        let uncorrected = format!("(knownAt: {{size: {}}})", mended["sequence"]);
        check(&uncorrected, year, "REQUESTS_ANSWERED_WITHIN_ONE_MONTH", &[&in_a_month, &prompt]).await;
        let unanswered = format!("(knownAt: {{size: {}}})", before["size"]);
        let (number, _) = figure(&api, &unanswered, year, "REQUESTS_OPEN").await;
        assert_eq!(number, 5);
        // What took effect after `validAt` does not count yet.
        check("(validAt: \"2019-12-19\")", year, "REQUESTS_ANSWERED", &[&mended, &in_a_month]).await;
        let (number, _) = figure(&api, "(validAt: \"2019-12-19\")", year, "REQUESTS_OPEN").await;
        assert_eq!(number, 2);
    })
    .await;
}

#[tokio::test]
async fn breaches_are_counted_with_the_hours_to_their_notification() {
    on_both("figures of breaches", async |url| {
        let api = Api::new(&url).await;
        let aware = async || {
            let event = json!({ "awarenessEstablished": { "unit": "mu-01" } });
            tell(&api, "Breach", None, "2019-05-01T08:00:00.000000Z", event).await
        };
        let notify = async |breach: &Value, at: &str| {
            tell(&api, "Breach", Some(&breach["stream"]), at, json!({ "authorityNotified": { "phase": "INITIAL" } })).await
        };
        let in_time = notify(&aware().await, "2019-05-04T08:00:00.000000Z").await;
        let late = notify(&aware().await, "2019-05-04T08:00:00.000001Z").await;
        let decided = json!({ "notificationDecided": { "authority": false, "authorityGround": "RISK_UNLIKELY", "subjects": false } });
        let decided = tell(&api, "Breach", Some(&aware().await["stream"]), "2019-05-02", decided).await;
        let check = async |code: &str, expected: &[&Value]| {
            let (number, facts) = figure(&api, "", "year: 2019, unit: \"mu-01\"", code).await;
            let expected: Vec<String> = expected.iter().map(|receipt| receipt["sequence"].as_str().unwrap().to_owned()).collect();
            assert_eq!((number, facts), (json!(expected.len()), expected), "{code}");
        };
        check("BREACHES_NOTIFIED", &[&in_time, &late]).await;
        check("BREACHES_NOTIFIED_WITHIN_72_HOURS", &[&in_time]).await;
        check("BREACHES_NOT_NOTIFIED", &[&decided]).await;
        assert_eq!(figure(&api, "", "year: 2019", "BREACHES_RECORDED").await.0, 3);
    })
    .await;
}

#[tokio::test]
async fn all_figures_are_told_at_once_and_facts_in_pages() {
    on_both("pages of figures", async |url| {
        let api = Api::new(&url).await;
        for day in ["2019-03-01", "2019-02-01", "2019-02-01", "2019-01-01"] {
            request(&api, "mu-01", day).await;
        }
        let all = api.ask("{ asOf { figures(year: 2019) { year unit figures { code label method event number } } } }").await;
        let figures = all["asOf"]["figures"]["figures"].as_array().unwrap().clone();
        assert!(figures.len() > 25, "{figures:?}");
        assert_eq!(figures[0]["label"], "requests received");
        assert_eq!(figures[0]["event"], "dataSubjectRequest.received");
        assert_eq!(figures.iter().map(|figure| figure["number"].as_i64().unwrap()).sum::<i64>(), 12, "received, open, late");
        // What is not kept by unit has no number for one.
        let one = api.ask("{ asOf { figures(year: 2019, unit: \"mu-01\", codes: [\"AGREEMENTS_EXECUTED\"]) { figures { number } } } }").await;
        assert_eq!(one["asOf"]["figures"]["figures"], json!([{ "number": null }]));
        let page = async |arguments: &str| {
            let query = format!(
                "{{ asOf {{ figures(year: 2019, codes: [\"REQUESTS_RECEIVED\"]) {{ figures {{ facts({arguments}) {{ \
                 pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} nodes {{ sequence }} }} }} }} }} }}"
            );
            let page = api.ask(&query).await["asOf"]["figures"]["figures"][0]["facts"].clone();
            (sequences(&page["nodes"]), page["pageInfo"].clone())
        };
        let (first, info) = page("first: 2").await;
        assert_eq!((first, &info["hasNextPage"]), (vec!["4".to_owned(), "2".to_owned()], &json!(true)));
        let (second, info) = page(&format!("first: 2, after: {}", info["endCursor"])).await;
        assert_eq!((second, &info["hasNextPage"]), (vec!["3".to_owned(), "1".to_owned()], &json!(false)));
        let (last, _) = page(&format!("last: 2, before: {}", info["endCursor"])).await;
        assert_eq!(last, ["2", "3"]);
        for wrong in ["year: 1899", "year: 2019, codes: [\"NONSENSE\"]"] {
            let (_, body) = api.post(&format!("{{ asOf {{ figures({wrong}) {{ year }} }} }}"), json!({})).await;
            assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
        }
    })
    .await;
}

#[tokio::test]
async fn late_recordings_are_found_the_latest_first() {
    on_both("late recordings", async |url| {
        let api = Api::new(&url).await;
        // Now it is noon of 1 January 2020.
        request(&api, "mu-01", "2019-12-31").await;
        request(&api, "mu-01", "2019-12-20").await;
        request(&api, "mu-02", "2018").await;
        let wrong = request(&api, "mu-01", "2017-01-01").await;
        request(&api, "mu-01", "2019-11-01").await;
        request(&api, "mu-01", "2030-01-01").await;
        let taken_back = json!({ "stream": wrong["stream"], "replaces": wrong["sequence"], "effective": "2017-01-01",
            "event": { "retracted": { "reason": "another year" } } });
        api.recorded("DataSubjectRequest", taken_back).await;
        let late = async |moment: &str, arguments: &str| {
            let query = format!(
                "{{ asOf{moment} {{ lateRecordings{arguments} {{ pageInfo {{ hasNextPage endCursor }} nodes {{ days event {{ sequence }} }} }} }} }}"
            );
            let found = api.ask(&query).await["asOf"]["lateRecordings"].clone();
            let nodes = found["nodes"].as_array().unwrap();
            let nodes: Vec<(String, i64)> = nodes
                .iter()
                .map(|node| (node["event"]["sequence"].as_str().unwrap().to_owned(), node["days"].as_i64().unwrap()))
                .collect();
            (nodes, found["pageInfo"].clone())
        };
        let facts = |expected: &[(&str, i64)]| -> Vec<(String, i64)> {
            expected.iter().map(|(sequence, days)| ((*sequence).to_owned(), *days)).collect()
        };
        assert_eq!(late("", "").await.0, facts(&[("3", 365), ("5", 60), ("2", 11)]));
        assert_eq!(late("", "(longerThan: \"P30D\")").await.0, facts(&[("3", 365), ("5", 60)]));
        assert_eq!(late("", "(longerThan: \"PT1H\", unit: \"mu-01\")").await.0, facts(&[("5", 60), ("2", 11), ("1", 0)]));
        assert_eq!(late("(knownAt: {size: \"5\"})", "").await.0, facts(&[("4", 1_094), ("3", 365), ("2", 11)]));
        let (first, info) = late("", "(first: 2)").await;
        assert_eq!((first, &info["hasNextPage"]), (facts(&[("3", 365), ("5", 60)]), &json!(true)));
        let (second, info) = late("", &format!("(first: 2, after: {})", info["endCursor"])).await;
        assert_eq!((second, &info["hasNextPage"]), (facts(&[("2", 11)]), &json!(false)));
        assert_eq!(late("", &format!("(last: 1, before: {})", info["endCursor"])).await.0, facts(&[("5", 60)]));
        let (number, _) = figure(&api, "", "year: 2019", "FACTS_RECORDED_LATE").await;
        assert_eq!(number, 2);
        let (_, body) = api.post("{ asOf { lateRecordings(longerThan: \"P1M\") { nodes { days } } } }", json!({})).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
    })
    .await;
}

#[tokio::test]
async fn a_sample_is_drawn_again_by_its_seed() {
    on_both("samples", async |url| {
        let api = Api::new(&url).await;
        api.consent_text().await;
        for unit in ["mu-01", "mu-02", "mu-01", "mu-02", "mu-01", "mu-01"] {
            request(&api, unit, "2019-12-31").await;
        }
        let sample = async |arguments: &str| {
            let query = format!("{{ asOf(knownAt: {{size: \"8\"}}) {{ sample({arguments}) {{ seed size complete events {{ sequence stream }} }} }} }}");
            api.ask(&query).await["asOf"]["sample"].clone()
        };
        let drawn = sample("seed: \"audit 2025\", count: 3").await;
        assert_eq!((&drawn["size"], &drawn["complete"]), (&json!("8"), &json!(true)));
        assert_eq!(BTreeSet::from_iter(sequences(&drawn["events"])).len(), 3, "distinct");
        request(&api, "mu-01", "2019-12-31").await;
        assert_eq!(sample("seed: \"audit 2025\", count: 3").await, drawn, "whatever is recorded later");
        let longer = sample("seed: \"audit 2025\", count: 5").await;
        assert!(sequences(&longer["events"]).starts_with(&sequences(&drawn["events"])));
        let whole = sample("seed: \"audit 2025\", count: 100").await;
        assert_eq!((sequences(&whole["events"]).len(), &whole["complete"]), (8, &json!(false)));
        let other = sample("seed: \"audit 2026\", count: 100").await;
        assert_ne!(sequences(&other["events"]), sequences(&whole["events"]));
        let of_unit = sample("seed: \"s\", count: 100, filter: { unit: \"mu-02\" }").await;
        assert_eq!(BTreeSet::from_iter(sequences(&of_unit["events"])), BTreeSet::from(["3".to_owned(), "5".to_owned()]));
        let of_family = sample("seed: \"s\", count: 1, filter: { families: [\"consentText\"] }").await;
        assert_eq!((sequences(&of_family["events"]), &of_family["complete"]), (vec!["1".to_owned()], &json!(true)));
        for wrong in ["seed: \"\", count: 1", "seed: \"s\", count: 0", "seed: \"s\", count: 101", "seed: \"s\", count: 1, filter: { families: [\"nonsense\"] }"] {
            let (_, body) = api.post(&format!("{{ asOf {{ sample({wrong}) {{ seed }} }} }}"), json!({})).await;
            assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{wrong} {body}");
        }
    })
    .await;
}

/// Tables that were made for a ledger which has facts already hold none of them.
#[tokio::test]
async fn an_index_that_lacks_facts_gives_no_numbers() {
    on_both("an index that lacks facts", async |url| {
        let api = Api::new(&url).await;
        request(&api, "mu-01", "2019-12-31").await;
        let raw = crate::support::ledger::Raw::open(&url).await;
        raw.run("delete from fact").await;
        raw.close().await;
        let (_, body) = api.post("{ asOf { figures(year: 2019) { year } } }", json!({})).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{body}");
        griffie::engine::rebuild(api.engine.store(), |_, _| ()).await.unwrap();
        assert_eq!(figure(&api, "", "year: 2019", "REQUESTS_RECEIVED").await.0, 1);
    })
    .await;
}
