//! Arrow keys: through the tree, and with Ctrl across the canvas. They move the focus, not the selection.

use leptos::{ev, prelude::*};
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, KeyboardEvent};

use super::focus_restore::FocusRestore;
use super::order;
use crate::browser::attribute_selector;
use crate::canvas::{CanvasController, reveal_readable};
use crate::commands::keymap::{KeyCommand, command_for};
use crate::commands::{Command, Commands};
use crate::store::CanvasStore;
use orrery_layout::{Point, Shape};

#[derive(Clone, Copy)]
pub(super) struct Navigation {
    controller: CanvasController,
    commands: Commands,
    focus: FocusRestore,
}

/// A workspace that has not been rendered after so many frames will not be.
const MOST_FRAMES: u32 = 120;

enum Step {
    Focus(Slot),
    Expand(WorkspaceId),
}

impl Navigation {
    pub(super) fn new(controller: CanvasController, focus: FocusRestore) -> Self {
        Self { controller, commands: expect_context::<Commands>(), focus }
    }

    pub(super) fn listen(&self) {
        let navigation = *self;
        let keys = window_event_listener(ev::keydown, move |event| navigation.on_key_down(&event));
        let focused = window_event_listener(ev::focusin, move |event| navigation.on_focus_in(event.target()));
        on_cleanup(move || {
            keys.remove();
            focused.remove();
        });
    }

    fn on_key_down(&self, event: &KeyboardEvent) {
        let Some(command) = command_for(event) else { return };
        let current = self.controller.focused_id().get_untracked();
        // A card that is rendered anew has lost the focus for a moment. Navigation goes on from it all the same.
        let is_in_tree = is_on_workspace(event) || untrack(|| self.focus.is_in_tree());
        let step = self.controller.store.with_value(|store| {
            let current = current.as_ref().and_then(|id| store.canvas().find(id));
            let is_relative = direction(command).is_some() || is_tree_step(command);
            if let Some(current) = current.filter(|_| !is_in_tree && is_relative) {
                return Some(Step::Focus(current));
            }
            match direction(command) {
                Some(direction) => nearest(store, current?, direction).map(Step::Focus),
                None => next_in_tree(store, current, command),
            }
        });
        match step {
            Some(Step::Focus(slot)) => self.focus_workspace(slot),
            Some(Step::Expand(id)) => self.commands.execute(&id, &Command::SetCollapsed(false)),
            None => return,
        }
        event.prevent_default();
    }

    fn focus_workspace(&self, slot: Slot) {
        let controller = self.controller;
        let found =
            controller.store.with_value(|store| Some((store.canvas().get(slot)?.id.clone(), store.rect(slot)?)));
        let Some((id, rect)) = found else { return };
        reveal_readable(self.controller, &id, rect);
        self.focus.set_focused(Some(id.clone()));
        controller.set_focused_id(Some(id.clone()));
        // It is rendered in the next frame, or a little later when the browser is busy.
        request_animation_frame(move || focus_when_rendered(controller, id, MOST_FRAMES));
    }

    /// Brings a workspace into view that was focused by Tab or by a script.
    fn on_focus_in(&self, target: Option<web_sys::EventTarget>) {
        let element = target.and_then(|it| it.dyn_into::<Element>().ok());
        let Some(element) = element.filter(|it| it.matches("[role='treeitem']:focus-visible").unwrap_or(false)) else {
            return;
        };
        let id = element.get_attribute("data-workspace-id").and_then(|id| WorkspaceId::parse(&id).ok());
        let rect = |id: &WorkspaceId| self.controller.store.with_value(|store| store.rect(store.canvas().find(id)?));
        if let Some(id) = id
            && let Some(rect) = rect(&id)
        {
            reveal_readable(self.controller, &id, rect);
        }
    }
}

/// Focuses a workspace as soon as it is rendered, unless another one has been focused meanwhile.
fn focus_when_rendered(controller: CanvasController, id: WorkspaceId, frames: u32) {
    request_animation_frame(move || {
        if controller.focused_id().with_untracked(|it| it.as_ref() != Some(&id)) {
            return;
        }
        match card(&id) {
            Some(card) => focus(&card),
            None if frames > 0 => focus_when_rendered(controller, id, frames - 1),
            None => {}
        }
    });
}

pub(super) fn card(id: &WorkspaceId) -> Option<HtmlElement> {
    let found = document()
        .query_selector(&format!("[role='treeitem']{}", attribute_selector("data-workspace-id", id.as_str())))
        .ok()??;
    found.dyn_into().ok()
}

/// Focuses a card without scrolling the document: the camera brings it into view.
pub(super) fn focus(card: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // An element that is in the page can be focused.
    let _ = card.focus_with_options(&options);
}

fn is_tree_step(command: KeyCommand) -> bool {
    use KeyCommand::{EnterTeam, FocusNext, FocusPrevious, LeaveTeam};
    matches!(command, FocusNext | FocusPrevious | LeaveTeam | EnterTeam)
}

fn next_in_tree(store: &CanvasStore, current: Option<Slot>, command: KeyCommand) -> Option<Step> {
    let canvas = store.canvas();
    match command {
        KeyCommand::FocusFirst => order::first(store).map(Step::Focus),
        KeyCommand::FocusLast => order::last(store).map(Step::Focus),
        KeyCommand::FocusNext => order::after(store, current?).map(Step::Focus),
        KeyCommand::FocusPrevious => order::before(store, current?).map(Step::Focus),
        KeyCommand::LeaveTeam => canvas.parent(current?).map(Step::Focus),
        KeyCommand::EnterTeam => match store.shape(current?) {
            Shape::Team => order::inside(store, current?).first().copied().map(Step::Focus),
            Shape::Card if canvas.children(current?).is_empty() => None,
            Shape::Card => Some(Step::Expand(canvas.get(current?)?.id.clone())),
        },
        _ => None,
    }
}

fn direction(command: KeyCommand) -> Option<Point> {
    Some(match command {
        KeyCommand::FocusLeft => Point::new(-1.0, 0.0),
        KeyCommand::FocusRight => Point::new(1.0, 0.0),
        KeyCommand::FocusUp => Point::new(0.0, -1.0),
        KeyCommand::FocusDown => Point::new(0.0, 1.0),
        _ => return None,
    })
}

/// Returns the nearest workspace in a direction. Straight ahead counts more than near.
fn nearest(store: &CanvasStore, current: Slot, direction: Point) -> Option<Slot> {
    let start = store.rect(current)?.middle();
    let mut best: Option<(f64, Slot)> = None;
    for (slot, _) in store.canvas().iter() {
        let Some(rect) = store.rect(slot).filter(|_| slot != current) else { continue };
        let to = rect.middle().minus(start);
        let (along, aside) =
            (to.x * direction.x + to.y * direction.y, (to.x * direction.y).abs() + (to.y * direction.x).abs());
        let cost = along + 2.5 * aside;
        if along > 1.0 && best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, slot));
        }
    }
    best.map(|(_, slot)| slot)
}

fn is_on_workspace(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    element.is_some_and(|it| it.closest("[data-workspace-id]").is_ok_and(|it| it.is_some()))
}
