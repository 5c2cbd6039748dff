//! The clients: what they ask, what they were told, and what was cut off.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

use crate::checks::size;
use crate::client::{Answer, FACTS_MAX, Receipt, Request};
use crate::http::Connection;
use crate::server::{Installation, Server};

/// Clients at once.
const CLIENTS: usize = 8;
/// Requests of one client to one server at most.
const REQUESTS_MAX: usize = 500;
/// One of so many requests repeats one that was answered.
const REPEAT_EVERY: u64 = 10;
/// How long a client waits that is told to try again.
const TRY_AGAIN_MS: u64 = 20;
/// How often a request is sent to one living server.
const TRIES_MAX: usize = 500;

/// Random numbers that can be had again from their seed (xorshift64*): they choose moments, not secrets.
pub struct Random(u64);

impl Random {
    /// Begins from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// Returns the next number.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// Returns a number below a limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}

/// An answered request.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    /// What was asked.
    pub request: Request,
    /// What was given.
    pub receipts: Vec<Receipt>,
}

/// All that was asked and told, over all kills.
#[derive(Default)]
pub struct Load {
    next: AtomicU64,
    /// By number.
    answered: BTreeMap<u64, Acknowledged>,
    /// Sent, and cut off by a kill.
    in_flight: Vec<Request>,
    /// Numbers answered since they were last read back.
    pub unread: Vec<u64>,
    /// Requests that were in flight at a kill and got receipts afterwards.
    pub repeated_in_flight: u64,
    /// Those of them that had been recorded although nobody was told.
    pub recorded_unanswered: u64,
    /// Answered requests that were sent again and got the same receipts.
    pub repeated_answered: u64,
    /// Answers that asked to try again.
    pub try_again: u64,
}

/// What one client brings home.
#[derive(Default)]
struct Harvest {
    answered: Vec<Acknowledged>,
    in_flight: Vec<Request>,
    repeated_answered: u64,
    try_again: u64,
}

impl Load {
    /// Records the consent text that all consents name.
    pub fn publish_text(&mut self, installation: &Installation) -> anyhow::Result<()> {
        self.next = AtomicU64::new(1);
        self.in_flight.push(Request::text());
        self.finish(installation)
    }

    /// Asks again all that was cut off, from a server that is left in peace until all is answered.
    pub fn finish(&mut self, installation: &Installation) -> anyhow::Result<()> {
        let server = installation.serve()?;
        let mut harvest = Harvest::default();
        let size = size(server.address())?;
        for request in std::mem::take(&mut self.in_flight) {
            let mut connection = Connection::open(server.address())?;
            let receipts = answer(&request, &mut connection, &mut harvest)?;
            harvest.answered.push(Acknowledged { request, receipts });
        }
        self.gather(harvest, size)?;
        server.kill()
    }

    /// Lets clients work until the server is killed, `life` after `meanwhile` is done.
    pub fn run_until_killed(
        &mut self,
        server: Server,
        life: Duration,
        seed: u64,
        meanwhile: &dyn Fn() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (address, killed) = (server.address(), AtomicBool::new(false));
        let mut waiting: Vec<Vec<Request>> = (0..CLIENTS).map(|_| Vec::new()).collect();
        for (position, request) in std::mem::take(&mut self.in_flight).into_iter().enumerate() {
            waiting[position % CLIENTS].push(request);
        }
        let size = size(address)?;
        let (next, answered) = (&self.next, &self.answered);
        let harvests = thread::scope(|scope| {
            let clients: Vec<_> = (seed..)
                .zip(waiting)
                .map(|(seed, waiting)| {
                    let client = Client { address, next, answered, killed: &killed, random: Random::new(seed) };
                    scope.spawn(move || client.work(waiting))
                })
                .collect();
            let met = meanwhile();
            thread::sleep(life);
            killed.store(true, Ordering::SeqCst);
            let dead = server.kill();
            let joined: Vec<_> = clients.into_iter().map(thread::ScopedJoinHandle::join).collect();
            dead.and(met).map(|()| joined)
        })?;
        for harvest in harvests {
            let Ok(harvest) = harvest else { bail!("a client panicked") };
            self.gather(harvest?, size)?;
        }
        Ok(())
    }

    /// Returns how many requests were answered.
    pub fn acknowledged(&self) -> usize {
        self.answered.len()
    }

