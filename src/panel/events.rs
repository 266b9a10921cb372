//! This workspace's own log, newest first, each event as JSON on demand. Never the fleet's feed.

use std::sync::Arc;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use serde_json::Value;

use super::inspected::row;
use super::log::{Log, LogRow};
use super::pages::{FetchState, fetched};
use crate::store::Directory;
use crate::store::StoreSignals;

#[component]
pub(super) fn EventsTab(id: WorkspaceId) -> impl IntoView {
    let (signals, directory) = (expect_context::<StoreSignals>(), expect_context::<Directory>());
    let own = StoredValue::new(id);
    let hint = Signal::derive(move || own.with_value(|id| latest(signals, id)) + signals.selected_activity.get());
    let (state, refetch) = fetched(
        hint,
        Arc::new(move |api| Box::pin(async move { Ok(rows(api.load_events(&own.get_value()).await?, directory)) })),
    );
    let shown = Memo::new(move |_| state.with(|state| state.rows().to_vec()));
    view! {
        <FetchState
            state=state
            loading="Loading the events"
            empty_title="No events yet"
            empty="What happens to this workspace is logged here."
            on_retry=refetch
        />
        <Log rows=shown.into() />
    }
}

/// Another number whenever something happened to the workspace.
pub(super) fn latest(signals: StoreSignals, id: &WorkspaceId) -> u64 {
    signals.entries(Some(id), 1).first().map_or(0, |entry| entry.number)
}

/// An array, or an object that holds one; oldest first on the wire. The newest first, by the names that screens use.
pub(super) fn rows(answer: Value, directory: Directory) -> Vec<LogRow> {
    let list = match answer {
        Value::Array(list) => list,
        Value::Object(map) => map.into_iter().find_map(|(_, value)| value.as_array().cloned()).unwrap_or_default(),
        _ => Vec::new(),
    };
    let name = |id: &WorkspaceId| directory.name(id).unwrap_or_else(|| id.to_string());
    list.into_iter().rev().map(|json| row(json, name)).collect()
}
