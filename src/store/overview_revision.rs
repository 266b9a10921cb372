//! Revisions of the overview, so that a cached drawing of it knows what to repaint.

use orrery_model::Slot;

use super::{CanvasStore, OverviewStatus};

/// Equal revisions look alike in the overview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OverviewRevision {
    /// Of the layout and of the filter results.
    layout: u64,
    statuses: u64,
}

impl CanvasStore {
    /// Returns the status of a workspace as the overview shows it.
    pub fn overview_status(&self, slot: Slot) -> OverviewStatus {
        self.statuses.get(slot)
    }

    /// Returns the same without regard to work and errors.
    pub fn plain_status(&self, slot: Slot) -> OverviewStatus {
        match (self.overview_status(slot), self.canvas.get(slot)) {
            (OverviewStatus::Stuck | OverviewStatus::Working, Some(workspace)) => (&workspace.status).into(),
            (status, _) => status,
        }
    }

    /// Returns the current revision of the overview.
    pub fn overview_revision(&self) -> OverviewRevision {
        let layout = self.layout_revision + self.filter_index.revision();
        OverviewRevision { layout, statuses: self.statuses.revision() }
    }

    /// Returns the workspaces that look different than at an earlier revision, or `None` if any of them may.
    pub fn changed_since_revision(&self, revision: OverviewRevision) -> Option<Vec<Slot>> {
        let slots = self.statuses.changed_since(revision.statuses)?;
        (self.overview_revision().layout == revision.layout).then_some(slots)
    }
}
