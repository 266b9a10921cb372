//! An event as a row of a log: what happened, what it changed, and its JSON.

use orrery_protocol::{Event, EventEnvelope, Timestamp, WorkspaceId};
use serde_json::Value;

use super::log_list::{LogBody, LogRow};
use crate::store::activity_feed::{facts, words};
use crate::ui::text::capitalized;

/// Returns the row of an event. An event that cannot be read is a row with its JSON.
pub(super) fn event_row(json: Value, name: impl Fn(&WorkspaceId) -> String) -> LogRow {
    let logged = EventEnvelope::read(&json.to_string()).ok();
    let text = |keys: &[&str]| keys.iter().find_map(|key| json.get(key)?.as_str()).map(str::to_owned);
    let event = logged.as_ref().map(|logged| &logged.event);
    let run = match event {
        Some(Event::Run(run)) => Some(run),
        _ => None,
    };
    let kind = run.and_then(|run| run.semantic()).map(str::to_owned).or_else(|| text(&["event", "event_type"]));
    let kind = kind.unwrap_or_else(|| "Unnamed event".to_owned());
    let at = text(&["timestamp", "created_at"]);
    let seq = json.get("seq").and_then(Value::as_u64);
    let (title, subtitle) = match event {
        Some(event @ Event::Workspace(_)) => (capitalized(&words(event)), Some(kind.clone())),
        _ => (kind.clone(), text(&["message"])),
    };
    LogRow {
        key: seq.map_or_else(|| format!("{kind} {at:?}"), |seq| seq.to_string()),
        is_problem: is_problem(&kind),
        title,
        at: at.and_then(|at| at.parse().ok()).map(Timestamp::millis),
        details: [subtitle, seq.map(|seq| format!("seq {seq}"))].into_iter().flatten().collect(),
        changes: event.map(|event| facts(event, name)).unwrap_or_default(),
        bodies: vec![LogBody { title: "Event", json: Some(json) }],
        ..LogRow::default()
    }
}

/// Returns whether a problem begins with events of this kind.
fn is_problem(kind: &str) -> bool {
    matches!(
        kind,
        "WORKSPACE_PROVISION_FAILED" | "WORKSPACE_DEGRADED" | "agent:failed" | "step_failed" | "workflow_failed"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn agent_status_events_have_their_semantic_names() {
        let event = |status: &str| {
            json!({"event_type": "agent_status_changed", "timestamp": "2026-03-30T12:00:00Z", "seq": 7,
                   "data": {"status": status}, "message": "starts to work"})
        };
        let rows = ["busy", "error", "idle"].map(|status| event_row(event(status), |id| id.to_string()));
        let names = rows.each_ref().map(|row| (row.title.as_str(), row.is_problem));
        assert_eq!(names, [("agent:assigned", false), ("agent:failed", true), ("agent_status_changed", false)]);
        assert_eq!(rows[0].details, ["starts to work", "seq 7"]);
    }

    #[wasm_bindgen_test]
    fn workspace_event_is_a_sentence() {
        let event = json!({"event": "WORKSPACE_ONLINE", "workspace_id": "w", "timestamp": "2026-03-30T12:00:00Z", "seq": 3, "payload": {}});
        let row = event_row(event, |id| id.to_string());
        assert_eq!((row.title.as_str(), row.key.as_str()), ("Is online", "3"));
        assert_eq!(row.details, ["WORKSPACE_ONLINE", "seq 3"]);
        assert_eq!(row.changes, [("Status", "online".to_owned())]);
    }
}
