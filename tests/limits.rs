//! The endpoint's limits, each met from both sides: how long, how large, how many.

use std::time::{Duration, Instant};

use futures_util::future::{join_all, select_all};
use griffie::server::{
    BODY_BYTES_MAX, BODY_TIMEOUT_MS, CONNECTIONS_MAX, HEAD_BYTES_MAX, HEAD_TIMEOUT_MS, HEADERS_MAX, INIT_TIMEOUT_MS,
    OPERATION_ID_BYTES_MAX, OPERATION_TIMEOUT_MS, OPERATIONS_MAX, SOCKET_OPERATIONS_MAX, SOCKETS_PER_CALLER_MAX,
    STREAMS_PER_CALLER_MAX,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

use crate::support::wire::{
    HONEST, Heard, Peer, Reply, Served, Socket, answer, ask, hold_readers, is_honest_answered, post, query, request,
    soon,
};

/// A question that needs the database twice, the second time after the first.
const TWICE: &str = "{ asOf { known { size } consents(first: 1) { edges { node { id } } } } }";
const FOLLOW: &str = "subscription { events { sequence } }";
const FOLLOW_FROM_START: &str = "subscription { events(after: \"0\") { sequence } }";

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Holds that something took no less than a limit says. How much more it took is the machine's business: [`soon`] ends what never comes.
fn took(what: &str, begun: Instant, milliseconds: u64) {
    let took = begun.elapsed();
    println!("{what}: {took:?}");
    // A clock of another thread may be a few milliseconds ahead.
    assert!(took >= ms(milliseconds - 50), "{what}: {took:?}, before {milliseconds} ms");
}

/// Tries until something works.
async fn until_it_works<T>(what: &str, attempt: impl AsyncFn() -> Option<T>) -> T {
    let trying = async {
        loop {
            if let Some(done) = attempt().await {
                return done;
            }
            sleep(ms(20)).await;
        }
    };
    soon(what, trying).await
}

// --- How long ----------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_head_arrives_in_time_or_its_connection_is_closed() {
    let served = Served::new().await;
    let text = String::from_utf8(query(HONEST)).unwrap();
    let (first, rest) = text.split_at(20);
    let silent = async {
        let mut peer = Peer::connect(served.address).await;
        let begun = Instant::now();
        soon("the end of a silent connection", peer.closed()).await;
        took("a silent connection is closed", begun, HEAD_TIMEOUT_MS);
    };
    let dripping = async {
        let mut peer = Peer::connect(served.address).await;
        let begun = Instant::now();
        peer.send("GET /healthz HTTP/1.1\r\nX-A: ").await;
        while tokio::time::timeout(ms(100), peer.closed()).await.is_err() {
            peer.send("a").await;
        }
        took("a head that never ends is cut off", begun, HEAD_TIMEOUT_MS);
    };
    let kept_alive = async {
        let mut peer = Peer::connect(served.address).await;
        assert_eq!(soon("an answer", peer.ask(&text)).await.unwrap().status, 200);
        sleep(ms(HEAD_TIMEOUT_MS + 500)).await;
        peer.send(first).await;
        sleep(ms(HEAD_TIMEOUT_MS / 2)).await;
        assert_eq!(soon("an answer after idling", peer.ask(rest)).await.unwrap().status, 200);
        let begun = Instant::now();
        peer.send(first).await;
        soon("the end of a late head", peer.closed()).await;
        took("a late head on a kept-alive connection", begun, HEAD_TIMEOUT_MS);
    };
    tokio::join!(silent, dripping, kept_alive);
    is_honest_answered(served.address, 1).await;
}

