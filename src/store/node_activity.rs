//! What a node shows besides its own record: the children of a team, and what is being executed.

use orrery_model::Slot;
use orrery_protocol::ExecutionId;

use super::{CanvasStore, NodePosition, OverviewStatus};

/// The children of a workspace, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TeamSummary {
    /// How many workspaces are directly inside.
    pub children: usize,
    /// How many workspaces are inside, at any depth.
    pub inside: usize,
    /// How many of these are failed or degraded.
    pub problems: usize,
    /// How many of these are online with a task.
    pub working: usize,
}

/// The executions with a step in a workspace, and the state of its agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeActivity {
    /// How many executions with a step here have not ended.
    pub running_executions: usize,
    /// The one of these that started first.
    pub oldest_execution: Option<ExecutionId>,
    /// How many of their steps have completed, failed or been skipped.
    pub steps_done: u32,
    /// How many steps they have in all.
    pub steps_total: u32,
    pub agent: AgentActivity,
}

/// What the agent of a workspace last reported about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AgentActivity {
    /// Nothing that needs a mark.
    #[default]
    Idle,
    Busy,
    /// An error, in the agent's words.
    Error(String),
}

impl CanvasStore {
    /// Returns the counts of a workspace's children.
    pub fn team_summary(&self, slot: Slot) -> TeamSummary {
        let counts = self.statuses.inside(slot);
        let count = |of: fn(OverviewStatus) -> bool| {
            let counts = OverviewStatus::ALL.into_iter().zip(counts).filter(|(status, _)| of(*status));
            counts.map(|(_, count)| count as usize).sum()
        };
        TeamSummary {
            children: self.canvas.children(slot).len(),
            inside: count(|_| true),
            problems: count(OverviewStatus::is_problem),
            working: count(|status| status == OverviewStatus::Working),
        }
    }

    /// Returns where and how a workspace is drawn.
    pub fn node_position(&self, slot: Slot) -> NodePosition {
        NodePosition {
            rect: self.rect(slot).unwrap_or_default(),
            depth: self.depth(slot),
            is_dragged: self.is_displaced(slot),
            is_dimmed: self.filter_index.is_dimmed(slot),
            name_start: self.displayed(slot).map_or(0, |record| self.differing_part(slot, record.display_name())),
        }
    }

    /// Returns the executions and the agent state of a workspace.
    pub fn activity(&self, slot: Slot) -> NodeActivity {
        let Some(record) = self.canvas.get(slot) else { return NodeActivity::default() };
        let runs = self.canvas.runs();
        let agent = match runs.agent_in(record) {
            Some(agent) if agent.status == "busy" => AgentActivity::Busy,
            Some(agent) if agent.status == "error" => AgentActivity::Error(agent.error.clone().unwrap_or_default()),
            _ => AgentActivity::Idle,
        };
        let mut activity = NodeActivity { agent, ..NodeActivity::default() };
        let mut oldest = None;
        for execution in runs.executions_in(&record.id).filter(|execution| !execution.status.is_terminal()) {
            activity.running_executions += 1;
            activity.steps_done += execution.completed_steps + execution.failed_steps + execution.skipped_steps;
            activity.steps_total += execution.step_count;
            if oldest.is_none_or(|started_at| execution.started_at < started_at) {
                oldest = Some(execution.started_at);
                activity.oldest_execution = Some(execution.execution_id.clone());
            }
        }
        activity
    }
}
