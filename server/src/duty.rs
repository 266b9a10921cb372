//! What one server does for all of them: timers, the runner, tidying up. Never harmful when two believe it at once for a
//! moment, because every decision is made again in the door.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::log::{Log, SharedLog};

/// Longer than any pause that a healthy server makes.
const LASTING: Duration = Duration::from_secs(6);
const RENEWED: Duration = Duration::from_secs(2);
const NAME: &str = "duty";

pub struct Duty {
    began: Instant,
    holder: String,
    /// Milliseconds after `began`; for a server alone it never ends.
    until: AtomicU64,
}

impl Duty {
    pub fn new(log: &Log, holder: String) -> Self {
        let until = if log.shared().is_some() { 0 } else { u64::MAX };
        Self { began: Instant::now(), holder, until: AtomicU64::new(until) }
    }

    pub fn is_mine(&self) -> bool {
        self.until.load(Relaxed) > self.now()
    }

    /// Takes it whenever it is free, until the server stops; then gives it back.
    pub(crate) async fn seek(&self, log: &SharedLog, mut stopping: watch::Receiver<bool>) {
        loop {
            let asked = self.now();
            match log.lease(NAME, &self.holder, LASTING).await {
                Ok(true) => self.until.store(asked + LASTING.as_millis() as u64, Relaxed),
                Ok(false) => self.until.store(0, Relaxed),
                // Until it ends, it is still ours.
                Err(error) => tracing::warn!(%error, "the duty cannot be asked for"),
            }
            tokio::select! {
                () = tokio::time::sleep(RENEWED) => {}
                _ = stopping.wait_for(|stop| *stop) => break,
            }
        }
        if self.is_mine()
            && let Err(error) = log.end_lease(NAME, &self.holder).await
        {
            tracing::warn!(%error, "the duty was not given back");
        }
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }
}
