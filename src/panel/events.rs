//! The log of one workspace, newest first, as a tab and as a query for the other parts of the panel.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use serde_json::Value;

use super::event_row::event_row;
use super::log_list::{LogList, LogRow};
use crate::commands::query::Query;
use crate::store::{Directory, StoreSignals};
use crate::ui::list_state::ListPlaceholder;

#[component]
pub(super) fn EventsTab(id: WorkspaceId) -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let latest = latest_event(id.clone());
    let events = query_events(id, Signal::derive(move || latest.get() + signals.selected_activity.get()));
    view! {
        <ListPlaceholder
            state=events.list_state(Vec::is_empty)
            subject="events"
            empty_title="No events yet"
            empty="Changes of this workspace will appear here."
            on_retry=events.retry()
        />
        <LogList rows=events.answer().into() />
    }
}

/// Loads the workspace's events, and again after each change of `revision`.
pub(super) fn query_events(id: WorkspaceId, revision: Signal<u64>) -> Query<Vec<LogRow>> {
    let directory = expect_context::<Directory>();
    let request = Box::new(move |api: crate::api::Api| {
        let id = id.clone();
        Box::pin(async move { Ok(event_rows(api.events(&id).await?, directory)) }) as _
    });
    Query::new(Signal::derive(move || Some(revision.get())), request)
}

/// Returns a number that changes with each event of the workspace.
pub(super) fn latest_event(id: WorkspaceId) -> Signal<u64> {
    let signals = expect_context::<StoreSignals>();
    Signal::derive(move || signals.entries(Some(&id), 1).first().map_or(0, |entry| entry.number))
}

/// Returns rows, newest first, of an answer that is an array, or an object that holds one, oldest first.
pub(super) fn event_rows(answer: Value, directory: Directory) -> Vec<LogRow> {
    let events = match answer {
        Value::Array(events) => events,
        Value::Object(fields) => {
            fields.into_iter().find_map(|(_, value)| value.as_array().cloned()).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    events.into_iter().rev().map(|event| event_row(event, |id| directory.display_name(id))).collect()
}
