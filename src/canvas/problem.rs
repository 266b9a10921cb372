//! Why a workspace is failed or degraded, with a button that retries and a link to what led to it.

use leptos::prelude::*;
use orrery_protocol::Status;

use super::event::CanvasEvent;
use super::labels;
use super::node::Node;

/// Renders the problem of a card or a team's head, for as long as there is one.
#[component]
pub(super) fn Problem(node: Node, class: &'static str) -> impl IntoView {
    let is_failed = Memo::new(move |_| node.health.with(|health| health.status == Status::Failed));
    let reason = move || node.health.with(labels::problem).unwrap_or_default();
    let cause =
        move || node.cause().map_or_else(|| "Show earlier events".to_owned(), |cause| format!("Before this: {cause}"));
    let show_cause = move |_| node.emit(|workspace| CanvasEvent::CauseRequested { workspace });
    view! {
        <div class=class>
            <p data-full="">{reason}</p>
            {move || is_failed.get().then(|| view! { <RetryButton node /> })}
            <button class="cause-line" type="button" tabindex="-1" data-full="" on:click=show_cause>
                {cause}
            </button>
        </div>
    }
}

#[component]
fn RetryButton(node: Node) -> impl IntoView {
    let retry =
        move |_| node.emit(|workspace| CanvasEvent::RetryRequested { workspace, name: untrack(|| node.name()) });
    view! {
        <button
            class="button"
            type="button"
            tabindex="-1"
            data-size="small"
            data-mark="retry"
            disabled=move || node.is_retrying()
            on:click=retry
        >
            {move || if node.is_retrying() { "Retrying…" } else { "Retry" }}
        </button>
    }
}
