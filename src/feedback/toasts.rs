//! The toasts: results of what the person did, announced politely. News about the fleet is announced by `a11y::announcer`.

use leptos::prelude::*;

use crate::a11y::tree::focus_is_left;
use crate::session::{Session, Toast, ToastKind};
use crate::ui::toast::ToastView;

#[component]
pub fn Toasts() -> impl IntoView {
    let session = expect_context::<Session>();
    let toast_view = move |toast: Toast| {
        let number = toast.id;
        let dismiss = move |()| {
            session.dismiss(number);
            focus_is_left();
        };
        let undo = toast.can_be_undone.then(|| {
            Callback::new(move |()| {
                session.undo(Some(number));
            })
        });
        view! { <ToastView words=toast.text is_error=toast.kind == ToastKind::Error undo on_dismiss=dismiss /> }
    };
    view! {
        <div class="toasts" role="log" aria-live="polite" aria-label="Notifications">
            <For each=move || session.toasts.list.get() key=|toast| toast.id children=toast_view />
        </div>
    }
}
