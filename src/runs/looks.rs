//! How an execution and its steps are told to a person: words, icons, how far it is. Never markup.

use orrery_protocol::{Execution, ExecutionId, Run, RunStatus, Step};

use super::ledger::Row;
use crate::ui::moment::{length, stopwatch};

/// An execution that waits for a person says so, although the wire calls it running.
pub(super) fn standing(it: &Execution) -> RunStatus {
    let waits = it.steps.iter().any(|step| step.status == RunStatus::WaitingApproval);
    if waits && !it.status.is_terminal() { RunStatus::WaitingApproval } else { it.status.clone() }
}

pub(super) fn words(status: &RunStatus) -> String {
    match status {
        RunStatus::Pending => "Not started".to_owned(),
        RunStatus::Running => "Running".to_owned(),
        RunStatus::Completed => "Completed".to_owned(),
        RunStatus::Failed => "Failed".to_owned(),
        RunStatus::Cancelled => "Cancelled".to_owned(),
        RunStatus::Skipped => "Skipped".to_owned(),
        RunStatus::WaitingApproval => "Needs approval".to_owned(),
        RunStatus::Retrying => "Retrying".to_owned(),
        RunStatus::Unknown => "Unknown".to_owned(),
        RunStatus::Other(word) => word.replace('_', " "),
    }
}

pub(super) fn name(it: &Execution) -> String {
    it.workflow_name.clone().unwrap_or_else(|| format!("Execution {}", it.execution_id))
}

pub(super) fn step_name(it: &Step) -> String {
    it.step_name.clone().unwrap_or_else(|| it.step_id.to_string())
}

/// How far it is; of one that is over, how far it came.
fn progress(it: &Execution) -> String {
    let (all, done) = (it.step_count, it.completed_steps);
    let steps = if all == 1 { "step" } else { "steps" };
    match it.status {
        // Its steps are not known.
        _ if all == 0 => String::new(),
        RunStatus::Completed if it.skipped_steps == 0 => format!("{all} {steps}"),
        _ if it.status.is_terminal() => format!("{done} of {all} {steps} completed"),
        _ => format!("{} of {all} {steps}", done + it.failed_steps + it.skipped_steps),
    }
}

pub(super) fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

/// How long it took, or, counting up, for how long it has been running.
pub(super) fn took(took: Option<i64>, started: Option<i64>, now: impl FnOnce() -> i64) -> String {
    match (took, started) {
        (Some(took), _) => length(took),
        (None, Some(started)) => stopwatch(now() - started),
        (None, None) => String::new(),
    }
}

/// Why it failed: the step that failed first, and its words.
pub(super) fn cause(it: &Execution) -> Option<(Option<&Step>, String)> {
    if it.status != RunStatus::Failed {
        return None;
    }
    let failed = it.steps.iter().filter(|step| step.status == RunStatus::Failed);
    let first = failed.min_by_key(|step| (step.completed_at.is_none(), step.completed_at));
    let words = first.and_then(|step| step.error_message.clone()).or_else(|| it.error_message.clone());
    Some((first, words.unwrap_or_else(|| "No reason was given".to_owned())))
}

/// A run of a task as far as its events tell it.
pub(super) fn without_steps(it: &Run, title: Option<String>) -> Execution {
    let id = ExecutionId::parse(it.run_id.as_str()).expect("an id is an id");
    let took = it.completed_at.zip(it.started_at).map(|(end, start)| end.millis() - start.millis());
    Execution {
        workflow_name: Some(title.unwrap_or_else(|| format!("Run {}", it.run_id))),
        status: it.status.clone(),
        started_at: it.started_at,
        completed_at: it.completed_at,
        duration_seconds: took.map(|took| took as f64 / 1000.0),
        error_message: it.error_message.clone(),
        ..Execution::new(id)
    }
}

/// The steps and the name are the server's to tell; how it stands, the events'.
pub(super) fn with_steps(told: Execution, known: Execution) -> Execution {
    let Execution { status, completed_at, duration_seconds, error_message, .. } = known;
    Execution { status, completed_at, duration_seconds, error_message, ..told }
}

/// How far a run of a task is, its events do not tell, but what was last said of it.
pub(super) fn run_row(it: &Run, title: Option<String>) -> Row {
    let said = it.message.clone().filter(|_| !it.status.is_terminal()).unwrap_or_default();
    Row { progress: said, part: None, ..row(&without_steps(it, title)) }
}

pub(super) fn row(it: &Execution) -> Row {
    let cause = cause(it).map(|(step, words)| match step {
        Some(step) => format!("{}: {words}", step_name(step)),
        None => words,
    });
    let done = it.completed_steps + it.failed_steps + it.skipped_steps;
    Row {
        name: name(it),
        status: standing(it),
        progress: progress(it),
        part: Some(format!("{:.1}%", f64::from(done) / f64::from(it.step_count.max(1)) * 100.0)),
        started: it.started_at.map(|at| at.millis()),
        took: it.status.is_terminal().then_some(it.duration_seconds).flatten().map(millis),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::{ExecutionId, StepId};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn step(id: &str, status: RunStatus, error: Option<&str>) -> Step {
        let mut step = Step::new(StepId::parse(id).unwrap());
        step.status = status;
        step.error_message = error.map(str::to_owned);
        step
    }

    #[wasm_bindgen_test]
    fn an_execution_is_told_by_what_a_person_must_know_first() {
        let mut it = Execution::new(ExecutionId::parse("e").unwrap());
        it.status = RunStatus::Running;
        it.steps = vec![step("a", RunStatus::Completed, None), step("b", RunStatus::WaitingApproval, None)];
        assert_eq!(standing(&it), RunStatus::WaitingApproval);
        assert_eq!(cause(&it), None);
        (it.step_count, it.completed_steps, it.failed_steps) = (3, 1, 1);
        assert_eq!((row(&it).progress, row(&it).part), ("2 of 3 steps".to_owned(), Some("66.7%".to_owned())));
        it.steps[1] = step("b", RunStatus::Failed, Some("no paper"));
        it.status = RunStatus::Failed;
        it.error_message = Some("b failed".to_owned());
        assert_eq!(standing(&it), RunStatus::Failed);
        assert_eq!(row(&it).progress, "1 of 3 steps completed");
        assert_eq!(row(&it).cause.as_deref(), Some("b: no paper"));
        it.steps.clear();
        assert_eq!(row(&it).cause.as_deref(), Some("b failed"));
        it.error_message = None;
        assert_eq!(row(&it).cause.as_deref(), Some("No reason was given"));
    }
}
