//! Attempts of a run (see section 6.3 of docs/protocol.md). A system may start a run again under the same id; starts and ends are
//! kept as sets, from which the attempts follow, whatever the order in which the events arrived.

use orrery_protocol::{Run, RunEnd, RunEvent, RunEventKind as Kind, RunStatus};

use super::data::text;

/// More attempts than a person looks at. Beyond it, the earliest starts and ends are forgotten.
const MAX_ATTEMPTS: usize = 100;

/// Applies an event to its run.
pub(super) fn apply_event(run: &mut Run, event: &RunEvent) {
    let at = event.timestamp;
    let earliest = run.started_at.map_or(at, |known| known.min(at));
    let status = match event.event_type {
        Kind::Completion => RunStatus::Completed,
        Kind::Failure => RunStatus::Failed,
        Kind::Cancelled => RunStatus::Cancelled,
        Kind::ApprovalRequired => RunStatus::WaitingApproval,
        _ => RunStatus::Running,
    };
    if event.event_type == Kind::AnalysisStart {
        add_start(run, event);
    }
    if status.is_terminal() {
        add_end(run, event, status.clone());
    }
    let attempt = count_attempts(run);
    let is_restarted = attempt != run.attempt;
    run.attempt = attempt;
    run.started_at = run.starts.last().copied().filter(|_| attempt > 1).or(Some(earliest));
    if let Some(end) = end_of_last_attempt(run).cloned() {
        run.completed_at = Some(end.at);
        run.message = end.message.or_else(|| run.message.take());
        (run.status, run.error_message) = (end.status, end.error_message);
        return;
    }
    // A late event of an earlier attempt does not change what the current one does.
    let is_current = run.started_at.is_none_or(|start| at >= start) && !status.is_terminal();
    if is_restarted || run.status.is_terminal() {
        (run.status, run.completed_at, run.error_message) = (RunStatus::Running, None, None);
        run.message = event.message.clone().filter(|_| is_current);
    }
    if is_current {
        run.status = status;
        run.message = event.message.clone().or_else(|| run.message.take());
    }
    if run.status == RunStatus::Pending {
        run.status = RunStatus::Running;
    }
}

fn add_start(run: &mut Run, event: &RunEvent) {
    let at = event.timestamp;
    if run.starts.is_empty() && run.ends.first().is_some_and(|end| end.at <= at) {
        run.is_first_start_unknown = true;
    }
    if let Err(index) = run.starts.binary_search(&at) {
        run.starts.insert(index, at);
    }
    if run.starts.len() > MAX_ATTEMPTS {
        run.starts.remove(0);
    }
}

/// Returns the number of attempts.
fn count_attempts(run: &Run) -> u32 {
    let ended_before = run.ends.first().zip(run.starts.first()).is_some_and(|(end, start)| end.at < *start);
    (run.starts.len() + usize::from(run.is_first_start_unknown && ended_before)).max(1) as u32
}

fn add_end(run: &mut Run, event: &RunEvent, status: RunStatus) {
    let error_message = text(&event.data, "error_message").or_else(|| text(&event.data, "error"));
    let end = RunEnd { at: event.timestamp, status, message: event.message.clone(), error_message };
    if run.ends.contains(&end) {
        return;
    }
    let key = |end: &RunEnd| (end.at, end.status.to_string());
    let index = run.ends.partition_point(|known| key(known) <= key(&end));
    run.ends.insert(index, end);
    if run.ends.len() > MAX_ATTEMPTS {
        run.ends.remove(0);
    }
}

/// Returns the end of the last attempt: of a single one the first end, of several the first after the last start. An end in
/// the same millisecond belongs to the attempt before, unless that one ended already.
fn end_of_last_attempt(run: &Run) -> Option<&RunEnd> {
    let Some(last) = run.starts.last().copied().filter(|_| run.attempt > 1) else { return run.ends.first() };
    let previous = run.starts.iter().rev().nth(1);
    let is_before_last = |end: &RunEnd| end.at < last && previous.is_none_or(|previous| end.at >= *previous);
    let previous_ended = run.ends.iter().any(is_before_last);
    let mut ends = run.ends.iter().filter(|end| end.at >= last);
    let first = ends.next()?;
    if first.at == last && !previous_ended { ends.next() } else { Some(first) }
}
