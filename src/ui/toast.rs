//! A toast: a short message about the result of an action, with Undo where it can be undone.

use std::time::Duration;

use leptos::prelude::*;

use super::{
    button::{Button, ButtonVariant, IconButton},
    icon::{Glyph, Icon},
};

/// Long enough to read it and to decide on an undo. An error stays until it is dismissed.
const SHOWN: Duration = Duration::from_secs(6);

#[component]
pub fn ToastView(
    #[prop(into)] words: String,
    is_error: bool,
    undo: Option<Callback<()>>,
    #[prop(into)] on_dismiss: Callback<()>,
) -> impl IntoView {
    // Under the pointer or with the focus it stays.
    let is_paused = RwSignal::new(false);
    if !is_error {
        let dismiss_unless_paused = move || {
            if !is_paused.get_untracked() {
                on_dismiss.run(());
            }
        };
        let timer = set_interval_with_handle(dismiss_unless_paused, SHOWN);
        on_cleanup(move || drop(timer.map(|timer| timer.clear())));
    }
    let undo = undo.map(|undo| {
        let press = move |_| {
            undo.run(());
            on_dismiss.run(());
        };
        view! { <Button variant=ButtonVariant::Quiet on_press=press>"Undo"</Button> }
    });
    view! {
        <div
            class="toast"
            data-kind=if is_error { "error" } else { "success" }
            on:pointerenter=move |_| is_paused.set(true)
            on:pointerleave=move |_| is_paused.set(false)
            on:focusin=move |_| is_paused.set(true)
            on:focusout=move |_| is_paused.set(false)
        >
            <Glyph icon=if is_error { Icon::Failed } else { Icon::Check } />
            <span class="toast-words">{words}</span>
            {undo}
            <IconButton icon=Icon::Close label="Dismiss" on_press=move |_| on_dismiss.run(()) />
        </div>
    }
}
