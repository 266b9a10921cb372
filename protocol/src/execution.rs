//! The current truth of what runs: executions with their steps, runs of tasks, and agents at work (see section 5.4 of docs/protocol.md).
//! Never a workflow's definition, never how the truth came to be.

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::fields::{Fields, Read, readable};
use crate::{AgentId, ExecutionId, RunId, StepId, TaskId, Timestamp, WorkflowId, WorkspaceId};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Execution {
    pub execution_id: ExecutionId,
    /// Unknown while only events without it have come.
    pub workflow_id: Option<WorkflowId>,
    pub workflow_name: Option<String>,
    pub status: RunStatus,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub duration_seconds: Option<f64>,
    pub error_message: Option<String>,
    /// As the start said, or as many as are known.
    pub step_count: u32,
    pub completed_steps: u32,
    pub failed_steps: u32,
    pub skipped_steps: u32,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    pub step_id: StepId,
    pub step_name: Option<String>,
    pub step_type: Option<String>,
    pub step_order: Option<u32>,
    /// Names of steps.
    pub depends_on_steps: Vec<String>,
    pub status: RunStatus,
    /// From 1; 0 before the first.
    pub attempt: u32,
    pub workspace_id: Option<WorkspaceId>,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub duration_seconds: Option<f64>,
    /// Why it failed, why it is retried, or why it was skipped.
    pub error_message: Option<String>,
    /// Only in an execution's own answer: snapshots and folds leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_data: Option<Value>,
}

impl Execution {
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

    fn open(it: &Fields<'_>) -> Read<Self> {
        let steps = it.objects("steps", "steps.")?;
        Ok(Self {
            execution_id: it.needed("execution_id", it.parsed("execution_id"))?,
            workflow_id: it.parsed("workflow_id")?,
            workflow_name: it.text("workflow_name")?,
            status: status(it)?,
            started_at: it.parsed("started_at")?,
            completed_at: it.parsed("completed_at")?,
            duration_seconds: it.number("duration_seconds")?,
            error_message: it.text("error_message")?,
            step_count: it.whole("step_count")?.unwrap_or_default(),
            completed_steps: it.whole("completed_steps")?.unwrap_or_default(),
            failed_steps: it.whole("failed_steps")?.unwrap_or_default(),
            skipped_steps: it.whole("skipped_steps")?.unwrap_or_default(),
            steps: steps.iter().map(Step::open).collect::<Read<_>>()?,
        })
    }
}

impl Step {
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

    fn open(it: &Fields<'_>) -> Read<Self> {
        Ok(Self {
            step_id: it.needed("step_id", it.parsed("step_id"))?,
            step_name: it.text("step_name")?,
            step_type: it.text("step_type")?,
            step_order: it.whole("step_order")?,
            depends_on_steps: it.texts("depends_on_steps")?,
            status: status(it)?,
            attempt: it.whole("attempt")?.unwrap_or_default(),
            workspace_id: it.parsed("workspace_id")?,
            started_at: it.parsed("started_at")?,
            completed_at: it.parsed("completed_at")?,
            duration_seconds: it.number("duration_seconds")?,
            error_message: it.text("error_message")?,
            output_data: it.value("output_data")?,
        })
    }
}

/// One attempt at a task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    pub run_id: RunId,
    pub task_id: Option<TaskId>,
    pub workspace_id: Option<WorkspaceId>,
    pub status: RunStatus,
    /// The last thing said about it.
    pub message: Option<String>,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub error_message: Option<String>,
}

impl Run {
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
        }
    }

    fn open(it: &Fields<'_>) -> Read<Self> {
        Ok(Self {
            run_id: it.needed("run_id", it.parsed("run_id"))?,
            task_id: it.parsed("task_id")?,
            workspace_id: it.parsed("workspace_id")?,
            status: status(it)?,
            message: it.text("message")?,
            started_at: it.parsed("started_at")?,
            completed_at: it.parsed("completed_at")?,
            error_message: it.text("error_message")?,
        })
    }
}

/// What an agent was last said to be: `busy`, `idle`, `error`, or a foreign server's word.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentState {
    pub agent_id: AgentId,
    pub workspace_id: Option<WorkspaceId>,
    pub status: String,
    pub since: Timestamp,
    pub error: Option<String>,
}

impl AgentState {
    fn open(it: &Fields<'_>) -> Read<Self> {
        Ok(Self {
            agent_id: it.needed("agent_id", it.parsed("agent_id"))?,
            workspace_id: it.parsed("workspace_id")?,
            status: it.needed("status", it.text("status"))?,
            since: it.needed("since", it.parsed("since"))?,
            error: it.text("error")?,
        })
    }
}

readable!(Execution Step Run AgentState);

fn status(it: &Fields<'_>) -> Read<RunStatus> {
    Ok(it.text("status")?.map(|word| RunStatus::from(word.as_str())).unwrap_or_default())
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
    /// A step only.
    Skipped,
    WaitingApproval,
    /// A step only.
    Retrying,
    /// A step only: its execution ended, and nobody said how it did.
    Unknown,
    /// A foreign server's status, shown in its own words.
    Other(Arc<str>),
}

impl RunStatus {
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled | Self::Skipped | Self::Unknown)
    }

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
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for RunStatus {
    fn from(word: &str) -> Self {
        match word {
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
        }
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
        Ok(Self::from(&*Cow::<'de, str>::deserialize(from)?))
    }
}
