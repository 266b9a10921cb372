//! What runs: executions with their steps, runs of tasks, and the agents' states. Never the rules of folding (`reduce`).

use std::collections::HashMap;
use std::sync::Arc;

use orrery_protocol::{AgentId, AgentState, Execution, ExecutionId, Run, RunId, Timestamp, Workspace, WorkspaceId};

use crate::bounded_history::{Age, Aging, BoundedHistory};

#[derive(Debug, Clone, Default)]
pub struct Runs {
    pub(crate) executions: BoundedHistory<ExecutionId, Execution>,
    pub(crate) runs: BoundedHistory<RunId, Run>,
    pub(crate) agents: HashMap<AgentId, Arc<AgentState>>,
    /// The kept executions that have a step in a workspace.
    by_workspace: HashMap<WorkspaceId, Vec<ExecutionId>>,
}

impl Runs {
    /// The state of a snapshot.
    pub fn from_records(
        executions: impl IntoIterator<Item = Execution>,
        runs: impl IntoIterator<Item = Run>,
        agents: impl IntoIterator<Item = AgentState>,
    ) -> Self {
        let mut all = Self::default();
        for mut execution in executions {
            execution.steps.iter_mut().for_each(|step| step.output_data = None);
            all.edit_execution(&execution.execution_id.clone(), |kept| *kept = execution);
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

    /// In no particular order: those that run, and the latest that ended.
    pub fn executions(&self) -> impl Iterator<Item = &Execution> {
        self.executions.iter().map(Arc::as_ref)
    }

    /// The longest running first.
    pub fn running(&self) -> impl Iterator<Item = &Execution> {
        self.executions.running()
    }

    /// The kept executions that have a step in this workspace.
    pub fn executions_in(&self, workspace: &WorkspaceId) -> impl Iterator<Item = &Execution> {
        let ids = self.by_workspace.get(workspace).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.executions.get(id))
    }

    pub fn run(&self, id: &RunId) -> Option<&Run> {
        self.runs.get(id)
    }

    /// The runs that are not over, the longest running first.
    pub fn running_runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.running()
    }

    /// In no particular order: those that run, and the latest that ended.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().map(Arc::as_ref)
    }

    pub fn agents(&self) -> impl Iterator<Item = &AgentState> {
        self.agents.values().map(Arc::as_ref)
    }

    pub fn agent(&self, id: &str) -> Option<&AgentState> {
        self.agents.get(id).map(Arc::as_ref)
    }

    /// The state of the agent that a workspace holds. One without an agent id goes by its workspace's id.
    pub fn agent_in(&self, workspace: &Workspace) -> Option<&AgentState> {
        let agent = workspace.agent.as_ref().and_then(|agent| agent.id.as_ref());
        self.agent(agent.map_or(workspace.id.as_str(), |id| id.as_str()))
    }

    /// Every change of an execution goes through here, so that the index follows it. Returns one that left for it.
    pub(crate) fn edit_execution(
        &mut self,
        id: &ExecutionId,
        change: impl FnOnce(&mut Execution),
    ) -> Option<ExecutionId> {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let new = || Execution::new(id.clone());
        let left = self.executions.edit(id, new, |execution| {
            before = workspaces(execution);
            change(execution);
            after = workspaces(execution);
        });
        for gained in after.iter().filter(|it| !before.contains(it)) {
            self.by_workspace.entry(gained.clone()).or_default().push(id.clone());
        }
        for lost in before.iter().filter(|it| !after.contains(it)) {
            unlist(&mut self.by_workspace, lost, id);
        }
        let (left, record) = left?;
        workspaces(&record).iter().for_each(|workspace| unlist(&mut self.by_workspace, workspace, &left));
        Some(left)
    }

    pub(crate) fn forget_agent(&mut self, workspace: &Workspace) -> Option<AgentId> {
        let id = self.agent_in(workspace)?.agent_id.clone();
        self.agents.remove(&id);
        Some(id)
    }
}

/// Each once.
fn workspaces(execution: &Execution) -> Vec<WorkspaceId> {
    let mut all: Vec<WorkspaceId> = Vec::new();
    for id in execution.steps.iter().filter_map(|step| step.workspace_id.as_ref()) {
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    all
}

fn unlist(index: &mut HashMap<WorkspaceId, Vec<ExecutionId>>, workspace: &WorkspaceId, id: &ExecutionId) {
    if let Some(ids) = index.get_mut(workspace) {
        ids.retain(|it| it != id);
        if ids.is_empty() {
            index.remove(workspace);
        }
    }
}

fn age(over: bool, started: Option<Timestamp>, ended: Option<Timestamp>) -> Age {
    if over { Age::EndedAt(ended) } else { Age::RunningSince(started) }
}

impl Aging for Execution {
    fn age(&self) -> Age {
        age(self.status.is_terminal(), self.started_at, self.completed_at)
    }
}

impl Aging for Run {
    fn age(&self) -> Age {
        age(self.status.is_terminal(), self.started_at, self.completed_at)
    }
}
