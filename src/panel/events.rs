//! This workspace's own log, newest first, each event as JSON on demand. Never the fleet's feed.

use std::sync::Arc;

use leptos::prelude::*;
use orrery_protocol::{RunEvent, Timestamp, WorkspaceId};
use serde_json::Value;

use super::log::{Body, Log, LogRow};
use super::pages::{FetchState, fetched};
use crate::live::Live;

#[component]
pub(super) fn EventsTab(id: WorkspaceId) -> impl IntoView {
    let live = expect_context::<Live>();
    let own = StoredValue::new(id);
    let hint = Signal::derive(move || own.with_value(|id| latest(live, id)) + live.selected_activity.get());
    let (state, refetch) =
        fetched(hint, Arc::new(move |api| Box::pin(async move { Ok(rows(api.events(&own.get_value()).await?)) })));
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
pub(super) fn latest(live: Live, id: &WorkspaceId) -> u64 {
    live.entries(Some(id), 1).first().map_or(0, |entry| entry.number)
}

/// An array, or an object that holds one; oldest first on the wire. The newest first, by the names that screens use.
pub(super) fn rows(answer: Value) -> Vec<LogRow> {
    let list = match answer {
        Value::Array(list) => list,
        Value::Object(map) => map.into_iter().find_map(|(_, value)| value.as_array().cloned()).unwrap_or_default(),
        _ => Vec::new(),
    };
    list.into_iter().rev().map(row).collect()
}

fn row(json: Value) -> LogRow {
    let text = |keys: &[&str]| keys.iter().find_map(|key| json.get(key)?.as_str()).map(str::to_owned);
    let semantic = RunEvent::read(&json.to_string()).ok().and_then(|event| event.semantic());
    let kind = semantic.map(str::to_owned).or_else(|| text(&["event", "event_type"]));
    let kind = kind.unwrap_or_else(|| "An event without a name".to_owned());
    let at = text(&["timestamp", "created_at"]);
    let seq = json.get("seq").and_then(Value::as_u64);
    LogRow {
        key: seq.map_or_else(|| format!("{kind} {at:?}"), |seq| seq.to_string()),
        is_bad: matches!(kind.as_str(), "WORKSPACE_PROVISION_FAILED" | "WORKSPACE_DEGRADED" | "agent:failed"),
        what: kind,
        at: at.and_then(|at| at.parse().ok()).map(Timestamp::millis),
        more: text(&["message"]).into_iter().chain(seq.map(|seq| format!("seq {seq}"))).collect(),
        bodies: vec![Body { title: "Event", json: Some(json) }],
        place: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn signals_stand_under_the_names_that_screens_use() {
        let event = |status: &str| {
            json!({"event_type": "agent_status_changed", "timestamp": "2026-03-30T12:00:00Z", "seq": 7,
                   "data": {"status": status}, "message": "starts to work"})
        };
        let rows = rows(json!([event("idle"), event("error"), event("busy")]));
        let names: Vec<_> = rows.iter().map(|row| (row.what.as_str(), row.is_bad)).collect();
        assert_eq!(names, [("agent:assigned", false), ("agent:failed", true), ("agent_status_changed", false)]);
        assert_eq!(rows[0].more, ["starts to work", "seq 7"]);
    }
}
