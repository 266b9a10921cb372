//! The payloads letter by letter: what is always written, what is also written, and what is also read (wire §2).
//! Never seen outside the protocol: everyone else works with `WorkspaceChange`.

use serde::{Deserialize, de::DeserializeOwned, de::Error};
use serde_json::{Map, Value, json};

use super::{Child, WorkspaceChange, WorkspaceEventKind as Kind};
use crate::spelling::{empty_is_none, null_is_default};
use crate::{AgentCard, AgentId, WorkspaceId};

type Result<T> = std::result::Result<T, serde_path_to_error::Error<serde_json::Error>>;

pub(super) fn read(kind: Kind, payload: &str, subject: &WorkspaceId) -> Result<WorkspaceChange> {
    Ok(match kind {
        Kind::Provisioning => WorkspaceChange::Provisioning(parse(payload)?),
        Kind::Online => {
            let OnlinePayload { url, agent_card } = parse(payload)?;
            WorkspaceChange::Online { url, agent_card }
        }
        Kind::Offline => parse::<Map<String, Value>>(payload).map(|_| WorkspaceChange::Offline)?,
        Kind::ProvisionFailed => {
            let FailedPayload { reason, error } = parse(payload)?;
            WorkspaceChange::ProvisionFailed { reason: reason.or(error).unwrap_or_default() }
        }
        Kind::Degraded => {
            let DegradedPayload { error_rate, sample_error } = parse(payload)?;
            WorkspaceChange::Degraded { error_rate, sample_error }
        }
        Kind::Removed => {
            let RemovedPayload { forwarded_to, cascade_deleted } = parse(payload)?;
            // Some servers send how many, some send which.
            let ids = cascade_deleted.as_array().into_iter().flatten().filter_map(Value::as_str);
            let cascade_deleted = ids.filter_map(|id| WorkspaceId::parse(id).ok()).collect();
            WorkspaceChange::Removed { forwarded_to, cascade_deleted }
        }
        Kind::AgentAssigned => {
            let AssignedPayload { agent_id, model } = parse(payload)?;
            WorkspaceChange::AgentAssigned { agent_id, model }
        }
        Kind::AgentReplaced => {
            let ReplacedPayload { agent_id, old_model, new_model, model } = parse(payload)?;
            let new_model = new_model.or(model).ok_or_else(|| missing("new_model"))?;
            WorkspaceChange::AgentReplaced { agent_id, old_model, new_model }
        }
        Kind::AgentRemoved => {
            let AgentRemovedPayload { agent_id, reason } = parse(payload)?;
            WorkspaceChange::AgentRemoved { agent_id, reason }
        }
        Kind::AgentMoved => {
            let moved: AgentMovedPayload = parse(payload)?;
            let from = moved.from_workspace_id.or(moved.source_workspace_id);
            let to = moved.to_workspace_id.or(moved.target_workspace_id);
            // The origin sends a pair: the old workspace names the new one, and the new one names the old.
            let (from, to) = match (from, to) {
                (Some(from), Some(to)) => (from, to),
                (Some(from), None) => (from, subject.clone()),
                (None, Some(to)) => (subject.clone(), to),
                (None, None) => return Err(missing("to_workspace_id")),
            };
            WorkspaceChange::AgentMoved { agent_id: moved.agent_id, from, to }
        }
        Kind::AgentCardUpdated => {
            let CardPayload { agent_card } = parse(payload)?;
            WorkspaceChange::AgentCardUpdated { agent_card }
        }
        Kind::Expanded => WorkspaceChange::Expanded { children: parse::<ExpandedPayload>(payload)?.into_children() },
        Kind::Collapsed => {
            let CollapsedPayload { removed_sub_workspace_ids, removed_children } = parse(payload)?;
            WorkspaceChange::Collapsed { removed: removed_sub_workspace_ids, removed_names: removed_children }
        }
        Kind::Moved => {
            let MovedPayload { old_parent_id, new_parent_id } = parse(payload)?;
            WorkspaceChange::Moved { old_parent_id, new_parent_id }
        }
        Kind::TaskUpdated => {
            let TaskPayload { current_task, active_tasks } = parse(payload)?;
            WorkspaceChange::TaskUpdated { current_task, active_tasks }
        }
        Kind::ActivityLogged => WorkspaceChange::ActivityLogged(parse(payload)?),
        Kind::Updated => WorkspaceChange::Updated(parse(payload)?),
    })
}

