//! Handlers of the run events (see section 6.3 of docs/protocol.md). Events may arrive late, twice, or without ids that others
//! carry, so the records of executions and runs depend on which events were applied, not on their order.

use std::sync::Arc;

use orrery_protocol::run_event::RunEventFamily;
use orrery_protocol::{
    AgentState, Execution, ExecutionId, Run, RunEvent, RunEventKind as Kind, RunStatus, Step, StepId,
};
use serde_json::{Map, Value};

use super::data::{count, text};
use super::run_attempts;
use crate::canvas::Canvas;
use crate::changes::Changes;

/// More agents than any fleet has workspaces. Beyond it, the state that has not changed for the longest time is removed.
const MAX_AGENTS: usize = 100_000;
/// More steps than a workflow has. It bounds the record of an execution whose events come from another system.
const MAX_STEPS: usize = 1000;

/// Applies an event to the records that its ids name.
pub(super) fn apply_event(canvas: &mut Canvas, event: &RunEvent, changes: &mut Changes) {
    if let Some(id) = &event.workflow_execution_id {
        on_execution_event(canvas, id, event, changes);
    }
    if event.event_type.family() == RunEventFamily::Run {
        on_run_event(canvas, event, changes);
    }
    if event.event_type == Kind::AgentStatusChanged {
        on_agent_status_changed(canvas, event, changes);
    }
}

/// Applies a workflow or step event to its execution.
fn on_execution_event(canvas: &mut Canvas, id: &ExecutionId, event: &RunEvent, changes: &mut Changes) {
    let step_event = matches!(event.event_type.family(), RunEventFamily::Step)
        || matches!(event.event_type, Kind::ApprovalRequired if event.workflow_step_id.is_some());
    let workflow_event = event.event_type.family() == RunEventFamily::Workflow;
    if !step_event && !workflow_event {
        return;
    }
    let evicted = canvas.runs.edit_execution(id, |execution| {
        execution.workflow_id = execution.workflow_id.take().or_else(|| event.workflow_id.clone());
        match (&event.workflow_step_id, workflow_event) {
            (_, true) => on_workflow_event(execution, event),
            (Some(step), false) => {
                if let Some(step) = find_or_add_step(execution, step) {
                    on_step_event(step, event);
                }
            }
            (None, false) => {}
        }
        derive_fields(execution);
    });
    changes.executions.push(id.clone());
    changes.executions.extend(evicted);
    let steps = canvas.runs.execution(id).into_iter().flat_map(|execution| &execution.steps);
    let workspaces = steps.filter_map(|step| step.workspace_id.as_ref());
    let slots: Vec<_> = workspaces.filter_map(|id| canvas.find(id)).collect();
    changes.marked.extend(slots);
}

fn on_workflow_event(execution: &mut Execution, event: &RunEvent) {
    let status = match event.event_type {
        Kind::WorkflowStarted => {
            execution.started_at =
                Some(execution.started_at.map_or(event.timestamp, |known| known.min(event.timestamp)));
            execution.workflow_name = text(&event.data, "workflow_name").or_else(|| execution.workflow_name.take());
            execution.step_count = execution.step_count.max(count(&event.data, "step_count").unwrap_or(0));
            for planned in event.data.get("steps").and_then(Value::as_array).into_iter().flatten() {
                let Some(planned) = planned.as_object() else { continue };
                let id = planned.get("workflow_step_id").and_then(Value::as_str).and_then(|id| StepId::parse(id).ok());
                if let Some(step) = id.and_then(|id| find_or_add_step(execution, &id)) {
                    set_description(step, planned);
                }
            }
            RunStatus::Running
        }
        Kind::WorkflowCompleted => RunStatus::Completed,
        Kind::WorkflowFailed => RunStatus::Failed,
        _ => RunStatus::Cancelled,
    };
    if execution.status.is_terminal() {
        return;
    }
    execution.status = status;
    if execution.status.is_terminal() {
        execution.completed_at = Some(event.timestamp);
        execution.duration_seconds = event.data.get("duration_seconds").and_then(Value::as_f64);
        execution.error_message = text(&event.data, "error_message");
        execution.step_count = execution.step_count.max(count(&event.data, "step_count").unwrap_or(0));
        for (key, count_field) in [
            ("completed_steps", &mut execution.completed_steps),
            ("failed_steps", &mut execution.failed_steps),
            ("skipped_steps", &mut execution.skipped_steps),
        ] {
            *count_field = count(&event.data, key).unwrap_or(*count_field);
        }
    }
}

fn on_step_event(step: &mut Step, event: &RunEvent) {
    set_description(step, &event.data);
    step.workspace_id = event.workspace_id.clone().or_else(|| step.workspace_id.take());
    let status = match event.event_type {
        Kind::StepStarted => RunStatus::Running,
        Kind::StepRetrying => RunStatus::Retrying,
        Kind::ApprovalRequired => RunStatus::WaitingApproval,
        Kind::StepCompleted => RunStatus::Completed,
        Kind::StepFailed => RunStatus::Failed,
        _ => RunStatus::Skipped,
    };
    if event.event_type == Kind::StepStarted {
        step.started_at = Some(step.started_at.map_or(event.timestamp, |known| known.min(event.timestamp)));
    }
    // An event without `attempt` is about the current one.
    let attempt = count(&event.data, "attempt").unwrap_or(step.attempt.max(u32::from(status == RunStatus::Running)));
    let is_later = precedence(&status, attempt) > precedence(&step.status, step.attempt);
    step.attempt = step.attempt.max(attempt);
    if !is_later {
        return;
    }
    step.error_message = text(&event.data, "error_message").or_else(|| text(&event.data, "reason"));
    step.completed_at = status.is_terminal().then_some(event.timestamp);
    step.duration_seconds = event.data.get("duration_seconds").and_then(Value::as_f64);
    step.status = status;
}

