//! As much of HTTP/1.1 as a test client needs: one connection to this machine, JSON both ways, every wait bounded.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

/// How long to wait for a server that lives.
pub const WAIT_MS: u64 = 20_000;
/// The longest answer, in bytes.
const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The longest line of a header, in bytes.
const LINE_BYTES_MAX: u64 = 8 * 1024;
/// Lines of a header at most.
const LINES_MAX: usize = 50;

/// A connection that is kept for many requests.
pub struct Connection {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Connects to a server on this machine.
    pub fn open(address: SocketAddr) -> anyhow::Result<Self> {
        ensure!(address.ip().is_loopback(), "{address} is not on this machine");
        let wait = Duration::from_millis(WAIT_MS);
        let stream = TcpStream::connect_timeout(&address, wait)?;
        stream.set_read_timeout(Some(wait))?;
        stream.set_write_timeout(Some(wait))?;
        stream.set_nodelay(true)?;
        Ok(Self { address, stream: BufReader::new(stream) })
    }

    /// Sends a GraphQL request and returns the answer, `data` and `errors`.
    pub fn ask(&mut self, body: &str) -> anyhow::Result<Value> {
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        self.stream.get_mut().write_all((head + body).as_bytes())?;
        let bytes = self.answer()?;
        serde_json::from_slice(&bytes).context("the answer is not JSON")
    }

    fn answer(&mut self) -> anyhow::Result<Vec<u8>> {
        let status = self.line()?;
        let mut length = None;
        for _ in 0..LINES_MAX {
            let line = self.line()?;
            if line.is_empty() {
                // 503 carries a GraphQL error too: try again.
                ensure!(status.contains(" 200 ") || status.contains(" 503 "), "the server answered {status}");
                let length: usize = length.context("the answer has no length")?;
                ensure!(length <= BODY_BYTES_MAX, "the answer has {length} bytes");
                let mut bytes = vec![0; length];
                self.stream.read_exact(&mut bytes)?;
                return Ok(bytes);
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse()?);
            }
        }
        bail!("the answer has more than {LINES_MAX} lines of header")
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        self.stream.by_ref().take(LINE_BYTES_MAX).read_line(&mut line)?;
        match line.strip_suffix("\r\n") {
            Some(line) => Ok(line.to_owned()),
            None => bail!("the connection broke off"),
        }
    }
}