pub(super) fn write(change: &WorkspaceChange) -> Value {
    match change {
        WorkspaceChange::Provisioning(it) => json!(it),
        WorkspaceChange::Online { url, agent_card } => {
            json!({ "url": url.as_deref().unwrap_or_default(), "agent_card": agent_card.as_ref().map(AgentCard::to_map) })
        }
        WorkspaceChange::Offline => json!({}),
        WorkspaceChange::ProvisionFailed { reason } => json!({ "reason": reason, "error": reason }),
        WorkspaceChange::Degraded { error_rate, sample_error } => {
            json!({ "error_rate": error_rate, "sample_error": sample_error.as_deref().unwrap_or_default() })
        }
        WorkspaceChange::Removed { forwarded_to, cascade_deleted } => match cascade_deleted.is_empty() {
            true => json!({ "forwarded_to": forwarded_to }),
            false => json!({ "forwarded_to": forwarded_to, "cascade_deleted": cascade_deleted }),
        },
        WorkspaceChange::AgentAssigned { agent_id, model } => json!({ "agent_id": agent_id, "model": model }),
        WorkspaceChange::AgentReplaced { agent_id, old_model, new_model } => {
            json!({ "old_model": old_model, "new_model": new_model, "agent_id": agent_id, "model": new_model })
        }
        WorkspaceChange::AgentRemoved { agent_id, reason } => json!({ "agent_id": agent_id, "reason": reason }),
        WorkspaceChange::AgentMoved { agent_id, from, to } => {
            json!({ "agent_id": agent_id, "from_workspace_id": from, "to_workspace_id": to })
        }
        WorkspaceChange::AgentCardUpdated { agent_card } => json!({ "agent_card": agent_card.to_map() }),
        WorkspaceChange::Expanded { children } => json!({
            "sub_workspace_ids": children.iter().map(|child| &child.id).collect::<Vec<_>>(),
            "children": children,
        }),
        WorkspaceChange::Collapsed { removed, removed_names } => match removed_names.is_empty() {
            true => json!({ "removed_sub_workspace_ids": removed }),
            false => json!({ "removed_sub_workspace_ids": removed, "removed_children": removed_names }),
        },
        WorkspaceChange::Moved { old_parent_id, new_parent_id } => {
            json!({ "old_parent_id": old_parent_id, "new_parent_id": new_parent_id })
        }
        WorkspaceChange::TaskUpdated { current_task, active_tasks } => {
            json!({ "current_task": current_task.as_deref().unwrap_or_default(), "active_tasks": active_tasks })
        }
        WorkspaceChange::ActivityLogged(it) => json!(it),
        WorkspaceChange::Updated(it) => json!(it),
    }
}

/// The error names the field that was wrong, not only its place in the text.
fn parse<T: DeserializeOwned>(payload: &str) -> Result<T> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(payload))
}

fn missing(field: &'static str) -> serde_path_to_error::Error<serde_json::Error> {
    let nowhere = serde_path_to_error::Track::new().path();
    serde_path_to_error::Error::new(nowhere, serde_json::Error::missing_field(field))
}

#[derive(Deserialize)]
struct OnlinePayload {
    #[serde(default, with = "empty_is_none")]
    url: Option<String>,
    agent_card: Option<AgentCard>,
}

#[derive(Deserialize)]
struct FailedPayload {
    reason: Option<String>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct DegradedPayload {
    error_rate: Option<f64>,
    #[serde(default, with = "empty_is_none")]
    sample_error: Option<String>,
}

#[derive(Deserialize)]
struct RemovedPayload {
    forwarded_to: Option<WorkspaceId>,
    #[serde(default)]
    cascade_deleted: Value,
}

#[derive(Deserialize)]
struct AssignedPayload {
    agent_id: AgentId,
    model: String,
}

#[derive(Deserialize)]
struct ReplacedPayload {
    agent_id: Option<AgentId>,
    old_model: Option<String>,
    new_model: Option<String>,
    model: Option<String>,
}

#[derive(Deserialize)]
struct AgentRemovedPayload {
    agent_id: Option<AgentId>,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct AgentMovedPayload {
    agent_id: AgentId,
    from_workspace_id: Option<WorkspaceId>,
    source_workspace_id: Option<WorkspaceId>,
    to_workspace_id: Option<WorkspaceId>,
    target_workspace_id: Option<WorkspaceId>,
}

#[derive(Deserialize)]
struct CardPayload {
    agent_card: AgentCard,
}

#[derive(Deserialize)]
struct ExpandedPayload {
    #[serde(default, deserialize_with = "null_is_default")]
    sub_workspace_ids: Vec<WorkspaceId>,
    #[serde(default, deserialize_with = "null_is_default")]
    children: Vec<Child>,
}

impl ExpandedPayload {
    /// `children` says more, but need not name every id.
    fn into_children(self) -> Vec<Child> {
        let Self { sub_workspace_ids, children } = self;
        let mut all = children;
        for id in sub_workspace_ids {
            if !all.iter().any(|child| child.id == id) {
                all.push(Child { id, name: None, role: None });
            }
        }
        all
    }
}

#[derive(Deserialize)]
struct CollapsedPayload {
    #[serde(default, deserialize_with = "null_is_default")]
    removed_sub_workspace_ids: Vec<WorkspaceId>,
    #[serde(default, deserialize_with = "null_is_default")]
    removed_children: Vec<String>,
}

#[derive(Deserialize)]
struct MovedPayload {
    old_parent_id: Option<WorkspaceId>,
    new_parent_id: Option<WorkspaceId>,
}

#[derive(Deserialize)]
struct TaskPayload {
    #[serde(default, with = "empty_is_none")]
    current_task: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    active_tasks: u32,
}
