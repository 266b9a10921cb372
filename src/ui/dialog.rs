//! A modal dialog: the browser traps the focus, Esc closes, the focus goes back to where it was. Never a question of its own.

use leptos::{ev::SubmitEvent, html, prelude::*};

/// Mounted is open. `on_close` is told however it closed, and unmounts it.
#[component]
pub fn Dialog(
    #[prop(into)] title: String,
    #[prop(into)] on_close: Callback<()>,
    #[prop(into)] on_submit: Callback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get().filter(|dialog| !dialog.open()) {
            let _ = dialog.show_modal();
        }
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

/// Closes the dialog around: given to its content by context, so that the focus goes back before it is unmounted.
#[derive(Clone, Copy)]
pub struct Close(pub Callback<()>);

impl Close {
    pub fn run(&self) {
        self.0.run(());
    }
}

/// Cancel and the one main answer.
#[component]
pub fn DialogFoot(
    #[prop(into)] answer: String,
    #[prop(optional)] danger: bool,
    #[prop(into)] busy: Signal<bool>,
) -> impl IntoView {
    let close = expect_context::<Close>();
    view! {
        <div class="dialog-foot">
            <button type="button" class="button" on:click=move |_| close.run()>
                "Cancel"
            </button>
            <button
                type="submit"
                class="button"
                data-tone=if danger { "danger" } else { "primary" }
                disabled=move || busy.get()
            >
                {answer}
            </button>
        </div>
    }
}
