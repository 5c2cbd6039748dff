//! The histories of `tests/histories/`, told over the API to ledgers that know the law of the pack: each rule says what the law says.
//!
//! The rules' own tests tell the same files to the rules alone; what is asked there as known at another moment is not asked here, because
//! here all is recorded now.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use griffie::cli::law_of_the_pack;
use griffie::family::describe::{Catalogue, Shape};
use griffie::family::family;
use griffie::ledger::name::StreamId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::api::Api;

/// The facts of a case in the form of the API's input, streams by their ids.
fn inputs(case: &Value) -> Vec<Value> {
    let facts = case["facts"].as_array().unwrap();
    let only = |value: &Value| {
        value.as_object().unwrap().iter().next().map(|(name, value)| (name.clone(), value.clone())).unwrap()
    };
    let mut streams: BTreeMap<&str, String> = BTreeMap::new();
    for (number, fact) in (1..).zip(facts) {
        let family = family(&only(&fact["event"]).0).unwrap().name;
        let id = StreamId::new(family, Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_0000_0000 + number));
        streams.entry(fact["stream"].as_str().unwrap()).or_insert_with(|| format!("{}:{}", id.family(), id.id()));
    }
    let mut begun = std::collections::BTreeSet::new();
    let input = |fact: &Value| {
        let (name, event) = only(&fact["event"]);
        let (fact_name, data) = only(&event);
        let mut catalogue = Catalogue::default();
        let events = family(&name).unwrap().describe_events(&mut catalogue);
        let of = events.iter().find(|event| event.declaration.fact == fact_name).unwrap();
        let mut data = catalogue.with_empty_lists(&Shape::Named(of.type_name.clone()), data);
        resolve(&mut data, &streams);
        let reference = fact["stream"].as_str().unwrap();
        let mut input =
            json!({ "stream": streams[reference], "effective": fact["effective"], "event": { fact_name: data } });
        if begun.insert(reference.to_owned()) {
            input["reference"] = json!(reference);
            input["expectedRevision"] = json!("0");
        }
        json!({ name: input })
    };
    facts.iter().map(input).collect()
}

fn resolve(value: &mut Value, streams: &BTreeMap<&str, String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = text.strip_prefix('@').and_then(|reference| streams.get(reference)) {
                id.clone_into(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| resolve(item, streams)),
        Value::Object(members) => members.values_mut().for_each(|member| resolve(member, streams)),
        _ => {}
    }
}

async fn ask(api: &Api, ask: &Value) -> Value {
    let scope = match ask["on"].as_str().unwrap() {
        "institution" => "{ institution: true }".to_owned(),
        reference => format!("{{ reference: {} }}", json!(reference)),
    };
    let (rule, layer, valid) = (&ask["rule"], ask["layer"].as_str().unwrap(), &ask["valid"]);
    let query = format!(
        "{{ asOf(validAt: {valid}) {{ verdict(rule: {rule}, scope: {scope}, layer: {layer}) {{ outcome reasons {{ nl en }} }} }} }}"
    );
    api.ask(&query).await["asOf"]["verdict"].clone()
}

async fn tell(case: &Value, name: &str, failures: &mut Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let api =
        Api::new_at(&format!("sqlite:{}", folder.path().join("ledger.db").display()), "2026-12-01T12:00:00.000000Z")
            .await;
    if case["after"] != "nothing" {
        law_of_the_pack(&api.engine).await.unwrap();
    }
    let inputs = inputs(case);
    let query = "mutation($facts: [FactOfFamilyInput!]!) { recordAll(idempotencyKey: \"history\", facts: $facts) { userErrors { message field } } }";
    let (_, body) = api.post(query, json!({ "facts": inputs })).await;
    if body["data"]["recordAll"]["userErrors"] != json!([]) {
        failures.push(format!("{name}, {}: refused: {body}", case["fault"]));
        return;
    }
    for asked in case["asks"].as_array().unwrap().iter().filter(|asked| asked.get("known").is_none()) {
        let verdict = ask(&api, asked).await;
        if verdict["outcome"] != asked["outcome"] {
            failures.push(format!("{name}, {} ({}): {asked} is {verdict}", case["fault"], case["about"]));
        }
    }
}

#[tokio::test]
async fn the_rules_say_of_each_history_what_the_law_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut told, mut failures) = (0, Vec::new());
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        // After the demonstration, histories need its moments of recording: they are told to the rules alone.
        for case in cases.iter().filter(|case| case["after"] != "demonstration") {
            told += 1;
            tell(case, &name, &mut failures).await;
        }
    }
    assert!(told > 0, "no history was told");
    assert!(failures.is_empty(), "{} of {told}\n{}", failures.len(), failures.join("\n"));
}
