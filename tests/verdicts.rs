//! The golden questions on the demonstration, asked from the outside on both databases.

use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::on_both;

/// The verdict of a rule on the stream of a reference, as known and in force at the ends of two dates.
async fn verdict(api: &Api, rule: &str, layer: &str, reference: &str, (known, valid): (&str, &str)) -> Value {
    let query = format!(
        r#"{{ asOf(knownAt: {{ at: "{known}" }}, validAt: "{valid}") {{ verdict(rule: "{rule}", scope: {{ reference: "{reference}" }}, layer: {layer}) {{
            outcome class imputable until flags {{ mark days }} hindsight {{ outcome imputable }} reasons {{ nl en facts events {{ sequence entry }} }}
            parameters {{ name value instrument }} deadlineTrace {{ term calendar limit minutes steps }} }} }} }}"#
    );
    api.ask(&query).await["asOf"]["verdict"].clone()
}

/// The intervals of non-compliance as known and in hindsight: first day, day after the last, days.
async fn intervals(api: &Api, rule: &str, reference: &str, moment: &str) -> Value {
    let query = format!(
        r#"{{ asOf{moment} {{ nonComplianceIntervals(rule: "{rule}", scope: {{ reference: "{reference}" }}, from: "2016", to: "2027", layer: LAW) {{
            asKnown {{ from to days opened {{ byTime facts }} closed {{ byTime facts }} }} atThisMoment {{ days }} hindsight {{ from to days opened {{ facts }} }} }} }} }}"#
    );
    api.ask(&query).await["asOf"]["nonComplianceIntervals"][0].clone()
}

