//! Agents in a tree of depth five: who hears what, and what an event costs more because they are there.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use crate::crowd::Crowd;
use crate::process;
use crate::publisher::{Publisher, workspaces};

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

/// A thousand with six children each stand in five levels.
const CHILDREN: usize = 6;

pub fn run(address: SocketAddr, pid: u32, options: &Options) -> Result<Value> {
    let ids = workspaces(address, options.agents, parent)?;
    let mut crowd = Crowd::new(false)?;
    let alone = publish(&mut crowd, address, pid, &ids, options)?;
    for id in &ids {
        crowd.join(address, "/ws", &format!("X-Workspace-ID: {id}\r\n"))?;
    }
    crowd.listen(Duration::from_millis(500), |_| false)?;
    crowd.heard.clear();
    let together = publish(&mut crowd, address, pid, &ids, options)?;
    let expected = expected(options.agents, together.published);
    Ok(json!({
        "cpu_us_an_event_more": together.cpu_us_an_event - alone.cpu_us_an_event,
        "cpu_us_an_event_alone": alone.cpu_us_an_event,
        "deliveries_an_event": crowd.heard.deliveries as f64 / together.published as f64,
        "missing": expected.saturating_sub(crowd.heard.deliveries),
        "too_many": crowd.heard.deliveries.saturating_sub(expected),
        "p99_ms": crowd.heard.latency.quantile(0.99),
    }))
}

struct Published {
    published: u64,
    cpu_us_an_event: f64,
}

fn publish(crowd: &mut Crowd, address: SocketAddr, pid: u32, ids: &[String], options: &Options) -> Result<Published> {
    let time = Duration::from_secs(options.seconds);
    let cpu = process::cpu(pid)?;
    let publisher = Publisher::start(address, ids, options.rate, time)?;
    crowd.listen(time * 2, |_| publisher.is_done())?;
    let published = publisher.finish()?;
    crowd.listen(Duration::from_millis(500), |_| false)?;
    let cpu = process::cpu(pid)? - cpu;
    Ok(Published { published, cpu_us_an_event: cpu.as_secs_f64() * 1e6 / published.max(1) as f64 })
}

fn parent(index: usize) -> Option<usize> {
    index.checked_sub(1).map(|before| before / CHILDREN)
}

/// Deliveries that the rule gives (see section 8.5 of docs/protocol.md), when events are about the agents in turn.
fn expected(agents: usize, events: u64) -> u64 {
    let mut children = vec![0_u64; agents];
    (0..agents).filter_map(parent).for_each(|parent| children[parent] += 1);
    // Itself and its siblings are its parent's children; the root has only itself.
    let hear = |index: usize| parent(index).map_or(1, |parent| children[parent] + 1) + children[index];
    (0..events).map(|turn| hear(turn as usize % agents)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_agents_stand_in_five_levels() {
        let depth = |index| std::iter::successors(Some(index), |at| parent(*at)).count();
        assert_eq!((0..1_000).map(depth).max(), Some(5));
    }

    #[test]
    fn the_root_is_heard_by_itself_and_its_children() {
        assert_eq!(expected(1_000, 1), 1 + CHILDREN as u64);
    }
}
