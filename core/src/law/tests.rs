//! The pack that comes with the program, and small packs that show how one is read and compared.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::{Held, Pack, standing};
use crate::ledger::name::Sequence;

fn pack(instruments: &Value) -> Pack {
    let file = json!({ "subject": { "nl": "proef", "en": "test" }, "instruments": instruments }).to_string();
    let manifest = r#"{ "number": 7, "kept": "2026-12-01", "files": ["a.json"] }"#;
    Pack::read(manifest, |name| (name == "a.json").then(|| file.clone())).unwrap()
}

fn statement(fact: &str, effective: &str, data: Value) -> Value {
    json!({ "fact": fact, "effective": effective, "published": "2020-01-01", "source": "OJ L 1", "looked": "2026-12-01", "data": data })
}

fn held(pack: &Pack, from_a_pack: bool) -> Vec<Held> {
    let instrument = &pack.subjects[0].instruments[0];
    let held = instrument.statements.iter().enumerate().map(|(place, statement)| Held {
        sequence: Sequence(10 + place as u64),
        fact: statement.fact.clone(),
        effective: statement.effective,
        data: pack.data(instrument, place).unwrap(),
        from_a_pack,
    });
    held.collect()
}

#[test]
fn the_newest_pack_is_in_order_and_holds_every_file() {
    let pack = Pack::newest().unwrap();
    assert_eq!(pack.problems(), [] as [String; 0]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../law");
    let there: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json") && name != "pack.json")
        .collect();
    let embedded: BTreeSet<String> = super::pack::files().map(str::to_owned).collect();
    assert_eq!(embedded, there);
    let manifest: Value = serde_json::from_str(include_str!("../../../law/pack.json")).unwrap();
    let named: BTreeSet<String> =
        manifest["files"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    assert_eq!(named, there);
}

#[test]
fn a_last_day_is_written_inclusively_and_recorded_as_the_day_after() {
    let of = |fact: &str, data: Value| {
        let pack = pack(&json!([{ "code": "LEX-A", "statements": [statement(fact, "2020-01-01", data)] }]));
        pack.data(&pack.subjects[0].instruments[0], 0)
    };
    let uk = of("enteredIntoForce", json!({ "lastDay": "2025-06-27", "newUseLastDay": "2024-12-31" })).unwrap();
    assert_eq!((&uk["validTo"], &uk["newUseUntil"]), (&json!("2025-06-28"), &json!("2025-01-01")));
    assert_eq!((&uk["code"], &uk["published"], &uk["relations"]), (&json!("LEX-A"), &json!("2020-01-01"), &json!([])));
    assert_eq!(of("sunsetSet", json!({ "lastDay": "2025-12" })).unwrap()["to"], "2026-01");
    let refused = |fact: &str, data: Value, words: &str| {
        let message = of(fact, data).unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
    };
    refused("enteredIntoForce", json!({ "validTo": "2025-06-28" }), "a pack names the last day");
    refused("enteredIntoForce", json!({ "lastDay": "2025-06-27T10:00:00.000000Z" }), "a day, a month or a year");
    refused("enteredIntoForce", json!({ "lastDay": 5 }), "is a date");
    refused("enteredIntoForce", json!({ "valid": "2025" }), "`valid` is no member");
    refused("entered", json!({}), "no event entered");
}

#[test]
fn what_is_wrong_with_a_pack_is_told_all_at_once() {
    let check = |instruments: Value, words: &[&str]| {
        let problems = pack(&instruments).problems();
        assert_eq!(problems.len(), words.len(), "{problems:#?}");
        for (problem, words) in problems.iter().zip(words) {
            assert!(problem.contains(words), "{problem} has no {words}");
        }
    };
    let right = statement("enteredIntoForce", "2020-01-01", json!({}));
    check(json!([{ "code": "LEX-A", "statements": [right] }]), &[]);
    check(json!([{ "code": "LEX-A", "statements": [right] }, { "code": "LEX-A", "statements": [right] }]), &["twice"]);
    let mut early = statement("challenged", "2020-01-01", json!({ "by": "LEX-B" }));
    early["published"] = json!("2019-12-31");
    early["source"] = json!(" ");
    let words = ["names no source", "before the statement above", "no instrument has the code LEX-B"];
    check(json!([{ "code": "LEX-A", "statements": [right, early] }]), &words);
    let reversed = statement("sunsetSet", "2020-01-01", json!({ "lastDay": "2018-12-31" }));
    check(json!([{ "code": "LEX-A", "statements": [right, reversed] }]), &["2019-01-01 lies before 2020-01-01"]);
    let unknown = statement("repealed", "2020-01-01", json!({ "lastDay": "2020-12-31" }));
    check(json!([{ "code": "LEX-A", "statements": [unknown] }]), &["LEX-A, statement 1"]);
    let many = |count: usize| {
        let later = |place: usize| {
            let mut later = statement("challenged", "2020-01-01", json!({}));
            later["published"] = json!(format!("{:04}-01-01", 2020 + place));
            later["looked"] = json!("2999");
            later
        };
        json!([{ "code": "LEX-A", "statements": (0..count).map(|place| if place == 0 { right.clone() } else { later(place) }).collect::<Vec<_>>() }])
    };
    check(many(super::STATEMENTS_MAX), &[]);
    check(many(super::STATEMENTS_MAX + 1), &["has 101 statements"]);
    let mut unseen = right.clone();
    unseen["looked"] = json!("2019");
    check(json!([{ "code": "LEX-A", "statements": [unseen] }]), &["looked before"]);
}

#[test]
fn a_member_that_is_there_twice_is_refused() {
    let file = r#"{ "subject": { "nl": "a", "en": "b" }, "instruments": [ { "code": "LEX-A", "statements": [ { "fact": "registered",
        "effective": "2020", "published": "2020", "source": "OJ", "data": { "kind": "STATUTE", "kind": "TREATY" } } ] } ] }"#;
    let manifest = r#"{ "number": 7, "kept": "2026-12-01", "files": ["a.json"] }"#;
    let refused = Pack::read(manifest, |_| Some(file.to_owned())).unwrap_err().to_string();
    assert!(refused.contains("`kind` is there twice"), "{refused}");
}

