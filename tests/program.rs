//! The program itself, as a newcomer runs it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn griffie(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_griffie"));
    command.args(arguments).current_dir(folder);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRIFFIE_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn output(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_demonstration_loads_verifies_answers_and_exports() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = output(&griffie(folder.path(), &["demo", "--no-serve"]));
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("Recorded 513 facts") && out.contains("ok  "), "{out}");
    assert_eq!(out.matches("curl -s http://127.0.0.1:8080/graphql").count(), 4, "{out}");
    assert!(out.contains(r#""nextDay":{"known":{"size":"160"},"consent":null}"#), "{out}");
    assert!(out.contains(r#""version":2"#) && out.contains(r#""platforms":["platform-b"]"#), "{out}");
    assert!(out.contains(r#""status":"WITHDRAWN""#), "{out}");
    assert!(
        out.contains(r#""outcome":"PASS""#) && out.contains(r#""hindsight":{"outcome":"FAIL","imputable":false"#),
        "{out}"
    );
    let (code, again, _) = output(&griffie(folder.path(), &["demo", "--no-serve"]));
    assert!(code == Some(0) && again.contains("there already"), "{again}");

    let database = ["--database", "sqlite:griffie-demo.sqlite"];
    let (code, report, err) = output(&griffie(folder.path(), &["verify", "--json", database[0], database[1]]));
    let report: Value = serde_json::from_str(&report).unwrap_or_else(|_| panic!("{report}{err}"));
    assert_eq!((code, &report["ok"], &report["size"]), (Some(0), &Value::Bool(true), &Value::from(514)));
    let judge = |command: &str, more: &[&str]| {
        let common = ["--scope", "TRG-001", "--rule", "TRF-01", "--json"];
        output(&griffie(folder.path(), &[&database[..], &[command], &common, more].concat()))
    };
    let (code, sheet, err) = judge("verdicts", &["--known", "2020-07-20", "--valid", "2020-07-20"]);
    let sheet: Value = serde_json::from_str(&sheet).unwrap_or_else(|_| panic!("{sheet}{err}"));
    assert_eq!((code, &sheet["sheet"]["verdicts"][0]["outcome"]), (Some(1), &Value::from("FAIL")), "{sheet}");
    let drawn = ["--layer", "LAW", "--to", "2021", "--svg", "transfer.svg"];
    let (code, bars, err) = judge("timeline", &drawn);
    let bars: Value = serde_json::from_str(&bars).unwrap_or_else(|_| panic!("{bars}{err}"));
    let failing = |bar: usize| -> Vec<i64> {
        let intervals = bars[bar]["intervals"].as_array().unwrap().iter();
        intervals
            .filter(|part| part["verdict"]["outcome"] == "FAIL")
            .map(|part| part["days"].as_i64().unwrap())
            .collect()
    };
    assert_eq!((code, failing(0), failing(1)), (Some(1), vec![18], vec![763]), "{bars}");
    assert!(std::fs::read_to_string(folder.path().join("transfer.svg")).unwrap().starts_with("<svg"));
    let (code, _, err) = judge("verdicts", &["--rule", "TRF-99"]);
    assert!(code == Some(2) && err.contains("there is no rule `TRF-99`"), "{err}");
    let export = [
        "export",
        "entries",
        "--output",
        "entries.jsonl",
        "--disclosures",
        "disclosures.jsonl",
        database[0],
        database[1],
    ];
    let (code, _, err) = output(&griffie(folder.path(), &export));
    assert_eq!(code, Some(0), "{err}");
    let entries = std::fs::read_to_string(folder.path().join("entries.jsonl")).unwrap();
    assert!(!entries.contains("FICTION"), "a clear value is in the export of entries");
    let disclosures = std::fs::read_to_string(folder.path().join("disclosures.jsonl")).unwrap();
    assert!(disclosures.lines().count() > 513);
    let (code, out, err) = output(&griffie(folder.path(), &["verify", "--export", "entries.jsonl"]));
    assert_eq!(code, Some(0), "{out}{err}");
    std::fs::write(folder.path().join("entries.jsonl"), entries.replacen("2018-09-10", "2018-09-11", 1)).unwrap();
    let (code, out, _) = output(&griffie(folder.path(), &["verify", "--export", "entries.jsonl"]));
    assert!(code == Some(1) && out.contains("TAMPERED"), "{out}");
}

#[test]
fn a_ledger_is_founded_once_and_its_keys_can_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], expected: i32, words: &str| {
        let (code, out, err) = output(&griffie(folder.path(), arguments));
        assert_eq!(code, Some(expected), "{arguments:?} {out}{err}");
        assert!(format!("{out}{err}").contains(words), "{arguments:?} {out}{err}");
    };
    run(&["verify"], 2, "cannot be opened");
    run(
        &["ledger", "found", "--origin", "ledger.example/tenant-1", "--law", "none"],
        0,
        "Founded ledger.example/tenant-1",
    );
    run(&["ledger", "found", "--origin", "ledger.example/tenant-1"], 2, "holds a ledger already");
    run(&["key", "show"], 0, "ledger.example/tenant-1/events+");
    run(&["key", "rotate"], 0, "signs from sequence 2 on");
    run(&["key", "revoke", "--from", "2"], 0, "is revoked from sequence 2 on");
    run(&["verify"], 0, "ok");
    run(&["project", "--rebuild"], 0, "from 3 entries");
    run(&["ledger", "fork-decision", "--reason", "none"], 2, "nothing to decide");
    run(&["ledger", "clock-corrected", "--from", "2", "--reason", "a battery"], 0, "order is proven, time is not");
    run(&["config"], 0, "sqlite:griffie.sqlite");
    run(&["schema"], 0, "type Query");
    run(&["completions", "bash"], 0, "griffie");
    run(&["serve", "--listen", "0.0.0.0:0"], 2, "no authentication");
}

#[test]
fn the_coverage_of_requirements_fails_on_facts_that_do_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    let coverage = |rows: &str, json: bool| {
        let table = format!("id,priority,requirement,evidencing_events\n{rows}");
        std::fs::write(folder.path().join("requirements.csv"), table).unwrap();
        let mut arguments = vec!["docs", "--coverage", "requirements.csv"];
        arguments.extend(json.then_some("--json"));
        output(&griffie(folder.path(), &arguments))
    };
    let known =
        "GOV-01,P1,\"a policy, in force\",InstrumentVersionAdopted; RoleAssigned(CONTROLLER)\nALL-01,P2,time,all\n";
    let (code, out, err) = coverage(known, false);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(
        out.contains(
            "GOV-01   P1  LAW+POLICY             governanceInstrument.versionAdopted, roleAssignment.assigned\n"
        ),
        "{out}"
    );
    assert!(
        err.contains("2 requirements; 0 without a fact; 0 names of facts that do not exist; 1 without a rule"),
        "{err}"
    );
    let (code, out, err) = coverage(&format!("{known}X-01,P1,x,RoleAssigned; UnicornSeen\n"), false);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(out.contains("roleAssignment.assigned, UNKNOWN UnicornSeen"), "{out}");
    assert!(err.contains("3 requirements; 0 without a fact; 1 names"), "{err}");
    let (code, out, _) = coverage("X-01,P1,x,UnicornSeen\n", true);
    let row: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}"));
    assert_eq!(
        (code, &row["unknown"][0], &row["requirement"]),
        (Some(1), &Value::from("UnicornSeen"), &Value::from("X-01"))
    );
    let (code, _, err) = coverage("X-01,P1,x,\n", false);
    assert!(code == Some(1) && err.contains("1 without a fact"), "{err}");
    std::fs::write(folder.path().join("requirements.csv"), "id,priority\nX-01,P1\n").unwrap();
    let (code, _, err) = output(&griffie(folder.path(), &["docs", "--coverage", "requirements.csv"]));
    assert!(code == Some(2) && err.contains("evidencing_events"), "{err}");
    let (code, _, err) = output(&griffie(folder.path(), &["docs", "--coverage", "nothing.csv"]));
    assert!(code == Some(2) && err.contains("cannot be read"), "{err}");
}

#[test]
fn the_api_is_measured_beside_a_rival() {
    let folder = tempfile::tempdir().unwrap();
    let small = ["--seconds", "1", "--connections", "2", "--subscribers", "3", "--facts", "100", "--told", "10"];
    let (code, out, err) = output(&griffie(folder.path(), &[&["bench", "api", "--json"][..], &small].concat()));
    assert_eq!(code, Some(0), "{out}{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let stories = report["stories"].as_array().unwrap();
    assert_eq!(stories.len(), 6, "{report}");
    for story in stories {
        assert_eq!(story["errors"], 0, "{story}");
        for figure in ["perSecond", "p50Us", "p99Us", "rateToRival", "p50ToRival"] {
            assert!(story[figure].as_f64().is_some_and(|figure| figure > 0.0), "{figure} of {story}");
        }
    }
    assert_eq!(stories[5]["count"], 30, "{report}");
    let (code, _, err) = output(&griffie(folder.path(), &["bench", "api", "--subscribers", "257"]));
    assert!(code == Some(2) && err.contains("1..=256"), "{err}");
    let database = ["--database", "sqlite:griffie.sqlite"];
    let found = ["ledger", "found", "--origin", "ledger.example/tenant-1", database[0], database[1]];
    assert_eq!(griffie(folder.path(), &found).status.code(), Some(0));
    let (code, _, err) = output(&griffie(folder.path(), &["bench", "api", database[0], database[1]]));
    assert!(code == Some(2) && err.contains("name an empty one"), "{err}");
}

/// From nothing to a first true verdict: found, record one activity, ask. Then the house kit, filled in and adopted.
#[test]
fn a_new_ledger_judges_after_three_commands() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| output(&griffie(folder.path(), arguments));
    let (code, out, err) = run(&["ledger", "found", "--origin", "privacy.example.nl/ledger"]);
    assert!(code == Some(0) && out.contains("statements of law pack "), "{out}{err}");
    let entry = "reference,effective,version,name.nl,purposes.code,purposes.basis\nACT-001,2024-01-01,1,Nieuwsbrief,news,CONSENT\n";
    std::fs::write(folder.path().join("register.csv"), entry).unwrap();
    let (code, out, err) = run(&["record", "register.csv", "--event", "activity.established"]);
    assert_eq!(code, Some(0), "{out}{err}");
    let (code, out, err) = run(&["verdicts", "--scope", "ACT-001", "--language", "nl"]);
    assert!(code == Some(1) && out.contains("REG-02  De registerregel is volledig (GDPR 30(1)(a)-(g)"), "{out}{err}");
    assert!(out.contains("voldoet niet") && out.contains("niet beoordeeld, al hoort het erbij: toestemming"), "{out}");
    let (code, _, err) = run(&["law", "diff"]);
    assert_eq!(code, Some(0), "{err}");
    let (code, out, err) = run(&["law", "update"]);
    assert!(code == Some(0) && out.contains("Recorded 0 statements"), "{out}{err}");

    let (code, _, err) = run(&["policy", "template", "--output", "policy.csv"]);
    assert_eq!(code, Some(0), "{err}");
    let kit = std::fs::read_to_string(folder.path().join("policy.csv")).unwrap();
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(kit.as_bytes());
    let mut filled = csv::Writer::from_writer(Vec::new());
    for (place, row) in rows.records().enumerate() {
        let mut row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        // Each row says in brackets in which column its answer stands, and how one is written.
        let question = row[11].clone();
        if let Some((column, answer)) =
            question.rsplit_once("(parameters.").and_then(|(_, hint)| hint.strip_suffix(')')?.split_once(": "))
        {
            let at = ["term", "calendar", "number", "values"].iter().position(|name| *name == column).unwrap();
            answer.clone_into(&mut row[7 + at]);
        }
        if place == 1 {
            "2024-01-01".clone_into(&mut row[1]);
        }
        filled.write_record(row).unwrap();
    }
    std::fs::write(folder.path().join("adopted.csv"), filled.into_inner().unwrap()).unwrap();
    let adopt = ["record", "adopted.csv", "--event", "governanceInstrument.versionAdopted"];
    let (code, out, err) = run(&adopt);
    assert_eq!(code, Some(0), "{out}{err}");
    let (_, out, err) = run(&["verdicts", "--scope", "ACT-001", "--layer", "POLICY"]);
    assert!(!out.contains(": 0 ") && out.contains("policy"), "{out}{err}");

    // Whoever wants no law of ours says so, and is told what that means.
    let bare = tempfile::tempdir().unwrap();
    let (code, out, err) =
        output(&griffie(bare.path(), &["ledger", "found", "--origin", "privacy.example.nl/bare", "--law", "none"]));
    assert!(code == Some(0) && out.contains("It knows no law"), "{out}{err}");
    let (code, out, err) = output(&griffie(bare.path(), &["law", "check"]));
    assert!(code == Some(0) && out.contains("no problem"), "{out}{err}");
    let (code, out, err) = output(&griffie(bare.path(), &["law", "show", "LEX-GDPR"]));
    assert!(code == Some(0) && out.contains("source"), "{out}{err}");
    let (code, _, err) = output(&griffie(bare.path(), &["law", "show", "LEX-NONE"]));
    assert!(code == Some(2) && err.contains("griffie law list"), "{err}");
}
