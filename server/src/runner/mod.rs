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
mod words;
pub mod timeline;

pub(crate) use start::take_up;
pub use start::{begin, restored, resume};
pub(crate) use words::hear_words;
pub use words::{Word, say};

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    active: Mutex<HashMap<ExecutionId, mpsc::Sender<(Message, Answer)>>>,
    /// Words of other servers that are being passed on.
    hearing: Mutex<HashSet<Arc<str>>>,
    one_ended: Notify,
}

/// What a person says to an execution.
pub(crate) struct Message {
    pub word: Word,
    /// The key of a word that was said to another server: it is answered in the log, together with what it did.
    pub heard_as: Option<Arc<str>>,
}

type Inbox = mpsc::Receiver<(Message, Answer)>;
type Answer = oneshot::Sender<Result<(), Refusal>>;

impl Message {
    fn of(word: Word) -> Self {
        Self { word, heard_as: None }
    }
}

impl Runner {
    pub fn new() -> Self {
        let client = || reqwest::Client::builder().connect_timeout(Duration::from_secs(10));
        // Without the system's certificates https fails, call by call; everything else goes on.
        let http = client().build().unwrap_or_else(|error| {
            tracing::warn!(%error, "the system's certificates cannot be read: no https for steps and agents");
            let bare = client().tls_built_in_root_certs(false).build();
            bare.expect("a client without certificates has nothing to read")
        });
        Self { http, active: Mutex::default(), hearing: Mutex::default(), one_ended: Notify::new() }
    }

    pub fn running(&self) -> usize {
        self.lock().len()
    }

    /// Says something and waits until it is done and written. `None`: it does not run here, or no longer.
    async fn tell(&self, id: &ExecutionId, message: Message) -> Option<Result<(), Refusal>> {
        let to = self.lock().get(id).cloned()?;
        let (answer, answered) = oneshot::channel();
        to.send((message, answer)).await.ok()?;
        answered.await.ok()
    }

    /// A place for one more.
    fn enter(&self, id: &ExecutionId) -> Result<Inbox, Refusal> {
        if self.running() >= MOST {
            return Err(Refusal::Unavailable(format!("{MOST} executions run already: try again later")));
        }
        Ok(self.enter_anyway(id))
    }

    /// What was begun elsewhere or before must go on.
    fn enter_anyway(&self, id: &ExecutionId) -> Inbox {
        let (to, inbox) = mpsc::channel(WAITING);
        self.lock().insert(id.clone(), to);
        inbox
    }

    fn leave(&self, id: &ExecutionId, inbox: Inbox) {
        drop(inbox);
        let mut active = self.lock();
        // It may have been taken up again meanwhile.
        if active.get(id).is_some_and(mpsc::Sender::is_closed) {
            active.remove(id);
        }
        self.one_ended.notify_waiters();
    }

    /// `false`: it is being passed on already.
    fn begins_to_hear(&self, word: &Arc<str>) -> bool {
        self.hearing.lock().unwrap_or_else(PoisonError::into_inner).insert(word.clone())
    }

    fn has_heard(&self, word: &str) {
        self.hearing.lock().unwrap_or_else(PoisonError::into_inner).remove(word);
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

    fn lock(&self) -> MutexGuard<'_, HashMap<ExecutionId, mpsc::Sender<(Message, Answer)>>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Runner {
    fn default() -> Self {
        Self::new()
    }
}
