//! The attempts at each step as spans of time: the server's timeline, brought up to date with the step's record.

use orrery_protocol::{RunStatus, Step, StepId, Timestamp};
use serde_json::Value;

/// One attempt of the server's timeline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attempt {
    pub step: StepId,
    pub number: u32,
    pub span: AttemptSpan,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct AttemptSpan {
    pub status: RunStatus,
    /// Milliseconds since 1970.
    pub start: i64,
    /// `None` while the attempt goes on.
    pub end: Option<i64>,
    pub error: Option<String>,
}

/// Reads the attempts of a timeline (section 12 of docs/protocol.md). Leaves out what cannot be read.
pub(super) fn parse_attempts(timeline: &Value) -> Vec<Attempt> {
    let rows = timeline.get("attempts").and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(parse_attempt).collect()
}

fn parse_attempt(row: &Value) -> Option<Attempt> {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let time = |key: &str| text(key).and_then(|at| at.parse().ok()).map(Timestamp::millis);
    let span = AttemptSpan {
        status: RunStatus::from(text("status")?),
        start: time("started_at")?,
        end: time("ended_at"),
        error: text("error_message").map(str::to_owned),
    };
    // A skipped step was never attempted.
    if span.status == RunStatus::Skipped {
        return None;
    }
    let number = row.get("attempt").and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok()).unwrap_or(0);
    Some(Attempt { step: StepId::parse(text("step_id")?).ok()?, number, span })
}

/// Returns the spans of a step's attempts, oldest first. The step's record is newer than the timeline: it ends the attempt
/// that the timeline still shows running, and is itself the only attempt while no other is known. An attempt whose start is
/// unknown has no span.
pub(super) fn step_spans(step: &Step, attempts: &[Attempt]) -> Vec<AttemptSpan> {
    let mut own: Vec<&Attempt> = Vec::new();
    for attempt in attempts.iter().filter(|it| it.step == step.step_id) {
        own.insert(own.partition_point(|it| it.span.start <= attempt.span.start), attempt);
    }
    let last = own.iter().map(|it| it.number).max().unwrap_or(0);
    let mut spans: Vec<AttemptSpan> = own.into_iter().map(|it| it.span.clone()).collect();
    let completed_at = step.completed_at.map(Timestamp::millis).filter(|_| step.status.is_terminal());
    if spans.is_empty() {
        let start = step.started_at.map(Timestamp::millis);
        spans.extend(start.map(|start| AttemptSpan {
            status: step.status.clone(),
            start,
            end: completed_at,
            error: step.error_message.clone(),
        }));
        return spans;
    }
    let is_current = step.attempt <= last;
    if let Some(open) = spans.last_mut().filter(|it| it.end.is_none()) {
        match (&step.status, is_current) {
            (RunStatus::Running | RunStatus::WaitingApproval, true) => open.status = step.status.clone(),
            (status, true) if status.is_terminal() => {
                open.status = status.clone();
                open.end = completed_at;
                open.error = step.error_message.clone();
            }
            // The attempt is over; its end is unknown until the timeline is loaded again.
            _ => {}
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn attempts(rows: &Value) -> Vec<Attempt> {
        parse_attempts(&json!({ "attempts": rows }))
    }

    fn at(second: u32) -> String {
        format!("1970-01-01T00:00:{second:02}Z")
    }

    fn step(status: RunStatus, attempt: u32, ended: Option<i64>) -> Step {
        let mut step = Step::new(StepId::parse("s").unwrap());
        step.status = status;
        step.attempt = attempt;
        step.started_at = (attempt > 0).then(|| Timestamp::from_millis(1000));
        step.completed_at = ended.map(|second| Timestamp::from_millis(second * 1000));
        step
    }

    fn spans(step: &Step, attempts: &[Attempt]) -> Vec<(String, i64, Option<i64>)> {
        step_spans(step, attempts)
            .into_iter()
            .map(|it| (it.status.to_string(), it.start / 1000, it.end.map(|end| end / 1000)))
            .collect()
    }

    #[wasm_bindgen_test]
    fn step_record_ends_the_attempt_that_the_timeline_shows_running() {
        use RunStatus::{Completed, Pending, Retrying, Running, WaitingApproval};
        let first = json!({"step_id": "s", "attempt": 1, "status": "failed", "started_at": at(1), "ended_at": at(3), "error_message": "busy"});
        let second = json!({"step_id": "s", "attempt": 2, "status": "running", "started_at": at(5)});
        let other = json!({"step_id": "t", "attempt": 1, "status": "running", "started_at": at(1)});
        let status = str::to_owned;
        for (step, rows, expected) in [
            (step(Pending, 0, None), json!([]), vec![]),
            (step(Running, 1, None), json!([other]), vec![(status("running"), 1, None)]),
            (step(Completed, 1, Some(4)), json!([]), vec![(status("completed"), 1, Some(4))]),
            (
                step(Running, 2, None),
                json!([second, first]),
                vec![(status("failed"), 1, Some(3)), (status("running"), 5, None)],
            ),
            (
                step(Completed, 2, Some(9)),
                json!([first, second]),
                vec![(status("failed"), 1, Some(3)), (status("completed"), 5, Some(9))],
            ),
            (step(WaitingApproval, 2, None), json!([second]), vec![(status("waiting_approval"), 5, None)]),
            // The start of the second attempt is unknown.
            (step(Running, 2, None), json!([first]), vec![(status("failed"), 1, Some(3))]),
            (step(Retrying, 2, None), json!([second]), vec![(status("running"), 5, None)]),
        ] {
            assert_eq!(spans(&step, &attempts(&rows)), expected, "{step:?}");
        }
        let unreadable = json!([{"step_id": "s"}, 7, {"step_id": "", "status": "running", "started_at": at(1)}]);
        assert_eq!(attempts(&unreadable), []);
    }
}
