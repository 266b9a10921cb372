//! Closes the sockets whose credential no longer holds, within a second. Never decides which those are (`credentials`).

use std::time::Duration;

use orrery_protocol::message::CloseCode;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::Proof;
use crate::app::Shared;
use crate::hub::Closing;

/// Sign-ins end by themselves.
const LOOK: Duration = Duration::from_millis(500);
/// Several servers: what another one has just changed may be read in two steps, so a loss is looked at twice.
const SETTLE: Duration = Duration::from_millis(400);

/// Runs until the server stops.
pub async fn close_lapsed(app: Shared) {
    let mut stopping = app.stopping.clone();
    let mut looking = interval(LOOK);
    looking.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let closing = Closing::from(CloseCode::Unauthorized);
    let lapsed = |proof: &Proof| !app.credentials.holds(proof);
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = app.credentials.lost() => {
                sleep(SETTLE).await;
                app.hub.cut(&closing, lapsed);
            }
            _ = looking.tick() => app.hub.cut(&closing, |proof| matches!(proof, Proof::SignIn(_)) && lapsed(proof)),
        }
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the server is gone altogether.
    let _ = stopping.wait_for(|stop| *stop).await;
}
