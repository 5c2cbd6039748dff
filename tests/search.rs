//! Search: states by their words at a moment, the same on both databases, and never what lies in the vault alone.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use griffie::engine::rebuild;
use griffie::store::{ListRange, Search, count_found, list_states};
use griffie::time::Instant;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::ledger::Raw;
use crate::support::on_both;

/// Words of one search.
const WORDS_MAX: usize = 8;
/// States that are gone through.
const FOUND_MAX: i64 = 10_000;
/// Letters and digits of a word.
const WORD_CHARACTERS_MAX: usize = 64;

const QUERY: &str = "query($text: String!, $filter: SearchFilter, $knownAt: KnownAtInput, $validAt: PartialDate, $first: Int, $after: String) { \
     asOf(knownAt: $knownAt, validAt: $validAt) { search(text: $text, filter: $filter, first: $first, after: $after) { nodes { __typename \
     ... on ManagementUnit { stream } ... on ConsentText { stream } ... on Consent { stream } ... on Activity { stream } ... on Party { stream } \
     } pageInfo { hasNextPage endCursor } } } }";

async fn post(api: &Api, variables: Value) -> Value {
    let (status, body) = api.post(QUERY, variables).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

/// The streams that are found, in the order of the list.
async fn found_with(api: &Api, mut variables: Value) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let body = post(api, variables.clone()).await;
        assert_eq!(body.get("errors"), None, "{variables} {body}");
        let list = &body["data"]["asOf"]["search"];
        found.extend(list["nodes"].as_array().unwrap().iter().map(|node| node["stream"].as_str().unwrap().to_owned()));
        if list["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        variables["after"] = list["pageInfo"]["endCursor"].clone();
    }
}

async fn found(api: &Api, text: &str) -> Vec<String> {
    found_with(api, json!({ "text": text, "first": 100 })).await
}

async fn is_refused(api: &Api, variables: Value, words: &str) {
    let body = post(api, variables).await;
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{body}");
    assert!(error["message"].as_str().unwrap().contains(words), "{body}");
}

fn unit(number: usize) -> String {
    format!("managementUnit:01700000-0000-7000-8000-{number:012}")
}

fn registered(number: usize, nl: &str, en: &str) -> Value {
    json!({ "registered": { "unit": format!("unit-{number}"), "name": { "nl": nl, "en": en }, "remark": "zebrapad" } })
}

/// Registers a unit with a name in both languages; returns the sequence.
async fn register(api: &Api, number: usize, nl: &str, en: &str) -> Value {
    let event = registered(number, nl, en);
    let input = json!({ "stream": unit(number), "expectedRevision": "0", "effective": "2018", "event": event });
    api.recorded("ManagementUnit", input).await["sequence"].clone()
}

#[tokio::test]
async fn states_are_found_by_all_their_words_the_last_of_which_may_go_on() {
    on_both("states_are_found_by_all_their_words_the_last_of_which_may_go_on", async |url| {
        let api = Api::new(&url).await;
        register(&api, 1, "Faculteit der Rechtsgeleerdheid", "Faculty of Law").await;
        register(&api, 2, "Faculteit der Letteren", "Faculty of Arts").await;
        register(&api, 3, "Café Évènement 2024", "Café").await;
        let check = async |text: &str, expected: &[usize]| {
            let expected: Vec<String> = expected.iter().map(|number| unit(*number)).collect();
            assert_eq!(found(&api, text).await, expected, "{text}");
        };
        check("rechtsgeleerdheid", &[1]).await;
        check("RECHTS", &[1]).await;
        check("rechts faculteit", &[]).await;
        check("law faculty of der", &[1]).await;
        check("faculteit", &[1, 2]).await;
        check("Faculteit, letteren!", &[2]).await;
        check("faculteit letteren law", &[]).await;
        check("geleerdheid", &[]).await;
        check("unit-1-law", &[1]).await;
        check("unit", &[1, 2, 3]).await;
        check("ÉVÈN", &[3]).await;
        check("evenement", &[]).await;
        check("café 202", &[3]).await;
        check("faculteit faculteit", &[1, 2]).await;
    })
    .await;
}

