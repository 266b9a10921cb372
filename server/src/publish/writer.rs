//! The only task that appends: takes what waits, folds it, commits it in one transaction, announces it, answers.
//! Never decides anything by itself.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use orrery_model::Changes;
use orrery_protocol::Seq;
use tokio::sync::{mpsc, oneshot};

use super::recovery::{NOT_SAVED, Recovery};
use super::writable::Writable;
use super::{Request, Settle, State, Step};
use crate::auth::Credentials;
use crate::bus::Bus;
use crate::clock;
use crate::error::Refusal;
use crate::log::{Appender, Batch, Log, LogError, RunnerWrite, Taken, Write};
use crate::metrics::Metrics;
use crate::ownership::Ownership;
use crate::publish::Published;

/// How many callers share one transaction.
const BATCH: usize = 256;
/// How often the log is tried while it cannot be written and nobody calls.
const PROBED: Duration = Duration::from_secs(1);

pub(crate) struct Writer {
    pub state: State,
    pub appender: Appender,
    pub log: Log,
    pub bus: Bus,
    pub credentials: Arc<Credentials>,
    pub ownership: Arc<Ownership>,
    pub metrics: Arc<Metrics>,
    pub writable: Writable,
    /// The last event that was announced.
    pub announced: Seq,
    /// How long a commit takes lately.
    pub commit_takes: Duration,
    pub recovery: Recovery,
}

/// One transaction's worth of requests: what is left of it when it fails.
#[derive(Default)]
pub(super) struct Round {
    /// The first event, once it has its place.
    pub(super) first: Option<Arc<Published>>,
    pub(super) progress: Progress,
    pub(super) answers: Vec<Settle>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    #[default]
    Undecided,
    /// The log was asked to append it.
    Sent,
    Committed,
}

impl Writer {
    /// Runs until it is told to close; what came in before that is committed.
    pub(crate) async fn run(mut self, mut requests: mpsc::Receiver<Request>, mut close: oneshot::Receiver<()>) {
        let mut waiting = Vec::with_capacity(BATCH);
        loop {
            let is_away = !self.writable.is_writable();
            tokio::select! {
                biased;
                taken = requests.recv_many(&mut waiting, BATCH) => match taken {
                    0 => break,
                    _ => {
                        self.gather(&mut waiting, &mut requests).await;
                        self.settle(&mut waiting).await;
                    }
                },
                () = tokio::time::sleep(PROBED), if is_away => self.probe().await,
                _ = &mut close, if !requests.is_closed() => requests.close(),
            }
        }
        if self.recovery.unresolved.is_some() {
            self.probe().await;
        }
        self.appender.close().await;
    }

    /// Under load sockets rest from one event to the next. What is committed sooner would wait for them, each with a commit
    /// of its own: so the two waits are one, and the commit is done when they have rested.
    async fn gather(&mut self, waiting: &mut Vec<Request>, requests: &mut mpsc::Receiver<Request>) {
        let until = self.bus.rests_until().and_then(|until| until.checked_sub(self.commit_takes));
        let Some(until) = until.filter(|until| *until > Instant::now()) else { return };
        if waiting.len() < BATCH {
            tokio::time::sleep_until(until.into()).await;
        }
        while waiting.len() < BATCH
            && let Ok(request) = requests.try_recv()
        {
            waiting.push(request);
        }
    }

    /// Whatever happens, each caller hears what is true, and the next round starts from the log.
    async fn settle(&mut self, requests: &mut Vec<Request>) {
        // The first one last, where it is taken from.
        requests.reverse();
        while !requests.is_empty() {
            let mut round = Round::default();
            if AssertUnwindSafe(self.decide_all(requests, &mut round)).catch_unwind().await.is_err() {
                tracing::error!("the writer panicked: it goes on from the log");
                self.metrics.writer_restarts.add(1);
                self.appender.release().await;
                self.leave_unresolved(round).await;
            }
        }
    }

