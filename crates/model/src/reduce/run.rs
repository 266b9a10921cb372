//! What each run event does to the records of what runs (see section 6.3 of docs/protocol.md). Events may come late, twice, or without the ids that
//! others carry: what a record says depends on which events came, not on their order. Never the order of the log.

use std::sync::Arc;

use orrery_protocol::run_event::RunEventFamily;
use orrery_protocol::{
    AgentState, Execution, ExecutionId, Run, RunEvent, RunEventKind as Kind, RunStatus, Step, StepId,
};
use serde_json::{Map, Value};

use crate::canvas::Canvas;
use crate::changes::Changes;

/// More agents than workspaces that anyone has; the longest silent one leaves first.
const MOST_AGENTS: usize = 100_000;

pub(super) fn fold(canvas: &mut Canvas, event: &RunEvent, changes: &mut Changes) {
    if let Some(id) = &event.workflow_execution_id {
        execution(canvas, id, event, changes);
    }
    if event.event_type.family() == RunEventFamily::Run {
        run(canvas, event, changes);
    }
    if event.event_type == Kind::AgentStatusChanged {
        agent(canvas, event, changes);
    }
}

fn execution(canvas: &mut Canvas, id: &ExecutionId, event: &RunEvent, changes: &mut Changes) {
    let step_event = matches!(event.event_type.family(), RunEventFamily::Step)
        || matches!(event.event_type, Kind::ApprovalRequired if event.workflow_step_id.is_some());
    let workflow_event = event.event_type.family() == RunEventFamily::Workflow;
    if !step_event && !workflow_event {
        return;
    }
    let left = canvas.runs.edit_execution(id, |it| {
        it.workflow_id = it.workflow_id.take().or_else(|| event.workflow_id.clone());
        match (&event.workflow_step_id, workflow_event) {
            (_, true) => workflow(it, event),
            (Some(step), false) => {
                if let Some(step) = step_of(it, step) {
                    step_happened(step, event);
                }
            }
            (None, false) => {}
        }
        settle(it);
    });
    changes.executions.push(id.clone());
    changes.executions.extend(left);
    let kept = canvas.runs.execution(id);
    let workspaces = kept.into_iter().flat_map(|it| &it.steps).filter_map(|step| step.workspace_id.as_ref());
    let slots: Vec<_> = workspaces.filter_map(|id| canvas.find(id)).collect();
    changes.marked.extend(slots);
}

fn workflow(it: &mut Execution, event: &RunEvent) {
    let status = match event.event_type {
        Kind::WorkflowStarted => {
            it.started_at = Some(it.started_at.map_or(event.timestamp, |known| known.min(event.timestamp)));
            it.workflow_name = text(&event.data, "workflow_name").or_else(|| it.workflow_name.take());
            it.step_count = it.step_count.max(count(&event.data, "step_count").unwrap_or(0));
            for planned in event.data.get("steps").and_then(Value::as_array).into_iter().flatten() {
                let Some(planned) = planned.as_object() else { continue };
                let id = planned.get("workflow_step_id").and_then(Value::as_str).and_then(|id| StepId::parse(id).ok());
                if let Some(step) = id.and_then(|id| step_of(it, &id)) {
                    describe(step, planned);
                }
            }
            RunStatus::Running
        }
        Kind::WorkflowCompleted => RunStatus::Completed,
        Kind::WorkflowFailed => RunStatus::Failed,
        _ => RunStatus::Cancelled,
    };
    if it.status.is_terminal() {
        return;
    }
    it.status = status;
    if it.status.is_terminal() {
        it.completed_at = Some(event.timestamp);
        it.duration_seconds = event.data.get("duration_seconds").and_then(Value::as_f64);
        it.error_message = text(&event.data, "error_message");
        it.step_count = it.step_count.max(count(&event.data, "step_count").unwrap_or(0));
        for (key, kept) in [
            ("completed_steps", &mut it.completed_steps),
            ("failed_steps", &mut it.failed_steps),
            ("skipped_steps", &mut it.skipped_steps),
        ] {
            *kept = count(&event.data, key).unwrap_or(*kept);
        }
    }
}

