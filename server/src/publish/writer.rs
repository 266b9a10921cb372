//! The only task that appends: takes what waits, folds it, commits it in one transaction, announces it, answers.
//! Never decides anything by itself.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use orrery_model::Changes;
use orrery_protocol::Seq;
use tokio::sync::{mpsc, oneshot};

use super::{Lookups, Request, State, Step};
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
    pub(crate) async fn run(mut self, mut requests: mpsc::Receiver<Request>, mut close: oneshot::Receiver<()>) {
        let mut waiting = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                biased;
                taken = requests.recv_many(&mut waiting, BATCH) => match taken {
                    0 => break,
                    _ => {
                        self.gather(&mut waiting, &mut requests).await;
                        self.settle(&mut waiting).await;
                    }
                },
                _ = &mut close, if !requests.is_closed() => requests.close(),
            }
        }
        self.appender.close().await;
    }

    /// Under load sockets rest from one event to the next. What is committed sooner would wait for them, each with a commit
    /// of its own: so the two waits are one, and the commit is done when they have rested.
    async fn gather(&self, waiting: &mut Vec<Request>, requests: &mut mpsc::Receiver<Request>) {
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

    async fn settle(&mut self, requests: &mut Vec<Request>) {
        let taken = match self.take_log().await {
            Ok(()) => self.look_up(requests).await,
            Err(refusal) => Err(refusal),
        };
        let requests = requests.drain(..);
        if let Err(refusal) = taken {
            for step in requests.filter_map(|request| self.decide(request)) {
                (step.settle)(Err(refusal.clone()));
            }
            return;
        }
        let mut batch = Batch { head: self.state.seq(), ..Batch::default() };
        let mut changes = Changes::default();
        let mut answers = Vec::new();
        for request in requests {
            let Some(Step { events, mut writes, settle }) = self.decide(request) else { continue };
            events.into_iter().for_each(|event| self.state.fold(event, &mut batch, &mut changes));
            writes.iter().for_each(|write| self.state.note(write));
            batch.writes.append(&mut writes);
            answers.push(settle);
        }
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

    /// In the log itself, which nobody else can change now: another server may have written the same a moment ago.
    async fn look_up(&mut self, requests: &mut [Request]) -> Result<(), Refusal> {
        let mut all = Lookups::default();
        for request in requests {
            let Lookups { keys, claims, tokens } = std::mem::take(&mut request.lookups);
            all.keys.extend(keys);
            all.claims.extend(claims);
            all.tokens.extend(tokens);
        }
        self.read_lookups(all).await.map_err(|error| {
            tracing::error!(%error, "what decisions ask of the log cannot be looked up");
            self.metrics.commit_failed();
            Refusal::Unavailable("the log cannot be read right now; nothing was changed".into())
        })
    }

    async fn read_lookups(&mut self, Lookups { keys, mut claims, tokens }: Lookups) -> Result<(), LogError> {
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
