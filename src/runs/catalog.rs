//! A titled list of what can be started, and what its items have in common.

use leptos::prelude::*;
use serde_json::Value;

use crate::api::ApiError;
use crate::commands::query::Query;
use crate::ui::list_state::ListPlaceholder;

/// A section with the catalog's title, and its items as the server wrote them, the newest first.
#[component]
pub(super) fn Catalog(
    title: &'static str,
    /// What is listed, such as "tasks".
    subject: &'static str,
    empty: &'static str,
    items: Query<Vec<Value>>,
    item: fn(Value) -> AnyView,
) -> impl IntoView {
    let rows = items.answer();
    view! {
        <section class="runs-catalog" aria-label=title>
            <h3>{title}</h3>
            <ListPlaceholder state=items.list_state(Vec::is_empty) subject=subject empty=empty on_retry=items.retry() />
            <ul class="workflows">
                <For each=move || rows.get() key=Value::to_string children=item />
            </ul>
        </section>
    }
}

/// Starts an item and opens the page of its run.
pub(super) type StartAction = Action<(), Result<(), ApiError>>;

#[component]
pub(super) fn StartError(start: StartAction) -> impl IntoView {
    let error = move || start.value().with(|answer| answer.as_ref()?.as_ref().err().map(ToString::to_string));
    move || error().map(|error| view! { <p class="problem" role="alert">{format!("Could not start: {error}")}</p> })
}

/// Returns a text field of an item, or an empty string.
pub(super) fn text(item: &Value, key: &str) -> String {
    item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}