fn step_happened(it: &mut Step, event: &RunEvent) {
    describe(it, &event.data);
    it.workspace_id = event.workspace_id.clone().or_else(|| it.workspace_id.take());
    let status = match event.event_type {
        Kind::StepStarted => RunStatus::Running,
        Kind::StepRetrying => RunStatus::Retrying,
        Kind::ApprovalRequired => RunStatus::WaitingApproval,
        Kind::StepCompleted => RunStatus::Completed,
        Kind::StepFailed => RunStatus::Failed,
        _ => RunStatus::Skipped,
    };
    if event.event_type == Kind::StepStarted {
        it.started_at = Some(it.started_at.map_or(event.timestamp, |known| known.min(event.timestamp)));
    }
    // Whoever does not count attempts speaks of the current one.
    let attempt = count(&event.data, "attempt").unwrap_or(it.attempt.max(u32::from(status == RunStatus::Running)));
    let told = standing(&status, attempt);
    let known = standing(&it.status, it.attempt);
    it.attempt = it.attempt.max(attempt);
    if told <= known {
        return;
    }
    it.error_message = text(&event.data, "error_message").or_else(|| text(&event.data, "reason"));
    it.completed_at = status.is_terminal().then_some(event.timestamp);
    it.duration_seconds = event.data.get("duration_seconds").and_then(Value::as_f64);
    it.status = status;
}

/// What wins, whichever was told first: a step that completed or was skipped is over; else the later attempt, and in
/// one attempt what comes later in its life.
fn standing(status: &RunStatus, attempt: u32) -> (u32, u8) {
    match status {
        RunStatus::Pending | RunStatus::Other(_) => (attempt, 0),
        RunStatus::Running => (attempt, 1),
        RunStatus::WaitingApproval => (attempt, 2),
        RunStatus::Retrying => (attempt, 3),
        RunStatus::Cancelled | RunStatus::Unknown => (attempt, 4),
        RunStatus::Failed => (attempt, 5),
        RunStatus::Skipped => (u32::MAX, 6),
        RunStatus::Completed => (u32::MAX, 7),
    }
}

/// What follows from the steps and the status together.
fn settle(it: &mut Execution) {
    if it.status == RunStatus::Pending {
        it.status = RunStatus::Running;
    }
    if matches!(it.status, RunStatus::Failed | RunStatus::Cancelled) {
        let open = it.steps.iter_mut().filter(|step| !step.status.is_terminal());
        open.for_each(|step| step.status = RunStatus::Cancelled);
    }
    if it.status == RunStatus::Completed {
        let end = it.completed_at;
        let is_open = |step: &&mut Step| !step.status.is_terminal() || step.status == RunStatus::Unknown;
        for step in it.steps.iter_mut().filter(is_open) {
            step.status = RunStatus::Unknown;
            (step.completed_at, step.duration_seconds, step.error_message) = (end, None, None);
        }
    }
    // By insertion: they come in their order but for a few.
    for end in 1..it.steps.len() {
        let key = |at: usize| (it.steps[at].step_order, &it.steps[at].step_id);
        let place = (0..end).rev().take_while(|at| key(*at) > key(end)).last().unwrap_or(end);
        it.steps[place..=end].rotate_right(1);
    }
    it.step_count = it.step_count.max(it.steps.len() as u32);
    let counted = |status: RunStatus| it.steps.iter().filter(|step| step.status == status).count() as u32;
    let counts = [counted(RunStatus::Completed), counted(RunStatus::Failed), counted(RunStatus::Skipped)];
    let kept = [&mut it.completed_steps, &mut it.failed_steps, &mut it.skipped_steps];
    for (kept, counted) in kept.into_iter().zip(counts) {
        // The end knows of steps that were never told one by one.
        *kept = if it.status.is_terminal() { counted.max(*kept) } else { counted };
    }
    if let (true, Some(start), Some(end)) = (it.duration_seconds.is_none(), it.started_at, it.completed_at) {
        it.duration_seconds = Some((end.millis() - start.millis()) as f64 / 1000.0);
    }
}

