//! The dialog that lists the keyboard shortcuts, opened by `?`.

use leptos::{ev, prelude::*};

use super::{DialogRequest, Dialogs};
use crate::commands::keymap::{KEYMAP, KeyCommand, Shortcut, ShortcutGroup, command_for};
use crate::ui::dialog::Dialog;

/// Listens for the key that opens the dialog while it is mounted; renders nothing.
#[component]
pub fn HelpKey() -> impl IntoView {
    let dialogs = expect_context::<Dialogs>();
    let listener = window_event_listener(ev::keydown, move |event| {
        if command_for(&event) == Some(KeyCommand::ShowShortcuts) {
            event.prevent_default();
            dialogs.open(DialogRequest::Shortcuts);
        }
    });
    on_cleanup(move || listener.remove());
}

#[component]
pub(super) fn ShortcutsDialog(#[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let done = RwSignal::new(false);
    view! {
        <Dialog title="Keyboard shortcuts" on_close=on_close on_submit=move |()| done.set(true) done=done>
            <div class="keys">
                {KEYMAP.iter().map(group).collect_view()}
            </div>
            <div class="dialog-foot">
                <button type="submit" class="button" autofocus>
                    "Close"
                </button>
            </div>
        </Dialog>
    }
}

fn group(group: &'static ShortcutGroup) -> AnyView {
    let row = |shortcut: &'static Shortcut| {
        let keys = shortcut.keys.iter().map(|key| view! { <kbd class="key">{*key}</kbd> }).collect_view();
        view! {
            <dt>{keys}</dt>
            <dd>{shortcut.description}</dd>
        }
    };
    view! {
        <section>
            <h3>{group.title}</h3>
            <dl>{group.shortcuts.iter().map(row).collect_view()}</dl>
        </section>
    }
    .into_any()
}
