//! One execution's task: listens to its jobs, to people and to time, publishes each move, then starts and stops jobs.
//! Never moves before the log has the move.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use orrery_protocol::{Event, Timestamp};
use serde_json::Value;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::around::Moved;
use super::execution::{Effect, Execution, Input, Job, Setting, Subject};
use super::job::{self, Exchange};
use super::{Answer, Inbox, Message, Word, place};
use crate::app::Shared;
use crate::clock;
use crate::error::Refusal;
use crate::log::{RunnerWrite, SharedWrite, Write};
use crate::ownership::Owner;
use crate::publish::{Decision, Door, Once, State};

/// The clock may be set while something waits: look again after this long.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
const TRY_AGAIN: Duration = Duration::from_millis(200);

pub(super) struct Drive {
    app: Shared,
    execution: Execution,
    /// In whose name it runs.
    owner: Owner,
    /// Another server has it, or it came to its end elsewhere.
    is_lost: bool,
    jobs: JoinSet<Done>,
    /// Which job does which attempt.
    doing: HashMap<Id, (usize, u32, AbortHandle)>,
}

struct Done {
    outcome: Result<Value, String>,
    exchange: Option<Exchange>,
}

/// Something to react to.
struct Heard {
    input: Input,
    exchange: Option<Exchange>,
    answer: Option<Answer>,
    /// See `Message`.
    heard_as: Option<Arc<str>>,
}

impl Drive {
    pub(super) fn new(app: Shared, execution: Execution, owner: Owner) -> Self {
        Self { app, execution, owner, is_lost: false, jobs: JoinSet::new(), doing: HashMap::new() }
    }

