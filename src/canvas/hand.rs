//! Drag and drop of workspaces. Where they go when they are dropped is decided in `commands::moves`.

use std::sync::Arc;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;

use super::controller::CanvasController;
use crate::commands::bulk::Bulk;
use crate::commands::{Edit, moves, selection};
use crate::session::Session;
use crate::store::CanvasStore;
use orrery_layout::Point;

#[derive(Clone, Copy)]
pub struct Hand {
    controller: CanvasController,
    session: Session,
    bulk: Bulk,
    held: StoredValue<Option<Held>>,
}

/// It, the others that are selected with it, and all that is inside them.
#[derive(Clone)]
struct Held {
    id: WorkspaceId,
    all: Arc<[WorkspaceId]>,
    slots: Arc<[Slot]>,
}

impl Hand {
    pub fn new(controller: CanvasController, session: Session, bulk: Bulk) -> Self {
        Self { controller, session, bulk, held: StoredValue::new(None) }
    }

    pub fn pick_up(&self, id: WorkspaceId) {
        self.put_down();
        let chosen = untrack(|| selection::selected_ids(self.session));
        let carried = self.controller.store.try_update_value(|store| {
            let all = if chosen.contains(&id) { selection::outermost(store, chosen) } else { vec![id.clone()] };
            let found = all.iter().filter_map(|id| store.canvas().find(id));
            let slots: Vec<Slot> = found.flat_map(|slot| store.subtree(slot)).collect();
            store.carry(&slots, Point::default());
            (all, slots)
        });
        let Some((all, slots)) = carried else { return };
        self.controller.gesture.set(Some("drag"));
        self.controller.replace(&slots);
        self.held.set_value(Some(Held { id, all: all.into(), slots: slots.into() }));
    }

    /// `by` in pixels of the screen.
    pub fn carry(&self, by: Point, pointer: Point) {
        let Some(Held { id, slots, .. }) = self.held.get_value() else { return };
        let by = by.times(1.0 / self.controller.camera().zoom);
        let pointer = self.controller.to_world(pointer);
        let told = self.controller.store.try_update_value(|store| {
            store.carry(&slots, by);
            let parent = store.canvas().find(&id).and_then(|slot| store.canvas().parent(slot));
            // Staying in its own team is nothing to show.
            let target = moves::drop_target(store, pointer).filter(|target| Some(*target) != parent);
            target.and_then(|target| store.canvas().get(target)).map(|it| it.id.clone())
        });
        let Some(target) = told else { return };
        if self.controller.target.get_untracked() != target {
            self.controller.target.set(target);
        }
        self.controller.replace(&slots);
        self.controller.dirty();
    }

    pub fn drop_at(&self, by: Point, pointer: Point) {
        self.carry(by, pointer);
        let Some(Held { all, .. }) = self.held.get_value() else { return };
        let by = by.times(1.0 / self.controller.camera().zoom);
        let pointer = self.controller.to_world(pointer);
        let to_edits =
            |store: &CanvasStore| all.iter().filter_map(|id| moves::drop_at(store, id, by, pointer)).collect();
        let edits: Vec<Edit> = self.controller.store.with_value(to_edits);
        self.put_down();
        self.bulk.move_dropped(edits);
    }

    /// Back to where it stands.
    pub fn put_down(&self) {
        self.controller.target.set(None);
        self.controller.gesture.set(None);
        if let Some(Held { slots, .. }) = self.held.try_update_value(Option::take).flatten() {
            self.controller.store.update_value(|store| store.put_down(&slots));
            self.controller.replace(&slots);
            self.controller.dirty();
        }
    }
}
