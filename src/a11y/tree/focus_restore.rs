//! Keeps the focus on a workspace when its card becomes a team, is rendered anew, or its workspace is removed.

use std::time::Duration;

use leptos::{ev, prelude::*};
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::navigation::{card, focus};
use super::order;
use crate::canvas::CanvasController;
use crate::store::CanvasStore;

#[derive(Clone, Copy)]
pub(super) struct FocusRestore {
    controller: CanvasController,
    focused: RwSignal<Option<FocusedItem>>,
}

/// The workspace that has the focus, and those that get it when that one is gone: the nearest first.
#[derive(Clone)]
struct FocusedItem {
    id: WorkspaceId,
    fallbacks: Vec<WorkspaceId>,
}

impl FocusRestore {
    pub(super) fn new(controller: CanvasController) -> Self {
        Self { controller, focused: RwSignal::new(None) }
    }

    pub(super) fn listen(&self) {
        let restore = *self;
        let focused = window_event_listener(ev::focusin, move |event| restore.set_focused(workspace(event.target())));
        // A press elsewhere takes the focus away on purpose. Without one, it was lost because an element changed.
        let pressed = window_event_listener(ev::pointerdown, move |event| {
            if workspace(event.target()).is_none() {
                restore.focused.set(None);
            }
        });
        on_cleanup(move || {
            focused.remove();
            pressed.remove();
        });
    }

    /// Returns whether the focus is on a workspace, or was until it was lost. Reactive.
    pub(super) fn is_in_tree(&self) -> bool {
        self.focused.with(Option::is_some)
    }

    /// Restores the focus after the elements have changed.
    pub(super) fn schedule_restore(&self) {
        let restore = *self;
        set_timeout(move || restore.restore(), Duration::ZERO);
    }

    /// Remembers the workspace that has the focus, or will get it when it is rendered.
    pub(super) fn set_focused(&self, id: Option<WorkspaceId>) {
        let store = self.controller.store;
        let item = id.map(|id| FocusedItem { fallbacks: store.with_value(|store| fallbacks(store, &id)), id });
        self.focused.set(item);
    }

    fn restore(&self) {
        let Some(FocusedItem { id, fallbacks }) = self.focused.get_untracked() else { return };
        let is_lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if !is_lost {
            return;
        }
        let controller = self.controller;
        let is_shown = |id: &WorkspaceId| {
            let shown = |store: &CanvasStore| store.canvas().find(id).is_some_and(|slot| store.rect(slot).is_some());
            controller.store.with_value(shown)
        };
        let Some(id) = std::iter::once(id).chain(fallbacks).find(is_shown) else { return };
        match card(&id) {
            Some(card) => focus(&card),
            // It is rendered from the next frame on, which restores the focus again.
            None => {
                controller.set_focused_id(Some(id));
            }
        }
    }
}

/// Returns the siblings of a workspace, then the teams around it.
fn fallbacks(store: &CanvasStore, id: &WorkspaceId) -> Vec<WorkspaceId> {
    let Some(slot) = store.canvas().find(id) else { return Vec::new() };
    let siblings = order::siblings(store, slot);
    let index = siblings.iter().position(|sibling| *sibling == slot).unwrap_or(0);
    let (next, previous) = (siblings.get(index + 1), index.checked_sub(1).and_then(|index| siblings.get(index)));
    let teams = std::iter::successors(store.canvas().parent(slot), |slot| store.canvas().parent(*slot));
    let slots = next.into_iter().chain(previous).copied().chain(teams);
    slots.filter_map(|slot: Slot| Some(store.canvas().get(slot)?.id.clone())).collect()
}

fn workspace(target: Option<web_sys::EventTarget>) -> Option<WorkspaceId> {
    let element = target?.dyn_into::<Element>().ok()?.closest("[data-workspace-id]").ok()??;
    element.get_attribute("data-workspace-id")?.parse().ok()
}
