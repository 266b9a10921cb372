//! The placeholder above or instead of a list: loading, empty, or an error with a way to try again.

use leptos::prelude::*;

use super::button::{Button, ButtonVariant};
use super::icon::Icon;
use super::state::{Message, Skeleton};

#[derive(Debug, Clone, PartialEq)]
pub enum ListState {
    Loading,
    Empty,
    Ready,
    /// Why the list could not be loaded.
    Failed(String),
}

/// Renders nothing while the list is ready.
#[component]
pub fn ListPlaceholder(
    #[prop(into)] state: Signal<ListState>,
    /// What the list holds, such as "runs".
    subject: &'static str,
    #[prop(optional)] empty_title: &'static str,
    empty: &'static str,
    on_retry: Callback<()>,
) -> impl IntoView {
    let state = Memo::new(move |_| state.get());
    move || match state.get() {
        ListState::Loading => view! { <Skeleton label=format!("Loading {subject}") /> }.into_any(),
        ListState::Empty => view! { <Message title=empty_title words=empty.to_owned() /> }.into_any(),
        ListState::Ready => ().into_any(),
        ListState::Failed(reason) => {
            view! { <LoadError message=format!("Could not load {subject}: {reason}") on_retry=on_retry /> }.into_any()
        }
    }
}

/// An error with a button that tries again.
#[component]
pub fn LoadError(message: String, on_retry: Callback<()>) -> impl IntoView {
    view! {
        <div class="problem" role="alert">
            <p>{message}</p>
            <Button variant=ButtonVariant::Quiet small=true icon=Icon::Retry on_press=move |_| on_retry.run(())>
                "Retry"
            </Button>
        </div>
    }
}
