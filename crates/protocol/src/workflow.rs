//! A workflow's definition as REST reads and writes it (see section 12.1 of docs/protocol.md). Never its rules: the runner checks those.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::spelling::{empty_as_none, null_as_default, optional_whole, whole};
use crate::{StepId, Timestamp, WorkflowId, WorkspaceId};

/// The ids and the time are missing only in a draft: the server gives them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    #[serde(default)]
    pub workflow_id: Option<WorkflowId>,
    pub name: String,
    pub description: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub variables: Vec<VariableDefinition>,
    pub timeout_seconds: Option<f64>,
    pub steps: Vec<StepDefinition>,
    pub created_at: Option<Timestamp>,
}

/// What an execution may or must be started with. A bare string is a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenVariable")]
pub struct VariableDefinition {
    pub name: String,
    pub required: bool,
    pub default: Option<Value>,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepDefinition {
    #[serde(default)]
    pub step_id: Option<StepId>,
    pub name: String,
    /// `agent`, `http`, `condition`, `approval` or `wait`.
    pub step_type: String,
    /// Where it stands in lists: its place, when left out. Execution follows `depends_on_steps` alone.
    #[serde(default, deserialize_with = "optional_whole")]
    pub step_order: Option<u32>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub config: Map<String, Value>,
    /// Names of steps.
    #[serde(default, deserialize_with = "null_as_default")]
    pub depends_on_steps: Vec<String>,
    pub timeout_seconds: Option<f64>,
    #[serde(default, deserialize_with = "whole")]
    pub max_retries: u32,
    /// The pause before the first retry; each further one is twice as long. One second, when left out.
    pub retry_backoff_seconds: Option<f64>,
    pub condition_expression: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub workspace_id: Option<WorkspaceId>,
    /// Instead of a workspace: any online one that fits.
    pub agent_requirements: Option<AgentRequirements>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgentRequirements {
    pub role: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub skills: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenVariable {
    Name(String),
    Whole {
        name: String,
        #[serde(default)]
        required: bool,
        default: Option<Value>,
        description: Option<String>,
    },
}

impl From<WrittenVariable> for VariableDefinition {
    fn from(written: WrittenVariable) -> Self {
        match written {
            WrittenVariable::Name(name) => Self { name, required: false, default: None, description: None },
            WrittenVariable::Whole { name, required, default, description } => {
                Self { name, required, default, description }
            }
        }
    }
}
