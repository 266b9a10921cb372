//! Lets go of activities and run events that are older than the operator wants them; structure events are kept.
//! Never how (`log`), never harmful when two servers do it at once.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::app::{App, Shared};
use crate::clock;
use crate::config::Config;
use crate::error::Refusal;
use crate::log::{Retain, Write};
use crate::publish::Decision;

/// Between two bites others append.
const BREATH: Duration = Duration::from_millis(50);

/// Runs until the server stops.
pub async fn keep(app: Shared) {
    let shortest = app.config.keep_activity.min(app.config.keep_runs).min(app.config.keep_outcomes);
    let mut looking = interval((shortest / 24).clamp(Duration::from_millis(50), Duration::from_secs(3600)));
    looking.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopping = app.stopping.clone();
    let work = async {
        loop {
            looking.tick().await;
            if app.duty.is_mine()
                && let Err(error) = let_go(&app).await
            {
                tracing::warn!(%error, "what is old was not let go of; it will be tried again");
            }
        }
    };
    tokio::select! {
        () = work => {}
        _ = stopping.wait_for(|stop| *stop) => {}
    }
}

async fn let_go(app: &App) -> Result<(), Refusal> {
    loop {
        let retain = due(&app.config, clock::now().millis());
        let decision = Decision { writes: vec![Write::Retain(retain)], ..Decision::events(Vec::new(), ()) };
        app.door.publish(move |_| Ok(decision)).await?;
        if !app.log.has_expired(&retain).await? {
            return Ok(());
        }
        sleep(BREATH).await;
    }
}

fn due(config: &Config, now: i64) -> Retain {
    let before = |keep: Duration| (keep != Duration::MAX).then(|| now.saturating_sub(keep.as_millis() as i64));
    Retain {
        now,
        activity_before: before(config.keep_activity),
        runs_before: before(config.keep_runs),
        outcomes_before: before(config.keep_outcomes),
    }
}
