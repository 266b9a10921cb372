//! Executes workflows and tasks. The rules are pure (`condition`, `definition`, `execution`); the edge around them runs
//! the steps and publishes. Never appends to the log itself: only the door does.

pub mod limits;
pub mod size;
pub mod variables;
pub mod condition;
pub mod definition;
pub mod execution;
pub(crate) mod agent_call;
mod answer;
mod around;
mod card;
mod commit;
mod drive;
mod failure;
mod job;
mod place;
mod resume;
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
use limits::RunnerLimits;

/// What people may have said to an execution before it has listened.
const WAITING: usize = 16;

/// Those who run, and how to talk to them. What they are is in the log.
pub struct Runner {
    limits: RunnerLimits,
    active: Mutex<HashMap<ExecutionId, Active>>,
    /// Held while an execution is resumed that did not come through its last resumption.
    cautious: tokio::sync::Mutex<()>,
    /// Words of other servers that are being passed on.
    hearing: Mutex<HashSet<Arc<str>>>,
    one_ended: Notify,
}

/// An execution that runs here.
struct Active {
    mailbox: mpsc::Sender<(Message, Answer)>,
    /// How many of its steps only wait.
    waits: usize,
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
    pub fn new(limits: RunnerLimits) -> Self {
        let (active, hearing) = (Mutex::default(), Mutex::default());
        Self { limits, active, cautious: Default::default(), hearing, one_ended: Notify::new() }
    }

    pub fn running(&self) -> usize {
        self.lock().len()
    }

    /// Says something and waits until it is done and written. `None`: it does not run here, or no longer.
    async fn tell(&self, id: &ExecutionId, message: Message) -> Option<Result<(), Refusal>> {
        let to = self.lock().get(id)?.mailbox.clone();
        let (answer, answered) = oneshot::channel();
        to.send((message, answer)).await.ok()?;
        answered.await.ok()
    }

    /// Registers an execution that is about to begin, with this many steps that wait.
    fn enter(&self, id: &ExecutionId, waits: usize) -> Result<Inbox, Refusal> {
        let mut active = self.lock();
        let waiting = active.values().map(|active| active.waits).sum::<usize>() + waits;
        self.limits.check(active.len() + 1, waiting)?;
        Ok(insert(&mut active, id, waits))
    }

    /// Registers an execution that was begun elsewhere or before: it must go on.
    fn enter_anyway(&self, id: &ExecutionId, waits: usize) -> Inbox {
        insert(&mut self.lock(), id, waits)
    }

    fn set_waits(&self, id: &ExecutionId, waits: usize) {
        if let Some(active) = self.lock().get_mut(id) {
            active.waits = waits;
        }
    }

    fn leave(&self, id: &ExecutionId, inbox: Inbox) {
        drop(inbox);
        let mut active = self.lock();
        // It may have been taken up again meanwhile.
        if active.get(id).is_some_and(|active| active.mailbox.is_closed()) {
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

    fn lock(&self) -> MutexGuard<'_, HashMap<ExecutionId, Active>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn insert(active: &mut HashMap<ExecutionId, Active>, id: &ExecutionId, waits: usize) -> Inbox {
    let (mailbox, inbox) = mpsc::channel(WAITING);
    active.insert(id.clone(), Active { mailbox, waits });
    inbox
}
