//! Texts about a run and its steps.

use orrery_protocol::{RunStatus, Step};

use crate::ui::time::{format_duration, format_stopwatch};

pub(super) fn status_label(status: &RunStatus) -> String {
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
        RunStatus::Other(status) => status.replace('_', " "),
    }
}

pub(super) fn step_name(step: &Step) -> String {
    step.step_name.clone().unwrap_or_else(|| step.step_id.to_string())
}

/// Returns how long a run took, or, as a format_stopwatch, for how long it has been running. All times are in milliseconds.
pub(super) fn duration(took: Option<i64>, started_at: Option<i64>, now: impl FnOnce() -> i64) -> String {
    match (took, started_at) {
        (Some(took), _) => format_duration(took),
        (None, Some(started_at)) => format_stopwatch(now() - started_at),
        (None, None) => String::new(),
    }
}

pub(super) fn seconds_to_millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}
