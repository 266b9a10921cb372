//! Every event to every client, as canvases receive them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};

use crate::clients::ClientPool;
use crate::process;
use crate::publisher::{Publisher, create_workspaces};

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value_t = 500)]
    clients: usize,
    /// Events a second
    #[arg(long, default_value_t = 400)]
    rate: u32,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

const WARM_UP: Duration = Duration::from_secs(2);
/// How much longer than planned a publisher may take.
const GRACE: Duration = Duration::from_secs(10);
/// After this long without a delivery, none is expected any more.
const SILENCE: Duration = Duration::from_secs(2);

pub fn run(address: SocketAddr, pid: u32, options: &Options) -> Result<Value> {
    let workspaces = create_workspaces(address, 8, |_| None)?;
    let mut pool = ClientPool::new(true)?;
    (0..options.clients).try_for_each(|_| pool.connect(address, "/ws", ""))?;
    publish(&mut pool, address, &workspaces, options, WARM_UP)?;

    pool.deliveries.clear();
    let (started, cpu) = (Instant::now(), process::cpu_time(pid)?);
    let published = publish(&mut pool, address, &workspaces, options, Duration::from_secs(options.seconds))?;
    let deliveries = &pool.deliveries;
    let (took, cpu) = (deliveries.last_at - started, process::cpu_time(pid)? - cpu);
    let requested = u64::from(options.rate) * options.seconds * options.clients as u64;
    Ok(json!({
        "cpu_us_a_delivery": cpu.as_secs_f64() * 1e6 / deliveries.count.max(1) as f64,
        "cpu_percent": 100.0 * cpu.as_secs_f64() / took.as_secs_f64(),
        "deliveries_a_second": deliveries.count as f64 / took.as_secs_f64(),
        // Of the requested rate: a server that is too slow to publish falls short here.
        "delivered_percent": 100.0 * deliveries.count as f64 / requested as f64,
        "lost": (published * options.clients as u64).saturating_sub(deliveries.count) + deliveries.lost,
        "disordered": deliveries.disordered,
        "closed": deliveries.closed,
        "p50_ms": deliveries.latency.quantile_ms(0.5),
        "p99_ms": deliveries.latency.quantile_ms(0.99),
        "resident_kib": process::resident_kib(pid)?,
    }))
}

fn publish(
    pool: &mut ClientPool,
    address: SocketAddr,
    ids: &[String],
    options: &Options,
    time: Duration,
) -> Result<u64> {
    let before = pool.deliveries.count;
    let publisher = Publisher::start(address, ids, options.rate, time)?;
    pool.receive(time + GRACE, |_| publisher.is_done())?;
    let published = publisher.finish()?;
    let expected = before + published * options.clients as u64;
    let published_at = Instant::now();
    pool.receive(GRACE, |deliveries| {
        deliveries.count >= expected || deliveries.last_at.max(published_at).elapsed() > SILENCE
    })?;
    Ok(published)
}
