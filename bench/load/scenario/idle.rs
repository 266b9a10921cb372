//! Idle connections: the memory that each costs.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use crate::clients::ClientPool;
use crate::process;

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value_t = 10_000)]
    connections: usize,
}

/// Time for the server to finish its handshakes and to collect garbage.
const SETTLE: Duration = Duration::from_secs(3);

pub fn run(address: SocketAddr, pid: u32, options: &Options) -> Result<Value> {
    let mut pool = ClientPool::new(false)?;
    // The first connection pays for what the server allocates once.
    pool.connect(address, "/ws", "")?;
    pool.receive(Duration::from_millis(500), |_| false)?;
    let alone = process::resident_kib(pid)?;
    for _ in 0..options.connections {
        pool.connect(address, "/ws", "")?;
        // The clients so far may be pinged and must answer.
        pool.receive(Duration::ZERO, |_| false)?;
    }
    pool.receive(SETTLE, |_| false)?;
    let together = process::resident_kib(pid)?;
    Ok(json!({
        "kib_a_connection": together.saturating_sub(alone) as f64 / options.connections as f64,
        "mib_in_all": together as f64 / 1024.0,
        "mib_alone": alone as f64 / 1024.0,
        "closed": pool.deliveries.closed,
    }))
}
