//! What the keys do, asked for by `?`. Never what happens when one is pressed.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::dialogs::{DialogRequest, Dialogs};
use crate::ui::dialog::Dialog;

/// What is pressed, together or each, and what it does.
type Key = (&'static [&'static str], &'static str);

/// One group after the other, as a hand learns them. Whoever gives a key a meaning writes it here.
const KEYS: &[(&str, &[Key])] = &[
    (
        "Find the way",
        &[
            (&["↓", "↑"], "Next and previous workspace, through all teams"),
            (&["→", "←"], "Into a team and out of it"),
            (&["Ctrl", "arrow"], "The nearest workspace that way"),
            (&["Home", "End"], "First and last workspace"),
            (&["Ctrl", "K"], "Find a workspace or a command"),
            (&["N"], "The next problem; with Shift the one before"),
            (&["/"], "Look for some, dim the rest"),
        ],
    ),
    (
        "Look",
        &[
            (&["F"], "The whole fleet"),
            (&["Z"], "The selected workspace"),
            (&["W"], "Follow it, wherever it goes"),
            (&["+", "−"], "Nearer and farther"),
            (&["Space", "drag"], "Move the canvas"),
            (&["Double-click"], "Go to the workspace"),
        ],
    ),
    (
        "Act",
        &[
            (&["Enter"], "Open the workspace in the panel"),
            (&["Tab"], "The buttons of the workspace, then on"),
            (&["Shift", "F10"], "What can be done to it"),
            (&["Ctrl", "Z"], "Undo the last change"),
            (&["Shift", "click"], "Select one more; with a drag, all in a box"),
            (&["Ctrl", "A"], "Select the whole team"),
            (&["R"], "What runs"),
            (&["Esc"], "Close, cancel, back to the canvas"),
            (&["?"], "These keys"),
        ],
    ),
];

/// Listens for the `?`.
#[component]
pub fn HelpKey() -> impl IntoView {
    let dialogs = expect_context::<Dialogs>();
    let listener = window_event_listener(ev::keydown, move |event| {
        let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let is_writing = element.is_some_and(|it| {
            it.closest("input, textarea, select, [contenteditable], dialog").is_ok_and(|it| it.is_some())
        });
        if event.key() == "?" && !is_writing && !event.default_prevented() {
            event.prevent_default();
            dialogs.ask(DialogRequest::Keys);
        }
    });
    on_cleanup(move || listener.remove());
}

#[component]
pub fn Keys(#[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let done = RwSignal::new(false);
    view! {
        <Dialog title="Keys" on_close=on_close on_submit=move |()| done.set(true) done=done>
            <div class="keys">
                {KEYS.iter().map(|(title, keys)| group(title, keys)).collect_view()}
            </div>
            <div class="dialog-foot">
                <button type="submit" class="button" autofocus>
                    "Close"
                </button>
            </div>
        </Dialog>
    }
}

fn group(title: &'static str, keys: &'static [Key]) -> AnyView {
    let row = |(keys, words): &'static Key| {
        let keys = keys.iter().map(|key| view! { <kbd class="key">{*key}</kbd> }).collect_view();
        view! {
            <dt>{keys}</dt>
            <dd>{*words}</dd>
        }
    };
    view! {
        <section>
            <h3>{title}</h3>
            <dl>{keys.iter().map(row).collect_view()}</dl>
        </section>
    }
    .into_any()
}
