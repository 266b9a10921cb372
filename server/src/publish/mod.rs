//! The one door: every event is decided, folded, committed and announced here, in one order. Never a second way in.
//!
//! A decision runs alone, against a state that includes every event before it. Its caller hears the answer after the
//! commit and after the announcement, so it reads its own write.

mod state;
mod published;
mod fair;
mod once;
mod origin;
mod requests;
mod work;
mod writer;
mod recovery;
mod writable;

use std::sync::Arc;
use std::time::{Duration, Instant};

use orrery_protocol::{Event, WorkspaceId};
use tokio::sync::oneshot;

pub use once::Once;
use origin::Billing;
pub use origin::Origin;
pub use published::Published;
pub(crate) use recovery::Recovery;
pub(crate) use requests::RequestReceiver;
pub use requests::WAITING_PER_WORKSPACE;
use requests::{NotQueued, RequestSender, channel};
pub use state::State;
pub use work::{BATCH_BYTES, BATCH_EVENTS};
pub(crate) use writable::Writable;
pub(crate) use writer::Writer;

use crate::auth::Caller;
use crate::error::Refusal;
use crate::limits::Quotas;
use crate::log::{ClaimId, Write};

/// How long a workspace whose requests fill its queue is told to wait.
const FULL_WAIT: Duration = Duration::from_secs(1);

/// What a decision wants: the events in order, the rows that belong to them, and what its caller is told.
#[derive(Debug)]
pub struct Decision<T> {
    pub events: Vec<Event>,
    pub writes: Vec<Write>,
    pub answer: T,
}

#[derive(Clone)]
pub struct Door {
    requests: RequestSender,
    quotas: Arc<Quotas>,
    billing: Billing,
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

impl Lookups {
    fn and(mut self, more: &Self) -> Self {
        self.keys.extend_from_slice(&more.keys);
        self.claims.extend_from_slice(&more.claims);
        self.tokens.extend_from_slice(&more.tokens);
        self
    }
}

pub(crate) struct Request {
    lookups: Lookups,
    billing: Billing,
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

    fn is_empty(&self) -> bool {
        self.events.is_empty() && self.writes.is_empty()
    }
}

impl Door {
    pub(crate) fn new(quotas: Arc<Quotas>) -> (Self, RequestReceiver, Writable) {
        let (requests, receiver) = channel();
        let (writable, failure) = Writable::new();
        (Self { requests, quotas, billing: Billing::server(), failure }, receiver, writable)
    }

    /// Returns a handle for a call about a workspace: it takes that workspace's turn, or that of the workspace the caller
    /// says it is. Only who is or says it is a workspace has a quota.
    pub fn for_workspace(&self, caller: &Caller, subject: &WorkspaceId) -> Self {
        let own = caller.workspace();
        let quotas = own.is_some().then(|| self.quotas.clone());
        let origin = Origin::Workspace(own.unwrap_or_else(|| subject.clone()));
        Self { billing: Billing { origin, quotas }, ..self.clone() }
    }

    /// Returns a handle for an operator's call, which takes the operators' turn.
    pub fn for_operator(&self) -> Self {
        Self { billing: Billing { origin: Origin::Operator, quotas: None }, ..self.clone() }
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
        let billing = self.billing.clone();
        let decide = move |state: &State| {
            let decision = decide(state)?;
            match billing.metered() {
                Some((quotas, id)) if !decision.is_empty() => quotas.check(id, Instant::now()).map(|()| decision),
                _ => Ok(decision),
            }
        };
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
        let full = || Refusal::TooMany { what: "too many requests of this workspace wait".into(), wait: FULL_WAIT };
        self.requests.send(Request { lookups, billing: self.billing.clone(), decide }).map_err(
            |error| match error {
                NotQueued::Closed => closed(),
                NotQueued::Full => full(),
            },
        )?;
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
        self.requests.waiting()
    }
}