#[tokio::test]
async fn a_head_has_its_whole_time_after_an_answer_that_took_long() {
    let served = Served::new().await;
    let readers = hold_readers(&served).await;
    let text = String::from_utf8(query(HONEST)).unwrap();
    let (first, rest) = text.split_at(20);
    let mut peer = Peer::connect(served.address).await;
    peer.send(&text).await;
    sleep(ms(HEAD_TIMEOUT_MS + 100)).await;
    peer.send(first).await;
    drop(readers);
    let reply = soon("the first answer", peer.reply()).await;
    assert_eq!(reply.unwrap().status, 200);
    sleep(ms(HEAD_TIMEOUT_MS / 3)).await;
    assert_eq!(soon("the second answer", peer.ask(rest)).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_body_arrives_in_time_or_is_answered_408() {
    let served = Served::new().await;
    let text = String::from_utf8(query(HONEST)).unwrap();
    let (most, last) = text.split_at(text.len() - 5);
    let late = async {
        let mut peer = Peer::connect(served.address).await;
        peer.send(most).await;
        let begun = Instant::now();
        let drops = async {
            for _ in 0..4 {
                sleep(ms(500)).await;
                peer.send(" ").await;
            }
            peer.reply().await
        };
        let reply = soon("an answer to half a body", drops).await.unwrap();
        took("a late body is refused", begun, BODY_TIMEOUT_MS);
        assert_eq!((reply.status, reply.header("connection")), (408, Some("close")));
        soon("the end of the connection", peer.closed()).await;
    };
    let in_time = async {
        let mut peer = Peer::connect(served.address).await;
        peer.send(most).await;
        // Longer than a head may take.
        sleep(ms(BODY_TIMEOUT_MS / 2)).await;
        assert_eq!(soon("an answer", peer.ask(last)).await.unwrap().status, 200);
    };
    tokio::join!(late, in_time);
}

#[tokio::test]
async fn a_socket_is_initialised_in_time_or_closed() {
    let served = Served::new().await;
    let late = async {
        let mut socket = Socket::open(served.address).await.unwrap_or_else(|status| panic!("{status}"));
        let begun = Instant::now();
        assert_eq!(socket.hear().await, Heard::Closed(4408));
        took("a socket without connection_init is closed", begun, INIT_TIMEOUT_MS);
    };
    let in_time = async {
        let mut socket = Socket::open(served.address).await.unwrap_or_else(|status| panic!("{status}"));
        sleep(ms(INIT_TIMEOUT_MS * 2 / 3)).await;
        socket.init().await;
        sleep(ms(INIT_TIMEOUT_MS * 2 / 3)).await;
        socket.subscribe("1", HONEST).await;
        assert_eq!(socket.expect("next", "1").await["data"]["ledger"]["size"], "1");
    };
    tokio::join!(late, in_time);
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_given_up() {
    let served = Served::new().await;
    let mut readers = hold_readers(&served).await;
    let begun = Instant::now();
    let asked = tokio::spawn(answer(served.address, query(TWICE)));
    sleep(ms(1_500)).await;
    // It gets a reader once, and then must wait again: for a connection alone it would wait no longer than for all.
    let store = served.api.engine.store().clone();
    let again = tokio::spawn(async move { store.read().await.unwrap() });
    sleep(ms(100)).await;
    readers.pop();
    let held = soon("a reader again", again).await.unwrap();
    let reply = soon("an answer", asked).await.unwrap();
    took("an operation is given up", begun, OPERATION_TIMEOUT_MS);
    assert_eq!((reply.status, reply.code(), reply.header("retry-after")), (503, json!("UNAVAILABLE"), Some("1")));
    assert!(reply.text().contains("took too long"), "{}", reply.text());
    drop((readers, held));
    assert_eq!(answer(served.address, query(TWICE)).await.status, 200);
}

// --- How large ---------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_head_has_at_most_64_kib_and_100_lines() {
    let served = Served::new().await;
    let sized = |bytes: usize| {
        let head = |filling: usize| {
            format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: {}\r\n\r\n", "a".repeat(filling))
        };
        let text = head(bytes - head(0).len());
        assert_eq!(text.len(), bytes);
        text
    };
    let url = |bytes: usize| {
        let head = |filling: usize| format!("GET /healthz?{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(filling));
        head(bytes - head(0).len())
    };
    let lines =
        |count: usize| format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X-A: a\r\n".repeat(count - 1));
    let check = async |what: &str, head: String, expected: &[u16]| {
        let reply = soon(what, ask(served.address, head)).await;
        // Closed before its answer could be read is closed all the same.
        let status = reply.as_ref().map_or(0, |reply| reply.status);
        assert!(expected.contains(&status), "{what}: {reply:?}");
    };
    check("the longest head", sized(HEAD_BYTES_MAX), &[200]).await;
    for bytes in [1, 100, 3_000, 30_000, 100_000] {
        check(&format!("{bytes} bytes too many"), sized(HEAD_BYTES_MAX + bytes), &[431, 0]).await;
    }
    check("a long URL", url(HEAD_BYTES_MAX - 100), &[200]).await;
    check("a URL that is too long", url(HEAD_BYTES_MAX + 1), &[431, 414, 0]).await;
    check("the most lines", lines(HEADERS_MAX), &[200]).await;
    check("a line too many", lines(HEADERS_MAX + 1), &[431, 0]).await;
}

#[tokio::test]
async fn a_message_on_a_socket_has_at_most_256_kib() {
    let served = Served::new().await;
    let sized = |bytes: usize| {
        let message = |filling: usize| {
            let query = format!("{HONEST}{}", " ".repeat(filling));
            json!({ "id": "1", "type": "subscribe", "payload": { "query": query } }).to_string()
        };
        Message::text(message(bytes - message(0).len()))
    };
    let mut socket = Socket::begin(served.address).await;
    // So long a document is refused as such; the message was read.
    let Heard::Said(said) = socket.throw(vec![sized(BODY_BYTES_MAX)]).await else { panic!("closed") };
    assert_eq!((&said["type"], &said["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("TOO_COMPLEX")));
    socket.is_open().await;
    assert_eq!(socket.throw(vec![sized(BODY_BYTES_MAX + 1)]).await, Heard::Closed(1009));
}

#[tokio::test]
async fn the_id_of_an_operation_has_1_to_255_bytes() {
    let served = Served::new().await;
    let longest = "i".repeat(OPERATION_ID_BYTES_MAX);
    let mut socket = Socket::begin(served.address).await;
    socket.subscribe(&longest, HONEST).await;
    assert_eq!(socket.expect("next", &longest).await["data"]["ledger"]["size"], "1");
    assert_eq!(socket.expect("complete", &longest).await, Value::Null);
    socket.subscribe(&format!("{longest}i"), HONEST).await;
    assert_eq!(socket.hear().await, Heard::Closed(4400));
    let mut socket = Socket::begin(served.address).await;
    socket.subscribe("", HONEST).await;
    assert_eq!(socket.hear().await, Heard::Closed(4400));
}

// --- How many ----------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_socket_runs_16_operations_and_one_more_after_one_is_completed() {
    let served = Served::new().await;
    served.api.consent_text().await;
    let mut socket = Socket::begin(served.address).await;
    for number in 0..SOCKET_OPERATIONS_MAX {
        let id = number.to_string();
        socket.subscribe(&id, FOLLOW_FROM_START).await;
        assert_eq!(socket.expect("next", &id).await["data"]["events"]["sequence"], "1");
    }
    socket.subscribe("more", FOLLOW_FROM_START).await;
    let errors = socket.expect("error", "more").await;
    assert_eq!((errors.as_array().map(Vec::len), &errors[0]["extensions"]["code"]), (Some(1), &json!("TOO_COMPLEX")));
    assert!(errors[0]["extensions"]["requestId"].is_string(), "{errors}");
    socket.say(json!({ "id": "7", "type": "complete" })).await;
    socket.subscribe("more", FOLLOW_FROM_START).await;
    assert_eq!(socket.expect("next", "more").await["data"]["events"]["sequence"], "1");
    // What ended by itself makes module too.
    socket.say(json!({ "id": "8", "type": "complete" })).await;
    for _ in 0..3 {
        socket.subscribe("question", HONEST).await;
        assert_eq!(socket.expect("next", "question").await["data"]["ledger"]["size"], "2");
        assert_eq!(socket.expect("complete", "question").await, Value::Null);
    }
}

/// Upgrades to a WebSocket.
async fn upgrade(served: &Served) -> (Peer, Reply) {
    let headers = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Protocol", "graphql-transport-ws"),
    ];
    open(served, request("GET /graphql", &headers, "")).await
}

/// Opens an event stream.
async fn stream(served: &Served) -> (Peer, Reply) {
    let (mut peer, mut reply) = open(served, post("text/event-stream", json!({ "query": FOLLOW }).to_string())).await;
    if reply.status == 200 {
        soon("the first comment", peer.until(":\n\n")).await;
    } else {
        reply.body = soon("a refusal", peer.body(&reply)).await.unwrap();
    }
    (peer, reply)
}

async fn open(served: &Served, request: Vec<u8>) -> (Peer, Reply) {
    let mut peer = Peer::connect(served.address).await;
    assert!(peer.send(request).await);
    let reply = soon("the head of an answer", peer.head()).await.unwrap();
    (peer, reply)
}

#[tokio::test]
async fn a_caller_has_256_sockets_and_another_after_one_is_closed() {
    let served = Served::new().await;
    let mut sockets = Vec::new();
    for number in 0..SOCKETS_PER_CALLER_MAX {
        let (mut peer, reply) = upgrade(&served).await;
        assert_eq!(reply.status, 101, "{number}");
        // {"type":"connection_init"}, masked with zeros.
        peer.send([&[0x81, 0x80 | 26, 0, 0, 0, 0], br#"{"type":"connection_init"}"#.as_slice()].concat()).await;
        sockets.push(peer);
    }
    let (_, reply) = upgrade(&served).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("1")));
    is_honest_answered(served.address, 1).await;
    sockets.pop();
    let again = async || Some(upgrade(&served).await).filter(|(_, reply)| reply.status == 101);
    sockets.push(until_it_works("a socket after one was closed", again).await.0);
    assert_eq!(upgrade(&served).await.1.status, 429);
}

#[tokio::test]
async fn a_caller_has_256_streams_and_another_after_one_is_closed() {
    let served = Served::new().await;
    let mut streams = Vec::new();
    for number in 0..STREAMS_PER_CALLER_MAX {
        let (peer, reply) = stream(&served).await;
        assert_eq!(reply.status, 200, "{number}");
        streams.push(peer);
    }
    let (_, reply) = stream(&served).await;
    let told = (reply.status, reply.header("retry-after"), reply.code());
    assert_eq!(told, (429, Some("1"), json!("UNAVAILABLE")));
    is_honest_answered(served.address, 1).await;
    streams.pop();
    let again = async || Some(stream(&served).await).filter(|(_, reply)| reply.status == 200);
    streams.push(until_it_works("a stream after one was closed", again).await.0);
    assert_eq!(stream(&served).await.1.status, 429);
}

#[tokio::test]
async fn so_many_operations_run_and_one_more_is_told_to_come_back() {
    let served = Served::new().await;
    let readers = hold_readers(&served).await;
    let mut asked = Vec::new();
    for _ in 0..=OPERATIONS_MAX {
        let mut peer = Peer::connect(served.address).await;
        peer.send(query(HONEST)).await;
        asked.push(Box::pin(async move { peer.reply().await.unwrap() }));
    }
    // One of them is too many and answered at once; the others wait.
    let (reply, _, waiting) = soon("the answer to one too many", select_all(asked)).await;
    assert_eq!((reply.status, reply.code(), reply.header("retry-after")), (503, json!("UNAVAILABLE"), Some("1")));
    drop(readers);
    for reply in soon("all other answers", join_all(waiting)).await {
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    is_honest_answered(served.address, 1).await;
}

/// Lets this process open so many files, as far as the system allows; returns how many it may open.
fn allow_files(wanted: u64) -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let files = maximum.map_or(wanted, |most| most.min(wanted));
    if current.is_some_and(|current| current < files) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(files), maximum }).unwrap();
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[tokio::test]
async fn so_many_connections_are_open_and_one_more_is_told_to_come_back() {
    const FILES: u64 = 2 * CONNECTIONS_MAX as u64 + 1_500;
    if allow_files(FILES) < FILES {
        let why = format!("1,024 connections: this system lets a process open fewer files than {FILES}");
        assert!(std::env::var_os("CI").is_none(), "NOT TESTED under CI: {why}");
        eprintln!("NOT TESTED: {why}");
        return;
    }
    let served = Served::new().await;
    let mut peers = Vec::new();
    // Each has made a request, so that none must make one soon.
    while peers.len() < CONNECTIONS_MAX {
        let mut peer = Peer::connect(served.address).await;
        let reply = soon("an answer", peer.ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")).await;
        assert_eq!(reply.unwrap().status, 200, "{}", peers.len());
        peers.push(peer);
    }
    let one_more = async || {
        let mut peer = Peer::connect(served.address).await;
        soon("an answer to one too many", peer.reply()).await
    };
    let reply = one_more().await.unwrap();
    assert_eq!(
        (reply.status, reply.header("retry-after"), reply.header("connection")),
        (503, Some("1"), Some("close"))
    );
    // Those who are in are served on.
    let reply = soon("an answer", peers[0].ask(query(HONEST))).await.unwrap();
    assert_eq!((reply.status, reply.json()["data"]["ledger"]["size"].clone()), (200, json!("1")));
    peers.pop();
    let again = async || ask(served.address, query(HONEST)).await.filter(|reply| reply.status == 200);
    until_it_works("a connection after one was closed", again).await;
}