fn days(intervals: &Value) -> Vec<i64> {
    intervals.as_array().unwrap().iter().map(|interval| interval["days"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_golden_questions_are_answered_by_the_rules() {
    on_both("golden questions", async |url| {
        let api = Api::demonstration(&url).await;
        transfers(&api).await;
        consents(&api).await;
        breaches(&api).await;
        governance(&api).await;
        terms(&api).await;
        notices(&api).await;
        erased(&api).await;
        sheets(&api).await;
        walks(&api).await;
        inquiry(&api).await;
        errors(&api).await;
    })
    .await;
}

async fn transfers(api: &Api) {
    let then = ("2019-06-01", "2019-06-01");
    let q01 = verdict(api, "TRF-01", "LAW", "TRG-001", then).await;
    assert_eq!((&q01["outcome"], &q01["imputable"]), (&json!("PASS"), &Value::Null), "{q01}");
    assert_eq!(q01["hindsight"], json!({ "outcome": "FAIL", "imputable": false }), "{q01}");
    let proof = &q01["reasons"][0]["events"][0];
    assert!(proof["entry"].as_str().is_some_and(|entry| entry.contains("legalInstrument")), "{q01}");
    let q03 = verdict(api, "TRF-01", "POLICY", "TRG-001", ("2020-07-20", "2020-07-20")).await;
    assert_eq!((&q03["outcome"], &q03["flags"][0]["mark"]), (&json!("PASS"), &json!("POLICY_STALE")), "{q03}");
    assert_eq!(q03["parameters"][0]["instrument"], "POL-001", "{q03}");
    let q04 = intervals(api, "TRF-01", "TRG-001", "").await;
    assert_eq!((days(&q04["asKnown"]), days(&q04["hindsight"])), (vec![18], vec![763]), "{q04}");
    assert_eq!(q04["asKnown"][0]["opened"]["byTime"], json!(false), "{q04}");
    let q05 = verdict(api, "TRF-04", "LAW", "TRG-001", ("2020-12-01", "2020-12-01")).await;
    assert_eq!(q05["outcome"], "FAIL", "{q05}");
    assert_eq!(days(&intervals(api, "TRF-04", "TRG-001", "").await["hindsight"])[0], 133);
}

async fn consents(api: &Api) {
    let q07 = verdict(api, "CON-03", "LAW", "PUB-0001", ("2018-09-13", "2018-09-12")).await;
    assert_eq!((&q07["outcome"], &q07["class"]), (&json!("FAIL"), &json!("ACCOUNTABILITY")), "{q07}");
    let q08 = verdict(api, "CON-03", "LAW", "PUB-0001", ("2018-09-15", "2018-09-12")).await;
    assert_eq!(q08["outcome"], "PASS", "{q08}");
    let guideline = verdict(api, "CON-03", "GUIDELINE", "PUB-0001", ("2018-09-15", "2018-09-12")).await;
    assert_eq!(guideline["outcome"], "NOT_APPLICABLE", "{guideline}");
}

async fn breaches(api: &Api) {
    let check = async |reference: &str, at: &str, outcome: &str, minutes: i64| {
        let found = verdict(api, "BRE-04", "LAW", reference, (at, at)).await;
        assert_eq!(found["outcome"], outcome, "{found}");
        // The limit is that of Regulation 1182/71, the target 72 hours as they pass.
        for (place, calendar) in ["REG_1182_71", "STRICT"].iter().enumerate() {
            let trace = &found["deadlineTrace"][place];
            assert_eq!((&trace["calendar"], &trace["minutes"]), (&json!(calendar), &json!(minutes)), "{found}");
        }
    };
    let awareness = async |reference: &str| {
        let query = format!(r#"{{ asOf {{ breach(reference: "{reference}") {{ awareAt }} }} }}"#);
        let aware = api.ask(&query).await["asOf"]["breach"]["awareAt"].as_str().unwrap()[..10].to_owned();
        let day: jiff::civil::Date = aware.parse().unwrap();
        day.checked_add(jiff::Span::new().days(10)).unwrap().to_string()
    };
    check("BRE-0001", &awareness("BRE-0001").await, "PASS", 41 * 60 + 45).await;
    check("BRE-0002", &awareness("BRE-0002").await, "FAIL", 87 * 60 + 45).await;
    check("BRE-0003", &awareness("BRE-0003").await, "PASS", 50 * 60 + 10).await;
    let at = awareness("BRE-0002").await;
    assert_eq!(verdict(api, "BRE-05", "LAW", "BRE-0002", (&at, &at)).await["outcome"], "PASS");
}

async fn governance(api: &Api) {
    let q11 = verdict(api, "GOV-23", "GUIDELINE", "GDL-001", ("2024-12-31", "2024-12-31")).await;
    assert_eq!(q11["outcome"], "FAIL", "{q11}");
    let q12 = verdict(api, "GOV-23", "GUIDELINE", "GDL-001", ("2025-01-21", "2024-12-31")).await;
    assert_eq!(q12["outcome"], "PASS", "{q12}");
    assert!(q12["flags"].as_array().unwrap().contains(&json!({ "mark": "LATE_RECORDED", "days": 195 })), "{q12}");
    let query = r#"{ asOf(knownAt: { at: "2025-01-21" }, validAt: "2024-12-31") { nonComplianceIntervals(rule: "GOV-23", scope: { reference: "GDL-001" }, from: "2024", to: "2024-12-31") {
        atThisMoment(outcomes: [PASS, FAIL]) { outcome from to } } } }"#;
    let stretches = api.ask(query).await["asOf"]["nonComplianceIntervals"][0]["atThisMoment"].clone();
    let expected = json!([
        { "outcome": "FAIL", "from": "2024-05-06T22:00:00.000000Z", "to": "2024-07-08T22:00:00.000000Z" },
        { "outcome": "PASS", "from": "2024-07-08T22:00:00.000000Z", "to": "2024-12-31T23:00:00.000000Z" },
    ]);
    assert_eq!(stretches, expected);
}

async fn terms(api: &Api) {
    let at = ("2025-05-28", "2025-05-28");
    let law = verdict(api, "TRN-03", "LAW", "ACT-005", at).await;
    assert_eq!(law["outcome"], "PASS", "{law}");
    assert!(law["reasons"].to_string().contains("as soon as possible"), "{law}");
    assert_eq!(verdict(api, "TRN-03", "GUIDELINE", "ACT-005", at).await["outcome"], "PASS");
    let policy = verdict(api, "TRN-03", "POLICY", "ACT-005", at).await;
    assert_eq!(policy["outcome"], "FAIL", "{policy}");
    assert_eq!(policy["deadlineTrace"][0]["limit"], "2025-05-26T21:59:59.999999Z", "{policy}");
}

async fn notices(api: &Api) {
    let stale = async |at: &str| {
        let query = format!(
            r#"{{ asOf(knownAt: {{ at: "{at}" }}, validAt: "{at}") {{ noticeStaleness(reference: "NOT-001") {{ since why(language: NL) facts }}
                activity(reference: "ACT-002") {{ current {{ entry {{ version platforms }} }} }} privacyNotice(reference: "NOT-001") {{ current {{ version }} }} }} }}"#
        );
        api.ask(&query).await["asOf"].clone()
    };
    let q22 = stale("2024-09-01").await;
    assert_eq!(q22["noticeStaleness"]["since"], "2024-08-26", "{q22}");
    assert_eq!(q22["activity"]["current"]["entry"], json!({ "version": 2, "platforms": ["platform-b"] }), "{q22}");
    assert_eq!(q22["privacyNotice"]["current"]["version"], 3, "{q22}");
    assert_eq!(stale("2024-08-20").await["noticeStaleness"], Value::Null);
}

