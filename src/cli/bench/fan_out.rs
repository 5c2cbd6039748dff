//! Many that follow the ledger while facts are recorded: each must be told of each fact, in order, once.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use indicatif::ProgressBar;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::load::Client;
use super::report::Measured;
use super::samples::Samples;
use super::stage::Stage;
use super::story::{self, Story};

/// How long a subscriber waits for what is due.
const DELIVERY_TIMEOUT_MS: u64 = 30_000;
/// How long a subscriber listens on when it has all: what still comes was told twice.
const QUIET_MS: u64 = 200;
const PROTOCOL: &str = "graphql-transport-ws";
/// The id of the one operation of a socket.
const OPERATION: &str = "1";

/// Has subscribers follow, records facts one after the other, and waits until all are told of all.
///
/// A latency is the time from sending the mutation to a delivery: commit and answer are in it.
pub async fn fan_out(
    stage: &Stage,
    title: &'static str,
    subscribers: u16,
    fact: &Story,
    facts: u32,
    bar: ProgressBar,
) -> anyhow::Result<Measured> {
    let mut client = Client::connect(stage.address).await?;
    let first = size(&mut client).await?;
    let mut errors = Vec::new();
    let mut joining = JoinSet::new();
    for _ in 0..subscribers {
        let key = STANDARD.encode(stage.nonce()?);
        joining.spawn(Subscriber::join(stage.address, key, first));
    }
    let mut following = JoinSet::new();
    for joined in joining.join_all().await {
        match joined {
            Ok(subscriber) => drop(following.spawn(subscriber.follow(facts, bar.clone()))),
            Err(error) => errors.push(error),
        }
    }
    bar.set_length(u64::from(facts) * following.len() as u64);
    let begun = Instant::now();
    let mut delivered = Vec::new();
    let sent = record(&mut client, fact, first, facts).await.unwrap_or_else(|error| {
        errors.push(error);
        // What was not recorded is not waited for.
        following.abort_all();
        Vec::new()
    });
    while let Some(followed) = following.join_next().await {
        match followed {
            Ok(Ok(arrivals)) => delivered.push(arrivals),
            Ok(Err(error)) => errors.push(error),
            Err(aborted) => errors.push(aborted.into()),
        }
    }
    bar.finish_and_clear();
    let last = delivered.iter().flatten().max().copied().unwrap_or(begun);
    let mut measured = Measured::new(title, last - begun);
    measured.count = delivered.iter().map(|arrivals| arrivals.len() as u64).sum();
    measured.facts = facts.into();
    measured.errors = errors.len() as u64;
    measured.first_error = errors.first().map(|error| format!("{error:#}"));
    measured.latencies(delivered.iter().map(|arrivals| latencies(&sent, arrivals, delivered.len())).collect());
    Ok(measured)
}

fn latencies(sent: &[Instant], arrivals: &[Instant], subscribers: usize) -> Samples {
    let mut samples = Samples::share_of(subscribers);
    sent.iter().zip(arrivals).for_each(|(sent, arrived)| samples.push(arrived.duration_since(*sent)));
    samples
}

/// Returns how many facts there are: the sequence of the next.
async fn size(client: &mut Client) -> anyhow::Result<u64> {
    let answer: Value = serde_json::from_str(&client.ask(&story::size(""), 0).await?)?;
    let size = answer.pointer("/data/ledger/size").and_then(Value::as_str);
    Ok(size.context("the ledger has no size")?.parse()?)
}

/// Records facts one after the other; returns when each was sent.
async fn record(client: &mut Client, fact: &Story, first: u64, facts: u32) -> anyhow::Result<Vec<Instant>> {
    let mut sent = Vec::new();
    for number in 0..u64::from(facts) {
        sent.push(Instant::now());
        let answer: Value = serde_json::from_str(&client.ask(fact, number).await?)?;
        let sequence = answer.pointer("/data/recordConsent/receipt/sequence").and_then(Value::as_str);
        if sequence != Some((first + number).to_string().as_str()) {
            bail!("somebody else records facts in this ledger");
        }
    }
    Ok(sent)
}

/// A socket with a subscription to the facts.
struct Subscriber {
    socket: WebSocketStream<TokioIo<Upgraded>>,
    next: u64,
}

