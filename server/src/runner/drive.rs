//! One execution's task: listens to its jobs, to people and to time, publishes each move, then starts and stops jobs.
//! Never moves before the log has the move.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use orrery_protocol::{Event, Timestamp};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::around::Moved;
use super::execution::{Effect, Execution, Input, Job, Setting};
use super::job::{self, Exchange};
use super::{Answer, Message, place};
use crate::app::Shared;
use crate::clock;
use crate::error::Refusal;
use crate::log::{RunnerWrite, Write};
use crate::publish::Decision;

/// The clock may be set while something waits: look again after this long.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
const TRY_AGAIN: Duration = Duration::from_millis(200);

pub(super) struct Drive {
    app: Shared,
    execution: Execution,
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
}

impl Drive {
    pub(super) fn new(app: Shared, execution: Execution) -> Self {
        Self { app, execution, jobs: JoinSet::new(), doing: HashMap::new() }
    }

    /// Until the execution is over or the server stops. What runs then is found and settled at the next start.
    pub(super) async fn run(mut self, first: First, mut inbox: mpsc::Receiver<Message>) {
        let mut stopping = self.app.stopping.clone();
        match first {
            First::Effects(effects) => effects.into_iter().for_each(|effect| self.obey(effect)),
            First::Interrupted => {
                let heard = Heard { input: Input::Interrupted, exchange: None, answer: None };
                self.react(heard).await;
            }
        }
        while !self.execution.is_over() {
            let heard = tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => break,
                heard = self.hear(&mut inbox) => heard,
            };
            if let Some(heard) = heard {
                self.react(heard).await;
            }
        }
        self.app.runner.leave(&self.execution.state.execution_id);
    }

    async fn hear(&mut self, inbox: &mut mpsc::Receiver<Message>) -> Option<Heard> {
        let due = self.execution.next_due().map(|due| due.millis() - clock::now().millis());
        let due = due.map_or(LONGEST_SLEEP, |left| Duration::from_millis(u64::try_from(left).unwrap_or_default()));
        let heard = |input, answer| Some(Heard { input, exchange: None, answer });
        tokio::select! {
            Some(message) = inbox.recv() => match message {
                Message::Decide { step, approved, feedback, answer } => {
                    heard(Input::Decided { step, approved, feedback }, Some(answer))
                }
                Message::Cancel { reason, answer } => heard(Input::Cancelled { reason }, Some(answer)),
            },
            Some(done) = self.jobs.join_next_with_id() => {
                let id = done.as_ref().map_or_else(|error| error.id(), |(id, _)| *id);
                let (step, attempt, _) = self.doing.remove(&id)?;
                let broken = |_| Done { outcome: Err("the server's own error; its log says more".into()), exchange: None };
                let Done { outcome, exchange } = done.map_or_else(broken, |(_, done)| done);
                Some(Heard { input: Input::Finished { step, attempt, outcome }, exchange, answer: None })
            }
            _ = tokio::time::sleep(due.min(LONGEST_SLEEP)) => heard(Input::Tick, None),
        }
    }

    async fn react(&mut self, Heard { input, exchange, answer }: Heard) {
        let now = clock::now();
        let mut after = self.execution.clone();
        let advanced = setting(&self.app, now, |setting| after.advance(input, setting));
        let result = match advanced {
            Err(refusal) => Err(Refusal::Conflict(refusal.to_string())),
            Ok(advance) if advance.events.is_empty() && advance.effects.is_empty() => Ok(()),
            Ok(advance) => {
                let before = Some(self.execution.clone());
                self.publish(Moved { before, after, advance, exchange, now }, answer.is_some()).await
            }
        };
        if let Some(answer) = answer {
            let _ = answer.send(result);
        }
    }

    /// A person's word may be refused; what happened by itself is said again until the log has it.
    async fn publish(&mut self, moved: Moved, may_fail: bool) -> Result<(), Refusal> {
        let moved = Arc::new(moved);
        loop {
            let write = RunnerWrite::Moved(Box::new(moved.after.state.clone()));
            match commit(&self.app, moved.clone(), write).await {
                Ok(()) => break,
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

pub(super) enum First {
    /// It has just begun.
    Effects(Vec<Effect>),
    /// It was found in the log.
    Interrupted,
}

/// Publishes a move: what ends, the execution's own events, what starts, and how it stands then, all at once.
pub(super) async fn commit(app: &Shared, moved: Arc<Moved>, write: RunnerWrite) -> Result<(), Refusal> {
    app.door
        .publish(move |state| {
            let mut around = moved.around(state);
            let own = moved.advance.events.iter().cloned().map(Event::Run);
            let events = around.ends.into_iter().chain(own).chain(around.starts).collect();
            around.writes.push(Write::Runner(write));
            Ok(Decision { events, writes: around.writes, answer: () })
        })
        .await
}

pub(super) fn setting<T>(app: &Shared, now: Timestamp, then: impl FnOnce(&Setting<'_>) -> T) -> T {
    let fitting = |wanted: &_| app.hub.read(|canvas| place::fitting(canvas, wanted));
    then(&Setting { now, fitting: &fitting })
}
