//! Speaking to a server byte by byte, and in the frames of a WebSocket.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{SinkExt as _, StreamExt as _};
use griffie::server::Endpoint;
use griffie::store::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::api::Api;

/// How long a story waits for what must come: long enough for a machine that is busy with other things.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// A question that any server answers.
pub const HONEST: &str = "{ ledger { size } }";

/// Waits for what must come.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("{what} did not come"))
}

// --- HTTP --------------------------------------------------------------------------------------------------------

/// A response as it came over the wire.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body, without its chunks.
    pub body: Vec<u8>,
}

impl Reply {
    /// Returns a header; of several of a name the first.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns the names of all headers, in small letters.
    pub fn header_names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(name, _)| name.as_str())
    }

    /// Returns the body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns the body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text()))
    }

    /// Returns the code of the first error.
    pub fn code(&self) -> Value {
        self.json()["errors"][0]["extensions"]["code"].clone()
    }
}

/// One end of a connection.
pub struct Peer {
    reading: OwnedReadHalf,
    writing: OwnedWriteHalf,
    read: Vec<u8>,
}

impl Peer {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = soon("a connection", TcpStream::connect(address)).await.unwrap();
        let (reading, writing) = stream.into_split();
        Self { reading, writing, read: Vec::new() }
    }

    /// Sends bytes; the other side may have closed meanwhile.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.writing.write_all(bytes.as_ref()).await.is_ok()
    }

    /// Reads a response; `None` if the connection is closed before its end.
    pub async fn reply(&mut self) -> Option<Reply> {
        let mut reply = self.head().await?;
        reply.body = self.body(&reply).await?;
        Some(reply)
    }

    /// Reads the body that a head announces.
    pub async fn body(&mut self, head: &Reply) -> Option<Vec<u8>> {
        if head.header("transfer-encoding") != Some("chunked") {
            let length = head.header("content-length").map_or(0, |length| length.parse().unwrap());
            return self.take(length).await;
        }
        let mut body = Vec::new();
        loop {
            let line = self.line().await?;
            let length = usize::from_str_radix(line.trim(), 16).unwrap();
            body.extend(self.take(length).await?);
            self.take(2).await?;
            if length == 0 {
                return Some(body);
            }
        }
    }

    /// Reads the head of a response.
    pub async fn head(&mut self) -> Option<Reply> {
        let status = self.line().await?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{status}"));
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Some(Reply { status, headers, body: Vec::new() })
    }

    /// Sends a request and reads its response, at the same time: it may come before all is sent.
    pub async fn ask(&mut self, request: impl AsRef<[u8]>) -> Option<Reply> {
        let Self { reading, writing, read } = self;
        let answered = async {
            while !is_head(read) {
                if reading.read_buf(read).await.unwrap_or(0) == 0 {
                    break;
                }
            }
        };
        let sent = async {
            // A server that has answered need not read the rest; what it said can be read all the same.
            let _ = writing.write_all(request.as_ref()).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = answered => {}
            () = sent => {}
        }
        self.reply().await
    }

    /// Reads until some words have come; `None` if the connection is closed before.
    pub async fn until(&mut self, words: &str) -> Option<()> {
        while !String::from_utf8_lossy(&self.read).contains(words) {
            self.more().await?;
        }
        Some(())
    }

    /// Waits until the other side closes, and throws away what comes before.
    pub async fn closed(&mut self) {
        while self.more().await.is_some() {
            self.read.clear();
        }
    }

    async fn more(&mut self) -> Option<()> {
        (self.reading.read_buf(&mut self.read).await.unwrap_or(0) > 0).then_some(())
    }

    async fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Some(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            self.more().await?;
        }
    }

    async fn take(&mut self, length: usize) -> Option<Vec<u8>> {
        while self.read.len() < length {
            self.more().await?;
        }
        Some(self.read.drain(..length).collect())
    }
}

fn is_head(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|window| window == b"\r\n\r\n")
}

