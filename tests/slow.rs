//! A subscriber that reads slowly costs the server little, and misses nothing.

use std::time::Duration;

use serde_json::json;

use crate::support::program::Program;
use crate::support::wire::{Heard, Socket, answer, post};

/// Facts recorded while the subscriber reads one a second.
const FACTS: usize = 20_000;
const FACTS_AT_ONCE: usize = 100;
/// By how much the server's memory may grow at most, in KiB: less than half of what it has to tell.
const GROWTH_KIB_MAX: u64 = 16 * 1_024;
/// Operations named in each fact, so that an entry has some 2.5 KB.
const OPERATIONS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_reads_one_fact_a_second_is_read_for_slowly() {
    let server = Program::serve();
    // What the first facts cost is not the subscriber's: caches, pools, and the code itself.
    record(&server, 0..FACTS_AT_ONCE).await;
    let mut subscriber = Socket::begin(server.address).await;
    subscriber.subscribe("1", "subscription { events(after: \"0\") { sequence entry } }").await;
    let before = server.peak_memory_kib();
    let mut read = Vec::new();
    let mut bytes = 0;
    {
        let mut recording = std::pin::pin!(record(&server, FACTS_AT_ONCE..FACTS));
        let mut pauses = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                () = &mut recording => break,
                _ = pauses.tick() => read.push(next(&mut subscriber, &mut bytes).await),
            }
        }
    }
    let slowly = read.len();
    let after = server.peak_memory_kib();
    while read.len() < FACTS {
        read.push(next(&mut subscriber, &mut bytes).await);
    }
    assert_eq!(read, (1..=FACTS).collect::<Vec<_>>(), "each once and in order");
    println!("{slowly} read slowly, {bytes} bytes told, peak memory {before:?} and then {after:?} KiB");
    if let (Some(before), Some(after)) = (before, after) {
        assert!(bytes as u64 / 1_024 > 2 * GROWTH_KIB_MAX, "{bytes} bytes are too few to tell");
        assert!(after - before < GROWTH_KIB_MAX, "{before} KiB grew to {after} KiB while {bytes} bytes were told");
    }
}

/// Records drafts of activities, each in a stream of its own.
async fn record(server: &Program, facts: std::ops::Range<usize>) {
    let operations: Vec<String> =
        (0..OPERATIONS).map(|number| format!("OPERATION-{number:03}-OF-A-LONG-LIST")).collect();
    for first in facts.step_by(FACTS_AT_ONCE) {
        let published = json!({ "version": 1, "languages": ["nl"], "grantChannels": ["WEB"], "withdrawChannels": ["WEB"],
            "items": [{ "code": "photo", "operations": operations, "platforms": [] }] });
        let fact = json!({ "consentText": { "effective": "2024-01-01", "event": { "published": published } } });
        let query = "mutation($key: String!, $facts: [FactOfFamilyInput!]!) { \
                     recordAll(idempotencyKey: $key, facts: $facts) { userErrors { message } } }";
        let variables = json!({ "key": format!("slow-{first}"), "facts": vec![fact; FACTS_AT_ONCE] });
        let body = json!({ "query": query, "variables": variables }).to_string();
        let reply = answer(server.address, post("application/json", body)).await;
        assert_eq!(reply.json(), json!({ "data": { "recordAll": { "userErrors": [] } } }));
    }
}

async fn next(subscriber: &mut Socket, bytes: &mut usize) -> usize {
    match subscriber.hear().await {
        Heard::Said(message) if message["type"] == "next" => {
            let event = &message["payload"]["data"]["events"];
            *bytes += event["entry"].as_str().unwrap().len();
            event["sequence"].as_str().unwrap().parse().unwrap()
        }
        other => panic!("{other:?}"),
    }
}