/// More steps than anyone plans; what others send in must not grow one record without end.
const MOST_STEPS: usize = 1000;

/// None when there are too many to keep another.
fn step_of<'a>(it: &'a mut Execution, id: &StepId) -> Option<&'a mut Step> {
    let known = it.steps.iter().position(|step| step.step_id == *id);
    if known.is_none() && it.steps.len() < MOST_STEPS {
        it.steps.push(Step::new(id.clone()));
        return it.steps.last_mut();
    }
    it.steps.get_mut(known?)
}

fn describe(it: &mut Step, data: &Map<String, Value>) {
    it.step_name = text(data, "step_name").or_else(|| it.step_name.take());
    it.step_type = text(data, "step_type").or_else(|| it.step_type.take());
    it.step_order = count(data, "step_order").or(it.step_order);
    if let Some(names) = data.get("depends_on_steps").and_then(Value::as_array) {
        it.depends_on_steps = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let workspace = data.get("workspace_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    it.workspace_id = it.workspace_id.take().or(workspace);
}

fn run(canvas: &mut Canvas, event: &RunEvent, changes: &mut Changes) {
    let Some(id) = &event.run_id else { return };
    let new = || Run::new(id.clone());
    let left = canvas.runs.runs.edit(id, new, |it| {
        it.task_id = it.task_id.take().or_else(|| event.task_id.clone());
        it.workspace_id = event.workspace_id.clone().or_else(|| it.workspace_id.take());
        it.started_at = Some(it.started_at.map_or(event.timestamp, |known| known.min(event.timestamp)));
        if it.status.is_terminal() {
            return;
        }
        it.status = match event.event_type {
            Kind::Completion => RunStatus::Completed,
            Kind::Failure => RunStatus::Failed,
            Kind::Cancelled => RunStatus::Cancelled,
            Kind::ApprovalRequired => RunStatus::WaitingApproval,
            _ => RunStatus::Running,
        };
        it.message = event.message.clone().or_else(|| it.message.take());
        if it.status.is_terminal() {
            it.completed_at = Some(event.timestamp);
            it.error_message = text(&event.data, "error_message").or_else(|| text(&event.data, "error"));
        }
    });
    changes.runs.push(id.clone());
    changes.runs.extend(left.map(|(id, _)| id));
    changes.marked.extend(event.workspace_id.as_ref().and_then(|id| canvas.find(id)));
}

fn agent(canvas: &mut Canvas, event: &RunEvent, changes: &mut Changes) {
    let (Some(id), Some(status)) = (&event.agent_id, text(&event.data, "status")) else { return };
    // The log's order decides, never the sender's clock.
    let known = canvas.runs.agents.get(id);
    let state = AgentState {
        agent_id: id.clone(),
        workspace_id: event.workspace_id.clone().or_else(|| known?.workspace_id.clone()),
        status,
        since: event.timestamp,
        error: text(&event.data, "error").or_else(|| text(&event.data, "error_message")),
    };
    changes.marked.extend(state.workspace_id.as_ref().and_then(|id| canvas.find(id)));
    canvas.runs.agents.insert(id.clone(), Arc::new(state));
    changes.agents.push(id.clone());
    if canvas.runs.agents.len() > MOST_AGENTS {
        let oldest = canvas.runs.agents.values().min_by_key(|agent| (agent.since, agent.agent_id.clone()));
        if let Some(oldest) = oldest.map(|agent| agent.agent_id.clone()) {
            canvas.runs.agents.remove(&oldest);
            changes.agents.push(oldest);
        }
    }
}

fn text(data: &Map<String, Value>, key: &str) -> Option<String> {
    data.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn count(data: &Map<String, Value>, key: &str) -> Option<u32> {
    data.get(key)?.as_u64().and_then(|count| u32::try_from(count).ok())
}
