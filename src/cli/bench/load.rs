//! The client: kept-alive connections, each of which sends its next request when the last one is answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use indicatif::ProgressBar;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::report::Measured;
use super::samples::Samples;
use super::story::Story;

/// How long an answer may take; longer than any that the server gives.
const ANSWER_TIMEOUT_MS: u64 = 15_000;
/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long a connection rests after an error.
const ERROR_REST_MS: u64 = 10;
/// The part of the measured time that a story is run before: connections and caches are warm then.
const WARM_UP_PART: u32 = 5;
/// How often the progress bar moves.
const TICK_MS: u64 = 250;
/// The most that is shown of an answer that was not expected, in characters.
const SHOWN_CHARACTERS_MAX: usize = 300;

/// What is loaded, and how.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// The server.
    pub address: SocketAddr,
    /// Connections at once.
    pub connections: u16,
    /// How long it is measured, after the warm-up.
    pub lasting: Duration,
}

/// One kept-alive connection.
pub struct Client {
    address: SocketAddr,
    sender: SendRequest<Body>,
}

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.context("no connection")?;
        // It ends with the sender, or with the WebSocket that it becomes.
        tokio::spawn(connection.with_upgrades());
        Ok(Self { address, sender })
    }

    /// Sends a request; returns the response with its head alone read.
    pub async fn send(
        &mut self,
        request: axum::http::request::Builder,
        body: String,
    ) -> anyhow::Result<hyper::Response<hyper::body::Incoming>> {
        self.sender.ready().await.context("the connection was closed")?;
        let request = request.header(header::HOST, self.address.to_string()).body(Body::from(body))?;
        self.sender.send_request(request).await.context("the connection broke off")
    }

    /// Posts a GraphQL request; returns the text of an answer with status 200.
    pub async fn post(&mut self, body: String) -> anyhow::Result<String> {
        let answered = async {
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
            let response = self.send(request, body).await?;
            let status = response.status();
            let bytes =
                to_bytes(Body::new(response.into_body()), ANSWER_BYTES_MAX).await.context("the answer broke off")?;
            let text = String::from_utf8(bytes.into()).context("the answer is no text")?;
            if status != StatusCode::OK {
                bail!("answered {status}: {}", shown(&text));
            }
            Ok(text)
        };
        let within = Duration::from_millis(ANSWER_TIMEOUT_MS);
        timeout(within, answered).await.with_context(|| format!("no answer within {ANSWER_TIMEOUT_MS} ms"))?
    }

    /// Asks a story's request of this number, and holds the answer to what it must show.
    pub async fn ask(&mut self, story: &Story, number: u64) -> anyhow::Result<String> {
        let text = self.post((story.body)(number)).await?;
        if text.contains(r#""errors":"#) || !text.contains(story.shows) {
            bail!("answered {}", shown(&text));
        }
        Ok(text)
    }
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARACTERS_MAX).collect()
}

/// Loads a server with a story's requests.
///
/// What began within the measured time counts and is waited for; the rate is over the time until the last answer.
pub async fn load(load: Load, story: &Arc<Story>, bar: ProgressBar) -> anyhow::Result<Measured> {
    let warm_up = load.lasting / WARM_UP_PART;
    let numbers = Arc::new(AtomicU64::new(0));
    let from = Instant::now() + warm_up;
    let mut workers = JoinSet::new();
    for _ in 0..load.connections {
        workers.spawn(work(load, story.clone(), numbers.clone(), from));
    }
    let ticking = tick(&bar, warm_up + load.lasting);
    let all = tokio::select! {
        all = workers.join_all() => all,
        never = ticking => match never {},
    };
    bar.finish_and_clear();
    let last = all.iter().filter_map(|worker| worker.last).max().unwrap_or(from);
    let mut measured = Measured::new(story.title, last.duration_since(from));
    for worker in &all {
        measured.errors += worker.errors;
        measured.first_error = measured.first_error.or_else(|| worker.first_error.clone());
    }
    measured.count = all.iter().map(|worker| worker.samples.count()).sum();
    measured.facts = measured.count * story.facts;
    measured.latencies(all.into_iter().map(|worker| worker.samples).collect());
    Ok(measured)
}

/// What one connection has done.
struct Worker {
    samples: Samples,
    last: Option<Instant>,
    errors: u64,
    first_error: Option<String>,
}

async fn work(load: Load, story: Arc<Story>, numbers: Arc<AtomicU64>, from: Instant) -> Worker {
    let samples = Samples::share_of(load.connections.into());
    let mut worker = Worker { samples, last: None, errors: 0, first_error: None };
    let mut client = None;
    loop {
        let sent = Instant::now();
        if sent >= from + load.lasting {
            return worker;
        }
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        match ask(&mut client, load.address, &story, number).await {
            Ok(()) if sent < from => {}
            Ok(()) => {
                let answered = Instant::now();
                worker.samples.push(answered - sent);
                worker.last = Some(answered);
            }
            Err(error) => {
                worker.errors += 1;
                worker.first_error.get_or_insert_with(|| format!("{error:#}"));
                client = None;
                sleep(Duration::from_millis(ERROR_REST_MS)).await;
            }
        }
    }
}

/// Asks over the connection that there is, or over a new one.
async fn ask(client: &mut Option<Client>, address: SocketAddr, story: &Story, number: u64) -> anyhow::Result<()> {
    let client = match client {
        Some(client) => client,
        None => client.insert(Client::connect(address).await?),
    };
    client.ask(story, number).await.map(drop)
}

/// Moves the progress bar with the time.
async fn tick(bar: &ProgressBar, lasting: Duration) -> std::convert::Infallible {
    let seconds = |time: Duration| time.as_secs_f64().ceil() as u64;
    let begun = Instant::now();
    bar.set_length(seconds(lasting));
    loop {
        bar.set_position(seconds(begun.elapsed().min(lasting)));
        sleep(Duration::from_millis(TICK_MS)).await;
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::post;
    use tokio::net::TcpListener;

    use super::super::story;
    use super::*;

    /// Loads a server that answers every second request wrongly; returns how many errors there were, and the first.
    async fn errors_of(wrong: (StatusCode, &'static str)) -> (u64, u64, String) {
        let asked = Arc::new(AtomicU64::new(0));
        let answer = async move || {
            let is_wrong = asked.fetch_add(1, Ordering::Relaxed) % 2 == 1;
            if is_wrong { wrong } else { (StatusCode::OK, r#"{"data":{"ledger":{"size":"1"}}}"#) }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            axum::serve(listener, Router::new().route("/graphql", post(answer))).await.unwrap();
        });
        let lasting = Duration::from_millis(100);
        let of = Load { address, connections: 2, lasting };
        let measured = load(of, &Arc::new(story::size("size")), ProgressBar::hidden()).await.unwrap();
        server.abort();
        (measured.count, measured.errors, measured.first_error.unwrap_or_default())
    }

    #[tokio::test]
    async fn an_answer_that_is_wrong_is_an_error() {
        let check = async |status, body, words: &str| {
            let (count, errors, first) = errors_of((status, body)).await;
            assert!(count > 0 && errors > 0 && first.contains(words), "{count} {errors} {first}");
        };
        check(StatusCode::SERVICE_UNAVAILABLE, "no", "503").await;
        check(StatusCode::OK, r#"{"data":{"ledger":{"size":"1"}},"errors":[{}]}"#, "errors").await;
        check(StatusCode::OK, r#"{"data":{"ledger":null}}"#, "null").await;
    }
}
