//! This workspace's own log, newest first, each event as JSON on demand. Never the fleet's feed.

use std::sync::Arc;

use leptos::prelude::*;
use orrery_protocol::{Timestamp, WorkspaceId};
use serde_json::Value;

use super::log::{Body, Log, LogRow};
use super::pages::{FetchState, fetched};
use crate::live::Live;

#[component]
pub(super) fn EventsTab(id: WorkspaceId) -> impl IntoView {
    let live = expect_context::<Live>();
    let own = StoredValue::new(id);
    let hint = Memo::new(move |_| {
        let latest = own.with_value(|id| live.entries(Some(id), 1).first().map_or(0, |entry| entry.number));
        latest + live.selected_activity.get()
    });
    let (state, refetch) = fetched(
        hint.into(),
        Arc::new(move |api| Box::pin(async move { Ok(rows(api.events(&own.get_value()).await?)) })),
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

/// An array, or an object that holds one; oldest first on the wire.
fn rows(answer: Value) -> Vec<LogRow> {
    let list = match answer {
        Value::Array(list) => list,
        Value::Object(map) => map.into_iter().find_map(|(_, value)| value.as_array().cloned()).unwrap_or_default(),
        _ => Vec::new(),
    };
    list.into_iter().rev().map(row).collect()
}

fn row(json: Value) -> LogRow {
    let text = |keys: &[&str]| keys.iter().find_map(|key| json.get(key)?.as_str()).map(str::to_owned);
    let kind = text(&["event", "event_type"]).unwrap_or_else(|| "An event without a name".to_owned());
    let at = text(&["timestamp", "created_at"]);
    let seq = json.get("seq").and_then(Value::as_u64);
    LogRow {
        key: seq.map_or_else(|| format!("{kind} {at:?}"), |seq| seq.to_string()),
        is_bad: matches!(kind.as_str(), "WORKSPACE_PROVISION_FAILED" | "WORKSPACE_DEGRADED"),
        what: kind,
        at: at.and_then(|at| at.parse().ok()).map(Timestamp::millis),
        more: seq.map(|seq| format!("seq {seq}")).into_iter().collect(),
        bodies: vec![Body { title: "Event", json: Some(json) }],
        place: None,
    }
}