    async fn decide_all(&mut self, requests: &mut Vec<Request>, round: &mut Round) {
        let keys: Vec<String> = requests.iter().flat_map(|request| request.keys.iter().cloned()).collect();
        let prepared = match self.prepare().await {
            Ok(()) => self.look_up(&keys).await,
            Err(error) => Err(error),
        };
        if let Err(error) = prepared {
            self.failed(&error);
            let refusal = Refusal::Unavailable("the log cannot be written right now; nothing was changed".into());
            while let Some(request) = requests.pop() {
                self.decide(request).into_iter().for_each(|step| (step.settle)(Err(refusal.clone())));
            }
            return;
        }
        let mut batch = Batch { head: self.state.seq(), ..Batch::default() };
        let mut changes = Changes::default();
        while let Some(request) = requests.pop() {
            let Some(Step { events, mut writes, settle }) = self.decide(request) else { continue };
            round.answers.push(settle);
            events.into_iter().for_each(|event| self.state.fold(event, &mut batch, &mut changes));
            for write in &writes {
                // The next decision may ask for the same key.
                if let Write::Runner(RunnerWrite::Ingested { key, seq }) = write {
                    self.state.taken_in.insert(key.clone(), *seq);
                }
            }
            batch.writes.append(&mut writes);
        }
        self.state.project(&changes, &mut batch);
        round.first = batch.published.first().cloned();
        if batch.is_empty() {
            self.appender.release().await;
            round.progress = Progress::Committed;
            round.answer(&Ok(()));
        } else {
            self.commit(batch, round).await;
        }
    }

    fn decide(&mut self, request: Request) -> Option<Step> {
        self.state.now = self.state.now.max(clock::now());
        // A decision only looks, so one that panics leaves nothing half done; its caller hears that it is gone.
        let step = catch_unwind(AssertUnwindSafe(|| (request.decide)(&self.state)));
        step.inspect_err(|_| tracing::error!("a decision panicked")).ok()
    }

    /// From here to the commit nobody else appends, the state is that of the log, and the log was written last time or can
    /// be written again.
    pub(super) async fn prepare(&mut self) -> Result<(), LogError> {
        if self.recovery.is_stale {
            self.resync().await?;
        }
        self.take_log().await?;
        if !self.writable.is_writable() {
            self.appender.probe().await?;
            self.writable.set_writable();
            self.take_log().await?;
        }
        Ok(())
    }

    /// Nobody else appends from here on, and the state includes all that others appended before.
    async fn take_log(&mut self) -> Result<(), LogError> {
        let owner = self.ownership.name();
        let mut taken = self.appender.begin(self.state.seq(), owner.as_ref()).await;
        if let Err(error) = &taken
            && self.writable.is_writable()
        {
            // A connection may have died in its sleep, and a server far behind reads everything anew.
            tracing::info!(%error, "taking the log once more");
            if let LogError::HeadMoved(_) = error {
                self.reload().await?;
            }
            taken = self.appender.begin(self.state.seq(), owner.as_ref()).await;
        }
        let Taken { missed, is_there } = taken?;
        owner.iter().filter(|_| !is_there).for_each(|owner| self.ownership.lost(owner));
        self.state.owner = owner.filter(|_| is_there);
        for published in missed {
            self.state.follow(&published, &mut Changes::default());
            self.announced = published.seq;
            self.bus.pass_on(published);
        }
        Ok(())
    }

    /// In the log itself, which nobody else can change now: another server may have taken in the same event.
    async fn look_up(&mut self, keys: &[String]) -> Result<(), LogError> {
        self.state.taken_in.clear();
        if !keys.is_empty() {
            self.state.taken_in = self.appender.taken_in(keys).await?;
        }
        Ok(())
    }

    async fn commit(&mut self, batch: Batch, round: &mut Round) {
        let began = Instant::now();
        round.progress = Progress::Sent;
        match self.appender.append(&batch).await {
            Ok(appended) => {
                round.progress = Progress::Committed;
                let took = began.elapsed();
                self.commit_takes = (self.commit_takes * 7 + took) / 8;
                self.metrics.committed(&batch, took);
                self.announce(batch);
                self.recovery.is_stale = false;
                appended.oldest.into_iter().for_each(|oldest| self.bus.trimmed(oldest));
                round.answer(&Ok(()));
            }
            Err(error) => {
                self.failed(&error);
                self.recovery.is_stale = true;
                match error {
                    LogError::Unconfirmed(_) => self.leave_unresolved(std::mem::take(round)).await,
                    _ => round.answer(&Err(Refusal::Unavailable(NOT_SAVED.into()))),
                }
            }
        }
    }

    fn announce(&mut self, batch: Batch) {
        batch.writes.iter().for_each(|write| self.credentials.learn(write));
        batch.removed.iter().for_each(|removal| self.credentials.forget(&removal.id));
        let last = batch.published.last().map(|last| last.seq);
        self.bus.announce(batch.published);
        self.announced = last.unwrap_or(self.announced);
    }

    /// From now on the server is not ready, until a write succeeds.
    pub(super) fn failed(&self, error: &LogError) {
        self.metrics.commit_failed();
        self.writable.set_failed(error);
    }
}

impl Round {
    /// Tells each caller once.
    pub(super) fn answer(&mut self, result: &Result<(), Refusal>) {
        // One by one, so that a panic leaves the others in the round.
        while let Some(settle) = self.answers.pop() {
            settle(result.clone());
        }
    }
}
