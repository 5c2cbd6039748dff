//! Erasure (GDPR Art. 17): what a fact says is erased is gone from the vault at every moment, and nothing else changes. A value
//! that is erased is a value that says so; one that is lost stays a fault.

use std::fs;
use std::path::Path;
use std::process::Command;

use axum::http::StatusCode;
use griffie::engine::{NewFact, erase_due, rebuild};
use griffie::family::kit::RejectionCode;
use griffie::ledger::entry::Entry;
use griffie::ledger::erasable::{Digest, digests};
use griffie::ledger::name::StreamId;
use griffie::ledger::verify::Trust;
use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::ledger::{
    Ledger, Raw, Told, chosen, date, granted, path_of, refused, remarked_withdrawal, retracted, told, verify,
};
use crate::support::on_both;

/// The day before the erasure: whoever asks what was known then finds the value erased all the same.
const DAY_BEFORE: &str = r#"knownAt: {at: "2026-04-20"}, validAt: "2026-04-20""#;

// --- Asked of the API --------------------------------------------------------------------------------------------

/// A person consents, on a form that bears a name, with a remark.
async fn consents(api: &Api, text: &str, name: &str) -> Value {
    let granted = json!({
        "text": text, "textVersion": 1, "items": [{ "code": "photo", "decision": "YES" }],
        "evidence": { "description": format!("signed form of {name}") }, "remark": format!("{name} was happy"),
    });
    api.recorded("Consent", json!({ "effective": "2022-10-03", "event": { "granted": granted } })).await
}

async fn erases(api: &Api, subject: &Value, ground: &str, effective: &str) -> Value {
    let erased = json!({ "subject": subject, "ground": ground, "digests": [], "material": ["VALUES", "SALTS"] });
    api.recorded("Erasure", json!({ "effective": effective, "event": { "subjectDataErased": erased } })).await
}

/// Opens the evidence in a state at a moment.
async fn evidence(api: &Api, stream: &Value, moment: &str) -> Value {
    let query = format!(
        "{{ asOf({moment}) {{ consent(id: {stream}) {{ evidence {{ value {{ description }} erasedAt ground erasedBy digest }} }} }} }}"
    );
    let mut evidence = api.ask(&query).await["asOf"]["consent"]["evidence"].clone();
    assert_eq!(evidence["digest"].as_str().map(str::len), Some(43), "{evidence}");
    evidence.as_object_mut().unwrap().remove("digest");
    evidence
}

/// Opens evidence and remark of the fact itself.
async fn of_fact(api: &Api, sequence: &Value) -> Value {
    let query = format!(
        "{{ event(sequence: {sequence}) {{ remark {{ value erasedAt ground erasedBy }} \
         fact {{ ... on ConsentGranted {{ evidence {{ value {{ description }} erasedAt }} }} }} }} }}"
    );
    let mut event = api.ask(&query).await["event"].clone();
    event["fact"]["remark"] = event["remark"].clone();
    event["fact"].clone()
}

fn there(name: &str) -> Value {
    let value = json!({ "description": format!("signed form of {name}") });
    json!({ "value": value, "erasedAt": null, "ground": null, "erasedBy": null })
}

fn gone(at: &str, ground: &str, by: &Value) -> Value {
    json!({ "value": null, "erasedAt": at, "ground": ground, "erasedBy": by })
}

/// Verifies a ledger that must be whole; returns how many values are erased.
async fn verified(api: &Api) -> u64 {
    let report = verify(api.engine.store(), Trust::default()).await;
    assert!(report.ok, "{:#?}", report.faults);
    report.erased
}

