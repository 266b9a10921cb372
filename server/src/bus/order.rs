//! Brings events that come from several sides into the order of the log, each once. Never waits for a missing one.

use std::sync::{Arc, Mutex, PoisonError};

use orrery_protocol::{Event, Seq, WorkspaceChange};

use crate::hub::Hub;
use crate::liveness::Heard;
use crate::log::Restored;
use crate::publish::Published;

/// The only one that feeds the hub of a server among several.
pub(crate) struct Order {
    hub: Arc<Hub>,
    heard: Arc<Heard>,
    /// The last event delivered.
    last: Mutex<Seq>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offered {
    Delivered,
    /// It was delivered before, from another side.
    Known,
    /// Some before it are missing.
    TooEarly,
}

impl Order {
    pub(crate) fn new(hub: Arc<Hub>, heard: Arc<Heard>, last: Seq) -> Self {
        Self { hub, heard, last: Mutex::new(last) }
    }

    pub(crate) fn offer(&self, published: Arc<Published>) -> Offered {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match published.seq {
            seq if seq <= *last => Offered::Known,
            seq if seq > *last + 1 => Offered::TooEarly,
            seq => {
                *last = seq;
                self.notice(&published.event);
                self.hub.deliver([published]);
                Offered::Delivered
            }
        }
    }

    /// What one commit made, for the hub at once.
    pub(crate) fn offer_all(&self, batch: &[Arc<Published>]) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = Vec::with_capacity(batch.len());
        for published in batch {
            // What is there already is passed over; what comes too early is read from the log with what is missing.
            if published.seq != *last + 1 {
                continue;
            }
            *last = published.seq;
            self.notice(&published.event);
            next.push(published.clone());
        }
        self.hub.deliver(next);
    }

    /// Whoever is brought up or comes back on another server is alive here too.
    fn notice(&self, event: &Event) {
        let Event::Workspace(event) = event else { return };
        match event.change {
            WorkspaceChange::Provisioning(_) | WorkspaceChange::Online { .. } => self.heard.touch(&event.workspace_id),
            WorkspaceChange::Removed { .. } => self.heard.forget(&event.workspace_id),
            _ => {}
        }
    }

    /// What was missed cannot be had any more: goes on from the state that the log has.
    pub(crate) fn begin_anew(&self, restored: &Restored) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if restored.head <= *last {
            return;
        }
        *last = restored.head;
        // Who was brought up meanwhile was alive at a time that nobody here knows.
        restored.rows.iter().for_each(|row| self.heard.touch(&row.id));
        restored.removed.iter().for_each(|id| self.heard.forget(id));
        self.hub.begin_anew(restored.canvas(), restored.oldest);
    }

    pub(crate) fn last(&self) -> Seq {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.hub
    }
}
