//! One execution as a state machine: what happened goes in, events and effects come out. Pure: the time and the choice
//! of a fitting workspace are passed in. Never runs a step, never publishes.

mod transitions;
mod order;
mod wording;
mod view;

use std::sync::Arc;

use orrery_protocol::workflow::AgentRequirements;
use orrery_protocol::{ExecutionId, RunEvent, RunId, RunStatus, TaskId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::definition::{Definition, Work};
use super::failure::Failure;
use super::variables::Variables;

#[derive(Debug, Clone, PartialEq)]
pub struct Execution {
    pub definition: Arc<Definition>,
    pub state: State,
}

/// What must outlive a restart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub execution_id: ExecutionId,
    pub subject: Subject,
    pub status: RunStatus,
    pub variables: Variables,
    pub started_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    pub error_message: Option<String>,
    /// At the same places as the definition's.
    pub steps: Vec<StepState>,
    /// How often a server has begun to resume it and did not come to the end of that.
    #[serde(default)]
    pub resumptions: u32,
    /// The end of its time, once that differs from what its start says because the wall clock was set.
    #[serde(default)]
    pub deadline: Option<Timestamp>,
}

/// For whom it runs: that decides the words of its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Workflow,
    Task { task_id: TaskId, run_id: RunId, workspace_id: Option<WorkspaceId> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepState {
    pub stage: Stage,
    /// From 1; 0 before the first.
    pub attempt: u32,
    /// Where the current or last attempt went.
    pub workspace_id: Option<WorkspaceId>,
    /// The first attempt's start.
    pub started_at: Option<Timestamp>,
    /// The current or last attempt's.
    pub attempt_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub output: Option<Value>,
    /// Why it failed, is retried or was skipped.
    pub error: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Pending,
    /// Its effect is under way.
    Running {
        until: Option<Timestamp>,
    },
    /// Only time must pass.
    Waiting {
        until: Timestamp,
    },
    WaitingApproval {
        until: Option<Timestamp>,
    },
    Retrying {
        at: Timestamp,
    },
    Completed,
    Failed,
    Skipped,
    Cancelled,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// An effect of this attempt ended. One of an attempt that is over already is ignored.
    Finished {
        step: usize,
        attempt: u32,
        outcome: Result<Value, Failure>,
    },
    Decided {
        step: usize,
        approved: bool,
        feedback: Option<String>,
    },
    Cancelled {
        reason: Option<String>,
    },
    /// The server stopped while effects were under way: what they did is not known.
    Interrupted,
    /// It cannot go on: the whole execution fails for this reason.
    Abandoned {
        reason: String,
    },
    /// Time passed (see `next_due`).
    Tick,
}

/// What an input led to, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Advance {
    pub events: Vec<RunEvent>,
    pub effects: Vec<Effect>,
}

/// What the edge must do once the events are published.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Run { step: usize, attempt: u32, job: Job },
    Stop { step: usize, attempt: u32 },
}

/// A step's work with its variables filled in.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    Agent { message: String, workspace_id: WorkspaceId },
    Http { method: String, url: String, body: Option<Value> },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the execution is over: it is {0}")]
    Over(RunStatus),
    #[error("the step `{step}` does not wait for an approval: it is {status}")]
    NotWaiting { step: String, status: RunStatus },
}

/// The circumstances of an input.
pub struct Setting<'a> {
    pub now: Timestamp,
    /// Chooses a workspace whose agent meets the requirements and can be reached now.
    pub fitting: &'a dyn Fn(&AgentRequirements) -> Option<WorkspaceId>,
}

