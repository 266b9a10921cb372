//! What a person can have done to a workspace, and what that changes.

use orrery_client::{Diff, FieldChange, WorkspaceDiff};
use orrery_protocol::{Status, WorkspaceId};

use super::{Edit, moves};
use crate::store::CanvasStore;

/// A change of one workspace, whichever it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Restart,
    Rename(String),
    SetTier(u8),
    SetCollapsed(bool),
    /// Replaces the model of the agent, or assigns an agent where there is none.
    SetModel(String),
    RemoveAgent,
    /// Moves into a team, or out of all teams.
    MoveInto(Option<WorkspaceId>),
}

impl Command {
    /// Returns the edit that carries out the command. It is None when the workspace is gone or nothing would change.
    /// `index` counts the workspaces that move into the same team: they come to lie side by side.
    pub(super) fn edit(&self, store: &CanvasStore, id: &WorkspaceId, index: usize) -> Option<Edit> {
        let record = store.displayed(store.canvas().find(id)?)?;
        let model = || record.agent.as_ref().map(|agent| agent.model.clone());
        let mut changes = WorkspaceDiff::default();
        match self {
            Self::Restart => {
                changes.restart = Some(FieldChange { from: record.status.clone(), to: Status::Provisioning });
            }
            Self::Rename(name) => changes.name = FieldChange::between(record.name.clone(), name.clone()),
            Self::SetTier(tier) => changes.tier = FieldChange::between(record.tier, *tier),
            Self::SetCollapsed(collapsed) => changes.collapsed = FieldChange::between(record.collapsed, *collapsed),
            Self::SetModel(to) => changes.model = FieldChange::between(model(), Some(to.clone())),
            Self::RemoveAgent => changes.model = FieldChange::between(model(), None),
            Self::MoveInto(team) => return moves::move_into(store, id, team.as_ref(), index),
        }
        (!changes.is_empty()).then(|| Edit { id: id.clone(), diff: Diff::of(id.clone(), changes) })
    }
}
