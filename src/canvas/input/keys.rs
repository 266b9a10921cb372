//! Key listeners of the canvas: zoom, pan mode, open and cancel.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::event_target::{closest, workspace_at};
use super::pointer::PointerInput;
use crate::browser::attribute_selector;
use crate::canvas::controller::CanvasController;
use crate::commands::keymap::{KeyCommand, command_for};
use crate::session::{CameraCommand, RunsPage, Session};

const ZOOM_STEP: f64 = 1.25;

#[derive(Clone, Copy)]
pub(super) struct KeyInput {
    controller: CanvasController,
    session: Session,
    pointer: PointerInput,
}

impl KeyInput {
    pub(super) fn new(controller: CanvasController, session: Session, pointer: PointerInput) -> Self {
        Self { controller, session, pointer }
    }

    pub(super) fn on_key_down(&self, event: &KeyboardEvent) {
        if let Some(command) = command_for(event)
            && self.run(command, event)
        {
            event.prevent_default();
        }
    }

    pub(super) fn on_key_up(&self, event: &KeyboardEvent) {
        if event.key() == " " {
            self.controller.set_space_down(false);
        }
    }

    /// Runs a command of the canvas, and returns whether it was one and there was something to do.
    fn run(&self, command: KeyCommand, event: &KeyboardEvent) -> bool {
        // The runs page lies over the canvas.
        if self.session.panels.runs_page.with_untracked(Option::is_some) {
            let is_cancel = command == KeyCommand::Cancel;
            if is_cancel {
                self.session.panels.runs_page.set(None);
            }
            return is_cancel;
        }
        match command {
            KeyCommand::FitView => self.controller.execute(CameraCommand::Fit),
            KeyCommand::ZoomToNode => return self.zoom_to_node(),
            KeyCommand::ZoomIn => self.controller.zoom_by(ZOOM_STEP),
            KeyCommand::ZoomOut => self.controller.zoom_by(1.0 / ZOOM_STEP),
            KeyCommand::HoldToPan | KeyCommand::OpenNode if is_on_control(event) => return false,
            KeyCommand::HoldToPan | KeyCommand::OpenNode => match workspace_at(event.target().as_ref()) {
                Some(id) => self.session.open(id),
                None if command == KeyCommand::HoldToPan => self.controller.set_space_down(true),
                None => return false,
            },
            KeyCommand::OpenRuns => self.session.panels.runs_page.set(Some(RunsPage::All)),
            KeyCommand::Cancel => self.cancel(),
            _ => return false,
        }
        true
    }

    fn zoom_to_node(&self) -> bool {
        let focused = || self.controller.focused_id().get_untracked();
        let id = self.session.selection.get_untracked().or_else(focused);
        id.into_iter().map(|id| self.controller.execute(CameraCommand::Show(id))).count() > 0
    }

    /// Cancels a drag, or else closes the panel, or else the activity feed.
    fn cancel(&self) {
        let has_selection = self.session.selection.with_untracked(Option::is_some);
        match self.pointer.cancel() {
            true => {}
            false if has_selection => self.session.close(),
            false => self.session.panels.feed_open.set(false),
        }
    }
}

/// Renders a workspace and moves the keyboard focus to its element.
pub fn focus_on(controller: CanvasController, id: WorkspaceId) {
    controller.set_focused_id(Some(id.clone()));
    // The element exists after the next frame.
    request_animation_frame(move || request_animation_frame(move || focus_element(&id)));
}

fn focus_element(id: &WorkspaceId) {
    let found = document().query_selector(&attribute_selector("data-workspace-id", id.as_str())).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that is in the document can be focused.
        let _ = element.focus();
    }
}

/// Enter and Space activate the control that has the focus.
fn is_on_control(event: &KeyboardEvent) -> bool {
    closest(event.target().as_ref(), "button, a, summary").is_some()
}
