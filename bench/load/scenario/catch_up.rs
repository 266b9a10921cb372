//! A client that resumes with an old cursor: the time from the handshake to its last event.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::clients::ClientPool;
use crate::http::Connection;
use crate::publisher::{Publisher, create_workspaces};

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value_t = 10_000)]
    missed: u64,
    #[arg(long, default_value_t = 50)]
    times: usize,
}

const TIMEOUT: Duration = Duration::from_secs(30);

pub fn run(address: SocketAddr, options: &Options) -> Result<Value> {
    let workspaces = create_workspaces(address, 8, |_| None)?;
    while head(address)?.1 < options.missed {
        let publisher = Publisher::start(address, &workspaces, 1_000_000, Duration::from_secs(1))?;
        std::thread::sleep(Duration::from_secs(1));
        ensure!(publisher.finish()? > 0, "no event was published");
    }
    let (epoch, head) = head(address)?;
    let path = format!("/ws?since={epoch}:{}&include=runs&batch=1", head - options.missed);
    let mut durations = Vec::new();
    for _ in 0..options.times {
        let mut pool = ClientPool::new(true)?;
        let started = Instant::now();
        pool.connect(address, &path, "")?;
        pool.receive(TIMEOUT, |deliveries| deliveries.newest >= head || deliveries.closed > 0)?;
        durations.push(started.elapsed().as_secs_f64() * 1e3);
        let deliveries = &pool.deliveries;
        ensure!(deliveries.newest >= head, "the last event did not come: {} of {}", deliveries.count, options.missed);
        ensure!(deliveries.lost == 0, "{} events were left out", deliveries.lost);
    }
    durations.sort_by(f64::total_cmp);
    let last = durations.len();
    let quantile = |part: f64| durations[((last as f64 * part).ceil() as usize).clamp(1, last) - 1];
    Ok(json!({"p50_ms": quantile(0.5), "p99_ms": quantile(0.99)}))
}

fn head(address: SocketAddr) -> Result<(String, u64)> {
    let snapshot = Connection::open(address)?.get("/snapshot")?;
    let cursor = snapshot["cursor"].as_str().context("a snapshot has a cursor")?;
    let (epoch, seq) = cursor.rsplit_once(':').context("a cursor is epoch:seq")?;
    Ok((epoch.to_owned(), seq.parse()?))
}
