//! Effects of run events on executions, runs and agents, and that order, repetition and missing ids do not matter.
#![allow(clippy::unwrap_used)]

mod support;

use orrery_model::{Canvas, Changes, Runs};
use orrery_protocol::{EventEnvelope, Execution, RunStatus};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{canvas_after, event};

fn only(canvas: &Canvas) -> Execution {
    assert_eq!(canvas.runs().executions().count(), 1);
    canvas.runs().executions().next().unwrap().clone()
}

fn step(second: usize, kind: &str, step: &str, data: Value) -> EventEnvelope {
    let mut all = json!({ "step_name": step, "step_order": step[1..].parse::<u32>().unwrap() });
    all.as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
    let ids = json!({ "workflow_execution_id": "e", "workflow_step_id": step, "workspace_id": "ws" });
    event(second, kind, ids, all)
}

fn whole(second: usize, kind: &str, data: Value) -> EventEnvelope {
    event(second, kind, json!({ "workflow_execution_id": "e", "workflow_id": "w" }), data)
}

/// Returns the events of an execution: a retry, an approval, a skip, then the end.
fn execution_events(end: &str) -> Vec<EventEnvelope> {
    let plan: Vec<Value> = (1..=4)
        .map(|at| json!({ "workflow_step_id": format!("s{at}"), "step_name": format!("s{at}"), "step_order": at, "depends_on_steps": [] }))
        .collect();
    vec![
        whole(0, "workflow_started", json!({ "workflow_name": "W", "step_count": 4, "steps": plan })),
        step(1, "step_started", "s1", json!({ "attempt": 1 })),
        step(2, "step_retrying", "s1", json!({ "attempt": 1, "error_message": "busy" })),
        step(3, "step_started", "s1", json!({ "attempt": 2 })),
        step(4, "step_completed", "s1", json!({ "duration_seconds": 3.0 })),
        step(5, "step_started", "s2", json!({ "attempt": 1 })),
        step(5, "approval_required", "s2", json!({ "title": "?", "attempt": 1 })),
        step(6, "step_failed", "s2", json!({ "attempt": 1, "error_message": "rejected" })),
        step(6, "step_skipped", "s3", json!({ "reason": "s2 failed" })),
        step(7, "step_started", "s4", json!({ "attempt": 1 })),
        whole(
            9,
            end,
            json!({ "step_count": 4, "completed_steps": 1, "failed_steps": 1, "skipped_steps": 1, "duration_seconds": 9.0 }),
        ),
    ]
}

#[test]
fn execution_events_build_the_record() {
    let events = execution_events("workflow_cancelled");
    let early = only(&canvas_after(&events[..3]));
    assert_eq!(
        (early.status, early.step_count, early.steps[0].status.clone()),
        (RunStatus::Running, 4, RunStatus::Retrying)
    );
    assert_eq!(early.steps[0].error_message.as_deref(), Some("busy"));
    let waiting = only(&canvas_after(&events[..7]));
    assert_eq!(waiting.steps[1].status, RunStatus::WaitingApproval);

    let done = only(&canvas_after(&events));
    assert_eq!((done.status, done.duration_seconds), (RunStatus::Cancelled, Some(9.0)));
    assert_eq!((done.completed_steps, done.failed_steps, done.skipped_steps), (1, 1, 1));
    let steps: Vec<_> = done.steps.iter().map(|step| (step.status.as_str(), step.attempt)).collect();
    assert_eq!(steps, [("completed", 2), ("failed", 1), ("skipped", 0), ("cancelled", 1)]);
    assert_eq!(done.workflow_id.unwrap().as_str(), "w");
}

#[test]
fn steps_without_an_end_are_unknown_after_the_execution_completed() {
    let events = [
        whole(0, "workflow_started", json!({ "step_count": 2 })),
        step(1, "step_started", "s1", json!({})),
        step(1, "step_started", "s2", json!({})),
        step(2, "step_completed", "s2", json!({})),
        whole(3, "workflow_completed", json!({})),
    ];
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [0, 4, 1, 3, 2]] {
        let done = only(&canvas_after(order.map(|at| &events[at])));
        let steps: Vec<_> = done.steps.iter().map(|step| (step.status.as_str(), step.completed_at)).collect();
        assert_eq!(steps, [("unknown", done.completed_at), ("completed", done.steps[1].completed_at)], "{order:?}");
        assert!(done.steps[0].status.is_terminal());
    }
    // The end of the step may arrive later.
    let late = step(9, "step_failed", "s1", json!({ "error_message": "no paper" }));
    let done = only(&canvas_after(events.iter().chain([&late])));
    assert_eq!((done.steps[0].status.clone(), done.failed_steps), (RunStatus::Failed, 1));
}

