//! When the resolvers of a request have nothing to do but wait: then all that they ask for is known, and is read at once.
//!
//! The library's loaders wait a moment for more keys. But a long list is resolved a few items at a time, in between which others
//! run, so that on a busy machine its keys would come in many batches.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How long a loader waits for other resolvers at most.
const WAIT_MS_MAX: u64 = 1_000;
/// How long a loader waits for more keys where nobody watches the resolvers.
const UNWATCHED_MS: u64 = 1;

/// Tells when the resolvers of one request wait.
#[derive(Debug)]
pub struct Idle {
    times: watch::Sender<u64>,
    is_running: AtomicBool,
}

impl Default for Idle {
    fn default() -> Self {
        Self { times: watch::Sender::new(0), is_running: AtomicBool::new(false) }
    }
}

/// Passes on that the resolvers can go on, and remembers it.
struct Woken {
    is_woken: Arc<AtomicBool>,
    waker: Waker,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_woken.store(true, Ordering::SeqCst);
        self.waker.wake_by_ref();
    }
}

impl Idle {
    /// Runs resolvers, and tells whenever none of them can go on by itself.
    pub async fn watch<F: Future>(&self, resolvers: F) -> F::Output {
        let mut resolvers = pin!(resolvers);
        let is_woken = Arc::new(AtomicBool::new(false));
        poll_fn(|context| {
            is_woken.store(false, Ordering::SeqCst);
            self.is_running.store(true, Ordering::SeqCst);
            let waker = Waker::from(Arc::new(Woken { is_woken: is_woken.clone(), waker: context.waker().clone() }));
            let polled = resolvers.as_mut().poll(&mut Context::from_waker(&waker));
            self.is_running.store(false, Ordering::SeqCst);
            if polled.is_pending() && !is_woken.load(Ordering::SeqCst) {
                self.times.send_modify(|times| *times += 1);
            }
            polled
        })
        .await
    }

    /// Waits until the resolvers wait, of which one asks this now.
    pub fn next(&self) -> impl Future<Output = ()> + Send + use<> {
        let is_running = self.is_running.load(Ordering::SeqCst);
        let mut times = self.times.subscribe();
        async move {
            if is_running {
                // Whether they wait, are gone, or take too long: what was asked so far is read.
                drop(timeout(Duration::from_millis(WAIT_MS_MAX), times.changed()).await);
            } else {
                sleep(Duration::from_millis(UNWATCHED_MS)).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::task::Poll;

    use tokio::sync::oneshot;

    use super::*;

    /// Lets others run, as a long list does between its items.
    async fn others_run() {
        let mut is_first = true;
        poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }

    /// Resolvers that ask twice, and let others run in between: the answer comes when they wait for it, not earlier.
    #[tokio::test]
    async fn a_loader_waits_until_all_resolvers_wait() {
        let idle = Idle::default();
        let told: Arc<Mutex<Vec<usize>>> = Arc::default();
        let resolvers = async {
            for asked in 1..=2 {
                let (answer, answered) = oneshot::channel();
                let (waiting, told) = (idle.next(), told.clone());
                let seen = told.clone();
                tokio::spawn(async move {
                    waiting.await;
                    told.lock().unwrap().push(asked);
                    answer.send(()).unwrap();
                });
                for _ in 0..50 {
                    others_run().await;
                    assert_eq!(seen.lock().unwrap().len(), asked - 1, "it was read too early");
                }
                answered.await.unwrap();
            }
        };
        idle.watch(resolvers).await;
        assert_eq!(*told.lock().unwrap(), [1, 2]);
    }

    #[tokio::test]
    async fn a_loader_goes_on_where_nobody_watches_and_when_the_resolvers_are_gone() {
        let idle = Idle::default();
        idle.next().await;
        let waiting = idle.watch(poll_fn(|_| Poll::Ready(idle.next()))).await;
        drop(idle);
        waiting.await;
    }
}
