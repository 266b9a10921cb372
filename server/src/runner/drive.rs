//! One execution's task: listens to its jobs, to people and to time, publishes each move, then starts and stops jobs.
//! Never moves before the log has the move.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::around::Moved;
use super::commit::{commit, setting};
use super::execution::{Advance, Effect, Execution, Input, Job};
use super::failure::Failure;
use super::job::{self, Exchange};
use super::{Answer, Inbox, Message, Word};
use crate::app::Shared;
use crate::clock::{self, WallClock};
use crate::error::Refusal;
use crate::ownership::Owner;
use crate::publish::Once;

/// After this long it is noticed, and written into the log, that the wall clock was set while something waits.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// The pause before a commit is repeated. Each further one is twice as long, up to `MAX_PAUSE`.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const MAX_PAUSE: Duration = Duration::from_secs(10);
/// So often a commit is repeated that the log refuses although it can be written: when the refusal is about the commit
/// itself, and when it may be due to something else.
const MAX_REFUSALS: u32 = 3;
const MAX_FAILURES: u32 = 20;

pub(super) struct Drive {
    pub(super) app: Shared,
    pub(super) execution: Execution,
    /// In whose name it runs.
    owner: Owner,
    /// Another server has it, or it came to its end elsewhere.
    is_lost: bool,
    /// Deadlines are kept as wall time, because they outlive the server, and follow the wall clock when it is set.
    wall_clock: WallClock,
    jobs: JoinSet<Done>,
    /// Which job does which attempt.
    doing: HashMap<Id, (usize, u32, AbortHandle)>,
}

struct Done {
    outcome: Result<Value, Failure>,
    exchange: Option<Exchange>,
}

/// Something to react to.
pub(super) struct Heard {
    input: Input,
    exchange: Option<Exchange>,
    answer: Option<Answer>,
    /// See `Message`.
    heard_as: Option<Arc<str>>,
}

impl Drive {
    pub(super) fn new(app: Shared, execution: Execution, owner: Owner) -> Self {
        let wall_clock = WallClock::start();
        Self { app, execution, owner, is_lost: false, wall_clock, jobs: JoinSet::new(), doing: HashMap::new() }
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
            First::Resumed => {}
        }
        while !self.execution.is_over() && !self.is_lost {
            if self.follow_clock() {
                self.count_resumptions(self.execution.state.resumptions).await;
            }
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
                let reason = || "the server's own error; its log says more".to_owned();
                let broken = |_| Done { outcome: Err(reason().into()), exchange: None };
                let Done { outcome, exchange } = done.map_or_else(broken, |(_, done)| done);
                Some(Heard { exchange, ..Heard::of(Input::Finished { step, attempt, outcome }) })
            }
            _ = tokio::time::sleep(due.min(LONGEST_SLEEP)) => Some(Heard::of(Input::Tick)),
        }
    }

    /// Moves the deadlines with the wall clock, so that time passes for them as it does for everybody. Returns whether the
    /// clock was set.
    fn follow_clock(&mut self) -> bool {
        let step = self.wall_clock.take_step();
        if step != 0 {
            self.execution.shift_deadlines(step);
        }
        step != 0
    }

    pub(super) async fn react(&mut self, Heard { input, exchange, answer, heard_as }: Heard) {
        self.follow_clock();
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
        if let Err(refusal) = &result
            && answer.is_none()
        {
            self.abandon(refusal).await;
        }
        // Whoever has it now is asked instead.
        if let Some(answer) = answer.filter(|_| !self.is_lost) {
            let _ = answer.send(result);
        }
    }

    /// Writes this number of resumptions into the log. Returns false when the execution is not this server's any more, or
    /// the server stops.
    pub(super) async fn count_resumptions(&mut self, resumptions: u32) -> bool {
        if self.is_lost || self.execution.is_over() {
            return false;
        }
        let (before, mut after) = (Some(self.execution.clone()), self.execution.clone());
        after.state.resumptions = resumptions;
        let (advance, now) = (Advance::default(), clock::now());
        self.publish(Moved { before, after, advance, exchange: None, now, heard_as: None }, false).await.is_ok()
    }

    /// What happened by itself cannot be written: fails the execution for this reason. If that cannot be written either, gives
    /// it up, and the next start of a server resumes it.
    async fn abandon(&mut self, refusal: &Refusal) {
        if self.is_lost || *self.app.stopping.borrow() {
            return;
        }
        let execution = &self.execution.state.execution_id;
        tracing::error!(%execution, %refusal, "the log refuses what an execution did: the execution is failed");
        let (before, mut after, now) = (Some(self.execution.clone()), self.execution.clone(), clock::now());
        let reason = format!("what a step did could not be saved: {refusal}");
        let abandoned = setting(&self.app, now, |setting| after.advance(Input::Abandoned { reason }, setting));
        let Ok(advance) = abandoned else { return };
        let moved = Moved { before, after, advance, exchange: None, now, heard_as: None };
        if let Err(refusal) = self.publish(moved, false).await {
            tracing::error!(execution = %self.execution.state.execution_id, %refusal, "the execution is given up");
            self.is_lost = true;
        }
    }

    /// A person's command may be refused at once. What happened by itself is repeated while the log cannot be written, and
    /// refused once the log can be written and refuses it nevertheless.
    async fn publish(&mut self, moved: Moved, may_fail: bool) -> Result<(), Refusal> {
        let moved = Arc::new(moved);
        let (mut pause, mut refusals, mut failures) = (FIRST_PAUSE, 0, 0);
        loop {
            failures += u32::from(self.app.door.write_failure().is_none());
            match commit(&self.app, moved.clone(), self.owner.clone(), (Once::never(), Value::Null)).await {
                Ok(()) => break,
                Err(refusal @ Refusal::Conflict(_)) => {
                    self.is_lost = true;
                    return Err(refusal);
                }
                Err(refusal) if may_fail || *self.app.stopping.borrow() => return Err(refusal),
                Err(refusal) if failures >= MAX_FAILURES => return Err(refusal),
                Err(refusal) => {
                    refusals += u32::from(!matches!(refusal, Refusal::Unavailable(_) | Refusal::TooMany { .. }));
                    if refusals >= MAX_REFUSALS {
                        return Err(refusal);
                    }
                    let mut stopping = self.app.stopping.clone();
                    let _ = tokio::time::timeout(pause, stopping.wait_for(|stop| *stop)).await;
                    pause = (pause * 2).min(MAX_PAUSE);
                }
            }
        }
        self.execution = moved.after.clone();
        self.app.runner.set_waits(&self.execution.state.execution_id, self.execution.waits());
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
                    let (outcome, exchange) = job::run(&app, job, url, &key).await;
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
    pub(super) fn of(input: Input) -> Self {
        Self { input, exchange: None, answer: None, heard_as: None }
    }
}

pub(super) enum First {
    /// It has just begun.
    Effects(Vec<Effect>),
    /// It was found in the log, and all that was due has been done.
    Resumed,
}