/// Returns the precedence of a step's status; the higher one wins, whichever event arrived first. Completed and skipped are final;
/// otherwise the later attempt wins, and in one attempt the status that follows later.
fn precedence(status: &RunStatus, attempt: u32) -> (u32, u8) {
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

/// Derives the fields that depend on the status and all steps: open steps of an ended execution, the order, counts and duration.
fn derive_fields(execution: &mut Execution) {
    if execution.status == RunStatus::Pending {
        execution.status = RunStatus::Running;
    }
    if matches!(execution.status, RunStatus::Failed | RunStatus::Cancelled) {
        let open = execution.steps.iter_mut().filter(|step| !step.status.is_terminal());
        open.for_each(|step| step.status = RunStatus::Cancelled);
    }
    if execution.status == RunStatus::Completed {
        let end = execution.completed_at;
        let is_open = |step: &&mut Step| !step.status.is_terminal() || step.status == RunStatus::Unknown;
        for step in execution.steps.iter_mut().filter(is_open) {
            step.status = RunStatus::Unknown;
            (step.completed_at, step.duration_seconds, step.error_message) = (end, None, None);
        }
    }
    // Insertion sort, because the steps are almost sorted.
    for end in 1..execution.steps.len() {
        let key = |at: usize| (execution.steps[at].step_order, &execution.steps[at].step_id);
        let index = (0..end).rev().take_while(|at| key(*at) > key(end)).last().unwrap_or(end);
        execution.steps[index..=end].rotate_right(1);
    }
    execution.step_count = execution.step_count.max(execution.steps.len() as u32);
    let counted = |status: RunStatus| execution.steps.iter().filter(|step| step.status == status).count() as u32;
    let counts = [counted(RunStatus::Completed), counted(RunStatus::Failed), counted(RunStatus::Skipped)];
    let fields = [&mut execution.completed_steps, &mut execution.failed_steps, &mut execution.skipped_steps];
    for (field, counted) in fields.into_iter().zip(counts) {
        // The terminal event also counts steps that had no events of their own.
        *field = if execution.status.is_terminal() { counted.max(*field) } else { counted };
    }
    if let (true, Some(start), Some(end)) =
        (execution.duration_seconds.is_none(), execution.started_at, execution.completed_at)
    {
        execution.duration_seconds = Some((end.millis() - start.millis()) as f64 / 1000.0);
    }
}

/// Returns the step, which is added if it is new; `None` if it is new and the execution has `MAX_STEPS`.
fn find_or_add_step<'a>(execution: &'a mut Execution, id: &StepId) -> Option<&'a mut Step> {
    let known = execution.steps.iter().position(|step| step.step_id == *id);
    if known.is_none() && execution.steps.len() < MAX_STEPS {
        execution.steps.push(Step::new(id.clone()));
        return execution.steps.last_mut();
    }
    execution.steps.get_mut(known?)
}

/// Sets the fields of a step's definition that the data has.
fn set_description(step: &mut Step, data: &Map<String, Value>) {
    step.step_name = text(data, "step_name").or_else(|| step.step_name.take());
    step.step_type = text(data, "step_type").or_else(|| step.step_type.take());
    step.step_order = count(data, "step_order").or(step.step_order);
    if let Some(names) = data.get("depends_on_steps").and_then(Value::as_array) {
        step.depends_on_steps = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let workspace = data.get("workspace_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    step.workspace_id = step.workspace_id.take().or(workspace);
}

fn on_run_event(canvas: &mut Canvas, event: &RunEvent, changes: &mut Changes) {
    let Some(id) = &event.run_id else { return };
    let new = || Run::new(id.clone());
    let evicted = canvas.runs.runs.edit(id, new, |run| {
        run.task_id = run.task_id.take().or_else(|| event.task_id.clone());
        run.workspace_id = event.workspace_id.clone().or_else(|| run.workspace_id.take());
        run_attempts::apply_event(run, event);
    });
    changes.runs.push(id.clone());
    changes.runs.extend(evicted.map(|(id, _)| id));
    changes.marked.extend(event.workspace_id.as_ref().and_then(|id| canvas.find(id)));
}

fn on_agent_status_changed(canvas: &mut Canvas, event: &RunEvent, changes: &mut Changes) {
    let (Some(id), Some(status)) = (&event.agent_id, text(&event.data, "status")) else { return };
    // The order of the log decides, because the clocks of the senders differ.
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
    if canvas.runs.agents.len() > MAX_AGENTS {
        let oldest = canvas.runs.agents.values().min_by_key(|agent| (agent.since, agent.agent_id.clone()));
        if let Some(oldest) = oldest.map(|agent| agent.agent_id.clone()) {
            canvas.runs.agents.remove(&oldest);
            changes.agents.push(oldest);
        }
    }
}
