//! JSON of the payloads, with all their spellings (see section 3.2 of docs/protocol.md).

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Child, Provisioning, Update, WorkspaceChange, WorkspaceEventKind as Kind, first_tier};
use crate::decode::{JsonError, from_json, from_json_field};
use crate::id::optional_id;
use crate::spelling::{empty_as_none, null_as_default, optional_whole, whole};
use crate::{AgentCard, AgentId, WorkspaceId};

pub(super) fn read(kind: Kind, payload: &str, subject: &WorkspaceId) -> Result<WorkspaceChange, JsonError> {
    Ok(match kind {
        Kind::Provisioning | Kind::Updated => from_json_field::<SettingsPayload>("payload", payload)?.change(kind),
        Kind::ActivityLogged => WorkspaceChange::ActivityLogged(from_json_field("payload", payload)?),
        Kind::Offline => WorkspaceChange::Offline,
        Kind::Online | Kind::ProvisionFailed | Kind::Degraded | Kind::TaskUpdated => {
            from_json_field::<StatusPayload>("payload", payload)?.change(kind)
        }
        Kind::AgentAssigned | Kind::AgentReplaced | Kind::AgentRemoved | Kind::AgentMoved | Kind::AgentCardUpdated => {
            from_json_field::<AgentPayload>("payload", payload)?.change(kind, subject)?
        }
        Kind::Removed | Kind::Expanded | Kind::Collapsed | Kind::Moved => {
            from_json_field::<TeamPayload<'_>>("payload", payload)?.change(kind)
        }
    })
}

// Similar kinds share a struct, because each derived reader adds to what the page downloads.

/// Payloads with the settings of a workspace.
#[derive(Deserialize)]
struct SettingsPayload {
    name: Option<String>,
    #[serde(default, deserialize_with = "optional_whole")]
    tier: Option<u8>,
    config: Option<Value>,
    role: Option<String>,
    #[serde(default, deserialize_with = "optional_id")]
    parent_id: Option<WorkspaceId>,
    x: Option<f64>,
    y: Option<f64>,
    pinned: Option<bool>,
    #[serde(default, deserialize_with = "null_as_default")]
    with_descendants: bool,
    runtime: Option<String>,
    collapsed: Option<bool>,
}

/// Payloads with the status of a workspace.
#[derive(Deserialize)]
struct StatusPayload {
    #[serde(default, deserialize_with = "empty_as_none")]
    url: Option<String>,
    agent_card: Option<AgentCard>,
    reason: Option<String>,
    error: Option<String>,
    error_rate: Option<f64>,
    #[serde(default, deserialize_with = "empty_as_none")]
    sample_error: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    current_task: Option<String>,
    #[serde(default, deserialize_with = "whole")]
    active_tasks: u32,
}

/// Payloads about the agent in a workspace.
#[derive(Deserialize)]
struct AgentPayload {
    #[serde(default, deserialize_with = "optional_id")]
    agent_id: Option<AgentId>,
    model: Option<String>,
    old_model: Option<String>,
    new_model: Option<String>,
    reason: Option<String>,
    #[serde(default, deserialize_with = "optional_id")]
    from_workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "optional_id")]
    source_workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "optional_id")]
    to_workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "optional_id")]
    target_workspace_id: Option<WorkspaceId>,
    agent_card: Option<AgentCard>,
}

/// Payloads about teams.
#[derive(Deserialize)]
struct TeamPayload<'a> {
    #[serde(default, deserialize_with = "optional_id")]
    forwarded_to: Option<WorkspaceId>,
    /// The ids of the workspaces that were deleted too, or from some servers their number.
    #[serde(borrow)]
    cascade_deleted: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "null_as_default")]
    children: Vec<Child>,
    #[serde(default, deserialize_with = "null_as_default")]
    sub_workspace_ids: Vec<WorkspaceId>,
    #[serde(default, deserialize_with = "null_as_default")]
    removed_sub_workspace_ids: Vec<WorkspaceId>,
    #[serde(default, deserialize_with = "null_as_default")]
    removed_children: Vec<String>,
    #[serde(default, deserialize_with = "optional_id")]
    old_parent_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "optional_id")]
    new_parent_id: Option<WorkspaceId>,
}

