//! Connections: so many at once, each held to the time in which its requests must arrive, and closed in order.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::task::AtomicWaker;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};
use tower::ServiceExt as _;

use super::{
    CONNECTIONS_MAX, Endpoint, HEAD_BYTES_MAX, HEAD_TIMEOUT_MS, HEADERS_MAX, IDLE_TIMEOUT_MS, SHUTDOWN_TIMEOUT_MS,
    router,
};

/// The machine that a request came from, as its connection knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller(pub IpAddr);

/// How long a peer may be silent before TCP asks whether it is still there, and how often it asks.
const KEEPALIVE_IDLE_S: u64 = 60;
const KEEPALIVE_INTERVAL_S: u64 = 15;
/// How long to wait when the system gives no more connections.
const ACCEPT_RETRY_MS: u64 = 50;
/// What one connection too many is told; nothing of it is read.
const TOO_MANY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Says why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is open to others, and nobody is asked who they are yet.
    #[error("{0} can be reached from other machines, and there is no authentication yet: listen on 127.0.0.1 or ::1")]
    NotLoopback(SocketAddr),
    /// The address cannot be used.
    #[error("cannot listen on {0}: {1}; choose another with --listen")]
    Listen(SocketAddr, #[source] io::Error),
}

/// Takes the address to listen on. Until there is authentication only this machine may come in.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))
}

/// Open files that a server may need: its connections, and databases, keys and the rest beside them.
const FILES: u64 = 2 * CONNECTIONS_MAX as u64;

/// Raises the limit of open files to what the endpoint promises, as far as the system allows.
fn raise_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|files| files >= FILES) {
        return;
    }
    let files = maximum.map_or(FILES, |most| FILES.min(most));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(files), maximum });
    if raised.is_err() || files < FILES {
        tracing::warn!(files, wanted = FILES, "few files may be open: fewer connections than promised are taken");
    }
}

/// The place of a connection among [`CONNECTIONS_MAX`]; a WebSocket keeps it when HTTP has let go.
pub type Held = Arc<OwnedSemaphorePermit>;

/// Returns the place of the connection that a request came by; `None` where there is no connection.
pub fn held(request: &Request) -> Option<Held> {
    request.extensions().get::<Held>().cloned()
}

/// Serves until `stop` is done. Then no connection is taken any more, what was accepted is finished, sockets and streams
/// are told to come again elsewhere; what does not end within [`SHUTDOWN_TIMEOUT_MS`] is dropped.
pub async fn serve(listener: TcpListener, endpoint: Endpoint, stop: impl Future<Output = ()>) {
    raise_files();
    let router = router(endpoint.clone());
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match (accepted, places.clone().try_acquire_owned()) {
            (Ok((stream, peer)), Ok(place)) => {
                endpoint.tasks.spawn(converse(stream, peer, router.clone(), endpoint.clone(), Arc::new(place)));
            }
            (Ok((stream, _)), Err(_)) => {
                metrics::counter!("griffie_connections_shed_total").increment(1);
                // Told if it can be told at once; nothing waits for it.
                let _ = stream.try_write(TOO_MANY);
            }
            (Err(error), _) => {
                tracing::warn!(error = %error, "a connection was not accepted");
                sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
            }
        }
    }
    drop(listener);
    endpoint.closing.cancel();
    endpoint.tasks.close();
    if tokio::time::timeout(Duration::from_millis(SHUTDOWN_TIMEOUT_MS), endpoint.tasks.wait()).await.is_err() {
        tracing::warn!("connections that did not end in time were dropped");
    }
}

async fn converse(stream: TcpStream, peer: SocketAddr, router: Router, endpoint: Endpoint, place: Held) {
    if let Err(error) = prepare(&stream) {
        tracing::debug!(error = %error, "a connection could not be set up");
        return;
    }
    let phase = Phase::default();
    let service = {
        let phase = phase.clone();
        tower::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            phase.set(BUSY);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Caller(peer.ip()));
            request.extensions_mut().insert(place.clone());
            let (router, phase) = (router.clone(), phase.clone());
            async move {
                let response = match head_bytes(&request) <= HEAD_BYTES_MAX {
                    true => router.oneshot(request).await?,
                    false => head_too_long(),
                };
                // A connection that speaks another protocol from here on expects no further request.
                let http = response.status() != StatusCode::SWITCHING_PROTOCOLS;
                let answered = http.then(|| Answered(phase));
                Ok::<_, std::convert::Infallible>(response.map(|body| Body::new(Tracked { body, _answered: answered })))
            }
        })
    };
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        // The limits of time are ours: hyper's would close connections that idle between requests as well.
        .header_read_timeout(None)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(Timed::new(stream, phase)), TowerToHyperService::new(service))
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = endpoint.closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = %error, "a connection broke off");
    }
}