#[test]
fn workspaces_have_their_executions_and_agent_state() {
    let mut canvas = canvas_after(&[
        EventEnvelope::read(&json!({ "event": "WORKSPACE_PROVISIONING", "workspace_id": "ws", "timestamp": "2026-03-30T12:00:00Z", "payload": { "name": "W" } }).to_string()).unwrap(),
    ]);
    let id = "ws".parse().unwrap();
    let slot = canvas.find(&id).unwrap();
    let mut changes = Changes::default();
    for envelope in &execution_events("workflow_completed")[..2] {
        canvas.fold(&envelope.event, &mut changes);
    }
    assert_eq!(changes.marked, [slot]);
    assert_eq!(canvas.runs().executions_in(&id).count(), 1);

    let ids = json!({ "agent_id": "ws", "workspace_id": "ws" });
    let busy = event(5, "agent_status_changed", ids.clone(), json!({ "previous_status": "idle", "status": "busy" }));
    let later = event(4, "agent_status_changed", ids, json!({ "status": "idle" }));
    canvas.fold(&busy.event, &mut changes);
    canvas.fold(&later.event, &mut changes);
    // The order of the log counts, although the clock of the sender was set back.
    assert_eq!(canvas.runs().agent_in(canvas.workspace(&id).unwrap()).unwrap().status, "idle");

    let gone = json!({ "event": "WORKSPACE_REMOVED", "workspace_id": "ws", "timestamp": "2026-03-30T12:00:09Z", "payload": {} });
    canvas.fold(&EventEnvelope::read(&gone.to_string()).unwrap().event, &mut changes);
    assert_eq!(canvas.runs().agents().count(), 0);
}

#[test]
fn the_first_final_event_of_a_run_counts() {
    let run_event = |second, kind, data| event(second, kind, json!({ "run_id": "r", "task_id": "t" }), data);
    let canvas = canvas_after(&[
        run_event(0, "plan_ready", json!({})),
        run_event(1, "approval_required", json!({})),
        run_event(2, "approved", json!({})),
        run_event(3, "failure", json!({ "error_message": "no paper" })),
        run_event(4, "progress", json!({})),
    ]);
    let run = canvas.runs().run(&"r".parse().unwrap()).unwrap();
    assert_eq!((run.status.clone(), run.error_message.as_deref()), (RunStatus::Failed, Some("no paper")));
    assert_eq!(run.message.as_deref(), Some("failure"));
}

/// Every order of the events of `tests/cases/run_attempts.json`, each event twice, and a snapshot in between.
#[test]
fn the_oldest_ended_executions_are_evicted() {
    let mut canvas = Canvas::new();
    let mut changes = Changes::default();
    for at in 0..700 {
        for (kind, second) in [("workflow_started", at % 60), ("workflow_completed", 59)] {
            let ids = json!({ "workflow_execution_id": format!("e{at:04}"), "workspace_id": "ws" });
            canvas.fold(&event(second, kind, ids.clone(), json!({})).event, &mut changes);
            let ids =
                json!({ "workflow_execution_id": format!("e{at:04}"), "workflow_step_id": "s", "workspace_id": "ws" });
            canvas.fold(&event(second, "step_started", ids, json!({ "attempt": 1 })).event, &mut changes);
        }
    }
    assert_eq!(canvas.runs().executions().count(), 500);
    assert_eq!(canvas.runs().executions_in(&"ws".parse().unwrap()).count(), 500);
    assert!(canvas.runs().execution(&"e0699".parse().unwrap()).is_some());
    assert!(canvas.runs().execution(&"e0000".parse().unwrap()).is_none());
}

