//! The records that events changed, so that a screen or a table follows without comparing whole states.

use orrery_protocol::{AgentId, ExecutionId, RunId, WorkspaceId};

use crate::slot::Slot;

/// Changes of one or more events. A slot may be in several lists: follow `removed` first, then `added`, then `updated`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    pub removed: Vec<(Slot, WorkspaceId)>,
    pub added: Vec<Slot>,
    /// May contain a slot more than once, and one that was removed later.
    pub updated: Vec<Slot>,
    /// True if a workspace was added, removed, moved or given another parent: the layout of the canvas is out of date.
    pub arrangement: bool,
    /// Executions that changed or are no longer in the history; likewise `runs` and `agents`. May contain an id more than once.
    pub executions: Vec<ExecutionId>,
    pub runs: Vec<RunId>,
    pub agents: Vec<AgentId>,
    /// Workspaces with an unchanged record whose executions, runs or agent state changed. May contain a slot more than once.
    pub marked: Vec<Slot>,
}

impl Changes {
    /// Returns whether no record changed.
    pub fn is_empty(&self) -> bool {
        let Self { removed, added, updated, arrangement: _, executions, runs, agents, marked: _ } = self;
        let workspaces = removed.is_empty() && added.is_empty() && updated.is_empty();
        workspaces && executions.is_empty() && runs.is_empty() && agents.is_empty()
    }

    /// Empties all lists and retains their memory.
    pub fn clear(&mut self) {
        let Self { removed, added, updated, arrangement, executions, runs, agents, marked } = self;
        removed.clear();
        added.clear();
        updated.clear();
        *arrangement = false;
        executions.clear();
        runs.clear();
        agents.clear();
        marked.clear();
    }
}
