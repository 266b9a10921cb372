//! Snapshot of the state at one place of the log, and the hash that tells whether two states are equal.

use std::sync::Arc;

use orrery_protocol::{AgentState, Execution, Run, Seq, Workspace};

use crate::canvas::Canvas;
use crate::digest::Digest;

/// The state at `seq`, unchanged while the canvas applies further events. Its records are shared with the canvas, so taking one
/// copies a pointer for each record. The records are in no particular order.
#[derive(Debug, Clone)]
pub struct StateSnapshot {
    pub seq: Seq,
    pub workspaces: Vec<Arc<Workspace>>,
    pub executions: Vec<Arc<Execution>>,
    pub runs: Vec<Arc<Run>>,
    pub agents: Vec<Arc<AgentState>>,
}

impl Canvas {
    /// Returns a snapshot of the current state.
    pub fn snapshot(&self) -> StateSnapshot {
        let mut workspaces = Vec::with_capacity(self.len());
        workspaces.extend(self.records().cloned());
        StateSnapshot {
            seq: self.seq(),
            workspaces,
            executions: self.runs.executions.iter().cloned().collect(),
            runs: self.runs.runs.iter().cloned().collect(),
            agents: self.runs.agents.values().cloned().collect(),
        }
    }

    /// Returns the hash of the state (see section 6.4 of docs/protocol.md), which is equal wherever the same events were applied.
    ///
    /// It is the sum of the digests of the records, so it does not depend on their order.
    pub fn hash(&self) -> u64 {
        let runs = &self.runs;
        sum_digests(self.records(), runs.executions.iter(), runs.runs.iter(), runs.agents.values())
    }
}

impl StateSnapshot {
    /// Returns the same number as `Canvas::hash` at this place of the log.
    pub fn hash(&self) -> u64 {
        sum_digests(self.workspaces.iter(), self.executions.iter(), self.runs.iter(), self.agents.iter())
    }
}

fn sum_digests<'a>(
    workspaces: impl Iterator<Item = &'a Arc<Workspace>>,
    executions: impl Iterator<Item = &'a Arc<Execution>>,
    runs: impl Iterator<Item = &'a Arc<Run>>,
    agents: impl Iterator<Item = &'a Arc<AgentState>>,
) -> u64 {
    let workspaces = workspaces.map(|workspace| Digest::of_workspace(workspace));
    let executions = executions.map(|execution| Digest::of_execution(execution));
    let runs = runs.map(|run| Digest::of_run(run));
    let agents = agents.map(|agent| Digest::of_agent(agent));
    workspaces.chain(executions).chain(runs).chain(agents).fold(0, u64::wrapping_add)
}
