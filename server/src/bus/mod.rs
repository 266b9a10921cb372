//! The bus announces committed events to the hub, in order. Never the truth: that is the log.

mod order;
mod message;
mod redis;
mod follow;

use std::sync::Arc;
use std::time::{Duration, Instant};

use orrery_protocol::{Epoch, Seq};
use tokio::sync::{mpsc, watch};

use crate::auth::Credentials;
use crate::config::Secret;
use crate::hub::Hub;
use crate::liveness::Heard;
use crate::log::SharedLog;
use crate::metrics::Metrics;
use crate::ownership::Ownership;
use crate::publish::Published;
use follow::Follower;
use order::Order;
use redis::Redis;

/// How many events wait for Redis, and messages for this server; more are dropped, and read from the log.
const WAITING: usize = 4096;

pub enum Bus {
    /// One server: straight to its hub.
    Local(Arc<Hub>),
    /// Several servers on one log.
    Shared(Shared),
}

pub struct Shared {
    order: Arc<Order>,
    others: Option<mpsc::Sender<Arc<Published>>>,
}

/// What a shared bus is made of.
pub(crate) struct Parts<'a> {
    pub(crate) log: SharedLog,
    pub(crate) redis: Option<&'a Secret>,
    pub(crate) epoch: Epoch,
    pub(crate) head: Seq,
    pub(crate) hub: Arc<Hub>,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) heard: Arc<Heard>,
    pub(crate) ownership: Arc<Ownership>,
    pub(crate) vitals_every: Duration,
    pub(crate) metrics: Arc<Metrics>,
    /// Turns to `true` when the server has stopped.
    pub(crate) over: watch::Receiver<bool>,
}

/// Whether the servers hear each other at once, or only by looking at the log.
#[derive(Debug, Clone)]
pub struct Link(Option<watch::Receiver<bool>>);

impl Link {
    /// Nobody to hear, or nothing to hear with.
    pub fn none() -> Self {
        Self(None)
    }

    /// `None`: this server has no Redis.
    pub fn is_up(&self) -> Option<bool> {
        self.0.as_ref().map(|up| *up.borrow())
    }
}

impl Bus {
    pub(crate) fn shared(parts: Parts<'_>) -> Result<(Self, Link), ::redis::RedisError> {
        let Parts { log, redis, epoch, head, hub, credentials, heard, ownership, vitals_every, metrics, over } = parts;
        let order = Arc::new(Order::new(hub, heard.clone(), head));
        let (heard_sender, messages) = mpsc::channel(WAITING);
        let (mut others, mut link) = (None, Link::none());
        if let Some(url) = redis {
            let redis = Redis::new(url, metrics.clone())?;
            let (sender, events) = mpsc::channel(WAITING);
            let (connected, up) = watch::channel(false);
            tokio::spawn(redis.clone().tell(epoch.clone(), events));
            tokio::spawn(redis.hear(heard_sender, connected));
            (others, link) = (Some(sender), Link(Some(up)));
        }
        let order_of_all = order.clone();
        let follower =
            Follower { log, epoch, order: order_of_all, credentials, heard, ownership, vitals_every, metrics };
        tokio::spawn(follower.run(messages, over));
        Ok((Self::Shared(Shared { order, others }), link))
    }

    /// What this server committed at once.
    pub fn announce(&self, batch: Vec<Arc<Published>>) {
        match self {
            Self::Local(hub) => hub.deliver(batch),
            Self::Shared(shared) => {
                shared.order.offer_all(&batch);
                // When Redis is behind or away, the others read the log.
                let others = shared.others.iter();
                others.for_each(|others| batch.iter().for_each(|published| drop(others.try_send(published.clone()))));
            }
        }
    }

    /// An event that another server announces.
    pub fn pass_on(&self, published: Arc<Published>) {
        match self {
            Self::Local(hub) => hub.deliver([published]),
            Self::Shared(shared) => drop(shared.order.offer(published)),
        }
    }

    /// Under load: until when what is announced would wait in the hub.
    pub fn rests_until(&self) -> Option<Instant> {
        match self {
            Self::Local(hub) => hub.rests_until(),
            Self::Shared(shared) => shared.order.hub().rests_until(),
        }
    }

    /// The log no longer holds everything before this event.
    pub fn trimmed(&self, oldest: Seq) {
        match self {
            Self::Local(hub) => hub.trimmed(oldest),
            Self::Shared(shared) => shared.order.hub().trimmed(oldest),
        }
    }
}
