//! GraphQL over WebSocket: the protocol `graphql-transport-ws`.
//!
//! Each operation is a task that hands its results over one by one, and waits while the peer does not take them: a
//! subscriber that reads slowly is read for slowly, and nothing is buffered for it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use super::connection::Held;
use super::request::RequestContext;
use super::{
    BODY_BYTES_MAX, DRAIN_TIMEOUT_MS, Endpoint, HEARTBEAT_INTERVAL_MS, INIT_TIMEOUT_MS, OPERATION_ID_BYTES_MAX,
    SOCKET_OPERATIONS_MAX, operation,
};
use crate::family::describe::Language;
use crate::graphql::{Answer, Call, Code, Operation};

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// How long the peer may take to answer a close frame.
const CLOSE_TIMEOUT_MS: u64 = 1_000;
/// The longest reason of a close frame, in bytes (RFC 6455 section 5.5).
const REASON_BYTES_MAX: usize = 123;

/// Opens a socket. It keeps its connection's place.
pub fn open(
    endpoint: Endpoint,
    upgrade: WebSocketUpgrade,
    caller: IpAddr,
    language: Language,
    held: Option<Held>,
) -> Response {
    let Some(place) = endpoint.sockets.take(caller) else {
        let message = "you have too many open WebSockets; close one";
        let asked = RequestContext { language, ..RequestContext::unread(&endpoint) };
        return asked.refuse(StatusCode::TOO_MANY_REQUESTS, message);
    };
    let upgrade = upgrade.max_message_size(BODY_BYTES_MAX).max_frame_size(BODY_BYTES_MAX).protocols([PROTOCOL]);
    let speaks = upgrade.selected_protocol().is_some();
    let task = endpoint.tasks.token();
    upgrade.on_upgrade(async move |socket| {
        let _kept = (place, held, task);
        Conversation::new(endpoint, socket, language).hold(speaks).await;
    })
}

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said {
    ConnectionInit {
        #[serde(rename = "payload")]
        _payload: Option<Map<String, Value>>,
    },
    Ping {
        payload: Option<Map<String, Value>>,
    },
    Pong {
        #[serde(rename = "payload")]
        _payload: Option<Map<String, Value>>,
    },
    Subscribe {
        id: String,
        payload: Call,
    },
    Complete {
        id: String,
    },
}

/// A result of an operation on its way to the peer. The number tells operations of one id apart.
struct Outgoing {
    id: String,
    number: u64,
    what: What,
}

enum What {
    Next(Answer),
    Error(Answer),
    Complete,
    /// A subscription cannot be gone on with now: its client is to come again after the last result that it has.
    Later,
}

/// Why a socket is closed: a code of the protocol or of RFC 6455, and words.
struct Close(u16, String);

impl Close {
    fn because(code: u16, reason: impl Into<String>) -> Self {
        Self(code, reason.into())
    }
}

/// `Err` ends the conversation: with a close frame, or without one when the peer is gone.
type Step<T = ()> = Result<T, Option<Close>>;

struct Running {
    number: u64,
    kind: OperationType,
    task: AbortHandle,
}

struct Conversation {
    endpoint: Endpoint,
    /// That which the upgrade asked for.
    language: Language,
    sink: SplitSink<WebSocket, Message>,
    stream: SplitStream<WebSocket>,
    acknowledged: bool,
    /// The server stops: what runs is finished, and nothing new begun.
    draining: bool,
    running: HashMap<String, Running>,
    begun: u64,
    sender: mpsc::Sender<Outgoing>,
    receiver: mpsc::Receiver<Outgoing>,
}

impl Conversation {
    fn new(endpoint: Endpoint, socket: WebSocket, language: Language) -> Self {
        let (sink, stream) = socket.split();
        // One result may wait here for the peer; the others wait in their operations.
        let (sender, receiver) = mpsc::channel(1);
        let (acknowledged, draining, running) = (false, false, HashMap::new());
        Self { endpoint, language, sink, stream, acknowledged, draining, running, begun: 0, sender, receiver }
    }

    /// Speaks until either side ends it.
    async fn hold(mut self, speaks: bool) {
        let ended = if speaks { self.speak().await } else { Some(Close::because(4406, "Subprotocol not acceptable")) };
        if self.endpoint.closing.is_cancelled() {
            self.drain().await;
        }
        self.running.drain().for_each(|(_, running)| running.task.abort());
        match ended {
            Some(Close(code, reason)) => self.close(code, &reason).await,
            None => self.farewell().await,
        }
    }

    /// Finishes the queries and mutations that were accepted, when the server stops.
    async fn drain(&mut self) {
        self.draining = true;
        let ends = |running: &Running| running.kind == OperationType::Subscription;
        self.running.values().filter(|running| ends(running)).for_each(|running| running.task.abort());
        self.running.retain(|_, running| !ends(running));
        let finished = async {
            while !self.running.is_empty() {
                let Some(outgoing) = self.receiver.recv().await else { return };
                if self.tell(outgoing).await.is_err() {
                    return;
                }
            }
        };
        if timeout(Duration::from_millis(DRAIN_TIMEOUT_MS), finished).await.is_err() {
            tracing::warn!("operations of a socket were not finished in time");
        }
    }

