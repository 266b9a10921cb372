//! Why a workspace is failed or degraded, with a button that retries and a link to what led to it.

use leptos::prelude::*;
use orrery_protocol::Status;

use super::event::CanvasEvent;
use super::node::{Node, NodeHealth};

/// Returns the problem of a card or a team's head, or None without one. Reactive.
pub(super) fn problem(node: Node, health: &NodeHealth, class: &'static str) -> Option<impl IntoView + use<>> {
    let reason = health.problem.clone()?;
    let retry = (health.status == Status::Failed).then(|| retry_button(node));
    let cause = node.cause(health.status_since);
    let cause = cause.map_or_else(|| "Show earlier events".to_owned(), |cause| format!("Before this: {cause}"));
    let show_cause = move |_| node.emit(|workspace| CanvasEvent::CauseRequested { workspace });
    Some(view! {
        <div class=class>
            <p data-full="">{reason}</p>
            {retry}
            <button class="cause-line" type="button" tabindex="-1" data-full="" on:click=show_cause>
                {cause}
            </button>
        </div>
    })
}

fn retry_button(node: Node) -> impl IntoView {
    let is_retrying = node.is_retrying();
    let retry =
        move |_| node.emit(|workspace| CanvasEvent::RetryRequested { workspace, name: untrack(|| node.name()) });
    view! {
        <button
            class="button"
            type="button"
            tabindex="-1"
            data-size="small"
            data-mark="retry"
            disabled=is_retrying
            on:click=retry
        >
            {if is_retrying { "Retrying…" } else { "Retry" }}
        </button>
    }
}
