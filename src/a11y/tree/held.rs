//! A focus that outlives its element: a card becomes a team, is put elsewhere in the document, or its workspace is removed.
//! Never a focus that a person took away.

use leptos::{ev, prelude::*};
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::order;
use super::way::{card, focus};
use crate::canvas::CanvasController;
use crate::store::CanvasStore;

#[derive(Clone, Copy)]
pub(super) struct Held {
    controller: CanvasController,
    held: RwSignal<Option<On>>,
}

/// Where the keyboard is, and where it goes when that is gone: the nearest first.
#[derive(Clone)]
struct On {
    id: WorkspaceId,
    next: Vec<WorkspaceId>,
}

impl Held {
    pub(super) fn new(controller: CanvasController) -> Self {
        Self { controller, held: RwSignal::new(None) }
    }

    pub(super) fn listen(&self) {
        let held = *self;
        let into = window_event_listener(ev::focusin, move |event| held.take(workspace(event.target())));
        // A press elsewhere takes the focus away on purpose; what is lost without one was lost by us.
        let press = window_event_listener(ev::pointerdown, move |event| {
            if workspace(event.target()).is_none() {
                held.held.set(None);
            }
        });
        on_cleanup(move || {
            into.remove();
            press.remove();
        });
    }

    /// Tracks.
    pub(super) fn is_any(&self) -> bool {
        self.held.with(Option::is_some)
    }

    /// Is it on a workspace, or was it until we lost it?
    pub(super) fn is_on_one(&self) -> bool {
        self.held.with_untracked(Option::is_some)
    }

    /// The cards are other ones in a moment.
    pub(super) fn soon(&self) {
        let held = *self;
        set_timeout(move || held.restore(), std::time::Duration::ZERO);
    }

    /// It is there, or will be in a moment.
    pub(super) fn take(&self, id: Option<WorkspaceId>) {
        let controller = self.controller;
        let on = id.map(|id| On { next: controller.store.with_value(|store| neighbours(store, &id)), id });
        self.held.set(on);
    }

    fn restore(&self) {
        let Some(On { id, next }) = self.held.get_untracked() else { return };
        let is_lost = document().active_element().is_none_or(|it| it.tag_name() == "BODY");
        if !is_lost {
            return;
        }
        let controller = self.controller;
        let is_shown = |id: &WorkspaceId| {
            let shown = |store: &CanvasStore| store.canvas().find(id).is_some_and(|slot| store.rect(slot).is_some());
            controller.store.with_value(shown)
        };
        let Some(id) = std::iter::once(id).chain(next).find(is_shown) else { return };
        match card(&id) {
            Some(card) => focus(&card),
            // Kept mounted from the next frame on: this is called again then.
            None => {
                controller.set_focused_id(Some(id));
            }
        }
    }
}

fn neighbours(store: &CanvasStore, id: &WorkspaceId) -> Vec<WorkspaceId> {
    let Some(slot) = store.canvas().find(id) else { return Vec::new() };
    let beside = order::siblings(store, slot);
    let at = beside.iter().position(|one| *one == slot).unwrap_or(0);
    let (after, before) = (beside.get(at + 1), at.checked_sub(1).and_then(|at| beside.get(at)));
    let outer = std::iter::successors(store.canvas().parent(slot), |slot| store.canvas().parent(*slot));
    let all = after.into_iter().chain(before).copied().chain(outer);
    all.filter_map(|slot: Slot| Some(store.canvas().get(slot)?.id.clone())).collect()
}

fn workspace(target: Option<web_sys::EventTarget>) -> Option<WorkspaceId> {
    let element = target?.dyn_into::<Element>().ok()?.closest("[data-workspace-id]").ok()??;
    element.get_attribute("data-workspace-id")?.parse().ok()
}
