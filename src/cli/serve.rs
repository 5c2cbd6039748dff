//! `griffie serve`: a ledger on the network.

use std::process::ExitCode;

use anyhow::Context as _;

use super::config::Settings;
use crate::engine::{Engine, KeyFolder, Options};
use crate::graphql::Api;
use crate::server::{Endpoint, Metrics, listen, serve};
use crate::store::{Store, owns_entries};

/// Arguments of `griffie serve`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Believe the clock although the ledger lay idle for long
    #[arg(long)]
    accept_clock: bool,
}

/// Serves until the process is told to end.
pub async fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let store = super::open(settings).await?;
    if owns_entries(&store).await? {
        tracing::warn!(
            "this role owns the tables and could switch their protection off; run `griffie migrate` as their owner and serve as another role"
        );
    }
    let folder = KeyFolder::new(&settings.keys.value);
    let options = Options { sources: super::sources(), accept_clock: arguments.accept_clock };
    let engine = Engine::start(store.clone(), &folder, options).await?;
    serve_engine(settings, engine, store).await
}

/// Opens the endpoint to a started engine.
pub async fn serve_engine(settings: &Settings, engine: Engine, store: Store) -> anyhow::Result<ExitCode> {
    let listener = listen(settings.address()?).await?;
    let address = listener.local_addr()?;
    let api = Api::new(engine.clone(), settings.principal()?, settings.trusted_documents()?);
    let metrics = Metrics::install().context("measuring cannot begin")?;
    let endpoint = Endpoint::new(api, engine.clone(), settings.allowed_origins()?, Some(metrics));
    println!("Serving http://{address}/graphql (end with Ctrl-C)");
    serve(listener, endpoint, stop_signal()).await;
    // Every request has been answered; what was appended last gets its checkpoint.
    if let Err(error) = engine.checkpointer().sign_head().await {
        tracing::error!(error = %crate::engine::chain(&error), "no last checkpoint signed");
    }
    drop(engine);
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Waits until the process is told to end.
pub async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