    async fn speak(&mut self) -> Option<Close> {
        let begun = Instant::now();
        let initialised_by = begun + Duration::from_millis(INIT_TIMEOUT_MS);
        let heartbeat = Duration::from_millis(HEARTBEAT_INTERVAL_MS);
        let mut heartbeats = interval_at(begun + heartbeat, heartbeat);
        heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let closing = self.endpoint.closing.clone();
        loop {
            let step = tokio::select! {
                () = closing.cancelled() => Err(Some(going_away())),
                () = sleep_until(initialised_by), if !self.acknowledged => {
                    Err(Some(Close::because(4408, "Connection initialisation timeout")))
                }
                Some(outgoing) = self.receiver.recv() => self.tell(outgoing).await,
                message = self.stream.next() => self.hear(message).await,
                _ = heartbeats.tick() => self.send(Message::Ping(Vec::new().into())).await,
            };
            if let Err(ended) = step {
                return ended;
            }
        }
    }

    /// Hears one message.
    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Step {
        match message {
            None | Some(Ok(Message::Close(_))) => Err(None),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Binary(_))) => Err(Some(Close::because(4400, "Invalid message: send text"))),
            Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                Ok(said) => self.answer(said).await,
                Err(error) => Err(Some(Close::because(4400, format!("Invalid message: {error}")))),
            },
            Some(Err(error)) => Err(unreadable(error)),
        }
    }

    async fn answer(&mut self, said: Said) -> Step {
        match said {
            Said::ConnectionInit { .. } if self.acknowledged => {
                Err(Some(Close::because(4429, "Too many initialisation requests")))
            }
            Said::ConnectionInit { .. } => {
                self.acknowledged = true;
                self.send_json(&json!({ "type": "connection_ack" })).await
            }
            Said::Ping { payload: None } => self.send_json(&json!({ "type": "pong" })).await,
            Said::Ping { payload: Some(payload) } => {
                self.send_json(&json!({ "type": "pong", "payload": payload })).await
            }
            Said::Pong { .. } => Ok(()),
            Said::Subscribe { .. } if !self.acknowledged => Err(Some(Close::because(4401, "Unauthorized"))),
            Said::Subscribe { id, payload } => self.subscribe(id, payload).await,
            Said::Complete { id } => {
                if let Some(running) = self.running.remove(&id) {
                    running.task.abort();
                }
                Ok(())
            }
        }
    }

    /// Begins an operation.
    async fn subscribe(&mut self, id: String, call: Call) -> Step {
        if id.is_empty() || id.len() > OPERATION_ID_BYTES_MAX {
            let reason = format!("Invalid message: an id has 1 to {OPERATION_ID_BYTES_MAX} bytes");
            return Err(Some(Close::because(4400, reason)));
        }
        if !self.endpoint.api.is_well_formed(&call) {
            return Err(Some(Close::because(4400, "Invalid message: payload.query is missing")));
        }
        if self.running.contains_key(&id) {
            return Err(Some(Close::because(4409, format!("Subscriber for {id} already exists"))));
        }
        let RequestContext { request_id, .. } = RequestContext::unread(&self.endpoint);
        if self.running.len() >= SOCKET_OPERATIONS_MAX {
            let message = format!("a socket runs at most {SOCKET_OPERATIONS_MAX} operations at once; complete one");
            let refused = Answer::refused(Code::TooComplex, message, None, &request_id).in_language(self.language);
            return self.send_json(&error(&id, &refused)).await;
        }
        match self.endpoint.api.prepare(Call { language: self.language, ..call }, &request_id) {
            Ok(operation) => self.begin(id, operation, request_id),
            Err(refused) => return self.send_json(&error(&id, &refused.answer)).await,
        }
        Ok(())
    }

    fn begin(&mut self, id: String, operation: Operation, request_id: String) {
        self.begun += 1;
        let number = self.begun;
        let (endpoint, sender, task_id) = (self.endpoint.clone(), self.sender.clone(), id.clone());
        let kind = operation.kind;
        let task = tokio::spawn(async move {
            let teller = Teller { sender, id: task_id, number };
            let ran = AssertUnwindSafe(teller.run(&endpoint, operation, &request_id)).catch_unwind().await;
            if ran.is_err() {
                tracing::error!(request_id, "an operation panicked");
                teller.tell(What::Error(Answer::failed(&request_id))).await;
            }
        });
        self.running.insert(id, Running { number, kind, task: task.abort_handle() });
    }

    /// Passes a result on, unless its operation was completed meanwhile.
    async fn tell(&mut self, Outgoing { id, number, what }: Outgoing) -> Step {
        if self.running.get(&id).is_none_or(|running| running.number != number) {
            return Ok(());
        }
        if !matches!(what, What::Next(_)) {
            self.running.remove(&id);
        }
        match what {
            // The answer's text goes in as it is: its members are in the order of the selections.
            What::Next(answer) => {
                let text = format!(r#"{{"id":{},"type":"next","payload":{}}}"#, Value::String(id), answer.text());
                self.send(Message::Text(text.into())).await
            }
            What::Error(answer) => self.send_json(&error(&id, &answer)).await,
            What::Complete => self.send_json(&json!({ "id": id, "type": "complete" })).await,
            // `error` would be the end of it; a client whose socket is closed so connects anew.
            What::Later => Err(Some(Close::because(close_code::AGAIN, "the database does not answer; come again"))),
        }
    }

    async fn send_json(&mut self, value: &Value) -> Step {
        self.send(Message::Text(value.to_string().into())).await
    }

    /// Sends, and waits for a slow peer as long as the server runs.
    async fn send(&mut self, message: Message) -> Step {
        tokio::select! {
            sent = self.sink.send(message) => sent.map_err(|_| None),
            () = self.endpoint.closing.cancelled(), if !self.draining => Err(Some(going_away())),
        }
    }

    /// Reads on after the peer's close frame: that sends the answer to it (RFC 6455 section 5.5.1).
    async fn farewell(&mut self) {
        let read = async { while let Some(Ok(_)) = self.stream.next().await {} };
        // A peer that has gone needs no goodbye.
        let _ = timeout(Duration::from_millis(CLOSE_TIMEOUT_MS), read).await;
    }

    /// Says goodbye and waits for the peer to do so too.
    async fn close(&mut self, code: u16, reason: &str) {
        let mut end = reason.len().min(REASON_BYTES_MAX);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        let frame = CloseFrame { code, reason: Utf8Bytes::from(&reason[..end]) };
        let goodbye = async {
            if self.sink.send(Message::Close(Some(frame))).await.is_ok() {
                loop {
                    match self.stream.next().await {
                        Some(Ok(Message::Close(_))) | None => break,
                        Some(Ok(_)) => {}
                        // What cannot be read stays unread, and a reset would overtake the goodbye: give it time.
                        Some(Err(_)) => std::future::pending().await,
                    }
                }
            }
        };
        if timeout(Duration::from_millis(CLOSE_TIMEOUT_MS), goodbye).await.is_err() {
            tracing::debug!(code, "a peer did not say goodbye");
        }
    }
}