#[tokio::test]
async fn an_erased_value_is_gone_at_every_moment() {
    on_both("an_erased_value_is_gone_at_every_moment", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        api.at("2022-10-03T10:00:00.000000Z");
        let anna = consents(&api, &text, "Anna").await;
        let bert = consents(&api, &text, "Bert").await;
        let (anna_id, bert_id) = (&anna["stream"], &bert["stream"]);
        api.at("2026-04-20T10:00:00.000000Z");
        assert_eq!(evidence(&api, anna_id, DAY_BEFORE).await, there("Anna"), "asked before it is recorded, it opens");
        assert_eq!(verified(&api).await, 0);

        api.at("2026-04-21T10:00:00.000000Z");
        let erasure = erases(&api, anna_id, "CONSENT_WITHDRAWN", "2026-04-21").await;
        let by = &erasure["sequence"];
        let erased = gone("2026-04-21", "CONSENT_WITHDRAWN", by);
        for moment in [
            "validAt: \"2026-05\"",
            DAY_BEFORE,
            "knownAt: {size: \"3\"}, validAt: \"2022-11\"",
            "knownAt: {at: \"2030\"}, validAt: \"2030\"",
        ] {
            assert_eq!(evidence(&api, anna_id, moment).await, erased, "{moment}");
            let other = if moment.contains("size") { Value::Null } else { there("Bert") };
            if !other.is_null() {
                assert_eq!(evidence(&api, bert_id, moment).await, other, "{moment}");
            }
        }
        let fact = of_fact(&api, &anna["sequence"]).await;
        assert_eq!(fact["evidence"], json!({ "value": null, "erasedAt": "2026-04-21" }));
        assert_eq!(fact["remark"], erased);
        assert_eq!(of_fact(&api, &bert["sequence"]).await["remark"]["value"], "Bert was happy");
        assert_eq!(verified(&api).await, 2);

        // What is recorded afterwards is a value again; what was erased stays erased by the fact that did it.
        let remark = json!({ "withdrawn": { "items": [], "remark": "by letter of Anna" } });
        let withdrawal =
            api.recorded("Consent", json!({ "stream": anna_id, "effective": "2026-04-22", "event": remark })).await;
        let query = format!("{{ event(sequence: {}) {{ remark {{ value erasedBy }} }} }}", withdrawal["sequence"]);
        let remark = async || api.ask(&query).await["event"]["remark"].clone();
        assert_eq!(remark().await, json!({ "value": "by letter of Anna", "erasedBy": null }));
        let second = erases(&api, anna_id, "OTHER", "2026-04-23").await;
        assert_eq!(remark().await, json!({ "value": null, "erasedBy": second["sequence"] }));
        assert_eq!(evidence(&api, anna_id, "validAt: \"2026-05\"").await, erased);

        // A retraction of the fact brings nothing back.
        let retraction = json!({ "stream": erasure["stream"], "effective": "2026-04-24", "replaces": by,
                                 "event": { "retracted": { "reason": "it was another person" } } });
        api.recorded("Erasure", retraction).await;
        assert_eq!(evidence(&api, anna_id, "validAt: \"2026-05\"").await, erased);
        assert_eq!(evidence(&api, bert_id, "validAt: \"2026-05\"").await, there("Bert"));
        assert_eq!(verified(&api).await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_erased_values_is_opened_by_two_questions_and_a_lost_one_is_a_fault() {
    on_both("a_list_of_erased_values_and_a_lost_one", async |url| {
        let api = Api::new(&url).await;
        let text = api.consent_text().await;
        let mut streams = Vec::new();
        for (day, name) in [(2, "Anna"), (3, "Bert"), (4, "Cato")] {
            // Lists are in the order in which their streams began.
            api.at(&format!("2020-01-0{day}T10:00:00.000000Z"));
            streams.push(consents(&api, &text, name).await["stream"].clone());
        }
        erases(&api, &streams[0], "OBJECTION", "2020-01-01").await;
        erases(&api, &streams[1], "RETENTION_ENDED", "2020-01").await;
        let query = "{ asOf(validAt: \"2023\") { consents(first: 10) { nodes { evidence { value { description } erasedAt ground } } } } }";
        let found = api.ask(query).await["asOf"]["consents"]["nodes"].clone();
        let expected = json!([
            { "evidence": { "value": null, "erasedAt": "2020-01-01", "ground": "OBJECTION" } },
            { "evidence": { "value": null, "erasedAt": "2020-01", "ground": "RETENTION_ENDED" } },
            { "evidence": { "value": { "description": "signed form of Cato" }, "erasedAt": null, "ground": null } },
        ]);
        assert_eq!(found, expected);
        let raw = Raw::open(&url).await;
        raw.run("delete from vault where sequence = 2").await;
        let (status, body) = api.post(query, json!({})).await;
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (StatusCode::OK, &json!("INTERNAL")), "{body}");
        raw.close().await;
    })
    .await;
}

// --- Names of organisational things ------------------------------------------------------------------------------

const ACTIVITY: &str = "activity:01890a5d-ac96-774b-bcce-b302099a8057";

async fn found(api: &Api, word: &str) -> usize {
    let query = format!("{{ asOf(validAt: \"2021\") {{ search(text: \"{word}\") {{ nodes {{ __typename }} }} }} }}");
    api.ask(&query).await["asOf"]["search"]["nodes"].as_array().unwrap().len()
}

/// Runs `griffie export register` on a database; returns the file.
fn register(url: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    griffie(folder.path(), url, &[&["export", "register", "--valid", "2021", "--output", "file"], arguments].concat());
    fs::read_to_string(folder.path().join("file")).unwrap()
}

fn griffie(folder: &Path, url: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_griffie"));
    command.args(arguments).args(["--database", url]).current_dir(folder);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRIFFIE_")) {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}\n{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[tokio::test]
async fn a_name_that_slipped_in_is_detached_alone_and_forgotten_by_search_and_files() {
    on_both("a_name_that_slipped_in_is_detached_alone", async |url| {
        let api = Api::new(&url).await;
        let drafted = |code: &str| json!({ "drafted": { "unit": "mu-01", "name": { "en": format!("list of {code}") }, "remark": "kept" } });
        let first = json!({ "stream": ACTIVITY, "expectedRevision": "0", "reference": "ACT-001", "effective": "2020", "event": drafted("wilhelmina") });
        let fact = api.recorded("Activity", first).await;
        api.recorded("Activity", json!({ "reference": "ACT-002", "effective": "2020", "event": drafted("juliana") })).await;
        assert_eq!((found(&api, "wilhelmina").await, found(&api, "juliana").await), (1, 1));
        let held = digests(&Entry::parse(fact["entry"].as_str().unwrap().as_bytes()).unwrap().entry.data);
        assert_eq!(held.len(), 2);
        let detach = |sequence: &Value, digests: &[&str]| {
            json!({ "effective": "2020-02", "event": { "payloadDetached": {
                "sequence": sequence, "subject": ACTIVITY, "ground": "MISPLACED", "digests": digests, "material": ["VALUES", "SEARCH_INDEX"] } } })
        };
        let refused = async |input: Value, field: &str| {
            let payload = api.record("Erasure", input).await;
            let error = &payload["userErrors"][0];
            assert_eq!((&error["code"], &error["field"]), (&json!("UNKNOWN"), &json!(field)), "{payload}");
        };
        let stray = "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY";
        refused(detach(&fact["sequence"], &[stray]), "event.payloadDetached.digests").await;
        refused(detach(&json!("0"), &[]), "event.payloadDetached.sequence").await;
        // Which of the two is the name the fact itself says.
        let query = format!("{{ event(sequence: {}) {{ fact {{ ... on ActivityDrafted {{ name {{ digest }} }} }} }} }}", fact["sequence"]);
        let name: Digest = api.ask(&query).await["event"]["fact"]["name"]["digest"].as_str().unwrap().parse().unwrap();
        assert!(held.contains(&name));
        let erasure = api.recorded("Erasure", detach(&fact["sequence"], &[name.as_str()])).await;

        assert_eq!((found(&api, "wilhelmina").await, found(&api, "juliana").await), (0, 1));
        assert_eq!((found(&api, "list").await, found(&api, "mu").await), (1, 2), "what else it is found by stays");
        let query = format!("{{ asOf(validAt: \"2021\") {{ activity(id: \"{ACTIVITY}\") {{ name {{ value {{ en }} ground erasedBy }} }} \
                             template(stream: \"{ACTIVITY}\", event: \"activity.drafted\") }} }}");
        let answer = api.ask(&query).await["asOf"].clone();
        assert_eq!(answer["activity"]["name"], json!({ "value": null, "ground": "MISPLACED", "erasedBy": erasure["sequence"] }));
        let template: Value = serde_json::from_str(answer["template"].as_str().unwrap()).unwrap();
        assert_eq!(template["activity"], json!({ "event": { "drafted": { "unit": "mu-01" } }, "remark": "kept" }));
        let kind = ["--kind", "processing-activities"];
        assert!(register(&url, &[&kind, &["--language", "nl"][..]].concat()).contains("ACT-001,[gewist],"));
        let csv = register(&url, &kind);
        assert!(csv.contains("ACT-001,[erased],") && csv.contains("list of juliana"), "{csv}");
        let linked = register(&url, &[&kind, &["--format", "json-ld"][..]].concat());
        assert!(!linked.contains("erased") && linked.contains("list of juliana"), "{linked}");
        assert_eq!(verified(&api).await, 1);

        if url.starts_with("sqlite:") {
            let bytes = on_disk(&url);
            assert!(bytes.contains("juliana") && !bytes.contains("wilhelmina"));
        }
        // A projection made anew says the same.
        rebuild(api.engine.store(), |_, _| {}).await.unwrap();
        assert_eq!((found(&api, "wilhelmina").await, found(&api, "list").await), (0, 1));
    })
    .await;
}

// --- In the database ---------------------------------------------------------------------------------------------

/// The bytes of a SQLite database, its log included; what is no text in them does not matter.
fn on_disk(url: &str) -> String {
    let path = path_of(url);
    let log = path.with_extension("db-wal");
    let mut bytes = fs::read(path).unwrap();
    bytes.extend(fs::read(log).unwrap_or_default());
    String::from_utf8_lossy(&bytes).into_owned()
}

fn erasure_of(subject: &StreamId) -> NewFact {
    let data = json!({ "subject": subject, "ground": "NO_LONGER_NECESSARY", "digests": [], "material": [] });
    told("erasure", "subjectDataErased", data).at("2026-04-21")
}

/// A person agrees to a photograph.
fn agreed(text: &StreamId, person: &StreamId) -> NewFact {
    granted(text, &["photo"], None).beginning(person)
}

#[tokio::test]
async fn nothing_of_an_erased_value_is_left_in_the_database() {
    on_both("nothing_of_an_erased_value_is_left_in_the_database", async |url| {
        const PEOPLE: u16 = 300;
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let people: Vec<StreamId> = (0..PEOPLE).map(|number| chosen("consent", number)).collect();
        for some in people.chunks(100) {
            ledger.record_all(some.iter().map(|person| agreed(&text, person)).collect()).await;
            // Values of all lengths, so that pages fill unevenly and long ones have pages of their own.
            let remarked = |(number, person): (usize, &StreamId)| {
                remarked_withdrawal(&[], Some(&format!("{} ", person.id()).repeat(1 + number * 4))).of(person)
            };
            ledger.record_all(some.iter().enumerate().map(remarked).collect()).await;
        }
        let raw = ledger.raw().await;
        let values = raw.texts("select disclosure from vault order by sequence, digest").await;
        let streams = raw.texts("select stream from vault order by sequence, digest").await;
        assert_eq!(values.len(), 2 * usize::from(PEOPLE));
        let erased = |person: usize| person % 3 != 1;
        for some in (0..people.len()).filter(|person| erased(*person)).collect::<Vec<_>>().chunks(67) {
            ledger.record_all(some.iter().map(|person| erasure_of(&people[*person])).collect()).await;
        }
        let left = raw.texts("select disclosure from vault order by sequence, digest").await;
        let kept: Vec<String> =
            people.iter().enumerate().filter(|(at, _)| !erased(*at)).map(|(_, person)| person.to_string()).collect();
        let bytes = if url.starts_with("sqlite:") { Some(on_disk(&url)) } else { None };
        for ((value, now), stream) in values.iter().zip(&left).zip(&streams) {
            let is_kept = kept.contains(stream);
            assert_eq!(*now == *value, is_kept, "{stream}");
            assert_eq!(now.is_empty(), !is_kept, "{stream}");
            let Some(bytes) = &bytes else { continue };
            // The salt is in the first part, so it is like no other; the end of a long value lies in a page of its own.
            assert_eq!(bytes.contains(&value[..30]), is_kept, "{stream}");
            let end = &value[value.len() - 30..];
            assert!(is_kept || value.len() < 200 || !bytes.contains(end), "{stream}");
        }
        let report = ledger.verify().await;
        assert!(report.ok, "{:#?}", report.faults);
        assert_eq!(report.erased, 400);
        raw.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_erasure_reaches_what_stands_before_it_in_the_same_batch() {
    on_both("an_erasure_reaches_what_stands_before_it_in_the_same_batch", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let [anna, bert, cato] = [1, 2, 3].map(|number| chosen("consent", number));
        let size = ledger.head().await.size();
        let taken_back = chosen("erasure", 9);
        let detached = json!({ "sequence": size + 2, "digests": [], "material": [] });
        let batch = vec![
            agreed(&text, &anna),
            agreed(&text, &bert),
            agreed(&text, &cato),
            erasure_of(&anna),
            remarked_withdrawal(&[], Some("after it")).of(&anna),
            told("erasure", "payloadDetached", detached),
            erasure_of(&bert).beginning(&taken_back),
            retracted("erasure", size + 6).of(&taken_back),
        ];
        ledger.record_all(batch).await;
        let raw = ledger.raw().await;
        let by = "select cast(sequence as text) || ' by ' || cast(erased_by as text) from vault where disclosure = '' order by sequence";
        let erased = |pairs: &[(u64, u64)]| {
            pairs.iter().map(|(entry, by)| format!("{} by {}", size + entry, size + by)).collect::<Vec<_>>()
        };
        assert_eq!(raw.texts(by).await, erased(&[(0, 3), (2, 5)]), "what the batch takes back itself erases nothing");
        let report = ledger.verify().await;
        assert!(report.ok && report.erased == 2, "{report:#?}");
        raw.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_batch_erases_nothing() {
    on_both("a_refused_batch_erases_nothing", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let anna = chosen("consent", 1);
        ledger.record(agreed(&text, &anna)).await;
        let twice = chosen("erasure", 1);
        let facts = vec![erasure_of(&anna).beginning(&twice), erasure_of(&anna).of(&twice)];
        let (place, why) = refused(ledger.submit("twice", facts).await);
        assert_eq!((place, why.code), (1, RejectionCode::AlreadyExists));
        let raw = ledger.raw().await;
        assert_eq!(raw.number("select count(*) from vault where disclosure = ''").await, 0);
        raw.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_an_older_build_only_recorded_is_erased_by_migrate() {
    on_both("what_an_older_build_only_recorded_is_erased_by_migrate", async |url| {
        let ledger = Ledger::found(&url).await;
        let text = ledger.text().await;
        let [anna, bert, cato] = [1, 2, 3].map(|number| chosen("consent", number));
        for person in [&anna, &bert, &cato] {
            ledger.record(agreed(&text, person)).await;
        }
        let raw = ledger.raw().await;
        raw.run("create table vault_then as select * from vault").await;
        ledger.record(erasure_of(&anna)).await;
        let taken_back = ledger.record(erasure_of(&bert)).await.entry;
        ledger.record(retracted("erasure", taken_back.sequence).of(&taken_back.stream)).await;
        // The vault as an older build has left it: with all that the facts say is gone.
        raw.run("delete from vault where sequence < 6; insert into vault select * from vault_then").await;
        let report = ledger.verify().await;
        let faults: Vec<(u64, &str)> =
            report.faults.iter().map(|fault| (fault.from, fault.expected.as_str())).collect();
        assert_eq!(faults, [(2, "no value: entry 5 erased it")], "what was taken back before is not due");

        let folder = tempfile::tempdir().unwrap();
        let said = griffie(folder.path(), &url, &["migrate"]);
        assert!(said.contains("Erased 1 values"), "{said}");
        assert!(!griffie(folder.path(), &url, &["migrate"]).contains("Erased"));
        assert_eq!(erase_due(ledger.store()).await.unwrap(), 0);
        let report = ledger.verify().await;
        assert!(report.ok && report.erased == 1, "{report:#?}");
        assert_eq!(raw.number("select count(*) from vault where disclosure = '' and erased_by = 5").await, 1);
        assert!(griffie(folder.path(), &url, &["verify"]).contains("erased    1 values, each by a fact that says so"));
        let lines = {
            griffie(folder.path(), &url, &["export", "entries", "--output", "entries", "--disclosures", "opened"]);
            fs::read_to_string(folder.path().join("opened")).unwrap()
        };
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let erased: Vec<&Value> = lines.iter().filter(|line| line.get("disclosure").is_none()).collect();
        assert_eq!((erased.len(), &erased[0]["erasedBy"], &erased[0]["sequence"]), (1, &json!(5), &json!(2)));
        assert_eq!(date("2026-04-21"), ledger.entries().await[5].effective);
        raw.close().await;
    })
    .await;
}
