//! Follows what other servers appended: a message that is the next one is taken as it is, everything else is read from
//! the log, which is looked at four times a second in any case. So a lost, late or doubled message costs time, never data.

use std::sync::Arc;
use std::time::{Duration, Instant};

use orrery_protocol::Epoch;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};

use super::message::Message;
use super::order::{Offered, Order};
use crate::auth::Credentials;
use crate::liveness::Heard;
use crate::log::{LogError, SharedLog};
use crate::metrics::Metrics;
use crate::ownership::Ownership;

const LOOK: Duration = Duration::from_millis(250);
const PAGE: u32 = 1000;

/// The counts of the last look.
#[derive(Default)]
struct Known {
    credentials: Option<i64>,
    ownership: Option<i64>,
}

pub(crate) struct Follower {
    pub(crate) log: SharedLog,
    pub(crate) epoch: Epoch,
    pub(crate) order: Arc<Order>,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) heard: Arc<Heard>,
    pub(crate) ownership: Arc<Ownership>,
    /// How often to look for agents that beat elsewhere.
    pub(crate) vitals_every: Duration,
    pub(crate) metrics: Arc<Metrics>,
}

impl Follower {
    /// Runs until the server has stopped.
    pub(crate) async fn run(self, mut messages: mpsc::Receiver<Vec<u8>>, mut over: watch::Receiver<bool>) {
        let mut looking = interval(LOOK);
        looking.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut known = Known::default();
        let mut vitals_at = Instant::now();
        loop {
            let done = tokio::select! {
                Some(message) = messages.recv() => self.take(&message).await,
                _ = looking.tick() => self.look(&mut known, &mut vitals_at).await,
                () = stopped(&mut over) => return,
            };
            if let Err(error) = done {
                tracing::warn!(%error, "the log cannot be followed right now");
            }
        }
    }

    async fn take(&self, message: &[u8]) -> Result<(), LogError> {
        let Ok(message) = serde_json::from_slice::<Message<'_>>(message) else { return Ok(()) };
        if message.cursor.epoch != self.epoch || message.cursor.seq <= self.order.last() {
            return Ok(());
        }
        match message.open().map(|published| self.order.offer(published)) {
            Ok(Offered::Delivered | Offered::Known) => Ok(()),
            Ok(Offered::TooEarly) | Err(_) => {
                self.metrics.healed_gaps.add(1);
                self.read().await
            }
        }
    }

    async fn look(&self, known: &mut Known, vitals_at: &mut Instant) -> Result<(), LogError> {
        let glance = self.log.glance().await?;
        if glance.epoch != self.epoch {
            return Err(LogError::AnotherLife);
        }
        self.metrics.lag.set(glance.seq.saturating_sub(self.order.last()));
        self.order.hub().trimmed(glance.oldest);
        if known.credentials != Some(glance.credentials) {
            self.credentials.reload(&self.log.credentials().await?);
            known.credentials = Some(glance.credentials);
            // A workspace may have been restarted or removed whose process is here.
            self.ownership.stir();
        }
        if known.ownership.replace(glance.ownership) != Some(glance.ownership) {
            self.ownership.stir();
        }
        if vitals_at.elapsed() >= self.vitals_every {
            *vitals_at = Instant::now();
            self.heard.learn(self.log.vitals().await?);
        }
        match self.order.last() {
            last if glance.seq <= last => Ok(()),
            last if glance.oldest > last + 1 => self.begin_anew().await,
            _ => self.read().await,
        }
    }

    async fn begin_anew(&self) -> Result<(), LogError> {
        let missed = self.order.last();
        let restored = self.log.restore().await?;
        self.order.begin_anew(&restored);
        self.metrics.begun_anew.add(1);
        let (from, to) = (missed + 1, restored.oldest);
        tracing::warn!(
            from,
            to,
            "events were trimmed that this server has never seen: it begins anew, and so do its clients"
        );
        Ok(())
    }

    /// Everything that the log has and this server has not delivered.
    async fn read(&self) -> Result<(), LogError> {
        loop {
            let events = self.log.read(self.order.last(), PAGE).await?;
            let is_last = events.len() < PAGE as usize;
            for published in events {
                if self.order.offer(published) == Offered::TooEarly {
                    return Err(LogError::Corrupt("a place is missing in the log".into()));
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

async fn stopped(over: &mut watch::Receiver<bool>) {
    // An error means that the server is gone altogether.
    let _ = over.wait_for(|over| *over).await;
}
