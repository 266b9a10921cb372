//! One execution's task: listens to its jobs, to people and to time, publishes each move, then starts and stops jobs.
//! Never moves before the log has the move.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use orrery_protocol::{Event, Timestamp};
use serde_json::Value;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::around::Moved;
use super::card::find_ours;
use super::execution::{Advance, Effect, Execution, Input, Job, Setting, Subject};
use super::job::{self, Exchange};
use super::{Answer, Inbox, Message, Word, place, size};
use crate::app::Shared;
use crate::clock::{self, WallClock};
use crate::error::Refusal;
use crate::log::{RunnerWrite, SharedWrite, Write};
use crate::ownership::Owner;
use crate::publish::{Decision, Once, State};

/// After this long it is noticed, and written into the log, that the wall clock was set while something waits.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
const TRY_AGAIN: Duration = Duration::from_millis(200);

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
    outcome: Result<Value, String>,
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
                let broken = |_| Done { outcome: Err("the server's own error; its log says more".into()), exchange: None };
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

    /// A person's word may be refused; what happened by itself is said again until the log has it.
    async fn publish(&mut self, moved: Moved, may_fail: bool) -> Result<(), Refusal> {
        let moved = Arc::new(moved);
        loop {
            match commit(&self.app, moved.clone(), self.owner.clone(), (Once::never(), Value::Null)).await {
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