    /// Returns how many facts were acknowledged.
    pub fn acknowledged_facts(&self) -> usize {
        self.answered.values().map(|acknowledged| acknowledged.receipts.len()).sum()
    }

    /// Returns all that was answered, by number.
    pub fn answered(&self) -> &BTreeMap<u64, Acknowledged> {
        &self.answered
    }

    /// Returns what was cut off and is not answered yet.
    pub fn in_flight(&self) -> &[Request] {
        &self.in_flight
    }

    /// Takes in what a client of a server brings home that began with `size` entries.
    fn gather(&mut self, harvest: Harvest, size: u64) -> anyhow::Result<()> {
        self.repeated_answered += harvest.repeated_answered;
        self.try_again += harvest.try_again;
        for acknowledged in harvest.answered {
            let number = acknowledged.request.number;
            if acknowledged.request.was_in_flight {
                self.repeated_in_flight += 1;
                self.recorded_unanswered +=
                    u64::from(acknowledged.receipts.iter().all(|receipt| receipt.sequence < size));
            }
            self.unread.push(number);
            ensure!(self.answered.insert(number, acknowledged).is_none(), "request {number} was answered twice");
        }
        self.in_flight.extend(harvest.in_flight.into_iter().map(Request::cut_off));
        Ok(())
    }
}

/// One client of one server.
struct Client<'a> {
    address: SocketAddr,
    next: &'a AtomicU64,
    answered: &'a BTreeMap<u64, Acknowledged>,
    killed: &'a AtomicBool,
    random: Random,
}

impl Client<'_> {
    fn work(mut self, waiting: Vec<Request>) -> anyhow::Result<Harvest> {
        let mut harvest = Harvest::default();
        let mut waiting = waiting.into_iter();
        let Some(mut connection) = self.while_alive(Connection::open(self.address))? else {
            harvest.in_flight.extend(waiting);
            return Ok(harvest);
        };
        for _ in 0..REQUESTS_MAX {
            let (request, before) = match waiting.next() {
                Some(request) => (request, None),
                None => self.choose(),
            };
            let answered = answer(&request, &mut connection, &mut harvest);
            match (self.while_alive(answered)?, before) {
                (Some(receipts), Some(before)) => {
                    ensure!(receipts == before, "request {} got {before:?}, and then {receipts:?}", request.number);
                    harvest.repeated_answered += 1;
                }
                (Some(receipts), None) => harvest.answered.push(Acknowledged { request, receipts }),
                (None, Some(_)) => break,
                (None, None) => {
                    harvest.in_flight.push(request);
                    break;
                }
            }
        }
        harvest.in_flight.extend(waiting);
        Ok(harvest)
    }

    /// A new request, or one that earlier servers have answered, with what they gave.
    fn choose(&mut self) -> (Request, Option<Vec<Receipt>>) {
        if self.random.below(REPEAT_EVERY) == 0 {
            let from = self.random.below(self.next.load(Ordering::Relaxed));
            if let Some((_, old)) = self.answered.range(from..).next() {
                return (old.request.clone(), Some(old.receipts.clone()));
            }
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let facts = usize::try_from(self.random.below(FACTS_MAX as u64 * 2)).unwrap_or(0);
        let request =
            if (2..=FACTS_MAX).contains(&facts) { Request::consents(number, facts) } else { Request::consent(number) };
        (request, None)
    }

    /// Passes on what went well; a failure is none if the server was killed meanwhile.
    fn while_alive<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.downcast_ref::<Wrong>().is_none() && self.killed.load(Ordering::SeqCst) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// An answer that should not be; never excused by a kill.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
struct Wrong(anyhow::Error);

/// Sends a request until it has its receipts.
fn answer(request: &Request, connection: &mut Connection, harvest: &mut Harvest) -> anyhow::Result<Vec<Receipt>> {
    let mut last = String::new();
    for _ in 0..TRIES_MAX {
        let answer = request.send(connection).context("no answer from a server that lives")?;
        match request.read(&answer).map_err(Wrong)? {
            Answer::Receipts(receipts) => return Ok(receipts),
            Answer::TryAgain(reason) => last = reason,
        }
        harvest.try_again += 1;
        thread::sleep(Duration::from_millis(TRY_AGAIN_MS));
    }
    bail!("request {} was told to try again {TRIES_MAX} times: {last}", request.number)
}
