//! The toasts: results of what the person did, announced politely. News about the fleet is announced by `a11y::announcer`.

use leptos::prelude::*;

use crate::a11y::tree::focus_tree_if_lost;
use crate::commands::bulk::Bulk;
use crate::session::{Session, Toast, ToastKind};
use crate::ui::toast::ToastView;

#[component]
pub fn Toasts() -> impl IntoView {
    let (session, bulk) = (expect_context::<Session>(), expect_context::<Bulk>());
    let toast_view = move |toast: Toast| {
        let number = toast.id;
        let dismiss = move |()| {
            session.dismiss(number);
            focus_tree_if_lost();
        };
        let undo = toast.undo.map(|entry| {
            Callback::new(move |()| {
                bulk.undo(Some(entry));
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
