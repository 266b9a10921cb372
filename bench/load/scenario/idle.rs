//! Connections that only stay: what each costs in memory.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use crate::crowd::Crowd;
use crate::process;

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value_t = 10_000)]
    connections: usize,
}

/// Time for a runtime to finish its handshakes and to collect its garbage.
const SETTLE: Duration = Duration::from_secs(3);

pub fn run(address: SocketAddr, pid: u32, options: &Options) -> Result<Value> {
    let mut crowd = Crowd::new(false)?;
    // The first one pays for what the server builds once.
    crowd.join(address, "/ws", "")?;
    crowd.listen(Duration::from_millis(500), |_| false)?;
    let alone = process::resident(pid)?;
    for _ in 0..options.connections {
        crowd.join(address, "/ws", "")?;
        // Who is there already is pinged and must answer.
        crowd.listen(Duration::ZERO, |_| false)?;
    }
    crowd.listen(SETTLE, |_| false)?;
    let together = process::resident(pid)?;
    Ok(json!({
        "kib_a_connection": together.saturating_sub(alone) as f64 / options.connections as f64,
        "mib_in_all": together as f64 / 1024.0,
        "mib_alone": alone as f64 / 1024.0,
        "closed": crowd.heard.closed,
    }))
}
