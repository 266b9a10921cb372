//! The keyboard shortcuts of search: Ctrl+K, N, W and `/`. They apply to the whole page, except while the person is typing.

use leptos::{ev, ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::follow;
use crate::canvas::{CanvasController, focus_on};
use crate::session::{CameraCommand, Session, ToastKind};
use crate::store::next_problem;

/// Listens as long as it is mounted; renders nothing.
#[component]
pub fn SearchKeys() -> impl IntoView {
    let (session, controller) = (expect_context::<Session>(), expect_context::<CanvasController>());
    let listener = window_event_listener(ev::keydown, move |event| {
        if handle_key(&event, session, controller) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Selects the next problem after the selected workspace, or the previous one, and shows it.
pub(super) fn go_to_problem(controller: CanvasController, session: Session, forward: bool) {
    let from = session.selection.get_untracked();
    match controller.store.with_value(|store| next_problem(store, from.as_ref(), forward)) {
        Some((id, visible_id)) => {
            session.open(id);
            let show = CameraCommand::Show(visible_id.clone());
            session.camera_command.set(Some(show.clone()));
            focus_on(controller, visible_id);
            // Again when the panel that has just opened has taken its part of the window.
            request_animation_frame(move || request_animation_frame(move || session.camera_command.set(Some(show))));
        }
        None => session.toast(ToastKind::Success, "No problems: no workspace is failed or degraded", None),
    }
}

/// Returns whether the event was a shortcut.
fn handle_key(event: &KeyboardEvent, session: Session, controller: CanvasController) -> bool {
    let key = event.key();
    let has_modifier = event.ctrl_key() || event.meta_key();
    if has_modifier && key.eq_ignore_ascii_case("k") {
        session.palette.update(|is_open| *is_open = !*is_open);
        return true;
    }
    if event.default_prevented() || has_modifier || event.alt_key() || is_typing(event) {
        return false;
    }
    match key.as_str() {
        "n" | "N" => go_to_problem(controller, session, !event.shift_key()),
        "w" | "W" => follow::toggle(session),
        "/" => session.filter_bar.set(true),
        _ => return false,
    }
    true
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let selector = "input, textarea, select, [contenteditable], dialog, [role='menu']";
    element.and_then(|element| element.closest(selector).ok().flatten()).is_some()
}
