//! The state at one place in the log, held still while the fold goes on: its records are shared, not copied. And the number
//! that says whether two such states are the same. Never a change.

use std::sync::Arc;

use orrery_protocol::{AgentState, Execution, Run, Seq, Workspace};

use crate::canvas::Canvas;
use crate::digest::Digest;

/// Cheap to take, whatever the size of a record. In no particular order.
#[derive(Debug, Clone)]
pub struct StateSnapshot {
    pub seq: Seq,
    pub workspaces: Vec<Arc<Workspace>>,
    pub executions: Vec<Arc<Execution>>,
    pub runs: Vec<Arc<Run>>,
    pub agents: Vec<Arc<AgentState>>,
}

impl Canvas {
    pub fn snapshot(&self) -> StateSnapshot {
        let mut workspaces = Vec::with_capacity(self.len());
        workspaces.extend(self.shared().cloned());
        StateSnapshot {
            seq: self.seq(),
            workspaces,
            executions: self.runs.executions.iter().cloned().collect(),
            runs: self.runs.runs.iter().cloned().collect(),
            agents: self.runs.agents.values().cloned().collect(),
        }
    }

    /// One number for the whole state, equal on every side that folded the same events (`X-State-Hash`, in hex).
    ///
    /// The sum of the records' digests, so that the order in which they stand does not matter.
    pub fn hash(&self) -> u64 {
        let runs = &self.runs;
        sum(self.shared(), runs.executions.iter(), runs.runs.iter(), runs.agents.values())
    }
}

impl StateSnapshot {
    /// The same as `Canvas::hash`.
    pub fn hash(&self) -> u64 {
        sum(self.workspaces.iter(), self.executions.iter(), self.runs.iter(), self.agents.iter())
    }
}

fn sum<'a>(
    workspaces: impl Iterator<Item = &'a Arc<Workspace>>,
    executions: impl Iterator<Item = &'a Arc<Execution>>,
    runs: impl Iterator<Item = &'a Arc<Run>>,
    agents: impl Iterator<Item = &'a Arc<AgentState>>,
) -> u64 {
    let workspaces = workspaces.map(|it| Digest::of(it));
    let executions = executions.map(|it| Digest::of_execution(it));
    let runs = runs.map(|it| Digest::of_run(it));
    let agents = agents.map(|it| Digest::of_agent(it));
    workspaces.chain(executions).chain(runs).chain(agents).fold(0, u64::wrapping_add)
}
