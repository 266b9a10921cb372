//! The only task that appends: takes what waits, folds it, commits it in one transaction, announces it, answers.
//! Never decides anything by itself.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use orrery_model::Changes;
use orrery_protocol::Seq;
use tokio::sync::oneshot;

use super::work::Work;
use super::{Request, RequestReceiver, State, Step};
use crate::auth::Credentials;
use crate::bus::Bus;
use crate::clock;
use crate::error::Refusal;
use crate::log::{Appender, Batch, Ingested, Log, LogError, RunnerWrite, Taken, Write};
use crate::metrics::Metrics;
use crate::ownership::Ownership;
use crate::publish::Published;

/// How many callers share one transaction.
const BATCH: usize = 256;

pub(crate) struct Writer {
    pub state: State,
    pub appender: Appender,
    pub log: Log,
    pub bus: Bus,
    pub credentials: Arc<Credentials>,
    pub ownership: Arc<Ownership>,
    pub metrics: Arc<Metrics>,
    /// The last event that was announced.
    pub announced: Seq,
    /// How long a commit takes lately.
    pub commit_takes: Duration,
}

impl Writer {
    /// Runs until it is told to close; what came in before that is committed.
    pub(crate) async fn run(mut self, requests: RequestReceiver, mut close: oneshot::Receiver<()>) {
        loop {
            tokio::select! {
                biased;
                is_open = requests.wait() => match is_open {
                    false => break,
                    true => {
                        self.gather(&requests).await;
                        self.settle(&requests).await;
                    }
                },
                _ = &mut close, if !requests.is_closed() => requests.close(),
            }
        }
        self.appender.close().await;
    }

    /// Under load sockets rest from one event to the next. What is committed sooner would wait for them, each with a commit
    /// of its own: so the two waits are one, and the commit is done when they have rested.
    async fn gather(&self, requests: &RequestReceiver) {
        let until = self.bus.rests_until().and_then(|until| until.checked_sub(self.commit_takes));
        let Some(until) = until.filter(|until| *until > Instant::now()) else { return };
        if requests.len() < BATCH {
            tokio::time::sleep_until(until.into()).await;
        }
    }

    /// Commits one batch, bounded in requests, events and bytes. Those that do not fit wait for the next one.
    async fn settle(&mut self, queue: &RequestReceiver) {
        let requests = queue.take(BATCH);
        let keys = requests.iter().flat_map(|request| request.keys.iter().cloned()).collect();
        let taken = match self.take_log().await {
            Ok(()) => self.look_up(keys).await,
            Err(refusal) => Err(refusal),
        };
        let mut requests = requests.into_iter();
        if let Err(refusal) = taken {
            for step in requests.filter_map(|request| self.decide(request)) {
                (step.settle)(Err(refusal.clone()));
            }
            return;
        }
        let mut batch = Batch { head: self.state.seq(), ..Batch::default() };
        let mut changes = Changes::default();
        let mut answers = Vec::new();
        let mut done = Work::default();
        while !done.fills_a_batch() {
            let Some(request) = requests.next() else { break };
            let (billing, first) = (request.billing.clone(), batch.published.len());
            let Some(Step { events, mut writes, settle }) = self.decide(request) else { continue };
            events.into_iter().for_each(|event| self.state.fold(event, &mut batch, &mut changes));
            for write in &writes {
                // The next decision may ask for the same key.
                if let Write::Runner(RunnerWrite::Ingested { key, seq, outcome, .. }) = write {
                    self.state.taken_in.insert(key.clone(), Ingested { seq: *seq, outcome: outcome.clone() });
                }
            }
            let work = Work::of(batch.published[first..].iter().map(Arc::as_ref), &writes);
            queue.charge(&billing.origin, work.units());
            if let Some((quotas, id)) = billing.metered() {
                quotas.charge(id, work.events, work.bytes, Instant::now());
            }
            done = done.plus(work);
            batch.writes.append(&mut writes);
            answers.push(settle);
        }
        queue.put_back(requests);
        self.state.project(&changes, &mut batch);
        let result = match batch.is_empty() {
            true => {
                self.appender.release().await;
                Ok(())
            }
            false => self.commit(batch).await,
        };
        answers.into_iter().for_each(|settle| settle(result.clone()));
    }

