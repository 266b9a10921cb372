//! What heartbeats say without an event: kept in memory, laid over the rows that are shown. Never in the log.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use orrery_protocol::{Timestamp, Workspace, WorkspaceId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Vitals {
    pub last_heartbeat_at: Timestamp,
    pub error_rate: f64,
    pub sample_error: Option<String>,
    pub uptime_seconds: u64,
}

/// Everyone's vitals, and when each was last heard by this server's own clock.
pub struct Heard {
    began: Instant,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    vitals: HashMap<WorkspaceId, Vitals>,
    last: HashMap<WorkspaceId, Instant>,
    unsaved: HashSet<WorkspaceId>,
}

impl Heard {
    pub fn new(restored: impl IntoIterator<Item = (WorkspaceId, Vitals)>) -> Self {
        let inner = Inner { vitals: restored.into_iter().collect(), ..Inner::default() };
        Self { began: Instant::now(), inner: Mutex::new(inner) }
    }

    /// A sign of life without numbers: it was provisioned, or it registered.
    pub fn touch(&self, id: &WorkspaceId) {
        self.inner().last.insert(id.clone(), Instant::now());
    }

    pub fn beat(&self, id: &WorkspaceId, vitals: Vitals) {
        let mut inner = self.inner();
        inner.last.insert(id.clone(), Instant::now());
        inner.vitals.insert(id.clone(), vitals);
        inner.unsaved.insert(id.clone());
    }

    /// What other servers heard and saved.
    pub fn learn(&self, saved: Vec<(WorkspaceId, Vitals)>) {
        let mut inner = self.inner();
        for (id, vitals) in saved {
            if !inner.unsaved.contains(&id) && inner.vitals.get(&id) != Some(&vitals) {
                inner.last.insert(id.clone(), Instant::now());
                inner.vitals.insert(id, vitals);
            }
        }
    }

    /// How long nothing was heard. Who was not heard since the server started has been silent since then.
    pub fn silence(&self, id: &WorkspaceId) -> Duration {
        self.inner().last.get(id).unwrap_or(&self.began).elapsed()
    }

    pub fn forget(&self, id: &WorkspaceId) {
        let mut inner = self.inner();
        inner.vitals.remove(id);
        inner.last.remove(id);
        inner.unsaved.remove(id);
    }

    /// What was said since the last call.
    pub fn take_unsaved(&self) -> Vec<(WorkspaceId, Vitals)> {
        let mut inner = self.inner();
        let Inner { vitals, unsaved, .. } = &mut *inner;
        unsaved.drain().filter_map(|id| vitals.get(&id).cloned().map(|vitals| (id, vitals))).collect()
    }

    /// The row as REST shows it.
    pub fn overlay(&self, row: &mut Workspace) {
        if let Some(vitals) = self.inner().vitals.get(&row.id) {
            row.last_error_rate = vitals.error_rate;
            row.last_sample_error = vitals.sample_error.clone();
            row.uptime_seconds = vitals.uptime_seconds;
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
