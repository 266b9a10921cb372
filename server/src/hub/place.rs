//! Where a workspace stands in the tree, and who hears from whom because of it (see section 8.5 of docs/protocol.md). Never who is connected.

use orrery_model::Canvas;
use orrery_protocol::WorkspaceId;

/// A workspace that is on the canvas stands at the root or under its parent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    Root,
    Under(WorkspaceId),
}

impl Place {
    /// `None` for a workspace that is not on the canvas.
    pub fn of(canvas: &Canvas, id: &WorkspaceId) -> Option<Self> {
        #[cfg(test)]
        counted::LOOKED_UP.with(|count| count.set(count.get() + 1));
        let parent = canvas.parent(canvas.find(id)?);
        let parent = parent.and_then(|parent| canvas.get(parent));
        Some(parent.map_or(Self::Root, |parent| Self::Under(parent.id.clone())))
    }

    fn is_under(&self, id: &WorkspaceId) -> bool {
        matches!(self, Self::Under(parent) if parent == id)
    }
}

/// Can `listener`, standing at `own`, communicate with `subject`, standing at `other`?
pub fn hears(listener: &WorkspaceId, own: &Place, subject: &WorkspaceId, other: &Place) -> bool {
    listener == subject || own == other || own.is_under(subject) || other.is_under(listener)
}

/// Counts the work of delivering, for tests: each runs in a thread of its own.
#[cfg(test)]
pub(super) mod counted {
    use std::cell::Cell;

    thread_local! {
        pub static LOOKED_UP: Cell<usize> = const { Cell::new(0) };
    }
}
