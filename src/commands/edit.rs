//! A change that can be shown at once, sent to the server, and taken back.

use orrery_client::Diff;
use orrery_protocol::WorkspaceId;

/// A change of one workspace, with what goes along with it: the workspaces inside one that moves, and the teams around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    pub id: WorkspaceId,
    pub diff: Diff,
}

impl Edit {
    /// Returns the edit that takes this one back, or None when no request can do that.
    pub fn reverse(&self) -> Option<Self> {
        let diff = self.diff.reverse();
        (!diff.requests().is_empty()).then(|| Self { id: self.id.clone(), diff })
    }
}