impl Subscriber {
    /// Subscribes, and takes the last fact that there is before `next`: whoever has it is listening.
    async fn join(address: std::net::SocketAddr, key: String, next: u64) -> anyhow::Result<Self> {
        let request = Request::get("/graphql")
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL)
            .header(header::SEC_WEBSOCKET_KEY, key);
        let response = Client::connect(address).await?.send(request, String::new()).await?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            bail!("no WebSocket: answered {}", response.status());
        }
        let upgraded = hyper::upgrade::on(response).await.context("no WebSocket")?;
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, None).await;
        let last = next.checked_sub(1).context("the ledger is empty")?;
        let mut subscriber = Self { socket, next: last };
        subscriber.say(json!({ "type": "connection_init" })).await?;
        let acknowledged = subscriber.hear().await?;
        if acknowledged.get("type").and_then(Value::as_str) != Some("connection_ack") {
            bail!("no acknowledgement but {acknowledged}");
        }
        let query = match last.checked_sub(1) {
            Some(after) => format!("subscription {{ events(after: \"{after}\") {{ sequence }} }}"),
            None => bail!("the ledger has but its founding"),
        };
        subscriber.say(json!({ "id": OPERATION, "type": "subscribe", "payload": { "query": query } })).await?;
        subscriber.fact().await?;
        Ok(subscriber)
    }

    /// Takes the next so many facts; returns when each arrived.
    async fn follow(mut self, facts: u32, bar: ProgressBar) -> anyhow::Result<Vec<Instant>> {
        let mut arrivals = Vec::with_capacity(usize::try_from(facts)?);
        for _ in 0..facts {
            arrivals.push(self.fact().await?);
            bar.inc(1);
        }
        match timeout(Duration::from_millis(QUIET_MS), self.hear()).await {
            Err(_quiet) => {}
            Ok(more) => bail!("told more than there is: {}", more?),
        }
        // Polite; all that mattered has been heard.
        let _ = self.socket.close(None).await;
        Ok(arrivals)
    }

    /// Takes the fact that is due; returns when it arrived.
    async fn fact(&mut self) -> anyhow::Result<Instant> {
        let told = self.hear().await?;
        let arrived = Instant::now();
        let sequence = told.pointer("/payload/data/events/sequence").and_then(Value::as_str);
        if sequence != Some(self.next.to_string().as_str()) {
            bail!("fact {} was due, but told {told}", self.next);
        }
        self.next += 1;
        Ok(arrived)
    }

    async fn say(&mut self, message: Value) -> anyhow::Result<()> {
        self.socket.send(Message::text(message.to_string())).await.context("the WebSocket broke off")
    }

    /// Returns the next message; pings are answered meanwhile.
    async fn hear(&mut self) -> anyhow::Result<Value> {
        let text = async {
            loop {
                match self
                    .socket
                    .next()
                    .await
                    .context("the WebSocket was closed")?
                    .context("the WebSocket broke off")?
                {
                    Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                    Message::Close(frame) => bail!("the WebSocket was closed: {frame:?}"),
                    _ => {}
                }
            }
        };
        let within = Duration::from_millis(DELIVERY_TIMEOUT_MS);
        timeout(within, text).await.with_context(|| format!("nothing was told for {DELIVERY_TIMEOUT_MS} ms"))?
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::WebSocketUpgrade;
    use axum::extract::ws;
    use axum::routing::get;
    use tokio::net::TcpListener;

    use super::*;

    /// Follows a server that tells of fact 1, which is there, and then of these, while 2 and 3 are due.
    async fn told(sequences: &'static [u64]) -> Result<usize, String> {
        let open = move |upgrade: WebSocketUpgrade| async move {
            upgrade.protocols([PROTOCOL]).on_upgrade(async move |mut socket| {
                let mut tell = async |message: Value| socket.send(ws::Message::text(message.to_string())).await;
                tell(json!({ "type": "connection_ack" })).await.unwrap();
                for sequence in [1].iter().chain(sequences) {
                    let data = json!({ "events": { "sequence": sequence.to_string() } });
                    tell(json!({ "id": OPERATION, "type": "next", "payload": { "data": data } })).await.unwrap();
                }
                // Whoever is not told everything waits.
                tokio::time::sleep(Duration::from_millis(4 * QUIET_MS)).await;
            })
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            axum::serve(listener, Router::new().route("/graphql", get(open))).await.unwrap();
        });
        let subscriber = Subscriber::join(address, STANDARD.encode([7; 16]), 2).await.unwrap();
        let followed = subscriber.follow(2, ProgressBar::hidden()).await;
        server.abort();
        followed.map(|arrivals| arrivals.len()).map_err(|error| format!("{error:#}"))
    }

    #[tokio::test]
    async fn a_subscriber_is_told_of_each_fact_once_and_in_order() {
        assert_eq!(told(&[2, 3]).await, Ok(2));
        let check = async |sequences, words: &str| {
            let error = told(sequences).await.unwrap_err();
            assert!(error.contains(words), "{error}");
        };
        check(&[2], "the WebSocket").await;
        check(&[2, 2, 3], "fact 3 was due").await;
        check(&[3], "fact 2 was due").await;
        check(&[2, 3, 3], "told more than there is").await;
        check(&[2, 3, 4], "told more than there is").await;
    }
}
