//! The executions, looked up in what the page has folded: by id, or the newest first. Never asks the server.

use leptos::prelude::*;
use orrery_protocol::{Execution, ExecutionId, RunStatus, Timestamp, WorkspaceId};

use super::looks;
use crate::fleet::Fleet;
use crate::live::Live;

/// Given to the page by context; cheap to copy. What it answers is tracked: it is asked again when something changed.
#[derive(Clone, Copy)]
pub struct Ledger {
    fleet: StoredValue<Fleet, LocalStorage>,
    changed: ReadSignal<u64>,
}

/// One execution in a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Row {
    pub name: String,
    pub status: RunStatus,
    pub progress: String,
    /// Of the meter, in CSS.
    pub part: String,
    /// Milliseconds since 1970.
    pub started: Option<i64>,
    /// Milliseconds; none while it runs.
    pub took: Option<i64>,
    pub cause: Option<String>,
}

impl Ledger {
    pub fn new(fleet: StoredValue<Fleet, LocalStorage>, live: Live) -> Self {
        Self { fleet, changed: live.runs }
    }

    pub fn execution(&self, id: &ExecutionId) -> Option<Execution> {
        self.changed.track();
        self.fleet.with_value(|fleet| fleet.canvas().runs().execution(id).cloned())
    }

    /// The newest first; those of one workspace, or all.
    pub fn newest(&self, of: Option<&WorkspaceId>, most: usize, wanted: fn(&RunStatus) -> bool) -> Vec<ExecutionId> {
        self.changed.track();
        self.fleet.with_value(|fleet| {
            let runs = fleet.canvas().runs();
            let mut newest: Vec<&Execution> = Vec::new();
            let mut keep = |it| {
                let place = newest.partition_point(|kept| age(kept) > age(it));
                if place < most && wanted(&looks::standing(it)) {
                    newest.insert(place, it);
                    newest.truncate(most);
                }
            };
            match of {
                Some(workspace) => runs.executions_in(workspace).for_each(&mut keep),
                None => runs.executions().for_each(&mut keep),
            }
            newest.into_iter().map(|it| it.execution_id.clone()).collect()
        })
    }

    /// How many run in the whole fleet, and how many of those wait for a person.
    pub(super) fn running(&self) -> (usize, usize) {
        self.changed.track();
        self.fleet.with_value(|fleet| {
            let running = fleet.canvas().runs().running();
            running.fold((0, 0), |(running, waiting), it| {
                let waits = looks::standing(it) == RunStatus::WaitingApproval;
                (running + 1, waiting + usize::from(waits))
            })
        })
    }

    pub(super) fn row(&self, id: &ExecutionId) -> Row {
        self.changed.track();
        self.fleet.with_value(|fleet| fleet.canvas().runs().execution(id).map(looks::row).unwrap_or_default())
    }
}

/// Of two that began together, the ids tell: no list may change its order by itself.
fn age(it: &Execution) -> (Option<Timestamp>, &ExecutionId) {
    (it.started_at, &it.execution_id)
}
