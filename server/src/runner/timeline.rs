//! An execution's attempts as bars, read from its events. Never from memory: what the log says is what happened.

use std::sync::Arc;

use orrery_protocol::{Event, Execution, RunEvent, RunEventKind as Kind};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::publish::Published;

pub fn of(execution: &Execution, events: &[Arc<Published>]) -> Value {
    let mut attempts: Vec<Value> = Vec::new();
    for published in events {
        if let Event::Run(event) = &published.event {
            note(&mut attempts, event);
        }
    }
    // What the end of the whole cut short ended with it.
    if let Some(end) = execution.completed_at {
        for attempt in attempts.iter_mut().filter(|attempt| attempt["ended_at"].is_null()) {
            attempt["ended_at"] = json!(end);
            attempt["status"] = json!("cancelled");
        }
    }
    let events: Vec<_> = events.iter().filter_map(|it| RawValue::from_string(it.text().to_owned()).ok()).collect();
    json!({
        "execution_id": execution.execution_id,
        "workflow_id": execution.workflow_id,
        "status": execution.status,
        "started_at": execution.started_at,
        "completed_at": execution.completed_at,
        "duration_seconds": execution.duration_seconds,
        "attempts": attempts,
        "events": events,
    })
}

fn note(attempts: &mut Vec<Value>, event: &RunEvent) {
    let step = json!(event.workflow_step_id);
    let new = |status: &str, ended: bool| {
        json!({ "step_id": step, "step_name": event.data.get("step_name"), "step_order": event.data.get("step_order"),
                "attempt": event.data.get("attempt"), "status": status, "workspace_id": event.workspace_id,
                "started_at": event.timestamp, "ended_at": ended.then_some(event.timestamp), "error_message": null })
    };
    let status = match event.event_type {
        Kind::StepStarted => return attempts.push(new("running", false)),
        Kind::StepSkipped => {
            let mut skipped = new("skipped", true);
            skipped["error_message"] = json!(event.data.get("reason"));
            return attempts.push(skipped);
        }
        Kind::ApprovalRequired => "waiting_approval",
        Kind::StepRetrying | Kind::StepFailed => "failed",
        Kind::StepCompleted => "completed",
        _ => return,
    };
    let open = attempts.iter_mut().rev().find(|it| it["step_id"] == step && it["ended_at"].is_null());
    if let Some(attempt) = open {
        attempt["status"] = json!(status);
        attempt["error_message"] = json!(event.data.get("error_message"));
        if status != "waiting_approval" {
            attempt["ended_at"] = json!(event.timestamp);
        }
    }
}
