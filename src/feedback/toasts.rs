//! The words about what the person just did, read aloud politely. Never news about the fleet.

use leptos::prelude::*;

use crate::a11y::tree::focus_tree_if_lost;
use crate::commands::bulk::Bulk;
use crate::session::{Session, Toast, ToastKind};
use crate::ui::toast::ToastView;

#[component]
pub fn Toasts() -> impl IntoView {
    let (session, bulk) = (expect_context::<Session>(), expect_context::<Bulk>());
    let one = move |toast: Toast| {
        let number = toast.number;
        let dismiss = move |()| {
            session.dismiss(number);
            focus_tree_if_lost();
        };
        let undo = toast.undo.map(|entry| {
            Callback::new(move |()| {
                bulk.undo(Some(entry));
            })
        });
        view! { <ToastView words=toast.words refused=toast.tone == ToastKind::Error undo=undo on_dismiss=dismiss /> }
    };
    view! {
        <div class="toasts" role="log" aria-live="polite" aria-label="What you did">
            <For each=move || session.toasts.get() key=|toast| toast.number children=one />
        </div>
    }
}
