//! The run events: tasks, runs, agents and workflows (see section 4.2 of docs/protocol.md). Never their routing, never the folding.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::fields::{Fields, Read};
use crate::{AgentId, ExecutionId, RunId, StepId, TaskId, Timestamp, WorkflowId, WorkspaceId};

/// Every key is always written; what is unknown is `null`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunEvent {
    pub event_type: RunEventKind,
    pub timestamp: Timestamp,
    pub workspace_id: Option<WorkspaceId>,
    pub agent_id: Option<AgentId>,
    pub task_id: Option<TaskId>,
    pub run_id: Option<RunId>,
    pub workflow_id: Option<WorkflowId>,
    pub workflow_execution_id: Option<ExecutionId>,
    pub workflow_step_id: Option<StepId>,
    pub data: Map<String, Value>,
    pub message: Option<String>,
}

impl RunEvent {
    pub fn new(event_type: RunEventKind, timestamp: Timestamp) -> Self {
        Self {
            event_type,
            timestamp,
            workspace_id: None,
            agent_id: None,
            task_id: None,
            run_id: None,
            workflow_id: None,
            workflow_execution_id: None,
            workflow_step_id: None,
            data: Map::new(),
            message: None,
        }
    }

    /// Reads one from its JSON text.
    pub fn read(text: &str) -> Result<Self, String> {
        let fields = Fields::of(text)?;
        Self::open(&fields.needed("event_type", fields.text("event_type"))?, &fields)
    }

    pub(crate) fn open(kind: &str, fields: &Fields<'_>) -> Read<Self> {
        Ok(Self {
            event_type: RunEventKind::from(kind),
            timestamp: fields.needed("timestamp", fields.parsed("timestamp"))?,
            workspace_id: fields.parsed("workspace_id")?,
            agent_id: fields.parsed("agent_id")?,
            task_id: fields.parsed("task_id")?,
            run_id: fields.parsed("run_id")?,
            workflow_id: fields.parsed("workflow_id")?,
            workflow_execution_id: fields.parsed("workflow_execution_id")?,
            workflow_step_id: fields.parsed("workflow_step_id")?,
            data: fields.map("data")?.unwrap_or_default(),
            message: fields.text("message")?,
        })
    }

    /// The name that screens use for an agent's change of status (see section 4.6 of docs/protocol.md).
    pub fn semantic(&self) -> Option<&'static str> {
        let status = (self.event_type == RunEventKind::AgentStatusChanged).then(|| self.data.get("status"))??;
        match status.as_str()? {
            "busy" => Some("agent:assigned"),
            "error" => Some("agent:failed"),
            _ => None,
        }
    }
}

/// What a kind is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunEventFamily {
    Run,
    Workflow,
    Step,
    Agent,
    Other,
}

macro_rules! kinds {
    ($($family:ident: $($variant:ident = $name:literal),*;)*) => {
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum RunEventKind {
            $($($variant,)*)*
            /// A kind from a newer or foreign server: kept and shown as it came.
            Other(Box<str>),
        }

        impl RunEventKind {
            pub const KNOWN: &[Self] = &[$($(Self::$variant,)*)*];

            /// The value of the wire's `event_type` key.
            pub fn as_str(&self) -> &str {
                match self { $($(Self::$variant => $name,)*)* Self::Other(name) => name }
            }

            pub fn family(&self) -> RunEventFamily {
                match self {
                    $($(Self::$variant)|* => RunEventFamily::$family,)*
                    Self::Other(_) => RunEventFamily::Other,
                }
            }
        }

        impl From<&str> for RunEventKind {
            fn from(name: &str) -> Self {
                match name { $($($name => Self::$variant,)*)* other => Self::Other(other.into()) }
            }
        }
    };
}

kinds! {
    Run: AnalysisStart = "analysis_start", PlanReady = "plan_ready", ApprovalRequired = "approval_required",
        Approved = "approved", Rejected = "rejected", Progress = "progress", Completion = "completion",
        Failure = "failure", Cancelled = "cancelled", FilesUpdated = "files_updated";
    Workflow: WorkflowStarted = "workflow_started", WorkflowCompleted = "workflow_completed",
        WorkflowFailed = "workflow_failed", WorkflowCancelled = "workflow_cancelled";
    Step: StepStarted = "step_started", StepCompleted = "step_completed", StepFailed = "step_failed",
        StepSkipped = "step_skipped", StepRetrying = "step_retrying";
    Agent: AgentStatusChanged = "agent_status_changed", AgentActivity = "agent_activity",
        AgentMessage = "agent_message", AgentContextUpdated = "agent_context_updated";
}

impl fmt::Display for RunEventKind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

impl Serialize for RunEventKind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}
