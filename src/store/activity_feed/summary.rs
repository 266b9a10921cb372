//! Describes an event in one line.

use orrery_protocol::{Event, RunEvent, WorkspaceChange, workspace_event::Activity};

/// Returns what has happened to the workspace, in one line without its name. `format_millis` formats a duration.
pub fn summary(event: &Event, format_millis: fn(i64) -> String) -> String {
    match event {
        Event::Workspace(event) => workspace(&event.change, format_millis),
        Event::Run(event) => run(event),
        Event::Unknown(event) => format!("{} is not supported by this version", event.kind),
    }
}

fn workspace(change: &WorkspaceChange, format_millis: fn(i64) -> String) -> String {
    match change {
        WorkspaceChange::Provisioning(_) => "is being provisioned".into(),
        WorkspaceChange::Online { .. } => "is online".into(),
        WorkspaceChange::Offline => "went offline".into(),
        WorkspaceChange::ProvisionFailed { reason } => format!("failed: {reason}"),
        WorkspaceChange::Degraded { error_rate, sample_error } => {
            let rate =
                error_rate.map(|rate| format!(", {}% errors", (rate * 100.0).round() as i64)).unwrap_or_default();
            let sample = sample_error.as_deref().map(|error| format!(": {error}")).unwrap_or_default();
            format!("is degraded{rate}{sample}")
        }
        WorkspaceChange::Removed { .. } => "was removed".into(),
        WorkspaceChange::AgentAssigned { model, .. } => format!("was assigned {model}"),
        WorkspaceChange::AgentReplaced { old_model: Some(old), new_model, .. } => {
            format!("changed its agent from {old} to {new_model}")
        }
        WorkspaceChange::AgentReplaced { new_model, .. } => format!("changed its agent to {new_model}"),
        WorkspaceChange::AgentRemoved { reason: Some(reason), .. } => format!("had its agent removed: {reason}"),
        WorkspaceChange::AgentRemoved { .. } => "had its agent removed".into(),
        WorkspaceChange::AgentMoved { .. } => "gave its agent to another workspace".into(),
        WorkspaceChange::AgentCardUpdated { .. } => "published a new agent card".into(),
        WorkspaceChange::Expanded { children } => format!("became a team of {}", children.len()),
        WorkspaceChange::Collapsed { .. } => "is no longer a team".into(),
        WorkspaceChange::Moved { new_parent_id: Some(_), .. } => "moved into another team".into(),
        WorkspaceChange::Moved { new_parent_id: None, .. } => "moved out of its team".into(),
        WorkspaceChange::TaskUpdated { current_task: Some(task), .. } => format!("is working on: {task}"),
        WorkspaceChange::TaskUpdated { .. } => "has no task".into(),
        WorkspaceChange::ActivityLogged(activity) => logged(activity, format_millis),
        WorkspaceChange::Updated(fields) => match &fields.name {
            Some(name) => format!("is now called {name}"),
            None => "was updated".into(),
        },
    }
}

fn logged(activity: &Activity, format_millis: fn(i64) -> String) -> String {
    let text = activity.summary.as_ref().or(activity.method.as_ref()).or(activity.activity_type.as_ref());
    let took = activity.duration_ms.map(|millis| format!(" ({})", format_millis(millis as i64))).unwrap_or_default();
    format!("{}{took}", text.map_or("logged an activity", String::as_str))
}

fn run(event: &RunEvent) -> String {
    event.message.clone().unwrap_or_else(|| event.event_type.as_str().replace('_', " "))
}
