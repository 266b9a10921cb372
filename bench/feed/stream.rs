//! What was said lately, for sockets to read at their own pace. Never a socket.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use orrery_protocol::{Seq, WorkspaceId};
use tokio::sync::watch;

use crate::fleet::Fleet;

pub const EPOCH: &str = "bench";
/// Who is further behind takes a snapshot.
const KEPT: usize = 200_000;

pub struct Stream {
    said: Mutex<Said>,
    pub head: watch::Sender<Seq>,
    /// Counts up to close every socket.
    pub dropped: watch::Sender<u64>,
}

pub struct Said {
    pub fleet: Fleet,
    frames: VecDeque<Bytes>,
}

impl Stream {
    pub fn new(fleet: Fleet) -> Self {
        let head = watch::Sender::new(fleet.canvas.seq());
        Self { said: Mutex::new(Said { fleet, frames: VecDeque::new() }), head, dropped: watch::Sender::new(0) }
    }

    pub fn say(&self, count: usize, among: &[WorkspaceId]) {
        let mut said = self.lock();
        for _ in 0..count {
            let frame = said.fleet.happen(among).to_json();
            said.frames.push_back(frame.into());
            if said.frames.len() > KEPT {
                said.frames.pop_front();
            }
        }
        let head = said.head();
        drop(said);
        self.head.send_replace(head);
    }

    pub fn lock(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Said {
    pub fn head(&self) -> Seq {
        self.fleet.canvas.seq()
    }

    /// The first event that is still kept.
    pub fn oldest(&self) -> Seq {
        self.head() + 1 - self.frames.len() as Seq
    }

    /// Up to `limit` frames after this event; `None` when they are not kept any more.
    pub fn after(&self, seq: Seq, limit: usize) -> Option<Vec<Bytes>> {
        let skipped = (seq + 1).checked_sub(self.oldest()).filter(|_| seq <= self.head())?;
        Some(self.frames.iter().skip(skipped as usize).take(limit).cloned().collect())
    }
}