    /// Until the execution is over, the server stops, or others have taken it over. What runs then is settled by whoever
    /// takes it up.
    pub(super) async fn run(mut self, first: First, mut inbox: Inbox) {
        let mut stopping = self.app.stopping.clone();
        let (app, owner) = (self.app.clone(), self.owner.clone());
        let lost = app.ownership.ends(&owner);
        tokio::pin!(lost);
        match first {
            First::Effects(effects) => effects.into_iter().for_each(|effect| self.obey(effect)),
            First::Interrupted => {
                self.react(Heard::of(Input::Interrupted)).await;
            }
        }
        while !self.execution.is_over() && !self.is_lost {
            let heard = tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => break,
                () = &mut lost => break,
                heard = self.hear(&mut inbox) => heard,
            };
            if let Some(heard) = heard {
                self.react(heard).await;
            }
        }
        self.app.runner.leave(&self.execution.state.execution_id, inbox);
    }

    async fn hear(&mut self, inbox: &mut Inbox) -> Option<Heard> {
        let due = self.execution.next_due().map(|due| due.millis() - clock::now().millis());
        let due = due.map_or(LONGEST_SLEEP, |left| Duration::from_millis(u64::try_from(left).unwrap_or_default()));
        tokio::select! {
            Some((Message { word, heard_as }, answer)) = inbox.recv() => {
                let input = match word {
                    Word::Decide { step, approved, feedback } => Input::Decided { step, approved, feedback },
                    Word::Cancel { reason } => Input::Cancelled { reason },
                };
                Some(Heard { answer: Some(answer), heard_as, ..Heard::of(input) })
            }
            Some(done) = self.jobs.join_next_with_id() => {
                let id = done.as_ref().map_or_else(|error| error.id(), |(id, _)| *id);
                let (step, attempt, _) = self.doing.remove(&id)?;
                let broken = |_| Done { outcome: Err("the server's own error; its log says more".into()), exchange: None };
                let Done { outcome, exchange } = done.map_or_else(broken, |(_, done)| done);
                Some(Heard { exchange, ..Heard::of(Input::Finished { step, attempt, outcome }) })
            }
            _ = tokio::time::sleep(due.min(LONGEST_SLEEP)) => Some(Heard::of(Input::Tick)),
        }
    }

    async fn react(&mut self, Heard { input, exchange, answer, heard_as }: Heard) {
        let now = clock::now();
        let mut after = self.execution.clone();
        let advanced = setting(&self.app, now, |setting| after.advance(input, setting));
        let result = match advanced {
            Err(refusal) => Err(Refusal::Conflict(refusal.to_string())),
            Ok(advance) if advance.events.is_empty() && advance.effects.is_empty() => Ok(()),
            Ok(advance) => {
                let before = Some(self.execution.clone());
                self.publish(Moved { before, after, advance, exchange, now, heard_as }, answer.is_some()).await
            }
        };
        // Whoever has it now is asked instead.
        if let Some(answer) = answer.filter(|_| !self.is_lost) {
            let _ = answer.send(result);
        }
    }

    /// A person's word may be refused; what happened by itself is said again until the log has it.
    async fn publish(&mut self, moved: Moved, may_fail: bool) -> Result<(), Refusal> {
        let moved = Arc::new(moved);
        loop {
            match commit(&self.app.door, moved.clone(), self.owner.clone(), (Once::never(), Value::Null)).await {
                Ok(()) => break,
                Err(refusal @ Refusal::Conflict(_)) => {
                    self.is_lost = true;
                    return Err(refusal);
                }
                Err(refusal) if may_fail || *self.app.stopping.borrow() => return Err(refusal),
                Err(_) => tokio::time::sleep(TRY_AGAIN).await,
            }
        }
        self.execution = moved.after.clone();
        moved.advance.effects.iter().cloned().for_each(|effect| self.obey(effect));
        Ok(())
    }

    fn obey(&mut self, effect: Effect) {
        match effect {
            Effect::Run { step, attempt, job } => {
                let (app, key) = (self.app.clone(), self.key(step, attempt));
                let url = match &job {
                    Job::Agent { workspace_id, .. } => {
                        app.hub.read(|canvas| canvas.workspace(workspace_id).and_then(|row| row.url.clone()))
                    }
                    Job::Http { .. } => None,
                };
                let handle = self.jobs.spawn(async move {
                    let (outcome, exchange) = job::run(&app.runner.http, job, url, &key).await;
                    Done { outcome, exchange }
                });
                self.doing.insert(handle.id(), (step, attempt, handle));
            }
            Effect::Stop { step, attempt } => {
                let this = |(_, doing): &(&Id, &(usize, u32, AbortHandle))| (doing.0, doing.1) == (step, attempt);
                if let Some(id) = self.doing.iter().find(this).map(|(id, _)| *id) {
                    let handle = self.doing.remove(&id);
                    handle.into_iter().for_each(|(_, _, handle)| handle.abort());
                }
            }
        }
    }

    fn key(&self, step: usize, attempt: u32) -> String {
        let step_id = self.execution.definition.workflow.steps[step].step_id.as_ref();
        format!("{}:{}:{attempt}", self.execution.state.execution_id, step_id.map_or("", |id| id.as_str()))
    }
}

impl Heard {
    fn of(input: Input) -> Self {
        Self { input, exchange: None, answer: None, heard_as: None }
    }
}

pub(super) enum First {
    /// It has just begun.
    Effects(Vec<Effect>),
    /// It was found in the log.
    Interrupted,
}

/// Publishes a move: what ends, the execution's own events, what starts, and how it stands then, all at once. A conflict:
/// the execution is not this owner's any more, or it is over.
pub(super) async fn commit(
    door: &Door,
    moved: Arc<Moved>,
    owner: Owner,
    (once, answer): (Once, Value),
) -> Result<(), Refusal> {
    door.publish_once(
        once,
        |()| (202, answer),
        move |state| {
            state.acts_for(&owner)?;
            if moved.before.is_some() && has_ended(&moved.after, state) {
                return Err(Refusal::Conflict("the execution is over".into()));
            }
            let mut around = moved.around(state);
            let own = moved.advance.events.iter().cloned().map(Event::Run);
            let events = around.ends.into_iter().chain(own).chain(around.starts).collect();
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
