//! The keys of the canvas: fit, zoom, open. Never the way from one workspace to the next (`keyboard`), never the keys of a
//! dialog or a field.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::controller::CanvasController;
use super::pointer::Pointer;
use crate::session::{CameraCommand, RunsPage, Session};

const STEP: f64 = 1.25;

/// Everywhere on the page, unless somebody is writing or asked something.
pub fn pressed(event: &KeyboardEvent, controller: CanvasController, session: Session, pointer: Pointer) {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() || is_busy(event) {
        return;
    }
    // The canvas is under the sheet.
    if session.panels.runs_page.with_untracked(Option::is_some) {
        if event.key() == "Escape" {
            session.panels.runs_page.set(None);
        }
        return;
    }
    let on_workspace = focused(event);
    match event.key().as_str() {
        "f" | "F" => controller.grant(CameraCommand::Fit),
        "z" | "Z" => match session.selection.get_untracked().or_else(|| controller.focused.get_untracked()) {
            Some(id) => controller.grant(CameraCommand::Show(id)),
            None => return,
        },
        "+" | "=" => controller.grant(CameraCommand::Zoom(STEP)),
        "-" => controller.grant(CameraCommand::Zoom(1.0 / STEP)),
        " " if on_workspace.is_none() => controller.space.set(true),
        "r" | "R" => session.panels.runs_page.set(Some(RunsPage::All)),
        "Enter" | " " => match on_workspace {
            Some(id) if !is_pressable(event) => session.open(id),
            _ => return,
        },
        "Escape" => {
            let is_bare = session.selection.with_untracked(Option::is_none);
            match pointer.cancel() {
                true => {}
                false if is_bare => session.panels.feed_open.set(false),
                false => session.close(),
            }
        }
        _ => return,
    }
    event.prevent_default();
}

/// The keyboard goes to that workspace.
pub fn focus_on(controller: CanvasController, id: WorkspaceId) {
    controller.focused.set(Some(id.clone()));
    controller.dirty();
    // It is mounted in the next frame.
    request_animation_frame(move || request_animation_frame(move || focus(&id)));
}

fn focus(id: &WorkspaceId) {
    let found = document().query_selector(&format!("[data-workspace-id=\"{id}\"]")).ok().flatten();
    if let Some(element) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // An element that is in the page can be focused.
        let _ = element.focus();
    }
}

/// The workspace that the keyboard is on.
fn focused(event: &KeyboardEvent) -> Option<WorkspaceId> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.get_attribute("data-workspace-id")?.parse().ok()
}

fn is_pressable(event: &KeyboardEvent) -> bool {
    within(event, "button, a, summary")
}

fn is_busy(event: &KeyboardEvent) -> bool {
    within(event, "input, textarea, select, [contenteditable], dialog, [role='dialog'], [role='menu'], .panel, .runs")
}

fn within(event: &KeyboardEvent, selector: &str) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    element.and_then(|it| it.closest(selector).ok().flatten()).is_some()
}
