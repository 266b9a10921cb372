//! The dialog that lists the keyboard shortcuts, opened by `?`.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{DialogRequest, Dialogs};
use crate::ui::dialog::Dialog;

/// The keys of a shortcut, and what it does.
type Shortcut = (&'static [&'static str], &'static str);

/// Every shortcut of the page is listed here, by group.
const SHORTCUTS: &[(&str, &[Shortcut])] = &[
    (
        "Navigate",
        &[
            (&["↓", "↑"], "Next or previous workspace"),
            (&["→", "←"], "Into a team, or back to it"),
            (&["Ctrl", "arrow"], "Nearest workspace in that direction"),
            (&["Home", "End"], "First or last workspace"),
            (&["Ctrl", "K"], "Search or run a command"),
            (&["N"], "Next problem; with Shift, the previous one"),
            (&["/"], "Filter workspaces"),
        ],
    ),
    (
        "View",
        &[
            (&["F"], "Zoom to fit"),
            (&["Z"], "Zoom to the selected workspace"),
            (&["W"], "Follow the selected workspace"),
            (&["+", "−"], "Zoom in or out"),
            (&["Space", "drag"], "Pan the canvas"),
            (&["Double-click"], "Zoom to a workspace"),
        ],
    ),
    (
        "Edit",
        &[
            (&["Enter"], "Open the workspace in the panel"),
            (&["Tab"], "Move through the buttons of the workspace"),
            (&["Shift", "F10"], "Open the menu of the workspace"),
            (&["Ctrl", "Z"], "Undo"),
            (&["Shift", "click"], "Add to the selection; drag to select in a box"),
            (&["Ctrl", "A"], "Select the whole team"),
            (&["R"], "Open runs"),
            (&["Esc"], "Close or cancel"),
            (&["?"], "Show keyboard shortcuts"),
        ],
    ),
];

/// Opens the dialog when `?` is pressed outside of a text field.
#[component]
pub fn HelpKey() -> impl IntoView {
    let dialogs = expect_context::<Dialogs>();
    let listener = window_event_listener(ev::keydown, move |event| {
        let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let is_in_field = element.is_some_and(|it| {
            it.closest("input, textarea, select, [contenteditable], dialog").is_ok_and(|it| it.is_some())
        });
        if event.key() == "?" && !is_in_field && !event.default_prevented() {
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
                {SHORTCUTS.iter().map(|(title, shortcuts)| group(title, shortcuts)).collect_view()}
            </div>
            <div class="dialog-foot">
                <button type="submit" class="button" autofocus>
                    "Close"
                </button>
            </div>
        </Dialog>
    }
}

fn group(title: &'static str, shortcuts: &'static [Shortcut]) -> AnyView {
    let row = |(keys, effect): &'static Shortcut| {
        let keys = keys.iter().map(|key| view! { <kbd class="key">{*key}</kbd> }).collect_view();
        view! {
            <dt>{keys}</dt>
            <dd>{*effect}</dd>
        }
    };
    view! {
        <section>
            <h3>{title}</h3>
            <dl>{shortcuts.iter().map(row).collect_view()}</dl>
        </section>
    }
    .into_any()
}
