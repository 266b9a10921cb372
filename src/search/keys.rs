//! The keys that find, everywhere on the page unless somebody is writing. Never the canvas's own keys.

use leptos::{ev, ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::follow;
use crate::canvas::{CanvasController, focus_on};
use crate::session::{CameraCommand, Session, ToastKind};
use crate::store::next_problem;

/// Nothing to see: it listens as long as it is mounted.
#[component]
pub fn FindKeys() -> impl IntoView {
    let (session, controller) = (expect_context::<Session>(), expect_context::<CanvasController>());
    let listener = window_event_listener(ev::keydown, move |event| {
        if pressed(&event, session, controller) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

pub(super) fn go_to_problem(controller: CanvasController, session: Session, forward: bool) {
    let from = session.selection.get_untracked();
    match controller.store.with_value(|store| next_problem(store, from.as_ref(), forward)) {
        Some((id, seen)) => {
            session.open(id);
            let show = CameraCommand::Show(seen.clone());
            session.camera_command.set(Some(show.clone()));
            focus_on(controller, seen);
            // The panel that just opened takes its part of the window first.
            request_animation_frame(move || request_animation_frame(move || session.camera_command.set(Some(show))));
        }
        None => session.toast(ToastKind::Success, "No problems: nothing is failed or degraded", None),
    }
}

fn pressed(event: &KeyboardEvent, session: Session, controller: CanvasController) -> bool {
    let key = event.key();
    let is_command = event.ctrl_key() || event.meta_key();
    if is_command && key.eq_ignore_ascii_case("k") {
        session.panels.palette_open.update(|open| *open = !*open);
        return true;
    }
    if event.default_prevented() || is_command || event.alt_key() || is_writing(event) {
        return false;
    }
    match key.as_str() {
        "n" | "N" => go_to_problem(controller, session, !event.shift_key()),
        "w" | "W" => follow::toggle(session),
        "/" => session.panels.filter_bar_open.set(true),
        _ => return false,
    }
    true
}

fn is_writing(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let fields = "input, textarea, select, [contenteditable], dialog, [role='menu']";
    element.and_then(|it| it.closest(fields).ok().flatten()).is_some()
}
