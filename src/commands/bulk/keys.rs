//! Key listener of the selection: select the whole team, undo.

use leptos::{ev, prelude::*};

use super::choose;
use crate::commands::keymap::{KeyCommand, command_for};
use crate::session::{Session, ToastKind};
use crate::store::CanvasStore;

/// Listens for keys while it is mounted; renders nothing.
#[component]
pub fn BulkKeys() -> impl IntoView {
    let session = expect_context::<Session>();
    let store = expect_context::<StoredValue<CanvasStore, LocalStorage>>();
    let listener = window_event_listener(ev::keydown, move |event| {
        match command_for(&event) {
            Some(KeyCommand::SelectTeam) => {
                choose::add(session, store.with_value(|store| choose::whole_team(store, session)))
            }
            Some(KeyCommand::Undo) => undo(session),
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
