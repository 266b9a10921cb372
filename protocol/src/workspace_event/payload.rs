//! The payloads letter by letter: what is always written, what is also written, and what is also read (see section 3.2 of docs/protocol.md).
//! Never seen outside the protocol: everyone else works with `WorkspaceChange`.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Child, WorkspaceChange, WorkspaceEventKind as Kind};
use crate::decode::{JsonError, from_json_field};
use crate::spelling::{empty_as_none, null_as_default, whole};
use crate::{AgentCard, AgentId, WorkspaceId};

pub(super) fn read(kind: Kind, payload: &str, subject: &WorkspaceId) -> Result<WorkspaceChange, JsonError> {
    fn fields<'de, T: Deserialize<'de>>(payload: &'de str) -> Result<T, JsonError> {
        from_json_field("payload", payload)
    }

    Ok(match kind {
        Kind::Provisioning => WorkspaceChange::Provisioning(fields(payload)?),
        Kind::Online => {
            let Online { url, agent_card } = fields(payload)?;
            WorkspaceChange::Online { url, agent_card }
        }
        Kind::Offline => WorkspaceChange::Offline,
        Kind::ProvisionFailed => {
            let ProvisionFailed { reason, error } = fields(payload)?;
            WorkspaceChange::ProvisionFailed { reason: reason.or(error).unwrap_or_default() }
        }
        Kind::Degraded => {
            let Degraded { error_rate, sample_error } = fields(payload)?;
            WorkspaceChange::Degraded { error_rate, sample_error }
        }
        Kind::Removed => {
            let Removed { forwarded_to, cascade_deleted } = fields(payload)?;
            WorkspaceChange::Removed { forwarded_to, cascade_deleted: cascade_deleted.ids() }
        }
        Kind::AgentAssigned => {
            let AgentAssigned { agent_id, model } = fields(payload)?;
            WorkspaceChange::AgentAssigned { agent_id, model }
        }
        Kind::AgentReplaced => {
            let AgentReplaced { agent_id, old_model, new_model, model } = fields(payload)?;
            let new_model = new_model.or(model).ok_or_else(|| missing("new_model"))?;
            WorkspaceChange::AgentReplaced { agent_id, old_model, new_model }
        }
        Kind::AgentRemoved => {
            let AgentRemoved { agent_id, reason } = fields(payload)?;
            WorkspaceChange::AgentRemoved { agent_id, reason }
        }
        Kind::AgentMoved => fields::<AgentMoved>(payload)?.change(subject)?,
        Kind::AgentCardUpdated => {
            let AgentCardUpdated { agent_card } = fields(payload)?;
            WorkspaceChange::AgentCardUpdated { agent_card }
        }
        Kind::Expanded => WorkspaceChange::Expanded { children: fields::<Expanded>(payload)?.children() },
        Kind::Collapsed => {
            let Collapsed { removed_sub_workspace_ids, removed_children } = fields(payload)?;
            WorkspaceChange::Collapsed { removed: removed_sub_workspace_ids, removed_names: removed_children }
        }
        Kind::Moved => {
            let Moved { old_parent_id, new_parent_id } = fields(payload)?;
            WorkspaceChange::Moved { old_parent_id, new_parent_id }
        }
        Kind::TaskUpdated => {
            let TaskUpdated { current_task, active_tasks } = fields(payload)?;
            WorkspaceChange::TaskUpdated { current_task, active_tasks }
        }
        Kind::ActivityLogged => WorkspaceChange::ActivityLogged(fields(payload)?),
        Kind::Updated => WorkspaceChange::Updated(fields(payload)?),
    })
}

#[derive(Deserialize)]
struct Online {
    #[serde(default, deserialize_with = "empty_as_none")]
    url: Option<String>,
    agent_card: Option<AgentCard>,
}

