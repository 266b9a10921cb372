//! What is in the hand: picked up, carried, and dropped. Never decides where it goes (`landing`), never what is shown
//! until the server agrees (`landings`).

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;

use super::controller::CanvasController;
use super::landing::{self, Landing};
use super::landings::Landings;
use super::relocation::{back, words};
use crate::commands::bulk::{Bulk, BulkCommand, choose};
use crate::session::{Session, ToastKind, Undo};
use crate::store::CanvasStore;
use orrery_layout::Point;

#[derive(Clone, Copy)]
pub struct Hand {
    controller: CanvasController,
    session: Session,
    landings: Landings,
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
    pub fn new(controller: CanvasController, session: Session, landings: Landings, bulk: Bulk) -> Self {
        Self { controller, session, landings, bulk, held: StoredValue::new(None) }
    }

    pub fn pick_up(&self, id: WorkspaceId) {
        self.put_down();
        let chosen = untrack(|| choose::chosen(self.session));
        let carried = self.controller.store.try_update_value(|store| {
            let all = if chosen.contains(&id) { choose::outermost(store, chosen) } else { vec![id.clone()] };
            let found = all.iter().filter_map(|id| store.canvas().find(id));
            let slots: Vec<Slot> = found.flat_map(|slot| store.subtree(slot)).collect();
            store.set_drag_offset(&slots, Point::default());
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
            store.set_drag_offset(&slots, by);
            let parent = store.canvas().find(&id).and_then(|slot| store.canvas().parent(slot));
            // Staying in its own team is nothing to show.
            let target = landing::target(store, pointer).filter(|target| Some(*target) != parent);
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
        let landing = |store: &CanvasStore, id| landing::of(store, store.canvas().find(id)?, by, pointer);
        let mut landings: Vec<Landing> =
            self.controller.store.with_value(|store| all.iter().filter_map(|id| landing(store, id)).collect());
        landings.retain(|landing| landing.at != landing.stood || landing.is_nesting());
        self.put_down();
        match (landings.len(), landings.pop()) {
            (1, Some(landing)) => self.ask(landing),
            (_, last) => {
                landings.extend(last);
                self.bulk.begin(Vec::new(), BulkCommand::Land(landings));
            }
        }
    }

    /// Back to where it stands.
    pub fn put_down(&self) {
        self.controller.target.set(None);
        self.controller.gesture.set(None);
        if let Some(Held { slots, .. }) = self.held.try_update_value(Option::take).flatten() {
            self.controller.store.update_value(|store| store.clear_drag_offset(&slots));
            self.controller.replace(&slots);
            self.controller.dirty();
        }
    }

    fn ask(&self, landing: Landing) {
        let hand = *self;
        // Shown before anything is drawn: between the hand and the place it lands it is nowhere else.
        spawn_local(async move {
            match hand.landings.ask(&landing).await {
                Ok(()) => {
                    let undo: Undo = Arc::new({
                        let back = back(&landing);
                        move || hand.ask_back(back.clone())
                    });
                    hand.session.toast(ToastKind::Success, words(&landing), Some(undo));
                }
                Err(error) => {
                    let refused = format!("“{}” stays where it is: {error}", landing.name);
                    hand.session.toast(ToastKind::Error, refused, None);
                }
            }
        });
    }

    fn ask_back(&self, landing: Landing) {
        let hand = *self;
        spawn_local(async move {
            match hand.landings.ask(&landing).await {
                Ok(()) => hand.session.toast(ToastKind::Success, format!("Moved “{}” back", landing.name), None),
                Err(error) => hand.session.toast(ToastKind::Error, format!("That could not be undone: {error}"), None),
            }
        });
    }
}