impl SettingsPayload {
    fn change(self, kind: Kind) -> WorkspaceChange {
        let Self { name, tier, config, role, parent_id, x, y, pinned, with_descendants, runtime, collapsed } = self;
        match kind {
            Kind::Provisioning => WorkspaceChange::Provisioning(Provisioning {
                name: name.unwrap_or_default(),
                tier: tier.unwrap_or_else(first_tier),
                config,
                role,
                parent_id,
                x,
                y,
                pinned,
                runtime,
            }),
            _ => WorkspaceChange::Updated(Update { name, role, tier, x, y, pinned, with_descendants, collapsed }),
        }
    }
}

impl StatusPayload {
    fn change(self, kind: Kind) -> WorkspaceChange {
        match kind {
            Kind::Online => WorkspaceChange::Online { url: self.url, agent_card: self.agent_card },
            Kind::ProvisionFailed => {
                WorkspaceChange::ProvisionFailed { reason: self.reason.or(self.error).unwrap_or_default() }
            }
            Kind::Degraded => {
                WorkspaceChange::Degraded { error_rate: self.error_rate, sample_error: self.sample_error }
            }
            _ => WorkspaceChange::TaskUpdated { current_task: self.current_task, active_tasks: self.active_tasks },
        }
    }
}

impl AgentPayload {
    fn change(self, kind: Kind, subject: &WorkspaceId) -> Result<WorkspaceChange, JsonError> {
        let required_id = |id: Option<AgentId>| id.ok_or_else(|| missing("agent_id"));
        Ok(match kind {
            Kind::AgentAssigned => WorkspaceChange::AgentAssigned {
                agent_id: required_id(self.agent_id)?,
                model: self.model.ok_or_else(|| missing("model"))?,
            },
            Kind::AgentReplaced => WorkspaceChange::AgentReplaced {
                agent_id: self.agent_id,
                old_model: self.old_model,
                new_model: self.new_model.or(self.model).ok_or_else(|| missing("new_model"))?,
            },
            Kind::AgentRemoved => WorkspaceChange::AgentRemoved { agent_id: self.agent_id, reason: self.reason },
            Kind::AgentMoved => {
                let from = self.from_workspace_id.or(self.source_workspace_id);
                let to = self.to_workspace_id.or(self.target_workspace_id);
                // Some servers send a pair: the event of the old workspace names the new one, and vice versa.
                let (from, to) = match (from, to) {
                    (Some(from), to) => (from, to.unwrap_or_else(|| subject.clone())),
                    (None, Some(to)) => (subject.clone(), to),
                    (None, None) => return Err(missing("to_workspace_id")),
                };
                WorkspaceChange::AgentMoved { agent_id: required_id(self.agent_id)?, from, to }
            }
            _ => {
                WorkspaceChange::AgentCardUpdated { agent_card: self.agent_card.ok_or_else(|| missing("agent_card"))? }
            }
        })
    }
}

impl TeamPayload<'_> {
    fn change(self, kind: Kind) -> WorkspaceChange {
        match kind {
            Kind::Removed => {
                let cascade_deleted = self.cascade_deleted.and_then(|ids| from_json(ids.get()).ok());
                WorkspaceChange::Removed {
                    forwarded_to: self.forwarded_to,
                    cascade_deleted: cascade_deleted.unwrap_or_default(),
                }
            }
            Kind::Expanded => WorkspaceChange::Expanded { children: self.all_children() },
            Kind::Collapsed => WorkspaceChange::Collapsed {
                removed: self.removed_sub_workspace_ids,
                removed_names: self.removed_children,
            },
            _ => WorkspaceChange::Moved { old_parent_id: self.old_parent_id, new_parent_id: self.new_parent_id },
        }
    }

    /// Returns `children` and those that only `sub_workspace_ids` lists.
    fn all_children(self) -> Vec<Child> {
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
        WorkspaceChange::Provisioning(settings) => json!(settings),
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
        WorkspaceChange::ActivityLogged(activity) => json!(activity),
        WorkspaceChange::Updated(update) => json!(update),
    }
}
