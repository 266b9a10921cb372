//! The requests that carry out a diff (see chapter 9 of docs/protocol.md).

use orrery_protocol::WorkspaceId;
use serde_json::{Map, Value, json};

use super::{Diff, WorkspaceDiff};

/// One request about one workspace.
#[derive(Debug, Clone, PartialEq)]
pub enum WorkspaceRequest {
    /// `PATCH /workspaces/{id}` with the fields that change.
    Patch(WorkspaceId, Value),
    Restart(WorkspaceId),
    AssignAgent(WorkspaceId, String),
    ReplaceAgent(WorkspaceId, String),
    RemoveAgent(WorkspaceId),
}

impl Diff {
    /// Returns the requests that carry out the diff, in the order in which they are to be sent.
    pub fn requests(&self) -> Vec<WorkspaceRequest> {
        self.iter().flat_map(|(id, changes)| requests_for(id, changes)).collect()
    }
}

fn requests_for(id: &WorkspaceId, changes: &WorkspaceDiff) -> impl Iterator<Item = WorkspaceRequest> {
    let patch = patch(changes).map(|fields| WorkspaceRequest::Patch(id.clone(), fields));
    let agent = changes.model.as_ref().and_then(|model| match (&model.from, &model.to) {
        (None, Some(to)) => Some(WorkspaceRequest::AssignAgent(id.clone(), to.clone())),
        (Some(_), Some(to)) => Some(WorkspaceRequest::ReplaceAgent(id.clone(), to.clone())),
        (Some(_), None) => Some(WorkspaceRequest::RemoveAgent(id.clone())),
        (None, None) => None,
    });
    let restart = changes.restart.as_ref().map(|_| WorkspaceRequest::Restart(id.clone()));
    patch.into_iter().chain(agent).chain(restart)
}

/// Returns the body of the patch, or None when no field of it changes.
fn patch(changes: &WorkspaceDiff) -> Option<Value> {
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    if let Some(name) = &changes.name {
        set("name", json!(name.to));
    }
    if let Some(tier) = &changes.tier {
        set("tier", json!(tier.to));
    }
    if let Some(collapsed) = &changes.collapsed {
        set("collapsed", json!(collapsed.to));
    }
    if let Some(parent) = &changes.parent {
        set("parent_id", json!(parent.to));
    }
    if let Some((x, y)) = changes.requested_position() {
        set("x", json!(x));
        set("y", json!(y));
    }
    (!fields.is_empty()).then_some(Value::Object(fields))
}
