//! Key listener of the selection: select the whole team, undo and redo.

use leptos::{ev, prelude::*};

use super::Bulk;
use crate::commands::keymap::{KeyCommand, command_for};
use crate::commands::selection;
use crate::session::{Session, ToastKind};

/// Listens for keys while it is mounted; renders nothing.
#[component]
pub fn BulkKeys() -> impl IntoView {
    let (session, bulk) = (expect_context::<Session>(), expect_context::<Bulk>());
    let listener = window_event_listener(ev::keydown, move |event| {
        match command_for(&event) {
            Some(KeyCommand::SelectTeam) => {
                selection::add(session, bulk.store.with_value(|store| selection::whole_team(store, session)))
            }
            Some(KeyCommand::Undo) => undo(bulk, session),
            Some(KeyCommand::Redo) => redo(bulk, session),
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

fn redo(bulk: Bulk, session: Session) {
    if !bulk.redo() {
        session.toast(ToastKind::Success, "Nothing to redo", None);
    }
}
