//! A change of several workspaces, which can be reversed and joined with another one.

use orrery_protocol::{MovedWorkspace, WorkspaceId};

use super::{FieldChange, Position, PositionSource, WorkspaceDiff};

/// What changes of which workspaces, in the order in which the server is asked for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diff {
    workspaces: Vec<(WorkspaceId, WorkspaceDiff)>,
    /// The server arranges workspaces: all moves are one request, and the server finds a place where none is given.
    pub(super) is_arranged: bool,
}

impl Diff {
    /// Returns the diff of one workspace.
    pub fn of(id: WorkspaceId, changes: WorkspaceDiff) -> Self {
        let mut diff = Self::default();
        diff.add(id, changes);
        diff
    }

    /// Returns an empty diff for a server that arranges workspaces: it carries out all moves at once, chooses a position where
    /// the diff gives none, and moves neighbours out of the way.
    pub fn arranged() -> Self {
        Self { is_arranged: true, ..Self::default() }
    }

    /// Returns whether the diff is for a server that arranges workspaces.
    pub fn is_arranged(&self) -> bool {
        self.is_arranged
    }

    /// Adds a later change of one workspace.
    pub fn add(&mut self, id: WorkspaceId, changes: WorkspaceDiff) {
        match self.workspaces.iter().position(|(known, _)| *known == id) {
            Some(index) => {
                self.workspaces[index].1.squash(changes);
                if self.workspaces[index].1.is_empty() {
                    self.workspaces.remove(index);
                }
            }
            None if changes.is_empty() => {}
            None => self.workspaces.push((id, changes)),
        }
    }

    /// Adds a later diff.
    pub fn squash(&mut self, later: Self) {
        later.workspaces.into_iter().for_each(|(id, changes)| self.add(id, changes));
    }

    /// Returns the diff that takes this one back. What cannot be taken back is left out.
    pub fn reverse(&self) -> Self {
        let mut diff = Self { is_arranged: self.is_arranged, ..Self::default() };
        self.workspaces.iter().for_each(|(id, changes)| diff.add(id.clone(), changes.reverse()));
        diff
    }

    /// Adds the workspaces that a server says it moved.
    pub fn add_moved(&mut self, moved: &[MovedWorkspace]) {
        let position = |position: orrery_protocol::Position| {
            let source = PositionSource::Server { pinned: position.pinned };
            Position { x: position.x, y: position.y, source }
        };
        for MovedWorkspace { id, from, to } in moved {
            let position = FieldChange::between(position(*from), position(*to));
            self.add(id.clone(), WorkspaceDiff { position, ..WorkspaceDiff::default() });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.workspaces.is_empty()
    }

    pub fn get(&self, id: &WorkspaceId) -> Option<&WorkspaceDiff> {
        self.iter().find(|(known, _)| *known == id).map(|(_, changes)| changes)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&WorkspaceId, &WorkspaceDiff)> {
        self.workspaces.iter().map(|(id, changes)| (id, changes))
    }

    /// Removes the fields that a later diff changes, too.
    pub(super) fn remove_fields_of(&mut self, later: &Self) {
        for (id, changes) in &mut self.workspaces {
            if let Some(later) = later.get(id) {
                changes.remove_fields_of(later);
            }
        }
        self.workspaces.retain(|(_, changes)| !changes.is_empty());
    }
}
