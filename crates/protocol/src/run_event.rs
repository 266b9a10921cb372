//! Run events, about tasks, runs, agents and workflows (see section 4.2 of docs/protocol.md).

use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::id::optional_id;
use crate::spelling::{null_as_default, parsed};
use crate::{AgentId, ExecutionId, RunId, StepId, TaskId, Timestamp, WorkflowId, WorkspaceId};

/// A run event. Every key is written; unknown values are `null`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunEvent {
    pub event_type: RunEventKind,
    pub timestamp: Timestamp,
    #[serde(default, deserialize_with = "optional_id")]
    pub workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "optional_id")]
    pub agent_id: Option<AgentId>,
    #[serde(default, deserialize_with = "optional_id")]
    pub task_id: Option<TaskId>,
    #[serde(default, deserialize_with = "optional_id")]
    pub run_id: Option<RunId>,
    #[serde(default, deserialize_with = "optional_id")]
    pub workflow_id: Option<WorkflowId>,
    #[serde(default, deserialize_with = "optional_id")]
    pub workflow_execution_id: Option<ExecutionId>,
    #[serde(default, deserialize_with = "optional_id")]
    pub workflow_step_id: Option<StepId>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub data: Map<String, Value>,
    pub message: Option<String>,
}

impl RunEvent {
    /// Returns an event without ids and data.
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

    /// Returns the semantic name of a change of an agent's status (see section 4.6 of docs/protocol.md).
    pub fn semantic(&self) -> Option<&'static str> {
        let status = (self.event_type == RunEventKind::AgentStatusChanged).then(|| self.data.get("status"))??;
        match status.as_str()? {
            "busy" => Some("agent:assigned"),
            "error" => Some("agent:failed"),
            _ => None,
        }
    }
}

/// The subject of a kind of event.
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
        /// Kind of a run event.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum RunEventKind {
            $($($variant,)*)*
            /// A kind of a newer or foreign server, which changes no state, but is shown.
            Other(Box<str>),
        }

        impl RunEventKind {
            /// Every kind but `Other`.
            pub const KNOWN: &[Self] = &[$($(Self::$variant,)*)*];

            /// Returns the value of the `event_type` key.
            pub fn as_str(&self) -> &str {
                match self { $($(Self::$variant => $name,)*)* Self::Other(name) => name }
            }

            /// Returns the family that the kind belongs to.
            pub fn family(&self) -> RunEventFamily {
                match self {
                    $($(Self::$variant)|* => RunEventFamily::$family,)*
                    Self::Other(_) => RunEventFamily::Other,
                }
            }
        }

        impl FromStr for RunEventKind {
            type Err = Infallible;

            fn from_str(name: &str) -> Result<Self, Infallible> {
                Ok(match name { $($($name => Self::$variant,)*)* other => Self::Other(other.into()) })
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

impl From<&str> for RunEventKind {
    fn from(name: &str) -> Self {
        let Ok(kind) = name.parse();
        kind
    }
}

impl Serialize for RunEventKind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RunEventKind {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parsed(from)
    }
}
