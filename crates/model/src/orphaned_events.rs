//! Events of workspaces that have not been provisioned yet, in the order in which they are to be applied.

use std::collections::HashMap;

use orrery_protocol::{WorkspaceChange, WorkspaceEvent, WorkspaceId};

#[derive(Debug, Clone, Default)]
pub(crate) struct OrphanedEvents {
    by_workspace: HashMap<WorkspaceId, Vec<WorkspaceEvent>>,
}

impl OrphanedEvents {
    /// Adds an event, which replaces an earlier one of its kind: each is complete by itself, so a workspace that is never
    /// provisioned occupies at most one event of each kind. Partial updates are merged field by field.
    pub(crate) fn insert(&mut self, mut event: WorkspaceEvent) {
        let events = self.by_workspace.entry(event.workspace_id.clone()).or_default();
        let same_kind = events.iter().position(|earlier| earlier.change.kind() == event.change.kind());
        if let Some(earlier) = same_kind.map(|index| events.remove(index)) {
            merge_changes(&earlier.change, &mut event.change);
        }
        events.push(event);
    }

    /// Removes and returns the events of a workspace.
    pub(crate) fn remove(&mut self, id: &WorkspaceId) -> Vec<WorkspaceEvent> {
        self.by_workspace.remove(id).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_workspace.values().map(Vec::len).sum()
    }
}

/// Fills the fields that the later change leaves open from the earlier one.
fn merge_changes(earlier: &WorkspaceChange, later: &mut WorkspaceChange) {
    match (earlier, later) {
        (WorkspaceChange::Updated(earlier), WorkspaceChange::Updated(later)) => {
            later.name = later.name.take().or_else(|| earlier.name.clone());
            later.role = later.role.take().or_else(|| earlier.role.clone());
            later.tier = later.tier.or(earlier.tier);
            later.x = later.x.or(earlier.x);
            later.y = later.y.or(earlier.y);
            later.pinned = later.pinned.or(earlier.pinned);
            later.collapsed = later.collapsed.or(earlier.collapsed);
        }
        (
            WorkspaceChange::Online { url: earlier_url, agent_card: earlier_card },
            WorkspaceChange::Online { url, agent_card },
        ) => {
            *url = url.take().or_else(|| earlier_url.clone());
            *agent_card = agent_card.take().or_else(|| earlier_card.clone());
        }
        _ => {}
    }
}
