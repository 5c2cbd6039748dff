//! What people call a fact and the fields of the input that reports it, as paths of names.

use crate::family::describe::{Catalogue, Label, Language};
use crate::family::{family, words};
use crate::ledger::name::EventName;

/// Fields of the input beside the event, in Dutch; their English names are read from them.
const INPUTS: &[(&str, &str)] = &[
    ("causation", "aanleiding"),
    ("correlation", "samenhang"),
    ("effective", "geldig vanaf"),
    ("event", "feit"),
    ("expectedRevision", "verwachte revisie"),
    ("facts", "feiten"),
    ("idempotencyKey", "idempotentiesleutel"),
    ("reference", "kenmerk"),
    ("replaces", "vervangt"),
    ("stream", "dossier"),
];

/// What stands between the names of a path.
const BETWEEN: &str = " › ";

/// Names a field of the input that reports a fact: `event.granted.textVersion` is "consent › granted › text version". What the
/// families do not know is named as it is written.
pub fn field_label(event: &EventName, field: &str, language: Language) -> String {
    let mut catalogue = Catalogue::default();
    let (mut names, mut of) = named(event, &mut catalogue, language);
    let mut steps = field.split('.').filter(|step| !step.is_empty());
    if field == "event" || field.starts_with("event.") {
        // The event and its name, which are named already.
        steps.by_ref().take(2).for_each(drop);
    }
    for step in steps {
        let (name, place) = step.split_at(step.find('[').unwrap_or(step.len()));
        let member = catalogue.members(&of).iter().find(|member| member.name == name);
        let label = member.map_or_else(|| input_label(name), |member| member.label.clone());
        names.push(format!("{}{place}", label.of(language)));
        of = member.and_then(|member| member.shape.name()).unwrap_or_default().to_owned();
    }
    names.join(BETWEEN)
}

/// Names family and event, and tells which record the event is.
fn named(event: &EventName, catalogue: &mut Catalogue, language: Language) -> (Vec<String>, String) {
    let Ok(declaration) = family(event.family()) else {
        return (vec![event.to_string()], String::new());
    };
    let of_family = words::family_label(declaration.name, declaration.label_nl);
    let described = declaration.describe_events(catalogue);
    let of_event = described.into_iter().find(|described| described.declaration.fact == event.fact());
    let (label, record) = of_event.map_or_else(
        || (words::label(event.fact(), Some(event.fact())), String::new()),
        |described| (described.label, described.type_name),
    );
    (vec![of_family.of(language).to_owned(), label.of(language).to_owned()], record)
}

fn input_label(name: &str) -> Label {
    let nl = INPUTS.iter().find(|(input, _)| *input == name).map_or(name, |(_, nl)| nl);
    words::label(name, Some(nl))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_called_what_people_call_it() {
        let check = |event: &str, field: &str, nl: &str, en: &str| {
            let event = event.parse().unwrap();
            let labels = [Language::Nl, Language::En].map(|language| field_label(&event, field, language));
            assert_eq!(labels, [nl, en], "{event} {field}");
        };
        check("consent.granted", "event.granted", "toestemming › gegeven", "consent › granted");
        check(
            "consent.granted",
            "event.granted.items[2].code",
            "toestemming › gegeven › antwoorden[2] › onderdeel",
            "consent › granted › items[2] › code",
        );
        check("consent.granted", "replaces", "toestemming › gegeven › vervangt", "consent › granted › replaces");
        check(
            "consent.granted",
            "expectedRevision",
            "toestemming › gegeven › verwachte revisie",
            "consent › granted › expected revision",
        );
        check("consent.granted", "event", "toestemming › gegeven", "consent › granted");
        check("consent.retracted", "", "toestemming › teruggenomen", "consent › retracted");
        check(
            "consent.granted",
            "event.granted.nonsense",
            "toestemming › gegeven › nonsense",
            "consent › granted › nonsense",
        );
        check("nothing.atAll", "event", "nothing.atAll", "nothing.atAll");
    }
}
