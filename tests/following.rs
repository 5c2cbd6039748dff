//! What units and auditors follow: changes of the register, facts and checkpoints; without gap, without repeat.

use std::time::Duration;

use griffie::engine::{Engine, Options, Sources};
use griffie::graphql;
use griffie::graphql::Principal;
use griffie::ledger::entry::Actor;
use griffie::store::{Alarm, Store};
use serde_json::{Value, json};

use crate::support::api::{Api, Following, follow};
use crate::support::on_both;
use crate::support::postgres::Database;

const CHANGES: &str = "cursor kind stream fact { sequence event } receipt { sequence leafHash } changed inEffectFrom \
                       materiality units activities before { ...S } after { ...S }";
const STATES: &str = "fragment S on State { __typename ... on Activity { status name { value { en } } unit } \
                      ... on Agreement { status party } }";

/// Subscribes to the changes of the register.
fn changes(api: &Api, arguments: &str) -> Following {
    api.follow(&format!("subscription {{ registerChanges{arguments} {{ {CHANGES} }} }} {STATES}"))
}

async fn next(following: &mut Following) -> Value {
    let result = following.next().await;
    assert_eq!(result.get("errors"), None, "{result}");
    let change = result["data"]["registerChanges"].clone();
    assert_eq!(change["cursor"], result["extensions"]["cursor"], "{result}");
    change
}

fn drafted(unit: &str, name: &str, effective: &str) -> Value {
    json!({ "effective": effective, "event": { "drafted": { "unit": unit, "name": { "en": name } } } })
}

#[tokio::test]
async fn units_are_told_what_changed_and_what_it_was_before() {
    on_both("register changes", async |url| {
        let api = Api::new(&url).await;
        let mut all = changes(&api, "(after: \"0\")");
        let activity = api.recorded("Activity", drafted("mu-01", "newsletter", "2019-05-01")).await;
        let stream = activity["stream"].clone();
        let change = next(&mut all).await;
        assert_eq!((&change["kind"], &change["stream"]), (&json!("RECORDED"), &stream));
        assert_eq!(change["fact"], json!({ "sequence": "1", "event": "activity.drafted" }));
        assert_eq!(change["receipt"], json!({ "sequence": "1", "leafHash": activity["leafHash"] }));
        assert_eq!((&change["before"], &change["units"]), (&Value::Null, &json!(["mu-01"])));
        assert_eq!(change["after"]["name"]["value"]["en"], "newsletter");
        assert_eq!((&change["inEffectFrom"], &change["cursor"]), (&json!("2019-04-30T22:00:00.000000Z"), &json!("1")));
        assert_eq!(change["changed"], json!(["drafted", "name", "status", "unit"]));

        let mut correction = drafted("mu-02", "newsletter", "2019-06-01");
        correction["stream"] = stream.clone();
        correction["replaces"] = json!("1");
        api.recorded("Activity", correction).await;
        let change = next(&mut all).await;
        assert_eq!(change["kind"], "CORRECTED");
        assert_eq!((&change["before"]["unit"], &change["after"]["unit"]), (&json!("mu-01"), &json!("mu-02")));
        assert_eq!(change["units"], json!(["mu-01", "mu-02"]), "both are concerned");
        assert_eq!(change["inEffectFrom"], "2019-04-30T22:00:00.000000Z", "from when the record was wrong");
        let changed = change["changed"].as_array().unwrap();
        assert!(changed.contains(&json!("unit")) && !changed.contains(&json!("status")), "{changed:?}");
        all.is_quiet().await;
    })
    .await;
}

