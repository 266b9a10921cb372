//! Every event to every client, as a canvas hears them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};

use crate::crowd::Crowd;
use crate::process;
use crate::publisher::{Publisher, workspaces};

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
/// How long a publisher may take longer than it should.
const LATE: Duration = Duration::from_secs(10);
/// Who hears nothing for so long after the last event hears nothing more.
const SILENCE: Duration = Duration::from_secs(2);

pub fn run(address: SocketAddr, pid: u32, options: &Options) -> Result<Value> {
    let workspaces = workspaces(address, 8, |_| None)?;
    let mut crowd = Crowd::new(true)?;
    (0..options.clients).try_for_each(|_| crowd.join(address, "/ws", ""))?;
    publish(&mut crowd, address, &workspaces, options, WARM_UP)?;

    crowd.heard.clear();
    let (started, cpu) = (Instant::now(), process::cpu(pid)?);
    let published = publish(&mut crowd, address, &workspaces, options, Duration::from_secs(options.seconds))?;
    let heard = &crowd.heard;
    let (took, cpu) = (heard.last_at - started, process::cpu(pid)? - cpu);
    let wanted = u64::from(options.rate) * options.seconds * options.clients as u64;
    Ok(json!({
        "cpu_us_a_delivery": cpu.as_secs_f64() * 1e6 / heard.deliveries.max(1) as f64,
        "cpu_percent": 100.0 * cpu.as_secs_f64() / took.as_secs_f64(),
        "deliveries_a_second": heard.deliveries as f64 / took.as_secs_f64(),
        // Of what was asked for: a server too slow to publish falls short here.
        "delivered_percent": 100.0 * heard.deliveries as f64 / wanted as f64,
        "lost": (published * options.clients as u64).saturating_sub(heard.deliveries) + heard.lost,
        "disordered": heard.disordered,
        "closed": heard.closed,
        "p50_ms": heard.latency.quantile(0.5),
        "p99_ms": heard.latency.quantile(0.99),
        "resident_kib": process::resident(pid)?,
    }))
}

fn publish(crowd: &mut Crowd, address: SocketAddr, ids: &[String], options: &Options, time: Duration) -> Result<u64> {
    let before = crowd.heard.deliveries;
    let publisher = Publisher::start(address, ids, options.rate, time)?;
    crowd.listen(time + LATE, |_| publisher.is_done())?;
    let published = publisher.finish()?;
    let all = before + published * options.clients as u64;
    let published_at = Instant::now();
    crowd.listen(LATE, |heard| heard.deliveries >= all || heard.last_at.max(published_at).elapsed() > SILENCE)?;
    Ok(published)
}
