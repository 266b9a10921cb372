//! Records of executions with their steps, of runs, and of the states of agents (see section 5.4 of docs/protocol.md).

use std::{convert::Infallible, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::id::optional_id;
use crate::spelling::{empty_as_none, null_as_default, optional_whole, parsed, whole};
use crate::{AgentId, ExecutionId, RunId, StepId, TaskId, Timestamp, WorkflowId, WorkspaceId};

/// One execution of a workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    pub execution_id: ExecutionId,
    /// Unknown until an event with it arrives.
    #[serde(default, deserialize_with = "optional_id")]
    pub workflow_id: Option<WorkflowId>,
    pub workflow_name: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub status: RunStatus,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub started_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub completed_at: Option<Timestamp>,
    pub duration_seconds: Option<f64>,
    pub error_message: Option<String>,
    /// As `workflow_started` gave it, or the number of known steps if that is higher.
    #[serde(default, deserialize_with = "whole")]
    pub step_count: u32,
    #[serde(default, deserialize_with = "whole")]
    pub completed_steps: u32,
    #[serde(default, deserialize_with = "whole")]
    pub failed_steps: u32,
    #[serde(default, deserialize_with = "whole")]
    pub skipped_steps: u32,
    #[serde(default, deserialize_with = "null_as_default")]
    pub steps: Vec<Step>,
}

/// One step of an execution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub step_id: StepId,
    pub step_name: Option<String>,
    pub step_type: Option<String>,
    #[serde(default, deserialize_with = "optional_whole")]
    pub step_order: Option<u32>,
    /// Names of steps.
    #[serde(default, deserialize_with = "null_as_default")]
    pub depends_on_steps: Vec<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub status: RunStatus,
    /// Counts from 1; 0 before the first.
    #[serde(default, deserialize_with = "whole")]
    pub attempt: u32,
    #[serde(default, deserialize_with = "optional_id")]
    pub workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub started_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub completed_at: Option<Timestamp>,
    pub duration_seconds: Option<f64>,
    /// Reason of a failure, a retry or a skip.
    pub error_message: Option<String>,
    /// Only in the response for a single execution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_data: Option<Value>,
}

impl Execution {
    /// Returns an execution of which only the id is known.
    pub fn new(execution_id: ExecutionId) -> Self {
        Self {
            execution_id,
            workflow_id: None,
            workflow_name: None,
            status: RunStatus::Pending,
            started_at: None,
            completed_at: None,
            duration_seconds: None,
            error_message: None,
            step_count: 0,
            completed_steps: 0,
            failed_steps: 0,
            skipped_steps: 0,
            steps: Vec::new(),
        }
    }
}

impl Step {
    /// Returns a step of which only the id is known.
    pub fn new(step_id: StepId) -> Self {
        Self {
            step_id,
            step_name: None,
            step_type: None,
            step_order: None,
            depends_on_steps: Vec::new(),
            status: RunStatus::Pending,
            attempt: 0,
            workspace_id: None,
            started_at: None,
            completed_at: None,
            duration_seconds: None,
            error_message: None,
            output_data: None,
        }
    }
}

/// One attempt at a task; of another system also several, when it starts a run again under the same id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub run_id: RunId,
    #[serde(default, deserialize_with = "optional_id")]
    pub task_id: Option<TaskId>,
    #[serde(default, deserialize_with = "optional_id")]
    pub workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub status: RunStatus,
    /// The message of the latest event.
    pub message: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub started_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub completed_at: Option<Timestamp>,
    pub error_message: Option<String>,
    /// Number of the attempt that the fields above are about; counts from 1.
    #[serde(default = "first_attempt")]
    pub attempt: u32,
    /// Times at which attempts started, the earliest first; empty if no event said that the run started.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<Timestamp>,
    /// Whether the run had ended, with no start known, when it started again: an end before the first of `starts` is then that of
    /// an attempt.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_first_start_unknown: bool,
    /// Ends of attempts, the earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<RunEnd>,
}

/// The end of an attempt of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunEnd {
    pub at: Timestamp,
    pub status: RunStatus,
    pub message: Option<String>,
    pub error_message: Option<String>,
}

fn first_attempt() -> u32 {
    1
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Run {
    /// Returns a run of which only the id is known.
    pub fn new(run_id: RunId) -> Self {
        Self {
            run_id,
            task_id: None,
            workspace_id: None,
            status: RunStatus::Pending,
            message: None,
            started_at: None,
            completed_at: None,
            error_message: None,
            attempt: 1,
            starts: Vec::new(),
            is_first_start_unknown: false,
            ends: Vec::new(),
        }
    }
}

/// The latest status of an agent: `busy`, `idle`, `error`, or another one of a foreign server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentState {
    pub agent_id: AgentId,
    #[serde(default, deserialize_with = "optional_id")]
    pub workspace_id: Option<WorkspaceId>,
    pub status: String,
    pub since: Timestamp,
    pub error: Option<String>,
}

/// The status of an execution, a step or a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum RunStatus {
    #[default]
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
    /// Of steps only.
    Skipped,
    WaitingApproval,
    /// Of steps only.
    Retrying,
    /// Of steps only: the execution ended, and no event gave the outcome of the step.
    Unknown,
    /// A status of a foreign server, shown as it is.
    Other(Arc<str>),
}

impl RunStatus {
    /// Returns whether the execution, step or run has ended.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled | Self::Skipped | Self::Unknown)
    }

    /// Returns the name in JSON.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::WaitingApproval => "waiting_approval",
            Self::Retrying => "retrying",
            Self::Unknown => "unknown",
            Self::Other(name) => name,
        }
    }
}

impl FromStr for RunStatus {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(match name {
            "pending" => Self::Pending,
            "running" => Self::Running,
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            "cancelled" => Self::Cancelled,
            "skipped" => Self::Skipped,
            "waiting_approval" => Self::WaitingApproval,
            "retrying" => Self::Retrying,
            "unknown" => Self::Unknown,
            other => Self::Other(other.into()),
        })
    }
}

impl From<&str> for RunStatus {
    fn from(name: &str) -> Self {
        let Ok(status) = name.parse();
        status
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

impl Serialize for RunStatus {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RunStatus {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parsed(from)
    }
}
