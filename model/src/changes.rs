//! What a fold touched, so that a screen or a table can follow without looking at everything. Never the state itself.

use orrery_protocol::WorkspaceId;

use crate::canvas::Slot;

/// Collected over one or many events. A slot may stand in several lists: follow `removed`, then `added`, then `updated`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    pub removed: Vec<(Slot, WorkspaceId)>,
    pub added: Vec<Slot>,
    /// May name a slot more than once, and one that was removed later.
    pub updated: Vec<Slot>,
    /// Something entered, left, changed its parent or its place: the arrangement on the canvas is out of date.
    pub arrangement: bool,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty() && self.updated.is_empty()
    }

    pub fn clear(&mut self) {
        let Self { removed, added, updated, arrangement } = self;
        removed.clear();
        added.clear();
        updated.clear();
        *arrangement = false;
    }
}
