//! Agents in a tree of five levels: who receives which event, and what an event costs more with them.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use crate::clients::ClientPool;
use crate::process;
use crate::publisher::{Publisher, create_workspaces};

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value_t = 1_000)]
    agents: usize,
    /// Events a second
    #[arg(long, default_value_t = 400)]
    rate: u32,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// With six children each, a thousand agents make five levels.
const CHILDREN: usize = 6;

pub fn run(address: SocketAddr, pid: u32, options: &Options) -> Result<Value> {
    let ids = create_workspaces(address, options.agents, parent)?;
    let mut pool = ClientPool::new(false)?;
    let alone = publish(&mut pool, address, pid, &ids, options)?;
    for id in &ids {
        pool.connect(address, "/ws", &format!("X-Workspace-ID: {id}\r\n"))?;
    }
    pool.receive(Duration::from_millis(500), |_| false)?;
    pool.deliveries.clear();
    let together = publish(&mut pool, address, pid, &ids, options)?;
    let expected = expected_deliveries(options.agents, together.published);
    Ok(json!({
        "cpu_us_an_event_more": together.cpu_us_an_event - alone.cpu_us_an_event,
        "cpu_us_an_event_alone": alone.cpu_us_an_event,
        "deliveries_an_event": pool.deliveries.count as f64 / together.published as f64,
        "missing": expected.saturating_sub(pool.deliveries.count),
        "too_many": pool.deliveries.count.saturating_sub(expected),
        "p99_ms": pool.deliveries.latency.quantile_ms(0.99),
    }))
}

struct Published {
    published: u64,
    cpu_us_an_event: f64,
}

fn publish(
    pool: &mut ClientPool,
    address: SocketAddr,
    pid: u32,
    ids: &[String],
    options: &Options,
) -> Result<Published> {
    let time = Duration::from_secs(options.seconds);
    let cpu = process::cpu_time(pid)?;
    let publisher = Publisher::start(address, ids, options.rate, time)?;
    pool.receive(time * 2, |_| publisher.is_done())?;
    let published = publisher.finish()?;
    pool.receive(Duration::from_millis(500), |_| false)?;
    let cpu = process::cpu_time(pid)? - cpu;
    Ok(Published { published, cpu_us_an_event: cpu.as_secs_f64() * 1e6 / published.max(1) as f64 })
}

fn parent(index: usize) -> Option<usize> {
    index.checked_sub(1).map(|before| before / CHILDREN)
}

/// Returns how many deliveries follow from section 8.5 of docs/protocol.md when the events are about each agent in turn.
fn expected_deliveries(agents: usize, events: u64) -> u64 {
    let mut children = vec![0_u64; agents];
    (0..agents).filter_map(parent).for_each(|parent| children[parent] += 1);
    // An agent and its siblings are the children of its parent; the root has no siblings.
    let receivers = |index: usize| parent(index).map_or(1, |parent| children[parent] + 1) + children[index];
    (0..events).map(|turn| receivers(turn as usize % agents)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousand_agents_make_five_levels() {
        let depth = |index| std::iter::successors(Some(index), |at| parent(*at)).count();
        assert_eq!((0..1_000).map(depth).max(), Some(5));
    }

    #[test]
    fn event_about_root_reaches_root_and_its_children() {
        assert_eq!(expected_deliveries(1_000, 1), 1 + CHILDREN as u64);
    }
}
