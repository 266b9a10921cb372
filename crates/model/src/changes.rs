//! What a fold touched, so that a screen or a table can follow without looking at everything. Never the state itself.

use orrery_protocol::{AgentId, ExecutionId, RunId, WorkspaceId};

use crate::canvas::Slot;

/// Collected over one or many events. A slot may stand in several lists: follow `removed`, then `added`, then `updated`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    pub removed: Vec<(Slot, WorkspaceId)>,
    pub added: Vec<Slot>,
    /// May name a slot more than once, and one that was removed later.
    pub updated: Vec<Slot>,
    /// Something entered, left, changed its parent or its place: the arrangement on the canvas is out of date.
    pub arrangement: bool,
    /// Changed, or gone from those that are kept; so are `runs` and `agents`. May name one more than once.
    pub executions: Vec<ExecutionId>,
    pub runs: Vec<RunId>,
    pub agents: Vec<AgentId>,
    /// Workspaces whose record is as before, but what runs in them or their agent's state is not. May name one twice.
    pub marked: Vec<Slot>,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        let Self { removed, added, updated, arrangement: _, executions, runs, agents, marked: _ } = self;
        let workspaces = removed.is_empty() && added.is_empty() && updated.is_empty();
        workspaces && executions.is_empty() && runs.is_empty() && agents.is_empty()
    }

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
