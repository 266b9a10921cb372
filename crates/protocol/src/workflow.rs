//! Definitions of workflows, as REST reads and writes them (see section 12.1 of docs/protocol.md). The runner checks them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::id::optional_id;
use crate::spelling::{empty_as_none, null_as_default, optional_whole, whole};
use crate::{StepId, Timestamp, WorkflowId, WorkspaceId};

/// Definition of a workflow. Ids and time are missing in a draft; the server sets them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    #[serde(default, deserialize_with = "optional_id")]
    pub workflow_id: Option<WorkflowId>,
    pub name: String,
    pub description: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub variables: Vec<VariableDefinition>,
    pub timeout_seconds: Option<f64>,
    pub steps: Vec<StepDefinition>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub created_at: Option<Timestamp>,
}

/// A variable that an execution is started with. In JSON a string is the name of an optional one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "VariableJson")]
pub struct VariableDefinition {
    pub name: String,
    pub required: bool,
    pub default: Option<Value>,
    pub description: Option<String>,
}

/// Definition of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepDefinition {
    #[serde(default, deserialize_with = "optional_id")]
    pub step_id: Option<StepId>,
    pub name: String,
    /// `agent`, `http`, `condition`, `approval` or `wait`.
    pub step_type: String,
    /// Order in lists; the index of the step by default. Execution follows `depends_on_steps` alone.
    #[serde(default, deserialize_with = "optional_whole")]
    pub step_order: Option<u32>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub config: Map<String, Value>,
    /// Names of steps.
    #[serde(default, deserialize_with = "null_as_default")]
    pub depends_on_steps: Vec<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub run_if: RunIf,
    pub timeout_seconds: Option<f64>,
    #[serde(default, deserialize_with = "whole")]
    pub max_retries: u32,
    /// Delay before the first retry in seconds, 1 by default. It doubles with each further retry.
    pub retry_backoff_seconds: Option<f64>,
    pub condition_expression: Option<String>,
    #[serde(default, deserialize_with = "optional_id")]
    pub workspace_id: Option<WorkspaceId>,
    /// Selects any online workspace that meets them, instead of `workspace_id`.
    pub agent_requirements: Option<AgentRequirements>,
}

/// Which outcomes of the steps that it depends on let a step run. It is skipped otherwise, and always waits until all of them
/// are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunIf {
    #[default]
    AllSucceeded,
    AllDone,
    AnySucceeded,
}

/// Requirements on the agent that executes a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgentRequirements {
    pub role: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub skills: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum VariableJson {
    Name(String),
    Definition {
        name: String,
        #[serde(default)]
        required: bool,
        default: Option<Value>,
        description: Option<String>,
    },
}

impl From<VariableJson> for VariableDefinition {
    fn from(json: VariableJson) -> Self {
        match json {
            VariableJson::Name(name) => Self { name, required: false, default: None, description: None },
            VariableJson::Definition { name, required, default, description } => {
                Self { name, required, default, description }
            }
        }
    }
}