    fn decide(&mut self, request: Request) -> Option<Step> {
        self.state.now = self.state.now.max(clock::now());
        // A decision only looks, so one that panics leaves nothing half done; its caller hears that it is gone.
        let step = catch_unwind(AssertUnwindSafe(|| (request.decide)(&self.state)));
        step.inspect_err(|_| tracing::error!("a decision panicked")).ok()
    }

    /// From here to the commit nobody else appends, and the state includes all that others appended before.
    async fn take_log(&mut self) -> Result<(), Refusal> {
        let owner = self.ownership.name();
        let mut taken = self.appender.begin(self.state.seq(), owner.as_ref()).await;
        if let Err(error) = &taken {
            // A connection may have died in its sleep, and a server far behind reads everything anew.
            tracing::info!(%error, "taking the log once more");
            let reloaded = match error {
                LogError::HeadMoved(_) => self.reload(None).await.map(|_| ()),
                _ => Ok(()),
            };
            taken = match reloaded {
                Ok(()) => self.appender.begin(self.state.seq(), owner.as_ref()).await,
                Err(error) => Err(error),
            };
        }
        match taken {
            Ok(Taken { missed, is_there }) => {
                owner.iter().filter(|_| !is_there).for_each(|owner| self.ownership.lost(owner));
                self.state.owner = owner.filter(|_| is_there);
                for published in missed {
                    self.state.follow(&published, &mut Changes::default());
                    self.announced = published.seq;
                    self.bus.pass_on(published);
                }
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "the log cannot be taken");
                self.metrics.commit_failed();
                Err(Refusal::Unavailable("the log cannot be written right now; nothing was changed".into()))
            }
        }
    }

    /// In the log itself, which nobody else can change now: another server may have taken in the same event.
    async fn look_up(&mut self, keys: Vec<String>) -> Result<(), Refusal> {
        self.state.taken_in.clear();
        if keys.is_empty() {
            return Ok(());
        }
        match self.appender.taken_in(&keys).await {
            Ok(known) => self.state.taken_in = known,
            Err(error) => {
                tracing::error!(%error, "the keys of events cannot be looked up");
                self.metrics.commit_failed();
                return Err(Refusal::Unavailable("the log cannot be read right now; nothing was changed".into()));
            }
        }
        Ok(())
    }

    async fn commit(&mut self, batch: Batch) -> Result<(), Refusal> {
        let began = Instant::now();
        match self.appender.append(&batch).await {
            Ok(appended) => {
                let took = began.elapsed();
                self.commit_takes = (self.commit_takes * 7 + took) / 8;
                self.metrics.committed(&batch, took);
                self.announce(batch);
                appended.oldest.into_iter().for_each(|oldest| self.bus.trimmed(oldest));
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "the log refused a batch");
                self.metrics.commit_failed();
                match self.recover(batch.published.first()).await {
                    true => Ok(()),
                    false => Err(Refusal::Unavailable("the event could not be saved; nothing was changed".into())),
                }
            }
        }
    }

    fn announce(&mut self, batch: Batch) {
        batch.writes.iter().for_each(|write| self.credentials.learn(write));
        batch.removed.iter().for_each(|removal| self.credentials.forget(&removal.id));
        if let Some(last) = batch.published.last() {
            self.announced = last.seq;
        }
        self.bus.announce(batch.published);
    }

    /// The log is the truth: forget what was folded, read what is there, and announce what was committed after all.
    /// Was it, with this as the batch's first event?
    async fn recover(&mut self, first: Option<&Arc<Published>>) -> bool {
        let mut pause = Duration::from_millis(20);
        let announced = self.announced;
        loop {
            match self.reload(first).await {
                Ok(is_there) => return is_there,
                Err(error) => tracing::error!(%error, "the log cannot be read"),
            }
            // What was announced is announced once, but asked for again.
            self.announced = announced;
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    async fn reload(&mut self, first: Option<&Arc<Published>>) -> Result<bool, LogError> {
        let restored = self.log.restore().await?;
        let mut is_there = false;
        while self.announced < restored.head {
            let missed = self.log.read(self.announced, 1000).await?;
            if missed.is_empty() {
                break;
            }
            for published in missed.into_iter().filter(|published| published.seq <= restored.head) {
                is_there |= first == Some(&published);
                self.announced = published.seq;
                self.bus.pass_on(published);
            }
        }
        self.credentials.replace(&restored);
        self.state = State::new(restored);
        Ok(is_there)
    }
}
