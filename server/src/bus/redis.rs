//! The two connections to Redis: one tells the others, one hears them. Never relied upon: what is lost here is read from
//! the log a moment later.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use orrery_protocol::Epoch;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

use super::message;
use crate::config::Secret;
use crate::metrics::Metrics;
use crate::publish::Published;

const CHANNEL: &str = "events:broadcast";
/// How many events go out with one write.
const TOGETHER: usize = 256;
const PATIENCE: Duration = Duration::from_secs(3);
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

#[derive(Clone)]
pub(crate) struct Redis {
    client: redis::Client,
    pub(crate) metrics: Arc<Metrics>,
}

impl Redis {
    pub(crate) fn new(url: &Secret, metrics: Arc<Metrics>) -> Result<Self, redis::RedisError> {
        Ok(Self { client: redis::Client::open(url.expose())?, metrics })
    }

    /// Tells the others, until nobody has anything to tell. What cannot be told is dropped.
    pub(crate) async fn tell(self, epoch: Epoch, mut events: mpsc::Receiver<Arc<Published>>) {
        let mut waiting = Vec::with_capacity(TOGETHER);
        let mut connection = None;
        let mut pause = PAUSES.0;
        while events.recv_many(&mut waiting, TOGETHER).await > 0 {
            if connection.is_none() {
                connection = in_time(self.client.get_multiplexed_async_connection()).await;
            }
            let Some(open) = &mut connection else {
                self.metrics.bus_dropped.add(waiting.drain(..).count() as u64);
                sleep(pause).await;
                pause = (pause * 2).min(PAUSES.1);
                continue;
            };
            pause = PAUSES.0;
            let mut pipeline = redis::pipe();
            for published in waiting.drain(..) {
                pipeline.publish(CHANNEL, message::write(&epoch, &published)).ignore();
            }
            if in_time(pipeline.exec_async(open)).await.is_none() {
                connection = None;
            }
        }
    }

    /// Hears the others, and says whether it does.
    pub(crate) async fn hear(self, heard: mpsc::Sender<Vec<u8>>, connected: watch::Sender<bool>) {
        let mut pause = PAUSES.0;
        while !heard.is_closed() {
            if let Some(mut subscription) = in_time(self.client.get_async_pubsub()).await
                && in_time(subscription.subscribe(CHANNEL)).await.is_some()
            {
                pause = PAUSES.0;
                connected.send_replace(true);
                let mut messages = subscription.into_on_message();
                while let Some(message) = messages.next().await {
                    // A full queue drops: the log has it.
                    if heard.try_send(message.get_payload_bytes().to_vec()).is_err() {
                        self.metrics.bus_dropped.add(1);
                    }
                }
                connected.send_replace(false);
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }
}

async fn in_time<T>(work: impl Future<Output = redis::RedisResult<T>>) -> Option<T> {
    match timeout(PATIENCE, work).await {
        Ok(Ok(done)) => Some(done),
        Ok(Err(error)) => {
            tracing::warn!(%error, "redis");
            None
        }
        Err(_) => {
            tracing::warn!("redis does not answer");
            None
        }
    }
}
