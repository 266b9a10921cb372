//! What a card says of its place: so many beside it, which of them it is, and whether Tab stops here. Never the focus.

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
pub(super) struct Marks {
    controller: CanvasController,
    /// A timer is set.
    is_waiting: StoredValue<bool>,
    /// In milliseconds: a large fleet is counted less often.
    rests: StoredValue<f64>,
}

const LEAST_REST: f64 = 120.0;
/// Of twenty parts of the time at most one is spent here.
const SHARE: f64 = 20.0;

impl Marks {
    pub(super) fn new(controller: CanvasController) -> Self {
        Self { controller, is_waiting: StoredValue::new(false), rests: StoredValue::new(0.0) }
    }

    pub(super) fn soon(&self) {
        if self.is_waiting.get_value() {
            return;
        }
        self.is_waiting.set_value(true);
        let marks = *self;
        let write = move || {
            marks.is_waiting.set_value(false);
            let began = js_sys::Date::now();
            marks.write();
            marks.rests.set_value(((js_sys::Date::now() - began) * SHARE).max(LEAST_REST));
        };
        set_timeout(write, Duration::from_millis(self.rests.get_value() as u64));
    }

    /// The buttons inside a card are reached from it: a fleet of retries is not a hundred stops.
    pub(super) fn listen(&self) {
        let tab = window_event_listener(ev::keydown, |event| {
            if event.key() == "Tab"
                && let Some(card) = treeitem(event.target())
            {
                buttons(&card, "0");
            }
        });
        let out = window_event_listener(ev::focusout, |event| {
            let next = treeitem(event.related_target());
            if let Some(card) = treeitem(event.target()).filter(|card| Some(card) != next.as_ref()) {
                buttons(&card, "-1");
            }
        });
        on_cleanup(move || [tab, out].into_iter().for_each(|listener| listener.remove()));
    }

    fn write(&self) {
        let controller = self.controller;
        let current = controller.store.with_value(|store| stop(store, controller.focused_id().get_untracked()));
        if controller.focused_id().get_untracked() != current {
            // The fleet's first is mounted at any zoom, so that Tab always finds the tree.
            controller.set_focused_id(current.clone());
        }
        let Ok(cards) = document().query_selector_all("[role='treeitem']") else { return };
        controller.store.with_value(|store| {
            let mut ranks: HashMap<Option<Slot>, HashMap<Slot, usize>> = HashMap::new();
            for card in each(&cards) {
                let id = card.get_attribute("data-workspace-id").and_then(|id| WorkspaceId::parse(&id).ok());
                let Some(slot) = id.as_ref().and_then(|id| store.canvas().find(id)) else { continue };
                let among = ranks.entry(store.canvas().parent(slot)).or_insert_with(|| ranked(store, slot));
                let place = among.get(&slot).map_or(1, |place| place + 1);
                set(&card, "aria-posinset", &place.to_string());
                set(&card, "aria-setsize", &among.len().max(1).to_string());
                set(&card, "tabindex", if id == current { "0" } else { "-1" });
                if !store.canvas().children(slot).is_empty() && card.class_list().contains("card") {
                    set(&card, "aria-expanded", "false");
                }
            }
        });
    }
}

fn stop(store: &CanvasStore, focused: Option<WorkspaceId>) -> Option<WorkspaceId> {
    let is_shown = |id: &WorkspaceId| store.canvas().find(id).is_some_and(|slot| store.rect(slot).is_some());
    let first = || Some(store.canvas().get(order::first(store)?)?.id.clone());
    focused.filter(is_shown).or_else(first)
}

fn ranked(store: &CanvasStore, slot: Slot) -> HashMap<Slot, usize> {
    order::siblings(store, slot).into_iter().enumerate().map(|(place, slot)| (slot, place)).collect()
}

fn treeitem(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("[role='treeitem']").ok()?
}

fn buttons(card: &Element, stop: &str) {
    if let Ok(found) = card.query_selector_all("button") {
        each(&found).for_each(|button| set(&button, "tabindex", stop));
    }
}

fn each(found: &NodeList) -> impl Iterator<Item = Element> + '_ {
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok())
}

fn set(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        // An element that is in the page takes every attribute.
        let _ = element.set_attribute(name, value);
    }
}
