//! A client that missed events and asks for them with its cursor: how long until it has the last.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::crowd::Crowd;
use crate::http::Connection;
use crate::publisher::{Publisher, workspaces};

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value_t = 10_000)]
    missed: u64,
    #[arg(long, default_value_t = 50)]
    times: usize,
}

const PATIENCE: Duration = Duration::from_secs(30);

pub fn run(address: SocketAddr, options: &Options) -> Result<Value> {
    let workspaces = workspaces(address, 8, |_| None)?;
    while head(address)?.1 < options.missed {
        let publisher = Publisher::start(address, &workspaces, 1_000_000, Duration::from_secs(1))?;
        std::thread::sleep(Duration::from_secs(1));
        ensure!(publisher.finish()? > 0, "nothing is published");
    }
    let (epoch, head) = head(address)?;
    let path = format!("/ws?since={epoch}:{}&include=runs&batch=1", head - options.missed);
    let mut took = Vec::new();
    for _ in 0..options.times {
        let mut crowd = Crowd::new(true)?;
        let started = Instant::now();
        crowd.join(address, &path, "")?;
        crowd.listen(PATIENCE, |heard| heard.newest >= head || heard.closed > 0)?;
        took.push(started.elapsed().as_secs_f64() * 1e3);
        let heard = &crowd.heard;
        ensure!(heard.newest >= head, "the last event did not come: {} of {}", heard.deliveries, options.missed);
        ensure!(heard.lost == 0, "{} events were left out", heard.lost);
    }
    took.sort_by(f64::total_cmp);
    let at = |part: f64| took[((took.len() as f64 * part).ceil() as usize).clamp(1, took.len()) - 1];
    Ok(json!({"p50_ms": at(0.5), "p99_ms": at(0.99)}))
}

fn head(address: SocketAddr) -> Result<(String, u64)> {
    let snapshot = Connection::open(address)?.get("/snapshot")?;
    let cursor = snapshot["cursor"].as_str().context("a snapshot has a cursor")?;
    let (epoch, seq) = cursor.rsplit_once(':').context("a cursor is epoch:seq")?;
    Ok((epoch.to_owned(), seq.parse()?))
}
