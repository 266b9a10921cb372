//! The payloads letter by letter: what is always written, what is also written, and what is also read (see section 3.2 of docs/protocol.md).
//! Never seen outside the protocol: everyone else works with `WorkspaceChange`.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Activity, Child, Provisioning, Update, WorkspaceChange, WorkspaceEventKind as Kind, tier_one};
use crate::fields::{Fields, Read};
use crate::{AgentCard, WorkspaceId};

pub(super) fn read(kind: Kind, it: &Fields<'_>, subject: &WorkspaceId) -> Read<WorkspaceChange> {
    Ok(match kind {
        Kind::Provisioning => WorkspaceChange::Provisioning(provisioning(it)?),
        Kind::Online => WorkspaceChange::Online { url: it.words("url")?, agent_card: it.card("agent_card")? },
        Kind::Offline => WorkspaceChange::Offline,
        Kind::ProvisionFailed => {
            let reason = it.text("reason")?.or(it.text("error")?);
            WorkspaceChange::ProvisionFailed { reason: reason.unwrap_or_default() }
        }
        Kind::Degraded => {
            WorkspaceChange::Degraded { error_rate: it.number("error_rate")?, sample_error: it.words("sample_error")? }
        }
        Kind::Removed => WorkspaceChange::Removed {
            forwarded_to: it.parsed("forwarded_to")?,
            // Some servers send which, some send how many.
            cascade_deleted: it.all_parsed("cascade_deleted").unwrap_or_default(),
        },
        Kind::AgentAssigned => WorkspaceChange::AgentAssigned {
            agent_id: it.needed("agent_id", it.parsed("agent_id"))?,
            model: it.needed("model", it.text("model"))?,
        },
        Kind::AgentReplaced => {
            let model = it.text("model")?;
            WorkspaceChange::AgentReplaced {
                agent_id: it.parsed("agent_id")?,
                old_model: it.text("old_model")?,
                new_model: it.needed("new_model", it.text("new_model").map(|new| new.or(model)))?,
            }
        }
        Kind::AgentRemoved => {
            WorkspaceChange::AgentRemoved { agent_id: it.parsed("agent_id")?, reason: it.text("reason")? }
        }
        Kind::AgentMoved => {
            let from: Option<WorkspaceId> = it.parsed("from_workspace_id")?.or(it.parsed("source_workspace_id")?);
            let to: Option<WorkspaceId> = it.parsed("to_workspace_id")?.or(it.parsed("target_workspace_id")?);
            // Some servers send a pair: the old workspace names the new one, and the new one names the old.
            let (from, to) = match (from, to) {
                (Some(from), to) => (from, to.unwrap_or_else(|| subject.clone())),
                (None, to) => (subject.clone(), it.needed("to_workspace_id", Ok(to))?),
            };
            WorkspaceChange::AgentMoved { agent_id: it.needed("agent_id", it.parsed("agent_id"))?, from, to }
        }
        Kind::AgentCardUpdated => {
            WorkspaceChange::AgentCardUpdated { agent_card: it.needed("agent_card", it.card("agent_card"))? }
        }
        Kind::Expanded => WorkspaceChange::Expanded { children: children(it)? },
        Kind::Collapsed => WorkspaceChange::Collapsed {
            removed: it.all_parsed("removed_sub_workspace_ids")?,
            removed_names: it.texts("removed_children")?,
        },
        Kind::Moved => WorkspaceChange::Moved {
            old_parent_id: it.parsed("old_parent_id")?,
            new_parent_id: it.parsed("new_parent_id")?,
        },
        Kind::TaskUpdated => WorkspaceChange::TaskUpdated {
            current_task: it.words("current_task")?,
            active_tasks: it.whole("active_tasks")?.unwrap_or_default(),
        },
        Kind::ActivityLogged => WorkspaceChange::ActivityLogged(activity(it)?),
        Kind::Updated => WorkspaceChange::Updated(update(it)?),
    })
}

fn provisioning(it: &Fields<'_>) -> Read<Provisioning> {
    Ok(Provisioning {
        name: it.text("name")?.unwrap_or_default(),
        tier: it.whole("tier")?.unwrap_or_else(tier_one),
        config: it.value("config")?,
        role: it.text("role")?,
        parent_id: it.parsed("parent_id")?,
        x: it.number("x")?,
        y: it.number("y")?,
        runtime: it.text("runtime")?,
    })
}

/// `children` says more, but need not name every id.
fn children(it: &Fields<'_>) -> Read<Vec<Child>> {
    let child = |it: Fields<'_>| -> Read<Child> {
        Ok(Child { id: it.needed("id", it.parsed("id"))?, name: it.text("name")?, role: it.text("role")? })
    };
    let said = it.objects("children", "payload.children.")?;
    let mut children = said.into_iter().map(child).collect::<Read<Vec<Child>>>()?;
    let mut known: HashSet<WorkspaceId> = children.iter().map(|child| child.id.clone()).collect();
    for id in it.all_parsed::<WorkspaceId>("sub_workspace_ids")? {
        if known.insert(id.clone()) {
            children.push(Child { id, name: None, role: None });
        }
    }
    Ok(children)
}

fn activity(it: &Fields<'_>) -> Read<Activity> {
    Ok(Activity {
        id: it.text("id")?,
        activity_type: it.text("activity_type")?,
        method: it.text("method")?,
        summary: it.text("summary")?,
        status: it.text("status")?,
        source_id: it.parsed("source_id")?,
        target_id: it.parsed("target_id")?,
        duration_ms: it.whole("duration_ms")?,
    })
}

fn update(it: &Fields<'_>) -> Read<Update> {
    Ok(Update {
        name: it.text("name")?,
        role: it.text("role")?,
        tier: it.whole("tier")?,
        x: it.number("x")?,
        y: it.number("y")?,
        collapsed: it.flag("collapsed")?,
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
