use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::family::rule_set::Layer::{self, Guideline, Law, Policy, Practice};
use crate::family::rule_set::Outcome::{self, Fail, Indeterminate, NotApplicable, Pass, Warn};
use crate::ledger::erasable::without_nulls;
use crate::rule::check::{DEMONSTRATION, History, holds, recorded_fact};

fn check(history: &History, id: &str, layer: Layer, reference: &str, at: &str, expected: Outcome) {
    holds(history, (id, layer), reference, ("2027", at), expected);
}

fn shown(id: &str, layer: Layer, reference: &str, at: &str, expected: Outcome) {
    check(&DEMONSTRATION, id, layer, reference, at, expected);
}

fn told(id: &str, layer: Layer, reference: &str, expected: Outcome) {
    check(&TOLD, id, layer, reference, "2025-12-31", expected);
}

fn fact(at: &str, hour: u8, stream: &str, by: (&str, &str), event: Value) -> Value {
    let recorded = format!("{at}T{hour:02}:00:00.000000Z");
    recorded_fact(stream, &recorded, &recorded, by, &without_nulls(event))
}

const POSTER: (&str, &str) = ("staff-comm-01", "COMMUNICATIONS");
const OWNER: (&str, &str) = ("owner-01", "PROCESS_OWNER");

fn published(stream: &str, by: (&str, &str), more: &Value) -> Value {
    let mut data = json!({"activity": "@ACT-002", "platforms": ["platform-b"], "accounts": ["@ACC-B-01"], "categories": ["TEXT"], "persons": [], "locations": []});
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    fact("2025-03-11", 12, stream, by, json!({"publication": {"contentPublished": data}}))
}

fn approved(stream: &str, hour: u8, by: (&str, &str), checklist: Value) -> Value {
    fact(
        "2025-03-11",
        hour,
        stream,
        by,
        json!({"publication": {"approved": {"platforms": [], "checklist": checklist, "approverRole": by.1}}}),
    )
}

fn activity(stream: &str, kind: &str, number: &str) -> Value {
    let entry = json!({
        "version": 1, "kind": kind, "purposes": [], "subjectCategories": [], "dataCategories": [{"code": "NUMBER", "nationalId": number}],
        "operations": [], "platforms": [], "recipients": [], "transfers": [], "retention": [], "systems": [], "jointControllers": [],
        "processors": []
    });
    fact("2025-02-03", 9, stream, POSTER, json!({"activity": {"established": entry}}))
}

fn account(stream: &str, hour: u8, event: Value) -> Value {
    fact("2025-02-03", hour, stream, POSTER, json!({"account": event}))
}

static TOLD: LazyLock<History> = LazyLock::new(|| {
    let checked = || json!({"facts": true, "sources": ["the annual report"], "persons": true});
    let opened = || json!({"opened": {"kind": "BRAND", "owner": "a", "backUp": "b", "activities": []}});
    History::and(&json!([
        activity("ACT-L", "POSTING", "LOCAL"),
        activity("ACT-S", "POSTING", "EDUCATION_NUMBER"),
        activity("ACT-A", "ANALYTICS", "LOCAL"),
        approved("PUB-9", 10, OWNER, checked()),
        published("PUB-9", POSTER, &json!({"processesUserData": false})),
        approved("PUB-8", 14, OWNER, json!({"facts": false, "sources": []})),
        published("PUB-8", POSTER, &json!({"processesUserData": true})),
        approved("PUB-7", 10, ("somebody", "COMMUNICATIONS"), Value::Null),
        published(
            "PUB-7",
            ("staff-im-04", "INFORMATION_MANAGER"),
            &json!({"activity": "@ACT-A", "processesUserData": true})
        ),
        published("PUB-6", POSTER, &json!({"accounts": []})),
        published("PUB-S", POSTER, &json!({"activity": "@ACT-S", "containsProtectedId": true})),
        published("PUB-L", POSTER, &json!({"activity": "@ACT-L", "containsProtectedId": true})),
        published("PUB-C", POSTER, &json!({"containsConfidential": true})),
        account(
            "ACC-9",
            8,
            json!({"registered": {"platform": "platform-b", "kind": "BRAND", "logo": true, "activities": []}})
        ),
        account(
            "ACC-9",
            9,
            json!({"openingAssessed": {"enoughContent": true, "enoughStaff": true, "advice": "POSITIVE"}})
        ),
        account("ACC-9", 10, opened()),
        account("ACC-9", 11, json!({"credentialRotated": {}})),
        account(
            "ACC-8",
            8,
            json!({"registered": {"platform": "platform-b", "kind": "PERSONAL", "logo": true, "activities": []}})
        ),
        account("ACC-7", 10, opened()),
        account("ACC-7", 11, json!({"compromised": {}})),
    ]))
});

#[test]
fn messages_are_approved_by_whoever_may() {
    shown("PUB-01", Practice, "PUB-0001", "2019-01-01", Warn);
    told("PUB-01", Practice, "PUB-9", Pass);
    // Approved afterwards; by somebody without a role.
    told("PUB-01", Practice, "PUB-8", Warn);
    told("PUB-01", Practice, "PUB-7", Warn);
    shown("PUB-01", Practice, "PUB-0002", "2024-03-01", NotApplicable);
    told("PUB-02", Practice, "PUB-9", Pass);
    told("PUB-02", Practice, "PUB-8", Warn);
    shown("PUB-02", Practice, "PUB-0001", "2019-01-01", Warn);
}

#[test]
fn accounts_are_assessed_secured_and_marked() {
    shown("PUB-03", Practice, "ACC-A-01", "2019-01-01", Warn);
    told("PUB-03", Practice, "ACC-9", Pass);
    shown("PUB-03", Practice, "ACC-C-01", "2025-07-01", NotApplicable);
    shown("PUB-04", Practice, "ACC-A-04", "2021-01-01", Warn);
    shown("PUB-04", Practice, "ACC-A-04", "2022-01-01", Pass);
    // No instrument sets a term for it.
    told("PUB-04", Practice, "ACC-9", NotApplicable);
    told("PUB-04", Practice, "ACC-7", Warn);
    shown("PUB-05", Practice, "ACC-A-01", "2019-01-01", Pass);
    told("PUB-05", Practice, "ACC-8", Warn);
}

#[test]
fn x14_a_number_of_the_institution_is_judged_otherwise_by_law_and_policy() {
    let check = |reference, law, policy, practice| {
        told("PUB-06", Law, reference, law);
        told("PUB-06", Policy, reference, policy);
        told("PUB-06", Practice, reference, practice);
    };
    check("PUB-S", Fail, Fail, Warn);
    check("PUB-L", Warn, Fail, Warn);
    check("PUB-C", Pass, Pass, Warn);
    check("PUB-9", Pass, Pass, Pass);
}

#[test]
fn whoever_posts_has_a_mandate() {
    shown("PUB-07", Practice, "PUB-0001", "2019-01-01", Pass);
    told("PUB-07", Practice, "PUB-7", Warn);
    told("PUB-07", Practice, "PUB-6", Indeterminate);
}

#[test]
fn posting_processes_no_data_of_users() {
    shown("PUB-08", Guideline, "PUB-0001", "2019-01-01", NotApplicable);
    shown("PUB-08", Guideline, "PUB-0001", "2025-02-01", Pass);
    told("PUB-08", Guideline, "PUB-8", Fail);
    told("PUB-08", Guideline, "PUB-7", Pass);
    told("PUB-08", Guideline, "PUB-6", Indeterminate);
}
