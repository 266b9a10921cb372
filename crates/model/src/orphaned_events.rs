//! Events whose workspace has not arrived: they wait in the state, in their order. Never for a workspace that is here.

use std::collections::HashMap;

use orrery_protocol::{WorkspaceChange, WorkspaceEvent, WorkspaceId};

#[derive(Debug, Clone, Default)]
pub(crate) struct OrphanedEvents {
    by_workspace: HashMap<WorkspaceId, Vec<WorkspaceEvent>>,
}

impl OrphanedEvents {
    /// A later event of a kind stands for the earlier ones (each says all it has to say), so a workspace that never
    /// arrives keeps at most one event a kind. Only partial updates are kept side by side, merged field by field.
    pub(crate) fn insert(&mut self, mut event: WorkspaceEvent) {
        let events = self.by_workspace.entry(event.workspace_id.clone()).or_default();
        let same_kind = events.iter().position(|kept| kept.change.kind() == event.change.kind());
        if let Some(earlier) = same_kind.map(|place| events.remove(place)) {
            merge(&earlier.change, &mut event.change);
        }
        events.push(event);
    }

    pub(crate) fn take(&mut self, id: &WorkspaceId) -> Vec<WorkspaceEvent> {
        self.by_workspace.remove(id).unwrap_or_default()
    }

    pub(crate) fn forget(&mut self, id: &WorkspaceId) {
        self.by_workspace.remove(id);
    }

    pub(crate) fn len(&self) -> usize {
        self.by_workspace.values().map(Vec::len).sum()
    }
}

/// What the earlier event said and the later one leaves open still holds.
fn merge(earlier: &WorkspaceChange, later: &mut WorkspaceChange) {
    match (earlier, later) {
        (WorkspaceChange::Updated(earlier), WorkspaceChange::Updated(later)) => {
            later.name = later.name.take().or_else(|| earlier.name.clone());
            later.role = later.role.take().or_else(|| earlier.role.clone());
            later.tier = later.tier.or(earlier.tier);
            later.x = later.x.or(earlier.x);
            later.y = later.y.or(earlier.y);
            later.collapsed = later.collapsed.or(earlier.collapsed);
        }
        (
            WorkspaceChange::Online { url: known_url, agent_card: known_card },
            WorkspaceChange::Online { url, agent_card },
        ) => {
            *url = url.take().or_else(|| known_url.clone());
            *agent_card = agent_card.take().or_else(|| known_card.clone());
        }
        _ => {}
    }
}