/// What the authority asks in an inquiry is saved as operations: each is answered with facts and with verdicts.
async fn inquiry(api: &Api) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/operations/inquiry");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 10);
    for file in files {
        let query = std::fs::read_to_string(&file).unwrap();
        let mut variables = json!({ "known": { "at": "2026-11-22" }, "valid": "2026-11-22" });
        if query.contains("$year") {
            variables["year"] = json!(2024);
        }
        let (status, body) = api.post(&query, variables).await;
        assert!(status.is_success() && body.get("errors").is_none(), "{}: {body}", file.display());
        let verdicts = body["data"]["asOf"]["verdicts"]["verdicts"]["nodes"].as_array().unwrap();
        let judged = verdicts.iter().filter(|verdict| verdict["outcome"] != "NOT_APPLICABLE");
        assert!(judged.count() > 0, "{}: no rule applies", file.display());
        let lists = body["data"]["asOf"].as_object().unwrap().values();
        let items = |list: &Value| list["nodes"].as_array().or(list["rows"]["nodes"].as_array()).map_or(0, Vec::len);
        assert!(lists.map(items).sum::<usize>() > 0, "{}: no fact", file.display());
    }
}

async fn erased(api: &Api) {
    for known in ["2026-04-20", "2026-11-22"] {
        let query = format!(
            r#"{{ asOf(knownAt: {{ at: "{known}" }}, validAt: "2024-09-01") {{ consent(reference: "CNS-0002") {{ facts(first: 1) {{ nodes {{
                remark {{ value erasedAt ground }} }} }} }} }} }}"#
        );
        let facts = api.ask(&query).await["asOf"]["consent"]["facts"]["nodes"].clone();
        let expected = json!({ "value": null, "erasedAt": "2026-04-21", "ground": "CONSENT_WITHDRAWN" });
        assert_eq!(facts[0]["remark"], expected, "{facts}");
    }
    let report =
        griffie::engine::verify(api.engine.store(), griffie::ledger::verify::Trust::default(), |_, _| {}).await;
    assert!(report.unwrap().ok, "an erasure breaks no proof");
}

