//! The program as strangers try to wear it out: each attack is answered or closed within two seconds, in little memory,
//! and the next honest request is served.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::support::program::Program;
use crate::support::wire::{
    Heard, Peer, Reply, Socket, answer, ask, escaped, is_honest_answered, post, query, request,
};

/// How long an attack may keep its answer waiting.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);
/// How much memory the program may ever have taken.
const MEMORY_KIB_MAX: u64 = 300 * 1_024;
const JSON: &str = "application/json";
const EVENT_STREAM: &str = "text/event-stream";
/// A body that should never be read to its end.
const TEN_MEGABYTES: usize = 10_000_000;

/// A program under attack.
struct Besieged(Program);

impl Besieged {
    fn begin() -> Self {
        Self(Program::serve())
    }

    /// Runs an attack, which must end in time, and holds that the program serves on as before.
    async fn survives<T>(&mut self, what: &str, attack: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let ended = timeout(ANSWERED_WITHIN, attack).await;
        let took = begun.elapsed();
        let ended = ended.unwrap_or_else(|_| panic!("{what}: neither answered nor closed within {ANSWERED_WITHIN:?}"));
        println!("{took:>12.1?} {what}");
        self.is_well(what).await;
        ended
    }

    async fn is_well(&mut self, what: &str) {
        assert!(self.0.is_running(), "{what}: the program ended");
        is_honest_answered(self.0.address, 1).await;
        if let Some(memory) = self.0.peak_memory_kib() {
            assert!(memory < MEMORY_KIB_MAX, "{what}: {memory} KiB");
        }
    }

    fn report(&self) {
        println!("{:?} KiB of memory at most", self.0.peak_memory_kib());
    }
}

/// Documents that would cost much, each with the code that refuses it.
fn documents() -> Vec<(&'static str, String, &'static str)> {
    let numbered = |count: usize, text: &dyn Fn(usize) -> String| (0..count).map(text).collect::<String>();
    let doubling = |first: &str| {
        let fragment = |n: usize| format!("fragment F{n} on Query{{...F{0} ...F{0}}}", n + 1);
        format!("{first}{}fragment F24 on Query{{a}}", numbered(24, &fragment))
    };
    let nested = |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
    let ledger = |fields: &str| format!("{{ledger{{{fields}}}}}");
    let event = |value: &str| format!("{{event(sequence:{value}){{id}}}}");
    const TOO_COMPLEX: &str = "TOO_COMPLEX";
    let documents = vec![
        ("fragments that double", doubling("{...F0}"), TOO_COMPLEX),
        ("fragments that double below a field", doubling("{ledger{...F0}}"), TOO_COMPLEX),
        ("fragments that double and are not used", doubling("{ledger{size}}"), TOO_COMPLEX),
        (
            "a circle of fragments",
            "{...A} fragment A on Query{...B} fragment B on Query{...A}".into(),
            "BAD_USER_INPUT",
        ),
        (
            "1,000 aliases at the root",
            format!("{{{}}}", numbered(1_000, &|n| format!("a{n}:__typename "))),
            TOO_COMPLEX,
        ),
        ("1,000 aliases", ledger(&numbered(1_000, &|n| format!("a{n}:size "))), TOO_COMPLEX),
        ("600 directives", ledger(&format!("size{}", "@skip(if:false)".repeat(600))), TOO_COMPLEX),
        ("10,000 directives", ledger(&format!("size{}", "@a".repeat(10_000))), TOO_COMPLEX),
        ("1,000 fields that are not there", ledger(&numbered(1_000, &|n| format!("a{n} "))), "BAD_USER_INPUT"),
        ("100,000 selection sets", nested("{", "}", 100_000), TOO_COMPLEX),
        ("30,000 selection sets", nested("{", "}", 30_000), TOO_COMPLEX),
        ("20,000 fields in one another", nested("{a", "}", 20_000), TOO_COMPLEX),
        ("65,000 selection sets without an end", "{".repeat(65_000), TOO_COMPLEX),
        ("10,000 inline fragments", format!("{{a{}", nested("...{", "}", 10_000)), TOO_COMPLEX),
        ("100,000 lists in an argument", event(&nested("[", "]", 100_000)), TOO_COMPLEX),
        ("30,000 lists in an argument", event(&nested("[", "]", 30_000)), TOO_COMPLEX),
        ("15,000 objects in an argument", event(&nested("{a:", "}", 15_000)), TOO_COMPLEX),
        ("30,000 lists in a type", format!("query($a:{}){{a}}", nested("[", "]", 30_000)), TOO_COMPLEX),
        (
            "introspection of everything of everything",
            {
                let fields = "fields{type{".repeat(3) + "name" + &"}}".repeat(3);
                format!("{{__schema{{types{{{fields}}}}}}}")
            },
            TOO_COMPLEX,
        ),
        (
            "lists in lists",
            {
                let states = "asOf{consents(first:100){edges{node{facts(first:100){edges{node{id}}}}}}}";
                format!("{{{states}}}")
            },
            TOO_COMPLEX,
        ),
        ("a comment of 65,000 bytes without an end", format!("{{a}}#{}", "#".repeat(65_000)), "BAD_USER_INPUT"),
        ("a string without an end", format!("{{event(id:\"{}", "a".repeat(60_000)), "BAD_USER_INPUT"),
        ("a NUL byte", "{ledger{size\0}}".into(), "BAD_USER_INPUT"),
    ];
    assert!((850..=950).contains(&documents[0].1.len()), "{}", documents[0].1.len());
    documents
}

