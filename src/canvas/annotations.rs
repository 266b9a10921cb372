//! What cards show besides the state of the workspaces: overdue heartbeats, and what led to a problem.

use std::collections::HashMap;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

/// Written by modules that are loaded after the first picture; read by the cards. Cheap to copy.
#[derive(Clone, Copy)]
pub struct NodeAnnotations {
    /// For how long each overdue agent has sent no heartbeat, in words.
    overdue: RwSignal<HashMap<WorkspaceId, String>>,
    causes: RwSignal<HashMap<WorkspaceId, Cause>>,
}

/// What led to a failure or a degradation.
#[derive(Debug, Clone, PartialEq)]
struct Cause {
    /// Since when the status has held, in milliseconds since 1970: a later problem has another cause.
    status_since: i64,
    summary: String,
}

impl NodeAnnotations {
    pub(super) fn new() -> Self {
        Self { overdue: RwSignal::new(HashMap::new()), causes: RwSignal::new(HashMap::new()) }
    }

    /// Returns for how long an agent has sent no heartbeat, or None if it is not overdue. Reactive.
    pub(super) fn overdue(self, id: &WorkspaceId) -> Option<String> {
        self.overdue.with(|overdue| overdue.get(id).cloned())
    }

    /// Returns what led to the problem that a workspace has had since `status_since`, once that is known. Reactive.
    pub(super) fn cause(self, id: &WorkspaceId, status_since: i64) -> Option<String> {
        let is_current = |cause: &&Cause| cause.status_since == status_since;
        self.causes.with(|causes| causes.get(id).filter(is_current).map(|cause| cause.summary.clone()))
    }

    pub(super) fn set_overdue(self, overdue: HashMap<WorkspaceId, String>) {
        if self.overdue.with_untracked(|before| *before != overdue) {
            self.overdue.set(overdue);
        }
    }

    /// Sets what led to the problem that a workspace has had since `status_since`, in milliseconds since 1970.
    pub fn set_cause(self, id: WorkspaceId, status_since: i64, summary: String) {
        self.causes.update(|causes| drop(causes.insert(id, Cause { status_since, summary })));
    }

    /// Forgets all causes. Cards that show one keep it until they change.
    pub fn clear_causes(self) {
        self.causes.update_untracked(HashMap::clear);
    }
}
