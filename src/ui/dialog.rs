//! A modal dialog: the browser traps the focus, Esc closes it, and the focus returns to where it was.

use leptos::{ev::SubmitEvent, html, prelude::*};

/// Opens when it is mounted and closes when `done` becomes true. `on_close` runs however it closed, and should unmount it.
#[component]
pub fn Dialog(
    #[prop(into)] title: String,
    #[prop(into)] on_close: Callback<()>,
    #[prop(into)] on_submit: Callback<()>,
    #[prop(into)] done: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| match dialog.get() {
        Some(dialog) if done.get() => dialog.close(),
        Some(dialog) if !dialog.open() => drop(dialog.show_modal()),
        _ => {}
    });
    provide_context(Close(Callback::new(move |()| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    })));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_submit.run(());
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="dialog-title" on:close=move |_| on_close.run(())>
            <form class="dialog-form" on:submit=submit>
                <h2 id="dialog-title">{title}</h2>
                {children()}
            </form>
        </dialog>
    }
}

/// Context that closes the surrounding dialog, so that the focus returns before it is unmounted.
#[derive(Clone, Copy)]
struct Close(Callback<()>);

/// The content of a dialog, the error, Cancel and the submit button with the text `answer`.
#[component]
pub fn DialogBody(
    #[prop(into)] answer: Signal<String>,
    #[prop(optional)] danger: bool,
    #[prop(optional, into)] problem: Signal<Option<String>>,
    #[prop(optional, into)] busy: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let close = expect_context::<Close>();
    view! {
        {children()}
        {move || problem.get().map(|words| view! { <p class="problem" role="alert">{words}</p> })}
        <div class="dialog-foot">
            <button type="button" class="button" on:click=move |_| close.0.run(())>
                "Cancel"
            </button>
            <button
                type="submit"
                class="button"
                data-variant=if danger { "danger" } else { "primary" }
                disabled=move || busy.get()
            >
                {move || answer.get()}
            </button>
        </div>
    }
}
