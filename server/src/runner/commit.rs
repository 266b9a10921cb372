//! Writes one move of an execution into the log: its events, what they mean for its workspaces, and its new state, all at once.

use std::sync::Arc;

use orrery_protocol::{Event, Timestamp};
use serde_json::Value;

use super::around::Moved;
use super::card::find_ours;
use super::execution::{Execution, Setting, Subject};
use super::{place, size};
use crate::app::Shared;
use crate::error::Refusal;
use crate::log::{RunnerWrite, SharedWrite, Write};
use crate::ownership::Owner;
use crate::publish::{Decision, Once, State};

/// Publishes a move: what ends, the execution's own events, what starts, and how it stands then, all at once. A conflict:
/// the execution is not this owner's any more, or it is over.
pub(super) async fn commit(
    app: &Shared,
    moved: Arc<Moved>,
    owner: Owner,
    (once, answer): (Once, Value),
) -> Result<(), Refusal> {
    let ours = find_ours(app, &moved).await?;
    let door = if moved.before.is_none() { app.door.for_operator() } else { app.door.clone() };
    door.publish_once(
        once,
        |()| (202, answer),
        move |state| {
            state.acts_for(&owner)?;
            if moved.before.is_some() && has_ended(&moved.after, state) {
                return Err(Refusal::Conflict("the execution is over".into()));
            }
            let mut around = moved.around(state, &ours);
            let own = moved.advance.events.iter().cloned().map(Event::Run);
            let mut events: Vec<Event> = around.ends.into_iter().chain(own).chain(around.starts).collect();
            for event in &mut events {
                if let Event::Run(event) = event {
                    size::fit_event(event);
                }
            }
            let now = Box::new(moved.after.state.clone());
            around.writes.push(Write::Runner(match &moved.before {
                None => RunnerWrite::Begun {
                    definition: Arc::new(moved.after.definition.workflow.clone()),
                    state: now,
                    owner,
                },
                Some(_) => RunnerWrite::Moved(now),
            }));
            let answered = |word: &Arc<str>| SharedWrite::Answered { word: word.clone(), answer: String::new() };
            around.writes.extend(moved.heard_as.iter().map(answered).map(Write::Shared));
            Ok(Decision { events, writes: around.writes, answer: () })
        },
    )
    .await
}

/// Whatever a server believes: after its end an execution does not move.
fn has_ended(execution: &Execution, state: &State) -> bool {
    let runs = state.canvas.runs();
    let status = match &execution.state.subject {
        Subject::Workflow => runs.execution(&execution.state.execution_id).map(|it| &it.status),
        Subject::Task { run_id, .. } => runs.run(run_id).map(|it| &it.status),
    };
    status.is_some_and(|status| status.is_terminal())
}

pub(super) fn setting<T>(app: &Shared, now: Timestamp, then: impl FnOnce(&Setting<'_>) -> T) -> T {
    let fitting = |wanted: &_| app.hub.read(|canvas| place::fitting(canvas, wanted));
    then(&Setting { now, fitting: &fitting })
}