#[derive(Deserialize)]
struct ProvisionFailed {
    reason: Option<String>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Degraded {
    error_rate: Option<f64>,
    #[serde(default, deserialize_with = "empty_as_none")]
    sample_error: Option<String>,
}

#[derive(Deserialize)]
struct Removed {
    #[serde(default, deserialize_with = "empty_as_none")]
    forwarded_to: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "null_as_default")]
    cascade_deleted: CascadeDeleted,
}

/// Some servers send which workspaces were deleted too, some send how many.
#[derive(Deserialize)]
#[serde(untagged)]
enum CascadeDeleted {
    Ids(Vec<WorkspaceId>),
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct AgentAssigned {
    agent_id: AgentId,
    model: String,
}

#[derive(Deserialize)]
struct AgentReplaced {
    #[serde(default, deserialize_with = "empty_as_none")]
    agent_id: Option<AgentId>,
    old_model: Option<String>,
    new_model: Option<String>,
    model: Option<String>,
}

#[derive(Deserialize)]
struct AgentRemoved {
    #[serde(default, deserialize_with = "empty_as_none")]
    agent_id: Option<AgentId>,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct AgentMoved {
    agent_id: AgentId,
    #[serde(default, deserialize_with = "empty_as_none")]
    from_workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "empty_as_none")]
    source_workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "empty_as_none")]
    to_workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "empty_as_none")]
    target_workspace_id: Option<WorkspaceId>,
}

#[derive(Deserialize)]
struct AgentCardUpdated {
    agent_card: AgentCard,
}

#[derive(Deserialize)]
struct Expanded {
    #[serde(default, deserialize_with = "null_as_default")]
    children: Vec<Child>,
    #[serde(default, deserialize_with = "null_as_default")]
    sub_workspace_ids: Vec<WorkspaceId>,
}

#[derive(Deserialize)]
struct Collapsed {
    #[serde(default, deserialize_with = "null_as_default")]
    removed_sub_workspace_ids: Vec<WorkspaceId>,
    #[serde(default, deserialize_with = "null_as_default")]
    removed_children: Vec<String>,
}

#[derive(Deserialize)]
struct Moved {
    #[serde(default, deserialize_with = "empty_as_none")]
    old_parent_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "empty_as_none")]
    new_parent_id: Option<WorkspaceId>,
}

#[derive(Deserialize)]
struct TaskUpdated {
    #[serde(default, deserialize_with = "empty_as_none")]
    current_task: Option<String>,
    #[serde(default, deserialize_with = "whole")]
    active_tasks: u32,
}

impl Default for CascadeDeleted {
    fn default() -> Self {
        Self::Ids(Vec::new())
    }
}

impl CascadeDeleted {
    fn ids(self) -> Vec<WorkspaceId> {
        match self {
            Self::Ids(ids) => ids,
            Self::Other(_) => Vec::new(),
        }
    }
}

impl AgentMoved {
    /// One origin sends a pair of events: the old workspace's names the new one, and the new one's names the old.
    fn change(self, subject: &WorkspaceId) -> Result<WorkspaceChange, JsonError> {
        let from = self.from_workspace_id.or(self.source_workspace_id);
        let to = self.to_workspace_id.or(self.target_workspace_id);
        let (from, to) = match (from, to) {
            (Some(from), to) => (from, to.unwrap_or_else(|| subject.clone())),
            (None, Some(to)) => (subject.clone(), to),
            (None, None) => return Err(missing("to_workspace_id")),
        };
        Ok(WorkspaceChange::AgentMoved { agent_id: self.agent_id, from, to })
    }
}

impl Expanded {
    /// `children` says more than `sub_workspace_ids`, but need not name every id.
    fn children(self) -> Vec<Child> {
        let mut children = self.children;
        let mut known: HashSet<WorkspaceId> = children.iter().map(|child| child.id.clone()).collect();
        let unnamed = self.sub_workspace_ids.into_iter().filter(|id| known.insert(id.clone()));
        children.extend(unnamed.map(|id| Child { id, name: None, role: None }));
        children
    }
}

fn missing(field: &str) -> JsonError {
    JsonError { path: "payload".into(), reason: format!("missing field `{field}`") }
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
