//! Decisions: what a call means, given the state. Pure; never I/O, a clock or a random number.

pub mod positions;
pub mod workspace;
pub mod team;
pub mod agent;
pub mod registry;
pub mod activity;
pub mod claims;
mod checks;

use orrery_protocol::{Event, WorkspaceChange, WorkspaceEvent, WorkspaceId};

use crate::publish::State;

/// It happens to this workspace, now.
pub(crate) fn event(state: &State, id: &WorkspaceId, change: WorkspaceChange) -> Event {
    Event::Workspace(WorkspaceEvent { workspace_id: id.clone(), timestamp: state.now, change })
}
