//! Imports and recordings from files, with the program itself: nothing goes in before everything was looked at, a broken
//! import goes on, and what was imported says so.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A ledger of its own and the files beside it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::with_prefix("griffie-import-").unwrap();
        let desk = Self { folder };
        desk.run(&["ledger", "found", "--origin", "ledger.example/tenant-1", "--law", "none"], 0);
        desk
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_griffie"));
        command.args(arguments).current_dir(self.path());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRIFFIE_")) {
            command.env_remove(name);
        }
        command
    }

    /// Runs the program, which must end with that code, and returns what it said.
    fn run(&self, arguments: &[&str], code: i32) -> String {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert_eq!(status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    /// How many entries the ledger has, whole and in order.
    fn entries(&self) -> u64 {
        let report: Value = serde_json::from_str(&self.run(&["verify", "--json"], 0)).unwrap();
        assert_eq!(report["ok"], true, "{report}");
        report["size"].as_u64().unwrap()
    }
}

fn consents(people: usize) -> String {
    let text = json!({ "consentText": { "reference": "CTX-1", "effective": "2018", "event": { "published": {
        "version": 1, "languages": ["nl"], "grantChannels": ["WEB"], "withdrawChannels": ["WEB"],
        "items": [{ "code": "photo", "operations": ["PUBLISH"], "platforms": [] }],
    } } } });
    let mut lines = format!("{text}\n");
    for person in 0..people {
        let granted = json!({ "text": "@CTX-1", "textVersion": 1, "items": [{ "code": "photo", "decision": "YES" }] });
        let reference = format!("CNS-{person}");
        let fact = json!({ "reference": reference, "effective": "2018-05-25", "event": { "granted": granted } });
        let _ = writeln!(lines, "{}", json!({ "asserted": "2018-06", "consent": fact }));
    }
    lines
}

#[test]
fn every_problem_is_told_by_row_and_column_and_nothing_is_recorded() {
    let desk = Desk::new();
    let heading = "reference,effective,version,name.nl,purposes.code,purposes.basis,operations,unknown";
    let rows = [
        "ACT-1,2018-05-25,1,werving,inform,toestemming,COLLECT; SEND,x",
        "ACT-1,,,,measure,gerechtvaardigd belang,,",
        "ACT-2,,1,zonder datum,inform,CONSENT,,",
        "ACT-3,2018,eerste,geen getal,inform,CONSENT,,",
        "ACT-4,2018,1,geen grondslag,inform,hoop,,",
        "act 5,2018,1,geen kenmerk,inform,CONSENT,,",
        "ACT-6,2018,2,geen versie 1,inform,CONSENT,,",
        "ACT-7,2018,1,twee keer,inform,CONSENT,SEND; SEND,",
    ];
    desk.write("register.csv", &format!("{heading}\n{}\n", rows.join("\n")));
    for arguments in [&["import", "register", "register.csv", "--dry-run"][..], &["import", "register", "register.csv"]]
    {
        let said = desk.run(arguments, 1);
        for expected in [
            "A    reference",
            "unknown                                  not recognised",
            "row 4, effective",
            "row 5, column C (version): eerste",
            "row 6, column F (purposes.basis): hoop is not one of CONSENT",
            "row 7",
            "row 8, event.established.version",
            "row 9, event.established.operations",
            "6 problems; nothing was recorded",
        ] {
            assert!(said.contains(expected), "{expected} is not in\n{said}");
        }
        assert_eq!(desk.entries(), 1);
    }
}

#[test]
fn a_register_comes_in_from_both_kinds_of_table_and_once() {
    let desk = Desk::new();
    std::fs::copy("tests/import/register.xlsx", desk.path().join("register.xlsx")).unwrap();
    let said = desk.run(&["import", "register", "register.xlsx", "--dry-run"], 0);
    assert!(said.contains("2 facts, no problem; nothing was recorded"), "{said}");
    assert_eq!(desk.entries(), 1);
    desk.run(&["import", "register", "register.xlsx"], 0);
    // Founding, beginning, two entries of the register, end.
    assert_eq!(desk.entries(), 5);
    assert!(desk.run(&["import", "register", "register.xlsx"], 0).contains("imported already"));
    assert_eq!(desk.entries(), 5);

    let template = desk.run(&["import", "template"], 0);
    let columns: Vec<&str> = template.trim().split(',').collect();
    let cell = |column: &&str| match *column {
        "reference" => "ACT-9",
        "effective" => "2019",
        "version" => "1",
        "purposes.code" => "inform",
        _ => "",
    };
    let row: Vec<&str> = columns.iter().map(cell).collect();
    desk.write("filled.csv", &format!("{template}{}\n", row.join(",")));
    desk.run(&["import", "register", "filled.csv"], 0);
    assert_eq!(desk.entries(), 8);
}

#[test]
fn lines_link_streams_by_reference_and_their_problems_have_a_row() {
    let desk = Desk::new();
    let granted = |text: &str, reference: &str| {
        let data = json!({ "text": text, "textVersion": 1, "items": [{ "code": "photo", "decision": "YES" }] });
        json!({ "consent": { "reference": reference, "effective": "2019", "event": { "granted": data } } }).to_string()
    };
    let lines = [
        consents(1).trim().to_owned(),
        granted("@CTX-9", "CNS-8"),
        granted("@CTX-1", "CNS-0"),
        "not json".to_owned(),
        r#"{"consents": {}}"#.to_owned(),
        r#"{"asserted": "soon", "consent": {}}"#.to_owned(),
        granted("@consentText:CTX-1", "CNS-9"),
    ];
    desk.write("facts.jsonl", &lines.join("\n"));
    let said = desk.run(&["import", "facts", "facts.jsonl", "--json"], 1);
    let problems: Vec<Value> =
        said.lines().filter(|line| line.starts_with('{')).map(|line| serde_json::from_str(line).unwrap()).collect();
    let rows: Vec<u64> = problems.iter().filter_map(|problem| problem["row"].as_u64()).collect();
    assert_eq!(rows, [3, 4, 5, 6, 7], "{said}");
    assert!(problems[0]["message"].as_str().unwrap().contains("CTX-9"), "{said}");
    assert!(problems[1]["message"].as_str().unwrap().contains("given in this stream already"), "{said}");
    assert_eq!(desk.entries(), 1);

    desk.write("good.jsonl", &format!("{}{}\n", consents(1), granted("@consentText:CTX-1", "CNS-9")));
    desk.run(&["import", "facts", "good.jsonl"], 0);
    assert_eq!(desk.entries(), 6);
    // A second file goes on with streams that the ledger has.
    desk.write("later.jsonl", &format!("{}\n", granted("@CTX-1", "CNS-10")));
    desk.run(&["import", "facts", "later.jsonl"], 0);
    assert_eq!(desk.entries(), 9);
}

#[test]
fn an_import_that_was_broken_off_goes_on_where_it_was() {
    let desk = Desk::new();
    desk.write("facts.jsonl", &consents(2_000));
    let mut first = desk.command(&["import", "facts", "facts.jsonl"]);
    let mut first = first.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Broken off after some chunks, wherever that is.
    let begun = std::time::Instant::now();
    while desk.entries() < 300 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let broken = desk.entries();
    assert!(broken < 2_004, "the import was done before it could be broken off");
    desk.run(&["import", "facts", "facts.jsonl"], 0);
    assert_eq!(desk.entries(), 1 + 1 + 2_001 + 1);
    assert!(desk.run(&["import", "facts", "facts.jsonl"], 0).contains("imported already"));
}

#[test]
fn facts_of_today_are_recorded_from_a_file_and_asking_again_records_nothing() {
    let desk = Desk::new();
    // What is asserted of an earlier time belongs to an import.
    desk.write("facts.jsonl", &consents(150));
    let refused = desk.run(&["record", "facts.jsonl"], 1);
    assert!(refused.contains("leave `asserted` out"), "{refused}");
    desk.write("facts.jsonl", &consents(150).replace("\"asserted\":\"2018-06\",", ""));
    desk.run(&["record", "facts.jsonl", "--dry-run"], 0);
    assert_eq!(desk.entries(), 1);
    desk.run(&["record", "facts.jsonl"], 0);
    assert_eq!(desk.entries(), 152);
    let table =
        "reference,effective,text,textVersion,items.code,items.decision,method\nCNS-200,2020,@CTX-1,1,photo,ja,WEB\n";
    desk.write("table.csv", table);
    desk.run(&["record", "table.csv", "--event", "consent.granted"], 0);
    assert_eq!(desk.entries(), 153);
}
