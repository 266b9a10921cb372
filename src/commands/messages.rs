//! What the page reports about edits.

use orrery_client::{FieldChange, WorkspaceDiff};
use orrery_protocol::WorkspaceId;

use super::Edit;
use crate::store::CanvasStore;

/// Returns what was done, as in "Renamed “Ledger” to “Books”".
pub(super) fn success(store: &CanvasStore, edit: &Edit) -> String {
    let moved = edit.diff.iter().filter(|(_, changes)| changes.position.is_some() || changes.parent.is_some()).count();
    if edit.diff.is_arranged() && moved > 1 {
        return format!("Moved {moved} workspaces");
    }
    let (name, changes) = (name(store, &edit.id), changes(edit));
    if let Some(FieldChange { from, to }) = &changes.name {
        return format!("Renamed “{from}” to “{to}”");
    }
    if let Some(tier) = &changes.tier {
        return format!("Changed the tier of “{name}” to T{}", tier.to);
    }
    match &changes.model {
        Some(FieldChange { from: None, to: Some(model) }) => return format!("Assigned {model} to “{name}”"),
        Some(FieldChange { to: Some(model), .. }) => return format!("Changed the model of “{name}” to {model}"),
        Some(FieldChange { to: None, .. }) => return format!("Removed the agent from “{name}”"),
        None => {}
    }
    match &changes.parent {
        Some(FieldChange { to: Some(team), .. }) => format!("Moved “{name}” into “{}”", self::name(store, team)),
        Some(FieldChange { from: Some(team), .. }) => format!("Moved “{name}” out of “{}”", self::name(store, team)),
        _ if changes.restart.is_some() => format!("Restarting “{name}”"),
        _ => match &changes.collapsed {
            Some(collapsed) if collapsed.to => format!("Collapsed “{name}”"),
            Some(_) => format!("Expanded “{name}”"),
            None => format!("Moved “{name}”"),
        },
    }
}

/// Returns what could not be done, as in "Could not rename “Ledger”". The reason follows.
pub(super) fn failure(store: &CanvasStore, edit: &Edit) -> String {
    let changes = changes(edit);
    let action = match &changes.model {
        Some(FieldChange { from: None, .. }) => "assign an agent to",
        Some(FieldChange { to: Some(_), .. }) => "change the model of",
        Some(FieldChange { to: None, .. }) => "remove the agent from",
        None if changes.name.is_some() => "rename",
        None if changes.tier.is_some() => "change the tier of",
        None if changes.restart.is_some() => "restart",
        None => match &changes.collapsed {
            Some(collapsed) if collapsed.to => "collapse",
            Some(_) => "expand",
            None => "move",
        },
    };
    format!("Could not {action} “{}”", name(store, &edit.id))
}

fn changes(edit: &Edit) -> WorkspaceDiff {
    edit.diff.get(&edit.id).cloned().unwrap_or_default()
}

/// Returns the name of a workspace as the server knows it, or its id.
pub(super) fn name(store: &CanvasStore, id: &WorkspaceId) -> String {
    let name = store.canvas().workspace(id).map(|workspace| workspace.name.clone());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string())
}
