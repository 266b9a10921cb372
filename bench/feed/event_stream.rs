//! The latest events, encoded, for each socket to read at its own pace.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use orrery_protocol::{Seq, WorkspaceId};
use tokio::sync::watch;

use crate::fleet::Fleet;

pub const EPOCH: &str = "bench";
/// Events that a socket can resume from; further back, it needs a snapshot.
const RETAINED_EVENTS: usize = 200_000;

pub struct EventStream {
    history: Mutex<History>,
    pub head: watch::Sender<Seq>,
    /// Incremented to close every socket.
    pub dropped: watch::Sender<u64>,
}

/// The workspaces, and the latest events about them.
pub struct History {
    pub fleet: Fleet,
    frames: VecDeque<Bytes>,
}

impl EventStream {
    pub fn new(fleet: Fleet) -> Self {
        let head = watch::Sender::new(fleet.canvas.seq());
        Self { history: Mutex::new(History { fleet, frames: VecDeque::new() }), head, dropped: watch::Sender::new(0) }
    }

    /// Publishes this many new events, about these workspaces or about all.
    pub fn publish(&self, count: usize, among: &[WorkspaceId]) {
        let mut history = self.lock();
        for _ in 0..count {
            let frame = history.fleet.next_event(among).write();
            history.frames.push_back(frame.into());
            if history.frames.len() > RETAINED_EVENTS {
                history.frames.pop_front();
            }
        }
        let head = history.head();
        drop(history);
        self.head.send_replace(head);
    }

    pub fn lock(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl History {
    pub fn head(&self) -> Seq {
        self.fleet.canvas.seq()
    }

    /// Returns the sequence number of the first retained event.
    pub fn oldest(&self) -> Seq {
        self.head() + 1 - self.frames.len() as Seq
    }

    /// Returns up to `limit` frames after this event, or `None` when they are no longer retained.
    pub fn frames_after(&self, seq: Seq, limit: usize) -> Option<Vec<Bytes>> {
        let skipped = (seq + 1).checked_sub(self.oldest()).filter(|_| seq <= self.head())?;
        Some(self.frames.iter().skip(skipped as usize).take(limit).cloned().collect())
    }
}
