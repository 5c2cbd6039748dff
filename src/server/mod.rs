//! The door: GraphQL over HTTP and WebSocket on one path.

mod http;
mod socket;

use std::net::SocketAddr;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::graphql::ApiSchema;

/// The longest body of a request, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// How long an operation may take.
pub const OPERATION_TIMEOUT_MS: u64 = 10_000;

/// What every handler needs.
#[derive(Clone)]
pub(crate) struct Door {
    schema: ApiSchema,
}

/// Makes the routes.
pub fn router(schema: ApiSchema) -> Router {
    let door = Door { schema };
    Router::new()
        .route("/graphql", get(http::get).post(http::post))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(door)
}

/// Says why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is open to others, and nobody is asked who they are yet.
    #[error("{0} can be reached from other machines, and there is no authentication yet: listen on 127.0.0.1 or ::1")]
    NotLoopback(SocketAddr),
    /// The address cannot be used.
    #[error("cannot listen on {0}: {1}; choose another with --listen")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The server broke off.
    #[error("the server broke off: {0}")]
    Broken(#[from] std::io::Error),
}

/// Takes the address to listen on. Until there is authentication only this machine may come in.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))
}

/// Serves until `shutdown` is done; requests that have begun are finished.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await?;
    Ok(())
}
