//! Lists what an event has changed.

use orrery_protocol::{Event, RunEvent, WorkspaceChange, WorkspaceId};

/// A label, and the new value in words.
pub type Fact = (&'static str, String);

/// Returns what an event has changed. `name` returns the name of a workspace.
pub fn facts(event: &Event, name: impl Fn(&WorkspaceId) -> String) -> Vec<Fact> {
    match event {
        Event::Workspace(event) => workspace(&event.change, &name),
        Event::Run(event) => run(event),
        Event::Unknown(_) => Vec::new(),
    }
}

fn workspace(change: &WorkspaceChange, name: &dyn Fn(&WorkspaceId) -> String) -> Vec<Fact> {
    let none = || "none".to_owned();
    let team = |id: &Option<WorkspaceId>| id.as_ref().map_or_else(|| "no team".to_owned(), name);
    let from = |old: String, new: String| format!("{old} → {new}");
    let status = |word: &str| ("Status", word.to_owned());
    let mut facts = Vec::new();
    let mut maybe = |label: &'static str, value: Option<String>| facts.extend(value.map(|value| (label, value)));
    match change {
        WorkspaceChange::Provisioning(fields) => {
            maybe("Status", Some("provisioning".into()));
            maybe("Name", Some(fields.name.clone()).filter(|name| !name.is_empty()));
            maybe("Tier", Some(format!("T{}", fields.tier)));
            maybe("Team", fields.parent_id.as_ref().map(name));
        }
        WorkspaceChange::Online { url, agent_card } => {
            maybe("Status", Some("online".into()));
            maybe("URL", url.clone());
            maybe(
                "Skills",
                agent_card.as_ref().map(|card| card.skills().join(", ")).filter(|skills| !skills.is_empty()),
            );
        }
        WorkspaceChange::Offline => return vec![status("offline")],
        WorkspaceChange::ProvisionFailed { reason } => return vec![status("failed"), ("Reason", reason.clone())],
        WorkspaceChange::Degraded { error_rate, sample_error } => {
            maybe("Status", Some("degraded".into()));
            maybe("Error rate", error_rate.map(|rate| format!("{:.0}%", rate * 100.0)));
            maybe("Last error", sample_error.clone());
        }
        WorkspaceChange::Removed { forwarded_to, .. } => {
            maybe("Status", Some("removed".into()));
            maybe("Work forwarded to", forwarded_to.as_ref().map(name));
        }
        WorkspaceChange::AgentAssigned { model, .. } => return vec![("Model", from(none(), model.clone()))],
        WorkspaceChange::AgentReplaced { old_model, new_model, .. } => {
            let old = old_model.clone().unwrap_or_else(|| "unknown".into());
            return vec![("Model", from(old, new_model.clone()))];
        }
        WorkspaceChange::AgentRemoved { reason, .. } => {
            maybe("Agent", Some(none()));
            maybe("Reason", reason.clone());
        }
        WorkspaceChange::AgentMoved { to, .. } => return vec![("Agent moved to", name(to))],
        WorkspaceChange::AgentCardUpdated { agent_card } => {
            maybe("Skills", Some(agent_card.skills().join(", ")));
        }
        WorkspaceChange::Expanded { children } => return vec![("Children", format!("+{}", children.len()))],
        WorkspaceChange::Collapsed { .. } => return vec![("Children", none())],
        WorkspaceChange::Moved { old_parent_id, new_parent_id } => {
            return vec![("Team", from(team(old_parent_id), team(new_parent_id)))];
        }
        WorkspaceChange::TaskUpdated { current_task, active_tasks } => {
            maybe("Task", Some(current_task.clone().unwrap_or_else(none)));
            maybe("Active tasks", Some(active_tasks.to_string()));
        }
        WorkspaceChange::ActivityLogged(activity) => {
            maybe("Activity", activity.activity_type.clone());
            maybe("Method", activity.method.clone());
            maybe("Outcome", activity.status.clone());
            maybe("Duration", activity.duration_ms.map(|millis| format!("{millis} ms")));
        }
        WorkspaceChange::Updated(fields) => {
            maybe("Name", fields.name.clone());
            maybe("Role", fields.role.clone());
            maybe("Tier", fields.tier.map(|tier| format!("T{tier}")));
            maybe("Position", fields.x.zip(fields.y).map(|(x, y)| format!("{x:.0}, {y:.0}")));
            maybe(
                "Team",
                fields.collapsed.map(|collapsed| if collapsed { "collapsed" } else { "expanded" }.to_owned()),
            );
        }
    }
    facts
}

fn run(event: &RunEvent) -> Vec<Fact> {
    let text = |key: &str| match event.data.get(key)? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Null => None,
        other => Some(other.to_string()),
    };
    let keys = [
        ("Agent status", "status"),
        ("Step", "step_name"),
        ("Attempt", "attempt"),
        ("Error", "error_message"),
        ("Error", "error"),
        ("Duration (s)", "duration_seconds"),
        ("Workflow", "workflow_name"),
    ];
    keys.into_iter().filter_map(|(name, key)| Some((name, text(key)?))).collect()
}

#[cfg(test)]
mod tests {
    use orrery_protocol::EventEnvelope;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn lists_what_each_event_has_changed() {
        for (event, expected) in [
            (
                r#"{"event":"WORKSPACE_DEGRADED","workspace_id":"w","payload":{"error_rate":0.8,"sample_error":"rate limit"}}"#,
                "Status: degraded, Error rate: 80%, Last error: rate limit",
            ),
            (
                r#"{"event":"WORKSPACE_PROVISION_FAILED","workspace_id":"w","payload":{"reason":"no heartbeat"}}"#,
                "Status: failed, Reason: no heartbeat",
            ),
            (
                r#"{"event":"WORKSPACE_MOVED","workspace_id":"w","payload":{"old_parent_id":null,"new_parent_id":"t"}}"#,
                "Team: no team → «t»",
            ),
            (
                r#"{"event":"AGENT_REPLACED","workspace_id":"w","payload":{"old_model":"a","new_model":"b"}}"#,
                "Model: a → b",
            ),
            (
                r#"{"event":"TASK_UPDATED","workspace_id":"w","payload":{"current_task":"Reads","active_tasks":2}}"#,
                "Task: Reads, Active tasks: 2",
            ),
            (
                r#"{"event":"WORKSPACE_UPDATED","workspace_id":"w","payload":{"name":"New","tier":3}}"#,
                "Name: New, Tier: T3",
            ),
            (r#"{"event":"WORKSPACE_PAINTED","workspace_id":"w","payload":{}}"#, ""),
        ] {
            let timed = event.replacen('{', r#"{"timestamp":"2026-03-30T12:00:00Z","#, 1);
            let event = EventEnvelope::read(&timed).unwrap().event;
            let facts = facts(&event, |id| format!("«{id}»"));
            let lines: Vec<String> = facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            assert_eq!(lines.join(", "), expected);
        }
    }
}