#[tokio::test]
async fn documents_that_would_cost_much_are_refused_at_once_on_every_transport() {
    let mut besieged = Besieged::begin();
    let address = besieged.0.address;
    let documents = documents();
    let refused = |what: &str, answer: &Value, code: &str| {
        assert_eq!((answer.get("data"), &answer["errors"][0]["extensions"]["code"]), (None, &json!(code)), "{what}");
    };
    for (what, text, code) in &documents {
        let reply = besieged.survives(what, answer(address, query(text))).await;
        assert_eq!(reply.status, 200, "{what}");
        refused(what, &reply.json(), code);

        let streamed = post(EVENT_STREAM, json!({ "query": text }).to_string());
        let reply = besieged.survives(&format!("{what}, as a stream"), answer(address, streamed)).await;
        let body = reply.text();
        let data = body
            .strip_prefix("event: next\ndata: ")
            .and_then(|rest| rest.strip_suffix("\n\nevent: complete\ndata:\n\n"));
        let data = data.unwrap_or_else(|| panic!("{what}: {body}"));
        refused(what, &serde_json::from_str(data).unwrap(), code);

        if text.len() < 20_000 {
            let line = format!("GET /graphql?query={}", escaped(text));
            let reply = besieged.survives(&format!("{what}, in a URL"), answer(address, request(&line, &[], ""))).await;
            refused(what, &reply.json(), code);
        }
    }
    let mut socket = Socket::begin(address).await;
    for (what, text, code) in &documents {
        let attack = async {
            socket.subscribe("1", text).await;
            socket.expect("error", "1").await
        };
        let errors = besieged.survives(&format!("{what}, on a socket"), attack).await;
        assert_eq!(errors[0]["extensions"]["code"], *code, "{what}");
        socket.is_open().await;
    }
    socket.subscribe("2", "{ ledger { size } }").await;
    assert_eq!(socket.expect("next", "2").await["data"]["ledger"]["size"], "1");
    besieged.report();
}

