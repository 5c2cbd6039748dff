//! What differs between two states of one stream, member by member.

use serde_json::{Map, Value};

/// Lists the members in which two states differ, as paths such as `current.entry.retention`, in the order of their names.
///
/// Paths go down through objects and stop at lists: a list differs as a whole. No state is like an empty one.
pub fn changed_members(before: Option<&Value>, after: Option<&Value>) -> Vec<String> {
    let mut changed = Vec::new();
    collect("", before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null), &mut changed);
    changed
}

fn collect(path: &str, before: &Value, after: &Value, changed: &mut Vec<String>) {
    if before == after {
        return;
    }
    let none = Map::new();
    let (before, after) = match (before, after) {
        (Value::Object(before), Value::Object(after)) => (before, after),
        // What begins or ends is shown with all its members.
        (Value::Object(before), Value::Null) => (before, &none),
        (Value::Null, Value::Object(after)) => (&none, after),
        _ => return changed.push(path.to_owned()),
    };
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let member = |state: &'_ Map<String, Value>| state.get(name).cloned().unwrap_or(Value::Null);
        collect(&path, &member(before), &member(after), changed);
    }
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
