//! Versions of states and differences between two moments: what changed, which facts caused it, and who approved it.

use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::on_both;

/// Records a fact in a stream; returns the sequence.
async fn record(api: &Api, family: &str, stream: &Value, effective: &str, event: Value) -> Value {
    let input = json!({ "stream": stream, "effective": effective, "event": event });
    api.recorded(family, input).await["sequence"].clone()
}

/// Begins a stream with a fact; returns the stream and the sequence.
async fn begin(api: &Api, family: &str, effective: &str, event: Value) -> (Value, Value) {
    let receipt = api.recorded(family, json!({ "effective": effective, "event": event })).await;
    (receipt["stream"].clone(), receipt["sequence"].clone())
}

/// Records a fact in the place of another one.
async fn correct(api: &Api, family: &str, stream: &Value, target: &Value, effective: &str, event: Value) -> Value {
    let input = json!({ "stream": stream, "replaces": target, "effective": effective, "event": event });
    api.recorded(family, input).await["sequence"].clone()
}

fn retracted() -> Value {
    json!({ "retracted": { "reason": "it never was" } })
}

/// The versions of a state at a moment, each as `id from to facts`.
async fn versions(api: &Api, moment: &str, family: &str, stream: &Value) -> Vec<String> {
    let query = format!(
        "{{ asOf{moment} {{ {family}(id: {stream}) {{ history(first: 100) {{ nodes {{ id sequence from to facts {{ nodes {{ sequence }} }} }} }} }} }} }}"
    );
    let answer = api.ask(&query).await["asOf"][family].clone();
    if answer.is_null() {
        return Vec::new();
    }
    let text = |version: &Value| {
        let id = version["id"].as_str().unwrap();
        assert_eq!(id, format!("{}#{}", stream.as_str().unwrap(), version["sequence"].as_str().unwrap()));
        let facts = version["facts"]["nodes"].as_array().unwrap().iter().map(|fact| fact["sequence"].as_str().unwrap());
        let to = version["to"].as_str().unwrap_or("-");
        let facts = facts.collect::<Vec<_>>().join(" ");
        format!("{} {} {to}: {facts}", version["sequence"].as_str().unwrap(), version["from"].as_str().unwrap())
    };
    answer["history"]["nodes"].as_array().unwrap().iter().map(text).collect()
}

/// What differs, each change as `path by facts`.
async fn difference(api: &Api, stream: &Value, from: &str, to: &str) -> Vec<String> {
    let difference = compared(api, stream, from, to).await;
    let text = |change: &Value| {
        let facts = change["facts"]["nodes"].as_array().unwrap().iter().map(|fact| fact["sequence"].as_str().unwrap());
        format!("{} by {}", change["path"].as_str().unwrap(), facts.collect::<Vec<_>>().join(" "))
    };
    difference["changes"].as_array().unwrap().iter().map(text).collect()
}

async fn compared(api: &Api, stream: &Value, from: &str, to: &str) -> Value {
    let query = format!(
        "{{ difference(stream: {stream}, from: {{{from}}}, to: {{{to}}}) {{ stream before {{ __typename }} after {{ __typename }} \
         changes {{ path label before after facts {{ nodes {{ sequence event }} }} }} approvals {{ nodes {{ sequence event }} }} }} }}"
    );
    let difference = api.ask(&query).await["difference"].clone();
    assert_eq!(difference["stream"], *stream);
    difference
}

fn named(name: &str) -> Value {
    json!({ "nl": name })
}

fn registered(unit: &str, kind: &str) -> Value {
    json!({ "registered": { "unit": unit, "kind": kind, "name": named("Rechten") } })
}

