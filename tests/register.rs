//! Registers as officers know them: at a moment, page by page, in both languages, and as files.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::on_both;

const NEWSLETTER: &str = "activity:01890a5d-ac96-774b-bcce-b302099a8057";
const ALUMNI: &str = "activity:01890a5d-ac97-774b-bcce-b302099a8057";

/// A version of a register entry with something in every letter of Art. 30(1).
fn established(unit: &str) -> Value {
    json!({
        "version": 1, "name": { "nl": "=2+3; de \"nieuwsbrief\"", "en": "=2+3; the \"newsletter\"" },
        "purposes": [
            { "code": "inform", "text": { "nl": "informeren", "en": "to inform" }, "basis": "PUBLIC_TASK",
              "legalReference": { "instrument": "WHW", "article": "1.3", "paragraph": "1" } },
            { "code": "photo", "text": { "nl": "foto's" }, "basis": "CONSENT" },
        ],
        "publicTask": true, "publicTaskReason": "WHW Art. 1.3",
        "subjectCategories": ["STUDENT", "EMPLOYEE"],
        "dataCategories": [{ "code": "contact" }, { "code": "diet", "special": "HEALTH" }],
        "operations": ["SEND"], "platforms": ["platform-a"], "recipients": ["printer"],
        "transfers": [{ "recipient": "mailer", "country": "US", "safeguards": "clauses of 2021" }],
        "retention": [{ "category": "contact", "term": "P2Y", "rule": "SEL-12" }, { "term": "P1M" }],
        "security": { "class": "CONFIDENTIAL", "measures": ["encryption", "two people\nper key"] },
        "source": "DIRECT", "systems": ["crm"], "owningUnit": unit, "owner": "HEAD_OF_MARKETING",
        "controller": "university", "jointControllers": ["hospital"], "processors": ["mailer"],
        "dpoContact": "dpo@example.nl", "approvedBy": "DEAN",
    })
}

fn first_fact(stream: &str, reference: &str, event: Value) -> Value {
    json!({ "stream": stream, "expectedRevision": "0", "reference": reference, "effective": "2020-01-01", "event": event })
}

/// A ledger with two activities, of which one was amended in June, in force since March.
async fn ledger(url: &str) -> Api {
    let api = Api::new(url).await;
    api.at("2020-01-02T11:00:00.000000Z");
    let newsletter = first_fact(NEWSLETTER, "ACT-001", json!({ "established": established("mu-01") }));
    api.recorded("Activity", newsletter).await;
    let alumni = json!({ "drafted": { "unit": "mu-02", "name": { "nl": "alumni", "en": "alumni" } } });
    api.recorded("Activity", first_fact(ALUMNI, "ACT-002", alumni)).await;
    api.at("2020-06-01T11:00:00.000000Z");
    let amended = json!({ "amended": { "version": 2, "recipients": ["printer", "press"], "pushedTo": [] } });
    api.recorded("Activity", json!({ "stream": NEWSLETTER, "effective": "2020-03-01", "event": amended })).await;
    api
}

/// Opens a register and its rows: `which` are the arguments of both.
fn opened(which: &str, members: &str) -> String {
    // What pages the rows stands beside them. An argument is a name and its value: `first: 1`.
    let pages = |one: &&str| ["first:", "after:", "last:", "before:"].iter().any(|name| one.starts_with(name));
    let words: Vec<&str> = which.split([',', ' ']).filter(|word| !word.is_empty()).collect();
    let arguments: Vec<String> = words.chunks(2).map(|pair| pair.join(" ")).collect();
    let (paging, which): (Vec<&str>, Vec<&str>) = arguments.iter().map(String::as_str).partition(pages);
    let rows = if paging.is_empty() { "rows".to_owned() } else { format!("rows({})", paging.join(", ")) };
    format!("register({}) {{ {members} {rows}", which.join(", "))
}

/// Asks for a register: `at` are the arguments of the moment, `which` those of the register.
async fn register(api: &Api, at: &str, which: &str) -> Value {
    let query = format!(
        "{{ asOf({at}) {{ {} {{ nodes {{ stream reference version sequence cells }} pageInfo {{ hasNextPage hasPreviousPage \
         startCursor endCursor }} }} }} }} }}",
        opened(which, "kind title columns { name label source }")
    );
    api.ask(&query).await["asOf"]["register"].clone()
}

/// Returns the cells of a column.
fn cells<'a>(register: &'a Value, column: &str) -> Vec<&'a str> {
    let place = register["columns"].as_array().unwrap().iter().position(|known| known["name"] == column).unwrap();
    let rows = register["rows"]["nodes"].as_array().unwrap().iter();
    rows.map(|row| row["cells"][place].as_str().unwrap()).collect()
}

