//! The only task that appends: takes what waits, folds it, commits it in one transaction, announces it, answers.
//! Never decides anything by itself.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use orrery_model::Changes;
use orrery_protocol::Seq;
use tokio::sync::oneshot;

use super::recovery::{NOT_SAVED, Recovery};
use super::work::Work;
use super::writable::Writable;
use super::{Lookups, Request, RequestReceiver, Settle, State, Step};
use crate::auth::Credentials;
use crate::bus::Bus;
use crate::clock;
use crate::error::Refusal;
use crate::log::{Appender, Batch, Log, LogError, Taken};
use crate::metrics::Metrics;
use crate::ownership::Ownership;
use crate::publish::Published;

/// How many claims are kept in memory, so that a run's next event asks nothing.
const CLAIMS_AT_HAND: usize = 20_000;

/// How many callers share one transaction.
const BATCH: usize = 256;
/// While nobody calls: how often the files of the log are looked at, and the log is tried if it cannot be written.
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
    pub(crate) async fn run(mut self, requests: RequestReceiver, mut close: oneshot::Receiver<()>) {
        loop {
            let is_away = !self.writable.is_writable();
            tokio::select! {
                biased;
                is_open = requests.wait() => match is_open {
                    false => break,
                    true => {
                        self.gather(&requests).await;
                        self.settle(&requests).await;
                    }
                },
                () = tokio::time::sleep(PROBED) => match is_away {
                    true => self.probe().await,
                    false => self.check_files(),
                },
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
    async fn gather(&mut self, requests: &RequestReceiver) {
        let until = self.bus.rests_until().and_then(|until| until.checked_sub(self.commit_takes));
        let Some(until) = until.filter(|until| *until > Instant::now()) else { return };
        if requests.len() < BATCH {
            tokio::time::sleep_until(until.into()).await;
        }
    }

    /// Commits one batch, and puts back what did not fit or was not decided. Whatever happens, each caller hears what is true,
    /// and the next round starts from the log.
    async fn settle(&mut self, queue: &RequestReceiver) {
        let mut requests: VecDeque<Request> = queue.take(BATCH).into();
        let mut round = Round::default();
        if AssertUnwindSafe(self.decide_all(queue, &mut requests, &mut round)).catch_unwind().await.is_err() {
            tracing::error!("the writer panicked: it goes on from the log");
            self.metrics.writer_restarts.add(1);
            self.appender.release().await;
            self.leave_unresolved(round).await;
        }
        queue.put_back(requests.into_iter());
    }

    /// A batch is bounded in requests, events and bytes.
    async fn decide_all(&mut self, queue: &RequestReceiver, requests: &mut VecDeque<Request>, round: &mut Round) {
        let lookups = requests.iter().fold(Lookups::default(), |all, request| all.and(&request.lookups));
        let prepared = match self.prepare().await {
            Ok(()) => self.look_up(lookups).await,
            Err(error) => Err(error),
        };
        if let Err(error) = prepared {
            self.failed(&error);
            let refusal = Refusal::Unavailable("the log cannot be written right now; nothing was changed".into());
            while let Some(request) = requests.pop_front() {
                self.decide(request).into_iter().for_each(|step| (step.settle)(Err(refusal.clone())));
            }
            return;
        }
        let mut batch = Batch { head: self.state.seq(), ..Batch::default() };
        let mut changes = Changes::default();
        let mut done = Work::default();
        while !done.fills_a_batch() {
            let Some(request) = requests.pop_front() else { break };
            let (billing, first) = (request.billing.clone(), batch.published.len());
            let Some(Step { events, mut writes, settle }) = self.decide(request) else { continue };
            match self.state.encode(events) {
                Ok(published) => self.state.fold(published, &mut batch, &mut changes),
                Err(refusal) => {
                    settle(Err(refusal));
                    continue;
                }
            }
            round.answers.push(settle);
            writes.iter().for_each(|write| self.state.note(write));
            let work = Work::of(batch.published[first..].iter().map(Arc::as_ref), &writes);
            queue.charge(&billing.origin, work.units());
            if let Some((quotas, id)) = billing.metered() {
                quotas.charge(id, work.events, work.bytes, Instant::now());
            }
            done = done.plus(work);
            batch.writes.append(&mut writes);
        }
        match self.state.project(&changes, &mut batch) {
            Err(error) => {
                tracing::error!(%error, "a batch cannot be encoded");
                self.appender.release().await;
                self.recovery.is_stale = true;
                round.answer(&Err(Refusal::Internal));
            }
            Ok(()) if batch.is_empty() => {
                self.appender.release().await;
                round.progress = Progress::Committed;
                round.answer(&Ok(()));
            }
            Ok(()) => {
                round.first = batch.published.first().cloned();
                self.commit(batch, round).await;
            }
        }
    }

    fn decide(&mut self, request: Request) -> Option<Step> {
        self.state.now = self.state.now.max(clock::now());
        // A decision only looks, so one that panics leaves nothing half done; its caller gets no answer.
        let step = catch_unwind(AssertUnwindSafe(|| (request.decide)(&self.state)));
        step.inspect_err(|_| {
            tracing::error!("a decision panicked: its request fails, and no other");
            self.metrics.panics.add(1);
        })
        .ok()
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

    /// In the log itself, which nobody else can change now: another server may have written the same a moment ago.
    async fn look_up(&mut self, lookups: Lookups) -> Result<(), LogError> {
        let Lookups { keys, mut claims, tokens } = lookups;
        self.state.taken_in.clear();
        self.state.with_token.clear();
        if self.state.claims.len() > CLAIMS_AT_HAND {
            self.state.claims.clear();
        }
        if !keys.is_empty() {
            self.state.taken_in = self.appender.taken_in(&keys).await?;
        }
        claims.retain(|id| !self.state.claims.contains_key(id));
        if !claims.is_empty() {
            self.state.claims.extend(self.appender.claims(&claims).await?);
        }
        if !tokens.is_empty() {
            self.state.with_token = self.appender.with_token(&tokens).await?;
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
                    // Alone in its batch, it is what the database does not accept.
                    _ if round.answers.len() == 1 && !error.is_outage() => round.answer(&Err(Refusal::Internal)),
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
