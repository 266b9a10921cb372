//! The one door: every event is decided, folded, committed and announced here, in one order. Never a second way in.
//!
//! A decision runs alone, against a state that includes every event before it. Its caller hears the answer after the
//! commit and after the announcement, so it reads its own write.

mod state;
mod published;
mod writer;
mod recovery;
mod writable;

use std::sync::Arc;

use orrery_protocol::{Event, WorkspaceId};
use tokio::sync::{mpsc, oneshot};

pub use published::Published;
pub(crate) use recovery::Recovery;
pub use state::State;
pub(crate) use writable::Writable;
pub(crate) use writer::Writer;

use crate::error::Refusal;
use crate::log::{ClaimId, Write};

/// How many callers may wait for the writer; the next one waits to be let in.
const WAITING: usize = 4096;

/// What a decision wants: the events in order, the rows that belong to them, and what its caller is told.
#[derive(Debug)]
pub struct Decision<T> {
    pub events: Vec<Event>,
    pub writes: Vec<Write>,
    pub answer: T,
}

#[derive(Clone)]
pub struct Door {
    requests: mpsc::Sender<Request>,
    failure: writable::WriteFailure,
}

/// What a decision needs to know that only the log says, read in the transaction that the decision is written in.
#[derive(Debug, Default)]
pub struct Lookups {
    /// Keys of events of other systems: `State::taken_in` says which of them were taken in already.
    pub keys: Vec<String>,
    /// Ids of run events: `State::claims` says whom they belong to.
    pub claims: Vec<ClaimId>,
    /// `State::with_token` says which of these workspaces have a token.
    pub tokens: Vec<WorkspaceId>,
}

pub(crate) struct Request {
    lookups: Lookups,
    /// Runs once in the writer: looks at the state, and says what to do and whom to tell.
    decide: Box<dyn FnOnce(&State) -> Step + Send>,
}

pub(crate) struct Step {
    events: Vec<Event>,
    writes: Vec<Write>,
    settle: Settle,
}

/// Told once: it is in the log, or why not.
pub(crate) type Settle = Box<dyn FnOnce(Result<(), Refusal>) + Send>;

impl<T> Decision<T> {
    pub fn nothing(answer: T) -> Self {
        Self { events: Vec::new(), writes: Vec::new(), answer }
    }

    pub fn events(events: Vec<Event>, answer: T) -> Self {
        Self { events, writes: Vec::new(), answer }
    }
}

impl Door {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Request>, Writable) {
        let (requests, receiver) = mpsc::channel(WAITING);
        let (writable, failure) = Writable::new();
        (Self { requests, failure }, receiver, writable)
    }

    /// Decides, commits and announces; answers when all of it is done.
    pub async fn publish<T: Send + 'static>(
        &self,
        decide: impl FnOnce(&State) -> Result<Decision<T>, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.publish_with(Lookups::default(), decide).await
    }

    /// The same for a decision that needs to know more than the state (see `Lookups`).
    pub async fn publish_with<T: Send + 'static>(
        &self,
        lookups: Lookups,
        decide: impl FnOnce(&State) -> Result<Decision<T>, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (settled, answer) = oneshot::channel();
        let decide = Box::new(move |state: &State| match decide(state) {
            Ok(Decision { events, writes, answer }) => {
                let settle = move |result: Result<(), Refusal>| {
                    // A caller that went away is not waiting; its events stand.
                    let _ = settled.send(result.map(|()| answer));
                };
                Step { events, writes, settle: Box::new(settle) }
            }
            Err(refusal) => {
                // The refusal may rest on an event that is not committed yet.
                let settle = move |result: Result<(), Refusal>| {
                    let _ = settled.send(Err(result.err().unwrap_or(refusal)));
                };
                Step { events: Vec::new(), writes: Vec::new(), settle: Box::new(settle) }
            }
        });
        let closed = || Refusal::Unavailable("the server is shutting down".into());
        self.requests.send(Request { lookups, decide }).await.map_err(|_| closed())?;
        // A writer that ends with this in hand is gone; otherwise the decision panicked.
        answer.await.unwrap_or_else(|_| Err(if self.is_open() { Refusal::Internal } else { closed() }))
    }

    /// Is the writer there?
    pub fn is_open(&self) -> bool {
        !self.requests.is_closed()
    }

    /// Why the log cannot be written, if the last attempt failed.
    pub fn write_failure(&self) -> Option<Arc<str>> {
        self.failure.get()
    }

    /// How many callers are waiting.
    pub fn waiting(&self) -> usize {
        self.requests.max_capacity() - self.requests.capacity()
    }
}
