//! What a caller may take of the server.

/// The longest body of a request, and the longest message on a WebSocket, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// The longest head of a request, in bytes: what a GET carries in its URL is part of it.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Header lines of a request.
pub const HEADERS_MAX: usize = 100;
/// How long the head of a request may take to arrive, from its first byte; on a new connection from the beginning.
pub const HEAD_TIMEOUT_MS: u64 = 1_500;
/// How long the body of a request may take to arrive.
pub const BODY_TIMEOUT_MS: u64 = 5_000;
/// How long a connection may wait for its next request.
pub const IDLE_TIMEOUT_MS: u64 = 60_000;
/// Open connections; one more is told to come back later.
pub const CONNECTIONS_MAX: usize = 1_024;
/// Queries and mutations that run at once; one more is told to come back later.
pub const OPERATIONS_MAX: usize = 256;
/// Subscriptions that run at once; one more is told to come back later.
pub const SUBSCRIPTIONS_MAX: usize = 2_048;
/// How long a query or a mutation may take.
pub const OPERATION_TIMEOUT_MS: u64 = 10_000;
/// When to come back, in seconds, as `Retry-After` says.
pub const RETRY_AFTER_S: u32 = 1;
/// Open WebSockets of one caller: an address, until callers say who they are.
pub const SOCKETS_PER_CALLER_MAX: usize = 256;
/// Open event streams of one caller.
pub const STREAMS_PER_CALLER_MAX: usize = 256;
/// How long a new WebSocket may wait with `connection_init`.
pub const INIT_TIMEOUT_MS: u64 = 3_000;
/// How often an idle WebSocket is pinged, and an idle event stream sent a comment.
pub const HEARTBEAT_INTERVAL_MS: u64 = 12_000;
/// Operations that run at once on one WebSocket.
pub const SOCKET_OPERATIONS_MAX: usize = 16;
/// The longest id of an operation on a WebSocket, in bytes.
pub const OPERATION_ID_BYTES_MAX: usize = 255;
/// How long a socket may take to finish the queries and mutations that run on it when the server stops.
pub const DRAIN_TIMEOUT_MS: u64 = 5_000;
/// How long requests, sockets and streams may take to end when the server stops.
pub const SHUTDOWN_TIMEOUT_MS: u64 = 10_000;
