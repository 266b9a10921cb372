//! The ARIA attributes of the tree items, and the roving tabindex: only one item, and the buttons inside it, can be reached
//! by Tab.

use std::collections::HashMap;
use std::time::Duration;

use leptos::{ev, prelude::*};
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{Element, NodeList};

use super::order;
use crate::canvas::CanvasController;
use crate::store::CanvasStore;

#[derive(Clone, Copy)]
pub(super) struct TreeAria {
    controller: CanvasController,
    is_scheduled: StoredValue<bool>,
    /// In milliseconds. The more workspaces there are, the less often they are counted.
    pause: StoredValue<f64>,
}

const SHORTEST_PAUSE: f64 = 120.0;
/// An update may take at most this part of the time.
const TIME_SHARE: f64 = 1.0 / 20.0;

impl TreeAria {
    pub(super) fn new(controller: CanvasController) -> Self {
        Self { controller, is_scheduled: StoredValue::new(false), pause: StoredValue::new(0.0) }
    }

    pub(super) fn schedule_update(&self) {
        if self.is_scheduled.get_value() {
            return;
        }
        self.is_scheduled.set_value(true);
        let aria = *self;
        let update = move || {
            aria.is_scheduled.set_value(false);
            let start = js_sys::Date::now();
            aria.update();
            aria.pause.set_value(((js_sys::Date::now() - start) / TIME_SHARE).max(SHORTEST_PAUSE));
        };
        set_timeout(update, Duration::from_millis(self.pause.get_value() as u64));
    }

    /// Makes the buttons of a card reachable while the focus is in it, so that they are not a tab stop on every card.
    pub(super) fn listen(&self) {
        let tab = window_event_listener(ev::keydown, |event| {
            if event.key() == "Tab"
                && let Some(item) = tree_item(event.target())
            {
                set_button_tabindex(&item, "0");
            }
        });
        let left = window_event_listener(ev::focusout, |event| {
            let next = tree_item(event.related_target());
            if let Some(item) = tree_item(event.target()).filter(|item| Some(item) != next.as_ref()) {
                set_button_tabindex(&item, "-1");
            }
        });
        on_cleanup(move || [tab, left].into_iter().for_each(|listener| listener.remove()));
    }

    fn update(&self) {
        let controller = self.controller;
        let current = controller.store.with_value(|store| tab_stop(store, controller.focused_id().get_untracked()));
        if controller.focused_id().get_untracked() != current {
            // The tab stop is rendered at any zoom, so that Tab always finds the tree.
            controller.set_focused_id(current.clone());
        }
        let Ok(items) = document().query_selector_all("[role='treeitem']") else { return };
        controller.store.with_value(|store| {
            let mut positions: HashMap<Option<Slot>, HashMap<Slot, usize>> = HashMap::new();
            for item in elements(&items) {
                let id = item.get_attribute("data-workspace-id").and_then(|id| WorkspaceId::parse(&id).ok());
                let Some(slot) = id.as_ref().and_then(|id| store.canvas().find(id)) else { continue };
                let siblings =
                    positions.entry(store.canvas().parent(slot)).or_insert_with(|| sibling_positions(store, slot));
                let position = siblings.get(&slot).map_or(1, |index| index + 1);
                set_attribute(&item, "aria-posinset", &position.to_string());
                set_attribute(&item, "aria-setsize", &siblings.len().max(1).to_string());
                set_attribute(&item, "tabindex", if id == current { "0" } else { "-1" });
                if !store.canvas().children(slot).is_empty() && item.class_list().contains("card") {
                    set_attribute(&item, "aria-expanded", "false");
                }
            }
        });
    }
}

/// Returns the workspace that Tab stops at: the focused one, or else the first.
fn tab_stop(store: &CanvasStore, focused: Option<WorkspaceId>) -> Option<WorkspaceId> {
    let is_shown = |id: &WorkspaceId| store.canvas().find(id).is_some_and(|slot| store.rect(slot).is_some());
    let first = || Some(store.canvas().get(order::first(store)?)?.id.clone());
    focused.filter(is_shown).or_else(first)
}

fn sibling_positions(store: &CanvasStore, slot: Slot) -> HashMap<Slot, usize> {
    order::siblings(store, slot).into_iter().enumerate().map(|(index, slot)| (slot, index)).collect()
}

fn tree_item(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("[role='treeitem']").ok()?
}

fn set_button_tabindex(item: &Element, tabindex: &str) {
    if let Ok(buttons) = item.query_selector_all("button") {
        elements(&buttons).for_each(|button| set_attribute(&button, "tabindex", tabindex));
    }
}

fn elements(nodes: &NodeList) -> impl Iterator<Item = Element> + '_ {
    (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into().ok())
}

fn set_attribute(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        // An element that is in the page takes every attribute.
        let _ = element.set_attribute(name, value);
    }
}
