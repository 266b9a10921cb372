//! Dragging of nodes: the selected nodes follow the pointer, and are moved on the server where they are dropped.

use std::sync::Arc;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;

use crate::canvas::controller::CanvasController;
use crate::commands::bulk::Bulk;
use crate::commands::{moves, selection};
use crate::session::Session;
use orrery_layout::Point;

#[derive(Clone, Copy)]
pub(super) struct NodeDrag {
    controller: CanvasController,
    session: Session,
    bulk: Bulk,
    dragged: StoredValue<Option<DraggedNodes>>,
}

#[derive(Clone)]
struct DraggedNodes {
    /// The node under the pointer.
    id: WorkspaceId,
    /// That node and those selected with it, without those inside others of them.
    ids: Arc<[WorkspaceId]>,
    /// All of them, and everything inside them.
    slots: Arc<[Slot]>,
}

impl NodeDrag {
    pub(super) fn new(controller: CanvasController, session: Session, bulk: Bulk) -> Self {
        Self { controller, session, bulk, dragged: StoredValue::new(None) }
    }

    /// Starts to drag a node, and with it the whole selection if it is selected.
    pub(super) fn start(&self, id: WorkspaceId) {
        self.cancel();
        let selected = untrack(|| selection::selected_ids(self.session));
        let nodes = self.controller.store.try_update_value(|store| {
            let ids = match selected.contains(&id) {
                true => selection::outermost(store, selected),
                false => vec![id.clone()],
            };
            let slots = ids.iter().filter_map(|id| store.canvas().find(id));
            let slots: Vec<Slot> = slots.flat_map(|slot| store.subtree(slot)).collect();
            store.set_drag_offset(&slots, Point::default());
            DraggedNodes { id, ids: ids.into(), slots: slots.into() }
        });
        if let Some(nodes) = nodes {
            self.controller.publish_positions(&nodes.slots);
            self.dragged.set_value(Some(nodes));
        }
    }

    /// Shows the nodes at a distance from where the drag started. Points are in CSS pixels of the canvas.
    pub(super) fn move_by(&self, by: Point, pointer: Point) {
        let Some(DraggedNodes { id, slots, .. }) = self.dragged.get_value() else { return };
        let by = by.times(1.0 / self.controller.camera().zoom);
        let pointer = self.controller.to_world(pointer);
        let target = self.controller.store.try_update_value(|store| {
            store.set_drag_offset(&slots, by);
            let parent = store.canvas().find(&id).and_then(|slot| store.canvas().parent(slot));
            // A node that stays in its team has no drop target to highlight.
            let target = moves::drop_target(store, pointer).filter(|target| Some(*target) != parent);
            target.and_then(|target| store.canvas().get(target)).map(|workspace| workspace.id.clone())
        });
        self.controller.set_drop_target_id(target.flatten());
        self.controller.publish_positions(&slots);
        self.controller.schedule_repaint();
    }

    /// Ends the drag and moves the nodes to where they are.
    pub(super) fn drop_at(&self, by: Point, pointer: Point) {
        self.move_by(by, pointer);
        let Some(DraggedNodes { ids, .. }) = self.dragged.get_value() else { return };
        let by = by.times(1.0 / self.controller.camera().zoom);
        let pointer = self.controller.to_world(pointer);
        let edits = self.controller.store.with_value(|store| moves::drop_at(store, &ids, by, pointer));
        self.cancel();
        self.bulk.move_dropped(edits);
    }

    /// Ends the drag and shows the nodes where they were.
    pub(super) fn cancel(&self) {
        self.controller.set_drop_target_id(None);
        self.controller.set_drag_kind(None);
        if let Some(DraggedNodes { slots, .. }) = self.dragged.try_update_value(Option::take).flatten() {
            self.controller.store.update_value(|store| store.clear_drag_offset(&slots));
            self.controller.publish_positions(&slots);
            self.controller.schedule_repaint();
        }
    }
}
