//! What a card and a team's head say besides the record: who is inside, and what runs. Never how it is shown.

use orrery_model::Slot;
use orrery_protocol::ExecutionId;

use super::CanvasStore;

/// What a team's head says about those inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Family {
    /// Directly inside.
    pub children: usize,
    /// Failed or degraded, at any depth.
    pub problems: usize,
}

/// What runs in a workspace, and how its agent says it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Work {
    /// Executions that run and have a step here.
    pub running: usize,
    /// The one that has been running longest.
    pub first: Option<ExecutionId>,
    /// Steps of those that are over, and all of them.
    pub done: u32,
    pub steps: u32,
    pub agent: AgentMark,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AgentMark {
    #[default]
    Calm,
    Busy,
    /// In the agent's words.
    Error(String),
}

impl CanvasStore {
    pub fn work(&self, slot: Slot) -> Work {
        let Some(record) = self.canvas.get(slot) else { return Work::default() };
        let runs = self.canvas.runs();
        let agent = match runs.agent_in(record) {
            Some(agent) if agent.status == "busy" => AgentMark::Busy,
            Some(agent) if agent.status == "error" => AgentMark::Error(agent.error.clone().unwrap_or_default()),
            _ => AgentMark::Calm,
        };
        let going = runs.executions_in(&record.id).filter(|execution| !execution.status.is_terminal());
        let mut since = None;
        going.fold(Work { agent, ..Work::default() }, |work, it| {
            let is_first = since.is_none_or(|since| it.started_at < since);
            if is_first {
                since = Some(it.started_at);
            }
            Work {
                running: work.running + 1,
                first: if is_first { Some(it.execution_id.clone()) } else { work.first },
                done: work.done + it.completed_steps + it.failed_steps + it.skipped_steps,
                steps: work.steps + it.step_count,
                agent: work.agent,
            }
        })
    }
}