async fn refused(api: &Api, which: &str, words: &str) {
    let query =
        format!("{{ asOf(validAt: \"2020\") {{ {} {{ pageInfo {{ endCursor }} }} }} }} }}", opened(which, "title"));
    let (_, body) = api.post(&query, json!({})).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
    assert!(body["errors"][0]["message"].as_str().unwrap().contains(words), "{body}");
}

// --- Asked of the API --------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_register_at_two_moments_differs_as_recorded() {
    on_both("a_register_at_two_moments_differs_as_recorded", async |url| {
        let api = ledger(&url).await;
        let check = async |at: &str, versions: [Option<u32>; 2], sequences: [&str; 2], recipients: [&str; 2]| {
            let found = register(&api, at, "kind: PROCESSING_ACTIVITIES").await;
            let of = |member: &str| -> Vec<Value> {
                let rows = found["rows"]["nodes"].as_array().unwrap().iter();
                rows.map(|row| row[member].clone()).collect()
            };
            assert_eq!(of("reference"), ["ACT-001", "ACT-002"], "{at}");
            assert_eq!(of("stream"), [NEWSLETTER, ALUMNI], "{at}");
            assert_eq!(of("version"), versions.map(|version| json!(version)), "{at}");
            assert_eq!(of("sequence"), sequences, "{at}");
            assert_eq!(cells(&found, "recipients"), recipients, "{at}");
            assert_eq!(cells(&found, "status"), ["established", "draft"], "{at}");
        };
        // As known in May, as known in June, and what was in force before the amendment.
        let april = "validAt: \"2020-04-01\"";
        check(&format!("knownAt: {{size: \"3\"}}, {april}"), [Some(1), None], ["1", "2"], ["printer", ""]).await;
        check(&format!("knownAt: {{at: \"2020-05\"}}, {april}"), [Some(1), None], ["1", "2"], ["printer", ""]).await;
        check(april, [Some(2), None], ["3", "2"], ["printer; press", ""]).await;
        check("validAt: \"2020-02-01\"", [Some(1), None], ["1", "2"], ["printer", ""]).await;
        let before = register(&api, "validAt: \"2019\"", "kind: PROCESSING_ACTIVITIES").await;
        assert_eq!(before["rows"]["nodes"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_register_is_read_in_both_languages() {
    on_both("a_register_is_read_in_both_languages", async |url| {
        let api = ledger(&url).await;
        let check = async |which: &str, title: &str, label: &str, expected: [(&str, &str); 6]| {
            let found = register(&api, "validAt: \"2020-04\"", &format!("kind: PROCESSING_ACTIVITIES, {which}")).await;
            assert!(found["title"].as_str().unwrap().starts_with(title), "{found}");
            let columns = found["columns"].as_array().unwrap();
            let purposes = json!({ "name": "purposes", "label": label, "source": "GDPR Art. 30(1)(b)" });
            assert!(columns.contains(&purposes), "{columns:?}");
            for (column, cell) in expected {
                assert_eq!(cells(&found, column)[0], cell, "{column}");
            }
        };
        let dutch = [
            ("name", "=2+3; de \"nieuwsbrief\""),
            ("status", "vastgesteld"),
            ("purposes", "inform: informeren; photo: foto's"),
            ("publicTask", "ja"),
            ("dataCategories", "contact; diet: gezondheid"),
            ("security", "CONFIDENTIAL; encryption; two people\nper key"),
        ];
        check("language: NL", "Register van verwerkingsactiviteiten", "doeleinden", dutch).await;
        let english = [
            ("name", "=2+3; the \"newsletter\""),
            ("status", "established"),
            ("purposes", "inform: to inform; photo: foto's"),
            ("publicTask", "yes"),
            ("dataCategories", "contact; diet: health"),
            ("security", "CONFIDENTIAL; encryption; two people\nper key"),
        ];
        check("", "Record of processing activities", "purposes", english).await;
    })
    .await;
}

#[tokio::test]
async fn a_register_comes_in_pages_and_by_unit() {
    on_both("a_register_comes_in_pages_and_by_unit", async |url| {
        let api = ledger(&url).await;
        let asked = async |which: &str| {
            let found = register(&api, "validAt: \"2020-04\"", &format!("kind: PROCESSING_ACTIVITIES, {which}")).await;
            let references = found["rows"]["nodes"].as_array().unwrap().iter().map(|row| row["reference"].clone());
            (references.collect::<Vec<Value>>(), found["rows"]["pageInfo"].clone())
        };
        let (first, info) = asked("first: 1").await;
        assert_eq!((first, &info["hasNextPage"]), (vec![json!("ACT-001")], &json!(true)));
        let (second, info) = asked(&format!("first: 1, after: {}", info["endCursor"])).await;
        assert_eq!((second, &info["hasNextPage"]), (vec![json!("ACT-002")], &json!(false)));
        assert_eq!(asked(&format!("last: 1, before: {}", info["startCursor"])).await.0, ["ACT-001"]);
        assert_eq!(asked("last: 1").await.0, ["ACT-002"]);
        assert_eq!(asked("unit: \"mu-02\"").await.0, ["ACT-002"]);
        assert_eq!(asked("unit: \"mu-03\"").await.0, Vec::<Value>::new());

        refused(&api, "kind: AGREEMENTS, unit: \"mu-01\"", "belong to no unit").await;
        refused(&api, "kind: PROCESSING_ACTIVITIES, first: 101", "1 to 100").await;
        let foreign = format!("kind: BREACHES, first: 1, after: {}", info["endCursor"]);
        refused(&api, &foreign, "not a cursor of this list").await;
    })
    .await;
}

#[tokio::test]
async fn the_register_of_complaints_has_no_queries_and_no_names() {
    on_both("the_register_of_complaints_has_no_queries_and_no_names", async |url| {
        let api = Api::new(&url).await;
        let received = |what: &str, unit: &str| {
            let fact = json!({ "unit": unit, "channel": "LETTER", "submitterCategory": "STUDENT", "activities": [],
                               "submitter": "Anna of FICTION", "text": "FICTION" });
            json!({ "effective": "2020-01-01", "event": { what: fact } })
        };
        api.recorded("Case", received("queryReceived", "mu-01")).await;
        api.recorded("Case", received("complaintReceived", "mu-01")).await;
        api.at("2020-01-02T11:00:00.000000Z");
        api.recorded("Case", received("complaintReceived", "mu-02")).await;
        let asked =
            async |which: &str| register(&api, "validAt: \"2020\"", &format!("kind: COMPLAINTS, {which}")).await;
        let all = asked("language: NL").await;
        assert_eq!(cells(&all, "unit"), ["mu-01", "mu-02"], "in the order of their streams");
        assert_eq!(cells(&all, "kind"), ["klacht", "klacht"]);
        assert_eq!(cells(&all, "channel"), ["brief", "brief"]);
        assert_eq!(cells(&asked("unit: \"mu-02\"").await, "unit"), ["mu-02"]);
        assert!(!all.to_string().contains("FICTION"), "{all}");
    })
    .await;
}

// --- As files ----------------------------------------------------------------------------------------------------

/// Runs the program in a folder against a database.
fn griffie(folder: &Path, url: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_griffie"));
    command.args(arguments).args(["--database", url]).current_dir(folder);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRIFFIE_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

/// Exports into a fresh file; returns it, and what the program says.
fn exported(url: &str, arguments: &[&str]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [&["export"], arguments, &["--output", "file"]].concat();
    let output = griffie(folder.path(), url, &arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}\n{said}");
    let file = folder.path().join("file");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    (fs::read_to_string(file).unwrap(), said)
}

const ACTIVITIES: [&str; 3] = ["register", "--kind", "processing-activities"];

#[tokio::test]
async fn a_register_is_exported_as_csv() {
    on_both("a_register_is_exported_as_csv", async |url| {
        let api = ledger(&url).await;
        let head = "validAt: \"2020-04-01\"";
        let export = |more: &[&str]| exported(&url, &[&ACTIVITIES, &["--valid", "2020-04-01"][..], more].concat());
        let (dutch, said) = export(&["--language", "nl"]);
        assert!(said.contains("2 rows, as known with 4 entries (root "), "{said}");
        assert!(said.contains("no checkpoint covers it yet"), "{said}");
        insta::assert_snapshot!("register_csv", dutch.replace("\r\n", "␍\n"));

        // The file says what the API says, but for the guard.
        let mut reader = csv::Reader::from_reader(dutch.as_bytes());
        let asked = register(&api, head, "kind: PROCESSING_ACTIVITIES, language: NL").await;
        let labels = asked["columns"].as_array().unwrap().iter().map(|column| column["label"].as_str().unwrap());
        let header: Vec<&str> = ["kenmerk"].into_iter().chain(labels).chain(["dossier", "laatste feit"]).collect();
        assert_eq!(reader.headers().unwrap(), header);
        for (record, row) in reader.records().map(Result::unwrap).zip(asked["rows"]["nodes"].as_array().unwrap()) {
            let cells = row["cells"].as_array().unwrap().iter().map(|cell| cell.as_str().unwrap());
            let cells = cells.map(|cell| if cell.starts_with('=') { format!("'{cell}") } else { cell.to_owned() });
            let own = |member: &str| row[member].as_str().unwrap().to_owned();
            let expected: Vec<String> = [own("reference")]
                .into_iter()
                .chain(cells)
                .chain([own("stream").replace(':', "/"), own("sequence")])
                .collect();
            assert_eq!(record.iter().collect::<Vec<&str>>(), expected);
        }

        let (english, _) = export(&[]);
        assert!(english.starts_with("reference,name,status,version,"), "{english}");
        let (earlier, said) = export(&["--known", "2020-05"]);
        assert!(said.contains("as known with 3 entries"), "{said}");
        assert!(english.contains("printer; press") && !earlier.contains("printer; press"), "{earlier}");
        assert_eq!(earlier, export(&["--size", "3"]).0, "a size repeats an export");
        let (unit, said) = export(&["--unit", "mu-02"]);
        assert!(said.contains("1 rows") && unit.contains("ACT-002") && !unit.contains("ACT-001"), "{unit}{said}");
    })
    .await;
}

#[tokio::test]
async fn a_register_is_exported_as_json_ld_that_says_which_moment_it_shows() {
    on_both("a_register_is_exported_as_json_ld_that_says_which_moment_it_shows", async |url| {
        let api = ledger(&url).await;
        let asked =
            api.ask("{ checkpoint { size note } asOf(knownAt: {size: \"3\"}) { known { root recorded } } }").await;
        let export = |more: &[&str]| {
            let options = ["--format", "json-ld", "--valid", "2020-04-01"];
            serde_json::from_str::<Value>(&exported(&url, &[&ACTIVITIES, &options[..], more].concat()).0).unwrap()
        };
        let mut document = export(&["--size", "3"]);
        let moment = &mut document["dct:provenance"]["@value"];
        let known = &asked["asOf"]["known"];
        assert_eq!(moment["known"]["size"], 3);
        assert_eq!((&moment["known"]["root"], &moment["known"]["recorded"]), (&known["root"], &known["recorded"]));
        let checkpoint = &asked["checkpoint"];
        assert_eq!((&moment["checkpoint"]["note"], &checkpoint["size"]), (&checkpoint["note"], &json!("4")));
        moment["known"]["root"] = json!("[root]");
        moment["checkpoint"]["note"] = json!("[note]");
        insta::assert_json_snapshot!("register_json_ld", document);
        let later = export(&[]);
        assert_eq!(later["dct:provenance"]["@value"]["known"]["size"], 4);
        assert_ne!(later["dpv:hasProcess"], document["dpv:hasProcess"]);
        assert_eq!(export(&["--unit", "mu-03"])["dpv:hasProcess"], json!([]), "an empty register is a document too");
    })
    .await;
}

#[tokio::test]
async fn every_register_is_exported_even_when_it_is_empty() {
    on_both("every_register_is_exported_even_when_it_is_empty", async |url| {
        let _api = ledger(&url).await;
        for kind in ["processor-activities", "breaches", "requests", "complaints", "agreements", "transfers"] {
            let (csv, _) = exported(&url, &["register", "--kind", kind]);
            assert_eq!(csv.lines().count(), 1, "{kind}: {csv}");
            let (linked, _) = exported(&url, &["register", "--kind", kind, "--format", "json-ld"]);
            serde_json::from_str::<Value>(&linked).unwrap_or_else(|error| panic!("{kind}: {error}\n{linked}"));
        }
    })
    .await;
}

#[tokio::test]
async fn an_export_is_refused_with_a_reason() {
    on_both("an_export_is_refused_with_a_reason", async |url| {
        let _api = ledger(&url).await;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("taken"), "mine").unwrap();
        let check = |arguments: &[&str], words: &str| {
            let output = griffie(folder.path(), &url, &[&["export"], arguments].concat());
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.code() == Some(2) && said.contains(words), "{arguments:?} {said}");
        };
        check(&["register", "--kind", "agreements", "--unit", "mu-01"], "belong to no unit; leave --unit out");
        check(&["register", "--kind", "breaches", "--output", "taken"], "must not be there yet");
        check(&["register", "--kind", "breaches", "--size", "99"], "99");
        check(&["register", "--kind", "breaches", "--size", "1", "--known", "2020"], "cannot be used with");
        check(&["register", "--kind", "nonsense"], "possible values");
        check(&["consents", "--output", "taken"], "must not be there yet");
        check(&["consents", "--text", "CTX-404", "--output", "new"], "there is no consent text CTX-404");
        assert_eq!(fs::read_to_string(folder.path().join("taken")).unwrap(), "mine");
        assert!(!folder.path().join("new").exists());
    })
    .await;
}

// --- Consent records ---------------------------------------------------------------------------------------------

const TEXT: &str = "consentText:01890a5d-ac98-774b-bcce-b302099a8057";
const OTHER_TEXT: &str = "consentText:01890a5d-ac9b-774b-bcce-b302099a8057";
const CONSENT: &str = "consent:01890a5d-ac99-774b-bcce-b302099a8057";
const UNIVERSITY: &str = "party:01890a5d-ac9a-774b-bcce-b302099a8057";

/// Adds to the ledger a text for the newsletter, somebody who consented and withdrew one item, and another's consent.
async fn consents(api: &Api) {
    let party = json!({ "registered": { "party": "university", "name": { "en": "Example University" }, "country": "NL",
                                         "contact": "privacy@example.nl" } });
    api.recorded("Party", first_fact(UNIVERSITY, "PTY-001", party)).await;
    let item = |code: &str, nl: &str, en: &str| json!({ "code": code, "purpose": { "nl": nl, "en": en }, "operations": ["PUBLISH"], "platforms": ["platform-a"] });
    let published = |activity: Option<&str>| {
        json!({ "published": {
            "version": 1, "activity": activity, "languages": ["nl", "en"],
            "grantChannels": ["WEB"], "withdrawChannels": ["WEB", "EMAIL"],
            "items": [item("photo", "foto's", "photographs"), item("video", "video", "video")],
        }})
    };
    api.recorded("ConsentText", first_fact(TEXT, "CTX-001", published(Some(NEWSLETTER)))).await;
    api.recorded("ConsentText", first_fact(OTHER_TEXT, "CTX-002", published(None))).await;
    let decisions = json!([{ "code": "photo", "decision": "YES" }, { "code": "video", "decision": "YES" }]);
    let granted = json!({ "granted": {
        "text": TEXT, "textVersion": 1, "language": "nl", "items": decisions, "expression": "EXPLICIT", "method": "WEB",
        "evidence": { "description": "signed form of Anna FICTION" }, "remark": "FICTION",
    }});
    api.recorded("Consent", first_fact(CONSENT, "CNS-001", granted)).await;
    let withdrawn = json!({ "withdrawn": { "items": ["video"], "channel": "WEB", "remark": "FICTION" } });
    api.recorded("Consent", json!({ "stream": CONSENT, "effective": "2020-05-01", "event": withdrawn })).await;
    api.recorded("Consent", Api::grant(OTHER_TEXT, "2020-02-01")).await;
}

#[tokio::test]
async fn consents_are_exported_as_records_without_persons() {
    on_both("consents_are_exported_as_records_without_persons", async |url| {
        let api = ledger(&url).await;
        consents(&api).await;
        let export = |more: &[&str]| exported(&url, &[&["consents", "--valid", "2020-06-01"], more].concat());
        let (lines, said) = export(&[]);
        assert!(lines.lines().count() == 2 && said.contains("Consent records: 2 rows"), "{said}");
        assert!(!lines.contains("FICTION") && !lines.contains("Anna"), "{lines}");
        let (line, _) = export(&["--text", "CTX-001"]);
        let mut record: Value = serde_json::from_str(&line).unwrap();
        record["dct:provenance"]["@value"]["known"]["root"] = json!("[root]");
        insta::assert_json_snapshot!("consent_record", record);
        let before = exported(&url, &["consents", "--valid", "2020-04-01", "--text", "CTX-001"]).0;
        assert!(!before.contains("Withdrawn") && line.contains("dpv:ConsentWithdrawn"), "{before}");
        assert_eq!(export(&["--known", "2020-01-03"]).0, "", "nothing was known yet");
    })
    .await;
}

#[tokio::test]
async fn a_register_of_many_pages_is_exported_whole() {
    on_both("a_register_of_many_pages_is_exported_whole", async |url| {
        let api = Api::new(&url).await;
        for turn in 0..101 {
            let event = json!({ "drafted": { "unit": "mu-01", "name": { "en": format!("activity {turn}") } } });
            api.recorded("Activity", json!({ "effective": "2020-01-01", "event": event })).await;
        }
        let (file, said) = exported(&url, &[&ACTIVITIES, &["--valid", "2020-01-02"][..]].concat());
        assert!(said.contains("101 rows"), "{said}");
        let records = csv::Reader::from_reader(file.as_bytes()).into_records().map(Result::unwrap);
        let mut names: Vec<String> = records.map(|record| record[1].to_owned()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 101);
    })
    .await;
}
