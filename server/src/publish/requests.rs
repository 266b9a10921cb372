//! The writer's queue: callers put requests in, the writer takes them out in fair order.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Request;
use super::fair::FairQueue;
use super::origin::Origin;

/// How many requests of one workspace may wait.
pub const WAITING_PER_WORKSPACE: usize = 256;

/// The callers' end.
#[derive(Clone)]
pub(crate) struct RequestSender(Arc<Shared>);

/// The writer's end. Who still waits when it is dropped is told that the server is shutting down.
pub(crate) struct RequestReceiver(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Default)]
struct State {
    queue: FairQueue<Origin, Request>,
    is_closed: bool,
}

/// Why a request was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotQueued {
    Closed,
    /// The workspace has too many requests waiting already.
    Full,
}

pub(crate) fn channel() -> (RequestSender, RequestReceiver) {
    let shared = Arc::new(Shared::default());
    (RequestSender(shared.clone()), RequestReceiver(shared))
}

impl RequestSender {
    pub(crate) fn send(&self, request: Request) -> Result<(), NotQueued> {
        let mut state = self.0.lock();
        let origin = &request.billing.origin;
        if state.is_closed {
            return Err(NotQueued::Closed);
        }
        if matches!(origin, Origin::Workspace(_)) && state.queue.waiting(origin) >= WAITING_PER_WORKSPACE {
            return Err(NotQueued::Full);
        }
        state.queue.push(origin.clone(), request);
        drop(state);
        self.0.arrived.notify_one();
        Ok(())
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.lock().is_closed
    }

    /// Returns how many requests are waiting.
    pub(crate) fn waiting(&self) -> usize {
        self.0.lock().queue.len()
    }
}

impl RequestReceiver {
    /// Waits for a request. Returns `false` when the queue is closed and empty. Cancel safe.
    pub(crate) async fn wait(&self) -> bool {
        loop {
            {
                let state = self.0.lock();
                if !state.queue.is_empty() {
                    return true;
                }
                if state.is_closed {
                    return false;
                }
            }
            self.0.arrived.notified().await;
        }
    }

    /// Returns how many requests are waiting.
    pub(crate) fn len(&self) -> usize {
        self.0.lock().queue.len()
    }

    /// Takes up to `most` requests, in fair order.
    pub(crate) fn take(&self, most: usize) -> Vec<Request> {
        let mut state = self.0.lock();
        (0..most).map_while(|_| state.queue.pop()).map(|(_, request)| request).collect()
    }

    /// Puts back, in their order, requests that were taken and not served.
    pub(crate) fn put_back(&self, requests: impl DoubleEndedIterator<Item = Request>) {
        let mut state = self.0.lock();
        for request in requests.rev() {
            state.queue.put_back(request.billing.origin.clone(), request);
        }
    }

    /// Charges a caller for work that was done for it.
    pub(crate) fn charge(&self, origin: &Origin, work: u64) {
        self.0.lock().queue.charge(origin, work);
    }

    /// Takes no more requests; those that wait are still handed out.
    pub(crate) fn close(&self) {
        self.0.lock().is_closed = true;
        self.0.arrived.notify_one();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.lock().is_closed
    }
}

impl Drop for RequestReceiver {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_closed = true;
        // Their callers' answers end with them, outside of the lock.
        let waiting = std::mem::take(&mut state.queue);
        drop(state);
        drop(waiting);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
