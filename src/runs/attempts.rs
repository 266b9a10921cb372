//! The attempts at each step as stretches of time: what the server's timeline tells, brought up to what is known since.
//! Never asks what time it is.

use orrery_protocol::{RunStatus, Step, StepId, Timestamp};
use serde_json::Value;

/// One attempt as the server's timeline tells it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attempt {
    pub step: StepId,
    pub number: u32,
    pub stretch: Stretch,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stretch {
    pub status: RunStatus,
    /// Milliseconds since 1970.
    pub from: i64,
    /// None while it goes on.
    pub to: Option<i64>,
    pub error: Option<String>,
}

/// Reads the rows of `…/timeline`; what cannot be read is left out.
pub(super) fn read(timeline: &Value) -> Vec<Attempt> {
    let rows = timeline.get("attempts").and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(attempt).collect()
}

fn attempt(row: &Value) -> Option<Attempt> {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let at = |key: &str| text(key).and_then(|at| at.parse().ok()).map(Timestamp::millis);
    let stretch = Stretch {
        status: RunStatus::from(text("status")?),
        from: at("started_at")?,
        to: at("ended_at"),
        error: text("error_message").map(str::to_owned),
    };
    // What was skipped was never tried.
    if stretch.status == RunStatus::Skipped {
        return None;
    }
    let number = row.get("attempt").and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok()).unwrap_or(0);
    Some(Attempt { step: StepId::parse(text("step_id")?).ok()?, number, stretch })
}

/// The step's record is newer than the timeline: it ends what the timeline still shows running, and is itself the only
/// attempt while no other is known. An attempt whose beginning nobody told yet is not drawn.
pub(super) fn stretches(step: &Step, told: &[Attempt]) -> Vec<Stretch> {
    let mut own: Vec<&Attempt> = Vec::new();
    for attempt in told.iter().filter(|it| it.step == step.step_id) {
        own.insert(own.partition_point(|it| it.stretch.from <= attempt.stretch.from), attempt);
    }
    let last = own.iter().map(|it| it.number).max().unwrap_or(0);
    let mut all: Vec<Stretch> = own.into_iter().map(|it| it.stretch.clone()).collect();
    let ended = step.completed_at.map(Timestamp::millis).filter(|_| step.status.is_terminal());
    if all.is_empty() {
        let from = step.started_at.map(Timestamp::millis);
        all.extend(from.map(|from| Stretch {
            status: step.status.clone(),
            from,
            to: ended,
            error: step.error_message.clone(),
        }));
        return all;
    }
    let is_current = step.attempt <= last;
    if let Some(open) = all.last_mut().filter(|it| it.to.is_none()) {
        match (&step.status, is_current) {
            (RunStatus::Running | RunStatus::WaitingApproval, true) => open.status = step.status.clone(),
            (status, true) if status.is_terminal() => {
                open.status = status.clone();
                open.to = ended;
                open.error = step.error_message.clone();
            }
            // It is over, but when is not known before the timeline is read again.
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn told(rows: Value) -> Vec<Attempt> {
        read(&json!({ "attempts": rows }))
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

    fn seen(step: &Step, told: &[Attempt]) -> Vec<(String, i64, Option<i64>)> {
        stretches(step, told)
            .into_iter()
            .map(|it| (it.status.to_string(), it.from / 1000, it.to.map(|to| to / 1000)))
            .collect()
    }

    #[wasm_bindgen_test]
    fn the_records_end_what_the_timeline_still_shows_running() {
        use RunStatus::{Completed, Pending, Retrying, Running, WaitingApproval};
        let first = json!({"step_id": "s", "attempt": 1, "status": "failed", "started_at": at(1), "ended_at": at(3), "error_message": "busy"});
        let second = json!({"step_id": "s", "attempt": 2, "status": "running", "started_at": at(5)});
        let other = json!({"step_id": "t", "attempt": 1, "status": "running", "started_at": at(1)});
        let word = str::to_owned;
        for (step, told, expected) in [
            (step(Pending, 0, None), json!([]), vec![]),
            (step(Running, 1, None), json!([other]), vec![(word("running"), 1, None)]),
            (step(Completed, 1, Some(4)), json!([]), vec![(word("completed"), 1, Some(4))]),
            (
                step(Running, 2, None),
                json!([second, first]),
                vec![(word("failed"), 1, Some(3)), (word("running"), 5, None)],
            ),
            (
                step(Completed, 2, Some(9)),
                json!([first, second]),
                vec![(word("failed"), 1, Some(3)), (word("completed"), 5, Some(9))],
            ),
            (step(WaitingApproval, 2, None), json!([second]), vec![(word("waiting_approval"), 5, None)]),
            // The second attempt's beginning is not told yet.
            (step(Running, 2, None), json!([first]), vec![(word("failed"), 1, Some(3))]),
            (step(Retrying, 2, None), json!([second]), vec![(word("running"), 5, None)]),
        ] {
            assert_eq!(seen(&step, &super::read(&json!({ "attempts": told }))), expected, "{step:?}");
        }
        assert_eq!(told(json!([{"step_id": "s"}, 7, {"step_id": "", "status": "running", "started_at": at(1)}])), []);
    }
}
