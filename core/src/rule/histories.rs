//! Histories told by people who know the law, each with what a rule has to say of it: `tests/histories/*.json`. The same files are
//! told over the API by the integration tests.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::check::History;
use crate::family::FAMILIES;
use crate::family::describe::{Catalogue, Shape};
use crate::family::rule_set::{Layer, Outcome};
use crate::family::shape::Shaped as _;

/// A history, and what is asked of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    /// The fault that it stands for, as `A1`, and what it is about.
    fault: String,
    about: String,
    /// What is there before: `law`, the legal instruments of the demonstration; `demonstration`, all of it; `nothing`.
    after: Option<String>,
    facts: Vec<Told>,
    asks: Vec<Ask>,
}

/// A fact: absent lists are empty; recorded at noon of the day from which it counts, unless it says when.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Told {
    stream: String,
    effective: String,
    recorded: Option<String>,
    event: Value,
}

/// A question: the outcome of a rule in a layer on a stream (`institution`: the institution as a whole) on a day, as known at the end of
/// another; absent: with all that is known.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Ask {
    rule: String,
    layer: Value,
    on: String,
    valid: String,
    known: Option<String>,
    outcome: Value,
    /// Words that a reason must have, in Dutch or English.
    says: Option<String>,
}

fn line(told: &Told, place: usize) -> Value {
    let (family, event) = told.event.as_object().unwrap().iter().next().unwrap();
    let (fact, data) = event.as_object().unwrap().iter().next().unwrap();
    let mut catalogue = Catalogue::default();
    let declared =
        FAMILIES.iter().find(|known| known.name == family).unwrap_or_else(|| panic!("there is no family {family}"));
    let events = declared.describe_events(&mut catalogue);
    let of = events.iter().find(|event| event.declaration.fact == fact);
    let of = of.unwrap_or_else(|| panic!("there is no event {family}.{fact}"));
    let data = catalogue.with_empty_lists(&Shape::Named(of.type_name.clone()), data.clone());
    let recorded = told.recorded.clone().unwrap_or_else(|| told.effective.clone());
    let recorded = if recorded.len() == 10 { format!("{recorded}T12:00:00.{place:06}Z") } else { recorded };
    let event = json!({ family: { fact: data } });
    super::check::recorded_fact(&told.stream, &recorded, &told.effective, ("staff-dpo-02", "DPO_OFFICE"), &event)
}

fn check(file: &str, case: &Case, failures: &mut Vec<String>) {
    let facts: Value = case.facts.iter().enumerate().map(|(place, told)| line(told, place)).collect();
    let history = match case.after.as_deref() {
        Some("demonstration") => History::and(&facts),
        Some("nothing") => History::alone(&facts),
        None | Some("law") => History::after_the_law(&facts),
        Some(other) => panic!("{file}: after {other}"),
    };
    for ask in &case.asks {
        let (layer, expected) = (Layer::read(&ask.layer).unwrap(), Outcome::read(&ask.outcome).unwrap());
        let known = ask.known.as_deref().unwrap_or("2035");
        let verdict = history.verdict(&ask.rule, layer, &ask.on, known, &ask.valid);
        let words = format!("{:?}", verdict.reasons);
        let said = ask.says.as_ref().is_none_or(|says| words.contains(says.as_str()));
        if verdict.outcome != expected || !said {
            let (fault, about, id, on, valid) = (&case.fault, &case.about, &ask.rule, &ask.on, &ask.valid);
            failures.push(format!(
                "{file}, {fault} ({about}): {id} {layer:?} on {on} at {valid} is {:?}, not {expected:?}: {words}",
                verdict.outcome
            ));
        }
    }
}

#[test]
fn the_rules_say_of_each_history_what_the_law_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/histories");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut failures, mut cases) = (Vec::new(), 0);
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let told: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(file).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        cases += told.len();
        told.iter().for_each(|case| check(&name, case, &mut failures));
    }
    assert!(cases > 0, "there are no histories");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
