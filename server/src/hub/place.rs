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
