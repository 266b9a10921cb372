//! The changes that the page shows before the server has confirmed them.

use orrery_model::Canvas;
use orrery_protocol::WorkspaceId;

use super::{Diff, WorkspaceDiff};

/// Names a pending change until it is confirmed or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingId(u64);

/// The pending changes, oldest first. They lie over the server's state until its events confirm them, their request fails
/// or a timeout passes.
#[derive(Debug, Default)]
pub struct OptimisticOverlay {
    pending: Vec<(PendingId, Diff)>,
    last_id: u64,
}

impl OptimisticOverlay {
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    pub fn push(&mut self, diff: Diff) -> PendingId {
        self.last_id += 1;
        let id = PendingId(self.last_id);
        self.pending.push((id, diff));
        id
    }

    /// Removes a pending change, and returns it unless it has been removed or confirmed before.
    pub fn remove(&mut self, id: PendingId) -> Option<Diff> {
        let index = self.pending.iter().position(|(pending, _)| *pending == id)?;
        Some(self.pending.remove(index).1)
    }

    /// Removes the changes that the server's state confirms, with what they overtook of earlier ones, and returns the
    /// workspaces concerned. A workspace that is gone confirms everything.
    pub fn remove_confirmed(&mut self, canvas: &Canvas) -> Vec<WorkspaceId> {
        let is_confirmed = |diff: &Diff| {
            diff.iter().all(|(id, changes)| canvas.workspace(id).is_none_or(|record| changes.is_confirmed_by(record)))
        };
        let mut concerned = Vec::new();
        while let Some(index) = self.pending.iter().rposition(|(_, diff)| is_confirmed(diff)) {
            let (_, confirmed) = self.pending.remove(index);
            self.pending[..index].iter_mut().for_each(|(_, earlier)| earlier.remove_fields_of(&confirmed));
            concerned.extend(confirmed.iter().map(|(id, _)| id.clone()));
        }
        concerned
    }

    /// Returns all pending changes of one workspace as one.
    pub fn changes_of(&self, id: &WorkspaceId) -> Option<WorkspaceDiff> {
        self.pending.iter().filter_map(|(_, diff)| diff.get(id)).cloned().reduce(|mut earlier, later| {
            earlier.squash(later);
            earlier
        })
    }

    /// Iterates over the workspaces with pending changes. A workspace may come more than once.
    pub fn workspace_ids(&self) -> impl Iterator<Item = &WorkspaceId> {
        self.pending.iter().flat_map(|(_, diff)| diff.iter().map(|(id, _)| id))
    }
}