/// Writes a request with a body whose length is told.
pub fn request(line: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut head = format!("{line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n", body.as_ref().len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [head.as_bytes(), b"\r\n", body.as_ref()].concat()
}

/// Writes a POST of JSON.
pub fn post(accept: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    request("POST /graphql", &[("Content-Type", "application/json"), ("Accept", accept)], body)
}

/// Writes a POST of a query.
pub fn query(text: &str) -> Vec<u8> {
    post("application/json", json!({ "query": text }).to_string())
}

/// Writes a query as part of a URL.
pub fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Sends a request on a connection of its own; `None` if it is closed before the end of a response.
pub async fn ask(address: SocketAddr, request: impl AsRef<[u8]>) -> Option<Reply> {
    Peer::connect(address).await.ask(request).await
}

/// Sends a request that must be answered.
pub async fn answer(address: SocketAddr, request: impl AsRef<[u8]>) -> Reply {
    soon("an answer", ask(address, request)).await.unwrap_or_else(|| panic!("closed without an answer"))
}

/// Holds that an honest request is answered, and rightly.
pub async fn is_honest_answered(address: SocketAddr, size: u64) {
    let reply = answer(address, query(HONEST)).await;
    let expected = json!({ "data": { "ledger": { "size": size.to_string() } } });
    assert_eq!((reply.status, reply.json()), (200, expected));
}

// --- WebSocket ---------------------------------------------------------------------------------------------------

/// What a server says on a WebSocket.
#[derive(Debug, PartialEq)]
pub enum Heard {
    /// A message.
    Said(Value),
    /// The end: the code of its close frame, or 1006 where there was none.
    Closed(u16),
}

/// A client of `graphql-transport-ws`.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// Opens a socket; the status of the response where there is none.
    pub async fn open(address: SocketAddr) -> Result<Self, u16> {
        Self::open_in(address, "en").await
    }

    /// Opens a socket whose answers come in a language.
    pub async fn open_in(address: SocketAddr, language: &str) -> Result<Self, u16> {
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        request.headers_mut().insert("Accept-Language", language.parse().unwrap());
        request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().unwrap());
        match soon("an upgrade", tokio_tungstenite::connect_async(request)).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no upgrade: {error}"),
        }
    }

    /// Opens a socket and begins the conversation.
    pub async fn begin(address: SocketAddr) -> Self {
        let mut socket = Self::open(address).await.unwrap();
        socket.init().await;
        socket
    }

    /// Begins the conversation.
    pub async fn init(&mut self) {
        self.say(json!({ "type": "connection_init" })).await;
        assert_eq!(self.hear().await, Heard::Said(json!({ "type": "connection_ack" })));
    }

    /// Says something.
    pub async fn say(&mut self, message: Value) {
        self.stream.send(Message::text(message.to_string())).await.unwrap();
    }

    /// Begins an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    /// Sends frames as they are, and hears meanwhile: the server may close before all is sent.
    pub async fn throw(&mut self, messages: Vec<Message>) -> Heard {
        let (mut sink, mut stream) = (&mut self.stream).split();
        let sending = async {
            for message in messages {
                if sink.send(message).await.is_err() {
                    break;
                }
            }
            std::future::pending::<()>().await;
        };
        let hearing = async {
            loop {
                if let Some(heard) = understand(stream.next().await) {
                    return heard;
                }
            }
        };
        let both = async {
            tokio::select! {
                heard = hearing => heard,
                () = sending => Heard::Closed(1006),
            }
        };
        soon("an answer", both).await
    }

    /// Hears what is said next, beside pings.
    pub async fn hear(&mut self) -> Heard {
        loop {
            let message = soon("a message", self.stream.next()).await;
            if let Some(heard) = understand(message) {
                return heard;
            }
        }
    }

    /// Hears a message of a type about an operation; returns its payload.
    pub async fn expect(&mut self, kind: &str, id: &str) -> Value {
        match self.hear().await {
            Heard::Said(message) if message["type"] == kind && message["id"] == id => message["payload"].clone(),
            other => panic!("not {kind} of {id}: {other:?}"),
        }
    }

    /// Says goodbye with a code, and hears how the server ends it.
    pub async fn goodbye(&mut self, code: u16) -> Heard {
        let frame = CloseFrame { code: code.into(), reason: "done".into() };
        self.stream.send(Message::Close(Some(frame))).await.unwrap();
        self.hear().await
    }

    /// Holds that the socket is open still.
    pub async fn is_open(&mut self) {
        self.say(json!({ "type": "ping" })).await;
        assert_eq!(self.hear().await, Heard::Said(json!({ "type": "pong" })));
    }
}

fn understand(message: Option<Result<Message, Error>>) -> Option<Heard> {
    match message {
        Some(Ok(Message::Text(text))) => Some(Heard::Said(serde_json::from_str(&text).unwrap())),
        Some(Ok(Message::Close(frame))) => Some(Heard::Closed(frame.map_or(1005, |frame| frame.code.into()))),
        Some(Ok(_)) => None,
        None | Some(Err(_)) => Some(Heard::Closed(1006)),
    }
}

// --- A server in this process ------------------------------------------------------------------------------------

/// A ledger of one entry in a fresh SQLite file, served on a free port until the end of the story.
pub struct Served {
    /// The ledger.
    pub api: Api,
    /// Where it is served.
    pub address: SocketAddr,
    _folder: TempDir,
}

impl Served {
    /// Founds and serves.
    pub async fn new() -> Self {
        let folder = TempDir::with_prefix("griffie-served-").unwrap();
        let api = Api::new(&format!("sqlite:{}", folder.path().join("ledger.db").display())).await;
        let address = serve(&api.endpoint).await;
        Self { api, address, _folder: folder }
    }
}

/// Serves a endpoint on a free port until the runtime ends.
pub async fn serve(endpoint: &Endpoint) -> SocketAddr {
    let listener = griffie::server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(griffie::server::serve(listener, endpoint.clone(), std::future::pending()));
    address
}

/// Readers that a store has.
const READERS: usize = 8;

/// Takes all readers of the store, so that whatever reads waits.
pub async fn hold_readers(served: &Served) -> Vec<Connection> {
    let store = served.api.engine.store();
    soon("all readers", join_all((0..READERS).map(|_| store.read()))).await.into_iter().map(Result::unwrap).collect()
}
