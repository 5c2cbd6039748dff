//! How conversations end: a client says goodbye, the server stops, or too many follow at once.

use std::time::Duration;

use griffie::server::{DRAIN_TIMEOUT_MS, SOCKET_OPERATIONS_MAX, SUBSCRIPTIONS_MAX};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::support::wire::{HONEST, Heard, Served, Socket, hold_readers, soon};

const FOLLOW: &str = "subscription { events(after: \"0\") { sequence } }";

/// Serves the ledger until the sender is used; returns once that has ended.
async fn stoppable(served: &Served) -> (std::net::SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = griffie::server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let (address, (stop, stopped)) = (listener.local_addr().unwrap(), oneshot::channel());
    let stopped = async { stopped.await.unwrap() };
    let serving = tokio::spawn(griffie::server::serve(listener, served.api.endpoint.clone(), stopped));
    (address, stop, serving)
}

#[tokio::test]
async fn a_client_that_says_goodbye_is_answered() {
    let served = Served::new().await;
    let mut socket = Socket::begin(served.address).await;
    assert_eq!(socket.goodbye(1000).await, Heard::Closed(1000));
}

#[tokio::test]
async fn a_socket_finishes_what_it_accepted_when_the_server_stops() {
    let served = Served::new().await;
    served.api.consent_text().await;
    let (address, stop, serving) = stoppable(&served).await;
    let mut socket = Socket::begin(address).await;
    socket.subscribe("following", FOLLOW).await;
    socket.expect("next", "following").await;
    let readers = hold_readers(&served).await;
    socket.subscribe("question", HONEST).await;
    // Answered in order: the question is accepted by then.
    socket.is_open().await;
    stop.send(()).unwrap();
    soon("a listener that takes nobody any more", async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    drop(readers);
    assert_eq!(socket.expect("next", "question").await["data"]["ledger"]["size"], "2");
    assert_eq!(socket.expect("complete", "question").await, Value::Null);
    assert_eq!(socket.hear().await, Heard::Closed(1001));
    soon("the end of the server", serving).await.unwrap();
}

#[tokio::test]
async fn a_socket_waits_so_long_for_what_it_accepted() {
    let served = Served::new().await;
    let (address, stop, serving) = stoppable(&served).await;
    let mut socket = Socket::begin(address).await;
    let readers = hold_readers(&served).await;
    socket.subscribe("question", HONEST).await;
    socket.is_open().await;
    let begun = Instant::now();
    stop.send(()).unwrap();
    assert_eq!(socket.hear().await, Heard::Closed(1001));
    assert!(begun.elapsed() >= Duration::from_millis(DRAIN_TIMEOUT_MS), "{:?}", begun.elapsed());
    drop(readers);
    soon("the end of the server", serving).await.unwrap();
}

#[tokio::test]
async fn so_many_subscriptions_run_and_one_more_is_told_to_come_back() {
    let served = Served::new().await;
    served.api.consent_text().await;
    let mut sockets = Vec::new();
    for _ in 0..SUBSCRIPTIONS_MAX / SOCKET_OPERATIONS_MAX {
        let mut socket = Socket::begin(served.address).await;
        for number in 0..SOCKET_OPERATIONS_MAX {
            socket.subscribe(&number.to_string(), FOLLOW).await;
        }
        for _ in 0..SOCKET_OPERATIONS_MAX {
            let heard = socket.hear().await;
            assert!(matches!(&heard, Heard::Said(message) if message["type"] == "next"), "{heard:?}");
        }
        sockets.push(socket);
    }
    let mut more = Socket::begin(served.address).await;
    more.subscribe("more", FOLLOW).await;
    assert_eq!(more.expect("error", "more").await[0]["extensions"]["code"], "UNAVAILABLE");
    sockets[0].say(json!({ "id": "3", "type": "complete" })).await;
    sockets[0].is_open().await;
    let begun = Instant::now();
    loop {
        more.subscribe("more", FOLLOW).await;
        match more.hear().await {
            Heard::Said(message) if message["type"] == "next" => break,
            heard => assert!(begun.elapsed() < Duration::from_secs(20), "{heard:?}"),
        }
    }
}
