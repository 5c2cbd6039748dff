//! The only place that asks the outside world for the time or for random bytes.

use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::time::Instant;

/// Where time and entropy come from; cheap to clone, clones share their state.
#[derive(Clone, Debug)]
pub struct Sources {
    clock: Clock,
    entropy: Entropy,
}

#[derive(Clone, Debug)]
enum Clock {
    System { started: std::time::Instant, started_at: Instant },
    Simulated(Arc<Mutex<Instant>>),
}

#[derive(Clone, Debug)]
enum Entropy {
    System,
    /// SHA-256 over seed and counter: for frozen examples and tests.
    Seeded(Arc<Mutex<(u64, u64)>>),
}

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct NoEntropy;

impl Sources {
    /// Takes time and entropy from the machine.
    pub fn system() -> Self {
        Self {
            clock: Clock::System { started: std::time::Instant::now(), started_at: wall_clock() },
            entropy: Entropy::System,
        }
    }

    /// Takes time from a clock that moves only when told, entropy from the machine.
    pub fn simulated(start: Instant) -> Self {
        Self { clock: Clock::Simulated(Arc::new(Mutex::new(start))), entropy: Entropy::System }
    }

    /// Takes both from where the caller says, for examples that are the same on every run.
    pub fn frozen(start: Instant, seed: u64) -> Self {
        Self { entropy: Entropy::Seeded(Arc::new(Mutex::new((seed, 0)))), ..Self::simulated(start) }
    }

    /// Reads the clock.
    pub fn now(&self) -> Instant {
        match &self.clock {
            Clock::System { .. } => wall_clock(),
            Clock::Simulated(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Sets a simulated clock; the system's clock does not listen.
    pub fn set(&self, to: Instant) {
        if let Clock::Simulated(now) = &self.clock {
            *now.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }

    /// Tells whether the clock is simulated.
    pub fn is_simulated(&self) -> bool {
        matches!(self.clock, Clock::Simulated(_))
    }

    /// Returns by how many milliseconds the wall clock has left the monotonic clock since the start.
    pub fn drift_ms(&self) -> i64 {
        match &self.clock {
            Clock::Simulated(_) => 0,
            Clock::System { started, started_at } => {
                let elapsed = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
                wall_clock().milliseconds_since(*started_at).saturating_sub(elapsed)
            }
        }
    }

    /// Fills an array with random bytes.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], NoEntropy> {
        let mut bytes = [0; N];
        match &self.entropy {
            Entropy::System => system_entropy(&mut bytes)?,
            Entropy::Seeded(state) => {
                for chunk in bytes.chunks_mut(32) {
                    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                    state.1 += 1;
                    let block = Sha256::new()
                        .chain_update(state.0.to_be_bytes())
                        .chain_update(state.1.to_be_bytes())
                        .finalize();
                    chunk.iter_mut().zip(block).for_each(|(byte, random)| *byte = random);
                }
            }
        }
        Ok(bytes)
    }

    /// Makes a UUID of version 7 (RFC 9562): milliseconds now and 74 random bits.
    pub fn uuid(&self) -> Result<Uuid, NoEntropy> {
        let milliseconds = u64::try_from(self.now().microseconds() / 1_000).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(milliseconds, &self.random::<10>()?).into_uuid())
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where the wall clock is read")]
fn wall_clock() -> Instant {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant::from_microseconds(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where entropy is drawn")]
fn system_entropy(bytes: &mut [u8]) -> Result<(), NoEntropy> {
    getrandom::fill(bytes).map_err(|_| NoEntropy)
}
