//! The workspaces that are rendered as elements of the page, and the only writer of their signals.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::{Timestamp, Workspace, WorkspaceId};

use super::{CanvasStore, FrameDiff, NodeDetails, NodeHandle, NodeHealth, NodePosition};

/// In milliseconds: how often at most a node publishes other changes than those of its position, so that a burst of events
/// neither flickers nor costs a rerun each.
pub const PUBLISH_INTERVAL: i64 = 200;

/// The rendered nodes. Cheap to copy.
#[derive(Clone, Copy)]
pub struct RenderedNodes {
    /// The handles in painting order: teams before cards, outer teams before inner ones.
    pub handles: ReadSignal<Vec<NodeHandle>>,
    set_handles: WriteSignal<Vec<NodeHandle>>,
    nodes: StoredValue<HashMap<WorkspaceId, RenderedNode>>,
}

/// The writing ends of a handle.
struct RenderedNode {
    slot: Slot,
    handle: NodeHandle,
    position: ArcRwSignal<NodePosition>,
    task: ArcRwSignal<Option<String>>,
    active_tasks: ArcRwSignal<u32>,
    health: ArcRwSignal<NodeHealth>,
    details: ArcRwSignal<NodeDetails>,
    team: ArcRwSignal<super::TeamSummary>,
    activity: ArcRwSignal<super::NodeActivity>,
    published_at: Timestamp,
    /// Whether the store has changes that are not published yet.
    is_stale: bool,
}

/// Returns whether [`PUBLISH_INTERVAL`] has passed. A clock that was set back counts as passed.
pub fn is_publish_due(published_at: Timestamp, now: Timestamp) -> bool {
    !(0..PUBLISH_INTERVAL).contains(&(now.millis() - published_at.millis()))
}

impl RenderedNodes {
    pub(super) fn new() -> Self {
        let (handles, set_handles) = signal(Vec::new());
        Self { handles, set_handles, nodes: StoredValue::new(HashMap::new()) }
    }

    /// Makes exactly these workspaces the rendered ones, in this order. Handles of those that stay are reused.
    pub(super) fn set(&self, store: &CanvasStore, slots: &[Slot]) {
        let update = |nodes: &mut HashMap<WorkspaceId, RenderedNode>| {
            let records = slots.iter().filter_map(|slot| Some((*slot, store.displayed(*slot)?)));
            let records: Vec<(Slot, Cow<'_, Workspace>)> = records.collect();
            let ids: HashSet<&WorkspaceId> = records.iter().map(|(_, workspace)| &workspace.id).collect();
            nodes.retain(|id, _| ids.contains(id));
            let handle = |(slot, workspace): &(Slot, Cow<'_, Workspace>)| {
                let node = nodes.entry(workspace.id.clone());
                let node = node.or_insert_with(|| RenderedNode::new(store, *slot, workspace));
                node.handle.shape = store.shape(*slot);
                node.handle.clone()
            };
            records.iter().map(handle).collect::<Vec<NodeHandle>>()
        };
        let Some(handles) = self.nodes.try_update_value(update) else { return };
        let keys = |handles: &[NodeHandle]| handles.iter().map(NodeHandle::key).collect::<Vec<_>>();
        if self.handles.with_untracked(|before| keys(before) != keys(&handles)) {
            self.set_handles.set(handles);
        }
    }

    /// Publishes the positions of these workspaces, as far as they are rendered and have moved.
    pub(super) fn publish_positions(&self, store: &CanvasStore, slots: &[Slot]) {
        self.nodes.with_value(|nodes| {
            for node in slots.iter().filter_map(|slot| nodes.get(&store.canvas().get(*slot)?.id)) {
                node.publish_position(store);
            }
        });
    }

    /// Publishes what a frame has changed: after a change of the layout at once, otherwise each node at most once in
    /// [`PUBLISH_INTERVAL`]. Returns whether some nodes are still to be published.
    pub(super) fn publish(&self, store: &CanvasStore, diff: &FrameDiff, now: Timestamp) -> bool {
        let changes = &diff.changes;
        let is_all = diff.replaced || changes.arrangement;
        // The teams around a workspace count its problems.
        let and_ancestors = |slot: &Slot| std::iter::successors(Some(*slot), |slot| store.canvas().parent(*slot));
        let changed = changes.updated.iter().chain(&changes.marked);
        let changed: HashSet<Slot> = match is_all {
            true => HashSet::new(),
            false => changed.flat_map(and_ancestors).collect(),
        };
        let publish = |nodes: &mut HashMap<WorkspaceId, RenderedNode>| {
            if diff.replaced {
                nodes.retain(|id, node| match store.canvas().find(id) {
                    Some(slot) => {
                        node.slot = slot;
                        true
                    }
                    None => false,
                });
            }
            for node in nodes.values_mut() {
                node.is_stale |= is_all || changed.contains(&node.slot);
                if node.is_stale && (is_all || is_publish_due(node.published_at, now)) {
                    node.publish(store, now);
                }
            }
            nodes.values().any(|node| node.is_stale)
        };
        self.nodes.try_update_value(publish).unwrap_or_default()
    }
}

impl RenderedNode {
    fn new(store: &CanvasStore, slot: Slot, workspace: &Workspace) -> Self {
        let position = ArcRwSignal::new(store.node_position(slot));
        let task = ArcRwSignal::new(workspace.current_task.clone());
        let active_tasks = ArcRwSignal::new(workspace.active_tasks);
        let health = ArcRwSignal::new(NodeHealth::from(workspace));
        let details = ArcRwSignal::new(NodeDetails::from(workspace));
        let team = ArcRwSignal::new(store.team_summary(slot));
        let activity = ArcRwSignal::new(store.activity(slot));
        let handle = NodeHandle {
            id: workspace.id.clone(),
            shape: store.shape(slot),
            position: position.read_only(),
            task: task.read_only(),
            active_tasks: active_tasks.read_only(),
            health: health.read_only(),
            details: details.read_only(),
            team: team.read_only(),
            activity: activity.read_only(),
        };
        let published_at = Timestamp::default();
        Self {
            slot,
            handle,
            position,
            task,
            active_tasks,
            health,
            details,
            team,
            activity,
            published_at,
            is_stale: false,
        }
    }

    fn publish(&mut self, store: &CanvasStore, now: Timestamp) {
        (self.is_stale, self.published_at) = (false, now);
        // The slot of a removed workspace may have been given to another one.
        let Some(workspace) = store.displayed(self.slot).filter(|found| found.id == self.handle.id) else { return };
        self.publish_workspace(&workspace);
        set_if_changed(&self.team, store.team_summary(self.slot));
        set_if_changed(&self.activity, store.activity(self.slot));
        self.publish_position(store);
    }

    fn publish_workspace(&self, workspace: &Workspace) {
        if self.task.with_untracked(|task| *task != workspace.current_task) {
            self.task.set(workspace.current_task.clone());
        }
        set_if_changed(&self.active_tasks, workspace.active_tasks);
        if self.health.with_untracked(|health| health != workspace) {
            self.health.set(workspace.into());
        }
        if self.details.with_untracked(|details| details != workspace) {
            self.details.set(workspace.into());
        }
    }

    fn publish_position(&self, store: &CanvasStore) {
        set_if_changed(&self.position, store.node_position(self.slot));
    }
}

fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|before| *before != value) {
        signal.set(value);
    }
}

#[cfg(test)]
mod tests;
