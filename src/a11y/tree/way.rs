//! From one workspace to the next: through the tree by the arrows, across the canvas by the arrows with Ctrl. Never a change
//! of what is selected.

use leptos::{ev, prelude::*};
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, KeyboardEvent};

use super::held::Held;
use super::order;
use crate::canvas::{CanvasController, bring_into_sight_to_read};
use crate::commands::{Command, Commands};
use crate::store::CanvasStore;
use orrery_layout::{Point, Shape};

#[derive(Clone, Copy)]
pub(super) struct Way {
    controller: CanvasController,
    commands: Commands,
    held: Held,
}

/// What is no element after so many frames will not be one.
const FRAMES: u32 = 120;

enum Step {
    To(Slot),
    Open(WorkspaceId),
}

impl Way {
    pub(super) fn new(controller: CanvasController, held: Held) -> Self {
        Self { controller, commands: expect_context::<Commands>(), held }
    }

    pub(super) fn listen(&self) {
        let way = *self;
        let keys = window_event_listener(ev::keydown, move |event| way.pressed(&event));
        let into = window_event_listener(ev::focusin, move |event| way.came(event.target()));
        on_cleanup(move || {
            keys.remove();
            into.remove();
        });
    }

    fn pressed(&self, event: &KeyboardEvent) {
        if event.default_prevented() || event.alt_key() || event.shift_key() || !is_on_canvas(event) {
            return;
        }
        let across = event.ctrl_key() || event.meta_key();
        let here = self.controller.focused.get_untracked();
        // A card that is another element now has lost the focus for a moment: the way goes on from it all the same.
        let is_begun = is_on_workspace(event) || self.held.is_on_one();
        let step = self.controller.store.with_value(|store| {
            let here = here.as_ref().and_then(|id| store.canvas().find(id));
            if let Some(here) = here.filter(|_| !is_begun && event.key().starts_with("Arrow")) {
                return Some(Step::To(here));
            }
            match across {
                true => nearest(store, here?, way(&event.key())?).map(Step::To),
                false => through(store, here, &event.key()),
            }
        });
        match step {
            Some(Step::To(slot)) => self.go(slot),
            Some(Step::Open(id)) => self.commands.execute(&id, &Command::SetCollapsed(false)),
            None => return,
        }
        event.prevent_default();
    }

    fn go(&self, slot: Slot) {
        let controller = self.controller;
        let found =
            controller.store.with_value(|store| Some((store.canvas().get(slot)?.id.clone(), store.rect(slot)?)));
        let Some((id, rect)) = found else { return };
        bring_into_sight_to_read(self.controller, &id, rect);
        self.held.take(Some(id.clone()));
        controller.focused.set(Some(id.clone()));
        controller.dirty();
        // It is mounted in the next frame, or soon: a browser that has much to do is late.
        request_animation_frame(move || reach(controller, id, FRAMES));
    }

    /// By Tab, or by a script.
    fn came(&self, target: Option<web_sys::EventTarget>) {
        let element = target.and_then(|it| it.dyn_into::<Element>().ok());
        let Some(element) = element.filter(|it| it.matches("[role='treeitem']:focus-visible").unwrap_or(false)) else {
            return;
        };
        let id = element.get_attribute("data-workspace-id").and_then(|id| WorkspaceId::parse(&id).ok());
        let rect = |id: &WorkspaceId| self.controller.store.with_value(|store| store.rect(store.canvas().find(id)?));
        if let Some(id) = id
            && let Some(rect) = rect(&id)
        {
            bring_into_sight_to_read(self.controller, &id, rect);
        }
    }
}

/// Focused as soon as it is an element, unless the way has led on: what comes late must not lead back.
fn reach(controller: CanvasController, id: WorkspaceId, frames: u32) {
    request_animation_frame(move || {
        if controller.focused.with_untracked(|it| it.as_ref() != Some(&id)) {
            return;
        }
        match card(&id) {
            Some(card) => focus(&card),
            None if frames > 0 => reach(controller, id, frames - 1),
            None => {}
        }
    });
}

pub(super) fn card(id: &WorkspaceId) -> Option<HtmlElement> {
    let found = document().query_selector(&format!("[role='treeitem'][data-workspace-id='{id}']")).ok()??;
    found.dyn_into().ok()
}

/// The camera moves, the document does not.
pub(super) fn focus(card: &HtmlElement) {
    let still = FocusOptions::new();
    still.set_prevent_scroll(true);
    // An element that is in the page can be focused.
    let _ = card.focus_with_options(&still);
}

fn through(store: &CanvasStore, here: Option<Slot>, key: &str) -> Option<Step> {
    let canvas = store.canvas();
    match key {
        "Home" => order::first(store).map(Step::To),
        "End" => order::last(store).map(Step::To),
        "ArrowDown" => order::after(store, here?).map(Step::To),
        "ArrowUp" => order::before(store, here?).map(Step::To),
        "ArrowLeft" => canvas.parent(here?).map(Step::To),
        "ArrowRight" => match store.shape(here?) {
            Shape::Team => order::inside(store, here?).first().copied().map(Step::To),
            Shape::Card if canvas.children(here?).is_empty() => None,
            Shape::Card => Some(Step::Open(canvas.get(here?)?.id.clone())),
        },
        _ => None,
    }
}

fn way(key: &str) -> Option<Point> {
    Some(match key {
        "ArrowLeft" => Point::new(-1.0, 0.0),
        "ArrowRight" => Point::new(1.0, 0.0),
        "ArrowUp" => Point::new(0.0, -1.0),
        "ArrowDown" => Point::new(0.0, 1.0),
        _ => return None,
    })
}

/// The nearest that way, of all that are as deep: straight ahead counts more than near.
fn nearest(store: &CanvasStore, here: Slot, way: Point) -> Option<Slot> {
    let start = store.rect(here)?.middle();
    let mut best: Option<(f64, Slot)> = None;
    for (slot, _) in store.canvas().iter() {
        let Some(rect) = store.rect(slot).filter(|_| slot != here) else { continue };
        let to = rect.middle().minus(start);
        let (along, aside) = (to.x * way.x + to.y * way.y, (to.x * way.y).abs() + (to.y * way.x).abs());
        let cost = along + 2.5 * aside;
        if along > 1.0 && best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, slot));
        }
    }
    best.map(|(_, slot)| slot)
}

fn is_on_canvas(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    element.is_none_or(|it| it.tag_name() == "BODY" || it.closest(".canvas").is_ok_and(|it| it.is_some()))
}

fn is_on_workspace(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    element.is_some_and(|it| it.closest("[data-workspace-id]").is_ok_and(|it| it.is_some()))
}
