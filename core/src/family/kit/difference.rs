//! What differs between two states of one stream, member by member.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ledger::erasable::MARK;

/// Lists the members in which two states differ, as paths such as `current.entry.retention`, in the order of their names.
///
/// Paths go down through objects and stop at lists and erasable values: these differ as a whole. What is absent, null or an
/// empty list or object is nothing; no state is like an empty one.
pub fn changed_members(before: Option<&Value>, after: Option<&Value>) -> Vec<String> {
    let mut changed = Vec::new();
    collect("", before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null), &mut changed);
    changed
}

fn collect(path: &str, before: &Value, after: &Value, changed: &mut Vec<String>) {
    if before == after || is_nothing(before) && is_nothing(after) {
        return;
    }
    let none = Map::new();
    let (before, after) = match (members(before), members(after)) {
        (Some(before), Some(after)) => (before, after),
        // What begins or ends is shown with all its members.
        (Some(before), None) if is_nothing(after) => (before, &none),
        (None, Some(after)) if is_nothing(before) => (&none, after),
        _ => return changed.push(path.to_owned()),
    };
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let member = |members: &Map<String, Value>| members.get(name).cloned().unwrap_or(Value::Null);
        collect(&path, &member(before), &member(after), changed);
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_nothing),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The members of an object that is no erasable value.
fn members(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object().filter(|members| !members.contains_key(MARK))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_that_differ_are_named_by_their_paths() {
        let check = |before: Value, after: Value, expected: &[&str]| {
            assert_eq!(changed_members(Some(&before), Some(&after)), expected, "{before} {after}");
        };
        check(json!({ "a": 1 }), json!({ "a": 1 }), &[]);
        check(json!({ "a": 1 }), json!({ "a": 2 }), &["a"]);
        check(json!({ "a": 1 }), json!({ "b": 1 }), &["a", "b"]);
        check(json!({ "a": { "b": 1, "c": 2 } }), json!({ "a": { "b": 1, "c": 3 } }), &["a.c"]);
        check(json!({ "a": [1] }), json!({ "a": [1, 2] }), &["a"]);
        check(json!({ "a": null }), json!({}), &[]);
        check(json!({ "a": { "b": 1 } }), json!({}), &["a.b"]);
        check(json!({ "a": { "b": 1 } }), json!({ "a": "x" }), &["a"]);
        check(json!({}), json!({ "a": [], "b": {}, "c": { "d": [] } }), &[]);
        check(json!({ "a": { "...": "x" } }), json!({ "a": { "...": "y" } }), &["a"]);
        check(json!({ "a": { "...": "x" } }), json!({}), &["a"]);
    }

    #[test]
    fn no_state_is_like_an_empty_one() {
        let state = json!({ "a": 1, "b": { "c": 2 } });
        assert_eq!(changed_members(None, Some(&state)), ["a", "b.c"]);
        assert_eq!(changed_members(Some(&state), None), ["a", "b.c"]);
        assert!(changed_members(None, None).is_empty());
        assert!(changed_members(None, Some(&json!({}))).is_empty());
    }
}
