//! Executes workflows and tasks. The rules are pure (`condition`, `definition`, `execution`); the edge around them runs
//! the steps and publishes. Never appends to the log itself: only the door does.

pub mod variables;
pub mod condition;
pub mod definition;
pub mod execution;
mod around;
mod drive;
mod job;
mod place;
mod start;
pub mod timeline;

pub use start::{begin, restored, resume};

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use orrery_protocol::ExecutionId;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::error::Refusal;

/// Executions at once; one more is refused.
const MOST: usize = 2_000;
/// What people may have said to an execution before it has listened.
const WAITING: usize = 16;

/// Those who run, and how to talk to them. What they are is in the log.
pub struct Runner {
    http: reqwest::Client,
    active: Mutex<HashMap<ExecutionId, mpsc::Sender<Message>>>,
    one_ended: Notify,
}

/// What a person says to an execution.
pub(crate) enum Message {
    Decide { step: usize, approved: bool, feedback: Option<String>, answer: Answer },
    Cancel { reason: Option<String>, answer: Answer },
}

type Answer = oneshot::Sender<Result<(), Refusal>>;

impl Runner {
    pub fn new() -> Self {
        let client = || reqwest::Client::builder().connect_timeout(Duration::from_secs(10));
        // Without the system's certificates https fails, call by call; everything else goes on.
        let http = client().build().unwrap_or_else(|error| {
            tracing::warn!(%error, "the system's certificates cannot be read: no https for steps and agents");
            let bare = client().tls_built_in_root_certs(false).build();
            bare.expect("a client without certificates has nothing to read")
        });
        Self { http, active: Mutex::default(), one_ended: Notify::new() }
    }

    /// Does this server run it now?
    pub fn is_running(&self, id: &ExecutionId) -> bool {
        self.lock().contains_key(id)
    }

    pub fn running(&self) -> usize {
        self.lock().len()
    }

    /// Says something and waits until it is done and written.
    pub(crate) async fn say(&self, id: &ExecutionId, message: impl FnOnce(Answer) -> Message) -> Result<(), Refusal> {
        let over = || Refusal::Conflict(format!("the execution {id} is over"));
        let to = self.lock().get(id).cloned().ok_or_else(over)?;
        let (answer, answered) = oneshot::channel();
        to.send(message(answer)).await.map_err(|_| over())?;
        answered.await.map_err(|_| over())?
    }

    /// A place for one more.
    fn enter(&self, id: &ExecutionId) -> Result<mpsc::Receiver<Message>, Refusal> {
        let mut active = self.lock();
        if active.len() >= MOST {
            return Err(Refusal::Unavailable(format!("{MOST} executions run already: try again later")));
        }
        let (to, inbox) = mpsc::channel(WAITING);
        active.insert(id.clone(), to);
        Ok(inbox)
    }

    fn leave(&self, id: &ExecutionId) {
        self.lock().remove(id);
        self.one_ended.notify_waiters();
    }

    /// Returns when nobody runs any more: call it once the server is stopping.
    pub async fn stopped(&self) {
        loop {
            let ended = self.one_ended.notified();
            if self.running() == 0 {
                return;
            }
            // One that ended in between is seen a moment later.
            let _ = tokio::time::timeout(Duration::from_millis(50), ended).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ExecutionId, mpsc::Sender<Message>>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Runner {
    fn default() -> Self {
        Self::new()
    }
}
