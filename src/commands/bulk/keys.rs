//! Keyboard shortcuts of the selection and of undo.

use leptos::{ev, ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::Bulk;
use crate::commands::selection;
use crate::session::{Session, ToastKind};

/// Listens while it is mounted; renders nothing.
#[component]
pub fn BulkKeys() -> impl IntoView {
    let (session, bulk) = (expect_context::<Session>(), expect_context::<Bulk>());
    let listener = window_event_listener(ev::keydown, move |event| {
        let is_command = (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key();
        if !is_command || event.default_prevented() || is_in_text_or_panel(&event) {
            return;
        }
        match event.key().as_str() {
            "a" | "A" => selection::add(session, bulk.store.with_value(|store| selection::whole_team(store, session))),
            "z" | "Z" => undo(bulk, session),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}

fn undo(bulk: Bulk, session: Session) {
    if !bulk.undo(None) {
        session.toast(ToastKind::Success, "Nothing to undo", None);
    }
}

/// There "select all" selects the text.
fn is_in_text_or_panel(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let fields = "input, textarea, select, [contenteditable], dialog, [role='menu'], pre, .panel";
    element.and_then(|it| it.closest(fields).ok().flatten()).is_some()
}
