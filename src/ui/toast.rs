//! One short word about what the person just did, with a way back where there is one. Never what happened by itself.

use std::time::Duration;

use leptos::prelude::*;

use super::{
    button::{Button, ButtonVariant, IconButton},
    icon::{Glyph, Icon},
};

/// Long enough to read and to decide on an undo; a refusal stays until it is dismissed.
const SHOWN: Duration = Duration::from_secs(6);

#[component]
pub fn ToastView(
    #[prop(into)] words: String,
    /// It was refused or failed.
    refused: bool,
    undo: Option<Callback<()>>,
    #[prop(into)] on_dismiss: Callback<()>,
) -> impl IntoView {
    let rested = RwSignal::new(false);
    if !refused {
        let timer = set_interval_with_handle(
            move || {
                if !rested.get_untracked() {
                    on_dismiss.run(());
                }
            },
            SHOWN,
        );
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
        // Under the pointer or the focus it waits.
        <div
            class="toast"
            data-tone=if refused { "danger" } else { "done" }
            on:pointerenter=move |_| rested.set(true)
            on:pointerleave=move |_| rested.set(false)
            on:focusin=move |_| rested.set(true)
            on:focusout=move |_| rested.set(false)
        >
            <Glyph icon=if refused { Icon::Failed } else { Icon::Check } />
            <span class="toast-words">{words}</span>
            {undo}
            <IconButton icon=Icon::Close label="Dismiss" on_press=move |_| on_dismiss.run(()) />
        </div>
    }
}
