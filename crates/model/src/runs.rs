//! Executions with their steps, runs of tasks, and the states of agents. `reduce` applies the events.

use std::collections::HashMap;
use std::sync::Arc;

use orrery_protocol::{AgentId, AgentState, Execution, ExecutionId, Run, RunId, Timestamp, Workspace, WorkspaceId};

use crate::bounded_history::{Age, Aging, BoundedHistory};

/// What is running, and the latest that ended.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    pub(crate) executions: BoundedHistory<ExecutionId, Execution>,
    pub(crate) runs: BoundedHistory<RunId, Run>,
    pub(crate) agents: HashMap<AgentId, Arc<AgentState>>,
    /// Executions that have a step in a workspace.
    by_workspace: HashMap<WorkspaceId, Vec<ExecutionId>>,
}

impl Runs {
    /// Returns the state of a snapshot with these records. Outputs of steps are left out.
    pub fn from_records(
        executions: impl IntoIterator<Item = Execution>,
        runs: impl IntoIterator<Item = Run>,
        agents: impl IntoIterator<Item = AgentState>,
    ) -> Self {
        let mut all = Self::default();
        for mut execution in executions {
            execution.steps.iter_mut().for_each(|step| step.output_data = None);
            all.edit_execution(&execution.execution_id.clone(), |record| *record = execution);
        }
        for run in runs {
            all.runs.edit(&run.run_id.clone(), || run.clone(), |_| {});
        }
        all.agents = agents.into_iter().map(|agent| (agent.agent_id.clone(), Arc::new(agent))).collect();
        all
    }

    pub fn execution(&self, id: &ExecutionId) -> Option<&Execution> {
        self.executions.get(id)
    }

    /// Iterates over the running and the latest ended executions, in no particular order.
    pub fn executions(&self) -> impl Iterator<Item = &Execution> {
        self.executions.iter().map(Arc::as_ref)
    }

    /// Iterates over the running executions, the longest running first.
    pub fn running(&self) -> impl Iterator<Item = &Execution> {
        self.executions.running()
    }

    /// Iterates over the executions that have a step in a workspace, in no particular order.
    pub fn executions_in(&self, workspace: &WorkspaceId) -> impl Iterator<Item = &Execution> {
        let ids = self.by_workspace.get(workspace).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.executions.get(id))
    }

    pub fn run(&self, id: &RunId) -> Option<&Run> {
        self.runs.get(id)
    }

    /// Iterates over the runs that have not ended, the longest running first.
    pub fn running_runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.running()
    }

    /// Iterates over the running and the latest ended runs, in no particular order.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().map(Arc::as_ref)
    }

    pub fn agents(&self) -> impl Iterator<Item = &AgentState> {
        self.agents.values().map(Arc::as_ref)
    }

    pub fn agent(&self, id: &str) -> Option<&AgentState> {
        self.agents.get(id).map(Arc::as_ref)
    }

    /// Returns the state of a workspace's agent. An agent without an id is found by the id of its workspace.
    pub fn agent_in(&self, workspace: &Workspace) -> Option<&AgentState> {
        let agent = workspace.agent.as_ref().and_then(|agent| agent.id.as_ref());
        self.agent(agent.map_or(workspace.id.as_str(), |id| id.as_str()))
    }

    /// Changes an execution, which is created if there is none, and updates the index by workspace. Returns the id of the execution
    /// that was evicted, if any.
    pub(crate) fn edit_execution(
        &mut self,
        id: &ExecutionId,
        change: impl FnOnce(&mut Execution),
    ) -> Option<ExecutionId> {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let new = || Execution::new(id.clone());
        let evicted = self.executions.edit(id, new, |execution| {
            before = workspaces_of(execution);
            change(execution);
            after = workspaces_of(execution);
        });
        for added in after.iter().filter(|it| !before.contains(it)) {
            self.by_workspace.entry(added.clone()).or_default().push(id.clone());
        }
        for removed in before.iter().filter(|it| !after.contains(it)) {
            remove_from_index(&mut self.by_workspace, removed, id);
        }
        let (evicted, record) = evicted?;
        workspaces_of(&record)
            .iter()
            .for_each(|workspace| remove_from_index(&mut self.by_workspace, workspace, &evicted));
        Some(evicted)
    }

    /// Removes the state of a workspace's agent and returns the id of the agent.
    pub(crate) fn remove_agent_of(&mut self, workspace: &Workspace) -> Option<AgentId> {
        let id = self.agent_in(workspace)?.agent_id.clone();
        self.agents.remove(&id);
        Some(id)
    }
}

/// Returns the workspaces of the steps, each once.
fn workspaces_of(execution: &Execution) -> Vec<WorkspaceId> {
    let mut all: Vec<WorkspaceId> = Vec::new();
    for id in execution.steps.iter().filter_map(|step| step.workspace_id.as_ref()) {
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    all
}

fn remove_from_index(index: &mut HashMap<WorkspaceId, Vec<ExecutionId>>, workspace: &WorkspaceId, id: &ExecutionId) {
    if let Some(ids) = index.get_mut(workspace) {
        ids.retain(|listed| listed != id);
        if ids.is_empty() {
            index.remove(workspace);
        }
    }
}

fn age_of(is_terminal: bool, started: Option<Timestamp>, ended: Option<Timestamp>) -> Age {
    if is_terminal { Age::EndedAt(ended) } else { Age::RunningSince(started) }
}

impl Aging for Execution {
    fn age(&self) -> Age {
        age_of(self.status.is_terminal(), self.started_at, self.completed_at)
    }
}

impl Aging for Run {
    fn age(&self) -> Age {
        age_of(self.status.is_terminal(), self.started_at, self.completed_at)
    }
}
