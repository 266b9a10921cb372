//! Channels of run events that a client can subscribe to (see section 11.2 of docs/protocol.md).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::run_event::RunEventFamily;
use crate::spelling::parsed;
use crate::{AgentId, ExecutionId, RunEvent, RunId, StepId, TaskId, WorkflowId};

/// A channel; written as `all`, `agents`, `workflows` or `kind:id`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Every run event.
    All,
    /// Every agent event.
    Agents,
    /// Every workflow and step event.
    Workflows,
    Task(TaskId),
    Run(RunId),
    Agent(AgentId),
    Workflow(WorkflowId),
    Execution(ExecutionId),
    Step(StepId),
}

/// Error of a text that names no channel, with the beginning of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a channel")]
pub struct InvalidChannel(String);

impl Channel {
    /// Returns the channels that an event is sent to, which follow from its kind and its ids.
    pub fn of(event: &RunEvent) -> Vec<Self> {
        let mut channels = vec![Self::All];
        match event.event_type.family() {
            RunEventFamily::Agent => channels.push(Self::Agents),
            RunEventFamily::Workflow | RunEventFamily::Step => channels.push(Self::Workflows),
            RunEventFamily::Run | RunEventFamily::Other => {}
        }
        channels.extend(event.task_id.clone().map(Self::Task));
        channels.extend(event.run_id.clone().map(Self::Run));
        channels.extend(event.agent_id.clone().map(Self::Agent));
        channels.extend(event.workflow_id.clone().map(Self::Workflow));
        channels.extend(event.workflow_execution_id.clone().map(Self::Execution));
        channels.extend(event.workflow_step_id.clone().map(Self::Step));
        channels
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => to.write_str("all"),
            Self::Agents => to.write_str("agents"),
            Self::Workflows => to.write_str("workflows"),
            Self::Task(id) => write!(to, "task:{id}"),
            Self::Run(id) => write!(to, "run:{id}"),
            Self::Agent(id) => write!(to, "agent:{id}"),
            Self::Workflow(id) => write!(to, "workflow:{id}"),
            Self::Execution(id) => write!(to, "workflow-run:{id}"),
            Self::Step(id) => write!(to, "workflow-step:{id}"),
        }
    }
}

impl FromStr for Channel {
    type Err = InvalidChannel;

    fn from_str(text: &str) -> Result<Self, InvalidChannel> {
        let invalid = || InvalidChannel(text.chars().take(150).collect());
        Ok(match text.split_once(':') {
            None if text == "all" => Self::All,
            None if text == "agents" => Self::Agents,
            None if text == "workflows" => Self::Workflows,
            Some(("task", id)) => Self::Task(id.parse().map_err(|_| invalid())?),
            Some(("run", id)) => Self::Run(id.parse().map_err(|_| invalid())?),
            Some(("agent", id)) => Self::Agent(id.parse().map_err(|_| invalid())?),
            Some(("workflow", id)) => Self::Workflow(id.parse().map_err(|_| invalid())?),
            Some(("workflow-run", id)) => Self::Execution(id.parse().map_err(|_| invalid())?),
            Some(("workflow-step", id)) => Self::Step(id.parse().map_err(|_| invalid())?),
            _ => return Err(invalid()),
        })
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parsed(from)
    }
}