/// Returns the same events of another execution in another workspace.
fn renamed(events: Vec<EventEnvelope>, at: usize) -> Vec<EventEnvelope> {
    let rename = |envelope: EventEnvelope| {
        let text = envelope.to_json().replace("\"e\"", &format!("\"e{at}\"")).replace("\"ws\"", &format!("\"ws{at}\""));
        let text = (1..=4).fold(text, |text, step| {
            text.replace(
                &format!("\"workflow_step_id\":\"s{step}\""),
                &format!("\"workflow_step_id\":\"s{step}-{at}\""),
            )
        });
        EventEnvelope::read(&text).unwrap()
    };
    events.into_iter().map(rename).collect()
}

/// Returns the number of steps that the first `cut` events are about.
fn steps_within(cut: usize) -> usize {
    match cut {
        0..=1 => 0,
        2..=5 => 1,
        6..=8 => 2,
        9 => 3,
        _ => 4,
    }
}

proptest! {
    #[test]
    fn late_and_repeated_events_give_the_same_record(
        end in prop::sample::select(vec!["workflow_completed", "workflow_failed", "workflow_cancelled"]),
        order in Just((0..11usize).collect::<Vec<_>>()).prop_shuffle(),
        doubles in prop::collection::vec(0..11usize, 0..8),
        cut in 0..12usize,
    ) {
        let events = execution_events(end);
        let expected = only(&canvas_after(&events));
        let shuffled = order.iter().chain(&doubles).map(|&at| &events[at]);
        prop_assert_eq!(&only(&canvas_after(shuffled.clone())), &expected);

        // A snapshot after some events, then the others.
        let shuffled: Vec<_> = shuffled.collect();
        let whole = canvas_after(shuffled.iter().copied());
        let first = canvas_after(shuffled[..cut].iter().copied());
        let runs = Runs::from_records(first.runs().executions().cloned(), first.runs().runs().cloned(), first.runs().agents().cloned());
        let mut resumed = Canvas::new().with_runs(runs);
        prop_assert_eq!(resumed.hash(), first.hash());
        for envelope in &shuffled[cut..] {
            resumed.fold(&envelope.event, &mut Changes::default());
        }
        prop_assert_eq!(resumed.hash(), whole.hash());
        prop_assert_eq!(only(&resumed), only(&whole));
    }

    /// Events of several executions are mixed, repeated and late.
    #[test]
    fn mixed_events_of_several_executions_give_each_its_own_record(
        order in Just((0..33usize).collect::<Vec<_>>()).prop_shuffle(),
        doubles in prop::collection::vec(0..33usize, 0..20),
        cut in prop::collection::vec(3..12usize, 3),
    ) {
        let ends = ["workflow_completed", "workflow_failed", "workflow_cancelled"];
        let executions: Vec<Vec<EventEnvelope>> = (0..3).map(|at| renamed(execution_events(ends[at]), at)).collect();
        // Only the first events of each.
        let sent: Vec<&EventEnvelope> = executions.iter().zip(&cut).flat_map(|(events, &cut)| &events[..cut]).collect();
        let right = canvas_after(sent.iter().copied());
        let mixed = canvas_after(order.iter().chain(&doubles).filter_map(|&at| sent.get(at).copied()));
        prop_assert_eq!(mixed.runs().executions().count(), 3);
        for (at, &cut) in cut.iter().enumerate() {
            let id = format!("e{at}").parse().unwrap();
            let (mixed, right) = (mixed.runs().execution(&id).unwrap(), right.runs().execution(&id).unwrap());
            prop_assert_eq!(mixed, right);
            let over = mixed.completed_steps + mixed.failed_steps + mixed.skipped_steps;
            prop_assert!(over <= mixed.step_count && mixed.step_count == 4);
            let workspace = format!("ws{at}").parse().unwrap();
            prop_assert_eq!(right.steps.iter().filter(|step| step.workspace_id.as_ref() == Some(&workspace)).count(), steps_within(cut));
        }
        for at in 0..3 {
            let workspace = format!("ws{at}").parse().unwrap();
            let ids = |canvas: &Canvas| canvas.runs().executions_in(&workspace).map(|it| it.execution_id.to_string()).collect::<Vec<_>>();
            prop_assert_eq!(ids(&mixed), [format!("e{at}")]);
            prop_assert_eq!(ids(&right), ids(&mixed));
        }
        prop_assert_eq!(mixed.runs().running().count(), cut.iter().filter(|cut| **cut < 11).count());
        prop_assert_eq!(mixed.hash(), right.hash());
    }
}