#[tokio::test]
async fn only_what_concerns_a_unit_its_families_and_activities_is_told() {
    on_both("register changes, narrowed", async |url| {
        let api = Api::new(&url).await;
        let ours = api.recorded("Activity", drafted("mu-01", "ours", "2019-05-01")).await["stream"].clone();
        let theirs = api.recorded("Activity", drafted("mu-02", "theirs", "2019-05-01")).await["stream"].clone();
        let after = "after: \"0\"";
        let mut all = changes(&api, &format!("({after})"));
        let mut of_unit = changes(&api, &format!("({after}, units: [\"mu-01\"])"));
        let mut of_agreements = changes(&api, &format!("({after}, families: [\"agreement\"])"));
        let mut of_theirs = changes(&api, &format!("({after}, activities: [{theirs}])"));
        // An agreement names no unit: it concerns those of its activities.
        let agreement = |activities: Vec<&Value>| {
            json!({ "effective": "2019-07-01", "event": { "drafted": { "party": "px", "activities": activities } } })
        };
        api.recorded("Agreement", agreement(vec![&ours])).await;
        api.recorded("Agreement", agreement(vec![&theirs])).await;
        let text = api.consent_text().await;
        api.recorded("Consent", Api::grant(&text, "2020-01-15")).await;
        let sequences = async |following: &mut Following, expected: &[&str]| {
            for sequence in expected {
                assert_eq!(next(following).await["fact"]["sequence"], *sequence);
            }
            following.is_quiet().await;
        };
        sequences(&mut all, &["1", "2", "3", "4", "5"]).await;
        sequences(&mut of_unit, &["1", "3"]).await;
        sequences(&mut of_agreements, &["3", "4"]).await;
        sequences(&mut of_theirs, &["2", "4"]).await;
        // Consents are no part of the register; whoever names the family follows them all the same.
        sequences(&mut changes(&api, &format!("({after}, families: [\"consent\"])")), &["6"]).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_recorded_for_a_later_date_is_told_again_when_it_takes_effect() {
    on_both("taking effect", async |url| {
        let api = Api::new(&url).await;
        let begun = async |name: &str| {
            let stream = api.recorded("Activity", drafted("mu-01", name, "2019-05-01")).await["stream"].clone();
            let started = json!({ "stream": stream, "effective": "2019-06-01", "remark": "go", "event": { "started": {} } });
            api.recorded("Activity", started).await;
            stream
        };
        let (stream, other) = (begun("newsletter").await, begun("camera").await);
        let mut live = changes(&api, "(after: \"4\")");
        let ceased = |stream: &Value, effective: &str| {
            json!({ "stream": stream, "effective": effective, "event": { "ceased": { "reason": "done" } } })
        };
        let ends = api.recorded("Activity", ceased(&stream, "2020-03-01")).await["sequence"].clone();
        api.recorded("Activity", ceased(&other, "2020-03-01")).await;
        let early = api.recorded("Activity", ceased(&other, "2020-02-01")).await["sequence"].clone();
        // One of the two ends was wrong, and is taken back before it comes.
        let retraction = json!({ "stream": other, "effective": "2020-02-01", "replaces": early,
            "event": { "retracted": { "reason": "another activity" } } });
        api.recorded("Activity", retraction).await;
        for sequence in ["5", "6", "7", "8"] {
            assert_eq!(next(&mut live).await["fact"]["sequence"], sequence);
        }
        live.is_quiet().await;
        api.at("2020-02-15T11:00:00.000000Z");
        live.is_quiet().await;
        api.at("2020-03-15T11:00:00.000000Z");
        let mut told = [next(&mut live).await, next(&mut live).await];
        live.is_quiet().await;
        told.sort_by_key(|change| change["fact"]["sequence"].to_string());
        let change = &told[0];
        assert_eq!((&change["kind"], &change["fact"]["sequence"]), (&json!("TAKES_EFFECT"), &ends));
        assert_eq!((&change["before"]["status"], &change["after"]["status"]), (&json!("ACTIVE"), &json!("CEASED")));
        assert_eq!(change["inEffectFrom"], "2020-02-29T23:00:00.000000Z");
        // A fact that is recorded later comes after it.
        api.recorded("Activity", drafted("mu-02", "later", "2020-03-10")).await;
        assert_eq!(next(&mut live).await["fact"]["sequence"], "9");
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_back_before_it_came_is_told_to_the_unit() {
    on_both("taking back", async |url| {
        let api = Api::new(&url).await;
        let mut ours = changes(&api, "(after: \"0\", units: [\"mu-01\"])");
        let planned = api.recorded("Activity", drafted("mu-01", "newsletter", "2027-01-01")).await;
        assert_eq!(next(&mut ours).await["fact"]["sequence"], "1");
        let retraction = json!({ "stream": planned["stream"], "effective": "2020-01-01", "replaces": "1",
            "event": { "retracted": { "reason": "it will not be" } } });
        api.recorded("Activity", retraction).await;
        let change = next(&mut ours).await;
        assert_eq!((&change["kind"], &change["before"]["status"]), (&json!("CORRECTED"), &json!("DRAFT")));
        assert_eq!((&change["after"], &change["units"]), (&Value::Null, &json!(["mu-01"])));
    })
    .await;
}

#[tokio::test]
async fn a_place_within_an_instant_keeps_on_a_server_whose_clock_is_behind() {
    on_both("clocks apart", async |url| {
        let api = Api::new(&url).await;
        for number in 0..5 {
            api.recorded("Activity", drafted("mu-01", &format!("activity {number}"), "2020-02-01")).await;
        }
        api.at("2020-01-31T23:00:11.000000Z");
        let mut told = changes(&api, "(after: \"5\")");
        let first = next(&mut told).await;
        assert_eq!(first["kind"], "TAKES_EFFECT");
        // The other server's clock is some seconds behind: its ledger grows, but nothing is told there to have come.
        let behind = Sources::frozen("2020-01-31T23:00:04.000000Z".parse().unwrap(), 8);
        let other = api.another_server_at(&url, behind.clone()).await;
        let query = format!("subscription {{ registerChanges(after: {}) {{ kind cursor }} }}", first["cursor"]);
        let mut there = follow(&other, &query);
        there.is_quiet().await;
        acknowledge(&api, "ack", &first["stream"], &first["fact"]["sequence"]).await;
        there.is_quiet().await;
        behind.set("2020-02-02T13:00:00.000000Z".parse().unwrap());
        for _ in 0..4 {
            assert_eq!(there.next().await["data"]["registerChanges"]["kind"], "TAKES_EFFECT");
        }
        there.is_quiet().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_was_away_goes_on_after_any_change_without_gap_or_repeat() {
    on_both("resuming", async |url| {
        let api = Api::new(&url).await;
        let mut live = changes(&api, "(after: \"0\")");
        // Facts for now and for later, of which several take effect at one instant: more than a page of each.
        let mut expected = 0;
        for number in 0..40 {
            let effective = format!("2020-01-{:02}", 2 + number % 7);
            api.recorded("Activity", drafted("mu-01", &format!("activity {number}"), &effective)).await;
            expected += 2;
        }
        let mut told = live.take(40).await;
        for day in 2..10 {
            api.at(&format!("2020-01-{day:02}T12:00:00.000000Z"));
            api.recorded("Activity", drafted("mu-02", &format!("day {day}"), "2019-12-01")).await;
            expected += 1;
        }
        told.extend(live.take(expected - 40).await);
        live.is_quiet().await;
        let change = |result: &Value| result["data"]["registerChanges"].clone();
        let told: Vec<Value> = told.iter().map(change).collect();
        assert_eq!(told.iter().filter(|change| change["kind"] == "TAKES_EFFECT").count(), 40);
        let mut cursors: Vec<String> = told.iter().map(|change| change["cursor"].to_string()).collect();
        cursors.dedup();
        assert_eq!(cursors.len(), told.len(), "each has a place of its own");
        let again = changes(&api, "(after: \"0\")").take(told.len()).await;
        assert_eq!(again.iter().map(change).collect::<Vec<_>>(), told, "a replay is what was told live");
        for position in [0, 7, 15, 16, 39, 41, 50, 57, 70, told.len() - 2] {
            let mut rest = changes(&api, &format!("(after: {})", told[position]["cursor"]));
            let rest = rest.take(told.len() - position - 1).await;
            assert_eq!(rest.iter().map(change).collect::<Vec<_>>(), told[position + 1..], "after {position}");
        }
        changes(&api, &format!("(after: {})", told[told.len() - 1]["cursor"])).is_quiet().await;
    })
    .await;
}

#[tokio::test]
async fn a_unit_acknowledges_a_change_and_that_is_a_fact() {
    on_both("acknowledging", async |url| {
        let api = Api::new(&url).await;
        let mut told = changes(&api, "(after: \"0\")");
        api.recorded("Activity", drafted("mu-01", "newsletter", "2019-05-01")).await;
        let change = next(&mut told).await;
        let taken = acknowledge(&api, "ack-1", &change["stream"], &change["fact"]["sequence"]).await;
        assert_eq!(taken["userErrors"], json!([]));
        assert_eq!(taken["receipt"]["event"]["event"], "registerAcknowledgement.acknowledged");
        assert_eq!(taken["state"], json!({ "unit": "mu-01", "change": "1", "acknowledged": "2020-01-01" }));
        let unknown = acknowledge(&api, "ack-2", &change["stream"], &json!("0")).await;
        assert_eq!(unknown["userErrors"], json!([{ "code": "UNKNOWN", "field": "event.acknowledged.change" }]));
        let list = api
            .ask("{ asOf { registerAcknowledgements(filter: { change: \"1\" }) { nodes { unit subject } } } }")
            .await;
        let nodes = &list["asOf"]["registerAcknowledgements"]["nodes"];
        assert_eq!(*nodes, json!([{ "unit": "mu-01", "subject": change["stream"] }]));
        // It is no change of the register itself.
        told.is_quiet().await;
    })
    .await;
}

#[tokio::test]
async fn checkpoints_are_told_as_they_are_signed() {
    on_both("following checkpoints", async |url| {
        let api = Api::new(&url).await;
        let mut live = api.follow("subscription { checkpoints(after: \"0\") { size note } }");
        let mut size = 0;
        for facts in 1..4 {
            api.recorded("Activity", drafted("mu-01", "newsletter", "2019-05-01")).await;
            // The one before may be signed first.
            while size < facts + 1 {
                let result = live.next().await;
                let checkpoint = &result["data"]["checkpoints"];
                let next: u64 = checkpoint["size"].as_str().unwrap().parse().unwrap();
                assert!(next > size, "{size} {result}");
                assert!(checkpoint["note"].as_str().unwrap().contains(&format!("\n{next}\n")), "{result}");
                assert_eq!(result["extensions"]["cursor"], checkpoint["size"]);
                size = next;
            }
        }
        let mut again = api.follow(&format!("subscription {{ checkpoints(after: \"{}\") {{ size }} }}", size - 1));
        assert_eq!(again.next().await["data"]["checkpoints"]["size"], json!(size.to_string()));
        again.is_quiet().await;
    })
    .await;
}

#[tokio::test]
async fn a_place_that_is_none_is_refused() {
    on_both("places", async |url| {
        let api = Api::new(&url).await;
        let check = async |subscription: &str| {
            let refused = api.follow(&format!("subscription {{ {subscription} {{ __typename }} }}")).next().await;
            assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{refused}");
            assert_eq!(refused.get("data"), None, "{refused}");
        };
        check("events(after: \"1\")").await;
        check("registerChanges(after: \"1\")").await;
        check("registerChanges(after: \"x\")").await;
        check("registerChanges(after: \"0@2020\")").await;
        check("registerChanges(after: \"0@9999-01-01T00:00:00.000000Z\")").await;
        check("registerChanges(families: [\"nonsense\"])").await;
        check("checkpoints(after: \"2\")").await;
    })
    .await;
}

#[tokio::test]
async fn a_fact_reaches_the_followers_of_another_server() {
    on_both("two servers", async |url| {
        let api = Api::new(&url).await;
        let other = api.another_server(&url).await;
        let mut there = follow(&other, "subscription { events { sequence } }");
        let mut changes = follow(&other, "subscription { registerChanges { fact { sequence } } }");
        let mut checkpoints = follow(&other, "subscription { checkpoints { size } }");
        // The subscriptions begin when they are first asked.
        let begun = tokio::join!(there.is_quiet(), changes.is_quiet(), checkpoints.is_quiet());
        assert_eq!(begun, ((), (), ()));
        for sequence in ["1", "2", "3"] {
            api.recorded("Activity", drafted("mu-01", "newsletter", "2019-05-01")).await;
            assert_eq!(there.next().await["data"]["events"]["sequence"], sequence);
            assert_eq!(changes.next().await["data"]["registerChanges"]["fact"]["sequence"], sequence);
        }
        assert!(checkpoints.next().await["data"]["checkpoints"]["size"].is_string());
    })
    .await;
}

#[tokio::test]
async fn postgresql_tells_of_a_commit_without_being_asked() {
    let Some(database) = Database::fresh() else { return };
    let api = Api::new(database.url()).await;
    let mut alarm = Alarm::new(Store::open(database.url(), false).await.unwrap());
    let (hours, seconds) = (Duration::from_secs(3_600), Duration::from_secs(20));
    // The first ring says that listening has begun.
    tokio::time::timeout(seconds, alarm.ring(hours)).await.unwrap();
    let rings = async { tokio::time::timeout(seconds, alarm.ring(hours)).await };
    let records = api.recorded("Activity", drafted("mu-01", "newsletter", "2019-05-01"));
    let (rung, _) = tokio::join!(rings, records);
    assert!(rung.is_ok(), "a commit wakes whoever listens");
}

/// Acknowledges a change for the unit mu-01; returns the payload.
async fn acknowledge(api: &Api, key: &str, subject: &Value, change: &Value) -> Value {
    let fact = json!({ "effective": "2020-01-01",
        "event": { "acknowledged": { "unit": "mu-01", "subject": subject, "change": change } } });
    let input = json!({ "idempotencyKey": key, "fact": fact });
    let mutation = "mutation($input: RecordRegisterAcknowledgementInput!) { acknowledgeRegisterChange(input: $input) \
                    { receipt { sequence event { event } } state { unit change acknowledged } userErrors { code field } } }";
    let (_, body) = api.post(mutation, json!({ "input": input })).await;
    assert_eq!(body.get("errors"), None, "{body}");
    body["data"]["acknowledgeRegisterChange"].clone()
}

impl Api {
    /// Opens the same ledger by another server, with a pool of its own.
    async fn another_server(&self, url: &str) -> graphql::Api {
        self.another_server_at(url, self.sources.clone()).await
    }

    /// The same, with a clock of its own.
    async fn another_server_at(&self, url: &str, sources: Sources) -> graphql::Api {
        let store = Store::open(url, false).await.unwrap();
        let options = Options { sources, accept_clock: false };
        let engine = Engine::start(store, &self.folder(), options).await.unwrap();
        let actor = Actor { id: None, role: "DPO".parse().unwrap(), unit: None };
        graphql::Api::new(engine, Principal { actor }, None)
    }
}
