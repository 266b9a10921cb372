//! The keys for many: everyone of a team, and undo. Never the keys that find.

use leptos::{ev, ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::choose;
use crate::canvas::CanvasController;
use crate::session::{Session, ToastKind};

/// Nothing to see: it listens as long as it is mounted.
#[component]
pub fn BulkKeys() -> impl IntoView {
    let (session, controller) = (expect_context::<Session>(), expect_context::<CanvasController>());
    let listener = window_event_listener(ev::keydown, move |event| {
        let is_command = (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key();
        if !is_command || event.default_prevented() || is_elsewhere(&event) {
            return;
        }
        match event.key().as_str() {
            "a" | "A" => choose::add(session, controller.store.with_value(|store| choose::whole_team(store, session))),
            "z" | "Z" => undo(session),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}

fn undo(session: Session) {
    if !session.undo(None) {
        session.toast(ToastKind::Success, "There is nothing to undo", None);
    }
}

/// Where all means all the text.
fn is_elsewhere(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let fields = "input, textarea, select, [contenteditable], dialog, [role='menu'], pre, .panel";
    element.and_then(|it| it.closest(fields).ok().flatten()).is_some()
}
