//! What a step does, read from its `step_type` and `config`. Never does it.

use orrery_protocol::WorkspaceId;
use orrery_protocol::workflow::{AgentRequirements, StepDefinition};
use serde_json::Value;

use super::{Millis, millis};
use crate::error::{quoted, shortened};

/// The texts may hold `${variables}`.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// Says `message` to a workspace's agent and keeps the answer.
    Agent {
        message: String,
        place: Place,
    },
    Http {
        method: String,
        url: String,
        body: Option<Value>,
    },
    /// Nothing but its condition: completes when that holds, is skipped when not.
    Condition,
    /// Waits for a person.
    Approval {
        title: String,
    },
    Wait {
        time: Millis,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    Workspace(WorkspaceId),
    /// Whichever fits when the step starts.
    Fitting(AgentRequirements),
}

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

impl Work {
    pub(super) fn read(step: &StepDefinition, has_condition: bool) -> Result<Self, String> {
        let text = |key: &str| step.config.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let needed = |key: &str| text(key).map(str::to_owned).ok_or_else(|| format!("config.{key} is missing"));
        match &*step.step_type {
            "agent" => Ok(Self::Agent { message: needed("message")?, place: place(step)? }),
            "http" => {
                let method = text("method").unwrap_or("GET").to_ascii_uppercase();
                if !METHODS.contains(&&*method) {
                    return Err(format!("config.method is one of {}, not {}", METHODS.join(" "), quoted(&method)));
                }
                let body = step.config.get("body").filter(|body| !body.is_null()).cloned();
                Ok(Self::Http { method, url: needed("url")?, body })
            }
            "condition" if has_condition => Ok(Self::Condition),
            "condition" => Err("a condition step needs its condition_expression".into()),
            "approval" => Ok(Self::Approval { title: text("title").unwrap_or(&step.name).to_owned() }),
            "wait" => {
                let seconds = step.config.get("seconds").ok_or("config.seconds is missing")?;
                let time = seconds.as_f64().and_then(millis);
                let time = time.ok_or_else(|| {
                    format!("config.seconds is a positive number, not {}", shortened(&seconds.to_string(), 40))
                })?;
                Ok(Self::Wait { time })
            }
            other => Err(format!("step_type is agent, http, condition, approval or wait, not {}", quoted(other))),
        }
    }
}

fn place(step: &StepDefinition) -> Result<Place, String> {
    match (&step.workspace_id, &step.agent_requirements) {
        (Some(id), _) => Ok(Place::Workspace(id.clone())),
        (None, Some(wanted)) if wanted.role.is_some() || !wanted.skills.is_empty() => {
            Ok(Place::Fitting(wanted.clone()))
        }
        _ => Err("an agent step needs a workspace_id, or agent_requirements with a role or skills".into()),
    }
}