impl Execution {
    /// The first step of every execution: it is started, and so are all steps that wait for nothing.
    pub fn begin(
        definition: Arc<Definition>,
        execution_id: ExecutionId,
        subject: Subject,
        variables: Variables,
        setting: &Setting<'_>,
    ) -> (Self, Advance) {
        let steps = definition.steps.iter().map(|_| StepState::pending()).collect();
        let state = State {
            execution_id,
            subject,
            status: RunStatus::Running,
            variables,
            started_at: setting.now,
            completed_at: None,
            error_message: None,
            steps,
            resumptions: 0,
            deadline: None,
        };
        let mut execution = Self { definition, state };
        let advance = execution.start(setting);
        (execution, advance)
    }

    /// When `Input::Tick` has something to do next.
    pub fn next_due(&self) -> Option<Timestamp> {
        let step = |step: &StepState| match step.stage {
            Stage::Running { until } | Stage::WaitingApproval { until } => until,
            Stage::Waiting { until } => Some(until),
            Stage::Retrying { at } => Some(at),
            _ => None,
        };
        let steps = self.state.steps.iter().filter_map(step).min();
        [steps, self.deadline()].into_iter().flatten().min().filter(|_| !self.is_over())
    }

    /// What an agent step says to its agent, when it is one and its variables are set.
    pub fn message(&self, step: usize) -> Option<String> {
        match &self.definition.steps[step].work {
            Work::Agent { message, .. } => self.state.variables.fill(message).ok(),
            _ => None,
        }
    }

    /// Moves every deadline by so many milliseconds: the wall clock was set.
    pub fn shift_deadlines(&mut self, millis: i64) {
        self.state.deadline = self.deadline().map(|deadline| deadline.plus_millis(millis));
        for step in &mut self.state.steps {
            match &mut step.stage {
                Stage::Running { until: Some(until) }
                | Stage::WaitingApproval { until: Some(until) }
                | Stage::Waiting { until }
                | Stage::Retrying { at: until } => *until = until.plus_millis(millis),
                _ => {}
            }
        }
    }

    /// Returns how many steps only wait: for time, for a person or for the next attempt.
    pub fn waits(&self) -> usize {
        let waits = |stage: Stage| {
            matches!(stage, Stage::Waiting { .. } | Stage::WaitingApproval { .. } | Stage::Retrying { .. })
        };
        self.state.steps.iter().filter(|step| waits(step.stage)).count()
    }

    pub fn is_over(&self) -> bool {
        self.state.status.is_terminal()
    }

    /// Whether a wait ended because its time had passed, not because its time-out came first.
    fn wait_fits(&self, step: usize) -> bool {
        let planned = &self.definition.steps[step];
        let wait = if let Work::Wait { time } = planned.work { time } else { 0 };
        planned.timeout.is_none_or(|timeout| wait <= timeout)
    }

    fn timed_out(&self, step: usize) -> String {
        let seconds = self.definition.steps[step].timeout.unwrap_or_default() as f64 / 1000.0;
        format!("timed out after {seconds} s")
    }

    fn deadline(&self) -> Option<Timestamp> {
        let from_start = || self.definition.timeout.map(|timeout| self.state.started_at.plus_millis(timeout));
        self.state.deadline.or_else(from_start)
    }
}

impl StepState {
    fn pending() -> Self {
        Self {
            stage: Stage::Pending,
            attempt: 0,
            workspace_id: None,
            started_at: None,
            attempt_at: None,
            completed_at: None,
            output: None,
            error: None,
        }
    }
}

impl Stage {
    pub fn is_terminal(self) -> bool {
        self.status().is_terminal()
    }

    pub fn status(self) -> RunStatus {
        match self {
            Self::Pending => RunStatus::Pending,
            Self::Running { .. } | Self::Waiting { .. } => RunStatus::Running,
            Self::WaitingApproval { .. } => RunStatus::WaitingApproval,
            Self::Retrying { .. } => RunStatus::Retrying,
            Self::Completed => RunStatus::Completed,
            Self::Failed => RunStatus::Failed,
            Self::Skipped => RunStatus::Skipped,
            Self::Cancelled => RunStatus::Cancelled,
        }
    }
}

#[cfg(test)]
mod tests;