/// Bodies of JSON that is deep, wide or none.
fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let nested = |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
    let variables = |value: &str| format!(r#"{{"query":"{{a}}","variables":{{"a":{value}}}}}"#).into_bytes();
    vec![
        ("100,000 lists in a body", nested("[", "]", 100_000).into_bytes()),
        ("200,000 lists in a body without an end", "[".repeat(200_000).into_bytes()),
        ("40,000 objects in a body", nested("{\"a\":", "}", 40_000).into_bytes()),
        ("100,000 lists in a variable", variables(&nested("[", "]", 100_000))),
        ("40,000 objects in a variable", variables(&nested("{\"a\":", "}", 40_000))),
        (
            "100,000 lists in extensions",
            format!(r#"{{"query":"{{a}}","extensions":{{"a":{}}}}}"#, nested("[", "]", 100_000)).into(),
        ),
        ("a batch of 20,000", format!("[{}]", vec!["{\"query\":\"\"}"; 20_000].join(",")).into_bytes()),
        ("invalid UTF-8", b"{\"query\":\"{ ledger { size } } #\xff\xfe\"}".to_vec()),
        ("half a surrogate", br#"{"query":"{ ledger { size } } #\ud800"}"#.to_vec()),
        ("a NUL byte in JSON", b"{\"query\":\"{ ledger \0{ size } }\"}".to_vec()),
        ("nothing but NUL bytes", vec![0; 200_000]),
        ("a number of 200,000 digits", variables(&"9".repeat(200_000))),
    ]
}

#[tokio::test]
async fn bodies_that_are_deep_or_no_json_are_refused_at_once() {
    let mut besieged = Besieged::begin();
    let address = besieged.0.address;
    for (what, body) in bodies() {
        let reply = besieged.survives(what, answer(address, post(JSON, &body))).await;
        assert_eq!((reply.status, reply.code()), (400, json!("BAD_USER_INPUT")), "{what}");
        let message = String::from_utf8(body);
        let attack = async {
            let mut socket = Socket::begin(address).await;
            let frame = match message {
                Ok(text) => format!(r#"{{"id":"1","type":"subscribe","payload":{text}}}"#).into_bytes(),
                Err(error) => error.into_bytes(),
            };
            socket.throw(vec![Message::Frame(Frame::message(frame, OpCode::Data(Data::Text), true))]).await
        };
        let heard = besieged.survives(&format!("{what}, on a socket"), attack).await;
        let expected = if what == "invalid UTF-8" { 1007 } else { 4400 };
        assert_eq!(heard, Heard::Closed(expected), "{what}");
    }
    // As many values as a body holds, and each as wide as it goes.
    let wide = format!(r#"{{"query":"{{ ledger {{ size }} }}","variables":{{"a":[{}0]}}}}"#, "0,".repeat(120_000));
    let reply = besieged.survives("120,000 items in a variable", answer(address, post(JSON, wide))).await;
    assert_eq!(reply.code(), "TOO_COMPLEX");
    besieged.report();
}

#[tokio::test]
async fn ten_megabytes_are_not_read() {
    let mut besieged = Besieged::begin();
    let address = besieged.0.address;
    let is_refused = |what: &str, reply: Option<Reply>| {
        // Closed before its answer could be read is closed all the same.
        assert!(reply.as_ref().is_none_or(|reply| reply.status == 413), "{what}: {reply:?}");
    };
    let body = vec![b'a'; TEN_MEGABYTES];
    let told = besieged.survives("a body of 10 MB", ask(address, post(JSON, &body))).await;
    is_refused("told", told);

    let head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    let only_told = format!("{head}Content-Length: {TEN_MEGABYTES}\r\n\r\n{}", "a".repeat(300_000));
    let reply = besieged.survives("10 MB are told and 300 kB sent", ask(address, only_told)).await;
    is_refused("told only", reply);

    let chunk = [format!("{:x}\r\n", 65_536).as_bytes(), &[b'a'; 65_536], b"\r\n"].concat();
    let chunked = [format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes(), chunk.repeat(153)].concat();
    let reply = besieged.survives("10 MB in chunks", ask(address, chunked)).await;
    is_refused("chunked", reply);

    let one_by_one = format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", "1\r\na\r\n".repeat(10_000) + "0\r\n\r\n");
    let reply = besieged.survives("10,000 chunks of a byte", answer(address, one_by_one)).await;
    assert_eq!(reply.status, 400, "{reply:?}");

    let extension = format!("{head}Transfer-Encoding: chunked\r\n\r\n1;{}", "x".repeat(TEN_MEGABYTES));
    let reply = besieged.survives("a chunk with 10 MB of extensions", ask(address, extension)).await;
    assert!(reply.as_ref().is_none_or(|reply| reply.status >= 400), "{reply:?}");

    let head = format!("GET /graphql?query={} HTTP/1.1\r\n\r\n", "a".repeat(TEN_MEGABYTES));
    let reply = besieged.survives("a URL of 10 MB", ask(address, head)).await;
    assert!(reply.as_ref().is_none_or(|reply| reply.status >= 400), "{reply:?}");

    let frame = |bytes: usize, code: Data, is_last: bool| {
        Message::Frame(Frame::message(vec![b'a'; bytes], OpCode::Data(code), is_last))
    };
    let attack = async { Socket::begin(address).await.throw(vec![frame(TEN_MEGABYTES, Data::Text, true)]).await };
    assert_eq!(besieged.survives("a message of 10 MB", attack).await, Heard::Closed(1009));
    let mut parts = vec![frame(65_536, Data::Text, false)];
    parts.resize(153, frame(65_536, Data::Continue, false));
    let attack = async { Socket::begin(address).await.throw(parts).await };
    assert_eq!(besieged.survives("a message of 10 MB in parts", attack).await, Heard::Closed(1009));
    besieged.report();
}

#[tokio::test]
async fn what_is_no_request_is_refused_at_once() {
    let mut besieged = Besieged::begin();
    let address = besieged.0.address;
    let body = r#"{"query":"{ ledger { size } }"}"#;
    let post = |headers: &str| format!("POST /graphql HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n{body}");
    let get = |headers: &str| format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
    let json = "Content-Type: application/json\r\n";
    let requests: Vec<(&str, Vec<u8>)> = vec![
        ("a NUL byte in a header", get("X-A: a\0b\r\n").into()),
        ("a NUL byte in the name of a header", get("X-\0: a\r\n").into()),
        ("a NUL byte in a path", b"GET /graphql\0 HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec()),
        ("a line break in a header", get("X-A: a\r b\r\n").into()),
        ("a header that goes on in the next line", get("X-A: a\r\n b\r\n").into()),
        ("two lengths", post(&format!("{json}Content-Length: 31\r\nContent-Length: 30\r\n")).into()),
        ("a length that is none", post(&format!("{json}Content-Length: +31\r\n")).into()),
        ("a length beyond any number", post(&format!("{json}Content-Length: {}\r\n", "9".repeat(30))).into()),
        ("an encoding beside chunked", post(&format!("{json}Transfer-Encoding: chunked, identity\r\n")).into()),
        (
            "a chunk beyond any number",
            post(&format!("{json}Transfer-Encoding: chunked\r\n")).replace(body, "fffffffffffffffff\r\n").into(),
        ),
        ("another version", b"GET /healthz HTTP/3.0\r\n\r\n".to_vec()),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04\0\0\0\0\0".to_vec()),
        ("the beginning of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec()),
        ("NUL bytes", vec![0; 70_000]),
        ("1,000 headers", get(&"X-A: a\r\n".repeat(1_000)).into()),
        ("a header of 70,000 bytes", get(&format!("X-A: {}\r\n", "a".repeat(70_000))).into()),
    ];
    for (what, request) in requests {
        let reply = besieged.survives(what, ask(address, request)).await;
        assert!(reply.as_ref().is_none_or(|reply| (400..500).contains(&reply.status)), "{what}: {reply:?}");
    }
    besieged.report();
}

#[tokio::test]
async fn slow_heads_are_closed_and_keep_nobody_out() {
    const SLOW: u32 = 200;
    let mut besieged = Besieged::begin();
    let address = besieged.0.address;
    let dripping_peers = tokio::sync::Semaphore::new(0);
    let slow = async || {
        let mut peer = Peer::connect(address).await;
        let begun = Instant::now();
        peer.send("POST /grap").await;
        dripping_peers.add_permits(1);
        let dripping = async {
            let (mut drops, all) = (0, b"hql HTTP/1.1\r\nHost: localhost\r\n");
            loop {
                match timeout(Duration::from_millis(100), peer.closed()).await {
                    Ok(()) => return,
                    Err(_) => peer.send(&all[drops % all.len()..][..1]).await,
                };
                drops += 1;
            }
        };
        let ended = timeout(ANSWERED_WITHIN, dripping).await.is_ok();
        (ended, begun.elapsed())
    };
    let all = futures_util::future::join_all((0..SLOW).map(|_| slow()));
    let honest = async {
        let all_drip = dripping_peers.acquire_many(SLOW).await;
        let begun = Instant::now();
        is_honest_answered(address, 1).await;
        drop(all_drip);
        begun.elapsed()
    };
    let (all, honest) = tokio::join!(all, honest);
    let slowest = all.iter().map(|(_, took)| *took).max().unwrap_or_default();
    println!("{slowest:?} until the last of {SLOW} was closed; {honest:?} for an honest request meanwhile");
    assert!(all.iter().all(|(ended, _)| *ended), "{} were not closed", all.iter().filter(|(ended, _)| !ended).count());
    assert!(honest < ANSWERED_WITHIN, "{honest:?}");
    besieged.is_well("slow heads").await;
    besieged.report();
}