#[tokio::test]
async fn a_search_sees_one_moment() {
    on_both("a_search_sees_one_moment", async |url| {
        let api = Api::new(&url).await;
        let wrong = register(&api, 1, "Rechten", "Law").await;
        let correct = async |target: &Value, event: Value| {
            let input = json!({ "stream": unit(1), "replaces": target, "effective": "2018", "event": event });
            api.recorded("ManagementUnit", input).await["sequence"].clone()
        };
        let right = correct(&wrong, registered(1, "Letteren", "Arts")).await;
        correct(&right, json!({ "retracted": { "reason": "there was none" } })).await;
        let check = async |text: &str, size: u64, valid: &str, expected: bool| {
            let variables = json!({ "text": text, "knownAt": { "size": size.to_string() }, "validAt": valid });
            let expected = if expected { vec![unit(1)] } else { Vec::new() };
            assert_eq!(found_with(&api, variables).await, expected, "{text} {size} {valid}");
        };
        check("rechten", 1, "2018", false).await;
        check("rechten", 2, "2017", false).await;
        check("rechten", 2, "2018", true).await;
        check("letteren", 2, "2018", false).await;
        check("rechten", 3, "2018", false).await;
        check("letteren", 3, "2018", true).await;
        check("letteren", 3, "2017-12-31", false).await;
        check("letteren", 4, "2018", false).await;
        assert_eq!(found(&api, "letteren").await, [] as [String; 0], "what was taken back is found no more");
        assert_eq!(found(&api, "retracted").await, [] as [String; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_search_is_narrowed_and_paged() {
    on_both("a_search_is_narrowed_and_paged", async |url| {
        let api = Api::new(&url).await;
        for number in 1..=5 {
            register(&api, number, "Tenant", "Tenant").await;
        }
        let party = json!({ "effective": "2018", "event": { "registered": { "party": "tenant", "name": { "nl": "Huurder" } } } });
        let party = api.recorded("Party", party).await["stream"].as_str().unwrap().to_owned();
        let draft = |unit: &str| json!({ "effective": "2018", "event": { "drafted": { "unit": unit, "name": { "nl": "tenant" } } } });
        let drafted = async |unit: &str| api.recorded("Activity", draft(unit)).await["stream"].as_str().unwrap().to_owned();
        let (first, second) = (drafted("unit-1").await, drafted("unit-2").await);
        let activities = if first < second { [&first, &second] } else { [&second, &first] };
        // Of families in the order of their names, then of streams. The ledger's own record has the word too.
        let own = api.ask("{ asOf { ledgerRecord { stream } } ledger { origin } }").await;
        assert_eq!(own["ledger"]["origin"], "ledger.example/tenant-1");
        let all: Vec<String> = activities.iter().map(|stream| (*stream).clone()).chain((1..=5).map(unit)).chain([party.clone()]).collect();
        for first in [1, 2, 3, 7, 8, 100] {
            assert_eq!(found_with(&api, json!({ "text": "tenant", "first": first })).await, all, "pages of {first}");
        }
        let narrowed = async |filter: Value, expected: &[String]| {
            let found = found_with(&api, json!({ "text": "tenant", "filter": filter })).await;
            assert_eq!(found, expected, "{filter}");
        };
        narrowed(json!({}), &all).await;
        narrowed(json!({ "families": ["activity", "party"] }), &[activities[0].clone(), activities[1].clone(), party.clone()]).await;
        narrowed(json!({ "families": [] }), &[]).await;
        narrowed(json!({ "unit": "unit-1" }), &[first.clone(), unit(1)]).await;
        narrowed(json!({ "unit": "unit-1", "families": ["activity"] }), std::slice::from_ref(&first)).await;
        narrowed(json!({ "unit": "unit-9" }), &[]).await;
        narrowed(json!({ "families": ["agreement"] }), &[]).await;
        is_refused(&api, json!({ "text": "tenant", "filter": { "families": ["nobody"] } }), "no family nobody").await;
        is_refused(&api, json!({ "text": "tenant", "filter": { "families": ["ledger"] } }), "no family ledger").await;
        is_refused(&api, json!({ "text": "tenant", "first": 101 }), "1 to 100").await;
        is_refused(&api, json!({ "text": "tenant", "after": "x" }), "cursor").await;
        let backwards = "{ asOf { search(text: \"tenant\", last: 2) { nodes { ... on Party { stream } ... on ManagementUnit { stream } } pageInfo { hasPreviousPage } } \
             newest: search(text: \"tenant\", first: 2, orderBy: NEWEST_FIRST) { nodes { ... on Party { stream } ... on ManagementUnit { stream } } } } }";
        let answer = api.ask(backwards).await["asOf"].clone();
        assert_eq!(answer["search"]["nodes"], json!([{ "stream": unit(5) }, { "stream": party }]));
        assert_eq!(answer["search"]["pageInfo"]["hasPreviousPage"], true);
        assert_eq!(answer["newest"]["nodes"], json!([{ "stream": party }, { "stream": unit(5) }]));
    })
    .await;
}

#[tokio::test]
async fn remarks_and_what_is_about_a_person_are_not_found() {
    on_both("remarks_and_what_is_about_a_person_are_not_found", async |url| {
        let api = Api::new(&url).await;
        register(&api, 1, "Rechten", "Law").await;
        let text = api.consent_text().await;
        let mut grant = Api::grant(&text, "2019-02");
        grant["event"]["granted"]["remark"] = json!("Bartholomeus aan de balie");
        let consent = api.recorded("Consent", grant).await["stream"].clone();
        let request = json!({ "effective": "2019-03", "event": { "received": { "rights": ["ACCESS"], "activities": [], "platforms": [], "remark": "Cornelia" } } });
        let received = api.record("DataSubjectRequest", request).await;
        assert_eq!(received["userErrors"], json!([]), "{received}");
        let contact = json!({ "effective": "2018", "event": { "registered": { "party": "vendor-n", "contact": "Dirk", "name": { "nl": "Leverancier" } } } });
        let party = api.recorded("Party", contact).await["stream"].clone();
        for hidden in ["zebrapad", "Anna", "signed form", "Bartholomeus", "balie", "Cornelia", "Dirk"] {
            assert_eq!(found(&api, hidden).await, [] as [String; 0], "{hidden}");
        }
        // What is structural is found, and so are names of organisational things.
        assert_eq!(found(&api, "photo yes").await, [consent.as_str().unwrap()]);
        assert_eq!(found(&api, "foto").await, [text]);
        assert_eq!(found(&api, "leverancier").await, [party.as_str().unwrap()]);
        // Nothing of it is in the index either.
        let raw = Raw::open(&url).await;
        let rows = raw.texts("select cast(words as text) from search_text").await;
        raw.close().await;
        assert!(rows.iter().any(|row| row.contains("leverancier")), "{rows:?}");
        for hidden in ["zebrapad", "anna", "signed", "bartholomeus", "cornelia", "dirk"] {
            assert!(!rows.iter().any(|row| row.contains(hidden)), "{hidden} in {rows:?}");
        }
    })
    .await;
}

// --- How much ----------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_search_has_1_to_8_words() {
    on_both("a_search_has_1_to_8_words", async |url| {
        let api = Api::new(&url).await;
        let names: Vec<String> = (0..WORDS_MAX).map(|number| format!("word{number}x")).collect();
        register(&api, 1, &names.join(" "), "Other").await;
        assert_eq!(found(&api, &names.join("-")).await, [unit(1)]);
        assert_eq!(found(&api, &names[0]).await, [unit(1)]);
        for text in ["", " ", "--", "🎓", "*", "\0", &format!("{} more", names.join(" ")), &"a ".repeat(5_000)] {
            is_refused(&api, json!({ "text": text }), "give 1 to 8 words").await;
        }
        // A word has 64 letters at most: what follows them is not looked at.
        let long = "w".repeat(WORD_CHARACTERS_MAX);
        register(&api, 2, &format!("{long}abc"), "Other").await;
        register(&api, 3, &long[1..], "Other").await;
        for text in [long.clone(), format!("{long}abc"), format!("{long}xyz"), "w".repeat(10_000)] {
            assert_eq!(found(&api, &text).await, [unit(2)], "{}", text.len());
        }
        assert_eq!(found(&api, &long[1..]).await, [unit(2), unit(3)]);
    })
    .await;
}

#[tokio::test]
async fn a_search_goes_through_10_000_states_at_most() {
    on_both("a_search_goes_through_10_000_states_at_most", async |url| {
        let api = Api::new(&url).await;
        register(&api, 1, "Rechten", "Other").await;
        let count = async |limit: i64| {
            let search = Search { words: vec!["rechten".to_owned()], families: BTreeSet::new(), unit: None };
            count_found(api.engine.store().read().await.unwrap().conn(), &search, limit).await.unwrap()
        };
        assert_eq!(count(5).await, 1);
        // The same state in so many more streams.
        let more = async |from: i64, to: i64| {
            let raw = Raw::open(&url).await;
            let insert = format!(
                "insert into state (stream, family, effective_from, effective_to, known_from, known_to, body, announced) \
                 with recursive n (i) as (select {from} union all select i + 1 from n where i < {to}) \
                 select 'managementUnit/01700000-0000-7000-8000-' || (900000000000 + n.i), s.family, s.effective_from, s.effective_to, \
                 s.known_from, s.known_to, s.body, s.announced from n, state s where s.stream = 'managementUnit/01700000-0000-7000-8000-000000000001'"
            );
            raw.run(&insert).await;
            raw.close().await;
        };
        more(1, FOUND_MAX - 1).await;
        assert_eq!((count(FOUND_MAX + 1).await, count(7).await), (FOUND_MAX, 7));
        let body = post(&api, json!({ "text": "rechten", "first": 100 })).await;
        let list = &body["data"]["asOf"]["search"];
        assert_eq!(list["nodes"].as_array().map(Vec::len), Some(100), "{body}");
        assert_eq!(list["pageInfo"]["hasNextPage"], true);
        more(FOUND_MAX, FOUND_MAX).await;
        assert_eq!(count(FOUND_MAX + 1).await, FOUND_MAX + 1);
        is_refused(&api, json!({ "text": "rechten" }), "add another one").await;
        assert_eq!(found(&api, "rechten law").await, [] as [String; 0]);
    })
    .await;
}

// --- The oracle --------------------------------------------------------------------------------------------------

/// What names are made of, and what is searched: words, operators of the databases, and letters that fold, combine or are new.
const PIECES: &[&str] = &[
    "rechten",
    "Rechten",
    "RECHT",
    "re",
    "r",
    "a",
    "b",
    "ab",
    "OR",
    "AND",
    "NOT",
    "NEAR",
    "or",
    "near",
    "<->",
    "!",
    "&",
    "|",
    ":*",
    "*",
    "**",
    "^",
    "\"",
    "\"\"",
    "'",
    "''",
    "\\",
    "\\'",
    "(",
    ")",
    "((",
    "{words}",
    "words:",
    "-",
    "--",
    ";",
    ",",
    ".",
    "/",
    "%",
    "_",
    "$1",
    "?",
    "+",
    "#",
    "é",
    "É",
    "e\u{301}",
    "İ",
    "ı",
    "I",
    "i",
    "ß",
    "SS",
    "ẞ",
    "ſ",
    "s",
    "Σ",
    "σ",
    "ς",
    "ΑΣ",
    "Ⅷ",
    "ⅷ",
    "Ⓐ",
    "ⓐ",
    "½",
    "²",
    "٣",
    "3",
    "ﬁ",
    "fi",
    "字",
    "漢字",
    "हिन्दी",
    "ไทย",
    "ა",
    "Ა",
    "𞤀",
    "𞤢",
    "🎓",
    "👩\u{200d}🎓",
    "\u{200b}",
    "\u{a0}",
    "\u{feff}",
    "\t",
    "\n",
    "µ",
    "μ",
    "K",
    "k",
    "ǅ",
    "dž",
    "x1",
    "1x",
    "2024",
    "24",
    "null",
    "true",
    "select",
];

fn text() -> impl Strategy<Value = String> {
    let piece = (prop::sample::select(PIECES), prop::sample::select(vec!["", "", " ", " ", "-"]));
    prop::collection::vec(piece, 1..6)
        .prop_map(|pieces| pieces.iter().map(|(piece, gap)| format!("{piece}{gap}")).collect())
}

/// The words of a text, letter by letter.
fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    for letter in text.to_lowercase().chars() {
        match letter.is_alphanumeric() {
            true => words.last_mut().unwrap().push(letter),
            false => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words.iter().map(|word| word.chars().take(WORD_CHARACTERS_MAX).collect()).collect()
}

/// The texts of a state, but for commitments.
fn texts(state: &Value) -> Vec<String> {
    match state {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) if members.contains_key("...") => Vec::new(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Units with random names, some of them corrected, as a moment sees them: the words of each stream.
struct World {
    streams: BTreeMap<String, BTreeSet<String>>,
}

impl World {
    async fn read(api: &Api, size: u64, valid: Instant, names: &BTreeMap<String, String>) -> Self {
        let range =
            ListRange { after: String::new(), before: ListRange::END.to_owned(), limit: 1_000, backwards: false };
        let mut reader = api.engine.store().read().await.unwrap();
        let states = list_states(reader.conn(), "managementUnit", size, valid, &[], &range).await.unwrap();
        let words = |text: &str, stream: &str| {
            let state: Value = serde_json::from_str(text).unwrap();
            texts(&state).iter().chain([&names[stream]]).flat_map(|text| words_of(text)).collect()
        };
        let of = |state: griffie::store::StateAt| {
            let stream = state.stream.to_string().replace('/', ":");
            (stream.clone(), words(&state.text, &stream))
        };
        Self { streams: states.into_iter().map(of).collect() }
    }

    fn find(&self, text: &str) -> Option<Vec<String>> {
        let asked = words_of(text);
        let (last, others) = asked.split_last().filter(|_| asked.len() <= WORDS_MAX)?;
        let has = |words: &BTreeSet<String>| {
            others.iter().all(|word| words.contains(word)) && words.iter().any(|word| word.starts_with(last.as_str()))
        };
        Some(self.streams.iter().filter(|(_, words)| has(words)).map(|(stream, _)| stream.clone()).collect())
    }
}

#[tokio::test]
async fn whatever_is_searched_is_answered_as_by_going_through_all_states() {
    const UNITS: usize = 60;
    const QUESTIONS: usize = 400;
    on_both("whatever_is_searched_is_answered_as_by_going_through_all_states", async |url| {
        let api = Api::new(&url).await;
        // The same sequence on both databases.
        let mut runner = TestRunner::deterministic();
        let mut any = |strategy: &dyn Fn(&mut TestRunner) -> String| strategy(&mut runner);
        let text = |runner: &mut TestRunner| text().new_tree(runner).unwrap().current();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut first = Vec::new();
        for number in 0..UNITS {
            let (nl, en) = (any(&text), any(&text));
            first.push(register(&api, number, &nl, &en).await);
            names.insert(unit(number), format!("{nl} {en}"));
        }
        let size = u64::try_from(UNITS).unwrap() + 1;
        let valid: Instant = "2025-01-01T00:00:00.000000Z".parse().unwrap();
        let before = World::read(&api, size, valid, &names).await;
        for number in (0..UNITS).step_by(3) {
            let (nl, en) = (any(&text), any(&text));
            let event = registered(number, &nl, &en);
            let input =
                json!({ "stream": unit(number), "replaces": first[number], "effective": "2018", "event": event });
            api.recorded("ManagementUnit", input).await;
            names.insert(unit(number), format!("{nl} {en}"));
        }
        let after = World::read(
            &api,
            api.ask("{ ledger { size } }").await["ledger"]["size"].as_str().unwrap().parse().unwrap(),
            valid,
            &names,
        )
        .await;
        let (mut some, mut none, mut refused) = (0, 0, 0);
        for _ in 0..QUESTIONS {
            let asked = any(&text);
            for (world, known) in [(&before, json!({ "size": size.to_string() })), (&after, Value::Null)] {
                let variables = json!({ "text": asked, "knownAt": known, "validAt": "2024", "first": 100 });
                match world.find(&asked) {
                    None => {
                        refused += 1;
                        is_refused(&api, variables, "words").await;
                    }
                    Some(expected) => {
                        *if expected.is_empty() { &mut none } else { &mut some } += 1;
                        assert_eq!(found_with(&api, variables).await, expected, "{asked:?}");
                    }
                }
            }
        }
        println!("{some} found something, {none} nothing, {refused} were refused");
        assert!(some > 100 && none > 100 && refused > 0, "the questions prove too little: {some} {none} {refused}");
    })
    .await;
}

#[tokio::test]
async fn odd_texts_are_no_fault_of_the_server() {
    on_both("odd_texts_are_no_fault_of_the_server", async |url| {
        let api = Api::new(&url).await;
        register(&api, 1, "d'Artagnan OR \"NEAR\" x*y", "Other").await;
        let check = async |text: &str, expected: bool| {
            let expected = if expected { vec![unit(1)] } else { Vec::new() };
            assert_eq!(found(&api, text).await, expected, "{text:?}");
        };
        check("d'artagnan", true).await;
        check("d''artagnan", true).await;
        check("\"d artagnan\"", true).await;
        check("artagnan OR nobody", false).await;
        check("artagnan NOT near", false).await;
        check("or", true).await;
        check("near(x y)", true).await;
        check("x*", true).await;
        check("art*", true).await;
        check("words:artagnan", false).await;
        check("{words}: artagnan", false).await;
        check("near\0x", true).await;
        check("near\u{10ffff}x", true).await;
        check("x' | 'y", true).await;
        check("x\\", true).await;
        check("'; drop table state; --", false).await;
        // A cursor is the caller's to make up.
        for key in ["\0", "~", "'", "\u{10ffff}", &"x".repeat(10_000)] {
            use base64::Engine as _;
            let after = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("search:{key}"));
            let body = post(&api, json!({ "text": "x", "after": after })).await;
            let code = &body["errors"][0]["extensions"]["code"];
            assert!(code.is_null() || code == "BAD_USER_INPUT", "{key:?} {body}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_rebuilt_projection_finds_the_same() {
    on_both("a_rebuilt_projection_finds_the_same", async |url| {
        let api = Api::new(&url).await;
        let first = register(&api, 1, "Rechten", "Law").await;
        register(&api, 2, "Letteren", "Arts").await;
        let text = api.consent_text().await;
        api.recorded("Consent", Api::grant(&text, "2019-02")).await;
        let correction = json!({ "stream": unit(1), "replaces": first, "effective": "2018", "event": registered(1, "Recht", "Law") });
        api.recorded("ManagementUnit", correction).await;
        let rows = async || {
            let raw = Raw::open(&url).await;
            let rows = raw.texts("select hash || ' ' || cast(words as text) as line from search_text order by line").await;
            let bodies = raw.texts("select hash from state_body order by hash").await;
            raw.close().await;
            let hashes: BTreeSet<String> = rows.iter().map(|row| row.split(' ').next().unwrap().to_owned()).collect();
            assert_eq!(hashes.into_iter().collect::<Vec<_>>(), bodies, "a row for each fold result, and no other");
            rows
        };
        let before = rows().await;
        assert!(before.len() > 5 && before.iter().any(|row| row.contains("letteren")), "{before:?}");
        rebuild(api.engine.store(), |_, _| {}).await.unwrap();
        assert_eq!(rows().await, before);
        assert_eq!(found(&api, "recht").await, [unit(1)]);
    })
    .await;
}
