//! What a card and a team's head say besides the record: who is inside, and what runs. Never how it is found out.

use orrery_protocol::ExecutionId;

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