/// Counts the head of a request. hyper refuses one that is incomplete when its buffer is full; what came whole with the
/// last read may be longer.
fn head_bytes(request: &Request) -> usize {
    let uri = request.uri();
    let target = uri.path().len() + uri.query().map_or(0, |query| 1 + query.len());
    let lines = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    request.method().as_str().len() + target + "  HTTP/1.1\r\n\r\n".len() + lines.sum::<usize>()
}

fn head_too_long() -> Response {
    let close = [(header::CONNECTION, HeaderValue::from_static("close"))];
    (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, close).into_response()
}

fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let keepalive = TcpKeepalive::new()
        .with_time(Duration::from_secs(KEEPALIVE_IDLE_S))
        .with_interval(Duration::from_secs(KEEPALIVE_INTERVAL_S));
    SockRef::from(stream).set_tcp_keepalive(&keepalive)
}

/// The head of a request is awaited or arriving.
const HEAD: u8 = 0;
/// A request is being answered.
const BUSY: u8 = 1;
/// The next request may come.
const IDLE: u8 = 2;

/// Where a connection stands in its conversation, and whom to wake when an answer is done with.
#[derive(Clone, Debug, Default)]
struct Phase(Arc<(AtomicU8, AtomicWaker)>);

impl Phase {
    fn get(&self) -> u8 {
        self.0.0.load(Ordering::Acquire)
    }

    fn set(&self, phase: u8) {
        self.0.0.store(phase, Ordering::Release);
    }
}

/// Dropped when a response has been sent to its end, or given up.
struct Answered(Phase);

impl Drop for Answered {
    fn drop(&mut self) {
        let Self(phase) = self;
        phase.set(IDLE);
        // Whoever reads was not held to time meanwhile, and would wait for the next request without an end.
        phase.0.1.wake();
    }
}

/// The body of a response, which tells when it is done with.
struct Tracked {
    body: Body,
    _answered: Option<Answered>,
}

impl HttpBody for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that fails when the head of a request does not arrive in time.
struct Timed {
    stream: TcpStream,
    phase: Phase,
    /// The phase for which the clock runs, and the clock.
    timing: u8,
    clock: Pin<Box<Sleep>>,
}

impl Timed {
    fn new(stream: TcpStream, phase: Phase) -> Self {
        Self { stream, phase, timing: HEAD, clock: Box::pin(sleep(Duration::from_millis(HEAD_TIMEOUT_MS))) }
    }

    /// Sets the clock anew where the phase is another one than it runs for.
    fn keep_time(&mut self) {
        let phase = self.phase.get();
        if phase != self.timing {
            self.timing = phase;
            let wait = if phase == IDLE { IDLE_TIMEOUT_MS } else { HEAD_TIMEOUT_MS };
            self.clock.as_mut().reset(Instant::now() + Duration::from_millis(wait));
        }
    }
}

impl AsyncRead for Timed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before && self.phase.get() == IDLE {
            self.phase.set(HEAD);
        }
        self.phase.0.1.register(cx.waker());
        self.keep_time();
        if read.is_pending() && self.timing != BUSY && self.clock.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl AsyncWrite for Timed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[tokio::test]
    async fn the_clock_of_an_idle_connection_runs_however_long_its_answer_took() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let phase = Phase::default();
        let mut timed = Timed::new(stream, phase.clone());
        phase.set(BUSY);
        let idle_until = poll_fn(|cx| {
            assert!(Pin::new(&mut timed).poll_read(cx, &mut ReadBuf::new(&mut [0; 8])).is_pending());
            if timed.timing == IDLE { Poll::Ready(timed.clock.deadline()) } else { Poll::Pending }
        });
        let answered = async {
            sleep(Duration::from_millis(HEAD_TIMEOUT_MS + 200)).await;
            drop(Answered(phase));
            Instant::now()
        };
        let both = async { tokio::join!(idle_until, answered) };
        let (idle_until, answered) = tokio::time::timeout(Duration::from_secs(20), both).await.unwrap();
        let idle = idle_until - answered;
        assert!(idle <= Duration::from_millis(IDLE_TIMEOUT_MS) + Duration::from_secs(10), "{idle:?}");
        assert!(idle > Duration::from_millis(IDLE_TIMEOUT_MS - 100), "{idle:?}");
    }
}
