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
    /// `PUT /canvas/positions` with these positions.
    SetPositions(Vec<Value>),
}

/// How many positions one request sets: its body stays below the server's limit.
const POSITIONS_PER_REQUEST: usize = 1000;

impl Diff {
    /// Returns the requests that carry out the diff, in the order in which they are to be sent.
    pub fn requests(&self) -> Vec<WorkspaceRequest> {
        let arranged = self.iter().filter(|_| self.is_arranged).filter_map(|(id, changes)| arranged(id, changes));
        let positions: Vec<Value> = arranged.collect();
        let set_positions =
            positions.chunks(POSITIONS_PER_REQUEST).map(|positions| WorkspaceRequest::SetPositions(positions.to_vec()));
        let others = self.iter().flat_map(|(id, changes)| requests_for(id, changes, self.is_arranged));
        others.chain(set_positions).collect()
    }
}

fn requests_for(
    id: &WorkspaceId,
    changes: &WorkspaceDiff,
    is_arranged: bool,
) -> impl Iterator<Item = WorkspaceRequest> {
    let patch = patch(changes, is_arranged).map(|fields| WorkspaceRequest::Patch(id.clone(), fields));
    let agent = changes.model.as_ref().and_then(|model| match (&model.from, &model.to) {
        (None, Some(to)) => Some(WorkspaceRequest::AssignAgent(id.clone(), to.clone())),
        (Some(_), Some(to)) => Some(WorkspaceRequest::ReplaceAgent(id.clone(), to.clone())),
        (Some(_), None) => Some(WorkspaceRequest::RemoveAgent(id.clone())),
        (None, None) => None,
    });
    let restart = changes.restart.as_ref().map(|_| WorkspaceRequest::Restart(id.clone()));
    patch.into_iter().chain(agent).chain(restart)
}

/// Returns the position, and the team if that changes, for a server that arranges workspaces.
fn arranged(id: &WorkspaceId, changes: &WorkspaceDiff) -> Option<Value> {
    let mut entry = json!({ "id": id });
    if let Some((to, pinned)) = changes.arranged_position() {
        (entry["x"], entry["y"], entry["pinned"]) = (json!(to.x), json!(to.y), json!(pinned));
    }
    if let Some(parent) = &changes.parent {
        entry["parent_id"] = json!(parent.to);
    }
    (changes.position.is_some() || changes.parent.is_some()).then_some(entry)
}

/// Returns the body of the patch, or None when no field of it changes.
fn patch(changes: &WorkspaceDiff, is_arranged: bool) -> Option<Value> {
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
    if let Some(parent) = changes.parent.as_ref().filter(|_| !is_arranged) {
        set("parent_id", json!(parent.to));
    }
    if let Some((x, y)) = changes.requested_position().filter(|_| !is_arranged) {
        set("x", json!(x));
        set("y", json!(y));
    }
    (!fields.is_empty()).then_some(Value::Object(fields))
}