/// An operation's way to its socket.
struct Teller {
    sender: mpsc::Sender<Outgoing>,
    id: String,
    number: u64,
}

impl Teller {
    async fn tell(&self, what: What) -> bool {
        self.sender.send(Outgoing { id: self.id.clone(), number: self.number, what }).await.is_ok()
    }

    async fn run(&self, endpoint: &Endpoint, operation: Operation, request_id: &str) {
        match operation.kind {
            OperationType::Subscription => self.follow(endpoint, operation, request_id).await,
            OperationType::Query | OperationType::Mutation => {
                self.tell_only(operation::run(endpoint, operation, request_id).await.answer()).await;
            }
        }
    }

    async fn tell_only(&self, answer: Answer) {
        if !answer.executed {
            self.tell(What::Error(answer)).await;
        } else if self.tell(What::Next(answer)).await {
            self.tell(What::Complete).await;
        }
    }

    async fn follow(&self, endpoint: &Endpoint, operation: Operation, request_id: &str) {
        let mut answers = match operation::follow(endpoint, operation, request_id) {
            Ok(answers) => answers,
            Err(busy) => {
                self.tell(What::Error(busy)).await;
                return;
            }
        };
        while let Some(answer) = answers.next().await {
            if !answer.executed {
                let later = answer.code() == Some(Code::Unavailable);
                self.tell(if later { What::Later } else { What::Error(answer) }).await;
                return;
            }
            if !self.tell(What::Next(answer)).await {
                return;
            }
        }
        if !endpoint.closing.is_cancelled() {
            self.tell(What::Complete).await;
        }
    }
}

fn error(id: &str, answer: &Answer) -> Value {
    json!({ "id": id, "type": "error", "payload": answer.errors() })
}

/// Clients come again after 1001, to this server or another.
fn going_away() -> Close {
    Close::because(close_code::AWAY, "the server stops; come again")
}

/// Why nothing more can be read: too long, no UTF-8, not the protocol of RFC 6455, or the connection is gone.
fn unreadable(error: axum::Error) -> Option<Close> {
    use tungstenite::Error;
    let error = error.into_inner();
    match error.downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => {
            Some(Close::because(close_code::SIZE, format!("a message has at most {BODY_BYTES_MAX} bytes")))
        }
        Some(Error::Utf8(_)) => Some(Close::because(close_code::INVALID, "a text is UTF-8")),
        Some(Error::Protocol(_)) => Some(Close::because(close_code::PROTOCOL, "this is no WebSocket frame")),
        _ => None,
    }
}