async fn sheets(api: &Api) {
    let query = r#"{ asOf(knownAt: { at: "2024-09-01" }, validAt: "2024-09-01") { verdicts(scope: { reference: "ACT-002" }) {
        ruleSet { hash } known { size hash canonical counts { outcome number } } hindsight { size hash } asFact
        verdicts(first: 100, outcomes: [FAIL]) { nodes { ruleId layer subject hindsight { outcome } } pageInfo { hasNextPage } } } } }"#;
    let sheet = api.ask(query).await["asOf"]["verdicts"].clone();
    assert_eq!(api.ask(query).await["asOf"]["verdicts"], sheet, "the same question, the same bytes");
    let known = &sheet["known"];
    let canonical = known["canonical"].as_str().unwrap();
    assert_eq!(known["hash"], hex::encode(<sha2::Sha256 as sha2::Digest>::digest(canonical.as_bytes())));
    assert_eq!(known["size"], "379", "{known}");
    let fact: Value = serde_json::from_str(sheet["asFact"].as_str().unwrap()).unwrap();
    let receipt =
        api.recorded("RuleSet", json!({ "effective": "2026-11-22", "event": fact["ruleSet"]["event"] })).await;
    let query = format!(
        r#"{{ evaluation(sequence: {}) {{ comparison recorded again recordedHindsight hindsightAgain }} }}"#,
        receipt["sequence"]
    );
    let again = api.ask(&query).await["evaluation"].clone();
    assert_eq!((&again["comparison"], &again["again"]), (&json!("SAME"), &known["hash"]), "{again}");
}

async fn walks(api: &Api) {
    let query = r#"{ asOf(knownAt: { at: "2024-09-01" }, validAt: "2024-09-01") { justification(reference: "ACT-002") {
        title(language: NL) said stream reference facts verdicts { ruleId outcome }
        steps { title said reference facts steps { title said reference facts steps { title said facts } } } } } }"#;
    let walk = api.ask(query).await["asOf"]["justification"].clone();
    assert_eq!((&walk["title"], &walk["reference"]), (&json!("verwerkingsactiviteit"), &json!("ACT-002")), "{walk}");
    let steps = walk.to_string();
    for found in ["CTX-001", "JCA-002", "NOT-001"] {
        assert!(steps.contains(found), "{found} is not on the way: {walk}");
    }
    let fallen =
        r#"{ asOf { dependents(instrument: "LEX-PSHIELD") { fell dependents { reference reacted reactionDays } } } }"#;
    let fallen = api.ask(fallen).await["asOf"]["dependents"].clone();
    assert_eq!(
        fallen["dependents"],
        json!([{ "reference": "TRG-001", "reacted": "2020-08-03", "reactionDays": 18 }]),
        "{fallen}"
    );
    let learned = r#"{ asOf(validAt: "2019-06-01") { whatWasLearned(since: { at: "2019-06-01" }, scope: { reference: "TRG-001" }) {
        changes(first: 100) { nodes { before { ruleId layer outcome } after { outcome } learned } } } } }"#;
    let learned = api.ask(learned).await["asOf"]["whatWasLearned"]["changes"]["nodes"].clone();
    let changed = learned.as_array().unwrap().iter().find(|change| change["before"]["ruleId"] == "TRF-01");
    assert_eq!(changed.map(|change| &change["after"]["outcome"]), Some(&json!("FAIL")), "{learned}");
    let open = r#"{ asOf(knownAt: { at: "2025-05-10" }, validAt: "2025-05-10") { deadlines(horizon: "P1M", first: 100) { nodes { reference layer limit overdue rule { id } trace { what(language: NL) } } } } }"#;
    let open = api.ask(open).await["asOf"]["deadlines"]["nodes"].clone();
    let indirect = open.as_array().unwrap().iter().filter(|term| term["rule"]["id"] == "TRN-03");
    let limits: std::collections::BTreeSet<&str> = indirect.map(|term| term["limit"].as_str().unwrap()).collect();
    assert!(limits.contains("2025-05-26T21:59:59.999999Z") && limits.contains("2025-05-28T21:59:59.999999Z"), "{open}");
}

