//! One run in a few words: its name, status, progress and why it failed.

use orrery_protocol::{Execution, ExecutionId, Run, RunStatus, Step};

use super::labels::{seconds_to_millis, step_name};

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct RunSummary {
    pub name: String,
    pub status: RunStatus,
    /// How many steps are done, or the latest message of a run whose steps are unknown.
    pub progress: String,
    /// The share of finished steps as a CSS percentage; `None` where the steps are unknown.
    pub finished: Option<String>,
    /// Milliseconds since 1970.
    pub started_at: Option<i64>,
    /// Milliseconds; `None` while the run is active.
    pub took: Option<i64>,
    pub failure: Option<String>,
}

impl RunSummary {
    pub(super) fn of_execution(execution: &Execution) -> Self {
        let failure = failure(execution).map(|(step, reason)| match step {
            Some(step) => format!("{}: {reason}", step_name(step)),
            None => reason,
        });
        let finished = f64::from(finished_steps(execution)) / f64::from(execution.step_count.max(1)) * 100.0;
        let name = execution.workflow_name.clone();
        Self {
            name: name.unwrap_or_else(|| format!("Execution {}", execution.execution_id)),
            status: display_status(execution),
            progress: progress(execution),
            finished: Some(format!("{finished:.1}%")),
            started_at: execution.started_at.map(|at| at.millis()),
            took: execution.duration_seconds.filter(|_| execution.status.is_terminal()).map(seconds_to_millis),
            failure,
        }
    }

    /// The events of a task run carry messages, and no steps.
    pub(super) fn of_run(run: &Run, title: Option<String>) -> Self {
        let attempt = (run.attempt > 1).then(|| format!("Attempt {}", run.attempt));
        let message = run.message.clone().filter(|message| !run.status.is_terminal() && !message.is_empty());
        let progress = attempt.into_iter().chain(message).collect::<Vec<_>>().join(" · ");
        Self { progress, finished: None, ..Self::of_execution(&execution_of_run(run, title)) }
    }
}

/// Returns the status to show: an execution that waits for an approval is "running" in the protocol.
pub(super) fn display_status(execution: &Execution) -> RunStatus {
    let waits = execution.steps.iter().any(|step| step.status == RunStatus::WaitingApproval);
    if waits && !execution.status.is_terminal() { RunStatus::WaitingApproval } else { execution.status.clone() }
}

/// Returns why an execution failed: the step that failed first, if one is known, and its error.
pub(super) fn failure(execution: &Execution) -> Option<(Option<&Step>, String)> {
    if execution.status != RunStatus::Failed {
        return None;
    }
    let failed = execution.steps.iter().filter(|step| step.status == RunStatus::Failed);
    let first = failed.min_by_key(|step| (step.completed_at.is_none(), step.completed_at));
    let reason = first.and_then(|step| step.error_message.clone()).or_else(|| execution.error_message.clone());
    Some((first, reason.unwrap_or_else(|| "No reason given".to_owned())))
}

/// Returns a task run as an execution without steps, since its events contain none.
pub(super) fn execution_of_run(run: &Run, title: Option<String>) -> Execution {
    let id = ExecutionId::parse(run.run_id.as_str()).expect("a run id is a valid execution id");
    let took = run.completed_at.zip(run.started_at).map(|(end, start)| end.millis() - start.millis());
    Execution {
        workflow_name: Some(title.unwrap_or_else(|| format!("Run {}", run.run_id))),
        status: run.status.clone(),
        started_at: run.started_at,
        completed_at: run.completed_at,
        duration_seconds: took.map(|took| took as f64 / 1000.0),
        error_message: run.error_message.clone(),
        ..Execution::new(id)
    }
}

/// Takes the steps and the name from the server's record, and the status from the events.
pub(super) fn merge_live_status(record: Execution, live: Execution) -> Execution {
    let Execution { status, completed_at, duration_seconds, error_message, .. } = live;
    Execution { status, completed_at, duration_seconds, error_message, ..record }
}

fn finished_steps(execution: &Execution) -> u32 {
    execution.completed_steps + execution.failed_steps + execution.skipped_steps
}

fn progress(execution: &Execution) -> String {
    let (count, completed) = (execution.step_count, execution.completed_steps);
    let steps = if count == 1 { "step" } else { "steps" };
    match execution.status {
        // The steps are unknown.
        _ if count == 0 => String::new(),
        RunStatus::Completed if execution.skipped_steps == 0 => format!("{count} {steps}"),
        _ if execution.status.is_terminal() => format!("{completed} of {count} {steps} completed"),
        _ => format!("{} of {count} {steps}", finished_steps(execution)),
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::StepId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn step(id: &str, status: RunStatus, error: Option<&str>) -> Step {
        let mut step = Step::new(StepId::parse(id).unwrap());
        step.status = status;
        step.error_message = error.map(str::to_owned);
        step
    }

    fn summary(execution: &Execution) -> RunSummary {
        RunSummary::of_execution(execution)
    }

    #[wasm_bindgen_test]
    fn summary_names_pending_approvals_progress_and_the_cause_of_failure() {
        let mut execution = Execution::new(ExecutionId::parse("e").unwrap());
        execution.status = RunStatus::Running;
        execution.steps = vec![step("a", RunStatus::Completed, None), step("b", RunStatus::WaitingApproval, None)];
        assert_eq!(display_status(&execution), RunStatus::WaitingApproval);
        assert_eq!(failure(&execution), None);
        (execution.step_count, execution.completed_steps, execution.failed_steps) = (3, 1, 1);
        assert_eq!(summary(&execution).progress, "2 of 3 steps");
        assert_eq!(summary(&execution).finished.as_deref(), Some("66.7%"));
        execution.steps[1] = step("b", RunStatus::Failed, Some("no paper"));
        execution.status = RunStatus::Failed;
        execution.error_message = Some("b failed".to_owned());
        assert_eq!(display_status(&execution), RunStatus::Failed);
        assert_eq!(summary(&execution).progress, "1 of 3 steps completed");
        assert_eq!(summary(&execution).failure.as_deref(), Some("b: no paper"));
        execution.steps.clear();
        assert_eq!(summary(&execution).failure.as_deref(), Some("b failed"));
        execution.error_message = None;
        assert_eq!(summary(&execution).failure.as_deref(), Some("No reason given"));
    }
}
