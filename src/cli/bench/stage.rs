//! What is measured: a fresh ledger behind the endpoint of `griffie serve`, and the rival.

use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::serve::ListenerExt as _;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::load::Client;
use super::story::{fill, publish_text};
use crate::cli::config::Settings;
use crate::cli::{progress_bar, sources};
use crate::engine::{Engine, KeyFolder, Options, SUBMISSION_FACTS_MAX, Sources, found};
use crate::graphql::Api;
use crate::ledger::name::Origin;
use crate::server::{AllowedOrigins, Endpoint, Metrics, listen, serve};
use crate::store::{Kind, Store};

/// Where both servers listen: a port that the system chooses.
const LOOPBACK: ([u8; 4], u16) = ([127, 0, 0, 1], 0);
/// What the rival answers, whatever it is asked: as long as what the ledger answers to the same request.
const RIVAL_ANSWER: &str = r#"{"data":{"ledger":{"size":"2002"}}}"#;
const FOLDER_MODE: u32 = 0o700;

/// A ledger and a rival, both served.
pub struct Stage {
    /// Where the ledger is served.
    pub address: SocketAddr,
    /// Where the rival is served.
    pub rival: SocketAddr,
    /// The kind of database.
    pub database: &'static str,
    sources: Sources,
    store: Store,
    engine: Engine,
    closing: CancellationToken,
    servers: TaskTracker,
    _folder: Folder,
}

impl Stage {
    /// Founds a ledger and serves it beside the rival.
    pub async fn set(settings: &Settings) -> anyhow::Result<Self> {
        let sources = sources();
        let folder = Folder::make(&sources)?;
        let store = open_empty(settings, &folder).await?;
        let keys = KeyFolder::new(folder.0.join("keys"));
        let origin: Origin = format!("bench.griffie.example/{}", hex::encode(sources.random::<4>()?)).parse()?;
        keys.generate(&origin, &sources)?;
        found(&store, &keys, &origin, &sources, None).await?;
        let options = Options { sources: sources.clone(), accept_clock: false };
        let engine = Engine::start(store.clone(), &keys, options).await?;
        let api = Api::new(engine.clone(), settings.principal()?, None);
        let metrics = Metrics::install().context("measuring cannot begin")?;
        let endpoint = Endpoint::new(api, engine.clone(), AllowedOrigins::default(), Some(metrics));
        let (closing, servers) = (CancellationToken::new(), TaskTracker::new());
        let listener = listen(LOOPBACK.into()).await?;
        let address = listener.local_addr()?;
        servers.spawn(serve(listener, endpoint, closing.clone().cancelled_owned()));
        let rival = serve_rival(&servers, &closing).await?;
        let database = match store.kind() {
            Kind::Sqlite => "SQLite",
            Kind::Postgres => "PostgreSQL",
        };
        Ok(Self { address, rival, database, sources, store, engine, closing, servers, _folder: folder })
    }

    /// Records so many facts through the API; returns the consent text that they are about.
    pub async fn fill(&self, facts: u32) -> anyhow::Result<String> {
        let mut client = Client::connect(self.address).await?;
        let answer: Value = serde_json::from_str(&client.ask(&publish_text(), 0).await?)?;
        let text = answer.pointer("/data/recordConsentText/receipt/stream").and_then(Value::as_str);
        let text = text.context("the consent text was not recorded")?.to_owned();
        let bar = progress_bar("filling the ledger", facts.into());
        let mut left = usize::try_from(facts)?;
        for page in 0.. {
            let now = left.min(SUBMISSION_FACTS_MAX);
            if now == 0 {
                break;
            }
            client.ask(&fill(&text, now, page, &self.sources)?, 0).await?;
            bar.inc(now as u64);
            left -= now;
        }
        bar.finish_and_clear();
        Ok(text)
    }

    /// Returns random bytes for a WebSocket's handshake.
    pub fn nonce(&self) -> anyhow::Result<[u8; 16]> {
        Ok(self.sources.random()?)
    }

    /// Ends both servers, and removes what is temporary.
    pub async fn clear(self) {
        self.closing.cancel();
        self.servers.close();
        self.servers.wait().await;
        // What was appended last gets its checkpoint, as when `griffie serve` ends.
        if let Err(error) = self.engine.checkpointer().sign_head().await {
            tracing::error!(error = %crate::engine::chain(&error), "no last checkpoint signed");
        }
        drop(self.engine);
        self.store.close().await;
    }
}

/// Opens the database that a flag names, which must be empty, or makes one in the folder. A ledger that file or environment
/// name is never touched: a measurement is asked for.
async fn open_empty(settings: &Settings, folder: &Folder) -> anyhow::Result<Store> {
    let url = match settings.database.flag() {
        Some(url) => url.to_owned(),
        None => format!("sqlite:{}", folder.0.join("ledger.sqlite").display()),
    };
    let shown = crate::cli::without_password(&url);
    let store = Store::open(&url, true).await.with_context(|| format!("the database {shown} cannot be opened"))?;
    if store.has_tables().await? {
        bail!("the database {shown} holds tables of a ledger; name an empty one");
    }
    store.migrate().await?;
    Ok(store)
}

/// Serves a handler that reads what it is sent and answers a constant.
async fn serve_rival(servers: &TaskTracker, closing: &CancellationToken) -> anyhow::Result<SocketAddr> {
    async fn answer(_read: Bytes) -> impl IntoResponse {
        ([(header::CONTENT_TYPE, "application/json")], RIVAL_ANSWER)
    }
    let listener = TcpListener::bind(SocketAddr::from(LOOPBACK)).await?;
    let address = listener.local_addr()?;
    // As the ledger's own connections are.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error = %error, "a connection could not be set up");
        }
    });
    let router = Router::new().route("/graphql", post(answer));
    let server = axum::serve(listener, router).with_graceful_shutdown(closing.clone().cancelled_owned());
    servers.spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(error = %error, "the rival broke off");
        }
    });
    Ok(address)
}

/// A temporary folder of this run alone; it is removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn make(sources: &Sources) -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("griffie-bench-{}", hex::encode(sources.random::<8>()?)));
        let made = std::fs::DirBuilder::new().mode(FOLDER_MODE).create(&path);
        made.with_context(|| format!("the folder {} cannot be made; TMPDIR names another place", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(error = %error, folder = %self.0.display(), "a temporary folder is left");
        }
    }
}
