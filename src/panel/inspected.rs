//! An event as a row that opens: what happened in words, what it changed, and the JSON behind it. Never which events.

use orrery_protocol::{Event, Logged, Timestamp, WorkspaceId};
use serde_json::Value;

use super::log::{Body, LogRow};
use crate::store::activity_feed::{facts, summary};
use crate::ui::moment::length;
use crate::ui::text::capitalized;

/// What cannot be read stays a row: its JSON says what it was.
pub(super) fn row(json: Value, name: impl Fn(&WorkspaceId) -> String) -> LogRow {
    let logged = Logged::read(&json.to_string()).ok();
    let text = |keys: &[&str]| keys.iter().find_map(|key| json.get(key)?.as_str()).map(str::to_owned);
    let event = logged.as_ref().map(|logged| &logged.event);
    let run = match event {
        Some(Event::Run(run)) => Some(run),
        _ => None,
    };
    // By the names that screens use.
    let kind = run.and_then(|run| run.semantic()).map(str::to_owned).or_else(|| text(&["event", "event_type"]));
    let kind = kind.unwrap_or_else(|| "An event without a name".to_owned());
    let at = text(&["timestamp", "created_at"]);
    let seq = json.get("seq").and_then(Value::as_u64);
    let (what, second) = match event {
        Some(event @ Event::Workspace(_)) => (capitalized(&summary(event, length)), Some(kind.clone())),
        _ => (kind.clone(), text(&["message"])),
    };
    LogRow {
        key: seq.map_or_else(|| format!("{kind} {at:?}"), |seq| seq.to_string()),
        is_bad: is_bad(&kind),
        what,
        at: at.and_then(|at| at.parse().ok()).map(Timestamp::millis),
        more: [second, seq.map(|seq| format!("seq {seq}"))].into_iter().flatten().collect(),
        facts: event.map(|event| facts(event, name)).unwrap_or_default(),
        bodies: vec![Body { title: "Event", json: Some(json) }],
        ..LogRow::default()
    }
}

/// Where a problem began.
fn is_bad(kind: &str) -> bool {
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
    fn signals_stand_under_the_names_that_screens_use() {
        let event = |status: &str| {
            json!({"event_type": "agent_status_changed", "timestamp": "2026-03-30T12:00:00Z", "seq": 7,
                   "data": {"status": status}, "message": "starts to work"})
        };
        let rows = ["busy", "error", "idle"].map(|status| row(event(status), |id| id.to_string()));
        let names = rows.each_ref().map(|row| (row.what.as_str(), row.is_bad));
        assert_eq!(names, [("agent:assigned", false), ("agent:failed", true), ("agent_status_changed", false)]);
        assert_eq!(rows[0].more, ["starts to work", "seq 7"]);
    }

    #[wasm_bindgen_test]
    fn what_happened_to_a_workspace_is_a_sentence() {
        let event = json!({"event": "WORKSPACE_ONLINE", "workspace_id": "w", "timestamp": "2026-03-30T12:00:00Z", "seq": 3, "payload": {}});
        let row = row(event, |id| id.to_string());
        assert_eq!((row.what.as_str(), row.key.as_str()), ("Is online", "3"));
        assert_eq!(row.more, ["WORKSPACE_ONLINE", "seq 3"]);
        assert_eq!(row.facts, [("Status", "online".to_owned())]);
    }
}