#[tokio::test]
async fn a_version_keeps_its_id_until_its_fact_is_corrected() {
    on_both("a_version_keeps_its_id_until_its_fact_is_corrected", async |url| {
        let api = Api::new(&url).await;
        let (unit, first) = begin(&api, "ManagementUnit", "2018", registered("mu-01", "OFFICE")).await;
        record(&api, "ManagementUnit", &unit, "2020", json!({ "renamed": { "name": named("Rechtsgeleerdheid") } }))
            .await;
        let check = async |moment: &str, expected: &[&str]| {
            assert_eq!(versions(&api, moment, "managementUnit", &unit).await, expected, "{moment}");
        };
        let begun = ["1 2018 2020: 1", "2 2020 -: 2"];
        check("", &begun).await;
        // Other streams, and what this one has later, change nothing of it.
        begin(&api, "ManagementUnit", "2018", registered("mu-02", "FACULTY")).await;
        check("", &begun).await;
        record(&api, "ManagementUnit", &unit, "2022", json!({ "closed": {} })).await;
        check("", &["1 2018 2020: 1", "2 2020 2022: 2", "4 2022 -: 4"]).await;
        // What comes in between ends the one before it earlier, and leaves the ids.
        record(&api, "ManagementUnit", &unit, "2019", json!({ "renamed": { "name": named("Recht") } })).await;
        check("", &["1 2018 2019: 1", "5 2019 2020: 5", "2 2020 2022: 2", "4 2022 -: 4"]).await;
        correct(&api, "ManagementUnit", &unit, &first, "2018", registered("mu-01", "FACULTY")).await;
        let corrected = ["6 2018 2019: 6", "5 2019 2020: 5", "2 2020 2022: 2", "4 2022 -: 4"];
        check("", &corrected).await;
        // The instant asked makes no difference, but there must be a state; older answers stay.
        check("(validAt: \"2018\")", &corrected).await;
        check("(validAt: \"2017\")", &[]).await;
        check("(knownAt: {size: \"6\"})", &["1 2018 2019: 1", "5 2019 2020: 5", "2 2020 2022: 2", "4 2022 -: 4"]).await;
        check("(knownAt: {size: \"3\"})", &begun).await;
        correct(&api, "ManagementUnit", &unit, &json!("2"), "2020", retracted()).await;
        check("", &["6 2018 2019: 6", "5 2019 2022: 5", "4 2022 -: 4"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_version_shows_its_state_and_what_changed() {
    on_both("a_version_shows_its_state_and_what_changed", async |url| {
        let api = Api::new(&url).await;
        let (unit, _) = begin(&api, "ManagementUnit", "2018", registered("mu-01", "OFFICE")).await;
        for year in 2019..=2025 {
            let name = named(&format!("Rechten {year}"));
            record(&api, "ManagementUnit", &unit, &year.to_string(), json!({ "renamed": { "name": name } })).await;
        }
        let page = async |arguments: &str| {
            let query = format!(
                "{{ asOf(validAt: \"2019\") {{ managementUnit(id: {unit}) {{ history{arguments} {{ nodes {{ from changed state {{ ... on ManagementUnit {{ id inEffectFrom name {{ value {{ nl }} }} }} }} }} \
                 pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }} }}"
            );
            let history = api.ask(&query).await["asOf"]["managementUnit"]["history"].clone();
            (history["nodes"].as_array().unwrap().clone(), history["pageInfo"].clone())
        };
        let years = |nodes: &[Value]| nodes.iter().map(|node| node["from"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ");
        let (nodes, info) = page("").await;
        assert_eq!(years(&nodes), "2018 2019 2020 2021 2022 2023 2024 2025");
        assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(false), &json!(false)));
        for node in &nodes[1..] {
            assert_eq!(node["changed"], json!(["name", "renamed"]));
            assert_eq!(node["state"]["name"]["value"]["nl"], format!("Rechten {}", node["from"].as_str().unwrap()));
            assert!(node["state"]["id"].as_str().unwrap().contains("@9@"), "{node}");
        }
        let (nodes, info) = page("(first: 3)").await;
        assert_eq!((years(&nodes).as_str(), &info["hasNextPage"]), ("2018 2019 2020", &json!(true)));
        let (nodes, info) = page(&format!("(first: 3, after: {})", info["endCursor"])).await;
        assert_eq!((years(&nodes).as_str(), &info["hasPreviousPage"]), ("2021 2022 2023", &json!(true)));
        let (nodes, _) = page(&format!("(last: 2, before: {})", info["endCursor"])).await;
        assert_eq!(years(&nodes), "2021 2022");
        let (nodes, info) = page("(last: 2)").await;
        assert_eq!((years(&nodes).as_str(), &info["hasPreviousPage"]), ("2024 2025", &json!(true)));
        for arguments in ["first: 101", "last: 0", "after: \"x\"", "after: \"dmVyc2lvbjp4\""] {
            let query = format!("{{ asOf {{ managementUnit(id: {unit}) {{ history({arguments}) {{ nodes {{ id }} }} }} }} }}");
            let (_, body) = api.post(&query, json!({})).await;
            assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{arguments} {body}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_difference_names_what_changed_why_and_who_approved_it() {
    on_both("a_difference_names_what_changed_why_and_who_approved_it", async |url| {
        let api = Api::new(&url).await;
        let (activity, _) = begin(&api, "Activity", "2018", json!({ "drafted": { "unit": "mu-01" } })).await;
        let approve = json!({ "approved": { "by": "DEAN", "version": 1 } });
        let approved = record(&api, "Activity", &activity, "2019", approve.clone()).await;
        record(&api, "Activity", &activity, "2020", json!({ "started": { "remark": "at last" } })).await;
        let compare = async |from: &str, to: &str| compared(&api, &activity, from, to).await;
        let same = compare("validAt: \"2019\"", "validAt: \"2019\"").await;
        assert_eq!((&same["changes"], &same["approvals"]["nodes"]), (&json!([]), &json!([])));
        let paths = difference(&api, &activity, "validAt: \"2018\"", "validAt: \"2020\"").await;
        assert!(paths.contains(&"approvals by 2".to_owned()), "{paths:?}");
        assert!(paths.iter().any(|path| path.starts_with("started") && path.ends_with("by 3")), "{paths:?}");
        let whole = compare("validAt: \"2018\"", "validAt: \"2020\"").await;
        let approvals = json!([{ "sequence": approved, "event": "activity.approved" }]);
        assert_eq!(whole["approvals"]["nodes"], approvals);
        assert_eq!(
            (&whole["before"]["__typename"], &whole["after"]["__typename"]),
            (&json!("Activity"), &json!("Activity"))
        );
        let begun = compare("validAt: \"2017\"", "validAt: \"2018\"").await;
        assert_eq!((&begun["before"], &begun["approvals"]["nodes"]), (&Value::Null, &json!([])));
        let unit = begun["changes"].as_array().unwrap().iter().find(|change| change["path"] == "unit").unwrap().clone();
        assert_eq!((&unit["before"], &unit["after"]), (&Value::Null, &json!("\"mu-01\"")));
        // Only what was approved after the first moment, and stands at the second.
        assert_eq!(compare("validAt: \"2019\"", "validAt: \"2020\"").await["approvals"]["nodes"], json!([]));
        correct(&api, "Activity", &activity, &approved, "2019", retracted()).await;
        let taken_back = compare("validAt: \"2018\"", "validAt: \"2020\"").await;
        assert_eq!(taken_back["approvals"]["nodes"], json!([]), "{taken_back}");
        let then =
            compare("knownAt: {size: \"4\"}, validAt: \"2018\"", "knownAt: {size: \"4\"}, validAt: \"2020\"").await;
        assert_eq!(then["approvals"]["nodes"], approvals);
    })
    .await;
}

#[tokio::test]
async fn members_are_named_in_both_languages() {
    on_both("members_are_named_in_both_languages", async |url| {
        let api = Api::new(&url).await;
        let (unit, _) = begin(&api, "ManagementUnit", "2018", registered("mu-01", "OFFICE")).await;
        let labels = async |language: &str| {
            let query = format!(
                "{{ difference(stream: {unit}, from: {{validAt: \"2017\"}}, to: {{validAt: \"2018\"}}{language}) {{ changes {{ path label }} }} }}"
            );
            let changes = api.ask(&query).await["difference"]["changes"].clone();
            changes.as_array().unwrap().iter().find(|change| change["path"] == "registered.fact.kind").unwrap()["label"].clone()
        };
        let english = labels("").await;
        assert_eq!(labels(", language: EN").await, english);
        assert_eq!(english, "registered › fact › kind");
        assert_eq!(labels(", language: NL").await, "geregistreerd › feit › soort");
    })
    .await;
}

/// A family, a fact, the same fact put right, the member in which they differ, and a list that tells them apart.
const CORRECTED: &[(&str, &str, &str, &str, &str, &str, &str)] = &[
    (
        "ManagementUnit",
        "managementUnits",
        r#"{"registered": {"unit": "mu-01", "kind": "OFFICE"}}"#,
        r#"{"registered": {"unit": "mu-01", "kind": "FACULTY"}}"#,
        "registered.fact.kind",
        "kind: OFFICE",
        "kind: FACULTY",
    ),
    (
        "Agreement",
        "agreements",
        r#"{"executed": {"party": "vendor-a", "activities": []}}"#,
        r#"{"executed": {"party": "vendor-b", "activities": []}}"#,
        "party",
        r#"party: "vendor-a""#,
        r#"party: "vendor-b""#,
    ),
    (
        "Platform",
        "platforms",
        r#"{"registered": {"platform": "platform-a", "kind": "OTHER", "thirdCountries": []}}"#,
        r#"{"registered": {"platform": "platform-a", "kind": "VIDEO_SHARING", "thirdCountries": []}}"#,
        "registered.fact.kind",
        "kind: OTHER",
        "kind: VIDEO_SHARING",
    ),
    (
        "Activity",
        "activities",
        r#"{"drafted": {"unit": "mu-01"}}"#,
        r#"{"drafted": {"unit": "mu-02"}}"#,
        "unit",
        r#"unit: "mu-01""#,
        r#"unit: "mu-02""#,
    ),
    (
        "Party",
        "parties",
        r#"{"registered": {"party": "vendor-a"}}"#,
        r#"{"registered": {"party": "vendor-b"}}"#,
        "registered.fact.party",
        r#"party: "vendor-a""#,
        r#"party: "vendor-b""#,
    ),
    (
        "RoleAssignment",
        "roleAssignments",
        r#"{"assigned": {"role": "DPO", "holder": "staff-1", "scope": []}}"#,
        r#"{"assigned": {"role": "CISO", "holder": "staff-1", "scope": []}}"#,
        "role",
        r#"role: "DPO""#,
        r#"role: "CISO""#,
    ),
];

#[tokio::test]
async fn corrections_show_in_lists_versions_and_differences_of_every_family() {
    on_both("corrections_show_in_lists_versions_and_differences_of_every_family", async |url| {
        let api = Api::new(&url).await;
        for (family, list, wrong, right, path, filter_wrong, filter_right) in CORRECTED {
            let event = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            let field = family[..1].to_lowercase() + &family[1..];
            let (stream, first) = begin(&api, family, "2018", event(wrong)).await;
            let second = correct(&api, family, &stream, &first, "2018", event(right)).await;
            let third = correct(&api, family, &stream, &second, "2018", retracted()).await;
            let number = |sequence: &Value| sequence.as_str().unwrap().parse::<u64>().unwrap();
            let known = |sequence: &Value| format!("knownAt: {{size: \"{}\"}}", number(sequence) + 1);
            let check = async |after: &Value, of_wrong: bool, of_right: bool| {
                for (filter, expected) in [(filter_wrong, of_wrong), (filter_right, of_right)] {
                    let query = format!(
                        "{{ asOf({}) {{ {list}(filter: {{{filter}}}) {{ nodes {{ stream }} }} }} }}",
                        known(after)
                    );
                    let nodes = api.ask(&query).await["asOf"][list]["nodes"].clone();
                    let is_there = nodes.as_array().unwrap().iter().any(|node| node["stream"] == stream);
                    assert_eq!(is_there, expected, "{family} {filter} after {after}");
                }
                let moment = format!("({})", known(after));
                let versions = versions(&api, &moment, &field, &stream).await;
                let expected: Vec<String> = match (of_wrong, of_right) {
                    (false, false) => Vec::new(),
                    _ => vec![format!("{0} 2018 -: {0}", number(after))],
                };
                assert_eq!(versions, expected, "{family} after {after}");
            };
            check(&first, true, false).await;
            check(&second, false, true).await;
            check(&third, false, false).await;
            let corrected = difference(&api, &stream, &known(&first), &known(&second)).await;
            assert!(corrected.contains(&format!("{path} by {}", number(&second))), "{family} {corrected:?}");
            let taken_back = difference(&api, &stream, &known(&second), &known(&third)).await;
            assert!(taken_back.contains(&format!("{path} by {}", number(&third))), "{family} {taken_back:?}");
            let both = difference(&api, &stream, &known(&first), &known(&third)).await;
            assert!(both.contains(&format!("{path} by {} {}", number(&second), number(&third))), "{family} {both:?}");
            let back = difference(&api, &stream, &known(&third), &known(&first)).await;
            assert!(back.contains(&format!("{path} by {}", number(&first))), "{family} {back:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_facts_of_a_change_are_paged() {
    on_both("the_facts_of_a_change_are_paged", async |url| {
        let api = Api::new(&url).await;
        let (unit, _) = begin(&api, "ManagementUnit", "2018", registered("mu-01", "OFFICE")).await;
        for year in 2000..2030 {
            record(&api, "ManagementUnit", &unit, &(year + 20).to_string(), json!({ "renamed": { "name": named(&year.to_string()) } })).await;
        }
        let facts = async |arguments: &str| {
            let query = format!(
                "{{ difference(stream: {unit}, from: {{validAt: \"2018\"}}, to: {{validAt: \"2099\"}}) {{ changes {{ path facts{arguments} {{ nodes {{ sequence }} pageInfo {{ endCursor hasNextPage }} }} }} }} }}"
            );
            let changes = api.ask(&query).await["difference"]["changes"].clone();
            let change = changes.as_array().unwrap().iter().find(|change| change["path"] == "renamed").unwrap().clone();
            let numbers = change["facts"]["nodes"].as_array().unwrap().iter().map(|fact| fact["sequence"].as_str().unwrap().parse().unwrap());
            (numbers.collect::<Vec<u64>>(), change["facts"]["pageInfo"].clone())
        };
        assert_eq!(facts("").await.0, (2..22).collect::<Vec<_>>());
        let (first, info) = facts("(first: 25)").await;
        assert_eq!((first, &info["hasNextPage"]), ((2..27).collect(), &json!(true)));
        assert_eq!(facts(&format!("(first: 100, after: {})", info["endCursor"])).await.0, (27..32).collect::<Vec<_>>());
        assert_eq!(facts("(last: 2)").await.0, [30, 31]);
    })
    .await;
}

#[tokio::test]
async fn odd_questions_about_differences_are_answered() {
    on_both("odd_questions_about_differences_are_answered", async |url| {
        let api = Api::new(&url).await;
        let (unit, _) = begin(&api, "ManagementUnit", "2018", registered("mu-01", "OFFICE")).await;
        let nothing = compared(&api, &json!("managementUnit:01941f29-7c00-7000-8000-000000000000"), "", "").await;
        assert_eq!(
            (&nothing["changes"], &nothing["before"], &nothing["after"]),
            (&json!([]), &Value::Null, &Value::Null)
        );
        let backwards = difference(&api, &unit, "validAt: \"2018\"", "validAt: \"2017\"").await;
        assert!(!backwards.is_empty() && backwards.iter().all(|change| change.ends_with(" by 1")), "{backwards:?}");
        let ledger = api.ask("{ ledger { stream } }").await["ledger"]["stream"].clone();
        let own = difference(&api, &ledger, "knownAt: {size: \"0\"}", "").await;
        assert!(!own.is_empty() && own.iter().all(|change| change.ends_with(" by 0")), "{own:?}");
        let refused = async |stream: &str, from: &str| {
            let query =
                format!("{{ difference(stream: \"{stream}\", from: {{{from}}}, to: {{}}) {{ changes {{ path }} }} }}");
            let (_, body) = api.post(&query, json!({})).await;
            assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
        };
        refused("nobody:01941f29-7c00-7000-8000-000000000000", "").await;
        refused("managementUnit", "").await;
        refused(unit.as_str().unwrap(), "knownAt: {size: \"3\"}").await;
        refused(unit.as_str().unwrap(), "knownAt: {size: \"1\", at: \"2020\"}").await;
    })
    .await;
}
