//! Runs the keyboard shortcuts of search: palette, filter, next problem and follow.

use leptos::{ev, prelude::*};

use super::follow;
use crate::canvas::{CanvasController, focus_on};
use crate::commands::keymap::{KeyCommand, command_for};
use crate::session::{CameraCommand, Session, ToastKind};
use crate::store::next_problem;

/// Listens as long as it is mounted; renders nothing.
#[component]
pub fn SearchKeys() -> impl IntoView {
    let (session, controller) = (expect_context::<Session>(), expect_context::<CanvasController>());
    let listener = window_event_listener(ev::keydown, move |event| {
        if command_for(&event).is_some_and(|command| run(command, session, controller)) {
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
        None => session.toast(ToastKind::Success, "No failed or degraded workspaces", None),
    }
}

/// Runs a command of search, and returns whether it was one.
fn run(command: KeyCommand, session: Session, controller: CanvasController) -> bool {
    match command {
        KeyCommand::TogglePalette => session.panels.palette_open.update(|is_open| *is_open = !*is_open),
        KeyCommand::NextProblem => go_to_problem(controller, session, true),
        KeyCommand::PreviousProblem => go_to_problem(controller, session, false),
        KeyCommand::ToggleFollow => follow::toggle(session),
        KeyCommand::OpenFilter => session.panels.filter_bar_open.set(true),
        _ => return false,
    }
    true
}