#[test]
fn a_ledger_is_compared_fact_by_fact() {
    let adequacy = |sector: &str| {
        let data = json!({ "kind": "ADEQUACY", "title": { "en": sector }, "scope": { "recipients": sector } });
        pack(&json!([{ "code": "LEX-A", "statements": [
            statement("registered", "2019-01-01", json!({ "kind": "ADEQUACY" })),
            statement("enteredIntoForce", "2020-01-01", data),
        ] }]))
    };
    let (all, sector) = (adequacy("ALL"), adequacy("SECTOR"));
    let instrument = |pack: &Pack| pack.subjects[0].instruments[0].clone();
    let compare = |held: &[Held]| standing(&sector, &instrument(&sector), held).unwrap();
    assert!(compare(&held(&sector, true)).is_same());
    assert_eq!(compare(&[]).new, [(0, None), (1, None)]);
    assert_eq!(compare(&held(&sector, true)[..1]).new, [(1, None)]);
    // What an earlier pack said is corrected; what the institution said is left.
    assert_eq!(compare(&held(&all, true)).new, [(1, Some(Sequence(11)))]);
    let own = compare(&held(&all, false));
    assert_eq!((own.new, own.own), (vec![(1, None)], vec![Sequence(11)]));
    // A title that was erased makes no difference.
    let mut erased = held(&sector, true);
    erased[1].data["title"] = json!({ "...": "digest" });
    assert!(compare(&erased).is_same());
    let mut more = held(&sector, true);
    more.push(Held { sequence: Sequence(12), fact: "challenged".to_owned(), ..more[0].clone() });
    assert_eq!(compare(&more).dropped, [Sequence(12)]);
}
