//! Latencies, so many at most, and their percentiles.

use std::time::Duration;

/// Latencies that are kept of one measurement, of all connections together.
pub const SAMPLES_MAX: usize = 1 << 20;

/// Latencies in the order in which they were measured: all of them, or every second, fourth, ... when there are many.
#[derive(Clone, Debug)]
pub struct Samples {
    kept: Vec<Duration>,
    most: usize,
    /// One of so many is kept.
    every: u64,
    /// How many were measured.
    seen: u64,
}

impl Samples {
    /// Makes module for the share of one of `many`.
    pub fn share_of(many: usize) -> Self {
        // Even, so that thinning out leaves what is still to come in step.
        let most = (SAMPLES_MAX / many.max(1)).max(2) & !1;
        Self { kept: Vec::new(), most, every: 1, seen: 0 }
    }

    /// Adds a latency.
    pub fn push(&mut self, latency: Duration) {
        if self.kept.len() == self.most {
            self.thin_out();
        }
        if self.seen.is_multiple_of(self.every) {
            self.kept.push(latency);
        }
        self.seen += 1;
    }

    /// Returns how many were measured.
    pub fn count(&self) -> u64 {
        self.seen
    }

    /// Returns the sorted latencies of several; each stands for as many as any other.
    pub fn sorted(all: Vec<Self>) -> Vec<Duration> {
        let every = all.iter().map(|samples| samples.every).max().unwrap_or(1);
        let even = all.into_iter().map(|mut samples| {
            while samples.every < every {
                samples.thin_out();
            }
            samples.kept
        });
        let mut sorted: Vec<Duration> = even.flatten().collect();
        sorted.sort_unstable();
        sorted
    }

    fn thin_out(&mut self) {
        let mut is_kept = false;
        self.kept.retain(|_| {
            is_kept = !is_kept;
            is_kept
        });
        self.every *= 2;
    }
}

/// Returns the latency that so many of a hundred do not exceed; `None` of nothing.
pub fn percentile(sorted: &[Duration], hundredths: usize) -> Option<Duration> {
    let rank = (sorted.len() * hundredths).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(microseconds: impl IntoIterator<Item = u64>, most: usize) -> Samples {
        let mut samples = Samples { most, ..Samples::share_of(1) };
        microseconds.into_iter().for_each(|latency| samples.push(Duration::from_micros(latency)));
        samples
    }

    fn micros(latencies: &[Duration]) -> Vec<u128> {
        latencies.iter().map(Duration::as_micros).collect()
    }

    #[test]
    fn many_latencies_are_thinned_out_evenly() {
        let samples = of(0..9, 4);
        assert_eq!((samples.count(), micros(&samples.kept)), (9, vec![0, 4, 8]));
        assert_eq!(micros(&Samples::sorted(vec![samples, of([7, 9], 4)])), [0, 4, 7, 8]);
        assert!(of(0..1_000, 10).kept.len() <= 10);
    }

    #[test]
    fn a_percentile_is_a_latency_that_was_measured() {
        let check = |count: u64, hundredths: usize, expected: Option<u64>| {
            let sorted: Vec<Duration> = (1..=count).map(Duration::from_micros).collect();
            assert_eq!(percentile(&sorted, hundredths), expected.map(Duration::from_micros), "{count} {hundredths}");
        };
        check(0, 50, None);
        check(1, 99, Some(1));
        check(100, 50, Some(50));
        check(100, 99, Some(99));
        check(3, 50, Some(2));
        check(3, 99, Some(3));
    }
}
