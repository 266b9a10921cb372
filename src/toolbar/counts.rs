//! The number of workspaces in each status; each is a button that filters by the status.

use leptos::prelude::*;
use orrery_protocol::Status;

use crate::session::Session;
use crate::store::StoreSignals;

/// What needs a person comes first.
const ORDER: [Status; 5] = [Status::Failed, Status::Degraded, Status::Offline, Status::Provisioning, Status::Online];

#[component]
pub(super) fn StatusCounts() -> impl IntoView {
    view! {
        <div class="counts" role="group" aria-label="Workspaces by status">
            {ORDER.map(|status| view! { <StatusCount status /> }).collect_view()}
        </div>
    }
}

#[component]
fn StatusCount(status: Status) -> impl IntoView {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let word = status.to_string();
    let status = StoredValue::new(status);
    // Before the first snapshot the number is unknown, not zero.
    let count = move || {
        let is_known = signals.loaded.get();
        is_known.then(|| signals.counts.with(|counts| status.with_value(|status| counts.get(status))))
    };
    let shown = move || count().map_or_else(|| "–".to_owned(), |count| count.to_string());
    let is_filter =
        move || session.filter.with(|filter| status.with_value(|status| filter.status.as_ref() == Some(status)));
    // A second press removes the filter.
    let toggle = move |_| {
        let filtered = (!untrack(is_filter)).then(|| status.get_value());
        session.filter.update(|filter| filter.status = filtered);
    };
    let label = word.clone();
    view! {
        <button
            type="button"
            class="count"
            data-status=word.clone()
            data-none=move || (count().unwrap_or(0) == 0).then_some("")
            aria-pressed=move || if is_filter() { "true" } else { "false" }
            aria-label=move || format!("{} {label}", shown())
            title=format!("Show only {word} workspaces")
            on:click=toggle
        >
            <i class="mark" data-status=word.clone()></i>
            <span class="count-number">{shown}</span>
            <span class="count-word">{word.clone()}</span>
        </button>
    }
}
