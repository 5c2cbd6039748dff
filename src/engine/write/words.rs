//! The words by which states are found: of structural members, and of names and purposes of organisational things.
//!
//! Nothing about a person and no remark is among them: these lie in the vault alone, where they can be erased.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ledger::erasable::{Digest, MARK, digests};
use crate::store::{Conn, StoreError, vault};

/// Letters and digits of one word; what is longer is cut.
pub const WORD_CHARACTERS_MAX: usize = 64;
/// Distinct words of one state; more are left out.
pub const STATE_WORDS_MAX: usize = 4_000;

/// Cuts a text into lower-case words of letters and digits.
pub fn words(text: &str) -> Vec<String> {
    // Lower-cased first: what that adds to a letter, such as the dot of an İ, is no letter.
    let text = text.to_lowercase();
    let parts = text.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(|part| part.chars().take(WORD_CHARACTERS_MAX).collect()).collect()
}

/// Returns the words of some states, given as canonical JSON with whether they are about a person; in that order.
pub async fn words_of_states(conn: Conn<'_>, states: &[(&str, bool)]) -> Result<Vec<String>, StoreError> {
    let states: Vec<(Value, bool)> =
        states.iter().map(|(text, personal)| (serde_json::from_str(text).unwrap_or_default(), *personal)).collect();
    let organisational = states.iter().filter(|(_, personal)| !personal);
    let wanted: BTreeSet<Digest> = organisational.flat_map(|(state, _)| digests(state)).collect();
    let wanted: Vec<Digest> = wanted.into_iter().collect();
    let opened = if wanted.is_empty() { Vec::new() } else { vault(conn, &wanted).await? };
    let names: BTreeMap<String, String> = opened
        .into_iter()
        .filter_map(|row| Some((row.digest.to_string(), name(&row.disclosure?.value().ok()?)?)))
        .collect();
    Ok(states.iter().map(|(state, _)| words_of(state, &names)).collect())
}

/// Returns a name or purpose: a text in Dutch, English or both. Any other value is none.
fn name(value: &Value) -> Option<String> {
    let members = value.as_object()?;
    let languages = members.keys().all(|member| member == "nl" || member == "en");
    let texts: Vec<&str> = members.values().filter_map(Value::as_str).collect();
    languages.then(|| texts.join(" "))
}

fn words_of(state: &Value, names: &BTreeMap<String, String>) -> String {
    let mut found = BTreeSet::new();
    collect(state, names, &mut found);
    // Moments and ids fill long states with numbers: where there are too many words, these are left out first.
    let (numbers, others): (Vec<String>, Vec<String>) =
        found.into_iter().partition(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    others.into_iter().chain(numbers).take(STATE_WORDS_MAX).collect::<Vec<_>>().join(" ")
}

fn collect(value: &Value, names: &BTreeMap<String, String>, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => found.extend(words(text)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, names, found)),
        Value::Object(members) => match members.get(MARK).and_then(Value::as_str) {
            Some(digest) => found.extend(names.get(digest).into_iter().flat_map(|name| words(name))),
            None => members.values().for_each(|member| collect(member, names, found)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_letters_and_digits_in_lower_case() {
        let check = |text: &str, expected: &[&str]| assert_eq!(words(text), expected, "{text}");
        check("mu-01", &["mu", "01"]);
        check("Café Évènement, 2024!", &["café", "évènement", "2024"]);
        check("--", &[]);
        check("a\0b'c\"d*e", &["a", "b", "c", "d", "e"]);
        check("İstanbul", &["i", "stanbul"]);
        check("🎓 ①", &["①"]);
        check(&"x".repeat(100), &[&"x".repeat(WORD_CHARACTERS_MAX)]);
    }

    #[test]
    fn names_are_found_and_other_values_of_the_vault_are_not() {
        assert_eq!(name(&json!({ "nl": "naam", "en": "name" })), Some("name naam".to_owned()));
        assert_eq!(name(&json!("a remark")), None);
        assert_eq!(name(&json!({ "description": "a form" })), None);
        let names = BTreeMap::from([("d1".to_owned(), "Open Day".to_owned())]);
        let state = json!({ "name": { "...": "d1" }, "remark": { "...": "d2" }, "unit": "mu-01", "version": 2 });
        assert_eq!(words_of(&state, &names), "day mu open 01");
    }

    #[test]
    fn of_too_many_words_the_numbers_are_left_out_first() {
        let numbers: Vec<String> = (0..STATE_WORDS_MAX).map(|number| number.to_string()).collect();
        let state = json!({ "numbers": numbers, "words": ["zebra", "aap"] });
        let found = words_of(&state, &BTreeMap::new());
        assert!(found.starts_with("aap zebra 0 "), "{found}");
        assert_eq!(found.split(' ').count(), STATE_WORDS_MAX);
    }
}
