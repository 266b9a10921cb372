//! The clock of the canvas: looks who has been silent for too long, and saves what heartbeats said. Never decides alone:
//! the door looks again.

use std::time::Duration;

use orrery_protocol::WorkspaceId;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};

use crate::app::{App, Shared};
use crate::config::Config;
use crate::decide::registry::{Patience, silent};
use crate::error::Refusal;
use crate::log::Write;
use crate::publish::Decision;

/// How often vitals are saved. They are not events: a crash may cost the last ones.
const SAVING: Duration = Duration::from_secs(5);

/// How often vitals are saved: other servers must read them well before they would call a workspace silent.
pub fn saving(config: &Config) -> Duration {
    (config.heartbeat_ttl / 8).clamp(Duration::from_millis(50), SAVING)
}

/// Runs until the server stops.
pub async fn watch(app: Shared) {
    let patience =
        Patience { heartbeat_ttl: app.config.heartbeat_ttl, provision_timeout: app.config.provision_timeout };
    let shortest = patience.heartbeat_ttl.min(patience.provision_timeout);
    let mut looking = interval((shortest / 8).clamp(Duration::from_millis(10), Duration::from_secs(1)));
    looking.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let every = saving(&app.config);
    let mut saving = interval_at(Instant::now() + every, every);
    let mut stopping = app.stopping.clone();
    loop {
        let done = tokio::select! {
            _ = looking.tick(), if app.duty.is_mine() => look(&app, patience).await,
            _ = saving.tick() => save(&app).await,
            () = stopped(&mut stopping) => break,
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the liveness timer will try again");
        }
    }
    if let Err(error) = save(&app).await {
        tracing::warn!(%error, "the last vitals were not saved");
    }
}

async fn look(app: &App, patience: Patience) -> Result<(), Refusal> {
    let suspects: Vec<WorkspaceId> = app.hub.read(|canvas| {
        let rows = canvas.iter().map(|(_, row)| row);
        let suspect = rows.filter(|row| patience.judge(&row.status, app.heard.silence(&row.id)).is_some());
        suspect.map(|row| row.id.clone()).collect()
    });
    if suspects.is_empty() {
        return Ok(());
    }
    let heard = app.heard.clone();
    app.door
        .publish(move |state| Ok(Decision::events(silent(state, &suspects, patience, |id| heard.silence(id)), ())))
        .await
}

async fn save(app: &App) -> Result<(), Refusal> {
    let vitals = app.heard.take_unsaved();
    if vitals.is_empty() {
        return Ok(());
    }
    let write = Write::Vitals(vitals);
    app.door.publish(move |_| Ok(Decision { events: Vec::new(), writes: vec![write], answer: () })).await
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the server is gone altogether.
    let _ = stopping.wait_for(|stop| *stop).await;
}