async fn errors(api: &Api) {
    let refuse = async |question: &str, expected: &str| {
        let (_, body) = api.post(question, json!({})).await;
        let error = &body["errors"][0];
        let told = error["message"].as_str().unwrap_or_default().contains(expected);
        assert!(told && error["extensions"]["code"] == "BAD_USER_INPUT", "{question}\n{body}");
    };
    let one = |moment: &str, rule: &str, scope: &str| {
        format!(r#"{{ asOf{moment} {{ verdict(rule: "{rule}", scope: {scope}) {{ outcome }} }} }}"#)
    };
    refuse(&one("", "TRF-99", r#"{ reference: "TRG-001" }"#), "there is no rule `TRF-99`").await;
    refuse(&one("", "TRF-01", r#"{ reference: "TRG-999" }"#), "nothing was known of TRG-999").await;
    refuse(&one("", "TRF-01", r#"{ unit: "mu-99" }"#), "the unit mu-99").await;
    refuse(&one("", "TRF-01", r#"{ reference: "ACT-001" }"#), "does not judge streams of the family activity").await;
    refuse(&one(r#"(rulesAt: "2015")"#, "TRF-01", r#"{ reference: "TRG-001" }"#), "no rule applies at").await;
    let future = one(r#"(validAt: "2030", rulesAt: "2031")"#, "TRF-01", r#"{ reference: "TRG-001" }"#);
    assert_eq!(api.ask(&future).await["asOf"]["verdict"]["outcome"], "PASS");
}

/// The hash of the sheet of a small ledger whose keys, ids and clock are the same on both databases.
#[tokio::test]
async fn the_same_ledger_gives_the_same_bytes_on_both_databases() {
    let sheets: std::sync::Mutex<Vec<Value>> = std::sync::Mutex::default();
    on_both("the same sheet", async |url| {
        let api = Api::new(&url).await;
        let law = json!({ "reference": "LEX-GDPR", "effective": "2018-05-25", "event": { "enteredIntoForce": {
            "code": "LEX-GDPR", "kind": "STATUTE", "validFrom": "2018-05-25", "modules": [], "relations": [], "rules": [],
            "parameters": [{ "name": "dsrTerm", "term": "P1M", "values": [] }] } } });
        api.recorded("LegalInstrument", law).await;
        for day in ["2019-10-01", "2019-11-01", "2019-12-15"] {
            let request = json!({ "effective": day, "event": { "received": {
                "rights": ["ACCESS"], "channel": "EMAIL", "activities": [], "platforms": [] } } });
            api.recorded("DataSubjectRequest", request).await;
        }
        let query = r#"{ asOf(validAt: "2019-12-31") { verdicts(scope: { institution: true }, files: true) { known { hash canonical counts { outcome number } } } } }"#;
        let sheet = api.ask(query).await["asOf"]["verdicts"]["known"].clone();
        assert!(sheet["canonical"].as_str().is_some_and(|text| text.contains("DSR-02")), "{sheet}");
        sheets.lock().unwrap().push(sheet);
    })
    .await;
    let sheets = sheets.into_inner().unwrap();
    assert!(sheets.windows(2).all(|pair| pair[0] == pair[1]), "{sheets:?}");
}

#[tokio::test]
async fn a_timeline_has_so_many_years() {
    on_both("years of a timeline", async |url| {
        let api = Api::new(&url).await;
        let law = json!({ "reference": "LEX-GDPR", "effective": "2018-05-25", "event": { "enteredIntoForce": {
            "code": "LEX-GDPR", "kind": "STATUTE", "validFrom": "2018-05-25", "modules": [], "relations": [], "rules": [], "parameters": [] } } });
        api.recorded("LegalInstrument", law).await;
        let ask = |to: &str| {
            format!(r#"{{ asOf {{ nonComplianceIntervals(rule: "GOV-03", scope: {{ institution: true }}, from: "1950", to: "{to}") {{ layer asKnown {{ days }} }} }} }}"#)
        };
        api.ask(&ask("2049")).await;
        let (_, body) = api.post(&ask("2051"), json!({})).await;
        let message = body["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains("at most 100 years"), "{body}");
        let (_, body) = api.post(&ask("1949"), json!({})).await;
        assert!(body["errors"][0]["message"].as_str().is_some_and(|message| message.contains("lies before")), "{body}");
    })
    .await;
}
